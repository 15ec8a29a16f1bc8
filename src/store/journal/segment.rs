//! Segment files of the journal: their names, and walking through their frames whether plain or sealed.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::chain::ChainHash;
use super::damage::{Damage, JournalError, Place};
use super::frame::{FRAME_HEADER, FRAME_MAGIC, FrameHeader, SEGMENT_HEADER, SegmentHeader};
use super::record::Record;
use super::sealing;
use crate::domain::identity::Sequence;
use crate::store::disk::FileError;

/// Extension of a segment that is or was written to.
const PLAIN: &str = ".cwj";
/// Extension of a sealed segment.
const SEALED: &str = ".cwj.zst";
/// Extension of a sealed segment from which payloads were dropped.
const DROPPED: &str = ".cwd.zst";

/// What a segment's file is. Where a crash left two of a number, the lesser one is the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store) enum Form {
    /// As it was written.
    Plain,
    /// Compressed.
    Sealed,
    /// Compressed, and without payloads that were dropped under the seal of the record with this number.
    Dropped(Sequence),
}

/// One segment file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct SegmentFile {
    /// Number of its first record.
    pub(in crate::store) first: Sequence,
    pub(in crate::store) path: PathBuf,
    pub(super) form: Form,
}

impl SegmentFile {
    pub(super) fn plain(directory: &Path, first: Sequence) -> Self {
        Self {
            first,
            path: directory.join(format!("{:020}{PLAIN}", first.0)),
            form: Form::Plain,
        }
    }

    pub(super) fn sealed(directory: &Path, first: Sequence) -> Self {
        Self {
            first,
            path: directory.join(format!("{:020}{SEALED}", first.0)),
            form: Form::Sealed,
        }
    }

    pub(super) fn dropped(directory: &Path, first: Sequence, seal: Sequence) -> Self {
        Self {
            first,
            path: directory.join(format!("{:020}-{:020}{DROPPED}", first.0, seal.0)),
            form: Form::Dropped(seal),
        }
    }

    /// Whether its file is compressed.
    pub(super) fn is_compressed(&self) -> bool {
        self.form != Form::Plain
    }

    pub(super) fn from_path(path: PathBuf) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let number = |digits: &str| {
            (digits.len() == 20)
                .then(|| digits.parse().ok())
                .flatten()
                .map(Sequence)
        };
        let (first, form) = if let Some(digits) = name.strip_suffix(SEALED) {
            (number(digits)?, Form::Sealed)
        } else if let Some(digits) = name.strip_suffix(PLAIN) {
            (number(digits)?, Form::Plain)
        } else {
            let (first, seal) = name.strip_suffix(DROPPED)?.split_once('-')?;
            (number(first)?, Form::Dropped(number(seal)?))
        };
        Some(Self { first, path, form })
    }
}

/// The segments of a directory in order. Where two of the same number stand side by side (a crash while sealing or
/// dropping), the original is given.
pub(super) fn list(directory: &Path) -> Result<Vec<SegmentFile>, FileError> {
    let mut segments = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(FileError::at("read directory", directory))? {
        let entry = entry.map_err(FileError::at("read directory", directory))?;
        segments.extend(SegmentFile::from_path(entry.path()));
    }
    segments.sort_by_key(|segment| (segment.first, segment.form));
    segments.dedup_by_key(|segment| segment.first);
    Ok(segments)
}

/// Walks through the frames of one segment.
pub(super) struct SegmentReader {
    pub(super) path: PathBuf,
    pub(super) header: SegmentHeader,
    source: Box<dyn Read + Send>,
    /// Where the next frame begins, in bytes of the plain segment.
    pub(super) offset: u64,
    /// Number that the next frame must begin with.
    pub(super) next: Sequence,
    body: Vec<u8>,
}

impl SegmentReader {
    /// Opens a segment at its first frame. Of a plain one nothing after `limit` bytes is read.
    pub(super) fn open(segment: &SegmentFile, limit: Option<u64>) -> Result<Self, JournalError> {
        let path = &segment.path;
        let file = File::open(path).map_err(FileError::at("open", path))?;
        let mut source: Box<dyn Read + Send> = if segment.is_compressed() {
            Box::new(zstd::stream::read::Decoder::new(file).map_err(FileError::at("read", path))?)
        } else {
            Box::new(BufReader::with_capacity(
                256 << 10,
                file.take(limit.unwrap_or(u64::MAX)),
            ))
        };
        let place = |damage| {
            JournalError::Corrupt(Place {
                file: path.clone(),
                offset: 0,
                sequence: segment.first,
                damage,
            })
        };
        let mut bytes = [0; SEGMENT_HEADER];
        let read = fill(&mut source, &mut bytes).map_err(|error| read_failed(path, 0, segment.first, error))?;
        let header = bytes
            .get(..read)
            .and_then(SegmentHeader::parse)
            .ok_or_else(|| place(Damage::SegmentHeader))?
            .map_err(|version| JournalError::Newer {
                file: path.clone(),
                version,
            })?;
        if header.first != segment.first {
            return Err(place(Damage::Gap));
        }
        Ok(Self {
            path: path.clone(),
            header,
            source,
            offset: SEGMENT_HEADER as u64,
            next: header.first,
            body: Vec::new(),
        })
    }

    /// Opens a segment shortly before a record: a sealed one at the block that holds it.
    pub(super) fn open_near(
        segment: &SegmentFile,
        limit: Option<u64>,
        sequence: Sequence,
    ) -> Result<Self, JournalError> {
        let mut reader = Self::open(segment, limit)?;
        if segment.is_compressed()
            && let Some(block) = sealing::block_of(&segment.path, sequence)
            && block.first > reader.next
        {
            let path = &segment.path;
            let mut file = File::open(path).map_err(FileError::at("open", path))?;
            file.seek(SeekFrom::Start(block.file_offset))
                .map_err(FileError::at("seek in", path))?;
            reader.source = Box::new(zstd::stream::read::Decoder::new(file).map_err(FileError::at("read", path))?);
            reader.offset = block.plain_offset;
            reader.next = block.first;
        }
        Ok(reader)
    }

    /// Refuses a segment of another site.
    pub(super) fn of_site(self, site: Uuid) -> Result<Self, JournalError> {
        if self.header.site == site {
            Ok(self)
        } else {
            Err(JournalError::Foreign {
                file: self.path,
                expected: site,
                found: self.header.site,
            })
        }
    }

    fn corrupt(&self, sequence: Sequence, damage: Damage) -> JournalError {
        JournalError::Corrupt(Place {
            file: self.path.clone(),
            offset: self.offset,
            sequence,
            damage,
        })
    }

    /// The next frame's header, its body left in the buffer; `None` at the end.
    fn next_frame(&mut self) -> Result<Option<FrameHeader>, JournalError> {
        let mut bytes = [0; FRAME_HEADER];
        let read = fill(&mut self.source, &mut bytes)
            .map_err(|error| read_failed(&self.path, self.offset, self.next, error))?;
        if read == 0 {
            return Ok(None);
        }
        if read < FRAME_HEADER {
            return Err(self.corrupt(self.next, Damage::CutShort));
        }
        let header = FrameHeader::parse(&bytes).ok_or_else(|| self.corrupt(self.next, Damage::FrameHeader))?;
        self.body.clear();
        let taken = (&mut self.source)
            .take(header.length as u64)
            .read_to_end(&mut self.body)
            .map_err(|error| read_failed(&self.path, self.offset, self.next, error))?;
        if taken < header.length {
            return Err(self.corrupt(self.next, Damage::CutShort));
        }
        if header.first != self.next {
            return Err(self.corrupt(self.next, Damage::Gap));
        }
        Ok(Some(header))
    }

    /// The next frame's records, checked; `None` at the end of the segment.
    pub(super) fn next_records(&mut self) -> Result<Option<(FrameHeader, Vec<Record>)>, JournalError> {
        let Some(header) = self.next_frame()? else {
            return Ok(None);
        };
        let records = header
            .records(&self.body, self.header.site, self.header.epoch)
            .map_err(|(sequence, damage)| self.corrupt(sequence, damage))?;
        self.advance(&header);
        Ok(Some((header, records)))
    }

    /// The records of the frame that holds `sequence`; frames before it are passed over unchecked.
    pub(super) fn frame_with(
        &mut self,
        sequence: Sequence,
    ) -> Result<Option<(FrameHeader, Vec<Record>)>, JournalError> {
        while let Some(header) = self.next_frame()? {
            if header.last() >= sequence {
                let records = header
                    .records(&self.body, self.header.site, self.header.epoch)
                    .map_err(|(sequence, damage)| self.corrupt(sequence, damage))?;
                self.advance(&header);
                return Ok(Some((header, records)));
            }
            self.advance(&header);
        }
        Ok(None)
    }

    /// The next frame as it stands, checked, and the chain up to its end; `None` at the end of the segment. For copying.
    pub(super) fn next_raw(&mut self, into: &mut Vec<u8>) -> Result<Option<ChainHash>, JournalError> {
        let Some(header) = self.next_frame()? else {
            return Ok(None);
        };
        let records = header
            .records(&self.body, self.header.site, self.header.epoch)
            .map_err(|(sequence, damage)| self.corrupt(sequence, damage))?;
        into.extend_from_slice(&header.to_bytes());
        into.extend_from_slice(&self.body);
        self.advance(&header);
        Ok(Some(records.last().map_or(header.previous, |record| record.hash)))
    }

    fn advance(&mut self, header: &FrameHeader) {
        self.offset += (FRAME_HEADER + header.length) as u64;
        self.next = header.last().next();
    }
}

/// The last record of a plain segment that is not written to any more, and the chain up to it. Frames before the last
/// are passed over unread.
pub(super) fn plain_end(segment: &SegmentFile) -> Result<(Sequence, ChainHash), JournalError> {
    let mut reader = SegmentReader::open(segment, None)?;
    let path = &segment.path;
    let file = File::open(path).map_err(FileError::at("open", path))?;
    let length = file.metadata().map_err(FileError::at("look at", path))?.len();
    let mut last = None;
    while reader.offset < length {
        let mut bytes = [0; FRAME_HEADER];
        let body = reader.offset + FRAME_HEADER as u64;
        if body > length {
            return Err(reader.corrupt(reader.next, Damage::CutShort));
        }
        file.read_exact_at(&mut bytes, reader.offset)
            .map_err(FileError::at("read", path))?;
        let header = FrameHeader::parse(&bytes).ok_or_else(|| reader.corrupt(reader.next, Damage::FrameHeader))?;
        if body + header.length as u64 > length {
            return Err(reader.corrupt(reader.next, Damage::CutShort));
        }
        if header.first != reader.next {
            return Err(reader.corrupt(reader.next, Damage::Gap));
        }
        last = Some((reader.offset, header));
        reader.advance(&header);
    }
    let Some((offset, header)) = last else {
        return Ok((
            Sequence(reader.header.first.0.saturating_sub(1)),
            reader.header.previous,
        ));
    };
    let mut body = vec![0; header.length];
    file.read_exact_at(&mut body, offset + FRAME_HEADER as u64)
        .map_err(FileError::at("read", path))?;
    reader.offset = offset;
    let records = header
        .records(&body, reader.header.site, reader.header.epoch)
        .map_err(|(sequence, damage)| reader.corrupt(sequence, damage))?;
    Ok((
        header.last(),
        records.last().map_or(header.previous, |record| record.hash),
    ))
}

/// Reads until the buffer is full or the source ends, and says how much it was.
fn fill(source: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match source.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// An error of the decompressor is damage of the file; one with the system's number is the medium's.
fn read_failed(path: &Path, offset: u64, sequence: Sequence, error: io::Error) -> JournalError {
    if error.raw_os_error().is_some() {
        FileError::at("read", path)(error).into()
    } else {
        JournalError::Corrupt(Place {
            file: path.to_owned(),
            offset,
            sequence,
            damage: Damage::Sealed,
        })
    }
}

/// Whether the header of a frame after `sequence` stands anywhere in these bytes, past the first one.
pub(super) fn holds_later_frame(bytes: &[u8], sequence: Sequence) -> bool {
    (1..bytes.len()).any(|start| {
        bytes
            .get(start..)
            .filter(|rest| rest.starts_with(&FRAME_MAGIC))
            .and_then(FrameHeader::parse)
            .is_some_and(|header| header.first > sequence)
    })
}
