//! Stop the daemon cleanly.

use crate::domain::actor::Actor;
use crate::domain::text::{Text, clean};
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;

pub(super) fn answer(writer: &mut Writer, actor: &Actor) -> ReplyBody {
    tracing::info!(uid = actor.uid, user = %clean(&actor.user), "asked to stop");
    writer.shared.ask_to_stop(Text::new("daemon-stopped"));
    ReplyBody::Done
}
