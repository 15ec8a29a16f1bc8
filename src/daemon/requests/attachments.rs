//! Files that are attached to documents and readings: taken in part by part, and given out again.

use std::path::Path;

use bytes::Bytes;

use crate::domain::attachment::{Attachment, Digest, LARGEST_PART};
use crate::domain::text::{Text, clean};
use crate::engine::attached::Named;
use crate::store::attachments::{AttachError, Attachments, Part};
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

/// Free space, in bytes, that attachments leave to readings, which come first.
const LEFT_FREE: u64 = 1 << 30;

/// Takes a part in. Where the daemon takes nothing in, it says so before anything is written.
pub(super) fn taking(writer: &Writer, digest: Digest, (of, at): (u64, u64), bytes: Bytes) -> Question {
    let attachments = Attachments::of(&writer.shared.site);
    let no_room = (writer.free < LEFT_FREE.saturating_add(of))
        .then(|| Text::new("attachment-no-room").with_count("free", writer.free >> 20));
    let refusing = writer.refusing().or(no_room);
    Box::new(move || {
        if let Some(why) = refusing {
            return Err(why);
        }
        let part = Part {
            digest,
            of,
            at,
            bytes: &bytes,
        };
        let have = attachments.take(part).map_err(|error| told(&error))?;
        Ok(ReplyBody::Attached { have })
    })
}

/// Gives a part out.
pub(super) fn part(writer: &Writer, digest: Digest, at: u64) -> Question {
    let attachments = Attachments::of(&writer.shared.site);
    // What is here names itself: who names it is looked for only where it is not.
    let snapshot = (!attachments.is_here(digest)).then(|| writer.ground.snapshot());
    Box::new(move || {
        let read = attachments.read(digest, at, LARGEST_PART);
        let found = read.map_err(|error| told(&error.into()))?;
        let Some((bytes, of)) = found else {
            let naming = snapshot.map(|snapshot| snapshot.ask(|engine, history| Ok(engine.naming(history, digest)?)));
            return Err(missing(digest, naming.transpose()?.flatten()));
        };
        Ok(ReplyBody::AttachmentPart {
            of,
            bytes: bytes.into(),
        })
    })
}

/// Why nothing can be given out: that it is lost, with what names it and what to do, or that nothing does.
fn missing(digest: Digest, named: Option<Named>) -> Text {
    match named {
        Some(named) => named.told(Text::new("attachment-lost").with("digest", digest)),
        None => Text::new("attachment-unknown").with("digest", digest),
    }
}

/// Refuses what names a file which is not here. Looks at names and lengths only.
pub(super) fn check_here<'a>(site: &Path, named: impl IntoIterator<Item = &'a Attachment>) -> Result<(), Text> {
    let kept = Attachments::of(site);
    match named.into_iter().find(|attachment| !kept.has(attachment)) {
        None => Ok(()),
        Some(missing) => Err(Text::new("attachment-not-here").with("name", clean(&missing.name))),
    }
}

fn told(error: &AttachError) -> Text {
    match error {
        AttachError::File(error) => Text::new("attachment-failed").with("error", clean(&error.to_string())),
        AttachError::Length(bytes) => Text::new("attachment-length").with("bytes", bytes),
        AttachError::Different(_) => Text::new("attachment-changed"),
        AttachError::Busy => Text::new("attachment-busy"),
    }
}
