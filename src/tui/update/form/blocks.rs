//! Blocks of documents as the daemon keeps them: from when they are brought in until they are filed or put away.

use std::time::Duration;

use super::super::super::form::{OpenForm, Over};
use super::super::super::model::{LinkState, Model};
use super::super::super::several::{Around, BlockDraft, KeepingBlock, Several};
use super::super::{Effect, ask};
use super::back_to_fields;
use super::several::{bring_in, several_mut};
use crate::domain::text::Text;
use crate::store::personal::FORM_BLOCKS;
use crate::wire::message::{ReplyBody, RequestBody};

/// What is said of a block beside it while the daemon does not keep it.
const NOT_KEPT: &str = "tui-entry-not-kept";

/// How long after a refusal the daemon is asked once more.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(60);

/// Shows the block that was brought into the form that is open and not filed; asks for it, where that was perhaps elsewhere.
pub(super) fn ask_for(model: &mut Model) -> Option<Effect> {
    let form = model.entry.form.as_ref()?.form.key.clone();
    // What is about to be kept, or to go, is not what the daemon has.
    let of = (model.person(), form.clone());
    if let Some(keeping) = model.entry.keeping_blocks.get(&of) {
        let text = keeping.text.clone()?;
        is_here(model, &text, false);
        return None;
    }
    let effect = ask(model, RequestBody::DraftBlock { form });
    let request = model.last_request;
    model.entry.form.as_mut()?.block_awaited = Some(request);
    Some(effect)
}

/// The block that is looked at is to be kept; one that is too large is not, and that is said beside it.
pub(super) fn keep(model: &mut Model, block: &BlockDraft) {
    let Some(form) = model.entry.form.as_ref().map(|open| open.form.key.clone()) else {
        return;
    };
    let text = serde_json::to_string(block).unwrap_or_default();
    if text.len() > FORM_BLOCKS.longest {
        let most = FORM_BLOCKS.longest / (1024 * 1024);
        let told = Text::new("tui-form-several-too-large").with_count("most", most);
        if let Some(several) = several_mut(model) {
            several.remarks.insert(0, told);
        }
        // What was kept before is not what is looked at now.
        forget(model, form);
        return;
    }
    becomes(model, form, Some(text));
}

/// The block of a form was filed or put away.
pub(super) fn forget(model: &mut Model, form: String) {
    becomes(model, form, None);
}

fn becomes(model: &mut Model, form: String, text: Option<String>) {
    let of = (model.person(), form);
    let asked = model.entry.keeping_blocks.get(&of).and_then(|keeping| keeping.asked);
    let keeping = KeepingBlock {
        text,
        asked,
        due: Some(model.elapsed),
        is_told: false,
    };
    model.entry.keeping_blocks.insert(of, keeping);
}

/// Has the daemon keep what it does not know yet: of each form one thing after the other, so that the last one stays.
pub(super) fn follow(model: &mut Model) -> Vec<Effect> {
    if model.link != LinkState::Up {
        return Vec::new();
    }
    let me = model.person();
    let mut due = model.entry.keeping_blocks.iter();
    let now = model.elapsed;
    let is_due = |keeping: &KeepingBlock| keeping.asked.is_none() && keeping.due.is_some_and(|due| due <= now);
    let found = due.find(|((whose, _), keeping)| *whose == me && is_due(keeping));
    let Some((of, text)) = found.map(|(of, keeping)| (of.clone(), keeping.text.clone())) else {
        return Vec::new();
    };
    let form = of.1.clone();
    let effect = ask(model, RequestBody::KeepDraftBlock { form, text });
    let request = model.last_request;
    if let Some(keeping) = model.entry.keeping_blocks.get_mut(&of) {
        keeping.asked = Some(request);
        keeping.due = None;
    }
    vec![effect]
}

/// The connection is new: what was not answered, or was refused, is asked again.
pub(super) fn link_is_up(model: &mut Model) {
    for keeping in model.entry.keeping_blocks.values_mut() {
        keeping.asked = None;
        keeping.due = Some(model.elapsed);
    }
}

/// Takes an answer in, if it is one that is awaited here.
pub(super) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<(), Result<ReplyBody, Text>> {
    let awaited = model
        .entry
        .form
        .as_mut()
        .and_then(|open| open.block_awaited.take_if(|awaited| *awaited == id));
    if awaited.is_some() {
        if let Ok(ReplyBody::DraftBlock(Some(text))) = result {
            is_here(model, &text, true);
        }
        return Ok(());
    }
    let me = model.person();
    let mut keeping = model.entry.keeping_blocks.iter_mut();
    let Some((of, keeping)) = keeping.find(|(_, keeping)| keeping.asked == Some(id)) else {
        return Err(result);
    };
    keeping.asked = None;
    // What was laid or put away meanwhile is told next.
    if keeping.due.is_some() {
        return Ok(());
    }
    let (is_of_block, of) = (keeping.text.is_some(), of.clone());
    let is_here = model.entry.form.as_ref().is_some_and(|open| open.form.key == of.1);
    let is_looked_at = is_of_block && is_here && of.0 == me;
    match result {
        Ok(_) => {
            model.entry.keeping_blocks.remove(&of);
            if let Some(several) = several_mut(model).filter(|_| is_looked_at) {
                several.is_kept = true;
                several.remarks.retain(|remark| remark.id != NOT_KEPT);
            }
        }
        Err(why) => {
            // Let go of, a block that was filed would come back, and one that is not would be lost.
            keeping.due = Some(model.elapsed + TRY_AGAIN_AFTER);
            if !std::mem::replace(&mut keeping.is_told, true) {
                refused(model, why, (is_of_block, is_looked_at));
            }
        }
    }
    Ok(())
}

/// Tells why the daemon does not do what it was asked of a block: beside it, where it is looked at.
fn refused(model: &mut Model, why: Text, (is_of_block, is_looked_at): (bool, bool)) {
    if let Some(several) = several_mut(model).filter(|_| is_looked_at) {
        several.remarks.insert(0, Text::new(NOT_KEPT).with_text("why", why));
        return;
    }
    let id = if is_of_block {
        "tui-form-several-not-kept"
    } else {
        "tui-form-several-not-forgotten"
    };
    model.notice = Some(Text::new(id).with_text("why", why));
}

/// A block that was brought in before is there: it is looked at again, unless something else stands before the fields by now.
fn is_here(model: &mut Model, text: &str, is_kept: bool) {
    let is_free = model.entry.form.as_ref().is_some_and(|open| open.is_typed_into());
    // What cannot be read was written by another version of the program.
    let Some(block) = serde_json::from_str::<BlockDraft>(text).ok().filter(|_| is_free) else {
        return;
    };
    match bring_in(model, block) {
        Ok(()) => {
            if let Some(several) = several_mut(model) {
                several.is_kept = is_kept;
                several.is_again = true;
            }
            model.notice = Some(Text::new("tui-form-several-again"));
        }
        Err(why) => {
            if let Some(open) = model.entry.form.as_mut() {
                open.fault = Some(why);
            }
        }
    }
}

/// A block that was brought in before, and of which every document stands by now, was filed: it is put away, and whether it was.
/// Its number tells a document from the others of its form.
pub(super) fn put_away_filed(model: &mut Model) -> bool {
    let is_settled = |open: &OpenForm| open.filing.is_none() && open.is_known_around();
    let Some(open) = model.entry.form.as_deref().filter(|open| is_settled(open)) else {
        return false;
    };
    // What stood when the form was opened may have been withdrawn since.
    let is_new = |several: &Several| several.is_again && several.around != Around::Unasked;
    let is_filed = match &open.over {
        Some(Over::Several(several)) => is_new(several) && several.all_stand(open.known()),
        _ => false,
    };
    if !is_filed {
        return false;
    }
    let form = open.form.key.clone();
    back_to_fields(model);
    forget(model, form);
    model.notice = Some(Text::new("tui-form-several-stand"));
    true
}
