//! What the journal says of the rows that rest on records alone (对照日志): what people did, notes, files, substitutes. Buckets and
//! cells are computed again from readings; these are compared with the records.

use std::collections::BTreeMap;

use crate::accounting::substitute::SubstituteDay;
use crate::domain::actor::Actor;
use crate::domain::attachment::{Attachment, Digest};
use crate::domain::document::Document;
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::note::Carried;
use crate::domain::text::Text;
use crate::domain::time::{DayBlock, Instant};
use crate::quality::anomaly::AnomalyId;

use super::anomalies::{AnomaliesWorked, Anomaly, AnomalyDeed, Found, Written, rows_of};
use super::attached::{self, Named, NamedBy};
use super::by_people::kind_of;
use super::carried::carried_rows;
use super::closing::{ClosingRow, as_written_now as as_closed_now, row_of as closing_row};
use super::documents::{DocumentRow, rows_of as rows_of_document};
use super::event::{Event, Withdrawn};
use super::filling::Decided;
use super::handover::{Place, SignatureRow, place_of};
use super::history::{History, Tree};
use super::notes::{NotePlace, NoteRow};
use super::outline::{Outline, slots_of};
use super::second_check::{Awaiting, SecondCheckRow, SecondChecked, as_written_now, rows_of as rows_of_second_check};
use super::substitutes;
use super::verify::Verification;
use super::{Broken, Engine, keys};

/// What the journal says, record by record.
#[derive(Debug, Clone, Default)]
pub struct Recorded(Vec<Said>);

/// What one record says.
#[derive(Debug, Clone)]
struct Said {
    sequence: Sequence,
    /// Name of its kind, where a person did it.
    by_person: Option<&'static str>,
    what: Vec<What>,
}

/// What a record does to rows.
#[derive(Debug, Clone)]
enum What {
    Noted(Instant, Box<NoteRow>),
    NoteWithdrawn(Instant, Sequence),
    /// How it stands with a note that is carried forward.
    Carried(NotePlace, Box<Carried>),
    Signed(Place, Box<SignatureRow>),
    SignatureWithdrawn(Place),
    Closed(Box<ClosingRow>),
    Documented(Vec<DocumentRow>),
    /// What is attached to readings.
    Attached(Vec<Attachment>),
    AwaitsSecondPerson(Box<SecondCheckRow>),
    /// With whoever did it.
    SecondChecked(Written, Box<SecondChecked>, Box<Actor>),
    /// What a record brought was taken back, and with it what was done with others.
    TakenBack(Sequence, Vec<Sequence>),
    DocumentWithdrawn(Sequence),
    Filled(Vec<Decided>),
    AnomaliesFound(Written, Vec<Found>),
    /// With the name of whoever did it.
    AnomaliesWorked(Written, Box<AnomaliesWorked>, String),
}

/// What the rows must say after a record.
#[derive(Default)]
struct Expected {
    kinds: BTreeMap<Sequence, String>,
    notes: BTreeMap<NotePlace, NoteRow>,
    signatures: BTreeMap<Place, SignatureRow>,
    closings: BTreeMap<Sequence, ClosingRow>,
    documents: BTreeMap<Sequence, Vec<DocumentRow>>,
    attached: BTreeMap<Sequence, Vec<Attachment>>,
    second_checks: BTreeMap<Sequence, SecondCheckRow>,
    substitutes: BTreeMap<(ParameterId, DayBlock), SubstituteDay>,
    anomalies: BTreeMap<AnomalyId, Anomaly>,
}

impl Recorded {
    /// The files that are attached to documents and readings, each with what names it.
    pub fn attachments(&self) -> BTreeMap<Digest, Named> {
        let mut named: BTreeMap<Digest, Named> = BTreeMap::new();
        let mut name = |attachments: &[Attachment], by: &NamedBy| {
            for attachment in attachments {
                named.entry(attachment.digest).or_default().put(attachment, by.clone());
            }
        };
        for said in &self.0 {
            let by = |document: Option<&String>| NamedBy {
                record: said.sequence,
                document: document.cloned(),
            };
            for what in &said.what {
                match what {
                    What::Documented(rows) => {
                        for DocumentRow { document, .. } in rows {
                            name(&document.attachments, &by(Some(&document.number)));
                        }
                    }
                    What::Attached(attachments) => name(attachments, &by(None)),
                    _ => {}
                }
            }
        }
        named
    }

    /// Takes the next record of the journal in. One that cannot be read changes nothing: its bytes are looked at elsewhere.
    pub fn take(&mut self, sequence: Sequence, at: Instant, kind: u16, version: u16, payload: &[u8]) {
        let Ok(outline) = Outline::read(kind, version, payload) else {
            return;
        };
        let by_person = (!outline.by_machine).then_some(outline.kind.name());
        let record = sequence;
        let written = Written { at, record };
        let by = outline.envelope.actor.name().to_owned();
        let actor = &outline.envelope.actor;
        let documented = |documents: &[Document]| {
            let rows = documents
                .iter()
                .map(|document| DocumentRow::new(document, actor, at, record));
            What::Documented(rows.collect())
        };
        let worked = |worked| Some(What::AnomaliesWorked(written, worked, by.clone()));
        let awaits = outline.awaits_second_person().map(|subject| {
            let event = Event::decode(kind, version, payload);
            let cells = event.map(|(_, event)| slots_of(&event)).unwrap_or_default();
            let waiting = Awaiting {
                record,
                by: actor,
                typed_by: &outline.provenance.typed_by,
                subject,
                cells,
            };
            What::AwaitsSecondPerson(Box::new(SecondCheckRow::new(waiting, at)))
        });
        let taken_back = match &outline.event {
            Some(Event::Withdrawn(withdrawn)) => Some(What::TakenBack(withdrawn.of, withdrawn.reopens.clone())),
            Some(Event::Filled(filled)) => filled.of.map(|of| What::TakenBack(of, Vec::new())),
            _ => None,
        };
        let attached = outline.provenance.attachments.clone();
        let attached = (!attached.is_empty()).then_some(What::Attached(attached));
        let what = match outline.event {
            None if !outline.provenance.documents.is_empty() => Some(documented(&outline.provenance.documents)),
            None => outline.provenance.disposed.and_then(worked),
            Some(Event::Filed(filed)) => Some(documented(&filed.documents)),
            Some(Event::SecondChecked(checked)) => {
                Some(What::SecondChecked(written, Box::new(checked), Box::new(actor.clone())))
            }
            Some(Event::Withdrawn(Withdrawn {
                of, documents: true, ..
            })) => Some(What::DocumentWithdrawn(of)),
            Some(Event::Noted(note)) => {
                let row = NoteRow::new(&note, &outline.envelope.actor, at);
                Some(What::Noted(note.at, Box::new(row)))
            }
            Some(Event::Withdrawn(Withdrawn { of, note: Some(at), .. })) => Some(What::NoteWithdrawn(at, of)),
            Some(Event::NoteClosed(closed)) => {
                let carried = closed.carried(actor, at, record);
                Some(What::Carried(closed.place(), Box::new(carried)))
            }
            Some(Event::Withdrawn(Withdrawn {
                closing: Some(place), ..
            })) => Some(What::Carried(place, Box::new(Carried::Open))),
            Some(Event::HandedOver(handed)) => {
                let row = SignatureRow::new(&handed, &outline.envelope.actor, at, record);
                Some(What::Signed((handed.shift, handed.side), Box::new(row)))
            }
            Some(Event::Withdrawn(Withdrawn {
                handover: Some(place), ..
            })) => Some(What::SignatureWithdrawn(place)),
            Some(Event::MonthClosed(closed)) => {
                let row = ClosingRow::new(&closed, &outline.envelope.actor, at, record);
                Some(What::Closed(Box::new(row)))
            }
            Some(Event::Filled(filled)) => Some(What::Filled(filled.decided)),
            Some(Event::AnomaliesFound(all)) => Some(What::AnomaliesFound(written, all.found)),
            Some(Event::AnomaliesWorked(deed)) => worked(Box::new(deed)),
            Some(Event::Withdrawn(Withdrawn { anomalies, reason, .. })) if !anomalies.is_empty() => {
                let deed = AnomalyDeed::TakeBack { reason };
                worked(Box::new(AnomaliesWorked { anomalies, deed }))
            }
            _ => None,
        };
        let beside = [awaits, attached, taken_back].into_iter().flatten();
        let what: Vec<What> = what.into_iter().chain(beside).collect();
        if by_person.is_some() || !what.is_empty() {
            self.0.push(Said {
                sequence,
                by_person,
                what,
            });
        }
    }

    fn until(&self, next: Sequence) -> Expected {
        let mut expected = Expected::default();
        for said in self.0.iter().filter(|said| said.sequence < next) {
            if let Some(kind) = said.by_person {
                expected.kinds.insert(said.sequence, kind.to_owned());
            }
            for what in &said.what {
                expected.take(said.sequence, what);
            }
        }
        expected
            .substitutes
            .retain(|_, day| day.hours.iter().any(Option::is_some));
        expected
    }
}

impl Expected {
    fn take(&mut self, sequence: Sequence, what: &What) {
        match what {
            What::Noted(at, row) => drop(self.notes.insert((*at, sequence), (**row).clone())),
            What::NoteWithdrawn(at, of) => drop(self.notes.remove(&(*at, *of))),
            What::Carried(place, carried) => {
                if let Some(row) = self.notes.get_mut(place) {
                    row.carried = Some((**carried).clone());
                }
            }
            What::Signed(place, row) => drop(self.signatures.insert(place.clone(), (**row).clone())),
            What::SignatureWithdrawn(place) => drop(self.signatures.remove(place)),
            What::Closed(row) => drop(self.closings.insert(sequence, (**row).clone())),
            What::Documented(rows) => drop(self.documents.insert(sequence, rows.clone())),
            What::Attached(attachments) => drop(self.attached.insert(sequence, attachments.clone())),
            What::DocumentWithdrawn(of) => drop(self.documents.remove(of)),
            What::AwaitsSecondPerson(row) => drop(self.second_checks.insert(sequence, (**row).clone())),
            What::TakenBack(of, reopens) => {
                self.second_checks.remove(of);
                for reopened in reopens {
                    if let Some(row) = self.second_checks.get_mut(reopened) {
                        *row = row.settled_by(None);
                    }
                }
            }
            What::SecondChecked(written, checked, by) => {
                if let Some(row) = self.second_checks.get_mut(&checked.check.of) {
                    *row = row.looked_at(checked, by, written.at, written.record);
                }
                for settled in &checked.settles {
                    if let Some(row) = self.second_checks.get_mut(settled) {
                        *row = row.settled_by(Some(written.record));
                    }
                }
            }
            What::Filled(decided) => decided.iter().for_each(|decided| self.fill(decided)),
            What::AnomaliesFound(written, all) => {
                for found in all {
                    let known = self.anomalies.get(&found.anomaly);
                    if let Some(anomaly) = Anomaly::found(known, found, *written) {
                        self.anomalies.insert(found.anomaly, anomaly);
                    }
                }
            }
            What::AnomaliesWorked(written, worked, by) => {
                for id in &worked.anomalies {
                    if let Some(anomaly) = self.anomalies.get_mut(id) {
                        *anomaly = anomaly.worked(&worked.deed, by, *written);
                    }
                }
            }
        }
    }

    fn fill(&mut self, decided: &Decided) {
        let key = (decided.parameter, decided.hour.day_block());
        let day = self.substitutes.entry(key).or_default();
        if let Some(place) = day.hours.get_mut(decided.hour.place_in_block()) {
            place.clone_from(&decided.substitute);
        }
    }
}

impl Engine {
    pub(super) fn verify_recorded(
        &self,
        history: &dyn History,
        journal: &Recorded,
        verification: &mut Verification,
    ) -> Result<(), Broken> {
        let mut expected = journal.until(self.next);
        expected.kinds.retain(|sequence, _| *sequence >= self.by_people.since);
        let unsaved = self.by_people.unsaved.iter();
        let unsaved = unsaved.map(|(&sequence, &(kind, _))| (sequence, Some(kind.to_owned())));
        verification.compare(
            (history, Tree::ByPeople),
            &unsaved.collect(),
            &expected.kinds,
            |key, value| {
                let kind = std::str::from_utf8(kind_of(value)).ok()?.to_owned();
                Some((keys::record_of(key)?, kind))
            },
        )?;
        verification.compare(
            (history, Tree::Notes),
            self.notes.unsaved(),
            &expected.notes,
            |key, value| Some((keys::note_of(key)?, NoteRow::read(value).ok()?)),
        )?;
        let as_it_is = |key: &[u8], value: &[u8]| Some((key.to_vec(), value.to_vec()));
        verification.compare(
            (history, Tree::CarriedNotes),
            self.notes.carried.rows(),
            &carried_rows(&expected.notes),
            as_it_is,
        )?;
        verification.compare(
            (history, Tree::Handovers),
            self.signatures.unsaved(),
            &expected.signatures,
            |key, value| Some((place_of(key)?, SignatureRow::read(value).ok()?)),
        )?;
        let mut closings = BTreeMap::new();
        for row in expected.closings.values() {
            if !row.closed.is_whole() {
                verification.find(
                    Text::new("verify-closing-differs")
                        .with("month", row.closed.month)
                        .with("record", row.record),
                );
            }
            closings.extend([closing_row(row)?]);
        }
        verification.compare(
            (history, Tree::Closings),
            self.closings.unsaved(),
            &closings,
            as_closed_now,
        )?;
        let mut documents = BTreeMap::new();
        for row in expected.documents.values().flatten() {
            documents.extend(rows_of_document(row)?);
        }
        verification.compare(
            (history, Tree::Documents),
            self.documents.unsaved(),
            &documents,
            as_it_is,
        )?;
        verification.compare(
            (history, Tree::Attached),
            &self.attached.unsaved(),
            &expected.attached,
            |key, value| Some((keys::record_of(key)?, attached::read(value).ok()?)),
        )?;
        let mut second_checks = BTreeMap::new();
        for row in expected.second_checks.values() {
            second_checks.extend(rows_of_second_check(row)?);
        }
        verification.compare(
            (history, Tree::SecondChecks),
            self.second_checks.unsaved(),
            &second_checks,
            as_written_now,
        )?;
        let unsaved = self.substitutes.iter().filter(|(_, cached)| cached.dirty);
        let unsaved = unsaved.map(|(&key, cached)| {
            let day = &cached.value;
            (key, day.hours.iter().any(Option::is_some).then(|| day.clone()))
        });
        verification.compare(
            (history, Tree::Substitutes),
            &unsaved.collect(),
            &expected.substitutes,
            |key, value| Some((keys::day_row_of(key)?, substitutes::decode(value).ok()?)),
        )?;
        let trees = [Tree::Anomalies, Tree::PastAnomalies];
        let unsaved = self.anomalies.unsaved()?;
        let expected = rows_of(expected.anomalies.values())?;
        for ((tree, unsaved), expected) in trees.into_iter().zip(&unsaved).zip(&expected) {
            verification.compare((history, tree), unsaved, expected, as_it_is)?;
        }
        Ok(())
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
