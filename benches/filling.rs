//! Missing hours: what it costs that an hour has passed, and an hour in which nothing came. `cargo bench --bench filling`.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

use std::hint::black_box;

use carbonwatch::catalogue::rule_set;
use carbonwatch::connect::simulate::load::load_model;
use carbonwatch::domain::actor::Actor;
use carbonwatch::domain::missing::{Careful, LoadBands, MissingPlan, MissingRule};
use carbonwatch::domain::model::SiteModel;
use carbonwatch::domain::reading::{Incoming, Origin, ParameterKind, Quality, Slot};
use carbonwatch::domain::time::Instant;
use carbonwatch::engine::Engine;
use carbonwatch::engine::command::{Command, CommandBody, Provenance};
use carbonwatch::engine::history::MemoryHistory;
use divan::Bencher;

fn main() {
    divan::main();
}

/// 2025-01-01 00:00 in Shanghai.
const START: i64 = 1_735_660_800_000;
const HOUR: i64 = 3_600_000;
const DAYS: i64 = 31;
const PARAMETERS: usize = 5_000;
const SOURCES: usize = 500;

/// A site of 500 sources: each of its flows has a reading an hour and is filled by the mean of the last 720 hours at its
/// load.
fn model() -> SiteModel {
    let mut model = load_model(PARAMETERS, SOURCES).expect("model");
    let flows = model
        .parameters
        .iter()
        .filter(|parameter| parameter.kind == ParameterKind::Flow);
    let load = flows.map(|parameter| parameter.id).next().expect("a flow");
    for parameter in &mut model.parameters {
        parameter.gap_limit_ms = 2 * HOUR;
        if parameter.kind == ParameterKind::Flow && parameter.id != load {
            parameter.missing = Some(MissingPlan {
                rule: MissingRule::LoadBand {
                    bands: LoadBands {
                        load,
                        top: 1_000_000.into(),
                        count: 10,
                    },
                    hours: 720,
                },
                careful: Careful::High,
                otherwise: None,
                wait_ms: Some(60_000),
                longest_hours: None,
            });
        }
    }
    model
}

fn decide(engine: &mut Engine, history: &MemoryHistory, now: i64, body: CommandBody) -> bool {
    let command = Command {
        now: Instant(now),
        actor: Actor::daemon(),
        key: None,
        body,
    };
    engine.decide(history, command).expect("decided").record.is_some()
}

fn bring(engine: &mut Engine, history: &MemoryHistory, model: &SiteModel, hour: i64) {
    let at = START + hour * HOUR;
    let readings = model
        .parameters
        .iter()
        .filter(|parameter| parameter.kind == ParameterKind::Flow)
        .map(|parameter| Incoming {
            parameter: parameter.id,
            slot: Slot::instant(Instant(at)),
            value: 50_000 + (hour * 7 + i64::from(parameter.id.0)) % 900,
            quality: Quality::Good,
        })
        .collect();
    let intake = CommandBody::Intake {
        origin: Origin::Connector,
        provenance: Provenance::default(),
        readings,
    };
    decide(engine, history, at, intake);
}

/// Ticks until nothing is left to be looked at, and how many of them made a record.
fn settle(engine: &mut Engine, history: &MemoryHistory, now: i64) -> usize {
    let (mut records, mut in_vain) = (0, 0);
    // A tick may look at days in vain and leave others to the next.
    while in_vain < 100 {
        if decide(engine, history, now, CommandBody::Tick) {
            (records, in_vain) = (records + 1, 0);
        } else {
            in_vain += 1;
        }
    }
    records
}

/// A month of hours, all of them looked at.
fn month() -> (SiteModel, Engine, MemoryHistory) {
    let model = model();
    let mut history = MemoryHistory::default();
    let mut engine = Engine::empty(model.zone);
    let rules = Box::new(rule_set().expect("rules").clone());
    decide(&mut engine, &history, START, CommandBody::Adopt { rules });
    let apply = CommandBody::Apply {
        model: Box::new(model.clone()),
        digest: String::new(),
        effective_from: None,
    };
    decide(&mut engine, &history, START, apply);
    for hour in 0..=DAYS * 24 {
        bring(&mut engine, &history, &model, hour);
        if hour % 24 == 0 {
            history.apply(engine.take_rows().expect("rows"));
        }
    }
    settle(&mut engine, &history, START + DAYS * 24 * HOUR + 120_000);
    history.apply(engine.take_rows().expect("rows"));
    (model, engine, history)
}

/// A minute passed, and no hour with it.
#[divan::bench(sample_count = 20)]
fn a_minute_in_which_nothing_is_missing(bencher: Bencher) {
    let (_, engine, history) = month();
    let now = START + DAYS * 24 * HOUR + 300_000;
    bencher.with_inputs(|| engine.clone()).bench_local_values(|mut engine| {
        black_box(decide(&mut engine, &history, now, CommandBody::Tick));
        engine
    });
}

/// An hour passed, and everything came.
#[divan::bench(sample_count = 20)]
fn an_hour_in_which_nothing_is_missing(bencher: Bencher) {
    let (model, mut engine, history) = month();
    bring(&mut engine, &history, &model, DAYS * 24 + 1);
    let now = START + (DAYS * 24 + 1) * HOUR + 120_000;
    bencher.with_inputs(|| engine.clone()).bench_local_values(|mut engine| {
        black_box(decide(&mut engine, &history, now, CommandBody::Tick));
        engine
    });
}

/// Hours passed in which none of the flows came: all ticks that it takes to decide of them.
#[divan::bench(sample_count = 5)]
fn an_hour_in_which_everything_is_missing(bencher: Bencher) {
    let (_, engine, history) = month();
    let now = START + (DAYS * 24 + 4) * HOUR + 120_000;
    bencher.with_inputs(|| engine.clone()).bench_local_values(|mut engine| {
        assert!(settle(&mut engine, &history, now) > 0, "something was decided");
        engine
    });
}

/// One tick of those, which everybody else waits for.
#[divan::bench(sample_count = 20)]
fn the_first_tick_of_that(bencher: Bencher) {
    let (_, engine, history) = month();
    let now = START + (DAYS * 24 + 4) * HOUR + 120_000;
    bencher.with_inputs(|| engine.clone()).bench_local_values(|mut engine| {
        black_box(decide(&mut engine, &history, now, CommandBody::Tick));
        engine
    });
}
