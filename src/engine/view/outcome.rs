//! What came of an intake, and what a change would restate.

use serde::{Deserialize, Serialize};

use crate::domain::identity::Sequence;
use crate::domain::model::Name;
use crate::domain::text::Text;
use crate::domain::time::Instant;

/// What came of an intake.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IntakeOutcome {
    /// Record that brought them, if anything was new.
    pub sequence: Option<Sequence>,
    /// New readings.
    pub accepted: u64,
    /// Versions seen before.
    pub duplicate: u64,
    /// New versions of readings that were there.
    pub replaced: u64,
    /// Readings kept, but out of the ledger by an exact rule.
    pub excluded: u64,
    /// Readings that could not be taken: index in the batch, why.
    pub refused: Vec<(u32, Text)>,
    /// Months that were restated, with their figures before and after: by tested values and corrections all of them, by
    /// what else people bring those that are over.
    pub restated: Vec<Restated>,
    /// What of it lies in sealed hours and was left out of them, a sentence for each parameter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_sealed: Vec<Text>,
}

/// From when on a changed model holds, and in place of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dating {
    /// First instant for which it holds; `None` for all.
    pub from: Option<Instant>,
    /// Where the dated versions begin that it replaces: at that instant or later.
    pub replaced: Vec<Instant>,
}

/// What a plan says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanView {
    /// Digest of what was planned; `apply` and `adopt` ask for it.
    pub digest: String,
    /// What is added, removed and changed.
    pub changes: Vec<Text>,
    /// What the model can be but was hardly meant to be.
    pub warnings: Vec<Text>,
    /// From when on a changed model holds; `None` where rules are adopted, which hold for all hours.
    pub dating: Option<Dating>,
    /// What is restated: book and source, milligrams before and after.
    pub restated: Vec<Restated>,
}

/// A source's figure before and after a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restated {
    /// Book's key.
    pub book: String,
    /// Source's key.
    pub source: String,
    /// Source's name.
    pub name: Name,
    /// Calendar month, `2025-03`.
    pub month: String,
    /// Milligrams of `CO2e` before.
    pub before: i128,
    /// Milligrams of `CO2e` after.
    pub after: i128,
    /// Whether the month is closed: what was issued stands, and the difference waits to be issued.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_closed: bool,
}
