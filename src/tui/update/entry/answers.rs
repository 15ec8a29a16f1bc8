//! What the daemon answers, and what it keeps of what is typed.

use super::super::super::entry::{AskedOf, Cell, Opened};
use super::super::super::model::Model;
use super::super::{Effect, inbox, unanswered};
use super::page::{doubt_anew, drafted, page};
use super::sent::sent;
use super::{again, files, gap, grid};
use crate::domain::draft::{DraftChange, Drafted};
use crate::domain::model::SiteModel;
use crate::domain::text::{Text, clean};
use crate::wire::message::ReplyBody;

/// Most refusals that are told one by one.
pub(super) const MOST_TOLD: usize = 3;

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
        let known = model.plant.as_ref().map(|plant| &*plant.model);
        let asked_of = open.asked_of();
        let is_refused = result.is_err();
        let (anew, told) = kept(open, &changes, result, (me.as_deref(), known));
        tell_changed(open, asked_of.as_ref());
        if let Some(told) = told {
            open.tell(told, model.elapsed);
        }
        // The page may have other cells by now.
        let is_asked = open.again.is_some();
        doubt_anew(model, &anew);
        let again = (is_refused && !is_asked).then(|| again(model)).flatten();
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

/// Cells are kept, or why not. Gives those that hold something else than before, and what is to be told.
fn kept(
    open: &mut Opened,
    changes: &[DraftChange],
    result: Result<ReplyBody, Text>,
    (me, known): (Option<&str>, Option<&SiteModel>),
) -> (Vec<Cell>, Option<Text>) {
    let drafted: Drafted = match result {
        Ok(ReplyBody::Drafted(drafted)) => *drafted,
        Ok(_) => return (Vec::new(), None),
        // It stays on the screen, marked as not kept.
        Err(why) => {
            let why = Text::new("tui-entry-not-kept").with_text("why", why);
            return (Vec::new(), Some(why));
        }
    };
    for change in changes {
        let cell = (change.parameter, change.round);
        let is_newest = open.typed.get(&cell).map(|typed| &typed.text) == change.text.as_ref();
        let is_awaited = open
            .saving
            .iter()
            .any(|(_, others)| others.iter().any(|other| (other.parameter, other.round) == cell));
        if is_newest && !is_awaited {
            open.unsaved.remove(&cell);
        }
    }
    let mut contested = Vec::new();
    for place in &drafted.contested {
        let change = usize::try_from(*place).ok().and_then(|place| changes.get(place));
        let Some(change) = change else { continue };
        let cell = (change.parameter, change.round);
        open.unsaved.remove(&cell);
        let theirs = drafted
            .drafts
            .iter()
            .find(|draft| (draft.parameter, draft.round) == cell);
        // Where the cell was sent or emptied here, theirs stays, and nothing of one's own is lost.
        let Some((theirs, mine)) = theirs.zip(change.text.as_deref()) else {
            continue;
        };
        contested.push(contest(known, cell, (&theirs.text, &theirs.by), mine));
    }
    let anew = self::drafted(open, &drafted.drafts, me);
    grid::show_again(open);
    (anew, first_of(contested))
}

/// That somebody else typed into a cell meanwhile, and what of one's own did not get there.
pub(super) fn contest(known: Option<&SiteModel>, cell: Cell, (theirs, by): (&str, &str), mine: &str) -> Text {
    of_cell(Text::new("tui-entry-contested"), known, cell)
        .with("theirs", clean(theirs))
        .with("by", clean(by))
        .with("mine", clean(mine))
}

/// A text about a cell, with its tag and its round.
pub(super) fn of_cell(text: Text, known: Option<&SiteModel>, (parameter, round): Cell) -> Text {
    let tag = known.and_then(|model| model.parameter(parameter));
    let round = known.map(|model| model.zone.local(round).format("%m-%d %H:%M").to_string());
    text.with("tag", clean(tag.map_or("", |parameter| &parameter.tag)))
        .with("round", round.unwrap_or_default())
}

/// What is said of several cells: of the first one by one, and how many more there are.
pub(super) fn first_of(mut told: Vec<Text>) -> Option<Text> {
    let more = told.len().saturating_sub(MOST_TOLD);
    told.truncate(MOST_TOLD);
    let more = (more > 0).then(|| Text::new("tui-entry-contested-more").with_count("count", more));
    Text::sentences(told.into_iter().chain(more))
}

/// The connection is new: what the daemon does not know yet is told again, and what was sent is sent again under its key.
pub(in crate::tui::update) fn link_is_up(model: &mut Model) -> Vec<Effect> {
    files::link_is_up(model);
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    open.saving.clear();
    open.again = None;
    gap::forget_awaited(model);
    let Some(open) = model.entry.open.as_mut() else {
        return Vec::new();
    };
    let unsaved: Vec<Cell> = open.unsaved.iter().copied().collect();
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
