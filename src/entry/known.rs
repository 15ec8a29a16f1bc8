//! What is known of a sheet while people type: its rows as the model describes them, and what stands around a cell.

use crate::domain::model::{Parameter, SiteModel};
use crate::domain::reading::{Incoming, Origin, Quality};
use crate::domain::sheet::Round;
use crate::engine::view::{SheetRow, SheetView, Standing};

/// A page of a sheet with the parameters of its rows.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// The model in force.
    pub model: &'a SiteModel,
    /// The page.
    pub view: &'a SheetView,
    /// As what its values are taken.
    pub origin: Origin,
}

/// A row of it.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// What is written down in it.
    pub parameter: &'a Parameter,
    /// What stands in it.
    pub row: &'a SheetRow,
}

impl<'a> Sheet<'a> {
    /// A row; none of a parameter that the model does not have any more.
    pub fn row(&self, place: usize) -> Option<Row<'a>> {
        let row = self.view.rows.get(place)?;
        Some(Row {
            parameter: self.model.parameter(row.parameter)?,
            row,
        })
    }

    /// The reading that a value in a cell makes.
    pub fn reading(&self, (row, column): (usize, usize), count: i64) -> Option<Incoming> {
        let parameter = self.row(row)?.parameter;
        Some(Incoming {
            parameter: parameter.id,
            slot: self.round(column)?.slot(parameter.kind),
            value: count,
            quality: Quality::Good,
        })
    }

    /// A column.
    pub fn round(&self, place: usize) -> Option<&'a Round> {
        self.view.rounds.get(place)
    }
}

impl Row<'_> {
    /// What stands in a column.
    pub fn standing(&self, column: usize) -> Option<Standing> {
        self.row.cells.get(column).copied().flatten()
    }

    /// The last value before a column that counts, of those that were sent.
    pub fn last_sent(&self, column: usize) -> Option<i64> {
        let of_page = self.row.cells.iter().take(column).rev().flatten();
        let before = self.row.before.first().map(|(_, value)| *value);
        of_page
            .filter(|cell| cell.counts)
            .map(|cell| cell.value)
            .next()
            .or(before)
    }

    /// The values that were sent before a column, the newest first.
    pub fn earlier(&self, column: usize) -> impl Iterator<Item = i64> {
        let of_page = self.row.cells.iter().take(column).rev().flatten();
        let of_page = of_page.filter(|cell| cell.counts).map(|cell| cell.value);
        of_page.chain(self.row.before.iter().map(|(_, value)| *value))
    }
}
