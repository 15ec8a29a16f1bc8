//! Anomalies: what it costs to judge what arrives. `cargo bench --bench anomalies`.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

mod site;

use std::hint::black_box;

use carbonwatch::connect::simulate::load::load_model;
use carbonwatch::domain::identity::ParameterId;
use carbonwatch::domain::model::{Limits, Name, SiteModel};
use carbonwatch::domain::reading::{Incoming, ParameterKind, Quality, Slot};
use carbonwatch::domain::relation::{AgainstPast, Relating, Relation, RelationWindow, Term};
use carbonwatch::domain::time::Instant;
use carbonwatch::engine::Engine;
use carbonwatch::engine::command::CommandBody;
use carbonwatch::engine::history::MemoryHistory;
use divan::Bencher;
use divan::counter::ItemsCount;
use rust_decimal::Decimal;

use site::{START, decide, founded, intake};

fn main() {
    divan::main();
}

const MINUTE_MS: i64 = 60_000;

/// A thousand parameters and a hundred sources, with what is possible.
fn model() -> SiteModel {
    let mut model = load_model(1_000, 100).expect("model");
    for parameter in &mut model.parameters {
        parameter.key = false;
        parameter.possible = Limits {
            low: Some(0.into()),
            high: Some(1_000_000.into()),
        };
    }
    model
}

fn signals(model: &SiteModel) -> Vec<ParameterId> {
    let is_signal = |kind| matches!(kind, ParameterKind::Flow | ParameterKind::State);
    let signals = model.parameters.iter().filter(|parameter| is_signal(parameter.kind));
    signals.map(|parameter| parameter.id).collect()
}

/// A reading of every signal at a minute; restless, so that nothing is flat.
fn minute(signals: &[ParameterId], minute: i64) -> Vec<Incoming> {
    let value = |id: &ParameterId| 100_000 + (minute.wrapping_mul(7_919) + i64::from(id.0) * 31).rem_euclid(997);
    signals.iter().map(|id| reading(*id, minute, value(id))).collect()
}

fn reading(parameter: ParameterId, minute: i64, value: i64) -> Incoming {
    Incoming {
        parameter,
        slot: Slot::instant(Instant(START + minute * MINUTE_MS)),
        value,
        quality: Quality::Good,
    }
}

/// Judges all that is there.
fn judge(engine: &mut Engine, history: &MemoryHistory, now: i64) -> usize {
    let mut commands = 0;
    while engine.checks_are_due(Instant(now)) {
        black_box(decide(engine, history, now, CommandBody::Check));
        commands += 1;
    }
    commands
}

/// A site that has judged so many minutes.
fn judged(minutes: i64) -> (Engine, MemoryHistory, Vec<ParameterId>) {
    judged_by(&model(), minutes)
}

fn judged_by(model: &SiteModel, minutes: i64) -> (Engine, MemoryHistory, Vec<ParameterId>) {
    let signals = signals(model);
    let (mut engine, mut history) = founded(model, START);
    for number in 0..minutes {
        let now = START + number * MINUTE_MS;
        decide(&mut engine, &history, now, intake(minute(&signals, number)));
        if number % 60 == 59 {
            judge(&mut engine, &history, now);
            history.apply(engine.take_rows().expect("rows"));
        }
    }
    judge(&mut engine, &history, START + minutes * MINUTE_MS);
    history.apply(engine.take_rows().expect("rows"));
    (engine, history, signals)
}

const BEFORE: i64 = 600;

/// Sixty minutes of every signal, in one piece.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn judge_an_hour_of_a_thousand_parameters(bencher: Bencher) {
    let (engine, history, signals) = judged(BEFORE);
    let readings: Vec<Incoming> = (BEFORE..BEFORE + 60)
        .flat_map(|number| minute(&signals, number))
        .collect();
    let now = START + (BEFORE + 60) * MINUTE_MS;
    let brought = || {
        let mut engine = engine.clone();
        decide(&mut engine, &history, now, intake(readings.clone()));
        engine
    };
    bencher
        .counter(ItemsCount::new(readings.len()))
        .with_inputs(brought)
        .bench_local_values(|mut engine| judge(&mut engine, &history, now));
}

/// A minute of every signal, as it comes while the plant runs.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn judge_a_minute_of_a_thousand_parameters(bencher: Bencher) {
    let (engine, history, signals) = judged(BEFORE);
    let readings = minute(&signals, BEFORE);
    let now = START + BEFORE * MINUTE_MS;
    let brought = || {
        let mut engine = engine.clone();
        decide(&mut engine, &history, now, intake(readings.clone()));
        engine
    };
    bencher
        .counter(ItemsCount::new(readings.len()))
        .with_inputs(brought)
        .bench_local_values(|mut engine| judge(&mut engine, &history, now));
}

/// A command to check when there is nothing to judge.
#[divan::bench]
fn nothing_to_judge(bencher: Bencher) {
    let (mut engine, history, _) = judged(BEFORE);
    let now = START + BEFORE * MINUTE_MS;
    bencher.bench_local(|| decide(&mut engine, &history, now, CommandBody::Check));
}

/// Every signal shows at once what no sensor can.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn hundreds_go_wrong_at_once(bencher: Bencher) {
    let (engine, history, signals) = judged(BEFORE);
    let readings: Vec<Incoming> = signals.iter().map(|&id| reading(id, BEFORE, 900_000_000_000)).collect();
    let now = START + BEFORE * MINUTE_MS;
    let brought = || {
        let mut engine = engine.clone();
        decide(&mut engine, &history, now, intake(readings.clone()));
        engine
    };
    bencher
        .counter(ItemsCount::new(readings.len()))
        .with_inputs(brought)
        .bench_local_values(|mut engine| judge(&mut engine, &history, now));
}

/// One reading that comes nine hours late: the day is judged again from its beginning.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn one_reading_nine_hours_late(bencher: Bencher) {
    let (engine, history, signals) = judged(BEFORE);
    let late = Incoming {
        slot: Slot::instant(Instant(START + 60 * MINUTE_MS + 30_000)),
        ..reading(*signals.first().expect("a signal"), 0, 100_500)
    };
    let now = START + (BEFORE + 1) * MINUTE_MS;
    let brought = || {
        let mut engine = engine.clone();
        decide(&mut engine, &history, now, intake(vec![late]));
        engine
    };
    bencher
        .with_inputs(brought)
        .bench_local_values(|mut engine| judge(&mut engine, &history, now));
}

/// A hundred quotients of flows, hour by hour, held against a band and against the day before.
fn related() -> SiteModel {
    let mut model = model();
    let flows: Vec<ParameterId> = model
        .parameters
        .iter()
        .filter(|parameter| parameter.kind == ParameterKind::Flow)
        .map(|parameter| parameter.id)
        .collect();
    let term = |parameter: ParameterId| Term {
        parameter,
        by: Vec::new(),
        change: false,
        factor: Decimal::ONE,
    };
    model.relations = flows
        .iter()
        .zip(flows.iter().skip(1))
        .take(100)
        .enumerate()
        .map(|(place, (above, below))| Relation {
            key: format!("ratio-{place}"),
            name: Name::default(),
            clause: None,
            window: RelationWindow::Hours(1),
            relating: Relating::Ratio {
                above: term(*above),
                below: term(*below),
                usual: Some(Limits {
                    low: Some(Decimal::new(9, 1)),
                    high: Some(Decimal::new(11, 1)),
                }),
                least: Decimal::ONE,
                past: Some(AgainstPast {
                    share: Decimal::new(1, 1),
                    windows: 24,
                }),
            },
        })
        .collect();
    model
}

/// The hour of a hundred relations that is over.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn an_hour_of_a_hundred_relations(bencher: Bencher) {
    let (engine, history, signals) = judged_by(&related(), BEFORE);
    let now = START + (BEFORE + 1) * MINUTE_MS;
    let brought = || {
        let mut engine = engine.clone();
        decide(&mut engine, &history, now, intake(minute(&signals, BEFORE)));
        engine
    };
    bencher
        .with_inputs(brought)
        .bench_local_values(|mut engine| judge(&mut engine, &history, now));
}
