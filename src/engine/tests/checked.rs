//! What the quality checks find in the readings that are kept.

use crate::domain::checks::{CheckPlan, Comparison, FlatPlan, RangePlan, RatePlan, Setting, SpikePlan, SpikeSize};
use crate::domain::model::Limits;
use crate::domain::reading::{Incoming, Origin, Quality};
use crate::engine::command::{CommandBody, MeterChange, Refusal};
use crate::engine::view::EpisodeView;
use crate::locale::{Language, Localizer};

use super::plant::{COAL, OXYGEN, POWER, Site, at, model, reading};

/// A restless flow at a minute: scattered, with no rhythm of its own.
pub(super) fn restless(minute: i64) -> i64 {
    let mut bits = minute
        .unsigned_abs()
        .wrapping_add(1)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    80_000 + i64::try_from((bits ^ bits >> 31) % 1_009).unwrap()
}

/// Twelve hours of a restless flow: a value that cannot be, half an hour without readings, an hour in which the sensor
/// shows the same.
pub(super) fn flawed() -> Vec<Incoming> {
    let silent = 300..330;
    (0..720)
        .filter(|minute| !silent.contains(minute))
        .map(|minute| {
            let value = match minute {
                120 => 999_999_999,
                500..560 => 87_000,
                _ => restless(minute),
            };
            reading(COAL, minute, value)
        })
        .collect()
}

fn checked(site: &Site) -> Vec<EpisodeView> {
    site.engine
        .checked(&site.history, Some(COAL), (at(0), at(720)))
        .unwrap()
}

#[test]
fn what_is_wrong_with_readings_is_found_whatever_the_order_in_which_they_came() {
    let mut site = Site::young();
    site.now = at(720);
    site.bring(Origin::Connector, flawed());
    let found = checked(&site);
    let words = Localizer::new(Language::English);
    let told: Vec<(String, i64, i64)> = found
        .iter()
        .map(|episode| {
            let minutes = |instant: crate::domain::time::Instant| instant.since(at(0)) / 60_000;
            (words.text(&episode.check), minutes(episode.from), minutes(episode.to))
        })
        .collect();
    let has = |from: i64, to: i64| told.iter().any(|(_, first, last)| (*first, *last) == (from, to));
    assert!(has(120, 120), "{told:?}");
    assert!(has(330, 330), "{told:?}");
    assert!(
        told.iter()
            .any(|(_, from, to)| *from >= 499 && *from <= 501 && *to >= 555 && *to <= 560),
        "{told:?}"
    );
    assert!(found.windows(2).all(|pair| pair[0].from <= pair[1].from));

    let mut late = Site::young();
    late.now = at(720);
    let (even, odd): (Vec<_>, Vec<_>) = flawed().into_iter().enumerate().partition(|(place, _)| place % 2 == 0);
    for half in [odd, even] {
        late.bring(
            Origin::Connector,
            half.into_iter().map(|(_, reading)| reading).collect(),
        );
        late.checkpoint();
    }
    assert_eq!(checked(&late), found);

    // Another parameter has none, and a value that its deliverer marks bad is judged by nobody.
    let of_oxygen = site
        .engine
        .checked(&site.history, Some(OXYGEN), (at(0), at(720)))
        .unwrap();
    assert!(of_oxygen.is_empty());
    let mut marked = Site::young();
    marked.now = at(720);
    let bad = |reading: Incoming| Incoming {
        quality: if reading.value == 999_999_999 {
            Quality::Bad
        } else {
            Quality::Good
        },
        ..reading
    };
    marked.bring(Origin::Connector, flawed().into_iter().map(bad).collect());
    assert!(checked(&marked).iter().all(|episode| episode.from != at(120)));
}

#[test]
fn who_fell_silent_is_told_and_the_last_reading_of_a_stretch_is_settled_by_the_next() {
    let mut site = Site::young();
    site.now = at(700);
    let values = (0..600).map(|minute| {
        let spike = if minute == 359 { 30_000 } else { 0 };
        reading(COAL, minute, restless(minute) + spike)
    });
    site.bring(Origin::Connector, values.collect());
    let of = |from: i64, to: i64| {
        let found = site
            .engine
            .checked(&site.history, Some(COAL), (at(from), at(to)))
            .unwrap();
        found
            .iter()
            .map(|episode| (episode.from, episode.to))
            .collect::<Vec<_>>()
    };
    assert!(of(300, 360).contains(&(at(359), at(359))), "{:?}", of(300, 360));
    assert!(!of(360, 420).contains(&(at(359), at(359))));
    // Silent since 09:59, and it is 11:40.
    assert_eq!(of(540, 720), [(at(700), at(700))]);
    assert!(of(480, 540).is_empty());
}

#[test]
fn a_register_that_was_replaced_did_not_fall() {
    let mut site = Site::young();
    site.now = at(600);
    let quarter = |number: i64, value| reading(POWER, number * 15, value);
    site.bring(
        Origin::Connector,
        (0..20).map(|n| quarter(n, 98_000 + n * 10)).collect(),
    );
    site.command(CommandBody::ChangeMeter(MeterChange {
        parameter: POWER,
        at: at(290),
        final_value: Some(98_190),
        initial_value: Some(0),
        serial: "2".to_owned(),
        multiplier: "1".to_owned(),
        rollover: Some("100000".to_owned()),
        reason: "worn".to_owned(),
    }))
    .unwrap();
    site.bring(Origin::Connector, (20..40).map(|n| quarter(n, (n - 20) * 10)).collect());
    let found = site
        .engine
        .checked(&site.history, Some(POWER), (at(0), at(600)))
        .unwrap();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn limits_that_contradict_each_other_spoil_nothing_else() {
    let mut crossed = model();
    for parameter in &mut crossed.parameters {
        if parameter.id == OXYGEN {
            parameter.possible.high = Some(rust_decimal::Decimal::ONE);
            parameter.operating.low = Some(rust_decimal::Decimal::TEN);
        }
    }
    let mut site = Site::young();
    site.now = at(720);
    site.apply(crossed);
    site.bring(Origin::Connector, flawed());
    let found = site.engine.checked(&site.history, None, (at(0), at(720))).unwrap();
    assert!(found.iter().any(|episode| episode.parameter == COAL));
}

#[test]
fn too_long_a_stretch_is_refused() {
    let site = Site::young();
    let long = (at(0), at(93 * 1440));
    let refused = site.engine.checked(&site.history, None, long).unwrap_err();
    assert!(matches!(refused, Refusal::Request(text) if text.id == "checked-too-long"));
}

/// Twelve hours of the restless flow by another plan, with other values where they are given; the checks that find
/// something, each with its first minute.
fn found_by(plan: &CheckPlan, value: impl Fn(i64) -> Option<i64>) -> Vec<(String, i64)> {
    let mut planned = model();
    for parameter in planned.parameters.iter_mut().filter(|parameter| parameter.id == COAL) {
        parameter.checks = Some(plan.clone()).filter(|plan| !plan.is_usual());
    }
    let mut site = Site::young();
    site.now = at(720);
    site.apply(planned);
    let silent = 300..330;
    let minutes = (0..720).filter(|minute| !silent.contains(minute));
    let readings = minutes.map(|minute| reading(COAL, minute, value(minute).unwrap_or_else(|| restless(minute))));
    site.bring(Origin::Connector, readings.collect());
    checked(&site)
        .iter()
        .map(|episode| (episode.check.id.to_string(), episode.from.since(at(0)) / 60_000))
        .collect()
}

fn has(found: &[(String, i64)], check: &str) -> bool {
    found.iter().any(|(id, _)| id == check)
}

#[test]
fn what_a_plan_says_of_a_check_decides_what_is_found() {
    let exact = |number: &str| -> rust_decimal::Decimal { number.parse().unwrap() };
    // A little spike, and the same value for a third of an hour.
    let values = |minute| match minute {
        359 => Some(82_500),
        500..520 => Some(80_500),
        _ => None,
    };
    let usual = found_by(&CheckPlan::default(), values);
    assert_eq!(usual, [("quality-check-gap".to_owned(), 330)]);

    let range = CheckPlan {
        range: Setting::Set(RangePlan {
            sensor: None,
            operator: Some(Limits {
                low: None,
                high: Some(exact("81.5")),
            }),
        }),
        ..CheckPlan::default()
    };
    assert!(found_by(&range, values).contains(&("quality-check-range".to_owned(), 359)));

    let spike = CheckPlan {
        spike: Setting::Set(SpikePlan {
            method: Comparison::Differential,
            limit: SpikeSize::Fixed {
                suspect: exact("1.2"),
                bad: None,
            },
        }),
        ..CheckPlan::default()
    };
    assert!(found_by(&spike, values).contains(&("quality-check-spike".to_owned(), 359)));

    let rate = CheckPlan {
        rate: Setting::Set(RatePlan {
            suspect: exact("0.02"),
            bad: None,
            idle: None,
        }),
        ..CheckPlan::default()
    };
    assert!(found_by(&rate, values).contains(&("quality-check-rate".to_owned(), 359)));

    let flat = CheckPlan {
        flat: Setting::Set(FlatPlan {
            window_ms: 600_000,
            bad_ms: None,
            tolerance: None,
            least: None,
            idle: None,
            least_load: None,
        }),
        ..CheckPlan::default()
    };
    assert!(has(&found_by(&flat, values), "quality-check-flat"));

    let longer = CheckPlan {
        gap: Setting::Set(3_600_000),
        ..CheckPlan::default()
    };
    assert!(found_by(&longer, values).is_empty());

    // What is turned off finds nothing, even where the default would.
    let stuck = |minute| matches!(minute, 400..520).then_some(80_500);
    assert!(has(&found_by(&CheckPlan::default(), stuck), "quality-check-flat"));
    let off = CheckPlan {
        flat: Setting::Off,
        gap: Setting::Off,
        ..CheckPlan::default()
    };
    assert!(found_by(&off, stuck).is_empty());
}
