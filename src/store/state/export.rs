//! Exports (导出): all rows of the state at one record, in one file with digests, independent of sled.
//!
//! A header, then chunks of about a megabyte, compressed, each with its BLAKE3 digest, then an empty chunk whose digest
//! is that of all chunk digests and of the header: so a cut or a swapped chunk is noticed as well as a flipped bit.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use thiserror::Error;
use uuid::Uuid;

use super::stamp::{read_tree, write_tree};
use super::{PinnedView, StateError, StateStore};
use crate::domain::identity::Sequence;
use crate::engine::history::{Row, Tree};
use crate::store::disk::{Disk, FileError, create_private, make_directory, sync_parent};
use crate::store::fields::Fields;
use crate::store::site::{EXPORTS, SEALED, STATE};

const MAGIC: [u8; 8] = *b"CWEXPT\x00\x01";
const HEADER: usize = 32;
const CHUNK: usize = 1 << 20;
/// No chunk is larger: a row more than a full chunk.
const LARGEST_CHUNK: usize = super::rows::LARGEST_ROW + 2 * CHUNK;
pub(super) const EXTENSION: &str = "cwx";

/// Why an export cannot be written or read.
#[derive(Debug, Error)]
pub enum ExportError {
    /// A file operation failed.
    #[error(transparent)]
    Io(#[from] FileError),
    /// The state cannot be read or written.
    #[error(transparent)]
    State(#[from] StateError),
    /// The state that was to be exported is damaged.
    #[error("the state is damaged")]
    Unsound,
    /// The file is not what was written.
    #[error("{} is damaged at byte {offset}", file.display())]
    Damaged {
        /// Which.
        file: PathBuf,
        /// Start of the bad chunk.
        offset: u64,
    },
}

/// What an export holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportReport {
    /// The record up to which its rows are right.
    pub applied: Sequence,
    /// Its rows.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
}

/// Writes an export of a pinned view into a file, which gets its name once it is whole and on the medium.
pub fn write_export(view: &PinnedView<'_>, target: &Path) -> Result<ExportReport, ExportError> {
    let disk = &*view.store.inner.disk;
    let beside = target.with_extension("cwx.tmp");
    let written = write_beside(view, &beside, disk);
    if written.is_err() {
        // Most likely there is no room: do not leave what takes some.
        let _ = disk.remove(&beside);
    }
    let report = written?;
    disk.rename(&beside, target).map_err(FileError::at("rename", target))?;
    sync_parent(disk, target)?;
    Ok(report)
}

/// When the newest of a site's own exports was written, and the record up to which it is right; `None` where there is
/// none.
pub fn last_export(site: &Path) -> Result<Option<(SystemTime, Sequence)>, ExportError> {
    let Some(newest) = list(&site.join(EXPORTS))?.pop() else {
        return Ok(None);
    };
    let written = std::fs::metadata(&newest).and_then(|metadata| metadata.modified());
    let written = written.map_err(FileError::at("look at", &newest))?;
    let applied = newest.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
    Ok(Some((written, Sequence(applied.unwrap_or(0)))))
}

/// Writes an export into a site's own directory of exports, and removes all but the two newest.
pub fn export_site(site: &Path, state: &StateStore) -> Result<(PathBuf, ExportReport), ExportError> {
    let directory = site.join(EXPORTS);
    let disk = &*state.inner.disk;
    make_directory(disk, &directory)?;
    let view = state.pin();
    let target = directory.join(format!("{:020}.{EXTENSION}", view.applied().0));
    let report = write_export(&view, &target)?;
    drop(view);
    for old in list(&directory)?.iter().rev().skip(2) {
        disk.remove(old).map_err(FileError::at("remove", old))?;
    }
    Ok((target, report))
}

struct Writer<'a> {
    file: File,
    path: &'a Path,
    disk: &'a dyn Disk,
    offset: u64,
    digests: blake3::Hasher,
}

impl Writer<'_> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        self.disk
            .write_at(self.path, &self.file, bytes, self.offset)
            .map_err(FileError::at("write", self.path))?;
        self.offset += bytes.len() as u64;
        Ok(())
    }

    fn chunk(&mut self, rows: &[u8]) -> Result<(), FileError> {
        let packed = zstd::bulk::compress(rows, 1).map_err(FileError::at("compress for", self.path))?;
        let digest = blake3::hash(&packed);
        self.digests.update(digest.as_bytes());
        let mut bytes = Vec::with_capacity(packed.len() + 40);
        bytes.extend_from_slice(&u32::try_from(packed.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend_from_slice(&u32::try_from(rows.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend_from_slice(digest.as_bytes());
        bytes.extend_from_slice(&packed);
        self.put(&bytes)
    }
}

fn write_beside(view: &PinnedView<'_>, path: &Path, disk: &dyn Disk) -> Result<ExportReport, ExportError> {
    let file = create_private(path).map_err(FileError::at("create", path))?;
    let mut header = Vec::with_capacity(HEADER);
    header.extend_from_slice(&MAGIC);
    header.extend_from_slice(view.store.inner.site.as_bytes());
    header.extend_from_slice(&view.applied().0.to_le_bytes());
    let mut writer = Writer {
        file,
        path,
        disk,
        offset: 0,
        digests: blake3::Hasher::new(),
    };
    writer.digests.update(&header);
    writer.put(&header)?;
    let mut rows = 0;
    let mut buffer = Vec::with_capacity(CHUNK + (CHUNK >> 3));
    for tree in Tree::ALL {
        let mut failed = None;
        view.all(tree, &mut |key, value| {
            write_tree(&mut buffer, tree);
            for bytes in [key, value] {
                buffer.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
                buffer.extend_from_slice(bytes);
            }
            rows += 1;
            if buffer.len() >= CHUNK {
                failed = writer.chunk(&buffer).err();
                buffer.clear();
            }
            failed.is_none()
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
    }
    if !buffer.is_empty() {
        writer.chunk(&buffer)?;
    }
    let mut end = vec![0; 8];
    end.extend_from_slice(writer.digests.finalize().as_bytes());
    writer.put(&end)?;
    disk.sync(path, &writer.file).map_err(FileError::at("sync", path))?;
    Ok(ExportReport {
        applied: view.applied(),
        rows,
        bytes: writer.offset,
    })
}

/// Reads an export through, checking every digest, and hands its rows on in order.
pub(in crate::store) fn read_export(
    path: &Path,
    site: Uuid,
    take: &mut dyn FnMut(Vec<Row>) -> Result<(), StateError>,
) -> Result<ExportReport, ExportError> {
    let mut file = BufReader::new(File::open(path).map_err(FileError::at("open", path))?);
    let mut offset = 0_u64;
    let mut rows = 0;
    let damaged = |offset| ExportError::Damaged {
        file: path.to_owned(),
        offset,
    };
    let mut header = [0; HEADER];
    read_exact(&mut file, &mut header, path)?.ok_or_else(|| damaged(0))?;
    let mut digests = blake3::Hasher::new();
    digests.update(&header);
    let mut fields = Fields(&header);
    let right = fields.bytes() == Some(MAGIC) && fields.bytes() == Some(site.into_bytes());
    let applied = fields.u64().filter(|_| right).ok_or_else(|| damaged(0))?;
    offset += HEADER as u64;
    loop {
        let mut head = [0; 40];
        read_exact(&mut file, &mut head, path)?.ok_or_else(|| damaged(offset))?;
        let mut fields = Fields(&head);
        let lengths = (fields.u32(), fields.u32());
        let digest = fields.bytes().map(blake3::Hash::from_bytes);
        let ((Some(packed), Some(length)), Some(digest)) = (lengths, digest) else {
            return Err(damaged(offset));
        };
        if packed == 0 {
            let mut beyond = [0; 1];
            let ends = read_exact(&mut file, &mut beyond, path)?.is_none();
            if !ends || digests.finalize() != digest || length != 0 {
                return Err(damaged(offset));
            }
            return Ok(ExportReport {
                applied: Sequence(applied),
                rows,
                bytes: offset + 40,
            });
        }
        let (packed, length) = (packed as usize, length as usize);
        if packed > LARGEST_CHUNK || length > LARGEST_CHUNK {
            return Err(damaged(offset));
        }
        let mut bytes = vec![0; packed];
        read_exact(&mut file, &mut bytes, path)?.ok_or_else(|| damaged(offset))?;
        if blake3::hash(&bytes) != digest {
            return Err(damaged(offset));
        }
        digests.update(digest.as_bytes());
        let plain = zstd::bulk::decompress(&bytes, length).map_err(|_| damaged(offset))?;
        let chunk = parse_rows(&plain)
            .filter(|_| plain.len() == length)
            .ok_or_else(|| damaged(offset))?;
        rows += chunk.len() as u64;
        take(chunk)?;
        offset += 40 + packed as u64;
    }
}

/// Fills a buffer; `None` when the file ends before.
fn read_exact(file: &mut impl Read, buffer: &mut [u8], path: &Path) -> Result<Option<()>, FileError> {
    match file.read_exact(buffer) {
        Ok(()) => Ok(Some(())),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(FileError::at("read", path)(error)),
    }
}

fn parse_rows(plain: &[u8]) -> Option<Vec<Row>> {
    let mut fields = Fields(plain);
    let mut rows = Vec::new();
    while !fields.0.is_empty() {
        let tree = read_tree(&mut fields)?;
        let length = usize::try_from(fields.u32()?).ok()?;
        let key = fields.slice(length)?.to_vec();
        let length = usize::try_from(fields.u32()?).ok()?;
        let value = Some(fields.slice(length)?.to_vec());
        rows.push(Row { tree, key, value });
    }
    Some(rows)
}

pub(super) fn list(directory: &Path) -> Result<Vec<PathBuf>, FileError> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(FileError::at("read directory", directory)(error)),
    };
    let mut exports = Vec::new();
    for entry in entries {
        let path = entry.map_err(FileError::at("read directory", directory))?.path();
        if path.extension().is_some_and(|extension| extension == EXTENSION) {
            exports.push(path);
        }
    }
    exports.sort();
    Ok(exports)
}

/// The record in the name of an export: of one of the site's own, or of a copy that was put back under the name that it had
/// in the second place. `None` of anything else, as a copy of another site's.
pub(super) fn record_in_name(path: &Path, id: Uuid) -> Option<Sequence> {
    let stem = path.file_stem()?.to_str()?;
    let number = match stem.strip_prefix(&id.to_string()) {
        Some(rest) => rest.strip_prefix('-')?,
        None => stem,
    };
    number.parse().ok().map(Sequence)
}

/// All exports of a site, its own and those of sealed periods, with the records in their names, oldest first.
fn exports_of(site: &Path, id: Uuid) -> Result<Vec<(Sequence, PathBuf)>, FileError> {
    let mut found = Vec::new();
    for directory in [EXPORTS, SEALED] {
        for path in list(&site.join(directory))? {
            found.extend(record_in_name(&path, id).map(|number| (number, path)));
        }
    }
    found.sort();
    Ok(found)
}

/// The newest export of a site by its name, whole or not, and the record in that name: the journal had it.
pub(in crate::store) fn last_exported(site: &Path, id: Uuid) -> Result<Option<(Sequence, PathBuf)>, FileError> {
    Ok(exports_of(site, id)?.pop())
}

/// The newest export of a site that is whole and not later than the journal's end.
pub(in crate::store) fn newest_export(site: &Path, id: Uuid, head: Sequence) -> Result<Option<PathBuf>, FileError> {
    for (_, path) in exports_of(site, id)?.into_iter().rev() {
        match read_export(&path, id, &mut |_| Ok(())) {
            Ok(report) if report.applied <= head => return Ok(Some(path)),
            Err(ExportError::Io(error)) => return Err(error),
            Ok(_) | Err(_) => {}
        }
    }
    Ok(None)
}

/// Makes the state of a site from an export: beside, and then put in its place, so that a crash leaves no half of it.
pub(in crate::store) fn restore_state(
    site: &Path,
    export: &Path,
    id: Uuid,
    disk: &Arc<dyn Disk>,
) -> Result<(), ExportError> {
    let filling = site.join("state.filling");
    let directory = site.join(STATE);
    if filling.exists() {
        std::fs::remove_dir_all(&filling).map_err(FileError::at("remove", &filling))?;
    }
    let state = StateStore::open(&filling, id, Arc::clone(disk))?;
    // Until the last chunk the sequence stays 0: half a filled state says of itself that nothing was applied.
    let mut last = Vec::new();
    let report = read_export(export, id, &mut |rows| {
        let rows = std::mem::replace(&mut last, rows);
        state.checkpoint(rows, Sequence(0)).map(|_| ())
    })?;
    state.checkpoint(last, report.applied)?;
    drop(state);
    if directory.exists() {
        // It is the empty one that was just made.
        std::fs::remove_dir_all(&directory).map_err(FileError::at("remove", &directory))?;
    }
    disk.rename(&filling, &directory)
        .map_err(FileError::at("rename", &directory))?;
    sync_parent(&**disk, &directory)?;
    Ok(())
}
