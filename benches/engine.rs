//! The engine alone: readings a second, late readings, restating. `cargo bench --bench engine`.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

mod site;

use std::hint::black_box;

use carbonwatch::catalogue::rule_set;
use carbonwatch::connect::simulate::load::load_model;
use carbonwatch::domain::identity::ParameterId;
use carbonwatch::domain::model::{Binding, Constant, SiteModel};
use carbonwatch::domain::reading::{Incoming, ParameterKind, Quality, Slot};
use carbonwatch::domain::time::Instant;
use carbonwatch::domain::unit::Unit;
use carbonwatch::engine::Engine;
use carbonwatch::engine::command::CommandBody;
use carbonwatch::engine::history::MemoryHistory;
use divan::Bencher;
use divan::counter::ItemsCount;

use site::{START, decide, founded, intake};

fn main() {
    divan::main();
}

/// When readings arrive: later than the years that are measured.
const NOW: i64 = START + 800 * 86_400_000;
const PARAMETERS: usize = 5_000;
const SOURCES: usize = 500;

fn bring(engine: &mut Engine, history: &MemoryHistory, readings: Vec<Incoming>) {
    black_box(decide(engine, history, NOW, intake(readings)));
}

fn checkpoint(engine: &mut Engine, history: &mut MemoryHistory) {
    history.apply(engine.take_rows().expect("rows"));
}

fn reading(parameter: ParameterId, at: i64, value: i64) -> Incoming {
    Incoming {
        parameter,
        slot: Slot::instant(Instant(at)),
        value,
        quality: Quality::Good,
    }
}

/// A reading of every flow, `round` seconds after the start.
fn round_of(model: &SiteModel, round: i64) -> Vec<Incoming> {
    model
        .parameters
        .iter()
        .filter(|parameter| matches!(parameter.kind, ParameterKind::Flow | ParameterKind::State))
        .map(|parameter| {
            reading(
                parameter.id,
                START + round * 1000,
                50_000 + (round * 7 + i64::from(parameter.id.0)) % 900,
            )
        })
        .collect()
}

/// Readings in order, a second apart, of all parameters of a plant of 5,000 parameters and 500 sources; one command a
/// second of the plant, with its cells and its record.
#[divan::bench(sample_count = 10)]
fn fresh_readings(bencher: Bencher) {
    let model = load_model(PARAMETERS, SOURCES).expect("model");
    let rounds: Vec<Vec<Incoming>> = (0..40).map(|round| round_of(&model, round)).collect();
    let count: usize = rounds.iter().map(Vec::len).sum();
    bencher
        .counter(ItemsCount::new(count))
        .with_inputs(|| (founded(&model, NOW), rounds.clone()))
        .bench_local_values(|((mut engine, history), rounds)| {
            for readings in rounds {
                bring(&mut engine, &history, readings);
            }
            (engine, history)
        });
}

/// One flow and its source, with a year of minutes behind it.
fn year_of_minutes() -> (SiteModel, Engine, MemoryHistory, ParameterId) {
    let mut model = load_model(20, 10).expect("model");
    let flow = flow_of_a_source(&model);
    for parameter in model.parameters.iter_mut().filter(|parameter| parameter.id == flow) {
        parameter.interval_ms = 60_000;
    }
    let (mut engine, mut history) = founded(&model, NOW);
    for day in 0..365 {
        let readings = (0..1440)
            .map(|minute| reading(flow, START + (day * 1440 + minute) * 60_000, 60_000 + minute % 100))
            .collect();
        bring(&mut engine, &history, readings);
        checkpoint(&mut engine, &mut history);
    }
    (model, engine, history, flow)
}

fn flow_of_a_source(model: &SiteModel) -> ParameterId {
    model
        .sources
        .iter()
        .flat_map(|source| source.inputs.values())
        .find_map(|binding| match binding {
            Binding::Parameter { parameter, .. } => model
                .parameters
                .iter()
                .find(|other| other.id == *parameter && other.kind == ParameterKind::Flow)
                .map(|other| other.id),
            _ => None,
        })
        .expect("a flow of a source")
}

/// 1,000 fresh readings of one parameter, after a year of minutes: what late ones are compared with.
#[divan::bench(sample_count = 50)]
fn thousand_fresh_after_a_year(bencher: Bencher) {
    let (_, engine, history, flow) = year_of_minutes();
    let readings: Vec<Incoming> = (0..1000)
        .map(|minute| reading(flow, START + (365 * 1440 + minute) * 60_000, 60_000))
        .collect();
    bencher
        .with_inputs(|| (engine.clone(), readings.clone()))
        .bench_local_values(|(mut engine, readings)| {
            bring(&mut engine, &history, readings);
            engine
        });
}

/// 1,000 late readings of one parameter-day half a year back.
#[divan::bench(sample_count = 50)]
fn thousand_late_of_one_day(bencher: Bencher) {
    let (_, engine, history, flow) = year_of_minutes();
    let readings: Vec<Incoming> = (0..1000)
        .map(|minute| reading(flow, START + (180 * 1440 + minute) * 60_000 + 30_000, 61_000))
        .collect();
    bencher
        .with_inputs(|| (engine.clone(), readings.clone()))
        .bench_local_values(|(mut engine, readings)| {
            bring(&mut engine, &history, readings);
            engine
        });
}

/// A single late reading into a cold day half a year back.
#[divan::bench(sample_count = 50)]
fn one_late_into_a_cold_day(bencher: Bencher) {
    let (_, engine, history, flow) = year_of_minutes();
    bencher.with_inputs(|| engine.clone()).bench_local_values(|mut engine| {
        bring(
            &mut engine,
            &history,
            vec![reading(flow, START + 180 * 86_400_000 + 30_000, 61_000)],
        );
        engine
    });
}

/// A year of minutes in the columns of a wide chart, from all its readings: what a chart of a year asks for.
#[divan::bench(sample_count = 20)]
fn course_of_a_year_of_minutes(bencher: Bencher) {
    let (_, engine, history, flow) = year_of_minutes();
    bencher.bench_local(|| course(&engine, &history, &[flow], 365 * 86_400_000, 400));
}

/// Ten years of which one has minutes: from hourly quantities.
#[divan::bench(sample_count = 20)]
fn course_of_ten_years(bencher: Bencher) {
    let (_, engine, history, flow) = year_of_minutes();
    bencher.bench_local(|| course(&engine, &history, &[flow], 3_650 * 86_400_000, 400));
}

/// An hour of 60 parameters with a reading every second: what a screen full of trends asks for.
#[divan::bench(sample_count = 20)]
fn courses_of_a_screen(bencher: Bencher) {
    let model = load_model(PARAMETERS, SOURCES).expect("model");
    let (mut engine, mut history) = founded(&model, NOW);
    for round in 0..3600 {
        let mut readings = round_of(&model, round);
        readings.truncate(60);
        bring(&mut engine, &history, readings);
    }
    checkpoint(&mut engine, &mut history);
    let parameters: Vec<ParameterId> = round_of(&model, 0)
        .iter()
        .take(60)
        .map(|reading| reading.parameter)
        .collect();
    bencher.bench_local(|| course(&engine, &history, &parameters, 3_600_000, 20));
}

fn course(
    engine: &Engine,
    history: &MemoryHistory,
    parameters: &[ParameterId],
    length: i64,
    columns: u16,
) -> Vec<carbonwatch::engine::course::Course> {
    let stretch = (Instant(START), Instant(START + length));
    let now = Instant(START + 366 * 86_400_000);
    engine
        .courses(history, parameters, stretch, columns, now)
        .expect("courses")
}

/// What a question costs before it is answered: the copy of a site of 5,000 parameters, an hour of which is in memory.
#[divan::bench(sample_count = 20)]
fn copy_for_a_question(bencher: Bencher) {
    let model = load_model(PARAMETERS, SOURCES).expect("model");
    let (mut engine, mut history) = founded(&model, NOW);
    for round in 0..60 {
        bring(&mut engine, &history, round_of(&model, round * 60));
    }
    checkpoint(&mut engine, &mut history);
    bencher.bench_local(|| engine.clone());
}

/// A source's factor changes: all its cells of a year are computed again.
#[divan::bench(sample_count = 20)]
fn restate_one_source_for_a_year(bencher: Bencher) {
    let (model, engine, history, flow) = year_of_minutes();
    let changed = with_another_constant(&model, |source| {
        source
            .values()
            .any(|binding| matches!(binding, Binding::Parameter { parameter, .. } if *parameter == flow))
    });
    bencher
        .with_inputs(|| (engine.clone(), changed.clone()))
        .bench_local_values(|(mut engine, model)| {
            decide(
                &mut engine,
                &history,
                NOW,
                CommandBody::Apply {
                    model: Box::new(model),
                    digest: String::new(),
                    effective_from: None,
                },
            );
            engine
        });
}

/// The rules change: 500 sources with a year of hourly quantities each are computed again.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn restate_500_sources_for_a_year(bencher: Bencher) {
    let model = load_model(PARAMETERS, SOURCES).expect("model");
    let (mut engine, mut history) = founded(&model, NOW);
    for day in 0..365i64 {
        let mut readings = Vec::new();
        for hour in 0..24i64 {
            for parameter in model
                .parameters
                .iter()
                .filter(|parameter| parameter.kind == ParameterKind::Flow)
            {
                for part in 0..2 {
                    // Twice an hour, close enough for the gap limit of any flow: the hour has a bucket either way.
                    let at = START + (day * 24 + hour) * 3_600_000 + part * 1000;
                    readings.push(reading(parameter.id, at, 50_000 + hour));
                }
            }
        }
        bring(&mut engine, &history, readings);
        checkpoint(&mut engine, &mut history);
    }
    let rules = rule_set().expect("rules").clone();
    bencher.with_inputs(|| engine.clone()).bench_local_values(|mut engine| {
        decide(
            &mut engine,
            &history,
            NOW,
            CommandBody::Adopt {
                rules: Box::new(rules.clone()),
            },
        );
        engine
    });
}

/// The model with one of the constants of the sources that fit changed; where they have none, with their method's factor
/// made a constant.
fn with_another_constant(
    model: &SiteModel,
    fits: impl Fn(&std::collections::BTreeMap<String, Binding>) -> bool,
) -> SiteModel {
    let mut changed = model.clone();
    for source in changed.sources.iter_mut().filter(|source| fits(&source.inputs)) {
        source.inputs.insert(
            "oxidation_factor".to_owned(),
            Binding::Constant(Constant {
                value: rust_decimal::Decimal::from(97),
                unit: Unit::parse("%").expect("unit"),
                origin: "bench".to_owned(),
            }),
        );
    }
    changed
}
