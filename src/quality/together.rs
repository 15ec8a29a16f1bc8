//! Checks over several channels (多参数比对): two meters of one quantity, balances, quotients.
//!
//! Readings of all channels are given in the order of time. Each channel's values are put together to means of blocks of
//! one length; a block is settled by the first reading after it, and says nothing where a channel had no value in it.

use super::finding::Finding;
use super::flag::{Check, Flag, Rule};
use super::judge::Settled;
use super::settings::{SettingsError, Span, finite, not_negative, positive, window};
use super::window::Moments;
use crate::domain::time::{DAY_MS, Instant, PlantZone};

/// Milliseconds of a day.
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

/// A quotient that has a band: an intensity, a specific consumption, an apparent factor (强度、单耗、表观因子).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatioSettings {
    above: usize,
    below: usize,
    usual: Span,
    least: f64,
    window_ms: i64,
}

impl RatioSettings {
    /// The mean of one channel over that of another, judged while the other is at least `least`.
    pub fn new(above: usize, below: usize, usual: Span, least: f64, window_ms: i64) -> Result<Self, SettingsError> {
        Ok(Self {
            above,
            below,
            usual,
            least: positive("least", least)?,
            window_ms: window("window", window_ms)?,
        })
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

    const fn check(&self) -> Check {
        match self {
            Self::Balance(_) => Check::Balance,
            Self::Ratio(_) => Check::Ratio,
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

/// Looks at several channels together.
#[derive(Debug, Clone)]
pub struct Together {
    settings: TogetherSettings,
    /// The channels, each with the mean of the open block.
    members: Vec<(usize, Moments)>,
    /// Number of the open block.
    open: Option<i64>,
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
            Some(open) if open != number => Some(self.close(open)),
            _ => None,
        };
        for (_, values) in self.members.iter_mut().filter(|(member, _)| *member == channel) {
            values.take(value);
        }
        settled
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
        let window_ms = self.settings.window_ms();
        let from = self.beginning(number);
        let to = self.beginning(number.saturating_add(1)).plus(-1);
        let complete = self.members.iter().all(|(_, values)| values.count > 0);
        let found = if complete { self.judge() } else { None };
        for (_, values) in &mut self.members {
            *values = Moments::default();
        }
        let check = self.settings.check();
        let settle = |flag| Settled { check, flag, from, to };
        match found {
            None => (settle(Flag::Unknown), None),
            Some(None) => (settle(Flag::Good), None),
            Some(Some((rule, value, limit, reference))) => {
                let finding = Finding::at(rule, Flag::Suspect, to, value, limit)
                    .against(reference)
                    .from(from)
                    .since(from)
                    .over(window_ms);
                (settle(Flag::Suspect), Some(finding))
            }
        }
    }

    fn mean(&self, channel: usize) -> f64 {
        self.members
            .iter()
            .find(|(member, _)| *member == channel)
            .map_or(f64::NAN, |(_, values)| values.mean)
    }

    /// `None` where nothing can be said, else what is wrong: rule, value, limit, reference.
    #[expect(clippy::option_option, reason = "nothing to say, nothing wrong, something wrong")]
    fn judge(&self) -> Option<Option<(Rule, f64, f64, f64)>> {
        match &self.settings {
            TogetherSettings::Balance(settings) => {
                let side = |sign: f64| -> f64 {
                    let terms = settings.terms.iter().filter(|(_, factor)| factor * sign > 0.0);
                    terms.map(|(channel, factor)| self.mean(*channel) * factor.abs()).sum()
                };
                let (left, right) = (side(1.0), side(-1.0));
                let limit = settings.absolute + settings.relative * left.abs().max(right.abs());
                let off = left - right;
                Some((off.abs() > limit).then_some((Rule::Imbalance, off, limit, right)))
            }
            TogetherSettings::Ratio(settings) => {
                let below = self.mean(settings.below);
                if below < settings.least {
                    return None;
                }
                let quotient = self.mean(settings.above) / below;
                Some(if quotient < settings.usual.low() {
                    Some((Rule::RatioLow, quotient, settings.usual.low(), below))
                } else if quotient > settings.usual.high() {
                    Some((Rule::RatioHigh, quotient, settings.usual.high(), below))
                } else {
                    None
                })
            }
        }
    }
}
