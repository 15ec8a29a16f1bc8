//! Forms that are filled and not filed: kept by the daemon, and by the terminal as long as there is no line.

use super::super::super::attaching::Attaching;
use super::super::super::form::{FormDraft, FormDrafts, OpenForm};
use super::super::super::model::{LinkState, Model};
use super::super::{Effect, ask};
use crate::domain::document::DocumentForm;
use crate::domain::text::Text;
use crate::wire::message::{ReplyBody, RequestBody};

/// Opens a form with what was written into it before, as far as it is known here.
pub(super) fn begin(model: &mut Model, form: DocumentForm) {
    let me = model.person();
    let unkept = model.entry.unkept_forms.remove(&(me.clone(), form.key.clone()));
    let is_kept = unkept.is_none();
    if let Some(draft) = unkept {
        model.entry.form_drafts.insert(form.key.clone(), draft);
    }
    let draft = model.entry.form_drafts.get(&form.key).cloned().unwrap_or_default();
    let Some(plant) = &model.plant else { return };
    model.entry.form = Some(Box::new(OpenForm {
        is_kept,
        whose: me,
        ..OpenForm::new(&plant.model, form, draft)
    }));
}

/// Closes the form of who sat here; what the daemon does not keep of it waits for them.
pub(super) fn put_by(model: &mut Model) {
    let Some(mut open) = model.entry.form.take() else {
        return;
    };
    open.take();
    if !open.is_kept {
        let draft = open.draft();
        let OpenForm { whose, form, .. } = *open;
        model.entry.unkept_forms.insert((whose, form.key), draft);
    }
}

/// Asks for what was written before, perhaps elsewhere.
pub(super) fn ask_for(model: &mut Model) -> Effect {
    let effect = ask(model, RequestBody::FormDrafts);
    model.entry.drafts_awaited = Some(model.last_request);
    effect
}

/// Has the daemon keep what is written.
pub(in crate::tui::update) fn keep(model: &mut Model, is_changed: bool) -> Vec<Effect> {
    let Some(open) = &model.entry.form else {
        return Vec::new();
    };
    if !is_changed {
        return Vec::new();
    }
    let (key, draft) = (open.form.key.clone(), open.draft());
    if draft == FormDraft::default() {
        model.entry.form_drafts.remove(&key);
    } else {
        model.entry.form_drafts.insert(key, draft);
    }
    // It takes the place of all that was kept: before that is known here, something else would go with it.
    if model.link != LinkState::Up || model.entry.drafts_awaited.is_some() {
        return Vec::new();
    }
    let text = serde_json::to_string(&model.entry.form_drafts).unwrap_or_default();
    let effect = ask(model, RequestBody::KeepFormDrafts { text });
    let request = model.last_request;
    if let Some(open) = &mut model.entry.form {
        open.keeping = Some(request);
    }
    vec![effect]
}

/// What was written before, perhaps elsewhere, is there.
pub(super) fn are_here(model: &mut Model, result: Result<ReplyBody, Text>) -> Vec<Effect> {
    let kept = match result {
        Ok(ReplyBody::FormDrafts(kept)) => kept.unwrap_or_default(),
        _ => return Vec::new(),
    };
    // What cannot be read was written by another version of the program: it is written anew.
    let known: FormDrafts = serde_json::from_str(&kept).unwrap_or_default();
    let is_mine = model
        .entry
        .form
        .as_ref()
        .is_some_and(|open| open.draft() == FormDraft::default() && open.field.is_empty());
    let plant = model.plant.as_ref();
    if let (true, Some(plant), Some(open)) = (is_mine, plant, model.entry.form.as_mut())
        && let Some(draft) = known.get(&open.form.key)
    {
        let (standing, batches, records) = (open.standing.clone(), open.batches.clone(), open.records.clone());
        let attaching = Attaching {
            attachments: draft.attachments.clone(),
            ..std::mem::take(&mut open.attaching)
        };
        let (over, block_awaited, whose) = (open.over.take(), open.block_awaited, open.whose.clone());
        **open = OpenForm {
            attaching,
            over,
            standing,
            records,
            batches,
            whose,
            block_awaited,
            ..OpenForm::new(&plant.model, open.form.clone(), draft.clone())
        };
    }
    for (form, draft) in known {
        model.entry.form_drafts.entry(form).or_insert(draft);
    }
    // What the line kept back goes with what was there before.
    let is_unkept = model.entry.form.as_ref().is_some_and(|open| !open.is_kept);
    keep(model, is_unkept)
}
