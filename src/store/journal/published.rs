//! What the journal's writer and its readers share.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use uuid::Uuid;

use super::Head;
use super::damage::{JournalError, Place};
use super::segment::SegmentFile;
use crate::store::disk::{Disk, RealDisk};

/// What the writer tells the readers.
#[derive(Debug)]
pub(super) struct Published {
    pub(super) segments: Vec<SegmentFile>,
    /// Durable bytes of the segment that is written to; it is the last one.
    pub(super) durable: u64,
    pub(super) head: Head,
}

/// What writer and readers share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) directory: PathBuf,
    pub(super) site: Uuid,
    pub(super) disk: Arc<dyn Disk>,
    published: RwLock<Published>,
    /// The first bad place that was met.
    damaged: Mutex<Option<Place>>,
}

impl Shared {
    pub(super) fn new(directory: &Path, site: Uuid, disk: Arc<dyn Disk>, published: Published) -> Self {
        Self {
            directory: directory.to_owned(),
            site,
            disk,
            published: RwLock::new(published),
            damaged: Mutex::new(None),
        }
    }

    /// Of a journal without a writer: every byte of every file counts.
    pub(super) fn still(directory: &Path, site: Uuid, segments: Vec<SegmentFile>, head: Head) -> Self {
        let published = Published {
            segments,
            durable: u64::MAX,
            head,
        };
        Self::new(directory, site, RealDisk::shared(), published)
    }

    /// Remembers the first bad place, so that it is shown to people whoever met it.
    pub(super) fn note(&self, error: &JournalError) {
        if let JournalError::Corrupt(place) = error {
            let mut damaged = self.damaged.lock().unwrap_or_else(PoisonError::into_inner);
            damaged.get_or_insert_with(|| place.clone());
        }
    }

    pub(super) fn damaged(&self) -> Option<Place> {
        self.damaged.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn look<T>(&self, look: impl FnOnce(&Published) -> T) -> T {
        look(&self.published.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Published)) {
        change(&mut self.published.write().unwrap_or_else(PoisonError::into_inner));
    }
}
