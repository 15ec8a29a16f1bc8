//! Steps and drifts (阶跃与漂移) off a profile: the smoothed deviation (EWMA, Roberts 1959) finds steps, the sum of small
//! deviations (CUSUM, Page 1954) drifts.
//!
//! Readings are put together to blocks, since successive readings of a process are far from independent. The first blocks
//! teach the profile, the scatter about it, and how far both statistics go when nothing is wrong; the limits are a
//! multiple of that. The profile then stays, or follows slowly where that is asked for.

use serde::{Deserialize, Serialize};

use super::super::finding::Finding;
use super::super::flag::{Check, Flag, Rule};
use super::super::judge::Settled;
use super::super::profile::{Block, Profile, ProfileBy};
use super::super::settings::{SettingsError, block, count, positive, window};
use super::super::window::Mean;
use super::Point;
use crate::domain::time::Instant;

/// A block's deviation counts at most so many standard deviations.
const LARGEST: f64 = 6.0;

/// A level that follows is moved by at most so many standard deviations of a block.
const MOST_FOLLOWED: f64 = 3.0 * LARGEST;

/// Deviation that is no drift yet, in standard deviations.
const SLACK: f64 = 0.5;

/// The least limit of the sum of deviations, in standard deviations.
const LEAST_SUM: f64 = 8.0;

/// What is learned and how much is too much.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShiftSettings {
    by: ProfileBy,
    block_ms: i64,
    learn: u32,
    weight: f64,
    times: f64,
    follow_ms: Option<i64>,
}

impl ShiftSettings {
    /// Learns a profile from the first `learn` blocks. Suspect is a statistic above `times` its largest value while it
    /// learned; `weight` is that of the newest block in the smoothed deviation. With `follow_ms` the expected level
    /// follows, with that time constant: seasons are learned, drifts slower than that too, and a step fades from sight.
    pub fn new(
        by: ProfileBy,
        block_ms: i64,
        learn: u32,
        weight: f64,
        times: f64,
        follow_ms: Option<i64>,
    ) -> Result<Self, SettingsError> {
        block(block_ms)?;
        let outside = |key, given: String, low: &str, high: &str| SettingsError::Outside {
            key,
            given,
            low: low.to_owned(),
            high: high.to_owned(),
        };
        positive("weight", weight)?;
        if weight > 1.0 {
            return Err(outside("weight", super::super::figure::shown(weight), "0", "1"));
        }
        positive("times", times)?;
        if times < 1.0 {
            return Err(outside("times", super::super::figure::shown(times), "1", "100"));
        }
        if let Some(follow_ms) = follow_ms {
            window("follow", follow_ms)?;
            if follow_ms < block_ms {
                return Err(SettingsError::LessThan {
                    key: "follow",
                    than: "block",
                });
            }
        }
        Ok(Self {
            by,
            block_ms,
            learn: count("learn", learn, 8, 100_000)?,
            weight,
            times,
            follow_ms,
        })
    }

    /// Length of a block.
    pub const fn block_ms(&self) -> i64 {
        self.block_ms
    }

    /// Whether it needs the hour of the day.
    pub const fn by_hour(&self) -> bool {
        matches!(self.by, ProfileBy::HourOfDay)
    }
}

/// The two statistics, in standard deviations.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Statistics {
    smoothed: f64,
    above: f64,
    below: f64,
}

impl Statistics {
    fn take(&mut self, deviation: f64, weight: f64, most: f64) {
        let deviation = deviation.clamp(-LARGEST, LARGEST);
        self.smoothed += (deviation - self.smoothed) * weight;
        // What is far above its limit would take long to come back.
        self.above = (self.above + deviation - SLACK).clamp(0.0, most);
        self.below = (self.below - deviation - SLACK).clamp(0.0, most);
    }

    fn sum(&self) -> f64 {
        self.above.max(self.below)
    }
}

/// What was learned.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Learned {
    profile: Profile,
    smoothed_limit: f64,
    sum_limit: f64,
    /// What the level has followed since, in standard deviations.
    followed: f64,
    statistics: Statistics,
    /// Since when the sum of deviations is not zero, above and below.
    onset: (Option<Instant>, Option<Instant>),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum Stage {
    Learning(Vec<Block>),
    Watching(Box<Learned>),
}

/// The block that is being filled.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Open {
    number: i64,
    hour: u32,
    values: Mean,
    loads: Mean,
}

/// Looks for steps and drifts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Shift {
    open: Option<Open>,
    stage: Stage,
}

impl Default for Shift {
    fn default() -> Self {
        Self::new()
    }
}

impl Shift {
    /// Nothing was learned.
    pub const fn new() -> Self {
        Self {
            open: None,
            stage: Stage::Learning(Vec::new()),
        }
    }

    /// Takes a value in. The first value after a block settles the block: its stretch and flag.
    pub fn judge(
        &mut self,
        settings: &ShiftSettings,
        point: &Point,
        hour: u32,
        findings: &mut Vec<Finding>,
    ) -> Option<Settled> {
        let number = point.at.0.div_euclid(settings.block_ms);
        let closed = self.open.filter(|open| open.number != number);
        if closed.is_some() || self.open.is_none() {
            self.open = Some(Open {
                number,
                hour,
                values: Mean::default(),
                loads: Mean::default(),
            });
        }
        if let Some(open) = &mut self.open {
            open.values.take(point.value);
            if point.load.is_finite() {
                open.loads.take(point.load);
            }
        }
        closed.map(|closed| self.close(settings, &closed, findings))
    }

    /// Settles the block that is open: no more values come.
    pub fn finish(&mut self, settings: &ShiftSettings, findings: &mut Vec<Finding>) -> Option<Settled> {
        let open = self.open.take()?;
        Some(self.close(settings, &open, findings))
    }

    fn close(&mut self, settings: &ShiftSettings, closed: &Open, findings: &mut Vec<Finding>) -> Settled {
        let from = Instant(closed.number.saturating_mul(settings.block_ms));
        let to = from.plus(settings.block_ms - 1);
        let block = Block {
            hour: closed.hour,
            load: if closed.loads.count > 0 {
                closed.loads.mean
            } else {
                f64::NAN
            },
            value: closed.values.mean,
        };
        Settled {
            check: Check::Shift,
            flag: self.settle(settings, &block, from, to, findings),
            from,
            to,
        }
    }

    fn settle(
        &mut self,
        settings: &ShiftSettings,
        block: &Block,
        from: Instant,
        to: Instant,
        findings: &mut Vec<Finding>,
    ) -> Flag {
        match &mut self.stage {
            Stage::Learning(blocks) => {
                blocks.push(*block);
                if blocks.len() >= usize::try_from(settings.learn).unwrap_or(usize::MAX) {
                    match learn(settings, blocks) {
                        Some(learned) => self.stage = Stage::Watching(Box::new(learned)),
                        // Nothing could be learned of these: the next ones may say more.
                        None => blocks.clear(),
                    }
                }
                Flag::Unknown
            }
            Stage::Watching(learned) => learned.watch(settings, block, from, to, findings),
        }
    }
}

fn learn(settings: &ShiftSettings, blocks: &[Block]) -> Option<Learned> {
    // What never moved does not tell by how much it may.
    let profile = Profile::learn(settings.by, blocks).filter(Profile::scatters)?;
    let mut statistics = Statistics::default();
    let (mut smoothed, mut sum) = (0.0_f64, 0.0_f64);
    for block in blocks {
        let Some(deviation) = deviation(&profile, block) else {
            continue;
        };
        statistics.take(deviation, settings.weight, f64::INFINITY);
        smoothed = smoothed.max(statistics.smoothed.abs());
        sum = sum.max(statistics.sum());
    }
    // What independent deviations would reach, at least: three standard deviations of the smoothed one.
    let least = 3.0 * (settings.weight / (2.0 - settings.weight)).sqrt();
    Some(Learned {
        profile,
        smoothed_limit: (settings.times * smoothed).max(least),
        sum_limit: (settings.times * sum).max(LEAST_SUM),
        followed: 0.0,
        statistics: Statistics::default(),
        onset: (None, None),
    })
}

/// How many standard deviations a block is off; `None` where nothing is expected, or nothing ever scattered.
fn deviation(profile: &Profile, block: &Block) -> Option<f64> {
    let expected = profile.expected(block)?;
    let deviation = (expected.deviation > 0.0).then(|| (block.value - expected.value) / expected.deviation);
    deviation.filter(|deviation| !deviation.is_nan())
}

impl Learned {
    fn watch(
        &mut self,
        settings: &ShiftSettings,
        block: &Block,
        from: Instant,
        to: Instant,
        findings: &mut Vec<Finding>,
    ) -> Flag {
        let Some(deviation) = deviation(&self.profile, block) else {
            return Flag::Unknown;
        };
        let off = deviation - self.followed;
        self.statistics.take(off, settings.weight, 2.0 * self.sum_limit);
        let expected = self
            .profile
            .expected(block)
            .map_or(f64::NAN, |expected| expected.value + self.followed * expected.deviation);
        if let Some(follow_ms) = settings.follow_ms {
            // It follows what was found, too: a season that was flagged once must not stay flagged until it is over.
            let share = super::super::figure::real(settings.block_ms) / super::super::figure::real(follow_ms);
            self.followed += off.clamp(-MOST_FOLLOWED, MOST_FOLLOWED) * share;
        }
        let statistics = self.statistics;
        for (onset, sum) in [
            (&mut self.onset.0, statistics.above),
            (&mut self.onset.1, statistics.below),
        ] {
            if sum <= 0.0 {
                *onset = None;
            } else if onset.is_none() {
                *onset = Some(from);
            }
        }
        let (rule, limit) = if statistics.smoothed.abs() > self.smoothed_limit {
            (Rule::Step, self.smoothed_limit)
        } else if statistics.sum() > self.sum_limit {
            (Rule::Drift, self.sum_limit)
        } else {
            return Flag::Good;
        };
        let onset = if statistics.above >= statistics.below {
            self.onset.0
        } else {
            self.onset.1
        };
        findings.push(
            Finding::at(rule, Flag::Suspect, to, block.value, limit)
                .against(expected)
                .from(from)
                .since(onset.unwrap_or(from))
                .over(settings.block_ms),
        );
        Flag::Suspect
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_moved_teaches_nothing_and_is_learned_again() {
        let settings = ShiftSettings::new(ProfileBy::Nothing, 60_000, 8, 0.2, 1.5, None).unwrap();
        let mut shift = Shift::new();
        let mut flags = Vec::new();
        for minute in 0..200_i32 {
            let value = match minute {
                0..32 => 5.0,
                32..150 => 5.0 + f64::from(minute * 7 % 11) / 10.0,
                _ => 9.0 + f64::from(minute * 7 % 11) / 10.0,
            };
            let point = Point {
                at: Instant(i64::from(minute) * 60_000),
                value,
                load: f64::NAN,
            };
            flags.extend(
                shift
                    .judge(&settings, &point, 0, &mut Vec::new())
                    .map(|settled| settled.flag),
            );
        }
        assert!(flags[..30].iter().all(|flag| *flag == Flag::Unknown));
        assert!(flags[50..150].iter().all(|flag| *flag == Flag::Good), "{flags:?}");
        assert!(flags[160..].iter().all(|flag| *flag == Flag::Suspect), "{flags:?}");
    }
}
