//! Attenuated signal (信号衰减): a signal that scatters less over a window than it ever does when its sensor is sound.

use serde::{Deserialize, Serialize};

use super::super::finding::Finding;
use super::super::flag::{Flag, Rule};
use super::super::settings::{SettingsError, Span, count, positive, window};
use super::super::window::MomentsWindow;
use super::Point;

/// How much a signal must move.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AttenuatedSettings {
    least_deviation: f64,
    window_ms: i64,
    least: u32,
    idle: Option<Span>,
}

impl AttenuatedSettings {
    /// Suspect is a standard deviation below `least_deviation` over a whole window with at least `least` values.
    pub fn new(least_deviation: f64, window_ms: i64, least: u32, idle: Option<Span>) -> Result<Self, SettingsError> {
        Ok(Self {
            least_deviation: positive("deviation", least_deviation)?,
            window_ms: window("window", window_ms)?,
            least: count("least", least, 2, 1_000_000)?,
            idle,
        })
    }
}

/// Looks for attenuated signals.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Attenuated {
    settings: AttenuatedSettings,
    values: MomentsWindow,
}

impl Attenuated {
    /// Nothing was seen.
    pub const fn new(settings: AttenuatedSettings) -> Self {
        Self {
            values: MomentsWindow::new(settings.window_ms),
            settings,
        }
    }

    /// Judges a value by the window that ends with it.
    pub fn judge(&mut self, point: &Point, findings: &mut Vec<Finding>) -> Flag {
        let settings = &self.settings;
        if settings.idle.is_some_and(|idle| idle.holds(point.value)) {
            self.values.clear();
            return Flag::Good;
        }
        self.values.push(point.at, point.value);
        let moments = self.values.moments();
        if !self.values.is_full(point.at) || moments.count < settings.least {
            return Flag::Unknown;
        }
        let deviation = moments.deviation();
        if !deviation.is_finite() {
            return Flag::Unknown;
        }
        if deviation >= settings.least_deviation {
            return Flag::Good;
        }
        findings.push(
            Finding::at(
                Rule::Attenuated,
                Flag::Suspect,
                point.at,
                deviation,
                settings.least_deviation,
            )
            .over(settings.window_ms),
        );
        Flag::Suspect
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Instant;

    #[test]
    fn a_scatter_beyond_all_numbers_says_nothing() {
        let mut check = Attenuated::new(AttenuatedSettings::new(1.0, 180_000, 3, None).unwrap());
        for (minute, value) in [1.0, 1e308, -1e308, 1e308, -1e308, 1e308].into_iter().enumerate() {
            let point = Point {
                at: Instant(i64::try_from(minute).unwrap() * 60_000),
                value,
                load: f64::NAN,
            };
            assert_eq!(check.judge(&point, &mut Vec::new()), Flag::Unknown, "{minute}");
        }
    }
}
