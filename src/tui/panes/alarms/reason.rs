//! The line for why alarms are hidden, at the foot of the pane, with the alarms that it is about above it.

use super::super::super::alarms::{ReasonSheet, Why};
use super::super::super::model::Model;
use super::super::super::widgets::canvas::Canvas;
use super::super::palette::{Row, Sheet, draw_sheet};
use super::words::tag;
use crate::domain::text::{Explained, Text};

/// Draws it; gives where its cursor stands.
pub fn draw(model: &Model, sheet: &ReasonSheet, canvas: &mut Canvas<'_>) -> (u16, u16) {
    let shown = &model.shown;
    let (title, hint) = match sheet.why {
        Why::Shelve => (Text::new("tui-alarm-shelve-title"), Text::new("tui-alarm-shelve-hint")),
        Why::Remove => (Text::new("tui-alarm-remove-title"), Text::new("tui-alarm-remove-hint")),
    };
    let said = match (&sheet.fault, sheet.awaited) {
        (Some(fault), _) => Some(fault.clone()),
        (None, Some(_)) => Some(Text::new("tui-alarm-sent")),
        (None, None) => None,
    };
    let drawn = Sheet {
        title: title.with_count("count", sheet.alarms.len()),
        hint: Some(hint),
        prompt: shown.glyphs.cursor,
        field: &sheet.field,
        count: sheet.alarms.len(),
        cursor: None,
        nothing: None,
        said,
    };
    let plant = model.displayed().map(|(plant, _)| plant);
    draw_sheet(model, &drawn, canvas, |place| {
        let (plant, id) = (plant?, *sheet.alarms.get(place)?);
        let name = plant.parameter_of(id.parameter).map(|parameter| &parameter.name);
        let name = name.map_or("", |name| shown.localizer.name(name));
        Some(Row {
            left: format!("{}  {name}", tag(plant, id)),
            right: shown.text(&id.kind.text()),
        })
    })
}
