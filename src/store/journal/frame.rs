//! The journal's bytes: the header of a segment, and the frames in it.
//!
//! All integers are little-endian. A segment is a [`SegmentHeader`] and then frames; a frame, which is one group commit,
//! is a [`FrameHeader`] and then records.

use uuid::Uuid;

use super::chain::ChainHash;
use super::damage::Damage;
use super::record::{Record, parse_record};
use crate::domain::identity::Sequence;
use crate::store::fields::Fields;

/// Length of a segment's header.
pub(in crate::store) const SEGMENT_HEADER: usize = 76;
/// Length of a frame's header.
pub(super) const FRAME_HEADER: usize = 60;
/// Largest body of a frame; a length beyond it is damage, not a reason to reserve memory.
pub(super) const LARGEST_BODY: usize = 256 << 20;

const SEGMENT_MAGIC: [u8; 8] = *b"CWJOURNL";
const FORMAT_VERSION: u16 = 1;
pub(super) const FRAME_MAGIC: [u8; 4] = *b"CWFR";

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
