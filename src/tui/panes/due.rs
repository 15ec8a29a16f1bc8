//! What is due (到期事项): the calibrations that have run out or soon will, the most urgent first, each with the parameters
//! that its meter measures.

use ratatui::layout::Size;

use super::super::model::Model;
use super::super::plant::Plant;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::{ABOVE, BELOW};
use crate::domain::calibration::{DUE_WITHIN_DAYS, DueCalibration};
use crate::domain::text::{Text, clean};

/// Rows above the list.
const HEADING: u16 = 2;

/// How many of them a screen of a size shows.
pub fn body_height(size: Size) -> usize {
    usize::from(size.height.saturating_sub(ABOVE + BELOW + HEADING))
}

/// Where the columns begin: until, how long, meter, parameters. Half of what is left is the meter's.
const fn columns(width: u16) -> [u16; 4] {
    const METER: u16 = 32;
    [3, 15, METER, METER + width.saturating_sub(METER) / 2]
}

/// Draws what is due, with the cursor on one.
pub fn draw(model: &Model, cursor: usize, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let Some((plant, elapsed)) = model.displayed() else {
        return;
    };
    let title = Text::new("tui-due-title").with_count("days", DUE_WITHIN_DAYS);
    canvas.put(1, 0, width, &shown.text(&title), shown.style(Tone::Title));
    let headings = ["tui-due-until", "tui-due-left", "tui-due-meter", "tui-due-measures"];
    for (heading, column) in headings.into_iter().zip(columns(width)) {
        canvas.put(
            column,
            1,
            width,
            &shown.text(&Text::new(heading)),
            shown.style(Tone::Title),
        );
    }
    let due = plant.due(elapsed);
    let cursor = cursor.min(due.len().saturating_sub(1));
    if due.is_empty() {
        let nothing = match plant.state.time() {
            Some(_) => Text::new("tui-due-nothing"),
            None => Text::new("tui-no-time-yet"),
        };
        let nothing = shown.text(&nothing);
        canvas.put(1, HEADING, width, &nothing, shown.style(Tone::Dim));
    }
    let rows = usize::from(canvas.height().saturating_sub(HEADING)).max(1);
    let top = (cursor + 1).saturating_sub(rows);
    for (row, (place, due)) in (HEADING..canvas.height()).zip(due.iter().enumerate().skip(top)) {
        draw_due(model, plant, due, place == cursor, &mut canvas.part(0, row, width, 1));
    }
}

fn draw_due(model: &Model, plant: &Plant, due: &DueCalibration<'_>, selected: bool, line: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = line.width();
    let tone = if due.days_left < 0 { Tone::Warning } else { Tone::Text };
    let style = shown.style(if selected { Tone::Selected } else { tone });
    if selected {
        line.style_row(0, style);
        line.set(1, 0, shown.glyphs.cursor, style);
    }
    let meter = format!(
        "{} {}",
        clean(shown.localizer.name(&due.meter.name)),
        clean(&due.meter.serial)
    );
    let texts = [
        due.until.to_string(),
        shown.text(&left(due.days_left)),
        meter,
        measured(plant, due).collect::<Vec<_>>().join(" "),
    ];
    let begins = columns(width);
    let ends = begins.into_iter().skip(1).chain([width]);
    for ((text, column), end) in texts.iter().zip(begins).zip(ends) {
        line.put(column, 0, end.saturating_sub(column + 1), text, style);
    }
}

/// How long a calibration still holds, or for how long it has not.
fn left(days: i64) -> Text {
    match days {
        ..0 => Text::new("tui-due-overdue").with_count("days", days.unsigned_abs()),
        0 => Text::new("tui-due-today"),
        _ => Text::new("tui-due-in").with_count("days", days),
    }
}

/// Tags of the parameters that a meter measures.
fn measured<'a>(plant: &'a Plant, due: &DueCalibration<'_>) -> impl Iterator<Item = &'a str> {
    let id = due.meter.id;
    let parameters = plant.model.parameters.iter();
    parameters
        .filter(move |parameter| parameter.meter == Some(id))
        .map(|parameter| parameter.tag.as_str())
}

/// The list as a table.
pub fn as_text(model: &Model) -> Option<String> {
    let (plant, elapsed) = model.displayed()?;
    let due = plant.due(elapsed);
    let lines = due.iter().map(|due| {
        let tags: Vec<&str> = measured(plant, due).collect();
        [
            due.until.to_string(),
            model.shown.text(&left(due.days_left)),
            clean(model.shown.localizer.name(&due.meter.name)).into_owned(),
            clean(&due.meter.serial).into_owned(),
            tags.join(" "),
        ]
        .join("\t")
    });
    Some(lines.collect::<Vec<_>>().join("\n"))
}
