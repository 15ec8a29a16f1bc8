//! Random histories: out of order, doubled, corrected, withdrawn, restated, with checkpoints and crashes between.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::domain::actor::Role;
use crate::domain::identity::Sequence;
use crate::domain::missing::{
    Careful, FixedAmount, LoadBands, MissingPlan, MissingRule, TakeOfMonths, TierTable, UntestedPlan,
};
use crate::domain::model::SiteModel;
use crate::domain::period::Period;
use crate::domain::reading::{Incoming, Origin, Quality};
use crate::domain::time::{Instant, Month};
use crate::engine::Engine;
use crate::engine::closing::CloseMonth;
use crate::engine::command::{Answer, CommandBody, MeterChange, Refusal};
use crate::engine::history::History;
use crate::engine::known::AsKnown;
use crate::engine::view::Figure;
use crate::engine::view::LedgerQuestion;

use super::plant::{
    BOILER, CARBON, COAL, GRID, HEATING_VALUE, NEW_YEAR, OIL, OXYGEN, POWER, QUARTER, QUARTERS, START_UP, Site, at,
    constant, interval, model, reading,
};

/// Cases in the ordinary run; `CARBONWATCH_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("CARBONWATCH_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(1000)
}

const JANUARY: Month = Month { year: 2025, month: 1 };
/// When January 2025 may be sealed.
const LONG_AFTER: Instant = NEW_YEAR.plus(2_000 * 86_400_000);

#[derive(Debug, Clone)]
enum Step {
    Bring(Origin, Vec<Incoming>),
    Withdraw(usize),
    ChangeMeter(i64, Option<i64>, Option<i64>, u32),
    ChangeModel(u8, Option<i64>),
    Adopt,
    Seal,
    Close(u8),
    Checkpoint,
    Crash,
    Pass(i64),
}

fn arbitrary_reading() -> impl Strategy<Value = Incoming> {
    // A few days around the turn of a month, so that months and years have edges.
    let minutes = prop_oneof![0i64..4_000, 30i64 * 1440..33 * 1440, Just(0i64)];
    (minutes, 0u8..10, 0i64..20_000_000, 0u8..12, 0u64..3).prop_map(|(minutes, which, value, quality, own_id)| {
        let mut incoming = match which {
            0..=2 => reading(COAL, minutes, value / 100),
            3 | 4 => reading(POWER, minutes / 5 * 5, value / 2),
            5 => {
                let mut truck = reading(OIL, minutes, value / 1000);
                truck.slot.own_id = own_id;
                truck
            }
            6 => {
                let days = 1 + u32::try_from(value % 31).unwrap();
                let mut test = interval(
                    HEATING_VALUE,
                    minutes / 1440 * 1440,
                    1440 * days,
                    20_000 + value % 9_000,
                );
                // Of one day a report and what was typed, now and then.
                test.slot.own_id = own_id;
                test
            }
            7 => interval(CARBON, minutes, u32::try_from(value % 3_000).unwrap(), 20 + value % 9),
            8 => reading(OXYGEN, minutes, value),
            _ => interval(
                QUARTER,
                minutes / 15 * 15,
                15 + 45 * u32::try_from(value % 2).unwrap(),
                value / 10,
            ),
        };
        incoming.quality = match quality {
            0 => Quality::Bad,
            1 => Quality::Uncertain,
            _ => Quality::Good,
        };
        incoming
    })
}

fn arbitrary_step() -> impl Strategy<Value = Step> {
    let origin = prop_oneof![
        4 => Just(Origin::Connector),
        2 => Just(Origin::File),
        1 => Just(Origin::Typed),
        1 => Just(Origin::Laboratory),
        1 => Just(Origin::Correction),
    ];
    prop_oneof![
        10 => (origin, proptest::collection::vec(arbitrary_reading(), 1..40)).prop_map(|(origin, readings)| Step::Bring(origin, readings)),
        2 => (0usize..40).prop_map(Step::Withdraw),
        1 => (0i64..4_000, proptest::option::of(0i64..10_000_000), proptest::option::of(0i64..10_000_000), 1u32..100)
            .prop_map(|(minutes, last, first, multiplier)| Step::ChangeMeter(minutes, last, first, multiplier)),
        1 => (0u8..12, proptest::option::of(0i64..45_000)).prop_map(|(which, from)| Step::ChangeModel(which, from)),
        1 => Just(Step::Adopt),
        1 => Just(Step::Seal),
        1 => (0u8..3).prop_map(Step::Close),
        2 => Just(Step::Checkpoint),
        2 => Just(Step::Crash),
        4 => (0i64..60_000).prop_map(Step::Pass),
    ]
}

/// Fills missing hours of everything that is awaited by a rule.
fn fill(model: &mut SiteModel, rule: &MissingRule) {
    for parameter in &mut model.parameters {
        if [COAL, POWER, QUARTER].contains(&parameter.id) {
            parameter.missing = Some(MissingPlan {
                rule: rule.clone(),
                careful: Careful::High,
                otherwise: Some(FixedAmount {
                    value: 90.into(),
                    origin: "test".to_owned(),
                }),
                wait_ms: None,
                longest_hours: Some(50),
            });
        }
    }
}

/// Lets the tested months of a year stand for the others.
fn untested(model: &mut SiteModel, least_months: u32, take: TakeOfMonths) {
    for parameter in &mut model.parameters {
        if [HEATING_VALUE, CARBON].contains(&parameter.id) {
            parameter.untested = Some(UntestedPlan { least_months, take });
        }
    }
}

/// A change from before the seal on is refused; any other refusal is a mistake of the test.
fn refused_for_seal(site: &Site, refusal: Refusal) -> Result<Answer, Refusal> {
    match &refusal {
        Refusal::Request(text) if text.id == "sealed-model" && site.engine.sealed().is_some() => Ok(Answer::Done),
        _ => Err(refusal),
    }
}

/// Every source by month, in milligrams.
fn totals(engine: &Engine, history: &dyn History) -> Vec<i128> {
    let table = engine
        .ledger(
            history,
            &LedgerQuestion::of(Period::Year(2025), crate::engine::view::Step::Month),
        )
        .unwrap();
    table
        .rows
        .iter()
        .flat_map(|row| row.figures.iter().map(|figure| figure.milligrams))
        .collect()
}

/// What was shown after a step.
struct Seen {
    /// The first record of the stretch in which the step's record changed something that had settled.
    stretch: Option<Sequence>,
    last: Sequence,
    at: Instant,
    shown: Vec<i128>,
}

/// What the sealed month came to.
fn january(site: &Site) -> Vec<Figure> {
    [BOILER, GRID, START_UP, QUARTERS]
        .iter()
        .map(|&source| site.figure(source, Period::Month(JANUARY)))
        .collect()
}

fn take(site: &mut Site, step: Step) {
    match step {
        Step::Bring(origin, readings) => {
            let count = readings.len() as u64;
            let outcome = site.bring(origin, readings);
            assert_eq!(
                outcome.accepted + outcome.duplicate + outcome.replaced + outcome.refused.len() as u64,
                count
            );
        }
        Step::Withdraw(place) => {
            if let Some(record) = site.journal.get(place).cloned() {
                let _ = site.withdraw(record.sequence);
            }
        }
        Step::ChangeMeter(minutes, final_value, initial_value, multiplier) => {
            let _ = site.command(CommandBody::ChangeMeter(MeterChange {
                parameter: POWER,
                at: at(minutes),
                final_value,
                initial_value,
                serial: "n".to_owned(),
                multiplier: multiplier.to_string(),
                rollover: Some("10000".to_owned()),
                reason: "test".to_owned(),
            }));
        }
        Step::ChangeModel(which, from) => {
            let mut changed = model();
            match which {
                0 => changed.parameters[0].gap_limit_ms = 600_000,
                1 => changed.parameters[0].integration = crate::domain::model::Integration::Step,
                2 => {
                    changed.sources[1]
                        .inputs
                        .insert("grid_factor".to_owned(), constant("0.9", "tCO2/MWh"));
                }
                3 => {
                    changed.meters[0].multiplier = 77.into();
                    changed.parameters[1].capacity = Some(200_000.into());
                }
                4 => changed.parameters[6].origins = vec![Origin::Typed, Origin::File, Origin::Connector],
                5 => {
                    for parameter in &mut changed.parameters {
                        parameter.origins = vec![Origin::File, Origin::Laboratory, Origin::Typed, Origin::Connector];
                    }
                }
                6 => {
                    changed.sources.remove(2);
                }
                7 => fill(&mut changed, &MissingRule::Neighbours),
                8 => {
                    fill(&mut changed, &MissingRule::PreviousDays { days: 3 });
                    changed.books[0].measured_only = from.is_some_and(|minutes| minutes % 2 == 0);
                }
                9 => untested(&mut changed, 1, TakeOfMonths::Mean),
                10 => untested(&mut changed, 2, TakeOfMonths::Careful(Careful::High)),
                _ => {
                    let bands = LoadBands {
                        load: COAL,
                        top: 200.into(),
                        count: 4,
                    };
                    fill(
                        &mut changed,
                        &MissingRule::Tiers {
                            tiers: TierTable::Part75Table2.tiers(),
                            bands: from.is_none().then_some(bands),
                            first_hours: 2,
                            table: None,
                        },
                    );
                }
            }
            site.command(CommandBody::Apply {
                model: Box::new(changed),
                digest: which.to_string(),
                effective_from: from.map(|minutes| model().zone.hour_of(at(minutes))),
            })
            .or_else(|refusal| refused_for_seal(site, refusal))
            .unwrap();
        }
        Step::Adopt => {
            let rules = crate::catalogue::rule_set().unwrap().clone();
            site.command(CommandBody::Adopt { rules: Box::new(rules) }).unwrap();
        }
        Step::Seal => {
            site.now = LONG_AFTER;
            let _ = site.seal(JANUARY);
        }
        Step::Close(by) => close(site, by),
        Step::Checkpoint => site.checkpoint(),
        Step::Crash => site.crash(),
        // A single tick, so that a step is never more than a record.
        Step::Pass(minutes) => {
            site.now = site.now.max(at(minutes));
            site.command(CommandBody::Tick).unwrap();
        }
    }
}

/// January is closed by one of three, as far as that may be.
fn close(site: &mut Site, by: u8) {
    let Ok(view) = site.engine.month_view(&site.history, site.now, JANUARY) else {
        return;
    };
    let closing = CloseMonth::of(&view, Some("test".to_owned()));
    let by = super::plant::person(&by.to_string(), Role::CarbonAccountant);
    match site.asked_by(by, None, CommandBody::CloseMonth(closing)) {
        Ok(_) | Err(Refusal::Request(_)) => {}
        Err(broken) => panic!("{broken:?}"),
    }
}

fn years(site: &Site) -> Vec<Figure> {
    [BOILER, GRID, START_UP, QUARTERS]
        .iter()
        .map(|&source| site.figure(source, Period::Year(2025)))
        .collect()
}

/// Takes steps, and holds what they leave against what is computed from nothing.
fn holds_after(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut site = Site::new();
    let mut sealed = None;
    let mut seen = Vec::new();
    for step in steps {
        take(&mut site, step);
        seen.push(Seen {
            stretch: site.engine.kept.changed_in(),
            last: Sequence(site.engine.next_sequence().0 - 1),
            at: site.now,
            shown: totals(&site.engine, &site.history),
        });
        if site.engine.sealed().is_some() {
            let now = january(&site);
            prop_assert_eq!(sealed.get_or_insert_with(|| now.clone()), &now);
        }
    }
    site.assert_sound();
    let replayed = site.replayed();
    replayed.assert_sound();
    prop_assert_eq!(years(&replayed), years(&site));
    // And through rows alone.
    site.checkpoint();
    let before = years(&site);
    site.crash();
    prop_assert_eq!(years(&site), before);
    site.assert_sound();
    // Whatever was shown on the way is shown again.
    for (place, then) in seen.iter().enumerate() {
        let goes_on = |later: &Seen| later.stretch.is_some_and(|first| first <= then.last);
        if seen[place + 1..].iter().any(goes_on) {
            continue;
        }
        let past = AsKnown::after(&site.history, then.last, then.at, model().zone);
        let engine = Engine::as_known(&past).unwrap();
        prop_assert_eq!(&totals(&engine, &past), &then.shown, "after record {}", then.last);
    }
    Ok(())
}

/// The longest of all tests: on one core the others would be done long before it.
#[test]
fn incremental_state_is_what_would_be_computed_from_nothing() {
    const CORES: u32 = 2;
    let some_of_them = || {
        let config = Config {
            cases: cases().div_ceil(CORES),
            failure_persistence: None,
            source_file: Some(file!()),
            ..Config::default()
        };
        let steps = proptest::collection::vec(arbitrary_step(), 1..24);
        TestRunner::new(config).run(&steps, holds_after)
    };
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..CORES).map(|_| scope.spawn(some_of_them)).collect();
        for run in runs {
            match run.join() {
                Ok(found) => found.unwrap_or_else(|wrong| panic!("{wrong}")),
                Err(panicked) => std::panic::resume_unwind(panicked),
            }
        }
    });
}

proptest! {
    #![proptest_config(Config { cases: cases() / 4, failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_order_of_arrival_changes_nothing(
        readings in proptest::collection::vec(arbitrary_reading(), 1..200),
        shuffle in any::<prop::sample::Index>(),
        doubled in proptest::collection::vec(any::<prop::sample::Index>(), 0..60),
        batch in 1usize..50,
    ) {
        // One value a slot: of several versions the later one wins, and that is not what this is about.
        let mut seen = std::collections::BTreeSet::new();
        let readings: Vec<Incoming> = readings.into_iter().filter(|incoming| seen.insert((incoming.parameter, incoming.slot))).collect();
        let mut straight = Site::new();
        let mut sorted = readings.clone();
        sorted.sort_by_key(|incoming| (incoming.slot.at, incoming.parameter));
        straight.bring(Origin::File, sorted);
        let mut mixed = readings.clone();
        mixed.extend(doubled.iter().map(|index| *index.get(&readings)));
        let turn = shuffle.index(mixed.len());
        mixed.rotate_left(turn);
        let mut scattered = Site::new();
        for chunk in mixed.chunks(batch) {
            scattered.bring(Origin::File, chunk.to_vec());
            scattered.checkpoint();
        }
        prop_assert_eq!(years(&scattered), years(&straight));
        scattered.assert_sound();
    }
}
