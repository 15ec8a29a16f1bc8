//! Keeps the connection to a site's daemon: passes on what comes, sends what is asked, and connects again when it is
//! lost, later and later.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

use super::link::LinkEvent;
use crate::domain::text::{Explained, Text};
use crate::wire::client::{Client, ClientError};
use crate::wire::message::{FromDaemon, Request};

/// Time before the first new attempt; it doubles with each.
const SOON: Duration = Duration::from_millis(500);

/// Longest time between two attempts.
const LATEST: Duration = Duration::from_secs(8);

/// Runs until nobody listens any more. `connected` is the first connection, or why there is none yet.
pub async fn keep(
    site: PathBuf,
    mut connected: Result<Client, ClientError>,
    events: mpsc::Sender<LinkEvent>,
    mut requests: mpsc::Receiver<Request>,
) {
    let mut retry_in = SOON;
    loop {
        let why = match connected {
            Ok(client) => {
                retry_in = SOON;
                // What was asked while there was no connection is asked again by the terminal.
                while requests.try_recv().is_ok() {}
                match converse(client, &events, &mut requests).await {
                    Some(why) => why,
                    None => return,
                }
            }
            Err(error) => ClientError::text(&error),
        };
        if events.send(LinkEvent::Down { why, retry_in }).await.is_err() {
            return;
        }
        sleep(retry_in).await;
        retry_in = (retry_in * 2).min(LATEST);
        connected = Client::connect(&site).await;
    }
}

/// Passes on until the connection is lost, and says why; `None` when nobody listens any more.
async fn converse(
    client: Client,
    events: &mpsc::Sender<LinkEvent>,
    requests: &mut mpsc::Receiver<Request>,
) -> Option<Text> {
    let actor = client.actor().clone();
    let signed_on = client.signed_on().cloned().map(Box::new);
    let (mut sender, mut receiver) = client.split();
    events.send(LinkEvent::Up { actor, signed_on }).await.ok()?;
    // The terminal numbers its requests over all connections, the client over its own.
    let mut numbers: HashMap<u64, u64> = HashMap::new();
    loop {
        tokio::select! {
            message = receiver.next() => match message {
                Ok(FromDaemon::Reply { id, result }) => {
                    let id = numbers.remove(&id).unwrap_or(0);
                    let reply = Box::new(FromDaemon::Reply { id, result });
                    events.send(LinkEvent::Message(reply)).await.ok()?;
                }
                Ok(FromDaemon::Goodbye(why)) => return Some(ClientError::Goodbye(why).text()),
                Ok(message) => events.send(LinkEvent::Message(Box::new(message))).await.ok()?,
                Err(error) => return Some(error.text()),
            },
            request = requests.recv() => {
                let Request { id, key, body } = request?;
                match sender.send(key, body).await {
                    Ok(sent_as) => { numbers.insert(sent_as, id); }
                    // It was not sent, and the connection is none the worse for it.
                    Err(ClientError::Request(why)) => {
                        let refused = FromDaemon::Reply { id, result: Err(why) };
                        events.send(LinkEvent::Message(Box::new(refused))).await.ok()?;
                    }
                    Err(error) => return Some(error.text()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{SinkExt, StreamExt};
    use tokio::net::{UnixListener, UnixStream};
    use tokio_util::codec::Framed;
    use tokio_util::codec::LengthDelimitedCodec;

    use super::*;
    use crate::domain::actor::Actor;
    use crate::wire::framing::{codec, decode, encode};
    use crate::wire::message::{Hello, PROTOCOL_VERSION, ReplyBody, RequestBody, Welcome};
    use crate::wire::place::SocketPlace;

    type Peer = Framed<UnixStream, LengthDelimitedCodec>;

    /// Greets the next client, as a daemon does.
    async fn greeted(listener: &UnixListener) -> Peer {
        let (stream, _) = listener.accept().await.unwrap();
        let mut peer = Framed::new(stream, codec());
        let hello: Hello = decode(&peer.next().await.unwrap().unwrap()).unwrap();
        assert_eq!(hello.version, PROTOCOL_VERSION);
        let welcome = Welcome::Welcome {
            version: PROTOCOL_VERSION,
            program: "test".into(),
            actor: Actor::daemon(),
        };
        peer.send(encode(&welcome).unwrap()).await.unwrap();
        peer
    }

    async fn asked(peer: &mut Peer) -> Request {
        decode(&peer.next().await.unwrap().unwrap()).unwrap()
    }

    fn request(id: u64) -> Request {
        Request {
            id,
            key: None,
            body: RequestBody::Status,
        }
    }

    #[tokio::test]
    async fn comes_back_by_itself_and_keeps_the_terminals_own_numbers() {
        let site = tempfile::tempdir().unwrap();
        let place = SocketPlace::of(site.path()).unwrap();
        let listener = UnixListener::bind(place.path()).unwrap();
        let (client, mut peer) = tokio::join!(Client::connect(site.path()), greeted(&listener));
        let (events_in, mut events) = mpsc::channel(8);
        let (requests, requests_out) = mpsc::channel(8);
        let keeper = tokio::spawn(keep(site.path().to_owned(), client, events_in, requests_out));
        assert!(matches!(events.recv().await, Some(LinkEvent::Up { .. })));

        for id in [7, 41] {
            requests.send(request(id)).await.unwrap();
            let id_on_wire = asked(&mut peer).await.id;
            let reply = FromDaemon::Reply {
                id: id_on_wire,
                result: Ok(ReplyBody::Done),
            };
            peer.send(encode(&reply).unwrap()).await.unwrap();
            let Some(LinkEvent::Message(message)) = events.recv().await else {
                panic!()
            };
            assert!(matches!(*message, FromDaemon::Reply { id: answered, .. } if answered == id));
        }

        // What is too large to be sent is refused, and the connection stays.
        let too_large = Request {
            id: 43,
            key: None,
            body: RequestBody::Withdraw {
                sequence: crate::domain::identity::Sequence(1),
                reason: "x".repeat(crate::wire::message::LARGEST_FRAME),
            },
        };
        requests.send(too_large).await.unwrap();
        let Some(LinkEvent::Message(message)) = events.recv().await else {
            panic!()
        };
        assert!(matches!(*message, FromDaemon::Reply { id: 43, result: Err(_) }));

        let goodbye = FromDaemon::Goodbye(Text::new("wire-silent"));
        peer.send(encode(&goodbye).unwrap()).await.unwrap();
        drop(peer);
        let Some(LinkEvent::Down { why, .. }) = events.recv().await else {
            panic!()
        };
        assert_eq!(why.id, "wire-goodbye");

        // What was asked meanwhile is not sent late: the terminal asks again when the link is up.
        requests.send(request(42)).await.unwrap();
        let mut peer = greeted(&listener).await;
        assert!(matches!(events.recv().await, Some(LinkEvent::Up { .. })));
        requests.send(request(43)).await.unwrap();
        assert_eq!(asked(&mut peer).await.id, 1);
        requests.send(request(44)).await.unwrap();
        assert_eq!(asked(&mut peer).await.id, 2);

        drop(peer);
        drop(listener);
        let Some(LinkEvent::Down { retry_in, .. }) = events.recv().await else {
            panic!()
        };
        assert_eq!(retry_in, SOON);
        let Some(LinkEvent::Down { retry_in, why }) = events.recv().await else {
            panic!()
        };
        assert_eq!((retry_in, why.id.as_ref()), (SOON * 2, "wire-no-daemon"));
        drop(events);
        keeper.abort();
    }
}
