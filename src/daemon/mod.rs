//! The process that owns a site (守护进程): clock, socket, sessions, rights, drop folders, and the one writer.
//!
//! Sessions run on tokio and hand [`job::Job`]s to the writer, a thread of its own that owns engine and store. Nothing
//! ever waits for a client: what is to be sent goes into a [`mailbox::Mailbox`], which coalesces.

pub mod board;
pub mod clock;
pub mod feeds;
pub mod gate;
pub mod ground;
pub mod guests;
pub mod job;
pub mod log;
pub mod mailbox;
mod presence;
mod refused;
pub mod requests;
pub mod rights;
pub mod serve;
pub mod server;
mod session;
pub mod simulator;
pub mod snapshot;
pub mod starting;
pub mod system;
pub mod upkeep;
pub mod writer;

pub use serve::{Running, ServeError, serve};
