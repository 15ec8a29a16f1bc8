//! The audit log (审计日志): the journal's records, newest first, with the state of the chain above and the selected record
//! in full below.

use ratatui::layout::Size;

use super::super::log::Missing;
use super::super::model::Model;
use super::super::plant::Plant;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::{ABOVE, BELOW, filter};
use crate::domain::identity::Sequence;
use crate::domain::text::{Text, clean};
use crate::domain::time::PlantZone;
use crate::engine::event::RecordKind;
use crate::wire::live::known_time;
use crate::wire::records::{ChainView, KindFilter, RecordView};

/// Rows above the list: the chain, the headings.
const HEADING: u16 = 2;

/// Screens from this height on show more of the selected record.
const ROOMY: u16 = 40;

/// Screens from this width on show from where a record came, and its number.
const WIDE: u16 = 110;

/// Hex digits of a digest that tell one record from the next.
const SHORT_HASH: usize = 8;

/// Rows of the selected record below the list, with the rule above them.
const fn below(height: u16) -> u16 {
    if height >= ROOMY { 9 } else { 4 }
}

/// How many rows the list has on a screen of a size.
pub fn body_height(size: Size) -> usize {
    usize::from(size.height.saturating_sub(ABOVE + BELOW + HEADING + below(size.height)))
}

/// Where the columns begin and how wide they are.
struct Columns {
    sequence: (u16, u16),
    when: (u16, u16),
    who: (u16, u16),
    kind: (u16, u16),
    from: (u16, u16),
    what: (u16, u16),
    hash: (u16, u16),
}

impl Columns {
    fn new(width: u16) -> Self {
        let wide = width >= WIDE;
        let after = |(column, room): (u16, u16)| column + room + u16::from(room > 0);
        let sequence = (1, if wide { 11 } else { 0 });
        let when = (after(sequence), if wide { 19 } else { 14 });
        let who = (after(when), if wide { 14 } else { 11 });
        let kind = (after(who), 10);
        let from = (after(kind), if wide { width / 8 } else { 0 });
        let hash = u16::try_from(SHORT_HASH).unwrap_or(8);
        let at = after(from);
        let what = (at, width.saturating_sub(at + hash + 1));
        Self {
            sequence,
            when,
            who,
            kind,
            from,
            what,
            hash: (width.saturating_sub(hash), hash),
        }
    }
}

/// Draws the pane; gives where the filter's cursor stands.
pub fn draw(model: &Model, canvas: &mut Canvas<'_>) -> (u16, u16) {
    let shown = &model.shown;
    let width = canvas.width();
    let Some((plant, _)) = model.displayed() else {
        return canvas.on_screen(0, 0);
    };
    if let Some(chain) = &model.log.chain {
        draw_chain(model, chain, canvas);
    }
    let columns = Columns::new(width);
    for (text, (column, room)) in [
        ("tui-log-sequence", columns.sequence),
        ("tui-log-when", columns.when),
        ("tui-log-who", columns.who),
        ("tui-log-kind", columns.kind),
        ("tui-log-from", columns.from),
        ("tui-log-what", columns.what),
        ("tui-log-hash", columns.hash),
    ] {
        canvas.put(column, 1, room, &shown.text(&Text::new(text)), shown.style(Tone::Title));
    }
    let rows = body_height(model.size);
    let rows = u16::try_from(rows).unwrap_or(0);
    let listed = model.log.records.iter().enumerate().skip(model.log.top);
    for (line, (place, record)) in (HEADING..HEADING + rows).zip(listed) {
        draw_record(model, plant, record, place == model.log.cursor, line, &columns, canvas);
    }
    if model.log.records.is_empty() {
        canvas.put(
            2,
            HEADING,
            width,
            &shown.text(&nothing(model)),
            shown.style(Tone::Advisory),
        );
    }
    let rule = HEADING + rows;
    let cursor = draw_rule(model, &mut canvas.part(0, rule, width, 1));
    let mut detail = canvas.part(0, rule + 1, width, below(model.size.height) - 1);
    if let Some(record) = model.log.selected() {
        draw_detail(model, record, &mut detail);
    }
    cursor
}

/// Why no record is listed.
fn nothing(model: &Model) -> Text {
    let log = &model.log;
    match (&log.refused, &log.chain) {
        (Some(why), _) => Text::new("tui-log-refused").with_text("why", why.clone()),
        (None, None) => Text::new("tui-log-awaited"),
        (None, Some(_)) if log.missing == Missing::Everything || log.asked.is_some() => Text::new("tui-log-looking"),
        (None, Some(chain)) if chain.head == Sequence(0) => Text::new("tui-log-empty"),
        (None, Some(chain)) if log.oldest.0 > 1 => Text::new("tui-log-none-yet")
            .with("from", log.oldest)
            .with("to", chain.head),
        (None, Some(_)) => Text::new("tui-log-none"),
    }
}

/// The state of the chain: what is wrong with it comes first.
fn draw_chain(model: &Model, chain: &ChainView, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let mut column = 1;
    let mut put = |text: &Text, tone: Tone| {
        column = canvas.put(
            column,
            0,
            width.saturating_sub(column),
            &shown.text(text),
            shown.style(tone),
        ) + 2;
    };
    if let Some(damaged) = &chain.damaged {
        put(damaged, Tone::Alarm);
    }
    let digits = if width >= WIDE { 64 } else { 16 };
    let head: String = chain.digest.chars().take(digits).collect();
    let records = Text::new("tui-log-chain")
        .with_count("count", chain.head.0)
        .with("records", grouped(chain.head.0))
        .with("head", head);
    put(&records, Tone::Dim);
    match chain.sealed_through {
        Some(month) => put(&Text::new("tui-log-sealed").with("month", month), Tone::Dim),
        None => put(&Text::new("tui-log-not-sealed"), Tone::Dim),
    }
    if chain.damaged.is_none() {
        put(&Text::new("tui-log-whole"), Tone::Dim);
    }
}

fn grouped(count: u64) -> String {
    crate::locale::figures::counted(i64::try_from(count).unwrap_or(i64::MAX), 0)
}

/// What is said of a kind in a narrow column.
pub(in crate::tui) fn kind_label(kind: &str) -> Text {
    let Some(kind) = RecordKind::of(kind) else {
        return Text::new("tui-log-kind-unknown");
    };
    Text::new(match kind {
        RecordKind::Correction => "tui-log-kind-correction",
        RecordKind::Withdrawal => "tui-log-kind-withdrawal",
        RecordKind::MeterChange => "tui-log-kind-meter-change",
        RecordKind::Apply => "tui-log-kind-apply",
        RecordKind::Adopt => "tui-log-kind-adopt",
        RecordKind::Restore => "tui-log-kind-restore",
        RecordKind::Seal => "tui-log-kind-seal",
        RecordKind::Note => "tui-log-kind-note",
        RecordKind::NoteClosing => "tui-log-kind-note-closing",
        RecordKind::Alarm => "tui-log-kind-alarm",
        RecordKind::Anomaly => "tui-log-kind-anomaly",
        RecordKind::AnomalyFound => "tui-log-kind-anomaly-found",
        RecordKind::Document => "tui-log-kind-document",
        RecordKind::SecondCheck => "tui-log-kind-second-check",
        RecordKind::Approval => "tui-log-kind-approval",
        RecordKind::Handover => "tui-log-kind-handover",
        RecordKind::Closing => "tui-log-kind-closing",
        RecordKind::Filling => "tui-log-kind-filling",
        RecordKind::SignOn => "tui-log-kind-sign-on",
        RecordKind::SignOff => "tui-log-kind-sign-off",
        RecordKind::Pin => "tui-log-kind-pin",
        RecordKind::Readings => "tui-log-kind-readings",
        RecordKind::Dropped => "tui-log-kind-dropped",
        RecordKind::Unreadable => "tui-log-kind-unreadable",
    })
}

/// How a kind looks: what machines bring stays in the background, what is wrong does not.
fn kind_tone(kind: &str) -> Tone {
    match kind {
        "readings" | "dropped" | "sign-on" | "sign-off" => Tone::Dim,
        "unreadable" | "unknown" => Tone::Alarm,
        _ => Tone::Text,
    }
}

fn who(model: &Model, record: &RecordView) -> String {
    let Some(actor) = &record.actor else {
        return "--".to_owned();
    };
    let named = model.plant.as_ref().and_then(|plant| plant.model.name_of(actor));
    model.shown.who(actor, named)
}

fn when(zone: &PlantZone, record: &RecordView, full: bool) -> String {
    let format = if full { "%Y-%m-%d %H:%M:%S" } else { "%m-%d %H:%M:%S" };
    record
        .at
        .and_then(known_time)
        .map_or_else(|| "--".to_owned(), |at| zone.local(at).format(format).to_string())
}

/// What a record did, with what was before and what is after.
fn what(model: &Model, record: &RecordView) -> String {
    let texts = record.changes.iter().chain([&record.what]).cloned();
    Text::joined(texts).map_or_else(String::new, |text| model.shown.text(&text))
}

/// Whether somebody did it since whoever is signed on sat here last.
fn is_new_deed(model: &Model, record: &RecordView) -> bool {
    let since = model.log.since.is_some_and(|since| record.sequence > since);
    let by_people = model.log.kinds == KindFilter::ByPeople || record.kind != "readings";
    since && by_people && !matches!(record.kind.as_str(), "sign-on" | "sign-off" | "dropped")
}

fn draw_record(
    model: &Model,
    plant: &Plant,
    record: &RecordView,
    selected: bool,
    line: u16,
    columns: &Columns,
    canvas: &mut Canvas<'_>,
) {
    let shown = &model.shown;
    let style = |tone: Tone| shown.style(if selected { Tone::Selected } else { tone });
    if selected {
        canvas.style_row(line, style(Tone::Selected));
        canvas.set(0, line, shown.glyphs.cursor, style(Tone::Selected));
    } else if is_new_deed(model, record) {
        canvas.set(0, line, '+', style(Tone::Title));
    }
    let tone = kind_tone(&record.kind);
    let wide = columns.sequence.1 > 0;
    canvas.put_right(
        columns.sequence.0,
        line,
        columns.sequence.1,
        &record.sequence.to_string(),
        style(Tone::Dim),
    );
    let mut put = |(column, room): (u16, u16), text: &str, tone: Tone| {
        canvas.put(column, line, room, text, style(tone));
    };
    put(columns.when, &when(&plant.model.zone, record, wide), tone);
    put(columns.who, &who(model, record), tone);
    put(columns.kind, &shown.text(&kind_label(&record.kind)), tone);
    put(columns.from, &record.from, Tone::Dim);
    put(columns.what, &what(model, record), tone);
    let hash: String = record.hash.chars().take(SHORT_HASH).collect();
    put(columns.hash, &hash, Tone::Dim);
}

/// The rule below the list, with what decides the list on it; gives where the filter's cursor stands.
fn draw_rule(model: &Model, canvas: &mut Canvas<'_>) -> (u16, u16) {
    let shown = &model.shown;
    let log = &model.log;
    canvas.rule(0, shown.glyphs.rule, shown.style(Tone::Rule));
    let room = canvas.width();
    let mut column = 2;
    let mut put = |canvas: &mut Canvas<'_>, text: &Text, tone: Tone| {
        let text = format!(" {} ", shown.text(text));
        column = canvas.put(column, 0, room, &text, shown.style(tone)) + 1;
    };
    let head = model.plant.as_ref().map_or(Sequence(0), |plant| plant.state.sequence);
    // Those that are held above what is seen, and those that are not fetched; of these nobody knows yet which fit.
    let unseen = if log.wanted().is_all() { log.unseen(head) } else { 0 };
    let newer = unseen.saturating_add(u64::try_from(log.top).unwrap_or(0));
    if log.following {
        put(canvas, &Text::new("tui-log-following"), Tone::Dim);
    } else if newer > 0 && log.chain.is_some() {
        let text = Text::new("tui-log-newer").with("count", grouped(newer));
        put(canvas, &text, Tone::Advisory);
    }
    let (kinds, tone) = match &log.kinds {
        KindFilter::All => (Text::new("tui-log-all"), Tone::Dim),
        KindFilter::ByPeople => (Text::new("tui-log-by-people"), Tone::Advisory),
        KindFilter::Only(kind) => (kind_label(kind), Tone::Advisory),
    };
    put(canvas, &kinds, tone);
    if log.missing == Missing::Everything || (log.asked.is_some() && !log.wanted().is_all()) {
        put(canvas, &Text::new("tui-log-looking"), Tone::Dim);
    } else if log.oldest.0 > 1 {
        let text = Text::new("tui-log-looked").with("from", grouped(log.oldest.0));
        put(canvas, &text, Tone::Dim);
    }
    filter::draw(model, &log.filter, log.filtering, column, canvas)
}

/// The lines of a record in full, with their looks.
fn detail_lines(model: &Model, record: &RecordView, digits: usize) -> Vec<(String, Tone)> {
    let shown = &model.shown;
    let zone = model.displayed().map_or(PlantZone::UTC, |(plant, _)| plant.model.zone);
    let name = match &record.actor {
        Some(actor) => {
            let post = format!("{} ({})", clean(&actor.user), actor.uid);
            match &actor.person {
                Some(number) => match who(model, record) {
                    name if name == *number => format!("{name}, {post}"),
                    name => format!("{name} {}, {post}", clean(number)),
                },
                None => post,
            }
        }
        None => "--".to_owned(),
    };
    let mut first = shown.text(
        &Text::new("tui-log-detail")
            .with("sequence", record.sequence)
            .with("when", when(&zone, record, true))
            .with("who", name),
    );
    if !record.from.is_empty() {
        let from = shown.text(&Text::new("tui-log-detail-from").with("from", &record.from));
        first.push_str("  ");
        first.push_str(&from);
    }
    if !record.hash.is_empty() {
        let hash: String = record.hash.chars().take(digits).collect();
        first.push_str("  ");
        first.push_str(&shown.text(&Text::new("tui-log-detail-chain").with("hash", hash)));
    }
    let mut lines = vec![(first, Tone::Dim), (shown.text(&record.what), kind_tone(&record.kind))];
    lines.extend(record.changes.iter().map(|change| (shown.text(change), Tone::Text)));
    lines
}

fn draw_detail(model: &Model, record: &RecordView, canvas: &mut Canvas<'_>) {
    let width = canvas.width();
    let digits = if width >= WIDE { 64 } else { SHORT_HASH };
    let room = usize::from(width.saturating_sub(2)).max(2);
    let mut lines = detail_lines(model, record, digits).into_iter();
    let first = lines.next();
    let wrapped = lines.flat_map(|(text, tone)| cells::wrap(&text, room).into_iter().map(move |line| (line, tone)));
    for (row, (text, tone)) in (0..canvas.height()).zip(first.into_iter().chain(wrapped)) {
        canvas.put(1, row, width.saturating_sub(1), &text, model.shown.style(tone));
    }
}

/// The selected record as text.
pub fn as_text(model: &Model) -> Option<String> {
    let record = model.log.selected()?;
    let (plant, _) = model.displayed()?;
    let time = when(&plant.model.zone, record, true);
    let lines = detail_lines(model, record, usize::MAX)
        .into_iter()
        .map(|(text, _)| text);
    Some(std::iter::once(time).chain(lines).collect::<Vec<_>>().join("\n"))
}

/// A record as a row of a table.
pub fn table_row(model: &Model, record: &RecordView) -> Vec<String> {
    let zone = model.displayed().map_or(PlantZone::UTC, |(plant, _)| plant.model.zone);
    vec![
        record.sequence.to_string(),
        when(&zone, record, true),
        who(model, record),
        model.shown.text(&kind_label(&record.kind)),
        record.from.clone(),
        what(model, record),
        record.hash.clone(),
    ]
}
