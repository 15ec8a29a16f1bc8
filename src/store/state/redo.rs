//! The redo file of a checkpoint: everything it will write, on the medium before sled is touched.
//!
//! The engine's rows are deltas of one another, so half a checkpoint is worth nothing. With this file a checkpoint that
//! was cut off is written again from its beginning; without it nothing of the checkpoint has reached sled.

use std::path::{Path, PathBuf};

use super::StateError;
use super::stamp::{Stamp, read_tree, write_tree};
use crate::domain::identity::Sequence;
use crate::engine::history::Tree;
use crate::store::disk::{Disk, FileError, create_private, sync_parent};
use crate::store::fields::Fields;

const MAGIC: [u8; 8] = *b"CWREDO\x00\x01";
/// Written at a time.
const CHUNK: usize = 1 << 20;
const DIGEST: usize = 32;
/// Its name while it is written.
const BESIDE: &str = "checkpoint.redo.tmp";

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

/// A checkpoint that was cut off, as its file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Redo {
    /// What the state was right up to before.
    pub(super) base: Sequence,
    /// The stamp afterwards.
    pub(super) stamp: Stamp,
    pub(super) changes: Vec<Change>,
}

fn path(directory: &Path) -> PathBuf {
    directory.join("checkpoint.redo")
}

/// Writes the file, synced, under its name, and says how long it is.
pub(super) fn write(
    directory: &Path,
    disk: &dyn Disk,
    base: Sequence,
    stamp: &Stamp,
    changes: impl Iterator<Item = Change>,
) -> Result<u64, FileError> {
    let path = path(directory);
    let beside = directory.join(BESIDE);
    let written = write_beside(&beside, disk, base, stamp, changes);
    if written.is_err() {
        // Most likely there is no room: do not leave what takes some.
        let _ = disk.remove(&beside);
    }
    let bytes = written?;
    disk.rename(&beside, &path).map_err(FileError::at("rename", &path))?;
    sync_parent(disk, &path)?;
    Ok(bytes)
}

fn write_beside(
    beside: &Path,
    disk: &dyn Disk,
    base: Sequence,
    stamp: &Stamp,
    changes: impl Iterator<Item = Change>,
) -> Result<u64, FileError> {
    let file = create_private(beside).map_err(FileError::at("create", beside))?;
    let mut digest = blake3::Hasher::new();
    let mut offset = 0;
    let mut buffer = Vec::with_capacity(CHUNK + (CHUNK >> 3));
    buffer.extend_from_slice(&MAGIC);
    buffer.extend_from_slice(&base.0.to_le_bytes());
    let stamp = stamp.to_bytes();
    buffer.extend_from_slice(&u32::try_from(stamp.len()).unwrap_or_default().to_le_bytes());
    buffer.extend_from_slice(&stamp);
    for change in changes {
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

/// Removes the file: the checkpoint is whole in sled and on the medium.
pub(super) fn remove(directory: &Path, disk: &dyn Disk) -> Result<(), FileError> {
    let path = path(directory);
    match disk.remove(&path) {
        Ok(()) => sync_parent(disk, &path),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(FileError::at("remove", &path)(error)),
    }
}

impl Redo {
    /// The file of a checkpoint that was cut off; `None` where there is none.
    ///
    /// # Errors
    /// A file that is not whole is damage: it got its name when all of it was on the medium, and sled may hold a part of
    /// what it had.
    pub(super) fn read(directory: &Path, disk: &dyn Disk) -> Result<Option<Self>, StateError> {
        let beside = directory.join(BESIDE);
        match disk.remove(&beside) {
            // Nothing of a checkpoint whose file was not whole has reached sled.
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(FileError::at("remove", &beside)(error).into()),
        }
        let path = path(directory);
        match std::fs::read(&path) {
            Ok(bytes) => match Self::parse(&bytes) {
                Some(redo) => Ok(Some(redo)),
                None => Err(StateError::Distrusted(format!("{} is damaged", path.display()))),
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(FileError::at("read", &path)(error).into()),
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
        while !fields.0.is_empty() {
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
        Some(Self { base, stamp, changes })
    }
}
