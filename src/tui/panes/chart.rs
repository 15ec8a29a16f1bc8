//! The chart (趋势图): how a parameter went, with its limits, its gaps, what was typed or corrected, and another stretch to
//! compare it with.

use ratatui::layout::Size;
use rust_decimal::prelude::ToPrimitive;

use super::super::chart::{Chart, Span};
use super::super::model::Model;
use super::super::overlay::Overlay;
use super::super::plant::Plant;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::super::widgets::plot::{Dots, Scale, as_float, of_cell};
use crate::accounting::quantity::divide_half_even;
use crate::domain::text::{Text, clean};
use crate::domain::time::Instant;
use crate::engine::course::{Course, CourseColumn, CourseMarks, Extent, MadeOf, Measure};
use crate::engine::view::{LiveParameter, NoteView};
use crate::locale::figures;

/// Cells left of the plot, for the figures of its scale.
const SCALE: u16 = 13;

/// Rows above the plot: what is shown, what is under the cursor, what it is compared with.
const ABOVE_PLOT: u16 = 3;

/// Rows below it: marks, times, what the marks mean.
const BELOW_PLOT: u16 = 3;

/// Cells between two times below the plot.
const BETWEEN_TIMES: u16 = 16;

/// Limits further away from the course than this many times its height are not drawn: it would be a flat line.
const LIMITS_WITHIN: f64 = 2.0;

/// Cells of the plot on a screen of a size.
pub fn plot_width(size: Size) -> u16 {
    size.width.saturating_sub(SCALE + 1).max(1)
}

/// Draws a chart.
pub fn draw(model: &Model, chart: &Chart, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let Some((plant, _)) = model.displayed() else { return };
    let Some(parameter) = plant.parameter_of(chart.parameter) else {
        canvas.put(
            1,
            0,
            canvas.width(),
            &shown.text(&Text::new("tui-chart-gone")),
            shown.style(Tone::Advisory),
        );
        return;
    };
    draw_title(model, plant, parameter, chart, canvas);
    let Some(course) = &chart.line.course else {
        let text = match &chart.line.refused {
            Some(why) => shown.text(why),
            None => shown.text(&Text::new("tui-explain-awaited")),
        };
        let lines = cells::wrap(&text, usize::from(canvas.width().saturating_sub(2)).max(2));
        for (row, line) in (2..canvas.height()).zip(lines) {
            canvas.put(1, row, canvas.width(), &line, shown.style(Tone::Dim));
        }
        return;
    };
    draw_cursor_text(model, plant, parameter, chart, canvas);
    let height = canvas.height().saturating_sub(ABOVE_PLOT + BELOW_PLOT);
    let width = canvas.width().saturating_sub(SCALE + 1);
    let mut plot = canvas.part(0, ABOVE_PLOT, canvas.width(), height);
    draw_plot(model, parameter, chart, course, &mut plot);
    let bottom = ABOVE_PLOT + height;
    draw_marks(model, plant, chart, course, &mut canvas.part(SCALE, bottom, width, 1));
    draw_times(
        model,
        plant,
        chart.span,
        course,
        &mut canvas.part(SCALE, bottom + 1, width + 1, 1),
    );
    let legend = shown.text(&Text::new("tui-chart-legend"));
    canvas.put(
        1,
        bottom + 2,
        canvas.width().saturating_sub(1),
        &legend,
        shown.style(Tone::Dim),
    );
}

fn draw_title(model: &Model, plant: &Plant, parameter: &LiveParameter, chart: &Chart, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let mut right = vec![shown.text(&chart.span.text())];
    if let Some(course) = &chart.line.course {
        if course.made_of == MadeOf::Hours {
            right.push(shown.text(&Text::new("tui-chart-hours")));
        }
        right.push(format!(
            "{} .. {}",
            moment(plant, course.from, true),
            moment(plant, course.to, true)
        ));
    }
    let right = right.join("  ");
    let width = canvas.width();
    let used = u16::try_from(cells::width(&right)).unwrap_or(u16::MAX);
    let room = width.saturating_sub(used).saturating_sub(4);
    let after = canvas.put(1, 0, room, &parameter.tag, shown.style(Tone::Title)) + 1;
    let room = (room + 1).saturating_sub(after);
    canvas.put(
        after,
        0,
        room,
        shown.localizer.name(&parameter.name),
        shown.style(Tone::Text),
    );
    canvas.put_right(0, 0, width.saturating_sub(1), &right, shown.style(Tone::Dim));
}

fn moment(plant: &Plant, at: Instant, with_date: bool) -> String {
    let format = if with_date { "%Y-%m-%d %H:%M" } else { "%H:%M:%S" };
    plant.model.zone.local(at).format(format).to_string()
}

/// The mean of a column, as a count; what it holds where it has no readings of its own.
fn mean(values: &Extent) -> i64 {
    if values.weight <= 0 {
        return values.last;
    }
    i64::try_from(divide_half_even(values.sum, values.weight)).unwrap_or(values.last)
}

/// The unit of a course's values.
fn unit(model: &Model, parameter: &LiveParameter, course: &Course) -> String {
    let unit = model.shown.localizer.unit(&parameter.unit);
    match course.measure {
        Measure::Value => unit.into_owned(),
        Measure::PerHour => format!("{unit}/h"),
    }
}

/// What is under the cursor in words: time, value, lowest and highest, state; and what it is compared with.
fn cursor_texts(model: &Model, plant: &Plant, parameter: &LiveParameter, chart: &Chart) -> Option<(String, String)> {
    let shown = &model.shown;
    let course = chart.line.course.as_ref()?;
    let (start, end, column) = chart.under_cursor()?;
    let number = |count: i64| figures::counted(count, parameter.decimals);
    let format = if chart.span == Span::Year {
        "%Y-%m-%d %H:%M"
    } else {
        "%m-%d %H:%M:%S"
    };
    let time = format!(
        "{} .. {}",
        plant.model.zone.local(start).format(format),
        moment(plant, end, chart.span == Span::Year)
    );
    let unit = unit(model, parameter, course);
    let values = column.and_then(|column| column.values);
    let value = match values {
        None => Text::new("tui-chart-no-value"),
        Some(values) if values.count == 0 => Text::new("tui-chart-held")
            .with("value", number(values.last))
            .with("unit", &unit)
            .with("since", plant.model.zone.shown(values.last_at)),
        Some(values) if values.count == 1 => Text::new("tui-chart-value")
            .with("value", number(mean(&values)))
            .with("unit", &unit),
        Some(values) => Text::new("tui-chart-values")
            .with("value", number(mean(&values)))
            .with("unit", &unit)
            .with("low", number(values.low))
            .with("high", number(values.high))
            .with_count("count", values.count),
    };
    let first = format!("{time}  {}", shown.text(&value));
    let mut second: Vec<String> = column.map_or_else(Vec::new, |column| states(model, column, number, &unit));
    second.extend(
        marks_between(chart, start, end)
            .map(|note| format!("{} ({})", clean(&note.text), shown.who(&note.by, note.name.as_ref()))),
    );
    if chart.against.before().is_some() {
        let other = chart.other_under_cursor().and_then(|column| column.values);
        let text = match (other, values) {
            (Some(other), Some(values)) => {
                let difference = mean(&values).saturating_sub(mean(&other));
                let sign = if difference > 0 { "+" } else { "" };
                Text::new("tui-chart-compared")
                    .with_text("with", chart.against.text())
                    .with("value", number(mean(&other)))
                    .with("difference", format!("{sign}{}", number(difference)))
            }
            (Some(other), None) => Text::new("tui-chart-other-only")
                .with_text("with", chart.against.text())
                .with("value", number(mean(&other))),
            (None, _) => Text::new("tui-chart-nothing-then").with_text("with", chart.against.text()),
        };
        second.push(shown.text(&text));
    }
    Some((first, second.join("  ")))
}

fn marks_between(chart: &Chart, from: Instant, to: Instant) -> impl Iterator<Item = &NoteView> {
    chart.marks.iter().filter(move |mark| mark.at >= from && mark.at < to)
}

/// What must be said of a column.
fn states(model: &Model, column: &CourseColumn, number: impl Fn(i64) -> String, unit: &str) -> Vec<String> {
    let shown = &model.shown;
    let mut states: Vec<String> = [
        (CourseMarks::REFUSED, Text::new("tui-chart-refused")),
        (CourseMarks::CORRECTED, Text::new("tui-origin-correction")),
        (CourseMarks::TYPED, Text::new("tui-origin-typed")),
        (CourseMarks::DOUBTFUL, Text::new("tui-state-doubtful")),
        (CourseMarks::SIMULATED, Text::new("tui-origin-simulated")),
        (CourseMarks::PARTIAL, Text::new("tui-chart-partial")),
    ]
    .into_iter()
    .filter(|(mark, _)| column.marks.has(*mark))
    .map(|(_, text)| shown.text(&text))
    .collect();
    if column.gap_ms > 0 {
        let text = Text::new("tui-chart-gap").with("length", shown.localizer.age(column.gap_ms));
        states.push(shown.text(&text));
    }
    if let Some(stand_in) = column.stand_in {
        let mean = divide_half_even(stand_in.sum, i128::from(stand_in.filled_ms.max(1)));
        let text = Text::new("tui-chart-stand-in")
            .with("value", number(i64::try_from(mean).unwrap_or(stand_in.high)))
            .with("unit", unit);
        states.push(shown.text(&text));
    }
    states
}

fn draw_cursor_text(model: &Model, plant: &Plant, parameter: &LiveParameter, chart: &Chart, canvas: &mut Canvas<'_>) {
    let Some((first, second)) = cursor_texts(model, plant, parameter, chart) else {
        return;
    };
    let shown = &model.shown;
    let width = canvas.width().saturating_sub(2);
    canvas.put(1, 1, width, &first, shown.style(Tone::Text));
    let second = match &chart.line.refused {
        Some(why) => shown.text(why),
        None => second,
    };
    canvas.put(1, 2, width, &second, shown.style(Tone::Advisory));
}

/// Title and cursor as a text to copy.
pub fn as_text(model: &Model) -> Option<String> {
    let Some(Overlay::Chart(chart)) = model.overlays.last() else {
        return None;
    };
    let (plant, _) = model.displayed()?;
    let parameter = plant.parameter_of(chart.parameter)?;
    let (first, second) = cursor_texts(model, plant, parameter, chart)?;
    let name = model.shown.localizer.name(&parameter.name);
    Some(format!("{} {name}\t{first}\t{second}", parameter.tag))
}

/// A limit within which the plant runs, as a plot shows it.
struct Limit {
    /// Where on the scale.
    at: f64,
    /// Which it is, with its value.
    label: Text,
}

/// The scale of a plot: over both courses, and the limits that are not far from them.
fn scale(parameter: &LiveParameter, chart: &Chart, course: &Course) -> Option<(Scale, Vec<Limit>)> {
    let courses = || std::iter::once(course).chain(&chart.other.course);
    let values = || {
        let columns = courses().flat_map(|course| &course.known);
        columns
            .flat_map(|column| {
                let measured = column.values.map(|values| [values.low, values.high]);
                let stand_in = column.stand_in.map(|stand_in| [stand_in.low, stand_in.high]);
                measured.into_iter().chain(stand_in).flatten()
            })
            .map(as_float)
    };
    let bare = Scale::over(values())?;
    let height = bare.high - bare.low;
    let quantum = 10_f64.powi(i32::try_from(parameter.decimals).unwrap_or(0));
    let operating = [
        ("tui-chart-limit-low", parameter.operating.low),
        ("tui-chart-limit-high", parameter.operating.high),
    ];
    let limits: Vec<Limit> = operating
        .into_iter()
        .filter_map(|(label, value)| {
            let value = value?;
            Some(Limit {
                at: value.to_f64()? * quantum,
                label: Text::new(label).with("value", value.normalize()),
            })
        })
        // Limits are of values; they say nothing of quantities an hour.
        .filter(|_| course.measure == Measure::Value)
        .filter(|limit| limit.at >= bare.low - height * LIMITS_WITHIN && limit.at <= bare.high + height * LIMITS_WITHIN)
        .collect();
    Scale::over(values().chain(limits.iter().map(|limit| limit.at))).map(|scale| (scale, limits))
}

fn draw_plot(model: &Model, parameter: &LiveParameter, chart: &Chart, course: &Course, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let (width, height) = (canvas.width().saturating_sub(SCALE + 1), canvas.height());
    let Some((scale, limits)) = scale(parameter, chart, course) else {
        let text = shown.text(&Text::new("tui-chart-nothing"));
        canvas.put(SCALE, height / 2, width, &text, shown.style(Tone::Dim));
        return;
    };
    let (across, down) = if model.braille() { (2, 4) } else { (1, 2) };
    for row in 0..height {
        canvas.set(SCALE - 1, row, shown.glyphs.column_rule, shown.style(Tone::Rule));
    }
    for row in [0, height / 2, height.saturating_sub(1)] {
        let count = scale.value(row, height).round().to_i64().unwrap_or(0);
        let text = figures::counted(count, parameter.decimals);
        canvas.put_right(0, row, SCALE - 2, &text, shown.style(Tone::Dim));
    }
    let unit = unit(model, parameter, course);
    let limits: Vec<(u16, Text)> = limits
        .into_iter()
        .map(|limit| (scale.row(limit.at, height * down) / down, limit.label))
        .collect();
    for (row, label) in &limits {
        // A limit on a line of the scale says more than that line.
        let mut label_cells = canvas.part(0, *row, SCALE - 1, 1);
        label_cells.clear(shown.style(Tone::Text));
        label_cells.put_right(0, 0, SCALE - 2, &shown.text(label), shown.style(Tone::Warning));
    }
    let unit_row = (1..3).find(|row| limits.iter().all(|(taken, _)| taken != row));
    if let Some(row) = unit_row.filter(|_| height > 6) {
        canvas.put_right(0, row, SCALE - 2, &unit, shown.style(Tone::Dim));
    }
    let mut plot = canvas.part(SCALE, 0, width, height);
    for (row, _) in &limits {
        plot.rule(*row, shown.glyphs.rule, shown.style(Tone::Warning));
    }
    let style = shown.style(Tone::Dim);
    if let Some(other) = &chart.other.course {
        let mut dots = Dots::new(width * across, height * down);
        dots.course(other, &scale);
        dots.draw_marks(&mut plot, (across, down), shown.glyphs.track, style);
    }
    let put = |dots: &Dots, tone: Tone, plot: &mut Canvas<'_>| {
        if model.braille() {
            dots.draw_braille(plot, shown.style(tone));
        } else {
            dots.draw_halves(plot, shown.glyphs.halves, shown.style(tone));
        }
    };
    // Beneath what was measured: where both share a cell, the measured one stands.
    let mut dots = Dots::new(width * across, height * down);
    dots.stand_ins(course, &scale);
    put(&dots, Tone::Substituted, &mut plot);
    let mut dots = Dots::new(width * across, height * down);
    dots.course(course, &scale);
    put(&dots, Tone::Title, &mut plot);
    if let Some(column) = chart.column() {
        plot.style_column(column / across, shown.style(Tone::Selected));
    }
}

/// A mark for each cell in which something must be said of the values, and the cursor's place.
fn draw_marks(model: &Model, plant: &Plant, chart: &Chart, course: &Course, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    canvas.rule(0, shown.glyphs.rule, shown.style(Tone::Rule));
    let across = if model.braille() { 2 } else { 1 };
    for cell in 0..canvas.width() {
        let (mut marks, mut gap, mut filled) = (CourseMarks::default(), false, false);
        for column in of_cell(course, cell, across) {
            marks.add(column.marks);
            filled |= column.stand_in.is_some();
            gap |= column.gap_ms > 0 && column.stand_in.is_none();
        }
        let found = [
            (marks.has(CourseMarks::REFUSED), '!', Tone::Alarm),
            (marks.has(CourseMarks::CORRECTED), 'c', Tone::Typed),
            (marks.has(CourseMarks::TYPED), '=', Tone::Typed),
            (gap, 'x', Tone::Stale),
            (filled, 's', Tone::Substituted),
            (marks.has(CourseMarks::DOUBTFUL), '?', Tone::Advisory),
            // Where everything is simulated that is said above; a stretch that is among real ones stands out.
            (
                marks.has(CourseMarks::SIMULATED) && !plant.simulated,
                'S',
                Tone::Simulated,
            ),
        ]
        .into_iter()
        .find(|(there, _, _)| *there);
        if let Some((_, mark, tone)) = found {
            canvas.set(cell, 0, mark, shown.style(tone));
        }
        let start =
            |cell: u16| crate::engine::course::column_start(course.from, course.to, course.columns, cell * across);
        if marks_between(chart, start(cell), start(cell + 1)).next().is_some() {
            canvas.set(cell, 0, 'n', shown.style(Tone::Title));
        }
    }
    if let Some(column) = chart.column() {
        canvas.style_column(column / across, shown.style(Tone::Selected));
    }
}

/// Times below the plot.
fn draw_times(model: &Model, plant: &Plant, span: Span, course: &Course, canvas: &mut Canvas<'_>) {
    let format = match span {
        Span::Hour | Span::Shift | Span::Day => "%H:%M",
        Span::Week | Span::Month => "%m-%d %H:%M",
        Span::Year => "%Y-%m-%d",
    };
    let across = if model.braille() { 2 } else { 1 };
    let mut cell = 0;
    while cell < canvas.width() {
        let column = (cell * across).min(course.columns);
        let at = crate::engine::course::column_start(course.from, course.to, course.columns, column);
        let text = plant.model.zone.local(at).format(format).to_string();
        let room = canvas.width() - cell;
        if cells::width(&text) <= usize::from(room) {
            canvas.put(cell, 0, room, &text, model.shown.style(Tone::Dim));
        }
        cell += BETWEEN_TIMES;
    }
}
