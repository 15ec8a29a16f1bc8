//! The journal (日志): append-only segment files, one frame and one `fdatasync` a batch, and a hash chain through all
//! records.
//!
//! A record exists once [`Journal::append`] has returned its number. When writing fails, nothing more is accepted until
//! [`Journal::recover`] has cut the file back to the last frame that is known to be on the medium.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use thiserror::Error;
use uuid::Uuid;

use super::disk::{Disk, FileError, RealDisk, make_directory, sync_parent, write_new_file};
use super::format::{ChainHash, Damage, FrameBuilder, NewRecord, SEGMENT_HEADER, SegmentHeader};
use super::reader::JournalReader;
use super::segment::{SegmentFile, SegmentReader, holds_later_frame, list};
use crate::domain::identity::Sequence;

/// Plain bytes after which a new segment is begun.
pub const SEGMENT_LIMIT: u64 = 32 << 20;

/// Where the journal is bad.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}, byte {offset}, record {sequence}: {damage}", file.display())]
pub struct Place {
    /// Segment file.
    pub file: PathBuf,
    /// Start of the bad frame in the plain segment.
    pub offset: u64,
    /// The record that is bad, or that was expected here.
    pub sequence: Sequence,
    /// What is wrong.
    pub damage: Damage,
}

/// Why the journal cannot be read or written.
#[derive(Debug, Error)]
pub enum JournalError {
    /// No room on the device.
    #[error("no room left: {0}")]
    Full(FileError),
    /// A file operation failed for another reason.
    #[error(transparent)]
    Io(FileError),
    /// The journal is damaged.
    #[error("the journal is damaged: {0}")]
    Corrupt(Place),
    /// The last frame is damaged, and the records in it were known to exist.
    #[error("the journal lost records that were written: {place}; record {known} is known to exist")]
    Lost {
        /// The bad frame.
        place: Place,
        /// The last record that something else knows of.
        known: Sequence,
    },
    /// A write failed before; [`Journal::recover`] comes first.
    #[error("the journal accepts nothing after a failed write: {0}")]
    Poisoned(String),
    /// The segment belongs to another site.
    #[error("{} belongs to site {found}, not to {expected}", file.display())]
    Foreign {
        /// Segment file.
        file: PathBuf,
        /// This site.
        expected: Uuid,
        /// The site in the file.
        found: Uuid,
    },
    /// The segment was written in a later epoch than the site is in: it belongs to a copy that was restored.
    #[error("{} is of epoch {found}, the site is in epoch {expected}", file.display())]
    LaterEpoch {
        /// Segment file.
        file: PathBuf,
        /// The site's epoch.
        expected: u32,
        /// The segment's.
        found: u32,
    },
    /// The segment was written by a newer carbonwatch.
    #[error("{} has format {version}, which this version does not know", file.display())]
    Newer {
        /// Segment file.
        file: PathBuf,
        /// Its format.
        version: u16,
    },
    /// A batch beyond what one frame holds.
    #[error("a batch of {records} records is too large for one commit")]
    TooLarge {
        /// Records in it.
        records: usize,
    },
}

impl From<FileError> for JournalError {
    fn from(error: FileError) -> Self {
        if error.is_full() {
            Self::Full(error)
        } else {
            Self::Io(error)
        }
    }
}

impl JournalError {
    /// Whether there is no room, so that waiting for some may help.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Full(_))
    }
}

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

/// A bad end of the journal that was set aside: a write that was cut off, and never acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TornTail {
    /// Where its bytes are kept.
    pub kept_in: PathBuf,
    /// How many they are.
    pub bytes: u64,
    /// Where it stood.
    pub place: Place,
}

/// What was found on opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The end of the journal.
    pub head: Head,
    /// What was set aside.
    pub torn: Vec<TornTail>,
}

/// How a journal is opened.
#[derive(Debug, Clone)]
pub struct JournalOptions {
    /// The site it must belong to.
    pub site: Uuid,
    /// The site's epoch.
    pub epoch: u32,
    /// The last record that something else (the state, a backup) knows of: damage at or before it is not a torn tail.
    pub known: Sequence,
    /// Plain bytes after which a new segment is begun.
    pub segment_limit: u64,
    /// File operations.
    pub disk: Arc<dyn Disk>,
}

impl JournalOptions {
    /// The usual ones.
    pub fn new(site: Uuid, epoch: u32) -> Self {
        Self {
            site,
            epoch,
            known: Sequence(0),
            segment_limit: SEGMENT_LIMIT,
            disk: RealDisk::shared(),
        }
    }
}

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
    /// Opens the journal in a directory, making it where there is none, with the usual options.
    pub fn open(directory: &Path, site: Uuid) -> Result<(Self, Opened), JournalError> {
        Self::open_with(directory, JournalOptions::new(site, 1))
    }

    /// Opens the journal in a directory. The last segment is checked whole; the others when they are read.
    ///
    /// # Errors
    /// [`JournalError::Corrupt`] when anything but the last frame is bad, [`JournalError::Lost`] when the last one is
    /// and its records were known to exist.
    pub fn open_with(directory: &Path, options: JournalOptions) -> Result<(Self, Opened), JournalError> {
        let disk = Arc::clone(&options.disk);
        make_directory(&*disk, directory)?;
        remove_leftovers(directory, &*disk)?;
        let mut segments = list(directory)?;
        let mut torn = Vec::new();
        let mut head = Head {
            epoch: options.epoch,
            sequence: Sequence(0),
            hash: ChainHash::ZERO,
        };
        let mut current = None;
        while let Some(last) = segments.last().cloned() {
            match scan(&last, &options, &mut torn)? {
                Scanned::Good { end, durable, epoch } => {
                    head.sequence = end.0;
                    head.hash = end.1;
                    if !last.sealed {
                        current = Some(Current {
                            file: open_to_write(&last.path)?,
                            segment: last,
                            epoch,
                            durable,
                        });
                    }
                    break;
                }
                Scanned::NeverBegun => {
                    segments.pop();
                }
            }
        }
        let shared = Arc::new(Shared {
            directory: directory.to_owned(),
            site: options.site,
            disk,
            published: RwLock::new(Published {
                segments,
                durable: current.as_ref().map_or(0, |current| current.durable),
                head,
            }),
        });
        let journal = Self {
            shared,
            options,
            current,
            head,
            frames: FrameBuilder::new(),
            poisoned: None,
        };
        Ok((journal, Opened { head, torn }))
    }

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

/// What a crash while sealing may leave: half a sealed file, or a whole one beside the plain original.
fn remove_leftovers(directory: &Path, disk: &dyn Disk) -> Result<(), JournalError> {
    for entry in std::fs::read_dir(directory).map_err(FileError::at("read directory", directory))? {
        let path = entry.map_err(FileError::at("read directory", directory))?.path();
        let half = path.to_string_lossy().ends_with(".cwj.zst.tmp");
        let double = SegmentFile::from_path(path.clone())
            .is_some_and(|segment| segment.sealed && SegmentFile::plain(directory, segment.first).path.exists());
        if half || double {
            disk.remove(&path).map_err(FileError::at("remove", &path))?;
        }
    }
    Ok(())
}

/// What the newest segment is.
enum Scanned {
    /// Good up to its end, possibly after a torn tail was cut off.
    Good {
        end: (Sequence, ChainHash),
        durable: u64,
        epoch: u32,
    },
    /// The crash came before its header was on the medium: it never held anything.
    NeverBegun,
}

/// Reads a segment through; sets a torn tail aside.
fn scan(segment: &SegmentFile, options: &JournalOptions, torn: &mut Vec<TornTail>) -> Result<Scanned, JournalError> {
    let mut reader = match SegmentReader::open(segment, None) {
        Ok(reader) => reader.of_site(options.site)?,
        Err(JournalError::Corrupt(place)) if !segment.sealed && torn.is_empty() => {
            set_aside(segment, 0, place, options, torn)?;
            return Ok(Scanned::NeverBegun);
        }
        Err(error) => return Err(error),
    };
    let epoch = reader.header.epoch;
    if epoch > options.epoch {
        return Err(JournalError::LaterEpoch {
            file: segment.path.clone(),
            expected: options.epoch,
            found: epoch,
        });
    }
    let mut end = (
        Sequence(reader.header.first.0.saturating_sub(1)),
        reader.header.previous,
    );
    loop {
        let offset = reader.offset;
        match reader.next_records() {
            Ok(None) => break,
            Ok(Some((header, records))) => {
                if header.previous != end.1 {
                    return Err(JournalError::Corrupt(Place {
                        file: segment.path.clone(),
                        offset,
                        sequence: header.first,
                        damage: Damage::Chain,
                    }));
                }
                if let Some(record) = records.last() {
                    end = (record.sequence, record.hash);
                }
            }
            // Only what a write cut off can leave counts as a torn tail, and only at the very end.
            Err(JournalError::Corrupt(place))
                if !segment.sealed
                    && torn.is_empty()
                    && matches!(
                        place.damage,
                        Damage::FrameHeader | Damage::CutShort | Damage::FrameChecksum
                    ) =>
            {
                set_aside(segment, offset, place, options, torn)?;
                break;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Scanned::Good {
        end,
        durable: reader.offset,
        epoch,
    })
}

/// Moves everything from `offset` on to a side file, unless that would hide a loss.
fn set_aside(
    segment: &SegmentFile,
    offset: u64,
    place: Place,
    options: &JournalOptions,
    torn: &mut Vec<TornTail>,
) -> Result<(), JournalError> {
    let disk = &*options.disk;
    let path = &segment.path;
    let mut file = open_to_write(path)?;
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(offset))
        .and_then(|_| file.read_to_end(&mut bytes))
        .map_err(FileError::at("read", path))?;
    // A frame that is bad itself does not count; behind a bad segment header even the first one does.
    let before = if offset == 0 {
        Sequence(place.sequence.0.saturating_sub(1))
    } else {
        place.sequence
    };
    if holds_later_frame(&bytes, before) {
        return Err(JournalError::Corrupt(place));
    }
    if options.known >= place.sequence {
        return Err(JournalError::Lost {
            place,
            known: options.known,
        });
    }
    let directory = path.parent().unwrap_or_else(|| Path::new("."));
    let kept_in = (1..u32::MAX)
        .map(|attempt| directory.join(format!("torn-{}-{attempt}.bin", place.sequence)))
        .find(|candidate| !candidate.exists())
        .unwrap_or_else(|| directory.join("torn.bin"));
    write_new_file(disk, &kept_in, &bytes)?;
    sync_parent(disk, &kept_in)?;
    if offset == 0 {
        disk.remove(path).map_err(FileError::at("remove", path))?;
        sync_parent(disk, path)?;
    } else {
        disk.truncate(path, &file, offset)
            .map_err(FileError::at("truncate", path))?;
        disk.sync(path, &file).map_err(FileError::at("sync", path))?;
    }
    torn.push(TornTail {
        kept_in,
        bytes: bytes.len() as u64,
        place,
    });
    Ok(())
}
