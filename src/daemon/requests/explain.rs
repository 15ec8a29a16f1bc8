//! How a figure came about, one level deep.

use crate::engine::view::Target;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

pub(super) fn question(writer: &Writer, target: Target) -> Question {
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let explanation = snapshot.ask(|engine, history| engine.explain(history, &target))?;
        Ok(ReplyBody::Explanation(Box::new(explanation)))
    })
}
