//! Attachments as a site keeps them (附件库): each file once, under its digest, part by part until it is whole. What has the
//! name of a digest has been read again and found to be that; it is never written to afterwards.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use super::disk::{Disk, FileError, PRIVATE_FILE, RealDisk, make_directory, sync_parent};
use crate::domain::attachment::{Attachment, Digest, LARGEST_ATTACHMENT};

/// Name of the directory in a site's.
pub const DIRECTORY: &str = "attachments";

/// How the name of a file begins that is not whole yet.
const UNFINISHED: &str = "part-";

/// The most files that are not whole at once: the one into which nobody has written for the longest time gives way.
const MOST_UNFINISHED: usize = 20;

/// Why a part was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AttachError {
    /// The disk did not do it.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file is empty or too large, or a part lies beyond its end.
    #[error("{0} bytes cannot be attached")]
    Length(u64),
    /// What came is not what its digest says.
    #[error("what came is not {0}")]
    Different(Digest),
    /// Somebody else sends the same file at the moment.
    #[error("the same file is being sent already")]
    Busy,
}

/// What became of an attachment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// Nothing stands in its place.
    Lost,
    /// What stands there is something else, or cannot be read.
    Changed,
}

/// A part of a file.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// Of which file.
    pub digest: Digest,
    /// How long the whole file is.
    pub of: u64,
    /// Where it begins.
    pub at: u64,
    /// What is in it; nothing to ask how much there is.
    pub bytes: &'a [u8],
}

/// Whether a file is one that is not whole yet.
pub(super) fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let is_named = name.is_some_and(|name| name.starts_with(UNFINISHED));
    is_named && path.parent().is_some_and(|parent| parent.ends_with(DIRECTORY))
}

/// Files into which somebody writes at the moment: parts of one may come from two terminals, and nobody waits for another.
static WRITTEN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Holds a file as one of them.
struct Held(PathBuf);

impl Held {
    fn of(path: PathBuf) -> Option<Self> {
        let mut written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
        written.insert(path.clone()).then(|| Self(path))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        WRITTEN.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

/// The attachments of a site.
#[derive(Debug, Clone)]
pub struct Attachments {
    directory: PathBuf,
}

impl Attachments {
    /// Of the site in a directory.
    pub fn of(site: &Path) -> Self {
        Self {
            directory: site.join(DIRECTORY),
        }
    }

    fn path(&self, digest: Digest) -> PathBuf {
        self.directory.join(digest.to_string())
    }

    fn unfinished(&self, digest: Digest) -> PathBuf {
        self.directory.join(format!("{UNFINISHED}{digest}"))
    }

    /// Whether an attachment is here, whole. Reads none of it.
    pub fn has(&self, attachment: &Attachment) -> bool {
        let length = fs::metadata(self.path(attachment.digest)).map(|found| found.len());
        length.is_ok_and(|length| length == attachment.bytes)
    }

    /// Takes a part in, and says how much there is of the file from its beginning: where the next part begins. A part that
    /// begins elsewhere is left alone. Once all is there it is on the medium, and is what its digest says.
    pub fn take(&self, part: Part<'_>) -> Result<u64, AttachError> {
        let end = part
            .at
            .saturating_add(u64::try_from(part.bytes.len()).unwrap_or(u64::MAX));
        if part.of == 0 || part.of > LARGEST_ATTACHMENT || end > part.of {
            return Err(AttachError::Length(part.of));
        }
        let path = self.unfinished(part.digest);
        let _held = Held::of(path.clone()).ok_or(AttachError::Busy)?;
        if part.bytes.is_empty() {
            return Ok(self.have(&part, &path));
        }
        make_directory(&RealDisk, &self.directory)?;
        if !path.exists() {
            self.make_room()?;
        }
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .mode(PRIVATE_FILE)
            .open(&path)
            .map_err(FileError::at("create", &path))?;
        let mut have = file.metadata().map_err(FileError::at("look at", &path))?.len();
        if have >= part.of {
            // Of another length it was another file; of this one it could not be finished.
            RealDisk
                .truncate(&path, &file, 0)
                .map_err(FileError::at("cut", &path))?;
            have = 0;
        }
        if have != part.at {
            return Ok(have);
        }
        RealDisk
            .write_at(&path, &file, part.bytes, part.at)
            .map_err(FileError::at("write", &path))?;
        if end < part.of {
            return Ok(end);
        }
        RealDisk.sync(&path, &file).map_err(FileError::at("sync", &path))?;
        let found = digest_of(&path)?;
        if found != part.digest {
            RealDisk.remove(&path).map_err(FileError::at("remove", &path))?;
            return Err(AttachError::Different(part.digest));
        }
        let whole = self.path(part.digest);
        RealDisk
            .rename(&path, &whole)
            .map_err(FileError::at("rename", &whole))?;
        sync_parent(&RealDisk, &whole)?;
        Ok(part.of)
    }

    /// How much there is of a file. One that is here is read: if it was changed since, or cannot be read, it comes anew and
    /// takes the place of what is there once it is whole.
    fn have(&self, part: &Part<'_>, unfinished: &Path) -> u64 {
        if digest_of(&self.path(part.digest)).ok() == Some(part.digest) {
            return part.of;
        }
        let have = fs::metadata(unfinished).map_or(0, |found| found.len());
        // What is all there and was not finished begins anew: its end failed, or it is another file.
        if have < part.of { have } else { 0 }
    }

    /// Makes room for one more that is begun: the one into which nothing was written for the longest time goes.
    fn make_room(&self) -> Result<(), FileError> {
        let entries = fs::read_dir(&self.directory).map_err(FileError::at("read directory", &self.directory))?;
        let mut begun: Vec<(SystemTime, PathBuf)> = entries
            .flatten()
            .filter(|entry| is_unfinished(&entry.path()))
            .map(|entry| {
                let written = entry.metadata().and_then(|found| found.modified());
                (written.unwrap_or(SystemTime::UNIX_EPOCH), entry.path())
            })
            .collect();
        begun.sort();
        for (_, path) in begun.iter().take((begun.len() + 1).saturating_sub(MOST_UNFINISHED)) {
            RealDisk.remove(path).map_err(FileError::at("remove", path))?;
        }
        Ok(())
    }

    /// Removes what was begun before the daemon started: nobody goes on with it.
    pub fn forget_unfinished(&self) -> Result<(), FileError> {
        let entries = match fs::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(FileError::at("read directory", &self.directory)(error)),
        };
        for entry in entries.flatten() {
            let is_unfinished = entry
                .file_name()
                .to_str()
                .is_some_and(|name| name.starts_with(UNFINISHED));
            if is_unfinished {
                let path = entry.path();
                RealDisk.remove(&path).map_err(FileError::at("remove", &path))?;
            }
        }
        Ok(())
    }

    /// Some bytes of an attachment from a place on, with the length of the whole; none where it is not here.
    pub fn read(&self, digest: Digest, at: u64, most: usize) -> Result<Option<(Vec<u8>, u64)>, FileError> {
        let path = self.path(digest);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(FileError::at("open", &path)(error)),
        };
        let mut bytes = Vec::new();
        let mut read = || -> io::Result<u64> {
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(at))?;
            let most = u64::try_from(most).unwrap_or(u64::MAX);
            file.by_ref().take(most).read_to_end(&mut bytes)?;
            Ok(length)
        };
        let length = read().map_err(FileError::at("read", &path))?;
        Ok(Some((bytes, length)))
    }

    /// Whether anything stands under a digest. Reads none of it.
    pub fn is_here(&self, digest: Digest) -> bool {
        self.path(digest).exists()
    }

    /// Those of some attachments that are not here, or are not what was attached any more. Reads all of them.
    pub fn damaged(&self, attachments: impl Iterator<Item = Digest>) -> Vec<(Digest, Damage)> {
        let mut damaged = Vec::new();
        for digest in attachments {
            // What cannot be read is not what was attached either.
            if digest_of(&self.path(digest)).ok() != Some(digest) {
                let damage = if self.is_here(digest) {
                    Damage::Changed
                } else {
                    Damage::Lost
                };
                damaged.push((digest, damage));
            }
        }
        damaged
    }
}

fn digest_of(path: &Path) -> Result<Digest, FileError> {
    let mut hasher = blake3::Hasher::new();
    let read = File::open(path).and_then(|file| hasher.update_reader(file).map(|_| ()));
    read.map_err(FileError::at("read", path))?;
    Ok(Digest::of_hash(&hasher.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(of: &[u8], at: usize, to: usize) -> Part<'_> {
        Part {
            digest: Digest::of(of),
            of: of.len() as u64,
            at: at as u64,
            bytes: &of[at..to],
        }
    }

    fn attachment(of: &[u8]) -> Attachment {
        Attachment {
            name: "scan.pdf".to_owned(),
            bytes: of.len() as u64,
            digest: Digest::of(of),
        }
    }

    #[test]
    fn a_file_comes_in_parts_and_is_there_when_it_is_whole() {
        let site = tempfile::tempdir().unwrap();
        let kept = Attachments::of(site.path());
        let scan = b"a scanned report".repeat(100);
        assert_eq!(
            kept.take(part(&scan, 0, 0)).unwrap(),
            0,
            "asked first how much there is"
        );
        assert_eq!(kept.take(part(&scan, 0, 700)).unwrap(), 700);
        assert!(!kept.has(&attachment(&scan)));
        // A part that was answered by a cut line, and one from behind what there is.
        assert_eq!(kept.take(part(&scan, 0, 700)).unwrap(), 700);
        assert_eq!(kept.take(part(&scan, 900, 1000)).unwrap(), 700);
        assert_eq!(kept.take(part(&scan, 700, 1600)).unwrap(), 1600);
        assert!(kept.has(&attachment(&scan)));
        assert_eq!(kept.take(part(&scan, 0, 0)).unwrap(), 1600, "the same once more");
        let read = kept.read(Digest::of(&scan), 1590, 100).unwrap();
        assert_eq!(read, Some((scan[1590..].to_vec(), 1600)));
        assert_eq!(kept.read(Digest::of(b"other"), 0, 10).unwrap(), None);
    }

    #[test]
    fn what_is_not_what_its_digest_says_is_not_kept() {
        let site = tempfile::tempdir().unwrap();
        let kept = Attachments::of(site.path());
        let wrong = Part {
            digest: Digest::of(b"right"),
            ..part(b"wrong", 0, 5)
        };
        assert!(matches!(kept.take(wrong), Err(AttachError::Different(_))));
        assert_eq!(kept.take(part(b"right", 0, 5)).unwrap(), 5, "it may come anew");
        // One that somebody began longer than it is begins anew.
        let wrong = |of, bytes| Part {
            digest: Digest::of(b"wrong"),
            of,
            at: 0,
            bytes,
        };
        assert_eq!(kept.take(wrong(9, b"wronger")).unwrap(), 7);
        assert_eq!(kept.take(wrong(5, b"")).unwrap(), 0);
        assert_eq!(kept.take(wrong(5, b"wrong")).unwrap(), 5);
        for (of, at) in [(0, 0), (LARGEST_ATTACHMENT + 1, 0), (2 << 30, 0), (4, 1), (5, u64::MAX)] {
            let part = Part {
                of,
                at,
                ..part(b"wrong", 0, 5)
            };
            assert!(matches!(kept.take(part), Err(AttachError::Length(_))), "{of} {at}");
        }
    }

    #[test]
    fn a_file_that_changed_after_it_was_attached_is_found() {
        let site = tempfile::tempdir().unwrap();
        let kept = Attachments::of(site.path());
        for scan in [&b"one"[..], b"two", b"six"] {
            kept.take(part(scan, 0, scan.len())).unwrap();
        }
        let all = [&b"one"[..], b"two", b"six", b"ten"].map(Digest::of);
        assert_eq!(kept.damaged(all.into_iter()), [(all[3], Damage::Lost)]);
        fs::write(kept.path(all[1]), "too").unwrap();
        fs::remove_file(kept.path(all[2])).unwrap();
        let [lost, changed] = [Damage::Lost, Damage::Changed];
        assert_eq!(
            kept.damaged(all.into_iter()),
            [(all[1], changed), (all[2], lost), (all[3], lost)]
        );
        // Attached again, it is whole again.
        assert_eq!(kept.take(part(b"two", 0, 0)).unwrap(), 0);
        assert_eq!(kept.take(part(b"two", 0, 2)).unwrap(), 2);
        assert!(
            kept.path(all[1]).exists(),
            "what is there stays until the other is whole"
        );
        assert_eq!(kept.take(part(b"two", 2, 3)).unwrap(), 3);
        assert_eq!(kept.damaged(all.into_iter()), [(all[2], lost), (all[3], lost)]);
    }

    #[test]
    fn what_was_begun_is_bounded_and_forgotten_at_a_start() {
        let site = tempfile::tempdir().unwrap();
        let kept = Attachments::of(site.path());
        kept.forget_unfinished().unwrap();
        let files: Vec<Vec<u8>> = (0..=u8::try_from(MOST_UNFINISHED).unwrap())
            .map(|byte| vec![byte; 9])
            .collect();
        let (last, others) = files.split_last().unwrap();
        for file in others {
            // Asking begins nothing.
            kept.take(part(file, 0, 0)).unwrap();
            kept.take(part(file, 0, 3)).unwrap();
        }
        let old = SystemTime::UNIX_EPOCH;
        let oldest = kept.unfinished(Digest::of(&others[5]));
        let oldest = File::options().write(true).open(oldest).unwrap();
        oldest.set_times(fs::FileTimes::new().set_modified(old)).unwrap();
        kept.take(part(&others[0], 3, 9)).unwrap();
        kept.take(part(&[99; 9], 0, 3)).unwrap();
        assert_eq!(kept.take(part(&others[5], 0, 0)).unwrap(), 3, "there was room for one");
        kept.take(part(last, 0, 3)).unwrap();
        assert_eq!(kept.take(part(&others[5], 0, 0)).unwrap(), 0, "the oldest gave way");
        assert_eq!(kept.take(part(&others[6], 0, 0)).unwrap(), 3);
        kept.forget_unfinished().unwrap();
        assert_eq!(kept.take(part(last, 0, 0)).unwrap(), 0);
        assert!(kept.has(&attachment(&others[0])));
    }
}
