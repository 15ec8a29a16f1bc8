//! Numbers as people type them: with full-width digits, with thousands separators, with a unit behind them.

use rust_decimal::Decimal;

use crate::domain::comma::Meanings;
use crate::domain::decimal::{NumberError, parse_decimal};
use crate::domain::text::{Explained, Text};
use crate::domain::unit::Unit;

/// A text with the forms that input methods and word processors give to ASCII put back: full-width digits and signs, and the
/// minus signs of typography.
pub fn plain(text: &str) -> String {
    let narrow = |character: char| match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        '\u{3000}' | '\u{a0}' | '\u{2009}' | '\u{202f}' => ' ',
        '。' => '.',
        '\u{2212}' | '\u{2013}' => '-',
        '×' => '*',
        '÷' => '/',
        other => other,
    };
    text.trim().chars().map(narrow).collect::<String>().trim().to_owned()
}

/// A number, and whether it stood with thousands separators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// The value.
    pub value: Decimal,
    /// Digits behind the point, as they were written.
    pub decimals: u32,
    /// Whether it had thousands separators.
    pub grouped: bool,
}

/// Reads a number without a unit. A comma is a thousands separator where it can be nothing else but one; a decimal comma is
/// refused.
pub fn number(text: &str) -> Result<Number, NumberError> {
    let grouped = text.contains(',') && is_grouped(text);
    let bare = if grouped {
        text.replace(',', "")
    } else {
        text.to_owned()
    };
    let value = parse_decimal(&bare)?;
    let decimals = bare.split_once('.').map_or(0, |(_, fraction)| {
        fraction.bytes().take_while(u8::is_ascii_digit).count()
    });
    Ok(Number {
        value,
        decimals: u32::try_from(decimals).unwrap_or(u32::MAX),
        grouped,
    })
}

/// Whether commas stand before every third digit before the point, and nowhere else.
fn is_grouped(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    (1..=3).contains(&first.len())
        && first != "0"
        && is_digits(first)
        && is_digits(fraction)
        && groups.all(|group| group.len() == 3 && is_digits(group))
}

/// Reads a number with or without a unit behind it, in a unit. Of one in another unit the digits behind the point are those
/// that it has after it was converted.
pub fn measured(text: &str, unit: &Unit) -> Result<Number, Text> {
    let wrong = match number(text) {
        Ok(number) => return Ok(number),
        Err(error) => error,
    };
    let (value, given) = apart(text);
    if value.is_empty() || given.is_empty() {
        return Err(self::wrong(text, &wrong));
    }
    let Ok(given_unit) = Unit::parse(given) else {
        return Err(match wrong {
            // What stands behind the number is no unit: of a comma in it nothing more can be said.
            NumberError::Comma(_) if number(value).is_ok() => NumberError::NotANumber(text.to_owned()).text(),
            other => self::wrong(text, &other),
        });
    };
    let ratio = given_unit.ratio_to(unit).map_err(|error| error.text())?;
    let read = number(value).map_err(|error| match error {
        NumberError::Comma(_) => advice(text, |one| measured(one, unit).is_ok()),
        other => other.text(),
    })?;
    let too_large = || NumberError::TooLarge(text.to_owned()).text();
    let converted = || {
        let above = Decimal::try_from_i128_with_scale(ratio.numerator, 0).ok()?;
        let below = Decimal::try_from_i128_with_scale(ratio.denominator, 0).ok()?;
        read.value.checked_mul(above)?.checked_div(below)
    };
    let value = converted().ok_or_else(too_large)?.normalize();
    Ok(Number {
        value,
        decimals: value.scale(),
        grouped: read.grouped,
    })
}

/// A number and the unit behind it. A unit of ten thousands begins with digits: it stands apart, by a space or a sign of
/// multiplication.
fn apart(text: &str) -> (&str, &str) {
    let by_ten_thousands = ["10⁴", "10^4"].into_iter().find_map(|multiple| {
        let (value, given) = text.split_at_checked(text.find(multiple)?)?;
        let is_apart = value.ends_with([' ', '*', '·']);
        is_apart.then(|| (value.trim_end_matches([' ', '*', '·']), given))
    });
    let (value, given) = by_ten_thousands.unwrap_or_else(|| {
        let end = text
            .find(|character: char| !(character.is_ascii_digit() || matches!(character, '.' | ',' | '+' | '-' | ' ')))
            .unwrap_or(text.len());
        text.split_at_checked(end).unwrap_or((text, ""))
    });
    (value.trim(), given.trim())
}

/// What to write in place of a number with a comma, with the unit that stands behind it: only what fits, since whoever follows
/// an advice is not to be refused again.
pub fn advice(text: &str, fits: impl Fn(&str) -> bool) -> Text {
    let (value, given) = apart(text);
    let (value, given) = match Meanings::of(text) {
        meanings if meanings.is_empty() => (value, given),
        // Whatever looks like a unit is an exponent.
        _ => (text, ""),
    };
    let whole = |number: String| {
        let one = format!("{number} {given}").trim_end().to_owned();
        fits(&one).then_some(one)
    };
    Meanings::of(value).and_then(whole).advice(text)
}

/// Why a text is no number, with what to write instead of a decimal comma.
pub fn wrong(text: &str, error: &NumberError) -> Text {
    match error {
        NumberError::Comma(_) => Meanings::of(text).advice(text),
        other => other.text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn full_width_digits_and_thousands_are_read_and_a_decimal_comma_is_not() {
        assert_eq!(plain(" １２．５\u{3000}"), "12.5");
        assert_eq!(plain("−3"), "-3");
        for (text, value) in [
            ("1,234", "1234"),
            ("-12,345,678.90", "-12345678.90"),
            ("12.50", "12.50"),
        ] {
            assert_eq!(number(text).unwrap().value, decimal(value), "{text}");
        }
        assert_eq!(number("12.50").unwrap().decimals, 2);
        for text in ["12,5", "1234,567", "1,23,456", "0,123", ",5", "1,234,5"] {
            assert!(matches!(number(text), Err(NumberError::Comma(_))), "{text}");
        }
    }

    #[test]
    fn a_unit_behind_a_number_is_converted_exactly() {
        let tonnes = Unit::parse("t").unwrap();
        assert_eq!(measured("12.5 kg", &tonnes).unwrap().value, decimal("0.0125"));
        assert_eq!(measured("1,500kg", &tonnes).unwrap().value, decimal("1.5"));
        assert_eq!(measured("3", &tonnes).unwrap().value, decimal("3"));
        assert!(measured("3 kWh", &tonnes).is_err());
        // As the program itself writes it.
        let gas = Unit::parse("Nm3").unwrap();
        for text in [
            "12.5 10⁴Nm³",
            "12.5 10^4Nm3",
            "12.5*10⁴Nm³",
            "12.5万Nm³",
            "12.5 10⁴ Nm³",
        ] {
            assert_eq!(measured(text, &gas).unwrap().value, decimal("125000"), "{text}");
        }
        assert!(measured("12.510⁴Nm³", &gas).is_err());
        assert!(measured("3 nonsense", &tonnes).is_err());
        assert!(measured("kg", &tonnes).is_err());
    }

    #[test]
    fn what_is_advised_in_place_of_a_comma_can_be_typed() {
        let tonnes = Unit::parse("t").unwrap();
        for (text, id, advised) in [
            ("0,5", "number-comma-only", &["0.5"][..]),
            ("12.345,6", "number-comma-only", &["12345.6"]),
            ("12,5", "number-comma-only", &["12.5"]),
            ("1234,567", "number-comma-only", &["1234.567"]),
            ("12,5 kg", "number-comma-only", &["12.5 kg"]),
            ("12.345,6kg", "number-comma-only", &["12345.6 kg"]),
            ("1,23,456", "number-comma-unclear", &[]),
            ("12,5 nonsense", "number-comma-unclear", &[]),
            ("12,5 kWh", "unit-dimension", &[]),
            ("1,234 nonsense", "number-unreadable", &[]),
        ] {
            let why = measured(text, &tonnes).unwrap_err();
            assert_eq!(why.id, id, "{text}");
            let localizer = crate::locale::Localizer::new(crate::locale::Language::English);
            let said = localizer.text(&why);
            for one in advised {
                assert!(said.contains(one), "{text}: {said}");
                assert!(measured(one, &tonnes).is_ok(), "{text}: {one}");
            }
        }
    }
}
