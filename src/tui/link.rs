//! What the terminal needs of its daemon: a stream of what it says and of the connection's changes, and a way to ask.

use std::time::Duration;

use tokio::sync::mpsc;

use crate::domain::actor::Actor;
use crate::domain::text::Text;
use crate::wire::answers::SignedOnView;
use crate::wire::message::{FromDaemon, Request};

/// What comes from the connection.
#[derive(Debug, Clone, PartialEq)]
pub enum LinkEvent {
    /// The daemon welcomed us.
    Up {
        /// Who the kernel says that we are, with our roles.
        actor: Actor,
        /// Who signed on already, and what happened since they were here last.
        signed_on: Option<Box<SignedOnView>>,
    },
    /// The daemon said something.
    Message(Box<FromDaemon>),
    /// There is no connection; it is tried again by itself.
    Down {
        /// Why.
        why: Text,
        /// After how long it is tried again.
        retry_in: Duration,
    },
}

impl LinkEvent {
    /// A welcome at which nobody has signed on.
    pub const fn up(actor: Actor) -> Self {
        Self::Up { actor, signed_on: None }
    }
}

/// Both ends of a connection as the terminal holds them. Whoever holds the other ends connects, and connects again.
#[derive(Debug)]
pub struct Link {
    /// What comes.
    pub events: mpsc::Receiver<LinkEvent>,
    /// What is asked. Requests made while the connection is down are lost; the terminal asks again when it is up.
    pub requests: mpsc::Sender<Request>,
}
