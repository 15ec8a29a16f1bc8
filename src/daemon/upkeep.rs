//! Work on the store that can wait: sealed journal segments are compressed, and the state is exported once a day, so that
//! a state that is lost need not be rebuilt from the first record on.

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant as Moment};

use crate::domain::identity::Sequence;
use crate::domain::text::clean;
use crate::store::{JournalReader, StateStore, export_site};

use super::job::Shared;
use super::writer::Writer;

/// How often it is looked whether there is something to do.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Time between two exports.
const EXPORT_EVERY: Duration = Duration::from_secs(24 * 3600);

/// How often it is looked whether the daemon stops.
const NAP: Duration = Duration::from_millis(200);

/// Starts the thread.
pub(super) fn start(shared: Arc<Shared>, writer: &Writer) -> io::Result<JoinHandle<()>> {
    let reader = writer.ground.reader();
    let state = writer.ground.state().clone();
    std::thread::Builder::new()
        .name("upkeep".to_owned())
        .spawn(move || run(&shared, &reader, &state))
}

fn run(shared: &Shared, reader: &JournalReader, state: &StateStore) {
    let mut exported_at = Moment::now();
    let mut exported = Sequence(0);
    let mut looked_at = Moment::now();
    while shared.stop.borrow().is_none() {
        std::thread::sleep(NAP);
        if looked_at.elapsed() < LOOK_EVERY {
            continue;
        }
        looked_at = Moment::now();
        seal(shared, reader);
        if exported_at.elapsed() >= EXPORT_EVERY && state.applied() != exported {
            exported_at = Moment::now();
            match export_site(&shared.site, state) {
                Ok((path, _)) => {
                    exported = state.applied();
                    tracing::info!(path = %path.display(), "state exported");
                }
                Err(error) => tracing::error!(error = %clean(&error.to_string()), "the state cannot be exported"),
            }
        }
    }
}

/// Compresses finished segments, one after the other.
fn seal(shared: &Shared, reader: &JournalReader) {
    while shared.stop.borrow().is_none() {
        match reader.seal_next() {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                tracing::error!(error = %clean(&error.to_string()), "a journal segment cannot be compressed");
                return;
            }
        }
    }
}
