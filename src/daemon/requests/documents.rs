//! The documents of a form.

use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

pub(super) fn question(writer: &Writer, form: String, count: u32) -> Question {
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let documents = snapshot.ask(|engine, history| Ok(engine.documents(history, &form, count)?))?;
        Ok(ReplyBody::Documents(documents))
    })
}
