//! Gaps (缺数): the time since the last value. The value that ends a gap is suspect: nobody saw how it came about.

use super::super::finding::Finding;
use super::super::flag::{Flag, Rule};
use super::super::settings::{SettingsError, window};
use crate::domain::time::Instant;

/// How long a channel may be silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GapSettings {
    longest_ms: i64,
}

impl GapSettings {
    /// The longest time between two values that is no gap.
    pub fn new(longest_ms: i64) -> Result<Self, SettingsError> {
        Ok(Self {
            longest_ms: window("longest", longest_ms)?,
        })
    }

    /// The longest time between two values that is no gap.
    pub const fn longest_ms(&self) -> i64 {
        self.longest_ms
    }

    /// Judges a value by the stamp of the one before; the first has none and is unknown.
    pub fn judge(&self, last: Option<Instant>, at: Instant, findings: &mut Vec<Finding>) -> Flag {
        let Some(last) = last else {
            return Flag::Unknown;
        };
        if at.since(last) <= self.longest_ms {
            return Flag::Good;
        }
        let length = super::super::figure::real(at.since(last));
        let limit = super::super::figure::real(self.longest_ms);
        findings.push(
            Finding::at(Rule::Gap, Flag::Suspect, at, length, limit)
                .since(last)
                .over(self.longest_ms),
        );
        Flag::Suspect
    }
}
