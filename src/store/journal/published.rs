//! What the journal's writer and its readers share.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use uuid::Uuid;

use super::Head;
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
    pub(super) published: RwLock<Published>,
}

impl Shared {
    /// Of a journal without a writer: every byte of every file counts.
    pub(super) fn still(directory: &Path, site: Uuid, segments: Vec<SegmentFile>, head: Head) -> Self {
        Self {
            directory: directory.to_owned(),
            site,
            disk: RealDisk::shared(),
            published: RwLock::new(Published {
                segments,
                durable: u64::MAX,
                head,
            }),
        }
    }

    pub(super) fn look<T>(&self, look: impl FnOnce(&Published) -> T) -> T {
        look(&self.published.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Published)) {
        change(&mut self.published.write().unwrap_or_else(PoisonError::into_inner));
    }
}
