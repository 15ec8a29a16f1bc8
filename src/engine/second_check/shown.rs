//! What second persons look at, as it is shown: lists, records value by value, and marks of single cells.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::domain::actor::Actor;
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::reading::{Slot, Version};
use crate::domain::text::Text;
use crate::engine::history::History;
use crate::engine::view::{CheckMark, CheckedCell, LookedView, SecondCheckView, Standing};
use crate::engine::{Broken, Engine};

use super::rows::SecondCheckRow;
use super::standing::ByPeople;
use super::{CellOf, CheckVerdict, MOST_CELLS, MOST_LISTED};

impl Engine {
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
        let Some(row) = self.second_checks.find(history, record)? else {
            return Ok(None);
        };
        let mut view = self.view_of(&row);
        view.cells = count(row.open_cells().count());
        // Of what is done nobody asks any more.
        if row.is_open() {
            let mut by_people = ByPeople::new(self, history);
            for cell in row.open_cells().iter() {
                view.standing += u32::from(by_people.top(cell)? == Some(record));
            }
        }
        Ok(Some(view))
    }

    /// What stands in a row, without its cells.
    fn view_of(&self, row: &SecondCheckRow) -> SecondCheckView {
        let name = |actor: &Actor| self.model().and_then(|model| model.name_of(actor)).cloned();
        let looked = row.looked.as_ref().map(|looked| LookedView {
            name: name(&looked.by),
            by: looked.by.name().to_owned(),
            at: looked.at,
            record: looked.record,
            reason: match &looked.verdict {
                CheckVerdict::Agreed => None,
                CheckVerdict::Returned { reason, .. } => Some(reason.clone()),
            },
        });
        SecondCheckView {
            record: row.record,
            name: name(&row.by),
            by: row.by.name().to_owned(),
            typed_by: row.typed_by.clone(),
            at: row.written,
            subject: row.subject,
            mark: mark_of(row),
            looked,
            settled: row.settled,
            cells: 0,
            standing: 0,
        }
    }

    /// Some values of a record beside what stands before them and what became of them: at most [`MOST_CELLS`] from a place on.
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
                is_returned: row.as_ref().is_some_and(|row| row.is_cell_returned((parameter, slot))),
            });
        }
        Ok(cells)
    }

    /// How it stands with a record as a whole; none of one of which the plan asked for no second person.
    pub(in crate::engine) fn second_check_mark(
        &self,
        history: &dyn History,
        record: Sequence,
    ) -> Result<Option<CheckMark>, Broken> {
        let row = self.second_checks.find(history, record)?;
        Ok(row.as_ref().map(mark_of))
    }

    /// Whether a value of a record was returned, and nothing came of that yet.
    pub(in crate::engine) fn was_returned(
        &self,
        history: &dyn History,
        record: Sequence,
        cell: CellOf,
    ) -> Result<bool, Broken> {
        let row = self.second_checks.find(history, record)?;
        Ok(row.is_some_and(|row| row.is_open() && row.is_cell_returned(cell)))
    }

    /// Whether the last that a second person said of a value of a record is that they returned it, whatever came of that since.
    pub(in crate::engine) fn stays_returned(
        &self,
        history: &dyn History,
        record: Sequence,
        cell: CellOf,
    ) -> Result<bool, Broken> {
        let row = self.second_checks.find(history, record)?;
        Ok(row.is_some_and(|row| row.is_cell_returned(cell)))
    }

    /// What a second person said of a version, where the plan asked for one.
    pub(in crate::engine) fn second_person_said(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        version: &Version,
    ) -> Result<Option<Text>, Broken> {
        // What machines bring waits for nobody.
        if !version.origin.may_be_by_person() {
            return Ok(None);
        }
        let Some(row) = self.second_checks.find(history, version.sequence)? else {
            return Ok(None);
        };
        let cell = (parameter, version.slot);
        let mut view = self.view_of(&row);
        // It is the one value that is explained, and not its record.
        if row.is_cell_open(cell) {
            view.cells = 1;
            view.standing = u32::from(ByPeople::new(self, history).top(cell)? == Some(row.record));
        }
        Ok(Some(view.said_of(mark_of_cell(&row, cell))))
    }
}

fn count(cells: usize) -> u32 {
    u32::try_from(cells).unwrap_or(u32::MAX)
}

/// How it stands with many cells: the row of each record is read once.
#[derive(Default)]
pub(in crate::engine) struct CheckMarks(HashMap<Sequence, Option<SecondCheckRow>>);

impl CheckMarks {
    /// With a cell of a record.
    pub(in crate::engine) fn of(
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
        CheckMark::Returned if !row.is_cell_returned(cell) => CheckMark::Agreed,
        mark => mark,
    }
}
