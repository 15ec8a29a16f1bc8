//! Which conditions a parameter of the model is watched for (报警清单): what its plan says, in counts of its quantum.
//!
//! | kind | limits | no data | marked bad |
//! |---|---|---|---|
//! | flow, state | yes | where readings are expected | where readings are expected |
//! | amount | yes, of each delivery | likewise | likewise |
//! | property | yes, of each test | no: laboratories come when they come | no |
//! | counter | no: a register rises for ever | where readings are expected | where readings are expected |
//!
//! A limit with digits beyond the quantum is counted so that the same readings pass it: a high one down, a low one up. A
//! deadband is counted up, so that it is never narrower than the plan's.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::condition::{Condition, Test, agree};
use crate::domain::model::Parameter;
use crate::domain::reading::ParameterKind;
use crate::domain::time::DAY_MS;
use crate::quality::settings::SettingsError;

/// Intervals without a reading that are no silence yet, as in the check for gaps.
const SILENT_INTERVALS: i64 = 3;
/// For how long a value speaks where no interval is expected: what is typed or tested holds until the next, but not for
/// ever.
const LONGEST_HOLD_MS: i64 = 366 * DAY_MS;

/// The conditions of a parameter; refused where they contradict each other.
pub fn conditions_of(parameter: &Parameter) -> Result<Vec<Condition>, SettingsError> {
    let silent_ms = parameter
        .interval_ms
        .saturating_mul(SILENT_INTERVALS)
        .max(parameter.gap_limit_ms);
    let hold_ms = if parameter.interval_ms > 0 {
        silent_ms
    } else {
        LONGEST_HOLD_MS
    };
    let mut tests = Vec::new();
    if parameter.kind != ParameterKind::Counter {
        let deadband = counted(in_quanta(parameter.deadband, parameter.decimals).ceil());
        if let Some(low) = parameter.operating.low {
            tests.push(Test::Below {
                limit: counted(in_quanta(low, parameter.decimals).ceil()),
                deadband,
                second: false,
            });
        }
        if let Some(high) = parameter.operating.high {
            tests.push(Test::Above {
                limit: counted(in_quanta(high, parameter.decimals).floor()),
                deadband,
                second: false,
            });
        }
        let second = parameter.alarms.as_ref();
        if let Some(low) = second.and_then(|second| second.low_low) {
            tests.push(Test::Below {
                limit: counted(in_quanta(low, parameter.decimals).ceil()),
                deadband,
                second: true,
            });
        }
        if let Some(high) = second.and_then(|second| second.high_high) {
            tests.push(Test::Above {
                limit: counted(in_quanta(high, parameter.decimals).floor()),
                deadband,
                second: true,
            });
        }
    }
    let is_expected = parameter.interval_ms > 0 && parameter.kind != ParameterKind::Property;
    if is_expected {
        tests.push(Test::MarkedBad);
    }
    let off_delay_ms = parameter.alarms.as_ref().map_or(0, |alarms| alarms.off_delay_ms);
    let mut conditions = Vec::new();
    for test in tests {
        let off_delay_ms = if test.kind().is_limit() { off_delay_ms } else { 0 };
        conditions.push(Condition::new(test, parameter.delay_ms, off_delay_ms, hold_ms)?);
    }
    if is_expected {
        conditions.push(Condition::new(Test::NoData, silent_ms, 0, hold_ms)?);
    }
    agree(&conditions)?;
    Ok(conditions)
}

/// The first count that lies above a value.
pub fn above(value: Decimal, decimals: u32) -> i64 {
    counted(in_quanta(value, decimals).floor()).saturating_add(1)
}

/// A value in quanta; what is beyond all readings stays beyond them.
fn in_quanta(value: Decimal, decimals: u32) -> Decimal {
    let beyond = if value.is_sign_negative() {
        Decimal::MIN
    } else {
        Decimal::MAX
    };
    10_i64
        .checked_pow(decimals)
        .and_then(|scale| value.checked_mul(Decimal::from(scale)))
        .unwrap_or(beyond)
}

fn counted(quanta: Decimal) -> i64 {
    let beyond = if quanta.is_sign_negative() { i64::MIN } else { i64::MAX };
    quanta.to_i64().unwrap_or(beyond)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::alarms::ParameterAlarms;
    use crate::domain::identity::{NodeId, ParameterId};
    use crate::domain::model::{Integration, Limits, Name};
    use crate::domain::unit::Unit;
    use crate::quality::alarm::identity::Kind;

    fn parameter(kind: ParameterKind, interval_ms: i64, low: &str, high: &str) -> Parameter {
        let limit = |given: &str| given.parse().ok();
        Parameter {
            id: ParameterId(1),
            tag: "FT-1".to_owned(),
            name: Name::default(),
            kind,
            unit: Unit::parse("t/h").unwrap(),
            decimals: 1,
            node: NodeId(1),
            meter: None,
            interval_ms,
            calendar: None,
            gap_limit_ms: 300_000,
            integration: Integration::Step,
            possible: Limits::default(),
            operating: Limits {
                low: limit(low),
                high: limit(high),
            },
            deadband: "0.25".parse().unwrap(),
            delay_ms: 30_000,
            origins: Vec::new(),
            key: false,
            block_hours: 24,
            capacity: None,
            missing: None,
            untested: None,
            checks: None,
            alarms: None,
        }
    }

    #[test]
    fn limits_between_two_quanta_are_passed_by_the_same_readings() {
        let found = conditions_of(&parameter(ParameterKind::Flow, 60_000, "-1.25", "10.25")).unwrap();
        let tests: Vec<Test> = found.iter().map(Condition::test).collect();
        let (second, deadband) = (false, 3);
        let limits = [
            // -1.3 is below -1.25 and -1.2 is not; 10.3 is above 10.25 and 10.2 is not.
            Test::Below {
                limit: -12,
                deadband,
                second,
            },
            Test::Above {
                limit: 102,
                deadband,
                second,
            },
        ];
        assert_eq!(tests[..2], limits);
        assert_eq!(tests[2..], [Test::MarkedBad, Test::NoData]);
        assert_eq!((found[0].on_delay_ms(), found[0].hold_ms()), (30_000, 300_000));
        assert_eq!(found[3].on_delay_ms(), 300_000);
    }

    #[test]
    fn second_limits_lie_beyond_the_first() {
        let with = |high_high: &str| Parameter {
            alarms: Some(ParameterAlarms {
                high_high: high_high.parse().ok(),
                off_delay_ms: 5_000,
                ..ParameterAlarms::default()
            }),
            ..parameter(ParameterKind::Flow, 60_000, "0", "9")
        };
        let found = conditions_of(&with("12")).unwrap();
        let kinds: Vec<Kind> = found.iter().map(|one| one.test().kind()).collect();
        assert_eq!(
            kinds,
            [Kind::Low, Kind::High, Kind::HighHigh, Kind::MarkedBad, Kind::NoData]
        );
        let off_delays: Vec<i64> = found.iter().map(Condition::off_delay_ms).collect();
        assert_eq!(off_delays, [5_000, 5_000, 5_000, 0, 0]);
        assert!(conditions_of(&with("8")).is_err());
    }

    #[test]
    fn what_a_parameter_is_watched_for_follows_its_kind() {
        let kinds = |kind, interval_ms| {
            let found = conditions_of(&parameter(kind, interval_ms, "0", "9")).unwrap();
            found.iter().map(|one| one.test().kind()).collect::<Vec<_>>()
        };
        assert_eq!(kinds(ParameterKind::Counter, 60_000), [Kind::MarkedBad, Kind::NoData]);
        assert_eq!(kinds(ParameterKind::Property, 60_000), [Kind::Low, Kind::High]);
        assert_eq!(kinds(ParameterKind::State, 0), [Kind::Low, Kind::High]);
        assert!(
            conditions_of(&parameter(ParameterKind::Counter, 0, "0", "9"))
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn limits_beyond_all_readings_stay_beyond_and_a_wide_deadband_is_refused() {
        let far = "79228162514264337593543950335";
        let found = conditions_of(&parameter(ParameterKind::State, 0, &format!("-{far}"), far)).unwrap();
        let limits = found.iter().map(Condition::test).collect::<Vec<_>>();
        assert!(matches!(limits[0], Test::Below { limit: i64::MIN, .. }));
        assert!(matches!(limits[1], Test::Above { limit: i64::MAX, .. }));
        assert!(conditions_of(&parameter(ParameterKind::State, 0, "1.0", "1.2")).is_err());
    }
}
