//! Missing hours: what it costs that an hour has passed, and an hour in which nothing came. `cargo bench --bench filling`.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]
#![allow(
    clippy::print_stdout,
    reason = "the longest of many ticks is no figure that a bench has a column for"
)]

mod site;

use std::hint::black_box;

use carbonwatch::connect::simulate::load::load_model;
use carbonwatch::domain::missing::{Careful, FixedAmount, LoadBands, MissingPlan, MissingRule, TierTable};
use carbonwatch::domain::model::SiteModel;
use carbonwatch::domain::reading::{Incoming, ParameterKind, Quality, Slot};
use carbonwatch::domain::time::Instant;
use carbonwatch::engine::Engine;
use carbonwatch::engine::command::CommandBody;
use carbonwatch::engine::history::MemoryHistory;
use divan::Bencher;

use site::{START, decide, founded, intake};

fn main() {
    divan::main();
}

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
    decide(engine, history, at, intake(readings));
}

/// Ticks until nothing is left to be looked at, and how many of them made a record.
fn settle(engine: &mut Engine, history: &MemoryHistory, now: i64) -> usize {
    let (mut records, mut in_vain) = (0, 0);
    // A tick may look at days in vain and leave others to the next.
    while in_vain < 100 {
        if decide(engine, history, now, CommandBody::Tick).record.is_some() {
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
    let (mut engine, mut history) = founded(&model, START);
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

/// Three years of a flow of which every second hour is missing, filled by tiers: the worst that can be imported. The longest
/// of the ticks, which everybody else waits for, is what is printed; the bench measures all of them.
#[divan::bench(sample_count = 2, sample_size = 1)]
fn three_years_of_which_every_second_hour_is_missing(bencher: Bencher) {
    let mut model = load_model(20, 10).expect("model");
    let flow = model
        .parameters
        .iter()
        .position(|parameter| parameter.kind == ParameterKind::Flow)
        .expect("a flow");
    let flow = {
        let flow = model.parameters.get_mut(flow).expect("the flow");
        flow.gap_limit_ms = 1_200_000;
        flow.missing = Some(MissingPlan {
            rule: MissingRule::Tiers {
                tiers: TierTable::Part75Table2.tiers(),
                bands: None,
                first_hours: 2_160,
                table: Some(TierTable::Part75Table2),
            },
            careful: Careful::High,
            otherwise: Some(FixedAmount {
                value: 100.into(),
                origin: "bench".to_owned(),
            }),
            wait_ms: Some(60_000),
            longest_hours: None,
        });
        flow.id
    };
    let end = START + 3 * 365 * 24 * HOUR;
    let (mut engine, history) = founded(&model, end);
    for day in 0..3 * 365 {
        let minutes = (0..24 * 6).filter(|ten| (ten / 6) % 2 == 0);
        let readings = minutes.map(|ten| Incoming {
            parameter: flow,
            slot: Slot::instant(Instant(START + day * 24 * HOUR + ten * 600_000)),
            value: 50_000 + ten,
            quality: Quality::Good,
        });
        decide(&mut engine, &history, end, intake(readings.collect()));
    }
    bencher.with_inputs(|| engine.clone()).bench_local_values(|mut engine| {
        let (mut longest, mut in_vain) = (std::time::Duration::ZERO, 0);
        while in_vain < 100 {
            let began = std::time::Instant::now();
            let is_recorded = decide(&mut engine, &history, end + 120_000, CommandBody::Tick)
                .record
                .is_some();
            longest = longest.max(began.elapsed());
            in_vain = if is_recorded { 0 } else { in_vain + 1 };
        }
        println!("longest tick: {longest:?}");
        engine
    });
}
