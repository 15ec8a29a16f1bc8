//! Keys of the Anomalies pane, and what is listed as anomalies come and go.

mod background;
mod deed;
mod dispose;
mod past;
mod sheet;

use std::collections::{BTreeMap, BTreeSet};

use super::super::anomalies::{Conclusion, Listing, MOST_FILTERS, Saved, Sorted, Tally, Wanted};
use super::super::keymap::Action;
use super::super::model::Model;
use super::super::overlay::Overlay;
use super::super::panes::anomalies::{as_text, body_height, headings, table_row};
use super::super::plant::{Plant, reading_target};
use super::motion::{moved, scrolled};
use super::{Effect, chart, explain, hold};
use crate::domain::actor::Actor;
use crate::domain::reading::Slot;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::anomalies::AnomalyDeed;
use crate::engine::view::{AnomalyView, Target};
use crate::quality::anomaly::{AnomalyId, Stage};
use crate::quality::flag::Check;

pub(super) use self::deed::{answer, link_is_up};
pub(super) use self::dispose::key as dispose_key;
pub(super) use self::past::{follow as follow_past, key as past_key, refresh as ask_again};
pub(super) use self::sheet::key as work_key;

/// A key in the Anomalies pane.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.anomalies.filtering {
        match action {
            Action::Accept => model.anomalies.filtering = false,
            Action::Back => {
                model.anomalies.filtering = false;
                filter_by(model, "");
            }
            _ => {}
        }
        return Vec::new();
    }
    if let Some(conclusion) = Conclusion::of_action(action) {
        return dispose::open(model, conclusion);
    }
    match action {
        Action::Take => return deed::of_chosen(model, AnomalyDeed::Take),
        Action::Close => {
            let comment = String::new();
            return deed::of_chosen(model, AnomalyDeed::Close { comment });
        }
        Action::Assign | Action::Comment | Action::Link | Action::TakeBack | Action::CloseSaying => {
            sheet::open(model, action);
        }
        Action::Pick => pick(model),
        Action::Fold => fold(model, None),
        Action::Left => fold(model, Some(true)),
        Action::Right => fold(model, Some(false)),
        Action::View => {
            let view = &mut model.anomalies;
            view.next_view();
            view.cursor = 0;
            view.slipped = None;
            list_again(model);
        }
        Action::Sort => {
            model.anomalies.order = model.anomalies.order.next();
            list_again(model);
        }
        Action::Reverse => {
            model.anomalies.reversed = !model.anomalies.reversed;
            list_again(model);
        }
        Action::KeepFilter => keep_filter(model),
        Action::Past => return past::open(model),
        Action::Filter => model.anomalies.filtering = true,
        Action::Freeze => hold(model),
        Action::Back => back(model),
        Action::Open => {
            let meant = selected(model).map(|anomaly| (anomaly.parameter, anomaly.signs.from));
            return meant.map_or_else(Vec::new, |(parameter, at)| chart::open_at(model, parameter, Some(at)));
        }
        Action::Explain => {
            let target = selected(model).and_then(|anomaly| reading(model, anomaly));
            return target.map_or_else(Vec::new, |target| explain::open(model, target));
        }
        Action::Record => {
            let sequence = selected(model).map(|anomaly| {
                let settled = anomaly.work.settled.as_ref();
                settled.map_or(anomaly.record, |settled| settled.record)
            });
            return sequence.map_or_else(Vec::new, |sequence| explain::open(model, Target::Record { sequence }));
        }
        Action::Copy => return as_text(model).map(Effect::Copy).into_iter().collect(),
        _ => go(model, action),
    }
    Vec::new()
}

/// The selected anomaly, if it is still there.
pub(super) fn selected(model: &Model) -> Option<&AnomalyView> {
    let (plant, _) = model.displayed()?;
    plant.anomalies.get(&model.anomalies.selected?)
}

/// The reading of which an anomaly speaks, of a relation the quantity of the worst window's first hour: of a gap the last one before it, otherwise the last of the worst finding.
fn reading(model: &Model, anomaly: &AnomalyView) -> Option<Target> {
    let (plant, _) = model.displayed()?;
    if let (Some(_), Some(parameter)) = (&anomaly.signs.related, plant.parameter_of(anomaly.parameter)) {
        let hour = plant.model.zone.hour_of(anomaly.signs.worst.0);
        let parameter_id = anomaly.parameter;
        return parameter.kind.is_quantity().then_some(Target::Bucket {
            parameter: parameter_id,
            hour,
        });
    }
    let at = match anomaly.signs.check() {
        Check::Gap => anomaly.signs.from,
        _ => anomaly.signs.worst.1,
    };
    let newest = plant.parameter_of(anomaly.parameter).and_then(reading_target);
    let is_newest = matches!(&newest, Some(Target::Reading { slot, .. }) if slot.end() == at);
    if is_newest {
        return newest;
    }
    Some(Target::Reading {
        parameter: anomaly.parameter,
        slot: Slot::instant(at),
    })
}

/// Keeps the filter among the views, or forgets it where it is kept.
fn keep_filter(model: &mut Model) {
    let view = &mut model.anomalies;
    let text = view.filter.text().trim().to_owned();
    let told = if text.is_empty() {
        Text::new("tui-anomaly-filter-none")
    } else if let Some(place) = view.filters.iter().position(|filter| *filter == text) {
        view.filters.remove(place);
        Text::new("tui-anomaly-filter-forgotten")
    } else if view.filters.len() >= MOST_FILTERS {
        Text::new("tui-anomaly-filter-full").with_count("most", MOST_FILTERS)
    } else {
        view.filters.push(text);
        Text::new("tui-anomaly-filter-kept")
    };
    model.notice = Some(told);
}

/// Lets go of what is picked, then of what keeps anomalies off the list.
fn back(model: &mut Model) {
    let view = &mut model.anomalies;
    if !view.picked.is_empty() {
        view.picked.clear();
    } else if view.filter.is_empty() {
        view.saved = Saved::default();
    } else {
        view.filter.clear();
    }
    list_again(model);
}

/// Picks the selected anomaly for the next deed, or no longer, and goes on to the next.
fn pick(model: &mut Model) {
    let members = model.anomalies.selected_members();
    let picked = &mut model.anomalies.picked;
    if members.iter().all(|member| picked.contains(member)) {
        picked.retain(|picked| !members.contains(picked));
    } else {
        picked.extend(members);
    }
    go(model, Action::Down);
}

/// Folds the group of the selected anomaly, unfolds it, or does the other of the two.
fn fold(model: &mut Model, folded: Option<bool>) {
    let view = &mut model.anomalies;
    let Some(&first) = view.selected.and_then(|selected| view.listing.first_of.get(&selected)) else {
        return;
    };
    let (of_folded, of_unfolded) = (view.listing.folded.get(&first), view.listing.unfolded.get(&first));
    let is_folded = of_folded.is_some();
    if folded != Some(is_folded)
        && let Some(members) = of_folded.or(of_unfolded).cloned()
    {
        view.by_hand.turn(&members, !is_folded);
    }
    view.slipped = None;
    list_again(model);
}

fn go(model: &mut Model, action: Action) {
    let page = body_height(model.size).max(1);
    let view = &mut model.anomalies;
    let last = view.listing.rows.len().saturating_sub(1);
    if let Some(cursor) = moved(view.cursor, action, page, last) {
        go_to(model, cursor);
    }
}

/// Puts the cursor on a row.
fn go_to(model: &mut Model, cursor: usize) {
    let view = &mut model.anomalies;
    view.cursor = cursor;
    view.selected = view.row();
    // Who moves sees what there is now.
    view.slipped = None;
    keep_in_view(model);
}

/// Filters the rows by a text, from whatever had the keys.
pub(super) fn filter_by(model: &mut Model, text: &str) {
    model.anomalies.filter.set(text);
    list_again(model);
}

/// What was typed in a sheet changed.
pub(super) fn typed(model: &mut Model) {
    match model.overlays.last() {
        Some(Overlay::Work(_)) => sheet::typed(model),
        Some(Overlay::Dispose(_)) => dispose::typed(model),
        _ => {}
    }
}

/// Lists the rows again, keeping the selected anomaly under the cursor where it is still listed.
pub(super) fn list_again(model: &mut Model) {
    let words = model.anomalies.filter.text().split_whitespace();
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    let name = |text| model.shown.text(&text).to_lowercase();
    // Nothing is looked for where nothing is typed.
    let (checks, stages) = if words.is_empty() {
        (BTreeMap::new(), BTreeMap::new())
    } else {
        let checks = Check::ALL.into_iter().map(|check| (check, name(check.text())));
        let stages = Stage::ALL.into_iter().map(|stage| (stage, name(stage.text())));
        (checks.collect(), stages.collect())
    };
    let wanted = Wanted {
        saved: model.anomalies.saved,
        me: model.actor.as_ref().map(Actor::name),
        words: &words,
        checks: &checks,
        stages: &stages,
        localizer: &model.shown.localizer,
    };
    let sorted = Sorted {
        by: model.anomalies.order,
        reversed: model.anomalies.reversed,
    };
    let by_hand = &model.anomalies.by_hand;
    let listing = model.displayed().map_or_else(Listing::default, |(plant, _)| {
        Listing::of(plant, &wanted, sorted, by_hand)
    });
    let view = &mut model.anomalies;
    view.listing = listing;
    let last = view.listing.rows.len().saturating_sub(1);
    let kept = view.selected.and_then(|selected| view.listing.place_of(selected));
    view.cursor = kept.unwrap_or(view.cursor).min(last);
    view.selected = view.row();
    let listed: BTreeSet<AnomalyId> = view.listing.all().collect();
    view.picked.retain(|picked| listed.contains(picked));
    keep_in_view(model);
}

/// Scrolls as little as is needed to show the cursor.
pub(super) fn keep_in_view(model: &mut Model) {
    let height = body_height(model.size).max(1);
    let view = &mut model.anomalies;
    view.top = scrolled(view.top, view.cursor, height).min(view.listing.rows.len().saturating_sub(height));
}

/// Anomalies of the plant have changed.
pub(super) fn heard(model: &mut Model) {
    count(model);
    if model.held.is_some() {
        return;
    }
    let before = model.anomalies.selected_members();
    list_again(model);
    if let Some(plant) = &model.plant {
        model.anomalies.by_hand.keep(|id| plant.anomalies.contains_key(id));
    }
    let view = &mut model.anomalies;
    // Also where a folded row has come to stand for others than those that somebody has seen.
    let is_other = |id: &AnomalyId| !before.contains(id);
    if !before.is_empty() && view.selected_members().iter().any(is_other) {
        view.slipped = Some(model.elapsed);
    }
}

fn count(model: &mut Model) {
    let me = model.actor.as_ref().map(Actor::name);
    if let Some(plant) = &model.plant {
        model.anomalies.tally = Tally::of(plant.anomalies.values(), me);
    }
}

/// Somebody else sits here: what another picked or filled in is not theirs.
pub(super) fn somebody_else(model: &mut Model) {
    model
        .overlays
        .retain(|overlay| !matches!(overlay, Overlay::Work(_) | Overlay::Dispose(_)));
    model.anomalies.picked.clear();
    count(model);
    list_again(model);
}

/// Asks the daemon for what is looked at and not known yet.
pub(super) fn follow(model: &mut Model) -> Vec<Effect> {
    let mut effects = background::ask_for(model);
    effects.extend(dispose::ask_for(model, false));
    effects
}

/// The listed anomalies as a table, with its heading.
pub(super) fn table(model: &Model) -> Vec<Vec<String>> {
    let Some((plant, _)) = model.displayed() else {
        return Vec::new();
    };
    let row = |id: AnomalyId| Some(table_row(model, plant, plant.anomalies.get(&id)?));
    let rows = model.anomalies.listing.all().filter_map(row);
    std::iter::once(headings(model)).chain(rows).collect()
}

/// How an anomaly is named in a sentence: its number and its tag.
fn named(plant: Option<&Plant>, id: AnomalyId) -> String {
    let tag = plant.and_then(|plant| {
        let parameter = plant.parameter_of(plant.anomalies.get(&id)?.parameter)?;
        Some(clean(&parameter.tag).into_owned())
    });
    tag.map_or_else(|| format!("#{id}"), |tag| format!("#{id} {tag}"))
}
