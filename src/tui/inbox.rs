//! The person's inbox (收件箱): files that somebody has put on this machine to be attached or read, the newest first.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::domain::attachment::Attachment;
use crate::domain::draft::OthersFiles;
use crate::domain::text::{Text, one_line};
use crate::domain::time::Instant;

/// The most files that are shown: whoever has more looks for the newest.
const MOST: usize = 500;

/// A file in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxFile {
    /// Its name.
    pub name: String,
    /// How long it is.
    pub bytes: u64,
    /// When it was written last, by this machine's clock.
    pub written: Instant,
}

impl InboxFile {
    /// Whether it looks like what was attached.
    pub fn is_like(&self, attachment: &Attachment) -> bool {
        one_line(&self.name) == attachment.name && self.bytes == attachment.bytes
    }
}

/// What is in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contents {
    /// Its files, the newest first.
    pub files: Vec<InboxFile>,
    /// How many more there are whose names no text can hold.
    pub unnamed: usize,
}

/// What is in a directory, the newest first; it is made where it is missing, so that people find where to put files.
pub fn files_in(directory: &Path) -> io::Result<Contents> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let mut files = Vec::new();
    let mut unnamed = 0;
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name();
        // What is not a file now may have gone; hidden ones are on their way.
        let is_hidden = name.as_encoded_bytes().starts_with(b".");
        let Some(found) = entry.metadata().ok().filter(|found| found.is_file() && !is_hidden) else {
            continue;
        };
        let Ok(name) = name.into_string() else {
            unnamed += 1;
            continue;
        };
        let written = found.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        let written = written.and_then(|since| i64::try_from(since.as_millis()).ok());
        files.push(InboxFile {
            name,
            bytes: found.len(),
            written: Instant(written.unwrap_or_default()),
        });
    }
    files.sort_by(|one, other| other.written.cmp(&one.written).then_with(|| one.name.cmp(&other.name)));
    files.truncate(MOST);
    Ok(Contents { files, unnamed })
}

/// The inbox as it is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inbox {
    /// Where it is, as people write it; not known before it was looked into.
    pub directory: PathBuf,
    /// What is in it, or why that cannot be said; nothing before it was looked into.
    pub contents: Option<Result<Contents, Text>>,
    /// The file under the cursor, and the first that is seen.
    pub at: usize,
    /// The first file on the screen.
    pub top: usize,
}

/// What is attached already to what it is open for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// By whoever sits here.
    pub attached: &'a [Attachment],
    /// By others.
    pub others: &'a [OthersFiles],
}

/// A line of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'a> {
    /// What is attached, whether or not it is in this inbox.
    Attached(&'a Attachment),
    /// What somebody else attached, which can be taken over.
    Others(&'a OthersFiles, &'a Attachment),
    /// A file that is not.
    File(&'a InboxFile),
    /// So many more files whose names no text can hold.
    Unnamed(usize),
}

impl Line<'_> {
    /// The name and the length of the file, by which it is known again where it stands elsewhere.
    fn file(&self) -> Option<(String, u64)> {
        match self {
            Line::Attached(attachment) | Line::Others(_, attachment) => {
                Some((attachment.name.clone(), attachment.bytes))
            }
            Line::File(file) => Some((one_line(&file.name), file.bytes)),
            Line::Unnamed(_) => None,
        }
    }
}

impl Inbox {
    /// The file under the cursor.
    pub fn here(&self, beside: Beside<'_>) -> Option<(String, u64)> {
        self.lines(beside).get(self.at)?.file()
    }

    /// Puts the cursor on a file, wherever it stands now.
    pub fn stay_on(&mut self, file: Option<&(String, u64)>, beside: Beside<'_>) {
        let place = file.and_then(|file| {
            let lines = self.lines(beside);
            lines.iter().position(|line| line.file().as_ref() == Some(file))
        });
        self.at = place.unwrap_or(self.at);
    }

    /// What is listed: what is attached, so that it can be taken off wherever its file is now, what others attached, then the
    /// files that are not.
    pub fn lines<'a>(&'a self, beside: Beside<'a>) -> Vec<Line<'a>> {
        let Beside { attached, others } = beside;
        let (files, unnamed) = match &self.contents {
            Some(Ok(contents)) => (contents.files.as_slice(), contents.unnamed),
            _ => (&[][..], 0),
        };
        let rest = files
            .iter()
            .filter(|file| !attached.iter().any(|attachment| file.is_like(attachment)));
        let others = others
            .iter()
            .flat_map(|theirs| theirs.files.iter().map(move |file| Line::Others(theirs, file)));
        attached
            .iter()
            .map(Line::Attached)
            .chain(others)
            .chain(rest.map(Line::File))
            .chain((unnamed > 0).then_some(Line::Unnamed(unnamed)))
            .collect()
    }
}

/// A file of it that is being read beside the loop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Number under which it is told what came of it.
    pub number: u64,
    /// Its name.
    pub name: String,
}

/// A file that is on its way to the daemon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// What it will be attached as.
    pub attachment: Attachment,
    /// How much of it the daemon has.
    pub have: u64,
    /// The request that is not answered.
    pub request: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::fs::{File, FileTimes, create_dir, write};
    use std::os::unix::ffi::OsStrExt;
    use std::time::{Duration, SystemTime};

    #[test]
    fn the_newest_stands_first_and_only_files_are_listed() {
        let home = tempfile::tempdir().unwrap();
        let inbox = home.path().join("state/inbox");
        assert_eq!(files_in(&inbox).unwrap(), Contents::default());
        for (name, ago_s) in [("old.pdf", 500), ("new.jpg", 5), ("same.jpg", 5), (".half.part", 1)] {
            write(inbox.join(name), name).unwrap();
            let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 - ago_s);
            let file = File::options().write(true).open(inbox.join(name)).unwrap();
            file.set_times(FileTimes::new().set_modified(at)).unwrap();
        }
        create_dir(inbox.join("folder")).unwrap();
        // GBK, as an archive from another system unpacks to.
        for (name, place) in [(&b"\xc8\xfd.xlsx"[..], "a file"), (b".\xc8\xfd.xlsx", "hidden")] {
            write(inbox.join(OsStr::from_bytes(name)), place).unwrap();
        }
        let Contents { files, unnamed } = files_in(&inbox).unwrap();
        assert_eq!(unnamed, 1);
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["new.jpg", "same.jpg", "old.pdf"]);
        assert_eq!((files[2].bytes, files[2].written), (7, Instant(999_500_000)));
        assert!(files_in(&inbox.join("old.pdf")).is_err());
    }
}
