//! What a file gave in all, and the file of what it did not.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Batch, Refusal};
use crate::domain::text::Text;
use crate::domain::time::Instant;

/// What a file gave in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IntakeSummary {
    /// Rows, without header, blank and comment lines.
    pub rows: u64,
    /// Readings.
    pub readings: u64,
    /// Rows and cells refused.
    pub refused: u64,
    /// Rows refused as a whole.
    pub refused_rows: u64,
    /// Cells that say that there is no value.
    pub missing: u64,
    /// Rows whose tag the mapping passes over.
    pub ignored: u64,
    /// Places where time did not go forward.
    pub warnings: u64,
    /// Readings rounded to their parameter's quantum.
    pub rounded: u64,
    /// Rows whose stamp was repaired.
    pub repaired: u64,
    /// Earliest instant of a reading.
    pub first: Option<Instant>,
    /// Latest end of a reading.
    pub last: Option<Instant>,
}

impl IntakeSummary {
    /// Adds a batch.
    pub fn add(&mut self, batch: &Batch) {
        let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        self.rows += batch.rows;
        self.readings += count(batch.readings.len());
        self.refused += count(batch.refused.len());
        self.refused_rows += batch.refused_rows;
        self.missing += batch.missing;
        self.ignored += batch.ignored;
        self.warnings += count(batch.warnings.len());
        self.rounded += batch.rounded;
        self.repaired += batch.repaired;
        for reading in &batch.readings {
            let (start, end) = (reading.slot.at, reading.slot.end());
            self.first = Some(self.first.map_or(start, |first| first.min(start)));
            self.last = Some(self.last.map_or(end, |last| last.max(end)));
        }
    }
}

/// Writes what was refused beside the file that it came from: line, column, field, reason and the row itself.
///
/// It is written under a temporary name and takes its own when it is whole. Nothing refused leaves no file.
pub struct RefusedFile<'a> {
    path: PathBuf,
    writer: Option<csv::Writer<BufWriter<File>>>,
    words: &'a dyn Fn(&Text) -> String,
}

impl<'a> RefusedFile<'a> {
    /// For an input file: `NAME.refused.csv` beside `NAME.csv`. An older one is replaced at [`Self::finish`].
    ///
    /// `words` puts a reason into the reader's language.
    pub fn beside(input: &Path, words: &'a dyn Fn(&Text) -> String) -> Self {
        let is_csv = input
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        let mut name: OsString = if is_csv { input.file_stem() } else { input.file_name() }
            .unwrap_or_default()
            .to_owned();
        name.push(".refused.csv");
        Self::at(input.with_file_name(name), words)
    }

    /// Under a path of the caller's choice.
    pub fn at(path: PathBuf, words: &'a dyn Fn(&Text) -> String) -> Self {
        Self {
            path,
            writer: None,
            words,
        }
    }

    fn temporary(&self) -> PathBuf {
        let mut name = OsString::from(".");
        name.push(self.path.file_name().unwrap_or_default());
        name.push(".part");
        self.path.with_file_name(name)
    }

    /// Writes refusals.
    pub fn write(&mut self, refusals: &[Refusal]) -> io::Result<()> {
        if refusals.is_empty() {
            return Ok(());
        }
        if self.writer.is_none() {
            let temporary = self.temporary();
            // What an interrupted run left; never written through, since it might be a link.
            match fs::remove_file(&temporary) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let file = OpenOptions::new().write(true).create_new(true).open(temporary)?;
            let mut file = BufWriter::new(file);
            // Spreadsheets take a file without the mark for the system's old encoding, and Chinese becomes noise.
            file.write_all("\u{feff}".as_bytes())?;
            let mut writer = csv::Writer::from_writer(file);
            let heading = |id| (self.words)(&Text::new(id));
            writer.write_record([
                heading("refused-line"),
                heading("refused-column"),
                heading("refused-field"),
                heading("refused-why"),
                heading("refused-row"),
            ])?;
            self.writer = Some(writer);
        }
        let Some(writer) = &mut self.writer else {
            return Ok(());
        };
        for refusal in refusals {
            let column = refusal.column.map(|column| column.to_string()).unwrap_or_default();
            let row = harmless(&refusal.row);
            writer.write_record([
                refusal.line.to_string().as_str(),
                &column,
                &harmless(&refusal.field),
                &(self.words)(&refusal.why),
                &row,
            ])?;
        }
        Ok(())
    }

    /// Gives the file up and takes away what was written.
    pub fn abandon(mut self) {
        if self.writer.take().is_some() {
            let _ = fs::remove_file(self.temporary());
        }
    }

    /// Completes the file; `None` where nothing was refused.
    pub fn finish(mut self) -> io::Result<Option<PathBuf>> {
        let Some(writer) = self.writer.take() else {
            return Ok(None);
        };
        let file = writer
            .into_inner()
            .map_err(|error| io::Error::other(error.to_string()))?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(self.temporary(), &self.path)?;
        Ok(Some(self.path))
    }
}

/// Text from outside that a spreadsheet would run as a formula is given an apostrophe.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '@', '+']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
