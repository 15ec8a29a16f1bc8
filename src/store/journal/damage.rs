//! What can be wrong with a journal, and where.

use std::path::PathBuf;

use thiserror::Error;
use uuid::Uuid;

use crate::domain::identity::Sequence;
use crate::store::disk::FileError;

/// What is wrong at a place in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Damage {
    /// A segment does not begin as one.
    #[error("the segment's header is damaged")]
    SegmentHeader,
    /// A frame does not begin as one.
    #[error("the frame's header is damaged")]
    FrameHeader,
    /// A frame ends before its length.
    #[error("the frame is cut short")]
    CutShort,
    /// The checksum over a frame is wrong.
    #[error("the frame's checksum is wrong")]
    FrameChecksum,
    /// A record does not fit into its frame, or its checksum is wrong.
    #[error("the record's checksum is wrong")]
    Record,
    /// A payload cannot be decompressed.
    #[error("the payload cannot be unpacked")]
    Payload,
    /// Sequence numbers are not one after the other.
    #[error("sequence numbers are missing")]
    Gap,
    /// The hash does not follow from what stands before.
    #[error("the chain is broken: something was changed after it was written")]
    Chain,
    /// A sealed segment cannot be decompressed.
    #[error("the sealed segment cannot be unpacked")]
    Sealed,
}

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
