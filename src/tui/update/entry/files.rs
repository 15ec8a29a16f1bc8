//! Files that are attached to a page, kept by the daemon until they are sent, as its cells are.

use super::super::super::attaching::Keeping;
use super::super::super::model::{LinkState, Model};
use super::super::{Effect, ask, inbox, unanswered};
use crate::domain::attachment::Attachment;
use crate::domain::draft::FileChange;
use crate::domain::text::Text;
use crate::wire::message::{ReplyBody, RequestBody};

/// Does something to the files of the page, and has the daemon keep it.
pub(in crate::tui::update) fn keep(model: &mut Model, changes: Vec<FileChange>) -> Vec<Effect> {
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    open.attaching.change(|files| {
        for change in &changes {
            change.apply(files);
        }
    });
    inbox::keep_in_view(model);
    let by = unanswered::person(model);
    if let Some(open) = model.entry.open.as_mut() {
        let request = 0;
        open.attaching.keeping.push(Keeping { request, changes, by });
    }
    ask_to_keep(model)
}

/// Asks the daemon to keep what it was not asked to yet, one after the other: what is done to the same file twice stays in its
/// order. Without a line it is asked once there is one.
fn ask_to_keep(model: &mut Model) -> Vec<Effect> {
    let is_up = model.link == LinkState::Up;
    let Some(open) = model.entry.open.as_ref().filter(|_| is_up) else {
        return Vec::new();
    };
    let first = open.attaching.keeping.first().filter(|keeping| keeping.request == 0);
    let Some(changes) = first.map(|keeping| keeping.changes.clone()) else {
        return Vec::new();
    };
    let body = RequestBody::DraftFiles {
        sheet: open.sheet.clone(),
        page: open.page,
        changes,
    };
    let effect = ask(model, body);
    let request = model.last_request;
    if let Some(open) = model.entry.open.as_mut()
        && let Some(first) = open.attaching.keeping.first_mut()
    {
        first.request = request;
    }
    vec![effect]
}

/// The connection is new: what the daemon has not answered is asked again. Done twice, it is done once.
pub(super) fn link_is_up(model: &mut Model) -> Vec<Effect> {
    if let Some(open) = model.entry.open.as_mut() {
        for keeping in &mut open.attaching.keeping {
            keeping.request = 0;
        }
    }
    ask_to_keep(model)
}

/// The page is there, as it was asked for by a request, with what is attached to it. What went with rounds of which their sender
/// did not see what became is taken off.
pub(super) fn are_here(model: &mut Model, request: u64, files: Vec<Attachment>) -> Vec<Effect> {
    let me = unanswered::person(model);
    let Some(open) = model
        .entry
        .open
        .as_mut()
        .filter(|open| open.attaching.settled < request)
    else {
        return Vec::new();
    };
    let went = model.entry.went.remove(&(me, open.sheet.clone(), open.page));
    let mut went = went.unwrap_or_default();
    went.retain(|file| files.contains(file));
    open.attaching.kept(files);
    inbox::keep_in_view(model);
    take_off(model, &went)
}

/// Takes off what went with a record.
pub(super) fn take_off(model: &mut Model, went: &[Attachment]) -> Vec<Effect> {
    if went.is_empty() {
        return Vec::new();
    }
    let changes = went.iter().map(|file| FileChange::TakenOff(file.digest));
    keep(model, changes.collect())
}

/// Takes an answer in, if it is one that is awaited here.
pub(super) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    let Some(open) = model.entry.open.as_mut() else {
        return Err(result);
    };
    let Some(place) = open.attaching.keeping.iter().position(|keeping| keeping.request == id) else {
        return Err(result);
    };
    open.attaching.keeping.remove(place);
    open.attaching.settled = model.last_request;
    match result {
        Ok(ReplyBody::DraftFiles(files)) => {
            open.attaching.kept(files);
            inbox::keep_in_view(model);
        }
        Ok(_) => {}
        // What is attached stays on the screen, and goes with what is sent.
        Err(why) => model.notice = Some(Text::new("tui-entry-not-kept").with_text("why", why)),
    }
    Ok(ask_to_keep(model))
}
