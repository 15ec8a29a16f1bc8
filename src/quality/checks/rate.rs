//! Rate of change (变化率), on real differences of time and against the last value that was not too fast itself.
//!
//! A step that the process cannot make stays marked until as much time has passed as it would have needed.

use super::super::figure::real;
use super::super::finding::Finding;
use super::super::flag::{Flag, Rule};
use super::super::settings::{SettingsError, positive, stricter};
use super::Point;
use crate::domain::time::Instant;

/// How fast a value may change, in its unit a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateSettings {
    suspect: f64,
    bad: Option<f64>,
}

impl RateSettings {
    /// Above `suspect` a second a value is suspect, above `bad` it is bad.
    pub fn new(suspect: f64, bad: Option<f64>) -> Result<Self, SettingsError> {
        Ok(Self {
            suspect: positive("suspect", suspect)?,
            bad: stricter(bad, suspect)?,
        })
    }
}

/// Looks at the rate of change.
#[derive(Debug, Clone)]
pub struct Rate {
    settings: RateSettings,
    good: Option<(Instant, f64)>,
}

impl Rate {
    /// Nothing was seen.
    pub const fn new(settings: RateSettings) -> Self {
        Self { settings, good: None }
    }

    /// Judges a value; the first is unknown.
    pub fn judge(&mut self, point: &Point, findings: &mut Vec<Finding>) -> Flag {
        let Some((since, value)) = self.good else {
            self.good = Some((point.at, point.value));
            return Flag::Unknown;
        };
        let elapsed = point.at.since(since).max(1);
        let seconds = real(elapsed) / 1000.0;
        let rate = (point.value - value).abs() / seconds;
        let (flag, limit) = match self.settings.bad {
            Some(bad) if rate > bad => (Flag::Bad, bad),
            _ if rate > self.settings.suspect => (Flag::Suspect, self.settings.suspect),
            _ => {
                self.good = Some((point.at, point.value));
                return Flag::Good;
            }
        };
        findings.push(
            Finding::at(Rule::Rate, flag, point.at, rate, limit)
                .against(value)
                .since(since)
                .over(elapsed),
        );
        flag
    }
}
