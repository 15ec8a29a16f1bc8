//! Pages of entry sheets as screens and lists show them.

use serde::{Deserialize, Serialize};

use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::reading::{Origin, Slot};
use crate::domain::sheet::{Round, SheetPage};

/// A page of a sheet: what stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetView {
    /// Key of the sheet.
    pub sheet: String,
    /// Which page.
    pub page: SheetPage,
    /// Its columns.
    pub rounds: Vec<Round>,
    /// Its rows.
    pub rows: Vec<SheetRow>,
}

/// A row of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetRow {
    /// What is written down in it.
    pub parameter: ParameterId,
    /// What stands in each column.
    pub cells: Vec<Option<Standing>>,
    /// The last values that counted before the page, the newest first; two at the most.
    pub before: Vec<(Slot, i64)>,
}

/// A reading that stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// In counts of the parameter's quantum.
    pub value: i64,
    /// By which way it came.
    pub origin: Origin,
    /// Whether it counts.
    pub counts: bool,
    /// The record that brought it.
    pub record: Sequence,
}
