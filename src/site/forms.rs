//! Forms of documents, in a `site.toml` (单据格式).

use super::build::name;
use super::check::{Links, repeated, unique};
use super::fields::{Field, Form, NAME, NAME_EN, SECOND_PERSON, Shape, may, must};
use super::problem::{Problems, remedy_for};
use super::row::Row;
use crate::domain::document::{CALIBRATION_FORM, DocumentForm, FormKind, METER_CHANGE_FORM, MOST_FORM_ROWS};
use crate::domain::identity::ParameterId;
use crate::domain::reading::ParameterKind;
use crate::domain::text::{Explained, Text, clean};

/// What a form may be of.
pub(super) const FORM_KINDS: &[&str] = &["batch", "laboratory", "invoice", "stock"];

/// Bases of an analysis.
pub(super) const BASES: &[&str] = &["ar", "ad", "d", "daf"];

const KIND: Field = must(
    "kind",
    Form::Choice(FORM_KINDS),
    "What it is of: a batch of fuel or material; a laboratory's report on a batch; an invoice; stock-taking.",
);

/// `[[form]]`.
pub(super) const FORM: Shape = Shape {
    name: "form",
    about: "What is written down as a document of its own: a batch, a laboratory's report, an invoice, stock-taking.",
    fields: &[
        must("key", Form::Key, "Key of the form."),
        NAME,
        NAME_EN,
        KIND,
        may(
            "rows",
            Form::List(&Form::Tag),
            "Tags of what it has values of: amounts on batches and invoices, properties on reports, states in stock-taking. A batch may have none.",
        ),
        may(
            "batches",
            Form::Key,
            "Of a report, the form of the batches that are tested.",
        ),
        may(
            "basis",
            Form::Choice(BASES),
            "Of a report, the basis on which its parameters are: values on another one are converted. Without it no value depends on one.",
        ),
        may(
            "total_moisture",
            Form::Tag,
            "Of a report, the row that is the total moisture; without one it is asked for.",
        ),
        SECOND_PERSON,
    ],
};

fn kind(row: &Row) -> Option<FormKind> {
    row.choice("kind")
}

/// Checks all forms.
pub(super) fn check_forms(problems: &Problems<'_>, file: &Row, links: &Links<'_>) {
    unique(problems, file.rows("form"), "key");
    for form in file.rows("form") {
        check_key(problems, file, form);
        repeated(problems, form, "rows");
        check_rows(problems, file, form, links);
        check_report(problems, file, form);
    }
}

/// Forms and sheets are asked for by the same word.
fn check_key(problems: &Problems<'_>, file: &Row, form: &Row) {
    let Some(key) = form.words("key") else { return };
    let is_sheet = file.rows("sheet").iter().any(|sheet| sheet.words("key") == Some(key));
    if is_sheet || [CALIBRATION_FORM, METER_CHANGE_FORM].contains(&key) {
        let what = Text::new("site-form-key-taken").with("key", clean(key));
        problems.push(form.place("key"), what, Text::new("site-remedy-form-key-taken"));
    }
}

fn check_rows(problems: &Problems<'_>, file: &Row, form: &Row, links: &Links<'_>) {
    let Some(kind) = kind(form) else { return };
    if kind != FormKind::Batch && form.words_of("rows").next().is_none() {
        let what = Text::new("site-form-without-rows").with_text("kind", kind.text());
        problems.push(form.place("rows"), what, Text::new("site-remedy-form-without-rows"));
    }
    for (place, row) in form.words_of("rows").enumerate() {
        let Some(parameter) = links.parameters.get(row.value) else {
            let what = Text::new("site-unresolved")
                .with("field", "rows")
                .with("key", clean(row.value));
            problems.push(row.at, what, remedy_for(row.value, links.parameters.keys().copied()));
            continue;
        };
        if place == MOST_FORM_ROWS {
            let what = Text::new("site-form-too-long").with_count("most", MOST_FORM_ROWS);
            problems.push(row.at, what, Text::new("site-remedy-form-too-long"));
        }
        let of_row = file.rows("parameter").get(*parameter);
        let of_row = of_row.and_then(|parameter| parameter.choice::<ParameterKind>("kind"));
        if of_row.is_some_and(|of_row| !kind.takes(of_row)) {
            let what = Text::new("site-form-row-kind")
                .with("tag", clean(row.value))
                .with_text("kind", kind.text());
            problems.push(row.at, what, Text::new("site-remedy-form-row-kind"));
        }
    }
}

/// What only a laboratory's report has.
fn check_report(problems: &Problems<'_>, file: &Row, form: &Row) {
    let Some(kind) = kind(form) else { return };
    if kind != FormKind::Laboratory {
        for key in ["batches", "basis", "total_moisture"] {
            if form.words(key).is_some() {
                let what = Text::new("site-form-not-a-report").with("field", key);
                problems.push(form.place(key), what, Text::new("site-remedy-form-not-a-report"));
            }
        }
        return;
    }
    let is_batch = |other: &&Row| self::kind(other) == Some(FormKind::Batch);
    let batches = || file.rows("form").iter().filter(is_batch);
    match form.words("batches") {
        None => {
            let what = Text::new("site-form-without-batches");
            problems.push(
                form.place("batches"),
                what,
                Text::new("site-remedy-form-without-batches"),
            );
        }
        Some(key) if !batches().any(|other| other.words("key") == Some(key)) => {
            let what = Text::new("site-unresolved")
                .with("field", "batches")
                .with("key", clean(key));
            let remedy = remedy_for(key, batches().filter_map(|other| other.words("key")));
            problems.push(form.place("batches"), what, remedy);
        }
        Some(_) => {}
    }
    if let Some(tag) = form.words("total_moisture")
        && !form.words_of("rows").any(|row| row.value == tag)
    {
        let what = Text::new("site-unresolved")
            .with("field", "total_moisture")
            .with("key", clean(tag));
        let rows: Vec<&str> = form.words_of("rows").map(|row| row.value).collect();
        let remedy = remedy_for(tag, rows.iter().copied());
        problems.push(form.place("total_moisture"), what, remedy);
    }
}

/// A form of a file without problems.
pub(super) fn form(row: &Row, links: &Links<'_>) -> Option<DocumentForm> {
    let parameter =
        |tag: &str| -> Option<ParameterId> { Some(ParameterId(u32::try_from(*links.parameters.get(tag)?).ok()?)) };
    Some(DocumentForm {
        key: row.words("key")?.to_owned(),
        name: name(row)?,
        kind: kind(row)?,
        rows: row
            .words_of("rows")
            .map(|row| parameter(row.value))
            .collect::<Option<_>>()?,
        batches: row.words("batches").map(str::to_owned),
        basis: row.choice("basis"),
        total_moisture: match row.words("total_moisture") {
            Some(tag) => Some(parameter(tag)?),
            None => None,
        },
        second_person: row.flag(SECOND_PERSON.key),
    })
}
