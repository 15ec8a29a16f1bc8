//! Why the state cannot be read or written.

use thiserror::Error;

use super::rows::{KeyText, RowDamage};
use crate::store::disk::FileError;

/// Why the state cannot be read or written.
#[derive(Debug, Error)]
pub enum StateError {
    /// No room on the device.
    #[error("no room left: {0}")]
    Full(FileError),
    /// A file operation of the store's own failed.
    #[error(transparent)]
    Io(FileError),
    /// sled answered with an error.
    #[error("the state database cannot {operation}: {reason}")]
    Database {
        /// What was tried.
        operation: &'static str,
        /// What it said.
        reason: String,
    },
    /// sled gave up.
    #[error("the state database stopped while it tried to {operation}: {reason}")]
    Stopped {
        /// What was tried.
        operation: &'static str,
        /// Its last words.
        reason: String,
    },
    /// Somebody else has the database open: a program that is not this one, or one that does not end.
    #[error("another process has the state database open")]
    Held,
    /// The state is not what the store left; it has to be rebuilt.
    #[error("the state is not what was left: {0}")]
    Distrusted(String),
    /// A row is not what was written.
    #[error("row {key} of {tree} is damaged: {damage}")]
    Row {
        /// Name of the tree.
        tree: &'static str,
        /// Its key.
        key: KeyText,
        /// What is wrong.
        damage: RowDamage,
    },
    /// A checkpoint is being written; the rows are for the next one.
    #[error("a checkpoint is in flight")]
    InFlight,
    /// The state was pinned for so long that checkpoints could not wait any longer.
    #[error("the state could not be held still for long enough")]
    PinEnded,
}

impl From<FileError> for StateError {
    fn from(error: FileError) -> Self {
        if error.is_full() {
            Self::Full(error)
        } else {
            Self::Io(error)
        }
    }
}

impl StateError {
    /// Whether there is no room, so that waiting for some may help.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Full(_))
    }

    /// Whether the state itself is bad, so that it has to be made anew.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Database { .. } | Self::Stopped { .. } | Self::Distrusted(_) | Self::Row { .. } => true,
            Self::Full(_) | Self::Io(_) | Self::Held | Self::InFlight | Self::PinEnded => false,
        }
    }
}
