//! The Handover pane (交接班画面): who signed, what the shift emitted, what is handed over; the selected thing in full below.

use super::super::keymap::{Action, Context};
use super::super::model::{Model, Wanted};
use super::super::plant::Plant;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::note::short;
use super::{ABOVE, BELOW, say};
use crate::domain::handover::Side;
use crate::domain::note::Carried;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::engine::view::{HandoverLine, HandoverView, Mark};
use crate::report::closing::closed_by;
use crate::report::handover::{emitted, line, mark, shift, signed};

/// Rows below the list, for the selected line, with the rule over them.
const DETAIL: u16 = 3;

/// The most rows that a signature takes with what was written beside it.
const SIGNATURE: usize = 3;

/// The most books whose emissions are shown.
const MOST_BOOKS: usize = 3;

/// Widest column of tags.
const WIDEST_TAG: usize = 16;

/// How many lines of the sheet the screen shows.
pub fn list_height(model: &Model) -> usize {
    let head = match model.handover.sheet().zip(model.displayed()) {
        Some((view, (plant, elapsed))) => head(model, plant, view, plant.now(elapsed)).len() + 1,
        None => 0,
    };
    usize::from(model.size.height.saturating_sub(ABOVE + BELOW + DETAIL)).saturating_sub(head)
}

/// Draws it.
pub fn draw(model: &Model, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let view = match model.handover.view.view() {
        Some(Wanted::Here(view)) => view,
        Some(Wanted::Refused(why)) => return say(model, why, Tone::Advisory, 1, canvas),
        Some(Wanted::Awaited(_)) | None => {
            return say(model, &Text::new("tui-explain-awaited"), Tone::Dim, 1, canvas);
        }
    };
    let Some((plant, elapsed)) = model.displayed() else {
        return;
    };
    let now = plant.now(elapsed);
    let head = draw_head(model, plant, view, now, canvas);
    let rows = canvas.height().saturating_sub(DETAIL);
    let columns = Columns::new(model, plant, view);
    if view.lines.is_empty() {
        let nothing = shown.text(&Text::new("tui-handover-nothing"));
        canvas.put(1, head, width, &nothing, shown.style(Tone::Dim));
    }
    let pane = &model.handover;
    let all = view.lines.iter().enumerate().skip(pane.top);
    for (row, (place, one)) in (head..rows).zip(all) {
        let mut part = canvas.part(0, row, width, 1);
        draw_line(model, plant, one, &columns, (now, place == pane.cursor), &mut part);
    }
    canvas.rule(rows, shown.glyphs.rule, shown.style(Tone::Dim));
    if view.lines.len() > list_height(model) {
        let place = Text::new("tui-handover-place")
            .with_count("place", pane.cursor + 1)
            .with_count("all", view.lines.len() + usize::try_from(view.more).unwrap_or(0));
        let place = format!(" {} ", shown.text(&place));
        canvas.put_right(0, rows, width.saturating_sub(2), &place, shown.style(Tone::Dim));
    }
    if let Some(selected) = pane.selected() {
        draw_closes(model, selected, (rows, width), canvas);
        let text = full(model, plant, selected, now);
        let lines = cells::wrap(&text, usize::from(width.saturating_sub(2)).max(2));
        for (row, line) in (rows + 1..canvas.height()).zip(lines) {
            canvas.put(1, row, width, &line, shown.style(Tone::Text));
        }
    }
}

/// On the rule, by which key the selected note is closed, where it can be.
fn draw_closes(model: &Model, selected: &HandoverLine, (row, width): (u16, u16), canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let is_open = selected.item.carried() == Some(&Carried::Open) && selected.mark != Mark::Gone;
    let key = shown.keymap.key_of(Context::Handover, Action::CloseNote);
    if let Some(key) = key.filter(|_| is_open) {
        let closes = shown.text(&Text::new("tui-handover-closes").with("key", key));
        canvas.put(2, row, width, &format!(" {closes} "), shown.style(Tone::Dim));
    }
}

/// Signatures and emissions, in rows.
fn head(model: &Model, plant: &Plant, view: &HandoverView, now: Instant) -> Vec<(String, Tone)> {
    let shown = &model.shown;
    let state = if view.goes_on {
        Text::new("tui-handover-goes-on").with("left", shown.localizer.age(view.to.since(now).max(0)))
    } else {
        Text::new("tui-handover-ended").with("ago", shown.localizer.age(now.since(view.to).max(0)))
    };
    let clock = |at: Instant| plant.model.zone.local(at).format("%H:%M").to_string();
    let title = Text::new("tui-handover-title")
        .with_text("shift", shift(&view.shift, view.crew, &plant.model))
        .with("from", clock(view.from))
        .with("to", clock(view.to))
        .with_text("state", state);
    let mut rows = vec![(shown.text(&title), Tone::Title)];
    let room = usize::from(model.size.width.saturating_sub(2)).max(2);
    for side in Side::ALL {
        let signature = view.signature(side);
        let tone = match signature {
            None if !view.goes_on => Tone::Warning,
            None => Tone::Dim,
            Some(_) => Tone::Text,
        };
        let mut text = shown.text(&signed(side, signature));
        // One that is late keeps its own time.
        if let Some(signature) = signature.filter(|signature| signature.at > view.to) {
            let late = Text::new("tui-handover-late").with("late", shown.localizer.age(signature.at.since(view.to)));
            text = format!("{text} {}", shown.text(&late));
        }
        let lines = cells::wrap(&text, room).into_iter().take(SIGNATURE);
        rows.extend(lines.map(|line| (line, tone)));
    }
    if let Some(closed) = &view.closed {
        let lines = cells::wrap(&shown.text(&closed_by(closed)), room)
            .into_iter()
            .take(SIGNATURE);
        rows.extend(lines.map(|line| (line, Tone::Text)));
    }
    let books = view.emitted.iter().take(MOST_BOOKS);
    let told = books.filter_map(|(now, signed)| emitted(now, signed.as_ref(), &plant.model));
    rows.extend(told.map(|text| (shown.text(&text), Tone::Text)));
    rows
}

/// Draws the head with a rule below it; gives the row after that.
fn draw_head(model: &Model, plant: &Plant, view: &HandoverView, now: Instant, canvas: &mut Canvas<'_>) -> u16 {
    let shown = &model.shown;
    let width = canvas.width();
    let mut row = 0;
    for (text, tone) in head(model, plant, view, now) {
        canvas.put(1, row, width.saturating_sub(1), &text, shown.style(tone));
        row += 1;
    }
    canvas.rule(row, shown.glyphs.rule, shown.style(Tone::Dim));
    row + 1
}

/// A line in full: what stands in its row may be cut.
fn full(model: &Model, plant: &Plant, one: &HandoverLine, now: Instant) -> String {
    let shown = &model.shown;
    let said = line(&one.item, &plant.model);
    let since = said.since.map(|at| short(&plant.model.zone, at, now));
    let mark = mark(one.mark).map(|mark| shown.text(&mark));
    let head = [Some(shown.text(&said.kind)), Some(said.tag), since, mark];
    let head: Vec<String> = head.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let text = Text::new("tui-of")
        .with("what", head.join(" "))
        .with_text("says", said.what);
    shown.text(&text)
}

fn draw_line(
    model: &Model,
    plant: &Plant,
    one: &HandoverLine,
    columns: &Columns,
    (now, is_selected): (Instant, bool),
    part: &mut Canvas<'_>,
) {
    let shown = &model.shown;
    let tone = match (is_selected, one.mark) {
        (true, _) => Tone::Selected,
        (false, Mark::Same) => Tone::Text,
        (false, Mark::Gone) => Tone::Dim,
        (false, Mark::After | Mark::AfterClosing | Mark::Changed) => Tone::Advisory,
    };
    let style = shown.style(tone);
    if is_selected {
        part.style_row(0, style);
        part.set(0, 0, shown.glyphs.cursor, style);
    }
    let said = line(&one.item, &plant.model);
    let room = |from: u16, to: u16| to.saturating_sub(from + 1);
    part.put(1, 0, room(1, columns.since), &shown.text(&said.kind), style);
    let since = said
        .since
        .map_or_else(String::new, |at| short(&plant.model.zone, at, now));
    part.put(columns.since, 0, room(columns.since, columns.tag), &since, style);
    part.put(columns.tag, 0, room(columns.tag, columns.what), &said.tag, style);
    let mut text = shown.text(&said.what);
    if let Some(mark) = mark(one.mark) {
        text = format!("[{}] {text}", shown.text(&mark));
    }
    let width = part.width();
    part.put(columns.what, 0, width.saturating_sub(columns.what), &text, style);
}

/// Where the columns begin.
struct Columns {
    since: u16,
    tag: u16,
    what: u16,
}

impl Columns {
    fn new(model: &Model, plant: &Plant, view: &HandoverView) -> Self {
        let (mut kind, mut tag) = (4, 0);
        for one in &view.lines {
            let said = line(&one.item, &plant.model);
            kind = kind.max(cells::width(&model.shown.text(&said.kind)));
            tag = tag.max(cells::width(&said.tag));
        }
        let cells = |cells: usize| u16::try_from(cells).unwrap_or(u16::MAX);
        let since = 1 + cells(kind) + 1;
        let begins = since + 12;
        Self {
            since,
            tag: begins,
            what: begins + cells(tag.clamp(3, WIDEST_TAG)) + 1,
        }
    }
}

/// The selected line as text.
pub fn as_text(model: &Model) -> Option<String> {
    let (plant, elapsed) = model.displayed()?;
    let selected = model.handover.selected()?;
    Some(full(model, plant, selected, plant.now(elapsed)))
}
