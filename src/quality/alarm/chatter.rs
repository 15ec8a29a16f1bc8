//! Alarms that are a nuisance: chattering (抖动报警), fleeting (瞬时报警) and stale (陈旧报警).
//!
//! * **Chattering**: the same alarm is annunciated three times or more within a minute (ANSI/ISA-18.2-2016, clauses 3 and 16).
//!   It stays so until it has been quiet for ten minutes, so that an alarm that chatters in spells is one that chatters.
//! * **Fleeting**: it returns within seconds, too soon for anybody to act, and neither follows nor is followed by another of
//!   the same within the minute; otherwise it is on its way to chattering.
//! * **Stale**: it has stood without a break for more than 24 hours, so that nobody acts on it; what is shelved, suppressed
//!   or out of service is not annunciated, and is listed there instead.
//!
//! A remedy for the first two is deadband and delay ([`condition`](super::condition)); for the third it is to ask whether it
//! is an alarm at all.

use serde::{Deserialize, Serialize};

use super::occurrence::Occurrence;
use crate::domain::time::{DAY_MS, Instant};
use crate::quality::settings::{SettingsError, count, window};

/// What counts as which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatterSettings {
    times: usize,
    within_ms: i64,
    quiet_ms: i64,
    fleeting_ms: i64,
    stale_ms: i64,
}

impl ChatterSettings {
    /// Three times in a minute, quiet after ten; gone within ten seconds; standing for more than a day.
    pub const STANDARD: Self = Self {
        times: 3,
        within_ms: 60_000,
        quiet_ms: 600_000,
        fleeting_ms: 10_000,
        stale_ms: DAY_MS,
    };

    /// The most times that may be asked for, since so many are kept.
    const MOST_TIMES: u32 = 16;

    /// Others. Refused where something is not above 0, where it takes fewer than two or more than sixteen times, and where
    /// it would be quiet sooner than chattering.
    pub fn new(
        times: u32,
        within_ms: i64,
        quiet_ms: i64,
        fleeting_ms: i64,
        stale_ms: i64,
    ) -> Result<Self, SettingsError> {
        let times = count("chatter-times", times, 2, Self::MOST_TIMES)?;
        let within_ms = window("chatter-within", within_ms)?;
        let quiet_ms = window("chatter-quiet", quiet_ms)?;
        if quiet_ms < within_ms {
            return Err(SettingsError::LessThan {
                key: "chatter-quiet",
                than: "chatter-within",
            });
        }
        Ok(Self {
            times: usize::try_from(times).unwrap_or(usize::MAX),
            within_ms,
            quiet_ms,
            fleeting_ms: window("fleeting", fleeting_ms)?,
            stale_ms: window("stale", stale_ms)?,
        })
    }

    /// When an occurrence becomes stale, if it has not ended before.
    pub const fn stale_after(&self, raised: Instant) -> Instant {
        raised.plus(self.stale_ms)
    }

    /// Whether an occurrence is stale at an instant: it stands, and has for longer than it may.
    pub fn is_stale(&self, occurrence: &Occurrence, now: Instant) -> bool {
        occurrence.stands_at(now) && now > self.stale_after(occurrence.raised)
    }

    /// Whether an occurrence was fleeting, with the one of the same alarm before it and the one after it.
    pub fn is_fleeting(&self, occurrence: &Occurrence, before: Option<Instant>, after: Option<Instant>) -> bool {
        let apart = |earlier: Instant, later: Instant| later.since(earlier) > self.within_ms;
        occurrence
            .ended
            .is_some_and(|ended| ended.since(occurrence.raised) <= self.fleeting_ms)
            && before.is_none_or(|before| apart(before, occurrence.raised))
            && after.is_none_or(|after| apart(occurrence.raised, after))
    }

    /// Of one alarm's annunciations in the order of time, which belong to chattering: those that lie so many together, and
    /// those that follow before it has been quiet.
    pub fn chattering(&self, raised: &[Instant]) -> Vec<bool> {
        let mut chatters = vec![false; raised.len()];
        for (place, together) in raised.windows(self.times).enumerate() {
            if let [first, .., last] = together
                && last.since(*first) <= self.within_ms
            {
                chatters
                    .iter_mut()
                    .skip(place)
                    .take(self.times)
                    .for_each(|one| *one = true);
            }
        }
        for place in 1..raised.len() {
            if let (Some([before, now]), Some(true)) = (raised.get(place - 1..=place), chatters.get(place - 1))
                && now.since(*before) < self.quiet_ms
                && let Some(chatter) = chatters.get_mut(place)
            {
                *chatter = true;
            }
        }
        chatters
    }
}

/// Watches one alarm for chattering. Keeps as many instants as make it chatter, and when it last did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ChatterWatch {
    /// The newest annunciations, in the order of time.
    newest: Vec<Instant>,
    /// The newest annunciation that was chattering.
    chattered: Option<Instant>,
}

impl ChatterWatch {
    /// Takes an annunciation; one that comes late is put among the newest where it belongs. Costs the few that are kept.
    pub fn take(&mut self, at: Instant, settings: &ChatterSettings) {
        let place = self.newest.partition_point(|&known| known <= at);
        self.newest.insert(place, at);
        let surplus = self.newest.len().saturating_sub(settings.times);
        self.newest.drain(..surplus);
        let (Some(&first), Some(&last)) = (self.newest.first(), self.newest.last()) else {
            return;
        };
        if self.newest.len() == settings.times && last.since(first) <= settings.within_ms {
            self.chattered = Some(self.chattered.map_or(last, |chattered| chattered.max(last)));
        }
        // Each that follows before it has been quiet prolongs it.
        for &known in &self.newest {
            if self.is_chattering(known, settings) {
                self.chattered = self.chattered.map(|chattered| chattered.max(known));
            }
        }
    }

    /// Whether it chatters at an instant: it has, and has not been quiet since.
    pub fn is_chattering(&self, now: Instant, settings: &ChatterSettings) -> bool {
        self.chattered
            .is_some_and(|chattered| now.since(chattered) < settings.quiet_ms)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::identity::ParameterId;
    use crate::quality::alarm::identity::{AlarmId, Kind, Operator};
    use crate::quality::alarm::priority::Priority;

    const STANDARD: ChatterSettings = ChatterSettings::STANDARD;

    fn instants(seconds: &[i64]) -> Vec<Instant> {
        seconds.iter().map(|second| Instant(second * 1000)).collect()
    }

    fn occurrence(raised: i64, ended: Option<i64>) -> Occurrence {
        Occurrence {
            raised: Instant(raised),
            alarm: AlarmId {
                parameter: ParameterId(1),
                kind: Kind::High,
            },
            operator: Operator(1),
            priority: Priority::Low,
            ended: ended.map(Instant),
            acknowledged: None,
        }
    }

    #[test]
    fn three_in_a_minute_chatter_until_it_is_quiet() {
        assert_eq!(STANDARD.chattering(&instants(&[0, 30, 61])), [false; 3]);
        assert_eq!(STANDARD.chattering(&instants(&[0, 30, 60])), [true; 3]);
        assert_eq!(
            STANDARD.chattering(&instants(&[0, 500, 510, 520, 1_119, 1_719])),
            [false, true, true, true, true, false]
        );
        assert_eq!(STANDARD.chattering(&[]), [false; 0]);
    }

    #[test]
    fn what_goes_at_once_is_fleeting_unless_it_comes_again() {
        let gone = occurrence(100_000, Some(110_000));
        assert!(STANDARD.is_fleeting(&gone, None, None));
        assert!(STANDARD.is_fleeting(&gone, Some(Instant(39_999)), Some(Instant(160_001))));
        assert!(!STANDARD.is_fleeting(&gone, Some(Instant(40_000)), None));
        assert!(!STANDARD.is_fleeting(&gone, None, Some(Instant(160_000))));
        assert!(!STANDARD.is_fleeting(&occurrence(100_000, Some(110_001)), None, None));
        assert!(!STANDARD.is_fleeting(&occurrence(100_000, None), None, None));
    }

    #[test]
    fn what_stands_for_more_than_a_day_is_stale() {
        let day = 86_400_000;
        assert!(!STANDARD.is_stale(&occurrence(0, None), Instant(day)));
        assert!(STANDARD.is_stale(&occurrence(0, None), Instant(day + 1)));
        assert!(!STANDARD.is_stale(&occurrence(0, Some(day + 1)), Instant(day + 1)));
    }

    #[test]
    fn settings_that_contradict_themselves_are_refused() {
        assert_eq!(
            ChatterSettings::new(3, 60_000, 600_000, 10_000, 86_400_000),
            Ok(STANDARD)
        );
        for (times, within, quiet, fleeting, stale) in [
            (1, 1, 1, 1, 1),
            (17, 1, 1, 1, 1),
            (3, 2, 1, 1, 1),
            (3, 0, 1, 1, 1),
            (3, 1, 1, 0, 1),
            (3, 1, 1, 1, -1),
        ] {
            assert!(ChatterSettings::new(times, within, quiet, fleeting, stale).is_err());
        }
    }

    #[test]
    fn a_late_annunciation_is_put_where_it_belongs() {
        let mut watch = ChatterWatch::default();
        for second in [100, 130, 115] {
            watch.take(Instant(second * 1000), &STANDARD);
        }
        assert!(watch.is_chattering(Instant(131_000), &STANDARD));
        assert!(watch.is_chattering(Instant(729_999), &STANDARD));
        assert!(!watch.is_chattering(Instant(730_000), &STANDARD));
    }

    proptest! {
        #[test]
        fn watching_agrees_with_the_whole_list(gaps in proptest::collection::vec(0_i64..400, 1..40)) {
            let mut at = 0;
            let raised: Vec<Instant> = gaps.iter().map(|gap| { at += gap * 1000; Instant(at) }).collect();
            let mut watch = ChatterWatch::default();
            for place in 0..raised.len() {
                watch.take(raised[place], &STANDARD);
                // Known now: what came so far.
                let known = STANDARD.chattering(&raised[..=place]);
                prop_assert_eq!(watch.is_chattering(raised[place], &STANDARD), known[place]);
            }
        }
    }
}
