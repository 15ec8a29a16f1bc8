//! Watching free space (磁盘余量): stop accepting before the disk is full, carry on by itself once there is room.

use std::path::Path;

use super::disk::FileError;

/// Below this nothing is accepted, whatever the site's size.
pub const LEAST_FREE: u64 = 64 << 20;

/// Free bytes that a checkpoint leaves to the journal.
const SPARE: u64 = 16 << 20;

/// Bytes that must be free for a checkpoint of rows of this size: it writes them twice, into the redo file and into the
/// database.
pub(super) fn room_for(rows: u64) -> u64 {
    rows.saturating_mul(2).saturating_add(SPARE)
}

/// Bytes that are free to this user on the file system of a path.
pub fn free_space(path: &Path) -> Result<u64, FileError> {
    let system =
        rustix::fs::statvfs(path).map_err(|error| FileError::at("ask for free space of", path)(error.into()))?;
    Ok(system.f_bavail.saturating_mul(system.f_frsize))
}

/// Whether records may be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// There is enough.
    Enough,
    /// There is too little: accept nothing, keep answering.
    TooLittle {
        /// Bytes free.
        free: u64,
        /// Bytes that must be free before records are accepted again.
        needed: u64,
    },
}

/// Decides when there is too little room. It asks for more to start again than it asked for to stop, so that it does
/// not waver at the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SpaceGuard {
    to_write: u64,
    stopped: bool,
}

impl SpaceGuard {
    /// Notes about how many bytes the next checkpoint has to write: there must be room for it when its time comes.
    pub fn is_to_write(&mut self, bytes: u64) {
        self.to_write = bytes;
    }

    /// Notes that a write failed for want of room, however much there seems to be: a quota does not show as free space.
    pub fn write_failed(&mut self) {
        self.stopped = true;
    }

    /// The room at this much free space.
    pub fn decide(&mut self, free: u64) -> Room {
        let stop_below = LEAST_FREE.max(room_for(self.to_write));
        let start_above = stop_below.saturating_add(stop_below / 2);
        let needed = if self.stopped { start_above } else { stop_below };
        self.stopped = free < needed;
        if self.stopped {
            Room::TooLittle {
                free,
                needed: start_above,
            }
        } else {
            Room::Enough
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    #[test]
    fn stops_early_and_starts_again_only_with_room_to_spare() {
        let mut guard = SpaceGuard::default();
        assert_eq!(guard.decide(64 * MIB), Room::Enough);
        let stopped = Room::TooLittle {
            free: 63 * MIB,
            needed: 96 * MIB,
        };
        assert_eq!(guard.decide(63 * MIB), stopped);
        assert_ne!(guard.decide(95 * MIB), Room::Enough);
        assert_eq!(guard.decide(96 * MIB), Room::Enough);
        assert_eq!(guard.decide(70 * MIB), Room::Enough);
    }

    #[test]
    fn large_checkpoints_and_failed_writes_ask_for_more() {
        let mut guard = SpaceGuard::default();
        guard.is_to_write(100 * MIB);
        assert_ne!(guard.decide(215 * MIB), Room::Enough);
        assert_eq!(guard.decide(324 * MIB), Room::Enough);
        guard.write_failed();
        assert_ne!(guard.decide(323 * MIB), Room::Enough);
        guard.is_to_write(0);
        assert_eq!(guard.decide(96 * MIB), Room::Enough);
    }

    #[test]
    fn the_probe_answers() {
        assert!(free_space(Path::new("/")).unwrap() > 0);
        assert!(free_space(Path::new("/no/such/place")).is_err());
    }
}
