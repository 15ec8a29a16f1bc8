//! Journals that released versions wrote: every later version replays them to the figures that they stood for then.
//!
//! A folder of `fixtures/golden` holds a site as its version left it (`site.toml`, `site.id`, `journal/`), the chain's head
//! in `head.txt`, and in `figures.txt` the figures by day and the digest of those by hour. A folder is never changed; each release adds one of its own.
//! `CARBONWATCH_GOLDEN=write` writes the two texts of a new folder, where they are missing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use carbonwatch::daemon::Running;
use carbonwatch::domain::period::Period;
use carbonwatch::domain::text::Text;
use carbonwatch::domain::time::Month;
use carbonwatch::engine::view::{LedgerQuestion, LedgerTable, Step};
use carbonwatch::wire::client::Client;
use carbonwatch::wire::message::{ReplyBody, RequestBody};
use carbonwatch::wire::records::{RecordFilter, TailFrom};

/// The months of which golden sites have figures.
const MONTHS: [Month; 2] = [Month { year: 2024, month: 7 }, Month { year: 2024, month: 8 }];

/// Copies what a version left; the state is not kept, so that everything comes from the journal.
fn copied(golden: &Path, site: &Path) {
    fs::create_dir(site).unwrap();
    fs::create_dir(site.join("journal")).unwrap();
    for name in ["site.toml", "site.id"] {
        fs::copy(golden.join(name), site.join(name)).unwrap();
    }
    for segment in fs::read_dir(golden.join("journal")).unwrap() {
        let segment = segment.unwrap();
        fs::copy(segment.path(), site.join("journal").join(segment.file_name())).unwrap();
    }
}

/// Every figure that is not nothing: book, row, period, milligrams, and the hours that are provisional, incomplete,
/// overlapping and failed.
fn lines(table: &LedgerTable) -> String {
    let mut lines = String::new();
    for row in &table.rows {
        for (label, figure) in table.labels.iter().zip(&row.figures) {
            let marks = [
                figure.provisional_hours,
                figure.incomplete_hours,
                figure.overlapping_hours,
                figure.failed_hours,
            ];
            if figure.milligrams != 0 || marks != [0; 4] {
                let marks = marks.map(|mark| mark.to_string()).join(" ");
                let key = &row.key;
                writeln!(lines, "{} {key} {label} {} {marks}", table.book_key, figure.milligrams).unwrap();
            }
        }
    }
    lines
}

/// The chain's head and the figures of a site, when its journal has been replayed by this program.
fn replayed(site: &Path) -> (String, String) {
    let running = Running::start(site).unwrap();
    let shared = Arc::clone(running.shared());
    let serving = std::thread::spawn(move || running.serve());
    let answers = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut client = Client::connect(site).await.unwrap();
        let ReplyBody::Verify(verified) = client.ask(RequestBody::Verify { expect: None }).await.unwrap() else {
            panic!("not a verification");
        };
        assert!(verified.sound, "{:#?}", verified.findings);
        let books = shared.model().unwrap().books.clone();
        let mut figures = String::new();
        for book in &books {
            for month in MONTHS {
                for step in [Step::Day, Step::Hour] {
                    let question = RequestBody::Ledger(LedgerQuestion {
                        book: Some(book.id),
                        ..LedgerQuestion::of(Period::Month(month), step)
                    });
                    let ReplyBody::Ledger(table) = client.ask(question).await.unwrap() else {
                        panic!("not a ledger");
                    };
                    let lines = lines(&table);
                    if step == Step::Day {
                        figures += &lines;
                    } else {
                        let digest = blake3::hash(lines.as_bytes()).to_hex();
                        writeln!(figures, "{} {month} {} hours {digest}", book.key, lines.lines().count()).unwrap();
                    }
                }
            }
        }
        // Behind its last record may stand what the checks of this program find in it.
        let tail = RequestBody::Tail {
            count: 20,
            from: TailFrom::Newest,
            filter: RecordFilter::default(),
            changes: false,
        };
        let ReplyBody::Records(page) = client.ask(tail).await.unwrap() else {
            panic!("no records");
        };
        let mut own = page.records.iter().filter(|record| record.kind != "anomaly-found");
        (own.next_back().unwrap().hash.clone(), figures)
    });
    shared.ask_to_stop(Text::new("daemon-stopped"));
    serving.join().unwrap().unwrap();
    answers
}

#[test]
fn every_golden_journal_replays_to_its_figures() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/golden");
    let mut versions = 0;
    for folder in fs::read_dir(golden).unwrap() {
        let folder = folder.unwrap().path();
        let directory = tempfile::tempdir().unwrap();
        let site = directory.path().join("site");
        copied(&folder, &site);
        let (head, figures) = replayed(&site);
        assert!(figures.lines().count() > 100, "{} says too little", folder.display());
        for (name, now) in [("head.txt", head), ("figures.txt", figures)] {
            let file = folder.join(name);
            if !file.exists() && std::env::var("CARBONWATCH_GOLDEN").is_ok_and(|wish| wish == "write") {
                fs::write(&file, &now).unwrap();
            }
            let then = fs::read_to_string(&file).unwrap();
            let differing = then.lines().zip(now.lines()).find(|(then, now)| then != now);
            assert!(
                then == now,
                "{}: {differing:?}, {} lines then, {} now",
                file.display(),
                then.lines().count(),
                now.lines().count()
            );
        }
        versions += 1;
    }
    assert!(versions > 0);
}
