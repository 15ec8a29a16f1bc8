//! Exact fractions (精确分数): what the formulas are reckoned in, so that no digit is lost before the one rounding at
//! the end of a cell.

use std::cmp::Ordering;
use std::fmt;

use ethnum::{I256, U256};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::domain::text::{Explained, Text};
use crate::domain::unit::Ratio;

/// Why an exact computation has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ArithmeticError {
    /// The result, in lowest terms, does not fit into 256 bits above or below the line, or into the type asked for.
    #[error("the result is too large to be kept exactly")]
    Overflow,
    /// Something was divided by zero.
    #[error("division by zero")]
    DivisionByZero,
}

impl Explained for ArithmeticError {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::Overflow => "accounting-overflow",
            Self::DivisionByZero => "accounting-division-by-zero",
        })
    }
}

/// How a number halfway between two others is rounded (修约).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// To the even one (四舍六入五成双; GB/T 8170, where a rule names nothing else).
    #[default]
    HalfEven,
    /// Away from zero (四舍五入).
    HalfUp,
}

/// An exact fraction: a 256-bit whole number over a positive one. It need not be in lowest terms: it is brought there
/// only when the next step would otherwise not fit, since that costs far more than the step itself.
#[derive(Debug, Clone, Copy)]
pub struct Exact {
    numerator: I256,
    /// Always greater than 0.
    denominator: I256,
}

impl Exact {
    /// Zero.
    pub const ZERO: Self = Self::integer(0);
    /// One.
    pub const ONE: Self = Self::integer(1);

    /// A whole number.
    pub const fn integer(value: i128) -> Self {
        Self {
            numerator: I256::new(value),
            denominator: I256::ONE,
        }
    }

    /// `numerator` over `denominator`, either of which may be negative.
    pub fn ratio(numerator: i128, denominator: i128) -> Result<Self, ArithmeticError> {
        Self::over(I256::new(numerator), I256::new(denominator))
    }

    /// A ratio of units.
    pub fn from_ratio(ratio: Ratio) -> Self {
        // A `Ratio` has a positive denominator; its fields are public, so the sign is looked at once more.
        let (numerator, denominator) = (I256::new(ratio.numerator), I256::new(ratio.denominator));
        if denominator.is_negative() {
            Self {
                numerator: -numerator,
                denominator: -denominator,
            }
        } else {
            Self {
                numerator,
                denominator: denominator.max(I256::ONE),
            }
        }
    }

    /// A decimal number, every digit kept.
    pub fn from_decimal(value: Decimal) -> Self {
        Self {
            numerator: I256::new(value.mantissa()),
            denominator: power_of_ten(value.scale()).unwrap_or(I256::ONE),
        }
    }

    fn over(numerator: I256, denominator: I256) -> Result<Self, ArithmeticError> {
        if denominator == I256::ZERO {
            return Err(ArithmeticError::DivisionByZero);
        }
        if denominator.is_negative() {
            let opposite = |number: I256| number.checked_neg().ok_or(ArithmeticError::Overflow);
            return Ok(Self {
                numerator: opposite(numerator)?,
                denominator: opposite(denominator)?,
            });
        }
        Ok(Self { numerator, denominator })
    }

    /// The sum.
    pub fn checked_add(self, other: Self) -> Result<Self, ArithmeticError> {
        self.sum(other)
            .or_else(|| self.reduced().sum(other.reduced()))
            .or_else(|| self.reduced().sum_over_common_denominator(other.reduced()))
            .ok_or(ArithmeticError::Overflow)
    }

    /// The difference.
    pub fn checked_sub(self, other: Self) -> Result<Self, ArithmeticError> {
        self.checked_add(other.checked_neg()?)
    }

    /// The product.
    pub fn checked_mul(self, other: Self) -> Result<Self, ArithmeticError> {
        match self.product(other) {
            Some(product) => Ok(product),
            None => self.product_in_lowest_terms(other),
        }
    }

    /// The quotient.
    pub fn checked_div(self, other: Self) -> Result<Self, ArithmeticError> {
        self.checked_mul(Self::over(other.denominator, other.numerator)?)
    }

    /// The same number with the other sign.
    pub fn checked_neg(self) -> Result<Self, ArithmeticError> {
        Ok(Self {
            numerator: self.numerator.checked_neg().ok_or(ArithmeticError::Overflow)?,
            denominator: self.denominator,
        })
    }

    /// Whether it is zero.
    pub fn is_zero(self) -> bool {
        self.numerator == I256::ZERO
    }

    /// Whether it is smaller than zero.
    pub fn is_negative(self) -> bool {
        self.numerator.is_negative()
    }

    /// The nearest whole number.
    pub fn round_to_integer(self, rounding: Rounding) -> Result<i128, ArithmeticError> {
        let (whole, rest) = divide(self.numerator.unsigned_abs(), self.denominator.unsigned_abs());
        // rest < denominator < 2^255, so that twice the rest still fits.
        let up = match (rest << 1_u32).cmp(&self.denominator.unsigned_abs()) {
            Ordering::Less => false,
            Ordering::Greater => true,
            Ordering::Equal => match rounding {
                Rounding::HalfUp => true,
                Rounding::HalfEven => whole & U256::ONE == U256::ONE,
            },
        };
        let magnitude = i128::try_from(whole).map_err(|_| ArithmeticError::Overflow)?;
        let magnitude = magnitude.checked_add(i128::from(up)).ok_or(ArithmeticError::Overflow)?;
        Ok(if self.is_negative() { -magnitude } else { magnitude })
    }

    /// The nearest decimal number with `digits` digits after the point.
    pub fn to_decimal(self, digits: u32, rounding: Rounding) -> Result<Decimal, ArithmeticError> {
        let scale = power_of_ten(digits).ok_or(ArithmeticError::Overflow)?;
        let scaled = self.checked_mul(Self {
            numerator: scale,
            denominator: I256::ONE,
        })?;
        Decimal::try_from_i128_with_scale(scaled.round_to_integer(rounding)?, digits)
            .map_err(|_| ArithmeticError::Overflow)
    }

    /// The same number in lowest terms.
    fn reduced(self) -> Self {
        let divisor = greatest_common_divisor(self.numerator.unsigned_abs(), self.denominator.unsigned_abs());
        if divisor <= U256::ONE {
            return self;
        }
        // The divisor is no larger than the denominator, which is positive as a signed number.
        let divisor = divisor.as_i256();
        Self {
            numerator: self.numerator / divisor,
            denominator: self.denominator / divisor,
        }
    }

    #[inline]
    fn product(self, other: Self) -> Option<Self> {
        Some(Self {
            numerator: multiply(self.numerator, other.numerator)?,
            denominator: multiply(self.denominator, other.denominator)?,
        })
    }

    /// With nothing left to cancel, neither within a fraction nor crosswise, the product is in lowest terms: what then
    /// overflows has no room.
    #[cold]
    fn product_in_lowest_terms(self, other: Self) -> Result<Self, ArithmeticError> {
        let (one, two) = (self.reduced(), other.reduced());
        let crosswise = |numerator, denominator| Self { numerator, denominator }.reduced();
        crosswise(one.numerator, two.denominator)
            .product(crosswise(two.numerator, one.denominator))
            .ok_or(ArithmeticError::Overflow)
    }

    fn sum(self, other: Self) -> Option<Self> {
        if self.denominator == other.denominator {
            return Some(Self {
                numerator: self.numerator.checked_add(other.numerator)?,
                denominator: self.denominator,
            });
        }
        let left = multiply(self.numerator, other.denominator)?;
        let right = multiply(other.numerator, self.denominator)?;
        Some(Self {
            numerator: left.checked_add(right)?,
            denominator: multiply(self.denominator, other.denominator)?,
        })
    }

    fn sum_over_common_denominator(self, other: Self) -> Option<Self> {
        let divisor = greatest_common_divisor(self.denominator.unsigned_abs(), other.denominator.unsigned_abs());
        let divisor = divisor.as_i256();
        let (mine, theirs) = (self.denominator / divisor, other.denominator / divisor);
        let numerator = multiply(self.numerator, theirs)?.checked_add(multiply(other.numerator, mine)?)?;
        // What is left in common can only divide `divisor`; taking it out first gives the product its best chance.
        let rest = Self {
            numerator,
            denominator: divisor,
        }
        .reduced();
        Some(Self {
            numerator: rest.numerator,
            denominator: multiply(multiply(mine, theirs)?, rest.denominator)?,
        })
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Some(left), Some(right)) = (
            multiply(self.numerator, other.denominator),
            multiply(other.numerator, self.denominator),
        ) {
            return left.cmp(&right);
        }
        match (self.is_negative(), other.is_negative()) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (negative, _) => {
                let magnitude = |number: &Self| (number.numerator.unsigned_abs(), number.denominator.unsigned_abs());
                let ordering = compare_magnitudes(magnitude(self), magnitude(other));
                if negative { ordering.reverse() } else { ordering }
            }
        }
    }
}

/// Compares two fractions of any size by their continued fractions.
fn compare_magnitudes(mut left: (U256, U256), mut right: (U256, U256)) -> Ordering {
    loop {
        let (left_whole, left_rest) = divide(left.0, left.1);
        let (right_whole, right_rest) = divide(right.0, right.1);
        if left_whole != right_whole {
            return left_whole.cmp(&right_whole);
        }
        match (left_rest == U256::ZERO, right_rest == U256::ZERO) {
            (true, true) => return Ordering::Equal,
            (true, false) => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            // Of two proper fractions the larger is the one with the smaller reciprocal.
            (false, false) => (left, right) = ((right.1, right_rest), (left.1, left_rest)),
        }
    }
}

/// Shows a terminating decimal with every digit, anything else as `numerator/denominator` in lowest terms.
impl fmt::Display for Exact {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Beyond this many digits a fraction is easier to read.
        const MOST_DIGITS: u32 = 60;
        let reduced = self.reduced();
        let (magnitude, denominator) = (reduced.numerator.unsigned_abs(), reduced.denominator.unsigned_abs());
        let (whole, mut rest) = divide(magnitude, denominator);
        let mut digits = String::new();
        let ten = U256::new(10);
        for _ in 0..MOST_DIGITS {
            if rest == U256::ZERO {
                break;
            }
            let Some(shifted) = rest.checked_mul(ten) else { break };
            let (digit, next) = divide(shifted, denominator);
            digits.push(char::from_digit(digit.as_u32(), 10).unwrap_or('0'));
            rest = next;
        }
        let sign = if self.is_negative() { "-" } else { "" };
        let shown = if rest != U256::ZERO {
            format!("{sign}{magnitude}/{denominator}")
        } else if digits.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{digits}")
        };
        formatter.pad(&shown)
    }
}

/// 10 to a power, while it fits.
fn power_of_ten(exponent: u32) -> Option<I256> {
    match 10_i128.checked_pow(exponent) {
        Some(power) => Some(I256::new(power)),
        None => I256::new(10).checked_pow(exponent),
    }
}

/// A number that has no more than 64 bits. Compared by its words: a comparison of whole numbers goes through memory and
/// costs more than the multiplication it is to save.
fn narrow(number: I256) -> Option<i64> {
    let (high, low) = number.into_words();
    let word = i64::try_from(low).ok()?;
    (high == low >> 127).then_some(word)
}

/// The product, while it fits. The signed multiplication of `ethnum` looks for overflow by a division; that of
/// magnitudes does not, and is several times faster.
#[inline]
fn multiply(left: I256, right: I256) -> Option<I256> {
    match (narrow(left), narrow(right)) {
        (Some(left), Some(right)) => Some(I256::new(i128::from(left) * i128::from(right))),
        _ => multiply_wide(left, right),
    }
}

fn multiply_wide(left: I256, right: I256) -> Option<I256> {
    let magnitude = left.unsigned_abs().checked_mul(right.unsigned_abs())?.as_i256();
    if magnitude.is_negative() {
        return None;
    }
    Some(if left.is_negative() == right.is_negative() {
        magnitude
    } else {
        -magnitude
    })
}

/// Whole part and rest of a division by a number that is not 0.
fn divide(dividend: U256, divisor: U256) -> (U256, U256) {
    if *dividend.high() == 0 && *divisor.high() == 0 {
        let (dividend, divisor) = (*dividend.low(), *divisor.low());
        return match dividend.checked_div(divisor) {
            Some(whole) => (U256::new(whole), U256::new(dividend - whole * divisor)),
            None => (U256::ZERO, U256::ZERO),
        };
    }
    match dividend.checked_div(divisor) {
        Some(whole) => (whole, dividend - whole * divisor),
        None => (U256::ZERO, U256::ZERO),
    }
}

fn greatest_common_divisor(mut left: U256, mut right: U256) -> U256 {
    while right != U256::ZERO {
        (left, right) = (right, divide(left, right).1);
    }
    left
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exact(numerator: i128, denominator: i128) -> Exact {
        Exact::ratio(numerator, denominator).unwrap()
    }

    #[test]
    fn shows_terminating_decimals_and_fractions() {
        assert_eq!(exact(1, 8).to_string(), "0.125");
        assert_eq!(exact(-5, 4).to_string(), "-1.25");
        assert_eq!(exact(-1, 4).to_string(), "-0.25");
        assert_eq!(exact(88, 24).to_string(), "11/3");
        assert_eq!(exact(6, 3).to_string(), "2");
        assert_eq!(exact(3, -6).to_string(), "-0.5");
        assert_eq!(Exact::from_decimal("19.570".parse().unwrap()).to_string(), "19.57");
    }

    #[test]
    fn rounds_half_to_even_or_away_from_zero() {
        let both = |numerator, denominator| {
            let number = exact(numerator, denominator);
            (
                number.round_to_integer(Rounding::HalfEven).unwrap(),
                number.round_to_integer(Rounding::HalfUp).unwrap(),
            )
        };
        assert_eq!(both(5, 2), (2, 3));
        assert_eq!(both(7, 2), (4, 4));
        assert_eq!(both(-5, 2), (-2, -3));
        assert_eq!(both(-7, 2), (-4, -4));
        assert_eq!(both(1, 3), (0, 0));
        assert_eq!(both(-2, 3), (-1, -1));
    }

    #[test]
    fn becomes_a_decimal_of_the_digits_asked_for() {
        let third = exact(2, 3);
        assert_eq!(third.to_decimal(4, Rounding::HalfEven).unwrap().to_string(), "0.6667");
        assert_eq!(
            exact(1, 1).to_decimal(2, Rounding::HalfEven).unwrap().to_string(),
            "1.00"
        );
        assert_eq!(
            Exact::integer(i128::MAX).to_decimal(2, Rounding::HalfEven),
            Err(ArithmeticError::Overflow)
        );
    }

    #[test]
    fn says_what_it_cannot_keep() {
        assert_eq!(Exact::ratio(1, 0), Err(ArithmeticError::DivisionByZero));
        assert_eq!(
            Exact::ONE.checked_div(Exact::ZERO),
            Err(ArithmeticError::DivisionByZero)
        );
        let large = Exact::integer(i128::MAX);
        let square = large.checked_mul(large).unwrap();
        assert_eq!(square.checked_mul(large), Err(ArithmeticError::Overflow));
        assert_eq!(
            square.round_to_integer(Rounding::HalfEven),
            Err(ArithmeticError::Overflow)
        );
    }

    #[test]
    fn lowest_terms_are_used_before_giving_up() {
        let huge = Exact::integer(i128::MAX)
            .checked_mul(Exact::integer(i128::MAX - 1))
            .unwrap();
        let small = Exact::ONE.checked_div(huge).unwrap();
        assert_eq!(huge.checked_mul(small), Ok(Exact::ONE));
        assert_eq!(small.checked_add(small), exact(2, 1).checked_div(huge));
        assert!(small < Exact::ONE && huge > small);
    }

    #[test]
    fn very_large_fractions_are_still_ordered() {
        // (n + 1) / n and (n + 2) / (n + 1) with n near 2^254: their cross products do not fit.
        let near = Exact::integer(i128::MAX)
            .checked_mul(Exact::integer(i128::MAX))
            .unwrap();
        let next = near.checked_add(Exact::ONE).unwrap();
        let after = next.checked_add(Exact::ONE).unwrap();
        let larger = next.checked_div(near).unwrap();
        let smaller = after.checked_div(next).unwrap();
        assert_eq!(larger.cmp(&smaller), Ordering::Greater);
        let opposite = larger.checked_neg().unwrap();
        assert_eq!(opposite.cmp(&smaller.checked_neg().unwrap()), Ordering::Less);
        assert_eq!(larger.cmp(&larger), Ordering::Equal);
    }

    proptest! {
        /// Against 128-bit integers: (a/b) op (c/d) with factors small enough that nothing overflows there.
        #[test]
        fn agrees_with_plain_integers(a in -1_000_000_i128..1_000_000, b in 1_i128..1_000_000,
                                      c in -1_000_000_i128..1_000_000, d in 1_i128..1_000_000) {
            let (left, right) = (exact(a, b), exact(c, d));
            prop_assert_eq!(left.checked_add(right).unwrap(), exact(a * d + c * b, b * d));
            prop_assert_eq!(left.checked_sub(right).unwrap(), exact(a * d - c * b, b * d));
            prop_assert_eq!(left.checked_mul(right).unwrap(), exact(a * c, b * d));
            if c != 0 {
                prop_assert_eq!(left.checked_div(right).unwrap(), exact(a * d, b * c));
            }
            prop_assert_eq!(left.cmp(&right), (a * d).cmp(&(c * b)));
            let rounded = left.round_to_integer(Rounding::HalfEven).unwrap();
            prop_assert!((2 * (a - rounded * b)).abs() <= b);
            if 2 * (a - rounded * b).abs() == b {
                prop_assert_eq!(rounded % 2, 0);
            }
        }

        /// What is undone comes back, at sizes where lowest terms are needed on the way.
        #[test]
        fn operations_undo_each_other(a in any::<i128>(), b in 1..i128::MAX, c in 1..i128::MAX, d in 1..i128::MAX) {
            let (left, right) = (exact(a, b), exact(c, d));
            if let Ok(product) = left.checked_mul(right) {
                prop_assert_eq!(product.checked_div(right).unwrap(), left);
            }
            if let Ok(sum) = left.checked_add(right) {
                prop_assert_eq!(sum.checked_sub(right).unwrap(), left);
                prop_assert!(sum > left);
            }
        }

        /// A decimal number keeps its value and its digits.
        #[test]
        fn decimals_come_back(mantissa in -(1_i128 << 90)..(1_i128 << 90), scale in 0_u32..20) {
            let decimal = Decimal::try_from_i128_with_scale(mantissa, scale).unwrap();
            let number = Exact::from_decimal(decimal);
            prop_assert_eq!(number.to_decimal(scale, Rounding::HalfEven).unwrap(), decimal);
            prop_assert_eq!(number.to_string(), decimal.normalize().to_string());
        }
    }
}
