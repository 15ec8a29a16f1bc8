//! The line in which one says why an alarm is hidden, and of a shelf for how long: `30m calibrating`.

use chrono::{NaiveTime, TimeDelta};

use crate::domain::note::LONGEST_NOTE;
use crate::domain::text::Text;
use crate::domain::time::{FoldChoice, Instant, PlantZone};
use crate::engine::alarms::AlarmDeed;
use crate::quality::alarm::AlarmId;
use crate::tui::keymap::narrow;
use crate::tui::widgets::field::Field;

/// Room for the time before the reason.
const LONGEST_TIME: usize = 20;

/// Longest time that is read, in minutes; how long a shelf may last is the daemon's to say.
const LONGEST_MINUTES: u32 = 60 * 24 * 365;

/// For what a reason is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The alarm goes on the shelf.
    Shelve,
    /// It is taken out of service.
    Remove,
}

/// The line as it is typed.
#[derive(Debug, Clone, PartialEq)]
pub struct ReasonSheet {
    /// For what.
    pub why: Why,
    /// For which alarms.
    pub alarms: Vec<AlarmId>,
    /// The line.
    pub field: Field,
    /// Number of the request, while the daemon's answer is awaited.
    pub awaited: Option<u64>,
    /// Why what was typed or sent last could not be done.
    pub fault: Option<Text>,
}

impl ReasonSheet {
    /// Nothing typed yet.
    pub fn new(why: Why, alarms: Vec<AlarmId>) -> Self {
        Self {
            why,
            alarms,
            field: Field::new(LONGEST_NOTE + LONGEST_TIME),
            awaited: None,
            fault: None,
        }
    }

    /// What the line asks for at a time, or what is missing in it.
    pub fn deed(&self, now: Instant, zone: &PlantZone) -> Result<AlarmDeed, Text> {
        let line = self.field.text().trim();
        match self.why {
            Why::Remove if line.is_empty() => Err(Text::new("tui-alarm-remove-reason")),
            Why::Remove => Ok(AlarmDeed::RemoveFromService {
                reason: line.to_owned(),
            }),
            Why::Shelve => shelf(line, now, zone),
        }
    }
}

/// A shelf as it is typed: until when or for how long, then perhaps that it ends with the alarm, then why.
fn shelf(line: &str, now: Instant, zone: &PlantZone) -> Result<AlarmDeed, Text> {
    let (time, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let time: String = time.chars().map(narrow).collect::<String>().to_lowercase();
    let until = end(&time, now, zone).ok_or_else(|| Text::new("tui-alarm-shelve-end"))?;
    let rest = rest.trim_start();
    let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let one_shot = matches!(word.to_lowercase().as_str(), "once" | "一次");
    let reason = if one_shot { after } else { rest }.trim();
    if reason.is_empty() {
        return Err(Text::new("tui-alarm-shelve-reason").with("time", &time));
    }
    Ok(AlarmDeed::Shelve {
        until: Some(until),
        one_shot,
        reason: reason.to_owned(),
    })
}

/// The end that a word names: `30m`, `2h`, `1h30m`, `90分`, `2小时`; or the next time that the clock shows `15:30`.
fn end(word: &str, now: Instant, zone: &PlantZone) -> Option<Instant> {
    let clock = word.strip_prefix('@').unwrap_or(word);
    if let Ok(time) = NaiveTime::parse_from_str(clock, "%H:%M") {
        let today = zone.local(now);
        let at = today.date().and_time(time);
        let at = if at > today {
            at
        } else {
            at.checked_add_signed(TimeDelta::days(1))?
        };
        return zone.instant(at, FoldChoice::Earlier).ok();
    }
    let minutes = minutes(word)?;
    (minutes > 0).then(|| now.plus(i64::from(minutes) * 60_000))
}

/// The minutes of a length of time.
fn minutes(word: &str) -> Option<u32> {
    let mut rest = word;
    let mut sum: u32 = 0;
    while !rest.is_empty() {
        let unit_at = rest.find(|character: char| !character.is_ascii_digit())?;
        let (number, from_unit) = rest.split_at_checked(unit_at)?;
        let next = from_unit.find(|character: char| character.is_ascii_digit());
        let (unit, after) = from_unit.split_at_checked(next.unwrap_or(from_unit.len()))?;
        let of_unit = match unit {
            "m" | "min" | "分" | "分钟" => 1,
            "h" | "小时" | "时" => 60,
            "d" | "天" | "日" => 60 * 24,
            _ => return None,
        };
        let number: u32 = number.parse().ok()?;
        sum = sum.checked_add(number.checked_mul(of_unit)?)?;
        rest = after;
    }
    (sum <= LONGEST_MINUTES).then_some(sum)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;

    fn zone() -> PlantZone {
        PlantZone::parse("Asia/Shanghai").unwrap()
    }

    fn at(day: u32, hour: u32, minute: u32) -> Instant {
        let local = NaiveDate::from_ymd_opt(2025, 11, day)
            .unwrap()
            .and_hms_opt(hour, minute, 0)
            .unwrap();
        zone().instant(local, FoldChoice::Refuse).unwrap()
    }

    fn read(line: &str) -> Result<(Instant, bool, String), String> {
        match shelf(line, at(20, 14, 0), &zone()) {
            Ok(AlarmDeed::Shelve {
                until: Some(until),
                one_shot,
                reason,
            }) => Ok((until, one_shot, reason)),
            Ok(other) => panic!("{other:?}"),
            Err(why) => Err(why.id.into_owned()),
        }
    }

    #[test]
    fn a_shelf_has_an_end_and_a_reason() {
        let shelf = |hour, minute, one_shot, reason: &str| Ok((at(20, hour, minute), one_shot, reason.to_owned()));
        assert_eq!(read("30m calibrating"), shelf(14, 30, false, "calibrating"));
        assert_eq!(read("2h  标定 中"), shelf(16, 0, false, "标定 中"));
        assert_eq!(read("１Ｈ３０Ｍ　校准"), shelf(15, 30, false, "校准"));
        assert_eq!(read("90分钟 校准"), shelf(15, 30, false, "校准"));
        assert_eq!(read("1小时5分 校准"), shelf(15, 5, false, "校准"));
        assert_eq!(read("15:30 once chattering"), shelf(15, 30, true, "chattering"));
        assert_eq!(read("@15：30 一次 抖动"), shelf(15, 30, true, "抖动"));
        assert_eq!(read("06:00 night"), Ok((at(21, 6, 0), false, "night".to_owned())));
    }

    #[test]
    fn what_is_missing_is_asked_for() {
        for line in [
            "",
            "calibrating",
            "30",
            "m",
            "0m x",
            "30x y",
            "25:00 x",
            "99999999999h x",
            "h2 x",
        ] {
            assert_eq!(read(line), Err("tui-alarm-shelve-end".to_owned()), "{line}");
        }
        for line in ["30m", "2h  ", "2h once", "2h once "] {
            assert_eq!(read(line), Err("tui-alarm-shelve-reason".to_owned()), "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_line_is_read(line in ".{0,60}") {
            let _ = read(&line);
        }

        #[test]
        fn any_word_of_numbers_and_units_is_read(line in "[0-9]{0,12}[mh时分d]{0,2}[0-9]{0,4}[m分]{0,1} x") {
            let _ = read(&line);
        }
    }
}
