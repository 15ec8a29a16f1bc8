//! What somebody typed that no page has any more (未留存), the newest first: it can be typed again from here, or taken off.

use ratatui::layout::Size;

use super::super::model::Model;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::{ABOVE, BELOW};
use crate::domain::text::Text;

/// Rows above the list.
const HEADING: u16 = 1;

/// How many rows a screen of a size has for it.
pub fn body_height(size: Size) -> usize {
    usize::from(size.height.saturating_sub(ABOVE + BELOW + HEADING))
}

/// Draws it: each whole, however long it is.
pub fn draw(model: &Model, cursor: usize, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    canvas.put(
        1,
        0,
        width,
        &shown.text(&Text::new("tui-lost-title")),
        shown.style(Tone::Title),
    );
    let room = usize::from(width.saturating_sub(4)).max(2);
    let me = model.person();
    let told = model.entry.lost_of(me.as_deref());
    let told: Vec<Vec<String>> = told.map(|text| cells::wrap(&shown.text(text), room)).collect();
    let cursor = cursor.min(told.len().saturating_sub(1));
    let rows = usize::from(canvas.height().saturating_sub(HEADING)).max(1);
    let top = top(&told.iter().map(Vec::len).collect::<Vec<_>>(), cursor, rows);
    let lines = told.iter().enumerate().skip(top);
    let lines = lines.flat_map(|(place, lines)| lines.iter().enumerate().map(move |(part, line)| (place, part, line)));
    for (row, (place, part, line)) in (HEADING..canvas.height()).zip(lines) {
        let style = shown.style(if place == cursor { Tone::Selected } else { Tone::Text });
        let mut canvas = canvas.part(0, row, width, 1);
        if place == cursor {
            canvas.style_row(0, style);
            if part == 0 {
                canvas.set(1, 0, shown.glyphs.cursor, style);
            }
        }
        canvas.put(3, 0, width.saturating_sub(4), line, style);
    }
}

/// The first that is seen, of so many lines each, so that the one under the cursor is seen whole where so many rows have room for it.
fn top(heights: &[usize], cursor: usize, rows: usize) -> usize {
    let mut left = rows.saturating_sub(heights.get(cursor).copied().unwrap_or(0));
    let above = heights.iter().take(cursor).rev();
    let seen = above.take_while(|height| {
        let fits = **height <= left;
        left = left.saturating_sub(**height);
        fits
    });
    cursor.saturating_sub(seen.count())
}

/// The list as text.
pub fn as_text(model: &Model) -> Option<String> {
    let me = model.person();
    let lines: Vec<String> = model
        .entry
        .lost_of(me.as_deref())
        .map(|text| model.shown.text(text))
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::top;

    #[test]
    fn the_one_under_the_cursor_is_seen_whole() {
        assert_eq!(top(&[2, 2, 2], 0, 4), 0);
        assert_eq!(top(&[2, 2, 2], 1, 4), 0);
        assert_eq!(top(&[2, 2, 2], 2, 4), 1);
        assert_eq!(top(&[2, 2, 3], 2, 4), 2);
        assert_eq!(top(&[1, 9], 1, 4), 1);
        assert_eq!(top(&[], 0, 4), 0);
    }
}
