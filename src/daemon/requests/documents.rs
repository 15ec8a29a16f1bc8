//! The documents of a form, and what looks wrong about what is to be brought.

use crate::engine::overlaps::ToBring;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

pub(super) fn question(writer: &Writer, form: String, count: u32) -> Question {
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let documents = snapshot.ask(|engine, history| engine.documents(history, &form, count))?;
        Ok(ReplyBody::Documents(documents))
    })
}

pub(super) fn doubts(writer: &Writer, to_bring: ToBring) -> Question {
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let doubts = snapshot.ask(|engine, history| engine.doubts(history, &to_bring))?;
        Ok(ReplyBody::Doubts(doubts))
    })
}
