//! Filling in what anomalies are: the daemon is asked what would come of it before anything is decided.

use std::sync::Arc;
use std::time::Duration;

use super::super::super::anomalies::{Conclusion, DisposeSheet, Part, Preview};
use super::super::super::keymap::{Action, narrow};
use super::super::super::model::{LinkState, Model, Wanted};
use super::super::super::overlay::Overlay;
use super::super::motion::around;
use super::super::rights::lacking;
use super::super::{Effect, ask};
use super::deed::{chosen, send};
use crate::domain::actor::Right;
use crate::domain::text::Text;
use crate::engine::anomalies::AnomalyDeed;
use crate::wire::message::{ReplyBody, RequestBody};

/// How long what is typed rests before the daemon is asked what would come of it: what it says costs it something.
const REST: Duration = Duration::from_millis(600);

/// Opens the sheet for the chosen anomalies.
pub(super) fn open(model: &mut Model, conclusion: Conclusion) -> Vec<Effect> {
    let anomalies = chosen(model);
    if anomalies.is_empty() {
        return Vec::new();
    }
    let mut sheet = DisposeSheet::new(conclusion, anomalies);
    sheet.fault = lacking(model, Right::Correct);
    model.overlays.push(Overlay::Dispose(Box::new(sheet)));
    Vec::new()
}

/// The sheet that is open, whatever covers it.
pub(super) fn sheet(model: &mut Model) -> Option<&mut DisposeSheet> {
    model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Dispose(sheet) => Some(&mut **sheet),
        _ => None,
    })
}

/// What was typed changed.
pub(super) fn typed(model: &mut Model) {
    let elapsed = model.elapsed;
    if let Some(sheet) = sheet(model) {
        sheet.fault = None;
        // A root cause is a number: a key of the pane that was meant for another row leaves no trace in it.
        if sheet.part == Part::Cause {
            let typed = sheet.cause.text();
            let digits: String = typed.chars().map(narrow).filter(char::is_ascii_digit).collect();
            if digits != typed {
                sheet.cause.set(&digits);
            }
        }
        if matches!(sheet.part, Part::Correction | Part::Cause) {
            sheet.typed = Some(elapsed);
        }
    }
}

/// A key. While the daemon decides, the sheet stays as it is.
pub(in crate::tui::update) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(sheet) = sheet(model) else {
        return Vec::new();
    };
    match action {
        Action::Back => drop(model.overlays.pop()),
        _ if sheet.awaited.is_some() => {}
        Action::Accept => return accept(model),
        _ => {
            let parts = sheet.parts();
            let at = parts.iter().position(|part| *part == sheet.part).unwrap_or(0);
            let next = around(at, action, parts.len(), parts.len() - 1);
            if let Some(part) = next.and_then(|next| parts.get(next)) {
                sheet.part = *part;
            }
        }
    }
    Vec::new()
}

/// Asks what would come of what is filled in, where that is all that is needed, was not asked yet, and what is typed rests
/// or is not waited for.
pub(super) fn ask_for(model: &mut Model, at_once: bool) -> Vec<Effect> {
    if sheet(model).is_none() {
        return Vec::new();
    }
    let Some(plan) = model.plant.as_ref().map(|plant| Arc::clone(&plant.model)) else {
        return Vec::new();
    };
    let (is_up, elapsed) = (model.link == LinkState::Up, model.elapsed);
    let may = lacking(model, Right::Correct).is_none();
    let Some(sheet) = sheet(model).filter(|sheet| is_up && may && sheet.awaited.is_none()) else {
        return Vec::new();
    };
    let rests = sheet.typed.is_none_or(|typed| elapsed.saturating_sub(typed) >= REST);
    let Ok(decision) = sheet.decision(&plan.anomalies) else {
        return Vec::new();
    };
    // One at a time: on a slow line the answer to the one before is waited for.
    let is_awaited = matches!(&sheet.preview, Some(preview) if preview.came.awaits().is_some());
    if is_awaited || sheet.preview_of(decision).is_some() || !(rests || at_once) {
        return Vec::new();
    }
    let (disposition, cause) = decision;
    let body = RequestBody::PlanAnomalies {
        anomalies: sheet.anomalies.clone(),
        deed: AnomalyDeed::Dispose {
            disposition,
            cause,
            comment: String::new(),
            evidence: String::new(),
        },
    };
    let effect = ask(model, body);
    let request = model.last_request;
    if let Some(sheet) = self::sheet(model) {
        sheet.preview = Some(Preview {
            of: decision,
            came: Wanted::Awaited(request),
        });
    }
    vec![effect]
}

/// Has it decided, once it is known what comes of it.
fn accept(model: &mut Model) -> Vec<Effect> {
    let is_up = model.link == LinkState::Up;
    let lacks = lacking(model, Right::Correct);
    let Some(plan) = model.plant.as_ref().map(|plant| Arc::clone(&plant.model)) else {
        return Vec::new();
    };
    let Some(sheet) = sheet(model) else {
        return Vec::new();
    };
    let decision = sheet.decision(&plan.anomalies);
    let fault = match (&decision, lacks) {
        (_, Some(why)) => Some(why),
        (Err(why), None) => Some(why.clone()),
        (Ok(_), None) if !is_up => Some(Text::new("tui-no-link")),
        (Ok(_), None) => None,
    };
    sheet.fault = fault;
    let Some(decision) = decision.ok().filter(|_| sheet.fault.is_none()) else {
        return Vec::new();
    };
    match sheet.preview_of(decision) {
        Some(Wanted::Here(preview)) if preview.decided > 0 => {}
        Some(Wanted::Here(preview)) => {
            let nothing = Text::new("tui-anomaly-nothing-to-decide");
            let why = preview.refused.first().map(|(_, why)| why.clone());
            sheet.fault = Text::sentences(why.into_iter().chain([nothing]));
            return Vec::new();
        }
        Some(Wanted::Awaited(_)) => return Vec::new(),
        Some(Wanted::Refused(_)) => {
            // What was refused may be allowed by now.
            sheet.preview = None;
            return ask_for(model, true);
        }
        None => return ask_for(model, true),
    }
    let (anomalies, deed) = (sheet.anomalies.clone(), sheet.deed(decision));
    let effects = send(model, anomalies, deed);
    let awaited = (!effects.is_empty()).then_some(model.last_request);
    if let Some(sheet) = self::sheet(model) {
        sheet.awaited = awaited;
    }
    effects
}

/// Takes in what would come of it, if the answer is that.
pub(super) fn previewed(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<(), Result<ReplyBody, Text>> {
    let preview = sheet(model).and_then(|sheet| sheet.preview.as_mut());
    let Some(preview) = preview.filter(|preview| preview.came.awaits() == Some(id)) else {
        return Err(result);
    };
    preview.came = match result {
        Ok(ReplyBody::AnomalyPreview(came)) => Wanted::Here(came),
        Ok(_) => Wanted::Refused(Text::new("tui-explain-unexpected")),
        Err(why) => Wanted::Refused(why),
    };
    Ok(())
}

/// The connection is new: what was awaited over the old one does not come.
pub(super) fn forget_awaited(model: &mut Model) {
    if let Some(sheet) = sheet(model)
        && sheet
            .preview
            .as_ref()
            .is_some_and(|preview| preview.came.awaits().is_some())
    {
        sheet.preview = None;
    }
}
