//! What was emitted in a month, how much of it rests on measured and tested values, and what stands in for the rest.

use std::collections::BTreeMap;

use crate::accounting::binding::BoundValue;
use crate::accounting::rules::InputRole;
use crate::domain::identity::{ParameterId, SourceId};
use crate::domain::model::{Book, Name, SiteModel, Window};
use crate::domain::reading::ParameterKind;
use crate::domain::time::{DayBlock, Hour};
use crate::domain::unit::Unit;
use crate::engine::evaluate::Evaluator;
use crate::engine::history::History;
use crate::engine::models::BoundModel;
use crate::engine::{Broken, Engine};
use crate::management::evidence::{BookFacts, DefaultFacts, ParameterFacts, StandInFacts, StandsInFor};

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

    /// A parameter on a source's node that was tested in the month for what an input takes, and that nothing uses.
    fn tested_beside(
        model: &SiteModel,
        parameters: &[ParameterFacts],
        source: SourceId,
        unit: &Unit,
    ) -> Option<ParameterId> {
        let node = model.sources.iter().find(|one| one.id == source)?.node;
        let is_tested = |one: &&ParameterFacts| one.kind == ParameterKind::Property && one.arrived.any && !one.is_used;
        let mut tested = parameters.iter().filter(is_tested).map(|one| one.parameter);
        tested.find(|id| {
            let parameter = model.parameter(*id).filter(|parameter| parameter.node == node);
            parameter.is_some_and(|parameter| parameter.unit.ratio_to(unit).is_ok())
        })
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
            let mut defaults: BTreeMap<String, (Name, Unit, u32)> = BTreeMap::new();
            let by_plan: Vec<(Hour, Vec<(Name, Unit)>)> = plans
                .iter()
                .map(|(_, end, plan)| (*end, self.defaults_of(plan, source)))
                .collect();
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
                    for (name, unit) in fixed {
                        let default = defaults
                            .entry(name.zh.clone())
                            .or_insert_with(|| (name.clone(), unit.clone(), 0));
                        default.2 += 1;
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
            let defaults = defaults.into_values().map(|(input, unit, hours)| DefaultFacts {
                source,
                name: name_of(source),
                input,
                hours,
                tested: Self::tested_beside(model, parameters, source, &unit),
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
