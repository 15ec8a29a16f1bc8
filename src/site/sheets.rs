//! Entry sheets, in a `site.toml` (录入表).

use super::build::name;
use super::check::{Links, filled, repeated, unique};
use super::fields::{Form, NAME, NAME_EN, SECOND_PERSON, Shape, may, must};
use super::problem::{Problems, remedy_for};
use super::row::{Row, Value};
use crate::domain::identity::ParameterId;
use crate::domain::reading::Origin;
use crate::domain::sheet::{EntrySheet, MOST_ROUNDS, MOST_ROWS};
use crate::domain::text::{Text, clean};
use crate::domain::time::HOUR_MS;

/// As what values may be taken.
pub(super) const SHEET_ORIGINS: &[&str] = &["typed", "laboratory", "invoice"];

/// How long after a round it is due where the sheet does not say.
const USUAL_DUE_MS: i64 = HOUR_MS;

/// `[[sheet]]`.
pub(super) const SHEET: Shape = Shape {
    name: "sheet",
    about: "What people write down, in the order of the plant's own paper.",
    fields: &[
        must("key", Form::Key, "Key of the sheet."),
        NAME,
        NAME_EN,
        must(
            "rows",
            Form::List(&Form::Tag),
            "Tags of what is written down, in order.",
        ),
        must(
            "rounds",
            Form::List(&Form::Clock),
            "Local times of the rounds, in the order of the plant's day. With one a day, a page is a month of days; with several, a page is a day of rounds.",
        ),
        may(
            "due",
            Form::Duration,
            "How long after a round it is due; 1 h where it is missing.",
        ),
        may(
            "origin",
            Form::Choice(SHEET_ORIGINS),
            "As what the values are taken; typed where it is missing.",
        ),
        SECOND_PERSON,
    ],
};

fn rounds(row: &Row) -> impl Iterator<Item = (usize, u32)> {
    row.list("rounds").iter().filter_map(|round| match round.value {
        Value::Minutes(minutes) => Some((round.at, minutes)),
        _ => None,
    })
}

/// Checks all sheets.
pub(super) fn check_sheets(problems: &Problems<'_>, file: &Row, links: &Links<'_>) {
    let day_start = file.row("site").and_then(|site| site.minutes("day_start")).unwrap_or(0);
    unique(problems, file.rows("sheet"), "key");
    for sheet in file.rows("sheet") {
        filled(problems, sheet, "rows");
        filled(problems, sheet, "rounds");
        repeated(problems, sheet, "rows");
        for (place, row) in sheet.words_of("rows").enumerate() {
            if !links.parameters.contains_key(row.value) {
                let what = Text::new("site-unresolved")
                    .with("field", "rows")
                    .with("key", clean(row.value));
                let remedy = remedy_for(row.value, links.parameters.keys().copied());
                problems.push(row.at, what, remedy);
            } else if place == MOST_ROWS {
                let what = Text::new("site-sheet-too-long").with_count("most", MOST_ROWS);
                problems.push(row.at, what, Text::new("site-remedy-sheet-too-long"));
            }
        }
        // In the plant's day, a round before its beginning by the clock is of the morning after.
        let of_day = |minutes: u32| (minutes + 24 * 60 - day_start) % (24 * 60);
        let mut before: Option<u32> = None;
        for (place, (at, minutes)) in rounds(sheet).enumerate() {
            let minutes = of_day(minutes);
            if before.is_some_and(|before| before >= minutes) {
                problems.push(
                    at,
                    Text::new("site-sheet-rounds-order"),
                    Text::new("site-remedy-sheet-rounds-order"),
                );
            } else if place == MOST_ROUNDS {
                let what = Text::new("site-sheet-too-many-rounds").with_count("most", MOST_ROUNDS);
                problems.push(at, what, Text::new("site-remedy-sheet-too-long"));
            }
            before = Some(minutes);
        }
    }
}

/// A sheet of a file without problems.
pub(super) fn sheet(row: &Row, links: &Links<'_>) -> Option<EntrySheet> {
    let parameter =
        |tag: &str| -> Option<ParameterId> { Some(ParameterId(u32::try_from(*links.parameters.get(tag)?).ok()?)) };
    Some(EntrySheet {
        key: row.words("key")?.to_owned(),
        name: name(row)?,
        rows: row
            .words_of("rows")
            .map(|row| parameter(row.value))
            .collect::<Option<_>>()?,
        rounds: rounds(row).map(|(_, minutes)| minutes).collect(),
        due_ms: row.milliseconds("due").unwrap_or(USUAL_DUE_MS),
        origin: row.choice("origin").unwrap_or(Origin::Typed),
        second_person: row.flag(SECOND_PERSON.key),
    })
}
