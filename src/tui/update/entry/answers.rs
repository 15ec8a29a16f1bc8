//! What the daemon answers, and what it keeps of what is typed.

use super::super::super::entry::{AskedOf, Cell, Opened};
use super::super::super::model::Model;
use super::super::{Effect, inbox, unanswered};
use super::lost::{Loss, Tags};
use super::page::{doubt_anew, drafted, page};
use super::sent::sent;
use super::{again, files, gap, grid, lost};
use crate::domain::draft::{DraftChange, Drafted};
use crate::domain::text::Text;
use crate::wire::message::ReplyBody;

/// Takes an answer in, if it is one that is awaited here.
pub(in crate::tui::update) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    let result = match gap::answer(model, id, result) {
        Ok(()) => return Ok(Vec::new()),
        Err(result) => result,
    };
    let result = match files::answer(model, id, result) {
        Ok(()) => return Ok(Vec::new()),
        Err(result) => result,
    };
    let Some(open) = model.entry.open.as_mut() else {
        return Err(result);
    };
    if open.view.awaits() == Some(id) || open.again == Some(id) {
        return Ok(page(model, id, result));
    }
    if let Some(place) = open.saving.iter().position(|(request, _)| *request == id) {
        let (_, changes) = open.saving.remove(place);
        let me = model.actor.as_ref().map(|actor| actor.name().to_owned());
        let tags = Tags::of(model.plant.as_ref(), &model.entry.former_tags);
        let asked_of = open.asked_of();
        let Kept {
            anew,
            lost,
            refused,
            are_gone,
        } = kept(open, &changes, result, me.as_deref(), tags);
        tell_changed(open, asked_of.as_ref());
        // The page may have other cells by now.
        let is_due = (refused.is_some() || are_gone) && open.again.is_none();
        if let Some(why) = refused {
            open.tell(Text::new("tui-entry-not-kept").with_text("why", why), model.elapsed);
        }
        lost::lose(model, lost);
        doubt_anew(model, &anew);
        let again = is_due.then(|| again(model)).flatten();
        return Ok(again.into_iter().collect());
    }
    if open.sending.as_ref().is_some_and(|sending| sending.asked.request == id) {
        return Ok(sent(model, result));
    }
    Err(result)
}

/// Says so where what a question speaks of became another while it was open.
pub(super) fn tell_changed(open: &mut Opened, before: Option<&AskedOf>) {
    if before.is_some() && before != open.asked_of().as_ref() {
        open.is_changed = true;
        if open.is_correcting() {
            open.fault = Some(Text::new("tui-entry-question-changed"));
        }
    }
}

/// What came of cells that the daemon was asked to keep.
#[derive(Default)]
struct Kept {
    /// Cells that hold something else than before.
    anew: Vec<Cell>,
    /// What of one's own is not on the page any more.
    lost: Vec<Loss>,
    /// Why nothing was kept.
    refused: Option<Text>,
    /// Whether the plan has some of them no more.
    are_gone: bool,
}

/// Cells are kept, or why not.
fn kept(
    open: &mut Opened,
    changes: &[DraftChange],
    result: Result<ReplyBody, Text>,
    me: Option<&str>,
    tags: Tags<'_>,
) -> Kept {
    let drafted: Drafted = match result {
        Ok(ReplyBody::Drafted(drafted)) => *drafted,
        Ok(_) => return Kept::default(),
        // It stays on the screen, marked as not kept.
        Err(why) => {
            return Kept {
                refused: Some(why),
                ..Kept::default()
            };
        }
    };
    let change_at = |place: &u32| usize::try_from(*place).ok().and_then(|place| changes.get(place));
    let gone: Vec<&DraftChange> = drafted.gone.iter().filter_map(change_at).collect();
    let is_gone = |cell: &Cell| gone.iter().any(|change| (change.parameter, change.round) == *cell);
    for change in changes {
        let cell = (change.parameter, change.round);
        let is_newest = open.typed.get(&cell).map(|typed| &typed.text) == change.text.as_ref();
        let is_awaited = open
            .saving
            .iter()
            .any(|(_, others)| others.iter().any(|other| (other.parameter, other.round) == cell));
        if is_newest && !is_awaited && !is_gone(&cell) {
            open.unsaved.remove(&cell);
        }
    }
    let mut lost = Vec::new();
    for place in &drafted.contested {
        let Some(change) = change_at(place) else { continue };
        let cell = (change.parameter, change.round);
        // What was typed over it since is asked for by itself, and answered.
        if open.typed.get(&cell).map(|typed| &typed.text) != change.text.as_ref() {
            continue;
        }
        open.unsaved.remove(&cell);
        let theirs = drafted
            .drafts
            .iter()
            .find(|draft| (draft.parameter, draft.round) == cell);
        // Where the cell was sent or emptied here, theirs stays, and nothing of one's own is lost.
        let Some((theirs, mine)) = theirs.zip(change.text.as_deref()) else {
            continue;
        };
        lost.push(tags.contested(cell, (&theirs.text, &theirs.by), mine));
    }
    let anew = self::drafted(open, &drafted.drafts, me);
    // The page is asked for anew: what was typed into cells that it has no more is told then.
    let are_gone = !gone.is_empty();
    grid::show_again(open);
    Kept {
        anew,
        lost,
        refused: None,
        are_gone,
    }
}

/// The connection is new: what the daemon does not know yet is told again, and what was sent is sent again under its key.
pub(in crate::tui::update) fn link_is_up(model: &mut Model) -> Vec<Effect> {
    files::link_is_up(model);
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    open.saving.clear();
    open.again = None;
    // It would stand before what is told now.
    open.fault.take_if(|fault| fault.id == "tui-entry-no-link");
    gap::forget_awaited(model);
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    let unsaved: Vec<Cell> = open.unsaved.keys().copied().collect();
    let mut effects = grid::keep(model, &unsaved);
    effects.extend(ask_again(model));
    effects.extend(inbox::link_is_up(model));
    effects.extend(again(model));
    effects
}

/// What was sent and not answered is sent again under its key, where the person sits here who sent it.
pub(in crate::tui::update) fn ask_again(model: &mut Model) -> Option<Effect> {
    unanswered::ask_again(model, |model| {
        let sending = model.entry.open.as_mut()?.sending.as_mut()?;
        Some(&mut sending.asked)
    })
}
