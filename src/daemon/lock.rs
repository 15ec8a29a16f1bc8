//! The site lock: one daemon per site. The kernel frees it when the process ends, however it ends.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use thiserror::Error;

use crate::domain::text::{Explained, Text};

/// Name of the lock file in the site's directory.
pub const LOCK_NAME: &str = "daemon.lock";

/// Why the lock cannot be had.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another process has it.
    #[error("process {pid} already serves {site:?}")]
    Held {
        /// The site.
        site: PathBuf,
        /// Its process id as it wrote it down; 0 where it could not be read.
        pid: u32,
    },
    /// The file cannot be opened.
    #[error("cannot lock {path:?}: {source}")]
    Io {
        /// The lock file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Explained for LockError {
    fn text(&self) -> Text {
        match self {
            Self::Held { site, pid } => Text::new("daemon-already-runs")
                .with("site", site.display())
                .with("pid", pid),
            Self::Io { path, source } => Text::new("daemon-cannot-lock")
                .with("path", path.display())
                .with("error", source),
        }
    }
}

/// The lock, held while this value lives.
#[derive(Debug)]
pub struct SiteLock {
    file: File,
}

impl SiteLock {
    /// Takes the lock of a site, or says who has it.
    pub fn take(site: &Path) -> Result<Self, LockError> {
        let path = site.join(LOCK_NAME);
        let failed = |source| LockError::Io {
            path: path.clone(),
            source,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o640)
            .open(&path)
            .map_err(failed)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                let mut words = String::new();
                // The number is for people only: without it the message is merely less helpful.
                let _ = Read::by_ref(&mut file).take(32).read_to_string(&mut words);
                return Err(LockError::Held {
                    site: site.to_owned(),
                    pid: words.trim().parse().unwrap_or(0),
                });
            }
            Err(error) => return Err(failed(error.into())),
        }
        let write = |file: &mut File| -> io::Result<()> {
            file.set_len(0)?;
            file.seek(SeekFrom::Start(0))?;
            writeln!(file, "{}", std::process::id())
        };
        // On a full disk the number cannot be written; the lock holds all the same.
        let _ = write(&mut file);
        Ok(Self { file })
    }
}

impl Drop for SiteLock {
    fn drop(&mut self) {
        let _ = self.file.set_len(0);
        let _ = flock(&self.file, FlockOperation::Unlock);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_the_first_is_and_gets_it_after_the_first() {
        let site = tempfile::tempdir().unwrap();
        let first = SiteLock::take(site.path()).unwrap();
        match SiteLock::take(site.path()) {
            Err(LockError::Held { pid, .. }) => assert_eq!(pid, std::process::id()),
            other => panic!("{other:?}"),
        }
        drop(first);
        SiteLock::take(site.path()).unwrap();
    }
}
