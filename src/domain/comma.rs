//! What a number that was written with a comma may mean (小数逗号、千分位): the point before the decimals, or what only groups
//! digits by three.
//!
//! Which of the two was meant nobody but the writer knows: both are said as numbers that can be written instead, and a reading
//! that the digits do not allow is none.

use super::decimal::parse_decimal;
use super::text::{Text, clean};

/// The longest text that is read for what it may mean: of a longer one only the beginning is known.
const LONGEST: usize = 63;

/// What a number with commas may mean, as it can be written instead.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meanings {
    /// Where the comma stands before the decimals.
    pub point: Option<String>,
    /// Where the commas only group digits.
    pub whole: Option<String>,
}

impl Meanings {
    /// Of a number without a unit.
    pub fn of(text: &str) -> Self {
        let text = text.trim().replace('，', ",");
        if !text.contains(',') || text.chars().count() > LONGEST {
            return Self::default();
        }
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(&text);
        let sign = if text.starts_with('-') { "-" } else { "" };
        let end = unsigned.find(['e', 'E']).unwrap_or(unsigned.len());
        let (digits, exponent) = unsigned.split_at_checked(end).unwrap_or((unsigned, ""));
        // Another reading than that of the digits might be refused itself, as one with a broken exponent.
        let written = |number: String| {
            let number = format!("{sign}{number}{exponent}");
            parse_decimal(&number).is_ok().then_some(number)
        };
        Self {
            point: with_decimals(digits, ',', '.').and_then(written),
            whole: whole(digits).and_then(written),
        }
    }

    /// Each of them as another text, or none.
    #[must_use]
    pub fn and_then(self, also: impl Fn(String) -> Option<String>) -> Self {
        Self {
            point: self.point.and_then(&also),
            whole: self.whole.and_then(&also),
        }
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.point.is_none() && self.whole.is_none()
    }

    /// Why what was given cannot be used, and what to write instead. Without a digit it is no number, whatever its commas mean.
    pub fn advice(&self, given: &str) -> Text {
        if !given.contains(char::is_numeric) {
            return Text::new("number-unreadable").with("given", clean(given));
        }
        let text = match (&self.point, &self.whole) {
            (Some(point), Some(whole)) => Text::new("number-comma-either")
                .with("point", clean(point))
                .with("whole", clean(whole)),
            (Some(only), None) | (None, Some(only)) => Text::new("number-comma-only").with("meant", clean(only)),
            (None, None) => Text::new("number-comma-unclear"),
        };
        text.with("given", clean(given))
    }
}

/// Whether a text is advice on a comma.
pub fn is_advice(why: &Text) -> bool {
    why.id.starts_with("number-comma-")
}

/// Digits with one mark before the decimals and, where there are any, another between groups of three.
fn with_decimals(digits: &str, mark: char, between: char) -> Option<String> {
    let (before, decimals) = digits.split_once(mark)?;
    // Of a mark alone nobody knows a value.
    if !is_digits(decimals) || (before.is_empty() && decimals.is_empty()) {
        return None;
    }
    let before = if before.contains(between) {
        ungrouped(before, between)?
    } else {
        is_digits(before).then(|| before.to_owned())?
    };
    let before = if before.is_empty() { "0".to_owned() } else { before };
    Some(if decimals.is_empty() {
        before
    } else {
        format!("{before}.{decimals}")
    })
}

/// Digits in groups of three by commas, with or without decimals behind a point.
fn whole(digits: &str) -> Option<String> {
    match digits.split_once('.') {
        Some((before, _)) if before.contains(',') => with_decimals(digits, '.', ','),
        Some(_) => None,
        None => ungrouped(digits, ','),
    }
}

/// Digits without what stands between every three of them; none where they are no such groups: nobody groups behind a zero.
fn ungrouped(digits: &str, between: char) -> Option<String> {
    let mut groups = digits.split(between);
    let first = groups.next()?;
    let is_first = (1..=3).contains(&first.len()) && is_digits(first) && !first.starts_with('0');
    (is_first && groups.all(|group| group.len() == 3 && is_digits(group))).then(|| digits.replace(between, ""))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn meant(text: &str) -> (Option<String>, Option<String>) {
        let meanings = Meanings::of(text);
        (meanings.point, meanings.whole)
    }

    #[test]
    fn what_is_advised_is_what_the_digits_allow() {
        for (text, point, whole) in [
            ("0,5", Some("0.5"), None),
            ("12,5", Some("12.5"), None),
            ("12.345,6", Some("12345.6"), None),
            ("1,234", Some("1.234"), Some("1234")),
            ("-1，234", Some("-1.234"), Some("-1234")),
            ("0,123", Some("0.123"), None),
            ("12,345.6", None, Some("12345.6")),
            ("1,234,567", None, Some("1234567")),
            ("1.234.567,8", Some("1234567.8"), None),
            ("1234,567", Some("1234.567"), None),
            (",5", Some("0.5"), None),
            ("1,5e3", Some("1.5e3"), None),
            ("+2,5", Some("2.5"), None),
            ("1,23,456", None, None),
            ("12.34,5", None, None),
            ("1,5 t", None, None),
            ("1,5e", None, None),
            ("12.5", None, None),
            (",", None, None),
            ("-,", None, None),
            ("，", None, None),
            (",e5", None, None),
            ("12,", Some("12"), None),
        ] {
            let (point, whole) = (point.map(str::to_owned), whole.map(str::to_owned));
            assert_eq!(meant(text), (point, whole), "{text}");
        }
        for text in [",", "-,", "，"] {
            assert_eq!(Meanings::of(text).advice(text).id, "number-unreadable", "{text}");
        }
        // Of what is told of a longer one only the beginning is known.
        assert!(Meanings::of(&format!("1,{}", "2".repeat(62))).is_empty());
    }

    proptest! {
        #[test]
        fn whatever_is_advised_can_be_written_and_is_one_of_the_readings(text in "[+-]?[0-9,，.]{1,12}([eE][+-]?[0-9]{0,3})?") {
            let (point, whole) = meant(&text);
            let digits = |text: &str| {
                let digits: String = text.chars().filter(|character| !matches!(character, ',' | '，' | '.' | '+')).collect();
                digits.trim_start_matches(['-', '0']).to_owned()
            };
            for advised in [point, whole].into_iter().flatten() {
                prop_assert!(parse_decimal(&advised).is_ok(), "{text}: {advised}");
                prop_assert_eq!(digits(&advised), digits(&text), "{}: {}", text, advised);
                prop_assert!(text.split(['e', 'E']).next().is_some_and(|text| text.contains(char::is_numeric)), "{text}");
            }
        }

        #[test]
        fn a_number_with_a_decimal_comma_is_advised_as_it_is(before in 0_u32.., decimals in "[0-9]{1,6}") {
            let (point, _) = meant(&format!("{before},{decimals}"));
            prop_assert_eq!(point, Some(format!("{before}.{decimals}")));
        }
    }
}
