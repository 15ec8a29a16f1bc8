//! Hours that were not measured: what a decision would do, and how much was measured.

use crate::domain::time::Hour;
use crate::engine::filling::Fill;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

pub(super) fn preview(writer: &Writer, fill: Fill) -> Question {
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let preview = snapshot.ask(|engine, history| engine.rehearse_fill(history, &fill))?;
        Ok(ReplyBody::FillPreview(Box::new(preview)))
    })
}

pub(super) fn availability(writer: &Writer, from: Hour, to: Hour) -> Question {
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let found = snapshot.ask(|engine, history| engine.availability(history, from, to))?;
        Ok(ReplyBody::Availability(found))
    })
}
