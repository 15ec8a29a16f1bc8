//! What came of a parameter in a month, and whether what did not come lacks.

use crate::domain::identity::ParameterId;
use crate::domain::model::Parameter;
use crate::domain::period::Period;
use crate::domain::reading::{ParameterKind, Verdict};
use crate::domain::time::{Instant, Month};
use crate::engine::history::History;
use crate::engine::{Broken, Engine};
use crate::management::evidence::Arrived;

/// The most tests of a month that are counted: more than one an hour is no test.
const MOST_TESTS: u32 = 750;

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
    /// What came of a parameter that is no quantity.
    pub(super) fn tests_of(
        &self,
        history: &dyn History,
        parameter: &Parameter,
        stretch: &Stretch,
    ) -> Result<Arrived, Broken> {
        let series = self.series(parameter.id)?;
        // What came before its first value was not planned yet.
        let first = series.row.first_hour.map(|hour| self.zone.hour_start(hour));
        let to = stretch.to;
        let (from, expected) = if let Some(calendar) = parameter.calendar {
            // One is to come in each month, however long that is, and one in each year: that is known when it is over.
            let ends = calendar.ending_with(stretch.month).filter(|_| stretch.is_over);
            let from = ends.map_or(stretch.from, |first| self.month_start(first));
            let is_planned = first.is_none_or(|first| first < to);
            (from, u32::from(ends.is_some() && is_planned))
        } else {
            let from = first.map_or(stretch.from, |first| first.clamp(stretch.from, to));
            let expected = to.since(from).checked_div(parameter.interval_ms).unwrap_or(0);
            (from, u32::try_from(expected).unwrap_or(0))
        };
        // Of a state one is enough to know that it came.
        let most = if series.kind == ParameterKind::State {
            1
        } else {
            MOST_TESTS
        };
        let valid = self.values_in(history, parameter.id, (from, to), most)?;
        Ok(Arrived {
            expected,
            valid,
            any: valid > 0 && (from >= stretch.from || self.has_values(history, parameter.id, (stretch.from, to))?),
            ..Arrived::default()
        })
    }

    /// Whether nothing came in a month and something ought to have: what is planned more rarely than monthly is only missed
    /// where nothing came in as long as its interval is, and of a year where that ends.
    pub(super) fn is_lacking(
        &self,
        history: &dyn History,
        parameter: &Parameter,
        came: bool,
        stretch: &Stretch,
    ) -> Result<bool, Broken> {
        if came {
            return Ok(false);
        }
        let since = match parameter.calendar {
            Some(calendar) => match calendar.ending_with(stretch.month) {
                Some(first) => self.month_start(first),
                None => return Ok(false),
            },
            None => stretch.to.plus(parameter.interval_ms.saturating_neg()),
        };
        Ok(since >= stretch.from || !self.has_values(history, parameter.id, (since, stretch.to))?)
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
