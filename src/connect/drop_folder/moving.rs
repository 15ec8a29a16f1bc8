//! Where a file goes when it was dealt with, and how it gets there.

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::Candidate;
use super::fingerprint::{Fingerprint, no_link};

/// Moves a file to a path at which there is nothing; by copying where the drop folder is on a disk of its own.
pub(super) fn move_file(candidate: &Candidate, target: &Path) -> io::Result<()> {
    match fs::rename(&candidate.path, target) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {}
        other => return other,
    }
    let mut file = OpenOptions::new()
        .read(true)
        .custom_flags(no_link())
        .open(&candidate.path)?;
    if Fingerprint::of(&file.metadata()?) != candidate.fingerprint {
        return Err(io::Error::other("the file changed while it was moved"));
    }
    let mut copy = OpenOptions::new().write(true).create_new(true).open(target)?;
    let copied = io::copy(&mut file, &mut copy).and_then(|_| copy.sync_all());
    if let Err(error) = copied {
        let _ = fs::remove_file(target);
        return Err(error);
    }
    fs::remove_file(&candidate.path)
}

/// A path beside another, with an ending added.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

/// A path in a folder under which neither a file nor reasons exist: `export.csv`, `export-2.csv`, …
pub(super) fn free_name(folder: &Path, name: &OsStr) -> PathBuf {
    let whole = Path::new(name);
    let taken = |path: &Path| {
        [path.to_owned(), beside(path, ".txt"), beside(path, ".refused.csv")]
            .iter()
            .any(|path| fs::symlink_metadata(path).is_ok())
    };
    let mut candidate = folder.join(name);
    let mut number = 2_u32;
    while taken(&candidate) {
        let mut next = whole.file_stem().unwrap_or_default().to_owned();
        next.push(format!("-{number}"));
        if let Some(extension) = whole.extension() {
            next.push(".");
            next.push(extension);
        }
        candidate = folder.join(next);
        number = number.saturating_add(1);
    }
    candidate
}
