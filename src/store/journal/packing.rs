//! Packing batches of records into frames.

use std::fmt;

use uuid::Uuid;
use zstd::bulk::Compressor;

use super::chain::{ChainHash, Link};
use super::frame::{FRAME_HEADER, FrameHeader, LARGEST_BODY};
use super::record::{COMPRESSED, DROPPED, LARGEST_PAYLOAD, NewRecord, Payload, Record};
use crate::domain::identity::Sequence;

/// Payloads up to this length are not worth compressing.
const COMPRESS_FROM: usize = 256;

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
        self.begin();
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
            self.put_bytes(&link, &record.payload, hash)?;
            previous = hash;
            sequence = sequence.next();
            if self.buffer.len() > LARGEST_BODY {
                return None;
            }
        }
        self.finish(first, before, records.len())?;
        Some((&self.buffer, previous))
    }

    /// A frame of records that were read, as they are now: the chain through them does not change. `previous` is the
    /// chain before the first.
    pub(super) fn rebuild(&mut self, site: Uuid, previous: ChainHash, records: &[Record]) -> Option<&[u8]> {
        self.begin();
        for record in records {
            let link = Link {
                site,
                epoch: record.epoch,
                sequence: record.sequence,
                kind: record.kind,
                version: record.version,
                at: record.at,
            };
            match &record.payload {
                Payload::Kept(bytes) => self.put_bytes(&link, bytes, record.hash)?,
                Payload::Dropped { length, digest } => {
                    put_record(&mut self.buffer, &link, DROPPED, digest, *length, record.hash)?;
                }
            }
        }
        self.finish(records.first()?.sequence, previous, records.len())?;
        Some(&self.buffer)
    }

    fn begin(&mut self) {
        self.buffer.clear();
        // A rare huge batch must not hold its memory for ever.
        self.buffer.shrink_to(8 << 20);
        self.buffer.resize(FRAME_HEADER, 0);
    }

    fn put_bytes(&mut self, link: &Link, payload: &[u8], hash: ChainHash) -> Option<()> {
        let packed = self.pack(payload);
        let (flags, stored) = if packed {
            (COMPRESSED, self.packed.as_slice())
        } else {
            (0, payload)
        };
        put_record(&mut self.buffer, link, flags, stored, payload.len(), hash)
    }

    fn finish(&mut self, first: Sequence, previous: ChainHash, count: usize) -> Option<()> {
        let (head, body) = self.buffer.split_first_chunk_mut::<FRAME_HEADER>()?;
        *head = FrameHeader {
            length: body.len(),
            count: u32::try_from(count).ok()?,
            first,
            previous,
            checksum: crc32c::crc32c(body),
        }
        .to_bytes();
        Some(())
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

/// Appends a record: its header and what is stored of its payload.
fn put_record(
    buffer: &mut Vec<u8>,
    link: &Link,
    flags: u16,
    stored: &[u8],
    length: usize,
    hash: ChainHash,
) -> Option<()> {
    let start = buffer.len();
    buffer.extend_from_slice(&link.sequence.0.to_le_bytes());
    buffer.extend_from_slice(&link.kind.to_le_bytes());
    buffer.extend_from_slice(&link.version.to_le_bytes());
    buffer.extend_from_slice(&link.at.0.to_le_bytes());
    buffer.extend_from_slice(&u32::try_from(stored.len()).ok()?.to_le_bytes());
    buffer.extend_from_slice(&u32::try_from(length).ok()?.to_le_bytes());
    buffer.extend_from_slice(&flags.to_le_bytes());
    buffer.extend_from_slice(&0_u16.to_le_bytes());
    let checksum = crc32c::crc32c_append(crc32c::crc32c(buffer.get(start..)?), stored);
    buffer.extend_from_slice(&checksum.to_le_bytes());
    buffer.extend_from_slice(&hash.0);
    buffer.extend_from_slice(stored);
    Some(())
}
