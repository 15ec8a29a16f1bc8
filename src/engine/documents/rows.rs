//! The rows of documents: each under its form and number, and found from there by time, by record, by batch and by meter.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::domain::actor::Actor;
use crate::domain::document::{Document, DocumentBody, plain_number};
use crate::domain::identity::{MeterId, Sequence};
use crate::domain::time::Instant;
use crate::engine::history::{History, Row, Tree};
use crate::engine::unsaved::Unsaved;
use crate::engine::{Broken, keys};

/// A document that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct DocumentRow {
    pub(in crate::engine) document: Document,
    pub(in crate::engine) by: Actor,
    pub(in crate::engine) written: Instant,
    pub(in crate::engine) record: Sequence,
}

const WRONG: Broken = Broken::Row("a document cannot be read");

impl DocumentRow {
    /// Of a record.
    pub(in crate::engine) fn new(document: &Document, by: &Actor, written: Instant, record: Sequence) -> Self {
        Self {
            document: document.clone(),
            by: by.clone(),
            written,
            record,
        }
    }

    /// Where it stands among the others of its form: by the time of which it speaks, or its day.
    fn order(&self) -> Instant {
        let of_day = |day: NaiveDate| Instant::from_utc(day.and_time(NaiveTime::MIN).and_utc());
        match &self.document.body {
            DocumentBody::Batch { span, .. } | DocumentBody::Invoice { span, .. } => span.from,
            DocumentBody::Stock { at, .. } => *at,
            DocumentBody::Laboratory { tested_on, .. } => of_day(*tested_on),
            DocumentBody::Calibration { on, .. } => of_day(*on),
        }
    }
}

/// The first byte of a key.
mod family {
    /// By form and number: the row itself.
    pub(super) const NUMBER: u8 = 0;
    /// By form, time and record: where the row is.
    pub(super) const TIME: u8 = 1;
    /// By record: where the row is.
    pub(super) const RECORD: u8 = 2;
    /// By form, batch and record: where the row is.
    pub(super) const BATCH: u8 = 3;
    /// By meter, day and record: where the row is.
    pub(super) const METER: u8 = 4;
}

/// Family, words, each with a zero behind it: no key and no number holds one.
fn under(family: u8, words: &[&str]) -> Vec<u8> {
    let mut key = vec![family];
    for word in words {
        key.extend_from_slice(word.as_bytes());
        key.push(0);
    }
    key
}

fn by_number(form: &str, number: &str) -> Vec<u8> {
    under(family::NUMBER, &[form, &plain_number(number)])
}

fn by_meter(meter: MeterId) -> Vec<u8> {
    [&[family::METER][..], &meter.0.to_be_bytes()].concat()
}

fn by_record(record: Sequence) -> Vec<u8> {
    [&[family::RECORD][..], &keys::record(record)].concat()
}

/// Where a row is among those of its record.
fn in_record(row: &DocumentRow, place: &[u8]) -> Vec<u8> {
    [&by_record(row.record)[..], place].concat()
}

/// All rows of a document, by their keys.
pub(in crate::engine) fn rows_of(row: &DocumentRow) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, Broken> {
    let document = &row.document;
    let place = by_number(&document.form, &document.number);
    let bytes = rmp_serde::to_vec_named(row).map_err(|error| Broken::Record(error.to_string()))?;
    let by_time = [
        under(family::TIME, &[&document.form]),
        keys::note(row.order(), row.record),
        place.clone(),
    ]
    .concat();
    let mut rows = BTreeMap::from([(by_time, place.clone()), (in_record(row, &place), place.clone())]);
    let record = keys::record(row.record);
    match &document.body {
        DocumentBody::Laboratory { batch, .. } => {
            let key = under(family::BATCH, &[&document.form, &plain_number(batch)]);
            rows.insert([key, record, place.clone()].concat(), place.clone());
        }
        DocumentBody::Calibration { meter, on, .. } => {
            let day = keys::ordered(on.num_days_from_ce());
            rows.insert([&by_meter(*meter)[..], &day, &record, &place].concat(), place.clone());
        }
        DocumentBody::Batch { .. } | DocumentBody::Invoice { .. } | DocumentBody::Stock { .. } => {}
    }
    rows.insert(place, bytes);
    Ok(rows)
}

/// Rows of documents that are not handed over to the store yet.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Documents(Unsaved);

impl Default for Documents {
    fn default() -> Self {
        Self(Unsaved::of(Tree::Documents))
    }
}

impl Documents {
    /// By their keys.
    pub(in crate::engine) const fn unsaved(&self) -> &BTreeMap<Vec<u8>, Option<Vec<u8>>> {
        self.0.rows()
    }

    /// The rows, to be handed over.
    pub(in crate::engine) fn take(&mut self) -> Vec<Row> {
        self.0.take()
    }

    /// Takes one in.
    pub(super) fn put(&mut self, row: &DocumentRow) -> Result<(), Broken> {
        self.0.put(rows_of(row)?);
        Ok(())
    }

    /// Takes one away.
    pub(super) fn remove(&mut self, row: &DocumentRow) -> Result<(), Broken> {
        self.0.remove(rows_of(row)?.into_keys());
        Ok(())
    }

    fn row_at(&self, history: &dyn History, place: &[u8]) -> Result<Option<DocumentRow>, Broken> {
        let bytes = self.0.get(history, place)?;
        bytes
            .map(|bytes| rmp_serde::from_slice(&bytes).map_err(|_| WRONG))
            .transpose()
    }

    /// By form and number.
    pub(super) fn find(&self, history: &dyn History, form: &str, number: &str) -> Result<Option<DocumentRow>, Broken> {
        self.row_at(history, &by_number(form, number))
    }

    /// Those that a record filed.
    pub(super) fn of_record(&self, history: &dyn History, record: Sequence) -> Result<Vec<DocumentRow>, Broken> {
        self.rows_under(history, &by_record(record))
    }

    /// The newest of a form, the newest first.
    pub(super) fn newest(&self, history: &dyn History, form: &str, most: usize) -> Result<Vec<DocumentRow>, Broken> {
        let prefix = under(family::TIME, &[form]);
        let mut bound = keys::after_prefix(&prefix);
        let mut rows = Vec::new();
        while rows.len() < most
            && let Some((key, place)) = self.0.last_before(history, &bound, &prefix)?
        {
            bound = key;
            rows.extend(self.row_at(history, &place)?);
        }
        Ok(rows)
    }

    /// All that stand.
    pub(in crate::engine) fn all(&self, history: &dyn History) -> Result<Vec<DocumentRow>, Broken> {
        let rows = self.0.all_under(history, &[family::NUMBER])?;
        rows.values()
            .map(|bytes| rmp_serde::from_slice(bytes).map_err(|_| WRONG))
            .collect()
    }

    /// The rows that are found under the beginning of a key.
    fn rows_under(&self, history: &dyn History, prefix: &[u8]) -> Result<Vec<DocumentRow>, Broken> {
        let found = self.0.all_under(history, prefix)?;
        let mut rows = Vec::with_capacity(found.len());
        for place in found.values() {
            rows.extend(self.row_at(history, place)?);
        }
        Ok(rows)
    }

    /// The reports of a form on a batch.
    pub(super) fn tests(&self, history: &dyn History, form: &str, batch: &str) -> Result<Vec<DocumentRow>, Broken> {
        self.rows_under(history, &under(family::BATCH, &[form, &plain_number(batch)]))
    }
}

/// All calibrations that were handed over to the store.
pub(super) fn calibrations(history: &dyn History) -> Result<Vec<DocumentRow>, Broken> {
    let mut places = Vec::new();
    history.scan(
        Tree::Documents,
        &[family::METER],
        &[family::METER + 1],
        &mut |_, place| {
            places.push(place.to_vec());
            true
        },
    )?;
    let mut rows = Vec::with_capacity(places.len());
    for place in places {
        rows.extend(Documents::default().row_at(history, &place)?);
    }
    Ok(rows)
}
