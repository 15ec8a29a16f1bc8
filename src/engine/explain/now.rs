//! What is emitted at this moment: the rate of a book with the sources that cause it, that of a source with the readings
//! that say so, and per unit of a product.

use crate::accounting::exact::Exact;
use crate::domain::decimal::from_count;
use crate::domain::identity::{BookId, ParameterId, ProductId, SourceId};
use crate::domain::model::{Book, Name, Parameter, Product, SiteModel, Source};
use crate::domain::text::Text;
use crate::domain::unit::{Ratio, Unit};
use crate::engine::Engine;
use crate::engine::command::Refusal;
use crate::engine::history::History;
use crate::engine::ledger::book_of;
use crate::engine::models::{BoundModel, subtree};
use crate::engine::rate::{Intensity, Newest, RateInput, RateOrigin};
use crate::engine::view::{Explanation, NowOf, Part, Target};

use super::cell::{input_label, method_remark};
use super::numbers::{ratio, result, seconds, shown};
use super::{described, named, tonnes, unknown};

/// Sources with their rates, as far as they are known.
type Rates<'a> = [(&'a Source, Option<i128>)];

impl Engine {
    /// The rate of a book or of one of its sources, or what is emitted per unit of one of its products.
    pub(super) fn explain_now(
        &self,
        history: &dyn History,
        model: &SiteModel,
        book: BookId,
        of: NowOf,
    ) -> Result<Explanation, Refusal> {
        let rules = book_of(model, Some(book))?;
        match of {
            NowOf::Source(source) => self.explain_source_rate(history, model, book, source),
            NowOf::Book => {
                let rates = self.rates(history, model, book, self.now)?;
                self.explain_rate(model, rules, &rates)
            }
            NowOf::Product(id) => {
                let rates = self.rates(history, model, book, self.now)?;
                self.explain_intensity(model, rules, id, &rates)
            }
        }
    }

    fn explain_rate(&self, model: &SiteModel, book: &Book, rates: &Rates<'_>) -> Result<Explanation, Refusal> {
        let known: Vec<i128> = rates.iter().filter_map(|&(_, rate)| rate).collect();
        let nodes = subtree(model, book.boundary);
        let mut parts = rate_parts(book, rates.iter());
        for product in model.products.iter().filter(|product| nodes.contains(&product.node)) {
            let intensity = self.intensity_now(model, book.id, product, rates, self.now)?;
            parts.push(Part {
                label: named(&product.name),
                value: intensity.value.and_then(Intensity::told),
                unit: Some(unit_of(product)),
                numbers: division(&intensity),
                remark: reference(&intensity),
                target: Some(Target::Now {
                    book: book.id,
                    of: NowOf::Product(product.id),
                }),
            });
        }
        Ok(Explanation {
            target: Target::Now {
                book: book.id,
                of: NowOf::Book,
            },
            title: self.title_now(&book.name),
            value: (!known.is_empty()).then(|| tonnes(known.iter().sum())),
            unit: Some("tCO2e/h".to_owned()),
            formula: Some("Σ".to_owned()),
            numbers: None,
            remarks: vec![Text::new("explain-now-newest")],
            parts,
        })
    }

    fn explain_intensity(
        &self,
        model: &SiteModel,
        book: &Book,
        id: ProductId,
        rates: &Rates<'_>,
    ) -> Result<Explanation, Refusal> {
        let mut products = model.products.iter();
        let product = products.find(|product| product.id == id).ok_or_else(unknown)?;
        let intensity = self.intensity_now(model, book.id, product, rates, self.now)?;
        let below = subtree(model, product.node);
        let mut parts = rate_parts(book, rates.iter().filter(|(source, _)| below.contains(&source.node)));
        let found = self.output_now(model, product, self.now)?;
        let mut output = Part {
            label: named(&product.name),
            value: found.map(|(value, _)| shown(value)),
            unit: Some(format!("{}/h", product.unit.symbol())),
            numbers: None,
            remark: None,
            target: None,
        };
        if let Ok(parameter) = described(model, product.parameter) {
            output.label = Text::new("explain-now-output")
                .with("tag", &parameter.tag)
                .with_name("name", &parameter.name);
            self.open_hourly(parameter, &product.unit, found, &mut output)?;
        }
        parts.push(output);
        Ok(Explanation {
            target: Target::Now {
                book: book.id,
                of: NowOf::Product(id),
            },
            title: self.title_now(&product.name),
            value: intensity.value.and_then(Intensity::told),
            unit: Some(unit_of(product)),
            formula: Some("Σ E / P".to_owned()),
            numbers: division(&intensity),
            remarks: reference(&intensity)
                .into_iter()
                .chain([Text::new("explain-now-newest")])
                .collect(),
            parts,
        })
    }

    /// A source's rate: the formula of its method with what its quantities make an hour.
    fn explain_source_rate(
        &self,
        history: &dyn History,
        model: &SiteModel,
        book: BookId,
        source: SourceId,
    ) -> Result<Explanation, Refusal> {
        let rate = self.rate(history, book, source, self.now)?.ok_or_else(unknown)?;
        let found = rate.model.model().source(source).ok_or_else(unknown)?;
        let definition = self.rules.method(&rate.bound.method);
        let mut values = Vec::new();
        let mut parts = Vec::new();
        for input in &rate.inputs {
            let unit = match &input.origin {
                RateOrigin::Hourly { .. } => format!("{}/h", input.input.unit.symbol()),
                RateOrigin::Held(_) => input.input.unit.symbol().to_owned(),
            };
            let value = input.value();
            values.extend(value.map(|value| (input.input.key.as_str(), unit.clone(), value)));
            let mut part = Part {
                label: input_label(definition, &input.input.key),
                value: value.map(shown),
                unit: Some(unit),
                numbers: None,
                remark: None,
                target: None,
            };
            self.open_rate_input(rate.model, book, source, input, &mut part)?;
            parts.push(part);
        }
        let mut explanation = Explanation {
            target: Target::Now {
                book,
                of: NowOf::Source(source),
            },
            title: self.title_now(&found.name),
            value: rate.milligrams.map(tonnes),
            unit: Some("tCO2e/h".to_owned()),
            formula: None,
            numbers: None,
            remarks: Vec::new(),
            parts,
        };
        if let Some(definition) = definition {
            explanation.formula = Some(definition.formula.clone());
            if values.len() == rate.inputs.len() {
                explanation.numbers = self.reckoned(rate.bound, definition, &rate.book.gwp_set, &values, "/h");
                explanation.remarks.push(Text::new("explain-rounded"));
            }
            explanation.remarks.push(method_remark(definition));
        }
        explanation.remarks.push(Text::new("explain-now-newest"));
        if model.simulated {
            explanation.remarks.push(Text::new("figure-simulated"));
        }
        Ok(explanation)
    }

    /// What a value of a source's rate comes from, and what to open for more.
    fn open_rate_input(
        &self,
        in_force: &BoundModel,
        book: BookId,
        source: SourceId,
        input: &RateInput<'_>,
        part: &mut Part,
    ) -> Result<(), Refusal> {
        match &input.origin {
            RateOrigin::Hourly { parameter, found } => {
                let parameter = described(in_force.model(), *parameter)?;
                self.open_hourly(parameter, &input.input.unit, *found, part)
            }
            RateOrigin::Held(held) => {
                let hour = self.zone.hour_of(self.now);
                part.remark = Some(self.input_remark(in_force, held, hour)?);
                part.target = Some(Target::Input {
                    book,
                    source,
                    input: input.input.key.clone(),
                    hour,
                });
                Ok(())
            }
        }
    }

    /// How the newest readings of a parameter make so much an hour, in a unit; it opens the newest.
    fn open_hourly(
        &self,
        parameter: &Parameter,
        unit: &Unit,
        found: Option<(Exact, Newest)>,
        part: &mut Part,
    ) -> Result<(), Refusal> {
        part.target = self.newest_reading(parameter.id)?;
        match found {
            None => {
                let why = if part.target.is_some() {
                    "explain-now-unknown"
                } else {
                    "explain-now-no-reading"
                };
                part.remark = Some(Text::new(why).with("tag", &parameter.tag));
            }
            Some((value, newest)) => {
                part.numbers = hourly_numbers(parameter, unit, value, newest);
                part.remark = Some(hourly_remark(parameter, newest));
            }
        }
        Ok(())
    }

    /// What is told and when, to the second.
    fn title_now(&self, name: &Name) -> Text {
        let second = self.now.plus(-self.now.0.rem_euclid(1000));
        Text::new("explain-now")
            .with_name("name", name)
            .with_instant("at", second)
    }

    fn newest_reading(&self, parameter: ParameterId) -> Result<Option<Target>, Refusal> {
        let newest = self.series(parameter)?.row.newest;
        Ok(newest.map(|newest| Target::Reading {
            parameter,
            slot: newest.slot,
        }))
    }
}

/// The rates of sources, each of which opens.
fn rate_parts<'a>(book: &Book, rates: impl Iterator<Item = &'a (&'a Source, Option<i128>)>) -> Vec<Part> {
    rates
        .map(|&(source, rate)| Part {
            label: named(&source.name),
            value: rate.map(tonnes),
            unit: Some("tCO2e/h".to_owned()),
            numbers: None,
            remark: rate.is_none().then(|| Text::new("explain-now-too-old")),
            target: Some(Target::Now {
                book: book.id,
                of: NowOf::Source(source.id),
            }),
        })
        .collect()
}

/// What the readings make an hour, to be reckoned again: `5 kWh × 40 ÷ 60 s × 3600 s/h = 12000 kWh/h`; nothing where it is
/// what was read.
fn hourly_numbers(parameter: &Parameter, unit: &Unit, value: Exact, newest: Newest) -> Option<String> {
    let own = parameter.unit.symbol();
    let counted = |count: i64| from_count(count, parameter.decimals).normalize();
    let converted = parameter.unit.ratio_to(unit).map_or_else(|_| "1".to_owned(), ratio);
    let conversion = match converted.as_str() {
        "1" => String::new(),
        _ => format!(" × {converted} {}/{own}", unit.symbol()),
    };
    let written = match newest {
        Newest::Flow { value } => {
            let hourly = parameter.unit.hourly_ratio_to(unit).ok()?;
            if hourly == Ratio::ONE {
                return None;
            }
            format!("{} {own} × {}", counted(value), ratio(hourly))
        }
        Newest::Counter { from, to, step, rule } => {
            let multiplier = match ratio(rule.multiplier).as_str() {
                "1" => String::new(),
                multiplier => format!(" × {multiplier}"),
            };
            format!(
                "{} {own}{multiplier} ÷ {} s × 3600 s/h{conversion}",
                counted(step),
                seconds(to.since(from))
            )
        }
        Newest::Amount { value, slot } => {
            format!("{} {own} ÷ {} s × 3600 s/h{conversion}", counted(value), slot.span_s)
        }
    };
    Some(format!("{written} {} {}/h", result(value), unit.symbol()))
}

/// Which readings those are.
fn hourly_remark(parameter: &Parameter, newest: Newest) -> Text {
    let text = match newest {
        Newest::Flow { .. } => Text::new("explain-now-read"),
        Newest::Counter { from, to, .. } => Text::new("explain-now-counted")
            .with_instant("from", from)
            .with_instant("to", to),
        Newest::Amount { slot, .. } => Text::new("explain-now-counted")
            .with_instant("from", slot.at)
            .with_instant("to", slot.end()),
    };
    text.with("tag", &parameter.tag)
}

fn unit_of(product: &Product) -> String {
    format!("tCO2e/{}", product.unit.symbol())
}

/// The division with its numbers.
fn division(intensity: &Intensity) -> Option<String> {
    let (rate, output, value) = (intensity.rate?, intensity.output?, intensity.value?);
    let told = Exact::ratio(rate, 1_000_000_000).ok()?;
    Some(format!("{} / {} {}", shown(told), shown(output), result(value)))
}

/// With what it is compared.
fn reference(intensity: &Intensity) -> Option<Text> {
    let reference = intensity.reference?;
    let above = intensity.above().unwrap_or_else(|| "--".to_owned());
    let id = if above.starts_with('-') && above != "--" {
        "explain-now-reference-below"
    } else {
        "explain-now-reference"
    };
    Some(
        Text::new(id)
            .with("reference", reference.normalize())
            .with("by", above.trim_start_matches('-')),
    )
}
