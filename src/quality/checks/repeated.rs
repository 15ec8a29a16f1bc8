//! Values copied from the last one (照抄): what people type or laboratories report is hardly ever the same twice.

use serde::{Deserialize, Serialize};

use super::super::finding::Finding;
use super::super::flag::{Flag, Rule};
use super::super::settings::{SettingsError, Span, count};
use super::Point;

/// How many equal values in a row are too many.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RepeatedSettings {
    most: u32,
    except: Option<Span>,
}

impl RepeatedSettings {
    /// Suspect is each value beyond `most` equal ones in a row; values in `except` may repeat.
    pub fn new(most: u32, except: Option<Span>) -> Result<Self, SettingsError> {
        Ok(Self {
            most: count("most", most, 1, 1_000_000)?,
            except,
        })
    }
}

/// Counts equal values.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Repeated {
    settings: RepeatedSettings,
    last: f64,
    equal: u32,
}

impl Repeated {
    /// Nothing was seen.
    pub const fn new(settings: RepeatedSettings) -> Self {
        Self {
            settings,
            last: f64::NAN,
            equal: 0,
        }
    }

    /// Judges a value.
    pub fn judge(&mut self, point: &Point, findings: &mut Vec<Finding>) -> Flag {
        // NaN before the first value equals nothing.
        self.equal = if (point.value - self.last).abs() <= 0.0 {
            self.equal.saturating_add(1)
        } else {
            1
        };
        self.last = point.value;
        if self.equal <= self.settings.most || self.settings.except.is_some_and(|span| span.holds(point.value)) {
            return Flag::Good;
        }
        findings.push(Finding::at(
            Rule::Repeated,
            Flag::Suspect,
            point.at,
            point.value,
            f64::from(self.equal),
        ));
        Flag::Suspect
    }
}
