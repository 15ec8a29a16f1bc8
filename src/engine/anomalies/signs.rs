//! What an anomaly is recognised by (异常特征), as a record keeps it: exact numbers, from which its words are made again.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use serde::{Deserialize, Serialize};

use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::quality::Finding;
use crate::quality::episode::Episode;
use crate::quality::flag::{Check, Flag, Rule};

/// Significant digits of a number that a check reckoned with floating point.
const DIGITS: u32 = 12;

/// What the checks found, put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signs {
    /// The rule of the worst finding.
    pub rule: Rule,
    /// Its flag.
    pub flag: Flag,
    /// Stamp of the first reading of which it speaks; of a gap the last reading before it, of a shift its onset.
    pub from: Instant,
    /// Stamp of the last one; of a gap the first reading after it, or how far it has come.
    pub to: Instant,
    /// Stamp of the first reading of the worst finding, of its last, and its onset.
    pub worst: (Instant, Instant, Instant),
    /// How many findings there are.
    pub findings: u32,
    /// The value that was looked at, where there is one that a decimal can hold.
    pub value: Option<Decimal>,
    /// The limit that it passed.
    pub limit: Option<Decimal>,
    /// With what it was compared.
    pub reference: Option<Decimal>,
    /// Time that was looked at, in milliseconds.
    pub window_ms: i64,
    /// Clause of the data-quality plan by which it was looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Whether it goes on.
    pub going: bool,
    /// Milligrams of `CO2e` at stake.
    pub stake_mg: i64,
}

/// A number as a record keeps it.
fn exact(number: f64) -> Option<Decimal> {
    Decimal::from_f64(number)?
        .round_sf(DIGITS)
        .map(|rounded| rounded.normalize())
}

fn inexact(number: Option<Decimal>) -> f64 {
    number.and_then(|number| number.to_f64()).unwrap_or(f64::NAN)
}

impl Signs {
    /// Of an episode. What is at stake is not known yet.
    pub(super) fn of(episode: &Episode, clause: Option<&str>, going: bool) -> Self {
        let worst = &episode.worst;
        // What is missing lies before the reading that ends a gap, and a shift began with its onset.
        let from = match episode.check {
            Check::Gap | Check::Shift => episode.from.min(episode.first.since),
            _ => episode.from,
        };
        Self {
            rule: worst.rule,
            flag: worst.flag,
            from,
            to: episode.to,
            worst: (worst.from, worst.to, worst.since),
            findings: episode.findings,
            value: exact(worst.value),
            limit: exact(worst.limit),
            reference: exact(worst.reference),
            window_ms: worst.window_ms,
            clause: clause.map(str::to_owned),
            going,
            stake_mg: 0,
        }
    }

    /// Of which check.
    pub const fn check(&self) -> Check {
        self.rule.check()
    }

    /// What was found at worst, in words.
    pub fn why(&self) -> Text {
        let (from, to, since) = self.worst;
        let finding = Finding {
            rule: self.rule,
            flag: self.flag,
            from,
            to,
            since,
            value: inexact(self.value),
            limit: inexact(self.limit),
            reference: inexact(self.reference),
            window_ms: self.window_ms,
        };
        finding.explained(self.clause.as_deref())
    }

    /// Whether it touches a stretch, or lies no further from it than a pause within one episode.
    pub(super) fn touches(&self, from: Instant, to: Instant, pause_ms: i64) -> bool {
        from.since(self.to) <= pause_ms && self.from.since(to) <= pause_ms
    }
}
