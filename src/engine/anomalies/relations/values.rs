//! What the terms of a relation say of a window.

use rust_decimal::prelude::ToPrimitive;

use crate::domain::identity::ParameterId;
use crate::domain::reading::{ParameterKind, Verdict};
use crate::domain::relation::Term;
use crate::domain::time::{HOUR_MS, Hour};
use crate::engine::history::History;
use crate::engine::{Broken, Engine};

use super::Watched;

/// The share of a window that must be measured, in parts of a hundred.
const LEAST_COVERED: i64 = 95;

impl Engine {
    /// What each term says of a window; NaN where it says nothing.
    pub(super) fn values_of(
        &self,
        history: &dyn History,
        watched: &Watched,
        window: (Hour, Hour),
    ) -> Result<Vec<f64>, Broken> {
        let terms = watched.relation.terms().zip(&watched.scales);
        terms
            .map(|(term, scale)| Ok(self.value_of(history, term, window)? * scale))
            .collect()
    }

    /// What a term says of a window, in quanta of its parameter; NaN where too little is known.
    fn value_of(&self, history: &dyn History, term: &Term, window: (Hour, Hour)) -> Result<f64, Broken> {
        match self.series(term.parameter)?.kind {
            ParameterKind::Flow | ParameterKind::Counter | ParameterKind::Amount => {
                self.quantity_of(history, term, window)
            }
            ParameterKind::Property => self.tested_mean(history, term.parameter, window),
            ParameterKind::State => self.watched_mean(history, term.parameter, window),
        }
    }

    /// The quantity of a window, each hour's multiplied by what was tested.
    fn quantity_of(&self, history: &dyn History, term: &Term, (from, to): (Hour, Hour)) -> Result<f64, Broken> {
        let buckets = self.buckets_between(history, term.parameter, from, to)?;
        if self.series(term.parameter)?.expects_coverage {
            let covered: i64 = buckets.iter().map(|(_, bucket)| bucket.covered_ms.min(HOUR_MS)).sum();
            let whole = (i64::from(to.0) - i64::from(from.0)) * HOUR_MS;
            if covered.saturating_mul(100) < whole.saturating_mul(LEAST_COVERED) {
                return Ok(f64::NAN);
            }
        }
        if term.by.is_empty() {
            let sum: i128 = buckets.iter().map(|(_, bucket)| bucket.quantity).sum();
            return Ok(sum.to_f64().unwrap_or(f64::NAN));
        }
        let mut by = Vec::with_capacity(term.by.len());
        for &property in &term.by {
            let decimals = i32::try_from(self.series(property)?.decimals).unwrap_or(0);
            by.push((self.tests_between(history, property, from, to)?, 10_f64.powi(decimals)));
        }
        let mut sum = 0.0;
        for (hour, bucket) in buckets.into_iter().filter(|(_, bucket)| bucket.quantity != 0) {
            let start = self.zone.hour_start(hour);
            let mut product = bucket.quantity.to_f64().unwrap_or(f64::NAN);
            for (tests, quanta) in &by {
                // Several that hold are a sample that was tested more than once, as they are where cells are posted.
                let held = tests.iter().filter(|test| test.covers(start));
                let (sum, count) = held.fold((0_i128, 0_i32), |(sum, count), test| {
                    (sum + i128::from(test.version.value), count + 1)
                });
                product *= sum.to_f64().unwrap_or(f64::NAN) / f64::from(count) / quanta;
            }
            sum += product;
        }
        Ok(sum)
    }

    /// The mean of tested values over the part of a window in which they hold.
    fn tested_mean(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        (from, to): (Hour, Hour),
    ) -> Result<f64, Broken> {
        let (start, end) = (self.zone.hour_start(from), self.zone.hour_start(to));
        let (mut weighted, mut weight) = (0.0, 0.0);
        for test in self.tests_between(history, parameter, from, to)? {
            let held = test.until.min(end).since(test.version.slot.at.max(start)).max(0);
            let held = held.to_f64().unwrap_or(0.0);
            weighted += held * test.version.value.to_f64().unwrap_or(f64::NAN);
            weight += held;
        }
        Ok(weighted / weight)
    }

    /// The mean of the readings of a window.
    fn watched_mean(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        (from, to): (Hour, Hour),
    ) -> Result<f64, Broken> {
        let stretch = (self.zone.hour_start(from), self.zone.hour_start(to));
        let (mut sum, mut count) = (0_i128, 0_i32);
        self.each_top(history, parameter, stretch, &mut |version| {
            if version.verdict == Verdict::Counts && version.slot.at >= stretch.0 {
                sum += i128::from(version.value);
                count = count.saturating_add(1);
            }
            true
        })?;
        Ok(sum.to_f64().unwrap_or(f64::NAN) / f64::from(count))
    }
}
