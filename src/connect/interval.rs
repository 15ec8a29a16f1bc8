//! Lengths of intervals as mapping files write them, and the zone in which a file's stamps are meant.

use std::fmt;

use chrono::{DateTime, Days, FixedOffset, Months, NaiveDateTime};

use crate::domain::time::{FoldChoice, Instant, PlantZone, ZoneError};

/// The length of the interval that a row speaks of (时段长度).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interval {
    /// A fixed length in milliseconds, a whole number of seconds.
    Fixed(i64),
    /// Calendar days; a day on which clocks shift has 23 or 25 hours.
    Days(u32),
    /// Calendar months.
    Months(u32),
}

impl Interval {
    /// Reads `15 min`, `1 h`, `30 s`, `1 d`, `1 month`. `None` when it is none of these, or is zero or over a century.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.find(|character: char| !character.is_ascii_digit())?;
        let (number, unit) = text.split_at_checked(digits)?;
        let number: u32 = number.parse().ok().filter(|&number| number > 0)?;
        let fixed = |seconds: u32| {
            let length = i64::from(number) * i64::from(seconds);
            (length <= 3_155_760_000).then_some(Self::Fixed(length * 1000))
        };
        match unit.trim() {
            "s" | "sec" | "秒" => fixed(1),
            "min" | "分钟" => fixed(60),
            "h" | "小时" => fixed(3600),
            "d" | "day" | "days" | "天" => (number <= 36_525).then_some(Self::Days(number)),
            "month" | "months" | "个月" => (number <= 1200).then_some(Self::Months(number)),
            _ => None,
        }
    }

    /// The instant one interval after another, in the calendar of `zone`; `None` outside the calendar.
    pub(crate) fn after(self, at: Instant, zone: &FileZone) -> Option<Instant> {
        self.many_after(1, at, zone)
    }

    /// The instant `count` intervals after another.
    pub(crate) fn many_after(self, count: u32, at: Instant, zone: &FileZone) -> Option<Instant> {
        match self {
            Self::Fixed(length) => Some(at.plus(length.checked_mul(i64::from(count))?)),
            Self::Days(days) => {
                let days = Days::new(u64::from(days) * u64::from(count));
                Some(zone.boundary(zone.local(at)?.checked_add_days(days)?))
            }
            Self::Months(months) => {
                let months = Months::new(months.checked_mul(count)?);
                Some(zone.boundary(zone.local(at)?.checked_add_months(months)?))
            }
        }
    }

    /// The instant one interval before another.
    pub(crate) fn before(self, at: Instant, zone: &FileZone) -> Option<Instant> {
        match self {
            Self::Fixed(length) => Some(at.plus(-length)),
            Self::Days(days) => Some(zone.boundary(zone.local(at)?.checked_sub_days(Days::new(u64::from(days)))?)),
            Self::Months(months) => Some(zone.boundary(zone.local(at)?.checked_sub_months(Months::new(months))?)),
        }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(length) => write!(formatter, "{} s", length / 1000),
            Self::Days(days) => write!(formatter, "{days} d"),
            Self::Months(months) => write!(formatter, "{months} month"),
        }
    }
}

/// The zone in which local stamps of a file are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileZone {
    /// A zone with rules.
    Named(PlantZone),
    /// A fixed offset from UTC, as loggers without summer time keep it.
    Fixed(FixedOffset),
}

impl FileZone {
    /// Reads `utc`, an offset such as `+08:00`, or an IANA name.
    pub fn parse(text: &str) -> Result<Self, ZoneError> {
        if text.eq_ignore_ascii_case("utc") || text == "Z" {
            return FixedOffset::east_opt(0)
                .map(Self::Fixed)
                .ok_or_else(|| ZoneError::Unknown(text.to_owned()));
        }
        if text.starts_with(['+', '-']) {
            return text
                .parse::<FixedOffset>()
                .map(Self::Fixed)
                .map_err(|_| ZoneError::Unknown(text.to_owned()));
        }
        PlantZone::parse(text).map(Self::Named)
    }

    /// The instant of a local time.
    pub(crate) fn instant(&self, local: NaiveDateTime, fold: FoldChoice) -> Result<Instant, ZoneError> {
        match self {
            Self::Named(zone) => zone.instant(local, fold),
            Self::Fixed(offset) => Ok(of_offset(local, *offset)),
        }
    }

    /// Local time of an instant; `None` outside the calendar.
    fn local(&self, at: Instant) -> Option<NaiveDateTime> {
        if !(Instant::EARLIEST..=Instant::LATEST).contains(&at) {
            return None;
        }
        match self {
            Self::Named(zone) => Some(zone.local(at)),
            Self::Fixed(offset) => Some(at.to_utc()?.with_timezone(offset).naive_local()),
        }
    }

    /// The first instant at or after a local time that exists.
    fn boundary(&self, local: NaiveDateTime) -> Instant {
        match self {
            Self::Named(zone) => zone.boundary(local),
            Self::Fixed(offset) => of_offset(local, *offset),
        }
    }
}

/// The instant of a local time at a fixed offset.
pub(crate) fn of_offset(local: NaiveDateTime, offset: FixedOffset) -> Instant {
    let utc: DateTime<chrono::Utc> = local.and_utc();
    Instant(utc.timestamp_millis()).plus(-i64::from(offset.local_minus_utc()) * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_lengths_that_mappings_write() {
        assert_eq!(Interval::parse("15 min"), Some(Interval::Fixed(900_000)));
        assert_eq!(Interval::parse("1h"), Some(Interval::Fixed(3_600_000)));
        assert_eq!(Interval::parse("1 d"), Some(Interval::Days(1)));
        assert_eq!(Interval::parse("3 months"), Some(Interval::Months(3)));
        for wrong in [
            "",
            "15",
            "min",
            "0 min",
            "1.5 h",
            "-1 h",
            "99999999999 h",
            "4000000000 h",
            "1 fortnight",
        ] {
            assert_eq!(Interval::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_calendar_day_on_which_clocks_shift_is_not_24_hours() {
        let zone = FileZone::parse("Europe/Berlin").unwrap();
        let start = zone
            .instant("2025-10-26T00:00:00".parse().unwrap(), FoldChoice::Refuse)
            .unwrap();
        let end = Interval::Days(1).after(start, &zone).unwrap();
        assert_eq!(end.since(start), 25 * 3_600_000);
        assert_eq!(Interval::Days(1).before(end, &zone), Some(start));
    }

    #[test]
    fn zones_of_files() {
        assert!(matches!(FileZone::parse("utc"), Ok(FileZone::Fixed(_))));
        let east = FileZone::parse("+08:00").unwrap();
        let at = east.instant("2025-01-01T08:00:00".parse().unwrap(), FoldChoice::Refuse);
        assert_eq!(at.unwrap().to_string(), "2025-01-01T00:00:00Z");
        assert!(FileZone::parse("Mars/Base").is_err());
        assert!(FileZone::parse("+8 Uhr").is_err());
    }
}
