//! What the terms of a relation say of a window.

use rust_decimal::prelude::ToPrimitive;

use crate::accounting::bucket::Bucket;
use crate::accounting::cell::CellSum;
use crate::domain::identity::ParameterId;
use crate::domain::model::SiteModel;
use crate::domain::reading::{ParameterKind, Verdict};
use crate::domain::relation::{Relation, Term};
use crate::domain::time::{HOUR_MS, Hour, Instant};
use crate::engine::anomalies::Signs;
use crate::engine::history::History;
use crate::engine::tested::samples;
use crate::engine::{Broken, Engine};

use super::Watched;
use super::watched::Emitted;

/// The share of a window that must be measured, in parts of a hundred.
const LEAST_COVERED: i32 = 95;

const MILLIGRAMS_IN_A_TONNE: f64 = 1e9;

impl Engine {
    /// What is emitted and what each term says of a window; NaN where it says nothing.
    pub(super) fn values_of(
        &self,
        history: &dyn History,
        watched: &Watched,
        window: (Hour, Hour),
    ) -> Result<Vec<f64>, Broken> {
        let emitted = watched.emitted.iter();
        let emitted = emitted.map(|emitted| self.emitted_in(history, emitted, window));
        let terms = watched.relation.terms().zip(&watched.scales);
        let terms = terms.map(|(term, scale)| Ok(self.value_of(history, term, window)? * scale));
        emitted.chain(terms).collect()
    }

    /// Tonnes of `CO2e` that were emitted in a window; NaN where too little is known of what the sources took, or what they
    /// emitted could not be computed.
    fn emitted_in(&self, history: &dyn History, emitted: &Emitted, (from, to): (Hour, Hour)) -> Result<f64, Broken> {
        for &quantity in &emitted.quantities {
            // What is delivered or invoiced now and then is as it comes; where the plan expects it, it must be there.
            if self.series(quantity)?.expects_coverage
                && !is_measured(&self.buckets_between(history, quantity, from, to)?, (from, to))
            {
                return Ok(f64::NAN);
            }
        }
        let sum = self.emitted_above(history, emitted, (from, to))?;
        Ok(if sum.failed > 0 {
            f64::NAN
        } else {
            sum.co2e_mg.to_f64().unwrap_or(f64::NAN) / MILLIGRAMS_IN_A_TONNE
        })
    }

    /// Milligrams of `CO2e` at stake in what was found of an intensity: all that was emitted in its windows.
    pub(in crate::engine::anomalies) fn stake_of_intensity(
        &self,
        history: &dyn History,
        model: &SiteModel,
        relation: &Relation,
        signs: &Signs,
    ) -> Result<i64, Broken> {
        let Some(emitted) = self.emitted_of(model, relation) else {
            return Ok(0);
        };
        let mut sum = 0_i128;
        for (from, to) in signs.stretches() {
            let hours = (self.zone.hour_of(from), self.zone.hour_of(to).next());
            sum = sum.saturating_add(self.emitted_above(history, &emitted, hours)?.co2e_mg);
        }
        Ok(i64::try_from(sum.abs()).unwrap_or(i64::MAX))
    }

    /// What all sources above the line of an intensity emitted in some hours.
    fn emitted_above(&self, history: &dyn History, emitted: &Emitted, hours: (Hour, Hour)) -> Result<CellSum, Broken> {
        self.emitted_in_book(history, emitted.book, emitted.sources.iter().copied(), hours)
    }

    /// What a term says of a window, in quanta of its parameter; NaN where too little is known.
    fn value_of(&self, history: &dyn History, term: &Term, window: (Hour, Hour)) -> Result<f64, Broken> {
        match self.series(term.parameter)?.kind {
            ParameterKind::Flow | ParameterKind::Counter | ParameterKind::Amount => {
                self.quantity_of(history, term, window)
            }
            ParameterKind::Property => self.tested_mean(history, term.parameter, window),
            ParameterKind::State if term.change => self.watched_change(history, term.parameter, window),
            ParameterKind::State => self.watched_mean(history, term.parameter, window),
        }
    }

    /// The quantity of a window, each hour's multiplied by what was tested.
    fn quantity_of(&self, history: &dyn History, term: &Term, (from, to): (Hour, Hour)) -> Result<f64, Broken> {
        let buckets = self.buckets_between(history, term.parameter, from, to)?;
        if self.series(term.parameter)?.expects_coverage && !is_measured(&buckets, (from, to)) {
            return Ok(f64::NAN);
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
        // Hours without a test are reckoned with what the others were, where there are few.
        let (mut sum, mut tested, mut all) = (0.0, 0.0, 0.0);
        for (hour, bucket) in buckets.into_iter().filter(|(_, bucket)| bucket.quantity != 0) {
            let start = self.zone.hour_start(hour);
            let quantity = bucket.quantity.to_f64().unwrap_or(f64::NAN);
            all += quantity.abs();
            let mut product = quantity;
            for (tests, quanta) in &by {
                // Several that hold are a sample that was tested more than once, as they are where cells are posted.
                let held = tests.iter().filter(|test| test.covers(start));
                let (sum, count) = held.fold((0_i128, 0_i32), |(sum, count), test| {
                    (sum + i128::from(test.version.value), count + 1)
                });
                product *= sum.to_f64().unwrap_or(f64::NAN) / f64::from(count) / quanta;
            }
            if product.is_finite() {
                sum += product;
                tested += quantity.abs();
            }
        }
        if all == 0.0 {
            return Ok(0.0);
        }
        Ok(if is_enough(tested, all) {
            sum * all / tested
        } else {
            f64::NAN
        })
    }

    /// The mean of tested values over the part of a window in which they hold.
    fn tested_mean(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        (from, to): (Hour, Hour),
    ) -> Result<f64, Broken> {
        let mut mean = MeanOverTime::of((self.zone.hour_start(from), self.zone.hour_start(to)));
        let tests = self.tests_between(history, parameter, from, to)?;
        for sample in samples(&tests) {
            if let Some(first) = sample.first() {
                let sum: i128 = sample.iter().map(|test| i128::from(test.version.value)).sum();
                let value = sum.to_f64().unwrap_or(f64::NAN) / sample.len().to_f64().unwrap_or(f64::NAN);
                mean.take((first.version.slot.at, first.until), value);
            }
        }
        Ok(mean.value())
    }

    /// By how much what is watched rose from the beginning of a window to its end; each end is told by the last value before it
    /// that still holds.
    fn watched_change(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        (from, to): (Hour, Hour),
    ) -> Result<f64, Broken> {
        let hold_ms = self.series(parameter)?.hold_ms;
        let level_at = |at: Instant| -> Result<f64, Broken> {
            let mut level = f64::NAN;
            self.each_top(history, parameter, (at.plus(-hold_ms), at.plus(1)), &mut |version| {
                if version.verdict == Verdict::Counts && version.slot.at <= at {
                    level = version.value.to_f64().unwrap_or(f64::NAN);
                }
                true
            })?;
            Ok(level)
        };
        Ok(level_at(self.zone.hour_start(to))? - level_at(self.zone.hour_start(from))?)
    }

    /// The mean of what was watched in a window: a value holds until the next one, or as long as the plan lets it.
    fn watched_mean(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        (from, to): (Hour, Hour),
    ) -> Result<f64, Broken> {
        let (start, end) = (self.zone.hour_start(from), self.zone.hour_start(to));
        let hold_ms = self.series(parameter)?.hold_ms;
        let mut mean = MeanOverTime::of((start, end));
        let mut hold = |last: Option<(Instant, i64)>, until: Instant| {
            if let Some((at, value)) = last {
                mean.take((at, until.min(at.plus(hold_ms))), value.to_f64().unwrap_or(f64::NAN));
            }
        };
        let mut last: Option<(Instant, i64)> = None;
        self.each_top(history, parameter, (start.plus(-hold_ms), end), &mut |version| {
            hold(last.take(), version.slot.at);
            // What does not count ends what was before it, too.
            last = (version.verdict == Verdict::Counts).then_some((version.slot.at, version.value));
            true
        })?;
        hold(last, end);
        Ok(mean.value())
    }
}

/// Whether enough of a window was measured.
fn is_measured(buckets: &[(Hour, Bucket)], (from, to): (Hour, Hour)) -> bool {
    let covered: i64 = buckets.iter().map(|(_, bucket)| bucket.covered_ms.min(HOUR_MS)).sum();
    let whole = (i64::from(to.0) - i64::from(from.0)) * HOUR_MS;
    covered.saturating_mul(100) >= whole.saturating_mul(i64::from(LEAST_COVERED))
}

/// A mean over the time for which values held in a stretch.
struct MeanOverTime {
    stretch: (Instant, Instant),
    weighted: f64,
    weight: f64,
}

impl MeanOverTime {
    const fn of(stretch: (Instant, Instant)) -> Self {
        Self {
            stretch,
            weighted: 0.0,
            weight: 0.0,
        }
    }

    /// A value held from one instant to another.
    fn take(&mut self, (from, to): (Instant, Instant), value: f64) {
        let (start, end) = self.stretch;
        let held = to.min(end).since(from.max(start)).max(0).to_f64().unwrap_or(0.0);
        self.weighted += held * value;
        self.weight += held;
    }

    /// The mean; NaN where too little of the stretch is known. Values that overlap cover no more than there is.
    fn value(&self) -> f64 {
        let whole = self.stretch.1.since(self.stretch.0).to_f64().unwrap_or(f64::NAN);
        if is_enough(self.weight.min(whole), whole) {
            self.weighted / self.weight
        } else {
            f64::NAN
        }
    }
}

/// Whether enough of a whole is known.
fn is_enough(known: f64, whole: f64) -> bool {
    known * 100.0 >= whole * f64::from(LEAST_COVERED)
}
