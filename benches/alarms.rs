//! Alarms: what it costs a reading that its parameter is watched. `cargo bench --bench alarms`.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

mod site;

use std::hint::black_box;

use carbonwatch::connect::simulate::load::load_model;
use carbonwatch::domain::model::{Limits, SiteModel};
use carbonwatch::domain::reading::{Incoming, ParameterKind, Quality, Slot};
use carbonwatch::domain::time::Instant;
use carbonwatch::engine::Engine;
use carbonwatch::engine::command::CommandBody;
use carbonwatch::engine::history::MemoryHistory;
use divan::Bencher;
use divan::counter::ItemsCount;

use site::{START, decide, founded, intake};

fn main() {
    divan::main();
}

const ROUNDS: i64 = 40;

/// Five thousand parameters and five hundred sources; every parameter has limits, which matter where it is a key one.
fn model(key: bool) -> SiteModel {
    let mut model = load_model(5_000, 500).expect("model");
    for parameter in &mut model.parameters {
        parameter.key = key;
        parameter.delay_ms = 30_000;
        parameter.operating = Limits {
            low: Some(1.into()),
            high: Some(1_000_000.into()),
        };
    }
    model
}

/// A reading of every flow and state in every second, `value` counts high.
fn rounds(model: &SiteModel, value: i64) -> Vec<Vec<Incoming>> {
    let of_round = |round: i64| {
        let watched = |kind| matches!(kind, ParameterKind::Flow | ParameterKind::State);
        let parameters = model.parameters.iter().filter(|parameter| watched(parameter.kind));
        let readings = parameters.map(|parameter| Incoming {
            parameter: parameter.id,
            slot: Slot::instant(Instant(START + round * 1_000)),
            value: value + (round * 7 + i64::from(parameter.id.0)) % 900,
            quality: Quality::Good,
        });
        readings.collect()
    };
    (1..=ROUNDS).map(of_round).collect()
}

fn bring(engine: &mut Engine, history: &MemoryHistory, round: i64, readings: Vec<Incoming>) {
    black_box(decide(engine, history, START + round * 1_000, intake(readings)));
}

/// Readings in order, within their limits: of parameters that are watched, and of others.
#[divan::bench(sample_count = 20, args = [false, true])]
fn readings_within_limits(bencher: Bencher, key: bool) {
    let model = model(key);
    let rounds = rounds(&model, 50_000);
    let count: usize = rounds.iter().map(Vec::len).sum();
    bencher
        .counter(ItemsCount::new(count))
        .with_inputs(|| (founded(&model, START), rounds.clone()))
        .bench_local_values(|((mut engine, history), rounds)| {
            for (round, readings) in (1..).zip(rounds) {
                bring(&mut engine, &history, round, readings);
            }
            (engine, history)
        });
}

/// Five thousand alarms raised by one look: all of them fell silent.
#[divan::bench(sample_count = 20)]
fn silence_of_everything(bencher: Bencher) {
    let model = model(true);
    let (mut engine, mut history) = founded(&model, START);
    for (round, readings) in (1..).zip(rounds(&model, 50_000)) {
        bring(&mut engine, &history, round, readings);
    }
    history.apply(engine.take_rows().expect("rows"));
    let now = START + 86_400_000;
    bencher.with_inputs(|| engine.clone()).bench_local_values(|mut engine| {
        decide(&mut engine, &history, now, CommandBody::Tick);
        assert!(engine.alarms().len() > 1_000, "they are raised");
        engine
    });
}

/// A tick at which nothing is due.
#[divan::bench(sample_count = 100)]
fn a_tick_at_which_nothing_is_due(bencher: Bencher) {
    let model = model(true);
    let (mut engine, history) = founded(&model, START);
    for (round, readings) in (1..).zip(rounds(&model, 50_000)) {
        bring(&mut engine, &history, round, readings);
    }
    decide(&mut engine, &history, START + ROUNDS * 1_000, CommandBody::Tick);
    bencher.bench_local(|| {
        decide(&mut engine, &history, START + ROUNDS * 1_000, CommandBody::Tick);
    });
}
