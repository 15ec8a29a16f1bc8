//! The engine fed by the plant simulator: what it computes as data arrive is what it would compute from nothing, and
//! what its ledger holds is what the plant truly did.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use carbonwatch::catalogue::rule_set;
use carbonwatch::connect::simulate::load::load_model;
use carbonwatch::connect::simulate::scenario::{Act, Scenario};
use carbonwatch::connect::simulate::{Delivery, Imperfection, Imperfections, Plant};
use carbonwatch::domain::actor::Actor;
use carbonwatch::domain::identity::{ParameterId, ProductId, Sequence};
use carbonwatch::domain::model::{Integration, Product, SiteModel};
use carbonwatch::domain::period::Period;
use carbonwatch::domain::reading::{Incoming, Origin, ParameterKind};
use carbonwatch::domain::time::{Instant, Month};
use carbonwatch::domain::unit::Unit;
use carbonwatch::engine::Engine;
use carbonwatch::engine::command::{Answer, Command, CommandBody, Decision, Provenance, RecordToAppend, Refusal};
use carbonwatch::engine::history::MemoryHistory;
use carbonwatch::engine::recorded::Recorded;
use carbonwatch::engine::view::{Figure, LedgerQuestion, LedgerTable, Step};
use proptest::prelude::*;
use proptest::test_runner::Config;
use rust_decimal::Decimal;

/// 2026-03-01 00:00 in Shanghai: whole plant days, inside one month.
const START: Instant = Instant(1_772_294_400_000);
const MARCH: Month = Month { year: 2026, month: 3 };
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// An engine with its rows and its journal in memory.
struct Site {
    engine: Engine,
    history: MemoryHistory,
    journal: Vec<(Sequence, RecordToAppend)>,
    zone: carbonwatch::domain::time::PlantZone,
}

impl Site {
    fn new(model: &SiteModel) -> Self {
        let mut site = Self {
            engine: Engine::empty(model.zone),
            history: MemoryHistory::default(),
            journal: Vec::new(),
            zone: model.zone,
        };
        let rules = Box::new(rule_set().unwrap().clone());
        site.command(START, CommandBody::Adopt { rules }).unwrap();
        let apply = CommandBody::Apply {
            model: Box::new(model.clone()),
            digest: String::new(),
            effective_from: None,
        };
        site.command(START, apply).unwrap();
        site
    }

    fn command(&mut self, now: Instant, body: CommandBody) -> Result<Answer, Refusal> {
        let command = Command {
            now,
            actor: Actor::daemon(),
            key: None,
            body,
        };
        let sequence = self.engine.next_sequence();
        let Decision { record, answer, .. } = self.engine.decide(&self.history, command)?;
        self.journal.extend(record.map(|record| (sequence, record)));
        Ok(answer)
    }

    /// Brings readings and names the record that they made, if one was made.
    fn bring(&mut self, now: Instant, origin: Origin, readings: Vec<Incoming>) -> Option<Sequence> {
        let reason = (origin == Origin::Correction).then(|| "as measured by hand".to_owned());
        let provenance = Provenance {
            reason,
            ..Provenance::default()
        };
        let body = if origin == Origin::Correction {
            CommandBody::Correct { provenance, readings }
        } else {
            CommandBody::Intake {
                origin,
                provenance,
                readings,
            }
        };
        match self.command(now, body).unwrap() {
            Answer::Intake(outcome) => outcome.sequence,
            other => panic!("{other:?}"),
        }
    }

    /// Takes a record back; an engine may refuse, where a later one rests on it.
    fn withdraw(&mut self, now: Instant, sequence: Sequence) {
        let payload = self.journal.iter().find(|(other, _)| *other == sequence);
        let payload = payload.map(|(_, record)| record.payload.clone()).unwrap();
        let body = CommandBody::Withdraw {
            sequence,
            payload,
            reason: "wrong".to_owned(),
        };
        match self.command(now, body) {
            Ok(_) | Err(Refusal::Request(_)) => {}
            Err(Refusal::Broken(broken)) => panic!("{broken}"),
        }
    }

    fn checkpoint(&mut self) {
        self.history.apply(self.engine.take_rows().unwrap());
    }

    /// Loses all that no checkpoint wrote, and plays the journal from there.
    fn crash(&mut self) {
        self.engine = Engine::open(&self.history, self.zone).unwrap();
        let next = self.engine.next_sequence();
        for (sequence, record) in self.journal.iter().filter(|(sequence, _)| *sequence >= next) {
            self.engine
                .replay(
                    &self.history,
                    *sequence,
                    record.kind,
                    record.version,
                    record.at,
                    &record.payload,
                )
                .unwrap();
        }
    }

    fn assert_sound(&self) {
        let mut recorded = Recorded::default();
        for (sequence, record) in &self.journal {
            recorded.take(*sequence, record.at, record.kind, record.version, &record.payload);
        }
        let verification = self.engine.verify(&self.history, Some(&recorded)).unwrap();
        assert!(verification.findings.is_empty(), "{:#?}", verification.findings);
    }

    fn ledger(&self, period: Period, step: Step) -> LedgerTable {
        self.engine
            .ledger(&self.history, &LedgerQuestion::of(period, step))
            .unwrap()
    }

    /// What every product's parameter amounted to in a month, in the product's unit.
    fn outputs(&self, month: Month) -> BTreeMap<String, Decimal> {
        let table = self.ledger(Period::Month(month), Step::Whole);
        let made = table.rows.iter().flat_map(|row| &row.intensity);
        made.map(|made| (made.product.en.clone(), made.output.parse().unwrap()))
            .collect()
    }
}

proptest! {
    #![proptest_config(Config { cases: 200, max_shrink_iters: 20_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn every_scenario_is_computed_as_if_from_nothing(choices in proptest::collection::vec(any::<u64>(), 1..60)) {
        let scenario = Scenario::from_choices(&choices).unwrap();
        let mut site = Site::new(&scenario.model);
        let mut records: Vec<Option<Sequence>> = Vec::new();
        for (step, choice) in scenario.steps.iter().zip(&choices) {
            records.push(match &step.act {
                Act::Deliver { origin, incoming } => site.bring(step.now, *origin, incoming.clone()),
                Act::Withdraw { step: of, .. } => {
                    if let Some(sequence) = records[*of] {
                        site.withdraw(step.now, sequence);
                    }
                    None
                }
            });
            match choice % 7 {
                0 => site.checkpoint(),
                1 => site.crash(),
                _ => {}
            }
        }
        site.assert_sound();
        let months = [Month { year: 2026, month: 1 }, Month { year: 2026, month: 2 }];
        let before = months.map(|month| figures(&site.ledger(Period::Month(month), Step::Day)));
        site.history = MemoryHistory::default();
        site.crash();
        site.assert_sound();
        for (month, before) in months.into_iter().zip(before) {
            let after = figures(&site.ledger(Period::Month(month), Step::Day));
            let differing: Vec<_> = before.iter().zip(&after).filter(|(before, after)| before != after).take(4).collect();
            prop_assert!(before.len() == after.len() && differing.is_empty(), "{differing:#?}");
        }
    }
}

/// The figures of a table, each with its row and its day, and what each row's products amounted to.
fn figures(table: &LedgerTable) -> Vec<(String, String, Figure)> {
    let mut figures = Vec::new();
    for row in &table.rows {
        let labels = table.labels.iter().cloned();
        figures.extend(
            labels
                .zip(&row.figures)
                .map(|(label, figure)| (row.key.clone(), label, *figure)),
        );
        let outputs = row
            .intensity
            .iter()
            .map(|made| format!("{} {}", made.product.en, made.output));
        figures.extend(outputs.map(|output| (row.key.clone(), output, row.total)));
    }
    figures
}

/// A load model in which everything that is counted is a product, so that the ledger says how much there was.
fn counted() -> SiteModel {
    let mut model = load_model(30, 8).unwrap();
    for parameter in &mut model.parameters {
        parameter.integration = Integration::Trapezoid;
    }
    let counted = model.parameters.iter().filter_map(|parameter| {
        let unit = parameter.unit.to_string();
        let unit = match parameter.kind {
            ParameterKind::Flow => unit.strip_suffix("/h")?.to_owned(),
            ParameterKind::Counter | ParameterKind::Amount => unit,
            ParameterKind::Property | ParameterKind::State => return None,
        };
        Some((parameter.id, parameter.tag.clone(), Unit::parse(&unit).unwrap()))
    });
    let products: Vec<Product> = counted
        .zip(1..)
        .map(|((parameter, tag, unit), number)| Product {
            id: ProductId(number),
            key: tag.to_lowercase(),
            name: carbonwatch::domain::model::Name {
                zh: tag.clone(),
                en: tag,
            },
            node: model.nodes[0].id,
            parameter,
            unit,
        })
        .collect();
    model.next.product = u32::try_from(products.len()).unwrap() + 1;
    model.products = products;
    model
}

fn bring_all(site: &mut Site, deliveries: impl Iterator<Item = Delivery>, batch: usize, every: usize) {
    let mut waiting: Vec<Delivery> = Vec::with_capacity(batch);
    let mut batches = 0;
    let mut take = |site: &mut Site, waiting: &mut Vec<Delivery>| {
        let Some(now) = waiting.iter().map(|delivery| delivery.arrives).max() else {
            return;
        };
        let readings = waiting.drain(..).map(|delivery| delivery.incoming).collect();
        site.bring(now, Origin::Simulated, readings);
        batches += 1;
        match batches % every {
            0 => site.checkpoint(),
            5 => site.crash(),
            _ => {}
        }
    };
    for delivery in deliveries {
        waiting.push(delivery);
        if waiting.len() >= batch {
            take(site, &mut waiting);
        }
    }
    take(site, &mut waiting);
}

#[test]
fn a_plant_with_every_imperfection_is_computed_as_if_from_nothing() {
    let model = counted();
    for (seed, batch) in [(1, 997), (2, 10_007), (3, 61_001)] {
        let mut plant = Plant::new(&model, seed).unwrap();
        let mut site = Site::new(&model);
        bring_all(&mut site, plant.deliveries(START, START.plus(2 * DAY_MS)), batch, 11);
        site.assert_sound();
        let before = site.ledger(Period::Month(MARCH), Step::Hour);
        assert!(before.rows[0].total.milligrams > 0);
        site.history = MemoryHistory::default();
        site.crash();
        site.assert_sound();
        assert_eq!(site.ledger(Period::Month(MARCH), Step::Hour), before);
    }
}

#[test]
fn the_ledger_holds_what_the_plant_truly_did() {
    let model = counted();
    // Late, doubled and overtaken deliveries and noise that evens out must not show; what is lost or false would.
    let imperfections = Imperfections::NONE
        .with(Imperfection::Late)
        .with(Imperfection::Duplicates)
        .with(Imperfection::OutOfOrder);
    let mut plant = Plant::with_imperfections(&model, 5, imperfections).unwrap();
    let to = START.plus(2 * DAY_MS);
    let mut site = Site::new(&model);
    // What happened in the two days, whenever it arrived.
    let happened: Vec<Delivery> = plant
        .deliveries(START, to.plus(DAY_MS))
        .filter(|delivery| delivery.incoming.slot.at >= START && delivery.incoming.slot.end() <= to)
        .collect();
    bring_all(&mut site, happened.into_iter(), 5_003, 7);
    let outputs = site.outputs(MARCH);
    let of = |id: ParameterId| model.parameters.iter().find(|parameter| parameter.id == id).unwrap();
    assert_eq!(outputs.len(), model.products.len());
    let mut compared = BTreeMap::new();
    for product in &model.products {
        let parameter = of(product.parameter);
        let Some(truth) = plant.truth(parameter.id, START, to) else {
            continue;
        };
        let measured = outputs[&parameter.tag];
        // A signal between two samples is a straight line to the ledger; a counter is read to its last digit.
        let tolerance = match parameter.kind {
            ParameterKind::Flow => truth / Decimal::from(2_000),
            _ => Decimal::new(1, parameter.decimals) * Decimal::from(1_000),
        };
        assert!(
            (measured - truth).abs() <= tolerance,
            "{}: the ledger holds {measured}, truly {truth}",
            parameter.tag
        );
        assert!(
            truth > tolerance * Decimal::TEN,
            "{}: {truth} says nothing",
            parameter.tag
        );
        *compared.entry(format!("{:?}", parameter.kind)).or_insert(0) += 1;
    }
    assert!(
        compared.contains_key("Flow") && compared.contains_key("Counter"),
        "{compared:?}"
    );
}
