//! A counter's meter was replaced or reset.

use crate::domain::text::Text;
use crate::engine::command::{CommandBody, MeterChange};

pub(super) fn command(change: MeterChange) -> Result<CommandBody, Text> {
    if change.reason.trim().is_empty() {
        return Err(Text::new("daemon-reason-missing"));
    }
    Ok(CommandBody::ChangeMeter(change))
}
