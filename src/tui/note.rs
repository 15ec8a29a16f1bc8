//! A note as it is typed (记事): its line, of what and of which time it speaks.

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use uuid::Uuid;

use super::keymap::narrow;
use super::widgets::field::Field;
use crate::domain::note::{About, LONGEST_NOTE, Note};
use crate::domain::text::{Text, clean};
use crate::domain::time::{FoldChoice, Instant, PlantZone};
use crate::engine::view::NoteView;

/// Room for a time before the text.
const LONGEST_TIME: usize = 20;

/// How far ahead of the clock a bare hour and minute may lie; further ahead is yesterday's.
const AHEAD_MINUTES: i64 = 60;

/// A note that the daemon was asked to write.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// Number of the request.
    pub request: u64,
    /// Its idempotency key: whatever becomes of the connection, it is written once.
    pub key: Uuid,
    /// What was sent.
    pub note: Note,
    /// In whose name, by staff number: it is written in theirs or not at all.
    pub by: Option<String>,
}

/// A note as it is typed.
#[derive(Debug, Clone, PartialEq)]
pub struct NoteSheet {
    /// The line: a time after `@` if another one is meant, then the text.
    pub field: Field,
    /// Of which time it speaks where the line does not say; `None` for the time at which it is written.
    pub at: Option<Instant>,
    /// Of what it may speak, the likeliest first; never empty.
    pub choices: Vec<About>,
    /// Which of them is chosen.
    pub chosen: usize,
    /// Whether it is handed over from shift to shift until somebody closes it.
    pub carry: bool,
    /// What was noted about it before, the newest first; `None` where that is not known.
    pub before: Option<Vec<NoteView>>,
    /// Number of the request for that.
    pub awaited: Option<u64>,
    /// In whose name it was begun, by staff number.
    pub by: Option<String>,
    /// What was sent last, and under which key.
    pub sent: Option<(Note, Uuid)>,
    /// Why what was typed or sent last could not be written.
    pub fault: Option<Text>,
}

impl NoteSheet {
    /// Nothing typed yet.
    pub fn new(at: Option<Instant>, choices: Vec<About>) -> Self {
        Self {
            field: Field::new(LONGEST_NOTE + LONGEST_TIME),
            at,
            choices,
            chosen: 0,
            carry: false,
            before: None,
            awaited: None,
            by: None,
            sent: None,
            fault: None,
        }
    }

    /// Whether it waits for the daemon's answer.
    pub fn is_sent(&self) -> bool {
        self.sent.is_some() && self.fault.is_none()
    }

    /// Of what it speaks.
    pub fn about(&self) -> About {
        self.choices.get(self.chosen).copied().unwrap_or_default()
    }

    /// The note that the line means at a time.
    pub fn note(&self, now: Instant, zone: &PlantZone) -> Result<Note, Text> {
        let (at, text) = timed(self.field.text(), now, zone)?;
        let text = text.trim();
        if text.is_empty() {
            return Err(Text::new("note-empty"));
        }
        Ok(Note {
            at: at.or(self.at).unwrap_or(now),
            about: self.about(),
            text: text.to_owned(),
            carry: self.carry,
        })
    }
}

/// The time that stands after `@` before a line's text, and the text. Of an hour and minute alone it is the last time that
/// the clock showed them.
fn timed<'a>(line: &'a str, now: Instant, zone: &PlantZone) -> Result<(Option<Instant>, &'a str), Text> {
    let line = line.trim_start();
    let Some(rest) = line.strip_prefix(['@', '＠']) else {
        return Ok((None, line));
    };
    let (word, text) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let given: String = word.chars().map(narrow).collect();
    let wrong = || Text::new("tui-note-time").with("given", clean(word));
    let today = zone.local(now);
    let year = today.format("%Y-").to_string();
    let of_day = ["%H:%M:%S", "%H:%M", "%H%M"]
        .iter()
        .find_map(|form| NaiveTime::parse_from_str(&given, form).ok());
    let local = match of_day {
        Some(time) => {
            let at = today.date().and_time(time);
            if at > today + TimeDelta::minutes(AHEAD_MINUTES) {
                at - TimeDelta::days(1)
            } else {
                at
            }
        }
        None => [given.clone(), format!("{year}{given}")]
            .iter()
            .find_map(|given| NaiveDateTime::parse_from_str(given, "%Y-%m-%dT%H:%M").ok())
            .ok_or_else(wrong)?,
    };
    let at = zone.instant(local, FoldChoice::Earlier).map_err(|_| wrong())?;
    Ok((Some(at), text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

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

    #[test]
    fn a_time_before_the_text_is_the_last_that_the_clock_showed() {
        let read = |line| timed(line, at(20, 0, 10), &zone()).map(|(at, text)| (at, text.trim()));
        assert_eq!(read("换煤"), Ok((None, "换煤")));
        assert_eq!(read("@23:50 换煤"), Ok((Some(at(19, 23, 50)), "换煤")));
        assert_eq!(read("@00:05 x"), Ok((Some(at(20, 0, 5)), "x")));
        assert_eq!(read("@2350 x"), Ok((Some(at(19, 23, 50)), "x")));
        assert_eq!(read("@00:40 soon"), Ok((Some(at(20, 0, 40)), "soon")));
        assert_eq!(read("＠２３：５０　x"), Ok((Some(at(19, 23, 50)), "x")));
        assert_eq!(read("@11-02T08:00 x"), Ok((Some(at(2, 8, 0)), "x")));
        assert_eq!(read("@2025-11-03T08:00"), Ok((Some(at(3, 8, 0)), "")));
        for wrong in ["@", "@ x", "@25:00 x", "@8 x", "@2575 x", "@11-31T08:00 x"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
