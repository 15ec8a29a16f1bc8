//! The client's end: connects to a site's daemon, asks, and receives what it sends.
//!
//! The command line uses [`Client::ask`]; a terminal that watches splits the client into [`Requests`] and [`Messages`]
//! and works with both at once.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use thiserror::Error;
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::timeout;
use tokio_util::codec::{FramedRead, FramedWrite, LengthDelimitedCodec};
use uuid::Uuid;

use crate::domain::actor::Actor;
use crate::domain::pin::Pin;
use crate::domain::text::{Explained, Text};
use crate::locale::foreign::system_reason;

use super::answers::SignedOnView;
use super::framing::{FrameError, codec, decode, encode};
use super::message::{
    FromDaemon, Hello, LARGEST_FRAME, PROTOCOL_VERSION, ReplyBody, Request, RequestBody, Welcome, frame_too_large,
    largest_frame,
};
use super::place::SocketPlace;

/// What a client says first.
pub const MAGIC: &str = "carbonwatch";

/// How long a client waits for the daemon's first words.
const WELCOME_TIMEOUT: Duration = Duration::from_secs(10);

/// Why a client cannot connect, or got no answer.
#[derive(Debug, Error)]
pub enum ClientError {
    /// There is no such directory.
    #[error("{0:?} is not a site's directory")]
    NoSite(PathBuf),
    /// No daemon runs there.
    #[error("no daemon serves {0:?}")]
    NoDaemon(PathBuf),
    /// The kernel does not let this user at the socket.
    #[error("no permission to connect to the daemon of {0:?}")]
    NotPermitted(PathBuf),
    /// The daemon does not talk to this client: unknown user, other version, too many clients.
    #[error("the daemon refused the connection: {0}")]
    Refused(Text),
    /// The daemon refused the request.
    #[error("the daemon refused: {0}")]
    Request(Text),
    /// The daemon stops.
    #[error("the daemon stopped: {0}")]
    Goodbye(Text),
    /// The connection ended.
    #[error("the daemon closed the connection")]
    Closed,
    /// The daemon did not say anything in time.
    #[error("the daemon does not answer")]
    Silent,
    /// A frame was not understood.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The system said no.
    #[error("the connection failed: {0}")]
    Io(#[from] io::Error),
    /// The daemon answered with something else than was asked for.
    #[error("the daemon answered something that was not asked")]
    Unexpected,
}

impl ClientError {
    /// Whether the connection ended or fell silent, so that nobody knows what became of what was asked.
    pub const fn is_cut(&self) -> bool {
        matches!(self, Self::Goodbye(_) | Self::Closed | Self::Silent | Self::Io(_))
    }
}

impl Explained for ClientError {
    fn text(&self) -> Text {
        match self {
            Self::NoSite(site) => Text::new("wire-no-site").with("site", site.display()),
            Self::NoDaemon(site) => Text::new("wire-no-daemon").with("site", site.display()),
            Self::NotPermitted(site) => Text::new("wire-not-permitted").with("site", site.display()),
            Self::Refused(text) | Self::Request(text) => text.clone(),
            Self::Goodbye(text) => Text::new("wire-goodbye").with_text("why", text.clone()),
            Self::Closed => Text::new("wire-closed"),
            Self::Silent => Text::new("wire-silent"),
            Self::Frame(error) => Text::new("wire-frame").with("error", error),
            Self::Io(error) => Text::new("wire-io").with_text("error", system_reason(error)),
            Self::Unexpected => Text::new("wire-unexpected"),
        }
    }
}

/// The sending half.
#[derive(Debug)]
pub struct Requests {
    frames: FramedWrite<OwnedWriteHalf, LengthDelimitedCodec>,
    largest: Largest,
    next_id: u64,
}

/// The largest frame that the daemon takes from us. It follows whoever is at the post: the half that hears who comes and goes
/// says so to the half that sends.
#[derive(Debug, Clone)]
struct Largest(Arc<AtomicUsize>);

impl Largest {
    fn of(actor: &Actor) -> Self {
        Self(Arc::new(AtomicUsize::new(largest_frame(actor))))
    }

    fn bytes(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Takes what a message says of who is at the post.
    fn follow(&self, message: &FromDaemon) {
        let actor = match message {
            FromDaemon::Reply {
                result: Ok(ReplyBody::SignedOn(view)),
                ..
            } => &view.actor,
            FromDaemon::Reply {
                result: Ok(ReplyBody::SignedOff(actor)),
                ..
            }
            | FromDaemon::Post { actor, .. }
            | FromDaemon::Roles(actor) => actor,
            _ => return,
        };
        self.0.store(largest_frame(actor), Ordering::Relaxed);
    }
}

impl Requests {
    /// Sends a request; the answer carries the id that is returned. A write whose answer may be lost should be given a
    /// key, and be repeated with the same key.
    pub async fn send(&mut self, key: Option<Uuid>, body: RequestBody) -> Result<u64, ClientError> {
        let id = self.next_id;
        self.next_id += 1;
        let frame = match encode(&Request { id, key, body }) {
            Ok(frame) => frame,
            // It is not sent, and refused like any other that is too large.
            Err(FrameError::TooLarge(bytes)) => {
                return Err(ClientError::Request(frame_too_large(bytes, LARGEST_FRAME)));
            }
            Err(error) => return Err(error.into()),
        };
        let largest = self.largest.bytes();
        if frame.len() > largest {
            return Err(ClientError::Request(frame_too_large(frame.len(), largest)));
        }
        self.frames.send(frame).await?;
        Ok(id)
    }
}

/// The receiving half.
#[derive(Debug)]
pub struct Messages {
    frames: FramedRead<OwnedReadHalf, LengthDelimitedCodec>,
    /// Of the half that sends.
    largest: Largest,
}

impl Messages {
    /// The next message. Nothing is lost when the future is dropped before it is ready.
    pub async fn next(&mut self) -> Result<FromDaemon, ClientError> {
        let frame = self.frames.next().await.ok_or(ClientError::Closed)??;
        let message = decode(&frame)?;
        self.largest.follow(&message);
        Ok(message)
    }
}

/// A connection to a site's daemon.
#[derive(Debug)]
pub struct Client {
    requests: Requests,
    messages: Messages,
    actor: Actor,
    signed_on: Option<Box<SignedOnView>>,
    program: String,
}

impl Client {
    /// Connects to the daemon of a site, if one runs. It is started elsewhere (see [`crate::daemon::starting`]).
    pub async fn connect(site: &Path) -> Result<Self, ClientError> {
        if !site.is_dir() {
            return Err(ClientError::NoSite(site.to_owned()));
        }
        let place = SocketPlace::of(site)?;
        let stream = UnixStream::connect(place.path())
            .await
            .map_err(|error| match error.kind() {
                // Where the directory cannot be looked into, it may well be a site.
                io::ErrorKind::NotFound if matches!(site.join("site.toml").try_exists(), Ok(false)) => {
                    ClientError::NoSite(site.to_owned())
                }
                io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => ClientError::NoDaemon(site.to_owned()),
                io::ErrorKind::PermissionDenied => ClientError::NotPermitted(site.to_owned()),
                _ => ClientError::Io(error),
            })?;
        Self::greet(stream).await
    }

    /// Says hello on a connected socket.
    pub async fn greet(stream: UnixStream) -> Result<Self, ClientError> {
        let (read, write) = stream.into_split();
        let mut messages = FramedRead::new(read, codec());
        let mut requests = FramedWrite::new(write, codec());
        let hello = Hello {
            magic: MAGIC.to_owned(),
            version: PROTOCOL_VERSION,
            program: format!("carbonwatch {}", env!("CARGO_PKG_VERSION")),
        };
        // A daemon that refuses may close before it has read our words; what it said is still there to be read.
        let sent = requests.send(encode(&hello)?).await;
        let first = timeout(WELCOME_TIMEOUT, messages.next())
            .await
            .map_err(|_| ClientError::Silent)?;
        let frame = if let Some(frame) = first {
            frame?
        } else {
            sent?;
            return Err(ClientError::Closed);
        };
        match decode(&frame)? {
            Welcome::Refused(text) => Err(ClientError::Refused(text)),
            Welcome::Welcome { program, actor, .. } => {
                let largest = Largest::of(&actor);
                Ok(Self {
                    requests: Requests {
                        frames: requests,
                        largest: largest.clone(),
                        next_id: 1,
                    },
                    messages: Messages {
                        frames: messages,
                        largest,
                    },
                    actor,
                    signed_on: None,
                    program,
                })
            }
        }
    }

    /// Who the daemon takes us for.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Who signed on over this connection with [`Self::sign_on`], and what happened since they were here last.
    pub fn signed_on(&self) -> Option<&SignedOnView> {
        self.signed_on.as_deref()
    }

    /// The daemon's program and version.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// Asks and waits for the answer. Snapshots and deltas that come in between are passed over: a client that watches
    /// splits itself instead.
    pub async fn ask(&mut self, body: RequestBody) -> Result<ReplyBody, ClientError> {
        self.ask_with(None, body).await
    }

    /// Like [`Self::ask`] for a write, which has the same effect and answer when it is repeated with the same key.
    pub async fn ask_with(&mut self, key: Option<Uuid>, body: RequestBody) -> Result<ReplyBody, ClientError> {
        let asked = self.requests.send(key, body).await?;
        self.answer(asked).await
    }

    /// Signs a person on for as long as this connection lasts: from then on it has their rights.
    pub async fn sign_on(&mut self, staff_number: String, pin: Pin) -> Result<(), ClientError> {
        match self
            .ask(RequestBody::SignOn {
                staff_number,
                pin,
                instead_of: None,
            })
            .await?
        {
            ReplyBody::SignedOn(view) => {
                self.actor = view.actor.clone();
                self.signed_on = Some(view);
                Ok(())
            }
            _ => Err(ClientError::Unexpected),
        }
    }

    /// Sends without waiting; the answer is fetched with [`Self::answer`].
    pub async fn send(&mut self, key: Option<Uuid>, body: RequestBody) -> Result<u64, ClientError> {
        self.requests.send(key, body).await
    }

    /// Waits for whatever the daemon says next.
    ///
    /// # Errors
    /// When the connection ends.
    pub async fn next(&mut self) -> Result<FromDaemon, ClientError> {
        self.messages.next().await
    }

    /// Waits for the answer to a request that was sent. Answers to requests of one sort come in the order of asking.
    pub async fn answer(&mut self, asked: u64) -> Result<ReplyBody, ClientError> {
        loop {
            match self.messages.next().await? {
                FromDaemon::Reply { id, result } if id == asked => return result.map_err(ClientError::Request),
                FromDaemon::Reply { .. }
                | FromDaemon::Snapshot(_)
                | FromDaemon::Delta(_)
                | FromDaemon::Post { .. }
                | FromDaemon::Roles(_) => {}
                FromDaemon::Goodbye(text) => return Err(ClientError::Goodbye(text)),
            }
        }
    }

    /// The two halves, to send and to receive at once.
    pub fn split(self) -> (Requests, Messages) {
        (self.requests, self.messages)
    }
}
