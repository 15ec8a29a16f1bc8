//! What came of a parameter in a month, and whether what did not come lacks.

use crate::domain::identity::ParameterId;
use crate::domain::model::Parameter;
use crate::domain::period::Period;
use crate::domain::reading::{ParameterKind, Verdict};
use crate::domain::time::{Hour, Instant, Month};
use crate::engine::history::History;
use crate::engine::readings::Side;
use crate::engine::{Broken, Engine};

use super::frequency::middle;

/// The most tests of a month that are counted: more than one an hour is no test.
pub(super) const MOST_TESTS: u32 = 750;

/// A month as far as it has come.
#[derive(Debug, Clone, Copy)]
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
    /// Whether a value came of what is to come once a month or a year, where one was to. One is to come in each, however long that
    /// is: that is known when it is over.
    pub(super) fn of_calendar(
        &self,
        history: &dyn History,
        parameter: &Parameter,
        since: Option<Instant>,
        stretch: &Stretch,
    ) -> Result<Option<bool>, Broken> {
        let Some(first) = self.asked_interval(parameter, since, stretch) else {
            return Ok(None);
        };
        Ok(Some(self.came_over(history, parameter, (first, stretch.to))?))
    }

    /// Whether a value of a parameter came in a stretch: one lies in it with its middle, or of what is delivered by the month or
    /// the year deliveries cover half of it or more, since suppliers bill from the middle of one month to that of the next.
    pub(super) fn came_over(
        &self,
        history: &dyn History,
        parameter: &Parameter,
        between: (Instant, Instant),
    ) -> Result<bool, Broken> {
        let is_delivered = parameter.kind == ParameterKind::Amount && parameter.calendar.is_some();
        Ok(self.has_values(history, parameter.id, between)?
            || is_delivered && self.is_covered(history, parameter.id, between)?)
    }

    /// Whether values that count cover half of a stretch or more.
    fn is_covered(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        (from, to): (Instant, Instant),
    ) -> Result<bool, Broken> {
        let mut parts = Vec::new();
        self.each_top(history, parameter, (from, to), &mut |version| {
            if version.verdict == Verdict::Counts {
                parts.push((version.slot.at, version.slot.end().min(to)));
            }
            true
        })?;
        parts.sort_unstable();
        // What two deliveries cover is covered once.
        let (mut covered_ms, mut until) = (0_i64, from);
        for (starts, ends) in parts {
            covered_ms = covered_ms.saturating_add(ends.since(starts.max(until)).max(0));
            until = until.max(ends);
        }
        Ok(covered_ms.saturating_mul(2) >= to.since(from))
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
        Ok(from >= stretch.from || !self.came_over(history, parameter, (from, stretch.to))?)
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
    pub(super) fn values_in(
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
