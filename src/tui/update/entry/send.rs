//! A round as it is sent: all that was typed into its column becomes one record.

use super::super::super::entry::{Cell, Focus, Sending};
use super::super::super::keymap::Action;
use super::super::super::model::{LinkState, Model};
use super::super::{Effect, unanswered};
use super::grid;
use crate::domain::text::Text;
use crate::entry::Entered;
use crate::entry::cell::Value;
use crate::entry::known::Place;
use crate::wire::message::RequestBody;

/// Asks whether the round under the cursor is to be sent.
pub(super) fn ask_first(model: &mut Model) -> Vec<Effect> {
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    let (typed, _) = open.of_column(open.at.1);
    if typed.is_empty() {
        open.fault = Some(Text::new("tui-entry-nothing-to-send"));
    } else {
        open.focus = Focus::Asking;
    }
    Vec::new()
}

/// A key while it is asked.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Accept | Action::Send => send(model),
        Action::Back => {
            back(model);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Gives the keys back to the cells.
pub(super) fn back(model: &mut Model) {
    if let Some(open) = model.entry.open.as_mut() {
        open.focus = Focus::Grid;
    }
    grid::load(model);
}

/// Asks the daemon to take cells, and gives the keys back to them.
pub(super) fn ask(model: &mut Model, body: RequestBody, cells: Vec<(Cell, String)>) -> Effect {
    let (effect, asked) = unanswered::ask(model, body);
    if let Some(open) = model.entry.open.as_mut() {
        open.sending = Some(Sending { asked, cells });
    }
    back(model);
    effect
}

/// Asks the daemon to take the round under the cursor.
fn send(model: &mut Model) -> Vec<Effect> {
    let is_up = model.link == LinkState::Up;
    let (Some(plant), Some(open)) = (&model.plant, model.entry.open.as_ref()) else {
        return Vec::new();
    };
    let Some(known) = open.known(&plant.model) else {
        return Vec::new();
    };
    let (rows, _) = open.of_column(open.at.1);
    let mut values: Vec<(Place, Value)> = Vec::new();
    let mut cells: Vec<(Cell, String)> = Vec::new();
    let mut wrong: Option<usize> = None;
    for row in rows {
        let at = (row, open.at.1);
        let typed = open.cell(at).and_then(|cell| Some((cell, open.typed.get(&cell)?)));
        let Some((cell, typed)) = typed else { continue };
        match open.entered(&plant.model, at) {
            Some(Ok(Entered::Value(value))) => {
                values.push((at, value));
                cells.push((cell, typed.text.clone()));
            }
            // That nothing was read stays on the sheet.
            Some(Ok(Entered::Missing | Entered::Empty)) | None => {}
            Some(Err(_)) => wrong = wrong.or(Some(row)),
        }
    }
    let source = model.entry.source_of(&cells);
    let (provenance, readings) = known.recorded(&values, source.as_deref());
    let origin = known.origin;
    let fault = if let Some(row) = wrong {
        if let Some(open) = model.entry.open.as_mut() {
            open.at.0 = row;
        }
        Some(Text::new("tui-entry-unreadable"))
    } else if readings.is_empty() {
        Some(Text::new("tui-entry-only-missing"))
    } else if !is_up {
        Some(Text::new("tui-entry-no-link"))
    } else {
        None
    };
    if fault.is_some() {
        back(model);
        if let Some(open) = model.entry.open.as_mut() {
            open.fault = fault;
        }
        return Vec::new();
    }
    let body = RequestBody::Intake {
        origin,
        provenance,
        readings,
    };
    vec![ask(model, body, cells)]
}
