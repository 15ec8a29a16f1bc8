//! What records are called, and what they did, for people.

use crate::domain::document::Document;
use crate::domain::note::Note;
use crate::domain::reading::Origin;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::alarms::AlarmsAnswered;
use crate::engine::anomalies::{AnomaliesFound, AnomaliesWorked, AnomalyDeed};
use crate::engine::carried::NoteClosed;
use crate::engine::closing::MonthClosed;
use crate::engine::command::Provenance;
use crate::engine::handover::HandedOver;
use crate::engine::second_check::{CheckSubject, CheckVerdict, SecondChecked};

use super::kinds::RecordKind;
use super::{Event, MeterChanged, Withdrawn};
use crate::quality::anomaly::AnomalyId;

impl Event {
    /// Name of the kind, and what the record did, for people.
    pub fn describe(&self) -> (RecordKind, Text) {
        match self {
            Self::Readings(body) => {
                let count = u64::try_from(body.readings.len()).unwrap_or(u64::MAX);
                readings_text(body.origin, &body.provenance, count)
            }
            Self::Withdrawn(withdrawn) => (RecordKind::Withdrawal, withdrawn_text(withdrawn)),
            Self::MeterChanged(MeterChanged { change, .. }) => (
                RecordKind::MeterChange,
                Text::new("record-meter-change")
                    .with_instant("at", change.at)
                    .with("serial", clean(&change.serial))
                    .with("reason", clean(&change.reason)),
            ),
            Self::Applied { model, digest, .. } => (
                RecordKind::Apply,
                Text::new("record-apply")
                    .with_count("parameters", model.parameters.len())
                    .with_count("sources", model.sources.len())
                    .with("digest", digest.get(..8).unwrap_or(digest)),
            ),
            Self::Adopted { rules } => (
                RecordKind::Adopt,
                Text::new("record-adopt")
                    .with_count("factors", rules.factors().len())
                    .with_count("methods", rules.methods().len()),
            ),
            Self::Restored { epoch, head } => (
                RecordKind::Restore,
                Text::new("record-restore")
                    .with("epoch", epoch)
                    .with("head", head.get(..8).unwrap_or(head)),
            ),
            Self::Sealed(seal) => (
                RecordKind::Seal,
                Text::new(if seal.drop { "record-seal-drop" } else { "record-seal" })
                    .with("through", seal.through)
                    .with("applied", seal.applied)
                    .with("export", seal.export.get(..8).unwrap_or(&seal.export)),
            ),
            Self::Noted(note) => {
                let text = Text::new("record-note")
                    .with_instant("at", note.at)
                    .with("text", clean(&note.text));
                (RecordKind::Note, carried_text(text, note))
            }
            Self::NoteClosed(closed) => (RecordKind::NoteClosing, note_closed_text(closed)),
            Self::HandedOver(handed) => (RecordKind::Handover, handed_over_text(handed)),
            Self::MonthClosed(closed) => (RecordKind::Closing, closed_text(closed)),
            Self::Filed(filed) => (RecordKind::Document, documents_text(&filed.documents, 0)),
            Self::SecondChecked(checked) => match checked.subject {
                CheckSubject::Entry => (RecordKind::SecondCheck, second_checked_text(checked)),
                CheckSubject::Plan => (RecordKind::Approval, approved_text(checked)),
            },
            Self::SignedOn { instead_of } => (
                RecordKind::SignOn,
                match instead_of {
                    Some(person) => Text::new("record-sign-on-instead").with("person", clean(person)),
                    None => Text::new("record-sign-on"),
                },
            ),
            Self::SignedOff { how } => (RecordKind::SignOff, how.text()),
            Self::PinSet { staff_number } => (
                RecordKind::Pin,
                Text::new("record-pin").with("staff_number", clean(staff_number)),
            ),
            Self::AlarmsAnswered(answered) => (RecordKind::Alarm, answered_text(answered)),
            Self::AnomaliesFound(all) => (RecordKind::AnomalyFound, found_text(all)),
            Self::AnomaliesWorked(worked) => (RecordKind::Anomaly, worked_text(worked, 0)),
            Self::Filled(filled) => (
                RecordKind::Filling,
                match (&filled.reason, filled.decided.len()) {
                    (Some(reason), count) if filled.of.is_some() => Text::new("record-filling-withdrawal")
                        .with_count("count", count)
                        .with("of", filled.of.unwrap_or_default())
                        .with("reason", clean(reason)),
                    (Some(reason), count) => Text::new("record-filling-by-person")
                        .with_count("count", count)
                        .with("reason", clean(reason)),
                    (None, 0) => Text::new("record-filling-nothing"),
                    (None, count) => Text::new("record-filling").with_count("count", count),
                },
            ),
        }
    }

    /// Whether no person did it: readings that a machine brought, hours that were filled by the plan.
    pub(in crate::engine) const fn is_by_machine(&self) -> bool {
        match self {
            Self::Readings(body) => body.origin.is_by_machine(),
            Self::Filled(filled) => filled.reason.is_none(),
            Self::AnomaliesFound(_) => true,
            _ => false,
        }
    }

    /// The name of the kind where it is something that a person did and others want to know of: not what machines bring,
    /// nor who comes and goes.
    pub(in crate::engine) fn deed(&self) -> Option<RecordKind> {
        match self {
            _ if self.is_by_machine() => None,
            Self::SignedOn { .. } | Self::SignedOff { .. } => None,
            _ => Some(self.describe().0),
        }
    }
}

/// What was taken back, and of which record.
fn withdrawn_text(withdrawn: &Withdrawn) -> Text {
    let (of, layers) = (withdrawn.of, withdrawn.layers.len());
    let text = if withdrawn.note.is_some() {
        Text::new("record-note-withdrawal").with("of", of)
    } else if let Some((_, note)) = withdrawn.closing {
        Text::new("record-note-closing-withdrawal")
            .with("of", of)
            .with("note", note)
    } else if let Some((shift, side)) = &withdrawn.handover {
        Text::new("record-handover-withdrawal")
            .with("of", of)
            .with("shift", shift)
            .with_text("side", side.text())
    } else if !withdrawn.anomalies.is_empty() {
        Text::new("record-anomaly-withdrawal")
            .with_count("anomalies", withdrawn.anomalies.len())
            .with_count("count", layers)
            .with("of", of)
    } else if withdrawn.documents {
        Text::new("record-document-withdrawal")
            .with_count("count", layers)
            .with("of", of)
    } else {
        Text::new("record-withdrawal")
            .with_count("count", layers)
            .with("of", of)
    };
    text.with("reason", clean(&withdrawn.reason))
}

/// What a note says, and that it is carried forward where it is.
pub fn carried_text(text: Text, note: &Note) -> Text {
    if note.carry {
        Text::new("record-note-carried").with_text("note", text)
    } else {
        text
    }
}

/// Which note was closed, and what came of it.
fn note_closed_text(closed: &NoteClosed) -> Text {
    let text = match &closed.remark {
        Some(remark) => Text::new("record-note-closing-remark").with("remark", clean(remark)),
        None => Text::new("record-note-closing"),
    };
    text.with("of", closed.of)
}

/// What was filed: the first by its number, and how many more.
fn documents_text(documents: &[Document], readings: u64) -> Text {
    let first = documents.first();
    let kind = first.map_or_else(|| Text::new("record-kind-document"), |first| first.kind().text());
    Text::new("record-document")
        .with_text("kind", kind)
        .with("number", clean(first.map_or("", |first| &first.number)))
        .with_count("more", documents.len().saturating_sub(1))
        .with_count("count", readings)
}

/// What somebody said of a version of the plan.
fn approved_text(checked: &SecondChecked) -> Text {
    let of = checked.check.of;
    match &checked.check.verdict {
        CheckVerdict::Agreed => Text::new("record-approval").with("of", of),
        CheckVerdict::Returned { reason, .. } => Text::new("record-approval-refused")
            .with("of", of)
            .with("reason", clean(reason)),
    }
}

/// What a second person said of a record.
fn second_checked_text(checked: &SecondChecked) -> Text {
    let of = checked.check.of;
    match &checked.check.verdict {
        CheckVerdict::Agreed => Text::new("record-second-check").with("of", of),
        CheckVerdict::Returned { reason, .. } => Text::new("record-second-check-returned")
            .with("of", of)
            .with("reason", clean(reason)),
    }
}

fn closed_text(closed: &MonthClosed) -> Text {
    let text = match (closed.before, &closed.reason) {
        (Some(before), Some(reason)) => Text::new("record-closing-again")
            .with("before", before)
            .with("reason", clean(reason)),
        (_, Some(reason)) => Text::new("record-closing-despite").with("reason", clean(reason)),
        (_, None) => Text::new("record-closing"),
    };
    text.with("month", closed.month)
        .with("digest", closed.digest.get(..8).unwrap_or(&closed.digest))
}

fn handed_over_text(handed: &HandedOver) -> Text {
    let text = match &handed.remark {
        Some(remark) => Text::new("record-handover-remark").with("remark", clean(remark)),
        None => Text::new("record-handover"),
    };
    text.with("shift", &handed.shift)
        .with_text("side", handed.side.text())
        .with_count("items", handed.sheet.items.len())
        .with_instant("seen", handed.sheet.at)
}

/// Name of the kind of a record of readings, and what it did.
pub(in crate::engine) fn readings_text(origin: Origin, provenance: &Provenance, count: u64) -> (RecordKind, Text) {
    if let Some(worked) = &provenance.disposed {
        return (RecordKind::Anomaly, worked_text(worked, count));
    }
    if !provenance.documents.is_empty() {
        return (RecordKind::Document, documents_text(&provenance.documents, count));
    }
    let kind = if origin == Origin::Correction {
        RecordKind::Correction
    } else {
        RecordKind::Readings
    };
    let what = match &provenance.reason {
        Some(reason) if origin == Origin::Correction => Text::new("record-correction")
            .with_count("count", count)
            .with("reason", clean(reason)),
        // Some of them are as before, and it was said why.
        Some(reason) => Text::new("record-readings-as-before")
            .with_count("count", count)
            .with("from", clean(&provenance.name))
            .with("reason", clean(reason)),
        None => Text::new("record-readings")
            .with_count("count", count)
            .with("from", clean(&provenance.name)),
    };
    (kind, what)
}

/// What was done to alarms.
fn answered_text(answered: &AlarmsAnswered) -> Text {
    let text = match answered.deed.reason() {
        Some(reason) => Text::new("record-alarms-reason").with("reason", clean(reason)),
        None => Text::new("record-alarms"),
    };
    text.with_text("deed", answered.deed.text())
        .with_count("count", answered.alarms.len())
}

/// The numbers of anomalies, as many as one reads at a glance.
fn numbers(anomalies: impl ExactSizeIterator<Item = AnomalyId>) -> String {
    const MOST: usize = 5;
    let count = anomalies.len();
    let mut shown: Vec<String> = anomalies.take(MOST).map(|id| id.to_string()).collect();
    if count > MOST {
        shown.push("…".to_owned());
    }
    shown.join(" ")
}

/// What the checks found.
fn found_text(all: &AnomaliesFound) -> Text {
    let gone = all.found.iter().filter(|found| found.signs.is_none()).count();
    let ids = all.found.iter().map(|found| found.anomaly);
    Text::new("record-anomalies-found")
        .with_count("count", all.found.len())
        .with_count("gone", gone)
        .with("numbers", numbers(ids))
}

/// What was done with anomalies.
fn worked_text(worked: &AnomaliesWorked, readings: u64) -> Text {
    let deed = match &worked.deed {
        AnomalyDeed::Dispose { disposition, .. } => disposition.text(),
        deed => deed.text(),
    };
    let text = match worked.deed.comment() {
        Some(comment) => Text::new("record-anomalies-comment").with("comment", clean(comment)),
        None => Text::new("record-anomalies"),
    };
    let text = text
        .with_text("deed", deed)
        .with_count("count", worked.anomalies.len())
        .with_count("readings", readings)
        .with("numbers", numbers(worked.anomalies.iter().copied()));
    let deed = &worked.deed;
    let cause = deed
        .cause()
        .map(|number| Text::new("record-anomalies-cause").with("number", number));
    let evidence = deed
        .evidence()
        .map(|evidence| Text::new("record-anomalies-evidence").with("evidence", clean(evidence)));
    let nonconformity = deed
        .nonconformity()
        .map(|number| Text::new("record-anomalies-nonconformity").with("number", clean(number)));
    let all = std::iter::once(text).chain(cause).chain(evidence).chain(nonconformity);
    Text::joined(all).unwrap_or_else(|| Text::new("record-anomalies"))
}
