//! How the state was left (上次关闭情况). sled takes a hole in what it wrote last for the end of it, and goes on with what it
//! has: rows may be gone, or old, without anything being noticed until all are looked at. So
//!
//! * closing leaves nothing that sled has to read through on opening: what is bad later is bad where it is read, and
//!   every row has a checksum;
//! * a state that was open when the machine stopped, as a loss of power leaves it, is looked through before it is used.
//!
//! A process that was killed leaves everything with the system, which writes it.

use std::path::{Path, PathBuf};

use super::database::{close, open_database, sync_database};
use super::error::StateError;
use crate::store::disk::{Disk, FileError, replace_file, sync_parent};

/// How it was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// Closed, or never opened.
    Closed,
    /// Open, by a process of this run of the machine.
    Open,
    /// Open, when the machine stopped; or on another machine.
    PowerLost,
}

/// The mark of a state that is open: it holds the identity of the machine's run.
fn mark(directory: &Path) -> PathBuf {
    directory.join("open")
}

/// The identity of this run of the machine; empty where the system does not tell, which then counts as another run.
fn run_of_machine() -> Vec<u8> {
    std::fs::read("/proc/sys/kernel/random/boot_id").unwrap_or_default()
}

pub(super) fn how_it_was_left(directory: &Path) -> Result<Left, FileError> {
    let path = mark(directory);
    let run = run_of_machine();
    match std::fs::read(&path) {
        Ok(marked) if marked == run && !run.is_empty() => Ok(Left::Open),
        Ok(_) => Ok(Left::PowerLost),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Left::Closed),
        Err(error) => Err(FileError::at("read", &path)(error)),
    }
}

/// Marks the state as open; on the medium when this returns.
pub(super) fn mark_open(directory: &Path, disk: &dyn Disk) -> Result<(), FileError> {
    replace_file(disk, &mark(directory), &run_of_machine())
}

/// After sled was closed whole: has it note all that it wrote, and removes the mark. Where this fails, the next opening
/// takes the longer way.
pub(super) fn leave_closed(directory: &Path, disk: &dyn Disk) -> Result<(), StateError> {
    // On opening sled reads what it wrote since it last did, and writes down where everything is.
    close(open_database(directory, disk)?);
    sync_database(directory, disk)?;
    let path = mark(directory);
    disk.remove(&path).map_err(FileError::at("remove", &path))?;
    sync_parent(disk, &path)?;
    Ok(())
}
