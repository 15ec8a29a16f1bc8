//! PINs (口令): what a person shows at a shared post to be known.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::text::Text;

/// The fewest digits of a PIN.
pub const SHORTEST_PIN: usize = 6;

/// The most digits of a PIN.
pub const LONGEST_PIN: usize = 12;

/// A PIN as it was typed. It is written to no log and no record; only its hash is kept.
#[derive(Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Pin(String);

impl<'de> Deserialize<'de> for Pin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // What is wrong with it is not told with it: errors are logged.
        let typed = String::deserialize(deserializer);
        typed.map(Self).map_err(|_| D::Error::custom("a PIN is a string"))
    }
}

impl Pin {
    /// As it was typed.
    pub fn new(typed: &str) -> Self {
        Self(typed.to_owned())
    }

    /// The digits, for hashing.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// Whether it may become the PIN of a person: digits only, not too few, and none of those that are tried first. A longer
    /// one that is merely typed is compared and found wrong, so that nothing is learnt from it.
    pub fn check_new(&self, staff_number: &str) -> Result<(), Text> {
        let digits = self.0.as_bytes();
        if !digits.iter().all(u8::is_ascii_digit) || !(SHORTEST_PIN..=LONGEST_PIN).contains(&digits.len()) {
            return Err(Text::new("pin-form")
                .with_count("fewest", SHORTEST_PIN)
                .with_count("most", LONGEST_PIN));
        }
        let steps_by = |step: i16| {
            let mut pairs = digits.windows(2);
            pairs.all(|pair| matches!(pair, [one, next] if i16::from(*next) - i16::from(*one) == step))
        };
        if steps_by(0) || steps_by(1) || steps_by(-1) || self.0 == staff_number {
            return Err(Text::new("pin-guessable"));
        }
        Ok(())
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Pin(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_pin_is_some_digits_and_none_of_the_first_guesses() {
        let check = |pin: &str| Pin::new(pin).check_new("204807").map_err(|text| text.id.into_owned());
        for good in ["258046", "135792", "000001", "482913", "123456789013"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for form in [
            "",
            "12345",
            "48291",
            "12a456",
            "１２３５７９",
            "1234567890123",
            "258 046",
        ] {
            assert_eq!(check(form).unwrap_err(), "pin-form", "{form}");
        }
        for guess in ["000000", "123456", "987654", "204807", "23456789"] {
            assert_eq!(check(guess).unwrap_err(), "pin-guessable", "{guess}");
        }
    }

    #[test]
    fn no_log_shows_it() {
        assert!(!format!("{:?}", Pin::new("482913")).contains('4'));
        let wrong = serde_json::from_str::<Pin>("482913").unwrap_err();
        assert!(!wrong.to_string().contains("482913"), "{wrong}");
    }
}
