//! A person's preferences: asked for when the first connection is there, and kept when they change.

use super::super::model::{LinkState, Model};
use super::super::preferences::{Kept, Preferences};
use super::{Effect, anomalies, ask, live};
use crate::domain::text::Text;
use crate::wire::message::{ReplyBody, RequestBody};

/// Asks for what the person prefers, where that is not known, or keeps what changed. One request waits at a time.
pub(super) fn ask_or_keep(model: &mut Model) -> Option<Effect> {
    if model.link != LinkState::Up || model.plant.is_none() {
        return None;
    }
    match &model.kept {
        Kept::Unknown => {
            let effect = ask(model, RequestBody::Preferences);
            model.kept = Kept::Awaited(model.last_request);
            Some(effect)
        }
        Kept::As(kept) => {
            let text = Preferences::of(model).text();
            if text == *kept {
                return None;
            }
            let effect = ask(model, RequestBody::KeepPreferences { text: text.clone() });
            model.kept = Kept::Keeping(model.last_request, text);
            Some(effect)
        }
        Kept::Awaited(_) | Kept::Keeping(..) => None,
    }
}

/// The connection was lost: what was awaited does not come.
pub(super) fn link_is_up(model: &mut Model) {
    model.kept = match std::mem::take(&mut model.kept) {
        // It may have been kept or not: it is kept again.
        Kept::Keeping(..) => Kept::As(String::new()),
        Kept::As(text) => Kept::As(text),
        Kept::Unknown | Kept::Awaited(_) => Kept::Unknown,
    };
}

/// Takes an answer in, if it is one that is awaited.
pub(super) fn answer(model: &mut Model, id: u64, result: Result<ReplyBody, Text>) -> Option<Result<ReplyBody, Text>> {
    match &model.kept {
        Kept::Awaited(awaited) if *awaited == id => {
            if let Ok(ReplyBody::Preferences(Some(text))) = &result {
                Preferences::parse(text).apply(model);
                live::list_again(model);
                anomalies::list_again(model);
            }
            // Where there were none, what holds now is kept once something of it changes.
            model.kept = Kept::As(Preferences::of(model).text());
            None
        }
        Kept::Keeping(awaited, text) if *awaited == id => {
            // What cannot be kept holds until one leaves; it is tried again with the next change.
            model.kept = Kept::As(text.clone());
            None
        }
        _ => Some(result),
    }
}
