//! The fields of forms.

use crate::domain::document::{Basis, DocumentForm, FormKind};
use crate::domain::identity::ParameterId;
use crate::domain::model::{Name, SiteModel};
use crate::domain::reading::ParameterKind;
use crate::domain::text::Text;
use crate::locale::Localizer;

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
}

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
    use crate::domain::text::Explained as _;
    match form.kind {
        FormKind::Calibration | FormKind::MeterChange => Called::Text(form.kind.text()),
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
