//! What somebody typed and that is not on the page: it waits for them (搁置), or is lost to the page and listed until they have
//! taken note of it (未留存).

use std::collections::{BTreeMap, VecDeque};

use super::{AskedOf, Cell, Focus, Lines};
use crate::domain::sheet::SheetPage;
use crate::domain::text::Text;

/// What somebody had typed into a page when they were signed off, and the daemon does not keep.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HeldCells {
    /// Cells, with what they hold, and what the daemon kept of them as the person knew it.
    pub cells: BTreeMap<Cell, (Option<String>, Option<String>)>,
    /// What they had not had time to read.
    pub unread: VecDeque<Text>,
}

/// Whose page: staff number, none where no person is known; key of the sheet, page.
pub type PageOf = (Option<String>, String, SheetPage);

/// A question that was open when whoever asked it was signed off, or that came back refused while they did something else.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldQuestion {
    /// The cell that was under the cursor.
    pub cell: Cell,
    /// The question: a correction, a gap, a block.
    pub focus: Focus,
    /// What it spoke of, where that is what stands on the page.
    pub asked_of: Option<AskedOf>,
    /// The rows and rounds that the page had.
    pub lines: Lines,
    /// Whether it was said that it waits.
    pub is_told: bool,
}

/// Something that somebody typed, and neither the page nor the daemon has any more. It is listed until they take it off.
#[derive(Debug, Clone, PartialEq)]
pub struct Lost {
    /// By staff number; none where no person is known.
    pub whose: Option<String>,
    /// What it was, where, and what became of it.
    pub text: Text,
    /// Where it was a value: that it is on a page again when its cell holds it.
    pub value: Option<(Cell, String)>,
}
