//! Flat line (死值): a signal that stays within a tolerance for too long.
//!
//! The window is exact: a run of readings whose values lie within the tolerance is flagged once it has lasted as long as
//! the window and has enough readings, and then from its beginning in the window on, not from the reading at which it was
//! noticed. A process that stands still is not a sensor that is stuck: what it shows then is not judged.

use serde::{Deserialize, Serialize};

use std::collections::VecDeque;

use super::super::finding::Finding;
use super::super::flag::{Flag, Rule};
use super::super::settings::{SettingsError, count, not_negative, window};
use super::super::window::Run;
use super::Point;
use super::standstill::Standstill;
use crate::domain::time::Instant;

/// What counts as flat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlatSettings {
    tolerance: f64,
    suspect_ms: i64,
    bad_ms: Option<i64>,
    least: u32,
    still: Standstill,
}

impl FlatSettings {
    /// Flat is what stays within `tolerance` (largest less smallest value) for `suspect_ms` and has at least `least`
    /// readings in that time.
    pub fn new(tolerance: f64, suspect_ms: i64, bad_ms: Option<i64>, least: u32) -> Result<Self, SettingsError> {
        not_negative("tolerance", tolerance)?;
        window("window", suspect_ms)?;
        if let Some(bad_ms) = bad_ms {
            window("bad", bad_ms)?;
            if bad_ms < suspect_ms {
                return Err(SettingsError::LessThan {
                    key: "bad",
                    than: "window",
                });
            }
        }
        Ok(Self {
            tolerance,
            suspect_ms,
            bad_ms,
            least: count("least", least, 2, 1_000_000)?,
            still: Standstill::NEVER,
        })
    }

    /// When the process stands still.
    #[must_use]
    pub const fn still(mut self, still: Standstill) -> Self {
        self.still = still;
        self
    }

    /// The longest time back that a finding speaks of.
    pub fn reach_ms(&self) -> i64 {
        self.bad_ms.unwrap_or(self.suspect_ms)
    }
}

/// Looks for flat lines.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Flat {
    run: Run,
    /// Stamps of the last readings of the run, as many as a window must have.
    stamps: VecDeque<Instant>,
    /// Whether the reading before was flagged too.
    noticed: bool,
}

impl Flat {
    /// Nothing was seen.
    pub fn new(settings: &FlatSettings) -> Self {
        Self {
            run: Run::new(settings.tolerance, settings.reach_ms()),
            stamps: VecDeque::new(),
            noticed: false,
        }
    }

    /// Takes a stamp in; that of the reading so many before it, where the run has so many.
    fn oldest(&mut self, settings: &FlatSettings, at: Instant) -> Option<Instant> {
        let least = usize::try_from(settings.least).unwrap_or(usize::MAX);
        let since = self.run.since();
        self.stamps.push_back(at);
        while self.stamps.len() > least || self.stamps.front().is_some_and(|&stamp| stamp < since) {
            self.stamps.pop_front();
        }
        self.stamps.front().copied().filter(|_| self.stamps.len() == least)
    }

    /// Judges a value. A finding that begins before it marks the readings before it too.
    pub fn judge(&mut self, settings: &FlatSettings, point: &Point, findings: &mut Vec<Finding>) -> Flag {
        if settings.still.holds(point) {
            self.run.clear();
            self.stamps.clear();
            self.noticed = false;
            return Flag::Good;
        }
        self.run.push(point.at, point.value);
        let lasted = point.at.since(self.run.since());
        let oldest = self.oldest(settings, point.at);
        // Readings before a long silence do not make up for those that did not come.
        let enough = |window_ms| oldest.is_some_and(|oldest| point.at.since(oldest) <= window_ms);
        let (flag, limit) = match settings.bad_ms {
            Some(bad) if enough(bad) && lasted >= bad => (Flag::Bad, bad),
            _ if enough(settings.suspect_ms) && lasted >= settings.suspect_ms => (Flag::Suspect, settings.suspect_ms),
            _ => {
                self.noticed = false;
                return Flag::Good;
            }
        };
        let from = if self.noticed {
            point.at
        } else {
            self.run.since().max(point.at.plus(-settings.reach_ms()))
        };
        self.noticed = true;
        findings.push(
            Finding::at(Rule::Flat, flag, point.at, point.value, settings.tolerance)
                .against(self.run.range())
                .from(from)
                .since(self.run.since())
                .over(limit),
        );
        flag
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_before_a_silence_do_not_count() {
        let settings = FlatSettings::new(0.0, 600_000, None, 5).unwrap();
        let mut flat = Flat::new(&settings);
        let minutes = (0..5).chain(100..112);
        let flags: String = minutes
            .filter_map(|minute| {
                let point = Point {
                    at: Instant(minute * 60_000),
                    value: 1.0,
                    load: f64::NAN,
                };
                flat.judge(&settings, &point, &mut Vec::new()).name().chars().next()
            })
            .collect();
        assert_eq!(flags, "gggggggggssssssss");
    }
}
