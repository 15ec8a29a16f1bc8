//! Tables of any sort: cells that know how people and programs read them, and CSV.

use std::io::{self, Write};

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::domain::decimal::tonnes_of_milligrams;
use crate::domain::text::{Text, clean};
use crate::domain::time::{Instant, PlantZone};
use crate::locale::{Localizer, figures};

/// One field of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words from the site.
    Words(String),
    /// An exact number as text: plain for programs, with the second form for people.
    Number(String, String),
    /// A count.
    Count(i64),
    /// Yes or no.
    Flag(bool),
    /// A text in the reader's language.
    Text(Text),
    /// An instant: in plant time with its offset for people, in UTC for programs.
    Time(Instant, Option<PlantZone>),
    /// Several words.
    List(Vec<String>),
    /// Nothing.
    Nothing,
}

impl Cell {
    /// Words.
    pub fn words(words: impl Into<String>) -> Self {
        Self::Words(words.into())
    }

    /// Milligrams as tonnes: all digits for programs, kilograms for people.
    pub fn tonnes(milligrams: i128) -> Self {
        Self::Number(
            tonnes_of_milligrams(milligrams).to_string(),
            figures::tonnes(milligrams, 3),
        )
    }

    /// A decimal number, of which people see the digits in groups.
    pub fn decimal(value: Decimal) -> Self {
        Self::Number(value.to_string(), figures::decimal(value))
    }

    /// A count.
    pub fn count(count: impl TryInto<i64>) -> Self {
        Self::Count(count.try_into().unwrap_or(i64::MAX))
    }

    /// As people read it.
    pub fn for_people(&self, localizer: &Localizer) -> String {
        match self {
            Self::Words(words) => clean(words).into_owned(),
            Self::Number(_, shown) => shown.clone(),
            Self::Count(count) => count.to_string(),
            Self::Flag(true) => localizer.plain("cli-yes"),
            Self::Flag(false) => localizer.plain("cli-no"),
            Self::Text(text) => localizer.text(text),
            Self::Time(at, zone) => zone.map_or_else(|| at.to_string(), |zone| shown_instant(*at, &zone)),
            Self::List(words) => clean(&words.join("; ")).into_owned(),
            Self::Nothing => String::new(),
        }
    }

    /// As a JSON value.
    pub fn json(&self, localizer: &Localizer) -> Value {
        match self {
            Self::Words(words) => json!(clean(words)),
            Self::Number(exact, _) => json!(exact),
            Self::Count(count) => json!(count),
            Self::Flag(flag) => json!(flag),
            Self::Text(text) => json!(localizer.for_programs(text)),
            Self::Time(at, _) => json!(at.to_string()),
            Self::List(words) => words.iter().map(|word| json!(clean(word))).collect(),
            Self::Nothing => Value::Null,
        }
    }

    /// As a field of CSV.
    pub fn csv(&self, localizer: &Localizer) -> String {
        match self {
            Self::Number(exact, _) => exact.clone(),
            Self::Flag(flag) => flag.to_string(),
            Self::Time(at, _) => at.to_string(),
            Self::Text(text) => harmless(localizer.for_programs(text)),
            Self::Words(_) | Self::List(_) => harmless(self.for_people(localizer)),
            Self::Count(_) | Self::Nothing => self.for_people(localizer),
        }
    }
}

/// Words that a spreadsheet would run as a formula get an apostrophe.
fn harmless(words: String) -> String {
    if words.starts_with(['=', '+', '-', '@']) {
        format!("'{words}")
    } else {
        words
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name for programs.
    pub key: String,
    /// Title for people.
    pub title: Text,
    /// Whether it holds figures, which stand at the right.
    pub figures: bool,
}

impl Column {
    /// A column of words.
    pub fn words(key: &'static str, title: &'static str) -> Self {
        Self {
            key: key.to_owned(),
            title: Text::new(title),
            figures: false,
        }
    }

    /// A column of figures.
    pub fn figures(key: impl Into<String>, title: Text) -> Self {
        Self {
            key: key.into(),
            title,
            figures: true,
        }
    }
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Whether the data are simulated: said in every form.
    pub simulated: bool,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, a cell for every column.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Writes the table as CSV, with facts of the whole in every row.
    pub fn write_csv(
        &self,
        facts: &[(&'static str, Cell)],
        localizer: &Localizer,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        let keys = self.columns.iter().map(|column| column.key.as_str());
        let fact_keys = facts.iter().map(|(key, _)| *key);
        writer.write_record(keys.chain(fact_keys).chain(["simulated"]))?;
        let simulated = self.simulated.to_string();
        for row in &self.rows {
            let cells = row.iter().chain(facts.iter().map(|(_, cell)| cell));
            let cells = cells.map(|cell| cell.csv(localizer));
            writer.write_record(cells.chain([simulated.clone()]))?;
        }
        writer.flush()
    }
}

/// An instant in plant time with the offset that the zone has then: `2025-03-01 14:15:30 +08:00`.
pub fn shown_instant(at: Instant, zone: &PlantZone) -> String {
    let local = zone.local(at);
    let minutes = Instant::from_utc(local.and_utc()).since(at).div_euclid(60_000);
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    format!("{} {sign}{hours:02}:{minutes:02}", local.format("%Y-%m-%d %H:%M:%S"))
}
