//! Several documents at once: pasted into a form, or read of a workbook, looked at one by one, and filed as one record.

use super::super::super::form::{Filed, OpenForm, Over};
use super::super::super::keymap::Action;
use super::super::super::model::{LinkState, Model, Wanted};
use super::super::super::panes::form::several_height;
use super::super::super::several::{Around, BlockDraft, Several};
use super::super::motion::{moved, scrolled};
use super::super::rights::lacking;
use super::super::{Effect, ask, inbox};
use super::{ask_to_file, back_to_fields, blocks, held_back, look_around, right};
use crate::domain::document::FormKind;
use crate::domain::text::Text;
use crate::engine::command::Provenance;
use crate::engine::overlaps::ToBring;
use crate::engine::view::Doubts;
use crate::entry::form::{add_doubts, lines, look_at};
use crate::entry::{Block, Source, Workbook};
use crate::wire::message::RequestBody;

/// Why no documents may be brought in as a block.
fn refused(model: &Model, open: &OpenForm) -> Option<Text> {
    match open.form.kind {
        FormKind::MeterChange => Some(Text::new("form-block-meter-changes")),
        kind => lacking(model, right(kind)),
    }
}

/// Opens the inbox, to pick a workbook with documents.
pub(super) fn pick_workbook(model: &mut Model) -> Vec<Effect> {
    let look = inbox::look(model);
    let refused = model.entry.form.as_ref().and_then(|open| refused(model, open));
    let Some(open) = model.entry.form.as_mut() else {
        return Vec::new();
    };
    if refused.is_some() {
        open.fault = refused;
        return Vec::new();
    }
    open.fault = None;
    open.over = Some(Over::Picking(Box::default()));
    vec![look]
}

/// Something is pasted into the fields; whether it was more than a text for one of them.
pub(in crate::tui::update) fn paste(model: &mut Model, text: &str) -> bool {
    let Some(open) = model.entry.form.as_ref().filter(|open| open.is_typed_into()) else {
        return false;
    };
    let laid = match Block::parse(text) {
        Ok(block) if !block.is_several() => return false,
        Ok(block) => match refused(model, open) {
            None => lay(
                model,
                Workbook {
                    block,
                    ..Workbook::default()
                },
                None,
            ),
            Some(why) => Err(why),
        },
        Err(why) => Err(why),
    };
    if let (Err(why), Some(open)) = (laid, &mut model.entry.form) {
        open.fault = Some(why);
    }
    true
}

/// Shows documents as they would be filed, or why they cannot be read; the daemon keeps them until they are.
pub(in crate::tui::update) fn lay(model: &mut Model, cells: Workbook, source: Option<Source>) -> Result<(), Text> {
    let block = BlockDraft { cells, source };
    bring_in(model, block.clone())?;
    blocks::keep(model, &block);
    Ok(())
}

/// Shows documents as they would be filed, or why they cannot be read.
pub(super) fn bring_in(model: &mut Model, block: BlockDraft) -> Result<(), Text> {
    let BlockDraft { cells, source } = block;
    let (Some(plant), Some(open)) = (&model.plant, model.entry.form.as_mut()) else {
        return Ok(());
    };
    let lines = lines(&cells.block, (&plant.model, &open.form))?;
    open.fault = None;
    open.over = Some(Over::Several(Box::new(Several {
        lines,
        looked: Vec::new(),
        at: 0,
        top: 0,
        remarks: cells.remarks,
        source,
        around: Around::Unasked,
        doubted: None,
        is_told: false,
        is_kept: false,
        is_again: false,
    })));
    look_again(model);
    Ok(())
}

/// Asks what is around the documents that are looked at: since the form was opened others have filed and withdrawn some.
/// The daemon is told of blocks of which it does not know yet.
pub(in crate::tui::update) fn follow(model: &mut Model) -> Vec<Effect> {
    let mut effects = blocks::follow(model);
    effects.extend(follow_around(model));
    effects
}

/// Asks what is around them, and then what the daemon knows of them.
fn follow_around(model: &mut Model) -> Vec<Effect> {
    if model.link != LinkState::Up {
        return Vec::new();
    }
    let may_file = |open: &OpenForm| lacking(model, right(open.form.kind)).is_none();
    // The daemon tells it to those who may file them: a block that is kept may be seen by others too.
    let is_known = |open: &OpenForm| open.is_known_around() && may_file(open);
    let is_known = model.entry.form.as_deref().is_some_and(is_known);
    match several_mut(model) {
        Some(several) if several.around == Around::Unasked => {
            several.around = Around::Asked;
            look_around(model)
        }
        Some(several) if is_known && several.doubted.is_none() => {
            // As long as some cannot be read none is filed.
            let Some(documents) = several.documents() else {
                know(model, Wanted::Here(Doubts::default()));
                return Vec::new();
            };
            let effect = ask(model, RequestBody::Doubts(ToBring::Documents(documents)));
            let request = model.last_request;
            if let Some(several) = several_mut(model) {
                several.doubted = Some(Wanted::Awaited(request));
            }
            vec![effect]
        }
        _ => Vec::new(),
    }
}

/// Whether a request asked what the daemon knows of them.
pub(super) fn awaits(open: &OpenForm, id: u64) -> bool {
    match &open.over {
        Some(Over::Several(several)) => several.doubted.as_ref().and_then(Wanted::awaits) == Some(id),
        _ => false,
    }
}

/// Takes in what the daemon says of them.
pub(super) fn know(model: &mut Model, doubted: Wanted<Doubts>) {
    if let Some(several) = several_mut(model) {
        several.doubted = Some(doubted);
    }
    look_again(model);
    // What they lacked is there by now.
    let are_sound = several_mut(model).is_some_and(|several| several.documents().is_some());
    if let Some(open) = model.entry.form.as_mut().filter(|_| are_sound) {
        open.fault.take_if(|fault| fault.id == UNREADABLE);
    }
}

/// Said of documents of which some cannot be filed as they are.
const UNREADABLE: &str = "tui-form-several-unreadable";

/// What the daemon would refuse of them may be right by now: a batch was filed meanwhile. It is asked once more.
fn ask_anew(model: &mut Model) -> Vec<Effect> {
    let Some(several) = several_mut(model) else {
        return Vec::new();
    };
    if !matches!(&several.doubted, Some(Wanted::Here(doubts)) if !doubts.refused.is_empty()) {
        return Vec::new();
    }
    several.doubted = None;
    let (at, top) = (several.at, several.top);
    look_again(model);
    if let Some(several) = several_mut(model) {
        (several.at, several.top) = (at, top);
    }
    follow(model)
}

/// Those that are looked at.
pub(super) fn several_mut(model: &mut Model) -> Option<&mut Several> {
    match &mut model.entry.form.as_mut()?.over {
        Some(Over::Several(several)) => Some(several),
        _ => None,
    }
}

/// Looks at them with what is known around them now.
pub(super) fn look_again(model: &mut Model) {
    let now = model.plant.as_ref().map(|plant| plant.now(model.elapsed));
    let (Some(plant), Some(now), Some(open)) = (&model.plant, now, model.entry.form.as_mut()) else {
        return;
    };
    let Some(Over::Several(several)) = &open.over else {
        return;
    };
    let mut looked = look_at(&open.paper(&plant.model, now), &several.lines);
    if let Some(Wanted::Here(doubts)) = &several.doubted {
        add_doubts(&mut looked, doubts);
    }
    let is_known = open.is_known_around() && matches!(several.doubted, Some(Wanted::Here(_)));
    let page = several_height(model).max(1);
    if let Some(several) = several_mut(model) {
        several.is_told &= several.looked == looked;
        several.looked = looked;
    }
    if blocks::put_away_filed(model) {
        return;
    }
    if let Some(several) = several_mut(model).filter(|several| is_known && several.around == Around::Asked) {
        several.around = Around::Known;
        several.at = several.first_to_look_at().unwrap_or(several.at);
        several.top = scrolled(several.top, several.at, page);
    }
}

/// A key while they are looked at.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Accept => return file(model),
        Action::Back => back(model),
        _ => {
            let page = several_height(model).max(1);
            if let Some(several) = several_mut(model) {
                let last = several.looked.len().saturating_sub(1);
                several.at = moved(several.at, action, page, last).unwrap_or(several.at);
                several.top = scrolled(several.top, several.at, page);
            }
        }
    }
    Vec::new()
}

/// Nothing of them is filed, unless that was asked already.
fn back(model: &mut Model) {
    if model.entry.form.as_ref().is_some_and(|open| open.filing.is_some()) {
        model.notice = Some(Text::new("tui-entry-being-sent"));
        return;
    }
    back_to_fields(model);
    let form = model.entry.form.as_mut().map(|open| {
        open.fault = None;
        open.form.key.clone()
    });
    if let Some(form) = form {
        blocks::forget(model, form);
    }
}

/// Asks the daemon to file all of them, if all can be read and what looks wrong was looked at.
fn file(model: &mut Model) -> Vec<Effect> {
    let page = several_height(model).max(1);
    let refused = held_back(model);
    let Some(open) = model.entry.form.as_mut() else {
        return Vec::new();
    };
    let OpenForm {
        over: Some(Over::Several(several)),
        form,
        filing: None,
        fault,
        ..
    } = &mut **open
    else {
        return Vec::new();
    };
    let Some(documents) = several.documents() else {
        several.at = several.first_to_look_at().unwrap_or(several.at);
        several.top = scrolled(several.top, several.at, page);
        *fault = Some(Text::new(UNREADABLE));
        return ask_anew(model);
    };
    let unknown = match &several.doubted {
        Some(Wanted::Here(_)) if several.around == Around::Known => None,
        Some(Wanted::Refused(why)) => Some(why.clone()),
        _ => Some(Text::new("tui-explain-awaited")),
    };
    if refused.is_some() || unknown.is_some() {
        *fault = refused.or(unknown);
        return Vec::new();
    }
    let (_, doubted) = several.counts();
    if doubted > 0 && !several.is_told {
        several.is_told = true;
        let told = Text::new("tui-form-several-doubted").with_count("count", doubted);
        *fault = Text::sentences(several.rest().into_iter().chain([told]));
        return Vec::new();
    }
    *fault = None;
    let source = several.source.as_ref();
    let provenance = source.map_or_else(Provenance::default, |source| source.of_documents(&form.key));
    let what = Filed::Several(documents.len());
    vec![ask_to_file(model, RequestBody::File { provenance, documents }, what)]
}
