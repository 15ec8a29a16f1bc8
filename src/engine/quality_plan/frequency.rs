//! How often values came, held against how often the plans of a month asked for them (监测频次): each plan for its own part of the
//! month, in the way in which it asked.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::model::Parameter;
use crate::domain::reading::{ParameterKind, Slot, Verdict};
use crate::domain::time::{DAY_MS, HOUR_MS, Instant};
use crate::engine::availability::Availability;
use crate::engine::history::History;
use crate::engine::{Broken, Engine};
use crate::management::evidence::Frequency;

use super::arrived::Stretch;
use super::asked::{AskedAlike, Plans, asks_as_often};
use super::late_ms_of;

/// The shortest interval of which every value is looked for: what a month has of them is read for it. Of what comes more often
/// whole hours are looked at; one of them is valid with three quarters of it.
const LEAST_COUNTED_MS: i64 = 5 * 60_000;

/// How far from an interval a value may be made and still be the one of it, where its own has others.
#[derive(Debug, Clone, Copy)]
struct Jitter {
    /// How long before it begins.
    before_ms: i64,
    /// How long after it ended.
    after_ms: i64,
    /// How many values its own may have at most: where values come more often than planned none stands in for others.
    most: u32,
}

/// Rounds and tests are not made to the minute.
const OF_PEOPLE: Jitter = Jitter {
    before_ms: HOUR_MS,
    after_ms: HOUR_MS,
    most: u32::MAX,
};

/// Machines poll by the clock, which drifts by seconds.
const OF_MACHINES: Jitter = Jitter {
    before_ms: 60_000,
    after_ms: 0,
    most: 2,
};

/// How many intervals one value may cover and still be the value of one: a sample is rarely taken to the minute.
const MOST_COVERED: i64 = 2;

/// Of when a value is: of what covers a stretch the middle, since it begins and ends where others do.
pub(super) fn middle(slot: Slot) -> Instant {
    slot.at.plus(slot.end().since(slot.at) / 2)
}

/// The intervals that end in a stretch, one after the other, in each of which a value is to come.
#[derive(Debug, Clone, Copy)]
struct Intervals {
    /// When the first begins.
    from: Instant,
    each_ms: i64,
    /// How many they are.
    count: i64,
    jitter: Jitter,
}

impl Intervals {
    /// Those that end between two instants, counted from when the first of all began; none where there is none. What a month
    /// does not hold whole is asked for in the month in which it ends.
    fn of(parameter: &Parameter, (from, to): (Instant, Instant), first: Instant) -> Option<Self> {
        let each_ms = parameter.interval_ms;
        let before = from.since(first).max(0).checked_div(each_ms)?;
        let from = first.plus(before.checked_mul(each_ms)?);
        let count = to.since(from).checked_div(each_ms).filter(|count| *count > 0)?;
        let is_by_machine = parameter.origins.iter().any(|origin| origin.is_by_machine());
        let is_by_clock = is_by_machine && parameter.kind != ParameterKind::Property;
        let jitter = if is_by_clock { OF_MACHINES } else { OF_PEOPLE };
        Some(Self {
            from,
            each_ms,
            count,
            jitter: Jitter {
                before_ms: jitter.before_ms.min(each_ms / 2),
                after_ms: jitter.after_ms.min(each_ms / 2),
                ..jitter
            },
        })
    }

    /// From when to when values are looked at: beside an edge, whether the interval behind it can spare one.
    fn reach(&self) -> (Instant, Instant) {
        let end = self.from.plus(self.count.saturating_mul(self.each_ms));
        (self.from.plus(-self.each_ms), end.plus(self.each_ms))
    }

    /// The places of those in which a value came. Each counts in its own; where that has more than one, one of them that lies
    /// beside an edge counts in the interval behind it, if that has none. None counts twice.
    fn filled(&self, mut values: Vec<Instant>) -> BTreeSet<i64> {
        values.sort_unstable();
        let places: Vec<(i64, i64)> = values
            .into_iter()
            .filter_map(|at| {
                let offset = at.since(self.from);
                Some((
                    offset.checked_div_euclid(self.each_ms)?,
                    offset.checked_rem_euclid(self.each_ms)?,
                ))
            })
            .collect();
        let mut own: BTreeMap<i64, u32> = BTreeMap::new();
        for (place, _) in &places {
            *own.entry(*place).or_default() += 1;
        }
        let is_asked = |place: &i64| (0..self.count).contains(place);
        let mut filled: BTreeSet<i64> = own.keys().copied().filter(is_asked).collect();
        for (place, passed) in places {
            let spare = own.entry(place).or_default();
            if !(2..=self.jitter.most).contains(spare) {
                continue;
            }
            let is_of_before = passed < self.jitter.after_ms;
            let is_of_after = self.each_ms - passed <= self.jitter.before_ms;
            let before = is_of_before.then_some(place - 1);
            let after = is_of_after.then_some(place + 1);
            let beside = [before, after].into_iter().flatten();
            let mut empty = beside.filter(|beside| is_asked(beside) && !filled.contains(beside));
            if let Some(place) = empty.next() {
                filled.insert(place);
                *spare -= 1;
            }
        }
        filled
    }
}

impl Engine {
    /// How often a value was to come over a stretch in which plans ask for it as often, and how often one did; none where
    /// nothing was to come. Of a state nobody counts how often it came.
    ///
    /// Costs the readings of the stretch, and nothing of what is looked at by whole hours, of which it is told.
    pub(super) fn frequency(
        &self,
        history: &dyn History,
        plans: &Plans<'_>,
        alike: &AskedAlike<'_>,
        hours: Option<&Availability>,
        (month, now): (&Stretch, Instant),
    ) -> Result<Option<Frequency>, Broken> {
        let parameter = alike.parameter;
        let is_quantity = parameter.kind.is_quantity();
        let (expected, valid, awaited) = if parameter.kind == ParameterKind::State {
            (0, 0, 0)
        } else if parameter.calendar.is_some() {
            let since = self.asked_since((parameter, asks_as_often), plans.first_reading, alike.to);
            let stretch = Stretch {
                from: alike.from,
                to: alike.to,
                // What a plan asked for by the month was not due yet when another took its place.
                is_over: month.is_over && alike.to == month.to,
                ..*month
            };
            let came = self.of_calendar(history, parameter, since, &stretch)?;
            let may_come = now.since(alike.to) <= late_ms_of(parameter);
            came.map_or((0, 0, 0), |came| (1, u32::from(came), u32::from(!came && may_come)))
        } else if is_quantity && parameter.interval_ms < LEAST_COUNTED_MS {
            hours.map_or((0, 0, 0), |hours| (hours.expected, hours.valid, 0))
        } else {
            let (expected, valid, awaited) = self.by_intervals(history, plans, alike, now)?;
            // Of what is delivered what may still come is not expected, unless it came; of tests it is told.
            let left = if is_quantity { awaited } else { 0 };
            (expected - left, valid, awaited - left)
        };
        Ok((expected > 0).then_some(Frequency {
            from: alike.from,
            to: alike.to,
            expected,
            valid,
            awaited,
        }))
    }

    /// How many intervals end in a stretch, in how many of them a value came, and in how many of the others one may still come.
    fn by_intervals(
        &self,
        history: &dyn History,
        plans: &Plans<'_>,
        alike: &AskedAlike<'_>,
        now: Instant,
    ) -> Result<(u32, u32, u32), Broken> {
        let parameter = alike.parameter;
        let since = self.asked_since((parameter, asks_as_often), plans.first_reading, alike.to);
        let intervals = since.and_then(|since| {
            let first = self.first_interval(parameter.interval_ms, since);
            Intervals::of(parameter, (alike.from, alike.to), first)
        });
        let Some(intervals) = intervals else {
            return Ok((0, 0, 0));
        };
        let filled = intervals.filled(self.counting_times(history, parameter, &intervals)?);
        let ripe = now.plus(-late_ms_of(parameter)).since(intervals.from);
        let ripe = ripe.div_euclid(intervals.each_ms).clamp(0, intervals.count);
        let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
        let unripe = intervals.count - ripe;
        let unripe_filled = i64::try_from(filled.range(ripe..).count()).unwrap_or(i64::MAX);
        Ok((
            count(intervals.count),
            u32::try_from(filled.len()).unwrap_or(u32::MAX),
            count(unripe.saturating_sub(unripe_filled)),
        ))
    }

    /// When the first interval begins of those that a plan asks for from an instant on: whole days begin with a day, and what
    /// comes more often is counted from the day's beginning.
    fn first_interval(&self, each_ms: i64, since: Instant) -> Instant {
        let (day, _) = self.zone.date_and_minute(since);
        let midnight = self.zone.day_start(day, 0);
        let step = each_ms.clamp(1, DAY_MS);
        let passed = since.since(midnight).max(0);
        let steps = passed / step + i64::from(passed % step > 0);
        midnight.plus(steps * step)
    }

    /// Of when the values are that count in intervals. What covers far more than one of them, such as the composite sample of a
    /// month, is no value of any one.
    fn counting_times(
        &self,
        history: &dyn History,
        parameter: &Parameter,
        intervals: &Intervals,
    ) -> Result<Vec<Instant>, Broken> {
        let mut values = Vec::new();
        let reach = intervals.reach();
        self.each_top(history, parameter.id, reach, &mut |version| {
            let is_one = version.slot.end().since(version.slot.at) <= intervals.each_ms.saturating_mul(MOST_COVERED);
            let at = middle(version.slot);
            if version.verdict == Verdict::Counts && is_one && (reach.0..reach.1).contains(&at) {
                values.push(at);
            }
            true
        })?;
        Ok(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Days from the beginning of the first, of which values come at some minutes.
    fn days(count: i64, jitter: Jitter, minutes: &[i64]) -> Vec<i64> {
        let intervals = Intervals {
            from: Instant(0),
            each_ms: DAY_MS,
            count,
            jitter,
        };
        let values = minutes.iter().map(|minute| Instant(minute * 60_000)).collect();
        intervals.filled(values).into_iter().collect()
    }

    #[test]
    fn a_value_counts_in_its_own_interval_first_and_in_none_twice() {
        const DAY: i64 = 1440;
        // Each day at 00:30, the third without: the fourth day's does not stand in for it.
        assert_eq!(
            days(5, OF_PEOPLE, &[30, DAY + 30, 3 * DAY + 30, 4 * DAY + 30]),
            [0, 1, 3, 4]
        );
        // Nor does the day behind the last give its only one; a second one it can spare.
        assert_eq!(days(2, OF_PEOPLE, &[30, 2 * DAY + 30]), [0]);
        assert_eq!(days(2, OF_PEOPLE, &[30, 2 * DAY + 30, 2 * DAY + 600]), [0, 1]);
        // What was made just before midnight for the day that begins.
        assert_eq!(days(3, OF_PEOPLE, &[10, DAY - 5, 2 * DAY + 10]), [0, 1, 2]);
        assert_eq!(days(3, OF_PEOPLE, &[10, DAY - 61, 2 * DAY + 10]), [0, 2]);
        // Two in one day do not move all others on.
        assert_eq!(
            days(4, OF_PEOPLE, &[30, DAY + 30, 3 * DAY + 30, 3 * DAY + 700]),
            [0, 1, 2, 3]
        );
        assert_eq!(
            days(4, OF_PEOPLE, &[30, 2 * DAY + 30, 3 * DAY + 30, 3 * DAY + 700]),
            [0, 2, 3]
        );
    }

    #[test]
    fn what_is_polled_a_minute_early_is_of_the_interval_that_begins() {
        const DAY: i64 = 1440;
        let polled = [0, DAY - 1, 2 * DAY, 3 * DAY - 1, 4 * DAY];
        assert_eq!(days(5, OF_MACHINES, &polled), [0, 1, 2, 3, 4]);
        assert_eq!(days(5, OF_MACHINES, &polled[..4]), [0, 1, 2, 3]);
        // A minute late is late, and what came more often than that stands in for nothing that did not come.
        assert_eq!(days(3, OF_MACHINES, &[0, 2 * DAY, 2 * DAY + 1]), [0, 2]);
        assert_eq!(days(3, OF_MACHINES, &[0, DAY / 2, DAY - 1, 2 * DAY]), [0, 2]);
    }
}
