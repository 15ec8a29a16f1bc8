//! A round as it is sent: all that was typed into its column becomes one record.

use super::super::super::entry::{Cell, Focus, Sending};
use super::super::super::keymap::Action;
use super::super::super::model::{LinkState, Model};
use super::super::{Effect, write};
use super::{grid, sheet};
use crate::domain::reading::Incoming;
use crate::domain::text::Text;
use crate::engine::command::Provenance;
use crate::entry::Entered;
use crate::entry::cell::Value;
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
            if let Some(open) = model.entry.open.as_mut() {
                open.focus = Focus::Grid;
            }
            grid::load(model);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Asks the daemon to take the round under the cursor.
fn send(model: &mut Model) -> Vec<Effect> {
    let by = model.actor.as_ref().and_then(|actor| actor.person.clone());
    let is_up = model.link == LinkState::Up;
    let Some(origin) = sheet(model).map(|sheet| sheet.origin) else {
        return Vec::new();
    };
    let Some(plant) = &model.plant else { return Vec::new() };
    let zone = plant.model.zone;
    let Some(open) = model.entry.open.as_ref() else {
        return Vec::new();
    };
    let column = open.at.1;
    let (rows, _) = open.of_column(column);
    let mut readings: Vec<Incoming> = Vec::new();
    let mut cells: Vec<(Cell, String)> = Vec::new();
    let mut reasons: Vec<String> = Vec::new();
    let mut wrong: Option<usize> = None;
    for row in rows {
        let at = (row, column);
        let (Some(cell), Some(known)) = (open.cell(at), open.known(&plant.model)) else {
            continue;
        };
        let Some(of_row) = known.row(row) else { continue };
        match open.entered(&plant.model, at) {
            Some(Ok(Entered::Value(Value { count, ditto, .. }))) => {
                if let Some(reason) = ditto {
                    reasons.push(format!("{}: {reason}", of_row.parameter.tag));
                }
                readings.extend(known.reading(at, count));
                cells.push((
                    cell,
                    open.typed
                        .get(&cell)
                        .map_or_else(String::new, |typed| typed.text.clone()),
                ));
            }
            // That nothing was read stays on the sheet.
            Some(Ok(Entered::Missing | Entered::Empty)) | None => {}
            Some(Err(_)) => wrong = wrong.or(Some(row)),
        }
    }
    let name = open
        .known(&plant.model)
        .and_then(|known| Some(zone.shown(known.round(column)?.at)))
        .unwrap_or_default();
    let provenance = Provenance {
        name: format!("sheet {} {name}", open.sheet),
        reason: (!reasons.is_empty()).then(|| reasons.join("; ")),
        ..Provenance::default()
    };
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
    let effects = if fault.is_some() {
        Vec::new()
    } else {
        let body = RequestBody::Intake {
            origin,
            provenance,
            readings,
        };
        let (effect, key) = write(model, body.clone());
        let request = model.last_request;
        if let Some(open) = model.entry.open.as_mut() {
            open.sending = Some(Sending {
                request,
                key,
                body,
                cells,
                by,
            });
        }
        vec![effect]
    };
    if let Some(open) = model.entry.open.as_mut() {
        open.focus = Focus::Grid;
    }
    grid::load(model);
    if let Some(open) = model.entry.open.as_mut() {
        open.fault = fault;
    }
    effects
}
