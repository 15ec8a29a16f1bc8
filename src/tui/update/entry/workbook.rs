//! A workbook of the inbox that is read into the cells: picked, read beside the loop, and looked at like a pasted block.

use std::sync::Arc;

use super::super::super::entry::{Focus, Laid};
use super::super::super::inbox::{Line, Reading};
use super::super::super::keymap::Action;
use super::super::super::model::Model;
use super::super::super::panes::inbox::inbox_height;
use super::super::super::workbook::{Choice, Found, Picking};
use super::super::motion::{moved, scrolled};
use super::super::rights::lacking;
use super::super::{Effect, inbox, next_number};
use super::{block, grid};
use crate::domain::actor::Right;
use crate::domain::text::Text;

/// Opens the inbox, to pick a workbook for the page.
pub(super) fn pick_one(model: &mut Model) -> Vec<Effect> {
    let lacks = lacking(model, Right::Enter);
    let look = inbox::look(model);
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    let (rows, columns) = open.size();
    if rows == 0 || columns == 0 {
        return Vec::new();
    }
    if lacks.is_some() {
        open.fault = lacks;
        return Vec::new();
    }
    open.fault = None;
    open.focus = Focus::Picking(Box::default());
    vec![look]
}

fn picking(model: &mut Model) -> Option<&mut Picking> {
    match &mut model.entry.open.as_mut()?.focus {
        Focus::Picking(picking) => Some(picking),
        _ => None,
    }
}

/// A key while one is picked.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = inbox_height(model.size).max(1);
    let Some(picking) = picking(model) else {
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
    let Some(picking) = picking(model) else { return };
    if picking.reading.take().is_some() || picking.choice.take().is_some() || picking.fault.take().is_some() {
        return;
    }
    if let Some(open) = model.entry.open.as_mut() {
        open.focus = Focus::Grid;
    }
    grid::load(model);
}

/// Has the file under the cursor read, or the worksheet of it.
fn read(model: &mut Model) -> Vec<Effect> {
    let whose = inbox::owner(model);
    let number = next_number(model);
    let Some(picking) = picking(model) else {
        return Vec::new();
    };
    let (name, worksheet) = match &picking.choice {
        Some(choice) => (choice.file.clone(), choice.names.get(choice.at).cloned()),
        None => match picking.inbox.lines(&[]).get(picking.inbox.at) {
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
pub(in crate::tui::update) fn is_read(model: &mut Model, number: u64, found: Result<Found, Text>) {
    let Some(picking) = picking(model) else { return };
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
    let (Some(plant), Some(open)) = (&model.plant, model.entry.open.as_mut()) else {
        return;
    };
    match (block::placed(plant, open, &workbook.block), &mut open.focus) {
        (Ok(placed), focus) => {
            *focus = Focus::Block(Box::new(Laid {
                placed,
                scrolled: 0,
                remarks: workbook.remarks,
                source: Some(Arc::new(source)),
            }));
        }
        (Err(why), Focus::Picking(picking)) => picking.fault = Some(why),
        (Err(_), _) => {}
    }
}
