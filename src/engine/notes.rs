//! Notes beside the figures: found by the time of which they speak, and read where that time is looked at.
//!
//! A note changes no figure. It stands in a tree of its own under its time and its record; one that is withdrawn leaves
//! the tree and stays in the journal. To read the newest of a stretch costs those that are looked at, at most two thousand.
//! Those that are carried forward stand in another tree beside it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::actor::Actor;
use crate::domain::identity::Sequence;
use crate::domain::model::SiteModel;
use crate::domain::note::{About, Carried, LONGEST_NOTE, Note};
use crate::domain::text::{Text, one_line};
use crate::domain::time::{DAY_MS, Instant};

use super::carried::carried_key;
use super::command::Refusal;
use super::event::{Event, Withdrawn};
use super::history::{History, Row, Tree};
use super::unsaved::Unsaved;
use super::view::{NoteView, Target};
use super::{Broken, Engine, keys};

/// How far ahead of the site's clock a note may speak: of what is planned for the coming days.
const AHEAD_MS: i64 = 31 * DAY_MS;

/// The most notes that are looked at for one answer, whatever is found among them.
const MOST_LOOKED_AT: usize = 2_000;

/// The most notes that one answer has.
pub const MOST_NOTES: u32 = 500;

/// The most notes that an explanation tells.
const MOST_TOLD: u32 = 5;

/// What the row of a note has besides its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct NoteRow {
    pub(super) about: About,
    text: String,
    by: Actor,
    written: Instant,
    /// Where it is carried forward, how it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) carried: Option<Carried>,
}

impl NoteRow {
    /// Of a note that somebody wrote at an instant.
    pub(super) fn new(note: &Note, by: &Actor, written: Instant) -> Self {
        Self {
            about: note.about,
            text: note.text.clone(),
            by: by.clone(),
            written,
            carried: Carried::of(note),
        }
    }

    /// From when on it is there: of which it speaks, or when it was written, whichever comes first.
    pub(super) fn since(&self, at: Instant) -> Instant {
        at.min(self.written)
    }

    /// From its bytes.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Broken> {
        rmp_serde::from_slice(bytes).map_err(|_| WRONG)
    }
}

const WRONG: Broken = Broken::Row("a note cannot be read");

/// Which note: the time of which it speaks, and its record.
pub(super) type NotePlace = (Instant, Sequence);

/// Notes that are not handed over yet; `None` for one that was withdrawn.
#[derive(Debug, Clone)]
pub(super) struct NewNotes {
    rows: BTreeMap<NotePlace, Option<NoteRow>>,
    /// Where those stand that are carried forward.
    pub(super) carried: Unsaved,
}

impl Default for NewNotes {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            carried: Unsaved::of(Tree::CarriedNotes),
        }
    }
}

impl NewNotes {
    /// By the time of which they speak, and their record.
    pub(super) const fn unsaved(&self) -> &BTreeMap<NotePlace, Option<NoteRow>> {
        &self.rows
    }

    /// The rows, to be handed over.
    pub(super) fn take(&mut self) -> Result<Vec<Row>, Broken> {
        let mut rows = self.carried.take();
        for ((at, sequence), row) in std::mem::take(&mut self.rows) {
            let value = row.as_ref().map(rmp_serde::to_vec_named).transpose();
            rows.push(Row {
                tree: Tree::Notes,
                key: keys::note(at, sequence),
                value: value.map_err(|error| Broken::Record(error.to_string()))?,
            });
        }
        Ok(rows)
    }

    /// Takes a note in, or away, in place of what it was before.
    pub(super) fn put(&mut self, place: NotePlace, before: Option<&NoteRow>, row: Option<NoteRow>) {
        self.carried
            .remove(before.and_then(|before| carried_key(place, before)));
        let key = row.as_ref().and_then(|row| carried_key(place, row));
        self.carried.put(key.map(|key| (key, Vec::new())));
        self.rows.insert(place, row);
    }
}

/// The notes of a stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NotesView {
    /// The newest of them, in the order of the time of which they speak.
    pub notes: Vec<NoteView>,
    /// Whether there may be older ones in the stretch.
    pub more: bool,
}

impl Engine {
    /// What a note must be.
    pub(super) fn check_note(&self, note: &mut Note) -> Result<(), Refusal> {
        let refuse = |text| Err(Refusal::Request(text));
        note.text = one_line(&note.text);
        let length = note.text.chars().count();
        if length == 0 {
            return refuse(Text::new("note-empty"));
        }
        if length > LONGEST_NOTE {
            return refuse(Text::new("note-too-long").with_count("most", LONGEST_NOTE));
        }
        if !note.at.is_plausible() || note.at > self.now.plus(AHEAD_MS) {
            return refuse(Text::new("note-implausible-time").with_instant("at", note.at));
        }
        let model = self.model();
        let is_known = match note.about {
            About::Site => true,
            About::Node(node) => model.is_some_and(|model| model.node(node).is_some()),
            About::Parameter(parameter) => model.is_some_and(|model| model.parameter(parameter).is_some()),
        };
        if is_known {
            Ok(())
        } else {
            refuse(Text::new("note-about-unknown"))
        }
    }

    /// Whether the note of a record, which speaks of a time, still stands.
    pub(super) fn note_stands(&self, history: &dyn History, at: Instant, of: Sequence) -> Result<bool, Broken> {
        Ok(self.note_row(history, (at, of))?.is_some())
    }

    /// A note, where it stands.
    pub(super) fn note_row(&self, history: &dyn History, place: NotePlace) -> Result<Option<NoteRow>, Broken> {
        if let Some(row) = self.notes.rows.get(&place) {
            return Ok(row.clone());
        }
        let bytes = history.get(Tree::Notes, &keys::note(place.0, place.1))?;
        bytes.map(|bytes| NoteRow::read(&bytes)).transpose()
    }

    /// A note is taken back whole.
    pub(super) fn plan_note_withdrawal(
        &self,
        history: &dyn History,
        of: Sequence,
        note: &Note,
        reason: String,
    ) -> Result<Event, Refusal> {
        if !self.note_stands(history, note.at, of)? {
            return Err(Refusal::Request(Text::new("withdrawal-nothing-stands").with("of", of)));
        }
        Ok(Event::Withdrawn(Withdrawn {
            note: Some(note.at),
            ..Withdrawn::new(of, reason)
        }))
    }

    /// Takes a note in.
    pub(super) fn put_note(&mut self, sequence: Sequence, note: &Note, by: &Actor) {
        let row = NoteRow::new(note, by, self.now);
        self.notes.put((note.at, sequence), None, Some(row));
    }

    /// Takes the note of a record away.
    pub(super) fn remove_note(&mut self, history: &dyn History, at: Instant, of: Sequence) -> Result<(), Broken> {
        let before = self.note_row(history, (at, of))?;
        self.notes.put((at, of), before.as_ref(), None);
        Ok(())
    }

    /// The newest notes of a stretch (from included, to not) that concern something.
    pub fn notes(
        &self,
        history: &dyn History,
        about: About,
        (from, to): (Instant, Instant),
        most: u32,
    ) -> Result<NotesView, Broken> {
        let Some(model) = self.model().filter(|_| from < to) else {
            return Ok(NotesView::default());
        };
        let most = usize::try_from(most.min(MOST_NOTES)).unwrap_or(usize::MAX);
        let mut view = NotesView::default();
        let floor = keys::note(from, Sequence(0));
        let mut bound = keys::note(to, Sequence(0));
        let mut unsaved = self
            .notes
            .rows
            .range((from, Sequence(0))..(to, Sequence(0)))
            .rev()
            .peekable();
        let mut stored = next_before(history, &mut bound, &floor)?;
        for _ in 0..MOST_LOOKED_AT {
            // The later of the two; what is not handed over yet counts before its row.
            let newest = match (unsaved.peek(), &stored) {
                (None, None) => break,
                (Some((key, _)), Some((stored_key, _))) => (**key).max(*stored_key),
                (Some((key, _)), None) => **key,
                (None, Some((stored_key, _))) => *stored_key,
            };
            let fresh = unsaved.next_if(|(key, _)| **key == newest).map(|(_, row)| row.clone());
            let old = match stored.take() {
                Some((key, row)) if key == newest => {
                    stored = next_before(history, &mut bound, &floor)?;
                    Some(row)
                }
                later => {
                    stored = later;
                    None
                }
            };
            let Some(row) = fresh.unwrap_or(old).filter(|row| row.about.concerns(about, model)) else {
                continue;
            };
            if view.notes.len() >= most {
                view.more = true;
                break;
            }
            view.notes.push(row_view(newest, row, model));
        }
        view.more |= unsaved.peek().is_some() || stored.is_some();
        view.notes.reverse();
        Ok(view)
    }

    /// What was noted in the time of a figure and concerns it, for its explanation.
    pub(super) fn note_remarks(
        &self,
        history: &dyn History,
        model: &SiteModel,
        target: &Target,
    ) -> Result<Vec<Text>, Broken> {
        let (Some(about), Some((from, to))) = (target.about(model), target.hours(model)) else {
            return Ok(Vec::new());
        };
        let stretch = (self.zone.hour_start(from), self.zone.hour_start(to));
        let found = self.notes(history, about, stretch, MOST_TOLD)?;
        let mut remarks: Vec<Text> = found.notes.iter().map(NoteView::remark).collect();
        if found.more && !found.notes.is_empty() {
            remarks.push(Text::new("note-more").with_count("told", found.notes.len()));
        }
        Ok(remarks)
    }
}

type Found = (NotePlace, NoteRow);

/// The last note whose key is smaller than `bound`, which then is its key.
fn next_before(history: &dyn History, bound: &mut Vec<u8>, floor: &[u8]) -> Result<Option<Found>, Broken> {
    let Some((key, bytes)) = history.last_before(Tree::Notes, bound, floor)? else {
        return Ok(None);
    };
    let place = keys::note_of(&key).ok_or(WRONG)?;
    let row = NoteRow::read(&bytes)?;
    *bound = key;
    Ok(Some((place, row)))
}

/// A note as it is read.
pub(super) fn row_view((at, sequence): NotePlace, row: NoteRow, model: &SiteModel) -> NoteView {
    NoteView {
        sequence,
        at,
        about: row.about,
        text: row.text,
        name: model.name_of(&row.by).cloned(),
        by: row.by,
        written: row.written,
        carried: row.carried,
    }
}
