//! What was emitted in a month, how much of it rests on measured and tested values, and what stands in for the rest.

use std::collections::{BTreeMap, BTreeSet};

use crate::accounting::binding::BoundValue;
use crate::accounting::rules::InputRole;
use crate::domain::identity::{ParameterId, SourceId};
use crate::domain::model::{Binding, Book, Name, SiteModel, Window};
use crate::domain::reading::ParameterKind;
use crate::domain::time::{DayBlock, Hour, Instant};
use crate::domain::unit::Unit;
use crate::engine::evaluate::Evaluator;
use crate::engine::history::History;
use crate::engine::models::BoundModel;
use crate::engine::{Broken, Engine};
use crate::management::evidence::{BookFacts, DefaultFacts, ParameterFacts, StandInFacts, StandsInFor};

/// An input that a plan takes from a document or names itself, with what was tested beside it meanwhile.
type Fixed = (Name, Option<ParameterId>);

impl Engine {
    /// What was emitted in every book.
    pub(super) fn book_facts(
        &self,
        history: &dyn History,
        model: &SiteModel,
        parameters: &[ParameterFacts],
        hours: (Hour, Hour),
    ) -> Result<Vec<BookFacts>, Broken> {
        let books = model.books.iter();
        books
            .map(|book| self.emitted_of_book(history, (model, book), parameters, hours))
            .collect()
    }

    /// The inputs of a source that its method lets be tested, and that a plan takes from a document or names itself.
    fn defaults_of(&self, plan: &BoundModel, source: SourceId) -> Vec<(Name, Unit)> {
        let bound = plan.source(source);
        let method = bound.and_then(|bound| self.rules.method(&bound.method));
        let inputs = bound.into_iter().flat_map(|bound| &bound.inputs);
        let defaults = inputs.filter_map(|input| {
            let is_fixed = matches!(input.value, BoundValue::Factor { .. } | BoundValue::Constant { .. });
            let definition = method?.input(&input.key).filter(|_| is_fixed)?;
            // What a method takes by the month at most is nothing that a laboratory brings, such as how much is oxidised.
            let may_be_tested = definition.role == InputRole::Property && definition.windows.contains(&Window::Test);
            may_be_tested.then(|| (definition.name.clone(), input.unit.clone()))
        });
        defaults.collect()
    }

    /// What was tested on a source's node, while a plan held that takes a document's value for an input: a property of the same
    /// kind of unit, which the plan lets no source take. What is only written down, related to others or looked at is not used.
    fn tested_beside(
        &self,
        history: &dyn History,
        (model, parameters): (&SiteModel, &[ParameterFacts]),
        (source, unit): (SourceId, &Unit),
        between: (Instant, Instant),
    ) -> Result<Option<ParameterId>, Broken> {
        let Some(node) = model.sources.iter().find(|one| one.id == source).map(|one| one.node) else {
            return Ok(None);
        };
        let bindings = model.sources.iter().flat_map(|source| source.inputs.values());
        let taken: BTreeSet<ParameterId> = bindings
            .filter_map(|binding| match binding {
                Binding::Parameter { parameter, .. } => Some(*parameter),
                Binding::Factor { .. } | Binding::Constant(_) => None,
            })
            .collect();
        let came = |id| parameters.iter().any(|one| one.parameter == id && one.arrived.any);
        for parameter in &model.parameters {
            let is_like_it = parameter.kind == ParameterKind::Property
                && parameter.node == node
                && parameter.unit.ratio_to(unit).is_ok();
            if is_like_it
                && !taken.contains(&parameter.id)
                && came(parameter.id)
                && self.has_values(history, parameter.id, between)?
            {
                return Ok(Some(parameter.id));
            }
        }
        Ok(None)
    }

    fn emitted_of_book(
        &self,
        history: &dyn History,
        (model, book): (&SiteModel, &Book),
        parameters: &[ParameterFacts],
        (from, to): (Hour, Hour),
    ) -> Result<BookFacts, Broken> {
        let mut facts = BookFacts {
            book: book.id,
            name: book.name.clone(),
            milligrams: 0,
            measured: 0,
            stand_ins: Vec::new(),
            defaults: Vec::new(),
        };
        let name_of = |id| {
            let known = model.sources.iter().find(|source| source.id == id);
            known.map_or_else(Name::default, |source| source.name.clone())
        };
        let plans = self.models.holding_in((from, to));
        let mut hours_of: BTreeMap<(SourceId, StandsInFor), u32> = BTreeMap::new();
        for (source, gas) in self.source_gases() {
            let mut defaults: BTreeMap<(String, Option<ParameterId>), (Name, u32)> = BTreeMap::new();
            let mut by_plan: Vec<(Hour, Vec<Fixed>)> = Vec::new();
            for (starts, ends, plan) in &plans {
                let between = (self.zone.hour_start(*starts), self.zone.hour_start(*ends));
                let mut fixed = Vec::new();
                for (name, unit) in self.defaults_of(plan, source) {
                    let of = (&**plan.model(), parameters);
                    fixed.push((name, self.tested_beside(history, of, (source, &unit), between)?));
                }
                by_plan.push((*ends, fixed));
            }
            let mut evaluator = Evaluator::new(self, history, book.id, source);
            for day in (from.day_block().0..=Hour(to.0 - 1).day_block().0).map(DayBlock) {
                let cells = self.cell_day(history, book.id, source, gas, day)?;
                for (hour, cell) in day.hours().zip(cells.hours) {
                    let Some(cell) = cell.filter(|_| (from..to).contains(&hour)) else {
                        continue;
                    };
                    // A cell only knows that something stands in, and not for what.
                    let mut stand_ins = if cell.marks.provisional {
                        evaluator.stand_ins(hour)?
                    } else {
                        Vec::new()
                    };
                    // A sealed cell goes on saying it when what it rests on was let go, or came too late for it.
                    if cell.marks.provisional && stand_ins.is_empty() {
                        stand_ins.push(StandsInFor::Sealed);
                    }
                    let fixed = by_plan.iter().find(|(end, _)| hour < *end);
                    let fixed = fixed.map_or(&[][..], |(_, fixed)| fixed.as_slice());
                    for (name, tested) in fixed {
                        let default = defaults.entry((name.zh.clone(), *tested));
                        default.or_insert_with(|| (name.clone(), 0)).1 += 1;
                    }
                    let is_untested = stand_ins.iter().any(|of| *of != StandsInFor::Factor) || !fixed.is_empty();
                    for of in stand_ins {
                        *hours_of.entry((source, of)).or_default() += 1;
                    }
                    let mass = i128::from(cell.co2e_mg).abs();
                    facts.milligrams += mass;
                    // An hour that nothing stands in for is measured, as far as it goes.
                    let stands_in = is_untested || cell.marks.substituted || cell.marks.failed;
                    facts.measured += if stands_in { 0 } else { mass };
                }
            }
            let defaults = defaults.into_iter().map(|((_, tested), (input, hours))| DefaultFacts {
                source,
                name: name_of(source),
                input,
                hours,
                tested,
            });
            facts.defaults.extend(defaults);
        }
        facts.stand_ins = hours_of
            .into_iter()
            .map(|((source, of), hours)| StandInFacts {
                source,
                name: name_of(source),
                of,
                hours,
            })
            .collect();
        Ok(facts)
    }
}
