//! Small histories with figures worked out by hand.

use uuid::Uuid;

use crate::domain::model::Gas;
use crate::domain::period::Period;
use crate::domain::reading::{Incoming, Origin, Quality};
use crate::domain::text::Text;
use crate::domain::time::{Month, PlantZone};
use crate::engine::command::{Answer, CommandBody, MeterChange, Provenance, Refusal};

use super::plant::{
    BOILER, BOOK, CARBON, COAL, GRID, HEATING_VALUE, OIL, POWER, QUARTER, QUARTERS, START_UP, Site, at, constant,
    interval, model, reading,
};

fn month(month: u32) -> Period {
    Period::Month(Month { year: 2025, month })
}

#[test]
fn an_hour_of_coal_is_its_formula() {
    let mut site = Site::new();
    // 100 t/h for one hour, a reading a minute.
    let readings = (0..=60).map(|minute| reading(COAL, minute, 100_000)).collect();
    let outcome = site.bring(Origin::Connector, readings);
    assert_eq!((outcome.accepted, outcome.duplicate), (61, 0));
    // 100 t × 26.7 GJ/t × 0.0261 tC/GJ × 0.99 × 44/12 = 252.96381 t, to the milligram.
    assert_eq!(site.year(BOILER), 252_963_810_000);
    let figure = site.figure(BOILER, month(1));
    assert_eq!((figure.provisional_hours, figure.incomplete_hours), (1, 0));
    site.assert_sound();
}

#[test]
fn an_answer_is_repeated_for_ninety_days_and_then_forgotten() {
    let mut site = Site::new();
    let key = Uuid::from_u128(5);
    let intake = CommandBody::Intake {
        origin: Origin::Connector,
        provenance: Provenance::default(),
        readings: vec![reading(COAL, 0, 100_000)],
    };
    let given = site.asked(Some(key), intake).unwrap();
    site.checkpoint();
    for (days, kept) in [(0, true), (89, true), (91, false)] {
        let mut later = site.clone();
        later.now = site.now.plus(days * 86_400_000);
        later.command(CommandBody::Tick).unwrap();
        let old = later.engine.old_answers(&later.history).unwrap();
        // The answer, and its place in the order of time.
        assert_eq!(old.len(), if kept { 0 } else { 2 }, "after {days} days");
        later.history.apply(old);
        later.checkpoint();
        let repeated = later.engine.answer_for(&later.history, &key).unwrap();
        assert_eq!(repeated, kept.then(|| given.clone()), "after {days} days");
    }
}

#[test]
fn a_late_laboratory_value_restates_its_month_and_no_other() {
    let mut site = Site::new();
    for day in [5, 40] {
        let readings = (0..=60)
            .map(|minute| reading(COAL, day * 1440 + minute, 100_000))
            .collect();
        site.bring(Origin::Connector, readings);
    }
    let february = site.figure(BOILER, month(2));
    let outcome = site.bring(Origin::Laboratory, vec![interval(HEATING_VALUE, 0, 31 * 1440, 20_000)]);
    // 100 × 20 × 0.0261 × 0.99 × 44/12 = 189.486
    assert_eq!(site.figure(BOILER, month(1)).milligrams, 189_486_000_000);
    assert_eq!(site.figure(BOILER, month(2)), february);
    let [restated] = outcome.restated.as_slice() else {
        panic!("{:?}", outcome.restated);
    };
    assert_eq!(
        (restated.month.as_str(), restated.before, restated.after),
        ("2025-01", 252_963_810_000, 189_486_000_000)
    );
    // The carbon content is still a stand-in, in the hour of coal and in the silence after it to the month's end.
    assert_eq!(site.figure(BOILER, month(1)).provisional_hours, 26 * 24);
    site.bring(Origin::Laboratory, vec![interval(CARBON, 0, 31 * 1440, 25)]);
    let figure = site.figure(BOILER, month(1));
    assert_eq!(figure.provisional_hours, 0);
    // 100 × 20 × 0.025 × 0.99 × 44/12 = 181.5
    assert_eq!(figure.milligrams, 181_500_000_000);
    site.assert_sound();
}

#[test]
fn a_month_of_several_tests_is_their_mean_weighted_by_what_was_burnt() {
    let mut site = Site::new();
    // 100 t in the first hour of the year, 300 t in an hour of the 20th.
    site.bring(
        Origin::Connector,
        (0..=60).map(|minute| reading(COAL, minute, 100_000)).collect(),
    );
    site.bring(
        Origin::Connector,
        (0..=60)
            .map(|minute| reading(COAL, 19 * 1440 + minute, 300_000))
            .collect(),
    );
    site.bring(Origin::Laboratory, vec![interval(HEATING_VALUE, 0, 15 * 1440, 20_000)]);
    site.bring(
        Origin::Laboratory,
        vec![interval(HEATING_VALUE, 15 * 1440, 16 * 1440, 24_000)],
    );
    // Mean (100×20 + 300×24)/400 = 23 GJ/t; 400 × 23 × 0.0261 × 0.99 × 44/12 = 871.6356
    assert_eq!(site.figure(BOILER, month(1)).milligrams, 871_635_600_000);
    // More coal under the second test moves the mean, and with it the cells of the first hour.
    site.bring(
        Origin::Connector,
        (0..=60)
            .map(|minute| reading(COAL, 20 * 1440 + minute, 400_000))
            .collect(),
    );
    // (100×20 + 700×24)/800 = 23.5; 800 × 23.5 × 0.0261 × 0.99 × 44/12 = 1781.1684
    assert_eq!(site.figure(BOILER, month(1)).milligrams, 1_781_168_400_000);
    assert_eq!(site.figure(BOILER, month(1)).overlapping_hours, 0);
    site.assert_sound();
}

#[test]
fn a_day_that_is_tested_twice_weighs_its_coal_once() {
    let mut site = Site::new();
    for day in [0, 1] {
        let readings = (0..=60).map(|minute| reading(COAL, day * 1440 + minute, 100_000));
        site.bring(Origin::Connector, readings.collect());
    }
    let of_day = |day: i64, value, own_id| {
        let mut test = interval(HEATING_VALUE, day * 1440, 1440, value);
        test.slot.own_id = own_id;
        vec![test]
    };
    // 200 × (20 + 26)/2 × 0.0261 × 0.99 × 44/12 = 435.8178
    site.bring(Origin::Laboratory, of_day(0, 20_000, 7));
    site.bring(Origin::Laboratory, of_day(1, 26_000, 8));
    assert_eq!(site.figure(BOILER, month(1)).milligrams, 435_817_800_000);
    // The same value typed on a sheet is another test of the same coal.
    let typed = site.bring(Origin::Typed, of_day(1, 26_000, 0));
    assert_eq!(typed.accepted, 1);
    assert_eq!(site.figure(BOILER, month(1)).milligrams, 435_817_800_000);
    site.assert_sound();
    // Another one counts with its share of its day's mean: (20 + (26 + 27)/2)/2 = 23.25 GJ/t.
    site.bring(Origin::Typed, of_day(1, 27_000, 0));
    assert_eq!(site.figure(BOILER, month(1)).milligrams, 440_554_950_000);
    site.assert_sound();
    // Where the other day's test is gone the mean of its one sample is that of both months' hours.
    let first = site
        .journal
        .iter()
        .filter(|record| record.kind() == crate::engine::event::kind::READINGS);
    let first = first.map(|record| record.sequence).nth(2).unwrap();
    site.withdraw(first).unwrap();
    // 200 × 26.5 × 0.0261 × 0.99 × 44/12 = 502.1379
    assert_eq!(site.figure(BOILER, month(1)).milligrams, 502_137_900_000);
    site.assert_sound();
}

#[test]
fn a_months_composite_beside_tests_of_its_days_is_marked() {
    let mut site = Site::new();
    site.bring(
        Origin::Connector,
        (0..=60).map(|minute| reading(COAL, minute, 100_000)).collect(),
    );
    site.bring(Origin::Laboratory, vec![interval(HEATING_VALUE, 0, 1440, 20_000)]);
    // Tested twice: one sample, two values.
    let mut again = interval(HEATING_VALUE, 0, 1440, 20_200);
    again.slot.own_id = 1;
    site.bring(Origin::Laboratory, vec![again]);
    assert_eq!(site.figure(BOILER, month(1)).overlapping_hours, 0);
    let composite = site.bring(Origin::Laboratory, vec![interval(HEATING_VALUE, 0, 31 * 1440, 22_000)]);
    assert_eq!(site.figure(BOILER, month(1)).overlapping_hours, 1);
    site.assert_sound();
    site.withdraw(composite.sequence.unwrap()).unwrap();
    assert_eq!(site.figure(BOILER, month(1)).overlapping_hours, 0);
    site.assert_sound();
}

#[test]
fn a_counter_counts_through_its_rollover_with_its_multiplier() {
    let mut site = Site::new();
    site.bring(
        Origin::Connector,
        vec![
            reading(POWER, 0, 9_990_000),
            reading(POWER, 15, 9_995_000),
            reading(POWER, 30, 5_000),
            reading(POWER, 60, 15_000),
        ],
    );
    // (5 + 10 + 10) × 30 kWh = 0.75 MWh × 0.5703
    assert_eq!(site.year(GRID), 427_725_000);
    site.assert_sound();
}

#[test]
fn the_hour_that_runs_is_no_gap_and_hides_none() {
    let mut site = Site::young();
    let minutes = |from: i64, to: i64| {
        (from..=to)
            .map(|minute| reading(COAL, minute, 100_000))
            .collect::<Vec<_>>()
    };
    site.now = at(90);
    site.bring(Origin::Connector, minutes(0, 90));
    let gaps = |site: &Site| {
        let (engine, history, now) = (&site.engine, &site.history, site.engine.now());
        let gas = Gas::CarbonDioxide;
        let sum = engine.period_sum(history, BOOK, BOILER, gas, month(1)).unwrap();
        let running = engine.running(history, BOOK, BOILER, gas, now).unwrap();
        let hours = month(1).hours(&model().zone, 0);
        engine
            .figure_of(BOOK, BOILER, &sum, &running, hours, now)
            .incomplete_hours
    };
    assert_eq!(gaps(&site), 0, "half an hour of it is to come");
    let shown = |site: &mut Site| {
        let now = site.engine.now();
        let totals = site.engine.totals(&site.history, now).unwrap();
        (totals[0].day.incomplete_hours, totals[0].year.incomplete_hours)
    };
    let others = {
        let mut empty = Site::young();
        empty.now = at(90);
        empty.command(CommandBody::Tick).unwrap();
        shown(&mut empty)
    };
    assert_eq!(shown(&mut site), others);
    // Nothing comes for two hours, then it goes on: those are gaps, whatever there is of the hour that runs.
    site.now = at(280);
    site.bring(Origin::Connector, minutes(250, 280));
    assert_eq!(
        gaps(&site),
        3,
        "the rest of the second hour, the third, and the first minutes of the fourth are gone"
    );
    site.assert_sound();
}

#[test]
fn a_difference_is_never_taken_across_two_meters() {
    let mut site = Site::new();
    site.bring(
        Origin::Connector,
        vec![
            reading(POWER, 0, 1_000_000),
            reading(POWER, 60, 100_000),
            reading(POWER, 120, 110_000),
        ],
    );
    // A fall that nobody explained is missing: only the last hour counts.
    assert_eq!(site.year(GRID), 10 * 30 * 570_300);
    assert_eq!(site.figure(GRID, month(1)).incomplete_hours, 1);
    site.command(CommandBody::ChangeMeter(MeterChange {
        parameter: POWER,
        at: at(30),
        final_value: Some(1_004_000),
        initial_value: Some(90_000),
        serial: "2".to_owned(),
        multiplier: "60".to_owned(),
        rollover: None,
        reason: "replaced".to_owned(),
    }))
    .unwrap();
    // 4 × 30 with the old meter, (10 + 10) × 60 with the new one.
    assert_eq!(site.year(GRID), (4 * 30 + 20 * 60) * 570_300);
    assert_eq!(site.figure(GRID, month(1)).incomplete_hours, 0);
    site.assert_sound();
    site.replayed().assert_sound();
    assert_eq!(site.replayed().year(GRID), site.year(GRID));
}

#[test]
fn what_a_meter_cannot_have_counted_is_missing_and_not_posted() {
    let mut site = Site::new();
    // One reading shows zero, and the next stands where it should: 10 kWh an hour.
    let stands = [1_000, 1_010, 0, 1_030, 1_040];
    let readings = stands.iter().zip(0..);
    let readings = readings
        .map(|(stand, hour)| reading(POWER, hour * 60, stand * 1_000))
        .collect();
    site.bring(Origin::Connector, readings);
    // Nobody said what the meter can count: the rise from zero looks like any other.
    assert_eq!(site.year(GRID), (10 + 1_030 + 10) * 30 * 570_300);
    let mut limited = model();
    limited.parameters[1].capacity = Some(15_000.into());
    let restated = site.engine.plan_model(&site.history, &limited, None).unwrap();
    site.apply(limited);
    assert_eq!(site.year(GRID), (10 + 10) * 30 * 570_300);
    assert_eq!(site.figure(GRID, month(1)).incomplete_hours, 2);
    let told: i128 = restated.iter().map(|restated| restated.after - restated.before).sum();
    assert_eq!(told, -1_030 * 30 * 570_300);
    site.assert_sound();
    // The fall is rejected: the two hours are what the register counted over them.
    site.bring(
        Origin::Correction,
        vec![Incoming {
            quality: Quality::Bad,
            ..reading(POWER, 120, 0)
        }],
    );
    assert_eq!(site.year(GRID), 40 * 30 * 570_300);
    assert_eq!(site.figure(GRID, month(1)).incomplete_hours, 0);
    site.assert_sound();
}

#[test]
fn a_correction_stands_above_what_was_delivered_until_it_is_withdrawn() {
    let mut site = Site::new();
    site.bring(Origin::File, vec![interval(QUARTER, 0, 15, 1_000_000)]);
    let before = site.year(QUARTERS);
    assert_eq!(before, 570_300_000);
    let corrected = site.bring(Origin::Correction, vec![interval(QUARTER, 0, 15, 2_000_000)]);
    assert_eq!((corrected.accepted, corrected.replaced), (0, 1));
    assert_eq!(site.year(QUARTERS), 2 * before);
    // A redelivery does not win over a correction, and a version seen before is a duplicate for ever.
    assert_eq!(
        site.bring(Origin::File, vec![interval(QUARTER, 0, 15, 1_000_000)])
            .duplicate,
        1
    );
    assert_eq!(
        site.bring(Origin::File, vec![interval(QUARTER, 0, 15, 3_000_000)])
            .replaced,
        1
    );
    assert_eq!(site.year(QUARTERS), 2 * before);
    let correction = corrected.sequence.unwrap();
    assert!(matches!(site.withdraw(correction), Err(Refusal::Request(text)) if text.id == "withdrawal-rests"));
    let newest = site.journal.last().unwrap().sequence;
    assert!(matches!(site.withdraw(newest), Ok(Answer::Recorded(_))));
    assert!(matches!(site.withdraw(correction), Ok(Answer::Restated { .. })));
    assert_eq!(site.year(QUARTERS), before);
    assert!(matches!(site.withdraw(correction), Err(Refusal::Request(text)) if text.id == "withdrawal-nothing-stands"));
    site.assert_sound();
}

#[test]
fn exact_rules_keep_a_reading_out_and_say_so() {
    let mut site = Site::new();
    let mut bad = reading(COAL, 1, 100_000);
    bad.quality = Quality::Bad;
    let outcome = site.bring(
        Origin::Connector,
        vec![
            reading(COAL, 0, 60_000),
            bad,
            reading(COAL, 2, 200_000_000),
            reading(COAL, 3, 60_000),
        ],
    );
    assert_eq!((outcome.accepted, outcome.excluded), (4, 2));
    // 60 t/h for three minutes: the two in between do not count, and the gap is within the limit.
    // 3 t × 26.7 × 0.0261 × 0.99 × 44/12 = 7.5889143
    assert_eq!(site.year(BOILER), 7_588_914_300);
    site.assert_sound();
}

#[test]
fn readings_that_make_no_sense_are_refused_one_by_one() {
    let mut site = Site::new();
    let mut far = reading(COAL, 0, 1);
    far.slot.at = crate::domain::time::Instant(-62_000_000_000_000);
    let mut unknown = reading(COAL, 0, 1);
    unknown.parameter = crate::domain::identity::ParameterId(99);
    let mut future = reading(COAL, 0, 1);
    future.slot.at = site.now.plus(30 * 3_600_000);
    let outcome = site.bring(
        Origin::Connector,
        vec![far, unknown, future, reading(COAL, 0, i64::MAX), reading(COAL, 0, 5)],
    );
    let ids: Vec<(u32, &str)> = outcome
        .refused
        .iter()
        .map(|(place, text)| (*place, text.id.as_ref()))
        .collect();
    assert_eq!(
        ids,
        [
            (0, "reading-implausible-time"),
            (1, "reading-unknown-parameter"),
            (2, "reading-in-future"),
            (3, "reading-too-large")
        ]
    );
    assert_eq!(outcome.accepted, 1);
}

#[test]
fn a_gap_is_missing_and_marked_not_bridged() {
    let mut site = Site::new();
    site.bring(
        Origin::Connector,
        vec![reading(COAL, 0, 60_000), reading(COAL, 1, 60_000)],
    );
    site.bring(
        Origin::Connector,
        vec![reading(COAL, 200, 60_000), reading(COAL, 201, 60_000)],
    );
    let figure = site.figure(BOILER, month(1));
    // Two minutes at 60 t/h, and four hours that are touched and not covered.
    assert_eq!(figure.milligrams, 2 * 2_529_638_100);
    assert_eq!(figure.incomplete_hours, 4);
    // What was missing arrives late.
    site.bring(
        Origin::Connector,
        (0..=240).map(|minute| reading(COAL, minute, 60_000)).collect(),
    );
    let figure = site.figure(BOILER, month(1));
    assert_eq!((figure.milligrams, figure.incomplete_hours), (240 * 2_529_638_100, 0));
    site.assert_sound();
}

#[test]
fn trucks_of_one_minute_are_told_apart_by_their_tickets() {
    let mut site = Site::new();
    let truck = |own_id| {
        let mut truck = reading(OIL, 5, 1_000);
        truck.slot.own_id = own_id;
        truck
    };
    let outcome = site.bring(Origin::Typed, vec![truck(1), truck(2), truck(1)]);
    assert_eq!((outcome.accepted, outcome.duplicate), (2, 1));
    // 2 t × 0.8616 × 0.98 × 44/12 = 6.192032
    assert_eq!(site.year(START_UP), 6_192_032_000);
    assert_eq!(site.figure(START_UP, month(1)).incomplete_hours, 0);
}

#[test]
fn a_model_from_an_hour_on_leaves_the_hours_before_alone() {
    let mut site = Site::new();
    site.bring(
        Origin::File,
        vec![
            interval(QUARTER, 0, 60, 1_000_000),
            interval(QUARTER, 60, 60, 1_000_000),
        ],
    );
    let mut changed = model();
    changed.sources[3]
        .inputs
        .insert("grid_factor".to_owned(), constant("1", "tCO2/MWh"));
    let zone = PlantZone::parse("Asia/Shanghai").unwrap();
    let from = Some(zone.hour_of(at(60)));
    let planned = site.engine.plan_model(&site.history, &changed, from).unwrap();
    assert_eq!(planned.len(), 1);
    assert_eq!((planned[0].before, planned[0].after), (1_140_600_000, 1_570_300_000));
    assert_eq!(site.year(QUARTERS), 1_140_600_000);
    site.command(CommandBody::Apply {
        model: Box::new(changed),
        digest: "e".to_owned(),
        effective_from: from,
    })
    .unwrap();
    assert_eq!(site.year(QUARTERS), 1_570_300_000);
    site.assert_sound();
    // Taking the source away removes its cells; the other hours keep theirs.
    let mut without = model();
    without.sources.truncate(3);
    site.command(CommandBody::Apply {
        model: Box::new(without),
        digest: "f".to_owned(),
        effective_from: from,
    })
    .unwrap();
    assert_eq!(site.year(QUARTERS), 570_300_000);
    site.assert_sound();
    assert_eq!(site.replayed().year(QUARTERS), 570_300_000);
}

#[test]
fn an_amendment_keeps_what_earlier_dated_versions_say() {
    let mut site = Site::new();
    site.bring(
        Origin::File,
        vec![
            interval(QUARTER, 0, 60, 1_000_000),
            interval(QUARTER, 60, 60, 1_000_000),
            interval(QUARTER, 120, 60, 1_000_000),
        ],
    );
    assert_eq!(site.engine.newest_model_from(), None);
    let zone = PlantZone::parse("Asia/Shanghai").unwrap();
    let factor = |value: &str| {
        let mut changed = model();
        changed.sources[3]
            .inputs
            .insert("grid_factor".to_owned(), constant(value, "tCO2/MWh"));
        Box::new(changed)
    };
    let (second, third) = (zone.hour_of(at(60)), zone.hour_of(at(120)));
    for (value, from) in [("1", Some(second)), ("2", Some(third))] {
        let (model, digest) = (factor(value), value.to_owned());
        site.command(CommandBody::Apply {
            model,
            digest,
            effective_from: from,
        })
        .unwrap();
    }
    assert_eq!(site.engine.newest_model_from(), Some(third));
    assert_eq!(site.engine.dated_models_from(None), [second, third]);
    assert_eq!(site.engine.dated_models_from(Some(third)), [third]);
    assert_eq!(site.year(QUARTERS), 570_300_000 + 1_000_000_000 + 2_000_000_000);
    // From where the newest holds: the hour between keeps its factor.
    let amended = CommandBody::Apply {
        model: factor("3"),
        digest: "c".to_owned(),
        effective_from: site.engine.newest_model_from(),
    };
    site.command(amended).unwrap();
    assert_eq!(site.year(QUARTERS), 570_300_000 + 1_000_000_000 + 3_000_000_000);
    site.assert_sound();
    // From the beginning: no dated version is left.
    let (model, digest) = (factor("4"), "d".to_owned());
    site.command(CommandBody::Apply {
        model,
        digest,
        effective_from: None,
    })
    .unwrap();
    assert_eq!(site.year(QUARTERS), 12_000_000_000);
    assert_eq!(site.engine.newest_model_from(), None);
    assert_eq!(site.engine.dated_models_from(None), []);
    site.assert_sound();
    assert_eq!(site.replayed().year(QUARTERS), 12_000_000_000);
}

#[test]
fn what_cannot_be_in_force_is_refused_and_changes_nothing() {
    let mut site = Site::new();
    let mut moved = model();
    moved.zone = PlantZone::parse("Europe/Berlin").unwrap();
    let mut unit = model();
    unit.parameters[0].unit = crate::domain::unit::Unit::parse("kg/h").unwrap();
    let mut unbound = model();
    unbound.sources[0].inputs.remove("oxidation_factor");
    for (model, id) in [
        (moved, "model-zone-changes"),
        (unit, "model-parameter-changes"),
        (unbound, "model-does-not-bind"),
    ] {
        let refused = site.command(CommandBody::Apply {
            model: Box::new(model),
            digest: String::new(),
            effective_from: None,
        });
        assert!(
            matches!(&refused, Err(Refusal::Request(text)) if text.id == id),
            "{refused:?}"
        );
    }
    assert_eq!(site.journal.len(), 2);
    assert!(matches!(
        site.withdraw(crate::domain::identity::Sequence(1)),
        Err(Refusal::Request(_))
    ));
}

#[test]
fn totals_follow_the_plants_day_and_month() {
    let mut site = Site::new();
    // The plant's day begins at 08:00: 07:00 belongs to the day before, and both to January.
    site.bring(
        Origin::File,
        vec![
            interval(QUARTER, 7 * 60, 15, 1_000_000),
            interval(QUARTER, 8 * 60, 15, 1_000_000),
        ],
    );
    let history = site.history.clone();
    let totals = site.engine.totals(&history, at(8 * 60 + 30)).unwrap();
    assert_eq!(totals[0].day.milligrams, 570_300_000);
    assert_eq!(totals[0].month.milligrams, 1_140_600_000);
    assert_eq!(totals[0].year.milligrams, 1_140_600_000);
    // 1000 kWh in a quarter hour: 4 MWh an hour.
    // The boiler has no reading; that does not hide the others' rate.
    assert_eq!(totals[0].rate, Some(2_281_200_000));
}

#[test]
fn a_step_of_days_or_months_never_widens_the_period_asked_for() {
    use crate::engine::view::{LedgerQuestion, Step};
    let mut site = Site::new();
    // A megawatt-hour in every hour of January and February.
    let hours = (0..59 * 24)
        .map(|hour| interval(QUARTER, hour * 60, 60, 1_000_000))
        .collect();
    site.bring(Origin::File, hours);
    let zone = model().zone;
    let stretch = Period::Hours(zone.hour_of(at(10 * 60)), zone.hour_of(at(40 * 1440 + 60)));
    let total = |step| {
        let table = site
            .engine
            .ledger(&site.history, &LedgerQuestion::of(stretch, step))
            .unwrap();
        (table.rows[0].total.milligrams, table.direct.milligrams)
    };
    let hours = 40 * 24 + 1 - 10;
    assert_eq!(total(Step::Whole), (hours * 570_300_000, 0));
    for step in [Step::Hour, Step::Day, Step::Month] {
        assert_eq!(total(step), total(Step::Whole), "{step:?}");
    }
}

#[test]
fn hours_of_which_nothing_is_known_are_not_silently_nothing() {
    use crate::engine::view::{LedgerQuestion, Step};
    let mut site = Site::new();
    site.bring(Origin::File, vec![interval(QUARTER, 0, 60, 1_000_000)]);
    let table = site
        .engine
        .ledger(&site.history, &LedgerQuestion::of(month(1), Step::Whole))
        .unwrap();
    // January but its first hour; the other sources have never had a quantity.
    assert_eq!(table.rows[0].total.incomplete_hours, 31 * 24 - 1);
}

#[test]
fn a_correction_that_could_not_count_is_refused() {
    let mut site = Site::new();
    site.bring(
        Origin::Connector,
        vec![reading(COAL, 0, 60_000), reading(COAL, 1, 60_000)],
    );
    let before = site.year(BOILER);
    let outcome = site.bring(Origin::Correction, vec![reading(COAL, 0, 200_000_000)]);
    assert_eq!(outcome.refused.len(), 1);
    let text = Text::new("correction-out-of-range").with("value", "200000");
    assert_eq!(outcome.refused[0].1, text);
    assert_eq!(site.year(BOILER), before);
}

#[test]
fn a_correction_back_to_an_earlier_value_holds() {
    let mut site = Site::new();
    site.bring(Origin::File, vec![interval(QUARTER, 0, 15, 1_000_000)]);
    for value in [2_000_000, 9_000_000, 2_000_000] {
        assert_eq!(
            site.bring(Origin::Correction, vec![interval(QUARTER, 0, 15, value)])
                .replaced,
            1
        );
    }
    assert_eq!(site.year(QUARTERS), 2 * 570_300_000);
    assert_eq!(
        site.bring(Origin::Correction, vec![interval(QUARTER, 0, 15, 2_000_000)])
            .duplicate,
        1
    );
    site.assert_sound();
}

#[test]
fn an_instant_of_the_laboratory_belongs_to_its_month_alone() {
    let mut changed = model();
    for parameter in &mut changed.parameters {
        if parameter.id == HEATING_VALUE {
            parameter.gap_limit_ms = 93 * 86_400_000;
        }
    }
    let mut site = Site::bare();
    site.apply(changed);
    for day in [5, 40] {
        site.bring(
            Origin::Connector,
            (0..=60)
                .map(|minute| reading(COAL, day * 1440 + minute, 100_000))
                .collect(),
        );
    }
    let february = site.figure(BOILER, month(2));
    let test = |minutes, value| crate::domain::reading::Incoming {
        parameter: HEATING_VALUE,
        ..reading(HEATING_VALUE, minutes, value)
    };
    site.bring(Origin::Laboratory, vec![test(14 * 1440, 20_000)]);
    assert_eq!(site.figure(BOILER, month(1)).milligrams, 189_486_000_000);
    assert_eq!(site.figure(BOILER, month(2)), february);
    // A month by the plant's day, eight hours into the next, is that month's test alone.
    site.bring(
        Origin::Laboratory,
        vec![interval(HEATING_VALUE, 31 * 1440 + 480, 28 * 1440, 24_000)],
    );
    assert_eq!(site.figure(BOILER, month(1)).milligrams, 189_486_000_000);
    // 100 × 24 × 0.0261 × 0.99 × 44/12 = 227.3832
    assert_eq!(site.figure(BOILER, month(2)).milligrams, 227_383_200_000);
    site.assert_sound();
}

#[test]
fn a_wrong_meter_change_can_be_taken_back_and_keeps_what_it_does_not_name() {
    let mut site = Site::new();
    site.bring(
        Origin::Connector,
        vec![
            reading(POWER, 0, 100_000),
            reading(POWER, 60, 101_000),
            reading(POWER, 120, 102_000),
        ],
    );
    let before = site.year(GRID);
    let change = |last| MeterChange {
        parameter: POWER,
        at: at(60),
        final_value: Some(last),
        initial_value: Some(101_000),
        serial: "2".to_owned(),
        multiplier: String::new(),
        rollover: None,
        reason: "test".to_owned(),
    };
    let refused = site.command(CommandBody::ChangeMeter(change(90_000)));
    assert!(matches!(refused, Err(Refusal::Request(text)) if text.id == "meter-change-final-below"));
    // The multiplier that is not named is the one in force, so nothing changes.
    site.command(CommandBody::ChangeMeter(change(101_000))).unwrap();
    assert_eq!(site.year(GRID), before);
    let wrong = site.journal.last().unwrap().sequence;
    site.withdraw(wrong).unwrap();
    assert!(matches!(site.withdraw(wrong), Err(Refusal::Request(text)) if text.id == "withdrawal-nothing-stands"));
    site.command(CommandBody::ChangeMeter(MeterChange {
        multiplier: "60".to_owned(),
        ..change(101_000)
    }))
    .unwrap();
    assert_eq!(site.year(GRID), before / 2 * 3);
    site.assert_sound();
    assert_eq!(site.replayed().year(GRID), site.year(GRID));
}

#[test]
fn overlapping_intervals_are_marked() {
    let mut site = Site::new();
    site.bring(Origin::File, vec![interval(QUARTER, 0, 60, 1_000_000)]);
    assert_eq!(site.figure(QUARTERS, month(1)).overlapping_hours, 0);
    site.bring(Origin::File, vec![interval(QUARTER, 0, 15, 250_000)]);
    assert_eq!(site.figure(QUARTERS, month(1)).overlapping_hours, 1);
    site.assert_sound();
}

#[test]
fn what_would_take_for_ever_is_refused_or_cut() {
    use crate::domain::time::Hour;
    use crate::engine::view::{LedgerQuestion, Step};
    let mut site = Site::new();
    let mut century = interval(QUARTER, 0, 60, 1);
    century.slot.span_s = u32::MAX / 2;
    assert_eq!(
        site.bring(Origin::File, vec![century]).refused[0].1.id,
        "reading-too-long"
    );
    site.bring(Origin::File, vec![interval(QUARTER, 0, 60, 1_000_000)]);
    let ever = Period::Hours(Hour(i32::MIN), Hour(i32::MAX));
    let table = site
        .engine
        .ledger(&site.history, &LedgerQuestion::of(ever, Step::Whole))
        .unwrap();
    assert_eq!(table.rows[0].total.milligrams, 570_300_000);
}

#[test]
fn a_register_never_stands_beyond_its_rollover() {
    let mut site = Site::new();
    let outcome = site.bring(
        Origin::Connector,
        vec![
            reading(POWER, 0, 1_000),
            reading(POWER, 15, 12_000_000),
            reading(POWER, 30, 3_000),
        ],
    );
    assert_eq!(outcome.excluded, 1);
    assert_eq!(site.year(GRID), 2 * 30 * 570_300);
    site.assert_sound();
}
