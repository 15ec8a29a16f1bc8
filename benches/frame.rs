//! Frames: of the Live pane with 5,000 parameters and all trends known, of the Ledger pane with 500 sources over a month, of
//! the Alarms pane with 1,000 alarms.
//! `cargo bench --bench frame`.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

mod site;

use std::sync::Arc;
use std::time::Duration;

use carbonwatch::connect::simulate::load::load_model;
use carbonwatch::domain::actor::Actor;
use carbonwatch::domain::identity::{ParameterId, Sequence};
use carbonwatch::domain::reading::{Incoming, Quality, Slot};
use carbonwatch::domain::time::Instant;
use carbonwatch::engine::Engine;
use carbonwatch::engine::history::MemoryHistory;
use carbonwatch::engine::view::AlarmView;
use carbonwatch::locale::{Language, Localizer};
use carbonwatch::quality::alarm::state::Answered;
use carbonwatch::quality::alarm::{AlarmId, AlarmState, Kind, Priority};
use carbonwatch::tui::glyphs::Glyphs;
use carbonwatch::tui::keymap::Keymap;
use carbonwatch::tui::link::LinkEvent;
use carbonwatch::tui::model::{Model, Shown};
use carbonwatch::tui::panes;
use carbonwatch::tui::theme::Themes;
use carbonwatch::tui::update::{Effect, Msg, update};
use carbonwatch::wire::live::{Delta, LiveState, Snapshot};
use carbonwatch::wire::message::{FromDaemon, ReplyBody, Request, RequestBody};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use divan::Bencher;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;

use site::{START, decide, founded, intake};

fn main() {
    divan::main();
}

fn say(model: &mut Model, message: FromDaemon) -> Vec<Effect> {
    update(model, Msg::Link(LinkEvent::Message(Box::new(message))))
}

/// A terminal that watches a plant of 5,000 parameters, every one of which has a value, with what it asked for answered.
fn watching(width: u16, height: u16) -> (Model, LiveState) {
    let (model, state, ..) = site(width, height);
    (model, state)
}

/// The same with the engine that answers it.
fn site(width: u16, height: u16) -> (Model, LiveState, Engine, MemoryHistory) {
    let site = load_model(5_000, 500).expect("model");
    let now = Instant(START + 3_600_000);
    let (mut engine, history) = founded(&site, now.0);
    for minute in 0..60 {
        let readings = site.parameters.iter().map(|parameter| Incoming {
            parameter: parameter.id,
            slot: Slot::instant(Instant(START + minute * 60_000)),
            value: 50_000 + minute * 7 % 50 + i64::from(parameter.id.0),
            quality: Quality::Good,
        });
        decide(&mut engine, &history, now.0, intake(readings.collect()));
    }
    let state = LiveState {
        now,
        sequence: Sequence(62),
        shift: None,
        flooded: carbonwatch::engine::view::Flooded::default(),
        queue: 0,
        unsigned: None,
        totals: engine.totals(&history, now).expect("totals"),
        free_bytes: 1 << 40,
        refusing: None,
        chain_head: "9f3ac1d2".into(),
        chain_damaged: None,
        feeds: Vec::new(),
    };
    let snapshot = Snapshot {
        number: 0,
        key: site.key.clone(),
        name: site.name.clone(),
        simulated: true,
        nodes: engine.nodes(),
        parameters: engine.live_parameters(&history).expect("parameters"),
        model: Box::new(site),
        alarms: Vec::new(),
        anomalies: Vec::new(),
        state: state.clone(),
    };
    let shown = Shown {
        localizer: Arc::new(Localizer::new(Language::Chinese)),
        chinese_drawable: true,
        theme: Themes::default().load("dark").expect("theme"),
        themes: Themes::default().names(),
        glyphs: Glyphs::UNICODE,
        keymap: Arc::new(Keymap::shipped()),
    };
    let mut model = Model::new(shown, Size::new(width, height));
    update(&mut model, Msg::Link(LinkEvent::up(Actor::daemon())));
    for effect in say(&mut model, FromDaemon::Snapshot(Box::new(snapshot))) {
        if let Effect::Ask(Request {
            id,
            body:
                RequestBody::Courses {
                    parameters,
                    from,
                    to,
                    columns,
                },
            ..
        }) = effect
        {
            let courses = engine.courses(&history, &parameters, (from, to), columns, now);
            let result = Ok(ReplyBody::Courses(courses.expect("courses")));
            say(&mut model, FromDaemon::Reply { id, result });
        }
    }
    update(&mut model, Msg::Clock(Duration::from_millis(300)));
    (model, state, engine, history)
}

/// A terminal that shows the Ledger pane with 500 sources over the 31 days of January.
fn ledger(width: u16, height: u16) -> Model {
    let (mut model, _, engine, history) = site(width, height);
    for key in ['4', '-'] {
        let key = KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE);
        for effect in update(&mut model, Msg::Key(key)) {
            answer(&mut model, effect, &engine, &history);
        }
    }
    model
}

fn answer(model: &mut Model, effect: Effect, engine: &Engine, history: &MemoryHistory) {
    if let Effect::Ask(Request {
        id,
        body: RequestBody::Ledger(question),
        ..
    }) = effect
    {
        let table = engine.ledger(history, &question).expect("table");
        let result = Ok(ReplyBody::Ledger(Box::new(table)));
        for effect in say(model, FromDaemon::Reply { id, result }) {
            answer(model, effect, engine, history);
        }
    }
}

/// What a draw of the Ledger pane costs: in the order of the plant, and of what is emitted.
#[divan::bench(args = [(80, 24, false), (200, 60, false), (200, 60, true)])]
fn frame_of_500_sources_by_31_days(bencher: Bencher, (width, height, greatest): (u16, u16, bool)) {
    let mut model = ledger(width, height);
    if greatest {
        let key = KeyEvent::new(KeyCode::Char('s'), KeyModifiers::NONE);
        update(&mut model, Msg::Key(key));
    }
    let sheet = model.ledger.sheet.as_ref().expect("sheet");
    assert!(
        sheet.columns() == 31 && sheet.table.rows.len() > 500,
        "not the table meant"
    );
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("terminal");
    bencher.bench_local(|| {
        terminal.draw(|frame| panes::draw(&model, frame)).expect("drawn");
    });
}

/// What a draw costs: everything built anew, and compared with what is on the screen.
#[divan::bench(args = [(80, 24), (200, 60)])]
fn frame_of_5000_parameters(bencher: Bencher, (width, height): (u16, u16)) {
    let (model, _) = watching(width, height);
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("terminal");
    bencher.bench_local(|| {
        terminal.draw(|frame| panes::draw(&model, frame)).expect("drawn");
    });
}

/// Every thousandth second another alarm, each of a parameter of its own.
fn alarms(count: u32) -> Vec<AlarmView> {
    let alarm = |parameter: u32| AlarmView {
        alarm: AlarmId {
            parameter: ParameterId(parameter),
            kind: Kind::High,
        },
        state: AlarmState {
            answered: Answered::Unacknowledged,
            ..AlarmState::NORMAL
        },
        priority: Priority::High,
        ranking: None,
        feed: None,
        since: Some(Instant(START + i64::from(parameter))),
        told: Some(Instant(START + i64::from(parameter))),
        changed: Instant(START + i64::from(parameter)),
        limit: Some(50_000),
        worst: Some(51_234),
        chatters: false,
        answered_by: None,
    };
    (1..=count).map(alarm).collect()
}

/// What the daemon says of alarms.
fn told(state: &LiveState, number: u64, alarms: Vec<AlarmView>) -> FromDaemon {
    FromDaemon::Delta(Box::new(Delta {
        number,
        values: Vec::new(),
        alarms: alarms.into_iter().map(|alarm| (alarm.alarm, Some(alarm))).collect(),
        anomalies: Vec::new(),
        state: state.clone(),
    }))
}

/// What a draw of the Alarms pane costs.
#[divan::bench(args = [(80, 24), (200, 60)])]
fn frame_of_1000_alarms(bencher: Bencher, (width, height): (u16, u16)) {
    let (mut model, state) = watching(width, height);
    say(&mut model, told(&state, 1, alarms(1_000)));
    update(
        &mut model,
        Msg::Key(KeyEvent::new(KeyCode::Char('2'), KeyModifiers::NONE)),
    );
    assert_eq!(model.alarms.listing.fitting, 1_000, "not the list meant");
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("terminal");
    bencher.bench_local(|| {
        terminal.draw(|frame| panes::draw(&model, frame)).expect("drawn");
    });
}

/// What it costs to take in one more of 1,000 alarms: all are grouped and put in order again.
#[divan::bench]
fn one_of_1000_alarms_changes(bencher: Bencher) {
    let (mut model, state) = watching(200, 60);
    say(&mut model, told(&state, 1, alarms(1_000)));
    let mut number = 1;
    bencher.bench_local(|| {
        number += 1;
        say(&mut model, told(&state, number, alarms(1)))
    });
}

/// What a delta of 1,000 values costs before anything is drawn.
#[divan::bench]
fn delta_of_1000_values(bencher: Bencher) {
    let (model, state) = watching(200, 60);
    let plant = model.plant.clone().expect("plant");
    let values: Vec<_> = plant
        .parameters
        .iter()
        .take(1_000)
        .filter_map(|parameter| Some((parameter.id, parameter.newest?)))
        .collect();
    bencher
        .with_inputs(|| (plant.clone(), values.clone()))
        .bench_local_values(|(mut plant, values)| {
            let delta = Delta {
                number: 1,
                values,
                alarms: Vec::new(),
                anomalies: Vec::new(),
                state: state.clone(),
            };
            plant.take(delta, Duration::ZERO);
            plant
        });
}
