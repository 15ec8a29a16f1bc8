//! The rows of a checkpoint that is being written (暂存层): reads answer with them at once, and sled gets them when it can.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use super::StateStore;
use super::error::StateError;
use crate::domain::identity::Sequence;
use crate::engine::history::{Row, Tree};

/// The rows of one checkpoint: read in place of sled's until they are in sled.
#[derive(Debug, Default)]
pub(super) struct Overlay {
    pub(super) applied: Sequence,
    pub(super) trees: BTreeMap<Tree, BTreeMap<Vec<u8>, Option<Vec<u8>>>>,
    /// About how many bytes its rows take.
    pub(super) size: u64,
}

impl Overlay {
    pub(super) fn new(rows: Vec<Row>, applied: Sequence) -> Self {
        let mut overlay = Self {
            applied,
            trees: BTreeMap::new(),
            size: 0,
        };
        for row in rows {
            overlay.size += (row.key.len() + row.value.as_ref().map_or(0, Vec::len) + 16) as u64;
            overlay.trees.entry(row.tree).or_default().insert(row.key, row.value);
        }
        overlay
    }
}

/// Why checkpoints are not written at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failing {
    /// There is no room.
    Full,
    /// Something else.
    Otherwise,
}

impl StateStore {
    pub(super) fn overlay(&self) -> Option<Arc<Overlay>> {
        self.inner
            .overlay
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Takes the rows of a checkpoint over; from now on reads answer with them.
    ///
    /// # Errors
    /// [`StateError::InFlight`], with the rows, while the checkpoint before is not written.
    pub fn hand_over(&self, rows: Vec<Row>, applied: Sequence) -> Result<(), (StateError, Vec<Row>)> {
        let mut overlay = self.inner.overlay.write().unwrap_or_else(PoisonError::into_inner);
        if overlay.is_some() {
            return Err((StateError::InFlight, rows));
        }
        *overlay = Some(Arc::new(Overlay::new(rows, applied)));
        Ok(())
    }

    /// The record up to which a [`StateView`] is right: with the rows of a checkpoint that was handed over. Waits for
    /// nobody.
    pub fn readable_to(&self) -> Sequence {
        // In this order: rows stop being handed over only after the database stands at their record.
        let handed_over = self.overlay().map(|overlay| overlay.applied);
        handed_over.unwrap_or_else(|| self.applied())
    }

    /// About how many bytes the rows take that were handed over and are not written.
    pub fn unwritten(&self) -> Option<u64> {
        self.overlay().map(|overlay| overlay.size)
    }

    /// Why rows that were handed over are not written, when the last attempt to write them failed.
    pub fn failing(&self) -> Option<Failing> {
        self.overlay()?;
        *self.inner.failing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
