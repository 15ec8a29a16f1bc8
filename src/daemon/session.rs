//! One client: greeting, rights, requests in, messages out.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::Semaphore;
use tokio::time::{Instant as Deadline, timeout};
use tokio_util::codec::{FramedRead, FramedWrite, LengthDelimitedCodec};

use crate::domain::actor::{Actor, Right};
use crate::domain::text::{Text, clean};
use crate::wire::client::MAGIC;
use crate::wire::framing::{FrameError, codec, decode, encode};
use crate::wire::message::{
    FromDaemon, Hello, LARGEST_BATCH, LARGEST_FRAME, PROTOCOL_VERSION, Request, RequestBody, Welcome,
};

use super::job::{Job, ReplyTo, Shared};
use super::mailbox::{Mailbox, Outgoing};
use super::rights::{Identity, user_name};

/// How long a client may take to say hello, and the user data base to name it.
const GREETING_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a client may take to read one message.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(30);

/// Shortest time between two deltas to one client.
const DELTA_PACE: Duration = Duration::from_millis(100);

/// Most requests of one client that wait for an answer or for the client to read it.
const MOST_IN_FLIGHT: usize = 16;

/// Largest greeting.
const LARGEST_HELLO: usize = 4096;

type Incoming = FramedRead<OwnedReadHalf, LengthDelimitedCodec>;
type Outlet = FramedWrite<OwnedWriteHalf, LengthDelimitedCodec>;

/// Why a session ended, for the log.
type Ending = String;

/// Serves one client until one side ends it. `has_room` is false for a client beyond the largest number: it is told so.
pub(super) async fn serve(stream: UnixStream, shared: Arc<Shared>, has_room: bool) {
    let peer = match stream.peer_cred() {
        Ok(peer) => peer,
        Err(error) => {
            tracing::warn!(%error, "the kernel does not say who a client is");
            return;
        }
    };
    let (uid, gid) = (peer.uid(), peer.gid());
    let (read, write) = stream.into_split();
    let mut incoming = FramedRead::new(read, codec());
    let mut outlet = FramedWrite::new(write, codec());
    let look_up = tokio::task::spawn_blocking(move || Identity::look_up(uid, gid));
    let Ok(Ok(identity)) = timeout(GREETING_TIMEOUT, look_up).await else {
        tracing::warn!(uid, "the user data base does not answer");
        return;
    };
    let user = clean(&identity.user).into_owned();
    let greeted = if has_room {
        greet(&mut incoming, &identity, &shared).await
    } else {
        Err(Text::new("daemon-too-many-clients"))
    };
    let (actor, program) = match greeted {
        Ok(greeted) => greeted,
        Err(refusal) => {
            tracing::warn!(uid, user, %refusal, "client refused");
            if let Ok(frame) = encode(&Welcome::Refused(refusal)) {
                // Who does not read the refusal has seen to that himself.
                let _ = timeout(GREETING_TIMEOUT, outlet.send(frame)).await;
            }
            return;
        }
    };
    let welcome = Welcome::Welcome {
        version: PROTOCOL_VERSION,
        program: format!("carbonwatch {}", env!("CARGO_PKG_VERSION")),
        actor,
    };
    let Ok(frame) = encode(&welcome) else { return };
    if !matches!(timeout(DRAIN_TIMEOUT, outlet.send(frame)).await, Ok(Ok(()))) {
        return;
    }
    shared.clients.fetch_add(1, Ordering::Relaxed);
    tracing::info!(uid, user, program, "client connected");
    let mailbox = Arc::new(Mailbox::default());
    // The sender decides how long the session lives on a daemon that stops; the receiver then only waits.
    let ending = tokio::select! {
        ending = receive(&mut incoming, &identity, &shared, &mailbox) => ending,
        ending = send(&mut outlet, &identity, &shared, &mailbox) => ending,
        never = farewell(&shared, &mailbox) => never,
    };
    mailbox.close();
    shared.clients.fetch_sub(1, Ordering::Relaxed);
    tracing::info!(uid, user, ending = %clean(&ending), "client left");
}

/// Puts the goodbye in once the writer has answered everything; the sender ends the session after it.
async fn farewell(shared: &Shared, mailbox: &Mailbox) -> Ending {
    mailbox.goodbye(shared.ended().await);
    std::future::pending().await
}

/// Reads the greeting and decides who this is; the error is what the client is told.
async fn greet(incoming: &mut Incoming, identity: &Identity, shared: &Shared) -> Result<(Actor, String), Text> {
    let actor = identity
        .actor(shared.owner_uid, shared.model().as_deref())
        .ok_or_else(|| no_post(identity, shared))?;
    incoming.decoder_mut().set_max_frame_length(LARGEST_HELLO);
    let frame = match timeout(GREETING_TIMEOUT, incoming.next()).await {
        Err(_) => return Err(Text::new("daemon-no-hello")),
        Ok(Some(Ok(frame))) => frame,
        Ok(None | Some(Err(_))) => return Err(Text::new("daemon-not-carbonwatch")),
    };
    let hello: Hello = decode(&frame).map_err(|_| Text::new("daemon-not-carbonwatch"))?;
    if hello.magic != MAGIC {
        return Err(Text::new("daemon-not-carbonwatch"));
    }
    if hello.version != PROTOCOL_VERSION {
        return Err(Text::new("daemon-other-version")
            .with_count("theirs", hello.version)
            .with_count("ours", PROTOCOL_VERSION)
            .with("program", clean(&hello.program)));
    }
    incoming.decoder_mut().set_max_frame_length(LARGEST_FRAME);
    Ok((actor, clean(&hello.program).chars().take(100).collect()))
}

fn no_post(identity: &Identity, shared: &Shared) -> Text {
    Text::new("daemon-no-post")
        .with("user", clean(&identity.user))
        .with("owner", clean(&user_name(shared.owner_uid)))
}

/// Takes requests until the client ends it or says something that is not a request.
async fn receive(incoming: &mut Incoming, identity: &Identity, shared: &Shared, mailbox: &Arc<Mailbox>) -> Ending {
    let in_flight = Arc::new(Semaphore::new(MOST_IN_FLIGHT));
    loop {
        let Ok(permit) = Arc::clone(&in_flight).acquire_owned().await else {
            return "closed".to_owned();
        };
        let frame = tokio::select! {
            frame = incoming.next() => frame,
            // Nothing more is taken; the sender says goodbye and ends the session.
            () = shared.stopping() => std::future::pending().await,
        };
        let frame = match frame {
            None => return "it closed the connection".to_owned(),
            Some(Err(error)) => return format!("its words cannot be read: {error}"),
            Some(Ok(frame)) => frame,
        };
        let bytes = u32::try_from(frame.len()).unwrap_or(u32::MAX);
        let Ok(bytes) = Arc::clone(&shared.bytes).acquire_many_owned(bytes).await else {
            return "closed".to_owned();
        };
        let request: Request = match decode(&frame) {
            Ok(request) => request,
            Err(error) => return format!("it sent something that is no request: {error}"),
        };
        drop(frame);
        let reply = ReplyTo::Client {
            mailbox: Arc::clone(mailbox),
            id: request.id,
            permit,
        };
        let actor = match admit(&request.body, identity, shared) {
            Ok(actor) => actor,
            Err(refusal) => {
                tracing::info!(uid = identity.uid, %refusal, "request refused");
                reply.send(Err(refusal));
                continue;
            }
        };
        let job = Job {
            actor,
            key: request.key,
            body: request.body,
            reply,
            bytes: Some(bytes),
        };
        if shared.jobs.send(job).await.is_err() {
            // The writer has ended: the goodbye says why.
            std::future::pending::<()>().await;
        }
    }
}

/// The right of a request, checked against the roles of this moment, and its size.
fn admit(body: &RequestBody, identity: &Identity, shared: &Shared) -> Result<Actor, Text> {
    let actor = identity
        .actor(shared.owner_uid, shared.model().as_deref())
        .ok_or_else(|| no_post(identity, shared))?;
    let right = body.right();
    if !actor.may(right) {
        return Err(Text::new("daemon-no-right")
            .with("user", clean(&identity.user))
            .with_text("right", right_text(right))
            .with("owner", clean(&user_name(shared.owner_uid))));
    }
    if let RequestBody::Intake { readings, .. } | RequestBody::Correct { readings, .. } = body
        && readings.len() > LARGEST_BATCH
    {
        return Err(Text::new("daemon-batch-too-large")
            .with_count("given", readings.len())
            .with_count("most", LARGEST_BATCH));
    }
    Ok(actor)
}

fn right_text(right: Right) -> Text {
    Text::new(match right {
        Right::Read => "daemon-right-read",
        Right::Enter => "daemon-right-enter",
        Right::Correct => "daemon-right-correct",
        Right::Model => "daemon-right-model",
        Right::Administer => "daemon-right-administer",
    })
}

/// Sends what is in the mailbox until it is over or the client does not read.
async fn send(outlet: &mut Outlet, identity: &Identity, shared: &Shared, mailbox: &Arc<Mailbox>) -> Ending {
    let mut delta_from = Deadline::now();
    loop {
        let (message, permit) = match mailbox.next(delta_from).await {
            Outgoing::Send(message, permit) => (message, permit),
            Outgoing::Over => return "the daemon said goodbye".to_owned(),
            Outgoing::NeedsSnapshot => {
                tracing::info!(uid = identity.uid, "client could not keep up and gets a new snapshot");
                let Some(actor) = identity.actor(shared.owner_uid, shared.model().as_deref()) else {
                    return "it has no post any more".to_owned();
                };
                let again = Job {
                    actor,
                    key: None,
                    body: RequestBody::Watch,
                    reply: ReplyTo::Watcher(Arc::clone(mailbox)),
                    bytes: None,
                };
                // A writer that has ended says goodbye instead.
                let _ = shared.jobs.send(again).await;
                continue;
            }
        };
        if matches!(*message, FromDaemon::Delta(_) | FromDaemon::Snapshot(_)) {
            delta_from = Deadline::now() + DELTA_PACE;
        }
        let frame = match (encode(&*message), *message) {
            (Ok(frame), _) => Ok(frame),
            // An answer that does not fit is an error to its asker, not the end of the connection.
            (Err(FrameError::TooLarge(bytes)), FromDaemon::Reply { id, .. }) => encode(&FromDaemon::Reply {
                id,
                result: Err(Text::new("daemon-answer-too-large").with_count("bytes", bytes)),
            }),
            (Err(error), _) => Err(error),
        };
        let frame = match frame {
            Ok(frame) => frame,
            Err(error) => return format!("a message to it cannot be written: {error}"),
        };
        match timeout(DRAIN_TIMEOUT, outlet.send(frame)).await {
            Ok(Ok(())) => drop(permit),
            Ok(Err(error)) => return format!("it cannot be written to: {error}"),
            Err(_) => return "it stopped reading".to_owned(),
        }
    }
}
