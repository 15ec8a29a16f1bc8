//! One daemon a site: the site's lock.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant as Clock};

use thiserror::Error;

use super::disk::FileError;
use crate::domain::text::{Explained, Text, clean};

/// Name of the lock file in the site's directory.
pub const LOCK_FILE: &str = "site.lock";
/// How long a process that is just ending may take to let go.
const WAIT: Duration = Duration::from_secs(5);

/// Why the site cannot be had for oneself.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another process has it.
    #[error("{} is held by process {holder}", path.display())]
    Held {
        /// The lock file.
        path: PathBuf,
        /// Its process number as it wrote it, or `?`.
        holder: String,
    },
    /// The file cannot be made or locked.
    #[error(transparent)]
    Io(#[from] FileError),
}

impl Explained for LockError {
    fn text(&self) -> Text {
        match self {
            Self::Held { path, holder } => Text::new("store-locked")
                .with("path", clean(&path.to_string_lossy()))
                .with("process", clean(holder)),
            Self::Io(error) => error.text(),
        }
    }
}

/// The site's lock; given back when this is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct SiteLock {
    /// Holding the file open is holding the lock.
    _file: File,
}

impl SiteLock {
    /// Locks a site's directory, waiting up to five seconds.
    pub fn acquire(site: &Path) -> Result<Self, LockError> {
        Self::acquire_within(site, WAIT)
    }

    /// Locks a site's directory, waiting as long as told.
    pub fn acquire_within(site: &Path, wait: Duration) -> Result<Self, LockError> {
        let path = site.join(LOCK_FILE);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(FileError::at("open", &path))?;
        let since = Clock::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if since.elapsed() < wait => {
                    std::thread::sleep(Duration::from_millis(50));
                }
                Err(TryLockError::WouldBlock) => {
                    let mut holder = String::new();
                    // Who holds it is only for the message.
                    let _ = (&mut file).take(20).read_to_string(&mut holder);
                    let holder = match holder.trim() {
                        "" => "?".to_owned(),
                        number => number.to_owned(),
                    };
                    return Err(LockError::Held { path, holder });
                }
                Err(TryLockError::Error(error)) => return Err(FileError::at("lock", &path)(error).into()),
            }
        }
        let number = format!("{}\n", std::process::id());
        // On a full disk the lock holds all the same; only its message is poorer.
        let _ = file.set_len(0).and_then(|()| file.write_all_at(number.as_bytes(), 0));
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_one_is_told_who_holds_it() {
        let home = tempfile::TempDir::new().unwrap();
        let first = SiteLock::acquire(home.path()).unwrap();
        match SiteLock::acquire_within(home.path(), Duration::from_millis(60)).unwrap_err() {
            LockError::Held { holder, .. } => assert_eq!(holder, std::process::id().to_string()),
            other @ LockError::Io(_) => panic!("{other}"),
        }
        drop(first);
        SiteLock::acquire(home.path()).unwrap();
    }
}
