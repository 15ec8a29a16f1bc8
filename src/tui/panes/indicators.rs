//! The alarm figures (报警系统指标), each against its target, and the alarms that are most often announced
//! (ANSI/ISA-18.2-2016, clause 16).

use super::super::model::{Model, Wanted};
use super::super::overlay::FiguresShown;
use super::super::plant::Plant;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::detail::{name_of, tag_of};
use crate::domain::text::{Explained, Text};
use crate::quality::alarm::figures::Figures;
use crate::quality::alarm::ratio::Ratio;
use crate::quality::alarm::target::{Indicator, Judged, Standing, is_long_enough, judge};

/// Digits after the point.
const DIGITS: u32 = 2;

/// Where the columns of figures end, and where what is said of them begins.
const VALUE: u16 = 50;
const AIM: u16 = 59;
const BOUND: u16 = 68;

/// Draws them.
pub fn draw(model: &Model, figures: &FiguresShown, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let title = Text::new("tui-figures-title").with_text("of", figures.of.text());
    canvas.put(1, 0, width, &shown.text(&title), shown.style(Tone::Title));
    let said = |canvas: &mut Canvas<'_>, text: &Text, tone: Tone| {
        let lines = cells::wrap(&shown.text(text), usize::from(width.saturating_sub(2)).max(2));
        for (row, line) in (2..canvas.height()).zip(lines) {
            canvas.put(1, row, width, &line, shown.style(tone));
        }
    };
    match &figures.view {
        Wanted::Here(view) => {
            if let Some((plant, _)) = model.displayed() {
                draw_all(model, plant, view, canvas);
            }
        }
        Wanted::Awaited(_) => said(canvas, &Text::new("tui-explain-awaited"), Tone::Dim),
        Wanted::Refused(why) => said(canvas, why, Tone::Advisory),
    }
}

fn draw_all(model: &Model, plant: &Plant, figures: &Figures, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let title = shown.style(Tone::Title);
    for (heading, end) in [
        (Text::new("cli-column-value"), VALUE),
        (Text::new("cli-column-aim"), AIM),
        (Text::new("cli-column-bound"), BOUND),
    ] {
        right(canvas, end, 1, &shown.text(&heading), title);
    }
    let mut row = 2;
    for judged in judge(figures) {
        draw_one(model, judged, row, canvas);
        row += 1;
    }
    let counted = Text::new("tui-figures-counted")
        .with_count("alarms", figures.alarms)
        .with_count("floods", figures.floods.len())
        .with_count("standing", figures.standing.at_end)
        .with_count("stale", figures.stale.len());
    let mut texts = vec![counted];
    if !is_long_enough(figures) {
        texts.push(Text::new("cli-kpi-too-short"));
    }
    for text in texts {
        for line in cells::wrap(&shown.text(&text), usize::from(canvas.width().saturating_sub(2)).max(2)) {
            canvas.put(1, row, canvas.width(), &line, shown.style(Tone::Dim));
            row += 1;
        }
    }
    draw_most_frequent(model, plant, figures, row + 1, canvas);
}

fn draw_one(model: &Model, judged: Judged, row: u16, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let Judged {
        indicator,
        value,
        standing,
    } = judged;
    let tone = match standing {
        Standing::Good => Tone::Text,
        Standing::Bearable => Tone::Advisory,
        Standing::Missed => Tone::Warning,
        Standing::Nothing => Tone::Dim,
    };
    let room = VALUE - 10;
    canvas.put(1, row, room, &shown.text(&indicator.text()), shown.style(tone));
    let target = indicator.target();
    right(canvas, VALUE, row, &figure(indicator, value), shown.style(tone));
    let dim = shown.style(Tone::Dim);
    right(canvas, AIM, row, &figure(indicator, target.aim), dim);
    right(canvas, BOUND, row, &figure(indicator, target.outermost), dim);
    let room = canvas.width().saturating_sub(BOUND + 2);
    canvas.put(BOUND + 2, row, room, &shown.text(&standing.text()), shown.style(tone));
}

/// A figure with its unit; a dash where there is nothing of which it could be one.
fn figure(indicator: Indicator, ratio: Ratio) -> String {
    let number = indicator
        .shown(ratio, DIGITS)
        .map(|number| number.normalize().to_string());
    match number {
        Some(number) if indicator.is_share() => format!("{number} %"),
        Some(number) => number,
        None => "-".to_owned(),
    }
}

/// The alarms that are most often announced, and which of them chatter.
fn draw_most_frequent(model: &Model, plant: &Plant, figures: &Figures, from: u16, canvas: &mut Canvas<'_>) {
    if figures.most_frequent.is_empty() {
        return;
    }
    let shown = &model.shown;
    let width = canvas.width();
    let title = shown.text(&Text::new("tui-figures-most-frequent"));
    canvas.put(1, from, width, &title, shown.style(Tone::Title));
    for (row, frequent) in (from + 1..canvas.height()).zip(&figures.most_frequent) {
        let id = frequent.alarm;
        let chatters = figures.chattering.contains(&id);
        let is_stale = figures.stale.contains(&id);
        let tone = if chatters { Tone::Warning } else { Tone::Text };
        right(canvas, 7, row, &frequent.times.to_string(), shown.style(tone));
        let mut words = vec![
            tag_of(plant, id.parameter),
            shown.text(&id.kind.text()),
            name_of(model, plant, id.parameter),
        ];
        if chatters {
            words.push(shown.text(&Text::new("tui-figures-chatters")));
        }
        if is_stale {
            words.push(shown.text(&Text::new("tui-figures-stale")));
        }
        canvas.put(9, row, width.saturating_sub(9), &words.join("  "), shown.style(tone));
    }
}

/// Puts a text so that it ends before a column, or with the screen.
fn right(canvas: &mut Canvas<'_>, end: u16, row: u16, text: &str, style: ratatui::style::Style) {
    canvas.put_right(0, row, end, text, style);
}
