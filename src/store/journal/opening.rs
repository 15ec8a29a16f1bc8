//! Opening a journal: what a crash may have left is put right or kept aside, what a crash cannot have left is refused.

use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use uuid::Uuid;

use super::chain::ChainHash;
use super::damage::{Damage, JournalError, Place};
use super::linkage::check_links;
use super::packing::FrameBuilder;
use super::published::{Published, Shared};
use super::segment::{SegmentFile, SegmentReader, holds_later_frame, list};
use super::{Current, Head, Journal, SEGMENT_LIMIT, open_to_write};
use crate::domain::identity::Sequence;
use crate::store::disk::{Disk, FileError, RealDisk, make_directory, sync_parent, write_new_file};

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

impl Journal {
    /// Opens the journal in a directory, making it where there is none, with the usual options.
    pub fn open(directory: &Path, site: Uuid) -> Result<(Self, Opened), JournalError> {
        Self::open_with(directory, JournalOptions::new(site, 1))
    }

    /// Opens the journal in a directory. The last segment is checked whole; of the
    /// others only that they follow one another: what they hold is checked when it is read.
    ///
    /// # Errors
    /// [`JournalError::Corrupt`] when a segment is missing or anything but the last frame is bad, [`JournalError::Lost`] when the last one is
    /// and its records were known to exist.
    pub fn open_with(directory: &Path, options: JournalOptions) -> Result<(Self, Opened), JournalError> {
        let disk = Arc::clone(&options.disk);
        make_directory(&*disk, directory)?;
        remove_leftovers(directory, &*disk)?;
        let mut segments = list(directory)?;
        // Before anything is changed: a bad end counts as torn only in a journal that is good otherwise.
        check_links(&segments, options.site, options.epoch)?;
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
                    if !last.is_compressed() {
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
        let published = Published {
            segments,
            durable: current.as_ref().map_or(0, |current| current.durable),
            head,
        };
        let shared = Arc::new(Shared::new(directory, options.site, disk, published));
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
}

/// What a crash while sealing or dropping may leave: half a file, or a whole one beside its original.
fn remove_leftovers(directory: &Path, disk: &dyn Disk) -> Result<(), JournalError> {
    let originals = list(directory)?;
    for entry in std::fs::read_dir(directory).map_err(FileError::at("read directory", directory))? {
        let path = entry.map_err(FileError::at("read directory", directory))?.path();
        let half = path.to_string_lossy().ends_with(".zst.tmp");
        let double = SegmentFile::from_path(path.clone()).is_some_and(|segment| !originals.contains(&segment));
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
        Err(JournalError::Corrupt(place)) if !segment.is_compressed() && torn.is_empty() => {
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
                if !segment.is_compressed()
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
