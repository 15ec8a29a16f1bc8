//! The few file operations on which durability rests.
//!
//! They stand behind a trait so that tests can make the nth of them fail, stop the program after any of them, and
//! build the images that a power loss may leave. In the product it is always [`RealDisk`].

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::FileExt;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

/// Writing, and making sure that what was written stays.
pub trait Disk: Send + Sync + std::fmt::Debug {
    /// Writes all bytes at an offset.
    fn write_at(&self, path: &Path, file: &File, bytes: &[u8], offset: u64) -> io::Result<()>;

    /// `fdatasync`: returns once the file's data, and its length, are on the medium.
    fn sync(&self, path: &Path, file: &File) -> io::Result<()>;

    /// Makes the names in a directory durable.
    fn sync_directory(&self, directory: &Path) -> io::Result<()>;

    /// Cuts a file to a length.
    fn truncate(&self, path: &Path, file: &File, length: u64) -> io::Result<()>;

    /// Gives a file another name, replacing what had it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Called between the steps of longer operations; a test that answers with an error ends the operation there, as a
    /// crash would.
    fn reached(&self, _step: &'static str) -> io::Result<()> {
        Ok(())
    }
}

/// The operating system's files.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl RealDisk {
    /// As the shared handle that the store's parts take.
    pub fn shared() -> Arc<dyn Disk> {
        Arc::new(Self)
    }
}

impl Disk for RealDisk {
    fn write_at(&self, _path: &Path, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        file.write_all_at(bytes, offset)
    }

    fn sync(&self, _path: &Path, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        File::open(directory)?.sync_all()
    }

    fn truncate(&self, _path: &Path, file: &File, length: u64) -> io::Result<()> {
        file.set_len(length)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }
}

/// A file operation that failed: which, on what, and how the system put it.
#[derive(Debug, Error)]
#[error("cannot {operation} {}: {source}", path.display())]
pub struct FileError {
    /// What was tried, as an English verb for logs.
    pub operation: &'static str,
    /// On which file or directory.
    pub path: PathBuf,
    /// What the system said.
    #[source]
    pub source: io::Error,
}

impl FileError {
    /// Notes what was tried where; for `map_err`.
    pub(super) fn at(operation: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self {
            operation,
            path,
            source,
        }
    }

    /// Whether there is no room: device full, quota used up, or the file may not grow.
    pub fn is_full(&self) -> bool {
        is_full(&self.source)
    }
}

/// Whether an error of the system means that there is no room (ENOSPC, EDQUOT, EFBIG).
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

/// Mode of directories that only the store reads: terminals ask the daemon.
const PRIVATE_DIRECTORY: u32 = 0o700;

/// Mode of files that only the store reads.
pub(super) const PRIVATE_FILE: u32 = 0o600;

/// Makes or empties a file that is private whatever the umask.
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(PRIVATE_FILE)
        .open(path)
}

/// Makes a private directory, and its name durable in its parent. One that exists becomes private.
pub(super) fn make_directory(disk: &dyn Disk, directory: &Path) -> Result<(), FileError> {
    match DirBuilder::new().mode(PRIVATE_DIRECTORY).create(directory) {
        Ok(()) => sync_parent(disk, directory),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && directory.is_dir() => {
            // Made by somebody who could not know, or of a file system that has no modes: it is worth the attempt.
            let _ = std::fs::set_permissions(directory, Permissions::from_mode(PRIVATE_DIRECTORY));
            Ok(())
        }
        Err(error) => Err(FileError::at("create directory", directory)(error)),
    }
}

/// Makes the name of a file or directory durable.
pub(super) fn sync_parent(disk: &dyn Disk, path: &Path) -> Result<(), FileError> {
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    disk.sync_directory(parent)
        .map_err(FileError::at("sync directory", parent))
}

/// Writes a whole small file so that a crash leaves either the old content or the new: beside it, synced, renamed.
pub(super) fn replace_file(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".tmp");
    let beside = PathBuf::from(name);
    let file = create_private(&beside).map_err(FileError::at("create", &beside))?;
    disk.write_at(&beside, &file, bytes, 0)
        .map_err(FileError::at("write", &beside))?;
    disk.sync(&beside, &file).map_err(FileError::at("sync", &beside))?;
    disk.rename(&beside, path).map_err(FileError::at("rename", path))?;
    sync_parent(disk, path)
}

/// Writes a new file, synced; the caller syncs its directory. An existing file is an error.
pub(super) fn write_new_file(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(PRIVATE_FILE)
        .open(path)
        .map_err(FileError::at("create", path))?;
    disk.write_at(path, &file, bytes, 0)
        .map_err(FileError::at("write", path))?;
    disk.sync(path, &file).map_err(FileError::at("sync", path))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_the_store_makes_is_nobody_elses_to_read() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("state");
        make_directory(&RealDisk, &directory).unwrap();
        replace_file(&RealDisk, &directory.join("a"), b"1").unwrap();
        write_new_file(&RealDisk, &directory.join("b"), b"1").unwrap();
        create_private(&directory.join("c")).unwrap();
        for path in ["", "a", "b", "c"] {
            let mode = std::fs::metadata(directory.join(path)).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{path}");
        }
    }
}
