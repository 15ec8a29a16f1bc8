//! A page as the daemon gives it, for the first time or anew: the cursor stays on its cell, whatever became of the rows around it.

use std::time::Duration;

use super::super::super::entry::{Cell, Focus, Opened, Typed, lines};
use super::super::super::model::{Model, Wanted};
use super::super::Effect;
use super::answers::{first_of, of_cell, tell_changed};
use super::{files, grid, held, keep_in_view};
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
    open.view = Wanted::Here(view);
    let anew = drafted(open, &kept.drafts, me.as_deref());
    let gone = before
        .map(|before| before.go_on(open, model.elapsed))
        .unwrap_or_default();
    tell_changed(open, asked_of.as_ref());
    grid::show_again(open);
    tell_gone(model, gone);
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
    held::go_on(model);
    effects
}

/// What was done on a page that has other rows or rounds than it had: another version of the plan is in force.
struct Before {
    /// The cell under the cursor.
    cell: Option<Cell>,
    /// The cells that it has now.
    cells: Cells,
    /// What was typed into cells that are there no more.
    gone: Vec<(Cell, String)>,
}

impl Before {
    /// None where the page has the cells that it had.
    fn of(open: &Opened, now: &SheetView) -> Option<Self> {
        if !matches!(open.view, Wanted::Here(_)) || open.lines() == lines(now) {
            return None;
        }
        let cells = Cells::of(now.rows.iter().map(|row| row.parameter), &now.rounds);
        let typed = open.typed.iter().filter(|(_, typed)| typed.by.is_none());
        let typed = typed.map(|(cell, typed)| (*cell, typed.text.clone()));
        let cell = open.cell(open.at);
        let line = open.is_typing().then(|| open.field.text().trim().to_owned());
        let line = line.filter(|line| !line.is_empty());
        let gone = typed
            .chain(cell.zip(line))
            .filter(|(cell, _)| !cells.has(*cell))
            .collect();
        Some(Self { cell, cells, gone })
    }

    /// Goes on where that can be. Gives what was typed into cells that are there no more, which is taken off the page.
    fn go_on(self, open: &mut Opened, elapsed: Duration) -> Vec<(Cell, String)> {
        open.typed.retain(|cell, _| self.cells.has(*cell));
        open.unsaved.retain(|cell| self.cells.has(*cell));
        for step in &mut open.undo {
            step.retain(|(cell, _)| self.cells.has(*cell));
        }
        open.undo.retain(|step| !step.is_empty());
        // Where a block goes was worked out of places.
        if matches!(open.focus, Focus::Block(_)) {
            open.focus = Focus::Grid;
            open.tell(Text::new("tui-entry-block-moved"), elapsed);
        }
        if let Some(at) = self.cell.and_then(|cell| open.place_of(cell)) {
            open.at = at;
            return self.gone;
        }
        let (rows, columns) = open.size();
        open.at = (
            open.at.0.min(rows.saturating_sub(1)),
            open.at.1.min(columns.saturating_sub(1)),
        );
        if open.is_correcting() {
            open.focus = Focus::Grid;
        }
        open.field.clear();
        (open.begun, open.doubted) = (None, None);
        self.gone
    }
}

/// What was typed is not lost with its row.
fn tell_gone(model: &mut Model, gone: Vec<(Cell, String)>) {
    let known = model.plant.as_ref().map(|plant| &*plant.model);
    let told = gone.into_iter().map(|(cell, text)| {
        let gone = Text::new("tui-entry-row-gone").with("line", clean(&text));
        of_cell(gone, known, cell)
    });
    let told = first_of(told.collect());
    if let (Some(told), Some(open)) = (told, model.entry.open.as_mut()) {
        open.tell(told, model.elapsed);
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
    open.typed.retain(|cell, _| open.unsaved.contains(cell));
    for draft in drafts {
        let cell: Cell = (draft.parameter, draft.round);
        if !open.unsaved.contains(&cell) {
            let is_same = |typed: &&Typed| typed.text == draft.text;
            if !before.get(&cell).is_some_and(|typed| is_same(&typed)) {
                anew.push(cell);
            }
            let typed = Typed {
                text: draft.text.clone(),
                by: (Some(draft.by.as_str()) != me).then(|| clean(&draft.by).into_owned()),
                // What was looked at here looks no better for being kept.
                is_doubted: before.get(&cell).filter(is_same).is_some_and(|typed| typed.is_doubted),
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
