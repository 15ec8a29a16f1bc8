//! The journal's bytes: segment headers, frames, records, and the hash chain that runs through them.
//!
//! All integers are little-endian. A segment is a [`SegmentHeader`] and then frames; a frame is a [`FrameHeader`] and
//! then records; a record is a header of [`RECORD_HEADER`] bytes and its payload, compressed when that saves something.
//! The chain hash of a record covers what the record says, not how it was packed, so that packing may change.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;
use zstd::bulk::Compressor;

use crate::domain::identity::Sequence;
use crate::domain::time::Instant;

/// Length of a segment's header.
pub(super) const SEGMENT_HEADER: usize = 76;
/// Length of a frame's header.
pub(super) const FRAME_HEADER: usize = 60;
/// Length of a record's header.
pub(super) const RECORD_HEADER: usize = 68;
/// Largest body of a frame; a length beyond it is damage, not a reason to reserve memory.
pub(super) const LARGEST_BODY: usize = 256 << 20;
/// Largest payload of one record, uncompressed.
pub const LARGEST_PAYLOAD: usize = 64 << 20;

const SEGMENT_MAGIC: [u8; 8] = *b"CWJOURNL";
const FORMAT_VERSION: u16 = 1;
pub(super) const FRAME_MAGIC: [u8; 4] = *b"CWFR";
/// Payloads up to this length are not worth compressing.
const COMPRESS_FROM: usize = 256;
const COMPRESSED: u16 = 1;

/// A link of the hash chain (链式摘要): BLAKE3 over everything up to and with a record.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChainHash(pub [u8; 32]);

impl ChainHash {
    /// What stands before the first record.
    pub const ZERO: Self = Self([0; 32]);
}

impl fmt::Display for ChainHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// A text that is not 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a digest is 64 hexadecimal digits")]
pub struct HashTextError;

impl FromStr for ChainHash {
    type Err = HashTextError;

    fn from_str(text: &str) -> Result<Self, HashTextError> {
        let hash = blake3::Hash::from_hex(text.trim()).map_err(|_| HashTextError)?;
        Ok(Self(*hash.as_bytes()))
    }
}

impl TryFrom<String> for ChainHash {
    type Error = HashTextError;

    fn try_from(text: String) -> Result<Self, HashTextError> {
        text.parse()
    }
}

impl From<ChainHash> for String {
    fn from(hash: ChainHash) -> Self {
        hash.to_string()
    }
}

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

/// A record to be written: what the store adds is its sequence number and its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecord {
    /// What sort of record, as the engine numbers them.
    pub kind: u16,
    /// Version of that sort's payload.
    pub version: u16,
    /// When it was decided.
    pub at: Instant,
    /// Its bytes, up to [`LARGEST_PAYLOAD`].
    pub payload: Vec<u8>,
}

/// A record as it was read back (日志记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number; no number is skipped.
    pub sequence: Sequence,
    /// The site's epoch when it was written; each restore raises it.
    pub epoch: u32,
    /// What sort of record.
    pub kind: u16,
    /// Version of that sort's payload.
    pub version: u16,
    /// When it was decided.
    pub at: Instant,
    /// Its bytes.
    pub payload: Vec<u8>,
    /// The chain up to and with this record.
    pub hash: ChainHash,
}

/// Takes fixed fields off the front of a slice.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    /// The next `N` bytes.
    pub(super) fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    /// The next `length` bytes.
    pub(super) fn slice(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.bytes().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.bytes().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.bytes().map(u64::from_le_bytes)
    }

    pub(super) fn i64(&mut self) -> Option<i64> {
        self.bytes().map(i64::from_le_bytes)
    }
}

/// What stands at the beginning of each segment file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SegmentHeader {
    pub(super) site: Uuid,
    pub(super) epoch: u32,
    pub(super) first: Sequence,
    pub(super) previous: ChainHash,
}

impl SegmentHeader {
    pub(super) fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(SEGMENT_HEADER);
        bytes.extend_from_slice(&SEGMENT_MAGIC);
        bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
        bytes.extend_from_slice(&0_u16.to_le_bytes());
        bytes.extend_from_slice(self.site.as_bytes());
        bytes.extend_from_slice(&self.epoch.to_le_bytes());
        bytes.extend_from_slice(&self.first.0.to_le_bytes());
        bytes.extend_from_slice(&self.previous.0);
        let checksum = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// The header, or `None` when it is damaged. The inner `Err` is the version of a format that is too new.
    pub(super) fn parse(bytes: &[u8]) -> Option<Result<Self, u16>> {
        let (covered, checksum) = bytes.get(..SEGMENT_HEADER)?.split_last_chunk::<4>()?;
        if crc32c::crc32c(covered) != u32::from_le_bytes(*checksum) {
            return None;
        }
        let mut fields = Fields(covered);
        if fields.bytes::<8>()? != SEGMENT_MAGIC {
            return None;
        }
        let version = fields.u16()?;
        if version != FORMAT_VERSION {
            return Some(Err(version));
        }
        fields.u16()?;
        Some(Ok(Self {
            site: Uuid::from_bytes(fields.bytes()?),
            epoch: fields.u32()?,
            first: Sequence(fields.u64()?),
            previous: ChainHash(fields.bytes()?),
        }))
    }
}

/// What stands before the records of one group commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameHeader {
    /// Bytes after the header.
    pub(super) length: usize,
    pub(super) count: u32,
    pub(super) first: Sequence,
    /// Chain hash of the record before the first.
    pub(super) previous: ChainHash,
    /// CRC32C of the body.
    pub(super) checksum: u32,
}

impl FrameHeader {
    pub(super) fn to_bytes(self) -> [u8; FRAME_HEADER] {
        let mut bytes = Vec::with_capacity(FRAME_HEADER);
        bytes.extend_from_slice(&FRAME_MAGIC);
        bytes.extend_from_slice(&u32::try_from(self.length).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend_from_slice(&self.count.to_le_bytes());
        bytes.extend_from_slice(&self.first.0.to_le_bytes());
        bytes.extend_from_slice(&self.previous.0);
        bytes.extend_from_slice(&self.checksum.to_le_bytes());
        let own = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&own.to_le_bytes());
        bytes.try_into().unwrap_or([0; FRAME_HEADER])
    }

    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (covered, own) = bytes.get(..FRAME_HEADER)?.split_last_chunk::<4>()?;
        let mut fields = Fields(covered);
        if fields.bytes()? != FRAME_MAGIC || crc32c::crc32c(covered) != u32::from_le_bytes(*own) {
            return None;
        }
        let length = usize::try_from(fields.u32()?).ok()?;
        let count = fields.u32()?;
        let first = Sequence(fields.u64()?);
        (length <= LARGEST_BODY && count > 0).then_some(())?;
        Some(Self {
            length,
            count,
            first,
            previous: ChainHash(fields.bytes()?),
            checksum: fields.u32()?,
        })
    }

    /// Number of its last record.
    pub(super) fn last(&self) -> Sequence {
        Sequence(self.first.0.saturating_add(u64::from(self.count)).saturating_sub(1))
    }

    /// The records of a body, each checked against its checksum and the chain. An error comes with the number of the
    /// record that is bad.
    pub(super) fn records(&self, body: &[u8], site: Uuid, epoch: u32) -> Result<Vec<Record>, (Sequence, Damage)> {
        if crc32c::crc32c(body) != self.checksum {
            return Err((self.first, Damage::FrameChecksum));
        }
        let mut fields = Fields(body);
        let mut records = Vec::with_capacity(usize::try_from(self.count).unwrap_or_default().min(65_536));
        let mut previous = self.previous;
        let mut expected = self.first;
        for _ in 0..self.count {
            let record =
                parse_record(&mut fields, site, epoch, expected, previous).map_err(|damage| (expected, damage))?;
            previous = record.hash;
            expected = expected.next();
            records.push(record);
        }
        if fields.0.is_empty() {
            Ok(records)
        } else {
            Err((expected, Damage::Record))
        }
    }
}

fn parse_record(
    fields: &mut Fields<'_>,
    site: Uuid,
    epoch: u32,
    expected: Sequence,
    previous: ChainHash,
) -> Result<Record, Damage> {
    let header: [u8; RECORD_HEADER] = fields.bytes().ok_or(Damage::Record)?;
    let described = describe(&header).ok_or(Damage::Record)?;
    let stored = fields.slice(described.stored_length).ok_or(Damage::Record)?;
    if crc32c::crc32c_append(crc32c::crc32c(header.get(..32).unwrap_or_default()), stored) != described.checksum {
        return Err(Damage::Record);
    }
    if described.sequence != expected {
        return Err(Damage::Gap);
    }
    let payload = if described.flags & COMPRESSED == 0 {
        stored.to_vec()
    } else if described.length > LARGEST_PAYLOAD {
        return Err(Damage::Payload);
    } else {
        zstd::bulk::decompress(stored, described.length).map_err(|_| Damage::Payload)?
    };
    if payload.len() != described.length {
        return Err(Damage::Payload);
    }
    let link = Link {
        site,
        epoch,
        sequence: described.sequence,
        kind: described.kind,
        version: described.version,
        at: described.at,
    };
    if link.hash(&payload, previous) != described.hash {
        return Err(Damage::Chain);
    }
    Ok(Record {
        sequence: described.sequence,
        epoch,
        kind: described.kind,
        version: described.version,
        at: described.at,
        payload,
        hash: described.hash,
    })
}

/// A record's header taken apart.
struct Described {
    sequence: Sequence,
    kind: u16,
    version: u16,
    at: Instant,
    stored_length: usize,
    length: usize,
    flags: u16,
    checksum: u32,
    hash: ChainHash,
}

fn describe(header: &[u8]) -> Option<Described> {
    let mut fields = Fields(header);
    let sequence = Sequence(fields.u64()?);
    let kind = fields.u16()?;
    let version = fields.u16()?;
    let at = Instant(fields.i64()?);
    let stored_length = usize::try_from(fields.u32()?).ok()?;
    let length = usize::try_from(fields.u32()?).ok()?;
    let flags = fields.u16()?;
    fields.u16()?;
    Some(Described {
        sequence,
        kind,
        version,
        at,
        stored_length,
        length,
        flags,
        checksum: fields.u32()?,
        hash: ChainHash(fields.bytes()?),
    })
}

/// What a link of the chain covers besides the payload and the link before.
struct Link {
    site: Uuid,
    epoch: u32,
    sequence: Sequence,
    kind: u16,
    version: u16,
    at: Instant,
}

impl Link {
    fn hash(&self, payload: &[u8], previous: ChainHash) -> ChainHash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"carbonwatch journal 1");
        hasher.update(self.site.as_bytes());
        hasher.update(&self.epoch.to_le_bytes());
        hasher.update(&self.sequence.0.to_le_bytes());
        hasher.update(&self.kind.to_le_bytes());
        hasher.update(&self.version.to_le_bytes());
        hasher.update(&self.at.0.to_le_bytes());
        hasher.update(&(payload.len() as u64).to_le_bytes());
        hasher.update(blake3::hash(payload).as_bytes());
        hasher.update(&previous.0);
        ChainHash(*hasher.finalize().as_bytes())
    }
}

/// Packs batches into frames. Keeps its buffers from one frame to the next.
pub(super) struct FrameBuilder {
    buffer: Vec<u8>,
    packed: Vec<u8>,
    compressor: Option<Compressor<'static>>,
}

impl fmt::Debug for FrameBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("FrameBuilder").finish_non_exhaustive()
    }
}

impl FrameBuilder {
    pub(super) fn new() -> Self {
        Self {
            buffer: Vec::new(),
            packed: Vec::new(),
            // Without memory for a compressor records are written as they are: that is always right.
            compressor: Compressor::new(1).ok(),
        }
    }

    /// The frame of a batch, ready to be written, and the chain after it; `None` when the batch is too large.
    pub(super) fn build(
        &mut self,
        site: Uuid,
        epoch: u32,
        first: Sequence,
        mut previous: ChainHash,
        records: &[NewRecord],
    ) -> Option<(&[u8], ChainHash)> {
        let before = previous;
        self.buffer.clear();
        // A rare huge batch must not hold its memory for ever.
        self.buffer.shrink_to(8 << 20);
        self.buffer.resize(FRAME_HEADER, 0);
        let mut sequence = first;
        for record in records {
            if record.payload.len() > LARGEST_PAYLOAD {
                return None;
            }
            let link = Link {
                site,
                epoch,
                sequence,
                kind: record.kind,
                version: record.version,
                at: record.at,
            };
            let hash = link.hash(&record.payload, previous);
            let packed = self.pack(&record.payload);
            let stored = if packed { &self.packed } else { &record.payload };
            let start = self.buffer.len();
            self.buffer.extend_from_slice(&sequence.0.to_le_bytes());
            self.buffer.extend_from_slice(&record.kind.to_le_bytes());
            self.buffer.extend_from_slice(&record.version.to_le_bytes());
            self.buffer.extend_from_slice(&record.at.0.to_le_bytes());
            self.buffer
                .extend_from_slice(&u32::try_from(stored.len()).ok()?.to_le_bytes());
            self.buffer
                .extend_from_slice(&u32::try_from(record.payload.len()).ok()?.to_le_bytes());
            self.buffer
                .extend_from_slice(&(if packed { COMPRESSED } else { 0 }).to_le_bytes());
            self.buffer.extend_from_slice(&0_u16.to_le_bytes());
            let checksum = crc32c::crc32c_append(crc32c::crc32c(self.buffer.get(start..)?), stored);
            self.buffer.extend_from_slice(&checksum.to_le_bytes());
            self.buffer.extend_from_slice(&hash.0);
            self.buffer.extend_from_slice(stored);
            previous = hash;
            sequence = sequence.next();
            if self.buffer.len() > LARGEST_BODY {
                return None;
            }
        }
        let (head, body) = self.buffer.split_first_chunk_mut::<FRAME_HEADER>()?;
        *head = FrameHeader {
            length: body.len(),
            count: u32::try_from(records.len()).ok()?,
            first,
            previous: before,
            checksum: crc32c::crc32c(body),
        }
        .to_bytes();
        Some((&self.buffer, previous))
    }

    /// Whether compressing into `packed` was worth it.
    fn pack(&mut self, payload: &[u8]) -> bool {
        if payload.len() < COMPRESS_FROM {
            return false;
        }
        let Some(compressor) = &mut self.compressor else {
            return false;
        };
        self.packed.clear();
        self.packed.reserve(zstd::zstd_safe::compress_bound(payload.len()));
        match compressor.compress_to_buffer(payload, &mut self.packed) {
            Ok(length) => length + payload.len() / 8 < payload.len(),
            Err(_) => false,
        }
    }
}
