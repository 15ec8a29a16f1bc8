//! `carbonwatch status`: the state of daemon and site (运行状态).

use std::path::PathBuf;

use super::clock::time_cell;
use super::context::{Context, Ending, unexpected};
use super::failure::Outcome;
use super::format::OutputFormat;
use super::output::{Cell, Column, Sheet, Table};
use crate::domain::text::Text;
use crate::domain::time::PlantZone;
use crate::wire::answers::StatusView;
use crate::wire::message::{ReplyBody, RequestBody};

/// Arguments of `carbonwatch status`.
#[derive(Debug, Clone, clap::Args)]
pub struct StatusArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Print the sources of data instead
    #[arg(long, conflicts_with = "totals")]
    pub feeds: bool,
    /// Print the totals of shift, day, month and year instead
    #[arg(long)]
    pub totals: bool,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Asks the running daemon; none is started.
pub fn run(arguments: &StatusArguments, context: &Context) -> Ending {
    let mut daemon = context.running_daemon(&arguments.site)?;
    let ReplyBody::Status(status) = daemon.ask(RequestBody::Status)? else {
        return Err(unexpected());
    };
    // A site without a model has no time of its own yet.
    let zone = context.model(&mut daemon).ok().map(|model| model.zone);
    if arguments.feeds {
        context.print_table(&feeds(&status, zone), arguments.format)?;
    } else if arguments.totals {
        context.print_table(&totals(&status), arguments.format)?;
    } else {
        context.print_sheet(&sheet(&status, zone, context, arguments.format), arguments.format)?;
    }
    let trouble = status.state.refusing.is_some() || status.state.feeds.iter().any(|feed| feed.trouble.is_some());
    Ok(if trouble { Outcome::Finding } else { Outcome::Done })
}

fn sheet(status: &StatusView, zone: Option<PlantZone>, context: &Context, format: OutputFormat) -> Sheet {
    let mut sheet = Sheet {
        simulated: status.simulated,
        fields: Vec::new(),
    };
    let state = &status.state;
    sheet.add("site", "cli-field-key", Cell::words(&status.key));
    sheet.add(
        "name",
        "cli-field-name",
        Cell::words(context.localizer.name(&status.name)),
    );
    sheet.add("program", "cli-field-program", Cell::words(&status.program));
    sheet.add("pid", "cli-field-pid", Cell::count(status.pid));
    sheet.add("now", "cli-field-now", time_cell(state.time(), zone, format));
    sheet.add("sequence", "cli-field-sequence", Cell::count(state.sequence.0));
    sheet.add("checkpoint", "cli-field-checkpoint", Cell::count(status.checkpoint.0));
    sheet.add("chain", "cli-field-chain", Cell::words(&state.chain_head));
    sheet.add("clients", "cli-field-clients", Cell::count(status.clients));
    sheet.add("parameters", "cli-field-parameters", Cell::count(status.parameters));
    sheet.add("stale", "cli-field-stale", Cell::count(status.stale));
    sheet.add("free_bytes", "cli-field-free", Cell::count(state.free_bytes));
    sheet.add(
        "resident_bytes",
        "cli-field-resident",
        Cell::count(status.resident_bytes),
    );
    let refusing = state.refusing.clone().map_or(Cell::Nothing, Cell::Text);
    sheet.add("refusing", "cli-field-refusing", refusing);
    let trouble = state.feeds.iter().filter(|feed| feed.trouble.is_some()).count();
    sheet.add("feeds", "cli-field-feeds", Cell::count(state.feeds.len()));
    sheet.add("feeds_in_trouble", "cli-field-trouble", Cell::count(trouble));
    let recovery: Vec<String> = status
        .recovery
        .iter()
        .map(|text| context.localizer.text(text))
        .collect();
    let sealed = status
        .sealed
        .as_ref()
        .map_or(Cell::Nothing, |sealed| Cell::words(sealed.seal.through.to_string()));
    sheet.add("sealed_through", "cli-field-sealed-through", sealed);
    sheet.add("recovery", "cli-field-recovery", Cell::words(recovery.join("; ")));
    sheet
}

fn feeds(status: &StatusView, zone: Option<PlantZone>) -> Table {
    let milliseconds = |value: Option<i64>| value.map_or(Cell::Nothing, Cell::Count);
    Table {
        simulated: status.simulated,
        columns: vec![
            Column::words("name", "cli-feed-name"),
            Column::words("last", "cli-feed-last"),
            Column::words("at", "cli-feed-at"),
            Column::figures("lag_ms", Text::new("cli-feed-lag")),
            Column::figures("clock_offset_ms", Text::new("cli-feed-offset")),
            Column::words("trouble", "cli-feed-trouble"),
        ],
        rows: status
            .state
            .feeds
            .iter()
            .map(|feed| {
                vec![
                    Cell::words(&feed.name),
                    Cell::words(&feed.last),
                    feed.at.map_or(Cell::Nothing, |at| Cell::Time(at, zone)),
                    milliseconds(feed.lag_ms),
                    milliseconds(feed.clock_offset_ms),
                    feed.trouble.clone().map_or(Cell::Nothing, Cell::Text),
                ]
            })
            .collect(),
    }
}

fn totals(status: &StatusView) -> Table {
    let column = |key: &str, title: &'static str| Column::figures(key, Text::new(title));
    let tonnes = |milligrams: i128| Cell::tonnes(milligrams);
    Table {
        simulated: status.simulated,
        columns: vec![
            Column::words("book", "cli-column-book"),
            column("rate_t_per_h", "cli-totals-rate"),
            column("shift_t", "cli-totals-shift"),
            column("day_t", "cli-totals-day"),
            column("month_t", "cli-totals-month"),
            column("year_t", "cli-totals-year"),
        ],
        rows: status
            .state
            .totals
            .iter()
            .map(|totals| {
                vec![
                    Cell::words(&totals.key),
                    totals.rate.map_or(Cell::Nothing, tonnes),
                    totals.shift.map_or(Cell::Nothing, |shift| tonnes(shift.milligrams)),
                    tonnes(totals.day.milligrams),
                    tonnes(totals.month.milligrams),
                    tonnes(totals.year.milligrams),
                ]
            })
            .collect(),
    }
}
