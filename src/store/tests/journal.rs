//! The journal against torn tails, flipped bits, full disks and power losses.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;
use tempfile::TempDir;
use uuid::Uuid;

use super::faults::{EIO, ENOSPC, FaultyDisk, Operation};
use super::site::noise;
use crate::domain::identity::Sequence;
use crate::domain::time::Instant;
use crate::store::journal::frame::SEGMENT_HEADER;
use crate::store::{Damage, Journal, JournalError, JournalOptions, NewRecord, Opened, Payload, Record};

const SITE: Uuid = Uuid::from_u128(0x1234_5678);

fn options(disk: &Arc<FaultyDisk>, segment_limit: u64) -> JournalOptions {
    JournalOptions {
        segment_limit,
        disk: Arc::clone(disk) as _,
        ..JournalOptions::new(SITE, 1)
    }
}

fn open(directory: &Path, segment_limit: u64) -> Result<(Journal, Opened), JournalError> {
    Journal::open_with(directory, options(&FaultyDisk::shared(), segment_limit))
}

fn record(number: u64, length: usize) -> NewRecord {
    NewRecord {
        kind: u16::try_from(number % 7).unwrap(),
        version: 1,
        at: Instant(i64::try_from(number).unwrap() * 1000),
        payload: (0..length)
            .map(|place| u8::try_from((place as u64 * number / 3) % 251).unwrap())
            .collect(),
    }
}

fn same(record: &Record, new: &NewRecord) -> bool {
    (record.kind, record.version, record.at, record.payload.kept())
        == (new.kind, new.version, new.at, Some(new.payload.as_slice()))
}

fn all(journal: &Journal) -> Vec<Record> {
    journal.reader().records_from(Sequence(1)).map(Result::unwrap).collect()
}

/// Three frames; gives the file and the offsets at which the frames end.
fn three_frames(directory: &Path) -> (PathBuf, Vec<u64>) {
    let (mut journal, _) = open(directory, 1 << 20).unwrap();
    let path = directory.join("00000000000000000001.cwj");
    let mut ends = vec![SEGMENT_HEADER as u64];
    for frame in 0..3 {
        journal
            .append(&[record(frame * 2 + 1, 40), record(frame * 2 + 2, 300)])
            .unwrap();
        ends.push(std::fs::metadata(&path).unwrap().len());
    }
    (path, ends)
}

#[test]
fn what_was_committed_is_read_back_after_reopening() {
    let home = TempDir::new().unwrap();
    let (mut journal, opened) = Journal::open(home.path(), SITE).unwrap();
    assert_eq!(opened.head.sequence, Sequence(0));
    let committed = journal.append(&[record(1, 10), record(2, 5000)]).unwrap();
    assert_eq!((committed.first, committed.last), (Sequence(1), Sequence(2)));
    let head = journal.head();
    assert_eq!(head.hash, committed.hash);
    drop(journal);
    let (journal, opened) = Journal::open(home.path(), SITE).unwrap();
    assert_eq!(opened.head, head);
    assert!(opened.torn.is_empty());
    let records = all(&journal);
    assert!(same(&records[0], &record(1, 10)) && same(&records[1], &record(2, 5000)));
    assert_eq!(journal.reader().read(Sequence(2)).unwrap().unwrap(), records[1]);
    assert_eq!(journal.reader().read(Sequence(3)).unwrap(), None);
}

#[test]
fn a_tail_torn_at_any_byte_is_set_aside_and_the_rest_kept() {
    let home = TempDir::new().unwrap();
    let (path, ends) = three_frames(home.path());
    let whole = std::fs::read(&path).unwrap();
    for cut in ends[2]..ends[3] {
        let case = TempDir::new().unwrap();
        let file = case.path().join(path.file_name().unwrap());
        std::fs::write(&file, &whole[..usize::try_from(cut).unwrap()]).unwrap();
        let (mut journal, opened) = open(case.path(), 1 << 20).unwrap();
        assert_eq!(opened.head.sequence, Sequence(4), "cut at {cut}");
        assert_eq!(opened.torn.len(), usize::from(cut > ends[2]), "cut at {cut}");
        for tail in &opened.torn {
            assert_eq!(tail.bytes, cut - ends[2]);
            assert_eq!(
                std::fs::read(&tail.kept_in).unwrap(),
                &whole[usize::try_from(ends[2]).unwrap()..usize::try_from(cut).unwrap()]
            );
        }
        journal.append(&[record(99, 20)]).unwrap();
        drop(journal);
        let (journal, opened) = open(case.path(), 1 << 20).unwrap();
        assert!(opened.torn.is_empty());
        assert!(same(all(&journal).last().unwrap(), &record(99, 20)));
        assert_eq!(journal.reader().verify_chain(None).unwrap().bad, None);
    }
}

#[test]
fn a_tail_of_zeros_is_torn_too() {
    let home = TempDir::new().unwrap();
    let (path, ends) = three_frames(home.path());
    let mut bytes = std::fs::read(&path).unwrap();
    let end = usize::try_from(ends[2]).unwrap();
    bytes[end..].fill(0);
    std::fs::write(&path, bytes).unwrap();
    let (_, opened) = open(home.path(), 1 << 20).unwrap();
    assert_eq!(opened.head.sequence, Sequence(4));
    assert_eq!(opened.torn.len(), 1);
}

#[test]
fn a_torn_tail_that_something_else_knows_of_is_a_loss() {
    let home = TempDir::new().unwrap();
    let (path, ends) = three_frames(home.path());
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..usize::try_from(ends[3] - 1).unwrap()]).unwrap();
    let known = JournalOptions {
        known: Sequence(5),
        ..options(&FaultyDisk::shared(), 1 << 20)
    };
    let error = Journal::open_with(home.path(), known).unwrap_err();
    match error {
        JournalError::Lost { place, known } => {
            assert_eq!(
                (place.sequence, place.offset, known),
                (Sequence(5), ends[2], Sequence(5))
            );
            assert_eq!(place.file, path);
        }
        other => panic!("{other}"),
    }
    assert_eq!(
        std::fs::metadata(&path).unwrap().len(),
        ends[3] - 1,
        "nothing may be changed"
    );
}

#[test]
fn a_flipped_bit_is_found_wherever_it_is() {
    let home = TempDir::new().unwrap();
    let (path, ends) = three_frames(home.path());
    let whole = std::fs::read(&path).unwrap();
    for place in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[place] ^= 1 << (place % 8);
        std::fs::write(&path, &bytes).unwrap();
        let at = place as u64;
        match open(home.path(), 1 << 20) {
            Err(JournalError::Corrupt(bad)) => {
                assert!(at < ends[2], "byte {place}: {bad}");
                let start = ends.iter().rev().find(|&&end| end <= at).copied().unwrap_or(0);
                assert_eq!(bad.offset, start, "byte {place}: {bad}");
                assert_eq!(bad.file, path);
            }
            Ok((journal, opened)) => {
                // In the last frame it looks like a torn write; it is reported and kept.
                assert!(at >= ends[2], "byte {place} was not noticed");
                assert_eq!((opened.torn.len(), opened.head.sequence), (1, Sequence(4)));
                assert_eq!(all(&journal).len(), 4);
                std::fs::remove_file(&opened.torn[0].kept_in).unwrap();
            }
            Err(other) => panic!("byte {place}: {other}"),
        }
    }
}

#[test]
fn flipped_bits_in_closed_and_sealed_segments_are_named_by_verify() {
    for sealed in [false, true] {
        let home = TempDir::new().unwrap();
        let (mut journal, _) = open(home.path(), 2000).unwrap();
        for number in 1..=40 {
            journal.append(&[record(number, 150)]).unwrap();
        }
        while sealed && journal.reader().seal_next().unwrap() {}
        let good = journal.reader().verify_chain(Some(journal.head().hash)).unwrap();
        assert_eq!((good.records, good.bad), (40, None));
        assert_eq!(good.expected_at, Some(Sequence(40)));
        assert!(good.segments > 3);
        let extension = if sealed { ".cwj.zst" } else { ".cwj" };
        let path = home.path().join(format!("{:020}{extension}", 1));
        let whole = std::fs::read(&path).unwrap();
        // The index at the end of a sealed segment only helps to find; damage there harms nothing.
        let end = if sealed { whole.len() - 84 } else { whole.len() };
        for place in (0..end).step_by(7) {
            let mut bytes = whole.clone();
            bytes[place] ^= 0x10;
            std::fs::write(&path, &bytes).unwrap();
            let report = journal.reader().verify_chain(None).unwrap();
            let bad = report
                .bad
                .unwrap_or_else(|| panic!("byte {place} of {extension} was not noticed"));
            assert_eq!(bad.file, path);
        }
        for place in end..whole.len() {
            let mut bytes = whole.clone();
            bytes[place] ^= 0x10;
            std::fs::write(&path, &bytes).unwrap();
            match journal.reader().read(Sequence(5)) {
                Ok(read) => assert!(same(&read.unwrap(), &record(5, 150))),
                Err(error) => assert!(matches!(error, JournalError::Corrupt(_))),
            }
        }
    }
}

#[test]
fn sealed_segments_read_like_plain_ones() {
    let home = TempDir::new().unwrap();
    let (mut journal, _) = open(home.path(), 3 << 20).unwrap();
    let mut number = 0;
    for _ in 0..40 {
        let batch: Vec<_> = (0..20)
            .map(|_| {
                number += 1;
                let mut new = record(number, 9000);
                // Incompressible, so that segments fill up.
                new.payload = noise(number, 9000);
                new
            })
            .collect();
        journal.append(&batch).unwrap();
    }
    let before = all(&journal);
    let reader = journal.reader();
    let mut sealed = 0;
    while reader.seal_next().unwrap() {
        sealed += 1;
    }
    assert_eq!(sealed, 2);
    assert_eq!(all(&journal), before);
    for number in (1..=800).step_by(37) {
        assert_eq!(
            reader.read(Sequence(number)).unwrap().as_ref(),
            before.get(usize::try_from(number).unwrap() - 1)
        );
    }
    let from: Vec<_> = reader.records_from(Sequence(333)).map(Result::unwrap).collect();
    assert_eq!(from, before[332..]);
    drop(journal);
    let (journal, _) = open(home.path(), 3 << 20).unwrap();
    assert_eq!(all(&journal), before);
}

#[test]
fn a_crash_while_sealing_loses_nothing() {
    for passed in 0..8 {
        let home = TempDir::new().unwrap();
        let disk = FaultyDisk::shared();
        let (mut journal, _) = Journal::open_with(home.path(), options(&disk, 1000)).unwrap();
        for number in 1..=20 {
            journal.append(&[record(number, 100)]).unwrap();
        }
        let before = all(&journal);
        disk.fail_after(passed, EIO);
        let _ = journal.reader().seal_next();
        disk.heal();
        drop(journal);
        let (journal, opened) = open(home.path(), 1000).unwrap();
        assert!(opened.torn.is_empty());
        assert_eq!(all(&journal), before, "after {passed} operations");
        while journal.reader().seal_next().unwrap() {}
        assert_eq!(all(&journal), before, "after {passed} operations");
    }
}

#[test]
fn a_full_disk_poisons_until_recovered_and_loses_nothing() {
    // Each operation of an append within a segment, and of one that begins a segment.
    for (limit, operations) in [(1 << 20, 2), (500, 5)] {
        for passed in 0..operations {
            for error in [ENOSPC, EIO] {
                let home = TempDir::new().unwrap();
                let disk = FaultyDisk::shared();
                let (mut journal, _) = Journal::open_with(home.path(), options(&disk, limit)).unwrap();
                journal.append(&[record(1, 700)]).unwrap();
                disk.fail_after(passed, error);
                let failed = journal.append(&[record(2, 700)]).unwrap_err();
                assert_eq!(failed.is_full(), error == ENOSPC, "{failed}");
                assert!(matches!(
                    journal.append(&[record(2, 7)]),
                    Err(JournalError::Poisoned(_))
                ));
                assert_eq!(journal.head().sequence, Sequence(1));
                assert_eq!(all(&journal).len(), 1, "readers see only what is durable");
                assert!(journal.recover().is_err());
                disk.heal();
                journal.recover().unwrap();
                let committed = journal.append(&[record(3, 50)]).unwrap();
                assert_eq!(committed.first, Sequence(2));
                drop(journal);
                let (journal, opened) = open(home.path(), limit).unwrap();
                assert!(opened.torn.is_empty());
                let records = all(&journal);
                assert_eq!(records.len(), 2);
                assert!(same(&records[1], &record(3, 50)));
                assert_eq!(journal.reader().verify_chain(None).unwrap().bad, None);
            }
        }
    }
}

/// What a power loss may leave after the first `count` operations: of what was not synced, the first `kept` bytes of
/// each write, the rest lost or zeros.
fn image(log: &[Operation], count: usize, kept: usize, zeros: bool) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    for (place, operation) in log.iter().take(count).enumerate() {
        match operation {
            Operation::Write { path, offset, bytes } => {
                let synced = log[place..count]
                    .iter()
                    .any(|later| matches!(later, Operation::Sync { path: other } if other == path));
                let length = if synced { bytes.len() } else { kept.min(bytes.len()) };
                let file = files.entry(path.clone()).or_default();
                let start = usize::try_from(*offset).unwrap();
                file.resize(start.max(file.len()), 0);
                file.truncate(start);
                file.extend_from_slice(&bytes[..length]);
                if zeros && !synced {
                    file.resize(start + bytes.len(), 0);
                }
            }
            Operation::Truncate { path, length } => {
                files
                    .entry(path.clone())
                    .or_default()
                    .truncate(usize::try_from(*length).unwrap());
            }
            Operation::Rename { from, to } => {
                let content = files.remove(from).unwrap();
                files.insert(to.clone(), content);
            }
            Operation::Remove { path } => {
                files.remove(path);
            }
            Operation::Sync { .. } | Operation::SyncDirectory | Operation::Step => {}
        }
    }
    files
}

#[test]
fn images_of_power_losses_open_with_all_that_was_acknowledged() {
    let home = TempDir::new().unwrap();
    let disk = FaultyDisk::shared();
    let (mut journal, _) = Journal::open_with(home.path(), options(&disk, 900)).unwrap();
    let mut acknowledged = Vec::new();
    for number in 1..=12 {
        journal
            .append(&[record(number * 2, 120), record(number * 2 + 1, 400)])
            .unwrap();
        acknowledged.push((disk.log().len(), journal.head().sequence));
    }
    let expected = all(&journal);
    let log = disk.log();
    for count in 0..=log.len() {
        let durable = acknowledged
            .iter()
            .rev()
            .find(|(operations, _)| *operations <= count)
            .map_or(Sequence(0), |(_, sequence)| *sequence);
        for (kept, zeros) in [
            (0, false),
            (0, true),
            (1, false),
            (50, true),
            (75, false),
            (200, false),
            (usize::MAX, false),
        ] {
            let case = TempDir::new().unwrap();
            for (path, bytes) in image(&log, count, kept, zeros) {
                std::fs::write(case.path().join(path.file_name().unwrap()), bytes).unwrap();
            }
            let known = JournalOptions {
                known: durable,
                ..options(&FaultyDisk::shared(), 900)
            };
            let (journal, opened) = Journal::open_with(case.path(), known)
                .unwrap_or_else(|error| panic!("{count} operations, {kept} bytes: {error}"));
            assert!(opened.head.sequence >= durable, "{count} operations, {kept} bytes kept");
            let records = all(&journal);
            assert_eq!(records[..], expected[..records.len()]);
            assert_eq!(records.len() as u64, opened.head.sequence.0);
        }
    }
}

#[test]
fn another_site_a_later_epoch_and_a_newer_format_are_refused() {
    let home = TempDir::new().unwrap();
    three_frames(home.path());
    assert!(matches!(
        Journal::open(home.path(), Uuid::from_u128(9)),
        Err(JournalError::Foreign { .. })
    ));
    let epoch = |epoch| JournalOptions {
        epoch,
        ..options(&FaultyDisk::shared(), 1 << 20)
    };
    let (mut journal, _) = Journal::open_with(home.path(), epoch(3)).unwrap();
    journal.append(&[record(7, 10)]).unwrap();
    let records = all(&journal);
    assert_eq!((records[5].epoch, records[6].epoch), (1, 3));
    assert_eq!(journal.reader().verify_chain(None).unwrap().bad, None);
    drop(journal);
    assert!(matches!(
        Journal::open_with(home.path(), epoch(2)),
        Err(JournalError::LaterEpoch { .. })
    ));
}

/// Ten segments of a record each, the first `sealed` of them sealed, and their files in order.
fn ten_segments(directory: &Path, site: Uuid, sealed: usize) -> Vec<PathBuf> {
    let with = JournalOptions {
        site,
        ..options(&FaultyDisk::shared(), 500)
    };
    let (mut journal, _) = Journal::open_with(directory, with).unwrap();
    for number in 1..=10 {
        let mut new = record(number, 0);
        new.payload = noise(number, 900);
        journal.append(&[new]).unwrap();
    }
    for _ in 0..sealed {
        assert!(journal.reader().seal_next().unwrap());
    }
    let mut files: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert_eq!(files.len(), 10);
    files
}

/// The place at which a journal is refused.
fn refused(directory: &Path) -> Result<(PathBuf, Damage), String> {
    match open(directory, 500) {
        Err(JournalError::Corrupt(place)) => Ok((place.file, place.damage)),
        Err(other) => Err(other.to_string()),
        Ok(_) => Err("it opened".to_owned()),
    }
}

#[test]
fn a_missing_segment_is_named_at_the_start() {
    for (sealed, missing) in [(0, 0), (0, 4), (6, 0), (6, 3), (6, 5), (6, 7), (9, 8)] {
        let home = TempDir::new().unwrap();
        let files = ten_segments(home.path(), SITE, sealed);
        std::fs::remove_file(&files[missing]).unwrap();
        assert_eq!(refused(home.path()), Ok((files[missing + 1].clone(), Damage::Gap)));
    }
}

#[test]
fn a_segment_from_elsewhere_is_named_at_the_start() {
    let other = TempDir::new().unwrap();
    let others = ten_segments(other.path(), Uuid::from_u128(9), 6);
    // The same site went on differently, as a copy of it would.
    let copy = TempDir::new().unwrap();
    let (mut journal, _) = open(copy.path(), 500).unwrap();
    for number in 1..=10 {
        let mut new = record(number, 0);
        new.payload = noise(number + 100, 900);
        journal.append(&[new]).unwrap();
    }
    for _ in 0..6 {
        journal.reader().seal_next().unwrap();
    }
    for place in [0, 3, 7] {
        let home = TempDir::new().unwrap();
        let files = ten_segments(home.path(), SITE, 6);
        std::fs::copy(&others[place], &files[place]).unwrap();
        assert!(matches!(
            open(home.path(), 500),
            Err(JournalError::Foreign { file, .. }) if file == files[place]
        ));
        let name = files[place].file_name().unwrap();
        std::fs::copy(copy.path().join(name), &files[place]).unwrap();
        // It fits its own past, or its successor does not fit it.
        let named = if place == 0 { 1 } else { place };
        assert_eq!(refused(home.path()), Ok((files[named].clone(), Damage::Chain)));
    }
}

#[test]
fn a_closed_segment_cut_anywhere_is_named_or_opens_with_every_record() {
    for (sealed, place) in [(0, 4), (6, 4)] {
        let home = TempDir::new().unwrap();
        let files = ten_segments(home.path(), SITE, sealed);
        let whole = std::fs::read(&files[place]).unwrap();
        for cut in (0..whole.len()).step_by(9) {
            std::fs::write(&files[place], &whole[..cut]).unwrap();
            match open(home.path(), 500) {
                Err(JournalError::Corrupt(bad)) => {
                    assert!(files[place..=place + 1].contains(&bad.file), "cut at {cut}");
                }
                Err(other) => panic!("cut at {cut}: {other}"),
                // Of a sealed one the index may be gone.
                Ok((journal, _)) => assert_eq!(all(&journal).len(), 10, "cut at {cut}"),
            }
        }
    }
}

#[test]
fn a_flipped_bit_in_a_closed_segment_is_named_at_the_start_or_where_it_is_read() {
    for (sealed, place) in [(0, 4), (6, 4)] {
        let home = TempDir::new().unwrap();
        let files = ten_segments(home.path(), SITE, sealed);
        let whole = std::fs::read(&files[place]).unwrap();
        let mut named = [0; 3];
        for byte in (0..whole.len()).step_by(5) {
            let mut bytes = whole.clone();
            bytes[byte] ^= 1 << (byte % 8);
            std::fs::write(&files[place], &bytes).unwrap();
            match open(home.path(), 500) {
                Err(JournalError::Corrupt(bad)) => {
                    assert!(files[place..=place + 1].contains(&bad.file), "byte {byte}");
                    named[0] += 1;
                }
                Err(other) => panic!("byte {byte}: {other}"),
                Ok((journal, _)) => {
                    let reader = journal.reader();
                    if let Ok(records) = reader.records_from(Sequence(1)).collect::<Result<Vec<_>, _>>() {
                        assert_eq!(records.len(), 10);
                        named[2] += 1;
                    } else {
                        assert_eq!(reader.damaged().unwrap().file, files[place], "byte {byte}");
                        named[1] += 1;
                    }
                }
            }
        }
        // Only the index of a sealed one, and what zstd does not use, may be flipped without harm.
        assert!(named[0] > 0 && named[2] < 40, "{named:?}");
    }
}

#[test]
fn readers_and_sealing_keep_up_with_the_writer() {
    let home = TempDir::new().unwrap();
    let (mut journal, _) = open(home.path(), 20_000).unwrap();
    let reader = journal.reader();
    let done = &AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let mut read = 0;
            // A writer that is done before this has begun is not what this is about.
            while !done.load(Ordering::Acquire) || read == 0 {
                let head = reader.head().sequence;
                let records: Vec<_> = reader.records_from(Sequence(1)).map(Result::unwrap).collect();
                assert!(records.len() as u64 >= head.0);
                assert!(
                    records
                        .iter()
                        .zip(1..)
                        .all(|(record, number)| record.sequence == Sequence(number))
                );
                if let Some(last) = records.last() {
                    assert_eq!(reader.read(last.sequence).unwrap().as_ref(), Some(last));
                }
                read += records.len();
            }
            read
        });
        let sealer = journal.reader();
        scope.spawn(move || {
            while !done.load(Ordering::Acquire) {
                sealer.seal_next().unwrap();
            }
        });
        for number in 0..300 {
            let mut new = record(number, 900);
            new.payload = noise(number, 900);
            journal.append(&[new]).unwrap();
        }
        done.store(true, Ordering::Release);
        assert!(reading.join().unwrap() > 0);
    });
    while journal.reader().seal_next().unwrap() {}
    assert_eq!(journal.reader().verify_chain(None).unwrap().records, 300);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_batches_come_back_in_order(
        batches in prop::collection::vec(
            (prop::collection::vec((0_usize..900, any::<u16>()), 0..6), any::<bool>(), any::<bool>()),
            1..12,
        ),
        limit in 200_u64..5000,
    ) {
        let home = TempDir::new().unwrap();
        let (mut journal, _) = open(home.path(), limit).unwrap();
        let mut expected = Vec::new();
        for (batch, reopen, seal) in batches {
            let records: Vec<_> = batch
                .into_iter()
                .map(|(length, kind)| NewRecord { kind, ..record(expected.len() as u64 + 1, length) })
                .collect();
            let committed = journal.append(&records).unwrap();
            prop_assert_eq!(committed.first.0, expected.len() as u64 + 1);
            expected.extend(records);
            prop_assert_eq!(committed.last.0, expected.len() as u64);
            if seal {
                journal.reader().seal_next().unwrap();
            }
            if reopen {
                let head = journal.head();
                drop(journal);
                let (again, opened) = open(home.path(), limit).unwrap();
                prop_assert_eq!(opened.head, head);
                journal = again;
            }
        }
        let records = all(&journal);
        prop_assert_eq!(records.len(), expected.len());
        for (read, new) in records.iter().zip(&expected) {
            prop_assert!(same(read, new));
            prop_assert_eq!(journal.reader().read(read.sequence).unwrap().unwrap(), read.clone());
            let from = journal.reader().records_from(read.sequence).next().unwrap().unwrap();
            prop_assert_eq!(&from, read);
        }
        prop_assert_eq!(journal.reader().verify_chain(None).unwrap().bad, None);
    }
}

/// Drops the payloads of odd records from everything up to the eighth.
fn drop_odd(journal: &Journal, seal: u64) -> u32 {
    let mut segments = 0;
    while journal
        .reader()
        .drop_next(Sequence(seal), Sequence(8), &|record| record.sequence.0 % 2 == 1)
        .unwrap()
    {
        segments += 1;
    }
    segments
}

#[test]
fn dropped_payloads_leave_their_digests_and_the_chain_as_it_was() {
    let home = TempDir::new().unwrap();
    ten_segments(home.path(), SITE, 9);
    let (journal, _) = open(home.path(), 1).unwrap();
    let head = journal.head();
    let before = all(&journal);
    assert_eq!(drop_odd(&journal, 20), 8, "what lies at or before the eighth record");
    assert_eq!(drop_odd(&journal, 20), 0, "once only");
    assert_eq!(journal.reader().dropped_through(), Sequence(8));
    for reopened in [false, true] {
        let journal = if reopened {
            open(home.path(), 1).unwrap().0
        } else {
            Journal::open(home.path(), SITE).unwrap().0
        };
        assert_eq!(journal.head(), head);
        let report = journal.reader().verify_chain(Some(head.hash)).unwrap();
        assert_eq!((report.bad, report.records, report.dropped), (None, 10, 4));
        assert_eq!(report.last_dropped, Some(Sequence(7)));
        assert_eq!(report.expected_at, Some(Sequence(10)));
        for (was, record) in before.iter().zip(all(&journal)) {
            assert_eq!(was.hash, record.hash);
            match record.payload {
                Payload::Kept(_) => assert_eq!(was, &record),
                Payload::Dropped { length, digest } => {
                    assert_eq!((record.sequence.0 % 2, length), (1, was.payload.length()));
                    assert_eq!(&digest, blake3::hash(was.payload.kept().unwrap()).as_bytes());
                }
            }
        }
    }
    // A later seal looks at the segments once more.
    let (journal, _) = open(home.path(), 1).unwrap();
    assert_eq!(drop_odd(&journal, 30), 8);
    assert_eq!(journal.reader().verify_chain(None).unwrap().dropped, 4);
}

#[test]
fn a_crash_while_dropping_leaves_the_original_or_the_new_file() {
    let home = TempDir::new().unwrap();
    let files = ten_segments(home.path(), SITE, 9);
    let original = std::fs::read(&files[0]).unwrap();
    let (journal, _) = open(home.path(), 1).unwrap();
    drop_odd(&journal, 20);
    drop(journal);
    let dropped = home.path().join("00000000000000000001-00000000000000000020.cwd.zst");
    // The new file had its name, and the original was not removed yet; and half of another one.
    std::fs::write(&files[0], original).unwrap();
    let half = home
        .path()
        .join("00000000000000000009-00000000000000000020.cwd.zst.tmp");
    std::fs::write(&half, b"half").unwrap();
    let (journal, _) = open(home.path(), 1).unwrap();
    assert!(!dropped.exists() && !half.exists());
    assert_eq!(journal.reader().verify_chain(None).unwrap().dropped, 3);
    assert_eq!(drop_odd(&journal, 20), 1);
    assert_eq!(journal.reader().verify_chain(None).unwrap().dropped, 4);
}

#[test]
fn a_changed_digest_of_a_dropped_payload_is_noticed() {
    let home = TempDir::new().unwrap();
    ten_segments(home.path(), SITE, 9);
    let (journal, _) = open(home.path(), 1).unwrap();
    drop_odd(&journal, 20);
    let path = home.path().join("00000000000000000003-00000000000000000020.cwd.zst");
    let plain = zstd::decode_all(std::fs::read(&path).unwrap().as_slice()).unwrap();
    let digest = plain.len() - 1;
    let mut changed = plain.clone();
    changed[digest] ^= 1;
    std::fs::write(&path, zstd::encode_all(changed.as_slice(), 1).unwrap()).unwrap();
    let bad = journal.reader().verify_chain(None).unwrap().bad.unwrap();
    assert_eq!(bad.sequence, Sequence(3));
}
