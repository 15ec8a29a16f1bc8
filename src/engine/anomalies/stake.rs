//! What is at stake (涉及排放量): by how much the emissions of an anomaly's hours would differ if its values did not count.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::identity::{ParameterId, SourceId};
use crate::domain::reading::{ParameterKind, Verdict};
use crate::domain::time::{DAY_MS, HOUR_MS, Hour, Instant};
use crate::engine::history::History;
use crate::engine::models::WindowKey;
use crate::engine::{Broken, Engine};
use crate::quality::flag::{Check, Rule};

use super::Signs;

/// Hours of an anomaly whose substitutes are reckoned at most: of a longer one the whole amount counts.
const MOST_HOURS: i32 = 31 * 24;

impl Engine {
    /// Milligrams of `CO2e` at stake in a stretch, in the first book: what its sources emitted in these hours, less what
    /// they would have emitted with the plan's substitutes; where no plan says what stands in, the whole amount. Of a gap,
    /// of which nothing was measured, what the sources emitted in as much time before it; of a register's that has ended,
    /// nothing: it has counted on. Of a relation, the most of what is so through any of its parameters; of an intensity,
    /// all that was emitted. Of a tested value, what its sources emitted
    /// in the time for which it holds.
    ///
    /// An hour counts as a whole, also where the anomaly lies in a part of it. Costs the hours, at most thirty-one days of
    /// them one by one.
    pub(super) fn stake(&self, history: &dyn History, parameter: ParameterId, signs: &Signs) -> Result<i64, Broken> {
        // What came late is there now, and counts as if it had come in time.
        if matches!(signs.rule, Rule::CameLate | Rule::CameOverFilled) {
            return Ok(0);
        }
        let related = signs.related.as_ref().and_then(|related| {
            let model = self.model()?;
            let mut relations = model.relations.iter();
            Some((model, relations.find(|relation| relation.key == related.key)?))
        });
        let Some((model, relation)) = related else {
            return self.stake_through(history, parameter, signs);
        };
        if relation.intensity(model).is_some() {
            return self.stake_of_intensity(history, model, relation, signs);
        }
        // Any of them may be wrong: the one through which most was emitted counts.
        let parameters: BTreeSet<ParameterId> = relation.parameters().collect();
        let mut most = 0;
        for parameter in parameters {
            most = most.max(self.stake_through(history, parameter, signs)?);
        }
        Ok(most)
    }

    fn stake_through(&self, history: &dyn History, parameter: ParameterId, signs: &Signs) -> Result<i64, Broken> {
        let (from, to) = (signs.from, signs.to);
        let milligrams = if self.series(parameter)?.kind == ParameterKind::Property {
            self.through_tests(history, parameter, signs)?
        } else if signs.check() == Check::Gap {
            if !signs.going && self.series(parameter)?.kind == ParameterKind::Counter {
                return Ok(0);
            }
            let mut hourly = self.emission_through(history, parameter, from)?;
            if hourly == 0 {
                // It may have begun in this very hour.
                let hour = self.zone.hour_of(from);
                hourly = self.emitted_by_quantity(history, parameter, (hour, hour.next()))?;
            }
            let missing_ms = i128::from(to.since(from).max(0));
            hourly.saturating_mul(missing_ms) / i128::from(HOUR_MS)
        } else {
            let mut sum = 0_i128;
            let mut reached = Hour(i32::MIN);
            // What a register counted up to a value lies before it, back to the reading before.
            let back_ms = match self.series(parameter)?.kind {
                ParameterKind::Counter => self.pair_ms(history, parameter, from)?,
                _ => 0,
            };
            for (from, to) in signs.stretches() {
                let from = from.plus(-back_ms);
                let hours = (self.zone.hour_of(from).max(reached), self.zone.hour_of(to).next());
                if hours.0 < hours.1 {
                    sum = sum.saturating_add(self.through_hours(history, parameter, hours)?);
                    reached = hours.1;
                }
            }
            sum
        };
        Ok(i64::try_from(milligrams.abs()).unwrap_or(i64::MAX))
    }

    /// Milliseconds between the last reading that counts before an instant and the instant, at most a day.
    fn pair_ms(&self, history: &dyn History, parameter: ParameterId, at: Instant) -> Result<i64, Broken> {
        let stretch = (at.plus(-DAY_MS), at);
        let mut before = None;
        self.each_top(history, parameter, stretch, &mut |version| {
            if version.verdict == Verdict::Counts {
                before = Some(version.slot.at);
            }
            true
        })?;
        Ok(before.map_or(0, |before| at.since(before)))
    }

    /// What the sources of a tested value emitted in the time for which it holds: until the next test, or in the whole month or
    /// year of which its mean is taken.
    fn through_tests(&self, history: &dyn History, parameter: ParameterId, signs: &Signs) -> Result<i128, Broken> {
        let mut of_source: BTreeMap<SourceId, BTreeSet<(Hour, Hour)>> = BTreeMap::new();
        for (from, to) in signs.stretches() {
            let (first, last) = (self.zone.hour_of(from), self.zone.hour_of(to));
            let tests = self.tests_between(history, parameter, first, last.next())?;
            let held = tests
                .iter()
                .filter(|test| test.version.slot.at <= to)
                .map(|test| test.until);
            let until = held.max().unwrap_or(to).max(to.plus(1));
            for (source, window) in self.models.sources_by_property(parameter) {
                let hours = match window {
                    WindowKey::Test => (first, self.zone.hour_of(until.plus(-1)).next()),
                    window => (self.window_hours(window, first).0, self.window_hours(window, last).1),
                };
                of_source.entry(source).or_default().insert(hours);
            }
        }
        let mut sum = 0_i128;
        for (source, stretches) in of_source {
            let mut reached = Hour(i32::MIN);
            for (from, to) in stretches {
                let from = from.max(reached);
                if from < to {
                    sum = sum.saturating_add(self.emitted_of_source(history, source, (from, to))?);
                    reached = to;
                }
            }
        }
        Ok(sum)
    }

    fn through_hours(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        (from, to): (Hour, Hour),
    ) -> Result<i128, Broken> {
        if to.0.saturating_sub(from.0) > MOST_HOURS {
            return self.emitted_by_quantity(history, parameter, (from, to));
        }
        let substitutes = self.would_fill(history, parameter, (from, to))?;
        let mut sum = 0_i128;
        for (hour, substitute) in (from.0..to.0).map(Hour).zip(substitutes) {
            let posted = self.emitted_by_quantity(history, parameter, (hour, hour.next()))?;
            let quantity = self.bucket(history, parameter, hour)?.quantity;
            // Emissions go with the quantity: so much of them as of the quantity is at stake.
            let share = match substitute {
                Some(substitute) if quantity != 0 => posted
                    .checked_mul(quantity.saturating_sub(substitute))
                    .map_or(posted, |product| product / quantity),
                _ => posted,
            };
            sum = sum.saturating_add(share);
        }
        Ok(sum)
    }
}
