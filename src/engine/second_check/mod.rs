//! The second person (双人复核): where the plan asks for one, what a person wrote down waits for somebody else who holds it
//! against the paper, and agrees or returns it with what is wrong.
//!
//! What waits counts: figures are never held back by a signature. It is seen as unchecked wherever it is opened. Whether a
//! record waits is decided when it is written and stands in it, so that a later plan does not change it. What was returned is
//! put right by typing it again or by a correction, or taken back; once a second person agrees with what came in its place, it is
//! done, until that is taken back. What several persons return of a record adds up, and who speaks says what they saw.
//!
//! A version of the plan that was put in force waits in the same way, for whoever may approve it (批准), and holds meanwhile.
//!
//! To say something of a record costs its readings, and a look at each record that is open; to list what is open costs its
//! cells, of five hundred records at the most.

mod cells;
mod rows;
mod sealing;
mod shown;
mod standing;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::actor::Actor;
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::reading::Slot;
use crate::domain::text::{Text, clean, one_line};

use super::command::Refusal;
use super::event::Event;
use super::history::History;
use super::outline::slots_of;
use super::{Broken, Engine};

use rows::Looked;
use standing::ByPeople;

pub(super) use rows::{Awaiting, SecondCheckRow, SecondChecks, as_written_now, rows_of};
pub use sealing::Reach;
pub(super) use shown::CheckMarks;

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 200;

/// The most cells of a record that are followed, and returned, one by one: those of the largest page. More are returned as a
/// whole, and done when they are agreed with or taken back.
pub const MOST_FOLLOWED: usize = 20_000;

/// The most records that are listed.
pub const MOST_LISTED: usize = 500;

/// The most cells of a record that are told at once.
pub const MOST_CELLS: usize = 1_000;

/// A cell of a record: of which parameter, and of which time.
pub type CellOf = (ParameterId, Slot);

/// What a second person looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckSubject {
    /// What was written down (录入).
    #[default]
    Entry,
    /// A version of the plan (计划版本).
    Plan,
}

/// What somebody says of a record of another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondCheck {
    /// The record.
    pub of: Sequence,
    /// What is said.
    pub verdict: CheckVerdict,
    /// The record of what was said of it last, as whoever speaks now has seen it; none where nobody had said anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Sequence>,
}

/// What is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckVerdict {
    /// It is what the paper says (相符).
    Agreed,
    /// Something is wrong, and goes back to whoever wrote it (退回).
    Returned {
        /// What.
        reason: String,
        /// Which cells; all of them where none is named.
        cells: Vec<CellOf>,
    },
}

/// What was said, as it stands in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondChecked {
    /// What was said of which record.
    pub check: SecondCheck,
    /// What stands in that.
    #[serde(default)]
    pub subject: CheckSubject,
    /// Records that had been returned or written over, and are done with this: everything that took their place is agreed with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settles: Vec<Sequence>,
}

fn refuse(text: Text) -> Refusal {
    Refusal::Request(text)
}

impl Engine {
    /// Whether the plan asks for a second person for one of them.
    pub(super) fn is_of_second_person(&self, mut parameters: impl Iterator<Item = ParameterId>) -> bool {
        let Some(model) = self.model().filter(|model| model.has_second_person()) else {
            return false;
        };
        let asked = model.of_second_person();
        parameters.any(|parameter| asked.contains(&parameter))
    }

    /// A record waits for a second person.
    pub(super) fn await_second_person(&mut self, waiting: Awaiting<'_>) -> Result<(), Broken> {
        let row = SecondCheckRow::new(waiting, self.now);
        self.second_checks.put(&row)
    }

    /// A record that was taken back waits for nobody, and what was done only with it is open again.
    pub(super) fn await_nobody(
        &mut self,
        history: &dyn History,
        record: Sequence,
        reopened: &[Sequence],
    ) -> Result<(), Broken> {
        if self.second_checks.find(history, record)?.is_some() {
            self.second_checks.remove(record);
        }
        for &reopened in reopened {
            if let Some(row) = self.second_checks.find(history, reopened)? {
                self.second_checks.put(&row.settled_by(None))?;
            }
        }
        Ok(())
    }

    /// What is said must be said by somebody else, of something that stands.
    pub(super) fn plan_second_check(
        &self,
        history: &dyn History,
        (check, subject): (SecondCheck, CheckSubject),
        (kind, version, payload): &(u16, u16, Vec<u8>),
        by: &Actor,
    ) -> Result<Event, Refusal> {
        let of = check.of;
        let row = self.second_checks.find(history, of)?;
        let row = row.filter(|row| row.subject == subject);
        let row = row.ok_or_else(|| {
            refuse(match subject {
                CheckSubject::Entry => Text::new("second-check-none").with("of", of),
                CheckSubject::Plan => Text::new("approval-none").with("of", of),
            })
        })?;
        if row.is_of(by) {
            let text = match subject {
                CheckSubject::Entry => Text::new("second-check-same-person"),
                CheckSubject::Plan => Text::new("approval-same-person"),
            };
            return Err(refuse(text.with("of", of).with("by", clean(by.name()))));
        }
        // What somebody says is of what they saw, not of what another one has said meanwhile; and to agree once is enough.
        let is_said = |looked: &&Looked| {
            let is_agreed_again = check.verdict == CheckVerdict::Agreed && looked.verdict == CheckVerdict::Agreed;
            check.seen != Some(looked.record) || is_agreed_again
        };
        if let Some(looked) = row.looked.as_ref().filter(is_said) {
            let text = match looked.verdict {
                CheckVerdict::Agreed => Text::new("second-check-already"),
                CheckVerdict::Returned { .. } => Text::new("second-check-meanwhile"),
            };
            let text = text.with("of", of).with("by", clean(looked.by.name()));
            return Err(refuse(text.with_instant("at", looked.at)));
        }
        let (_, event) = Event::decode(*kind, *version, payload)?;
        let brought: BTreeSet<CellOf> = slots_of(&event).into_iter().collect();
        let verdict = match check.verdict {
            CheckVerdict::Agreed => CheckVerdict::Agreed,
            CheckVerdict::Returned { reason, cells } => {
                let reason = check_reason(&reason, subject)?;
                let cells = self.returned_cells(history, of, (&brought, cells))?;
                self.check_may_be_returned(of, &event, &cells)?;
                CheckVerdict::Returned { reason, cells }
            }
        };
        let settles = match verdict {
            CheckVerdict::Agreed => self.settled_with(history, of, &brought)?,
            CheckVerdict::Returned { .. } => Vec::new(),
        };
        Ok(Event::SecondChecked(SecondChecked {
            check: SecondCheck {
                of,
                verdict,
                seen: None,
            },
            subject,
            settles,
        }))
    }

    /// The cells that go back: those that are named, else all that the record still holds; none where they are too many to
    /// be named one by one.
    fn returned_cells(
        &self,
        history: &dyn History,
        of: Sequence,
        (brought, named): (&BTreeSet<CellOf>, Vec<CellOf>),
    ) -> Result<Vec<CellOf>, Refusal> {
        let named: BTreeSet<CellOf> = named.into_iter().collect();
        let cells = if named.is_empty() { brought.clone() } else { named };
        if cells.len() > MOST_FOLLOWED {
            return Ok(Vec::new());
        }
        let mut by_people = ByPeople::new(self, history);
        let mut standing = Vec::with_capacity(cells.len());
        for cell in cells {
            if !brought.contains(&cell) {
                return Err(refuse(Text::new("second-check-no-cell").with("of", of)));
            }
            if by_people.top(cell)? == Some(of) {
                standing.push(cell);
            }
        }
        if standing.is_empty() && !brought.is_empty() {
            return Err(refuse(Text::new("second-check-nothing-stands").with("of", of)));
        }
        Ok(standing)
    }

    /// Takes in what was said.
    pub(super) fn second_checked(
        &mut self,
        history: &dyn History,
        (sequence, by): (Sequence, &Actor),
        checked: &SecondChecked,
    ) -> Result<(), Broken> {
        if let Some(row) = self.second_checks.find(history, checked.check.of)? {
            let row = row.looked_at(checked, by, self.now, sequence);
            self.second_checks.put(&row)?;
        }
        for &record in &checked.settles {
            if let Some(row) = self.second_checks.find(history, record)? {
                self.second_checks.put(&row.settled_by(Some(sequence)))?;
            }
        }
        Ok(())
    }
}

/// A reason as it is kept.
fn check_reason(reason: &str, subject: CheckSubject) -> Result<String, Refusal> {
    let reason = one_line(reason);
    if reason.is_empty() {
        return Err(refuse(Text::new(match subject {
            CheckSubject::Entry => "second-check-needs-reason",
            CheckSubject::Plan => "approval-needs-reason",
        })));
    }
    if reason.chars().count() > LONGEST_REASON {
        return Err(refuse(
            Text::new("second-check-reason-too-long").with_count("most", LONGEST_REASON),
        ));
    }
    Ok(reason)
}
