//! The rules in force: what an `adopt` record copies into the journal.

use serde::{Deserialize, Serialize};

/// Factors, GWP sets and methods in force.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RuleSet {}
