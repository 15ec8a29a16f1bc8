//! Files that are attached to a page, kept by the daemon until they are sent, as its cells are.

use super::super::super::attaching::{Attaching, Keeping, OfPage, Stage};
use super::super::super::model::{LinkState, Model, Wanted};
use super::super::{Effect, ask, inbox};
use super::lost;
use crate::domain::attachment::Attachment;
use crate::domain::draft::{FileChange, OthersFiles};
use crate::domain::text::{Text, clean};
use crate::wire::message::{ReplyBody, RequestBody};

/// Whose files of which page are on the screen.
fn here(model: &Model) -> Option<OfPage> {
    let open = model.entry.open.as_ref()?;
    Some((model.person(), open.sheet.clone(), open.page))
}

/// What the daemon does not keep yet of the files on the screen.
fn of_here(model: &Model) -> &[Keeping] {
    let keeping = here(model).and_then(|of| model.entry.keeping_files.get(&of));
    keeping.map_or(&[], Vec::as_slice)
}

/// Does something to a file of the page, and has the daemon keep it.
pub(in crate::tui::update) fn keep(model: &mut Model, change: FileChange) {
    let Some(of) = here(model) else { return };
    let is_there = model
        .entry
        .open
        .as_ref()
        .is_some_and(|open| matches!(open.view, Wanted::Here(_)));
    if !is_there {
        let name = change.attached().map(|file| clean(&file.name).into_owned());
        lose(model, of.0.as_deref(), name.as_slice());
        return;
    }
    if let Some(open) = model.entry.open.as_mut() {
        open.attaching.change(|files| change.apply(files));
        if let FileChange::TakenOver { file, of } = &change {
            open.attaching.take_over(file.digest, of);
        }
    }
    inbox::keep_in_view(model);
    let keeping = model.entry.keeping_files.entry(of).or_default();
    // What was refused and undone by now is not tried again.
    leave_out(keeping, |other| other.digest() == change.digest());
    keeping.push(Keeping {
        changes: vec![change],
        stage: Stage::Due,
    });
    try_again(model);
}

/// Leaves out what the daemon refused to keep and is not to any more.
fn leave_out(keeping: &mut Vec<Keeping>, is_over: impl Fn(&FileChange) -> bool) {
    for refused in keeping.iter_mut().filter(|keeping| keeping.stage == Stage::Refused) {
        refused.changes.retain(|change| !is_over(change));
    }
    keeping.retain(|keeping| !keeping.changes.is_empty());
}

/// What the daemon refused to keep of who sits here is tried once more.
pub(super) fn try_again(model: &mut Model) {
    let me = model.person();
    let mut all = model.entry.keeping_files.iter_mut();
    let mine = all.by_ref().filter(|((whose, ..), _)| *whose == me);
    for keeping in mine.flat_map(|(_, keeping)| keeping) {
        if keeping.stage == Stage::Refused {
            keeping.stage = Stage::Due;
        }
    }
}

/// Asks the daemon to keep what it was not asked to yet of who sits here, whatever page it is of; of each page one thing after
/// the other: what is done to the same file twice stays in its order. Without a line it is asked once there is one.
pub(super) fn follow(model: &mut Model) -> Vec<Effect> {
    if model.link != LinkState::Up {
        return Vec::new();
    }
    let me = model.person();
    let next = |(of, keeping): (&OfPage, &Vec<Keeping>)| {
        let is_awaited = |keeping: &Keeping| matches!(keeping.stage, Stage::Asked(_));
        if of.0 != me || keeping.iter().any(is_awaited) {
            return None;
        }
        let place = keeping.iter().position(|keeping| keeping.stage == Stage::Due)?;
        Some((of.clone(), place, keeping.get(place)?.changes.clone()))
    };
    let due: Vec<_> = model.entry.keeping_files.iter().filter_map(next).collect();
    let mut effects = Vec::new();
    for (of, place, changes) in due {
        let (sheet, page) = (of.1.clone(), of.2);
        effects.push(ask(model, RequestBody::DraftFiles { sheet, page, changes }));
        let request = model.last_request;
        let keeping = model.entry.keeping_files.get_mut(&of);
        if let Some(keeping) = keeping.and_then(|keeping| keeping.get_mut(place)) {
            keeping.stage = Stage::Asked(request);
        }
    }
    effects
}

/// The connection is new: what the daemon has not answered, or has refused, is asked again. Done twice, it is done once.
pub(super) fn link_is_up(model: &mut Model) {
    for keeping in model.entry.keeping_files.values_mut().flatten() {
        keeping.stage = Stage::Due;
    }
}

/// Why the page cannot be left: what was done to its files is nowhere but here.
pub(super) fn held_back(model: &Model) -> Option<Text> {
    let keeping = of_here(model);
    let is_refused = |keeping: &Keeping| keeping.stage == Stage::Refused;
    if keeping.is_empty() {
        None
    } else if keeping.iter().all(is_refused) {
        Some(Text::new("tui-inbox-refused"))
    } else {
        Some(Text::new("tui-inbox-unkept"))
    }
}

/// The page is there no more: what the daemon does not keep of anybody's files it will not keep, which is listed.
pub(super) fn give_up(model: &mut Model) {
    let settled = model.last_request;
    let Some(open) = model.entry.open.as_mut() else { return };
    let page = (open.sheet.clone(), open.page);
    // An upload that is under way attaches nothing any more.
    open.attaching = Attaching {
        settled,
        ..Attaching::default()
    };
    let is_of_it = |(_, sheet, number): &OfPage| (sheet, number) == (&page.0, &page.1);
    let gone: Vec<OfPage> = model
        .entry
        .keeping_files
        .keys()
        .filter(|of| is_of_it(of))
        .cloned()
        .collect();
    for of in gone {
        let keeping = model.entry.keeping_files.remove(&of).unwrap_or_default();
        lose(model, of.0.as_deref(), &names_of(&keeping));
    }
}

/// Files are attached to no page any more.
fn lose(model: &mut Model, whose: Option<&str>, names: &[String]) {
    let text = Text::new("tui-entry-lost-page-files");
    lose_as(model, whose, (text, names));
}

fn lose_as(model: &mut Model, whose: Option<&str>, (text, names): (Text, &[String])) {
    if !names.is_empty() {
        let text = text.with("files", names.join(", "));
        lost::lose_of(model, whose, vec![text.into()]);
    }
}

/// Whoever sits here may attach nothing any more, and leaves the page: what the daemon does not keep of their files is listed.
pub(super) fn let_go(model: &mut Model) {
    let Some(of) = here(model) else { return };
    let keeping = model.entry.keeping_files.remove(&of).unwrap_or_default();
    let names = names_of(&keeping);
    lose_as(model, of.0.as_deref(), (Text::new("tui-entry-let-go-files"), &names));
}

/// The names of the files that were attached by changes.
fn names_of(keeping: &[Keeping]) -> Vec<String> {
    let changes = keeping.iter().flat_map(|keeping| &keeping.changes);
    let attached = changes.filter_map(FileChange::attached);
    attached.map(|file| clean(&file.name).into_owned()).collect()
}

/// Whether the daemon has not said yet what becomes of some. Sent meanwhile, one could be kept after it went with a record.
pub(super) fn is_unsettled(model: &Model) -> bool {
    of_here(model).iter().any(|keeping| keeping.stage != Stage::Refused)
}

/// The page is there, as it was asked for by a request, with what is attached to it, and what others have.
pub(super) fn are_here(model: &mut Model, request: u64, (files, others): (Vec<Attachment>, Vec<OthersFiles>)) {
    let Some(open) = model.entry.open.as_mut() else { return };
    if open.attaching.settled < request {
        open.attaching.others_have(others);
        show(model, files);
    }
}

/// Shows what the daemon keeps, with what it does not keep yet.
fn show(model: &mut Model, files: Vec<Attachment>) {
    let keeping = of_here(model).to_vec();
    if let Some(open) = model.entry.open.as_mut() {
        open.attaching.kept(files, &keeping);
    }
    inbox::keep_in_view(model);
}

/// Files went with a record of somebody's: the daemon has taken them off the page, and what it refused to keep of them is over.
pub(super) fn went(model: &mut Model, by: Option<String>, files: &[Attachment]) {
    let is_mine = by == model.person();
    let is_gone = |digest| files.iter().any(|file| file.digest == digest);
    let (settled, Some(open)) = (model.last_request, model.entry.open.as_mut()) else {
        return;
    };
    if is_mine {
        open.attaching
            .change(|attached| attached.retain(|file| !is_gone(file.digest)));
        open.attaching.settled = settled;
    }
    let of = (by, open.sheet.clone(), open.page);
    if let Some(keeping) = model.entry.keeping_files.get_mut(&of) {
        leave_out(keeping, |change| is_gone(change.digest()));
    }
    model.entry.keeping_files.retain(|_, keeping| !keeping.is_empty());
    inbox::keep_in_view(model);
}

/// Takes an answer in, if it is one that is awaited here.
pub(super) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<(), Result<ReplyBody, Text>> {
    let is_it = |keeping: &Keeping| keeping.stage == Stage::Asked(id);
    let mut all = model.entry.keeping_files.iter_mut();
    let found = all.find_map(|(of, keeping)| Some((of.clone(), keeping.iter().position(is_it)?, keeping)));
    let Some((of, place, keeping)) = found else {
        return Err(result);
    };
    let files = match result {
        Ok(reply) => {
            keeping.remove(place);
            match reply {
                ReplyBody::DraftFiles(files) => Some(files),
                _ => None,
            }
        }
        Err(why) => {
            if let Some(refused) = keeping.get_mut(place) {
                refused.stage = Stage::Refused;
            }
            model.notice = Some(Text::new("tui-inbox-not-kept").with_text("why", why));
            None
        }
    };
    model.entry.keeping_files.retain(|_, keeping| !keeping.is_empty());
    if here(model) != Some(of) {
        return Ok(());
    }
    if let Some(open) = model.entry.open.as_mut() {
        open.attaching.settled = model.last_request;
    }
    if let Some(files) = files {
        show(model, files);
    }
    Ok(())
}
