//! A file on its way into the site (上传附件): what it is before it goes, and its parts.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::domain::attachment::{Attachment, Digest, LARGEST_PART, check_length};
use crate::domain::text::{Explained, Text, clean, one_line};
use crate::locale::foreign::system_reason;

/// Why a file cannot be attached.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// It cannot be read.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It is a directory, a device, a pipe.
    #[error("{} is not a file", .0.display())]
    NotAFile(PathBuf),
    /// It is empty or too large.
    #[error("{0:?}")]
    Refused(Text),
}

impl Explained for UploadError {
    fn text(&self) -> Text {
        let named = |id: &'static str, path: &Path| Text::new(id).with("path", clean(&path.to_string_lossy()));
        match self {
            Self::Io { path, error } => named("upload-failed", path).with_text("error", system_reason(error)),
            Self::NotAFile(path) => named("upload-not-a-file", path),
            Self::Refused(text) => text.clone(),
        }
    }
}

/// A file that goes to the daemon part by part.
#[derive(Debug)]
pub struct Upload {
    path: PathBuf,
    file: File,
    /// What it is attached as.
    pub attachment: Attachment,
}

impl Upload {
    /// Opens a file and reads it once, for its digest: what goes afterwards must be the same, or the daemon keeps none of it.
    pub fn open(path: &Path) -> Result<Self, UploadError> {
        let failed = |error: io::Error| UploadError::Io {
            path: path.to_owned(),
            error,
        };
        // Before it is opened: a pipe would be waited for.
        let known = std::fs::metadata(path).map_err(failed)?;
        if !known.is_file() {
            return Err(UploadError::NotAFile(path.to_owned()));
        }
        let name = path
            .file_name()
            .map_or_else(String::new, |name| one_line(&name.to_string_lossy()));
        check_length(&name, known.len()).map_err(UploadError::Refused)?;
        let file = File::open(path).map_err(failed)?;
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(&file).map_err(failed)?;
        let attachment = Attachment {
            name,
            bytes: hasher.count(),
            digest: Digest::of_hash(&hasher.finalize()),
        };
        attachment.check().map_err(UploadError::Refused)?;
        Ok(Self {
            path: path.to_owned(),
            file,
            attachment,
        })
    }

    /// What stands from a place on; at most a part of it.
    pub fn part(&mut self, at: u64) -> Result<Vec<u8>, UploadError> {
        let left = self.attachment.bytes.saturating_sub(at);
        let most = left.min(u64::try_from(LARGEST_PART).unwrap_or(u64::MAX));
        let mut bytes = Vec::new();
        let read = self
            .file
            .seek(SeekFrom::Start(at))
            .and_then(|_| self.file.by_ref().take(most).read_to_end(&mut bytes));
        match read {
            Ok(0) if left > 0 => Err(UploadError::Refused(Text::new("attachment-changed"))),
            Ok(_) => Ok(bytes),
            Err(error) => Err(UploadError::Io {
                path: self.path.clone(),
                error,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_goes_in_parts_that_are_all_of_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("报告.pdf");
        let scan = vec![7; LARGEST_PART + 10];
        std::fs::write(&path, &scan).unwrap();
        let mut upload = Upload::open(&path).unwrap();
        assert_eq!(upload.attachment.name, "报告.pdf");
        assert_eq!(upload.attachment.digest, Digest::of(&scan));
        assert_eq!(upload.part(0).unwrap().len(), LARGEST_PART);
        assert_eq!(upload.part(LARGEST_PART as u64).unwrap(), [7; 10]);
        assert!(upload.part(scan.len() as u64).unwrap().is_empty());
        // Cut short after it was looked at.
        File::create(&path).unwrap();
        let cut = upload.part(0).unwrap_err();
        assert_eq!(cut.text().id, "attachment-changed");
    }

    #[test]
    fn what_cannot_be_attached_is_refused_before_it_is_read() {
        let directory = tempfile::tempdir().unwrap();
        let refused = |path: &Path| Upload::open(path).unwrap_err().text().id.into_owned();
        assert_eq!(refused(directory.path()), "upload-not-a-file");
        assert_eq!(refused(&directory.path().join("none")), "upload-failed");
        let empty = directory.path().join("empty");
        File::create(&empty).unwrap();
        assert_eq!(refused(&empty), "attachment-empty");
        // Two gigabytes, none of which is on the disk.
        let large = directory.path().join("large.iso");
        File::create(&large).unwrap().set_len(2 << 30).unwrap();
        assert_eq!(refused(&large), "attachment-too-large");
    }
}
