//! The copy of a sealed export in a second place (异地副本), which an administrator names: a directory of somebody else's
//! disk, where several sites may keep theirs and nothing of what lies there may be harmed.
//!
//! A copy is written under a name of its own, read back, and gets its final name once it is whole. That names the site and
//! the record, so that the copies of sites do not take each other's place.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use thiserror::Error;
use uuid::Uuid;

use super::export::EXTENSION;
use super::sealed_export::digest_of;
use crate::domain::identity::Sequence;
use crate::store::disk::{Disk, FileError, PRIVATE_FILE, sync_parent};
use crate::store::journal::chain::ChainHash;

/// Bytes that are copied at once.
const PART: usize = 1 << 20;

/// Why there is no copy in the second place.
#[derive(Debug, Error)]
pub enum SecondCopyError {
    /// It is none: not a directory, not named from the root on, or in the site.
    #[error("{} cannot take a second copy", .0.display())]
    NoPlace(PathBuf),
    /// Something else has the name that the copy would get.
    #[error("{} is there already, and is something else", .0.display())]
    Taken(PathBuf),
    /// The copy could not be written.
    #[error(transparent)]
    Io(#[from] FileError),
    /// What was read back is not what was written.
    #[error("{} is not what was written", .0.display())]
    Differs(PathBuf),
}

/// A directory outside a site for second copies of its exports (异地目录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondPlace(PathBuf);

/// What a copy is called in the second place.
pub(super) fn copy_name(site: Uuid, applied: Sequence) -> String {
    format!("{site}-{:020}.{EXTENSION}", applied.0)
}

impl SecondPlace {
    /// A directory as it is named, wherever its name leads.
    ///
    /// # Errors
    /// [`SecondCopyError::NoPlace`] where it is no directory, is not named from the root on, or lies in the site.
    pub fn outside(site: &Path, directory: &Path) -> Result<Self, SecondCopyError> {
        let no_place = || SecondCopyError::NoPlace(directory.to_owned());
        // Links lead elsewhere than their names say: only where they end it is seen whether that is in the site.
        let real = std::fs::canonicalize(directory).map_err(|_| no_place())?;
        let site = std::fs::canonicalize(site).map_err(FileError::at("look at", site))?;
        if !directory.is_absolute() || !real.is_dir() || real.starts_with(&site) {
            return Err(no_place());
        }
        Ok(Self(real))
    }

    /// Copies an export whose digest is known, and answers where the copy is. One that is there already and is the same is
    /// enough; anything else that has its name stays as it is.
    pub(super) fn copy(
        &self,
        export: &Path,
        (site, applied, digest): (Uuid, Sequence, ChainHash),
        disk: &dyn Disk,
    ) -> Result<PathBuf, SecondCopyError> {
        let name = copy_name(site, applied);
        let target = self.0.join(&name);
        if is_there(&target)? {
            return take_over(target, digest, disk);
        }
        // Whoever else writes there has another name, and whatever waits under this one is not ours.
        let beside = self.0.join(format!(".{name}.{}.tmp", Uuid::new_v4().simple()));
        if let Err(error) = write_checked(export, (&beside, &target), digest, disk) {
            // Most likely there is no room: do not leave what takes some.
            let _ = disk.remove(&beside);
            return Err(error);
        }
        sync_parent(disk, &target)?;
        Ok(target)
    }
}

/// Copies a file beside its final name, reads it back, and gives it that.
fn write_checked(
    export: &Path,
    (beside, target): (&Path, &Path),
    digest: ChainHash,
    disk: &dyn Disk,
) -> Result<(), SecondCopyError> {
    write_new(export, beside, disk)?;
    if digest_of(beside)? != digest {
        return Err(SecondCopyError::Differs(beside.to_owned()));
    }
    if is_there(target)? {
        return Err(SecondCopyError::Taken(target.to_owned()));
    }
    disk.rename(beside, target).map_err(FileError::at("rename", target))?;
    Ok(())
}

/// What has the name already is the copy, or is left alone.
fn take_over(target: PathBuf, digest: ChainHash, disk: &dyn Disk) -> Result<PathBuf, SecondCopyError> {
    let is_file = std::fs::symlink_metadata(&target).is_ok_and(|found| found.is_file());
    if !is_file || digest_of(&target)? != digest {
        return Err(SecondCopyError::Taken(target));
    }
    // Whoever wrote it may have stopped before it was on the medium.
    let file = File::open(&target).map_err(FileError::at("open", &target))?;
    disk.sync(&target, &file).map_err(FileError::at("sync", &target))?;
    sync_parent(disk, &target)?;
    Ok(target)
}

/// Whether something has a name, a link that leads nowhere too.
fn is_there(path: &Path) -> Result<bool, FileError> {
    match std::fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(FileError::at("look at", path)(error)),
    }
}

/// Copies a file to a name that nothing has yet, and on to the medium.
fn write_new(from: &Path, to: &Path, disk: &dyn Disk) -> Result<(), FileError> {
    let mut source = File::open(from).map_err(FileError::at("open", from))?;
    let copy = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(PRIVATE_FILE)
        .open(to)
        .map_err(FileError::at("create", to))?;
    let mut offset = 0;
    let mut part = Vec::with_capacity(PART);
    loop {
        part.clear();
        let read = source.by_ref().take(PART as u64).read_to_end(&mut part);
        let read = read.map_err(FileError::at("read", from))?;
        if read == 0 {
            break;
        }
        disk.write_at(to, &copy, &part, offset)
            .map_err(FileError::at("write", to))?;
        offset += read as u64;
    }
    disk.sync(to, &copy).map_err(FileError::at("sync", to))
}
