//! One client: greeting, rights, requests in, messages out.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::SinkExt;
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::Semaphore;
use tokio::time::{Instant as Deadline, timeout};
use tokio_util::codec::{FramedWrite, LengthDelimitedCodec};

use crate::domain::actor::{Actor, SignOff};
use crate::domain::pin::Pin;
use crate::domain::text::{Text, clean};
use crate::wire::client::MAGIC;
use crate::wire::framing::{FrameError, FrameReader, codec, decode, encode};
use crate::wire::limits;
use crate::wire::message::{
    FromDaemon, Hello, LARGEST_PLAIN_FRAME, PROTOCOL_VERSION, ReplyBody, Request, RequestBody, Welcome,
    frame_too_large, largest_frame,
};

use super::guests::Guest;
use super::job::{Job, ReplyTo, Shared};
use super::mailbox::{Mailbox, Outgoing};
use super::presence::Presence;
use super::requests;
use super::rights::{self, Identity, user_name};

/// How long a client may take to say hello, and the user data base to name it.
const GREETING_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a frame of a client may take to come, from the moment on when there is room for it.
const FRAME_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a client may take to read one message.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(30);

/// Shortest time between two deltas to one client.
const DELTA_PACE: Duration = Duration::from_millis(100);

/// Most requests of one client that wait for an answer or for the client to read it.
const MOST_IN_FLIGHT: usize = 16;

/// Largest greeting.
const LARGEST_HELLO: usize = 4096;

type Incoming = FrameReader<OwnedReadHalf>;
type Outlet = FramedWrite<OwnedWriteHalf, LengthDelimitedCodec>;

/// Why a session ended, for the log.
type Ending = String;

/// Whom the kernel names at the other end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// Tells a client why it may not go on.
pub(super) async fn refuse(stream: UnixStream, refusal: Text) {
    let (_read, write) = stream.into_split();
    tell_refusal(&mut FramedWrite::new(write, codec()), refusal).await;
}

async fn tell_refusal(outlet: &mut Outlet, refusal: Text) {
    if let Ok(frame) = encode(&Welcome::Refused(refusal)) {
        // Who does not read the refusal has seen to that himself.
        let _ = timeout(GREETING_TIMEOUT, outlet.send(frame)).await;
    }
}

/// Serves one client until one side ends it.
pub(super) async fn serve(stream: UnixStream, peer: Peer, guest: Guest, shared: Arc<Shared>) {
    let Peer { uid, gid } = peer;
    let (read, write) = stream.into_split();
    let mut incoming = FrameReader::new(read, FRAME_TIMEOUT);
    let mut outlet = FramedWrite::new(write, codec());
    let look_up = tokio::task::spawn_blocking(move || Identity::look_up(uid, gid));
    let Ok(Ok(identity)) = timeout(GREETING_TIMEOUT, look_up).await else {
        tracing::warn!(uid, "the user data base does not answer");
        return;
    };
    let user = clean(&identity.user).into_owned();
    let presence = Presence::new(identity);
    let (actor, program) = match greet(&mut incoming, &presence, &shared).await {
        Ok(greeted) => greeted,
        Err(refusal) => {
            tracing::warn!(uid, user, %refusal, "client refused");
            tell_refusal(&mut outlet, refusal).await;
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
        ending = receive(&mut incoming, &presence, &guest, &shared, &mailbox) => ending,
        ending = send(&mut outlet, &presence, &shared, &mailbox) => ending,
        never = presence.watch_over(&shared, &mailbox) => never,
        never = farewell(&shared, &mailbox) => never,
    };
    presence.leave(&shared);
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
async fn greet(incoming: &mut Incoming, presence: &Arc<Presence>, shared: &Shared) -> Result<(Actor, String), Text> {
    let actor = presence.tell_actor(shared).ok_or_else(|| no_post(presence, shared))?;
    let first = async {
        match incoming.announced().await {
            Ok(Some(length)) if length <= LARGEST_HELLO => incoming.body(length).await.ok(),
            _ => None,
        }
    };
    let frame = timeout(GREETING_TIMEOUT, first)
        .await
        .map_err(|_| Text::new("daemon-no-hello"))?
        .ok_or_else(|| Text::new("daemon-not-carbonwatch"))?;
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
    Ok((actor, clean(&hello.program).chars().take(100).collect()))
}

fn no_post(presence: &Arc<Presence>, shared: &Shared) -> Text {
    Text::new("daemon-no-post")
        .with("user", clean(&presence.identity.user))
        .with("owner", clean(&user_name(shared.owner_uid)))
}

/// Takes requests until the client ends it or says something that is not a request.
async fn receive(
    incoming: &mut Incoming,
    presence: &Arc<Presence>,
    guest: &Guest,
    shared: &Arc<Shared>,
    mailbox: &Arc<Mailbox>,
) -> Ending {
    let in_flight = Arc::new(Semaphore::new(MOST_IN_FLIGHT));
    loop {
        let Ok(permit) = Arc::clone(&in_flight).acquire_owned().await else {
            return "closed".to_owned();
        };
        let announced = tokio::select! {
            announced = incoming.announced() => announced,
            // Nothing more is taken; the sender says goodbye and ends the session.
            () = shared.stopping() => std::future::pending().await,
        };
        let length = match announced {
            Ok(Some(length)) => length,
            Ok(None) => return "it closed the connection".to_owned(),
            Err(error) => return format!("its words cannot be read: {error}"),
        };
        let most = presence
            .actor(shared)
            .map_or(LARGEST_PLAIN_FRAME, |actor| largest_frame(&actor));
        let room = if length <= most { guest.room(length).await } else { None };
        let Some(room) = room else {
            // There is no request to answer; whatever is pending is still sent.
            tracing::warn!(
                uid = presence.identity.uid,
                length,
                most,
                "a client announced a frame that is too large"
            );
            mailbox.goodbye(frame_too_large(length, most));
            return std::future::pending().await;
        };
        let frame = match incoming.body(length).await {
            Ok(frame) => frame,
            Err(error) => return format!("its words cannot be read: {error}"),
        };
        let request: Request = match decode(&frame) {
            Ok(request) => request,
            // What exactly is not told: there may be a PIN in it.
            Err(_) => return format!("it sent {length} bytes that are no request"),
        };
        drop(frame);
        let reply = ReplyTo::Client {
            mailbox: Arc::clone(mailbox),
            id: request.id,
            permit,
        };
        let actor = match admit(&request.body, presence, shared) {
            Ok(actor) => actor,
            Err(refusal) => {
                tracing::info!(uid = presence.identity.uid, %refusal, "request refused");
                reply.send(Err(refusal));
                continue;
            }
        };
        let body = match present(request.body, &actor, presence, shared).await {
            Ok(body) => body,
            Err(result) => {
                reply.send(result);
                continue;
            }
        };
        let job = Job {
            actor,
            admission: Some(presence.admission(shared)),
            key: request.key,
            body,
            reply,
            room: Some(room),
        };
        if shared.jobs.send(job).await.is_err() {
            // The writer has ended: the goodbye says why.
            std::future::pending::<()>().await;
        }
    }
}

/// Carries out what is about who is at the post, and gives its answer; everything else is given back.
async fn present(
    body: RequestBody,
    actor: &Actor,
    presence: &Arc<Presence>,
    shared: &Arc<Shared>,
) -> Result<RequestBody, Result<ReplyBody, Text>> {
    Err(match body {
        RequestBody::SignOn { staff_number, pin, .. } => presence.sign_on(shared, staff_number, pin).await,
        RequestBody::SignOff { .. } => match presence.sign_off(shared, SignOff::Asked).await {
            Some(actor) => Ok(ReplyBody::SignedOff(actor)),
            None => Err(no_post(presence, shared)),
        },
        RequestBody::StillHere => {
            presence.touch();
            Ok(ReplyBody::Done)
        }
        RequestBody::HandOver { handover, pin } => {
            let body = RequestBody::HandOver { handover, pin: None };
            return confirmed(body, pin, actor, presence, shared).await;
        }
        RequestBody::CloseMonth { closing, pin } => {
            let body = RequestBody::CloseMonth { closing, pin: None };
            return confirmed(body, pin, actor, presence, shared).await;
        }
        RequestBody::SetPin { staff_number, old, new } => presence.set_pin(shared, staff_number, old, new).await,
        body => {
            if requests::is_write(&body) {
                presence.touch();
            }
            return Ok(body);
        }
    })
}

/// What is signed, once whoever signs has said who they are once more.
async fn confirmed(
    body: RequestBody,
    pin: Option<Pin>,
    actor: &Actor,
    presence: &Arc<Presence>,
    shared: &Arc<Shared>,
) -> Result<RequestBody, Result<ReplyBody, Text>> {
    presence.touch();
    presence.confirm(shared, actor, pin).await.map(|()| body).map_err(Err)
}

/// The right of a request, checked against the roles of this moment, and the length of what is in it.
fn admit(body: &RequestBody, presence: &Arc<Presence>, shared: &Shared) -> Result<Actor, Text> {
    let actor = presence.actor(shared).ok_or_else(|| no_post(presence, shared))?;
    rights::check(&actor, body.right(), shared.owner_uid)?;
    limits::check(body)?;
    Ok(actor)
}

/// Sends what is in the mailbox until it is over or the client does not read.
async fn send(outlet: &mut Outlet, presence: &Arc<Presence>, shared: &Shared, mailbox: &Arc<Mailbox>) -> Ending {
    let mut delta_from = Deadline::now();
    loop {
        let (message, permit) = match mailbox.next(delta_from).await {
            Outgoing::Send(message, permit) => (message, permit),
            Outgoing::Over => return "the daemon said goodbye".to_owned(),
            Outgoing::NeedsSnapshot => {
                tracing::info!(
                    uid = presence.identity.uid,
                    "client could not keep up and gets a new snapshot"
                );
                let Some(actor) = presence.actor(shared) else {
                    return "it has no post any more".to_owned();
                };
                let again = Job {
                    actor,
                    admission: None,
                    key: None,
                    body: RequestBody::Watch,
                    reply: ReplyTo::Watcher(Arc::clone(mailbox)),
                    room: None,
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

#[cfg(test)]
mod tests;
