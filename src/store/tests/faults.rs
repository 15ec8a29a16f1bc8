//! A disk that fails when told to, and remembers what was written for the images that a power loss may leave.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::store::disk::{Disk, RealDisk};

/// One operation as it was asked for.
#[derive(Debug, Clone)]
pub(super) enum Operation {
    Write { path: PathBuf, offset: u64, bytes: Vec<u8> },
    Sync { path: PathBuf },
    SyncDirectory,
    Truncate { path: PathBuf, length: u64 },
    Rename { from: PathBuf, to: PathBuf },
    Remove { path: PathBuf },
    Step,
}

#[derive(Debug, Default)]
struct Inner {
    log: Vec<Operation>,
    /// How many more operations succeed; then each fails with this error number until the plan is lifted.
    plan: Option<(u64, i32)>,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct FaultyDisk {
    inner: Mutex<Inner>,
}

pub(super) const ENOSPC: i32 = 28;
pub(super) const EIO: i32 = 5;

impl FaultyDisk {
    pub(super) fn shared() -> Arc<Self> {
        Arc::new(Self::default())
    }

    /// Lets `more` operations pass; all after them fail.
    pub(super) fn fail_after(&self, more: u64, error: i32) {
        self.inner.lock().unwrap().plan = Some((more, error));
    }

    pub(super) fn heal(&self) {
        self.inner.lock().unwrap().plan = None;
    }

    pub(super) fn log(&self) -> Vec<Operation> {
        self.inner.lock().unwrap().log.clone()
    }

    fn next(&self, operation: Operation) -> io::Result<()> {
        let mut inner = self.inner.lock().unwrap();
        if let Some((left, error)) = &mut inner.plan {
            if *left == 0 {
                return Err(io::Error::from_raw_os_error(*error));
            }
            *left -= 1;
        }
        inner.log.push(operation);
        Ok(())
    }
}

impl Disk for FaultyDisk {
    fn write_at(&self, path: &Path, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        let operation = Operation::Write {
            path: path.to_owned(),
            offset,
            bytes: bytes.to_vec(),
        };
        if let Err(error) = self.next(operation) {
            // A full disk takes a part.
            RealDisk.write_at(path, file, &bytes[..bytes.len() / 2], offset)?;
            return Err(error);
        }
        RealDisk.write_at(path, file, bytes, offset)
    }

    fn sync(&self, path: &Path, _file: &File) -> io::Result<()> {
        // Nothing is really synced: the tests look at what was asked for, and thousands of real ones take long.
        self.next(Operation::Sync { path: path.to_owned() })
    }

    fn sync_directory(&self, _directory: &Path) -> io::Result<()> {
        self.next(Operation::SyncDirectory)
    }

    fn truncate(&self, path: &Path, file: &File, length: u64) -> io::Result<()> {
        self.next(Operation::Truncate {
            path: path.to_owned(),
            length,
        })?;
        RealDisk.truncate(path, file, length)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.next(Operation::Rename {
            from: from.to_owned(),
            to: to.to_owned(),
        })?;
        RealDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.next(Operation::Remove { path: path.to_owned() })?;
        RealDisk.remove(path)
    }

    fn reached(&self, _step: &'static str) -> io::Result<()> {
        self.next(Operation::Step)
    }
}
