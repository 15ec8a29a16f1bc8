//! The jump by name: parameters and nodes by tag, name, id, key, or the initials of their pinyin.

use super::super::keymap::{Action, narrow};
use super::super::model::Model;
use super::super::overlay::{Jump, Overlay, Place};
use super::super::pane::Pane;
use super::super::panes::palette::list_height;
use super::super::pinyin::{self, Found};
use super::super::plant::Plant;
use super::super::widgets::field::Field;
use super::live;
use super::motion::around;
use crate::domain::model::Name;
use crate::quality::alarm::AlarmId;
use crate::quality::anomaly::AnomalyId;

/// Longest name that is typed, in characters.
const LONGEST: usize = 60;

/// Most that is listed; who does not find it among these types on.
const MOST: usize = 200;

/// Opens the jump with some of a name.
pub(super) fn open(model: &mut Model, text: &str) {
    let mut field = Field::new(LONGEST);
    field.set(text);
    model.overlays.push(Overlay::Jump(Jump {
        field,
        found: Vec::new(),
        cursor: 0,
    }));
    list_again(model);
}

/// What was typed changed.
pub(super) fn list_again(model: &mut Model) {
    let Some(Overlay::Jump(jump)) = model.overlays.last() else {
        return;
    };
    let query: String = jump.field.text().trim().chars().map(narrow).collect();
    let found = model
        .displayed()
        .map_or_else(Vec::new, |(plant, _)| found(plant, &query));
    if let Some(Overlay::Jump(jump)) = model.overlays.last_mut() {
        jump.found = found;
        jump.cursor = 0;
    }
}

/// What a query may mean, the likeliest first.
fn found(plant: &Plant, query: &str) -> Vec<Place> {
    let query = query.to_lowercase();
    let mut found: Vec<(u8, Place)> = Vec::new();
    for parameter in &plant.parameters {
        let rank = rank_of_id(&query, parameter.id.0).or_else(|| rank(&query, &parameter.tag, &parameter.name));
        found.extend(rank.map(|rank| (rank, Place::Parameter(parameter.id))));
    }
    for node in &*plant.nodes {
        let rank = rank_of_id(&query, node.id.0).or_else(|| rank(&query, &node.key, &node.name));
        found.extend(rank.map(|rank| (rank, Place::Node(node.id))));
    }
    found.sort_by_key(|&(rank, _)| rank);
    found.truncate(MOST);
    found.into_iter().map(|(_, place)| place).collect()
}

/// Whether a query is a permanent id, as in `#12`.
fn rank_of_id(query: &str, id: u32) -> Option<u8> {
    let number = query.strip_prefix('#')?.parse().ok();
    (number == Some(id)).then_some(0)
}

/// How near a query is to something, the nearest first; `None` where it is not meant.
pub(super) fn rank(query: &str, key: &str, name: &Name) -> Option<u8> {
    if query.is_empty() {
        return Some(0);
    }
    let key = key.to_lowercase();
    if key == query {
        return Some(0);
    }
    if key.starts_with(query) {
        return Some(1);
    }
    let names = [name.zh.to_lowercase(), name.en.to_lowercase()];
    if names.iter().any(|name| name.starts_with(query)) {
        return Some(2);
    }
    match pinyin::find(&name.zh, query) {
        Some(Found::First) => return Some(3),
        Some(Found::Later) => return Some(4),
        None => {}
    }
    let inside = key.contains(query) || names.iter().any(|name| name.contains(query));
    inside.then_some(5)
}

/// A key in the jump.
pub(super) fn key(model: &mut Model, action: Action) {
    let page = list_height(model.size).max(1);
    let Some(Overlay::Jump(jump)) = model.overlays.last_mut() else {
        return;
    };
    let last = jump.found.len().saturating_sub(1);
    match action {
        Action::Run => {
            if let Some(&place) = jump.found.get(jump.cursor) {
                model.overlays.clear();
                go_to(model, place);
            }
        }
        _ => match around(jump.cursor, action, page, last) {
            Some(place) => jump.cursor = place,
            None => drop(model.overlays.pop()),
        },
    }
}

/// Goes to a place: a parameter is selected in the Live pane; of a node its first parameter.
pub(super) fn go_to(model: &mut Model, place: Place) {
    let parameter = match place {
        Place::Parameter(id) => Some(id),
        Place::Node(node) => model.displayed().and_then(|(plant, _)| plant.first_below(node)),
    };
    if let Some(id) = parameter {
        model.pane = Pane::Live;
        live::select(model, id);
    }
}

/// Goes to an alarm; where it does not stand any more, to its parameter.
pub(super) fn go_to_alarm(model: &mut Model, alarm: AlarmId) {
    let stands = model
        .plant
        .as_ref()
        .is_some_and(|plant| plant.alarms.contains_key(&alarm));
    if stands {
        super::go_to(model, Pane::Alarms);
        model.alarms.selected = Some(alarm);
        super::alarms::list_again(model);
    } else {
        go_to(model, Place::Parameter(alarm.parameter));
    }
}

/// Goes to an anomaly in the queue; whether it is there.
pub(super) fn go_to_anomaly(model: &mut Model, anomaly: AnomalyId) -> bool {
    let is_open = model
        .plant
        .as_ref()
        .is_some_and(|plant| plant.anomalies.contains_key(&anomaly));
    if is_open {
        super::go_to(model, Pane::Anomalies);
        model.anomalies.selected = Some(anomaly);
        super::anomalies::list_again(model);
    }
    is_open
}
