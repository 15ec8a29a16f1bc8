//! Months in which nothing was tested (未实测月份): what the tested months of the same calendar year put in their place.
//!
//! A month counts as the plain mean of its samples here, not weighted by quantity: what stands in for other months is not to
//! move with every reading of a belt scale. Of a month's one composite sample the two are the same.

use crate::accounting::exact::Exact;
use crate::domain::identity::ParameterId;
use crate::domain::missing::{Careful, TakeOfMonths, UntestedPlan};
use crate::domain::time::{Instant, Month};

use super::history::History;
use super::tested::{Test, of_window, plain_mean};
use super::{Broken, Engine};

/// A month in which something was tested.
#[derive(Debug, Clone)]
pub(super) struct TestedMonth {
    pub(super) month: Month,
    /// Its tests, in order.
    pub(super) tests: Vec<Test>,
    /// Their mean, in quanta.
    pub(super) mean: Exact,
}

impl UntestedPlan {
    /// What stands for a month that was not tested, in quanta, of the tested months of its year; none where they are too few,
    /// or the month was tested.
    pub(super) fn of_months(self, month: Month, tested: &[TestedMonth]) -> Option<Exact> {
        let is_enough = u32::try_from(tested.len()).is_ok_and(|months| months >= self.least_months.max(1));
        if !is_enough || tested.iter().any(|tested| tested.month == month) {
            return None;
        }
        let mut means = tested.iter().map(|tested| tested.mean);
        match self.take {
            TakeOfMonths::Mean => {
                let count = i128::try_from(tested.len()).ok()?;
                let sum = means.try_fold(Exact::ZERO, Exact::checked_add).ok()?;
                sum.checked_div(Exact::integer(count)).ok()
            }
            TakeOfMonths::Careful(Careful::High) => means.max(),
            TakeOfMonths::Careful(Careful::Low) => means.min(),
        }
    }
}

impl Engine {
    /// When a month begins and ends.
    fn hours_of(&self, month: Month) -> (Instant, Instant) {
        let (from, to) = self.zone.month_hours(month);
        (self.zone.hour_start(from), self.zone.hour_start(to))
    }

    /// The months of a calendar year in which a parameter was tested.
    pub(super) fn tested_months(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        year: i32,
    ) -> Result<Vec<TestedMonth>, Broken> {
        let (first, last) = self.zone.year_hours(year);
        let of_year = self.tests_between(history, parameter, first, last)?;
        let mut tested = Vec::new();
        // Most that are asked about are tested never, or in few months.
        let months = Month::of_year(year).filter(|_| !of_year.is_empty());
        for month in months {
            let tests = of_window(&of_year, self.hours_of(month));
            if let Some(mean) = plain_mean(&tests) {
                tested.push(TestedMonth { month, tests, mean });
            }
        }
        Ok(tested)
    }
}
