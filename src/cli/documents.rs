//! `carbonwatch forms` and `documents`: what forms a site has, and the documents that were filed (单据).

use std::path::PathBuf;

use super::context::{Context, Ending, Link, unexpected};
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::{Cell, Column, Table};
use super::value::whole;
use crate::domain::decimal::from_count;
use crate::domain::document::{DocumentBody, DocumentForm, FormKind};
use crate::domain::model::SiteModel;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::documents::MOST_DOCUMENTS;
use crate::engine::event::RecordKind;
use crate::engine::view::DocumentView;
use crate::entry::form::{Called, FormField, Sort, fields, label};
use crate::wire::message::{ReplyBody, RequestBody};
use crate::wire::records::{RecordFilter, RecordView, TailFrom};

/// Arguments of `carbonwatch forms`.
#[derive(Debug, Clone, clap::Args)]
pub struct FormsArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Key of a form, to see its fields
    pub form: Option<String>,
    /// How to print the list
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Arguments of `carbonwatch documents`.
#[derive(Debug, Clone, clap::Args)]
pub struct DocumentsArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Key of the form
    pub form: String,
    /// How many, the newest first
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = whole::<u32>(1..=u64::from(MOST_DOCUMENTS)))]
    pub count: u32,
    /// How to print the list
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

fn form_of<'model>(key: &str, model: &'model SiteModel) -> Result<&'model DocumentForm, Failure> {
    model
        .form(key)
        .ok_or_else(|| Failure::usage(Text::new("form-unknown").with("key", clean(key))))
}

fn words(called: &Called, context: &Context) -> String {
    let words = match called {
        Called::Text(text) => context.localizer.text(text),
        Called::Name(name) => context.localizer.name(name).to_owned(),
    };
    clean(&words).into_owned()
}

/// Lists the forms, or the fields of one.
pub fn forms(arguments: &FormsArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let table = match &arguments.form {
        Some(key) => table_of_fields(&fields(&model, form_of(key, &model)?), &model, context),
        None => table_of_forms(&model, context),
    };
    context.print_table(&table, arguments.format)?;
    Ok(Outcome::Done)
}

fn table_of_forms(model: &SiteModel, context: &Context) -> Table {
    let row = |form: &DocumentForm| {
        vec![
            Cell::words(clean(&form.key)),
            Cell::words(words(&label(form), context)),
            Cell::Text(form.kind.text()),
            Cell::count(i64::try_from(fields(model, form).len()).unwrap_or(i64::MAX)),
        ]
    };
    Table {
        simulated: model.simulated,
        columns: vec![
            Column::words("form", "cli-column-form"),
            Column::words("name", "cli-column-name"),
            Column::words("kind", "cli-column-kind"),
            Column::figures("fields", Text::new("cli-column-fields")),
        ],
        rows: model.forms().map(row).collect(),
    }
}

fn table_of_fields(fields: &[FormField], model: &SiteModel, context: &Context) -> Table {
    let row = |field: &FormField| {
        let (sort, unit) = match &field.sort {
            Sort::Words => (Text::new("form-sort-words"), None),
            Sort::Day => (Text::new("form-sort-day"), None),
            Sort::Time => (Text::new("form-sort-time"), None),
            Sort::Number => (Text::new("form-sort-number"), None),
            Sort::PerCent => (Text::new("form-sort-number"), Some("%".to_owned())),
            Sort::Value(id) => {
                let unit = model.parameter(*id).map(|known| known.unit.symbol().to_owned());
                (Text::new("form-sort-number"), unit)
            }
            Sort::Choice(choices) => {
                let words: Vec<&str> = choices.iter().map(|(word, _)| word.as_str()).collect();
                (Text::new("form-sort-choice").with("choices", words.join(", ")), None)
            }
        };
        let required = if field.is_required {
            "form-required"
        } else {
            "form-optional"
        };
        vec![
            Cell::words(clean(&field.key)),
            Cell::words(words(&field.called, context)),
            Cell::Text(sort),
            unit.map_or(Cell::Nothing, Cell::Words),
            Cell::Text(Text::new(required)),
        ]
    };
    Table {
        simulated: model.simulated,
        columns: vec![
            Column::words("field", "cli-column-field"),
            Column::words("name", "cli-column-name"),
            Column::words("kind", "cli-column-filled-with"),
            Column::words("unit", "cli-column-unit"),
            Column::words("required", "cli-column-required"),
        ],
        rows: fields.iter().map(row).collect(),
    }
}

/// Lists documents.
pub fn documents(arguments: &DocumentsArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let form = form_of(&arguments.form, &model)?;
    let rows: Vec<Vec<Cell>> = if form.kind == FormKind::MeterChange {
        // A meter's change is a record of its own, and no document.
        let changes = meter_changes(arguments.count, &mut daemon)?;
        changes
            .iter()
            .rev()
            .map(|record| row_of_change(record, &model, context))
            .collect()
    } else {
        let documents = documents_of(&form.key, arguments.count, &mut daemon)?;
        documents.iter().map(|view| row(view, &model, context)).collect()
    };
    let table = Table {
        simulated: model.simulated,
        columns: vec![
            Column::words("number", "cli-column-document"),
            Column::words("from", "cli-column-from"),
            Column::words("to", "cli-column-to"),
            Column::words("values", "cli-column-values"),
            Column::words("says", "cli-column-says"),
            Column::words("by", "cli-column-user"),
            Column::words("at", "cli-column-filed"),
            Column::figures("record", Text::new("cli-column-record")),
        ],
        rows,
    };
    context.print_table(&table, arguments.format)?;
    Ok(Outcome::Done)
}

/// Asks for the records of the newest changes of meters, newest last.
fn meter_changes(count: u32, daemon: &mut Link) -> Result<Vec<RecordView>, Failure> {
    let asked = RequestBody::Tail {
        count,
        from: TailFrom::Newest,
        filter: RecordFilter::only(RecordKind::MeterChange),
        changes: true,
    };
    match daemon.ask(asked)? {
        ReplyBody::Records(page) => Ok(page.records),
        _ => Err(unexpected()),
    }
}

fn row_of_change(record: &RecordView, model: &SiteModel, context: &Context) -> Vec<Cell> {
    let said = Text::joined(record.changes.iter().chain([&record.what]).cloned());
    let by = record.actor.as_ref();
    let named = by.and_then(|by| model.name_of(by));
    vec![
        Cell::Nothing,
        Cell::Nothing,
        Cell::Nothing,
        Cell::Nothing,
        said.map_or(Cell::Nothing, Cell::Text),
        by.map_or(Cell::Nothing, |by| Cell::Words(context.person(named, by.name()))),
        record.at.map_or(Cell::Nothing, |at| Cell::Time(at, Some(model.zone))),
        Cell::count(i64::try_from(record.sequence.0).unwrap_or(i64::MAX)),
    ]
}

/// Asks for the newest documents of a form.
pub(super) fn documents_of(form: &str, count: u32, daemon: &mut Link) -> Result<Vec<DocumentView>, Failure> {
    let asked = RequestBody::Documents {
        form: form.to_owned(),
        count,
    };
    match daemon.ask(asked)? {
        ReplyBody::Documents(documents) => Ok(documents),
        _ => Err(unexpected()),
    }
}

fn row(view: &DocumentView, model: &SiteModel, context: &Context) -> Vec<Cell> {
    let document = &view.document;
    let (from, to) = match (&document.body, document.span()) {
        (DocumentBody::Laboratory { tested_on, .. }, _) => (Cell::words(tested_on.to_string()), Cell::Nothing),
        (DocumentBody::Calibration { on, until, .. }, _) => {
            let until = until.map_or(Cell::Nothing, |until| Cell::words(until.to_string()));
            (Cell::words(on.to_string()), until)
        }
        (_, Some(span)) if span.from < span.to => (
            Cell::Time(span.from, Some(model.zone)),
            Cell::Time(span.to, Some(model.zone)),
        ),
        (_, Some(span)) => (Cell::Time(span.from, Some(model.zone)), Cell::Nothing),
        (_, None) => (Cell::Nothing, Cell::Nothing),
    };
    let value = |given: &crate::domain::document::Given| {
        let parameter = model.parameter(given.parameter)?;
        Some(format!(
            "{} {} {}",
            parameter.tag,
            given.value.normalize(),
            parameter.unit.symbol()
        ))
    };
    let values: Vec<String> = document.values().iter().filter_map(value).collect();
    vec![
        Cell::words(clean(&document.number)),
        from,
        to,
        Cell::words(clean(&values.join(", "))),
        document_says(view, model).map_or(Cell::Nothing, Cell::Text),
        Cell::Words(context.person(view.name.as_ref(), &view.by)),
        Cell::Time(view.at, Some(model.zone)),
        Cell::count(i64::try_from(view.record.0).unwrap_or(i64::MAX)),
    ]
}

/// What a document says besides its values, and what became of those.
fn document_says(view: &DocumentView, model: &SiteModel) -> Option<Text> {
    let mut said: Vec<Text> = view.document.said_under(Some(model));
    if !view.tests.is_empty() {
        said.push(Text::new("document-tests").with("numbers", clean(&view.tests.join(", "))));
    }
    said.extend(view.superseded.iter().filter_map(|one| {
        let parameter = model.parameter(one.parameter)?;
        let text = Text::new("document-superseded")
            .with("tag", clean(&parameter.tag))
            .with("value", from_count(one.value, parameter.decimals));
        let text = text.with("unit", parameter.unit.symbol());
        Some(text.with_text("origin", one.origin.text()).with("record", one.record))
    }));
    Text::joined(said)
}
