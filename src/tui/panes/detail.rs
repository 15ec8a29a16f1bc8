//! Everything known of the selected parameter, beside the list on wide screens.

use super::super::model::Model;
use super::super::plant::{self, Plant};
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::live::{condition_tone, limits, origin_text, state_text};
use crate::domain::identity::ParameterId;
use crate::domain::model::Parameter;
use crate::domain::reading::{ParameterKind, Quality};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Instant;
use crate::engine::view::LiveParameter;
use crate::locale::figures;

/// Its width, with the rule that parts it from the list.
pub const WIDTH: u16 = 50;

/// Width of its labels.
const LABELS: u16 = 14;

/// Most rows of a name.
const MOST_ROWS_OF_NAME: usize = 3;

/// A label, what it says, and how that looks.
pub(super) type Line = (Text, String, Tone);

/// What is told beside a list of the row under the cursor.
pub(super) struct Card<'a> {
    /// Its tag.
    pub(super) tag: &'a str,
    /// Its name.
    pub(super) name: &'a str,
    /// What is known of it.
    pub(super) lines: Vec<Line>,
    /// Most rows of one thing.
    pub(super) most_rows: usize,
}

/// Draws what is told in few lines below a list: one thing after the other, as far as there is room, each in at most so many
/// rows.
pub(super) fn draw_in_lines(model: &Model, card: &Card<'_>, most_rows: usize, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width().saturating_sub(1);
    let after = canvas.put(1, 0, width, card.tag, shown.style(Tone::Title)) + 1;
    canvas.put(
        after,
        0,
        width.saturating_sub(after),
        card.name,
        shown.style(Tone::Text),
    );
    let (mut column, mut row) = (1, 1);
    for (label, text, tone) in &card.lines {
        let label = format!("{} ", shown.text(label));
        let needed = u16::try_from(cells::width(&label) + cells::width(text)).unwrap_or(u16::MAX);
        if column > 1 && needed > width.saturating_sub(column) {
            (column, row) = (1, row + 1);
        }
        column = canvas.put(column, row, width, &label, shown.style(Tone::Dim));
        let room = width.saturating_sub(column);
        let wrapped = cells::wrap(text, usize::from(room).max(2));
        let lines = wrapped.len().min(most_rows);
        let begin = column;
        for (place, line) in wrapped.iter().take(lines).enumerate() {
            if place > 0 {
                row += 1;
            }
            // What does not fit into the last of them ends in an ellipsis.
            let cut = place + 1 == lines && wrapped.len() > lines;
            let line = if cut && place == 0 {
                text.clone()
            } else if cut {
                format!("{line} {}", wrapped.get(lines).map_or("", String::as_str))
            } else {
                line.clone()
            };
            column = canvas.put(begin, row, room, &line, shown.style(*tone)) + 2;
        }
        if lines > 1 {
            (column, row) = (1, row + 1);
        }
    }
}

/// The tag of a parameter; its number where the model does not know it any more.
pub(super) fn tag_of(plant: &Plant, parameter: ParameterId) -> String {
    plant.parameter_of(parameter).map_or_else(
        || format!("#{}", parameter.0),
        |parameter| clean(&parameter.tag).into_owned(),
    )
}

/// The name of a parameter, or that the model does not know it any more.
pub(super) fn name_of(model: &Model, plant: &Plant, parameter: ParameterId) -> String {
    plant.parameter_of(parameter).map_or_else(
        || model.shown.text(&Text::new("tui-alarm-parameter-gone")),
        |parameter| clean(model.shown.localizer.name(&parameter.name)).into_owned(),
    )
}

/// The name of a person, where the model knows them; else what the record has.
pub(super) fn person(model: &Model, plant: &Plant, name: &str) -> String {
    model.shown.person(Some(&plant.model), name)
}

/// Draws the rule that parts it from the list, and what is told, if there is a row to tell of.
pub(super) fn draw_card(model: &Model, card: Option<Card<'_>>, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    for row in 0..canvas.height() {
        canvas.set(0, row, shown.glyphs.column_rule, shown.style(Tone::Rule));
    }
    let Some(card) = card else { return };
    let mut part = canvas.part(2, 0, canvas.width().saturating_sub(3), canvas.height());
    let width = part.width();
    part.put(0, 0, width, card.tag, shown.style(Tone::Title));
    let mut row = 1;
    for line in cells::wrap(card.name, usize::from(width).max(2))
        .iter()
        .take(MOST_ROWS_OF_NAME)
    {
        part.put(0, row, width, line, shown.style(Tone::Text));
        row += 1;
    }
    row += 1;
    for (label, text, tone) in card.lines {
        part.put(0, row, LABELS - 1, &shown.text(&label), shown.style(Tone::Dim));
        let room = width.saturating_sub(LABELS);
        for line in cells::wrap(&text, usize::from(room).max(2)).iter().take(card.most_rows) {
            part.put(LABELS, row, room, line, shown.style(tone));
            row += 1;
        }
    }
}

/// Draws the details of a parameter.
pub fn draw(model: &Model, plant: &Plant, selected: Option<&LiveParameter>, now: Instant, canvas: &mut Canvas<'_>) {
    let card = selected.map(|parameter| Card {
        tag: &parameter.tag,
        name: model.shown.localizer.name(&parameter.name),
        lines: all_lines(model, plant, parameter, now),
        most_rows: 3,
    });
    draw_card(model, card, canvas);
}

fn all_lines(model: &Model, plant: &Plant, parameter: &LiveParameter, now: Instant) -> Vec<Line> {
    let condition = plant::condition(parameter, now);
    let mut lines = vec![(
        Text::new("tui-detail-state"),
        model.shown.text(&state_text(parameter, condition)),
        condition_tone(condition),
    )];
    lines.extend(of_value(model, plant, parameter));
    lines.extend(of_plan(model, plant, parameter));
    lines
}

/// Everything known of the selected parameter, a line each.
pub fn as_text(model: &Model) -> Option<String> {
    let (plant, elapsed) = model.displayed()?;
    let parameter = plant.parameter_of(model.live.selected?)?;
    let shown = &model.shown;
    let heading = format!("{} {}", parameter.tag, shown.localizer.name(&parameter.name));
    let lines = all_lines(model, plant, parameter, plant.now(elapsed));
    let lines = lines
        .iter()
        .map(|(label, text, _)| format!("{}: {text}", shown.text(label)));
    Some(std::iter::once(heading).chain(lines).collect::<Vec<_>>().join("\n"))
}

/// What is said of the newest value.
fn of_value(model: &Model, plant: &Plant, parameter: &LiveParameter) -> Vec<Line> {
    let Some(newest) = parameter.newest else {
        return Vec::new();
    };
    let shown = &model.shown;
    let moment = |at: Instant| plant.model.zone.local(at).format("%Y-%m-%d %H:%M:%S").to_string();
    let value = figures::counted(newest.value, parameter.decimals);
    let mut lines = vec![
        (
            Text::new("tui-detail-value"),
            format!("{value} {}", shown.localizer.unit(&parameter.unit)),
            Tone::Title,
        ),
        (Text::new("tui-detail-at"), moment(newest.at), Tone::Text),
    ];
    if newest.span_s > 0 {
        let from = newest.at.plus(-i64::from(newest.span_s) * 1000);
        lines.push((Text::new("tui-detail-from"), moment(from), Tone::Text));
    }
    if let Some(filled_to) = newest.filled_to.filter(|&filled_to| filled_to > newest.at) {
        lines.push((Text::new("tui-detail-filled-to"), moment(filled_to), Tone::Substituted));
    }
    lines.push((
        Text::new("tui-detail-origin"),
        shown.text(&origin_text(newest.origin)),
        Tone::Text,
    ));
    let quality = match newest.quality {
        Quality::Good => return lines,
        Quality::Uncertain => Text::new("tui-quality-uncertain"),
        Quality::Bad => Text::new("tui-quality-bad"),
    };
    lines.push((Text::new("tui-detail-quality"), shown.text(&quality), Tone::Warning));
    lines
}

/// What the model says of the parameter.
fn of_plan(model: &Model, plant: &Plant, parameter: &LiveParameter) -> Vec<Line> {
    let shown = &model.shown;
    let kind = match parameter.kind {
        ParameterKind::Flow => Text::new("tui-kind-flow"),
        ParameterKind::Counter => Text::new("tui-kind-counter"),
        ParameterKind::Amount => Text::new("tui-kind-amount"),
        ParameterKind::Property => Text::new("tui-kind-property"),
        ParameterKind::State => Text::new("tui-kind-state"),
    };
    let path = plant.node_place(parameter.node).map_or_else(String::new, |place| {
        let names: Vec<&str> = plant
            .path(place)
            .into_iter()
            .map(|name| shown.localizer.name(name))
            .collect();
        names.join(&format!(" {} ", shown.glyphs.step))
    });
    let mut lines = vec![
        (Text::new("tui-detail-kind"), shown.text(&kind), Tone::Text),
        (Text::new("tui-detail-place"), path, Tone::Text),
        (
            Text::new("tui-detail-operating"),
            limits(parameter.operating),
            Tone::Text,
        ),
        (Text::new("tui-detail-possible"), limits(parameter.possible), Tone::Text),
    ];
    let known = plant.model.parameter(parameter.id);
    if parameter.interval_ms > 0 {
        let interval = match known.and_then(|known| known.calendar) {
            Some(calendar) => shown.text(&calendar.text()),
            None => shown.localizer.age(parameter.interval_ms),
        };
        lines.push((Text::new("tui-detail-interval"), interval, Tone::Text));
    }
    if parameter.stale_after_ms > 0 {
        let limit = shown.localizer.age(parameter.stale_after_ms);
        lines.push((Text::new("tui-detail-stale-after"), limit, Tone::Text));
    }
    let meter = known
        .and_then(|known| known.meter)
        .and_then(|id| plant.model.meters.iter().find(|meter| meter.id == id));
    if let Some(meter) = meter {
        let name = shown.localizer.name(&meter.name);
        lines.push((
            Text::new("tui-detail-meter"),
            format!("{name} {}", meter.serial),
            Tone::Text,
        ));
        lines.push((Text::new("tui-detail-accuracy"), meter.accuracy.clone(), Tone::Text));
        if let Some(until) = meter.calibrated_until {
            let overdue = plant.model.zone.local(plant.state.now).date() > until;
            let tone = if overdue { Tone::Warning } else { Tone::Text };
            let text = if overdue {
                shown.text(&Text::new("tui-calibration-overdue").with("until", until))
            } else {
                until.to_string()
            };
            lines.push((Text::new("tui-detail-calibrated-until"), text, tone));
        }
    }
    lines.extend(known.map(|known| (Text::new("tui-detail-origins"), origins(model, known), Tone::Text)));
    lines
}

/// The order in which origins win.
fn origins(model: &Model, parameter: &Parameter) -> String {
    let names: Vec<String> = parameter
        .origins
        .iter()
        .map(|&origin| model.shown.text(&origin_text(origin)))
        .collect();
    names.join(" > ")
}
