//! Faults put into the simulated plant (注入故障): which, where, when and how large is drawn from a seed.

use std::collections::BTreeMap;

use rust_decimal::prelude::ToPrimitive;

use crate::connect::simulate::random::Stream;
use crate::connect::simulate::{Imperfection, Imperfections, Plant};
use crate::domain::checks::CheckPlan;
use crate::domain::model::{Limits, Parameter, SiteModel};
use crate::domain::reading::ParameterKind;
use crate::domain::time::{HOUR_MS, Instant};
use crate::quality::defaults::{self, Known};
use crate::quality::figure::real;
use crate::quality::judge::Reading;
use crate::quality::{Rules, Span, plan};

/// 2026-09-01 00:00 in Shanghai.
pub(super) const START: Instant = Instant(1_788_192_000_000);
const DAY_MS: i64 = 24 * HOUR_MS;
/// Days in which checks learn, days in which faults begin, and days after those.
pub(super) const LEARN_DAYS: i64 = 8;
pub(super) const FAULT_DAYS: i64 = 4;
pub(super) const AFTER_DAYS: i64 = 5;

/// A sort of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    /// A value that stays (卡死).
    Stuck,
    /// A reading that is suddenly off by a part of itself (阶跃).
    Step,
    /// A reading that goes off by a part of itself slowly (漂移).
    Drift,
    /// A single value far off (尖峰).
    Spike,
    /// Readings that never come (缺数).
    Gap,
    /// Readings in another unit (单位错位).
    UnitSlip,
    /// A register that runs over its end (翻转).
    Rollover,
    /// Readings that come twice (重复送达).
    Duplicate,
}

impl Sort {
    /// All sorts with how many of each are put in: 72.
    pub(super) const ALL: [(Self, i64); 8] = [
        (Self::Stuck, 10),
        (Self::Step, 6),
        (Self::Drift, 6),
        (Self::Spike, 10),
        (Self::Gap, 10),
        (Self::UnitSlip, 10),
        (Self::Rollover, 10),
        (Self::Duplicate, 10),
    ];

    /// Whether it can befall a channel.
    fn befalls(self, channel: &Simulated) -> bool {
        let register = channel.kind == ParameterKind::Counter;
        match self {
            Self::Rollover => register && channel.rollover.is_some(),
            Self::UnitSlip => channel.kind == ParameterKind::Flow,
            Self::Stuck | Self::Step | Self::Drift | Self::Spike => !register,
            Self::Gap | Self::Duplicate => true,
        }
    }
}

/// A channel of the simulated plant.
#[derive(Debug, Clone)]
pub(super) struct Simulated {
    pub(super) tag: String,
    pub(super) kind: ParameterKind,
    pub(super) interval_ms: i64,
    pub(super) rollover: Option<f64>,
    pub(super) span: f64,
    pub(super) rules: Rules,
    /// Its sound readings, each once, in the order of time.
    pub(super) readings: Vec<Reading>,
}

/// A fault in a channel.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub(super) sort: Sort,
    /// Place of its channel.
    pub(super) channel: usize,
    pub(super) from: Instant,
    pub(super) to: Instant,
    /// The readings as they come.
    pub(super) readings: Vec<Reading>,
}

/// The parameter that tells the load of another, as the plant's own plan has it.
fn load_of<'m>(model: &'m SiteModel, parameter: &Parameter) -> Option<&'m Parameter> {
    model.parameter(parameter.checks.as_ref()?.load?)
}

fn span_of(limits: &Limits) -> Option<Span> {
    let number = |limit: Option<rust_decimal::Decimal>| limit.and_then(|limit| limit.to_f64());
    Span::new("sensor", number(limits.low), number(limits.high)).ok()
}

/// The rules that the site makes of the plant's plan, with the defaults of each kind.
fn rules_of(model: &SiteModel, parameter: &Parameter, rollover: Option<f64>) -> Rules {
    let load = load_of(model, parameter);
    let known = Known {
        kind: Some(parameter.kind),
        sensor: span_of(&parameter.possible),
        operator: None,
        interval_ms: parameter.interval_ms,
        rollover,
        has_load: load.is_some(),
        least_load: load.and_then(|load| defaults::least_load(span_of(&load.possible))),
        published: None,
    };
    let usual = CheckPlan::default();
    plan::rules(model.zone, &known, parameter.checks.as_ref().unwrap_or(&usual)).rules
}

/// The plant as it is when nothing is wrong: values scatter, sensors drift a little, gateways deliver late.
pub(super) fn channels(model: &SiteModel, plant: &mut Plant) -> Vec<Simulated> {
    let mut channels = Vec::new();
    let mut places = BTreeMap::new();
    for parameter in &model.parameters {
        let meter = model.meters.iter().find(|meter| Some(meter.id) == parameter.meter);
        let rollover = meter
            .and_then(|meter| meter.rollover)
            .and_then(|rollover| rollover.to_f64());
        let rollover = rollover.filter(|_| parameter.kind == ParameterKind::Counter);
        places.insert(parameter.id, (channels.len(), parameter.decimals));
        channels.push(Simulated {
            tag: parameter.tag.clone(),
            kind: parameter.kind,
            interval_ms: parameter.interval_ms,
            rollover,
            span: span_of(&parameter.possible)
                .and_then(|span| span.length())
                .unwrap_or(0.0),
            rules: rules_of(model, parameter, rollover),
            readings: Vec::new(),
        });
    }
    let end = START.plus((LEARN_DAYS + FAULT_DAYS + AFTER_DAYS) * DAY_MS);
    for delivery in plant.deliveries(START, end) {
        let incoming = delivery.incoming;
        let Some(&(place, decimals)) = places.get(&incoming.parameter) else {
            continue;
        };
        let value = crate::domain::decimal::from_count(incoming.value, decimals).to_f64();
        if let (Some(channel), Some(value)) = (channels.get_mut(place), value) {
            channel.readings.push(Reading::new(incoming.slot.at, value));
        }
    }
    for channel in &mut channels {
        channel.readings.sort_by_key(|reading| reading.at);
        channel.readings.dedup_by_key(|reading| reading.at);
    }
    let loads: Vec<Option<Vec<Reading>>> = channels
        .iter()
        .map(|channel| {
            let parameter = model.parameters.iter().find(|parameter| parameter.tag == channel.tag)?;
            let load = load_of(model, parameter)?;
            let found = channels.iter().find(|other| other.tag == load.tag)?;
            Some(found.readings.clone())
        })
        .collect();
    for (channel, load) in channels.iter_mut().zip(loads) {
        let mut known = load.into_iter().flatten().peekable();
        let mut last = f64::NAN;
        for reading in &mut channel.readings {
            while let Some(load) = known.next_if(|load| load.at <= reading.at) {
                last = load.value;
            }
            reading.load = last;
        }
    }
    channels
}

/// What is imperfect about the plant although nothing is wrong.
pub(super) const SOUND: Imperfections = Imperfections::NONE
    .with(Imperfection::Noise)
    .with(Imperfection::Drift)
    .with(Imperfection::Late)
    .with(Imperfection::OutOfOrder);

/// The faults of a seed, each in a copy of its channel.
pub(super) fn faults(channels: &[Simulated], seed: u64) -> Vec<Fault> {
    let mut all = Vec::new();
    for (part, (sort, count)) in (100_u64..).zip(Sort::ALL) {
        let draws = Stream::new(seed).part(part);
        let able: Vec<usize> = (0..channels.len())
            .filter(|&place| {
                channels
                    .get(place)
                    .is_some_and(|channel| sort.befalls(channel) && usable(channel))
            })
            .collect();
        for number in 0..count {
            let most = i64::try_from(able.len()).unwrap_or(0);
            let chosen = usize::try_from(draws.below(number * 8, most)).unwrap_or(0);
            // A fault needs a process that runs: of a few instants the first that has one.
            let fault = (0..200).find_map(|attempt| {
                let place = *able.get((chosen + attempt / 5) % able.len().max(1))?;
                let channel = channels.get(place)?;
                let tried = i64::try_from(attempt).unwrap_or(0);
                let after = draws.part(1).below(number * 256 + tried, FAULT_DAYS * DAY_MS);
                let from = START.plus(LEARN_DAYS * DAY_MS + after);
                runs(channel, from).then(|| put_in(sort, place, channel, from, draws.part(2), number))
            });
            all.extend(fault);
        }
    }
    all
}

/// Whether a channel is read often enough for faults of minutes and hours.
fn usable(channel: &Simulated) -> bool {
    (1..=60_000).contains(&channel.interval_ms)
}

/// Whether the process runs at an instant and for a while after it.
fn runs(channel: &Simulated, from: Instant) -> bool {
    let first = channel.readings.partition_point(|reading| reading.at < from);
    let until = from.plus(6 * HOUR_MS);
    let rest = channel.readings.get(first..).unwrap_or_default();
    let mut soon = rest.iter().take_while(|reading| reading.at < until);
    if channel.kind == ParameterKind::Counter {
        // A register that runs over its end meanwhile runs, too.
        let (first, last) = (rest.first(), soon.last());
        return first
            .zip(last)
            .is_some_and(|(first, last)| (last.value - first.value).abs() > 0.0);
    }
    soon.all(|reading| reading.value > 0.05 * channel.span)
}

fn put_in(sort: Sort, place: usize, channel: &Simulated, from: Instant, draws: Stream, number: i64) -> Fault {
    let draw = |what: i64, low: i64, high: i64| low + draws.below(number * 16 + what, high - low + 1);
    let sign = if draw(0, 0, 1) == 0 { 1.0 } else { -1.0 };
    let thousandths = |what, low, high| f64::from(i32::try_from(draw(what, low, high)).unwrap_or(0)) / 1000.0;
    let end = START.plus((LEARN_DAYS + FAULT_DAYS + AFTER_DAYS) * DAY_MS);
    let mut readings = channel.readings.clone();
    let to = match sort {
        Sort::Stuck => from.plus(draw(1, 40, 360) * 60_000),
        Sort::Step | Sort::Drift => end,
        Sort::Spike | Sort::Rollover => from.plus(channel.interval_ms),
        Sort::Gap => from.plus(draw(1, 10, 240) * 60_000),
        Sort::UnitSlip => from.plus(draw(1, 1, 12) * HOUR_MS),
        Sort::Duplicate => from.plus(draw(1, 5, 90) * 60_000),
    };
    let first = readings.partition_point(|reading| reading.at < from);
    let last = readings.partition_point(|reading| reading.at < to);
    let held = readings.get(first).map_or(0.0, |reading| reading.value);
    // Parts of the value: 4 to 10 % at once, 6 to 15 % in three days.
    let (step, drift) = (sign * thousandths(2, 40, 100), sign * thousandths(2, 60, 150));
    let factor = *[1000.0, 0.001, 10.0, 0.1]
        .get(usize::try_from(draw(3, 0, 3)).unwrap_or(0))
        .unwrap_or(&1000.0);
    let height = sign * thousandths(4, 150, 600) * channel.span;
    let again: Vec<Reading> = readings.get(first..last).unwrap_or_default().to_vec();
    match sort {
        Sort::Gap => {
            readings.drain(first..last);
        }
        Sort::Duplicate => {
            let at = last.min(readings.len());
            readings.splice(at..at, again);
        }
        Sort::Rollover => {
            let rollover = channel.rollover.unwrap_or(f64::INFINITY);
            let shift = rollover - held;
            for reading in &mut readings {
                reading.value = (reading.value + shift).rem_euclid(rollover);
            }
        }
        Sort::Spike => {
            if let Some(reading) = readings.get_mut(first) {
                reading.value += height;
            }
        }
        Sort::Stuck | Sort::Step | Sort::Drift | Sort::UnitSlip => {
            for reading in readings.get_mut(first..last).unwrap_or_default() {
                let days = real(reading.at.since(from)) / real(DAY_MS);
                reading.value = match sort {
                    Sort::Stuck => held,
                    Sort::Step => reading.value * (1.0 + step),
                    Sort::Drift => reading.value * (1.0 + drift * (days / 3.0).min(1.0)),
                    _ => reading.value * factor,
                };
            }
        }
    }
    Fault {
        sort,
        channel: place,
        from,
        to,
        readings,
    }
}
