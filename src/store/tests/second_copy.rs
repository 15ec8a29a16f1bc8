//! The second copies of sealed exports: nothing that lies in the second place is harmed, and each can be put back.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::faults::{EIO, ENOSPC, FaultyDisk};
use super::site::{open, options, work};
use crate::domain::identity::Sequence;
use crate::domain::text::Explained;
use crate::store::{
    SecondCopyError, SecondPlace, SiteIdentity, Store, StoreOptions, check_sealed_export, remove_unneeded_exports,
    write_sealed_export,
};

/// A site with some records.
fn worked() -> (TempDir, Store) {
    let site = TempDir::new().unwrap();
    SiteIdentity::create(site.path()).unwrap();
    let (mut store, _) = open(site.path()).unwrap();
    work(&mut store, 3);
    (site, store)
}

fn names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn why(site: &Path, store: &Store, place: &SecondPlace) -> String {
    let error = write_sealed_export(site, &store.state, place).unwrap_err();
    error.text().id.into_owned()
}

#[test]
fn a_place_that_leads_into_the_site_is_none() {
    let (site, _store) = worked();
    let elsewhere = TempDir::new().unwrap();
    let link = elsewhere.path().join("link");
    symlink(site.path().join("journal"), &link).unwrap();
    let inside = elsewhere.path().join("up").join("..").join("link");
    std::fs::create_dir(elsewhere.path().join("up")).unwrap();
    let file = elsewhere.path().join("file");
    std::fs::write(&file, "x").unwrap();
    for directory in [
        site.path(),
        &site.path().join("state"),
        &link,
        &inside,
        &file,
        Path::new("."),
        &elsewhere.path().join("nowhere"),
    ] {
        let error = SecondPlace::outside(site.path(), directory).unwrap_err();
        assert!(matches!(error, SecondCopyError::NoPlace(_)), "{}", directory.display());
    }
    // Where the site itself was named by a link, it is the same site.
    let other_name = elsewhere.path().join("site");
    symlink(site.path(), &other_name).unwrap();
    SecondPlace::outside(&other_name, &site.path().join("state")).unwrap_err();
    SecondPlace::outside(&other_name, elsewhere.path()).unwrap();
}

#[test]
fn copies_of_sites_lie_beside_each_other() {
    let (one, other) = (worked(), worked());
    let beside = TempDir::new().unwrap();
    let copy = |(site, store): &(TempDir, Store)| {
        let place = SecondPlace::outside(site.path(), beside.path()).unwrap();
        write_sealed_export(site.path(), &store.state, &place).unwrap()
    };
    let (first, second) = (copy(&one), copy(&other));
    assert_eq!(first.applied, second.applied);
    assert_ne!(first.copy, second.copy);
    for (export, (_, store)) in [(&first, &one), (&second, &other)] {
        assert_eq!(
            std::fs::read(&export.copy).unwrap(),
            std::fs::read(&export.path).unwrap()
        );
        let name = export.copy.file_name().unwrap().to_str().unwrap();
        let site = store.identity.site.to_string();
        assert_eq!(name, format!("{site}-{:020}.cwx", export.applied.0));
    }
    assert_eq!(names(beside.path()).len(), 2, "nothing else is left");
    // The same once more is there already.
    assert_eq!(copy(&one), first);
}

#[test]
fn what_has_the_name_of_a_copy_is_left_alone() {
    let (site, store) = worked();
    let beside = TempDir::new().unwrap();
    let place = SecondPlace::outside(site.path(), beside.path()).unwrap();
    let name = write_sealed_export(site.path(), &store.state, &place).unwrap().copy;
    let precious = beside.path().join("precious");
    let link_to = |to: &Path| {
        std::fs::remove_file(&name).unwrap();
        symlink(to, &name).unwrap();
    };
    let whole = std::fs::read(&name).unwrap();
    std::fs::write(&precious, &whole).unwrap();
    for to in [precious.clone(), beside.path().join("nothing")] {
        link_to(&to);
        assert_eq!(why(site.path(), &store, &place), "store-second-copy-taken");
        assert_eq!(std::fs::read_link(&name).unwrap(), to);
    }
    assert_eq!(std::fs::read(&precious).unwrap(), whole);
    assert!(!beside.path().join("nothing").exists());
    std::fs::remove_file(&name).unwrap();
    std::fs::write(&name, "of somebody else").unwrap();
    assert_eq!(why(site.path(), &store, &place), "store-second-copy-taken");
    assert_eq!(std::fs::read(&name).unwrap(), b"of somebody else");
    assert_eq!(names(beside.path()).len(), 2, "nothing half is left");
    assert_eq!(names(&site.path().join("sealed")), Vec::<String>::new());
}

#[test]
fn a_copy_that_cannot_be_written_leaves_nothing_under_its_name() {
    for (error, told) in [(ENOSPC, "store-second-copy-full"), (EIO, "store-second-copy-failed")] {
        let site = TempDir::new().unwrap();
        SiteIdentity::create(site.path()).unwrap();
        let disk = FaultyDisk::shared();
        let with_disk = StoreOptions {
            disk: Arc::clone(&disk) as _,
            ..options()
        };
        let (mut store, _) = Store::open_with(site.path(), &with_disk).unwrap();
        work(&mut store, 3);
        let (mut of_the_copy, mut left) = (0, Vec::new());
        for more in 0.. {
            let beside = TempDir::new().unwrap();
            let place = SecondPlace::outside(site.path(), beside.path()).unwrap();
            disk.fail_after(more, error);
            let written = write_sealed_export(site.path(), &store.state, &place);
            disk.heal();
            let left_there = names(beside.path()).into_iter().map(|name| beside.path().join(name));
            let finished: Vec<PathBuf> = left_there
                .filter(|path| path.extension().is_some_and(|extension| extension == "cwx"))
                .collect();
            match written {
                Ok(sealed) => {
                    // It has its name only once it is whole, and then only the directory is left to be synced.
                    let whole = std::fs::read(&sealed.copy).unwrap();
                    assert!(left.len() <= 1 && left.iter().all(|copy| *copy == whole));
                    assert_eq!(finished, [sealed.copy]);
                    break;
                }
                Err(error) => {
                    of_the_copy += u32::from(error.text().id == told);
                    left.extend(finished.iter().map(|copy| std::fs::read(copy).unwrap()));
                }
            }
        }
        assert!(of_the_copy >= 3, "{told}: {of_the_copy}");
    }
}

#[test]
fn a_copy_is_put_back_under_either_name_and_one_of_another_site_is_passed_over() {
    let (site, store) = worked();
    let (elsewhere, mut foreign) = worked();
    work(&mut foreign, 30);
    let beside = TempDir::new().unwrap();
    let place = SecondPlace::outside(site.path(), beside.path()).unwrap();
    let sealed = write_sealed_export(site.path(), &store.state, &place).unwrap();
    let of_other = write_sealed_export(elsewhere.path(), &foreign.state, &place).unwrap();
    assert!(of_other.applied > sealed.applied);
    let check = || check_sealed_export(site.path(), sealed.applied, sealed.digest);
    let put_back = |copy: &Path| {
        let back = site.path().join("sealed").join(copy.file_name().unwrap());
        std::fs::copy(copy, &back).unwrap();
        back
    };
    put_back(&of_other.copy);
    check().unwrap();
    std::fs::remove_file(&sealed.path).unwrap();
    check().unwrap_err();
    let back = put_back(&sealed.copy);
    check().unwrap();
    drop(store);
    std::fs::remove_dir_all(site.path().join("state")).unwrap();
    let (_store, recovery) = open(site.path()).unwrap();
    assert_eq!(recovery.applied, sealed.applied);
    assert_eq!(recovery.state, crate::store::StateFound::Absent { export: Some(back) });
}

#[test]
fn what_no_seal_needs_is_removed_and_never_while_what_it_needs_is_missing() {
    let (site, mut store) = worked();
    let beside = TempDir::new().unwrap();
    let place = SecondPlace::outside(site.path(), beside.path()).unwrap();
    let mut exports = Vec::new();
    for _ in 0..4 {
        exports.push(write_sealed_export(site.path(), &store.state, &place).unwrap());
        work(&mut store, 1);
    }
    let sealed = site.path().join("sealed");
    let other = format!("{}-{:020}.cwx", uuid::Uuid::from_u128(7), 3);
    std::fs::write(sealed.join(&other), "of another site").unwrap();
    let remove = |kept: &[Sequence]| remove_unneeded_exports(site.path(), &store.state, kept).unwrap();
    let [declined, before, named, pending] = exports.as_slice() else {
        panic!("four were written")
    };
    let kept = [named.applied, before.applied, pending.applied];
    std::fs::rename(&named.path, beside.path().join("aside")).unwrap();
    assert_eq!(remove(&kept), 0, "what everything rests on is not there");
    std::fs::copy(&named.copy, sealed.join(named.copy.file_name().unwrap())).unwrap();
    assert_eq!(remove(&kept), 1);
    assert!(!declined.path.exists() && declined.copy.exists());
    assert!(before.path.exists() && pending.path.exists());
    assert_eq!(remove(&[named.applied]), 2);
    assert_eq!(remove(&[]), 1, "a site without a seal needs none");
    assert_eq!(names(&sealed), [other]);
}
