//! Typing a note, and sending it until the daemon has answered.

use super::super::keymap::Action;
use super::super::model::{LinkState, Model};
use super::super::note::{NoteSheet, Sent};
use super::super::overlay::{Answer, Overlay};
use super::super::pane::Pane;
use super::super::panes::note::{is_yesterday, short};
use super::super::panes::palette::list_height;
use super::{Effect, ask, chart, explain, ledger, write, write_under};
use crate::domain::identity::Sequence;
use crate::domain::note::About;
use crate::domain::text::{Text, clean};
use crate::domain::time::Instant;
use crate::engine::view::Target;
use crate::wire::message::{ReplyBody, RequestBody};

/// Opens the line for a note on what is looked at, with some text in it.
pub(super) fn open(model: &mut Model, text: &str) -> Vec<Effect> {
    let now = now(model);
    let (at, choices) = looked_at(model, now.unwrap_or(Instant::EARLIEST));
    let mut sheet = NoteSheet::new(at, choices);
    sheet.by = model.person();
    if now.is_none() {
        // The line takes the keys all the same: who types on does not command.
        sheet.fault = Some(Text::new("tui-note-no-time"));
    }
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
            Pane::Alarms => {
                let selected = model.alarms.selected.map(|alarm| About::Parameter(alarm.parameter));
                return (None, choices(model, selected));
            }
            Pane::Anomalies => {
                let view = &model.anomalies;
                let selected = view.selected.and_then(|id| model.plant.as_ref()?.anomalies.get(&id));
                let about = selected.map(|anomaly| About::Parameter(anomaly.parameter));
                return (selected.map(|anomaly| anomaly.signs.from), choices(model, about));
            }
            Pane::Ledger => {
                let view = &model.ledger;
                let sheet = view.sheet.as_ref();
                view.place()
                    .zip(sheet)
                    .and_then(|(place, sheet)| sheet.target(place, view.column))
            }
            Pane::Log | Pane::Entry | Pane::Handover | Pane::Plan => None,
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
            open: false,
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
        sheet.sent = None;
    }
}

/// A key. While a note is being written, the line stays as it is; Esc leaves it, and what comes of it is told.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Accept => send(model),
        Action::About => {
            if let Some(sheet) = on_top(model).filter(|sheet| !sheet.is_sent()) {
                sheet.chosen = (sheet.chosen + 1).checked_rem(sheet.choices.len()).unwrap_or(0);
                sheet.before = None;
            }
            ask_before(model)
        }
        Action::Carry => {
            if let Some(sheet) = on_top(model).filter(|sheet| !sheet.is_sent()) {
                sheet.carry = !sheet.carry;
            }
            Vec::new()
        }
        Action::Back => {
            let left = on_top(model).map(|sheet| (sheet.is_sent(), sheet.field.text().trim().to_owned()));
            model.overlays.pop();
            model.notice = match left {
                Some((true, _)) => Some(Text::new("tui-note-still-sent")),
                Some((false, text)) if !text.is_empty() => {
                    Some(Text::new("tui-note-dropped").with("text", clean(&text)))
                }
                _ => None,
            };
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Has the note written.
fn send(model: &mut Model) -> Vec<Effect> {
    let (is_up, now) = (model.link == LinkState::Up, now(model));
    let Some(zone) = model.plant.as_ref().map(|plant| plant.model.zone) else {
        return Vec::new();
    };
    let by = model.person();
    let Some(sheet) = on_top(model).filter(|sheet| !sheet.is_sent()) else {
        return Vec::new();
    };
    if let Some(person) = sheet.by.as_ref().filter(|person| by.as_ref() != Some(person)) {
        sheet.fault = Some(Text::new("tui-note-of-another").with("person", clean(person)));
        return Vec::new();
    }
    sheet.by.clone_from(&by);
    let note = now
        .ok_or_else(|| Text::new("tui-note-no-time"))
        .and_then(|now| sheet.note(now, &zone))
        .and_then(|note| {
            if is_up {
                Ok(note)
            } else {
                Err(Text::new("tui-note-no-link"))
            }
        });
    let note = match note {
        Ok(note) => note,
        Err(why) => {
            sheet.fault = Some(why);
            return Vec::new();
        }
    };
    // What was refused and is sent again as it was may have been written all the same: under its key it is written once.
    let again = sheet
        .sent
        .take()
        .filter(|(sent, _)| (&sent.text, sent.about, sent.carry) == (&note.text, note.about, note.carry));
    let (effect, sent) = if let Some((note, key)) = again {
        (write_under(model, key, RequestBody::Note(note.clone())), (note, key))
    } else {
        let (effect, key) = write(model, RequestBody::Note(note.clone()));
        (effect, (note, key))
    };
    let (note, key) = sent.clone();
    let request = model.last_request;
    let by = model.person();
    model.writing.push(Sent { request, key, note, by });
    if let Some(sheet) = on_top(model) {
        sheet.fault = None;
        sheet.sent = Some(sent);
    }
    vec![effect]
}

/// After the connection is back, or somebody signed on: what was sent over a connection that is gone is sent again under its
/// key, so that it is written once, and waits for the person in whose name that is. What was noted before is asked for again.
pub(super) fn send_again(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    let by = model.person();
    for mut sent in std::mem::take(&mut model.writing) {
        if sent.by == by && sent.request <= model.link_began {
            effects.push(write_under(model, sent.key, RequestBody::Note(sent.note.clone())));
            sent.request = model.last_request;
        } else if sent.by != by {
            let waits = Text::new("tui-note-waits").with("text", clean(&sent.note.text));
            model.notice = Some(waits.with("person", clean(sent.by.as_deref().unwrap_or_default())));
        }
        model.writing.push(sent);
    }
    if let Some(sheet) = sheet(model) {
        sheet.fault = sheet.fault.take().filter(|fault| fault.id != "tui-note-no-link");
    }
    effects.extend(ask_before(model));
    effects
}

/// Takes an answer in, if it is one that is awaited here; gives what else is to be done then.
pub(super) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    if let Some(sheet) = sheet(model).filter(|sheet| sheet.awaited == Some(id)) {
        sheet.awaited = None;
        if let Ok(ReplyBody::Notes(found)) = result {
            sheet.before = Some(found.notes.into_iter().rev().collect());
        }
        return Ok(Vec::new());
    }
    let Some(place) = model.writing.iter().position(|sent| sent.request == id) else {
        return Err(result);
    };
    let sent = model.writing.remove(place);
    let is_its = |sheet: &NoteSheet| sheet.sent.as_ref().is_some_and(|(_, key)| *key == sent.key);
    let why = match result {
        Ok(ReplyBody::Recorded(sequence)) => {
            model
                .overlays
                .retain(|overlay| !matches!(overlay, Overlay::Note(sheet) if is_its(sheet)));
            model.notice = told(model, sequence, sent.note.at);
            return Ok(show_it(model));
        }
        Ok(_) => Text::new("tui-explain-unexpected"),
        Err(why) => why,
    };
    if let Some(sheet) = sheet(model).filter(|sheet| is_its(sheet)) {
        sheet.fault = Some(why);
    } else {
        let told = Text::new("tui-notice-not-noted").with("text", clean(&sent.note.text));
        model.notice = Some(told.with_text("why", why));
    }
    Ok(Vec::new())
}

/// Under which record it stands; where that is not today, of which day it is.
fn told(model: &Model, sequence: Sequence, at: Instant) -> Option<Text> {
    let noted = Text::new("tui-notice-noted").with("sequence", sequence);
    let of_day = model.plant.as_ref().and_then(|plant| {
        let (zone, now) = (&plant.model.zone, plant.now(model.elapsed));
        let is_today = zone.local(at).date() == zone.local(now).date();
        let id = if is_yesterday(zone, at, now) {
            "tui-notice-noted-yesterday"
        } else {
            "tui-notice-noted-of"
        };
        (!is_today).then(|| Text::new(id).with("time", short(zone, at, now)))
    });
    Text::sentences([Some(noted), of_day].into_iter().flatten())
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
