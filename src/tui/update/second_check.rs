//! Keys of a second person: the list of what is open, and a record that is agreed with or returned.

use std::time::Duration;

use super::super::keymap::Action;
use super::super::model::{LinkState, Model, Wanted};
use super::super::pane::Pane;
use super::super::panes::second_check::{list_height, record_height};
use super::super::second_check::{Also, OpenRecord, SecondChecks};
use super::super::widgets::field::Field;
use super::motion::{moved, scrolled};
use super::rights::lacking;
use super::{Effect, ask, explain, newest_record, unanswered};
use crate::domain::actor::Right;
use crate::domain::identity::Sequence;
use crate::domain::text::Text;
use crate::engine::second_check::{CheckVerdict, LONGEST_REASON, SecondCheck};
use crate::engine::view::Target;
use crate::wire::message::{ReplyBody, RequestBody};

/// How long what is shown holds before it is asked for again, where the journal has grown.
const HOLDS_FOR: Duration = Duration::from_secs(10);

/// Asks for what is open, where it is looked at and not known yet, or not any more.
pub(super) fn follow(model: &mut Model) -> Option<Effect> {
    let entry = &model.entry;
    let is_seen = model.pane == Pane::Entry && entry.open.is_none() && entry.form.is_none();
    if !is_seen || model.link != LinkState::Up {
        return None;
    }
    if let Some(effect) = follow_record(model) {
        return Some(effect);
    }
    let entry = &model.entry;
    let plant = model.plant.as_ref()?;
    // Where the plan asks for nobody there is nothing to poll for; who opens the list all the same is answered.
    if !plant.model.has_second_person() && !entry.checks.is_open {
        return None;
    }
    let newest = plant.state.sequence;
    let is_due = entry.checks.list.is_due(newest, model.elapsed, HOLDS_FOR);
    is_due.then(|| ask_for_list(model))
}

/// Asks for the rest of a record that is shown, or for all of it where something was said or written since.
fn follow_record(model: &mut Model) -> Option<Effect> {
    let newest = newest_record(model);
    let checks = &model.entry.checks;
    let record = checks.record.as_ref().filter(|_| checks.is_open)?;
    let view = record
        .here()
        .filter(|_| record.also.is_none() && record.asked.is_none())?;
    if view.more > 0 {
        return Some(ask_for_more(model));
    }
    let (at, known) = record.asked_at;
    let is_due = newest != known && model.elapsed.saturating_sub(at) >= HOLDS_FOR;
    is_due.then(|| ask_again(model))
}

fn ask_for_more(model: &mut Model) -> Effect {
    let (of, from) = model.entry.checks.record.as_ref().map_or((Sequence(0), 0), |record| {
        (record.of, u32::try_from(record.count()).unwrap_or(u32::MAX))
    });
    let effect = ask(model, RequestBody::CheckedRecord { record: of, from });
    let request = model.last_request;
    if let Some(record) = &mut model.entry.checks.record {
        record.also = Some(Also::More(request));
    }
    effect
}

/// Asks for the record anew; what is shown and picked stays.
fn ask_again(model: &mut Model) -> Effect {
    let of = model
        .entry
        .checks
        .record
        .as_ref()
        .map_or(Sequence(0), |record| record.of);
    let effect = ask(model, RequestBody::CheckedRecord { record: of, from: 0 });
    let (request, asked_at) = (model.last_request, (model.elapsed, newest_record(model)));
    if let Some(record) = &mut model.entry.checks.record {
        record.also = Some(Also::Again(request));
        record.asked_at = asked_at;
    }
    effect
}

fn ask_for_list(model: &mut Model) -> Effect {
    let effect = ask(model, RequestBody::SecondChecks);
    let newest = newest_record(model);
    model.entry.checks.list.ask(model.last_request, model.elapsed, newest);
    effect
}

/// Opens the list.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    model.entry.checks.is_open = true;
    Vec::new()
}

/// Goes to a record, with the list behind it.
pub(super) fn open_record(model: &mut Model, of: Sequence) -> Vec<Effect> {
    super::go_to(model, Pane::Entry);
    let Some(mut effects) = super::entry::leave(model) else {
        return Vec::new();
    };
    model.entry.checks.is_open = true;
    effects.push(ask_for(model, of));
    effects
}

fn ask_for(model: &mut Model, of: Sequence) -> Effect {
    let effect = ask(model, RequestBody::CheckedRecord { record: of, from: 0 });
    let asked_at = (model.elapsed, newest_record(model));
    model.entry.checks.record = Some(Box::new(OpenRecord::asked_for(of, model.last_request, asked_at)));
    effect
}

/// A key in the list or in a record.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    match &model.entry.checks.record {
        Some(record) if record.reason.is_some() => reason_key(model, action),
        Some(_) => record_key(model, action),
        None => list_key(model, action),
    }
}

fn list_key(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = list_height(model.size).max(1);
    let checks = &mut model.entry.checks;
    let last = checks.lines().len().saturating_sub(1);
    if let Some(at) = moved(checks.at, action, page, last) {
        checks.at = at;
        checks.top = scrolled(checks.top, at, page);
        return Vec::new();
    }
    match action {
        Action::Open => {
            let of = checks.lines().get(checks.at).map(|line| line.check.record);
            of.map(|of| ask_for(model, of)).into_iter().collect()
        }
        Action::Refresh if model.link == LinkState::Up => vec![ask_for_list(model)],
        Action::Back => {
            checks.is_open = false;
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn record_key(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(record) = model.entry.checks.record.as_mut() else {
        return Vec::new();
    };
    let page = record.here().map_or(1, |view| record_height(model.size, view)).max(1);
    let last = record.count().saturating_sub(1);
    if let Some(at) = moved(record.at, action, page, last) {
        record.at = at;
        record.top = scrolled(record.top, at, page);
        return Vec::new();
    }
    // What was said is waited for: nothing else can be said meanwhile.
    if record.asked.is_some() && !matches!(action, Action::Explain) {
        return Vec::new();
    }
    record.fault = None;
    match action {
        Action::Pick => {
            if record.count() > 0 && !record.picked.remove(&record.at) {
                record.picked.insert(record.at);
            }
            record.at = (record.at + 1).min(last);
            record.top = scrolled(record.top, record.at, page);
            Vec::new()
        }
        Action::Agree => {
            // Nobody agrees with what they cannot have seen.
            if record.here().is_some_and(|view| view.more > 0) {
                record.fault = Some(Text::new("tui-second-check-not-whole"));
                return Vec::new();
            }
            if record.picked.is_empty() {
                return say(model, CheckVerdict::Agreed);
            }
            record.fault = Some(Text::new("tui-second-check-picked").with_count("count", record.picked.len()));
            Vec::new()
        }
        Action::Return => {
            let lacks = lacking(model, Right::Enter);
            if let Some(record) = model
                .entry
                .checks
                .record
                .as_mut()
                .filter(|record| record.here().is_some())
            {
                match lacks {
                    Some(why) => record.fault = Some(why),
                    None => record.reason = Some(Field::new(LONGEST_REASON)),
                }
            }
            Vec::new()
        }
        Action::Explain => {
            let sequence = record.of;
            explain::open(model, Target::Record { sequence })
        }
        Action::Back => {
            model.entry.checks.record = None;
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn reason_key(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(record) = model.entry.checks.record.as_mut() else {
        return Vec::new();
    };
    match action {
        _ if record.asked.is_some() => Vec::new(),
        Action::Back => {
            record.reason = None;
            record.fault = None;
            Vec::new()
        }
        Action::Accept => {
            let reason = record
                .reason
                .as_ref()
                .map_or("", |reason| reason.text().trim())
                .to_owned();
            if reason.is_empty() {
                record.fault = Some(Text::new("second-check-needs-reason"));
                return Vec::new();
            }
            let cells = record.picked_cells();
            say(model, CheckVerdict::Returned { reason, cells })
        }
        _ => Vec::new(),
    }
}

/// The reason is being typed: what was said of it before is of another one.
pub(super) fn typed(model: &mut Model) {
    if let Some(record) = model.entry.checks.record.as_mut() {
        record.fault = None;
    }
}

/// Asks the daemon to record what is said of the record.
fn say(model: &mut Model, verdict: CheckVerdict) -> Vec<Effect> {
    let lacks = lacking(model, Right::Enter);
    let is_up = model.link == LinkState::Up;
    let me = model.actor.as_ref().map(|actor| actor.name().to_owned());
    let Some(record) = model.entry.checks.record.as_mut() else {
        return Vec::new();
    };
    let Wanted::Here(view) = &record.view else {
        return Vec::new();
    };
    let of = record.of;
    let check = &view.listed.check;
    let is_mine = |me: &String| *me == check.by || check.typed_by.contains(me);
    let (is_own, seen) = (me.as_ref().is_some_and(is_mine), check.seen());
    let fault = if record.asked.is_some() {
        return Vec::new();
    } else if !is_up {
        Some(Text::new("tui-entry-no-link"))
    } else if lacks.is_none() && is_own {
        let text = Text::new("second-check-same-person").with("of", of);
        Some(text.with("by", me.unwrap_or_default()))
    } else {
        lacks
    };
    if fault.is_some() {
        record.fault = fault;
        return Vec::new();
    }
    let said = SecondCheck { of, verdict, seen };
    let (effect, asked) = unanswered::ask(model, RequestBody::SecondCheck(said));
    if let Some(record) = model.entry.checks.record.as_mut() {
        record.asked = Some(asked);
    }
    vec![effect]
}

/// Takes an answer in, if it is one that is awaited here.
pub(super) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    let page = list_height(model.size).max(1);
    let checks = &mut model.entry.checks;
    if checks.list.awaits(id) {
        let kept = checks.lines().get(checks.at).map(|line| line.check.record);
        checks.list.take(
            id,
            match result {
                Ok(ReplyBody::SecondChecks(list)) => Ok(list),
                Ok(_) => Err(Text::new("tui-explain-unexpected")),
                Err(why) => Err(why),
            },
        );
        // The line under the cursor stays there where it is still listed.
        let place = checks.lines().iter().position(|line| Some(line.check.record) == kept);
        checks.at = place.unwrap_or(checks.at).min(checks.lines().len().saturating_sub(1));
        checks.top = scrolled(checks.top, checks.at, page);
        return Ok(Vec::new());
    }
    let Some(record) = checks.record.as_mut() else {
        return Err(result);
    };
    if record.view.awaits() == Some(id) {
        record.view = match result {
            Ok(ReplyBody::CheckedRecord(view)) => Wanted::Here(*view),
            Ok(_) => Wanted::Refused(Text::new("tui-explain-unexpected")),
            Err(why) => Wanted::Refused(why),
        };
        return Ok(Vec::new());
    }
    if matches!(record.also, Some(Also::More(request) | Also::Again(request)) if request == id) {
        also(record, result);
        return Ok(Vec::new());
    }
    if record.asked.as_ref().is_some_and(|asked| asked.request == id) {
        return Ok(said(model, result));
    }
    Err(result)
}

/// More of a record is there, or all of it anew; what could not be asked for stays as it was.
fn also(record: &mut OpenRecord, result: Result<ReplyBody, Text>) {
    let was = record.also.take();
    let found = match result {
        Ok(ReplyBody::CheckedRecord(found)) => *found,
        Ok(_) => return,
        Err(why) => {
            record.fault = Some(why);
            return;
        }
    };
    match (was, &mut record.view) {
        (Some(Also::More(_)), Wanted::Here(view)) => {
            view.more = if found.cells.is_empty() { 0 } else { found.more };
            view.cells.extend(found.cells);
        }
        (Some(Also::Again(_)), view) => *view = Wanted::Here(found),
        _ => {}
    }
}

/// What came of what was said.
fn said(model: &mut Model, result: Result<ReplyBody, Text>) -> Vec<Effect> {
    let Some(record) = model.entry.checks.record.as_mut() else {
        return Vec::new();
    };
    let Some(asked) = record.asked.take() else {
        return Vec::new();
    };
    let refused = match result {
        Ok(ReplyBody::Recorded(sequence)) => {
            let told = match asked.body {
                RequestBody::SecondCheck(SecondCheck {
                    verdict: CheckVerdict::Agreed,
                    ..
                }) => Text::new("tui-second-check-agreed"),
                _ => Text::new("tui-second-check-returned"),
            };
            model.notice = Some(told.with("of", record.of).with("record", sequence));
            model.entry.checks.record = None;
            model.entry.checks.list.give_up_again();
            return vec![ask_for_list(model)];
        }
        Ok(_) => Text::new("tui-explain-unexpected"),
        Err(why) => why,
    };
    record.fault = Some(refused);
    // Somebody may have said something meanwhile: it is shown.
    vec![ask_again(model)]
}

/// The connection is new: what was said is said again under its key, and what is looked at is asked for again.
pub(super) fn link_is_up(model: &mut Model) -> Vec<Effect> {
    model.entry.checks.list.link_is_up();
    let again = unanswered::ask_again(model, |model| model.entry.checks.record.as_mut()?.asked.as_mut());
    let mut effects: Vec<Effect> = again.into_iter().collect();
    let Some(record) = model.entry.checks.record.as_mut() else {
        return effects;
    };
    record.also = None;
    let (of, is_here) = (record.of, record.here().is_some());
    effects.push(if is_here { ask_again(model) } else { ask_for(model, of) });
    effects
}

/// Somebody else sits here: what one person was about to say another does not.
pub(super) fn somebody_else(model: &mut Model) {
    let list = std::mem::take(&mut model.entry.checks.list);
    model.entry.checks = SecondChecks {
        list,
        ..SecondChecks::default()
    };
}
