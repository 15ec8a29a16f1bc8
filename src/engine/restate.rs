//! Restating: models, rules and meter changes that alter what readings of the past amount to.
//!
//! Only what depends on the change is computed again: the pairs of readings whose rule changed, and the cells of the
//! sources whose definition changed, from the hour on for which the change holds.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::accounting::cell::CellSum;
use crate::accounting::rules::RuleSet;
use crate::domain::actor::Actor;
use crate::domain::identity::{BookId, ParameterId, Sequence, SourceId};
use crate::domain::model::{Binding, Gas, SiteModel, Source};
use crate::domain::reading::{Origin, ParameterKind, Version};
use crate::domain::text::{Explained, Text};
use crate::domain::time::{DayBlock, Hour, Instant, Month};

use super::command::{Answer, Refusal};
use super::event::{Event, Readings};
use super::history::{History, Tree};
use super::models::{AppliedModel, BoundModel};
use super::readings::Side;
use super::series::{PostingRule, RecordedChange, Series, point};
use super::view::Restated;
use super::{Broken, Engine, keys};

/// The first instant from which two sets of rules differ.
fn first_difference(before: &[(Instant, PostingRule)], after: &[(Instant, PostingRule)]) -> Option<Instant> {
    let at = |rules: &[(Instant, PostingRule)], instant: Instant| {
        rules
            .iter()
            .rev()
            .find(|(start, _)| *start <= instant)
            .map(|&(_, rule)| rule)
    };
    let starts: BTreeSet<Instant> = before.iter().chain(after).map(|&(start, _)| start).collect();
    starts.into_iter().find(|&start| at(before, start) != at(after, start))
}

/// Of which months a record tells what they were before it and what they are after (前后对比).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// Of all that it moves.
    All,
    /// Of those that are over: a month that goes on moves with everything that is written down in it.
    Over,
    /// Of those that are closed: what a file brings into the others is what it is for.
    Closed,
}

impl Answer {
    /// Says what the record restated.
    pub(super) fn restate(&mut self, restated: Vec<Restated>) {
        match self {
            Self::Intake(outcome) => outcome.restated = restated,
            Self::Anomalies(outcome) => outcome.restated = restated,
            Self::Recorded(sequence) if !restated.is_empty() => {
                *self = Self::Restated {
                    sequence: *sequence,
                    restated,
                };
            }
            Self::Done | Self::Recorded(_) | Self::Restated { .. } | Self::Alarms(_) | Self::SignedOn { .. } => {}
        }
    }

    /// Says what of the record was left out of sealed hours.
    pub(super) fn leave_sealed(&mut self, left: Vec<Text>) {
        if let Self::Intake(outcome) = self {
            outcome.left_sealed = left;
        }
    }
}

impl Engine {
    /// Of which months a record tells, once it was applied and before cells are settled; `None` of none. Machines bring what
    /// comes by itself, which is told of tested values only; what a person imports is told of closed months; what models and rules restate is shown before they are put in
    /// force.
    pub(super) fn told_by(&self, event: &Event, by: &Actor) -> Option<Told> {
        let is_entry = |body: &Readings| body.origin != Origin::Correction && body.provenance.disposed.is_none();
        match event {
            _ if self.touched.touches_properties() => Some(Told::All),
            Event::Applied { .. } | Event::Adopted { .. } => None,
            Event::Readings(body) if body.origin.is_by_machine() && !by.is_daemon() => Some(Told::Closed),
            _ if event.is_by_machine() => None,
            Event::Readings(body) if is_entry(body) => Some(Told::Over),
            _ => Some(Told::All),
        }
    }

    /// Refuses a model that cannot be put in force.
    pub(super) fn check_model(&self, model: &SiteModel) -> Result<(), Refusal> {
        if let Some(before) = self.model() {
            if before.zone != model.zone {
                return Err(Refusal::Request(
                    Text::new("model-zone-changes")
                        .with("before", before.zone.name())
                        .with("after", model.zone.name()),
                ));
            }
            for parameter in &model.parameters {
                let changed = before.parameter(parameter.id).is_some_and(|other| {
                    other.kind != parameter.kind
                        || other.unit != parameter.unit
                        || other.decimals != parameter.decimals
                        || other.block_hours != parameter.block_hours
                });
                if changed {
                    return Err(Refusal::Request(
                        Text::new("model-parameter-changes").with("tag", &parameter.tag),
                    ));
                }
            }
        }
        let bound = BoundModel::new(self.as_applied(self.next, model, "", None), &self.rules);
        bound.map(|_| ()).map_err(|errors| {
            let mut text = Text::new("model-does-not-bind").with_count("count", errors.len());
            if let Some(first) = errors.first() {
                text = text.with_text("first", first.text());
            }
            Refusal::Request(text)
        })
    }

    /// Refuses rules under which a model that was ever in force cannot be computed.
    pub(super) fn check_rules(&self, rules: &RuleSet) -> Result<(), Refusal> {
        self.models.bound_to(rules).map(|_| ()).map_err(|errors| {
            let mut text = Text::new("rules-do-not-bind").with_count("count", errors.len());
            if let Some(first) = errors.first() {
                text = text.with_text("first", first.text());
            }
            Refusal::Request(text)
        })
    }

    fn as_applied(
        &self,
        sequence: Sequence,
        model: &SiteModel,
        digest: &str,
        effective_from: Option<Hour>,
    ) -> AppliedModel {
        AppliedModel {
            sequence,
            // The first model holds from the beginning, whatever it says: there is nothing else for the hours before.
            effective_from: effective_from.filter(|_| self.model().is_some()),
            digest: digest.to_owned(),
            model: Arc::new(model.clone()),
        }
    }

    /// Puts a model in force and computes again what it changes.
    pub(super) fn apply_model(
        &mut self,
        history: &dyn History,
        sequence: Sequence,
        model: &SiteModel,
        digest: &str,
        effective_from: Option<Hour>,
    ) -> Result<(), Refusal> {
        let applied = self.as_applied(sequence, model, digest, effective_from);
        let from = applied.effective_from;
        let bound = BoundModel::new(applied, &self.rules)
            .map_err(|_| Broken::Record("its model does not fit the rules".to_owned()))?;
        let affected = self.sources_that_change(&bound, from);
        let planned = self.plans_that_change(model, from);
        let before: HashMap<ParameterId, Series> = self
            .series
            .iter()
            .flatten()
            .map(|series| (series.id, series.clone()))
            .collect();
        self.zone = model.zone;
        self.set_now(self.now);
        self.models.push(bound);
        self.new_models.push(sequence);
        self.renew_series(&mut HashMap::new());
        self.renew_replaced();
        let changed: Vec<(ParameterId, Instant)> = self
            .series
            .iter()
            .flatten()
            .filter_map(|series| {
                let old = before.get(&series.id)?;
                let from = if old.ranks_alike(series) {
                    first_difference(old.rules(), series.rules())?
                } else {
                    Instant(i64::MIN)
                };
                Some((series.id, from))
            })
            .collect();
        for (parameter, from) in changed {
            if let Some(old) = before.get(&parameter) {
                self.repost(history, parameter, from, old)?;
                self.renew_row(history, parameter)?;
            }
        }
        self.renew_alarms(history)?;
        self.renew_checks();
        for source in affected {
            let hours = self.hours_of_source(history, source, from)?;
            self.touched.source(source, hours);
        }
        for parameter in planned {
            self.look_anew(parameter, from);
        }
        Ok(())
    }

    /// Sources of which a model says something else, for some hour from one on, than the models in force until now.
    fn sources_that_change(&self, new: &BoundModel, from: Option<Hour>) -> BTreeSet<SourceId> {
        let mut changed: BTreeSet<SourceId> = new.model().sources.iter().map(|source| source.id).collect();
        let mut seen = false;
        let mut same: BTreeSet<SourceId> = changed.clone();
        for old in self.models.holding_from(from) {
            seen = true;
            changed.extend(old.model().sources.iter().map(|source| source.id));
            let frame_alike = old.model().books == new.model().books && old.model().nodes == new.model().nodes;
            let untested = |model: &SiteModel, id| model.parameter(id).and_then(|parameter| parameter.untested);
            let tested_alike = |source: &Source| {
                let mut inputs = source.inputs.values();
                inputs.all(|input| match input {
                    Binding::Parameter { parameter, .. } => {
                        untested(old.model(), *parameter) == untested(new.model(), *parameter)
                    }
                    _ => true,
                })
            };
            same.retain(|&id| {
                let find = |model: &SiteModel| model.source(id).cloned();
                frame_alike
                    && match (find(old.model()), find(new.model())) {
                        (Some(old), Some(new)) => {
                            let is_same = old.method == new.method && old.inputs == new.inputs && old.node == new.node;
                            is_same && tested_alike(&old)
                        }
                        _ => false,
                    }
            });
        }
        if seen {
            changed.retain(|source| !same.contains(source));
        }
        changed
    }

    /// Hours, from one on, in which a source has quantities or cells.
    fn hours_of_source(
        &self,
        history: &dyn History,
        source: SourceId,
        from: Option<Hour>,
    ) -> Result<BTreeSet<Hour>, Broken> {
        let first = from.unwrap_or(Hour(i32::MIN));
        let mut days: BTreeSet<DayBlock> = BTreeSet::new();
        for parameter in self.models.quantities_of(source) {
            days.extend(self.bucket_days(history, parameter, first.day_block(), None)?);
            days.extend(self.substitute_days(history, parameter, first.day_block(), None)?);
        }
        for book in self.models.all_books() {
            for gas in self.gases_of(source) {
                days.extend(self.cell_days(history, book, source, gas, first.day_block())?);
            }
        }
        Ok(days
            .into_iter()
            .flat_map(DayBlock::hours)
            .filter(|&hour| hour >= first)
            .collect())
    }

    /// Gases that a source has emitted under any model.
    pub(super) fn gases_of(&self, source: SourceId) -> BTreeSet<Gas> {
        self.models
            .versions_bound()
            .filter_map(|model| model.source(source).map(|bound| bound.gas))
            .collect()
    }

    /// Day blocks, from one on, in which a source has cells.
    pub(super) fn cell_days(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        gas: Gas,
        from: DayBlock,
    ) -> Result<BTreeSet<DayBlock>, Broken> {
        let mut days: BTreeSet<DayBlock> = self
            .cells
            .keys()
            .filter(|(b, s, g, day)| *b == book && *s == source && *g == gas && *day >= from)
            .map(|&(.., day)| day)
            .collect();
        history.scan(
            Tree::Cells,
            &keys::cells(book, source, gas, from),
            &keys::after_prefix(&keys::cells_of(book, source, gas)),
            &mut |key, _| {
                days.extend(keys::day_of(key));
                true
            },
        )?;
        Ok(days)
    }

    /// Puts rules in force and computes every cell again.
    pub(super) fn adopt(&mut self, history: &dyn History, sequence: Sequence, rules: &RuleSet) -> Result<(), Refusal> {
        let models = self
            .models
            .bound_to(rules)
            .map_err(|_| Broken::Record("its rules do not fit a model".to_owned()))?;
        self.models = models;
        self.rules = Arc::new(rules.clone());
        self.rules_sequence = sequence;
        self.rules_dirty = true;
        self.renew_checks();
        for source in self.models.all_sources() {
            let hours = self.hours_of_source(history, source, None)?;
            self.touched.source(source, hours);
        }
        Ok(())
    }

    /// Changes the meter changes of a counter and posts again what that alters.
    pub(super) fn edit_changes(
        &mut self,
        history: &dyn History,
        parameter: ParameterId,
        from: Instant,
        edit: impl FnOnce(&mut Vec<RecordedChange>),
    ) -> Result<(), Refusal> {
        let before = self.series(parameter)?.clone();
        let mut series = before.clone();
        edit(&mut series.row.changes);
        series.row_dirty = true;
        series.set_rules(self.models.with_instants());
        *self.series_mut(parameter)? = series;
        self.repost(history, parameter, from, &before)?;
        self.checks.meter_changed(parameter, from);
        self.renew_replaced();
        Ok(())
    }

    /// Posts a parameter again from an instant on: what it amounted to before goes out, what it amounts to now comes in.
    fn repost(
        &mut self,
        history: &dyn History,
        parameter: ParameterId,
        from: Instant,
        before: &Series,
    ) -> Result<(), Broken> {
        let series = self.series(parameter)?.clone();
        let first = series.block_of(self.zone.hour_of(from));
        let left = self.nearest_counting(history, parameter, first, Side::Before)?;
        let mut old: Vec<Version> = left.into_iter().collect();
        let mut new = old.clone();
        for start in self.blocks_from(history, parameter, first)? {
            let (versions, _) = self.block_versions(history, parameter, start)?;
            let counting = |series: &Series| {
                let mut tops = series.on_top(&versions);
                tops.retain(|version| version.verdict == crate::domain::reading::Verdict::Counts);
                tops
            };
            old.extend(counting(before));
            new.extend(counting(&series));
        }
        let zone = self.zone;
        for (side, versions, sign) in [(before, &old, -1), (&series, &new, 1)] {
            let mut shares = Vec::new();
            match side.kind {
                ParameterKind::Flow | ParameterKind::Counter => {
                    for (one, next) in versions.iter().zip(versions.iter().skip(1)) {
                        side.pair_shares(&zone, point(one), point(next), &mut |share| shares.push(share));
                    }
                }
                ParameterKind::Amount => {
                    // The one before is there for pairs only.
                    for version in versions.iter().skip(usize::from(left.is_some())) {
                        Series::own_shares(&zone, version.slot, version.value, &mut |share| shares.push(share));
                    }
                }
                ParameterKind::Property | ParameterKind::State => {}
            }
            for share in &shares {
                self.post_share(history, parameter, share, sign)?;
            }
        }
        if series.kind == ParameterKind::Property {
            for version in old.iter().chain(&new) {
                self.touch_property(parameter, version)?;
            }
        }
        Ok(())
    }

    /// What putting a model in force would restate, by book, source and month. Nothing changes.
    pub fn plan_model(
        &self,
        history: &dyn History,
        model: &SiteModel,
        effective_from: Option<Hour>,
    ) -> Result<Vec<Restated>, Refusal> {
        self.check_model(model)?;
        self.check_model_from(effective_from)?;
        let mut rehearsal = self.clone();
        rehearsal.kept.turn_off();
        rehearsal.apply_model(history, self.next, model, "", effective_from)?;
        rehearsal.settle(history)?;
        rehearsal.rehearse_filling(history)?;
        self.restated(history, &rehearsal)
    }

    /// The hour from which the newest dated version of the model holds; `None` where none has a date.
    pub fn newest_model_from(&self) -> Option<Hour> {
        self.models.starts().next_back().flatten()
    }

    /// The hours from which the dated versions hold that a model from an hour on would replace.
    pub fn dated_models_from(&self, effective_from: Option<Hour>) -> Vec<Hour> {
        let starts = self.models.starts().filter(|start| *start >= effective_from);
        starts.flatten().collect()
    }

    /// What adopting rules would restate, by book, source and month. Nothing changes.
    pub fn plan_rules(&self, history: &dyn History, rules: &RuleSet) -> Result<Vec<Restated>, Refusal> {
        self.check_rules(rules)?;
        let mut rehearsal = self.clone();
        rehearsal.kept.turn_off();
        rehearsal.adopt(history, self.next, rules)?;
        rehearsal.settle(history)?;
        self.restated(history, &rehearsal)
    }

    /// The month sums in which another state, with the same past, differs from this one.
    pub(super) fn restated(&self, history: &dyn History, other: &Engine) -> Result<Vec<Restated>, Refusal> {
        let mut sums: BTreeMap<(BookId, SourceId, Month), (i128, i128)> = BTreeMap::new();
        for (&(book, source, gas, month), cached) in &other.sums {
            let before = self.month_sum(history, book, source, gas, month)?;
            if before.co2e_mg != cached.value.co2e_mg {
                let entry = sums.entry((book, source, month)).or_default();
                entry.0 += before.co2e_mg;
                entry.1 += cached.value.co2e_mg;
            }
        }
        Ok(self.name_restated(history, &[other, self], sums)?)
    }

    /// What the record in hand restated, from the month sums as they were before it.
    pub(super) fn restated_from(
        &self,
        history: &dyn History,
        noted: HashMap<(BookId, SourceId, Gas, Month), CellSum>,
        told: Told,
    ) -> Result<Vec<Restated>, Broken> {
        let mut sums: BTreeMap<(BookId, SourceId, Month), (i128, i128)> = BTreeMap::new();
        let goes_on = self.zone.month_of(self.zone.hour_of(self.now));
        for ((book, source, gas, month), before) in noted {
            if told != Told::All && month >= goes_on {
                continue;
            }
            let after = self
                .sums
                .get(&(book, source, gas, month))
                .map_or(0, |cached| cached.value.co2e_mg);
            if before.co2e_mg != after {
                let entry = sums.entry((book, source, month)).or_default();
                entry.0 += before.co2e_mg;
                entry.1 += after;
            }
        }
        let mut restated = self.name_restated(history, &[self], sums)?;
        restated.retain(|one| told != Told::Closed || one.is_closed);
        Ok(restated)
    }

    /// Gives restated sums the names that the first of some states knows, and says which of their months are closed.
    fn name_restated(
        &self,
        history: &dyn History,
        states: &[&Engine],
        sums: BTreeMap<(BookId, SourceId, Month), (i128, i128)>,
    ) -> Result<Vec<Restated>, Broken> {
        let mut closed = BTreeMap::new();
        for (_, _, month) in sums.keys() {
            if !closed.contains_key(month) {
                closed.insert(*month, self.closings.last_of(history, *month)?.is_some());
            }
        }
        let models = || states.iter().filter_map(|state| state.model());
        let restated = sums.into_iter().map(|((book, source, month), (before, after))| {
            let source = models().find_map(|model| model.source(source));
            Restated {
                book: models()
                    .find_map(|model| model.books.iter().find(|other| other.id == book))
                    .map(|book| book.key.clone())
                    .unwrap_or_default(),
                source: source.map(|source| source.key.clone()).unwrap_or_default(),
                name: source.map(|source| source.name.clone()).unwrap_or_default(),
                month: month.to_string(),
                before,
                after,
                is_closed: closed.get(&month).copied().unwrap_or(false),
            }
        });
        Ok(restated.collect())
    }
}
