//! How the values of a file came (录入情况、来源): by whom, when, and by which way, as columns beside them tell.

use std::collections::BTreeMap;

use super::rules::ChannelRules;
use super::table::{ChannelFlags, Columns, put};
use crate::domain::reading::Origin;
use crate::domain::time::Instant;
use crate::quality::finding::Finding;
use crate::quality::typing::{NEWEST, Typed, TypingSettings, in_one_go, late, regular_digits};
use crate::quality::{Check, Flag, Rule};
use crate::site::row::choice;

/// Rows of the file by their stamps.
type Order = BTreeMap<Instant, Vec<usize>>;

/// Most decimals that are looked at.
const MOST_DECIMALS: usize = 9;

/// Looks at how the values of a channel came.
pub(super) fn judge(channel: &ChannelRules, columns: (&Columns, usize), order: &Order, told: &mut ChannelFlags) {
    if channel.origin.is_some() && !channel.origins.is_empty() {
        origins(channel, columns, order, told);
    }
    if let Some(settings) = &channel.typing {
        typing(channel, settings, columns, order, told);
    }
}

/// The rows of a channel that have a finite value, in the order of time.
fn valued<'o>(
    (columns, channel): (&'o Columns, usize),
    order: &'o Order,
) -> impl Iterator<Item = (Instant, usize, f64)> + 'o {
    let rows = order
        .iter()
        .flat_map(|(&at, rows)| rows.iter().map(move |&row| (at, row)));
    rows.map(move |(at, row)| (at, row, columns.value(channel, row)))
        .filter(|(_, _, value)| value.is_finite())
}

/// The word of a row's origin.
fn word((columns, channel): (&Columns, usize), row: usize) -> Option<&str> {
    columns.origins.get(channel)?.get(row)?.as_deref()
}

/// Flags what came by a way that is not planned, and finds each stretch of it.
fn origins(channel: &ChannelRules, columns: (&Columns, usize), order: &Order, told: &mut ChannelFlags) {
    let mut stretch: Option<(Option<Origin>, Instant, Instant)> = None;
    let mut found = Vec::new();
    for (at, row, _) in valued(columns, order) {
        let Some(word) = word(columns, row) else { continue };
        let origin: Option<Origin> = choice(word);
        let is_planned = origin.is_some_and(|origin| channel.origins.contains(&origin));
        if let Some(flags) = told.flags.get_mut(row) {
            flags.set(Check::Plan, Flag::Good);
        }
        if is_planned {
            found.extend(stretch.take());
            continue;
        }
        stretch = match stretch {
            Some((of, from, _)) if of == origin => Some((of, from, at)),
            other => {
                found.extend(other);
                Some((origin, at, at))
            }
        };
    }
    for (origin, from, to) in found.into_iter().chain(stretch) {
        // A word that is none of this program's is none of the plan's either.
        let code = origin.map_or(f64::NAN, |origin| f64::from(origin.code()));
        let finding = Finding::at(Rule::UnplannedOrigin, Flag::Suspect, to, code, f64::NAN);
        put(told, order, finding.from(from).since(from));
    }
}

/// Asks about what somebody typed; without a column of origins that is all of it.
fn typing(
    channel: &ChannelRules,
    settings: &TypingSettings,
    columns: (&Columns, usize),
    order: &Order,
    told: &mut ChannelFlags,
) {
    let by_hand: Vec<(Instant, usize, f64)> = valued(columns, order)
        .filter(|&(_, row, _)| {
            let origin: Option<Origin> = word(columns, row).and_then(choice);
            !origin.is_some_and(Origin::is_by_machine)
        })
        .collect();
    let decimals = by_hand
        .iter()
        .map(|(_, _, value)| decimals_of(*value))
        .max()
        .unwrap_or(0)
        .min(MOST_DECIMALS);
    let mut values = Vec::with_capacity(by_hand.len());
    let mut typed: Vec<(Instant, Typed)> = Vec::new();
    for &(at, row, value) in &by_hand {
        if let Some(flags) = told.flags.get_mut(row) {
            flags.set(Check::Typing, Flag::Good);
        }
        let of = Typed {
            at,
            value: count_of(value, decimals),
        };
        values.push(of);
        let typed_at = columns.0.typed_at.get(columns.1).and_then(|rows| rows.get(row));
        typed.extend(typed_at.copied().flatten().map(|typed_at| (typed_at, of)));
    }
    for (typed_at, of) in &typed {
        if let Some(finding) = late(std::slice::from_ref(of), *typed_at, settings) {
            put(told, order, finding);
        }
    }
    typed.sort_by_key(|(typed_at, of)| (*typed_at, of.at));
    let mut rest = typed.as_slice();
    while let Some((first, _)) = rest.first() {
        let ends = rest.partition_point(|(typed_at, _)| typed_at.since(*first) <= settings.within_ms());
        let (go, others) = rest.split_at(ends);
        let mut of: Vec<Typed> = go.iter().map(|(_, typed)| *typed).collect();
        of.sort_by_key(|typed| typed.at);
        if let Some(finding) = in_one_go(&of, channel.interval_ms, settings) {
            put(told, order, finding);
        }
        rest = others;
    }
    let mut newest = values.as_slice();
    while let Some(window) = newest.get(..NEWEST) {
        let found = regular_digits(window, settings);
        // What was told of is not told of again.
        let passed = if found.is_some() { NEWEST } else { 1 };
        if let Some(finding) = found {
            put(told, order, finding);
        }
        newest = newest.get(passed..).unwrap_or_default();
    }
}

/// How many decimals a number is written with at least.
fn decimals_of(value: f64) -> usize {
    let text = value.to_string();
    text.split_once('.').map_or(0, |(_, decimals)| decimals.len())
}

/// A number as a count of its last decimal, which is all that its last digit is told by.
fn count_of(value: f64, decimals: usize) -> i64 {
    let text = format!("{value:.decimals$}");
    let digits: String = text.chars().filter(|&letter| letter != '.').collect();
    digits.parse().unwrap_or(0)
}
