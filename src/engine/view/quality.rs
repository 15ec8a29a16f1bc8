//! What the quality checks found.

use serde::{Deserialize, Serialize};

use crate::domain::identity::ParameterId;
use crate::domain::text::Text;
use crate::domain::time::Instant;

/// Findings of one check without a longer pause between them (异常时段).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpisodeView {
    /// Of which parameter.
    pub parameter: ParameterId,
    /// What the check is called.
    pub check: Text,
    /// Stamp of the first reading of which it speaks.
    pub from: Instant,
    /// Stamp of the last one.
    pub to: Instant,
    /// How many findings it has.
    pub findings: u32,
    /// The flag of its worst finding.
    pub flag: Text,
    /// What was found at worst: value, limit, window.
    pub why: Text,
}
