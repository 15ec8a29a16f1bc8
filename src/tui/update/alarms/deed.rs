//! What is done to alarms: asked of the daemon, told when it has answered. Nothing on the list changes before the daemon
//! says so.

use super::super::super::alarms::{Asked, Part, ReasonSheet, Why, is_owed};
use super::super::super::keymap::Action;
use super::super::super::model::{LinkState, Model};
use super::super::super::overlay::Overlay;
use super::super::super::panes::alarms::body_height;
use super::super::rights::lacking;
use super::super::{Effect, write};
use super::{fold, list_again};
use crate::domain::actor::Right;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::alarms::{AlarmDeed, AlarmsOutcome};
use crate::quality::alarm::AlarmId;
use crate::wire::message::{ReplyBody, RequestBody};

/// Most refusals that are told one by one.
const MOST_TOLD: usize = 2;

/// The alarms that a deed is for: those that are picked, else the selected one; what the daemon took from under the cursor
/// just now is not meant.
fn chosen(model: &mut Model) -> Vec<AlarmId> {
    let alarms = &model.alarms;
    if !alarms.picked.is_empty() {
        return alarms.picked.iter().copied().collect();
    }
    let meant = alarms.meant(model.elapsed);
    let slipped = meant.is_some_and(|before| before.selected.is_some() && before.selected != alarms.selected);
    if slipped {
        model.notice = Some(Text::new("tui-alarm-slipped"));
        return Vec::new();
    }
    let Some(selected) = alarms.selected else {
        model.notice = Some(Text::new("tui-alarm-none-selected"));
        return Vec::new();
    };
    vec![selected]
}

/// Does something to the chosen alarms.
pub(super) fn of_chosen(model: &mut Model, deed: AlarmDeed) -> Vec<Effect> {
    let alarms = chosen(model);
    send(model, alarms, deed)
}

/// Acknowledges the chosen alarms. Of a folded group only its first can be seen: where that is answered for already, the
/// others are shown.
pub(super) fn acknowledge(model: &mut Model) -> Vec<Effect> {
    let folded =
        model.alarms.picked.is_empty() && matches!(model.alarms.row().map(|row| row.part), Some(Part::Folded { .. }));
    let owed = model
        .displayed()
        .and_then(|(plant, _)| plant.alarms.get(&model.alarms.selected?))
        .is_some_and(|alarm| is_owed(alarm.state.label()));
    if folded && !owed {
        fold(model, Some(false));
        model.notice = Some(Text::new("tui-alarm-unfolded"));
        return Vec::new();
    }
    of_chosen(model, AlarmDeed::Acknowledge)
}

/// Acknowledges what is on the screen and owes an answer, and nothing that is not, nor what came just now.
pub(super) fn acknowledge_shown(model: &mut Model) -> Vec<Effect> {
    let height = body_height(model.size);
    let owed = model.displayed().map_or_else(Vec::new, |(plant, _)| {
        let owed = |id: &AlarmId| plant.alarms.get(id).is_some_and(|alarm| is_owed(alarm.state.label()));
        let meant = model.alarms.meant(model.elapsed);
        let seen = |id: &AlarmId| meant.is_none_or(|before| before.seen.contains(id));
        let on_screen = model.alarms.on_screen(height).map(|(_, row)| row.alarm);
        on_screen.filter(owed).filter(seen).collect()
    });
    if owed.is_empty() {
        let folded = model.displayed().is_some_and(|(plant, _)| {
            let mut on_screen = model.alarms.on_screen(height).map(|(_, row)| row);
            on_screen.any(|row| matches!(row.part, Part::Folded { .. }) && model.alarms.listing.owed(plant, row) > 0)
        });
        model.notice = Some(if folded {
            Text::new("tui-alarm-owed-folded")
        } else {
            Text::new("tui-alarm-none-shown")
        });
        return Vec::new();
    }
    send(model, owed, AlarmDeed::Acknowledge)
}

/// Opens the line for the reason why the chosen alarms are to be hidden.
pub(super) fn ask_why(model: &mut Model, action: Action) {
    let why = match action {
        Action::RemoveFromService => Why::Remove,
        _ => Why::Shelve,
    };
    let alarms = chosen(model);
    if alarms.is_empty() {
        return;
    }
    let mut sheet = ReasonSheet::new(why, alarms);
    // Whether one may is the daemon's to say when it is asked; who may not need not type first to learn it.
    let right = match why {
        Why::Shelve => Right::Answer,
        Why::Remove => Right::Correct,
    };
    sheet.fault = lacking(model, right);
    model.overlays.push(Overlay::Reason(Box::new(sheet)));
}

fn sheet(model: &mut Model) -> Option<&mut ReasonSheet> {
    model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Reason(sheet) => Some(&mut **sheet),
        _ => None,
    })
}

/// What was typed changed.
pub(in crate::tui::update) fn typed(model: &mut Model) {
    if let Some(sheet) = sheet(model) {
        sheet.fault = None;
    }
}

/// A key while a reason is typed.
pub(in crate::tui::update) fn reason_key(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Accept => accept(model),
        Action::Back => {
            model.overlays.pop();
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Has done what the line asks for.
fn accept(model: &mut Model) -> Vec<Effect> {
    let time = model.plant.as_ref().and_then(|plant| {
        plant.state.time()?;
        Some((plant.now(model.elapsed), plant.model.zone))
    });
    let Some(sheet) = sheet(model).filter(|sheet| sheet.awaited.is_none()) else {
        return Vec::new();
    };
    let deed = match time {
        Some((now, zone)) => sheet.deed(now, &zone),
        None => Err(Text::new("tui-no-time-yet")),
    };
    let (alarms, deed) = match deed {
        Ok(deed) => (sheet.alarms.clone(), deed),
        Err(why) => {
            sheet.fault = Some(why);
            return Vec::new();
        }
    };
    let effects = send(model, alarms, deed);
    let awaited = (!effects.is_empty()).then_some(model.last_request);
    // Said where it was typed, which stays for when the connection is back.
    let fault = if awaited.is_none() { model.notice.take() } else { None };
    if let Some(sheet) = self::sheet(model) {
        sheet.awaited = awaited;
        sheet.fault = fault;
    }
    effects
}

/// Asks the daemon.
fn send(model: &mut Model, alarms: Vec<AlarmId>, deed: AlarmDeed) -> Vec<Effect> {
    if alarms.is_empty() {
        return Vec::new();
    }
    if model.link != LinkState::Up {
        model.notice = Some(Text::new("tui-alarm-no-link"));
        return Vec::new();
    }
    let asked = Text::new("tui-alarm-asked").with_count("count", alarms.len());
    model.notice = Some(asked.with_text("deed", deed.text()));
    let body = RequestBody::Alarms {
        alarms: alarms.clone(),
        deed: deed.clone(),
    };
    let (effect, _) = write(model, body);
    model.alarms.asked.push(Asked {
        request: model.last_request,
        alarms,
        deed,
    });
    vec![effect]
}

/// Takes an answer in, if it is one that is awaited here.
pub(in crate::tui::update) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    let Some(place) = model.alarms.asked.iter().position(|asked| asked.request == id) else {
        return Err(result);
    };
    let asked = model.alarms.asked.remove(place);
    let told = match result {
        Ok(ReplyBody::Alarms(outcome)) => {
            let refused = |id: &AlarmId| outcome.refused.iter().any(|(refused, _)| refused == id);
            // What was refused stays picked: something else may be done to it.
            model
                .alarms
                .picked
                .retain(|id| !asked.alarms.contains(id) || refused(id));
            let told = told(model, &asked.deed, &outcome);
            if outcome.done > 0 { Ok(told) } else { Err(told) }
        }
        Ok(_) => Err(Text::new("tui-explain-unexpected")),
        Err(why) => Err(why),
    };
    let own = sheet(model).filter(|sheet| sheet.awaited == Some(id));
    match (told, own) {
        (Ok(told), Some(_)) => {
            let is_own = |overlay: &Overlay| matches!(overlay, Overlay::Reason(sheet) if sheet.awaited == Some(id));
            model.overlays.retain(|overlay| !is_own(overlay));
            model.notice = Some(told);
        }
        // What could not be done leaves the line as it was, to be put right.
        (Err(why), Some(sheet)) => {
            sheet.awaited = None;
            sheet.fault = Some(why);
            model.notice = None;
        }
        (Ok(told) | Err(told), None) => model.notice = Some(told),
    }
    list_again(model);
    Ok(Vec::new())
}

/// What was done, what was refused and why.
fn told(model: &Model, deed: &AlarmDeed, outcome: &AlarmsOutcome) -> Text {
    let mut sentences = Vec::new();
    if let Some(sequence) = outcome.sequence {
        let done = Text::new("tui-alarm-done").with_count("count", outcome.done);
        sentences.push(done.with_text("deed", deed.text()).with("record", sequence));
    }
    let refused = outcome.refused.iter().take(MOST_TOLD).map(|(id, why)| {
        let tag = model.plant.as_ref().and_then(|plant| plant.parameter_of(id.parameter));
        let tag = tag.map_or_else(
            || id.parameter.to_string(),
            |parameter| clean(&parameter.tag).into_owned(),
        );
        Text::new("tui-alarm-refused")
            .with("tag", tag)
            .with_text("kind", id.kind.text())
            .with_text("why", why.clone())
    });
    sentences.extend(refused);
    let others = outcome.refused.len().saturating_sub(MOST_TOLD);
    if others > 0 {
        sentences.push(Text::new("tui-alarm-refused-others").with_count("count", others));
    }
    Text::sentences(sentences).unwrap_or_else(|| Text::new("tui-explain-unexpected"))
}

/// The connection is new: what became of what was asked over the old one is seen in the list.
pub(in crate::tui::update) fn link_is_up(model: &mut Model) {
    if model.alarms.asked.is_empty() {
        return;
    }
    model.alarms.asked.clear();
    let unknown = Text::new("tui-alarm-unknown");
    match sheet(model).filter(|sheet| sheet.awaited.is_some()) {
        Some(sheet) => {
            sheet.awaited = None;
            sheet.fault = Some(unknown);
        }
        None => model.notice = Some(unknown),
    }
}
