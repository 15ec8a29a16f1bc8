//! The messages themselves: how a connection begins, and what goes either way on it.

use super::live::{Delta, Snapshot};
use crate::domain::actor::{Actor, Right, SignOff};
use crate::domain::text::Text;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use super::reply::ReplyBody;
pub use super::request::{Effective, KnownAt, RequestBody};

/// Version of this protocol. A daemon refuses other versions with a text that names both.
pub const PROTOCOL_VERSION: u32 = 22;

/// Largest frame in either direction, in bytes.
pub const LARGEST_FRAME: usize = 16 * 1024 * 1024;

/// Largest frame of a client whose rights let it bring no readings: its requests are a few words.
pub const LARGEST_PLAIN_FRAME: usize = 64 * 1024;

/// The largest frame, in bytes, that an actor may send.
pub fn largest_frame(actor: &Actor) -> usize {
    if actor.may(Right::Enter) || actor.may(Right::Correct) {
        LARGEST_FRAME
    } else {
        LARGEST_PLAIN_FRAME
    }
}

/// Why a client is not let send a frame of this many bytes.
pub fn frame_too_large(bytes: usize, most: usize) -> Text {
    if most < LARGEST_FRAME {
        Text::new("wire-frame-without-right")
    } else {
        Text::new("wire-frame-too-large")
            .with_count("bytes", bytes)
            .with_count("most", most)
    }
}

/// Largest number of readings in one intake request.
pub const LARGEST_BATCH: usize = 50_000;

/// First frame of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Always `carbonwatch`.
    pub magic: String,
    /// [`PROTOCOL_VERSION`].
    pub version: u32,
    /// Program and version, for the log.
    pub program: String,
}

/// First frame of the daemon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Welcome {
    /// The client may go on.
    Welcome {
        /// [`PROTOCOL_VERSION`] of the daemon.
        version: u32,
        /// Version of the daemon's program.
        program: String,
        /// Who the kernel says that the client is, with its roles.
        actor: Actor,
    },
    /// The client may not go on.
    Refused(Text),
}

/// A request with an id that the reply repeats.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Chosen by the client, unique on its connection.
    pub id: u64,
    /// For writes: a repeat with the same key, even after a restart, gets the first answer.
    pub key: Option<Uuid>,
    /// What is asked.
    pub body: RequestBody,
}

/// A message of the daemon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FromDaemon {
    /// The answer to a request.
    Reply {
        /// The request's id.
        id: u64,
        /// What came of it.
        result: Result<ReplyBody, Text>,
    },
    /// Everything that the Live pane shows; sent first, and again to a client that could not keep up.
    Snapshot(Box<Snapshot>),
    /// What changed since the message before.
    Delta(Box<Delta>),
    /// Who is at the post changed by itself.
    Post {
        /// Who is there now.
        actor: Actor,
        /// How that came.
        how: SignOff,
    },
    /// Who is at the post has other roles by now: another version of the plan gives them.
    Roles(Actor),
    /// The daemon stops; the text says why.
    Goodbye(Text),
}
