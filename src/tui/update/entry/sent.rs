//! What came of a round, a correction or a gap that was sent. Its answer may be long in coming: whoever goes on typing meanwhile
//! is not taken away from it.

use super::super::super::entry::{Cell, READ_FOR, Sending};
use super::super::super::model::Model;
use super::super::{Effect, restated};
use super::answers::tell_changed;
use super::{again, files, grid, held, keep_in_view};
use crate::domain::text::Text;
use crate::engine::view::IntakeOutcome;
use crate::wire::message::{ReplyBody, RequestBody};

/// Most refusals that are told one by one.
const MOST_TOLD: usize = 3;

/// What was sent was taken, or why not.
pub(super) fn sent(model: &mut Model, result: Result<ReplyBody, Text>) -> Vec<Effect> {
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    let Some(sending) = open.sending.take() else {
        return Vec::new();
    };
    // Whoever went on meanwhile stays there.
    let stays = open.is_busy() || open.cell(open.at) != sending.at;
    let asked_of = open.asked_of();
    let outcome: IntakeOutcome = match result {
        Ok(ReplyBody::Intake(outcome)) => outcome,
        // Hours were decided of: nothing that was typed went with it.
        Ok(ReplyBody::Recorded(sequence) | ReplyBody::Restated { sequence, .. }) => {
            model.notice = Some(Text::new("tui-gap-decided").with("record", sequence));
            return again(model).into_iter().collect();
        }
        Ok(_) => {
            open.fault = Some(Text::new("tui-explain-unexpected"));
            not_taken(model, sending);
            return Vec::new();
        }
        Err(why) => {
            not_taken(model, sending);
            if let Some(open) = model.entry.open.as_mut() {
                open.tell(why, model.elapsed);
            }
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
            open.mark_unsaved(*cell);
            model.entry.from_files.remove(cell);
            taken.push(*cell);
        }
    }
    tell_changed(open, asked_of.as_ref());
    grid::show_again(open);
    // What is sent cannot be undone here: it is withdrawn or put right.
    for step in &mut open.undo {
        step.retain(|one| !taken.contains(&one.cell));
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
    model.notice_stays_until = model.elapsed + READ_FOR;
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
    if outcome.sequence.is_none() && !outcome.refused.is_empty() && sending.question.is_some() {
        not_taken(model, sending);
        return effects;
    }
    if stays {
        return effects;
    }
    if let Some((cell, _)) = first_refused {
        go_to(model, *cell);
    } else if is_one_round && !is_correction {
        on_to_next(model);
    }
    grid::load(model);
    keep_in_view(model);
    effects
}

/// What was sent was not taken: where a question was answered by it, that is not lost.
fn not_taken(model: &mut Model, sending: Sending) {
    if let Some(question) = sending.question {
        held::refused(model, *question, sending.asked.by);
    }
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
