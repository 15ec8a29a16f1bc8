//! What only shows after a while: durable intake for a minute, the cost of a reading after a hundred million, and how
//! soon a daemon with a year behind it is ready.
//!
//! `cargo bench --bench endurance [-- durable|flat|ready|reads]`; `CARBONWATCH_SECONDS` and `CARBONWATCH_READINGS` set the
//! lengths. Prints figures and judges nothing.

#![allow(
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::print_stdout,
    reason = "a bench that cannot be set up has nothing to measure, and prints what it measures"
)]

use std::path::Path;
use std::time::{Duration, Instant as Moment};

use carbonwatch::cli::init::make_site;
use carbonwatch::connect::simulate::load::load_model;
use carbonwatch::daemon::Running;
use carbonwatch::domain::model::SiteModel;
use carbonwatch::domain::period::Period;
use carbonwatch::domain::reading::{Incoming, Origin, ParameterKind, Quality, Slot};
use carbonwatch::domain::text::Text;
use carbonwatch::domain::time::{Instant, Month};
use carbonwatch::engine::Engine;
use carbonwatch::engine::command::{Command, CommandBody, Provenance};
use carbonwatch::engine::history::MemoryHistory;
use carbonwatch::engine::view::{LedgerQuestion, Step, Target};
use carbonwatch::site::template;
use carbonwatch::wire::client::Client;
use carbonwatch::wire::message::{FromDaemon, RequestBody};
use carbonwatch::wire::records::{RecordFilter, TailFrom};

/// 2025-01-01 00:00 in Shanghai.
const START: i64 = 1_735_660_800_000;
const PARAMETERS: usize = 5_000;
const SOURCES: usize = 500;

#[path = "site/disk.rs"]
mod disk;

use disk::{checkpoint, commit, founding, open};

fn main() {
    let chosen: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let wants = |name: &str| chosen.is_empty() || chosen.iter().any(|choice| choice == name);
    if wants("durable") {
        durable();
    }
    if wants("flat") {
        flat();
    }
    if wants("ready") {
        ready();
    }
    if wants("reads") {
        reads();
    }
}

fn number_from(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable)
        .ok()
        .and_then(|value| value.parse().ok())
        .unwrap_or(otherwise)
}

/// When everything is done.
const NOW: i64 = START + 800 * 86_400_000;

fn command(body: CommandBody) -> Command {
    disk::command(NOW, body)
}

fn intake(readings: Vec<Incoming>) -> Command {
    command(CommandBody::Intake {
        origin: Origin::File,
        provenance: Provenance::default(),
        readings,
    })
}

/// One reading of every parameter that is not typed, at an instant.
fn round_of(model: &SiteModel, at: i64) -> Vec<Incoming> {
    model
        .parameters
        .iter()
        .filter(|parameter| matches!(parameter.kind, ParameterKind::Flow | ParameterKind::State))
        .map(|parameter| Incoming {
            parameter: parameter.id,
            slot: Slot::instant(Instant(at)),
            value: 50_000 + (at / 1000 * 7 + i64::from(parameter.id.0)) % 900,
            quality: Quality::Good,
        })
        .collect()
}

/// Resident memory of this process in MB.
fn resident_mb(process: &str) -> u64 {
    std::fs::read_to_string(format!("/proc/{process}/status"))
        .ok()
        .and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("VmRSS:"))?.to_owned();
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .unwrap_or(0)
        / 1024
}

/// Engine, journal and state together, as fast as they go: groups of about 45,000 readings, each durable before the next
/// is begun, with checkpoints on their own thread.
fn durable() {
    let seconds = number_from("CARBONWATCH_SECONDS", 60);
    let directory = tempfile::tempdir().expect("directory");
    let model = load_model(PARAMETERS, SOURCES).expect("model");
    make_site(
        directory.path().join("site").as_path(),
        template("minimal").expect("template").text,
    )
    .expect("site");
    let mut ground = open(&directory.path().join("site"), &model);
    for founding in founding(&model, NOW) {
        commit(&mut ground, founding);
    }
    let started = Moment::now();
    let (mut readings, mut groups, mut peak, mut slowest) = (0_u64, 0_u64, 0, Duration::ZERO);
    let mut at = START;
    while started.elapsed() < Duration::from_secs(seconds) {
        let group = Moment::now();
        let mut records = Vec::new();
        let mut in_group = 0;
        while in_group < 45_000 {
            let round = round_of(&model, at);
            at += 1000;
            in_group += round.len();
            let decision = ground.decide(intake(round)).expect("decided");
            records.extend(decision.record);
        }
        ground.commit(records, in_group as u64).expect("committed");
        ground.checkpoint(false).expect("checkpoint");
        readings += in_group as u64;
        groups += 1;
        peak = peak.max(resident_mb("self"));
        slowest = slowest.max(group.elapsed());
    }
    let took = started.elapsed().as_secs_f64();
    println!(
        "durable: {readings} readings in {took:.1} s = {:.0} readings/s; {groups} groups, the slowest {:.0} ms; resident at most {peak} MB",
        readings as f64 / took,
        slowest.as_secs_f64() * 1000.0,
    );
}

/// The cost of a reading by the engine alone, after a hundred thousand and after a hundred million: the two are measured
/// in turns.
fn flat() {
    let target = number_from("CARBONWATCH_READINGS", 100_000_000);
    let model = load_model(PARAMETERS, SOURCES).expect("model");
    let fresh_site = || {
        let mut history = MemoryHistory::default();
        let mut engine = Engine::empty(model.zone);
        for founding in founding(&model, NOW) {
            engine.decide(&history, founding).expect("decided");
        }
        history.apply(engine.take_rows().expect("rows"));
        (engine, history)
    };
    let bring = |engine: &mut Engine, history: &mut MemoryHistory, at: &mut i64, readings: u64| {
        let mut brought = 0;
        let mut spent = Duration::ZERO;
        while brought < readings {
            let mut batch = Vec::new();
            for _ in 0..10 {
                batch.extend(round_of(&model, *at));
                *at += 1000;
            }
            brought += batch.len() as u64;
            let started = Moment::now();
            engine.decide(history, intake(batch)).expect("decided");
            spent += started.elapsed();
            // The rows of old blocks are let go, as the state on disk would hold them: this is about the engine.
            let _ = engine.take_rows().expect("rows");
        }
        spent.as_secs_f64() * 1e9 / brought as f64
    };
    let (mut old, mut old_history) = fresh_site();
    let mut at = START;
    let started = Moment::now();
    bring(&mut old, &mut old_history, &mut at, target);
    println!(
        "flat: {target} readings into the engine in {:.1} s; resident {} MB",
        started.elapsed().as_secs_f64(),
        resident_mb("self")
    );
    for turn in 1..=5 {
        let (mut young, mut young_history) = fresh_site();
        let mut young_at = START;
        bring(&mut young, &mut young_history, &mut young_at, 100_000);
        let young_cost = bring(&mut young, &mut young_history, &mut young_at, 1_000_000);
        let old_cost = bring(&mut old, &mut old_history, &mut at, 1_000_000);
        println!(
            "flat: turn {turn}: {young_cost:.0} ns a reading after 10^5, {old_cost:.0} ns after {target}: ratio {:.2}",
            old_cost / young_cost
        );
    }
}

/// A site with a year of hourly readings behind it.
fn year_of(site: &Path) -> SiteModel {
    let mut model = load_model(PARAMETERS, SOURCES).expect("model");
    for parameter in &mut model.parameters {
        // A reading an hour, as a year that was imported from a historian has it.
        parameter.interval_ms = 3_600_000;
        parameter.gap_limit_ms = 2 * 3_600_000;
        parameter.block_hours = 24;
    }
    make_site(site, template("minimal").expect("template").text).expect("site");
    {
        let mut ground = open(site, &model);
        for founding in founding(&model, NOW) {
            commit(&mut ground, founding);
        }
        for day in 0..365_i64 {
            let mut readings = Vec::new();
            for hour in 0..24_i64 {
                readings.extend(round_of(&model, START + (day * 24 + hour) * 3_600_000));
            }
            commit(&mut ground, intake(readings));
            while !ground.checkpoint(day % 30 == 29).expect("checkpoint") && day % 30 == 29 {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        checkpoint(&mut ground);
    }
    model
}

/// A daemon with a year of hourly cells of 500 sources and 5,000 parameters: from the start of its process until a client
/// has its snapshot and a reading is accepted, after a clean end and after it was killed under load.
fn ready() {
    let directory = tempfile::tempdir().expect("directory");
    let site = directory.path().join("site");
    let model = year_of(&site);
    // What the year that was just made still has to write is none of a start's business.
    rustix::fs::sync();
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    // The hour after the year: a month of silence would be spread over every register first.
    let mut hour = 365 * 24 - 1;
    for how in ["a clean end", "a clean end", "a kill", "a kill", "a kill"] {
        if how == "a kill" {
            let mut daemon = serve(&site);
            runtime.block_on(async {
                let mut client = connected(&site).await;
                // Fewer than a checkpoint waits for: all of them have to be replayed.
                for _ in 0..150 {
                    hour += 1;
                    client.ask(round(&model, hour)).await.expect("accepted");
                }
            });
            daemon.kill().expect("killed");
            daemon.wait().expect("ended");
        }
        let started = Moment::now();
        let mut daemon = serve(&site);
        let (parameters, accepted) = runtime.block_on(async {
            let mut client = connected(&site).await;
            hour += 1;
            client.ask(round(&model, hour)).await.expect("accepted");
            let accepted = started.elapsed();
            let (mut requests, mut messages) = client.split();
            requests.send(None, RequestBody::Watch).await.expect("asked");
            loop {
                if let FromDaemon::Snapshot(snapshot) = messages.next().await.expect("message") {
                    break (snapshot.parameters.len(), accepted);
                }
            }
        });
        println!(
            "ready: after {how}: readings accepted after {:.0} ms, snapshot of {parameters} parameters after {:.0} ms; resident {} MB",
            accepted.as_secs_f64() * 1000.0,
            started.elapsed().as_secs_f64() * 1000.0,
            resident_mb(&daemon.id().to_string())
        );
        let stopped = runtime.block_on(async { connected(&site).await.ask(RequestBody::Shutdown).await });
        stopped.expect("stopped");
        daemon.wait().expect("ended");
    }
}

/// The program itself, serving a site.
fn serve(site: &Path) -> std::process::Child {
    std::process::Command::new(env!("CARGO_BIN_EXE_carbonwatch"))
        .arg("serve")
        .arg(site)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("started")
}

/// A client, as soon as somebody answers.
async fn connected(site: &Path) -> Client {
    loop {
        match Client::connect(site).await {
            Ok(client) => return client,
            Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
        }
    }
}

/// An intake of one reading of every parameter.
fn round(model: &SiteModel, hour: i64) -> RequestBody {
    RequestBody::Intake {
        origin: Origin::File,
        provenance: Provenance::default(),
        readings: round_of(model, START + hour * 3_600_000),
    }
}

/// How long the heaviest questions take on that site, and how long an intake waits that comes right after each.
fn reads() {
    let directory = tempfile::tempdir().expect("directory");
    let site = directory.path().join("site");
    let model = year_of(&site);
    let running = Running::start(&site).expect("started");
    let shared = std::sync::Arc::clone(running.shared());
    let serving = std::thread::spawn(move || running.serve());
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    let book = model.books.first().expect("book").id;
    let node = model.nodes.first().expect("node").id;
    let source = model.sources.first().expect("source").id;
    let parameter = model.parameters.first().expect("parameter").id;
    let year = Period::Year(2025);
    let month = Period::Month(Month { year: 2025, month: 7 });
    let ledger = |period, step| RequestBody::Ledger(LedgerQuestion::of(period, step));
    let questions = [
        ("status", RequestBody::Status),
        ("ledger, year by hour", ledger(year, Step::Hour)),
        ("ledger, month by hour", ledger(month, Step::Hour)),
        ("ledger, year by day", ledger(year, Step::Day)),
        ("ledger, year by month", ledger(year, Step::Month)),
        ("ledger, year as a whole", ledger(year, Step::Whole)),
        (
            "explain, the node's year",
            RequestBody::Explain(Target::Node {
                book,
                node,
                period: year,
            }),
        ),
        (
            "explain, a source's year",
            RequestBody::Explain(Target::Source {
                book,
                source,
                period: year,
            }),
        ),
        ("what adoption restates", RequestBody::PlanAdoption),
        (
            "a year's readings",
            RequestBody::Readings {
                parameter,
                from: Instant(START),
                to: Instant(START + 366 * 86_400_000),
            },
        ),
        (
            "tail",
            RequestBody::Tail {
                count: 1000,
                from: TailFrom::Newest,
                filter: RecordFilter::default(),
                changes: true,
            },
        ),
    ];
    runtime.block_on(async {
        let mut asking = Client::connect(&site).await.expect("connected");
        let mut bringing = Client::connect(&site).await.expect("connected");
        for (turn, (name, question)) in (1..).zip(questions) {
            let started = Moment::now();
            let asked = asking.send(None, question).await.expect("sent");
            tokio::time::sleep(Duration::from_millis(5)).await;
            let readings = round_of(&model, START + (365 * 24 + turn) * 3_600_000);
            let brought = async {
                let body = RequestBody::Intake {
                    origin: Origin::File,
                    provenance: Provenance::default(),
                    readings: readings.into_iter().take(10).collect(),
                };
                let started = Moment::now();
                bringing.ask(body).await.expect("accepted");
                started.elapsed()
            };
            let answered = async {
                let answer = asking.answer(asked).await;
                (answer.err(), started.elapsed())
            };
            let (waited, (refusal, took)) = tokio::join!(brought, answered);
            println!(
                "reads: {name}: {:.0} ms; an intake meanwhile {:.0} ms; resident {} MB{}",
                took.as_secs_f64() * 1000.0,
                waited.as_secs_f64() * 1000.0,
                resident_mb("self"),
                refusal.map(|error| format!("; {error}")).unwrap_or_default()
            );
        }
    });
    shared.ask_to_stop(Text::new("daemon-stopped"));
    serving.join().expect("joined").expect("served");
}
