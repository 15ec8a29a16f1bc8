//! Those that are asked about and those that stand, walked together in the order of their times. Each pair that touches is met
//! once, and no other pair is: a long interval among many short ones costs those that it touches, and none that it does not.

use crate::domain::reading::Slot;
use crate::domain::time::Instant;

/// Whether two times have something in common, or are one instant.
pub(in crate::engine) fn touches(one: Slot, other: Slot) -> bool {
    one.at == other.at || one.at < other.end() && other.at < one.end()
}

/// Something that has its time.
pub(super) trait Timed {
    /// Which.
    fn slot(&self) -> Slot;
}

/// A walk. Those that stand come one by one, in the order in which they begin.
#[derive(Debug)]
pub(super) struct Sweep<A, S> {
    /// Those that are asked about and begin later, the next one last.
    coming: Vec<A>,
    /// Those that have begun and may touch what comes.
    reaching: Vec<A>,
    /// Those that stand and touch the next one that is asked about.
    standing: Vec<S>,
    /// Those that nothing touches any more.
    past: Vec<A>,
}

impl<A: Timed, S: Timed> Sweep<A, S> {
    /// Of those that are asked about.
    pub(super) fn new(mut asked: Vec<A>) -> Self {
        // The last is taken first, and of those of one time the first that was asked about.
        asked.sort_by_key(Timed::slot);
        asked.reverse();
        Self {
            coming: asked,
            reaching: Vec::new(),
            standing: Vec::new(),
            past: Vec::new(),
        }
    }

    /// The next that is asked about and has not begun.
    pub(super) fn next(&self) -> Option<Slot> {
        self.coming.last().map(Timed::slot)
    }

    /// Whether one that has begun may touch what comes.
    pub(super) const fn is_reached(&self) -> bool {
        !self.reaching.is_empty()
    }

    /// Goes on to a time: nothing that stands and is still to come begins before it.
    pub(super) fn go_on<E>(
        &mut self,
        to: Slot,
        meet: &mut impl FnMut(&mut A, &mut S) -> Result<(), E>,
    ) -> Result<(), E> {
        self.begin(to.at, meet)?;
        let is_past = |one: &mut A| !touches(one.slot(), to);
        self.past.extend(self.reaching.extract_if(.., is_past));
        Ok(())
    }

    /// Those that begin until an instant meet what stands in their time from before.
    fn begin<E>(&mut self, until: Instant, meet: &mut impl FnMut(&mut A, &mut S) -> Result<(), E>) -> Result<(), E> {
        while let Some(mut asked) = self.coming.pop_if(|next| next.slot().at <= until) {
            self.standing.retain(|one| touches(one.slot(), asked.slot()));
            for standing in &mut self.standing {
                meet(&mut asked, standing)?;
            }
            self.reaching.push(asked);
        }
        Ok(())
    }

    /// The next that stands.
    pub(super) fn stands<E>(
        &mut self,
        mut standing: S,
        meet: &mut impl FnMut(&mut A, &mut S) -> Result<(), E>,
    ) -> Result<(), E> {
        self.go_on(standing.slot(), meet)?;
        for asked in &mut self.reaching {
            meet(asked, &mut standing)?;
        }
        if self.next().is_some_and(|next| touches(next, standing.slot())) {
            self.standing.push(standing);
        }
        Ok(())
    }

    /// Nothing more stands: all that were asked about.
    pub(super) fn end<E>(mut self, meet: &mut impl FnMut(&mut A, &mut S) -> Result<(), E>) -> Result<Vec<A>, E> {
        self.begin(Instant(i64::MAX), meet)?;
        self.past.append(&mut self.reaching);
        Ok(self.past)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A time with how many it met.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct Met(Slot, usize);

    impl Timed for Met {
        fn slot(&self) -> Slot {
            self.0
        }
    }

    fn slot(at: i64, span_s: u32) -> Slot {
        Slot {
            span_s,
            ..Slot::instant(Instant(at * 1000))
        }
    }

    /// How many pairs are met, and the most of those that stand that are kept at once. Each pair that touches is one of them.
    fn walked(asked: &[Slot], standing: &[Slot]) -> (usize, usize) {
        let mut standing = standing.to_vec();
        standing.sort();
        let (mut met, mut kept) = (0, 0);
        let mut meet = |asked: &mut Met, standing: &mut Met| -> Result<(), ()> {
            assert!(touches(asked.0, standing.0), "{asked:?} {standing:?}");
            asked.1 += 1;
            standing.1 += 1;
            met += 1;
            Ok(())
        };
        let mut sweep = Sweep::new(asked.iter().map(|&slot| Met(slot, 0)).collect());
        for &slot in &standing {
            sweep.stands(Met(slot, 0), &mut meet).unwrap();
            kept = kept.max(sweep.standing.len());
        }
        let walked = sweep.end(&mut meet).unwrap();
        assert_eq!(walked.len(), asked.len());
        for one in walked {
            let touching = standing.iter().filter(|other| touches(one.0, **other));
            assert_eq!(one.1, touching.count(), "{one:?}");
        }
        (met, kept)
    }

    #[test]
    fn each_pair_that_touches_is_met_once() {
        let mut slots = vec![slot(0, 0), slot(0, 0), slot(0, 5), slot(3, 0), slot(5, 0), slot(5, 5)];
        for at in 0..12 {
            slots.extend((0..4).map(|span_s| slot(at * 7 % 12, span_s * span_s)));
        }
        for pieces in 1..slots.len() {
            let (asked, standing) = slots.split_at(pieces);
            walked(asked, standing);
            walked(standing, asked);
        }
    }

    #[test]
    fn a_long_interval_among_short_ones_costs_those_that_it_touches() {
        let long = slot(0, 60 * 4_000);
        let minutes: Vec<Slot> = (0..4_000).map(|minute| slot(minute * 60, 60)).collect();
        let beside: Vec<Slot> = minutes.iter().copied().chain([long]).collect();
        // Each of them touches the one of its own minute and the long one.
        assert_eq!(walked(&minutes, &beside), (2 * 4_000, 1));
        assert_eq!(walked(&[long], &minutes), (4_000, 0));
        // As many that are asked about for all of the time, and nothing is kept for those that are to come.
        assert_eq!(walked(&[long; 3], &beside), (3 * 4_001, 0));
    }
}
