//! Keys of whoever approves versions of the plan (批准): in the list of versions.

use super::super::keymap::Action;
use super::super::model::{LinkState, Model};
use super::super::quality_plan::{Approval, Showing};
use super::super::widgets::field::Field;
use super::rights::lacking;
use super::{Effect, unanswered};
use crate::domain::actor::Right;
use crate::domain::text::Text;
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
    let me = model.actor.as_ref().map(|actor| actor.name().to_owned());
    let is_own = record.actor.as_ref().map(|actor| actor.name().to_owned()) == me;
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
    model.plan.approval = Some(Approval {
        of,
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
                approval.fault = Some(Text::new("second-check-needs-reason"));
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
        approval.fault = Some(Text::new("tui-anomaly-no-link"));
        return Vec::new();
    }
    let of = approval.of;
    let (effect, asked) = unanswered::ask(model, RequestBody::Approve(SecondCheck { of, verdict }));
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
    let is_mine = |asked: &super::super::unanswered::Unanswered| asked.request == id;
    let approval = model.plan.approval.as_mut();
    let Some(approval) = approval.filter(|approval| approval.asked.as_ref().is_some_and(is_mine)) else {
        return Err(result);
    };
    approval.asked = None;
    match result {
        Ok(ReplyBody::Recorded(sequence)) => {
            let told = if approval.reason.is_some() {
                Text::new("tui-approval-refused")
            } else {
                Text::new("tui-approval-given")
            };
            model.notice = Some(told.with("of", approval.of).with("record", sequence));
            model.plan.approval = None;
            // What was known of the versions is not all of it any more.
            model.plan.versions = None;
        }
        Ok(_) => approval.fault = Some(Text::new("tui-explain-unexpected")),
        Err(why) => approval.fault = Some(why),
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
