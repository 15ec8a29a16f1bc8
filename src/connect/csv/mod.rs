//! Readings out of CSV files (文件导入), long or wide, in bounded memory.
//!
//! Every row of a file is accounted for exactly once: as readings, as cells without a value, as tags that the mapping
//! passes over, or as refusals with line, field and reason. A wide row with one bad cell loses that cell, not its
//! neighbours.

mod error;
mod lines;
mod number;
mod plan;
mod record;
pub(in crate::connect) mod stamp;
mod summary;

use std::io::Read;

pub use error::IntakeError;
pub use lines::LONGEST_LINE;
pub use summary::{IntakeSummary, RefusedFile};

use self::lines::Lines;
use self::plan::{Body, LongPlan, Plan, StampPlace, Target, WideColumn, plan};
use self::record::{Record, Row, Rows};
use self::stamp::{Stamp, Stamps};
use super::mapping::{Header, Mapping, QualityWords, Repair};
use crate::domain::model::SiteModel;
use crate::domain::reading::{Incoming, Quality};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Instant;
use crate::domain::unit::Unit;

/// Longest part of a refused row that is kept, in characters.
const LONGEST_SHOWN: usize = 400;
/// Most units by row that are kept; what is beyond is worked out anew.
const MOST_RATIOS: usize = 4096;

/// What a caller may ask beyond the mapping.
#[derive(Debug, Clone, Copy, Default)]
pub struct IntakeOptions {
    /// A repair of stamps to make even if the mapping does not ask for it. It needs the mapping's interval.
    pub repair: Option<Repair>,
}

/// A row or a cell that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Line in the file, from 1.
    pub line: u32,
    /// Number of the column, from 1; none where the whole row is refused.
    pub column: Option<u32>,
    /// Name of the column, cleaned; empty where the whole row is refused.
    pub field: String,
    /// The row as it stands in the file, cleaned and cut.
    pub row: String,
    /// What is wrong and what to do.
    pub why: Text,
}

/// Time that did not go forward in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backwards {
    /// Line in the file, from 1.
    pub line: u32,
    /// The stamp before it.
    pub from: Instant,
    /// Its own stamp, the same or earlier.
    pub to: Instant,
}

impl Explained for Backwards {
    fn text(&self) -> Text {
        Text::new("intake-time-backwards")
            .with("line", self.line)
            .with("from", self.from)
            .with("to", self.to)
    }
}

/// What a stretch of rows gave.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Readings in the order of the file.
    pub readings: Vec<Incoming>,
    /// The line, from 1, of each reading.
    pub lines: Vec<u32>,
    /// What was not taken.
    pub refused: Vec<Refusal>,
    /// Where time did not go forward.
    pub warnings: Vec<Backwards>,
    /// Rows, without header, blank and comment lines.
    pub rows: u64,
    /// Rows refused as a whole.
    pub refused_rows: u64,
    /// Cells that say that there is no value.
    pub missing: u64,
    /// Rows whose tag the mapping passes over.
    pub ignored: u64,
    /// Readings with digits beyond their parameter's quantum.
    pub rounded: u64,
    /// Rows whose stamp was repaired.
    pub repaired: u64,
    /// Bytes taken from the file since its beginning, for progress.
    pub bytes_read: u64,
}

/// A CSV file being taken in.
pub struct CsvSource<R> {
    rows: Rows<R>,
    record: Record,
    plan: Plan,
    stamps: Stamps,
    cells: Cells,
    /// Rows met so far, for files without stamps.
    place: u32,
    /// Text of a stamp in two columns.
    joined: String,
    failed: Option<IntakeError>,
}

impl<R: Read> CsvSource<R> {
    /// Begins to take a file in: binds the mapping to the site and to the file's header.
    pub fn open(reader: R, mapping: &Mapping, model: &SiteModel, options: IntakeOptions) -> Result<Self, IntakeError> {
        // Faults of the mapping are told before the file is looked at.
        plan::bind(mapping, model).map_err(IntakeError::Mapping)?;
        if options.repair.is_some() && mapping.stamp.repairable_interval_ms().is_none() {
            return Err(IntakeError::Repair);
        }
        let stamps = Stamps::new(&mapping.stamp, model.zone, options.repair).map_err(IntakeError::Start)?;
        let lines = Lines::open(reader, mapping.encoding)?;
        let mut rows = Rows::new(lines, mapping.delimiter, mapping.comment.clone());
        rows.skip_lines(mapping.skip_lines)?;
        let mut record = Record::default();
        let names = if let Header::Listed(names) = &mapping.header {
            names.clone()
        } else {
            let Some((place, row)) = rows.next(&mut record, None)? else {
                return Err(IntakeError::Empty);
            };
            if let Row::Refused(why) = row {
                return Err(IntakeError::Header { line: place.line, why });
            }
            if mapping.header == Header::Row {
                rows.consume(place);
                record.fields().map(one_line).collect()
            } else {
                (1..=record.len()).map(|place| place.to_string()).collect()
            }
        };
        Ok(Self {
            rows,
            record,
            plan: plan(mapping, model, names)?,
            stamps,
            cells: Cells {
                missing: mapping.missing.iter().cloned().collect(),
                quality: mapping.quality.clone(),
                decimal_comma: mapping.decimal_comma,
                ignore_others: mapping.ignore_others,
                point: String::new(),
            },
            place: 0,
            joined: String::new(),
            failed: None,
        })
    }

    /// Takes in the next rows: as many as give at most `limit` readings and refusals, and at least one row. `None` at the
    /// end of the file.
    ///
    /// An error ends the file. What was read before it is given first.
    pub fn next_batch(&mut self, limit: usize) -> Result<Option<Batch>, IntakeError> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let mut batch = Batch::default();
        let most = self.plan.most_of_a_row();
        while batch.rows == 0
            || (batch.readings.len() + batch.refused.len() + most <= limit
                && batch.rows < u64::try_from(limit).unwrap_or(u64::MAX))
        {
            match self.row(&mut batch) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) if batch.rows == 0 => return Err(error),
                Err(error) => {
                    self.failed = Some(error);
                    break;
                }
            }
        }
        batch.bytes_read = self.rows.lines.bytes_read();
        Ok((batch.rows > 0).then_some(batch))
    }

    /// Takes in one row; false at the end of the file.
    fn row(&mut self, batch: &mut Batch) -> Result<bool, IntakeError> {
        let Some((place, row)) = self.rows.next(&mut self.record, Some(self.plan.width))? else {
            return Ok(false);
        };
        batch.rows += 1;
        let refused_before = batch.refused.len();
        let counted = self.place;
        self.place = self.place.saturating_add(1);
        let outcome = match row {
            Row::Refused(why) => Err((None, why)),
            Row::Fields => self.fields(place.line, counted, batch),
        };
        if let Err((column, why)) = outcome {
            batch.refused_rows += 1;
            batch.refused.push(Refusal {
                line: place.line,
                column: column.and_then(number_of),
                field: column.map(|column| self.plan.name(column)).unwrap_or_default(),
                row: String::new(),
                why,
            });
        }
        if let Some(refused) = batch
            .refused
            .get_mut(refused_before..)
            .filter(|refused| !refused.is_empty())
        {
            let shown = shown(self.rows.raw(place));
            for refusal in refused {
                refusal.row.clone_from(&shown);
            }
        }
        self.rows.consume(place);
        Ok(true)
    }

    /// Takes the fields of a row; an error refuses the row as a whole.
    fn fields(&mut self, line: u32, counted: u32, batch: &mut Batch) -> Result<(), (Option<usize>, Text)> {
        let record = &self.record;
        let found = record.len();
        // A delimiter at the end of every row is a habit of many loggers.
        let trailing = found == self.plan.width + 1 && record.field(self.plan.width).is_empty();
        if found != self.plan.width && !trailing {
            let why = Text::new("intake-field-count")
                .with_count("expected", self.plan.width)
                .with_count("found", found);
            return Err((None, why));
        }
        let own_id = self.plan.id.map_or(0, |column| own_id(record.field(column)));
        let (text, stamp_column) = match self.plan.stamp {
            StampPlace::One(column) => (record.field(column), Some(column)),
            StampPlace::Two(date, time) => {
                let (date_text, time_text) = (record.field(date), record.field(time));
                self.joined.clear();
                if !date_text.is_empty() {
                    self.joined.push_str(date_text);
                    self.joined.push(' ');
                    self.joined.push_str(time_text);
                }
                (self.joined.trim_end(), Some(date))
            }
            StampPlace::Counted => ("", None),
        };
        let is_counted = matches!(self.plan.stamp, StampPlace::Counted);
        let stamps = &mut self.stamps;
        let mut read = |series: &mut stamp::Series, batch: &mut Batch| -> Result<Stamp, Text> {
            let stamp = if is_counted {
                stamps.counted(counted)?
            } else {
                stamps.read(text, series)?
            };
            if let Some(from) = series.advance(&stamp, own_id == 0) {
                batch.warnings.push(Backwards {
                    line,
                    from,
                    to: stamp.at,
                });
            }
            batch.repaired += u64::from(stamp.repaired);
            Ok(stamp)
        };
        match &mut self.plan.body {
            Body::Wide(columns, series) => {
                let stamp = read(series, batch).map_err(|why| (stamp_column, why))?;
                for column in columns {
                    self.cells.wide(column, record, &stamp, own_id, line, batch);
                }
                Ok(())
            }
            Body::Long(long) => {
                let tag = record.field(long.parameter);
                let place = match long.tags.get(tag) {
                    Some(Some(place)) => *place,
                    Some(None) => {
                        batch.ignored += 1;
                        return Ok(());
                    }
                    None if self.cells.ignore_others && !tag.is_empty() => {
                        batch.ignored += 1;
                        return Ok(());
                    }
                    None => {
                        let why = if tag.is_empty() {
                            Text::new("intake-parameter-empty")
                        } else {
                            Text::new("intake-parameter-unknown").with("tag", clean(tag))
                        };
                        return Err((Some(long.parameter), why));
                    }
                };
                let Some((_, series)) = long.series.get_mut(place) else {
                    return Ok(());
                };
                let stamp = read(series, batch).map_err(|why| (stamp_column, why))?;
                self.cells
                    .long(long, place, record, &stamp, own_id, line, batch)
                    .map_err(|(column, why)| (Some(column), why))
            }
        }
    }
}

/// How the cells of a file are read.
struct Cells {
    missing: Vec<String>,
    quality: QualityWords,
    decimal_comma: bool,
    ignore_others: bool,
    /// A number with its decimal comma turned into a point.
    point: String,
}

impl Cells {
    fn is_missing(&self, text: &str) -> bool {
        self.missing.iter().any(|word| word == text)
    }

    /// Takes a cell of a wide row.
    fn wide(&mut self, column: &WideColumn, record: &Record, stamp: &Stamp, own_id: u64, line: u32, batch: &mut Batch) {
        let text = record.field(column.index);
        if self.is_missing(text) {
            batch.missing += 1;
            return;
        }
        let quality = column
            .quality
            .map_or(Ok(Quality::Good), |column| self.quality_of(record.field(column)));
        let counted = quality.and_then(|quality| Ok((quality, self.count(text, &column.target, column.target.ratio)?)));
        match counted {
            Ok((quality, counted)) => batch.push(&column.target, stamp, own_id, line, quality, counted),
            Err(why) => batch.refused.push(Refusal {
                line,
                column: number_of(column.index),
                field: column.name.clone(),
                row: String::new(),
                why,
            }),
        }
    }

    /// Takes the value of a long row; an error names the column.
    #[allow(clippy::too_many_arguments)]
    fn long(
        &mut self,
        plan: &mut LongPlan,
        place: usize,
        record: &Record,
        stamp: &Stamp,
        own_id: u64,
        line: u32,
        batch: &mut Batch,
    ) -> Result<(), (usize, Text)> {
        let Some((target, _)) = plan.series.get(place) else {
            return Ok(());
        };
        let text = record.field(plan.value);
        if self.is_missing(text) {
            batch.missing += 1;
            return Ok(());
        }
        let quality = match plan.quality {
            Some(column) => self.quality_of(record.field(column)).map_err(|why| (column, why))?,
            None => Quality::Good,
        };
        let ratio = match plan.unit {
            Some(column) if !record.field(column).is_empty() => {
                let written = record.field(column);
                let key = (place, written.to_owned());
                if let Some(ratio) = plan.ratios.get(&key) {
                    *ratio
                } else {
                    let ratio = Unit::parse(written)
                        .and_then(|unit| unit.ratio_to(&target.unit))
                        .map_err(|error| (column, error.text()))?;
                    if plan.ratios.len() < MOST_RATIOS {
                        plan.ratios.insert(key, ratio);
                    }
                    ratio
                }
            }
            _ => target.ratio,
        };
        let counted = self.count(text, target, ratio).map_err(|why| (plan.value, why))?;
        batch.push(target, stamp, own_id, line, quality, counted);
        Ok(())
    }

    fn quality_of(&self, word: &str) -> Result<Quality, Text> {
        self.quality
            .meaning(word)
            .ok_or_else(|| Text::new("intake-quality-unknown").with("word", clean(word)))
    }

    fn count(
        &mut self,
        text: &str,
        target: &Target,
        ratio: crate::domain::unit::Ratio,
    ) -> Result<crate::domain::decimal::Counted, Text> {
        let mut number = text;
        if self.decimal_comma {
            if text.contains('.') {
                return Err(Text::new("intake-decimal-point").with("given", cut(text)));
            }
            if text.contains(',') {
                self.point.clear();
                self.point.push_str(text);
                if let Some(comma) = self.point.find(',') {
                    self.point.replace_range(comma..=comma, ".");
                }
                number = &self.point;
            }
        }
        let counted = number::quantise(number, ratio, target.decimals).map_err(|error| error.text())?;
        // By the text: what is below zero and rounds to zero is below zero.
        let below_zero = number.starts_with('-')
            && number
                .split(['e', 'E'])
                .next()
                .is_some_and(|mantissa| mantissa.contains(|digit: char| ('1'..='9').contains(&digit)));
        if target.refuse_negative && below_zero {
            return Err(Text::new("intake-negative").with("given", cut(text)));
        }
        Ok(counted)
    }
}

impl Batch {
    fn push(
        &mut self,
        target: &Target,
        stamp: &Stamp,
        own_id: u64,
        line: u32,
        quality: Quality,
        counted: crate::domain::decimal::Counted,
    ) {
        self.rounded += u64::from(counted.rounded);
        self.lines.push(line);
        self.readings.push(Incoming {
            parameter: target.parameter,
            slot: stamp.slot(target.kind, own_id),
            value: counted.count,
            quality,
        });
    }
}

/// The digest under which a deliverer's own id is kept: the first eight bytes of its BLAKE3, never 0; 0 where there is
/// none.
pub fn own_id(text: &str) -> u64 {
    if text.is_empty() {
        return 0;
    }
    let digest = blake3::hash(text.as_bytes());
    let first = digest.as_bytes().first_chunk::<8>().copied().unwrap_or_default();
    u64::from_be_bytes(first).max(1)
}

/// A column's name on one line: spreadsheets break long headings over several.
fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The number, from 1, under which people know a column.
fn number_of(column: usize) -> Option<u32> {
    u32::try_from(column).ok()?.checked_add(1)
}

/// A value as it is shown in a refusal.
fn cut(text: &str) -> String {
    clean(&text.chars().take(64).collect::<String>()).into_owned()
}

/// A row as it is shown in a refusal.
fn shown(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw.get(..raw.len().min(4 * LONGEST_SHOWN)).unwrap_or_default());
    let text = text.trim_end_matches(['\r', '\n']);
    let mut shown = clean(&text.chars().take(LONGEST_SHOWN).collect::<String>()).into_owned();
    if text.chars().nth(LONGEST_SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
pub(in crate::connect) mod tests;
