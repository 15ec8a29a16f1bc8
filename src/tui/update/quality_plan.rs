//! Keys of the Plan pane.

use std::time::Duration;

use super::super::keymap::{Action, Context};
use super::super::model::{LinkState, Model};
use super::super::overlay::Place;
use super::super::pane::Pane;
use super::super::panes::quality_plan::list_height;
use super::super::quality_plan::{EvidenceRow, Showing};
use super::super::signing::Signed;
use super::motion::{moved, scrolled, within};
use super::{Effect, approval, ask, chart, explain, jump, ledger, newest_record, signing};
use crate::domain::actor::{Actor, Right};
use crate::domain::text::{Text, clean};
use crate::domain::time::Month;
use crate::engine::closing::sealed_text;
use crate::engine::view::Target;
use crate::management::evidence::{Rule, Subject};
use crate::wire::message::{ReplyBody, RequestBody};
use crate::wire::records::{KindFilter, RecordFilter, TailFrom};

/// How long what is shown holds before it is asked for again, where the journal has grown: it costs a month of everything.
const HOLDS_FOR: Duration = Duration::from_secs(60);

/// How long the versions hold, likewise: they cost their records.
const VERSIONS_HOLD_FOR: Duration = Duration::from_secs(10);

/// How many versions are asked for.
const MOST_VERSIONS: u32 = 50;

/// The window is another one: scrolls back where there is room.
pub(super) fn keep_in_view(model: &mut Model) {
    let page = list_height(model.size).max(1);
    let pane = &mut model.plan;
    pane.top = within(pane.top, pane.cursor, page, pane.count());
}

/// A key.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.plan.context() == Context::Reason {
        return approval::key(model, action);
    }
    // What was refused was told; what is asked is waited for.
    model.plan.approval = model.plan.approval.take().filter(|approval| approval.asked.is_some());
    let page = list_height(model.size).max(1);
    let pane = &mut model.plan;
    let last = pane.count().saturating_sub(1);
    if let Some(cursor) = moved(pane.cursor, action, page, last) {
        pane.cursor = cursor;
        pane.top = scrolled(pane.top, cursor, page);
        return Vec::new();
    }
    match action {
        Action::View => {
            pane.showing = pane.showing.next();
            (pane.cursor, pane.top) = (0, 0);
            Vec::new()
        }
        Action::Earlier => other_month(model, Month::previous),
        Action::Later => other_month(model, Month::next),
        Action::Today => show(model, None),
        Action::Refresh => {
            model.plan.versions.forget();
            show(model, model.plan.month)
        }
        Action::Open => open_selected(model),
        Action::Approve => approval::begin(model, true),
        Action::Return => approval::begin(model, false),
        Action::CloseMonth => {
            close_month(model);
            Vec::new()
        }
        Action::Back => {
            fold(model);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Asks for what is looked at and not known yet, or not any more.
pub(super) fn follow(model: &mut Model) -> Option<Effect> {
    if model.pane != Pane::Plan || model.link != LinkState::Up {
        return None;
    }
    let newest = model.plant.as_ref()?.state.sequence;
    if model.plan.showing == Showing::Versions {
        let is_due = model.plan.versions.is_due(newest, model.elapsed, VERSIONS_HOLD_FOR);
        return is_due.then(|| ask_for_versions(model));
    }
    let is_due = model.plan.view.is_due(newest, model.elapsed, HOLDS_FOR);
    is_due.then(|| ask_for(model, model.plan.month))
}

fn ask_for(model: &mut Model, month: Option<Month>) -> Effect {
    let effect = ask(model, RequestBody::QualityPlan { month });
    let newest = newest_record(model);
    model.plan.view.ask(model.last_request, model.elapsed, newest);
    effect
}

pub(super) fn ask_for_versions(model: &mut Model) -> Effect {
    let effect = ask(
        model,
        RequestBody::Tail {
            count: MOST_VERSIONS,
            from: TailFrom::Newest,
            filter: RecordFilter {
                kinds: KindFilter::Only("apply".to_owned()),
                words: String::new(),
            },
            changes: true,
        },
    );
    let newest = newest_record(model);
    model.plan.versions.ask(model.last_request, model.elapsed, newest);
    effect
}

/// Asks for a month, in place of what is shown.
fn show(model: &mut Model, month: Option<Month>) -> Vec<Effect> {
    if model.link != LinkState::Up {
        model.notice = Some(Text::new("tui-no-link"));
        return Vec::new();
    }
    let pane = &mut model.plan;
    if pane.month != month {
        (pane.cursor, pane.top) = (0, 0);
        pane.view.forget();
    }
    pane.month = month;
    pane.view.give_up_again();
    vec![ask_for(model, month)]
}

/// Looks at the month again: it was closed.
pub(super) fn look_again(model: &mut Model) -> Vec<Effect> {
    show(
        model,
        model.plan.here().map(|view| view.facts.month).or(model.plan.month),
    )
}

/// Opens the closing of the month that is shown.
fn close_month(model: &mut Model) {
    if model.plan.showing == Showing::Versions {
        return;
    }
    let Some(month) = model.plan.here().map(|view| view.closing.clone()) else {
        return;
    };
    let last = month.last();
    let me = model.actor.as_ref().map(Actor::name);
    let refused = if !month.is_over {
        Some(Text::new("tui-closing-not-over"))
    } else if let Some(through) = month.sealed_through {
        Some(sealed_text(month.month, through, last.is_some()))
    } else if last.is_some() && !month.differs() {
        Some(Text::new("tui-closing-unchanged"))
    } else {
        let own = last.filter(|last| me == Some(last.by.as_str()));
        own.map(|last| Text::new("closing-same-person").with("by", clean(&last.by)))
    };
    match refused {
        Some(refused) => model.notice = Some(refused.with("month", month.month)),
        None => signing::open(model, Signed::Month(month), Right::Close),
    }
}

fn other_month(model: &mut Model, other: fn(Month) -> Month) -> Vec<Effect> {
    let shown = model.plan.here().map(|view| view.facts.month).or(model.plan.month);
    // Of one that was refused without a name the way back is the month that runs.
    show(model, shown.map(other))
}

/// Folds what is unfolded; the cursor goes to its rule.
fn fold(model: &mut Model) {
    let Some(rule) = model.plan.unfolded.take() else {
        return;
    };
    select(model, rule);
}

fn select(model: &mut Model, rule: Rule) {
    let page = list_height(model.size).max(1);
    let rows = model.plan.evidence_rows();
    let place = rows
        .iter()
        .position(|row| matches!(row, EvidenceRow::Rule(evidence) if evidence.rule == rule));
    if let Some(place) = place {
        model.plan.cursor = place;
        model.plan.top = scrolled(model.plan.top, place, page);
    }
}

/// Unfolds a rule, or goes to what the selected row speaks of.
fn open_selected(model: &mut Model) -> Vec<Effect> {
    match model.plan.showing {
        Showing::Parameters => {
            let selected = model
                .plan
                .here()
                .and_then(|view| view.facts.parameters.get(model.plan.cursor));
            if let Some(parameter) = selected.map(|parameter| parameter.parameter) {
                jump::go_to(model, Place::Parameter(parameter));
            }
            Vec::new()
        }
        Showing::Versions => {
            let selected = model.plan.versions_here().get(model.plan.cursor);
            let sequence = selected.map(|record| record.sequence);
            sequence.map_or_else(Vec::new, |sequence| explain::open(model, Target::Record { sequence }))
        }
        Showing::Evidence => {
            let rows = model.plan.evidence_rows();
            let of = match rows.get(model.plan.cursor) {
                Some(EvidenceRow::Rule(evidence)) => {
                    let rule = evidence.rule;
                    let is_unfolded = model.plan.unfolded == Some(rule);
                    model.plan.unfolded = (!is_unfolded).then_some(rule);
                    select(model, rule);
                    return Vec::new();
                }
                Some(EvidenceRow::Rest(rest)) => rest.of.clone(),
                None => return Vec::new(),
            };
            let rule = model.plan.unfolded;
            rule.map_or_else(Vec::new, |rule| go_to_subject(model, rule, &of))
        }
    }
}

/// Goes to what a ground speaks of, as it was in the month.
fn go_to_subject(model: &mut Model, rule: Rule, of: &Subject) -> Vec<Effect> {
    let Some(facts) = model.plan.here().map(|view| &view.facts) else {
        return Vec::new();
    };
    let (month, between) = (facts.month, (facts.from, facts.to));
    // What is planned, and what is fresh, is a question of now; everything else of the month.
    let is_of_now = matches!(rule, Rule::PlantAsPlanned | Rule::MeterRates | Rule::Fresh);
    let go_to_parameter = |model: &mut Model, parameter| {
        if is_of_now {
            jump::go_to(model, Place::Parameter(parameter));
            return Vec::new();
        }
        chart::open_over(model, parameter, between)
    };
    match of {
        Subject::Parameter(parameter) => go_to_parameter(model, *parameter),
        Subject::Meter(meter) => {
            let mut parameters = facts.parameters.iter();
            let measured = parameters.find(|parameter| parameter.meter == Some(*meter));
            let measured = measured.map(|parameter| parameter.parameter);
            measured.map_or_else(Vec::new, |parameter| go_to_parameter(model, parameter))
        }
        Subject::Alarm(alarm) => {
            let stands = model
                .plant
                .as_ref()
                .is_some_and(|plant| plant.alarms.contains_key(alarm));
            if stands {
                jump::go_to_alarm(model, *alarm);
                return Vec::new();
            }
            go_to_parameter(model, alarm.parameter)
        }
        Subject::Anomaly(anomaly) => {
            let mut anomalies = facts.anomalies.iter();
            let known = anomalies.find(|known| known.anomaly == *anomaly);
            let left = known.map(|known| (known.parameter, known.raised));
            match left {
                Some((parameter, raised)) if !jump::go_to_anomaly(model, *anomaly) => {
                    chart::open_at(model, parameter, Some(raised))
                }
                _ => Vec::new(),
            }
        }
        Subject::Book(book) => {
            ledger::open_month(model, *book, month);
            Vec::new()
        }
        Subject::Round { sheet, at } => super::entry::open_at(model, sheet, *at),
    }
}

/// The connection is new: what was asked over the old one is not answered any more.
pub(super) fn link_is_up(model: &mut Model) {
    model.plan.view.link_is_up();
    model.plan.versions.link_is_up();
}

/// Takes an answer in, if it is one that is awaited.
pub(super) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    let page = list_height(model.size).max(1);
    let pane = &mut model.plan;
    if pane.versions.awaits(id) {
        let selected = pane.versions_here().get(pane.cursor).map(|record| record.sequence);
        pane.versions.take(
            id,
            match result {
                Ok(ReplyBody::Records(page)) => Ok(Box::new(page.records.into_iter().rev().collect())),
                Ok(_) => Err(Text::new("tui-explain-unexpected")),
                Err(why) => Err(why),
            },
        );
        // What is selected stays selected, wherever it stands now.
        if pane.showing == Showing::Versions {
            let mut versions = pane.versions_here().iter();
            let place = versions.position(|record| Some(record.sequence) == selected);
            pane.cursor = place.unwrap_or(pane.cursor).min(pane.count().saturating_sub(1));
            pane.top = scrolled(pane.top, pane.cursor, page);
        }
        return Ok(Vec::new());
    }
    if !pane.view.awaits(id) {
        return Err(result);
    }
    pane.view.take(
        id,
        match result {
            Ok(ReplyBody::QualityPlan(view)) => Ok(view),
            Ok(_) => Err(Text::new("tui-explain-unexpected")),
            Err(why) => Err(why),
        },
    );
    pane.cursor = pane.cursor.min(pane.count().saturating_sub(1));
    pane.top = scrolled(pane.top, pane.cursor, page);
    if let Some(month) = model.plan.here().map(|view| view.closing.clone()) {
        signing::renew(model, month);
    }
    Ok(Vec::new())
}
