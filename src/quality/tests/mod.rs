//! Windows against their plain definitions, flags against the order of arrival, and values that are none.

mod arrival;
mod bad_input;
mod checks;
mod defaults;
mod plan;
mod windows;

use std::sync::Arc;

use proptest::test_runner::Config;

use super::checks::flat::FlatSettings;
use super::checks::gap::GapSettings;
use super::checks::noise::NoiseSettings;
use super::checks::outlier::OutlierSettings;
use super::checks::range::RangeSettings;
use super::checks::rate::RateSettings;
use super::checks::shift::ShiftSettings;
use super::checks::spike::{SpikeLimit, SpikeMethod, SpikeSettings};
use super::checks::unit_slip::{COARSE_FACTORS, UnitSettings};
use super::finding::Finding;
use super::flag::Flags;
use super::judge::{Judge, Output, Reading};
use super::profile::ProfileBy;
use super::rules::Rules;
use super::settings::Span;
use crate::domain::time::{Instant, PlantZone};

const MINUTE: i64 = 60_000;
/// 2026-01-01T00:00:00Z.
const START: Instant = Instant(1_767_225_600_000);

/// Cases of property tests; `CARBONWATCH_CASES` asks for more or fewer.
fn config(share: u32) -> Config {
    let asked = std::env::var("CARBONWATCH_CASES").ok();
    let cases: u32 = asked.and_then(|cases| cases.parse().ok()).unwrap_or(1000);
    Config {
        cases: (cases / share).max(5),
        failure_persistence: None,
        ..Config::default()
    }
}

fn at(minutes: i64) -> Instant {
    START.plus(minutes * MINUTE)
}

/// Every check at once, with short windows.
fn all_checks() -> Rules {
    let mut rules = Rules::none(PlantZone::parse("Asia/Shanghai").unwrap());
    let span = |low, high| Span::new("span", Some(low), Some(high)).unwrap();
    rules.gap = Some(GapSettings::new(30 * MINUTE).unwrap());
    rules.range = Some(RangeSettings::new(Some(span(-50.0, 50.0)), Some(span(-20.0, 20.0))).unwrap());
    let limit = SpikeLimit::Fixed {
        suspect: 6.0,
        bad: Some(12.0),
    };
    rules.spike = Some(SpikeSettings::new(SpikeMethod::Average, limit).unwrap());
    rules.rate = Some(RateSettings::new(0.01, None).unwrap());
    rules.flat = Some(FlatSettings::new(1.0, 40 * MINUTE, Some(120 * MINUTE), 3).unwrap());
    rules.outlier = Some(OutlierSettings::new(9, 3.5, 0.1).unwrap());
    rules.noise = Some(NoiseSettings::new(3.0, 60 * MINUTE, 3).unwrap());
    rules.shift = Some(ShiftSettings::new(ProfileBy::HourOfDay, 60 * MINUTE, 24, 0.2, 1.5, None).unwrap());
    rules.unit = Some(UnitSettings::new(&COARSE_FACTORS, 24 * 60 * MINUTE).unwrap());
    rules
}

/// Judges readings in the order of time: their flags, with all that was settled later, and the findings.
fn judged(rules: &Arc<Rules>, readings: &[Reading]) -> (Vec<Flags>, Vec<Finding>) {
    let mut judge = Judge::new(Arc::clone(rules));
    let mut flags: Vec<Flags> = Vec::new();
    let mut findings = Vec::new();
    let mut output = Output::default();
    for (place, reading) in readings.iter().enumerate() {
        flags.push(judge.judge(reading, &mut output));
        for settled in &output.settled {
            for (other, flags) in readings[..=place].iter().zip(&mut flags) {
                if settled.from <= other.at && other.at <= settled.to {
                    flags.settle(settled.check, settled.flag);
                }
            }
        }
        for finding in output.findings.iter().filter(|finding| finding.from < finding.to) {
            for (other, flags) in readings[..=place].iter().zip(&mut flags) {
                if finding.from <= other.at && other.at <= finding.to {
                    flags.raise(finding.rule.check(), finding.flag);
                }
            }
        }
        findings.append(&mut output.findings);
        output.clear();
    }
    (flags, findings)
}
