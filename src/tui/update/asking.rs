//! Asking the daemon: every request has a number, and what makes a record a key under which it is done once.

use uuid::Uuid;

use super::super::model::Model;
use super::Effect;
use crate::domain::identity::Sequence;
use crate::wire::message::{Request, RequestBody};

/// The newest record of which the terminal knows.
pub(super) fn newest_record(model: &Model) -> Sequence {
    model
        .plant
        .as_ref()
        .map(|plant| plant.state.sequence)
        .unwrap_or_default()
}

/// A question.
pub(super) fn ask(model: &mut Model, body: RequestBody) -> Effect {
    request(model, None, body)
}

/// The next number under which something is asked for, of the daemon or of this machine.
pub(super) const fn next_number(model: &mut Model) -> u64 {
    model.last_request += 1;
    model.last_request
}

fn request(model: &mut Model, key: Option<Uuid>, body: RequestBody) -> Effect {
    Effect::Ask(Request {
        id: next_number(model),
        key,
        body,
    })
}

/// A numbered request that makes a record, and its idempotency key.
pub(super) fn write(model: &mut Model, body: RequestBody) -> (Effect, Uuid) {
    let number = u128::from(model.last_request + 1);
    let key = Uuid::from_u128(model.lot.as_u128().wrapping_add(number));
    (write_under(model, key, body), key)
}

/// The same under a key that it has already.
pub(super) fn write_under(model: &mut Model, key: Uuid, body: RequestBody) -> Effect {
    request(model, Some(key), body)
}
