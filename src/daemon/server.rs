//! The socket: made under the site lock, a stale one removed, clients accepted until the daemon stops.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::net::UnixListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::domain::text::{Explained, Text};
use crate::locale::foreign::system_reason;
use crate::wire::place::{SOCKET_NAME, SocketPlace};

use super::job::Shared;
use super::session::{self, Peer};

/// Refusals that wait to be read; further connections wait in the kernel's queue.
const MOST_REFUSALS: usize = 32;

/// How long clients may take to read what is left for them when the daemon stops.
const FAREWELL: Duration = Duration::from_secs(3);

/// Why the socket cannot be made.
#[derive(Debug, Error)]
pub enum SocketError {
    /// Somebody answers on it, although the lock is ours.
    #[error("a daemon answers on {0:?}")]
    Answered(PathBuf),
    /// Something that is not a socket has its name.
    #[error("{0:?} is not a socket and is left alone")]
    NotASocket(PathBuf),
    /// The system said no.
    #[error("cannot make the socket {path:?}: {source}")]
    Io {
        /// The socket.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Explained for SocketError {
    fn text(&self) -> Text {
        match self {
            Self::Answered(path) => Text::new("daemon-socket-answered").with("path", path.display()),
            Self::NotASocket(path) => Text::new("daemon-not-a-socket").with("path", path.display()),
            Self::Io { path, source } => Text::new("daemon-cannot-listen")
                .with("path", path.display())
                .with_text("error", system_reason(source)),
        }
    }
}

/// The listening socket of a site; its file is removed when this value is dropped.
#[derive(Debug)]
pub struct Socket {
    listener: UnixListener,
    place: SocketPlace,
}

/// Lets the group of the site's directory at the socket, which otherwise is of the group of whoever started the daemon. Where
/// the owner is not in that group, it stays theirs.
fn give_to_group_of(site: &Path, socket: &Path) {
    let group = std::fs::metadata(site).map(|directory| directory.gid());
    let given = group.and_then(|group| std::os::unix::fs::chown(socket, None, Some(group)));
    if let Err(error) = given {
        tracing::warn!(%error, "the socket could not be given to the group of the site's directory");
    }
}

impl Socket {
    /// Makes the socket. The caller holds the site lock, so that a socket on which nobody answers is a dead daemon's and
    /// is removed. Group members may connect; what they may do is checked per request.
    pub fn bind(site: &Path) -> Result<Self, SocketError> {
        let shown = site.join(SOCKET_NAME);
        let failed = |source| SocketError::Io {
            path: shown.clone(),
            source,
        };
        let place = SocketPlace::of(site).map_err(failed)?;
        match std::fs::symlink_metadata(place.path()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
            Ok(there) if !there.file_type().is_socket() => return Err(SocketError::NotASocket(shown)),
            Ok(_) => {
                if std::os::unix::net::UnixStream::connect(place.path()).is_ok() {
                    return Err(SocketError::Answered(shown));
                }
                tracing::warn!("removed the socket of a daemon that ended without cleaning up");
                std::fs::remove_file(place.path()).map_err(failed)?;
            }
        }
        let listener = UnixListener::bind(place.path()).map_err(failed)?;
        std::fs::set_permissions(place.path(), Permissions::from_mode(0o660)).map_err(failed)?;
        give_to_group_of(site, place.path());
        Ok(Self { listener, place })
    }

    /// Accepts clients until the daemon is asked to stop.
    pub async fn accept_until_stop(&self, shared: &Arc<Shared>, sessions: &mut JoinSet<()>) {
        let refusals = Arc::new(Semaphore::new(MOST_REFUSALS));
        loop {
            while sessions.try_join_next().is_some() {}
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = shared.stopping() => return,
            };
            let stream = match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Out of file descriptors, most likely: others must end first.
                    tracing::error!(%error, "cannot accept a client");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    continue;
                }
            };
            let peer = match stream.peer_cred() {
                Ok(peer) => Peer {
                    uid: peer.uid(),
                    gid: peer.gid(),
                },
                Err(error) => {
                    tracing::warn!(%error, "the kernel does not say who a client is");
                    continue;
                }
            };
            match shared.guests.admit(peer.uid) {
                Ok(guest) => {
                    sessions.spawn(session::serve(stream, peer, guest, Arc::clone(shared)));
                }
                Err(refusal) => {
                    // At most a few of these wait, each for a short time.
                    let Ok(place) = Arc::clone(&refusals).acquire_owned().await else {
                        return;
                    };
                    tracing::warn!(uid = peer.uid, %refusal, "client refused");
                    sessions.spawn(async move {
                        session::refuse(stream, refusal).await;
                        drop(place);
                    });
                }
            }
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // The lock is still ours, so the file is too.
        let _ = std::fs::remove_file(self.place.path());
    }
}

/// Waits until all sessions have read their goodbye, or have had their time.
pub async fn farewell(mut sessions: JoinSet<()>) {
    let all = async { while sessions.join_next().await.is_some() {} };
    if tokio::time::timeout(FAREWELL, all).await.is_err() {
        tracing::warn!("some clients did not read their goodbye");
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;
    use crate::daemon::guests::MOST_OF_ONE_USER;
    use crate::daemon::job::Job;
    use crate::daemon::mailbox::tests::{news, snapshot, state};
    use crate::domain::reading::Origin;
    use crate::domain::text::Text;
    use crate::engine::command::Provenance;
    use crate::wire::client::{Client, ClientError, MAGIC};
    use crate::wire::framing::{codec, decode, encode};
    use crate::wire::message::{FromDaemon, Hello, LARGEST_FRAME, PROTOCOL_VERSION, ReplyBody, RequestBody, Welcome};
    use futures_util::{SinkExt, StreamExt};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::UnixStream;
    use tokio::sync::mpsc;
    use tokio_util::codec::Framed;

    /// A server whose writer is `answer`, in a directory of its own.
    struct Stage {
        directory: tempfile::TempDir,
        shared: Arc<Shared>,
        accepting: tokio::task::JoinHandle<()>,
    }

    impl Stage {
        fn new(answer: impl FnOnce(mpsc::Receiver<Job>) + Send + 'static) -> Self {
            let directory = tempfile::tempdir().unwrap();
            let owner = std::fs::metadata(directory.path()).unwrap().uid();
            let (shared, queue) = Shared::new(directory.path().to_owned(), owner);
            let socket = Socket::bind(directory.path()).unwrap();
            std::thread::spawn(move || answer(queue));
            let accepting = tokio::spawn({
                let shared = Arc::clone(&shared);
                async move {
                    let mut sessions = JoinSet::new();
                    socket.accept_until_stop(&shared, &mut sessions).await;
                    farewell(sessions).await;
                }
            });
            Self {
                directory,
                shared,
                accepting,
            }
        }

        async fn connect(&self) -> Client {
            Client::connect(self.directory.path()).await.unwrap()
        }

        async fn raw(&self) -> UnixStream {
            UnixStream::connect(self.directory.path().join(SOCKET_NAME))
                .await
                .unwrap()
        }
    }

    /// Answers everything with `Done`, and `Watch` with a snapshot too.
    fn agreeable(mut queue: mpsc::Receiver<Job>) {
        while let Some(job) = queue.blocking_recv() {
            if let (RequestBody::Watch, Some(mailbox)) = (&job.body, job.reply.mailbox()) {
                mailbox.snapshot(snapshot());
            }
            job.reply.send(Ok(ReplyBody::Done));
        }
    }

    fn hello(version: u32) -> Hello {
        Hello {
            magic: MAGIC.into(),
            version,
            program: "test\u{1b}[2J".into(),
        }
    }

    #[tokio::test]
    async fn a_client_asks_and_is_answered() {
        let stage = Stage::new(agreeable);
        let mut client = stage.connect().await;
        assert_eq!(client.ask(RequestBody::Status).await.unwrap(), ReplyBody::Done);
        assert!(!client.actor().roles.is_empty());
    }

    #[tokio::test]
    async fn another_version_is_refused_with_both_named() {
        let stage = Stage::new(agreeable);
        let mut frames = Framed::new(stage.raw().await, codec());
        frames
            .send(encode(&hello(PROTOCOL_VERSION + 41)).unwrap())
            .await
            .unwrap();
        let frame = frames.next().await.unwrap().unwrap();
        match decode::<Welcome>(&frame).unwrap() {
            Welcome::Refused(text) => {
                assert_eq!(text.id, "daemon-other-version");
                assert!(text.to_string().contains(&format!("theirs={}", PROTOCOL_VERSION + 41)));
                assert!(!text.to_string().contains('\u{1b}'));
            }
            welcome @ Welcome::Welcome { .. } => panic!("{welcome:?}"),
        }
        assert!(frames.next().await.is_none());
    }

    #[tokio::test]
    async fn garbage_ends_the_connection_and_nothing_else() {
        let stage = Stage::new(agreeable);
        // Instead of a greeting: a web browser, and a frame that claims to be 4 GB long.
        for garbage in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0xff; 32]] {
            let mut stream = stage.raw().await;
            stream.write_all(garbage).await.unwrap();
            let mut rest = Vec::new();
            // What was not read of the garbage makes the end an error; the refusal comes before it.
            let _ = stream.read_to_end(&mut rest).await;
            assert!(matches!(decode(&rest[4..]).unwrap(), Welcome::Refused(_)));
        }
        // After the greeting.
        let mut frames = Framed::new(stage.raw().await, codec());
        frames.send(encode(&hello(PROTOCOL_VERSION)).unwrap()).await.unwrap();
        frames.next().await.unwrap().unwrap();
        frames
            .send(bytes::Bytes::from_static(b"\x1b]0;evil\x07"))
            .await
            .unwrap();
        assert!(frames.next().await.is_none());
        assert_eq!(
            stage.connect().await.ask(RequestBody::Status).await.unwrap(),
            ReplyBody::Done
        );
    }

    #[tokio::test]
    async fn a_batch_beyond_the_largest_is_refused_before_the_writer_sees_it() {
        let stage = Stage::new(agreeable);
        let reading = crate::domain::reading::Incoming {
            parameter: crate::domain::identity::ParameterId(1),
            slot: crate::domain::reading::Slot::instant(crate::domain::time::Instant(0)),
            value: 0,
            quality: crate::domain::reading::Quality::Good,
        };
        let body = RequestBody::Intake {
            origin: Origin::File,
            provenance: Provenance::default(),
            readings: vec![reading; crate::wire::message::LARGEST_BATCH + 1],
        };
        match stage.connect().await.ask(body).await {
            Err(ClientError::Request(text)) => assert_eq!(text.id, "wire-batch-too-large"),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn an_answer_too_large_for_a_frame_becomes_an_error() {
        let stage = Stage::new(|mut queue| {
            while let Some(job) = queue.blocking_recv() {
                job.reply.send(Ok(ReplyBody::Backup {
                    manifest: "x".repeat(LARGEST_FRAME),
                    sequence: crate::domain::identity::Sequence(1),
                }));
            }
        });
        match stage.connect().await.ask(RequestBody::Status).await {
            Err(ClientError::Request(text)) => assert_eq!(text.id, "daemon-answer-too-large"),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_client_that_stops_reading_holds_nobody_up() {
        let (mailboxes, mut watching) = mpsc::unbounded_channel();
        let stage = Stage::new(move |mut queue| {
            while let Some(job) = queue.blocking_recv() {
                if let (RequestBody::Watch, Some(mailbox)) = (&job.body, job.reply.mailbox()) {
                    mailbox.snapshot(snapshot());
                    let _ = mailboxes.send(Arc::clone(mailbox));
                }
                job.reply.send(Ok(ReplyBody::Done));
            }
        });
        let mut stalled = stage.connect().await;
        stalled.send(None, RequestBody::Watch).await.unwrap();
        let mailbox = watching.recv().await.unwrap();
        let (_requests, mut messages) = stalled.split();
        let mut number = loop {
            if let FromDaemon::Snapshot(snapshot) = messages.next().await.unwrap() {
                break snapshot.number;
            }
        };
        // A delta that no socket's buffer holds, with which the session gets stuck.
        let mut large = state(1);
        large.chain_head = "x".repeat(4_000_000);
        mailbox.publish(&news(Vec::new(), large));
        tokio::time::sleep(Duration::from_millis(300)).await;
        // Whoever publishes on does not wait for it: this would never end, since nobody reads.
        for _ in 0..200 {
            mailbox.publish(&news(Vec::new(), state(2)));
        }
        assert_eq!(
            stage.connect().await.ask(RequestBody::Status).await.unwrap(),
            ReplyBody::Done
        );
        // When it reads again, it gets a new snapshot, and numbers that follow on.
        loop {
            match messages.next().await.unwrap() {
                FromDaemon::Delta(delta) => {
                    number += 1;
                    assert_eq!(delta.number, number);
                }
                FromDaemon::Snapshot(snapshot) => {
                    assert_eq!(snapshot.number, number + 1);
                    break;
                }
                _ => {}
            }
        }
    }

    #[tokio::test]
    async fn the_client_after_the_last_is_told_so() {
        let stage = Stage::new(agreeable);
        let mut clients = Vec::new();
        for _ in 0..MOST_OF_ONE_USER {
            clients.push(stage.connect().await);
        }
        match Client::connect(stage.directory.path()).await {
            Err(ClientError::Refused(text)) => assert_eq!(text.id, "daemon-too-many-of-user"),
            other => panic!("{other:?}"),
        }
        drop(clients.pop());
        for _ in 0..100 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if Client::connect(stage.directory.path()).await.is_ok() {
                return;
            }
        }
        panic!("the place of a client that left stays taken");
    }

    #[tokio::test]
    async fn stopping_removes_the_socket_and_a_stale_one_is_recognised() {
        let stage = Stage::new(agreeable);
        assert!(matches!(
            Socket::bind(stage.directory.path()),
            Err(SocketError::Answered(_))
        ));
        let mut client = stage.connect().await;
        stage.shared.ask_to_stop(Text::new("daemon-stopped"));
        stage.shared.finished.send_replace(true);
        match client.answer(1).await {
            Err(ClientError::Goodbye(text)) => assert_eq!(text.id, "daemon-stopped"),
            other => panic!("{other:?}"),
        }
        stage.accepting.await.unwrap();
        let path = stage.directory.path().join(SOCKET_NAME);
        assert!(!path.exists());
        // Whoever is in the group of the directory may connect.
        let bound = Socket::bind(stage.directory.path()).unwrap();
        let group = |path: &Path| std::fs::metadata(path).unwrap().gid();
        assert_eq!(group(&path), group(stage.directory.path()));
        drop(bound);
        // A daemon that was killed leaves its socket behind.
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        assert!(matches!(
            Client::connect(stage.directory.path()).await,
            Err(ClientError::NoDaemon(_))
        ));
        drop(Socket::bind(stage.directory.path()).unwrap());
        std::fs::write(&path, "a file of somebody's").unwrap();
        assert!(matches!(
            Socket::bind(stage.directory.path()),
            Err(SocketError::NotASocket(_))
        ));
        assert!(path.exists());
    }
}
