//! Whether whoever sits here may do something. The daemon decides of it when it is asked; who may not need not type first to
//! learn that.

use super::super::model::Model;
use crate::domain::actor::Right;
use crate::domain::text::{Explained, Text, clean};

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
