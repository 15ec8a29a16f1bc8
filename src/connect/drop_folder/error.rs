//! What goes wrong with drop folders.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::domain::text::{Explained, Text, clean};
use crate::locale::foreign::system_reason;

/// What went wrong with a drop folder or a file in it.
#[derive(Debug, Error)]
pub enum DropError {
    /// The folder, or one in it, cannot be used.
    #[error("drop folder {}: {error}", .path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file cannot be read or moved. It stays where it is and is tried again later.
    #[error("dropped file {}: {error}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

impl Explained for DropError {
    fn text(&self) -> Text {
        let (text, path, error) = match self {
            Self::Folder { path, error } => (Text::new("drop-folder-error"), path, error),
            Self::File { path, error } => (Text::new("drop-file-error"), path, error),
        };
        text.with("path", clean(&path.to_string_lossy()))
            .with_text("error", system_reason(error))
    }
}
