//! Closing a note that is carried forward, from the sheet of a shift's handover.

use super::super::keymap::Action;
use super::super::model::{LinkState, Model};
use super::super::note_closing::NoteClosingSheet;
use super::super::overlay::Overlay;
use super::rights::lacking;
use super::{Effect, handover, write};
use crate::domain::actor::Right;
use crate::domain::note::Carried;
use crate::domain::text::Text;
use crate::engine::handover::Item;
use crate::engine::view::Mark;
use crate::wire::message::{ReplyBody, RequestBody};

/// Opens the line for the selected note; says why not where there is nothing to be closed.
pub(super) fn open(model: &mut Model) {
    let selected = model.handover.selected().map(|line| (&line.item, line.mark));
    let sheet = match selected {
        Some((Item::Note { .. }, Mark::Gone)) => Err(Text::new("tui-note-closing-withdrawn")),
        Some((
            Item::Note {
                record, text, carried, ..
            },
            _,
        )) => match carried {
            Some(Carried::Open) => Ok(NoteClosingSheet::new(*record, text.clone())),
            Some(closed @ Carried::Closed(_)) => Err(Text::new("note-close-already")
                .with("of", record)
                .with_text("closed", closed.text())),
            None => Err(Text::new("note-close-not-carried").with("of", record)),
        },
        Some(_) | None => Err(Text::new("tui-note-closing-no-note")),
    };
    match sheet {
        Ok(mut sheet) => {
            sheet.fault = lacking(model, Right::Note);
            model.overlays.push(Overlay::NoteClosing(Box::new(sheet)));
        }
        Err(why) => model.notice = Some(why),
    }
}

fn sheet(model: &mut Model) -> Option<&mut NoteClosingSheet> {
    model.overlays.iter_mut().rev().find_map(|overlay| match overlay {
        Overlay::NoteClosing(sheet) => Some(&mut **sheet),
        _ => None,
    })
}

/// What was typed changed.
pub(super) fn typed(model: &mut Model) {
    if let Some(sheet) = sheet(model) {
        sheet.fault = None;
    }
}

/// A key while the line is typed. While the daemon is asked, it stays as it is.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let is_up = model.link == LinkState::Up;
    let Some(sheet) = sheet(model).filter(|sheet| sheet.awaited.is_none()) else {
        return Vec::new();
    };
    match action {
        Action::Back => drop(model.overlays.pop()),
        Action::Accept if !is_up => sheet.fault = Some(Text::new("tui-note-no-link")),
        Action::Accept => return send(model),
        _ => {}
    }
    Vec::new()
}

fn send(model: &mut Model) -> Vec<Effect> {
    let Some(closing) = sheet(model).map(|sheet| sheet.closing()) else {
        return Vec::new();
    };
    let (effect, _) = write(model, RequestBody::CloseNote(closing));
    let request = model.last_request;
    if let Some(sheet) = sheet(model) {
        sheet.awaited = Some(request);
        sheet.fault = None;
    }
    vec![effect]
}

/// The connection is new: what was asked over the old one is not answered any more.
pub(super) fn link_is_up(model: &mut Model) {
    if let Some(sheet) = sheet(model).filter(|sheet| sheet.awaited.is_some()) {
        sheet.awaited = None;
        sheet.fault = Some(Text::new("tui-note-closing-lost"));
    }
}

/// Somebody else sits here: what another began to close goes with them.
pub(super) fn somebody_else(model: &mut Model) {
    model
        .overlays
        .retain(|overlay| !matches!(overlay, Overlay::NoteClosing(_)));
}

/// Takes an answer in, if it is one that is awaited; the sheet is asked for again.
pub(super) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    let Some(sheet) = sheet(model).filter(|sheet| sheet.awaited == Some(id)) else {
        return Err(result);
    };
    sheet.awaited = None;
    let of = sheet.of;
    match result {
        Ok(ReplyBody::Recorded(sequence)) => {
            model
                .overlays
                .retain(|overlay| !matches!(overlay, Overlay::NoteClosing(_)));
            let told = Text::new("tui-note-closing-done").with("of", of);
            model.notice = Some(told.with("sequence", sequence));
            return Ok(vec![handover::renew(model)]);
        }
        Ok(_) => sheet.fault = Some(Text::new("tui-explain-unexpected")),
        Err(why) => sheet.fault = Some(why),
    }
    Ok(Vec::new())
}
