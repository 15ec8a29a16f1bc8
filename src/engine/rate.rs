//! What is emitted at this moment (实时排放速率): of each source, of a book, and per unit of its products, with the readings
//! that say so.

use rust_decimal::Decimal;

use crate::accounting::binding::{BoundInput, BoundSource, BoundValue};
use crate::accounting::exact::{Exact, Rounding};
use crate::accounting::quantity::{CounterRule, CounterStep, Point};
use crate::domain::identity::{BookId, ParameterId, SourceId};
use crate::domain::model::{Book, Product, SiteModel, Source};
use crate::domain::reading::{ParameterKind, Slot, Verdict};
use crate::domain::time::{HOUR_MS, Instant};

use super::Engine;
use super::command::Refusal;
use super::evaluate::{Evaluator, Input, NoValue};
use super::history::History;
use super::ledger::product_scale;
use super::models::{BoundModel, subtree};
use super::series::Series;

/// What is emitted per unit of a product, and what it is made of.
pub(super) struct Intensity {
    /// Milligrams of `CO2e` an hour of the sources of the product, as far as they are known.
    pub(super) rate: Option<i128>,
    /// Units of the product an hour.
    pub(super) output: Option<Exact>,
    /// Tonnes of `CO2e` per unit.
    pub(super) value: Option<Exact>,
    /// With what the model compares it.
    pub(super) reference: Option<Decimal>,
}

impl Intensity {
    /// tCO2e per unit, to six digits after the point.
    pub(super) fn told(value: Exact) -> Option<String> {
        six_digits(value)
    }

    /// By how much it is above the reference, in per cent to one digit after the point.
    pub(super) fn above(&self) -> Option<String> {
        let reference = Exact::from_decimal(self.reference?);
        percent_above(self.value?, reference)
    }
}

/// What a source emits at this moment, and what that is made of.
pub(super) struct Rate<'a> {
    /// The model by which it is reckoned.
    pub(super) model: &'a BoundModel,
    /// The source's method and inputs.
    pub(super) bound: &'a BoundSource,
    /// The book's rules.
    pub(super) book: &'a Book,
    /// A value for each input, in their order.
    pub(super) inputs: Vec<RateInput<'a>>,
    /// Milligrams of `CO2e` an hour; `None` while an input has no value.
    pub(super) milligrams: Option<i128>,
}

/// An input of a source at this moment.
pub(super) struct RateInput<'a> {
    /// Which.
    pub(super) input: &'a BoundInput,
    /// Where its value comes from.
    pub(super) origin: RateOrigin,
}

/// Where the value of an input comes from at this moment.
pub(super) enum RateOrigin {
    /// A quantity an hour, by the newest readings of its parameter; `None` while they are too old to say so.
    Hourly {
        /// Of which parameter.
        parameter: ParameterId,
        /// In the input's unit, an hour, with the readings that say so.
        found: Option<(Exact, Newest)>,
    },
    /// What holds for the hour that runs.
    Held(Result<Input, NoValue>),
}

impl RateInput<'_> {
    /// Its value: of a quantity an hour.
    pub(super) fn value(&self) -> Option<Exact> {
        match &self.origin {
            RateOrigin::Hourly { found, .. } => found.as_ref().map(|(value, _)| *value),
            RateOrigin::Held(input) => input.as_ref().ok().map(|input| input.value),
        }
    }
}

/// The newest readings that say how much an hour a parameter makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Newest {
    /// A flow as it was read.
    Flow {
        /// Its count.
        value: i64,
    },
    /// A register read twice.
    Counter {
        /// When it was read before.
        from: Instant,
        /// When it was read last.
        to: Instant,
        /// Quanta of the register between them.
        step: i64,
        /// What they stand for.
        rule: CounterRule,
    },
    /// An amount for an interval.
    Amount {
        /// Its count.
        value: i64,
        /// The interval.
        slot: Slot,
    },
}

impl Engine {
    /// Milligrams of `CO2e` an hour of each source of a book at the newest readings; `None` while one of them is stale. Sources
    /// that are not in the book are left out.
    pub(super) fn rates<'a>(
        &self,
        history: &dyn History,
        model: &'a SiteModel,
        book: BookId,
        now: Instant,
    ) -> Result<Vec<(&'a Source, Option<i128>)>, Refusal> {
        let hour = self.zone.hour_of(now);
        let belongs = |source: &&Source| self.models.at(hour).is_some_and(|model| model.belongs(book, source.id));
        let sources = model.sources.iter().filter(belongs);
        sources
            .map(|source| {
                let rate = self.rate(history, book, source.id, now)?;
                Ok((source, rate.and_then(|rate| rate.milligrams)))
            })
            .collect()
    }

    /// What a source of a book emits at the newest readings; `None` where it is not in the book.
    pub(super) fn rate(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        now: Instant,
    ) -> Result<Option<Rate<'_>>, Refusal> {
        let hour = self.zone.hour_of(now);
        let Some(model) = self.models.at(hour).filter(|model| model.belongs(book, source)) else {
            return Ok(None);
        };
        let (Some(rules), Some(bound)) = (model.book(book), model.source(source)) else {
            return Ok(None);
        };
        let mut evaluator = Evaluator::new(self, history, book, source);
        let mut inputs = Vec::with_capacity(bound.inputs.len());
        for (place, input) in bound.inputs.iter().enumerate() {
            let origin = match &input.value {
                BoundValue::Quantity { parameter, scale } => RateOrigin::Hourly {
                    parameter: *parameter,
                    found: hourly(self.series(*parameter)?, now).and_then(|(quanta, newest)| {
                        let value = quanta.checked_mul(Exact::from_ratio(*scale)).ok()?;
                        Some((value, newest))
                    }),
                },
                _ => RateOrigin::Held(evaluator.input(model, bound, place, input, hour)?),
            };
            inputs.push(RateInput { input, origin });
        }
        let values: Option<Vec<Exact>> = inputs.iter().map(RateInput::value).collect();
        let mass = values.and_then(|values| evaluator.mass(bound, rules, &values));
        Ok(Some(Rate {
            model,
            bound,
            book: rules,
            inputs,
            milligrams: mass.map(|(_, co2e_mg)| i128::from(co2e_mg)),
        }))
    }

    /// What is emitted per unit of a product at the newest readings.
    pub(super) fn intensity_now(
        &self,
        model: &SiteModel,
        book: BookId,
        product: &Product,
        rates: &[(&Source, Option<i128>)],
        now: Instant,
    ) -> Result<Intensity, Refusal> {
        let below = subtree(model, product.node);
        let own = rates.iter().filter(|(source, _)| below.contains(&source.node));
        let known: Vec<i128> = own.filter_map(|&(_, rate)| rate).collect();
        let rate = (!known.is_empty()).then(|| known.iter().sum());
        let output = self.output_now(model, product, now)?.map(|(output, _)| output);
        Ok(Intensity {
            rate,
            output,
            value: rate
                .zip(output)
                .and_then(|(rate, output)| exact_intensity(rate, output)),
            reference: model.reference(book, product.id).map(|reference| reference.intensity),
        })
    }

    /// Units of a product an hour, by the newest readings of its parameter.
    pub(super) fn output_now(
        &self,
        model: &SiteModel,
        product: &Product,
        now: Instant,
    ) -> Result<Option<(Exact, Newest)>, Refusal> {
        let scale = model
            .parameter(product.parameter)
            .and_then(|parameter| product_scale(parameter, product));
        let found = scale.zip(hourly(self.series(product.parameter)?, now));
        Ok(found.and_then(|(scale, (quanta, newest))| {
            let output = quanta.checked_mul(Exact::from_ratio(scale)).ok()?;
            Some((output, newest))
        }))
    }
}

/// Quanta an hour at the newest readings; `None` while they are too old to say so.
fn hourly(series: &Series, now: Instant) -> Option<(Exact, Newest)> {
    let row = &series.row;
    let (at, value) = row.last_counting?;
    match series.kind {
        ParameterKind::Flow => {
            let quanta = Exact::integer(i128::from(value));
            (now.since(at) <= series.hold_ms).then_some((quanta, Newest::Flow { value }))
        }
        ParameterKind::Counter => {
            let (before, register) = row.before_last_counting?;
            if now.since(at) > series.hold_ms || now.since(before) > series.hold_ms.saturating_mul(2) {
                return None;
            }
            // Across two meters there is no difference.
            let is_between = |at_change: Instant| before < at_change && at_change <= at;
            if row.changes.iter().any(|recorded| is_between(recorded.change.at)) {
                return None;
            }
            let rule = series.counter_rule_at(at)?;
            let (first, last) = (
                Point {
                    at: before,
                    value: register,
                },
                Point { at, value },
            );
            let step = match rule.step(first, last) {
                CounterStep::Forward(step) | CounterStep::RolledOver(step) => step,
                CounterStep::Fell | CounterStep::TooFast => return None,
            };
            let hours = Exact::ratio(i128::from(at.since(before)), i128::from(HOUR_MS)).ok()?;
            let quanta = Exact::integer(i128::from(step))
                .checked_mul(Exact::from_ratio(rule.multiplier))
                .ok()?
                .checked_div(hours)
                .ok()?;
            let newest = Newest::Counter {
                from: before,
                to: at,
                step,
                rule,
            };
            Some((quanta, newest))
        }
        ParameterKind::Amount => {
            let newest = row.newest.filter(|newest| newest.verdict == Verdict::Counts)?;
            if newest.slot.span_s == 0 || now.since(newest.slot.end()) > series.hold_ms {
                return None;
            }
            let quanta = Exact::ratio(
                i128::from(newest.value).checked_mul(3600)?,
                i128::from(newest.slot.span_s),
            );
            let newest = Newest::Amount {
                value: newest.value,
                slot: newest.slot,
            };
            Some((quanta.ok()?, newest))
        }
        ParameterKind::Property | ParameterKind::State => None,
    }
}

/// tCO2e to six digits after the point, half to even; `None` when there is nothing to divide by.
pub(super) fn intensity(milligrams: i128, output: Exact) -> Option<String> {
    six_digits(exact_intensity(milligrams, output)?)
}

fn exact_intensity(milligrams: i128, output: Exact) -> Option<Exact> {
    let tonnes = Exact::ratio(milligrams, 1_000_000_000).ok()?;
    if output.is_zero() {
        return None;
    }
    tonnes.checked_div(output).ok()
}

fn six_digits(value: Exact) -> Option<String> {
    Some(value.to_decimal(6, Rounding::HalfEven).ok()?.to_string())
}

/// By how much a value is above another, in per cent to one digit after the point.
pub(super) fn percent_above(value: Exact, reference: Exact) -> Option<String> {
    if reference.is_zero() {
        return None;
    }
    let above = value.checked_sub(reference).ok()?.checked_div(reference).ok()?;
    let percent = above.checked_mul(Exact::integer(100)).ok()?;
    Some(percent.to_decimal(1, Rounding::HalfEven).ok()?.to_string())
}
