//! Sealing months (封存): first an export that is read back and kept in two places, then the record that names it, of months
//! that are still as the export has them.

use std::path::Path;
use std::sync::PoisonError;

use crate::connect::drop_folder::left_files;
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
    let allowed = may_seal(writer, through).and_then(|()| check_drop_folders(&writer.shared.site));
    if let Err(text) = allowed {
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
        let (months, cut) = snapshot.ask(|engine, history| {
            let months = engine.months_to_seal(history, through)?;
            Ok((months, engine.cut_by_seal(history, through)?))
        })?;
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
            months,
            cut,
        })))
    });
}

fn may_seal(writer: &mut Writer, through: Month) -> Result<(), Text> {
    let reach = reach(writer)?;
    let (engine, history) = writer.ground.engine();
    engine.check_seal(history, through, &reach).map_err(told)
}

/// Refuses a seal while files wait that may bring something for its months: it would be refused for ever afterwards.
fn check_drop_folders(site: &Path) -> Result<(), Text> {
    let left = left_files(&site.join("drop")).map_err(|error| error.text())?;
    if left.is_empty() {
        return Ok(());
    }
    let folders = left.iter().map(|left| match left.folder.as_str() {
        "" => format!("drop: {}", left.files),
        folder => format!("drop/{folder}: {}", left.files),
    });
    let folders: Vec<String> = folders.collect();
    Err(Text::new("daemon-seal-dropped").with("folders", folders.join(", ")))
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
    // What came while somebody was asked is not in the export.
    check_drop_folders(&writer.shared.site)?;
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
        // A file that came while somebody was asked would be refused for ever.
        let folder = site.path().join("drop/coal");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("2018-03.csv"), "x").unwrap();
        assert_eq!(why(&mut writer, &march).unwrap_err(), "daemon-seal-dropped");
        std::fs::remove_file(folder.join("2018-03.csv")).unwrap();
        assert_eq!(why(&mut writer, &march), Ok(()));
        writer.shared.set_verified(Some(verified(&april)));
        assert_eq!(why(&mut writer, &march).unwrap_err(), "daemon-seal-not-verified");
    }

    #[test]
    fn the_folders_are_named_in_which_files_wait() {
        let site = tempfile::tempdir().unwrap();
        let put = |path: &str| {
            let path = site.path().join("drop").join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        };
        assert!(check_drop_folders(site.path()).is_ok(), "there need be none");
        for path in ["coal/a.csv", "coal/b.csv.part", "coal/.hidden", "loose.csv"] {
            put(path);
        }
        let refused = check_drop_folders(site.path()).unwrap_err();
        let folders = refused.arguments.iter().find(|(key, _)| *key == "folders").unwrap();
        let folders = format!("{:?}", folders.1);
        assert!(folders.contains("drop: 1, drop/coal: 2"), "{folders}");
    }
}
