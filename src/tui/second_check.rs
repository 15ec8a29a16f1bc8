//! What second persons look at, as the terminal holds it (双人复核): the list of what is open, and a record held against the
//! paper.

use std::collections::BTreeSet;
use std::time::Duration;

use super::model::Wanted;
use super::renewed::Renewed;
use super::unanswered::Unanswered;
use super::widgets::field::Field;
use crate::domain::identity::Sequence;
use crate::domain::text::Text;
use crate::engine::second_check::CellOf;
use crate::engine::view::CheckMark;
use crate::wire::records::{CheckedRecord, SecondCheckList, SecondCheckListed};

/// The list, and the record that is looked at.
#[derive(Debug, Clone, Default)]
pub struct SecondChecks {
    /// What is open.
    pub list: Renewed<SecondCheckList>,
    /// Whether the list is looked at.
    pub is_open: bool,
    /// The line under the cursor, and the first that is seen.
    pub at: usize,
    /// The first line on the screen.
    pub top: usize,
    /// The record that is looked at.
    pub record: Option<Box<OpenRecord>>,
}

impl SecondChecks {
    /// What is listed.
    pub fn lines(&self) -> &[SecondCheckListed] {
        self.list.here().map_or(&[], |list| &list.checks)
    }

    /// How many records wait for a second person, and how many were returned; more than are listed wait.
    pub fn counts(&self) -> Option<(usize, usize)> {
        let list = self.list.here()?;
        let awaits = list.checks.iter().filter(|one| one.check.mark == CheckMark::Awaits);
        let awaits = awaits.count();
        let more = usize::try_from(list.more).unwrap_or(usize::MAX);
        Some((awaits.saturating_add(more), list.checks.len() - awaits))
    }
}

/// What is asked for of a record that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Also {
    /// More of its values, by a request.
    More(u64),
    /// All of it anew, by a request.
    Again(u64),
}

/// A record that is held against the paper.
#[derive(Debug, Clone)]
pub struct OpenRecord {
    /// Which.
    pub of: Sequence,
    /// What it holds; while it is asked for anew, as it was.
    pub view: Wanted<CheckedRecord>,
    /// What is asked for besides: more of its values, or all of it anew.
    pub also: Option<Also>,
    /// When it was asked for last, on the terminal's own clock, and the record that was the newest then.
    pub asked_at: (Duration, Sequence),
    /// The value under the cursor.
    pub at: usize,
    /// The first on the screen.
    pub top: usize,
    /// The values that are picked, to be returned.
    pub picked: BTreeSet<usize>,
    /// Why it is returned, while that is typed.
    pub reason: Option<Field>,
    /// What the daemon was asked to record.
    pub asked: Option<Unanswered>,
    /// Why it was refused.
    pub fault: Option<Text>,
}

impl OpenRecord {
    /// One that was asked for.
    pub fn asked_for(of: Sequence, request: u64, asked_at: (Duration, Sequence)) -> Self {
        Self {
            of,
            view: Wanted::Awaited(request),
            also: None,
            asked_at,
            at: 0,
            top: 0,
            picked: BTreeSet::new(),
            reason: None,
            asked: None,
            fault: None,
        }
    }

    /// What it holds, where that is there.
    pub fn here(&self) -> Option<&CheckedRecord> {
        match &self.view {
            Wanted::Here(view) => Some(view),
            Wanted::Awaited(_) | Wanted::Refused(_) => None,
        }
    }

    /// How many values it has.
    pub fn count(&self) -> usize {
        self.here().map_or(0, |view| view.cells.len())
    }

    /// The values that are picked.
    pub fn picked_cells(&self) -> Vec<CellOf> {
        let cells = self.here().map_or(&[][..], |view| &view.cells);
        let picked = self.picked.iter().filter_map(|place| cells.get(*place));
        picked.map(|cell| (cell.parameter, cell.slot)).collect()
    }
}
