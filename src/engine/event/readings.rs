//! Readings as a record has them: a head, then the readings packed as differences, so that the head can be read without
//! them.

use serde::{Deserialize, Serialize};

use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::reading::{Origin, Quality, Slot, Verdict, Version};
use crate::domain::time::Instant;
use crate::engine::Broken;
use crate::engine::command::Provenance;
use crate::engine::packing::{Unpacker, put, put_signed};

use super::{Envelope, Event, Readings, kind, pack, unpack};

/// What stands before the readings of a record.
#[derive(Serialize, Deserialize)]
pub(in crate::engine) struct ReadingsHead {
    pub(in crate::engine) envelope: Envelope,
    pub(in crate::engine) origin: Origin,
    pub(in crate::engine) provenance: Provenance,
    pub(in crate::engine) count: u64,
}

/// Length of the head (u32, big-endian), head, then the readings packed as differences.
pub(super) fn encode_readings(envelope: Envelope, body: Readings) -> Result<Vec<u8>, Broken> {
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
pub(in crate::engine) fn readings_head(
    kind: u16,
    version: u16,
    payload: &[u8],
) -> Result<Option<ReadingsHead>, Broken> {
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

pub(super) fn decode_readings(payload: &[u8]) -> Result<(Envelope, Event), Broken> {
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
    pub(in crate::engine) fn versions(&self, sequence: Sequence) -> impl Iterator<Item = (ParameterId, Version)> {
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
