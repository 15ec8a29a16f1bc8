//! Alarm figures (报警系统性能指标) of a period, as ANSI/ISA-18.2-2016, clause 16, and IEC 62682 count them.
//!
//! * **Alarms** are annunciations within the period, from its beginning up to, not including, its end. What stood before is not
//!   counted again, but stands, and may be stale.
//! * **Average rate**: alarms for each operator and ten minutes, over the whole period, quiet hours included.
//! * **Peak**: the most alarms in one of the clock's ten minutes, of one operator; and the share of all such intervals, of all
//!   operators, with more than ten. The first and the last may be cut by the period's ends. By the clock, so that the same
//!   alarms give the same peak whenever somebody looks.
//! * **In flood**: the share of operators' time from declared to over ([`flood`](super::flood)). What came before the period
//!   counts for where it begins, if it was given.
//! * **Chattering**, **fleeting**, **stale**: [`chatter`](super::chatter). Stale is the most at one moment, and how many
//!   alarms were stale at some time.
//! * **Most frequent**: the ten alarms with the most annunciations, and their share of all.
//! * **Standing**: how many stand at the end, and the most at one moment.
//! * **Priorities**: annunciations by priority.
//!
//! The order in which occurrences are given does not matter. Shares and rates are exact; whoever shows them rounds.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::chatter::ChatterSettings;
use super::flood::{Flood, FloodSettings, floods};
use super::identity::{AlarmId, Operator};
use super::occurrence::Occurrence;
use super::priority::Priority;
use super::ratio::Ratio;
use crate::domain::time::Instant;

/// How many alarms are named as the most frequent.
const MOST_FREQUENT: usize = 10;

/// Ten minutes, in which rates are counted.
pub const INTERVAL_MS: i64 = 600_000;

/// Of which time and of whom figures are made, and by which settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The period's beginning.
    pub from: Instant,
    /// Its end, not included; for one that is not over, now.
    pub to: Instant,
    /// All operators, also those to whom nothing was annunciated; those of occurrences are added.
    pub operators: BTreeSet<Operator>,
    /// What is a flood.
    pub flood: FloodSettings,
    /// What chatters, is fleeting, is stale.
    pub chatter: ChatterSettings,
}

/// The interval with the most alarms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peak {
    /// How many.
    pub alarms: u64,
    /// When it began; the first of equals.
    pub from: Instant,
    /// Of which operator.
    pub operator: Operator,
}

/// An alarm with how often it was annunciated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frequent {
    /// Which.
    pub alarm: AlarmId,
    /// How often.
    pub times: u64,
    /// Its share of all annunciations.
    pub share: Ratio,
}

/// How many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AtOnce {
    /// At the period's end.
    pub at_end: u64,
    /// The most at one moment of the period.
    pub most: u64,
    /// When that was first so; the period's beginning where there was none.
    pub most_at: Option<Instant>,
}

/// Annunciations by priority, and their shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfPriority {
    /// Which.
    pub priority: Priority,
    /// Its share of all annunciations.
    pub share: Ratio,
}

/// Alarm figures of a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// The period's beginning.
    pub from: Instant,
    /// Its end.
    pub to: Instant,
    /// How many operators.
    pub operators: u64,
    /// How many alarms were annunciated.
    pub alarms: u64,
    /// Alarms for each operator and ten minutes.
    pub average: Ratio,
    /// The interval with the most.
    pub peak: Option<Peak>,
    /// Intervals of all operators with more alarms than a flood begins with.
    pub over_peak: Ratio,
    /// Floods that touch the period, in the order of their operators and times.
    pub floods: Vec<(Operator, Flood)>,
    /// Share of operators' time in flood.
    pub in_flood: Ratio,
    /// The most frequent alarms, the most frequent first.
    pub most_frequent: Vec<Frequent>,
    /// Their share together.
    pub most_frequent_share: Ratio,
    /// Alarms that chattered, in the order of their ids.
    pub chattering: Vec<AlarmId>,
    /// Annunciations that belong to chattering.
    pub chatter_share: Ratio,
    /// Annunciations that were fleeting.
    pub fleeting: Ratio,
    /// Alarms that were stale at some time, in the order of their ids.
    pub stale: Vec<AlarmId>,
    /// How many were stale at once.
    pub stale_at_once: AtOnce,
    /// How many stood at once.
    pub standing: AtOnce,
    /// By priority, the most urgent first.
    pub priorities: [OfPriority; 4],
    /// Annunciations of the period that were acknowledged.
    pub acknowledged: Ratio,
    /// Their time to acknowledgement in all, in milliseconds: the part of a mean whose whole is their number.
    pub time_to_acknowledge_ms: Ratio,
}

impl Figures {
    /// Alarms that chattered or were stale and are not named as the most frequent.
    pub fn other_nuisances(&self) -> BTreeSet<AlarmId> {
        let mut others: BTreeSet<AlarmId> = self.chattering.iter().chain(&self.stale).copied().collect();
        for frequent in &self.most_frequent {
            others.remove(&frequent.alarm);
        }
        others
    }
}

/// Counts the figures of a period. Costs n log n in the number of occurrences, and no more for a longer period.
pub fn figures(occurrences: &[Occurrence], scope: &Scope) -> Figures {
    let mut all: Vec<Occurrence> = occurrences.to_vec();
    all.sort_unstable();
    let (from, to) = (scope.from, scope.to.max(scope.from));
    let mut operators = scope.operators.clone();
    operators.extend(all.iter().map(|one| one.operator));
    let within: Vec<Occurrence> = all
        .iter()
        .filter(|one| from <= one.raised && one.raised < to)
        .copied()
        .collect();
    let alarms = number(within.len());
    let share = |part: usize| Ratio::new(number(part), alarms);

    let rates = rates(&within, from, to, &operators, scope.flood);
    let (floods, in_flood) = in_flood(&all, from, to, &operators, scope.flood);
    let most_frequent = most_frequent(&within);
    let most_frequent_times: u64 = most_frequent.iter().map(|one| one.times).sum();
    let nuisance = nuisance(&all, from, to, &scope.chatter);
    let stale_from = |one: &Occurrence| scope.chatter.stale_after(one.raised).plus(1);
    let stale: BTreeSet<AlarmId> = all
        .iter()
        .filter(|one| span(stale_from(one), one.ended, from, to).is_some())
        .map(|one| one.alarm)
        .collect();
    let waits = within
        .iter()
        .filter_map(|one| one.acknowledged.map(|at| milliseconds(at.since(one.raised))));
    let acknowledged = waits.clone().count();

    Figures {
        from,
        to,
        operators: number(operators.len()),
        alarms,
        average: rates.average,
        peak: rates.peak,
        over_peak: rates.over_peak,
        floods,
        in_flood,
        most_frequent,
        most_frequent_share: Ratio::new(most_frequent_times, alarms),
        chattering: nuisance.chattering.into_iter().collect(),
        chatter_share: share(nuisance.chatter),
        fleeting: share(nuisance.fleeting),
        stale: stale.into_iter().collect(),
        stale_at_once: at_once(&all, stale_from, from, to),
        standing: at_once(&all, |one| one.raised, from, to),
        priorities: Priority::ALL.map(|priority| OfPriority {
            priority,
            share: share(within.iter().filter(|one| one.priority == priority).count()),
        }),
        acknowledged: share(acknowledged),
        time_to_acknowledge_ms: Ratio::new(waits.fold(0, u64::saturating_add), number(acknowledged)),
    }
}

struct Rates {
    average: Ratio,
    peak: Option<Peak>,
    over_peak: Ratio,
}

/// Alarms of the period by operator and interval.
fn rates(
    within: &[Occurrence],
    from: Instant,
    to: Instant,
    operators: &BTreeSet<Operator>,
    settings: FloodSettings,
) -> Rates {
    let length = to.since(from);
    let many = number(operators.len());
    let mut counts: BTreeMap<(Operator, i64), u64> = BTreeMap::new();
    for one in within {
        let interval = one.raised.0.div_euclid(INTERVAL_MS);
        *counts.entry((one.operator, interval)).or_default() += 1;
    }
    let over = counts.values().filter(|&&alarms| alarms > settings.above()).count();
    // Of equals the earliest, and of those at one time that of the first operator.
    let peak = counts
        .iter()
        .max_by_key(|((operator, interval), alarms)| (**alarms, -interval, std::cmp::Reverse(*operator)))
        .map(|(&(operator, interval), &alarms)| Peak {
            alarms,
            from: Instant(interval.saturating_mul(INTERVAL_MS)).max(from),
            operator,
        });
    let ten_minutes = milliseconds(INTERVAL_MS);
    let before_end = to.0.saturating_sub(1).div_euclid(INTERVAL_MS);
    let intervals = before_end - from.0.div_euclid(INTERVAL_MS) + 1;
    let intervals = if length > 0 { milliseconds(intervals) } else { 0 };
    Rates {
        average: Ratio::new(
            number(within.len()).saturating_mul(ten_minutes),
            milliseconds(length).saturating_mul(many),
        ),
        peak,
        over_peak: Ratio::new(number(over), intervals.saturating_mul(many)),
    }
}

/// Floods that touch the period, and the share of operators' time in them.
fn in_flood(
    all: &[Occurrence],
    from: Instant,
    to: Instant,
    operators: &BTreeSet<Operator>,
    settings: FloodSettings,
) -> (Vec<(Operator, Flood)>, Ratio) {
    let mut by_operator: BTreeMap<Operator, Vec<Instant>> = BTreeMap::new();
    for one in all.iter().filter(|one| one.raised < to) {
        by_operator.entry(one.operator).or_default().push(one.raised);
    }
    let mut found = Vec::new();
    let mut time: u64 = 0;
    for (operator, raised) in by_operator {
        for flood in floods(raised, to, settings) {
            let length = flood.time_within(from, to);
            if length > 0 || (from <= flood.declared && flood.declared < to) {
                time = time.saturating_add(milliseconds(length));
                found.push((operator, flood));
            }
        }
    }
    let whole = milliseconds(to.since(from)).saturating_mul(number(operators.len()));
    (found, Ratio::new(time, whole))
}

fn most_frequent(within: &[Occurrence]) -> Vec<Frequent> {
    let mut times: BTreeMap<AlarmId, u64> = BTreeMap::new();
    for one in within {
        *times.entry(one.alarm).or_default() += 1;
    }
    let mut sorted: Vec<(AlarmId, u64)> = times.into_iter().collect();
    sorted.sort_by_key(|&(alarm, times)| (std::cmp::Reverse(times), alarm));
    sorted.truncate(MOST_FREQUENT);
    let alarms = number(within.len());
    let frequent = |(alarm, times)| Frequent {
        alarm,
        times,
        share: Ratio::new(times, alarms),
    };
    sorted.into_iter().map(frequent).collect()
}

#[derive(Default)]
struct Nuisance {
    chattering: BTreeSet<AlarmId>,
    chatter: usize,
    fleeting: usize,
}

/// Chattering and fleeting annunciations of the period; those before and after it are looked at as neighbours.
fn nuisance(all: &[Occurrence], from: Instant, to: Instant, settings: &ChatterSettings) -> Nuisance {
    let mut by_alarm: BTreeMap<(AlarmId, Operator), Vec<&Occurrence>> = BTreeMap::new();
    for one in all {
        by_alarm.entry((one.alarm, one.operator)).or_default().push(one);
    }
    let mut found = Nuisance::default();
    for ((alarm, _), list) in by_alarm {
        let raised: Vec<Instant> = list.iter().map(|one| one.raised).collect();
        let chatters = settings.chattering(&raised);
        for (place, (one, chatters)) in list.iter().zip(chatters).enumerate() {
            if one.raised < from || to <= one.raised {
                continue;
            }
            if chatters {
                found.chattering.insert(alarm);
                found.chatter += 1;
            }
            let before = place.checked_sub(1).and_then(|before| raised.get(before));
            if settings.is_fleeting(one, before.copied(), raised.get(place + 1).copied()) {
                found.fleeting += 1;
            }
        }
    }
    found
}

/// The part of a time, from an instant up to an end, that lies in the period; none where nothing of it does.
fn span(begin: Instant, ended: Option<Instant>, from: Instant, to: Instant) -> Option<(Instant, Instant)> {
    let begin = begin.max(from);
    let end = ended.map_or(to, |ended| ended.min(to));
    (begin < end).then_some((begin, end))
}

/// How many alarms are so at once, each from an instant of its own until it ends. An alarm that is annunciated to several
/// operators, or again before it has ended, is one.
fn at_once(all: &[Occurrence], begins: impl Fn(&Occurrence) -> Instant, from: Instant, to: Instant) -> AtOnce {
    let mut changes: Vec<(Instant, i8, AlarmId)> = Vec::new();
    for one in all {
        if let Some((begin, end)) = span(begins(one), one.ended, from, to) {
            changes.push((begin, 1, one.alarm));
            changes.push((end, -1, one.alarm));
        }
    }
    // What ends at an instant has gone before another begins.
    changes.sort_unstable();
    let mut open: BTreeMap<AlarmId, u32> = BTreeMap::new();
    let mut found = AtOnce::default();
    for (at, change, alarm) in changes {
        if change < 0 && at == to {
            // It stood up to the end: what is left open is what stands there.
            continue;
        }
        let times = open.entry(alarm).or_default();
        if change < 0 {
            *times = times.saturating_sub(1);
            if *times == 0 {
                open.remove(&alarm);
            }
        } else {
            *times = times.saturating_add(1);
        }
        if number(open.len()) > found.most {
            found.most = number(open.len());
            found.most_at = Some(at);
        }
    }
    found.at_end = number(open.len());
    found
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn milliseconds(length: i64) -> u64 {
    u64::try_from(length).unwrap_or(0)
}
