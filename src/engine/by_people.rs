//! The records of what people did (人工操作), found without going through what machines brought: of a thousand records
//! hardly one is of a person.
//!
//! Each stands in a tree of its own under its number, with the name of its kind. To find one costs one look-up, however
//! long the journal is.

use std::collections::BTreeMap;

use crate::domain::identity::Sequence;
use crate::domain::text::Text;
use crate::domain::time::Instant;

use super::command::Refusal;
use super::event::Event;
use super::history::{History, Row, Tree};
use super::notes::NoteRow;
use super::outline::Outline;
use super::verify::Verification;
use super::{Broken, Engine, keys};

/// The most records that are looked at for one answer, whatever is found among them.
const MOST_LOOKED_AT: usize = 4096;

/// The records that are not handed over yet.
#[derive(Debug, Clone)]
pub(super) struct ByPeople {
    /// The first record of which this is kept: a state of an earlier version has none of those before it.
    since: Sequence,
    unsaved: BTreeMap<Sequence, &'static str>,
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
    pub(super) fn recorded(&mut self, sequence: Sequence, event: &Event) {
        if !event.is_by_machine() {
            self.unsaved.insert(sequence, event.describe().0);
        }
    }

    /// The rows, to be handed over.
    pub(super) fn take(&mut self) -> impl Iterator<Item = Row> {
        std::mem::take(&mut self.unsaved)
            .into_iter()
            .map(|(sequence, kind)| Row {
                tree: Tree::ByPeople,
                key: keys::record(sequence),
                value: Some(kind.as_bytes().to_vec()),
            })
    }
}

impl Engine {
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
        let is_wanted = |found: &[u8]| kind.is_none_or(|kind| kind.as_bytes() == found);
        let unsaved = self.by_people.unsaved.range(..before).rev();
        let mut found: Vec<Sequence> = unsaved
            .filter(|(_, kind)| is_wanted(kind.as_bytes()))
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

    pub(super) fn verify_by_people(
        &self,
        history: &dyn History,
        journal: &PeoplesRecords,
        verification: &mut Verification,
    ) -> Result<(), Broken> {
        let mut expected = journal.until(self.next);
        expected.kinds.retain(|sequence, _| *sequence >= self.by_people.since);
        let unsaved = self.by_people.unsaved.iter();
        let unsaved = unsaved.map(|(&sequence, &kind)| (sequence, Some(kind.to_owned())));
        verification.compare(
            (history, Tree::ByPeople),
            &unsaved.collect(),
            &expected.kinds,
            |key, value| {
                let kind = std::str::from_utf8(value).ok()?.to_owned();
                Some((keys::record_of(key)?, kind))
            },
        )?;
        verification.compare(
            (history, Tree::Notes),
            self.notes.unsaved(),
            &expected.notes,
            |key, value| Some((keys::note_of(key)?, NoteRow::read(value).ok()?)),
        )
    }
}

const WRONG: Broken = Broken::Row("the number of a record of what people did cannot be read");

/// What people did, as the journal has it: what the rows must say.
#[derive(Debug, Clone, Default)]
pub struct PeoplesRecords(Vec<(Sequence, &'static str, Option<Jotted>)>);

/// What a record does to the notes.
#[derive(Debug, Clone)]
enum Jotted {
    Noted(Instant, Box<NoteRow>),
    Withdrawn(Instant, Sequence),
}

/// What the rows must say after a record.
struct Expected {
    kinds: BTreeMap<Sequence, String>,
    notes: BTreeMap<(Instant, Sequence), NoteRow>,
}

impl PeoplesRecords {
    /// Takes the next record of the journal in. One that cannot be read changes nothing: its bytes are looked at elsewhere.
    pub fn take(&mut self, sequence: Sequence, at: Instant, kind: u16, version: u16, payload: &[u8]) {
        let Ok(outline) = Outline::read(kind, version, payload) else {
            return;
        };
        if outline.by_machine {
            return;
        }
        let jotted = match outline.event {
            Some(Event::Noted(note)) => {
                let row = NoteRow::new(&note, &outline.envelope.actor, at);
                Some(Jotted::Noted(note.at, Box::new(row)))
            }
            Some(Event::Withdrawn { of, note: Some(at), .. }) => Some(Jotted::Withdrawn(at, of)),
            _ => None,
        };
        self.0.push((sequence, outline.kind, jotted));
    }

    fn until(&self, next: Sequence) -> Expected {
        let mut expected = Expected {
            kinds: BTreeMap::new(),
            notes: BTreeMap::new(),
        };
        for (sequence, kind, jotted) in self.0.iter().filter(|(sequence, ..)| *sequence < next) {
            expected.kinds.insert(*sequence, (*kind).to_owned());
            match jotted {
                Some(Jotted::Noted(at, row)) => drop(expected.notes.insert((*at, *sequence), (**row).clone())),
                Some(Jotted::Withdrawn(at, of)) => drop(expected.notes.remove(&(*at, *of))),
                None => {}
            }
        }
        expected
    }
}

impl Verification {
    /// Compares the rows of a tree, under those that are not handed over yet (`None` removes one), with what they must be.
    fn compare<Key: Ord + Clone, Value: PartialEq + Clone>(
        &mut self,
        (history, tree): (&dyn History, Tree),
        unsaved: &BTreeMap<Key, Option<Value>>,
        expected: &BTreeMap<Key, Value>,
        read: impl Fn(&[u8], &[u8]) -> Option<(Key, Value)>,
    ) -> Result<(), Broken> {
        let mut sound = 0;
        let mut others = 0;
        let mut look_at = |key: &Key, value: &Value| {
            let is_expected = expected.get(key) == Some(value);
            *(if is_expected { &mut sound } else { &mut others }) += 1;
        };
        let mut unreadable = 0;
        history.scan(tree, &[], &[u8::MAX; 24], &mut |key, value| {
            match read(key, value) {
                Some((key, _)) if unsaved.contains_key(&key) => {}
                Some((key, value)) => look_at(&key, &value),
                None => unreadable += 1,
            }
            true
        })?;
        for (key, value) in unsaved {
            if let Some(value) = value {
                look_at(key, value);
            }
        }
        others += unreadable;
        let missing = expected.len() - sound;
        if missing > 0 || others > 0 {
            self.find(
                Text::new("verify-rows-differ")
                    .with("tree", tree.name())
                    .with_count("missing", missing)
                    .with_count("others", others),
            );
        }
        Ok(())
    }
}
