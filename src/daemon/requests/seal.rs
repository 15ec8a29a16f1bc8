//! Sealing months (封存): first an export that is read back and kept in two places, then the record that names it.

use std::path::PathBuf;
use std::sync::PoisonError;

use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::{Instant, Month};
use crate::engine::command::CommandBody;
use crate::engine::event::Event;
use crate::engine::sealed::Seal;
use crate::engine::second_check::Reach;
use crate::store::write_sealed_export;
use crate::wire::answers::SealExportView;
use crate::wire::message::ReplyBody;

use super::super::job::ReplyTo;
use super::super::refused::told;
use super::super::writer::Writer;
use super::on_its_own;
use super::record::read;

/// Writes and verifies the export that a seal needs. Nothing is sealed by this.
pub(super) fn export(writer: &mut Writer, through: Month, directory: String, reply: ReplyTo) {
    if let Err(text) = may_seal(writer, through) {
        return reply.send(Err(text));
    }
    let beside = PathBuf::from(directory);
    if !beside.is_absolute() || !beside.is_dir() || beside.starts_with(&writer.shared.site) {
        return reply.send(Err(
            Text::new("daemon-seal-directory").with("path", clean(&beside.display().to_string()))
        ));
    }
    let shared = std::sync::Arc::clone(&writer.shared);
    let state = writer.ground.state().clone();
    on_its_own("seal", reply, move || {
        let written = write_sealed_export(&shared.site, &state, &beside).map_err(|error| error.text())?;
        let digest = written.digest.to_string();
        shared
            .verified_exports
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((written.applied, digest.clone()));
        tracing::info!(path = %written.path.display(), applied = written.applied.0, "export for a seal verified");
        Ok(ReplyBody::SealExport(Box::new(SealExportView {
            through,
            applied: written.applied,
            export: digest,
            rows: written.rows,
            bytes: written.bytes,
            path: written.path.display().to_string(),
            copy: written.copy.display().to_string(),
        })))
    });
}

fn may_seal(writer: &mut Writer, through: Month) -> Result<(), Text> {
    let reach = reach(writer)?;
    let (engine, history) = writer.ground.engine();
    engine.check_seal(history, through, &reach).map_err(told)
}

/// How far back those records reach at which a second person looks as a whole: that stands in the journal, which the engine
/// does not read.
fn reach(writer: &mut Writer) -> Result<Reach, Text> {
    let reader = writer.ground.reader();
    let (engine, history) = writer.ground.engine();
    let mut reach = Reach::new();
    for sequence in engine.looked_at_as_a_whole(history).map_err(told)? {
        let record = read(&reader, sequence)?;
        // One that was dropped lies in months that are sealed already.
        let from = match record.payload.kept() {
            Some(payload) => {
                let (_, event) = Event::decode(record.kind, record.version, payload).map_err(told)?;
                engine.reaches_from(&event)
            }
            None => None,
        };
        reach.insert(sequence, from.unwrap_or(Instant::LATEST));
    }
    Ok(reach)
}

/// Seals months with an export that this daemon verified.
pub(super) fn command(writer: &mut Writer, seal: Seal) -> Result<CommandBody, Text> {
    let verified = writer.shared.verified_exports.lock();
    let is_verified = verified
        .unwrap_or_else(PoisonError::into_inner)
        .iter()
        .any(|(applied, digest)| *applied == seal.applied && *digest == seal.export);
    if !is_verified {
        return Err(Text::new("daemon-seal-not-verified"));
    }
    let reach = reach(writer)?;
    Ok(CommandBody::Seal { seal, reach })
}
