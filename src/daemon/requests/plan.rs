//! What the changed `site.toml` would add, remove and restate; nothing changes.

use crate::domain::text::{Text, clean};
use crate::engine::view::{Dating, PlanView};
use crate::site::{self, Change, Difference, FieldChange};
use crate::wire::message::{Effective, ReplyBody};

use super::super::writer::Writer;
use super::apply::first_hour;
use super::{Proposed, text_of};

pub(super) fn answer(writer: &mut Writer, effective: Effective) -> Result<ReplyBody, Text> {
    let Proposed {
        model,
        digest,
        warnings,
    } = writer.proposal()?;
    let in_force = writer.shared.model();
    let changes = site::differences(in_force.as_deref(), &model)
        .iter()
        .flat_map(texts_of)
        .collect();
    let effective_from = first_hour(writer, &model, effective);
    let (engine, history) = writer.ground.engine();
    let start = |hour| model.zone.hour_start(hour);
    let dating = Dating {
        from: effective_from.map(start),
        replaced: engine
            .dated_models_from(effective_from)
            .into_iter()
            .map(start)
            .collect(),
    };
    let restated = engine.plan_model(history, &model, effective_from).map_err(text_of)?;
    Ok(ReplyBody::Plan(Box::new(PlanView {
        digest,
        changes,
        warnings,
        dating: Some(dating),
        restated,
    })))
}

/// A difference for people: what became of a thing, and a line for every field of it that differs.
fn texts_of(difference: &Difference) -> Vec<Text> {
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
