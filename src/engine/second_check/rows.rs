//! The rows of what second persons look at: each under its record, and, as long as nobody has agreed with it, in a list of
//! its own, so that what is open is found without going through what is done.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::domain::actor::Actor;
use crate::domain::identity::Sequence;
use crate::domain::time::Instant;
use crate::engine::history::{History, Row, Tree};
use crate::engine::unsaved::Unsaved;
use crate::engine::{Broken, keys};

use super::{CellOf, CheckSubject, CheckVerdict, MOST_FOLLOWED, SecondChecked};

/// A record at which a second person looks, or has looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct SecondCheckRow {
    /// The record.
    pub(in crate::engine) record: Sequence,
    /// Whose it is.
    pub(in crate::engine) by: Actor,
    /// When it was written.
    pub(in crate::engine) written: Instant,
    /// What stands in it.
    #[serde(default)]
    pub(in crate::engine) subject: CheckSubject,
    /// The cells that it wrote, in order; none where they are too many to be followed one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::engine) cells: Vec<CellOf>,
    /// What was said of it last.
    pub(in crate::engine) looked: Option<Looked>,
    /// Of one that was returned or written over, the check that agreed with what came in its place.
    pub(in crate::engine) settled: Option<Sequence>,
}

/// What a second person said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Looked {
    /// Who.
    pub(in crate::engine) by: Actor,
    /// When.
    pub(in crate::engine) at: Instant,
    /// In which record.
    pub(in crate::engine) record: Sequence,
    /// What.
    pub(in crate::engine) verdict: CheckVerdict,
}

const WRONG: Broken = Broken::Row("what a second person said cannot be read");

impl SecondCheckRow {
    /// Of a record at which nobody has looked.
    pub(in crate::engine) fn new(
        record: Sequence,
        by: &Actor,
        written: Instant,
        (subject, cells): (CheckSubject, Vec<CellOf>),
    ) -> Self {
        Self {
            record,
            by: by.clone(),
            written,
            subject,
            cells: followed(cells),
            looked: None,
            settled: None,
        }
    }

    /// The same after somebody looked at it.
    pub(in crate::engine) fn looked_at(
        &self,
        checked: &SecondChecked,
        by: &Actor,
        at: Instant,
        record: Sequence,
    ) -> Self {
        Self {
            looked: Some(Looked {
                by: by.clone(),
                at,
                record,
                verdict: checked.check.verdict.clone(),
            }),
            settled: None,
            ..self.clone()
        }
    }

    /// The same after a check agreed with what came in its place.
    pub(in crate::engine) fn settled_by(&self, check: Sequence) -> Self {
        Self {
            settled: Some(check),
            ..self.clone()
        }
    }

    /// Whether something is still to be done about it.
    pub(in crate::engine) fn is_open(&self) -> bool {
        let is_agreed = |looked: &Looked| looked.verdict == CheckVerdict::Agreed;
        self.settled.is_none() && !self.looked.as_ref().is_some_and(is_agreed)
    }

    /// The cells that are still to be put right or agreed with: those that were returned, else all.
    pub(in crate::engine) fn open_cells(&self) -> &[CellOf] {
        match self.looked.as_ref().map(|looked| &looked.verdict) {
            Some(CheckVerdict::Returned { cells, .. }) if !cells.is_empty() => cells,
            _ => &self.cells,
        }
    }
}

/// Cells in order, where they are few enough to be followed.
fn followed(mut cells: Vec<CellOf>) -> Vec<CellOf> {
    cells.sort_unstable();
    cells.dedup();
    if cells.len() > MOST_FOLLOWED { Vec::new() } else { cells }
}

/// The first byte of a key.
mod family {
    /// By record: the row.
    pub(super) const RECORD: u8 = 0;
    /// By record: that an entry is open.
    pub(super) const ENTRY: u8 = 1;
    /// By record: that a version of the plan is.
    pub(super) const PLAN: u8 = 2;
}

fn key(family: u8, record: Sequence) -> Vec<u8> {
    [&[family][..], &keys::record(record)].concat()
}

/// All rows of a record, by their keys.
pub(in crate::engine) fn rows_of(row: &SecondCheckRow) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, Broken> {
    let bytes = rmp_serde::to_vec_named(row).map_err(|error| Broken::Record(error.to_string()))?;
    let mut rows = BTreeMap::from([(key(family::RECORD, row.record), bytes)]);
    if row.is_open() {
        let family = match row.subject {
            CheckSubject::Entry => family::ENTRY,
            CheckSubject::Plan => family::PLAN,
        };
        rows.insert(key(family, row.record), Vec::new());
    }
    Ok(rows)
}

/// Rows that are not handed over to the store yet.
#[derive(Debug, Clone)]
pub(in crate::engine) struct SecondChecks(Unsaved);

impl Default for SecondChecks {
    fn default() -> Self {
        Self(Unsaved::of(Tree::SecondChecks))
    }
}

impl SecondChecks {
    /// By their keys.
    pub(in crate::engine) const fn unsaved(&self) -> &BTreeMap<Vec<u8>, Option<Vec<u8>>> {
        self.0.rows()
    }

    /// The rows, to be handed over.
    pub(in crate::engine) fn take(&mut self) -> Vec<Row> {
        self.0.take()
    }

    /// Takes one in, in place of what it was before.
    pub(super) fn put(&mut self, row: &SecondCheckRow) -> Result<(), Broken> {
        self.remove(row.record);
        self.0.put(rows_of(row)?);
        Ok(())
    }

    /// Takes one away.
    pub(super) fn remove(&mut self, record: Sequence) {
        let families = [family::RECORD, family::ENTRY, family::PLAN];
        self.0.remove(families.map(|family| key(family, record)));
    }

    /// Of a record.
    pub(super) fn find(&self, history: &dyn History, record: Sequence) -> Result<Option<SecondCheckRow>, Broken> {
        let bytes = self.0.get(history, &key(family::RECORD, record))?;
        bytes
            .map(|bytes| rmp_serde::from_slice(&bytes).map_err(|_| WRONG))
            .transpose()
    }

    /// The records of entries that are open, in order. Versions of the plan are asked for one by one.
    pub(super) fn open(&self, history: &dyn History) -> Result<BTreeSet<Sequence>, Broken> {
        let open = self.0.all_under(history, &[family::ENTRY])?;
        Ok(open.keys().filter_map(|key| keys::record_of(key.get(1..)?)).collect())
    }
}
