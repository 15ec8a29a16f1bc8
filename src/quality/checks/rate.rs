//! Rate of change (变化率), on real differences of time and against the last value that was not too fast itself.
//!
//! A step that the process cannot make stays marked until as much time has passed as it would have needed, or until so
//! many values in a row agree with each other that it is the value before them which was wrong.

use serde::{Deserialize, Serialize};

use super::super::figure::real;
use super::super::finding::Finding;
use super::super::flag::{Flag, Rule};
use super::super::settings::{SettingsError, Span, not_negative, positive, stricter};
use super::Point;
use crate::domain::time::Instant;

/// How fast a value may change, in its unit a second.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RateSettings {
    suspect: f64,
    bad: Option<f64>,
    least: f64,
    idle: Option<Span>,
}

impl RateSettings {
    /// Above `suspect` a second a value is suspect, above `bad` it is bad.
    pub fn new(suspect: f64, bad: Option<f64>) -> Result<Self, SettingsError> {
        Ok(Self {
            suspect: positive("suspect", suspect)?,
            bad: stricter(bad, suspect)?,
            least: 0.0,
            idle: None,
        })
    }

    /// A change up to `least` may be as fast as it likes: between two readings in quick succession a sensor's own noise is.
    pub fn least(mut self, least: f64) -> Result<Self, SettingsError> {
        self.least = not_negative("least", least)?;
        Ok(self)
    }

    /// Values in this span are those of a process that stands still: it may stop and start as fast as it likes.
    #[must_use]
    pub const fn idle(mut self, idle: Option<Span>) -> Self {
        self.idle = idle;
        self
    }
}

/// Refused values in a row that agree with each other and are then believed.
const BELIEVED: u32 = 5;

/// Looks at the rate of change.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rate {
    good: Option<(Instant, f64)>,
    /// The last refused value.
    refused: (Instant, f64),
    /// How many refused values in a row up to it agree with each other; 0 where the last value was not refused.
    agreeing: u32,
}

impl Default for Rate {
    fn default() -> Self {
        Self::new()
    }
}

impl Rate {
    /// Nothing was seen.
    pub const fn new() -> Self {
        Self {
            good: None,
            refused: (Instant(0), 0.0),
            agreeing: 0,
        }
    }

    /// Judges a value; the first is unknown.
    pub fn judge(&mut self, settings: &RateSettings, point: &Point, findings: &mut Vec<Finding>) -> Flag {
        let Some((since, value)) = self.good else {
            self.good = Some((point.at, point.value));
            return Flag::Unknown;
        };
        let elapsed = point.at.since(since).max(1);
        let seconds = real(elapsed) / 1000.0;
        let rate = (point.value - value).abs() / seconds;
        let stands_still = |value| settings.idle.is_some_and(|idle| idle.holds(value));
        let is_small = (point.value - value).abs() <= settings.least;
        if is_small || stands_still(value) || stands_still(point.value) {
            self.good = Some((point.at, point.value));
            self.agreeing = 0;
            return Flag::Good;
        }
        let (flag, limit) = match settings.bad {
            Some(bad) if rate > bad => (Flag::Bad, bad),
            _ if rate > settings.suspect => (Flag::Suspect, settings.suspect),
            _ => {
                self.good = Some((point.at, point.value));
                self.agreeing = 0;
                return Flag::Good;
            }
        };
        self.refuse(settings, point);
        findings.push(
            Finding::at(Rule::Rate, flag, point.at, rate, limit)
                .against(value)
                .since(since)
                .over(elapsed),
        );
        flag
    }

    /// Counts refused values that agree with each other; enough of them are what is compared with from then on.
    fn refuse(&mut self, settings: &RateSettings, point: &Point) {
        let (at, value) = self.refused;
        let seconds = real(point.at.since(at).max(1)) / 1000.0;
        let agrees = (point.value - value).abs() / seconds <= settings.suspect;
        self.agreeing = if agrees { self.agreeing + 1 } else { 1 };
        self.refused = (point.at, point.value);
        if self.agreeing >= BELIEVED {
            self.good = Some((point.at, point.value));
            self.agreeing = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The flags of values a second apart, by their first letters.
    fn run_by(settings: &RateSettings, values: impl Iterator<Item = f64>) -> String {
        let mut rate = Rate::new();
        values
            .zip(0..)
            .filter_map(|(value, second)| {
                let point = Point {
                    at: Instant(second * 1000),
                    value,
                    load: f64::NAN,
                };
                rate.judge(settings, &point, &mut Vec::new()).name().chars().next()
            })
            .collect()
    }

    fn run(values: impl Iterator<Item = f64>) -> String {
        run_by(&RateSettings::new(1.0, None).unwrap(), values)
    }

    #[test]
    fn a_process_stops_and_starts_as_fast_as_it_likes() {
        let idle = Span::new("idle", None, Some(1.0)).ok();
        let settings = RateSettings::new(1.0, None).unwrap().idle(idle);
        let flags = run_by(&settings, [50.0, 50.5, 0.5, 0.0, 80.0, 80.5, 60.0].into_iter());
        assert_eq!(flags, "ugggggs");
    }

    #[test]
    fn a_wrong_first_value_does_not_outweigh_all_that_follow() {
        let values = (0..1000).map(|second| f64::from(second % 3) / 4.0 + 100.0);
        let flags = run(std::iter::once(99_999.0).chain(values));
        assert_eq!(flags.get(..7), Some("usssssg"));
        assert_eq!(flags.matches('s').count(), 5);
        // Wrong values that do not agree with each other are never believed.
        let flags = run((0..100).map(|second| {
            if second == 0 {
                0.0
            } else {
                f64::from(second % 2) * 1000.0 + 500.0
            }
        }));
        assert_eq!(flags.matches('s').count(), 99, "{flags}");
    }
}
