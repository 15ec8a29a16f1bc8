//! What a register counted from one stand to another (累计表走字), over the meters that were changed between them (换表): what the
//! old one went on by until it was taken off, and what the new one did since; over its end where it goes back to zero, and times
//! its multiplier.

use rust_decimal::Decimal;

use super::known::Row;
use crate::accounting::quantity::{CounterRule, CounterStep, Point};
use crate::domain::decimal::{count, from_count};
use crate::domain::model::SiteModel;
use crate::domain::time::Instant;
use crate::domain::unit::Ratio;
use crate::engine::view::RegisterChange;

/// A value with the instant of which it speaks; of a register a stand.
pub type Stand = (Instant, i64);

/// The register of a counter.
#[derive(Debug, Clone, Copy)]
pub struct Register<'a> {
    /// When its meter was changed, in order.
    changes: &'a [RegisterChange],
    /// That of the meter that is there.
    multiplier: Decimal,
    /// In counts; none where it does not go back to zero.
    rollover: Option<i64>,
    decimals: u32,
}

/// What one meter counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Where it began, in counts; none where that was not read as it was changed.
    pub first: Option<i64>,
    /// Where it ended, likewise.
    pub last: Option<i64>,
    /// What came between them, where both are known.
    pub step: Option<CounterStep>,
    /// Until when: the later stand, or the meter's change.
    pub to: Instant,
    /// Its multiplier.
    pub multiplier: Decimal,
}

impl Part {
    /// How far it went, in counts: below zero where it fell.
    pub fn counted(&self) -> Option<i64> {
        match self.step? {
            CounterStep::Forward(counted) | CounterStep::RolledOver(counted) => Some(counted),
            CounterStep::Fell | CounterStep::TooFast => Some(self.last?.saturating_sub(self.first?)),
        }
    }

    /// Whether it fell.
    pub const fn fell(&self) -> bool {
        matches!(self.step, Some(CounterStep::Fell | CounterStep::TooFast))
    }

    /// Whether it went over its end.
    pub const fn rolled_over(&self) -> bool {
        matches!(self.step, Some(CounterStep::RolledOver(_)))
    }
}

impl<'a> Register<'a> {
    /// The register of a row: as it counts by the newest change of its meter, or by the plan.
    pub fn of(model: &SiteModel, row: &Row<'a>) -> Self {
        let parameter = row.parameter;
        let changes = row.row.changes.as_slice();
        if let Some(rule) = row.row.register {
            return Self {
                changes,
                multiplier: rule.multiplier,
                rollover: rule.rollover,
                decimals: parameter.decimals,
            };
        }
        let meter = parameter.meter;
        let meter = meter.and_then(|id| model.meters.iter().find(|meter| meter.id == id));
        let rollover = meter.and_then(|meter| meter.rollover);
        let rollover = rollover.and_then(|rollover| count(rollover, parameter.decimals).ok());
        Self {
            changes,
            multiplier: meter.map_or(Decimal::ONE, |meter| meter.multiplier),
            rollover: rollover.map(|counted| counted.count),
            decimals: parameter.decimals,
        }
    }

    /// The value at which it goes back to zero, where a count is there or beyond.
    pub fn end_before(&self, counts: i64) -> Option<Decimal> {
        let rollover = self.rollover.filter(|rollover| counts >= *rollover)?;
        Some(from_count(rollover, self.decimals))
    }

    /// What was counted between two stands, meter by meter: one part where no meter was changed.
    pub fn parts(&self, from: Stand, to: Stand) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut first = Some(from.1);
        for change in self
            .changes
            .iter()
            .filter(|change| change.at > from.0 && change.at <= to.0)
        {
            parts.push(self.part((first, change.last), change.at, change.multipliers.0));
            first = change.first;
        }
        // A change says what held before it and what holds from it on.
        let before = self.changes.iter().rev().find(|change| change.at <= to.0);
        let after = self.changes.iter().find(|change| change.at > to.0);
        let multiplier = before
            .map(|change| change.multipliers.1)
            .or_else(|| after.map(|change| change.multipliers.0));
        parts.push(self.part((first, Some(to.1)), to.0, multiplier.unwrap_or(self.multiplier)));
        parts
    }

    /// What a step from one reading of a meter to the next means, by the rule by which it will count.
    fn part(&self, (first, last): (Option<i64>, Option<i64>), to: Instant, multiplier: Decimal) -> Part {
        let rule = CounterRule {
            multiplier: Ratio::ONE,
            rollover: self.rollover,
            capacity: None,
        };
        let point = |value| Point { at: Instant(0), value };
        Part {
            first,
            last,
            step: first
                .zip(last)
                .map(|(first, last)| rule.step(point(first), point(last))),
            to,
            multiplier,
        }
    }

    /// What so many counts of the meter that is there are, in the parameter's unit.
    pub fn amount_of(&self, counts: i64) -> Decimal {
        let counts = from_count(counts, self.decimals);
        counts.checked_mul(self.multiplier).unwrap_or(counts).normalize()
    }

    /// What parts are together, in the parameter's unit; none where that of one is not known.
    pub fn amount(&self, parts: &[Part]) -> Option<Decimal> {
        let mut amounts = parts.iter().map(|part| {
            let counted = from_count(part.counted()?, self.decimals);
            counted.checked_mul(part.multiplier)
        });
        let sum = amounts.try_fold(Decimal::ZERO, |sum, part| sum.checked_add(part?))?;
        Some(sum.normalize())
    }

    /// The same as it is reckoned.
    pub fn reckoned(&self, parts: &[Part]) -> Option<String> {
        let terms = parts.iter().map(|part| {
            let counted = from_count(part.counted()?, self.decimals).normalize();
            Some(format!("{counted} * {}", part.multiplier.normalize()))
        });
        let terms = terms.collect::<Option<Vec<String>>>()?;
        Some(format!("{} = {}", terms.join(" + "), self.amount(parts)?))
    }
}
