//! Columns of numbers, and what stands beside them, out of any CSV, without a site: for checks, which look at values and post nothing.

use std::io::Read;

use super::IntakeError;
use super::lines::Lines;
use super::plan::{Columns, StampPlace};
use super::record::{Record, Row, Rows};
use super::stamp::{Series, Stamps};
use crate::connect::mapping::{FileForm, StampColumns};
use crate::domain::decimal::NumberError;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::{Instant, PlantZone};

/// A column that is asked for, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlainColumn {
    /// Of numbers.
    Numbers(String),
    /// Of instants, written as the stamps of the file are.
    Instants(String),
    /// Of words.
    Words(String),
}

impl PlainColumn {
    fn name(&self) -> &str {
        match self {
            Self::Numbers(name) | Self::Instants(name) | Self::Words(name) => name,
        }
    }
}

/// A cell of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum PlainValue {
    /// A number, which may be an infinity.
    Number(f64),
    /// An instant.
    At(Instant),
    /// A word.
    Word(String),
    /// Nothing: an empty cell, a word for nothing, NaN.
    Missing,
    /// Something that is none of what the column is of, and why.
    Unreadable(Text),
}

/// A row of a file. No row is lost: one that cannot be used says why.
#[derive(Debug, Clone, PartialEq)]
pub struct PlainRow {
    /// Its line in the file, from 1.
    pub line: u32,
    /// Its stamp, or why it has none; a row that cannot be taken apart has none.
    pub stamp: Result<Instant, Text>,
}

/// How the cells of a column are read.
enum Reading {
    Number,
    At(Box<Stamps>),
    Word,
}

/// A CSV file of which some columns are read.
pub struct PlainSource<R> {
    rows: Rows<R>,
    record: Record,
    width: usize,
    stamp: StampPlace,
    stamps: Stamps,
    series: Series,
    columns: Vec<(usize, Reading)>,
    form: FileForm,
    joined: String,
    counted: u32,
}

impl<R: Read> PlainSource<R> {
    /// Begins to read these columns of a file; stamps without a zone of their own are of `zone`.
    pub fn open(reader: R, form: &FileForm, zone: PlantZone, columns: &[PlainColumn]) -> Result<Self, IntakeError> {
        let stamps = Stamps::new(&form.stamp, zone, None).map_err(IntakeError::Start)?;
        let lines = Lines::open(reader, form.encoding)?;
        let mut rows = Rows::new(lines, form.delimiter, form.comment.clone());
        rows.skip_lines(form.skip_lines)?;
        let mut record = Record::default();
        let names = rows.names(&mut record, &form.header)?;
        let mut found = Columns::new(&names);
        let stamp = match &form.stamp.columns {
            StampColumns::One(column) => StampPlace::One(found.find(column)),
            StampColumns::Two(date, time) => StampPlace::Two(found.find(date), found.find(time)),
            StampColumns::Counted(_) => StampPlace::Counted,
        };
        let mut places = Vec::with_capacity(columns.len());
        for column in columns {
            let reading = match column {
                PlainColumn::Numbers(_) => Reading::Number,
                PlainColumn::Instants(_) => {
                    let stamps = Stamps::new(&form.stamp, zone, None).map_err(IntakeError::Start)?;
                    Reading::At(Box::new(stamps))
                }
                PlainColumn::Words(_) => Reading::Word,
            };
            places.push((found.find(column.name()), reading));
        }
        found.finish(false)?;
        Ok(Self {
            rows,
            record,
            width: names.len(),
            stamp,
            stamps,
            series: Series::default(),
            columns: places,
            form: form.clone(),
            joined: String::new(),
            counted: 0,
        })
    }

    /// Reads the next row; its cells are put into `values` in the order of the columns. `None` at the end of the file.
    pub fn next(&mut self, values: &mut Vec<PlainValue>) -> Result<Option<PlainRow>, IntakeError> {
        values.clear();
        let Some((place, row)) = self.rows.next(&mut self.record, Some(self.width))? else {
            return Ok(None);
        };
        let counted = self.counted;
        self.counted = self.counted.saturating_add(1);
        let stamp = match row {
            Row::Refused(why) => Err(why),
            Row::Fields => self.fields(counted, values),
        };
        self.rows.consume(place);
        values.resize(self.columns.len(), PlainValue::Missing);
        Ok(Some(PlainRow {
            line: place.line,
            stamp,
        }))
    }

    fn fields(&mut self, counted: u32, values: &mut Vec<PlainValue>) -> Result<Instant, Text> {
        let record = &self.record;
        let found = record.len();
        let trailing = found == self.width + 1 && record.field(self.width).is_empty();
        if found != self.width && !trailing {
            return Err(Text::new("intake-field-count")
                .with_count("expected", self.width)
                .with_count("found", found));
        }
        let text = match self.stamp {
            StampPlace::One(column) => record.field(column),
            StampPlace::Two(date, time) => {
                self.joined.clear();
                self.joined.push_str(record.field(date));
                self.joined.push(' ');
                self.joined.push_str(record.field(time));
                self.joined.trim()
            }
            StampPlace::Counted => "",
        };
        for (column, reading) in &mut self.columns {
            let text = record.field(*column);
            values.push(match reading {
                Reading::Number => number(text, &self.form),
                _ if self.form.missing.contains(text) => PlainValue::Missing,
                Reading::At(stamps) => match stamps.read(text, &Series::default()) {
                    Ok(stamp) => PlainValue::At(stamp.at),
                    Err(why) => PlainValue::Unreadable(why),
                },
                Reading::Word => PlainValue::Word(text.trim().to_owned()),
            });
        }
        let stamp = match self.stamp {
            StampPlace::Counted => self.stamps.counted(counted)?,
            StampPlace::One(_) | StampPlace::Two(..) => self.stamps.read(text, &self.series)?,
        };
        self.series.advance(&stamp, true);
        Ok(stamp.at)
    }
}

fn number(text: &str, form: &FileForm) -> PlainValue {
    if form.missing.contains(text) {
        return PlainValue::Missing;
    }
    let unreadable = |error: NumberError| PlainValue::Unreadable(error.text());
    let pointed;
    let digits = if form.decimal_comma {
        if text.contains('.') {
            return PlainValue::Unreadable(Text::new("intake-decimal-point").with("given", clean(text)));
        }
        pointed = text.replace(',', ".");
        pointed.as_str()
    } else {
        text
    };
    match digits.parse::<f64>() {
        Ok(value) if value.is_nan() => PlainValue::Missing,
        Ok(value) => PlainValue::Number(value),
        Err(_) if text.contains(',') => unreadable(NumberError::Comma(short(text))),
        Err(_) => unreadable(NumberError::NotANumber(short(text))),
    }
}

fn short(text: &str) -> String {
    text.chars().take(64).collect()
}
