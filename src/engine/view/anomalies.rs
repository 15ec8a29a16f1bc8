//! Anomalies as screens and lists show them.

use serde::{Deserialize, Serialize};

use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::time::Instant;
use crate::engine::anomalies::{Entry, Signs};
use crate::quality::anomaly::{AnomalyId, Work};

/// A data anomaly (数据异常).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnomalyView {
    /// Its number.
    pub anomaly: AnomalyId,
    /// Of which parameter.
    pub parameter: ParameterId,
    /// What was found.
    pub signs: Signs,
    /// When the checks found it first.
    pub raised: Instant,
    /// In which record.
    pub record: Sequence,
    /// How many of the same check the parameter had in the ninety days before it.
    pub before: u32,
    /// By when the evidence for its month has to be kept.
    pub due: Instant,
    /// How the work on it stands.
    pub work: Work,
    /// Number of the nonconformity that was opened for it.
    pub nonconformity: Option<String>,
    /// Where the evidence for the decision is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// What was done with it last.
    pub last: Option<Entry>,
}
