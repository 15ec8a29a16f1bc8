//! What was noted in a stretch of time.

use crate::domain::note::About;
use crate::domain::time::Instant;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

pub(super) fn question(writer: &Writer, about: About, stretch: (Instant, Instant), most: u32) -> Question {
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let notes = snapshot.ask(|engine, history| Ok(engine.notes(history, about, stretch, most)?))?;
        Ok(ReplyBody::Notes(Box::new(notes)))
    })
}
