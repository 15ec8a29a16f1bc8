//! What is kept of people and rests on nothing: what they prefer on their screens, and forms that they have begun. Whose it is is what the kernel says of the post and who signed on there, never
//! what the terminal says.

use crate::domain::actor::Actor;
use crate::domain::text::{Text, clean};
use crate::store::personal::{FORM_DRAFTS, Owner, PREFERENCES, Personal};
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

/// Whose preferences an actor's are.
fn owner(actor: &Actor) -> Owner {
    match &actor.person {
        Some(staff_number) => Owner::Person(staff_number.clone()),
        None => Owner::User(actor.uid),
    }
}

pub(super) fn question(writer: &Writer, actor: &Actor) -> Question {
    let (site, owner) = (writer.shared.site.clone(), owner(actor));
    Box::new(move || Ok(ReplyBody::Preferences(PREFERENCES.read(&site, &owner))))
}

pub(super) fn drafts(writer: &Writer, actor: &Actor) -> Question {
    let (site, owner) = (writer.shared.site.clone(), owner(actor));
    Box::new(move || Ok(ReplyBody::FormDrafts(FORM_DRAFTS.read(&site, &owner))))
}

pub(super) fn keeping(writer: &Writer, actor: &Actor, text: String) -> Question {
    kept(writer, actor, PREFERENCES, text)
}

pub(super) fn keeping_drafts(writer: &Writer, actor: &Actor, text: String) -> Question {
    kept(writer, actor, FORM_DRAFTS, text)
}

fn kept(writer: &Writer, actor: &Actor, what: Personal, text: String) -> Question {
    let (site, owner) = (writer.shared.site.clone(), owner(actor));
    Box::new(move || match what.keep(&site, &owner, &text) {
        Ok(true) => Ok(ReplyBody::Done),
        Ok(false) => Err(Text::new("daemon-preferences-not-kept")),
        Err(error) => Err(Text::new("daemon-preferences-failed").with("error", clean(&error.to_string()))),
    })
}
