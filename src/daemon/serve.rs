//! A daemon from start to end: opens the site, starts writer, socket and feeds, and ends them in the right order.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use thiserror::Error;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::domain::actor::{Actor, SignOff};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::PlantZone;
use crate::engine::command::CommandBody;
use crate::locale::foreign::system_reason;
use crate::store::attachments::Attachments;
use crate::store::{
    CheckpointReport, Checkpointer, LockError, Recovery, SiteLock, StateError, StateFound, Store, StoreError,
    StoreOptions,
};
use crate::wire::client::Client;

use super::feeds;
use super::ground::{Ground, GroundError};
use super::job::Shared;
use super::log;
use super::requests::{planned_rules, read_proposal};
use super::rights::Identity;
use super::server::{Socket, SocketError, farewell};
use super::upkeep;
use super::writer::Writer;

/// How long a start on a full disk waits for room.
const ROOM_WAIT: Duration = Duration::from_secs(60);

/// Time between two attempts to start on a full disk.
const ROOM_PAUSE: Duration = Duration::from_secs(3);

/// Why a site cannot be served.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The directory has no model.
    #[error("{0:?} has no site.toml")]
    NotASite(PathBuf),
    /// Another daemon serves it.
    #[error("process {pid} already serves {site:?}")]
    InUse {
        /// The site.
        site: PathBuf,
        /// The other's process id.
        pid: String,
    },
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The state cannot be worked with.
    #[error(transparent)]
    Ground(#[from] GroundError),
    /// The socket cannot be made.
    #[error(transparent)]
    Socket(#[from] SocketError),
    /// The first model, or the rules, cannot be put in force.
    #[error("{0}")]
    Model(Text),
    /// The log cannot be written.
    #[error("cannot write the log in {path:?}: {source}")]
    Log {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system said no.
    #[error("cannot start: {0}")]
    Io(#[from] io::Error),
    /// The writer ended by a mistake of the program.
    #[error("the writer ended unexpectedly")]
    WriterEnded,
}

impl ServeError {
    /// Whether there is no room on the disk, so that waiting for some may help.
    pub fn is_full(&self) -> bool {
        match self {
            Self::Store(error) => error.is_full(),
            Self::Ground(error) => error.is_full(),
            _ => false,
        }
    }

    /// Whether the site is served already.
    pub fn is_in_use(&self) -> bool {
        matches!(self, Self::InUse { .. })
    }
}

impl Explained for ServeError {
    fn text(&self) -> Text {
        match self {
            Self::NotASite(site) => Text::new("daemon-not-a-site").with("site", site.display()),
            Self::InUse { site, pid } => Text::new("daemon-already-runs")
                .with("site", site.display())
                .with("pid", clean(pid)),
            Self::Store(error) => error.text(),
            Self::Ground(error) => error.text(),
            Self::Socket(error) => error.text(),
            Self::Model(text) => text.clone(),
            Self::Log { path, source } => Text::new("daemon-no-log")
                .with("path", path.display())
                .with_text("error", system_reason(source)),
            Self::Io(error) => Text::new("daemon-cannot-start").with_text("error", system_reason(error)),
            Self::WriterEnded => Text::new("daemon-writer-ended"),
        }
    }
}

/// A daemon at work in this process.
#[derive(Debug)]
pub struct Running {
    runtime: Runtime,
    shared: Arc<Shared>,
    writer: JoinHandle<()>,
    helpers: Vec<JoinHandle<()>>,
    socket: Socket,
    // Held to the very end: while it is, no other daemon touches the site.
    _lock: SiteLock,
}

impl Running {
    /// Opens a site and starts to serve it. Clients are accepted once [`Self::serve`] runs; those who connect before
    /// that wait.
    pub fn start(site: &Path) -> Result<Self, ServeError> {
        Self::start_with(site, &StoreOptions::default())
    }

    /// Like [`Self::start`], with a store that is opened in a certain way.
    pub fn start_with(site: &Path, options: &StoreOptions) -> Result<Self, ServeError> {
        let site = fs::canonicalize(site).map_err(|_| ServeError::NotASite(site.to_owned()))?;
        if !site.join("site.toml").is_file() {
            return Err(ServeError::NotASite(site));
        }
        let metadata = fs::metadata(&site)?;
        let options = StoreOptions {
            new_site: true,
            ..options.clone()
        };
        let (store, recovery) = Store::open_with(&site, &options).map_err(|error| match error {
            StoreError::Lock(LockError::Held { holder, .. }) => ServeError::InUse {
                site: site.clone(),
                pid: holder,
            },
            error => ServeError::Store(error),
        })?;
        let (lock, _, journal, state) = store.into_parts();
        // Whoever was sending one asks first how much there is. One that cannot be removed hinders nobody.
        if let Err(error) = Attachments::of(&site).forget_unfinished() {
            tracing::warn!(error = %clean(&error.to_string()), "files that had not come whole are left");
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("session")
            .enable_all()
            .build()?;
        // A socket that is left over is recognised before the long work begins, and clients may already wait on the new.
        let socket = {
            let _inside = runtime.enter();
            Socket::bind(&site)?
        };
        let (rules, _) = planned_rules().map_err(ServeError::Model)?;
        let empty = journal.head().sequence.0 == 0;
        let proposed = read_proposal(&site, rules, None);
        let (zone, simulated) = match &proposed {
            Ok(proposed) => (proposed.model.zone, proposed.model.simulated),
            Err(problems) if empty => return Err(ServeError::Model(problems.clone())),
            // A file that was spoilt since does not matter: the model in force is the journal's.
            Err(_) => (utc()?, false),
        };
        let checkpointer = Checkpointer::start(state.clone(), Box::new(note_checkpoint)).map_err(GroundError::from)?;
        let ground = Ground::open(journal, state, checkpointer, zone)?;
        let simulated = ground.model().map_or(simulated, |model| model.simulated);
        let (shared, queue) = Shared::new(site, metadata.uid());
        let texts = recovery_texts(&recovery);
        let mut writer = Writer::new(Arc::clone(&shared), ground, zone, simulated, texts);
        first_records(&mut writer, &recovery, &metadata).map_err(ServeError::Model)?;
        let mut helpers = vec![upkeep::start(Arc::clone(&shared), &writer)?];
        let handle = runtime.handle().clone();
        let theirs = Arc::clone(&shared);
        let writer = std::thread::Builder::new().name("writer".to_owned()).spawn(move || {
            // Whichever way the writer ends, clients are told and the daemon stops.
            let _ending = Ending(theirs);
            writer.run(queue, &handle);
        })?;
        helpers.push(feeds::start(Arc::clone(&shared))?);
        Ok(Self {
            runtime,
            shared,
            writer,
            helpers,
            socket,
            _lock: lock,
        })
    }

    /// What the daemon's parts share.
    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Accepts clients until the daemon is asked to stop, by a request or by a signal, and then ends everything: the
    /// socket, the group in hand, a last checkpoint, the goodbyes, the lock.
    pub fn serve(self) -> Result<(), ServeError> {
        let Self {
            runtime,
            shared,
            writer,
            helpers,
            socket,
            _lock: lock,
        } = self;
        let sessions = runtime.block_on(async {
            let mut sessions = JoinSet::new();
            tokio::select! {
                () = socket.accept_until_stop(&shared, &mut sessions) => {}
                () = signalled() => shared.ask_to_stop(Text::new("daemon-stopped-by-signal")),
            }
            sessions
        });
        tracing::info!("stopping");
        // Who comes now finds no daemon, and may start another, which waits for the lock.
        drop(socket);
        let written = writer.join();
        for helper in helpers {
            if helper.join().is_err() {
                tracing::error!("a helper of the daemon ended unexpectedly");
            }
        }
        runtime.block_on(farewell(sessions));
        drop(lock);
        tracing::info!("stopped");
        written.map_err(|_| ServeError::WriterEnded)
    }
}

/// Tells everybody when the writer has ended.
struct Ending(Arc<Shared>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.ask_to_stop(Text::new("daemon-writer-ended"));
        self.0.finished.send_replace(true);
    }
}

/// Serves a site until it is asked to stop. `ready` is called once clients can connect.
pub fn serve(site: &Path, ready: impl FnOnce(&Path)) -> Result<(), ServeError> {
    let directory = fs::canonicalize(site).map_err(|_| ServeError::NotASite(site.to_owned()))?;
    if !directory.join("site.toml").is_file() {
        return Err(ServeError::NotASite(directory));
    }
    log::start(&directory).map_err(|source| ServeError::Log {
        path: log::directory(&directory),
        source,
    })?;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        pid = std::process::id(),
        "starting"
    );
    // Somebody who answers is the plainest sign of another daemon; the lock decides in any case, but waits first.
    if let Some(pid) = answering(&directory) {
        return Err(ServeError::InUse { site: directory, pid });
    }
    let running = start_when_there_is_room(&directory).inspect_err(|error| {
        tracing::error!(error = %clean(&error.to_string()), "cannot serve the site");
    })?;
    ready(&directory);
    running.serve()
}

/// Starts, and on a full disk tries again for a while: somebody may be making room.
fn start_when_there_is_room(site: &Path) -> Result<Running, ServeError> {
    let since = Instant::now();
    loop {
        match Running::start(site) {
            Err(error) if error.is_full() && since.elapsed() < ROOM_WAIT => {
                tracing::warn!(error = %clean(&error.to_string()), "no room on the disk; trying again");
                std::thread::sleep(ROOM_PAUSE);
            }
            other => return other,
        }
    }
}

/// Process id of the daemon that answers on the site's socket, if one does.
fn answering(site: &Path) -> Option<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .ok()?;
    runtime.block_on(Client::connect(site)).ok()?;
    let holder = fs::read_to_string(site.join(crate::store::lock::LOCK_FILE)).unwrap_or_default();
    Some(holder.trim().chars().take(20).collect())
}

/// Completes when the system asks this process to end.
async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt), Ok(mut hang_up)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
        signal(SignalKind::hangup()),
    ) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hang_up.recv() => {}
    }
}

fn utc() -> Result<PlantZone, ServeError> {
    PlantZone::parse("UTC").map_err(|error| ServeError::Model(error.text()))
}

fn note_checkpoint(result: Result<CheckpointReport, StateError>) {
    match result {
        Ok(report) => tracing::info!(
            applied = report.applied.0,
            rows = report.rows,
            bytes = report.bytes,
            took_ms = report.took.as_millis(),
            "checkpoint"
        ),
        Err(error) => tracing::error!(error = %clean(&error.to_string()), "a checkpoint failed; it is tried again"),
    }
}

/// The first records of a site, or of a restored copy: where it parted from the original, this program's rules, and the
/// model that its file proposes.
pub(super) fn first_records(writer: &mut Writer, recovery: &Recovery, metadata: &fs::Metadata) -> Result<(), Text> {
    if let Some(fork) = recovery.fork {
        let body = CommandBody::Restored {
            epoch: fork.epoch,
            head: fork.hash.to_string(),
        };
        writer.command(&Actor::daemon(), body)?;
    }
    let owner = Identity::look_up(metadata.uid(), metadata.gid())
        .actor(metadata.uid(), None, None)
        .unwrap_or_else(Actor::daemon);
    if !writer.ground.has_rules() {
        let (rules, _) = planned_rules()?;
        let body = CommandBody::Adopt {
            rules: Box::new(rules.clone()),
        };
        writer.command(&owner, body)?;
    }
    if writer.ground.model().is_none() {
        let proposed = writer.proposal()?;
        let body = CommandBody::Apply {
            model: Box::new(proposed.model),
            digest: proposed.digest,
            effective_from: None,
        };
        writer.command(&owner, body)?;
    }
    // Nobody is signed on at a daemon that has just started.
    let present = writer.ground.engine().0.present().to_vec();
    for actor in present {
        writer.command(&actor, CommandBody::SignOff(SignOff::Ended))?;
    }
    Ok(())
}

/// What recovery found, for status and log.
fn recovery_texts(recovery: &Recovery) -> Vec<Text> {
    let mut texts = Vec::new();
    for torn in &recovery.torn {
        texts.push(
            Text::new("daemon-recovered-tail")
                .with("kept", torn.kept_in.display())
                .with_count("bytes", torn.bytes),
        );
    }
    match &recovery.state {
        StateFound::Absent { .. } if recovery.head.sequence.0 == 0 => {}
        found => texts.extend(state_text(found)),
    }
    for text in &texts {
        tracing::warn!(%text, "recovery");
    }
    texts
}

/// What became of a state that could not be used.
pub(super) fn state_text(found: &StateFound) -> Option<Text> {
    let from = |export: &Option<PathBuf>| match export {
        Some(path) => Text::new("daemon-state-from-export").with("export", path.display()),
        None => Text::new("daemon-state-from-journal"),
    };
    match found {
        StateFound::Good => None,
        StateFound::Absent { export } => Some(Text::new("daemon-state-absent").with_text("from", from(export))),
        StateFound::SetAside {
            kept_in,
            reason,
            export,
        } => Some(
            Text::new("daemon-state-set-aside")
                .with("kept", kept_in.display())
                .with("reason", clean(reason))
                .with_text("from", from(export)),
        ),
    }
}
