//! How the engine reaches what it wrote before: rows in trees, fetched from wherever they are kept.

use std::collections::BTreeMap;

use thiserror::Error;

/// The trees in which the engine keeps its rows. Their names are part of the format on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tree {
    /// Blocks of readings: parameter u32, first hour of the block i32 (sign bit flipped), all big-endian.
    Readings,
    /// Buckets of 24 hours: parameter u32, day block i32.
    Buckets,
    /// Cells of 24 hours: book u32, source u32, day block i32.
    Cells,
    /// Sums of a source's cells by calendar month: book u32, source u32, year i32, month u32.
    MonthSums,
    /// The newest reading and other running state of a parameter: parameter u32.
    Parameters,
    /// Everything that is one of a kind: model, rules, counters.
    Site,
    /// What settled buckets, cells and sums were before a stretch of records changed them: a byte for the tree, the row's key, and
    /// the first record of the stretch u64.
    History,
    /// Notes: the time of which they speak i64 (sign bit flipped), and the record u64.
    Notes,
    /// Documents: a byte 0, form, number; and where each of those is by time (1), record (2), batch (3) and meter (4).
    Documents,
    /// Signatures of handovers: plant day i32 (sign bit flipped), key of the slot, a byte 0, a byte for the side.
    Handovers,
    /// The name of the kind of each record of what a person did, a byte 0, and when it was written i64: record u64.
    ByPeople,
    /// Substitutes of 24 hours: parameter u32, day block i32.
    Substitutes,
    /// The alarms of a parameter as they stand: parameter u32.
    Alarms,
    /// Alarms that were announced and are over: their end i64 (sign bit flipped), parameter u32, kind u8, number u64.
    Occurrences,
    /// Anomalies in the checkers' queue: their number u32.
    Anomalies,
    /// Anomalies outside it: a byte 0 and the number u32; and by place a byte 1, parameter u32, check u8, where it begins i64
    /// (sign bit flipped), number u32.
    PastAnomalies,
    /// Judges as they were at the beginning of a day: parameter u32, day i32. They can be made again from the readings.
    Judges,
    /// What a second person looks at: a byte 0 and the record u64; and of what nobody has agreed with yet, a byte (1 for what was
    /// written down, 2 for versions of the plan) and the record.
    SecondChecks,
    /// Files that are attached to the readings of a record: record u64.
    Attached,
    /// Notes that are carried forward: a byte 0 and the note's key of those that are open; a byte 1, when it was closed i64 (sign
    /// bit flipped) and the note's key of those that somebody closed.
    CarriedNotes,
    /// What was issued of closed months: year i32 (sign bit flipped), month u8, record u64.
    Closings,
}

impl Tree {
    /// All trees.
    pub const ALL: [Self; 21] = [
        Self::Readings,
        Self::Buckets,
        Self::Cells,
        Self::MonthSums,
        Self::Parameters,
        Self::Site,
        Self::History,
        Self::Notes,
        Self::Documents,
        Self::Handovers,
        Self::ByPeople,
        Self::Substitutes,
        Self::Alarms,
        Self::Occurrences,
        Self::Anomalies,
        Self::PastAnomalies,
        Self::Judges,
        Self::SecondChecks,
        Self::Attached,
        Self::CarriedNotes,
        Self::Closings,
    ];

    /// Name on disk.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Readings => "readings",
            Self::Buckets => "buckets",
            Self::Cells => "cells",
            Self::MonthSums => "month-sums",
            Self::Parameters => "parameters",
            Self::Site => "site",
            Self::History => "history",
            Self::Notes => "notes",
            Self::Documents => "documents",
            Self::Handovers => "handovers",
            Self::ByPeople => "by-people",
            Self::Substitutes => "substitutes",
            Self::Alarms => "alarms",
            Self::Occurrences => "occurrences",
            Self::Anomalies => "anomalies",
            Self::PastAnomalies => "past-anomalies",
            Self::Judges => "judges",
            Self::SecondChecks => "second-checks",
            Self::Attached => "attached",
            Self::CarriedNotes => "carried-notes",
            Self::Closings => "closings",
        }
    }
}

/// A row to be written: its absolute value, so that writing it twice is harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// In which tree.
    pub tree: Tree,
    /// Under which key.
    pub key: Vec<u8>,
    /// Its bytes; `None` removes it.
    pub value: Option<Vec<u8>>,
}

/// Why the past cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("cannot read {tree} from the store: {reason}")]
pub struct HistoryError {
    /// In which tree.
    pub tree: &'static str,
    /// What the store said.
    pub reason: String,
}

/// A key with its bytes.
pub type Entry = (Vec<u8>, Vec<u8>);

/// The past, as the engine asks for it. Answers must hold every row handed out before, so that what is asked for is
/// always as new as the last checkpoint.
pub trait History {
    /// The bytes under a key.
    fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, HistoryError>;

    /// The last row whose key is smaller than `key` and not smaller than `floor`.
    fn last_before(&self, tree: Tree, key: &[u8], floor: &[u8]) -> Result<Option<Entry>, HistoryError>;

    /// The first row whose key is larger than `key` and smaller than `ceiling`.
    fn first_after(&self, tree: Tree, key: &[u8], ceiling: &[u8]) -> Result<Option<Entry>, HistoryError>;

    /// All rows from `from` up to, not including, `to`, in order, handed to `visit` one by one until it answers `false`.
    fn scan(
        &self,
        tree: Tree,
        from: &[u8],
        to: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), HistoryError>;
}

/// A history in memory: for tests, for rehearsals (`plan`), and for recomputing from nothing.
#[derive(Debug, Clone, Default)]
pub struct MemoryHistory {
    trees: BTreeMap<Tree, BTreeMap<Vec<u8>, Vec<u8>>>,
}

impl MemoryHistory {
    /// Takes rows in, as a checkpoint does.
    pub fn apply(&mut self, rows: impl IntoIterator<Item = Row>) {
        for row in rows {
            let tree = self.trees.entry(row.tree).or_default();
            match row.value {
                Some(value) => tree.insert(row.key, value),
                None => tree.remove(&row.key),
            };
        }
    }

    /// All rows of a tree in order.
    pub fn rows(&self, tree: Tree) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.trees
            .get(&tree)
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.as_slice(), value.as_slice()))
    }
}

impl History for MemoryHistory {
    fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, HistoryError> {
        Ok(self.trees.get(&tree).and_then(|rows| rows.get(key)).cloned())
    }

    fn last_before(&self, tree: Tree, key: &[u8], floor: &[u8]) -> Result<Option<Entry>, HistoryError> {
        if floor >= key {
            return Ok(None);
        }
        let found = self
            .trees
            .get(&tree)
            .and_then(|rows| rows.range(floor.to_vec()..key.to_vec()).next_back());
        Ok(found.map(|(key, value)| (key.clone(), value.clone())))
    }

    fn first_after(&self, tree: Tree, key: &[u8], ceiling: &[u8]) -> Result<Option<Entry>, HistoryError> {
        use std::ops::Bound::Excluded;
        if key >= ceiling {
            return Ok(None);
        }
        let found = self
            .trees
            .get(&tree)
            .and_then(|rows| rows.range((Excluded(key.to_vec()), Excluded(ceiling.to_vec()))).next());
        Ok(found.map(|(key, value)| (key.clone(), value.clone())))
    }

    fn scan(
        &self,
        tree: Tree,
        from: &[u8],
        to: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), HistoryError> {
        if from >= to {
            return Ok(());
        }
        if let Some(rows) = self.trees.get(&tree) {
            for (key, value) in rows.range(from.to_vec()..to.to_vec()) {
                if !visit(key, value) {
                    break;
                }
            }
        }
        Ok(())
    }
}
