//! A relation in force, with what it takes to judge it.

use rust_decimal::prelude::ToPrimitive;

use crate::accounting::quantity::FLOW_PARTS;
use crate::domain::identity::ParameterId;
use crate::domain::model::{Limits, SiteModel};
use crate::domain::reading::{Origin, ParameterKind};
use crate::domain::relation::{Relating, Relation, Term};
use crate::domain::time::HOUR_MS;
use crate::domain::unit::{Ratio, Unit};
use crate::engine::anomalies::Related;
use crate::quality::Span;
use crate::quality::together::{BalanceSettings, PastSettings, RatioSettings, TogetherSettings};

/// What of a parameter decides what a relation is told of it.
type Told = (ParameterId, i64, Vec<Origin>);

/// The relation and what it takes to judge it.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) relation: Relation,
    pub(super) told: Vec<Told>,
    pub(super) subject: ParameterId,
    pub(super) settings: TogetherSettings,
    /// By which what a term says is multiplied, in the order of the terms.
    pub(super) scales: Vec<f64>,
    pub(super) related: Related,
}

fn real(number: rust_decimal::Decimal) -> f64 {
    number.to_f64().unwrap_or(f64::NAN)
}

fn span(limits: &Limits) -> Option<Span> {
    Span::new("usual", limits.low.map(real), limits.high.map(real)).ok()
}

impl Watched {
    /// None of a relation that cannot be judged, which the checks of the file exclude.
    pub(super) fn new(model: &SiteModel, relation: &Relation) -> Option<Self> {
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
            Relating::Ratio { usual, least, past, .. } => {
                let past = past
                    .as_ref()
                    .map(|past| PastSettings::new(real(past.share), past.windows));
                let made = RatioSettings::new(
                    (0, 1),
                    usual.as_ref().and_then(span),
                    past.transpose().ok()?,
                    real(*least),
                    window_ms,
                );
                (TogetherSettings::Ratio(made.ok()?), None)
            }
        };
        let scales = terms.iter().map(|term| scale(model, term, unit.as_ref()));
        let told = relation.parameters().filter_map(|id| {
            let parameter = model.parameter(id)?;
            Some((id, parameter.gap_limit_ms, parameter.origins.clone()))
        });
        Some(Self {
            told: told.collect(),
            subject: relation.subject()?,
            settings,
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

    /// How many hours all terms have in a window.
    pub(super) fn hours_of_window(&self) -> usize {
        let hours = usize::try_from(self.relation.window.length_ms() / HOUR_MS).unwrap_or(usize::MAX);
        hours.saturating_mul(self.scales.len())
    }
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
