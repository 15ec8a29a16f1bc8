//! The export of a sealed period (封存导出): what the site starts from when the readings behind it are no longer in the
//! journal.
//!
//! It is written from a state every row of which is good, read back row by row against that state, and kept: here and
//! in a second place that the administrator names. Nothing is dropped from the journal without it.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::export::{EXTENSION, ExportError, list, read_export, write_export};
use super::{PinnedView, StateError, StateStore};
use crate::domain::identity::Sequence;
use crate::engine::history::History;
use crate::store::disk::{FileError, create_private, make_directory, sync_parent};
use crate::store::journal::chain::ChainHash;
use crate::store::site::SEALED;

/// Sealed exports that are kept: the newest holds everything that those before it hold.
const KEPT: usize = 2;

/// An export that was read back and found whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedExport {
    /// Where it is.
    pub path: PathBuf,
    /// The copy in the second place.
    pub copy: PathBuf,
    /// The record up to which its rows are right.
    pub applied: Sequence,
    /// BLAKE3 digest of the file.
    pub digest: ChainHash,
    /// Its rows.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
}

/// Writes the export of a period that is to be sealed into the site and a copy of it into another directory, and reads
/// both back. Costs the whole state, several times.
///
/// # Errors
/// [`ExportError::Unsound`] when the state is damaged, [`ExportError::Damaged`] when what was read back is not what was
/// written.
pub fn write_sealed_export(site: &Path, state: &StateStore, beside: &Path) -> Result<SealedExport, ExportError> {
    let disk = &*state.inner.disk;
    let directory = site.join(SEALED);
    make_directory(disk, &directory)?;
    let view = state.pin();
    if !view.check()?.is_good() {
        return Err(ExportError::Unsound);
    }
    let name = format!("{:020}.{EXTENSION}", view.applied().0);
    let path = directory.join(&name);
    write_export(&view, &path)?;
    let report = read_back(&view, &path)?;
    drop(view);
    let (digest, copy) = (digest_of(&path)?, beside.join(&name));
    copy_synced(&path, &copy, state)?;
    if digest_of(&copy)? != digest {
        return Err(ExportError::Damaged { file: copy, offset: 0 });
    }
    Ok(SealedExport {
        path,
        copy,
        applied: report.0,
        digest,
        rows: report.1,
        bytes: report.2,
    })
}

/// Reads an export through and holds every row of it against the state.
fn read_back(view: &PinnedView<'_>, path: &Path) -> Result<(Sequence, u64, u64), ExportError> {
    let mut differs = false;
    let report = read_export(path, view.store.inner.site, &mut |rows| {
        for row in rows {
            let stored = view.get(row.tree, &row.key);
            let stored = stored.map_err(|error| StateError::Stopped {
                operation: "read",
                reason: error.to_string(),
            });
            view.held()?;
            differs |= stored? != row.value;
        }
        Ok(())
    })?;
    let rows: u64 = view.check()?.rows.iter().map(|(_, count)| count).sum();
    if differs || report.rows != rows || report.applied != view.applied() {
        return Err(ExportError::Damaged {
            file: path.to_owned(),
            offset: 0,
        });
    }
    Ok((report.applied, report.rows, report.bytes))
}

fn copy_synced(from: &Path, to: &Path, state: &StateStore) -> Result<(), FileError> {
    let disk = &*state.inner.disk;
    let mut source = File::open(from).map_err(FileError::at("open", from))?;
    let mut copy = create_private(to).map_err(FileError::at("create", to))?;
    std::io::copy(&mut source, &mut copy).map_err(FileError::at("write", to))?;
    disk.sync(to, &copy).map_err(FileError::at("sync", to))?;
    sync_parent(disk, to)
}

fn digest_of(path: &Path) -> Result<ChainHash, FileError> {
    let mut hasher = blake3::Hasher::new();
    let file = File::open(path).map_err(FileError::at("open", path))?;
    hasher.update_reader(file).map_err(FileError::at("read", path))?;
    Ok(ChainHash(*hasher.finalize().as_bytes()))
}

/// The file of the export that a seal names, in a site.
pub fn sealed_export_path(site: &Path, applied: Sequence) -> PathBuf {
    site.join(SEALED).join(format!("{:020}.{EXTENSION}", applied.0))
}

/// Whether the export that a seal names is there and is what was written.
pub fn check_sealed_export(site: &Path, applied: Sequence, digest: ChainHash) -> Result<(), ExportError> {
    let path = sealed_export_path(site, applied);
    if digest_of(&path)? == digest {
        Ok(())
    } else {
        Err(ExportError::Damaged { file: path, offset: 0 })
    }
}

/// Removes exports of seals that were followed by newer ones; the two newest stay.
pub fn remove_old_sealed_exports(site: &Path, state: &StateStore, newest: Sequence) -> Result<(), ExportError> {
    let disk = &*state.inner.disk;
    let keep = sealed_export_path(site, newest);
    let earlier = list(&site.join(SEALED))?.into_iter().filter(|path| *path < keep);
    for old in earlier.collect::<Vec<_>>().iter().rev().skip(KEPT - 1) {
        disk.remove(old).map_err(FileError::at("remove", old))?;
    }
    Ok(())
}
