//! Keys of a form: fields as they are filled, kept by the daemon as one leaves them, and filed as a whole.

mod blocks;
mod doubts;
mod drafts;
mod several;

use super::super::form::{Filed, Filing, LOOKED_AT, OpenForm, Over};
use super::super::keymap::Action;
use super::super::model::{LinkState, Model, Wanted};
use super::super::panes::form::form_height;
use super::motion::{moved, scrolled, within};
use super::rights::{lacking, sign_on_first};
use super::{Effect, ask, inbox, restated, unanswered, workbook};
use crate::domain::actor::Right;
use crate::domain::document::{Document, FormKind};
use crate::domain::text::{Text, clean};
use crate::engine::command::Provenance;
use crate::engine::event::RecordKind;
use crate::engine::view::IntakeOutcome;
use crate::entry::form::{self, Asked, Wrong, field_of, grouped, read, refused};
use crate::wire::message::{ReplyBody, RequestBody};
use crate::wire::records::{RecordFilter, TailFrom};

pub(super) use self::drafts::keep;
pub(super) use self::several::{follow, lay, paste};

/// The most changes of meters that are asked for: as many as a screen shows.
const MOST_CHANGES: u32 = 50;

/// Opens a form by its place behind the sheets.
pub(super) fn open(model: &mut Model, place: usize) -> Vec<Effect> {
    let Some(plant) = &model.plant else { return Vec::new() };
    let Some(form) = plant.model.forms().nth(place) else {
        return Vec::new();
    };
    let form = form.clone();
    drafts::begin(model, form);
    let mut effects = look_around(model);
    effects.push(drafts::ask_for(model));
    effects.extend(blocks::ask_for(model));
    effects
}

/// Asks for the documents around what is written.
fn look_around(model: &mut Model) -> Vec<Effect> {
    let Some(open) = &model.entry.form else {
        return Vec::new();
    };
    let (own, batches) = (open.form.key.clone(), open.form.batches.clone());
    if open.form.kind == FormKind::MeterChange {
        let body = RequestBody::Tail {
            count: MOST_CHANGES,
            from: TailFrom::Newest,
            filter: RecordFilter::only(RecordKind::MeterChange),
            changes: true,
        };
        let effect = ask(model, body);
        let request = model.last_request;
        if let Some(open) = &mut model.entry.form {
            // There are none, and nothing is waited for.
            open.standing = Wanted::Here(Vec::new());
            open.records = Some(Wanted::Awaited(request));
        }
        return vec![effect];
    }
    let asked = |form: String| RequestBody::Documents { form, count: LOOKED_AT };
    let mut effects = vec![ask(model, asked(own))];
    let standing = model.last_request;
    let of_batches = batches.map(|batches| {
        effects.push(ask(model, asked(batches)));
        model.last_request
    });
    if let Some(open) = &mut model.entry.form {
        open.standing = Wanted::Awaited(standing);
        open.batches = of_batches.map(Wanted::Awaited);
        open.forget_doubts();
    }
    effects
}

/// A key in a form.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = form_height(model.size).max(1);
    let Some(open) = model.entry.form.as_mut() else {
        return Vec::new();
    };
    match &open.over {
        Some(Over::Picking(_)) => return workbook::key(model, action),
        Some(Over::Several(_)) => return several::key(model, action),
        None if open.attaching.inbox.is_some() => return inbox::key(model, action),
        None => {}
    }
    if action == Action::Back {
        return back(model);
    }
    let is_changed = open.take();
    let last = open.fields.len().saturating_sub(1);
    let was_last = open.at == last;
    match action {
        Action::Accept if was_last => {
            let mut effects = keep(model, is_changed);
            effects.extend(file(model));
            return effects;
        }
        Action::Send => {
            let mut effects = keep(model, is_changed);
            effects.extend(file(model));
            return effects;
        }
        Action::Attach => {
            let mut effects = keep(model, is_changed);
            effects.extend(inbox::open(model));
            return effects;
        }
        Action::Workbook => {
            let mut effects = keep(model, is_changed);
            effects.extend(several::pick_workbook(model));
            return effects;
        }
        Action::Accept | Action::Next => open.at = (open.at + 1).min(last),
        Action::Previous => open.at = open.at.saturating_sub(1),
        _ => open.at = moved(open.at, action, page, last).unwrap_or(open.at),
    }
    look_at(model, is_changed);
    if let Some(open) = model.entry.form.as_mut() {
        open.load();
        open.top = scrolled(open.top, open.at, page);
    }
    keep(model, is_changed)
}

/// The window is another one: scrolls back where there is room.
pub(super) fn keep_in_view(model: &mut Model) {
    let page = form_height(model.size).max(1);
    if let Some(open) = model.entry.form.as_mut() {
        open.top = within(open.top, open.at, page, open.fields.len());
    }
}

/// Gives the keys back to the fields.
pub(super) fn back_to_fields(model: &mut Model) {
    if let Some(open) = model.entry.form.as_mut() {
        open.over = None;
    }
}

/// Takes what is being typed into its field, and has the daemon keep it.
pub(super) fn take(model: &mut Model) -> Vec<Effect> {
    let is_changed = model.entry.form.as_mut().is_some_and(|open| open.take());
    look_at(model, is_changed);
    keep(model, is_changed)
}

/// Why a form cannot be left yet: something of it is nowhere but here.
pub(super) fn unkept(model: &Model) -> Option<Text> {
    let open = model.entry.form.as_ref()?;
    if matches!(open.over, Some(Over::Several(_))) {
        Some(Text::new("tui-entry-block-open"))
    } else if open.attaching.is_busy() {
        Some(Text::new("tui-inbox-busy"))
    } else {
        let is_kept = open.is_kept || model.link == LinkState::Up;
        (open.filing.is_some() || !is_kept).then(|| Text::new("tui-form-unsaved"))
    }
}

/// The first Esc forgets what is being typed, another one leaves the form; what was written is kept.
fn back(model: &mut Model) -> Vec<Effect> {
    let Some(open) = model.entry.form.as_mut() else {
        return Vec::new();
    };
    let standing = open
        .here()
        .map(|field| open.text(&field.key).to_owned())
        .unwrap_or_default();
    if open.field.text().trim() != standing {
        open.load();
    } else if open.attaching.is_busy() {
        inbox::let_go(model);
    } else {
        match unkept(model) {
            None => model.entry.form = None,
            why => model.notice = why,
        }
    }
    Vec::new()
}

/// Tells at once what is wrong about a field that was left; what is missing is told when it is filed.
fn look_at(model: &mut Model, is_changed: bool) {
    let (Some(plant), Some(open)) = (&model.plant, model.entry.form.as_mut()) else {
        return;
    };
    if !is_changed {
        return;
    }
    let found = read(&plant.model, &open.form, &open.said()).err().unwrap_or_default();
    let is_written = |wrong: &Wrong| open.texts.contains_key(&wrong.field);
    let wrong = found.into_iter().filter(is_written);
    open.wrong = wrong.map(|one| (one.field, one.why)).collect();
}

/// The right that a form needs.
pub(super) const fn right(kind: FormKind) -> Right {
    match kind {
        FormKind::Calibration | FormKind::MeterChange => Right::Correct,
        FormKind::Batch | FormKind::Laboratory | FormKind::Invoice | FormKind::Stock => Right::Enter,
    }
}

/// Asks the daemon to file what is written, if all of it can be read and what looks wrong was looked at.
fn file(model: &mut Model) -> Vec<Effect> {
    let now = model.plant.as_ref().map(|plant| plant.now(model.elapsed));
    let held_back = held_back(model);
    let page = form_height(model.size).max(1);
    let (Some(plant), Some(open), Some(now)) = (&model.plant, model.entry.form.as_mut(), now) else {
        return Vec::new();
    };
    if open.filing.is_some() {
        return Vec::new();
    }
    if held_back.is_some() {
        open.fault = held_back;
        let right = right(open.form.kind);
        sign_on_first(model, right);
        return Vec::new();
    }
    let asked = match read(&plant.model, &open.form, &open.said()) {
        Ok(asked) => asked,
        Err(wrong) => {
            show_wrong(open, wrong, page);
            return Vec::new();
        }
    };
    let (body, number) = match asked {
        Asked::MeterChange(change) => {
            let found = grouped(&plant.model, &open.form, &open.texts);
            if !found.is_empty() && !open.was_told() {
                open.doubted = Some((open.texts.clone(), found));
                return Vec::new();
            }
            let serial = change.serial.clone();
            (RequestBody::ChangeMeter(change), serial)
        }
        Asked::Document(document) => {
            let paper = open.paper(&plant.model, now);
            let wrong = refused(&paper, &document);
            if !wrong.is_empty() {
                show_wrong(open, wrong, page);
                return Vec::new();
            }
            let mut found = form::doubts(&paper, &document);
            let Some(doubted) = open.doubted_of(&document) else {
                return vec![doubts::ask_of(model, *document)];
            };
            let wrong: Vec<Wrong> = doubted.refused.iter().map(Wrong::from).collect();
            found.extend(doubted.told.iter().map(|one| (one.field.clone(), one.why.clone())));
            if !wrong.is_empty() {
                // It may be right the next time: a batch is filed meanwhile.
                open.known = None;
                show_wrong(open, wrong, page);
                return Vec::new();
            }
            found.extend(grouped(&plant.model, &open.form, &open.texts));
            if !found.is_empty() && !open.was_told() {
                open.doubted = Some((open.texts.clone(), found));
                return Vec::new();
            }
            let number = document.number.clone();
            let documents = vec![Document {
                attachments: open.attaching.attachments.clone(),
                ..*document
            }];
            let provenance = Provenance::default();
            (RequestBody::File { provenance, documents }, number)
        }
    };
    vec![ask_to_file(model, body, Filed::One(number))]
}

/// Shows what is wrong, from its first field on.
fn show_wrong(open: &mut OpenForm, wrong: Vec<Wrong>, page: usize) {
    open.wrong = wrong.into_iter().map(|one| (one.field, one.why)).collect();
    let first = open.fields.iter().position(|field| open.wrong.contains_key(&field.key));
    open.at = first.unwrap_or(open.at);
    open.top = scrolled(open.top, open.at, page);
    open.load();
}

/// Why nothing can be filed at the moment.
fn held_back(model: &Model) -> Option<Text> {
    let open = model.entry.form.as_ref()?;
    lacking(model, right(open.form.kind))
        .or_else(|| (model.link != LinkState::Up).then(|| Text::new("tui-entry-no-link")))
        .or_else(|| open.attaching.is_busy().then(|| Text::new("tui-inbox-busy")))
}

/// Asks the daemon to file documents.
fn ask_to_file(model: &mut Model, body: RequestBody, what: Filed) -> Effect {
    let (effect, asked) = unanswered::ask(model, body);
    if let Some(open) = &mut model.entry.form {
        open.filing = Some(Filing { asked, what });
    }
    effect
}

/// Something is about to be typed.
pub(super) fn before_typing(model: &mut Model) {
    if let Some(open) = model.entry.form.as_mut() {
        open.before_typing();
    }
}

/// Something is typed: what was said of it before is of another text.
pub(super) fn typed(model: &mut Model) {
    if let Some(open) = model.entry.form.as_mut() {
        open.is_fresh = false;
        open.fault = None;
        if let Some(key) = open.here().map(|field| field.key.clone()) {
            open.wrong.remove(&key);
        }
    }
}

/// Takes an answer in, if it is one that is awaited here.
pub(super) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    if model.entry.drafts_awaited == Some(id) {
        model.entry.drafts_awaited = None;
        return Ok(drafts::are_here(model, result));
    }
    let result = match blocks::answer(model, id, result) {
        Ok(()) => return Ok(Vec::new()),
        Err(result) => result,
    };
    let Some(open) = model.entry.form.as_mut() else {
        return Err(result);
    };
    let documents = |result: Result<ReplyBody, Text>| match result {
        Ok(ReplyBody::Documents(documents)) => Wanted::Here(documents),
        Ok(_) => Wanted::Refused(Text::new("tui-explain-unexpected")),
        Err(why) => Wanted::Refused(why),
    };
    if open.standing.awaits() == Some(id) {
        open.standing = documents(result);
        several::look_again(model);
    } else if open.records.as_ref().and_then(Wanted::awaits) == Some(id) {
        open.records = Some(match result {
            Ok(ReplyBody::Records(page)) => Wanted::Here(page.records),
            Ok(_) => Wanted::Refused(Text::new("tui-explain-unexpected")),
            Err(why) => Wanted::Refused(why),
        });
    } else if open.batches.as_ref().and_then(Wanted::awaits) == Some(id) {
        open.batches = Some(documents(result));
        several::look_again(model);
    } else if let Some(known) = open.known.as_mut().filter(|known| known.doubted.awaits() == Some(id)) {
        known.doubted = doubts::told(result);
        return Ok(doubts::go_on(model));
    } else if several::awaits(open, id) {
        several::know(model, doubts::told(result));
    } else if open.keeping == Some(id) {
        open.keeping = None;
        match result {
            Ok(_) => open.is_kept = true,
            Err(why) => open.fault = Some(Text::new("tui-entry-not-kept").with_text("why", why)),
        }
    } else if open.filing.as_ref().is_some_and(|filing| filing.asked.request == id) {
        return Ok(filed(model, result));
    } else {
        return Err(result);
    }
    Ok(Vec::new())
}

/// It was filed, or why not.
fn filed(model: &mut Model, result: Result<ReplyBody, Text>) -> Vec<Effect> {
    let Some(open) = model.entry.form.as_mut() else {
        return Vec::new();
    };
    let Some(filing) = open.filing.take() else {
        return Vec::new();
    };
    let outcome = match result {
        Ok(ReplyBody::Intake(outcome)) => outcome,
        Ok(ReplyBody::Recorded(sequence)) => IntakeOutcome {
            sequence: Some(sequence),
            ..IntakeOutcome::default()
        },
        Ok(ReplyBody::Restated { sequence, restated }) => IntakeOutcome {
            sequence: Some(sequence),
            restated,
            ..IntakeOutcome::default()
        },
        Ok(_) => {
            open.fault = Some(Text::new("tui-explain-unexpected"));
            return Vec::new();
        }
        Err(why) => {
            // What only the daemon knew stands where it was written, as what was known here does.
            let field = field_of(&why).filter(|field| open.fields.iter().any(|known| known.key == *field));
            match (field, &filing.what) {
                (Some(field), Filed::One(_)) => {
                    let field = field.to_owned();
                    show_wrong(open, vec![Wrong { field, why }], form_height(model.size).max(1));
                }
                _ => open.fault = Some(why),
            }
            return Vec::new();
        }
    };
    let (told, is_one) = match &filing.what {
        Filed::One(number) => (Text::new("tui-form-filed").with("number", clean(number)), true),
        Filed::Several(count) => (Text::new("tui-form-several-filed").with_count("count", *count), false),
    };
    let mut told = vec![told.with("record", outcome.sequence.unwrap_or_default())];
    if outcome.excluded > 0 {
        told.push(Text::new("tui-entry-excluded").with_count("count", outcome.excluded));
    }
    told.extend(restated::told(&outcome.restated));
    told.extend(outcome.left_sealed);
    open.over = None;
    open.fault = None;
    let form = open.form.key.clone();
    // What is written in the fields is another document than those of a block.
    if is_one {
        open.texts.clear();
        open.attaching.attachments.clear();
        open.wrong.clear();
        open.doubted = None;
        (open.at, open.top) = (0, 0);
        open.load();
    }
    model.notice = Text::sentences(told);
    if !is_one {
        blocks::forget(model, form);
    }
    let mut effects = keep(model, is_one);
    effects.extend(look_around(model));
    effects
}

/// The connection is new: what is written is kept again, and what was filed is filed again under its key.
pub(super) fn link_is_up(model: &mut Model) -> Vec<Effect> {
    blocks::link_is_up(model);
    let Some(open) = model.entry.form.as_ref() else {
        return Vec::new();
    };
    let (is_kept, awaits_block) = (open.is_kept, open.block_awaited.is_some());
    let mut effects = if model.entry.drafts_awaited.is_some() {
        vec![drafts::ask_for(model)]
    } else {
        keep(model, !is_kept)
    };
    if awaits_block {
        effects.extend(blocks::ask_for(model));
    }
    effects.extend(unanswered::ask_again(model, |model| {
        let filing = model.entry.form.as_mut()?.filing.as_mut()?;
        Some(&mut filing.asked)
    }));
    effects.extend(inbox::link_is_up(model));
    effects.extend(look_around(model));
    effects
}

/// Somebody else sits here: what was written is kept for who wrote it.
pub(super) fn somebody_else(model: &mut Model) {
    drafts::put_by(model);
    model.entry.form_drafts.clear();
    model.entry.drafts_awaited = None;
}
