//! The crews compared (小指标竞赛): what each crew of a month saved or lost against the plant's own hours at equal load,
//! and how that is found.

use super::super::model::{Model, Wanted};
use super::super::overlay::CrewsShown;
use super::super::plant::Plant;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use crate::domain::text::Text;
use crate::engine::crews::{Compared, CrewsView, LEAST_HOURS, LOAD_BINS, REFERENCE_DAYS};
use crate::locale::figures;

/// Digits after the point of a tonne: kilograms.
const DIGITS: u32 = 3;

/// Where the columns end: crew, hours, left out, emitted, expected, saved.
const COLUMNS: [u16; 5] = [22, 31, 45, 59, 72];

/// Draws the crews of a month.
pub fn draw(model: &Model, crews: &CrewsShown, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let title = Text::new("tui-crews-title").with("month", crews.month);
    canvas.put(1, 0, width, &shown.text(&title), shown.style(Tone::Title));
    let view = match &crews.view {
        Wanted::Here(view) => view,
        Wanted::Awaited(_) => {
            canvas.put(
                1,
                2,
                width,
                &shown.text(&Text::new("tui-explain-awaited")),
                shown.style(Tone::Dim),
            );
            return;
        }
        Wanted::Refused(why) => {
            let lines = cells::wrap(&shown.text(why), usize::from(width.saturating_sub(2)).max(2));
            for (row, line) in (2..canvas.height()).zip(lines) {
                canvas.put(1, row, width, &line, shown.style(Tone::Advisory));
            }
            return;
        }
    };
    let Some((plant, _)) = model.displayed() else { return };
    let row = draw_crews(model, plant, view, canvas) + 1;
    let row = draw_classes(model, view, row, canvas) + 1;
    let method = Text::new("tui-crews-method")
        .with_count("classes", LOAD_BINS)
        .with_count("hours", LEAST_HOURS)
        .with_count("days", REFERENCE_DAYS)
        .with("product", shown.localizer.name(&view.name));
    let lines = cells::wrap(&shown.text(&method), usize::from(width.saturating_sub(2)).clamp(2, 100));
    for (row, line) in (row..canvas.height()).zip(lines) {
        canvas.put(1, row, width, &line, shown.style(Tone::Dim));
    }
}

fn draw_crews(model: &Model, plant: &Plant, view: &CrewsView, canvas: &mut Canvas<'_>) -> u16 {
    let shown = &model.shown;
    let title = shown.style(Tone::Title);
    canvas.put(1, 2, 14, &shown.text(&Text::new("tui-crews-crew")), title);
    let headings = [
        Text::new("tui-crews-hours"),
        Text::new("tui-crews-left-out"),
        Text::new("tui-crews-emitted"),
        Text::new("tui-crews-expected"),
        Text::new("tui-crews-saved"),
    ];
    for (heading, end) in headings.iter().zip(COLUMNS) {
        right(canvas, end, 2, &shown.text(heading), title);
    }
    let mut row = 3;
    let names = plant
        .model
        .rotation
        .as_ref()
        .map_or(&[][..], |rotation| &rotation.crews);
    for crew in &view.crews {
        let name = names.get(crew.crew).map_or("?", |name| shown.localizer.name(name));
        canvas.put(1, row, 14, name, shown.style(Tone::Text));
        draw_compared(model, &crew.compared, row, canvas);
        row += 1;
    }
    row
}

fn draw_compared(model: &Model, compared: &Compared, row: u16, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let saved = compared.saved();
    let sign = if saved > 0 { "+" } else { "" };
    let figures = [
        (compared.hours.to_string(), Tone::Text),
        (compared.left_out.to_string(), Tone::Dim),
        (figures::tonnes(compared.emitted, DIGITS), Tone::Text),
        (figures::tonnes(compared.expected, DIGITS), Tone::Text),
        (
            format!("{sign}{}", figures::tonnes(saved, DIGITS)),
            if saved < 0 { Tone::Warning } else { Tone::Title },
        ),
    ];
    for ((text, tone), end) in figures.iter().zip(COLUMNS) {
        right(canvas, end, row, text, shown.style(*tone));
    }
}

fn draw_classes(model: &Model, view: &CrewsView, from: u16, canvas: &mut Canvas<'_>) -> u16 {
    let shown = &model.shown;
    let unit = shown.localizer.unit(&view.unit);
    let heading = Text::new("tui-crews-classes")
        .with("product", shown.localizer.name(&view.name))
        .with("unit", &*unit);
    canvas.put(1, from, canvas.width(), &shown.text(&heading), shown.style(Tone::Title));
    let mut row = from + 1;
    // Two side by side, so that all fit on the smallest screens.
    let half = canvas.width() / 2;
    for (place, class) in (0_u16..).zip(view.classes.iter().filter(|class| class.hours > 0)) {
        let text = if class.up_to == "0" {
            Text::new("tui-crews-idle")
        } else {
            Text::new("tui-crews-class").with("limit", &class.up_to)
        };
        let text = text
            .with_count("hours", class.hours)
            .with("intensity", class.intensity.as_deref().unwrap_or("--"));
        let column = 1 + place % 2 * half;
        canvas.put(
            column,
            row,
            half.saturating_sub(2),
            &shown.text(&text),
            shown.style(Tone::Text),
        );
        row += place % 2;
    }
    let listed = view.classes.iter().filter(|class| class.hours > 0).count();
    row + u16::from(listed % 2 == 1)
}

/// Draws a text that ends before a column.
fn right(canvas: &mut Canvas<'_>, end: u16, row: u16, text: &str, style: ratatui::style::Style) {
    canvas.put_right(end.saturating_sub(13), row, 13, text, style);
}
