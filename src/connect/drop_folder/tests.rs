//! What gateways and people do to a folder.

use super::*;
use crate::connect::csv::Refusal;
use crate::connect::csv::tests::model;
use crate::connect::intake::Stopped;
use crate::connect::mapping::Mapping;
use std::os::unix::fs::symlink;

const SETTLE_MS: i64 = 5000;

fn words(text: &Text) -> String {
    text.to_string()
}

fn folder(root: &Path) -> DropFolder<'static> {
    DropFolder::open(&root.join("drop"), root, SETTLE_MS, &words).unwrap()
}

fn mapping() -> Mapping {
    Mapping::parse("m.toml", MAPPING).unwrap()
}

fn put(root: &Path, name: &str, content: &str) {
    fs::write(root.join("drop").join(name), content).unwrap();
}

fn at(milliseconds: i64) -> Instant {
    Instant::EARLIEST.plus(milliseconds)
}

fn names(candidates: &[Candidate]) -> Vec<&str> {
    candidates.iter().map(|candidate| candidate.name.as_str()).collect()
}

fn ready(folder: &mut DropFolder<'_>, candidate: &Candidate) -> TakenFile {
    match folder.take(candidate, &mapping()).unwrap() {
        Taken::Ready(taken) => taken,
        other => panic!("{other:?}"),
    }
}

/// Scans twice, as long apart as a file must stay the same.
fn settled(folder: &mut DropFolder<'_>, from: i64) -> Vec<Candidate> {
    folder.scan(at(from)).unwrap();
    folder.scan(at(from + SETTLE_MS)).unwrap()
}

fn good() -> IntakeSummary {
    IntakeSummary {
        rows: 1,
        readings: 1,
        first: Some(at(0)),
        last: Some(at(900_000)),
        ..IntakeSummary::default()
    }
}

fn done(summary: &IntakeSummary) -> Outcome<'_> {
    Outcome::Done { summary, refused: None }
}

#[test]
fn a_file_is_taken_when_it_rests_and_not_before() {
    let root = tempfile::tempdir().unwrap();
    let mut folder = folder(root.path());
    put(root.path(), "a.csv", "1");
    for unfinished in ["b.csv.part", "c.tmp", "d.csv~", ".hidden.csv", "E.PARTIAL"] {
        put(root.path(), unfinished, "1");
    }
    assert!(folder.scan(at(0)).unwrap().is_empty());
    assert!(folder.scan(at(SETTLE_MS - 1)).unwrap().is_empty());
    put(root.path(), "a.csv", "12");
    assert!(folder.scan(at(SETTLE_MS)).unwrap().is_empty(), "it grew");
    let candidates = folder.scan(at(2 * SETTLE_MS)).unwrap();
    assert_eq!(names(&candidates), ["a.csv"]);

    let mut taken = ready(&mut folder, &candidates[0]);
    let mut content = String::new();
    taken.file.read_to_string(&mut content).unwrap();
    assert_eq!(content, "12");
    let summary = good();
    let finished = folder.finish(&candidates[0], taken, done(&summary)).unwrap();
    assert_eq!(finished, Finished::Moved(root.path().join("done/a.csv")));
    assert!(folder.scan(at(3 * SETTLE_MS)).unwrap().is_empty());
    let status = folder.status();
    assert_eq!(
        (status.taken, status.readings, status.last_file.as_deref()),
        (1, 1, Some("a.csv"))
    );
    assert_eq!(status.newest, Some(at(900_000)));
    assert_eq!(status.lag_ms(at(1_000_000)), Some(100_000));
    assert_eq!(status.clock_offset_ms, Some(candidates[0].modified.since(at(900_000))));
}

#[test]
fn a_restored_site_takes_a_file_again_that_the_epoch_before_had() {
    let root = tempfile::tempdir().unwrap();
    let summary = good();
    for (epoch, expected) in [(1, true), (1, false), (2, true), (2, false), (3, true)] {
        let mut folder = folder(root.path()).in_epoch(epoch);
        put(root.path(), "a.csv", "1");
        put(root.path(), "a.csv.ok", "");
        let candidate = folder.scan(at(0)).unwrap().remove(0);
        match folder.take(&candidate, &mapping()).unwrap() {
            Taken::Ready(taken) if expected => {
                folder.finish(&candidate, taken, done(&summary)).unwrap();
            }
            Taken::Repeated(_) if !expected => {}
            other => panic!("{epoch}: {other:?}"),
        }
    }
}

#[test]
fn a_marker_says_at_once_that_a_file_is_finished() {
    let root = tempfile::tempdir().unwrap();
    let mut folder = folder(root.path());
    for name in ["a.csv", "a.csv.ok", "b.csv", "b.done", "c.csv", "early.ok"] {
        put(root.path(), name, if name.ends_with("csv") { name } else { "" });
    }
    let candidates = folder.scan(at(0)).unwrap();
    assert_eq!(names(&candidates), ["a.csv", "b.csv"]);
    let summary = good();
    for candidate in &candidates {
        let taken = ready(&mut folder, candidate);
        folder.finish(candidate, taken, done(&summary)).unwrap();
    }
    assert!(!root.path().join("drop/a.csv.ok").exists() && !root.path().join("drop/b.done").exists());
    assert!(root.path().join("drop/early.ok").exists());
    assert_eq!(names(&folder.scan(at(SETTLE_MS)).unwrap()), ["c.csv"]);
}

#[test]
fn a_repeated_file_is_recognised_even_after_a_restart() {
    let root = tempfile::tempdir().unwrap();
    let mut first = folder(root.path());
    put(root.path(), "a.csv", "content");
    let candidates = settled(&mut first, 0);
    let taken = ready(&mut first, &candidates[0]);
    let summary = good();
    first.finish(&candidates[0], taken, done(&summary)).unwrap();

    let mut again = folder(root.path());
    put(root.path(), "a.csv", "content");
    let candidates = settled(&mut again, 0);
    assert!(matches!(again.take(&candidates[0], &mapping()).unwrap(), Taken::Repeated(first) if first == "a.csv"));
    let mut kept: Vec<_> = fs::read_dir(root.path().join("done"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    kept.sort();
    assert_eq!(kept, ["a-2.csv", "a-2.csv.txt", "a.csv"]);
    assert_eq!(again.status().repeated, 1);
    assert!(again.scan(at(3 * SETTLE_MS)).unwrap().is_empty());
}

#[test]
fn a_file_that_was_read_by_another_mapping_is_taken_again() {
    let root = tempfile::tempdir().unwrap();
    let mut folder = folder(root.path());
    put(root.path(), "a.csv", "content");
    let candidates = settled(&mut folder, 0);
    let taken = ready(&mut folder, &candidates[0]);
    let summary = good();
    folder.finish(&candidates[0], taken, done(&summary)).unwrap();
    put(root.path(), "a.csv", "content");
    let candidates = settled(&mut folder, 60_000);
    let corrected = Mapping::parse("m.toml", &MAPPING.replace("flow", "Flow")).unwrap();
    assert!(matches!(
        folder.take(&candidates[0], &corrected).unwrap(),
        Taken::Ready(_)
    ));
    assert!(matches!(
        folder.take(&candidates[0], &mapping()).unwrap(),
        Taken::Repeated(_)
    ));
}

#[test]
fn links_planted_in_the_drop_folder_lead_nowhere() {
    let root = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let mut folder = folder(root.path());
    for name in ["done", "refused", ".digests", ".a.csv.refused.csv"] {
        symlink(outside.path(), root.path().join("drop").join(name)).unwrap();
    }
    put(
        root.path(),
        "a.csv",
        "time,flow\n2025-01-01 00:00,NaN\n2025-01-01 00:15,2\n",
    );
    let candidates = settled(&mut folder, 0);
    let model = model("Asia/Shanghai");
    let dropped = folder.take_in(&candidates[0], &mapping(), &model, 100, |_, _| {
        Ok::<_, DropError>(Vec::new())
    });
    assert!(
        matches!(dropped, Ok(Dropped::Read(Finished::Moved(_), _))),
        "{dropped:?}"
    );
    assert!(root.path().join("done/a.csv.refused.csv").exists());
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    // Nor does one in the place of the list of what was taken.
    symlink(outside.path().join("list"), root.path().join(".digests")).unwrap();
    assert!(DropFolder::open(&root.path().join("drop"), root.path(), SETTLE_MS, &words).is_err());
}

#[test]
fn what_is_refused_where_it_is_delivered_stands_with_the_other_refusals() {
    let root = tempfile::tempdir().unwrap();
    let mut folder = folder(root.path());
    put(
        root.path(),
        "a.csv",
        "time,flow\n2025-01-01 00:00,1\n2025-01-01 00:15,2\n",
    );
    let candidates = settled(&mut folder, 0);
    let model = model("Asia/Shanghai");
    let dropped = folder.take_in(&candidates[0], &mapping(), &model, 100, |batch, taken| {
        assert_eq!(taken.content_digest().len(), 64);
        let refusal = Refusal {
            line: batch.lines[1],
            column: None,
            field: String::new(),
            row: String::new(),
            why: Text::new("reading-unknown-parameter"),
        };
        Ok::<_, DropError>(vec![refusal])
    });
    let Ok(Dropped::Read(Finished::Moved(_), summary)) = dropped else {
        panic!("{dropped:?}");
    };
    assert_eq!((summary.readings, summary.refused), (1, 1));
    let reasons = fs::read_to_string(root.path().join("done/a.csv.refused.csv")).unwrap();
    assert!(
        reasons
            .lines()
            .nth(1)
            .is_some_and(|line| line.starts_with("3,") && line.contains("reading-unknown-parameter")),
        "{reasons}"
    );
}

#[test]
fn a_file_of_which_rows_were_refused_may_come_again() {
    let root = tempfile::tempdir().unwrap();
    let mut folder = folder(root.path());
    put(root.path(), "a.csv", "content");
    let candidates = settled(&mut folder, 0);
    let taken = ready(&mut folder, &candidates[0]);
    let summary = IntakeSummary { refused: 1, ..good() };
    let refused = folder.refused_path(&candidates[0]);
    fs::write(&refused, "line,why").unwrap();
    let outcome = Outcome::of(&summary, Some(refused));
    folder.finish(&candidates[0], taken, outcome).unwrap();
    assert!(root.path().join("done/a.csv.refused.csv").exists());
    put(root.path(), "a.csv", "content");
    let candidates = settled(&mut folder, 60_000);
    let taken = ready(&mut folder, &candidates[0]);
    let unusable = IntakeSummary {
        rows: 3,
        refused: 3,
        ..IntakeSummary::default()
    };
    let finished = folder
        .finish(&candidates[0], taken, Outcome::of(&unusable, None))
        .unwrap();
    assert_eq!(finished, Finished::Moved(root.path().join("refused/a.csv")));
    assert_eq!(
        fs::read_to_string(root.path().join("refused/a.csv.txt")).unwrap(),
        "drop-nothing-usable rows=3\n"
    );
    assert_eq!((folder.status().refused, folder.status().refused_rows), (1, 1));
}

#[test]
fn a_file_that_changes_is_left_for_later() {
    let root = tempfile::tempdir().unwrap();
    let mut folder = folder(root.path());
    put(root.path(), "a.csv", "1");
    let candidates = settled(&mut folder, 0);
    // Between being seen and being opened.
    put(root.path(), "a.csv", "12");
    assert!(matches!(
        folder.take(&candidates[0], &mapping()).unwrap(),
        Taken::Changed
    ));
    // While being read: appended to, then replaced by another file.
    for round in 1..3 {
        let candidates = settled(&mut folder, round * 60_000);
        let taken = ready(&mut folder, &candidates[0]);
        if round == 1 {
            put(root.path(), "a.csv", "123");
        } else {
            put(root.path(), "new.part", "999");
            fs::rename(root.path().join("drop/new.part"), root.path().join("drop/a.csv")).unwrap();
        }
        let summary = good();
        let finished = folder.finish(&candidates[0], taken, done(&summary)).unwrap();
        assert_eq!(finished, Finished::Changed, "round {round}");
        assert!(root.path().join("drop/a.csv").exists());
    }
    assert_eq!((folder.status().changed, folder.status().taken), (3, 0));
    let candidates = settled(&mut folder, 300_000);
    let taken = ready(&mut folder, &candidates[0]);
    let summary = good();
    folder.finish(&candidates[0], taken, done(&summary)).unwrap();
    assert_eq!(fs::read_to_string(root.path().join("done/a.csv")).unwrap(), "999");
    // Gone before it was opened.
    put(root.path(), "b.csv", "1");
    let candidates = settled(&mut folder, 400_000);
    fs::remove_file(root.path().join("drop/b.csv")).unwrap();
    assert!(matches!(
        folder.take(&candidates[0], &mapping()).unwrap(),
        Taken::Changed
    ));
}

#[test]
fn links_and_folders_are_not_touched() {
    let root = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), "secret").unwrap();
    let mut folder = folder(root.path());
    symlink(outside.path().join("secret"), root.path().join("drop/link.csv")).unwrap();
    fs::create_dir(root.path().join("drop/folder.csv")).unwrap();
    assert!(settled(&mut folder, 0).is_empty());
    assert_eq!(folder.status().notes.len(), 2);
    // A link put in place of a file that was seen is not followed.
    put(root.path(), "a.csv", "1");
    let candidates = settled(&mut folder, 60_000);
    fs::remove_file(root.path().join("drop/a.csv")).unwrap();
    symlink(outside.path().join("secret"), root.path().join("drop/a.csv")).unwrap();
    assert!(matches!(
        folder.take(&candidates[0], &mapping()),
        Err(DropError::File { .. })
    ));
}

#[test]
fn nothing_is_written_over() {
    let root = tempfile::tempdir().unwrap();
    let mut folder = folder(root.path());
    for round in 0..3 {
        put(root.path(), "a.csv", &format!("content {round}"));
        let candidates = settled(&mut folder, round * 60_000);
        let taken = ready(&mut folder, &candidates[0]);
        let summary = good();
        folder.finish(&candidates[0], taken, done(&summary)).unwrap();
    }
    for (name, content) in [
        ("a.csv", "content 0"),
        ("a-2.csv", "content 1"),
        ("a-3.csv", "content 2"),
    ] {
        assert_eq!(
            fs::read_to_string(root.path().join("done").join(name)).unwrap(),
            content
        );
    }
}

#[test]
fn a_file_that_cannot_be_read_is_tried_again_later() {
    let root = tempfile::tempdir().unwrap();
    let mut folder = folder(root.path());
    put(root.path(), "a.csv", "1");
    let candidates = settled(&mut folder, 0);
    // A loop of links cannot be opened by anybody, root included.
    fs::remove_file(root.path().join("drop/a.csv")).unwrap();
    symlink("a.csv", root.path().join("drop/a.csv")).unwrap();
    assert!(folder.take(&candidates[0], &mapping()).is_err());
    let seen = folder.seen.get(OsStr::new("a.csv")).unwrap();
    assert_eq!(seen.not_before, at(SETTLE_MS + RETRY_MS));
}

const MAPPING: &str = "layout = \"wide\"\n[stamp]\ncolumn = \"time\"\nformat = \"%Y-%m-%d %H:%M\"\n\
    [column.flow]\nparameter = \"FT-1\"\n";

#[test]
fn a_dropped_file_is_taken_in_and_moved_by_what_it_holds() {
    let root = tempfile::tempdir().unwrap();
    let mut folder = folder(root.path());
    let mapping = mapping();
    let model = model("Asia/Shanghai");
    put(
        root.path(),
        "1-good.csv",
        "time,flow\n2025-01-01 00:00,1\n2025-01-01 00:15,2\n",
    );
    put(
        root.path(),
        "2-partly.csv",
        "time,flow\n2025-01-01 00:00,NaN\n2025-01-01 00:15,2\n",
    );
    put(root.path(), "3-useless.csv", "time,flow\nnow,1\n");
    put(root.path(), "4-wrong.csv", "time;flow\n");
    put(
        root.path(),
        "5-again.csv",
        "time,flow\n2025-01-01 00:00,1\n2025-01-01 00:15,2\n",
    );
    let mut candidates = settled(&mut folder, 0);
    candidates.sort_by(|one, other| one.name.cmp(&other.name));
    let mut delivered = 0;
    let mut outcomes = Vec::new();
    for candidate in &candidates {
        let outcome = folder.take_in(candidate, &mapping, &model, 100, |batch, _| {
            delivered += batch.readings.len();
            Ok::<_, DropError>(Vec::new())
        });
        outcomes.push(outcome.unwrap());
    }
    assert_eq!(delivered, 3);
    let moved = |place: usize| match &outcomes[place] {
        Dropped::Read(Finished::Moved(path), _) => path.strip_prefix(root.path()).unwrap().to_str().unwrap(),
        other => panic!("{other:?}"),
    };
    assert_eq!(moved(0), "done/1-good.csv");
    assert_eq!(moved(1), "done/2-partly.csv");
    assert_eq!(moved(2), "refused/3-useless.csv");
    assert_eq!(moved(3), "refused/4-wrong.csv");
    assert_eq!(outcomes[4], Dropped::Repeated("1-good.csv".into()));
    for reasons in [
        "done/2-partly.csv.refused.csv",
        "refused/3-useless.csv.refused.csv",
        "refused/3-useless.csv.txt",
        "refused/4-wrong.csv.txt",
        "done/5-again.csv.txt",
    ] {
        assert!(root.path().join(reasons).exists(), "{reasons}");
    }
    // Nothing else is left in the folder.
    assert_eq!(fs::read_dir(root.path().join("drop")).unwrap().count(), 0);
    let mut kept: Vec<_> = fs::read_dir(root.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    kept.sort();
    assert_eq!(kept, [".digests", "done", "drop", "refused"]);
}

#[test]
fn a_file_stays_when_the_fault_lies_elsewhere() {
    let root = tempfile::tempdir().unwrap();
    let mut folder = folder(root.path());
    let mapping = mapping();
    let mut model = model("Asia/Shanghai");
    put(
        root.path(),
        "a.csv",
        "time,flow\n2025-01-01 00:00,NaN\n2025-01-01 00:15,2\n",
    );
    let candidates = settled(&mut folder, 0);
    let undelivered = folder.take_in(&candidates[0], &mapping, &model, 100, |_, _| Err("disk full"));
    assert!(matches!(
        undelivered,
        Err(DropStopped::Stopped(Stopped::Delivery("disk full")))
    ));
    model.parameters.clear();
    let unmapped = folder.take_in(&candidates[0], &mapping, &model, 100, |_, _| Ok::<_, &str>(Vec::new()));
    assert!(matches!(unmapped, Err(DropStopped::Stopped(Stopped::Intake(_)))));
    assert!(root.path().join("drop/a.csv").exists());
    assert!(folder.scan(at(2 * SETTLE_MS)).unwrap().is_empty(), "not at once");
    assert!(folder.holds_files());
    assert_eq!(names(&folder.scan(at(SETTLE_MS + RETRY_MS)).unwrap()), ["a.csv"]);
    folder.try_again();
    assert_eq!(
        names(&folder.scan(at(2 * SETTLE_MS)).unwrap()),
        ["a.csv"],
        "the mapping was put right"
    );
    // drop, done, refused.
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 3);
}

#[test]
fn what_was_not_dealt_with_is_counted_as_a_scan_would_see_it() {
    let site = tempfile::tempdir().unwrap();
    let drop = site.path().join("drop");
    assert_eq!(left_files(&drop).unwrap(), [], "no folder, no file");
    for folder in ["coal", "empty", ".hidden"] {
        fs::create_dir_all(drop.join(folder)).unwrap();
    }
    // Finished or not, a file is a file; a marker is none, nor is a link, nor what is hidden.
    for name in ["coal/a.csv", "coal/b.csv.part", "coal/.c.csv", ".hidden/d.csv"] {
        fs::write(drop.join(name), "x").unwrap();
    }
    fs::write(drop.join("coal/a.csv.ok"), "").unwrap();
    symlink(drop.join("coal/a.csv"), drop.join("coal/link.csv")).unwrap();
    symlink(drop.join("coal"), drop.join("again")).unwrap();
    let left = |folder: &str, files| LeftFiles {
        folder: folder.to_owned(),
        files,
    };
    assert_eq!(left_files(&drop).unwrap(), [left("coal", 2)]);
    fs::write(drop.join("lost.csv"), "x").unwrap();
    assert_eq!(left_files(&drop).unwrap(), [left("", 1), left("coal", 2)]);
}
