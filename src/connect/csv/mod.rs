//! Readings out of CSV files (文件导入), long or wide, in bounded memory.
//!
//! Every row of a file is accounted for exactly once: as readings, as cells without a value, as tags that the mapping
//! passes over, or as refusals with line, field and reason. A wide row with one bad cell loses that cell, not its
//! neighbours.

mod batch;
mod cells;
mod error;
mod lines;
mod number;
mod plain;
mod plan;
mod record;
pub(in crate::connect) mod stamp;
mod summary;

use std::io::Read;

pub use batch::{Backwards, Batch, Refusal};
pub use error::IntakeError;
pub use lines::LONGEST_LINE;
pub use plain::{PlainColumn, PlainRow, PlainSource, PlainValue};
pub use summary::{IntakeSummary, RefusedFile};

use self::batch::shown;
use self::cells::Cells;
use self::lines::Lines;
use self::plan::{Body, Plan, StampPlace, plan};
use self::record::{Record, Row, Rows};
use self::stamp::{Stamp, Stamps};
use super::mapping::{Mapping, Repair};
use crate::domain::model::SiteModel;
use crate::domain::reading::own_id;
use crate::domain::text::{Text, clean};

/// What a caller may ask beyond the mapping.
#[derive(Debug, Clone, Copy, Default)]
pub struct IntakeOptions {
    /// A repair of stamps to make even if the mapping does not ask for it. It needs the mapping's interval.
    pub repair: Option<Repair>,
}

/// A CSV file being taken in.
pub struct CsvSource<R> {
    rows: Rows<R>,
    record: Record,
    plan: Plan,
    stamps: Stamps,
    cells: Cells,
    /// Whether tags that the mapping does not name are passed over.
    ignore_others: bool,
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
        let names = rows.names(&mut record, &mapping.header)?;
        Ok(Self {
            rows,
            record,
            plan: plan(mapping, model, names)?,
            stamps,
            cells: Cells::new(mapping),
            ignore_others: mapping.ignore_others,
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
                    None if self.ignore_others && !tag.is_empty() => {
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

/// A column's name on one line: spreadsheets break long headings over several.
fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The number, from 1, under which people know a column.
fn number_of(column: usize) -> Option<u32> {
    u32::try_from(column).ok()?.checked_add(1)
}

#[cfg(test)]
pub(in crate::connect) mod tests;
