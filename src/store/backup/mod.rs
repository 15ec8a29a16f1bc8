//! Backup of a live site (在线备份), and restore.
//!
//! A backup is a directory: an export of the state, the journal's segments up to a record, the site's own files, and a
//! manifest with the digest of each. The manifest is written last: what has none is not a backup.
//!
//! A restored site keeps its identity and raises its epoch, so that two sites that went on from one backup can be told
//! apart for ever.

mod copying;
mod manifest;
mod restore;

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::attachments::DIRECTORY as ATTACHMENTS;
use super::disk::{FileError, RealDisk};
use super::identity::SiteIdentity;
use super::journal::Head;
use super::journal::damage::JournalError;
use super::journal::reader::JournalReader;
use super::journal::segment::SegmentFile;
use super::site::{EXPORTS, JOURNAL, SEALED};
use super::state::StateStore;
use super::state::export::{ExportError, write_export};
use crate::domain::identity::Sequence;
use copying::{Copying, digest_of, make_private, refuse_unless_empty};
use manifest::{FORMAT, verify_chain, write_manifest};

pub use manifest::{BackedUp, Manifest, verify_backup};
pub use restore::restore;

/// Files and directories of a site that a backup holds besides journal and state, where there are any.
pub const COMPANIONS: [&str; 4] = ["site.toml", "mappings", ATTACHMENTS, SEALED];

/// Why a backup or a restore was not made.
#[derive(Debug, Error)]
pub enum BackupError {
    /// A file operation failed.
    #[error(transparent)]
    Io(#[from] FileError),
    /// The journal cannot be read, or is damaged.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The state cannot be exported, or the export is damaged.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The target holds something.
    #[error("{} is not empty", .0.display())]
    NotEmpty(PathBuf),
    /// There is no manifest.
    #[error("{} is not a finished backup", .0.display())]
    NotABackup(PathBuf),
    /// A file is not what was written.
    #[error("{} of the backup is damaged", .0.display())]
    Damaged(PathBuf),
    /// A newer carbonwatch made it.
    #[error("{} has format {format}, which this version does not know", path.display())]
    Newer {
        /// The manifest.
        path: PathBuf,
        /// Its format.
        format: u32,
    },
}

/// What a backup or a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// Bytes of all its files.
    pub bytes: u64,
    /// Things in the site's own directories that are neither files nor directories, and were left out.
    pub left_out: Vec<PathBuf>,
}

/// A live site to be backed up: handles that other threads may go on using.
#[derive(Debug, Clone)]
pub struct BackupSource {
    /// The site's directory.
    pub site: PathBuf,
    /// Which site.
    pub identity: SiteIdentity,
    /// Its journal.
    pub journal: JournalReader,
    /// Its state.
    pub state: StateStore,
}

/// Backs a live site up into a directory that does not exist or is empty, and reads the journal's copy through.
/// `progress` is told the bytes copied so far. Checkpoints wait while the state is exported; the journal does not.
pub fn backup(
    source: &BackupSource,
    target: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<BackupReport, BackupError> {
    refuse_unless_empty(target)?;
    let disk = RealDisk::shared();
    make_private(target)?;
    let mut copying = Copying {
        target,
        disk: &*disk,
        files: Vec::new(),
        left_out: Vec::new(),
        progress,
        copied: 0,
    };
    let applied = export(source, &mut copying)?;
    // The journal's end is asked for after the state was pinned, so that it has every record that the state has; the
    // site's files after that, so that they hold everything that a record names.
    let head = copy_journal(&source.journal, &mut copying)?;
    for name in COMPANIONS {
        copying.tree(&source.site.join(name), name)?;
    }
    let Copying { files, left_out, .. } = copying;
    verify_chain(target, source.identity.site, head)?;
    let manifest = Manifest {
        format: FORMAT,
        site: source.identity.site,
        epoch: source.identity.epoch,
        sequence: head.sequence,
        hash: head.hash,
        applied,
        files,
    };
    write_manifest(target, &manifest, &disk)?;
    Ok(BackupReport {
        bytes: manifest.files.iter().map(|file| file.bytes).sum(),
        manifest,
        left_out,
    })
}

fn export(source: &BackupSource, copying: &mut Copying<'_>) -> Result<Sequence, BackupError> {
    copying.directory(EXPORTS)?;
    let view = source.state.pin();
    let applied = view.applied();
    let name = format!("{EXPORTS}/{:020}.cwx", applied.0);
    let path = copying.target.join(&name);
    write_export(&view, &path)?;
    drop(view);
    let (bytes, blake3) = digest_of(&path)?;
    copying.copied += bytes;
    (copying.progress)(copying.copied);
    copying.files.push(BackedUp {
        path: name,
        bytes,
        blake3,
    });
    copying.sync_directory(EXPORTS)?;
    Ok(applied)
}

fn copy_journal(journal: &JournalReader, copying: &mut Copying<'_>) -> Result<Head, BackupError> {
    copying.directory(JOURNAL)?;
    // The newest segment is opened before anything is copied: it is compressed, and goes on, while the others are
    // copied, and what counts is what it had when its end was asked for.
    let (segments, newest, head) = open_newest(journal)?;
    for (segment, limit) in segments {
        match (limit, &newest) {
            (Some(limit), Some(newest)) => {
                let source = newest.try_clone().map_err(FileError::at("open", &segment.path))?;
                let name = journal_name(&segment.path);
                copying.opened(source, &segment.path, &name, Some(limit))?;
            }
            _ => copy_closed(journal, &segment, copying)?,
        }
    }
    copying.sync_directory(JOURNAL)?;
    Ok(head)
}

type Segments = Vec<(SegmentFile, Option<u64>)>;

/// The segments, the file of the one that is written to, and the end of the journal, all of one moment.
fn open_newest(journal: &JournalReader) -> Result<(Segments, Option<File>, Head), FileError> {
    loop {
        let (segments, head) = journal.segments();
        let Some((newest, Some(_))) = segments.last() else {
            return Ok((segments, None, head));
        };
        match File::open(&newest.path) {
            Ok(file) => return Ok((segments, Some(file), head)),
            // It was closed and compressed in between: there is a newer one.
            Err(error) if error.kind() == ErrorKind::NotFound && journal.segments().1 != head => {}
            Err(error) => return Err(FileError::at("open", &newest.path)(error)),
        }
    }
}

/// Copies a segment that is not written to any more, under whichever of its names it is there.
fn copy_closed(journal: &JournalReader, segment: &SegmentFile, copying: &mut Copying<'_>) -> Result<(), FileError> {
    match copying.file(&segment.path, &journal_name(&segment.path)) {
        Err(error) if error.operation == "open" && error.source.kind() == ErrorKind::NotFound => {
            let (segments, _) = journal.segments();
            match segments.into_iter().find(|(other, _)| other.first == segment.first) {
                Some((sealed, _)) => copying.file(&sealed.path, &journal_name(&sealed.path)),
                None => Err(error),
            }
        }
        other => other,
    }
}

fn journal_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!("{JOURNAL}/{name}")
}
