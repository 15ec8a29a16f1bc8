//! Figures before and after, as plans, adoptions and intakes show them (重算).

use std::io::{self, Write};
use std::path::Path;

use super::context::{Context, Ending, unexpected};
use super::correct::recorded;
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::{Cell, Column, Table};
use crate::domain::text::Text;
use crate::engine::view::Restated;
use crate::wire::message::ReplyBody;

/// What each book amounts to over all that is restated of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BookTotal {
    /// Book's key.
    pub(super) book: String,
    /// Milligrams of `CO2e` before.
    pub(super) before: i128,
    /// Milligrams of `CO2e` after.
    pub(super) after: i128,
}

/// The totals by book, in the order in which the books come.
pub(super) fn totals(restated: &[Restated]) -> Vec<BookTotal> {
    let mut totals: Vec<BookTotal> = Vec::new();
    for restated in restated {
        match totals.iter_mut().find(|total| total.book == restated.book) {
            Some(total) => {
                total.before += restated.before;
                total.after += restated.after;
            }
            None => totals.push(BookTotal {
                book: restated.book.clone(),
                before: restated.before,
                after: restated.after,
            }),
        }
    }
    totals
}

/// A table of what is or was restated.
pub(super) fn table<'a>(restated: impl IntoIterator<Item = &'a Restated>, simulated: bool, context: &Context) -> Table {
    Table {
        simulated,
        columns: vec![
            Column::words("book", "cli-column-book"),
            Column::words("source", "cli-column-source"),
            Column::words("name", "cli-column-name"),
            Column::words("month", "cli-column-month"),
            Column::figures("before_t", Text::new("cli-column-before")),
            Column::figures("after_t", Text::new("cli-column-after")),
            Column::figures("difference_t", Text::new("cli-column-difference")),
            Column::words("month_state", "cli-column-closing-state"),
        ],
        rows: restated
            .into_iter()
            .map(|restated| {
                vec![
                    Cell::words(&restated.book),
                    Cell::words(&restated.source),
                    Cell::words(context.localizer.name(&restated.name)),
                    Cell::words(&restated.month),
                    Cell::tonnes(restated.before),
                    Cell::tonnes(restated.after),
                    Cell::tonnes(restated.after - restated.before),
                    if restated.is_closed {
                        Cell::Text(Text::new("closing-closed"))
                    } else {
                        Cell::Nothing
                    },
                ]
            })
            .collect(),
    }
}

/// Says under which record a thing stands, and shows the figures that it moved.
pub(super) fn tell(reply: ReplyBody, site: &Path, simulated: bool, context: &Context) -> Ending {
    let (sequence, restated) = match reply {
        ReplyBody::Recorded(sequence) => (sequence, Vec::new()),
        ReplyBody::Restated { sequence, restated } => (sequence, restated),
        _ => return Err(unexpected()),
    };
    recorded(sequence, site, context);
    show(&restated, simulated, OutputFormat::Table, context)?;
    Ok(Outcome::Done)
}

/// Shows the figures that something moved; nothing where it moved none.
pub(super) fn show(
    restated: &[Restated],
    simulated: bool,
    format: OutputFormat,
    context: &Context,
) -> Result<(), Failure> {
    let changed = restated.iter().filter(|one| one.before != one.after);
    let table = table(changed, simulated, context);
    if table.rows.is_empty() {
        return Ok(());
    }
    context.say(&Text::new("cli-restated"));
    // One document a stream: programs read what else is printed, people this beside it.
    let (mut out, mut beside) = (io::stdout().lock(), io::stderr().lock());
    let out: &mut dyn Write = if format == OutputFormat::Table {
        &mut out
    } else {
        &mut beside
    };
    Ok(table.print(OutputFormat::Table, &context.localizer, out)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_sums_by_book() {
        let restated = |book: &str, before, after| Restated {
            book: book.to_owned(),
            source: String::new(),
            name: crate::domain::model::Name::default(),
            month: String::new(),
            before,
            after,
            is_closed: false,
        };
        let totals = totals(&[restated("a", 1, 2), restated("b", 10, 0), restated("a", 5, -7)]);
        let total = |book: &str, before, after| BookTotal {
            book: book.to_owned(),
            before,
            after,
        };
        assert_eq!(totals, [total("a", 6, -5), total("b", 10, 0)]);
    }
}
