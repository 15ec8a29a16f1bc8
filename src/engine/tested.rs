//! Tested values (化验值): which test holds when, and what several of them are together: over an hour by the time that each
//! covers, over a calendar window by the quantity of its hours.

use std::collections::BTreeMap;

use crate::accounting::binding::BoundSource;
use crate::accounting::exact::Exact;
use crate::domain::identity::ParameterId;
use crate::domain::reading::{Verdict, Version};
use crate::domain::time::{Hour, Instant};

use super::evaluate::weighing_quantity;
use super::history::History;
use super::models::WindowKey;
use super::{Broken, Engine};

/// A tested value with the instant until which it holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Test {
    pub(super) version: Version,
    pub(super) until: Instant,
}

impl Test {
    /// Whether it holds at an instant.
    pub(super) fn covers(&self, at: Instant) -> bool {
        self.version.slot.at <= at && self.until > at
    }

    /// Whether it is of the same interval as another, or of the same instant: of one sample that was tested more than once.
    fn is_of_sample(&self, other: &Self) -> bool {
        let interval = |test: &Self| (test.version.slot.at, test.version.slot.span_s, test.until);
        interval(self) == interval(other)
    }
}

/// Tests, in order, by the sample (同一样品) of which they are: several of one interval, as a report on a batch and what
/// was typed on a sheet, are one sample that was tested more than once. It weighs once, however often it was tested.
pub(super) fn samples(tests: &[Test]) -> impl Iterator<Item = &[Test]> {
    tests.chunk_by(Test::is_of_sample)
}

/// The plain mean of the tests of one sample, in quanta.
pub(super) fn mean_of_sample(sample: &[Test]) -> Option<Exact> {
    let sum = sample.iter().map(|test| i128::from(test.version.value)).sum();
    let count = i128::try_from(sample.len()).ok().filter(|&count| count > 0)?;
    Exact::ratio(sum, count).ok()
}

/// The plain mean of the samples of some tests, in order, in quanta.
pub(super) fn plain_mean(tests: &[Test]) -> Option<Exact> {
    let mut sum = Exact::ZERO;
    let mut count = 0i128;
    for sample in samples(tests) {
        sum = sum.checked_add(mean_of_sample(sample)?).ok()?;
        count += 1;
    }
    sum.checked_div(Exact::integer(count)).ok()
}

/// The mean of the samples of some tests, in order, each with its weight, in quanta; none where nothing weighs anything. The
/// sums of weight times value and of weight are exact; only the quotient is a mean, and it is never fed back.
fn weighted_mean(tests: &[Test], weights: &[i128]) -> Option<Exact> {
    let mut weighted = Exact::ZERO;
    let mut weight = Exact::ZERO;
    for (sample, &over) in samples(tests).zip(weights) {
        let over = Exact::integer(over);
        let product = over.checked_mul(mean_of_sample(sample)?).ok()?;
        weighted = weighted.checked_add(product).ok()?;
        weight = weight.checked_add(over).ok()?;
    }
    weighted.checked_div(weight).ok()
}

/// The mean of some tests.
pub(super) struct Mean {
    /// In quanta.
    pub(super) quanta: Exact,
    pub(super) tests: usize,
    pub(super) overlaps: bool,
}

impl Mean {
    fn of(tests: &[Test], quanta: Exact) -> Self {
        Self {
            quanta,
            tests: tests.len(),
            overlaps: overlap(tests),
        }
    }
}

/// Whether intervals of tests, in order, overlap: a month's composite beside the days of that month. Several tests of one
/// interval are one sample, and weigh once.
fn overlap(tests: &[Test]) -> bool {
    let mut longest: Option<&Test> = None;
    for test in tests.iter().filter(|test| test.version.slot.span_s > 0) {
        if longest.is_some_and(|longest| {
            test.version.slot.at < longest.until
                && (test.version.slot.at, test.until) != (longest.version.slot.at, longest.until)
        }) {
            return true;
        }
        if longest.is_none_or(|longest| longest.until < test.until) {
            longest = Some(test);
        }
    }
    false
}

/// Those of some tests, in order, that belong to a calendar window (see [`Engine::tests_of_window`]).
pub(super) fn of_window(tests: &[Test], (start, end): (Instant, Instant)) -> Vec<Test> {
    let middle_of = |from: Instant, to: Instant| from.plus(to.since(from) / 2);
    let middle = middle_of(start, end);
    let belongs = |test: &&Test| {
        let slot = test.version.slot;
        if slot.span_s == 0 {
            return slot.at >= start && slot.at < end;
        }
        let own = middle_of(slot.at, slot.end());
        (own >= start && own < end) || (slot.at <= middle && slot.end() > middle)
    };
    tests.iter().filter(belongs).copied().collect()
}

impl Engine {
    /// The tests that count and touch some hours.
    pub(super) fn tests_between(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        from: Hour,
        to: Hour,
    ) -> Result<Vec<Test>, Broken> {
        let hold_ms = self.series(parameter)?.hold_ms;
        let start = self.zone.hour_start(from);
        let end = self.zone.hour_start(to);
        let mut versions = self.tops_between(history, parameter, start.plus(-hold_ms), end)?;
        versions.retain(|version| version.verdict == Verdict::Counts);
        let mut tests: Vec<Test> = Vec::with_capacity(versions.len());
        for (place, version) in versions.iter().enumerate() {
            let until = if version.slot.span_s == 0 {
                // An instant's value holds until the next one, or as long as the plan lets it.
                let next = versions
                    .iter()
                    .skip(place + 1)
                    .map(|other| other.slot.at)
                    .find(|&at| at > version.slot.at);
                let held = version.slot.at.plus(hold_ms);
                next.map_or(held, |next| next.min(held))
            } else {
                version.slot.end()
            };
            if until > start {
                tests.push(Test {
                    version: *version,
                    until,
                });
            }
        }
        Ok(tests)
    }

    /// The tests of a calendar window. An instant belongs to the window in which it lies; an interval to the one in which
    /// its middle lies, and to those whose middle it covers: a month that begins with the plant's day rather than at
    /// midnight is that month's test and not also the next one's.
    pub(super) fn tests_of_window(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        from: Hour,
        to: Hour,
    ) -> Result<Vec<Test>, Broken> {
        let tests = self.tests_between(history, parameter, from, to)?;
        Ok(of_window(
            &tests,
            (self.zone.hour_start(from), self.zone.hour_start(to)),
        ))
    }

    /// The mean of the tested values over the part of an hour that they cover, in quanta, and how many there are.
    pub(super) fn mean_of_hour(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        hour: Hour,
    ) -> Result<Option<Mean>, Broken> {
        let tests = self.tests_between(history, parameter, hour, hour.next())?;
        let covered = self.covered_ms(&tests, hour);
        Ok(weighted_mean(&tests, &covered).map(|mean| Mean::of(&tests, mean)))
    }

    /// The milliseconds of an hour that each sample of some tests covers.
    pub(super) fn covered_ms(&self, tests: &[Test], hour: Hour) -> Vec<i128> {
        let (start, end) = (self.zone.hour_start(hour), self.zone.hour_start(hour.next()));
        let covered = |test: &Test| test.until.min(end).since(test.version.slot.at.max(start)).max(0);
        samples(tests)
            .filter_map(<[Test]>::first)
            .map(|test| i128::from(covered(test)))
            .collect()
    }

    /// The quantity by which each sample of the tests of some hours is weighted: that of the hours at whose beginning it holds, in the
    /// parts in which buckets count it; with what stands in for missing time, or without.
    pub(super) fn weights(
        &self,
        history: &dyn History,
        bound: &BoundSource,
        tests: &[Test],
        (from, to): (Hour, Hour),
        filled: bool,
    ) -> Result<Vec<i128>, Broken> {
        let posted = match weighing_quantity(bound) {
            Some(quantity) => self.posted_between(history, quantity, from, to, filled)?,
            None => BTreeMap::new(),
        };
        let weight = |test: &Test| {
            posted
                .iter()
                .filter(|(hour, _)| test.covers(self.zone.hour_start(**hour)))
                .map(|(_, posted)| posted.quantity())
                .sum()
        };
        Ok(samples(tests).filter_map(<[Test]>::first).map(weight).collect())
    }

    /// The mean of the tests of a calendar window, weighted by the source's quantity over each sample, in quanta; the plain
    /// mean where there is but one sample, or no quantity.
    pub(super) fn mean_of_window(
        &self,
        history: &dyn History,
        bound: &BoundSource,
        parameter: ParameterId,
        window: WindowKey,
        hour: Hour,
        filled: bool,
    ) -> Result<Option<Mean>, Broken> {
        let (from, to) = self.window_hours(window, hour);
        let tests = self.tests_of_window(history, parameter, from, to)?;
        let weights = if samples(&tests).nth(1).is_some() {
            self.weights(history, bound, &tests, (from, to), filled)?
        } else {
            Vec::new()
        };
        let mean = if weights.iter().sum::<i128>() == 0 {
            plain_mean(&tests)
        } else {
            weighted_mean(&tests, &weights)
        };
        Ok(mean.map(|mean| Mean::of(&tests, mean)))
    }
}
