//! Noise (噪声增大): the scatter of a signal about its own course, by the mean square of successive differences, which a
//! trend does not raise (von Neumann 1941).

use serde::{Deserialize, Serialize};

use super::super::finding::Finding;
use super::super::flag::{Flag, Rule};
use super::super::settings::{SettingsError, count, positive, window};
use super::super::window::MomentsWindow;
use super::Point;

/// How much a signal may scatter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NoiseSettings {
    most: f64,
    window_ms: i64,
    least: u32,
}

impl NoiseSettings {
    /// Suspect is a scatter (as a standard deviation) above `most` over a window with at least `least` values.
    pub fn new(most: f64, window_ms: i64, least: u32) -> Result<Self, SettingsError> {
        Ok(Self {
            most: positive("deviation", most)?,
            window_ms: window("window", window_ms)?,
            least: count("least", least, 3, 1_000_000)?,
        })
    }
}

/// Looks for noise.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Noise {
    settings: NoiseSettings,
    last: Option<f64>,
    squares: MomentsWindow,
}

impl Noise {
    /// Nothing was seen.
    pub const fn new(settings: NoiseSettings) -> Self {
        Self {
            squares: MomentsWindow::new(settings.window_ms),
            settings,
            last: None,
        }
    }

    /// Judges a value by the window that ends with it.
    pub fn judge(&mut self, point: &Point, findings: &mut Vec<Finding>) -> Flag {
        let Some(last) = self.last.replace(point.value) else {
            return Flag::Unknown;
        };
        let step = point.value - last;
        self.squares.push(point.at, step * step);
        let moments = self.squares.moments();
        if moments.count < self.settings.least {
            return Flag::Unknown;
        }
        let scatter = (moments.mean / 2.0).sqrt();
        if !scatter.is_finite() {
            return Flag::Unknown;
        }
        if scatter <= self.settings.most {
            return Flag::Good;
        }
        findings.push(
            Finding::at(Rule::Noise, Flag::Suspect, point.at, scatter, self.settings.most)
                .over(self.settings.window_ms),
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
        let mut check = Noise::new(NoiseSettings::new(1.0, 180_000, 3).unwrap());
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
