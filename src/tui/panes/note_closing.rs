//! The line for what came of a note that is closed, at the foot of the pane.

use super::super::model::Model;
use super::super::note_closing::NoteClosingSheet;
use super::super::widgets::canvas::Canvas;
use super::palette::{Row, Sheet, draw_sheet};
use crate::domain::text::{Text, clean};

/// Draws it; gives where its cursor stands.
pub fn draw(model: &Model, sheet: &NoteClosingSheet, canvas: &mut Canvas<'_>) -> (u16, u16) {
    let nothing = match (&sheet.fault, sheet.awaited) {
        (Some(fault), _) => fault.clone(),
        (None, Some(_)) => Text::new("tui-note-sent"),
        (None, None) => Text::new("tui-note-closing-what").with("text", clean(&sheet.text)),
    };
    let lines = Sheet {
        title: Text::new("tui-note-closing-title").with("of", sheet.of),
        hint: Some(Text::new("tui-note-closing-hint")),
        prompt: model.shown.glyphs.cursor,
        field: &sheet.field,
        count: 0,
        cursor: None,
        nothing: Some(nothing),
        said: None,
    };
    draw_sheet(model, &lines, canvas, |_| None::<Row>)
}
