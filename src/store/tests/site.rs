//! The store of a site as a whole.

use std::path::Path;

use tempfile::TempDir;

use super::faults::FaultyDisk;
use crate::domain::identity::Sequence;
use crate::domain::time::Instant;
use crate::engine::history::{History, Row, Tree};
use crate::store::state::export::{ExportError, export_site, read_export};
use crate::store::{
    NewRecord, Recovery, SealedExportError, SecondPlace, SiteIdentity, StateError, StateFound, Store, StoreError,
    StoreOptions, check_sealed_export, write_sealed_export,
};

pub(super) fn options() -> StoreOptions {
    StoreOptions {
        disk: FaultyDisk::shared(),
        segment_limit: 4000,
        ..StoreOptions::default()
    }
}

pub(super) fn open(site: &Path) -> Result<(Store, Recovery), StoreError> {
    Store::open_with(site, &options())
}

/// Bytes that do not compress.
pub(super) fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    blake3::Hasher::new()
        .update(&seed.to_le_bytes())
        .finalize_xof()
        .fill(&mut bytes);
    bytes
}

/// Appends records and checkpoints a row for each of them, as an engine would.
pub(super) fn work(store: &mut Store, count: u64) {
    for _ in 0..count {
        let committed = store
            .journal
            .append(&[NewRecord {
                kind: 1,
                version: 1,
                at: Instant(0),
                payload: noise(store.journal.head().sequence.0, 600),
            }])
            .unwrap();
        let row = Row {
            tree: Tree::Cells,
            key: committed.last.0.to_be_bytes().to_vec(),
            value: Some(committed.last.0.to_string().repeat(1500).into_bytes()),
        };
        store.state.checkpoint(vec![row], committed.last).unwrap();
    }
}

pub(super) fn rows(store: &Store) -> Vec<Vec<u8>> {
    let mut rows = Vec::new();
    store
        .state
        .view()
        .scan(Tree::Cells, &[0; 8], &[0xff; 8], &mut |_, value| {
            rows.push(value.to_vec());
            true
        })
        .unwrap();
    rows
}

#[test]
fn a_new_site_is_opened_worked_with_and_opened_again() {
    let site = TempDir::new().unwrap();
    assert!(matches!(open(site.path()), Err(StoreError::Identity(_))));
    SiteIdentity::create(site.path()).unwrap();
    let (mut store, recovery) = open(site.path()).unwrap();
    assert_eq!(recovery.state, StateFound::Absent { export: None });
    work(&mut store, 3);
    let before = rows(&store);
    drop(store);
    let (store, recovery) = open(site.path()).unwrap();
    assert_eq!(recovery.state, StateFound::Good);
    assert_eq!((recovery.applied, recovery.head.sequence), (Sequence(3), Sequence(3)));
    assert_eq!(rows(&store), before);
    drop(store);
    let (store, recovery) = Store::open_with(
        site.path(),
        &StoreOptions {
            distrust_state: true,
            ..options()
        },
    )
    .unwrap();
    assert!(matches!(recovery.state, StateFound::SetAside { .. }));
    assert_eq!((recovery.applied, rows(&store).len()), (Sequence(0), 0));
}

#[test]
fn first_starts_that_race_make_one_site_that_opens_again() {
    let site = TempDir::new().unwrap();
    let start = std::sync::Barrier::new(6);
    let given: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..6)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    let new = StoreOptions {
                        new_site: true,
                        ..options()
                    };
                    let (mut store, _) = Store::open_with(site.path(), &new).unwrap();
                    work(&mut store, 1);
                    store.identity
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let (store, recovery) = open(site.path()).unwrap();
    assert!(given.iter().all(|identity| *identity == store.identity));
    assert_eq!(
        (recovery.state, recovery.head.sequence),
        (StateFound::Good, Sequence(6))
    );
}

#[test]
fn a_state_that_cannot_be_opened_is_set_aside_and_filled_from_the_newest_whole_export() {
    let site = TempDir::new().unwrap();
    SiteIdentity::create(site.path()).unwrap();
    let (mut store, _) = open(site.path()).unwrap();
    let mut expected = Vec::new();
    for _ in 0..4 {
        work(&mut store, 2);
        expected.push(rows(&store));
        export_site(site.path(), &store.state).unwrap();
    }
    drop(store);
    let exports: Vec<_> = std::fs::read_dir(site.path().join("export"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(exports.len(), 2, "only the two newest are kept");
    let newest = exports.iter().max().unwrap();
    let mut bytes = std::fs::read(newest).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(newest, bytes).unwrap();
    std::fs::write(site.path().join("state/sled/db"), b"").unwrap();
    let (store, recovery) = open(site.path()).unwrap();
    let StateFound::SetAside { kept_in, export, .. } = recovery.state else {
        panic!("{recovery:?}");
    };
    assert!(kept_in.ends_with("state.bad-1") && kept_in.join("sled").is_dir());
    assert_eq!(export.as_ref(), exports.iter().min());
    assert_eq!((recovery.applied, recovery.head.sequence), (Sequence(6), Sequence(8)));
    assert_eq!(rows(&store), expected[2]);
    assert!(store.state.pin().check().unwrap().is_good());
    drop(store);
    assert_eq!(open(site.path()).unwrap().1.state, StateFound::Good);
}

/// Changes a byte of the row of a tree's last key, as a failing medium would, and answers the row's key.
fn spoil_a_row(store: &Store) -> Vec<u8> {
    store
        .state
        .with_database("spoil", |database| {
            let rows = &database.rows(Tree::Cells)?.main;
            let (key, value) = rows.last()?.unwrap();
            let mut value = value.to_vec();
            *value.last_mut().unwrap() ^= 16;
            rows.insert(&key, value)?;
            Ok(key.to_vec())
        })
        .unwrap()
}

#[test]
fn damage_that_is_met_at_work_is_noted_and_the_next_start_makes_the_state_anew() {
    for by_verification in [false, true] {
        let site = TempDir::new().unwrap();
        SiteIdentity::create(site.path()).unwrap();
        let (mut store, _) = open(site.path()).unwrap();
        work(&mut store, 4);
        export_site(site.path(), &store.state).unwrap();
        let expected = rows(&store);
        let key = spoil_a_row(&store);
        assert_eq!(store.state.distrusted(), None);
        if by_verification {
            assert!(!store.state.pin().check().unwrap().is_good());
        } else {
            store.state.view().get(Tree::Cells, &key).unwrap_err();
        }
        let reason = store.state.distrusted().unwrap();
        assert!(reason.contains("cells"), "{reason}");
        drop(store);
        let (store, recovery) = open(site.path()).unwrap();
        let StateFound::SetAside { reason: told, .. } = recovery.state else {
            panic!("{recovery:?}");
        };
        assert!(told.ends_with(&reason), "{told}");
        assert_eq!((rows(&store), store.state.distrusted()), (expected, None));
        drop(store);
        assert_eq!(open(site.path()).unwrap().1.state, StateFound::Good);
    }
}

#[test]
fn a_state_is_made_anew_while_it_is_in_use() {
    let site = TempDir::new().unwrap();
    SiteIdentity::create(site.path()).unwrap();
    let (mut store, _) = open(site.path()).unwrap();
    work(&mut store, 4);
    export_site(site.path(), &store.state).unwrap();
    let expected = rows(&store);
    work(&mut store, 2);
    let key = spoil_a_row(&store);
    let view = store.state.view();
    view.get(Tree::Cells, &key).unwrap_err();
    let head = store.journal.head().sequence;
    let pinned = store.state.pin();
    assert!(matches!(store.state.renew(head), Err(StateError::InFlight)));
    drop(pinned);
    store.state.hand_over(Vec::new(), head).unwrap();
    assert_eq!(store.state.readable_to(), head);
    let StateFound::SetAside { kept_in, export, .. } = store.state.renew(head).unwrap() else {
        panic!("it is set aside");
    };
    assert!(kept_in.join("sled").is_dir() && kept_in.join("distrust").is_file() && export.is_some());
    // The same handle reads the new one, and what was handed over for the old one is gone.
    assert_eq!(store.state.readable_to(), Sequence(4));
    assert_eq!(view.get(Tree::Cells, &key).unwrap(), None);
    assert_eq!((rows(&store), store.state.distrusted()), (expected, None));
    let row = Row {
        tree: Tree::Cells,
        key,
        value: Some(vec![1]),
    };
    store.state.checkpoint(vec![row], head).unwrap();
    assert!(store.state.pin().check().unwrap().is_good());
    drop((store, view));
    let (_, recovery) = open(site.path()).unwrap();
    assert_eq!((recovery.state, recovery.applied), (StateFound::Good, head));
}

#[test]
fn a_journal_that_lacks_what_the_state_has_is_refused() {
    let site = TempDir::new().unwrap();
    SiteIdentity::create(site.path()).unwrap();
    let (mut store, _) = open(site.path()).unwrap();
    work(&mut store, 20);
    drop(store);
    let last = std::fs::read_dir(site.path().join("journal"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .max()
        .unwrap();
    let whole = std::fs::read(&last).unwrap();
    std::fs::write(&last, &whole[..whole.len() - 5]).unwrap();
    assert!(matches!(open(site.path()), Err(StoreError::Journal(_))));
    std::fs::write(&last, b"").unwrap();
    assert!(matches!(open(site.path()), Err(StoreError::Journal(_))));
    std::fs::remove_file(&last).unwrap();
    match open(site.path()) {
        Err(StoreError::JournalBehind { known, head, .. }) => assert!(known == Sequence(20) && head < known),
        other => panic!("{other:?}"),
    }
    // Without a state the mark is gone too, but a state that is set aside still tells.
    std::fs::write(site.path().join("state/sled/db"), b"").unwrap();
    assert!(matches!(open(site.path()), Err(StoreError::JournalBehind { .. })));
    std::fs::write(&last, whole).unwrap();
    let (_, recovery) = open(site.path()).unwrap();
    assert_eq!(recovery.head.sequence, Sequence(20));
}

#[test]
fn an_export_tells_of_records_that_the_journal_lost() {
    let site = TempDir::new().unwrap();
    SiteIdentity::create(site.path()).unwrap();
    let (mut store, _) = open(site.path()).unwrap();
    work(&mut store, 2);
    let (export, _) = export_site(site.path(), &store.state).unwrap();
    drop(store);
    std::fs::remove_dir_all(site.path().join("state")).unwrap();
    std::fs::remove_dir_all(site.path().join("journal")).unwrap();
    match open(site.path()) {
        Err(StoreError::JournalBehind { place, known, .. }) => assert_eq!((place, known), (export, Sequence(2))),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_export_with_a_flipped_bit_or_a_cut_is_refused() {
    let site = TempDir::new().unwrap();
    let identity = SiteIdentity::create(site.path()).unwrap();
    let (mut store, _) = open(site.path()).unwrap();
    work(&mut store, 2);
    let (path, report) = export_site(site.path(), &store.state).unwrap();
    assert_eq!((report.rows, report.applied), (2, Sequence(2)));
    let read = |path: &Path| read_export(path, identity.site, &mut |_| Ok(()));
    assert_eq!(read(&path).unwrap(), report);
    let whole = std::fs::read(&path).unwrap();
    let spoiled = site.path().join("spoiled.cwx");
    for place in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[place] ^= 2;
        std::fs::write(&spoiled, &bytes).unwrap();
        assert!(
            matches!(read(&spoiled), Err(ExportError::Damaged { .. })),
            "byte {place}"
        );
        std::fs::write(&spoiled, &whole[..place]).unwrap();
        assert!(
            matches!(read(&spoiled), Err(ExportError::Damaged { .. })),
            "cut at {place}"
        );
    }
}

#[test]
fn what_was_dropped_is_started_from_its_sealed_export_or_not_at_all() {
    let site = TempDir::new().unwrap();
    let beside = TempDir::new().unwrap();
    SiteIdentity::create(site.path()).unwrap();
    let small = StoreOptions {
        segment_limit: 1,
        ..options()
    };
    let (mut store, _) = Store::open_with(site.path(), &small).unwrap();
    work(&mut store, 6);
    let place = SecondPlace::outside(site.path(), beside.path()).unwrap();
    let sealed = write_sealed_export(site.path(), &store.state, &place).unwrap();
    assert_eq!(sealed.applied, store.state.applied());
    check_sealed_export(site.path(), sealed.applied, sealed.digest).unwrap();
    work(&mut store, 2);
    let expected = rows(&store);
    let reader = store.journal.reader();
    while reader.seal_next().unwrap() {}
    while reader.drop_next(Sequence(7), sealed.applied, &|_| true).unwrap() {}
    let dropped = reader.dropped_through();
    assert!(dropped > Sequence(0) && dropped <= sealed.applied);
    drop((store, reader));
    let lose_state = || std::fs::remove_dir_all(site.path().join("state")).unwrap();
    lose_state();
    let (store, recovery) = open(site.path()).unwrap();
    assert_eq!(
        recovery.state,
        StateFound::Absent {
            export: Some(sealed.path.clone())
        }
    );
    assert_eq!(recovery.applied, sealed.applied, "the records after it are whole");
    let replayed: Vec<_> = store
        .journal
        .reader()
        .records_from(recovery.applied.next())
        .map(Result::unwrap)
        .collect();
    assert!(replayed.len() >= 2 && replayed.iter().all(|record| record.payload.kept().is_some()));
    drop(store);
    lose_state();
    let whole = std::fs::read(&sealed.path).unwrap();
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    std::fs::write(&sealed.path, damaged).unwrap();
    check_sealed_export(site.path(), sealed.applied, sealed.digest).unwrap_err();
    let error = open(site.path()).unwrap_err();
    assert!(
        matches!(error, StoreError::SealedExport { needed, .. } if needed == dropped),
        "{error}"
    );
    // The second copy helps.
    std::fs::copy(&sealed.copy, &sealed.path).unwrap();
    let (store, _) = open(site.path()).unwrap();
    assert_ne!(rows(&store), expected, "two records are to be replayed");
    assert!(store.state.pin().check().unwrap().is_good());
}

#[test]
fn a_damaged_state_is_not_exported_for_a_seal() {
    let site = TempDir::new().unwrap();
    let beside = TempDir::new().unwrap();
    SiteIdentity::create(site.path()).unwrap();
    let (mut store, _) = open(site.path()).unwrap();
    work(&mut store, 4);
    spoil_a_row(&store);
    let place = SecondPlace::outside(site.path(), beside.path()).unwrap();
    let error = write_sealed_export(site.path(), &store.state, &place).unwrap_err();
    let is_unsound = matches!(
        error,
        SealedExportError::Export(ExportError::Unsound | ExportError::State(_))
    );
    assert!(is_unsound, "{error}");
    assert_eq!(std::fs::read_dir(beside.path()).unwrap().count(), 0);
}
