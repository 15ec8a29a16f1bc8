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

use super::cells::Cells;
use super::{CellOf, CheckSubject, CheckVerdict, MOST_FOLLOWED, SecondChecked};

/// A record at which a second person looks, or has looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct SecondCheckRow {
    /// The record.
    pub(in crate::engine) record: Sequence,
    /// Whose it is.
    pub(in crate::engine) by: Actor,
    /// Others who typed some of it, by what they are called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::engine) typed_by: Vec<String>,
    /// When it was written.
    pub(in crate::engine) written: Instant,
    /// What stands in it.
    #[serde(default)]
    pub(in crate::engine) subject: CheckSubject,
    /// The cells that it wrote; none where they are too many to be followed one by one.
    #[serde(default, skip_serializing_if = "Cells::is_empty")]
    pub(in crate::engine) cells: Cells,
    /// Those of them that were returned and that nobody has agreed with since; none where all of it was.
    #[serde(default, skip_serializing_if = "Cells::is_empty")]
    pub(in crate::engine) returned: Cells,
    /// What was said of it last; which cells were returned stands beside it.
    pub(in crate::engine) looked: Option<Looked>,
    /// Records that are done since this one was agreed with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::engine) settles: Vec<Sequence>,
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

/// A record that waits: whose it is, and what stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engine) struct Awaiting<'a> {
    /// The record.
    pub(in crate::engine) record: Sequence,
    /// Whose it is.
    pub(in crate::engine) by: &'a Actor,
    /// Others who typed some of it.
    pub(in crate::engine) typed_by: &'a [String],
    /// What stands in it.
    pub(in crate::engine) subject: CheckSubject,
    /// The cells that it wrote.
    pub(in crate::engine) cells: Vec<CellOf>,
}

impl<'a> Awaiting<'a> {
    /// One that is looked at as a whole.
    pub(in crate::engine) const fn whole(record: Sequence, by: &'a Actor, subject: CheckSubject) -> Self {
        Self {
            record,
            by,
            typed_by: &[],
            subject,
            cells: Vec::new(),
        }
    }
}

impl SecondCheckRow {
    /// Of a record at which nobody has looked.
    pub(in crate::engine) fn new(waiting: Awaiting<'_>, written: Instant) -> Self {
        Self {
            record: waiting.record,
            by: waiting.by.clone(),
            typed_by: waiting.typed_by.to_vec(),
            written,
            subject: waiting.subject,
            cells: followed(waiting.cells),
            returned: Cells::default(),
            looked: None,
            settles: Vec::new(),
            settled: None,
        }
    }

    /// The same after somebody looked at it. What was returned before and nobody has agreed with stays returned.
    pub(in crate::engine) fn looked_at(
        &self,
        checked: &SecondChecked,
        by: &Actor,
        at: Instant,
        record: Sequence,
    ) -> Self {
        let (verdict, returned) = match &checked.check.verdict {
            CheckVerdict::Agreed => (CheckVerdict::Agreed, Cells::default()),
            CheckVerdict::Returned { reason, cells } => {
                let is_all = cells.is_empty() || (self.is_returned() && self.returned.is_empty());
                let returned = if is_all {
                    Cells::default()
                } else {
                    self.returned.iter().chain(cells.iter().copied()).collect()
                };
                let verdict = CheckVerdict::Returned {
                    reason: reason.clone(),
                    cells: Vec::new(),
                };
                (verdict, returned)
            }
        };
        let settles = self.settles.iter().chain(&checked.settles).copied();
        Self {
            looked: Some(Looked {
                by: by.clone(),
                at,
                record,
                verdict,
            }),
            returned,
            settles: settles.collect::<BTreeSet<Sequence>>().into_iter().collect(),
            settled: None,
            ..self.clone()
        }
    }

    /// The same after a check agreed with what came in its place, or after that was taken back.
    pub(in crate::engine) fn settled_by(&self, check: Option<Sequence>) -> Self {
        Self {
            settled: check,
            ..self.clone()
        }
    }

    /// Whether it was returned, or some of it.
    pub(in crate::engine) fn is_returned(&self) -> bool {
        let is_returned = |looked: &Looked| matches!(looked.verdict, CheckVerdict::Returned { .. });
        self.looked.as_ref().is_some_and(is_returned)
    }

    /// Whether a cell of it is among those that were returned.
    pub(in crate::engine) fn is_cell_returned(&self, cell: CellOf) -> bool {
        self.is_returned() && (self.returned.is_empty() || self.returned.contains(cell))
    }

    /// Whether something is still to be done about it.
    pub(in crate::engine) fn is_open(&self) -> bool {
        let is_agreed = |looked: &Looked| looked.verdict == CheckVerdict::Agreed;
        self.settled.is_none() && !self.looked.as_ref().is_some_and(is_agreed)
    }

    /// Whether a cell of it is still to be put right or agreed with.
    pub(in crate::engine) fn is_cell_open(&self, cell: CellOf) -> bool {
        self.is_open() && (!self.is_returned() || self.is_cell_returned(cell))
    }

    /// The cells that are to be put right or agreed with: those that were returned, else all.
    pub(in crate::engine) const fn open_cells(&self) -> &Cells {
        if self.returned.is_empty() {
            &self.cells
        } else {
            &self.returned
        }
    }

    /// Whether it is of somebody, or typed by them in part: they cannot be its second person.
    pub(in crate::engine) fn is_of(&self, person: &Actor) -> bool {
        self.by.is_same_person(person) || self.typed_by.iter().any(|name| name == person.name())
    }
}

/// Cells, where they are few enough to be followed.
fn followed(cells: Vec<CellOf>) -> Cells {
    let cells: Cells = cells.into_iter().collect();
    if cells.count() > MOST_FOLLOWED {
        Cells::default()
    } else {
        cells
    }
}

/// A row as it is kept. Those of before named the returned cells in what was said.
fn read(bytes: &[u8]) -> Result<SecondCheckRow, Broken> {
    let mut row: SecondCheckRow = rmp_serde::from_slice(bytes).map_err(|_| WRONG)?;
    if let Some(looked) = &mut row.looked
        && let CheckVerdict::Returned { cells, .. } = &mut looked.verdict
        && !cells.is_empty()
    {
        row.returned = std::mem::take(cells).into_iter().collect();
    }
    Ok(row)
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

fn written(row: &SecondCheckRow) -> Result<Vec<u8>, Broken> {
    rmp_serde::to_vec_named(row).map_err(|error| Broken::Record(error.to_string()))
}

/// A row as it would be written now, whichever version of the program wrote it.
pub(in crate::engine) fn as_written_now(key: &[u8], value: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let value = match key.first() {
        Some(&family::RECORD) => read(value).and_then(|row| written(&row)).ok()?,
        _ => value.to_vec(),
    };
    Some((key.to_vec(), value))
}

/// All rows of a record, by their keys.
pub(in crate::engine) fn rows_of(row: &SecondCheckRow) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, Broken> {
    let mut rows = BTreeMap::from([(key(family::RECORD, row.record), written(row)?)]);
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
        bytes.map(|bytes| read(&bytes)).transpose()
    }

    /// Whether a second person was asked for of a record.
    pub(super) fn has(&self, history: &dyn History, record: Sequence) -> Result<bool, Broken> {
        Ok(self.0.get(history, &key(family::RECORD, record))?.is_some())
    }

    /// The records of entries that are open, in order. Versions of the plan are asked for one by one.
    pub(super) fn open(&self, history: &dyn History) -> Result<BTreeSet<Sequence>, Broken> {
        let open = self.0.all_under(history, &[family::ENTRY])?;
        Ok(open.keys().filter_map(|key| keys::record_of(key.get(1..)?)).collect())
    }
}
