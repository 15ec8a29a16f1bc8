//! What goes wrong between a process and a control system: sensors drift and stick, links fail and catch up, gateways
//! repeat themselves.

use super::random::Stream;
use crate::domain::time::{DAY_MS, HOUR_MS, Instant};

/// A way in which simulated deliveries are less than perfect. Each can be switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum Imperfection {
    /// Values scatter about the truth (噪声).
    Noise = 1,
    /// A sensor reads a little too much or too little, slowly changing (漂移).
    Drift = 1 << 1,
    /// A sensor shows the same value for a while (卡死).
    Stuck = 1 << 2,
    /// Readings that are lost for good (缺数).
    Gaps = 1 << 3,
    /// A gateway loses its link for minutes to hours, then delivers what it kept (迟到).
    Late = 1 << 4,
    /// A delivery comes twice (重复).
    Duplicates = 1 << 5,
    /// A delivery is overtaken by later ones (乱序).
    OutOfOrder = 1 << 6,
    /// A single value far outside (尖峰).
    Spikes = 1 << 7,
    /// Values that the control system itself marks uncertain or bad (质量码).
    QualityMarks = 1 << 8,
    /// A laboratory reports again, with a changed value (化验复报).
    Revisions = 1 << 9,
}

/// Which imperfections are switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imperfections(u16);

impl Imperfections {
    /// All of them: a plant as it is.
    pub const ALL: Self = Self((1 << 10) - 1);
    /// None: every value exact, in order, once.
    pub const NONE: Self = Self(0);

    /// Switches one on.
    #[must_use]
    pub const fn with(self, imperfection: Imperfection) -> Self {
        Self(self.0 | imperfection as u16)
    }

    /// Switches one off.
    #[must_use]
    pub const fn without(self, imperfection: Imperfection) -> Self {
        Self(self.0 & !(imperfection as u16))
    }

    /// Whether one is switched on.
    pub const fn has(self, imperfection: Imperfection) -> bool {
        self.0 & imperfection as u16 != 0
    }
}

impl Default for Imperfections {
    fn default() -> Self {
        Self::ALL
    }
}

/// A stretch of time from its first instant up to, not including, its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) from: Instant,
    pub(super) to: Instant,
}

impl Stretch {
    const NEVER: Self = Self {
        from: Instant(0),
        to: Instant(0),
    };

    pub(super) fn holds(self, at: Instant) -> bool {
        self.from <= at && at < self.to
    }

    /// A stretch somewhere in a block, drawn at the block's number: one in `rarity` blocks has one.
    fn drawn(draws: Stream, block: i64, block_ms: i64, rarity: i64, shortest: i64, longest: i64) -> Option<Self> {
        if draws.below(block * 3, rarity) != 0 {
            return None;
        }
        let length = shortest + draws.below(block * 3 + 1, longest - shortest);
        let from = Instant(block * block_ms + draws.below(block * 3 + 2, block_ms - length));
        Some(Self {
            from,
            to: from.plus(length),
        })
    }
}

/// What is wrong with one parameter's sensor on one day.
#[derive(Debug, Clone, Copy)]
pub(super) struct DayFaults {
    day: i64,
    /// Drift at the day's start and end, in parts of a million.
    drift: (i64, i64),
    pub(super) stuck: Stretch,
    pub(super) gap: Stretch,
}

impl DayFaults {
    /// No day yet.
    pub(super) const UNKNOWN: Self = Self {
        day: i64::MIN,
        drift: (0, 0),
        stuck: Stretch::NEVER,
        gap: Stretch::NEVER,
    };

    /// Makes these the faults of the day (UTC) in which an instant lies.
    #[inline]
    pub(super) fn turn_to(&mut self, at: Instant, draws: Stream, imperfections: Imperfections) {
        let day = at.0.div_euclid(DAY_MS);
        if day != self.day {
            *self = Self::of(day, draws, imperfections);
        }
    }

    fn of(day: i64, draws: Stream, imperfections: Imperfections) -> Self {
        const LARGEST_DRIFT: i64 = 7_000;
        const MINUTE: i64 = 60_000;
        let only = |imperfection, stretch: Option<Stretch>| {
            stretch
                .filter(|_| imperfections.has(imperfection))
                .unwrap_or(Stretch::NEVER)
        };
        let drift = draws.part(1);
        let drift = if imperfections.has(Imperfection::Drift) {
            (drift.around(day, LARGEST_DRIFT), drift.around(day + 1, LARGEST_DRIFT))
        } else {
            (0, 0)
        };
        Self {
            day,
            drift,
            stuck: only(
                Imperfection::Stuck,
                Stretch::drawn(draws.part(2), day, DAY_MS, 14, 20 * MINUTE, 180 * MINUTE),
            ),
            gap: only(
                Imperfection::Gaps,
                Stretch::drawn(draws.part(3), day, DAY_MS, 10, 2 * MINUTE, 90 * MINUTE),
            ),
        }
    }

    /// Drift at an instant of the day, in parts of a million.
    pub(super) fn drift(&self, at: Instant) -> i64 {
        let (from, to) = self.drift;
        from + (to - from) * at.0.rem_euclid(DAY_MS) / DAY_MS
    }
}

/// Blocks in each of which a gateway may lose its link once.
const OUTAGE_BLOCK_MS: i64 = 12 * HOUR_MS;

/// How much faster than it was lost the kept data are delivered.
pub(super) const CATCH_UP: i64 = 60;

/// The longest that catching up can take, with room for a link's latency.
const LONGEST_CATCH_UP_MS: i64 = 4 * HOUR_MS / CATCH_UP + 120_000;

/// The outages of a gateway of which something is lost or delivered between two instants.
pub(super) fn outages(draws: Stream, from: Instant, to: Instant) -> impl Iterator<Item = Stretch> {
    const MINUTE: i64 = 60_000;
    let first = from.plus(-LONGEST_CATCH_UP_MS).0.div_euclid(OUTAGE_BLOCK_MS);
    let last = to.0.div_euclid(OUTAGE_BLOCK_MS);
    (first..=last)
        .filter_map(move |block| Stretch::drawn(draws, block, OUTAGE_BLOCK_MS, 7, 4 * MINUTE, 4 * HOUR_MS))
        .filter(move |outage| outage.from <= to && from <= outage.to.plus(LONGEST_CATCH_UP_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outages_lie_in_their_blocks_and_are_found_from_any_window() {
        let draws = Stream::new(3);
        let start = Instant(1_767_196_800_000);
        let all: Vec<Stretch> = outages(draws, start, start.plus(100 * DAY_MS)).collect();
        assert!((15..45).contains(&all.len()), "{}", all.len());
        for outage in &all {
            let length = outage.to.since(outage.from);
            assert!((4 * 60_000..=4 * HOUR_MS).contains(&length), "{length}");
            let flush = outage.to.plus(length / CATCH_UP);
            for probe in [outage.from, outage.to, flush] {
                let found: Vec<Stretch> = outages(draws, probe, probe.plus(1)).collect();
                assert!(found.contains(outage), "{outage:?} not found at {probe}");
            }
        }
    }

    #[test]
    fn imperfections_are_switched_one_by_one() {
        let set = Imperfections::ALL.without(Imperfection::Gaps);
        assert!(set.has(Imperfection::Late) && !set.has(Imperfection::Gaps));
        assert_eq!(set.with(Imperfection::Gaps), Imperfections::ALL);
        assert!(!Imperfections::NONE.has(Imperfection::Noise));
    }
}
