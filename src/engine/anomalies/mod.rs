//! Data anomalies (数据异常): what the checks find as readings arrive, and what checkers make of it.
//!
//! What the checks find is recorded, unlike what alarms do: checks reckon with floating-point numbers, and no record may
//! depend on how a machine rounds them. So a record tells what was found, and a replay takes it from there; the judges
//! themselves are no part of what the journal says (see [`checks`]).
//!
//! Readings are judged behind their intake, by a command of its own that the daemon gives when there is something to
//! judge. An episode of findings of one check on one parameter is one anomaly; while it goes on, a record tells so from
//! time to time, and when its readings change it changes with them, or is found no longer.
//!
//! **Cost.** A reading costs its judge once. What stands in the queue is in memory, what is closed in rows that are read
//! when somebody asks.

mod applied;
mod beside;
mod checks;
mod deed;
mod history;
mod kept;
mod preview;
mod raise;
mod relations;
mod signs;
mod stake;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::time::Instant;
use crate::engine::queue::Changed;
use crate::quality::anomaly::{AnomalyId, Work};
use crate::quality::flag::Check;

pub(super) use applied::Written;
pub(super) use beside::Unplanned;
pub(super) use checks::Unweighed;
pub(super) use checks::{Checks, Late, Past};
pub use deed::{AnomaliesOutcome, AnomaliesWorked, AnomalyDeed, Disposed, MOST_ANOMALIES};
pub use history::AnomalyHistory;
pub use history::MOST_OUTSIDE;
pub(super) use kept::rows_of;
pub use preview::AnomalyPreview;
pub(super) use relations::{Cause, Relations, Unsettled};
pub use signs::{Related, Signs};

/// The most entries that are kept of what was done with one anomaly; the journal has all.
const MOST_LOGGED: usize = 50;

/// What the checks say of an anomaly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Which.
    pub anomaly: AnomalyId,
    /// Of which parameter.
    pub parameter: ParameterId,
    /// What is found now; none where it is found no longer.
    pub signs: Option<Signs>,
    /// How many anomalies of the same check the parameter had in the ninety days before; told when it is raised.
    #[serde(default)]
    pub before: u32,
}

/// What a record of anomalies says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AnomaliesFound {
    /// Each once.
    pub found: Vec<Found>,
}

/// What was done with an anomaly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Staff number, or the user of the post.
    pub by: String,
    /// When.
    pub at: Instant,
    /// In which record.
    pub record: Sequence,
    /// What.
    pub deed: AnomalyDeed,
}

/// An anomaly as it stands, and as it is kept in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Anomaly {
    id: AnomalyId,
    parameter: ParameterId,
    signs: Signs,
    /// When the checks found it first.
    raised: Instant,
    /// When a record last told of it.
    told: Instant,
    /// The record that raised it.
    record: Sequence,
    before: u32,
    work: Work,
    /// Number of the nonconformity (不符合) that was opened for it.
    nonconformity: Option<String>,
    log: Vec<Entry>,
}

/// The anomalies of a site, as far as they are in memory: those in the queue.
#[derive(Debug, Clone, Default)]
pub(super) struct Anomalies {
    open: BTreeMap<AnomalyId, Arc<Anomaly>>,
    /// The same by what they are of.
    of: BTreeMap<(ParameterId, Check), BTreeSet<AnomalyId>>,
    /// The number that was given last.
    last: u32,
    /// Those in the queue that are newer than their rows.
    dirty: BTreeSet<AnomalyId>,
    /// Those that left the queue and are not handed over yet.
    left: BTreeMap<AnomalyId, Anomaly>,
    /// Those that came back into it, as they were outside, likewise.
    back: BTreeMap<AnomalyId, Anomaly>,
    /// Those that changed since that was last asked for.
    changed: Changed<AnomalyId>,
}

impl Anomalies {
    /// With the number that was given last.
    pub(super) fn go_on(last: u32) -> Self {
        Self {
            last,
            ..Self::default()
        }
    }

    /// The number that was given last.
    pub(super) const fn last(&self) -> u32 {
        self.last
    }

    /// Those of a check on a parameter that stand in the queue.
    fn of(&self, parameter: ParameterId, check: Check) -> impl Iterator<Item = &Anomaly> {
        let ids = self.of.get(&(parameter, check)).into_iter().flatten();
        ids.filter_map(|id| self.open.get(id).map(Arc::as_ref))
    }

    /// Those of them that are of a relation, or of none.
    fn of_relation<'a>(
        &'a self,
        (parameter, check): (ParameterId, Check),
        relation: Option<&'a str>,
    ) -> impl Iterator<Item = &'a Anomaly> {
        self.of(parameter, check)
            .filter(move |known| known.signs.is_of(relation))
    }

    /// Those of a parameter, likewise.
    fn of_parameter(&self, parameter: ParameterId) -> impl Iterator<Item = &Anomaly> {
        let checks = self
            .of
            .range((parameter, Check::Stamp)..(ParameterId(parameter.0.saturating_add(1)), Check::Stamp));
        checks
            .flat_map(|(_, ids)| ids)
            .filter_map(|id| self.open.get(id).map(Arc::as_ref))
    }

    /// Where the first begins of those of a parameter that nobody has decided on and that reach into what follows an
    /// instant, if it begins before that.
    fn first_reaching_into(&self, parameter: ParameterId, at: Instant) -> Option<Instant> {
        self.of_parameter(parameter)
            .filter(|known| known.signs.check().is_by_judge())
            .filter(|known| known.work.stage.awaits_decision() && known.signs.to >= at)
            .map(|known| known.signs.from)
            .min()
            .filter(|from| *from < at)
    }

    /// Puts an anomaly where it belongs by its stage.
    fn put(&mut self, anomaly: Anomaly) {
        let id = anomaly.id;
        let key = (anomaly.parameter, anomaly.signs.check());
        self.changed.note(id);
        if anomaly.work.stage.is_open() {
            self.dirty.insert(id);
            if let Some(outside) = self.left.remove(&id) {
                // Its row may be that of an earlier time outside the queue.
                self.back.entry(id).or_insert(outside);
            }
            self.of.entry(key).or_default().insert(id);
            self.open.insert(id, Arc::new(anomaly));
        } else {
            self.dirty.remove(&id);
            self.open.remove(&id);
            if let Some(ids) = self.of.get_mut(&key) {
                ids.remove(&id);
                if ids.is_empty() {
                    self.of.remove(&key);
                }
            }
            self.left.insert(id, anomaly);
        }
    }

    /// Puts an anomaly that was read from outside the queue where it belongs now: its rows may stand elsewhere.
    fn bring_back(&mut self, outside: Anomaly, now: Anomaly) {
        self.back.entry(outside.id).or_insert(outside);
        self.put(now);
    }
}
