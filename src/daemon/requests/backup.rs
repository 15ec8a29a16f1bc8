//! A copy of the live site.

use std::fs;
use std::path::PathBuf;

use crate::domain::text::{Explained, Text};
use crate::locale::foreign::system_reason;
use crate::store::SiteIdentity;
use crate::store::backup::{BackupSource, backup};
use crate::wire::message::ReplyBody;

use super::super::job::ReplyTo;
use super::super::writer::Writer;
use super::on_its_own;

pub(super) fn start(writer: &mut Writer, directory: String, reply: ReplyTo) {
    let target = PathBuf::from(directory);
    if !target.is_absolute() {
        return reply.send(Err(
            Text::new("daemon-backup-not-absolute").with("path", target.display())
        ));
    }
    let site = writer.shared.site.clone();
    let journal = writer.ground.reader();
    let state = writer.ground.state().clone();
    on_its_own("backup", reply, move || {
        let source = BackupSource {
            identity: SiteIdentity::read(&site).map_err(|error| error.text())?,
            site,
            journal,
            state,
        };
        let report = backup(&source, &target, &mut |_| {}).map_err(|error| error.text())?;
        let manifest = target.join("manifest.json");
        let bytes = fs::read(&manifest).map_err(|error| {
            Text::new("daemon-site-file-unreadable")
                .with("path", manifest.display())
                .with_text("error", system_reason(&error))
        })?;
        tracing::info!(target = %target.display(), sequence = report.manifest.sequence.0, "backed up");
        Ok(ReplyBody::Backup {
            manifest: blake3::hash(&bytes).to_hex().to_string(),
            sequence: report.manifest.sequence,
        })
    });
}
