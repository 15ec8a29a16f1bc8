//! The journal (日志): append-only segment files, one frame and one `fdatasync` a batch, and a hash chain through all
//! records.
//!
//! A record exists once [`Journal::append`] has returned its number. When writing fails, nothing more is accepted until
//! [`Journal::recover`] has cut the file back to the last frame that is known to be on the medium.

pub mod chain;
pub mod damage;
pub(super) mod frame;
mod linkage;
pub mod opening;
mod packing;
mod published;
pub mod reader;
pub mod record;
mod sealing;
pub(super) mod segment;

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use super::disk::{FileError, PRIVATE_FILE, sync_parent};
use crate::domain::identity::Sequence;
use chain::ChainHash;
use damage::{Damage, JournalError, Place};
use frame::{SEGMENT_HEADER, SegmentHeader};
use opening::JournalOptions;
use packing::FrameBuilder;
use published::Shared;
use reader::JournalReader;
use record::NewRecord;
use segment::{SegmentFile, SegmentReader};

/// Plain bytes after which a new segment is begun.
pub const SEGMENT_LIMIT: u64 = 32 << 20;

/// The end of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The site's epoch: each restore raises it.
    pub epoch: u32,
    /// The last record; 0 when there is none.
    pub sequence: Sequence,
    /// The chain up to it.
    pub hash: ChainHash,
}

/// What one commit wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// Number of its first record.
    pub first: Sequence,
    /// Number of its last record; smaller than `first` for an empty batch, which writes nothing.
    pub last: Sequence,
    /// The chain up to it.
    pub hash: ChainHash,
}

/// The segment that is written to.
#[derive(Debug)]
struct Current {
    file: File,
    segment: SegmentFile,
    epoch: u32,
    /// Bytes that are known to be on the medium.
    durable: u64,
}

/// The one writer of a site's journal.
#[derive(Debug)]
pub struct Journal {
    shared: Arc<Shared>,
    options: JournalOptions,
    current: Option<Current>,
    head: Head,
    frames: FrameBuilder,
    poisoned: Option<String>,
}

impl Journal {
    /// The end of the journal.
    pub fn head(&self) -> Head {
        self.head
    }

    /// A reader, for this thread or another. It sees a record once it is on the medium.
    pub fn reader(&self) -> JournalReader {
        JournalReader::new(Arc::clone(&self.shared))
    }

    /// Why nothing is accepted, if so.
    pub fn poisoned(&self) -> Option<&str> {
        self.poisoned.as_deref()
    }

    /// Writes records as one frame with one `fdatasync`. When this returns they are on the medium.
    ///
    /// # Errors
    /// After [`JournalError::Full`] or [`JournalError::Io`] none of the records exist, and nothing is accepted before
    /// [`Journal::recover`].
    pub fn append(&mut self, records: &[NewRecord]) -> Result<Committed, JournalError> {
        if let Some(reason) = &self.poisoned {
            return Err(JournalError::Poisoned(reason.clone()));
        }
        let first = self.head.sequence.next();
        if records.is_empty() {
            return Ok(Committed {
                first,
                last: self.head.sequence,
                hash: self.head.hash,
            });
        }
        let written = self.write(first, records);
        if let Err(error @ (JournalError::Full(_) | JournalError::Io(_))) = &written {
            self.poisoned = Some(error.to_string());
        }
        let (hash, durable) = written?;
        let last = Sequence(self.head.sequence.0 + records.len() as u64);
        self.head = Head {
            epoch: self.options.epoch,
            sequence: last,
            hash,
        };
        let head = self.head;
        self.shared.change(|published| {
            published.durable = durable;
            published.head = head;
        });
        Ok(Committed { first, last, hash })
    }

    fn write(&mut self, first: Sequence, records: &[NewRecord]) -> Result<(ChainHash, u64), JournalError> {
        let full = self
            .current
            .as_ref()
            .is_none_or(|current| current.durable >= self.options.segment_limit || current.epoch != self.options.epoch);
        if full {
            self.begin_segment(first)?;
        }
        let (bytes, hash) = self
            .frames
            .build(self.options.site, self.options.epoch, first, self.head.hash, records)
            .ok_or(JournalError::TooLarge { records: records.len() })?;
        let Some(current) = &mut self.current else {
            return Err(JournalError::Poisoned("no segment to write to".to_owned()));
        };
        let disk = &*self.options.disk;
        let path = &current.segment.path;
        disk.write_at(path, &current.file, bytes, current.durable)
            .map_err(FileError::at("write", path))?;
        disk.sync(path, &current.file).map_err(FileError::at("sync", path))?;
        current.durable += bytes.len() as u64;
        Ok((hash, current.durable))
    }

    /// Begins a segment: file and name are on the medium before the first frame is written.
    fn begin_segment(&mut self, first: Sequence) -> Result<(), JournalError> {
        let segment = SegmentFile::plain(&self.shared.directory, first);
        let header = SegmentHeader {
            site: self.options.site,
            epoch: self.options.epoch,
            first,
            previous: self.head.hash,
        };
        let disk = &*self.options.disk;
        let path = &segment.path;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .mode(PRIVATE_FILE)
            .open(path)
            .map_err(FileError::at("create", path))?;
        disk.write_at(path, &file, &header.to_bytes(), 0)
            .map_err(FileError::at("write", path))?;
        disk.sync(path, &file).map_err(FileError::at("sync", path))?;
        sync_parent(disk, path)?;
        let durable = SEGMENT_HEADER as u64;
        self.shared.change(|published| {
            published.segments.retain(|known| known.first != first);
            published.segments.push(segment.clone());
            published.durable = durable;
        });
        self.current = Some(Current {
            file,
            segment,
            epoch: self.options.epoch,
            durable,
        });
        Ok(())
    }

    /// After a failed write: cuts the segment back to what is known to be on the medium, reads that again, and accepts
    /// records again. May be tried as often as wanted; until it succeeds nothing has changed.
    pub fn recover(&mut self) -> Result<(), JournalError> {
        let disk = Arc::clone(&self.options.disk);
        // A segment that was being begun when the write failed holds nothing.
        let next = SegmentFile::plain(&self.shared.directory, self.head.sequence.next());
        let begun = self.current.as_ref().is_some_and(|current| current.segment == next);
        if !begun && next.path.exists() {
            disk.remove(&next.path).map_err(FileError::at("remove", &next.path))?;
            sync_parent(&*disk, &next.path)?;
        }
        if let Some(current) = &mut self.current {
            let path = &current.segment.path;
            // A new handle: the failure was reported to the old one, and the pages that failed count as clean now.
            let file = open_to_write(path)?;
            disk.truncate(path, &file, current.durable)
                .map_err(FileError::at("truncate", path))?;
            disk.sync(path, &file).map_err(FileError::at("sync", path))?;
            let mut reader =
                SegmentReader::open(&current.segment, Some(current.durable))?.of_site(self.options.site)?;
            let mut end = (
                Sequence(reader.header.first.0.saturating_sub(1)),
                reader.header.previous,
            );
            while let Some((_, records)) = reader.next_records()? {
                if let Some(record) = records.last() {
                    end = (record.sequence, record.hash);
                }
            }
            if end != (self.head.sequence, self.head.hash) || reader.offset != current.durable {
                return Err(JournalError::Corrupt(Place {
                    file: path.clone(),
                    offset: reader.offset,
                    sequence: end.0.next(),
                    damage: Damage::CutShort,
                }));
            }
            current.file = file;
        }
        self.poisoned = None;
        Ok(())
    }
}

fn open_to_write(path: &Path) -> Result<File, FileError> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .map_err(FileError::at("open", path))
}
