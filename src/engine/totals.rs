//! Live values and the totals at the foot of the Live pane.

use chrono::Datelike;

use crate::accounting::binding::BoundValue;
use crate::accounting::cell::{Cell, CellSum};
use crate::accounting::exact::{Exact, Rounding};
use crate::accounting::quantity::CounterStep;
use crate::domain::identity::{BookId, SourceId};
use crate::domain::model::Gas;
use crate::domain::period::Period;
use crate::domain::reading::ParameterKind;
use crate::domain::time::{Hour, Instant, Month};

use super::Engine;
use super::command::Refusal;
use super::evaluate::Evaluator;
use super::history::History;
use super::merge::live_value;
use super::series::{PostingRule, Series};
use super::view::{Figure, LiveParameter, NodeView, Totals};

/// A value older than this many expected intervals is stale.
const STALE_INTERVALS: i64 = 3;

impl Engine {
    /// The newest model's parameters, in its order, with their newest values.
    pub fn live_parameters(&self) -> Vec<LiveParameter> {
        let Some(model) = self.model() else {
            return Vec::new();
        };
        model
            .parameters
            .iter()
            .map(|parameter| LiveParameter {
                id: parameter.id,
                tag: parameter.tag.clone(),
                name: parameter.name.clone(),
                kind: parameter.kind,
                unit: parameter.unit.symbol().to_owned(),
                decimals: parameter.decimals,
                node: parameter.node,
                key: parameter.key,
                interval_ms: parameter.interval_ms,
                stale_after_ms: parameter.interval_ms.saturating_mul(STALE_INTERVALS),
                possible: parameter.possible,
                operating: parameter.operating,
                newest: self
                    .series(parameter.id)
                    .ok()
                    .and_then(|series| series.row.newest.as_ref().map(live_value)),
            })
            .collect()
    }

    /// The newest model's tree, parents before children.
    pub fn nodes(&self) -> Vec<NodeView> {
        let nodes = self.model().map_or(&[][..], |model| &model.nodes);
        nodes
            .iter()
            .map(|node| NodeView {
                id: node.id,
                key: node.key.clone(),
                name: node.name.clone(),
                level: node.level,
                parent: node.parent,
            })
            .collect()
    }

    /// The totals of every book at an instant: rate, shift, plant day, month, year. Costs look-ups for every source; what
    /// it reads stays in memory.
    pub fn totals(&mut self, history: &dyn History, now: Instant) -> Result<Vec<Totals>, Refusal> {
        let Some(model) = self.model().cloned() else {
            return Ok(Vec::new());
        };
        let year = self.zone.local(now).year();
        let hour = self.zone.hour_of(now);
        let month = self.zone.month_of(hour);
        let day = Period::Day(model.plant_day(now)).hours(&self.zone, model.day_start_minutes);
        let shift = model
            .shift_at(now)
            .map(|shift| (self.zone.hour_of(shift.start), self.zone.hour_of(shift.end)));
        let first = shift.map_or(day.0, |shift| shift.0.min(day.0));
        let sources = self.source_gases();
        let mut all = Vec::new();
        for book in &model.books {
            let mut totals = Totals {
                book: book.id,
                key: book.key.clone(),
                name: book.name.clone(),
                rate: None,
                shift: shift.map(|_| Figure::default()),
                day: Figure::default(),
                month: Figure::default(),
                year: Figure::default(),
            };
            for &(source, gas) in &sources {
                let days = (first.day_block().0..=hour.day_block().0).map(crate::domain::time::DayBlock);
                self.keep_in_memory(history, book.id, source, gas, days, year)?;
                for other in Month::of_year(year) {
                    let sum = figure(&self.month_sum(history, book.id, source, gas, other)?);
                    totals.year.add(&sum);
                    if other == month {
                        totals.month.add(&sum);
                    }
                }
                totals.day.add(&self.hours_figure(history, book.id, source, gas, day)?);
                if let (Some(shift), Some(total)) = (shift, &mut totals.shift) {
                    total.add(&self.hours_figure(history, book.id, source, gas, shift)?);
                }
                if let Some(rate) = self.rate(history, book.id, source, now)? {
                    *totals.rate.get_or_insert(0) += rate;
                }
            }
            all.push(totals);
        }
        Ok(all)
    }

    /// All sources of any model with their gases.
    pub(super) fn source_gases(&self) -> Vec<(SourceId, Gas)> {
        self.models
            .all_sources()
            .into_iter()
            .flat_map(|source| self.gases_of(source).into_iter().map(move |gas| (source, gas)))
            .collect()
    }

    /// Sum of a source's cells over some hours.
    pub(super) fn hours_sum(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        gas: Gas,
        (from, to): (Hour, Hour),
    ) -> Result<CellSum, Refusal> {
        let mut sum = CellSum::default();
        if from >= to {
            return Ok(sum);
        }
        for day in from.day_block().0..=Hour(to.0 - 1).day_block().0 {
            let day = crate::domain::time::DayBlock(day);
            let cells = self.cell_day(history, book, source, gas, day)?;
            for (hour, cell) in day.hours().zip(cells.hours) {
                if hour >= from
                    && hour < to
                    && let Some(cell) = cell
                {
                    sum.put(&cell);
                }
            }
        }
        Ok(sum)
    }

    fn hours_figure(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        gas: Gas,
        hours: (Hour, Hour),
    ) -> Result<Figure, Refusal> {
        Ok(figure(&self.hours_sum(history, book, source, gas, hours)?))
    }

    /// Milligrams of `CO2e` an hour at the newest readings of a source's quantities; `None` while one of them is stale.
    fn rate(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        now: Instant,
    ) -> Result<Option<i128>, Refusal> {
        let hour = self.zone.hour_of(now);
        let Some(model) = self.models.at(hour) else {
            return Ok(None);
        };
        let (Some(rules), Some(bound)) = (model.book(book), model.source(source)) else {
            return Ok(None);
        };
        if !model.belongs(rules, source) {
            return Ok(None);
        }
        let mut evaluator = Evaluator::new(self, history, book, source);
        let mut values = Vec::with_capacity(bound.inputs.len());
        for (place, input) in bound.inputs.iter().enumerate() {
            let value = match &input.value {
                BoundValue::Quantity { parameter, scale } => hourly(self.series(*parameter)?, now)
                    .and_then(|quanta| quanta.checked_mul(Exact::from_ratio(*scale)).ok()),
                _ => evaluator
                    .input(model, bound, place, input, hour)?
                    .ok()
                    .map(|input| input.value),
            };
            match value {
                Some(value) => values.push(value),
                None => return Ok(None),
            }
        }
        Ok(evaluator
            .mass(bound, rules, &values)
            .map(|(_, co2e_mg)| i128::from(co2e_mg)))
    }
}

/// Quanta an hour at the newest readings; `None` while they are too old to say so.
fn hourly(series: &Series, now: Instant) -> Option<Exact> {
    let row = &series.row;
    let (at, value) = row.last_counting?;
    match series.kind {
        ParameterKind::Flow => (now.since(at) <= series.hold_ms).then(|| Exact::integer(i128::from(value))),
        ParameterKind::Counter => {
            let (before, from) = row.before_last_counting?;
            if now.since(at) > series.hold_ms || now.since(before) > series.hold_ms.saturating_mul(2) {
                return None;
            }
            let PostingRule::Counter(rule) = series.rules().last()?.1 else {
                return None;
            };
            let step = match rule.step(from, value) {
                CounterStep::Forward(step) | CounterStep::RolledOver(step) => i128::from(step),
                CounterStep::Fell => return None,
            };
            let hours = Exact::ratio(i128::from(at.since(before)), i128::from(crate::domain::time::HOUR_MS)).ok()?;
            Exact::integer(step)
                .checked_mul(Exact::from_ratio(rule.multiplier))
                .ok()?
                .checked_div(hours)
                .ok()
        }
        ParameterKind::Amount => {
            let newest = row.newest?;
            let end = newest.slot.end();
            if newest.slot.span_s == 0 || now.since(end) > series.hold_ms {
                return None;
            }
            Exact::ratio(
                i128::from(newest.value).checked_mul(3600)?,
                i128::from(newest.slot.span_s),
            )
            .ok()
        }
        ParameterKind::Property | ParameterKind::State => None,
    }
}

/// A sum of cells as a figure for people.
pub(super) fn figure(sum: &CellSum) -> Figure {
    let count = |count: i64| u32::try_from(count).unwrap_or(0);
    Figure {
        milligrams: sum.co2e_mg,
        provisional_hours: count(sum.provisional),
        incomplete_hours: count(sum.incomplete),
        failed_hours: count(sum.failed),
    }
}

/// A cell as a figure for people.
pub(super) fn cell_figure(cell: &Cell) -> Figure {
    let mut sum = CellSum::default();
    sum.put(cell);
    figure(&sum)
}

/// tCO2e to six digits after the point, half to even; `None` when there is nothing to divide by.
pub(super) fn intensity(milligrams: i128, output: Exact) -> Option<String> {
    let tonnes = Exact::ratio(milligrams, 1_000_000_000).ok()?;
    if output.is_zero() {
        return None;
    }
    let value = tonnes.checked_div(output).ok()?;
    Some(value.to_decimal(6, Rounding::HalfEven).ok()?.to_string())
}
