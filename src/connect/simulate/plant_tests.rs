use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::connect::simulate::load::load_model;
use crate::connect::simulate::scenario::small_model;
use crate::domain::decimal::count;
use crate::domain::model::Parameter;
use crate::domain::reading::ParameterKind;

/// 2026-01-20 00:00 in Shanghai.
const START: Instant = Instant(1_768_838_400_000);
const MINUTE: i64 = 60_000;

fn taken(plant: &mut Plant, from: Instant, to: Instant) -> Vec<Delivery> {
    plant.deliveries(from, to).collect()
}

fn parameter_of(model: &SiteModel, kind: ParameterKind) -> &Parameter {
    model
        .parameters
        .iter()
        .find(|parameter| parameter.kind == kind)
        .unwrap()
}

/// First delivery of each slot of a parameter, by slot.
fn by_slot(deliveries: &[Delivery], parameter: ParameterId) -> BTreeMap<Slot, Delivery> {
    let mut slots = BTreeMap::new();
    for delivery in deliveries
        .iter()
        .filter(|delivery| delivery.incoming.parameter == parameter)
    {
        slots.entry(delivery.incoming.slot).or_insert(*delivery);
    }
    slots
}

#[test]
fn the_same_seed_gives_the_same_deliveries_and_another_seed_others() {
    let model = small_model().unwrap();
    let until = START.plus(2 * DAY_MS);
    let first = taken(&mut Plant::new(&model, 1).unwrap(), START, until);
    let again = taken(&mut Plant::new(&model, 1).unwrap(), START, until);
    let other = taken(&mut Plant::new(&model, 2).unwrap(), START, until);
    assert!(first.len() > 1_000);
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[test]
fn what_a_seed_gives_never_changes() {
    // Demo histories and recorded benches rest on it: a change of this digest is another simulator.
    let model = small_model().unwrap();
    let mut hasher = blake3::Hasher::new();
    for delivery in taken(&mut Plant::new(&model, 1).unwrap(), START, START.plus(20 * DAY_MS)) {
        let Incoming {
            parameter, slot, value, ..
        } = delivery.incoming;
        hasher.update(&delivery.arrives.0.to_le_bytes());
        hasher.update(&parameter.0.to_le_bytes());
        hasher.update(&slot.at.0.to_le_bytes());
        hasher.update(&value.to_le_bytes());
    }
    assert_eq!(hasher.finalize().to_hex().get(..16), Some("26c577f9240ea632"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    #[test]
    fn starting_later_gives_the_tail_of_starting_earlier(seed in 0_u64..50, minutes in 1_i64..800, odd in 0_i64..60_000) {
        let model = load_model(14, 8).unwrap();
        let until = START.plus(14 * HOUR_MS);
        let whole = taken(&mut Plant::new(&model, seed).unwrap(), START, until);
        let later = START.plus(minutes * MINUTE + odd);
        let tail = taken(&mut Plant::new(&model, seed).unwrap(), later, until);
        let expected: Vec<Delivery> = whole.into_iter().filter(|delivery| delivery.arrives >= later).collect();
        prop_assert_eq!(tail.len(), expected.len());
        prop_assert!(tail == expected);
    }

    #[test]
    fn many_short_windows_give_what_one_long_one_gives(seed in 0_u64..50, window in 1_i64..400_000) {
        let model = small_model().unwrap();
        let until = START.plus(6 * HOUR_MS);
        let whole = taken(&mut Plant::new(&model, seed).unwrap(), START, until);
        let mut plant = Plant::new(&model, seed).unwrap();
        let mut pieces = Vec::new();
        let mut at = START;
        while at < until {
            let next = at.plus(window * 37).min(until);
            pieces.extend(plant.deliveries(at, next));
            at = next;
        }
        prop_assert!(pieces == whole);
    }
}

#[test]
fn a_stream_that_was_not_read_to_its_end_does_no_harm() {
    let model = small_model().unwrap();
    let mut plant = Plant::new(&model, 3).unwrap();
    let (middle, end) = (START.plus(HOUR_MS), START.plus(2 * HOUR_MS));
    assert_eq!(plant.deliveries(START, middle).take(5).count(), 5);
    let rest = taken(&mut plant, middle, end);
    assert_eq!(rest, taken(&mut Plant::new(&model, 3).unwrap(), middle, end));
}

#[test]
fn deliveries_stand_in_the_order_of_their_arrival() {
    let model = load_model(60, 12).unwrap();
    let until = START.plus(12 * HOUR_MS);
    let deliveries = taken(&mut Plant::new(&model, 4).unwrap(), START, until);
    assert!(deliveries.is_sorted_by_key(|delivery| delivery.arrives));
    assert!(deliveries.iter().all(|delivery| {
        delivery.arrives >= START
            && delivery.arrives < until
            && delivery.origin == Origin::Simulated
            && delivery.arrives >= delivery.incoming.slot.end()
    }));
}

#[test]
fn without_imperfections_every_reading_comes_once_and_in_order() {
    let model = load_model(60, 12).unwrap();
    let mut plant = Plant::with_imperfections(&model, 5, Imperfections::NONE).unwrap();
    let deliveries = taken(&mut plant, START, START.plus(6 * HOUR_MS));
    for parameter in &model.parameters {
        let slots: Vec<Slot> = deliveries
            .iter()
            .filter(|delivery| delivery.incoming.parameter == parameter.id)
            .map(|delivery| delivery.incoming.slot)
            .collect();
        assert!(slots.is_sorted(), "{}", parameter.tag);
        if parameter.interval_ms > 0 {
            assert_eq!(
                i64::try_from(slots.len()).unwrap(),
                6 * HOUR_MS / parameter.interval_ms,
                "{}",
                parameter.tag
            );
        }
    }
}

#[test]
fn things_go_wrong_as_they_do_in_plants() {
    let model = load_model(16, 12).unwrap();
    let days = 8;
    let deliveries = taken(&mut Plant::new(&model, 6).unwrap(), START, START.plus(days * DAY_MS));
    let coal = parameter_of(&model, ParameterKind::Flow);
    let highest = count(coal.possible.high.unwrap(), coal.decimals).unwrap().count;
    let mut seen = BTreeSet::new();
    let mut newest = Instant(0);
    let (mut repeated, mut late, mut overtaken, mut outside, mut marked) = (0, 0, 0, 0, 0);
    for delivery in deliveries
        .iter()
        .filter(|delivery| delivery.incoming.parameter == coal.id)
    {
        let reading = delivery.incoming;
        repeated += u32::from(!seen.insert(reading.slot));
        late += u32::from(delivery.arrives.since(reading.slot.at) > 5 * MINUTE);
        overtaken += u32::from(reading.slot.at < newest && delivery.arrives.since(reading.slot.at) < 3 * MINUTE);
        newest = newest.max(reading.slot.at);
        outside += u32::from(reading.value > highest);
        marked += u32::from(reading.quality != Quality::Good);
    }
    let expected = usize::try_from(days * DAY_MS / coal.interval_ms).unwrap();
    assert!(seen.len() < expected - 20, "no gaps: {} of {expected}", seen.len());
    assert!(
        seen.len() > expected * 9 / 10,
        "mostly gaps: {} of {expected}",
        seen.len()
    );
    assert!(repeated > 30, "{repeated} repeated");
    assert!(late > 100, "{late} late");
    assert!(overtaken > 20, "{overtaken} overtaken");
    assert!(outside > 0, "no spikes");
    assert!(marked > 5, "{marked} marked");
    // A stuck sensor: the same value for at least twenty minutes, while it is not at rest.
    let stuck = model
        .parameters
        .iter()
        .filter(|parameter| parameter.kind == ParameterKind::Flow)
        .any(|parameter| {
            let values: Vec<i64> = by_slot(&deliveries, parameter.id)
                .values()
                .map(|delivery| delivery.incoming.value)
                .collect();
            values
                .chunk_by(|one, two| one == two)
                .any(|run| run.len() > 115 && run[0] > 0)
        });
    assert!(stuck, "no sensor was stuck");
}

#[test]
fn each_imperfection_can_be_switched_off() {
    let model = load_model(6, 4).unwrap();
    let coal = parameter_of(&model, ParameterKind::Flow).id;
    let of_coal = |imperfections| -> Vec<Delivery> {
        let mut plant = Plant::with_imperfections(&model, 6, imperfections).unwrap();
        let until = START.plus(6 * DAY_MS);
        plant
            .deliveries(START, until)
            .filter(|delivery| delivery.incoming.parameter == coal)
            .collect()
    };
    let expected = usize::try_from(6 * DAY_MS / 10_000).unwrap();
    let without_gaps = of_coal(
        Imperfections::ALL
            .without(Imperfection::Gaps)
            .without(Imperfection::Late),
    );
    assert_eq!(by_slot(&without_gaps, coal).len(), expected);
    let once = of_coal(Imperfections::ALL.without(Imperfection::Duplicates));
    assert_eq!(by_slot(&once, coal).len(), once.len());
    let good = of_coal(Imperfections::ALL.without(Imperfection::QualityMarks));
    assert!(good.iter().all(|delivery| delivery.incoming.quality == Quality::Good));
    let steady = of_coal(Imperfections::NONE.with(Imperfection::OutOfOrder));
    assert_eq!(steady.len(), expected);
    assert!(!steady.is_sorted_by_key(|delivery| delivery.incoming.slot));
}

#[test]
fn totalisers_never_run_backwards_and_roll_over() {
    let model = load_model(10, 8).unwrap();
    let days = 12;
    let deliveries = taken(&mut Plant::new(&model, 7).unwrap(), START, START.plus(days * DAY_MS));
    let mut rolled = 0;
    for parameter in model
        .parameters
        .iter()
        .filter(|parameter| parameter.kind == ParameterKind::Counter)
    {
        let values: Vec<i64> = by_slot(&deliveries, parameter.id)
            .values()
            .map(|delivery| delivery.incoming.value)
            .collect();
        let modulus = 10_000 * 100;
        assert!(values.len() > 10_000);
        for pair in values.windows(2) {
            assert!((0..modulus).contains(&pair[1]));
            let step = (pair[1] - pair[0]).rem_euclid(modulus);
            assert!(step < modulus / 4, "{} after {}", pair[1], pair[0]);
            rolled += u32::from(pair[1] < pair[0]);
        }
    }
    assert!(rolled >= 1, "no register rolled over");
}

#[test]
fn meters_count_what_truly_happened() {
    let model = load_model(30, 8).unwrap();
    let mut plant = Plant::with_imperfections(&model, 8, Imperfections::ALL.without(Imperfection::Gaps)).unwrap();
    let (from, to) = (START, START.plus(3 * DAY_MS));
    // Half a day more, for what comes late.
    let deliveries = taken(&mut plant, from, to.plus(DAY_MS / 2));
    for parameter in &model.parameters {
        let Some(truth) = plant.truth(parameter.id, from, to) else {
            assert!(matches!(parameter.kind, ParameterKind::State | ParameterKind::Property));
            continue;
        };
        let slots = by_slot(&deliveries, parameter.id);
        let inside = || {
            let readings = slots.values().map(|delivery| delivery.incoming);
            readings.filter(|incoming| (from..to).contains(&incoming.slot.at))
        };
        let unit = Decimal::from(10_i64.pow(parameter.decimals));
        let (measured, tolerance) = match parameter.kind {
            ParameterKind::Flow => {
                let good = inside()
                    .filter(|incoming| incoming.quality != Quality::Bad)
                    .collect::<Vec<_>>();
                let mean =
                    Decimal::from(good.iter().map(|incoming| incoming.value).sum::<i64>()) / Decimal::from(good.len());
                // Drift, a stuck sensor and a spike or two.
                (mean / unit * Decimal::from(72), truth * Decimal::new(5, 2))
            }
            ParameterKind::Counter => {
                let values: Vec<i64> = slots
                    .values()
                    .filter(|delivery| (from..=to).contains(&delivery.incoming.slot.at))
                    .map(|delivery| delivery.incoming.value)
                    .collect();
                let counted: i64 = values
                    .windows(2)
                    .map(|pair| (pair[1] - pair[0]).rem_euclid(1_000_000))
                    .sum();
                // The first reading stands at the start, unless it was lost.
                (
                    Decimal::from(counted) / unit * Decimal::from(200),
                    Decimal::from(10) + truth * Decimal::new(1, 3),
                )
            }
            ParameterKind::Amount => (
                Decimal::from(inside().map(|incoming| incoming.value).sum::<i64>()) / unit,
                Decimal::new(1, parameter.decimals),
            ),
            ParameterKind::Property | ParameterKind::State => panic!("{} has no quantity", parameter.tag),
        };
        assert!(
            (measured - truth).abs() <= tolerance,
            "{}: measured {measured}, truly {truth}",
            parameter.tag
        );
    }
}

#[test]
fn values_are_plausible() {
    let model = load_model(24, 12).unwrap();
    let imperfections = Imperfections::ALL
        .without(Imperfection::Spikes)
        .without(Imperfection::QualityMarks);
    let mut plant = Plant::with_imperfections(&model, 9, imperfections).unwrap();
    let deliveries = taken(&mut plant, START, START.plus(6 * DAY_MS));
    for parameter in &model.parameters {
        let limit = |limit: Option<Decimal>| limit.map(|limit| count(limit, parameter.decimals).unwrap().count);
        let low = limit(parameter.possible.low).unwrap_or(0);
        let high = limit(parameter.possible.high).unwrap_or(LARGEST_COUNT);
        for delivery in deliveries
            .iter()
            .filter(|delivery| delivery.incoming.parameter == parameter.id)
        {
            let value = delivery.incoming.value;
            assert!((low..=high).contains(&value), "{} shows {value}", parameter.tag);
        }
    }
}

#[test]
fn laboratories_report_some_days_after_the_month_and_sometimes_again() {
    let model = small_model().unwrap();
    let mut sample = parameter_of(&model, ParameterKind::Property).clone();
    sample.interval_ms = 0;
    let model = SiteModel {
        parameters: vec![sample],
        ..model
    };
    let deliveries = taken(&mut Plant::new(&model, 10).unwrap(), START, START.plus(1_000 * DAY_MS));
    let mut months: BTreeMap<Slot, Vec<Delivery>> = BTreeMap::new();
    for delivery in &deliveries {
        months.entry(delivery.incoming.slot).or_default().push(*delivery);
    }
    assert!((31..=33).contains(&months.len()), "{}", months.len());
    for (slot, reports) in &months {
        let days = reports[0].arrives.since(slot.end()) / DAY_MS;
        assert!((3..=6).contains(&days), "{days} days after {}", slot.end());
        assert_ne!(slot.own_id, 0);
        let local = model.zone.local(slot.at);
        assert_eq!(local.format("%d %H:%M").to_string(), "01 00:00");
    }
    assert!(
        months.values().any(|reports| reports.len() > 1),
        "nothing was reported again"
    );
    let revised = |reports: &Vec<Delivery>| {
        reports
            .iter()
            .any(|report| report.incoming.value != reports[0].incoming.value)
    };
    assert!(months.values().any(revised), "nothing was revised");
}

#[test]
fn monthly_invoices_are_for_calendar_months_and_add_up() {
    let model = small_model().unwrap();
    let mut invoice = parameter_of(&model, ParameterKind::Amount).clone();
    invoice.interval_ms = 30 * DAY_MS;
    let id = invoice.id;
    let model = SiteModel {
        parameters: vec![invoice],
        ..model
    };
    let mut plant = Plant::new(&model, 13).unwrap();
    let deliveries = taken(&mut plant, START, START.plus(200 * DAY_MS));
    let slots = by_slot(&deliveries, id);
    assert!((6..=7).contains(&slots.len()), "{}", slots.len());
    let first = slots.keys().next().unwrap().at;
    let last = slots.keys().next_back().unwrap().end();
    let sum: i64 = slots.values().map(|delivery| delivery.incoming.value).sum();
    let truth = plant.truth(id, first, last).unwrap();
    assert!(
        (Decimal::new(sum, 3) - truth).abs() <= Decimal::new(1, 3),
        "{sum} {truth}"
    );
    assert!(
        slots
            .keys()
            .zip(slots.keys().skip(1))
            .all(|(one, next)| one.end() == next.at)
    );
}

#[test]
fn every_template_of_a_site_can_be_simulated() {
    for template in crate::site::TEMPLATES {
        let rules = crate::catalogue::rule_set().unwrap();
        let proposal = crate::site::read(template.text, "site.toml", rules).unwrap();
        let model = crate::site::assign(&proposal, None).unwrap();
        let mut plant = Plant::new(&model, 1).unwrap_or_else(|error| panic!("{}: {error}", template.name));
        let deliveries = taken(&mut plant, START, START.plus(2 * DAY_MS));
        let told: BTreeSet<ParameterId> = deliveries.iter().map(|delivery| delivery.incoming.parameter).collect();
        let often = model
            .parameters
            .iter()
            .filter(|parameter| (1..DAY_MS).contains(&parameter.interval_ms));
        for parameter in often {
            assert!(told.contains(&parameter.id), "{}: {}", template.name, parameter.tag);
        }
    }
}

#[test]
fn trucks_come_with_tickets_in_working_hours() {
    let model = small_model().unwrap();
    let mut truck = parameter_of(&model, ParameterKind::Amount).clone();
    truck.interval_ms = 0;
    truck.unit = crate::domain::unit::Unit::parse("t").unwrap();
    let model = SiteModel {
        parameters: vec![truck],
        ..model
    };
    let deliveries = taken(&mut Plant::new(&model, 11).unwrap(), START, START.plus(30 * DAY_MS));
    let tickets: BTreeSet<u64> = deliveries
        .iter()
        .map(|delivery| delivery.incoming.slot.own_id)
        .collect();
    assert!((500..900).contains(&tickets.len()), "{}", tickets.len());
    assert!(deliveries.len() > tickets.len(), "no ticket was read twice");
    for delivery in &deliveries {
        let hour = model
            .zone
            .local(delivery.incoming.slot.at)
            .format("%H")
            .to_string()
            .parse::<u32>()
            .unwrap();
        assert!((6..=21).contains(&hour));
        assert!(
            (20_000..=40_000).contains(&delivery.incoming.value),
            "{}",
            delivery.incoming.value
        );
    }
}

#[test]
fn a_model_that_cannot_be_simulated_is_refused() {
    let mut model = small_model().unwrap();
    model.parameters[0].possible.high = Some(Decimal::MAX);
    assert_eq!(
        Plant::new(&model, 1).unwrap_err(),
        SimulateError::Scale { tag: "COAL".into() }
    );
    model.parameters.clear();
    assert_eq!(Plant::new(&model, 1).unwrap_err(), SimulateError::NothingToSimulate);
}
