//! Cells as they are typed: read when one leaves them, told what looks wrong, kept by the daemon at once.

use std::collections::HashMap;

use super::super::super::entry::{Cell, Focus, Hands, MOST_UNDONE, Opened, Typed, Undoable};
use super::super::super::keymap::Action;
use super::super::super::model::{LinkState, Model, Wanted};
use super::super::super::panes::entry::grid_height;
use super::super::motion::moved;
use super::super::rights::{lacking, sign_on_first};
use super::super::{Effect, ask};
use super::{block, correct, gap, keep_in_view, lost, send};
use crate::domain::actor::Right;
use crate::domain::draft::{DraftChange, LONGEST_CELL, held_back};
use crate::domain::identity::ParameterId;
use crate::domain::model::SiteModel;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::entry::cell::read;
use crate::entry::doubt::doubts;
use crate::entry::{Doubt, Entered};
use crate::wire::message::RequestBody;

/// Where one goes from a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// To the next row; behind the last the round is complete.
    Down,
    /// By a key of motion.
    By(Action),
    /// To the next round.
    Right,
    /// To the round before.
    Left,
    /// Nowhere: to the pane.
    Out,
    /// To sending.
    Send,
    /// To the inbox, for a workbook.
    Workbook,
    /// To the gap form.
    Gap,
}

/// A key in the cells.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    if is_held_off(model, action) {
        return Vec::new();
    }
    let way = match action {
        Action::Accept => Way::Down,
        Action::Next => Way::Right,
        Action::Previous => Way::Left,
        Action::Back => Way::Out,
        Action::Send => Way::Send,
        Action::Workbook => Way::Workbook,
        Action::Fill => Way::Gap,
        // What is being typed is undone first.
        Action::Undo if drop_text(model) => return Vec::new(),
        Action::Undo => return undo(model),
        Action::Correct => return correct::begin(model),
        Action::Lost => {
            lost::open(model);
            return Vec::new();
        }
        Action::Up | Action::Down | Action::PageUp | Action::PageDown => Way::By(action),
        _ => return Vec::new(),
    };
    if way == Way::Out && drop_text(model) {
        return Vec::new();
    }
    let Some(mut effects) = take(model) else {
        // What is typed stays in the line until somebody has signed on.
        if sign_on_first(model, Right::Enter) {
            return Vec::new();
        }
        if let Some(open) = model.entry.open.as_mut() {
            open.is_fresh = true;
        }
        return Vec::new();
    };
    effects.extend(leave(model, way));
    effects
}

/// Whether nothing is done from here before somebody has looked where the cursor is: that is said, unless this key says it of
/// itself.
fn is_held_off(model: &mut Model, action: Action) -> bool {
    let Some(open) = model.entry.open.as_mut().filter(|open| open.hands == Hands::Astray) else {
        return false;
    };
    let is_here = matches!(open.view, Wanted::Here(_));
    match action {
        // It says that one has looked, and does nothing else.
        Action::Up | Action::Down | Action::Left | Action::Right | Action::PageUp | Action::PageDown | Action::Back
            if is_here =>
        {
            open.hands = Hands::Typing;
            true
        }
        Action::Back | Action::Lost => false,
        _ => {
            model.notice = Some(Text::new("tui-entry-look-first"));
            true
        }
    }
}

/// The first Esc forgets what is being typed; whether there was something to forget.
fn drop_text(model: &mut Model) -> bool {
    let Some(open) = model.entry.open.as_mut() else {
        return false;
    };
    let is_typing = open.is_typing();
    if is_typing {
        load(model);
    }
    is_typing
}

/// Something is about to be typed: where the line holds what was there before, or what was not taken, that gives way, so that
/// no key is needed to empty it. Nothing is typed where it would go into another cell than the one at which somebody was: that
/// is said.
pub(in crate::tui::update) fn before_typing(model: &mut Model) {
    let Some(open) = model.entry.open.as_mut() else { return };
    open.is_typed_on();
    if open.takes_text() {
        if std::mem::take(&mut open.is_fresh) {
            open.field.clear();
        }
        return;
    }
    // The rest of it would go into whatever cell the cursor is given.
    open.hands = Hands::Astray;
    model.notice = Some(Text::new(match open.view {
        Wanted::Here(_) => "tui-entry-look-first",
        Wanted::Awaited(_) => "tui-entry-not-here-yet",
        Wanted::Refused(_) => "tui-entry-no-page",
    }));
}

/// What is typed changed: what was said of it before is of another text.
pub(in crate::tui::update) fn typed(model: &mut Model) {
    if let Some(open) = model.entry.open.as_mut() {
        open.is_typed_on();
        if open.begun.is_none()
            && let Some(cell) = open.cell(open.at)
        {
            open.begun = Some((cell, open.seen_in(&cell)));
        }
        open.is_fresh = false;
        open.fault = None;
        open.doubted = None;
    }
}

/// Puts what was typed into the cell under the cursor before into the line.
pub(super) fn load(model: &mut Model) {
    let Some(open) = model.entry.open.as_mut() else { return };
    let text = open
        .cell(open.at)
        .and_then(|cell| open.typed.get(&cell))
        .map(|typed| typed.text.clone());
    open.field.set(&text.unwrap_or_default());
    open.begun = None;
    open.is_fresh = true;
    open.fault = None;
    open.doubted = None;
}

/// What the cell under the cursor holds has become another one: the line shows it, unless somebody types there.
pub(super) fn show_again(open: &mut Opened) {
    if open.focus == Focus::Grid && open.begun.is_none() {
        let typed = open.cell(open.at).and_then(|cell| open.typed.get(&cell));
        let text = typed.map_or("", |typed| &typed.text).to_owned();
        if open.field.text() != text {
            open.field.set(&text);
            open.is_fresh = true;
        }
    }
}

/// Takes what is typed into its cell; `None` where that cannot be, or has to be looked at first.
fn take(model: &mut Model) -> Option<Vec<Effect>> {
    take_as(model, false)
}

/// The same; where it `is_decided` what looks wrong was looked at already.
pub(super) fn take_as(model: &mut Model, is_decided: bool) -> Option<Vec<Effect>> {
    let lacks = lacking(model, Right::Enter);
    let plant = model.plant.as_ref()?;
    let open = model.entry.open.as_mut()?;
    let Some(cell) = open.cell(open.at) else {
        return Some(Vec::new());
    };
    // Whoever only passes over a cell does not become who typed it.
    if !open.is_typing() {
        return Some(Vec::new());
    }
    let text = open.field.text().trim().to_owned();
    if let Some(why) = lacks {
        open.fault = Some(why);
        return None;
    }
    if open.is_being_sent(&cell) {
        open.fault = Some(Text::new("tui-entry-being-sent"));
        return None;
    }
    if text.is_empty() {
        set(open, cell, None);
        model.entry.from_files.remove(&cell);
        return Some(keep(model, &[cell]));
    }
    let found = look_at(open, &plant.model, plant.now(model.elapsed), &text);
    let (entered, doubts) = match found {
        Ok(found) => found,
        Err(why) => {
            open.fault = Some(why);
            return None;
        }
    };
    if entered == Entered::Empty {
        return Some(Vec::new());
    }
    let was_told = open.doubted.as_ref().is_some_and(|(of, _)| *of == text);
    if !doubts.is_empty() && !was_told && !is_decided {
        open.doubted = Some((text, doubts));
        return None;
    }
    let typed = Typed {
        text,
        by: None,
        is_doubted: !doubts.is_empty(),
        is_from_here: true,
    };
    set(open, cell, Some(typed));
    // It was typed, whatever a file had there.
    model.entry.from_files.remove(&cell);
    lost::found(model);
    Some(keep(model, &[cell]))
}

/// The terminal is gone, with the line or the window: what stands in the line is kept as far as it was typed, to be looked at
/// when the page is opened again, and what the daemon does not know yet is told once more.
///
/// A beginning takes the place of nothing that was finished: what somebody had typed there before is held back in its place, and
/// what a colleague did stays as it is.
pub(in crate::tui::update) fn part(model: &mut Model) -> Vec<Effect> {
    if lacking(model, Right::Enter).is_some() {
        return Vec::new();
    }
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    if let Some((cell, text)) = cut_off(open) {
        let typed = Typed {
            text,
            by: None,
            is_doubted: true,
            is_from_here: true,
        };
        set(open, cell, Some(typed));
    }
    keep_unsaved(model)
}

/// Has the daemon keep what it was not asked to keep yet, or could not.
pub(super) fn keep_unsaved(model: &mut Model) -> Vec<Effect> {
    let Some(open) = model.entry.open.as_ref() else {
        return Vec::new();
    };
    let is_awaited = |cell: &&Cell| {
        let mut awaited = open.saving.iter().flat_map(|(_, changes)| changes);
        let says = open.typed.get(cell).map(|typed| &typed.text);
        awaited.any(|change| (change.parameter, change.round) == **cell && change.text.as_ref() == says)
    };
    let unsaved: Vec<Cell> = open.unsaved.keys().filter(|cell| !is_awaited(cell)).copied().collect();
    keep(model, &unsaved)
}

/// What is kept of a line that was not typed to its end, and where.
fn cut_off(open: &Opened) -> Option<(Cell, String)> {
    let cell = open.cell(open.at).filter(|cell| !open.is_being_sent(cell))?;
    let line = open.field.text().trim();
    // That it is emptied nobody has said.
    if !open.is_typing() || line.is_empty() {
        return None;
    }
    let stood = open.typed.get(&cell);
    let is_mine = stood.is_none_or(|typed| typed.by.is_none());
    let stood = stood.map_or("", |typed| &typed.text);
    is_mine.then(|| (cell, held_back(stood, line, LONGEST_CELL)))
}

/// What a text says in the cell under the cursor, and what looks wrong about it.
fn look_at(open: &Opened, model: &SiteModel, now: Instant, text: &str) -> Result<(Entered, Vec<Doubt>), Text> {
    let gone = || Text::new("sheet-no-cell");
    let sheet = open.known(model).ok_or_else(gone)?.at(now);
    let row = sheet.row(open.at.0).ok_or_else(gone)?;
    let around = open.around(model, open.at);
    let entered = read(text, &row, around.before.map(|(_, value)| value))?;
    let found = match &entered {
        Entered::Value(value) => doubts(&sheet, open.at, value, around),
        Entered::Empty | Entered::Missing => Vec::new(),
    };
    Ok((entered, found))
}

/// Those of some cells of the page about which something looks wrong.
pub(super) fn doubted(open: &Opened, model: &SiteModel, now: Instant, cells: &[Cell]) -> Vec<Cell> {
    let Some(sheet) = open.known(model).filter(|_| !cells.is_empty()) else {
        return Vec::new();
    };
    let sheet = sheet.at(now);
    let rows = sheet.rows().map(|(place, row)| (row.parameter.id, place));
    let rows: HashMap<ParameterId, usize> = rows.collect();
    let columns = sheet
        .view
        .rounds
        .iter()
        .zip(0..)
        .map(|(round, place)| (round.at, place));
    let columns: HashMap<Instant, usize> = columns.collect();
    let is_doubted = |(parameter, round): &&Cell| {
        let place = rows.get(parameter).copied().zip(columns.get(round).copied());
        place.is_some_and(|at| match open.entered(model, at) {
            Some(Ok(Entered::Value(value))) => !doubts(&sheet, at, &value, open.around(model, at)).is_empty(),
            _ => false,
        })
    };
    cells.iter().filter(is_doubted).copied().collect()
}

/// Changes what a cell holds, so that it can be undone.
pub(super) fn set(open: &mut Opened, cell: Cell, typed: Option<Typed>) {
    set_all(open, vec![(cell, typed)]);
}

/// The same of several cells, which are undone together.
pub(super) fn set_all(open: &mut Opened, cells: Vec<(Cell, Option<Typed>)>) {
    let mut step = Vec::with_capacity(cells.len());
    for (cell, typed) in cells {
        let put = typed.as_ref().map(|typed| typed.text.clone());
        let before = match typed {
            Some(typed) => open.typed.insert(cell, typed),
            None => open.typed.remove(&cell),
        };
        step.push(Undoable { cell, before, put });
        open.mark_unsaved(cell);
    }
    open.undo.push_back(step);
    if open.undo.len() > MOST_UNDONE {
        open.undo.pop_front();
    }
    open.fault = None;
    open.doubted = None;
}

/// Has the daemon keep what cells hold, as far as it is there; what it does not know is told again when it is.
pub(super) fn keep(model: &mut Model, cells: &[Cell]) -> Vec<Effect> {
    if model.link != LinkState::Up || cells.is_empty() {
        return Vec::new();
    }
    let Some(open) = model.entry.open.as_ref() else {
        return Vec::new();
    };
    let changes: Vec<DraftChange> = cells
        .iter()
        .map(|cell| DraftChange {
            parameter: cell.0,
            round: cell.1,
            seen: match open.unsaved.get(cell) {
                Some(seen) => seen.clone(),
                None => open.kept.get(cell).cloned(),
            },
            text: open.typed.get(cell).map(|typed| typed.text.clone()),
        })
        .collect();
    let body = RequestBody::Draft {
        sheet: open.sheet.clone(),
        page: open.page,
        changes: changes.clone(),
    };
    let effect = ask(model, body);
    let request = model.last_request;
    let elapsed = model.elapsed;
    if let Some(open) = model.entry.open.as_mut() {
        // What is being typed goes on; of its own cell the daemon holds then what it is told now.
        if open.is_typing() {
            if let Some((begun, seen)) = &mut open.begun
                && cells.contains(begun)
            {
                *seen = open.typed.get(begun).map(|typed| typed.text.clone());
            }
        } else {
            open.begun.take_if(|(begun, _)| cells.contains(begun));
        }
        open.told_at = elapsed;
        open.saving.push((request, changes));
    }
    vec![effect]
}

/// Goes on from the cell.
fn leave(model: &mut Model, way: Way) -> Vec<Effect> {
    let page = grid_height(model.size).max(1);
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    let (rows, columns) = open.size();
    match way {
        Way::Down if open.at.0 + 1 >= rows => return send::ask_first(model),
        Way::Down => open.at.0 += 1,
        Way::By(action) => open.at.0 = moved(open.at.0, action, page, rows.saturating_sub(1)).unwrap_or(open.at.0),
        Way::Right => {
            if open.at.1 + 1 < columns {
                open.at.1 += 1;
            } else {
                open.at = ((open.at.0 + 1).min(rows.saturating_sub(1)), 0);
            }
        }
        Way::Left => {
            if open.at.1 > 0 {
                open.at.1 -= 1;
            } else if open.at.0 > 0 {
                open.at = (open.at.0 - 1, columns.saturating_sub(1));
            }
        }
        Way::Out => open.focus = Focus::Page,
        Way::Send => return send::ask_first(model),
        Way::Workbook => return block::pick_workbook(model),
        Way::Gap => return gap::open(model),
    }
    load(model);
    keep_in_view(model);
    Vec::new()
}

/// A key of motion where the page has the keys.
pub(super) fn go(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = grid_height(model.size).max(1);
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    let (rows, columns) = open.size();
    match action {
        Action::Left => open.at.1 = open.at.1.saturating_sub(1),
        Action::Right => open.at.1 = (open.at.1 + 1).min(columns.saturating_sub(1)),
        _ => open.at.0 = moved(open.at.0, action, page, rows.saturating_sub(1)).unwrap_or(open.at.0),
    }
    keep_in_view(model);
    Vec::new()
}

/// Puts the cell that was typed into last back as it was, of a block all of its cells, and goes there. What holds something else
/// by now, because a colleague typed there since, stays as it is, and is told; what is being sent is not undone. What a colleague
/// had typed there before is not put back: it would be one's own then.
fn undo(model: &mut Model) -> Vec<Effect> {
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    let Some(step) = open.undo.back() else {
        open.fault = Some(Text::new("tui-entry-nothing-to-undo"));
        return Vec::new();
    };
    if step.iter().any(|one| open.is_being_sent(&one.cell)) {
        open.fault = Some(Text::new("tui-entry-being-sent"));
        return Vec::new();
    }
    let step = open.undo.pop_back().unwrap_or_default();
    let mut cells: Vec<Cell> = Vec::with_capacity(step.len());
    let (mut others, mut theirs) = (0_usize, 0_usize);
    // Of a block the last is put back first: a cell may stand in it twice.
    for Undoable { cell, before, put } in step.into_iter().rev() {
        let holds = open.typed.get(&cell);
        let is_mine = holds.is_none_or(|typed| typed.by.is_none());
        if !is_mine || holds.map(|typed| &typed.text) != put.as_ref() {
            others += 1;
            continue;
        }
        if before.as_ref().is_some_and(|before| before.by.is_some()) {
            theirs += 1;
            continue;
        }
        match before {
            Some(typed) => open.typed.insert(cell, typed),
            None => open.typed.remove(&cell),
        };
        model.entry.from_files.remove(&cell);
        open.mark_unsaved(cell);
        cells.push(cell);
    }
    let first = cells.last().copied();
    open.at = first.and_then(|cell| open.place_of(cell)).unwrap_or(open.at);
    load(model);
    let others = (others > 0).then(|| Text::new("tui-entry-undo-others").with_count("count", others));
    let theirs = (theirs > 0).then(|| Text::new("tui-entry-undo-theirs").with_count("count", theirs));
    if let (Some(told), Some(open)) = (
        Text::sentences(others.into_iter().chain(theirs)),
        model.entry.open.as_mut(),
    ) {
        open.fault = Some(told);
    }
    keep_in_view(model);
    keep(model, &cells)
}
