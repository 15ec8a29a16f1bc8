//! The totals (合计) at the foot of the Live pane: what the plant emits now, this shift, this day, month and year.

use super::super::model::{Focus, Model, TotalOf};
use super::super::plant::{Plant, figure};
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use crate::domain::text::Text;
use crate::engine::view::Figure;
use crate::locale::figures;

/// Its rows.
pub const HEIGHT: u16 = 3;

/// Digits after the point of a tonne on this pane: kilograms.
const DIGITS: u32 = 3;

/// Draws the totals of the chosen book.
pub fn draw(model: &Model, plant: &Plant, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let Some(totals) = plant.totals(model.live.book) else {
        canvas.put(
            1,
            0,
            width,
            &shown.text(&Text::new("tui-no-books")),
            shown.style(Tone::Dim),
        );
        return;
    };
    let books = plant.state.totals.len();
    let book = Text::new("tui-book")
        .with("name", shown.localizer.name(&totals.name))
        .with_count("number", model.live.book.checked_rem(books).unwrap_or(0) + 1)
        .with_count("books", books);
    let rate = match totals.rate {
        Some(rate) => Text::new("tui-rate").with("rate", figures::tonnes(rate, DIGITS)),
        None => Text::new("tui-rate-none"),
    };
    let rate = shown.text(&rate);
    let rate_width = u16::try_from(cells::width(&rate)).unwrap_or(u16::MAX);
    let book_room = width.saturating_sub(rate_width).saturating_sub(4);
    canvas.put(1, 0, book_room, &shown.text(&book), shown.style(Tone::Dim));
    canvas.put_right(0, 0, width.saturating_sub(1), &rate, shown.style(Tone::Title));

    let share = width / 4;
    for (place, total) in (0..).zip(TotalOf::ALL) {
        let mut cell = canvas.part(place * share, 1, share, 2);
        draw_total(model, total, figure(totals, total), &mut cell);
    }
}

fn draw_total(model: &Model, total: TotalOf, figure: Option<Figure>, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let selected = model.live.focus == Focus::Totals(total) && model.overlays.is_empty();
    let (label_style, figure_style) = if selected {
        (shown.style(Tone::Selected), shown.style(Tone::Selected))
    } else {
        (shown.style(Tone::Dim), shown.style(Tone::Title))
    };
    if selected {
        canvas.style_row(0, label_style);
        canvas.style_row(1, figure_style);
        canvas.set(0, 1, shown.glyphs.cursor, figure_style);
    }
    let label = shown.text(&match total {
        TotalOf::Shift => Text::new("tui-total-shift"),
        TotalOf::Day => Text::new("tui-total-day"),
        TotalOf::Month => Text::new("tui-total-month"),
        TotalOf::Year => Text::new("tui-total-year"),
    });
    let room = canvas.width();
    let mut column = canvas.put(1, 0, room, &label, label_style) + 1;
    // In full, or, where that is too long, in short; the gravest come first, should there be no room for all four.
    let marks = figure.map_or_else(Vec::new, marks);
    let long: Vec<String> = marks.iter().map(|mark| shown.text(&mark.long)).collect();
    let needed: usize = long.iter().map(|mark| cells::width(mark) + 1).sum();
    let fits = usize::from(column) + needed <= usize::from(room);
    for (mark, long) in marks.iter().zip(long) {
        let text = if fits { long } else { shown.text(&mark.short) };
        let style = if selected { label_style } else { shown.style(mark.tone) };
        column = canvas.put(column, 0, room, &text, style) + 1;
    }
    let text = match figure {
        Some(figure) => figures::tonnes(figure.milligrams, DIGITS),
        None => "--".to_owned(),
    };
    let unit = " tCO2e";
    let text = if text.len() + unit.len() + 2 <= usize::from(room) {
        text + unit
    } else {
        text
    };
    canvas.put(2, 1, room.saturating_sub(2), &text, figure_style);
}

/// Something that must be said of a figure.
struct Mark {
    long: Text,
    short: Text,
    tone: Tone,
}

/// What must be said of a figure, the gravest first.
fn marks(figure: Figure) -> Vec<Mark> {
    let mark = |hours: u32, long: Text, short: Text, tone: Tone| (hours > 0).then_some(Mark { long, short, tone });
    [
        mark(
            figure.failed_hours,
            Text::new("tui-mark-failed"),
            Text::new("tui-mark-failed-short"),
            Tone::Alarm,
        ),
        mark(
            figure.incomplete_hours,
            Text::new("tui-mark-incomplete"),
            Text::new("tui-mark-incomplete-short"),
            Tone::Warning,
        ),
        mark(
            figure.overlapping_hours,
            Text::new("tui-mark-overlapping"),
            Text::new("tui-mark-overlapping-short"),
            Tone::Warning,
        ),
        mark(
            figure.provisional_hours,
            Text::new("tui-mark-provisional"),
            Text::new("tui-mark-provisional-short"),
            Tone::Advisory,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}
