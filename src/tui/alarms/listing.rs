//! The rows of the Alarms pane: alarms in groups of one cause, the most urgent first; or the hidden ones by why they are.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::is_owed;
use crate::domain::time::Instant;
use crate::engine::view::{AlarmView, grouped};
use crate::quality::alarm::state::List;
use crate::quality::alarm::{AlarmId, Kind, Label, Priority};
use crate::tui::plant::Plant;

/// A row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Which alarm.
    pub alarm: AlarmId,
    /// The place of its group.
    pub group: usize,
    /// What it is in it.
    pub part: Part,
    /// Whether it was the first of it.
    pub first: FirstOut,
}

/// What a row is in its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Alone,
    /// The first row of several.
    Head,
    /// One of the rows below the first.
    Below,
    /// It stands for others that are not shown.
    Folded {
        /// How many others.
        others: usize,
        /// The one of the highest priority of all of them, whoever has answered for it.
        worst: AlarmId,
    },
}

/// Whether an alarm was the first of its group (首出报警).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstOut {
    /// Another was, or there are no others.
    No,
    /// It was.
    Yes,
    /// It may have been as well.
    Perhaps,
}

/// Which alarms are listed.
pub struct Wanted<'a> {
    /// What an alarm must contain, in lower case.
    pub words: &'a [String],
    /// Names of the kinds of alarms, in lower case.
    pub kinds: &'a BTreeMap<Kind, String>,
}

impl Wanted<'_> {
    fn has(&self, plant: &Plant, id: AlarmId) -> bool {
        let kind = self.kinds.get(&id.kind).map_or("", String::as_str);
        let place = plant.place_of(id.parameter);
        let in_parameter = |word: &str| place.is_some_and(|place| plant.contains(place, word));
        self.words
            .iter()
            .all(|word| kind.contains(word.as_str()) || in_parameter(word))
    }
}

/// The rows, and the groups that they are of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The rows.
    pub rows: Vec<Row>,
    /// The alarms of each group, the first of it first, listed or not.
    pub groups: Vec<Vec<AlarmId>>,
    /// How many alarms fit what is wanted, folded or not.
    pub fitting: usize,
}

/// How urgent an alarm is; the most urgent is the least: what nobody has answered for, then what stands, then what has
/// gone; then by priority, then the newest.
fn urgency(alarm: &AlarmView) -> (u8, Reverse<Priority>, Reverse<Instant>, AlarmId) {
    let stage = match alarm.state.label() {
        Label::Unacknowledged | Label::LatchedUnacknowledged => 0,
        Label::Acknowledged | Label::LatchedAcknowledged => 1,
        _ => 2,
    };
    (stage, Reverse(alarm.priority), Reverse(alarm.began()), alarm.alarm)
}

impl Listing {
    /// Those that an operator works on.
    pub fn active(plant: &Plant, wanted: &Wanted<'_>, is_folded: impl Fn(AlarmId) -> bool) -> Self {
        let active = |alarm: &&AlarmView| alarm.state.label().indication().list == List::Active;
        let feeds = plant.state.feeds.iter().map(|feed| feed.name.as_str());
        let found = grouped(
            &plant.parameters,
            &plant.nodes,
            plant.alarms.values().filter(active),
            feeds,
        );
        let mut listed = Vec::new();
        let mut fitting = 0;
        for group in found {
            let all: Vec<AlarmId> = group.members.iter().map(|member| member.alarm).collect();
            let Some(first) = all.first().copied() else { continue };
            let mut shown: Vec<&AlarmView> = all
                .iter()
                .filter(|id| wanted.has(plant, **id))
                .filter_map(|id| plant.alarms.get(id))
                .collect();
            fitting += shown.len();
            // The first stays the first; the others stand by how urgent they are.
            shown.sort_by_key(|alarm| (alarm.alarm != first, urgency(alarm)));
            let Some(most_urgent) = shown.iter().map(|alarm| urgency(alarm)).min() else {
                continue;
            };
            listed.push((most_urgent, all, group.perhaps_first, shown));
        }
        listed.sort_by_key(|(most_urgent, ..)| *most_urgent);
        let mut listing = Self {
            fitting,
            ..Self::default()
        };
        for (group, (_, all, perhaps, shown)) in listed.into_iter().enumerate() {
            listing.add(group, &all, &perhaps, &shown, &is_folded);
            listing.groups.push(all);
        }
        listing
    }

    fn add(
        &mut self,
        group: usize,
        all: &[AlarmId],
        perhaps: &[AlarmId],
        shown: &[&AlarmView],
        is_folded: &impl Fn(AlarmId) -> bool,
    ) {
        let first = all.first().copied();
        let folded = first.is_some_and(is_folded);
        let others = shown.len().saturating_sub(1);
        // That somebody has answered for a critical one makes its group no milder.
        let worst = shown
            .iter()
            .min_by_key(|alarm| (Reverse(alarm.priority), urgency(alarm)));
        let worst = worst.map(|alarm| alarm.alarm);
        for (place, alarm) in shown.iter().enumerate() {
            let part = match (place, others) {
                (0, 0) => Part::Alone,
                (0, _) if folded => Part::Folded {
                    others,
                    worst: worst.unwrap_or(alarm.alarm),
                },
                (0, _) => Part::Head,
                _ => Part::Below,
            };
            let first = if all.len() < 2 {
                FirstOut::No
            } else if Some(alarm.alarm) == first {
                FirstOut::Yes
            } else if perhaps.contains(&alarm.alarm) {
                FirstOut::Perhaps
            } else {
                FirstOut::No
            };
            self.rows.push(Row {
                alarm: alarm.alarm,
                group,
                part,
                first,
            });
            if folded {
                break;
            }
        }
    }

    /// Those that are hidden: the shelved by the time that they have left, the suppressed, those out of service by their
    /// age.
    pub fn hidden(plant: &Plant, wanted: &Wanted<'_>) -> Self {
        let mut shown: Vec<&AlarmView> = plant
            .alarms
            .values()
            .filter(|alarm| alarm.state.label().is_hidden() && wanted.has(plant, alarm.alarm))
            .collect();
        shown.sort_by_key(|alarm| {
            let state = &alarm.state;
            let out_since = state.out_of_service.as_ref().map(|out| out.since);
            (state.label(), state.shelf_ends(), out_since, alarm.alarm)
        });
        let rows = shown.iter().enumerate().map(|(group, alarm)| Row {
            alarm: alarm.alarm,
            group,
            part: Part::Alone,
            first: FirstOut::No,
        });
        Self {
            rows: rows.collect(),
            groups: shown.iter().map(|alarm| vec![alarm.alarm]).collect(),
            fitting: shown.len(),
        }
    }

    /// The row of an alarm, or the row that stands for the group in which it is folded.
    pub fn place_of(&self, alarm: AlarmId) -> Option<usize> {
        let own = self.rows.iter().position(|row| row.alarm == alarm);
        own.or_else(|| {
            let group = self.groups.iter().position(|group| group.contains(&alarm))?;
            self.rows.iter().position(|row| row.group == group)
        })
    }

    /// The alarms of a row's group, the first of it first.
    pub fn group_of(&self, row: Row) -> &[AlarmId] {
        self.groups.get(row.group).map_or(&[], Vec::as_slice)
    }

    /// How many of a group's alarms nobody has answered for.
    pub fn owed(&self, plant: &Plant, row: Row) -> usize {
        let alarms = self.group_of(row).iter().filter_map(|id| plant.alarms.get(id));
        alarms.filter(|alarm| is_owed(alarm.state.label())).count()
    }
}
