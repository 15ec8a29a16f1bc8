//! What sessions and feeds hand to the writer.

use std::path::PathBuf;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot, watch};
use uuid::Uuid;

use crate::domain::actor::{Actor, Right};
use crate::domain::identity::Sequence;
use crate::domain::model::SiteModel;
use crate::domain::text::Text;
use crate::domain::time::{Month, PlantZone};
use crate::engine::sealed::{Seal, SealInForce};
use crate::wire::message::{ReplyBody, RequestBody};

use super::board::FeedBoard;
use super::gate::Gate;
use super::guests::{Guests, Room};
use super::mailbox::Mailbox;
use super::rights::Identity;

/// Most requests that wait for the writer; who brings more waits.
pub const LONGEST_QUEUE: usize = 256;

/// Where an answer goes.
#[derive(Debug)]
pub enum ReplyTo {
    /// To a client.
    Client {
        /// Its mailbox.
        mailbox: Arc<Mailbox>,
        /// Id of its request.
        id: u64,
        /// Its place among the requests in flight.
        permit: OwnedSemaphorePermit,
    },
    /// To a session that asked in its own name.
    Session(oneshot::Sender<Result<ReplyBody, Text>>),
    /// To a thread of the daemon that waits for it.
    Thread(std::sync::mpsc::SyncSender<Result<ReplyBody, Text>>),
    /// To nobody; a client that was left behind gets a snapshot.
    Watcher(Arc<Mailbox>),
}

impl ReplyTo {
    /// Hands the answer over.
    pub fn send(self, result: Result<ReplyBody, Text>) {
        match self {
            Self::Client { mailbox, id, permit } => mailbox.answer(id, result, Some(permit)),
            // A thread that has ended does not need its answer.
            Self::Session(sender) => drop(sender.send(result)),
            Self::Thread(sender) => drop(sender.try_send(result)),
            Self::Watcher(_) => {}
        }
    }

    /// The mailbox of the client that asked.
    pub fn mailbox(&self) -> Option<&Arc<Mailbox>> {
        match self {
            Self::Client { mailbox, .. } | Self::Watcher(mailbox) => Some(mailbox),
            Self::Session(_) | Self::Thread(_) => None,
        }
    }
}

/// Under what a request was let in: where the model is another one when its turn comes, it is looked at again.
#[derive(Debug, Clone)]
pub struct Admission {
    /// Whom the kernel names.
    pub(super) identity: Arc<Identity>,
    /// The model of that moment.
    pub(super) under: Option<Arc<SiteModel>>,
}

impl Admission {
    /// The actor under the model of now: `Ok(None)` where it is the model under which they were let in. Refused where they may
    /// not do any more what they were let in for.
    pub(super) fn again(
        &self,
        actor: &Actor,
        right: Right,
        owner_uid: u32,
        model: Option<&Arc<SiteModel>>,
    ) -> Result<Option<Actor>, Text> {
        let same = match (&self.under, model) {
            (Some(under), Some(model)) => Arc::ptr_eq(under, model),
            (None, None) => true,
            _ => false,
        };
        if same {
            return Ok(None);
        }
        self.identity
            .actor(owner_uid, model.map(Arc::as_ref), actor.person.as_deref())
            .filter(|now| now.person == actor.person && now.may(right))
            .map(Some)
            .ok_or_else(|| Text::new("daemon-changed-meanwhile"))
    }
}

/// A request whose right has been checked.
#[derive(Debug)]
pub struct Job {
    /// Who asks.
    pub actor: Actor,
    /// Under what it was let in; `None` for the daemon's own.
    pub admission: Option<Admission>,
    /// Idempotency key.
    pub key: Option<Uuid>,
    /// What is asked.
    pub body: RequestBody,
    /// Who gets the answer.
    pub reply: ReplyTo,
    /// The memory that it takes; given back when the job is done.
    pub room: Option<Room>,
}

/// An export that was written, read back and copied for a seal (已核验的导出).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedExport {
    /// The last month that is to be sealed.
    pub through: Month,
    /// The record up to which it is right.
    pub applied: Sequence,
    /// BLAKE3 digest of its file, in hex.
    pub digest: String,
}

impl VerifiedExport {
    /// Whether a seal is of it.
    fn is_of(&self, seal: &Seal) -> bool {
        self.through == seal.through && self.applied == seal.applied && self.digest == seal.export
    }
}

/// What sessions, feeds and the writer share.
#[derive(Debug)]
pub struct Shared {
    /// Absolute path of the site's directory.
    pub site: PathBuf,
    /// User id of the owner of that directory.
    pub owner_uid: u32,
    /// The way to the writer.
    pub jobs: mpsc::Sender<Job>,
    /// The model in force, kept current by the writer: roles come from it.
    pub model: RwLock<Option<Arc<SiteModel>>>,
    /// The seal in force with the plant's zone, kept current by the writer.
    sealed: RwLock<Option<(SealInForce, PlantZone)>>,
    /// The export that was verified for a seal that is to be set. There is one: whoever looked at another looks again.
    verified_export: Mutex<Option<VerifiedExport>>,
    /// Held while an export for a seal is written, and while those that no seal needs are removed.
    pub exporting: Mutex<()>,
    /// Number of clients connected.
    pub clients: AtomicU32,
    /// Who is connected, and how much memory their requests may take.
    pub guests: Arc<Guests>,
    /// Whether people are who they say.
    pub gate: Gate,
    /// Counts how often who may be where changed.
    pub people: watch::Sender<u64>,
    /// The state of the sources of data.
    pub feeds: FeedBoard,
    /// Set once, when the daemon is to stop, with the reason.
    pub stop: watch::Sender<Option<Text>>,
    /// Set once, when the writer has done what there was to do: clients are told goodbye.
    pub finished: watch::Sender<bool>,
}

impl Shared {
    /// Everything that is shared, and the writer's end of the queue.
    pub fn new(site: PathBuf, owner_uid: u32) -> (Arc<Self>, mpsc::Receiver<Job>) {
        let (jobs, queue) = mpsc::channel(LONGEST_QUEUE);
        let shared = Self {
            gate: Gate::new(site.clone()),
            people: watch::Sender::new(0),
            site,
            owner_uid,
            jobs,
            model: RwLock::new(None),
            sealed: RwLock::new(None),
            verified_export: Mutex::default(),
            exporting: Mutex::default(),
            clients: AtomicU32::new(0),
            guests: Guests::new(owner_uid),
            feeds: FeedBoard::default(),
            stop: watch::Sender::new(None),
            finished: watch::Sender::new(false),
        };
        (Arc::new(shared), queue)
    }

    /// The model in force.
    pub fn model(&self) -> Option<Arc<SiteModel>> {
        self.model.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts a model in force for the rights.
    pub fn set_model(&self, model: Option<Arc<SiteModel>>) {
        *self.model.write().unwrap_or_else(PoisonError::into_inner) = model;
        self.people_changed();
    }

    /// Has everybody look again whether they may still be where they are.
    pub fn people_changed(&self) {
        self.people.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Names the export that was verified for a seal, or that none is any more.
    pub fn set_verified(&self, export: Option<VerifiedExport>) {
        *self.verified_export.lock().unwrap_or_else(PoisonError::into_inner) = export;
    }

    /// Whether the export of a seal was verified, for just those months.
    pub fn is_verified(&self, seal: &Seal) -> bool {
        let verified = self.verified_export.lock();
        let verified = verified.unwrap_or_else(PoisonError::into_inner);
        verified.as_ref().is_some_and(|export| export.is_of(seal))
    }

    /// The records up to which those exports are right that seals rest on, the newest first, and the one that may be set next.
    pub fn needed_exports(&self) -> Vec<Sequence> {
        let verified = self.verified_export.lock();
        let verified = verified.unwrap_or_else(PoisonError::into_inner);
        let verified = verified.as_ref().map(|export| export.applied);
        let sealed = self.sealed();
        let named = sealed.iter().flat_map(|(sealed, _)| sealed.exports());
        named.chain(verified).collect()
    }

    /// The seal in force with the plant's zone.
    pub fn sealed(&self) -> Option<(SealInForce, PlantZone)> {
        self.sealed.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells which seal is in force.
    pub fn set_sealed(&self, sealed: Option<(SealInForce, PlantZone)>) {
        *self.sealed.write().unwrap_or_else(PoisonError::into_inner) = sealed;
    }

    /// Asks the daemon to stop. The first reason stays.
    pub fn ask_to_stop(&self, why: Text) {
        self.stop.send_if_modified(|reason| {
            if reason.is_some() {
                return false;
            }
            *reason = Some(why);
            true
        });
    }

    /// Completes when the daemon is asked to stop.
    pub async fn stopping(&self) {
        // The sender lives in `self`, so that waiting cannot fail.
        let _ = self.stop.subscribe().wait_for(Option::is_some).await;
    }

    /// Completes when the writer has ended; the text says why the daemon stops.
    pub async fn ended(&self) -> Text {
        let _ = self.finished.subscribe().wait_for(|finished| *finished).await;
        self.stop
            .borrow()
            .clone()
            .unwrap_or_else(|| Text::new("daemon-writer-ended"))
    }

    /// Hands a request that a session makes itself to the writer and waits for the answer.
    pub async fn ask_in_session(
        &self,
        actor: Actor,
        admission: Option<Admission>,
        body: RequestBody,
    ) -> Result<ReplyBody, Text> {
        let stopped = || Text::new("daemon-stopping");
        let (sender, answer) = oneshot::channel();
        let job = Job {
            actor,
            admission,
            key: None,
            body,
            reply: ReplyTo::Session(sender),
            room: None,
        };
        self.jobs.send(job).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    /// Hands a request of the daemon's own to the writer and waits for the answer. Not for use on the writer's thread or
    /// in asynchronous code.
    pub fn ask(&self, actor: Actor, key: Option<Uuid>, body: RequestBody) -> Result<ReplyBody, Text> {
        let stopped = || Text::new("daemon-stopping");
        let (sender, answer) = std::sync::mpsc::sync_channel(1);
        let job = Job {
            actor,
            admission: None,
            key,
            body,
            reply: ReplyTo::Thread(sender),
            room: None,
        };
        self.jobs.blocking_send(job).map_err(|_| stopped())?;
        answer.recv().map_err(|_| stopped())?
    }
}
