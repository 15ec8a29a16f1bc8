//! What somebody was doing on a page when they were signed off (搁置), by a cut line or by the daemon: what they had typed and
//! the daemon does not keep, and the question they were asking. Nobody else goes on with it; it comes back when the same person
//! looks at that page again.

use std::collections::BTreeMap;

use super::super::super::entry::{Cell, Focus, HeldQuestion, Opened, Typed};
use super::super::super::model::{Model, Wanted};
use super::super::{Effect, unanswered};
use super::{answers, back_to_cells, correct, grid, keep_in_view, page};
use crate::domain::text::{Text, clean};

/// Somebody went: what they were doing on the page waits for them.
pub(super) fn hold(model: &mut Model, gone: &str) {
    hold_question(model, gone);
    hold_cells(model, gone);
}

fn hold_question(model: &mut Model, gone: &str) {
    let Some(open) = model.entry.open.as_mut() else { return };
    if !matches!(open.focus, Focus::Correcting(_) | Focus::Gap(_) | Focus::Block(_)) {
        return;
    }
    let asked_of = open.asked_of();
    let lines = open.lines();
    let cell = open.cell(open.at);
    let mut focus = std::mem::replace(&mut open.focus, Focus::Grid);
    match &mut focus {
        Focus::Correcting(correcting) => correcting.attaching.keep_attached(),
        Focus::Gap(form) => (form.measured, form.preview) = (None, None),
        _ => {}
    }
    let page = (gone.to_owned(), open.sheet.clone(), open.page);
    if let Some(cell) = cell {
        let held = HeldQuestion {
            cell,
            focus,
            asked_of,
            lines,
        };
        model.entry.held.insert(page, held);
    }
}

/// What the daemon does not keep is taken off the page: it would go out in the next one's name. All else there is of who went.
fn hold_cells(model: &mut Model, gone: &str) {
    let Some(open) = model.entry.open.as_mut() else { return };
    let line = if open.is_typing() {
        let begun = open.begun.clone();
        begun.map(|(cell, seen)| (cell, open.field.text().trim().to_owned(), seen))
    } else {
        None
    };
    let mut cells = BTreeMap::new();
    for cell in std::mem::take(&mut open.unsaved) {
        if open.typed.get(&cell).is_some_and(|typed| typed.by.is_some()) {
            continue;
        }
        let text = open.typed.get(&cell).map(|typed| typed.text.clone());
        cells.insert(cell, (text, open.kept.get(&cell).cloned()));
        // What is being sent is there until it is answered.
        if !open.is_being_sent(&cell) {
            open.typed.remove(&cell);
        }
    }
    open.saving.clear();
    for typed in open.typed.values_mut() {
        typed.by.get_or_insert_with(|| clean(gone).into_owned());
    }
    let page = (gone.to_owned(), open.sheet.clone(), open.page);
    open.fault = None;
    let unread = std::mem::take(&mut open.unread);
    grid::load(model);
    if line.is_some() || !cells.is_empty() || !unread.is_empty() {
        // What waits already goes on waiting.
        let held = model.entry.held_cells.entry(page).or_default();
        held.cells.extend(cells);
        held.line = line.or_else(|| held.line.take());
        held.unread.extend(unread);
    }
}

/// Whoever sits here has on the page again what they typed there and nobody kept; the daemon is told of it. What colleagues typed
/// there meanwhile stays, and is told.
pub(super) fn take_up(model: &mut Model) -> Vec<Effect> {
    let (Some(me), Some(open)) = (unanswered::person(model), model.entry.open.as_mut()) else {
        return Vec::new();
    };
    let page = (me, open.sheet.clone(), open.page);
    let Some(held) = model.entry.held_cells.remove(&page) else {
        return Vec::new();
    };
    let known = model.plant.as_ref().map(|plant| &*plant.model);
    let (mut told, mut back, mut sent) = (Vec::new(), Vec::new(), BTreeMap::new());
    for (cell, (text, seen)) in held.cells {
        // Whether it was taken is being asked.
        if open.is_being_sent(&cell) {
            sent.insert(cell, (text, seen));
            continue;
        }
        let kept = open.kept.get(&cell);
        if kept == text.as_ref() {
            continue;
        }
        if kept == seen.as_ref() {
            match text {
                Some(text) => {
                    let typed = Typed {
                        text,
                        by: None,
                        is_doubted: false,
                    };
                    open.typed.insert(cell, typed);
                }
                None => drop(open.typed.remove(&cell)),
            }
            open.unsaved.insert(cell);
            back.push(cell);
        } else if let Some(mine) = text {
            let theirs = open.typed.get(&cell);
            let (theirs, by) = theirs.map_or(("", ""), |typed| (&typed.text, typed.by.as_deref().unwrap_or_default()));
            told.push(answers::contest(known, cell, (theirs, by), &mine));
        }
    }
    if !sent.is_empty() {
        let waits = model.entry.held_cells.entry(page).or_default();
        waits.cells = sent;
    }
    let left = held.line.and_then(|line| go_on_typing(open, line));
    // What could not be put back is typed again by whoever began it.
    let left = left.map(|(cell, line)| {
        let text = Text::new("tui-entry-line-left").with("line", clean(&line));
        answers::of_cell(text, known, cell)
    });
    let told = answers::first_of(told).into_iter().chain(left);
    for told in held.unread.into_iter().rev().chain(Text::sentences(told)) {
        open.tell(told, model.elapsed);
    }
    page::doubt_anew(model, &back);
    keep_in_view(model);
    grid::keep(model, &back)
}

/// Cells were taken: they wait for nobody any more.
pub(super) fn forget(model: &mut Model, taken: &[Cell]) {
    let Some(open) = model.entry.open.as_ref() else { return };
    for ((_, sheet, page), held) in &mut model.entry.held_cells {
        if (sheet, *page) == (&open.sheet, open.page) {
            held.cells.retain(|cell, _| !taken.contains(cell));
        }
    }
    model
        .entry
        .held_cells
        .retain(|_, held| held.is_typed() || !held.unread.is_empty());
}

/// Puts a line back that was being typed; gives it where something else is being done, or its cell is there no more.
fn go_on_typing(open: &mut Opened, (cell, text, seen): (Cell, String, Option<String>)) -> Option<(Cell, String)> {
    let is_free = matches!(open.focus, Focus::Grid | Focus::Page) && !open.is_typing();
    let Some(at) = open.place_of(cell).filter(|_| is_free) else {
        return Some((cell, text));
    };
    open.at = at;
    open.focus = Focus::Grid;
    open.field.set(&text);
    open.begun = Some((cell, seen));
    open.is_fresh = false;
    None
}

/// That people who were signed off here have something on pages that nobody else keeps.
pub(in crate::tui::update) fn of_others(model: &Model) -> Option<Text> {
    let typed = model.entry.held_cells.iter().filter(|(_, held)| held.is_typed());
    let pages = model.entry.held.keys().chain(typed.map(|(page, _)| page));
    let known = model.plant.as_ref().map(|plant| &*plant.model);
    let people = pages.map(|(person, _, _)| model.shown.person(known, person));
    let mut people: Vec<String> = people.collect();
    people.sort();
    people.dedup();
    (!people.is_empty()).then(|| Text::new("tui-quit-held").with("by", people.join(", ")))
}

/// Whoever sits here goes on with what they were asking, where that page is on the screen and nothing else is done on it.
pub(super) fn go_on(model: &mut Model) {
    let Some(me) = unanswered::person(model) else { return };
    let elapsed = model.elapsed;
    let Some(open) = model.entry.open.as_mut() else { return };
    let page = (me, open.sheet.clone(), open.page);
    let Some(held) = model.entry.held.get(&page) else {
        return;
    };
    if !matches!(open.view, Wanted::Here(_)) {
        return;
    }
    let is_free = matches!(open.focus, Focus::Grid | Focus::Page) && !open.is_typing() && open.sending.is_none();
    if !is_free {
        return;
    }
    let place = open.place_of(held.cell);
    // A row that the plan has no more is asked about no more.
    let (Some(held), Some(place)) = (model.entry.held.remove(&page), place) else {
        return;
    };
    if matches!(held.focus, Focus::Block(_)) && held.lines != open.lines() {
        open.tell(Text::new("tui-entry-block-moved"), elapsed);
        return;
    }
    let is_correction = matches!(held.focus, Focus::Correcting(_));
    open.at = place;
    back_to_cells(model);
    // What others did meanwhile may have left nothing to correct.
    let over = is_correction.then(|| correct::fault(model)).flatten();
    let Some(open) = model.entry.open.as_mut() else { return };
    if over.is_some() {
        open.fault = over;
    } else {
        open.focus = held.focus;
        if let Focus::Gap(form) = &mut open.focus {
            // What the daemon said of it was of another time.
            form.typed = Some(elapsed);
        }
        model.notice = Some(Text::new("tui-entry-held"));
        answers::tell_changed(open, held.asked_of.as_ref());
    }
    keep_in_view(model);
}
