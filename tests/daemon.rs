//! A daemon in this process on a directory of its own, with its real socket and store.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant as Moment};

use carbonwatch::cli::init::make_site;
use carbonwatch::daemon::job::Shared;
use carbonwatch::daemon::{Running, ServeError};
use carbonwatch::domain::actor::SignOff;
use carbonwatch::domain::attachment::{Attachment, Digest};
use carbonwatch::domain::handover::Side;
use carbonwatch::domain::identity::{ParameterId, Sequence};
use carbonwatch::domain::period::Period;
use carbonwatch::domain::pin::Pin;
use carbonwatch::domain::reading::{Incoming, Origin, Quality, Slot};
use carbonwatch::domain::text::Text;
use carbonwatch::domain::time::Instant;
use carbonwatch::engine::anomalies::{AnomaliesOutcome, AnomalyDeed};
use carbonwatch::engine::command::Provenance;
use carbonwatch::engine::handover::HandOver;
use carbonwatch::engine::second_check::{CheckVerdict, SecondCheck};
use carbonwatch::engine::view::{IntakeOutcome, LedgerQuestion, Part, Step, Target};
use carbonwatch::quality::anomaly::{AnomalyId, Disposition, Stage};
use carbonwatch::quality::flag::Check;
use carbonwatch::site::template;
use carbonwatch::store::StoreOptions;
use carbonwatch::store::disk::{Disk, RealDisk};
use carbonwatch::wire::answers::StatusView;
use carbonwatch::wire::client::{Client, ClientError};
use carbonwatch::wire::message::{Effective, FromDaemon, ReplyBody, RequestBody};
use carbonwatch::wire::records::{KindFilter, RecordFilter, TailFrom};
use uuid::Uuid;

/// 2025-03-01T00:00:00+08:00.
const START: i64 = 1_740_758_400_000;

/// The minimal template with its counter as an amount, so that every reading is a quantity of its own.
fn new_site(directory: &Path) -> PathBuf {
    let site = directory.join("site");
    let text = template("minimal")
        .unwrap()
        .text
        .replace("kind = \"counter\"", "kind = \"amount\"")
        .replace("rollover = \"1000000\"\n", "")
        .replace("\"grid.national\" }", "\"grid.national\", data_year = 2022 }");
    make_site(&site, &text).unwrap();
    site
}

struct Daemon {
    shared: Arc<Shared>,
    serving: Option<JoinHandle<Result<(), ServeError>>>,
}

impl Daemon {
    fn start(site: &Path) -> Self {
        Self::start_with(site, &StoreOptions::default())
    }

    fn start_with(site: &Path, options: &StoreOptions) -> Self {
        let running = Running::start_with(site, options).unwrap();
        let shared = Arc::clone(running.shared());
        let serving = Some(std::thread::spawn(move || running.serve()));
        Self { shared, serving }
    }

    fn stop(mut self) {
        self.shared.ask_to_stop(Text::new("daemon-stopped"));
        self.serving.take().unwrap().join().unwrap().unwrap();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.shared.ask_to_stop(Text::new("daemon-stopped"));
    }
}

fn quarter(number: i64, value: i64) -> Incoming {
    Incoming {
        parameter: ParameterId(1),
        slot: Slot {
            at: Instant(START + number * 900_000),
            span_s: 900,
            own_id: 0,
        },
        value,
        quality: Quality::Good,
    }
}

fn intake(readings: Vec<Incoming>) -> RequestBody {
    RequestBody::Intake {
        origin: Origin::File,
        provenance: Provenance {
            name: "test".into(),
            ..Provenance::default()
        },
        readings,
    }
}

async fn outcome(client: &mut Client, key: Option<Uuid>, body: RequestBody) -> IntakeOutcome {
    match client.ask_with(key, body).await.unwrap() {
        ReplyBody::Intake(outcome) => outcome,
        other => panic!("{other:?}"),
    }
}

async fn status(client: &mut Client) -> StatusView {
    match client.ask(RequestBody::Status).await.unwrap() {
        ReplyBody::Status(status) => *status,
        other => panic!("{other:?}"),
    }
}

async fn total(client: &mut Client) -> i128 {
    let request = RequestBody::Ledger(LedgerQuestion::of(Period::Year(2025), Step::Whole));
    match client.ask(request).await.unwrap() {
        ReplyBody::Ledger(table) => table.rows[0].total.milligrams,
        other => panic!("{other:?}"),
    }
}

async fn assert_sound(client: &mut Client) {
    match client.ask(RequestBody::Verify { expect: None }).await.unwrap() {
        ReplyBody::Verify(view) => assert!(view.sound, "{:?}", view.findings),
        other => panic!("{other:?}"),
    }
}

/// How many records there are of a kind.
async fn records_of(client: &mut Client, kind: &str) -> usize {
    let request = RequestBody::Tail {
        count: 1000,
        from: TailFrom::Newest,
        filter: RecordFilter {
            kinds: KindFilter::Only(kind.to_owned()),
            words: String::new(),
        },
        changes: false,
    };
    match client.ask(request).await.unwrap() {
        ReplyBody::Records(page) => page.records.len(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_repeat_with_the_same_key_gets_the_first_answer_even_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let key = Some(Uuid::from_u128(42));
    let daemon = Daemon::start(&site);
    let mut client = Client::connect(&site).await.unwrap();
    let first = outcome(&mut client, key, intake(vec![quarter(0, 100), quarter(1, 250)])).await;
    assert_eq!(first.accepted, 2);
    assert_eq!(outcome(&mut client, key, intake(vec![quarter(0, 100)])).await, first);
    let before = total(&mut client).await;
    assert!(before > 0);
    daemon.stop();
    assert!(!site.join("daemon.sock").exists());
    let daemon = Daemon::start(&site);
    let mut client = Client::connect(&site).await.unwrap();
    assert_eq!(outcome(&mut client, key, intake(vec![quarter(0, 100)])).await, first);
    // Without the key it is a redelivery, which changes nothing.
    let again = outcome(&mut client, None, intake(vec![quarter(0, 100), quarter(1, 250)])).await;
    assert_eq!((again.accepted, again.duplicate), (0, 2));
    assert_eq!(total(&mut client).await, before);
    assert_sound(&mut client).await;
    daemon.stop();
}

#[tokio::test]
async fn a_watcher_gets_a_snapshot_and_then_what_changes() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let daemon = Daemon::start(&site);
    let mut writer = Client::connect(&site).await.unwrap();
    let (mut requests, mut messages) = Client::connect(&site).await.unwrap().split();
    requests.send(None, RequestBody::Watch).await.unwrap();
    let mut number = loop {
        if let FromDaemon::Snapshot(snapshot) = messages.next().await.unwrap() {
            assert_eq!(snapshot.parameters.len(), 1);
            break snapshot.number;
        }
    };
    let sent = outcome(&mut writer, None, intake(vec![quarter(0, 12_345)])).await;
    let deadline = Moment::now() + Duration::from_secs(10);
    loop {
        assert!(Moment::now() < deadline, "the value never came");
        let FromDaemon::Delta(delta) = messages.next().await.unwrap() else {
            continue;
        };
        assert_eq!(delta.number, number + 1);
        number = delta.number;
        if let Some((parameter, value)) = delta.values.first() {
            assert_eq!((*parameter, value.value), (ParameterId(1), 12_345));
            assert!(delta.state.sequence >= sent.sequence.unwrap());
            break;
        }
    }
    daemon.stop();
}

#[tokio::test]
async fn courses_come_in_as_many_columns_as_are_asked_for_and_no_more() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let daemon = Daemon::start(&site);
    let mut client = Client::connect(&site).await.unwrap();
    outcome(
        &mut client,
        None,
        intake((0..96).map(|number| quarter(number, 100 + number)).collect()),
    )
    .await;
    let asked = |parameters: Vec<ParameterId>, hours: i64, columns| RequestBody::Courses {
        parameters,
        from: Instant(START),
        to: Instant(START + hours * 3_600_000),
        columns,
    };
    let ReplyBody::Courses(courses) = client.ask(asked(vec![ParameterId(1)], 24, 24)).await.unwrap() else {
        panic!()
    };
    let values: Vec<_> = courses[0].known.iter().filter_map(|column| column.values).collect();
    assert_eq!(values.len(), 24);
    // Four quarters of an hour, told by the hour.
    assert_eq!((values[0].low, values[0].high, values[0].count), (400, 412, 4));
    assert_eq!(values[23].sum / values[23].weight, (192 + 193 + 194 + 195));
    for (refused, why) in [
        (asked(Vec::new(), 24, 24), "wire-courses"),
        (asked(vec![ParameterId(1); 101], 24, 24), "wire-courses"),
        (asked(vec![ParameterId(1)], 24, 401), "wire-columns"),
        (asked(vec![ParameterId(1)], 0, 24), "wire-stretch"),
        (asked(vec![ParameterId(1)], 24 * 4_000, 24), "wire-stretch"),
        (asked(vec![ParameterId(77)], 24, 24), "explain-unknown"),
    ] {
        match client.ask(refused).await {
            Err(ClientError::Request(text)) => assert_eq!(text.id, why),
            other => panic!("{other:?}"),
        }
    }
    daemon.stop();
}

#[tokio::test]
async fn nobody_brings_readings_in_as_the_machines_of_the_daemon_do() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let daemon = Daemon::start(&site);
    let mut client = Client::connect(&site).await.unwrap();
    let before = status(&mut client).await.state.sequence;
    for origin in [Origin::Connector, Origin::Simulated, Origin::Correction] {
        let body = RequestBody::Intake {
            origin,
            provenance: Provenance::default(),
            readings: vec![quarter(1, 10)],
        };
        match client.ask(body).await {
            Err(ClientError::Request(text)) if origin == Origin::Correction => {
                assert_eq!(text.id, "intake-is-not-correction");
            }
            Err(ClientError::Request(text)) => assert_eq!(text.id, "daemon-origin-of-machines"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(status(&mut client).await.state.sequence, before);
    daemon.stop();
}

#[tokio::test]
async fn preferences_outlive_the_daemon_and_have_a_limit() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let daemon = Daemon::start(&site);
    let mut client = Client::connect(&site).await.unwrap();
    assert_eq!(
        client.ask(RequestBody::Preferences).await.unwrap(),
        ReplyBody::Preferences(None)
    );
    let keep = |text: &str| RequestBody::KeepPreferences { text: text.to_owned() };
    assert_eq!(client.ask(keep("sort = \"age\"")).await.unwrap(), ReplyBody::Done);
    match client.ask(keep(&"x".repeat(100_000))).await {
        Err(ClientError::Request(text)) => assert_eq!(text.id, "wire-text-too-long"),
        other => panic!("{other:?}"),
    }
    daemon.stop();
    let daemon = Daemon::start(&site);
    let mut client = Client::connect(&site).await.unwrap();
    let kept = client.ask(RequestBody::Preferences).await.unwrap();
    assert_eq!(kept, ReplyBody::Preferences(Some("sort = \"age\"".to_owned())));
    assert_sound(&mut client).await;
    daemon.stop();
}

#[tokio::test]
async fn many_clients_write_at_once_and_nothing_is_lost_or_doubled() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let daemon = Daemon::start(&site);
    let mut tasks = Vec::new();
    for number in 0..8 {
        let site = site.clone();
        tasks.push(tokio::spawn(async move {
            let mut client = Client::connect(&site).await.unwrap();
            let mut accepted = 0;
            for round in 0..40 {
                // Every reading is brought by two clients.
                let place = (number / 2) * 40 + round;
                accepted += outcome(&mut client, None, intake(vec![quarter(place, 100)]))
                    .await
                    .accepted;
            }
            accepted
        }));
    }
    let mut accepted = 0;
    for task in tasks {
        accepted += task.await.unwrap();
    }
    assert_eq!(accepted, 160);
    let mut client = Client::connect(&site).await.unwrap();
    let readings = records_of(&mut client, "readings").await;
    assert_eq!(readings, 160, "one record for every request that brought something");
    let found = records_of(&mut client, "anomaly-found").await;
    let records = usize::try_from(status(&mut client).await.state.sequence.0).unwrap();
    assert!(
        records - 2 - 160 >= found && records - 2 - 160 <= found + 1,
        "{records} {found}"
    );
    assert_sound(&mut client).await;
    daemon.stop();
}

#[tokio::test]
async fn files_in_a_drop_folder_are_taken_and_moved() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let mapping = r#"
        layout = "wide"
        delimiter = ","
        [stamp]
        column = "time"
        format = "%Y-%m-%d %H:%M"
        marks = "end"
        interval = "15 min"
        [column."kWh"]
        parameter = "EM-001"
    "#;
    std::fs::write(site.join("mappings/meters.toml"), mapping).unwrap();
    let drop = site.join("drop/meters");
    std::fs::create_dir_all(&drop).unwrap();
    std::fs::write(
        drop.join("a.csv"),
        "time,kWh\n2025-03-01 00:15,1.5\n2025-03-01 00:30,NaN\n",
    )
    .unwrap();
    // A marker says that the file is finished.
    std::fs::write(drop.join("a.csv.ok"), "").unwrap();
    let daemon = Daemon::start(&site);
    let mut client = Client::connect(&site).await.unwrap();
    let deadline = Moment::now() + Duration::from_secs(20);
    let done = site.join("dropped/meters/done");
    while !done.join("a.csv").exists() {
        assert!(Moment::now() < deadline, "{:?}", status(&mut client).await.state.feeds);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(total(&mut client).await > 0);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let names: Vec<String> = std::fs::read_dir(&done)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.iter().any(|name| name.contains("refused")), "{names:?}");
    let feeds = status(&mut client).await.state.feeds;
    assert_eq!((feeds.len(), feeds[0].last.as_str()), (1, "a.csv"), "{feeds:?}");
    daemon.stop();
}

#[tokio::test]
async fn a_mapping_that_does_not_fit_leaves_the_file_where_it_is_until_it_is_put_right() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let mapping = |tag: &str| {
        format!(
            "layout = \"wide\"\n[stamp]\ncolumn = \"time\"\nformat = \"%Y-%m-%d %H:%M\"\nmarks = \"end\"\n\
             interval = \"15 min\"\n[column.\"kWh\"]\nparameter = \"{tag}\"\n"
        )
    };
    std::fs::write(site.join("mappings/meters.toml"), mapping("EM-NONE")).unwrap();
    let drop = site.join("drop/meters");
    std::fs::create_dir_all(&drop).unwrap();
    std::fs::write(drop.join("a.csv"), "time,kWh\n2025-03-01 00:15,1.5\n").unwrap();
    std::fs::write(drop.join("a.csv.ok"), "").unwrap();
    let daemon = Daemon::start(&site);
    let mut client = Client::connect(&site).await.unwrap();
    let deadline = Moment::now() + Duration::from_secs(20);
    loop {
        let feeds = status(&mut client).await.state.feeds;
        if let Some(trouble) = feeds.first().and_then(|feed| feed.trouble.clone()) {
            assert_eq!(trouble.id, "intake-mapping");
            break;
        }
        assert!(Moment::now() < deadline, "{feeds:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(drop.join("a.csv").exists());
    std::fs::write(site.join("mappings/meters.toml"), mapping("EM-001")).unwrap();
    while !site.join("dropped/meters/done/a.csv").exists() {
        assert!(Moment::now() < deadline, "{:?}", status(&mut client).await.state.feeds);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    daemon.stop();
}

#[tokio::test]
async fn a_changed_model_is_planned_and_applied_and_refused_when_it_changed_meanwhile() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let daemon = Daemon::start(&site);
    let mut client = Client::connect(&site).await.unwrap();
    outcome(&mut client, None, intake(vec![quarter(0, 100_000)])).await;
    let before = total(&mut client).await;
    let file = site.join("site.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("data_year = 2022", "data_year = 2021")).unwrap();
    let plan = RequestBody::Plan {
        effective: Effective::Newest,
    };
    let ReplyBody::Plan(plan) = client.ask(plan).await.unwrap() else {
        panic!("no plan");
    };
    assert_eq!(plan.changes.len(), 1, "{:?}", plan.changes);
    assert_eq!(plan.restated.len(), 1, "{:?}", plan.restated);
    assert_eq!(plan.restated[0].before, before);
    assert_eq!(total(&mut client).await, before, "a plan changes nothing");
    let apply = |digest: &str| RequestBody::Apply {
        digest: digest.to_owned(),
        effective: Effective::Newest,
    };
    match client.ask(apply(&"0".repeat(64))).await {
        Err(ClientError::Request(text)) => assert_eq!(text.id, "daemon-plan-outdated"),
        other => panic!("{other:?}"),
    }
    assert!(matches!(
        client.ask(apply(&plan.digest)).await.unwrap(),
        ReplyBody::Recorded(_)
    ));
    assert_eq!(total(&mut client).await, plan.restated[0].after);
    assert_sound(&mut client).await;
    daemon.stop();
}

#[tokio::test]
async fn a_backup_of_the_live_site_restores_to_the_same_figures() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let daemon = Daemon::start(&site);
    let mut client = Client::connect(&site).await.unwrap();
    outcome(
        &mut client,
        None,
        intake((0..96).map(|number| quarter(number, number * 7)).collect()),
    )
    .await;
    let before = total(&mut client).await;
    let copy = directory.path().join("copy");
    let request = RequestBody::Backup {
        directory: copy.display().to_string(),
    };
    assert!(matches!(client.ask(request).await.unwrap(), ReplyBody::Backup { .. }));
    let restored = directory.path().join("restored");
    carbonwatch::store::restore(&copy, &restored, &mut |_| {}).unwrap();
    let second = Daemon::start(&restored);
    let mut there = Client::connect(&restored).await.unwrap();
    assert_eq!(total(&mut there).await, before);
    assert_sound(&mut there).await;
    second.stop();
    daemon.stop();
}

#[test]
fn a_bad_model_is_refused_at_the_first_start_with_its_problems() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let file = site.join("site.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("unit = \"kWh\"", "unit = \"parsec\"")).unwrap();
    match Running::start(&site) {
        Err(ServeError::Model(text)) => assert_eq!(text.id, "daemon-site-file-bad"),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("a model without sense was put in force"),
    }
    assert!(!site.join("daemon.sock").exists(), "the socket is taken away again");
}

/// A disk that can be full, or fail to make durable what was written.
#[derive(Debug, Default)]
struct BadDisk {
    full: AtomicBool,
    failing: AtomicBool,
}

impl Disk for BadDisk {
    fn write_at(&self, path: &Path, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        if self.full.load(Ordering::SeqCst) {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        RealDisk.write_at(path, file, bytes, offset)
    }

    fn sync(&self, path: &Path, file: &File) -> io::Result<()> {
        if self.failing.load(Ordering::SeqCst) {
            return Err(io::Error::other("the medium is gone"));
        }
        RealDisk.sync(path, file)
    }

    fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        RealDisk.sync_directory(directory)
    }

    fn truncate(&self, path: &Path, file: &File, length: u64) -> io::Result<()> {
        RealDisk.truncate(path, file, length)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }
}

#[tokio::test]
async fn on_a_full_or_failing_disk_nothing_is_acknowledged_and_it_goes_on_by_itself() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let disk = Arc::new(BadDisk::default());
    let options = StoreOptions {
        disk: disk.clone(),
        ..StoreOptions::default()
    };
    let daemon = Daemon::start_with(&site, &options);
    let mut client = Client::connect(&site).await.unwrap();
    outcome(&mut client, None, intake(vec![quarter(0, 100)])).await;
    let before = total(&mut client).await;

    disk.full.store(true, Ordering::SeqCst);
    for _ in 0..3 {
        match client.ask(intake(vec![quarter(1, 100)])).await {
            Err(ClientError::Request(text)) => assert_eq!(text.id, "daemon-write-full"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(
        total(&mut client).await,
        before,
        "what was not acknowledged is not shown"
    );
    disk.full.store(false, Ordering::SeqCst);
    assert_eq!(
        outcome(&mut client, None, intake(vec![quarter(1, 100)])).await.accepted,
        1
    );

    disk.failing.store(true, Ordering::SeqCst);
    assert!(client.ask(intake(vec![quarter(2, 100)])).await.is_err());
    disk.failing.store(false, Ordering::SeqCst);
    let deadline = Moment::now() + Duration::from_secs(20);
    let accepted = loop {
        match client.ask(intake(vec![quarter(2, 100)])).await {
            Ok(ReplyBody::Intake(outcome)) => break outcome.accepted,
            other => assert!(Moment::now() < deadline, "{other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert_eq!(accepted, 1, "it was not acknowledged, so it was not there");
    assert_sound(&mut client).await;
    daemon.stop();
}

/// Whether any file below a directory holds some bytes.
fn anywhere(directory: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(directory).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            anywhere(&path, bytes)
        } else {
            let held = std::fs::read(&path).unwrap_or_default();
            held.windows(bytes.len()).any(|window| window == bytes)
        }
    })
}

#[tokio::test]
async fn a_person_signs_on_and_hears_what_was_done_since_even_after_a_restart() {
    const PIN: &str = "5820741963";
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let model = site.join("site.toml");
    let person = "\n[[person]]\nstaff_number = \"2001\"\nname = \"李建国\"\nroles = [\"shift-lead\"]\n";
    let text = std::fs::read_to_string(&model).unwrap() + person;
    std::fs::write(&model, text).unwrap();
    let daemon = Daemon::start(&site);
    let mut client = Client::connect(&site).await.unwrap();
    let set = |old: Option<&str>, new: &str| RequestBody::SetPin {
        staff_number: "2001".to_owned(),
        old: old.map(Pin::new),
        new: Pin::new(new),
    };
    let id = |refused: Result<ReplyBody, ClientError>| match refused {
        Err(ClientError::Request(text)) => text.id.into_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(id(client.ask(set(None, "111111")).await), "pin-guessable");
    assert!(
        client.sign_on("2001".to_owned(), Pin::new(PIN)).await.is_err(),
        "no PIN yet"
    );
    assert!(matches!(client.ask(set(None, PIN)).await, Ok(ReplyBody::Recorded(_))));
    // Whoever knows the old one may change it; a wrong one changes nothing.
    assert_eq!(id(client.ask(set(Some("9"), "739155")).await), "sign-on-wrong");
    client.sign_on("2001".to_owned(), Pin::new(PIN)).await.unwrap();
    assert_eq!(client.actor().person.as_deref(), Some("2001"));
    outcome(&mut client, None, intake(vec![quarter(0, 10)])).await;
    drop(client);
    daemon.stop();

    let daemon = Daemon::start(&site);
    let mut client = Client::connect(&site).await.unwrap();
    assert_eq!(client.actor().person, None, "a new connection is nobody's");
    // Whether or not the daemon lived long enough to record it, they are gone in the end.
    let gone = RequestBody::Tail {
        count: 10,
        from: TailFrom::Newest,
        filter: RecordFilter {
            kinds: KindFilter::Only("sign-off".to_owned()),
            words: String::new(),
        },
        changes: false,
    };
    let ReplyBody::Records(page) = client.ask(gone).await.unwrap() else {
        panic!("no records");
    };
    assert_eq!(page.records.len(), 1);
    let correction = RequestBody::Correct {
        provenance: Provenance {
            name: "test".to_owned(),
            reason: Some("misread".to_owned()),
            ..Provenance::default()
        },
        readings: vec![quarter(0, 11)],
    };
    outcome(&mut client, None, correction).await;
    let body = RequestBody::SignOn {
        staff_number: "2001".to_owned(),
        pin: Pin::new(PIN),
        instead_of: None,
    };
    let ReplyBody::SignedOn(view) = client.ask(body).await.unwrap() else {
        panic!("not signed on");
    };
    let since = view.since.unwrap();
    assert_eq!(since.deeds, [("correction".to_owned(), 1)]);
    assert_eq!(view.wrong, 0, "a daemon that starts anew has seen no wrong try");
    assert!(matches!(
        client.ask(RequestBody::SignOff { how: SignOff::Asked }).await,
        Ok(ReplyBody::SignedOff(actor)) if actor.person.is_none()
    ));
    assert_sound(&mut client).await;
    assert!(!anywhere(&site, PIN.as_bytes()), "no file has the PIN");
    let ReplyBody::Backup { .. } = client
        .ask(RequestBody::Backup {
            directory: directory.path().join("backup").display().to_string(),
        })
        .await
        .unwrap()
    else {
        panic!("no backup");
    };
    assert!(anywhere(&site, b"$argon2id$"));
    assert!(
        !anywhere(&directory.path().join("backup"), b"$argon2id$"),
        "no backup has the hash"
    );
    daemon.stop();
}

#[tokio::test]
async fn a_handover_is_signed_with_the_pin_typed_once_more_and_by_those_who_may() {
    const PIN: &str = "5820741963";
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let model = site.join("site.toml");
    let more = "\n[[shift]]\nkey = \"day\"\nname = \"白班\"\nstart = \"08:00\"\n\
        \n[[shift]]\nkey = \"night\"\nname = \"夜班\"\nstart = \"20:00\"\n\
        \n[[person]]\nstaff_number = \"2001\"\nname = \"李建国\"\nroles = [\"shift-lead\"]\n";
    let text = std::fs::read_to_string(&model).unwrap() + more;
    std::fs::write(&model, text).unwrap();
    let daemon = Daemon::start(&site);
    let mut client = Client::connect(&site).await.unwrap();
    let set = RequestBody::SetPin {
        staff_number: "2001".to_owned(),
        old: None,
        new: Pin::new(PIN),
    };
    client.ask(set).await.unwrap();
    outcome(&mut client, None, intake(vec![quarter(0, 10)])).await;
    let ReplyBody::Handover(sheet) = client.ask(RequestBody::Handover { shift: None }).await.unwrap() else {
        panic!("no sheet");
    };
    let sign = |side, pin: Option<&str>| RequestBody::HandOver {
        handover: HandOver {
            shift: sheet.shift.clone(),
            side,
            remark: None,
            at: sheet.at,
        },
        pin: pin.map(Pin::new),
    };
    let id = |refused: Result<ReplyBody, ClientError>| match refused {
        Err(ClientError::Request(text)) => text.id.into_owned(),
        other => panic!("{other:?}"),
    };
    client.sign_on("2001".to_owned(), Pin::new(PIN)).await.unwrap();
    assert_eq!(id(client.ask(sign(Side::Outgoing, None)).await), "sign-pin-needed");
    assert_eq!(id(client.ask(sign(Side::Outgoing, Some("1"))).await), "sign-on-wrong");
    assert!(matches!(
        client.ask(sign(Side::Outgoing, Some(PIN))).await,
        Ok(ReplyBody::Recorded(_))
    ));
    assert_eq!(
        id(client.ask(sign(Side::Outgoing, Some(PIN))).await),
        "handover-signed-already"
    );
    assert!(!anywhere(&site, PIN.as_bytes()), "no file has the PIN");
    drop(client);
    daemon.stop();
    let daemon = Daemon::start(&site);
    let mut client = Client::connect(&site).await.unwrap();
    let shift = Some(sheet.shift.clone());
    let ReplyBody::Handover(again) = client.ask(RequestBody::Handover { shift }).await.unwrap() else {
        panic!("no sheet");
    };
    let signature = again.signature(Side::Outgoing).unwrap();
    assert_eq!(signature.by, "2001");
    assert_sound(&mut client).await;
    daemon.stop();
}

#[tokio::test]
async fn somebody_else_looks_at_what_a_person_wrote_down() {
    const PIN: &str = "5820741963";
    const PHOTO: &[u8] = b"a photo of the sheet";
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let model = site.join("site.toml");
    let text = std::fs::read_to_string(&model).unwrap();
    let tag = text
        .split("tag = \"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let more = format!(
        "\n[[sheet]]\nkey = \"rounds\"\nname = \"巡检\"\nrows = [\"{tag}\"]\nrounds = [\"00:00\", \"12:00\"]\nsecond_person = true\n\
         \n[[person]]\nstaff_number = \"2001\"\nname = \"李建国\"\nroles = [\"shift-lead\"]\n\
         \n[[person]]\nstaff_number = \"1001\"\nname = \"王秀英\"\nroles = [\"carbon-accountant\"]\n"
    );
    std::fs::write(&model, text + &more).unwrap();
    let daemon = Daemon::start(&site);
    let mut client = Client::connect(&site).await.unwrap();
    for staff_number in ["1001", "2001"] {
        let set = RequestBody::SetPin {
            staff_number: staff_number.to_owned(),
            old: None,
            new: Pin::new(PIN),
        };
        client.ask(set).await.unwrap();
    }
    client.sign_on("1001".to_owned(), Pin::new(PIN)).await.unwrap();
    let photo = Attachment {
        name: "sheet.jpg".to_owned(),
        bytes: PHOTO.len() as u64,
        digest: Digest::of(PHOTO),
    };
    let provenance = Provenance {
        reason: Some("misread".to_owned()),
        attachments: vec![photo.clone()],
        ..Provenance::default()
    };
    let typed = |readings| RequestBody::Intake {
        origin: Origin::Typed,
        provenance: provenance.clone(),
        readings,
    };
    let corrected = |readings| RequestBody::Correct {
        provenance: provenance.clone(),
        readings,
    };
    let id = |refused: Result<ReplyBody, ClientError>| match refused {
        Err(ClientError::Request(text)) => text.id.into_owned(),
        other => panic!("{other:?}"),
    };
    outcome(&mut client, None, intake(vec![quarter(0, 10)])).await;
    // What is named must be there whole.
    for body in [typed(vec![quarter(1, 11)]), corrected(vec![quarter(0, 11)])] {
        assert_eq!(id(client.ask(body).await), "attachment-not-here");
    }
    let sent = RequestBody::Attach {
        digest: photo.digest,
        of: photo.bytes,
        at: 0,
        bytes: PHOTO.into(),
    };
    client.ask(sent).await.unwrap();
    let outcome = outcome(&mut client, None, typed(vec![quarter(1, 11), quarter(2, 999)])).await;
    let of = outcome.sequence.unwrap();
    let explained = RequestBody::Explain(Target::Record { sequence: of });
    let ReplyBody::Explanation(explained) = client.ask(explained).await.unwrap() else {
        panic!("not explained");
    };
    let names_it = |part: &Part| part.label == photo.said();
    assert!(explained.parts.iter().any(names_it), "{:?}", explained.parts);
    let say = |verdict| {
        let seen = None;
        RequestBody::SecondCheck(SecondCheck { of, verdict, seen })
    };
    assert_eq!(
        id(client.ask(say(CheckVerdict::Agreed)).await),
        "second-check-same-person"
    );
    client.sign_on("2001".to_owned(), Pin::new(PIN)).await.unwrap();
    let ReplyBody::CheckedRecord(record) = client
        .ask(RequestBody::CheckedRecord { record: of, from: 0 })
        .await
        .unwrap()
    else {
        panic!("no record");
    };
    let values: Vec<i64> = record.cells.iter().map(|cell| cell.value).collect();
    assert_eq!((values, record.more), (vec![11, 999], 0));
    assert_eq!(record.attachments, [photo]);
    assert_eq!(record.cells[0].before, Some(10));
    let wrong = &record.cells[1];
    let returned = CheckVerdict::Returned {
        reason: "the paper says 12".to_owned(),
        cells: vec![(wrong.parameter, wrong.slot)],
    };
    assert!(matches!(client.ask(say(returned)).await, Ok(ReplyBody::Recorded(_))));
    drop(client);
    daemon.stop();
    let daemon = Daemon::start(&site);
    let mut client = Client::connect(&site).await.unwrap();
    let ReplyBody::SecondChecks(list) = client.ask(RequestBody::SecondChecks).await.unwrap() else {
        panic!("no list");
    };
    // What was imported of the same parameter waits too.
    assert_eq!(list.checks.len(), 2, "{list:?}");
    let line = list.checks.iter().find(|line| line.check.record == of).unwrap();
    assert_eq!(line.check.standing, 1);
    let looked = line.check.looked.as_ref().unwrap();
    assert_eq!(
        (looked.by.as_str(), looked.reason.as_deref()),
        ("2001", Some("the paper says 12"))
    );
    let missing = RequestBody::CheckedRecord {
        record: Sequence(1),
        from: 0,
    };
    assert_eq!(id(client.ask(missing).await), "second-check-none");
    assert_sound(&mut client).await;
    daemon.stop();
}

/// What comes of something that is done with an anomaly.
async fn work(client: &mut Client, anomaly: AnomalyId, deed: AnomalyDeed) -> AnomaliesOutcome {
    let anomalies = vec![anomaly];
    match client.ask(RequestBody::Anomalies { anomalies, deed }).await.unwrap() {
        ReplyBody::Anomalies(outcome) => outcome,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_the_checks_find_reaches_who_watches_and_of_two_who_close_it_one_is_told_so() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let daemon = Daemon::start(&site);
    let mut watching = Client::connect(&site).await.unwrap();
    let mut checker = Client::connect(&site).await.unwrap();
    let mut colleague = Client::connect(&site).await.unwrap();
    watching.ask(RequestBody::Watch).await.unwrap();
    // Nothing comes for nearly seven hours.
    let readings = (0..4)
        .chain(30..34)
        .map(|number| quarter(number, 100 + number))
        .collect();
    outcome(&mut checker, None, intake(readings)).await;
    let told = |message: FromDaemon| match message {
        FromDaemon::Snapshot(snapshot) => snapshot.anomalies.first().cloned(),
        FromDaemon::Delta(delta) => delta.anomalies.into_iter().find_map(|(_, told)| told),
        _ => None,
    };
    let found = tokio::time::timeout(Duration::from_secs(20), async {
        loop {
            if let Some(found) = told(watching.next().await.unwrap()) {
                return found;
            }
        }
    });
    let found = found.await.unwrap();
    assert_eq!((found.parameter, found.signs.check()), (ParameterId(1), Check::Gap));
    let id = found.anomaly;
    assert_eq!(work(&mut checker, id, AnomalyDeed::Take).await.done, 1);
    let decided = AnomalyDeed::Dispose {
        disposition: Disposition::Real,
        cause: Some(9),
        comment: "a stop".to_owned(),
        evidence: String::new(),
    };
    assert_eq!(work(&mut colleague, id, decided).await.done, 1);
    let close = || AnomalyDeed::Close { comment: String::new() };
    let (first, second) = tokio::join!(work(&mut checker, id, close()), work(&mut colleague, id, close()));
    assert_eq!(first.done + second.done, 1, "{first:?} {second:?}");
    assert_eq!(first.refused.len() + second.refused.len(), 1);
    daemon.stop();

    let daemon = Daemon::start(&site);
    let mut client = Client::connect(&site).await.unwrap();
    let ReplyBody::Anomaly(history) = client.ask(RequestBody::Anomaly(id)).await.unwrap() else {
        panic!("no anomaly");
    };
    assert_eq!((history.anomaly.work.stage, history.log.len()), (Stage::Closed, 3));
    assert_sound(&mut client).await;
    daemon.stop();
}
