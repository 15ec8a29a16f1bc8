//! A block as it will be put down, cell by cell, with what people should know of it.

use super::super::super::entry::{Focus, Laid};
use super::super::super::model::Model;
use super::super::super::plant::Plant;
use super::super::super::theme::Tone;
use super::super::super::widgets::canvas::Canvas;
use super::super::super::widgets::cells;
use super::super::{ABOVE, BELOW};
use super::{HEADING, label};
use crate::domain::decimal::from_count;
use crate::domain::text::{Text, clean};
use crate::entry::{Doubt, Entered, Placed, Sheet};

/// Rows below the cells.
const FOOT: u16 = 2;

/// The most rows in which something is said of all of them.
const MOST_SAID: usize = 6;

/// How many cells the screen shows.
pub fn block_height(model: &Model) -> usize {
    let said = match model.entry.open.as_ref().map(|open| &open.focus) {
        Some(Focus::Block(laid)) => said(model, laid).len(),
        _ => 0,
    };
    let rows = model.size.height.saturating_sub(ABOVE + BELOW + HEADING + FOOT);
    usize::from(rows).saturating_sub(said)
}

/// From which file they come, and what people should know of them.
fn said(model: &Model, laid: &Laid) -> Vec<String> {
    let from = laid.source.as_ref();
    let from = from.map(|source| Text::new("tui-workbook-from").with("name", clean(&source.name)));
    let text = Text::sentences(from.into_iter().chain(laid.remarks.iter().cloned()));
    let room = usize::from(model.size.width.saturating_sub(2)).max(2);
    let lines = text.map(|text| cells::wrap(&model.shown.text(&text), room));
    lines.into_iter().flatten().take(MOST_SAID).collect()
}

/// Draws it.
pub(super) fn draw(model: &Model, plant: &Plant, sheet: &Sheet<'_>, laid: &Laid, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let (width, height) = (canvas.width(), canvas.height());
    let placed = &laid.placed;
    let wrong = placed.iter().filter(|one| one.entered.is_err()).count();
    let doubted = placed.iter().filter(|one| !one.doubts.is_empty()).count();
    let title = Text::new("tui-entry-block")
        .with_count("count", placed.len())
        .with_count("wrong", wrong)
        .with_count("doubted", doubted);
    canvas.put(
        1,
        1,
        width.saturating_sub(2),
        &shown.text(&title),
        shown.style(Tone::Key),
    );
    let mut first = HEADING;
    for line in said(model, laid) {
        canvas.put(1, first, width.saturating_sub(1), &line, shown.style(Tone::Warning));
        first += 1;
    }
    for (row, one) in (first..height.saturating_sub(FOOT)).zip(placed.iter().skip(laid.scrolled)) {
        draw_one(model, plant, sheet, one, &mut canvas.part(0, row, width, 1));
    }
    let hint = shown.text(&Text::new("tui-entry-block-hint"));
    canvas.put(
        1,
        height.saturating_sub(1),
        width.saturating_sub(2),
        &hint,
        shown.style(Tone::Dim),
    );
}

fn draw_one(model: &Model, plant: &Plant, sheet: &Sheet<'_>, one: &Placed, line: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = line.width();
    let Some(row) = sheet.row(one.at.0) else { return };
    line.put(1, 0, 12, &clean(&row.parameter.tag), shown.style(Tone::Text));
    let round = sheet
        .round(one.at.1)
        .map_or_else(String::new, |round| label(plant, round));
    line.put(14, 0, 6, &round, shown.style(Tone::Dim));
    line.put_right(20, 0, 14, &clean(&one.text), shown.style(Tone::Dim));
    let (text, tone) = match &one.entered {
        Err(why) => (shown.text(why), Tone::Alarm),
        Ok(Entered::Empty) => (shown.text(&Text::new("tui-entry-block-empty")), Tone::Dim),
        Ok(entered) => {
            let (said, tone) = match entered {
                Entered::Value(value) => (from_count(value.count, row.parameter.decimals).to_string(), Tone::Typed),
                Entered::Missing | Entered::Empty => (shown.text(&Text::new("tui-entry-block-missing")), Tone::Dim),
            };
            // That somebody's gives way is said first: the line may be cut.
            let (typed, others): (Vec<&Doubt>, Vec<&Doubt>) =
                one.doubts.iter().partition(|doubt| matches!(doubt, Doubt::Typed(..)));
            let doubts = typed.into_iter().chain(others).map(|doubt| doubt.text(sheet, one.at.0));
            match Text::sentences(doubts) {
                None => (said, tone),
                Some(doubts) => (format!("{said} ? {}", shown.text(&doubts)), Tone::Warning),
            }
        }
    };
    line.put(36, 0, width.saturating_sub(37), &text, shown.style(tone));
}
