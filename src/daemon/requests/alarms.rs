//! Alarm figures.

use crate::domain::time::Instant;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

pub(super) fn figures(writer: &Writer, from: Instant, to: Instant) -> Question {
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let figures = snapshot.ask(|engine, history| engine.alarm_figures(history, from, to))?;
        Ok(ReplyBody::AlarmFigures(Box::new(figures)))
    })
}
