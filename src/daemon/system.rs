//! What the system says of this process and of its disk.

use std::fs;

use rustix::time::{ClockId, clock_gettime};

use crate::domain::time::Instant;

use super::clock::Readout;

/// Both clocks of the machine, now.
pub fn clocks() -> Readout {
    let boot = clock_gettime(ClockId::Boottime);
    Readout {
        wall: Instant(chrono::Utc::now().timestamp_millis()),
        monotonic_ms: boot
            .tv_sec
            .saturating_mul(1000)
            .saturating_add(boot.tv_nsec / 1_000_000),
    }
}

/// Resident memory of this process in bytes; 0 where the system does not say.
pub fn resident_bytes() -> u64 {
    fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
            line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()
        })
        .map_or(0, |kilobytes| kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_answers() {
        assert!(clocks().wall.is_plausible());
        assert!(clocks().monotonic_ms > 0);
        assert!(resident_bytes() > 100_000);
    }
}
