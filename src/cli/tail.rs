//! `carbonwatch tail`: the newest journal records (日志).

use std::path::PathBuf;
use std::time::Duration;

use super::context::{Context, Ending, unexpected};
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::{Cell, Column, Table};
use super::value::whole;
use crate::domain::model::SiteModel;
use crate::domain::text::Text;
use crate::engine::event::kind_text;
use crate::wire::message::{ReplyBody, RequestBody};
use crate::wire::records::{RecordFilter, RecordView, TailFrom};

/// How often a follower asks for more.
const ASK_EVERY: Duration = Duration::from_millis(500);

/// Arguments of `carbonwatch tail`.
#[derive(Debug, Clone, clap::Args)]
pub struct TailArguments {
    /// The site's directory
    pub site: PathBuf,
    /// How many records
    #[arg(short = 'n', long, default_value_t = 20, value_parser = whole::<u32>(1..=1_000_000))]
    pub count: u32,
    /// Go on printing what comes
    #[arg(short, long)]
    pub follow: bool,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Prints the newest records, and with `--follow` all that follow.
pub fn run(arguments: &TailArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let mut after = None;
    loop {
        let request = RequestBody::Tail {
            count: if after.is_none() { arguments.count } else { 1000 },
            // A follower that fell behind gets the records after the last that it has, not the newest.
            from: after.map_or(TailFrom::Newest, TailFrom::After),
            filter: RecordFilter::default(),
            changes: false,
        };
        let ReplyBody::Records(page) = daemon.ask(request)? else {
            return Err(unexpected());
        };
        let records = page.records;
        if after.is_none() || !records.is_empty() {
            print(&records, &model, arguments.format, context)?;
        }
        after = records.last().map(|record| record.sequence).or(after);
        if !arguments.follow {
            return Ok(Outcome::Done);
        }
        // A site without any record yet: what comes first is the first.
        after = after.or(Some(crate::domain::identity::Sequence(0)));
        std::thread::sleep(ASK_EVERY);
    }
}

fn print(records: &[RecordView], model: &SiteModel, format: OutputFormat, context: &Context) -> Result<(), Failure> {
    let table = Table {
        simulated: model.simulated,
        columns: vec![
            Column::figures("sequence", Text::new("cli-column-record")),
            Column::words("at", "cli-column-at"),
            Column::words("user", "cli-column-user"),
            Column::words("person", "cli-column-person"),
            Column::words("kind", "cli-column-kind"),
            Column::words("what", "cli-column-what"),
            Column::words("hash", "cli-column-hash"),
        ],
        rows: records
            .iter()
            .map(|record| {
                let hash = match format {
                    OutputFormat::Table => record.hash.chars().take(8).collect(),
                    OutputFormat::Json | OutputFormat::Csv => record.hash.clone(),
                };
                vec![
                    Cell::count(record.sequence.0),
                    record.at.map_or(Cell::Nothing, |at| Cell::Time(at, Some(model.zone))),
                    record
                        .actor
                        .as_ref()
                        .map_or(Cell::Nothing, |actor| Cell::words(&actor.user)),
                    record
                        .actor
                        .as_ref()
                        .and_then(|actor| actor.person.as_ref())
                        .map_or(Cell::Nothing, Cell::words),
                    kind(&record.kind, format),
                    Cell::Text(record.what.clone()),
                    Cell::Words(hash),
                ]
            })
            .collect(),
    };
    context.print_table(&table, format)
}

/// The kind of a record: in the reader's language for people.
fn kind(name: &str, format: OutputFormat) -> Cell {
    match kind_text(name).filter(|_| format == OutputFormat::Table) {
        Some(text) => Cell::Text(text),
        None => Cell::words(name),
    }
}
