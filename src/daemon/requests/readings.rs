//! A parameter's readings.

use crate::domain::identity::ParameterId;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::text_of;

pub(super) fn answer(
    writer: &mut Writer,
    parameter: ParameterId,
    from: Instant,
    to: Instant,
) -> Result<ReplyBody, Text> {
    let (engine, history) = writer.ground.engine();
    let readings = engine.readings(history, parameter, from, to).map_err(text_of)?;
    Ok(ReplyBody::Readings(readings))
}
