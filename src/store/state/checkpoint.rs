//! Checkpoints (检查点): the engine's rows are brought into sled, all of them or none.
//!
//! First the [redo file](super::redo), then sled in small slices, then the stamp, then everything is made to stay on
//! the medium, then a mark in a file of its own, by which a state that went back in time is noticed; last the redo file
//! goes. A crash anywhere leaves the state before or the state after.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant as Clock};

use super::database::{Database, close, open_database, sync_database};
use super::mark::{read_mark, write_mark};
use super::overlay::{Failing, Overlay};
use super::redo::{self, Change, Redo};
use super::rows::{Preface, checksum, encode, further, part_key};
use super::stamp::Stamp;
use super::{Gate, StateError, StateStore};
use crate::domain::identity::Sequence;
use crate::engine::history::{Row, Tree};
use crate::store::disk::FileError;
use crate::store::space::{free_space, room_for};

/// Bytes given to sled at a time: readers wait while it takes a slice in.
const SLICE: usize = 1 << 20;

/// What a checkpoint wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckpointReport {
    /// The record up to which the state is right now.
    pub applied: Sequence,
    /// Rows written or removed.
    pub rows: u64,
    /// Bytes of the redo file, about what sled took in.
    pub bytes: u64,
    /// How long it took.
    pub took: Duration,
}

impl StateStore {
    /// Hands rows over and writes them. Blocks until they are on the medium.
    pub fn checkpoint(&self, rows: Vec<Row>, applied: Sequence) -> Result<CheckpointReport, StateError> {
        self.hand_over(rows, applied).map_err(|(error, _)| error)?;
        self.write_handed_over().map(|report| {
            report.unwrap_or(CheckpointReport {
                applied,
                rows: 0,
                bytes: 0,
                took: Duration::ZERO,
            })
        })
    }

    /// Writes what was handed over; `None` when there is nothing. After an error the rows are still there, reads still
    /// answer with them, and this may be called again.
    pub fn write_handed_over(&self) -> Result<Option<CheckpointReport>, StateError> {
        let written = self.write_overlay();
        let failing = written.as_ref().err().map(|error| match error {
            StateError::Full(_) => Failing::Full,
            _ => Failing::Otherwise,
        });
        *self.inner.failing.lock().unwrap_or_else(PoisonError::into_inner) = failing;
        written
    }

    fn write_overlay(&self) -> Result<Option<CheckpointReport>, StateError> {
        let since = Clock::now();
        let mut gate = self.gate();
        let Some(overlay) = self.overlay() else {
            return Ok(None);
        };
        // Before sled is closed to be opened again: until there is room, what is open goes on answering.
        self.look_for_room(&overlay)?;
        if self.inner.broken.load(Ordering::Acquire) {
            let opened = self.open_again(&mut gate);
            if let Err(error) = opened {
                if error.is_damage() {
                    self.distrust(&error.to_string());
                }
                return Err(error);
            }
        }
        let plan = self
            .plan(&overlay, &gate.stamp)
            .inspect_err(|error| self.noticed(error))?;
        let bytes = redo::write(
            &self.inner.directory,
            &*self.inner.disk,
            plan.base,
            &plan.stamp,
            plan.changes(),
        )?;
        self.reached("redo written")?;
        if let Err(error) = self.carry_out(&plan.stamp, plan.changes()) {
            // Whatever sled made of it, the redo file has everything: open again and repeat.
            self.inner.broken.store(true, Ordering::Release);
            return Err(error);
        }
        let rows = overlay.trees.values().map(|rows| rows.len() as u64).sum();
        self.stand_at(&mut gate, plan.stamp);
        *self.inner.overlay.write().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(Some(CheckpointReport {
            applied: gate.stamp.applied,
            rows,
            bytes,
            took: since.elapsed(),
        }))
    }

    /// A full disk inside sled costs a reopening; so room for the redo file, and as much again for sled, is asked for
    /// before anything is written.
    fn look_for_room(&self, overlay: &Overlay) -> Result<(), StateError> {
        let directory = &self.inner.directory;
        let needed = room_for(overlay.size);
        if free_space(directory)? >= needed {
            return Ok(());
        }
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        Err(FileError::at("write a checkpoint in", directory)(full).into())
    }

    /// Looks up what each row replaces, and works out the sums of the trees afterwards.
    fn plan<'a>(&self, overlay: &'a Overlay, before: &Stamp) -> Result<Plan<'a>, StateError> {
        self.with_database("plan a checkpoint", |database| {
            let mut stamp = before.clone();
            stamp.applied = overlay.applied;
            let mut replaced = Vec::new();
            for (tree, rows) in &overlay.trees {
                let main = &database.rows(*tree)?.main;
                let sum = stamp.sum(*tree);
                for (key, value) in rows {
                    let old = main.get(key)?;
                    let old = old.as_deref().and_then(Preface::parse).map(|(preface, _)| preface);
                    if let Some(old) = old {
                        sum.remove(key, old.checksum);
                    }
                    if let Some(value) = value {
                        sum.add(key, checksum(*tree, key, value));
                    }
                    replaced.push(old.map(Preface::further_parts));
                }
            }
            Ok(Plan {
                overlay,
                base: before.applied,
                stamp,
                replaced,
            })
        })
    }

    /// Everything after the redo file.
    fn carry_out(&self, stamp: &Stamp, changes: impl Iterator<Item = Change>) -> Result<(), StateError> {
        let mut slice = Slice::default();
        for change in changes {
            if slice.is_full_or_of_other(&change) {
                self.apply(std::mem::take(&mut slice))?;
            }
            slice.take(change);
        }
        self.apply(slice)?;
        self.with_database("write the stamp", |database| database.write_stamp(stamp))?;
        self.reached("stamp written")?;
        self.with_database("flush", |database| database.db.flush().map(|_| ()))?;
        self.reached("flushed")?;
        let disk = &*self.inner.disk;
        sync_database(&self.inner.directory, disk)?;
        write_mark(&self.inner.directory, stamp.applied, disk)?;
        redo::remove(&self.inner.directory, disk)?;
        Ok(())
    }

    fn apply(&self, slice: Slice) -> Result<(), StateError> {
        let Some((tree, part)) = slice.of else {
            return Ok(());
        };
        self.with_database("write rows", |database| {
            let rows = database.rows(tree)?;
            let target = if part { &rows.parts } else { &rows.main };
            target.apply_batch(slice.batch)
        })?;
        self.reached("slice applied")
    }

    /// On opening: a redo file is carried out once more.
    pub(super) fn finish_cut_off_checkpoint(&self) -> Result<(), StateError> {
        let mut gate = self.gate();
        let directory = &self.inner.directory;
        let mark = read_mark(directory)?;
        let found = Redo::read(directory, &*self.inner.disk)?;
        let Some(redo) = found.filter(|redo| redo.stamp.site == self.inner.site) else {
            if mark > gate.stamp.applied {
                return Err(went_back(gate.stamp.applied, mark));
            }
            redo::remove(directory, &*self.inner.disk)?;
            return Ok(());
        };
        let follows = gate.stamp.applied == redo.base || gate.stamp.applied == redo.stamp.applied;
        if !follows || mark > redo.stamp.applied {
            return Err(went_back(gate.stamp.applied, mark.max(redo.base)));
        }
        self.carry_out(&redo.stamp, redo.changes.into_iter())?;
        self.stand_at(&mut gate, redo.stamp);
        Ok(())
    }

    /// Opens sled again after it failed, and finishes what was cut off. The gate is held by the caller.
    fn open_again(&self, gate: &mut Gate) -> Result<(), StateError> {
        let directory = &self.inner.directory;
        let disk = &*self.inner.disk;
        {
            let mut database = self.inner.database.write().unwrap_or_else(PoisonError::into_inner);
            // Closed first: sled holds its lock until the last handle is gone.
            if let Some(broken) = database.take() {
                close(broken);
            }
            // What holds it is then this process, in a thread of sled's that does not end: only another directory helps.
            let opened = open_database(directory, disk).map_err(|error| match error {
                StateError::Held => StateError::Distrusted(error.to_string()),
                other => other,
            })?;
            *database = Some(opened);
        }
        let stored = self.with_database("read its stamp", Database::read_stamp)?;
        let stamp = stored.ok_or_else(|| StateError::Distrusted("its stamp cannot be read".to_owned()))?;
        if let Some(redo) = Redo::read(directory, disk)? {
            if stamp.applied != redo.base && stamp.applied != redo.stamp.applied {
                return Err(went_back(stamp.applied, redo.base));
            }
            self.carry_out(&redo.stamp, redo.changes.into_iter())?;
            self.stand_at(gate, redo.stamp);
        } else if stamp != gate.stamp {
            return Err(went_back(stamp.applied, gate.stamp.applied));
        }
        self.inner.broken.store(false, Ordering::Release);
        Ok(())
    }

    fn reached(&self, step: &'static str) -> Result<(), StateError> {
        let stopped = self.inner.disk.reached(step);
        stopped.map_err(|error| FileError::at(step, &self.inner.directory)(error).into())
    }
}

fn went_back(found: Sequence, known: Sequence) -> StateError {
    StateError::Distrusted(format!("it stands at record {found}, and had reached record {known}"))
}

/// A checkpoint worked out: what is written is made from the rows when it is written, not held twice.
struct Plan<'a> {
    overlay: &'a Overlay,
    base: Sequence,
    stamp: Stamp,
    /// For each row in order: how many further parts the row has that it replaces, if it replaces one.
    replaced: Vec<Option<u16>>,
}

impl Plan<'_> {
    /// Everything to be written and removed; each of sled's trees in one go.
    fn changes(&self) -> impl Iterator<Item = Change> {
        let mut begin = 0;
        self.overlay.trees.iter().flat_map(move |(tree, rows)| {
            let replaced = self.replaced.get(begin..).unwrap_or_default();
            begin += rows.len();
            let parts = rows
                .iter()
                .zip(replaced)
                .flat_map(|((key, value), old)| part_changes(*tree, key, value.as_deref(), old.unwrap_or(0)));
            let mains = rows.iter().zip(replaced).filter_map(|((key, value), old)| {
                let value = value.as_deref().map(|value| encode(*tree, key, value));
                (value.is_some() || old.is_some()).then(|| Change {
                    tree: *tree,
                    part: false,
                    key: key.clone(),
                    value,
                })
            });
            parts.chain(mains)
        })
    }
}

/// The further parts of a row: those it has are written, those that only the row before had are removed.
fn part_changes(tree: Tree, key: &[u8], value: Option<&[u8]>, old: u16) -> impl Iterator<Item = Change> {
    let parts = value.map_or_else(Vec::new, further);
    let kept = u16::try_from(parts.len()).unwrap_or(u16::MAX);
    let written = (1..).zip(parts).map(|(number, part)| (number, Some(part.to_vec())));
    let removed = (kept.saturating_add(1)..=old).map(|number| (number, None));
    written.chain(removed).map(move |(number, value)| Change {
        tree,
        part: true,
        key: part_key(key, number),
        value,
    })
}

/// Changes of one of sled's trees, given to it at once.
#[derive(Default)]
struct Slice {
    of: Option<(Tree, bool)>,
    batch: sled::Batch,
    bytes: usize,
}

impl Slice {
    fn is_full_or_of_other(&self, change: &Change) -> bool {
        self.bytes >= SLICE || self.of.is_some_and(|of| of != (change.tree, change.part))
    }

    fn take(&mut self, change: Change) {
        self.of = Some((change.tree, change.part));
        self.bytes += change.size();
        match change.value {
            Some(value) => self.batch.insert(change.key, value),
            None => self.batch.remove(change.key),
        }
    }
}
