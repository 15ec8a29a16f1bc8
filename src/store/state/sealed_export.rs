//! The export of a sealed period (封存导出): what the site starts from when the readings behind it are no longer in the
//! journal.
//!
//! It is written from a state every row of which is good, read back row by row against that state, and kept: here and
//! in a second place that the administrator names. Nothing is dropped from the journal without it.

use std::fs::File;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::export::{EXTENSION, ExportError, ExportReport, list, read_export, record_in_name, write_export};
use super::second_copy::{SecondCopyError, SecondPlace};
use super::{PinnedView, StateError, StateStore};
use crate::domain::identity::Sequence;
use crate::engine::history::History;
use crate::store::disk::{FileError, make_directory};
use crate::store::journal::chain::ChainHash;
use crate::store::site::SEALED;

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

/// Why there is no export for a seal.
#[derive(Debug, Error)]
pub enum SealedExportError {
    /// It could not be written or read back.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// It has no copy in the second place.
    #[error(transparent)]
    Copy(#[from] SecondCopyError),
}

/// Writes the export of a period that is to be sealed into the site and a copy of it into a second place, and reads both
/// back. Costs the whole state, several times.
///
/// # Errors
/// [`ExportError::Unsound`] when the state is damaged, [`ExportError::Damaged`] when what was read back is not what was
/// written; and whatever keeps the copy from being made, of which nothing is left then.
pub fn write_sealed_export(
    site: &Path,
    state: &StateStore,
    place: &SecondPlace,
) -> Result<SealedExport, SealedExportError> {
    let (path, report, digest) = write_in_site(site, state)?;
    let disk = &*state.inner.disk;
    let copied = place.copy(&path, (state.inner.site, report.applied, digest), disk);
    if copied.is_err() {
        // Without its copy it is of no use to a seal, and takes room.
        let _ = disk.remove(&path);
    }
    Ok(SealedExport {
        path,
        copy: copied?,
        applied: report.applied,
        digest,
        rows: report.rows,
        bytes: report.bytes,
    })
}

fn write_in_site(site: &Path, state: &StateStore) -> Result<(PathBuf, ExportReport, ChainHash), ExportError> {
    make_directory(&*state.inner.disk, &site.join(SEALED))?;
    let view = state.pin();
    if !view.check()?.is_good() {
        return Err(ExportError::Unsound);
    }
    let path = sealed_export_path(site, view.applied());
    write_export(&view, &path)?;
    let report = read_back(&view, &path)?;
    drop(view);
    let digest = digest_of(&path)?;
    Ok((path, report, digest))
}

/// Reads an export through and holds every row of it against the state.
fn read_back(view: &PinnedView<'_>, path: &Path) -> Result<ExportReport, ExportError> {
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
    Ok(report)
}

pub(super) fn digest_of(path: &Path) -> Result<ChainHash, FileError> {
    let mut hasher = blake3::Hasher::new();
    let file = File::open(path).map_err(FileError::at("open", path))?;
    hasher.update_reader(file).map_err(FileError::at("read", path))?;
    Ok(ChainHash(*hasher.finalize().as_bytes()))
}

/// The file of the export that a seal names, in a site.
pub fn sealed_export_path(site: &Path, applied: Sequence) -> PathBuf {
    site.join(SEALED).join(format!("{:020}.{EXTENSION}", applied.0))
}

/// Whether the export that a seal names is there and is what was written, be it under the name that its copy had in the
/// second place.
pub fn check_sealed_export(site: &Path, applied: Sequence, digest: ChainHash) -> Result<(), ExportError> {
    let path = sealed_export_path(site, applied);
    let own = digest_of(&path);
    if own.as_ref().is_ok_and(|own| *own == digest) {
        return Ok(());
    }
    let name = format!("-{:020}.{EXTENSION}", applied.0);
    for copy in list(&site.join(SEALED))? {
        let is_named = copy.to_str().is_some_and(|copy| copy.ends_with(&name));
        if is_named && digest_of(&copy)? == digest {
            return Ok(());
        }
    }
    own?;
    Err(ExportError::Damaged { file: path, offset: 0 })
}

/// Removes the exports that no seal needs, `kept` being those that are needed, the one on which everything rests first: what
/// was exported for a seal that was then not set, and what seals rested on that were followed by newer ones. Copies of other
/// sites stay. Must not run while an export is written.
pub fn remove_unneeded_exports(site: &Path, state: &StateStore, kept: &[Sequence]) -> Result<usize, FileError> {
    let disk = &*state.inner.disk;
    let mut removed = 0;
    let exports = list(&site.join(SEALED))?;
    let record = |path: &Path| record_in_name(path, state.inner.site);
    // Nothing goes while the one on which everything rests is not there itself.
    let is_there = |needed: &Sequence| exports.iter().any(|path| record(path) == Some(*needed));
    if !kept.first().is_none_or(is_there) {
        return Ok(0);
    }
    for path in &exports {
        if record(path).is_some_and(|record| !kept.contains(&record)) {
            disk.remove(path).map_err(FileError::at("remove", path))?;
            removed += 1;
        }
    }
    Ok(removed)
}
