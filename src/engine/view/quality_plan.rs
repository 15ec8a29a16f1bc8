//! The data-quality control plan of a month as screens and lists show it.

use serde::{Deserialize, Serialize};

use crate::management::evidence::{Evidence, Facts};

/// What is planned, what arrived, and what the evidence rules say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QualityPlanView {
    /// What is known of the month.
    pub facts: Facts,
    /// What every rule says, in the order of their numbers.
    pub evidence: Vec<Evidence>,
}
