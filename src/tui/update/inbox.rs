//! Keys of the inbox, whatever it is open for, and files on their way from it to the daemon, part by part.

use std::path::PathBuf;

use super::super::attaching::Attaching;
use super::super::inbox::{Beside, Contents, Inbox, Line, Reading, Sending};
use super::super::keymap::Action;
use super::super::model::{LinkState, Model};
use super::super::panes::inbox::inbox_height;
use super::entry::keep_files;
use super::form::{keep, right};
use super::motion::{moved, within};
use super::rights::lacking;
use super::{Effect, ask, next_number};
use crate::domain::actor::Right;
use crate::domain::attachment::{Attachment, MOST_ATTACHMENTS};
use crate::domain::document::FormKind;
use crate::domain::draft::FileChange;
use crate::domain::text::{Text, clean};
use crate::wire::message::{ReplyBody, RequestBody};

/// Whose inbox it is: at a shared post that of who is signed on, else that of the user.
pub(super) fn owner(model: &Model) -> Option<String> {
    let actor = model.actor.as_ref().filter(|actor| actor.shared)?;
    actor.person.clone()
}

/// Opens it, to pick a file for the form, or for the rounds that are about to be sent.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let kind = model.entry.form.as_ref().map(|form| form.form.kind);
    let kind = kind.filter(|_| model.entry.open.is_none());
    let refused = match kind {
        Some(FormKind::MeterChange) => Some(Text::new("tui-inbox-no-document")),
        kind => lacking(model, kind.map_or(Right::Enter, right)),
    };
    if refused.is_some() {
        match (&mut model.entry.open, &mut model.entry.form) {
            (None, Some(form)) => form.fault = refused,
            // Below the cells the question stands.
            _ => model.notice = refused,
        }
        return Vec::new();
    }
    let look = look(model);
    let Some(attaching) = model.entry.attaching_mut() else {
        return Vec::new();
    };
    attaching.inbox = Some(Inbox::default());
    vec![look]
}

/// Lets go of the file that is being read or on its way; whether there was one.
pub(super) fn let_go(model: &mut Model) -> bool {
    let name = model.entry.attaching_mut().and_then(Attaching::let_go);
    let told = name.map(|name| Text::new("tui-inbox-cancelled").with("name", clean(&name)));
    let was_any = told.is_some();
    model.notice = told.or_else(|| model.notice.take());
    was_any
}

/// Has somebody look what is in it.
pub(super) fn look(model: &Model) -> Effect {
    Effect::LookIntoInbox { whose: owner(model) }
}

/// What is in it.
pub(super) fn is_here(model: &mut Model, directory: PathBuf, contents: Result<Contents, Text>) {
    let page = inbox_height(model.size).max(1);
    let Some((inbox, beside)) = model.entry.inbox_mut() else {
        return;
    };
    let here = inbox.here(beside);
    inbox.directory = directory;
    inbox.contents = Some(contents);
    inbox.stay_on(here.as_ref(), beside);
    stay_inside(inbox, beside, page);
}

/// What is listed has changed: the cursor is on the screen again.
pub(super) fn keep_in_view(model: &mut Model) {
    let page = inbox_height(model.size).max(1);
    if let Some((inbox, beside)) = model.entry.inbox_mut() {
        stay_inside(inbox, beside, page);
    }
}

/// Keeps the cursor on a line, and that on the screen.
fn stay_inside(inbox: &mut Inbox, beside: Beside<'_>, page: usize) {
    let lines = inbox.lines(beside).len();
    inbox.at = inbox.at.min(lines.saturating_sub(1));
    inbox.top = within(inbox.top, inbox.at, page, lines);
}

/// A key in it while a file is picked to be attached.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    match (action, model.entry.attaching_mut()) {
        (Action::Back, Some(attaching)) => attaching.inbox = None,
        (Action::Accept, _) => return pick(model),
        _ => return go(model, action),
    }
    Vec::new()
}

/// A key of motion in it, or one that looks again.
pub(super) fn go(model: &mut Model, action: Action) -> Vec<Effect> {
    if action == Action::Refresh {
        return vec![look(model)];
    }
    let page = inbox_height(model.size).max(1);
    if let Some((inbox, beside)) = model.entry.inbox_mut() {
        let last = inbox.lines(beside).len().saturating_sub(1);
        inbox.at = moved(inbox.at, action, page, last).unwrap_or(inbox.at);
        stay_inside(inbox, beside, page);
    }
    Vec::new()
}

/// Attaches the file under the cursor, or takes it off again; one of somebody else's is taken over.
fn pick(model: &mut Model) -> Vec<Effect> {
    let whose = owner(model);
    let is_up = model.link == LinkState::Up;
    let Some(attaching) = model.entry.attaching_mut() else {
        return Vec::new();
    };
    let Some(inbox) = attaching.inbox.as_ref() else {
        return Vec::new();
    };
    let (name, over) = match inbox.lines(attaching.beside()).get(inbox.at) {
        None | Some(Line::Unnamed(_)) => return Vec::new(),
        Some(Line::File(file)) => (file.name.clone(), None),
        Some(Line::Others(theirs, file)) => {
            let over = FileChange::TakenOver {
                file: (*file).clone(),
                of: theirs.owner.clone(),
            };
            (file.name.clone(), Some(over))
        }
        Some(Line::Attached(attachment)) => {
            let change = FileChange::TakenOff(attachment.digest);
            return changed(model, change);
        }
    };
    let refused = if attaching.is_busy() {
        Some(Text::new("tui-inbox-busy"))
    } else if attaching.attachments.len() >= MOST_ATTACHMENTS {
        Some(Text::new("attachments-too-many").with_count("most", MOST_ATTACHMENTS))
    } else {
        (!is_up).then(|| Text::new("tui-entry-no-link"))
    };
    if refused.is_some() {
        model.notice = refused;
        return Vec::new();
    }
    if let Some(over) = over {
        return changed(model, over);
    }
    let number = next_number(model);
    if let Some(attaching) = model.entry.attaching_mut() {
        let name = name.clone();
        attaching.reading = Some(Reading { number, name });
    }
    vec![Effect::OpenAttachment { whose, name, number }]
}

/// Something is attached or taken off. With a form or a page that is kept by the daemon; a correction is made at once.
fn changed(model: &mut Model, change: FileChange) -> Vec<Effect> {
    if model.entry.open.as_ref().is_some_and(|open| !open.is_correcting()) {
        keep_files(model, change);
        return Vec::new();
    }
    if let Some(attaching) = model.entry.attaching_mut() {
        attaching.change(|files| change.apply(files));
    }
    keep_in_view(model);
    let is_of_form = match (&model.entry.open, &mut model.entry.form) {
        (None, Some(form)) => {
            form.is_kept = false;
            true
        }
        _ => false,
    };
    keep(model, is_of_form)
}

/// The file is open and known, or why not; one for which nobody waits any more is let go.
pub(super) fn is_open(model: &mut Model, number: u64, opened: Result<Attachment, Text>) -> Vec<Effect> {
    let is_awaited = |reading: &mut Reading| reading.number == number;
    let Some(attaching) = model.entry.attaching_mut() else {
        return Vec::new();
    };
    if attaching.reading.take_if(is_awaited).is_none() {
        return Vec::new();
    }
    let attachment = match opened {
        Ok(attachment) => attachment,
        Err(why) => {
            model.notice = Some(why);
            return Vec::new();
        }
    };
    let mut others = attaching.attachments.iter();
    if let Some(same) = others.find(|other| other.digest == attachment.digest) {
        model.notice = Some(attachment.twice(same));
        return Vec::new();
    }
    attaching.sending = Some(Sending {
        attachment,
        have: 0,
        request: 0,
    });
    send(model, 0, Vec::new())
}

/// Some of the file was read, or why not.
pub(super) fn is_read(model: &mut Model, read: Result<(u64, Vec<u8>), Text>) -> Vec<Effect> {
    match read {
        Ok((at, bytes)) => send(model, at, bytes),
        Err(why) => {
            model.notice = Some(why);
            if let Some(attaching) = model.entry.attaching_mut() {
                attaching.sending = None;
            }
            Vec::new()
        }
    }
}

/// Sends a part, or asks how much there is.
fn send(model: &mut Model, at: u64, bytes: Vec<u8>) -> Vec<Effect> {
    let sending = model.entry.attaching().and_then(|attaching| attaching.sending.as_ref());
    let Some(attachment) = sending.map(|sending| sending.attachment.clone()) else {
        return Vec::new();
    };
    if model.link != LinkState::Up {
        // It goes on from what the daemon has once the line is there.
        return Vec::new();
    }
    let body = RequestBody::Attach {
        digest: attachment.digest,
        of: attachment.bytes,
        at,
        bytes: bytes.into(),
    };
    let effect = ask(model, body);
    let request = model.last_request;
    let attaching = model.entry.attaching_mut();
    if let Some(sending) = attaching.and_then(|attaching| attaching.sending.as_mut()) {
        sending.request = request;
    }
    vec![effect]
}

/// The connection is new: the daemon is asked how much of the file it has.
pub(super) fn link_is_up(model: &mut Model) -> Vec<Effect> {
    send(model, 0, Vec::new())
}

/// Takes an answer in, if it is one that is awaited here.
pub(super) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    let sending = model.entry.attaching().and_then(|attaching| attaching.sending.as_ref());
    if sending.is_some_and(|sending| sending.request == id) {
        return Ok(is_taken(model, result));
    }
    Err(result)
}

/// The daemon has a part, or why not.
fn is_taken(model: &mut Model, result: Result<ReplyBody, Text>) -> Vec<Effect> {
    let Some(attaching) = model.entry.attaching_mut() else {
        return Vec::new();
    };
    let Some(sending) = attaching.sending.as_mut() else {
        return Vec::new();
    };
    let why = match result {
        Ok(ReplyBody::Attached { have }) if have < sending.attachment.bytes => {
            sending.have = have;
            return vec![Effect::ReadAttachment { at: have }];
        }
        Ok(ReplyBody::Attached { .. }) => {
            let name = Text::new("tui-inbox-attached").with("name", clean(&sending.attachment.name));
            let sent = attaching.sending.take().map(|sending| sending.attachment);
            model.notice = Some(name);
            return sent.map_or_else(Vec::new, |sent| changed(model, FileChange::Attached(sent)));
        }
        Ok(_) => Text::new("tui-explain-unexpected"),
        Err(why) => why,
    };
    attaching.sending = None;
    model.notice = Some(why);
    Vec::new()
}
