//! What is said of an anomaly in a column, and its row of a table.

use super::super::super::anomalies::with_whom;
use super::super::super::model::Model;
use super::super::super::plant::Plant;
use super::super::super::widgets::cells;
use super::super::detail::{name_of, person, tag_of};
use crate::domain::decimal::tonnes_of_milligrams;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::{DAY_MS, Instant};
use crate::engine::view::AnomalyView;
use crate::locale::figures;
use crate::quality::anomaly::{Correction, Settled, Stage};
use crate::quality::flag::Flag;

/// Most digits after the point of tonnes at stake: kilograms.
const DIGITS: u32 = 3;

/// How grave it is.
pub(super) const fn mark_of_flag(flag: Flag) -> char {
    match flag {
        Flag::Bad => '!',
        _ => '?',
    }
}

/// Whether it goes on, or is found no longer.
pub(super) const fn mark_of_course(anomaly: &AnomalyView) -> char {
    match (anomaly.work.found, anomaly.signs.going) {
        (false, _) => '-',
        (true, true) => '>',
        (true, false) => ' ',
    }
}

/// How far the work has come.
pub(super) const fn mark_of_stage(stage: Stage) -> char {
    match stage {
        Stage::New => 'n',
        Stage::Assigned => 'a',
        Stage::Investigating => 'i',
        Stage::Disposed => 'd',
        Stage::Closed | Stage::Gone => ' ',
    }
}

/// Whole days to the deadline of the evidence; less than none where it is past.
pub(super) const fn days_left(anomaly: &AnomalyView, now: Instant) -> i64 {
    anomaly.due.since(now).div_euclid(DAY_MS)
}

/// Tonnes at stake in at most `room` cells: with fewer digits after the point where there is little room; a number is never
/// cut.
pub(super) fn stake(stake_mg: i128, room: u16) -> String {
    let room = usize::from(room);
    let texts = (0..=DIGITS).rev().map(|digits| figures::tonnes(stake_mg, digits));
    let bare = figures::tonnes(stake_mg, 0).replace(',', "");
    texts
        .chain([bare])
        .find(|text| text.len() <= room)
        .unwrap_or_else(|| "#".repeat(room))
}

/// Who has it, or has decided on it, with since when.
pub(super) fn who_short(model: &Model, plant: &Plant, anomaly: &AnomalyView, now: Instant, room: u16) -> String {
    let Some(holder) = with_whom(anomaly) else {
        return String::new();
    };
    let name = person(model, plant, &holder.name);
    let age = model.shown.localizer.age(now.since(holder.at));
    // Of a long name its beginning says who it is; half a time says nothing.
    let left = usize::from(room).saturating_sub(cells::width(&age) + 1);
    let name = cells::fit(&name, left.max(2), model.shown.glyphs.ellipsis);
    format!("{name} {age}")
}

/// What was found, with the unit of its parameter.
pub(super) fn why_of(model: &Model, plant: &Plant, anomaly: &AnomalyView) -> String {
    let unit = plant
        .parameter_of(anomaly.parameter)
        .map_or("", |parameter| parameter.unit.as_str());
    model.shown.text(&anomaly.signs.why(&model.shown.localizer.unit(unit)))
}

/// Who closed it.
pub(super) fn who_closed(model: &Model, plant: &Plant, anomaly: &AnomalyView) -> Option<String> {
    let closed = anomaly.work.closed.as_ref()?;
    Some(person(model, plant, &closed.name))
}

/// The name of a root cause with its number.
pub(super) fn cause(model: &Model, plant: &Plant, number: u16) -> String {
    let known = plant.model.anomalies.cause(number);
    known.map_or_else(
        || number.to_string(),
        |cause| format!("{number} {}", clean(model.shown.localizer.name(&cause.name))),
    )
}

/// What it was said to be, and why.
pub(super) fn settled(model: &Model, plant: &Plant, settled: &Settled) -> String {
    let what = model.shown.text(&settled.disposition.text());
    let text = match settled.disposition.correction() {
        Some(Correction::Value(value)) => format!("{what} = {}", figures::decimal(value)),
        Some(Correction::Times(times)) => format!("{what} *{times}"),
        None => what,
    };
    match settled.cause {
        Some(number) => format!("{text}, {}", cause(model, plant, number)),
        None => text,
    }
}

/// The headings of the list as a table.
pub fn headings(model: &Model) -> Vec<String> {
    [
        Text::new("tui-anomaly-number"),
        Text::new("tui-detail-quality"),
        Text::new("tui-anomaly-stage"),
        Text::new("tui-column-tag"),
        Text::new("tui-column-name"),
        Text::new("tui-anomaly-check"),
        Text::new("tui-anomaly-found"),
        Text::new("tui-detail-since"),
        Text::new("tui-detail-ended"),
        Text::new("tui-anomaly-stake"),
        Text::new("tui-anomaly-deadline"),
        Text::new("tui-anomaly-who"),
        Text::new("tui-anomaly-decided"),
        Text::new("tui-anomaly-line-evidence"),
        Text::new("tui-anomaly-nonconformity"),
        Text::new("tui-anomaly-before"),
    ]
    .iter()
    .map(|heading| model.shown.text(heading))
    .collect()
}

/// An anomaly as a row of a table.
pub fn table_row(model: &Model, plant: &Plant, anomaly: &AnomalyView) -> Vec<String> {
    let shown = &model.shown;
    let (signs, work) = (&anomaly.signs, &anomaly.work);
    let zone = &plant.model.zone;
    let holder = work.holder.as_ref();
    let decided = work.settled.as_ref();
    vec![
        anomaly.anomaly.to_string(),
        shown.text(&signs.flag.text()),
        shown.text(&work.stage.text()),
        tag_of(plant, anomaly.parameter),
        name_of(model, plant, anomaly.parameter),
        shown.text(&signs.check().text()),
        why_of(model, plant, anomaly),
        zone.shown(signs.from),
        if signs.going {
            String::new()
        } else {
            zone.shown(signs.to)
        },
        tonnes_of_milligrams(i128::from(signs.stake_mg)).to_string(),
        zone.shown(anomaly.due),
        holder.map_or_else(String::new, |holder| person(model, plant, &holder.name)),
        decided.map_or_else(String::new, |decided| settled(model, plant, decided)),
        clean(anomaly.evidence.as_deref().unwrap_or_default()).into_owned(),
        clean(anomaly.nonconformity.as_deref().unwrap_or_default()).into_owned(),
        anomaly.before.to_string(),
    ]
}
