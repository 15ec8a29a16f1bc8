//! The data-quality control plan of a month.

use crate::domain::time::Month;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

pub(super) fn question(writer: &mut Writer, month: Option<Month>) -> Question {
    let now = writer.now();
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let view = snapshot.ask(|engine, history| {
            let month = month.unwrap_or_else(|| engine.month_at(now));
            engine.quality_plan(history, now, month)
        })?;
        Ok(ReplyBody::QualityPlan(Box::new(view)))
    })
}
