//! Days and times as people type them into forms: with the keypad's `-` and `.` as well as with what a letterhead has.
//!
//! | text | meaning |
//! |---|---|
//! | `2025-03-01`, `2025/3/1`, `2025.3.1`, `20250301`, `2025年3月1日` | a day |
//! | `2025-03`, `2025年3月` | a month |
//! | `2025-03-01 08:00`, `2025-03-01T08`, `2025-03-01 8.30` | a time of day in plant time |
//!
//! A date always has its year: what is missing would be guessed, and lands in the wrong month.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::number::plain;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::{FoldChoice, Instant, Month, PlantZone};

/// What a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A month.
    Month(Month),
    /// A day.
    Day(NaiveDate),
    /// An instant.
    At(Instant),
}

/// Year, month and, where there is one, day, written with signs of one sort between them.
fn parts(text: &str) -> Option<(i32, u32, Option<u32>)> {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if text.len() == 8 && is_digits(text) {
        let part = |from: usize, to: usize| text.get(from..to)?.parse().ok();
        return Some((text.get(..4)?.parse().ok()?, part(4, 6)?, Some(part(6, 8)?)));
    }
    let unified = text
        .trim_end_matches(['日', '号', '月'])
        .replace(['年', '月', '/', '.'], "-");
    let mut parts = unified.split('-').map(str::trim);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next());
    let is_plain = is_digits(year) && year.len() == 4 && is_digits(month) && month.len() <= 2;
    let is_day = day.is_none_or(|day| is_digits(day) && day.len() <= 2);
    if !is_plain || !is_day || parts.next().is_some() {
        return None;
    }
    let day = match day {
        Some(day) => Some(day.parse().ok()?),
        None => None,
    };
    Some((year.parse().ok()?, month.parse().ok()?, day))
}

/// A day.
pub fn day(text: &str) -> Result<NaiveDate, Text> {
    let given = plain(text);
    let read = parts(&given).and_then(|(year, month, day)| NaiveDate::from_ymd_opt(year, month, day?));
    read.ok_or_else(|| Text::new("entry-not-a-day").with("given", clean(text)))
}

/// A day, a month or an instant.
pub fn named(text: &str, zone: &PlantZone) -> Result<Named, Text> {
    let wrong = || Text::new("entry-not-a-time").with("given", clean(text));
    let given = plain(text);
    if let Some((date, time)) = given.split_once([' ', 'T', 't']) {
        let date = day(date).map_err(|_| wrong())?;
        let time = clock(time.trim()).ok_or_else(wrong)?;
        let local = NaiveDateTime::new(date, time);
        return zone
            .instant(local, FoldChoice::Refuse)
            .map(Named::At)
            .map_err(|error| error.text());
    }
    match parts(&given).ok_or_else(wrong)? {
        (year, month, Some(day)) => NaiveDate::from_ymd_opt(year, month, day).map(Named::Day),
        (year, month, None) => NaiveDate::from_ymd_opt(year, month, 1).map(|first| Named::Month(Month::of(first))),
    }
    .ok_or_else(wrong)
}

/// A time of day: `8`, `8:30`, `08.30`, `8:30:15`.
fn clock(text: &str) -> Option<NaiveTime> {
    let unified = text.replace('.', ":");
    let mut parts = unified.split(':');
    let hour: u32 = parts.next()?.parse().ok()?;
    let mut next = || match parts.next() {
        Some(part) => part.parse().ok(),
        None => Some(0),
    };
    let (minute, second) = (next()?, next()?);
    NaiveTime::from_hms_opt(hour, minute, second).filter(|_| parts.next().is_none())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone() -> PlantZone {
        PlantZone::parse("Asia/Shanghai").unwrap()
    }

    #[test]
    fn a_day_is_read_however_it_is_written() {
        let wanted = NaiveDate::from_ymd_opt(2025, 3, 1).unwrap();
        for text in [
            "2025-03-01",
            "2025-3-1",
            "2025/3/1",
            "2025.3.1",
            "20250301",
            "2025年3月1日",
            "２０２５－０３－０１",
            " 2025-03-01 ",
        ] {
            assert_eq!(day(text), Ok(wanted), "{text}");
        }
        for text in [
            "",
            "3-1",
            "03-01",
            "25-03-01",
            "2025-02-29",
            "2025-13-01",
            "2025-03",
            "20250230",
            "tomorrow",
            "1/3/2025",
        ] {
            assert_eq!(day(text).unwrap_err().id, "entry-not-a-day", "{text}");
        }
    }

    #[test]
    fn months_and_times_are_told_from_days() {
        let march = Named::Month(Month { year: 2025, month: 3 });
        assert_eq!(named("2025-03", &zone()), Ok(march));
        assert_eq!(named("2025年3月", &zone()), Ok(march));
        let wanted = zone().instant(
            NaiveDate::from_ymd_opt(2025, 3, 1)
                .unwrap()
                .and_hms_opt(8, 30, 0)
                .unwrap(),
            FoldChoice::Refuse,
        );
        for text in [
            "2025-03-01 08:30",
            "2025-03-01T8:30",
            "20250301 8.30",
            "2025-03-01 08:30:00",
        ] {
            assert_eq!(
                named(text, &zone()),
                wanted.clone().map(Named::At).map_err(|error| error.text()),
                "{text}"
            );
        }
        for text in [
            "2025-03-01 25:00",
            "2025-03-01 8:30:00:00",
            "2025-03-01 morning",
            "8:30",
            "",
        ] {
            assert!(named(text, &zone()).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "[-0-9年月日/. :T１]{0,24}") {
            let _ = named(&text, &zone());
            let _ = day(&text);
        }
    }
}
