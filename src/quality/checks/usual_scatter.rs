//! What a channel's scatter is used to (惯常波动), learned from blocks of readings, for those who give no limit of it.
//!
//! A block is judged as a whole when the first reading behind it comes, so that no value of it need be kept.

use serde::{Deserialize, Serialize};

use super::super::figure::shown;
use super::super::finding::Finding;
use super::super::flag::{Flag, Rule};
use super::super::judge::Settled;
use super::super::settings::{SettingsError, block, count, positive};
use super::super::window::Moments;
use crate::domain::time::Instant;

/// Readings of a block without which it says nothing, whatever its length.
pub const LEAST_READINGS: u32 = 30;

/// Between these a factor says something; at the lower one everything would be beyond the usual.
const LEAST_TIMES: f64 = 1.0;
const MOST_TIMES: f64 = 100.0;

/// Of the blocks that teach, so many may lie beyond what is then taken for usual: hours in which something was wrong teach
/// nothing.
const SET_ASIDE: usize = 3;

/// After so many suspect blocks in a row it is learned anew: what lasts is how the channel is now, and was told.
const LASTS: u32 = 24;

/// From how many blocks it is learned and how much is too much.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct UsualScatterSettings {
    times: f64,
    block_ms: i64,
    learn: u32,
    least: u32,
}

impl UsualScatterSettings {
    /// Learns from the first `learn` blocks of `block_ms`; suspect is what lies beyond the usual by a factor of `times`. Of
    /// readings that are expected at an interval, in milliseconds, 0 where at none, half of a block's must be there.
    pub fn new(times: f64, block_ms: i64, learn: u32, interval_ms: i64) -> Result<Self, SettingsError> {
        positive("times", times)?;
        if times <= LEAST_TIMES || times > MOST_TIMES {
            return Err(SettingsError::Outside {
                key: "times",
                given: shown(times),
                low: shown(LEAST_TIMES),
                high: shown(MOST_TIMES),
            });
        }
        block(block_ms)?;
        let expected = block_ms.checked_div(interval_ms).unwrap_or(0);
        let half = u32::try_from(expected / 2).unwrap_or(u32::MAX);
        Ok(Self {
            times,
            block_ms,
            learn: count("learn", learn, 8, 100_000)?,
            least: half.max(LEAST_READINGS),
        })
    }

    /// By which factor a scatter may lie beyond the usual.
    pub const fn times(&self) -> f64 {
        self.times
    }

    /// Length of a block, in milliseconds.
    pub const fn block_ms(&self) -> i64 {
        self.block_ms
    }
}

/// On which side of the usual a scatter is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Too much of it.
    Above,
    /// Too little of it.
    Below,
}

impl Side {
    /// By which rule that is found.
    const fn rule(self) -> Rule {
        match self {
            Self::Above => Rule::Noise,
            Self::Below => Rule::Attenuated,
        }
    }
}

/// A block that is over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closed {
    /// Its first instant.
    pub from: Instant,
    /// Its last one.
    pub to: Instant,
    /// What was taken in of it.
    pub moments: Moments,
}

/// The block that is being filled, with the moments of its values side by side, where they take less room.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Open {
    number: i64,
    mean: f64,
    squares: f64,
    count: u32,
    /// Whether something in it spoils it.
    is_void: bool,
}

/// What was learned, and the block that is being filled.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UsualScatter {
    open: Option<Open>,
    /// Blocks that have taught; behind those that were needed, suspect blocks in a row.
    taught: u32,
    /// The farthest scatters of those, the farthest first, as far as there are so many; the last is the usual.
    farthest: [f32; SET_ASIDE + 1],
}

impl Default for UsualScatter {
    fn default() -> Self {
        Self::new()
    }
}

impl UsualScatter {
    /// Nothing was learned.
    pub const fn new() -> Self {
        Self {
            open: None,
            taught: 0,
            farthest: [0.0; SET_ASIDE + 1],
        }
    }

    /// The usual scatter, once it is learned; what never scattered teaches none.
    pub fn usual(&self, settings: &UsualScatterSettings) -> Option<f64> {
        let usual = self.farthest.last().copied().map(f64::from);
        usual.filter(|usual| self.taught >= settings.learn && *usual > 0.0)
    }

    /// Takes a value in, or with `None` a reading that spoils its block. Returns the block before, where this one begins.
    pub fn take(&mut self, settings: &UsualScatterSettings, at: Instant, value: Option<f64>) -> Option<Closed> {
        let number = at.0.div_euclid(settings.block_ms);
        let closed = self.open.filter(|open| open.number != number);
        let mut open = self
            .open
            .filter(|open| open.number == number)
            .unwrap_or(Open::new(number));
        match value {
            Some(value) => open.take(value),
            None => open.is_void = true,
        }
        self.open = Some(open);
        closed.map(|open| open.close(settings))
    }

    /// The block that is open, since no more values come.
    pub fn finish(&mut self, settings: &UsualScatterSettings) -> Option<Closed> {
        self.open.take().map(|open| open.close(settings))
    }

    /// Learns from a block's scatter, or judges it; what is beyond the usual is found.
    pub fn settle(
        &mut self,
        settings: &UsualScatterSettings,
        side: Side,
        closed: &Closed,
        scatter: f64,
        findings: &mut Vec<Finding>,
    ) -> Settled {
        let rule = side.rule();
        let (flag, limit) = self.learn_or_judge(settings, side, closed, scatter);
        if let Some(limit) = limit {
            findings.push(
                Finding::at(rule, flag, closed.to, scatter, limit)
                    .from(closed.from)
                    .over(settings.block_ms),
            );
        }
        Settled {
            check: rule.check(),
            flag,
            from: closed.from,
            to: closed.to,
        }
    }

    /// Learns from a block's scatter, or judges it: its flag, and the limit that it passed.
    fn learn_or_judge(
        &mut self,
        settings: &UsualScatterSettings,
        side: Side,
        closed: &Closed,
        scatter: f64,
    ) -> (Flag, Option<f64>) {
        if closed.moments.count < settings.least || !scatter.is_finite() {
            return (Flag::Unknown, None);
        }
        if self.taught < settings.learn {
            self.learn(side, scatter);
            if self.taught == settings.learn && self.usual(settings).is_none() {
                // What never moved does not tell by how much it may: the next blocks may say more.
                self.forget();
            }
            return (Flag::Unknown, None);
        }
        let Some(usual) = self.usual(settings) else {
            return (Flag::Unknown, None);
        };
        let (limit, is_beyond) = match side {
            Side::Above => (usual * settings.times, scatter > usual * settings.times),
            Side::Below => (usual / settings.times, scatter < usual / settings.times),
        };
        if is_beyond {
            self.taught = self.taught.saturating_add(1);
            if self.taught - settings.learn >= LASTS {
                self.forget();
            }
            (Flag::Suspect, Some(limit))
        } else {
            self.taught = settings.learn;
            (Flag::Good, None)
        }
    }

    /// Begins to learn anew.
    fn forget(&mut self) {
        *self = Self {
            open: self.open,
            ..Self::new()
        };
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a limit that is a multiple of it need not be known to more than seven digits"
    )]
    fn learn(&mut self, side: Side, scatter: f64) {
        let scatter = scatter as f32;
        let known = usize::try_from(self.taught).unwrap_or(usize::MAX);
        self.taught = self.taught.saturating_add(1);
        let is_farther = |scatter: f32, other: f32| match side {
            Side::Above => scatter > other,
            Side::Below => scatter < other,
        };
        let mut carried = scatter;
        for (place, farthest) in self.farthest.iter_mut().enumerate() {
            if place >= known || is_farther(carried, *farthest) {
                std::mem::swap(&mut carried, farthest);
            }
        }
    }
}

impl Open {
    const fn new(number: i64) -> Self {
        Self {
            number,
            mean: 0.0,
            squares: 0.0,
            count: 0,
            is_void: false,
        }
    }

    fn take(&mut self, value: f64) {
        let Moments { count, mean, squares } = self.moments().with(Moments::of(value));
        (self.count, self.mean, self.squares) = (count, mean, squares);
    }

    const fn moments(&self) -> Moments {
        Moments {
            count: self.count,
            mean: self.mean,
            squares: self.squares,
        }
    }

    fn close(&self, settings: &UsualScatterSettings) -> Closed {
        let from = Instant(self.number.saturating_mul(settings.block_ms));
        Closed {
            from,
            to: from.plus(settings.block_ms - 1),
            moments: if self.is_void {
                Moments::default()
            } else {
                self.moments()
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: UsualScatterSettings = UsualScatterSettings {
        times: 3.0,
        block_ms: 1000,
        learn: 8,
        least: 30,
    };

    fn block(count: u32) -> Closed {
        Closed {
            from: Instant(0),
            to: Instant(999),
            moments: Moments {
                count,
                mean: 0.0,
                squares: 0.0,
            },
        }
    }

    #[test]
    fn what_three_blocks_of_those_that_teach_exceed_is_not_usual() {
        let mut above = UsualScatter::new();
        for scatter in [1.0, 900.0, 1.25, 800.0, 1.1, 0.9, 700.0, 1.0] {
            let (flag, _) = above.learn_or_judge(&SETTINGS, Side::Above, &block(30), scatter);
            assert_eq!(flag, Flag::Unknown);
        }
        assert_eq!(above.usual(&SETTINGS), Some(1.25));
        let judged = [(3.7, Flag::Good), (3.8, Flag::Suspect)];
        for (scatter, wanted) in judged {
            assert_eq!(
                above.learn_or_judge(&SETTINGS, Side::Above, &block(30), scatter).0,
                wanted
            );
        }
        // Few readings and a scatter beyond all numbers say nothing.
        assert_eq!(
            above.learn_or_judge(&SETTINGS, Side::Above, &block(29), 9.0).0,
            Flag::Unknown
        );
        let endless = above.learn_or_judge(&SETTINGS, Side::Above, &block(30), f64::INFINITY);
        assert_eq!(endless, (Flag::Unknown, None));
    }

    #[test]
    fn what_never_moved_is_learned_again() {
        let mut below = UsualScatter::new();
        for _ in 0..8 {
            below.learn_or_judge(&SETTINGS, Side::Below, &block(30), 0.0);
        }
        assert_eq!(below.usual(&SETTINGS), None);
        for _ in 0..8 {
            below.learn_or_judge(&SETTINGS, Side::Below, &block(30), 6.0);
        }
        assert_eq!(below.usual(&SETTINGS), Some(6.0));
        assert_eq!(
            below.learn_or_judge(&SETTINGS, Side::Below, &block(30), 2.5).0,
            Flag::Good
        );
        assert_eq!(
            below.learn_or_judge(&SETTINGS, Side::Below, &block(30), 1.9),
            (Flag::Suspect, Some(2.0))
        );
    }

    #[test]
    fn what_lasts_is_learned_anew() {
        let mut above = UsualScatter::new();
        let mut judge = |scatter| above.learn_or_judge(&SETTINGS, Side::Above, &block(30), scatter).0;
        let flags: Vec<Flag> = (0..50).map(|block| judge(if block < 8 { 1.0 } else { 9.0 })).collect();
        assert!(flags[8..32].iter().all(|flag| *flag == Flag::Suspect), "{flags:?}");
        assert!(flags[32..40].iter().all(|flag| *flag == Flag::Unknown), "{flags:?}");
        assert!(flags[40..].iter().all(|flag| *flag == Flag::Good), "{flags:?}");
    }

    #[test]
    fn half_of_what_is_expected_of_a_block_must_be_there() {
        let settings = UsualScatterSettings::new(3.0, 3_600_000, 8, 1_000).unwrap();
        assert_eq!(settings.least, 1_800);
        let mut below = UsualScatter::new();
        let flag = below.learn_or_judge(&settings, Side::Below, &block(1_799), 1.0).0;
        assert_eq!((flag, below.taught), (Flag::Unknown, 0));
        for (times, interval_ms) in [(1.0, 0), (101.0, 0), (f64::NAN, 0)] {
            assert!(UsualScatterSettings::new(times, 3_600_000, 8, interval_ms).is_err());
        }
    }

    #[test]
    fn a_block_that_was_spoiled_says_nothing() {
        let mut scatter = UsualScatter::new();
        for place in 0..10 {
            assert_eq!(scatter.take(&SETTINGS, Instant(place * 100), Some(1.0)), None);
        }
        let closed = scatter.take(&SETTINGS, Instant(1000), None).unwrap();
        assert_eq!(
            (closed.from, closed.to, closed.moments.count),
            (Instant(0), Instant(999), 10)
        );
        scatter.take(&SETTINGS, Instant(1500), Some(1.0));
        assert_eq!(scatter.finish(&SETTINGS).map(|closed| closed.moments.count), Some(0));
    }
}
