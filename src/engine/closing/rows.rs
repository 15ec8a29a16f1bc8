//! The rows of what was issued: by month, and in each by record, so that the first and the last of a month are found at once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::actor::Actor;
use crate::domain::identity::Sequence;
use crate::domain::time::{Instant, Month};
use crate::engine::history::{History, Row, Tree};
use crate::engine::unsaved::Unsaved;
use crate::engine::{Broken, keys};

use super::MonthClosed;

/// What was issued of a month, by whom and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct ClosingRow {
    pub(in crate::engine) record: Sequence,
    pub(in crate::engine) by: Actor,
    pub(in crate::engine) at: Instant,
    pub(in crate::engine) closed: MonthClosed,
}

const WRONG: Broken = Broken::Row("what was issued of a month cannot be read");

impl ClosingRow {
    /// Of a record.
    pub(in crate::engine) fn new(closed: &MonthClosed, by: &Actor, at: Instant, record: Sequence) -> Self {
        Self {
            record,
            by: by.clone(),
            at,
            closed: closed.clone(),
        }
    }

    fn read(bytes: &[u8]) -> Result<Self, Broken> {
        rmp_serde::from_slice(bytes).map_err(|_| WRONG)
    }
}

fn prefix(month: Month) -> Vec<u8> {
    let of_year = u8::try_from(month.month).unwrap_or(u8::MAX);
    [&keys::ordered(month.year)[..], &[of_year]].concat()
}

/// The row of a closing with its key.
pub(in crate::engine) fn row_of(row: &ClosingRow) -> Result<(Vec<u8>, Vec<u8>), Broken> {
    let key = [prefix(row.closed.month), keys::record(row.record)].concat();
    let value = rmp_serde::to_vec_named(row).map_err(|error| Broken::Record(error.to_string()))?;
    Ok((key, value))
}

/// A row as it would be written now; `None` of one that cannot be read.
pub(in crate::engine) fn as_written_now(key: &[u8], value: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (_, value) = ClosingRow::read(value).and_then(|row| row_of(&row)).ok()?;
    Some((key.to_vec(), value))
}

/// Rows that are not handed over to the store yet.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Closings(Unsaved);

impl Default for Closings {
    fn default() -> Self {
        Self(Unsaved::of(Tree::Closings))
    }
}

impl Closings {
    /// By their keys.
    pub(in crate::engine) const fn unsaved(&self) -> &BTreeMap<Vec<u8>, Option<Vec<u8>>> {
        self.0.rows()
    }

    /// The rows, to be handed over.
    pub(in crate::engine) fn take(&mut self) -> Vec<Row> {
        self.0.take()
    }

    /// Takes one in.
    pub(super) fn put(&mut self, row: &ClosingRow) -> Result<(), Broken> {
        self.0.put([row_of(row)?]);
        Ok(())
    }

    /// All that was issued of a month, in order.
    pub(super) fn all_of(&self, history: &dyn History, month: Month) -> Result<Vec<ClosingRow>, Broken> {
        let rows = self.0.all_under(history, &prefix(month))?;
        rows.values().map(|bytes| ClosingRow::read(bytes)).collect()
    }

    /// What was issued last of a month.
    pub(in crate::engine) fn last_of(&self, history: &dyn History, month: Month) -> Result<Option<ClosingRow>, Broken> {
        let floor = prefix(month);
        let last = self.0.last_before(history, &keys::after_prefix(&floor), &floor)?;
        last.map(|(_, bytes)| ClosingRow::read(&bytes)).transpose()
    }

    /// The first closed month from one on, up to and including another. Costs a look-up.
    pub(super) fn next_closed(
        &self,
        history: &dyn History,
        from: Option<Month>,
        through: Month,
    ) -> Result<Option<Month>, Broken> {
        let from = from.map_or_else(Vec::new, prefix);
        let first = self
            .0
            .first_after(history, &from, &keys::after_prefix(&prefix(through)))?;
        let first = first.map(|(_, bytes)| ClosingRow::read(&bytes)).transpose()?;
        Ok(first.map(|row| row.closed.month))
    }

    /// What was issued first of a month. Costs a look-up: what was issued again is not read.
    pub(super) fn first_of(&self, history: &dyn History, month: Month) -> Result<Option<ClosingRow>, Broken> {
        let floor = prefix(month);
        let first = self.0.first_after(history, &floor, &keys::after_prefix(&floor))?;
        first.map(|(_, bytes)| ClosingRow::read(&bytes)).transpose()
    }
}
