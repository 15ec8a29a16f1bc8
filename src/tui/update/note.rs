//! Typing a note, and sending it until the daemon has answered.

use super::super::keymap::Action;
use super::super::model::{LinkState, Model};
use super::super::note::{NoteSheet, Sent};
use super::super::overlay::{Answer, Overlay};
use super::super::pane::Pane;
use super::super::panes::palette::list_height;
use super::{Effect, ask, chart, explain, ledger, write};
use crate::domain::note::About;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::engine::view::Target;
use crate::wire::message::{ReplyBody, RequestBody};

/// Opens the line for a note on what is looked at, with some text in it.
pub(super) fn open(model: &mut Model, text: &str) -> Vec<Effect> {
    let Some(now) = now(model) else {
        model.notice = Some(Text::new("tui-note-no-time"));
        return Vec::new();
    };
    let (at, choices) = looked_at(model, now);
    let mut sheet = NoteSheet::new(at, choices);
    sheet.field.set(text);
    model.overlays.push(Overlay::Note(Box::new(sheet)));
    ask_before(model)
}

/// The plant's time, whether or not the display is held.
fn now(model: &Model) -> Option<Instant> {
    let plant = model.plant.as_ref()?;
    plant.state.time()?;
    Some(plant.now(model.elapsed))
}

/// Of which time and of what a note speaks that is written here: a time only where another one than now is looked at.
fn looked_at(model: &Model, now: Instant) -> (Option<Instant>, Vec<About>) {
    let target = match model.overlays.last() {
        Some(Overlay::Chart(chart)) => {
            let at = chart.cursor.and_then(|_| chart.under_cursor()).map(|(start, ..)| start);
            return (at, choices(model, Some(About::Parameter(chart.parameter))));
        }
        Some(Overlay::Explain(steps)) => steps.last().map(|step| step.target.clone()),
        Some(_) => None,
        None => match model.pane {
            Pane::Live => {
                let selected = model.live.selected.map(About::Parameter);
                return (None, choices(model, selected));
            }
            Pane::Ledger => {
                let view = &model.ledger;
                let sheet = view.sheet.as_ref();
                view.place()
                    .zip(sheet)
                    .and_then(|(place, sheet)| sheet.target(place, view.column))
            }
            Pane::Log => None,
        },
    };
    let Some((plant, target)) = model.plant.as_ref().zip(target) else {
        return (None, choices(model, None));
    };
    (
        time_of(&target, &plant.model, now),
        choices(model, target.about(&plant.model)),
    )
}

/// The beginning of what a figure is of, if that is past.
fn time_of(target: &Target, plant: &crate::domain::model::SiteModel, now: Instant) -> Option<Instant> {
    let (from, to) = target.hours(plant)?;
    (plant.zone.hour_start(to) <= now).then(|| plant.zone.hour_start(from))
}

/// A parameter, its node, the site; as far as there are such.
fn choices(model: &Model, first: Option<About>) -> Vec<About> {
    let mut choices: Vec<About> = first.into_iter().collect();
    if let (Some(About::Parameter(id)), Some(plant)) = (first, &model.plant) {
        choices.extend(plant.parameter_of(id).map(|parameter| About::Node(parameter.node)));
    }
    choices.push(About::Site);
    choices
}

/// The sheet on top.
fn on_top(model: &mut Model) -> Option<&mut NoteSheet> {
    match model.overlays.last_mut() {
        Some(Overlay::Note(sheet)) => Some(sheet),
        _ => None,
    }
}

/// Any sheet, whatever covers it.
fn sheet(model: &mut Model) -> Option<&mut NoteSheet> {
    model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Note(sheet) => Some(&mut **sheet),
        _ => None,
    })
}

/// Asks for what was noted before.
fn ask_before(model: &mut Model) -> Vec<Effect> {
    if model.link != LinkState::Up {
        return Vec::new();
    }
    let count = u32::try_from(list_height(model.size)).unwrap_or(1);
    let Some(about) = on_top(model).map(|sheet| sheet.about()) else {
        return Vec::new();
    };
    let effect = ask(
        model,
        RequestBody::Notes {
            about,
            from: Instant::EARLIEST,
            to: Instant::LATEST,
            count,
        },
    );
    let awaited = model.last_request;
    if let Some(sheet) = on_top(model) {
        sheet.awaited = Some(awaited);
    }
    vec![effect]
}

/// What was typed changed.
pub(super) fn typed(model: &mut Model) {
    if let Some(sheet) = on_top(model) {
        sheet.fault = None;
    }
}

/// A key.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Accept => send(model),
        Action::About => {
            if let Some(sheet) = on_top(model).filter(|sheet| sheet.sent.is_none()) {
                sheet.chosen = (sheet.chosen + 1).checked_rem(sheet.choices.len()).unwrap_or(0);
            }
            ask_before(model)
        }
        _ => {
            model.overlays.pop();
            Vec::new()
        }
    }
}

/// Has the note written.
fn send(model: &mut Model) -> Vec<Effect> {
    let (is_up, now) = (model.link == LinkState::Up, now(model));
    let Some(zone) = model.plant.as_ref().map(|plant| plant.model.zone) else {
        return Vec::new();
    };
    let Some(sheet) = on_top(model).filter(|sheet| sheet.sent.is_none()) else {
        return Vec::new();
    };
    let note = match sheet.note(now.unwrap_or(Instant::EARLIEST), &zone) {
        Ok(note) if is_up => note,
        Ok(_) => {
            sheet.fault = Some(Text::new("tui-note-no-link"));
            return Vec::new();
        }
        Err(why) => {
            sheet.fault = Some(why);
            return Vec::new();
        }
    };
    let (effect, key) = write(model, RequestBody::Note(note.clone()));
    let request = model.last_request;
    if let Some(sheet) = on_top(model) {
        sheet.fault = None;
        sheet.sent = Some(Sent { request, key, note });
    }
    vec![effect]
}

/// After the connection is back: what was sent is sent again under the same key, so that it is written once.
pub(super) fn send_again(model: &mut Model) -> Vec<Effect> {
    let Some(sent) = sheet(model).and_then(|sheet| sheet.sent.clone()) else {
        return Vec::new();
    };
    let effect = ask(model, RequestBody::Note(sent.note));
    let request = model.last_request;
    if let Some(sent) = sheet(model).and_then(|sheet| sheet.sent.as_mut()) {
        sent.request = request;
    }
    match effect {
        Effect::Ask(mut again) => {
            again.key = Some(sent.key);
            vec![Effect::Ask(again)]
        }
        other => vec![other],
    }
}

/// Takes an answer in, if it is one that a sheet awaits; gives what else is to be done then.
pub(super) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    let Some(sheet) = sheet(model) else {
        return Err(result);
    };
    if sheet.awaited == Some(id) {
        sheet.awaited = None;
        if let Ok(ReplyBody::Notes(found)) = result {
            sheet.before = found.notes.into_iter().rev().collect();
        }
        return Ok(Vec::new());
    }
    if sheet.sent.as_ref().is_none_or(|sent| sent.request != id) {
        return Err(result);
    }
    sheet.sent = None;
    match result {
        Ok(ReplyBody::Recorded(sequence)) => {
            model.overlays.retain(|overlay| !matches!(overlay, Overlay::Note(_)));
            model.notice = Some(Text::new("tui-notice-noted").with("sequence", sequence));
            Ok(show_it(model))
        }
        Ok(_) => {
            sheet.fault = Some(Text::new("tui-explain-unexpected"));
            Ok(Vec::new())
        }
        Err(why) => {
            sheet.fault = Some(why);
            Ok(Vec::new())
        }
    }
}

/// What is on the screen tells the note too.
fn show_it(model: &mut Model) -> Vec<Effect> {
    match model.overlays.last() {
        Some(Overlay::Chart(_)) => chart::ask_for(model),
        Some(Overlay::Explain(steps)) if steps.last().is_some_and(|step| matches!(step.answer, Answer::Here(_))) => {
            explain::key(model, Action::Refresh)
        }
        None if model.pane == Pane::Ledger => {
            ledger::refresh(model);
            Vec::new()
        }
        _ => Vec::new(),
    }
}
