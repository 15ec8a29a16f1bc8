//! The gap form: the daemon is asked what was measured and what would come of a decision before anything is decided.

use std::sync::Arc;
use std::time::Duration;

use super::super::super::entry::Focus;
use super::super::super::gap::{GapForm, Part, Told};
use super::super::super::keymap::Action;
use super::super::super::model::{LinkState, Model, Wanted};
use super::super::motion::around;
use super::super::rights::{lacking, sign_on_first};
use super::super::{Effect, ask};
use super::{back_to_cells, send};
use crate::domain::actor::Right;
use crate::domain::text::Text;
use crate::domain::time::Hour;
use crate::engine::filling::Fill;
use crate::entry::Entered;
use crate::entry::gap::hours_around;
use crate::wire::message::{ReplyBody, RequestBody};

/// How long what is typed rests before the daemon is asked what would come of it: what it says costs it something.
const REST: Duration = Duration::from_millis(600);

/// The longest stretch, in hours, of which is asked how much of it was measured: that is worked out of all parameters.
const MOST_HOURS: i32 = 1_000;

/// What stands as the reason where it is only asked what would come of it, as a decision must have one.
const NO_REASON: &str = "-";

/// Opens the form for the gap around the cell under the cursor.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if sign_on_first(model, Right::Correct) {
        return Vec::new();
    }
    let lacks = lacking(model, Right::Correct);
    let (Some(plant), Some(open)) = (&model.plant, model.entry.open.as_mut()) else {
        return Vec::new();
    };
    let now = plant.now(model.elapsed);
    let is_typed = match open.entered(&plant.model, open.at) {
        Some(Ok(Entered::Value(_)) | Err(_)) => true,
        Some(Ok(Entered::Missing | Entered::Empty)) | None => false,
    };
    let found = match open.known(&plant.model) {
        _ if is_typed => Err(Text::new("entry-gap-typed")),
        Some(sheet) => hours_around(&sheet, open.at, now),
        None => Err(Text::new("sheet-no-cell")),
    };
    let cell = open.cell(open.at);
    match (lacks, found, cell) {
        (Some(why), _, _) | (None, Err(why), _) => open.fault = Some(why),
        (None, Ok(hours), Some((parameter, _))) => {
            open.fault = None;
            open.is_changed = false;
            let form = GapForm::new(parameter, hours, &plant.model.zone);
            open.focus = Focus::Gap(Box::new(form));
            return ask_for(model, true);
        }
        (None, Ok(_), None) => {}
    }
    Vec::new()
}

fn form(model: &mut Model) -> Option<&mut GapForm> {
    match &mut model.entry.open.as_mut()?.focus {
        Focus::Gap(form) => Some(form),
        _ => None,
    }
}

/// What would be decided, without its reason, or why it cannot be.
fn decision(model: &mut Model) -> Option<Result<Fill, Text>> {
    let plan = Arc::clone(&model.plant.as_ref()?.model);
    let form = form(model)?;
    let Some(parameter) = plan.parameter(form.parameter) else {
        return Some(Err(Text::new("explain-unknown")));
    };
    Some(form.decision(parameter, &plan.zone))
}

/// What is typed changed: what was said of it before is of another text.
pub(in crate::tui::update) fn typed(model: &mut Model) {
    let elapsed = model.elapsed;
    if let Some(form) = form(model) {
        form.fault = None;
        if form.part != Part::Reason {
            form.typed = Some(elapsed);
        }
    }
}

/// A key in the form.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Back => back_to_cells(model),
        Action::Accept if form(model).is_some_and(|form| form.part != Part::Reason) => return go_on(model),
        Action::Accept if send::was_changed(model) => typed(model),
        Action::Accept => return accept(model),
        _ => {
            if let Some(form) = form(model) {
                let at = Part::ALL.iter().position(|part| *part == form.part).unwrap_or(0);
                let next = around(at, action, Part::ALL.len(), Part::ALL.len() - 1);
                let next = next.and_then(|next| Part::ALL.get(next));
                form.part = next.copied().unwrap_or(form.part);
            }
        }
    }
    Vec::new()
}

/// As in every other form, Enter goes on to the next field once this one can be read, and behind the last it is decided.
fn go_on(model: &mut Model) -> Vec<Effect> {
    if let (Some(Err(why)), Some(form)) = (decision(model), form(model)) {
        form.fault = Some(why);
        return Vec::new();
    }
    let mut effects = ask_for(model, true);
    effects.extend(key(model, Action::Down));
    effects
}

/// Asks how much was measured and what would come of it, where that was not asked yet, and what is typed rests or is not
/// waited for.
pub(super) fn ask_for(model: &mut Model, at_once: bool) -> Vec<Effect> {
    let (is_up, elapsed) = (model.link == LinkState::Up, model.elapsed);
    let Some(Ok(fill)) = decision(model).filter(|_| is_up) else {
        return Vec::new();
    };
    let Some(form) = form(model) else { return Vec::new() };
    let rests = form.typed.is_none_or(|typed| elapsed.saturating_sub(typed) >= REST);
    if !(rests || at_once) {
        return Vec::new();
    }
    let hours = (fill.from, fill.to);
    // One at a time: on a slow line the answer to the one before is waited for.
    let asks_measured = !is_awaited(form.measured.as_ref()) && form.measured_of(hours).is_none() && is_short(hours);
    let asks_preview = !is_awaited(form.preview.as_ref()) && form.preview_of(&fill).is_none();
    let mut effects = Vec::new();
    if asks_measured {
        let (from, to) = hours;
        effects.push(ask(model, RequestBody::Availability { from, to }));
        let what = Wanted::Awaited(model.last_request);
        if let Some(form) = self::form(model) {
            form.measured = Some(Told { of: hours, what });
        }
    }
    if asks_preview {
        let body = RequestBody::PlanFill(Fill {
            reason: NO_REASON.to_owned(),
            ..fill.clone()
        });
        effects.push(ask(model, body));
        let what = Wanted::Awaited(model.last_request);
        if let Some(form) = self::form(model) {
            form.preview = Some(Told { of: fill, what });
        }
    }
    effects
}

fn is_awaited<Of, What>(told: Option<&Told<Of, What>>) -> bool {
    told.is_some_and(|told| told.what.awaits().is_some())
}

fn is_short((from, to): (Hour, Hour)) -> bool {
    from < to && to.0.saturating_sub(from.0) <= MOST_HOURS
}

/// Has it decided, once it is known what comes of it and why.
fn accept(model: &mut Model) -> Vec<Effect> {
    let is_up = model.link == LinkState::Up;
    let lacks = lacking(model, Right::Correct);
    let is_sending = model.entry.open.as_ref().is_some_and(|open| open.sending.is_some());
    let (Some(decision), Some(form)) = (decision(model), form(model)) else {
        return Vec::new();
    };
    let fault = match (&decision, lacks) {
        (_, Some(why)) => Some(why),
        (Err(why), None) => Some(why.clone()),
        (Ok(_), None) if !is_up => Some(Text::new("tui-gap-no-link")),
        (Ok(_), None) => is_sending.then(|| Text::new("tui-entry-being-sent")),
    };
    form.fault = fault;
    let Some(fill) = decision.ok().filter(|_| form.fault.is_none()) else {
        return Vec::new();
    };
    match form.preview_of(&fill) {
        Some(Wanted::Here(_)) => {}
        Some(Wanted::Awaited(_)) => return Vec::new(),
        Some(Wanted::Refused(_)) => {
            // What was refused may be allowed by now.
            form.preview = None;
            return ask_for(model, true);
        }
        None => return ask_for(model, true),
    }
    let reason = form.reason.text().trim().to_owned();
    if reason.is_empty() {
        form.part = Part::Reason;
        form.fault = Some(Text::new("fill-needs-reason"));
        return Vec::new();
    }
    vec![send::ask(model, RequestBody::Fill(Fill { reason, ..fill }), Vec::new())]
}

/// Takes an answer in, if it is one that is awaited here.
pub(super) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<(), Result<ReplyBody, Text>> {
    let Some(form) = form(model) else {
        return Err(result);
    };
    let unexpected = || Text::new("tui-explain-unexpected");
    if let Some(told) = form.measured.as_mut().filter(|told| told.what.awaits() == Some(id)) {
        let parameter = form.parameter;
        told.what = match result {
            Ok(ReplyBody::Availability(found)) => {
                let own = found.into_iter().find(|found| found.parameter == parameter);
                Wanted::Here(own.map(Box::new))
            }
            Ok(_) => Wanted::Refused(unexpected()),
            Err(why) => Wanted::Refused(why),
        };
    } else if let Some(told) = form.preview.as_mut().filter(|told| told.what.awaits() == Some(id)) {
        told.what = match result {
            Ok(ReplyBody::FillPreview(preview)) => Wanted::Here(preview),
            Ok(_) => Wanted::Refused(unexpected()),
            Err(why) => Wanted::Refused(why),
        };
    } else {
        return Err(result);
    }
    Ok(())
}

/// The connection is new: what was awaited over the old one does not come.
pub(super) fn forget_awaited(model: &mut Model) {
    if let Some(form) = form(model) {
        form.measured.take_if(|told| told.what.awaits().is_some());
        form.preview.take_if(|told| told.what.awaits().is_some());
    }
}
