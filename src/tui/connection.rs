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

/// Runs until nobody listens any more. `client` is the first connection.
pub async fn keep(
    site: PathBuf,
    client: Client,
    events: mpsc::Sender<LinkEvent>,
    mut requests: mpsc::Receiver<Request>,
) {
    let mut connected = Ok(client);
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
    let (mut sender, mut receiver) = client.split();
    events.send(LinkEvent::Up { actor }).await.ok()?;
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
                    Err(error) => return Some(error.text()),
                }
            }
        }
    }
}
