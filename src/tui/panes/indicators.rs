//! The alarm figures (报警系统指标), each against its target, and the alarms that are most often announced
//! (ANSI/ISA-18.2-2016, clause 16).

use super::super::model::{Model, Wanted};
use super::super::overlay::{DaysBack, FiguresShown, Overlay};
use super::super::plant::Plant;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::detail::{name_of, tag_of};
use super::{ABOVE, BELOW};
use crate::domain::text::{Explained, Text};
use crate::quality::alarm::AlarmId;
use crate::quality::alarm::figures::{Figures, INTERVAL_MS};
use crate::quality::alarm::ratio::Ratio;
use crate::quality::alarm::target::{Indicator, Judged, Standing, is_long_enough, judge};

/// Rows above the figures: of what time, the headings.
const HEADING: u16 = 2;

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
                draw_all(model, plant, figures, view, canvas);
            }
        }
        Wanted::Awaited(_) => said(canvas, &Text::new("tui-explain-awaited"), Tone::Dim),
        Wanted::Refused(why) => said(canvas, why, Tone::Advisory),
    }
}

fn draw_all(model: &Model, plant: &Plant, on: &FiguresShown, figures: &Figures, canvas: &mut Canvas<'_>) {
    let (of, top) = (on.of, on.top);
    let shown = &model.shown;
    let title = shown.style(Tone::Title);
    for (heading, end) in [
        (Text::new("cli-column-value"), VALUE),
        (Text::new("cli-column-aim"), AIM),
        (Text::new("cli-column-bound"), BOUND),
    ] {
        right(canvas, end, 1, &shown.text(&heading), title);
    }
    let mut row = HEADING;
    for judged in judge(figures) {
        draw_one(model, judged, row, canvas);
        row += 1;
    }
    let width = canvas.width();
    let lines = told(model, plant, of, figures, width);
    let room = canvas.height().saturating_sub(row);
    let top = top.min(lines.len().saturating_sub(usize::from(room)));
    for (row, (line, tone)) in (row..canvas.height()).zip(lines.iter().skip(top)) {
        canvas.put(1, row, width.saturating_sub(1), line, shown.style(*tone));
    }
    let left = lines.len().saturating_sub(top + usize::from(room));
    if left > 0 || top > 0 {
        let more = Text::new("tui-figures-more")
            .with_count("above", top)
            .with_count("below", left);
        canvas.put_right(0, 1, VALUE - 10, &shown.text(&more), shown.style(Tone::Key));
    }
}

/// How far what stands below the figures can be scrolled, and how many rows of it are seen.
pub fn below(model: &Model) -> (usize, usize) {
    let (Some(Overlay::Figures(shown)), Some((plant, _))) = (model.overlays.last(), model.displayed()) else {
        return (0, 1);
    };
    let Wanted::Here(figures) = &shown.view else {
        return (0, 1);
    };
    let rows = u16::try_from(judge(figures).len()).unwrap_or(u16::MAX);
    let room = model
        .size
        .height
        .saturating_sub((ABOVE + BELOW + HEADING).saturating_add(rows));
    let lines = told(model, plant, shown.of, figures, model.size.width).len();
    (lines.saturating_sub(usize::from(room)), usize::from(room).max(1))
}

/// What is told below the figures: what was counted, the alarms that are most often announced, and which of all chatter or
/// stand for long.
fn told(model: &Model, plant: &Plant, of: DaysBack, figures: &Figures, width: u16) -> Vec<(String, Tone)> {
    let shown = &model.shown;
    let mut texts = vec![
        Text::new("tui-figures-counted")
            .with_count("alarms", figures.alarms)
            .with_count("floods", figures.floods.len())
            .with_count("standing", figures.standing.at_end)
            .with_count("stale", figures.stale.len()),
    ];
    if figures.to.since(figures.from).saturating_add(INTERVAL_MS) < of.length_ms() {
        texts.push(Text::new("cli-kpi-clipped").with_instant("from", figures.from));
    }
    if !is_long_enough(figures) {
        texts.push(Text::new("cli-kpi-too-short"));
    }
    let wrapped = texts
        .iter()
        .flat_map(|text| cells::wrap(&shown.text(text), usize::from(width.saturating_sub(2)).max(2)));
    let mut lines: Vec<(String, Tone)> = wrapped.map(|line| (line, Tone::Dim)).collect();
    let named = |times: String, id: AlarmId| {
        let chatters = figures.chattering.contains(&id);
        let mut words = vec![
            tag_of(plant, id.parameter),
            shown.text(&id.kind.text()),
            name_of(model, plant, id.parameter),
        ];
        if chatters {
            words.push(shown.text(&Text::new("tui-figures-chatters")));
        }
        if figures.stale.contains(&id) {
            words.push(shown.text(&Text::new("tui-figures-stale")));
        }
        let tone = if chatters { Tone::Warning } else { Tone::Text };
        (format!("{times:>6}  {}", words.join("  ")), tone)
    };
    let title = |id: &'static str| [(String::new(), Tone::Dim), (shown.text(&Text::new(id)), Tone::Title)];
    if !figures.most_frequent.is_empty() {
        lines.extend(title("tui-figures-most-frequent"));
        let frequent = figures.most_frequent.iter();
        lines.extend(frequent.map(|frequent| named(frequent.times.to_string(), frequent.alarm)));
    }
    let others = figures.other_nuisances();
    if !others.is_empty() {
        lines.extend(title("tui-figures-other-nuisances"));
        lines.extend(others.into_iter().map(|id| named(String::new(), id)));
    }
    lines
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

/// Puts a text so that it ends before a column, or with the screen.
fn right(canvas: &mut Canvas<'_>, end: u16, row: u16, text: &str, style: ratatui::style::Style) {
    canvas.put_right(0, row, end, text, style);
}
