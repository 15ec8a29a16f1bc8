//! Gaps (缺失): which hours around a cell a sheet says that were not measured.

use super::known::{Place, Sheet};
use crate::domain::reading::ParameterKind;
use crate::domain::text::{Text, clean};
use crate::domain::time::{Hour, Instant};

/// The hours of the gap around a cell, and the first after them: from what stands before it up to what stands behind it, or up
/// to now. An error says why the cell lies in none.
pub fn hours_around(sheet: &Sheet<'_>, (place, column): Place, now: Instant) -> Result<(Hour, Hour), Text> {
    let gone = || Text::new("sheet-no-cell");
    let row = sheet.row(place).ok_or_else(gone)?;
    let round = |column: usize| sheet.round(column).ok_or_else(gone);
    let kind = row.parameter.kind;
    let none = match kind {
        ParameterKind::Property => Some("fill-tested"),
        ParameterKind::State => Some("fill-not-awaited"),
        ParameterKind::Flow | ParameterKind::Counter | ParameterKind::Amount => None,
    };
    if let Some(why) = none {
        return Err(Text::new(why).with("tag", clean(&row.parameter.tag)));
    }
    let counts = |column: usize| row.standing(column).is_some_and(|standing| standing.counts);
    if counts(column) {
        return Err(Text::new("entry-gap-stands"));
    }
    let not_over = || Text::new("entry-gap-not-over");
    if round(column)?.at > now {
        return Err(not_over());
    }
    let is_past = |column: &usize| sheet.round(*column).is_some_and(|round| round.at <= now);
    let first = (0..=column).rev().take_while(|column| !counts(*column)).last();
    let last = (column..sheet.view.rounds.len())
        .take_while(|column| is_past(column) && !counts(*column))
        .last();
    let (first, last) = (first.unwrap_or(column), last.unwrap_or(column));
    let (from, to) = if kind == ParameterKind::Amount {
        // What is written down of a stretch is missing for all of it.
        (round(first)?.from, round(last)?.to)
    } else {
        // Between two readings nothing was measured, nor after the last.
        let before = match first.checked_sub(1) {
            Some(before) => Some(round(before)?.at),
            None => row.row.before.first().map(|(slot, _)| slot.end()),
        };
        let behind = Some(last + 1).filter(|behind| counts(*behind));
        let behind = behind.and_then(|behind| sheet.round(behind)).map(|round| round.at);
        (before.unwrap_or(round(first)?.from), behind.unwrap_or(now))
    };
    let zone = &sheet.model.zone;
    let to = to.min(now);
    let end = zone.hour_of(to);
    let is_begun = zone.hour_start(end) < to;
    let end = if is_begun { end.next() } else { end };
    // The hour that runs is not over.
    let (from, to) = (zone.hour_of(from), end.min(zone.hour_of(now)));
    if from < to { Ok((from, to)) } else { Err(not_over()) }
}
