//! Whether whoever sits here may do something. The daemon decides of it when it is asked; who may not need not type first to
//! learn that.

use super::super::model::Model;
use super::super::sign_on::Purpose;
use super::sign_on;
use crate::domain::actor::{Actor, Right};
use crate::domain::text::{Explained, Text, clean};

/// Has a person sign on, where that is all that a right lacks: in a field the key for it is a letter. Whether it was.
pub(super) fn sign_on_first(model: &mut Model, right: Right) -> bool {
    let awaits = |model: &Model| model.actor.as_ref().is_some_and(Actor::awaits_person);
    let Some(why) = lacking(model, right).filter(|_| awaits(model)) else {
        return false;
    };
    sign_on::open(model, Purpose::SignOn);
    model.notice = Some(why);
    true
}

/// Why whoever sits here may not do what needs a right; none where they may, or where nobody is known.
pub(super) fn lacking(model: &Model, right: Right) -> Option<Text> {
    let actor = model.actor.as_ref().filter(|actor| !actor.may(right))?;
    let right = right.text();
    Some(if actor.awaits_person() {
        Text::new("daemon-sign-on-first").with_text("right", right)
    } else {
        let told = Text::new("tui-alarm-no-right").with("name", clean(actor.name()));
        told.with_text("right", right)
    })
}
