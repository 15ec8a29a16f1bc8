//! How fast the simulator makes readings, on one core: what a load test has left for the engine.

use carbonwatch::connect::simulate::Plant;
use carbonwatch::connect::simulate::load::load_model;
use carbonwatch::domain::time::{HOUR_MS, Instant};
use divan::Bencher;
use divan::counter::ItemsCount;

/// 2026-01-20 00:00 in Shanghai.
const START: Instant = Instant(1_768_838_400_000);

fn main() {
    divan::main();
}

#[allow(clippy::expect_used, reason = "a model of the program itself")]
fn plant() -> Plant {
    let model = load_model(5_000, 500).expect("the load model");
    Plant::new(&model, 1).expect("a plant")
}

/// An hour of 5,000 parameters, after the first minute.
#[divan::bench]
fn an_hour_of_a_large_plant(bencher: Bencher) {
    let mut warm = plant();
    let (from, to) = (START.plus(60_000), START.plus(HOUR_MS));
    warm.deliveries(START, from).for_each(drop);
    let readings = warm.clone().deliveries(from, to).count();
    bencher
        .counter(ItemsCount::new(readings))
        .with_inputs(|| warm.clone())
        .bench_values(|mut plant| {
            plant
                .deliveries(from, to)
                .fold(0_i64, |sum, one| sum ^ one.incoming.value)
        });
}

/// The first delivery at an instant a quarter of a century after the curves begin.
#[divan::bench]
fn starting_anywhere(bencher: Bencher) {
    bencher
        .with_inputs(plant)
        .bench_values(|mut plant| plant.deliveries(START, START.plus(60_000)).next());
}
