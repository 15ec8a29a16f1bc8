//! One record: as it is handed in, as it is read back, and as it stands in a frame.
//!
//! A record is a header of [`RECORD_HEADER`] bytes and its payload, compressed when that saves something, or the digest
//! of a payload that was dropped.

use uuid::Uuid;

use super::chain::{ChainHash, Link};
use super::damage::Damage;
use crate::domain::identity::Sequence;
use crate::domain::time::Instant;
use crate::store::fields::Fields;

/// Length of a record's header.
pub(super) const RECORD_HEADER: usize = 68;
/// Largest payload of one record, uncompressed.
pub const LARGEST_PAYLOAD: usize = 64 << 20;
/// The flag of a payload that is compressed.
pub(super) const COMPRESSED: u16 = 1;
/// The flag of a payload that was dropped: its BLAKE3 digest stands in its place, so that the chain still holds.
pub(super) const DROPPED: u16 = 2;

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// Its bytes.
    Kept(Vec<u8>),
    /// They were dropped after their period was sealed; an export holds what came of them.
    Dropped {
        /// How many they were.
        length: usize,
        /// Their BLAKE3 digest.
        digest: [u8; 32],
    },
}

impl Payload {
    /// The bytes, unless they were dropped.
    pub fn kept(&self) -> Option<&[u8]> {
        match self {
            Self::Kept(bytes) => Some(bytes),
            Self::Dropped { .. } => None,
        }
    }

    /// How many bytes it has, or had.
    pub fn length(&self) -> usize {
        match self {
            Self::Kept(bytes) => bytes.len(),
            Self::Dropped { length, .. } => *length,
        }
    }
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
    /// What it says.
    pub payload: Payload,
    /// The chain up to and with this record.
    pub hash: ChainHash,
}

pub(super) fn parse_record(
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
    let payload = read_payload(&described, stored)?;
    let link = Link {
        site,
        epoch,
        sequence: described.sequence,
        kind: described.kind,
        version: described.version,
        at: described.at,
    };
    let hash = match &payload {
        Payload::Kept(bytes) => link.hash(bytes, previous),
        Payload::Dropped { length, digest } => link.hash_of(*length, digest, previous),
    };
    if hash != described.hash {
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

fn read_payload(described: &Described, stored: &[u8]) -> Result<Payload, Damage> {
    let length = described.length;
    if described.flags & DROPPED != 0 {
        let digest = stored.try_into().map_err(|_| Damage::Payload)?;
        return Ok(Payload::Dropped { length, digest });
    }
    let bytes = if described.flags & COMPRESSED == 0 {
        stored.to_vec()
    } else if length > LARGEST_PAYLOAD {
        return Err(Damage::Payload);
    } else {
        zstd::bulk::decompress(stored, length).map_err(|_| Damage::Payload)?
    };
    if bytes.len() == length {
        Ok(Payload::Kept(bytes))
    } else {
        Err(Damage::Payload)
    }
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
