//! What is to be looked at in how people type values (录入情况): long after their time, several rounds in one go, last digits
//! that are too regular. Such a finding asks a question and accuses nobody: a round may well have been noted on paper.

use super::figure::{counted, real};
use super::finding::Finding;
use super::flag::{Flag, Rule};
use crate::domain::time::{HOUR_MS, Instant};

/// A value that somebody typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Typed {
    /// Its stamp; of an interval the end.
    pub at: Instant,
    /// Its count.
    pub value: i64,
}

/// The shortest time after its stamp that is late: a shift.
const LATE_MS: i64 = 8 * HOUR_MS;

/// Rounds in one go that are too many.
const ROUNDS: usize = 3;

/// Values whose last digits are looked at, and the share of them that may be nought or five.
const DIGITS: usize = 30;
const REGULAR_PERCENT: f64 = 80.0;

/// A finding about values from the first to the last.
fn about(rule: Rule, values: &[Typed], value: f64, limit: f64) -> Option<Finding> {
    let (first, last) = (values.first()?, values.last()?);
    Some(
        Finding::at(rule, Flag::Suspect, last.at, value, limit)
            .from(first.at)
            .since(first.at),
    )
}

/// What is found in values of one parameter, in the order of their stamps, that somebody typed in one go. `interval_ms` is
/// the expected time between two, 0 where none is.
pub fn in_one_go(values: &[Typed], now: Instant, interval_ms: i64) -> Vec<Finding> {
    let mut findings = Vec::new();
    let limit_ms = LATE_MS.max(interval_ms.saturating_mul(2));
    let late: Vec<Typed> = values
        .iter()
        .filter(|typed| now.since(typed.at) > limit_ms)
        .copied()
        .collect();
    if let Some(first) = late.first() {
        let behind_ms = now.since(first.at);
        let finding = about(Rule::TypedLate, &late, real(behind_ms), real(limit_ms));
        findings.extend(finding.map(|finding| finding.over(behind_ms)));
    }
    let mut rounds: Vec<Instant> = values.iter().map(|typed| typed.at).collect();
    rounds.dedup();
    if interval_ms > 0 && rounds.len() >= ROUNDS {
        findings.extend(about(
            Rule::TypedTogether,
            values,
            counted(rounds.len()),
            counted(ROUNDS - 1),
        ));
    }
    findings
}

/// Whether the last digits of the newest values that somebody typed are too regular.
pub fn regular_digits(newest: &[Typed]) -> Option<Finding> {
    if newest.len() < DIGITS {
        return None;
    }
    let regular = newest.iter().filter(|typed| typed.value % 5 == 0).count();
    let percent = 100.0 * counted(regular) / counted(newest.len());
    if percent <= REGULAR_PERCENT {
        return None;
    }
    about(Rule::RegularDigits, newest, percent, REGULAR_PERCENT)
}

/// How many of the newest values [`regular_digits`] asks for.
pub const NEWEST: usize = DIGITS;

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_767_225_600_000);

    fn typed(hours_ago: i64, value: i64) -> Typed {
        Typed {
            at: NOW.plus(-hours_ago * HOUR_MS),
            value,
        }
    }

    fn rules(findings: &[Finding]) -> Vec<Rule> {
        findings.iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn a_round_in_time_says_nothing_and_a_shift_in_one_go_does() {
        assert_eq!(in_one_go(&[typed(1, 7)], NOW, HOUR_MS), []);
        assert_eq!(in_one_go(&[typed(2, 7), typed(1, 8)], NOW, HOUR_MS), []);
        let shift: Vec<Typed> = (1..=7).rev().map(|hour| typed(hour, hour)).collect();
        assert_eq!(rules(&in_one_go(&shift, NOW, HOUR_MS)), [Rule::TypedTogether]);
        let late = in_one_go(&[typed(30, 7), typed(1, 8)], NOW, HOUR_MS);
        assert_eq!(rules(&late), [Rule::TypedLate]);
        assert_eq!((late[0].from, late[0].to), (typed(30, 0).at, typed(30, 0).at));
        // A daily value may be typed a day later, and what is expected at no time comes when it comes.
        assert_eq!(in_one_go(&[typed(40, 7)], NOW, 24 * HOUR_MS), []);
        assert_eq!(in_one_go(&[typed(3, 7), typed(2, 7), typed(1, 7)], NOW, 0), []);
    }

    #[test]
    fn last_digits_are_regular_where_more_are_nought_or_five_than_chance_gives() {
        let with = |step: i64| -> Vec<Typed> { (0..30).map(|number| typed(30 - number, number * step)).collect() };
        assert_eq!(regular_digits(&with(7)), None);
        let found = regular_digits(&with(5)).unwrap();
        assert_eq!(found.rule, Rule::RegularDigits);
        assert_eq!(regular_digits(&with(5)[..29]), None);
    }
}
