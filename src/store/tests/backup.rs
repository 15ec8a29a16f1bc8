//! Backup of a live site, and restore.

use tempfile::TempDir;

use super::site::{open, rows, work};
use crate::domain::identity::Sequence;
use crate::store::{
    BackupError, BackupSource, Fork, JournalError, SiteIdentity, StateFound, Store, StoreError, backup, restore,
    verify_backup,
};

fn site_with_work() -> (TempDir, Store) {
    let home = TempDir::new().unwrap();
    let site = home.path().join("site");
    std::fs::create_dir_all(site.join("mappings/deep")).unwrap();
    std::fs::write(site.join("site.toml"), "key = \"works\"").unwrap();
    std::fs::write(site.join("mappings/deep/scada.toml"), "delimiter = \";\"").unwrap();
    std::os::unix::fs::symlink("/etc/passwd", site.join("mappings/link")).unwrap();
    SiteIdentity::create(&site).unwrap();
    let (mut store, _) = open(&site).unwrap();
    work(&mut store, 12);
    store.journal.reader().seal_next().unwrap();
    (home, store)
}

fn source(home: &TempDir, store: &Store) -> BackupSource {
    BackupSource {
        site: home.path().join("site"),
        identity: store.identity,
        journal: store.journal.reader(),
        state: store.state.clone(),
    }
}

#[test]
fn a_restored_site_has_everything_and_a_raised_epoch() {
    let (home, mut store) = site_with_work();
    let target = home.path().join("backup");
    let mut progress = 0;
    let report = backup(&source(&home, &store), &target, &mut |bytes| progress = bytes).unwrap();
    assert_eq!(progress, report.bytes);
    assert_eq!(report.left_out, [home.path().join("site/mappings/link")]);
    assert_eq!(
        (report.manifest.sequence, report.manifest.applied),
        (Sequence(12), Sequence(12))
    );
    assert_eq!(verify_backup(&target).unwrap(), report.manifest);
    let mode = |path: &std::path::Path| {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(path).unwrap().permissions().mode() & 0o007
    };
    for path in ["", "journal", "mappings/deep/scada.toml"] {
        assert_eq!(mode(&target.join(path)), 0, "others do not look into {path:?}");
    }
    for file in &report.manifest.files {
        assert_eq!(mode(&target.join(&file.path)), 0, "others do not read {:?}", file.path);
    }
    let (before, head) = (rows(&store), store.journal.head());
    // The live site goes on.
    work(&mut store, 2);

    let restored = home.path().join("restored");
    restore(&target, &restored, &mut |_| {}).unwrap();
    let (mut copy, recovery) = open(&restored).unwrap();
    assert_eq!(
        recovery.fork,
        Some(Fork {
            epoch: 1,
            sequence: Sequence(12),
            hash: head.hash
        })
    );
    assert!(matches!(recovery.state, StateFound::Absent { export: Some(_) }));
    assert_eq!((recovery.applied, recovery.head.hash), (Sequence(12), head.hash));
    assert_eq!(rows(&copy), before);
    assert_eq!(copy.identity.site, store.identity.site);
    let mapping = std::fs::read_to_string(restored.join("mappings/deep/scada.toml")).unwrap();
    assert_eq!(mapping, "delimiter = \";\"");
    work(&mut copy, 1);
    assert_eq!(copy.journal.reader().read(Sequence(13)).unwrap().unwrap().epoch, 2);
    let report = copy.journal.reader().verify_chain(Some(head.hash)).unwrap();
    assert_eq!((report.bad, report.expected_at), (None, Some(Sequence(12))));
    drop(copy);
    let (_, recovery) = open(&restored).unwrap();
    assert_eq!(recovery.fork, None, "the epoch's first record is written");

    // A segment of the copy does not get into the original unnoticed.
    drop(store);
    let name = format!("journal/{:020}.cwj", 13);
    std::fs::copy(restored.join(&name), home.path().join("site").join(&name)).unwrap();
    assert!(matches!(
        open(&home.path().join("site")),
        Err(StoreError::Journal(JournalError::LaterEpoch { .. }))
    ));
}

#[test]
fn a_backup_with_any_file_changed_or_missing_is_refused_and_nothing_restored() {
    let (home, store) = site_with_work();
    let target = home.path().join("backup");
    let manifest = backup(&source(&home, &store), &target, &mut |_| {}).unwrap().manifest;
    let restored = home.path().join("restored");
    let mut names: Vec<_> = manifest.files.iter().map(|file| file.path.clone()).collect();
    assert!(names.iter().any(|name| name.ends_with(".cwj.zst")), "{names:?}");
    names.extend(["manifest.json".to_owned(), "manifest.blake3".to_owned()]);
    for name in names {
        let path = target.join(&name);
        let whole = std::fs::read(&path).unwrap();
        let mut bytes = whole.clone();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        let error = restore(&target, &restored, &mut |_| {}).unwrap_err();
        assert!(matches!(error, BackupError::Damaged(_)), "{name}: {error}");
        std::fs::remove_file(&path).unwrap();
        restore(&target, &restored, &mut |_| {}).unwrap_err();
        std::fs::write(&path, whole).unwrap();
    }
    assert!(!restored.exists());
    verify_backup(&target).unwrap();
}

#[test]
fn targets_that_hold_something_are_refused_and_left_alone() {
    let (home, store) = site_with_work();
    let source = source(&home, &store);
    let target = home.path().join("backup");
    std::fs::create_dir(&target).unwrap();
    std::fs::write(target.join("mine"), "keep").unwrap();
    assert!(matches!(
        backup(&source, &target, &mut |_| {}),
        Err(BackupError::NotEmpty(_))
    ));
    std::fs::remove_file(target.join("mine")).unwrap();
    backup(&source, &target, &mut |_| {}).unwrap();
    assert!(matches!(
        restore(&target, &source.site, &mut |_| {}),
        Err(BackupError::NotEmpty(_))
    ));
    assert!(matches!(
        restore(&source.site, &home.path().join("new"), &mut |_| {}),
        Err(BackupError::NotABackup(_))
    ));
}
