//! Events: what was decided, as it stands in the journal, for ever. The kind and its version are in the record's header;
//! an old version is read by its own arm here and never changes its meaning.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::accounting::rules::RuleSet;
use crate::domain::actor::{Actor, SignOff};
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::model::SiteModel;
use crate::domain::note::Note;
use crate::domain::reading::{Origin, Quality, Slot, Verdict, Version};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::{Hour, Instant};

use super::Broken;
use super::command::{Answer, MeterChange, Provenance};
use super::packing::{Unpacker, put, put_signed};
use super::sealed::Seal;

/// Kinds of records. Numbers are part of the format on disk and never used again.
pub mod kind {
    /// Readings, delivered or corrected.
    pub const READINGS: u16 = 1;
    /// Layers were withdrawn.
    pub const WITHDRAWN: u16 = 2;
    /// A meter was replaced or reset.
    pub const METER_CHANGED: u16 = 3;
    /// A model came into force.
    pub const APPLIED: u16 = 4;
    /// Rules came into force.
    pub const ADOPTED: u16 = 5;
    /// The site was restored from a backup.
    pub const RESTORED: u16 = 6;
    /// Months were sealed.
    pub const SEALED: u16 = 7;
    /// Somebody noted something.
    pub const NOTED: u16 = 8;
    /// A person signed on at a post.
    pub const SIGNED_ON: u16 = 9;
    /// A person was signed off.
    pub const SIGNED_OFF: u16 = 10;
    /// A person's PIN was set.
    pub const PIN_SET: u16 = 11;
}

/// What every event begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Who, with name and roles as they were.
    pub actor: Actor,
    /// Idempotency key of the request, with the answer that it got.
    pub key: Option<(Uuid, Answer)>,
}

/// Readings that a record brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readings {
    /// By which way they came.
    pub origin: Origin,
    /// Where they came from.
    pub provenance: Provenance,
    /// The readings, with the verdicts of exact rules, in the order of the batch.
    pub readings: Vec<(ParameterId, Slot, i64, Quality, Verdict)>,
}

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

/// An event without its envelope.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Readings.
    Readings(Readings),
    /// Layers of one record were withdrawn.
    Withdrawn {
        /// The record whose layers they were.
        of: Sequence,
        /// The layers.
        layers: Vec<Layer>,
        /// Of a note, the time of which it speaks.
        note: Option<Instant>,
        /// Why.
        reason: String,
    },
    /// A meter was replaced or reset.
    MeterChanged(MeterChange),
    /// A model came into force.
    Applied {
        /// The model.
        model: Box<SiteModel>,
        /// Digest of the proposal's file, in hex.
        digest: String,
        /// First hour for which it holds.
        effective_from: Option<Hour>,
    },
    /// Rules came into force.
    Adopted {
        /// The rules.
        rules: Box<RuleSet>,
    },
    /// The site was restored from a backup.
    Restored {
        /// Epoch that ended.
        epoch: u32,
        /// Digest of its head, in hex.
        head: String,
    },
    /// Months were sealed.
    Sealed(Seal),
    /// Somebody noted something.
    Noted(Note),
    /// The person who acts signed on at the post.
    SignedOn {
        /// In place of whom, by staff number.
        instead_of: Option<String>,
    },
    /// The person who acts was signed off.
    SignedOff {
        /// How it came.
        how: SignOff,
    },
    /// A person's PIN was set.
    PinSet {
        /// Whose.
        staff_number: String,
    },
}

/// What stands before the readings of a record.
#[derive(Serialize, Deserialize)]
pub(super) struct ReadingsHead {
    pub(super) envelope: Envelope,
    pub(super) origin: Origin,
    pub(super) provenance: Provenance,
    pub(super) count: u64,
}

#[derive(Serialize, Deserialize)]
struct WithdrawnBody {
    envelope: Envelope,
    of: Sequence,
    layers: Vec<Layer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<Instant>,
    reason: String,
}

#[derive(Serialize, Deserialize)]
struct MeterChangedBody {
    envelope: Envelope,
    change: MeterChange,
}

#[derive(Serialize, Deserialize)]
struct AppliedBody {
    envelope: Envelope,
    model: Box<SiteModel>,
    digest: String,
    effective_from: Option<Hour>,
}

#[derive(Serialize, Deserialize)]
struct AdoptedBody {
    envelope: Envelope,
    rules: Box<RuleSet>,
}

#[derive(Serialize, Deserialize)]
struct RestoredBody {
    envelope: Envelope,
    epoch: u32,
    head: String,
}

#[derive(Serialize, Deserialize)]
struct SealedBody {
    envelope: Envelope,
    seal: Seal,
}

#[derive(Serialize, Deserialize)]
struct NotedBody {
    envelope: Envelope,
    note: Note,
}

#[derive(Serialize, Deserialize)]
struct SignedOnBody {
    envelope: Envelope,
    instead_of: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct SignedOffBody {
    envelope: Envelope,
    how: SignOff,
}

#[derive(Serialize, Deserialize)]
struct PinSetBody {
    envelope: Envelope,
    staff_number: String,
}

fn pack<T: Serialize>(body: &T) -> Result<Vec<u8>, Broken> {
    rmp_serde::to_vec_named(body).map_err(|error| Broken::Record(error.to_string()))
}

fn unpack<'a, T: Deserialize<'a>>(payload: &'a [u8]) -> Result<T, Broken> {
    rmp_serde::from_slice(payload).map_err(|error| Broken::Record(error.to_string()))
}

impl Event {
    /// Kind and version under which this event is written.
    pub const fn kind(&self) -> (u16, u16) {
        match self {
            Self::Readings(_) => (kind::READINGS, 1),
            Self::Withdrawn { .. } => (kind::WITHDRAWN, 1),
            Self::MeterChanged(_) => (kind::METER_CHANGED, 1),
            Self::Applied { .. } => (kind::APPLIED, 1),
            Self::Adopted { .. } => (kind::ADOPTED, 1),
            Self::Restored { .. } => (kind::RESTORED, 1),
            Self::Sealed(_) => (kind::SEALED, 1),
            Self::Noted(_) => (kind::NOTED, 1),
            Self::SignedOn { .. } => (kind::SIGNED_ON, 1),
            Self::SignedOff { .. } => (kind::SIGNED_OFF, 1),
            Self::PinSet { .. } => (kind::PIN_SET, 1),
        }
    }

    /// The payload of the record.
    pub fn encode(self, envelope: Envelope) -> Result<Vec<u8>, Broken> {
        match self {
            Self::Readings(body) => encode_readings(envelope, body),
            Self::Withdrawn {
                of,
                layers,
                note,
                reason,
            } => pack(&WithdrawnBody {
                envelope,
                of,
                layers,
                note,
                reason,
            }),
            Self::MeterChanged(change) => pack(&MeterChangedBody { envelope, change }),
            Self::Applied {
                model,
                digest,
                effective_from,
            } => pack(&AppliedBody {
                envelope,
                model,
                digest,
                effective_from,
            }),
            Self::Adopted { rules } => pack(&AdoptedBody { envelope, rules }),
            Self::Restored { epoch, head } => pack(&RestoredBody { envelope, epoch, head }),
            Self::Sealed(seal) => pack(&SealedBody { envelope, seal }),
            Self::Noted(note) => pack(&NotedBody { envelope, note }),
            Self::SignedOn { instead_of } => pack(&SignedOnBody { envelope, instead_of }),
            Self::SignedOff { how } => pack(&SignedOffBody { envelope, how }),
            Self::PinSet { staff_number } => pack(&PinSetBody { envelope, staff_number }),
        }
    }

    /// The event of a record.
    pub fn decode(kind: u16, version: u16, payload: &[u8]) -> Result<(Envelope, Self), Broken> {
        match (kind, version) {
            (kind::READINGS, 1) => decode_readings(payload),
            (kind::WITHDRAWN, 1) => {
                let body: WithdrawnBody = unpack(payload)?;
                Ok((
                    body.envelope,
                    Self::Withdrawn {
                        of: body.of,
                        layers: body.layers,
                        note: body.note,
                        reason: body.reason,
                    },
                ))
            }
            (kind::METER_CHANGED, 1) => {
                let body: MeterChangedBody = unpack(payload)?;
                Ok((body.envelope, Self::MeterChanged(body.change)))
            }
            (kind::APPLIED, 1) => {
                let body: AppliedBody = unpack(payload)?;
                Ok((
                    body.envelope,
                    Self::Applied {
                        model: body.model,
                        digest: body.digest,
                        effective_from: body.effective_from,
                    },
                ))
            }
            (kind::ADOPTED, 1) => {
                let body: AdoptedBody = unpack(payload)?;
                Ok((body.envelope, Self::Adopted { rules: body.rules }))
            }
            (kind::RESTORED, 1) => {
                let body: RestoredBody = unpack(payload)?;
                Ok((
                    body.envelope,
                    Self::Restored {
                        epoch: body.epoch,
                        head: body.head,
                    },
                ))
            }
            (kind::SEALED, 1) => {
                let body: SealedBody = unpack(payload)?;
                Ok((body.envelope, Self::Sealed(body.seal)))
            }
            (kind::NOTED, 1) => {
                let body: NotedBody = unpack(payload)?;
                Ok((body.envelope, Self::Noted(body.note)))
            }
            (kind::SIGNED_ON, 1) => {
                let body: SignedOnBody = unpack(payload)?;
                Ok((
                    body.envelope,
                    Self::SignedOn {
                        instead_of: body.instead_of,
                    },
                ))
            }
            (kind::SIGNED_OFF, 1) => {
                let body: SignedOffBody = unpack(payload)?;
                Ok((body.envelope, Self::SignedOff { how: body.how }))
            }
            (kind::PIN_SET, 1) => {
                let body: PinSetBody = unpack(payload)?;
                Ok((
                    body.envelope,
                    Self::PinSet {
                        staff_number: body.staff_number,
                    },
                ))
            }
            _ => Err(Broken::Record(format!(
                "kind {kind} version {version} is not known to this program: a newer one wrote it"
            ))),
        }
    }

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
        }
    }

    /// Whether it is readings that a machine brought.
    pub(super) const fn is_by_machine(&self) -> bool {
        matches!(self, Self::Readings(body) if body.origin.is_by_machine())
    }

    /// The name of the kind where it is something that a person did and others want to know of: not what machines bring,
    /// nor who comes and goes.
    pub(super) fn deed(&self) -> Option<&'static str> {
        match self {
            _ if self.is_by_machine() => None,
            Self::SignedOn { .. } | Self::SignedOff { .. } => None,
            _ => Some(self.describe().0),
        }
    }
}

/// Name of the kind of a record of readings, and what it did.
pub(super) fn readings_text(origin: Origin, provenance: &Provenance, count: u64) -> (&'static str, Text) {
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
        "dropped" => "record-kind-dropped",
        "unreadable" => "record-kind-unreadable",
        _ => return None,
    }))
}

/// Length of the head (u32, big-endian), head, then the readings packed as differences.
fn encode_readings(envelope: Envelope, body: Readings) -> Result<Vec<u8>, Broken> {
    let head = pack(&ReadingsHead {
        envelope,
        origin: body.origin,
        provenance: body.provenance,
        count: body.readings.len() as u64,
    })?;
    let mut bytes = Vec::with_capacity(head.len() + 4 + body.readings.len() * 10);
    let length = u32::try_from(head.len()).map_err(|_| Broken::Record("its head is too long".to_owned()))?;
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(&head);
    let mut at_before = 0;
    let mut parameter_before = 0;
    for (parameter, slot, value, quality, verdict) in body.readings {
        put_signed(&mut bytes, i64::from(parameter.0) - parameter_before);
        put_signed(&mut bytes, slot.at.0.wrapping_sub(at_before));
        put_signed(&mut bytes, value);
        let plain = slot.span_s == 0 && slot.own_id == 0;
        bytes.push(quality as u8 | (verdict as u8) << 3 | u8::from(!plain) << 6);
        if !plain {
            put(&mut bytes, u64::from(slot.span_s));
            put(&mut bytes, slot.own_id);
        }
        at_before = slot.at.0;
        parameter_before = i64::from(parameter.0);
    }
    Ok(bytes)
}

fn short() -> Broken {
    Broken::Record("it ends too early".to_owned())
}

/// What stands before the readings of a record; `None` for other kinds.
pub(super) fn readings_head(kind: u16, version: u16, payload: &[u8]) -> Result<Option<ReadingsHead>, Broken> {
    match (kind, version) {
        (kind::READINGS, 1) => split_readings(payload).map(|(head, _)| Some(head)),
        _ => Ok(None),
    }
}

fn split_readings(payload: &[u8]) -> Result<(ReadingsHead, &[u8]), Broken> {
    let (length, rest) = payload.split_first_chunk::<4>().ok_or_else(short)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| short())?;
    let (head, packed) = rest.split_at_checked(length).ok_or_else(short)?;
    Ok((unpack(head)?, packed))
}

fn decode_readings(payload: &[u8]) -> Result<(Envelope, Event), Broken> {
    let (head, packed) = split_readings(payload)?;
    let mut unpacker = Unpacker::new(packed);
    let mut readings = Vec::new();
    let mut at = 0i64;
    let mut parameter = 0i64;
    for _ in 0..head.count {
        parameter = parameter.wrapping_add(unpacker.signed()?);
        at = at.wrapping_add(unpacker.signed()?);
        let value = unpacker.signed()?;
        let marks = unpacker.byte()?;
        let (span_s, own_id) = if marks & 64 == 0 {
            (0, 0)
        } else {
            (unpacker.number_u32()?, unpacker.number()?)
        };
        readings.push((
            ParameterId(u32::try_from(parameter).map_err(|_| short())?),
            Slot {
                at: Instant(at),
                span_s,
                own_id,
            },
            value,
            Quality::from_code(marks & 7).ok_or_else(short)?,
            Verdict::from_code(marks >> 3 & 7).ok_or_else(short)?,
        ));
    }
    if !unpacker.is_empty() {
        return Err(Broken::Record("it is longer than it says".to_owned()));
    }
    Ok((
        head.envelope,
        Event::Readings(Readings {
            origin: head.origin,
            provenance: head.provenance,
            readings,
        }),
    ))
}

impl Readings {
    /// The readings as versions that a record brought.
    pub(super) fn versions(&self, sequence: Sequence) -> impl Iterator<Item = (ParameterId, Version)> {
        self.readings
            .iter()
            .map(move |&(parameter, slot, value, quality, verdict)| {
                (
                    parameter,
                    Version {
                        slot,
                        value,
                        origin: self.origin,
                        quality,
                        verdict,
                        sequence,
                        withdrawn_by: Sequence(0),
                    },
                )
            })
    }
}
