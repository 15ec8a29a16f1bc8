//! Crews compared.

use crate::domain::identity::BookId;
use crate::domain::time::Month;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

pub(super) fn question(writer: &mut Writer, book: Option<BookId>, month: Option<Month>) -> Question {
    let now = writer.now();
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let view = snapshot.ask(|engine, history| engine.crews(history, book, month, now))?;
        Ok(ReplyBody::Crews(Box::new(view)))
    })
}
