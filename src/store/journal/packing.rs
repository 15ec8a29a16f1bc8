//! Packing batches of records into frames.

use std::fmt;

use uuid::Uuid;
use zstd::bulk::Compressor;

use super::chain::{ChainHash, Link};
use super::frame::{FRAME_HEADER, FrameHeader, LARGEST_BODY};
use super::record::{COMPRESSED, LARGEST_PAYLOAD, NewRecord};
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
