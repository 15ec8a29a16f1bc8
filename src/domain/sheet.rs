//! Entry sheets (录入表): what people write down, in the order of the plant's own paper, with the rounds on which they do.
//!
//! A sheet with several rounds a day has a page for each plant day and a column for each round. A sheet with one round a day
//! has a page for each calendar month and a column for each day.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::identity::ParameterId;
use super::model::{Name, SiteModel};
use super::reading::{Origin, ParameterKind, Slot};
use super::text::{Text, clean};
use super::time::{Instant, Month};

/// The most rows of a sheet.
pub const MOST_ROWS: usize = 500;

/// The most rounds of a day.
pub const MOST_ROUNDS: usize = 48;

/// A sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntrySheet {
    /// Its key in `site.toml`.
    pub key: String,
    /// Its name.
    pub name: Name,
    /// What is written down, in order.
    pub rows: Vec<ParameterId>,
    /// When the rounds are made (巡回时刻): minutes after local midnight, in the order of the plant's day.
    pub rounds: Vec<u32>,
    /// How long after a round it is due, in milliseconds.
    pub due_ms: i64,
    /// As what the values are taken: typed, a laboratory's, an invoice's.
    pub origin: Origin,
    /// Whether a second person looks at what was written down (双人复核).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub second_person: bool,
}

/// A page of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SheetPage {
    /// A plant day (生产日).
    Day(NaiveDate),
    /// A calendar month.
    Month(Month),
}

/// A page and the sheet of which it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfSheet {
    /// Key of the sheet.
    pub sheet: String,
    /// The page.
    pub page: SheetPage,
}

impl SheetPage {
    /// The page after it.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Day(day) => Self::Day(day.checked_add_days(Days::new(1)).unwrap_or(day)),
            Self::Month(month) => Self::Month(month.next()),
        }
    }

    /// The page before it.
    #[must_use]
    pub fn previous(self) -> Self {
        match self {
            Self::Day(day) => Self::Day(day.checked_sub_days(Days::new(1)).unwrap_or(day)),
            Self::Month(month) => Self::Month(month.previous()),
        }
    }
}

impl std::fmt::Display for SheetPage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(day) => day.fmt(formatter),
            Self::Month(month) => month.fmt(formatter),
        }
    }
}

/// A column of a page: one round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// The plant day to which it belongs.
    pub day: NaiveDate,
    /// When it is made.
    pub at: Instant,
    /// From when on what is counted over time is counted: the round before it; where there is one round a day, the beginning
    /// of the plant day.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// Whether it is the only one of its day.
    pub is_daily: bool,
}

impl Round {
    /// Of which instant or interval a value of a kind speaks that is written down on it. A quantity is that of the time since
    /// the round before, and on a daily sheet, as a tested value too, that of the plant day; everything else is what it is at
    /// the round.
    pub fn slot(&self, kind: ParameterKind) -> Slot {
        let is_interval = match kind {
            ParameterKind::Amount => true,
            ParameterKind::Property => self.is_daily,
            ParameterKind::Flow | ParameterKind::Counter | ParameterKind::State => false,
        };
        if is_interval {
            let span_s = self.to.since(self.from).max(0) / 1000;
            Slot {
                span_s: u32::try_from(span_s).unwrap_or(u32::MAX),
                ..Slot::instant(self.from)
            }
        } else {
            Slot::instant(self.at)
        }
    }
}

impl EntrySheet {
    /// Whether a page is a month.
    pub fn is_daily(&self) -> bool {
        self.rounds.len() <= 1
    }

    /// The page that holds an instant.
    pub fn page_at(&self, model: &SiteModel, at: Instant) -> SheetPage {
        let day = model.plant_day(at);
        if self.is_daily() {
            SheetPage::Month(Month::of(day))
        } else {
            SheetPage::Day(day)
        }
    }

    /// Whether a page is one of this sheet.
    pub fn has_page(&self, page: SheetPage) -> bool {
        matches!(page, SheetPage::Month(_)) == self.is_daily()
    }

    /// The rounds of a page, in order.
    pub fn rounds_of(&self, model: &SiteModel, page: SheetPage) -> Vec<Round> {
        let start_of = |day: NaiveDate| model.zone.day_start(day, model.day_start_minutes);
        let after = |day: NaiveDate| day.checked_add_days(Days::new(1)).unwrap_or(day);
        let at = |day: NaiveDate, minutes: u32| {
            // What comes before the day's beginning by the clock is of the morning after.
            let day = if minutes < model.day_start_minutes {
                after(day)
            } else {
                day
            };
            model.zone.day_start(day, minutes)
        };
        match page {
            SheetPage::Day(day) => {
                let last = self.rounds.last().copied();
                let before = day.checked_sub_days(Days::new(1)).unwrap_or(day);
                let mut from = last.map_or_else(|| start_of(day), |minutes| at(before, minutes));
                let rounds = self.rounds.iter().map(|&minutes| {
                    let at = at(day, minutes);
                    Round {
                        day,
                        at,
                        from: std::mem::replace(&mut from, at),
                        to: at,
                        is_daily: false,
                    }
                });
                rounds.collect()
            }
            SheetPage::Month(month) => {
                let days = month.first_day().iter_days();
                let days = days.take_while(|day| Month::of(*day) == month);
                let minutes = self.rounds.first().copied().unwrap_or(model.day_start_minutes);
                days.map(|day| Round {
                    day,
                    at: at(day, minutes),
                    from: start_of(day),
                    to: start_of(after(day)),
                    is_daily: true,
                })
                .collect()
            }
        }
    }

    /// Where the round stands in a page that is being made at an instant, or was made last.
    pub fn round_at(rounds: &[Round], now: Instant) -> usize {
        rounds.partition_point(|round| round.at <= now).saturating_sub(1)
    }
}

/// That there is no such sheet.
pub fn unknown(key: &str) -> Text {
    Text::new("sheet-unknown").with("key", clean(key))
}

/// The cells of a page: its rows, each on each of its rounds.
#[derive(Debug, Clone)]
pub struct Cells {
    rows: HashSet<ParameterId>,
    rounds: HashSet<Instant>,
}

impl Cells {
    /// Those of rows and rounds.
    pub fn of(rows: impl Iterator<Item = ParameterId>, rounds: &[Round]) -> Self {
        Self {
            rows: rows.collect(),
            rounds: rounds.iter().map(|round| round.at).collect(),
        }
    }

    /// Whether a parameter on a round is one of them.
    pub fn has(&self, (row, round): (ParameterId, Instant)) -> bool {
        self.rows.contains(&row) && self.rounds.contains(&round)
    }
}

/// A sheet of a model by its key, with the rounds of a page of it; why not, where there is no such page.
pub fn page_of<'m>(model: &'m SiteModel, key: &str, page: SheetPage) -> Result<(&'m EntrySheet, Vec<Round>), Text> {
    let sheet = model.sheet(key).ok_or_else(|| unknown(key))?;
    if !sheet.has_page(page) {
        return Err(Text::new("sheet-page-unfit").with("key", clean(key)).with("page", page));
    }
    Ok((sheet, sheet.rounds_of(model, page)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::PlantZone;

    fn model(day_start_minutes: u32) -> SiteModel {
        SiteModel {
            day_start_minutes,
            ..SiteModel::empty("test", PlantZone::parse("Asia/Shanghai").unwrap())
        }
    }

    fn sheet(rounds: &[u32]) -> EntrySheet {
        EntrySheet {
            key: "s".to_owned(),
            name: Name::default(),
            rows: Vec::new(),
            rounds: rounds.to_vec(),
            due_ms: 0,
            origin: Origin::Typed,
            second_person: false,
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_rounds_of_a_day_follow_each_other_over_midnight() {
        let model = model(480);
        let sheet = sheet(&[480, 960, 0]);
        let page = SheetPage::Day(day("2025-03-01"));
        let rounds = sheet.rounds_of(&model, page);
        let shown: Vec<String> = rounds.iter().map(|round| model.zone.shown(round.at)).collect();
        assert!(
            shown[0].starts_with("2025-03-01 08:00") && shown[2].starts_with("2025-03-02 00:00"),
            "{shown:?}"
        );
        assert_eq!(rounds[1].from, rounds[0].at);
        // The first goes on from the last of the day before.
        let before = sheet.rounds_of(&model, page.previous());
        assert_eq!(rounds[0].from, before[2].at);
        assert_eq!(rounds[0].slot(ParameterKind::Amount).span_s, 8 * 3_600);
        assert_eq!(rounds[0].slot(ParameterKind::State), Slot::instant(rounds[0].at));
        assert_eq!(rounds[0].slot(ParameterKind::Property), Slot::instant(rounds[0].at));
        assert_eq!(EntrySheet::round_at(&rounds, rounds[1].at.plus(60_000)), 1);
        assert_eq!(EntrySheet::round_at(&rounds, rounds[0].at.plus(-60_000)), 0);
        assert_eq!(sheet.page_at(&model, rounds[2].at), page);
    }

    #[test]
    fn a_daily_sheet_has_a_month_of_plant_days() {
        let model = model(480);
        let sheet = sheet(&[540]);
        let page = SheetPage::Month(Month::of(day("2024-02-10")));
        let rounds = sheet.rounds_of(&model, page);
        assert_eq!(rounds.len(), 29);
        assert!(rounds.windows(2).all(|pair| pair[0].to == pair[1].from));
        let slot = rounds[0].slot(ParameterKind::Property);
        assert_eq!((slot.at, slot.span_s), (rounds[0].from, 86_400));
        assert!(model.zone.shown(slot.at).starts_with("2024-02-01 08:00"));
        assert!(model.zone.shown(rounds[0].at).starts_with("2024-02-01 09:00"));
        assert_eq!(page.next().to_string(), "2024-03");
        assert_eq!(page.next().previous(), page);
        assert!(sheet.has_page(page) && !sheet.has_page(SheetPage::Day(day("2024-02-10"))));
    }
}
