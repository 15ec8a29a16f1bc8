//! Blocks that are pasted: seen cell by cell before anything is put down.

use super::super::super::entry::{Cell, Focus, Typed};
use super::super::super::keymap::Action;
use super::super::super::model::Model;
use super::super::super::panes::entry::block_height;
use super::super::Effect;
use super::super::motion::moved;
use super::super::rights::lacking;
use super::{grid, keep_in_view};
use crate::domain::actor::Right;
use crate::domain::draft::LONGEST_CELL;
use crate::domain::text::Text;
use crate::entry::{Block, Entered};

/// Something is pasted into the cells; whether it was more than a text for one of them.
pub(in crate::tui::update) fn paste(model: &mut Model, text: &str) -> bool {
    let lacks = lacking(model, Right::Enter);
    let (Some(plant), Some(open)) = (&model.plant, model.entry.open.as_mut()) else {
        return false;
    };
    if open.focus != Focus::Grid {
        return false;
    }
    let block = match Block::parse(text) {
        Ok(block) if !block.is_several() => return false,
        Ok(block) => block,
        Err(why) => {
            open.fault = Some(why);
            return true;
        }
    };
    let placed = open
        .known(&plant.model)
        .ok_or_else(|| Text::new("sheet-no-cell"))
        .and_then(|sheet| block.placed(&sheet, open.at));
    match (placed, lacks) {
        (_, Some(why)) | (Err(why), None) => open.fault = Some(why),
        (Ok(placed), None) => open.focus = Focus::Block { placed, scrolled: 0 },
    }
    true
}

/// A key while a block is looked at.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = block_height(model.size).max(1);
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    let Focus::Block { placed, scrolled } = &mut open.focus else {
        return Vec::new();
    };
    match action {
        Action::Accept => return put_down(model),
        Action::Back => open.focus = Focus::Grid,
        _ => {
            let last = placed.len().saturating_sub(page);
            *scrolled = moved(*scrolled, action, page, last).unwrap_or(*scrolled);
        }
    }
    Vec::new()
}

/// Puts the block down: every cell that can be read. What cannot stays where it came from, and is told.
fn put_down(model: &mut Model) -> Vec<Effect> {
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    let Focus::Block { placed, .. } = std::mem::replace(&mut open.focus, Focus::Grid) else {
        return Vec::new();
    };
    let mut cells: Vec<Cell> = Vec::new();
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
        let typed = Typed {
            text: one.text,
            by: None,
            is_doubted: !one.doubts.is_empty(),
        };
        grid::set(open, cell, Some(typed));
        cells.push(cell);
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
