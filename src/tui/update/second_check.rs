//! Keys of a second person: the list of what is open, and a record that is agreed with or returned.

use std::time::Duration;

use super::super::keymap::Action;
use super::super::model::{LinkState, Model, Wanted};
use super::super::pane::Pane;
use super::super::panes::second_check::{list_height, record_height};
use super::super::second_check::{OpenRecord, SecondChecks};
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
    let plant = model.plant.as_ref()?;
    // Where the plan asks for nobody there is nothing to poll for; who opens the list all the same is answered.
    if !plant.model.has_second_person() && !entry.checks.is_open {
        return None;
    }
    let newest = plant.state.sequence;
    let is_due = entry.checks.list.is_due(newest, model.elapsed, HOLDS_FOR);
    is_due.then(|| ask_for_list(model))
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
    if model.entry.open.as_ref().is_some_and(|open| open.is_on_its_way()) {
        // What is being sent is waited for; it is one key to the list from there.
        return Vec::new();
    }
    model.entry.close();
    model.entry.form = None;
    model.entry.checks.is_open = true;
    vec![ask_for(model, of)]
}

fn ask_for(model: &mut Model, of: Sequence) -> Effect {
    let effect = ask(model, RequestBody::CheckedRecord { record: of });
    model.entry.checks.record = Some(Box::new(OpenRecord::asked_for(of, model.last_request)));
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
            if record.asked.is_none() {
                model.entry.checks.record = None;
            }
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
    let is_own = me.as_ref() == Some(&view.listed.check.by);
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
    let (effect, asked) = unanswered::ask(model, RequestBody::SecondCheck(SecondCheck { of, verdict }));
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
    if record.asked.as_ref().is_some_and(|asked| asked.request == id) {
        return Ok(said(model, result));
    }
    Err(result)
}

/// What came of what was said.
fn said(model: &mut Model, result: Result<ReplyBody, Text>) -> Vec<Effect> {
    let Some(record) = model.entry.checks.record.as_mut() else {
        return Vec::new();
    };
    record.asked = None;
    let refused = match result {
        Ok(ReplyBody::Recorded(sequence)) => {
            let told = if record.reason.is_some() {
                Text::new("tui-second-check-returned")
            } else {
                Text::new("tui-second-check-agreed")
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
    Vec::new()
}

/// The connection is new: what was said is said again under its key, and what is looked at is asked for again.
pub(super) fn link_is_up(model: &mut Model) -> Vec<Effect> {
    model.entry.checks.list.link_is_up();
    let again = unanswered::ask_again(model, |model| model.entry.checks.record.as_mut()?.asked.as_mut());
    let mut effects: Vec<Effect> = again.into_iter().collect();
    let awaited = model.entry.checks.record.as_ref();
    if let Some(of) = awaited
        .filter(|record| record.view.awaits().is_some())
        .map(|record| record.of)
    {
        effects.push(ask_for(model, of));
    }
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
