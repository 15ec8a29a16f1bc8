//! Drop folders (投递目录): a directory a mapping, into which a gateway or a person puts files.
//!
//! A finished file is taken, and moved to `done/` or `refused/` of another folder with the reasons beside it. Others may
//! write into the drop folder and could put a link in the place of anything in it; into that other folder they cannot. A file that is still being
//! written is left alone: it must be the same in two scans that are some seconds apart, or have a marker (`NAME.ok`,
//! `NAME.done`) beside it. A file that changes while it is read is left for later; what was read of it does no harm, since
//! readings delivered again are duplicates. A file with the same content as one that was taken whole by the same mapping
//! is recognised and not taken again. Links, directories and other things that are no files are never touched.
//!
//! One process owns a drop folder at a time: the daemon, under its site's lock. Nothing here reads a clock.

mod digests;
mod error;
mod fingerprint;
mod finished;
mod intake;
mod left;
mod moving;
mod status;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use self::digests::{Digest, Digests};
pub use self::error::DropError;
use self::fingerprint::{Fingerprint, no_link};
use self::finished::{is_unfinished, marker_of, markers};
pub use self::intake::{DropStopped, Dropped};
pub use self::left::{LeftFiles, left_files};
use self::moving::{beside, free_name, move_file};
pub use self::status::SourceStatus;
use super::csv::IntakeSummary;
use super::mapping::Mapping;
use crate::domain::text::{Text, clean};
use crate::domain::time::Instant;

/// Files given out by one scan, at most; the others come with the next.
const MOST_AT_ONCE: usize = 1000;
/// After what time a file that could not be opened is tried again, in milliseconds.
const RETRY_MS: i64 = 60_000;

/// A file that is finished and waits to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Where it is.
    pub path: PathBuf,
    /// Its name, cleaned for showing.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was written, by the clock of the machine that wrote it.
    pub modified: Instant,
    fingerprint: Fingerprint,
    marker: Option<PathBuf>,
}

/// A file that was opened to be read.
#[derive(Debug)]
pub struct TakenFile {
    /// The file, at its beginning.
    pub file: File,
    content: blake3::Hash,
    digest: Digest,
}

impl TakenFile {
    /// The BLAKE3 of its content, in hex.
    pub fn content_digest(&self) -> String {
        self.content.to_hex().to_string()
    }
}

/// What became of the attempt to take a file.
#[derive(Debug)]
pub enum Taken {
    /// It can be read.
    Ready(TakenFile),
    /// The same content was taken whole by the same mapping before, as the file named here. It was moved to `done/` with
    /// a note.
    Repeated(String),
    /// It changed meanwhile, or is gone, and is left for later.
    Changed,
}

/// How a file's intake ended.
#[derive(Debug)]
pub enum Outcome<'a> {
    /// It was taken, perhaps without some rows.
    Done {
        /// What it gave.
        summary: &'a IntakeSummary,
        /// The file of what was refused, to be moved beside it.
        refused: Option<PathBuf>,
    },
    /// It was refused whole.
    Refused {
        /// Why.
        why: Text,
        /// The file of what was refused, to be moved beside it.
        refused: Option<PathBuf>,
    },
}

impl<'a> Outcome<'a> {
    /// The outcome of a file that was read to its end: done, or refused where nothing in it could be used.
    pub fn of(summary: &'a IntakeSummary, refused: Option<PathBuf>) -> Self {
        if summary.readings == 0 && summary.refused > 0 {
            Self::Refused {
                why: Text::new("drop-nothing-usable").with_count("rows", summary.rows),
                refused,
            }
        } else {
            Self::Done { summary, refused }
        }
    }
}

/// Where a file went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// Moved to this path.
    Moved(PathBuf),
    /// It changed while it was read; it stays, and is taken again when it is finished.
    Changed,
}

/// What is known of a file that was seen.
#[derive(Debug, Clone, Copy)]
struct Seen {
    fingerprint: Fingerprint,
    since: Instant,
    not_before: Instant,
}

/// The drop folder of one mapping.
pub struct DropFolder<'a> {
    root: PathBuf,
    kept: PathBuf,
    settle_ms: i64,
    seen: BTreeMap<OsString, Seen>,
    digests: Digests,
    epoch: u32,
    status: SourceStatus,
    now: Instant,
    words: &'a (dyn Fn(&Text) -> String + Send + Sync),
}

impl<'a> DropFolder<'a> {
    /// Opens a drop folder.
    ///
    /// Into `root` others may write. `kept` is where files go that were dealt with: nobody else may write there, and
    /// `done/` and `refused/` are made in it. `settle_ms` is how long a file must be unchanged to be finished. `words` puts notes into the plant's language.
    pub fn open(
        root: &Path,
        kept: &Path,
        settle_ms: i64,
        words: &'a (dyn Fn(&Text) -> String + Send + Sync),
    ) -> Result<Self, DropError> {
        let folder_error = |path: &Path, error| DropError::Folder {
            path: path.to_owned(),
            error,
        };
        fs::create_dir_all(root).map_err(|error| folder_error(root, error))?;
        for folder in [kept.join("done"), kept.join("refused")] {
            let made = fs::DirBuilder::new().recursive(true).mode(0o750).create(&folder);
            made.map_err(|error| folder_error(&folder, error))?;
        }
        let listed = kept.join(".digests");
        Ok(Self {
            root: root.to_owned(),
            kept: kept.to_owned(),
            settle_ms,
            seen: BTreeMap::new(),
            digests: Digests::load(&listed).map_err(|error| DropError::Folder { path: listed, error })?,
            epoch: 1,
            status: SourceStatus::default(),
            now: Instant(i64::MIN),
            words,
        })
    }

    /// The same folder in an epoch of the site, each of which a restore began: what was taken in another is taken again,
    /// because the copy that was restored may not have seen it.
    #[must_use]
    pub fn in_epoch(mut self, epoch: u32) -> Self {
        self.epoch = epoch;
        self
    }

    /// How the source stands.
    pub fn status(&self) -> &SourceStatus {
        &self.status
    }

    /// Looks for finished files, those written first first. Call it every few seconds.
    pub fn scan(&mut self, now: Instant) -> Result<Vec<Candidate>, DropError> {
        self.now = now;
        let folder_error = |error| DropError::Folder {
            path: self.root.clone(),
            error,
        };
        let mut present = BTreeMap::new();
        let mut notes = Vec::new();
        for entry in fs::read_dir(&self.root).map_err(folder_error)? {
            let entry = entry.map_err(folder_error)?;
            let name = entry.file_name();
            if name.as_encoded_bytes().starts_with(b".") {
                continue;
            }
            // Not followed: what a link points at is not in the folder.
            let Ok(metadata) = fs::symlink_metadata(entry.path()) else {
                continue;
            };
            if metadata.is_file() {
                present.insert(name, metadata);
            } else {
                notes.push(Text::new("drop-not-a-file").with("name", shown(&name)));
            }
        }
        self.seen.retain(|name, _| present.contains_key(name));
        let mut candidates = Vec::new();
        let mut waiting = 0;
        let markers = markers(&present);
        for (name, metadata) in &present {
            if is_unfinished(name) || markers.contains(name) {
                continue;
            }
            waiting += 1;
            let fingerprint = Fingerprint::of(metadata);
            let seen = self
                .seen
                .get(name)
                .filter(|seen| seen.fingerprint == fingerprint)
                .copied()
                .unwrap_or(Seen {
                    fingerprint,
                    since: now,
                    not_before: now,
                });
            self.seen.insert(name.clone(), seen);
            let marker = marker_of(name, &present);
            let settled = marker.is_some() || now.since(seen.since) >= self.settle_ms.max(1);
            if settled && now >= seen.not_before {
                candidates.push(Candidate {
                    path: self.root.join(name),
                    name: shown(name),
                    size: metadata.size(),
                    modified: modified(metadata),
                    fingerprint,
                    marker: marker.map(|marker| self.root.join(marker)),
                });
            }
        }
        candidates.sort_by(|one, other| (one.modified, &one.path).cmp(&(other.modified, &other.path)));
        candidates.truncate(MOST_AT_ONCE);
        self.status.waiting = waiting;
        self.status.set_notes(notes);
        Ok(candidates)
    }

    /// Opens a finished file to be read by a mapping. A repeated one is moved away at once.
    pub fn take(&mut self, candidate: &Candidate, mapping: &Mapping) -> Result<Taken, DropError> {
        match open_unchanged(candidate, mapping, self.epoch) {
            Ok(Some(taken)) => {
                let Some(first) = self.digests.get(&taken.digest).map(str::to_owned) else {
                    return Ok(Taken::Ready(taken));
                };
                drop(taken);
                let note = Text::new("drop-repeated")
                    .with("name", &candidate.name)
                    .with("first", clean(&first));
                if self.move_away(candidate, "done", None, Some(&note))?.is_none() {
                    return Ok(Taken::Changed);
                }
                self.status.repeated += 1;
                self.status.took(candidate, self.now);
                Ok(Taken::Repeated(first))
            }
            Ok(None) => {
                self.left_for_later(candidate);
                Ok(Taken::Changed)
            }
            Err(error) => {
                self.hold(candidate);
                Err(DropError::File {
                    path: candidate.path.clone(),
                    error,
                })
            }
        }
    }

    /// Where to write what is refused of a file while it is read; [`Self::finish`] moves it beside the file.
    pub fn refused_path(&self, candidate: &Candidate) -> PathBuf {
        let mut name = OsString::from(".");
        name.push(candidate.path.file_name().unwrap_or_default());
        name.push(".refused.csv");
        self.kept.join(name)
    }

    /// Moves a file that was read to `done/` or `refused/`, never over another, with the reasons beside it.
    ///
    /// Call it after the readings were acknowledged. A file that changed while it was read stays.
    pub fn finish(
        &mut self,
        candidate: &Candidate,
        taken: TakenFile,
        outcome: Outcome<'_>,
    ) -> Result<Finished, DropError> {
        let TakenFile { file, digest, .. } = taken;
        let unchanged = file
            .metadata()
            .is_ok_and(|metadata| Fingerprint::of(&metadata) == candidate.fingerprint);
        let (folder, refused, summary, why) = match outcome {
            Outcome::Done { summary, refused } => ("done", refused, Some(summary), None),
            Outcome::Refused { why, refused } => ("refused", refused, None, Some(why)),
        };
        let moved = if unchanged {
            self.move_away(candidate, folder, refused.as_deref(), why.as_ref())?
        } else {
            None
        };
        let Some(path) = moved else {
            if let Some(refused) = refused {
                let _ = fs::remove_file(refused);
            }
            self.left_for_later(candidate);
            return Ok(Finished::Changed);
        };
        self.status.took(candidate, self.now);
        let Some(summary) = summary else {
            self.status.refused += 1;
            return Ok(Finished::Moved(path));
        };
        self.status.done(candidate, summary);
        // What was refused may be right after the mapping or the site was: such a file may come again.
        if summary.refused == 0 {
            self.digests
                .remember(digest, &candidate.name)
                .map_err(|error| DropError::Folder {
                    path: self.kept.clone(),
                    error,
                })?;
        }
        Ok(Finished::Moved(path))
    }

    /// Whether files are left alone for a while because they could not be taken.
    pub fn holds_files(&self) -> bool {
        self.seen.values().any(|seen| seen.not_before > self.now)
    }

    /// Forgets that files were left alone for a while: what stood in their way may be gone.
    pub fn try_again(&mut self) {
        for seen in self.seen.values_mut() {
            seen.not_before = seen.since;
        }
    }

    /// Leaves a file alone for a while.
    fn hold(&mut self, candidate: &Candidate) {
        let seen = candidate.path.file_name().and_then(|name| self.seen.get_mut(name));
        if let Some(seen) = seen {
            seen.not_before = self.now.plus(RETRY_MS);
        }
    }

    /// Begins to wait anew for a file that is not what was seen.
    fn left_for_later(&mut self, candidate: &Candidate) {
        self.status.changed += 1;
        if let Some(name) = candidate.path.file_name() {
            self.seen.remove(name);
        }
    }

    /// Moves a file into a folder; `None` when it is not what was seen any more.
    fn move_away(
        &mut self,
        candidate: &Candidate,
        folder: &str,
        refused: Option<&Path>,
        note: Option<&Text>,
    ) -> Result<Option<PathBuf>, DropError> {
        let failed = |error| DropError::File {
            path: candidate.path.clone(),
            error,
        };
        match fs::symlink_metadata(&candidate.path) {
            Ok(metadata) if Fingerprint::of(&metadata) == candidate.fingerprint => {}
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        }
        let name = candidate.path.file_name().unwrap_or_default();
        let target = free_name(&self.kept.join(folder), name);
        // The reasons first: a file in `refused/` without its reason would be a riddle.
        if let Some(note) = note {
            let text = format!("{}\n", (self.words)(note));
            OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(beside(&target, ".txt"))
                .and_then(|mut file| file.write_all(text.as_bytes()))
                .map_err(failed)?;
        }
        if let Some(refused) = refused {
            fs::rename(refused, beside(&target, ".refused.csv")).map_err(failed)?;
        }
        move_file(candidate, &target).map_err(failed)?;
        if let Some(marker) = &candidate.marker {
            let _ = fs::remove_file(marker);
        }
        self.seen.remove(name);
        Ok(Some(target))
    }
}

/// The file and its digest; `None` when it is not what was seen.
fn open_unchanged(candidate: &Candidate, mapping: &Mapping, epoch: u32) -> io::Result<Option<TakenFile>> {
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(no_link())
        .open(&candidate.path);
    let mut file = match opened {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    if Fingerprint::of(&file.metadata()?) != candidate.fingerprint {
        return Ok(None);
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader((&mut file).take(candidate.size))?;
    if Fingerprint::of(&file.metadata()?) != candidate.fingerprint {
        return Ok(None);
    }
    file.rewind()?;
    let content = hasher.finalize();
    Ok(Some(TakenFile {
        file,
        content,
        digest: Digest::of(&content, mapping, epoch),
    }))
}

/// A name as it is shown.
fn shown(name: &OsStr) -> String {
    clean(&name.to_string_lossy()).into_owned()
}

fn modified(metadata: &Metadata) -> Instant {
    Instant(metadata.mtime().saturating_mul(1000)).plus(metadata.mtime_nsec() / 1_000_000)
}

#[cfg(test)]
mod tests;
