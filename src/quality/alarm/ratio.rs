//! Exact shares and rates (比率): two whole numbers, rounded only where they are shown.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A part of a whole. A whole of 0 has no share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ratio {
    /// The part.
    pub part: u64,
    /// The whole.
    pub whole: u64,
}

impl Ratio {
    /// The most digits after the point that are shown.
    const MOST_DIGITS: u32 = 9;

    /// A part of a whole.
    pub const fn new(part: u64, whole: u64) -> Self {
        Self { part, whole }
    }

    /// Whether it is at most another: exact, without division. What has no share is no more than anything.
    pub fn is_at_most(self, other: Self) -> bool {
        self.whole == 0
            || u128::from(self.part) * u128::from(other.whole) <= u128::from(other.part) * u128::from(self.whole)
    }

    /// As a number, rounded half to even to so many digits after the point, at most nine (GB/T 8170); none of a whole of 0.
    pub fn rounded(self, digits: u32) -> Option<Decimal> {
        self.scaled(1, digits)
    }

    /// In per cent, likewise.
    pub fn percent(self, digits: u32) -> Option<Decimal> {
        self.scaled(100, digits)
    }

    fn scaled(self, times: u128, digits: u32) -> Option<Decimal> {
        let digits = digits.min(Self::MOST_DIGITS);
        let whole = u128::from(self.whole);
        let part = u128::from(self.part) * times * 10_u128.pow(digits);
        let (down, rest) = (part.checked_div(whole)?, part.checked_rem(whole)?);
        let up = rest * 2 > whole || (rest * 2 == whole && down % 2 == 1);
        let rounded = i128::try_from(down + u128::from(up)).ok()?;
        Decimal::try_from_i128_with_scale(rounded, digits).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_once_half_to_even() {
        for (part, whole, digits, wanted) in [
            (1, 8, 1, "12.5"),
            (1, 8, 0, "12"),
            (3, 8, 0, "38"),
            (2, 3, 2, "66.67"),
            (0, 5, 1, "0.0"),
            (5, 5, 0, "100"),
        ] {
            assert_eq!(Ratio::new(part, whole).percent(digits).unwrap().to_string(), wanted);
        }
        assert_eq!(Ratio::new(1, 0).percent(1), None);
        assert_eq!(Ratio::new(7, 2).rounded(0).unwrap().to_string(), "4");
    }

    #[test]
    fn shares_are_compared_without_rounding() {
        let third = Ratio::new(u64::MAX / 3, u64::MAX);
        assert!(third.is_at_most(Ratio::new(1, 3)) && Ratio::new(1, 3).is_at_most(third));
        assert!(!Ratio::new(1_000_001, 100_000_000).is_at_most(Ratio::new(1, 100)));
        assert!(Ratio::new(9, 0).is_at_most(Ratio::new(0, 1)));
    }
}
