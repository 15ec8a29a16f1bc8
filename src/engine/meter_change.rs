//! A counter's meter was replaced or reset (换表、清零): what such a change must be, and what comes of it.

use rust_decimal::Decimal;

use crate::accounting::quantity::{CounterStep, Point};
use crate::domain::decimal::{from_count, parse_decimal};
use crate::domain::identity::Sequence;
use crate::domain::reading::{LARGEST_COUNT, ParameterKind};
use crate::domain::text::{Text, clean};

use super::Engine;
use super::command::{AHEAD_MS, MeterChange, Refusal};
use super::event::{Event, Withdrawn};
use super::history::History;
use super::readings::Side;
use super::series::RecordedChange;

impl Engine {
    /// What a meter change leaves open is as it was: the multiplier and the rollover in force.
    pub(super) fn complete_meter_change(&self, change: &mut MeterChange) -> Result<(), Refusal> {
        let series = self.series(change.parameter).map_err(|_| {
            Refusal::Request(Text::new("reading-unknown-parameter").with("parameter", change.parameter))
        })?;
        let Some(rule) = series.counter_rule_at(change.at) else {
            return Err(Refusal::Request(Text::new("meter-change-not-a-counter")));
        };
        if change.multiplier.trim().is_empty() {
            change.multiplier = rule.multiplier().to_string();
        }
        if change.rollover.is_none() {
            change.rollover = rule
                .rollover
                .map(|rollover| from_count(rollover, series.decimals).normalize().to_string());
        }
        Ok(())
    }

    pub(super) fn check_meter_change(&self, change: &MeterChange) -> Result<(), Refusal> {
        let series = self.series(change.parameter).map_err(|_| {
            Refusal::Request(Text::new("reading-unknown-parameter").with("parameter", change.parameter))
        })?;
        if series.kind != ParameterKind::Counter {
            return Err(Refusal::Request(Text::new("meter-change-not-a-counter")));
        }
        if !change.at.is_plausible() || change.at > self.now.plus(AHEAD_MS) {
            return Err(Refusal::Request(
                Text::new("reading-implausible-time").with_instant("at", change.at),
            ));
        }
        self.check_unsealed(change.at).map_err(Refusal::Request)?;
        if change.reason.trim().is_empty() {
            return Err(Refusal::Request(Text::new("correction-needs-reason")));
        }
        let values = [change.final_value, change.initial_value];
        if let Some(value) = values
            .iter()
            .flatten()
            .find(|value| !(-LARGEST_COUNT..=LARGEST_COUNT).contains(*value))
        {
            return Err(Refusal::Request(Text::new("reading-too-large").with("value", value)));
        }
        for number in [Some(&change.multiplier), change.rollover.as_ref()]
            .into_iter()
            .flatten()
        {
            let positive = parse_decimal(number)
                .is_ok_and(|value| value > Decimal::ZERO && value.scale() <= 9 && value < Decimal::from(LARGEST_COUNT));
            if !positive {
                return Err(Refusal::Request(
                    Text::new("meter-change-number").with("given", clean(number)),
                ));
            }
        }
        let same_instant = series
            .row
            .changes
            .iter()
            .any(|recorded| recorded.change.at == change.at);
        if same_instant {
            return Err(Refusal::Request(
                Text::new("meter-change-twice").with_instant("at", change.at),
            ));
        }
        Ok(())
    }

    /// The last value of the old meter must be one that it can have reached.
    pub(super) fn check_final_value(&self, history: &dyn History, change: &MeterChange) -> Result<(), Refusal> {
        let Some(last) = change.final_value else {
            return Ok(());
        };
        let series = self.series(change.parameter)?;
        let block = series.block_of(self.zone.hour_of(change.at));
        let here = self.counting_in(history, change.parameter, block)?;
        let before = match here.iter().rev().find(|version| version.slot.at <= change.at) {
            Some(version) => Some(*version),
            None => self.nearest_counting(history, change.parameter, block, Side::Before)?,
        };
        // A change between the two readings cuts the stretch; then there is nothing to compare with.
        let cut = before.is_none_or(|version| {
            series
                .row
                .changes
                .iter()
                .any(|recorded| recorded.change.at > version.slot.at && recorded.change.at <= change.at)
        });
        if let (Some(before), Some(rule), false) = (before, series.counter_rule_at(change.at.plus(-1)), cut) {
            let point = |at, value| Point { at, value };
            let step = rule.step(point(before.slot.at, before.value), point(change.at, last));
            let refused = match step {
                CounterStep::Fell => "meter-change-final-below",
                CounterStep::TooFast => "meter-change-final-too-far",
                CounterStep::Forward(_) | CounterStep::RolledOver(_) => return Ok(()),
            };
            return Err(Refusal::Request(
                Text::new(refused)
                    .with("last", from_count(last, series.decimals))
                    .with("before", from_count(before.value, series.decimals)),
            ));
        }
        Ok(())
    }

    /// Records a meter change and posts again what it alters.
    pub(super) fn change_meter(
        &mut self,
        history: &dyn History,
        sequence: Sequence,
        change: &MeterChange,
    ) -> Result<(), Refusal> {
        self.edit_changes(history, change.parameter, change.at, |changes| {
            changes.push(RecordedChange {
                sequence,
                change: change.clone(),
            });
        })
    }

    /// A meter change that was wrong is taken back whole; it brought no readings, so it has no layers.
    pub(super) fn plan_meter_withdrawal(
        &self,
        of: Sequence,
        change: &MeterChange,
        reason: String,
    ) -> Result<Event, Refusal> {
        self.check_unsealed(change.at).map_err(Refusal::Request)?;
        let stands = self
            .series(change.parameter)?
            .row
            .changes
            .iter()
            .any(|recorded| recorded.sequence == of);
        if !stands {
            return Err(Refusal::Request(Text::new("withdrawal-nothing-stands").with("of", of)));
        }
        Ok(Event::Withdrawn(Withdrawn::new(of, reason)))
    }

    /// Takes back the meter change that a record brought, if it brought one.
    pub(super) fn withdraw_meter_change(&mut self, history: &dyn History, of: Sequence) -> Result<(), Refusal> {
        let found = self.series.iter().flatten().find_map(|series| {
            let recorded = series.row.changes.iter().find(|recorded| recorded.sequence == of)?;
            Some((series.id, recorded.change.at))
        });
        match found {
            Some((parameter, at)) => self.edit_changes(history, parameter, at, |changes| {
                changes.retain(|recorded| recorded.sequence != of);
            }),
            None => Ok(()),
        }
    }
}
