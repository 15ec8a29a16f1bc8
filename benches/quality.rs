//! How fast readings are judged, on one core.

use std::sync::Arc;

use carbonwatch::domain::time::{HOUR_MS, Instant, PlantZone};
use carbonwatch::quality::checks::attenuated::AttenuatedSettings;
use carbonwatch::quality::checks::band::BandSettings;
use carbonwatch::quality::checks::counter::CounterSettings;
use carbonwatch::quality::checks::flat::FlatSettings;
use carbonwatch::quality::checks::gap::GapSettings;
use carbonwatch::quality::checks::noise::NoiseSettings;
use carbonwatch::quality::checks::outlier::OutlierSettings;
use carbonwatch::quality::checks::published::PublishedSettings;
use carbonwatch::quality::checks::range::RangeSettings;
use carbonwatch::quality::checks::rate::RateSettings;
use carbonwatch::quality::checks::repeated::RepeatedSettings;
use carbonwatch::quality::checks::shift::ShiftSettings;
use carbonwatch::quality::checks::spike::{SpikeLimit, SpikeMethod, SpikeSettings};
use carbonwatch::quality::checks::unit_slip::{COARSE_FACTORS, UnitSettings};
use carbonwatch::quality::profile::ProfileBy;
use carbonwatch::quality::{Channel, Judge, Output, Reading, Rules, SettingsError, Span};
use divan::Bencher;
use divan::counter::ItemsCount;

/// 2026-01-01T00:00:00Z.
const START: Instant = Instant(1_767_225_600_000);
const STEP_MS: i64 = 10_000;
const READINGS: i64 = 200_000;
const MINUTE: i64 = 60_000;

fn main() {
    divan::main();
}

/// A signal with a daily course and noise.
fn readings(count: i64) -> Vec<Reading> {
    let mut noise: u32 = 1;
    (0..count)
        .map(|number| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let day = f64::from(i32::try_from(number % 8640).unwrap_or(0)) / 8640.0;
            let load = 50.0 + 20.0 * (day * std::f64::consts::TAU).sin();
            Reading {
                at: START.plus(number * STEP_MS),
                value: load * 0.5 + f64::from(noise >> 16) / 65_536.0,
                load,
            }
        })
        .collect()
}

/// Range, spike, rate and flat line.
fn four() -> Result<Rules, SettingsError> {
    let mut rules = Rules::none(PlantZone::UTC);
    let span = |low, high| Span::new("span", Some(low), Some(high));
    rules.range = Some(RangeSettings::new(Some(span(0.0, 60.0)?), Some(span(5.0, 50.0)?))?);
    let limit = SpikeLimit::Fixed {
        suspect: 5.0,
        bad: Some(10.0),
    };
    rules.spike = Some(SpikeSettings::new(SpikeMethod::Differential, limit)?);
    rules.rate = Some(RateSettings::new(1.0, None)?);
    rules.flat = Some(FlatSettings::new(0.5, 30 * MINUTE, Some(120 * MINUTE), 5)?);
    Ok(rules)
}

/// Every check that can be on at once: a signal is no register.
fn all() -> Result<Rules, SettingsError> {
    let mut rules = four()?;
    rules.gap = Some(GapSettings::new(3 * STEP_MS)?);
    rules.attenuated = Some(AttenuatedSettings::new(0.01, 60 * MINUTE, 5)?);
    let usual = Span::new("usual", Some(0.0), Some(60.0))?;
    rules.bands = vec![
        BandSettings::new(Some((6, 9)), None, None, usual)?,
        BandSettings::new(None, Some((22, 5)), None, usual)?,
        BandSettings::new(None, None, None, usual)?,
    ];
    rules.outlier = Some(OutlierSettings::new(61, 6.0, 0.1)?);
    rules.noise = Some(NoiseSettings::new(5.0, 60 * MINUTE, 5)?);
    rules.shift = Some(ShiftSettings::new(ProfileBy::load(12)?, HOUR_MS, 168, 0.2, 1.5, None)?);
    rules.unit = Some(UnitSettings::new(&COARSE_FACTORS, 24 * HOUR_MS)?);
    rules.repeated = Some(RepeatedSettings::new(5, None)?);
    rules.published = Some(PublishedSettings::new((20.0, 30.0), 0.9)?);
    Ok(rules)
}

/// What is looked for in a register.
fn register() -> Result<Rules, SettingsError> {
    let mut rules = Rules::none(PlantZone::UTC);
    rules.gap = Some(GapSettings::new(3 * STEP_MS)?);
    rules.counter = Some(CounterSettings::new(Some(1_000_000.0), Some(50_000.0))?);
    rules.flat = Some(FlatSettings::new(0.0, 12 * HOUR_MS, None, 10)?);
    rules.shift = Some(ShiftSettings::new(ProfileBy::load(12)?, HOUR_MS, 168, 0.2, 1.5, None)?);
    Ok(rules)
}

/// The readings of a register that counts a signal and rolls over.
fn counted(count: i64) -> Vec<Reading> {
    let mut stand = 0.0;
    let mut readings = readings(count);
    for reading in &mut readings {
        stand = (stand + reading.value) % 1_000_000.0;
        reading.value = stand;
    }
    readings
}

#[allow(clippy::expect_used, reason = "constants of this file")]
fn rules(which: &str) -> Arc<Rules> {
    let rules = match which {
        "four" => four(),
        "register" => register(),
        _ => all(),
    };
    Arc::new(rules.expect("sound settings"))
}

/// In the order of time: range, spike, rate and flat line; all checks; those of a register.
#[divan::bench(args = ["four", "all", "register"])]
fn in_order(bencher: Bencher, which: &str) {
    let readings = match which {
        "register" => counted(READINGS),
        _ => readings(READINGS),
    };
    let rules = rules(which);
    bencher.counter(ItemsCount::new(readings.len())).bench(|| {
        let mut judge = Judge::new(Arc::clone(&rules));
        let mut output = Output::default();
        let mut sum = 0_usize;
        for reading in &readings {
            let flags = judge.judge(reading, &mut output);
            sum += usize::from(flags.together() as u8) + output.findings.len();
            output.clear();
        }
        sum
    });
}

/// The same through a channel that keeps three days for late readings, in batches.
#[divan::bench(args = ["four", "all"])]
fn through_a_channel(bencher: Bencher, which: &str) {
    let (rules, readings) = (rules(which), readings(READINGS));
    #[allow(clippy::expect_used, reason = "constants of this file")]
    bencher.counter(ItemsCount::new(readings.len())).bench(|| {
        let mut channel = Channel::new(Arc::clone(&rules), 72 * HOUR_MS).expect("a horizon");
        readings
            .chunks(1000)
            .map(|batch| channel.take(batch).findings.len())
            .sum::<usize>()
    });
}

/// A thousand readings that come a day late, in one batch: a day of 10 s and what follows it are judged again.
#[divan::bench]
fn a_thousand_late_readings(bencher: Bencher) {
    let readings = readings(8640 * 4);
    let (from, to) = (START.plus(8640 * 2 * STEP_MS), START.plus((8640 * 2 + 1000) * STEP_MS));
    let late = |reading: &Reading| (from..to).contains(&reading.at);
    let missing: Vec<Reading> = readings.iter().copied().filter(late).collect();
    let kept: Vec<Reading> = readings.iter().copied().filter(|reading| !late(reading)).collect();
    #[allow(clippy::expect_used, reason = "constants of this file")]
    let mut channel = Channel::new(rules("all"), 72 * HOUR_MS).expect("a horizon");
    channel.take(&kept);
    bencher
        .counter(ItemsCount::new(missing.len()))
        .with_inputs(|| channel.clone())
        .bench_values(|mut channel| channel.take(&missing).findings.len());
}
