//! What the engine refuses, as people are told.

use crate::domain::text::{Text, clean};
use crate::engine::command::Refusal;

/// That rows or the journal cannot be read, and why.
pub(super) fn cannot_read(error: &str) -> Text {
    Text::new("daemon-cannot-read").with("error", clean(error))
}

/// What the engine says instead of an answer.
pub(super) fn told(refusal: impl Into<Refusal>) -> Text {
    match refusal.into() {
        Refusal::Request(text) => text,
        Refusal::Broken(error) => cannot_read(&error),
    }
}
