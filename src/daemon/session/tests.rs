//! What a client may ask, and in whose name.

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
    Framed::new(connected(shared), codec())
}

/// The far end of its socket.
fn connected(shared: &Arc<Shared>) -> UnixStream {
    let (near, far) = UnixStream::pair().unwrap();
    let guest = shared.guests.admit(NOBODY).unwrap();
    let peer = Peer {
        uid: NOBODY,
        gid: NOBODY,
    };
    tokio::spawn(serve(near, peer, guest, Arc::clone(shared)));
    far
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

#[tokio::test]
async fn who_gets_other_roles_is_told_and_who_has_no_post_any_more_goes() {
    let shared = shared(Role::Operator);
    let mut far = greeted(&shared).await;
    assert_eq!(asked(&mut far, intake()).await, Ok(ReplyBody::Done));
    let mut model = SiteModel::clone(&shared.model().unwrap());
    for post in &mut model.posts {
        post.roles = vec![Role::Viewer];
    }
    let viewers = Arc::new(model.clone());
    shared.set_model(Some(Arc::clone(&viewers)));
    let told = heard(&mut far).await;
    assert!(
        matches!(&told, FromDaemon::Roles(actor) if actor.roles == [Role::Viewer]),
        "{told:?}"
    );
    // Another plan with the same roles says nothing.
    shared.set_model(Some(viewers));
    assert_eq!(asked(&mut far, RequestBody::Status).await, Ok(ReplyBody::Done));
    model.posts.clear();
    shared.set_model(Some(Arc::new(model)));
    assert!(far.next().await.is_none_or(|end| end.is_err()), "the session ends");
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

#[tokio::test]
async fn how_much_may_be_sent_at_once_follows_who_is_at_the_post() {
    use crate::wire::client::{Client, ClientError};

    let site = tempfile::tempdir().unwrap();
    let (shared, _told) = control_room(&site).await;
    // A terminal signs on over the two halves, not over the client that it was.
    let (mut requests, mut messages) = Client::greet(connected(&shared)).await.unwrap().split();
    let photo = || RequestBody::Attach {
        digest: crate::domain::attachment::Digest::of(b"photo"),
        of: 154_000,
        at: 0,
        bytes: vec![7; 154_000].into(),
    };
    let refused = |sent: Result<u64, ClientError>| match sent {
        Err(ClientError::Request(why)) => why.id.into_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(requests.send(None, photo()).await), "wire-frame-without-right");
    for _ in 0..2 {
        requests.send(None, sign_on("2001", "482913")).await.unwrap();
        assert!(matches!(
            messages.next().await.unwrap(),
            FromDaemon::Reply {
                result: Ok(ReplyBody::SignedOn(_)),
                ..
            }
        ));
        requests.send(None, photo()).await.unwrap();
        let attached = messages.next().await.unwrap();
        assert!(
            matches!(&attached, FromDaemon::Reply { result: Ok(_), .. }),
            "{attached:?}"
        );
        requests
            .send(None, RequestBody::SignOff { how: SignOff::Asked })
            .await
            .unwrap();
        messages.next().await.unwrap();
        assert_eq!(refused(requests.send(None, photo()).await), "wire-frame-without-right");
    }
    // Nothing of that ended the connection.
    requests.send(None, RequestBody::Status).await.unwrap();
    assert!(matches!(
        messages.next().await.unwrap(),
        FromDaemon::Reply { result: Ok(_), .. }
    ));
}
