//! Undo: the layers that a record brought are withdrawn.

use crate::domain::identity::Sequence;
use crate::domain::text::{Explained, Text};
use crate::engine::command::CommandBody;
use crate::store::Payload;

use super::super::ground::GroundError;
use super::super::writer::Writer;

pub(super) fn command(writer: &mut Writer, sequence: Sequence, reason: String) -> Result<CommandBody, Text> {
    if reason.trim().is_empty() {
        return Err(Text::new("daemon-reason-missing"));
    }
    let record = writer
        .ground
        .reader()
        .read(sequence)
        .map_err(|error| GroundError::from(error).text())?
        .ok_or_else(|| Text::new("daemon-no-record").with("sequence", sequence))?;
    let Payload::Kept(payload) = record.payload else {
        return Err(Text::new("daemon-record-dropped").with("sequence", sequence));
    };
    Ok(CommandBody::Withdraw {
        sequence,
        payload,
        reason,
    })
}
