//! A ledger table.

use crate::domain::identity::{BookId, NodeId};
use crate::domain::period::Period;
use crate::domain::text::Text;
use crate::engine::view::Step;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::text_of;

pub(super) fn answer(
    writer: &mut Writer,
    book: Option<BookId>,
    node: Option<NodeId>,
    period: Period,
    step: Step,
) -> Result<ReplyBody, Text> {
    let (engine, history) = writer.ground.engine();
    let table = engine.ledger(history, book, node, period, step).map_err(text_of)?;
    Ok(ReplyBody::Ledger(Box::new(table)))
}
