//! Anomalies that look like one thing (同类): found by one check at about the same time and touched by nobody, taken by
//! somebody at once, or decided in one record. A line that fails makes hundreds, and is one thing to look at.

use std::collections::BTreeMap;

use crate::domain::identity::Sequence;
use crate::domain::time::Instant;
use crate::engine::view::AnomalyView;
use crate::quality::anomaly::{AnomalyId, Stage, Work};
use crate::quality::flag::Check;

/// One that begins so long after the one before it belongs to it still, in milliseconds.
const NEXT_MS: i64 = 120_000;

/// And no longer after the first than this.
const WHOLE_MS: i64 = 600_000;

/// So many are something to look at together.
const LEAST: usize = 3;

/// From so many on they are a flood, and folded by themselves.
pub const FLOOD: usize = 10;

/// What they have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Common<'a> {
    /// Nobody has touched them: the check, and the relation by which they were found.
    Untouched(Check, Option<&'a str>),
    /// Somebody has them since an instant.
    Held(Check, Stage, &'a str, Instant),
    /// They were decided in one record.
    Decided(Sequence),
}

fn common(anomaly: &AnomalyView) -> Option<Common<'_>> {
    let (work, check) = (&anomaly.work, anomaly.signs.check());
    if let Some(settled) = &work.settled {
        return Some(Common::Decided(settled.record));
    }
    if let Some(holder) = &work.holder {
        return Some(Common::Held(check, work.stage, &holder.name, holder.at));
    }
    let related = anomaly.signs.related.as_ref();
    (*work == Work::NEW).then(|| Common::Untouched(check, related.map(|related| related.key.as_str())))
}

/// Anomalies that look like one thing.
pub(super) struct Group {
    /// In the order in which they began: the first is the first-out.
    pub(super) members: Vec<AnomalyId>,
    /// Whether they are folded unless somebody wants to see them: a flood, or what was decided in one record.
    pub(super) folds_itself: bool,
}

/// The groups among anomalies. Costs sorting them.
pub(super) fn alike<'a>(anomalies: impl Iterator<Item = &'a AnomalyView>) -> Vec<Group> {
    let mut by_common: BTreeMap<Common<'a>, Vec<&AnomalyView>> = BTreeMap::new();
    for anomaly in anomalies {
        if let Some(common) = common(anomaly) {
            by_common.entry(common).or_default().push(anomaly);
        }
    }
    let mut groups = Vec::new();
    for (common, mut members) in by_common {
        members.sort_by_key(|anomaly| (anomaly.signs.from, anomaly.anomaly));
        let mut group: Vec<&AnomalyView> = Vec::new();
        for anomaly in members {
            let from = anomaly.signs.from;
            let is_next = group.last().is_none_or(|last| from.since(last.signs.from) <= NEXT_MS);
            let is_near = group
                .first()
                .is_none_or(|first| from.since(first.signs.from) <= WHOLE_MS);
            if matches!(common, Common::Untouched(..)) && !(is_next && is_near) {
                keep(&mut groups, &common, &std::mem::take(&mut group));
            }
            group.push(anomaly);
        }
        keep(&mut groups, &common, &group);
    }
    groups
}

fn keep(groups: &mut Vec<Group>, common: &Common<'_>, group: &[&AnomalyView]) {
    if group.len() >= LEAST {
        groups.push(Group {
            members: group.iter().map(|anomaly| anomaly.anomaly).collect(),
            folds_itself: group.len() >= FLOOD || matches!(common, Common::Decided(_)),
        });
    }
}
