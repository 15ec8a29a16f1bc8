//! Keys of whoever approves versions of the plan (批准): in the list of versions.

use super::super::keymap::Action;
use super::super::model::{LinkState, Model};
use super::super::quality_plan::{Approval, Showing};
use super::super::unanswered::Unanswered;
use super::super::widgets::field::Field;
use super::rights::lacking;
use super::{Effect, quality_plan, unanswered};
use crate::domain::actor::Right;
use crate::domain::text::{Text, clean};
use crate::engine::second_check::{CheckVerdict, LONGEST_REASON, SecondCheck};
use crate::wire::message::{ReplyBody, RequestBody};

/// Approves the selected version, or asks why it is not approved.
pub(super) fn begin(model: &mut Model, is_approved: bool) -> Vec<Effect> {
    let pane = &model.plan;
    let is_asked = pane.approval.as_ref().is_some_and(|approval| approval.asked.is_some());
    if pane.showing != Showing::Versions || is_asked {
        return Vec::new();
    }
    let Some(record) = pane.versions_here().get(pane.cursor) else {
        return Vec::new();
    };
    let of = record.sequence;
    let me = model.actor.as_ref();
    let is_own = me
        .zip(record.actor.as_ref())
        .is_some_and(|(me, by)| me.is_same_person(by));
    let me = me.map(|actor| clean(actor.name()).into_owned());
    let fault = if record.approval.is_none() {
        Some(Text::new("approval-none").with("of", of))
    } else if let Some(lacks) = lacking(model, Right::Approve) {
        Some(lacks)
    } else if is_own {
        let text = Text::new("approval-same-person").with("of", of);
        Some(text.with("by", me.unwrap_or_default()))
    } else {
        None
    };
    let reason = (fault.is_none() && !is_approved).then(|| Field::new(LONGEST_REASON));
    let may = fault.is_none();
    let seen = record.approval.as_ref().and_then(|approval| approval.seen());
    model.plan.approval = Some(Approval {
        of,
        seen,
        reason,
        asked: None,
        fault,
    });
    if may && is_approved {
        return say(model, CheckVerdict::Agreed);
    }
    Vec::new()
}

/// A key while the reason is typed.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(approval) = model.plan.approval.as_mut() else {
        return Vec::new();
    };
    match action {
        Action::Back if approval.asked.is_none() => {
            model.plan.approval = None;
            Vec::new()
        }
        Action::Accept if approval.asked.is_none() => {
            let typed = approval.reason.as_ref().map_or("", |reason| reason.text().trim());
            let reason = typed.to_owned();
            if reason.is_empty() {
                approval.fault = Some(Text::new("approval-needs-reason"));
                return Vec::new();
            }
            say(
                model,
                CheckVerdict::Returned {
                    reason,
                    cells: Vec::new(),
                },
            )
        }
        _ => Vec::new(),
    }
}

/// The reason is being typed: what was said of it before is of another one.
pub(super) fn typed(model: &mut Model) {
    if let Some(approval) = model.plan.approval.as_mut() {
        approval.fault = None;
    }
}

fn say(model: &mut Model, verdict: CheckVerdict) -> Vec<Effect> {
    let is_up = model.link == LinkState::Up;
    let Some(approval) = model.plan.approval.as_mut() else {
        return Vec::new();
    };
    if !is_up {
        approval.fault = Some(Text::new("tui-no-link"));
        return Vec::new();
    }
    let (of, seen) = (approval.of, approval.seen);
    let (effect, asked) = unanswered::ask(model, RequestBody::Approve(SecondCheck { of, verdict, seen }));
    if let Some(approval) = model.plan.approval.as_mut() {
        approval.asked = Some(asked);
    }
    vec![effect]
}

/// Takes an answer in, if it is one that is awaited here.
pub(super) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    let is_mine = |asked: &Unanswered| asked.request == id;
    let Some(approval) = model.plan.approval.as_mut() else {
        return Err(result);
    };
    let Some(asked) = approval.asked.take_if(|asked| is_mine(asked)) else {
        return Err(result);
    };
    match result {
        Ok(ReplyBody::Recorded(sequence)) => {
            let told = match asked.body {
                RequestBody::Approve(SecondCheck {
                    verdict: CheckVerdict::Agreed,
                    ..
                }) => Text::new("tui-approval-given"),
                _ => Text::new("tui-approval-refused"),
            };
            model.notice = Some(told.with("of", approval.of).with("record", sequence));
            model.plan.approval = None;
            // What was known of the versions is not all of it any more.
            model.plan.versions.give_up_again();
            return Ok(vec![quality_plan::ask_for_versions(model)]);
        }
        Ok(_) => approval.fault = Some(Text::new("tui-explain-unexpected")),
        // Somebody may have said something meanwhile: it is looked at again.
        Err(why) => {
            approval.fault = Some(why);
            model.plan.versions.give_up_again();
            return Ok(vec![quality_plan::ask_for_versions(model)]);
        }
    }
    Ok(Vec::new())
}

/// The connection is new: what was said is said again under its key.
pub(super) fn link_is_up(model: &mut Model) -> Option<Effect> {
    unanswered::ask_again(model, |model| model.plan.approval.as_mut()?.asked.as_mut())
}

/// Somebody else sits here: what one person was about to say another does not.
pub(super) fn somebody_else(model: &mut Model) {
    model.plan.approval = None;
}
