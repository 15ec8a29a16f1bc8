//! What stands of what people wrote (现行录入值): whose value is the one by a person that counts, or would if no machine spoke.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::reading::Version;
use crate::domain::time::Hour;
use crate::engine::history::History;
use crate::engine::{Broken, Engine};

use super::CellOf;
use super::rows::SecondCheckRow;

/// Looks cells up one after the other. Those of a parameter that follow each other in time cost their block once.
pub(super) struct ByPeople<'a> {
    engine: &'a Engine,
    history: &'a dyn History,
    /// A record that is looked through, as if it had been taken back.
    without: Option<Sequence>,
    opened: Option<((ParameterId, Hour), Vec<Version>)>,
    /// Of records of files, whether a second person was asked for.
    asked: HashMap<Sequence, bool>,
}

impl<'a> ByPeople<'a> {
    pub(super) fn new(engine: &'a Engine, history: &'a dyn History) -> Self {
        Self {
            engine,
            history,
            without: None,
            opened: None,
            asked: HashMap::new(),
        }
    }

    /// As if a record had been taken back.
    pub(super) fn without(engine: &'a Engine, history: &'a dyn History, record: Sequence) -> Self {
        Self {
            without: Some(record),
            ..Self::new(engine, history)
        }
    }

    /// The record whose value is on top of all that people wrote into a cell, by the ranks of the plan: a value that was typed
    /// beneath a correction is not, however late it came.
    pub(super) fn top(&mut self, (parameter, slot): CellOf) -> Result<Option<Sequence>, Broken> {
        let series = self.engine.series(parameter)?;
        let block = (parameter, series.block_of(self.engine.zone.hour_of(slot.at)));
        if self.opened.as_ref().is_none_or(|(opened, _)| *opened != block) {
            let (versions, _) = self.engine.block_versions(self.history, parameter, block.1)?;
            self.opened = Some((block, versions));
        }
        let versions = self.opened.as_ref().map_or(&[][..], |(_, versions)| versions);
        let from = versions.partition_point(|version| version.slot < slot);
        let of_slot = versions.get(from..).unwrap_or_default().iter();
        let mut by_people = Vec::new();
        for version in of_slot.take_while(|version| version.slot == slot) {
            let is_by_person = match version.origin.is_by_machine() {
                false => true,
                // A file that waits, or has waited, was somebody's.
                true if version.origin.may_be_by_person() => match self.asked.entry(version.sequence) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(unknown) => {
                        let is_asked = self.engine.second_checks.has(self.history, version.sequence)?;
                        *unknown.insert(is_asked)
                    }
                },
                true => false,
            };
            if is_by_person && Some(version.sequence) != self.without {
                by_people.push(*version);
            }
        }
        Ok(series.on_top(&by_people).first().map(|version| version.sequence))
    }
}

impl Engine {
    /// The records that are done once a record is agreed with: they were returned or written over, nothing that was wrong
    /// stands any more, and nothing that took its place waits for anybody else.
    pub(super) fn settled_with(
        &self,
        history: &dyn History,
        agreed: Sequence,
        brought: &BTreeSet<CellOf>,
    ) -> Result<Vec<Sequence>, Broken> {
        let mut settled = Vec::new();
        if brought.is_empty() {
            return Ok(settled);
        }
        let mut open = self.second_checks.open(history)?;
        open.remove(&agreed);
        let mut by_people = ByPeople::new(self, history);
        for &record in &open {
            let Some(row) = self.second_checks.find(history, record)? else {
                continue;
            };
            if !row.open_cells().iter().any(|cell| brought.contains(&cell)) {
                continue;
            }
            if is_done(&row, &open, &mut by_people)? {
                settled.push(record);
            }
        }
        Ok(settled)
    }

    /// The records that were done with a record, and are open again once that is taken back: what was returned or written over
    /// stands again, or something else at which nobody has looked.
    pub(in crate::engine) fn reopened_without(
        &self,
        history: &dyn History,
        record: Sequence,
    ) -> Result<Vec<Sequence>, Broken> {
        let Some(row) = self.second_checks.find(history, record)? else {
            return Ok(Vec::new());
        };
        let open = self.second_checks.open(history)?;
        let mut by_people = ByPeople::without(self, history, record);
        let mut reopened = Vec::new();
        for &settled in &row.settles {
            let Some(row) = self.second_checks.find(history, settled)? else {
                continue;
            };
            if row.settled.is_some() && !is_done(&row, &open, &mut by_people)? {
                reopened.push(settled);
            }
        }
        Ok(reopened)
    }
}

/// Whether nothing of what is open in a record stands, and what stands in its place is open nowhere.
fn is_done(row: &SecondCheckRow, open: &BTreeSet<Sequence>, by_people: &mut ByPeople<'_>) -> Result<bool, Broken> {
    for cell in row.open_cells().iter() {
        let is_in_order = match by_people.top(cell)? {
            None => true,
            Some(top) => top != row.record && !open.contains(&top),
        };
        if !is_in_order {
            return Ok(false);
        }
    }
    Ok(true)
}
