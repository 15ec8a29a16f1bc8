//! What came of a parameter in a month, and whether what did not come lacks.

use crate::domain::identity::ParameterId;
use crate::domain::model::Parameter;
use crate::domain::period::Period;
use crate::domain::reading::{ParameterKind, Slot, Verdict};
use crate::domain::time::{DAY_MS, HOUR_MS, Hour, Instant, Month};
use crate::engine::history::History;
use crate::engine::readings::Side;
use crate::engine::{Broken, Engine};
use crate::management::evidence::Arrived;

use super::asked::{Plans, asks_as_often};

/// The most tests of a month that are counted: more than one an hour is no test.
const MOST_TESTS: u32 = 750;

/// How far from its interval a test may be made and still be its own: rounds are not made to the minute.
const JITTER_MS: i64 = HOUR_MS;

/// How many intervals one value may cover and still be the value of one: a sample is rarely taken to the minute.
const MOST_COVERED: i64 = 2;

/// Of when a test is: of what covers a stretch the middle, since it begins and ends where others do.
fn middle(slot: Slot) -> Instant {
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
}

impl Intervals {
    /// Those that end between two instants, counted from when the first of all began; none where there is none. What a month
    /// does not hold whole is asked for in the month in which it ends.
    fn of(each_ms: i64, (from, to): (Instant, Instant), first: Instant) -> Option<Self> {
        let before = from.since(first).max(0).checked_div(each_ms)?;
        let from = first.plus(before.checked_mul(each_ms)?);
        let count = to.since(from).checked_div(each_ms).filter(|count| *count > 0)?;
        Some(Self { from, each_ms, count })
    }

    fn count(&self) -> u32 {
        u32::try_from(self.count).unwrap_or(u32::MAX)
    }

    /// How far from its interval a value may be made and still be its own.
    fn jitter(&self) -> i64 {
        JITTER_MS.min(self.each_ms / 2)
    }

    /// From when to when values may be that count in one of them. What machines bring by the clock counts where it is; a test may
    /// be made on the other side of the edge.
    fn reach(&self, kind: ParameterKind) -> (Instant, Instant) {
        let beyond = if kind == ParameterKind::Property {
            self.jitter()
        } else {
            0
        };
        let end = self.from.plus(self.count.saturating_mul(self.each_ms));
        (self.from.plus(-beyond), end.plus(beyond))
    }

    /// In how many of them a value came. Each counts in the first that has none and of which it may be.
    fn filled(&self, mut values: Vec<Instant>) -> u32 {
        values.sort_unstable();
        let (mut next, mut filled) = (0, 0_u32);
        for at in values {
            let offset = at.since(self.from);
            let place = |offset: i64| offset.checked_div_euclid(self.each_ms);
            let (Some(first), Some(last)) = (
                place(offset.saturating_sub(self.jitter())),
                place(offset.saturating_add(self.jitter())),
            ) else {
                continue;
            };
            let place = first.max(next);
            if place <= last && place < self.count {
                (next, filled) = (place + 1, filled.saturating_add(1));
            }
        }
        filled
    }
}

/// A month as far as it has come.
pub(super) struct Stretch {
    /// Which month.
    pub(super) month: Month,
    /// When it began.
    pub(super) from: Instant,
    /// When it ended; where it runs, now.
    pub(super) to: Instant,
    /// Whether it ended.
    pub(super) is_over: bool,
    /// Whether the plan asked for it no more before it ended.
    pub(super) is_cut: bool,
}

impl Engine {
    /// What came of a parameter that is no quantity, of which a plan asks something from an instant on.
    pub(super) fn tests_of(
        &self,
        history: &dyn History,
        parameter: &Parameter,
        (plans, since): (&Plans<'_>, Option<Instant>),
        stretch: &Stretch,
    ) -> Result<Arrived, Broken> {
        let (from, to) = (stretch.from, stretch.to);
        let any = self.has_values(history, parameter.id, (from, to))?;
        let (expected, valid) = match parameter.calendar {
            // Of a state it is enough to know that it came.
            _ if parameter.kind == ParameterKind::State => (0, u32::from(any)),
            Some(_) => self.of_calendar(history, parameter, since, stretch)?,
            None => match self.on_frequency(history, plans, parameter.id, (from, to))? {
                (0, _) => (0, self.values_in(history, parameter.id, (from, to), MOST_TESTS)?),
                counted => counted,
            },
        };
        Ok(Arrived {
            expected,
            valid,
            any,
            ..Arrived::default()
        })
    }

    /// Whether a value was to come of what comes once a month or a year, and whether it did. One is to come in each, however long
    /// that is: that is known when it is over.
    pub(super) fn of_calendar(
        &self,
        history: &dyn History,
        parameter: &Parameter,
        since: Option<Instant>,
        stretch: &Stretch,
    ) -> Result<(u32, u32), Broken> {
        match self.asked_interval(parameter, since, stretch) {
            Some(first) => Ok((1, self.values_in(history, parameter.id, (first, stretch.to), 1)?)),
            None => Ok((
                0,
                self.values_in(history, parameter.id, (stretch.from, stretch.to), MOST_TESTS)?,
            )),
        }
    }

    /// In how many intervals that end in a stretch a value of a parameter was to come by the plans that held, and in how many
    /// one did. Costs the readings of the stretch.
    pub(super) fn on_frequency(
        &self,
        history: &dyn History,
        plans: &Plans<'_>,
        parameter: ParameterId,
        between: (Instant, Instant),
    ) -> Result<(u32, u32), Broken> {
        let mut counted = (0_u32, 0_u32);
        for alike in self.asked_alike(&plans.held, parameter, between) {
            let since = self.asked_since((alike.parameter, asks_as_often), plans.first_reading, alike.to);
            let intervals = since.and_then(|since| {
                let each_ms = alike.parameter.interval_ms;
                Intervals::of(each_ms, (alike.from, alike.to), self.first_interval(each_ms, since))
            });
            if let Some(intervals) = intervals {
                let filled = self.filled_in(history, alike.parameter, &intervals)?;
                counted = (
                    counted.0.saturating_add(intervals.count()),
                    counted.1.saturating_add(filled),
                );
            }
        }
        Ok(counted)
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

    /// In how many intervals a value came that counts. What covers far more than one of them, such as the composite sample of a
    /// month, is no value of any one.
    fn filled_in(&self, history: &dyn History, parameter: &Parameter, intervals: &Intervals) -> Result<u32, Broken> {
        let mut values = Vec::new();
        let reach = intervals.reach(parameter.kind);
        self.each_top(history, parameter.id, reach, &mut |version| {
            let is_one = version.slot.end().since(version.slot.at) <= intervals.each_ms.saturating_mul(MOST_COVERED);
            let at = middle(version.slot);
            if version.verdict == Verdict::Counts && is_one && (reach.0..reach.1).contains(&at) {
                values.push(at);
            }
            true
        })?;
        Ok(intervals.filled(values))
    }

    /// The beginning of the calendar's interval that ends with a month, where one does that a plan covers by half or more: what
    /// it begins to ask for late in a month is not due in it.
    fn asked_interval(&self, parameter: &Parameter, since: Option<Instant>, stretch: &Stretch) -> Option<Instant> {
        let first = parameter
            .calendar?
            .ending_with(stretch.month)
            .filter(|_| stretch.is_over)?;
        let first = self.month_start(first);
        let half = first.plus(stretch.to.since(first) / 2);
        since.filter(|since| *since <= half).map(|_| first)
    }

    /// When the interval ends in which a month lies; of what comes more often than that the month.
    pub(super) fn interval_end(&self, parameter: &Parameter, stretch: &Stretch, end: Hour) -> Instant {
        let end = self.zone.hour_start(end);
        match parameter.calendar {
            Some(calendar) => self.month_start(calendar.last_month(stretch.month).next()),
            None => end.max(stretch.from.plus(parameter.interval_ms)),
        }
    }

    /// Whether something ought to have come where nothing came in a month: what is planned more rarely than monthly is only
    /// missed where nothing came in as long as its interval is, and of a year where that ends. Nothing is missed of the time
    /// before the plan asked for it.
    pub(super) fn is_lacking(
        &self,
        history: &dyn History,
        parameter: &Parameter,
        since: Option<Instant>,
        stretch: &Stretch,
    ) -> Result<bool, Broken> {
        let Some(since) = since else {
            return Ok(false);
        };
        let from = match parameter.calendar {
            // What is to come once in a month or a year was not due yet when it was taken out of the plan.
            Some(_) if stretch.is_cut => return Ok(false),
            Some(_) if stretch.is_over => match self.asked_interval(parameter, Some(since), stretch) {
                Some(first) => first,
                None => return Ok(false),
            },
            Some(calendar) => match calendar.ending_with(stretch.month) {
                Some(first) => self.month_start(first),
                None => return Ok(false),
            },
            None => {
                let from = stretch.to.plus(parameter.interval_ms.saturating_neg());
                // Not even an interval has passed.
                if from < since {
                    return Ok(false);
                }
                from
            }
        };
        Ok(from >= stretch.from || !self.has_values(history, parameter.id, (from, stretch.to))?)
    }

    /// Of when the newest value is that counts; none where there never was one.
    pub(super) fn newest_counting(
        &self,
        history: &dyn History,
        parameter: ParameterId,
    ) -> Result<Option<Instant>, Broken> {
        let series = self.series(parameter)?;
        let Some(newest) = &series.row.newest else {
            return Ok(None);
        };
        if newest.verdict == Verdict::Counts {
            return Ok(Some(newest.slot.end()));
        }
        let block = series.block_of(self.zone.hour_of(newest.slot.at));
        let here = self.counting_in(history, parameter, block)?.pop();
        let found = match here {
            Some(version) => Some(version),
            None => self.nearest_counting(history, parameter, block, Side::Before)?,
        };
        Ok(found.map(|version| version.slot.end()))
    }

    /// Whether a parameter has a value that counts and lies in a stretch with its middle, as the ledger takes tests: each lies
    /// in one month.
    pub(super) fn has_values(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        between: (Instant, Instant),
    ) -> Result<bool, Broken> {
        Ok(self.values_in(history, parameter, between, 1)? > 0)
    }

    /// How many values of a parameter count in a stretch, as far as so many.
    fn values_in(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        between: (Instant, Instant),
        most: u32,
    ) -> Result<u32, Broken> {
        let mut count = 0_u32;
        self.each_top(history, parameter, between, &mut |version| {
            let is_in_it = (between.0..between.1).contains(&middle(version.slot));
            count += u32::from(version.verdict == Verdict::Counts && is_in_it);
            count < most
        })?;
        Ok(count)
    }

    /// Whether a value that counts reaches into a stretch: what measured it was read then.
    pub(super) fn is_read_in(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        between: (Instant, Instant),
    ) -> Result<bool, Broken> {
        let mut is_read = false;
        self.each_top(history, parameter, between, &mut |version| {
            is_read = version.verdict == Verdict::Counts;
            !is_read
        })?;
        Ok(is_read)
    }

    fn month_start(&self, month: Month) -> Instant {
        let day_start = self.model().map_or(0, |model| model.day_start_minutes);
        self.zone
            .hour_start(Period::Month(month).hours(&self.zone, day_start).0)
    }
}
