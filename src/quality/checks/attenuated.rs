//! Attenuated signal (信号衰减): a signal that scatters less than it ever does when its sensor is sound, over a sliding
//! window, or by blocks against what the channel is used to.

use serde::{Deserialize, Serialize};

use super::super::finding::Finding;
use super::super::flag::{Flag, Rule};
use super::super::judge::Settled;
use super::super::settings::{SettingsError, count, positive, window};
use super::super::window::MomentsWindow;
use super::Point;
use super::standstill::Standstill;
use super::usual_scatter::{Closed, Side, UsualScatter, UsualScatterSettings};

/// How much a signal must move.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AttenuatedSettings {
    least: Least,
    still: Standstill,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Least {
    Fixed { deviation: f64, window_ms: i64, count: u32 },
    Usual(UsualScatterSettings),
}

impl AttenuatedSettings {
    /// Suspect is a standard deviation below `deviation` over a whole window with at least `least` values.
    pub fn new(deviation: f64, window_ms: i64, least: u32) -> Result<Self, SettingsError> {
        Ok(Self::of(Least::Fixed {
            deviation: positive("deviation", deviation)?,
            window_ms: window("window", window_ms)?,
            count: count("least", least, 2, 1_000_000)?,
        }))
    }

    /// Suspect is a block that scatters less than the channel is used to.
    pub const fn usual(settings: UsualScatterSettings) -> Self {
        Self::of(Least::Usual(settings))
    }

    const fn of(least: Least) -> Self {
        Self {
            least,
            still: Standstill::NEVER,
        }
    }

    /// When the process stands still.
    #[must_use]
    pub const fn still(mut self, still: Standstill) -> Self {
        self.still = still;
        self
    }

    /// How far back a reading can change the flags of those before it, in milliseconds.
    pub const fn reach_ms(&self) -> i64 {
        match &self.least {
            Least::Fixed { .. } => 0,
            Least::Usual(settings) => settings.block_ms(),
        }
    }
}

/// Looks for attenuated signals.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Attenuated {
    /// Over a window.
    Window(Box<MomentsWindow>),
    /// By blocks.
    Blocks(UsualScatter),
}

impl Attenuated {
    /// Nothing was seen.
    pub fn new(settings: &AttenuatedSettings) -> Self {
        match &settings.least {
            Least::Fixed { window_ms, .. } => Self::Window(Box::new(MomentsWindow::new(*window_ms))),
            Least::Usual(_) => Self::Blocks(UsualScatter::new()),
        }
    }

    /// Judges a value by the window that ends with it, or settles the block before it. What `is_apart`, as a value of a flat
    /// line or in another unit, is told by others: its block is not judged.
    pub fn judge(
        &mut self,
        settings: &AttenuatedSettings,
        point: &Point,
        is_apart: bool,
        findings: &mut Vec<Finding>,
    ) -> (Flag, Option<Settled>) {
        let stands_still = settings.still.holds(point);
        match (&settings.least, self) {
            (
                Least::Fixed {
                    deviation,
                    window_ms,
                    count,
                },
                Self::Window(values),
            ) => {
                if stands_still {
                    values.clear();
                    return (Flag::Good, None);
                }
                values.push(point.at, point.value);
                let moments = values.moments();
                let moved = moments.deviation();
                if !values.is_full(point.at) || moments.count < *count || !moved.is_finite() {
                    return (Flag::Unknown, None);
                }
                if moved >= *deviation {
                    return (Flag::Good, None);
                }
                findings
                    .push(Finding::at(Rule::Attenuated, Flag::Suspect, point.at, moved, *deviation).over(*window_ms));
                (Flag::Suspect, None)
            }
            (Least::Usual(settings), Self::Blocks(usual)) => {
                let value = (!stands_still && !is_apart).then_some(point.value);
                let closed = usual.take(settings, point.at, value);
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
    pub fn finish(&mut self, settings: &AttenuatedSettings, findings: &mut Vec<Finding>) -> Option<Settled> {
        let (Least::Usual(settings), Self::Blocks(usual)) = (&settings.least, self) else {
            return None;
        };
        let closed = usual.finish(settings)?;
        Some(settle(usual, settings, &closed, findings))
    }
}

fn settle(
    usual: &mut UsualScatter,
    settings: &UsualScatterSettings,
    closed: &Closed,
    findings: &mut Vec<Finding>,
) -> Settled {
    let scatter = closed.moments.deviation();
    usual.settle(settings, Side::Below, closed, scatter, findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Instant;

    fn point(at: i64, value: f64, load: f64) -> Point {
        Point {
            at: Instant(at),
            value,
            load,
        }
    }

    #[test]
    fn a_scatter_beyond_all_numbers_says_nothing() {
        let settings = AttenuatedSettings::new(1.0, 180_000, 3).unwrap();
        let mut check = Attenuated::new(&settings);
        for (minute, value) in (0..).zip([1.0, 1e308, -1e308, 1e308, 2.0, 3.0]) {
            let point = point(minute * 60_000, value, f64::NAN);
            let (flag, settled) = check.judge(&settings, &point, false, &mut Vec::new());
            assert_eq!((flag, settled), (Flag::Unknown, None), "{minute}");
        }
    }

    #[test]
    fn less_than_the_channel_is_used_to_is_attenuated_unless_the_process_stands_still() {
        const HOUR_MS: i64 = 3_600_000;
        let usual = UsualScatterSettings::new(5.0, HOUR_MS, 24, 60_000).unwrap();
        let settings = AttenuatedSettings::usual(usual).still(Standstill::new(None, Some(10.0)).unwrap());
        let mut check = Attenuated::new(&settings);
        let mut flags = Vec::new();
        for minute in 0..40 * 60_i64 {
            let noise = f64::from(i32::try_from(minute * 5 % 7).unwrap()) - 3.0;
            let (share, load, is_apart) = match minute / 60 {
                28 | 29 => (0.1, 100.0, false),
                // A process that stands still, and a line that another check calls flat.
                31 => (0.1, 5.0, false),
                33 => (0.0, 100.0, true),
                _ => (1.0, 100.0, false),
            };
            let point = point(minute * 60_000, 50.0 + share * noise, load);
            let (_, settled) = check.judge(&settings, &point, is_apart, &mut Vec::new());
            flags.extend(settled.map(|settled| settled.flag));
        }
        let of = |hour: usize| flags[hour];
        assert!(flags[..24].iter().all(|flag| *flag == Flag::Unknown));
        assert_eq!(
            [28, 29, 31, 33].map(of),
            [Flag::Suspect, Flag::Suspect, Flag::Unknown, Flag::Unknown]
        );
        assert_eq!([24, 27, 30, 32, 34].map(of), [Flag::Good; 5]);
    }
}
