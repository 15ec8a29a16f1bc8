//! What a record says without the readings in it: enough to list it, at a cost that does not depend on how many they are.

use crate::domain::document::Document;
use crate::domain::identity::ParameterId;
use crate::domain::reading::Slot;

use super::Broken;
use super::command::{Answer, Provenance};
use super::event::{Envelope, Event, RecordKind, readings_head, readings_text};
use super::second_check::CheckSubject;
use super::view::Restated;
use crate::domain::text::Text;

/// A record without its readings.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// Who, and what was answered.
    pub envelope: Envelope,
    /// Name of the kind.
    pub kind: RecordKind,
    /// What it did.
    pub what: Text,
    /// From where it came, where it says so.
    pub provenance: Provenance,
    /// Whether no person did it: readings that a machine brought, hours that were filled by the plan.
    pub by_machine: bool,
    /// The event, if it is not readings.
    pub event: Option<Event>,
}

impl Outline {
    /// The outline of a record.
    pub fn read(kind: u16, version: u16, payload: &[u8]) -> Result<Self, Broken> {
        if let Some(head) = readings_head(kind, version, payload)? {
            let (kind, what) = readings_text(head.origin, &head.provenance, head.count);
            return Ok(Self {
                envelope: head.envelope,
                kind,
                what,
                provenance: head.provenance,
                by_machine: head.origin.is_by_machine(),
                event: None,
            });
        }
        let (envelope, event) = Event::decode(kind, version, payload)?;
        let (kind, what) = event.describe();
        Ok(Self {
            envelope,
            kind,
            what,
            provenance: Provenance::default(),
            by_machine: event.is_by_machine(),
            event: Some(event),
        })
    }

    /// The documents that it filed.
    pub fn documents(&self) -> &[Document] {
        match &self.event {
            Some(Event::Filed(filed)) => &filed.documents,
            _ => &self.provenance.documents,
        }
    }

    /// What a second person is to look at in it.
    pub const fn awaits_second_person(&self) -> Option<CheckSubject> {
        let (awaits, subject) = match &self.event {
            Some(Event::Filed(filed)) => (filed.awaits_second_person, CheckSubject::Entry),
            Some(Event::MeterChanged(changed)) => (changed.awaits_second_person, CheckSubject::Entry),
            Some(Event::Filled(filled)) => (filled.awaits_second_person, CheckSubject::Entry),
            Some(Event::Applied { awaits_approval, .. }) => (*awaits_approval, CheckSubject::Plan),
            _ => (self.provenance.awaits_second_person, CheckSubject::Entry),
        };
        if awaits { Some(subject) } else { None }
    }

    /// The months that it restated, as it was answered.
    pub fn restated(&self) -> &[Restated] {
        match &self.envelope.key {
            Some((_, Answer::Intake(outcome))) => &outcome.restated,
            Some((_, Answer::Anomalies(outcome))) => &outcome.restated,
            Some((_, Answer::Restated { restated, .. })) => restated,
            _ => &[],
        }
    }
}

/// The slots of which a record brought or took something, in its order; none for other records.
pub fn slots_of(event: &Event) -> Vec<(ParameterId, Slot)> {
    match event {
        Event::Readings(body) => body
            .readings
            .iter()
            .map(|&(parameter, slot, ..)| (parameter, slot))
            .collect(),
        Event::Withdrawn(body) => body.layers.iter().map(|layer| (layer.parameter, layer.slot)).collect(),
        _ => Vec::new(),
    }
}
