//! For what the plans of a month ask, of which parameters and from when on.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use crate::domain::identity::ParameterId;
use crate::domain::model::{Binding, Parameter, SiteModel};
use crate::domain::reading::ParameterKind;
use crate::domain::relation::Relation;
use crate::domain::time::{Hour, Instant};
use crate::engine::Engine;
use crate::engine::models::BoundModel;

/// A plan with the hours of a month for which it holds.
pub(super) type Held<'a> = (Hour, Hour, &'a Arc<BoundModel>);

/// The plans of a month.
pub(super) struct Plans<'a> {
    /// In order; of a month that runs those that hold by now.
    pub(super) held: Vec<Held<'a>>,
    /// When the site's first reading that counts was made: before it nobody could do as they say.
    pub(super) first_reading: Option<Instant>,
}

/// A stretch of a month in which the plan asked for a parameter's values as often.
#[derive(Debug, Clone, Copy)]
pub(super) struct AskedAlike<'a> {
    pub(super) parameter: &'a Parameter,
    pub(super) from: Instant,
    pub(super) to: Instant,
}

/// How often a plan asks for a parameter's values.
pub(super) fn asks_as_often(one: &Parameter, other: &Parameter) -> bool {
    (one.interval_ms, one.calendar) == (other.interval_ms, other.calendar)
}

impl Engine {
    /// From when on plans ask alike for what one asks for of a parameter at the end of a stretch, and somebody could do as they
    /// say: from the site's first reading on. None before that.
    pub(super) fn asked_since(
        &self,
        (parameter, is_alike): (&Parameter, fn(&Parameter, &Parameter) -> bool),
        first: Option<Instant>,
        to: Instant,
    ) -> Option<Instant> {
        let first = first.filter(|first| *first < to)?;
        let asks = |plan: &BoundModel| plan.parameter(parameter.id).is_some_and(|one| is_alike(one, parameter));
        let since = self.models.since(self.zone.hour_of(to.plus(-1)), asks);
        Some(since.map_or(first, |since| self.zone.hour_start(since).max(first)))
    }

    /// The stretches over which plans ask for a parameter's values as often, in order.
    pub(super) fn asked_alike<'a>(
        &self,
        plans: &[Held<'a>],
        parameter: ParameterId,
        (from, to): (Instant, Instant),
    ) -> Vec<AskedAlike<'a>> {
        let mut found: Vec<AskedAlike<'a>> = Vec::new();
        for &(starts, ends, plan) in plans {
            let (starts, ends) = (
                self.zone.hour_start(starts).max(from),
                self.zone.hour_start(ends).min(to),
            );
            let Some(asked) = plan.parameter(parameter).filter(|_| starts < ends) else {
                continue;
            };
            match found.last_mut() {
                Some(last) if last.to == starts && asks_as_often(last.parameter, asked) => last.to = ends,
                _ => found.push(AskedAlike {
                    parameter: asked,
                    from: starts,
                    to: ends,
                }),
            }
        }
        found
    }
}

/// What a plan says of all its parameters together.
pub(super) struct OfPlan<'a> {
    pub(super) model: &'a SiteModel,
    pub(super) used: BTreeSet<ParameterId>,
    pub(super) related: BTreeSet<ParameterId>,
}

/// A parameter as the last plan of a month has it that knows it.
pub(super) struct Asked<'a> {
    pub(super) parameter: &'a Parameter,
    pub(super) plan: Rc<OfPlan<'a>>,
    /// Until when that holds.
    pub(super) until: Hour,
}

/// The parameters that plans of a month know: first those that the last has, in its order, then those that were taken out.
pub(super) fn asked_in<'a>(plans: &[Held<'a>]) -> Vec<Asked<'a>> {
    let mut known = BTreeSet::new();
    let mut found = Vec::new();
    for &(_, until, plan) in plans.iter().rev() {
        let model = plan.model();
        let of_plan = Rc::new(OfPlan {
            model,
            used: used_by(model),
            related: model.relations.iter().flat_map(Relation::parameters).collect(),
        });
        for parameter in model.parameters.iter().filter(|parameter| known.insert(parameter.id)) {
            found.push(Asked {
                parameter,
                plan: Rc::clone(&of_plan),
                until,
            });
        }
    }
    found
}

/// Whether one version of a plan asks for the same of a parameter as another, as far as it matters from when on: of what comes
/// by the hour that it is to come, of tests how often.
pub(super) fn asks_the_same(one: &Parameter, other: &Parameter) -> bool {
    let is_asked = |parameter: &Parameter| parameter.interval_ms > 0;
    match one.kind {
        ParameterKind::Flow | ParameterKind::Counter | ParameterKind::Amount => is_asked(one) || !is_asked(other),
        ParameterKind::Property | ParameterKind::State => asks_as_often(one, other),
    }
}

/// The parameters that something of the model uses.
fn used_by(model: &SiteModel) -> BTreeSet<ParameterId> {
    let mut used = BTreeSet::new();
    for source in &model.sources {
        used.extend(source.inputs.values().filter_map(|binding| match binding {
            Binding::Parameter { parameter, .. } => Some(*parameter),
            Binding::Factor { .. } | Binding::Constant(_) => None,
        }));
    }
    used.extend(model.products.iter().map(|product| product.parameter));
    used.extend(model.relations.iter().flat_map(Relation::parameters));
    used.extend(model.sheets.iter().flat_map(|sheet| sheet.rows.iter().copied()));
    used.extend(
        model
            .nodes
            .iter()
            .filter_map(|node| Some(node.runs.as_ref()?.parameter)),
    );
    used.extend(
        model
            .parameters
            .iter()
            .filter_map(|parameter| parameter.checks.as_ref()?.load),
    );
    used.extend(
        model
            .parameters
            .iter()
            .filter_map(|parameter| Some(parameter.missing.as_ref()?.rule.load()?.load)),
    );
    used
}
