//! Reading the state (视图): as it is whenever asked, or pinned as it was at one moment; always with the rows on top that
//! were handed over and are not in sled yet.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard};

use super::database::Rows;
use super::error::StateError;
use super::overlay::Overlay;
use super::rows::{KeyText, RowDamage, decode};
use super::{Gate, StateStore};
use crate::domain::identity::Sequence;
use crate::engine::history::{Entry, History, HistoryError, Tree};

/// A view of the state as it is whenever it is asked. Cheap to clone.
#[derive(Debug, Clone)]
pub struct StateView {
    store: StateStore,
}

/// A view of the state that does not move; see [`StateStore::pin`].
#[derive(Debug)]
pub struct PinnedView<'a> {
    pub(super) store: &'a StateStore,
    pub(super) overlay: Option<Arc<Overlay>>,
    pub(super) gate: MutexGuard<'a, Gate>,
    /// How often pins had been ended before this one.
    pin_ends: u64,
}

impl PinnedView<'_> {
    /// Whether this view may still be used; [`StateError::PinEnded`] if not.
    pub fn held(&self) -> Result<(), StateError> {
        if self.store.inner.pin_ends.load(Ordering::Acquire) == self.pin_ends {
            Ok(())
        } else {
            Err(StateError::PinEnded)
        }
    }

    /// The record up to which this view is right.
    pub fn applied(&self) -> Sequence {
        self.overlay
            .as_ref()
            .map_or(self.gate.stamp.applied, |overlay| overlay.applied)
    }

    /// All rows of a tree in order, handed to `visit` until it answers `false`.
    pub fn all(&self, tree: Tree, visit: &mut dyn FnMut(&[u8], &[u8]) -> bool) -> Result<(), StateError> {
        read(self.store, self.overlay.as_deref(), tree, |reading| {
            reading.visit(Bound::Unbounded, Bound::Unbounded, &mut |key, value| {
                self.held().is_ok() && visit(key, value)
            })
        })?;
        self.held()
    }
}

impl StateStore {
    /// A handle for reading, for this thread or another.
    pub fn view(&self) -> StateView {
        StateView { store: self.clone() }
    }

    /// A view that stays as it is now: no checkpoint is written while it is held, though one may be handed over.
    /// Waits for a checkpoint that is being written.
    pub fn pin(&self) -> PinnedView<'_> {
        let gate = self.gate();
        PinnedView {
            pin_ends: self.inner.pin_ends.load(Ordering::Acquire),
            overlay: self.overlay(),
            store: self,
            gate,
        }
    }

    /// Ends the pins that are held: their views answer with [`StateError::PinEnded`] from now on, so that whoever holds
    /// one lets go of it and checkpoints are written again.
    pub fn end_pins(&self) {
        self.inner.pin_ends.fetch_add(1, Ordering::AcqRel);
    }
}

type Damaged = (Vec<u8>, RowDamage);
type Sought<T> = sled::Result<Result<T, Damaged>>;

/// One reading of one tree.
struct Reading<'a> {
    tree: Tree,
    rows: &'a Rows,
    over: Option<&'a BTreeMap<Vec<u8>, Option<Vec<u8>>>>,
}

/// Reads in the database under the overlay; what is wrong with a row becomes an error that names it.
fn read<T>(
    store: &StateStore,
    overlay: Option<&Overlay>,
    tree: Tree,
    run: impl FnOnce(&Reading<'_>) -> Sought<T>,
) -> Result<T, StateError> {
    let read = store.with_database("read", |database| {
        run(&Reading {
            tree,
            rows: database.rows(tree)?,
            over: overlay.and_then(|overlay| overlay.trees.get(&tree)),
        })
    });
    let read = read.and_then(|read| {
        read.map_err(|(key, damage)| StateError::Row {
            tree: tree.name(),
            key: KeyText(key),
            damage,
        })
    });
    read.inspect_err(|error| store.noticed(error))
}

impl Reading<'_> {
    fn value(&self, key: &[u8], stored: &[u8]) -> Sought<Vec<u8>> {
        let decoded = decode(self.tree, key, stored, |part| self.rows.parts.get(part))?;
        Ok(decoded.map_err(|damage| (key.to_vec(), damage)))
    }

    fn get(&self, key: &[u8]) -> Sought<Option<Vec<u8>>> {
        if let Some(over) = self.over.and_then(|rows| rows.get(key)) {
            return Ok(Ok(over.clone()));
        }
        match self.rows.main.get(key)? {
            Some(stored) => Ok(self.value(key, &stored)?.map(Some)),
            None => Ok(Ok(None)),
        }
    }

    /// The first row within bounds, or the last.
    fn nearest(&self, from: Bound<&[u8]>, to: Bound<&[u8]>, last: bool) -> Sought<Option<Entry>> {
        let bounds = (from, to);
        let mut over = self.over.map(|rows| rows.range::<[u8], _>(bounds));
        let overlaid = over.as_mut().and_then(|range| {
            let present =
                |(key, value): (&Vec<u8>, &Option<Vec<u8>>)| value.as_ref().map(|value| (key.clone(), value.clone()));
            if last {
                range.rev().find_map(present)
            } else {
                range.find_map(present)
            }
        });
        let mut range = self.rows.main.range::<&[u8], _>(bounds);
        let stored = loop {
            let next = if last { range.next_back() } else { range.next() };
            match next.transpose()? {
                // What the overlay has is newer, or removed.
                Some((key, _)) if self.over.is_some_and(|rows| rows.contains_key(key.as_ref())) => {}
                other => break other,
            }
        };
        let Some((key, stored)) = stored else {
            return Ok(Ok(overlaid));
        };
        if let Some((over_key, _)) = &overlaid
            && (over_key.as_slice() > key.as_ref()) == last
        {
            return Ok(Ok(overlaid));
        }
        Ok(self.value(&key, &stored)?.map(|value| Some((key.to_vec(), value))))
    }

    fn visit(&self, from: Bound<&[u8]>, to: Bound<&[u8]>, visit: &mut dyn FnMut(&[u8], &[u8]) -> bool) -> Sought<()> {
        let bounds = (from, to);
        let mut over = self
            .over
            .map(|rows| rows.range::<[u8], _>(bounds))
            .into_iter()
            .flatten()
            .peekable();
        for stored in self.rows.main.range::<&[u8], _>(bounds) {
            let (key, stored) = stored?;
            let mut replaced = false;
            while let Some((over_key, value)) = over.next_if(|(over_key, _)| over_key.as_slice() <= key.as_ref()) {
                replaced |= over_key.as_slice() == key.as_ref();
                if let Some(value) = value
                    && !visit(over_key, value)
                {
                    return Ok(Ok(()));
                }
            }
            if replaced {
                continue;
            }
            match self.value(&key, &stored)? {
                Ok(value) if visit(&key, &value) => {}
                Ok(_) => return Ok(Ok(())),
                Err(damaged) => return Ok(Err(damaged)),
            }
        }
        for (key, value) in over {
            if let Some(value) = value
                && !visit(key, value)
            {
                break;
            }
        }
        Ok(Ok(()))
    }
}

impl StateView {
    fn read<T>(&self, tree: Tree, run: impl FnOnce(&Reading<'_>) -> Sought<T>) -> Result<T, HistoryError> {
        history(tree, read(&self.store, self.store.overlay().as_deref(), tree, run))
    }
}

fn history<T>(tree: Tree, result: Result<T, StateError>) -> Result<T, HistoryError> {
    result.map_err(|error| HistoryError {
        tree: tree.name(),
        reason: error.to_string(),
    })
}

macro_rules! history_through {
    ($view:ty) => {
        impl History for $view {
            fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, HistoryError> {
                self.read(tree, |reading| reading.get(key))
            }

            fn last_before(&self, tree: Tree, key: &[u8], floor: &[u8]) -> Result<Option<Entry>, HistoryError> {
                if floor >= key {
                    return Ok(None);
                }
                self.read(tree, |reading| {
                    reading.nearest(Bound::Included(floor), Bound::Excluded(key), true)
                })
            }

            fn first_after(&self, tree: Tree, key: &[u8], ceiling: &[u8]) -> Result<Option<Entry>, HistoryError> {
                if key >= ceiling {
                    return Ok(None);
                }
                self.read(tree, |reading| {
                    reading.nearest(Bound::Excluded(key), Bound::Excluded(ceiling), false)
                })
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
                self.read(tree, |reading| {
                    reading.visit(Bound::Included(from), Bound::Excluded(to), visit)
                })
            }
        }
    };
}

impl PinnedView<'_> {
    fn read<T>(&self, tree: Tree, run: impl FnOnce(&Reading<'_>) -> Sought<T>) -> Result<T, HistoryError> {
        let held = self.held();
        history(
            tree,
            held.and_then(|()| read(self.store, self.overlay.as_deref(), tree, run)),
        )
    }
}

history_through!(StateView);
history_through!(PinnedView<'_>);
