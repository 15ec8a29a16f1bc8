//! An item without borders and without colours, for the terminal's own selection.

use super::super::model::Model;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use crate::domain::text::Text;

/// The lines of a text on a screen of a width.
pub fn lines(text: &str, width: u16) -> Vec<String> {
    let width = usize::from(width).max(2);
    text.lines().flat_map(|line| cells::wrap(line, width)).collect()
}

/// Draws a text from a line on, over the whole screen; its last row says how to come back.
pub fn draw(model: &Model, text: &str, scrolled: usize, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let (width, height) = (canvas.width(), canvas.height());
    canvas.clear(shown.style(Tone::Text));
    for (row, line) in (0..height.saturating_sub(1)).zip(lines(text, width).iter().skip(scrolled)) {
        canvas.put(0, row, width, line, shown.style(Tone::Text));
    }
    let hint = shown.text(&Text::new("tui-plain-hint"));
    canvas.put(0, height.saturating_sub(1), width, &hint, shown.style(Tone::Dim));
}
