//! What a backup says of itself, and whether it is so.

use std::path::{Component, Path};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::BackupError;
use super::copying::digest_of;
use crate::domain::identity::Sequence;
use crate::store::disk::{Disk, FileError, replace_file, sync_parent};
use crate::store::journal::Head;
use crate::store::journal::chain::ChainHash;
use crate::store::journal::damage::JournalError;
use crate::store::journal::reader::JournalReader;
use crate::store::site::{EXPORTS, JOURNAL};
use crate::store::state::export::read_export;

const MANIFEST: &str = "manifest.json";
const MANIFEST_DIGEST: &str = "manifest.blake3";
pub(super) const FORMAT: u32 = 1;

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

pub(super) fn verify_chain(backup: &Path, site: Uuid, head: Head) -> Result<(), BackupError> {
    let report = JournalReader::of_directory(&backup.join(JOURNAL), site, head)?.verify_chain(None)?;
    match report.bad {
        Some(place) => Err(JournalError::Corrupt(place).into()),
        None => Ok(()),
    }
}

pub(super) fn write_manifest(target: &Path, manifest: &Manifest, disk: &Arc<dyn Disk>) -> Result<(), FileError> {
    let path = target.join(MANIFEST);
    let text = serde_json::to_vec_pretty(manifest)
        .map_err(std::io::Error::from)
        .map_err(FileError::at("write", &path))?;
    let digest = format!("{}\n", blake3::hash(&text).to_hex());
    replace_file(&**disk, &target.join(MANIFEST_DIGEST), digest.as_bytes())?;
    replace_file(&**disk, &path, &text)?;
    sync_parent(&**disk, target)
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
