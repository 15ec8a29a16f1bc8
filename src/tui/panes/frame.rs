//! What stands on every pane: whose screen this is, how fresh it is, what is wrong with it, and which keys there are.

use super::super::keymap::Action;
use super::super::model::{LinkState, Model};
use super::super::overlay::Overlay;
use super::super::pane::Pane;
use super::super::plant::Plant;
use super::super::signing::Signed;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use crate::domain::actor::{Actor, Role};
use crate::domain::text::{Explained, Text};

/// Silence of the daemon, in seconds, from which the head shows it.
const WORTH_SAYING: u64 = 3;

/// Free bytes below which the head warns.
const LITTLE_SPACE: u64 = 2 << 30;

/// Most lines of a banner.
const MOST_BANNER_LINES: usize = 3;

/// Most alarms that the bar of panes counts.
const MOST_OWED: usize = 999;

/// Cells that are left on the last line for the keys of where one is, if the names of the panes stand on it.
const LEAST_FOR_HINTS: usize = 26;

/// Cells between two segments of a line.
const GAP: u16 = 2;

/// A piece of a line. Where a line is too long, first those are shortened that can be, then the pieces with the greatest
/// weight are left out; those of weight 0 stay.
struct Segment {
    text: String,
    shorter: Option<String>,
    tone: Tone,
    weight: u16,
}

impl Segment {
    fn new(text: String, tone: Tone, weight: u16) -> Self {
        Self {
            text,
            shorter: None,
            tone,
            weight,
        }
    }

    fn or(self, shorter: String) -> Self {
        Self {
            shorter: Some(shorter),
            ..self
        }
    }

    fn width(&self) -> usize {
        cells::width(&self.text) + usize::from(GAP)
    }
}

/// The first two lines: the head and the state of things.
pub fn draw_head(model: &Model, canvas: &mut Canvas<'_>) {
    draw_title(model, canvas);
    if let Some((plant, elapsed)) = model.displayed() {
        draw_state(model, plant, elapsed, canvas);
    }
}

/// The banner in place of the second line, if there is something of which one says so; what is longer than a line goes on
/// over what stands below. Drawn last.
pub fn draw_banner(model: &Model, canvas: &mut Canvas<'_>) {
    let Some((banner, tone)) = banner(model) else {
        return;
    };
    let style = model.shown.style(tone);
    let width = canvas.width();
    let mut lines = cells::wrap(&banner, usize::from(width.saturating_sub(2)).max(2));
    // On the wall the figures matter more than why there are no newer ones.
    let most = if model.wall { 1 } else { MOST_BANNER_LINES };
    let left_out = lines.len() > most;
    lines.truncate(most);
    if left_out && let Some(last) = lines.last_mut() {
        last.push(model.shown.glyphs.ellipsis);
    }
    for (row, line) in (1..canvas.height()).zip(&lines) {
        let mut row = canvas.part(0, row, width, 1);
        row.clear(style);
        row.put(1, 0, width.saturating_sub(1), line, style);
    }
}

fn draw_title(model: &Model, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    canvas.style_row(0, shown.style(Tone::Header));
    let mut left = Vec::new();
    let mut right = Vec::new();
    if let Some((plant, elapsed)) = model.displayed() {
        let room = usize::from(canvas.width() / 4).max(16);
        let name = cells::fit(shown.localizer.name(&plant.name), room, shown.glyphs.ellipsis);
        left.push(Segment::new(name, Tone::Header, 0));
        let clock = plant.clock(elapsed);
        let local = plant.model.zone.local(clock);
        let format = if canvas.width() >= 110 {
            "%Y-%m-%d %H:%M:%S"
        } else {
            "%m-%d %H:%M:%S"
        };
        if let Some(shift) = &plant.state.shift {
            let slot = plant
                .model
                .shifts
                .get(shift.slot)
                .map(|slot| shown.localizer.name(&slot.name));
            let rotation = plant.model.rotation.as_ref();
            let crew = rotation
                .and_then(|rotation| rotation.crews.get(shift.crew?))
                .map(|crew| shown.localizer.name(crew));
            let words: Vec<&str> = slot.into_iter().chain(crew).collect();
            right.push(Segment::new(words.join(" "), Tone::Header, 3));
        }
        // Nobody sits at the wall.
        if let Some(actor) = model.actor.as_ref().filter(|_| !model.wall) {
            // In whose name one acts is the last to be left out.
            right.push(Segment::new(who(model, actor), Tone::Header, 1));
        }
        let time = match plant.state.time() {
            Some(_) => local.format(format).to_string(),
            None => shown.text(&Text::new("tui-no-time-yet")),
        };
        right.push(Segment::new(time, Tone::Header, 0));
        // The wall is told apart by its book alone.
        left.push(Segment::new(
            pane_name(model),
            Tone::Header,
            if model.wall { 1 } else { 4 },
        ));
        if plant.simulated {
            left.push(Segment::new(
                shown.text(&Text::new("tui-simulated")),
                Tone::Simulated,
                0,
            ));
        }
        if model.held.is_some() {
            left.push(Segment::new(shown.text(&Text::new("tui-held")), Tone::Frozen, 0));
        }
    } else {
        left.push(Segment::new("carbonwatch".to_owned(), Tone::Header, 0));
    }
    draw_line(model, canvas, 0, left, right);
}

/// Who sits here, and as what: a person as what they are themselves before what the post makes of them.
fn who(model: &Model, actor: &Actor) -> String {
    if actor.awaits_person() {
        return model.shown.text(&Text::new("tui-who-nobody"));
    }
    let plant_model = model.plant.as_ref().map(|plant| &plant.model);
    let person = plant_model.and_then(|model| model.person_of(actor));
    let name = model.shown.who(actor, person.map(|person| &person.name));
    let own = person.and_then(|person| Role::foremost(&person.roles));
    match own.or_else(|| Role::foremost(&actor.roles)) {
        Some(role) => model
            .shown
            .text(&Text::new("tui-who").with("name", name).with_text("role", role.text())),
        None => name,
    }
}

/// The book of which the wall tells.
fn book_name(model: &Model) -> Text {
    let totals = model.plant.as_ref().and_then(|plant| plant.totals(model.live.book));
    totals.map_or_else(
        || Text::new("tui-wall"),
        |totals| Text::new("tui-wall-book").with_name("name", &totals.name),
    )
}

fn pane_name(model: &Model) -> String {
    model.shown.text(&match model.overlays.last() {
        None if model.wall => book_name(model),
        None => model.pane.label(),
        Some(Overlay::Explain(_)) => Text::new("tui-pane-explain"),
        Some(Overlay::Chart(_)) => Text::new("tui-pane-chart"),
        Some(Overlay::Columns { .. }) => Text::new("tui-pane-columns"),
        Some(Overlay::Crews(_)) => Text::new("tui-pane-crews"),
        Some(Overlay::Figures(_)) => Text::new("tui-pane-figures"),
        Some(Overlay::Past(_)) => Text::new("tui-pane-past"),
        Some(Overlay::Due { .. }) => Text::new("tui-pane-due"),
        Some(Overlay::Lost { .. }) => Text::new("tui-pane-lost"),
        Some(Overlay::Help { .. }) => Text::new("tui-pane-help"),
        Some(Overlay::Plain { .. } | Overlay::Palette(_)) => Text::new("tui-pane-palette"),
        Some(Overlay::Jump(_)) => Text::new("tui-pane-jump"),
        Some(Overlay::Note(_)) => Text::new("tui-action-note"),
        Some(Overlay::Reason(_)) => Text::new("tui-pane-alarms"),
        Some(Overlay::Work(_) | Overlay::Dispose(_)) => Text::new("tui-pane-anomalies"),
        Some(Overlay::Signing(sheet)) => Text::new(match sheet.of {
            Signed::Handover { .. } => "tui-pane-handover",
            Signed::Month(_) => "tui-pane-plan",
        }),
        Some(Overlay::NoteClosing(_)) => Text::new("tui-pane-handover"),
        Some(Overlay::SignOn(_) | Overlay::Since(_)) => Text::new("tui-action-sign-on"),
    })
}

/// What everybody must know before reading anything else, if there is something, and how it looks.
fn banner(model: &Model) -> Option<(String, Tone)> {
    let shown = &model.shown;
    let alarm = |text: &Text| Some((shown.text(text), Tone::Banner));
    let last = |plant: &Plant| plant.model.zone.local(plant.state.now).format("%H:%M:%S").to_string();
    match (&model.link, &model.plant) {
        (LinkState::Down { why, retry_at, .. }, plant) => {
            // What a key came to is said all the same.
            if let Some(notice) = &model.notice {
                return alarm(&Text::new("tui-banner-lost-notice").with_text("notice", notice.clone()));
            }
            let left = retry_at.saturating_sub(model.elapsed).as_millis();
            let retry = shown.localizer.age(i64::try_from(left).unwrap_or(0));
            let text = match plant {
                Some(plant) => Text::new("tui-banner-lost").with("last", last(plant)),
                None => Text::new("tui-banner-unreachable"),
            };
            alarm(&text.with_text("why", why.clone()).with("retry", retry))
        }
        (LinkState::Connecting, _) | (LinkState::Up, None) => {
            Some((shown.text(&Text::new("tui-banner-connecting")), Tone::Advisory))
        }
        (LinkState::Up, Some(plant)) => match (&plant.state.refusing, &model.notice) {
            (Some(_), Some(notice)) => {
                alarm(&Text::new("tui-banner-refusing-notice").with_text("notice", notice.clone()))
            }
            (Some(why), None) => alarm(&Text::new("tui-banner-refusing").with_text("why", why.clone())),
            (None, Some(notice)) => Some((shown.text(notice), Tone::Frozen)),
            (None, None) => None,
        },
    }
}

fn draw_state(model: &Model, plant: &Plant, elapsed: std::time::Duration, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let state = &plant.state;
    let mut left = Vec::new();
    let silent = plant.silent(elapsed);
    left.push(if silent.as_secs() >= WORTH_SAYING {
        let age = shown
            .localizer
            .age(i64::try_from(silent.as_millis()).unwrap_or(i64::MAX));
        Segment::new(
            shown.text(&Text::new("tui-link-silent").with("age", age)),
            Tone::Warning,
            0,
        )
    } else {
        Segment::new(shown.text(&Text::new("tui-link-up")), Tone::Dim, 3)
    });
    let mut troubled = state
        .feeds
        .iter()
        .filter_map(|feed| feed.trouble.as_ref().map(|trouble| (feed, trouble)));
    let feeds = state.feeds.len();
    if let Some((feed, trouble)) = troubled.next() {
        let others = troubled.count();
        let text = Text::new("tui-feed-trouble")
            .with("feed", &feed.name)
            .with_text("trouble", trouble.clone())
            .with_count("others", others);
        left.push(Segment::new(shown.text(&text), Tone::Warning, 0));
    } else {
        let lag = state.feeds.iter().filter_map(|feed| feed.lag_ms).max();
        let text = match lag {
            Some(lag) => Text::new("tui-feeds-lag")
                .with_count("count", feeds)
                .with("lag", shown.localizer.age(lag)),
            None => Text::new("tui-feeds").with_count("count", feeds),
        };
        left.push(Segment::new(shown.text(&text), Tone::Dim, 4));
    }
    if state.chain_damaged.is_some() {
        left.push(Segment::new(
            shown.text(&Text::new("tui-chain-damaged")),
            Tone::Alarm,
            0,
        ));
    } else {
        let chain = Text::new("tui-chain")
            .with("head", &state.chain_head)
            .with("sequence", state.sequence);
        let shorter = Text::new("tui-chain-short").with("sequence", state.sequence);
        left.push(Segment::new(shown.text(&chain), Tone::Dim, 5).or(shown.text(&shorter)));
    }
    let space = Text::new("tui-free").with("size", bytes(state.free_bytes));
    let (tone, weight) = if state.free_bytes < LITTLE_SPACE {
        (Tone::Warning, 1)
    } else {
        (Tone::Dim, 6)
    };
    left.push(Segment::new(shown.text(&space), tone, weight));
    if state.time().is_some() {
        // The month that runs is open: none is closed before it is over.
        let month = plant.model.zone.local(plant.now(elapsed)).format("%Y-%m");
        let period = Text::new("tui-period-open").with("month", month);
        left.push(Segment::new(shown.text(&period), Tone::Dim, 7));
    }

    let attention = model.attention;
    let counts = [
        ('!', attention.impossible, Tone::Alarm),
        ('~', attention.beyond, Tone::Warning),
        ('?', attention.doubtful, Tone::Stale),
    ]
    .into_iter()
    .map(|(mark, count, tone)| Segment::new(format!("{mark}{count}"), if count > 0 { tone } else { Tone::Dim }, 0));
    let due = (attention.due > 0).then(|| {
        let text = Text::new("tui-due").with("count", attention.due);
        Segment::new(shown.text(&text), Tone::Warning, 2)
    });
    let unsigned = state.unsigned.as_ref().map(|_| {
        let text = Text::new("tui-handover-unsigned");
        Segment::new(shown.text(&text), Tone::Warning, 2)
    });
    // However little room there is: in a flood nothing else is more urgent to know.
    let flood = state.flooded.lasts.map(|flood| {
        let text = Text::new("tui-alarm-flood-head").with("count", flood.alarms);
        Segment::new(shown.text(&text), Tone::Alarm, 0)
    });
    let right = flood.into_iter().chain(unsigned).chain(due).chain(counts).collect();
    draw_line(model, canvas, 1, left, right);
}

/// Bytes in the largest fitting binary unit, cut to a whole number.
fn bytes(count: u64) -> String {
    let mut count = count;
    for unit in ["B", "KiB", "MiB", "GiB"] {
        if count < 10_000 {
            return format!("{count} {unit}");
        }
        count /= 1024;
    }
    format!("{count} TiB")
}

/// The last line: the panes, then the keys of where one is.
pub fn draw_foot(model: &Model, canvas: &mut Canvas<'_>) {
    let column = draw_bar(model, canvas);
    draw_hints(model, canvas, column);
}

/// The panes of one's role with their keys; gives the column after them. Nothing where those keys would be typed.
fn draw_bar(model: &Model, canvas: &mut Canvas<'_>) -> u16 {
    if model.wall {
        return 0;
    }
    let shown = &model.shown;
    let context = model.context();
    let entries: Vec<(Pane, String, String)> = model
        .panes()
        .filter_map(|pane| {
            let key = shown.keymap.key_of(context, pane.action())?;
            Some((pane, key.to_string(), shown.text(&pane.label())))
        })
        .collect();
    if entries.is_empty() {
        return 0;
    }
    // Where all names leave too little of the line for the keys of where one is, those of the panes stand without them.
    let width = |(_, key, label): &(Pane, String, String)| cells::width(key) + cells::width(label) + 2;
    let names = entries.iter().map(width).sum::<usize>() + usize::from(GAP);
    let named = names + LEAST_FOR_HINTS <= usize::from(canvas.width());
    let room = canvas.width();
    let mut column = 0;
    for (pane, key, label) in entries {
        let here = pane == model.pane;
        let (key_tone, label_tone) = if here {
            (Tone::Selected, Tone::Selected)
        } else {
            (Tone::Key, Tone::Dim)
        };
        column = canvas.put(column, 0, room, &key, shown.style(key_tone));
        if here || named {
            column = canvas.put(column, 0, room, &format!(" {label}"), shown.style(label_tone));
        }
        if pane == Pane::Alarms {
            column = draw_owed(model, canvas, column);
        }
        column += 1;
    }
    canvas.set(column, 0, shown.glyphs.column_rule, shown.style(Tone::Rule));
    column + 2
}

/// How many alarms nobody has answered for, if there are any; gives the column after it.
fn draw_owed(model: &Model, canvas: &mut Canvas<'_>, column: u16) -> u16 {
    let tally = model.alarms.tally;
    if tally.unacknowledged == 0 {
        return column;
    }
    let tone = if tally.pressing > 0 { Tone::Alarm } else { Tone::Warning };
    let count = if tally.unacknowledged > MOST_OWED {
        format!("*{MOST_OWED}+")
    } else {
        format!("*{}", tally.unacknowledged)
    };
    let room = canvas.width();
    canvas.put(column, 0, room, &count, model.shown.style(tone))
}

/// The keys of where one is, from a column on.
fn draw_hints(model: &Model, canvas: &mut Canvas<'_>, from: u16) {
    let shown = &model.shown;
    let context = model.context();
    let does_something = |action: Action| match action {
        Action::Language => shown.chinese_drawable,
        Action::SendAll => {
            let open = model.entry.open.as_ref();
            open.is_some_and(|open| open.unsent_columns().len() > 1)
        }
        // What is hidden is brought back; what is shown is answered for, or hidden.
        Action::Unshelve | Action::ReturnToService => model.alarms.hidden,
        Action::Acknowledge | Action::AcknowledgeShown | Action::Shelve | Action::RemoveFromService => {
            !model.alarms.hidden
        }
        _ => true,
    };
    let bindings: Vec<_> = shown
        .keymap
        .bindings(context)
        .filter(|binding| binding.hint && does_something(binding.action))
        .collect();
    let mut hints: Vec<(String, String)> = bindings
        .iter()
        .filter_map(|binding| Some((binding.keys.first()?.to_string(), shown.text(&binding.action.label()))))
        .collect();
    let width = |(key, label): &(String, String)| cells::width(key) + 1 + cells::width(label) + usize::from(GAP);
    // The last ones are how to get help and how to leave: what is left out is what stands before them.
    let kept = if context.is_text_field() { 0 } else { 2 };
    let room = usize::from(canvas.width().saturating_sub(from) + GAP);
    while hints.iter().map(width).sum::<usize>() > room && hints.len() > kept {
        hints.remove(hints.len() - kept - 1);
    }
    let mut column = from;
    for (key, label) in hints {
        let room = canvas.width();
        column = canvas.put(column, 0, room, &key, shown.style(Tone::Key)) + 1;
        column = canvas.put(column, 0, room, &label, shown.style(Tone::Dim)) + GAP;
    }
}

fn draw_line(model: &Model, canvas: &mut Canvas<'_>, row: u16, left: Vec<Segment>, right: Vec<Segment>) {
    let mut segments: Vec<(bool, Segment)> = left.into_iter().map(|segment| (false, segment)).collect();
    segments.extend(right.into_iter().map(|segment| (true, segment)));
    let total = |segments: &[(bool, Segment)]| segments.iter().map(|(_, segment)| segment.width()).sum::<usize>();
    while total(&segments) > usize::from(canvas.width()) {
        let mut long = segments.iter_mut().filter(|(_, segment)| segment.shorter.is_some());
        if let Some((_, segment)) = long.next() {
            segment.text = segment.shorter.take().unwrap_or_default();
            continue;
        }
        let heaviest = segments
            .iter()
            .enumerate()
            .max_by_key(|(_, (_, segment))| segment.weight)
            .filter(|(_, (_, segment))| segment.weight > 0)
            .map(|(place, _)| place);
        let Some(place) = heaviest else { break };
        segments.remove(place);
    }
    let on_right: usize = segments
        .iter()
        .filter(|(right, _)| *right)
        .map(|(_, segment)| segment.width())
        .sum();
    let border = canvas
        .width()
        .saturating_sub(u16::try_from(on_right).unwrap_or(u16::MAX))
        .saturating_sub(1);
    let (mut from_left, mut from_right) = (1, border + GAP);
    for (right, segment) in segments {
        let style = model.shown.style(segment.tone);
        if right {
            let room = canvas.width();
            from_right = canvas.put(from_right, row, room, &segment.text, style) + GAP;
        } else {
            let room = border.saturating_sub(from_left);
            from_left = canvas.put(from_left, row, room, &segment.text, style) + GAP;
        }
    }
}
