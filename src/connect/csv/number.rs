//! Values: from the text of a cell to a count of the parameter's quantum, by an exact ratio of units.

use ethnum::I256;
use rust_decimal::Decimal;

use crate::domain::decimal::{Counted, NumberError, count, parse_decimal};
use crate::domain::reading::LARGEST_COUNT;
use crate::domain::text::clean;
use crate::domain::unit::Ratio;

/// Counts a value that is written in another unit, rounding once, half to even.
///
/// `ratio` is how many of the parameter's unit one of the file's unit is.
pub(super) fn quantise(text: &str, ratio: Ratio, decimals: u32) -> Result<Counted, NumberError> {
    if ratio == Ratio::ONE {
        if let Some(counted) = plain(text, decimals) {
            return Ok(counted);
        }
        return count(parse_decimal(text)?, decimals);
    }
    converted(parse_decimal(text)?, ratio, decimals).ok_or_else(|| NumberError::TooLarge(clean(text).into_owned()))
}

/// The common case: sign, digits, point, no more digits than the quantum has, all within 64 bits.
fn plain(text: &str, decimals: u32) -> Option<Counted> {
    let (negative, digits) = match text.as_bytes().split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, text.as_bytes()),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut value: i64 = 0;
    let mut fraction: Option<u32> = None;
    let mut seen = false;
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                value = value * 10 + i64::from(byte - b'0');
                fraction = fraction.map(|places| places + 1);
                seen = true;
            }
            b'.' if fraction.is_none() => fraction = Some(0),
            _ => return None,
        }
    }
    let missing = decimals.checked_sub(fraction.unwrap_or(0))?;
    let value = value.checked_mul(10_i64.checked_pow(missing)?)?;
    (seen && value <= LARGEST_COUNT).then_some(Counted {
        count: if negative { -value } else { value },
        rounded: false,
    })
}

/// value × ratio × 10^decimals, rounded half to even; `None` when it is beyond the largest count.
fn converted(value: Decimal, ratio: Ratio, decimals: u32) -> Option<Counted> {
    converted_narrow(value, ratio, decimals).or_else(|| converted_wide(value, ratio, decimals))
}

/// In 128 bits, which nearly always are enough; `None` where they are not.
fn converted_narrow(value: Decimal, ratio: Ratio, decimals: u32) -> Option<Counted> {
    let power = |exponent: u32| 10_i128.checked_pow(exponent);
    let above = value
        .mantissa()
        .checked_mul(ratio.numerator)?
        .checked_mul(power(decimals)?)?;
    let below = ratio.denominator.checked_mul(power(value.scale())?)?;
    let (whole, rest) = (above.checked_div_euclid(below)?, above.checked_rem_euclid(below)?);
    let doubled = rest.checked_mul(2)?;
    let up = doubled > below || (doubled == below && whole & 1 == 1);
    let count = i64::try_from(whole.checked_add(i128::from(up))?).ok()?;
    (-LARGEST_COUNT..=LARGEST_COUNT).contains(&count).then_some(Counted {
        count,
        rounded: rest != 0,
    })
}

/// In 256 bits.
fn converted_wide(value: Decimal, ratio: Ratio, decimals: u32) -> Option<Counted> {
    let power = |exponent: u32| I256::from(10).checked_pow(exponent);
    let above = I256::from(value.mantissa())
        .checked_mul(I256::from(ratio.numerator))?
        .checked_mul(power(decimals)?)?;
    let below = I256::from(ratio.denominator).checked_mul(power(value.scale())?)?;
    let whole = above.checked_div_euclid(below)?;
    let rest = above.checked_rem_euclid(below)?;
    let doubled = rest.checked_mul(I256::from(2))?;
    let up = doubled > below || (doubled == below && whole & I256::ONE == I256::ONE);
    let count = if up { whole.checked_add(I256::ONE)? } else { whole };
    let limit = I256::from(LARGEST_COUNT);
    if count > limit || count < -limit {
        return None;
    }
    Some(Counted {
        count: i64::try_from(count).ok()?,
        rounded: rest != I256::ZERO,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::unit::Unit;
    use proptest::prelude::*;

    fn counted(text: &str, from: &str, to: &str, decimals: u32) -> (i64, bool) {
        let ratio = Unit::parse(from).unwrap().ratio_to(&Unit::parse(to).unwrap()).unwrap();
        let counted = quantise(text, ratio, decimals).unwrap();
        (counted.count, counted.rounded)
    }

    #[test]
    fn values_convert_exactly_and_round_once() {
        assert_eq!(counted("1234.5", "kg", "t", 3), (1234, true));
        assert_eq!(counted("1235.5", "kg", "t", 3), (1236, true));
        assert_eq!(counted("-0.5", "kg", "t", 3), (0, true));
        assert_eq!(counted("-1.5", "kg", "t", 3), (-2, true));
        assert_eq!(counted("1.5", "MWh", "GJ", 1), (54, false));
        assert_eq!(counted("2.5", "10⁴Nm³", "Nm3", 0), (25_000, false));
        assert_eq!(counted("+.5", "t", "t", 1), (5, false));
    }

    #[test]
    fn what_is_no_number_is_refused_in_every_unit() {
        let kilogram = Ratio::new(1, 1000).unwrap();
        for wrong in [
            "", ".", "-", "NaN", "inf", "1e40", "12,5", "0x10", "1.2.3", "--1", "1 000",
        ] {
            assert!(quantise(wrong, Ratio::ONE, 3).is_err(), "{wrong:?}");
            assert!(quantise(wrong, kilogram, 3).is_err(), "{wrong:?}");
        }
        assert!(matches!(
            quantise("1000000000000001", Ratio::ONE, 0),
            Err(NumberError::TooLarge(_))
        ));
        assert!(quantise("9999999999999999999", kilogram, 3).is_err());
    }

    proptest! {
        #[test]
        fn the_short_way_says_the_same_as_the_long_one(text in "[+-]?[0-9]{0,12}(\\.[0-9]{0,6})?", decimals in 0_u32..7) {
            if let Some(short) = plain(&text, decimals) {
                prop_assert_eq!(Ok(short), count(parse_decimal(&text).unwrap(), decimals));
            }
        }

        #[test]
        fn the_width_of_the_arithmetic_changes_nothing(
            mantissa: i64, scale in 0_u32..9, above in 1_i128..100_000, below in 1_i128..100_000, decimals in 0_u32..6
        ) {
            let (value, ratio) = (Decimal::new(mantissa, scale), Ratio::new(above, below).unwrap());
            if let Some(narrow) = converted_narrow(value, ratio, decimals) {
                prop_assert_eq!(Some(narrow), converted_wide(value, ratio, decimals));
            }
        }

        #[test]
        fn converting_by_one_is_counting(mantissa in -1_000_000_000_i64..1_000_000_000, scale in 0_u32..9, decimals in 0_u32..6) {
            let value = Decimal::new(mantissa, scale);
            prop_assert_eq!(converted(value, Ratio::ONE, decimals), count(value, decimals).ok());
        }
    }
}
