//! Values in another unit (单位错位): kWh for `MWh`, kg for t, a slipped point.
//!
//! A value is suspect if it jumps by nearly one of the known factors against the last sound value, lies outside all that
//! was seen lately, and would lie inside once the factor is taken away.

use serde::{Deserialize, Serialize};

use std::collections::VecDeque;

use super::super::finding::Finding;
use super::super::flag::{Flag, Rule};
use super::super::settings::{SettingsError, positive, window};
use super::Point;

/// Parts of the window whose extremes are kept.
const PARTS: i64 = 24;

/// Values before anything is said.
const LEAST: u32 = 24;

/// How near to a factor a jump must be, as a factor itself: the process moves a little between two values.
const NEAR: f64 = 1.6;

/// Factors by which units are mistaken for one another that no process makes by itself in one step. 3.6 (GJ for `MWh`) and
/// the like are not among them: who knows better asks for it.
pub const COARSE_FACTORS: [f64; 3] = [1000.0, 100.0, 10.0];

/// Which factors, and how long is lately.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitSettings {
    factors: Vec<f64>,
    window_ms: i64,
}

impl UnitSettings {
    /// Factors of 2 to 1000000, looked for against what was seen over the window.
    pub fn new(factors: &[f64], window_ms: i64) -> Result<Self, SettingsError> {
        if factors.is_empty() {
            return Err(SettingsError::Nothing { key: "factors" });
        }
        for &factor in factors {
            positive("factors", factor)?;
            if !(2.0..=1e6).contains(&factor) {
                return Err(SettingsError::Outside {
                    key: "factors",
                    given: super::super::figure::shown(factor),
                    low: "2".to_owned(),
                    high: "1000000".to_owned(),
                });
            }
        }
        let mut factors = factors.to_vec();
        // The largest first: of two that would fit the farther is the better explanation of a far jump.
        factors.sort_by(|left, right| right.total_cmp(left));
        Ok(Self {
            factors,
            window_ms: window("window", window_ms)?,
        })
    }
}

/// Looks for values in another unit.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct UnitSlip {
    /// Smallest and largest magnitude by part of the window, the oldest first.
    parts: VecDeque<(i64, f64, f64)>,
    count: u32,
    last: f64,
    /// The factor, or its inverse, by which the last value was off.
    slipped: Option<f64>,
}

impl UnitSlip {
    /// Nothing was seen.
    pub const fn new() -> Self {
        Self {
            parts: VecDeque::new(),
            count: 0,
            last: 0.0,
            slipped: None,
        }
    }

    /// Judges a value; zeros say nothing of a unit.
    pub fn judge(&mut self, settings: &UnitSettings, point: &Point, findings: &mut Vec<Finding>) -> Flag {
        let size = point.value.abs();
        if size <= 0.0 {
            return Flag::Good;
        }
        let part = point.at.0.div_euclid((settings.window_ms / PARTS).max(1));
        while self.parts.front().is_some_and(|&(oldest, ..)| oldest <= part - PARTS) {
            self.parts.pop_front();
        }
        let seen = self
            .parts
            .iter()
            .fold(None, |seen: Option<(f64, f64)>, &(_, low, high)| {
                Some(seen.map_or((low, high), |(least, most)| (least.min(low), most.max(high))))
            });
        let Some((low, high)) = seen.filter(|_| self.count >= LEAST) else {
            self.take(part, size);
            return Flag::Unknown;
        };
        self.slipped = self.factor(settings, size, low, high);
        let Some(factor) = self.slipped else {
            self.take(part, size);
            return Flag::Good;
        };
        findings
            .push(Finding::at(Rule::Scale, Flag::Suspect, point.at, point.value, factor).against(point.value / factor));
        Flag::Suspect
    }

    /// By which factor a magnitude is off, if by one.
    fn factor(&self, settings: &UnitSettings, size: f64, low: f64, high: f64) -> Option<f64> {
        if size >= low && size <= high {
            return None;
        }
        let fits = |factor: f64| {
            let right = size / factor;
            right >= low / NEAR && right <= high * NEAR
        };
        if let Some(factor) = self.slipped.filter(|&factor| fits(factor)) {
            return Some(factor);
        }
        let jump = size / self.last;
        let near = |factor: f64| jump >= factor / NEAR && jump <= factor * NEAR;
        settings
            .factors
            .iter()
            .flat_map(|&factor| [factor, 1.0 / factor])
            .filter(|&factor| near(factor) && fits(factor))
            .min_by(|left, right| (jump / left).ln().abs().total_cmp(&(jump / right).ln().abs()))
    }

    fn take(&mut self, part: i64, size: f64) {
        self.count = self.count.saturating_add(1);
        self.last = size;
        match self.parts.back_mut() {
            Some((newest, low, high)) if *newest == part => {
                *low = low.min(size);
                *high = high.max(size);
            }
            _ => self.parts.push_back((part, size, size)),
        }
    }
}
