//! A page as the daemon gives it, for the first time or anew: the cursor stays on its cell, whatever became of the rows around it.

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::super::entry::{Cell, Focus, Hands, HeldQuestion, Opened, Typed, lines};
use super::super::super::model::{Model, Wanted};
use super::super::Effect;
use super::answers::tell_changed;
use super::lost::{Loss, Tags};
use super::{files, grid, held, keep_in_view, lost};
use crate::domain::draft::Draft;
use crate::domain::sheet::{Cells, EntrySheet};
use crate::domain::text::{Text, clean};
use crate::engine::view::SheetView;
use crate::wire::message::ReplyBody;

/// A page is there.
pub(super) fn page(model: &mut Model, request: u64, result: Result<ReplyBody, Text>) -> Vec<Effect> {
    let me = model.actor.as_ref().map(|actor| actor.name().to_owned());
    let now = model.plant.as_ref().map(|plant| plant.now(model.elapsed));
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    let is_first = open.again.take().is_none();
    let (view, kept) = match result {
        Ok(ReplyBody::Sheet(view, kept)) => (*view, *kept),
        Ok(_) => {
            open.view = Wanted::Refused(Text::new("tui-explain-unexpected"));
            return Vec::new();
        }
        Err(why) if is_no_page(&why) => {
            give_up(model, why);
            return Vec::new();
        }
        Err(why) if is_first => {
            open.view = Wanted::Refused(why);
            return Vec::new();
        }
        Err(why) => {
            open.fault = Some(why);
            return Vec::new();
        }
    };
    let named = open
        .round
        .and_then(|at| view.rounds.iter().position(|round| round.at == at));
    let column = named.unwrap_or_else(|| now.map_or(0, |now| EntrySheet::round_at(&view.rounds, now)));
    let asked_of = open.asked_of();
    let before = Before::of(open, &view);
    let cells = Cells::of(view.rows.iter().map(|row| row.parameter), &view.rounds);
    let mut gone = take_off(open, |cell| cells.has(*cell));
    open.view = Wanted::Here(view);
    let anew = drafted(open, &kept.drafts, me.as_deref());
    let unasked = before.and_then(|before| before.go_on(open, &mut gone, model.elapsed));
    tell_changed(open, asked_of.as_ref());
    grid::show_again(open);
    lose(model, &gone, unasked.as_ref());
    doubt_anew(model, &anew);
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    if is_first {
        let (rows, _) = open.size();
        // Where the round was begun, it goes on.
        let is_empty = |row: &usize| {
            let Wanted::Here(SheetView { rows, .. }) = &open.view else {
                return false;
            };
            let stands = rows
                .get(*row)
                .and_then(|row| row.cells.get(column).copied().flatten())
                .is_some();
            let typed = open
                .cell((*row, column))
                .is_some_and(|cell| open.typed.contains_key(&cell));
            !stands && !typed
        };
        open.at = ((0..rows).find(is_empty).unwrap_or(0), column);
        grid::load(model);
    }
    keep_in_view(model);
    files::are_here(model, request, (kept.attached, kept.others));
    let effects = held::take_up(model);
    lost::found(model);
    held::go_on(model);
    effects
}

/// What was typed here into cells that are not on the page any more, and by whom, where somebody else sits here by now.
type Gone = Vec<(Cell, String, Option<String>)>;

/// Takes off the page what is typed into cells that it has no more: the daemon would take none of it. Gives what was typed there
/// at this terminal. What is being sent is there until it is answered.
fn take_off(open: &mut Opened, has: impl Fn(&Cell) -> bool) -> Gone {
    let sent: BTreeSet<Cell> = open
        .sending
        .iter()
        .flat_map(|sending| &sending.cells)
        .map(|(cell, _)| *cell)
        .collect();
    let is_here = |cell: &Cell| has(cell) || sent.contains(cell);
    let from_here = open
        .typed
        .iter()
        .filter(|(_, typed)| typed.by.is_none() || typed.is_from_here);
    let gone = from_here.filter(|(cell, _)| !is_here(cell));
    let gone = gone.map(|(cell, typed)| (*cell, typed.text.clone(), typed.by.clone()));
    let gone = gone.collect();
    open.typed.retain(|cell, _| is_here(cell));
    open.unsaved.retain(|cell, _| is_here(cell));
    for step in &mut open.undo {
        step.retain(|one| is_here(&one.cell));
    }
    open.undo.retain(|step| !step.is_empty());
    gone
}

/// Whether the plan has the page no more; another refusal may pass.
fn is_no_page(why: &Text) -> bool {
    matches!(&*why.id, "sheet-unknown" | "sheet-page-unfit")
}

/// The plan has the page no more: what was typed into it is nowhere, is listed, and holds nobody back.
fn give_up(model: &mut Model, why: Text) {
    let Some(open) = model.entry.open.as_mut() else { return };
    let line = line(open);
    let question = held::take_off(open, open.cell(open.at));
    let mut gone = take_off(open, |_| false);
    gone.extend(line.map(|(cell, line)| (cell, line, None)));
    open.saving.clear();
    open.field.clear();
    (open.begun, open.doubted, open.fault) = (None, None, None);
    // What is typed on was meant for a cell, and is no key of the pane.
    (open.focus, open.hands) = (Focus::Grid, Hands::Astray);
    open.view = Wanted::Refused(why);
    files::give_up(model);
    held::give_up(model);
    lose(model, &gone, question.as_ref());
}

/// The cell that is being typed into, with the line.
fn line(open: &Opened) -> Option<(Cell, String)> {
    let line = open.is_typing().then(|| open.field.text().trim().to_owned());
    open.cell(open.at).zip(line.filter(|line| !line.is_empty()))
}

/// What was typed is not lost with its row: the line that is half typed is told first.
fn lose(model: &mut Model, gone: &Gone, unasked: Option<&HeldQuestion>) {
    let tags = Tags::of(model.plant.as_ref(), &model.entry.former_tags);
    let (mut lost, mut of_others) = (Vec::new(), Vec::new());
    lost.extend(unasked.and_then(|question| tags.unasked(question)).map(Loss::from));
    for (cell, text, by) in gone.iter().rev() {
        match by {
            None => lost.push(tags.gone(*cell, text)),
            Some(by) => of_others.push((by.clone(), tags.gone(*cell, text))),
        }
    }
    lost::lose(model, lost);
    for (by, text) in of_others {
        lost::lose_of(model, Some(&by), vec![text]);
    }
}

/// What was done on a page that has other rows or rounds than it had: another version of the plan is in force.
struct Before {
    /// The cell under the cursor.
    cell: Option<Cell>,
    /// What is being typed there.
    line: Option<(Cell, String)>,
}

impl Before {
    /// None where the page has the cells that it had.
    fn of(open: &Opened, now: &SheetView) -> Option<Self> {
        if !matches!(open.view, Wanted::Here(_)) || open.lines() == lines(now) {
            return None;
        }
        Some(Self {
            cell: open.cell(open.at),
            line: line(open),
        })
    }

    /// Goes on where that can be. Where the cell under the cursor is there no more, what was typed there is gone too, and the
    /// question that was asked of it is given.
    fn go_on(self, open: &mut Opened, gone: &mut Gone, elapsed: Duration) -> Option<HeldQuestion> {
        // Where a block goes was worked out of places.
        if matches!(open.focus, Focus::Block(_)) {
            open.focus = Focus::Grid;
            open.tell(Text::new("tui-entry-block-moved"), elapsed);
        }
        let cell = self.cell?;
        if let Some(at) = open.place_of(cell) {
            open.at = at;
            return None;
        }
        gone.extend(self.line.map(|(cell, line)| (cell, line, None)));
        let question = held::take_off(open, Some(cell));
        let (rows, columns) = open.size();
        // Where its round is still there, the cursor stays in that.
        let (_, rounds) = open.lines();
        let column = rounds.iter().position(|round| *round == cell.1).unwrap_or(open.at.1);
        open.at = (
            open.at.0.min(rows.saturating_sub(1)),
            column.min(columns.saturating_sub(1)),
        );
        open.field.clear();
        (open.begun, open.doubted) = (None, None);
        // What is typed on was meant for another cell.
        if open.focus != Focus::Page {
            open.hands = Hands::Astray;
        }
        question
    }
}

/// What the daemon keeps of the page takes the place of what was known of it, but for what it does not know yet. Gives the
/// cells that hold something else than before: nobody here has looked at them.
pub(super) fn drafted(open: &mut Opened, drafts: &[Draft], me: Option<&str>) -> Vec<Cell> {
    open.kept = drafts
        .iter()
        .map(|draft| ((draft.parameter, draft.round), draft.text.clone()))
        .collect();
    let mut anew = Vec::new();
    let before = open.typed.clone();
    open.typed.retain(|cell, _| open.unsaved.contains_key(cell));
    for draft in drafts {
        let cell: Cell = (draft.parameter, draft.round);
        if !open.unsaved.contains_key(&cell) {
            let is_same = |typed: &&Typed| typed.text == draft.text;
            let was = before.get(&cell).filter(is_same);
            if was.is_none() {
                anew.push(cell);
            }
            let typed = Typed {
                text: draft.text.clone(),
                by: (Some(draft.by.as_str()) != me).then(|| clean(&draft.by).into_owned()),
                // What was looked at here looks no better for being kept.
                is_doubted: was.is_some_and(|typed| typed.is_doubted),
                is_from_here: was.is_some_and(|typed| typed.is_from_here),
            };
            open.typed.insert(cell, typed);
        }
    }
    anew
}

/// Works out what looks wrong about cells that were kept: it is not kept with them, and what stands around them may have become
/// another. Costs for each cell what it costs when it is typed.
pub(super) fn doubt_anew(model: &mut Model, cells: &[Cell]) {
    let (Some(plant), Some(open)) = (&model.plant, model.entry.open.as_mut()) else {
        return;
    };
    let doubted = grid::doubted(open, &plant.model, plant.now(model.elapsed), cells);
    for cell in doubted {
        if let Some(typed) = open.typed.get_mut(&cell) {
            typed.is_doubted = true;
        }
    }
}
