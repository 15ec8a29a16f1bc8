//! Stamps: from the text in a file to the instant or interval that a reading speaks of.

use std::str::FromStr;

use chrono::format::{Item, Parsed, parse};
use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::connect::interval::{FileZone, of_offset};
use crate::connect::mapping::{Marks, Repair, StampColumns, StampFormat, StampRule};
use crate::domain::reading::{ParameterKind, Slot};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::{Instant, PlantZone, ZoneError};

/// A stamp as it is written: local time, or an instant where it says its own offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Local(NaiveDateTime),
    At(Instant),
}

/// The stamp of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The instant that is written.
    pub(super) at: Instant,
    /// Local time that is written, after repair.
    local: Option<NaiveDateTime>,
    /// Start of the interval; the instant itself where there is none.
    start: Instant,
    /// Length of the interval in seconds.
    span_s: u32,
    /// Whether it was repaired.
    pub(super) repaired: bool,
}

impl Stamp {
    /// What a reading of a kind speaks of.
    ///
    /// Amounts and properties hold over the interval. Flows and states become instants at its start, from which a step
    /// integration holds the value over it (a mean over an interval is better declared an amount). A counter is read at
    /// the stamp itself, whatever the stamp marks.
    pub(super) fn slot(&self, kind: ParameterKind, own_id: u64) -> Slot {
        let (at, span_s) = match kind {
            ParameterKind::Amount | ParameterKind::Property => (self.start, self.span_s),
            ParameterKind::Flow | ParameterKind::State => (self.start, 0),
            ParameterKind::Counter => (self.at, 0),
        };
        Slot { at, span_s, own_id }
    }
}

/// What was stamped before in the same series: the rows of a wide file, or one parameter of a long one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Series {
    previous: Option<(Instant, Option<NaiveDateTime>)>,
}

impl Series {
    /// Moves on to a stamp; the one before it, where time did not go forward.
    pub(super) fn advance(&mut self, stamp: &Stamp, same_is_backwards: bool) -> Option<Instant> {
        let before = self.previous.replace((stamp.at, stamp.local)).map(|(at, _)| at)?;
        (stamp.at < before || (same_is_backwards && stamp.at == before)).then_some(before)
    }
}

/// Reads the stamps of a file.
#[derive(Debug)]
pub(super) struct Stamps {
    rule: StampRule,
    repair_interval_ms: Option<i64>,
    zone: FileZone,
    /// Instant of the first row, in files without stamps.
    first: Option<Instant>,
    /// The stamp text read last, and what it says: rows often share a stamp.
    last_written: Option<(String, Written)>,
    /// The local time turned into an instant last.
    last_local: Option<(NaiveDateTime, Instant)>,
}

impl Stamps {
    /// Begins to read stamps by a rule; `repair` goes before the rule's own.
    pub(super) fn new(rule: &StampRule, plant: PlantZone, repair: Option<Repair>) -> Result<Self, ZoneError> {
        let zone = rule.zone.unwrap_or(FileZone::Named(plant));
        let first = match rule.columns {
            StampColumns::Counted(local) => Some(zone.instant(local, rule.fold)?),
            _ => None,
        };
        Ok(Self {
            repair_interval_ms: repair.or(rule.repair).and(rule.repairable_interval_ms()),
            rule: rule.clone(),
            zone,
            first,
            last_written: None,
            last_local: None,
        })
    }

    /// The stamp of a row in a file without stamps; `place` counts rows from 0.
    pub(super) fn counted(&self, place: u32) -> Result<Stamp, Text> {
        let at = self
            .first
            .zip(self.rule.interval)
            .and_then(|(first, interval)| interval.many_after(place, first, &self.zone))
            .ok_or_else(|| Text::new("intake-stamp-counted-out"))?;
        self.bounded(at, None, false, &at.to_string())
    }

    /// The stamp that a text says, in the light of the series' previous one.
    pub(super) fn read(&mut self, text: &str, series: &Series) -> Result<Stamp, Text> {
        if text.is_empty() {
            return Err(Text::new("intake-stamp-empty"));
        }
        let written = match &self.last_written {
            Some((last, written)) if last == text => *written,
            _ => {
                let written = self.understand(text).ok_or_else(|| self.unreadable(text))?;
                let mut kept = self.last_written.take().map(|(kept, _)| kept).unwrap_or_default();
                kept.clear();
                kept.push_str(text);
                self.last_written = Some((kept, written));
                written
            }
        };
        match written {
            Written::At(at) => self.bounded(at, None, false, text),
            Written::Local(local) => {
                let (local, repaired) = self.repaired(local, series, text)?;
                let at = self.instant(local, text)?;
                self.bounded(at, Some(local), repaired, text)
            }
        }
    }

    fn unreadable(&self, text: &str) -> Text {
        let format = match &self.rule.format {
            StampFormat::Pattern(pattern, _) => pattern.as_str(),
            StampFormat::EpochSeconds => "epoch-s",
            StampFormat::EpochMilliseconds => "epoch-ms",
            StampFormat::Rfc3339 => "rfc3339",
        };
        Text::new("intake-stamp-unreadable")
            .with("given", shown(text))
            .with("format", clean(format))
    }

    fn understand(&self, text: &str) -> Option<Written> {
        match &self.rule.format {
            StampFormat::Pattern(_, items) => by_pattern(text, items),
            StampFormat::EpochSeconds => epoch(text, 1000),
            StampFormat::EpochMilliseconds => epoch(text, 1),
            StampFormat::Rfc3339 => DateTime::parse_from_rfc3339(text)
                .ok()
                .map(|at| Written::At(Instant(at.timestamp_millis()))),
        }
    }

    /// The day-end repair: 0:00 a day less one interval before the previous stamp is 0:00 of the next day.
    fn repaired(&self, local: NaiveDateTime, series: &Series, text: &str) -> Result<(NaiveDateTime, bool), Text> {
        let (Some(interval), Some((_, Some(previous)))) = (self.repair_interval_ms, series.previous) else {
            return Ok((local, false));
        };
        if local.time() != NaiveTime::MIN || local.date() != previous.date() || local >= previous {
            return Ok((local, false));
        }
        let back = previous.signed_duration_since(local).num_milliseconds();
        if back == 86_400_000 - interval {
            let next_day = local
                .checked_add_days(Days::new(1))
                .ok_or_else(|| self.unreadable(text))?;
            Ok((next_day, true))
        } else {
            // After a gap it may be the day's beginning out of order, or its end: nobody can tell.
            Err(Text::new("intake-stamp-day-end").with("given", shown(text)))
        }
    }

    fn instant(&mut self, local: NaiveDateTime, text: &str) -> Result<Instant, Text> {
        if let Some((_, at)) = self.last_local.filter(|(last, _)| *last == local) {
            return Ok(at);
        }
        if !(1999..=2100).contains(&local.year()) {
            return Err(out_of_range(text));
        }
        let at = self.zone.instant(local, self.rule.fold).map_err(|error| error.text())?;
        self.last_local = Some((local, at));
        Ok(at)
    }

    fn bounded(&self, at: Instant, local: Option<NaiveDateTime>, repaired: bool, text: &str) -> Result<Stamp, Text> {
        let range = || out_of_range(text);
        if !(Instant::EARLIEST..=Instant::LATEST).contains(&at) {
            return Err(range());
        }
        let (start, end) = match (self.rule.marks, self.rule.interval) {
            (Marks::Start, Some(interval)) => (at, interval.after(at, &self.zone).ok_or_else(range)?),
            (Marks::End, Some(interval)) => (interval.before(at, &self.zone).ok_or_else(range)?, at),
            _ => (at, at),
        };
        if !start.is_plausible() || end > Instant::LATEST || !at.is_plausible() && at != end {
            return Err(range());
        }
        let span_s = u32::try_from(end.since(start) / 1000).map_err(|_| range())?;
        Ok(Stamp {
            at,
            local,
            start,
            span_s,
            repaired,
        })
    }
}

/// A stamp as it is shown in a refusal.
fn shown(text: &str) -> String {
    clean(&text.chars().take(64).collect::<String>()).into_owned()
}

fn out_of_range(text: &str) -> Text {
    Text::new("intake-stamp-range").with("given", shown(text))
}

fn epoch(text: &str, milliseconds: i64) -> Option<Written> {
    let count = match i64::from_str(text) {
        Ok(count) => count.checked_mul(milliseconds)?,
        Err(_) => Decimal::from_str_exact(text)
            .ok()?
            .checked_mul(Decimal::from(milliseconds))?
            .trunc()
            .to_i64()?,
    };
    Some(Written::At(Instant(count)))
}

/// Reads a stamp by a pattern. A pattern without a time of day means midnight, one without a day the month's first. An
/// hour of 24 at 0 minutes is the end of its day, as plants write it.
fn by_pattern(text: &str, items: &[Item<'static>]) -> Option<Written> {
    settle(text, items).or_else(|| {
        let at = text.find("24:00")?;
        let (before, after) = (text.get(..at)?, text.get(at + 5..)?);
        if before.ends_with(|character: char| character.is_ascii_digit()) {
            return None;
        }
        let Written::Local(midnight) = settle(&format!("{before}00:00{after}"), items)? else {
            return None;
        };
        if midnight.time() != NaiveTime::MIN {
            return None;
        }
        midnight.checked_add_days(Days::new(1)).map(Written::Local)
    })
}

fn settle(text: &str, items: &[Item<'static>]) -> Option<Written> {
    let mut parsed = Parsed::new();
    parse(&mut parsed, text, items.iter()).ok()?;
    let offset = parsed.offset();
    let has_time = parsed.hour_mod_12().is_some() || parsed.timestamp().is_some();
    let local = if has_time {
        if parsed.hour_mod_12().is_some() && parsed.minute().is_none() {
            parsed.set_minute(0).ok()?;
        }
        parsed.to_naive_datetime_with_offset(offset.unwrap_or(0)).ok()?
    } else {
        let date = parsed.to_naive_date().or_else(|_| {
            parsed.set_day(1)?;
            parsed.to_naive_date()
        });
        date.ok()?.and_time(NaiveTime::MIN)
    };
    match offset {
        Some(seconds) => Some(Written::At(of_offset(local, FixedOffset::east_opt(seconds)?))),
        None if parsed.timestamp().is_some() => Some(Written::At(Instant(local.and_utc().timestamp_millis()))),
        None => Some(Written::Local(local)),
    }
}

/// Whether a pattern tells a date, and the time of day if it tells any: tried on a stamp of the afternoon.
pub(in crate::connect) fn tells_a_time(items: &[Item<'static>]) -> bool {
    let Some(sample) = NaiveDate::from_ymd_opt(2024, 11, 23).and_then(|date| date.and_hms_opt(13, 0, 0)) else {
        return false;
    };
    let Some(offset) = FixedOffset::east_opt(8 * 3600) else {
        return false;
    };
    let at = of_offset(sample, offset);
    let Some(stamp) = at.to_utc().map(|utc| utc.with_timezone(&offset)) else {
        return false;
    };
    let mut text = String::new();
    if std::fmt::Write::write_fmt(&mut text, format_args!("{}", stamp.format_with_items(items.iter()))).is_err() {
        return false;
    }
    match settle(&text, items) {
        Some(Written::At(read)) => read == at,
        Some(Written::Local(read)) => {
            let date = read.date();
            date == sample.date() && (read == sample || read.time() == NaiveTime::MIN)
                || date == sample.date().with_day(1).unwrap_or(date) && read.time() == NaiveTime::MIN
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::format::StrftimeItems;

    fn items(pattern: &str) -> Vec<Item<'static>> {
        StrftimeItems::new(pattern).parse_to_owned().unwrap()
    }

    fn local(text: &str) -> Written {
        Written::Local(text.parse().unwrap())
    }

    #[test]
    fn patterns_that_tell_too_little_are_known() {
        for good in [
            "%d/%m/%Y %H:%M",
            "%Y-%m-%d",
            "%Y%m%d%H%M%S",
            "%Y-%m",
            "%m/%d/%y %I:%M %p",
            "%Y-%m-%d %H",
            "%s",
            "%Y-%m-%dT%H:%M:%S%:z",
            "%Y年%m月%d日 %H时",
        ] {
            assert!(tells_a_time(&items(good)), "{good}");
        }
        for bad in ["%H:%M", "%d/%m", "%Y", "now", "%m/%d/%y %I:%M", "%B"] {
            assert!(!tells_a_time(&items(bad)), "{bad}");
        }
    }

    #[test]
    fn an_hour_of_24_is_the_end_of_the_day() {
        let pattern = items("%Y-%m-%d %H:%M:%S");
        assert_eq!(
            by_pattern("2024-12-31 24:00:00", &pattern),
            Some(local("2025-01-01T00:00:00"))
        );
        assert_eq!(by_pattern("2024-12-31 24:00:01", &pattern), None);
        assert_eq!(by_pattern("2024-12-31 24:15:00", &pattern), None);
    }

    #[test]
    fn stamps_with_an_offset_ignore_the_zone() {
        let at = Written::At(Instant(1_735_660_800_000));
        assert_eq!(
            by_pattern("2025-01-01 00:00 +0800", &items("%Y-%m-%d %H:%M %z")),
            Some(at)
        );
        assert_eq!(epoch("1735660800", 1000), Some(at));
        assert_eq!(epoch("1735660800.0009", 1000), Some(at));
        assert_eq!(epoch("1735660800000", 1), Some(at));
        assert_eq!(epoch("9223372036854775807", 1000), None);
        assert_eq!(epoch("soon", 1), None);
    }
}
