//! Months as screens and lists show them: what was issued of each, and what it has now.

use serde::{Deserialize, Serialize};

use crate::domain::identity::{BookId, Sequence};
use crate::domain::model::Name;
use crate::domain::time::{Instant, Month};
use crate::management::evidence::Rule;

/// A month, open or closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthView {
    /// Which.
    pub month: Month,
    /// Whether it is over.
    pub is_over: bool,
    /// The last month that is sealed, where this one is: its figures stand, and nothing of it is issued any more.
    #[serde(default)]
    pub sealed_through: Option<Month>,
    /// What was issued of it, in order; nothing while it is open.
    pub closings: Vec<ClosingView>,
    /// What every book emitted in it.
    pub books: Vec<MonthOfBook>,
}

impl MonthView {
    /// What was issued last.
    pub fn last(&self) -> Option<&ClosingView> {
        self.closings.last()
    }

    /// Whether something came since it was issued that changes its figures.
    pub fn differs(&self) -> bool {
        self.books.iter().any(MonthOfBook::differs)
    }
}

/// What a book emitted in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthOfBook {
    /// Which book.
    pub book: BookId,
    /// Its key; that of one that is no more is its last.
    pub key: String,
    /// Milligrams of `CO2e` as they were issued last; none while the month is open, and of a book that came later.
    pub issued: Option<i128>,
    /// Milligrams as they are now.
    pub now: i128,
    /// Hours of sources of which something is not known.
    pub unknown_hours: u32,
    /// Whether its sources have something else than what was issued of them; their sum may be the same.
    #[serde(default)]
    pub is_moved: bool,
}

impl MonthOfBook {
    /// By how much what it has now is above what was issued.
    pub fn difference(&self) -> Option<i128> {
        self.issued.map(|issued| self.now - issued)
    }

    /// Whether something came since it was issued that changes it.
    pub fn differs(&self) -> bool {
        self.is_moved || self.difference().is_some_and(|by| by != 0)
    }
}

/// What was issued of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingView {
    /// In which record.
    pub record: Sequence,
    /// By whom: a staff number, or the user of the post.
    pub by: String,
    /// Their name, where one is known.
    pub name: Option<Name>,
    /// When.
    pub at: Instant,
    /// Milligrams of `CO2e` by book.
    pub issued: Vec<(BookId, i128)>,
    /// The rules that the month's evidence failed.
    pub failing: Vec<Rule>,
    /// Why, where a reason was needed.
    pub reason: Option<String>,
    /// BLAKE3 digest of what was issued, in hex.
    pub digest: String,
}

/// Who closed the month of a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedByView {
    /// Which month.
    pub month: Month,
    /// Who: a staff number, or the user of the post.
    pub by: String,
    /// Their name, where one is known.
    pub name: Option<Name>,
    /// When.
    pub at: Instant,
    /// In which record.
    pub record: Sequence,
}
