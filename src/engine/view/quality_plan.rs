//! The data-quality control plan of a month as screens and lists show it.

use serde::{Deserialize, Serialize};

use super::MonthView;
use crate::management::evidence::{Evidence, Facts};

/// What is planned, what arrived, and what the evidence rules say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QualityPlanView {
    /// What is known of the month.
    pub facts: Facts,
    /// Whether it is closed, and what was issued.
    pub closing: MonthView,
    /// What every rule says, in the order of their numbers.
    pub evidence: Vec<Evidence>,
}
