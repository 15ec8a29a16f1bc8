//! The months of a year, with what was issued of them.

use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

pub(super) fn months(writer: &mut Writer, year: Option<i32>) -> Question {
    let now = writer.now();
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let months = snapshot.ask(|engine, history| {
            let year = year.unwrap_or_else(|| engine.month_at(now).year);
            engine.months(history, now, year)
        })?;
        Ok(ReplyBody::Months(months))
    })
}
