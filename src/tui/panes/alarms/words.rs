//! What is said of an alarm in a column, and its row of a table.

use super::super::super::model::Model;
use super::super::super::plant::Plant;
use super::super::super::widgets::cells;
use super::super::detail::{person, tag_of};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Instant;
use crate::engine::view::{AlarmView, LiveParameter};
use crate::locale::figures;
use crate::quality::alarm::{AlarmId, Kind};

/// The tag of an alarm's parameter.
pub(super) fn tag(plant: &Plant, alarm: AlarmId) -> String {
    tag_of(plant, alarm.parameter)
}

/// What a kind of alarm is called where there is little room.
pub(super) fn kind_short(kind: Kind) -> Text {
    match kind {
        Kind::MarkedBad => Text::new("tui-alarm-kind-bad"),
        other => other.text(),
    }
}

/// How an alarm is hidden, in few cells.
pub(super) fn hidden_short(model: &Model, plant: &Plant, alarm: &AlarmView, now: Instant) -> Text {
    let state = &alarm.state;
    match (&state.out_of_service, &state.shelf) {
        (Some(out), _) => Text::new("tui-alarm-out-for").with("age", model.shown.localizer.age(now.since(out.since))),
        (None, Some(shelf)) if state.suppressions.is_empty() => {
            let until = plant.model.zone.local(shelf.until).format("%H:%M").to_string();
            Text::new("tui-alarm-until").with("time", until)
        }
        _ => Text::new("tui-alarm-suppressed"),
    }
}

/// Why an alarm is hidden.
pub(super) fn reason(model: &Model, alarm: &AlarmView) -> String {
    let state = &alarm.state;
    let typed = state.out_of_service.as_ref().map(|out| &out.reason);
    let typed = typed.or_else(|| state.shelf.as_ref().map(|shelf| &shelf.reason));
    match typed {
        Some(reason) if state.out_of_service.is_some() || state.suppressions.is_empty() => clean(reason).into_owned(),
        _ => suppressions(model, alarm),
    }
}

/// By what the design suppresses an alarm.
pub(super) fn suppressions(model: &Model, alarm: &AlarmView) -> String {
    let texts = alarm.state.suppressions.iter().map(|one| one.text());
    Text::joined(texts).map_or_else(String::new, |text| model.shown.text(&text))
}

/// The worst value against the limit, in at most `room` cells: what does not fit is left out from its end; a number is
/// never cut.
pub(super) fn value_text(model: &Model, parameter: Option<&LiveParameter>, alarm: &AlarmView, room: u16) -> String {
    let (Some(parameter), Some(worst)) = (parameter, alarm.worst) else {
        return "--".to_owned();
    };
    let sign = match alarm.alarm.kind {
        Kind::Low | Kind::LowLow => '<',
        _ => '>',
    };
    let number = |count: i64| figures::counted(count, parameter.decimals);
    let bare = |count: i64| number(count).replace(',', "");
    let unit = model.shown.localizer.unit(&parameter.unit);
    let texts = match alarm.limit {
        Some(limit) => vec![
            format!("{} {sign} {} {unit}", number(worst), number(limit)),
            format!("{} {sign} {}", number(worst), number(limit)),
            format!("{}{sign}{}", bare(worst), bare(limit)),
            bare(worst),
        ],
        None => vec![format!("{} {unit}", number(worst)), number(worst), bare(worst)],
    };
    let room = usize::from(room);
    let fits = texts.into_iter().find(|text| cells::width(text) <= room);
    fits.unwrap_or_else(|| "#".repeat(room))
}

/// Who answered for an alarm since it was announced last.
pub(super) fn who(model: &Model, plant: &Plant, alarm: &AlarmView) -> String {
    let answered = alarm.answered_by.as_ref();
    let since_told = answered.filter(|by| alarm.told.is_none_or(|told| by.at >= told));
    since_told.map_or_else(String::new, |by| person(model, plant, &by.name))
}

/// The headings of the list as a table.
pub fn headings(model: &Model) -> Vec<String> {
    [
        Text::new("tui-detail-priority"),
        Text::new("tui-column-state"),
        Text::new("tui-column-tag"),
        Text::new("tui-column-name"),
        Text::new("tui-alarm-what"),
        Text::new("tui-detail-worst"),
        Text::new("tui-detail-limit"),
        Text::new("tui-column-unit"),
        Text::new("tui-detail-since"),
        Text::new("tui-alarm-who"),
        Text::new("tui-alarm-reason"),
    ]
    .iter()
    .map(|heading| model.shown.text(heading))
    .collect()
}

/// An alarm as a row of a table.
pub fn table_row(model: &Model, plant: &Plant, alarm: &AlarmView) -> Vec<String> {
    let shown = &model.shown;
    let parameter = plant.parameter_of(alarm.alarm.parameter);
    let number = |count: Option<i64>| {
        let counted = parameter.zip(count);
        counted.map_or_else(String::new, |(parameter, count)| {
            figures::counted(count, parameter.decimals).replace(',', "")
        })
    };
    vec![
        shown.text(&alarm.priority.text()),
        shown.text(&alarm.state.label().text()),
        tag(plant, alarm.alarm),
        parameter.map_or_else(String::new, |parameter| {
            clean(shown.localizer.name(&parameter.name)).into_owned()
        }),
        shown.text(&alarm.alarm.kind.text()),
        number(alarm.worst),
        number(alarm.limit),
        parameter.map_or_else(String::new, |parameter| clean(&parameter.unit).into_owned()),
        plant.model.zone.shown(alarm.began()),
        who(model, plant, alarm),
        reason(model, alarm),
    ]
}
