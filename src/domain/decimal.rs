//! Decimal numbers at the edges: parsing what people and files write, and counting it in quanta.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use thiserror::Error;

use super::reading::LARGEST_COUNT;
use super::text::{Explained, Text, clean};

/// Why a text is not a usable number.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NumberError {
    /// Nothing there.
    #[error("the value is empty")]
    Empty,
    /// `NaN`, `inf` and the like.
    #[error("{0:?} is not a finite number")]
    NotFinite(String),
    /// A comma where a point is meant, or thousands separators.
    #[error(
        "{0:?} has a comma: write a point before the decimals and no separators, or set the decimal comma in the mapping"
    )]
    Comma(String),
    /// Anything else.
    #[error("{0:?} is not a number")]
    NotANumber(String),
    /// More than the largest count of quanta.
    #[error("{0} is too large for its parameter")]
    TooLarge(String),
}

impl Explained for NumberError {
    fn text(&self) -> Text {
        match self {
            Self::Empty => Text::new("number-empty"),
            Self::NotFinite(given) => Text::new("number-not-finite").with("given", clean(given)),
            Self::Comma(given) => Text::new("number-comma").with("given", clean(given)),
            Self::NotANumber(given) => Text::new("number-unreadable").with("given", clean(given)),
            Self::TooLarge(given) => Text::new("number-too-large").with("given", clean(given)),
        }
    }
}

/// Parses a plain decimal number: optional sign, digits, point, exponent.
///
/// Every digit is kept that a `Decimal` can hold. Of what lies below, only that there was something is kept, in the last
/// digit: so that [`count`] neither takes it for a tie nor for exact.
pub fn parse_decimal(text: &str) -> Result<Decimal, NumberError> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(NumberError::Empty);
    }
    let given = || trimmed.chars().take(64).collect::<String>();
    let unsigned = trimmed.trim_start_matches(['+', '-']);
    let lower = unsigned.to_ascii_lowercase();
    if matches!(
        lower.as_str(),
        "nan" | "inf" | "infinity" | "1.#inf" | "1.#qnan" | "#div/0!"
    ) {
        return Err(NumberError::NotFinite(given()));
    }
    if trimmed.contains([',', '，']) {
        return Err(NumberError::Comma(given()));
    }
    if trimmed.len() > 64 {
        return Err(NumberError::NotANumber(given()));
    }
    if !is_number(trimmed) {
        return Err(NumberError::NotANumber(given()));
    }
    if !trimmed.contains(['e', 'E'])
        && let Ok(exact) = Decimal::from_str_exact(trimmed.strip_prefix('+').unwrap_or(trimmed))
    {
        return Ok(exact);
    }
    nearly(trimmed).ok_or_else(|| NumberError::TooLarge(given()))
}

/// A text of the form of a number, with the digits that fit; `None` where it is too large.
fn nearly(text: &str) -> Option<Decimal> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = format!("{whole}{fraction}").trim_start_matches('0').to_owned();
    if digits.is_empty() {
        return Some(Decimal::ZERO);
    }
    // An exponent that is no number of the machine is one that no value survives.
    let beyond = if exponent.starts_with('-') {
        -1_000_000
    } else {
        1_000_000
    };
    let exponent = exponent
        .parse::<i32>()
        .map_or(beyond, |exponent| exponent.clamp(-1_000_000, 1_000_000));
    let mut scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    if scale < 0 {
        // Longer than any `Decimal`.
        let zeros = usize::try_from(-scale).ok().filter(|&zeros| zeros < 30)?;
        digits.push_str(&"0".repeat(zeros));
        scale = 0;
    }
    (0..=scale.min(28)).rev().find_map(|kept_scale| {
        let lost = usize::try_from(scale - kept_scale).ok()?.min(digits.len());
        let (kept, lost) = digits.split_at_checked(digits.len() - lost)?;
        let mut number: i128 = if kept.is_empty() { 0 } else { kept.parse().ok()? };
        // A last digit of 0 or 5 would be taken for exact or for a tie.
        if number % 5 == 0 && lost.bytes().any(|digit| digit != b'0') {
            number += 1;
        }
        let signed = if text.starts_with('-') { -number } else { number };
        Decimal::try_from_i128_with_scale(signed, u32::try_from(kept_scale).ok()?).ok()
    })
}

/// Whether a text has the form of a number, whatever its size.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        None => (unsigned, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction) && digits(exponent) && !exponent.is_empty() && whole.len() + fraction.len() > 0
}

/// A count of quanta and whether digits were lost in counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Count of quanta, rounded half to even.
    pub count: i64,
    /// Whether the value had digits beyond the quantum.
    pub rounded: bool,
}

/// Counts a value in quanta of 10 to the minus `decimals`, rounding half to even (GB/T 8170).
pub fn count(value: Decimal, decimals: u32) -> Result<Counted, NumberError> {
    let rounded = value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointNearestEven);
    let too_large = || NumberError::TooLarge(value.to_string());
    let scale = Decimal::from(10_i64.checked_pow(decimals).ok_or_else(too_large)?);
    let count = rounded
        .checked_mul(scale)
        .and_then(|scaled| scaled.to_i64())
        .filter(|count| (-LARGEST_COUNT..=LARGEST_COUNT).contains(count))
        .ok_or_else(too_large)?;
    Ok(Counted {
        count,
        rounded: rounded != value,
    })
}

/// The decimal number that a count of quanta stands for, with all its `decimals` digits.
pub fn from_count(count: i64, decimals: u32) -> Decimal {
    Decimal::try_new(count, decimals.min(28)).unwrap_or_default()
}

/// Milligrams as tonnes, every digit kept.
pub fn tonnes_of_milligrams(milligrams: i128) -> Decimal {
    Decimal::try_from_i128_with_scale(milligrams, 9).unwrap_or(Decimal::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_what_meters_print() {
        assert_eq!(parse_decimal(" 12.50 ").unwrap().to_string(), "12.50");
        assert_eq!(parse_decimal("-3").unwrap(), Decimal::from(-3));
        assert_eq!(parse_decimal("+3.1e2").unwrap(), Decimal::from(310));
    }

    #[test]
    fn says_why_a_number_is_refused() {
        assert_eq!(parse_decimal(""), Err(NumberError::Empty));
        assert!(matches!(parse_decimal("NaN"), Err(NumberError::NotFinite(_))));
        assert!(matches!(parse_decimal("-Infinity"), Err(NumberError::NotFinite(_))));
        assert!(matches!(parse_decimal("12,5"), Err(NumberError::Comma(_))));
        assert!(matches!(parse_decimal("1e40"), Err(NumberError::TooLarge(_))));
        assert!(matches!(
            parse_decimal("10000000000000000000000000000000000000000"),
            Err(NumberError::TooLarge(_))
        ));
        assert!(matches!(parse_decimal("12.5t"), Err(NumberError::NotANumber(_))));
    }

    #[test]
    fn counting_rounds_half_to_even_and_says_so() {
        let counted = |text: &str, decimals| count(parse_decimal(text).unwrap(), decimals).unwrap();
        assert_eq!(
            counted("1.25", 1),
            Counted {
                count: 12,
                rounded: true
            }
        );
        assert_eq!(
            counted("1.35", 1),
            Counted {
                count: 14,
                rounded: true
            }
        );
        assert_eq!(
            counted("-1.250", 2),
            Counted {
                count: -125,
                rounded: false
            }
        );
        assert!(count(Decimal::MAX, 3).is_err());
    }

    #[test]
    fn what_is_too_small_to_count_is_rounded_and_not_refused() {
        let counted = |text: &str, decimals| count(parse_decimal(text).unwrap(), decimals).unwrap();
        let rounded = |count| Counted { count, rounded: true };
        for tiny in [
            "1e-40",
            "-1E-40",
            "1e-99999999999999",
            "0.00000000000000000000000000000000001",
        ] {
            assert_eq!(counted(tiny, 3), rounded(0), "{tiny}");
        }
        // Not a tie, by what lies beyond the digits that are kept.
        assert_eq!(counted("0.5000000000000000000000000000000001", 0), rounded(1));
        assert_eq!(counted("-2.50000000000000000000000000000000001", 0), rounded(-3));
        assert_eq!(counted("2.50000000000000000000000000000000000", 0), rounded(2));
        assert_eq!(
            counted("12345678.1234999999999999999999999999999", 3),
            rounded(12_345_678_123)
        );
        assert_eq!(
            counted("1.5000000000000000000000000000000000", 1),
            Counted {
                count: 15,
                rounded: false
            }
        );
        assert_eq!(parse_decimal("0e99999"), Ok(Decimal::ZERO));
        assert_eq!(parse_decimal("1.50e1").unwrap().to_string(), "15.0");
        assert!(matches!(
            parse_decimal("1e99999999999999"),
            Err(NumberError::TooLarge(_))
        ));
        assert!(matches!(parse_decimal("1e"), Err(NumberError::NotANumber(_))));
    }
}
