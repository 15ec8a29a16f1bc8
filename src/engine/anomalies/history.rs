//! Anomalies outside the queue: those that are closed, and those that are found no longer. They are read when somebody
//! asks, by their number or by what they are of.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::identity::ParameterId;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::engine::command::Refusal;
use crate::engine::history::{History, Tree};
use crate::engine::view::AnomalyView;
use crate::engine::{Broken, Engine, keys};
use crate::quality::anomaly::AnomalyId;
use crate::quality::flag::Check;

use super::{Anomaly, Entry};

/// How many of the last outside the queue may be what is found now.
const LAST_FEW: usize = 16;

/// The same of a relation, whose windows are decided on one by one.
const LAST_OF_RELATION: usize = 64;

/// The most that are read while those of one relation are looked for among those of others.
const MOST_READ: usize = 1_000;

/// The most similar cases that are told of one anomaly.
const MOST_SIMILAR: usize = 8;

/// The most anomalies outside the queue of one answer.
pub const MOST_OUTSIDE: usize = 1_000;

const WRONG: Broken = Broken::Row("an anomaly cannot be read");

/// An anomaly with what was done with it, and what was found likewise before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnomalyHistory {
    /// The anomaly.
    pub anomaly: AnomalyView,
    /// What was done with it, the oldest first.
    pub log: Vec<Entry>,
    /// Others of the same check and parameter: those that began before it, the newest first, then later ones.
    pub similar: Vec<AnomalyView>,
}

fn read(bytes: &[u8]) -> Result<Anomaly, Broken> {
    rmp_serde::from_slice(bytes).map_err(|_| WRONG)
}

impl Engine {
    /// An anomaly outside the queue.
    pub(super) fn outside(&self, history: &dyn History, id: AnomalyId) -> Result<Option<Anomaly>, Broken> {
        if let Some(anomaly) = self.anomalies.left.get(&id) {
            return Ok(Some(anomaly.clone()));
        }
        if self.anomalies.open.contains_key(&id) {
            return Ok(None);
        }
        let bytes = history.get(Tree::PastAnomalies, &keys::anomaly_outside(id))?;
        bytes.map(|bytes| read(&bytes)).transpose()
    }

    /// An anomaly, wherever it is.
    pub(super) fn anomaly_row(&self, history: &dyn History, id: AnomalyId) -> Result<Option<Anomaly>, Broken> {
        match self.anomalies.open.get(&id) {
            Some(anomaly) => Ok(Some(Anomaly::clone(anomaly))),
            None => self.outside(history, id),
        }
    }

    /// The last few outside the queue of a check on a parameter, and of a relation or of none, that begin at an instant or
    /// before.
    pub(super) fn outside_upto(
        &self,
        history: &dyn History,
        place: (ParameterId, Check),
        relation: Option<&str>,
        upto: Instant,
    ) -> Result<Vec<Anomaly>, Broken> {
        let most = if relation.is_some() { LAST_OF_RELATION } else { LAST_FEW };
        let stretch = (Instant(i64::MIN), upto.plus(1));
        self.outside_before(history, place, relation, stretch, most)
    }

    /// How many outside the queue begin in a stretch (from included, to not).
    pub(super) fn count_outside(
        &self,
        history: &dyn History,
        (parameter, check): (ParameterId, Check),
        stretch: (Instant, Instant),
        most: u32,
    ) -> Result<u32, Broken> {
        let mut count = self.left_in((parameter, check), stretch).count();
        let (from, to) = stretch;
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        history.scan(
            Tree::PastAnomalies,
            &keys::anomalies_from(parameter, check, from),
            &keys::anomalies_from(parameter, check, to),
            &mut |key, _| {
                count += usize::from(keys::anomaly_of(key).is_some_and(|id| self.is_only_outside(id)));
                count < most
            },
        )?;
        Ok(u32::try_from(count.min(most)).unwrap_or(u32::MAX))
    }

    /// Those that left the queue and are not handed over yet, of a stretch.
    fn left_in(&self, place: (ParameterId, Check), (from, to): (Instant, Instant)) -> impl Iterator<Item = &Anomaly> {
        self.anomalies.left.values().filter(move |anomaly| {
            (anomaly.parameter, anomaly.signs.check()) == place && (from..to).contains(&anomaly.signs.from)
        })
    }

    /// Whether the row of an anomaly outside the queue is as new as can be.
    fn is_only_outside(&self, id: AnomalyId) -> bool {
        !self.anomalies.open.contains_key(&id) && !self.anomalies.left.contains_key(&id)
    }

    /// The newest outside the queue of a check on a parameter, and of a relation or of none, that begin in a stretch (from
    /// included, to not), the newest first.
    pub(super) fn outside_before(
        &self,
        history: &dyn History,
        (parameter, check): (ParameterId, Check),
        relation: Option<&str>,
        (from, to): (Instant, Instant),
        most: usize,
    ) -> Result<Vec<Anomaly>, Broken> {
        let is_of = |anomaly: &&Anomaly| anomaly.signs.is_of(relation);
        let left = self.left_in((parameter, check), (from, to)).filter(is_of);
        let mut found: Vec<Anomaly> = left.cloned().collect();
        let floor = keys::anomalies_from(parameter, check, from);
        let mut bound = keys::anomalies_from(parameter, check, to);
        let (mut wanted, mut read) = (0, 0);
        while wanted < most
            && read < MOST_READ
            && let Some((key, _)) = history.last_before(Tree::PastAnomalies, &bound, &floor)?
        {
            if let Some(id) = keys::anomaly_of(&key).filter(|&id| self.is_only_outside(id)) {
                let outside = self.outside(history, id)?;
                read += 1;
                if let Some(outside) = outside.filter(|outside| is_of(&outside)) {
                    found.push(outside);
                    wanted += 1;
                }
            }
            bound = key;
        }
        found.sort_by_key(|anomaly| std::cmp::Reverse((anomaly.signs.from, anomaly.id)));
        found.truncate(most);
        Ok(found)
    }

    /// The anomalies in the queue, in the order of their numbers.
    pub fn anomalies(&self) -> Vec<AnomalyView> {
        let open = self.anomalies.open.values();
        open.map(|anomaly| self.anomaly_view(anomaly)).collect()
    }

    /// How many anomalies stand in the queue.
    pub fn queue_length(&self) -> u32 {
        u32::try_from(self.anomalies.open.len()).unwrap_or(u32::MAX)
    }

    /// Those that changed since this was last asked, as they are now; none of one that left the queue.
    pub fn take_changed_anomalies(&mut self) -> Vec<(AnomalyId, Option<AnomalyView>)> {
        let changed = self.anomalies.changed.take();
        let view = |id: AnomalyId| {
            let open = self.anomalies.open.get(&id).map(Arc::as_ref);
            (id, open.map(|anomaly| self.anomaly_view(anomaly)))
        };
        changed.into_iter().map(view).collect()
    }

    /// Whether anomalies changed since that was last asked for.
    pub fn has_changed_anomalies(&self) -> bool {
        self.anomalies.changed.is_any()
    }

    /// An anomaly with what was done with it, and what was found likewise before.
    pub fn anomaly_history(&self, history: &dyn History, id: AnomalyId) -> Result<AnomalyHistory, Refusal> {
        let anomaly = self
            .anomaly_row(history, id)?
            .ok_or_else(|| Refusal::Request(Text::new("anomaly-unknown").with("number", id)))?;
        let place = (anomaly.parameter, anomaly.signs.check());
        let relation = anomaly.signs.relation();
        let from = anomaly.signs.from;
        // What came before it tells what it may be; of what came after it there is word only where room is left.
        let earlier = (Instant(i64::MIN), from.plus(1));
        let later = (from.plus(1), Instant(i64::MAX));
        let mut similar = Vec::new();
        for stretch in [earlier, later] {
            let mut found = self.outside_before(history, place, relation, stretch, MOST_SIMILAR + 1)?;
            let open = self.anomalies.of_relation(place, relation).cloned();
            found.extend(open.filter(|other| (stretch.0..stretch.1).contains(&other.signs.from)));
            found.retain(|other| other.id != id);
            found.sort_by_key(|other| std::cmp::Reverse((other.signs.from, other.id)));
            similar.extend(found);
        }
        similar.truncate(MOST_SIMILAR);
        Ok(AnomalyHistory {
            anomaly: self.anomaly_view(&anomaly),
            log: anomaly.log,
            similar: similar.iter().map(|other| self.anomaly_view(other)).collect(),
        })
    }

    /// The newest anomalies outside the queue that begin in a stretch (from included, to not), at most a thousand, in the
    /// order in which they begin. Costs a look at the key of each that ever left the queue.
    pub fn anomalies_outside(
        &self,
        history: &dyn History,
        (from, to): (Instant, Instant),
    ) -> Result<Vec<AnomalyView>, Refusal> {
        let is_wanted = |at: &Instant| (from..to).contains(at);
        let left = self
            .anomalies
            .left
            .values()
            .map(|anomaly| (anomaly.signs.from, anomaly.id));
        let mut found: Vec<(Instant, AnomalyId)> = left.filter(|(at, _)| is_wanted(at)).collect();
        let (first, last) = keys::anomalies_by_place();
        history.scan(Tree::PastAnomalies, &first, &last, &mut |key, _| {
            let place = keys::anomaly_from(key).zip(keys::anomaly_of(key));
            found.extend(place.filter(|(at, id)| is_wanted(at) && self.is_only_outside(*id)));
            true
        })?;
        found.sort_unstable();
        let surplus = found.len().saturating_sub(MOST_OUTSIDE);
        found.drain(..surplus);
        let mut views = Vec::new();
        for (_, id) in found {
            views.extend(self.outside(history, id)?.map(|anomaly| self.anomaly_view(&anomaly)));
        }
        Ok(views)
    }

    /// The anomalies outside the queue that begin before a stretch and of which readings lie in it. Costs the row of each that
    /// ever left the queue and begins before it.
    pub(in crate::engine) fn anomalies_reaching(
        &self,
        history: &dyn History,
        (from, to): (Instant, Instant),
    ) -> Result<Vec<AnomalyView>, Broken> {
        let left = self.anomalies.left.values();
        let left = left.filter(|anomaly| anomaly.signs.from < from);
        let mut before: Vec<AnomalyId> = left.map(|anomaly| anomaly.id).collect();
        let (first, last) = keys::anomalies_by_place();
        history.scan(Tree::PastAnomalies, &first, &last, &mut |key, _| {
            let begins = keys::anomaly_from(key).is_some_and(|at| at < from);
            before.extend(keys::anomaly_of(key).filter(|id| begins && self.is_only_outside(*id)));
            true
        })?;
        let mut views = Vec::new();
        for id in before {
            let reaching = self.outside(history, id)?;
            let reaching = reaching.filter(|anomaly| anomaly.signs.touch((from, to)));
            views.extend(reaching.map(|anomaly| self.anomaly_view(&anomaly)));
        }
        Ok(views)
    }

    pub(super) fn anomaly_view(&self, anomaly: &Anomaly) -> AnomalyView {
        AnomalyView {
            anomaly: anomaly.id,
            parameter: anomaly.parameter,
            signs: anomaly.signs.clone(),
            raised: anomaly.raised,
            record: anomaly.record,
            before: anomaly.before,
            due: self.evidence_due(anomaly.signs.from),
            work: anomaly.work.clone(),
            nonconformity: anomaly.nonconformity.clone(),
            evidence: anomaly.evidence().map(str::to_owned),
            last: anomaly.log.last().cloned(),
        }
    }
}
