//! What somebody was doing on a page when they were signed off (搁置), by a cut line or by the daemon: what they had typed and
//! the daemon does not keep, and the question they were asking. Nobody else goes on with it: the cells are there again when the
//! same person looks at that page, and the question when they ask for it.

use std::collections::BTreeMap;

use super::super::super::entry::{Cell, Focus, Hands, HeldQuestion, Opened, PageOf, Sending, Typed};
use super::super::super::keymap::{Action, Context};
use super::super::super::model::{Model, Wanted};
use super::super::Effect;
use super::lost::{Loss, Tags};
use super::{answers, back_to_cells, correct, grid, keep_in_view, lost, page};
use crate::domain::sheet::page_of;
use crate::domain::text::{Text, clean};

/// Somebody went: what they were doing on the page waits for them.
pub(super) fn hold(model: &mut Model, gone: &str) {
    hold_question(model, gone);
    hold_cells(model, gone);
}

fn hold_question(model: &mut Model, gone: &str) {
    let Some(open) = model.entry.open.as_mut() else { return };
    let page = (Some(gone.to_owned()), open.sheet.clone(), open.page);
    if let Some(question) = take_off(open, open.cell(open.at)) {
        wait(model, page, question);
    }
}

/// Takes the question that is open off the page: what was typed into it goes with it.
pub(super) fn take_off(open: &mut Opened, cell: Option<Cell>) -> Option<HeldQuestion> {
    if !matches!(open.focus, Focus::Correcting(_) | Focus::Gap(_) | Focus::Block(_)) {
        return None;
    }
    let cell = cell?;
    let (asked_of, lines) = (open.asked_of(), open.lines());
    let mut focus = std::mem::replace(&mut open.focus, Focus::Grid);
    match &mut focus {
        Focus::Correcting(correcting) => correcting.attaching.keep_attached(),
        Focus::Gap(form) => (form.measured, form.preview) = (None, None),
        _ => {}
    }
    Some(HeldQuestion {
        cell,
        focus,
        asked_of,
        lines,
        is_told: false,
    })
}

/// A question waits for whoever asked it. One waits on a page: what was typed into another is listed.
fn wait(model: &mut Model, page: PageOf, question: HeldQuestion) {
    let whose = page.0.clone();
    if let Some(other) = model.entry.held.insert(page, question) {
        let tags = Tags::of(model.plant.as_ref(), &model.entry.former_tags);
        let unasked = tags.unasked(&other);
        lost::lose_of(model, whose.as_deref(), unasked.map(Loss::from).into_iter().collect());
    }
}

/// What was answered was not taken: the question waits, with what was typed into it. Whoever types a value by now is not taken
/// away from it.
pub(super) fn refused(model: &mut Model, question: HeldQuestion, whose: Option<String>) {
    let Some(open) = model.entry.open.as_ref() else { return };
    let page = (whose, open.sheet.clone(), open.page);
    wait(model, page, question);
    go_on(model);
    give_up(model);
}

/// The plan has some pages no more: what waits for people there is listed for each of them.
pub(super) fn give_up(model: &mut Model) {
    let Some(plant) = &model.plant else { return };
    let tags = Tags::of(model.plant.as_ref(), &model.entry.former_tags);
    let is_there = |(_, sheet, page): &PageOf| page_of(&plant.model, sheet, *page).is_ok();
    let mut lost: Vec<(Option<String>, Vec<Loss>)> = Vec::new();
    for (of, question) in &model.entry.held {
        if !is_there(of) {
            lost.push((
                of.0.clone(),
                tags.unasked(question).map(Loss::from).into_iter().collect(),
            ));
        }
    }
    for (of, held) in &model.entry.held_cells {
        if !is_there(of) {
            let texts = held.cells.iter().rev();
            let texts = texts.filter_map(|(cell, (text, _))| Some(tags.gone(*cell, text.as_deref()?)));
            lost.push((of.0.clone(), texts.collect()));
        }
    }
    model.entry.held.retain(|of, _| is_there(of));
    model.entry.held_cells.retain(|of, _| is_there(of));
    for (whose, texts) in lost {
        lost::lose_of(model, whose.as_deref(), texts);
    }
}

/// Somebody else sits here before it is known whether what one sent was taken.
pub(super) fn unanswered_of(model: &mut Model, sending: Sending) {
    let Some(open) = model.entry.open.as_ref() else { return };
    let page = (sending.asked.by, open.sheet.clone(), open.page);
    if let Some(question) = sending.question {
        wait(model, page, *question);
    }
}

/// What the daemon does not keep is taken off the page: it would go out in the next one's name. All else there is of who went.
fn hold_cells(model: &mut Model, gone: &str) {
    let Some(open) = model.entry.open.as_mut() else { return };
    let line = open.is_typing().then(|| open.field.text().trim().to_owned());
    let line = open.cell(open.at).zip(line.filter(|line| !line.is_empty()));
    let mut cells = BTreeMap::new();
    for (cell, seen) in std::mem::take(&mut open.unsaved) {
        if open.typed.get(&cell).is_some_and(|typed| typed.by.is_some()) {
            continue;
        }
        let text = open.typed.get(&cell).map(|typed| typed.text.clone());
        cells.insert(cell, (text, seen));
        // What is being sent is there until it is answered.
        if !open.is_being_sent(&cell) {
            open.typed.remove(&cell);
        }
    }
    open.saving.clear();
    for typed in open.typed.values_mut() {
        if typed.by.is_none() {
            typed.by = Some(clean(gone).into_owned());
            typed.is_from_here = true;
        }
    }
    let page = (Some(gone.to_owned()), open.sheet.clone(), open.page);
    open.fault = None;
    let unread = std::mem::take(&mut open.unread);
    grid::load(model);
    if !cells.is_empty() || !unread.is_empty() {
        // What waits already goes on waiting.
        let held = model.entry.held_cells.entry(page).or_default();
        held.cells.extend(cells);
        held.unread.extend(unread);
    }
    // A beginning is typed again by whoever began it: put back, the next value would be typed behind it.
    let tags = Tags::of(model.plant.as_ref(), &model.entry.former_tags);
    let left = line.map(|(cell, line)| {
        let text = Text::new("tui-entry-line-left").with("line", clean(&line));
        tags.of_cell(text, cell)
    });
    lost::lose_of(model, Some(gone), left.map(Loss::from).into_iter().collect());
}

/// Whoever sits here has on the page again what they typed there and nobody kept; the daemon is told of it. What colleagues typed
/// there meanwhile stays, and is told.
pub(super) fn take_up(model: &mut Model) -> Vec<Effect> {
    let me = model.person();
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    let page = (me, open.sheet.clone(), open.page);
    let Some(held) = model.entry.held_cells.remove(&page) else {
        return Vec::new();
    };
    let tags = Tags::of(model.plant.as_ref(), &model.entry.former_tags);
    let (rows, rounds) = open.lines();
    let is_here = |cell: &Cell| rows.contains(&cell.0) && rounds.contains(&cell.1);
    let (mut lost, mut back, mut sent) = (Vec::new(), Vec::new(), BTreeMap::new());
    for (cell, (text, seen)) in held.cells {
        // The daemon would take none of what goes with a cell that the plan has no more.
        if !is_here(&cell) {
            lost.extend(text.map(|text| tags.gone(cell, &text)));
            continue;
        }
        // Whether it was taken is being asked.
        if open.is_being_sent(&cell) {
            sent.insert(cell, (text, seen));
            continue;
        }
        let kept = open.kept.get(&cell);
        if kept == text.as_ref() {
            continue;
        }
        // They have typed there anew before what waited was there.
        let is_anew = open.unsaved.contains_key(&cell);
        if !is_anew && kept == seen.as_ref() {
            match text {
                Some(text) => {
                    let typed = Typed {
                        text,
                        by: None,
                        is_doubted: false,
                        is_from_here: true,
                    };
                    open.typed.insert(cell, typed);
                }
                None => drop(open.typed.remove(&cell)),
            }
            open.unsaved.insert(cell, seen);
            back.push(cell);
        } else if let Some(mine) = text {
            let theirs = open.typed.get(&cell);
            let me = page.0.as_deref().unwrap_or_default();
            let (theirs, by) = theirs.map_or(("", ""), |typed| (&typed.text, typed.by.as_deref().unwrap_or(me)));
            lost.push(tags.contested(cell, (theirs, by), &mine));
        }
    }
    if !sent.is_empty() {
        let waits = model.entry.held_cells.entry(page).or_default();
        waits.cells = sent;
    }
    grid::show_again(open);
    for told in held.unread.into_iter().rev() {
        open.tell(told, model.elapsed);
    }
    lost::lose(model, lost);
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
        .retain(|_, held| !held.cells.is_empty() || !held.unread.is_empty());
}

/// That a question of whoever sits here waits on a page.
pub(in crate::tui::update) fn of_oneself(model: &Model) -> Option<Text> {
    let me = model.person();
    let waits = model.entry.held.keys().any(|(whose, _, _)| *whose == me);
    waits.then(|| Text::new("tui-entry-question-waits-on-page"))
}

/// That people who were signed off here have something on pages that nobody else keeps.
pub(in crate::tui::update) fn of_others(model: &Model) -> Option<Text> {
    let me = model.person();
    let typed = model.entry.held_cells.iter().filter(|(_, held)| !held.cells.is_empty());
    let pages = model.entry.held.keys().chain(typed.map(|(page, _)| page));
    let pages = pages.filter(|(whose, _, _)| *whose != me);
    let known = model.plant.as_ref().map(|plant| &*plant.model);
    let people = pages.filter_map(|(person, _, _)| Some(model.shown.person(known, person.as_ref()?)));
    let mut people: Vec<String> = people.collect();
    people.sort();
    people.dedup();
    (!people.is_empty()).then(|| Text::new("tui-quit-held").with("by", people.join(", ")))
}

/// Whoever sits here goes on with what they were asking, where that page is on the screen and they ask for it; else what is typed
/// next is meant for a cell, and it is only said that the question waits, and how it comes back.
pub(super) fn go_on(model: &mut Model) {
    let me = model.person();
    let Some(open) = model.entry.open.as_mut() else { return };
    if !matches!(open.view, Wanted::Here(_)) {
        return;
    }
    let page = (me, open.sheet.clone(), open.page);
    let Some(held) = model.entry.held.get_mut(&page) else {
        return;
    };
    let is_gone = open.place_of(held.cell).is_none();
    let is_free = matches!(open.focus, Focus::Grid | Focus::Page) && !open.is_typing() && open.sending.is_none();
    if !is_gone && (!is_free || open.hands != Hands::Resting) {
        if !std::mem::replace(&mut held.is_told, true) {
            let tags = Tags::of(model.plant.as_ref(), &model.entry.former_tags);
            let keymap = &model.shown.keymap;
            let key = |context, action| keymap.key_of(context, action).map(ToString::to_string);
            let text = Text::new("tui-entry-question-waits")
                .with("back", key(Context::Grid, Action::Back).unwrap_or_default())
                .with("key", key(Context::Sheet, Action::Refresh).unwrap_or_default());
            open.tell(tags.of_cell(text, held.cell), model.elapsed);
        }
        return;
    }
    let Some(held) = model.entry.held.remove(&page) else {
        return;
    };
    if is_gone {
        lose(model, &held);
    } else {
        put_back(model, held);
    }
}

/// What was typed into a question that is asked no more is listed.
fn lose(model: &mut Model, question: &HeldQuestion) {
    let tags = Tags::of(model.plant.as_ref(), &model.entry.former_tags);
    let unasked = tags.unasked(question);
    lost::lose(model, unasked.map(Loss::from).into_iter().collect());
}

/// A question is there again, at its cell. It is looked at before it is answered: whoever types on meanwhile sees it first.
fn put_back(model: &mut Model, question: HeldQuestion) {
    let elapsed = model.elapsed;
    let Some(open) = model.entry.open.as_mut() else { return };
    if matches!(question.focus, Focus::Block(_)) && question.lines != open.lines() {
        open.tell(Text::new("tui-entry-block-moved"), elapsed);
        return;
    }
    let is_correction = matches!(question.focus, Focus::Correcting(_));
    open.at = open.place_of(question.cell).unwrap_or(open.at);
    back_to_cells(model);
    // What others did meanwhile may have left nothing to correct.
    if let Some(over) = is_correction.then(|| correct::fault(model)).flatten() {
        lose(model, &question);
        if let Some(open) = model.entry.open.as_mut() {
            open.fault = Some(over);
        }
        keep_in_view(model);
        return;
    }
    let Some(open) = model.entry.open.as_mut() else { return };
    open.focus = question.focus;
    open.hands = Hands::Typing;
    open.is_changed = true;
    let said = Text::new("tui-entry-held");
    match &mut open.focus {
        Focus::Gap(form) => {
            // What the daemon said of it was of another time.
            form.typed = Some(elapsed);
            form.fault = Some(said);
        }
        Focus::Correcting(_) => open.fault = Some(said),
        _ => model.notice = Some(said),
    }
    answers::tell_changed(open, question.asked_of.as_ref());
    keep_in_view(model);
}
