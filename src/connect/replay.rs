//! The pace of a replay (回放): when a recorded reading is due, at real speed or many times faster; and, for trials, the
//! disorder in which a bad line delivers.

use std::time::Duration;

use thiserror::Error;

use crate::domain::reading::Incoming;
use crate::domain::text::{Explained, Text};
use crate::domain::time::Instant;

/// The fastest replay.
pub const FASTEST: f64 = 100_000.0;

/// A speed that a replay cannot have.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("a replay runs at 1 to {FASTEST} times real time, not at {0}")]
pub struct SpeedError(pub f64);

impl Explained for SpeedError {
    fn text(&self) -> Text {
        Text::new("replay-speed").with("given", self.0).with("fastest", FASTEST)
    }
}

/// The clock of a replay: site time as a function of the time that passed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReplayClock {
    first: Instant,
    speed: f64,
    started: std::time::Instant,
}

impl ReplayClock {
    /// A replay in which site time was `first` at `started`, and runs `speed` (1 to 100,000) times as fast as real time.
    pub fn new(first: Instant, speed: f64, started: std::time::Instant) -> Result<Self, SpeedError> {
        if (1.0..=FASTEST).contains(&speed) {
            Ok(Self { first, speed, started })
        } else {
            Err(SpeedError(speed))
        }
    }

    /// Site time after `elapsed` of real time: what ended by then is due.
    pub fn due(&self, elapsed: Duration) -> Instant {
        // Pacing only; no figure comes of it. A cast of a float stays within the range of the integer.
        #[allow(clippy::cast_possible_truncation)]
        let passed = (elapsed.as_secs_f64() * self.speed * 1000.0) as i64;
        self.first.plus(passed)
    }

    /// Site time at a point of real time.
    pub fn at(&self, now: std::time::Instant) -> Instant {
        self.due(now.saturating_duration_since(self.started))
    }

    /// Real time from the start until a point of site time is due; zero for what was before the replay.
    pub fn until(&self, at: Instant) -> Duration {
        let milliseconds = u64::try_from(at.since(self.first)).unwrap_or(0);
        Duration::from_millis(milliseconds).div_f64(self.speed)
    }

    /// How many of the next readings are due at a point of real time, and at most `limit`.
    ///
    /// Readings come in the order in which they are to be delivered; one that is due stands behind one that is not only
    /// where they are out of order, and then waits for it. A reading of an interval is due at the interval's end.
    pub fn ready(&self, readings: &[Incoming], now: std::time::Instant, limit: usize) -> usize {
        let by = self.at(now);
        readings
            .iter()
            .take(limit)
            .take_while(|reading| reading.slot.end() <= by)
            .count()
    }

    /// How many of `total` deliveries are due at a point of real time when they are spread evenly over the time up to
    /// `last`: the pace of deliveries that are out of order, of which single stamps say nothing.
    pub fn ready_of(&self, total: usize, last: Instant, now: std::time::Instant) -> usize {
        let whole = last.since(self.first);
        let passed = self.at(now).since(self.first);
        if passed >= whole {
            return total;
        }
        let share = i128::try_from(total)
            .unwrap_or(i128::MAX)
            .saturating_mul(i128::from(passed));
        usize::try_from(share / i128::from(whole.max(1))).unwrap_or(0)
    }
}

/// Puts deliveries out of order and delivers a fraction of them twice, as a bad line would: the same for the same seed.
///
/// Every item is in the result once, and `fraction` (0 to 1) of them, rounded, once more.
pub fn disorder<T: Copy>(items: &[T], seed: u64, fraction: f64) -> Vec<T> {
    let mut random = SplitMix(seed);
    let mut order = items.to_vec();
    random.shuffle(&mut order);
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )]
    let twice = (items.len() as f64 * fraction.clamp(0.0, 1.0)).round() as usize;
    let again: Vec<T> = order.iter().take(twice).copied().collect();
    order.extend(again);
    random.shuffle(&mut order);
    order
}

/// A small generator of pseudo-random numbers (`SplitMix64`), the same on every machine and in every version.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let places = u128::try_from(last + 1).unwrap_or(1);
            let place = usize::try_from((u128::from(self.next()) * places) >> 64).unwrap_or(0);
            items.swap(last, place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identity::ParameterId;
    use crate::domain::reading::{Quality, Slot};
    use proptest::prelude::*;

    fn reading(end: i64, span_s: u32) -> Incoming {
        Incoming {
            parameter: ParameterId(1),
            slot: Slot {
                at: Instant(end - i64::from(span_s) * 1000),
                span_s,
                own_id: 0,
            },
            value: 0,
            quality: Quality::Good,
        }
    }

    #[test]
    fn a_year_at_full_speed_takes_five_minutes() {
        let started = std::time::Instant::now();
        let clock = ReplayClock::new(Instant::EARLIEST, 100_000.0, started).unwrap();
        let year = 365 * 86_400_000;
        assert_eq!(
            clock.until(Instant::EARLIEST.plus(year)),
            Duration::from_millis(315_360)
        );
        assert_eq!(clock.due(Duration::from_millis(315_360)), Instant::EARLIEST.plus(year));
        assert_eq!(clock.until(Instant::EARLIEST.plus(-1)), Duration::ZERO);
        assert_eq!(clock.at(started), Instant::EARLIEST);
    }

    #[test]
    fn speeds_outside_the_range_are_refused() {
        for speed in [0.0, 0.5, -1.0, 100_001.0, f64::NAN, f64::INFINITY] {
            assert!(ReplayClock::new(Instant::EARLIEST, speed, std::time::Instant::now()).is_err());
        }
    }

    #[test]
    fn a_reading_is_due_when_its_interval_is_over() {
        let started = std::time::Instant::now();
        let clock = ReplayClock::new(Instant::EARLIEST, 60.0, started).unwrap();
        let first = Instant::EARLIEST.0;
        let readings = [
            reading(first, 0),
            reading(first + 60_000, 60),
            reading(first + 30_000, 0),
            reading(first + 120_000, 60),
        ];
        let after = |milliseconds| started + Duration::from_millis(milliseconds);
        assert_eq!(clock.ready(&readings, after(999), 10), 1);
        assert_eq!(clock.ready(&readings, after(1000), 10), 3);
        assert_eq!(clock.ready(&readings, after(1000), 2), 2);
        assert_eq!(clock.ready(&readings, after(9000), 10), 4);
        let last = Instant(first + 120_000);
        let spread = [0, 500, 1999, 2000].map(|milliseconds| clock.ready_of(8, last, after(milliseconds)));
        assert_eq!(spread, [0, 2, 7, 8]);
    }

    #[test]
    fn disorder_is_the_same_for_the_same_seed_for_ever() {
        assert_eq!(disorder(&[1, 2, 3, 4, 5, 6], 7, 0.34), [2, 6, 1, 3, 6, 5, 4, 5]);
        assert_ne!(
            disorder(&[1, 2, 3, 4, 5, 6], 8, 0.34),
            disorder(&[1, 2, 3, 4, 5, 6], 7, 0.34)
        );
    }

    proptest! {
        #[test]
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        fn disorder_loses_nothing(count in 0_usize..200, seed: u64, fraction in -0.5..1.5_f64) {
            let items: Vec<usize> = (0..count).collect();
            let delivered = disorder(&items, seed, fraction);
            let mut times = vec![0; count];
            for item in delivered {
                times[item] += 1;
            }
            prop_assert!(times.iter().all(|&times| times == 1 || times == 2));
            let twice = times.iter().filter(|&&times| times == 2).count();
            let wanted = (count as f64 * fraction.clamp(0.0, 1.0)).round() as usize;
            prop_assert_eq!(twice, wanted);
        }
    }
}
