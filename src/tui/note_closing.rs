//! A note that is carried forward as it is closed (结束待续事项): a line for what came of it.

use super::widgets::field::Field;
use crate::domain::identity::Sequence;
use crate::domain::note::{LONGEST_NOTE, NoteClosing};
use crate::domain::text::Text;

/// The line as it is typed.
#[derive(Debug, Clone, PartialEq)]
pub struct NoteClosingSheet {
    /// The note's record.
    pub of: Sequence,
    /// What the note says.
    pub text: String,
    /// What came of it.
    pub field: Field,
    /// Number of the request, while the daemon's answer is awaited.
    pub awaited: Option<u64>,
    /// Why it could not be closed.
    pub fault: Option<Text>,
}

impl NoteClosingSheet {
    /// Nothing typed yet.
    pub fn new(of: Sequence, text: String) -> Self {
        Self {
            of,
            text,
            field: Field::new(LONGEST_NOTE),
            awaited: None,
            fault: None,
        }
    }

    /// What it asks for.
    pub fn closing(&self) -> NoteClosing {
        let remark = self.field.text().trim();
        NoteClosing {
            of: self.of,
            remark: (!remark.is_empty()).then(|| remark.to_owned()),
        }
    }
}
