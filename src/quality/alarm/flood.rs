//! Floods (报警泛滥): more alarms than an operator can deal with, shown as one thing with begin, end and size.
//!
//! ANSI/ISA-18.2-2016, clause 16, and EEMUA 191 count alarms for each operator over ten minutes: above ten a flood has begun,
//! below five it is over. Between the two it neither begins nor ends, so that one that ebbs and swells is one flood.
//!
//! Counted is over the last ten minutes at every moment (a sliding window), not over the clock's ten minutes: eleven alarms
//! about a full stroke of the clock are eleven alarms. Alarms are counted by whole seconds; the window at a second holds
//! the 600 seconds that end with it. A flood is declared in the second in which the eleventh alarm falls; the alarms of
//! the ten minutes before it belong to it, and its first is where to look for the cause. It is over in the first second in
//! which fewer than five are left in the window. Time in flood is from declared to over.
//!
//! [`FloodWatch`] takes alarms one by one as they come. One that comes late is put where it belongs, as long as it is no older
//! than the lateness that is allowed: what is found then is the same as if it had come in time. One that is older is
//! counted apart. Memory is bounded: one number for each second of the window and the lateness that has an alarm, however
//! many alarms a second has.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::text::{Explained, Text};
use crate::domain::time::Instant;
use crate::quality::figure::duration;
use crate::quality::settings::{SettingsError, count};

/// When a flood begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FloodSettings {
    window_s: i64,
    above: u64,
    below: u64,
}

impl FloodSettings {
    /// The standard's: above ten in ten minutes it begins, below five it is over.
    pub const STANDARD: Self = Self {
        window_s: 600,
        above: 10,
        below: 5,
    };

    /// Others. Refused where the end would come before the beginning, or the window is not between a minute and a day.
    pub fn new(window_s: u32, above: u32, below: u32) -> Result<Self, SettingsError> {
        let window_s = count("flood-window", window_s, 60, 86_400)?;
        let above = count("flood-above", above, 1, 10_000)?;
        let below = count("flood-below", below, 1, above)?;
        Ok(Self {
            window_s: i64::from(window_s),
            above: u64::from(above),
            below: u64::from(below),
        })
    }

    /// The count above which a flood begins.
    pub const fn above(&self) -> u64 {
        self.above
    }

    /// The window, in milliseconds.
    pub const fn window_ms(&self) -> i64 {
        self.window_s * 1000
    }
}

/// A flood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flood {
    /// The second of its first alarm: the oldest in the window when it was declared.
    pub first: Instant,
    /// The second in which there were too many.
    pub declared: Instant,
    /// The second in which it was over; none while it lasts.
    pub ended: Option<Instant>,
    /// How many alarms it has, those of the window before it was declared included.
    pub alarms: u64,
    /// The most in any window.
    pub peak: u64,
}

impl Flood {
    /// How long it has lasted within a period, in milliseconds.
    pub fn time_within(&self, from: Instant, to: Instant) -> i64 {
        let end = self.ended.map_or(to, |ended| ended.min(to));
        end.since(self.declared.max(from)).max(0)
    }
}

impl Explained for Flood {
    fn text(&self) -> Text {
        let told = |text: Text| {
            text.with_count("alarms", i64::try_from(self.alarms).unwrap_or(i64::MAX))
                .with_count("peak", i64::try_from(self.peak).unwrap_or(i64::MAX))
                .with_instant("first", self.first)
        };
        match self.ended {
            Some(ended) => told(Text::new("alarm-flood-over")).with("length", duration(ended.since(self.declared))),
            None => told(Text::new("alarm-flood-lasts")),
        }
    }
}

/// Alarms by the second.
type Seconds = BTreeMap<i64, u64>;

/// Where the count stands: all seconds up to one are reckoned in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Walk {
    /// The last second reckoned in; none before the first.
    upto: Option<i64>,
    /// Alarms in the window that ends with it.
    within: u64,
    flood: Option<Flood>,
}

impl Walk {
    /// Goes on to a second. `seconds` holds at least the window before where it stands.
    fn go(&mut self, seconds: &Seconds, to: i64, settings: FloodSettings, mut over: impl FnMut(Flood)) {
        let Some(first) = seconds.keys().next().copied() else {
            self.upto = Some(self.upto.map_or(to, |upto| upto.max(to)));
            return;
        };
        let mut upto = self.upto.unwrap_or_else(|| first.saturating_sub(1).min(to));
        let after = |second: i64| {
            seconds
                .range(second.saturating_add(1)..)
                .next()
                .map(|(&found, _)| found)
        };
        loop {
            let comes = after(upto);
            let leaves =
                after(upto.saturating_sub(settings.window_s)).map(|second| second.saturating_add(settings.window_s));
            let Some(next) = comes.into_iter().chain(leaves).min().filter(|&next| next <= to) else {
                break;
            };
            let at = |second: i64| seconds.get(&second).copied().unwrap_or(0);
            let came = at(next);
            self.within = (self.within + came).saturating_sub(at(next.saturating_sub(settings.window_s)));
            upto = next;
            if let Some(flood) = &mut self.flood {
                flood.alarms = flood.alarms.saturating_add(came);
                flood.peak = flood.peak.max(self.within);
                if self.within < settings.below {
                    flood.ended = Some(instant(next));
                    over(*flood);
                    self.flood = None;
                }
            } else if self.within > settings.above {
                self.flood = Some(Flood {
                    first: instant(after(next.saturating_sub(settings.window_s)).unwrap_or(next)),
                    declared: instant(next),
                    ended: None,
                    alarms: self.within,
                    peak: self.within,
                });
            }
        }
        self.upto = Some(upto.max(to));
    }
}

/// The floods of alarms of one operator, in any order, as far as they are known at an instant. The last may last still.
pub fn floods(alarms: impl IntoIterator<Item = Instant>, now: Instant, settings: FloodSettings) -> Vec<Flood> {
    let mut seconds = Seconds::new();
    for at in alarms {
        *seconds.entry(second(at)).or_default() += 1;
    }
    let mut found = Vec::new();
    let mut walk = Walk::default();
    walk.go(&seconds, second(now), settings, |flood| found.push(flood));
    found.extend(walk.flood);
    found
}

/// Watches the alarms of one operator for floods as they come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FloodWatch {
    settings: FloodSettings,
    late_s: i64,
    /// The window before what is settled, and all after it.
    seconds: Seconds,
    /// Newest second that is known, by an alarm or by time that passed.
    newest: Option<i64>,
    /// Up to here nothing changes any more.
    settled: Walk,
    /// Alarms that came too late to be put where they belong.
    too_late: u64,
}

impl FloodWatch {
    /// With how late an alarm may come and still be put where it belongs, in seconds, up to a day.
    pub fn new(settings: FloodSettings, late_s: u32) -> Result<Self, SettingsError> {
        Ok(Self {
            settings,
            late_s: i64::from(count("flood-late", late_s, 0, 86_400)?),
            seconds: Seconds::new(),
            newest: None,
            settled: Walk::default(),
            too_late: 0,
        })
    }

    /// Takes an alarm that was annunciated. Returns the floods that are over for good by it, and will not be told again.
    pub fn take(&mut self, at: Instant) -> Vec<Flood> {
        let at = second(at);
        if self.settled.upto.is_some_and(|upto| at <= upto) {
            self.too_late = self.too_late.saturating_add(1);
            return Vec::new();
        }
        *self.seconds.entry(at).or_default() += 1;
        self.advance(at)
    }

    /// Time passes. Returns the floods that are over for good by it.
    pub fn pass(&mut self, now: Instant) -> Vec<Flood> {
        self.advance(second(now))
    }

    /// Floods that are not over for good at an instant: one that lasts, and such as a late alarm could still change.
    pub fn current(&self, now: Instant) -> Vec<Flood> {
        let mut found = Vec::new();
        let mut walk = self.settled.clone();
        walk.go(&self.seconds, second(now), self.settings, |flood| found.push(flood));
        found.extend(walk.flood);
        found
    }

    /// The flood that lasts at an instant.
    pub fn lasts(&self, now: Instant) -> Option<Flood> {
        self.current(now).pop().filter(|flood| flood.ended.is_none())
    }

    /// How many alarms the window holds at an instant: the rate that a header shows.
    pub fn rate(&self, now: Instant) -> u64 {
        let now = second(now);
        let after = now.saturating_sub(self.settings.window_s).saturating_add(1);
        if after > now {
            return 0;
        }
        self.seconds.range(after..=now).map(|(_, alarms)| alarms).sum()
    }

    /// How many alarms came too late to be put where they belong.
    pub const fn too_late(&self) -> u64 {
        self.too_late
    }

    /// How many numbers it holds: at most one for each second of window and lateness.
    pub fn size(&self) -> usize {
        self.seconds.len()
    }

    fn advance(&mut self, to: i64) -> Vec<Flood> {
        let newest = self.newest.map_or(to, |newest| newest.max(to));
        self.newest = Some(newest);
        let settles = newest.saturating_sub(self.late_s).saturating_sub(1);
        let mut over = Vec::new();
        if self.settled.upto.is_none_or(|upto| upto < settles) {
            self.settled
                .go(&self.seconds, settles, self.settings, |flood| over.push(flood));
            // The window before what is settled is needed to see its alarms leave.
            let keep = settles.saturating_sub(self.settings.window_s).saturating_add(1);
            self.seconds = self.seconds.split_off(&keep);
        }
        over
    }
}

const fn second(at: Instant) -> i64 {
    at.0.div_euclid(1000)
}

const fn instant(second: i64) -> Instant {
    Instant(second.saturating_mul(1000))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START_S: i64 = 1_767_225_600;

    fn at(second: i64) -> Instant {
        Instant((START_S + second) * 1000)
    }

    fn of(seconds: impl IntoIterator<Item = i64>, now: i64) -> Vec<(i64, i64, Option<i64>, u64, u64)> {
        let shown = |at: Instant| at.0 / 1000 - START_S;
        floods(seconds.into_iter().map(at), at(now), FloodSettings::STANDARD)
            .into_iter()
            .map(|flood| {
                (
                    shown(flood.first),
                    shown(flood.declared),
                    flood.ended.map(shown),
                    flood.alarms,
                    flood.peak,
                )
            })
            .collect()
    }

    #[test]
    fn ten_are_no_flood_and_eleven_are() {
        assert_eq!(of((0..10).map(|n| n * 10), 10_000), []);
        // Declared by the eleventh; over when the seventh has left and four remain.
        assert_eq!(of((0..11).map(|n| n * 10), 10_000), [(0, 100, Some(660), 11, 11)]);
    }

    #[test]
    fn the_window_is_open_at_its_old_end() {
        // The first is exactly ten minutes before the eleventh: not in one window.
        assert_eq!(of((0..11).map(|n| n * 60), 10_000), []);
        assert_eq!(of((0..11).map(|n| n * 60 - n / 10), 10_000).len(), 1);
    }

    #[test]
    fn a_flood_that_ebbs_to_five_and_swells_is_one_and_below_five_two() {
        let burst = |from: i64| (0..12).map(move |n| from + n);
        // Five alarms keep the window at five while the first burst leaves it.
        let ebb = (0..20).map(|n| 100 + n * 120);
        let one: Vec<i64> = burst(0).chain(ebb).chain(burst(2_400)).collect();
        assert_eq!(of(one, 100_000).len(), 1);
        let two: Vec<i64> = burst(0).chain(burst(2_400)).collect();
        assert_eq!(of(two, 100_000).len(), 2);
    }

    #[test]
    fn many_alarms_of_one_second_are_a_flood_that_lasts_until_it_is_over() {
        assert_eq!(of([5; 40], 5), [(5, 5, None, 40, 40)]);
        assert_eq!(of([5; 40], 604), [(5, 5, None, 40, 40)]);
        assert_eq!(of([5; 40], 605), [(5, 5, Some(605), 40, 40)]);
        assert_eq!(of([5; 40], 4), []);
    }

    #[test]
    fn memory_is_bounded_in_the_worst_flood() {
        let mut watch = FloodWatch::new(FloodSettings::STANDARD, 120).unwrap();
        for n in 0..200_000 {
            let _ = watch.take(Instant(START_S * 1000 + n * 20));
        }
        assert!(watch.size() <= 600 + 120 + 1, "{}", watch.size());
        assert_eq!(watch.rate(at(4_000)), 600 * 50 - 50);
        assert_eq!(watch.lasts(at(4_000)).unwrap().alarms, 200_000);
        let over = watch.pass(at(100_000));
        assert_eq!(over.len(), 1);
        assert!(watch.current(at(100_000)).is_empty() && watch.size() == 0);
    }

    #[test]
    fn an_alarm_as_late_as_is_allowed_is_put_in_and_a_later_one_counted_apart() {
        let mut watch = FloodWatch::new(FloodSettings::STANDARD, 120).unwrap();
        let _ = watch.take(at(1_000));
        let _ = watch.take(at(880));
        assert_eq!((watch.rate(at(1_000)), watch.too_late()), (2, 0));
        let _ = watch.take(at(879));
        assert_eq!((watch.rate(at(1_000)), watch.too_late()), (2, 1));
    }

    #[test]
    fn a_watch_is_kept_and_read_again_in_the_middle_of_a_flood() {
        let mut watch = FloodWatch::new(FloodSettings::STANDARD, 0).unwrap();
        for second in 0..400 {
            let _ = watch.take(at(second));
        }
        let bytes = rmp_serde::to_vec_named(&watch).unwrap();
        let mut read: FloodWatch = rmp_serde::from_slice(&bytes).unwrap();
        assert_eq!(read, watch);
        let over = read.pass(at(5_000));
        assert_eq!((over.len(), over[0].alarms, over), (1, 400, watch.pass(at(5_000))));
    }

    #[test]
    fn settings_that_would_never_end_are_refused() {
        assert!(FloodSettings::new(600, 10, 5).is_ok_and(|settings| settings == FloodSettings::STANDARD));
        assert!(FloodSettings::new(600, 10, 11).is_err());
        assert!(FloodSettings::new(600, 10, 0).is_err());
        assert!(FloodSettings::new(10, 10, 5).is_err());
    }

    /// The definition, second by second.
    fn by_definition(alarms: &[i64], now: i64) -> Vec<(i64, i64, Option<i64>, u64, u64)> {
        let mut found = Vec::new();
        let mut open: Option<(i64, i64, Option<i64>, u64, u64)> = None;
        for second in 0..=now {
            let within = alarms.iter().filter(|&&alarm| second - 600 < alarm && alarm <= second);
            let (number, first) = (within.clone().count() as u64, within.min().copied());
            if let Some(mut flood) = open {
                flood.3 += alarms.iter().filter(|&&alarm| alarm == second).count() as u64;
                flood.4 = flood.4.max(number);
                open = Some(flood);
                if number < 5 {
                    flood.2 = Some(second);
                    found.push(flood);
                    open = None;
                }
            } else if number > 10 {
                open = Some((first.unwrap(), second, None, number, number));
            }
        }
        found.extend(open);
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn floods_are_those_of_the_definition(
            mut alarms in proptest::collection::vec(0_i64..4_000, 0..80),
            now in 0_i64..5_000,
        ) {
            prop_assert_eq!(of(alarms.clone(), now), by_definition(&alarms, now));
            alarms.sort_unstable();
            prop_assert_eq!(of(alarms.clone(), now), by_definition(&alarms, now));
        }

        #[test]
        fn watching_finds_the_same_whatever_the_order_within_the_lateness(
            alarms in proptest::collection::vec((0_i64..6_000, 0_i64..300), 0..120),
            passes in proptest::collection::vec(0_i64..6_000, 0..10),
        ) {
            // Each comes up to 300 s after its time.
            let mut arrivals: Vec<(i64, Option<i64>)> =
                alarms.iter().map(|&(alarm, late)| (alarm + late, Some(alarm))).collect();
            arrivals.extend(passes.iter().map(|&pass| (pass, None)));
            arrivals.sort_by_key(|&(arrival, _)| arrival);
            let mut watch = FloodWatch::new(FloodSettings::STANDARD, 300).unwrap();
            let mut found = Vec::new();
            for (arrival, alarm) in arrivals {
                found.extend(match alarm {
                    Some(alarm) => watch.take(at(alarm)),
                    None => watch.pass(at(arrival)),
                });
                prop_assert!(watch.size() <= 901);
            }
            found.extend(watch.current(at(20_000)));
            prop_assert_eq!(watch.too_late(), 0);
            let wanted = floods(alarms.iter().map(|&(alarm, _)| at(alarm)), at(20_000), FloodSettings::STANDARD);
            prop_assert_eq!(found, wanted);
        }
    }
}
