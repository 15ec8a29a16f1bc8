//! The columns of the Live pane as they are chosen and ordered (选列): those that are shown in their order, then the others.

use super::super::model::Model;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use crate::domain::text::Text;

/// Draws the columns with the cursor on one.
pub fn draw(model: &Model, cursor: usize, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let title = shown.text(&Text::new("tui-columns-title"));
    canvas.put(1, 0, width, &title, shown.style(Tone::Title));
    let columns = &model.live.columns;
    for (row, (place, column)) in (2..canvas.height()).zip(columns.listed().into_iter().enumerate()) {
        let chosen = columns.0.contains(&column);
        let style = if place == cursor {
            canvas.style_row(row, shown.style(Tone::Selected));
            canvas.set(1, row, shown.glyphs.cursor, shown.style(Tone::Selected));
            shown.style(Tone::Selected)
        } else {
            shown.style(if chosen { Tone::Text } else { Tone::Dim })
        };
        canvas.put(3, row, 3, if chosen { "[x]" } else { "[ ]" }, style);
        canvas.put(7, row, width, &shown.text(&column.heading()), style);
    }
}
