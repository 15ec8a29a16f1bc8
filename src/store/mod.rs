//! What is on disk: journal segments, sled trees, checkpoints, recovery, backup. It does not know what the bytes mean.

pub mod disk;
pub mod format;
pub mod journal;
pub mod reader;
mod seal;
mod segment;

pub use format::{ChainHash, Damage, NewRecord, Record};
pub use journal::{Committed, Head, Journal, JournalError, JournalOptions, Opened, Place, TornTail};
pub use reader::{ChainReport, JournalReader, Records};

#[cfg(test)]
mod tests;
