//! Attachments as a site keeps them (附件库): each file once, under its digest, part by part until it is whole. What has the
//! name of a digest has been read again and found to be that; it is never written to afterwards.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::disk::{Disk, FileError, PRIVATE_FILE, RealDisk, make_directory, sync_parent};
use crate::domain::attachment::{Attachment, Digest, LARGEST_ATTACHMENT};

/// Name of the directory in a site's.
pub const DIRECTORY: &str = "attachments";

/// How the name of a file begins that is not whole yet.
const UNFINISHED: &str = "part-";

/// The most files that are not whole at once.
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
    /// Too many others have been begun.
    #[error("{MOST_UNFINISHED} files have been begun and not ended")]
    TooMany,
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

/// One at a time: parts of one file may come from two terminals.
static WRITING: Mutex<()> = Mutex::new(());

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
    /// begins elsewhere is left alone. Once all is there it is on the medium.
    pub fn take(&self, part: Part<'_>) -> Result<u64, AttachError> {
        let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        let end = part
            .at
            .saturating_add(u64::try_from(part.bytes.len()).unwrap_or(u64::MAX));
        if part.of == 0 || part.of > LARGEST_ATTACHMENT || end > part.of {
            return Err(AttachError::Length(part.of));
        }
        let whole = self.path(part.digest);
        if whole.exists() {
            // What is asked about first is looked at: a file that was changed since may come anew.
            if !part.bytes.is_empty() || digest_of(&whole)? == part.digest {
                return Ok(part.of);
            }
            RealDisk.remove(&whole).map_err(FileError::at("remove", &whole))?;
        }
        make_directory(&RealDisk, &self.directory)?;
        let path = self.unfinished(part.digest);
        if !path.exists() && self.begun()? >= MOST_UNFINISHED {
            return Err(AttachError::TooMany);
        }
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .mode(PRIVATE_FILE)
            .open(&path)
            .map_err(FileError::at("create", &path))?;
        let have = file.metadata().map_err(FileError::at("look at", &path))?.len();
        if have != part.at || part.bytes.is_empty() {
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
        RealDisk
            .rename(&path, &whole)
            .map_err(FileError::at("rename", &whole))?;
        sync_parent(&RealDisk, &whole)?;
        Ok(part.of)
    }

    /// How many have been begun and not ended.
    fn begun(&self) -> Result<usize, FileError> {
        let at = FileError::at("read directory", &self.directory);
        let entries = fs::read_dir(&self.directory).map_err(at)?;
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        Ok(names.filter(|name| name.starts_with(UNFINISHED)).count())
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

    /// Those of some attachments that are not here, or are not what was attached any more. Reads all of them.
    pub fn damaged(&self, attachments: impl Iterator<Item = Digest>) -> Result<Vec<Digest>, FileError> {
        let mut damaged = Vec::new();
        for digest in attachments {
            let path = self.path(digest);
            if !path.exists() || digest_of(&path)? != digest {
                damaged.push(digest);
            }
        }
        Ok(damaged)
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
        assert_eq!(kept.damaged(all.into_iter()).unwrap(), [all[3]]);
        fs::write(kept.path(all[1]), "too").unwrap();
        fs::remove_file(kept.path(all[2])).unwrap();
        assert_eq!(kept.damaged(all.into_iter()).unwrap(), [all[1], all[2], all[3]]);
        // Attached again, it is whole again.
        assert_eq!(kept.take(part(b"two", 0, 0)).unwrap(), 0);
        assert_eq!(kept.take(part(b"two", 0, 3)).unwrap(), 3);
        assert_eq!(kept.damaged(all.into_iter()).unwrap(), [all[2], all[3]]);
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
            kept.take(part(file, 0, 3)).unwrap();
        }
        assert!(matches!(kept.take(part(last, 0, 3)), Err(AttachError::TooMany)));
        kept.take(part(&others[0], 3, 9)).unwrap();
        kept.take(part(last, 0, 3)).unwrap();
        kept.forget_unfinished().unwrap();
        assert_eq!(kept.take(part(last, 0, 0)).unwrap(), 0);
        assert!(kept.has(&attachment(&others[0])));
    }
}
