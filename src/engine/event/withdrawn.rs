//! What a withdrawal takes back of a record.

use serde::{Deserialize, Serialize};

use crate::domain::handover::{ShiftName, Side};
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::reading::Slot;
use crate::domain::time::Instant;
use crate::engine::Broken;
use crate::quality::anomaly::AnomalyId;

use super::{Envelope, Event, pack, unpack};

/// A layer that was withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// Of which parameter.
    pub parameter: ParameterId,
    /// Of which slot.
    pub slot: Slot,
    /// Brought by which record.
    pub sequence: Sequence,
}

/// What was taken back of a record, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// The record.
    pub of: Sequence,
    /// Its layers.
    pub layers: Vec<Layer>,
    /// Of a note, the time of which it speaks.
    pub note: Option<Instant>,
    /// Of the closing of a note, the note: the time of which it speaks, and its record.
    pub closing: Option<(Instant, Sequence)>,
    /// Of a decision, the anomalies of which it spoke.
    pub anomalies: Vec<AnomalyId>,
    /// Of a signature, which it was.
    pub handover: Option<(ShiftName, Side)>,
    /// Whether the record filed documents, which go with its readings.
    pub documents: bool,
    /// Records of which a second person's finding was done with the record, and is open again.
    pub reopens: Vec<Sequence>,
    /// Why.
    pub reason: String,
}

impl Withdrawn {
    /// Of a record, and nothing that it brought yet: whoever withdraws names that, and no more.
    pub(in crate::engine) const fn new(of: Sequence, reason: String) -> Self {
        Self {
            of,
            layers: Vec::new(),
            note: None,
            closing: None,
            anomalies: Vec::new(),
            handover: None,
            documents: false,
            reopens: Vec::new(),
            reason,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct WithdrawnBody {
    envelope: Envelope,
    of: Sequence,
    layers: Vec<Layer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    closing: Option<(Instant, Sequence)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    anomalies: Vec<AnomalyId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    handover: Option<(ShiftName, Side)>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    documents: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reopens: Vec<Sequence>,
    reason: String,
}

pub(super) fn encode_withdrawn(envelope: Envelope, withdrawn: Withdrawn) -> Result<Vec<u8>, Broken> {
    pack(&WithdrawnBody {
        envelope,
        of: withdrawn.of,
        layers: withdrawn.layers,
        note: withdrawn.note,
        closing: withdrawn.closing,
        anomalies: withdrawn.anomalies,
        handover: withdrawn.handover,
        documents: withdrawn.documents,
        reopens: withdrawn.reopens,
        reason: withdrawn.reason,
    })
}

pub(super) fn decode_withdrawn(payload: &[u8]) -> Result<(Envelope, Event), Broken> {
    let body: WithdrawnBody = unpack(payload)?;
    Ok((
        body.envelope,
        Event::Withdrawn(Withdrawn {
            of: body.of,
            layers: body.layers,
            note: body.note,
            closing: body.closing,
            anomalies: body.anomalies,
            handover: body.handover,
            documents: body.documents,
            reopens: body.reopens,
            reason: body.reason,
        }),
    ))
}
