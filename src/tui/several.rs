//! Several documents of a form at once (成批单据): pasted, or read of a workbook, and looked at before they are filed as one record.

use super::model::Wanted;
use crate::domain::document::Document;
use crate::domain::text::Text;
use crate::engine::view::Doubted;
use crate::entry::Source;
use crate::entry::form::{Line, Looked};

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
    /// Whether it was asked what is around them, as it is now.
    pub is_asked: bool,
    /// What looks wrong about them by what the daemon knows; none where that was not asked since what is around them is known.
    pub doubted: Option<Wanted<Vec<Doubted>>>,
    /// Whether they were looked at with that.
    pub is_known: bool,
    /// Whether it was said that some look wrong: said again, they are filed.
    pub is_told: bool,
}

impl Several {
    /// How many cannot be read, and how many look wrong.
    pub fn counts(&self) -> (usize, usize) {
        let wrong = self.looked.iter().filter(|one| one.read.is_err()).count();
        let doubted = self.looked.iter().filter(|one| !one.doubts.is_empty()).count();
        (wrong, doubted)
    }

    /// All documents, where each of them can be read.
    pub fn documents(&self) -> Option<Vec<Document>> {
        self.looked.iter().map(|one| one.read.clone().ok()).collect()
    }

    /// The first of which something is to be said, those that cannot be read before those that look wrong.
    pub fn first_to_look_at(&self) -> Option<usize> {
        let mut looked = self.looked.iter();
        let wrong = looked.position(|one| one.read.is_err());
        wrong.or_else(|| self.looked.iter().position(|one| !one.doubts.is_empty()))
    }
}
