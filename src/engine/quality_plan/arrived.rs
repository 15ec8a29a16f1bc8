//! What came of a parameter in a month, and whether what did not come lacks.

use crate::domain::identity::ParameterId;
use crate::domain::model::Parameter;
use crate::domain::period::Period;
use crate::domain::reading::{ParameterKind, Slot, Verdict};
use crate::domain::time::{HOUR_MS, Hour, Instant, Month};
use crate::engine::history::History;
use crate::engine::readings::Side;
use crate::engine::{Broken, Engine};
use crate::management::evidence::Arrived;

/// The most tests of a month that are counted: more than one an hour is no test.
const MOST_TESTS: u32 = 750;

/// How far from its interval a test may be made and still be its own: rounds are not made to the minute.
const JITTER_MS: i64 = HOUR_MS;

/// Of when a test is: of what covers a stretch the middle, since it begins and ends where others do.
fn middle(slot: Slot) -> Instant {
    slot.at.plus(slot.end().since(slot.at) / 2)
}

/// The intervals of a month, one after the other, in each of which a test is to be made.
#[derive(Debug, Clone, Copy)]
struct Intervals {
    /// When the first begins of those that are asked for.
    from: Instant,
    each_ms: i64,
    /// How many they are.
    count: i64,
    /// The first in which none was found yet.
    next: i64,
    /// In how many one was.
    tested: u32,
}

impl Intervals {
    /// Those that are over between two instants, counted from the first, and that begin when they are asked for; none where
    /// there is none.
    fn of(each_ms: i64, (from, to): (Instant, Instant), since: Instant) -> Option<Self> {
        let before = since.since(from).max(0);
        let skipped = before.checked_div(each_ms)? + i64::from(before.checked_rem(each_ms)? > 0);
        let from = from.plus(skipped.checked_mul(each_ms)?);
        let count = to.since(from).checked_div(each_ms).filter(|count| *count > 0)?;
        Some(Self {
            from,
            each_ms,
            count,
            next: 0,
            tested: 0,
        })
    }

    fn count(&self) -> u32 {
        u32::try_from(self.count).unwrap_or(u32::MAX)
    }

    fn end(&self) -> Instant {
        self.from.plus(self.count.saturating_mul(self.each_ms))
    }

    /// A test: it counts in the first interval that has none and of which it may be. They come in their order.
    fn take(&mut self, at: Instant) {
        let jitter = JITTER_MS.min(self.each_ms / 2);
        let offset = at.since(self.from);
        let (Some(first), Some(last)) = (
            offset.saturating_sub(jitter).checked_div_euclid(self.each_ms),
            offset.saturating_add(jitter).checked_div_euclid(self.each_ms),
        ) else {
            return;
        };
        let place = first.max(self.next);
        if place <= last && place < self.count {
            (self.next, self.tested) = (place + 1, self.tested.saturating_add(1));
        }
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
}

impl Engine {
    /// What came of a parameter that is no quantity, of which a plan asks something from an instant on.
    pub(super) fn tests_of(
        &self,
        history: &dyn History,
        parameter: &Parameter,
        since: Option<Instant>,
        stretch: &Stretch,
    ) -> Result<Arrived, Broken> {
        let (from, to) = (stretch.from, stretch.to);
        let any = self.has_values(history, parameter.id, (from, to))?;
        let (expected, valid) = match parameter.calendar {
            // Of a state it is enough to know that it came.
            _ if parameter.kind == ParameterKind::State => (0, u32::from(any)),
            // One is to come in each month, however long that is, and one in each year: that is known when it is over.
            Some(_) => match self.asked_interval(parameter, since, stretch) {
                Some(first) => (1, self.values_in(history, parameter.id, (first, to), MOST_TESTS)?),
                None => (0, self.values_in(history, parameter.id, (from, to), MOST_TESTS)?),
            },
            None => match since.and_then(|since| Intervals::of(parameter.interval_ms, (from, to), since)) {
                Some(intervals) => (intervals.count(), self.tested_in(history, parameter.id, intervals)?),
                None => (0, self.values_in(history, parameter.id, (from, to), MOST_TESTS)?),
            },
        };
        Ok(Arrived {
            expected,
            valid,
            any,
            ..Arrived::default()
        })
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

    /// In how many intervals a test was made; each counts in one.
    fn tested_in(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        mut intervals: Intervals,
    ) -> Result<u32, Broken> {
        let reach = (intervals.from.plus(-JITTER_MS), intervals.end().plus(JITTER_MS));
        self.each_top(history, parameter, reach, &mut |version| {
            if version.verdict == Verdict::Counts {
                intervals.take(middle(version.slot));
            }
            true
        })?;
        Ok(intervals.tested)
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

    /// Whether a parameter has a value that counts in a stretch.
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
            count += u32::from(version.verdict == Verdict::Counts);
            count < most
        })?;
        Ok(count)
    }

    fn month_start(&self, month: Month) -> Instant {
        let day_start = self.model().map_or(0, |model| model.day_start_minutes);
        self.zone
            .hour_start(Period::Month(month).hours(&self.zone, day_start).0)
    }
}
