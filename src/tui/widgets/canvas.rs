//! A part of the screen in its own coordinates. Nothing drawn on it reaches beyond it, whatever its size.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use super::cells;

/// A part of the screen's buffer; columns and rows count from its own upper left corner.
#[derive(Debug)]
pub struct Canvas<'buffer> {
    buffer: &'buffer mut Buffer,
    area: Rect,
    ellipsis: char,
}

impl<'buffer> Canvas<'buffer> {
    /// A canvas over the part of `area` that is on the screen.
    pub fn new(buffer: &'buffer mut Buffer, area: Rect, ellipsis: char) -> Self {
        let area = area.intersection(buffer.area);
        Self { buffer, area, ellipsis }
    }

    /// Width in cells.
    pub const fn width(&self) -> u16 {
        self.area.width
    }

    /// Height in rows.
    pub const fn height(&self) -> u16 {
        self.area.height
    }

    /// A canvas over a part of this one.
    pub fn part(&mut self, column: u16, row: u16, width: u16, height: u16) -> Canvas<'_> {
        let area = Rect {
            x: self.area.x.saturating_add(column),
            y: self.area.y.saturating_add(row),
            width,
            height,
        }
        .intersection(self.area);
        Canvas {
            buffer: self.buffer,
            area,
            ellipsis: self.ellipsis,
        }
    }

    /// Draws a text into at most `room` cells, cut with an ellipsis; gives the column after it.
    pub fn put(&mut self, column: u16, row: u16, room: u16, text: &str, style: Style) -> u16 {
        let room = room.min(self.area.width.saturating_sub(column));
        if row >= self.area.height || room == 0 {
            return column;
        }
        let mut at = column;
        for character in cells::fit(text, usize::from(room), self.ellipsis).chars() {
            let Some((_, width)) = cells::drawn(character) else {
                continue;
            };
            self.set(at, row, character, style);
            at += 1;
            if width == 2 {
                // The second cell of a wide character is covered by it and must hold nothing.
                if let Some(cell) = self.buffer.cell_mut((self.area.x + at, self.area.y + row)) {
                    cell.reset();
                    cell.set_style(style);
                }
                at += 1;
            }
        }
        at
    }

    /// Draws a text flush right in `room` cells from `column`.
    pub fn put_right(&mut self, column: u16, row: u16, room: u16, text: &str, style: Style) {
        let room = room.min(self.area.width.saturating_sub(column));
        let used = u16::try_from(cells::width(text)).unwrap_or(u16::MAX).min(room);
        self.put(column + (room - used), row, used, text, style);
    }

    /// Styles a whole row.
    pub fn style_row(&mut self, row: u16, style: Style) {
        if row < self.area.height {
            let line = Rect {
                y: self.area.y + row,
                height: 1,
                ..self.area
            };
            self.buffer.set_style(line, style);
        }
    }

    /// Empties all of it, so that what is drawn on it covers what was there.
    pub fn clear(&mut self, style: Style) {
        for row in 0..self.area.height {
            self.rule(row, ' ', style);
        }
    }

    /// Styles a whole column.
    pub fn style_column(&mut self, column: u16, style: Style) {
        if column < self.area.width {
            let line = Rect {
                x: self.area.x + column,
                width: 1,
                ..self.area
            };
            self.buffer.set_style(line, style);
        }
    }

    /// Fills a whole row with one character.
    pub fn rule(&mut self, row: u16, character: char, style: Style) {
        if row < self.area.height {
            for column in 0..self.area.width {
                self.set(column, row, character, style);
            }
        }
    }

    /// Sets one cell to a character of width 1.
    pub fn set(&mut self, column: u16, row: u16, character: char, style: Style) {
        if column < self.area.width
            && row < self.area.height
            && let Some(cell) = self.buffer.cell_mut((self.area.x + column, self.area.y + row))
        {
            cell.reset();
            cell.set_char(character).set_style(style);
        }
    }

    /// Draws one of ratatui's widgets over all of it.
    pub fn render(&mut self, widget: impl Widget) {
        widget.render(self.area, self.buffer);
    }

    /// Draws another character in place of one.
    pub fn replace(&mut self, from: &str, to: char) {
        for position in self.area.positions() {
            if let Some(cell) = self.buffer.cell_mut(position).filter(|cell| cell.symbol() == from) {
                cell.set_char(to);
            }
        }
    }

    /// Where a column and row of this canvas are on the screen.
    pub const fn on_screen(&self, column: u16, row: u16) -> (u16, u16) {
        (self.area.x + column, self.area.y + row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(draw: impl FnOnce(&mut Canvas<'_>)) -> Vec<String> {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 2));
        draw(&mut Canvas::new(&mut buffer, Rect::new(0, 0, 6, 2), '…'));
        buffer
            .content
            .chunks(6)
            .map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect())
            .collect()
    }

    #[test]
    fn wide_characters_take_their_two_cells() {
        let rows = drawn(|canvas| {
            assert_eq!(canvas.put(1, 0, 9, "锅a炉", Style::default()), 6);
        });
        assert_eq!(rows, [" 锅 a炉 ", "      "]);
    }

    #[test]
    fn nothing_reaches_beyond_the_canvas() {
        let rows = drawn(|canvas| {
            canvas.put(0, 7, 9, "below", Style::default());
            canvas.put(9, 0, 9, "beside", Style::default());
            canvas.put(0, 0, 9, "too long for it", Style::default());
            canvas.part(4, 1, 90, 90).put(0, 0, 90, "锅炉", Style::default());
            canvas.part(50, 50, 1, 1).put(0, 0, 1, "x", Style::default());
        });
        assert_eq!(rows, ["too l…", "    … "]);
    }

    #[test]
    fn figures_stand_flush_right() {
        let rows = drawn(|canvas| canvas.put_right(1, 0, 5, "1.5", Style::default()));
        assert_eq!(rows[0], "   1.5");
    }
}
