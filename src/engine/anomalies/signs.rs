//! What an anomaly is recognised by (异常特征), as a record keeps it: exact numbers, from which its words are made again.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use serde::{Deserialize, Serialize};

use crate::domain::model::Name;
use crate::domain::text::{Text, clean};
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
    /// The stretches of readings of which it speaks, where it was joined of several; nothing is said of what lies between.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<(Instant, Instant)>,
    /// By which relation it was found, where it was by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related: Option<Related>,
    /// Of several settings the one that held, or how many values were looked at, as its finding says.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub part: u32,
}

/// Whether nothing is said.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
const fn is_zero(part: &u32) -> bool {
    *part == 0
}

/// The relation between parameters by which something was found, as it was named then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Related {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Name,
    /// What is held against what, by tags.
    pub terms: String,
    /// The unit of what was found.
    pub unit: String,
}

/// The most stretches that are kept apart.
const MOST_PARTS: usize = 200;

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
    /// Whether readings of which it speaks lie in a stretch (from included, to not).
    pub(in crate::engine) fn touch(&self, (from, to): (Instant, Instant)) -> bool {
        let touches = |(first, last): (Instant, Instant)| first < to && last >= from;
        if self.parts.is_empty() {
            touches((self.from, self.to))
        } else {
            self.parts.iter().copied().any(touches)
        }
    }

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
            parts: Vec::new(),
            related: None,
            part: worst.part,
        }
    }

    /// The key of the relation by which it was found, where it was by one.
    pub fn relation(&self) -> Option<&str> {
        self.related.as_ref().map(|related| related.key.as_str())
    }

    /// Whether it is of the same relation, or of none either.
    pub(super) fn is_of(&self, relation: Option<&str>) -> bool {
        self.relation() == relation
    }

    /// Of which check.
    pub const fn check(&self) -> Check {
        self.rule.check()
    }

    /// What was found at worst.
    fn finding(&self) -> Finding {
        let (from, to, since) = self.worst;
        Finding {
            rule: self.rule,
            flag: self.flag,
            from,
            to,
            since,
            value: inexact(self.value),
            limit: inexact(self.limit),
            reference: inexact(self.reference),
            window_ms: self.window_ms,
            part: self.part,
        }
    }

    /// What was found at worst, in words, with the unit of the parameter; that of a relation is its own.
    pub fn why(&self, unit: &str) -> Text {
        let unit = if self.related.is_some() { "" } else { unit };
        let explained = self.finding().explained(self.clause.as_deref(), unit);
        match &self.related {
            Some(related) => {
                let id = if related.unit == "1" {
                    "anomaly-of-relation-bare"
                } else {
                    "anomaly-of-relation"
                };
                Text::new(id)
                    .with_name("name", &related.name)
                    .with("terms", clean(&related.terms))
                    .with("unit", clean(&related.unit))
                    .with_text("found", explained)
            }
            None => explained,
        }
    }

    /// The stretches of readings of which it speaks, in order.
    pub fn stretches(&self) -> Vec<(Instant, Instant)> {
        if self.parts.is_empty() {
            vec![(self.from, self.to)]
        } else {
            self.parts.clone()
        }
    }

    fn with_stretches(mut self, mut stretches: Vec<(Instant, Instant)>) -> Option<Self> {
        stretches.sort_unstable();
        let mut parts: Vec<(Instant, Instant)> = Vec::new();
        for (from, to) in stretches {
            let is_full = parts.len() >= MOST_PARTS;
            match parts.last_mut().filter(|last| is_full || from <= last.1.plus(1)) {
                Some(last) => last.1 = last.1.max(to),
                None => parts.push((from, to)),
            }
        }
        self.from = parts.first()?.0;
        self.to = parts.last()?.1;
        self.parts = if parts.len() > 1 { parts } else { Vec::new() };
        Some(self)
    }

    /// Together with another of the same check: the graver tells why, of two alike the earlier.
    pub(super) fn joined(self, other: &Self) -> Self {
        let stretches = [self.stretches(), other.stretches()].concat();
        let findings = self.findings.saturating_add(other.findings);
        let going = self.going || other.going;
        let gravity = |signs: &Self| (signs.flag, signs.finding().excess());
        let is_graver = match gravity(other).partial_cmp(&gravity(&self)) {
            Some(Ordering::Greater) => true,
            Some(Ordering::Equal) => other.worst < self.worst,
            Some(Ordering::Less) | None => false,
        };
        let why = if is_graver { other.clone() } else { self };
        let joined = Self {
            findings,
            going,
            ..why.clone()
        };
        joined.with_stretches(stretches).unwrap_or(why)
    }

    /// What it says of readings outside a stretch; none where that is nothing.
    pub(super) fn outside(self, (from, to): (Instant, Instant)) -> Option<Self> {
        let stretches = self.stretches().into_iter();
        let outside = stretches.flat_map(|(begins, ends)| {
            let before = (begins < from).then(|| (begins, ends.min(from.plus(-1))));
            let behind = (ends > to).then(|| (begins.max(to.plus(1)), ends));
            before.into_iter().chain(behind)
        });
        self.clone().with_stretches(outside.collect())
    }

    /// Also of other readings, of which it is told apart why and how often.
    pub(super) fn also_of(self, other: &Self) -> Self {
        let stretches = [self.stretches(), other.stretches()].concat();
        self.clone().with_stretches(stretches).unwrap_or(self)
    }

    /// What it says of readings before an instant, likewise.
    pub(super) fn before(self, at: Instant) -> Option<Self> {
        let stretches = self.stretches().into_iter();
        let before = stretches.filter(|(from, _)| *from < at);
        let before = before.map(|(from, to)| (from, to.min(at.plus(-1)))).collect();
        self.with_stretches(before)
    }

    /// Whether it touches a stretch, or lies no further from it than a pause within one episode.
    pub(super) fn touches(&self, from: Instant, to: Instant, pause_ms: i64) -> bool {
        from.since(self.to) <= pause_ms && self.from.since(to) <= pause_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(from: i64, to: i64, flag: Flag) -> Signs {
        let (from, to) = (Instant(from), Instant(to));
        let finding = Finding::at(Rule::OperatorHigh, flag, to, 1.0, 2.0).from(from);
        Signs::of(&Episode::of(finding), None, false)
    }

    fn parts(signs: &Signs) -> Vec<(i64, i64)> {
        signs.stretches().iter().map(|(from, to)| (from.0, to.0)).collect()
    }

    #[test]
    fn what_is_joined_says_nothing_of_what_lies_between() {
        let joined = signs(100, 110, Flag::Suspect).joined(&signs(10, 20, Flag::Bad));
        assert_eq!(
            (joined.from, joined.to, joined.flag, joined.findings),
            (Instant(10), Instant(110), Flag::Bad, 2)
        );
        assert_eq!(parts(&joined), [(10, 20), (100, 110)]);
        let whole = joined.clone().joined(&signs(15, 105, Flag::Suspect));
        assert_eq!((parts(&whole), whole.parts.len()), (vec![(10, 110)], 0));
        assert_eq!(
            parts(&joined.clone().outside((Instant(-1), Instant(15))).unwrap()),
            [(16, 20), (100, 110)]
        );
        assert_eq!(parts(&joined.clone().before(Instant(100)).unwrap()), [(10, 20)]);
        assert_eq!(joined.clone().outside((Instant(-1), Instant(110))), None);
        assert_eq!(joined.before(Instant(10)), None);
    }

    #[test]
    fn stretches_without_end_are_joined_in_the_end() {
        let many = (1..1_000).fold(signs(0, 1, Flag::Suspect), |joined, number| {
            joined.joined(&signs(number * 10, number * 10 + 1, Flag::Suspect))
        });
        assert_eq!(many.parts.len(), MOST_PARTS);
        assert_eq!((many.from, many.to), (Instant(0), Instant(9_991)));
    }
}
