//! From a reading handed to the daemon until a watcher has been told of its anomaly, over the socket; and how long keys take
//! while a thousand sensors go wrong in ten seconds.
//!
//! `cargo bench --bench reach` prints the delays. `CARBONWATCH_SITE=DIRECTORY cargo bench --bench reach` makes a site there,
//! serves it, and after twenty seconds has a thousand sensors go wrong in ten: for terminals that are looked at meanwhile.
//! Prints figures and judges nothing.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench that cannot be set up has nothing to measure, and prints what it measures"
)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant as Moment};

use carbonwatch::cli::init::make_site;
use carbonwatch::connect::simulate::load::load_model;
use carbonwatch::daemon::Running;
use carbonwatch::domain::actor::Actor;
use carbonwatch::domain::identity::ParameterId;
use carbonwatch::domain::model::SiteModel;
use carbonwatch::domain::reading::{Incoming, Origin, ParameterKind, Quality, Slot};
use carbonwatch::domain::text::Text;
use carbonwatch::domain::time::Instant;
use carbonwatch::engine::command::Provenance;
use carbonwatch::locale::{Language, Localizer};
use carbonwatch::site::template;
use carbonwatch::tui::glyphs::Glyphs;
use carbonwatch::tui::keymap::Keymap;
use carbonwatch::tui::link::LinkEvent;
use carbonwatch::tui::model::{Model, Shown};
use carbonwatch::tui::pane::Pane;
use carbonwatch::tui::panes;
use carbonwatch::tui::theme::Themes;
use carbonwatch::tui::update::{Effect, Msg, update};
use carbonwatch::wire::client::{Client, Requests};
use carbonwatch::wire::message::{FromDaemon, ReplyBody, Request, RequestBody};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;

/// How often the delay is measured.
const TIMES: usize = 300;

/// What no sensor can show, whatever the digits of its parameter.
const IMPOSSIBLE: i64 = 900_000_000_000;

#[path = "site/disk.rs"]
mod disk;

fn main() {
    if let Some(site) = std::env::var_os("CARBONWATCH_SITE") {
        flood(&PathBuf::from(site));
    } else {
        delays();
        keys();
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
        origin: Origin::File,
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
        told_of("reading to anomaly over the socket", took);
    });
}

/// Prints how long something took, in milliseconds.
fn told_of(what: &str, mut took: Vec<f64>) {
    took.sort_by(f64::total_cmp);
    let at = |share: usize| took.get(took.len() * share / 100).copied().unwrap_or(f64::NAN);
    println!(
        "{what}, {} times: median {:.1} ms, 99th percentile {:.1} ms, longest {:.1} ms",
        took.len(),
        at(50),
        at(99),
        took.last().copied().unwrap_or(f64::NAN)
    );
}

/// Time between two keys.
const KEY_EVERY: Duration = Duration::from_millis(20);

/// What is pressed, over and over: through the queue, folding, into a case and back.
const KEYS: [KeyCode; 10] = [
    KeyCode::Down,
    KeyCode::Down,
    KeyCode::PageDown,
    KeyCode::Char('z'),
    KeyCode::Down,
    KeyCode::Enter,
    KeyCode::Esc,
    KeyCode::Up,
    KeyCode::PageUp,
    KeyCode::Char('z'),
];

fn terminal_of(snapshot: FromDaemon, actor: Actor, size: Size) -> (Model, Vec<Effect>) {
    let themes = Themes::default();
    let shown = Shown {
        localizer: Arc::new(Localizer::new(Language::Chinese)),
        chinese_drawable: true,
        theme: themes.load("dark").expect("theme"),
        themes: themes.names(),
        glyphs: Glyphs::UNICODE,
        keymap: Arc::new(Keymap::shipped()),
    };
    let mut model = Model::new(shown, size);
    update(&mut model, Msg::Link(LinkEvent::up(actor)));
    let effects = update(&mut model, Msg::Link(LinkEvent::Message(Box::new(snapshot))));
    (model, effects)
}

/// From the time at which a key is due until its frame is drawn, on the Anomalies pane of a terminal that the daemon tells of a
/// thousand sensors that go wrong in ten seconds. What the daemon said before the key is taken in first.
fn keys() {
    for (width, height) in [(80, 24), (200, 60)] {
        let directory = tempfile::tempdir().expect("directory");
        let site = directory.path().join("site");
        let plant = model();
        while_served(&site, &plant, async {
            let mut bringing = Client::connect(&site).await.expect("connected");
            let mut client = Client::connect(&site).await.expect("connected");
            let actor = client.actor().clone();
            client.send(None, RequestBody::Watch).await.expect("asked");
            let snapshot = loop {
                let message = client.next().await.expect("told");
                if matches!(message, FromDaemon::Snapshot(_)) {
                    break message;
                }
            };
            let (mut model, effects) = terminal_of(snapshot, actor, Size::new(width, height));
            let (mut requests, mut messages) = client.split();
            let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
            let listening = tokio::spawn(async move {
                while let Ok(message) = messages.next().await {
                    if told.send(message).is_err() {
                        break;
                    }
                }
            });
            let all: Vec<ParameterId> = signals(&plant).take(1_000).collect();
            let flooding = go_wrong(&mut bringing, &plant, &all, (3, 15));
            let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("terminal");
            let mut took = Vec::new();
            let typing = async {
                let mut asked = Asked::default();
                asked.send(&mut requests, effects).await;
                let anomalies = KeyEvent::new(KeyCode::Char('5'), KeyModifiers::NONE);
                asked.send(&mut requests, update(&mut model, Msg::Key(anomalies))).await;
                assert_eq!(model.pane, Pane::Anomalies, "not the pane meant");
                let begun = Moment::now();
                for (number, code) in (1_u32..=700).zip(KEYS.into_iter().cycle()) {
                    let due = begun + KEY_EVERY * number;
                    tokio::time::sleep_until(due.into()).await;
                    while let Ok(message) = heard.try_recv() {
                        let effects = update(&mut model, asked.heard(message));
                        asked.send(&mut requests, effects).await;
                    }
                    let key = KeyEvent::new(code, KeyModifiers::NONE);
                    asked.send(&mut requests, update(&mut model, Msg::Key(key))).await;
                    terminal.draw(|frame| panes::draw(&model, frame)).expect("drawn");
                    took.push(due.elapsed().as_secs_f64() * 1_000.0);
                }
            };
            tokio::join!(flooding, typing);
            listening.abort();
            let queue = model.plant.as_ref().map_or(0, |plant| plant.anomalies.len());
            println!("{width}x{height}, {queue} anomalies at the end");
            told_of("key to frame in a flood", took);
        });
    }
}

/// What the terminal asked for, by the numbers that the connection gave it.
#[derive(Default)]
struct Asked(HashMap<u64, u64>);

impl Asked {
    async fn send(&mut self, requests: &mut Requests, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Ask(Request { id, key, body }) = effect {
                let sent = requests.send(key, body).await.expect("sent");
                self.0.insert(sent, id);
            }
        }
    }

    fn heard(&mut self, message: FromDaemon) -> Msg {
        let message = match message {
            FromDaemon::Reply { id, result } => FromDaemon::Reply {
                id: self.0.remove(&id).unwrap_or(id),
                result,
            },
            other => other,
        };
        Msg::Link(LinkEvent::Message(Box::new(message)))
    }
}

/// Brings a reading of every signal each second; after so many seconds a hundred more go wrong in each, up to all, and go on
/// so until the last second.
async fn go_wrong(client: &mut Client, plant: &SiteModel, all: &[ParameterId], (after, last): (i64, i64)) {
    let begun = now();
    for second in 1..=last {
        let at = begun + second * 1_000;
        let due = Duration::from_millis(u64::try_from(at - now()).unwrap_or(0));
        tokio::time::sleep(due).await;
        let wrong = usize::try_from(second - after).unwrap_or(0).min(10) * 100;
        bring(client, round(plant, at, all.get(..wrong).unwrap_or(all))).await;
    }
}

/// A hundred more go wrong every second, ten seconds long; then all go on as they are for a while.
fn flood(site: &Path) {
    let model = model();
    while_served(site, &model, async {
        let mut bringing = Client::connect(site).await.expect("connected");
        let all: Vec<ParameterId> = signals(&model).take(1_000).collect();
        println!("serving {}", site.display());
        go_wrong(&mut bringing, &model, &all, (20, 60)).await;
    });
}
