//! Cells (核算单元): what a source emits in one hour in one book, rounded once to a milligram, and sums of cells.

use serde::{Deserialize, Serialize};

/// What must be said of a cell.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says something of its own, in any combination"
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CellMarks {
    /// It rests on a value that stands in for a tested one, or on a factor of an earlier data year (暂估).
    pub provisional: bool,
    /// A quantity is missing for part of the hour, and nothing stands in for it.
    pub incomplete: bool,
    /// Intervals of a quantity or of its tests overlap, so that something may count twice (重复计量).
    pub overlapping: bool,
    /// A substitute stands in for part of the hour's quantity (替代).
    pub substituted: bool,
    /// It could not be computed: a factor is missing, or the arithmetic overflowed. Its mass is 0 and says nothing.
    pub failed: bool,
}

impl CellMarks {
    /// The marks as stored.
    pub const fn code(self) -> u8 {
        self.provisional as u8
            | (self.incomplete as u8) << 1
            | (self.failed as u8) << 2
            | (self.overlapping as u8) << 3
            | (self.substituted as u8) << 4
    }

    /// The marks of a stored code.
    pub const fn from_code(code: u8) -> Self {
        Self {
            provisional: code & 1 != 0,
            incomplete: code & 2 != 0,
            failed: code & 4 != 0,
            overlapping: code & 8 != 0,
            substituted: code & 16 != 0,
        }
    }
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    /// Mass of the gas in milligrams.
    pub gas_mg: i64,
    /// The same as `CO2e`, by the book's GWP set.
    pub co2e_mg: i64,
    /// What must be said of it.
    pub marks: CellMarks,
}

/// Cells of 24 successive hours; none where nothing is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CellDay {
    /// By place in the day block.
    pub hours: [Option<Cell>; 24],
}

/// An exact sum of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CellSum {
    /// Mass of the gas in milligrams.
    pub gas_mg: i128,
    /// The same as `CO2e`.
    pub co2e_mg: i128,
    /// Number of cells.
    pub cells: i64,
    /// Of them provisional.
    pub provisional: i64,
    /// Of them incomplete.
    pub incomplete: i64,
    /// Of them with overlapping intervals.
    pub overlapping: i64,
    /// Of them failed.
    pub failed: i64,
    /// Of them with substitutes.
    pub substituted: i64,
}

impl CellSum {
    /// Puts a cell in.
    pub fn put(&mut self, cell: &Cell) {
        self.change(cell, 1);
    }

    /// Takes a cell out.
    pub fn take(&mut self, cell: &Cell) {
        self.change(cell, -1);
    }

    fn change(&mut self, cell: &Cell, sign: i64) {
        self.gas_mg += i128::from(cell.gas_mg) * i128::from(sign);
        self.co2e_mg += i128::from(cell.co2e_mg) * i128::from(sign);
        self.cells += sign;
        self.provisional += sign * i64::from(cell.marks.provisional);
        self.incomplete += sign * i64::from(cell.marks.incomplete);
        self.overlapping += sign * i64::from(cell.marks.overlapping);
        self.failed += sign * i64::from(cell.marks.failed);
        self.substituted += sign * i64::from(cell.marks.substituted);
    }

    /// Puts another sum in.
    pub fn add(&mut self, other: &Self) {
        self.gas_mg += other.gas_mg;
        self.co2e_mg += other.co2e_mg;
        self.cells += other.cells;
        self.provisional += other.provisional;
        self.incomplete += other.incomplete;
        self.overlapping += other.overlapping;
        self.failed += other.failed;
        self.substituted += other.substituted;
    }

    /// Whether it says anything: where nothing but a gap between readings lies there are cells too, in which nothing is.
    pub fn is_known(&self) -> bool {
        self.gas_mg != 0 || self.incomplete < self.cells
    }

    /// Whether it holds no cell.
    pub fn is_empty(&self) -> bool {
        self.cells == 0
    }
}
