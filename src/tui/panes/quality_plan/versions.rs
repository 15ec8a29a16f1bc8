//! The versions of the plan that came into force (计划版本): who put each in force, what it changed, and whether it was
//! approved.

use super::super::super::model::{Model, Wanted};
use super::super::super::plant::Plant;
use super::super::super::quality_plan::Approval;
use super::super::super::theme::Tone;
use super::super::super::widgets::canvas::Canvas;
use super::super::note::short;
use super::super::say;
use super::{DETAIL, HEAD, draw_detail};
use crate::domain::actor::Right;
use crate::domain::text::Text;
use crate::engine::view::CheckMark;
use crate::wire::records::RecordView;

/// Columns of the record, its time and its approval.
const RECORD: u16 = 9;
const TIME: u16 = 17;
const APPROVAL: u16 = 14;

/// Draws them; gives where one types.
pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>) -> Option<(u16, u16)> {
    let shown = &model.shown;
    let pane = &model.plan;
    let width = canvas.width();
    let title = shown.text(&Text::new("tui-plan-versions"));
    canvas.put(1, 0, width, &title, shown.style(Tone::Title));
    let versions = match pane.versions.view() {
        Some(Wanted::Here(versions)) => versions,
        Some(Wanted::Refused(why)) => {
            say(model, why, Tone::Advisory, HEAD, canvas);
            return None;
        }
        Some(Wanted::Awaited(_)) | None => {
            say(model, &Text::new("tui-explain-awaited"), Tone::Dim, HEAD, canvas);
            return None;
        }
    };
    let may = model.actor.as_ref().is_some_and(|actor| actor.may(Right::Approve));
    let selected = versions.get(pane.cursor);
    if may && selected.is_some_and(|record| mark_of(record) == Some(CheckMark::Awaits)) {
        let hint = shown.text(&Text::new("tui-approval-hint"));
        canvas.put_right(0, 0, width.saturating_sub(1), &hint, shown.style(Tone::Key));
    }
    let (plant, elapsed) = model.displayed()?;
    let now = plant.now(elapsed);
    let ends = canvas.height().saturating_sub(DETAIL);
    for (row, (place, record)) in (HEAD..ends).zip(versions.iter().enumerate().skip(pane.top)) {
        let is_selected = place == pane.cursor;
        let style = |tone| shown.style(if is_selected { Tone::Selected } else { tone });
        let mut part = canvas.part(0, row, width, 1);
        if is_selected {
            part.style_row(0, style(Tone::Text));
            part.set(0, 0, shown.glyphs.cursor, style(Tone::Text));
        }
        part.put(1, 0, RECORD - 1, &format!("#{}", record.sequence), style(Tone::Text));
        let at = record.at;
        let at = at.map_or_else(String::new, |at| short(&plant.model.zone, at, now));
        part.put(1 + RECORD, 0, TIME - 1, &at, style(Tone::Text));
        let (approval, tone) = approval(record);
        let approval = approval.map(|text| shown.text(&text)).unwrap_or_default();
        part.put(1 + RECORD + TIME, 0, APPROVAL - 1, &approval, style(tone));
        let what = 1 + RECORD + TIME + APPROVAL;
        part.put(
            what,
            0,
            width.saturating_sub(what),
            &line(model, plant, record),
            style(Tone::Text),
        );
    }
    if let Some(approval) = &pane.approval {
        return draw_approval(model, approval, canvas);
    }
    let detail = versions.get(pane.cursor).map_or_else(String::new, |record| {
        let changes: Vec<String> = record.changes.iter().map(|change| shown.text(change)).collect();
        if changes.is_empty() {
            shown.text(&record.what)
        } else {
            changes.join("; ")
        }
    });
    draw_detail(model, &detail, canvas);
    None
}

fn mark_of(record: &RecordView) -> Option<CheckMark> {
    record.approval.as_ref().map(|approval| approval.mark)
}

/// Whether a version was approved, where that is asked for.
fn approval(record: &RecordView) -> (Option<Text>, Tone) {
    match mark_of(record) {
        Some(CheckMark::Agreed) => (Some(Text::new("tui-approval-approved")), Tone::Text),
        Some(CheckMark::Returned) => (Some(Text::new("tui-approval-not")), Tone::Warning),
        Some(CheckMark::Awaits) => (Some(Text::new("tui-approval-awaits")), Tone::Advisory),
        None => (None, Tone::Dim),
    }
}

/// What is being said of a version, or why it may not be said.
fn draw_approval(model: &Model, approval: &Approval, canvas: &mut Canvas<'_>) -> Option<(u16, u16)> {
    let shown = &model.shown;
    let width = canvas.width();
    let row = canvas.height().saturating_sub(DETAIL);
    let asked = Text::new("tui-approval-why").with("of", approval.of);
    let sending = Text::new("tui-entry-sending");
    let (text, tone) = match (&approval.fault, &approval.asked) {
        (Some(fault), _) => (fault, Tone::Alarm),
        (None, Some(_)) => (&sending, Tone::Dim),
        (None, None) => (&asked, Tone::Title),
    };
    let Some(reason) = &approval.reason else {
        draw_detail(model, "", canvas);
        say(model, text, tone, row + 1, canvas);
        return None;
    };
    draw_detail(model, "", canvas);
    canvas.put(
        1,
        row + 1,
        width.saturating_sub(1),
        &shown.text(text),
        shown.style(tone),
    );
    let style = shown.style(Tone::Selected);
    Some(reason.draw(canvas, 1, row + 2, width.saturating_sub(2), style))
}

/// Who put it in force, and what it has.
pub(super) fn line(model: &Model, plant: &Plant, record: &RecordView) -> String {
    let shown = &model.shown;
    let who = record.actor.as_ref().map_or_else(String::new, |actor| {
        let named = plant.model.name_of(actor);
        shown.who(actor, named)
    });
    let text = Text::new("tui-of")
        .with("what", who)
        .with_text("says", record.what.clone());
    shown.text(&text)
}
