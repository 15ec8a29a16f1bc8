//! From readings to the quantities of hours (小时量): integration of flows, differences of counters, shares of amounts.
//!
//! Every share is a pure function of one reading (amounts) or of two neighbouring ones (flows, counters), in integers.
//! Bucket sums are therefore independent of the order in which readings arrive, and a change is posted by taking the old
//! shares out and putting the new ones in.
//!
//! A share over part of an interval is F(end) − F(start), where F is the cumulative quantity from the interval's start,
//! rounded once: shares of an interval always add up to the whole.

use ethnum::I256;
use rust_decimal::Decimal;

use crate::domain::model::Integration;
use crate::domain::time::{HOUR_MS, Hour, Instant, PlantZone};
use crate::domain::unit::Ratio;

/// A flow's hourly quantity is counted in this part of its quantum·hour, so that a straight line between two readings a
/// millisecond apart still counts whole: half a quantum-millisecond.
pub const FLOW_PARTS: i128 = 2 * HOUR_MS as i128;

/// What an interval gives to one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Which hour.
    pub hour: Hour,
    /// Quantity, in [`FLOW_PARTS`] of the quantum for flows, in quanta for counters and amounts.
    pub quantity: i128,
    /// Milliseconds of the hour that are covered by measurement.
    pub covered_ms: i64,
}

/// A point of a series: an instant and a count of quanta.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// When.
    pub at: Instant,
    /// How many quanta.
    pub value: i64,
}

/// How a flow is integrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlowRule {
    /// Step or straight line.
    pub integration: Integration,
    /// A longer time between two readings is missing, not integrated; in milliseconds.
    pub gap_limit_ms: i64,
}

/// How a counter's differences are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CounterRule {
    /// Quanta of the parameter for one quantum of the register.
    pub multiplier: Ratio,
    /// Count at which the register starts again from 0.
    pub rollover: Option<i64>,
    /// The most that can pass in an hour, in quanta of the parameter, where the plan says.
    pub capacity: Option<Ratio>,
}

/// What a step of a counter means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CounterStep {
    /// It went on by this many quanta of the register.
    Forward(i64),
    /// It passed its rollover and went on by this many.
    RolledOver(i64),
    /// It fell, and not by a rollover: it was reset or replaced, and nobody said so. The stretch is missing.
    Fell,
    /// It rose by more than its meter can count in that time: one of the two values is wrong, as the one before is where a
    /// register came back up from a fall. The stretch is missing.
    TooFast,
}

impl CounterRule {
    /// Its multiplier as a number.
    pub fn multiplier(&self) -> Decimal {
        let numerator = Decimal::from(i64::try_from(self.multiplier.numerator).unwrap_or(i64::MAX));
        let denominator = i64::try_from(self.multiplier.denominator).unwrap_or(1).max(1);
        (numerator / Decimal::from(denominator)).normalize()
    }

    /// What the step from one register value to the next means. A fall is a rollover only when the register would have
    /// gone less than half its range: otherwise a reset is the better explanation, and guessing would post a huge amount.
    pub fn step(&self, before: Point, after: Point) -> CounterStep {
        let difference = after.value.saturating_sub(before.value);
        if difference >= 0 {
            return if self.can_count(difference, before.at, after.at) {
                CounterStep::Forward(difference)
            } else {
                CounterStep::TooFast
            };
        }
        match self.rollover {
            Some(rollover)
                if before.value < rollover
                    && after.value >= 0
                    && difference + rollover <= rollover / 2
                    && self.can_count(difference + rollover, before.at, after.at) =>
            {
                CounterStep::RolledOver(difference + rollover)
            }
            _ => CounterStep::Fell,
        }
    }

    /// Whether so much can have passed between two instants. What can pass in an hour may also be shown at once: registers
    /// step, and stamps are never quite those of the steps.
    fn can_count(&self, step: i64, from: Instant, to: Instant) -> bool {
        self.capacity.is_none_or(|capacity| {
            let product = |factors: [i128; 4]| {
                let mut factors = factors.into_iter().map(I256::from);
                factors.try_fold(I256::ONE, I256::checked_mul)
            };
            let milliseconds = i128::from(to.since(from).max(HOUR_MS));
            let passed = [
                i128::from(step),
                self.multiplier.numerator,
                i128::from(HOUR_MS),
                capacity.denominator,
            ];
            let most = [capacity.numerator, milliseconds, self.multiplier.denominator, 1];
            match (product(passed), product(most)) {
                (Some(passed), Some(most)) => passed <= most,
                // No meter counts what does not fit there.
                (None, _) => false,
                (_, None) => true,
            }
        })
    }
}

/// `numerator / denominator`, rounded half to even. The denominator is positive.
pub fn divide_half_even(numerator: i128, denominator: i128) -> i128 {
    let quotient = numerator.div_euclid(denominator);
    let remainder = numerator.rem_euclid(denominator);
    match (remainder * 2).cmp(&denominator) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + 1,
        std::cmp::Ordering::Equal => quotient + (quotient & 1),
    }
}

/// `step × multiplier × part / whole`, rounded once, half to even. Meters stay within 128 bits; what does not is computed
/// in 256, where nothing that a reading may be overflows.
fn scaled(step: i128, multiplier: Ratio, part: i64, whole: i64) -> i128 {
    let narrow = step
        .checked_mul(multiplier.numerator)
        .and_then(|product| product.checked_mul(i128::from(part)))
        .zip(multiplier.denominator.checked_mul(i128::from(whole)));
    if let Some((numerator, denominator)) = narrow
        && numerator.unsigned_abs() < u128::MAX / 4
    {
        return divide_half_even(numerator, denominator);
    }
    let numerator = I256::from(step) * I256::from(multiplier.numerator) * I256::from(part);
    let denominator = I256::from(multiplier.denominator) * I256::from(whole);
    let (quotient, remainder) = (numerator.div_euclid(denominator), numerator.rem_euclid(denominator));
    let rounded = match (remainder * 2).cmp(&denominator) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + 1,
        std::cmp::Ordering::Equal => quotient + (quotient & 1),
    };
    i128::try_from(rounded).unwrap_or(if rounded < 0 { i128::MIN / 4 } else { i128::MAX / 4 })
}

/// Cuts the time from `from` to `to` at the plant's hours and hands each hour its cumulative ends, in milliseconds from
/// `from`.
#[inline]
fn each_hour(zone: &PlantZone, from: Instant, to: Instant, mut visit: impl FnMut(Hour, i64, i64)) {
    let length = to.since(from);
    if length <= 0 {
        return;
    }
    let mut hour = zone.hour_of(from);
    let mut start = 0;
    let mut end = zone.hour_start(hour.next()).since(from);
    while start < length {
        visit(hour, start, end.min(length));
        hour = hour.next();
        start = end;
        end += HOUR_MS;
    }
}

/// Shares of the flow between two neighbouring readings.
#[inline]
pub fn flow_shares(zone: &PlantZone, rule: FlowRule, before: Point, after: Point, mut visit: impl FnMut(Share)) {
    let length = after.at.since(before.at);
    let missing = length > rule.gap_limit_ms;
    let first = i128::from(before.value);
    let rise = match rule.integration {
        Integration::Step => 0,
        Integration::Trapezoid => i128::from(after.value) - first,
    };
    // Cumulative quantity in FLOW_PARTS: twice the area under the line, in quantum-milliseconds.
    let cumulative = |milliseconds: i64| {
        let x = i128::from(milliseconds);
        let straight = 2 * first * x;
        if rise == 0 {
            straight
        } else {
            straight + divide_half_even(rise * x * x, i128::from(length))
        }
    };
    each_hour(zone, before.at, after.at, |hour, start, end| {
        visit(if missing {
            Share {
                hour,
                quantity: 0,
                covered_ms: 0,
            }
        } else {
            Share {
                hour,
                quantity: cumulative(end) - cumulative(start),
                covered_ms: end - start,
            }
        });
    });
}

/// Shares of the step of a counter between two neighbouring readings of one meter. The quantity over a long silence is
/// known even though its course is not: it is spread evenly.
#[inline]
pub fn counter_shares(zone: &PlantZone, rule: CounterRule, before: Point, after: Point, mut visit: impl FnMut(Share)) {
    let step = match rule.step(before, after) {
        CounterStep::Forward(step) | CounterStep::RolledOver(step) => Some(i128::from(step)),
        CounterStep::Fell | CounterStep::TooFast => None,
    };
    let cumulative =
        |step: i128, milliseconds: i64| scaled(step, rule.multiplier, milliseconds, after.at.since(before.at));
    each_hour(zone, before.at, after.at, |hour, start, end| {
        visit(match step {
            None => Share {
                hour,
                quantity: 0,
                covered_ms: 0,
            },
            Some(step) => Share {
                hour,
                quantity: cumulative(step, end) - cumulative(step, start),
                covered_ms: end - start,
            },
        });
    });
}

/// A stretch of which nothing is known: its hours are touched, and nothing in them is covered.
pub fn missing_shares(zone: &PlantZone, from: Instant, to: Instant, mut visit: impl FnMut(Share)) {
    each_hour(zone, from, to, |hour, _, _| {
        visit(Share {
            hour,
            quantity: 0,
            covered_ms: 0,
        });
    });
}

/// Shares of an amount over its interval; an instant gives everything to its hour.
#[inline]
pub fn amount_shares(zone: &PlantZone, at: Instant, span_s: u32, value: i64, mut visit: impl FnMut(Share)) {
    let length = i64::from(span_s) * 1000;
    if length == 0 {
        visit(Share {
            hour: zone.hour_of(at),
            quantity: i128::from(value),
            covered_ms: 0,
        });
        return;
    }
    let cumulative =
        |milliseconds: i64| divide_half_even(i128::from(value) * i128::from(milliseconds), i128::from(length));
    each_hour(zone, at, at.plus(length), |hour, start, end| {
        visit(Share {
            hour,
            quantity: cumulative(end) - cumulative(start),
            covered_ms: end - start,
        });
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone() -> PlantZone {
        PlantZone::parse("Asia/Shanghai").unwrap()
    }

    const START: i64 = 1_735_660_800_000; // 2024-12-31T16:00:00Z, a full hour

    fn point(ms: i64, value: i64) -> Point {
        Point {
            at: Instant(START + ms),
            value,
        }
    }

    fn flow(integration: Integration, gap_limit_ms: i64, before: Point, after: Point) -> Vec<Share> {
        let mut shares = Vec::new();
        flow_shares(
            &zone(),
            FlowRule {
                integration,
                gap_limit_ms,
            },
            before,
            after,
            |share| shares.push(share),
        );
        shares
    }

    #[test]
    fn a_step_holds_the_earlier_value() {
        // 100 t/h from 00:30 to 01:30: half an hour on either side.
        let shares = flow(
            Integration::Step,
            2 * HOUR_MS,
            point(HOUR_MS / 2, 100),
            point(HOUR_MS * 3 / 2, 700),
        );
        assert_eq!(shares.len(), 2);
        for share in shares {
            assert_eq!(share.quantity, 50 * FLOW_PARTS);
            assert_eq!(share.covered_ms, HOUR_MS / 2);
        }
    }

    #[test]
    fn a_trapezoid_cuts_the_line_at_the_hour() {
        // 0 to 100 over an hour, half in each hour: areas 12.5 and 37.5.
        let shares = flow(
            Integration::Trapezoid,
            2 * HOUR_MS,
            point(HOUR_MS / 2, 0),
            point(HOUR_MS * 3 / 2, 100),
        );
        assert_eq!(shares[0].quantity * 2, 25 * FLOW_PARTS);
        assert_eq!(shares[1].quantity * 2, 75 * FLOW_PARTS);
    }

    #[test]
    fn a_gap_longer_than_the_limit_is_missing() {
        let shares = flow(Integration::Step, HOUR_MS, point(0, 100), point(HOUR_MS + 1, 100));
        assert!(shares.iter().all(|share| share.quantity == 0 && share.covered_ms == 0));
        assert_eq!(shares.len(), 2);
    }

    #[test]
    fn a_counter_rolls_over_but_a_reset_is_not_guessed() {
        let rule = CounterRule {
            multiplier: Ratio::new(3000, 1).unwrap(),
            rollover: Some(1_000_000),
            capacity: None,
        };
        let step = |from, to| rule.step(point(0, from), point(3 * HOUR_MS, to));
        assert_eq!(step(999_990, 15), CounterStep::RolledOver(25));
        assert_eq!(step(400_000, 15), CounterStep::Fell);
        let mut total = 0;
        counter_shares(&zone(), rule, point(0, 999_990), point(3 * HOUR_MS, 15), |share| {
            total += share.quantity;
        });
        assert_eq!(total, 75_000);
    }

    #[test]
    fn a_counter_counts_no_more_than_its_meter_can() {
        let rule = CounterRule {
            multiplier: Ratio::new(10, 1).unwrap(),
            rollover: Some(100_000),
            capacity: Ratio::new(1000, 1),
        };
        let step = |hours: i64, from, to| rule.step(point(0, from), point(hours * HOUR_MS / 4, to));
        // What it can in an hour it may show at once, and in three hours thrice as much.
        assert_eq!(step(1, 0, 100), CounterStep::Forward(100));
        assert_eq!(step(1, 0, 101), CounterStep::TooFast);
        assert_eq!(step(12, 0, 300), CounterStep::Forward(300));
        assert_eq!(step(12, 0, 301), CounterStep::TooFast);
        assert_eq!(step(4, 99_950, 50), CounterStep::RolledOver(100));
        assert_eq!(step(4, 99_950, 51), CounterStep::Fell);
        assert_eq!(step(1, i64::MIN / 2, i64::MAX / 2), CounterStep::TooFast);
    }

    #[test]
    fn what_does_not_fit_into_128_bits_is_still_exact() {
        let multiplier = Ratio::new(10_i128.pow(28), 3 * 10_i128.pow(27)).unwrap();
        assert_eq!(
            scaled(900_000_000_000_000, multiplier, 30_000_000_000, 60_000_000_000),
            1_500_000_000_000_000
        );
        let fine = Ratio::new(3_333_333_333_333_333_333_333_333_333, 10_i128.pow(28)).unwrap();
        assert_eq!(scaled(1_000_000, fine, 900_000, 900_000), 333_333);
    }

    #[test]
    fn rounding_is_half_to_even_on_both_sides_of_zero() {
        let rounded: Vec<i128> = [-5, -3, -1, 1, 3, 5].iter().map(|&n| divide_half_even(n, 2)).collect();
        assert_eq!(rounded, [-2, -2, 0, 0, 2, 2]);
    }

    proptest! {
        #[test]
        fn shares_of_an_amount_add_up_to_the_whole(at in 0i64..10_000_000_000, span_s in 0u32..40_000_000, value in -1_000_000_000_000_000i64..1_000_000_000_000_000) {
            let mut sum = 0;
            let mut covered = 0;
            amount_shares(&zone(), Instant(START + at), span_s, value, |share| { sum += share.quantity; covered += share.covered_ms; });
            prop_assert_eq!(sum, i128::from(value));
            prop_assert_eq!(covered, i64::from(span_s) * 1000);
        }

        #[test]
        fn shares_of_a_flow_add_up_to_the_area(at in 0i64..10_000_000_000, length in 1i64..100_000_000, first in -1_000_000_000_000_000i64..1_000_000_000_000_000, second in -1_000_000_000_000_000i64..1_000_000_000_000_000, trapezoid: bool) {
            let integration = if trapezoid { Integration::Trapezoid } else { Integration::Step };
            let shares = flow(integration, i64::MAX, point(at, first), point(at + length, second));
            let sum: i128 = shares.iter().map(|share| share.quantity).sum();
            let area = if trapezoid { i128::from(first) + i128::from(second) } else { 2 * i128::from(first) };
            prop_assert_eq!(sum, area * i128::from(length));
        }

        #[test]
        fn shares_of_a_counter_add_up_to_the_step(at in 0i64..10_000_000_000, length in 1i64..100_000_000, first in 0i64..1_000_000_000, step in 0i64..1_000_000_000, numerator in 1i128..100_000, denominator in 1i128..1000) {
            let multiplier = Ratio::new(numerator, denominator).unwrap();
            let rule = CounterRule {
                multiplier,
                rollover: None,
                capacity: None,
            };
            let mut sum = 0;
            counter_shares(&zone(), rule, point(at, first), point(at + length, first + step), |share| sum += share.quantity);
            prop_assert_eq!(sum, divide_half_even(i128::from(step) * multiplier.numerator, multiplier.denominator));
        }
    }
}
