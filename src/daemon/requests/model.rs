//! The model in force.

use crate::domain::model::SiteModel;
use crate::domain::text::Text;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;

pub(super) fn answer(writer: &mut Writer) -> Result<ReplyBody, Text> {
    let model = writer.shared.model().ok_or_else(|| Text::new("daemon-no-model"))?;
    Ok(ReplyBody::Model(Box::new(SiteModel::clone(&model))))
}
