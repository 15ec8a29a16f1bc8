//! Pages of entry sheets: what stands in their cells. Costs the readings of the page, and of each row some before it.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::accounting::substitute::Basis;
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::reading::{ParameterKind, Slot, Version};
use crate::domain::sheet::{Round, SheetPage, page_of, unknown};
use crate::domain::time::{DAY_MS, Hour, Instant};

use super::command::Refusal;
use super::history::History;
use super::overlaps::{Behind, together, touches};
use super::readings::Side;
use super::second_check::CheckMarks;
use super::view::{CheckMark, FilledHours, RegisterChange, RegisterRule, SheetRow, SheetView, Standing, Together};
use super::{Broken, Engine};

/// How old, at the beginning of a page, the last values before it may be.
const BEFORE_MS: i64 = 62 * DAY_MS;

/// How many of them are told.
const BEFORE: usize = 2;

impl Engine {
    /// A page of a sheet.
    pub fn sheet_page(&self, history: &dyn History, key: &str, page: SheetPage) -> Result<SheetView, Refusal> {
        let model = self.model().ok_or_else(|| Refusal::Request(unknown(key)))?;
        let (sheet, rounds) = page_of(model, key, page).map_err(Refusal::Request)?;
        let rows = sheet.rows.iter();
        let (mut marks, mut behind) = (CheckMarks::default(), Behind::default());
        let rows = rows.map(|&parameter| self.sheet_row(history, (parameter, &rounds), (&mut marks, &mut behind)));
        let rows = rows.collect::<Result<Vec<SheetRow>, Broken>>()?;
        let cells = rows.iter().flat_map(|row| &row.cells).flatten();
        let returned = cells.filter(|cell| cell.check == Some(CheckMark::Returned));
        let returned: BTreeSet<Sequence> = returned.map(|cell| cell.record).collect();
        let returned = returned.into_iter().map(|record| self.second_check(history, record));
        let returned = returned.collect::<Result<Vec<_>, Broken>>()?;
        Ok(SheetView {
            sheet: key.to_owned(),
            page,
            rows,
            rounds,
            returned: returned.into_iter().flatten().collect(),
        })
    }

    fn sheet_row(
        &self,
        history: &dyn History,
        (parameter, rounds): (ParameterId, &[Round]),
        (marks, behind): (&mut CheckMarks, &mut Behind),
    ) -> Result<SheetRow, Broken> {
        let kind = self.series(parameter)?.kind;
        let slots: Vec<Slot> = rounds.iter().map(|round| round.slot(kind)).collect();
        let mut row = SheetRow {
            parameter,
            cells: vec![None; slots.len()],
            beside: Vec::new(),
            filled: Vec::new(),
            before: Vec::new(),
            register: None,
            after: None,
            changes: Vec::new(),
        };
        let (Some(first), Some(last)) = (slots.first(), slots.last()) else {
            return Ok(row);
        };
        let series = self.series(parameter)?;
        let mut beside = BTreeMap::<usize, (Version, Together, u32)>::new();
        let end = last.end().max(last.at.plus(1));
        self.each_top(history, parameter, (first.at, end), &mut |version| {
            let is_past = |slot: &Slot| slot.at < version.slot.at && slot.end() <= version.slot.at;
            let from = slots.partition_point(is_past);
            let from_there = slots.iter().zip(&mut row.cells).enumerate().skip(from);
            for (place, (slot, cell)) in from_there.take_while(|(_, (slot, _))| touches(**slot, version.slot)) {
                if *slot == version.slot {
                    *cell = Some(Standing::of(version));
                } else if let Some(together) = together(series, (*slot, version.origin), version) {
                    let others = beside.entry(place).or_insert((*version, together, 0));
                    // The first is told, and how many more there are.
                    others.2 += u32::from(others.0.slot != version.slot);
                }
            }
            true
        })?;
        for (place, (version, together, more)) in beside {
            row.beside.resize(slots.len(), None);
            let overlap = self.overlap_with(history, (parameter, &version), (together, more), behind)?;
            if let Some(beside) = row.beside.get_mut(place) {
                *beside = Some(overlap);
            }
        }
        for (cell, slot) in row.cells.iter_mut().zip(&slots) {
            // What machines bring waits for nobody.
            if let Some(standing) = cell.as_mut().filter(|standing| standing.origin.may_be_by_person()) {
                standing.check = marks.of(self, history, (standing.record, (parameter, *slot)))?;
            }
        }
        row.filled = self.filled_hours(history, parameter, (rounds, &row.cells))?;
        row.before = self.last_before(history, parameter, first.at)?;
        if kind == ParameterKind::Counter {
            row.register = self
                .series(parameter)?
                .counter_rule_at(last.at)
                .map(|rule| RegisterRule {
                    multiplier: rule.multiplier(),
                    rollover: rule.rollover,
                });
            row.after = self.first_after(history, parameter, last.at)?;
            row.changes = self.register_changes(parameter)?;
        }
        Ok(row)
    }

    /// What stands in for the missing hours of the columns in which nothing is written down; empty where nothing does. Costs the
    /// hours of the page of what is filled at all.
    fn filled_hours(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        (rounds, cells): (&[Round], &[Option<Standing>]),
    ) -> Result<Vec<Option<FilledHours>>, Broken> {
        let (Some(first), Some(last)) = (rounds.first(), rounds.last()) else {
            return Ok(Vec::new());
        };
        if !self.is_filled(parameter) {
            return Ok(Vec::new());
        }
        let hour = |at: Instant| self.zone.hour_of(at);
        let (from, to) = (hour(first.from), Hour(hour(last.to.plus(-1)).0 + 1));
        let posted = self.posted_between(history, parameter, from, to, true)?;
        let filled = rounds.iter().zip(cells).map(|(round, cell)| {
            let (from, to) = (hour(round.from), hour(round.to));
            let of_round = (cell.is_none() && from < to).then(|| posted.range(from..to));
            let substitutes = of_round.into_iter().flatten();
            let substitutes = substitutes.filter_map(|(_, posted)| posted.substitute.as_ref());
            substitutes.fold(None, |filled: Option<FilledHours>, substitute| {
                let is_person = substitute.basis == Basis::Person;
                Some(FilledHours {
                    hours: filled.map_or(0, |filled| filled.hours).saturating_add(1),
                    by_person: is_person || filled.is_some_and(|filled| filled.by_person),
                })
            })
        });
        let filled: Vec<Option<FilledHours>> = filled.collect();
        Ok(if filled.iter().any(Option::is_some) {
            filled
        } else {
            Vec::new()
        })
    }

    /// The first value that counts behind an instant. Costs a block, and where nothing is in that the next that holds something.
    fn first_after(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        after: Instant,
    ) -> Result<Option<(Slot, i64)>, Broken> {
        let block = self.series(parameter)?.block_of(self.zone.hour_of(after));
        let here = self.counting_in(history, parameter, block)?;
        let here = here.iter().find(|version| version.slot.at > after).copied();
        let found = match here {
            Some(version) => Some(version),
            None => self.nearest_counting(history, parameter, block, Side::After)?,
        };
        Ok(found.map(|version| (version.slot, version.value)))
    }

    /// When a register's meter was changed, in order. A meter is changed every few years.
    fn register_changes(&self, parameter: ParameterId) -> Result<Vec<RegisterChange>, Broken> {
        let series = self.series(parameter)?;
        let multiplier = |at: Instant| {
            series
                .counter_rule_at(at)
                .map_or(Decimal::ONE, |rule| rule.multiplier())
        };
        let changes = series.row.changes.iter().map(|recorded| &recorded.change);
        let mut changes: Vec<RegisterChange> = changes
            .map(|change| RegisterChange {
                at: change.at,
                last: change.final_value,
                first: change.initial_value,
                multipliers: (multiplier(change.at.plus(-1)), multiplier(change.at)),
            })
            .collect();
        changes.sort_by_key(|change| change.at);
        Ok(changes)
    }

    /// The last values that counted before an instant, the newest first.
    pub(super) fn last_before(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        before: Instant,
    ) -> Result<Vec<(Slot, i64)>, Broken> {
        let series = self.series(parameter)?;
        let mut found: Vec<(Slot, i64)> = Vec::new();
        let mut block = Some(series.block_of(self.zone.hour_of(before)));
        // Of what is written down seldom a block is a year: how old a value is counts, not where its block begins.
        let oldest = before.plus(-BEFORE_MS);
        while let Some(start) = block.filter(|_| found.len() < BEFORE) {
            if self.zone.hour_start(series.block_end(start)) < oldest {
                break;
            }
            let counting = self.counting_in(history, parameter, start)?;
            let earlier = counting.iter().rev().filter(|version| version.slot.at < before);
            let earlier = earlier.filter(|version| version.slot.end() >= oldest);
            found.extend(
                earlier
                    .take(BEFORE - found.len())
                    .map(|version| (version.slot, version.value)),
            );
            block = self.block_before(history, parameter, start)?;
        }
        Ok(found)
    }
}
