//! What is done with anomalies: asked of the daemon, told when it has answered. Nothing on the list changes before the
//! daemon says so.

use super::super::super::anomalies::{Asked, What, WorkSheet, awaits_decision};
use super::super::super::model::{LinkState, Model};
use super::super::super::overlay::Overlay;
use super::super::{Effect, restated, write};
use super::{background, dispose, go_to, list_again, named, past};
use crate::domain::identity::Sequence;
use crate::domain::text::{Explained, Text};
use crate::engine::anomalies::{AnomaliesOutcome, AnomalyDeed};
use crate::quality::anomaly::AnomalyId;
use crate::wire::message::{ReplyBody, RequestBody};

/// Most refusals that are told one by one.
const MOST_TOLD: usize = 3;

/// The anomalies that a deed is for: those that are picked, else what the selected row stands for; what the daemon took from under the
/// cursor just now is not meant.
pub(super) fn chosen(model: &mut Model) -> Vec<AnomalyId> {
    let view = &model.anomalies;
    if !view.picked.is_empty() {
        return view.picked.iter().copied().collect();
    }
    if view.has_slipped(model.elapsed) {
        model.notice = Some(Text::new("tui-alarm-slipped"));
        return Vec::new();
    }
    let members = view.selected_members();
    if members.is_empty() {
        model.notice = Some(Text::new("tui-anomaly-none-selected"));
    }
    members
}

/// Does something with the chosen anomalies.
pub(super) fn of_chosen(model: &mut Model, deed: AnomalyDeed) -> Vec<Effect> {
    let anomalies = chosen(model);
    send(model, anomalies, deed)
}

/// Asks the daemon to do something with anomalies.
pub(super) fn send(model: &mut Model, anomalies: Vec<AnomalyId>, deed: AnomalyDeed) -> Vec<Effect> {
    let body = RequestBody::Anomalies {
        anomalies: anomalies.clone(),
        deed: deed.clone(),
    };
    send_as(model, anomalies, deed.text(), body, What::Deed(deed))
}

/// Asks the daemon to withdraw the record of a decision on anomalies.
pub(super) fn withdraw(
    model: &mut Model,
    anomalies: Vec<AnomalyId>,
    sequence: Sequence,
    reason: String,
) -> Vec<Effect> {
    let body = RequestBody::Withdraw { sequence, reason };
    let named = Text::new("anomaly-deed-take-back");
    send_as(model, anomalies, named, body, What::TakeBack(sequence))
}

fn send_as(model: &mut Model, anomalies: Vec<AnomalyId>, named: Text, body: RequestBody, what: What) -> Vec<Effect> {
    if anomalies.is_empty() {
        return Vec::new();
    }
    if model.link != LinkState::Up {
        model.notice = Some(Text::new("tui-no-link"));
        return Vec::new();
    }
    let asked = Text::new("tui-anomaly-asked").with_count("count", anomalies.len());
    model.notice = Some(asked.with_text("deed", named));
    let (effect, _) = write(model, body);
    model.anomalies.asked.push(Asked {
        request: model.last_request,
        anomalies,
        what,
    });
    vec![effect]
}

/// The line that is open, whatever covers it.
fn sheet(model: &mut Model) -> Option<&mut WorkSheet> {
    model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Work(sheet) => Some(&mut **sheet),
        _ => None,
    })
}

/// Takes an answer in, if it is one that is awaited here.
pub(in crate::tui::update) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    let result = match background::answer(model, id, result) {
        Ok(()) => return Ok(Vec::new()),
        Err(result) => result,
    };
    let result = match dispose::previewed(model, id, result) {
        Ok(()) => return Ok(Vec::new()),
        Err(result) => result,
    };
    let result = match past::answer(model, id, result) {
        Ok(effects) => return Ok(effects),
        Err(result) => result,
    };
    let Some(place) = model.anomalies.asked.iter().position(|asked| asked.request == id) else {
        return Err(result);
    };
    let asked = model.anomalies.asked.remove(place);
    let (told, refused) = match (result, &asked.what) {
        (Ok(ReplyBody::Anomalies(outcome)), What::Deed(deed)) => {
            let refused: Vec<AnomalyId> = outcome.refused.iter().map(|(refused, _)| *refused).collect();
            let told = told(model, deed, &outcome);
            (if outcome.done > 0 { Ok(told) } else { Err(told) }, refused)
        }
        (Ok(ReplyBody::Recorded(sequence)), What::TakeBack(of)) => (Ok(taken_back(*of, sequence)), Vec::new()),
        (Ok(ReplyBody::Restated { sequence, restated }), What::TakeBack(of)) => {
            let told = taken_back(*of, sequence);
            let moved = restated::told(&restated);
            let all = Text::sentences([told.clone()].into_iter().chain(moved));
            (Ok(all.unwrap_or(told)), Vec::new())
        }
        (Ok(_), _) => (Err(Text::new("tui-explain-unexpected")), asked.anomalies.clone()),
        (Err(why), _) => (Err(why), asked.anomalies.clone()),
    };
    // What was refused stays picked: something else may be done with it.
    let is_done = |anomaly: &AnomalyId| asked.anomalies.contains(anomaly) && !refused.contains(anomaly);
    model.anomalies.picked.retain(|picked| !is_done(picked));
    let is_decided = matches!(asked.what, What::Deed(AnomalyDeed::Dispose { .. })) && told.is_ok();
    let is_reopened = matches!(asked.what, What::Deed(AnomalyDeed::Reopen { .. })) && told.is_ok();
    tell(model, id, told);
    list_again(model);
    if is_decided {
        go_on(model, is_done);
    }
    let again = if is_reopened { past::refresh(model) } else { None };
    Ok(again.into_iter().collect())
}

fn taken_back(of: Sequence, sequence: Sequence) -> Text {
    Text::new("tui-anomaly-taken-back")
        .with("of", of)
        .with("sequence", sequence)
}

/// Tells what came of a request: where it was typed, if that is still open, which is closed where it was done.
fn tell(model: &mut Model, id: u64, told: Result<Text, Text>) {
    if let Some(sheet) = sheet(model).filter(|sheet| sheet.awaited.contains(&id)) {
        sheet.awaited.retain(|awaited| *awaited != id);
        match told {
            // What could not be done leaves the line as it was, to be put right.
            Err(why) => {
                sheet.fault = Some(why);
                model.notice = None;
            }
            Ok(told) => {
                let is_over = sheet.is_open() && sheet.fault.is_none();
                if is_over {
                    model.overlays.retain(|overlay| !matches!(overlay, Overlay::Work(_)));
                }
                model.notice = Some(told);
            }
        }
        return;
    }
    let sheet = dispose::sheet(model).filter(|sheet| sheet.awaited == Some(id));
    match (told, sheet) {
        (Ok(told), Some(_)) => {
            model.overlays.retain(|overlay| !matches!(overlay, Overlay::Dispose(_)));
            model.notice = Some(told);
        }
        (Err(why), Some(sheet)) => {
            sheet.awaited = None;
            // It may have been said of another state of things than there is now.
            sheet.preview = None;
            sheet.fault = Some(why);
            model.notice = None;
        }
        (Ok(told) | Err(told), None) => model.notice = Some(told),
    }
}

/// Goes on to the next anomaly of which nobody has said what it is, from one that was decided just now.
fn go_on(model: &mut Model, is_done: impl Fn(&AnomalyId) -> bool) {
    let view = &model.anomalies;
    if !view.selected.is_some_and(|selected| is_done(&selected)) {
        return;
    }
    let Some((plant, _)) = model.displayed() else { return };
    let waits = |id: &AnomalyId| !is_done(id) && plant.anomalies.get(id).is_some_and(awaits_decision);
    let places = view.listing.rows.iter().enumerate();
    let after = places.clone().skip(view.cursor).find(|(_, id)| waits(id));
    let next = after.or_else(|| places.clone().find(|(_, id)| waits(id)));
    if let Some((place, _)) = next {
        go_to(model, place);
    }
}

/// What was done, what was refused and why.
fn told(model: &Model, deed: &AnomalyDeed, outcome: &AnomaliesOutcome) -> Text {
    let mut sentences = Vec::new();
    if let Some(sequence) = outcome.sequence {
        let done = Text::new("tui-anomaly-done").with_count("count", outcome.done);
        let done = done.with_text("deed", deed.text()).with("record", sequence);
        sentences.push(done.with_count("readings", outcome.readings));
    }
    sentences.extend(refusals(model, &outcome.refused, MOST_TOLD));
    Text::sentences(sentences).unwrap_or_else(|| Text::new("tui-explain-unexpected"))
}

/// What was refused of which, at most so many one by one.
fn refusals(model: &Model, refused: &[(AnomalyId, Text)], most: usize) -> Vec<Text> {
    let one = |(id, why): &(AnomalyId, Text)| {
        Text::new("tui-anomaly-refused")
            .with("anomaly", named(model.plant.as_ref(), *id))
            .with_text("why", why.clone())
    };
    let mut sentences: Vec<Text> = refused.iter().take(most).map(one).collect();
    let others = refused.len().saturating_sub(most);
    if others > 0 {
        sentences.push(Text::new("tui-alarm-refused-others").with_count("count", others));
    }
    sentences
}

/// The connection is new: what became of what was asked over the old one is seen in the list.
pub(in crate::tui::update) fn link_is_up(model: &mut Model) {
    background::link_is_up(model);
    dispose::forget_awaited(model);
    if model.anomalies.asked.is_empty() {
        return;
    }
    model.anomalies.asked.clear();
    let unknown = Text::new("tui-anomaly-unknown");
    if let Some(sheet) = sheet(model).filter(|sheet| !sheet.is_open()) {
        sheet.awaited.clear();
        sheet.fault = Some(unknown);
    } else if let Some(sheet) = dispose::sheet(model).filter(|sheet| sheet.awaited.is_some()) {
        sheet.awaited = None;
        sheet.fault = Some(unknown);
    } else {
        model.notice = Some(unknown);
    }
}
