//! Watching: a snapshot, then deltas.

use crate::domain::text::Text;
use crate::wire::message::ReplyBody;

use super::super::job::ReplyTo;
use super::super::writer::Writer;

pub(super) fn watch(writer: &mut Writer, reply: &ReplyTo) -> Result<ReplyBody, Text> {
    if let Some(mailbox) = reply.mailbox() {
        writer.watch(mailbox)?;
    }
    Ok(ReplyBody::Done)
}

pub(super) fn unwatch(reply: &ReplyTo) -> ReplyBody {
    if let Some(mailbox) = reply.mailbox() {
        mailbox.unwatch();
    }
    ReplyBody::Done
}
