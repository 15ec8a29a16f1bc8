//! The panes, one file each, and how they share the screen.

pub mod alarms;
pub mod anomalies;
pub mod chart;
pub mod choose;
pub mod columns;
pub mod crews;
pub mod detail;
pub mod due;
pub mod entry;
pub mod explain;
mod filter;
pub mod foot;
pub mod form;
pub mod frame;
pub mod handover;
pub mod help;
pub mod inbox;
pub mod indicators;
pub mod ledger;
pub mod live;
pub mod log;
pub mod lost;
pub mod note;
pub mod note_closing;
mod outcome;
pub mod palette;
pub mod plain;
pub mod quality_plan;
pub mod second_check;
pub mod sign_on;
mod signing;
mod split;
pub mod wall;

use ratatui::Frame;
use ratatui::layout::Size;

use super::model::Model;
use super::overlay::Overlay;
use super::pane::Pane;
use super::theme::Tone;
use super::widgets::canvas::Canvas;
use super::widgets::cells;
use crate::domain::text::Text;

/// Smallest screen on which the panes can be read.
pub const SMALLEST: Size = Size::new(60, 20);

/// Rows of the screen above a pane.
const ABOVE: u16 = 2;

/// Rows of the screen below a pane.
const BELOW: u16 = 1;

/// Draws everything.
pub fn draw(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    let ellipsis = model.shown.glyphs.ellipsis;
    let mut canvas = Canvas::new(frame.buffer_mut(), area, ellipsis);
    for row in 0..canvas.height() {
        canvas.style_row(row, model.shown.style(Tone::Text));
    }
    if area.width < SMALLEST.width || area.height < SMALLEST.height {
        too_small(model, &mut canvas);
        return;
    }
    if let Some(Overlay::Plain { text, scrolled }) = model.overlays.last() {
        plain::draw(model, text, *scrolled, &mut canvas);
        return;
    }
    let height = area.height.saturating_sub(ABOVE + BELOW);
    frame::draw_head(model, &mut canvas.part(0, 0, area.width, ABOVE));
    frame::draw_foot(model, &mut canvas.part(0, area.height - BELOW, area.width, BELOW));
    let mut pane = canvas.part(0, ABOVE, area.width, height);
    let cursor = if model.wall {
        wall::draw(model, &mut pane);
        None
    } else {
        draw_pane(model, &mut pane)
    };
    frame::draw_banner(model, &mut canvas);
    // Input methods draw at the terminal's own cursor, so it stands where one types.
    if let Some(cursor) = cursor.filter(|_| model.context().is_text_field()) {
        frame.set_cursor_position(cursor);
    }
}

/// The pane that is open and what lies over it; gives where one types, if one does.
fn draw_pane(model: &Model, pane: &mut Canvas<'_>) -> Option<(u16, u16)> {
    // What stands at the foot of a pane leaves the rest of it to be seen.
    let (under, sheet) = match model.overlays.split_last() {
        Some((sheet, under)) if sheet.is_at_foot() => (under.last(), Some(sheet)),
        last => (last.map(|(last, _)| last), None),
    };
    let cursor = match (under, model.pane) {
        (Some(Overlay::Help { scrolled, .. }), _) => {
            help::draw(model, *scrolled, pane);
            None
        }
        (Some(Overlay::Explain(steps)), _) => {
            explain::draw(model, steps, pane);
            None
        }
        (
            Some(
                Overlay::Plain { .. }
                | Overlay::Palette(_)
                | Overlay::Jump(_)
                | Overlay::Note(_)
                | Overlay::Reason(_)
                | Overlay::Work(_)
                | Overlay::Signing(_)
                | Overlay::NoteClosing(_)
                | Overlay::Dispose(_)
                | Overlay::SignOn(_)
                | Overlay::Since(_),
            ),
            _,
        ) => None,
        (Some(Overlay::Chart(chart)), _) => {
            chart::draw(model, chart, pane);
            None
        }
        (Some(Overlay::Columns { cursor }), _) => {
            choose::draw(model, *cursor, pane);
            None
        }
        (Some(Overlay::Crews(crews)), _) => {
            crews::draw(model, crews, pane);
            None
        }
        (Some(Overlay::Figures(figures)), _) => {
            indicators::draw(model, figures, pane);
            None
        }
        (Some(Overlay::Past(past)), _) => {
            anomalies::past::draw(model, past, pane);
            None
        }
        (Some(Overlay::Due { cursor }), _) => {
            due::draw(model, *cursor, pane);
            None
        }
        (Some(Overlay::Lost { cursor }), _) => {
            lost::draw(model, *cursor, pane);
            None
        }
        (None, Pane::Live) => live::draw(model, pane),
        (None, Pane::Alarms) => alarms::draw(model, pane),
        (None, Pane::Anomalies) => anomalies::draw(model, pane),
        (None, Pane::Entry) => entry::draw(model, pane),
        (None, Pane::Handover) => {
            handover::draw(model, pane);
            None
        }
        (None, Pane::Plan) => quality_plan::draw(model, pane),
        (None, Pane::Ledger) => {
            ledger::draw(model, pane);
            None
        }
        (None, Pane::Log) => Some(log::draw(model, pane)),
    };
    match sheet {
        Some(Overlay::Palette(open)) => Some(palette::draw(model, open, pane)),
        Some(Overlay::Jump(jump)) => Some(palette::draw_jump(model, jump, pane)),
        Some(Overlay::Note(note)) => Some(note::draw(model, note, pane)),
        Some(Overlay::Reason(sheet)) => Some(alarms::reason::draw(model, sheet, pane)),
        Some(Overlay::Work(sheet)) => Some(anomalies::sheet::draw(model, sheet, pane)),
        Some(Overlay::Dispose(sheet)) => Some(anomalies::dispose::draw(model, sheet, pane)),
        Some(Overlay::Signing(sheet)) => Some(signing::draw(model, sheet, pane)),
        Some(Overlay::NoteClosing(sheet)) => Some(note_closing::draw(model, sheet, pane)),
        Some(Overlay::SignOn(sheet)) => Some(sign_on::draw(model, sheet, pane)),
        Some(Overlay::Since(view)) => {
            sign_on::draw_since(model, view, pane);
            None
        }
        _ => cursor,
    }
}

/// Says a text from a row on, wrapped.
fn say(model: &Model, text: &Text, tone: Tone, from: u16, canvas: &mut Canvas<'_>) {
    let width = canvas.width();
    let lines = cells::wrap(&model.shown.text(text), usize::from(width.saturating_sub(2)).max(2));
    for (row, line) in (from..canvas.height()).zip(lines) {
        canvas.put(1, row, width, &line, model.shown.style(tone));
    }
}

fn too_small(model: &Model, canvas: &mut Canvas<'_>) {
    let text = Text::new("tui-too-small")
        .with_count("width", SMALLEST.width)
        .with_count("height", SMALLEST.height)
        .with_count("has-width", canvas.width())
        .with_count("has-height", canvas.height());
    let lines = cells::wrap(&model.shown.text(&text), usize::from(canvas.width()).max(2));
    for (row, line) in (0..canvas.height()).zip(lines) {
        let width = canvas.width();
        canvas.put(0, row, width, &line, model.shown.style(Tone::Text));
    }
}
