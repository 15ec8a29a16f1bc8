//! The state (状态库): the engine's rows in sled, each with a checksum, and the journal record up to which they are
//! right. It can always be rebuilt from the journal.

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant as Clock};

use thiserror::Error;
use uuid::Uuid;

use super::disk::{Disk, FileError, make_directory, replace_file};
use super::rows::{KeyText, RowDamage, decode};
use super::stamp::Stamp;
use crate::domain::identity::Sequence;
use crate::engine::history::{Entry, History, HistoryError, Row, Tree};

/// Memory that sled uses for pages; resident memory is two to five times that.
const CACHE: u64 = 48 << 20;
/// How long another process may take to let go of the database.
const LOCK_WAIT: Duration = Duration::from_secs(5);
/// How long sled may take to close.
const CLOSE_WAIT: Duration = Duration::from_secs(3);
/// Characters of a reason for distrust that are kept.
const LONGEST_REASON: usize = 500;
/// The key of the [`Stamp`].
const STAMP: &[u8] = b"stamp";

/// Why the state cannot be read or written.
#[derive(Debug, Error)]
pub enum StateError {
    /// No room on the device.
    #[error("no room left: {0}")]
    Full(FileError),
    /// A file operation of the store's own failed.
    #[error(transparent)]
    Io(FileError),
    /// sled answered with an error.
    #[error("the state database cannot {operation}: {reason}")]
    Database {
        /// What was tried.
        operation: &'static str,
        /// What it said.
        reason: String,
    },
    /// sled gave up.
    #[error("the state database stopped while it tried to {operation}: {reason}")]
    Stopped {
        /// What was tried.
        operation: &'static str,
        /// Its last words.
        reason: String,
    },
    /// The state is not what the store left; it has to be rebuilt.
    #[error("the state is not what was left: {0}")]
    Distrusted(String),
    /// A row is not what was written.
    #[error("row {key} of {tree} is damaged: {damage}")]
    Row {
        /// Name of the tree.
        tree: &'static str,
        /// Its key.
        key: KeyText,
        /// What is wrong.
        damage: RowDamage,
    },
    /// A checkpoint is being written; the rows are for the next one.
    #[error("a checkpoint is in flight")]
    InFlight,
    /// The state was pinned for so long that checkpoints could not wait any longer.
    #[error("the state could not be held still for long enough")]
    PinEnded,
}

impl From<FileError> for StateError {
    fn from(error: FileError) -> Self {
        if error.is_full() {
            Self::Full(error)
        } else {
            Self::Io(error)
        }
    }
}

impl StateError {
    /// Whether there is no room, so that waiting for some may help.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Full(_))
    }

    /// Whether the state itself is bad, so that it has to be made anew.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Database { .. } | Self::Stopped { .. } | Self::Distrusted(_) | Self::Row { .. } => true,
            Self::Full(_) | Self::Io(_) | Self::InFlight | Self::PinEnded => false,
        }
    }
}

/// The rows of one checkpoint: read in place of sled's until they are in sled.
#[derive(Debug, Default)]
pub(super) struct Overlay {
    pub(super) applied: Sequence,
    pub(super) trees: BTreeMap<Tree, BTreeMap<Vec<u8>, Option<Vec<u8>>>>,
    /// About how many bytes its rows take.
    pub(super) size: u64,
}

impl Overlay {
    fn new(rows: Vec<Row>, applied: Sequence) -> Self {
        let mut overlay = Self {
            applied,
            trees: BTreeMap::new(),
            size: 0,
        };
        for row in rows {
            overlay.size += (row.key.len() + row.value.as_ref().map_or(0, Vec::len) + 16) as u64;
            overlay.trees.entry(row.tree).or_default().insert(row.key, row.value);
        }
        overlay
    }
}

/// A tree of rows and the tree of their further parts.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    pub(super) main: sled::Tree,
    pub(super) parts: sled::Tree,
}

/// The open database.
#[derive(Debug)]
pub(super) struct Database {
    pub(super) db: sled::Db,
    pub(super) meta: sled::Tree,
    trees: BTreeMap<Tree, Rows>,
}

impl Database {
    pub(super) fn rows(&self, tree: Tree) -> sled::Result<&Rows> {
        self.trees
            .get(&tree)
            .ok_or_else(|| sled::Error::Unsupported(format!("no tree {}", tree.name())))
    }

    pub(super) fn read_stamp(&self) -> sled::Result<Option<Stamp>> {
        Ok(self.meta.get(STAMP)?.as_deref().and_then(Stamp::parse))
    }

    pub(super) fn write_stamp(&self, stamp: &Stamp) -> sled::Result<()> {
        self.meta.insert(STAMP, stamp.to_bytes()).map(|_| ())
    }
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) directory: PathBuf,
    pub(super) site: Uuid,
    pub(super) disk: Arc<dyn Disk>,
    /// `None` only while it is opened again after a failure.
    pub(super) database: RwLock<Option<Database>>,
    pub(super) overlay: RwLock<Option<Arc<Overlay>>>,
    /// What the database holds; the lock is the gate: who holds it keeps checkpoints from being written.
    pub(super) gate: Mutex<Gate>,
    /// The sequence of the stamp behind the gate, for those who only want to know.
    pub(super) applied: AtomicU64,
    /// Whether the last checkpoint failed inside sled, so that it must be opened again.
    pub(super) broken: AtomicBool,
    /// How the last attempt at a checkpoint failed, if it did.
    pub(super) failing: Mutex<Option<Failing>>,
    /// How often pins were ended.
    pub(super) pin_ends: AtomicU64,
    /// What was found to be wrong with the state, once something was.
    pub(super) distrust: Mutex<Option<String>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        let database = self.database.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(database) = database.take() {
            close(database);
        }
    }
}

/// Lets go of sled. After one of its own threads has panicked it waits for that thread for ever; so this does not wait
/// for it longer than it should take.
pub(super) fn close<T: Send + 'static>(database: T) {
    let (done, closed) = std::sync::mpsc::channel();
    let spawned = std::thread::Builder::new()
        .name("close-state".to_owned())
        .spawn(move || {
            drop(database);
            // Nobody listens when it took too long.
            let _ = done.send(());
        });
    if spawned.is_ok() {
        let _ = closed.recv_timeout(CLOSE_WAIT);
    }
}

/// Why checkpoints are not written at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failing {
    /// There is no room.
    Full,
    /// Something else.
    Otherwise,
}

/// What is behind the gate.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) stamp: Stamp,
}

/// The state of a site. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct StateStore {
    pub(super) inner: Arc<Inner>,
}

/// Runs something in sled: errors get a name, and a panic becomes an error.
pub(super) fn guarded<T>(operation: &'static str, run: impl FnOnce() -> sled::Result<T>) -> Result<T, StateError> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(sled::Error::Io(source))) if super::disk::is_full(&source) => Err(StateError::Full(FileError {
            operation,
            path: PathBuf::from("db"),
            source,
        })),
        Ok(Err(sled::Error::Io(source))) if is_passing(&source) => Err(StateError::Io(FileError {
            operation,
            path: PathBuf::from("db"),
            source,
        })),
        Ok(Err(error)) => Err(StateError::Database {
            operation,
            reason: error.to_string(),
        }),
        Err(panic) => {
            let reason = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|&words| words.to_owned()))
                .unwrap_or_default();
            Err(StateError::Stopped { operation, reason })
        }
    }
}

/// Whether the system was short of something, which says nothing of the file (ENOMEM, ENFILE, EMFILE).
fn is_passing(error: &std::io::Error) -> bool {
    use rustix::io::Errno;
    let short = [Errno::NOMEM, Errno::NFILE, Errno::MFILE];
    let number = error.raw_os_error();
    number.is_some_and(|number| short.iter().any(|errno| errno.raw_os_error() == number))
}

/// Where sled's files are.
pub(super) fn sled_directory(directory: &Path) -> PathBuf {
    directory.join("sled")
}

/// The file that says that a state is not to be trusted, and why.
fn distrust_mark(directory: &Path) -> PathBuf {
    directory.join("distrust")
}

/// Why a state is not to be trusted, where that was found before.
pub(super) fn read_distrust(directory: &Path) -> Option<String> {
    let path = distrust_mark(directory);
    match std::fs::read(&path) {
        Ok(bytes) => Some(String::from_utf8_lossy(&bytes).chars().take(LONGEST_REASON).collect()),
        // A mark that cannot be read is a mark.
        Err(error) => (error.kind() != std::io::ErrorKind::NotFound).then(|| error.to_string()),
    }
}

/// Opens sled and its trees.
pub(super) fn open_database(directory: &Path, disk: &dyn Disk) -> Result<Database, StateError> {
    let home = sled_directory(directory);
    if home.is_dir() {
        // What a crash left of a snapshot that was being written makes the next start fail.
        for entry in std::fs::read_dir(&home).map_err(FileError::at("read directory", &home))? {
            let path = entry.map_err(FileError::at("read directory", &home))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with("snap.") && name.ends_with(".generating") {
                disk.remove(&path).map_err(FileError::at("remove", &path))?;
            }
        }
    }
    let since = Clock::now();
    let db = loop {
        let opened = guarded("open", || {
            sled::Config::new()
                .path(&home)
                .cache_capacity(CACHE)
                .mode(sled::Mode::HighThroughput)
                .flush_every_ms(Some(500))
                .open()
        });
        match opened {
            Err(StateError::Database { reason, .. })
                if reason.contains("could not acquire lock") && since.elapsed() < LOCK_WAIT =>
            {
                std::thread::sleep(Duration::from_millis(50));
            }
            other => break other?,
        }
    };
    let opened = guarded("open a tree", || {
        let mut trees = BTreeMap::new();
        for tree in Tree::ALL {
            let rows = Rows {
                main: db.open_tree(tree.name())?,
                parts: db.open_tree(format!("{}.parts", tree.name()))?,
            };
            trees.insert(tree, rows);
        }
        Ok((db.open_tree("meta")?, trees))
    });
    match opened {
        Ok((meta, trees)) => Ok(Database { db, meta, trees }),
        Err(error) => {
            close(db);
            Err(error)
        }
    }
}

/// Our own `fdatasync` on what sled wrote: it uses `sync_file_range`, which does not outlast a loss of power.
pub(super) fn sync_database(directory: &Path, disk: &dyn Disk) -> Result<(), FileError> {
    let home = sled_directory(directory);
    let path = home.join("db");
    let file = File::open(&path).map_err(FileError::at("open", &path))?;
    disk.sync(&path, &file).map_err(FileError::at("sync", &path))
}

impl StateStore {
    /// Opens the state in a directory, making it where there is none, and finishes a checkpoint that a crash cut off.
    ///
    /// # Errors
    /// Anything but [`StateError::Full`] and [`StateError::Io`] means that the directory is to be set aside and the
    /// state rebuilt from the journal.
    pub fn open(directory: &Path, site: Uuid, disk: Arc<dyn Disk>) -> Result<Self, StateError> {
        make_directory(&*disk, directory)?;
        let fresh = !sled_directory(directory).exists();
        let database = open_database(directory, &*disk)?;
        let stamp = read_or_make_stamp(&database, site).and_then(|stamp| {
            if fresh || stamp.applied == Sequence(0) {
                sync_new(directory, &*disk)?;
            }
            Ok(stamp)
        });
        let stamp = match stamp {
            Ok(stamp) => stamp,
            Err(error) => {
                close(database);
                return Err(error);
            }
        };
        let store = Self {
            inner: Arc::new(Inner {
                directory: directory.to_owned(),
                site,
                disk,
                database: RwLock::new(Some(database)),
                overlay: RwLock::new(None),
                applied: AtomicU64::new(stamp.applied.0),
                gate: Mutex::new(Gate { stamp }),
                broken: AtomicBool::new(false),
                failing: Mutex::new(None),
                pin_ends: AtomicU64::new(0),
                distrust: Mutex::new(None),
            }),
        };
        store.finish_cut_off_checkpoint()?;
        Ok(store)
    }

    /// The record up to which the rows in the database are right.
    pub fn applied(&self) -> Sequence {
        Sequence(self.inner.applied.load(Ordering::Acquire))
    }

    /// The record up to which a [`StateView`] is right: with the rows of a checkpoint that was handed over. Waits for
    /// nobody.
    pub fn readable_to(&self) -> Sequence {
        // In this order: rows stop being handed over only after the database stands at their record.
        let handed_over = self.overlay().map(|overlay| overlay.applied);
        handed_over.unwrap_or_else(|| self.applied())
    }

    /// About how many bytes the rows take that were handed over and are not written.
    pub fn unwritten(&self) -> Option<u64> {
        self.overlay().map(|overlay| overlay.size)
    }

    /// Why rows that were handed over are not written, when the last attempt to write them failed.
    pub fn failing(&self) -> Option<Failing> {
        self.overlay()?;
        *self.inner.failing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was found to be wrong with the state. It goes on answering as well as it can until it is made anew, by
    /// [`StateStore::renew`] or by the next start.
    pub fn distrusted(&self) -> Option<String> {
        self.inner
            .distrust
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Notes that the state is not to be trusted, on disk too: the next start sets it aside, whatever it looks like
    /// then.
    pub fn distrust(&self, reason: &str) {
        let mut known = self.inner.distrust.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_none() {
            let reason: String = reason.chars().take(LONGEST_REASON).collect();
            // Where nothing can be written, the next start meets the damage by itself.
            let _ = replace_file(
                &*self.inner.disk,
                &distrust_mark(&self.inner.directory),
                reason.as_bytes(),
            );
            *known = Some(reason);
        }
    }

    /// Notes an error that shows damage. What fails while sled has to be opened again shows nothing.
    pub(super) fn noticed(&self, error: &StateError) {
        if error.is_damage() && !self.inner.broken.load(Ordering::Acquire) {
            self.distrust(&error.to_string());
        }
    }

    /// A handle for reading, for this thread or another.
    pub fn view(&self) -> StateView {
        StateView { store: self.clone() }
    }

    /// A view that stays as it is now: no checkpoint is written while it is held, though one may be handed over.
    /// Waits for a checkpoint that is being written.
    pub fn pin(&self) -> PinnedView<'_> {
        let gate = self.gate();
        PinnedView {
            pin_ends: self.inner.pin_ends.load(Ordering::Acquire),
            overlay: self.overlay(),
            store: self,
            gate,
        }
    }

    /// Ends the pins that are held: their views answer with [`StateError::PinEnded`] from now on, so that whoever holds
    /// one lets go of it and checkpoints are written again.
    pub fn end_pins(&self) {
        self.inner.pin_ends.fetch_add(1, Ordering::AcqRel);
    }

    /// Notes what the database holds now.
    pub(super) fn stand_at(&self, gate: &mut Gate, stamp: Stamp) {
        self.inner.applied.store(stamp.applied.0, Ordering::Release);
        gate.stamp = stamp;
    }

    pub(super) fn gate(&self) -> MutexGuard<'_, Gate> {
        self.inner.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn overlay(&self) -> Option<Arc<Overlay>> {
        self.inner
            .overlay
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Takes the rows of a checkpoint over; from now on reads answer with them.
    ///
    /// # Errors
    /// [`StateError::InFlight`], with the rows, while the checkpoint before is not written.
    pub fn hand_over(&self, rows: Vec<Row>, applied: Sequence) -> Result<(), (StateError, Vec<Row>)> {
        let mut overlay = self.inner.overlay.write().unwrap_or_else(PoisonError::into_inner);
        if overlay.is_some() {
            return Err((StateError::InFlight, rows));
        }
        *overlay = Some(Arc::new(Overlay::new(rows, applied)));
        Ok(())
    }

    /// Runs something with the open database.
    pub(super) fn with_database<T>(
        &self,
        operation: &'static str,
        run: impl FnOnce(&Database) -> sled::Result<T>,
    ) -> Result<T, StateError> {
        let database = self.inner.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = database.as_ref().ok_or_else(|| StateError::Database {
            operation,
            reason: "it is not open".to_owned(),
        })?;
        guarded(operation, || run(database))
    }
}

/// The stamp of the database; a new one is given to an empty database.
fn read_or_make_stamp(database: &Database, site: Uuid) -> Result<Stamp, StateError> {
    if let Some(bytes) = guarded("read its stamp", || database.meta.get(STAMP))? {
        return Stamp::parse(&bytes)
            .ok_or_else(|| StateError::Distrusted("its stamp cannot be read".to_owned()))?
            .of_site(site);
    }
    let empty = guarded("look for rows", || {
        Ok(database.trees.values().all(|rows| rows.main.is_empty()))
    })?;
    if !empty {
        return Err(StateError::Distrusted("it has rows and no stamp".to_owned()));
    }
    let stamp = Stamp::new(site);
    guarded("write its stamp", || {
        database.write_stamp(&stamp)?;
        database.db.flush().map(|_| ())
    })?;
    Ok(stamp)
}

/// After creation: `conf`, `db` and the directories.
fn sync_new(directory: &Path, disk: &dyn Disk) -> Result<(), FileError> {
    let home = sled_directory(directory);
    for name in ["conf", "db"] {
        let path = home.join(name);
        let file = File::open(&path).map_err(FileError::at("open", &path))?;
        disk.sync(&path, &file).map_err(FileError::at("sync", &path))?;
    }
    for names in [&home.join("blobs"), &home, directory] {
        disk.sync_directory(names)
            .map_err(FileError::at("sync directory", names))?;
    }
    Ok(())
}

/// A view of the state as it is whenever it is asked. Cheap to clone.
#[derive(Debug, Clone)]
pub struct StateView {
    store: StateStore,
}

/// A view of the state that does not move; see [`StateStore::pin`].
#[derive(Debug)]
pub struct PinnedView<'a> {
    pub(super) store: &'a StateStore,
    pub(super) overlay: Option<Arc<Overlay>>,
    pub(super) gate: MutexGuard<'a, Gate>,
    /// How often pins had been ended before this one.
    pin_ends: u64,
}

impl PinnedView<'_> {
    /// Whether this view may still be used; [`StateError::PinEnded`] if not.
    pub fn held(&self) -> Result<(), StateError> {
        if self.store.inner.pin_ends.load(Ordering::Acquire) == self.pin_ends {
            Ok(())
        } else {
            Err(StateError::PinEnded)
        }
    }

    /// The record up to which this view is right.
    pub fn applied(&self) -> Sequence {
        self.overlay
            .as_ref()
            .map_or(self.gate.stamp.applied, |overlay| overlay.applied)
    }

    /// All rows of a tree in order, handed to `visit` until it answers `false`.
    pub fn all(&self, tree: Tree, visit: &mut dyn FnMut(&[u8], &[u8]) -> bool) -> Result<(), StateError> {
        read(self.store, self.overlay.as_deref(), tree, |reading| {
            reading.visit(Bound::Unbounded, Bound::Unbounded, &mut |key, value| {
                self.held().is_ok() && visit(key, value)
            })
        })?;
        self.held()
    }
}

type Damaged = (Vec<u8>, RowDamage);
type Sought<T> = sled::Result<Result<T, Damaged>>;

/// One reading of one tree.
struct Reading<'a> {
    tree: Tree,
    rows: &'a Rows,
    over: Option<&'a BTreeMap<Vec<u8>, Option<Vec<u8>>>>,
}

/// Reads in the database under the overlay; what is wrong with a row becomes an error that names it.
fn read<T>(
    store: &StateStore,
    overlay: Option<&Overlay>,
    tree: Tree,
    run: impl FnOnce(&Reading<'_>) -> Sought<T>,
) -> Result<T, StateError> {
    let read = store.with_database("read", |database| {
        run(&Reading {
            tree,
            rows: database.rows(tree)?,
            over: overlay.and_then(|overlay| overlay.trees.get(&tree)),
        })
    });
    let read = read.and_then(|read| {
        read.map_err(|(key, damage)| StateError::Row {
            tree: tree.name(),
            key: KeyText(key),
            damage,
        })
    });
    read.inspect_err(|error| store.noticed(error))
}

impl Reading<'_> {
    fn value(&self, key: &[u8], stored: &[u8]) -> Sought<Vec<u8>> {
        let decoded = decode(self.tree, key, stored, |part| self.rows.parts.get(part))?;
        Ok(decoded.map_err(|damage| (key.to_vec(), damage)))
    }

    fn get(&self, key: &[u8]) -> Sought<Option<Vec<u8>>> {
        if let Some(over) = self.over.and_then(|rows| rows.get(key)) {
            return Ok(Ok(over.clone()));
        }
        match self.rows.main.get(key)? {
            Some(stored) => Ok(self.value(key, &stored)?.map(Some)),
            None => Ok(Ok(None)),
        }
    }

    /// The first row within bounds, or the last.
    fn nearest(&self, from: Bound<&[u8]>, to: Bound<&[u8]>, last: bool) -> Sought<Option<Entry>> {
        let bounds = (from, to);
        let mut over = self.over.map(|rows| rows.range::<[u8], _>(bounds));
        let overlaid = over.as_mut().and_then(|range| {
            let present =
                |(key, value): (&Vec<u8>, &Option<Vec<u8>>)| value.as_ref().map(|value| (key.clone(), value.clone()));
            if last {
                range.rev().find_map(present)
            } else {
                range.find_map(present)
            }
        });
        let mut range = self.rows.main.range::<&[u8], _>(bounds);
        let stored = loop {
            let next = if last { range.next_back() } else { range.next() };
            match next.transpose()? {
                // What the overlay has is newer, or removed.
                Some((key, _)) if self.over.is_some_and(|rows| rows.contains_key(key.as_ref())) => {}
                other => break other,
            }
        };
        let Some((key, stored)) = stored else {
            return Ok(Ok(overlaid));
        };
        if let Some((over_key, _)) = &overlaid
            && (over_key.as_slice() > key.as_ref()) == last
        {
            return Ok(Ok(overlaid));
        }
        Ok(self.value(&key, &stored)?.map(|value| Some((key.to_vec(), value))))
    }

    fn visit(&self, from: Bound<&[u8]>, to: Bound<&[u8]>, visit: &mut dyn FnMut(&[u8], &[u8]) -> bool) -> Sought<()> {
        let bounds = (from, to);
        let mut over = self
            .over
            .map(|rows| rows.range::<[u8], _>(bounds))
            .into_iter()
            .flatten()
            .peekable();
        for stored in self.rows.main.range::<&[u8], _>(bounds) {
            let (key, stored) = stored?;
            let mut replaced = false;
            while let Some((over_key, value)) = over.next_if(|(over_key, _)| over_key.as_slice() <= key.as_ref()) {
                replaced |= over_key.as_slice() == key.as_ref();
                if let Some(value) = value
                    && !visit(over_key, value)
                {
                    return Ok(Ok(()));
                }
            }
            if replaced {
                continue;
            }
            match self.value(&key, &stored)? {
                Ok(value) if visit(&key, &value) => {}
                Ok(_) => return Ok(Ok(())),
                Err(damaged) => return Ok(Err(damaged)),
            }
        }
        for (key, value) in over {
            if let Some(value) = value
                && !visit(key, value)
            {
                break;
            }
        }
        Ok(Ok(()))
    }
}

impl StateView {
    fn read<T>(&self, tree: Tree, run: impl FnOnce(&Reading<'_>) -> Sought<T>) -> Result<T, HistoryError> {
        history(tree, read(&self.store, self.store.overlay().as_deref(), tree, run))
    }
}

fn history<T>(tree: Tree, result: Result<T, StateError>) -> Result<T, HistoryError> {
    result.map_err(|error| HistoryError {
        tree: tree.name(),
        reason: error.to_string(),
    })
}

macro_rules! history_through {
    ($view:ty) => {
        impl History for $view {
            fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, HistoryError> {
                self.read(tree, |reading| reading.get(key))
            }

            fn last_before(&self, tree: Tree, key: &[u8], floor: &[u8]) -> Result<Option<Entry>, HistoryError> {
                if floor >= key {
                    return Ok(None);
                }
                self.read(tree, |reading| {
                    reading.nearest(Bound::Included(floor), Bound::Excluded(key), true)
                })
            }

            fn first_after(&self, tree: Tree, key: &[u8], ceiling: &[u8]) -> Result<Option<Entry>, HistoryError> {
                if key >= ceiling {
                    return Ok(None);
                }
                self.read(tree, |reading| {
                    reading.nearest(Bound::Excluded(key), Bound::Excluded(ceiling), false)
                })
            }

            fn scan(
                &self,
                tree: Tree,
                from: &[u8],
                to: &[u8],
                visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
            ) -> Result<(), HistoryError> {
                if from >= to {
                    return Ok(());
                }
                self.read(tree, |reading| {
                    reading.visit(Bound::Included(from), Bound::Excluded(to), visit)
                })
            }
        }
    };
}

impl PinnedView<'_> {
    fn read<T>(&self, tree: Tree, run: impl FnOnce(&Reading<'_>) -> Sought<T>) -> Result<T, HistoryError> {
        let held = self.held();
        history(
            tree,
            held.and_then(|()| read(self.store, self.overlay.as_deref(), tree, run)),
        )
    }
}

history_through!(StateView);
history_through!(PinnedView<'_>);
