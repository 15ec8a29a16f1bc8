//! A process that is killed, again and again, while it writes.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::site::noise;
use crate::domain::identity::Sequence;
use crate::domain::time::Instant;
use crate::engine::history::{History, Row, Tree};
use crate::store::{Checkpointer, NewRecord, SiteIdentity, StateFound, Store, StoreOptions};

const SITE: &str = "CARBONWATCH_TEST_VICTIM";

fn open(site: &Path) -> (Store, crate::store::Recovery) {
    let options = StoreOptions {
        segment_limit: 200_000,
        ..StoreOptions::default()
    };
    Store::open_with(site, &options).unwrap()
}

/// Not a test by itself: the process that [`nothing_acknowledged_is_lost_and_no_checkpoint_is_half_there`] kills. It
/// says each record's number once it is written.
#[test]
#[ignore = "run by another test"]
fn victim() {
    let Some(site) = std::env::var_os(SITE).map(PathBuf::from) else {
        return;
    };
    let (mut store, recovery) = open(&site);
    let mut number = recovery.head.sequence.0;
    let checkpointer = Checkpointer::start(store.state.clone(), Box::new(|outcome| assert!(outcome.is_ok()))).unwrap();
    let mut said = std::io::stdout();
    loop {
        let batch: Vec<_> = (0..=number % 7)
            .map(|place| NewRecord {
                kind: 3,
                version: 1,
                at: Instant(0),
                payload: noise(number + 1 + place, 400),
            })
            .collect();
        number = store.journal.append(&batch).unwrap().last.0;
        writeln!(said, "wrote {number}").unwrap();
        // Every row says the same, so that half a checkpoint shows.
        let rows = (0..60_u8).map(|key| Row {
            tree: if key % 2 == 0 { Tree::Cells } else { Tree::Site },
            key: vec![key],
            value: Some(number.to_be_bytes().repeat(usize::from(key) * 20 + 1)),
        });
        // Refused while the one before is being written.
        let _ = checkpointer.begin(rows.collect(), Sequence(number));
        if number % 50 == 0 {
            store.journal.reader().seal_next().unwrap();
        }
    }
}

#[test]
fn nothing_acknowledged_is_lost_and_no_checkpoint_is_half_there() {
    let site = TempDir::new().unwrap();
    SiteIdentity::create(site.path()).unwrap();
    let mut applied_before = Sequence(0);
    for round in 0..12_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["store::tests::kill::victim", "--exact", "--ignored", "--nocapture"])
            .env(SITE, site.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        std::thread::sleep(Duration::from_millis(60 + round * 37 % 150));
        child.kill().unwrap();
        child.wait().unwrap();
        let acknowledged = lines
            .lines()
            .map_while(Result::ok)
            .filter_map(|line| line.strip_prefix("wrote ").and_then(|number| number.parse().ok()))
            .max()
            .unwrap_or(0);

        let (store, recovery) = open(site.path());
        assert!(recovery.head.sequence.0 >= acknowledged, "round {round}");
        assert!(recovery.applied >= applied_before, "round {round}");
        assert!(
            matches!(recovery.state, StateFound::Good | StateFound::Absent { .. }),
            "round {round}: {recovery:?}"
        );
        applied_before = recovery.applied;
        let chain = store.journal.reader().verify_chain(None).unwrap();
        assert_eq!(
            (chain.bad, chain.records),
            (None, recovery.head.sequence.0),
            "round {round}"
        );
        for record in store.journal.reader().records_from(Sequence(1)) {
            let record = record.unwrap();
            assert_eq!(record.payload.kept(), Some(noise(record.sequence.0, 400).as_slice()));
        }
        assert!(store.state.pin().check().unwrap().is_good(), "round {round}");
        let expected = recovery.applied.0.to_be_bytes();
        for tree in [Tree::Cells, Tree::Site] {
            let mut rows = 0;
            store
                .state
                .view()
                .scan(tree, &[], &[0xff], &mut |key, value| {
                    rows += 1;
                    assert_eq!(value, expected.repeat(usize::from(key[0]) * 20 + 1), "round {round}");
                    true
                })
                .unwrap();
            assert_eq!(rows, if recovery.applied.0 == 0 { 0 } else { 30 });
        }
    }
    assert!(applied_before > Sequence(0), "no checkpoint was ever written");
}
