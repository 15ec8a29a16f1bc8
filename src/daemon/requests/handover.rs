//! The sheet of a shift's handover.

use crate::domain::handover::ShiftName;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

pub(super) fn question(writer: &mut Writer, shift: Option<ShiftName>) -> Question {
    let snapshot = writer.ground.snapshot();
    let now = writer.now();
    Box::new(move || {
        let view = snapshot.ask(|engine, history| engine.handover(history, now, shift))?;
        Ok(ReplyBody::Handover(Box::new(view)))
    })
}
