//! How figures are written: digits in groups of three, every digit that is asked for, and no float on the way.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::domain::decimal::from_count;

/// Milligrams in a tonne, as a power of ten.
const TONNE_DIGITS: u32 = 9;

/// A decimal number with all its digits, those before the point in groups of three: `-12,345.670`.
pub fn decimal(value: Decimal) -> String {
    grouped(&value.to_string())
}

/// A decimal number with a fixed number of digits after the point, rounded half to even (GB/T 8170).
pub fn rounded(value: Decimal, digits: u32) -> String {
    let mut shown = value.round_dp_with_strategy(digits, RoundingStrategy::MidpointNearestEven);
    shown.rescale(digits);
    decimal(shown)
}

/// A count of a parameter's quantum as the number it stands for, with all its `decimals` digits.
pub fn counted(count: i64, decimals: u32) -> String {
    decimal(from_count(count, decimals))
}

/// Milligrams as tonnes with `digits` (at most 9) digits after the point, rounded half to even: `12,345.678`.
pub fn tonnes(milligrams: i128, digits: u32) -> String {
    let digits = digits.min(TONNE_DIGITS);
    let quantum = 10_u128.pow(TONNE_DIGITS - digits);
    let magnitude = milligrams.unsigned_abs();
    let (whole, rest) = (magnitude / quantum, magnitude % quantum);
    let up = rest * 2 > quantum || (rest * 2 == quantum && whole % 2 == 1);
    let scaled = whole + u128::from(up);
    let sign = if milligrams < 0 && scaled > 0 { "-" } else { "" };
    let unit = 10_u128.pow(digits);
    let before = scaled / unit;
    if digits == 0 {
        return grouped(&format!("{sign}{before}"));
    }
    let after = scaled % unit;
    grouped(&format!("{sign}{before}.{after:0width$}", width = digits as usize))
}

/// Puts a comma before every third digit of the part before the point.
fn grouped(plain: &str) -> String {
    let (whole, fraction) = match plain.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (plain, None),
    };
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", whole),
    };
    let mut text = String::with_capacity(plain.len() + digits.len() / 3);
    text.push_str(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three_and_none_is_lost() {
        let shown = |text: &str| decimal(Decimal::from_str_exact(text).unwrap());
        assert_eq!(shown("0"), "0");
        assert_eq!(shown("999"), "999");
        assert_eq!(shown("1000"), "1,000");
        assert_eq!(shown("-1234567.8900"), "-1,234,567.8900");
        assert_eq!(shown("-100.5"), "-100.5");
        assert_eq!(counted(-1_234_567, 3), "-1,234.567");
        assert_eq!(counted(5, 3), "0.005");
    }

    #[test]
    fn rounding_is_half_to_even_with_fixed_digits() {
        let shown = |text: &str, digits| rounded(Decimal::from_str_exact(text).unwrap(), digits);
        assert_eq!(shown("2.5", 0), "2");
        assert_eq!(shown("3.5", 0), "4");
        assert_eq!(shown("1234.5", 3), "1,234.500");
    }

    #[test]
    fn milligrams_become_tonnes() {
        assert_eq!(tonnes(12_345_678_000_000, 3), "12,345.678");
        assert_eq!(tonnes(0, 3), "0.000");
        assert_eq!(tonnes(1, 9), "0.000000001");
        assert_eq!(tonnes(1, 3), "0.000");
        assert_eq!(tonnes(-1, 3), "0.000");
        assert_eq!(tonnes(-1_500_000_000, 0), "-2");
        assert_eq!(tonnes(2_500_000_000, 0), "2");
        assert_eq!(tonnes(999_999_999_999, 1), "1,000.0");
        assert_eq!(tonnes(i128::MIN, 0), "-170,141,183,460,469,231,731,687,303,716");
    }

    proptest! {
        #[test]
        fn tonnes_without_their_commas_are_the_rounded_decimal(milligrams in -10_i128.pow(24)..10_i128.pow(24), digits in 0_u32..=9) {
            let exact = Decimal::try_from_i128_with_scale(milligrams, 9).unwrap();
            let parsed = Decimal::from_str_exact(&tonnes(milligrams, digits).replace(',', "")).unwrap();
            prop_assert_eq!(parsed, exact.round_dp_with_strategy(digits, RoundingStrategy::MidpointNearestEven));
        }
    }
}
