//! A relation in force, with what it takes to judge it.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::accounting::quantity::FLOW_PARTS;
use crate::domain::identity::{BookId, ParameterId, SourceId};
use crate::domain::model::{Limits, Parameter, SiteModel};
use crate::domain::reading::{Origin, ParameterKind};
use crate::domain::relation::{AgainstPast, Relating, Relation, Term};
use crate::domain::time::HOUR_MS;
use crate::domain::unit::{Ratio, Unit};
use crate::engine::anomalies::Related;
use crate::quality::Span;
use crate::quality::together::{BalanceSettings, PastSettings, RatioSettings, TogetherSettings};

/// What of a parameter decides what a relation is told of it.
type Told = (ParameterId, i64, Vec<Origin>);

/// What is emitted above the line of an intensity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Emitted {
    pub(super) book: BookId,
    /// The sources at the product's node and below it, those of earlier models too.
    pub(super) sources: Vec<SourceId>,
    /// What they take as their quantity.
    pub(super) quantities: BTreeSet<ParameterId>,
}

/// The relation and what it takes to judge it.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) relation: Relation,
    pub(super) told: Vec<Told>,
    pub(super) subject: ParameterId,
    pub(super) settings: TogetherSettings,
    /// Emissions above the line.
    pub(super) emitted: Option<Emitted>,
    /// By which what a term says is multiplied, in the order of the terms.
    pub(super) scales: Vec<f64>,
    pub(super) related: Related,
    /// What a window costs, in hours of quantities.
    pub(super) cost: usize,
}

fn real(number: Decimal) -> f64 {
    number.to_f64().unwrap_or(f64::NAN)
}

fn span(limits: &Limits) -> Option<Span> {
    Span::new("usual", limits.low.map(real), limits.high.map(real)).ok()
}

impl Watched {
    /// None of a relation that cannot be judged, which the checks of the file exclude.
    pub(super) fn new(model: &SiteModel, relation: &Relation, emitted: Option<Emitted>) -> Option<Self> {
        let terms: Vec<&Term> = relation.terms().collect();
        let window_ms = relation.window.length_ms();
        let (settings, unit) = match &relation.relating {
            Relating::Balance {
                left,
                right,
                relative,
                absolute,
            } => {
                let signs = left.iter().map(|_| 1.0).chain(right.iter().map(|_| -1.0));
                let made =
                    BalanceSettings::new(signs.enumerate().collect(), real(*relative), real(*absolute), window_ms);
                (TogetherSettings::Balance(made.ok()?), terms.first()?.unit(model))
            }
            Relating::Ratio { usual, least, past, .. } => (quotient(*usual, *least, past.as_ref(), window_ms)?, None),
            Relating::Intensity { usual, least, past, .. } => {
                let unit = relation.intensity(model)?.0.unit.clone();
                (quotient(*usual, *least, past.as_ref(), window_ms)?, Some(unit))
            }
        };
        let scales = terms.iter().map(|term| scale(model, term, unit.as_ref()));
        let quantities = emitted.iter().flat_map(|emitted| emitted.quantities.iter().copied());
        let awaited: BTreeSet<ParameterId> = relation.parameters().chain(quantities).collect();
        let hours = usize::try_from(window_ms / HOUR_MS).unwrap_or(usize::MAX);
        let costs = awaited
            .iter()
            .filter_map(|id| Some(cost_of_hour(model.parameter(*id)?)));
        let sources = emitted.as_ref().map_or(0, |emitted| emitted.sources.len());
        let cost = hours.saturating_mul(costs.sum::<usize>().saturating_add(sources));
        let told = awaited.into_iter().filter_map(|id| {
            let parameter = model.parameter(id)?;
            Some((id, parameter.gap_limit_ms, parameter.origins.clone()))
        });
        Some(Self {
            told: told.collect(),
            subject: relation.subject()?,
            settings,
            emitted,
            cost,
            scales: scales.collect::<Option<_>>()?,
            related: Related {
                key: relation.key.clone(),
                name: relation.name.clone(),
                terms: relation.shown(model),
                unit: relation.unit(model)?.symbol().to_owned(),
            },
            relation: relation.clone(),
        })
    }

    /// Everything on which a window waits.
    pub(super) fn awaited(&self) -> impl Iterator<Item = ParameterId> {
        self.told.iter().map(|(id, ..)| *id)
    }

    /// Whether another rests on the same and judges alike.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        self.relation == other.relation && self.told == other.told && self.emitted == other.emitted
    }
}

fn quotient(
    usual: Option<Limits>,
    least: Decimal,
    past: Option<&AgainstPast>,
    window_ms: i64,
) -> Option<TogetherSettings> {
    let past = past.map(|past| PastSettings::new(real(past.share), past.windows));
    let past = past.transpose().ok()?;
    let made = RatioSettings::new((0, 1), usual.as_ref().and_then(span), past, real(least), window_ms);
    made.ok().map(TogetherSettings::Ratio)
}

/// What an hour of a parameter costs: a bucket, or of what is only watched its readings.
fn cost_of_hour(parameter: &Parameter) -> usize {
    let readings = match parameter.kind {
        ParameterKind::State if parameter.interval_ms > 0 => HOUR_MS / parameter.interval_ms,
        _ => 1,
    };
    usize::try_from(readings.max(1)).unwrap_or(usize::MAX)
}

/// By what a term's quanta are multiplied, so that it is in its own unit, or in the one that is given.
fn scale(model: &SiteModel, term: &Term, unit: Option<&Unit>) -> Option<f64> {
    let parameter = model.parameter(term.parameter)?;
    let ratio = |ratio: Ratio| {
        let (above, below) = (ratio.numerator.to_f64()?, ratio.denominator.to_f64()?);
        Some(above / below)
    };
    let of_quantity = if parameter.kind == ParameterKind::Flow {
        let hourly = parameter.unit.hourly_ratio_to(&parameter.unit.integrated().ok()?);
        ratio(hourly.ok()?)? / FLOW_PARTS.to_f64()?
    } else {
        1.0
    };
    let into_unit = match unit {
        Some(unit) => ratio(term.unit(model)?.ratio_to(unit).ok()?)?,
        None => 1.0,
    };
    let quanta = i32::try_from(parameter.decimals).ok()?;
    Some(of_quantity * into_unit * real(term.factor) / 10_f64.powi(quanta))
}
