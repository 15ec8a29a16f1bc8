//! The records of what people did (人工操作), found without going through what machines brought: of a thousand records
//! hardly one is of a person.
//!
//! Each stands in a tree of its own under its number, with the name of its kind and when it was written. To find one costs one
//! look-up, however long the journal is.

use std::collections::BTreeMap;

use crate::domain::identity::Sequence;
use crate::domain::time::Instant;

use super::command::Refusal;
use super::event::Event;
use super::history::{History, Row, Tree};
use super::{Broken, Engine, keys};

/// The most records that are looked at for one answer, whatever is found among them.
const MOST_LOOKED_AT: usize = 4096;

/// What ends the name of a kind in a row; when it was written follows.
const END: u8 = 0;

/// The records that are not handed over yet.
#[derive(Debug, Clone)]
pub(super) struct ByPeople {
    /// The first record of which this is kept: a state of an earlier version has none of those before it.
    pub(super) since: Sequence,
    pub(super) unsaved: BTreeMap<Sequence, (&'static str, Instant)>,
}

impl ByPeople {
    /// Kept from a record on.
    pub(super) const fn since(since: Sequence) -> Self {
        Self {
            since,
            unsaved: BTreeMap::new(),
        }
    }

    /// A record was written.
    pub(super) fn recorded(&mut self, (sequence, at): (Sequence, Instant), event: &Event) {
        if !event.is_by_machine() {
            self.unsaved.insert(sequence, (event.describe().0.name(), at));
        }
    }

    /// The rows, to be handed over.
    pub(super) fn take(&mut self) -> impl Iterator<Item = Row> {
        std::mem::take(&mut self.unsaved)
            .into_iter()
            .map(|(sequence, (kind, at))| Row {
                tree: Tree::ByPeople,
                key: keys::record(sequence),
                value: Some([kind.as_bytes(), &[END], &at.0.to_be_bytes()].concat()),
            })
    }
}

/// The name of the kind in a row.
pub(super) fn kind_of(row: &[u8]) -> &[u8] {
    row.split(|byte| *byte == END).next().unwrap_or(row)
}

/// When the record of a row was written; a row of an earlier version does not say it.
fn written(row: &[u8]) -> Option<Instant> {
    let at = row.get(kind_of(row).len().checked_add(1)?..)?;
    Some(Instant(i64::from_be_bytes(at.try_into().ok()?)))
}

impl Engine {
    /// When a record of what a person did was written; none of what a machine brought, and of what an earlier version wrote.
    pub(super) fn written_by_person(&self, history: &dyn History, record: Sequence) -> Result<Option<Instant>, Broken> {
        if let Some((_, at)) = self.by_people.unsaved.get(&record) {
            return Ok(Some(*at));
        }
        let row = history.get(Tree::ByPeople, &keys::record(record))?;
        Ok(row.as_deref().and_then(written))
    }

    /// The first record from which on [`Engine::last_by_people`] knows what people did.
    pub fn by_people_since(&self) -> Sequence {
        self.by_people.since
    }

    /// The newest records of what people did before one, the newest first: of one kind, or of all; and the record down to
    /// which they were looked for, where that is not the first. Looks at no more than 4,096.
    pub fn last_by_people(
        &self,
        history: &dyn History,
        before: Sequence,
        kind: Option<&str>,
        most: usize,
    ) -> Result<(Vec<Sequence>, Option<Sequence>), Refusal> {
        let is_wanted = |found: &[u8]| kind.is_none_or(|kind| kind.as_bytes() == kind_of(found));
        let unsaved = self.by_people.unsaved.range(..before).rev();
        let mut found: Vec<Sequence> = unsaved
            .filter(|(_, (kind, _))| is_wanted(kind.as_bytes()))
            .map(|(&sequence, _)| sequence)
            .take(most)
            .collect();
        // What is not handed over yet is newer than every row.
        let mut bound = keys::record(before);
        let mut reached = found.last().copied();
        for _ in 0..MOST_LOOKED_AT {
            if found.len() >= most {
                break;
            }
            let Some((key, value)) = history.last_before(Tree::ByPeople, &bound, &[])? else {
                return Ok((found, None));
            };
            let sequence = keys::record_of(&key).ok_or(WRONG)?;
            if is_wanted(&value) {
                found.push(sequence);
            }
            reached = Some(sequence);
            bound = key;
        }
        Ok((found, reached))
    }
}

const WRONG: Broken = Broken::Row("the number of a record of what people did cannot be read");
