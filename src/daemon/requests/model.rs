//! The model in force.

use crate::domain::model::SiteModel;
use crate::domain::text::Text;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;

pub(super) fn answer(writer: &mut Writer) -> Result<ReplyBody, Text> {
    // With the meters that are there now, and their calibrations.
    let (engine, _) = writer.ground.engine();
    let model: SiteModel = engine
        .model_as_calibrated()
        .ok_or_else(|| Text::new("daemon-no-model"))?;
    Ok(ReplyBody::Model(Box::new(model)))
}
