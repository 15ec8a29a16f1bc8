//! Default rules are quiet on a sound channel, whatever its process does, and find a sensor that scatters otherwise.

use std::sync::Arc;

use super::{MINUTE, START, judged};
use crate::domain::reading::ParameterKind;
use crate::domain::time::PlantZone;
use crate::quality::defaults::{Known, rules};
use crate::quality::finding::Finding;
use crate::quality::judge::Reading;
use crate::quality::{Check, Rules, Span};

const FLOW: Known = Known {
    kind: Some(ParameterKind::Flow),
    sensor: None,
    operator: None,
    interval_ms: MINUTE,
    rollover: None,
    has_load: false,
    least_load: None,
    published: None,
};

fn of(known: Known) -> Rules {
    let sensor = Span::new("sensor", Some(0.0), Some(100.0)).ok();
    rules(PlantZone::UTC, &Known { sensor, ..known }).unwrap()
}

/// Seven residues in an order that looks like noise, of a scatter of about 2.
fn noise(place: i64) -> f64 {
    f64::from(i32::try_from(place * 5 % 7).unwrap()) - 3.0
}

fn found(rules: Rules, interval_ms: i64, values: impl Iterator<Item = f64>) -> Vec<Finding> {
    let readings: Vec<Reading> = (0..)
        .zip(values)
        .map(|(place, value)| Reading::new(START.plus(place * interval_ms), value))
        .collect();
    judged(&Arc::new(rules), &readings).1
}

fn of_check(findings: &[Finding], check: Check) -> usize {
    findings.iter().filter(|finding| finding.rule.check() == check).count()
}

const HOURS: i64 = 60;

#[test]
fn a_sensor_that_scatters_more_or_less_than_it_did_is_found() {
    let of_hour = |share: f64, hour: i64| {
        (0..200 * HOURS).map(move |minute| {
            let share = if minute / 60 == hour { share } else { 1.0 };
            50.0 + share * noise(minute)
        })
    };
    let noisy = found(of(FLOW), MINUTE, of_hour(5.0, 190));
    assert_eq!(
        (of_check(&noisy, Check::Noise), of_check(&noisy, Check::Attenuated)),
        (1, 0)
    );
    let calm = found(of(FLOW), MINUTE, of_hour(0.1, 190));
    assert_eq!(
        (of_check(&calm, Check::Noise), of_check(&calm, Check::Attenuated)),
        (0, 1)
    );
    let sound = found(of(FLOW), MINUTE, of_hour(1.0, 190));
    assert!(sound.is_empty(), "{sound:?}");
}

#[test]
fn a_process_that_stands_still_starts_and_stops_is_no_fault() {
    // Nine days at its live zero, then it runs, and stops again.
    let values = (0..500 * HOURS).map(|minute| match minute / 60 {
        216..450 => 50.0 + noise(minute) / 4.0,
        _ => 0.3 + noise(minute) / 50.0,
    });
    let findings = found(of(FLOW), MINUTE, values);
    for check in [Check::Noise, Check::Attenuated, Check::Rate] {
        assert_eq!(of_check(&findings, check), 0, "{check:?}");
    }
}

#[test]
fn the_noise_of_a_fast_sensor_is_no_change() {
    let second = Known {
        interval_ms: 1_000,
        ..FLOW
    };
    let findings = found(of(second), 1_000, (0..7_200).map(|second| 50.0 + noise(second)));
    assert_eq!(of_check(&findings, Check::Rate), 0);
    // A jump that no flow makes is one.
    let values = (0..7_200).map(|second| if second < 3_600 { 30.0 } else { 90.0 });
    assert!(of_check(&found(of(second), 1_000, values), Check::Rate) > 0);
}

#[test]
fn a_state_without_a_load_and_what_comes_rarely_have_no_usual_scatter() {
    let state = Known {
        kind: Some(ParameterKind::State),
        ..FLOW
    };
    let bare = of(state);
    assert!(bare.noise.is_none() && bare.attenuated.is_none() && bare.rate.is_none());
    let loaded = of(Known {
        has_load: true,
        least_load: Some(5.0),
        ..state
    });
    assert!(loaded.noise.is_some() && loaded.attenuated.is_some());
    let rare = of(Known {
        interval_ms: 10 * MINUTE,
        ..FLOW
    });
    assert!(rare.noise.is_none() && rare.rate.is_none());
}

#[test]
fn a_new_coal_is_believed_after_five_tests() {
    let property = Known {
        kind: Some(ParameterKind::Property),
        interval_ms: 24 * HOURS * MINUTE,
        ..FLOW
    };
    let values = |spoiled: i64| {
        (0..90).map(move |day| match day {
            _ if day == spoiled => 80.0,
            60.. => 40.0 + noise(day) / 2.0,
            _ => 20.0 + noise(day) / 2.0,
        })
    };
    let day = 24 * HOURS * MINUTE;
    assert_eq!(of_check(&found(of(property), day, values(-1)), Check::Outlier), 5);
    assert_eq!(of_check(&found(of(property), day, values(40)), Check::Outlier), 6);
}
