//! A parameter's readings.

use crate::domain::identity::ParameterId;
use crate::domain::time::Instant;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

pub(super) fn question(writer: &Writer, parameter: ParameterId, from: Instant, to: Instant) -> Question {
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let readings = snapshot.ask(|engine, history| engine.readings(history, parameter, from, to))?;
        Ok(ReplyBody::Readings(readings))
    })
}

/// Those that stand at an instant, as they can be named.
pub(super) fn named(writer: &Writer, parameter: ParameterId, at: Instant) -> Question {
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let readings = snapshot.ask(|engine, history| engine.named_readings(history, parameter, at))?;
        Ok(ReplyBody::NamedReadings(readings))
    })
}
