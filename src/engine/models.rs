//! Models in force, each from an hour on, and what depends on which parameter.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::accounting::binding::{BindingError, BoundSource, BoundValue, bind};
use crate::accounting::rules::RuleSet;
use crate::domain::identity::{BookId, NodeId, ParameterId, Sequence, SourceId};
use crate::domain::model::{Book, Parameter, SiteModel, Window};
use crate::domain::time::{Hour, Instant};

/// A model as an `apply` record put it in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct AppliedModel {
    /// The record.
    pub(super) sequence: Sequence,
    /// First hour for which it holds; `None` for all.
    pub(super) effective_from: Option<Hour>,
    /// Digest of the file that proposed it, in hex.
    pub(super) digest: String,
    /// The model.
    pub(super) model: Arc<SiteModel>,
}

/// A model with its sources bound to the rules in force.
#[derive(Debug, Clone)]
pub(super) struct BoundModel {
    pub(super) applied: AppliedModel,
    /// Where its parameters stand.
    places: HashMap<ParameterId, usize>,
    sources: HashMap<SourceId, BoundSource>,
    /// For each book, the sources whose cells belong into it.
    members: HashMap<BookId, HashSet<SourceId>>,
}

impl BoundModel {
    /// Binds all sources; all errors at once.
    pub(super) fn new(applied: AppliedModel, rules: &RuleSet) -> Result<Self, Vec<BindingError>> {
        let mut sources = HashMap::new();
        let mut errors = Vec::new();
        for source in &applied.model.sources {
            match bind(&applied.model, source, rules) {
                Ok(bound) => {
                    sources.insert(source.id, bound);
                }
                Err(more) => errors.extend(more),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let members = applied
            .model
            .books
            .iter()
            .map(|book| (book.id, members(&applied.model, book, &sources)))
            .collect();
        let parameters = applied.model.parameters.iter();
        let places = parameters.zip(0..).map(|(parameter, place)| (parameter.id, place));
        Ok(Self {
            places: places.collect(),
            applied,
            sources,
            members,
        })
    }

    pub(super) fn model(&self) -> &Arc<SiteModel> {
        &self.applied.model
    }

    pub(super) fn parameter(&self, parameter: ParameterId) -> Option<&Parameter> {
        self.applied.model.parameters.get(*self.places.get(&parameter)?)
    }

    pub(super) fn source(&self, source: SourceId) -> Option<&BoundSource> {
        self.sources.get(&source)
    }

    pub(super) fn book(&self, book: BookId) -> Option<&Book> {
        self.applied.model.books.iter().find(|candidate| candidate.id == book)
    }

    /// Whether a source's cells belong into a book: its node lies in the boundary and its gas counts.
    pub(super) fn belongs(&self, book: BookId, source: SourceId) -> bool {
        self.members.get(&book).is_some_and(|members| members.contains(&source))
    }

    fn from(&self) -> Option<Hour> {
        self.applied.effective_from
    }
}

/// The sources whose node lies in a book's boundary and whose gas it counts.
fn members(model: &SiteModel, book: &Book, bound: &HashMap<SourceId, BoundSource>) -> HashSet<SourceId> {
    let nodes = subtree(model, book.boundary);
    let counts = |source: &SourceId| bound.get(source).is_some_and(|bound| book.gases.contains(&bound.gas));
    model
        .sources
        .iter()
        .filter(|source| nodes.contains(&source.node))
        .map(|source| source.id)
        .filter(counts)
        .collect()
}

/// A node and all below it.
pub(super) fn subtree(model: &SiteModel, root: NodeId) -> BTreeSet<NodeId> {
    let mut nodes = BTreeSet::from([root]);
    // Parents stand before their children.
    for node in &model.nodes {
        if node.parent.is_some_and(|parent| nodes.contains(&parent)) {
            nodes.insert(node.id);
        }
    }
    nodes
}

/// All models that were ever in force, and for every hour the one that holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Models {
    /// In the order of their records.
    versions: Vec<Arc<BoundModel>>,
    /// By the hour from which they hold; a later record cuts off what an earlier one said of the same hours.
    timeline: Vec<(Option<Hour>, Arc<BoundModel>)>,
    /// Sources, of any version, that take a parameter as their quantity.
    by_quantity: HashMap<ParameterId, BTreeSet<SourceId>>,
    /// Sources, of any version, that take a parameter as a tested value, with the windows.
    by_property: HashMap<ParameterId, BTreeSet<(SourceId, WindowKey)>>,
    /// Parameters of whose untested months others tell something in any version.
    told_by_months: BTreeSet<ParameterId>,
    /// Parameters whose missing hours are filled in any version.
    filled: BTreeSet<ParameterId>,
    /// Those of them whose rule looks back further than the outage's neighbours.
    looking_back: BTreeSet<ParameterId>,
    /// Those of them that are filled by the load that another tells, by that.
    loaded: HashMap<ParameterId, BTreeSet<ParameterId>>,
}

/// A window, ordered by its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum WindowKey {
    /// The hours that the test covers.
    Test,
    /// The calendar months that it touches.
    Month,
    /// The calendar years that it touches.
    Year,
}

impl WindowKey {
    pub(super) const fn of(window: Window) -> Self {
        match window {
            Window::Hour | Window::Test => Self::Test,
            Window::Month => Self::Month,
            Window::Year => Self::Year,
        }
    }
}

impl Models {
    pub(super) fn push(&mut self, version: BoundModel) {
        let version = Arc::new(version);
        let from = version.from();
        self.timeline.retain(|(start, _)| *start < from);
        self.timeline.push((from, Arc::clone(&version)));
        for parameter in &version.model().parameters {
            if parameter.untested.is_some() {
                self.told_by_months.insert(parameter.id);
            }
            let Some(plan) = &parameter.missing else { continue };
            self.filled.insert(parameter.id);
            if plan.rule.looks_back() {
                self.looking_back.insert(parameter.id);
            }
            if let Some(bands) = plan.rule.load() {
                self.loaded.entry(bands.load).or_default().insert(parameter.id);
            }
        }
        for bound in version.sources.values() {
            for input in &bound.inputs {
                match &input.value {
                    BoundValue::Quantity { parameter, .. } => {
                        self.by_quantity.entry(*parameter).or_default().insert(bound.source);
                    }
                    BoundValue::Property { parameter, window, .. } => {
                        self.by_property
                            .entry(*parameter)
                            .or_default()
                            .insert((bound.source, WindowKey::of(*window)));
                    }
                    BoundValue::Factor { .. } | BoundValue::Constant { .. } => {}
                }
            }
        }
        self.versions.push(version);
    }

    /// The same models bound to other rules.
    pub(super) fn bound_to(&self, rules: &RuleSet) -> Result<Self, Vec<BindingError>> {
        let mut models = Self::default();
        for version in &self.versions {
            models.push(BoundModel::new(version.applied.clone(), rules)?);
        }
        Ok(models)
    }

    /// The models that were in force after a record.
    pub(super) fn as_of(&self, sequence: Sequence) -> Self {
        let mut models = Self::default();
        for version in self
            .versions
            .iter()
            .filter(|version| version.applied.sequence <= sequence)
        {
            models.push(version.as_ref().clone());
        }
        models
    }

    /// The model of the newest record: names, limits, roles.
    pub(super) fn newest(&self) -> Option<&Arc<BoundModel>> {
        self.versions.last()
    }

    /// All models with their sources bound, in the order of their records.
    pub(super) fn versions_bound(&self) -> impl Iterator<Item = &Arc<BoundModel>> {
        self.versions.iter()
    }

    /// The models that hold for some hour from one on.
    pub(super) fn holding_from(&self, hour: Option<Hour>) -> impl Iterator<Item = &Arc<BoundModel>> {
        let held = self.held().filter(move |(end, _)| end.is_none() || *end > hour);
        held.map(|(_, version)| version)
    }

    pub(super) fn versions(&self) -> impl Iterator<Item = &AppliedModel> {
        self.versions.iter().map(|version| &version.applied)
    }

    /// Models with the instant from which they speak, in the order of their records.
    pub(super) fn with_instants(&self) -> impl Iterator<Item = (Sequence, Instant, &SiteModel)> {
        self.versions.iter().map(|version| {
            let from = version
                .from()
                .map_or(Instant(i64::MIN), |hour| version.model().zone.hour_start(hour));
            (version.applied.sequence, from, version.model().as_ref())
        })
    }

    /// The models that hold for some hours, in order, each with the hour from which on another does.
    pub(super) fn held(&self) -> impl Iterator<Item = (Option<Hour>, &Arc<BoundModel>)> {
        let ends = self.timeline.iter().skip(1).map(|(start, _)| *start).chain([None]);
        ends.zip(self.timeline.iter().map(|(_, version)| version))
    }

    /// The hours from which a version holds, in order; `None` is the beginning.
    pub(super) fn starts(&self) -> impl DoubleEndedIterator<Item = Option<Hour>> {
        self.timeline.iter().map(|(start, _)| *start)
    }

    /// The model that holds for an hour.
    pub(super) fn at(&self, hour: Hour) -> Option<&Arc<BoundModel>> {
        let place = self.timeline.partition_point(|(start, _)| *start <= Some(hour));
        self.timeline.get(place.checked_sub(1)?).map(|(_, version)| version)
    }

    /// The stretches of some hours over which one model holds, with it, in order.
    pub(super) fn holding_in(&self, (from, to): (Hour, Hour)) -> Vec<(Hour, Hour, &Arc<BoundModel>)> {
        let mut found: Vec<(Hour, Hour, &Arc<BoundModel>)> = Vec::new();
        let mut ends = to;
        for (start, version) in self.timeline.iter().rev() {
            let starts = start.map_or(from, |start| start.max(from));
            if starts < ends {
                found.push((starts, ends, version));
                ends = starts;
            }
        }
        found.reverse();
        found
    }

    /// From when on the models up to the one that holds for an hour say all of something; `None` from the beginning.
    pub(super) fn since(&self, hour: Hour, says: impl Fn(&BoundModel) -> bool) -> Option<Hour> {
        let place = self.timeline.partition_point(|(start, _)| *start <= Some(hour));
        let held = self.timeline.iter().take(place).rev();
        let saying = held.take_while(|(_, version)| says(version));
        saying.last().map_or(Some(hour), |(start, _)| *start)
    }

    pub(super) fn sources_by_quantity(&self, parameter: ParameterId) -> impl Iterator<Item = SourceId> {
        self.by_quantity.get(&parameter).into_iter().flatten().copied()
    }

    pub(super) fn sources_by_property(&self, parameter: ParameterId) -> impl Iterator<Item = (SourceId, WindowKey)> {
        self.by_property.get(&parameter).into_iter().flatten().copied()
    }

    /// Whether missing hours of a parameter are filled in any version.
    pub(super) fn is_filled(&self, parameter: ParameterId) -> bool {
        self.filled.contains(&parameter)
    }

    /// Whether substitutes of a parameter may rest on hours far before their outage.
    pub(super) fn looks_back(&self, parameter: ParameterId) -> bool {
        self.looking_back.contains(&parameter)
    }

    /// Parameters whose missing hours are filled by the load that a parameter tells.
    pub(super) fn loaded_by(&self, load: ParameterId) -> impl Iterator<Item = ParameterId> {
        self.loaded.get(&load).into_iter().flatten().copied()
    }

    /// All parameters of which that is so.
    pub(super) fn filled(&self) -> &BTreeSet<ParameterId> {
        &self.filled
    }

    /// Whether what a parameter counts in months in which it was not tested may depend on those in which it was.
    pub(super) fn is_told_by_months(&self, parameter: ParameterId) -> bool {
        self.told_by_months.contains(&parameter)
    }

    /// Whether some source takes the parameter as a tested value.
    pub(super) fn is_property_of_a_source(&self, parameter: ParameterId) -> bool {
        self.by_property.contains_key(&parameter)
    }

    /// The parameters that a source takes as quantities in any version.
    pub(super) fn quantities_of(&self, source: SourceId) -> BTreeSet<ParameterId> {
        self.by_quantity
            .iter()
            .filter(|(_, sources)| sources.contains(&source))
            .map(|(&parameter, _)| parameter)
            .collect()
    }

    /// All sources of any version.
    pub(super) fn all_sources(&self) -> BTreeSet<SourceId> {
        self.versions
            .iter()
            .flat_map(|version| version.sources.keys().copied())
            .collect()
    }

    /// All books of any version.
    pub(super) fn all_books(&self) -> BTreeSet<BookId> {
        self.versions
            .iter()
            .flat_map(|version| version.model().books.iter().map(|book| book.id))
            .collect()
    }
}
