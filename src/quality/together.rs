//! Checks over several channels (多参数比对): two meters of one quantity, balances, quotients.
//!
//! Readings of all channels are given in the order of time. Each channel's values are put together to means of blocks of
//! one length; a block is settled by the first reading after it, and says nothing where a channel had no value in it.

use std::collections::VecDeque;

use super::finding::Finding;
use super::flag::{Check, Flag, Rule};
use super::judge::Settled;
use super::settings::{SettingsError, Span, count, finite, not_negative, positive, window};
use super::window::Moments;
use crate::domain::time::{DAY_MS, Instant, PlantZone};

/// A sum that should be nothing: parts less the whole, one meter less the other.
#[derive(Debug, Clone, PartialEq)]
pub struct BalanceSettings {
    terms: Vec<(usize, f64)>,
    relative: f64,
    absolute: f64,
    window_ms: i64,
}

impl BalanceSettings {
    /// Channels with the factors by which they enter: positive on one side, negative on the other. Suspect is a sum that
    /// is off by more than `absolute` and `relative` (of the larger side) together, over a window.
    pub fn new(terms: Vec<(usize, f64)>, relative: f64, absolute: f64, window_ms: i64) -> Result<Self, SettingsError> {
        for &(_, factor) in &terms {
            finite("terms", factor)?;
        }
        let sides = |sign: f64| terms.iter().any(|(_, factor)| factor * sign > 0.0);
        if !sides(1.0) || !sides(-1.0) {
            return Err(SettingsError::Nothing { key: "terms" });
        }
        not_negative("relative", relative)?;
        not_negative("absolute", absolute)?;
        if relative + absolute <= 0.0 {
            return Err(SettingsError::Nothing { key: "relative" });
        }
        Ok(Self {
            terms,
            relative,
            absolute,
            window_ms: window("window", window_ms)?,
        })
    }

    /// Two meters of one quantity.
    pub fn pair(
        first: usize,
        second: usize,
        relative: f64,
        absolute: f64,
        window_ms: i64,
    ) -> Result<Self, SettingsError> {
        Self::new(vec![(first, 1.0), (second, -1.0)], relative, absolute, window_ms)
    }
}

/// How far a quotient may be off what it was (与前期比).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PastSettings {
    share: f64,
    windows: u32,
}

/// The most windows before one that it is held against.
const MOST_WINDOWS: u32 = 1_000;

impl PastSettings {
    /// Off the median of so many windows before by at most this share of it. Half of them have to say something.
    pub fn new(share: f64, windows: u32) -> Result<Self, SettingsError> {
        Ok(Self {
            share: positive("share", share)?,
            windows: count("windows", windows, 2, MOST_WINDOWS)?,
        })
    }

    /// How many windows before are looked at.
    pub fn windows(&self) -> usize {
        usize::try_from(self.windows).unwrap_or(usize::MAX)
    }

    /// The median of the windows before, where they say enough.
    fn usual(&self, past: &[f64]) -> Option<f64> {
        let mut known: Vec<f64> = past.iter().rev().take(self.windows()).copied().collect();
        known.retain(|value| value.is_finite());
        if known.len() * 2 < self.windows() {
            return None;
        }
        known.sort_unstable_by(f64::total_cmp);
        let upper = known.get(known.len() / 2)?;
        let lower = known.get((known.len() - 1) / 2)?;
        Some(f64::midpoint(*lower, *upper))
    }
}

/// A quotient that has a band, or keeps to what it was: an intensity, a specific consumption, an apparent factor
/// (强度、单耗、表观因子).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatioSettings {
    above: usize,
    below: usize,
    usual: Option<Span>,
    past: Option<PastSettings>,
    least: f64,
    window_ms: i64,
}

impl RatioSettings {
    /// One channel over another, judged while the other is at least `least`.
    pub fn new(
        (above, below): (usize, usize),
        usual: Option<Span>,
        past: Option<PastSettings>,
        least: f64,
        window_ms: i64,
    ) -> Result<Self, SettingsError> {
        if usual.is_none() && past.is_none() {
            return Err(SettingsError::Nothing { key: "usual" });
        }
        Ok(Self {
            above,
            below,
            usual,
            past,
            least: positive("least", least)?,
            window_ms: window("window", window_ms)?,
        })
    }
}

impl RatioSettings {
    /// Of a window in which there was too little below the line to say what the quotient was: whether there was more above it
    /// than the least below could account for, which is fuel without load.
    fn without_load(&self, above: f64, below: f64, past: &[f64]) -> Said {
        if below.is_nan() || below >= self.least {
            return Said::Nothing;
        }
        // It is more than this, whatever there was.
        let quotient = above / self.least;
        let highest = match (self.usual, self.past) {
            (Some(usual), _) => Some(usual.high()),
            (None, Some(settings)) => settings.usual(past).map(|was| was + settings.share * was.abs()),
            (None, None) => None,
        };
        match highest.filter(|highest| highest.is_finite() && quotient > *highest) {
            Some(highest) => said(true, Rule::WithoutLoad, above, highest * self.least, below),
            None => Said::Nothing,
        }
    }
}

/// What a window said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Said {
    /// Nothing: a value was missing, or it was too small to say anything.
    Nothing,
    /// All is well.
    Sound,
    /// Something is wrong.
    Wrong(Mismatch),
}

/// What is wrong in a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mismatch {
    /// By which rule.
    pub rule: Rule,
    /// A balance's left side less its right one; a quotient; what is above the line where hardly anything is below it.
    pub value: f64,
    /// The limit that it passed.
    pub limit: f64,
    /// A balance's right side; what is below the line; what the quotient was.
    pub reference: f64,
}

impl Mismatch {
    /// As a finding of the window, both ends included.
    pub const fn finding(&self, (from, to): (Instant, Instant)) -> Finding {
        Finding::at(self.rule, Flag::Suspect, to, self.value, self.limit)
            .against(self.reference)
            .from(from)
            .since(from)
            .over(to.0.saturating_sub(from.0).saturating_add(1))
    }
}

/// A check over several channels.
#[derive(Debug, Clone, PartialEq)]
pub enum TogetherSettings {
    /// A balance.
    Balance(BalanceSettings),
    /// A quotient.
    Ratio(RatioSettings),
}

impl TogetherSettings {
    const fn window_ms(&self) -> i64 {
        match self {
            Self::Balance(settings) => settings.window_ms,
            Self::Ratio(settings) => settings.window_ms,
        }
    }

    /// Of which check its findings are.
    pub const fn check(&self) -> Check {
        match self {
            Self::Balance(_) => Check::Balance,
            Self::Ratio(_) => Check::Ratio,
        }
    }

    /// How many windows before one it is held against.
    pub fn windows_before(&self) -> usize {
        match self {
            Self::Balance(_) => 0,
            Self::Ratio(settings) => settings.past.map_or(0, |past| past.windows()),
        }
    }

    /// The quotient of a window of which it is told what each channel was; NaN where it says nothing, and of a balance.
    pub fn quotient(&self, of: &dyn Fn(usize) -> f64) -> f64 {
        match self {
            Self::Balance(_) => f64::NAN,
            Self::Ratio(settings) => {
                let below = of(settings.below);
                if below < settings.least {
                    f64::NAN
                } else {
                    of(settings.above) / below
                }
            }
        }
    }

    /// Judges a window of which it is told what each channel was, NaN where that is not known, and what quotients the
    /// windows before it had, the newest last.
    pub fn judge(&self, of: &dyn Fn(usize) -> f64, past: &[f64]) -> Said {
        match self {
            Self::Balance(settings) => {
                let side = |sign: f64| -> f64 {
                    let terms = settings.terms.iter().filter(|(_, factor)| factor * sign > 0.0);
                    terms.map(|(channel, factor)| of(*channel) * factor.abs()).sum()
                };
                let (left, right) = (side(1.0), side(-1.0));
                let limit = settings.absolute + settings.relative * left.abs().max(right.abs());
                let off = left - right;
                if off.is_nan() {
                    return Said::Nothing;
                }
                said(off.abs() > limit, Rule::Imbalance, off, limit, right)
            }
            Self::Ratio(settings) => {
                let quotient = self.quotient(of);
                let below = of(settings.below);
                if quotient.is_nan() {
                    return settings.without_load(of(settings.above), below, past);
                }
                if let Some(usual) = settings.usual.filter(|usual| !usual.holds(quotient)) {
                    return if quotient < usual.low() {
                        said(true, Rule::RatioLow, quotient, usual.low(), below)
                    } else {
                        said(true, Rule::RatioHigh, quotient, usual.high(), below)
                    };
                }
                let was = settings
                    .past
                    .and_then(|settings| Some((settings, settings.usual(past)?)));
                match (was, settings.usual) {
                    (Some((settings, was)), _) => {
                        let off = settings.share * was.abs();
                        let (low, high) = (was - off, was + off);
                        if quotient < low {
                            said(true, Rule::RatioFell, quotient, low, was)
                        } else {
                            said(quotient > high, Rule::RatioRose, quotient, high, was)
                        }
                    }
                    (None, Some(_)) => Said::Sound,
                    (None, None) => Said::Nothing,
                }
            }
        }
    }

    /// The channels of which it speaks, each once.
    pub fn members(&self) -> Vec<usize> {
        let mut members = match self {
            Self::Balance(settings) => settings.terms.iter().map(|(channel, _)| *channel).collect(),
            Self::Ratio(settings) => vec![settings.above, settings.below],
        };
        members.sort_unstable();
        members.dedup();
        members
    }
}

fn said(is_wrong: bool, rule: Rule, value: f64, limit: f64, reference: f64) -> Said {
    if is_wrong {
        Said::Wrong(Mismatch {
            rule,
            value,
            limit,
            reference,
        })
    } else {
        Said::Sound
    }
}

/// Looks at several channels together.
#[derive(Debug, Clone)]
pub struct Together {
    settings: TogetherSettings,
    /// The channels, each with the mean of the open block.
    members: Vec<(usize, Moments)>,
    /// Number of the open block.
    open: Option<i64>,
    /// The quotients of the blocks before it, the newest last; as many as it is held against.
    past: VecDeque<f64>,
    /// In which blocks of whole days begin.
    zone: PlantZone,
}

impl Together {
    /// Nothing was seen.
    pub fn new(settings: TogetherSettings) -> Self {
        Self {
            members: settings
                .members()
                .into_iter()
                .map(|channel| (channel, Moments::default()))
                .collect(),
            settings,
            open: None,
            past: VecDeque::new(),
            zone: PlantZone::UTC,
        }
    }

    /// With blocks of whole days that begin at midnight of this zone.
    #[must_use]
    pub const fn in_zone(mut self, zone: PlantZone) -> Self {
        self.zone = zone;
        self
    }

    /// Of which check its flags are.
    pub const fn check(&self) -> Check {
        self.settings.check()
    }

    /// The channels of which it speaks.
    pub fn members(&self) -> impl Iterator<Item = usize> {
        self.members.iter().map(|(channel, _)| *channel)
    }

    /// Takes a sound value of a channel in: of a register what it counted in an hour. Settles the block before it: the
    /// flag of all members in it, and what was found.
    pub fn take(&mut self, channel: usize, at: Instant, value: f64) -> Option<(Settled, Option<Finding>)> {
        if !self.members.iter().any(|(member, _)| *member == channel) {
            return None;
        }
        let number = at.plus(self.offset(at)).0.div_euclid(self.settings.window_ms());
        let settled = match self.open.replace(number) {
            Some(open) if open != number => {
                let settled = self.close(open);
                self.skip(number.saturating_sub(open).saturating_sub(1));
                Some(settled)
            }
            _ => None,
        };
        for (_, values) in self.members.iter_mut().filter(|(member, _)| *member == channel) {
            values.take(value);
        }
        settled
    }

    /// Blocks in which nothing came say nothing of what was before others.
    fn skip(&mut self, blocks: i64) {
        let before = self.settings.windows_before();
        for _ in 0..usize::try_from(blocks).unwrap_or(0).min(before) {
            self.past.push_back(f64::NAN);
            while self.past.len() > before {
                self.past.pop_front();
            }
        }
    }

    /// Settles the block that is open: no more values come.
    pub fn finish(&mut self) -> Option<(Settled, Option<Finding>)> {
        self.open.take().map(|open| self.close(open))
    }

    /// How far blocks are ahead of those of UTC.
    fn offset(&self, at: Instant) -> i64 {
        if self.settings.window_ms() % DAY_MS == 0 {
            self.zone.local(at).and_utc().timestamp_millis().saturating_sub(at.0)
        } else {
            0
        }
    }

    /// When a block begins.
    fn beginning(&self, number: i64) -> Instant {
        let local = Instant(number.saturating_mul(self.settings.window_ms()));
        let near = local.plus(-self.offset(local));
        local.plus(-self.offset(near))
    }

    fn close(&mut self, number: i64) -> (Settled, Option<Finding>) {
        let from = self.beginning(number);
        let to = self.beginning(number.saturating_add(1)).plus(-1);
        let complete = self.members.iter().all(|(_, values)| values.count > 0);
        let mean = |channel: usize| {
            let values = self.members.iter().find(|(member, _)| *member == channel);
            values.map_or(f64::NAN, |(_, values)| values.mean)
        };
        let past: Vec<f64> = self.past.iter().copied().collect();
        let (said, quotient) = if complete {
            (self.settings.judge(&mean, &past), self.settings.quotient(&mean))
        } else {
            (Said::Nothing, f64::NAN)
        };
        self.past.push_back(quotient);
        while self.past.len() > self.settings.windows_before() {
            self.past.pop_front();
        }
        for (_, values) in &mut self.members {
            *values = Moments::default();
        }
        let check = self.settings.check();
        let settle = |flag| Settled { check, flag, from, to };
        match said {
            Said::Nothing => (settle(Flag::Unknown), None),
            Said::Sound => (settle(Flag::Good), None),
            Said::Wrong(mismatch) => (settle(Flag::Suspect), Some(mismatch.finding((from, to)))),
        }
    }
}
