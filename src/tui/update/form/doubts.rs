//! What looks wrong about a document by what stands already (已有值疑点): the daemon is asked before it is filed.

use super::super::super::form::Known;
use super::super::super::model::{Model, Wanted};
use super::super::{Effect, ask};
use super::file;
use crate::domain::document::Document;
use crate::domain::text::Text;
use crate::engine::overlaps::ToBring;
use crate::engine::view::Doubts;
use crate::entry::form::{Asked, read};
use crate::wire::message::{ReplyBody, RequestBody};

/// Asks what looks wrong about a document by what stands already: as soon as that is known it is filed, where nothing does.
pub(super) fn ask_of(model: &mut Model, document: Document) -> Effect {
    let to_bring = ToBring::Documents(vec![document.clone()]);
    let effect = ask(model, RequestBody::Doubts(to_bring));
    let request = model.last_request;
    if let Some(open) = &mut model.entry.form {
        open.known = Some(Known {
            of: document,
            doubted: Wanted::Awaited(request),
        });
    }
    effect
}

/// The daemon has said what it knows of the document: goes on with filing it, unless something else is written meanwhile.
pub(super) fn go_on(model: &mut Model) -> Vec<Effect> {
    let (Some(plant), Some(open)) = (&model.plant, &mut model.entry.form) else {
        return Vec::new();
    };
    if let Some(Wanted::Refused(why)) = open.known.as_ref().map(|known| &known.doubted) {
        open.fault = Some(why.clone());
        open.known = None;
        return Vec::new();
    }
    let is_as_written = open
        .here()
        .is_none_or(|field| open.field.text().trim() == open.text(&field.key));
    let document = match read(&plant.model, &open.form, &open.said()) {
        Ok(Asked::Document(document)) if open.is_typed_into() && is_as_written => document,
        _ => return Vec::new(),
    };
    if open.doubted_of(&document).is_none() {
        return Vec::new();
    }
    file(model)
}

/// What the daemon said.
pub(super) fn told(result: Result<ReplyBody, Text>) -> Wanted<Doubts> {
    match result {
        Ok(ReplyBody::Doubts(doubts)) => Wanted::Here(doubts),
        Ok(_) => Wanted::Refused(Text::new("tui-explain-unexpected")),
        Err(why) => Wanted::Refused(why),
    }
}
