//! Messages between daemon and clients.
//!
//! A frame is a length (u32, big-endian) and a `MessagePack` value with named fields, so that versions may differ by added
//! fields. A client says [`message::Hello`], gets a [`message::Welcome`], then sends [`message::Request`]s and gets
//! [`message::FromDaemon`]s.

pub mod answers;
pub mod client;
pub mod framing;
pub mod limits;
pub mod live;
pub mod message;
pub mod place;
pub mod records;
mod reply;
mod request;
