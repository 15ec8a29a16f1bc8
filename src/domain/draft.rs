//! Drafts (草稿): what people typed into the cells of an entry sheet, and what they attached to it, and have not sent yet. No
//! figure rests on them.

use serde::{Deserialize, Serialize};

use super::attachment::{Attachment, Digest};
use super::identity::ParameterId;
use super::text::as_typed;
use super::time::Instant;

/// Longest text of a cell, in characters.
pub const LONGEST_CELL: usize = 64;

/// Stands behind what was not typed to its end: no number reads so, nobody writes so, and it is held back until somebody looks.
pub const CUT: &str = "…|";

/// A text that was not typed to its end, with at most so many characters.
fn cut(text: &str, most: usize) -> String {
    let room = most.saturating_sub(CUT.chars().count());
    let text = text.strip_suffix(CUT).unwrap_or(text);
    text.chars().take(room).chain(CUT.chars()).collect()
}

/// What is kept of a line, with at most so many characters, that somebody had begun over what stood there when the terminal went: a
/// beginning takes the place of nothing that was finished, which is held back itself; what was cut off before was not.
pub fn held_back(stood: &str, line: &str, most: usize) -> String {
    let is_finished = !stood.is_empty() && !stood.ends_with(CUT);
    cut(if is_finished { stood } else { line }, most)
}

/// What was typed into a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The row.
    pub parameter: ParameterId,
    /// The instant of the round.
    pub round: Instant,
    /// As it was typed.
    pub text: String,
    /// Who typed it: a staff number, or a login where no person is known.
    pub by: String,
    /// When.
    pub at: Instant,
}

/// A cell that somebody typed into, or emptied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftChange {
    /// The row.
    pub parameter: ParameterId,
    /// The instant of the round.
    pub round: Instant,
    /// What it held when they began, as they saw it; `None` for nothing.
    pub seen: Option<String>,
    /// What it is to hold; `None` for nothing.
    pub text: Option<String>,
}

impl DraftChange {
    /// The same, as it would be typed: a text of which nothing is left says that the cell is empty.
    #[must_use]
    pub fn as_typed(&self) -> Self {
        let typed = |text: &Option<String>| {
            let text = as_typed(text.as_deref()?);
            (!text.is_empty()).then(|| text.into_owned())
        };
        Self {
            parameter: self.parameter,
            round: self.round,
            seen: typed(&self.seen),
            text: typed(&self.text),
        }
    }
}

/// What came of changes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Drafted {
    /// All drafts of the page as they are now.
    pub drafts: Vec<Draft>,
    /// The changes that were not made, by their places, because somebody else had typed something into the cell.
    pub contested: Vec<u32>,
    /// Those that were not made because the plan has the cell no more.
    #[serde(default)]
    pub gone: Vec<u32>,
}

/// What is kept of a page for whoever asks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct KeptOfPage {
    /// What was typed into its cells, in the order of time.
    pub drafts: Vec<Draft>,
    /// What whoever asks has attached to it.
    pub attached: Vec<Attachment>,
    /// What others have.
    pub others: Vec<OthersFiles>,
}

/// Files that somebody else attached to a page: they stay theirs until they are sent, taken off or taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OthersFiles {
    /// By what the daemon knows whose they are.
    pub owner: String,
    /// Who attached them, for people: a staff number, or the user of a post where no person is known.
    pub by: String,
    /// The files.
    pub files: Vec<Attachment>,
}

/// What somebody did to the files that go with the rounds of a page which are sent next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileChange {
    /// Attached one.
    Attached(Attachment),
    /// Took over one that somebody else attached, and has not sent or taken off since.
    TakenOver {
        /// The file.
        file: Attachment,
        /// [`OthersFiles::owner`].
        of: String,
    },
    /// Took one off, or sent it.
    TakenOff(Digest),
}

impl FileChange {
    /// Which file it is about.
    pub const fn digest(&self) -> Digest {
        match self {
            Self::Attached(file) | Self::TakenOver { file, .. } => file.digest,
            Self::TakenOff(digest) => *digest,
        }
    }

    /// The file that is attached, where one is.
    pub const fn attached(&self) -> Option<&Attachment> {
        match self {
            Self::Attached(file) | Self::TakenOver { file, .. } => Some(file),
            Self::TakenOff(_) => None,
        }
    }

    /// Does it to files; done twice, it is done once.
    pub fn apply(&self, files: &mut Vec<Attachment>) {
        match self {
            Self::Attached(file) | Self::TakenOver { file, .. } => {
                if !files.iter().any(|other| other.digest == file.digest) {
                    files.push(file.clone());
                }
            }
            Self::TakenOff(digest) => files.retain(|file| file.digest != *digest),
        }
    }
}
