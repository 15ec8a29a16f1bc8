//! A small plant with every kind of parameter, and an engine that can be crashed and opened again.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use uuid::Uuid;

use crate::accounting::rules::RuleSet;
use crate::domain::actor::{Actor, Role};
use crate::domain::identity::{BookId, MeterId, NodeId, ParameterId, ProductId, Sequence, SourceId};
use crate::domain::model::{
    Binding, Book, Constant, Gas, Integration, Level, Limits, Meter, Name, NextIdentities, Node, Parameter, Product,
    Provisional, SiteModel, Source, Window,
};
use crate::domain::period::Period;
use crate::domain::reading::{Incoming, Origin, ParameterKind, Quality, Slot};
use crate::domain::time::{Instant, Month, PlantZone};
use crate::domain::unit::Unit;
use crate::engine::Engine;
use crate::engine::command::{Answer, Command, CommandBody, Decision, Provenance, Refusal};
use crate::engine::event::Event;
use crate::engine::history::MemoryHistory;
use crate::engine::recorded;
use crate::engine::sealed::Seal;
use crate::engine::verify::Verification;
use crate::engine::view::{Figure, IntakeOutcome};

pub(super) const COAL: ParameterId = ParameterId(1);
pub(super) const POWER: ParameterId = ParameterId(2);
pub(super) const OIL: ParameterId = ParameterId(3);
pub(super) const HEATING_VALUE: ParameterId = ParameterId(4);
pub(super) const CARBON: ParameterId = ParameterId(5);
pub(super) const OXYGEN: ParameterId = ParameterId(6);
pub(super) const QUARTER: ParameterId = ParameterId(7);

pub(super) const BOOK: BookId = BookId(1);
pub(super) const BOILER: SourceId = SourceId(1);
pub(super) const GRID: SourceId = SourceId(2);
pub(super) const START_UP: SourceId = SourceId(3);
pub(super) const QUARTERS: SourceId = SourceId(4);

/// 2025-01-01 00:00 in Shanghai.
pub(super) const NEW_YEAR: Instant = Instant(1_735_660_800_000);

pub(super) fn name(text: &str) -> Name {
    Name {
        zh: text.to_owned(),
        en: text.to_owned(),
    }
}

fn parameter(id: ParameterId, tag: &str, kind: ParameterKind, unit: &str, interval_ms: i64) -> Parameter {
    Parameter {
        id,
        tag: tag.to_owned(),
        name: name(tag),
        kind,
        unit: Unit::parse(unit).unwrap(),
        decimals: 3,
        node: NodeId(2),
        meter: None,
        interval_ms,
        calendar: None,
        gap_limit_ms: if interval_ms == 0 { 3_600_000 } else { interval_ms * 3 },
        integration: Integration::Step,
        possible: Limits {
            low: None,
            high: Some(Decimal::from(100_000)),
        },
        operating: Limits::default(),
        deadband: Decimal::ZERO,
        delay_ms: 0,
        origins: Origin::DEFAULT_ORDER.to_vec(),
        key: true,
        block_hours: Parameter::block_hours_for(kind, interval_ms),
        capacity: None,
        missing: None,
        untested: None,
        checks: None,
        alarms: None,
    }
}

pub(super) fn constant(value: &str, unit: &str) -> Binding {
    Binding::Constant(Constant {
        value: value.parse().unwrap(),
        unit: Unit::parse(unit).unwrap(),
        origin: "test".to_owned(),
    })
}

fn quantity(parameter: ParameterId) -> Binding {
    Binding::Parameter {
        parameter,
        window: Window::Hour,
        provisional: None,
    }
}

fn source(id: SourceId, key: &str, method: &str, inputs: Vec<(&str, Binding)>) -> Source {
    Source {
        id,
        key: key.to_owned(),
        name: name(key),
        node: NodeId(2),
        method: method.to_owned(),
        inputs: inputs
            .into_iter()
            .map(|(key, binding)| (key.to_owned(), binding))
            .collect::<BTreeMap<_, _>>(),
    }
}

/// A boiler with a belt scale and laboratory values, a purchased-electricity counter that rolls over, start-up oil by the
/// truck, quarter-hour amounts, and a watched oxygen value.
pub(super) fn model() -> SiteModel {
    let mut power = parameter(POWER, "JE-1", ParameterKind::Counter, "kWh", 900_000);
    power.meter = Some(MeterId(1));
    let mut coal = parameter(COAL, "FT-1", ParameterKind::Flow, "t/h", 60_000);
    coal.integration = Integration::Trapezoid;
    SiteModel {
        name: name("test"),
        sector: "power".to_owned(),
        day_start_minutes: 480,
        nodes: vec![
            Node {
                id: NodeId(1),
                key: "plant".to_owned(),
                name: name("plant"),
                level: Level::Enterprise,
                parent: None,
                upstream: None,
                runs: None,
            },
            Node {
                id: NodeId(2),
                key: "boiler".to_owned(),
                name: name("boiler"),
                level: Level::Process,
                parent: Some(NodeId(1)),
                upstream: None,
                runs: None,
            },
        ],
        meters: vec![Meter {
            id: MeterId(1),
            key: "M1".to_owned(),
            name: name("M1"),
            serial: "1".to_owned(),
            accuracy: "0.5S".to_owned(),
            calibrated_on: None,
            calibrated_until: None,
            multiplier: Decimal::from(30),
            rollover: Some(Decimal::from(10_000)),
            second_person: false,
        }],
        parameters: vec![
            coal,
            power,
            parameter(OIL, "OIL", ParameterKind::Amount, "t", 0),
            parameter(HEATING_VALUE, "NCV", ParameterKind::Property, "GJ/t", 0),
            parameter(CARBON, "CC", ParameterKind::Property, "tC/GJ", 0),
            parameter(OXYGEN, "O2", ParameterKind::State, "%", 60_000),
            parameter(QUARTER, "Q", ParameterKind::Amount, "kWh", 900_000),
        ],
        sources: vec![
            source(
                BOILER,
                "boiler",
                "combustion.heat-from-mass@1",
                vec![
                    ("fuel_mass", quantity(COAL)),
                    (
                        "net_calorific_value",
                        Binding::Parameter {
                            parameter: HEATING_VALUE,
                            window: Window::Month,
                            provisional: Some(Provisional::Constant(Constant {
                                value: "26.7".parse().unwrap(),
                                unit: Unit::parse("GJ/t").unwrap(),
                                origin: "test".to_owned(),
                            })),
                        },
                    ),
                    (
                        "carbon_content_per_heat",
                        Binding::Parameter {
                            parameter: CARBON,
                            window: Window::Test,
                            provisional: Some(Provisional::Constant(Constant {
                                value: "0.0261".parse().unwrap(),
                                unit: Unit::parse("tC/GJ").unwrap(),
                                origin: "test".to_owned(),
                            })),
                        },
                    ),
                    ("oxidation_factor", constant("99", "%")),
                ],
            ),
            source(
                GRID,
                "grid",
                "electricity.purchased@1",
                vec![
                    ("electricity", quantity(POWER)),
                    ("grid_factor", constant("0.5703", "tCO2/MWh")),
                ],
            ),
            source(
                START_UP,
                "start-up",
                "combustion.mass@1",
                vec![
                    ("fuel_mass", quantity(OIL)),
                    ("carbon_content", constant("0.8616", "tC/t")),
                    ("oxidation_factor", constant("98", "%")),
                ],
            ),
            source(
                QUARTERS,
                "quarters",
                "electricity.purchased@1",
                vec![
                    ("electricity", quantity(QUARTER)),
                    ("grid_factor", constant("0.5703", "tCO2/MWh")),
                ],
            ),
        ],
        products: vec![Product {
            id: ProductId(1),
            key: "electricity".to_owned(),
            name: name("electricity"),
            node: NodeId(1),
            parameter: QUARTER,
            unit: Unit::parse("MWh").unwrap(),
        }],
        books: vec![Book {
            id: BOOK,
            key: "shanxi".to_owned(),
            name: name("shanxi"),
            standard: "DB14/T 2970".to_owned(),
            edition: "2024".to_owned(),
            boundary: NodeId(1),
            gases: vec![Gas::CarbonDioxide],
            gwp_set: "AR5".to_owned(),
            factor_sets: Vec::new(),
            measured_only: false,
        }],
        next: NextIdentities {
            node: 3,
            meter: 2,
            parameter: 8,
            source: 5,
            product: 2,
            book: 2,
        },
        ..SiteModel::empty("test", PlantZone::parse("Asia/Shanghai").unwrap())
    }
}

/// A record as the journal would have it.
#[derive(Clone)]
pub(super) struct Recorded {
    pub(super) sequence: Sequence,
    kind: u16,
    version: u16,
    at: Instant,
    pub(super) payload: Vec<u8>,
}

impl Recorded {
    pub(super) fn kind(&self) -> u16 {
        self.kind
    }

    pub(super) fn at(&self) -> Instant {
        self.at
    }

    pub(super) fn event(&self) -> Event {
        Event::decode(self.kind, self.version, &self.payload).unwrap().1
    }
}

/// An engine with a journal in memory.
#[derive(Clone)]
pub(super) struct Site {
    pub(super) engine: Engine,
    pub(super) history: MemoryHistory,
    pub(super) journal: Vec<Recorded>,
    pub(super) now: Instant,
}

impl Site {
    pub(super) fn new() -> Self {
        let mut site = Self::bare();
        site.apply(model());
        site
    }

    /// A site that was made at the new year.
    pub(super) fn young() -> Self {
        let mut site = Self::made(NEW_YEAR);
        site.apply(model());
        site
    }

    /// A site whose clock has not begun.
    pub(super) fn asleep() -> Self {
        Self::made(Instant::EARLIEST)
    }

    pub(super) fn bare() -> Self {
        Self::made(Instant(NEW_YEAR.0 + 400 * 86_400_000))
    }

    pub(super) fn made(now: Instant) -> Self {
        let mut site = Self {
            engine: Engine::empty(model().zone),
            history: MemoryHistory::default(),
            journal: Vec::new(),
            now,
        };
        let rules: RuleSet = crate::catalogue::rule_set().unwrap().clone();
        site.command(CommandBody::Adopt { rules: Box::new(rules) }).unwrap();
        site
    }

    pub(super) fn apply(&mut self, model: SiteModel) {
        self.command(CommandBody::Apply {
            model: Box::new(model),
            digest: "d".to_owned(),
            effective_from: None,
        })
        .unwrap();
    }

    pub(super) fn command(&mut self, body: CommandBody) -> Result<Answer, Refusal> {
        self.asked(None, body)
    }

    /// A command with the idempotency key of its request.
    pub(super) fn asked(&mut self, key: Option<Uuid>, body: CommandBody) -> Result<Answer, Refusal> {
        self.asked_by(Actor::daemon(), key, body)
    }

    /// The same by somebody.
    pub(super) fn asked_by(&mut self, actor: Actor, key: Option<Uuid>, body: CommandBody) -> Result<Answer, Refusal> {
        let sequence = self.engine.next_sequence();
        let Decision { record, answer, .. } = self.engine.decide(
            &self.history,
            Command {
                now: self.now,
                actor,
                key,
                body,
            },
        )?;
        if let Some(record) = record {
            self.journal.push(Recorded {
                sequence,
                kind: record.kind,
                version: record.version,
                at: record.at,
                payload: record.payload,
            });
        }
        Ok(answer)
    }

    pub(super) fn bring(&mut self, origin: Origin, readings: Vec<Incoming>) -> IntakeOutcome {
        let delivered = delivered(origin, Provenance::default(), readings);
        match self.command(delivered).unwrap() {
            Answer::Intake(outcome) => outcome,
            other => panic!("{other:?}"),
        }
    }

    /// Lets time pass until a minute of the year, and ticks until nothing is left to look at.
    pub(super) fn pass_until(&mut self, minutes: i64) {
        self.now = self.now.max(at(minutes));
        loop {
            let before = self.journal.len();
            self.command(CommandBody::Tick).unwrap();
            if self.journal.len() == before && !self.engine.looks_are_unfinished() {
                break;
            }
        }
    }

    pub(super) fn withdraw(&mut self, of: Sequence) -> Result<Answer, Refusal> {
        let payload = self
            .journal
            .iter()
            .find(|record| record.sequence == of)
            .map(|record| record.payload.clone())
            .unwrap_or_default();
        self.command(CommandBody::Withdraw {
            sequence: of,
            payload,
            reason: "test".to_owned(),
        })
    }

    /// Seals everything through a month.
    pub(super) fn seal(&mut self, through: Month) -> Result<Answer, Refusal> {
        self.seal_as_of(through, Sequence(self.engine.next_sequence().0 - 1))
    }

    /// The same with the export of an earlier record.
    pub(super) fn seal_as_of(&mut self, through: Month, applied: Sequence) -> Result<Answer, Refusal> {
        self.seals(through, applied, true)
    }

    /// The same without letting go of any reading.
    pub(super) fn seal_keeping(&mut self, through: Month) -> Result<Answer, Refusal> {
        self.seals(through, Sequence(self.engine.next_sequence().0 - 1), false)
    }

    fn seals(&mut self, through: Month, applied: Sequence, drop: bool) -> Result<Answer, Refusal> {
        let whole = self.engine.looked_at_as_a_whole(&self.history).unwrap();
        let reach = whole.into_iter().map(|of| {
            let record = self.journal.iter().find(|record| record.sequence == of).unwrap();
            let from = self.engine.reaches_from(&record.event());
            (of, from.unwrap_or(Instant::LATEST))
        });
        let reach = reach.collect();
        let seal = Seal {
            through,
            applied,
            export: "e".repeat(64),
            drop,
        };
        self.command(CommandBody::Seal { seal, reach })
    }

    /// Hands the rows over, as a checkpoint does.
    pub(super) fn checkpoint(&mut self) {
        let rows = self.engine.take_rows().unwrap();
        self.history.apply(rows);
    }

    /// Loses everything since the last checkpoint and replays the journal.
    pub(super) fn crash(&mut self) {
        self.engine = Engine::open(&self.history, model().zone).unwrap();
        let next = self.engine.next_sequence();
        for record in self.journal.iter().filter(|record| record.sequence >= next) {
            self.engine
                .replay(
                    &self.history,
                    record.sequence,
                    record.kind,
                    record.version,
                    record.at,
                    &record.payload,
                )
                .unwrap();
        }
    }

    /// Replays the whole journal into an empty state.
    pub(super) fn replayed(&self) -> Self {
        let mut site = self.clone();
        site.history = MemoryHistory::default();
        site.crash();
        site
    }

    pub(super) fn year(&self, source: SourceId) -> i128 {
        self.figure(source, Period::Year(2025)).milligrams
    }

    pub(super) fn figure(&self, source: SourceId, period: Period) -> Figure {
        crate::engine::totals::figure(
            &self
                .engine
                .period_sum(&self.history, BOOK, source, Gas::CarbonDioxide, period)
                .unwrap(),
        )
    }

    pub(super) fn verification(&self) -> Verification {
        let mut said = recorded::Recorded::default();
        for record in &self.journal {
            said.take(record.sequence, record.at, record.kind, record.version, &record.payload);
        }
        self.engine.verify(&self.history, Some(&said)).unwrap()
    }

    pub(super) fn assert_sound(&self) {
        let verification = self.verification();
        assert!(verification.findings.is_empty(), "{:#?}", verification.findings);
    }
}

/// Readings as they are delivered by whichever way: a correction says why.
pub(super) fn delivered(origin: Origin, provenance: Provenance, readings: Vec<Incoming>) -> CommandBody {
    if origin == Origin::Correction {
        let provenance = Provenance {
            reason: Some("test".to_owned()),
            ..provenance
        };
        return CommandBody::Correct { provenance, readings };
    }
    CommandBody::Intake {
        origin,
        provenance,
        readings,
    }
}

/// A person at a shared post.
pub(super) fn person(staff_number: &str, role: Role) -> Actor {
    Actor {
        uid: 7,
        user: "desk".to_owned(),
        person: Some(staff_number.to_owned()),
        roles: vec![role],
        shared: true,
    }
}

pub(super) fn at(minutes: i64) -> Instant {
    NEW_YEAR.plus(minutes * 60_000)
}

pub(super) fn reading(parameter: ParameterId, minutes: i64, value: i64) -> Incoming {
    Incoming {
        parameter,
        slot: Slot::instant(at(minutes)),
        value,
        quality: Quality::Good,
    }
}

pub(super) fn interval(parameter: ParameterId, minutes: i64, span_minutes: u32, value: i64) -> Incoming {
    Incoming {
        slot: Slot {
            at: at(minutes),
            span_s: span_minutes * 60,
            own_id: 0,
        },
        ..reading(parameter, minutes, value)
    }
}

/// Lets everything be judged that is there.
pub(super) fn judge(site: &mut Site) {
    site.now = site.now.plus(11_000);
    for _ in 0..1_000 {
        let now = site.now;
        if !site.engine.checks_are_due(now) {
            return;
        }
        site.command(CommandBody::Check).unwrap();
    }
    panic!("it never comes to an end");
}

/// One piece of readings: they are cut into as many stretches as `order` has entries, each of which names its piece.
pub(super) fn piece(all: &[Incoming], order: &[u8], number: u8) -> Vec<Incoming> {
    let belongs = |place: usize| order.get(place * order.len() / all.len()) == Some(&number);
    let all = all.iter().enumerate();
    all.filter(|(place, _)| belongs(*place))
        .map(|(_, reading)| *reading)
        .collect()
}
