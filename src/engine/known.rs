//! What was known at a record of the past (当时所知): a figure that somebody saw, printed or signed can be shown again
//! as it was, whatever arrived since.
//!
//! Before a stretch of records (`Stretch`) changes buckets, cells or a month's sum that had settled, what they were goes
//! into the history tree under the stretch's first record. What was known after record N is then the first of these that a
//! later stretch put there, or the row itself where there is none. The cost is one row for each settled block that a
//! stretch changes: live data cost nothing, and a year that is imported a row for each of its blocks.
//!
//! What had not settled by then is shown as it settled, up to the hours that had ended: what changes within two days is
//! the work of the day.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::accounting::bucket::Bucket;
use crate::accounting::cell::CellSum;
use crate::domain::actor::Actor;
use crate::domain::identity::Sequence;
use crate::domain::reading::Origin;
use crate::domain::time::{DayBlock, Hour, Instant, Month, PlantZone};

use super::command::Provenance;
use super::history::{Entry, History, HistoryError, Row, Tree};
use super::{Broken, Engine, keys, rows};

/// Hours after the end of a day block from which it counts as settled (落定): late deliveries have come by then, and
/// shifts are handed over. What changes before is the work of the day, of which the last state counts.
pub const SETTLED_AFTER_HOURS: i32 = 48;

/// The byte that stands for a tree whose earlier rows are kept.
const fn code(tree: Tree) -> Option<u8> {
    match tree {
        Tree::Buckets => Some(0),
        Tree::Cells => Some(1),
        Tree::MonthSums => Some(2),
        Tree::Readings
        | Tree::Parameters
        | Tree::Site
        | Tree::History
        | Tree::Notes
        | Tree::Documents
        | Tree::Handovers
        | Tree::ByPeople
        | Tree::Substitutes
        | Tree::Alarms
        | Tree::Occurrences
        | Tree::Anomalies
        | Tree::PastAnomalies
        | Tree::Judges
        | Tree::SecondChecks
        | Tree::Attached
        | Tree::CarriedNotes
        | Tree::Closings => None,
    }
}

fn prefixed(code: u8, key: &[u8]) -> Vec<u8> {
    [&[code], key].concat()
}

/// Records that count as one step of what was known: what one feed or file brought into settled days in a day, as long as
/// no person did anything; and every record of a person by itself. It begins with the first record that changes something
/// that had settled: live data neither begin nor end one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Stretch {
    /// Its first record.
    first: Sequence,
    /// Day blocks before this one had settled then.
    settled_before: DayBlock,
    /// Whose readings they are; `None` where no further record belongs to it.
    of: Option<Deliverer>,
}

/// Who brought readings by which way and from where, as a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Deliverer([u8; 16]);

impl Deliverer {
    /// Of readings that a machine brought; `None` for those of people.
    pub(super) fn of(actor: &Actor, origin: Origin, provenance: &Provenance) -> Option<Self> {
        if !origin.is_by_machine() {
            return None;
        }
        let mut digest = blake3::Hasher::new();
        for word in [
            actor.user.as_str(),
            actor.person.as_deref().unwrap_or_default(),
            &provenance.name,
            provenance.digest.as_deref().unwrap_or_default(),
        ] {
            digest.update(word.as_bytes()).update(&[0]);
        }
        digest.update(&[origin.code()]);
        let mut short = [0; 16];
        digest.finalize_xof().fill(&mut short);
        Some(Self(short))
    }
}

/// Earlier rows that are not handed over yet. A rehearsal keeps none.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    rows: Vec<Row>,
    bytes: usize,
    off: bool,
    /// The last stretch.
    last: Stretch,
    /// What would be the stretch of the record in hand.
    next: Stretch,
    /// Whether the record in hand changed something that had settled.
    changes_settled: bool,
    /// The number of the first record after those whose rows were handed over.
    handed_over: Sequence,
}

impl Kept {
    /// Keeps nothing from now on.
    pub(super) fn turn_off(&mut self) {
        *self = Self {
            off: true,
            ..Self::default()
        };
    }

    /// The rows, to be handed over before the record `next`.
    pub(super) fn take(&mut self, next: Sequence) -> Vec<Row> {
        self.handed_over = next;
        self.bytes = 0;
        std::mem::take(&mut self.rows)
    }

    /// Whose readings the last stretch was of: what is filled beside them belongs to it.
    pub(super) const fn deliverer(&self) -> Option<Deliverer> {
        self.last.of
    }

    /// The stretch of the last record, to be kept with the state.
    pub(super) const fn last(&self) -> Stretch {
        self.last
    }

    /// The state is as it was after the stretch `last`, before the record `next`.
    pub(super) fn go_on(&mut self, last: Stretch, next: Sequence) {
        self.last = last;
        self.handed_over = next;
    }

    /// The record in hand was made.
    pub(super) const fn recorded(&mut self) {
        if self.changes_settled {
            self.last = self.next;
        } else if self.next.of.is_none() {
            // Whatever a person did, it was done knowing what was known then.
            self.last.of = None;
        }
    }

    /// The first record of the stretch in which the last record changed something that had settled.
    #[cfg(test)]
    pub(super) fn changed_in(&self) -> Option<Sequence> {
        self.changes_settled.then_some(self.last.first)
    }

    /// The first record of the stretch in which the record in hand lies, which changes something that had settled: rows
    /// are kept once for each.
    pub(super) const fn by(&mut self) -> Sequence {
        self.changes_settled = true;
        self.next.first
    }

    /// Keeps what a row was before the stretch of the record in hand; nothing for a row that there was none of.
    pub(super) fn keep(
        &mut self,
        history: &dyn History,
        tree: Tree,
        key: &[u8],
        before: Option<Vec<u8>>,
    ) -> Result<(), HistoryError> {
        let Some(code) = code(tree).filter(|_| !self.off) else {
            return Ok(());
        };
        let by = self.next.first;
        let key = [&prefixed(code, key)[..], &by.0.to_be_bytes()].concat();
        // A stretch that had begun before rows were handed over may have kept this one then.
        if by < self.handed_over && history.get(Tree::History, &key)?.is_some() {
            return Ok(());
        }
        let value = before.unwrap_or_default();
        self.bytes += key.len() + value.len();
        self.rows.push(Row {
            tree: Tree::History,
            key,
            value: Some(value),
        });
        Ok(())
    }
}

impl Engine {
    /// Bytes of earlier rows that wait to be handed over.
    pub fn kept_bytes(&self) -> usize {
        self.kept.bytes
    }

    /// Whether what is in a day block had settled when the record in hand was decided.
    pub(super) fn is_settled(&self, day: DayBlock) -> bool {
        day < self.settled_before
    }

    /// A record comes that brings nothing but a deliverer's readings, or another one.
    pub(super) fn begin_record(&mut self, of: Option<Deliverer>) {
        let last = self.kept.last;
        let goes_on = of.is_some() && last.of == of && last.settled_before == self.settled_before;
        self.kept.changes_settled = false;
        self.left_sealed.clear();
        self.kept.next = Stretch {
            first: if goes_on { last.first } else { self.next },
            settled_before: self.settled_before,
            of,
        };
    }

    /// Time goes on.
    pub(super) fn set_now(&mut self, now: Instant) {
        self.now = now;
        self.settled_before = if now > Instant::EARLIEST {
            Hour(self.zone.hour_of(now).0.saturating_sub(SETTLED_AFTER_HOURS)).day_block()
        } else {
            DayBlock(i32::MIN)
        };
    }

    /// The state as it stood after a record, to be asked with the same past. Figures are those of then; names, and the hours of which nothing is known, are today's.
    pub fn as_known(history: &AsKnown<'_>) -> Result<Self, Broken> {
        let mut engine = Self::open(history, history.zone)?;
        engine.models = engine.models.as_of(history.sequence);
        engine.set_now(history.at);
        engine.next = history.sequence.next();
        Ok(engine)
    }
}

/// The past as it was known after a record.
#[derive(Clone, Copy)]
pub struct AsKnown<'a> {
    /// The past as it is known now: every change must be in it.
    inner: &'a dyn History,
    sequence: Sequence,
    /// The record's instant.
    at: Instant,
    zone: PlantZone,
}

impl<'a> AsKnown<'a> {
    /// As it was known after a record that was written at an instant, and after those that followed it in its stretch.
    pub fn after(inner: &'a dyn History, sequence: Sequence, at: Instant, zone: PlantZone) -> Self {
        Self {
            inner,
            sequence,
            at,
            zone,
        }
    }

    /// What a row was, as far as it lies in hours that had ended.
    fn ended(&self, tree: Tree, key: &[u8], value: Vec<u8>) -> Result<Option<Vec<u8>>, HistoryError> {
        let open = self.zone.hour_of(self.at);
        let Some(day) = keys::day_of(key).filter(|day| day.first_hour().0.saturating_add(24) > open.0) else {
            return Ok(Some(value));
        };
        let wrong = |broken: Broken| HistoryError {
            tree: tree.name(),
            reason: broken.to_string(),
        };
        if tree == Tree::Buckets {
            let mut buckets = rows::decode_buckets(&value).map_err(wrong)?;
            for (hour, bucket) in day.hours().zip(&mut buckets.hours) {
                if hour >= open {
                    *bucket = Bucket::default();
                }
            }
            return Ok(rows::encode_buckets(&buckets));
        }
        let mut cells = rows::decode_cells(&value).map_err(wrong)?;
        for (hour, cell) in day.hours().zip(&mut cells.hours) {
            if hour >= open {
                *cell = None;
            }
        }
        Ok(rows::encode_cells(&cells))
    }

    /// The sum of a month that had not settled, of its cells.
    fn sum(&self, key: &[u8], month: Month) -> Result<Option<Vec<u8>>, HistoryError> {
        let (from, to) = self.zone.month_hours(month);
        // A key of a sum is that of the cells, and then the month.
        let cells = key.get(..key.len().saturating_sub(5)).unwrap_or_default();
        let mut sum = CellSum::default();
        for day in from.day_block().0..=Hour(to.0 - 1).day_block().0 {
            let day = DayBlock(day);
            let Some(value) = self.get(Tree::Cells, &keys::with_day(cells, day))? else {
                continue;
            };
            let decoded = rows::decode_cells(&value).map_err(|broken| HistoryError {
                tree: Tree::Cells.name(),
                reason: broken.to_string(),
            })?;
            for (hour, cell) in day.hours().zip(decoded.hours) {
                if let Some(cell) = cell.filter(|_| hour >= from && hour < to) {
                    sum.put(&cell);
                }
            }
        }
        Ok(rows::encode_sum(&sum))
    }

    /// Whether a month had settled.
    fn is_settled(&self, month: Month) -> bool {
        let (_, end) = self.zone.month_hours(month);
        end.0.saturating_add(24 + SETTLED_AFTER_HOURS) <= self.zone.hour_of(self.at).0
    }

    /// What a row was after the record; `None` where no later record changed it.
    fn earlier(&self, code: u8, key: &[u8]) -> Result<Option<Vec<u8>>, HistoryError> {
        let prefix = prefixed(code, key);
        let from = [&prefix[..], &self.sequence.next().0.to_be_bytes()].concat();
        let mut found = None;
        self.inner.scan(
            Tree::History,
            &from,
            &keys::after_prefix(&prefix),
            &mut |other, value| {
                // A longer key of the same beginning is another row's.
                let own = other.len() == prefix.len() + 8;
                if own {
                    found = Some(value.to_vec());
                }
                !own
            },
        )?;
        Ok(found)
    }

    /// Keys of a tree from one up to, not including, another, that have or had a row.
    fn keys(&self, tree: Tree, code: u8, from: &[u8], to: &[u8]) -> Result<BTreeSet<Vec<u8>>, HistoryError> {
        let mut keys = BTreeSet::new();
        self.inner.scan(tree, from, to, &mut |key, _| {
            keys.insert(key.to_vec());
            true
        })?;
        let bounds = (prefixed(code, from), prefixed(code, to));
        self.inner.scan(Tree::History, &bounds.0, &bounds.1, &mut |key, _| {
            let own = key.get(1..key.len().saturating_sub(8)).unwrap_or_default();
            if own >= from && own < to {
                keys.insert(own.to_vec());
            }
            true
        })?;
        Ok(keys)
    }
}

impl History for AsKnown<'_> {
    fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, HistoryError> {
        let Some(code) = code(tree) else {
            return self.inner.get(tree, key);
        };
        if tree == Tree::MonthSums
            && let Some(month) = keys::month_of(key).filter(|month| !self.is_settled(*month))
        {
            return self.sum(key, month);
        }
        let value = match self.earlier(code, key)? {
            Some(value) => Some(value).filter(|value| !value.is_empty()),
            None => self.inner.get(tree, key)?,
        };
        match value {
            Some(value) if tree != Tree::MonthSums => self.ended(tree, key, value),
            other => Ok(other),
        }
    }

    fn last_before(&self, tree: Tree, key: &[u8], floor: &[u8]) -> Result<Option<Entry>, HistoryError> {
        let Some(code) = code(tree) else {
            return self.inner.last_before(tree, key, floor);
        };
        for key in self.keys(tree, code, floor, key)?.into_iter().rev() {
            if let Some(value) = self.get(tree, &key)? {
                return Ok(Some((key, value)));
            }
        }
        Ok(None)
    }

    fn first_after(&self, tree: Tree, key: &[u8], ceiling: &[u8]) -> Result<Option<Entry>, HistoryError> {
        let Some(code) = code(tree) else {
            return self.inner.first_after(tree, key, ceiling);
        };
        for found in self.keys(tree, code, key, ceiling)? {
            if found.as_slice() > key
                && let Some(value) = self.get(tree, &found)?
            {
                return Ok(Some((found, value)));
            }
        }
        Ok(None)
    }

    fn scan(
        &self,
        tree: Tree,
        from: &[u8],
        to: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), HistoryError> {
        let Some(code) = code(tree) else {
            return self.inner.scan(tree, from, to, visit);
        };
        for key in self.keys(tree, code, from, to)? {
            if let Some(value) = self.get(tree, &key)?
                && !visit(&key, &value)
            {
                break;
            }
        }
        Ok(())
    }
}
