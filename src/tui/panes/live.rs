//! The Live pane (实时): every parameter with its value, where it stands between its limits, how old it is and where it
//! came from; below, what it adds up to.

use ratatui::layout::Size;
use ratatui::style::Style;

use super::super::model::{Focus, Model, Row, Sort};
use super::super::plant::{self, Condition, Plant};
use super::super::theme::Tone;
use super::super::trend;
use super::super::widgets::bar::Bar;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::columns::{self, Column, Placed};
use super::{ABOVE, BELOW, detail, filter, foot};
use crate::domain::model::Limits;
use crate::domain::reading::Origin;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::engine::view::LiveParameter;
use crate::locale::figures;

/// Rows of the pane that are not the list: its headings, the rule below it and the totals.
const AROUND: u16 = 2 + foot::HEIGHT;

/// Screens from this width on show the details of the selected parameter beside the list.
const WITH_DETAIL: u16 = 140;

/// How many rows the list has on a screen of a size.
pub fn body_height(size: Size) -> usize {
    usize::from(size.height.saturating_sub(ABOVE + BELOW + AROUND))
}

/// Whether the list has a column of trends on this screen.
pub fn shows_trends(model: &Model, plant: &Plant) -> bool {
    let columns = columns::placed(&model.live.columns.0, list_width(model.size.width), plant.widest);
    columns.iter().any(|placed| placed.column == Column::Trend)
}

/// Width of the list on a screen of a width.
const fn list_width(width: u16) -> u16 {
    if width >= WITH_DETAIL {
        width - detail::WIDTH
    } else {
        width
    }
}

/// Draws the pane; gives where the terminal's cursor stands while the filter is typed.
pub fn draw(model: &Model, canvas: &mut Canvas<'_>) -> Option<(u16, u16)> {
    let (plant, elapsed) = model.displayed()?;
    let now = plant.now(elapsed);
    let (width, height) = (canvas.width(), canvas.height());
    let list_width = list_width(width);
    let beside = width - list_width;
    let list_height = height.saturating_sub(AROUND);
    draw_list(model, plant, now, &mut canvas.part(0, 0, list_width, list_height + 1));
    if beside > 0 {
        let mut part = canvas.part(list_width, 0, beside, list_height + 1);
        let selected = model.live.selected.and_then(|id| plant.parameter_of(id));
        detail::draw(model, plant, selected, now, &mut part);
    }
    let cursor = draw_rule(model, plant, &mut canvas.part(0, list_height + 1, width, 1));
    foot::draw(model, plant, &mut canvas.part(0, list_height + 2, width, foot::HEIGHT));
    Some(cursor)
}

fn draw_list(model: &Model, plant: &Plant, now: Instant, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let columns = columns::placed(&model.live.columns.0, canvas.width(), plant.widest);
    let title = shown.style(Tone::Title);
    for placed in &columns {
        let text = shown.text(&placed.column.heading());
        if placed.column.is_flush_right() {
            canvas.put_right(placed.at, 0, placed.width, &text, title);
        } else {
            canvas.put(placed.at, 0, placed.width, &text, title);
        }
    }
    let cell = trend::cell_of(now);

    let rows = model.live.rows.iter().enumerate().skip(model.live.top);
    for (line, (place, row)) in (1..canvas.height()).zip(rows) {
        match row {
            Row::Group(node) => draw_group(model, plant, *node, line, canvas),
            Row::Parameter(parameter) => {
                if let Some(parameter) = plant.parameter(*parameter) {
                    let selected = place == model.live.cursor && model.live.focus == Focus::Rows;
                    let on = Line {
                        row: line,
                        selected,
                        alarmed: plant.owes_answer(parameter.id),
                        columns: &columns,
                        heights: plant
                            .trends
                            .heights(parameter.id, cell, parameter.decimals, shown_limits(parameter)),
                    };
                    draw_parameter(model, parameter, now, &on, canvas);
                }
            }
        }
    }
    if model.live.rows.is_empty() {
        let text = if plant.parameters.is_empty() {
            Text::new("tui-no-parameters")
        } else {
            Text::new("tui-none-listed")
        };
        let room = canvas.width();
        canvas.put(4, 2, room, &shown.text(&text), shown.style(Tone::Advisory));
    }
}

fn draw_group(model: &Model, plant: &Plant, node: usize, line: u16, canvas: &mut Canvas<'_>) {
    let names: Vec<&str> = plant
        .path(node)
        .into_iter()
        .map(|name| model.shown.localizer.name(name))
        .collect();
    let path = names.join(&format!(" {} ", model.shown.glyphs.step));
    let room = canvas.width();
    canvas.put(1, line, room, &path, model.shown.style(Tone::Title));
}

/// Where and how a parameter stands on the list.
struct Line<'a> {
    row: u16,
    selected: bool,
    /// Whether it has an alarm that nobody has answered for.
    alarmed: bool,
    columns: &'a [Placed],
    heights: [Option<u8>; trend::CELLS],
}

fn draw_parameter(model: &Model, parameter: &LiveParameter, now: Instant, on: &Line<'_>, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let condition = plant::condition(parameter, now);
    let tone = condition_tone(condition);
    // Under the cursor the row's ground is the cursor's; what is abnormal keeps its own look.
    let ground = if on.selected {
        shown.style(Tone::Selected)
    } else {
        Style::default()
    };
    let style = |tone: Tone| {
        if on.selected && matches!(tone, Tone::Text | Tone::Dim | Tone::Typed | Tone::Advisory) {
            ground
        } else {
            ground.patch(shown.style(tone))
        }
    };
    if on.selected {
        canvas.style_row(on.row, ground);
        canvas.set(0, on.row, shown.glyphs.cursor, ground);
    }
    canvas.set(1, on.row, condition.mark(), style(tone));
    let mark = match condition {
        Condition::Substituted => Some(('s', Tone::Substituted)),
        _ => parameter.newest.and_then(|newest| origin_mark(newest.origin)),
    };
    if let Some((mark, tone)) = mark {
        canvas.set(2, on.row, mark, style(tone));
    }
    if on.alarmed {
        canvas.set(3, on.row, '*', style(Tone::Alarm));
    }
    let abnormal = |normal: Tone| if condition == Condition::Normal { normal } else { tone };
    for &Placed { column, at, width } in on.columns {
        let mut put = |text: &str, tone: Tone| {
            if column.is_flush_right() {
                canvas.put_right(at, on.row, width, text, style(tone));
            } else {
                canvas.put(at, on.row, width, text, style(tone));
            }
        };
        match column {
            Column::Tag => put(&parameter.tag, Tone::Text),
            Column::Name => put(shown.localizer.name(&parameter.name), Tone::Text),
            Column::Value => put(&value_text(parameter, width), abnormal(Tone::Text)),
            Column::Unit => put(&shown.localizer.unit(&parameter.unit), Tone::Dim),
            Column::Limits => put(&limits(shown_limits(parameter)), Tone::Dim),
            Column::State => put(&state_word(model, parameter, condition, width), abnormal(Tone::Dim)),
            Column::Age => {
                if let Some(age) = plant::age(parameter, now) {
                    let stale = matches!(condition, Condition::Stale | Condition::Substituted);
                    put(&shown.localizer.age(age), if stale { Tone::Stale } else { Tone::Dim });
                }
            }
            Column::Trend => {
                for (cell, height) in (at..at + width).zip(on.heights) {
                    if let Some(glyph) = height.and_then(|height| shown.glyphs.heights.get(usize::from(height))) {
                        canvas.set(cell, on.row, *glyph, style(Tone::Dim));
                    }
                }
            }
            Column::Bar => {
                let bar = Bar {
                    limits: shown_limits(parameter),
                    value: plant::value(parameter),
                };
                let mut part = canvas.part(at, on.row, width, 1);
                bar.draw(&mut part, &shown.glyphs, style(Tone::Dim), style(abnormal(Tone::Text)));
            }
        }
    }
}

/// What is wrong, or where the value came from: in full, or where that does not fit in short.
fn state_word(model: &Model, parameter: &LiveParameter, condition: Condition, room: u16) -> String {
    let full = model.shown.text(&state_text(parameter, condition));
    if cells::width(&full) <= usize::from(room) {
        return full;
    }
    let short = match (condition, parameter.newest) {
        (Condition::Impossible, _) => Text::new("tui-state-impossible-short"),
        (Condition::NoData, _) | (_, None) => Text::new("tui-state-no-data-short"),
        (Condition::Substituted, _) => Text::new("tui-state-substituted-short"),
        (Condition::Doubtful, _) => Text::new("tui-state-doubtful-short"),
        (Condition::Normal, Some(newest)) => match newest.origin {
            Origin::Simulated => Text::new("tui-origin-simulated-short"),
            Origin::Correction => Text::new("tui-origin-correction-short"),
            Origin::Invoice => Text::new("tui-origin-invoice-short"),
            _ => return full,
        },
        _ => return full,
    };
    model.shown.text(&short)
}

/// The newest value in a column of `room` cells: with separators, without them where they do not fit, and never cut: a
/// number without its first or last digits would be another number.
fn value_text(parameter: &LiveParameter, room: u16) -> String {
    let Some(newest) = parameter.newest else {
        return "--".to_owned();
    };
    let room = usize::from(room);
    let full = figures::counted(newest.value, parameter.decimals);
    if full.len() <= room {
        return full;
    }
    let bare = full.replace(',', "");
    if bare.len() <= room { bare } else { "#".repeat(room) }
}

/// Operating limits where there are some, otherwise what is possible.
fn shown_limits(parameter: &LiveParameter) -> Limits {
    if parameter.operating == Limits::default() {
        parameter.possible
    } else {
        parameter.operating
    }
}

/// Limits in words: `0 .. 100`, `<= 100`, `>= 0`.
pub(super) fn limits(limits: Limits) -> String {
    match (limits.low, limits.high) {
        (Some(low), Some(high)) => format!("{} .. {}", figures::decimal(low), figures::decimal(high)),
        (None, Some(high)) => format!("<= {}", figures::decimal(high)),
        (Some(low), None) => format!(">= {}", figures::decimal(low)),
        (None, None) => String::new(),
    }
}

/// The look of a condition.
pub(super) const fn condition_tone(condition: Condition) -> Tone {
    match condition {
        Condition::Impossible | Condition::Bad => Tone::Alarm,
        Condition::NoData | Condition::Stale => Tone::Stale,
        Condition::Substituted => Tone::Substituted,
        Condition::High | Condition::Low => Tone::Warning,
        Condition::Doubtful => Tone::Advisory,
        Condition::Normal => Tone::Dim,
    }
}

/// The mark of where a value came from; none for what comes by itself.
const fn origin_mark(origin: Origin) -> Option<(char, Tone)> {
    match origin {
        Origin::Typed => Some(('=', Tone::Typed)),
        Origin::Correction => Some(('c', Tone::Typed)),
        Origin::Simulated => Some(('S', Tone::Dim)),
        Origin::Connector | Origin::File | Origin::Laboratory | Origin::Invoice => None,
    }
}

/// What is wrong, or where the value came from.
pub fn state_text(parameter: &LiveParameter, condition: Condition) -> Text {
    match (condition, parameter.newest) {
        (Condition::Impossible, _) => Text::new("tui-state-impossible"),
        (Condition::Bad, _) => Text::new("tui-state-bad"),
        (Condition::NoData, _) | (_, None) => Text::new("tui-state-no-data"),
        (Condition::Stale, _) => Text::new("tui-state-stale"),
        (Condition::Substituted, _) => Text::new("tui-state-substituted"),
        (Condition::High, _) => Text::new("tui-state-high"),
        (Condition::Low, _) => Text::new("tui-state-low"),
        (Condition::Doubtful, _) => Text::new("tui-state-doubtful"),
        (Condition::Normal, Some(newest)) => origin_text(newest.origin),
    }
}

/// Where a value came from.
pub(super) fn origin_text(origin: Origin) -> Text {
    match origin {
        Origin::Connector => Text::new("tui-origin-connector"),
        Origin::File => Text::new("tui-origin-file"),
        Origin::Typed => Text::new("tui-origin-typed"),
        Origin::Laboratory => Text::new("tui-origin-laboratory"),
        Origin::Invoice => Text::new("tui-origin-invoice"),
        Origin::Simulated => Text::new("tui-origin-simulated"),
        Origin::Correction => Text::new("tui-origin-correction"),
    }
}

/// The rule between list and totals, with what decides the list on it; gives where the filter's cursor stands.
fn draw_rule(model: &Model, plant: &Plant, canvas: &mut Canvas<'_>) -> (u16, u16) {
    let shown = &model.shown;
    let live = &model.live;
    canvas.rule(0, shown.glyphs.rule, shown.style(Tone::Rule));
    let room = canvas.width();
    let mut column = 2;
    let mut put = |canvas: &mut Canvas<'_>, text: &str, tone: Tone| {
        column = canvas.put(column, 0, room, &format!(" {text} "), shown.style(tone)) + 1;
    };
    let count = Text::new("tui-listed")
        .with_count("listed", live.listed)
        .with_count("all", plant.parameters.len());
    put(canvas, &shown.text(&count), Tone::Dim);
    let sort = match live.sort {
        Sort::Plant => Text::new("tui-sort-plant"),
        Sort::Condition => Text::new("tui-sort-condition"),
        Sort::Tag => Text::new("tui-sort-tag"),
        Sort::Age => Text::new("tui-sort-age"),
    };
    put(canvas, &shown.text(&sort), Tone::Dim);
    if live.key_only {
        put(canvas, &shown.text(&Text::new("tui-key-only")), Tone::Advisory);
    }
    filter::draw(model, &live.filter, live.focus == Focus::Filter, column, canvas)
}
