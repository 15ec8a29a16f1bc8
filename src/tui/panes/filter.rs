//! The filter of a list, on the rule that tells what decides the list.

use super::super::model::Model;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::super::widgets::field::Field;
use crate::domain::text::Text;

/// Draws the filter from a column on, if one types it or it holds something; gives where its cursor stands.
pub(super) fn draw(model: &Model, filter: &Field, typing: bool, column: u16, canvas: &mut Canvas<'_>) -> (u16, u16) {
    if !typing && filter.is_empty() {
        return canvas.on_screen(0, 0);
    }
    let shown = &model.shown;
    let style = shown.style(if typing { Tone::Selected } else { Tone::Advisory });
    let room = canvas.width();
    let label = format!(" {}", shown.text(&Text::new("tui-filter")));
    let field = canvas.put(column, 0, room, &label, style);
    let room = (room / 3).min(room.saturating_sub(field));
    // Where nobody types no room is needed for the cursor.
    let used = u16::try_from(cells::width(filter.text()) + 1).unwrap_or(room);
    let mut part = canvas.part(field, 0, room.min(used), 1);
    part.style_row(0, style);
    filter.draw(&mut part, 0, 0, room, style)
}
