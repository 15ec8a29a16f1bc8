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

/// Parses a plain decimal number: optional sign, digits, point, exponent. Every digit is kept.
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
    let parsed = if trimmed.contains(['e', 'E']) {
        Decimal::from_scientific(trimmed)
    } else {
        Decimal::from_str_exact(trimmed.strip_prefix('+').unwrap_or(trimmed))
    };
    parsed.map_err(|_| {
        if is_number(trimmed) {
            NumberError::TooLarge(given())
        } else {
            NumberError::NotANumber(given())
        }
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
}
