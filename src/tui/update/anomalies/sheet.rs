//! The line in which something is said of anomalies, they are given to somebody, or a decision is taken back.

use std::collections::BTreeSet;

use super::super::super::anomalies::{Work, WorkSheet};
use super::super::super::keymap::{Action, narrow};
use super::super::super::model::Model;
use super::super::super::overlay::Overlay;
use super::super::super::panes::palette::list_height;
use super::super::Effect;
use super::super::motion::around;
use super::super::rights::lacking;
use super::super::sign_on::found;
use super::deed::{chosen, send, withdraw};
use crate::domain::actor::Right;
use crate::domain::identity::Sequence;
use crate::domain::text::Text;
use crate::engine::anomalies::AnomalyDeed;
use crate::quality::anomaly::AnomalyId;

/// Opens the line for the chosen anomalies.
pub(super) fn open(model: &mut Model, action: Action) {
    let mut anomalies = chosen(model);
    if anomalies.is_empty() {
        return;
    }
    let work = match action {
        Action::Assign => Work::Assign,
        Action::Link => Work::Link,
        Action::CloseSaying => Work::Close,
        Action::TakeBack => {
            let records = decisions(model, &anomalies);
            if records.is_empty() {
                model.notice = Some(Text::new("tui-anomaly-nothing-decided"));
                return;
            }
            // A record is taken back as a whole: what else was decided in it is shown.
            anomalies = decided_in(model, &records);
            Work::TakeBack(records)
        }
        _ => Work::Comment,
    };
    open_for(model, work, anomalies);
}

/// Opens the line for some anomalies.
pub(super) fn open_for(model: &mut Model, work: Work, anomalies: Vec<AnomalyId>) {
    let right = if work == Work::Comment {
        Right::Note
    } else {
        Right::Correct
    };
    let mut sheet = WorkSheet::new(work, anomalies);
    sheet.fault = lacking(model, right);
    if sheet.work == Work::Assign {
        sheet.found = found(model, "");
    }
    model.overlays.push(Overlay::Work(Box::new(sheet)));
}

/// The records in which it was decided on anomalies.
fn decisions(model: &Model, anomalies: &[AnomalyId]) -> Vec<Sequence> {
    let Some(plant) = &model.plant else {
        return Vec::new();
    };
    let settled = anomalies
        .iter()
        .filter_map(|id| plant.anomalies.get(id)?.work.settled.as_ref());
    let records: BTreeSet<Sequence> = settled.map(|settled| settled.record).collect();
    records.into_iter().collect()
}

/// The anomalies in the queue on which it was decided in these records.
fn decided_in(model: &Model, records: &[Sequence]) -> Vec<AnomalyId> {
    let Some(plant) = &model.plant else {
        return Vec::new();
    };
    let decided = plant.anomalies.values().filter(|anomaly| {
        let settled = anomaly.work.settled.as_ref();
        settled.is_some_and(|settled| records.contains(&settled.record))
    });
    decided.map(|anomaly| anomaly.anomaly).collect()
}

fn on_top(model: &mut Model) -> Option<&mut WorkSheet> {
    match model.overlays.last_mut() {
        Some(Overlay::Work(sheet)) => Some(sheet),
        _ => None,
    }
}

/// What was typed changed.
pub(super) fn typed(model: &mut Model) {
    let Some(Overlay::Work(sheet)) = model.overlays.last() else {
        return;
    };
    let query: String = sheet.field.text().trim().chars().map(narrow).collect();
    let found = if sheet.work == Work::Assign {
        found(model, &query.to_lowercase())
    } else {
        Vec::new()
    };
    if let Some(sheet) = on_top(model) {
        sheet.fault = None;
        sheet.found = found;
        sheet.cursor = 0;
    }
}

/// A key. While the daemon is asked, the line stays as it is.
pub(in crate::tui::update) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = list_height(model.size).max(1);
    let Some(sheet) = on_top(model) else {
        return Vec::new();
    };
    match action {
        Action::Back => drop(model.overlays.pop()),
        _ if !sheet.is_open() => {}
        Action::Accept => return accept(model),
        _ => {
            let last = sheet.found.len().saturating_sub(1);
            if let Some(cursor) = around(sheet.cursor, action, page, last) {
                sheet.cursor = cursor;
                sheet.fault = None;
            }
        }
    }
    Vec::new()
}

/// Has done what the line asks for.
fn accept(model: &mut Model) -> Vec<Effect> {
    let before = model.last_request;
    let Some(sheet) = on_top(model) else {
        return Vec::new();
    };
    let anomalies = sheet.anomalies.clone();
    let asked = match &sheet.work {
        Work::TakeBack(records) => sheet.line().map(|reason| Asked::TakeBack(records.clone(), reason)),
        _ => sheet.deed().map(Asked::Deed),
    };
    let effects = match asked {
        Ok(Asked::Deed(deed)) => send(model, anomalies, deed),
        Ok(Asked::TakeBack(records, reason)) => records
            .into_iter()
            .flat_map(|record| {
                let decided = decided_in(model, &[record]);
                // Those that left the queue meanwhile are of the record all the same.
                let decided = if decided.is_empty() { anomalies.clone() } else { decided };
                withdraw(model, decided, record, reason.clone())
            })
            .collect(),
        Err(why) => {
            sheet.fault = Some(why);
            return Vec::new();
        }
    };
    // Said where it was typed, which stays for when the connection is back.
    let fault = if effects.is_empty() { model.notice.take() } else { None };
    let awaited = (before + 1..=model.last_request).collect();
    if let Some(sheet) = on_top(model) {
        sheet.awaited = awaited;
        sheet.fault = fault;
    }
    effects
}

/// What a line asks for.
enum Asked {
    Deed(AnomalyDeed),
    TakeBack(Vec<Sequence>, String),
}
