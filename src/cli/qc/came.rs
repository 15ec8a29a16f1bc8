//! How the values of a file came (录入情况、来源): by whom, when, and by which way, as columns beside them tell.
//!
//! A finding speaks of exactly the rows that it is about, not of what lies between them.

use super::columns::{Columns, Order, Way, bits};
use super::flags::{ChannelFlags, put_beside};
use super::rules::ChannelRules;
use crate::domain::reading::Origin;
use crate::domain::time::Instant;
use crate::quality::finding::Finding;
use crate::quality::typing::{NEWEST, Typed, TypingSettings, in_one_go, late, regular_digits};
use crate::quality::{Check, Flag, Rule};

/// Of so many values one must be written as far as any is, for last digits to say something.
const FEW: usize = 5;

/// Looks at how the values of a channel came.
pub(super) fn judge(channel: &ChannelRules, columns: (&Columns, usize), order: &Order, told: &mut ChannelFlags) {
    let judges_origins = channel.origin.is_some() && !channel.origins.is_empty();
    if !judges_origins && channel.typing.is_none() {
        return;
    }
    let cells = cells(columns, order);
    if judges_origins {
        origins(channel, &cells, told);
    }
    if let Some(settings) = &channel.typing {
        typing(channel, settings, cells, told);
    }
}

/// A value of the file.
#[derive(Debug, Clone, Copy)]
struct Cell {
    at: Instant,
    row: usize,
    value: f64,
    way: Way,
    typed_at: Option<Instant>,
}

/// The finite values of a channel in the order of time; of one that was delivered twice the first.
fn cells((columns, channel): (&Columns, usize), order: &Order) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for (&at, rows) in order {
        for &row in rows {
            let value = columns.value(channel, row);
            let is_again = cells
                .last()
                .is_some_and(|last| last.at == at && bits(last.value) == bits(value));
            if !value.is_finite() || is_again {
                continue;
            }
            let way = columns.ways.get(channel).and_then(|rows| rows.get(row));
            let typed_at = columns.typed_at.get(channel).and_then(|rows| rows.get(row));
            cells.push(Cell {
                at,
                row,
                value,
                way: way.copied().unwrap_or_default(),
                typed_at: typed_at.copied().flatten(),
            });
        }
    }
    cells
}

fn flag(told: &mut ChannelFlags, row: usize, check: Check, flag: Flag) {
    if let Some(flags) = told.flags.get_mut(row) {
        flags.set(check, flag);
    }
}

/// Flags what came by a way that is not planned, and finds each stretch of it. A correction may always come.
fn origins(channel: &ChannelRules, cells: &[Cell], told: &mut ChannelFlags) {
    let mut stretch: Vec<Cell> = Vec::new();
    for &cell in cells {
        let is_planned = match cell.way {
            Way::Untold => continue,
            Way::Other => false,
            Way::By(origin) => origin == Origin::Correction || channel.origins.contains(&origin),
        };
        flag(told, cell.row, Check::Plan, Flag::Good);
        if is_planned || stretch.last().is_some_and(|last| last.way != cell.way) {
            unplanned(&std::mem::take(&mut stretch), told);
        }
        if !is_planned {
            stretch.push(cell);
        }
    }
    unplanned(&stretch, told);
}

fn unplanned(stretch: &[Cell], told: &mut ChannelFlags) {
    let (Some(first), Some(last)) = (stretch.first(), stretch.last()) else {
        return;
    };
    let code = match first.way {
        Way::By(origin) => f64::from(origin.code()),
        Way::Other | Way::Untold => f64::NAN,
    };
    let finding = Finding::at(Rule::UnplannedOrigin, Flag::Suspect, last.at, code, f64::NAN);
    let rows = stretch.iter().map(|cell| cell.row);
    put_beside(told, rows, finding.from(first.at).since(first.at));
}

/// Asks about what somebody typed; without a column of origins that is all of it.
fn typing(channel: &ChannelRules, settings: &TypingSettings, mut by_hand: Vec<Cell>, told: &mut ChannelFlags) {
    if channel.origin.is_some() {
        by_hand.retain(|cell| cell.way == Way::By(Origin::Typed));
    }
    for cell in &by_hand {
        let is_told = channel.typed_at.is_none() || cell.typed_at.is_some();
        let of = if is_told { Flag::Good } else { Flag::Unknown };
        flag(told, cell.row, Check::Typing, of);
    }
    digits(settings, &by_hand, told);
    let mut typed: Vec<(Instant, Cell)> = by_hand
        .into_iter()
        .filter_map(|cell| Some((cell.typed_at?, cell)))
        .collect();
    for (typed_at, cell) in &typed {
        let of = Typed { at: cell.at, value: 0 };
        if let Some(finding) = late(&[of], *typed_at, settings) {
            put_beside(told, std::iter::once(cell.row), finding);
        }
    }
    typed.sort_by_key(|(typed_at, cell)| (*typed_at, cell.at));
    goes(channel.interval_ms, settings, &typed, told);
}

/// Looks at what was typed in one go, from each value on.
fn goes(interval_ms: i64, settings: &TypingSettings, typed: &[(Instant, Cell)], told: &mut ChannelFlags) {
    let mut rest = typed;
    while let Some((first, _)) = rest.first() {
        let ends = rest.partition_point(|(typed_at, _)| typed_at.since(*first) <= settings.within_ms());
        let (go, others) = rest.split_at(ends);
        let mut of: Vec<Typed> = go.iter().map(|(_, cell)| Typed { at: cell.at, value: 0 }).collect();
        of.sort_by_key(|typed| typed.at);
        let found = in_one_go(&of, interval_ms, settings);
        // What was told of is not told of again; of what was typed at one instant the go begins with the first.
        let passed = go.partition_point(|(typed_at, _)| typed_at == first);
        rest = if found.is_some() {
            others
        } else {
            rest.get(passed.max(1)..).unwrap_or_default()
        };
        if let Some(finding) = found {
            put_beside(told, go.iter().map(|(_, cell)| cell.row), finding);
        }
    }
}

/// Looks at the last digits of as many values in a row as show something.
fn digits(settings: &TypingSettings, by_hand: &[Cell], told: &mut ChannelFlags) {
    let mut rest = by_hand;
    while let Some(window) = rest.get(..NEWEST) {
        let found = counts(window).and_then(|typed| regular_digits(&typed, settings));
        let passed = if found.is_some() { NEWEST } else { 1 };
        if let Some(finding) = found {
            put_beside(told, window.iter().map(|cell| cell.row), finding);
        }
        rest = rest.get(passed..).unwrap_or_default();
    }
}

/// The values as counts of the last digit that they are written with; none where some are too large for that, or hardly any is
/// written that far.
fn counts(window: &[Cell]) -> Option<Vec<Typed>> {
    let decimals_of = |cell: &Cell| {
        let text = cell.value.to_string();
        text.split_once('.').map_or(0, |(_, decimals)| decimals.len())
    };
    let decimals = window.iter().map(decimals_of).max()?;
    let written = window.iter().filter(|cell| decimals_of(cell) == decimals).count();
    // One that is written longer than the others would make noughts of all their last digits.
    if decimals > 0 && written * FEW < window.len() {
        return None;
    }
    window
        .iter()
        .map(|cell| {
            let text = format!("{:.decimals$}", cell.value);
            let digits: String = text.chars().filter(|&letter| letter != '.').collect();
            Some(Typed {
                at: cell.at,
                value: digits.parse().ok()?,
            })
        })
        .collect()
}
