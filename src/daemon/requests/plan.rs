//! What the changed `site.toml` would add, remove and restate; nothing changes.

use std::path::Path;

use crate::domain::text::{Text, clean};
use crate::engine::view::{Dating, PlanView};
use crate::site::{self as site_model, Change, Difference, FieldChange};
use crate::wire::message::{Effective, ReplyBody};

use super::super::snapshot::Snapshot;
use super::super::writer::Writer;
use super::apply::{first_hour, plan_digest};
use super::{Proposed, Question, read_proposal};

pub(super) fn question(writer: &Writer, effective: Effective) -> Question {
    let snapshot = writer.ground.snapshot();
    let site = writer.shared.site.clone();
    Box::new(move || answer(&snapshot, &site, effective))
}

fn answer(snapshot: &Snapshot, site: &Path, effective: Effective) -> Result<ReplyBody, Text> {
    let engine = snapshot.engine();
    let rules = engine.rules().ok_or_else(|| Text::new("daemon-no-rules"))?;
    let in_force = engine.model().map(AsRef::as_ref);
    let Proposed {
        model,
        digest,
        warnings,
    } = read_proposal(site, rules, in_force)?;
    let changes = site_model::differences(in_force, &model)
        .iter()
        .flat_map(texts_of)
        .collect();
    let effective_from = first_hour(engine, &model, effective);
    let start = |hour| model.zone.hour_start(hour);
    let dating = Dating {
        from: effective_from.map(start),
        replaced: engine
            .dated_models_from(effective_from)
            .into_iter()
            .map(start)
            .collect(),
    };
    let restated = snapshot.ask(|engine, history| engine.plan_model(history, &model, effective_from))?;
    Ok(ReplyBody::Plan(Box::new(PlanView {
        digest: plan_digest(&digest, effective_from),
        changes,
        warnings,
        dating: Some(dating),
        restated,
    })))
}

/// A difference for people: what became of a thing, and a line for every field of it that differs.
pub(super) fn texts_of(difference: &Difference) -> Vec<Text> {
    let about = |id: &'static str| {
        Text::new(id)
            .with_text("sort", difference.sort.text())
            .with("key", clean(&difference.key))
    };
    let field = |change: &FieldChange| {
        about("daemon-change-field")
            .with("field", &change.field)
            .with_text("old", change.old.clone())
            .with_text("new", change.new.clone())
    };
    match &difference.change {
        Change::Added => vec![about("daemon-change-added")],
        Change::Removed => vec![about("daemon-change-removed")],
        Change::Renamed { from, fields } => {
            let mut texts = vec![about("daemon-change-renamed").with("from", clean(from))];
            texts.extend(fields.iter().map(field));
            texts
        }
        Change::Changed { fields } => fields.iter().map(field).collect(),
    }
}
