//! Times as people write them on the command line, in plant time: `2025-03-01T14`, `2025-03-01T14:15:30`, or with an
//! offset of their own, `2025-03-01T06:15:30Z`.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use super::failure::Failure;
use crate::domain::period::Period;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::{FoldChoice, Instant, Month, PlantZone, ZoneError};

/// An instant.
pub fn read_instant(given: &str, zone: &PlantZone) -> Result<Instant, Failure> {
    if let Ok(at) = DateTime::parse_from_rfc3339(given) {
        return Ok(Instant::from_utc(at.to_utc()));
    }
    let given = given.trim();
    // chrono takes no time that has an hour only.
    let padded = if given.len() == "2025-03-01T14".len() {
        format!("{given}:00")
    } else {
        given.to_owned()
    };
    let local = [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%d %H:%M",
    ]
    .iter()
    .find_map(|pattern| NaiveDateTime::parse_from_str(&padded, pattern).ok())
    .ok_or_else(|| Failure::usage(Text::new("cli-not-a-time").with("given", clean(given))))?;
    zone.instant(local, FoldChoice::Refuse).map_err(|error| {
        Failure::usage(match &error {
            // There is no mapping here that could choose one of the two.
            ZoneError::Fold(local, zone) => Text::new("cli-time-twice")
                .with("local", local)
                .with("zone", zone)
                .with("given", clean(given.get(..16).unwrap_or(given))),
            _ => error.text(),
        })
    })
}

/// A period: `year:2018`, `month:2018-03`, `day:2018-03-01`, `hour:2018-03-01T14`, or without its sort where its form says
/// it: `2018`, `2018-Q1`, `2018-03`, `2018-03-01`, `2018-03-01T14`, and a stretch of hours `2018-03-01T00..2018-03-02T00`.
pub fn read_period(given: &str, zone: &PlantZone) -> Result<Period, Failure> {
    let wrong = || Failure::usage(Text::new("cli-not-a-period").with("given", clean(given)));
    if let Some((from, to)) = given.split_once("..") {
        let hour = |part: &str| read_instant(part, zone).map(|at| zone.hour_of(at));
        let (from, to) = (hour(from)?, hour(to)?);
        return if from < to {
            Ok(Period::Hours(from, to))
        } else {
            Err(wrong())
        };
    }
    let value = match given.split_once(':') {
        Some(("year" | "month" | "day" | "hour", value)) => value,
        _ => given,
    };
    let read = match value.len() {
        4 => value
            .parse()
            .ok()
            .filter(|year| (2000..2100).contains(year))
            .map(Period::Year),
        7 if value == given && value.get(4..6) == Some("-Q") => return read_quarter(value, zone).ok_or_else(wrong),
        7 => NaiveDate::parse_from_str(&format!("{value}-01"), "%Y-%m-%d")
            .ok()
            .map(|date| Period::Month(Month::of(date))),
        10 => NaiveDate::parse_from_str(value, "%Y-%m-%d").ok().map(Period::Day),
        _ => return Ok(Period::Hour(zone.hour_of(read_instant(value, zone)?))),
    };
    let read = read.ok_or_else(wrong)?;
    let fits = match given.split_once(':') {
        Some(("year", _)) => matches!(read, Period::Year(_)),
        Some(("month", _)) => matches!(read, Period::Month(_)),
        Some(("day", _)) => matches!(read, Period::Day(_)),
        Some(("hour", _)) => false,
        _ => true,
    };
    if fits { Ok(read) } else { Err(wrong()) }
}

/// A quarter of a year, `2018-Q1`, as its hours.
fn read_quarter(value: &str, zone: &PlantZone) -> Option<Period> {
    let year = value
        .get(..4)?
        .parse()
        .ok()
        .filter(|year| (2000..2100).contains(year))?;
    let quarter: u32 = value
        .get(6..)?
        .parse()
        .ok()
        .filter(|quarter| (1..=4).contains(quarter))?;
    let month = |month: u32| Month { year, month };
    let (from, _) = zone.month_hours(month(quarter * 3 - 2));
    let (_, to) = zone.month_hours(month(quarter * 3));
    Some(Period::Hours(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> PlantZone {
        PlantZone::parse("Asia/Shanghai").unwrap()
    }

    #[test]
    fn periods_are_read_with_and_without_their_sort() {
        let march = Period::Month(Month { year: 2018, month: 3 });
        assert_eq!(read_period("month:2018-03", &zone()), Ok(march));
        assert_eq!(read_period("2018-03", &zone()), Ok(march));
        assert_eq!(read_period("year:2018", &zone()), Ok(Period::Year(2018)));
        let hour = zone().hour_of(read_instant("2018-03-01T14:00", &zone()).unwrap());
        assert_eq!(read_period("hour:2018-03-01T14", &zone()), Ok(Period::Hour(hour)));
        let (from, _) = zone().month_hours(Month { year: 2018, month: 3 });
        assert!(matches!(
            read_period("2018-Q2", &zone()),
            Ok(Period::Hours(april, july)) if april.0 - from.0 == 31 * 24 && july.0 - april.0 == 91 * 24
        ));
        assert!(matches!(
            read_period("2018-03-01T00..2018-03-02T00", &zone()),
            Ok(Period::Hours(from, to)) if to.0 - from.0 == 24
        ));
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for nonsense in [
            "",
            "year:2018-03",
            "month:2018",
            "2018-13",
            "day:yesterday",
            "hour:2018-03-01",
            "1999",
            "2018-Q5",
            "2018-Q0",
            "year:2018-Q1",
        ] {
            assert!(read_period(nonsense, &zone()).is_err(), "{nonsense}");
        }
        assert!(read_period("2018-03-02T00..2018-03-01T00", &zone()).is_err());
    }

    #[test]
    fn a_time_that_occurred_twice_is_asked_for_with_its_offset() {
        let berlin = PlantZone::parse("Europe/Berlin").unwrap();
        let twice = read_instant("2024-10-27T02:30", &berlin).unwrap_err();
        assert_eq!(twice.text.id, "cli-time-twice");
        assert!(read_instant("2024-10-27T02:30:00+02:00", &berlin).is_ok());
        let skipped = read_instant("2024-03-31T02:30", &berlin).unwrap_err();
        assert_eq!(skipped.text.id, "zone-gap");
    }

    #[test]
    fn instants_are_in_plant_time_unless_they_say_otherwise() {
        let local = read_instant("2018-03-01T14:15", &zone()).unwrap();
        assert_eq!(read_instant("2018-03-01T06:15:00Z", &zone()), Ok(local));
        assert_eq!(read_instant("2018-03-01 14:15:00", &zone()), Ok(local));
    }
}
