//! The store's errors as people read them.

use super::backup::BackupError;
use super::disk::FileError;
use super::journal::damage::{Damage, JournalError, Place};
use super::site::StoreError;
use super::state::StateError;
use super::state::export::ExportError;
use super::state::sealed_export::SealedExportError;
use super::state::second_copy::SecondCopyError;
use crate::domain::text::{Explained, Text, clean};

impl Explained for FileError {
    fn text(&self) -> Text {
        let id = if self.is_full() {
            "store-disk-full"
        } else {
            "store-file"
        };
        Text::new(id)
            .with("path", clean(&self.path.to_string_lossy()))
            .with("operation", self.operation)
            .with("reason", clean(&self.source.to_string()))
    }
}

impl Explained for Damage {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::SegmentHeader => "store-damage-segment",
            Self::FrameHeader => "store-damage-frame",
            Self::CutShort => "store-damage-cut-short",
            Self::FrameChecksum | Self::Record => "store-damage-checksum",
            Self::Payload | Self::Sealed => "store-damage-packed",
            Self::Gap => "store-damage-gap",
            Self::Chain => "store-damage-chain",
        })
    }
}

impl Explained for Place {
    fn text(&self) -> Text {
        Text::new("store-place")
            .with("path", clean(&self.file.to_string_lossy()))
            .with("offset", self.offset)
            .with("record", self.sequence)
            .with_text("damage", self.damage.text())
    }
}

impl Explained for JournalError {
    fn text(&self) -> Text {
        match self {
            Self::Full(error) | Self::Io(error) => error.text(),
            Self::Corrupt(place) => Text::new("store-journal-damaged").with_text("place", place.text()),
            Self::Lost { place, known } => Text::new("store-journal-lost")
                .with_text("place", place.text())
                .with("known", known),
            Self::Poisoned(reason) => Text::new("store-journal-stopped").with("reason", clean(reason)),
            Self::Foreign { file, expected, found } => Text::new("store-journal-foreign")
                .with("path", clean(&file.to_string_lossy()))
                .with("expected", expected)
                .with("found", found),
            Self::LaterEpoch { file, expected, found } => Text::new("store-journal-later-epoch")
                .with("path", clean(&file.to_string_lossy()))
                .with("expected", expected)
                .with("found", found),
            Self::Newer { file, version } => Text::new("store-journal-newer")
                .with("path", clean(&file.to_string_lossy()))
                .with("version", version),
            Self::TooLarge { records } => Text::new("store-journal-too-large").with_count("records", *records),
        }
    }
}

impl Explained for StateError {
    fn text(&self) -> Text {
        match self {
            Self::Full(error) | Self::Io(error) => error.text(),
            Self::Database { reason, .. } | Self::Stopped { reason, .. } | Self::Distrusted(reason) => {
                Text::new("store-state-unusable").with("reason", clean(reason))
            }
            Self::Row { tree, key, damage } => Text::new("store-state-row")
                .with("tree", tree)
                .with("key", key)
                .with("damage", damage),
            Self::Held => Text::new("store-state-held"),
            Self::InFlight => Text::new("store-state-busy"),
            Self::PinEnded => Text::new("store-state-pin-ended"),
        }
    }
}

impl Explained for ExportError {
    fn text(&self) -> Text {
        match self {
            Self::Io(error) => error.text(),
            Self::State(error) => error.text(),
            Self::Unsound => Text::new("store-export-unsound"),
            Self::Damaged { file, offset } => Text::new("store-export-damaged")
                .with("path", clean(&file.to_string_lossy()))
                .with("offset", offset),
        }
    }
}

impl Explained for SecondCopyError {
    fn text(&self) -> Text {
        match self {
            Self::NoPlace(path) => Text::new("store-second-place").with("path", clean(&path.to_string_lossy())),
            Self::Taken(path) => Text::new("store-second-copy-taken").with("path", clean(&path.to_string_lossy())),
            Self::Differs(path) => Text::new("store-second-copy-differs").with("path", clean(&path.to_string_lossy())),
            Self::Io(error) => {
                // What it was called while it was written is gone with it.
                let place = error.path.parent().unwrap_or(&error.path);
                let text = if error.is_full() {
                    Text::new("store-second-copy-full")
                } else {
                    Text::new("store-second-copy-failed").with("reason", clean(&error.source.to_string()))
                };
                text.with("path", clean(&place.to_string_lossy()))
            }
        }
    }
}

impl Explained for SealedExportError {
    fn text(&self) -> Text {
        match self {
            Self::Export(error) => error.text(),
            Self::Copy(error) => error.text(),
        }
    }
}

impl Explained for StoreError {
    fn text(&self) -> Text {
        match self {
            Self::Lock(error) => error.text(),
            Self::Identity(error) => error.text(),
            Self::Journal(error) => error.text(),
            Self::State(error) => error.text(),
            Self::Io(error) => error.text(),
            Self::JournalBehind { place, known, head } => Text::new("store-journal-behind")
                .with("path", clean(&place.to_string_lossy()))
                .with("known", known)
                .with("head", head),
            Self::SealedExport {
                site,
                directory,
                needed,
            } => Text::new("store-sealed-export-missing")
                .with("site", site)
                .with("path", clean(&directory.to_string_lossy()))
                .with("needed", needed),
        }
    }
}

impl Explained for BackupError {
    fn text(&self) -> Text {
        let (id, path) = match self {
            Self::Io(error) => return error.text(),
            Self::Journal(error) => return error.text(),
            Self::Export(error) => return error.text(),
            Self::NotEmpty(path) => ("store-backup-not-empty", path),
            Self::NotABackup(path) => ("store-backup-none", path),
            Self::Damaged(path) => ("store-backup-damaged", path),
            Self::Newer { path, format } => {
                return Text::new("store-backup-newer")
                    .with("path", clean(&path.to_string_lossy()))
                    .with("format", format);
            }
        };
        Text::new(id).with("path", clean(&path.to_string_lossy()))
    }
}
