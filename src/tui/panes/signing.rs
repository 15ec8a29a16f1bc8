//! A signature as it is typed, at the foot of the pane.

use super::super::handover::shift_text;
use super::super::model::Model;
use super::super::signing::{Signed, SigningSheet, SigningStep};
use super::super::widgets::canvas::Canvas;
use super::palette::{Row, Sheet, draw_sheet};
use crate::domain::handover::Side;
use crate::domain::text::{Explained, Text};
use crate::engine::view::MonthView;
use crate::report::closing::{of_book, said};

/// Draws it; gives where its cursor stands.
pub(super) fn draw(model: &Model, sheet: &SigningSheet, canvas: &mut Canvas<'_>) -> (u16, u16) {
    let hidden;
    let field = match sheet.step {
        SigningStep::Remark => &sheet.field,
        SigningStep::Pin => {
            hidden = sheet.field.hidden();
            &hidden
        }
    };
    let hint = match (sheet.step, &sheet.of) {
        (SigningStep::Pin, _) => Text::new("tui-sign-on-pin"),
        (_, Signed::Handover { side, .. }) => Text::new(match side {
            Side::Outgoing => "tui-signing-remark",
            Side::Incoming => "tui-signing-reservation",
        }),
        (_, Signed::Month(month)) => Text::new(match month.last() {
            None => "tui-closing-reason",
            Some(_) => "tui-closing-again",
        }),
    };
    let nothing = match (&sheet.fault, sheet.awaited) {
        (Some(fault), _) => fault.clone(),
        (None, Some(_)) => Text::new("tui-sign-on-awaited"),
        (None, None) => what(&sheet.of),
    };
    let title = match &sheet.of {
        Signed::Handover { shift, side, .. } => Text::new("tui-signing-title")
            .with_text("side", side.text())
            .with_text("shift", shift_text(model, shift)),
        Signed::Month(month) => Text::new("tui-closing-title").with("month", month.month),
    };
    let lines = Sheet {
        title,
        hint: Some(hint),
        prompt: model.shown.glyphs.cursor,
        field,
        count: 0,
        cursor: None,
        nothing: Some(nothing),
        said: None,
    };
    draw_sheet(model, &lines, canvas, |_| None::<Row>)
}

/// What a signature says.
fn what(of: &Signed) -> Text {
    match of {
        Signed::Handover { at, goes_on_until, .. } => {
            let text = Text::new("tui-signing-what").with_instant("at", at.to_second());
            match goes_on_until {
                Some(end) => Text::new("tui-signing-goes-on")
                    .with_instant("end", *end)
                    .with_text("what", text),
                None => text,
            }
        }
        Signed::Month(month) => figures(month).unwrap_or_else(|| Text::new("tui-closing-what")),
    }
}

/// The figures of a month, and who issued it last.
pub(super) fn figures(month: &MonthView) -> Option<Text> {
    let books = month.books.iter().map(of_book);
    Text::joined(books.chain(month.last().map(said)))
}
