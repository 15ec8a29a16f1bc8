//! The second person (双人复核): where the plan asks for one, what a person wrote down waits for somebody else who holds it
//! against the paper, and agrees or returns it with what is wrong.
//!
//! What waits counts: figures are never held back by a signature. It is seen as unchecked wherever it is opened. Whether a
//! record waits is decided when it is written and stands in it, so that a later plan does not change it. What was returned is
//! put right by a correction, or taken back; once a second person agrees with what came in its place, it is done.
//!
//! A version of the plan that was put in force waits in the same way, for whoever may approve it (批准), and holds meanwhile.
//!
//! To say something of a record costs its readings, and a look at each record that is open; to list what is open costs its
//! cells, of five hundred records at the most.

mod rows;

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::domain::actor::Actor;
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::reading::{Slot, Version};
use crate::domain::text::{Text, clean, one_line};

use super::command::Refusal;
use super::event::Event;
use super::history::History;
use super::outline::slots_of;
use super::view::{CheckMark, CheckedCell, LookedView, SecondCheckView, Standing};
use super::{Broken, Engine};

pub(super) use rows::{SecondCheckRow, SecondChecks, rows_of};

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 200;

/// The most cells of a record that are followed, and returned, one by one; more are returned as a whole.
pub const MOST_FOLLOWED: usize = 2_000;

/// The most records that are listed.
pub const MOST_LISTED: usize = 500;

/// The most cells of a record that are told one by one.
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
    pub(super) fn await_second_person(
        &mut self,
        record: Sequence,
        by: &Actor,
        what: (CheckSubject, Vec<CellOf>),
    ) -> Result<(), Broken> {
        let row = SecondCheckRow::new(record, by, self.now, what);
        self.second_checks.put(&row)
    }

    /// A record that was taken back waits for nobody.
    pub(super) fn await_nobody(&mut self, history: &dyn History, record: Sequence) -> Result<(), Broken> {
        if self.second_checks.find(history, record)?.is_some() {
            self.second_checks.remove(record);
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
        if row.by.name() == by.name() {
            let text = match subject {
                CheckSubject::Entry => Text::new("second-check-same-person"),
                CheckSubject::Plan => Text::new("approval-same-person"),
            };
            return Err(refuse(text.with("of", of).with("by", clean(row.by.name()))));
        }
        let (_, event) = Event::decode(*kind, *version, payload)?;
        let brought: BTreeSet<CellOf> = slots_of(&event).into_iter().collect();
        let verdict = match check.verdict {
            CheckVerdict::Agreed => match &row.looked {
                Some(looked) if looked.verdict == CheckVerdict::Agreed => {
                    let text = Text::new("second-check-already").with("of", of);
                    let text = text.with("by", clean(looked.by.name())).with_instant("at", looked.at);
                    return Err(refuse(text));
                }
                _ => CheckVerdict::Agreed,
            },
            CheckVerdict::Returned { reason, cells } => {
                let reason = check_reason(&reason)?;
                let cells = self.returned_cells(history, of, (&brought, cells))?;
                CheckVerdict::Returned { reason, cells }
            }
        };
        let settles = match verdict {
            CheckVerdict::Agreed => self.settled_with(history, of, &brought)?,
            CheckVerdict::Returned { .. } => Vec::new(),
        };
        Ok(Event::SecondChecked(SecondChecked {
            check: SecondCheck { of, verdict },
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
        let mut standing = Vec::with_capacity(cells.len());
        for cell in cells {
            if !brought.contains(&cell) {
                return Err(refuse(Text::new("second-check-no-cell").with("of", of)));
            }
            if self.newest_by_person(history, cell)? == Some(of) {
                standing.push(cell);
            }
        }
        if standing.is_empty() && !brought.is_empty() {
            return Err(refuse(Text::new("second-check-nothing-stands").with("of", of)));
        }
        Ok(standing)
    }

    /// The record by which a person wrote into a cell last, whatever machines say of it.
    fn newest_by_person(&self, history: &dyn History, (parameter, slot): CellOf) -> Result<Option<Sequence>, Broken> {
        let versions = self.versions_of(history, parameter, slot)?;
        let by_people = versions
            .iter()
            .filter(|version| version.stands() && !version.origin.is_by_machine());
        Ok(by_people.map(|version| version.sequence).max())
    }

    /// The records that are done once a record is agreed with: they were returned or written over, nothing that was wrong
    /// stands any more, and nothing that took its place waits for anybody else.
    fn settled_with(
        &self,
        history: &dyn History,
        agreed: Sequence,
        brought: &BTreeSet<CellOf>,
    ) -> Result<Vec<Sequence>, Broken> {
        let mut settled = Vec::new();
        if brought.is_empty() {
            return Ok(settled);
        }
        let open = self.second_checks.open(history)?;
        for &record in open.iter().filter(|record| **record < agreed) {
            let Some(row) = self.second_checks.find(history, record)? else {
                continue;
            };
            if !row.open_cells().iter().any(|cell| brought.contains(cell)) {
                continue;
            }
            let mut is_done = true;
            let mut is_of_this = false;
            for &cell in row.open_cells() {
                let Some(newest) = self.newest_by_person(history, cell)? else {
                    continue;
                };
                is_of_this |= newest == agreed;
                is_done &= newest == agreed || !open.contains(&newest);
            }
            if is_done && is_of_this {
                settled.push(record);
            }
        }
        Ok(settled)
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
                self.second_checks.put(&row.settled_by(sequence))?;
            }
        }
        Ok(())
    }

    /// What is open: first what waits, then what was returned, the oldest first; and how many more there are than are listed.
    pub fn second_checks(&self, history: &dyn History) -> Result<(Vec<SecondCheckView>, usize), Broken> {
        let open = self.second_checks.open(history)?;
        let more = open.len().saturating_sub(MOST_LISTED);
        let mut views = Vec::new();
        for record in open.into_iter().take(MOST_LISTED) {
            views.extend(self.second_check(history, record)?);
        }
        views.sort_by_key(|view| (view.mark != CheckMark::Awaits, view.record));
        Ok((views, more))
    }

    /// How it stands with a record; none of one of which the plan asked for no second person.
    pub fn second_check(&self, history: &dyn History, record: Sequence) -> Result<Option<SecondCheckView>, Broken> {
        let row = self.second_checks.find(history, record)?;
        row.map(|row| self.view_of(history, &row)).transpose()
    }

    fn view_of(&self, history: &dyn History, row: &SecondCheckRow) -> Result<SecondCheckView, Broken> {
        let record = row.record;
        let name = |actor: &Actor| self.model().and_then(|model| model.name_of(actor)).cloned();
        let mut view = SecondCheckView {
            record,
            name: name(&row.by),
            by: row.by.name().to_owned(),
            at: row.written,
            subject: row.subject,
            mark: mark_of(row),
            looked: None,
            cells: u32::try_from(row.open_cells().len()).unwrap_or(u32::MAX),
            standing: 0,
        };
        // Of what is done nobody asks any more.
        for &cell in row.open_cells().iter().filter(|_| row.is_open()) {
            view.standing += u32::from(self.newest_by_person(history, cell)? == Some(record));
        }
        if let Some(looked) = &row.looked {
            let reason = match &looked.verdict {
                CheckVerdict::Agreed => None,
                CheckVerdict::Returned { reason, .. } => Some(reason.clone()),
            };
            view.looked = Some(LookedView {
                name: name(&looked.by),
                by: looked.by.name().to_owned(),
                at: looked.at,
                record: looked.record,
                reason,
            });
        }
        Ok(view)
    }

    /// The values of a record beside what stands before them and what became of them.
    pub fn checked_cells(
        &self,
        history: &dyn History,
        record: Sequence,
        values: &[(ParameterId, Slot, i64)],
    ) -> Result<Vec<CheckedCell>, Broken> {
        let row = self.second_checks.find(history, record)?;
        let mut cells = Vec::with_capacity(values.len().min(MOST_CELLS));
        for &(parameter, slot, value) in values.iter().take(MOST_CELLS) {
            let top = self.top_at(history, parameter, slot)?;
            let before = self.last_before(history, parameter, slot.at)?;
            cells.push(CheckedCell {
                parameter,
                slot,
                value,
                before: before.first().map(|(_, value)| *value),
                standing: top.as_ref().map(Standing::of),
                is_returned: row.as_ref().is_some_and(|row| is_returned(row, (parameter, slot))),
            });
        }
        Ok(cells)
    }

    /// What a second person said of a version, where the plan asked for one.
    pub(super) fn second_person_said(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        version: &Version,
    ) -> Result<Option<Text>, Broken> {
        // What machines bring waits for nobody.
        if version.origin.is_by_machine() {
            return Ok(None);
        }
        let Some(row) = self.second_checks.find(history, version.sequence)? else {
            return Ok(None);
        };
        let view = self.view_of(history, &row)?;
        let mark = mark_of_cell(&row, (parameter, version.slot));
        Ok(Some(view.said_of(mark)))
    }
}

/// How it stands with many cells: the row of each record is read once.
#[derive(Default)]
pub(super) struct CheckMarks(HashMap<Sequence, Option<SecondCheckRow>>);

impl CheckMarks {
    /// With a cell of a record.
    pub(super) fn of(
        &mut self,
        engine: &Engine,
        history: &dyn History,
        (record, cell): (Sequence, CellOf),
    ) -> Result<Option<CheckMark>, Broken> {
        let row = match self.0.entry(record) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(engine.second_checks.find(history, record)?),
        };
        Ok(row.as_ref().map(|row| mark_of_cell(row, cell)))
    }
}

/// A reason as it is kept.
fn check_reason(reason: &str) -> Result<String, Refusal> {
    let reason = one_line(reason);
    if reason.is_empty() {
        return Err(refuse(Text::new("second-check-needs-reason")));
    }
    if reason.chars().count() > LONGEST_REASON {
        return Err(refuse(
            Text::new("second-check-reason-too-long").with_count("most", LONGEST_REASON),
        ));
    }
    Ok(reason)
}

fn mark_of(row: &SecondCheckRow) -> CheckMark {
    match row.looked.as_ref().map(|looked| &looked.verdict) {
        None => CheckMark::Awaits,
        Some(CheckVerdict::Agreed) => CheckMark::Agreed,
        Some(CheckVerdict::Returned { .. }) => CheckMark::Returned,
    }
}

/// How it stands with a cell: whoever returns some of a record has looked at the rest.
fn mark_of_cell(row: &SecondCheckRow, cell: CellOf) -> CheckMark {
    match mark_of(row) {
        CheckMark::Returned if !is_returned(row, cell) => CheckMark::Agreed,
        mark => mark,
    }
}

/// Whether a cell is among those that were returned.
fn is_returned(row: &SecondCheckRow, cell: CellOf) -> bool {
    match row.looked.as_ref().map(|looked| &looked.verdict) {
        Some(CheckVerdict::Returned { cells, .. }) => cells.is_empty() || cells.binary_search(&cell).is_ok(),
        _ => false,
    }
}
