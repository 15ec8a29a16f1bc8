//! Who sat at the posts (在岗): when each person signed on or off last, and what people did since.
//!
//! What people did is counted by kind as it is recorded. With every signing on and off stands the count of that moment, so
//! that what was done since costs one subtraction however long ago it was.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::domain::actor::Actor;
use crate::domain::identity::Sequence;
use crate::domain::text::Text;
use crate::domain::time::Instant;

use super::command::Refusal;
use super::history::{History, Row, Tree};
use super::{Broken, Engine};

const ATTENDANCE: &[u8] = b"attendance/";

/// How often people did a thing, by the name of its kind, since the first record.
pub(super) type Deeds = BTreeMap<String, u64>;

/// When a person signed on or off last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct AttendanceRow {
    at: Instant,
    sequence: Sequence,
    /// Everything that people had done by then.
    deeds: Deeds,
}

/// What happened since a person sat at a post last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// When that was.
    pub at: Instant,
    /// The record of it.
    pub sequence: Sequence,
    /// What people did since, by the name of its kind, with how often; what did not happen is not named.
    pub deeds: Vec<(String, u64)>,
}

/// What people did, and who signed on or off and is not handed over yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Attendance {
    deeds: Deeds,
    /// Who is signed on, once for each terminal.
    present: Vec<Actor>,
    unsaved: HashMap<String, AttendanceRow>,
}

impl Attendance {
    /// As it was handed over.
    pub(super) fn go_on(deeds: Deeds, present: Vec<Actor>) -> Self {
        Self {
            deeds,
            present,
            ..Self::default()
        }
    }

    /// Everything that people have done.
    pub(super) fn deeds(&self) -> &Deeds {
        &self.deeds
    }

    /// Who is signed on.
    pub(super) fn present(&self) -> &[Actor] {
        &self.present
    }

    /// Somebody did something.
    pub(super) fn count(&mut self, deed: &str) {
        *self.deeds.entry(deed.to_owned()).or_default() += 1;
    }

    /// The rows, to be handed over.
    pub(super) fn take(&mut self) -> Result<Vec<Row>, Broken> {
        std::mem::take(&mut self.unsaved)
            .into_iter()
            .map(|(staff_number, row)| {
                let value = rmp_serde::to_vec_named(&row).map_err(|error| Broken::Record(error.to_string()))?;
                Ok(Row {
                    tree: Tree::Site,
                    key: key(&staff_number),
                    value: Some(value),
                })
            })
            .collect()
    }
}

fn key(staff_number: &str) -> Vec<u8> {
    [ATTENDANCE, staff_number.as_bytes()].concat()
}

impl Engine {
    /// What happened since a person signed on or off last; `None` where they never did.
    pub fn since(&self, history: &dyn History, staff_number: &str) -> Result<Option<Since>, Broken> {
        let row = match self.attendance.unsaved.get(staff_number) {
            Some(row) => row.clone(),
            None => match history.get(Tree::Site, &key(staff_number))? {
                Some(bytes) => rmp_serde::from_slice(&bytes)
                    .map_err(|_| Broken::Row("a row of who sat at the posts cannot be read"))?,
                None => return Ok(None),
            },
        };
        let deeds = self.attendance.deeds.iter().filter_map(|(kind, count)| {
            let more = count.saturating_sub(row.deeds.get(kind).copied().unwrap_or_default());
            (more > 0).then(|| (kind.clone(), more))
        });
        Ok(Some(Since {
            at: row.at,
            sequence: row.sequence,
            deeds: deeds.collect(),
        }))
    }

    /// Who is signed on, once for each terminal; after a start whoever was when the daemon ended.
    pub fn present(&self) -> &[Actor] {
        self.attendance.present()
    }

    /// A person came with a record, in place of another or not.
    pub(super) fn come(&mut self, sequence: Sequence, actor: &Actor, instead_of: Option<&str>) {
        if let Some(relieved) = instead_of {
            self.leave(actor.uid, relieved);
            self.attend(sequence, relieved);
        }
        self.attendance.present.push(actor.clone());
        if let Some(person) = &actor.person {
            self.attend(sequence, person);
        }
    }

    /// A person went with a record.
    pub(super) fn go(&mut self, sequence: Sequence, actor: &Actor) {
        if let Some(person) = &actor.person {
            self.leave(actor.uid, person);
            self.attend(sequence, person);
        }
    }

    fn leave(&mut self, uid: u32, staff_number: &str) {
        let present = &mut self.attendance.present;
        let is_it = |actor: &Actor| actor.uid == uid && actor.person.as_deref() == Some(staff_number);
        if let Some(place) = present.iter().position(is_it) {
            present.remove(place);
        }
    }

    fn attend(&mut self, sequence: Sequence, staff_number: &str) {
        let row = AttendanceRow {
            at: self.now,
            sequence,
            deeds: self.attendance.deeds.clone(),
        };
        self.attendance.unsaved.insert(staff_number.to_owned(), row);
    }
}

/// The staff number of who signs on or off. Whether it is really them has been found out before.
pub(super) fn person_of(actor: &Actor) -> Result<&str, Refusal> {
    let person = actor.person.as_deref();
    person.ok_or_else(|| Refusal::Request(Text::new("sign-on-nobody")))
}
