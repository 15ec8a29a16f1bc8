//! How parameters went: what charts and trends draw.

use crate::domain::identity::ParameterId;
use crate::domain::time::Instant;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

pub(super) fn question(
    writer: &mut Writer,
    parameters: Vec<ParameterId>,
    stretch: (Instant, Instant),
    columns: u16,
) -> Question {
    let now = writer.now();
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let courses = snapshot.ask(|engine, history| engine.courses(history, &parameters, stretch, columns, now))?;
        Ok(ReplyBody::Courses(courses))
    })
}
