//! The state (状态库): the engine's rows in sled, each with a checksum, and the journal record up to which they are
//! right. It can always be rebuilt from the journal.

mod check;
pub mod checkpoint;
pub mod checkpointer;
pub(super) mod database;
mod distrust;
mod error;
pub mod export;
mod leaving;
pub(super) mod mark;
mod overlay;
mod redo;
mod renew;
pub mod rows;
pub mod sealed_export;
pub mod second_copy;
mod stamp;
mod view;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use uuid::Uuid;

use super::disk::{Disk, make_directory};
use crate::domain::identity::Sequence;
use database::{Database, close, guarded, open_database, read_or_make_stamp, sled_directory, sync_new};
use leaving::{Left, how_it_was_left, leave_closed, mark_open};
use overlay::Overlay;
use stamp::Stamp;

pub use check::{BadRow, StateReport};
pub(super) use distrust::read_distrust;
pub use error::StateError;
pub use overlay::Failing;
pub use view::{PinnedView, StateView};

#[derive(Debug)]
struct Inner {
    directory: PathBuf,
    site: Uuid,
    disk: Arc<dyn Disk>,
    /// `None` only while it is opened again after a failure.
    database: RwLock<Option<Database>>,
    overlay: RwLock<Option<Arc<Overlay>>>,
    /// What the database holds; the lock is the gate: who holds it keeps checkpoints from being written.
    gate: Mutex<Gate>,
    /// The sequence of the stamp behind the gate, for those who only want to know.
    applied: AtomicU64,
    /// Whether the last checkpoint failed inside sled, so that it must be opened again.
    broken: AtomicBool,
    /// Whether it was opened as it must be: what was not is not closed as if it had been.
    whole: AtomicBool,
    /// How the last attempt at a checkpoint failed, if it did.
    failing: Mutex<Option<Failing>>,
    /// How often pins were ended.
    pin_ends: AtomicU64,
    /// What was found to be wrong with the state, once something was.
    distrust: Mutex<Option<String>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        let database = self.database.get_mut().unwrap_or_else(PoisonError::into_inner);
        let Some(database) = database.take() else {
            return;
        };
        let closed = close(database);
        if closed && *self.whole.get_mut() && !*self.broken.get_mut() {
            // Where it fails, the next opening looks at everything.
            let _ = leave_closed(&self.directory, &*self.disk);
        }
    }
}

/// What is behind the gate.
#[derive(Debug)]
struct Gate {
    stamp: Stamp,
}

/// The state of a site. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct StateStore {
    inner: Arc<Inner>,
}

impl StateStore {
    /// Opens the state in a directory, making it where there is none, and finishes a checkpoint that a crash cut off.
    ///
    /// # Errors
    /// [`StateError::is_damage`] tells whether the directory is to be set aside and the state rebuilt from the journal.
    pub fn open(directory: &Path, site: Uuid, disk: Arc<dyn Disk>) -> Result<Self, StateError> {
        make_directory(&*disk, directory)?;
        let fresh = !sled_directory(directory).exists();
        let left = how_it_was_left(directory)?;
        if left == Left::Closed {
            mark_open(directory, &*disk)?;
        }
        let database = open_database(directory, &*disk)?;
        let stamp = read_or_make_stamp(&database, site).and_then(|stamp| {
            if fresh || stamp.applied == Sequence(0) {
                sync_new(directory, &*disk)?;
            }
            Ok(stamp)
        });
        let stamp = match stamp {
            Ok(stamp) => stamp,
            Err(error) => {
                close(database);
                return Err(error);
            }
        };
        let store = Self {
            inner: Arc::new(Inner {
                directory: directory.to_owned(),
                site,
                disk,
                database: RwLock::new(Some(database)),
                overlay: RwLock::new(None),
                applied: AtomicU64::new(stamp.applied.0),
                gate: Mutex::new(Gate { stamp }),
                broken: AtomicBool::new(false),
                whole: AtomicBool::new(false),
                failing: Mutex::new(None),
                pin_ends: AtomicU64::new(0),
                distrust: Mutex::new(None),
            }),
        };
        store.finish_cut_off_checkpoint()?;
        if left == Left::PowerLost {
            store.refuse_if_rows_are_gone()?;
            mark_open(directory, &*store.inner.disk)?;
        }
        store.inner.whole.store(true, Ordering::Release);
        Ok(store)
    }

    /// The record up to which the rows in the database are right.
    pub fn applied(&self) -> Sequence {
        Sequence(self.inner.applied.load(Ordering::Acquire))
    }

    /// After a loss of power.
    fn refuse_if_rows_are_gone(&self) -> Result<(), StateError> {
        let report = self.pin().check()?;
        if report.is_good() {
            return Ok(());
        }
        let reason = self.distrusted().unwrap_or_default();
        Err(StateError::Distrusted(format!("after the machine stopped: {reason}")))
    }

    /// Notes what the database holds now.
    fn stand_at(&self, gate: &mut Gate, stamp: Stamp) {
        self.inner.applied.store(stamp.applied.0, Ordering::Release);
        gate.stamp = stamp;
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.inner.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs something with the open database.
    pub(super) fn with_database<T>(
        &self,
        operation: &'static str,
        run: impl FnOnce(&Database) -> sled::Result<T>,
    ) -> Result<T, StateError> {
        let database = self.inner.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = database.as_ref().ok_or_else(|| StateError::Database {
            operation,
            reason: "it is not open".to_owned(),
        })?;
        guarded(operation, || run(database))
    }
}
