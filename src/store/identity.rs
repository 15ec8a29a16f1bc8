//! Which site this is (现场标识): a number given once, and the epoch that each restore raises.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;
use uuid::Uuid;

use super::disk::{Disk, FileError, RealDisk, replace_file, sync_parent, write_new_file};
use super::journal::chain::ChainHash;
use crate::domain::identity::Sequence;
use crate::domain::text::{Explained, Text, clean};

/// Name of the identity file in the site's directory.
pub const IDENTITY_FILE: &str = "site.id";

/// Why the identity cannot be had.
#[derive(Debug, Error)]
pub enum IdentityError {
    /// There is none: the directory is not a site, or not yet.
    #[error("{} is not there: the directory is not a site", .0.display())]
    Missing(PathBuf),
    /// There is one already.
    #[error("{} is there already", .0.display())]
    Exists(PathBuf),
    /// It cannot be read.
    #[error("{} is damaged", .0.display())]
    Damaged(PathBuf),
    /// A file operation failed.
    #[error(transparent)]
    Io(#[from] FileError),
}

impl Explained for IdentityError {
    fn text(&self) -> Text {
        let (id, path) = match self {
            Self::Missing(path) => ("store-identity-missing", path),
            Self::Exists(path) => ("store-identity-exists", path),
            Self::Damaged(path) => ("store-identity-damaged", path),
            Self::Io(error) => return error.text(),
        };
        Text::new(id).with("path", clean(&path.to_string_lossy()))
    }
}

/// Where a restored site parted from the one that was backed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fork {
    /// The epoch of the site that was backed up.
    pub epoch: u32,
    /// The last record of the backup.
    pub sequence: Sequence,
    /// The chain up to it.
    pub hash: ChainHash,
}

/// See the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteIdentity {
    /// Given when the site is made; a restored copy keeps it.
    pub site: Uuid,
    /// 1 at first.
    pub epoch: u32,
    /// Where the current epoch began, when it began with a restore.
    pub fork: Option<Fork>,
}

impl SiteIdentity {
    /// Gives a directory a new identity. However many try at once, one of them succeeds, and what it wrote stays.
    ///
    /// # Errors
    /// [`IdentityError::Exists`] where the directory has one.
    pub fn create(directory: &Path) -> Result<Self, IdentityError> {
        let path = directory.join(IDENTITY_FILE);
        let identity = Self {
            site: Uuid::new_v4(),
            epoch: 1,
            fork: None,
        };
        // Whole before it has its name, and given the name only where nothing else has it.
        let beside = directory.join(format!("{IDENTITY_FILE}.{}", identity.site));
        write_new_file(&RealDisk, &beside, identity.to_text().as_bytes())?;
        let named = match std::fs::hard_link(&beside, &path) {
            Err(error) if has_no_links(&error) => write_new_file(&RealDisk, &path, identity.to_text().as_bytes()),
            other => other.map_err(FileError::at("create", &path)),
        };
        // Only a name is left over; the file it belonged to is the identity or nothing.
        let _ = std::fs::remove_file(&beside);
        match named {
            Err(error) if error.source.kind() == ErrorKind::AlreadyExists => return Err(IdentityError::Exists(path)),
            other => other?,
        }
        sync_parent(&RealDisk, &path)?;
        Ok(identity)
    }

    /// Reads the identity of a site.
    pub fn read(directory: &Path) -> Result<Self, IdentityError> {
        let path = directory.join(IDENTITY_FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(IdentityError::Missing(path)),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => return Err(IdentityError::Damaged(path)),
            Err(error) => return Err(FileError::at("read", &path)(error).into()),
        };
        Self::parse(&text).ok_or(IdentityError::Damaged(path))
    }

    pub(super) fn write(&self, directory: &Path, disk: &Arc<dyn Disk>) -> Result<(), FileError> {
        replace_file(&**disk, &directory.join(IDENTITY_FILE), self.to_text().as_bytes())
    }

    fn to_text(self) -> String {
        let fork = self.fork.map_or_else(String::new, |fork| {
            format!("fork {} {} {}\n", fork.epoch, fork.sequence, fork.hash)
        });
        let text = format!("site {}\nepoch {}\n{fork}", self.site, self.epoch);
        let checksum = crc32c::crc32c(text.as_bytes());
        text + &format!("check {checksum:08x}\n")
    }

    fn parse(text: &str) -> Option<Self> {
        let (covered, checksum) = text.trim_end_matches('\n').rsplit_once('\n')?;
        let covered = format!("{covered}\n");
        if checksum != format!("check {:08x}", crc32c::crc32c(covered.as_bytes())) {
            return None;
        }
        let mut lines = covered.lines();
        let site = lines.next()?.strip_prefix("site ")?.parse().ok()?;
        let epoch = lines.next()?.strip_prefix("epoch ")?.parse().ok()?;
        let fork = match lines.next() {
            None => None,
            Some(line) => {
                let mut words = line.strip_prefix("fork ")?.split(' ');
                Some(Fork {
                    epoch: words.next()?.parse().ok()?,
                    sequence: Sequence(words.next()?.parse().ok()?),
                    hash: words.next()?.parse().ok()?,
                })
            }
        };
        Some(Self { site, epoch, fork })
    }
}

/// Whether the file system cannot give a file a second name.
fn has_no_links(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Unsupported | ErrorKind::PermissionDenied | ErrorKind::TooManyLinks
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_given_once_and_read_back() {
        let home = tempfile::TempDir::new().unwrap();
        assert!(matches!(
            SiteIdentity::read(home.path()),
            Err(IdentityError::Missing(_))
        ));
        let identity = SiteIdentity::create(home.path()).unwrap();
        assert_eq!(SiteIdentity::read(home.path()).unwrap(), identity);
        assert!(matches!(
            SiteIdentity::create(home.path()),
            Err(IdentityError::Exists(_))
        ));
    }

    #[test]
    fn of_many_who_give_one_at_once_one_succeeds() {
        for _ in 0..20 {
            let home = tempfile::TempDir::new().unwrap();
            let start = std::sync::Barrier::new(8);
            let given: Vec<SiteIdentity> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..8)
                    .map(|_| {
                        scope.spawn(|| {
                            start.wait();
                            SiteIdentity::create(home.path())
                        })
                    })
                    .collect();
                threads
                    .into_iter()
                    .filter_map(|thread| thread.join().unwrap().ok())
                    .collect()
            });
            assert_eq!(given, [SiteIdentity::read(home.path()).unwrap()]);
            assert_eq!(
                std::fs::read_dir(home.path()).unwrap().count(),
                1,
                "nothing is left over"
            );
        }
    }

    #[test]
    fn a_changed_digit_is_noticed() {
        let identity = SiteIdentity {
            site: Uuid::from_u128(7),
            epoch: 3,
            fork: Some(Fork {
                epoch: 2,
                sequence: Sequence(99),
                hash: ChainHash([3; 32]),
            }),
        };
        let text = identity.to_text();
        assert_eq!(SiteIdentity::parse(&text), Some(identity));
        assert_eq!(SiteIdentity::parse(&text.replace("epoch 3", "epoch 4")), None);
        assert_eq!(SiteIdentity::parse(""), None);
    }
}
