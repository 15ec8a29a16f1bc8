//! A site against what failing media and losses of power leave of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use uuid::Uuid;

use super::faults::{EIO, ENOSPC, FaultyDisk};
use super::site::{noise, options, rows, work};
use super::state::{content, copy};
use crate::domain::identity::Sequence;
use crate::domain::time::Instant;
use crate::engine::history::{Row, Tree};
use crate::store::state::export::export_site;
use crate::store::{NewRecord, SiteIdentity, StateError, StateFound, StateStore, Store, StoreOptions};

const SITE: Uuid = Uuid::from_u128(0xabcd);

fn open(directory: &Path) -> Result<StateStore, StateError> {
    StateStore::open(directory, SITE, FaultyDisk::shared())
}

/// Rows of a round, in all trees: each round changes, adds and removes some.
fn round(number: u64) -> Vec<Row> {
    (0..300_u64)
        .map(|place| {
            let length = usize::try_from(place * 31 % 900).unwrap() + 20;
            Row {
                tree: Tree::ALL[usize::try_from(place).unwrap() % Tree::ALL.len()],
                key: ((place * 7919 + number * 13) % 1000).to_be_bytes().to_vec(),
                value: (!(place + number).is_multiple_of(9)).then(|| noise(place * 100 + number, length)),
            }
        })
        .collect()
}

/// What the database's files of a directory hold.
fn sled_files(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    std::fs::read_dir(directory.join("sled"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (PathBuf::from(path.file_name().unwrap()), std::fs::read(&path).unwrap()))
        .collect()
}

/// Marks a state as open when the machine stopped.
fn power_was_lost(directory: &Path) {
    std::fs::write(directory.join("open"), "another run of the machine").unwrap();
}

#[test]
fn what_rots_in_a_closed_database_is_never_read_as_if_it_were_good() {
    let home = TempDir::new().unwrap();
    let store = open(home.path()).unwrap();
    for number in 1..=5 {
        store.checkpoint(round(number), Sequence(number)).unwrap();
    }
    let good = content(&store.view());
    drop(store);
    assert!(!home.path().join("open").exists(), "it was closed");
    let mut met = [0; 3];
    for (name, whole) in sled_files(home.path()) {
        let used = whole.iter().rposition(|&byte| byte != 0).unwrap_or(0) + 1;
        let tries = if name.ends_with("db") { 120 } else { 12 };
        for place in (0..used).step_by((used / tries).max(1)) {
            let case = TempDir::new().unwrap();
            copy(&home.path().join("sled"), &case.path().join("sled"));
            std::fs::copy(home.path().join("applied"), case.path().join("applied")).unwrap();
            let mut bytes = whole.clone();
            bytes[place] ^= 1 << (place % 8);
            std::fs::write(case.path().join("sled").join(&name), bytes).unwrap();
            let Ok(store) = open(case.path()) else {
                met[0] += 1;
                continue;
            };
            // Not looked through: as the daemon reads.
            let mut rows = Vec::new();
            let pinned = store.pin();
            let read = Tree::ALL.into_iter().try_for_each(|tree| {
                pinned.all(tree, &mut |key, value| {
                    rows.push((tree, key.to_vec(), value.to_vec()));
                    true
                })
            });
            match read {
                Ok(()) => {
                    assert!(rows == good, "byte {place} of {}", name.display());
                    met[2] += 1;
                }
                Err(error) => {
                    assert!(error.is_damage(), "{error}");
                    met[1] += 1;
                }
            }
        }
    }
    assert!(met.iter().all(|&count| count > 0), "{met:?}");
}

/// Of what sled wrote for a checkpoint, any part may be on the medium when power is lost, in any order.
#[test]
fn a_loss_of_power_leaves_the_rows_before_or_after_or_a_state_that_is_refused() {
    let mut outcomes = BTreeMap::<&str, u32>::new();
    for turn in (0..9_u64).step_by(2) {
        let home = TempDir::new().unwrap();
        let disk = FaultyDisk::shared();
        let store = StateStore::open(home.path(), SITE, disk.clone()).unwrap();
        let last = 3 + turn;
        for number in 1..=last {
            store.checkpoint(round(number), Sequence(number)).unwrap();
        }
        let before = content(&store.view());
        let durable = TempDir::new().unwrap();
        copy(&home.path().join("sled"), &durable.path().join("sled"));
        let old = std::fs::read(durable.path().join("sled/db")).unwrap();
        disk.fail_after(5 + turn, EIO);
        store.checkpoint(round(last + 1), Sequence(last + 1)).unwrap_err();
        let after = content(&store.view());
        let new = std::fs::read(home.path().join("sled/db")).unwrap();
        for image in 0..8_u64 {
            let case = TempDir::new().unwrap();
            copy(&durable.path().join("sled"), &case.path().join("sled"));
            for name in ["applied", "checkpoint.redo"] {
                // The redo file goes last of all.
                if let Ok(bytes) = std::fs::read(home.path().join(name)) {
                    std::fs::write(case.path().join(name), bytes).unwrap();
                }
            }
            power_was_lost(case.path());
            let lost = noise(turn * 100 + image, new.len() / 4096 + 1);
            let mut bytes = new.clone();
            for ((page, chunk), dice) in bytes.chunks_mut(4096).enumerate().zip(lost) {
                if u64::from(dice) < 32 * (image + 1) {
                    for (place, byte) in (page * 4096..).zip(chunk) {
                        *byte = old.get(place).copied().unwrap_or(0);
                    }
                }
            }
            std::fs::write(case.path().join("sled/db"), bytes).unwrap();
            let outcome = match open(case.path()) {
                Err(error) => {
                    assert!(error.is_damage(), "{error}");
                    "refused"
                }
                Ok(store) => {
                    let rows = content(&store.view());
                    let applied = store.applied().0;
                    assert!(
                        (applied == last && rows == before) || (applied == last + 1 && rows == after),
                        "turn {turn}, image {image}: at {applied}"
                    );
                    "whole"
                }
            };
            *outcomes.entry(outcome).or_default() += 1;
        }
    }
    assert!(outcomes.get("whole").is_some_and(|&whole| whole > 5), "{outcomes:?}");
}

#[test]
fn a_state_that_lacks_a_row_after_a_loss_of_power_is_made_anew() {
    let home = TempDir::new().unwrap();
    SiteIdentity::create(home.path()).unwrap();
    let open = || Store::open_with(home.path(), &options()).unwrap();
    let (mut store, _) = open();
    work(&mut store, 4);
    export_site(home.path(), &store.state).unwrap();
    let expected = rows(&store);
    store
        .state
        .with_database("lose a row", |database| {
            database.rows(Tree::Cells)?.main.pop_min().map(|_| ())
        })
        .unwrap();
    drop(store);
    // No row is bad, so nothing shows when rows are read; and looking at all of them takes long.
    let (store, recovery) = open();
    assert_eq!((recovery.state, rows(&store).len()), (StateFound::Good, 3));
    drop(store);
    power_was_lost(&home.path().join("state"));
    let (store, recovery) = open();
    let StateFound::SetAside { reason, .. } = recovery.state else {
        panic!("{recovery:?}");
    };
    assert!(reason.contains("missing"), "{reason}");
    assert_eq!(rows(&store), expected);
    drop(store);
    power_was_lost(&home.path().join("state"));
    assert_eq!(open().1.state, StateFound::Good);
}

#[test]
fn a_database_that_another_holds_is_not_set_aside() {
    let home = TempDir::new().unwrap();
    SiteIdentity::create(home.path()).unwrap();
    drop(Store::open_with(home.path(), &options()).unwrap());
    let held = sled::Config::new().path(home.path().join("state/sled")).open().unwrap();
    let error = Store::open_with(home.path(), &options()).unwrap_err();
    assert!(
        matches!(error, crate::store::StoreError::State(StateError::Held)),
        "{error}"
    );
    drop(held);
    assert_eq!(
        Store::open_with(home.path(), &options()).unwrap().1.state,
        StateFound::Good
    );
}

/// A record, and the row that it makes.
fn step(store: &mut Store) -> bool {
    let number = store.journal.head().sequence.next().0;
    let new = NewRecord {
        kind: 1,
        version: 1,
        at: Instant(0),
        payload: noise(number, 700),
    };
    if store.journal.append(&[new]).is_err() {
        return false;
    }
    let row = Row {
        tree: Tree::Cells,
        key: number.to_be_bytes().to_vec(),
        value: Some(noise(number, 5000)),
    };
    store.state.checkpoint(vec![row], Sequence(number)).is_ok()
}

/// Every file operation of work, of compressing, of an export, of closing and of the next opening is in turn the first
/// of which the disk wants nothing to know.
#[test]
fn whichever_operation_fails_first_nothing_acknowledged_is_lost() {
    for error in [ENOSPC, EIO] {
        for passed in (0..).step_by(if error == EIO { 3 } else { 5 }) {
            let home = TempDir::new().unwrap();
            SiteIdentity::create(home.path()).unwrap();
            let disk = FaultyDisk::shared();
            let options = StoreOptions {
                disk: disk.clone(),
                segment_limit: 1500,
                ..options()
            };
            let (mut store, _) = Store::open_with(home.path(), &options).unwrap();
            assert!(step(&mut store));
            disk.fail_after(passed, error);
            let mut all = true;
            for _ in 0..3 {
                all &= step(&mut store);
            }
            all &= store.journal.reader().seal_next().is_ok();
            all &= export_site(home.path(), &store.state).is_ok();
            let head = store.journal.head();
            drop(store);
            let opened = Store::open_with(home.path(), &options);
            all &= opened.is_ok();
            drop(opened);
            disk.heal();
            let (store, recovery) = Store::open_with(home.path(), &options)
                .unwrap_or_else(|refused| panic!("after {passed} operations: {refused}"));
            // A record whose write failed may be there or not; what was acknowledged is.
            assert!(recovery.head.sequence >= head.sequence, "after {passed} operations");
            let read = store.journal.reader().read(head.sequence).unwrap().unwrap();
            assert_eq!(read.hash, head.hash, "after {passed} operations");
            assert!(recovery.applied <= recovery.head.sequence);
            let expected: Vec<_> = (1..=recovery.applied.0).map(|number| noise(number, 5000)).collect();
            assert_eq!(rows(&store), expected, "after {passed} operations");
            assert!(store.state.pin().check().unwrap().is_good());
            if all {
                assert!(passed > 30, "{passed}");
                break;
            }
        }
    }
}
