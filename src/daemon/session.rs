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
    let actor = presence.actor(shared).ok_or_else(|| no_post(presence, shared))?;
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
        let body = match present(request.body, presence, shared).await {
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
        RequestBody::SetPin { staff_number, old, new } => presence.set_pin(shared, staff_number, old, new).await,
        body => {
            if requests::is_write(&body) {
                presence.touch();
            }
            return Ok(body);
        }
    })
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
mod tests {
    use futures_util::StreamExt;
    use tokio::io::AsyncWriteExt;
    use tokio_util::codec::Framed;

    use super::*;
    use crate::daemon::rights::tests::model_with;
    use crate::domain::actor::Role;
    use crate::domain::identity::Sequence;
    use crate::domain::model::{Name, Person, Post, SiteModel};
    use crate::domain::pin::Pin;
    use crate::wire::answers::SignedOnView;
    use crate::wire::message::LARGEST_FRAME;

    /// A user that no system knows; the user data base gives its number as its name.
    const NOBODY: u32 = 3_999_999_999;

    type Far = Framed<UnixStream, LengthDelimitedCodec>;

    /// What sessions share on a site of root's, where [`NOBODY`] has a role, and a writer that answers everything.
    fn shared(role: Role) -> Arc<Shared> {
        let (shared, mut queue) = Shared::new("/nowhere".into(), 0);
        shared.set_model(Some(Arc::new(model_with(vec![Post {
            user: Some(NOBODY.to_string()),
            group: None,
            roles: vec![role],
            shared: false,
        }]))));
        std::thread::spawn(move || {
            while let Some(job) = queue.blocking_recv() {
                job.reply.send(Ok(ReplyBody::Done));
            }
        });
        shared
    }

    /// A connection of that user, before its greeting.
    fn connect(shared: &Arc<Shared>) -> Far {
        let (near, far) = UnixStream::pair().unwrap();
        let guest = shared.guests.admit(NOBODY).unwrap();
        let peer = Peer {
            uid: NOBODY,
            gid: NOBODY,
        };
        tokio::spawn(serve(near, peer, guest, Arc::clone(shared)));
        Framed::new(far, codec())
    }

    /// The same after it.
    async fn greeted(shared: &Arc<Shared>) -> Far {
        let mut far = connect(shared);
        let hello = Hello {
            magic: MAGIC.into(),
            version: PROTOCOL_VERSION,
            program: "test".into(),
        };
        far.send(encode(&hello).unwrap()).await.unwrap();
        let frame = far.next().await.unwrap().unwrap();
        assert!(matches!(decode(&frame).unwrap(), Welcome::Welcome { .. }));
        far
    }

    fn question() -> bytes::Bytes {
        encode(&Request {
            id: 7,
            key: None,
            body: RequestBody::Status,
        })
        .unwrap()
    }

    /// A request too large for somebody who may only ask.
    fn import() -> bytes::Bytes {
        let reading = crate::domain::reading::Incoming {
            parameter: crate::domain::identity::ParameterId(1),
            slot: crate::domain::reading::Slot::instant(crate::domain::time::Instant(0)),
            value: 0,
            quality: crate::domain::reading::Quality::Good,
        };
        let frame = encode(&Request {
            id: 8,
            key: None,
            body: RequestBody::Intake {
                origin: crate::domain::reading::Origin::File,
                provenance: crate::engine::command::Provenance::default(),
                readings: vec![reading; 3000],
            },
        })
        .unwrap();
        assert!(frame.len() > LARGEST_PLAIN_FRAME);
        frame
    }

    async fn heard(far: &mut Far) -> FromDaemon {
        decode(&far.next().await.unwrap().unwrap()).unwrap()
    }

    /// Announces a frame and sends its first bytes.
    async fn announce(far: &mut Far, length: usize) {
        let length = u32::try_from(length).unwrap().to_be_bytes();
        far.get_mut().write_all(&length).await.unwrap();
        far.get_mut().write_all(&[0; 1000]).await.unwrap();
    }

    #[tokio::test]
    async fn who_may_bring_no_readings_is_let_send_a_few_words_only() {
        for (role, length, id) in [
            (Role::Viewer, LARGEST_PLAIN_FRAME + 1, "wire-frame-without-right"),
            (Role::Operator, LARGEST_FRAME + 1, "wire-frame-too-large"),
        ] {
            let shared = shared(role);
            let mut far = greeted(&shared).await;
            far.send(question()).await.unwrap();
            assert!(matches!(heard(&mut far).await, FromDaemon::Reply { id: 7, .. }));
            announce(&mut far, length).await;
            match heard(&mut far).await {
                FromDaemon::Goodbye(text) => assert_eq!(text.id, id),
                other => panic!("{other:?}"),
            }
            assert!(far.next().await.is_none_or(|end| end.is_err()), "the connection ends");
        }
        // The same length is right for somebody who may bring readings.
        let mut far = greeted(&shared(Role::Operator)).await;
        far.send(bytes::Bytes::from(vec![0; LARGEST_PLAIN_FRAME + 1]))
            .await
            .unwrap();
        assert!(far.next().await.is_none(), "no request, but no frame too large either");
    }

    #[tokio::test]
    async fn half_frames_hold_up_large_requests_of_their_user_and_no_questions() {
        let shared = shared(Role::Operator);
        let mut stalled = Vec::new();
        for _ in 0..2 {
            let mut far = greeted(&shared).await;
            announce(&mut far, LARGEST_FRAME).await;
            stalled.push(far);
        }
        let guest = shared.guests.admit(NOBODY).unwrap();
        while timeout(Duration::from_millis(20), guest.room(LARGEST_FRAME))
            .await
            .is_ok()
        {}
        let mut large = greeted(&shared).await;
        large.send(import()).await.unwrap();
        let mut small = greeted(&shared).await;
        small.send(question()).await.unwrap();
        assert!(matches!(heard(&mut small).await, FromDaemon::Reply { id: 7, .. }));
        assert!(
            timeout(Duration::from_millis(100), large.next()).await.is_err(),
            "there is no room for it yet"
        );
        drop(stalled.pop());
        assert!(matches!(heard(&mut large).await, FromDaemon::Reply { id: 8, .. }));
    }

    #[tokio::test(start_paused = true)]
    async fn who_says_half_a_hello_or_half_a_request_is_not_waited_for() {
        let shared = shared(Role::Operator);
        let mut far = connect(&shared);
        far.get_mut().write_all(&[0, 0, 0, 40, 1, 2, 3]).await.unwrap();
        match decode(&far.next().await.unwrap().unwrap()).unwrap() {
            Welcome::Refused(text) => assert_eq!(text.id, "daemon-no-hello"),
            welcome @ Welcome::Welcome { .. } => panic!("{welcome:?}"),
        }
        for half in [&[0, 0][..], &[0, 1, 0, 0, 9, 9]] {
            let mut far = greeted(&shared).await;
            let since = Deadline::now();
            far.get_mut().write_all(half).await.unwrap();
            assert!(far.next().await.is_none());
            assert!(since.elapsed() >= FRAME_TIMEOUT);
        }
        // Who says nothing at all is left in peace.
        let mut far = greeted(&shared).await;
        assert!(timeout(FRAME_TIMEOUT * 100, far.next()).await.is_err());
    }

    /// A control room that several share, whose writer tells who did what.
    async fn control_room(site: &tempfile::TempDir) -> (Arc<Shared>, std::sync::mpsc::Receiver<(Actor, RequestBody)>) {
        let (shared, mut queue) = Shared::new(site.path().to_owned(), 0);
        let post = Post {
            user: Some(NOBODY.to_string()),
            group: None,
            roles: vec![Role::Operator],
            shared: true,
        };
        let person = |staff_number: &str| Person {
            staff_number: staff_number.to_owned(),
            name: Name::default(),
            roles: vec![Role::ShiftLead],
            user: None,
        };
        let model = SiteModel {
            persons: vec![person("2001"), person("2002")],
            ..model_with(vec![post])
        };
        for person in &model.persons {
            let hash = shared.gate.hash(Pin::new("482913")).await.unwrap();
            shared.gate.keep(person, hash).await.unwrap();
        }
        shared.set_model(Some(Arc::new(model)));
        let (done, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            while let Some(job) = queue.blocking_recv() {
                let view = SignedOnView {
                    actor: job.actor.clone(),
                    sequence: Sequence(1),
                    since: None,
                    wrong: 0,
                };
                let reply = match &job.body {
                    RequestBody::SignOn { .. } => ReplyBody::SignedOn(Box::new(view)),
                    _ => ReplyBody::Done,
                };
                let _ = done.send((job.actor, job.body));
                job.reply.send(Ok(reply));
            }
        });
        (shared, told)
    }

    async fn asked(far: &mut Far, body: RequestBody) -> Result<ReplyBody, String> {
        let request = Request { id: 7, key: None, body };
        far.send(encode(&request).unwrap()).await.unwrap();
        match heard(far).await {
            FromDaemon::Reply { result, .. } => result.map_err(|text| text.id.into_owned()),
            other => panic!("{other:?}"),
        }
    }

    fn sign_on(staff_number: &str, pin: &str) -> RequestBody {
        RequestBody::SignOn {
            staff_number: staff_number.to_owned(),
            pin: Pin::new(pin),
            instead_of: None,
        }
    }

    fn intake() -> RequestBody {
        RequestBody::Intake {
            origin: crate::domain::reading::Origin::Typed,
            provenance: crate::engine::command::Provenance::default(),
            readings: Vec::new(),
        }
    }

    fn people(told: &std::sync::mpsc::Receiver<(Actor, RequestBody)>) -> Vec<(Option<String>, RequestBody)> {
        told.try_iter().map(|(actor, body)| (actor.person, body)).collect()
    }

    #[tokio::test]
    async fn at_a_shared_post_a_person_signs_on_before_anything_is_entered() {
        let site = tempfile::tempdir().unwrap();
        let (shared, told) = control_room(&site).await;
        let mut far = greeted(&shared).await;
        assert_eq!(asked(&mut far, RequestBody::Status).await, Ok(ReplyBody::Done));
        assert_eq!(asked(&mut far, intake()).await.unwrap_err(), "daemon-sign-on-first");
        for (staff_number, pin) in [("2001", "135792"), ("2003", "482913"), ("", "")] {
            let refused = asked(&mut far, sign_on(staff_number, pin)).await;
            assert_eq!(refused.unwrap_err(), "sign-on-wrong");
        }
        assert_eq!(asked(&mut far, intake()).await.unwrap_err(), "daemon-sign-on-first");
        assert_eq!(people(&told), [(None, RequestBody::Status)]);

        assert!(matches!(
            asked(&mut far, sign_on("2001", "482913")).await,
            Ok(ReplyBody::SignedOn(view)) if view.wrong == 1 && view.actor.person.as_deref() == Some("2001")
        ));
        assert_eq!(asked(&mut far, intake()).await, Ok(ReplyBody::Done));
        // What the writer hears has no PIN in it.
        let li = || Some("2001".to_owned());
        assert_eq!(people(&told), [(li(), sign_on("2001", "")), (li(), intake())]);

        // The next person takes the place; a wrong PIN takes it from nobody.
        assert!(asked(&mut far, sign_on("2002", "135792")).await.is_err());
        assert!(asked(&mut far, sign_on("2002", "482913")).await.is_ok());
        let wang = || Some("2002".to_owned());
        let relief = RequestBody::SignOn {
            staff_number: "2002".to_owned(),
            pin: Pin::default(),
            instead_of: li(),
        };
        assert_eq!(people(&told), [(wang(), relief)]);
        // Another terminal of the same login knows nothing of that.
        let mut other = greeted(&shared).await;
        assert_eq!(asked(&mut other, intake()).await.unwrap_err(), "daemon-sign-on-first");

        // Nobody says how it came but the daemon.
        let idle = RequestBody::SignOff { how: SignOff::Idle };
        assert!(matches!(asked(&mut far, idle).await, Ok(ReplyBody::SignedOff(actor)) if actor.awaits_person()));
        assert_eq!(people(&told), [(wang(), RequestBody::SignOff { how: SignOff::Asked })]);
        assert_eq!(asked(&mut far, intake()).await.unwrap_err(), "daemon-sign-on-first");

        assert!(asked(&mut far, sign_on("2001", "482913")).await.is_ok());
        drop(far);
        let gone = || RequestBody::SignOff { how: SignOff::Left };
        let mut seen = Vec::new();
        while !seen.contains(&(li(), gone())) {
            tokio::time::sleep(Duration::from_millis(5)).await;
            seen.extend(people(&told));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_touches_no_key_is_signed_off_and_who_is_removed_too() {
        let site = tempfile::tempdir().unwrap();
        let (shared, told) = control_room(&site).await;
        let mut far = greeted(&shared).await;
        assert!(asked(&mut far, sign_on("2001", "482913")).await.is_ok());
        let minutes = |count: u64| Duration::from_secs(60 * count);
        for _ in 0..5 {
            tokio::time::advance(minutes(29)).await;
            assert_eq!(asked(&mut far, RequestBody::StillHere).await, Ok(ReplyBody::Done));
        }
        // Looking is no touching.
        tokio::time::advance(minutes(29)).await;
        assert_eq!(asked(&mut far, RequestBody::Status).await, Ok(ReplyBody::Done));
        people(&told);
        let ended = |message| match message {
            FromDaemon::Post { actor, how } => (actor.person, how),
            other => panic!("{other:?}"),
        };
        let since = Deadline::now();
        assert_eq!(ended(heard(&mut far).await), (None, SignOff::Idle));
        assert!(since.elapsed() <= minutes(2));
        assert_eq!(asked(&mut far, intake()).await.unwrap_err(), "daemon-sign-on-first");

        assert!(asked(&mut far, sign_on("2002", "482913")).await.is_ok());
        let mut model = SiteModel::clone(&shared.model().unwrap());
        model.persons.pop();
        shared.set_model(Some(Arc::new(model)));
        // At once: whether it is told before or after the next request is refused.
        let request = Request {
            id: 8,
            key: None,
            body: intake(),
        };
        far.send(encode(&request).unwrap()).await.unwrap();
        let mut told = [heard(&mut far).await, heard(&mut far).await];
        told.sort_by_key(|message| matches!(message, FromDaemon::Reply { .. }));
        let [post, reply] = told;
        assert_eq!(ended(post), (None, SignOff::Removed));
        assert!(matches!(
            reply,
            FromDaemon::Reply { result: Err(text), .. } if text.id == "daemon-sign-on-first"
        ));
    }

    #[tokio::test]
    async fn a_changed_model_or_pin_ends_it_at_once_and_a_post_that_is_gone_ends_the_session() {
        let site = tempfile::tempdir().unwrap();
        let (shared, told) = control_room(&site).await;
        let mut far = greeted(&shared).await;
        let mut other = greeted(&shared).await;
        for far in [&mut far, &mut other] {
            assert!(asked(far, sign_on("2001", "482913")).await.is_ok());
        }
        let set = RequestBody::SetPin {
            staff_number: "2001".to_owned(),
            old: Some(Pin::new("482913")),
            new: Pin::new("739155"),
        };
        assert_eq!(asked(&mut far, set.clone()).await, Ok(ReplyBody::Done));
        let gone = heard(&mut other).await;
        assert!(
            matches!(
                &gone,
                FromDaemon::Post {
                    how: SignOff::PinChanged,
                    ..
                }
            ),
            "{gone:?}"
        );
        assert_eq!(asked(&mut far, intake()).await, Ok(ReplyBody::Done), "who set it stays");

        // From another's seat nobody's PIN is tried, and a bad new one says nothing of the old.
        let bad = |old: &str| RequestBody::SetPin {
            staff_number: "2001".to_owned(),
            old: Some(Pin::new(old)),
            new: Pin::new("111111"),
        };
        for old in ["739155", "482913"] {
            assert_eq!(asked(&mut other, bad(old)).await.unwrap_err(), "pin-guessable");
        }
        assert!(asked(&mut other, sign_on("2002", "482913")).await.is_ok());
        assert_eq!(asked(&mut other, set).await.unwrap_err(), "pin-of-another");

        // Removed and there again in the same moment: whoever was signed on is not any more.
        people(&told);
        let model = shared.model().unwrap();
        let mut without = SiteModel::clone(&model);
        without.persons.clear();
        shared.set_model(Some(Arc::new(without)));
        let gone = heard(&mut far).await;
        assert!(
            matches!(
                &gone,
                FromDaemon::Post {
                    how: SignOff::Removed,
                    ..
                }
            ),
            "{gone:?}"
        );
        heard(&mut other).await;
        shared.set_model(Some(Arc::clone(&model)));
        assert_eq!(asked(&mut far, intake()).await.unwrap_err(), "daemon-sign-on-first");

        assert!(asked(&mut far, sign_on("2001", "739155")).await.is_ok());
        let mut closed = SiteModel::clone(&model);
        closed.posts.clear();
        shared.set_model(Some(Arc::new(closed)));
        assert!(far.next().await.is_none_or(|end| end.is_err()), "the session ends");
    }
}
