//! Keys of the Handover pane.

use std::time::Duration;

use super::super::keymap::Action;
use super::super::model::{LinkState, Model};
use super::super::overlay::Place;
use super::super::pane::Pane;
use super::super::panes::handover::list_height;
use super::super::signing::Signed;
use super::motion::{moved, scrolled, within};
use super::{Effect, ask, explain, jump, newest_record, note_closing, signing};
use crate::domain::actor::Right;
use crate::domain::handover::{ShiftName, Side};
use crate::domain::text::Text;
use crate::engine::handover::Item;
use crate::engine::view::Target;
use crate::wire::message::{ReplyBody, RequestBody};

/// How long what is shown holds before it is asked for again, where the journal has grown.
const HOLDS_FOR: Duration = Duration::from_secs(10);

/// The window is another one: scrolls back where there is room.
pub(super) fn keep_in_view(model: &mut Model) {
    let page = list_height(model).max(1);
    let pane = &mut model.handover;
    let rows = pane.sheet().map_or(0, |sheet| sheet.lines.len());
    pane.top = within(pane.top, pane.cursor, page, rows);
}

/// A key.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = list_height(model).max(1);
    let pane = &mut model.handover;
    let last = pane.sheet().map_or(0, |sheet| sheet.lines.len()).saturating_sub(1);
    if let Some(cursor) = moved(pane.cursor, action, page, last) {
        pane.cursor = cursor;
        pane.top = scrolled(pane.top, cursor, page);
        return Vec::new();
    }
    match action {
        Action::Earlier => other_shift(model, -1),
        Action::Later => other_shift(model, 1),
        Action::Today => show(model, None),
        Action::Refresh => show(model, model.handover.shift.clone()),
        Action::SignOutgoing => {
            open(model, Side::Outgoing);
            Vec::new()
        }
        Action::SignIncoming => {
            open(model, Side::Incoming);
            Vec::new()
        }
        Action::CloseNote => {
            note_closing::open(model);
            Vec::new()
        }
        Action::Open => open_selected(model),
        Action::Record => record(model),
        _ => Vec::new(),
    }
}

/// Somebody goes to the pane, or presses its key while they look at it: they find the shift at hand, unless they chose another
/// one on this visit. What was shown before may be long over on a terminal that stays open.
pub(super) fn visit(model: &mut Model, is_here: bool) {
    let now = model.plant.as_ref().map(|plant| plant.now(model.elapsed));
    let pane = &mut model.handover;
    if is_here && pane.is_chosen {
        return;
    }
    pane.is_chosen = false;
    let is_over = pane.sheet().zip(now).is_some_and(|(sheet, now)| sheet.to <= now);
    if pane.shift.take().is_some() || is_over {
        (pane.cursor, pane.top) = (0, 0);
        pane.view.forget();
    }
}

/// Asks for what is looked at and not known yet, or not any more.
pub(super) fn follow(model: &mut Model) -> Option<Effect> {
    if model.pane != Pane::Handover || model.link != LinkState::Up {
        return None;
    }
    let newest = model.plant.as_ref()?.state.sequence;
    let is_due = model.handover.view.is_due(newest, model.elapsed, HOLDS_FOR);
    is_due.then(|| renew(model))
}

/// Asks again for what is shown, where something came to it: what is there stays until then.
pub(super) fn renew(model: &mut Model) -> Effect {
    ask_for(model, model.handover.shift.clone())
}

fn ask_for(model: &mut Model, shift: Option<ShiftName>) -> Effect {
    let effect = ask(model, RequestBody::Handover { shift });
    let newest = newest_record(model);
    model.handover.view.ask(model.last_request, model.elapsed, newest);
    effect
}

/// Asks for the sheet of a shift, in place of what is shown.
fn show(model: &mut Model, shift: Option<ShiftName>) -> Vec<Effect> {
    if model.link != LinkState::Up {
        model.notice = Some(Text::new("tui-no-link"));
        return Vec::new();
    }
    let pane = &mut model.handover;
    if pane.shift != shift || shift.is_none() {
        (pane.cursor, pane.top) = (0, 0);
        pane.view.forget();
    }
    pane.is_chosen &= shift.is_some();
    pane.shift.clone_from(&shift);
    pane.view.give_up_again();
    vec![ask_for(model, shift)]
}

/// The shift so many before or after the one that is shown.
fn other_shift(model: &mut Model, by: i32) -> Vec<Effect> {
    let other = model
        .handover
        .sheet()
        .zip(model.plant.as_ref())
        .and_then(|(sheet, plant)| {
            let shift = plant.model.shift_named(&sheet.shift)?;
            let other = if by < 0 {
                plant.model.shift_before(&shift)?
            } else {
                plant.model.shift_after(&shift)?
            };
            plant.model.name_of_shift(&other)
        });
    match other {
        Some(other) => {
            let effects = show(model, Some(other));
            model.handover.is_chosen = !effects.is_empty();
            effects
        }
        // Of one that was refused the way back is the shift at hand.
        None => show(model, None),
    }
}

/// Goes to what the selected line speaks of.
fn open_selected(model: &mut Model) -> Vec<Effect> {
    let Some(line) = model.handover.selected().cloned() else {
        return Vec::new();
    };
    match line.item {
        Item::Alarm { alarm, .. } => jump::go_to_alarm(model, alarm),
        Item::Anomaly { anomaly, parameter, .. } => {
            if !jump::go_to_anomaly(model, anomaly) {
                jump::go_to(model, Place::Parameter(parameter));
            }
        }
        Item::Silent { parameter, .. } => jump::go_to(model, Place::Parameter(parameter)),
        Item::Calibration { .. } => super::due::open(model),
        Item::Round { sheet, at, .. } => return super::entry::open_at(model, &sheet, at),
        Item::SecondCheck { record, .. } => return super::second_check::open_record(model, record),
        Item::Note { record, .. } => return explain::open(model, Target::Record { sequence: record }),
    }
    Vec::new()
}

/// Explains the record of the selected line, or of the newest signature.
fn record(model: &mut Model) -> Vec<Effect> {
    let of_line = model.handover.selected().and_then(|line| line.item.record());
    let signed = || {
        let signatures = &model.handover.sheet()?.signatures;
        signatures.iter().map(|signature| signature.record).max()
    };
    match of_line.or_else(signed) {
        Some(sequence) => explain::open(model, Target::Record { sequence }),
        None => Vec::new(),
    }
}

/// Opens a signature.
fn open(model: &mut Model, side: Side) {
    let Some(view) = model.handover.sheet() else {
        return;
    };
    if let Some(signature) = view.signature(side) {
        let signed = crate::report::handover::signed(side, Some(signature));
        model.notice = Some(signed);
        return;
    }
    let of = Signed::handover(view, side);
    signing::open(model, of, Right::HandOver);
}

/// The connection is new: what was asked over the old one is not answered any more.
pub(super) fn link_is_up(model: &mut Model) {
    model.handover.view.link_is_up();
}

/// Takes an answer in, if it is one that is awaited.
pub(super) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    if !model.handover.view.awaits(id) {
        return Err(result);
    }
    let page = list_height(model).max(1);
    let pane = &mut model.handover;
    // The selected thing stays selected where it is still there.
    let kept = pane.selected().map(|line| line.item.clone());
    pane.view.take(
        id,
        match result {
            Ok(ReplyBody::Handover(view)) => Ok(view),
            Ok(_) => Err(Text::new("tui-explain-unexpected")),
            Err(why) => Err(why),
        },
    );
    let lines = pane.view.here().map_or(&[][..], |view| &view.lines);
    let place = kept.and_then(|item| lines.iter().position(|line| line.item.is_of_same(&item)));
    pane.cursor = place.unwrap_or(pane.cursor).min(lines.len().saturating_sub(1));
    pane.top = scrolled(pane.top, pane.cursor, page);
    Ok(Vec::new())
}

/// A signature was written: what was signed is seen first, though two make another shift the one at hand.
pub(super) fn was_signed(model: &mut Model) -> Vec<Effect> {
    let shown = model.handover.sheet().map(|view| view.shift.clone());
    show(model, shown)
}

/// The sheet as a table, with its heading.
pub(super) fn table(model: &Model) -> Vec<Vec<String>> {
    let Some((sheet, (plant, _))) = model.handover.sheet().zip(model.displayed()) else {
        return Vec::new();
    };
    let shown = &model.shown;
    let headings = [
        "cli-column-handover-kind",
        "cli-column-tag",
        "cli-column-handover-what",
        "cli-column-since",
        "cli-column-handover-mark",
    ];
    let headings = headings.map(|heading| shown.text(&Text::new(heading))).to_vec();
    let rows = sheet.lines.iter().map(|line| {
        let said = crate::report::handover::line(&line.item, &plant.model);
        let mark = crate::report::handover::mark(line.mark);
        vec![
            shown.text(&said.kind),
            said.tag,
            shown.text(&said.what),
            said.since.map_or_else(String::new, |at| plant.model.zone.rfc3339(at)),
            mark.map_or_else(String::new, |mark| shown.text(&mark)),
        ]
    });
    std::iter::once(headings).chain(rows).collect()
}
