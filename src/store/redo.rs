//! The redo file of a checkpoint: everything it will write, on the medium before sled is touched.
//!
//! The engine's rows are deltas of one another, so half a checkpoint is worth nothing. With this file a checkpoint that
//! was cut off is written again from its beginning; without it nothing of the checkpoint has reached sled.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::disk::{Disk, FileError, sync_parent};
use super::format::Fields;
use super::stamp::{Stamp, read_tree, write_tree};
use crate::domain::identity::Sequence;
use crate::engine::history::Tree;

const MAGIC: [u8; 8] = *b"CWREDO\x00\x01";
/// Written at a time.
const CHUNK: usize = 1 << 20;
const DIGEST: usize = 32;

/// A value to be written or removed, as sled keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) tree: Tree,
    /// Whether it belongs to the tree of parts.
    pub(super) part: bool,
    pub(super) key: Vec<u8>,
    pub(super) value: Option<Vec<u8>>,
}

impl Change {
    /// About how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        self.key.len() + self.value.as_ref().map_or(0, Vec::len) + 16
    }
}

/// A checkpoint worked out to the last byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Redo {
    /// What the state was right up to before.
    pub(super) base: Sequence,
    /// The stamp afterwards.
    pub(super) stamp: Stamp,
    pub(super) changes: Vec<Change>,
}

pub(super) fn path(directory: &Path) -> PathBuf {
    directory.join("checkpoint.redo")
}

impl Redo {
    /// Writes the file, synced, under its name.
    pub(super) fn write(&self, directory: &Path, disk: &dyn Disk) -> Result<u64, FileError> {
        let path = path(directory);
        let beside = directory.join("checkpoint.redo.tmp");
        let written = self.write_beside(&beside, disk);
        if written.is_err() {
            // Most likely there is no room: do not leave what takes some.
            let _ = disk.remove(&beside);
        }
        let bytes = written?;
        disk.rename(&beside, &path).map_err(FileError::at("rename", &path))?;
        sync_parent(disk, &path)?;
        Ok(bytes)
    }

    fn write_beside(&self, beside: &Path, disk: &dyn Disk) -> Result<u64, FileError> {
        let file = File::create(beside).map_err(FileError::at("create", beside))?;
        let mut digest = blake3::Hasher::new();
        let mut offset = 0;
        let mut buffer = Vec::with_capacity(CHUNK + (CHUNK >> 3));
        buffer.extend_from_slice(&MAGIC);
        buffer.extend_from_slice(&self.base.0.to_le_bytes());
        let stamp = self.stamp.to_bytes();
        buffer.extend_from_slice(&u32::try_from(stamp.len()).unwrap_or_default().to_le_bytes());
        buffer.extend_from_slice(&stamp);
        buffer.extend_from_slice(&(self.changes.len() as u64).to_le_bytes());
        for change in &self.changes {
            write_tree(&mut buffer, change.tree);
            buffer.push(u8::from(change.part) | (u8::from(change.value.is_some()) << 1));
            let value = change.value.as_deref().unwrap_or_default();
            for bytes in [change.key.as_slice(), value] {
                buffer.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or_default().to_le_bytes());
                buffer.extend_from_slice(bytes);
            }
            if buffer.len() >= CHUNK {
                digest.update(&buffer);
                disk.write_at(beside, &file, &buffer, offset)
                    .map_err(FileError::at("write", beside))?;
                offset += buffer.len() as u64;
                buffer.clear();
            }
        }
        digest.update(&buffer);
        buffer.extend_from_slice(digest.finalize().as_bytes());
        disk.write_at(beside, &file, &buffer, offset)
            .map_err(FileError::at("write", beside))?;
        disk.sync(beside, &file).map_err(FileError::at("sync", beside))?;
        Ok(offset + buffer.len() as u64)
    }

    /// The file of a checkpoint that was cut off; `None` where there is none, or it is not whole: then nothing of it
    /// reached sled.
    pub(super) fn read(directory: &Path) -> Result<Option<Self>, FileError> {
        let path = path(directory);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Self::parse(&bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(FileError::at("read", &path)(error)),
        }
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (covered, digest) = bytes.split_last_chunk::<DIGEST>()?;
        if blake3::hash(covered) != blake3::Hash::from_bytes(*digest) {
            return None;
        }
        let mut fields = Fields(covered);
        if fields.bytes()? != MAGIC {
            return None;
        }
        let base = Sequence(fields.u64()?);
        let length = usize::try_from(fields.u32()?).ok()?;
        let stamp = Stamp::parse(fields.slice(length)?)?;
        let mut changes = Vec::new();
        for _ in 0..fields.u64()? {
            let tree = read_tree(&mut fields)?;
            let [flags] = fields.bytes()?;
            let length = usize::try_from(fields.u32()?).ok()?;
            let key = fields.slice(length)?.to_vec();
            let length = usize::try_from(fields.u32()?).ok()?;
            let value = fields.slice(length)?;
            changes.push(Change {
                tree,
                part: flags & 1 != 0,
                key,
                value: (flags & 2 != 0).then(|| value.to_vec()),
            });
        }
        fields.0.is_empty().then_some(Self { base, stamp, changes })
    }

    /// Removes the file: the checkpoint is whole in sled and on the medium.
    pub(super) fn remove(directory: &Path, disk: &dyn Disk) -> Result<(), FileError> {
        let path = path(directory);
        match disk.remove(&path) {
            Ok(()) => sync_parent(disk, &path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(FileError::at("remove", &path)(error)),
        }
    }
}
