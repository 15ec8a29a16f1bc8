//! sled as the state keeps it: opened under guard, closed in bounded time, and synced by ourselves.

use std::collections::BTreeMap;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant as Clock};

use uuid::Uuid;

use super::error::StateError;
use super::stamp::Stamp;
use crate::engine::history::Tree;
use crate::store::disk::{Disk, FileError, is_full};

/// Memory that sled uses for pages; resident memory is two to five times that.
const CACHE: u64 = 48 << 20;
/// How long another process may take to let go of the database.
const LOCK_WAIT: Duration = Duration::from_secs(5);
/// How long sled may take to close.
const CLOSE_WAIT: Duration = Duration::from_secs(3);
/// The key of the [`Stamp`].
const STAMP: &[u8] = b"stamp";

/// A tree of rows and the tree of their further parts.
#[derive(Debug, Clone)]
pub(in crate::store) struct Rows {
    pub(in crate::store) main: sled::Tree,
    pub(super) parts: sled::Tree,
}

/// The open database.
#[derive(Debug)]
pub(in crate::store) struct Database {
    pub(super) db: sled::Db,
    pub(super) meta: sled::Tree,
    pub(super) trees: BTreeMap<Tree, Rows>,
}

impl Database {
    pub(in crate::store) fn rows(&self, tree: Tree) -> sled::Result<&Rows> {
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

/// Lets go of sled. After one of its own threads has panicked it waits for that thread for ever; so this does not wait
/// for it longer than it should take. Answers whether sled is closed.
pub(super) fn close<T: Send + 'static>(database: T) -> bool {
    let (done, closed) = std::sync::mpsc::channel();
    let spawned = std::thread::Builder::new()
        .name("close-state".to_owned())
        .spawn(move || {
            drop(database);
            // Nobody listens when it took too long.
            let _ = done.send(());
        });
    spawned.is_ok() && closed.recv_timeout(CLOSE_WAIT).is_ok()
}

/// Runs something in sled: errors get a name, and a panic becomes an error.
pub(super) fn guarded<T>(operation: &'static str, run: impl FnOnce() -> sled::Result<T>) -> Result<T, StateError> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(sled::Error::Io(source))) if is_full(&source) => Err(StateError::Full(FileError {
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
pub(in crate::store) fn sled_directory(directory: &Path) -> PathBuf {
    directory.join("sled")
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
            Err(StateError::Database { reason, .. }) if reason.contains("could not acquire lock") => {
                if since.elapsed() >= LOCK_WAIT {
                    return Err(StateError::Held);
                }
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

/// The stamp of the database; a new one is given to an empty database.
pub(super) fn read_or_make_stamp(database: &Database, site: Uuid) -> Result<Stamp, StateError> {
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
pub(super) fn sync_new(directory: &Path, disk: &dyn Disk) -> Result<(), FileError> {
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
