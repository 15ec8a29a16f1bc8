//! From a reading handed to the daemon until a watcher has been told of its anomaly, over the socket.
//!
//! `cargo bench --bench reach` prints the delays. `CARBONWATCH_SITE=DIRECTORY cargo bench --bench reach` makes a site there,
//! serves it, and after twenty seconds has a thousand sensors go wrong in ten: for terminals that are looked at meanwhile.
//! Prints figures and judges nothing.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench that cannot be set up has nothing to measure, and prints what it measures"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant as Moment};

use carbonwatch::cli::init::make_site;
use carbonwatch::connect::simulate::load::load_model;
use carbonwatch::daemon::Running;
use carbonwatch::domain::identity::ParameterId;
use carbonwatch::domain::model::SiteModel;
use carbonwatch::domain::reading::{Incoming, Origin, ParameterKind, Quality, Slot};
use carbonwatch::domain::text::Text;
use carbonwatch::domain::time::Instant;
use carbonwatch::engine::command::Provenance;
use carbonwatch::site::template;
use carbonwatch::wire::client::Client;
use carbonwatch::wire::message::{FromDaemon, ReplyBody, RequestBody};

/// How often the delay is measured.
const TIMES: usize = 300;

/// What no sensor can show, whatever the digits of its parameter.
const IMPOSSIBLE: i64 = 900_000_000_000;

#[path = "site/disk.rs"]
mod disk;

fn main() {
    match std::env::var_os("CARBONWATCH_SITE") {
        Some(site) => flood(&PathBuf::from(site)),
        None => delays(),
    }
}

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(since.expect("a clock").as_millis()).expect("a time")
}

fn model() -> SiteModel {
    let mut model = load_model(1_200, 100).expect("model");
    for parameter in &mut model.parameters {
        parameter.possible.low = Some(0.into());
        parameter.possible.high = Some(1_000_000.into());
    }
    model
}

/// A second's reading of every flow and everything that is watched.
fn round(model: &SiteModel, at: i64, wrong: &[ParameterId]) -> Vec<Incoming> {
    let of = |parameter: ParameterId| {
        if wrong.contains(&parameter) {
            IMPOSSIBLE
        } else {
            50_000 + (at / 1_000 * 7 + i64::from(parameter.0)) % 900
        }
    };
    signals(model)
        .map(|parameter| Incoming {
            parameter,
            slot: Slot::instant(Instant(at)),
            value: of(parameter),
            quality: Quality::Good,
        })
        .collect()
}

fn signals(model: &SiteModel) -> impl Iterator<Item = ParameterId> {
    let is_signal = |kind| matches!(kind, ParameterKind::Flow | ParameterKind::State);
    let signals = model
        .parameters
        .iter()
        .filter(move |parameter| is_signal(parameter.kind));
    signals.map(|parameter| parameter.id)
}

async fn bring(client: &mut Client, readings: Vec<Incoming>) {
    let body = RequestBody::Intake {
        origin: Origin::Connector,
        provenance: Provenance::default(),
        readings,
    };
    let answer = client.ask(body).await.expect("answered");
    let is_taken = matches!(&answer, ReplyBody::Intake(outcome) if outcome.refused.is_empty());
    assert!(is_taken, "{answer:?}");
}

/// Founds a site and does something while its daemon serves it.
fn while_served(site: &Path, model: &SiteModel, work: impl Future<Output = ()>) {
    make_site(site, template("minimal").expect("template").text).expect("site");
    {
        let mut ground = disk::open(site, model);
        for command in disk::founding(model, now()) {
            disk::commit(&mut ground, command);
        }
        disk::checkpoint(&mut ground);
    }
    let running = Running::start(site).expect("started");
    let shared = Arc::clone(running.shared());
    let serving = std::thread::spawn(move || running.serve());
    tokio::runtime::Runtime::new().expect("runtime").block_on(work);
    shared.ask_to_stop(Text::new("daemon-stopped"));
    serving.join().expect("joined").expect("served");
}

/// While every signal brings a reading a second, one after the other shows once what it cannot.
fn delays() {
    let directory = tempfile::tempdir().expect("directory");
    let site = directory.path().join("site");
    let model = model();
    while_served(&site, &model, async {
        let mut watching = Client::connect(&site).await.expect("connected");
        let mut bringing = Client::connect(&site).await.expect("connected");
        watching.ask(RequestBody::Watch).await.expect("watched");
        let mut took = Vec::new();
        let begun = now();
        for (second, wrong) in (1_i64..).zip(signals(&model).take(TIMES)) {
            let at = begun + second * 1_000;
            let due = Duration::from_millis(u64::try_from(at - now()).unwrap_or(0));
            tokio::time::sleep(due).await;
            let readings = round(&model, at, &[wrong]);
            let started = Moment::now();
            bring(&mut bringing, readings).await;
            let told = |message: &FromDaemon| match message {
                FromDaemon::Delta(delta) => delta.anomalies.iter().any(|(_, told)| {
                    let of_it = told.as_ref().filter(|told| told.parameter == wrong);
                    of_it.is_some_and(|told| told.signs.to.0 == at)
                }),
                _ => false,
            };
            while !told(&watching.next().await.expect("told")) {}
            took.push(started.elapsed().as_secs_f64() * 1_000.0);
        }
        took.sort_by(f64::total_cmp);
        let at = |share: usize| took.get(took.len() * share / 100).copied().unwrap_or(f64::NAN);
        println!(
            "reading to anomaly over the socket, {} times: median {:.0} ms, 99th percentile {:.0} ms, longest {:.0} ms",
            took.len(),
            at(50),
            at(99),
            took.last().copied().unwrap_or(f64::NAN)
        );
    });
}

/// A hundred more go wrong every second, ten seconds long; then all go on as they are for a while.
fn flood(site: &Path) {
    let model = model();
    while_served(site, &model, async {
        let mut bringing = Client::connect(site).await.expect("connected");
        let all: Vec<ParameterId> = signals(&model).take(1_000).collect();
        println!("serving {}", site.display());
        let begun = now();
        for second in 1_i64..=60 {
            let at = begun + second * 1_000;
            let due = Duration::from_millis(u64::try_from(at - now()).unwrap_or(0));
            tokio::time::sleep(due).await;
            let wrong = usize::try_from(second - 20).unwrap_or(0).min(10) * 100;
            bring(&mut bringing, round(&model, at, all.get(..wrong).unwrap_or(&all))).await;
        }
    });
}
