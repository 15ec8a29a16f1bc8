//! Judges a file: its flags, in the order of the file.

use std::collections::HashSet;
use std::sync::Arc;

use super::came;
use super::columns::{Columns, Order, bits};
use super::flags::{ChannelFlags, put, put_where};
use super::rules::RulesFile;
use crate::domain::time::Instant;
use crate::quality::arrival::{Arrival, USUAL_AHEAD_MS};
use crate::quality::calibration::ran_out;
use crate::quality::finding::Finding;
use crate::quality::judge::{Judge, Output, Reading, Settled};
use crate::quality::together::Together;
use crate::quality::{Check, Flag, Flags, Rule};

/// Rows in the order of time: those of one stamp together.
fn by_time(columns: &Columns) -> Order {
    let mut order = Order::new();
    for (row, stamp) in columns.stamps.iter().enumerate() {
        if let Some(stamp) = stamp {
            order.entry(*stamp).or_default().push(row);
        }
    }
    order
}

/// The channels so that each comes after the one that tells its load.
fn by_load(rules: &RulesFile) -> Vec<usize> {
    let count = rules.channels.len();
    let load_of = |channel: usize| rules.channels.get(channel).and_then(|settings| settings.load);
    let mut order: Vec<usize> = (0..count).collect();
    // Channels that tell each other's load are all as deep as can be.
    order.sort_by_key(|&channel| {
        std::iter::successors(load_of(channel), |&load| load_of(load))
            .take(count)
            .count()
    });
    order
}

/// The last load that was not bad, as long as it is not too old.
fn load_at(rules: &RulesFile, channel: usize, loads: &[Option<(Instant, f64)>], at: Instant) -> f64 {
    let told = || {
        let place = rules.channels.get(channel)?.load?;
        let settings = rules.channels.get(place)?;
        let (since, load) = (*loads.get(place)?)?;
        let longest_ms = match settings.rules.gap {
            Some(gap) => gap.longest_ms(),
            None if settings.interval_ms > 0 => settings.interval_ms.saturating_mul(3),
            None => i64::MAX,
        };
        (at.since(since) <= longest_ms).then_some(load)
    };
    told().unwrap_or(f64::NAN)
}

/// Judges a file.
pub(super) fn judge(rules: &RulesFile, columns: &Columns) -> Vec<ChannelFlags> {
    let order = by_time(columns);
    let count = columns.lines.len();
    let mut all: Vec<ChannelFlags> = rules
        .channels
        .iter()
        .map(|_| ChannelFlags {
            flags: vec![Flags::NONE; count],
            arrivals: vec![Arrival::IN_ORDER; count],
            ..ChannelFlags::default()
        })
        .collect();
    let mut judges: Vec<Judge> = rules
        .channels
        .iter()
        .map(|channel| Judge::new(Arc::new(channel.rules.clone())))
        .collect();
    let mut together: Vec<Together> = rules
        .together
        .iter()
        .map(|settings| Together::new(settings.clone()).in_zone(rules.zone))
        .collect();
    let mut loads = vec![None; rules.channels.len()];
    let by_load = by_load(rules);
    let mut output = Output::default();
    for (&at, rows) in &order {
        let of_stamp: Vec<Stamp> = (0..rules.channels.len())
            .map(|channel| Stamp::of(columns, channel, rows))
            .collect();
        for &channel in &by_load {
            let (Some(judge), Some(stamp)) = (judges.get_mut(channel), of_stamp.get(channel)) else {
                continue;
            };
            let reading = Reading {
                at,
                value: stamp.value(),
                load: load_at(rules, channel, &loads, at),
            };
            let flags = match *stamp {
                Stamp::Contested(low, high) => judge.contested(at, low, high, &mut output),
                Stamp::Value(_) | Stamp::Nothing => judge.judge(&reading, &mut output),
            };
            if let (Stamp::Value(value), Some(load)) = (*stamp, loads.get_mut(channel))
                && flags.together() != Flag::Bad
            {
                *load = Some((at, value));
            }
            let Some(told) = all.get_mut(channel) else { continue };
            mark_arrivals(told, columns, channel, rows);
            for &row in rows {
                // A second delivery without a value says nothing of the first.
                let value = columns.value(channel, row);
                let of_row = if value.is_nan() && !matches!(stamp, Stamp::Nothing) {
                    all_missing(flags)
                } else if value.is_finite() && matches!(stamp, Stamp::Contested(..)) {
                    // What is infinite is the other one.
                    flags.with(Check::Range, Flag::Unknown)
                } else {
                    flags
                };
                if let Some(place) = told.flags.get_mut(row) {
                    *place = of_row;
                    if of_row.of(Check::Stamp) != Some(Flag::Missing) {
                        ask(&together, channel, place);
                    }
                }
            }
            settle(told, (columns, channel), &order, at, &mut output);
            let signal = if matches!(stamp, Stamp::Value(_)) {
                judge.signal()
            } else {
                f64::NAN
            };
            if !signal.is_nan() {
                for check in &mut together {
                    if let Some(found) = check.take(channel, at, signal) {
                        across(check, found, &mut all, &order);
                    }
                }
            }
        }
    }
    if let Some((&last, _)) = order.last_key_value() {
        for (channel, (judge, told)) in judges.iter_mut().zip(&mut all).enumerate() {
            judge.finish(&mut output);
            settle(told, (columns, channel), &order, last, &mut output);
        }
    }
    for check in &mut together {
        if let Some(found) = check.finish() {
            across(check, found, &mut all, &order);
        }
    }
    for ((place, channel), told) in rules.channels.iter().enumerate().zip(&mut all) {
        came::judge(channel, (columns, place), &order, told);
        if let Some(expired) = channel.expired {
            out_of_calibration(expired, (columns, place), &order, told);
        }
    }
    backwards(columns, &mut all);
    all
}

/// What a meter read when its calibration had run out: all of it is one thing, told with the days that it lasted.
fn out_of_calibration(expired: Instant, (columns, channel): (&Columns, usize), order: &Order, told: &mut ChannelFlags) {
    let mut read: Option<(Instant, Instant)> = None;
    for (&at, rows) in order {
        for &row in rows.iter().filter(|row| !columns.value(channel, **row).is_nan()) {
            let flag = if at < expired { Flag::Good } else { Flag::Suspect };
            if let Some(flags) = told.flags.get_mut(row) {
                flags.set(Check::Calibration, flag);
            }
            if flag == Flag::Suspect {
                read = Some((read.map_or(at, |(first, _)| first), at));
            }
        }
    }
    if let Some((first, last)) = read {
        put(told, order, ran_out(expired, (first, last)));
    }
}

/// Marks what is stamped ahead of the clock by more than clocks differ.
pub(super) fn mark_future(columns: &Columns, all: &mut [ChannelFlags], now: Instant) {
    let ahead = now.plus(USUAL_AHEAD_MS);
    let is_ahead = |stamp: &Option<Instant>| stamp.is_some_and(|stamp| stamp > ahead);
    let rows = columns.stamps.iter().enumerate().filter(|(_, stamp)| is_ahead(stamp));
    for (row, _) in rows {
        for told in all.iter_mut() {
            if let Some(arrival) = told.arrivals.get_mut(row) {
                *arrival = arrival.and(Arrival::FUTURE);
            }
        }
    }
}

/// The checks over several channels have yet to say something of a row.
fn ask(together: &[Together], channel: usize, flags: &mut Flags) {
    for check in together {
        if check.members().any(|member| member == channel) {
            flags.set(check.check(), Flag::Unknown);
        }
    }
}

/// Puts what a judge said up to a stamp beside the rows of which it speaks.
fn settle(
    told: &mut ChannelFlags,
    (columns, channel): (&Columns, usize),
    order: &Order,
    at: Instant,
    output: &mut Output,
) {
    for settled in output.settled.drain(..) {
        for (_, rows) in order.range(settled.from..=settled.to.min(at)) {
            for &row in rows {
                if let Some(flags) = told.flags.get_mut(row) {
                    flags.settle(settled.check, settled.flag);
                }
            }
        }
    }
    for finding in output.findings.drain(..) {
        // Of several values for one stamp it speaks of the infinite ones alone.
        let is_of = |row: usize| finding.rule != Rule::NotFinite || columns.value(channel, row).is_infinite();
        put_where(told, order, finding, is_of);
    }
}

/// The value of a channel at a stamp.
#[derive(Debug, Clone, Copy)]
enum Stamp {
    Nothing,
    Value(f64),
    Contested(f64, f64),
}

impl Stamp {
    fn of(columns: &Columns, channel: usize, rows: &[usize]) -> Self {
        let values = rows.iter().map(|&row| columns.value(channel, row));
        values
            .filter(|value| !value.is_nan())
            .fold(Self::Nothing, |stamp, value| match stamp {
                Self::Nothing => Self::Value(value),
                Self::Value(other) if bits(other) == bits(value) => stamp,
                Self::Value(other) => Self::Contested(other.min(value), other.max(value)),
                Self::Contested(low, high) => Self::Contested(low.min(value), high.max(value)),
            })
    }

    const fn value(self) -> f64 {
        match self {
            Self::Value(value) => value,
            Self::Nothing | Self::Contested(..) => f64::NAN,
        }
    }
}

fn all_missing(flags: Flags) -> Flags {
    flags
        .iter()
        .fold(Flags::NONE, |all, (check, _)| all.with(check, Flag::Missing))
}

/// Marks what came twice.
fn mark_arrivals(told: &mut ChannelFlags, columns: &Columns, channel: usize, rows: &[usize]) {
    if rows.len() < 2 {
        return;
    }
    let mut known = HashSet::new();
    for &row in rows {
        let value = columns.value(channel, row);
        // That there is no value twice is nothing that came twice.
        if !value.is_nan()
            && !known.insert(bits(value))
            && let Some(arrival) = told.arrivals.get_mut(row)
        {
            *arrival = arrival.and(Arrival::DUPLICATE);
        }
    }
}

/// Gives the verdict of a check over several channels to all of them.
fn across(check: &Together, (settled, finding): (Settled, Option<Finding>), all: &mut [ChannelFlags], order: &Order) {
    for member in check.members() {
        let Some(told) = all.get_mut(member) else { continue };
        for (_, rows) in order.range(settled.from..=settled.to) {
            for &row in rows {
                let Some(flags) = told.flags.get_mut(row) else { continue };
                if flags.of(Check::Stamp) == Some(Flag::Missing) {
                    continue;
                }
                // Of several balances the worst is told.
                if flags.of(settled.check).is_none_or(|standing| standing < settled.flag) {
                    flags.set(settled.check, settled.flag);
                }
            }
        }
        if let Some(finding) = finding {
            put(told, order, finding);
        }
    }
}

/// Marks rows whose stamp is before one that came before.
fn backwards(columns: &Columns, all: &mut [ChannelFlags]) {
    let mut newest = None;
    for (row, stamp) in columns.stamps.iter().enumerate() {
        let Some(stamp) = *stamp else { continue };
        if newest.is_some_and(|newest| stamp < newest) {
            for arrival in all.iter_mut().filter_map(|told| told.arrivals.get_mut(row)) {
                *arrival = arrival.and(Arrival::BACKWARDS);
            }
        }
        newest = newest.max(Some(stamp));
    }
}

/// Judges a file by the conventions of QARTOD: as it stands, without the rows that have no stamp.
pub(super) fn judge_as_qartod(rules: &RulesFile, columns: &Columns) -> Vec<ChannelFlags> {
    let usable: Vec<usize> = (0..columns.lines.len())
        .filter(|&row| columns.stamps.get(row).is_some_and(Option::is_some))
        .collect();
    let stamps: Vec<Instant> = columns.stamps.iter().flatten().copied().collect();
    rules
        .channels
        .iter()
        .enumerate()
        .map(|(channel, settings)| {
            let values: Vec<f64> = usable.iter().map(|&row| columns.value(channel, row)).collect();
            let mut told = ChannelFlags {
                flags: vec![Flags::NONE; columns.lines.len()],
                arrivals: vec![Arrival::IN_ORDER; columns.lines.len()],
                ..ChannelFlags::default()
            };
            for (&row, flags) in usable.iter().zip(settings.qartod.flags(&stamps, &values)) {
                if let Some(place) = told.flags.get_mut(row) {
                    *place = flags;
                }
            }
            told
        })
        .collect()
}
