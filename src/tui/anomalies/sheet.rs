//! The line in which one says to whom anomalies are given, what one knows of them, with what word they are closed, which nonconformity was opened for
//! them, or why a decision is taken back.

use crate::domain::identity::Sequence;
use crate::domain::text::Text;
use crate::engine::anomalies::AnomalyDeed;
use crate::quality::anomaly::AnomalyId;
use crate::tui::widgets::field::Field;
use crate::wire::limits::LONGEST_STAFF_NUMBER;

/// Longest text that is typed, in characters: as many as the daemon keeps.
const LONGEST: usize = 500;

/// For what the line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// To give them to somebody (分派).
    Assign,
    /// To say something of them (批注).
    Comment,
    /// To close them with a word on it (关闭).
    Close,
    /// To link them to a nonconformity (关联不符合).
    Link,
    /// To open one that is closed again (重新打开).
    Reopen,
    /// To take decisions back, by withdrawing these records (撤回处置).
    TakeBack(Vec<Sequence>),
}

/// The line as it is typed.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkSheet {
    /// For what.
    pub work: Work,
    /// For which anomalies.
    pub anomalies: Vec<AnomalyId>,
    /// The line.
    pub field: Field,
    /// Staff numbers of those whom the line may mean, the likeliest first; where it is for somebody.
    pub found: Vec<String>,
    /// The selected one.
    pub cursor: usize,
    /// Numbers of the requests, while the daemon's answers are awaited.
    pub awaited: Vec<u64>,
    /// Why what was typed or sent last could not be done.
    pub fault: Option<Text>,
}

impl WorkSheet {
    /// Nothing typed yet.
    pub fn new(work: Work, anomalies: Vec<AnomalyId>) -> Self {
        let most = if work == Work::Assign {
            LONGEST_STAFF_NUMBER
        } else {
            LONGEST
        };
        Self {
            work,
            anomalies,
            field: Field::new(most),
            found: Vec::new(),
            cursor: 0,
            awaited: Vec::new(),
            fault: None,
        }
    }

    /// Whether one may type: nothing is awaited.
    pub const fn is_open(&self) -> bool {
        self.awaited.is_empty()
    }

    /// What is to be done with the anomalies, or what is missing; a decision is taken back by [`WorkSheet::line`] alone.
    pub fn deed(&self) -> Result<AnomalyDeed, Text> {
        if self.work == Work::Assign {
            let to = self.found.get(self.cursor).cloned();
            let to = to.ok_or_else(|| Text::new("tui-anomaly-nobody-found"))?;
            return Ok(AnomalyDeed::Assign { to });
        }
        let line = self.line()?;
        Ok(match self.work {
            Work::Close => AnomalyDeed::Close { comment: line },
            Work::Link => AnomalyDeed::Link { nonconformity: line },
            Work::Reopen => AnomalyDeed::Reopen { reason: line },
            _ => AnomalyDeed::Comment { text: line },
        })
    }

    /// What was typed, if anything was.
    pub fn line(&self) -> Result<String, Text> {
        let line = self.field.text().trim();
        if line.is_empty() {
            return Err(match self.work {
                Work::Link => Text::new("tui-anomaly-link-empty"),
                Work::TakeBack(_) => Text::new("tui-anomaly-take-back-empty"),
                Work::Reopen => Text::new("tui-anomaly-reopen-empty"),
                Work::Assign | Work::Comment | Work::Close => Text::new("tui-anomaly-comment-empty"),
            });
        }
        Ok(line.to_owned())
    }
}
