//! The fields of forms.

use std::sync::LazyLock;

use super::super::cell::amount;
use super::super::number::{number, plain};
use super::read::Filled;
use crate::domain::document::{Basis, DocumentForm, FormKind};
use crate::domain::identity::ParameterId;
use crate::domain::model::{Name, SiteModel};
use crate::domain::reading::ParameterKind;
use crate::domain::text::Text;
use crate::locale::{Language, Localizer};

/// What is written into a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sort {
    /// Words or a number of a document, as they are.
    Words,
    /// A day.
    Day,
    /// The beginning or the end of a time: a day, a month, an instant.
    Time,
    /// A share in per cent.
    PerCent,
    /// One of a few words, each with what it is called.
    Choice(Vec<(String, Called)>),
    /// A value of a parameter.
    Value(ParameterId),
    /// A plain number: a multiplier.
    Number,
}

/// What something is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Called {
    /// By the program.
    Text(Text),
    /// By the site.
    Name(Name),
}

impl Called {
    /// What it is called in a language; as a site gave it, so not cleaned.
    pub fn words(&self, localizer: &Localizer) -> String {
        match self {
            Self::Text(text) => localizer.text(text),
            Self::Name(name) => localizer.name(name).to_owned(),
        }
    }

    /// What it is called in either language, in small letters.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        LANGUAGES.iter().map(|language| self.words(language).to_lowercase())
    }
}

/// Both languages: people write what something is called in either.
static LANGUAGES: LazyLock<[Localizer; 2]> =
    LazyLock::new(|| [Language::Chinese, Language::English].map(Localizer::new));

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormField {
    /// By which it is named on the command line: a word, or the tag of a parameter.
    pub key: String,
    /// What it is called.
    pub called: Called,
    /// What is written into it.
    pub sort: Sort,
    /// Whether it must be there.
    pub is_required: bool,
}

impl FormField {
    /// The word of a choice that a text names by what it is called in a language, by all of it or by its beginning where that is
    /// one only. `None` of a text that is the word itself, or names none.
    pub fn word_called(&self, text: &str) -> Option<&str> {
        let Sort::Choice(choices) = &self.sort else {
            return None;
        };
        let lower = text.trim().to_lowercase();
        if lower.is_empty() || choices.iter().any(|(word, _)| word.to_lowercase() == lower) {
            return None;
        }
        let named = |is_it: &dyn Fn(&str) -> bool| {
            let mut found = choices
                .iter()
                .filter(|(_, called)| called.names().any(|name| is_it(&name)));
            match (found.next(), found.next()) {
                (Some((word, _)), None) => Some(word.as_str()),
                _ => None,
            }
        };
        named(&|name| name == lower).or_else(|| named(&|name| name.starts_with(&lower)))
    }
}

/// What was written into fields, with the words of choices in place of what they are called.
pub fn in_words(fields: &[FormField], filled: &Filled) -> Filled {
    let mut filled = filled.clone();
    for field in fields {
        if let Some(text) = filled.get_mut(&field.key)
            && let Some(word) = field.word_called(text)
        {
            word.clone_into(text);
        }
    }
    filled
}

/// The fields of which a comma was taken for a thousands separator, with that in words.
pub fn grouped(model: &SiteModel, form: &DocumentForm, filled: &Filled) -> Vec<(String, Text)> {
    let is_grouped = |field: &FormField| {
        let text = filled.get(&field.key)?;
        let read = match &field.sort {
            Sort::Value(id) => amount(text, &model.parameter(*id)?.unit).ok()?.grouped,
            Sort::PerCent | Sort::Number => number(&plain(text)).ok()?.grouped,
            Sort::Words | Sort::Day | Sort::Time | Sort::Choice(_) => false,
        };
        read.then(|| (field.key.clone(), Text::new("entry-doubt-grouped")))
    };
    fields(model, form).iter().filter_map(is_grouped).collect()
}

fn field(key: &'static str, label: &'static str, sort: Sort, is_required: bool) -> FormField {
    FormField {
        key: key.to_owned(),
        called: Called::Text(Text::new(label)),
        sort,
        is_required,
    }
}

/// What a form is called: those that every site has by the program, the others by the site.
pub fn label(form: &DocumentForm) -> Called {
    match form.kind {
        FormKind::Calibration => Called::Text(Text::new("form-name-calibration")),
        FormKind::MeterChange => Called::Text(Text::new("form-name-meter-change")),
        _ => Called::Name(form.name.clone()),
    }
}

/// The fields of a form, in the order in which they are filled.
pub fn fields(model: &SiteModel, form: &DocumentForm) -> Vec<FormField> {
    let mut fields = match form.kind {
        FormKind::Batch => vec![
            field("number", "form-field-batch", Sort::Words, true),
            field("from", "form-field-from", Sort::Time, true),
            field("to", "form-field-to", Sort::Time, false),
        ],
        FormKind::Laboratory => of_report(model, form),
        FormKind::Invoice => vec![
            field("number", "form-field-invoice", Sort::Words, true),
            field("seller", "form-field-seller", Sort::Words, true),
            field("issued", "form-field-issued", Sort::Day, true),
            field("from", "form-field-from", Sort::Time, true),
            field("to", "form-field-to", Sort::Time, false),
        ],
        FormKind::Stock => vec![
            field("number", "form-field-number", Sort::Words, true),
            field("at", "form-field-at", Sort::Time, true),
            field("method", "form-field-method", Sort::Words, false),
        ],
        FormKind::Calibration => of_calibration(model),
        FormKind::MeterChange => return of_meter_change(model),
    };
    let values = form.parameters(model).map(|parameter| FormField {
        key: parameter.tag.clone(),
        called: Called::Name(parameter.name.clone()),
        sort: Sort::Value(parameter.id),
        is_required: false,
    });
    fields.extend(values);
    fields.push(field("remark", "form-field-remark", Sort::Words, false));
    fields
}

fn of_report(model: &SiteModel, form: &DocumentForm) -> Vec<FormField> {
    let mut fields = vec![
        field("number", "form-field-report", Sort::Words, true),
        field("batch", "form-field-of-batch", Sort::Words, true),
        field("tested", "form-field-tested", Sort::Day, true),
        field("laboratory", "form-field-laboratory", Sort::Words, false),
    ];
    if form.parameters(model).any(|parameter| form.is_on_basis(parameter)) {
        let bases = Basis::ALL.map(|basis| {
            use crate::domain::text::Explained as _;
            (basis.letters().to_owned(), Called::Text(basis.text()))
        });
        fields.push(field("basis", "form-field-basis", Sort::Choice(bases.to_vec()), false));
        if form.total_moisture.is_none() {
            fields.push(field(
                "total-moisture",
                "form-field-total-moisture",
                Sort::PerCent,
                false,
            ));
        }
        fields.push(field("moisture", "form-field-moisture", Sort::PerCent, false));
        fields.push(field("ash", "form-field-ash", Sort::PerCent, false));
    }
    fields
}

fn of_calibration(model: &SiteModel) -> Vec<FormField> {
    let meters = model
        .meters
        .iter()
        .map(|meter| (meter.key.clone(), Called::Name(meter.name.clone())));
    let results = [
        ("passed".to_owned(), Called::Text(Text::new("form-choice-passed"))),
        ("rejected".to_owned(), Called::Text(Text::new("form-choice-rejected"))),
    ];
    vec![
        field("meter", "form-field-meter", Sort::Choice(meters.collect()), true),
        field("serial", "form-field-serial-certified", Sort::Words, false),
        field("number", "form-field-certificate", Sort::Words, true),
        field("on", "form-field-on", Sort::Day, true),
        field("result", "form-field-result", Sort::Choice(results.to_vec()), true),
        field("until", "form-field-until", Sort::Day, false),
        field("laboratory", "form-field-laboratory", Sort::Words, false),
        field("error", "form-field-error", Sort::Words, false),
    ]
}

fn of_meter_change(model: &SiteModel) -> Vec<FormField> {
    let counters = model
        .parameters
        .iter()
        .filter(|known| known.kind == ParameterKind::Counter);
    let counters = counters.map(|known| (known.tag.clone(), Called::Name(known.name.clone())));
    vec![
        field("tag", "form-field-counter", Sort::Choice(counters.collect()), true),
        field("at", "form-field-at", Sort::Time, true),
        field("last", "form-field-last", Sort::Number, false),
        field("first", "form-field-first", Sort::Number, false),
        field("serial", "form-field-serial", Sort::Words, true),
        field("multiplier", "form-field-multiplier", Sort::Number, false),
        field("rollover", "form-field-rollover", Sort::Number, false),
        field("reason", "form-field-reason", Sort::Words, true),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result() -> FormField {
        let choice = |word: &str, label| (word.to_owned(), Called::Text(Text::new(label)));
        let choices = vec![
            choice("passed", "form-choice-passed"),
            choice("rejected", "form-choice-rejected"),
        ];
        field("result", "form-field-result", Sort::Choice(choices), true)
    }

    fn meter() -> FormField {
        let meter = |key: &str, zh: &str, en: &str| {
            let name = Name {
                zh: zh.to_owned(),
                en: en.to_owned(),
            };
            (key.to_owned(), Called::Name(name))
        };
        let meters = vec![
            meter("m1", "一号皮带秤", "Belt scale 1"),
            meter("m2", "二号皮带秤", "Belt scale 2"),
        ];
        field("meter", "form-field-meter", Sort::Choice(meters), true)
    }

    #[test]
    fn a_choice_is_taken_by_what_it_is_called_where_that_is_one_only() {
        let meter = meter();
        assert_eq!(meter.word_called("二号皮带秤"), Some("m2"));
        assert_eq!(meter.word_called("belt scale 1"), Some("m1"));
        assert_eq!(meter.word_called("一号"), Some("m1"));
        for not_one in ["belt scale", "m1", "三号", "", "号"] {
            assert_eq!(meter.word_called(not_one), None, "{not_one}");
        }
        let filled = Filled::from([
            ("meter".to_owned(), "二号皮带秤".to_owned()),
            ("number".to_owned(), "J-1".to_owned()),
        ]);
        let said = in_words(&[meter], &filled);
        assert_eq!((said["meter"].as_str(), said["number"].as_str()), ("m2", "J-1"));
    }

    #[test]
    fn results_are_taken_in_the_words_of_either_language() {
        for language in LANGUAGES.iter() {
            let result = result();
            let Sort::Choice(choices) = &result.sort else { panic!() };
            for (word, called) in choices {
                let said = called.words(language);
                let taken = result.word_called(&said).unwrap_or(&said);
                assert_eq!(taken, word, "{said}");
            }
        }
    }
}
