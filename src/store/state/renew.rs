//! Making the state anew while it is in use (重建状态库): damage that is met at work is healed at work.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError, TryLockError};

use super::database::{close, sled_directory};
use super::export::{ExportError, newest_export, restore_state};
use super::{StateError, StateStore};
use crate::domain::identity::Sequence;
use crate::store::site::{StateFound, refuse_without_room, set_aside};

impl StateStore {
    /// Sets the state aside and puts a new one in its place, filled from the newest whole export, as the next start would.
    /// All clones and views go on with the new one; rows that were handed over are dropped. What the engine holds is then
    /// to be built again from this state and the journal, whose last record is `head`.
    ///
    /// # Errors
    /// [`StateError::InFlight`] while somebody holds the state still or a checkpoint is being written; nothing has
    /// happened then. After any other error this may be called again.
    pub fn renew(&self, head: Sequence) -> Result<StateFound, StateError> {
        let inner = &*self.inner;
        let mut gate = match inner.gate.try_lock() {
            Ok(gate) => gate,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Err(StateError::InFlight),
        };
        let directory = &inner.directory;
        let site = directory.parent().unwrap_or(Path::new("."));
        refuse_without_room(site)?;
        let reason = self.distrusted().unwrap_or_default();
        let mut database = inner.database.write().unwrap_or_else(PoisonError::into_inner);
        // Until the new one is there, what cannot be read shows nothing.
        inner.broken.store(true, Ordering::Release);
        if let Some(bad) = database.take() {
            close(bad);
        }
        *inner.overlay.write().unwrap_or_else(PoisonError::into_inner) = None;
        let kept_in = if sled_directory(directory).exists() {
            set_aside(directory, &*inner.disk)?
        } else {
            // An attempt before this one came as far.
            PathBuf::new()
        };
        let mut export = newest_export(site, inner.site, head)?;
        if let Some(newest) = &export {
            match restore_state(site, newest, inner.site, &inner.disk) {
                Ok(()) => {}
                Err(ExportError::Io(error)) => return Err(error.into()),
                Err(ExportError::State(error)) => return Err(error),
                // It was whole a moment ago. What the journal has is replayed; where that is not enough, replaying says so.
                Err(ExportError::Damaged { .. } | ExportError::Unsound) => export = None,
            }
        }
        let new = StateStore::open(directory, inner.site, Arc::clone(&inner.disk))?;
        let stamp = new.gate().stamp.clone();
        *database = new
            .inner
            .database
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        self.stand_at(&mut gate, stamp);
        inner.broken.store(false, Ordering::Release);
        *inner.distrust.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(StateFound::SetAside {
            kept_in,
            reason,
            export,
        })
    }
}
