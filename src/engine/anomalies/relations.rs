//! Relations between parameters (参数关系): looked at window by window, when what they rest on has changed.
//!
//! A window's values are made of what is posted and tested in it, so what is found does not depend on the order in which
//! readings came. A window is looked at when everything that is awaited reaches its end, or an hour after that at the
//! latest; then whenever something in it changes.
//!
//! **Cost.** An hour that changes is noted once for every relation that rests on it. A window costs its hours of every
//! term, and where a quotient is held against what it was, the windows before it.

mod values;
mod watched;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::domain::identity::{BookId, ParameterId, SourceId};
use crate::domain::model::SiteModel;
use crate::domain::reading::ParameterKind;
use crate::domain::relation::Relation;
use crate::domain::time::{DAY_MS, HOUR_MS, Hour, Instant};
use crate::engine::history::History;
use crate::engine::{Broken, Engine};
use crate::quality::anomaly::AnomalyId;
use crate::quality::episode::{Episode, Episodes};
use crate::quality::together::Said;

use super::raise::{Pass, Sighting, rests_ms};
use super::{Anomaly, Found, Signs};
use watched::{Emitted, Watched};

/// Time between two looks.
const EVERY_MS: i64 = 10_000;

/// Hours of terms that are looked at for one command: some milliseconds, but for what is only watched.
const MOST_AT_ONCE: usize = 20_000;

/// Windows of one stretch: an anomaly that is longer than these keeps its beginning.
const MOST_OF_STRETCH: usize = 2_000;

/// Windows that a stretch may have however much they cost.
const LEAST_OF_STRETCH: usize = 31;

/// How far back a relation that is new, or that was changed, is looked at.
const BACK_MS: i64 = 31 * DAY_MS;

/// How long after the end of a window what is awaited may stay away before it is looked at without that.
const WAIT_MS: i64 = HOUR_MS;

/// Beginnings of windows to be looked at, by the key of the relation, as they are kept with the state.
pub(in crate::engine) type Unsettled = BTreeMap<String, BTreeSet<Hour>>;

/// On what a relation may rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) enum Cause {
    /// A parameter.
    Parameter(ParameterId),
    /// What a source emits in a book.
    Source(BookId, SourceId),
}

/// The relations of a site, and which windows of them are to be looked at.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct Relations {
    model: Option<Arc<SiteModel>>,
    watched: Vec<Arc<Watched>>,
    /// Places of the relations that rest on something.
    of: BTreeMap<Cause, Vec<usize>>,
    /// The window that was noted last, by the relation's place.
    noted: Vec<Option<(Hour, Hour)>>,
    unsettled: Unsettled,
    began: Option<Instant>,
    /// Whether there is more to look at than one look could.
    is_unfinished: bool,
    /// Whether another model holds since anomalies were held against the relations that there are.
    is_other: bool,
}

impl Relations {
    /// With windows that were left to be looked at.
    pub(in crate::engine) fn go_on(unsettled: Unsettled) -> Self {
        Self {
            unsettled,
            ..Self::default()
        }
    }

    /// What is left to be looked at, to be kept with the state.
    pub(in crate::engine) const fn unsettled(&self) -> &Unsettled {
        &self.unsettled
    }

    /// Something of a cause changed in some hours, from one up to and including another.
    #[inline]
    pub(in crate::engine) fn touch(&mut self, cause: Cause, hours: (Hour, Hour)) {
        if !self.of.is_empty() {
            self.note(cause, hours);
        }
    }

    fn note(&mut self, cause: Cause, (first, last): (Hour, Hour)) {
        let (Some(model), Some(places)) = (&self.model, self.of.get(&cause)) else {
            return;
        };
        for &place in places {
            let (Some(watched), Some(noted)) = (self.watched.get(place), self.noted.get_mut(place)) else {
                continue;
            };
            let mut hour = first;
            while hour <= last {
                if let Some((_, to)) = noted.filter(|(from, to)| *from <= hour && hour < *to) {
                    hour = to;
                    continue;
                }
                let (from, to) = watched.relation.window.around(model, hour);
                *noted = Some((from, to));
                let key = &watched.relation.key;
                if let Some(unsettled) = self.unsettled.get_mut(key) {
                    unsettled.insert(from);
                } else {
                    self.unsettled.insert(key.clone(), BTreeSet::from([from]));
                }
                hour = to.max(hour.next());
            }
        }
    }

    /// Whether it is time to look.
    pub(super) fn are_due(&self, now: Instant) -> bool {
        let is_time = self.began.is_none_or(|began| now.since(began) >= EVERY_MS);
        self.is_other || !self.unsettled.is_empty() && (self.is_unfinished || is_time)
    }
}

impl Engine {
    /// The newest model holds: relations that are new or other than before are looked at for some time back.
    pub(super) fn renew_relations(&mut self) {
        let Some(model) = self.model().cloned() else { return };
        let before = std::mem::take(&mut self.relations.watched);
        let is_start = self.relations.model.is_none();
        self.relations.of.clear();
        let watched: Vec<Arc<Watched>> = model
            .relations
            .iter()
            .filter_map(|relation| Watched::new(&model, relation, self.emitted_of(&model, relation)).map(Arc::new))
            .collect();
        let is_known = |watched: &Watched| before.iter().any(|known| known.is_as(watched));
        let fresh: Vec<&Arc<Watched>> = watched
            .iter()
            .filter(|watched| !is_start && !is_known(watched))
            .collect();
        let mut unsettled: Unsettled = BTreeMap::new();
        for watched in fresh {
            let Some(newest) = self.newest_of_relation(watched) else {
                continue;
            };
            // And what was found by it before, however long ago.
            let standing = self.anomalies.open.values();
            let standing = standing.filter(|known| known.signs.is_of(Some(&watched.relation.key)));
            let mut stretches: Vec<(Instant, Instant)> = standing.flat_map(|known| known.signs.stretches()).collect();
            stretches.push((newest.plus(-BACK_MS), newest));
            for (from, to) in stretches {
                let hours = (self.zone.hour_of(from), self.zone.hour_of(to));
                let windows = watched.relation.window.between(&model, hours);
                let unsettled = unsettled.entry(watched.relation.key.clone()).or_default();
                unsettled.extend(windows.map(|(from, _)| from));
            }
        }
        let relations = &mut self.relations;
        for (place, watched) in watched.iter().enumerate() {
            // What sources take is noted by itself too: of what is measured, not all changes what is emitted.
            let mut causes: BTreeSet<Cause> = watched.awaited().map(Cause::Parameter).collect();
            if let Some(emitted) = &watched.emitted {
                let sources = emitted.sources.iter();
                causes.extend(sources.map(|source| Cause::Source(emitted.book, *source)));
            }
            for cause in causes {
                relations.of.entry(cause).or_default().push(place);
            }
        }
        relations
            .unsettled
            .retain(|key, _| watched.iter().any(|watched| watched.relation.key == *key));
        for (key, windows) in unsettled {
            relations.unsettled.entry(key).or_default().extend(windows);
        }
        relations.noted = vec![None; watched.len()];
        relations.watched = watched;
        relations.is_other = !self.anomalies.open.is_empty();
        relations.model = Some(model);
    }

    /// What is emitted above the line of an intensity.
    fn emitted_of(&self, model: &SiteModel, relation: &Relation) -> Option<Emitted> {
        let (product, book) = relation.intensity(model)?;
        let mut books = model.books.iter();
        let book = books.find(|other| other.id == book)?;
        let sources: Vec<SourceId> = self
            .sources_below(model, book, product.node)
            .iter()
            .map(|source| source.id)
            .collect();
        // What only earlier models had is no longer awaited.
        let of_now = sources.iter().filter(|source| model.source(**source).is_some());
        let quantities = of_now.flat_map(|source| self.models.quantities_of(*source));
        Some(Emitted {
            book: book.id,
            quantities: quantities.filter(|id| model.parameter(*id).is_some()).collect(),
            sources,
        })
    }

    /// The stamp of the newest reading of its parameters.
    fn newest_of_relation(&self, watched: &Watched) -> Option<Instant> {
        watched
            .awaited()
            .filter_map(|parameter| Some(self.series(parameter).ok()?.row.last_slot?.at))
            .max()
    }

    /// Looks at the windows in which something changed.
    pub(super) fn look_at_relations(&mut self, history: &dyn History, found: &mut Vec<Found>) -> Result<(), Broken> {
        if !self.relations.are_due(self.now) {
            return Ok(());
        }
        if std::mem::take(&mut self.relations.is_other) {
            self.let_go_of_orphans(history, found)?;
        }
        self.relations.began = Some(self.now);
        self.relations.is_unfinished = false;
        let mut budget = MOST_AT_ONCE;
        for watched in self.relations.watched.clone() {
            let Some(mut unsettled) = self.relations.unsettled.remove(&watched.relation.key) else {
                continue;
            };
            let mut left = BTreeSet::new();
            while budget > 0
                && let Some(start) = unsettled.pop_first()
            {
                let Some(windows) = self.stretch_of(&watched, start, &mut unsettled)? else {
                    left.insert(start);
                    continue;
                };
                let looked_at = windows.len() + watched.settings.windows_before();
                budget = budget.saturating_sub(looked_at.saturating_mul(watched.cost));
                let decided = self.decided_in(history, &watched, &windows)?;
                let episodes = self.episodes_of(history, &watched, &windows, &decided)?;
                self.weigh_relation(history, &watched, &windows, &episodes, found)?;
            }
            self.relations.is_unfinished |= !unsettled.is_empty();
            left.append(&mut unsettled);
            if !left.is_empty() {
                self.relations.unsettled.insert(watched.relation.key.clone(), left);
            }
        }
        // What was noted before is to be noted again when it changes again.
        self.relations.noted.fill(None);
        Ok(())
    }

    /// What was found by relations that are no more, or under another parameter, and nobody has worked on is found no longer.
    fn let_go_of_orphans(&mut self, history: &dyn History, found: &mut Vec<Found>) -> Result<(), Broken> {
        let watched = &self.relations.watched;
        let is_orphan = |known: &Anomaly| {
            let key = known.signs.relation();
            key.is_some_and(|key| {
                let mut watched = watched.iter();
                !watched.any(|watched| watched.relation.key == key && watched.subject == known.parameter)
            })
        };
        let orphans: Vec<AnomalyId> = self
            .anomalies
            .open
            .values()
            .filter(|known| known.work.found && known.work.stage.awaits_decision() && is_orphan(known))
            .map(|known| known.id)
            .collect();
        for id in orphans {
            self.tell_gone(history, id, found)?;
        }
        Ok(())
    }

    /// What was decided of a relation up to the end of some windows.
    fn decided_in(
        &self,
        history: &dyn History,
        watched: &Watched,
        windows: &[(Hour, Hour)],
    ) -> Result<Vec<Decided>, Broken> {
        let Some((_, end)) = windows.last() else {
            return Ok(Vec::new());
        };
        let place = (watched.subject, watched.settings.check());
        let key = Some(watched.relation.key.as_str());
        let open = self.anomalies.of_relation(place, key);
        let outside = self.outside_upto(history, place, key, self.zone.hour_start(*end))?;
        let decided = open.chain(&outside).filter(|known| known.work.settled.is_some());
        let decided = decided.map(|known| Decided {
            stretches: known.signs.stretches(),
            rests_to: known.signs.to.plus(rests_ms(known)),
            to: known.signs.to,
        });
        Ok(decided.collect())
    }

    /// The windows that are looked at together from one on: those that follow it and changed too, those that an anomaly
    /// spans that may be otherwise now, and those that are held against these. None where the first is not over.
    fn stretch_of(
        &self,
        watched: &Watched,
        start: Hour,
        unsettled: &mut BTreeSet<Hour>,
    ) -> Result<Option<Vec<(Hour, Hour)>>, Broken> {
        let Some(model) = self.relations.model.as_deref() else {
            return Ok(None);
        };
        let window = watched.relation.window;
        let first = window.around(model, start);
        if !self.is_over(watched, first)? {
            return Ok(None);
        }
        let (mut from, mut to) = first;
        let place = (watched.subject, watched.settings.check());
        let open = || {
            let all = self.anomalies.of_relation(place, Some(&watched.relation.key));
            all.filter(|known| known.work.stage.awaits_decision())
        };
        // Whether an anomaly that may be otherwise now reaches out of a stretch behind it, or begins there.
        let goes_on = |to: Hour| {
            let end = self.zone.hour_start(to);
            open().any(|known| known.signs.from <= end && known.signs.to >= end)
        };
        // Likewise before it. One that only ends there is met where it is told what follows; but where another begins
        // behind the stretch, the two may be one now.
        let comes_from_before = |from: Hour, is_joined: bool| {
            let start = self.zone.hour_start(from);
            let reached = start.plus(-i64::from(is_joined));
            open().any(|known| known.signs.from < start && known.signs.to >= reached)
        };
        let most = (MOST_AT_ONCE / watched.cost.max(1)).clamp(LEAST_OF_STRETCH, MOST_OF_STRETCH);
        let most = most.max(watched.settings.windows_before());
        let mut windows = vec![first];
        let mut held = 0;
        let mut is_joined = false;
        while windows.len() < most {
            let next = window.around(model, to);
            let is_spanned = goes_on(to);
            is_joined |= is_spanned;
            let is_changed = unsettled.contains(&next.0);
            let is_held = held < watched.settings.windows_before();
            if !(is_changed || is_spanned || is_held) || !self.is_over(watched, next)? {
                break;
            }
            held = if is_changed { 0 } else { held + 1 };
            unsettled.remove(&next.0);
            windows.push(next);
            to = next.1;
        }
        while windows.len() < most && comes_from_before(from, is_joined) {
            let before = window.around(model, Hour(from.0.saturating_sub(1)));
            windows.push(before);
            from = before.0;
        }
        windows.sort_unstable();
        Ok(Some(windows))
    }

    /// Whether everything that is awaited of a window has come, or has been waited for.
    fn is_over(&self, watched: &Watched, (_, to): (Hour, Hour)) -> Result<bool, Broken> {
        let end = self.zone.hour_start(to);
        if self.now.since(end) >= WAIT_MS {
            return Ok(true);
        }
        let mut is_awaited = false;
        for parameter in watched.awaited() {
            let series = self.series(parameter)?;
            if series.expects_coverage || series.kind == ParameterKind::State {
                is_awaited = true;
                if series.row.last_slot.is_none_or(|last| last.end() < end) {
                    return Ok(false);
                }
            }
        }
        Ok(is_awaited)
    }

    /// What windows in order say, each that follows another as one with it.
    fn episodes_of(
        &self,
        history: &dyn History,
        watched: &Watched,
        windows: &[(Hour, Hour)],
        decided: &[Decided],
    ) -> Result<Vec<Episode>, Broken> {
        let mut past = Vec::new();
        if let (Some(model), Some(first)) = (self.relations.model.as_deref(), windows.first()) {
            let mut start = first.0;
            for _ in 0..watched.settings.windows_before() {
                let before = watched.relation.window.around(model, Hour(start.0.saturating_sub(1)));
                let values = self.values_of(history, watched, before)?;
                past.push(watched.settings.quotient(&|place| value(&values, place)));
                start = before.0;
            }
        }
        past.reverse();
        let mut episodes = Episodes::new(1);
        for &(from, to) in windows {
            let values = self.values_of(history, watched, (from, to))?;
            let of = |place: usize| value(&values, place);
            if let Said::Wrong(mismatch) = watched.settings.judge(&of, &past) {
                let stretch = (self.zone.hour_start(from), self.zone.hour_start(to).plus(-1));
                if !decided.iter().any(|decided| decided.covers(stretch)) {
                    episodes.take(&mismatch.finding(stretch));
                }
            }
            past.push(watched.settings.quotient(&of));
        }
        Ok(episodes.finish())
    }

    /// What relations say of the windows that begin in a stretch (from included, to not), of one parameter's or of all: what
    /// each was found under, and the episode as an anomaly would tell it. Costs the hours of the stretch.
    pub(in crate::engine) fn related_in(
        &self,
        history: &dyn History,
        parameter: Option<ParameterId>,
        (from, to): (Instant, Instant),
    ) -> Result<Vec<(ParameterId, Signs)>, Broken> {
        let mut found = Vec::new();
        let Some(model) = self.relations.model.as_deref() else {
            return Ok(found);
        };
        let watched = self.relations.watched.iter();
        for watched in watched.filter(|watched| parameter.is_none_or(|id| watched.subject == id)) {
            let mut windows = Vec::new();
            let hours = (self.zone.hour_of(from), self.zone.hour_of(to.plus(-1)));
            for window in watched.relation.window.between(model, hours) {
                if self.zone.hour_start(window.0) >= from && self.is_over(watched, window)? {
                    windows.push(window);
                }
            }
            let clause = watched.relation.clause.as_deref();
            for episode in self.episodes_of(history, watched, &windows, &[])? {
                let signs = Signs {
                    related: Some(watched.related.clone()),
                    ..Signs::of(&episode, clause, false)
                };
                found.push((watched.subject, signs));
            }
        }
        Ok(found)
    }

    fn weigh_relation(
        &mut self,
        history: &dyn History,
        watched: &Watched,
        windows: &[(Hour, Hour)],
        episodes: &[Episode],
        found: &mut Vec<Found>,
    ) -> Result<(), Broken> {
        let (Some((from, _)), Some((_, to))) = (windows.first(), windows.last()) else {
            return Ok(());
        };
        let stretch = (self.zone.hour_start(*from), self.zone.hour_start(*to).plus(-1));
        let clause = watched.relation.clause.as_deref();
        let pass = Pass::of_relation(watched.subject, clause, watched.related.clone(), stretch);
        let sightings: Vec<Sighting> = episodes.iter().copied().map(Sighting::ended).collect();
        self.weigh(history, &pass, &sightings, found)
    }
}

/// What was decided of a relation.
struct Decided {
    stretches: Vec<(Instant, Instant)>,
    to: Instant,
    /// Up to where it may stay so.
    rests_to: Instant,
}

impl Decided {
    /// Whether a window need not be told: it was decided on, or follows within the time for which that rests.
    fn covers(&self, (from, to): (Instant, Instant)) -> bool {
        let is_decided = self
            .stretches
            .iter()
            .any(|(begins, ends)| *begins <= to && from <= *ends);
        is_decided || self.to < from && to <= self.rests_to
    }
}

fn value(values: &[f64], place: usize) -> f64 {
    values.get(place).copied().unwrap_or(f64::NAN)
}
