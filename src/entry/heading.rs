//! Headings of a block (表头): the tags and days that say where its cells go.
//!
//! | first column | first row | |
//! |---|---|---|
//! | tags | | each line is a row of the sheet, its cells follow each other |
//! | tags | days | each line is a row of the sheet, each column a day |
//! | days | tags | each line is a day, each column a row of the sheet |
//! | | dates | the lines follow each other, each column is a day |
//!
//! Days are headings of daily sheets only. A number may be a value as well as a day of the month, so that it is taken for a day
//! only where nothing else can stand: beside the column of tags, in a line that has no tag.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};

use super::block::{Block, cell_name};
use super::known::Place;
use super::number::plain;
use crate::domain::text::{Text, clean};
use crate::domain::time::Month;
use crate::engine::view::SheetView;

/// What stands over the column of tags without being one.
const CORNERS: [&str; 14] = [
    "date", "day", "days", "tag", "tags", "日", "日期", "时间", "位号", "项目", "指标", "参数", "名称", "编号",
];

/// A day as a heading says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// A date.
    Date(NaiveDate),
    /// A day of the month of the page, 1 to 31.
    OfMonth(u32),
}

/// What a cell says as a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Day(Day),
    /// Parts of a date, of which more than one can be made or none.
    Unclear,
    Other,
}

fn said(text: &str) -> Said {
    let text = plain(text);
    let unified = text.trim_end_matches(['日', '号']).replace(['年', '月', '/', '.'], "-");
    let parts: Vec<&str> = unified.split('-').map(str::trim).collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [day] if is_number(day) && day.len() <= 2 => match day.parse() {
            Ok(day @ 1..=31) => Said::Day(Day::OfMonth(day)),
            _ => Said::Other,
        },
        [year, month, day] if parts.iter().all(is_number) => {
            let is_plain = year.len() == 4 && month.len() <= 2 && day.len() <= 2;
            let date = || NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
            date()
                .filter(|_| is_plain)
                .map_or(Said::Unclear, |date| Said::Day(Day::Date(date)))
        }
        // With a time of day: whether the plant's day or the calendar's is meant, nobody can tell.
        [year, month, rest] if is_number(year) && is_number(month) && rest.contains(':') => Said::Unclear,
        // 12.5 is a number.
        [_, _] if parts.iter().all(is_number) && !text.contains('.') => Said::Unclear,
        _ => Said::Other,
    }
}

/// Whether a text may stand over the column of tags where the days of the month stand beside it.
fn is_corner(text: &str) -> bool {
    let text = plain(text).to_lowercase();
    let mut words = text.split(|character: char| !character.is_alphabetic());
    words.all(|word| word.is_empty() || CORNERS.contains(&word))
}

/// A day at the head of a column, or of a line.
#[derive(Debug, Clone, Copy)]
struct Heading {
    /// The column or the line.
    place: usize,
    /// The cell in which it stands.
    cell: Place,
    day: Day,
}

/// How the cells of a block belong to the rows and rounds of a sheet.
#[derive(Debug, Clone, Default)]
pub struct Arrangement {
    /// Whether its lines are days, and its columns rows of the sheet.
    is_turned: bool,
    /// The lines with the row of the sheet that each names; in order where none is named.
    tags: Option<Vec<(usize, usize)>>,
    days: Option<Vec<Heading>>,
    /// The first line and column of values.
    first: Place,
}

impl Arrangement {
    /// Finds the headings of a block for a sheet whose rows have tags.
    pub fn of(block: &Block, tags: &[&str], is_daily: bool) -> Result<Self, Text> {
        let finder = Finder {
            block,
            tags: tags.iter().enumerate().map(|(row, tag)| (*tag, row)).collect(),
            size: (block.rows.len(), block.width()),
        };
        if block.is_named {
            return finder.beside_tags((0, 0), None);
        }
        // A block with nothing but values keeps the place of what is empty; headings may stand further in.
        let Some(first) = finder.first() else {
            return Ok(Self::default());
        };
        let (top, left) = first;
        let is_tag = |cell| finder.row_of(cell).is_some();
        let is_day = |cell| match said(block.said(cell)) {
            Said::Day(Day::Date(_)) | Said::Unclear => true,
            Said::Day(Day::OfMonth(_)) | Said::Other => false,
        };
        let has_dates = (left..finder.size.1).any(|column| is_day((top, column)));
        if (top..finder.size.0).any(|line| is_tag((line, left))) && finder.size.1 > left + 1 {
            let has_days = is_daily && !is_tag(first) && (has_dates || is_corner(block.said(first)));
            let days = has_days.then(|| finder.days_above((top, left + 1)));
            return finder.beside_tags(first, days.transpose()?);
        }
        if is_daily && (left + 1..finder.size.1).any(|column| is_tag((top, column))) {
            return finder.below_tags(first);
        }
        if is_daily && has_dates {
            // Where the first does not stand over values, what is below it should be tags.
            if !is_day(first) {
                let days = finder.days_above((top, left + 1))?;
                return finder.beside_tags(first, Some(days));
            }
            return Ok(Self {
                days: Some(finder.days_above(first)?),
                first: (top + 1, left),
                ..Self::default()
            });
        }
        Ok(Self::default())
    }

    /// Whether tags say which rows are meant.
    pub fn has_tags(&self) -> bool {
        self.tags.is_some()
    }

    /// Whether days say which rounds are meant.
    pub fn has_days(&self) -> bool {
        self.days.is_some()
    }

    /// The month of the dates at its head; none where there are none. Dates of two months are refused.
    pub fn month(&self) -> Result<Option<Month>, Text> {
        let dates = self.days.iter().flatten().filter_map(|heading| match heading.day {
            Day::Date(date) => Some((heading.cell, Month::of(date))),
            Day::OfMonth(_) => None,
        });
        let mut dates = dates.peekable();
        let Some(&(first, month)) = dates.peek() else {
            return Ok(None);
        };
        match dates.find(|(_, other)| *other != month) {
            Some((cell, other)) => Err(Text::new("entry-heading-months")
                .with("first", cell_name(first))
                .with("first_month", month)
                .with("second", cell_name(cell))
                .with("second_month", other)),
            None => Ok(Some(month)),
        }
    }

    /// The lines, or columns of a block that is turned, each with its row of the sheet: from `top` on where no tags say which.
    pub fn rows(&self, block: &Block, top: usize) -> Vec<(usize, usize)> {
        self.tags.clone().unwrap_or_else(|| {
            let lines = self.first.0..block.rows.len();
            lines.enumerate().map(|(number, line)| (line, top + number)).collect()
        })
    }

    /// The columns, or lines, each with its round of a page: from `left` on where no days say which.
    pub fn columns(&self, block: &Block, view: &SheetView, left: usize) -> Result<Vec<(usize, usize)>, Text> {
        let Some(days) = &self.days else {
            let columns = self.first.1..block.width();
            let columns = columns.enumerate().map(|(number, column)| (column, left + number));
            return Ok(columns.collect());
        };
        let mut seen = BTreeSet::new();
        let places = days.iter().map(|heading| {
            let is_meant = |day: NaiveDate| match heading.day {
                Day::Date(date) => day == date,
                Day::OfMonth(number) => day.day() == number,
            };
            let cell = cell_name(heading.cell);
            let round = view.rounds.iter().position(|round| is_meant(round.day));
            let round = round.ok_or_else(|| match heading.day {
                Day::Date(date) => Text::new("entry-heading-other-month")
                    .with("cell", &cell)
                    .with("date", date)
                    .with("page", view.page),
                Day::OfMonth(number) => Text::new("entry-heading-no-such-day")
                    .with("cell", &cell)
                    .with("day", number)
                    .with("page", view.page),
            })?;
            if !seen.insert(round) {
                let day = view.rounds.get(round).map(|round| round.day.to_string());
                return Err(twice(&day.unwrap_or_default(), heading.cell));
            }
            Ok((heading.place, round))
        });
        places.collect()
    }

    /// The cell of the block for a row and a round, by the places that [`Self::rows`] and [`Self::columns`] give.
    pub fn at(&self, line: usize, place: usize) -> Place {
        if self.is_turned { (place, line) } else { (line, place) }
    }
}

fn twice(given: &str, cell: Place) -> Text {
    Text::new("entry-heading-twice")
        .with("cell", cell_name(cell))
        .with("given", clean(given))
}

/// Looks for headings.
struct Finder<'b> {
    block: &'b Block,
    tags: HashMap<&'b str, usize>,
    /// Lines and columns of the block.
    size: Place,
}

impl Finder<'_> {
    /// The row of the sheet that a cell names.
    fn row_of(&self, cell: Place) -> Option<usize> {
        let tag = self.block.said(cell);
        self.tags.get(tag).copied().filter(|_| !tag.is_empty())
    }

    /// The first line that says something, and the first column.
    fn first(&self) -> Option<Place> {
        let mut first: Option<Place> = None;
        for (line, cells) in self.block.rows.iter().enumerate() {
            let says = |cell: &String| !cell.trim().is_empty();
            let Some(column) = cells.iter().position(says) else {
                continue;
            };
            first = Some(first.map_or((line, column), |(top, left)| (top, left.min(column))));
        }
        first
    }

    /// The tags at the head of lines or columns. What has nothing in it needs none.
    fn named(&self, cells: impl Iterator<Item = Place>, is_turned: bool) -> Result<Vec<(usize, usize)>, Text> {
        let mut seen = BTreeSet::new();
        let mut named = Vec::new();
        for cell in cells {
            let tag = self.block.said(cell);
            let Some(row) = self.row_of(cell) else {
                if tag.is_empty() && !self.block.is_named {
                    self.nothing_under(cell, is_turned)?;
                    continue;
                }
                return Err(if self.block.is_named {
                    Text::new("entry-block-tag").with("tag", clean(tag))
                } else {
                    Text::new("entry-heading-tag")
                        .with("cell", cell_name(cell))
                        .with("tag", clean(tag))
                });
            };
            if !seen.insert(row) {
                return Err(if self.block.is_named {
                    Text::new("entry-block-tag-twice").with("tag", clean(tag))
                } else {
                    twice(tag, cell)
                });
            }
            named.push((if is_turned { cell.1 } else { cell.0 }, row));
        }
        Ok(named)
    }

    /// The days above columns, from a cell on.
    fn days_above(&self, (top, left): Place) -> Result<Vec<Heading>, Text> {
        let cells = (left..self.size.1).map(|column| (top, column));
        self.days(cells, false)
    }

    /// The days at the head of columns, or of lines in a block that is turned.
    fn days(&self, cells: impl Iterator<Item = Place>, is_turned: bool) -> Result<Vec<Heading>, Text> {
        let mut days = Vec::new();
        for cell in cells {
            let text = self.block.said(cell);
            let wrong = |id: Text| id.with("cell", cell_name(cell)).with("given", clean(text));
            match said(text) {
                Said::Day(day) => days.push(Heading {
                    place: if is_turned { cell.0 } else { cell.1 },
                    cell,
                    day,
                }),
                Said::Other if text.is_empty() => self.nothing_under(cell, !is_turned)?,
                Said::Unclear => return Err(wrong(Text::new("entry-heading-unclear"))),
                Said::Other => return Err(wrong(Text::new("entry-heading-no-day"))),
            }
        }
        Ok(days)
    }

    /// Refuses what stands in a column below an empty heading, or in a line behind one: nobody knows what it is.
    fn nothing_under(&self, (line, column): Place, is_column: bool) -> Result<(), Text> {
        let mut others: Box<dyn Iterator<Item = Place>> = if is_column {
            Box::new((line + 1..self.size.0).map(move |line| (line, column)))
        } else {
            Box::new((column + 1..self.size.1).map(move |column| (line, column)))
        };
        match others.find(|cell| !self.block.said(*cell).is_empty()) {
            Some(cell) => Err(Text::new("entry-heading-none")
                .with("cell", cell_name(cell))
                .with("heading", cell_name((line, column)))),
            None => Ok(()),
        }
    }

    /// Tags in the first column, with days above the values or without.
    fn beside_tags(&self, (top, left): Place, days: Option<Vec<Heading>>) -> Result<Arrangement, Text> {
        let top = top + usize::from(days.is_some());
        let tags = self.named((top..self.size.0).map(|line| (line, left)), false)?;
        Ok(Arrangement {
            is_turned: false,
            tags: Some(tags),
            days,
            first: (top, left + 1),
        })
    }

    /// Tags in the first row, with days beside the values.
    fn below_tags(&self, (top, left): Place) -> Result<Arrangement, Text> {
        let tags = self.named((left + 1..self.size.1).map(|column| (top, column)), true)?;
        let days = self.days((top + 1..self.size.0).map(|line| (line, left)), true)?;
        Ok(Arrangement {
            is_turned: true,
            tags: Some(tags),
            days: Some(days),
            first: (top + 1, left + 1),
        })
    }
}
