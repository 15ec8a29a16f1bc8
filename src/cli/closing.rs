//! `carbonwatch months` and `carbonwatch close-month`: what was issued of the months of a year, and issuing one (月度关账).

use std::path::PathBuf;

use super::context::{Context, Ending, unexpected};
use super::correct::recorded;
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::{Cell, Column, Table};
use super::quality_plan::month_of;
use super::value::whole;
use crate::domain::model::SiteModel;
use crate::domain::text::Text;
use crate::engine::closing::{CloseMonth, sealed_text};
use crate::engine::view::{MonthOfBook, MonthView};
use crate::report::closing::{of_book, said, state_of_book};
use crate::wire::message::{ReplyBody, RequestBody};

/// Arguments of `carbonwatch months`.
#[derive(Debug, Clone, clap::Args)]
pub struct MonthsArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Which year, such as 2025; the one that runs where it is left out
    #[arg(value_parser = whole::<i32>(1970..=9999))]
    pub year: Option<i32>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Arguments of `carbonwatch close-month`.
#[derive(Debug, Clone, clap::Args)]
pub struct CloseMonthArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Which month, such as 2025-03
    pub month: String,
    /// Why it is issued again, or although a rule of its evidence fails
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Close without asking
    #[arg(long)]
    pub yes: bool,
}

/// Prints the months of a year, a line for every book.
pub fn list(arguments: &MonthsArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let ReplyBody::Months(months) = daemon.ask(RequestBody::Months { year: arguments.year })? else {
        return Err(unexpected());
    };
    context.print_table(&table(&months, &model), arguments.format)?;
    Ok(Outcome::Done)
}

fn table(months: &[MonthView], model: &SiteModel) -> Table {
    let row = |month: &MonthView, of: &MonthOfBook| {
        let last = month.last().filter(|_| of.issued.is_some());
        let tonnes = |milligrams: Option<i128>| milligrams.map_or(Cell::Nothing, Cell::tonnes);
        vec![
            Cell::words(month.month.to_string()),
            Cell::words(of.key.clone()),
            Cell::Text(state_of_book(month, of)),
            tonnes(of.issued),
            Cell::tonnes(of.now),
            tonnes(of.difference()),
            Cell::count(of.unknown_hours),
            last.map_or(Cell::Nothing, |last| Cell::words(last.by.clone())),
            last.map_or(Cell::Nothing, |last| Cell::Time(last.at, Some(model.zone))),
            last.and_then(|last| last.reason.clone())
                .map_or(Cell::Nothing, Cell::words),
            last.map_or(Cell::Nothing, |last| Cell::count(last.record.0)),
            Cell::count(month.closings.len()),
            last.map_or(Cell::Nothing, |last| Cell::words(last.digest.clone())),
        ]
    };
    let rows = months
        .iter()
        .flat_map(|month| month.books.iter().map(move |book| row(month, book)));
    Table {
        simulated: model.simulated,
        columns: vec![
            Column::words("month", "cli-column-month"),
            Column::words("book", "cli-column-book"),
            Column::words("state", "cli-column-closing-state"),
            Column::figures("issued_t", Text::new("cli-column-closing-issued")),
            Column::figures("now_t", Text::new("cli-column-closing-now")),
            Column::figures("difference_t", Text::new("cli-column-closing-difference")),
            Column::figures("unknown_source_hours", Text::new("cli-column-closing-unknown")),
            Column::words("by", "cli-column-closing-by"),
            Column::words("at", "cli-column-closing-at"),
            Column::words("reason", "cli-column-closing-reason"),
            Column::figures("record", Text::new("cli-column-record")),
            Column::figures("times", Text::new("cli-column-closing-times")),
            Column::words("digest", "cli-column-closing-digest"),
        ],
        rows: rows.collect(),
    }
}

/// Closes a month, or issues a closed one again.
pub fn close(arguments: &CloseMonthArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let month = month_of(&arguments.month, &model)?;
    let year = Some(month.year);
    let ReplyBody::Months(months) = daemon.ask(RequestBody::Months { year })? else {
        return Err(unexpected());
    };
    let Some(view) = months.into_iter().find(|view| view.month == month) else {
        return Err(Failure::refused(
            Text::new("quality-plan-not-begun").with("month", month),
        ));
    };
    if let Some(through) = view.sealed_through {
        return Err(Failure::refused(sealed_text(month, through, view.last().is_some())));
    }
    // What is issued is seen before it is.
    for book in &view.books {
        context.say(&of_book(book));
    }
    for closing in &view.closings {
        context.say(&said(closing));
    }
    let question = Text::new("cli-close-month-confirm").with("month", month);
    context.agree(
        arguments.yes,
        &question,
        "cli-close-month-declined",
        "cli-close-month-needs-yes",
    )?;
    let closing = CloseMonth::of(&view, arguments.reason.clone());
    let pin = daemon.pin();
    let ReplyBody::Recorded(sequence) = daemon.write(RequestBody::CloseMonth { closing, pin })? else {
        return Err(unexpected());
    };
    recorded(sequence, &arguments.site, context);
    Ok(Outcome::Done)
}
