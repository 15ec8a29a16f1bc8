//! Settings of checks, which cannot be held in a form that contradicts itself: each is made by a function that refuses.

use serde::{Deserialize, Serialize};

use thiserror::Error;

use super::figure;
use crate::domain::text::{Explained, Text};
use crate::domain::time::DAY_MS;

/// Why settings were refused. `key` is the name of the setting in a rules file.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SettingsError {
    /// NaN or an infinity.
    #[error("{key} is not a finite number")]
    NotFinite {
        /// Which setting.
        key: &'static str,
    },
    /// Zero or below where something is needed.
    #[error("{key} is {given}; it must be above 0")]
    NotPositive {
        /// Which setting.
        key: &'static str,
        /// What was given.
        given: String,
    },
    /// Outside what makes sense.
    #[error("{key} is {given}; it must be between {low} and {high}")]
    Outside {
        /// Which setting.
        key: &'static str,
        /// What was given.
        given: String,
        /// The least that would do.
        low: String,
        /// The most that would do.
        high: String,
    },
    /// A span whose low end is above its high end.
    #[error("{key}: low {low} is above high {high}")]
    UpsideDown {
        /// Which span.
        key: &'static str,
        /// Its low end.
        low: String,
        /// Its high end.
        high: String,
    },
    /// A span without ends.
    #[error("{key} has neither low nor high")]
    Endless {
        /// Which span.
        key: &'static str,
    },
    /// A span that should lie in another does not.
    #[error("{key} is not inside {outer}")]
    NotInside {
        /// Which span.
        key: &'static str,
        /// In which it should lie.
        outer: &'static str,
    },
    /// What should be at least as strict as another is not, so that it never says anything of its own.
    #[error("{key} must be {than} or more")]
    LessThan {
        /// Which setting.
        key: &'static str,
        /// The other.
        than: &'static str,
    },
    /// A profile by a load that nothing tells.
    #[error("{key} is a load, and nothing tells the load")]
    NoLoad {
        /// Which setting.
        key: &'static str,
    },
    /// A window in which fewer readings come than are needed.
    #[error("{key} holds {fits} readings, and {needed} are needed")]
    TooFew {
        /// Which window.
        key: &'static str,
        /// How many readings come in it.
        fits: i64,
        /// How many are needed.
        needed: u32,
    },
    /// A span that takes in everything that can be.
    #[error("{key} takes in all that is possible")]
    TakesAll {
        /// Which span.
        key: &'static str,
    },
    /// An earlier one of several settings holds whenever this one would.
    #[error("{key} stands behind one that always holds")]
    Hidden {
        /// Which setting.
        key: &'static str,
    },
    /// A check without anything to check.
    #[error("{key} checks nothing")]
    Nothing {
        /// Which check.
        key: &'static str,
    },
}

impl SettingsError {
    /// Which setting it is about.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::NotFinite { key }
            | Self::NotPositive { key, .. }
            | Self::Outside { key, .. }
            | Self::UpsideDown { key, .. }
            | Self::Endless { key }
            | Self::NotInside { key, .. }
            | Self::LessThan { key, .. }
            | Self::NoLoad { key }
            | Self::TooFew { key, .. }
            | Self::TakesAll { key }
            | Self::Hidden { key }
            | Self::Nothing { key } => key,
        }
    }
}

impl Explained for SettingsError {
    fn text(&self) -> Text {
        match self {
            Self::NotFinite { key } => Text::new("quality-settings-not-finite").with("key", key),
            Self::NotPositive { key, given } => Text::new("quality-settings-not-positive")
                .with("key", key)
                .with("given", given),
            Self::Outside { key, given, low, high } => Text::new("quality-settings-outside")
                .with("key", key)
                .with("given", given)
                .with("low", low)
                .with("high", high),
            Self::UpsideDown { key, low, high } => Text::new("quality-settings-upside-down")
                .with("key", key)
                .with("low", low)
                .with("high", high),
            Self::Endless { key } => Text::new("quality-settings-endless").with("key", key),
            Self::NotInside { key, outer } => Text::new("quality-settings-not-inside")
                .with("key", key)
                .with("outer", outer),
            Self::LessThan { key, than } => Text::new("quality-settings-less-than")
                .with("key", key)
                .with("than", than),
            Self::NoLoad { key } => Text::new("quality-settings-no-load").with("key", key),
            Self::TooFew { key, fits, needed } => Text::new("quality-settings-too-few")
                .with("key", key)
                .with("fits", fits)
                .with("needed", needed),
            Self::TakesAll { key } => Text::new("quality-settings-takes-all").with("key", key),
            Self::Hidden { key } => Text::new("quality-settings-hidden").with("key", key),
            Self::Nothing { key } => Text::new("quality-settings-nothing").with("key", key),
        }
    }
}

/// A span of values (区间), both ends inside. One end may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Span {
    low: f64,
    high: f64,
}

impl Span {
    /// A span; refused where it is upside down, endless on both sides, or an end is not finite.
    pub fn new(key: &'static str, low: Option<f64>, high: Option<f64>) -> Result<Self, SettingsError> {
        for end in [low, high].into_iter().flatten() {
            finite(key, end)?;
        }
        match (low, high) {
            (None, None) => Err(SettingsError::Endless { key }),
            (Some(low), Some(high)) if low > high => Err(SettingsError::UpsideDown {
                key,
                low: figure::shown(low),
                high: figure::shown(high),
            }),
            _ => Ok(Self {
                low: low.unwrap_or(f64::NEG_INFINITY),
                high: high.unwrap_or(f64::INFINITY),
            }),
        }
    }

    /// The low end; minus infinity where there is none.
    pub const fn low(&self) -> f64 {
        self.low
    }

    /// The high end; infinity where there is none.
    pub const fn high(&self) -> f64 {
        self.high
    }

    /// Whether a value lies in it, ends included.
    pub fn holds(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Whether another span lies in it.
    pub fn encloses(&self, other: &Self) -> bool {
        self.low <= other.low && other.high <= self.high
    }

    /// Its length; `None` where an end is missing.
    pub fn length(&self) -> Option<f64> {
        Some(self.high - self.low).filter(|length| length.is_finite())
    }
}

/// A finite number, or the refusal.
pub(super) fn finite(key: &'static str, value: f64) -> Result<f64, SettingsError> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(SettingsError::NotFinite { key })
    }
}

/// A finite number above zero, or the refusal.
pub(super) fn positive(key: &'static str, value: f64) -> Result<f64, SettingsError> {
    finite(key, value)?;
    if value > 0.0 {
        Ok(value)
    } else {
        Err(SettingsError::NotPositive {
            key,
            given: figure::shown(value),
        })
    }
}

/// A finite number of at least zero, or the refusal.
pub(super) fn not_negative(key: &'static str, value: f64) -> Result<f64, SettingsError> {
    finite(key, value)?;
    if value >= 0.0 {
        Ok(value)
    } else {
        Err(SettingsError::NotPositive {
            key,
            given: figure::shown(value),
        })
    }
}

/// The length of a block of readings, of a day at most, or the refusal.
pub(super) fn block(milliseconds: i64) -> Result<i64, SettingsError> {
    window("block", milliseconds)?;
    if milliseconds > DAY_MS {
        return Err(SettingsError::Outside {
            key: "block",
            given: figure::duration(milliseconds),
            low: "1 ms".to_owned(),
            high: "1 d".to_owned(),
        });
    }
    Ok(milliseconds)
}

/// A length of time of at least a millisecond and at most a hundred years, or the refusal.
pub(super) fn window(key: &'static str, milliseconds: i64) -> Result<i64, SettingsError> {
    const LONGEST: i64 = 36_525 * DAY_MS;
    if milliseconds <= 0 {
        return Err(SettingsError::NotPositive {
            key,
            given: figure::duration(milliseconds.max(0)),
        });
    }
    if milliseconds > LONGEST {
        return Err(SettingsError::Outside {
            key,
            given: figure::duration(milliseconds),
            low: figure::duration(1),
            high: figure::duration(LONGEST),
        });
    }
    Ok(milliseconds)
}

/// A number of things between two bounds, or the refusal.
pub(super) fn count(key: &'static str, given: u32, low: u32, high: u32) -> Result<u32, SettingsError> {
    if (low..=high).contains(&given) {
        Ok(given)
    } else {
        Err(SettingsError::Outside {
            key,
            given: given.to_string(),
            low: low.to_string(),
            high: high.to_string(),
        })
    }
}

/// A limit for bad values that is at least that for suspect ones, or the refusal.
pub(super) fn stricter(bad: Option<f64>, suspect: f64) -> Result<Option<f64>, SettingsError> {
    match bad {
        Some(bad) if finite("bad", bad)? < suspect => Err(SettingsError::LessThan {
            key: "bad",
            than: "suspect",
        }),
        bad => Ok(bad),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_upside_down_endless_or_not_finite_are_refused() {
        assert!(Span::new("sensor", Some(0.0), Some(10.0)).is_ok());
        assert!(Span::new("sensor", Some(5.0), Some(5.0)).is_ok());
        assert_eq!(
            Span::new("sensor", None, None),
            Err(SettingsError::Endless { key: "sensor" })
        );
        assert!(matches!(
            Span::new("sensor", Some(2.0), Some(1.0)),
            Err(SettingsError::UpsideDown { .. })
        ));
        for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(Span::new("sensor", Some(wrong), None).is_err());
            assert!(positive("suspect", wrong).is_err());
        }
        assert!(window("window", 0).is_err() && window("window", -1).is_err() && window("window", 1).is_ok());
        assert!(stricter(Some(1.0), 2.0).is_err());
    }

    #[test]
    fn a_span_holds_its_ends() {
        let span = Span::new("sensor", Some(-1.0), None).unwrap();
        assert!(span.holds(-1.0) && span.holds(1e300) && !span.holds(-1.1) && !span.holds(f64::NAN));
        assert_eq!(span.length(), None);
    }
}
