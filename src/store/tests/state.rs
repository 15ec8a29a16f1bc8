//! The state against a history in memory, crashes in the middle of checkpoints, and flipped bits.

use std::path::Path;
use std::sync::mpsc::channel;
use std::time::Duration;

use proptest::prelude::*;
use tempfile::TempDir;
use uuid::Uuid;

use super::faults::{EIO, ENOSPC, FaultyDisk, Operation};
use crate::domain::identity::Sequence;
use crate::engine::history::{History, MemoryHistory, Row, Tree};
use crate::store::disk::RealDisk;
use crate::store::{Checkpointer, StateError, StateStore};

const SITE: Uuid = Uuid::from_u128(0xabcd);

fn open(directory: &Path) -> Result<StateStore, StateError> {
    StateStore::open(directory, SITE, FaultyDisk::shared())
}

fn row(tree: Tree, key: &[u8], value: Option<Vec<u8>>) -> Row {
    Row {
        tree,
        key: key.to_vec(),
        value,
    }
}

/// Rows of a round: some short, some in parts, some removed, and different in each round.
fn round(number: u8) -> Vec<Row> {
    let mut rows = Vec::new();
    for key in 0..30_u8 {
        let length = usize::from(key) * 37 + usize::from(number) * 11;
        let value = match (key + number) % 5 {
            0 => None,
            1 => Some(vec![number; length * 20]),
            _ => Some(vec![key; length]),
        };
        rows.push(row(Tree::Cells, &[0, key, number % 2], value.clone()));
        rows.push(row(Tree::Buckets, &[key], value));
    }
    rows
}

pub(super) fn content(history: &impl History) -> Vec<(Tree, Vec<u8>, Vec<u8>)> {
    let mut rows = Vec::new();
    for tree in Tree::ALL {
        history
            .scan(tree, &[], &[0xff; 8], &mut |key, value| {
                rows.push((tree, key.to_vec(), value.to_vec()));
                true
            })
            .unwrap();
    }
    rows
}

#[test]
fn rows_survive_reopening_and_the_check_finds_them_good() {
    let home = TempDir::new().unwrap();
    let mut memory = MemoryHistory::default();
    for number in 1..=4 {
        let store = StateStore::open(home.path(), SITE, RealDisk::shared()).unwrap();
        assert_eq!(store.applied(), Sequence(u64::from(number - 1) * 10));
        assert_eq!(content(&store.view()), content(&memory));
        let report = store
            .checkpoint(round(number), Sequence(u64::from(number) * 10))
            .unwrap();
        assert_eq!(report.rows, 60);
        memory.apply(round(number));
        assert_eq!(content(&store.view()), content(&memory));
        let report = store.pin().check().unwrap();
        assert!(report.is_good(), "{report:?}");
    }
}

#[test]
fn a_crash_between_any_two_steps_gives_the_state_before_or_after() {
    let mut before = MemoryHistory::default();
    before.apply(round(1));
    let mut after = before.clone();
    after.apply(round(2));
    let (before, after) = (content(&before), content(&after));
    let mut outcomes = [0, 0];
    for passed in 0.. {
        let home = TempDir::new().unwrap();
        let disk = FaultyDisk::shared();
        let store = StateStore::open(home.path(), SITE, disk.clone()).unwrap();
        store.checkpoint(round(1), Sequence(10)).unwrap();
        disk.fail_after(passed, EIO);
        let done = store.checkpoint(round(2), Sequence(20)).is_ok();
        // Reads answer with what was handed over, whether it is written or not.
        assert_eq!(content(&store.view()), after, "after {passed} operations");
        drop(store);
        let store = open(home.path()).unwrap();
        let is_after = store.applied() == Sequence(20);
        outcomes[usize::from(is_after)] += 1;
        let expected = if is_after { &after } else { &before };
        assert_eq!(&content(&store.view()), expected, "after {passed} operations");
        let report = store.pin().check().unwrap();
        assert!(report.is_good(), "after {passed} operations: {report:?}");
        if done {
            assert!(is_after);
            break;
        }
    }
    assert!(outcomes[0] >= 3 && outcomes[1] > 3, "{outcomes:?}");
}

#[test]
fn a_checkpoint_that_failed_can_be_repeated_without_reopening_the_store() {
    for passed in 0..12 {
        let home = TempDir::new().unwrap();
        let disk = FaultyDisk::shared();
        let store = StateStore::open(home.path(), SITE, disk.clone()).unwrap();
        store.checkpoint(round(1), Sequence(10)).unwrap();
        disk.fail_after(passed, ENOSPC);
        let error = store.checkpoint(round(2), Sequence(20)).unwrap_err();
        assert!(error.is_full(), "{error}");
        let refused = store.hand_over(round(3), Sequence(30)).unwrap_err();
        assert_eq!(refused.1, round(3));
        disk.heal();
        let report = store.write_handed_over().unwrap().unwrap();
        assert_eq!(report.applied, Sequence(20));
        assert_eq!(store.write_handed_over().unwrap(), None);
        store.checkpoint(round(3), Sequence(30)).unwrap();
        let mut memory = MemoryHistory::default();
        (1..=3).for_each(|number| memory.apply(round(number)));
        assert_eq!(content(&store.view()), content(&memory));
        assert!(store.pin().check().unwrap().is_good());
    }
}

#[test]
fn half_a_redo_file_is_as_if_it_never_was_and_a_damaged_one_is_not_trusted() {
    let home = TempDir::new().unwrap();
    let disk = FaultyDisk::shared();
    let store = StateStore::open(home.path(), SITE, disk.clone()).unwrap();
    store.checkpoint(round(1), Sequence(10)).unwrap();
    // Write, sync, rename, and the directory pass; then the crash.
    disk.fail_after(4, EIO);
    store.checkpoint(round(2), Sequence(20)).unwrap_err();
    drop(store);
    let redo = home.path().join("checkpoint.redo");
    let beside = home.path().join("checkpoint.redo.tmp");
    let whole = std::fs::read(&redo).unwrap();
    for cut in [0, 1, 50, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&redo, &whole[..cut]).unwrap();
        assert!(matches!(open(home.path()), Err(StateError::Distrusted(_))));
        std::fs::rename(&redo, &beside).unwrap();
        let store = open(home.path()).unwrap();
        assert_eq!(store.applied(), Sequence(10));
        assert!(!beside.exists());
    }
    std::fs::write(&redo, &whole).unwrap();
    assert_eq!(open(home.path()).unwrap().applied(), Sequence(20));
    assert!(!redo.exists());
}

#[test]
fn a_state_that_went_back_in_time_is_not_trusted() {
    let home = TempDir::new().unwrap();
    let old = TempDir::new().unwrap();
    let store = open(home.path()).unwrap();
    store.checkpoint(round(1), Sequence(10)).unwrap();
    drop(store);
    copy(&home.path().join("sled"), &old.path().join("sled"));
    let store = open(home.path()).unwrap();
    store.checkpoint(round(2), Sequence(20)).unwrap();
    drop(store);
    std::fs::remove_dir_all(home.path().join("sled")).unwrap();
    copy(&old.path().join("sled"), &home.path().join("sled"));
    assert!(matches!(open(home.path()), Err(StateError::Distrusted(_))));
    assert!(matches!(
        StateStore::open(old.path(), Uuid::from_u128(3), RealDisk::shared()),
        Err(StateError::Distrusted(_))
    ));
}

/// A loss of power may take everything that sled wrote since the last checkpoint, whatever step this one had reached.
#[test]
fn a_checkpoint_outlives_the_loss_of_all_that_sled_wrote_for_it() {
    let mut outcomes = [0, 0];
    for passed in 0.. {
        let home = TempDir::new().unwrap();
        let lost = TempDir::new().unwrap();
        let store = open(home.path()).unwrap();
        store.checkpoint(round(1), Sequence(10)).unwrap();
        drop(store);
        copy(&home.path().join("sled"), &lost.path().join("sled"));
        let disk = FaultyDisk::shared();
        let store = StateStore::open(home.path(), SITE, disk.clone()).unwrap();
        disk.fail_after(passed, EIO);
        let _ = store.checkpoint(round(2), Sequence(20));
        drop(store);
        let synced = disk
            .log()
            .iter()
            .any(|operation| matches!(operation, Operation::Sync { path } if path.ends_with("sled/db")));
        if synced {
            break;
        }
        std::fs::remove_dir_all(home.path().join("sled")).unwrap();
        copy(&lost.path().join("sled"), &home.path().join("sled"));
        let redo = home.path().join("checkpoint.redo").exists();
        let store = open(home.path()).unwrap();
        assert_eq!(store.applied(), Sequence(if redo { 20 } else { 10 }), "after {passed}");
        let mut memory = MemoryHistory::default();
        memory.apply(round(1));
        if redo {
            memory.apply(round(2));
        }
        assert_eq!(content(&store.view()), content(&memory), "after {passed}");
        assert!(store.pin().check().unwrap().is_good());
        outcomes[usize::from(redo)] += 1;
    }
    assert!(outcomes[0] > 0 && outcomes[1] > 2, "{outcomes:?}");
}

pub(super) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[test]
fn flipped_bits_in_the_database_never_give_wrong_rows() {
    let home = TempDir::new().unwrap();
    let store = open(home.path()).unwrap();
    for number in 1..=3 {
        store.checkpoint(round(number), Sequence(u64::from(number))).unwrap();
    }
    let good = content(&store.view());
    drop(store);
    let mut noticed = 0;
    let mut harmless = 0;
    for entry in std::fs::read_dir(home.path().join("sled")).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            continue;
        }
        let whole = std::fs::read(entry.path()).unwrap();
        let used = whole.iter().rposition(|&byte| byte != 0).unwrap_or(0) + 1;
        for place in (0..used).step_by((used / 12).max(1)) {
            let case = TempDir::new().unwrap();
            copy(&home.path().join("sled"), &case.path().join("sled"));
            std::fs::copy(home.path().join("applied"), case.path().join("applied")).unwrap();
            let mut bytes = whole.clone();
            bytes[place] ^= 0x20;
            std::fs::write(case.path().join("sled").join(entry.file_name()), bytes).unwrap();
            let Ok(store) = open(case.path()) else {
                noticed += 1;
                continue;
            };
            let checked = store.pin().check();
            match checked {
                Ok(report) if report.is_good() => {
                    assert_eq!(content(&store.view()), good, "byte {place} of {:?}", entry.file_name());
                    assert_eq!(store.applied(), Sequence(3));
                    harmless += 1;
                }
                _ => noticed += 1,
            }
        }
    }
    assert!(noticed > 0, "{noticed} noticed, {harmless} harmless");
}

#[test]
fn a_pinned_view_does_not_move_while_rows_are_handed_over() {
    let home = TempDir::new().unwrap();
    let store = open(home.path()).unwrap();
    store.checkpoint(round(1), Sequence(1)).unwrap();
    let (sender, outcomes) = channel();
    let checkpointer = Checkpointer::start(
        store.clone(),
        Box::new(move |outcome| sender.send(outcome.unwrap()).unwrap()),
    )
    .unwrap();
    let pinned = store.pin();
    let before = content(&pinned);
    checkpointer.begin(round(2), Sequence(2)).unwrap();
    assert!(checkpointer.in_flight());
    assert_ne!(content(&store.view()), before);
    assert_eq!(content(&pinned), before);
    assert_eq!(pinned.applied(), Sequence(1));
    assert!(
        outcomes.recv_timeout(Duration::from_millis(50)).is_err(),
        "the pin holds it back"
    );
    drop(pinned);
    assert_eq!(outcomes.recv().unwrap().applied, Sequence(2));
    assert!(!checkpointer.in_flight());
    assert_ne!(content(&store.view()), before);
    checkpointer.begin(round(3), Sequence(3)).unwrap();
    drop(checkpointer);
    assert_eq!(store.applied(), Sequence(3));
}

type Written = (u8, Vec<u8>, Option<u16>);

fn written() -> impl Strategy<Value = Written> {
    (
        0_u8..2,
        prop::collection::vec(0_u8..3, 1..4),
        prop::option::weighted(0.7, prop_oneof![0_u16..300, 3300_u16..12_000]),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is written and removed, before and during a checkpoint, the store answers like a history in memory.
    #[test]
    fn answers_like_a_history_in_memory(
        rounds in prop::collection::vec(prop::collection::vec(written(), 1..12), 1..5),
        keys in prop::collection::vec(prop::collection::vec(0_u8..4, 0..4), 12),
    ) {
        let home = TempDir::new().unwrap();
        let store = open(home.path()).unwrap();
        let mut memory = MemoryHistory::default();
        for (number, round) in (1_u64..).zip(rounds) {
            let rows: Vec<_> = round
                .into_iter()
                .map(|(tree, key, length)| {
                    let value = length.map(|length| vec![u8::try_from(number).unwrap(); usize::from(length)]);
                    row(Tree::ALL[usize::from(tree)], &key, value)
                })
                .collect();
            memory.apply(rows.clone());
            store.hand_over(rows, Sequence(number)).unwrap();
            for in_flight in [true, false] {
                if !in_flight {
                    store.write_handed_over().unwrap();
                    prop_assert!(store.pin().check().unwrap().is_good());
                }
                let view = store.view();
                for tree in [Tree::ALL[0], Tree::ALL[1]] {
                    for key in &keys {
                        prop_assert_eq!(view.get(tree, key).unwrap(), memory.get(tree, key).unwrap());
                        for other in &keys {
                            prop_assert_eq!(
                                view.last_before(tree, key, other).unwrap(),
                                memory.last_before(tree, key, other).unwrap()
                            );
                            prop_assert_eq!(
                                view.first_after(tree, key, other).unwrap(),
                                memory.first_after(tree, key, other).unwrap()
                            );
                            for limit in [1, 3, 1000] {
                                prop_assert_eq!(
                                    scanned(&view, tree, key, other, limit),
                                    scanned(&memory, tree, key, other, limit)
                                );
                            }
                        }
                    }
                }
            }
        }
    }
}

fn scanned(history: &impl History, tree: Tree, from: &[u8], to: &[u8], limit: usize) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut rows = Vec::new();
    history
        .scan(tree, from, to, &mut |key, value| {
            rows.push((key.to_vec(), value.to_vec()));
            rows.len() < limit
        })
        .unwrap();
    rows
}
