//! What the connection does and the daemon says: everything that is known, what changed, and answers, each to whoever asked.

use super::super::link::LinkEvent;
use super::super::model::{LinkState, Model};
use super::super::plant::Plant;
use super::{
    Effect, alarms, anomalies, approval, ask, chart, count_attention, crews, entry, explain, form, handover, inbox,
    indicators, ledger, live, log, note, note_closing, preferences, quality_plan, rounds, second_check, sign_on,
    signing, trend,
};
use crate::domain::text::Text;
use crate::wire::message::{FromDaemon, RequestBody};

/// The connection came, went, or brought something.
pub(super) fn link(model: &mut Model, event: LinkEvent) -> Vec<Effect> {
    match event {
        LinkEvent::Up { actor, signed_on } => {
            if let (LinkState::Down { since, .. }, Some(plant)) = (&model.link, &model.plant) {
                model.back = Some((*since, plant.state.sequence));
            }
            model.link = LinkState::Up;
            model.link_began = model.last_request;
            sign_on::link_is_up(model, actor, signed_on);
            model.live.trends_asked = None;
            preferences::link_is_up(model);
            let mut effects = vec![ask(model, RequestBody::Watch)];
            ledger::forget_awaited(model);
            effects.extend(explain::ask_again(model));
            effects.extend(crews::ask_again(model));
            effects.extend(indicators::ask_again(model));
            effects.extend(anomalies::ask_again(model));
            effects.extend(chart::ask_again(model));
            effects.extend(note::send_again(model));
            alarms::link_is_up(model);
            anomalies::link_is_up(model);
            effects.extend(entry::link_is_up(model));
            effects.extend(form::link_is_up(model));
            effects.extend(second_check::link_is_up(model));
            rounds::link_is_up(model);
            signing::link_is_up(model);
            handover::link_is_up(model);
            note_closing::link_is_up(model);
            quality_plan::link_is_up(model);
            effects.extend(approval::link_is_up(model));
            log::ask_again(model);
            log::forget_withdrawal(model);
            effects
        }
        LinkEvent::Down { why, retry_in } => {
            let since = match model.link {
                LinkState::Down { since, .. } => since,
                _ => model.elapsed,
            };
            model.link = LinkState::Down {
                why,
                since,
                retry_at: model.elapsed + retry_in,
            };
            count_attention(model)
        }
        LinkEvent::Message(message) => message_of_daemon(model, *message),
    }
}

fn message_of_daemon(model: &mut Model, message: FromDaemon) -> Vec<Effect> {
    match message {
        FromDaemon::Snapshot(snapshot) => {
            model.shown.localizer.keep_time_of(snapshot.model.zone);
            let mut before = model.plant.take();
            let trends = before.as_mut().map(|plant| std::mem::take(&mut plant.trends));
            let mut plant = Plant::new(*snapshot, model.elapsed);
            plant.trends = trends.unwrap_or_default();
            model.plant = Some(plant);
            live::list_again(model);
            alarms::told_anew(model, before.as_ref());
            anomalies::heard(model);
            if let (Some((since, before)), Some(plant)) = (model.back.take(), &model.plant) {
                let away = model.elapsed.saturating_sub(since).as_millis();
                let told = Text::new("tui-notice-back")
                    .with(
                        "away",
                        model.shown.localizer.age(i64::try_from(away).unwrap_or(i64::MAX)),
                    )
                    .with_count("records", plant.state.sequence.0.saturating_sub(before.0));
                // Who is not signed on any more is told so first.
                let gone = model
                    .notice
                    .take()
                    .filter(|notice| notice.id == "tui-signed-off-by-itself");
                let waits = gone.is_some().then(|| entry::held_of_others(model)).flatten();
                model.notice = Text::sentences(gone.into_iter().chain(waits).chain([told]));
            }
            ledger::forget_refused(model);
            let now = model.plant.as_ref().map(|plant| &plant.model);
            let other_plan = before.filter(|before| now.is_some_and(|now| *now != before.model));
            let mut effects = count_attention(model);
            if let Some(before) = other_plan {
                effects.extend(entry::plan_changed(model, &before.model));
            }
            effects
        }
        FromDaemon::Delta(delta) => {
            let elapsed = model.elapsed;
            let alarms_change = alarms::will_change(model, &delta);
            let anomalies_change = !delta.anomalies.is_empty();
            let Some(plant) = &mut model.plant else {
                return Vec::new();
            };
            if plant.take(*delta, elapsed) {
                let mut effects = Vec::new();
                if anomalies_change {
                    anomalies::heard(model);
                    effects.extend(anomalies::follow_past(model));
                }
                if alarms_change {
                    alarms::heard(model);
                    effects.extend(count_attention(model));
                }
                effects
            } else {
                // Something was missed: ask for everything again.
                vec![ask(model, RequestBody::Watch)]
            }
        }
        FromDaemon::Reply { id, result } => {
            ledger::answer(model, id, &result);
            let answered = sign_on::answer(model, id, result)
                .or_else(|result| alarms::answer(model, id, result))
                .or_else(|result| anomalies::answer(model, id, result))
                .or_else(|result| entry::answer(model, id, result))
                .or_else(|result| inbox::answer(model, id, result))
                .or_else(|result| form::answer(model, id, result))
                .or_else(|result| rounds::answer(model, id, result))
                .or_else(|result| second_check::answer(model, id, result))
                .or_else(|result| signing::answer(model, id, result))
                .or_else(|result| handover::answer(model, id, result))
                .or_else(|result| note_closing::answer(model, id, result))
                .or_else(|result| quality_plan::answer(model, id, result))
                .or_else(|result| approval::answer(model, id, result))
                .or_else(|result| note::answer(model, id, result))
                .or_else(|result| log::withdrawn(model, id, result));
            let result = match answered {
                Ok(effects) => return effects,
                Err(result) => result,
            };
            let left = trend::answer(model, id, result)
                .and_then(|result| crews::answer(model, id, result))
                .and_then(|result| indicators::answer(model, id, result))
                .and_then(|result| chart::answer(model, id, result))
                .and_then(|result| preferences::answer(model, id, result))
                .and_then(|result| log::answer(model, id, result));
            if let Some(result) = left {
                explain::answer(model, id, result);
            }
            Vec::new()
        }
        FromDaemon::Post { actor, how } => {
            sign_on::signed_off(model, actor, how);
            Vec::new()
        }
        FromDaemon::Roles(actor) => {
            sign_on::other_roles(model, actor);
            Vec::new()
        }
        FromDaemon::Goodbye(why) => {
            model.link = LinkState::Down {
                why,
                since: model.elapsed,
                retry_at: model.elapsed,
            };
            Vec::new()
        }
    }
}
