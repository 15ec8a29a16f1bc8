//! What each check finds in a course that shows it, and how it is explained.

use super::*;
use crate::domain::reading::ParameterKind;
use crate::locale::{Language, Localizer};
use crate::quality::checks::attenuated::AttenuatedSettings;
use crate::quality::checks::band::BandSettings;
use crate::quality::checks::counter::CounterSettings;
use crate::quality::checks::repeated::RepeatedSettings;
use crate::quality::checks::standstill::Standstill;
use crate::quality::defaults::{self, Known};
use crate::quality::episode::episodes;
use crate::quality::flag::{Check, Flag, Rule};
use crate::quality::together::{BalanceSettings, PastSettings, RatioSettings, Together, TogetherSettings};

fn none() -> Rules {
    Rules::none(PlantZone::UTC)
}

/// Readings a minute apart.
fn course(values: impl IntoIterator<Item = f64>) -> Vec<Reading> {
    values
        .into_iter()
        .zip(0..)
        .map(|(value, minute)| Reading::new(at(minute), value))
        .collect()
}

/// Some letters of several.
fn part(letters: &str, from: usize, to: usize) -> String {
    letters.chars().take(to).skip(from).collect()
}

fn flags_of(rules: Rules, readings: &[Reading], check: Check) -> (String, Vec<Finding>) {
    let (flags, findings) = judged(&Arc::new(rules), readings);
    let letters = flags.iter().map(|flags| match flags.of(check) {
        None => '-',
        Some(flag) => flag.name().chars().next().unwrap(),
    });
    (letters.collect(), findings)
}

#[test]
fn a_range_holds_its_ends_and_the_narrower_one_only_doubts() {
    let mut rules = none();
    let span = |low, high| Span::new("span", Some(low), Some(high)).unwrap();
    rules.range = Some(RangeSettings::new(Some(span(0.0, 100.0)), Some(span(10.0, 90.0))).unwrap());
    let readings = course([0.0, 10.0, 90.0, 90.1, 100.0, 100.1, -0.1]);
    let (letters, findings) = flags_of(rules, &readings, Check::Range);
    assert_eq!(letters, "sggssbb");
    let flags: Vec<Flag> = findings.iter().map(|finding| finding.flag).collect();
    assert_eq!(
        flags,
        [Flag::Suspect, Flag::Suspect, Flag::Suspect, Flag::Bad, Flag::Bad]
    );
}

#[test]
fn a_spike_settles_one_reading_later_and_neighbours_of_nothing_stay_unknown() {
    let spike = |method| {
        let mut rules = none();
        let limit = SpikeLimit::Fixed {
            suspect: 2.0,
            bad: Some(4.0),
        };
        rules.spike = Some(SpikeSettings::new(method, limit).unwrap());
        rules
    };
    let readings = course([1.0, 1.0, 9.0, 1.0, 1.0, f64::NAN, 1.0, 1.0, 1.0]);
    let (letters, _) = flags_of(spike(SpikeMethod::Differential), &readings, Check::Spike);
    assert_eq!(letters, "ugbgumugu");
    let (letters, _) = flags_of(spike(SpikeMethod::Average), &readings, Check::Spike);
    assert_eq!(letters, "usbsumugu");
    let (letters, _) = flags_of(spike(SpikeMethod::Differential), &course([1.0, 9.0]), Check::Spike);
    assert_eq!(letters, "uu");
}

#[test]
fn rates_are_of_real_time_and_against_the_last_good_value() {
    let mut rules = none();
    rules.rate = Some(RateSettings::new(0.1, None).unwrap());
    // 6 a minute are allowed; the step of 30 is believed once five minutes have passed.
    let readings = course([0.0, 6.0, 36.0, 36.0, 36.0, 36.0, 36.0]);
    let (letters, findings) = flags_of(rules.clone(), &readings, Check::Rate);
    assert_eq!(letters, "ugssssg");
    assert!((findings[0].reference - 6.0).abs() < 1e-9);
    // Half a second apart: no rounding to whole seconds.
    let close = [Reading::new(START, 0.0), Reading::new(START.plus(500), 0.04)];
    assert_eq!(flags_of(rules, &close, Check::Rate).0, "ug");
}

#[test]
fn a_flat_line_is_flagged_from_its_beginning() {
    let mut rules = none();
    rules.flat = Some(FlatSettings::new(0.0, 5 * MINUTE, Some(8 * MINUTE), 3).unwrap());
    let readings = course([1.0, 2.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 4.0]);
    let (letters, findings) = flags_of(rules, &readings, Check::Flat);
    assert_eq!(letters, "ggssssssssbg");
    assert_eq!(findings[0].from, at(2));
    let idle = Span::new("idle", None, Some(0.0)).unwrap();
    let mut rules = none();
    rules.flat = Some(
        FlatSettings::new(0.0, 5 * MINUTE, None, 3)
            .unwrap()
            .still(Standstill::new(Some(idle), None).unwrap()),
    );
    assert_eq!(flags_of(rules, &course([0.0; 9]), Check::Flat).0, "ggggggggg");
}

#[test]
fn a_gap_is_told_with_its_length() {
    let mut rules = none();
    rules.gap = Some(GapSettings::new(2 * MINUTE).unwrap());
    let readings: Vec<Reading> = [0, 1, 3, 6].map(|minute| Reading::new(at(minute), 1.0)).into();
    let (letters, findings) = flags_of(rules, &readings, Check::Gap);
    assert_eq!(letters, "uggs");
    let text = Localizer::new(Language::English).text(&findings[0].explained(Some("5.2"), ""));
    assert!(
        text.contains("3 min") && text.contains("2 min") && text.contains("5.2"),
        "{text}"
    );
}

#[test]
fn attenuation_noise_and_outliers_are_found() {
    let wave = |minute: i32| if minute % 2 == 0 { 1.0 } else { -1.0 };
    let mut rules = none();
    rules.attenuated = Some(AttenuatedSettings::new(0.5, 10 * MINUTE, 5).unwrap());
    rules.noise = Some(NoiseSettings::new(2.0, 10 * MINUTE, 5).unwrap());
    rules.outlier = Some(OutlierSettings::new(11, 6.0, 0.5).unwrap());
    let readings = course((0..60).map(|minute| match minute {
        30..45 => wave(minute) * 0.1,
        50..60 => wave(minute) * 5.0,
        _ => wave(minute),
    }));
    let (attenuated, _) = flags_of(rules.clone(), &readings, Check::Attenuated);
    assert!(
        part(&attenuated, 40, 45).chars().all(|letter| letter == 's'),
        "{attenuated}"
    );
    assert!(
        !part(&attenuated, 0, 36).contains('s') && !part(&attenuated, 50, 1000).contains('s'),
        "{attenuated}"
    );
    let (noise, _) = flags_of(rules.clone(), &readings, Check::Noise);
    assert!(
        !part(&noise, 0, 50).contains('s') && part(&noise, 55, 1000).chars().all(|letter| letter == 's'),
        "{noise}"
    );
    let mut single = course((0..30).map(wave));
    single[20].value = 40.0;
    let (outlier, findings) = flags_of(rules, &single, Check::Outlier);
    assert_eq!(outlier.matches('s').count(), 1);
    assert!(
        findings
            .iter()
            .any(|finding| finding.rule == Rule::Outlier && finding.to == at(20))
    );
}

#[test]
fn a_value_in_another_unit_is_told_from_a_process_that_moves() {
    let mut rules = none();
    rules.unit = Some(UnitSettings::new(&COARSE_FACTORS, 1440 * MINUTE).unwrap());
    let mut readings = course((0..100).map(|minute| 50.0 + f64::from(minute % 7)));
    for reading in &mut readings[60..70] {
        reading.value *= 1000.0;
    }
    let (letters, findings) = flags_of(rules.clone(), &readings, Check::Unit);
    assert_eq!(part(&letters, 55, 75), "gggggssssssssssggggg");
    assert!((findings[0].limit - 1000.0).abs() < 1e-9);
    // A shutdown passes a tenth on its way, but not in one step.
    let ramp = course((0..100).map(|minute| {
        if minute < 60 {
            50.0
        } else {
            50.0 * 0.8_f64.powi(minute - 60)
        }
    }));
    assert!(!flags_of(rules, &ramp, Check::Unit).0.contains('s'));
}

#[test]
fn a_step_and_a_drift_off_a_load_profile_are_found_with_their_beginning() {
    let mut rules = none();
    let by = ProfileBy::load(8).unwrap();
    rules.shift = Some(ShiftSettings::new(by, 10 * MINUTE, 200, 0.2, 1.5, None).unwrap());
    let rules = Arc::new(rules);
    let readings = |fault: &dyn Fn(i32) -> f64| -> Vec<Reading> {
        (0..6000)
            .map(|minute| {
                let load = 50.0 + 40.0 * (f64::from(minute) / 300.0).sin();
                let noise = f64::from(minute * 7919 % 1000) / 500.0 - 1.0;
                Reading {
                    at: at(i64::from(minute)),
                    value: 2.0 * load + noise + fault(minute),
                    load,
                }
            })
            .collect()
    };
    let shifts = |fault: &dyn Fn(i32) -> f64| -> Vec<Finding> {
        let (_, findings) = judged_fast(&rules, &readings(fault));
        findings
            .into_iter()
            .filter(|finding| finding.rule.check() == Check::Shift)
            .collect()
    };
    assert_eq!(shifts(&|_| 0.0), []);
    let step = shifts(&|minute| if minute >= 4000 { 4.0 } else { 0.0 });
    assert!(!step.is_empty());
    assert!(
        (3950..4100).contains(&(step[0].since.since(START) / MINUTE)),
        "{:?}",
        step[0]
    );
    let drift = shifts(&|minute| f64::from((minute - 3000).max(0)) * 0.002);
    assert!(drift[0].to < at(5000), "{:?}", drift[0]);
}

/// Findings alone, without carrying flags back.
fn judged_fast(rules: &Arc<Rules>, readings: &[Reading]) -> (Vec<Flags>, Vec<Finding>) {
    let mut judge = Judge::new(Arc::clone(rules));
    let mut output = Output::default();
    let flags = readings
        .iter()
        .map(|reading| judge.judge(reading, &mut output))
        .collect();
    (flags, output.findings)
}

#[test]
fn bands_hold_in_their_hours_and_loads() {
    let usual = |low, high| Span::new("usual", Some(low), Some(high)).unwrap();
    let load = Span::new("load", Some(50.0), None).unwrap();
    let mut rules = none();
    rules.bands = vec![
        BandSettings::new(None, Some((22, 5)), None, usual(0.0, 1.0)).unwrap(),
        BandSettings::new(None, None, Some(load), usual(5.0, 9.0)).unwrap(),
    ];
    let reading = |hour: i64, value, load| Reading {
        at: at(hour * 60),
        value,
        load,
    };
    let readings = [
        reading(1, 0.5, f64::NAN),
        reading(2, 2.0, f64::NAN),
        reading(8, 6.0, 60.0),
        reading(9, 2.0, 60.0),
        reading(10, 2.0, 10.0),
    ];
    assert_eq!(flags_of(rules, &readings, Check::Band).0, "gsgsu");
}

#[test]
fn copied_values_and_registers_are_looked_at() {
    let zero = Span::new("except", Some(0.0), Some(0.0)).unwrap();
    let mut rules = none();
    rules.repeated = Some(RepeatedSettings::new(1, Some(zero)).unwrap());
    let readings = course([21.3, 21.3, 21.4, 0.0, 0.0, 21.3]);
    assert_eq!(flags_of(rules, &readings, Check::Repeated).0, "gsgggg");
    let mut rules = none();
    rules.counter = Some(CounterSettings::new(Some(1000.0), None).unwrap());
    rules.rate = Some(RateSettings::new(10.0, None).unwrap());
    let readings = course([980.0, 990.0, 5.0, 15.0, 1.0]);
    assert_eq!(flags_of(rules.clone(), &readings, Check::Counter).0, "ugggb");
    let (rate, findings) = flags_of(rules, &readings, Check::Rate);
    assert_eq!(rate, "uuggu");
    assert!(
        findings
            .iter()
            .any(|finding| finding.rule == Rule::Rollover && finding.flag == Flag::Good)
    );
}

#[test]
fn fuel_that_rises_without_load_is_held_against_the_blocks_before() {
    let past = PastSettings::new(0.1, 6).unwrap();
    let ratio = RatioSettings::new((0, 1), None, Some(past), 1.0, MINUTE).unwrap();
    let mut ratio = Together::new(TogetherSettings::Ratio(ratio));
    let mut found = Vec::new();
    let mut flags = String::new();
    for minute in 0..40 {
        // Load and fuel rise together, then fuel alone; in the end the higher quotient is what it was.
        let load = if minute < 10 { 100.0 } else { 150.0 };
        let fuel = load * if (20..30).contains(&minute) { 0.6 } else { 0.5 };
        for (channel, value) in [(0, fuel), (1, load)] {
            if let Some((settled, finding)) = ratio.take(channel, at(minute), value) {
                flags.push(settled.flag.name().chars().next().unwrap());
                found.extend(finding.map(|finding| finding.rule));
            }
        }
    }
    assert_eq!(
        flags,
        format!("uuu{}sss{}sss{}", "g".repeat(17), "g".repeat(7), "g".repeat(6))
    );
    assert_eq!(found[..3], [Rule::RatioRose; 3]);
    assert_eq!(found[3..], [Rule::RatioFell; 3]);
}

#[test]
fn two_meters_and_a_quotient_are_compared_over_blocks() {
    let pair = BalanceSettings::pair(0, 1, 0.02, 0.0, 10 * MINUTE).unwrap();
    let mut pair = Together::new(TogetherSettings::Balance(pair));
    let usual = Span::new("usual", Some(0.4), Some(0.6)).unwrap();
    let ratio = RatioSettings::new((0, 2), Some(usual), None, 1.0, 10 * MINUTE).unwrap();
    let mut ratio = Together::new(TogetherSettings::Ratio(ratio));
    let (mut pairs, mut ratios) = (String::new(), String::new());
    for minute in 0..60 {
        let second = if (20..30).contains(&minute) { 104.0 } else { 100.5 };
        let third = if (40..50).contains(&minute) {
            0.0
        } else {
            180.0 + f64::from(i32::from(minute < 10)) * 200.0
        };
        for (channel, value) in [(0, 100.0), (1, second), (2, third)] {
            let letter = |flag: Flag| flag.name().chars().next().unwrap();
            if let Some((settled, _)) = pair.take(channel, at(minute), value) {
                pairs.push(letter(settled.flag));
            }
            if let Some((settled, _)) = ratio.take(channel, at(minute), value) {
                ratios.push(letter(settled.flag));
            }
        }
    }
    assert_eq!(
        (pairs.as_str(), ratios.as_str()),
        ("ggsgg", "sgggs"),
        "the last burns without load"
    );
    assert!(RatioSettings::new((0, 1), None, None, 1.0, 1).is_err() && PastSettings::new(0.1, 1).is_err());
    assert!(BalanceSettings::new(vec![(0, 1.0), (1, 1.0)], 0.1, 0.0, 1).is_err());
    assert!(BalanceSettings::pair(0, 1, 0.0, 0.0, 1).is_err());
}

#[test]
fn findings_become_episodes_with_their_worst() {
    let found = |minute, value| Finding::at(Rule::OperatorHigh, Flag::Suspect, at(minute), value, 10.0);
    let list = episodes(
        &[found(0, 11.0), found(1, 15.0), found(2, 12.0), found(30, 11.0)],
        5 * MINUTE,
    );
    assert_eq!(list.len(), 2);
    assert_eq!((list[0].from, list[0].to, list[0].findings), (at(0), at(2), 3));
    assert!((list[0].worst.value - 15.0).abs() < 1e-9);
}

#[test]
fn every_kind_has_defaults_and_every_rule_is_explained_in_both_languages() {
    for kind in [
        ParameterKind::Flow,
        ParameterKind::Counter,
        ParameterKind::Amount,
        ParameterKind::Property,
        ParameterKind::State,
    ] {
        for interval_ms in [0, 1000, 10_000, 3_600_000, 86_400_000] {
            let known = Known {
                kind: Some(kind),
                sensor: Span::new("sensor", Some(0.0), Some(60.0)).ok(),
                operator: Span::new("operator", Some(1.0), Some(50.0)).ok(),
                interval_ms,
                rollover: None,
                has_load: false,
                least_load: None,
                published: None,
            };
            assert!(
                defaults::rules(PlantZone::UTC, &known).is_ok(),
                "{kind:?} {interval_ms}"
            );
        }
    }
    let rules = [
        Rule::StampRange,
        Rule::Contested,
        Rule::Gap,
        Rule::NotFinite,
        Rule::SensorLow,
        Rule::SensorHigh,
        Rule::OperatorLow,
        Rule::OperatorHigh,
        Rule::SpikeAverage,
        Rule::SpikeDifferential,
        Rule::Rate,
        Rule::Flat,
        Rule::Attenuated,
        Rule::BandLow,
        Rule::BandHigh,
        Rule::Outlier,
        Rule::Noise,
        Rule::Step,
        Rule::Drift,
        Rule::Rollover,
        Rule::Reset,
        Rule::Fall,
        Rule::TooFast,
        Rule::Scale,
        Rule::Repeated,
        Rule::Imbalance,
        Rule::RatioLow,
        Rule::RatioHigh,
        Rule::CalibrationExpired,
        Rule::TypedLate,
        Rule::TypedTogether,
        Rule::RegularDigits,
        Rule::OffPublished,
        Rule::CameBack,
        Rule::CameLate,
        Rule::CameOverFilled,
        Rule::FutureStamp,
        Rule::WithoutLoad,
    ];
    for language in Language::ALL {
        let localizer = Localizer::new(language);
        for rule in rules {
            let finding = Finding::at(rule, Flag::Suspect, START, 1.0, 2.0)
                .against(3.0)
                .over(60_000);
            let text = localizer.text(&finding.explained(Some("6.1"), "t/h"));
            assert!(text.contains("6.1") && !text.contains("quality-"), "{language}: {text}");
        }
        for check in Check::ALL {
            assert!(!localizer.text(&check.text()).contains("quality-"));
        }
    }
}

#[test]
fn the_state_of_a_channel_by_default_rules_is_small_before_its_windows() {
    use crate::quality::checks::{attenuated, counter, flat, noise, rate, shift, spike, unit_slip};
    // What keeps readings or their stamps is a window: the two queues and the stamps of a flat line, the parts of a unit's.
    let windows = 4 * size_of::<std::collections::VecDeque<f64>>();
    let each = size_of::<Judge>() + size_of::<flat::Flat>() + size_of::<shift::Shift>();
    let scatter = size_of::<noise::Noise>() + size_of::<attenuated::Attenuated>() + size_of::<rate::Rate>();
    let signal = each + scatter + size_of::<spike::Spike>() + size_of::<unit_slip::UnitSlip>() - windows;
    let register = each + size_of::<counter::Counter>();
    assert!(signal <= 512 && register <= 512, "{signal} {register}");
}
