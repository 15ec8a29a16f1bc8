//! What was emitted through a parameter (经由参数的排放): by the sources that take it, in the site's first book.

use crate::accounting::cell::CellSum;
use crate::domain::identity::{BookId, ParameterId, SourceId};
use crate::domain::time::{Hour, Instant};

use super::history::History;
use super::{Broken, Engine};

/// Hours before an instant of which the mean emission counts.
const MEAN_HOURS: i32 = 24;

impl Engine {
    fn first_book(&self) -> Option<BookId> {
        Some(self.model()?.books.first()?.id)
    }

    /// Milligrams of `CO2e` that sources emitted in some hours.
    fn emitted(
        &self,
        history: &dyn History,
        sources: impl Iterator<Item = SourceId>,
        hours: (Hour, Hour),
    ) -> Result<i128, Broken> {
        let Some(book) = self.first_book() else {
            return Ok(0);
        };
        Ok(self.emitted_in_book(history, book, sources, hours)?.co2e_mg)
    }

    /// What sources emitted in some hours in a book, all gases together.
    pub(super) fn emitted_in_book(
        &self,
        history: &dyn History,
        book: BookId,
        sources: impl Iterator<Item = SourceId>,
        hours: (Hour, Hour),
    ) -> Result<CellSum, Broken> {
        let mut sum = CellSum::default();
        for source in sources {
            for gas in self.gases_of(source) {
                sum.add(&self.stretch_sum(history, book, source, gas, hours)?);
            }
        }
        Ok(sum)
    }

    /// Of the sources that take a parameter as their quantity.
    pub(super) fn emitted_by_quantity(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        hours: (Hour, Hour),
    ) -> Result<i128, Broken> {
        self.emitted(history, self.models.sources_by_quantity(parameter), hours)
    }

    /// Of one source.
    pub(super) fn emitted_of_source(
        &self,
        history: &dyn History,
        source: SourceId,
        hours: (Hour, Hour),
    ) -> Result<i128, Broken> {
        self.emitted(history, std::iter::once(source), hours)
    }

    /// Milligrams of `CO2e` an hour that the sources which take a parameter as their quantity emitted in the day before.
    pub(super) fn emission_through(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        at: Instant,
    ) -> Result<i128, Broken> {
        let to = self.zone.hour_of(at);
        let day_before = Hour(to.0.saturating_sub(MEAN_HOURS));
        // What began less than a day before had less time to emit.
        let first = self.series(parameter)?.row.first_hour.unwrap_or(day_before);
        let from = first.clamp(day_before, Hour(to.0.saturating_sub(1)));
        let sum = self.emitted_by_quantity(history, parameter, (from, to))?;
        Ok(sum / i128::from(to.0.saturating_sub(from.0).max(1)))
    }
}
