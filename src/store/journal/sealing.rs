//! Sealing: compressing segments that are no longer written to, and dropping payloads from those whose period is sealed.
//!
//! A sealed segment is the plain one in zstd frames of about a megabyte, cut between journal frames, and then a
//! skippable frame that lists where each begins, and where the segment ends; so `zstd -d` gives the plain segment back, and one record can be read
//! without unpacking the rest.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::chain::ChainHash;
use super::damage::{Damage, JournalError, Place};
use super::frame::SEGMENT_HEADER;
use super::packing::FrameBuilder;
use super::record::{Payload, Record};
use super::segment::{SegmentFile, SegmentReader};
use crate::domain::identity::Sequence;
use crate::store::disk::{Disk, FileError, create_private, sync_parent};
use crate::store::fields::Fields;

/// Plain bytes after which a block is cut.
const BLOCK: usize = 1 << 20;
/// First bytes of a zstd frame that decoders pass over.
const SKIPPABLE: [u8; 4] = 0x184D_2A5E_u32.to_le_bytes();
const INDEX_MAGIC: [u8; 4] = *b"CWI2";
const ENTRY: usize = 24;
/// The segment's last record and the chain up to it.
const END: usize = 40;
/// Checksum, count and magic after the entries and the end.
const FOOTER: usize = 12;
const LEVEL: i32 = 3;

/// Where a block of a sealed segment begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    /// Number of its first record.
    pub(super) first: Sequence,
    /// In the plain segment.
    pub(super) plain_offset: u64,
    /// In the sealed file.
    pub(super) file_offset: u64,
}

/// Compresses a closed segment and reads the result back. The plain file is for the caller to remove, once nobody is
/// led to it any more.
pub(super) fn seal(directory: &Path, segment: &SegmentFile, disk: &dyn Disk) -> Result<SegmentFile, JournalError> {
    let sealed = SegmentFile::sealed(directory, segment.first);
    let packed = compress(segment, &mut SegmentReader::next_raw)?;
    write_checked(&sealed, packed, disk)?;
    Ok(sealed)
}

/// Writes a compressed segment once more, without the payloads that may be dropped. The other file is for the caller to
/// remove.
pub(super) fn drop_payloads(
    directory: &Path,
    segment: &SegmentFile,
    seal: Sequence,
    droppable: &dyn Fn(&Record) -> bool,
    disk: &dyn Disk,
) -> Result<SegmentFile, JournalError> {
    let dropped = SegmentFile::dropped(directory, segment.first, seal);
    let mut frames = FrameBuilder::new();
    let packed = compress(segment, &mut |reader, into| {
        let Some((header, mut records)) = reader.next_records()? else {
            return Ok(None);
        };
        for record in &mut records {
            if let Payload::Kept(bytes) = &record.payload
                && droppable(record)
            {
                record.payload = Payload::Dropped {
                    length: bytes.len(),
                    digest: *blake3::hash(bytes).as_bytes(),
                };
            }
        }
        let frame = frames
            .rebuild(reader.header.site, header.previous, &records)
            .ok_or(JournalError::TooLarge { records: records.len() })?;
        into.extend_from_slice(frame);
        Ok(Some(records.last().map_or(header.previous, |record| record.hash)))
    })?;
    let end = packed.end;
    write_checked(&dropped, packed, disk)?;
    // The chain must be what it was before anything is removed.
    let mut reader = SegmentReader::open(&dropped, None)?;
    let mut reached = (Sequence(segment.first.0.saturating_sub(1)), reader.header.previous);
    while let Some((_, records)) = reader.next_records()? {
        reached = records.last().map_or(reached, |record| (record.sequence, record.hash));
    }
    if reached == end {
        Ok(dropped)
    } else {
        Err(damaged(&dropped.path, segment.first))
    }
}

/// Writes a compressed segment under its name, and reads it back first.
fn write_checked(target: &SegmentFile, packed: Packed, disk: &dyn Disk) -> Result<(), JournalError> {
    let beside = PathBuf::from(format!("{}.tmp", target.path.display()));
    let Packed {
        bytes, plain_digest, ..
    } = packed;
    let file = create_private(&beside).map_err(FileError::at("create", &beside))?;
    let written = disk
        .write_at(&beside, &file, &bytes, 0)
        .map_err(FileError::at("write", &beside))
        .and_then(|()| disk.sync(&beside, &file).map_err(FileError::at("sync", &beside)));
    if let Err(error) = written {
        // Most likely there is no room: do not leave what takes some.
        let _ = disk.remove(&beside);
        return Err(error.into());
    }
    if digest_of_sealed(&beside)? != plain_digest {
        let _ = disk.remove(&beside);
        return Err(damaged(&beside, target.first));
    }
    disk.rename(&beside, &target.path)
        .map_err(FileError::at("rename", &target.path))?;
    sync_parent(disk, &target.path)?;
    Ok(())
}

fn damaged(file: &Path, sequence: Sequence) -> JournalError {
    JournalError::Corrupt(Place {
        file: file.to_owned(),
        offset: 0,
        sequence,
        damage: Damage::Sealed,
    })
}

/// Removes the file of a segment that has been replaced by another.
pub(super) fn remove_original(segment: &SegmentFile, disk: &dyn Disk) -> Result<(), FileError> {
    disk.remove(&segment.path)
        .map_err(FileError::at("remove", &segment.path))?;
    sync_parent(disk, &segment.path)
}

/// A compressed segment in memory.
struct Packed {
    bytes: Vec<u8>,
    /// Digest of what it unpacks to.
    plain_digest: blake3::Hash,
    /// Its last record and the chain up to it.
    end: (Sequence, ChainHash),
}

/// Appends the next frame of a segment, and gives the chain up to its end; `None` at the end of the segment.
type NextFrame<'a> = &'a mut dyn FnMut(&mut SegmentReader, &mut Vec<u8>) -> Result<Option<ChainHash>, JournalError>;

/// Compresses a segment, frame by frame. Every frame is checked on the way.
fn compress(segment: &SegmentFile, next_frame: NextFrame<'_>) -> Result<Packed, JournalError> {
    let mut reader = SegmentReader::open(segment, None)?;
    let mut sealed = Vec::new();
    let mut index: Vec<Block> = Vec::new();
    let mut plain = reader.header.to_bytes();
    let mut digest = blake3::Hasher::new();
    let mut hash = reader.header.previous;
    let mut first = reader.next;
    let mut plain_offset = 0;
    // The first block begins with the segment's header, which is not a frame: its entry points to the start.
    loop {
        let frame = next_frame(&mut reader, &mut plain)?;
        hash = frame.unwrap_or(hash);
        if plain.len() >= BLOCK || (frame.is_none() && !plain.is_empty()) {
            index.push(Block {
                first,
                plain_offset,
                file_offset: sealed.len() as u64,
            });
            digest.update(&plain);
            let packed = zstd::bulk::compress(&plain, LEVEL).map_err(FileError::at("compress", &segment.path))?;
            sealed.extend_from_slice(&packed);
            plain_offset += plain.len() as u64;
            plain.clear();
            first = reader.next;
        }
        if frame.is_none() {
            break;
        }
    }
    let end = (Sequence(reader.next.0.saturating_sub(1)), hash);
    append_index(&mut sealed, &index, end);
    Ok(Packed {
        bytes: sealed,
        plain_digest: digest.finalize(),
        end,
    })
}

fn append_index(sealed: &mut Vec<u8>, index: &[Block], (last, hash): (Sequence, ChainHash)) {
    let mut entries = Vec::with_capacity(index.len() * ENTRY + END + FOOTER);
    for block in index {
        entries.extend_from_slice(&block.first.0.to_le_bytes());
        entries.extend_from_slice(&block.plain_offset.to_le_bytes());
        entries.extend_from_slice(&block.file_offset.to_le_bytes());
    }
    entries.extend_from_slice(&last.0.to_le_bytes());
    entries.extend_from_slice(&hash.0);
    let checksum = crc32c::crc32c(&entries);
    entries.extend_from_slice(&checksum.to_le_bytes());
    entries.extend_from_slice(&u32::try_from(index.len()).unwrap_or_default().to_le_bytes());
    entries.extend_from_slice(&INDEX_MAGIC);
    sealed.extend_from_slice(&SKIPPABLE);
    sealed.extend_from_slice(&u32::try_from(entries.len()).unwrap_or_default().to_le_bytes());
    sealed.extend_from_slice(&entries);
}

/// The index of a sealed segment: entries and end. `None` where it is of no use; then the segment is read from its start,
/// which is slower and finds whatever is wrong.
fn read_index(path: &Path) -> Option<(u32, Vec<u8>)> {
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    let mut footer = [0; FOOTER];
    file.seek(SeekFrom::Start(length.checked_sub(FOOTER as u64)?)).ok()?;
    file.read_exact(&mut footer).ok()?;
    let mut fields = Fields(&footer);
    let checksum = fields.u32()?;
    let count = fields.u32()?;
    if fields.bytes()? != INDEX_MAGIC {
        return None;
    }
    let covered = u64::from(count) * ENTRY as u64 + END as u64;
    file.seek(SeekFrom::Start(length.checked_sub(FOOTER as u64 + covered)?))
        .ok()?;
    let mut entries = vec![0; usize::try_from(covered).ok()?];
    file.read_exact(&mut entries).ok()?;
    (crc32c::crc32c(&entries) == checksum).then_some((count, entries))
}

/// The last record of a sealed segment and the chain up to it, as its index has them.
pub(super) fn end_of(path: &Path) -> Option<(Sequence, ChainHash)> {
    let (_, entries) = read_index(path)?;
    let mut fields = Fields(entries.get(entries.len().checked_sub(END)?..)?);
    Some((Sequence(fields.u64()?), ChainHash(fields.bytes()?)))
}

/// The block in which a record stands; `None` also where it is the first.
pub(super) fn block_of(path: &Path, sequence: Sequence) -> Option<Block> {
    let (count, entries) = read_index(path)?;
    let mut fields = Fields(&entries);
    let mut found = None;
    for _ in 0..count {
        let block = Block {
            first: Sequence(fields.u64()?),
            plain_offset: fields.u64()?,
            file_offset: fields.u64()?,
        };
        if block.first > sequence {
            break;
        }
        found = Some(block);
    }
    // The first block begins with the segment's header: whoever opens the file has passed that already.
    found.filter(|block| block.plain_offset >= SEGMENT_HEADER as u64)
}

fn digest_of_sealed(path: &Path) -> Result<blake3::Hash, FileError> {
    let file = File::open(path).map_err(FileError::at("open", path))?;
    let decoder = zstd::stream::read::Decoder::new(file).map_err(FileError::at("read", path))?;
    let mut digest = blake3::Hasher::new();
    digest.update_reader(decoder).map_err(FileError::at("read", path))?;
    Ok(digest.finalize())
}
