//! Several documents of a form at once (成批单据): pasted, or read of a workbook, and looked at before they are filed as one record.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::model::Wanted;
use crate::domain::document::{Document, plain_number};
use crate::domain::text::Text;
use crate::engine::view::{DocumentView, Doubts};
use crate::entry::form::{Line, Looked};
use crate::entry::{Source, Workbook};

/// A block of documents as it was brought in, which the daemon keeps until they are filed or put away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockDraft {
    /// Its cells, with what people should know of them.
    pub cells: Workbook,
    /// The file from which they come, where they come from one.
    pub source: Option<Source>,
}

/// What the daemon is to keep of the block of a form, as long as it has not said that it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeepingBlock {
    /// The block as it is written; nothing where it was filed or put away.
    pub text: Option<String>,
    /// Number of the request by which it is to be kept, or what was to be kept before.
    pub asked: Option<u64>,
    /// From when on, on the terminal's own clock, the daemon is to be asked; nothing where that what was asked is all there is.
    pub due: Option<Duration>,
    /// Whether it was told that the daemon refuses it.
    pub is_told: bool,
}

/// The same by whose they are, by staff number, and the keys of the forms: what somebody brought in while the line was cut waits
/// for them.
pub type KeepingBlocks = BTreeMap<(Option<String>, String), KeepingBlock>;

/// Whether what is around documents is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Around {
    /// It was not asked for since they were brought in.
    Unasked,
    /// It was.
    Asked,
    /// They were looked at with it.
    Known,
}

/// Documents as they will be filed, all of them or none.
#[derive(Debug, Clone, PartialEq)]
pub struct Several {
    /// The lines of the block.
    pub lines: Vec<Line>,
    /// What each of them says, and what looks wrong about it.
    pub looked: Vec<Looked>,
    /// The one under the cursor.
    pub at: usize,
    /// The first on the screen.
    pub top: usize,
    /// What people should know of them.
    pub remarks: Vec<Text>,
    /// The file from which they come, where they come from one.
    pub source: Option<Source>,
    /// Whether what is around them, as it is now, is known, and what the daemon knows of them with it.
    pub around: Around,
    /// What looks wrong about them by what the daemon knows; none where that was not asked since what is around them is known.
    pub doubted: Option<Wanted<Doubts>>,
    /// Whether it was said that some look wrong: said again, they are filed.
    pub is_told: bool,
    /// Whether the daemon keeps them.
    pub is_kept: bool,
    /// Whether they were brought in before: perhaps they were filed since.
    pub is_again: bool,
}

impl Several {
    /// How many cannot be read, and how many look wrong.
    pub fn counts(&self) -> (usize, usize) {
        let wrong = self.looked.iter().filter(|one| one.read.is_err()).count();
        let doubted = self.looked.iter().filter(|one| !one.doubts.is_empty()).count();
        (wrong, doubted)
    }

    /// That more looks wrong than is told; none where all of it is.
    pub fn rest(&self) -> Option<Text> {
        match &self.doubted {
            Some(Wanted::Here(doubts)) => doubts.rest(),
            _ => None,
        }
    }

    /// All documents, where each of them can be read.
    pub fn documents(&self) -> Option<Vec<Document>> {
        self.looked.iter().map(|one| one.read.clone().ok()).collect()
    }

    /// Whether each of them stands already among documents, by its number as numbers are compared when they are filed.
    pub fn all_stand(&self, standing: &[DocumentView]) -> bool {
        let numbers: BTreeSet<_> = standing.iter().map(|one| plain_number(&one.document.number)).collect();
        !self.looked.is_empty()
            && self
                .looked
                .iter()
                .all(|one| numbers.contains(&plain_number(&one.number)))
    }

    /// The first of which something is to be said, those that cannot be read before those that look wrong.
    pub fn first_to_look_at(&self) -> Option<usize> {
        let mut looked = self.looked.iter();
        let wrong = looked.position(|one| one.read.is_err());
        wrong.or_else(|| self.looked.iter().position(|one| !one.doubts.is_empty()))
    }
}
