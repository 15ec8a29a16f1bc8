//! What the daemon answers: pages, what it keeps, what it took.

use super::super::super::entry::{AskedOf, Cell, Opened, Typed};
use super::super::super::model::{Model, Wanted};
use super::super::{Effect, inbox, restated, unanswered};
use super::{again, files, gap, grid, held, keep_in_view};
use crate::domain::draft::{Draft, DraftChange, Drafted};
use crate::domain::model::SiteModel;
use crate::domain::sheet::EntrySheet;
use crate::domain::text::{Text, clean};
use crate::engine::view::{IntakeOutcome, SheetView};
use crate::wire::message::{ReplyBody, RequestBody};

/// Most refusals that are told one by one.
const MOST_TOLD: usize = 3;

/// Takes an answer in, if it is one that is awaited here.
pub(in crate::tui::update) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    let result = match gap::answer(model, id, result) {
        Ok(()) => return Ok(Vec::new()),
        Err(result) => result,
    };
    let result = match files::answer(model, id, result) {
        Ok(()) => return Ok(Vec::new()),
        Err(result) => result,
    };
    let Some(open) = model.entry.open.as_mut() else {
        return Err(result);
    };
    if open.view.awaits() == Some(id) || open.again == Some(id) {
        return Ok(page(model, id, result));
    }
    if let Some(place) = open.saving.iter().position(|(request, _)| *request == id) {
        let (_, changes) = open.saving.remove(place);
        let me = model.actor.as_ref().map(|actor| actor.name().to_owned());
        let known = model.plant.as_ref().map(|plant| &*plant.model);
        let asked_of = open.asked_of();
        let anew = kept(open, &changes, result, (me.as_deref(), known));
        tell_changed(open, asked_of.as_ref());
        doubt_anew(model, &anew);
        return Ok(Vec::new());
    }
    if open.sending.as_ref().is_some_and(|sending| sending.asked.request == id) {
        return Ok(sent(model, result));
    }
    Err(result)
}

/// Says so where what a question speaks of became another while it was open.
pub(super) fn tell_changed(open: &mut Opened, before: Option<&AskedOf>) {
    if before.is_some() && before != open.asked_of().as_ref() {
        open.is_changed = true;
        if open.is_correcting() {
            open.fault = Some(Text::new("tui-entry-question-changed"));
        }
    }
}

/// A page is there.
fn page(model: &mut Model, request: u64, result: Result<ReplyBody, Text>) -> Vec<Effect> {
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
    open.view = Wanted::Here(view);
    let anew = drafted(open, &kept.drafts, me.as_deref());
    tell_changed(open, asked_of.as_ref());
    grid::show_again(open);
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

/// What the daemon keeps of the page takes the place of what was known of it, but for what it does not know yet. Gives the
/// cells that hold something else than before: nobody here has looked at them.
fn drafted(open: &mut Opened, drafts: &[Draft], me: Option<&str>) -> Vec<Cell> {
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

/// Cells are kept, or why not. Gives those that hold something else than before.
fn kept(
    open: &mut Opened,
    changes: &[DraftChange],
    result: Result<ReplyBody, Text>,
    (me, known): (Option<&str>, Option<&SiteModel>),
) -> Vec<Cell> {
    let drafted: Drafted = match result {
        Ok(ReplyBody::Drafted(drafted)) => *drafted,
        Ok(_) => return Vec::new(),
        // It stays on the screen, marked as not kept.
        Err(why) => {
            open.fault = Some(Text::new("tui-entry-not-kept").with_text("why", why));
            return Vec::new();
        }
    };
    for change in changes {
        let cell = (change.parameter, change.round);
        let is_newest = open.typed.get(&cell).map(|typed| &typed.text) == change.text.as_ref();
        let is_awaited = open
            .saving
            .iter()
            .any(|(_, others)| others.iter().any(|other| (other.parameter, other.round) == cell));
        if is_newest && !is_awaited {
            open.unsaved.remove(&cell);
        }
    }
    let mut contested = Vec::new();
    for place in &drafted.contested {
        let change = usize::try_from(*place).ok().and_then(|place| changes.get(place));
        let Some(change) = change else { continue };
        let cell = (change.parameter, change.round);
        open.unsaved.remove(&cell);
        let theirs = drafted
            .drafts
            .iter()
            .find(|draft| (draft.parameter, draft.round) == cell);
        // Where the cell was sent or emptied here, theirs stays, and nothing of one's own is lost.
        let Some((theirs, mine)) = theirs.zip(change.text.as_deref()) else {
            continue;
        };
        contested.push(contest(known, cell, (&theirs.text, &theirs.by), mine));
    }
    let told = contests(contested);
    let anew = self::drafted(open, &drafted.drafts, me);
    grid::show_again(open);
    open.fault = told.or_else(|| open.fault.take());
    anew
}

/// That somebody else typed into a cell meanwhile, and what of one's own did not get there.
pub(super) fn contest(known: Option<&SiteModel>, cell: Cell, (theirs, by): (&str, &str), mine: &str) -> Text {
    of_cell(Text::new("tui-entry-contested"), known, cell)
        .with("theirs", clean(theirs))
        .with("by", clean(by))
        .with("mine", clean(mine))
}

/// A text about a cell, with its tag and its round.
pub(super) fn of_cell(text: Text, known: Option<&SiteModel>, (parameter, round): Cell) -> Text {
    let tag = known.and_then(|model| model.parameter(parameter));
    let round = known.map(|model| model.zone.local(round).format("%m-%d %H:%M").to_string());
    text.with("tag", clean(tag.map_or("", |parameter| &parameter.tag)))
        .with("round", round.unwrap_or_default())
}

/// Several of them: the first one by one, and how many more there are.
pub(super) fn contests(mut contested: Vec<Text>) -> Option<Text> {
    let more = contested.len().saturating_sub(MOST_TOLD);
    contested.truncate(MOST_TOLD);
    let more = (more > 0).then(|| Text::new("tui-entry-contested-more").with_count("count", more));
    Text::sentences(contested.into_iter().chain(more))
}

/// What was sent was taken, or why not.
fn sent(model: &mut Model, result: Result<ReplyBody, Text>) -> Vec<Effect> {
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    let Some(sending) = open.sending.take() else {
        return Vec::new();
    };
    let outcome: IntakeOutcome = match result {
        Ok(ReplyBody::Intake(outcome)) => outcome,
        // Hours were decided of: nothing that was typed went with it.
        Ok(ReplyBody::Recorded(sequence) | ReplyBody::Restated { sequence, .. }) => {
            model.notice = Some(Text::new("tui-gap-decided").with("record", sequence));
            return again(model).into_iter().collect();
        }
        Ok(_) => {
            open.fault = Some(Text::new("tui-explain-unexpected"));
            return Vec::new();
        }
        Err(why) => {
            open.fault = Some(why);
            // What somebody else did to the page may be why.
            return again(model).into_iter().collect();
        }
    };
    let refused: Vec<usize> = outcome
        .refused
        .iter()
        .filter_map(|(place, _)| usize::try_from(*place).ok())
        .collect();
    let mut taken = Vec::new();
    for (place, (cell, text)) in sending.cells.iter().enumerate() {
        let is_same = open.typed.get(cell).is_some_and(|typed| typed.text == *text);
        if !refused.contains(&place) && is_same {
            open.typed.remove(cell);
            open.unsaved.insert(*cell);
            model.entry.from_files.remove(cell);
            taken.push(*cell);
        }
    }
    // What is sent cannot be undone here: it is withdrawn or put right.
    for step in &mut open.undo {
        step.retain(|(cell, _)| !taken.contains(cell));
    }
    open.undo.retain(|step| !step.is_empty());
    let count = outcome.accepted.saturating_add(outcome.replaced);
    let told = match outcome.sequence {
        Some(sequence) => Some(
            Text::new("tui-entry-sent")
                .with_count("count", count)
                .with("record", sequence),
        ),
        // Where something was refused nothing is new because of that.
        None if outcome.refused.is_empty() => Some(Text::new("tui-entry-nothing-new")),
        None => None,
    };
    let is_part = outcome.sequence.is_some() || !outcome.refused.is_empty();
    let mut sentences: Vec<Text> = told.into_iter().collect();
    let is_correction = matches!(sending.asked.body, RequestBody::Correct { .. });
    let went = sending.attachments();
    if outcome.sequence.is_none() && !went.is_empty() {
        sentences.push(Text::new("entry-not-attached"));
    }
    if is_part && outcome.duplicate > 0 {
        sentences.push(Text::new("tui-entry-duplicate").with_count("count", outcome.duplicate));
    }
    if outcome.excluded > 0 {
        sentences.push(Text::new("tui-entry-excluded").with_count("count", outcome.excluded));
    }
    sentences.extend(restated::told(&outcome.restated));
    sentences.extend(outcome.left_sealed.iter().take(MOST_TOLD).cloned());
    sentences.extend(outcome.refused.iter().take(MOST_TOLD).map(|(_, why)| why.clone()));
    model.notice = Text::sentences(sentences);
    // Whoever sent them may have been signed off meanwhile.
    let cells = sending.cells.iter().enumerate();
    let recorded = cells.filter(|(place, _)| !refused.contains(place));
    let recorded: Vec<Cell> = recorded.map(|(_, (cell, _))| *cell).collect();
    held::forget(model, &recorded);
    let mut effects = grid::keep(model, &taken);
    // What stands behind a correction is not of the page's rounds.
    if outcome.sequence.is_some() && !is_correction {
        files::went(model, sending.asked.by.clone(), went);
    }
    effects.extend(again(model));
    let mut rounds = sending.cells.iter().map(|(cell, _)| cell.1);
    let first = rounds.next();
    let is_one_round = rounds.all(|round| Some(round) == first);
    // Who sent a cell that was refused looks at that.
    let first_refused = refused.first().and_then(|place| sending.cells.get(*place));
    if let Some((cell, _)) = first_refused {
        go_to(model, *cell);
    } else if is_one_round && !is_correction {
        on_to_next(model);
    }
    grid::load(model);
    keep_in_view(model);
    effects
}

/// Goes to a cell of the page.
fn go_to(model: &mut Model, cell: Cell) {
    if let Some(open) = model.entry.open.as_mut() {
        open.at = open.place_of(cell).unwrap_or(open.at);
    }
}

/// Goes on to the first row of the next round, where that has begun.
fn on_to_next(model: &mut Model) {
    let now = model.plant.as_ref().map(|plant| plant.now(model.elapsed));
    let (Some(now), Some(open)) = (now, model.entry.open.as_mut()) else {
        return;
    };
    let next = open.at.1 + 1;
    if open.cell((0, next)).is_some_and(|(_, round)| round <= now) {
        open.at = (0, next);
    }
}

/// The connection is new: what the daemon does not know yet is told again, and what was sent is sent again under its key.
pub(in crate::tui::update) fn link_is_up(model: &mut Model) -> Vec<Effect> {
    files::link_is_up(model);
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    open.saving.clear();
    open.again = None;
    gap::forget_awaited(model);
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    let unsaved: Vec<Cell> = open.unsaved.iter().copied().collect();
    let mut effects = grid::keep(model, &unsaved);
    effects.extend(ask_again(model));
    effects.extend(inbox::link_is_up(model));
    effects.extend(again(model));
    effects
}

/// What was sent and not answered is sent again under its key, where the person sits here who sent it.
pub(in crate::tui::update) fn ask_again(model: &mut Model) -> Option<Effect> {
    unanswered::ask_again(model, |model| {
        let sending = model.entry.open.as_mut()?.sending.as_mut()?;
        Some(&mut sending.asked)
    })
}
