//! Documents (单据): kept by form and number, found by the record that filed them, and taken back as a whole.
//!
//! Documents that are filed together are one record. Where readings come of them they stand in the same record, so that there
//! is never one without the other. To find one costs a few rows; to list the newest costs those that are listed.

mod calibrated;
mod covered;
mod part;
mod replaced;
mod rows;

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::domain::actor::Actor;
use crate::domain::attachment::check_all;
use crate::domain::document::{
    Document, DocumentBody, DocumentForm, LONGEST_DOCUMENT_NUMBER, LONGEST_FIELD, LONGEST_SPAN_DAYS, Span, plain_number,
};
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::model::{Name, SiteModel};
use crate::domain::reading::{Incoming, Origin};
use crate::domain::text::{Text, clean};
use crate::domain::time::{DAY_MS, Instant};

use super::command::{AHEAD_MS, Answer, Provenance, Refusal};
use super::event::{Event, Filed, Withdrawn};
use super::history::History;
use super::view::{DocumentView, IntakeOutcome, LiveValue, Superseded};
use super::{Broken, Engine};

pub use part::{document_name, document_named, document_part};

pub(super) use calibrated::CalibrationsOf;
pub(super) use rows::{DocumentRow, Documents, rows_of};

/// The most documents that are filed at once: a year of days.
pub const MOST_FILED: usize = 400;

/// The most documents that one answer lists.
pub const MOST_DOCUMENTS: u32 = 500;

fn refuse(text: Text) -> Refusal {
    Refusal::Request(text)
}

/// That a number is on the form already.
fn twice(standing: &DocumentRow) -> Text {
    Text::new("document-twice")
        .with("number", clean(&standing.document.number))
        .with("record", standing.record)
        .with("by", clean(standing.by.name()))
        .with_instant("at", standing.written)
}

impl Engine {
    /// Files documents with all readings that come of them, or nothing.
    pub(super) fn file(
        &mut self,
        history: &dyn History,
        (sequence, by): (Sequence, &Actor),
        (provenance, documents): (Provenance, Vec<Document>),
        values: &mut Vec<(ParameterId, LiveValue)>,
    ) -> Result<(Option<Event>, Answer), Refusal> {
        if documents.is_empty() || documents.len() > MOST_FILED {
            return Err(refuse(Text::new("documents-too-many").with_count("most", MOST_FILED)));
        }
        if !provenance.attachments.is_empty() {
            return Err(refuse(Text::new("attachments-beside-documents")));
        }
        let documents: Vec<Document> = documents.into_iter().map(Document::tidied).collect();
        let mut readings = Vec::new();
        let mut seen = BTreeSet::new();
        for document in &documents {
            let is_new = seen.insert((document.form.as_str(), plain_number(&document.number)));
            let of_document = |why: Text| match documents.len() {
                1 => refuse(why),
                _ => refuse(
                    Text::new("document-of-several")
                        .with("number", clean(&document.number))
                        .with_text("why", why),
                ),
            };
            if !is_new {
                return Err(of_document(Text::new("document-twice-given")));
            }
            let of_it = self.readings_of(history, document).map_err(|refusal| match refusal {
                Refusal::Request(why) => of_document(why),
                broken @ Refusal::Broken(_) => broken,
            })?;
            for reading in &of_it {
                self.judge(reading).map_err(of_document)?;
            }
            readings.extend(of_it);
        }
        let origin = documents.first().map_or(Origin::Typed, |first| first.kind().origin());
        if documents.iter().any(|document| document.kind().origin() != origin) {
            return Err(refuse(Text::new("documents-of-several-kinds")));
        }
        let name = match (documents.as_slice(), provenance.name.as_str()) {
            ([one], "") => one.to_string(),
            (_, given) => given.to_owned(),
        };
        let provenance = Provenance { name, ..provenance };
        let model = self.model();
        let is_asked = |document: &Document| model.is_some_and(|model| model.asks_second_person_of(document));
        let awaits_second_person = documents.iter().any(is_asked);
        let (event, answer) = self.take_in(history, (sequence, by), (origin, provenance), &readings, values)?;
        if let Some(Event::Readings(mut body)) = event {
            body.provenance.documents = documents;
            body.provenance.awaits_second_person |= awaits_second_person;
            return Ok((Some(Event::Readings(body)), answer));
        }
        // What they say of figures was known; the documents themselves were not.
        let outcome = match answer {
            Answer::Intake(outcome) => outcome,
            _ => IntakeOutcome::default(),
        };
        let outcome = IntakeOutcome {
            sequence: Some(sequence),
            ..outcome
        };
        let filed = Filed {
            documents,
            awaits_second_person,
        };
        Ok((Some(Event::Filed(filed)), Answer::Intake(outcome)))
    }

    /// What a document must be, and the readings that come of it.
    fn readings_of(&self, history: &dyn History, document: &Document) -> Result<Vec<Incoming>, Refusal> {
        let (model, form) = self.form_of(document)?;
        check_words(document).map_err(refuse)?;
        if let Some(standing) = self.document(history, &form.key, &document.number)? {
            return Err(refuse(twice(&standing)));
        }
        if let Some(span) = document.span() {
            self.check_span(document, span).map_err(refuse)?;
        }
        let today = model.zone.local(self.now.plus(AHEAD_MS)).date();
        check_dates(document, today).map_err(refuse)?;
        let needs_values = !matches!(
            document.body,
            DocumentBody::Batch { .. } | DocumentBody::Calibration { .. }
        );
        if needs_values && document.values().is_empty() {
            return Err(refuse(Text::new("document-says-nothing")));
        }
        if let DocumentBody::Calibration { meter, .. } = &document.body
            && !model.meters.iter().any(|known| known.id == *meter)
        {
            return Err(refuse(Text::new("document-unknown-meter")));
        }
        let batch = match document.batch() {
            Some(number) => Some(self.batch_span(history, form, number)?),
            None => None,
        };
        document.readings(model, form, batch).map_err(refuse)
    }

    /// The readings that would come of a document, whether or not it could be filed as it is; none where they cannot be told.
    pub(super) fn readings_that_come_of(
        &self,
        history: &dyn History,
        document: &Document,
    ) -> Result<Vec<Incoming>, Refusal> {
        let Ok((model, form)) = self.form_of(document) else {
            return Ok(Vec::new());
        };
        let batch = match document.batch().map(|number| self.batch_span(history, form, number)) {
            None => None,
            Some(Ok(span)) => Some(span),
            Some(Err(Refusal::Request(_))) => return Ok(Vec::new()),
            Some(Err(broken @ Refusal::Broken(_))) => return Err(broken),
        };
        Ok(document.readings(model, form, batch).unwrap_or_default())
    }

    /// The form of a document in the newest model.
    fn form_of(&self, document: &Document) -> Result<(&SiteModel, &DocumentForm), Refusal> {
        let unknown = || Text::new("form-unknown").with("key", clean(&document.form));
        let model = self.model().ok_or_else(|| refuse(unknown()))?;
        let form = model.form(&document.form).ok_or_else(|| refuse(unknown()))?;
        if form.kind != document.kind() {
            return Err(refuse(Text::new("form-other-kind").with("key", clean(&document.form))));
        }
        Ok((model, form))
    }

    fn check_span(&self, document: &Document, span: Span) -> Result<(), Text> {
        let is_instant = matches!(document.body, DocumentBody::Stock { .. });
        if !span.from.is_plausible() || !span.to.is_plausible() {
            return Err(Text::new("reading-implausible-time").with_instant("at", span.from));
        }
        if !is_instant && span.to <= span.from {
            return Err(Text::new("document-ends-before")
                .with_instant("from", span.from)
                .with_instant("to", span.to));
        }
        if span.to.since(span.from) > LONGEST_SPAN_DAYS * DAY_MS {
            return Err(Text::new("document-too-long").with_count("most", LONGEST_SPAN_DAYS));
        }
        if span.to > self.now.plus(AHEAD_MS) {
            return Err(Text::new("document-in-future")
                .with_instant("at", span.to)
                .with_instant("now", self.now));
        }
        Ok(())
    }

    /// The time of a batch that a laboratory tested.
    fn batch_span(&self, history: &dyn History, form: &DocumentForm, number: &str) -> Result<Span, Refusal> {
        let batches = form.batches.as_deref().unwrap_or_default();
        let unknown = || {
            let text = Text::new("document-unknown-batch").with("number", clean(number));
            // By the name that stands over the form: its key nobody reads anywhere.
            let name = self
                .model()
                .and_then(|model| model.form(batches))
                .map(|known| &known.name);
            refuse(match name.filter(|name| **name != Name::default()) {
                Some(name) => text.with_name("form", name),
                None => text.with("form", clean(batches)),
            })
        };
        let row = self.document(history, batches, number)?.ok_or_else(unknown)?;
        row.document.span().ok_or_else(unknown)
    }

    /// That the batch is not there on which a document reports, as filing it would say.
    pub(super) fn without_batch(&self, history: &dyn History, document: &Document) -> Result<Option<Text>, Refusal> {
        let (Ok((_, form)), Some(number)) = (self.form_of(document), document.batch()) else {
            return Ok(None);
        };
        match self.batch_span(history, form, number) {
            Ok(_) => Ok(None),
            Err(Refusal::Request(why)) => Ok(Some(why)),
            Err(broken @ Refusal::Broken(_)) => Err(broken),
        }
    }

    /// A document that stands, by its form and number.
    pub(super) fn document(
        &self,
        history: &dyn History,
        form: &str,
        number: &str,
    ) -> Result<Option<DocumentRow>, Broken> {
        self.documents.find(history, form, number)
    }

    /// The documents that a record filed, where they stand.
    pub fn documents_of(&self, history: &dyn History, record: Sequence) -> Result<Vec<Document>, Broken> {
        let rows = self.documents.of_record(history, record)?;
        Ok(rows.into_iter().map(|row| row.document).collect())
    }

    /// Takes documents in that a record filed.
    pub(super) fn put_documents(&mut self, record: Sequence, documents: &[Document], by: &Actor) -> Result<(), Broken> {
        for document in documents {
            let row = DocumentRow::new(document, by, self.now, record);
            self.calibrations.put(&row);
            self.documents.put(&row)?;
        }
        Ok(())
    }

    /// Takes the documents of a record away.
    pub(super) fn remove_documents(&mut self, history: &dyn History, record: Sequence) -> Result<(), Broken> {
        for row in self.documents.of_record(history, record)? {
            self.calibrations.remove(&row);
            self.documents.remove(&row)?;
        }
        Ok(())
    }

    /// Whether the documents of a record may be taken back: nothing that stands rests on them.
    pub(super) fn check_document_withdrawal(&self, history: &dyn History, record: Sequence) -> Result<(), Refusal> {
        for document in self.documents_of(history, record)? {
            if let Some(report) = self.reports_on(history, &document)?.first() {
                return Err(refuse(
                    Text::new("document-rests")
                        .with("number", clean(&document.number))
                        .with("later", report.record),
                ));
            }
        }
        Ok(())
    }

    /// The reports on a batch.
    fn reports_on(&self, history: &dyn History, batch: &Document) -> Result<Vec<DocumentRow>, Broken> {
        match (&batch.body, self.model()) {
            (DocumentBody::Batch { .. }, Some(model)) => {
                let mut tests = Vec::new();
                for form in &model.document_forms {
                    if form.batches.as_ref() == Some(&batch.form) {
                        tests.extend(self.documents.tests(history, &form.key, &batch.number)?);
                    }
                }
                Ok(tests)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Documents of which no readings came are taken back whole.
    pub(super) fn plan_document_withdrawal(
        &self,
        history: &dyn History,
        of: Sequence,
        reason: String,
    ) -> Result<Event, Refusal> {
        if self.documents_of(history, of)?.is_empty() {
            return Err(refuse(Text::new("withdrawal-nothing-stands").with("of", of)));
        }
        self.check_document_withdrawal(history, of)?;
        Ok(Event::Withdrawn(Withdrawn {
            documents: true,
            ..Withdrawn::new(of, reason)
        }))
    }

    /// The newest documents of a form, the newest first, by the time of which they speak.
    pub fn documents(&self, history: &dyn History, form: &str, most: u32) -> Result<Vec<DocumentView>, Refusal> {
        let most = usize::try_from(most.min(MOST_DOCUMENTS)).unwrap_or(usize::MAX);
        let rows = self.documents.newest(history, form, most)?;
        rows.into_iter().map(|row| self.document_view(history, row)).collect()
    }

    fn document_view(&self, history: &dyn History, row: DocumentRow) -> Result<DocumentView, Refusal> {
        let tests = self.reports_on(history, &row.document)?;
        let mut superseded = Vec::new();
        for reading in self.readings_that_come_of(history, &row.document)? {
            let top = self.top_at(history, reading.parameter, reading.slot)?;
            superseded.extend(top.filter(|top| top.value != reading.value).map(|top| Superseded {
                parameter: reading.parameter,
                value: top.value,
                origin: top.origin,
                record: top.sequence,
            }));
        }
        Ok(DocumentView {
            superseded,
            name: self.model().and_then(|model| model.name_of(&row.by)).cloned(),
            by: row.by.name().to_owned(),
            at: row.written,
            record: row.record,
            tests: tests.into_iter().map(|test| test.document.number).collect(),
            document: row.document,
        })
    }

    /// The newest model, with the calibrations that were recorded since.
    pub fn model_as_calibrated(&self) -> Option<SiteModel> {
        let mut model = SiteModel::clone(self.model()?);
        for meter in &mut model.meters {
            *meter = self.as_calibrated(meter);
        }
        Some(model)
    }

    /// Changes whenever a calibration does: what was told of the model before is not all of it any more.
    pub const fn calibration_changes(&self) -> u64 {
        self.calibrations.changes()
    }
}

fn check_words(document: &Document) -> Result<(), Text> {
    let length = document.number.chars().count();
    if length == 0 {
        return Err(Text::new("document-without-number"));
    }
    if length > LONGEST_DOCUMENT_NUMBER {
        return Err(Text::new("document-number-too-long").with_count("most", LONGEST_DOCUMENT_NUMBER));
    }
    if document
        .words()
        .iter()
        .any(|words| words.chars().count() > LONGEST_FIELD)
    {
        return Err(Text::new("document-words-too-long").with_count("most", LONGEST_FIELD));
    }
    check_all(&document.attachments)
}

/// Days must have been: nobody tests, writes or calibrates tomorrow.
fn check_dates(document: &Document, today: NaiveDate) -> Result<(), Text> {
    let past = |day: NaiveDate| {
        if day <= today && Instant::from_utc(day.and_time(chrono::NaiveTime::MIN).and_utc()).is_plausible() {
            return Ok(());
        }
        Err(Text::new("document-day").with("day", day))
    };
    match &document.body {
        DocumentBody::Laboratory { tested_on, .. } => past(*tested_on),
        DocumentBody::Invoice { issued_on, .. } => past(*issued_on),
        DocumentBody::Calibration { on, until, .. } => {
            past(*on)?;
            match until {
                Some(until) if until < on => Err(Text::new("document-until").with("on", on).with("until", until)),
                _ => Ok(()),
            }
        }
        DocumentBody::Batch { .. } | DocumentBody::Stock { .. } => Ok(()),
    }
}
