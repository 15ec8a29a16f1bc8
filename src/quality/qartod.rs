//! The conventions of QARTOD as `ioos_qc` keeps them (QARTOD 兼容), for comparing flags with those of others.
//!
//! They differ from the checks of this room where those are stricter: the flat line compares with `<`, so that a
//! tolerance of 0 finds nothing, counts samples by the median interval and flags no sample of the first window; the rate
//! of change cuts differences of time to whole seconds and passes the first value after a missing one; a spike is
//! compared with its direct neighbours whatever they are. Series are taken as they stand, in one piece.

use std::collections::VecDeque;

use super::checks::spike::SpikeMethod;
use super::flag::{Check, Flag, Flags};
use super::settings::{SettingsError, Span, not_negative, positive, stricter, window};
use super::window::median_of;
use crate::domain::time::Instant;

/// Suspect above the first limit, bad above the second.
type Limits = (f64, Option<f64>);

/// Which tests, with which limits.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct QartodRules {
    fail_span: Option<Span>,
    suspect_span: Option<Span>,
    spike: Option<(SpikeMethod, Limits)>,
    rate: Option<Limits>,
    flat: Option<(f64, i64, Option<i64>)>,
}

impl QartodRules {
    /// With the gross range test; spans are inclusive.
    #[must_use]
    pub const fn range(mut self, fail: Option<Span>, suspect: Option<Span>) -> Self {
        self.fail_span = fail;
        self.suspect_span = suspect;
        self
    }

    /// With the spike test.
    pub fn spike(mut self, method: SpikeMethod, suspect: f64, bad: Option<f64>) -> Result<Self, SettingsError> {
        not_negative("suspect", suspect)?;
        let limits = (suspect, stricter(bad, suspect)?);
        // A limit of nothing is none there.
        let suspect = if suspect > 0.0 { suspect } else { f64::INFINITY };
        self.spike = Some((method, (suspect, limits.1)));
        Ok(self)
    }

    /// With the rate of change test, in units a second.
    pub fn rate(mut self, suspect: f64, bad: Option<f64>) -> Result<Self, SettingsError> {
        positive("suspect", suspect)?;
        self.rate = Some((suspect, stricter(bad, suspect)?));
        Ok(self)
    }

    /// With the flat line test.
    pub fn flat(mut self, tolerance: f64, suspect_ms: i64, bad_ms: Option<i64>) -> Result<Self, SettingsError> {
        not_negative("tolerance", tolerance)?;
        window("window", suspect_ms)?;
        if let Some(bad_ms) = bad_ms {
            window("bad", bad_ms)?;
        }
        self.flat = Some((tolerance, suspect_ms, bad_ms));
        Ok(self)
    }

    /// The flags of a series; NaN stands for a missing value.
    pub fn flags(&self, stamps: &[Instant], values: &[f64]) -> Vec<Flags> {
        let mut flags = vec![Flags::NONE; values.len()];
        // But for the range test, what is no finite number is masked there as if it were missing.
        let masked: Vec<f64> = values
            .iter()
            .map(|value| if value.is_finite() { *value } else { f64::NAN })
            .collect();
        let mut put = |check: Check, of: Vec<Flag>| {
            let values = if check == Check::Range { values } else { &masked };
            for ((flags, flag), value) in flags.iter_mut().zip(of).zip(values) {
                flags.set(check, if value.is_nan() { Flag::Missing } else { flag });
            }
        };
        if self.fail_span.is_some() || self.suspect_span.is_some() {
            put(Check::Range, values.iter().map(|value| self.of_range(*value)).collect());
        }
        if let Some((method, limits)) = self.spike {
            put(Check::Spike, spikes(method, limits, &masked));
        }
        if let Some(limits) = self.rate {
            put(Check::Rate, rates(limits, stamps, &masked));
        }
        if let Some((tolerance, suspect_ms, bad_ms)) = self.flat {
            let mut of = vec![Flag::Good; values.len()];
            flat(&mut of, Flag::Suspect, tolerance, suspect_ms, stamps, &masked);
            if let Some(bad_ms) = bad_ms {
                flat(&mut of, Flag::Bad, tolerance, bad_ms, stamps, &masked);
            }
            put(Check::Flat, of);
        }
        flags
    }

    fn of_range(&self, value: f64) -> Flag {
        let outside = |span: &Option<Span>| span.is_some_and(|span| !span.holds(value));
        if outside(&self.fail_span) || value.is_infinite() {
            Flag::Bad
        } else if outside(&self.suspect_span) {
            Flag::Suspect
        } else {
            Flag::Good
        }
    }
}

fn by_limits(size: f64, (suspect, bad): Limits) -> Flag {
    if bad.is_some_and(|bad| size > bad) {
        Flag::Bad
    } else if size > suspect {
        Flag::Suspect
    } else {
        Flag::Good
    }
}

/// The end points and the neighbours of missing values are unknown.
fn spikes(method: SpikeMethod, limits: Limits, values: &[f64]) -> Vec<Flag> {
    let middle = values.windows(3).map(|three| {
        let &[before, value, after] = three else {
            return Flag::Unknown;
        };
        let size = match method {
            SpikeMethod::Average => (value - f64::midpoint(before, after)).abs(),
            SpikeMethod::Differential => {
                let (there, back) = (value - before, after - value);
                if there * back < 0.0 {
                    there.abs().min(back.abs())
                } else {
                    there * back * 0.0
                }
            }
        };
        if size.is_nan() {
            Flag::Unknown
        } else {
            by_limits(size, limits)
        }
    });
    let ends = |some: bool| some.then_some(Flag::Unknown);
    let first = ends(!values.is_empty()).into_iter();
    first.chain(middle).chain(ends(values.len() > 1)).collect()
}

/// The first value passes, and so does what has a missing value before it.
fn rates(limits: Limits, stamps: &[Instant], values: &[f64]) -> Vec<Flag> {
    let first = (!values.is_empty()).then_some(Flag::Good);
    let pairs = values.windows(2).zip(stamps.windows(2)).map(|(values, stamps)| {
        let (&[before, value], &[since, at]) = (values, stamps) else {
            return Flag::Good;
        };
        let seconds = super::figure::real(at.since(since) / 1000);
        by_limits(((value - before) / seconds).abs(), limits)
    });
    first.into_iter().chain(pairs).collect()
}

/// A sample is flagged if it and the `window / median interval` samples before it lie closer together than the tolerance.
fn flat(flags: &mut [Flag], flag: Flag, tolerance: f64, window_ms: i64, stamps: &[Instant], values: &[f64]) {
    // Of two samples nothing is said there.
    if values.len() < 3 {
        return;
    }
    let mut intervals: Vec<f64> = stamps
        .windows(2)
        .filter_map(|pair| Some(super::figure::real(pair.last()?.since(*pair.first()?))))
        .collect();
    let Some(interval) = median_of(&mut intervals).filter(|&interval| interval > 0.0) else {
        return;
    };
    let mut count = 0_usize;
    let mut covered = interval;
    let length = super::figure::real(window_ms);
    while covered <= length && count < values.len() {
        count += 1;
        covered += interval;
    }
    // The extremes of the samples of a window: each sample enters and leaves each queue once.
    let (mut lowest, mut highest) = (VecDeque::new(), VecDeque::new());
    for (place, (&value, flagged)) in values.iter().zip(flags.iter_mut()).enumerate() {
        for (queue, sign) in [(&mut lowest, 1.0), (&mut highest, -1.0)] {
            while queue.front().is_some_and(|&(first, _)| first + count < place) {
                queue.pop_front();
            }
            if value.is_nan() {
                continue;
            }
            while queue
                .back()
                .is_some_and(|&(_, last): &(usize, f64)| last * sign >= value * sign)
            {
                queue.pop_back();
            }
            queue.push_back((place, value));
        }
        if let (Some((_, low)), Some((_, high))) = (lowest.front(), highest.front())
            && place >= count
            && high - low < tolerance
        {
            *flagged = flag;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::scheme::qartod;
    use super::*;

    fn numbers(rules: &QartodRules, interval_ms: i64, values: &[f64], check: Check) -> Vec<u8> {
        let stamps: Vec<Instant> = (0..)
            .map(|place| Instant(place * interval_ms))
            .take(values.len())
            .collect();
        let flags = rules.flags(&stamps, values);
        flags.iter().map(|flags| qartod(flags.of(check).unwrap())).collect()
    }

    #[test]
    fn bounds_are_inclusive_and_infinities_fail() {
        let span = |low, high| Span::new("span", Some(low), Some(high)).ok();
        let rules = QartodRules::default().range(span(0.0, 10.0), span(2.0, 8.0));
        let values = [0.0, 2.0, 8.0, 9.0, 10.0, 10.1, f64::INFINITY, f64::NAN];
        assert_eq!(numbers(&rules, 1000, &values, Check::Range), [3, 1, 1, 3, 3, 4, 4, 9]);
    }

    #[test]
    fn ends_and_neighbours_of_missing_values_have_no_spike() {
        let rules = QartodRules::default();
        let average = rules.clone().spike(SpikeMethod::Average, 3.0, Some(6.0)).unwrap();
        let values = [3.0, 4.9, 3.0, 4.9, 12.0, 4.9, 3.0, f64::NAN, 3.0, 3.0];
        assert_eq!(
            numbers(&average, 1000, &values, Check::Spike),
            [2, 1, 1, 1, 4, 1, 2, 9, 2, 2]
        );
        let differential = rules.spike(SpikeMethod::Differential, 3.0, Some(6.0)).unwrap();
        assert_eq!(
            numbers(&differential, 1000, &[0.0, 5.0, 0.0, 9.0, 18.0, 18.0], Check::Spike),
            [2, 3, 3, 1, 1, 2]
        );
        assert_eq!(numbers(&differential, 1000, &[1.0], Check::Spike), [2]);
        assert_eq!(numbers(&differential, 1000, &[], Check::Spike), [0_u8; 0]);
    }

    #[test]
    fn rates_are_of_whole_seconds() {
        let rules = QartodRules::default().rate(2.0, None).unwrap();
        let values = [0.0, 2.0, 5.0, f64::NAN, 50.0, 50.0];
        assert_eq!(numbers(&rules, 1000, &values, Check::Rate), [1, 1, 3, 9, 1, 1]);
        // Under a second every change is infinitely fast.
        assert_eq!(numbers(&rules, 500, &[0.0, 0.1, 0.1], Check::Rate), [1, 3, 1]);
        assert_eq!(numbers(&rules, 1900, &[0.0, 3.0], Check::Rate), [1, 3]);
    }

    #[test]
    fn a_flat_line_needs_a_tolerance_and_a_whole_window() {
        let flat = |tolerance| QartodRules::default().flat(tolerance, 3000, Some(5000)).unwrap();
        let values = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0];
        assert_eq!(numbers(&flat(0.0), 1000, &values, Check::Flat), [1; 8]);
        assert_eq!(
            numbers(&flat(0.01), 1000, &values, Check::Flat),
            [1, 1, 1, 3, 3, 4, 4, 1]
        );
        let holed = [1.0, 1.0, f64::NAN, 1.0, 1.0];
        assert_eq!(numbers(&flat(0.01), 1000, &holed, Check::Flat), [1, 1, 9, 3, 3]);
        assert_eq!(numbers(&flat(0.01), 1000, &[1.0, 1.0], Check::Flat), [1, 1]);
        // What is no number is missing, but for the range.
        let odd = [1.0, f64::INFINITY, 1.0, 1.0];
        assert_eq!(numbers(&flat(0.01), 1000, &odd, Check::Flat), [1, 9, 1, 3]);
        let short = QartodRules::default().flat(0.01, 1000, None).unwrap();
        assert_eq!(numbers(&short, 1000, &[1.0, 1.0], Check::Flat), [1, 1]);
        let rate = QartodRules::default().rate(2.0, None).unwrap();
        assert_eq!(
            numbers(&rate, 1000, &[0.0, f64::NEG_INFINITY, 9.0], Check::Rate),
            [1, 9, 1]
        );
        let off = QartodRules::default()
            .spike(SpikeMethod::Average, 0.0, Some(6.0))
            .unwrap();
        assert_eq!(
            numbers(&off, 1000, &[0.0, 5.0, 0.0, 9.0, 0.0], Check::Spike),
            [2, 1, 4, 4, 2]
        );
    }
}
