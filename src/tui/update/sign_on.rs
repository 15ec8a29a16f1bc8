//! Signing on and off, setting a PIN, and what changes on the screen when somebody else sits there.

use std::time::Duration;

use super::super::keymap::{Action, Context, narrow};
use super::super::model::{LinkState, Model};
use super::super::overlay::Overlay;
use super::super::pane::Pane;
use super::super::panes::palette::list_height;
use super::super::preferences::Kept;
use super::super::sign_on::{Purpose, SignOnSheet, Step};
use super::jump::rank;
use super::motion::around;
use super::{Effect, alarms, anomalies, ask, log, note};
use crate::domain::actor::{Actor, SignOff};
use crate::domain::pin::Pin;
use crate::domain::text::{Explained, Text, clean};
use crate::wire::answers::SignedOnView;
use crate::wire::message::{ReplyBody, RequestBody};

/// How often the daemon is told that somebody touches the keys; less than the shortest time after which it signs off.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// How long after the last key what was typed of a PIN is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(60);

/// Stands in the list for signing off: no staff number is empty.
pub(in crate::tui) const NOBODY: &str = "";

/// Most people that are listed.
const MOST: usize = 200;

/// Opens the line for a person.
pub(super) fn open(model: &mut Model, purpose: Purpose) {
    let own = model
        .actor
        .as_ref()
        .filter(|actor| !actor.shared && model.signed_on.is_none());
    if let (Purpose::SignOn, Some(person)) = (purpose, own.and_then(|actor| actor.person.as_deref())) {
        model.notice = Some(Text::new("sign-on-own-login").with("person", clean(person)));
        return;
    }
    let mut sheet = SignOnSheet::new(purpose);
    // Who is known sets their own PIN.
    let known = model.actor.as_ref().and_then(|actor| actor.person.clone());
    if let (Purpose::SetPin, Some(person)) = (purpose, known) {
        sheet.staff_number = person;
        sheet.go_to(Step::Pin);
    }
    model.overlays.push(Overlay::SignOn(Box::new(sheet)));
    typed(model);
}

fn on_top(model: &mut Model) -> Option<&mut SignOnSheet> {
    match model.overlays.last_mut() {
        Some(Overlay::SignOn(sheet)) => Some(sheet),
        _ => None,
    }
}

/// Any sheet, whatever covers it.
fn sheet(model: &mut Model) -> Option<&mut SignOnSheet> {
    model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::SignOn(sheet) => Some(&mut **sheet),
        _ => None,
    })
}

/// What was typed changed.
pub(super) fn typed(model: &mut Model) {
    let Some(Overlay::SignOn(sheet)) = model.overlays.last() else {
        return;
    };
    let query: String = sheet.field.text().trim().chars().map(narrow).collect();
    let now = model.elapsed;
    let found = if sheet.is_secret() {
        Vec::new()
    } else {
        let leaves = sheet.purpose == Purpose::SignOn && query.is_empty() && model.signed_on.is_some();
        let nobody = leaves.then(|| NOBODY.to_owned());
        nobody.into_iter().chain(found(model, &query.to_lowercase())).collect()
    };
    if let Some(sheet) = on_top(model) {
        sheet.fault = None;
        sheet.touched = now;
        sheet.found = found;
        sheet.cursor = 0;
    }
}

/// Staff numbers of those whom a query may mean, the likeliest first.
pub(super) fn found(model: &Model, query: &str) -> Vec<String> {
    let persons = model.plant.as_ref().map_or(&[][..], |plant| &plant.model.persons);
    let mut found: Vec<(u8, &str)> = persons
        .iter()
        .filter_map(|person| Some((rank(query, &person.staff_number, &person.name)?, &*person.staff_number)))
        .collect();
    found.sort_by_key(|&(rank, _)| rank);
    found.truncate(MOST);
    found.into_iter().map(|(_, number)| number.to_owned()).collect()
}

/// A key. While the daemon is asked, the line stays as it is.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = list_height(model.size).max(1);
    let Some(sheet) = on_top(model) else {
        return Vec::new();
    };
    match action {
        Action::Back => {
            model.overlays.pop();
            Vec::new()
        }
        _ if sheet.awaited => Vec::new(),
        Action::Accept => accept(model),
        _ => {
            let last = sheet.found.len().saturating_sub(1);
            if let Some(cursor) = around(sheet.cursor, action, page, last) {
                sheet.cursor = cursor;
            }
            Vec::new()
        }
    }
}

/// Takes what is typed, and goes on to the next line or to the daemon.
fn accept(model: &mut Model) -> Vec<Effect> {
    let (is_up, now) = (model.link == LinkState::Up, model.elapsed);
    let Some(sheet) = on_top(model) else {
        return Vec::new();
    };
    sheet.touched = now;
    let line: String = sheet.field.text().trim().chars().map(narrow).collect();
    match sheet.step {
        Step::Person => {
            // Who is not listed may be new: the daemon knows.
            let listed = sheet.found.get(sheet.cursor).cloned();
            if listed.as_deref() == Some(NOBODY) {
                model.overlays.pop();
                return sign_off(model);
            }
            let chosen = listed.unwrap_or(line);
            if !chosen.is_empty() {
                sheet.staff_number = chosen;
                sheet.found = Vec::new();
                sheet.go_to(Step::Pin);
            }
            return Vec::new();
        }
        Step::Pin => {
            sheet.pin = Pin::new(&line);
            if sheet.purpose == Purpose::SetPin {
                sheet.go_to(Step::New);
                return Vec::new();
            }
            if line.is_empty() {
                return Vec::new();
            }
        }
        Step::New => {
            let new = Pin::new(&line);
            match new.check_new(&sheet.staff_number) {
                Ok(()) => {
                    sheet.new = new;
                    sheet.go_to(Step::Again);
                }
                Err(why) => {
                    sheet.go_to(Step::New);
                    sheet.fault = Some(why);
                }
            }
            return Vec::new();
        }
        Step::Again => {
            if Pin::new(&line) != sheet.new {
                sheet.go_to(Step::New);
                sheet.fault = Some(Text::new("cli-pin-differ"));
                return Vec::new();
            }
        }
    }
    if !is_up {
        sheet.refuse(Text::new("tui-note-no-link"));
        return Vec::new();
    }
    sheet.awaited = true;
    let (staff_number, purpose) = (sheet.staff_number.clone(), sheet.purpose);
    let (pin, new) = (std::mem::take(&mut sheet.pin), std::mem::take(&mut sheet.new));
    let body = match purpose {
        Purpose::SignOn => RequestBody::SignOn {
            staff_number,
            pin,
            instead_of: None,
        },
        Purpose::SetPin => RequestBody::SetPin {
            staff_number,
            // A person without a PIN has none to type.
            old: Some(pin).filter(|pin| !pin.digits().is_empty()),
            new,
        },
    };
    let effect = ask(model, body);
    model.signing_on = Some((model.last_request, purpose));
    vec![effect]
}

/// A PIN that somebody began to type and left is not there for the next one.
pub(super) fn forget_secrets(model: &mut Model) {
    let now = model.elapsed;
    model.overlays.retain(|overlay| match overlay {
        Overlay::SignOn(sheet) => !sheet.is_secret() || sheet.awaited || now.saturating_sub(sheet.touched) < FORGOTTEN,
        _ => true,
    });
}

/// Signs whoever is signed on off.
pub(super) fn sign_off(model: &mut Model) -> Vec<Effect> {
    if model.signed_on.is_none() {
        model.notice = Some(Text::new("tui-sign-off-nobody"));
        return Vec::new();
    }
    let effect = ask(model, RequestBody::SignOff { how: SignOff::Asked });
    model.signing_off = Some(model.last_request);
    vec![effect]
}

/// A key was touched: whoever is signed on is still there.
pub(super) fn still_here(model: &mut Model) -> Option<Effect> {
    let told = model.told_here;
    if model.signed_on.is_none() || model.link != LinkState::Up || model.elapsed.saturating_sub(told) < TELL_EVERY {
        return None;
    }
    model.told_here = model.elapsed;
    Some(ask(model, RequestBody::StillHere))
}

/// Takes an answer in, if it is one that is awaited here; gives what else is to be done then.
pub(super) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    if model.signing_off == Some(id) {
        model.signing_off = None;
        match result {
            Ok(ReplyBody::SignedOff(actor)) => {
                model.notice = Some(Text::new("tui-signed-off"));
                somebody_else(model, actor);
            }
            Ok(_) => {}
            Err(why) => model.notice = Some(why),
        }
        return Ok(Vec::new());
    }
    let Some((_, purpose)) = model.signing_on.filter(|(awaited, _)| *awaited == id) else {
        return Err(result);
    };
    model.signing_on = None;
    let was_left = sheet(model).is_none_or(|sheet| !sheet.awaited || sheet.purpose != purpose);
    match result {
        Ok(ReplyBody::SignedOn(view)) => {
            is_signed_on(model, view);
            let mut effects = note::send_again(model);
            effects.extend(super::entry::ask_again(model));
            if was_left {
                // Whoever left the line while it was compared does not want to be signed on.
                model.overlays.retain(|overlay| !matches!(overlay, Overlay::Since(_)));
                effects.extend(sign_off(model));
                model.notice = Some(Text::new("tui-sign-on-late"));
            }
            return Ok(effects);
        }
        Ok(ReplyBody::Recorded(sequence)) => {
            close(model);
            model.notice = Some(Text::new("tui-pin-set").with("sequence", sequence));
        }
        outcome => {
            let why = outcome.err().unwrap_or_else(|| Text::new("tui-explain-unexpected"));
            match sheet(model).filter(|_| !was_left) {
                Some(sheet) => sheet.refuse(why),
                None => model.notice = Some(why),
            }
        }
    }
    Ok(Vec::new())
}

/// Somebody signed on: who they are, and what happened since they were here last.
fn is_signed_on(model: &mut Model, view: Box<SignedOnView>) {
    close(model);
    somebody_else(model, view.actor.clone());
    model.told_here = model.elapsed;
    model.log.since = view.since.as_ref().map(|since| since.sequence);
    // Who signed on from a cell goes on typing there: nothing lies over it that would take the digits.
    let is_in_cell = model.pane == Pane::Entry && model.context() == Context::Grid;
    if is_in_cell {
        model.notice = Some(Text::new("tui-signed-on-in-cell"));
    } else {
        model.overlays.push(Overlay::Since(view.clone()));
    }
    model.signed_on = Some(view);
}

fn close(model: &mut Model) {
    model.overlays.retain(|overlay| !matches!(overlay, Overlay::SignOn(_)));
}

/// Somebody else sits here, or nobody that is known: what belongs to a person goes with them.
fn somebody_else(model: &mut Model, actor: Actor) {
    let gone = model.person();
    model.signed_on = None;
    model.signing_off = None;
    model.log.since = None;
    // Nor does anybody go on with what another typed of a PIN.
    close(model);
    model.overlays.retain(|overlay| !matches!(overlay, Overlay::Since(_)));
    alarms::somebody_else(model);
    model.kept = Kept::Unknown;
    model.actor = Some(actor);
    if !model.panes().any(|pane| pane == model.pane) {
        model.pane = Pane::default();
    }
    anomalies::somebody_else(model);
    super::entry::somebody_else(model, gone);
    super::form::somebody_else(model);
    super::second_check::somebody_else(model);
    super::approval::somebody_else(model);
    super::signing::somebody_else(model);
    super::note_closing::somebody_else(model);
}

/// Whoever sits here has other roles by now, and may do other things.
pub(super) fn other_roles(model: &mut Model, actor: Actor) {
    // Who came meanwhile is told by that with which roles.
    if model.person() != actor.person {
        return;
    }
    let roles: Vec<String> = actor.roles.iter().map(|role| model.shown.text(&role.text())).collect();
    model.actor = Some(actor);
    if !model.panes().any(|pane| pane == model.pane) {
        model.pane = Pane::default();
    }
    let told = Text::new("tui-other-roles").with("roles", roles.join(", "));
    model.notice = Some(told);
}

/// The daemon signed somebody off by itself.
pub(super) fn signed_off(model: &mut Model, actor: Actor, how: SignOff) {
    let gone = model.actor.as_ref().map(|gone| {
        let named = model.plant.as_ref().and_then(|plant| plant.model.name_of(gone));
        model.shown.who(gone, named)
    });
    somebody_else(model, actor);
    let told = Text::new("tui-signed-off-by-itself").with("name", gone.unwrap_or_default());
    // Over a new connection it is told with that.
    let waits = super::entry::held_of_others(model).filter(|_| model.back.is_none());
    model.notice = Text::sentences([told.with_text("how", how.text())].into_iter().chain(waits));
}

/// The connection is new: who was signed on over the old one is not any more.
pub(super) fn link_is_up(model: &mut Model, actor: Actor, view: Option<Box<SignedOnView>>) {
    model.signing_on = None;
    if let Some(sheet) = sheet(model).filter(|sheet| sheet.awaited) {
        sheet.refuse(Text::new("tui-sign-on-lost"));
    }
    if let Some(view) = view {
        is_signed_on(model, view);
    } else if model.signed_on.is_some() {
        signed_off(model, actor, SignOff::Left);
    } else {
        model.actor = Some(actor);
    }
}

/// Opens what happened since whoever is signed on sat here last.
pub(super) fn open_since(model: &mut Model) {
    match &model.signed_on {
        Some(view) => model.overlays.push(Overlay::Since(view.clone())),
        None => model.notice = Some(Text::new("tui-sign-off-nobody")),
    }
}

/// A key while that is shown.
pub(super) fn since_key(model: &mut Model, action: Action) {
    match action {
        Action::Open => {
            let is_something = |view: &SignedOnView| view.since.as_ref().is_some_and(|since| !since.deeds.is_empty());
            let listed = model.signed_on.as_deref().is_some_and(is_something);
            model.overlays.pop();
            if listed {
                model.overlays.clear();
                model.pane = Pane::Log;
                log::by_people(model);
            }
        }
        Action::Back => drop(model.overlays.pop()),
        _ => {}
    }
}
