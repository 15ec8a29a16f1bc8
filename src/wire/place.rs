//! Where a site's socket is, and how it is reached when its path is longer than a socket address may be.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};

/// Name of the socket in the site's directory.
pub const SOCKET_NAME: &str = "daemon.sock";

/// Longest path that is used as it stands; the kernel's limit is 107 bytes.
const LONGEST_PATH: usize = 100;

/// A path under which the site's socket can be bound or connected to, valid while this value lives.
#[derive(Debug)]
pub struct SocketPlace {
    path: PathBuf,
    /// Keeps the entry under `/proc/self/fd` alive that a long path is replaced by.
    _directory: Option<OwnedFd>,
}

impl SocketPlace {
    /// The place of a site's socket. A directory with a long path is opened and reached through the process's own list
    /// of open files, which needs no link anywhere and no second name for the same site.
    pub fn of(site: &Path) -> io::Result<Self> {
        let path = site.join(SOCKET_NAME);
        if path.as_os_str().len() <= LONGEST_PATH {
            return Ok(Self { path, _directory: None });
        }
        let directory = rustix::fs::open(site, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
        Ok(Self {
            path: PathBuf::from(format!("/proc/self/fd/{}/{SOCKET_NAME}", directory.as_raw_fd())),
            _directory: Some(directory),
        })
    }

    /// The path to give to `bind` or `connect`.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::{UnixListener, UnixStream};

    use super::*;

    #[test]
    fn a_socket_under_a_long_path_is_bound_and_found() {
        let base = tempfile::tempdir().unwrap();
        for directory in ["short".to_owned(), "很长的目录名".repeat(10)] {
            let site = base.path().join(&directory);
            std::fs::create_dir(&site).unwrap();
            let listener = UnixListener::bind(SocketPlace::of(&site).unwrap().path()).unwrap();
            assert!(site.join(SOCKET_NAME).exists());
            UnixStream::connect(SocketPlace::of(&site).unwrap().path()).unwrap();
            drop(listener);
        }
    }
}
