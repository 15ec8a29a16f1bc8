//! Keys of the Alarms pane, and what is listed as alarms come and go.

mod bell;
mod deed;

use std::collections::{BTreeMap, BTreeSet};

use super::super::alarms::{Before, Listing, Part, Row, Signals, Tally, Wanted};
use super::super::keymap::Action;
use super::super::model::Model;
use super::super::overlay::Overlay;
use super::super::panes::alarms::{as_text, body_height, headings, table_row};
use super::super::plant::{Plant, reading_target};
use super::motion::{moved, scrolled};
use super::{Effect, chart, explain, hold, indicators};
use crate::domain::text::{Explained, Text};
use crate::engine::alarms::AlarmDeed;
use crate::engine::view::{AlarmView, Target};
use crate::quality::alarm::{AlarmId, Kind};
use crate::wire::live::Delta;

pub(super) use self::bell::{announced, ring};
pub(super) use self::deed::{answer, link_is_up, reason_key, typed};

/// A key in the Alarms pane.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.alarms.filtering {
        match action {
            Action::Accept => model.alarms.filtering = false,
            Action::Back => {
                model.alarms.filtering = false;
                filter_by(model, "");
            }
            _ => {}
        }
        return Vec::new();
    }
    match action {
        Action::Acknowledge => return deed::acknowledge(model),
        Action::AcknowledgeShown => return deed::acknowledge_shown(model),
        Action::ResetAlarm => return deed::of_chosen(model, AlarmDeed::Reset),
        Action::Unshelve => return deed::of_chosen(model, AlarmDeed::Unshelve),
        Action::ReturnToService => return deed::of_chosen(model, AlarmDeed::ReturnToService),
        Action::Shelve | Action::RemoveFromService => deed::ask_why(model, action),
        Action::Pick => pick(model),
        Action::Hidden => {
            let alarms = &mut model.alarms;
            alarms.hidden = !alarms.hidden;
            alarms.picked.clear();
            alarms.cursor = 0;
            alarms.before = None;
            list_again(model);
        }
        Action::Right => fold(model, Some(false)),
        Action::Left => fold(model, Some(true)),
        Action::Fold => fold(model, None),
        Action::Filter => model.alarms.filtering = true,
        Action::Freeze => hold(model),
        Action::Back => back(model),
        Action::Open => return open(model),
        Action::Figures => return indicators::open(model),
        Action::Explain => return explain_newest(model),
        Action::Record => return explain_record(model),
        Action::Copy => return as_text(model).map(Effect::Copy).into_iter().collect(),
        _ => go(model, action),
    }
    Vec::new()
}

/// The selected alarm, if it is still there.
fn selected(model: &Model) -> Option<&AlarmView> {
    let (plant, _) = model.displayed()?;
    plant.alarms.get(&model.alarms.selected?)
}

/// Unfolds a group, or opens the chart of the parameter when the alarm began.
fn open(model: &mut Model) -> Vec<Effect> {
    if let Some(Row {
        part: Part::Folded { .. },
        ..
    }) = model.alarms.row()
    {
        fold(model, Some(false));
        return Vec::new();
    }
    let Some((parameter, at)) = selected(model).map(|alarm| (alarm.alarm.parameter, alarm.since)) else {
        return Vec::new();
    };
    chart::open_at(model, parameter, at)
}

fn explain_newest(model: &mut Model) -> Vec<Effect> {
    let target = selected(model).and_then(|alarm| {
        let (plant, _) = model.displayed()?;
        plant.parameter_of(alarm.alarm.parameter).and_then(reading_target)
    });
    target.map_or_else(Vec::new, |target| explain::open(model, target))
}

fn explain_record(model: &mut Model) -> Vec<Effect> {
    let record = selected(model).and_then(|alarm| alarm.answered_by.as_ref().map(|by| by.record));
    let Some(sequence) = record else {
        model.notice = Some(Text::new("tui-alarm-no-record"));
        return Vec::new();
    };
    explain::open(model, Target::Record { sequence })
}

/// Lets go of what is picked, then of what keeps alarms off the list, then of the list of hidden ones.
fn back(model: &mut Model) {
    let alarms = &mut model.alarms;
    if !alarms.picked.is_empty() {
        alarms.picked.clear();
    } else if alarms.filter.is_empty() {
        alarms.hidden = false;
    } else {
        alarms.filter.clear();
    }
    list_again(model);
}

/// Picks the selected alarm for the next deed, or no longer, and goes on to the next.
fn pick(model: &mut Model) {
    let alarms = &mut model.alarms;
    if let Some(alarm) = alarms.selected {
        if !alarms.picked.remove(&alarm) {
            alarms.picked.insert(alarm);
        }
        go(model, Action::Down);
    }
}

/// Folds the group under the cursor, unfolds it, or does the other of the two.
fn fold(model: &mut Model, folded: Option<bool>) {
    let alarms = &mut model.alarms;
    let first = alarms.row().and_then(|row| match alarms.listing.group_of(row) {
        [first, _, ..] => Some(*first),
        _ => None,
    });
    let Some(first) = first else { return };
    if folded.is_none_or(|folded| folded != alarms.is_folded(first)) && !alarms.turned.remove(&first) {
        alarms.turned.insert(first);
    }
    alarms.before = None;
    list_again(model);
}

fn go(model: &mut Model, action: Action) {
    let page = body_height(model.size).max(1);
    let alarms = &mut model.alarms;
    let last = alarms.listing.rows.len().saturating_sub(1);
    if let Some(cursor) = moved(alarms.cursor, action, page, last) {
        alarms.cursor = cursor;
        alarms.selected = alarms.row().map(|row| row.alarm);
        // Who moves sees what there is now.
        alarms.before = None;
        keep_in_view(model);
    }
}

/// Filters the rows by a text, from whatever had the keys.
pub(super) fn filter_by(model: &mut Model, text: &str) {
    model.alarms.before = None;
    model.alarms.filter.set(text);
    list_again(model);
}

/// Lists the rows again, keeping the selected alarm under the cursor where it is still listed.
pub(super) fn list_again(model: &mut Model) {
    let words: Vec<String> = model
        .alarms
        .filter
        .text()
        .split_whitespace()
        .map(str::to_lowercase)
        .collect();
    let kinds = kinds(model);
    let wanted = Wanted {
        words: &words,
        kinds: &kinds,
    };
    let flooded = model
        .displayed()
        .is_some_and(|(plant, _)| plant.state.flooded.lasts.is_some());
    if flooded != model.alarms.flooded {
        model.alarms.flooded = flooded;
        model.alarms.turned.clear();
    }
    let listing = model.displayed().map_or_else(Listing::default, |(plant, _)| {
        if model.alarms.hidden {
            Listing::hidden(plant, &wanted)
        } else {
            Listing::active(plant, &wanted, |first| model.alarms.is_folded(first))
        }
    });
    let alarms = &mut model.alarms;
    alarms.listing = listing;
    let last = alarms.listing.rows.len().saturating_sub(1);
    let kept = alarms.selected.and_then(|selected| alarms.listing.place_of(selected));
    alarms.cursor = kept.unwrap_or(alarms.cursor).min(last);
    alarms.selected = alarms.row().map(|row| row.alarm);
    let listed: BTreeSet<AlarmId> = alarms.listing.rows.iter().map(|row| row.alarm).collect();
    alarms.picked.retain(|picked| listed.contains(picked));
    keep_in_view(model);
}

/// Names of the kinds, as one types them.
fn kinds(model: &Model) -> BTreeMap<Kind, String> {
    let name = |kind: Kind| model.shown.text(&kind.text()).to_lowercase();
    Kind::ALL.into_iter().map(|kind| (kind, name(kind))).collect()
}

/// Scrolls as little as is needed to show the cursor.
pub(super) fn keep_in_view(model: &mut Model) {
    let height = body_height(model.size).max(1);
    let alarms = &mut model.alarms;
    alarms.top = scrolled(alarms.top, alarms.cursor, height).min(alarms.listing.rows.len().saturating_sub(height));
}

/// The daemon told everything anew: `before` is the plant as it was told until then, if it was.
pub(super) fn told_anew(model: &mut Model, before: Option<&Plant>) {
    if let (Some(before), Some(plant)) = (before, &model.plant) {
        model.alarms.bell.owed |= announced(&before.alarms, plant.alarms.values());
    }
    heard(model);
}

/// What a delta says of alarms, before it is taken in: whether the list may change by it.
pub(super) fn will_change(model: &mut Model, delta: &Delta) -> bool {
    let Some(plant) = &model.plant else {
        return false;
    };
    let told = delta.alarms.iter().filter_map(|(_, alarm)| alarm.as_ref());
    model.alarms.bell.owed |= announced(&plant.alarms, told);
    !delta.alarms.is_empty() || delta.state.flooded.lasts.is_some() != plant.state.flooded.lasts.is_some()
}

/// Alarms of the plant have changed.
pub(super) fn heard(model: &mut Model) {
    if let Some(plant) = &model.plant {
        model.alarms.tally = Tally::of(plant.alarms.values());
    }
    if model.held.is_some() {
        return;
    }
    // Of changes in quick succession what stood before the first is what somebody saw.
    if model.alarms.meant(model.elapsed).is_none() {
        let height = body_height(model.size);
        model.alarms.before = Some(Before {
            at: model.elapsed,
            seen: model.alarms.on_screen(height).map(|(_, row)| row.alarm).collect(),
            selected: model.alarms.selected,
        });
    }
    list_again(model);
}

/// Somebody else sits here: what another picked or typed is not theirs, nor that they wanted to hear and see less.
pub(super) fn somebody_else(model: &mut Model) {
    model.overlays.retain(|overlay| !matches!(overlay, Overlay::Reason(_)));
    model.alarms.picked.clear();
    model.alarms.signals = Signals::default();
}

/// The listed alarms as a table, with its heading.
pub(super) fn table(model: &Model) -> Vec<Vec<String>> {
    let Some((plant, _)) = model.displayed() else {
        return Vec::new();
    };
    let rows = model.alarms.listing.rows.iter();
    let rows = rows.filter_map(|row| Some(table_row(model, plant, plant.alarms.get(&row.alarm)?)));
    std::iter::once(headings(model)).chain(rows).collect()
}
