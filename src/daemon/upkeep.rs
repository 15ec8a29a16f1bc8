//! Work on the store that can wait: closed journal segments are compressed; everything on disk is read through after the
//! start and once a day, so that damage is met before it matters; and the state is exported once a day, so that a state
//! that is lost need not be rebuilt from the first record on.

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

/// Time between two times that everything is read through.
const READ_THROUGH_EVERY: Duration = Duration::from_secs(24 * 3600);

/// Time after the start that is left to those who wait for the daemon.
const SETTLING: Duration = Duration::from_secs(10);

/// Bytes of the journal that are read between two pauses, and how long these are: nothing is to be slowed.
const READ_AT_ONCE: usize = 4 << 20;
const READ_PAUSE: Duration = Duration::from_millis(20);

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
    let started = Moment::now();
    let mut read_through_at: Option<Moment> = None;
    // Whether the state could not be looked at when it was time.
    let mut unread = false;
    while shared.stop.borrow().is_none() {
        std::thread::sleep(NAP);
        if started.elapsed() >= SETTLING && read_through_at.is_none_or(|at| at.elapsed() >= READ_THROUGH_EVERY) {
            read_through_at = Some(Moment::now());
            unread = !read_state(state);
            read_journal(shared, reader);
        }
        if looked_at.elapsed() < LOOK_EVERY {
            continue;
        }
        looked_at = Moment::now();
        if unread {
            unread = !read_state(state);
        }
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

/// Looks at every row of the state, and answers whether it came to the end: it gives way to checkpoints. Damage is noted
/// by whoever meets it, and the writer makes the state anew.
fn read_state(state: &StateStore) -> bool {
    match state.pin().check() {
        Ok(report) if report.is_good() => tracing::info!(applied = report.applied.0, "every row of the state is good"),
        Ok(report) => tracing::error!(
            bad = report.bad_rows,
            trees = report.wrong_sums.len(),
            "rows of the state are damaged or missing"
        ),
        Err(error) if error.is_damage() => {
            tracing::error!(error = %clean(&error.to_string()), "the state cannot be looked at");
        }
        Err(error) => {
            tracing::info!(error = %clean(&error.to_string()), "the state could not be looked at yet");
            return false;
        }
    }
    true
}

/// Reads the journal through, unhurried. A bad place is kept in mind by the journal, and shown with the daemon's status.
fn read_journal(shared: &Shared, reader: &JournalReader) {
    let mut read = 0;
    for record in reader.records_from(Sequence(1)) {
        match record {
            Ok(record) => read += record.payload.len(),
            Err(error) => return tracing::error!(error = %clean(&error.to_string()), "the journal is damaged"),
        }
        if read >= READ_AT_ONCE {
            read = 0;
            std::thread::sleep(READ_PAUSE);
            if shared.stop.borrow().is_some() {
                return;
            }
        }
    }
    tracing::info!("every record of the journal is good");
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
