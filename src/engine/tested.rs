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
/// interval are a sample tested more than once.
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
        let (start, end) = (self.zone.hour_start(hour), self.zone.hour_start(hour.next()));
        let tests = self.tests_between(history, parameter, hour, hour.next())?;
        let mut weighted = 0i128;
        let mut weight = 0i128;
        for test in &tests {
            let covered = i128::from(test.until.min(end).since(test.version.slot.at.max(start)).max(0));
            weighted += covered * i128::from(test.version.value);
            weight += covered;
        }
        Ok(Exact::ratio(weighted, weight)
            .ok()
            .filter(|_| weight > 0)
            .map(|mean| Mean::of(&tests, mean)))
    }

    /// The quantity by which each test of some hours is weighted: that of the hours at whose beginning it holds, in the
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
        Ok(tests.iter().map(weight).collect())
    }

    /// The mean of the tests of a calendar window, weighted by the source's quantity over each, in quanta. The sums of
    /// weight times value and of weight are exact; only the quotient is a mean, and it is never fed back.
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
        if let [only] = tests.as_slice() {
            return Ok(Some(Mean::of(&tests, Exact::integer(i128::from(only.version.value)))));
        }
        let weights = self.weights(history, bound, &tests, (from, to), filled)?;
        let mut weighted = Exact::ZERO;
        let mut weight = Exact::ZERO;
        let mut plain = 0i128;
        for (test, over) in tests.iter().zip(weights) {
            plain += i128::from(test.version.value);
            let over = Exact::integer(over);
            let product = over.checked_mul(Exact::integer(i128::from(test.version.value)));
            let sums = product
                .and_then(|product| weighted.checked_add(product))
                .and_then(|weighted| Ok((weighted, weight.checked_add(over)?)));
            let Ok(sums) = sums else {
                return Ok(None);
            };
            (weighted, weight) = sums;
        }
        let mean = if weight.is_zero() {
            i128::try_from(tests.len())
                .ok()
                .and_then(|count| Exact::ratio(plain, count).ok())
        } else {
            weighted.checked_div(weight).ok()
        };
        Ok(mean.map(|mean| Mean::of(&tests, mean)))
    }
}
