//! Noise (噪声增大): the scatter of a signal about its own course, by its successive differences, which a trend does not
//! raise (von Neumann 1941).
//!
//! With a limit it is their mean square over a sliding window. Against what the channel is used to it is their mean size by
//! blocks, each difference counted up to some times the usual one, so that a single spike is no noise.

use serde::{Deserialize, Serialize};

use super::super::finding::Finding;
use super::super::flag::{Flag, Rule};
use super::super::judge::Settled;
use super::super::settings::{SettingsError, count, positive, window};
use super::super::window::{MomentsWindow, deviation_of_mean_distance};
use super::Point;
use super::standstill::Standstill;
use super::usual_scatter::{Closed, Side, UsualScatter, UsualScatterSettings};

/// A difference counts up to so many times what makes a block suspect.
const LARGEST_STEP: f64 = 3.0;

/// How much a signal may scatter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NoiseSettings {
    most: Most,
    still: Standstill,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Most {
    /// Over a sliding window, up to a limit.
    Fixed {
        /// The limit, as a standard deviation.
        most: f64,
        /// The window.
        window_ms: i64,
        /// Values without which nothing is said.
        least: u32,
    },
    /// By blocks, against what it is used to.
    Usual(UsualScatterSettings),
}

impl NoiseSettings {
    /// Suspect is a scatter (as a standard deviation) above `most` over a window with at least `least` values.
    pub fn new(most: f64, window_ms: i64, least: u32) -> Result<Self, SettingsError> {
        Ok(Self::of(Most::Fixed {
            most: positive("deviation", most)?,
            window_ms: window("window", window_ms)?,
            least: count("least", least, 3, 1_000_000)?,
        }))
    }

    /// Suspect is a block that scatters more than the channel is used to.
    pub const fn usual(settings: UsualScatterSettings) -> Self {
        Self::of(Most::Usual(settings))
    }

    const fn of(most: Most) -> Self {
        Self {
            most,
            still: Standstill::NEVER,
        }
    }

    /// When the process stands still: it then says nothing of what is usual while it runs.
    #[must_use]
    pub const fn still(mut self, still: Standstill) -> Self {
        self.still = still;
        self
    }

    /// How far back a reading can change the flags of those before it, in milliseconds.
    pub const fn reach_ms(&self) -> i64 {
        match &self.most {
            Most::Fixed { .. } => 0,
            Most::Usual(settings) => settings.block_ms(),
        }
    }
}

/// Looks for noise.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Noise {
    /// NaN where there is none to compare with.
    last: f64,
    scatter: Scatter,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum Scatter {
    Window(Box<MomentsWindow>),
    Blocks(UsualScatter),
}

impl Noise {
    /// Nothing was seen.
    pub fn new(settings: &NoiseSettings) -> Self {
        Self {
            last: f64::NAN,
            scatter: match &settings.most {
                Most::Fixed { window_ms, .. } => Scatter::Window(Box::new(MomentsWindow::new(*window_ms))),
                Most::Usual(_) => Scatter::Blocks(UsualScatter::new()),
            },
        }
    }

    /// Judges a value by the window that ends with it, or settles the block before it. A value that is `apart`, as one in
    /// another unit, says nothing of the scatter.
    pub fn judge(
        &mut self,
        settings: &NoiseSettings,
        point: &Point,
        is_apart: bool,
        findings: &mut Vec<Finding>,
    ) -> (Flag, Option<Settled>) {
        if is_apart {
            self.last = f64::NAN;
            return (Flag::Unknown, None);
        }
        let step = point.value - std::mem::replace(&mut self.last, point.value);
        if step.is_nan() {
            return (Flag::Unknown, None);
        }
        match (&settings.most, &mut self.scatter) {
            (Most::Fixed { most, window_ms, least }, Scatter::Window(squares)) => {
                squares.push(point.at, step * step);
                let moments = squares.moments();
                let scatter = (moments.mean / 2.0).sqrt();
                if moments.count < *least || !scatter.is_finite() {
                    return (Flag::Unknown, None);
                }
                if scatter <= *most {
                    return (Flag::Good, None);
                }
                findings.push(Finding::at(Rule::Noise, Flag::Suspect, point.at, scatter, *most).over(*window_ms));
                (Flag::Suspect, None)
            }
            (Most::Usual(usual_settings), Scatter::Blocks(usual)) => {
                let stands_still = settings.still.holds(point);
                let settings = usual_settings;
                let most = usual
                    .usual(settings)
                    .map(|usual| LARGEST_STEP * settings.times() * step_of(usual));
                let size = most.map_or(step.abs(), |most| step.abs().min(most));
                let closed = usual.take(settings, point.at, (!stands_still).then_some(size));
                (
                    Flag::Unknown,
                    closed.map(|closed| settle(usual, settings, &closed, findings)),
                )
            }
            // A state that was kept under other settings is not of this check.
            _ => (Flag::Unknown, None),
        }
    }

    /// Settles the block that is open: no more values come.
    pub fn finish(&mut self, settings: &NoiseSettings, findings: &mut Vec<Finding>) -> Option<Settled> {
        let (Most::Usual(settings), Scatter::Blocks(usual)) = (&settings.most, &mut self.scatter) else {
            return None;
        };
        let closed = usual.finish(settings)?;
        Some(settle(usual, settings, &closed, findings))
    }
}

/// The standard deviation of values whose successive differences have this mean size.
fn deviation_of_mean_step(step: f64) -> f64 {
    deviation_of_mean_distance(step) / std::f64::consts::SQRT_2
}

/// The mean size of the successive differences of values of a standard deviation.
fn step_of(deviation: f64) -> f64 {
    deviation / deviation_of_mean_step(1.0)
}

fn settle(
    usual: &mut UsualScatter,
    settings: &UsualScatterSettings,
    closed: &Closed,
    findings: &mut Vec<Finding>,
) -> Settled {
    let scatter = deviation_of_mean_step(closed.moments.mean);
    usual.settle(settings, Side::Above, closed, scatter, findings)
}

#[cfg(test)]
mod tests {
    use super::super::super::settings::Span;
    use super::*;
    use crate::domain::time::Instant;

    const HOUR_MS: i64 = 3_600_000;

    fn point(at: i64, value: f64) -> Point {
        Point {
            at: Instant(at),
            value,
            load: f64::NAN,
        }
    }

    #[test]
    fn a_scatter_beyond_all_numbers_says_nothing() {
        let settings = NoiseSettings::new(1.0, 180_000, 3).unwrap();
        let mut check = Noise::new(&settings);
        for (minute, value) in (0..).zip([1.0, 1e308, -1e308, 1e308, -1e308, 1e308]) {
            let point = point(minute * 60_000, value);
            let (flag, settled) = check.judge(&settings, &point, false, &mut Vec::new());
            assert_eq!((flag, settled), (Flag::Unknown, None), "{minute}");
        }
    }

    /// The flags of hours of readings a minute apart, by what a signal of a scatter of about 1 is made of in each.
    fn hours(of: impl Fn(i64, i64, f64) -> f64) -> Vec<Flag> {
        let usual = UsualScatterSettings::new(3.0, HOUR_MS, 24, 60_000).unwrap();
        let still = Standstill::new(Span::new("idle", None, Some(-100.0)).ok(), None).unwrap();
        let settings = NoiseSettings::usual(usual).still(still);
        let mut check = Noise::new(&settings);
        let mut flags = Vec::new();
        for minute in 0..40 * 60 {
            // Seven residues in an order that looks like noise.
            let noise = f64::from(i32::try_from(minute * 5 % 7).unwrap()) - 3.0;
            let point = point(minute * 60_000, of(minute / 60, minute % 60, noise));
            let (_, settled) = check.judge(&settings, &point, false, &mut Vec::new());
            flags.extend(settled.map(|settled| settled.flag));
        }
        flags.extend(check.finish(&settings, &mut Vec::new()).map(|settled| settled.flag));
        flags
    }

    #[test]
    fn more_than_the_channel_is_used_to_is_noise() {
        let flags = hours(|hour, _, noise| if (30..33).contains(&hour) { 4.0 * noise } else { noise });
        assert_eq!(flags.len(), 40);
        assert!(flags[..24].iter().all(|flag| *flag == Flag::Unknown));
        assert!(
            flags[24..30].iter().chain(&flags[34..]).all(|flag| *flag == Flag::Good),
            "{flags:?}"
        );
        assert!(flags[30..33].iter().all(|flag| *flag == Flag::Suspect), "{flags:?}");
    }

    #[test]
    fn a_process_that_stands_still_says_nothing_of_its_noise() {
        // It stands still for a day and a half of what it would learn from, and then runs.
        let flags = hours(|hour, _, noise| if hour < 20 { -200.0 + noise / 100.0 } else { noise });
        assert!(flags.iter().all(|flag| *flag == Flag::Unknown), "{flags:?}");
    }

    #[test]
    fn a_spike_a_ramp_and_a_step_are_no_noise() {
        let flags = hours(|hour, minute, noise| match (hour, minute) {
            (28, 30) => 1e6,
            (32..36, _) => noise + 2.0 * f64::from(i32::try_from((hour - 32) * 60 + minute).unwrap()),
            (36.., _) => noise + 480.0,
            _ => noise,
        });
        assert!(flags[24..].iter().all(|flag| *flag == Flag::Good), "{flags:?}");
    }
}
