//! A workbook of the inbox that is read for the page or the form that is open: picked, read beside the loop, and looked at like a
//! pasted block.

use super::super::inbox::{Beside, Line, Reading};
use super::super::keymap::Action;
use super::super::model::Model;
use super::super::panes::inbox::inbox_height;
use super::super::workbook::{Choice, Found};
use super::motion::{moved, scrolled};
use super::{Effect, entry, form, inbox, next_number};
use crate::domain::text::Text;

/// A key while one is picked.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = inbox_height(model.size).max(1);
    let Some(picking) = model.entry.picking_mut() else {
        return Vec::new();
    };
    match action {
        Action::Back => {
            back(model);
            Vec::new()
        }
        // One at a time.
        _ if picking.reading.is_some() => Vec::new(),
        Action::Accept => read(model),
        _ => match &mut picking.choice {
            Some(choice) => {
                let last = choice.names.len().saturating_sub(1);
                choice.at = moved(choice.at, action, page, last).unwrap_or(choice.at);
                choice.top = scrolled(choice.top, choice.at, page);
                Vec::new()
            }
            None => inbox::go(model, action),
        },
    }
}

/// One step back: what is being read is let go, then the worksheets, then the inbox.
fn back(model: &mut Model) {
    let Some(picking) = model.entry.picking_mut() else {
        return;
    };
    if picking.reading.take().is_some() || picking.choice.take().is_some() || picking.fault.take().is_some() {
        return;
    }
    match &model.entry.open {
        Some(_) => entry::back_to_cells(model),
        None => form::back_to_fields(model),
    }
}

/// Has the file under the cursor read, or the worksheet of it.
fn read(model: &mut Model) -> Vec<Effect> {
    let whose = inbox::owner(model);
    let number = next_number(model);
    let Some(picking) = model.entry.picking_mut() else {
        return Vec::new();
    };
    let (name, worksheet) = match &picking.choice {
        Some(choice) => (choice.file.clone(), choice.names.get(choice.at).cloned()),
        None => match picking.inbox.lines(Beside::default()).get(picking.inbox.at) {
            Some(Line::File(file)) => (file.name.clone(), None),
            _ => return Vec::new(),
        },
    };
    picking.fault = None;
    picking.reading = Some(Reading {
        number,
        name: name.clone(),
    });
    vec![Effect::ReadWorkbook {
        whose,
        name,
        worksheet,
        number,
    }]
}

/// A workbook was read, or why not; one for which nobody waits any more is let go.
pub(super) fn is_read(model: &mut Model, number: u64, found: Result<Found, Text>) {
    let Some(picking) = model.entry.picking_mut() else {
        return;
    };
    let Some(reading) = picking.reading.take_if(|reading| reading.number == number) else {
        return;
    };
    let (workbook, source) = match found {
        Ok(Found::Cells(workbook, source)) => (workbook, source),
        Ok(Found::Several(names)) => {
            picking.choice = Some(Choice {
                file: reading.name,
                names,
                at: 0,
                top: 0,
            });
            return;
        }
        Err(why) => {
            picking.fault = Some(why);
            return;
        }
    };
    let laid = match &model.entry.open {
        Some(_) => entry::lay(model, workbook, Some(source)),
        None => form::lay(model, workbook, Some(source)),
    };
    if let (Err(why), Some(picking)) = (laid, model.entry.picking_mut()) {
        picking.fault = Some(why);
    }
}
