//! What records are called, and what they did, for people.

use crate::domain::reading::Origin;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::alarms::AlarmsAnswered;
use crate::engine::command::Provenance;

use super::Event;

impl Event {
    /// Name of the kind, and what the record did, for people.
    pub fn describe(&self) -> (&'static str, Text) {
        match self {
            Self::Readings(body) => {
                let count = u64::try_from(body.readings.len()).unwrap_or(u64::MAX);
                readings_text(body.origin, &body.provenance, count)
            }
            Self::Withdrawn {
                of,
                note: Some(_),
                reason,
                ..
            } => (
                "withdrawal",
                Text::new("record-note-withdrawal")
                    .with("of", of)
                    .with("reason", clean(reason)),
            ),
            Self::Withdrawn { of, layers, reason, .. } => (
                "withdrawal",
                Text::new("record-withdrawal")
                    .with_count("count", layers.len())
                    .with("of", of)
                    .with("reason", clean(reason)),
            ),
            Self::MeterChanged(change) => (
                "meter-change",
                Text::new("record-meter-change")
                    .with_instant("at", change.at)
                    .with("serial", clean(&change.serial))
                    .with("reason", clean(&change.reason)),
            ),
            Self::Applied { model, digest, .. } => (
                "apply",
                Text::new("record-apply")
                    .with_count("parameters", model.parameters.len())
                    .with_count("sources", model.sources.len())
                    .with("digest", digest.get(..8).unwrap_or(digest)),
            ),
            Self::Adopted { rules } => (
                "adopt",
                Text::new("record-adopt")
                    .with_count("factors", rules.factors().len())
                    .with_count("methods", rules.methods().len()),
            ),
            Self::Restored { epoch, head } => (
                "restore",
                Text::new("record-restore")
                    .with("epoch", epoch)
                    .with("head", head.get(..8).unwrap_or(head)),
            ),
            Self::Sealed(seal) => (
                "seal",
                Text::new(if seal.drop { "record-seal-drop" } else { "record-seal" })
                    .with("through", seal.through)
                    .with("applied", seal.applied)
                    .with("export", seal.export.get(..8).unwrap_or(&seal.export)),
            ),
            Self::Noted(note) => (
                "note",
                Text::new("record-note")
                    .with_instant("at", note.at)
                    .with("text", clean(&note.text)),
            ),
            Self::SignedOn { instead_of } => (
                "sign-on",
                match instead_of {
                    Some(person) => Text::new("record-sign-on-instead").with("person", clean(person)),
                    None => Text::new("record-sign-on"),
                },
            ),
            Self::SignedOff { how } => ("sign-off", how.text()),
            Self::PinSet { staff_number } => ("pin", Text::new("record-pin").with("staff_number", clean(staff_number))),
            Self::AlarmsAnswered(answered) => ("alarm", answered_text(answered)),
            Self::Filled(filled) => (
                "filling",
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
            _ => false,
        }
    }

    /// The name of the kind where it is something that a person did and others want to know of: not what machines bring,
    /// nor who comes and goes.
    pub(in crate::engine) fn deed(&self) -> Option<&'static str> {
        match self {
            _ if self.is_by_machine() => None,
            Self::SignedOn { .. } | Self::SignedOff { .. } => None,
            _ => Some(self.describe().0),
        }
    }
}

/// Name of the kind of a record of readings, and what it did.
pub(in crate::engine) fn readings_text(origin: Origin, provenance: &Provenance, count: u64) -> (&'static str, Text) {
    let kind = if origin == Origin::Correction {
        "correction"
    } else {
        "readings"
    };
    let what = match &provenance.reason {
        Some(reason) => Text::new("record-correction")
            .with_count("count", count)
            .with("reason", clean(reason)),
        None => Text::new("record-readings")
            .with_count("count", count)
            .with("from", clean(&provenance.name)),
    };
    (kind, what)
}

/// What people call a kind of record, by the name that [`Event::describe`] gives; `None` where it is not known.
pub fn kind_text(name: &str) -> Option<Text> {
    Some(Text::new(match name {
        "readings" => "record-kind-readings",
        "correction" => "record-kind-correction",
        "withdrawal" => "record-kind-withdrawal",
        "meter-change" => "record-kind-meter-change",
        "apply" => "record-kind-apply",
        "adopt" => "record-kind-adopt",
        "restore" => "record-kind-restore",
        "seal" => "record-kind-seal",
        "note" => "record-kind-note",
        "sign-on" => "record-kind-sign-on",
        "sign-off" => "record-kind-sign-off",
        "pin" => "record-kind-pin",
        "filling" => "record-kind-filling",
        "alarm" => "record-kind-alarm",
        "dropped" => "record-kind-dropped",
        "unreadable" => "record-kind-unreadable",
        _ => return None,
    }))
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
