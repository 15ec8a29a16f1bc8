//! What the quality checks find in the readings of a stretch.

use crate::domain::identity::ParameterId;
use crate::domain::time::Instant;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

pub(super) fn question(writer: &Writer, parameter: Option<ParameterId>, stretch: (Instant, Instant)) -> Question {
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let found = snapshot.ask(|engine, history| engine.checked(history, parameter, stretch))?;
        Ok(ReplyBody::Checked(found))
    })
}
