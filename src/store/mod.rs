//! What is on disk: journal segments, sled trees, checkpoints, recovery, backup. It does not know what the bytes mean.
//!
//! ```text
//! site.id               which site, and its epoch
//! site.lock             held by who works with the site
//! journal/              NNN.cwj (plain), NNN.cwj.zst (sealed), NNN-SEAL.cwd.zst (payloads dropped), torn-SEQUENCE-N.bin (cut-off writes, kept)
//! state/sled/           the engine's rows
//! state/checkpoint.redo a checkpoint that is being written
//! state/applied         the record that the last checkpoint reached
//! state/distrust        why the state is to be set aside, where damage was met in it
//! state/open            the run of the machine in which the state is open: gone once it is closed
//! state.bad-N/          a state that could not be used, kept
//! export/               the two newest exports
//! pins/                 hashes of people's PINs; in no backup
//! preferences/          what people prefer on their screens; no part of the accounts
//! sealed/               exports of sealed periods, without which nothing is dropped from the journal
//! ```
//!
//! The journal is the record: what it has was acknowledged, what it has not was not. The state is what the engine made
//! of it, up to the record that it names, and is made again where it cannot be trusted.

pub mod attachments;
pub mod backup;
pub mod disk;
pub mod drafts;
mod fields;
pub mod identity;
pub mod journal;
pub mod lock;
pub mod personal;
pub mod site;
pub mod space;
pub mod state;
mod text;

pub use backup::{BackupError, BackupReport, BackupSource, Manifest, backup, restore, verify_backup};
pub use identity::{Fork, IDENTITY_FILE, IdentityError, SiteIdentity};
pub use journal::chain::ChainHash;
pub use journal::damage::{Damage, JournalError, Place};
pub use journal::opening::{JournalOptions, Opened, TornTail};
pub use journal::reader::{ChainReport, JournalReader, Records};
pub use journal::record::{LARGEST_PAYLOAD, NewRecord, Payload, Record};
pub use journal::{Committed, Head, Journal};
pub use lock::{LockError, SiteLock};
pub use site::{Recovery, StateFound, Store, StoreError, StoreOptions};
pub use space::{Room, SpaceGuard, free_space};
pub use state::checkpoint::CheckpointReport;
pub use state::checkpointer::Checkpointer;
pub use state::export::{ExportError, ExportReport, export_site, last_export, write_export};
pub use state::sealed_export::{
    SealedExport, SealedExportError, check_sealed_export, remove_unneeded_exports, sealed_export_path,
    write_sealed_export,
};
pub use state::second_copy::{SecondCopyError, SecondPlace};
pub use state::{BadRow, Failing, PinnedView, StateError, StateReport, StateStore, StateView};

#[cfg(test)]
mod tests;
