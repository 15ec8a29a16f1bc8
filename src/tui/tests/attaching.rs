//! Files of the inbox on their way to the daemon, whatever they are attached to.

use super::*;
use crate::domain::attachment::{Attachment, Digest, LARGEST_PART};
use crate::domain::text::Text;
use crate::tui::inbox::{Contents, InboxFile};
use crate::tui::model::Model;
use crate::tui::update::{Effect, Msg, update};
use crate::wire::message::{ReplyBody, RequestBody};

use crossterm::event::KeyCode;

const SCAN: &[u8] = &[7; 700_000];

pub(super) fn scan() -> Attachment {
    Attachment {
        name: "报告 L-1.pdf".to_owned(),
        bytes: SCAN.len() as u64,
        digest: Digest::of(SCAN),
    }
}

/// The inbox with two files, as the machine says.
pub(super) fn look(model: &mut Model) {
    let effects = press(model, KeyCode::F(7));
    assert_eq!(effects, [Effect::LookIntoInbox { whose: None }]);
    let file = |name: &str, bytes| InboxFile {
        name: name.to_owned(),
        bytes,
        written: snapshot().state.now,
    };
    let contents = Ok(Contents {
        files: vec![file("报告 L-1.pdf", SCAN.len() as u64), file("other.jpg", 12)],
        unnamed: 3,
    });
    let directory = "~/.local/state/carbonwatch/inbox".into();
    update(model, Msg::Inbox { directory, contents });
}

/// Picks the file under the cursor; the number under which it is read.
pub(super) fn pick(model: &mut Model) -> u64 {
    let effects = press(model, KeyCode::Enter);
    let [
        Effect::OpenAttachment {
            whose: None,
            name,
            number,
        },
    ] = effects.as_slice()
    else {
        panic!("{effects:?}")
    };
    assert_eq!(*name, scan().name);
    *number
}

pub(super) fn opened_as(number: u64, opened: Result<Attachment, Text>) -> Msg {
    Msg::AttachmentOpened { number, opened }
}

/// The file's parts go as the daemon has them; how many times it was asked.
pub(super) fn send(model: &mut Model, effects: Vec<Effect>) -> usize {
    let mut have: Vec<u8> = Vec::new();
    let mut waiting = effects;
    let mut asked = 0;
    while let Some(effect) = waiting.pop() {
        match effect {
            Effect::ReadAttachment { at } => {
                let from = usize::try_from(at).unwrap();
                let part = SCAN[from..SCAN.len().min(from + LARGEST_PART)].to_vec();
                waiting.extend(update(model, Msg::AttachmentRead(Ok((at, part)))));
            }
            Effect::Ask(request) => match request.body {
                RequestBody::Attach { at, bytes, of, digest } => {
                    assert_eq!((of, digest), (scan().bytes, scan().digest));
                    if at == have.len() as u64 {
                        have.extend_from_slice(&bytes);
                    }
                    asked += 1;
                    let told = ReplyBody::Attached {
                        have: have.len() as u64,
                    };
                    waiting.extend(reply(model, request.id, Ok(told)));
                }
                RequestBody::KeepFormDrafts { .. } => {
                    reply(model, request.id, Ok(ReplyBody::Done));
                }
                RequestBody::DraftFiles { .. } => {
                    let kept = model.entry.attaching().unwrap().attachments.clone();
                    reply(model, request.id, Ok(ReplyBody::DraftFiles(kept)));
                }
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(have, SCAN);
    asked
}
