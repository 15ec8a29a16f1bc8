//! What the daemon was asked to record and has not answered (未答复): whatever becomes of the connection, it is recorded once.

use uuid::Uuid;

use crate::wire::message::RequestBody;

/// A request that makes a record, as long as its answer is awaited.
#[derive(Debug, Clone, PartialEq)]
pub struct Unanswered {
    /// Number of the request.
    pub request: u64,
    /// Its idempotency key, under which it is asked again over the next connection.
    pub key: Uuid,
    /// What was asked.
    pub body: RequestBody,
    /// In whose name, by staff number: it is recorded in theirs or not at all.
    pub by: Option<String>,
}
