//! The store of one site as a whole: lock, identity, journal and state, opened together and held against each other.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;
use uuid::Uuid;

use super::disk::{Disk, FileError, RealDisk, sync_parent};
use super::identity::{Fork, IdentityError, SiteIdentity};
use super::journal::damage::JournalError;
use super::journal::opening::{JournalOptions, TornTail};
use super::journal::{Head, Journal, SEGMENT_LIMIT};
use super::lock::{LockError, SiteLock};
use super::space::{LEAST_FREE, free_space};
use super::state::database::sled_directory;
use super::state::export::{ExportError, last_exported, newest_export, restore_state};
use super::state::mark::read_mark;
use super::state::{StateError, StateStore, read_distrust};
use crate::domain::identity::Sequence;

/// Name of the journal's directory in a site's.
pub const JOURNAL: &str = "journal";
/// Name of the state's directory in a site's.
pub const STATE: &str = "state";
/// Name of the directory of exports in a site's.
pub const EXPORTS: &str = "export";
/// Name of the directory of exports of sealed periods in a site's.
pub const SEALED: &str = "sealed";

/// Why a site's store cannot be opened.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Another process has the site.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The directory is not a site.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The journal is not as it was left.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The state cannot be opened, nor made anew.
    #[error(transparent)]
    State(#[from] StateError),
    /// The state was brought up to a record that the journal does not have.
    #[error("the journal ends at record {head}, and {} holds record {known}", place.display())]
    JournalBehind {
        /// What knows of the later record.
        place: PathBuf,
        /// The record it knows of.
        known: Sequence,
        /// The last record of the journal.
        head: Sequence,
    },
    /// Readings were dropped from the journal after their period was sealed, and no export that holds what came of them
    /// is whole.
    #[error("no whole export of site {site} up to record {needed} is in {}", directory.display())]
    SealedExport {
        /// Which site: its copies in second places are called after it.
        site: Uuid,
        /// Where it should be.
        directory: PathBuf,
        /// The record up to which it must be right.
        needed: Sequence,
    },
    /// A file operation failed.
    #[error(transparent)]
    Io(#[from] FileError),
}

impl StoreError {
    /// Whether there is no room, so that waiting for some may help.
    pub fn is_full(&self) -> bool {
        match self {
            Self::Lock(LockError::Io(error)) | Self::Identity(IdentityError::Io(error)) | Self::Io(error) => {
                error.is_full()
            }
            Self::Journal(error) => error.is_full(),
            Self::State(error) => error.is_full(),
            Self::Lock(_) | Self::Identity(_) | Self::JournalBehind { .. } | Self::SealedExport { .. } => false,
        }
    }
}

/// What became of the state on opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateFound {
    /// It was as it was left.
    Good,
    /// There was none: a new site, a restored one, or one whose state was removed.
    Absent {
        /// The export it was filled from.
        export: Option<PathBuf>,
    },
    /// It could not be used, and was set aside.
    SetAside {
        /// Where it is kept.
        kept_in: PathBuf,
        /// What was wrong, in the database's words.
        reason: String,
        /// The export the new one was filled from.
        export: Option<PathBuf>,
    },
}

/// What opening found and put right (恢复情况).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// The end of the journal.
    pub head: Head,
    /// The record up to which the state is right: what comes after is to be replayed.
    pub applied: Sequence,
    /// What was cut off from the end of the journal: writes that were never acknowledged.
    pub torn: Vec<TornTail>,
    /// What became of the state.
    pub state: StateFound,
    /// Where this site parted from the one it is a restored copy of, when its journal has nothing of this epoch yet: a
    /// record of it is to be written first.
    pub fork: Option<Fork>,
}

/// How a store is opened.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// Give a directory that has no identity a new one.
    pub new_site: bool,
    /// Set the state aside and rebuild it, whatever it looks like.
    pub distrust_state: bool,
    /// Plain bytes after which a new journal segment is begun.
    pub segment_limit: u64,
    /// File operations.
    pub disk: Arc<dyn Disk>,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            new_site: false,
            distrust_state: false,
            segment_limit: SEGMENT_LIMIT,
            disk: RealDisk::shared(),
        }
    }
}

/// A site's store, open. The lock is held as long as this, or the parts taken from it with [`Store::into_parts`], live.
#[derive(Debug)]
pub struct Store {
    /// Which site.
    pub identity: SiteIdentity,
    /// The journal's one writer.
    pub journal: Journal,
    /// The state.
    pub state: StateStore,
    lock: SiteLock,
}

impl Store {
    /// Opens a site's store with the usual options.
    pub fn open(site: &Path) -> Result<(Self, Recovery), StoreError> {
        Self::open_with(site, &StoreOptions::default())
    }

    /// Opens a site's store: locks the site, finishes what a crash cut off, sets a state aside that cannot be used, and
    /// checks that the journal has every record that the state has.
    pub fn open_with(site: &Path, options: &StoreOptions) -> Result<(Self, Recovery), StoreError> {
        let lock = SiteLock::acquire(site)?;
        let identity = match SiteIdentity::read(site) {
            // Under the lock: another process that starts on the site reads what this one gives it.
            Err(IdentityError::Missing(_)) if options.new_site => SiteIdentity::create(site)?,
            other => other?,
        };
        // What is known to exist is asked first: it decides whether a bad end of the journal is a torn write or a loss.
        let (state, mut found) = open_state(site, &identity, options)?;
        let (known, place) = last_known(site, &identity, &state, &found)?;
        let (journal, opened) = Journal::open_with(
            &site.join(JOURNAL),
            JournalOptions {
                known,
                segment_limit: options.segment_limit,
                disk: Arc::clone(&options.disk),
                ..JournalOptions::new(identity.site, identity.epoch)
            },
        )?;
        let head = opened.head;
        if known > head.sequence {
            return Err(StoreError::JournalBehind {
                place,
                known,
                head: head.sequence,
            });
        }
        let dropped = journal.reader().dropped_through();
        if found == StateFound::Good && state.applied() == Sequence(0) && dropped > Sequence(0) {
            // A start before this one found no export that it could be filled from, and left it empty.
            found = StateFound::Absent { export: None };
        }
        let state = fill_from_export(site, &identity, options, state, &mut found, &journal)?;
        if state.applied() < dropped {
            return Err(StoreError::SealedExport {
                site: identity.site,
                directory: site.join(SEALED),
                needed: dropped,
            });
        }
        let fork = match (identity.fork, journal.reader().read(head.sequence)?) {
            // Whatever it is of the original's that the journal ends with: nothing of this epoch is in it yet.
            (fork, Some(last)) if last.epoch < identity.epoch => fork,
            (fork, None) => fork,
            _ => None,
        };
        let recovery = Recovery {
            head,
            applied: state.applied(),
            torn: opened.torn,
            state: found,
            fork,
        };
        let store = Self {
            identity,
            journal,
            state,
            lock,
        };
        Ok((store, recovery))
    }

    /// The parts, each for the thread that works with it. The lock must outlive the others.
    pub fn into_parts(self) -> (SiteLock, SiteIdentity, Journal, StateStore) {
        (self.lock, self.identity, self.journal, self.state)
    }
}

/// The last record that anything but the journal knows of, and what knows of it.
fn last_known(
    site: &Path,
    identity: &SiteIdentity,
    state: &StateStore,
    found: &StateFound,
) -> Result<(Sequence, PathBuf), FileError> {
    let directory = site.join(STATE);
    let mut known = vec![(read_mark(&directory)?.max(state.applied()), directory)];
    if let StateFound::SetAside { kept_in, .. } = found {
        known.push((read_mark(kept_in)?, kept_in.clone()));
    }
    known.extend(last_exported(site, identity.site)?);
    Ok(known.into_iter().max().unwrap_or_default())
}

fn open_state(
    site: &Path,
    identity: &SiteIdentity,
    options: &StoreOptions,
) -> Result<(StateStore, StateFound), StoreError> {
    let directory = site.join(STATE);
    // The directory itself may have been made with the site.
    let existed = sled_directory(&directory).exists();
    let distrusted = match read_distrust(&directory) {
        None if options.distrust_state => Some("it was asked for anew".to_owned()),
        found => found,
    };
    let opened = match distrusted {
        Some(reason) if existed => Err(StateError::Distrusted(reason)),
        _ => StateStore::open(&directory, identity.site, Arc::clone(&options.disk)),
    };
    match opened {
        Ok(state) if existed => Ok((state, StateFound::Good)),
        Ok(state) => Ok((state, StateFound::Absent { export: None })),
        Err(error) if !error.is_damage() => Err(error.into()),
        Err(error) => {
            // On a full disk nothing new can be made; and the want of room may be all that is wrong.
            refuse_without_room(site)?;
            let kept_in = set_aside(&directory, &*options.disk)?;
            let state = StateStore::open(&directory, identity.site, Arc::clone(&options.disk))?;
            let found = StateFound::SetAside {
                kept_in,
                reason: error.to_string(),
                export: None,
            };
            Ok((state, found))
        }
    }
}

pub(super) fn refuse_without_room(site: &Path) -> Result<(), FileError> {
    if free_space(site)? >= LEAST_FREE {
        return Ok(());
    }
    let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
    Err(FileError::at("make a new state in", site)(full))
}

/// Gives the state's directory another name. Nothing is ever thrown away.
pub(super) fn set_aside(directory: &Path, disk: &dyn Disk) -> Result<PathBuf, FileError> {
    let kept_in = (1..u32::MAX)
        .map(|number| directory.with_file_name(format!("{STATE}.bad-{number}")))
        .find(|candidate| !candidate.exists())
        .unwrap_or_else(|| directory.with_file_name(format!("{STATE}.bad")));
    disk.rename(directory, &kept_in)
        .map_err(FileError::at("rename", directory))?;
    sync_parent(disk, directory)?;
    Ok(kept_in)
}

/// Fills a state that is new from the newest export that is whole, so that less has to be replayed.
fn fill_from_export(
    site: &Path,
    identity: &SiteIdentity,
    options: &StoreOptions,
    state: StateStore,
    found: &mut StateFound,
    journal: &Journal,
) -> Result<StateStore, StoreError> {
    let (StateFound::Absent { export } | StateFound::SetAside { export, .. }) = found else {
        return Ok(state);
    };
    if state.applied() != Sequence(0) {
        return Ok(state);
    }
    let head = journal.head().sequence;
    let Some(newest) = newest_export(site, identity.site, head)? else {
        return Ok(state);
    };
    // sled lets go of the directory before it is replaced.
    drop(state);
    match restore_state(site, &newest, identity.site, &options.disk) {
        Ok(()) => *export = Some(newest),
        Err(ExportError::Io(error)) => return Err(error.into()),
        Err(ExportError::State(error)) => return Err(error.into()),
        // It was whole a moment ago. What the journal has is replayed; where that is not enough, it is said below.
        Err(ExportError::Damaged { .. } | ExportError::Unsound) => {}
    }
    Ok(StateStore::open(
        &site.join(STATE),
        identity.site,
        Arc::clone(&options.disk),
    )?)
}
