//! The site's clock (现场时钟). Pure: whoever asks brings the wall clock and the monotonic clock along.
//!
//! A real site follows the wall clock and never goes back. When the wall clock jumps against the monotonic one by more
//! than [`LARGEST_JUMP_MS`], the jump is held back: the site's time goes on at the monotonic clock's pace until the jump
//! is gone or a person confirms it. A simulated site has a time of its own, which its data and its feeder push forward.

use crate::domain::time::Instant;

/// The largest jump of the wall clock that is followed without asking: 10 minutes.
pub const LARGEST_JUMP_MS: i64 = 600_000;

/// What the two clocks of the machine say at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readout {
    /// The wall clock.
    pub wall: Instant,
    /// Milliseconds of a clock that is never set and goes on while the machine sleeps.
    pub monotonic_ms: i64,
}

/// The clock of a real site.
#[derive(Debug, Clone, Copy)]
pub struct WallClock {
    /// The latest instant that was given out.
    last: Instant,
    /// Where the clocks last agreed, or where a jump was confirmed.
    trusted: Readout,
    /// By how many milliseconds the wall clock is ahead of the site's time, while a jump is held back.
    held_ms: Option<i64>,
}

impl WallClock {
    /// Starts after `last`, the instant of the newest journal record. A wall clock that lies before it by more than the
    /// largest jump, or outside the plausible range, is held back from the start.
    pub fn start(last: Option<Instant>, readout: Readout) -> Self {
        let first = last.unwrap_or(Instant::EARLIEST);
        let usable = readout.wall.is_plausible() && readout.wall.since(first) >= -LARGEST_JUMP_MS;
        let trusted = if usable {
            readout
        } else {
            Readout {
                wall: first,
                monotonic_ms: readout.monotonic_ms,
            }
        };
        let mut clock = Self {
            last: first,
            trusted,
            held_ms: None,
        };
        clock.read(readout);
        clock
    }

    /// The site's time now.
    pub fn read(&mut self, readout: Readout) -> Instant {
        let elapsed = readout.monotonic_ms.saturating_sub(self.trusted.monotonic_ms).max(0);
        let expected = self.trusted.wall.plus(elapsed);
        let jump = readout.wall.since(expected);
        let time = if jump.abs() <= LARGEST_JUMP_MS && readout.wall.is_plausible() {
            self.trusted = readout;
            self.held_ms = None;
            readout.wall
        } else {
            self.held_ms = Some(jump);
            expected
        };
        self.last = self.last.max(time);
        self.last
    }

    /// Accepts a jump that is held back. The site's time still never goes back: after a confirmed jump backwards it
    /// stands still until the wall clock has caught up with it. Answers whether there was one to confirm.
    pub fn confirm(&mut self, readout: Readout) -> bool {
        self.read(readout);
        if self.held_ms.is_none() || !readout.wall.is_plausible() {
            return false;
        }
        self.trusted = readout;
        self.read(readout);
        true
    }

    /// By how many milliseconds the wall clock is ahead (behind when negative), while a jump is held back.
    pub fn held_ms(&self) -> Option<i64> {
        self.held_ms
    }
}

/// The clock of a site.
#[derive(Debug, Clone, Copy)]
pub enum SiteClock {
    /// A real site's.
    Wall(WallClock),
    /// A simulated or replayed site's own: the latest instant that its data or its feeder named.
    Own(Instant),
}

impl SiteClock {
    /// The site's time now.
    pub fn read(&mut self, readout: Readout) -> Instant {
        match self {
            Self::Wall(clock) => clock.read(readout),
            Self::Own(now) => *now,
        }
    }

    /// Tells a simulated site that its time is at least `at`; a real site does not care. Instants outside the plausible
    /// range are ignored.
    pub fn push(&mut self, at: Instant) {
        if let Self::Own(now) = self
            && at.is_plausible()
        {
            *now = (*now).max(at);
        }
    }

    /// Whether anything has named a simulated site's time yet; a real site always has one.
    pub fn has_time(&self) -> bool {
        match self {
            Self::Wall(_) => true,
            Self::Own(now) => *now > Instant::EARLIEST,
        }
    }

    /// By how many milliseconds the wall clock is ahead, while a jump is held back.
    pub fn held_ms(&self) -> Option<i64> {
        match self {
            Self::Wall(clock) => clock.held_ms(),
            Self::Own(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_700_000_000_000;
    const MINUTE: i64 = 60_000;

    fn at(wall: i64, monotonic_ms: i64) -> Readout {
        Readout {
            wall: Instant(START + wall),
            monotonic_ms,
        }
    }

    #[test]
    fn follows_the_wall_clock_and_never_goes_back() {
        let mut clock = WallClock::start(None, at(0, 0));
        assert_eq!(clock.read(at(1000, 1000)), Instant(START + 1000));
        // A small step back, such as a time server makes.
        assert_eq!(clock.read(at(500, 2000)), Instant(START + 1000));
        assert_eq!(clock.read(at(3000, 3000)), Instant(START + 3000));
        assert_eq!(clock.held_ms(), None);
    }

    #[test]
    fn a_jump_is_held_back_until_it_is_gone() {
        let mut clock = WallClock::start(None, at(0, 0));
        let year = 365 * 24 * 60 * MINUTE;
        assert_eq!(clock.read(at(year, 1000)), Instant(START + 1000));
        assert_eq!(clock.held_ms(), Some(year - 1000));
        assert_eq!(clock.read(at(year + 5000, 6000)), Instant(START + 6000));
        assert_eq!(clock.read(at(7000, 7000)), Instant(START + 7000));
        assert_eq!(clock.held_ms(), None);
    }

    #[test]
    fn a_confirmed_jump_is_followed_and_a_jump_back_makes_time_stand() {
        let mut clock = WallClock::start(None, at(0, 0));
        let hour = 60 * MINUTE;
        clock.read(at(hour, 1000));
        assert!(clock.confirm(at(hour, 1000)));
        assert_eq!(clock.read(at(hour + 1000, 2000)), Instant(START + hour + 1000));
        assert!(!clock.confirm(at(hour + 2000, 3000)), "nothing to confirm any more");
        clock.read(at(0, 4000));
        assert!(clock.confirm(at(0, 4000)));
        let stood = clock.read(at(1000, 5000));
        assert!(stood >= Instant(START + hour + 2000));
        assert_eq!(clock.read(at(2000, 6000)), stood);
    }

    #[test]
    fn a_site_that_starts_before_its_last_record_holds_the_wall_clock_back() {
        let last = Instant(START + 90 * MINUTE);
        let mut clock = WallClock::start(Some(last), at(0, 0));
        assert_eq!(clock.held_ms(), Some(-90 * MINUTE));
        assert_eq!(clock.read(at(MINUTE, MINUTE)), last.plus(MINUTE));
        // After a long stop the wall clock is simply later.
        let clock = WallClock::start(Some(last), at(100_000 * MINUTE, 0));
        assert_eq!(clock.held_ms(), None);
    }

    #[test]
    fn slow_drift_adds_up_without_being_a_jump() {
        let mut clock = WallClock::start(None, at(0, 0));
        let mut wall = 0;
        for minute in 1..600 {
            wall += MINUTE + 5000;
            clock.read(at(wall, minute * MINUTE));
            assert_eq!(clock.held_ms(), None);
        }
    }

    #[test]
    fn a_simulated_site_takes_the_latest_instant_it_was_told() {
        let mut clock = SiteClock::Own(Instant(START));
        clock.push(Instant(START + 5));
        clock.push(Instant(START + 3));
        clock.push(Instant(i64::MAX));
        assert_eq!(clock.read(at(1_000_000, 0)), Instant(START + 5));
    }
}
