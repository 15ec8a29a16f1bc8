//! Groups (报警分组): alarms of one cause as one thing, with the first of them (首出报警, first-out).
//!
//! One event in a plant raises many alarms: a compressor trips, and every flow below it is low; a connection drops, and
//! every parameter behind it is silent. What belongs together is found by three questions, in this order:
//!
//! 1. **Of one cause?** What the process does, what an instrument does and what the way of the data does are never one
//!    event. Silence of one feed is one event wherever its parameters stand.
//! 2. **At one time?** Sorted by when conditions began, a pause longer than [`GroupSettings`] allows divides.
//! 3. **In one place?** Of alarms of the process or of instruments, those whose equipment hangs below the same upstream
//!    equipment (上游设备) that is in alarm itself. Equipment that only shares an upstream neighbour in good order is not
//!    grouped: nothing says that its alarms have one cause.
//!
//! **First-out** is the alarm whose condition began first: not the one that was announced first, since delays differ. A
//! condition is seen at a reading and began somewhere after the reading before it, so that two may lie too close together
//! for anybody to say which was first; [`Group::perhaps_first`] names those. Of equals the one farthest upstream stands
//! first, since causes flow downstream; then the one that speaks of no data, since it explains what others show; then
//! limits as a rising value passes them; then the smaller id, so that the order never hangs on the order of arrival.
//!
//! All is a function of the set of alarms: the same set gives the same groups, in whatever order it is given.

use std::collections::BTreeMap;

use super::identity::{AlarmId, Kind};
use crate::domain::identity::NodeId;
use crate::domain::time::Instant;
use crate::quality::settings::{SettingsError, window};

/// The class of cause (原因类别) that an alarm points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The way of the data (通信): nothing comes. With the number of the feed that would bring it, where it is known.
    Delivery(Option<u32>),
    /// The instrument (仪表): what comes is marked bad.
    Instrument,
    /// The process (工艺): a limit is passed.
    Process,
}

impl Cause {
    /// The cause to which a kind of alarm points, with the feed of its parameter.
    pub const fn of(kind: Kind, feed: Option<u32>) -> Self {
        match kind {
            Kind::NoData => Self::Delivery(feed),
            Kind::MarkedBad => Self::Instrument,
            Kind::LowLow | Kind::Low | Kind::High | Kind::HighHigh => Self::Process,
        }
    }
}

/// An alarm to be grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Which.
    pub alarm: AlarmId,
    /// Where its parameter belongs.
    pub node: NodeId,
    /// To which cause it points.
    pub cause: Cause,
    /// When its condition was first seen ([`Change::Raised`](super::condition::Change::Raised)).
    pub since: Instant,
    /// How long before that it may have begun unseen: the interval of its parameter's readings, in milliseconds.
    pub unseen_ms: i64,
}

impl Member {
    /// Whether it may have begun before an instant, or at it.
    fn may_precede(&self, at: Instant) -> bool {
        self.since == at || self.since.plus(self.unseen_ms.max(0).saturating_neg()) < at
    }
}

/// How close together alarms of one event are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupSettings {
    pause_ms: i64,
}

impl GroupSettings {
    /// The longest pause within a group, in milliseconds; refused where it is not above 0.
    pub fn new(pause_ms: i64) -> Result<Self, SettingsError> {
        Ok(Self {
            pause_ms: window("pause", pause_ms)?,
        })
    }
}

/// Alarms of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Their cause.
    pub cause: Cause,
    /// The equipment farthest upstream that is in alarm; of a feed, that of the first alarm.
    pub head: NodeId,
    /// All of them, the first-out first, then in the order of time.
    pub members: Vec<Member>,
    /// Others that may have been first as well: they began, as far as can be told, at the same time.
    pub perhaps_first: Vec<AlarmId>,
}

impl Group {
    /// The first-out.
    pub fn first(&self) -> Option<&Member> {
        self.members.first()
    }
}

/// How many steps upstream are followed at most: a tree of equipment is never so deep, and a model with a loop in it ends.
const MOST_STEPS: usize = 64;

/// Puts alarms into groups, in the order of their first-outs. `upstream` names the equipment upstream of another, or above
/// it in the tree. Costs n log n, and of each alarm the steps upstream.
pub fn groups(members: &[Member], upstream: impl Fn(NodeId) -> Option<NodeId>, settings: GroupSettings) -> Vec<Group> {
    let mut by_cause: BTreeMap<Cause, Vec<Member>> = BTreeMap::new();
    for member in members {
        by_cause.entry(member.cause).or_default().push(*member);
    }
    let mut found = Vec::new();
    for (cause, mut members) in by_cause {
        members.sort_by_key(|member| (member.since, member.alarm, member.node));
        members.dedup();
        for together in members.chunk_by(|one, next| next.since.since(one.since) <= settings.pause_ms) {
            of_one_time(cause, together, &upstream, &mut found);
        }
    }
    found.sort_by_key(|group| group.first().map(|first| (first.since, first.alarm)));
    found
}

/// The groups of alarms of one cause and one time.
fn of_one_time(cause: Cause, members: &[Member], upstream: &impl Fn(NodeId) -> Option<NodeId>, found: &mut Vec<Group>) {
    let path = |node: NodeId| std::iter::successors(Some(node), |&node| upstream(node)).take(MOST_STEPS);
    let mut in_alarm: Vec<NodeId> = members.iter().map(|member| member.node).collect();
    in_alarm.sort_unstable();
    in_alarm.dedup();
    let mut by_head: BTreeMap<Option<NodeId>, Vec<Member>> = BTreeMap::new();
    for member in members {
        // A feed that is known is a place of its own.
        let head = match cause {
            Cause::Delivery(Some(_)) => None,
            _ => path(member.node)
                .filter(|node| in_alarm.binary_search(node).is_ok())
                .last(),
        };
        by_head.entry(head).or_default().push(*member);
    }
    for (head, mut members) in by_head {
        let depth = |node| path(node).count();
        members.sort_by_cached_key(|member| (member.since, depth(member.node), member.alarm.kind, member.alarm));
        let Some(first) = members.first().copied() else {
            continue;
        };
        let others = members.iter().skip(1);
        let perhaps_first = others
            .filter(|member| member.may_precede(first.since))
            .map(|member| member.alarm)
            .collect();
        found.push(Group {
            cause,
            head: head.unwrap_or(first.node),
            members,
            perhaps_first,
        });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::identity::ParameterId;

    /// Two trees: 1 above 2 and 3, 3 above 4; and 9 by itself.
    fn upstream(node: NodeId) -> Option<NodeId> {
        match node.0 {
            2 | 3 => Some(NodeId(1)),
            4 => Some(NodeId(3)),
            _ => None,
        }
    }

    fn member(parameter: u32, kind: Kind, node: u32, since: i64) -> Member {
        Member {
            alarm: AlarmId {
                parameter: ParameterId(parameter),
                kind,
            },
            node: NodeId(node),
            cause: Cause::of(kind, None),
            since: Instant(since),
            unseen_ms: 0,
        }
    }

    fn grouped(members: &[Member]) -> Vec<Vec<u32>> {
        let settings = GroupSettings::new(60_000).unwrap();
        let parameters = |group: Group| group.members.iter().map(|one| one.alarm.parameter.0).collect();
        groups(members, upstream, settings)
            .into_iter()
            .map(parameters)
            .collect()
    }

    #[test]
    fn what_hangs_below_equipment_in_alarm_is_one_group_with_the_first_at_its_head() {
        let members = [
            member(10, Kind::Low, 4, 5_000),
            member(11, Kind::Low, 2, 9_000),
            member(12, Kind::High, 1, 2_000),
            member(13, Kind::Low, 9, 3_000),
        ];
        assert_eq!(grouped(&members), [vec![12, 10, 11], vec![13]]);
    }

    #[test]
    fn neighbours_below_equipment_in_good_order_are_not_grouped() {
        let members = [member(10, Kind::Low, 2, 0), member(11, Kind::Low, 4, 1_000)];
        assert_eq!(grouped(&members), [vec![10], vec![11]]);
        // In between stands equipment in good order: what matters is the farthest in alarm.
        let members = [member(10, Kind::Low, 1, 0), member(11, Kind::Low, 4, 1_000)];
        assert_eq!(grouped(&members), [vec![10, 11]]);
    }

    #[test]
    fn causes_and_times_divide_and_a_standing_alarm_upstream_draws_nothing_to_it() {
        let members = [
            member(10, Kind::High, 1, 0),
            member(11, Kind::MarkedBad, 1, 0),
            member(12, Kind::High, 2, 61_000),
            member(13, Kind::High, 3, 61_000),
        ];
        assert_eq!(grouped(&members), [vec![10], vec![11], vec![12], vec![13]]);
    }

    #[test]
    fn a_pause_as_long_as_is_allowed_divides_nothing() {
        let pair = |pause| [member(10, Kind::High, 1, 0), member(11, Kind::High, 2, pause)];
        assert_eq!(grouped(&pair(60_000)), [vec![10, 11]]);
        assert_eq!(grouped(&pair(60_001)), [vec![10], vec![11]]);
    }

    #[test]
    fn the_silence_of_a_feed_is_one_group_wherever_its_parameters_stand() {
        let silent = |parameter, node, since, feed| Member {
            cause: Cause::Delivery(Some(feed)),
            ..member(parameter, Kind::NoData, node, since)
        };
        let members = [silent(1, 2, 0, 7), silent(2, 9, 10, 7), silent(3, 4, 5, 8)];
        assert_eq!(grouped(&members), [vec![1, 2], vec![3]]);
    }

    #[test]
    fn the_first_is_named_with_all_that_may_have_been_first() {
        let settings = GroupSettings::new(60_000).unwrap();
        let seen_every = |unseen_ms, member| Member { unseen_ms, ..member };
        let members = [
            // Seen first, but every ten seconds only.
            seen_every(10_000, member(10, Kind::Low, 4, 20_000)),
            // Seen later; may have begun between 19 s and 29 s.
            seen_every(10_000, member(11, Kind::Low, 3, 29_000)),
            // Began after 20 s in any case.
            seen_every(1_000, member(12, Kind::Low, 1, 21_000)),
        ];
        let found = groups(&members, upstream, settings);
        let [group] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(group.first().unwrap().alarm.parameter, ParameterId(10));
        assert_eq!(group.perhaps_first, [members[1].alarm]);
        assert_eq!(group.head, NodeId(1));
    }

    #[test]
    fn of_equals_the_one_upstream_is_first() {
        let members = [
            member(1, Kind::HighHigh, 3, 0),
            member(2, Kind::High, 3, 0),
            member(3, Kind::High, 1, 0),
        ];
        assert_eq!(grouped(&members), [vec![3, 2, 1]]);
    }

    #[test]
    fn a_model_with_a_loop_ends() {
        let settings = GroupSettings::new(1).unwrap();
        let around = |node: NodeId| Some(NodeId(3 - node.0));
        let members = [member(1, Kind::High, 1, 0), member(2, Kind::High, 2, 0)];
        assert_eq!(
            groups(&members, around, settings)
                .iter()
                .map(|group| group.members.len())
                .sum::<usize>(),
            2
        );
        assert!(groups(&[], around, settings).is_empty());
    }

    proptest! {
        #[test]
        fn groups_hold_every_alarm_once_in_whatever_order_they_came(
            mut members in proptest::collection::vec(
                (0_u32..20, 0_usize..6, 0_u32..10, 0_i64..300_000),
                0..30,
            ).prop_map(|all| {
                all.into_iter()
                    .enumerate()
                    .map(|(number, (parameter, kind, node, since))| {
                        let number = u32::try_from(number).unwrap();
                        member(parameter + 100 * number, Kind::ALL[kind], node, since)
                    })
                    .collect::<Vec<_>>()
            }),
            turn in 0_usize..30,
        ) {
            let settings = GroupSettings::new(10_000).unwrap();
            let once = groups(&members, upstream, settings);
            let turn = turn.min(members.len());
            members.rotate_left(turn);
            members.reverse();
            prop_assert_eq!(&groups(&members, upstream, settings), &once);
            let mut all: Vec<AlarmId> = once.iter().flat_map(|group| &group.members).map(|one| one.alarm).collect();
            all.sort();
            let mut wanted: Vec<AlarmId> = members.iter().map(|one| one.alarm).collect();
            wanted.sort();
            prop_assert_eq!(all, wanted);
            for group in &once {
                let first = group.first().unwrap();
                prop_assert!(group.members.iter().all(|one| one.since >= first.since && one.cause == group.cause));
            }
        }
    }
}
