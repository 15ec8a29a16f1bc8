//! The Alarms pane (报警画面): what asks for an action, the most urgent first, in groups of one cause with the first of each;
//! or what is hidden from that list, with why and until when.
//!
//! Nothing is said by colour alone: the priority is a digit (1 is the most urgent), the state a sign or letter beside it.

mod columns;
mod detail;
pub mod reason;
mod words;

use ratatui::layout::Size;
use ratatui::style::{Modifier, Style};

use self::columns::Columns;
use self::words::{hidden_short, kind_short, reason, tag, value_text, who};
use super::super::alarms::{FirstOut, Part, Row, is_owed, is_urgent};
use super::super::model::Model;
use super::super::plant::Plant;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::filter;
use super::split::{HEADING, Split, list_width};
use crate::domain::text::{Explained, Text};
use crate::domain::time::Instant;
use crate::engine::view::AlarmView;
use crate::quality::alarm::{AlarmId, Label, Priority};

pub use self::detail::as_text;
pub use self::words::{headings, table_row};

/// Rows of details below the list.
const SPLIT: Split = Split { usual: 6, roomy: 9 };

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
    let (rows, under) = SPLIT.shared(model.size, model.alarms.listing.rows.len());
    let list = list_width(width);
    draw_list(model, plant, now, &mut canvas.part(0, 1, list, rows + 1));
    let selected = model.alarms.selected.and_then(|id| plant.alarms.get(&id));
    if list < width {
        let mut part = canvas.part(list, 1, width - list, rows + 1);
        detail::draw_beside(model, plant, selected, now, &mut part);
    }
    let rule = HEADING + rows;
    let cursor = draw_rule(model, &mut canvas.part(0, rule, width, 1));
    if let Some(alarm) = selected.filter(|_| under > 0) {
        detail::draw_below(model, plant, alarm, now, &mut canvas.part(0, rule + 1, width, under));
    }
    Some(cursor)
}

/// The first line: in a flood that, as one thing; otherwise how many alarms there are, and how many are hidden.
fn draw_summary(model: &Model, plant: &Plant, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let tally = model.alarms.tally;
    let width = canvas.width();
    if let Some(flood) = plant.state.flooded.lasts {
        let since = plant.model.zone.local(flood.first).format("%H:%M:%S").to_string();
        let brief = Text::new("tui-alarm-flood-brief")
            .with("since", &since)
            .with_count("alarms", flood.alarms)
            .with_count("rate", plant.state.flooded.rate);
        let text = Text::new("tui-alarm-flood")
            .with("since", since)
            .with_count("alarms", flood.alarms)
            .with_count("peak", flood.peak)
            .with_count("rate", plant.state.flooded.rate);
        canvas.clear(shown.style(Tone::Banner));
        let first = first_of_flood(plant, flood.first);
        let said = match first {
            Some(first) => {
                let alarm = format!("{} {}", tag(plant, first), shown.text(&kind_short(first.kind)));
                let first = shown.text(&Text::new("tui-alarm-flood-first").with("alarm", alarm));
                let room = usize::from(width).saturating_sub(2);
                // What was first is where to begin: how it peaked gives way to that.
                [&text, &brief]
                    .map(|text| format!("{}{first}", shown.text(text)))
                    .into_iter()
                    .find(|said| cells::width(said) <= room)
            }
            None => None,
        };
        let said = said.unwrap_or_else(|| shown.text(&text));
        let after = canvas.put(1, 0, width, &said, shown.style(Tone::Banner)) + 2;
        draw_hidden(model, after, Tone::Banner, canvas);
        return;
    }
    let owed = match (tally.unacknowledged, tally.pressing) {
        (0, _) => Tone::Dim,
        (_, 0) => Tone::Warning,
        _ => Tone::Alarm,
    };
    let parts = [
        (
            Text::new("tui-alarm-active").with_count("count", tally.active()),
            Tone::Text,
        ),
        (
            Text::new("tui-alarm-owed").with_count("count", tally.unacknowledged),
            owed,
        ),
    ];
    let mut column = 1;
    for (text, tone) in parts {
        column = canvas.put(column, 0, width, &shown.text(&text), shown.style(tone)) + 2;
    }
    draw_hidden(model, column, Tone::Advisory, canvas);
}

/// The alarm of a flood that began first, of those that are still listed.
fn first_of_flood(plant: &Plant, since: Instant) -> Option<AlarmId> {
    let of_flood = plant.alarms.values().filter(|alarm| alarm.told >= Some(since));
    let first = of_flood.min_by_key(|alarm| (alarm.began(), alarm.alarm));
    first.map(|alarm| alarm.alarm)
}

/// How many alarms are hidden, flush right from a column on; without the reasons where there is no room for them.
fn draw_hidden(model: &Model, column: u16, tone: Tone, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let tally = model.alarms.tally;
    if tally.hidden() == 0 {
        return;
    }
    let room = canvas.width().saturating_sub(column + 1);
    let full = Text::new("tui-alarm-hidden")
        .with_count("shelved", tally.shelved)
        .with_count("suppressed", tally.suppressed)
        .with_count("out", tally.out_of_service);
    let short = Text::new("tui-alarm-hidden-short").with_count("count", tally.hidden());
    let texts = [full, short].map(|text| shown.text(&text));
    let fits = |text: &&String| cells::width(text) <= usize::from(room);
    if let Some(text) = texts.iter().find(fits) {
        canvas.put_right(column, 0, room, text, shown.style(tone));
    }
}

fn draw_list(model: &Model, plant: &Plant, now: Instant, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let columns = Columns::new(canvas.width(), plant.widest.tag, model.alarms.hidden);
    for (heading, (column, room)) in columns.headings() {
        canvas.put(column, 0, room, &shown.text(&heading), shown.style(Tone::Title));
    }
    let height = usize::from(canvas.height().saturating_sub(1));
    for (line, (place, row)) in (1..canvas.height()).zip(model.alarms.on_screen(height)) {
        let Some(alarm) = plant.alarms.get(&row.alarm) else {
            continue;
        };
        let on = Line {
            row,
            at: line,
            selected: place == model.alarms.cursor,
        };
        draw_row(model, plant, alarm, now, &on, &columns, canvas);
    }
    if model.alarms.listing.rows.is_empty() {
        let room = canvas.width().saturating_sub(3);
        let text = shown.text(&nothing(model, plant));
        for (line, text) in (2..canvas.height()).zip(cells::wrap(&text, usize::from(room).max(2))) {
            canvas.put(2, line, room, &text, shown.style(Tone::Advisory));
        }
    }
}

/// Why no alarm is listed.
fn nothing(model: &Model, plant: &Plant) -> Text {
    let alarms = &model.alarms;
    if !alarms.filter.is_empty() {
        Text::new("tui-alarm-none-fits")
    } else if alarms.hidden {
        Text::new("tui-alarm-none-hidden")
    } else if plant.parameters.iter().any(|parameter| parameter.key) {
        Text::new("tui-alarm-none")
    } else {
        Text::new("tui-alarm-none-watched")
    }
}

/// Where and how an alarm stands on the list.
struct Line {
    row: Row,
    at: u16,
    selected: bool,
}

fn draw_row(
    model: &Model,
    plant: &Plant,
    alarm: &AlarmView,
    now: Instant,
    on: &Line,
    columns: &Columns,
    canvas: &mut Canvas<'_>,
) {
    let shown = &model.shown;
    let ground = if on.selected {
        canvas.style_row(on.at, shown.style(Tone::Selected));
        canvas.set(0, on.at, shown.glyphs.cursor, shown.style(Tone::Selected));
        shown.style(Tone::Selected)
    } else {
        Style::default()
    };
    // Under the cursor the row's ground is the cursor's; what is abnormal keeps its own look.
    let style = |tone: Tone| {
        if on.selected && matches!(tone, Tone::Text | Tone::Dim | Tone::Advisory) {
            ground
        } else {
            ground.patch(shown.style(tone))
        }
    };
    draw_marks(model, plant, alarm, on, &style, canvas);
    let parameter = plant.parameter_of(alarm.alarm.parameter);
    let words = if is_owed(alarm.state.label()) {
        Tone::Text
    } else {
        Tone::Dim
    };
    let mut put = |(column, room): (u16, u16), text: &str, tone: Tone| {
        canvas.put(column, on.at, room, text, style(tone));
    };
    put(columns.tag, &tag(plant, alarm.alarm), words);
    match on.row.part {
        // What is said of the first is not said of the worst.
        Part::Folded { worst, .. } if worst != alarm.alarm => {
            put(columns.name, &worst_of(model, plant, worst, columns.name.1), words);
        }
        _ => {
            if let Some(parameter) = parameter {
                put(columns.name, shown.localizer.name(&parameter.name), words);
            }
        }
    }
    put(columns.kind, &shown.text(&kind_short(alarm.alarm.kind)), words);
    if model.alarms.hidden {
        put(
            columns.state,
            &shown.text(&hidden_short(model, plant, alarm, now)),
            words,
        );
        put(columns.reason, &reason(model, alarm), words);
        return;
    }
    if let Part::Folded { others, .. } = on.row.part {
        let owed = model.alarms.listing.owed(plant, on.row);
        let text = Text::new("tui-alarm-folded")
            .with_count("others", others)
            .with_count("owed", owed);
        put(columns.value, &shown.text(&text), Tone::Advisory);
    } else {
        put(
            columns.value,
            &value_text(model, parameter, alarm, columns.value.1),
            words,
        );
    }
    let age = shown.localizer.age(now.since(alarm.began()));
    put(columns.since, &age, Tone::Dim);
    put(columns.who, &who(model, plant, alarm), Tone::Dim);
}

/// Which of a folded group is the worst; without of what it speaks where there is no room for it.
fn worst_of(model: &Model, plant: &Plant, worst: AlarmId, room: u16) -> String {
    let shown = &model.shown;
    let tag = tag(plant, worst);
    let short = shown.text(&Text::new("tui-alarm-worst-of").with("alarm", &tag));
    let kind = shown.text(&kind_short(worst.kind));
    let full = shown.text(&Text::new("tui-alarm-worst-of").with("alarm", format!("{tag} {kind}")));
    if cells::width(&full) <= usize::from(room) {
        full
    } else {
        short
    }
}

/// The marks before a row: picked or asked for, priority, state, chatter, group, first-out.
fn draw_marks(
    model: &Model,
    plant: &Plant,
    alarm: &AlarmView,
    on: &Line,
    style: &impl Fn(Tone) -> Style,
    canvas: &mut Canvas<'_>,
) {
    let shown = &model.shown;
    // A folded group has the priority of its worst alarm, and asks for an answer while one of them does.
    let (worst, label) = match on.row.part {
        Part::Folded { worst, .. } => {
            let members = model.alarms.listing.group_of(on.row).iter();
            let mut labels = members.filter_map(|id| Some(plant.alarms.get(id)?.state.label()));
            let worst = plant.alarms.get(&worst).unwrap_or(alarm);
            let owed = labels.find(|label| is_owed(*label));
            (worst, owed.unwrap_or_else(|| worst.state.label()))
        }
        _ => (alarm, alarm.state.label()),
    };
    let owed = is_owed(label);
    let tone = if owed { priority_tone(worst.priority) } else { Tone::Dim };
    let blinks = owed && is_urgent(worst.priority) && !model.alarms.signals.steady;
    let look = if blinks {
        style(tone).add_modifier(Modifier::SLOW_BLINK)
    } else {
        style(tone)
    };
    let mut set = |column: u16, mark: char, look: Style| canvas.set(column, on.at, mark, look);
    if model.alarms.is_asked(alarm.alarm) {
        set(1, shown.glyphs.ellipsis, style(Tone::Advisory));
    } else if model.alarms.picked.contains(&alarm.alarm) {
        set(1, '+', style(Tone::Title));
    }
    set(2, priority_mark(worst.priority), look);
    set(3, state_mark(label), look);
    if alarm.chatters {
        set(4, '~', style(Tone::Warning));
    }
    match on.row.part {
        Part::Alone => {}
        Part::Head => set(5, shown.glyphs.unfolded, style(Tone::Dim)),
        Part::Folded { .. } => set(5, shown.glyphs.folded, style(Tone::Dim)),
        Part::Below => set(5, shown.glyphs.track, style(Tone::Dim)),
    }
    match on.row.first {
        FirstOut::No => {}
        FirstOut::Yes => set(6, 'F', style(Tone::Title)),
        FirstOut::Perhaps => set(6, 'f', style(Tone::Dim)),
    }
}

/// The marks with what they mean.
pub(super) fn marks() -> Vec<(&'static str, Text)> {
    vec![
        ("1 2 3 4", Text::new("tui-alarm-mark-priority")),
        ("*", Label::Unacknowledged.text()),
        ("a", Label::Acknowledged.text()),
        ("r", Label::ReturnedUnacknowledged.text()),
        ("L", Label::LatchedUnacknowledged.text()),
        ("l", Label::LatchedAcknowledged.text()),
        ("s", Label::Shelved.text()),
        ("d", Label::Suppressed.text()),
        ("x", Label::OutOfService.text()),
        ("~", Text::new("tui-alarm-mark-chatters")),
        ("F", Text::new("tui-alarm-mark-first")),
        ("f", Text::new("tui-alarm-mark-perhaps-first")),
        ("+", Text::new("tui-alarm-mark-picked")),
    ]
}

fn priority_mark(priority: Priority) -> char {
    char::from_digit(u32::from(priority.number()), 10).unwrap_or('?')
}

const fn priority_tone(priority: Priority) -> Tone {
    match priority {
        Priority::Critical => Tone::Alarm,
        Priority::High => Tone::Warning,
        Priority::Medium => Tone::Advisory,
        Priority::Low => Tone::Text,
    }
}

const fn state_mark(label: Label) -> char {
    match label {
        Label::Normal => ' ',
        Label::Unacknowledged => '*',
        Label::Acknowledged => 'a',
        Label::ReturnedUnacknowledged => 'r',
        Label::LatchedUnacknowledged => 'L',
        Label::LatchedAcknowledged => 'l',
        Label::Shelved => 's',
        Label::Suppressed => 'd',
        Label::OutOfService => 'x',
    }
}

/// The rule below the list, with what decides the list on it; gives where the filter's cursor stands.
fn draw_rule(model: &Model, canvas: &mut Canvas<'_>) -> (u16, u16) {
    let shown = &model.shown;
    let alarms = &model.alarms;
    canvas.rule(0, shown.glyphs.rule, shown.style(Tone::Rule));
    let room = canvas.width();
    let mut column = 2;
    let mut put = |canvas: &mut Canvas<'_>, text: &Text, tone: Tone| {
        let text = format!(" {} ", shown.text(text));
        column = canvas.put(column, 0, room, &text, shown.style(tone)) + 1;
    };
    let all = if alarms.hidden {
        put(canvas, &Text::new("tui-alarm-list-hidden"), Tone::Advisory);
        alarms.tally.hidden()
    } else {
        put(canvas, &Text::new("tui-alarm-list"), Tone::Dim);
        alarms.tally.active()
    };
    let listed = Text::new("tui-listed")
        .with_count("listed", alarms.listing.fitting)
        .with_count("all", all);
    put(canvas, &listed, Tone::Dim);
    if !alarms.picked.is_empty() {
        let picked = Text::new("tui-alarm-picked").with_count("count", alarms.picked.len());
        put(canvas, &picked, Tone::Title);
    }
    for (is_off, said) in [
        (alarms.signals.quiet, "tui-alarm-quiet"),
        (alarms.signals.steady, "tui-alarm-steady"),
    ] {
        if is_off {
            put(canvas, &Text::new(said), Tone::Dim);
        }
    }
    filter::draw(model, &alarms.filter, alarms.filtering, column, canvas)
}
