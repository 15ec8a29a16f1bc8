//! Gives the objects of a proposal their permanent ids against the model in force.

use std::collections::{BTreeMap, BTreeSet};

use super::file::{Kept, Mark, Place, Proposal};
use super::problem::{Problem, Severity, remedy_for};
use crate::domain::identity::{BookId, MeterId, NodeId, ParameterId, ProductId};
use crate::domain::model::{Binding, NextIdentities, Parameter, SiteModel};
use crate::domain::text::Text;
use crate::domain::unit::Ratio;

/// The model that the proposal becomes: objects found in force by key, tag or former name keep their ids, others get new
/// ones, and ids of what was removed are never given again.
///
/// # Errors
/// Everything at once that may not change while the site lives (zone, simulated, a parameter's kind, unit and decimals),
/// and former names that lead nowhere or to an object that another entry stands for.
pub fn assign(proposal: &Proposal, in_force: Option<&SiteModel>) -> Result<SiteModel, Vec<Problem>> {
    let mut assigner = Assigner {
        proposal,
        next: in_force.map_or_else(NextIdentities::default, |model| model.next),
        problems: Vec::new(),
    };
    let mut model = proposal.draft.clone();
    if let Some(in_force) = in_force {
        assigner.refuse_site_changes(&model, in_force);
    }
    let ids: BTreeMap<Kept, BTreeMap<u32, u32>> = Kept::ALL
        .into_iter()
        .map(|sort| (sort, assigner.sort(sort, &model, in_force)))
        .collect();
    let id = |sort: Kept, place: u32| ids.get(&sort).and_then(|known| known.get(&place)).copied().unwrap_or(0);
    let node = |place: NodeId| NodeId(id(Kept::Node, place.0));
    let parameter = |place: ParameterId| ParameterId(id(Kept::Parameter, place.0));

    for entry in &mut model.nodes {
        entry.id = node(entry.id);
        entry.parent = entry.parent.map(node);
        entry.upstream = entry.upstream.map(node);
        if let Some(runs) = &mut entry.runs {
            runs.parameter = parameter(runs.parameter);
        }
    }
    for entry in &mut model.meters {
        entry.id.0 = id(Kept::Meter, entry.id.0);
    }
    for entry in &mut model.parameters {
        let place = entry.id.0;
        entry.id = parameter(entry.id);
        entry.node = node(entry.node);
        entry.meter = entry.meter.map(|meter| MeterId(id(Kept::Meter, meter.0)));
        let known = in_force.and_then(|model| model.parameter(entry.id));
        if let Some(known) = known {
            assigner.refuse_parameter_changes(place, entry, known);
            entry.block_hours = known.block_hours;
        }
        if let Some(bands) = entry.missing.as_mut().and_then(|plan| plan.rule.load_mut()) {
            bands.load = parameter(bands.load);
        }
        if let Some(load) = entry.checks.as_mut().and_then(|plan| plan.load.as_mut()) {
            *load = parameter(*load);
        }
    }
    for entry in &mut model.sources {
        entry.id.0 = id(Kept::Source, entry.id.0);
        entry.node = node(entry.node);
        for binding in entry.inputs.values_mut() {
            if let Binding::Parameter { parameter: bound, .. } = binding {
                *bound = parameter(*bound);
            }
        }
    }
    for entry in &mut model.products {
        entry.id.0 = id(Kept::Product, entry.id.0);
        entry.node = node(entry.node);
        entry.parameter = parameter(entry.parameter);
    }
    for entry in &mut model.books {
        entry.id.0 = id(Kept::Book, entry.id.0);
        entry.boundary = node(entry.boundary);
    }
    let book = |place: BookId| BookId(id(Kept::Book, place.0));
    let product = |place: ProductId| ProductId(id(Kept::Product, place.0));
    for plan in &mut model.plans {
        plan.book = book(plan.book);
    }
    for reference in &mut model.references {
        reference.book = book(reference.book);
        reference.product = product(reference.product);
    }
    for relation in &mut model.relations {
        relation.renumber(parameter, product, book);
    }
    for sheet in &mut model.sheets {
        for row in &mut sheet.rows {
            *row = parameter(*row);
        }
    }
    for form in &mut model.document_forms {
        for row in form.rows.iter_mut().chain(&mut form.total_moisture) {
            *row = parameter(*row);
        }
    }
    model.next = assigner.next;
    let mut problems = assigner.problems;
    if problems.is_empty() {
        Ok(model)
    } else {
        problems.sort_by_key(|problem| (problem.line, problem.column));
        Err(problems)
    }
}

/// The objects of a sort: name and id.
fn objects(model: &SiteModel, sort: Kept) -> Vec<(&str, u32)> {
    match sort {
        Kept::Node => model.nodes.iter().map(|node| (node.key.as_str(), node.id.0)).collect(),
        Kept::Meter => model
            .meters
            .iter()
            .map(|meter| (meter.key.as_str(), meter.id.0))
            .collect(),
        Kept::Parameter => model
            .parameters
            .iter()
            .map(|parameter| (parameter.tag.as_str(), parameter.id.0))
            .collect(),
        Kept::Source => model
            .sources
            .iter()
            .map(|source| (source.key.as_str(), source.id.0))
            .collect(),
        Kept::Product => model
            .products
            .iter()
            .map(|product| (product.key.as_str(), product.id.0))
            .collect(),
        Kept::Book => model.books.iter().map(|book| (book.key.as_str(), book.id.0)).collect(),
    }
}

struct Assigner<'p> {
    proposal: &'p Proposal,
    next: NextIdentities,
    problems: Vec<Problem>,
}

impl Assigner<'_> {
    fn push(&mut self, (line, column): Place, what: Text, remedy: Text) {
        self.problems.push(Problem {
            severity: Severity::Error,
            file: self.proposal.file.clone(),
            line,
            column,
            what,
            remedy,
        });
    }

    /// Permanent ids by place in the file.
    fn sort(&mut self, sort: Kept, draft: &SiteModel, in_force: Option<&SiteModel>) -> BTreeMap<u32, u32> {
        let known: BTreeMap<&str, u32> = in_force
            .map(|model| objects(model, sort).into_iter().collect())
            .unwrap_or_default();
        let (_, key) = sort.table();
        let mut proposed = objects(draft, sort);
        // New ids go out in the order of the file, whatever order the model keeps.
        proposed.sort_by_key(|&(_, place)| place);
        let names: BTreeSet<&str> = proposed.iter().map(|&(name, _)| name).collect();
        let mut renamed: BTreeMap<&str, Place> = BTreeMap::new();
        let mut ids = BTreeMap::new();
        for (name, place) in proposed {
            let mark = self.proposal.mark(sort, place);
            let was = mark.and_then(|mark| mark.was.as_deref()).filter(|&was| was != name);
            let at = mark.map_or((1, 1), |mark| mark.place("was"));
            let found = match (known.get(name), was) {
                (Some(&id), Some(was)) if known.contains_key(was) => {
                    let what = Text::new("site-rename-onto-another").with("key", name).with("was", was);
                    self.push(at, what, Text::new("site-remedy-rename-onto-another"));
                    Some(id)
                }
                (Some(&id), _) => Some(id),
                (None, Some(was)) => self.renamed(was, at, &known, &names, &mut renamed, in_force.is_some()),
                (None, None) => None,
            };
            let id = found.unwrap_or_else(|| self.new_id(sort, mark.map_or((1, 1), |mark| mark.place(key))));
            ids.insert(place, id);
        }
        ids
    }

    /// The id of the object that had a former name.
    fn renamed<'w>(
        &mut self,
        was: &'w str,
        at: Place,
        known: &BTreeMap<&str, u32>,
        names: &BTreeSet<&str>,
        renamed: &mut BTreeMap<&'w str, Place>,
        is_in_force: bool,
    ) -> Option<u32> {
        let Some(&id) = known.get(was) else {
            // A copy of another site's file may carry that site's former names; without a model in force they mean nothing.
            if is_in_force {
                let what = Text::new("site-was-unknown").with("was", was);
                self.push(at, what, remedy_for(was, known.keys().copied()));
            }
            return None;
        };
        if names.contains(was) {
            self.push(
                at,
                Text::new("site-was-still-there").with("was", was),
                Text::new("site-remedy-was-still-there"),
            );
            return None;
        }
        if let Some(&(line, _)) = renamed.get(was) {
            self.push(
                at,
                Text::new("site-was-twice").with("was", was).with("line", line),
                Text::new("site-remedy-was-still-there"),
            );
            return None;
        }
        renamed.insert(was, at);
        Some(id)
    }

    fn new_id(&mut self, sort: Kept, at: Place) -> u32 {
        let next = match sort {
            Kept::Node => &mut self.next.node,
            Kept::Meter => &mut self.next.meter,
            Kept::Parameter => &mut self.next.parameter,
            Kept::Source => &mut self.next.source,
            Kept::Product => &mut self.next.product,
            Kept::Book => &mut self.next.book,
        };
        let id = *next;
        if let Some(following) = id.checked_add(1) {
            *next = following;
        } else {
            self.push(at, Text::new("site-ids-used-up"), Text::new("site-remedy-ids-used-up"));
        }
        id
    }

    fn refuse_site_changes(&mut self, draft: &SiteModel, in_force: &SiteModel) {
        if draft.zone != in_force.zone {
            let what = Text::new("site-zone-changed")
                .with("before", in_force.zone.name())
                .with("after", draft.zone.name());
            self.push(
                self.proposal.site.place("zone"),
                what,
                Text::new("site-remedy-new-site"),
            );
        }
        if draft.simulated != in_force.simulated {
            self.push(
                self.proposal.site.place("simulated"),
                Text::new("site-simulated-changed"),
                Text::new("site-remedy-new-site"),
            );
        }
    }

    fn refuse_parameter_changes(&mut self, place: u32, proposed: &Parameter, known: &Parameter) {
        let words = |kind| serde_json::to_string(&kind).unwrap_or_default().replace('"', "");
        let same_unit = proposed.unit.ratio_to(&known.unit) == Ok(Ratio::ONE);
        let changes = [
            (
                "kind",
                (proposed.kind != known.kind).then(|| (words(known.kind), words(proposed.kind))),
            ),
            (
                "unit",
                (!same_unit).then(|| (known.unit.to_string(), proposed.unit.to_string())),
            ),
            (
                "decimals",
                (proposed.decimals != known.decimals)
                    .then(|| (known.decimals.to_string(), proposed.decimals.to_string())),
            ),
        ];
        for (key, change) in changes {
            let Some((before, after)) = change else { continue };
            let at = self
                .proposal
                .mark(Kept::Parameter, place)
                .map_or((1, 1), |mark: &Mark| mark.place(key));
            let what = Text::new("site-parameter-changed")
                .with("tag", &proposed.tag)
                .with("key", key)
                .with("before", before)
                .with("after", after);
            self.push(at, what, Text::new("site-remedy-new-tag"));
        }
    }
}
