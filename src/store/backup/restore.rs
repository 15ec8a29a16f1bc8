//! A backup becomes a site again (恢复).

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::copying::{Copying, make_private, refuse_unless_empty};
use super::manifest::verify_backup;
use super::{BackupError, BackupReport};
use crate::store::disk::{FileError, RealDisk, sync_parent};
use crate::store::identity::{Fork, SiteIdentity};

/// What the group may do with a site's directory: pass through it.
const SITE_MODE: u32 = 0o750;

/// Restores a backup into a directory that does not exist or is empty. Everything is checked first; the directory gets
/// its name last, so that a restore is there whole or not at all. Opening the restored store tells, in
/// [`Recovery::fork`](crate::store::Recovery::fork), the record that the engine is to write first.
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
    // Clients reach the socket through it.
    std::fs::set_permissions(&beside, Permissions::from_mode(SITE_MODE)).map_err(FileError::at("open", &beside))?;
    disk.rename(&beside, site).map_err(FileError::at("rename", site))?;
    sync_parent(&*disk, site)?;
    Ok(BackupReport {
        bytes: manifest.files.iter().map(|file| file.bytes).sum(),
        manifest,
        left_out: Vec::new(),
    })
}
