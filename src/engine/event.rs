//! Events: what was decided, as it stands in the journal, for ever. The kind and its version are in the record's header;
//! an old version is read by its own arm here and never changes its meaning.

mod described;
mod kinds;
mod readings;
mod withdrawn;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::accounting::rules::RuleSet;
use crate::domain::actor::{Actor, SignOff};
use crate::domain::document::Document;
use crate::domain::identity::ParameterId;
use crate::domain::model::SiteModel;
use crate::domain::note::Note;
use crate::domain::reading::{Origin, Quality, Slot, Verdict};
use crate::domain::time::Hour;

use super::Broken;
use super::alarms::AlarmsAnswered;
use super::anomalies::{AnomaliesFound, AnomaliesWorked};
use super::carried::NoteClosed;
use super::closing::MonthClosed;
use super::command::{Answer, MeterChange, Provenance};
use super::filling::Filled;
use super::handover::HandedOver;
use super::sealed::Seal;
use super::second_check::SecondChecked;

pub use described::carried_text;
pub(super) use described::readings_text;
pub use kinds::{RecordKind, kind_text};
pub(super) use readings::readings_head;
use readings::{decode_readings, encode_readings};
pub use withdrawn::{Layer, Withdrawn};
use withdrawn::{decode_withdrawn, encode_withdrawn};

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
    /// Missing hours were looked for and filled.
    pub const FILLED: u16 = 12;
    /// Something was done to alarms.
    pub const ALARMS_ANSWERED: u16 = 13;
    /// The checks found anomalies.
    pub const ANOMALIES_FOUND: u16 = 14;
    /// Something was done with anomalies that touches no readings.
    pub const ANOMALIES_WORKED: u16 = 15;
    /// Somebody signed the handover of a shift.
    pub const HANDED_OVER: u16 = 16;
    /// Documents were filed of which no readings came.
    pub const FILED: u16 = 17;
    /// A second person looked at what another one had written down.
    pub const SECOND_CHECKED: u16 = 18;
    /// Somebody closed a note that was carried forward.
    pub const NOTE_CLOSED: u16 = 19;
    /// A month was closed.
    pub const MONTH_CLOSED: u16 = 20;
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

/// An event without its envelope.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Readings.
    Readings(Readings),
    /// What a record brought was withdrawn.
    Withdrawn(Withdrawn),
    /// A meter was replaced or reset.
    MeterChanged(MeterChanged),
    /// A model came into force.
    Applied {
        /// The model.
        model: Box<SiteModel>,
        /// Digest of the proposal's file, in hex.
        digest: String,
        /// First hour for which it holds.
        effective_from: Option<Hour>,
        /// Whether somebody else is to approve it.
        awaits_approval: bool,
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
    /// Somebody closed a note that was carried forward.
    NoteClosed(NoteClosed),
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
    /// Missing hours were looked for and filled.
    Filled(Filled),
    /// Somebody did something to alarms.
    AlarmsAnswered(AlarmsAnswered),
    /// The checks found anomalies, or find them no longer.
    AnomaliesFound(AnomaliesFound),
    /// Somebody did something with anomalies.
    AnomaliesWorked(AnomaliesWorked),
    /// Somebody signed the handover of a shift.
    HandedOver(Box<HandedOver>),
    /// Somebody filed documents of which no readings came; others stand with theirs.
    Filed(Filed),
    /// A second person looked at what another one had written down.
    SecondChecked(SecondChecked),
    /// Somebody closed a month.
    MonthClosed(Box<MonthClosed>),
}

/// A meter that was replaced or reset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeterChanged {
    /// What was changed.
    pub change: MeterChange,
    /// Whether a second person is to look at it.
    pub awaits_second_person: bool,
}

/// Documents of which no readings came.
#[derive(Debug, Clone, PartialEq)]
pub struct Filed {
    /// The documents.
    pub documents: Vec<Document>,
    /// Whether a second person is to look at them.
    pub awaits_second_person: bool,
}

#[derive(Serialize, Deserialize)]
struct MeterChangedBody {
    envelope: Envelope,
    change: MeterChange,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    awaits_second_person: bool,
}

#[derive(Serialize, Deserialize)]
struct AppliedBody {
    envelope: Envelope,
    model: Box<SiteModel>,
    digest: String,
    effective_from: Option<Hour>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    awaits_approval: bool,
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
struct NoteClosedBody {
    envelope: Envelope,
    closed: NoteClosed,
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

#[derive(Serialize, Deserialize)]
struct FilledBody {
    envelope: Envelope,
    filled: Filled,
}

#[derive(Serialize, Deserialize)]
struct AlarmsAnsweredBody {
    envelope: Envelope,
    answered: AlarmsAnswered,
}

#[derive(Serialize, Deserialize)]
struct AnomaliesFoundBody {
    envelope: Envelope,
    anomalies: AnomaliesFound,
}

#[derive(Serialize, Deserialize)]
struct AnomaliesWorkedBody {
    envelope: Envelope,
    worked: AnomaliesWorked,
}

#[derive(Serialize, Deserialize)]
struct FiledBody {
    envelope: Envelope,
    documents: Vec<Document>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    awaits_second_person: bool,
}

#[derive(Serialize, Deserialize)]
struct SecondCheckedBody {
    envelope: Envelope,
    checked: SecondChecked,
}

#[derive(Serialize, Deserialize)]
struct MonthClosedBody {
    envelope: Envelope,
    closed: Box<MonthClosed>,
}

#[derive(Serialize, Deserialize)]
struct HandedOverBody {
    envelope: Envelope,
    handed: Box<HandedOver>,
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
            Self::Withdrawn(_) => (kind::WITHDRAWN, 1),
            Self::MeterChanged(_) => (kind::METER_CHANGED, 1),
            Self::Applied { .. } => (kind::APPLIED, 1),
            Self::Adopted { .. } => (kind::ADOPTED, 1),
            Self::Restored { .. } => (kind::RESTORED, 1),
            Self::Sealed(_) => (kind::SEALED, 1),
            Self::Noted(_) => (kind::NOTED, 1),
            Self::NoteClosed(_) => (kind::NOTE_CLOSED, 1),
            Self::SignedOn { .. } => (kind::SIGNED_ON, 1),
            Self::SignedOff { .. } => (kind::SIGNED_OFF, 1),
            Self::PinSet { .. } => (kind::PIN_SET, 1),
            Self::Filled(_) => (kind::FILLED, 1),
            Self::AlarmsAnswered(_) => (kind::ALARMS_ANSWERED, 1),
            Self::AnomaliesFound(_) => (kind::ANOMALIES_FOUND, 1),
            Self::AnomaliesWorked(_) => (kind::ANOMALIES_WORKED, 1),
            Self::HandedOver(_) => (kind::HANDED_OVER, 1),
            Self::Filed(_) => (kind::FILED, 1),
            Self::SecondChecked(_) => (kind::SECOND_CHECKED, 1),
            Self::MonthClosed(_) => (kind::MONTH_CLOSED, 1),
        }
    }

    /// The payload of the record.
    pub fn encode(self, envelope: Envelope) -> Result<Vec<u8>, Broken> {
        match self {
            Self::Readings(body) => encode_readings(envelope, body),
            Self::Withdrawn(withdrawn) => encode_withdrawn(envelope, withdrawn),
            Self::MeterChanged(changed) => pack(&MeterChangedBody {
                envelope,
                change: changed.change,
                awaits_second_person: changed.awaits_second_person,
            }),
            Self::Applied {
                model,
                digest,
                effective_from,
                awaits_approval,
            } => pack(&AppliedBody {
                envelope,
                model,
                digest,
                effective_from,
                awaits_approval,
            }),
            Self::Adopted { rules } => pack(&AdoptedBody { envelope, rules }),
            Self::Restored { epoch, head } => pack(&RestoredBody { envelope, epoch, head }),
            Self::Sealed(seal) => pack(&SealedBody { envelope, seal }),
            Self::Noted(note) => pack(&NotedBody { envelope, note }),
            Self::NoteClosed(closed) => pack(&NoteClosedBody { envelope, closed }),
            Self::SignedOn { instead_of } => pack(&SignedOnBody { envelope, instead_of }),
            Self::SignedOff { how } => pack(&SignedOffBody { envelope, how }),
            Self::PinSet { staff_number } => pack(&PinSetBody { envelope, staff_number }),
            Self::Filled(filled) => pack(&FilledBody { envelope, filled }),
            Self::AlarmsAnswered(answered) => pack(&AlarmsAnsweredBody { envelope, answered }),
            Self::AnomaliesFound(anomalies) => pack(&AnomaliesFoundBody { envelope, anomalies }),
            Self::AnomaliesWorked(worked) => pack(&AnomaliesWorkedBody { envelope, worked }),
            Self::HandedOver(handed) => pack(&HandedOverBody { envelope, handed }),
            Self::Filed(filed) => pack(&FiledBody {
                envelope,
                documents: filed.documents,
                awaits_second_person: filed.awaits_second_person,
            }),
            Self::SecondChecked(checked) => pack(&SecondCheckedBody { envelope, checked }),
            Self::MonthClosed(closed) => pack(&MonthClosedBody { envelope, closed }),
        }
    }

    /// The event of a record.
    pub fn decode(kind: u16, version: u16, payload: &[u8]) -> Result<(Envelope, Self), Broken> {
        match (kind, version) {
            (kind::READINGS, 1) => decode_readings(payload),
            (kind::WITHDRAWN, 1) => decode_withdrawn(payload),
            (kind::METER_CHANGED, 1) => {
                let body: MeterChangedBody = unpack(payload)?;
                let changed = MeterChanged {
                    change: body.change,
                    awaits_second_person: body.awaits_second_person,
                };
                Ok((body.envelope, Self::MeterChanged(changed)))
            }
            (kind::APPLIED, 1) => {
                let body: AppliedBody = unpack(payload)?;
                Ok((
                    body.envelope,
                    Self::Applied {
                        model: body.model,
                        digest: body.digest,
                        effective_from: body.effective_from,
                        awaits_approval: body.awaits_approval,
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
            (kind::NOTE_CLOSED, 1) => {
                let body: NoteClosedBody = unpack(payload)?;
                Ok((body.envelope, Self::NoteClosed(body.closed)))
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
            (kind::FILLED, 1) => {
                let body: FilledBody = unpack(payload)?;
                Ok((body.envelope, Self::Filled(body.filled)))
            }
            (kind::ALARMS_ANSWERED, 1) => {
                let body: AlarmsAnsweredBody = unpack(payload)?;
                Ok((body.envelope, Self::AlarmsAnswered(body.answered)))
            }
            (kind::ANOMALIES_FOUND, 1) => {
                let body: AnomaliesFoundBody = unpack(payload)?;
                Ok((body.envelope, Self::AnomaliesFound(body.anomalies)))
            }
            (kind::FILED, 1) => {
                let body: FiledBody = unpack(payload)?;
                let filed = Filed {
                    documents: body.documents,
                    awaits_second_person: body.awaits_second_person,
                };
                Ok((body.envelope, Self::Filed(filed)))
            }
            (kind::SECOND_CHECKED, 1) => {
                let body: SecondCheckedBody = unpack(payload)?;
                Ok((body.envelope, Self::SecondChecked(body.checked)))
            }
            (kind::MONTH_CLOSED, 1) => {
                let body: MonthClosedBody = unpack(payload)?;
                Ok((body.envelope, Self::MonthClosed(body.closed)))
            }
            (kind::HANDED_OVER, 1) => {
                let body: HandedOverBody = unpack(payload)?;
                Ok((body.envelope, Self::HandedOver(body.handed)))
            }
            (kind::ANOMALIES_WORKED, 1) => {
                let body: AnomaliesWorkedBody = unpack(payload)?;
                Ok((body.envelope, Self::AnomaliesWorked(body.worked)))
            }
            _ => Err(Broken::Record(format!(
                "kind {kind} version {version} is not known to this program: a newer one wrote it"
            ))),
        }
    }
}
