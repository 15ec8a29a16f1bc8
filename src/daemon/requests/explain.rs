//! How a figure came about, one level deep.

use crate::domain::text::Text;
use crate::engine::view::Target;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::text_of;

pub(super) fn answer(writer: &mut Writer, target: &Target) -> Result<ReplyBody, Text> {
    // What a record did stands in the journal, which the engine does not read.
    if let Target::Record { sequence } = *target {
        return super::tail::explain(writer, sequence);
    }
    let (engine, history) = writer.ground.engine();
    let explanation = engine.explain(history, target).map_err(text_of)?;
    Ok(ReplyBody::Explanation(Box::new(explanation)))
}
