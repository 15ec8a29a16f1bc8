//! The line for a note at the foot of the pane, and above it what was noted before.

use chrono::Datelike;

use super::super::model::Model;
use super::super::note::NoteSheet;
use super::super::widgets::canvas::Canvas;
use super::palette::{Row, Sheet, draw_sheet};
use crate::domain::note::{About, Carried};
use crate::domain::text::{Text, clean};
use crate::domain::time::{Instant, PlantZone};

/// Draws it; gives where its cursor stands.
pub fn draw(model: &Model, note: &NoteSheet, canvas: &mut Canvas<'_>) -> (u16, u16) {
    let shown = &model.shown;
    let nothing = match (&note.fault, &note.before) {
        (Some(fault), _) => fault.clone(),
        (None, _) if note.is_sent() => Text::new("tui-note-sent"),
        (None, None) if note.awaited.is_some() => Text::new("tui-explain-awaited"),
        (None, None) => Text::new("tui-note-unknown"),
        (None, Some(_)) => Text::new("tui-note-none"),
    };
    let said = note.fault.is_some() || note.is_sent();
    let before = note.before.as_deref().unwrap_or_default();
    let sheet = Sheet {
        title: title(model, note),
        hint: Some(Text::new("tui-note-hint")),
        prompt: shown.glyphs.cursor,
        field: &note.field,
        count: if said { 0 } else { before.len() },
        cursor: None,
        nothing: Some(nothing),
        said: None,
    };
    let zone = model.plant.as_ref().map(|plant| plant.model.zone);
    let now = model.plant.as_ref().map(|plant| plant.now(model.elapsed));
    draw_sheet(model, &sheet, canvas, |place| {
        let before = before.get(place)?;
        let at = short(&zone?, before.at, now?);
        let carried = match &before.carried {
            Some(Carried::Open) => format!("[{}] ", shown.text(&Text::new("tui-note-open"))),
            Some(Carried::Closed(_)) => format!("[{}] ", shown.text(&Text::new("tui-note-closed"))),
            None => String::new(),
        };
        Some(Row {
            left: format!("{at}  {carried}{}", clean(&before.text)),
            right: shown.who(&before.by, before.name.as_ref()),
        })
    })
}

/// Of what and of which time the note speaks.
fn title(model: &Model, note: &NoteSheet) -> Text {
    let about = about_text(model, note.about());
    let Some(plant) = &model.plant else {
        return about;
    };
    let now = plant.now(model.elapsed);
    // A time that is not typed to its end yet is none.
    let at = note
        .note(now, &plant.model.zone)
        .map_or(note.at.unwrap_or(now), |note| note.at);
    let time = short(&plant.model.zone, at, now);
    let title = if at == now {
        "tui-note-now"
    } else if is_yesterday(&plant.model.zone, at, now) {
        "tui-note-yesterday"
    } else {
        "tui-note-at"
    };
    let title = Text::new(title).with_text("about", about).with("time", time);
    if note.carry {
        Text::new("tui-note-carried").with_text("note", title)
    } else {
        title
    }
}

fn about_text(model: &Model, about: About) -> Text {
    let Some(plant) = &model.plant else {
        return Text::new("tui-note-site");
    };
    match about {
        About::Site => Text::new("tui-note-site"),
        About::Node(id) => {
            let node = plant.node_place(id).and_then(|place| plant.nodes.get(place));
            node.map_or_else(
                || Text::new("note-about-gone"),
                |node| Text::new("tui-note-node").with_name("name", &node.name),
            )
        }
        About::Parameter(id) => plant.parameter_of(id).map_or_else(
            || Text::new("note-about-gone"),
            |parameter| {
                Text::new("tui-note-parameter")
                    .with("tag", clean(&parameter.tag))
                    .with_name("name", &parameter.name)
            },
        ),
    }
}

/// Whether an instant is of the day before: of an hour and minute alone the last time is meant that the clock showed them.
pub(in crate::tui) fn is_yesterday(zone: &PlantZone, at: Instant, now: Instant) -> bool {
    zone.local(now).date().pred_opt() == Some(zone.local(at).date())
}

/// A time in few cells: with the year where that is not this one.
pub(in crate::tui) fn short(zone: &PlantZone, at: Instant, now: Instant) -> String {
    let (at, now) = (zone.local(at), zone.local(now));
    let form = if at.year() == now.year() {
        "%m-%d %H:%M"
    } else {
        "%Y-%m-%d %H:%M"
    };
    at.format(form).to_string()
}
