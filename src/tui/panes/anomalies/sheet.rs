//! The line for what is said of anomalies, at the foot of the pane, with the anomalies or the people that it is about
//! above it.

use super::super::super::anomalies::{Work, WorkSheet};
use super::super::super::model::Model;
use super::super::super::widgets::canvas::Canvas;
use super::super::detail::{name_of, tag_of};
use super::super::palette::{Row, Sheet, draw_sheet};
use super::super::sign_on::person_row;
use crate::domain::text::Text;
use crate::quality::anomaly::AnomalyId;

/// Draws it; gives where its cursor stands.
pub fn draw(model: &Model, sheet: &WorkSheet, canvas: &mut Canvas<'_>) -> (u16, u16) {
    let shown = &model.shown;
    let (title, hint) = match sheet.work {
        Work::Assign => (
            Text::new("tui-anomaly-assign-title"),
            Text::new("tui-anomaly-assign-hint"),
        ),
        Work::Comment => (
            Text::new("tui-anomaly-comment-title"),
            Text::new("tui-anomaly-comment-hint"),
        ),
        Work::Close => (
            Text::new("tui-anomaly-close-title"),
            Text::new("tui-anomaly-close-hint"),
        ),
        Work::Link => (Text::new("tui-anomaly-link-title"), Text::new("tui-anomaly-link-hint")),
        Work::Reopen => (
            Text::new("tui-anomaly-reopen-title"),
            Text::new("tui-anomaly-reopen-hint"),
        ),
        Work::TakeBack(_) => (
            Text::new("tui-anomaly-take-back-title"),
            Text::new("tui-anomaly-take-back-hint"),
        ),
    };
    let said = match (&sheet.fault, sheet.is_open()) {
        (Some(fault), _) => Some(fault.clone()),
        (None, false) => Some(Text::new("tui-alarm-sent")),
        (None, true) => None,
    };
    let is_assigned = sheet.work == Work::Assign;
    let count = if is_assigned {
        sheet.found.len()
    } else {
        sheet.anomalies.len()
    };
    let nothing = is_assigned.then(|| Text::new("tui-anomaly-nobody-found"));
    let drawn = Sheet {
        title: title.with_count("count", sheet.anomalies.len()),
        hint: Some(hint),
        prompt: shown.glyphs.cursor,
        field: &sheet.field,
        count,
        cursor: is_assigned.then_some(sheet.cursor),
        nothing,
        said,
    };
    draw_sheet(model, &drawn, canvas, |place| {
        if is_assigned {
            return person_row(model, sheet.found.get(place)?);
        }
        anomaly_row(model, *sheet.anomalies.get(place)?)
    })
}

/// An anomaly that a sheet is about.
pub(super) fn anomaly_row(model: &Model, id: AnomalyId) -> Option<Row> {
    let (plant, _) = model.displayed()?;
    let outside = model
        .past()
        .and_then(|past| past.all().iter().find(|one| one.anomaly == id));
    let anomaly = plant.anomalies.get(&id).or(outside)?;
    let tag = tag_of(plant, anomaly.parameter);
    Some(Row {
        left: format!("#{id} {tag}  {}", name_of(model, plant, anomaly.parameter)),
        right: model.shown.text(&anomaly.signs.check().text()),
    })
}
