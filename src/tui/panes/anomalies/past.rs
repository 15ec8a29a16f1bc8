//! Anomalies outside the queue (已关闭异常), the newest first: what each was, what came of it and who said so.

use ratatui::layout::Size;

use super::super::super::anomalies::PastShown;
use super::super::super::model::{Model, Wanted};
use super::super::super::plant::Plant;
use super::super::super::theme::Tone;
use super::super::super::widgets::canvas::Canvas;
use super::super::super::widgets::cells;
use super::super::detail::{draw_in_lines, tag_of};
use super::super::note::short;
use super::super::{ABOVE, BELOW, say};
use super::detail::card_of;
use super::words::{settled, who_closed};
use crate::domain::text::{Explained, Text};
use crate::domain::time::Instant;
use crate::engine::anomalies::MOST_OUTSIDE;
use crate::engine::view::AnomalyView;

/// Rows above the list.
const HEADING: u16 = 2;

/// Rows below it, for the selected one, with the rule over them.
const DETAIL: u16 = 7;

/// Widest column of tags.
const WIDEST_TAG: u16 = 16;

/// Width of the column of checks.
const CHECK: u16 = 12;

/// How many of them a screen of a size shows.
pub fn past_height(size: Size) -> usize {
    usize::from(size.height.saturating_sub(ABOVE + BELOW + HEADING + DETAIL))
}

/// Draws them.
pub fn draw(model: &Model, past: &PastShown, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let id = if past.all().len() >= MOST_OUTSIDE {
        "tui-past-title-most"
    } else {
        "tui-past-title"
    };
    let title = Text::new(id)
        .with_text("of", past.of.text())
        .with_count("most", MOST_OUTSIDE);
    canvas.put(1, 0, width, &shown.text(&title), shown.style(Tone::Title));
    let said = match &past.view {
        Wanted::Here(all) if all.is_empty() => Some((Text::new("tui-past-none"), Tone::Dim)),
        Wanted::Here(_) => None,
        Wanted::Awaited(_) => Some((Text::new("tui-explain-awaited"), Tone::Dim)),
        Wanted::Refused(why) => Some((why.clone(), Tone::Advisory)),
    };
    if let Some((text, tone)) = said {
        say(model, &text, tone, HEADING, canvas);
        return;
    }
    let Some((plant, elapsed)) = model.displayed() else {
        return;
    };
    draw_all(model, plant, past, plant.now(elapsed), canvas);
}

fn draw_all(model: &Model, plant: &Plant, past: &PastShown, now: Instant, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let (width, height) = (canvas.width(), canvas.height());
    let columns = Columns::new(plant, past.all());
    let headings = [
        (Text::new("tui-anomaly-number"), columns.number),
        (Text::new("tui-detail-since"), columns.since),
        (Text::new("tui-column-tag"), columns.tag),
        (Text::new("tui-anomaly-check"), columns.check),
        (Text::new("tui-past-came-of-it"), columns.what),
    ];
    for (heading, column) in headings {
        let text = shown.text(&heading);
        canvas.put(column, 1, width.saturating_sub(column), &text, shown.style(Tone::Title));
    }
    let rows = height.saturating_sub(DETAIL);
    let all = past.all().iter().enumerate().skip(past.top);
    for (row, (place, anomaly)) in (HEADING..rows).zip(all) {
        let mut line = canvas.part(0, row, width, 1);
        draw_one(model, plant, anomaly, &columns, (now, place == past.cursor), &mut line);
    }
    let Some(selected) = past.selected() else { return };
    canvas.rule(rows, shown.glyphs.rule, shown.style(Tone::Dim));
    let mut detail = canvas.part(0, rows + 1, width, DETAIL - 1);
    let named = super::detail::named(model, plant, selected);
    draw_in_lines(model, &card_of(model, plant, selected, now, &named, 0), 2, &mut detail);
}

fn draw_one(
    model: &Model,
    plant: &Plant,
    anomaly: &AnomalyView,
    columns: &Columns,
    (now, is_selected): (Instant, bool),
    line: &mut Canvas<'_>,
) {
    let shown = &model.shown;
    let style = shown.style(if is_selected { Tone::Selected } else { Tone::Text });
    if is_selected {
        line.style_row(0, style);
        line.set(1, 0, shown.glyphs.cursor, style);
    }
    let room = |from: u16, to: u16| to.saturating_sub(from + 1);
    let number = anomaly.anomaly.to_string();
    line.put(columns.number, 0, room(columns.number, columns.since), &number, style);
    let since = short(&plant.model.zone, anomaly.signs.from, now);
    line.put(columns.since, 0, room(columns.since, columns.tag), &since, style);
    let tag = tag_of(plant, anomaly.parameter);
    line.put(columns.tag, 0, room(columns.tag, columns.check), &tag, style);
    let check = shown.text(&anomaly.signs.check().text());
    line.put(columns.check, 0, room(columns.check, columns.what), &check, style);
    let width = line.width();
    line.put(
        columns.what,
        0,
        width.saturating_sub(columns.what),
        &came_of(model, plant, anomaly),
        style,
    );
}

/// What it was said to be and by whom it was closed, or why it left the queue.
fn came_of(model: &Model, plant: &Plant, anomaly: &AnomalyView) -> String {
    let what = match &anomaly.work.settled {
        Some(decided) => settled(model, plant, decided),
        None => model.shown.text(&anomaly.work.stage.text()),
    };
    match who_closed(model, plant, anomaly) {
        Some(who) => format!("{who}: {what}"),
        None => what,
    }
}

/// Where the columns begin.
struct Columns {
    number: u16,
    since: u16,
    tag: u16,
    check: u16,
    what: u16,
}

impl Columns {
    fn new(plant: &Plant, all: &[AnomalyView]) -> Self {
        let widest = |texts: &mut dyn Iterator<Item = String>| {
            let widest = texts.map(|text| cells::width(&text)).max().unwrap_or(0);
            u16::try_from(widest).unwrap_or(u16::MAX)
        };
        let number = 3;
        let since = number + widest(&mut all.iter().map(|one| one.anomaly.to_string())).max(3) + 1;
        let tag = since + 12;
        let tags = widest(&mut all.iter().map(|one| tag_of(plant, one.parameter)));
        let check = tag + tags.clamp(4, WIDEST_TAG) + 1;
        Self {
            number,
            since,
            tag,
            check,
            what: check + CHECK + 1,
        }
    }
}
