//! What is to be looked at in how people type values (录入情况): long after their time, several rounds in one go, last digits
//! that are too regular. Such a finding asks a question and accuses nobody: a round may well have been noted on paper.

use super::figure::{counted, real};
use super::finding::Finding;
use super::flag::{Flag, Rule};
use super::settings::{SettingsError, positive, window};
use crate::domain::time::{HOUR_MS, Instant};

/// A value that somebody typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Typed {
    /// Its stamp; of an interval the end.
    pub at: Instant,
    /// Its count.
    pub value: i64,
}

/// When typed values are to be asked about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TypingSettings {
    /// Milliseconds after its stamp from which a value is late.
    late_ms: i64,
    /// Rounds typed within [`TypingSettings::within_ms`] that are too many.
    rounds: u32,
    within_ms: i64,
    /// Per cent of the last digits that may be nought or five.
    regular_percent: f64,
}

/// The shortest time after its stamp that is late: a shift.
const USUAL_LATE_MS: i64 = 8 * HOUR_MS;

/// Rounds in one go that are too many, and how long one go is.
const USUAL_ROUNDS: u32 = 3;
const USUAL_WITHIN_MS: i64 = 10 * 60_000;

/// Values whose last digits are looked at, and the share of them that may usually be nought or five.
const DIGITS: usize = 30;
const USUAL_REGULAR_PERCENT: f64 = 80.0;

impl TypingSettings {
    /// Of values that are expected at an interval, in milliseconds, 0 where at none: what is not given is as usual.
    pub fn new(
        interval_ms: i64,
        late_ms: Option<i64>,
        rounds: Option<u32>,
        within_ms: Option<i64>,
        regular_percent: Option<f64>,
    ) -> Result<Self, SettingsError> {
        let late_ms = late_ms.unwrap_or(USUAL_LATE_MS.max(interval_ms.saturating_mul(2)));
        window("late", late_ms)?;
        let within_ms = within_ms.unwrap_or(USUAL_WITHIN_MS);
        window("within", within_ms)?;
        let regular_percent = regular_percent.unwrap_or(USUAL_REGULAR_PERCENT);
        positive("regular", regular_percent)?;
        if regular_percent >= 100.0 {
            return Err(SettingsError::Outside {
                key: "regular",
                given: super::figure::shown(regular_percent),
                low: "0".to_owned(),
                high: "99".to_owned(),
            });
        }
        Ok(Self {
            late_ms,
            rounds: rounds.unwrap_or(USUAL_ROUNDS),
            within_ms,
            regular_percent,
        })
    }

    /// How long one go is, in milliseconds.
    pub const fn within_ms(&self) -> i64 {
        self.within_ms
    }
}

/// A finding about values from the first to the last.
fn about(rule: Rule, values: &[Typed], value: f64, limit: f64) -> Option<Finding> {
    let (first, last) = (values.first()?, values.last()?);
    Some(
        Finding::at(rule, Flag::Suspect, last.at, value, limit)
            .from(first.at)
            .since(first.at),
    )
}

/// What is found in values of one parameter, in the order of their stamps, that somebody has just typed.
pub fn late(values: &[Typed], now: Instant, settings: &TypingSettings) -> Option<Finding> {
    let is_late = |typed: &&Typed| now.since(typed.at) > settings.late_ms;
    let late: Vec<Typed> = values.iter().filter(is_late).copied().collect();
    let behind_ms = now.since(late.first()?.at);
    about(Rule::TypedLate, &late, real(behind_ms), real(settings.late_ms))
}

/// Whether values of one parameter, in the order of their stamps, that somebody typed in one go are of too many rounds. What is
/// expected at no time comes when it comes.
pub fn in_one_go(values: &[Typed], interval_ms: i64, settings: &TypingSettings) -> Option<Finding> {
    let mut rounds: Vec<Instant> = values.iter().map(|typed| typed.at).collect();
    rounds.dedup();
    let most = usize::try_from(settings.rounds).unwrap_or(usize::MAX);
    if interval_ms <= 0 || rounds.len() < most {
        return None;
    }
    let finding = about(
        Rule::TypedTogether,
        values,
        counted(rounds.len()),
        counted(most.saturating_sub(1)),
    );
    finding.map(|finding| finding.over(settings.within_ms))
}

/// Whether the last digits of the newest values that somebody typed are too regular. Digits that none of them has are not
/// looked at: who writes whole tonnes writes no tenths.
pub fn regular_digits(newest: &[Typed], settings: &TypingSettings) -> Option<Finding> {
    if newest.len() < DIGITS {
        return None;
    }
    let divides = |step: i64| newest.iter().all(|typed| typed.value % step == 0);
    let mut step = 1_i64;
    while let Some(next) = step.checked_mul(10).filter(|next| divides(*next)) {
        step = next;
    }
    let regular = newest.iter().filter(|typed| typed.value / step % 5 == 0).count();
    let percent = 100.0 * counted(regular) / counted(newest.len());
    if percent <= settings.regular_percent {
        return None;
    }
    let values = u32::try_from(newest.len()).unwrap_or(u32::MAX);
    let finding = about(Rule::RegularDigits, newest, percent, settings.regular_percent);
    finding.map(|finding| finding.part(values))
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

    fn usual(interval_ms: i64) -> TypingSettings {
        TypingSettings::new(interval_ms, None, None, None, None).unwrap()
    }

    fn rule(finding: Option<Finding>) -> Option<Rule> {
        finding.map(|finding| finding.rule)
    }

    #[test]
    fn a_round_in_time_says_nothing_and_a_shift_in_one_go_does() {
        let usual = usual(HOUR_MS);
        assert_eq!(late(&[typed(1, 7)], NOW, &usual), None);
        assert_eq!(in_one_go(&[typed(2, 7), typed(1, 8)], HOUR_MS, &usual), None);
        let shift: Vec<Typed> = (1..=7).rev().map(|hour| typed(hour, hour)).collect();
        assert_eq!(rule(in_one_go(&shift, HOUR_MS, &usual)), Some(Rule::TypedTogether));
        let found = late(&[typed(30, 7), typed(1, 8)], NOW, &usual).unwrap();
        assert_eq!(found.rule, Rule::TypedLate);
        assert_eq!((found.from, found.to), (typed(30, 0).at, typed(30, 0).at));
        // What is expected at no time comes when it comes.
        assert_eq!(in_one_go(&[typed(3, 7), typed(2, 7), typed(1, 7)], 0, &usual), None);
    }

    #[test]
    fn a_daily_value_may_be_typed_a_day_later_and_a_plan_may_say_otherwise() {
        assert_eq!(late(&[typed(40, 7)], NOW, &usual(24 * HOUR_MS)), None);
        let strict = TypingSettings::new(24 * HOUR_MS, Some(HOUR_MS), Some(2), None, Some(10.0)).unwrap();
        assert_eq!(rule(late(&[typed(2, 7)], NOW, &strict)), Some(Rule::TypedLate));
        let two = [typed(26, 7), typed(2, 7)];
        assert_eq!(rule(in_one_go(&two, 24 * HOUR_MS, &strict)), Some(Rule::TypedTogether));
        for wrong in [
            TypingSettings::new(0, Some(0), None, None, None),
            TypingSettings::new(0, None, None, Some(-1), None),
            TypingSettings::new(0, None, None, None, Some(0.0)),
        ] {
            assert!(wrong.is_err());
        }
    }

    #[test]
    fn last_digits_are_regular_where_more_are_nought_or_five_than_chance_gives() {
        let with = |step: i64| -> Vec<Typed> { (0..30).map(|number| typed(30 - number, number * step)).collect() };
        let usual = usual(HOUR_MS);
        assert_eq!(regular_digits(&with(7), &usual), None);
        let found = regular_digits(&with(5), &usual).unwrap();
        assert_eq!(found.rule, Rule::RegularDigits);
        assert_eq!(regular_digits(&with(5)[..29], &usual), None);
        // Whole units of a row that keeps a tenth: the tenths were not typed.
        assert_eq!(regular_digits(&with(70), &usual), None);
        assert_eq!(rule(regular_digits(&with(50), &usual)), Some(Rule::RegularDigits));
        assert_eq!(rule(regular_digits(&with(0), &usual)), Some(Rule::RegularDigits));
    }
}
