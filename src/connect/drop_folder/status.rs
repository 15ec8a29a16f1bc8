//! How a source of files stands.

use serde::{Deserialize, Serialize};

use super::Candidate;
use crate::connect::csv::IntakeSummary;
use crate::domain::text::Text;
use crate::domain::time::Instant;

/// Most notes that are kept of one scan.
const MOST_NOTES: usize = 20;

/// How a source of files stands, since the daemon started.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SourceStatus {
    /// Name of the last file that was taken, repeated or refused, cleaned.
    pub last_file: Option<String>,
    /// When that was.
    pub last_taken: Option<Instant>,
    /// The newest stamp of all files.
    pub newest: Option<Instant>,
    /// How much later than its newest stamp the last file was written, by its own clock: the delay of the export and the
    /// offset between the two clocks together, in milliseconds. Below zero the stamps run ahead.
    pub clock_offset_ms: Option<i64>,
    /// Files that wait, finished or not.
    pub waiting: usize,
    /// Files taken.
    pub taken: u64,
    /// Files recognised as repeated.
    pub repeated: u64,
    /// Files refused whole.
    pub refused: u64,
    /// How often a file changed between being seen and being done with.
    pub changed: u64,
    /// Readings of all files.
    pub readings: u64,
    /// Rows and cells refused in files that were taken.
    pub refused_rows: u64,
    /// What lies in the folder and is no file.
    pub notes: Vec<Text>,
}

impl SourceStatus {
    /// How old the newest stamp is, in milliseconds; below zero where it lies in the future.
    pub fn lag_ms(&self, now: Instant) -> Option<i64> {
        self.newest.map(|newest| now.since(newest))
    }

    pub(super) fn took(&mut self, candidate: &Candidate, now: Instant) {
        self.last_file = Some(candidate.name.clone());
        self.last_taken = Some(now);
        self.waiting = self.waiting.saturating_sub(1);
    }

    pub(super) fn done(&mut self, candidate: &Candidate, summary: &IntakeSummary) {
        self.taken += 1;
        self.readings += summary.readings;
        self.refused_rows += summary.refused;
        if let Some(last) = summary.last {
            self.newest = Some(self.newest.map_or(last, |newest| newest.max(last)));
            self.clock_offset_ms = Some(candidate.modified.since(last));
        }
    }

    pub(super) fn set_notes(&mut self, mut notes: Vec<Text>) {
        notes.truncate(MOST_NOTES);
        self.notes = notes;
    }
}
