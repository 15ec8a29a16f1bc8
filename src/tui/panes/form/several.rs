//! Several documents of a form before they are filed: a line for each, and everything about the one under the cursor below.

use super::super::super::form::OpenForm;
use super::super::super::model::Model;
use super::super::super::plant::Plant;
use super::super::super::several::Several;
use super::super::super::theme::Tone;
use super::super::super::widgets::canvas::Canvas;
use super::super::super::widgets::cells;
use super::{FOOT, HEADING, form_height, of_field, said_of};
use crate::domain::text::{Text, clean};
use crate::entry::form::Looked;

/// Columns of a document's line, its mark and its number.
const LINE: u16 = 5;
const MARK: u16 = LINE + 2;
const NUMBER: u16 = MARK + 2;

/// Width of a number.
const NUMBER_WIDTH: u16 = 14;

/// Rows above the documents: how many there are, and where they are from.
const ABOVE_LIST: u16 = 2;

/// How many documents the screen shows.
pub fn several_height(model: &Model) -> usize {
    form_height(model.size).saturating_sub(usize::from(ABOVE_LIST))
}

/// Draws them.
pub(super) fn draw(model: &Model, plant: &Plant, (open, several): (&OpenForm, &Several), canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let (width, height) = (canvas.width(), canvas.height());
    let room = width.saturating_sub(2);
    let (wrong, doubted) = several.counts();
    let title = Text::new("tui-form-several")
        .with_count("count", several.looked.len())
        .with_count("wrong", wrong)
        .with_count("doubted", doubted);
    canvas.put(1, HEADING - 1, room, &shown.text(&title), shown.style(Tone::Key));
    let from = several.source.as_ref();
    let from = from.map(|source| Text::new("tui-workbook-from").with("name", clean(&source.name)));
    let remarks = from
        .into_iter()
        .chain(several.rest())
        .chain(several.remarks.iter().cloned());
    let remarks = Text::sentences(remarks);
    let remarks = remarks.map(|text| cells::wrap(&shown.text(&text), usize::from(room).max(2)));
    let remarks = remarks.into_iter().flatten().take(usize::from(ABOVE_LIST));
    for (row, line) in (HEADING..).zip(remarks) {
        canvas.put(1, row, room, &line, shown.style(Tone::Warning));
    }
    let foot = height.saturating_sub(FOOT);
    let listed = several.looked.iter().enumerate().skip(several.top);
    for (row, (place, one)) in (HEADING + ABOVE_LIST..foot).zip(listed) {
        let line = &mut canvas.part(0, row, width, 1);
        draw_one(model, plant, open, (one, place == several.at), line);
    }
    canvas.rule(foot, shown.glyphs.rule, shown.style(Tone::Rule));
    let fault = open.fault.iter().map(|fault| (shown.text(fault), Tone::Warning));
    let here = several.looked.get(several.at);
    let mut row = foot + 1;
    let last = height.saturating_sub(1);
    for (text, tone) in fault.chain(here.into_iter().flat_map(|one| below(model, plant, open, one))) {
        for line in cells::wrap(&text, usize::from(room).max(2)) {
            if row < last {
                canvas.put(1, row, room, &line, shown.style(tone));
                row += 1;
            }
        }
    }
    let hint = if open.filing.is_some() {
        Text::new("tui-entry-sending")
    } else if several.is_kept {
        Text::new("tui-form-several-hint-kept")
    } else {
        Text::new("tui-form-several-hint")
    };
    canvas.put(1, last, room, &shown.text(&hint), shown.style(Tone::Dim));
}

/// What is to be said of a document, the first of which stands in its line.
fn found<'a>(one: &'a Looked) -> Box<dyn Iterator<Item = (&'a str, &'a Text)> + 'a> {
    match &one.read {
        Err(wrong) => Box::new(wrong.iter().map(|one| (one.field.as_str(), &one.why))),
        Ok(_) => Box::new(one.doubts.iter().map(|(field, why)| (field.as_str(), why))),
    }
}

/// A document in one line: what is wrong about it, or what it says.
fn draw_one(model: &Model, plant: &Plant, open: &OpenForm, (one, is_here): (&Looked, bool), canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let style = shown.style(if is_here { Tone::Key } else { Tone::Text });
    if is_here {
        canvas.set(0, 0, shown.glyphs.cursor, style);
    }
    canvas.put_right(1, 0, LINE, &one.line.to_string(), shown.style(Tone::Dim));
    let (mark, tone) = if one.read.is_err() {
        ("!", Tone::Alarm)
    } else if one.doubts.is_empty() {
        ("", Tone::Text)
    } else {
        ("?", Tone::Warning)
    };
    canvas.put(MARK, 0, 1, mark, shown.style(tone));
    canvas.put(NUMBER, 0, NUMBER_WIDTH, &clean(&one.number), style);
    let first = found(one).next();
    let text = match (first, &one.read) {
        (Some((field, why)), _) => of_field(shown, open, (field, why)),
        (None, Ok(document)) => said_of(plant, document),
        (None, Err(_)) => String::new(),
    };
    let left = NUMBER + NUMBER_WIDTH + 1;
    let tone = if first.is_some() { tone } else { Tone::Typed };
    let room = canvas.width().saturating_sub(left + 1);
    canvas.put(left, 0, room, &text, shown.style(tone));
}

/// Everything about a document.
fn below(model: &Model, plant: &Plant, open: &OpenForm, one: &Looked) -> Vec<(String, Tone)> {
    let shown = &model.shown;
    let tone = if one.read.is_err() { Tone::Alarm } else { Tone::Warning };
    let told = found(one).map(|said| (of_field(shown, open, said), tone));
    let mut lines: Vec<(String, Tone)> = told.collect();
    if let Ok(document) = &one.read {
        if !lines.is_empty() {
            lines.push((said_of(plant, document), Tone::Text));
        }
        lines.extend(super::counts_as(model, plant, open, document));
    }
    lines
}
