//! A text field of one line: what is typed, where the cursor stands, and how much may be typed.

use ratatui::style::Style;
use tui_input::{Input, InputRequest};

use super::canvas::Canvas;
use super::cells;
use crate::domain::text::typable;
use crate::tui::keymap::Action;

/// A text field.
#[derive(Debug, Clone)]
pub struct Field {
    input: Input,
    /// Most characters that it takes.
    most: usize,
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text() && self.input.cursor() == other.input.cursor()
    }
}

impl Field {
    /// An empty field for at most so many characters.
    pub fn new(most: usize) -> Self {
        Self {
            input: Input::default(),
            most,
        }
    }

    /// The same field with nothing of what was typed to be seen but how much it is.
    #[must_use]
    pub fn hidden(&self) -> Self {
        let value = "*".repeat(self.text().chars().count());
        Self {
            input: Input::new(value).with_cursor(self.input.cursor()),
            most: self.most,
        }
    }

    /// What it holds.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.input.reset();
    }

    /// Replaces what it holds; the cursor stands at the end.
    pub fn set(&mut self, text: &str) {
        self.clear();
        self.insert(text);
    }

    /// Types a text at the cursor, without what would steer a terminal, as far as there is room; `false` if there was
    /// not room for all of it.
    pub fn insert(&mut self, text: &str) -> bool {
        let mut room = self.most.saturating_sub(self.text().chars().count());
        for character in typable(text) {
            let Some(left) = room.checked_sub(1) else {
                return false;
            };
            room = left;
            self.input.handle(InputRequest::InsertChar(character));
        }
        true
    }

    /// Does what a key of a text field asks for; `None` if the action is none of a text field, otherwise whether the
    /// text changed.
    pub fn edit(&mut self, action: Action) -> Option<bool> {
        let request = match action {
            Action::Left => InputRequest::GoToPrevChar,
            Action::Right => InputRequest::GoToNextChar,
            Action::LineStart => InputRequest::GoToStart,
            Action::LineEnd => InputRequest::GoToEnd,
            Action::Delete => InputRequest::DeletePrevChar,
            Action::DeleteForward => InputRequest::DeleteNextChar,
            Action::DeleteWord => InputRequest::DeletePrevWord,
            Action::Clear => InputRequest::DeleteLine,
            _ => return None,
        };
        Some(self.input.handle(request).is_some_and(|changed| changed.value))
    }

    /// Draws it into `room` cells, scrolled so that the cursor is seen; gives the cell of the cursor on the screen, where
    /// an input method draws.
    pub fn draw(&self, canvas: &mut Canvas<'_>, column: u16, row: u16, room: u16, style: Style) -> (u16, u16) {
        let room = room.min(canvas.width().saturating_sub(column));
        // One cell stays free for the cursor behind the last character.
        let width = usize::from(room.saturating_sub(1));
        let before: usize = self
            .text()
            .chars()
            .take(self.input.cursor())
            .filter_map(cells::drawn)
            .map(|(_, width)| width)
            .sum();
        let mut skipped = 0;
        let seen: String = self
            .text()
            .chars()
            .skip_while(|&character| {
                let skip = before - skipped > width;
                if skip {
                    skipped += cells::drawn(character).map_or(0, |(_, width)| width);
                }
                skip
            })
            .collect();
        canvas.put(column, row, room, &seen, style);
        let cursor = u16::try_from(before - skipped).unwrap_or(0);
        canvas.on_screen(column.saturating_add(cursor), row)
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    use super::*;

    #[test]
    fn a_field_takes_what_can_be_seen_and_no_more_than_it_may() {
        let mut field = Field::new(5);
        assert!(field.insert("锅\u{1b}炉\t"));
        assert_eq!(field.text(), "锅炉 ");
        assert!(!field.insert("abc"));
        assert_eq!(field.text(), "锅炉 ab");
        assert_eq!(field.edit(Action::DeleteWord), Some(true));
        assert_eq!(field.text(), "锅炉 ");
        assert_eq!(field.edit(Action::LineStart), Some(false));
        assert_eq!(field.edit(Action::DeleteForward), Some(true));
        assert_eq!(field.text(), "炉 ");
        assert_eq!(field.edit(Action::Open), None);
    }

    #[test]
    fn the_cursor_is_always_seen() {
        let mut field = Field::new(64);
        field.insert("锅炉给煤量abc");
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 1));
        let mut canvas = Canvas::new(&mut buffer, Rect::new(0, 0, 8, 1), '…');
        assert_eq!(field.draw(&mut canvas, 2, 0, 6, Style::default()), (7, 0));
        for _ in 0..20 {
            field.edit(Action::Left);
        }
        assert_eq!(field.draw(&mut canvas, 2, 0, 6, Style::default()), (2, 0));
        assert!(Field::new(3).draw(&mut canvas, 0, 0, 0, Style::default()) == (0, 0));
    }
}
