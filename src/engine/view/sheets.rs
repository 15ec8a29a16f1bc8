//! Pages of entry sheets as screens and lists show them.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::reading::{Origin, Slot, Verdict, Version};
use crate::domain::sheet::{Round, SheetPage};
use crate::domain::time::Instant;

use super::{CheckMark, Overlap, SecondCheckView};

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
    /// The records of cells that a second person returned, with why.
    pub returned: Vec<SecondCheckView>,
}

/// A row of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetRow {
    /// What is written down in it.
    pub parameter: ParameterId,
    /// What stands in each column.
    pub cells: Vec<Option<Standing>>,
    /// What stands in the time of each column without being in it, as a document that counts beside it (同期已有值); empty where
    /// there is none.
    #[serde(default)]
    pub beside: Vec<Option<Overlap>>,
    /// What stands in for the missing hours of each column in which nothing is written down (替代); empty where nothing does.
    #[serde(default)]
    pub filled: Vec<Option<FilledHours>>,
    /// The last values that counted before the page, the newest first; two at the most.
    pub before: Vec<(Slot, i64)>,
    /// Of a counter, by which rule its register counts at the end of the page.
    #[serde(default)]
    pub register: Option<RegisterRule>,
    /// Of a register, the first value that counts behind the page.
    pub after: Option<(Slot, i64)>,
    /// Of a register, when its meter was changed, in order.
    pub changes: Vec<RegisterChange>,
}

/// Missing hours for which something stands in (缺数替代).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledHours {
    /// How many hours.
    pub hours: u32,
    /// Whether a person decided any of them, and not the plan alone.
    pub by_person: bool,
}

/// The round of a sheet that is being made (正在抄录的一轮).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundView {
    /// Key of the sheet.
    pub sheet: String,
    /// When it is made.
    pub at: Instant,
    /// How many of its rows have no value yet.
    pub missing: u32,
}

/// How a register counts (表计规则): as the plan says, or the newest change of its meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterRule {
    /// What one of its units is of the parameter's.
    pub multiplier: Decimal,
    /// The count at which it goes back to zero.
    pub rollover: Option<i64>,
}

/// A reading that stands at a time, with everything by which it can be named (可更正读数).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedReading {
    /// Where it stands.
    pub slot: Slot,
    /// In counts of the parameter's quantum.
    pub value: i64,
    /// By which way it came.
    pub origin: Origin,
    /// The record that brought it.
    pub record: Sequence,
    /// The records that brought it and what stands beneath it, the newest last.
    pub records: Vec<Sequence>,
    /// The numbers of the documents of which it comes.
    pub documents: Vec<String>,
}

/// A register's meter was changed or reset (换表、清零).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterChange {
    /// When.
    pub at: Instant,
    /// Last value of the old meter, in counts; none where it was not read.
    pub last: Option<i64>,
    /// First value of the new one, likewise.
    pub first: Option<i64>,
    /// Multiplier before and from then on.
    pub multipliers: (Decimal, Decimal),
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
    /// How it stands with the second person, where the plan asked for one.
    pub check: Option<CheckMark>,
}

impl Standing {
    /// A version that stands; nothing is said of a second person.
    pub(in crate::engine) fn of(version: &Version) -> Self {
        Self {
            value: version.value,
            origin: version.origin,
            counts: version.verdict == Verdict::Counts,
            record: version.sequence,
            check: None,
        }
    }
}
