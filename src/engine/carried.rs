//! Notes that are carried forward (待续事项): open from when they are written until somebody closes them, and on the sheet of every
//! shift in between.
//!
//! Each stands in a tree of its own beside that of the notes: by its own time as long as it is open, by the time of its
//! closing afterwards. To find what is open costs what is open, however long ago it was written and however much was closed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::actor::Actor;
use crate::domain::identity::Sequence;
use crate::domain::note::{About, Carried, Closed, LONGEST_NOTE, NoteClosing};
use crate::domain::period::Shift;
use crate::domain::text::Text;
use crate::domain::time::Instant;

use super::command::{Refusal, kept_remark};
use super::event::{Event, Withdrawn};
use super::history::History;
use super::notes::{MOST_NOTES, NotePlace, NoteRow, NotesView, row_view};
use super::view::NoteView;
use super::{Broken, Engine, keys};

/// Somebody closed a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteClosed {
    /// The note's record.
    pub of: Sequence,
    /// Of which time the note speaks.
    pub at: Instant,
    /// What came of it.
    pub remark: Option<String>,
}

impl NoteClosed {
    /// Where the note stands.
    pub(super) const fn place(&self) -> NotePlace {
        (self.at, self.of)
    }

    /// How it stands with the note after somebody closed it in a record.
    pub(super) fn carried(&self, by: &Actor, at: Instant, record: Sequence) -> Carried {
        Carried::Closed(Closed {
            by: by.name().to_owned(),
            at,
            record,
            remark: self.remark.clone(),
        })
    }
}

/// The key of a note among those that are carried forward; none of one that is not.
pub(super) fn carried_key((at, sequence): NotePlace, row: &NoteRow) -> Option<Vec<u8>> {
    Some(match row.carried.as_ref()? {
        Carried::Open => keys::open_note(at, sequence),
        Carried::Closed(closed) => keys::closed_note(closed.at, at, sequence),
    })
}

/// The keys of all notes that are carried forward.
pub(super) fn carried_rows(notes: &BTreeMap<NotePlace, NoteRow>) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let keys = notes.iter().filter_map(|(place, row)| carried_key(*place, row));
    keys.map(|key| (key, Vec::new())).collect()
}

fn refuse(text: Text) -> Refusal {
    Refusal::Request(text)
}

impl Engine {
    /// What a closing must be: of a note that is carried forward, stands and is open.
    pub(super) fn plan_note_closing(
        &self,
        history: &dyn History,
        closing: NoteClosing,
        (kind, version, payload): &(u16, u16, Vec<u8>),
    ) -> Result<Event, Refusal> {
        let NoteClosing { of, remark } = closing;
        let Ok((_, Event::Noted(note))) = Event::decode(*kind, *version, payload) else {
            return Err(refuse(Text::new("note-close-no-note").with("of", of)));
        };
        let row = self.note_row(history, (note.at, of))?;
        let row = row.ok_or_else(|| refuse(Text::new("note-close-withdrawn").with("of", of)))?;
        match row.carried {
            None => return Err(refuse(Text::new("note-close-not-carried").with("of", of))),
            Some(carried @ Carried::Closed(_)) => {
                let text = Text::new("note-close-already").with("of", of);
                return Err(refuse(text.with_text("closed", carried.text())));
            }
            Some(Carried::Open) => {}
        }
        let remark = kept_remark(remark, LONGEST_NOTE, "note-close-remark-too-long")?;
        Ok(Event::NoteClosed(NoteClosed {
            of,
            at: note.at,
            remark,
        }))
    }

    /// A closing is taken back whole: the note is open again.
    pub(super) fn plan_closing_withdrawal(
        &self,
        history: &dyn History,
        of: Sequence,
        closed: &NoteClosed,
        reason: String,
    ) -> Result<Event, Refusal> {
        let row = self.note_row(history, closed.place())?;
        let carried = row.and_then(|row| row.carried);
        let stands = carried.as_ref().and_then(Carried::closed);
        if stands.is_none_or(|standing| standing.record != of) {
            return Err(refuse(Text::new("withdrawal-nothing-stands").with("of", of)));
        }
        Ok(Event::Withdrawn(Withdrawn {
            closing: Some(closed.place()),
            ..Withdrawn::new(of, reason)
        }))
    }

    /// A note is closed from now on, or open again.
    pub(super) fn carry_note(
        &mut self,
        history: &dyn History,
        place: NotePlace,
        carried: Carried,
    ) -> Result<(), Broken> {
        // Of a note that was withdrawn nothing is carried.
        if let Some(before) = self.note_row(history, place)? {
            let mut row = before.clone();
            row.carried = Some(carried);
            self.notes.put(place, Some(&before), Some(row));
        }
        Ok(())
    }

    /// How it stands with a note that is carried forward; none where it is not, or does not stand.
    pub fn carried(&self, history: &dyn History, at: Instant, of: Sequence) -> Result<Option<Carried>, Broken> {
        Ok(self.note_row(history, (at, of))?.and_then(|row| row.carried))
    }

    /// The notes of keys of those that are carried forward.
    fn notes_of<'k>(
        &self,
        history: &dyn History,
        keys: impl IntoIterator<Item = &'k Vec<u8>>,
    ) -> Result<Vec<(NotePlace, NoteRow)>, Broken> {
        let mut found = Vec::new();
        for key in keys {
            let place = keys::carried_note_of(key).ok_or(WRONG)?;
            let row = self.note_row(history, place)?.ok_or(WRONG)?;
            found.push((place, row));
        }
        Ok(found)
    }

    fn all_open(&self, history: &dyn History) -> Result<Vec<(NotePlace, NoteRow)>, Broken> {
        let (from, to) = keys::open_notes();
        let open = self.notes.carried.all_between(history, &from, &to)?;
        self.notes_of(history, open.keys())
    }

    /// The newest open notes of a stretch (from included, to not) that concern something.
    pub fn open_notes(
        &self,
        history: &dyn History,
        about: About,
        (from, to): (Instant, Instant),
        most: u32,
    ) -> Result<NotesView, Broken> {
        let Some(model) = self.model() else {
            return Ok(NotesView::default());
        };
        let most = usize::try_from(most.min(MOST_NOTES)).unwrap_or(usize::MAX);
        let mut open = self.all_open(history)?;
        open.retain(|((at, _), row)| (from..to).contains(at) && row.about.concerns(about, model));
        let older = open.len().saturating_sub(most);
        let newest = open.into_iter().skip(older);
        Ok(NotesView {
            notes: newest.map(|(place, row)| row_view(place, row, model)).collect(),
            more: older > 0,
        })
    }

    /// What a shift carries forward: what was there before its end and open at its beginning, by the time of which it speaks. What
    /// was closed in the shift itself is told too: whoever comes knows that it is done.
    ///
    /// Costs what is open, and what was closed since the shift began.
    pub(super) fn carried_in(&self, history: &dyn History, shift: &Shift) -> Result<Vec<NoteView>, Broken> {
        let Some(model) = self.model() else {
            return Ok(Vec::new());
        };
        let from = keys::closed_notes_from(shift.start);
        let closed = self
            .notes
            .carried
            .all_between(history, &from, &keys::closed_notes_end())?;
        let mut carried = self.all_open(history)?;
        carried.extend(self.notes_of(history, closed.keys())?);
        carried.retain(|((at, _), row)| row.since(*at) < shift.end);
        carried.sort_by_key(|(place, _)| *place);
        let views = carried.into_iter().map(|(place, row)| row_view(place, row, model));
        Ok(views.collect())
    }
}

const WRONG: Broken = Broken::Row("a note that is carried forward cannot be found");
