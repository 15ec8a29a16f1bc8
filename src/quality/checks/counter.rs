//! Registers (累计量): they rise, run over their end, begin anew, and fall only where something is wrong.

use serde::{Deserialize, Serialize};

use super::super::figure::real;
use super::super::finding::Finding;
use super::super::flag::{Flag, Rule};
use super::super::settings::{SettingsError, positive};
use crate::domain::time::{HOUR_MS, Instant};

/// What a register can do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CounterSettings {
    rollover: Option<f64>,
    most_an_hour: Option<f64>,
}

impl CounterSettings {
    /// A register that goes back to zero at `rollover`, if it does, and counts at most `most_an_hour`, if that is known.
    pub fn new(rollover: Option<f64>, most_an_hour: Option<f64>) -> Result<Self, SettingsError> {
        if let Some(rollover) = rollover {
            positive("rollover", rollover)?;
        }
        if let Some(most) = most_an_hour {
            positive("most_an_hour", most)?;
            if rollover.is_some_and(|rollover| rollover < most) {
                return Err(SettingsError::LessThan {
                    key: "rollover",
                    than: "most_an_hour",
                });
            }
        }
        Ok(Self { rollover, most_an_hour })
    }

    /// Whether a register that stood there can stand here now.
    fn follows(&self, (since, last): (Instant, f64), (at, value): (Instant, f64)) -> bool {
        let hours = real(at.since(since).max(1)) / real(HOUR_MS);
        value >= last && self.most_an_hour.is_none_or(|most| value - last <= most * hours)
    }
}

/// Readings within which a register that comes back up to where it stood was not set to zero.
const COMES_BACK_WITHIN: u8 = 10;

/// Looks at a register.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Counter {
    good: Option<(Instant, f64)>,
    /// Where the register stood when it fell without a reason.
    fallen: Option<f64>,
    /// When and where it stood when it rose faster than it can.
    raised: Option<(Instant, f64)>,
    /// Where it stood before it began anew near zero, and how many readings came since.
    before_reset: Option<(f64, u8)>,
}

/// What a register did since its last good value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counted {
    /// The flag of the reading.
    pub flag: Flag,
    /// How much an hour it counted since; `None` where that cannot be told.
    pub an_hour: Option<f64>,
}

impl Counter {
    /// Nothing was seen.
    pub const fn new() -> Self {
        Self {
            good: None,
            fallen: None,
            raised: None,
            before_reset: None,
        }
    }

    /// Judges a reading of the register; the first is unknown.
    pub fn judge(
        &mut self,
        settings: &CounterSettings,
        at: Instant,
        value: f64,
        findings: &mut Vec<Finding>,
    ) -> Counted {
        let Some((since, last)) = self.good else {
            self.good = Some((at, value));
            return Counted {
                flag: Flag::Unknown,
                an_hour: None,
            };
        };
        let hours = real(at.since(since).max(1)) / real(HOUR_MS);
        let most = settings.most_an_hour.map(|most| most * hours);
        let found = |rule, flag, limit: f64| Finding::at(rule, flag, at, value, limit).against(last).since(since);
        let risen = value - last;
        if risen >= 0.0 {
            if let Some(most) = most.filter(|&most| risen > most) {
                // A register that goes on from where it was too fast was changed for one that stands higher.
                if self.raised.is_some_and(|raised| settings.follows(raised, (at, value))) {
                    findings.push(found(Rule::Reset, Flag::Suspect, last + most));
                    return self.goes_on(at, value, Flag::Suspect, None);
                }
                self.raised = Some((at, value));
                findings.push(found(Rule::TooFast, Flag::Suspect, last + most));
                return Counted {
                    flag: Flag::Suspect,
                    an_hour: None,
                };
            }
            // A register that was set to zero does not stand again where it did a few readings later.
            if let Some((before, since)) = self.before_reset {
                if value >= before {
                    findings.push(found(Rule::CameBack, Flag::Suspect, before));
                    return self.goes_on(at, value, Flag::Suspect, None);
                }
                let counted = self.goes_on(at, value, Flag::Good, Some(risen / hours));
                self.before_reset = (since < COMES_BACK_WITHIN).then_some((before, since + 1));
                return counted;
            }
            return self.goes_on(at, value, Flag::Good, Some(risen / hours));
        }
        if let Some(rollover) = settings.rollover {
            let risen = risen + rollover;
            // Without a known speed a register runs over only from its last tenth into its first.
            let plausible = match most {
                Some(most) => risen <= most,
                None => last >= 0.9 * rollover && value <= 0.1 * rollover,
            };
            if plausible && risen >= 0.0 {
                findings.push(found(Rule::Rollover, Flag::Good, rollover));
                return self.goes_on(at, value, Flag::Good, Some(risen / hours));
            }
        }
        let near_zero = most.unwrap_or(0.01 * last.abs());
        if value >= 0.0 && value <= near_zero {
            findings.push(found(Rule::Reset, Flag::Suspect, near_zero));
            let counted = self.goes_on(at, value, Flag::Suspect, None);
            self.before_reset = Some((last, 1));
            return counted;
        }
        // A single wrong value is followed by a right one; a register that goes on from where it fell was changed.
        if self.fallen.is_some_and(|fallen| value >= fallen) {
            findings.push(found(Rule::Reset, Flag::Suspect, last));
            return self.goes_on(at, value, Flag::Suspect, None);
        }
        findings.push(found(Rule::Fall, Flag::Bad, last));
        self.fallen = Some(value);
        Counted {
            flag: Flag::Bad,
            an_hour: None,
        }
    }

    fn goes_on(&mut self, at: Instant, value: f64, flag: Flag, an_hour: Option<f64>) -> Counted {
        self.good = Some((at, value));
        self.fallen = None;
        self.raised = None;
        self.before_reset = None;
        Counted { flag, an_hour }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(settings: CounterSettings, values: &[f64]) -> Vec<(Flag, Option<Rule>)> {
        let mut counter = Counter::new();
        values
            .iter()
            .zip(0..)
            .map(|(&value, hour)| {
                let mut findings = Vec::new();
                let counted = counter.judge(&settings, Instant(hour * HOUR_MS), value, &mut findings);
                (counted.flag, findings.first().map(|finding| finding.rule))
            })
            .collect()
    }

    #[test]
    fn a_register_runs_over_begins_anew_falls_and_runs_too_fast() {
        let settings = CounterSettings::new(Some(10_000.0), Some(100.0)).unwrap();
        assert_eq!(
            run(settings, &[9_900.0, 9_980.0, 40.0, 90.0, 5_000.0, 280.0, 20.0, 60.0]),
            [
                (Flag::Unknown, None),
                (Flag::Good, None),
                (Flag::Good, Some(Rule::Rollover)),
                (Flag::Good, None),
                (Flag::Suspect, Some(Rule::TooFast)),
                (Flag::Good, None),
                (Flag::Suspect, Some(Rule::Reset)),
                (Flag::Good, None),
            ]
        );
    }

    #[test]
    fn a_register_that_shows_zero_once_and_comes_back_was_not_reset() {
        let settings = CounterSettings::new(None, None).unwrap();
        assert_eq!(
            run(settings, &[1000.0, 1010.0, 0.0, 0.0, 1030.0, 1040.0, 0.0, 5.0, 9.0]),
            [
                (Flag::Unknown, None),
                (Flag::Good, None),
                (Flag::Suspect, Some(Rule::Reset)),
                (Flag::Good, None),
                (Flag::Suspect, Some(Rule::CameBack)),
                (Flag::Good, None),
                (Flag::Suspect, Some(Rule::Reset)),
                // It counts from there: this one was.
                (Flag::Good, None),
                (Flag::Good, None),
            ]
        );
    }

    #[test]
    fn one_wrong_value_is_bad_and_a_changed_register_is_followed() {
        let settings = CounterSettings::new(None, None).unwrap();
        assert_eq!(
            run(settings, &[1000.0, 500.0, 1010.0, 500.0, 510.0, 520.0]),
            [
                (Flag::Unknown, None),
                (Flag::Bad, Some(Rule::Fall)),
                (Flag::Good, None),
                (Flag::Bad, Some(Rule::Fall)),
                (Flag::Suspect, Some(Rule::Reset)),
                (Flag::Good, None),
            ]
        );
    }

    #[test]
    fn a_register_changed_for_one_that_stands_higher_is_followed() {
        let settings = CounterSettings::new(None, Some(100.0)).unwrap();
        assert_eq!(
            run(settings, &[0.0, 50.0, 90_000.0, 90_050.0, 90_100.0, 90_150.0]),
            [
                (Flag::Unknown, None),
                (Flag::Good, None),
                (Flag::Suspect, Some(Rule::TooFast)),
                (Flag::Suspect, Some(Rule::Reset)),
                (Flag::Good, None),
                (Flag::Good, None),
            ]
        );
    }

    #[test]
    fn a_rollover_below_an_hours_count_is_refused() {
        assert!(CounterSettings::new(Some(10.0), Some(100.0)).is_err());
        assert!(CounterSettings::new(Some(0.0), None).is_err());
        assert!(CounterSettings::new(None, Some(f64::NAN)).is_err());
    }
}
