//! A cell that is to count although something else stands there (录入冲突): sent by itself, as a correction with its reason.

use super::super::super::attaching::Attaching;
use super::super::super::entry::{Correcting, Focus};
use super::super::super::keymap::Action;
use super::super::super::model::{LinkState, Model};
use super::super::super::widgets::field::Field;
use super::super::rights::{lacking, sign_on_first};
use super::super::{Effect, inbox};
use super::{back_to_cells, grid, send};
use crate::domain::actor::Right;
use crate::domain::text::Text;
use crate::engine::command::Provenance;
use crate::wire::limits::LONGEST_REASON;
use crate::wire::message::RequestBody;

/// Asks why the cell under the cursor is to count instead of what stands there, where both are there and differ.
pub(super) fn begin(model: &mut Model) -> Vec<Effect> {
    if let Some(why) = lacking(model, Right::Correct) {
        sign_on_first(model, Right::Correct);
        return told(model, why);
    }
    // Where nothing stands nothing is taken: what looks wrong about it is told when it is.
    if !stands(model) {
        return told(model, Text::new("tui-entry-correct-nothing"));
    }
    let Some(effects) = grid::take_as(model, true) else {
        return Vec::new();
    };
    match fault(model) {
        Some(why) => drop(told(model, why)),
        None => {
            if let Some(open) = model.entry.open.as_mut() {
                open.fault = None;
                open.doubted = None;
                open.is_changed = false;
                open.focus = Focus::Correcting(Box::new(Correcting {
                    reason: Field::new(LONGEST_REASON),
                    attaching: Attaching::default(),
                }));
            }
        }
    }
    effects
}

/// Whether a value stands in the cell under the cursor.
fn stands(model: &Model) -> bool {
    let (Some(plant), Some(open)) = (&model.plant, &model.entry.open) else {
        return false;
    };
    let row = open.known(&plant.model).and_then(|sheet| sheet.row(open.at.0));
    row.and_then(|row| row.standing(open.at.1)).is_some()
}

/// Why there is nothing to correct, once what is typed is in its cell.
pub(super) fn fault(model: &Model) -> Option<Text> {
    let (plant, open) = (model.plant.as_ref()?, model.entry.open.as_ref()?);
    match open.correction(&plant.model) {
        Some((value, standing)) if value.count == standing.value => Some(Text::new("tui-entry-correct-same")),
        Some(_) => None,
        None => Some(Text::new("tui-entry-correct-nothing")),
    }
}

fn told(model: &mut Model, why: Text) -> Vec<Effect> {
    if let Some(open) = model.entry.open.as_mut() {
        open.fault = Some(why);
    }
    Vec::new()
}

/// The reason is being typed: what was said of it before is of another one.
pub(in crate::tui::update) fn typed(model: &mut Model) {
    if let Some(open) = model.entry.open.as_mut() {
        open.fault = None;
    }
}

/// A key while the reason is typed.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    if model
        .entry
        .attaching()
        .is_some_and(|attaching| attaching.inbox.is_some())
    {
        return inbox::key(model, action);
    }
    match action {
        Action::Accept if send::was_changed(model) => {
            // The question is there again, with what it speaks of now.
            typed(model);
            Vec::new()
        }
        Action::Accept => ask(model),
        Action::Attach => inbox::open(model),
        Action::Back => {
            if !inbox::let_go(model) {
                back_to_cells(model);
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Asks the daemon to take it.
fn ask(model: &mut Model) -> Vec<Effect> {
    let is_up = model.link == LinkState::Up;
    let lacks = lacking(model, Right::Correct);
    let (Some(plant), Some(open)) = (&model.plant, model.entry.open.as_ref()) else {
        return Vec::new();
    };
    let Focus::Correcting(correcting) = &open.focus else {
        return Vec::new();
    };
    let attaching = &correcting.attaching;
    let reason = correcting.reason.text().trim().to_owned();
    let found = open.correction(&plant.model).zip(open.known(&plant.model));
    let cell = open.cell(open.at);
    let typed = cell.and_then(|cell| Some((cell, open.typed.get(&cell)?)));
    let (Some(((value, _), known)), Some(typed)) = (found, typed) else {
        return told(model, Text::new("tui-entry-correct-nothing"));
    };
    let fault = if reason.is_empty() {
        Some(Text::new("tui-entry-correct-why"))
    } else if open.sending.is_some() {
        Some(Text::new("tui-entry-being-sent"))
    } else if attaching.is_busy() {
        Some(Text::new("tui-inbox-busy"))
    } else if !is_up {
        Some(Text::new("tui-entry-no-link"))
    } else {
        lacks
    };
    if let Some(why) = fault {
        return told(model, why);
    }
    let typed_by = typed.1.by.clone();
    let typed = vec![(typed.0, typed.1.text.clone())];
    let source = model.entry.source_of(&typed);
    let (provenance, readings) = known.recorded(&[(open.at, value)], source.as_deref());
    let body = RequestBody::Correct {
        provenance: Provenance {
            reason: Some(reason),
            typed_by: typed_by.into_iter().collect(),
            seen: Some(Box::new(send::seen_on(open, provenance.seen, &typed))),
            attachments: attaching.attachments.clone(),
            ..provenance
        },
        readings,
    };
    vec![send::ask(model, body, typed)]
}
