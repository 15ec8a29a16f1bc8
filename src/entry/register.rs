//! What a register counted between two readings (走字): over its end where it is one that goes back to zero, and times its
//! multiplier.

use rust_decimal::Decimal;

use super::known::Row;
use crate::accounting::quantity::{CounterRule, CounterStep, Point};
use crate::domain::decimal::{count, from_count};
use crate::domain::model::SiteModel;
use crate::domain::time::Instant;
use crate::domain::unit::Ratio;

/// The register of a counter.
#[derive(Debug, Clone, Copy)]
pub struct Register {
    multiplier: Decimal,
    /// In counts; none where it does not go back to zero.
    rollover: Option<i64>,
    decimals: u32,
}

impl Register {
    /// The register of a row: as it counts by the newest change of its meter, or by the plan.
    pub fn of(model: &SiteModel, row: &Row<'_>) -> Self {
        let parameter = row.parameter;
        if let Some(rule) = row.row.register {
            return Self {
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

    /// What a step from one reading to the next means, by the rule by which it will count.
    pub fn step(&self, before: i64, after: i64) -> CounterStep {
        let rule = CounterRule {
            multiplier: Ratio::ONE,
            rollover: self.rollover,
            capacity: None,
        };
        let point = |value| Point { at: Instant(0), value };
        rule.step(point(before), point(after))
    }

    /// How far it went from one reading to the next, in counts; none where it fell.
    pub fn counted(&self, before: i64, after: i64) -> Option<i64> {
        match self.step(before, after) {
            CounterStep::Forward(counted) | CounterStep::RolledOver(counted) => Some(counted),
            CounterStep::Fell | CounterStep::TooFast => None,
        }
    }

    /// What so many counts of it are, in the parameter's unit.
    pub fn amount(&self, counts: i64) -> Decimal {
        let counts = from_count(counts, self.decimals);
        counts.checked_mul(self.multiplier).unwrap_or(counts).normalize()
    }

    /// The same as it is reckoned.
    pub fn reckoned(&self, counts: i64) -> String {
        let shown = from_count(counts, self.decimals).normalize();
        format!("{shown} * {} = {}", self.multiplier.normalize(), self.amount(counts))
    }
}
