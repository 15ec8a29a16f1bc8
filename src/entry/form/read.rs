//! What the texts in the fields of a form say.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::super::cell::{amount, fitting, is_missing};
use super::super::check_whole;
use super::super::number::{number, plain, wrong};
use super::super::time::{Named, day, named};
use super::Asked;
use super::fields::{FormField, Sort, fields};
use crate::domain::decimal::count;
use crate::domain::document::{Analysis, Basis, Document, DocumentBody, DocumentForm, FormKind, Given, Span};
use crate::domain::model::SiteModel;
use crate::domain::text::{Explained, Text, clean, one_line};
use crate::domain::time::Instant;
use crate::engine::command::MeterChange;
use crate::engine::view::Doubted;

/// The texts of a form by the keys of its fields.
pub type Filled = BTreeMap<String, String>;

/// A field that cannot be read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The key of the field.
    pub field: String,
    /// Why.
    pub why: Text,
}

impl From<&Doubted> for Wrong {
    /// What filing would refuse.
    fn from(refused: &Doubted) -> Self {
        Self {
            field: refused.field.clone(),
            why: refused.why.clone(),
        }
    }
}

/// Reads a form; everything that is wrong is told at once.
pub fn read(model: &SiteModel, form: &DocumentForm, filled: &Filled) -> Result<Asked, Vec<Wrong>> {
    let fields = fields(model, form);
    let mut reader = Reader {
        model,
        filled,
        fields: &fields,
        wrong: Vec::new(),
    };
    for key in filled.keys() {
        if !fields.iter().any(|field| field.key == *key) {
            let known: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
            let why = Text::new("form-unknown-field")
                .with("given", clean(key))
                .with("known", known.join(", "));
            reader.is_wrong(key, why);
        }
    }
    for field in &fields {
        if let Some(Err(why)) = filled.get(&field.key).map(|text| check_whole(text)) {
            reader.is_wrong(&field.key, why);
        }
    }
    for field in fields.iter().filter(|field| field.is_required) {
        if reader.text(&field.key).is_none() {
            reader.is_wrong(&field.key, Text::new("form-field-empty"));
        }
    }
    let asked = if form.kind == FormKind::MeterChange {
        reader.meter_change().map(Asked::MeterChange)
    } else {
        let document = reader.document(form);
        document.map(|document| Asked::Document(Box::new(document)))
    };
    match asked {
        Some(asked) if reader.wrong.is_empty() => Ok(asked),
        _ => Err(reader.wrong),
    }
}

struct Reader<'a> {
    model: &'a SiteModel,
    filled: &'a Filled,
    fields: &'a [FormField],
    wrong: Vec<Wrong>,
}

impl Reader<'_> {
    fn is_wrong(&mut self, field: &str, why: Text) {
        self.wrong.push(Wrong {
            field: field.to_owned(),
            why,
        });
    }

    /// What was written into a field, as one line; none where nothing was, or that there is nothing.
    fn text(&self, key: &str) -> Option<String> {
        let text = one_line(&plain(self.filled.get(key)?));
        (!text.is_empty() && !is_missing(&text)).then_some(text)
    }

    fn words(&self, key: &str) -> String {
        self.text(key).unwrap_or_default()
    }

    /// A field read by a rule; none where nothing is written, or what is cannot be read. Of what was cut that is told already.
    fn by<T>(&mut self, key: &str, rule: impl FnOnce(&str) -> Result<T, Text>) -> Option<T> {
        let text = self.text(key).filter(|text| check_whole(text).is_ok())?;
        match rule(&text) {
            Ok(value) => Some(value),
            Err(why) => {
                self.is_wrong(key, why);
                None
            }
        }
    }

    fn day(&mut self, key: &str) -> Option<NaiveDate> {
        self.by(key, day)
    }

    fn per_cent(&mut self, key: &str) -> Option<Decimal> {
        self.by(key, |text| {
            number(text.trim_end_matches('%').trim())
                .map(|read| read.value)
                .map_err(|error| wrong(text, &error))
        })
    }

    /// The word of a choice that was written, by itself or by the beginning of it where that is one only.
    fn choice(&mut self, key: &str) -> Option<String> {
        let fields = self.fields;
        let choices = fields.iter().find(|field| field.key == key).map(|field| &field.sort);
        let Some(Sort::Choice(choices)) = choices else {
            return None;
        };
        self.by(key, |text| {
            let lower = text.to_lowercase();
            let exact = choices.iter().find(|(word, _)| word.to_lowercase() == lower);
            let mut beginning = choices
                .iter()
                .filter(|(word, _)| word.to_lowercase().starts_with(&lower));
            let only = match (beginning.next(), beginning.next()) {
                (Some(only), None) => Some(only),
                _ => None,
            };
            if let Some((word, _)) = exact.or(only) {
                return Ok(word.clone());
            }
            let known: Vec<&str> = choices.iter().take(12).map(|(word, _)| word.as_str()).collect();
            Err(Text::new("form-not-a-choice")
                .with("given", clean(text))
                .with("known", known.join(", ")))
        })
    }

    /// An instant: of a day its beginning.
    fn instant(&mut self, key: &str) -> Option<Instant> {
        let zone = self.model.zone;
        self.by(key, |text| {
            named(text, &zone).map(|named| match named {
                Named::At(at) => at,
                Named::Day(day) => zone.day_start(day, 0),
                Named::Month(month) => zone.day_start(month.first_day(), 0),
            })
        })
    }

    /// A time from one field to the other. Of days and months the last one is in it; where no end is written it is the day
    /// or month that begins it. Days begin at midnight, as invoices mean them, or as the plant's do.
    fn span(&mut self, start_minutes: u32) -> Option<Span> {
        let zone = self.model.zone;
        let from = self.by("from", |text| named(text, &zone))?;
        let to = match self.text("to") {
            Some(_) => self.by("to", |text| named(text, &zone))?,
            None if matches!(from, Named::At(_)) => {
                self.is_wrong("to", Text::new("form-field-empty"));
                return None;
            }
            None => from,
        };
        let begin = |day| zone.day_start(day, start_minutes);
        let span = Span {
            from: match from {
                Named::At(at) => at,
                Named::Day(day) => begin(day),
                Named::Month(month) => begin(month.first_day()),
            },
            to: match to {
                Named::At(at) => at,
                Named::Day(day) => begin(day.succ_opt().unwrap_or(day)),
                Named::Month(month) => begin(month.next().first_day()),
            },
        };
        if span.to <= span.from {
            let why = Text::new("document-ends-before")
                .with_instant("from", span.from)
                .with_instant("to", span.to);
            self.is_wrong("to", why);
            return None;
        }
        Some(span)
    }

    /// The values that were written, in the units of their parameters.
    fn values(&mut self, form: &DocumentForm) -> Vec<Given> {
        let mut values = Vec::new();
        let model = self.model;
        for parameter in form.parameters(model) {
            let value = self.by(&parameter.tag, |text| {
                // What is converted from one basis to another is rounded then.
                let amount = if form.is_on_basis(parameter) {
                    amount(text, &parameter.unit)?
                } else {
                    fitting(text, &parameter.unit, parameter.decimals)?
                };
                count(amount.value, parameter.decimals).map_err(|error| error.text())?;
                Ok(amount.value)
            });
            values.extend(value.map(|value| Given {
                parameter: parameter.id,
                value,
            }));
        }
        values
    }

    fn document(&mut self, form: &DocumentForm) -> Option<Document> {
        let number = self.words("number");
        let remark = self.text("remark");
        let body = match form.kind {
            FormKind::Batch => self.batch(form),
            FormKind::Laboratory => self.report(form),
            FormKind::Invoice => self.invoice(form),
            FormKind::Stock => self.stock(form),
            FormKind::Calibration => self.calibration(),
            FormKind::MeterChange => None,
        };
        Some(Document {
            form: form.key.clone(),
            number,
            remark,
            body: body?,
            attachments: Vec::new(),
        })
    }

    fn batch(&mut self, form: &DocumentForm) -> Option<DocumentBody> {
        let values = self.values(form);
        let span = self.span(self.model.day_start_minutes)?;
        Some(DocumentBody::Batch { span, values })
    }

    fn report(&mut self, form: &DocumentForm) -> Option<DocumentBody> {
        let basis = self.by("basis", Basis::read);
        let analysis = Analysis {
            basis,
            total_moisture: self.per_cent("total-moisture"),
            moisture: self.per_cent("moisture"),
            ash: self.per_cent("ash"),
        };
        let values = self.values(form);
        let model = self.model;
        let needs_basis = |given: &Given| {
            model
                .parameter(given.parameter)
                .is_some_and(|known| form.is_on_basis(known))
        };
        if self.text("basis").is_none() && values.iter().any(needs_basis) {
            self.is_wrong("basis", Text::new("basis-missing"));
        }
        let tested_on = self.day("tested");
        self.say_something(&values, form);
        let document = DocumentBody::Laboratory {
            batch: self.words("batch"),
            laboratory: self.words("laboratory"),
            tested_on: tested_on?,
            analysis,
            values,
        };
        Some(document)
    }

    fn invoice(&mut self, form: &DocumentForm) -> Option<DocumentBody> {
        let values = self.values(form);
        self.say_something(&values, form);
        let issued_on = self.day("issued");
        let span = self.span(0);
        Some(DocumentBody::Invoice {
            seller: self.words("seller"),
            issued_on: issued_on?,
            span: span?,
            values,
        })
    }

    fn stock(&mut self, form: &DocumentForm) -> Option<DocumentBody> {
        let values = self.values(form);
        self.say_something(&values, form);
        Some(DocumentBody::Stock {
            at: self.instant("at")?,
            method: self.words("method"),
            values,
        })
    }

    /// A document without any value says nothing.
    fn say_something(&mut self, values: &[Given], form: &DocumentForm) {
        let is_unread = |wrong: &Wrong| form.parameters(self.model).any(|known| known.tag == wrong.field);
        if values.is_empty() && !self.wrong.iter().any(is_unread) {
            let first = form.parameters(self.model).next().map(|known| known.tag.clone());
            self.is_wrong(&first.unwrap_or_default(), Text::new("document-says-nothing"));
        }
    }

    fn calibration(&mut self) -> Option<DocumentBody> {
        let meter = self.choice("meter");
        let result = self.choice("result");
        let until = self.day("until");
        let on = self.day("on");
        match (result.as_deref(), self.text("until").is_some()) {
            (Some("passed"), false) => self.is_wrong("until", Text::new("form-until-missing")),
            (Some("rejected"), true) => self.is_wrong("until", Text::new("form-until-rejected")),
            _ => {}
        }
        let meter = self
            .model
            .meters
            .iter()
            .find(|known| Some(&known.key) == meter.as_ref());
        Some(DocumentBody::Calibration {
            meter: meter?.id,
            on: on?,
            until,
            laboratory: self.words("laboratory"),
            error: self.words("error"),
            serial: self.words("serial"),
        })
    }

    fn meter_change(&mut self) -> Option<MeterChange> {
        let tag = self.choice("tag");
        let model = self.model;
        let at = self.instant("at");
        let parameter = model.parameters.iter().find(|known| Some(&known.tag) == tag.as_ref())?;
        let mut register = |key: &str| {
            self.by(key, |text| {
                let amount = fitting(text, &parameter.unit, parameter.decimals)?;
                let counted = count(amount.value, parameter.decimals).map_err(|error| error.text())?;
                Ok(counted.count)
            })
        };
        let (final_value, initial_value) = (register("last"), register("first"));
        let mut plain_number = |key: &str| self.by(key, |text| number(text).map_err(|error| wrong(text, &error)));
        let multiplier = plain_number("multiplier").map(|read| read.value.normalize().to_string());
        let rollover = plain_number("rollover").map(|read| read.value.normalize().to_string());
        Some(MeterChange {
            parameter: parameter.id,
            at: at?,
            final_value,
            initial_value,
            serial: self.words("serial"),
            multiplier: multiplier.unwrap_or_default(),
            rollover,
            reason: self.words("reason"),
        })
    }
}
