//! What the Live pane shows: everything at once, and then what changed.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::domain::handover::ShiftName;
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::model::{Name, SiteModel};
use crate::domain::period::Shift;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::engine::anomalies::MOST_ANOMALIES;
use crate::engine::view::{AlarmView, AnomalyView, Flooded, LiveParameter, LiveValue, NodeView, Totals};
use crate::quality::alarm::AlarmId;
use crate::quality::anomaly::AnomalyId;

/// Everything that the Live pane shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Number of this message; deltas count on from it.
    pub number: u64,
    /// Site's key.
    pub key: String,
    /// Site's name.
    pub name: Name,
    /// Whether everything in this site is made by the simulator.
    pub simulated: bool,
    /// The model in force, for names, zone, shifts.
    pub model: Box<SiteModel>,
    /// The tree.
    pub nodes: Vec<NodeView>,
    /// The parameters in the model's order.
    pub parameters: Vec<LiveParameter>,
    /// Alarms of which there is something to say.
    pub alarms: Vec<AlarmView>,
    /// Anomalies in the checkers' queue; of very many, those with the most at stake.
    pub anomalies: Vec<AnomalyView>,
    /// What changes all the time.
    pub state: LiveState,
}

/// Of more anomalies than [`MOST_ANOMALIES`] those that nobody is told of: the ones with the least at stake.
pub fn surplus<'a>(anomalies: impl ExactSizeIterator<Item = &'a AnomalyView>) -> Vec<AnomalyId> {
    let surplus = anomalies.len().saturating_sub(MOST_ANOMALIES);
    if surplus == 0 {
        return Vec::new();
    }
    let mut weights: Vec<_> = anomalies
        .map(|one| (one.signs.stake_mg, Reverse(one.anomaly)))
        .collect();
    weights.sort_unstable();
    weights.into_iter().take(surplus).map(|(_, id)| id.0).collect()
}

/// What changes all the time, besides values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveState {
    /// The site's clock.
    pub now: Instant,
    /// Last journal record.
    pub sequence: Sequence,
    /// The shift on duty.
    pub shift: Option<Shift>,
    /// Whether there are more alarms than an operator can deal with.
    pub flooded: Flooded,
    /// How many anomalies stand in the checkers' queue.
    pub queue: u32,
    /// The shift before the one on duty, where its handover lacks a signature.
    pub unsigned: Option<ShiftName>,
    /// Totals of every book.
    pub totals: Vec<Totals>,
    /// Free bytes on the site's disk.
    pub free_bytes: u64,
    /// Why nothing is accepted at the moment, if so.
    pub refusing: Option<Text>,
    /// State of the chain: the digest's first eight hex digits.
    pub chain_head: String,
    /// The first bad place of the chain that was met since the daemon started.
    pub chain_damaged: Option<Text>,
    /// Sources of data (drop folders, replays, the simulator).
    pub feeds: Vec<Feed>,
}

impl LiveState {
    /// The site's time; `None` where a simulated site has none yet, because nothing has come that names one.
    pub fn time(&self) -> Option<Instant> {
        known_time(self.now)
    }
}

/// A simulated site's clock begins at the earliest instant there is, which is no time.
pub fn known_time(now: Instant) -> Option<Instant> {
    (now > Instant::EARLIEST).then_some(now)
}

/// A source of data (数据来源).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// Its name: the mapping of a drop folder, `replay`, `simulator`.
    pub name: String,
    /// Last file or batch.
    pub last: String,
    /// When it came.
    pub at: Option<Instant>,
    /// Milliseconds from the newest reading in it to the site's clock.
    pub lag_ms: Option<i64>,
    /// Milliseconds by which its clock is ahead of ours.
    pub clock_offset_ms: Option<i64>,
    /// What is wrong with it.
    pub trouble: Option<Text>,
}

/// What changed since the message before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delta {
    /// One more than the number of the message before.
    pub number: u64,
    /// Newest values of the parameters that changed.
    pub values: Vec<(ParameterId, LiveValue)>,
    /// Alarms that changed; `None` of one of which there is nothing more to say.
    pub alarms: Vec<(AlarmId, Option<AlarmView>)>,
    /// Anomalies that changed; `None` of one that left the queue.
    pub anomalies: Vec<(AnomalyId, Option<AnomalyView>)>,
    /// The state.
    pub state: LiveState,
}
