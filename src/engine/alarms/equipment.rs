//! Equipment that stands still (设备停运): its alarms are suppressed by design until it runs again
//! (ANSI/ISA-18.2-2016, clause 12).
//!
//! What says that it runs is a parameter of the plan (`runs` of a node): at or below its bound for as long as the plan
//! says, the equipment is stopped; the first value above, and it runs. Silence of that parameter says neither.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::identity::{NodeId, ParameterId};
use crate::domain::model::SiteModel;
use crate::domain::time::{DAY_MS, Instant};
use crate::quality::alarm::{Change, Condition, Observation, Test, Watch};

/// For how long a value of what tells it speaks when none follows: until the next, as far as that matters.
const HOLD_MS: i64 = 366 * DAY_MS;

/// An equipment, or a process, of which the plan says when it runs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Equipment {
    pub(super) node: NodeId,
    /// What tells it.
    pub(super) parameter: ParameterId,
    condition: Condition,
    pub(super) watch: Watch,
}

/// That an equipment stopped, or runs again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turned {
    pub(super) node: NodeId,
    /// What told it.
    pub(super) parameter: ParameterId,
    pub(super) at: Instant,
    pub(super) stopped: bool,
}

impl Equipment {
    fn turned(&self, change: Change) -> Turned {
        let (at, stopped) = match change {
            Change::Raised { at, .. } => (at, true),
            Change::Returned { at, .. } => (at, false),
        };
        Turned {
            node: self.node,
            parameter: self.parameter,
            at,
            stopped,
        }
    }
}

/// All equipment of which the plan says when it runs.
#[derive(Debug, Clone, Default)]
pub(super) struct AllEquipment {
    equipment: Vec<Equipment>,
    /// Parameters that tell of some.
    telling: BTreeSet<ParameterId>,
    /// For each parameter the equipment that it belongs to, as far as it is in the list.
    belongs: BTreeMap<ParameterId, Vec<NodeId>>,
    /// Which stand still.
    stopped: BTreeSet<NodeId>,
}

impl AllEquipment {
    /// As rows have it: which watches stood how.
    pub(super) fn open(model: &SiteModel, watches: &BTreeMap<NodeId, Watch>) -> Self {
        let mut all = Self::default();
        for (node, parameter, condition) in planned(model) {
            if let Some(&watch) = watches.get(&node) {
                all.equipment.push(Equipment {
                    node,
                    parameter,
                    condition,
                    watch,
                });
            }
        }
        all.index(model);
        all
    }

    /// As a model says from now on; what it says as before goes on.
    pub(super) fn renew(&mut self, model: &SiteModel, now: Instant) {
        let mut before = std::mem::take(&mut self.equipment);
        for (node, parameter, condition) in planned(model) {
            let known = before
                .iter()
                .position(|known| known.node == node && known.parameter == parameter && known.condition == condition);
            self.equipment.push(match known {
                Some(place) => before.swap_remove(place),
                None => Equipment {
                    node,
                    parameter,
                    condition,
                    watch: Watch::begun(&condition, now),
                },
            });
        }
        self.index(model);
    }

    /// Watching begins.
    pub(super) fn wake(&mut self, at: Instant) {
        for one in &mut self.equipment {
            one.watch = Watch::begun(&one.condition, at);
        }
    }

    fn index(&mut self, model: &SiteModel) {
        self.telling = self.equipment.iter().map(|one| one.parameter).collect();
        let standing = self.equipment.iter().filter(|one| one.watch.is_active());
        self.stopped = standing.map(|one| one.node).collect();
        self.belongs.clear();
        let listed: BTreeSet<NodeId> = self.equipment.iter().map(|one| one.node).collect();
        for parameter in model.parameters.iter().filter(|parameter| parameter.key) {
            let above = model.way_up(parameter.node);
            let own: Vec<NodeId> = above.filter(|node| listed.contains(node)).collect();
            if !own.is_empty() {
                self.belongs.insert(parameter.id, own);
            }
        }
    }

    /// Whether a parameter tells of some.
    pub(super) fn is_told_by(&self, parameter: ParameterId) -> bool {
        self.telling.contains(&parameter)
    }

    /// What a reading of a parameter says.
    pub(super) fn heard(&mut self, parameter: ParameterId, at: Instant, observation: Observation) -> Vec<Turned> {
        let mut turned = Vec::new();
        for one in self.equipment.iter_mut().filter(|one| one.parameter == parameter) {
            let changes: Vec<Change> = one.watch.observe(&one.condition, at, observation).collect();
            turned.extend(changes.into_iter().map(|change| one.turned(change)));
        }
        turned
    }

    /// What changes by itself up to an instant.
    pub(super) fn passed(&mut self, now: Instant) -> Vec<Turned> {
        let mut turned = Vec::new();
        for one in &mut self.equipment {
            let changes: Vec<Change> = one.watch.pass(&one.condition, now).collect();
            turned.extend(changes.into_iter().map(|change| one.turned(change)));
        }
        turned
    }

    /// The first instant at which something changes by itself.
    pub(super) fn due(&self) -> Option<Instant> {
        let due = self.equipment.iter().filter_map(|one| one.watch.due(&one.condition));
        due.min()
    }

    /// Takes over that one turned; the parameters that belong to it, each with whether it stands still now.
    pub(super) fn turn(&mut self, turned: Turned) -> Vec<(ParameterId, bool)> {
        if turned.stopped {
            self.stopped.insert(turned.node);
        } else {
            self.stopped.remove(&turned.node);
        }
        let own = self.belongs.iter().filter(|(_, nodes)| nodes.contains(&turned.node));
        own.map(|(&parameter, _)| (parameter, self.stands_still(parameter)))
            .collect()
    }

    /// Whether an equipment to which a parameter belongs stands still.
    pub(super) fn stands_still(&self, parameter: ParameterId) -> bool {
        let own = self.belongs.get(&parameter);
        own.is_some_and(|nodes| nodes.iter().any(|node| self.stopped.contains(node)))
    }

    /// The watches of those that a parameter tells of, for its row.
    pub(super) fn watches(&self, parameter: ParameterId) -> impl Iterator<Item = (NodeId, Watch)> {
        let own = self.equipment.iter().filter(move |one| one.parameter == parameter);
        own.map(|one| (one.node, one.watch))
    }
}

/// What a model says of when equipment runs: node, what tells it, when it is stopped.
fn planned(model: &SiteModel) -> Vec<(NodeId, ParameterId, Condition)> {
    let mut planned = Vec::new();
    for node in &model.nodes {
        let Some(runs) = &node.runs else { continue };
        let parameter = model.parameter(runs.parameter);
        let Some(parameter) = parameter else { continue };
        let limit = crate::quality::alarm::plan::above(runs.above, parameter.decimals);
        let test = Test::Below {
            limit,
            deadband: 0,
            second: false,
        };
        // The model's check has seen that this cannot contradict itself.
        if let Ok(condition) = Condition::new(test, runs.after_ms, 0, HOLD_MS) {
            planned.push((node.id, parameter.id, condition));
        }
    }
    planned
}
