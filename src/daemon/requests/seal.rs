//! Sealing months (封存): first an export that is read back and kept in two places, then the record that names it, of months
//! that are still as the export has them.

use std::path::Path;
use std::sync::PoisonError;

use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::{Instant, Month};
use crate::engine::command::CommandBody;
use crate::engine::event::Event;
use crate::engine::sealed::Seal;
use crate::engine::second_check::Reach;
use crate::store::{SecondPlace, remove_unneeded_exports, write_sealed_export};
use crate::wire::answers::SealExportView;
use crate::wire::message::ReplyBody;

use super::super::job::{ReplyTo, VerifiedExport};
use super::super::refused::told;
use super::super::writer::Writer;
use super::on_its_own;
use super::record::read;

/// Writes and verifies the export that a seal needs. Nothing is sealed by this.
pub(super) fn export(writer: &mut Writer, through: Month, directory: &str, reply: ReplyTo) {
    if let Err(text) = may_seal(writer, through) {
        return reply.send(Err(text));
    }
    let place = match SecondPlace::outside(&writer.shared.site, Path::new(directory)) {
        Ok(place) => place,
        Err(error) => return reply.send(Err(error.text())),
    };
    // Whoever is still being asked about another export is asked anew.
    writer.shared.set_verified(None);
    let shared = std::sync::Arc::clone(&writer.shared);
    let state = writer.ground.state().clone();
    let snapshot = writer.ground.snapshot();
    on_its_own("seal", reply, move || {
        let never_closed = snapshot.ask(|engine, history| Ok(engine.never_closed(history, through)?))?;
        // Checkpoints wait for it.
        drop(snapshot);
        let _exporting = shared.exporting.lock().unwrap_or_else(PoisonError::into_inner);
        // What was exported for a seal that was then not set takes room that this one may need.
        if let Err(error) = remove_unneeded_exports(&shared.site, &state, &shared.needed_exports()) {
            tracing::error!(error = %clean(&error.to_string()), "a sealed export that no seal needs cannot be removed");
        }
        let written = write_sealed_export(&shared.site, &state, &place).map_err(|error| error.text())?;
        let digest = written.digest.to_string();
        shared.set_verified(Some(VerifiedExport {
            through,
            applied: written.applied,
            digest: digest.clone(),
        }));
        tracing::info!(path = %written.path.display(), applied = written.applied.0, "export for a seal verified");
        Ok(ReplyBody::SealExport(Box::new(SealExportView {
            through,
            applied: written.applied,
            export: digest,
            rows: written.rows,
            bytes: written.bytes,
            path: written.path.display().to_string(),
            copy: written.copy.display().to_string(),
            never_closed,
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
    if !writer.shared.is_verified(&seal) {
        return Err(Text::new("daemon-seal-not-verified"));
    }
    let reach = reach(writer)?;
    Ok(CommandBody::Seal { seal, reach })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daemon::writer::group::tests::writer;

    #[test]
    fn only_the_export_that_was_verified_last_is_sealed_and_only_for_its_months() {
        let site = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(site.path());
        let month = |month| Month { year: 2018, month };
        let seal = |through| Seal {
            through,
            applied: writer.ground.head().sequence,
            export: "e".repeat(64),
            drop: false,
        };
        let (march, april) = (seal(month(3)), seal(month(4)));
        let why = |writer: &mut Writer, seal: &Seal| {
            let command = command(writer, seal.clone());
            command.map(drop).map_err(|text| text.id.into_owned())
        };
        assert_eq!(why(&mut writer, &march).unwrap_err(), "daemon-seal-not-verified");
        let verified = |seal: &Seal| VerifiedExport {
            through: seal.through,
            applied: seal.applied,
            digest: seal.export.clone(),
        };
        writer.shared.set_verified(Some(verified(&march)));
        assert_eq!(why(&mut writer, &march), Ok(()));
        assert_eq!(why(&mut writer, &april).unwrap_err(), "daemon-seal-not-verified");
        writer.shared.set_verified(Some(verified(&april)));
        assert_eq!(why(&mut writer, &march).unwrap_err(), "daemon-seal-not-verified");
    }
}
