//! Work on the store that can wait: closed journal segments are compressed, and what a seal lets go of is dropped; everything on disk is read through after the
//! start and once a day, so that damage is met before it matters; and the state is exported once a day, so that a state
//! that is lost need not be rebuilt from the first record on.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, TryLockError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant as Moment, SystemTime};

use crate::domain::identity::Sequence;
use crate::domain::text::clean;
use crate::engine::sealed::{SealSet, is_droppable};
use crate::store::{
    IDENTITY_FILE, JournalReader, Record, StateStore, export_site, last_export, remove_unneeded_exports,
};

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

/// Time between two attempts at an export.
const RETRY_EVERY: Duration = Duration::from_secs(3600);

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
    let mut looked_at = Moment::now();
    let started = Moment::now();
    let mut read_through_at: Option<Moment> = None;
    // Whether the state could not be looked at when it was time.
    let mut unread = false;
    let mut tried_at: Option<Moment> = None;
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
        compress(shared, reader);
        drop_sealed(shared, reader);
        remove_unneeded(shared, state);
        let rests = tried_at.is_some_and(|at| at.elapsed() < RETRY_EVERY);
        if !rests && is_export_due(&shared.site, state.applied(), SystemTime::now()) {
            tried_at = Some(Moment::now());
            match export_site(&shared.site, state) {
                Ok((path, _)) => tracing::info!(path = %path.display(), "state exported"),
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
            Ok(record) => read += record.payload.length(),
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

/// Whether the newest export is a day old, or the site is and has none, and there is something to export. The age is that
/// of the files: a daemon that is started anew every day exports all the same.
fn is_export_due(site: &Path, applied: Sequence, now: SystemTime) -> bool {
    let (since, exported) = match last_export(site) {
        Ok(Some(newest)) => newest,
        Ok(None) => {
            let made = fs::metadata(site.join(IDENTITY_FILE)).and_then(|metadata| metadata.modified());
            (made.unwrap_or(SystemTime::UNIX_EPOCH), Sequence(0))
        }
        Err(error) => {
            tracing::error!(error = %clean(&error.to_string()), "cannot look at the exports");
            return false;
        }
    };
    // A file from the future says nothing of its age.
    let is_old = now.duration_since(since).map_or(true, |age| age >= EXPORT_EVERY);
    is_old && applied > exported
}

/// Drops what a seal lets go of, segment after segment, whatever was sealed since without letting go of anything.
fn drop_sealed(shared: &Shared, reader: &JournalReader) {
    let Some((sealed, zone)) = shared.sealed() else {
        return;
    };
    let Some(SealSet { sequence, seal }) = sealed.dropping() else {
        return;
    };
    let droppable = |record: &Record| {
        let payload = record.payload.kept();
        payload.is_some_and(|payload| is_droppable(&zone, &seal, record.kind, record.version, payload))
    };
    let mut segments = 0_u32;
    while shared.stop.borrow().is_none() {
        match reader.drop_next(sequence, seal.applied, &droppable) {
            Ok(true) => segments += 1,
            Ok(false) => break,
            Err(error) => {
                tracing::error!(error = %clean(&error.to_string()), "readings cannot be dropped from the journal");
                return;
            }
        }
    }
    if segments > 0 {
        tracing::info!(segments, through = %seal.through, "readings of sealed months were dropped from the journal");
    }
}

/// Removes exports that were made for seals and that none needs. While one is being written it waits for the next time.
fn remove_unneeded(shared: &Shared, state: &StateStore) {
    let _exporting = match shared.exporting.try_lock() {
        Ok(exporting) => exporting,
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
        Err(TryLockError::WouldBlock) => return,
    };
    match remove_unneeded_exports(&shared.site, state, &shared.needed_exports()) {
        Ok(0) => {}
        Ok(removed) => tracing::info!(removed, "sealed exports that no seal needs were removed"),
        Err(error) => {
            tracing::error!(error = %clean(&error.to_string()), "a sealed export that no seal needs cannot be removed");
        }
    }
}

/// Compresses finished segments, one after the other.
fn compress(shared: &Shared, reader: &JournalReader) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daemon::job::Shared;
    use crate::domain::actor::Actor;
    use crate::domain::identity::ParameterId;
    use crate::domain::reading::{Origin, Quality, Slot, Verdict};
    use crate::domain::time::{Instant, Month, PlantZone};
    use crate::engine::command::Provenance;
    use crate::engine::event::{Envelope, Event, Readings};
    use crate::engine::sealed::{Seal, SealInForce};
    use crate::store::{NewRecord, Store, StoreOptions};

    /// A record of a reading in March 2018 that the daemon took in.
    fn taken_in() -> NewRecord {
        let at = Instant(1_521_000_000_000);
        let event = Event::Readings(Readings {
            origin: Origin::Connector,
            provenance: Provenance::default(),
            readings: vec![(ParameterId(1), Slot::instant(at), 1, Quality::Good, Verdict::Counts)],
        });
        let (kind, version) = event.kind();
        let envelope = Envelope {
            actor: Actor::daemon(),
            key: None,
        };
        NewRecord {
            kind,
            version,
            at,
            payload: event.encode(envelope).unwrap(),
        }
    }

    #[test]
    fn what_a_seal_lets_go_of_goes_although_a_later_one_lets_go_of_nothing() {
        let site = tempfile::tempdir().unwrap();
        let options = StoreOptions {
            new_site: true,
            segment_limit: 1,
            ..StoreOptions::default()
        };
        let (mut store, _) = Store::open_with(site.path(), &options).unwrap();
        for _ in 0..6 {
            store.journal.append(&[taken_in()]).unwrap();
        }
        let (shared, _queue) = Shared::new(site.path().to_owned(), 0);
        let reader = store.journal.reader();
        while reader.seal_next().unwrap() {}
        let seal = |month, applied, drop| Seal {
            through: Month { year: 2018, month },
            applied: Sequence(applied),
            export: "e".repeat(64),
            drop,
        };
        let put = |sealed: &SealInForce| {
            shared.set_sealed(Some((sealed.clone(), PlantZone::parse("Asia/Shanghai").unwrap())));
            drop_sealed(&shared, &reader);
            let kept = |number| reader.read(Sequence(number)).unwrap().unwrap().payload.kept().is_some();
            (1..=6).filter(|&number| !kept(number)).collect::<Vec<u64>>()
        };
        let first = SealInForce::after(None, Sequence(7), &seal(3, 3, true));
        let second = SealInForce::after(Some(first.clone()), Sequence(8), &seal(4, 5, false));
        let third = SealInForce::after(Some(second.clone()), Sequence(9), &seal(5, 5, false));
        assert_eq!(put(&third), [1, 2, 3]);
        let fourth = SealInForce::after(Some(third), Sequence(10), &seal(6, 5, true));
        assert_eq!(fourth.dropping_before, None, "it lets go of all that the first does");
        assert_eq!(put(&fourth), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn an_export_is_due_by_the_age_of_the_newest_and_not_of_the_daemon() {
        let site = tempfile::tempdir().unwrap();
        let day = EXPORT_EVERY;
        fs::write(site.path().join(IDENTITY_FILE), "").unwrap();
        let made = SystemTime::now();
        let due = |applied, after| is_export_due(site.path(), Sequence(applied), made + after);
        assert!(!due(9, day / 2), "a new site");
        assert!(due(9, day + LOOK_EVERY), "an old one without an export");
        assert!(!due(0, day + LOOK_EVERY), "nothing to export");
        let exports = site.path().join("export");
        fs::create_dir_all(&exports).unwrap();
        fs::write(exports.join(format!("{:020}.cwx", 9)), "").unwrap();
        assert!(!due(10, day / 2));
        assert!(!due(9, day * 2), "nothing new");
        assert!(due(10, day * 2));
        assert!(
            is_export_due(site.path(), Sequence(10), made - day),
            "written by a clock that was ahead"
        );
    }
}
