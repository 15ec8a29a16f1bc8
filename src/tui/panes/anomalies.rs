//! The Anomalies pane (异常画面): what a data-quality checker has to look at, the next deadline first, with everything that is
//! known of the selected one.
//!
//! Nothing is said by colour alone: how grave it is, how it goes on and how far the work has come are marks.

mod columns;
mod courses;
mod detail;
pub mod dispose;
pub mod past;
pub mod sheet;
mod words;

use ratatui::layout::Size;
use ratatui::style::Style;

use self::columns::Columns;
use self::words::{days_left, mark_of_course, mark_of_flag, mark_of_stage, stake, who_short};
use super::super::anomalies::{FLOOD, Saved, awaits_decision};
use super::super::model::Model;
use super::super::plant::Plant;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::detail::tag_of;
use super::filter;
use super::split::{HEADING, Split, list_width};
use crate::domain::text::{Explained, Text};
use crate::domain::time::Instant;
use crate::engine::view::AnomalyView;
use crate::locale::figures;
use crate::quality::anomaly::{AnomalyId, Stage};
use crate::quality::flag::Flag;

pub use self::detail::as_text;
pub use self::past::past_height;
pub use self::words::{headings, table_row};

/// Rows of details below the list.
const SPLIT: Split = Split { usual: 7, roomy: 12 };

/// Days to a deadline from which on it is near.
const NEAR_DAYS: i64 = 7;

/// How many rows the list has on a screen of a size.
pub fn body_height(size: Size) -> usize {
    usize::from(SPLIT.rows(size))
}

/// Draws the pane; gives where the filter's cursor stands.
pub fn draw(model: &Model, canvas: &mut Canvas<'_>) -> Option<(u16, u16)> {
    let (plant, elapsed) = model.displayed()?;
    let now = plant.now(elapsed);
    let width = canvas.width();
    draw_summary(model, plant, &mut canvas.part(0, 0, width, 1));
    let (rows, under) = SPLIT.shared(model.size, model.anomalies.listing.rows.len());
    let list = list_width(width);
    draw_list(model, plant, now, &mut canvas.part(0, 1, list, rows + 1));
    let selected = model.anomalies.selected.and_then(|id| plant.anomalies.get(&id));
    if list < width {
        let mut part = canvas.part(list, 1, width - list, rows + 1);
        detail::draw_beside(model, plant, selected, now, &mut part);
    }
    let rule = HEADING + rows;
    let cursor = draw_rule(model, plant, &mut canvas.part(0, rule, width, 1));
    if let Some(anomaly) = selected.filter(|_| under > 0) {
        detail::draw_below(model, plant, anomaly, now, &mut canvas.part(0, rule + 1, width, under));
    }
    Some(cursor)
}

/// The first line: how many anomalies there are, what is to be done with them, and what is at stake in all of them.
fn draw_summary(model: &Model, plant: &Plant, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let tally = model.anomalies.tally;
    let width = canvas.width();
    let in_queue = usize::try_from(plant.state.queue).unwrap_or(0).max(tally.open);
    let count = |id: &'static str, count: usize| Text::new(id).with_count("count", count);
    let here = plant.anomalies.len();
    let open = if in_queue > here {
        // Of very many a terminal is told only some: what is counted behind this is of those.
        Text::new("tui-anomaly-only-some")
            .with_count("shown", here)
            .with_count("queue", in_queue)
    } else {
        count("tui-anomaly-open", in_queue)
    };
    let toned = |count: usize, tone: Tone| if count > 0 { tone } else { Tone::Dim };
    let mut column = 1;
    for (text, tone) in [
        (open, Tone::Text),
        (
            count("tui-anomaly-undecided", tally.undecided),
            toned(tally.undecided, Tone::Warning),
        ),
        (
            count("tui-anomaly-to-close", tally.to_close),
            toned(tally.to_close, Tone::Advisory),
        ),
        (count("tui-anomaly-mine", tally.mine), toned(tally.mine, Tone::Title)),
    ] {
        column = canvas.put(column, 0, width, &shown.text(&text), shown.style(tone)) + 2;
    }
    let room = width.saturating_sub(column + 1);
    let amount = figures::tonnes(tally.stake_mg, 1);
    let full = Text::new("tui-anomaly-at-stake").with("amount", &amount);
    let texts = [shown.text(&full), format!("{amount} t")];
    if let Some(text) = texts.iter().find(|text| cells::width(text) <= usize::from(room)) {
        canvas.put_right(column, 0, room, text, shown.style(Tone::Text));
    }
}

fn draw_list(model: &Model, plant: &Plant, now: Instant, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let last = plant.anomalies.keys().next_back().map_or(0, |id| id.0);
    let columns = Columns::new(canvas.width(), plant.widest.tag, last);
    for (heading, (column, room), is_figure) in columns.headings() {
        let (heading, style) = (shown.text(&heading), shown.style(Tone::Title));
        if is_figure {
            canvas.put_right(column, 0, room, &heading, style);
        } else {
            canvas.put(column, 0, room, &heading, style);
        }
    }
    let height = usize::from(canvas.height().saturating_sub(1));
    for (line, (place, id)) in (1..canvas.height()).zip(model.anomalies.on_screen(height)) {
        let Some(anomaly) = plant.anomalies.get(&id) else {
            continue;
        };
        let selected = place == model.anomalies.cursor;
        draw_row(model, plant, anomaly, now, (line, selected), &columns, canvas);
    }
    if model.anomalies.listing.rows.is_empty() {
        let room = canvas.width().saturating_sub(3);
        let text = shown.text(&nothing(model));
        for (line, text) in (2..canvas.height()).zip(cells::wrap(&text, usize::from(room).max(2))) {
            canvas.put(2, line, room, &text, shown.style(Tone::Advisory));
        }
    }
}

/// Why no anomaly is listed.
fn nothing(model: &Model) -> Text {
    let view = &model.anomalies;
    if !view.filter.is_empty() {
        Text::new("tui-anomaly-none-fits")
    } else if view.saved == Saved::Open {
        Text::new("tui-anomaly-none")
    } else {
        Text::new("tui-anomaly-none-of-view")
    }
}

fn draw_row(
    model: &Model,
    plant: &Plant,
    anomaly: &AnomalyView,
    now: Instant,
    (line, selected): (u16, bool),
    columns: &Columns,
    canvas: &mut Canvas<'_>,
) {
    let shown = &model.shown;
    let ground = if selected {
        canvas.style_row(line, shown.style(Tone::Selected));
        canvas.set(0, line, shown.glyphs.cursor, shown.style(Tone::Selected));
        shown.style(Tone::Selected)
    } else {
        Style::default()
    };
    // Under the cursor the row's ground is the cursor's; what is abnormal keeps its own look.
    let style = |tone: Tone| {
        if selected && matches!(tone, Tone::Text | Tone::Dim | Tone::Advisory) {
            ground
        } else {
            ground.patch(shown.style(tone))
        }
    };
    let words = if awaits_decision(anomaly) {
        Tone::Text
    } else {
        Tone::Dim
    };
    let mut set = |column: u16, mark: char, tone: Tone| canvas.set(column, line, mark, style(tone));
    if model.anomalies.is_asked(anomaly.anomaly) {
        set(1, shown.glyphs.ellipsis, Tone::Advisory);
    } else if model.anomalies.picked.contains(&anomaly.anomaly) {
        set(1, '+', Tone::Title);
    }
    let members = model.anomalies.listing.folded.get(&anomaly.anomaly);
    let flags = members.into_iter().flatten().filter_map(|id| plant.anomalies.get(id));
    // A folded row is as grave as the gravest in it.
    let worst = flags
        .map(|member| member.signs.flag)
        .max()
        .unwrap_or(anomaly.signs.flag);
    let flag = match worst {
        _ if words == Tone::Dim => Tone::Dim,
        Flag::Bad => Tone::Warning,
        _ => Tone::Advisory,
    };
    set(2, mark_of_flag(worst), flag);
    set(3, mark_of_course(anomaly), words);
    set(4, mark_of_stage(anomaly.work.stage), words);
    if let Some(fold) = fold_mark(model, anomaly.anomaly) {
        set(5, fold, Tone::Dim);
    }
    let mut put = |(column, room): (u16, u16), text: &str, tone: Tone| {
        canvas.put(column, line, room, text, style(tone));
    };
    put(columns.tag, &tag_of(plant, anomaly.parameter), words);
    if let Some(members) = members {
        let others = Text::new("tui-anomaly-folded").with_count("count", members.len().saturating_sub(1));
        let tone = if members.len() >= FLOOD {
            Tone::Warning
        } else {
            Tone::Advisory
        };
        let others = shown.text(&others);
        // The first stands for all of them: which has the most at stake is told where it is another.
        let heaviest = members
            .iter()
            .filter_map(|id| plant.anomalies.get(id))
            .max_by_key(|member| {
                (
                    member.signs.flag,
                    member.signs.stake_mg,
                    std::cmp::Reverse(member.anomaly),
                )
            })
            .filter(|member| member.anomaly != anomaly.anomaly);
        let with_heaviest = heaviest.map(|member| {
            let worst = Text::new("tui-alarm-worst-of").with("alarm", tag_of(plant, member.parameter));
            format!("{others}, {}", shown.text(&worst))
        });
        let fits = |text: &String| cells::width(text) <= usize::from(columns.name.1);
        put(columns.name, &with_heaviest.filter(fits).unwrap_or(others), tone);
    } else if let Some(parameter) = plant.parameter_of(anomaly.parameter) {
        put(columns.name, shown.localizer.name(&parameter.name), words);
    }
    put(columns.check, &shown.text(&anomaly.signs.check().text()), words);
    put(columns.stage, &shown.text(&anomaly.work.stage.text()), words);
    let age = shown.localizer.age(now.since(anomaly.signs.from));
    put(columns.age, &age, Tone::Dim);
    put(
        columns.who,
        &who_short(model, plant, anomaly, now, columns.who.1),
        Tone::Dim,
    );
    let mut put_right = |(column, room): (u16, u16), text: &str, tone: Tone| {
        canvas.put_right(column, line, room, text, style(tone));
    };
    put_right(columns.number, &anomaly.anomaly.to_string(), words);
    let at_stake = members.map_or(i128::from(anomaly.signs.stake_mg), |members| stake_of(plant, members));
    put_right(columns.stake, &stake(at_stake, columns.stake.1), words);
    let days = days_left(anomaly, now);
    let near = if days <= NEAR_DAYS { Tone::Warning } else { Tone::Dim };
    put_right(columns.due, &days.to_string(), near);
    let before = if anomaly.before > 0 {
        anomaly.before.to_string()
    } else {
        String::new()
    };
    put_right(columns.before, &before, Tone::Dim);
}

/// Whether an anomaly stands for a folded group, or belongs to one that is not.
fn fold_mark(model: &Model, anomaly: AnomalyId) -> Option<char> {
    let listing = &model.anomalies.listing;
    let glyphs = model.shown.glyphs;
    match listing.first_of.get(&anomaly) {
        Some(first) if listing.folded.contains_key(first) => Some(glyphs.folded),
        Some(first) if *first == anomaly => Some(glyphs.unfolded),
        Some(_) => Some(glyphs.track),
        None => None,
    }
}

/// Milligrams at stake in several.
pub(super) fn stake_of(plant: &Plant, anomalies: &[AnomalyId]) -> i128 {
    let stakes = anomalies.iter().filter_map(|id| plant.anomalies.get(id));
    stakes.map(|anomaly| i128::from(anomaly.signs.stake_mg)).sum()
}

/// The marks with what they mean.
pub(super) fn marks() -> Vec<(&'static str, Text)> {
    vec![
        ("?", Flag::Suspect.text()),
        ("!", Flag::Bad.text()),
        (">", Text::new("tui-anomaly-mark-going")),
        ("-", Text::new("tui-anomaly-mark-gone")),
        ("n", Stage::New.text()),
        ("a", Stage::Assigned.text()),
        ("i", Stage::Investigating.text()),
        ("d", Stage::Disposed.text()),
        ("+", Text::new("tui-alarm-mark-picked")),
    ]
}

/// The rule below the list, with what decides the list on it; gives where the filter's cursor stands.
fn draw_rule(model: &Model, plant: &Plant, canvas: &mut Canvas<'_>) -> (u16, u16) {
    let shown = &model.shown;
    let view = &model.anomalies;
    canvas.rule(0, shown.glyphs.rule, shown.style(Tone::Rule));
    let room = canvas.width();
    let mut column = 2;
    let mut put = |text: &Text, tone: Tone| {
        let text = format!(" {} ", shown.text(text));
        column = canvas.put(column, 0, room, &text, shown.style(tone)) + 1;
    };
    let kept = view.kept_filter().map(|place| {
        Text::new("tui-anomaly-view-kept")
            .with_count("place", place + 1)
            .with_count("count", view.filters.len())
    });
    let is_all = view.saved == Saved::Open && kept.is_none();
    let tone = if is_all { Tone::Dim } else { Tone::Advisory };
    put(&kept.unwrap_or_else(|| view.saved.label()), tone);
    put(&view.order.label(), Tone::Dim);
    if view.reversed {
        put(&Text::new("tui-anomaly-order-reversed"), Tone::Advisory);
    }
    let listed = Text::new("tui-listed")
        .with_count("listed", view.listing.all().count())
        .with_count("all", plant.anomalies.len());
    put(&listed, Tone::Dim);
    if !view.picked.is_empty() {
        let picked = Text::new("tui-alarm-picked").with_count("count", view.picked.len());
        put(&picked, Tone::Title);
    }
    filter::draw(model, &view.filter, view.filtering, column, canvas)
}
