//! What second persons look at, as screens and lists show it.

use serde::{Deserialize, Serialize};

use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::model::Name;
use crate::domain::reading::Slot;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Instant;

use super::Standing;
use crate::engine::second_check::CheckSubject;

/// How it stands with what a second person is to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckMark {
    /// Nobody has (待复核).
    Awaits,
    /// Somebody has, and agrees (已复核).
    Agreed,
    /// Somebody has, and returned it (已退回).
    Returned,
}

impl Explained for CheckMark {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::Awaits => "second-check-awaits",
            Self::Agreed => "second-check-agreed",
            Self::Returned => "second-check-returned",
        })
    }
}

/// A record at which a second person is to look, or has looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondCheckView {
    /// The record.
    pub record: Sequence,
    /// Whose it is: a staff number, or a login where no person is known.
    pub by: String,
    /// Their name, where one is known.
    pub name: Option<Name>,
    /// Others who typed some of it, by what they are called: no more its second person than who sent it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub typed_by: Vec<String>,
    /// When it was written.
    pub at: Instant,
    /// What stands in it.
    pub subject: CheckSubject,
    /// How it stands with it.
    pub mark: CheckMark,
    /// What was said last.
    pub looked: Option<LookedView>,
    /// Of one that was returned or written over, the check that agreed with what came in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<Sequence>,
    /// How many cells are to be agreed with or put right: those that were returned, else all; none where they are not followed
    /// one by one.
    pub cells: u32,
    /// How many of those stand as they were written.
    pub standing: u32,
}

/// What a second person said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedView {
    /// Who: a staff number, or a login where no person is known.
    pub by: String,
    /// Their name, where one is known.
    pub name: Option<Name>,
    /// When.
    pub at: Instant,
    /// In which record.
    pub record: Sequence,
    /// Why it was returned.
    pub reason: Option<String>,
}

impl SecondCheckView {
    /// The record of what was said last, for whoever speaks next.
    pub fn seen(&self) -> Option<Sequence> {
        self.looked.as_ref().map(|looked| looked.record)
    }

    /// Whether everything about it that is open was written over since.
    pub const fn is_replaced(&self) -> bool {
        self.cells > 0 && self.standing == 0
    }

    /// Who looked at it and what they said, or that nobody has.
    pub fn said(&self) -> Text {
        self.said_of(self.mark)
    }

    /// The same of a cell of it: whoever returns some of them has agreed with the others.
    pub fn said_of(&self, mark: CheckMark) -> Text {
        let Some(looked) = &self.looked else {
            return match self.subject {
                CheckSubject::Entry if self.settled.is_some() => Text::new("second-check-replaced-done"),
                CheckSubject::Entry if self.is_replaced() => Text::new("second-check-replaced"),
                CheckSubject::Entry => CheckMark::Awaits.text(),
                CheckSubject::Plan => Text::new("approval-awaited"),
            };
        };
        let reason = looked.reason.as_ref().filter(|_| mark == CheckMark::Returned);
        let text = match (self.subject, reason) {
            (CheckSubject::Entry, Some(reason)) if self.settled.is_some() => {
                Text::new("second-check-returned-done").with("reason", clean(reason))
            }
            (CheckSubject::Entry, Some(reason)) => Text::new("second-check-returned-by")
                .with("reason", clean(reason))
                .with_count("cells", self.cells)
                .with_count("standing", self.standing),
            (CheckSubject::Entry, None) => Text::new("second-check-agreed-by"),
            (CheckSubject::Plan, Some(reason)) => Text::new("approval-refused-by").with("reason", clean(reason)),
            (CheckSubject::Plan, None) => Text::new("approval-given-by"),
        };
        // What people do is told to the second.
        let at = Instant(looked.at.0.div_euclid(1_000).saturating_mul(1_000));
        text.with("by", clean(&looked.by)).with_instant("at", at)
    }
}

/// A value of a record that a second person looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedCell {
    /// Of which parameter.
    pub parameter: ParameterId,
    /// Of which time.
    pub slot: Slot,
    /// What was written down, in counts of the parameter's quantum.
    pub value: i64,
    /// The last value before it that counts.
    pub before: Option<i64>,
    /// What stands there now.
    pub standing: Option<Standing>,
    /// Whether it was returned.
    pub is_returned: bool,
}
