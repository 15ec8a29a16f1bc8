//! The whole program: its daemon as a process of its own, started, stopped and killed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant as Moment, SystemTime, UNIX_EPOCH};

use carbonwatch::domain::identity::ParameterId;
use carbonwatch::domain::reading::{Incoming, Origin, Quality, Slot};
use carbonwatch::domain::time::Instant;
use carbonwatch::engine::command::Provenance;
use carbonwatch::wire::client::{Client, ClientError};
use carbonwatch::wire::message::{ReplyBody, RequestBody};

#[path = "made/workbook.rs"]
mod made;

const PROGRAM: &str = env!("CARGO_BIN_EXE_carbonwatch");

/// 2001-09-09T01:46:40Z: early enough for thousands of kills before the readings reach the present.
const START: i64 = 1_000_000_000_000;

fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM)
        .args(["--lang", "en"])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn new_site(directory: &Path) -> PathBuf {
    let site = directory.join("site");
    let made = run(&["init", site.to_str().unwrap(), "--template", "minimal"]);
    assert_eq!(code(&made), 0, "{}", said(&made));
    let file = site.join("site.toml");
    let text = std::fs::read_to_string(&file)
        .unwrap()
        .replace("kind = \"counter\"", "kind = \"amount\"")
        .replace("rollover = \"1000000\"\n", "")
        .replace("\"grid.national\" }", "\"grid.national\", data_year = 2022 }");
    std::fs::write(file, text).unwrap();
    site
}

/// The same with a line more in the plan of its first parameter that is expected every quarter of an hour.
fn new_site_with(directory: &Path, line: &str) -> PathBuf {
    let site = new_site(directory);
    let file = site.join("site.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let planned = text.replacen("interval = \"15 min\"", &format!("{line}\ninterval = \"15 min\""), 1);
    assert_ne!(planned, text);
    std::fs::write(file, planned).unwrap();
    site
}

/// Stops a daemon that started by itself, however its test ends.
struct StopAtEnd(PathBuf);

impl Drop for StopAtEnd {
    fn drop(&mut self) {
        // Most tests have stopped it themselves.
        run(&["stop", self.0.to_str().unwrap_or_default()]);
    }
}

/// A daemon process that does not outlive its test.
struct Served(Child);

impl Served {
    fn start(site: &Path) -> Self {
        let child = Command::new(PROGRAM)
            .arg("serve")
            .arg(site)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn connect(site: &Path) -> Client {
    let deadline = Moment::now() + Duration::from_secs(30);
    loop {
        match Client::connect(site).await {
            Ok(client) => return client,
            Err(error) => assert!(Moment::now() < deadline, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[test]
fn a_daemon_starts_by_itself_stays_one_and_stops() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let _stop = StopAtEnd(site.clone());
    let path = site.to_str().unwrap();
    let none = run(&["status", path]);
    assert_eq!(code(&none), 3, "{}", said(&none));
    // Not every command starts one, but this one does.
    let tail = run(&["tail", path, "--format", "json"]);
    assert_eq!(code(&tail), 0, "{}", said(&tail));
    let records: serde_json::Value = serde_json::from_slice(&tail.stdout).unwrap();
    assert_eq!(records["rows"].as_array().unwrap().len(), 2);
    assert_eq!(records["simulated"], false);
    let status = run(&["status", path, "--format", "json"]);
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    let second = run(&["serve", path]);
    assert_eq!(code(&second), 1, "{}", said(&second));
    assert!(said(&second).contains(&status["pid"].to_string()), "{}", said(&second));
    let stopped = run(&["stop", path]);
    assert_eq!(code(&stopped), 0, "{}", said(&stopped));
    assert_eq!(code(&run(&["status", path])), 3);
    assert!(!site.join("daemon.sock").exists());
}

#[test]
fn a_file_is_imported_once_and_explained_down_to_its_line() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let _stop = StopAtEnd(site.clone());
    let path = site.to_str().unwrap();
    let file = directory.path().join("meters.csv");
    std::fs::write(
        &file,
        "time,kWh\n2025-03-01 00:15,1.5\n2025-03-01 00:30,2.5\n2025-03-01 00:45,1e40\n",
    )
    .unwrap();
    let mapping = directory.path().join("meters.toml");
    std::fs::write(
        &mapping,
        "layout = \"wide\"\n[stamp]\ncolumn = \"time\"\nformat = \"%Y-%m-%d %H:%M\"\nmarks = \"end\"\ninterval = \"15 min\"\n\
         [column.kWh]\nparameter = \"EM-001\"\n",
    )
    .unwrap();
    let import = || {
        run(&[
            "import",
            path,
            file.to_str().unwrap(),
            "--mapping",
            mapping.to_str().unwrap(),
            "--format",
            "json",
        ])
    };
    let first = import();
    assert_eq!(code(&first), 1, "something was refused: {}", said(&first));
    let summary: serde_json::Value = serde_json::from_slice(&first.stdout).unwrap();
    assert_eq!(
        (&summary["accepted"], &summary["refused"]),
        (&2.into(), &1.into()),
        "{summary}"
    );
    assert_eq!(summary["first"], "2025-02-28T16:00:00Z");
    assert_eq!(summary["restated"], serde_json::json!([]));
    assert!(directory.path().join("meters.refused.csv").exists());
    let again: serde_json::Value = serde_json::from_slice(&import().stdout).unwrap();
    assert_eq!(
        (&again["accepted"], &again["duplicate"]),
        (&0.into(), &2.into()),
        "{again}"
    );
    let explained = run(&[
        "explain",
        path,
        "bucket:EM-001@2025-03-01T00",
        "--depth",
        "2",
        "--format",
        "json",
    ]);
    let explained: serde_json::Value = serde_json::from_slice(&explained.stdout).unwrap();
    assert_eq!(explained["value"], "4", "{explained}");
    assert_eq!(
        explained["parts"][0]["label"], "2025-03-01T00:00:00+08:00 – 2025-03-01T00:15:00+08:00",
        "{explained}"
    );
    assert_eq!(explained_down(path, "year:2025").last().unwrap(), "record:3");
    for nonsense in ["nonsense:x", "source: year:2025", "bucket:EM-001 year:2025"] {
        let refused = run(&["explain", path, nonsense]);
        assert_eq!(code(&refused), 2, "{nonsense}");
    }
    assert_eq!(code(&run(&["explain", path, "bucket:EM-001@2025-03-01 00:15"])), 0);
    let refused = run(&["explain", path, "nonsense:x"]);
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("nothing that can be explained"),
        "{refused:?}"
    );
    assert_eq!(code(&run(&["explain", path, "2025-03-01T00:00..2025-03-02T00:00"])), 0);
    let ledger = run(&["ledger", path, "2025-03", "--format", "csv"]);
    assert!(
        said(&ledger).lines().next().unwrap().ends_with(",simulated"),
        "{}",
        said(&ledger)
    );
    let last = said(&ledger).lines().last().unwrap().to_owned();
    assert!(last.contains(",direct,0,") && last.contains(",2025-03,"), "{last}");
    let ledger = run(&["ledger", path, "2025-03", "--format", "json"]);
    let ledger: serde_json::Value = serde_json::from_slice(&ledger.stdout).unwrap();
    assert_eq!(ledger["periods"], serde_json::json!(["2025-03"]), "{ledger}");
    assert!(ledger["direct_t"].is_string() && ledger["sequence"].is_u64() && ledger["book"].is_string());
    assert_eq!(code(&run(&["ledger", path, "no-such-month"])), 2);
    assert_eq!(code(&run(&["verify", path])), 0);
    assert_eq!(code(&run(&["stop", path])), 0);
    assert_eq!(code(&run(&["stop", path])), 3, "nothing runs");
}

#[test]
fn missing_hours_are_filled_by_the_plan_and_by_hand() {
    let directory = tempfile::tempdir().unwrap();
    let missing = "missing = { rule = \"neighbours\", longest = \"12 h\" }";
    let site = new_site_with(directory.path(), missing);
    let _stop = StopAtEnd(site.clone());
    let path = site.to_str().unwrap();
    let csv = directory.path().join("meters.csv");
    let mut rows = "time,kWh\n".to_owned();
    for quarter in (1..40).filter(|quarter| !(17..29).contains(quarter)) {
        let (hour, minute, value) = (quarter / 4, quarter % 4 * 15, 10 + quarter / 20);
        writeln!(rows, "2025-03-01 {hour:02}:{minute:02},{value}").unwrap();
    }
    std::fs::write(&csv, rows).unwrap();
    let mapping = directory.path().join("meters.toml");
    std::fs::write(
        &mapping,
        "layout = \"wide\"\n[stamp]\ncolumn = \"time\"\nformat = \"%Y-%m-%d %H:%M\"\nmarks = \"end\"\ninterval = \"15 min\"\n\
         [column.kWh]\nparameter = \"EM-001\"\n",
    )
    .unwrap();
    let imported = run(&[
        "import",
        path,
        csv.to_str().unwrap(),
        "--mapping",
        mapping.to_str().unwrap(),
    ]);
    assert_eq!(code(&imported), 0, "{}", said(&imported));
    let availability = || -> serde_json::Value {
        let output = run(&["availability", path, "2025-03-01T00..2025-03-01T09", "--format", "json"]);
        assert_eq!(code(&output), 0, "{}", said(&output));
        let table: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        table["rows"][0].clone()
    };
    // The daemon looks for missing hours by itself.
    let deadline = Moment::now() + Duration::from_secs(120);
    while availability()["by_plan_h"] != 3 {
        assert!(Moment::now() < deadline, "{}", availability());
        std::thread::sleep(Duration::from_millis(200));
    }
    let found = availability();
    assert_eq!(
        (&found["expected_h"], &found["valid_h"], &found["missing_h"]),
        (&9.into(), &6.into(), &0.into()),
        "{found}"
    );
    assert_eq!(found["valid_percent"], "66.67", "{found}");
    let explained = || -> serde_json::Value {
        let output = run(&["explain", path, "substitute:EM-001@2025-03-01T05", "--format", "json"]);
        assert_eq!(code(&output), 0, "{}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    assert_eq!(explained()["numbers"], "(40 + 44) ÷ 2 = 42 kWh");
    let decide = |more: &[&str]| {
        let stretch = [
            "fill",
            path,
            "EM-001",
            "2025-03-01T05",
            "2025-03-01T08",
            "--format",
            "json",
        ];
        run(&[&stretch[..], more].concat())
    };
    let tried = decide(&["--value", "30", "--reason", "read from the board", "--dry-run"]);
    assert_eq!(code(&tried), 0, "{}", said(&tried));
    let would: serde_json::Value = serde_json::from_slice(&tried.stdout).unwrap();
    assert_eq!(would["rows"].as_array().unwrap().len(), 1, "{would}");
    assert!(
        would["rows"][0]["difference_t"].as_str().unwrap().starts_with('-'),
        "{would}"
    );
    assert_eq!(availability()["by_person_h"], 0, "nothing was decided");
    let silent = decide(&["--value", "30", "--reason", "read from the board"]);
    assert_eq!(code(&silent), 2, "nobody is there to be asked: {}", said(&silent));
    let done = decide(&["--value", "30", "--reason", "read from the board", "--yes"]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    assert!(
        said(&done).contains("1 hour of these is measured whole"),
        "{}",
        said(&done)
    );
    assert_eq!(
        (&availability()["by_person_h"], &availability()["by_plan_h"]),
        (&2.into(), &1.into())
    );
    assert_eq!(explained()["value"], "30");
    let half = run(&[
        "fill",
        path,
        "EM-001",
        "2025-03-01T05:30",
        "2025-03-01T08",
        "--value",
        "1",
        "--reason",
        "x",
        "--yes",
    ]);
    assert_eq!(code(&half), 2, "{}", said(&half));
    let newest = run(&["tail", path, "-n", "1", "--format", "json"]);
    let newest: serde_json::Value = serde_json::from_slice(&newest.stdout).unwrap();
    let record = newest["rows"][0]["sequence"].to_string();
    let withdrawn = run(&["withdraw", path, &record, "--reason", "wrong board"]);
    assert_eq!(code(&withdrawn), 0, "{record}: {}", said(&withdrawn));
    assert_eq!(explained()["value"], "42");
    assert_eq!(code(&run(&["verify", path])), 0);
}

#[test]
fn alarms_are_listed_answered_and_counted() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site_with(directory.path(), "operating = { high = \"20\" }");
    let _stop = StopAtEnd(site.clone());
    let path = site.to_str().unwrap();
    let _daemon = Served::start(&site);
    let rows = |arguments: &[&str]| -> Vec<serde_json::Value> {
        let output = run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(code(&output), 0, "{}", said(&output));
        let table: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        table["rows"].as_array().unwrap().clone()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut client = runtime.block_on(connect(&site));
    // A quarter of an hour that ended just now, since the daemon watches.
    let end = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let start = i64::try_from(end.as_millis()).unwrap() - 900_000;
    let reading = Incoming {
        parameter: ParameterId(1),
        slot: Slot {
            at: Instant(start),
            span_s: 900,
            own_id: 0,
        },
        value: 2_100,
        quality: Quality::Good,
    };
    let intake = RequestBody::Intake {
        origin: Origin::File,
        provenance: Provenance::default(),
        readings: vec![reading],
    };
    assert!(matches!(
        runtime.block_on(client.ask(intake)).unwrap(),
        ReplyBody::Intake(_)
    ));
    let listed = rows(&["alarms", path]);
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(
        (&listed[0]["of"], &listed[0]["state"]),
        (&"high".into(), &"unacknowledged".into())
    );
    assert_eq!(
        (&listed[0]["worst"], &listed[0]["limit"]),
        (&"21.00".into(), &"20.00".into())
    );
    let action = listed[0]["action"].as_str().unwrap();
    assert!(action.contains("local instrument"), "{listed:?}");
    assert_eq!(listed[0]["act_within_min"], 30, "{listed:?}");
    let deed = |more: &[&str]| run(&[&["alarm", path], more].concat());
    let endless = deed(&["shelve", "EM-001", "--reason", "calibrating"]);
    assert_eq!(code(&endless), 1, "{}", said(&endless));
    assert!(said(&endless).contains("A shelf needs an end"), "{}", said(&endless));
    assert_eq!(code(&deed(&["acknowledge", "EM-001"])), 0);
    assert_eq!(rows(&["alarms", path])[0]["state"], "acknowledged");
    assert_eq!(code(&deed(&["acknowledge", "EM-001"])), 1, "it is acknowledged already");
    let shelved = deed(&[
        "shelve",
        "EM-001",
        "--of",
        "high",
        "--minutes",
        "30",
        "--reason",
        "calibrating",
    ]);
    assert_eq!(code(&shelved), 0, "{}", said(&shelved));
    assert!(rows(&["alarms", path]).is_empty());
    assert!(
        rows(&["alarms", path, "--hidden"])[0]["remark"]
            .as_str()
            .unwrap()
            .ends_with("calibrating")
    );
    assert_eq!(code(&deed(&["acknowledge", "EM-002"])), 2, "there is no such tag");
    // They stand after a restart.
    assert_eq!(code(&run(&["stop", path])), 0);
    assert_eq!(rows(&["alarms", path, "--hidden"]).len(), 1);
    let figures = rows(&["kpi", path, "2000-01-01T00..2009-12-01T00"]);
    assert_eq!(figures.len(), 10);
    let year = chrono::Utc::now().format("%Y").to_string();
    let top = rows(&["kpi", path, &year, "--top"]);
    assert_eq!(
        (&top[0]["tag"], &top[0]["times"]),
        (&"EM-001".into(), &1.into()),
        "{top:?}"
    );
    assert!(rows(&["kpi", path, &year, "--floods"]).is_empty());
    let whole = run(&["kpi", path, &year, "--format", "json"]);
    let whole: serde_json::Value = serde_json::from_slice(&whole.stdout).unwrap();
    assert_eq!(
        (&whole["alarms"], &whole["most_standing"]),
        (&1.into(), &1.into()),
        "{whole}"
    );
    assert_eq!(whole["floods"], 0, "{whole}");
    assert_eq!(code(&run(&["verify", path])), 0);
}

/// The targets from a figure down, each as the one above names it: the first part that is not nothing.
fn explained_down(site: &str, from: &str) -> Vec<String> {
    let mut way = vec![from.to_owned()];
    loop {
        let mut arguments = vec!["explain", site];
        arguments.push(way.last().unwrap());
        arguments.extend(["--format", "json"]);
        let output = run(&arguments);
        assert_eq!(code(&output), 0, "{way:?}: {}", said(&output));
        let explained: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let is_something = |part: &&serde_json::Value| {
            let value = part["value"].as_str().unwrap_or_default();
            part["target"].is_string() && value.contains(|digit: char| ('1'..='9').contains(&digit))
        };
        let below = explained["parts"].as_array().unwrap().iter().find(is_something);
        // A record leads on to what it holds: up again.
        match below.filter(|_| !way.last().unwrap().starts_with("record:")) {
            Some(part) => way.push(part["target"].as_str().unwrap().to_owned()),
            None => return way,
        }
        assert!(way.len() < 20, "{way:?}");
    }
}

#[test]
fn what_is_noted_is_told_beside_the_figures_of_its_time() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let _stop = StopAtEnd(site.clone());
    let path = site.to_str().unwrap();
    let note = |text: &str, about: &str| run(&["note", path, text, "--at", "2025-03-01T00:10", "--about", about]);
    assert_eq!(code(&note("changed coal \u{1b}[2J", "EM-001")), 0);
    let unknown = note("x", "no such thing");
    assert_eq!(code(&unknown), 2, "{}", said(&unknown));
    assert!(said(&unknown).contains("no such thing"));
    assert_eq!(code(&note(" ", "EM-001")), 1);
    let newest = run(&["tail", path, "-n", "1", "--format", "json"]);
    let newest = String::from_utf8(newest.stdout).unwrap();
    assert!(newest.contains("EM-001: changed coal"), "{newest}");
    let notes = |arguments: &[&str]| {
        let output = run(&[&["notes", path, "--format", "csv"], arguments].concat());
        assert_eq!(code(&output), 0, "{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let all = notes(&[]);
    assert_eq!(all.lines().count(), 2, "{all}");
    assert!(
        all.contains("2025-02-28T16:10:00Z,EM-001,changed coal \u{fffd}[2J,"),
        "{all}"
    );
    assert_eq!(notes(&["2025-03-02"]).lines().count(), 1);
    assert_eq!(notes(&["2025-03-01", "--about", "production"]).lines().count(), 2);
    let explained = || {
        run(&[
            "explain",
            path,
            "source:purchased-electricity",
            "day:2025-03-01",
            "--format",
            "json",
        ])
    };
    let remarks = |output: &Output| {
        let explained: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        explained["remarks"].to_string()
    };
    assert!(
        remarks(&explained()).contains("changed coal"),
        "{}",
        remarks(&explained())
    );
    let record = all.lines().nth(1).unwrap().split(',').rev().nth(1).unwrap();
    assert_eq!(
        code(&run(&["withdraw", path, record, "--reason", "wrong day"])),
        0,
        "{record}"
    );
    assert!(!remarks(&explained()).contains("changed coal"));
    assert_eq!(notes(&[]).lines().count(), 1);
    assert_eq!(code(&run(&["verify", path])), 0);
}

/// Name, key, depth and total of each row of a table; the number of the newest record goes on.
fn figures_of(table: &Output) -> Vec<String> {
    let figures = |line: &str| line.split(',').take(4).collect::<Vec<_>>().join(",");
    String::from_utf8_lossy(&table.stdout).lines().map(figures).collect()
}

#[test]
fn months_are_sealed_with_an_export_in_two_places_and_then_stand() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let _stop = StopAtEnd(site.clone());
    let path = site.to_str().unwrap();
    let mapping = directory.path().join("meters.toml");
    std::fs::write(
        &mapping,
        "layout = \"wide\"\n[stamp]\ncolumn = \"time\"\nformat = \"%Y-%m-%d %H:%M\"\nmarks = \"end\"\ninterval = \"15 min\"\n\
         [column.kWh]\nparameter = \"EM-001\"\n",
    )
    .unwrap();
    let import = |name: &str, rows: &str| {
        let file = directory.path().join(name);
        std::fs::write(&file, format!("time,kWh\n{rows}")).unwrap();
        let mapping = mapping.to_str().unwrap();
        run(&[
            "import",
            path,
            file.to_str().unwrap(),
            "-m",
            mapping,
            "--format",
            "json",
        ])
    };
    let year = || {
        let table = run(&["ledger", path, "2018-03", "--step", "whole", "--format", "csv"]);
        assert_eq!(code(&table), 0, "{}", said(&table));
        figures_of(&table)
    };
    assert_eq!(
        code(&import("first.csv", "2018-03-01 00:15,1.5\n2018-03-31 00:30,2.5\n")),
        0
    );
    let first = year();
    let known = |at: &str| {
        run(&[
            "ledger",
            path,
            "2018-03",
            "--step",
            "whole",
            "--format",
            "csv",
            "--as-known",
            at,
        ])
    };
    assert_eq!(code(&import("more.csv", "2018-03-02 00:15,90\n")), 0);
    let before = year();
    assert_ne!(before, first);
    let then = known("record:3");
    assert_eq!(code(&then), 0, "{}", said(&then));
    assert_eq!(figures_of(&then), first);
    assert_eq!(figures_of(&known("2999-01-01T00:00")), before);
    for (at, why) in [
        ("2001-01-01T00:00", "Nothing was recorded"),
        ("record:99", "99"),
        ("record:x", "record:1234"),
    ] {
        let refused = known(at);
        assert!(
            code(&refused) != 0 && said(&refused).contains(why),
            "{}",
            said(&refused)
        );
    }
    let second = directory.path().join("second");
    std::fs::create_dir(&second).unwrap();
    let seal = |through: &str, place: &Path, yes: &[&str]| {
        let place = place.to_str().unwrap();
        let fixed = [
            "seal",
            path,
            "--through",
            through,
            "--export",
            place,
            "--format",
            "json",
        ];
        run(&[&fixed[..], yes].concat())
    };
    let into_the_site = directory.path().join("elsewhere");
    std::os::unix::fs::symlink(site.join("journal"), &into_the_site).unwrap();
    for (through, place, yes, refusal) in [
        ("2018-03-05", second.as_path(), &["--yes"][..], "not a month"),
        ("2999-01", &second, &["--yes"], "cannot be sealed yet"),
        ("2018-03", &site, &["--yes"], "outside the site"),
        ("2018-03", &into_the_site, &["--yes"], "outside the site"),
        ("2018-03", Path::new("/nowhere/at/all"), &["--yes"], "outside the site"),
        ("2018-03", &second, &[], "--yes"),
    ] {
        let refused = seal(through, place, yes);
        assert!(
            code(&refused) != 0 && said(&refused).contains(refusal),
            "{}",
            said(&refused)
        );
    }
    // A file that waits would be refused for ever; that there is no mapping for its folder changes nothing of it.
    let waits = site.join("drop/elsewhere/2018-03.csv");
    std::fs::create_dir_all(waits.parent().unwrap()).unwrap();
    std::fs::write(&waits, "x").unwrap();
    let refused = seal("2018-03", &second, &["--yes"]);
    assert!(
        code(&refused) != 0 && said(&refused).contains("drop/elsewhere: 1"),
        "{}",
        said(&refused)
    );
    std::fs::remove_file(&waits).unwrap();
    let sealed = seal("2018-03", &second, &["--yes", "--drop-readings"]);
    assert_eq!(code(&sealed), 0, "{}", said(&sealed));
    assert!(said(&sealed).contains("Never closed: 2018-03."), "{}", said(&sealed));
    assert!(said(&sealed).contains("before 2018-03"), "{}", said(&sealed));
    let months = run(&["months", path, "2018"]);
    assert!(said(&months).contains("sealed, never closed"), "{}", said(&months));
    let sealed: serde_json::Value = serde_json::from_slice(&sealed.stdout).unwrap();
    let (kept, copy) = (sealed["path"].as_str().unwrap(), sealed["copy"].as_str().unwrap());
    assert_eq!(std::fs::read(kept).unwrap(), std::fs::read(copy).unwrap());
    assert!(Path::new(copy).starts_with(&second));
    let late = import("late.csv", "2018-03-15 00:15,9\n2018-04-01 00:30,7\n");
    let late: serde_json::Value = serde_json::from_slice(&late.stdout).unwrap();
    assert_eq!((&late["accepted"], &late["refused"]), (&1.into(), &1.into()), "{late}");
    assert_eq!(year(), before);
    let verified = run(&["verify", path, "--format", "json"]);
    assert_eq!(code(&verified), 0, "{}", said(&verified));
    let verified: serde_json::Value = serde_json::from_slice(&verified.stdout).unwrap();
    assert_eq!(verified["sealed_through"], "2018-03");
    let explained = run(&["explain", path, "2018-03"]);
    assert!(
        said(&explained).contains("Sealed through 2018-03"),
        "{}",
        said(&explained)
    );
    let apply = run(&["apply", path, "--from", "start", "--yes"]);
    assert!(
        code(&apply) != 0 && said(&apply).contains("2018-04-01"),
        "{}",
        said(&apply)
    );
    // Without its export the seal is no longer sound.
    std::fs::remove_file(kept).unwrap();
    let verified = run(&["verify", path]);
    assert!(
        code(&verified) == 1 && said(&verified).contains("second place"),
        "{}",
        said(&verified)
    );
    // Put back under the name that it has there, it is again.
    let back = site.join("sealed").join(Path::new(copy).file_name().unwrap());
    std::fs::copy(copy, back).unwrap();
    let verified = run(&["verify", path]);
    assert_eq!(code(&verified), 0, "{}", said(&verified));
}

#[test]
fn help_speaks_the_language_that_is_asked_for() {
    let help = Command::new(PROGRAM).args(["--lang", "zh", "--help"]).output().unwrap();
    assert!(said(&help).contains("用法"), "{}", said(&help));
    assert_eq!(code(&help), 0);
    assert_eq!(code(&run(&["no-such-command"])), 2);
}

/// Killed again and again under load, nothing that was acknowledged is lost, and every figure can be verified.
///
/// `CARBONWATCH_KILLS` says how often.
#[tokio::test]
async fn nothing_acknowledged_is_lost_when_the_daemon_is_killed() {
    let kills = std::env::var("CARBONWATCH_KILLS").map_or(4, |kills| kills.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let mut acknowledged: BTreeMap<i64, i64> = BTreeMap::new();
    let mut next = 0_i64;
    let mut daemon = Served::start(&site);
    for kill in 0..kills {
        let mut client = connect(&site).await;
        // Odd and different each time, from hardly up to well under way.
        let lifetime = Duration::from_millis(37 + (kill * 149) % 700);
        let killed_at = Moment::now() + lifetime;
        loop {
            let batch: Vec<(i64, i64)> = (next..next + 1 + next % 50)
                .map(|place| (place, place * 31 % 1000))
                .collect();
            let readings = batch.iter().map(|&(place, value)| reading(place, value)).collect();
            let request = RequestBody::Intake {
                origin: Origin::File,
                provenance: Provenance::default(),
                readings,
            };
            if Moment::now() >= killed_at {
                // The last request is under way when the daemon dies: it may be there or not, but whole.
                let _ = client.send(Some(uuid::Uuid::new_v4()), request).await;
                daemon.0.kill().unwrap();
                daemon.0.wait().unwrap();
                break;
            }
            match client.ask(request).await {
                Ok(ReplyBody::Intake(outcome)) => {
                    assert_eq!(outcome.refused, []);
                    acknowledged.extend(batch.iter().copied());
                }
                Ok(other) => panic!("{other:?}"),
                Err(ClientError::Request(text)) => panic!("{text}"),
                Err(error) => panic!("{error}"),
            }
            next += i64::try_from(batch.len()).unwrap();
        }
        daemon = Served::start(&site);
        let mut client = connect(&site).await;
        assert_sound(&mut client).await;
        let there = stored(&mut client, next + 100).await;
        for (place, value) in &acknowledged {
            assert_eq!(
                there.get(place),
                Some(value),
                "reading {place} is gone after kill {kill}"
            );
        }
    }
    assert!(!acknowledged.is_empty());
}

#[tokio::test]
async fn of_two_daemons_that_start_at_once_on_a_new_site_one_serves_it() {
    for _ in 0..3 {
        let directory = tempfile::tempdir().unwrap();
        let site = new_site(directory.path());
        let mut both = [Served::start(&site), Served::start(&site)];
        let mut client = connect(&site).await;
        let deadline = Moment::now() + Duration::from_secs(30);
        let ended = loop {
            let mut ends = both.iter_mut().map(|served| served.0.try_wait().unwrap());
            if let Some(status) = ends.find_map(|status| status) {
                break status;
            }
            assert!(Moment::now() < deadline, "both serve the site");
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        assert_eq!(ended.code(), Some(1));
        take(&mut client, 0..10).await;
        assert_sound(&mut client).await;
        // The founding records are there once.
        let records = run(&["tail", site.to_str().unwrap(), "--format", "json"]);
        let records: serde_json::Value = serde_json::from_slice(&records.stdout).unwrap();
        assert_eq!(records["rows"].as_array().unwrap().len(), 3, "{records}");
    }
}

#[tokio::test]
async fn a_backup_that_is_taken_under_load_restores_elsewhere() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let _daemon = Served::start(&site);
    let mut client = connect(&site).await;
    take(&mut client, 0..2000).await;
    let done = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let load = tokio::spawn({
        let (site, done) = (site.clone(), done.clone());
        async move {
            let mut client = connect(&site).await;
            let mut next = 2000;
            while !done.load(std::sync::atomic::Ordering::Acquire) {
                take(&mut client, next..next + 40).await;
                next += 40;
            }
            next
        }
    });
    let mut copies = Vec::new();
    for turn in 0..3 {
        let copy = directory.path().join(format!("copy-{turn}"));
        let request = RequestBody::Backup {
            directory: copy.display().to_string(),
        };
        match client.ask(request).await.unwrap() {
            ReplyBody::Backup { sequence, .. } => copies.push((copy, sequence)),
            other => panic!("{other:?}"),
        }
    }
    done.store(true, std::sync::atomic::Ordering::Release);
    let places = load.await.unwrap();
    assert_sound(&mut client).await;
    assert_eq!(readings_in(&mut client, places).await, places);
    for (copy, sequence) in copies {
        let restored = copy.with_extension("restored");
        let done = run(&["restore", copy.to_str().unwrap(), restored.to_str().unwrap()]);
        assert_eq!(code(&done), 0, "{}", said(&done));
        let _daemon = Served::start(&restored);
        let mut client = connect(&restored).await;
        assert_sound(&mut client).await;
        // Every record up to the copy's is there: two founding ones, what the checks found, and those of forty readings
        // each, none left out.
        let sequence = i64::try_from(sequence.0).unwrap();
        let tail = run(&["tail", restored.to_str().unwrap(), "-n", "100000", "--format", "json"]);
        let records: serde_json::Value = serde_json::from_slice(&tail.stdout).unwrap();
        let records = records["rows"].as_array().unwrap();
        let kinds: Vec<&str> = records
            .iter()
            .filter(|record| record["sequence"].as_i64().unwrap() <= sequence)
            .map(|record| record["kind"].as_str().unwrap())
            .collect();
        let of = |kind: &str| i64::try_from(kinds.iter().filter(|known| **known == kind).count()).unwrap();
        assert_eq!(of("readings") + of("anomaly-found") + 2, sequence, "{kinds:?}");
        assert_eq!(readings_in(&mut client, places).await, of("readings") * 40);
        take(&mut client, places..places + 1).await;
    }
}

/// What rots on disk while nobody works is healed, or the daemon does not start and says where: it never serves other
/// figures than those that were acknowledged.
#[tokio::test]
async fn a_site_in_which_a_bit_flipped_is_healed_or_refused_with_the_place() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let mut daemon = Served::start(&site);
    let mut client = connect(&site).await;
    take(&mut client, 0..4000).await;
    let good = stored(&mut client, 4000).await;
    drop(client);
    assert_eq!(code(&run(&["stop", site.to_str().unwrap()])), 0);
    daemon.0.wait().unwrap();
    let mut files = Vec::new();
    for home in ["journal", "state/sled", "state"] {
        let entries = std::fs::read_dir(site.join(home)).unwrap();
        let inside = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
        files.extend(inside.map(|path| path.strip_prefix(&site).unwrap().to_owned()));
    }
    files.sort();
    assert!(files.len() >= 5, "{files:?}");
    let (mut healed, mut refused) = (0, 0);
    for file in files {
        let whole = std::fs::read(site.join(&file)).unwrap();
        let used = whole.iter().rposition(|&byte| byte != 0).unwrap_or(0) + 1;
        for part in 0..4 {
            let case = directory.path().join("case");
            let copied = Command::new("cp").arg("-r").arg(&site).arg(&case).status().unwrap();
            assert!(copied.success());
            let mut bytes = whole.clone();
            bytes[used * (2 * part + 1) / 8] ^= 1 << part;
            std::fs::write(case.join(&file), bytes).unwrap();
            let mut daemon = Served::start(&case);
            let deadline = Moment::now() + Duration::from_secs(30);
            let client = loop {
                if let Some(status) = daemon.0.try_wait().unwrap() {
                    assert_eq!(status.code(), Some(74), "{}", file.display());
                    break None;
                }
                match Client::connect(&case).await {
                    Ok(client) => break Some(client),
                    Err(error) => assert!(Moment::now() < deadline, "{error}"),
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            };
            if let Some(mut client) = client {
                let there = stored(&mut client, 4000).await;
                assert!(there == good, "{} part {part}", file.display());
                assert_sound(&mut client).await;
                healed += 1;
            } else {
                let again = run(&["serve", case.to_str().unwrap()]);
                let place = file.file_name().unwrap().to_str().unwrap();
                assert!(file.starts_with("journal"), "{}: {}", file.display(), said(&again));
                assert!(said(&again).contains(place), "{}", said(&again));
                refused += 1;
            }
            drop(daemon);
            std::fs::remove_dir_all(&case).unwrap();
        }
    }
    assert!(healed > 0 && refused > 0, "{healed} healed, {refused} refused");
}

/// On a disk that is really full, to the last byte or nearly, nothing is acknowledged that is not there afterwards, reads
/// are answered, and work goes on by itself once there is room; a start waits for room too.
///
/// `CARBONWATCH_SMALL_DISK` names a directory on a file system of about 150 MB that may be filled.
#[tokio::test]
#[ignore = "needs a small file system of its own"]
async fn on_a_disk_that_is_really_full_nothing_acknowledged_is_lost() {
    let small = PathBuf::from(std::env::var_os("CARBONWATCH_SMALL_DISK").unwrap());
    let directory = tempfile::tempdir_in(&small).unwrap();
    let site = new_site(directory.path());
    let ballast = directory.path().join("ballast");
    let fill = |spare: u64| {
        let free = carbonwatch::store::free_space(&small).unwrap();
        std::fs::write(&ballast, vec![1; usize::try_from(free.saturating_sub(spare)).unwrap()]).unwrap();
    };
    let mut daemon = Served::start(&site);
    let mut next = 0;
    for spare in [0, 5_000, 70_000, 1 << 20, 20 << 20, 50 << 20] {
        let mut client = connect(&site).await;
        let deadline = Moment::now() + Duration::from_secs(30);
        while client.ask(intake(next)).await.is_err() {
            assert!(
                Moment::now() < deadline,
                "it does not go on with {spare} bytes spared before"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        next += 1;
        fill(spare);
        let refusing_by = Moment::now() + Duration::from_secs(10);
        while client.ask(intake(next)).await.is_ok() {
            next += 1;
            assert!(Moment::now() < refusing_by, "it accepts with {spare} bytes free");
        }
        assert_eq!(readings_in(&mut client, next).await, next, "reads are answered");
        daemon.0.kill().unwrap();
        daemon.0.wait().unwrap();
        daemon = Served::start(&site);
        tokio::time::sleep(Duration::from_millis(300)).await;
        std::fs::remove_file(&ballast).unwrap();
        let mut client = connect(&site).await;
        assert!(readings_in(&mut client, next + 1).await >= next);
        assert_sound(&mut client).await;
    }
}

fn intake(place: i64) -> RequestBody {
    RequestBody::Intake {
        origin: Origin::File,
        provenance: Provenance::default(),
        readings: vec![reading(place, place * 31 % 1000)],
    }
}

/// Gives readings in, forty a request.
async fn take(client: &mut Client, places: std::ops::Range<i64>) {
    let places: Vec<i64> = places.collect();
    for some in places.chunks(40) {
        let request = RequestBody::Intake {
            origin: Origin::File,
            provenance: Provenance::default(),
            readings: some.iter().map(|&place| reading(place, place * 31 % 1000)).collect(),
        };
        match client.ask(request).await.unwrap() {
            ReplyBody::Intake(outcome) if outcome.refused.is_empty() => {}
            other => panic!("{other:?}"),
        }
    }
}

async fn readings_in(client: &mut Client, places: i64) -> i64 {
    i64::try_from(stored(client, places).await.len()).unwrap()
}

async fn assert_sound(client: &mut Client) {
    match client.ask(RequestBody::Verify { expect: None }).await.unwrap() {
        ReplyBody::Verify(view) => assert!(view.sound, "{:?}", view.findings),
        other => panic!("{other:?}"),
    }
}

fn reading(place: i64, value: i64) -> Incoming {
    Incoming {
        parameter: ParameterId(1),
        slot: Slot {
            at: Instant(START + place * 60_000),
            span_s: 60,
            own_id: 0,
        },
        value,
        quality: Quality::Good,
    }
}

/// All readings, asked for in stretches: an answer must fit into a frame.
async fn stored(client: &mut Client, places: i64) -> BTreeMap<i64, i64> {
    const STRETCH: i64 = 20_000;
    let mut found = BTreeMap::new();
    let mut from = 0;
    while from < places {
        let request = RequestBody::Readings {
            parameter: ParameterId(1),
            from: Instant(START + from * 60_000),
            to: Instant(START + (from + STRETCH) * 60_000),
        };
        match client.ask(request).await.unwrap() {
            ReplyBody::Readings(readings) => found.extend(
                readings
                    .into_iter()
                    .map(|(slot, value)| ((slot.at.0 - START) / 60_000, value.value)),
            ),
            other => panic!("{other:?}"),
        }
        from += STRETCH;
    }
    found
}

#[test]
fn what_goes_wrong_is_told_in_the_readers_language() {
    let directory = tempfile::tempdir().unwrap();
    let chinese = |arguments: &[&str]| {
        Command::new(PROGRAM)
            .args(["--lang", "zh"])
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    };
    let unknown = chinese(&["status", "--fomat", "json"]);
    assert_eq!(code(&unknown), 2, "{}", said(&unknown));
    assert!(said(&unknown).contains("没有选项 --fomat"), "{}", said(&unknown));
    assert!(
        said(&unknown).contains("用法：carbonwatch status"),
        "{}",
        said(&unknown)
    );
    // A directory without a model is told before a daemon is started in it.
    let empty = directory.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let none = chinese(&["tail", empty.to_str().unwrap()]);
    assert_eq!(code(&none), 2, "{}", said(&none));
    assert!(said(&none).contains("没有 site.toml"), "{}", said(&none));
    assert_eq!(std::fs::read_dir(&empty).unwrap().count(), 0);
    // A daemon that cannot start says why to whoever started it.
    let site = new_site(directory.path());
    let file = site.join("site.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("node = \"production\"", "node = \"prodction\"")).unwrap();
    let tail = chinese(&["tail", site.to_str().unwrap()]);
    assert_eq!(code(&tail), 3, "{}", said(&tail));
    assert!(said(&tail).contains("是不是“production”？"), "{}", said(&tail));
}

#[test]
fn an_answer_that_nobody_reads_any_more_is_no_mistake() {
    let mut child = Command::new(PROGRAM)
        .args(["check", "--schema"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(said(&ended), "");
}

#[test]
fn a_file_that_cannot_be_read_ends_as_such() {
    let directory = tempfile::tempdir().unwrap();
    // Reading a directory fails for everybody, root included.
    std::fs::create_dir(directory.path().join("site.toml")).unwrap();
    let checked = run(&["check", directory.path().to_str().unwrap()]);
    assert_eq!(code(&checked), 74, "{}", said(&checked));
    let none = run(&["check", directory.path().join("nothing").to_str().unwrap()]);
    assert_eq!(code(&none), 2, "{}", said(&none));
}

#[test]
fn a_change_without_a_date_amends_the_newest_dated_version() {
    let directory = tempfile::tempdir().unwrap();
    let site = new_site(directory.path());
    let _stop = StopAtEnd(site.clone());
    let path = site.to_str().unwrap();
    let file = site.join("site.toml");
    let change = |year: &str| {
        let text = std::fs::read_to_string(&file).unwrap();
        let from = text.find("data_year = 20").unwrap() + "data_year = ".len();
        let mut text = text;
        text.replace_range(from..from + 4, year);
        std::fs::write(&file, text).unwrap();
    };
    let plan = |arguments: &[&str]| {
        let output = run(&[&["plan", path, "--format", "json"], arguments].concat());
        assert_eq!(code(&output), 0, "{}", said(&output));
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    let first = plan(&[]);
    assert_eq!(first["effective_from"], serde_json::Value::Null);
    change("2021");
    let applied = run(&["apply", path, "--from", "2024-07-01T00:00", "--yes"]);
    assert_eq!(code(&applied), 0, "{}", said(&applied));
    change("2023");
    let amended = plan(&[]);
    assert_eq!(amended["effective_from"], "2024-06-30T16:00:00Z");
    assert_eq!(amended["replaced"], serde_json::json!(["2024-06-30T16:00:00Z"]));
    let from_start = plan(&["--from", "start"]);
    assert_eq!(from_start["effective_from"], serde_json::Value::Null);
    assert_eq!(from_start["replaced"], serde_json::json!(["2024-06-30T16:00:00Z"]));
    // A plan is one with its date: what was looked at for the beginning is not what an amendment would do.
    let other = run(&["apply", path, "--plan", from_start["plan"].as_str().unwrap()]);
    assert_eq!(code(&other), 1, "{}", said(&other));
    let applied = run(&["apply", path, "--yes"]);
    assert_eq!(code(&applied), 0, "{}", said(&applied));
    assert!(
        said(&applied).contains("It amends the version that holds from 2024-07-01"),
        "{}",
        said(&applied)
    );
    assert_eq!(plan(&["--from", "start"])["replaced"].as_array().unwrap().len(), 1);
}

#[test]
fn a_month_of_reports_is_one_record_that_leads_down_to_the_batch() {
    let directory = tempfile::tempdir().unwrap();
    let site = directory.path().join("site");
    let site = site.to_str().unwrap();
    assert_eq!(code(&run(&["init", site, "--template", "demo"])), 0);
    // A simulated site has no time before something names one.
    assert_eq!(
        code(&run(&[
            "enter",
            site,
            "rounds",
            "--round",
            "2025-04-02T08:00",
            "BH-FW-T=215"
        ])),
        0
    );
    let block = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let batches: Vec<String> = (1..=28).map(|day| format!("B-{day}\t2025-03-{day:02}")).collect();
    let batches = block("batches.tsv", &format!("批次号\t自\n{}", batches.join("\n")));
    let filed = run(&["enter", site, "coal-batches", "--block", &batches, "--yes"]);
    assert_eq!(code(&filed), 0, "{}", said(&filed));
    let lines = |of: &dyn Fn(u32) -> String| -> String {
        let heading = "number\tbatch\ttested\tbasis\tmoisture\tCOAL-MAR\tCOAL-NCV".to_owned();
        let line = |day| format!("L-{day}\t{}\t2025-04-01\t空干基\t2.4\t9.8\t22.50", of(day));
        let lines: Vec<String> = std::iter::once(heading).chain((1..=28).map(line)).collect();
        lines.join("\n")
    };
    // One that has no batch holds all of them back.
    let wrong = block(
        "wrong.tsv",
        &lines(&|day| format!("B-{}", if day == 17 { 99 } else { day })),
    );
    for how in ["--yes", "--dry-run"] {
        let refused = run(&["enter", site, "coal-reports", "--block", &wrong, how]);
        assert_eq!(code(&refused), 1, "{}", said(&refused));
        let told = said(&refused);
        assert!(told.contains("B-99") && told.contains("18"), "{told}");
    }
    let right = block("right.tsv", &lines(&|day| format!("B-{day}")));
    let filed = run(&["enter", site, "coal-reports", "--block", &right, "--yes"]);
    assert_eq!(code(&filed), 0, "{}", said(&filed));
    let listed = run(&["documents", site, "coal-reports", "--format", "csv"]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let records: BTreeSet<&str> = listed
        .lines()
        .skip(1)
        .filter_map(|line| line.rsplit(',').nth(1))
        .collect();
    assert_eq!((listed.lines().count(), records.len()), (29, 1), "{listed}");
    let again = run(&["enter", site, "coal-reports", "--block", &right, "--yes"]);
    assert_eq!(code(&again), 1, "the same number is filed once: {}", said(&again));
    let verified = run(&["verify", site]);
    assert_eq!(code(&verified), 0, "{}", said(&verified));
    run(&["stop", site]);
}

#[test]
fn a_scan_is_attached_kept_with_the_site_and_found_when_it_was_changed() {
    let directory = tempfile::tempdir().unwrap();
    let place = |name: &str| directory.path().join(name);
    let site = place("site");
    let path = site.to_str().unwrap();
    assert_eq!(code(&run(&["init", path, "--template", "demo"])), 0);
    let round = ["enter", path, "rounds", "--round", "2025-04-02T08:00", "BH-FW-T=215"];
    assert_eq!(code(&run(&round)), 0);
    // Longer than a part.
    let scan: Vec<u8> = (0..1_300_000_u32).map(|number| number.to_le_bytes()[1]).collect();
    std::fs::write(place("发票.pdf"), &scan).unwrap();
    std::fs::File::create(place("large.iso"))
        .unwrap()
        .set_len(2 << 30)
        .unwrap();
    let enter = |number: &str, attached: &[&str]| {
        let number = format!("number={number}");
        let mut arguments = vec!["enter", path, "coal-batches", &number, "from=2025-03-01", "--yes"];
        let files: Vec<String> = attached
            .iter()
            .map(|name| place(name).to_str().unwrap().to_owned())
            .collect();
        for file in &files {
            arguments.extend(["--attach", file]);
        }
        run(&arguments)
    };
    let refused = enter("B-0", &["发票.pdf", "large.iso"]);
    assert_eq!(code(&refused), 2, "{}", said(&refused));
    assert!(said(&refused).contains("large.iso"), "{}", said(&refused));
    let filed = enter("B-1", &["发票.pdf"]);
    assert_eq!(code(&filed), 0, "{}", said(&filed));
    let listed = run(&["documents", path, "coal-batches", "--format", "json"]);
    let digest = blake3::hash(&scan).to_hex().to_string();
    assert!(
        String::from_utf8_lossy(&listed.stdout).contains(&digest),
        "{}",
        said(&listed)
    );
    assert_eq!(run(&["attachment", path, &digest]).stdout, scan);
    assert_eq!(code(&run(&["attachment", path, &"0".repeat(64)])), 1);
    assert_eq!(code(&run(&["attachment", path, "../../etc/passwd"])), 2);
    // A photo of the sheet goes with a round, and with a block of several cells; it is not attached to what is there already.
    let photo = b"a photo of the sheet";
    std::fs::write(place("巡检.jpg"), photo).unwrap();
    let file = place("巡检.jpg").to_str().unwrap().to_owned();
    let round = |values: &[&str]| {
        let before = [
            "enter",
            path,
            "rounds",
            "--round",
            "2025-04-03T08:00",
            "--yes",
            "--attach",
            &file,
        ];
        run(&[&before[..], values].concat())
    };
    let entered = round(&["BH-FW-T=216"]);
    assert_eq!(code(&entered), 0, "{}", said(&entered));
    // What is no value is not recorded, and that is said.
    let nothing = run(&["enter", path, "rounds", "--round", "2025-04-03T08:00", "BH-FW-T=/"]);
    assert_eq!(code(&nothing), 0, "{}", said(&nothing));
    assert!(said(&nothing).contains("nothing was recorded"), "{}", said(&nothing));
    let known = round(&["BH-FW-T=216"]);
    assert_eq!(code(&known), 0, "{}", said(&known));
    assert!(said(&known).contains("not attached"), "{}", said(&known));
    std::fs::write(place("block.txt"), "BH-FW-T\t217\n").unwrap();
    let block = place("block.txt").to_str().unwrap().to_owned();
    let of_block = round(&["--block", &block]);
    assert_eq!(code(&of_block), 0, "{}", said(&of_block));
    let refused = round(&["BH-FW-T=218", "--attach", &file]);
    assert_eq!(code(&refused), 2, "the same twice: {}", said(&refused));
    let lost = place("lost.jpg").to_str().unwrap().to_owned();
    assert_eq!(code(&round(&["BH-FW-T=218", "--attach", &lost])), 2);
    let of_form = run(&["enter", path, "coal-batches", "--block", &block, "--attach", &file]);
    assert_eq!(code(&of_form), 2, "{}", said(&of_form));
    let photo_digest = blake3::hash(photo).to_hex().to_string();
    assert_eq!(run(&["attachment", path, &photo_digest]).stdout, photo);
    // The same photo stands behind a correction too, in its record.
    let at = "2025-04-03T08:00";
    let correct = [
        "correct", path, "BH-FW-T", at, "214", "--reason", "misread", "--attach", &file,
    ];
    let corrected = run(&correct);
    assert_eq!(code(&corrected), 0, "{}", said(&corrected));
    let explained = run(&["explain", path, &format!("reading:BH-FW-T@{at}")]);
    let told = String::from_utf8_lossy(&explained.stdout);
    assert!(told.contains(&photo_digest), "{told} {}", said(&explained));
    let backup = place("backup");
    let backed = run(&["backup", path, backup.to_str().unwrap()]);
    assert_eq!(code(&backed), 0, "{}", said(&backed));
    assert_eq!(std::fs::read(backup.join("attachments").join(&digest)).unwrap(), scan);
    assert_eq!(code(&run(&["verify", path])), 0);
    // One is lost.
    std::fs::remove_file(site.join("attachments").join(&photo_digest)).unwrap();
    let found = run(&["verify", path]);
    assert_eq!(code(&found), 1, "{}", said(&found));
    assert!(said(&found).contains("巡检.jpg"), "{}", said(&found));
    let lost = run(&["attachment", path, &photo_digest]);
    assert_eq!(code(&lost), 1, "{}", said(&lost));
    assert!(
        said(&lost).contains("named by record") && said(&lost).contains("attach"),
        "{}",
        said(&lost)
    );
    assert_eq!(code(&round(&["BH-FW-T=219"])), 0);
    assert_eq!(code(&run(&["verify", path])), 0, "attached again it is whole");
    // Somebody writes into it.
    std::fs::write(site.join("attachments").join(&digest), "another").unwrap();
    let found = run(&["verify", path]);
    assert_eq!(code(&found), 1, "{}", said(&found));
    assert!(said(&found).contains("发票.pdf"), "{}", said(&found));
    assert!(said(&found).contains("document “B-1”"), "{}", said(&found));
    let tampered = run(&["attachment", path, &digest]);
    assert_eq!(code(&tampered), 1);
    assert!(tampered.stdout.is_empty(), "{}", said(&tampered));
    // Attached to another document it is whole again, for both.
    assert_eq!(code(&enter("B-2", &["发票.pdf"])), 0);
    assert_eq!(code(&run(&["verify", path])), 0);
    run(&["stop", path]);
}

#[test]
fn a_sheet_is_filled_from_the_command_line_whole_or_not_at_all() {
    let directory = tempfile::tempdir().unwrap();
    let site = directory.path().join("site");
    let site = site.to_str().unwrap();
    let made = run(&["init", site, "--template", "demo"]);
    assert_eq!(code(&made), 0, "{}", said(&made));
    let enter = |round: &str, more: &[&str]| {
        let fixed = ["enter", site, "rounds", "--round", round, "--format", "csv"];
        run(&[&fixed[..], more].concat())
    };
    let first = enter("2025-03-01T08:00", &["BH-DRUM-P=9.80", "BH-FW-T=215", "BH-ASH=/"]);
    assert_eq!(code(&first), 0, "{}", said(&first));
    let table = String::from_utf8_lossy(&first.stdout).into_owned();
    assert!(table.contains("BH-DRUM-P") && table.contains("9.80"), "{table}");
    // One that cannot be read holds all of them back.
    let wrong = enter("2025-03-01T10:00", &["BH-DRUM-P=9,81", "BH-FW-T=216"]);
    assert_eq!(code(&wrong), 1, "{}", said(&wrong));
    assert!(said(&wrong).contains("Nothing was taken"), "{}", said(&wrong));
    // What looks wrong asks for a word.
    let doubted = enter("2025-03-01T10:00", &["BH-DRUM-P=98.1", "BH-FW-T=216"]);
    assert_eq!(code(&doubted), 2, "{}", said(&doubted));
    assert!(
        String::from_utf8_lossy(&doubted.stdout).contains("point"),
        "{}",
        said(&doubted)
    );
    // What people write down moves no clock: of what time it is, the first round said it, and the next is ahead.
    let ahead = enter("2025-03-01T10:00", &["BH-DRUM-P=9.81", "BH-FW-T=216"]);
    assert_eq!(code(&ahead), 2, "{}", said(&ahead));
    let agreed = enter("2025-03-01T10:00", &["BH-DRUM-P=9.81", "BH-FW-T=216", "--yes"]);
    assert_eq!(code(&agreed), 0, "{}", said(&agreed));
    assert_eq!(
        code(&enter("2025-03-02T10:00", &["BH-FW-T=216", "--yes"])),
        1,
        "a day ahead"
    );
    // Neither a round nor a row that there is.
    assert_eq!(code(&enter("2025-03-01T09:00", &["BH-FW-T=216"])), 2);
    assert_eq!(code(&enter("2025-03-01T12:00", &["NOTHING=216"])), 2);
    // A block by tags, and what is there once is not taken twice.
    let block = directory.path().join("block.tsv");
    std::fs::write(&block, "BH-FW-T\t217\r\nBH-DRUM-P\t=9.8+0.02\r\n").unwrap();
    let block = block.to_str().unwrap();
    let pasted = enter("2025-03-01T12:00", &["--block", block, "--yes"]);
    assert_eq!(code(&pasted), 0, "{}", said(&pasted));
    let again = enter("2025-03-01T12:00", &["--block", block, "--yes"]);
    assert!(said(&again).contains("nothing changed"), "{}", said(&again));
    let sheets = run(&["sheets", site, "--format", "json"]);
    assert!(
        String::from_utf8_lossy(&sheets.stdout).contains("coal-lab"),
        "{}",
        said(&sheets)
    );
    run(&["stop", site]);
}

#[test]
fn what_waits_for_a_second_person_is_listed_and_nobody_checks_their_own() {
    let directory = tempfile::tempdir().unwrap();
    let site = directory.path().join("site");
    let site = site.to_str().unwrap();
    let made = run(&["init", site, "--template", "demo"]);
    assert_eq!(code(&made), 0, "{}", said(&made));
    let none = run(&["second-checks", site, "--format", "csv"]);
    assert_eq!(String::from_utf8_lossy(&none.stdout).lines().count(), 1);
    let entered = run(&[
        "enter",
        site,
        "coal-lab",
        "--round",
        "2025-03-01T00:00",
        "COAL-MAR=8.4",
        "--yes",
        "--format",
        "csv",
    ]);
    assert_eq!(code(&entered), 0, "{}", said(&entered));
    let listed = run(&["second-checks", site, "--format", "csv"]);
    let table = String::from_utf8_lossy(&listed.stdout).into_owned();
    let record = table.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    assert!(table.contains("awaits a second person"), "{table}");
    let values = run(&["second-checks", site, &record, "--format", "csv"]);
    let values = String::from_utf8_lossy(&values.stdout).into_owned();
    assert!(values.contains("COAL-MAR") && values.contains("8.4"), "{values}");
    let own = run(&["second-check", site, &record, "--agree"]);
    assert_eq!(code(&own), 1, "{}", said(&own));
    assert!(said(&own).contains("somebody else must look at it"), "{}", said(&own));
    // Neither says nothing, nor two things at once, nor of a cell that it has not.
    for wrong in [
        &["second-check", site, &record][..],
        &["second-check", site, &record, "--agree", "--return", "no"],
        &["second-check", site, &record, "--agree", "--cell", "COAL-MAR"],
        &["second-check", site, &record, "--return", "no", "--cell", "BH-ASH"],
        &[
            "second-check",
            site,
            &record,
            "--return",
            "no",
            "--cell",
            "COAL-MAR@2025-03-02T00:00",
        ],
        &["second-checks", site, "0"],
    ] {
        assert_eq!(code(&run(wrong)), 2, "{wrong:?}");
    }
    assert_eq!(code(&run(&["second-check", site, "1", "--agree"])), 1);
    run(&["stop", site]);
}

#[test]
fn a_workbook_of_a_laboratory_is_entered_whole_or_not_at_all() {
    let directory = tempfile::tempdir().unwrap();
    let site = directory.path().join("site");
    let site = site.to_str().unwrap();
    let made = run(&["init", site, "--template", "demo"]);
    assert_eq!(code(&made), 0, "{}", said(&made));
    let file = directory.path().join("march.xlsx");
    let file = file.to_str().unwrap();
    // 2025-03-01 is day 45717 of a spreadsheet.
    let write = |days: [&str; 2], third: &str| {
        let [first, second] = days.map(|day| format!(r#"<c s="1"><v>{day}</v></c>"#));
        let rows = format!(
            r#"<row><c/>{second}{first}</row><row><c t="inlineStr"><is><t>COAL-MAR</t></is></c><c><f>8+0.2</f><v>8.1999999999999993</v></c>{third}</row>"#
        );
        let sheets = [("March", rows.as_str(), ""), ("Notes", "", "")];
        std::fs::write(file, made::workbook(&sheets)).unwrap();
    };
    let enter = |more: &[&str]| {
        run(&[
            &["enter", site, "coal-lab", "--workbook", file, "--format", "csv"],
            more,
        ]
        .concat())
    };
    // An error holds all of it back, and so does a day of another month.
    write(["45717", "45718"], r#"<c t="e"><v>#N/A</v></c>"#);
    let wrong = enter(&[]);
    assert_eq!(code(&wrong), 1, "{}", said(&wrong));
    assert!(
        said(&wrong).contains("C2 (#N/A)") && said(&wrong).contains("Nothing was taken"),
        "{}",
        said(&wrong)
    );
    write(["45717", "45748"], "<c><v>8.4</v></c>");
    let two_months = enter(&[]);
    assert_eq!(code(&two_months), 2, "{}", said(&two_months));
    write(["45717", "45718"], "<c><v>8.4</v></c>");
    let other = enter(&["--round", "2025-04-01T00:00"]);
    assert_eq!(code(&other), 2, "{}", said(&other));
    assert!(
        said(&other).contains("B1: 2025-03-02 is not on the page of 2025-04"),
        "{}",
        said(&other)
    );
    assert_eq!(code(&enter(&["--worksheet", "April"])), 2);
    // The dates say which month it is.
    let entered = enter(&[]);
    assert_eq!(code(&entered), 0, "{}", said(&entered));
    let table = String::from_utf8_lossy(&entered.stdout).into_owned();
    // Midnight in the plant, in the order of the days, whatever the order of the columns.
    let lines: Vec<&str> = table.lines().skip(1).collect();
    assert!(lines[0].starts_with("COAL-MAR,2025-02-28T16:00:00Z,8.4,"), "{table}");
    assert!(lines[1].starts_with("COAL-MAR,2025-03-01T16:00:00Z,8.2,"), "{table}");
    assert!(
        said(&entered).contains("One cell is a formula: B2"),
        "{}",
        said(&entered)
    );
    let again = enter(&[]);
    assert!(said(&again).contains("nothing changed"), "{}", said(&again));
    run(&["stop", site]);
    std::fs::write(file, "COAL-MAR").unwrap();
    let none = enter(&["--dry-run"]);
    assert_eq!(code(&none), 2, "{}", said(&none));
    assert!(said(&none).contains("no XLSX workbook"), "{}", said(&none));
}

#[test]
fn a_shift_is_handed_over_from_the_command_line() {
    let directory = tempfile::tempdir().unwrap();
    let site = directory.path().join("site");
    let _stop = StopAtEnd(site.clone());
    let site = site.to_str().unwrap();
    let made = run(&["init", site, "--template", "demo"]);
    assert_eq!(code(&made), 0, "{}", said(&made));
    let entered = run(&["enter", site, "rounds", "--round", "2025-03-01T10:00", "BH-DRUM-P=9.80"]);
    assert_eq!(code(&entered), 0, "{}", said(&entered));
    assert_eq!(
        code(&run(&["note", site, "belt 2 slips", "--at", "2025-03-01T10:00"])),
        0
    );
    let sheet = run(&["handover", site, "--format", "csv"]);
    assert_eq!(code(&sheet), 0, "{}", said(&sheet));
    let table = String::from_utf8_lossy(&sheet.stdout).into_owned();
    assert!(table.starts_with("kind,tag,what,since,mark"), "{table}");
    assert!(
        table.contains("belt 2 slips") && table.contains("not written down"),
        "{table}"
    );
    assert!(said(&sheet).contains("not signed"), "{}", said(&sheet));
    let shift = "2025-03-01/day";
    assert!(said(&sheet).contains(shift), "{}", said(&sheet));
    let sign = |crew: &str, more: &[&str]| run(&[&["sign", site, shift, crew], more].concat());
    // Whoever comes signs at the shift's end, not before.
    assert_eq!(code(&sign("incoming", &[])), 1);
    // Long before it whoever goes is told until when it goes on, in the plant's time, and asked.
    let early = sign("outgoing", &["--remark", "watch belt 2"]);
    assert_eq!(code(&early), 2, "{}", said(&early));
    assert!(
        said(&early).contains("goes on until 2025-03-01 16:00"),
        "{}",
        said(&early)
    );
    let signed = sign("outgoing", &["--remark", "watch belt 2", "--yes"]);
    assert_eq!(code(&signed), 0, "{}", said(&signed));
    assert_eq!(code(&sign("outgoing", &[])), 1);
    assert_eq!(
        code(&run(&["note", site, "belt 2 stands", "--at", "2025-03-01T10:00"])),
        0
    );
    let again = run(&["handover", site, shift, "--format", "csv"]);
    let table = String::from_utf8_lossy(&again.stdout).into_owned();
    let after = table
        .lines()
        .find(|line| line.contains("belt 2 stands"))
        .unwrap_or_default();
    assert!(after.contains("after signing"), "{table}");
    assert!(said(&again).contains("watch belt 2"), "{}", said(&again));
    assert_eq!(code(&run(&["handover", site, "2025-03-01"])), 2);
    assert_eq!(code(&run(&["handover", site, "2025-03-02/day"])), 1);
    // What is refused before a command needs the model is told in the plant's time too.
    let not_begun = run(&["sign", site, "2025-03-02/day", "outgoing"]);
    assert_eq!(code(&not_begun), 1, "{}", said(&not_begun));
    assert!(
        said(&not_begun).contains("2025-03-02 08:00") && !said(&not_begun).contains('Z'),
        "{}",
        said(&not_begun)
    );
    let log = run(&["tail", site, "--format", "json"]);
    assert!(
        String::from_utf8_lossy(&log.stdout).contains("handing over"),
        "{}",
        said(&log)
    );
}

#[test]
fn a_note_is_carried_forward_until_it_is_closed() {
    let directory = tempfile::tempdir().unwrap();
    let site = directory.path().join("site");
    let _stop = StopAtEnd(site.clone());
    let site = site.to_str().unwrap();
    assert_eq!(code(&run(&["init", site, "--template", "demo"])), 0);
    let entered = run(&["enter", site, "rounds", "--round", "2025-03-21T10:00", "BH-DRUM-P=9.80"]);
    assert_eq!(code(&entered), 0, "{}", said(&entered));
    let note = |text: &str, more: &[&str]| {
        let noted = run(&[&["note", site, text, "--at", "2025-03-01T10:00"], more].concat());
        assert_eq!(code(&noted), 0, "{}", said(&noted));
    };
    note("belt 2 slips", &["--carry"]);
    note("visitors", &[]);
    let csv = |arguments: &[&str]| {
        let output = run(&[arguments, &["--format", "csv"]].concat());
        assert_eq!(code(&output), 0, "{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let open = csv(&["notes", site, "--open"]);
    assert!(
        open.contains("belt 2 slips,open,") && !open.contains("visitors"),
        "{open}"
    );
    let record = open.lines().nth(1).unwrap().split(',').rev().nth(1).unwrap().to_owned();
    // Weeks after the shift in which it speaks.
    let line_of = |shift: &str| {
        let sheet = csv(&["handover", site, shift]);
        let line = sheet.lines().find(|line| line.contains("belt 2 slips"));
        line.unwrap_or_default().to_owned()
    };
    let line = line_of("2025-03-20/day");
    assert!(
        line.starts_with("carried,") && line.contains(&record) && line.contains("open"),
        "{line}"
    );
    let close = |of: &str| run(&["note-close", site, of, "--remark", "idler replaced"]);
    let closed = close(&record);
    assert_eq!(code(&closed), 0, "{}", said(&closed));
    let again = close(&record);
    assert!(
        code(&again) == 1 && said(&again).contains("cannot be closed again"),
        "{}",
        said(&again)
    );
    let line = line_of("2025-03-20/day");
    assert!(line.contains("closed by") && line.contains("idler replaced"), "{line}");
    assert_eq!(csv(&["notes", site, "--open"]).lines().count(), 1);
    let all = csv(&["notes", site]);
    assert!(all.contains("idler replaced") && all.contains("visitors"), "{all}");
    let log = csv(&["tail", site, "-n", "1"]);
    assert!(log.contains("was closed: idler replaced"), "{log}");
}
