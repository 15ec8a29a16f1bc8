//! Everything that is known of the selected anomaly: beside the list, or in few lines below it.

use std::collections::BTreeSet;

use super::super::super::anomalies::{FLOOD, neighbours};
use super::super::super::model::{Model, Wanted};
use super::super::super::plant::Plant;
use super::super::super::theme::Tone;
use super::super::super::widgets::canvas::Canvas;
use super::super::super::widgets::cells;
use super::super::detail::{Card, Line, draw_card, draw_in_lines, name_of, person, tag_of};
use super::super::note::short;
use super::stake_of;
use super::words::{cause, days_left, settled, why_of};
use super::{NEAR_DAYS, awaits_decision};
use crate::domain::identity::NodeId;
use crate::domain::note::About;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Instant;
use crate::engine::anomalies::Entry;
use crate::engine::view::{AnomalyView, NoteView};
use crate::locale::figures;

/// Most rows of one thing beside the list.
const MOST_ROWS: usize = 6;

/// Most rows of one thing below it.
const MOST_ROWS_BELOW: usize = 2;

/// Most courses that are drawn: its own and its neighbours'.
const MOST_COURSES: usize = 4;

/// Most of them below the list.
const MOST_COURSES_BELOW: usize = 2;

/// Cells that the notes' label and how many more there are take.
const ROOM_FOR_MORE: usize = 24;

/// Most similar cases, entries and notes that are told one by one.
const MOST_TOLD: usize = 4;

pub(super) fn card_of<'a>(
    model: &Model,
    plant: &Plant,
    anomaly: &AnomalyView,
    now: Instant,
    named: &'a (String, String),
    most: usize,
) -> Card<'a> {
    Card {
        tag: &named.0,
        name: &named.1,
        lines: lines(model, plant, anomaly, now, most),
        most_rows: MOST_ROWS,
    }
}

pub(super) fn named(model: &Model, plant: &Plant, anomaly: &AnomalyView) -> (String, String) {
    let tag = tag_of(plant, anomaly.parameter);
    (
        format!("#{} {tag}", anomaly.anomaly),
        name_of(model, plant, anomaly.parameter),
    )
}

/// Draws it beside the list.
pub(super) fn draw_beside(
    model: &Model,
    plant: &Plant,
    selected: Option<&AnomalyView>,
    now: Instant,
    canvas: &mut Canvas<'_>,
) {
    let selected = selected.map(|anomaly| (anomaly, named(model, plant, anomaly)));
    let card = selected
        .as_ref()
        .map(|(anomaly, named)| card_of(model, plant, anomaly, now, named, MOST_COURSES));
    draw_card(model, card, canvas);
}

/// Draws it below the list.
pub(super) fn draw_below(model: &Model, plant: &Plant, anomaly: &AnomalyView, now: Instant, canvas: &mut Canvas<'_>) {
    let named = named(model, plant, anomaly);
    let card = card_of(model, plant, anomaly, now, &named, MOST_COURSES_BELOW);
    draw_in_lines(model, &card, MOST_ROWS_BELOW, canvas);
}

/// The selected anomaly as text, a line each.
pub fn as_text(model: &Model) -> Option<String> {
    let (plant, elapsed) = model.displayed()?;
    let anomaly = plant.anomalies.get(&model.anomalies.selected?)?;
    let (tag, name) = named(model, plant, anomaly);
    let lines = lines(model, plant, anomaly, plant.now(elapsed), MOST_COURSES);
    let lines = lines
        .iter()
        .map(|(label, text, _)| format!("{}: {text}", model.shown.text(label)));
    let heading = format!("{tag} {name}");
    Some(std::iter::once(heading).chain(lines).collect::<Vec<_>>().join("\n"))
}

/// What there is to say of it, the most important first: below the list there is room for little.
fn lines(model: &Model, plant: &Plant, anomaly: &AnomalyView, now: Instant, most: usize) -> Vec<Line> {
    let shown = &model.shown;
    let signs = &anomaly.signs;
    let tone = if awaits_decision(anomaly) {
        Tone::Warning
    } else {
        Tone::Text
    };
    let found = format!(
        "{}: {}",
        shown.text(&signs.check().text()),
        why_of(model, plant, anomaly)
    );
    let mut lines = vec![(Text::new("tui-anomaly-found"), found, tone)];
    lines.extend(super::courses::lines(model, plant, anomaly, most));
    lines.extend(of_group(model, plant, anomaly, now));
    lines.extend(of_decision(model, plant, anomaly, now));
    lines.extend(of_notes(model, plant, anomaly, now, most));
    lines.push(state(model, plant, anomaly, now));
    lines.extend(of_value(model, plant, anomaly));
    lines.extend(of_time(model, plant, anomaly, now));
    lines.extend(of_work(model, plant, anomaly, now));
    lines.extend(of_background(model, plant, anomaly, now));
    lines
}

/// Of a folded group, what belongs to it: how many, of how many equipments, from when to when.
fn of_group(model: &Model, plant: &Plant, anomaly: &AnomalyView, now: Instant) -> Option<Line> {
    let members = model.anomalies.listing.folded.get(&anomaly.anomaly)?;
    let views = || members.iter().filter_map(|id| plant.anomalies.get(id));
    let nodes: BTreeSet<NodeId> = views()
        .filter_map(|view| Some(plant.parameter_of(view.parameter)?.node))
        .collect();
    let last = views().map(|view| view.signs.from).max()?;
    let amount = figures::tonnes(stake_of(plant, members), 3);
    let zone = &plant.model.zone;
    let text = Text::new("tui-anomaly-group")
        .with_count("count", members.len())
        .with_count("nodes", nodes.len())
        .with("from", short(zone, anomaly.signs.from, now))
        .with("to", short(zone, last, now))
        .with("first", tag_of(plant, anomaly.parameter))
        .with("amount", amount);
    let tone = if members.len() >= FLOOD {
        Tone::Warning
    } else {
        Tone::Advisory
    };
    Some((Text::new("tui-anomaly-together"), model.shown.text(&text), tone))
}

fn state(model: &Model, plant: &Plant, anomaly: &AnomalyView, now: Instant) -> Line {
    let shown = &model.shown;
    let work = &anomaly.work;
    let mut words = vec![shown.text(&work.stage.text()), shown.text(&anomaly.signs.flag.text())];
    if !work.found {
        words.push(shown.text(&Text::new("tui-anomaly-mark-gone")));
    } else if anomaly.signs.going {
        words.push(shown.text(&Text::new("tui-anomaly-mark-going")));
    }
    if let Some(holder) = &work.holder {
        let text = Text::new("tui-anomaly-holder")
            .with("name", person(model, plant, &holder.name))
            .with("age", shown.localizer.age(now.since(holder.at)));
        words.push(shown.text(&text));
    }
    (Text::new("tui-detail-state"), words.join(", "), Tone::Text)
}

fn of_decision(model: &Model, plant: &Plant, anomaly: &AnomalyView, now: Instant) -> Option<Line> {
    let decided = anomaly.work.settled.as_ref()?;
    let text = Text::new("tui-anomaly-decided-by")
        .with("what", settled(model, plant, decided))
        .with("name", person(model, plant, &decided.by.name))
        .with("at", short(&plant.model.zone, decided.by.at, now))
        .with("record", decided.record);
    Some((Text::new("tui-anomaly-decided"), model.shown.text(&text), Tone::Title))
}

fn of_value(model: &Model, plant: &Plant, anomaly: &AnomalyView) -> Vec<Line> {
    // What is no value of the parameter is told in the words.
    if !anomaly.signs.rule.is_in_unit() {
        return Vec::new();
    }
    let unit = match &anomaly.signs.related {
        Some(related) => clean(&related.unit).into_owned(),
        None => plant
            .parameter_of(anomaly.parameter)
            .map_or_else(String::new, |parameter| {
                model.shown.localizer.unit(&parameter.unit).into_owned()
            }),
    };
    [
        (Text::new("tui-detail-value"), anomaly.signs.value),
        (Text::new("tui-detail-limit"), anomaly.signs.limit),
    ]
    .into_iter()
    .filter_map(|(label, value)| {
        let value = figures::decimal(value?.normalize());
        Some((label, format!("{value} {unit}"), Tone::Text))
    })
    .collect()
}

fn of_time(model: &Model, plant: &Plant, anomaly: &AnomalyView, now: Instant) -> Vec<Line> {
    let shown = &model.shown;
    let (zone, signs) = (&plant.model.zone, &anomaly.signs);
    let lasted = shown.localizer.age(signs.to.since(signs.from));
    let from = short(zone, signs.from, now);
    let time = if signs.to <= signs.from {
        from
    } else {
        format!("{from} .. {} ({lasted})", short(zone, signs.to, now))
    };
    let days = days_left(anomaly, now);
    let due = Text::new("tui-anomaly-due-in")
        .with("at", short(zone, anomaly.due, now))
        .with_count("days", days);
    let near = if days <= NEAR_DAYS { Tone::Warning } else { Tone::Text };
    let amount = format!("{} tCO2e", figures::tonnes(i128::from(signs.stake_mg), 3));
    vec![
        (Text::new("tui-anomaly-time"), time, Tone::Text),
        (Text::new("tui-anomaly-stake-of"), amount, Tone::Title),
        (Text::new("tui-anomaly-deadline"), shown.text(&due), near),
    ]
}

fn of_work(model: &Model, plant: &Plant, anomaly: &AnomalyView, now: Instant) -> Vec<Line> {
    let shown = &model.shown;
    let mut lines = Vec::new();
    if anomaly.before > 0 {
        let text = Text::new("tui-anomaly-before-count").with_count("count", anomaly.before);
        lines.push((Text::new("tui-anomaly-before-label"), shown.text(&text), Tone::Text));
    }
    if let Some(last) = &anomaly.last {
        lines.push((
            Text::new("tui-anomaly-last"),
            entry(model, plant, last, now),
            Tone::Text,
        ));
    }
    if let Some(evidence) = &anomaly.evidence {
        let label = Text::new("tui-anomaly-line-evidence");
        lines.push((label, clean(evidence).into_owned(), Tone::Text));
    }
    if let Some(number) = &anomaly.nonconformity {
        let label = Text::new("tui-anomaly-nonconformity");
        lines.push((label, clean(number).into_owned(), Tone::Advisory));
    }
    lines
}

/// What somebody did with it, and what they said.
fn entry(model: &Model, plant: &Plant, entry: &Entry, now: Instant) -> String {
    let deed = model.shown.text(&entry.deed.text());
    let by = person(model, plant, &entry.by);
    let at = short(&plant.model.zone, entry.at, now);
    let cause_of = entry.deed.cause().map(|number| cause(model, plant, number));
    let evidence = entry.deed.evidence().map(|evidence| {
        let text = Text::new("tui-anomaly-evidence-of").with("evidence", clean(evidence));
        model.shown.text(&text)
    });
    let written = |text: Option<&str>| text.map(|text| clean(text).into_owned());
    let said: Vec<String> = [
        cause_of,
        written(entry.deed.comment()),
        evidence,
        written(entry.deed.nonconformity()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if said.is_empty() {
        format!("{at} {by} {deed}")
    } else {
        format!("{at} {by} {deed}: {}", said.join(", "))
    }
}

/// What the daemon told when it was asked: similar cases, what was done before.
fn of_background(model: &Model, plant: &Plant, anomaly: &AnomalyView, now: Instant) -> Vec<Line> {
    let shown = &model.shown;
    let known = model.anomalies.background.as_ref();
    let Some(known) = known.filter(|known| known.anomaly == anomaly.anomaly) else {
        return Vec::new();
    };
    let label = || Text::new("tui-anomaly-similar");
    let mut lines = Vec::new();
    match &known.history {
        Some(Wanted::Here(history)) => {
            let similar = history.similar.iter().take(MOST_TOLD);
            let told: Vec<String> = similar
                .map(|other| similar_case(model, plant, anomaly, other, now))
                .collect();
            let (told, tone) = if told.is_empty() {
                (shown.text(&Text::new("tui-anomaly-similar-none")), Tone::Dim)
            } else {
                (told.join("; "), Tone::Text)
            };
            lines.push((label(), told, tone));
            // The last of them is told already.
            let earlier = history.log.iter().rev().skip(1).take(MOST_TOLD);
            let told: Vec<String> = earlier.map(|done| entry(model, plant, done, now)).collect();
            if !told.is_empty() {
                lines.push((Text::new("tui-anomaly-log"), told.join("; "), Tone::Text));
            }
        }
        Some(Wanted::Refused(why)) => lines.push((label(), shown.text(why), Tone::Advisory)),
        Some(Wanted::Awaited(_)) | None => {}
    }
    lines
}

/// What was noted in the time that the trends show, of its parameter and of those beside it, the newest first. Below the list
/// one stands for all, so that it is seen that there are any.
fn of_notes(model: &Model, plant: &Plant, anomaly: &AnomalyView, now: Instant, most: usize) -> Option<Line> {
    let shown = &model.shown;
    let known = model.anomalies.background.as_ref();
    let known = known.filter(|known| known.anomaly == anomaly.anomaly)?;
    let Some(Wanted::Here(found)) = &known.notes else {
        return None;
    };
    let beside = neighbours(plant, anomaly);
    let concerns = |note: &&NoteView| {
        let mut about = beside.iter().map(|parameter| About::Parameter(*parameter));
        about.any(|about| note.about.concerns(about, &plant.model))
    };
    let notes: Vec<&NoteView> = found.notes.iter().rev().filter(concerns).collect();
    let told = |note: &NoteView| {
        let at = short(&plant.model.zone, note.at, now);
        let by = shown.who(&note.by, note.name.as_ref());
        // Whose it is goes without saying where it is its own.
        let of = match note.about {
            About::Parameter(other) if other != anomaly.parameter => format!("{} ", tag_of(plant, other)),
            _ => String::new(),
        };
        format!("{at} {of}{} ({by})", clean(&note.text))
    };
    let is_below = most == MOST_COURSES_BELOW;
    let most = if is_below { 1 } else { MOST_TOLD };
    let mut text = notes
        .iter()
        .take(most)
        .map(|note| told(note))
        .collect::<Vec<_>>()
        .join("; ");
    if text.is_empty() {
        return None;
    }
    if is_below {
        let room = usize::from(model.size.width).saturating_sub(ROOM_FOR_MORE);
        text = cells::fit(&text, room.max(2), shown.glyphs.ellipsis);
    }
    let left = notes.len().saturating_sub(most);
    if found.more {
        text.push_str(&shown.text(&Text::new("tui-anomaly-notes-at-least").with_count("count", left)));
    } else if left > 0 {
        text.push_str(&shown.text(&Text::new("tui-anomaly-notes-more").with_count("count", left)));
    }
    Some((Text::new("tui-anomaly-notes"), text, Tone::Advisory))
}

/// A similar case in few words: when, and what it was; of a later one that it is.
fn similar_case(model: &Model, plant: &Plant, of: &AnomalyView, other: &AnomalyView, now: Instant) -> String {
    let at = short(&plant.model.zone, other.signs.from, now);
    let what = match &other.work.settled {
        Some(decided) => settled(model, plant, decided),
        None => model.shown.text(&other.work.stage.text()),
    };
    if other.signs.from > of.signs.from {
        let later = model.shown.text(&Text::new("tui-anomaly-similar-later"));
        return format!("#{} {at} ({later}) {what}", other.anomaly);
    }
    format!("#{} {at} {what}", other.anomaly)
}

/// The root causes that the number typed so far may mean, each with whether it is the one that is meant.
pub(super) fn causes(model: &Model, plant: &Plant, typed: &str, usual: Option<u16>) -> Vec<(String, bool)> {
    let meant = typed.parse().ok().or(usual.filter(|_| typed.is_empty()));
    let causes = plant.model.anomalies.causes.iter();
    causes
        .filter(|phrase| phrase.number.to_string().starts_with(typed))
        .map(|phrase| (cause(model, plant, phrase.number), Some(phrase.number) == meant))
        .collect()
}
