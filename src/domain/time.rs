//! Instants, the plant's hours, and the zone in which the plant keeps its calendar.
//!
//! Everything is stored in UTC. The zone is fixed when the site is made.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::text::{Explained, Text};

/// Milliseconds of one hour.
pub const HOUR_MS: i64 = 3_600_000;

/// Milliseconds in a day of 24 hours.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// A UTC instant, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// The first instant that carbonwatch accepts for data: 2000-01-01T00:00:00Z. What is older is a broken clock.
    pub const EARLIEST: Self = Self(946_684_800_000);
    /// The instant before which all data must lie: 2100-01-01T00:00:00Z.
    pub const LATEST: Self = Self(4_102_444_800_000);

    /// Whether data may carry this instant.
    pub fn is_plausible(self) -> bool {
        (Self::EARLIEST..Self::LATEST).contains(&self)
    }

    /// As a chrono value; instants far outside the plausible range give `None`.
    pub fn to_utc(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.0)
    }

    /// From a chrono value, cut to the millisecond.
    pub fn from_utc(at: DateTime<Utc>) -> Self {
        Self(at.timestamp_millis())
    }

    /// This instant `milliseconds` later (earlier when negative), at the type's limits where it would overflow.
    #[must_use]
    pub const fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// Milliseconds from `earlier` to this instant; negative when it is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The beginning of its second: what people are told of when something was written.
    #[must_use]
    pub const fn to_second(self) -> Self {
        Self(self.0 - self.0.rem_euclid(1000))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_utc() {
            Some(at) if at.timestamp_subsec_millis() == 0 => write!(formatter, "{}", at.format("%Y-%m-%dT%H:%M:%SZ")),
            Some(at) => write!(formatter, "{}", at.format("%Y-%m-%dT%H:%M:%S%.3fZ")),
            None => write!(formatter, "{} ms", self.0),
        }
    }
}

/// One hour of the plant: the number of whole hours since 1970-01-01T00:00Z shifted by the zone's phase.
///
/// The hour key of the design (the UTC instant at which the plant's hour starts) is [`PlantZone::hour_start`] of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hour(pub i32);

impl Hour {
    /// The hour after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The block of 24 hours (not a calendar day) in which rows of hours are kept together.
    pub const fn day_block(self) -> DayBlock {
        DayBlock(self.0.div_euclid(24))
    }

    /// The place of this hour in its [`DayBlock`], 0 to 23.
    pub const fn place_in_block(self) -> usize {
        self.0.rem_euclid(24).unsigned_abs() as usize
    }
}

/// Twenty-four successive hours kept in one row. It begins at a multiple of 24 hours since 1970 and need not coincide
/// with a calendar day of the plant: calendar sums go over hours, never over blocks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DayBlock(pub i32);

impl DayBlock {
    /// The first hour of the block.
    pub const fn first_hour(self) -> Hour {
        Hour(self.0.saturating_mul(24))
    }

    /// The hours of the block in order.
    pub fn hours(self) -> impl DoubleEndedIterator<Item = Hour> {
        let first = self.first_hour().0;
        (first..first.saturating_add(24)).map(Hour)
    }
}

/// Why a zone, or a local time in it, cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ZoneError {
    /// The name is not in the IANA data base.
    #[error("time zone {0:?} is not known: use an IANA name such as Asia/Shanghai")]
    Unknown(String),
    /// The zone's clock has shifted by a part of an hour since 2000, so that "the plant's hour" has no fixed start.
    #[error("time zone {0:?} shifts by less than an hour; carbonwatch keeps whole hours and cannot use it")]
    PartHourShift(String),
    /// The local time was skipped when clocks went forward.
    #[error("local time {0} does not exist in {1}: clocks went forward over it")]
    Gap(NaiveDateTime, String),
    /// The local time occurred twice when clocks went back.
    #[error("local time {0} occurred twice in {1}: give the offset, or choose the earlier or the later in the mapping")]
    Fold(NaiveDateTime, String),
}

impl Explained for ZoneError {
    fn text(&self) -> Text {
        match self {
            Self::Unknown(name) => Text::new("zone-unknown").with("zone", name),
            Self::PartHourShift(name) => Text::new("zone-part-hour").with("zone", name),
            Self::Gap(local, zone) => Text::new("zone-gap").with("local", local).with("zone", zone),
            Self::Fold(local, zone) => Text::new("zone-fold").with("local", local).with("zone", zone),
        }
    }
}

/// Which of the two instants is meant when clocks went back over a local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FoldChoice {
    /// Refuse the stamp.
    #[default]
    Refuse,
    /// The first of the two.
    Earlier,
    /// The second of the two.
    Later,
}

/// The zone in which the plant keeps its calendar (工厂时区), fixed when the site is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PlantZone {
    zone: Tz,
    /// Milliseconds by which the plant's hours start after UTC's, 0 to 3,599,999.
    phase_ms: i64,
}

impl TryFrom<String> for PlantZone {
    type Error = ZoneError;

    fn try_from(name: String) -> Result<Self, ZoneError> {
        Self::parse(&name)
    }
}

impl From<PlantZone> for String {
    fn from(zone: PlantZone) -> Self {
        zone.name().to_owned()
    }
}

impl PlantZone {
    /// UTC, for who does not know the plant's zone.
    pub const UTC: Self = Self {
        zone: Tz::UTC,
        phase_ms: 0,
    };

    /// Looks a zone up by its IANA name and checks that its hours have a fixed start from 2000 to 2100.
    pub fn parse(name: &str) -> Result<Self, ZoneError> {
        let zone: Tz = name.parse().map_err(|_| ZoneError::Unknown(name.to_owned()))?;
        let offset_at = |instant: Instant| {
            instant.to_utc().map_or(0, |at| {
                i64::from(zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc())
            })
        };
        let phase = (-offset_at(Instant::EARLIEST)).rem_euclid(3600);
        // Once a fortnight is closer together than any two shifts of a real zone.
        let mut probe = Instant::EARLIEST;
        while probe < Instant::LATEST {
            if (-offset_at(probe)).rem_euclid(3600) != phase {
                return Err(ZoneError::PartHourShift(name.to_owned()));
            }
            probe = probe.plus(14 * 24 * HOUR_MS);
        }
        Ok(Self {
            zone,
            phase_ms: phase * 1000,
        })
    }

    /// The IANA name.
    pub fn name(&self) -> &'static str {
        self.zone.name()
    }

    /// The hour in which an instant lies. Instants outside 2000–2100 are taken at the nearest end.
    pub fn hour_of(&self, at: Instant) -> Hour {
        let at = at.clamp(Instant::EARLIEST, Instant::LATEST);
        let hours = (at.0 - self.phase_ms).div_euclid(HOUR_MS);
        Hour(i32::try_from(hours).unwrap_or(i32::MAX))
    }

    /// The instant at which an hour starts: the hour key.
    pub fn hour_start(&self, hour: Hour) -> Instant {
        Instant(i64::from(hour.0) * HOUR_MS + self.phase_ms)
    }

    /// Local calendar time of an instant.
    pub fn local(&self, at: Instant) -> NaiveDateTime {
        let utc = at.to_utc().unwrap_or_default();
        self.zone.from_utc_datetime(&utc.naive_utc()).naive_local()
    }

    /// Plant time of an instant as people read it: `2025-03-01 14:15:30`, with milliseconds where there are some, and
    /// with the offset where clocks went back and the local time alone would name two instants.
    pub fn shown(&self, at: Instant) -> String {
        let milliseconds = if at.0.rem_euclid(1000) == 0 { "" } else { "%.3f" };
        let offset = if self.is_fold(at) { " %:z" } else { "" };
        self.formatted(at, &format!("%Y-%m-%d %H:%M:%S{milliseconds}{offset}"))
    }

    /// The hour that begins at an instant as people read it: `2025-03-01 14:00`, with the offset where it is needed.
    pub fn shown_hour(&self, hour: Hour) -> String {
        let start = self.hour_start(hour);
        let offset = if self.is_fold(start) { " %:z" } else { "" };
        self.formatted(start, &format!("%Y-%m-%d %H:%M{offset}"))
    }

    /// An instant for programs: RFC 3339 in plant time with its offset, `2025-03-01T14:15:30+08:00`.
    pub fn rfc3339(&self, at: Instant) -> String {
        let milliseconds = if at.0.rem_euclid(1000) == 0 { "" } else { "%.3f" };
        self.formatted(at, &format!("%Y-%m-%dT%H:%M:%S{milliseconds}%:z"))
    }

    /// Whether the local time of an instant occurs twice, since clocks went back over it.
    pub fn is_fold(&self, at: Instant) -> bool {
        matches!(
            self.zone.from_local_datetime(&self.local(at)),
            chrono::LocalResult::Ambiguous(..)
        )
    }

    fn formatted(&self, at: Instant, pattern: &str) -> String {
        let utc = at.to_utc().unwrap_or_default();
        self.zone
            .from_utc_datetime(&utc.naive_utc())
            .format(pattern)
            .to_string()
    }

    /// The instant of a local time; local times that were skipped or occurred twice are decided by `fold` or refused.
    pub fn instant(&self, local: NaiveDateTime, fold: FoldChoice) -> Result<Instant, ZoneError> {
        match self.zone.from_local_datetime(&local) {
            chrono::LocalResult::Single(at) => Ok(Instant(at.timestamp_millis())),
            chrono::LocalResult::None => Err(ZoneError::Gap(local, self.name().to_owned())),
            chrono::LocalResult::Ambiguous(earlier, later) => match fold {
                FoldChoice::Refuse => Err(ZoneError::Fold(local, self.name().to_owned())),
                FoldChoice::Earlier => Ok(Instant(earlier.timestamp_millis())),
                FoldChoice::Later => Ok(Instant(later.timestamp_millis())),
            },
        }
    }

    /// The first instant at or after a local time that exists: for calendar boundaries, which must always exist.
    pub fn boundary(&self, local: NaiveDateTime) -> Instant {
        let mut candidate = local;
        for _ in 0..48 {
            if let Ok(at) = self.instant(candidate, FoldChoice::Earlier) {
                return at;
            }
            candidate += TimeDelta::minutes(30);
        }
        Instant(local.and_utc().timestamp_millis())
    }

    /// The instant at which a local date begins, `start_minutes` after midnight.
    pub fn day_start(&self, date: NaiveDate, start_minutes: u32) -> Instant {
        self.boundary(date.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(start_minutes)))
    }

    /// The hours of a calendar month: from the first up to, not including, the second. None where the month lies outside
    /// the time that data may carry.
    pub fn month_hours(&self, month: Month) -> (Hour, Hour) {
        let start = |month: Month| self.hour_of(self.day_start(month.first_day(), 0));
        (start(month), start(month.next()))
    }

    /// The hours of a calendar year, in the same way.
    pub fn year_hours(&self, year: i32) -> (Hour, Hour) {
        let january = |year| self.month_hours(Month { year, month: 1 }).0;
        (january(year), january(year.saturating_add(1)))
    }

    /// The local date and minute of the day of an instant.
    pub fn date_and_minute(&self, at: Instant) -> (NaiveDate, u32) {
        let local = self.local(at);
        (local.date(), local.hour() * 60 + local.minute())
    }

    /// The calendar month in which an hour lies.
    pub fn month_of(&self, hour: Hour) -> Month {
        let local = self.local(self.hour_start(hour));
        Month::of(local.date())
    }
}

/// A calendar month of the plant (核算月).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Month {
    /// Calendar year.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
}

impl Month {
    /// The month of a date.
    pub fn of(date: NaiveDate) -> Self {
        Self {
            year: date.year(),
            month: date.month(),
        }
    }

    /// The month after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        if self.month >= 12 {
            Self {
                year: self.year.saturating_add(1),
                month: 1,
            }
        } else {
            Self {
                year: self.year,
                month: self.month + 1,
            }
        }
    }

    /// The month before this one.
    #[must_use]
    pub const fn previous(self) -> Self {
        if self.month <= 1 {
            Self {
                year: self.year.saturating_sub(1),
                month: 12,
            }
        } else {
            Self {
                year: self.year,
                month: self.month - 1,
            }
        }
    }

    /// The first day of the month.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month.clamp(1, 12), 1).unwrap_or(NaiveDate::MIN)
    }

    /// The months of a calendar year.
    pub fn of_year(year: i32) -> impl Iterator<Item = Self> {
        (1..=12).map(move |month| Self { year, month })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}", self.year, self.month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shanghai() -> PlantZone {
        PlantZone::parse("Asia/Shanghai").unwrap()
    }

    fn local(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    #[test]
    fn hours_of_a_zone_with_half_hour_offset_start_on_its_own_full_hour() {
        let zone = PlantZone::parse("Asia/Kolkata").unwrap();
        let at = zone.instant(local("2025-03-01 10:15"), FoldChoice::Refuse).unwrap();
        let start = zone.hour_start(zone.hour_of(at));
        assert_eq!(zone.local(start), local("2025-03-01 10:00"));
    }

    #[test]
    fn a_zone_that_shifts_by_half_an_hour_is_refused() {
        assert_eq!(
            PlantZone::parse("Australia/Lord_Howe"),
            Err(ZoneError::PartHourShift("Australia/Lord_Howe".into()))
        );
    }

    #[test]
    fn gaps_and_folds_of_local_time_are_named() {
        let zone = PlantZone::parse("Europe/Berlin").unwrap();
        assert!(matches!(
            zone.instant(local("2025-03-30 02:30"), FoldChoice::Later),
            Err(ZoneError::Gap(..))
        ));
        let twice = local("2025-10-26 02:30");
        assert!(matches!(
            zone.instant(twice, FoldChoice::Refuse),
            Err(ZoneError::Fold(..))
        ));
        let earlier = zone.instant(twice, FoldChoice::Earlier).unwrap();
        let later = zone.instant(twice, FoldChoice::Later).unwrap();
        assert_eq!(later.since(earlier), HOUR_MS);
    }

    #[test]
    fn an_instant_is_shown_in_plant_time_with_its_offset_only_where_it_is_needed() {
        let zone = shanghai();
        let at = zone.instant(local("2025-03-01 14:15"), FoldChoice::Refuse).unwrap();
        assert_eq!(zone.shown(at), "2025-03-01 14:15:00");
        assert_eq!(zone.shown(at.plus(250)), "2025-03-01 14:15:00.250");
        assert_eq!(zone.rfc3339(at), "2025-03-01T14:15:00+08:00");
        let berlin = PlantZone::parse("Europe/Berlin").unwrap();
        let twice = local("2025-10-26 02:30");
        let earlier = berlin.instant(twice, FoldChoice::Earlier).unwrap();
        let later = berlin.instant(twice, FoldChoice::Later).unwrap();
        assert_eq!(berlin.shown(earlier), "2025-10-26 02:30:00 +02:00");
        assert_eq!(berlin.shown(later), "2025-10-26 02:30:00 +01:00");
        assert_eq!(berlin.shown_hour(berlin.hour_of(later)), "2025-10-26 02:00 +01:00");
        assert_eq!(berlin.shown(later.plus(HOUR_MS)), "2025-10-26 03:30:00");
    }

    #[test]
    fn months_follow_the_plant_calendar_not_utc() {
        let zone = shanghai();
        let at = zone.instant(local("2025-01-01 00:00"), FoldChoice::Refuse).unwrap();
        assert_eq!(zone.month_of(zone.hour_of(at)), Month { year: 2025, month: 1 });
        assert_eq!(
            zone.month_of(zone.hour_of(at.plus(-1))),
            Month { year: 2024, month: 12 }
        );
    }

    #[test]
    fn a_day_that_starts_in_a_gap_starts_at_the_first_instant_after_it() {
        let zone = PlantZone::parse("America/Sao_Paulo").unwrap();
        // Clocks went from 00:00 to 01:00 on 2018-11-04.
        let start = zone.day_start(NaiveDate::from_ymd_opt(2018, 11, 4).unwrap(), 0);
        assert_eq!(zone.local(start), local("2018-11-04 01:00"));
    }
}
