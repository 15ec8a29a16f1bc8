//! Blocks that are pasted, or read of a workbook: seen cell by cell before anything is put down.

use std::sync::Arc;

use super::super::super::entry::{Cell, Focus, FromFile, Laid, Opened, Typed};
use super::super::super::keymap::Action;
use super::super::super::model::Model;
use super::super::super::panes::entry::block_height;
use super::super::motion::moved;
use super::super::rights::{lacking, sign_on_first};
use super::super::{Effect, inbox};
use super::{grid, keep_in_view, lost};
use crate::domain::actor::Right;
use crate::domain::draft::LONGEST_CELL;
use crate::domain::text::Text;
use crate::entry::{Block, Doubt, Entered, Placed, Source, Workbook};

/// Opens the inbox, to pick a workbook for the page.
pub(super) fn pick_workbook(model: &mut Model) -> Vec<Effect> {
    if sign_on_first(model, Right::Enter) {
        return Vec::new();
    }
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

/// Something is pasted into the cells; whether it was more than a text for one of them.
pub(in crate::tui::update) fn paste(model: &mut Model, text: &str) -> bool {
    let lacks = lacking(model, Right::Enter);
    if model
        .entry
        .open
        .as_ref()
        .is_none_or(|open| open.focus != Focus::Grid || !open.takes_text())
    {
        return false;
    }
    let laid = match Block::parse(text) {
        Ok(block) if !block.is_several() => return false,
        // What is typed would be dropped where the block goes elsewhere; what was refused gives way to what comes next.
        Ok(_)
            if model
                .entry
                .open
                .as_ref()
                .is_some_and(|open| open.is_typing() && !open.is_fresh) =>
        {
            Err(Text::new("tui-entry-line-first"))
        }
        Ok(block) => lacks.map_or_else(
            || {
                lay(
                    model,
                    Workbook {
                        block,
                        ..Workbook::default()
                    },
                    None,
                )
            },
            Err,
        ),
        Err(why) => Err(why),
    };
    if let (Err(why), Some(open)) = (laid, &mut model.entry.open) {
        open.fault = Some(why);
    }
    true
}

/// Shows cells as they would be put down at the cursor, or why they cannot be.
pub(in crate::tui::update) fn lay(model: &mut Model, cells: Workbook, source: Option<Source>) -> Result<(), Text> {
    let (Some(plant), Some(open)) = (&model.plant, model.entry.open.as_mut()) else {
        return Ok(());
    };
    let sheet = open.known(&plant.model).ok_or_else(|| Text::new("sheet-no-cell"))?;
    let sheet = sheet.at(plant.now(model.elapsed));
    let mut placed = cells.block.placed(&sheet, open.at)?;
    tell_typed(open, &mut placed);
    open.is_changed = false;
    open.focus = Focus::Block(Box::new(Laid {
        placed,
        scrolled: 0,
        remarks: cells.remarks,
        source: source.map(Arc::new),
    }));
    Ok(())
}

/// Says of each cell what is typed there and would give way: nobody's is written over unseen. Whether that is another than was
/// said before.
fn tell_typed(open: &Opened, placed: &mut [Placed]) -> bool {
    let mut is_other = false;
    for one in placed {
        let typed = open.cell(one.at).and_then(|cell| open.typed.get(&cell));
        let gives_way = matches!(&one.entered, Ok(Entered::Value(_) | Entered::Missing));
        let typed = typed.filter(|typed| gives_way && typed.text != one.text);
        let doubt = typed.map(|typed| Doubt::Typed(typed.text.clone(), typed.by.clone()));
        let is_typed = |doubt: &Doubt| matches!(doubt, Doubt::Typed(..));
        let before = one
            .doubts
            .iter()
            .position(is_typed)
            .map(|place| one.doubts.remove(place));
        is_other |= before != doubt;
        one.doubts.extend(doubt);
    }
    is_other
}

/// A key while a block is looked at.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = block_height(model).max(1);
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    let Focus::Block(laid) = &mut open.focus else {
        return Vec::new();
    };
    match action {
        // It is there again, and may have come between two cells.
        Action::Accept if std::mem::take(&mut open.is_changed) => {
            model.notice = Some(Text::new("tui-entry-looked-at"));
        }
        Action::Accept => return put_down(model),
        Action::Back => open.focus = Focus::Grid,
        _ => {
            let last = laid.placed.len().saturating_sub(page);
            laid.scrolled = moved(laid.scrolled, action, page, last).unwrap_or(laid.scrolled);
        }
    }
    Vec::new()
}

/// Puts the block down: every cell that can be read. What cannot stays where it came from, and is told.
fn put_down(model: &mut Model) -> Vec<Effect> {
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    let Focus::Block(mut laid) = std::mem::replace(&mut open.focus, Focus::Grid) else {
        return Vec::new();
    };
    if tell_typed(open, &mut laid.placed) {
        open.focus = Focus::Block(laid);
        model.notice = Some(Text::new("tui-entry-block-changed"));
        return Vec::new();
    }
    let Laid { placed, source, .. } = *laid;
    let mut cells: Vec<Cell> = Vec::new();
    let mut put = Vec::new();
    let mut left = 0_usize;
    for one in placed {
        let fits = one.text.chars().count() <= LONGEST_CELL;
        let (Some(cell), Ok(entered), true) = (open.cell(one.at), &one.entered, fits) else {
            left += 1;
            continue;
        };
        // An empty cell keeps its place and says nothing.
        if *entered == Entered::Empty {
            continue;
        }
        match &source {
            Some(source) => drop(model.entry.from_files.insert(
                cell,
                FromFile {
                    text: one.text.clone(),
                    source: Arc::clone(source),
                },
            )),
            None => drop(model.entry.from_files.remove(&cell)),
        }
        let typed = Typed {
            text: one.text,
            by: None,
            is_doubted: !one.doubts.is_empty(),
            is_from_here: true,
        };
        put.push((cell, Some(typed)));
        cells.push(cell);
    }
    if !put.is_empty() {
        grid::set_all(open, put);
        lost::found(model);
    }
    let told = Text::new("tui-entry-put-down")
        .with_count("count", cells.len())
        .with_count("left", left);
    let effects = grid::keep(model, &cells);
    grid::load(model);
    keep_in_view(model);
    model.notice = Some(told);
    effects
}
