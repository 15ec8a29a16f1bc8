//! `carbonwatch second-checks` and `second-check`: what a second person is to hold against the paper, and what they say of it
//! (双人复核).

use std::path::PathBuf;

use super::context::{Context, Ending, Link, unexpected};
use super::correct::recorded;
use super::explain::find_parameter;
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::{Cell, Column, Table};
use super::value::whole;
use super::when::read_instant;
use crate::domain::attachment::Attachment;
use crate::domain::decimal::from_count;
use crate::domain::identity::Sequence;
use crate::domain::model::SiteModel;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::documents::document_name;
use crate::engine::second_check::{CellOf, CheckVerdict, SecondCheck};
use crate::engine::view::{CheckMark, CheckedCell};
use crate::wire::message::{ReplyBody, RequestBody};
use crate::wire::records::{CheckedRecord, SecondCheckListed};

/// Arguments of `carbonwatch second-checks`.
#[derive(Debug, Clone, clap::Args)]
pub struct SecondChecksArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Number of a record, to see its values
    #[arg(value_parser = whole::<u64>(1..=u64::MAX))]
    pub record: Option<u64>,
    /// How to print the list
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Arguments of `carbonwatch second-check`.
#[derive(Debug, Clone, clap::Args)]
#[command(group = clap::ArgGroup::new("verdict").required(true))]
pub struct SecondCheckArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Number of the record
    #[arg(value_parser = whole::<u64>(1..=u64::MAX))]
    pub record: u64,
    /// It is what the paper says
    #[arg(long, group = "verdict")]
    pub agree: bool,
    /// It goes back to whoever wrote it: what is wrong
    #[arg(long = "return", value_name = "REASON", group = "verdict")]
    pub reason: Option<String>,
    /// Only this value goes back: a tag, or a tag and a time, such as BH-ASH@2025-03-01T08:00; may be given several times
    #[arg(long = "cell", value_name = "CELL", conflicts_with = "agree")]
    pub cells: Vec<String>,
    /// Do not ask where it was returned before
    #[arg(long)]
    pub yes: bool,
}

/// Lists what is open, or the values of a record.
pub fn list(arguments: &SecondChecksArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    if let Some(record) = arguments.record {
        let record = ask(&mut daemon, Sequence(record))?;
        context.print_table(&table_of_cells(&record, &model), arguments.format)?;
        for said in head(&record, &model) {
            context.say(&said);
        }
        return Ok(Outcome::Done);
    }
    let ReplyBody::SecondChecks(found) = daemon.ask(RequestBody::SecondChecks)? else {
        return Err(unexpected());
    };
    context.print_table(&table(&found.checks, &model, context), arguments.format)?;
    if found.more > 0 {
        context.say(&Text::new("second-check-more").with_count("count", found.more));
    }
    if found.checks.is_empty() && !model.has_second_person() {
        context.say(&Text::new("second-check-unplanned"));
    }
    Ok(Outcome::Done)
}

/// A record with all of its values.
fn ask(daemon: &mut Link, record: Sequence) -> Result<CheckedRecord, Failure> {
    let mut whole: Option<CheckedRecord> = None;
    loop {
        let have = whole.as_ref().map_or(0, |whole| whole.cells.len());
        let from = u32::try_from(have).unwrap_or(u32::MAX);
        let ReplyBody::CheckedRecord(more) = daemon.ask(RequestBody::CheckedRecord { record, from })? else {
            return Err(unexpected());
        };
        let is_last = more.more == 0 || more.cells.is_empty();
        let found = whole.get_or_insert_with(|| CheckedRecord {
            cells: Vec::new(),
            ..(*more).clone()
        });
        found.cells.extend(more.cells);
        found.more = more.more;
        if is_last {
            return whole.ok_or_else(unexpected);
        }
    }
}

fn table(checks: &[SecondCheckListed], model: &SiteModel, context: &Context) -> Table {
    let row = |listed: &SecondCheckListed| {
        let check = &listed.check;
        let looked = check.looked.as_ref();
        vec![
            Cell::count(i64::try_from(check.record.0).unwrap_or(i64::MAX)),
            Cell::Time(check.at, Some(model.zone)),
            Cell::Words(context.person(check.name.as_ref(), &check.by)),
            Cell::Text(listed.what.clone()),
            Cell::Text(check.mark.text()),
            looked.map_or(Cell::Nothing, |looked| {
                Cell::Words(context.person(looked.name.as_ref(), &looked.by))
            }),
            looked.map_or(Cell::Nothing, |looked| Cell::Time(looked.at, Some(model.zone))),
            looked
                .and_then(|looked| looked.reason.as_ref())
                .map_or(Cell::Nothing, |reason| Cell::words(clean(reason))),
        ]
    };
    Table {
        simulated: model.simulated,
        columns: vec![
            Column::figures("record", Text::new("cli-column-record")),
            Column::words("written", "cli-column-written"),
            Column::words("by", "cli-column-user"),
            Column::words("what", "cli-column-did"),
            Column::words("state", "cli-column-state"),
            Column::words("checked_by", "cli-column-checked-by"),
            Column::words("checked", "cli-column-checked-at"),
            Column::words("reason", "cli-column-returned"),
        ],
        rows: checks.iter().map(row).collect(),
    }
}

/// What is beside the values: what the record did, what its documents say, what is attached, what was said of it.
fn head(record: &CheckedRecord, model: &SiteModel) -> Vec<Text> {
    let mut said = vec![record.listed.what.clone(), record.listed.check.said()];
    for document in &record.documents {
        said.extend(Text::joined(
            std::iter::once(document_name(document)).chain(document.said_under(Some(model))),
        ));
    }
    said.extend(record.attachments.iter().map(Attachment::said));
    if record.more > 0 {
        said.push(Text::new("second-check-more").with_count("count", record.more));
    }
    said
}

fn table_of_cells(record: &CheckedRecord, model: &SiteModel) -> Table {
    let row = |cell: &CheckedCell| {
        let known = model.parameter(cell.parameter);
        let value = |count: i64| match known {
            Some(known) => Cell::Words(from_count(count, known.decimals).to_string()),
            None => Cell::Nothing,
        };
        let stands = cell
            .standing
            .filter(|standing| standing.record != record.listed.check.record);
        vec![
            Cell::words(known.map_or_else(|| cell.parameter.to_string(), |known| clean(&known.tag).into_owned())),
            Cell::Time(cell.slot.at, Some(model.zone)),
            value(cell.value),
            known.map_or(Cell::Nothing, |known| Cell::words(known.unit.symbol())),
            cell.before.map_or(Cell::Nothing, value),
            stands.map_or(Cell::Nothing, |standing| value(standing.value)),
            if cell.is_returned {
                Cell::Text(Text::new("second-check-returned"))
            } else {
                Cell::Nothing
            },
        ]
    };
    Table {
        simulated: model.simulated,
        columns: vec![
            Column::words("tag", "cli-column-tag"),
            Column::words("at", "cli-column-of"),
            Column::words("value", "cli-column-value"),
            Column::words("unit", "cli-column-unit"),
            Column::words("before", "cli-column-last"),
            Column::words("now", "cli-column-stands-now"),
            Column::words("state", "cli-column-state"),
        ],
        rows: record.cells.iter().map(row).collect(),
    }
}

/// Says that a record is right, or what is wrong about it.
pub fn say(arguments: &SecondCheckArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let of = Sequence(arguments.record);
    let record = ask(&mut daemon, of)?;
    let check = &record.listed.check;
    let verdict = if let Some(reason) = &arguments.reason {
        let model = context.model(&mut daemon)?;
        let mut cells = Vec::new();
        for named in &arguments.cells {
            cells.extend(named_cells(named, &record, &model)?);
        }
        CheckVerdict::Returned {
            reason: reason.clone(),
            cells,
        }
    } else {
        // What somebody found wrong is not agreed with in passing.
        if check.mark == CheckMark::Returned {
            let question = Text::new("cli-second-check-overrule").with_text("said", check.said());
            context.agree(arguments.yes, &question, "cli-plan-declined", "cli-enter-needs-yes")?;
        }
        CheckVerdict::Agreed
    };
    let seen = check.seen();
    let request = RequestBody::SecondCheck(SecondCheck { of, verdict, seen });
    let ReplyBody::Recorded(sequence) = daemon.write(request)? else {
        return Err(unexpected());
    };
    recorded(sequence, &arguments.site, context);
    Ok(Outcome::Done)
}

/// The cells of a record that are meant.
fn named_cells(named: &str, record: &CheckedRecord, model: &SiteModel) -> Result<Vec<CellOf>, Failure> {
    // A tag may have the sign in it: what is a tag as a whole is one.
    let is_tag = |tag: &str| model.parameters.iter().any(|known| known.tag == tag);
    let (tag, at) = match named.rsplit_once('@') {
        Some((tag, at)) if !is_tag(named) => (tag, Some(read_instant(at, &model.zone)?)),
        _ => (named, None),
    };
    let parameter = find_parameter(model, tag)?.id;
    let cells = record.cells.iter();
    let meant = cells.filter(|cell| cell.parameter == parameter && at.is_none_or(|at| cell.slot.at == at));
    let meant: Vec<CellOf> = meant.map(|cell| (cell.parameter, cell.slot)).collect();
    if meant.is_empty() {
        let text = Text::new("cli-second-check-no-cell").with("cell", clean(named));
        return Err(Failure::usage(text.with("of", record.listed.check.record)));
    }
    Ok(meant)
}
