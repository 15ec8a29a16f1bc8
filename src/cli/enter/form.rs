//! Documents without a screen: forms that are filled on the command line, or from a block with a document in each line.

use std::collections::BTreeMap;

use super::super::context::{Context, Ending, Link, unexpected};
use super::super::failure::Failure;
use super::super::output::{Cell, Column, Table};
use super::super::restated;
use super::{EnterArguments, Given, now, tell};
use crate::cli::attachment::{opened, send};
use crate::cli::documents::documents_of;
use crate::cli::failure::Outcome;
use crate::domain::decimal::from_count;
use crate::domain::document::{Document, DocumentBody, DocumentForm, FormKind, Span, plain_number};
use crate::domain::model::SiteModel;
use crate::domain::text::{Text, clean};
use crate::domain::time::Instant;
use crate::engine::command::Provenance;
use crate::engine::documents::MOST_DOCUMENTS;
use crate::engine::overlaps::ToBring;
use crate::engine::view::{DocumentView, Doubts};
use crate::entry::form::{
    Asked, Filled, Line, Looked, Paper, Wrong, add_doubts, field_of, fields, in_words, lines, look_at, read,
};
use crate::wire::message::{ReplyBody, RequestBody};

/// What is known of the documents around those that are filed.
struct Around {
    standing: Vec<DocumentView>,
    batches: Vec<DocumentView>,
    now: Instant,
}

/// Files documents as if a form had been filled. All of them are filed, or none.
pub(super) fn file(
    form: &DocumentForm,
    given: &Given,
    arguments: &EnterArguments,
    (model, daemon): (&SiteModel, &mut Link),
    context: &Context,
) -> Ending {
    if arguments.round.is_some() {
        return Err(Failure::usage(Text::new("cli-enter-form-has-no-round")));
    }
    // Each of them would name every file, whichever it belongs to.
    if given.is_block && !arguments.attach.is_empty() {
        return Err(Failure::usage(Text::new("cli-enter-attach-to-block")));
    }
    for remark in &given.remarks {
        context.say(remark);
    }
    let filled = filled(form, given, model)?;
    if form.kind == FormKind::MeterChange {
        return change_meter(&filled, (model, form), arguments, daemon, context);
    }
    let around = around(form, daemon)?;
    let paper = Paper {
        model,
        form,
        standing: &around.standing,
        batches: &around.batches,
        beside: &[],
        now: around.now,
    };
    let mut looked = look_at(&paper, &filled);
    sound(&looked, given, context)?;
    let mut documents: Vec<Document> = looked.iter().filter_map(|one| one.read.clone().ok()).collect();
    let doubted = doubted(ToBring::Documents(documents.clone()), daemon)?;
    add_doubts(&mut looked, &doubted);
    // A preview promises nothing that is not done.
    sound(&looked, given, context)?;
    let is_doubted = looked.iter().any(|one| !one.doubts.is_empty());
    let (uploads, attachments) = opened(&arguments.attach)?;
    for document in &mut documents {
        document.attachments.clone_from(&attachments);
    }
    context.print_table(&table(preview(&paper, looked), model.simulated), arguments.format)?;
    if let Some(rest) = doubted.rest() {
        context.say(&rest);
    }
    if arguments.dry_run {
        return Ok(Outcome::Done);
    }
    if is_doubted {
        let question = Text::new("cli-enter-confirm");
        context.agree(arguments.yes, &question, "cli-plan-declined", "cli-enter-needs-yes")?;
    }
    // What is not filed is not kept either.
    send(uploads, daemon)?;
    let source = given.source.as_ref();
    let provenance = source.map_or_else(Provenance::default, |source| source.of_documents(&form.key));
    let body = RequestBody::File { provenance, documents };
    let ReplyBody::Intake(outcome) = daemon.write(body).map_err(with_field)? else {
        return Err(unexpected());
    };
    tell(&outcome, model.simulated, arguments, context)
}

/// Asks what looks wrong about what is to be brought, by what stands already.
pub(in crate::cli) fn doubted(to_bring: ToBring, daemon: &mut Link) -> Result<Doubts, Failure> {
    match daemon.ask(RequestBody::Doubts(to_bring))? {
        ReplyBody::Doubts(doubts) => Ok(doubts),
        _ => Err(unexpected()),
    }
}

/// Everything that is wrong about documents, with the lines of a block in which it stands, where anything is.
fn sound(looked: &[Looked], given: &Given, context: &Context) -> Result<(), Failure> {
    let wrong = looked
        .iter()
        .filter_map(|one| Some((one.line, one.read.as_ref().err()?)));
    let wrong: Vec<(Option<usize>, &Wrong)> = wrong
        .flat_map(|(line, wrong)| wrong.iter().map(move |one| (given.is_block.then_some(line), one)))
        .collect();
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(all_wrong(&wrong, context))
    }
}

/// The texts of each document.
fn filled(form: &DocumentForm, given: &Given, model: &SiteModel) -> Result<Vec<Line>, Failure> {
    if given.is_block {
        return lines(&given.block, (model, form)).map_err(Failure::usage);
    }
    let mut filled = Filled::new();
    for row in &given.block.rows {
        let [key, text] = row.as_slice() else { continue };
        if filled.insert(key.clone(), text.clone()).is_some() {
            return Err(Failure::usage(
                Text::new("cli-enter-field-twice").with("field", clean(key)),
            ));
        }
    }
    let filled = in_words(&fields(model, form), &filled);
    Ok(vec![Line { line: 1, filled }])
}

/// Everything that cannot be read, each with its field, and in a block with its line.
fn all_wrong(wrong: &[(Option<usize>, &Wrong)], context: &Context) -> Failure {
    for (line, one) in wrong {
        let said = Text::new("cli-enter-field-wrong")
            .with("field", clean(&one.field))
            .with_text("why", one.why.clone());
        context.say(&match line {
            Some(line) => Text::new("cli-enter-line")
                .with_count("line", *line)
                .with_text("said", said),
            None => said,
        });
    }
    Failure::refused(Text::new("cli-enter-form-unreadable").with_count("count", wrong.len()))
}

/// What the daemon alone knew is told with its field too, as what was known before is.
fn with_field(failure: Failure) -> Failure {
    let Some(field) = field_of(&failure.text) else {
        return failure;
    };
    let text = Text::new("cli-enter-field-wrong").with("field", field);
    Failure {
        text: text.with_text("why", failure.text),
        ..failure
    }
}

fn around(form: &DocumentForm, daemon: &mut Link) -> Result<Around, Failure> {
    let now = now(daemon)?.ok_or_else(|| Failure::usage(Text::new("cli-enter-form-no-time")))?;
    Ok(Around {
        standing: documents_of(&form.key, MOST_DOCUMENTS, daemon)?,
        batches: match &form.batches {
            Some(batches) => documents_of(batches, MOST_DOCUMENTS, daemon)?,
            None => Vec::new(),
        },
        now,
    })
}

/// A row for each value that a document brings, and for what looks wrong besides.
fn preview(paper: &Paper<'_>, documents: Vec<Looked>) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let mut batches: BTreeMap<String, Span> = BTreeMap::new();
    for batch in paper.batches {
        batches.extend(
            batch
                .document
                .span()
                .map(|span| (plain_number(&batch.document.number), span)),
        );
    }
    for Looked { read, doubts, .. } in documents {
        let Ok(document) = read else { continue };
        let mut found = doubts;
        let mut says = |field: &str| {
            let of_field = found.extract_if(.., |(key, _)| key == field).map(|(_, why)| why);
            Text::sentences(of_field.collect::<Vec<Text>>())
        };
        let batch = document
            .batch()
            .and_then(|number| batches.get(&plain_number(number)))
            .copied();
        let readings = document.readings(paper.model, paper.form, batch).unwrap_or_default();
        for given in document.values() {
            let Some(parameter) = paper.model.parameter(given.parameter) else {
                continue;
            };
            let reading = readings.iter().find(|reading| reading.parameter == parameter.id);
            let value = reading.map_or(Cell::Nothing, |reading| {
                let shown = from_count(reading.value, parameter.decimals).to_string();
                Cell::Number(shown.clone(), shown)
            });
            let typed = given.value.normalize().to_string();
            rows.push(vec![
                Cell::words(clean(&document.number)),
                Cell::words(clean(&parameter.tag)),
                Cell::Number(typed.clone(), typed),
                value,
                Cell::words(clean(parameter.unit.symbol())),
                says(&parameter.tag).map_or(Cell::Nothing, Cell::Text),
            ]);
        }
        if document.values().is_empty() {
            rows.push(of_document(&document, Cell::Nothing, Cell::Nothing));
        }
        for (field, why) in found {
            rows.push(of_document(&document, Cell::words(field), Cell::Text(why)));
        }
    }
    rows
}

/// A row of a document as a whole.
fn of_document(document: &Document, field: Cell, says: Cell) -> Vec<Cell> {
    let until = match &document.body {
        DocumentBody::Calibration { until: Some(until), .. } => Cell::words(until.to_string()),
        _ => Cell::Nothing,
    };
    vec![
        Cell::words(clean(&document.number)),
        field,
        Cell::Nothing,
        until,
        Cell::Nothing,
        says,
    ]
}

fn table(rows: Vec<Vec<Cell>>, simulated: bool) -> Table {
    Table {
        simulated,
        columns: vec![
            Column::words("number", "cli-column-document"),
            Column::words("field", "cli-column-field"),
            Column::figures("typed", Text::new("cli-column-typed")),
            Column::figures("value", Text::new("cli-column-counts")),
            Column::words("unit", "cli-column-unit"),
            Column::words("says", "cli-column-says"),
        ],
        rows,
    }
}

/// A meter is changed: no document, so nothing is attached to it.
fn change_meter(
    filled: &[Line],
    (model, form): (&SiteModel, &DocumentForm),
    arguments: &EnterArguments,
    daemon: &mut Link,
    context: &Context,
) -> Ending {
    if !arguments.attach.is_empty() {
        return Err(Failure::usage(Text::new("cli-enter-attach-to-document")));
    }
    let filled = filled.first().map(|line| &line.filled).cloned().unwrap_or_default();
    let change = match read(model, form, &filled) {
        Ok(Asked::MeterChange(change)) => change,
        Ok(Asked::Document(_)) => return Err(unexpected()),
        Err(wrong) => {
            let wrong: Vec<_> = wrong.iter().map(|one| (None, one)).collect();
            return Err(all_wrong(&wrong, context));
        }
    };
    if arguments.dry_run {
        return Ok(Outcome::Done);
    }
    let reply = daemon.write(RequestBody::ChangeMeter(change))?;
    restated::tell(reply, &arguments.site, model.simulated, context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_daemon_knew_of_a_field_is_told_with_it() {
        let told = with_field(Failure::refused(Text::new("document-unknown-batch")));
        assert_eq!(told.text.id, "cli-enter-field-wrong");
        assert_eq!(told.outcome, Outcome::Finding);
        let of_all = Failure::refused(Text::new("documents-too-many"));
        assert_eq!(with_field(of_all.clone()), of_all);
    }
}
