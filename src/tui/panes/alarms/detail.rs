//! Everything that is known of the selected alarm: beside the list, or in few lines below it.

use super::super::super::model::Model;
use super::super::super::plant::Plant;
use super::super::super::theme::Tone;
use super::super::super::widgets::canvas::Canvas;
use super::super::detail::{Card, Line, draw_card, draw_in_lines, name_of, person};
use super::priority_tone;
use super::words::{kind_short, suppressions, tag};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Instant;
use crate::engine::view::AlarmView;
use crate::locale::figures;
use crate::quality::alarm::{AlarmId, action_on};

/// Most rows of one thing beside the list.
const MOST_ROWS: usize = 4;

/// Most rows of one thing below it: what to do may take two.
const MOST_ROWS_BELOW: usize = 2;

/// Most other alarms of a group that are named.
const MOST_OTHERS: usize = 12;

/// Draws it beside the list.
pub(super) fn draw_beside(
    model: &Model,
    plant: &Plant,
    selected: Option<&AlarmView>,
    now: Instant,
    canvas: &mut Canvas<'_>,
) {
    let named = selected.map(|alarm| (alarm, tag(plant, alarm.alarm), name(model, plant, alarm.alarm)));
    let card = named.as_ref().map(|(alarm, tag, name)| Card {
        tag,
        name,
        lines: lines(model, plant, alarm, now),
        most_rows: MOST_ROWS,
    });
    draw_card(model, card, canvas);
}

/// Draws it below the list.
pub(super) fn draw_below(model: &Model, plant: &Plant, alarm: &AlarmView, now: Instant, canvas: &mut Canvas<'_>) {
    let card = Card {
        tag: &tag(plant, alarm.alarm),
        name: &name(model, plant, alarm.alarm),
        lines: lines(model, plant, alarm, now),
        most_rows: MOST_ROWS,
    };
    draw_in_lines(model, &card, MOST_ROWS_BELOW, canvas);
}

/// The selected alarm as text, a line each.
pub fn as_text(model: &Model) -> Option<String> {
    let (plant, elapsed) = model.displayed()?;
    let alarm = plant.alarms.get(&model.alarms.selected?)?;
    let heading = format!("{} {}", tag(plant, alarm.alarm), name(model, plant, alarm.alarm));
    let lines = lines(model, plant, alarm, plant.now(elapsed));
    let lines = lines
        .iter()
        .map(|(label, text, _)| format!("{}: {text}", model.shown.text(label)));
    Some(std::iter::once(heading).chain(lines).collect::<Vec<_>>().join("\n"))
}

fn name(model: &Model, plant: &Plant, alarm: AlarmId) -> String {
    name_of(model, plant, alarm.parameter)
}

fn lines(model: &Model, plant: &Plant, alarm: &AlarmView, now: Instant) -> Vec<Line> {
    let shown = &model.shown;
    let tone = priority_tone(alarm.priority);
    let mut lines = vec![
        (
            Text::new("tui-detail-state"),
            shown.text(&alarm.state.label().text()),
            Tone::Text,
        ),
        (
            Text::new("tui-detail-priority"),
            shown.text(&alarm.priority.text()),
            tone,
        ),
    ];
    // Below the list there is room for what stands first: of a hidden alarm that is why.
    lines.extend(of_hiding(model, plant, alarm));
    lines.push((
        Text::new("tui-detail-action"),
        shown.text(&action_on(&plant.model, alarm.alarm)),
        Tone::Title,
    ));
    lines.extend(why_so_urgent(model, alarm));
    lines.extend(of_first(model, plant));
    lines.push((
        Text::new("tui-alarm-what"),
        shown.text(&alarm.alarm.kind.text()),
        Tone::Text,
    ));
    lines.extend(of_time(model, plant, alarm, now));
    lines.extend(of_value(model, plant, alarm));
    if alarm.chatters {
        let chatters = shown.text(&Text::new("tui-alarm-mark-chatters"));
        lines.push((Text::new("tui-detail-chatters"), chatters, Tone::Warning));
    }
    if let Some(by) = &alarm.answered_by {
        let answered = Text::new("tui-alarm-answered")
            .with("name", person(model, plant, &by.name))
            .with_instant("at", by.at)
            .with("record", by.record);
        lines.push((Text::new("tui-detail-answered"), shown.text(&answered), Tone::Text));
    }
    lines.extend(of_group(model, plant));
    lines
}

/// On what the priority rests.
fn why_so_urgent(model: &Model, alarm: &AlarmView) -> Option<Line> {
    let shown = &model.shown;
    let ranking = alarm.ranking?;
    let text = Text::new("tui-alarm-ranked")
        .with("amount", figures::tonnes(i128::from(ranking.at_stake_mg), 1))
        .with_text("owed", ranking.owed.text())
        .with("time", shown.localizer.age(ranking.time_to_act_ms))
        .with_text("consequence", ranking.consequence.text())
        .with_text("urgency", ranking.urgency.text());
    Some((Text::new("tui-detail-ranking"), shown.text(&text), Tone::Text))
}

fn of_value(model: &Model, plant: &Plant, alarm: &AlarmView) -> Vec<Line> {
    let Some(parameter) = plant.parameter_of(alarm.alarm.parameter) else {
        return Vec::new();
    };
    let unit = model.shown.localizer.unit(&parameter.unit);
    let number = |count: i64| format!("{} {unit}", figures::counted(count, parameter.decimals));
    [
        (Text::new("tui-detail-limit"), alarm.limit),
        (Text::new("tui-detail-worst"), alarm.worst),
        (
            Text::new("tui-detail-value"),
            parameter.newest.map(|newest| newest.value),
        ),
    ]
    .into_iter()
    .filter_map(|(label, count)| Some((label, number(count?), Tone::Text)))
    .collect()
}

fn of_time(model: &Model, plant: &Plant, alarm: &AlarmView, now: Instant) -> Vec<Line> {
    let zone = &plant.model.zone;
    let moment = |at: Instant| {
        let age = model.shown.localizer.age(now.since(at));
        let today = zone.local(at).date() == zone.local(now).date();
        let time = if today {
            zone.local(at).format("%H:%M:%S").to_string()
        } else {
            zone.shown(at)
        };
        format!("{time} ({age})")
    };
    let ended = (!alarm.state.is_active()).then_some(alarm.changed);
    [
        (Text::new("tui-detail-since"), alarm.since),
        (
            Text::new("tui-detail-told"),
            alarm.told.filter(|told| alarm.since != Some(*told)),
        ),
        (Text::new("tui-detail-ended"), ended),
    ]
    .into_iter()
    .filter_map(|(label, at)| Some((label, moment(at?), Tone::Text)))
    .collect()
}

fn of_hiding(model: &Model, plant: &Plant, alarm: &AlarmView) -> Vec<Line> {
    let shown = &model.shown;
    let state = &alarm.state;
    let mut lines = Vec::new();
    if let Some(out) = &state.out_of_service {
        let text = Text::new("tui-alarm-hidden-since")
            .with_instant("at", out.since)
            .with("reason", clean(&out.reason));
        lines.push((Text::new("tui-detail-out"), shown.text(&text), Tone::Advisory));
    }
    if !state.suppressions.is_empty() {
        lines.push((
            Text::new("tui-detail-suppressed"),
            suppressions(model, alarm),
            Tone::Advisory,
        ));
    }
    if let Some(shelf) = &state.shelf {
        let until = plant.model.zone.shown(shelf.until);
        let text = if shelf.one_shot {
            Text::new("tui-alarm-shelf-once")
        } else {
            Text::new("tui-alarm-shelf")
        };
        let text = text.with("until", until).with("reason", clean(&shelf.reason));
        lines.push((Text::new("tui-detail-shelf"), shown.text(&text), Tone::Advisory));
    }
    lines
}

/// Which alarm of its group was the first.
fn of_first(model: &Model, plant: &Plant) -> Option<Line> {
    let row = model.alarms.row()?;
    let group = model.alarms.listing.group_of(row);
    let first = group.first().filter(|_| group.len() > 1)?;
    Some((
        Text::new("tui-detail-first-out"),
        named(model, plant, *first),
        Tone::Title,
    ))
}

/// The others of its group.
fn of_group(model: &Model, plant: &Plant) -> Option<Line> {
    let row = model.alarms.row()?;
    let group = model.alarms.listing.group_of(row);
    let others = group.iter().skip(1).filter(|id| **id != row.alarm);
    let mut names: Vec<String> = others
        .clone()
        .take(MOST_OTHERS)
        .map(|id| named(model, plant, *id))
        .collect();
    let left_out = others.count().saturating_sub(MOST_OTHERS);
    if left_out > 0 {
        names.push(format!("+{left_out}"));
    }
    (!names.is_empty()).then(|| (Text::new("tui-detail-others"), names.join(", "), Tone::Text))
}

/// An alarm in few words.
fn named(model: &Model, plant: &Plant, alarm: AlarmId) -> String {
    format!("{} {}", tag(plant, alarm), model.shown.text(&kind_short(alarm.kind)))
}
