//! The process that owns a site (守护进程): lock, clock, socket, sessions, rights, and the one writer.
//!
//! Sessions run on tokio and hand [`job::Job`]s to the writer, a thread of its own that owns engine and store. Nothing
//! ever waits for a client: what is to be sent goes into a [`mailbox::Mailbox`], which coalesces.

pub mod clock;
pub mod job;
pub mod lock;
pub mod log;
pub mod mailbox;
pub mod rights;
pub mod server;
mod session;
pub mod starting;
