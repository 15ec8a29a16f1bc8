//! Documents (单据): batches, laboratory reports, invoices, stock-taking, calibrations. A document is one record with the
//! readings that come of it, so that it stands or is withdrawn as a whole, and every reading leads back to it.

mod basis;
mod form;
mod said;

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::attachment::{Attachment, tidy};
use super::decimal::count;
use super::identity::MeterId;
use super::model::{Parameter, SiteModel};
use super::reading::{Incoming, ParameterKind, Quality, Slot, own_id};
use super::text::{Explained, Text, clean, one_line};
use super::time::Instant;

pub use basis::{Analysis, Basis, Conversion};
pub use form::{CALIBRATION_FORM, DocumentForm, FormKind, Given, METER_CHANGE_FORM, MOST_FORM_ROWS};

/// The longest number of a document, in characters.
pub const LONGEST_DOCUMENT_NUMBER: usize = 64;

/// The longest words of one of its fields, in characters.
pub const LONGEST_FIELD: usize = 200;

/// The longest time of which a document may speak: a year and a month.
pub const LONGEST_SPAN_DAYS: i64 = 400;

/// A time of which a document speaks: from the first instant to before the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// From.
    pub from: Instant,
    /// To, not included.
    pub to: Instant,
}

impl Span {
    /// Whether some of it is in another one.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from < other.to && other.from < self.to
    }
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Key of its form.
    pub form: String,
    /// Its own number: of the batch, the report, the invoice, the certificate. A form has each number once.
    pub number: String,
    /// What more there is to say.
    pub remark: Option<String>,
    /// What it says.
    pub body: DocumentBody,
    /// Files that stand behind it: a scan of the report, the invoice itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// What a document says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentBody {
    /// A batch.
    Batch {
        /// When it was burnt, used or received.
        span: Span,
        /// How much it is, where that was weighed.
        values: Vec<Given>,
    },
    /// A laboratory's report.
    Laboratory {
        /// Number of the batch.
        batch: String,
        /// Which laboratory.
        laboratory: String,
        /// When it was tested.
        tested_on: NaiveDate,
        /// On which basis, and with which moisture and ash.
        analysis: Analysis,
        /// The values as they stand on the report.
        values: Vec<Given>,
    },
    /// An invoice.
    Invoice {
        /// Who wrote it.
        seller: String,
        /// When.
        issued_on: NaiveDate,
        /// For which time.
        span: Span,
        /// For how much; less than nothing on a credit note (红字发票).
        values: Vec<Given>,
    },
    /// Stock-taking.
    Stock {
        /// When.
        at: Instant,
        /// By which way: measured by drone, dipped, weighed.
        method: String,
        /// What was there.
        values: Vec<Given>,
    },
    /// A calibration.
    Calibration {
        /// Of which meter.
        meter: MeterId,
        /// When.
        on: NaiveDate,
        /// The last day for which it holds; none where the meter was rejected.
        until: Option<NaiveDate>,
        /// By which laboratory.
        laboratory: String,
        /// The error that was found before anything was put right, as the certificate says it.
        error: String,
        /// Serial number of the meter as the certificate says it; empty where it was not written down, so that the meter that
        /// was there on that day is meant.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        serial: String,
    },
}

impl Document {
    /// What sort of document it is.
    pub const fn kind(&self) -> FormKind {
        match self.body {
            DocumentBody::Batch { .. } => FormKind::Batch,
            DocumentBody::Laboratory { .. } => FormKind::Laboratory,
            DocumentBody::Invoice { .. } => FormKind::Invoice,
            DocumentBody::Stock { .. } => FormKind::Stock,
            DocumentBody::Calibration { .. } => FormKind::Calibration,
        }
    }

    /// The values that stand on it.
    pub fn values(&self) -> &[Given] {
        match &self.body {
            DocumentBody::Batch { values, .. }
            | DocumentBody::Laboratory { values, .. }
            | DocumentBody::Invoice { values, .. }
            | DocumentBody::Stock { values, .. } => values,
            DocumentBody::Calibration { .. } => &[],
        }
    }

    /// The number of the batch of which it is.
    pub fn batch(&self) -> Option<&str> {
        match &self.body {
            DocumentBody::Laboratory { batch, .. } => Some(batch),
            _ => None,
        }
    }

    /// The time of which it speaks by itself; a laboratory's report is of its batch's.
    pub const fn span(&self) -> Option<Span> {
        match self.body {
            DocumentBody::Batch { span, .. } | DocumentBody::Invoice { span, .. } => Some(span),
            DocumentBody::Stock { at, .. } => Some(Span { from: at, to: at }),
            DocumentBody::Laboratory { .. } | DocumentBody::Calibration { .. } => None,
        }
    }

    /// Everything that somebody wrote in it.
    pub fn words(&self) -> Vec<&str> {
        let mut words = match &self.body {
            DocumentBody::Laboratory { batch, laboratory, .. } => vec![batch.as_str(), laboratory],
            DocumentBody::Invoice { seller: words, .. } | DocumentBody::Stock { method: words, .. } => {
                vec![words.as_str()]
            }
            DocumentBody::Calibration {
                laboratory,
                error,
                serial,
                ..
            } => vec![laboratory.as_str(), error, serial],
            DocumentBody::Batch { .. } => Vec::new(),
        };
        words.extend(self.remark.as_deref());
        words.push(&self.number);
        words
    }

    /// The same as it is kept: every text one clean line.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        tidy(&mut self.attachments);
        let tidy = |words: &mut String| *words = one_line(words);
        tidy(&mut self.number);
        self.remark = self
            .remark
            .map(|remark| one_line(&remark))
            .filter(|remark| !remark.is_empty());
        match &mut self.body {
            DocumentBody::Laboratory { batch, laboratory, .. } => {
                tidy(batch);
                tidy(laboratory);
            }
            DocumentBody::Invoice { seller: words, .. } | DocumentBody::Stock { method: words, .. } => tidy(words),
            DocumentBody::Calibration {
                laboratory,
                error,
                serial,
                ..
            } => {
                tidy(laboratory);
                tidy(error);
                tidy(serial);
            }
            DocumentBody::Batch { .. } => {}
        }
        self
    }

    /// The readings that come of it, all of them or none. `batch` is the time of the batch that a laboratory tested. A
    /// converted value is rounded once, to the digits that its parameter keeps, half to even (GB/T 8170).
    pub fn readings(&self, model: &SiteModel, form: &DocumentForm, batch: Option<Span>) -> Result<Vec<Incoming>, Text> {
        let mut readings = Vec::with_capacity(self.values().len());
        for given in self.values() {
            let parameter = form
                .rows
                .contains(&given.parameter)
                .then(|| model.parameter(given.parameter))
                .flatten()
                .ok_or_else(|| Text::new("document-not-on-form"))?;
            if readings
                .iter()
                .any(|other: &Incoming| other.parameter == given.parameter)
            {
                return Err(Text::new("document-value-twice").with("tag", &parameter.tag));
            }
            let about = |why: Text| {
                Text::new("document-of-value")
                    .with("tag", &parameter.tag)
                    .with_text("why", why)
            };
            let value = self.value(form, parameter, given.value).map_err(about)?;
            let counted = count(value, parameter.decimals).map_err(|error| about(error.text()))?;
            readings.push(Incoming {
                parameter: parameter.id,
                slot: self
                    .slot(parameter.kind, batch)
                    .ok_or_else(|| Text::new("document-no-batch"))?,
                value: counted.count,
                quality: Quality::Good,
            });
        }
        Ok(readings)
    }

    /// A value on the basis on which its parameter is.
    fn value(&self, form: &DocumentForm, parameter: &Parameter, value: Decimal) -> Result<Decimal, Text> {
        match (&self.body, form.basis) {
            (DocumentBody::Laboratory { analysis, .. }, Some(basis)) if form.is_on_basis(parameter) => {
                let total = form.total_moisture.and_then(|row| self.given(row));
                let analysis = Analysis {
                    total_moisture: total.or(analysis.total_moisture),
                    ..*analysis
                };
                analysis.convert(value, &parameter.unit, basis)
            }
            _ => Ok(value),
        }
    }

    /// Whether a reading of a parameter comes of it, by what is written on it.
    pub fn brought(&self, parameter: super::identity::ParameterId, slot: Slot) -> bool {
        let number = self.batch().unwrap_or(&self.number);
        let is_own = slot.own_id == 0 || slot.own_id == own_id(&plain_number(number));
        is_own && self.given(parameter).is_some()
    }

    /// The value of a row.
    fn given(&self, parameter: super::identity::ParameterId) -> Option<Decimal> {
        let mut values = self.values().iter();
        values
            .find(|given| given.parameter == parameter)
            .map(|given| given.value)
    }

    /// Of which time the readings are. What is delivered in pieces keeps apart by its number; a batch that is tested again
    /// has the new value in place of the old one.
    fn slot(&self, kind: ParameterKind, batch: Option<Span>) -> Option<Slot> {
        if kind == ParameterKind::State {
            return Some(Slot::instant(self.span()?.from));
        }
        let (span, of) = match &self.body {
            DocumentBody::Laboratory { batch: number, .. } => (batch?, number),
            _ => (self.span()?, &self.number),
        };
        Some(Slot {
            at: span.from,
            span_s: u32::try_from(span.to.since(span.from) / 1000).ok()?,
            own_id: own_id(&plain_number(of)),
        })
    }
}

/// A number as it is compared: without spaces, capital and small letters alike.
pub fn plain_number(number: &str) -> String {
    let words = number.chars().filter(|character| !character.is_whitespace());
    words.flat_map(char::to_uppercase).collect()
}

impl fmt::Display for Document {
    /// For logs, and as where readings come from.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", clean(&self.form), clean(&self.number))
    }
}
