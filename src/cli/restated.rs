//! Figures before and after, as plans, adoptions and intakes show them (重算).

use super::context::Context;
use super::output::{Cell, Column, Table};
use super::status::tonnes_cell;
use crate::domain::text::Text;
use crate::engine::view::Restated;

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
        ],
        rows: restated
            .into_iter()
            .map(|restated| {
                vec![
                    Cell::words(&restated.book),
                    Cell::words(&restated.source),
                    Cell::words(context.localizer.name(&restated.name)),
                    Cell::words(&restated.month),
                    tonnes_cell(restated.before),
                    tonnes_cell(restated.after),
                    tonnes_cell(restated.after - restated.before),
                ]
            })
            .collect(),
    }
}
