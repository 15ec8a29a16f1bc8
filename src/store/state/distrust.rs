//! A state in which damage was met is not trusted any more (不可信): it says so, on disk too, and is made anew by
//! [`StateStore::renew`] or by the next start.

use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::StateStore;
use super::error::StateError;
use crate::store::disk::replace_file;

/// Characters of a reason for distrust that are kept.
const LONGEST_REASON: usize = 500;

/// The file that says that a state is not to be trusted, and why.
fn distrust_mark(directory: &Path) -> PathBuf {
    directory.join("distrust")
}

/// Why a state is not to be trusted, where that was found before.
pub(in crate::store) fn read_distrust(directory: &Path) -> Option<String> {
    let path = distrust_mark(directory);
    match std::fs::read(&path) {
        Ok(bytes) => Some(String::from_utf8_lossy(&bytes).chars().take(LONGEST_REASON).collect()),
        // A mark that cannot be read is a mark.
        Err(error) => (error.kind() != std::io::ErrorKind::NotFound).then(|| error.to_string()),
    }
}

impl StateStore {
    /// What was found to be wrong with the state. It goes on answering as well as it can until it is made anew, by
    /// [`StateStore::renew`] or by the next start.
    pub fn distrusted(&self) -> Option<String> {
        self.inner
            .distrust
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Notes that the state is not to be trusted, on disk too: the next start sets it aside, whatever it looks like
    /// then.
    pub fn distrust(&self, reason: &str) {
        let mut known = self.inner.distrust.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_none() {
            let reason: String = reason.chars().take(LONGEST_REASON).collect();
            // Where nothing can be written, the next start meets the damage by itself.
            let _ = replace_file(
                &*self.inner.disk,
                &distrust_mark(&self.inner.directory),
                reason.as_bytes(),
            );
            *known = Some(reason);
        }
    }

    /// Notes an error that shows damage. What fails while sled has to be opened again shows nothing.
    pub(super) fn noticed(&self, error: &StateError) {
        if error.is_damage() && !self.inner.broken.load(Ordering::Acquire) {
            self.distrust(&error.to_string());
        }
    }
}
