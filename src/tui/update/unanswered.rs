//! Asks for what makes a record, and again where a cut connection has left that unanswered.

use super::super::model::Model;
use super::super::unanswered::Unanswered;
use super::{Effect, write, write_under};
use crate::wire::message::RequestBody;

/// Asks for a record in the name of who is here.
pub(super) fn ask(model: &mut Model, body: RequestBody) -> (Effect, Unanswered) {
    let (effect, key) = write(model, body.clone());
    let unanswered = Unanswered {
        request: model.last_request,
        key,
        body,
        by: model.person(),
    };
    (effect, unanswered)
}

/// The connection is new: asks again under its key for what is unanswered, unless somebody else is here.
pub(super) fn ask_again(model: &mut Model, unanswered: fn(&mut Model) -> Option<&mut Unanswered>) -> Option<Effect> {
    let me = model.person();
    let Unanswered { key, body, .. } = unanswered(model).filter(|asked| asked.by == me)?.clone();
    let effect = write_under(model, key, body);
    let request = model.last_request;
    unanswered(model)?.request = request;
    Some(effect)
}
