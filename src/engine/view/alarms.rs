//! Alarms as screens and lists show them, and which of them are of one cause.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::domain::identity::{NodeId, ParameterId, Sequence};
use crate::domain::model::Level;
use crate::domain::time::Instant;
use crate::quality::alarm::flood::Flood;
use crate::quality::alarm::group::{Cause, Group, GroupSettings, Member, groups};
use crate::quality::alarm::priority::Ranking;
use crate::quality::alarm::{AlarmId, AlarmState, Priority};

use super::{LiveParameter, NodeView};

/// An alarm of which there is something to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmView {
    /// Which.
    pub alarm: AlarmId,
    /// The feed that brought the newest value, of an alarm that nothing comes any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feed: Option<String>,
    /// How it stands.
    pub state: AlarmState,
    /// How urgent it was when it was raised.
    pub priority: Priority,
    /// On what that rests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ranking: Option<Ranking>,
    /// When its condition began to hold, the last time that it was raised.
    pub since: Option<Instant>,
    /// When it was last announced; none where it never was.
    pub told: Option<Instant>,
    /// Since when its condition is as it is: raised or returned.
    pub changed: Instant,
    /// The limit, as a count of the parameter's quantum; of an alarm of a limit.
    pub limit: Option<i64>,
    /// The value farthest out since its condition last began to hold.
    pub worst: Option<i64>,
    /// Whether it chatters (频繁抖动).
    pub chatters: bool,
    /// Who did something with it last.
    pub answered_by: Option<Answerer>,
}

impl AlarmView {
    /// Since when what it tells of has been so: its condition began to hold then, or is as it is since.
    pub fn began(&self) -> Instant {
        self.since.unwrap_or(self.changed)
    }
}

/// Who did something with an alarm, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answerer {
    /// Staff number, or the user of the post.
    pub name: String,
    /// When.
    pub at: Instant,
    /// In which record.
    pub record: Sequence,
}

/// More alarms than an operator can deal with (报警泛滥).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Flooded {
    /// The flood that lasts.
    pub lasts: Option<Flood>,
    /// Alarms in the last ten minutes.
    pub rate: u64,
}

/// The longest pause between two alarms of one event, in milliseconds: longer than the delays with which conditions are
/// announced, shorter than what an operator would call later.
const PAUSE_MS: i64 = 300_000;

/// Stands for the place of a parameter that the model does not know any more.
const NOWHERE: NodeId = NodeId(u32::MAX);

/// Alarms in groups of one cause, the first-out of each first. `feeds` names all that there are: what is silent and was never
/// heard waits for the only one, if there is only one. Costs the parameters once, then what [`groups`] costs.
pub fn grouped<'a>(
    parameters: &[LiveParameter],
    nodes: &[NodeView],
    alarms: impl Iterator<Item = &'a AlarmView>,
    mut feeds: impl Iterator<Item = &'a str>,
) -> Vec<Group> {
    let lone_feed = feeds.next().filter(|_| feeds.next().is_none());
    let alarms: Vec<&AlarmView> = alarms.collect();
    let feed_of = |alarm: &'a AlarmView| alarm.feed.as_deref();
    let feeds: BTreeSet<&str> = alarms
        .iter()
        .filter_map(|alarm| feed_of(alarm))
        .chain(lone_feed)
        .collect();
    let number = |feed: &str| {
        let place = feeds.iter().position(|known| *known == feed);
        place.and_then(|place| u32::try_from(place).ok())
    };
    let places: HashMap<ParameterId, (NodeId, i64)> = parameters
        .iter()
        .map(|parameter| (parameter.id, (parameter.node, parameter.interval_ms)))
        .collect();
    let nodes: HashMap<NodeId, &NodeView> = nodes.iter().map(|node| (node.id, node)).collect();
    let member = |alarm: &&'a AlarmView| {
        let feed = feed_of(alarm).or(lone_feed).and_then(number);
        let (node, unseen_ms) = places.get(&alarm.alarm.parameter).copied().unwrap_or((NOWHERE, 0));
        Member {
            alarm: alarm.alarm,
            node,
            cause: Cause::of(alarm.alarm.kind, feed),
            since: alarm.began(),
            unseen_ms,
        }
    };
    let members: Vec<Member> = alarms.iter().map(member).collect();
    // The enterprise itself is above all and the cause of nothing.
    let upstream = |node: NodeId| {
        let node = nodes.get(&node)?;
        let above = node.upstream.or(node.parent)?;
        (nodes.get(&above)?.level != Level::Enterprise).then_some(above)
    };
    match GroupSettings::new(PAUSE_MS) {
        Ok(settings) => groups(&members, upstream, settings),
        // Without groups nothing may be missing.
        Err(_) => members.into_iter().map(alone).collect(),
    }
}

/// An alarm as a group of its own.
fn alone(member: Member) -> Group {
    Group {
        cause: member.cause,
        head: member.node,
        members: vec![member],
        perhaps_first: Vec::new(),
    }
}
