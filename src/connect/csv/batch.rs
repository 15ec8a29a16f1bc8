//! What a stretch of rows gave: readings, and what was not taken, with why.

use super::plan::Target;
use super::stamp::Stamp;
use crate::domain::decimal::Counted;
use crate::domain::reading::{Incoming, Quality};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Instant;

/// Longest part of a refused row that is kept, in characters.
const LONGEST_SHOWN: usize = 400;

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
            .with_instant("from", self.from)
            .with_instant("to", self.to)
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

impl Batch {
    /// Adds a reading.
    pub(super) fn push(
        &mut self,
        target: &Target,
        stamp: &Stamp,
        own_id: u64,
        line: u32,
        quality: Quality,
        counted: Counted,
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

/// A value as it is shown in a refusal.
pub(super) fn cut(text: &str) -> String {
    clean(&text.chars().take(64).collect::<String>()).into_owned()
}

/// A row as it is shown in a refusal.
pub(super) fn shown(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw.get(..raw.len().min(4 * LONGEST_SHOWN)).unwrap_or_default());
    let text = text.trim_end_matches(['\r', '\n']);
    let mut shown = clean(&text.chars().take(LONGEST_SHOWN).collect::<String>()).into_owned();
    if text.chars().nth(LONGEST_SHOWN).is_some() {
        shown.push('…');
    }
    shown
}
