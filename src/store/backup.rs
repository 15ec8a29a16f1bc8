//! Backup of a live site (在线备份), and restore.
//!
//! A backup is a directory: an export of the state, the journal's segments up to a record, the site's own files, and a
//! manifest with the digest of each. The manifest is written last: what has none is not a backup.
//!
//! A restored site keeps its identity and raises its epoch, so that two sites that went on from one backup can be told
//! apart for ever.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use super::disk::{Disk, FileError, RealDisk, replace_file, sync_parent};
use super::export::{ExportError, read_export, write_export};
use super::format::ChainHash;
use super::identity::{Fork, SiteIdentity};
use super::journal::{Head, JournalError};
use super::reader::JournalReader;
use super::segment::SegmentFile;
use super::site::{EXPORTS, JOURNAL};
use super::state::StateStore;
use crate::domain::identity::Sequence;

/// Files and directories of a site that a backup holds besides journal and state, where there are any.
pub const COMPANIONS: [&str; 3] = ["site.toml", "mappings", "attachments"];
const MANIFEST: &str = "manifest.json";
const MANIFEST_DIGEST: &str = "manifest.blake3";
const FORMAT: u32 = 1;
const COPY: usize = 1 << 20;
/// What others may do with a copy of a site: no more than with the site.
const DIRECTORY_MODE: u32 = 0o750;
const FILE_MODE: u32 = 0o640;

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

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackedUp {
    /// Path in the backup, with `/` between its parts.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its BLAKE3 digest.
    pub blake3: ChainHash,
}

/// What a backup says of itself (备份清单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this form.
    pub format: u32,
    /// The site.
    pub site: Uuid,
    /// Its epoch.
    pub epoch: u32,
    /// The last record of the journal in it.
    pub sequence: Sequence,
    /// The chain up to that record.
    pub hash: ChainHash,
    /// The record up to which the exported state is right.
    pub applied: Sequence,
    /// All files but the manifest.
    pub files: Vec<BackedUp>,
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

struct Copying<'a> {
    target: &'a Path,
    disk: &'a dyn Disk,
    files: Vec<BackedUp>,
    left_out: Vec<PathBuf>,
    progress: &'a mut dyn FnMut(u64),
    copied: u64,
}

impl Copying<'_> {
    /// Copies a file and syncs the copy.
    fn file(&mut self, from: &Path, to: &str) -> Result<(), FileError> {
        let source = File::open(from).map_err(FileError::at("open", from))?;
        self.opened(source, from, to, None)
    }

    /// Copies an open file, or its first `limit` bytes, and syncs the copy.
    fn opened(&mut self, source: File, from: &Path, to: &str, limit: Option<u64>) -> Result<(), FileError> {
        let target = self.target.join(to);
        let mut source = source.take(limit.unwrap_or(u64::MAX));
        let copy = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(FILE_MODE)
            .open(&target)
            .map_err(FileError::at("create", &target))?;
        let mut digest = blake3::Hasher::new();
        let mut bytes = 0;
        let mut buffer = Vec::with_capacity(COPY);
        loop {
            buffer.clear();
            (&mut source)
                .take(COPY as u64)
                .read_to_end(&mut buffer)
                .map_err(FileError::at("read", from))?;
            if buffer.is_empty() {
                break;
            }
            digest.update(&buffer);
            self.disk
                .write_at(&target, &copy, &buffer, bytes)
                .map_err(FileError::at("write", &target))?;
            bytes += buffer.len() as u64;
            self.copied += buffer.len() as u64;
            (self.progress)(self.copied);
        }
        self.disk.sync(&target, &copy).map_err(FileError::at("sync", &target))?;
        self.files.push(BackedUp {
            path: to.to_owned(),
            bytes,
            blake3: ChainHash(*digest.finalize().as_bytes()),
        });
        Ok(())
    }

    /// Copies a file or a directory with all that is in it.
    fn tree(&mut self, from: &Path, to: &str) -> Result<(), FileError> {
        let kind = match std::fs::symlink_metadata(from) {
            Ok(metadata) => metadata.file_type(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(FileError::at("look at", from)(error)),
        };
        if kind.is_file() {
            return self.file(from, to);
        }
        if !kind.is_dir() {
            self.left_out.push(from.to_owned());
            return Ok(());
        }
        self.directory(to)?;
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(from).map_err(FileError::at("read directory", from))? {
            entries.push(entry.map_err(FileError::at("read directory", from))?.path());
        }
        entries.sort();
        for path in entries {
            match path.file_name().and_then(|name| name.to_str()) {
                Some(name) => self.tree(&path, &format!("{to}/{name}"))?,
                None => self.left_out.push(path),
            }
        }
        self.sync_directory(to)
    }

    fn directory(&self, name: &str) -> Result<(), FileError> {
        let directory = self.target.join(name);
        make_private(&directory)
    }

    fn sync_directory(&self, name: &str) -> Result<(), FileError> {
        let directory = self.target.join(name);
        self.disk
            .sync_directory(&directory)
            .map_err(FileError::at("sync directory", &directory))
    }
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

/// Makes a directory, and those above it, that only its owner and group look into.
fn make_private(directory: &Path) -> Result<(), FileError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(DIRECTORY_MODE);
    builder
        .create(directory)
        .map_err(FileError::at("create directory", directory))
}

fn refuse_unless_empty(target: &Path) -> Result<(), BackupError> {
    match std::fs::read_dir(target) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(BackupError::NotEmpty(target.to_owned())),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(FileError::at("read directory", target)(error).into()),
    }
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

fn verify_chain(backup: &Path, site: Uuid, head: Head) -> Result<(), BackupError> {
    let report = JournalReader::of_directory(&backup.join(JOURNAL), site, head)?.verify_chain(None)?;
    match report.bad {
        Some(place) => Err(JournalError::Corrupt(place).into()),
        None => Ok(()),
    }
}

fn write_manifest(target: &Path, manifest: &Manifest, disk: &Arc<dyn Disk>) -> Result<(), FileError> {
    let path = target.join(MANIFEST);
    let text = serde_json::to_vec_pretty(manifest)
        .map_err(std::io::Error::from)
        .map_err(FileError::at("write", &path))?;
    let digest = format!("{}\n", blake3::hash(&text).to_hex());
    replace_file(&**disk, &target.join(MANIFEST_DIGEST), digest.as_bytes())?;
    replace_file(&**disk, &path, &text)?;
    sync_parent(&**disk, target)
}

fn digest_of(path: &Path) -> Result<(u64, ChainHash), FileError> {
    let file = File::open(path).map_err(FileError::at("open", path))?;
    let mut digest = blake3::Hasher::new();
    digest.update_reader(file).map_err(FileError::at("read", path))?;
    Ok((digest.count(), ChainHash(*digest.finalize().as_bytes())))
}

/// Reads a backup through: manifest, every file's digest, the chain of the journal, the digests of the export.
pub fn verify_backup(backup: &Path) -> Result<Manifest, BackupError> {
    let manifest = read_manifest(backup)?;
    for file in &manifest.files {
        let path = backup.join(&file.path);
        let inside = Path::new(&file.path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if !inside {
            return Err(BackupError::Damaged(backup.join(MANIFEST)));
        }
        match digest_of(&path) {
            Ok((bytes, digest)) if bytes == file.bytes && digest == file.blake3 => {}
            Ok(_) => return Err(BackupError::Damaged(path)),
            Err(error) if error.source.kind() == std::io::ErrorKind::NotFound => {
                return Err(BackupError::Damaged(path));
            }
            Err(error) => return Err(error.into()),
        }
    }
    let head = Head {
        epoch: manifest.epoch,
        sequence: manifest.sequence,
        hash: manifest.hash,
    };
    verify_chain(backup, manifest.site, head)?;
    for file in &manifest.files {
        let path = backup.join(&file.path);
        if file.path.starts_with(&format!("{EXPORTS}/"))
            && read_export(&path, manifest.site, &mut |_| Ok(()))?.applied != manifest.applied
        {
            return Err(BackupError::Damaged(path));
        }
    }
    Ok(manifest)
}

/// What every form of the manifest has.
#[derive(Deserialize)]
struct Any {
    format: u32,
}

fn read_manifest(backup: &Path) -> Result<Manifest, BackupError> {
    let path = backup.join(MANIFEST);
    let read = |path: &Path| match std::fs::read(path) {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(BackupError::NotABackup(backup.to_owned())),
        Err(error) => Err(FileError::at("read", path)(error).into()),
    };
    let text = read(&path)?;
    let digest = read(&backup.join(MANIFEST_DIGEST))?;
    if digest.trim_ascii() != blake3::hash(&text).to_hex().as_bytes() {
        return Err(BackupError::Damaged(path));
    }
    match serde_json::from_slice::<Any>(&text) {
        Ok(Any { format }) if format > FORMAT => Err(BackupError::Newer { path, format }),
        Ok(_) => serde_json::from_slice(&text).map_err(|_| BackupError::Damaged(path)),
        Err(_) => Err(BackupError::Damaged(path)),
    }
}

/// Restores a backup into a directory that does not exist or is empty. Everything is checked first; the directory gets
/// its name last, so that a restore is there whole or not at all. Opening the restored store tells, in
/// [`Recovery::fork`](super::site::Recovery::fork), the record that the engine is to write first.
pub fn restore(backup: &Path, site: &Path, progress: &mut dyn FnMut(u64)) -> Result<BackupReport, BackupError> {
    refuse_unless_empty(site)?;
    let manifest = verify_backup(backup)?;
    let disk = RealDisk::shared();
    let mut beside = site.as_os_str().to_owned();
    beside.push(".restoring");
    let beside = PathBuf::from(beside);
    if beside.exists() {
        // Of a restore that was cut off.
        std::fs::remove_dir_all(&beside).map_err(FileError::at("remove", &beside))?;
    }
    make_private(&beside)?;
    let mut copying = Copying {
        target: &beside,
        disk: &*disk,
        files: Vec::new(),
        left_out: Vec::new(),
        progress,
        copied: 0,
    };
    let mut directories = std::collections::BTreeSet::new();
    for file in &manifest.files {
        if let Some((directory, _)) = file.path.rsplit_once('/') {
            copying.directory(directory)?;
            directories.insert(directory);
        }
        copying.file(&backup.join(&file.path), &file.path)?;
        // The backup may have changed since it was read through.
        if copying.files.last() != Some(file) {
            return Err(BackupError::Damaged(backup.join(&file.path)));
        }
    }
    for directory in directories {
        copying.sync_directory(directory)?;
    }
    let identity = SiteIdentity {
        site: manifest.site,
        epoch: manifest.epoch.saturating_add(1),
        fork: Some(Fork {
            epoch: manifest.epoch,
            sequence: manifest.sequence,
            hash: manifest.hash,
        }),
    };
    identity.write(&beside, &disk)?;
    if site.exists() {
        std::fs::remove_dir(site).map_err(FileError::at("replace", site))?;
    }
    disk.rename(&beside, site).map_err(FileError::at("rename", site))?;
    sync_parent(&*disk, site)?;
    Ok(BackupReport {
        bytes: manifest.files.iter().map(|file| file.bytes).sum(),
        manifest,
        left_out: Vec::new(),
    })
}
