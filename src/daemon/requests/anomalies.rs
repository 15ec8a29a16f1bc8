//! Anomalies: what a decision would do, one with its history, and those outside the queue.

use crate::domain::actor::Actor;
use crate::domain::time::Instant;
use crate::engine::anomalies::AnomalyDeed;
use crate::quality::anomaly::AnomalyId;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

pub(super) fn preview(writer: &Writer, by: Actor, anomalies: Vec<AnomalyId>, deed: AnomalyDeed) -> Question {
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let preview = snapshot.ask(|engine, history| engine.rehearse_work(history, &by, &anomalies, deed))?;
        Ok(ReplyBody::AnomalyPreview(Box::new(preview)))
    })
}

pub(super) fn one(writer: &Writer, anomaly: AnomalyId) -> Question {
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let found = snapshot.ask(|engine, history| engine.anomaly_history(history, anomaly))?;
        Ok(ReplyBody::Anomaly(Box::new(found)))
    })
}

pub(super) fn past(writer: &Writer, stretch: (Instant, Instant)) -> Question {
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let found = snapshot.ask(|engine, history| engine.anomalies_outside(history, stretch))?;
        Ok(ReplyBody::PastAnomalies(found))
    })
}
