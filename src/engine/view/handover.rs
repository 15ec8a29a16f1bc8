//! The sheet of a shift's handover as screens and lists show it.

use serde::{Deserialize, Serialize};

use super::ClosedByView;
use crate::domain::handover::{ShiftName, Side};
use crate::domain::identity::Sequence;
use crate::domain::model::Name;
use crate::domain::time::Instant;
use crate::engine::handover::{Emitted, Item};

/// The sheet of a shift, and who signed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverView {
    /// Which shift.
    pub shift: ShiftName,
    /// Place of its crew in the rotation.
    pub crew: Option<usize>,
    /// When it began.
    pub from: Instant,
    /// When it ends.
    pub to: Instant,
    /// Whether it has not ended.
    pub goes_on: bool,
    /// What is handed over.
    pub lines: Vec<HandoverLine>,
    /// How many things more there are than a sheet holds.
    pub more: u32,
    /// Who closed its month: what comes since then came after closing.
    pub closed: Option<ClosedByView>,
    /// What was emitted in every book, as it is known now, and as it was signed.
    pub emitted: Vec<(Emitted, Option<Emitted>)>,
    /// Who signed, the crew that goes first.
    pub signatures: Vec<SignatureView>,
    /// The last record that this knows.
    pub record: Sequence,
    /// When it was written.
    pub at: Instant,
}

impl HandoverView {
    /// Who signed for a crew.
    pub fn signature(&self, side: Side) -> Option<&SignatureView> {
        self.signatures.iter().find(|signature| signature.side == side)
    }
}

/// A line of the sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverLine {
    /// What it says.
    pub item: Item,
    /// What became of it since somebody signed.
    pub mark: Mark,
}

impl HandoverLine {
    /// As it was signed, or as nobody has signed it.
    pub const fn plain(item: Item) -> Self {
        Self { item, mark: Mark::Same }
    }
}

/// What became of a line since somebody signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// It is what was signed, or nobody has.
    Same,
    /// It came after signing (签后新增).
    After,
    /// It came after the month was closed (关账后新增).
    AfterClosing,
    /// It was changed after signing (签后变更).
    Changed,
    /// It was withdrawn after signing (签后撤回).
    Gone,
}

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureView {
    /// For which crew.
    pub side: Side,
    /// Who: staff number, or the user of the post.
    pub by: String,
    /// The person's name, where one is known.
    pub name: Option<Name>,
    /// When.
    pub at: Instant,
    /// In which record, which is withdrawn to take it back.
    pub record: Sequence,
    /// A remark; of whoever came, a reservation.
    pub remark: Option<String>,
}
