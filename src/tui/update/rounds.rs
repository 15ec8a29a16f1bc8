//! How far the rounds are that are being made, while the sheets are listed.

use std::time::Duration;

use super::super::model::{LinkState, Model};
use super::super::pane::Pane;
use super::{Effect, ask, newest_record};
use crate::domain::text::Text;
use crate::wire::message::{ReplyBody, RequestBody};

/// How long what is shown holds before it is asked for again, where the journal has grown.
const HOLDS_FOR: Duration = Duration::from_secs(10);

/// Asks for them where they are looked at and not known yet, or not any more.
pub(super) fn follow(model: &mut Model) -> Option<Effect> {
    let entry = &model.entry;
    let is_listed = entry.open.is_none() && entry.form.is_none() && !entry.checks.is_open;
    if model.pane != Pane::Entry || !is_listed || model.link != LinkState::Up {
        return None;
    }
    let plant = model.plant.as_ref().filter(|plant| !plant.model.sheets.is_empty())?;
    let newest = plant.state.sequence;
    if !model.entry.rounds.is_due(newest, model.elapsed, HOLDS_FOR) {
        return None;
    }
    let effect = ask(model, RequestBody::Rounds);
    let newest = newest_record(model);
    model.entry.rounds.ask(model.last_request, model.elapsed, newest);
    Some(effect)
}

/// The connection is new: what was asked over the old one is not answered any more.
pub(super) fn link_is_up(model: &mut Model) {
    model.entry.rounds.link_is_up();
}

/// Takes an answer in, if it is one that is awaited.
pub(super) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    if !model.entry.rounds.awaits(id) {
        return Err(result);
    }
    let rounds = match result {
        Ok(ReplyBody::Rounds(rounds)) => Ok(Box::new(rounds)),
        Ok(_) => Err(Text::new("tui-explain-unexpected")),
        Err(why) => Err(why),
    };
    model.entry.rounds.take(id, rounds);
    Ok(Vec::new())
}
