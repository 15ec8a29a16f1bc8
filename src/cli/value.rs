//! Numbers on the command line: read against their range, and refused with it, so that whoever reads the refusal knows
//! what would do.

use std::fmt::Display;
use std::ops::RangeInclusive;

use crate::domain::text::{Explained, Text};

/// A value that is no number of its range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotInRange {
    /// A whole number was wanted.
    #[error("a whole number from {low} to {high} is wanted")]
    Whole {
        /// The smallest that would do.
        low: String,
        /// The largest that would do.
        high: String,
    },
    /// The own id of a reading was wanted.
    #[error("an id of hexadecimal digits is wanted")]
    Id,
    /// A number was wanted.
    #[error("a number from {low} to {high} is wanted")]
    Number {
        /// The smallest that would do.
        low: String,
        /// The largest that would do.
        high: String,
    },
}

impl Explained for NotInRange {
    fn text(&self) -> Text {
        let (id, low, high) = match self {
            Self::Id => return Text::new("cli-mistake-id"),
            Self::Whole { low, high } => ("cli-mistake-whole", low, high),
            Self::Number { low, high } => ("cli-mistake-number", low, high),
        };
        Text::new(id).with("low", low).with("high", high)
    }
}

fn ends<T: Display>(range: &RangeInclusive<T>) -> (String, String) {
    (range.start().to_string(), range.end().to_string())
}

/// A parser for whole numbers of a range, which must lie in that of `T`.
pub(super) fn whole<T>(range: RangeInclusive<u64>) -> impl Fn(&str) -> Result<T, NotInRange> + Clone + Send + Sync
where
    T: TryFrom<u64>,
{
    move |given| {
        let number = given.trim().parse().ok().filter(|number| range.contains(number));
        number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| {
            let (low, high) = ends(&range);
            NotInRange::Whole { low, high }
        })
    }
}

/// A parser for numbers of a range.
pub(super) fn number(range: RangeInclusive<f64>) -> impl Fn(&str) -> Result<f64, NotInRange> + Clone + Send + Sync {
    move |given| {
        let number = given.trim().parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| {
            let (low, high) = ends(&range);
            NotInRange::Number { low, high }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_outside_their_range_are_refused_with_it() {
        let days = whole::<u32>(1..=3650);
        assert_eq!(days("400"), Ok(400));
        for wrong in ["0", "3651", "-1", "1.5", "", "forty", "99999999999999999999"] {
            let (low, high) = ("1".to_owned(), "3650".to_owned());
            assert_eq!(days(wrong), Err(NotInRange::Whole { low, high }), "{wrong}");
        }
        let share = number(0.0..=1.0);
        assert_eq!(share("0.25"), Ok(0.25));
        for wrong in ["-0.1", "1.01", "NaN", "inf", "0,5", "25%"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
    }
}
