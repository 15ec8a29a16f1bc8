//! Plans over defaults: what is left, turned off, set and refused.

use crate::domain::checks::{
    BandPlan, CheckPlan, Comparison, CounterPlan, FlatPlan, ProfilePlan, RangePlan, RatePlan, Setting, ShiftPlan,
    SpikePlan, SpikeSize,
};
use crate::domain::model::Limits;
use crate::domain::reading::ParameterKind;
use crate::domain::time::{HOUR_MS, PlantZone};
use crate::quality::checks::counter::CounterSettings;
use crate::quality::checks::flat::FlatSettings;
use crate::quality::checks::gap::GapSettings;
use crate::quality::checks::range::RangeSettings;
use crate::quality::checks::rate::RateSettings;
use crate::quality::checks::shift::ShiftSettings;
use crate::quality::checks::spike::{SpikeLimit, SpikeMethod, SpikeSettings};
use crate::quality::defaults::{self, Known};
use crate::quality::plan::{Planned, qartod, rules};
use crate::quality::profile::ProfileBy;
use crate::quality::{Check, SettingsError, Span};

const KNOWN: Known = Known {
    kind: Some(ParameterKind::Flow),
    sensor: None,
    operator: None,
    interval_ms: 60_000,
    rollover: None,
    has_load: false,
    least_load: None,
    published: None,
};

fn limits(low: &str, high: &str) -> Limits {
    Limits {
        low: low.parse().ok(),
        high: high.parse().ok(),
    }
}

fn known() -> Known {
    Known {
        sensor: Span::new("sensor", Some(0.0), Some(40.0)).ok(),
        operator: Span::new("operator", Some(5.0), Some(30.0)).ok(),
        ..KNOWN
    }
}

fn planned(plan: &CheckPlan) -> Planned {
    rules(PlantZone::UTC, &known(), plan)
}

fn flat(window_ms: i64) -> FlatPlan {
    FlatPlan {
        window_ms,
        bad_ms: None,
        tolerance: None,
        least: None,
        idle: None,
        least_load: None,
    }
}

#[test]
fn a_plan_that_says_nothing_leaves_the_defaults() {
    let made = planned(&CheckPlan::default());
    assert_eq!(made.rules, defaults::rules(PlantZone::UTC, &known()).unwrap());
    assert!(made.refused.is_empty());
    let without_kind = Known { kind: None, ..known() };
    let made = rules(PlantZone::UTC, &without_kind, &CheckPlan::default());
    assert_eq!(made.rules, crate::quality::Rules::none(PlantZone::UTC));
}

#[test]
fn what_is_set_stands_in_the_place_of_the_default_and_nothing_else_moves() {
    let plan = CheckPlan {
        clause: Some("6.1".to_owned()),
        gap: Setting::Set(2 * HOUR_MS),
        spike: Setting::Set(SpikePlan {
            method: Comparison::Average,
            limit: SpikeSize::Fixed {
                suspect: "1.5".parse().unwrap(),
                bad: None,
            },
        }),
        rate: Setting::Set(RatePlan {
            suspect: "0.5".parse().unwrap(),
            bad: Some("1".parse().unwrap()),
            idle: None,
        }),
        flat: Setting::Set(flat(HOUR_MS)),
        unit: Setting::Off,
        ..CheckPlan::default()
    };
    let made = planned(&plan);
    assert!(made.refused.is_empty());
    let fixed = SpikeLimit::Fixed {
        suspect: 1.5,
        bad: None,
    };
    let usual = defaults::rules(PlantZone::UTC, &known()).unwrap();
    let expected = crate::quality::Rules {
        clause: Some("6.1".to_owned()),
        gap: GapSettings::new(2 * HOUR_MS).ok(),
        spike: SpikeSettings::new(SpikeMethod::Average, fixed).ok(),
        rate: RateSettings::new(0.5, Some(1.0)).ok(),
        flat: FlatSettings::new(0.0, HOUR_MS, None, 5).ok(),
        unit: None,
        ..usual
    };
    assert_eq!(made.rules, expected);
}

#[test]
fn a_span_that_is_not_given_is_the_known_one_and_a_given_one_counts_for_the_defaults_too() {
    let plan = CheckPlan {
        range: Setting::Set(RangePlan {
            sensor: None,
            operator: Some(limits("10", "20")),
        }),
        ..CheckPlan::default()
    };
    let made = planned(&plan);
    let operator = Span::new("operator", Some(10.0), Some(20.0)).ok();
    assert_eq!(made.rules.range, RangeSettings::new(known().sensor, operator).ok());
    let narrow = Known { operator, ..known() };
    assert_eq!(made.rules, defaults::rules(PlantZone::UTC, &narrow).unwrap());
}

#[test]
fn everything_that_contradicts_itself_is_refused_with_its_key_and_the_rest_is_made() {
    let plan = CheckPlan {
        range: Setting::Set(RangePlan {
            sensor: Some(limits("10", "0")),
            operator: Some(limits("", "")),
        }),
        rate: Setting::Set(RatePlan {
            suspect: "0".parse().unwrap(),
            bad: None,
            idle: None,
        }),
        flat: Setting::Set(FlatPlan {
            idle: Some(limits("1", "0")),
            ..flat(0)
        }),
        bands: vec![
            BandPlan {
                months: Some((1, 2)),
                hours: None,
                load: None,
                usual: limits("1", ""),
            },
            BandPlan {
                months: Some((0, 13)),
                hours: None,
                load: None,
                usual: limits("1", ""),
            },
        ],
        shift: Setting::Set(ShiftPlan {
            by: Some(ProfilePlan::Load),
            steps: None,
            block_ms: HOUR_MS,
            learn: 24,
            weight: None,
            times: None,
            follow_ms: None,
        }),
        ..CheckPlan::default()
    };
    let made = planned(&plan);
    let refused: Vec<(Check, usize, &str)> = made
        .refused
        .iter()
        .map(|refused| (refused.check, refused.place, refused.error.key()))
        .collect();
    assert_eq!(
        refused,
        [
            (Check::Range, 0, "sensor"),
            (Check::Range, 0, "operator"),
            (Check::Rate, 0, "suspect"),
            (Check::Flat, 0, "idle"),
            (Check::Flat, 0, "window"),
            (Check::Band, 1, "months"),
            (Check::Shift, 0, "by"),
        ]
    );
    assert_eq!(made.refused[6].error, SettingsError::NoLoad { key: "by" });
    let rules = &made.rules;
    assert!(rules.range.is_none() && rules.rate.is_none() && rules.flat.is_none() && rules.shift.is_none());
    assert_eq!(rules.bands.len(), 1);
    assert!(rules.spike.is_some() && rules.gap.is_some());
    assert!(qartod(&plan).is_err());
}

#[test]
fn known_limits_that_contradict_each_other_spoil_only_the_operators() {
    let crossed = Known {
        operator: Span::new("operator", Some(50.0), None).ok(),
        ..known()
    };
    let made = rules(PlantZone::UTC, &crossed, &CheckPlan::default());
    assert_eq!(made.rules.range, RangeSettings::new(known().sensor, None).ok());
    assert!(made.rules.flat.is_some() && made.refused.is_empty());
}

#[test]
fn a_profile_goes_by_load_where_one_is_known_and_a_register_by_its_meter() {
    let shift = ShiftPlan {
        by: None,
        steps: Some(6),
        block_ms: HOUR_MS,
        learn: 24,
        weight: None,
        times: None,
        follow_ms: None,
    };
    let plan = CheckPlan {
        shift: Setting::Set(shift),
        counter: Setting::Set(CounterPlan {
            most_an_hour: "50".parse().ok(),
        }),
        ..CheckPlan::default()
    };
    let known = Known {
        kind: Some(ParameterKind::Counter),
        rollover: Some(1e6),
        has_load: true,
        ..KNOWN
    };
    let settings = |by| ShiftSettings::new(by, HOUR_MS, 24, 0.2, 1.5, None).ok();
    let with = rules(PlantZone::UTC, &known, &plan);
    assert_eq!(with.rules.shift, settings(ProfileBy::Load { steps: 6 }));
    assert_eq!(with.rules.counter, CounterSettings::new(Some(1e6), Some(50.0)).ok());
    let without = Known {
        has_load: false,
        ..known
    };
    let without = rules(PlantZone::UTC, &without, &plan);
    assert_eq!(without.rules.shift, settings(ProfileBy::HourOfDay));
}
