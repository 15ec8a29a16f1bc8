//! How hard a process works (负荷曲线): from 0 to a million parts of its capacity, at any instant, with its exact
//! integral.
//!
//! A day is made of hourly set points from a profile, a day's and an hour's own deviation, and, now and then, a
//! shutdown and a start-up. Set points are held and then ramped to over the last half hour. Everything is integer
//! arithmetic, so a meter that integrates this curve and one that shows it agree to the last digit on every machine.

use super::random::Stream;
use crate::domain::time::{DAY_MS, Instant};

/// Full capacity.
pub(super) const FULL: i64 = 1_000_000;

/// Milliseconds of a day.
/// Milliseconds between two knots of a day's curve.
const KNOT_MS: i64 = 900_000;

/// Knots of a day.
const KNOTS: usize = 96;

/// Days between two possible shutdowns.
const CAMPAIGN_DAYS: i64 = 28;

/// What sort of process a curve drives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Profile {
    /// A generating unit that follows the grid: morning and evening peaks, a valley at noon, a shutdown in two campaigns
    /// of three.
    Unit,
    /// A shop in three shifts: a roll change in the morning, dips at shift change, half a load at week-ends.
    Shop,
    /// Works through, with small deviations, and hardly ever stops.
    Steady,
}

/// Hourly set points in thousandths of capacity.
const UNIT_HOURS: [i64; 24] = [
    560, 530, 510, 500, 510, 550, 630, 740, 800, 780, 740, 700, 680, 670, 690, 730, 790, 850, 880, 870, 820, 750, 680,
    610,
];
const SHOP_HOURS: [i64; 24] = [
    620, 760, 800, 800, 790, 800, 780, 700, 520, 240, 420, 780, 820, 830, 820, 760, 600, 780, 820, 820, 810, 800, 790,
    700,
];
const STEADY_HOURS: [i64; 24] = [
    620, 620, 610, 610, 620, 640, 660, 700, 740, 760, 760, 750, 740, 750, 760, 760, 750, 740, 720, 700, 690, 670, 650,
    630,
];

/// Set points of the days on which a unit stops and starts, in thousandths of what the day would have been.
const STOPPING: [i64; 24] = [
    1000, 1000, 1000, 1000, 1000, 1000, 900, 700, 500, 350, 150, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];
const STARTING: [i64; 24] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 60, 120, 160, 220, 300, 360, 450, 550, 650, 760, 860, 940, 1000, 1000, 1000,
];

/// Start-up fuel in thousandths of what the burners can take.
const STARTING_FUEL: [i64; 24] = [
    0, 0, 0, 0, 0, 200, 450, 650, 800, 850, 850, 750, 600, 450, 250, 100, 0, 0, 0, 0, 0, 0, 0, 0,
];
const STOPPING_FUEL: [i64; 24] = [
    0, 0, 0, 0, 0, 0, 0, 0, 100, 250, 200, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

/// Which curve of a process is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aspect {
    /// How hard it works.
    Load,
    /// How much start-up fuel (点火助燃油) it takes.
    StartUpFuel,
}

/// What a day of a campaign is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DayKind {
    Normal,
    Stopping,
    Off,
    Starting,
}

/// A stretch between two knots.
#[derive(Debug, Clone, Copy, Default)]
struct Stretch {
    /// Level at its start.
    from: i64,
    /// Level at its end.
    to: i64,
    /// Integral from the day's start to its start, in parts × milliseconds.
    before: i64,
}

/// A day of the curve, worked out.
#[derive(Debug, Clone)]
struct Day {
    /// Days since 1970, local standard time.
    number: i64,
    /// Integral from the curve's first day to this day's start, in parts × milliseconds.
    before: i64,
    stretches: [Stretch; KNOTS],
}

/// The curve of one process.
#[derive(Debug, Clone)]
pub(super) struct Curve {
    stream: Stream,
    profile: Profile,
    aspect: Aspect,
    /// Milliseconds by which local standard time is ahead of UTC: the plant's days, as the profile means them.
    ahead_ms: i64,
    /// The days last asked for, at the place of their number modulo 4: late and fresh readings ask alternately.
    days: [Option<Box<Day>>; 4],
}

impl Curve {
    /// The curve of the process that `stream` belongs to. Curves of the same stream stop and start together.
    pub(super) fn new(stream: Stream, profile: Profile, aspect: Aspect, ahead_ms: i64) -> Self {
        Self {
            stream,
            profile,
            aspect,
            ahead_ms,
            days: [None, None, None, None],
        }
    }

    /// The level at an instant, 0 to [`FULL`].
    pub(super) fn level(&mut self, at: Instant) -> i64 {
        let (stretch, rest, _) = self.stretch(at);
        stretch.from + ((stretch.to - stretch.from) * rest).div_euclid(KNOT_MS)
    }

    /// The integral of the level from the year 2000 to an instant, in parts × milliseconds. Never falls.
    pub(super) fn integral(&mut self, at: Instant) -> i64 {
        let (stretch, rest, before) = self.stretch(at);
        before
            + stretch.before
            + stretch.from * rest
            + ((stretch.to - stretch.from) * rest * rest).div_euclid(2 * KNOT_MS)
    }

    fn stretch(&mut self, at: Instant) -> (Stretch, i64, i64) {
        let local = at.clamp(Instant::EARLIEST, Instant::LATEST).0 + self.ahead_ms;
        let number = local.div_euclid(DAY_MS);
        let of_day = local.rem_euclid(DAY_MS);
        let place = usize::try_from(of_day / KNOT_MS).unwrap_or(0);
        let day = self.day(number);
        let stretch = day.and_then(|day| day.stretches.get(place).map(|stretch| (*stretch, day.before)));
        let (stretch, before) = stretch.unwrap_or_default();
        (stretch, of_day % KNOT_MS, before)
    }

    fn day(&mut self, number: i64) -> Option<&Day> {
        let place = usize::try_from(number & 3).unwrap_or(0);
        let known = self.days.get(place)?.as_ref().is_some_and(|day| day.number == number);
        if !known {
            let worked_out = self.work_out(number);
            if let Some(entry) = self.days.get_mut(place) {
                *entry = Some(Box::new(worked_out));
            }
        }
        self.days.get(place)?.as_deref()
    }

    fn work_out(&self, number: i64) -> Day {
        let first = (Instant::EARLIEST.0 + self.ahead_ms).div_euclid(DAY_MS);
        // From the nearest day that is known; otherwise from the first, which costs two dozen draws a day.
        let (mut known, mut before) = self
            .days
            .iter()
            .flatten()
            .map(|day| (day.number, day.before))
            .filter(|&(known, _)| known <= number)
            .max()
            .unwrap_or((first, 0));
        let mut hours = self.hours(known);
        let mut following = self.hours(known + 1);
        while known < number {
            before += day_integral(&hours, &following);
            known += 1;
            hours = following;
            following = self.hours(known + 1);
        }
        let mut stretches = [Stretch::default(); KNOTS];
        let following = hours.iter().skip(1).chain(following.first());
        let mut inside = 0;
        for (quarters, (&now, &next)) in stretches.chunks_mut(4).zip(hours.iter().zip(following)) {
            let middle = i64::midpoint(now, next);
            let ends = [now, now, middle, next];
            let mut from = now;
            for (stretch, to) in quarters.iter_mut().zip(ends) {
                *stretch = Stretch {
                    from,
                    to,
                    before: inside,
                };
                inside += (from + to) * (KNOT_MS / 2);
                from = to;
            }
        }
        Day {
            number,
            before,
            stretches,
        }
    }

    /// The 24 set points of a day. All even, so that the middle of two is exact.
    fn hours(&self, number: i64) -> [i64; 24] {
        let kind = self.kind(number);
        let mut hours = [0; 24];
        if self.aspect == Aspect::StartUpFuel {
            let shape = match kind {
                DayKind::Starting => STARTING_FUEL,
                DayKind::Stopping => STOPPING_FUEL,
                DayKind::Normal | DayKind::Off => return hours,
            };
            for (hour, thousandths) in hours.iter_mut().zip(shape) {
                *hour = thousandths * (FULL / 1000);
            }
            return hours;
        }
        if kind == DayKind::Off {
            return hours;
        }
        let day_draws = self.stream.part(1);
        let offset = day_draws.around(number, 45_000) - self.week_end(number);
        // Sunshine on other plants' panels: the grid asks for less around noon, and not the same every day.
        let noon = match self.profile {
            Profile::Unit => day_draws.part(1).below(number, 170_000),
            Profile::Shop | Profile::Steady => 0,
        };
        let shape = match self.profile {
            Profile::Unit => UNIT_HOURS,
            Profile::Shop => SHOP_HOURS,
            Profile::Steady => STEADY_HOURS,
        };
        let hour_draws = self.stream.part(2);
        for (hour, (place, thousandths)) in hours.iter_mut().zip((0_i64..).zip(shape)) {
            let own = hour_draws.around(number * 24 + place, 18_000);
            let valley = if (10..=15).contains(&place) { noon } else { 0 };
            let wanted = (thousandths * (FULL / 1000) + offset + own - valley).clamp(0, FULL);
            let share = usize::try_from(place).ok().and_then(|place| match kind {
                DayKind::Normal => Some(1000),
                DayKind::Stopping => STOPPING.get(place).copied(),
                DayKind::Starting => STARTING.get(place).copied(),
                DayKind::Off => None,
            });
            *hour = (wanted * share.unwrap_or(0) / 1000) & !1;
        }
        hours
    }

    fn week_end(&self, number: i64) -> i64 {
        // Day 0 was a Thursday.
        let is_week_end = matches!((number + 3).rem_euclid(7), 5 | 6);
        match self.profile {
            _ if !is_week_end => 0,
            Profile::Unit => 40_000,
            Profile::Shop => 180_000,
            Profile::Steady => 15_000,
        }
    }

    /// What sort of day it is. A shutdown lies wholly inside its campaign, so no other campaign need be looked at.
    fn kind(&self, number: i64) -> DayKind {
        let campaign = number.div_euclid(CAMPAIGN_DAYS);
        let place = number.rem_euclid(CAMPAIGN_DAYS);
        let draws = self.stream.part(3);
        let (chance, longest) = match self.profile {
            Profile::Unit => (667, 4),
            Profile::Shop => (900, 1),
            Profile::Steady => (50, 1),
        };
        if draws.below(campaign * 3, 1000) >= chance {
            return DayKind::Normal;
        }
        let stopping = 3 + draws.below(campaign * 3 + 1, 15);
        let starting = stopping + 2 + draws.below(campaign * 3 + 2, longest);
        match place {
            _ if place == stopping => DayKind::Stopping,
            _ if place == starting => DayKind::Starting,
            _ if (stopping..starting).contains(&place) => DayKind::Off,
            _ => DayKind::Normal,
        }
    }
}

/// The integral of a day with these set points before one with those: each is held for half an hour and ramped from over
/// the next.
fn day_integral(hours: &[i64; 24], following: &[i64; 24]) -> i64 {
    let next = hours.iter().skip(1).chain(following.first());
    hours
        .iter()
        .zip(next)
        .map(|(now, next)| KNOT_MS * (3 * now + next))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::HOUR_MS;

    const START: i64 = 1_767_196_800_000; // 2026-01-01 00:00 in Shanghai

    fn curve(profile: Profile, aspect: Aspect) -> Curve {
        Curve::new(Stream::new(11), profile, aspect, 8 * HOUR_MS)
    }

    #[test]
    fn the_integral_is_that_of_the_level() {
        for profile in [Profile::Unit, Profile::Shop, Profile::Steady] {
            let mut curve = curve(profile, Aspect::Load);
            // Over whole knots the trapezoids are exact, across days and shutdowns.
            let begun = curve.integral(Instant(START));
            let mut sum = 0;
            for knot in 0..40 * 96 {
                let from = Instant(START + knot * KNOT_MS);
                let to = from.plus(KNOT_MS);
                sum += (curve.level(from) + curve.level(to)) * (KNOT_MS / 2);
                assert_eq!(curve.integral(to) - begun, sum);
            }
        }
    }

    #[test]
    fn the_level_stays_inside_capacity_stops_and_starts() {
        let mut load = curve(Profile::Unit, Aspect::Load);
        let mut fuel = curve(Profile::Unit, Aspect::StartUpFuel);
        let (mut stopped, mut fired, mut highest) = (0, 0, 0);
        for minute in 0..200 * 1440 {
            let at = Instant(START + minute * 60_000);
            let level = load.level(at);
            assert!((0..=FULL).contains(&level), "{level}");
            highest = highest.max(level);
            stopped += i64::from(level == 0);
            fired += i64::from(fuel.level(at) > 0);
        }
        assert!(stopped > 1440, "{stopped}");
        assert!(fired > 300, "{fired}");
        assert!(highest > 800_000, "{highest}");
    }

    #[test]
    fn a_day_is_the_same_however_it_was_reached() {
        let far = Instant(START + 300 * DAY_MS + 12_345_678);
        let mut stepped = curve(Profile::Shop, Aspect::Load);
        for day in 0..300 {
            stepped.integral(Instant(START + day * DAY_MS));
        }
        let mut fresh = curve(Profile::Shop, Aspect::Load);
        assert_eq!(fresh.integral(far), stepped.integral(far));
        assert_eq!(
            fresh.integral(Instant(START)),
            curve(Profile::Shop, Aspect::Load).integral(Instant(START))
        );
    }
}
