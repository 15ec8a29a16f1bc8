//! Spikes (尖峰): a single value off its neighbours. It needs the next value, so it settles one reading later.
//!
//! By the average a value is compared with the mean of its neighbours, by the differential with the nearer of both, and
//! only where it steps there and back (QARTOD, spike test). The average also marks the neighbours of a spike; the
//! differential does not.

use serde::{Deserialize, Serialize};

use super::super::finding::Finding;
use super::super::flag::{Flag, Rule};
use super::super::settings::{SettingsError, not_negative, positive, stricter};
use super::super::window::{Usual, deviation_of_mean_distance};
use super::Point;
use crate::domain::time::Instant;

/// How a value is compared with its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpikeMethod {
    /// With their mean.
    Average,
    /// With the nearer of them, where it steps there and back.
    Differential,
}

/// How far a value may be off its neighbours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SpikeLimit {
    /// By fixed amounts.
    Fixed {
        /// Above this it is suspect.
        suspect: f64,
        /// Above this it is bad.
        bad: Option<f64>,
    },
    /// By what the channel is used to.
    Usual {
        /// Above so many standard deviations of its own small steps it is suspect.
        times: f64,
        /// But never below this amount.
        least: f64,
    },
}

/// Method and limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpikeSettings {
    method: SpikeMethod,
    limit: SpikeLimit,
}

impl SpikeSettings {
    /// A fixed limit above zero, or one of at least one standard deviation.
    pub fn new(method: SpikeMethod, limit: SpikeLimit) -> Result<Self, SettingsError> {
        match limit {
            SpikeLimit::Fixed { suspect, bad } => {
                not_negative("suspect", suspect)?;
                stricter(bad, suspect)?;
            }
            SpikeLimit::Usual { times, least } => {
                positive("times", times)?;
                not_negative("least", least)?;
            }
        }
        Ok(Self { method, limit })
    }
}

/// Looks for spikes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Spike {
    /// The value before the one in question; NaN where there is none.
    before: f64,
    /// The value in question.
    middle: Option<(Instant, f64)>,
    usual: Usual,
}

impl Default for Spike {
    fn default() -> Self {
        Self::new()
    }
}

impl Spike {
    /// Nothing was seen.
    pub const fn new() -> Self {
        Self {
            before: f64::NAN,
            middle: None,
            usual: Usual::new(),
        }
    }

    /// Takes the next value in and settles the one before it: its stamp and flag. A value without neighbours on both
    /// sides stays unknown.
    pub fn judge(
        &mut self,
        settings: &SpikeSettings,
        point: &Point,
        findings: &mut Vec<Finding>,
    ) -> Option<(Instant, Flag)> {
        let middle = self.middle.filter(|_| !self.before.is_nan());
        let settled = middle.map(|(at, value)| {
            let flag = self.settle(settings, [self.before, value, point.value], at, findings);
            (at, flag)
        });
        self.before = self.middle.map_or(f64::NAN, |(_, value)| value);
        self.middle = Some((point.at, point.value));
        settled
    }

    /// A value is missing: its neighbours have none on that side.
    pub fn interrupt(&mut self) {
        self.before = f64::NAN;
        self.middle = None;
    }

    fn settle(
        &mut self,
        settings: &SpikeSettings,
        [before, value, after]: [f64; 3],
        at: Instant,
        findings: &mut Vec<Finding>,
    ) -> Flag {
        let (rule, reference, height) = match settings.method {
            SpikeMethod::Average => {
                let mean = f64::midpoint(before, after);
                (Rule::SpikeAverage, mean, (value - mean).abs())
            }
            SpikeMethod::Differential => {
                let (there, back) = (value - before, after - value);
                // A smaller step in the same direction is a change, not a spike.
                let height = if (there < 0.0) == (back < 0.0) {
                    0.0
                } else {
                    there.abs().min(back.abs())
                };
                let nearer = if there.abs() <= back.abs() { before } else { after };
                (Rule::SpikeDifferential, nearer, height)
            }
        };
        let (suspect, bad) = match settings.limit {
            SpikeLimit::Fixed { suspect, bad } => (suspect, bad),
            SpikeLimit::Usual { times, least } => {
                let usual = self.usual.get();
                self.usual.take((value - f64::midpoint(before, after)).abs());
                match usual {
                    Some(usual) if (times * deviation_of_mean_distance(usual)).is_finite() => {
                        ((times * deviation_of_mean_distance(usual)).max(least), None)
                    }
                    _ => return Flag::Unknown,
                }
            }
        };
        let (flag, limit) = match bad {
            Some(bad) if height > bad => (Flag::Bad, bad),
            _ if height > suspect => (Flag::Suspect, suspect),
            _ => return Flag::Good,
        };
        findings.push(Finding::at(rule, flag, at, value, limit).against(reference));
        flag
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The flags of values a minute apart, by their first letters.
    fn run(values: impl Iterator<Item = f64>) -> String {
        let limit = SpikeLimit::Usual { times: 8.0, least: 0.0 };
        let settings = SpikeSettings::new(SpikeMethod::Differential, limit).unwrap();
        let mut spike = Spike::new();
        values
            .zip(0..)
            .filter_map(|(value, minute)| {
                let point = Point {
                    at: Instant(minute * 60_000),
                    value,
                    load: f64::NAN,
                };
                let (_, flag) = spike.judge(&settings, &point, &mut Vec::new())?;
                flag.name().chars().next()
            })
            .collect()
    }

    #[test]
    fn an_early_wrong_value_neither_blinds_nor_marks_everything() {
        let course = |early: &'static [f64]| {
            (0..400).map(move |number: usize| {
                let usual = 100.0 + f64::from(u32::try_from(number * 7 % 11).unwrap()) / 10.0;
                match number {
                    300 => 140.0,
                    _ => early.get(number.wrapping_sub(5)).copied().unwrap_or(usual),
                }
            })
        };
        for early in [&[9_999_999.0][..], &[1e308, -1e308, 1e308], &[f64::MAX, f64::MIN]] {
            let flags = run(course(early));
            assert_eq!(flags.get(40..).unwrap().matches('s').count(), 1, "{early:?} {flags}");
            assert_eq!(flags.get(299..300), Some("s"), "{early:?} {flags}");
        }
        let constant = run((0..200).map(|number| if number == 100 || number == 150 { 1e6 } else { 5.0 }));
        assert_eq!(constant.matches('s').count(), 2, "{constant}");
    }

    #[test]
    fn a_limit_beyond_all_numbers_says_nothing() {
        let flags = run((0..100).map(|number| if number % 2 == 0 { 8e307 } else { -8e307 }));
        assert!(flags.chars().all(|flag| flag == 'u'), "{flags}");
    }
}
