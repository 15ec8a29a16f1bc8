//! Histories for the property tests of the engine: a small plant with all kinds of parameter, and steps that bring
//! readings in order, late, twice, corrected and withdrawn.
//!
//! A scenario is read from plain numbers, one a step, so that a property test can draw a list of them and shrink a
//! failure to the few steps that matter: `any::<Vec<u64>>().prop_map(|choices| Scenario::from_choices(&choices))`.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::load::{LoadModelError, factor, hourly, load_model, monthly, shanxi_book};
use super::random::Stream;
use crate::domain::identity::{BookId, MeterId, NodeId, ParameterId, ProductId, SourceId};
use crate::domain::model::{
    Book, Gas, Integration, Level, Limits, Meter, Name, NextIdentities, Node, Parameter, Product, SiteModel, Source,
};
use crate::domain::reading::{Incoming, Origin, ParameterKind, Quality, Slot};
use crate::domain::time::{HOUR_MS, Instant};
use crate::domain::unit::Unit;

/// When a scenario begins: 2026-01-30T16:00:00Z, so that a few days go over the end of a month in the plant's zone.
pub const START: Instant = Instant(1_769_788_800_000);

/// What a step of a scenario does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Readings arrive.
    Deliver {
        /// By which way.
        origin: Origin,
        /// What they say.
        incoming: Vec<Incoming>,
    },
    /// What an earlier step brought is taken back: the reading at `place` of that step's list. An engine may refuse it,
    /// when a later layer rests on it or when it was taken back before.
    Withdraw {
        /// Index of the step, always one that delivered.
        step: usize,
        /// Place in its list.
        place: usize,
    },
}

/// A step of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The engine's clock; never falls.
    pub now: Instant,
    /// What happens.
    pub act: Act,
}

/// A small plant and what happens to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// The plant.
    pub model: SiteModel,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

impl Scenario {
    /// Reads a scenario from numbers, one for each step: all numbers are scenarios, and smaller ones are simpler.
    ///
    /// # Errors
    /// Never, unless the program's own units cannot be read.
    pub fn from_choices(choices: &[u64]) -> Result<Self, LoadModelError> {
        let model = small_model()?;
        let mut steps: Vec<Step> = Vec::with_capacity(choices.len());
        let mut now = START.plus(HOUR_MS);
        for &choice in choices {
            let mut bits = Bits(choice);
            let sort = bits.take(16);
            // Mostly minutes, now and then days.
            now = now.plus(60_000 * if bits.take(16) == 15 { 1440 } else { bits.take(64) });
            let delivered: Vec<usize> = steps
                .iter()
                .enumerate()
                .filter(|(_, step)| matches!(&step.act, Act::Deliver { incoming, .. } if !incoming.is_empty()))
                .map(|(place, _)| place)
                .collect();
            let earlier = |bits: &mut Bits| {
                let length = i64::try_from(delivered.len()).ok().filter(|&length| length > 0)?;
                let step = *delivered.get(usize::try_from(bits.take(1 << 20) % length).ok()?)?;
                match steps.get(step).map(|step| &step.act) {
                    Some(Act::Deliver { origin, incoming }) => Some((step, *origin, incoming.clone())),
                    _ => None,
                }
            };
            let act = match sort {
                // The same once more.
                11 => earlier(&mut bits).map(|(_, origin, incoming)| Act::Deliver { origin, incoming }),
                // The same slots with other values, by the same way: a revision.
                12 => earlier(&mut bits).map(|(_, origin, incoming)| Act::Deliver {
                    origin,
                    incoming: changed(incoming, &mut bits),
                }),
                // By a person.
                13 => earlier(&mut bits).map(|(_, _, incoming)| Act::Deliver {
                    origin: Origin::Correction,
                    incoming: changed(incoming, &mut bits).into_iter().take(1).collect(),
                }),
                14 | 15 => earlier(&mut bits).map(|(step, _, incoming)| {
                    let length = i64::try_from(incoming.len()).unwrap_or(1).max(1);
                    let place = usize::try_from(bits.take(1 << 10) % length).unwrap_or(0);
                    Act::Withdraw { step, place }
                }),
                _ => None,
            };
            let act = act.unwrap_or_else(|| fresh(&model, &mut bits, now));
            steps.push(Step { now, act });
        }
        Ok(Self { model, steps })
    }

    /// A scenario of `steps` steps from a seed: for soak tests and benches, where nothing shrinks.
    ///
    /// # Errors
    /// Never, unless the program's own units cannot be read.
    pub fn random(seed: u64, steps: usize) -> Result<Self, LoadModelError> {
        let stream = Stream::new(seed).part(9);
        let choices: Vec<u64> = (0_i64..).take(steps).map(|index| stream.draw(index)).collect();
        Self::from_choices(&choices)
    }

    /// The deliveries alone: clock, readings, origin.
    pub fn deliveries(&self) -> impl Iterator<Item = (Instant, &[Incoming], Origin)> {
        self.steps.iter().filter_map(|step| match &step.act {
            Act::Deliver { origin, incoming } => Some((step.now, incoming.as_slice(), *origin)),
            Act::Withdraw { .. } => None,
        })
    }
}

/// Takes small numbers out of a large one; when it is used up, all are 0.
struct Bits(u64);

impl Bits {
    fn take(&mut self, bound: u32) -> i64 {
        let bound = u64::from(bound.max(1));
        let taken = self.0 % bound;
        self.0 /= bound;
        i64::try_from(taken).unwrap_or(0)
    }
}

fn changed(mut incoming: Vec<Incoming>, bits: &mut Bits) -> Vec<Incoming> {
    let by = bits.take(256) + 1;
    for reading in &mut incoming {
        reading.value = reading.value / 2 + by;
    }
    incoming
}

/// New readings of one parameter: a few, in order, backwards, or far in the past.
fn fresh(model: &SiteModel, bits: &mut Bits, now: Instant) -> Act {
    let count = i64::try_from(model.parameters.len()).unwrap_or(1).max(1);
    let place = usize::try_from(bits.take(64) % count).unwrap_or(0);
    let Some(parameter) = model.parameters.get(place) else {
        return Act::Deliver {
            origin: Origin::Connector,
            incoming: Vec::new(),
        };
    };
    let origin = match bits.take(8) {
        5 => Origin::File,
        6 => Origin::Typed,
        7 => Origin::Laboratory,
        _ => Origin::Connector,
    };
    let readings = bits.take(6) + 1;
    let back_hours = match bits.take(8) {
        6 => 30,
        7 => 24 * 20,
        _ => 0,
    };
    let quality = match bits.take(16) {
        14 => Quality::Uncertain,
        15 => Quality::Bad,
        _ => Quality::Good,
    };
    let first = now.plus(-back_hours * HOUR_MS - bits.take(240) * 60_000);
    let first = Instant(first.0 - first.0.rem_euclid(60_000));
    let step_ms = 60_000
        * [5, 10, 25, 90]
            .get(usize::try_from(bits.take(4)).unwrap_or(0))
            .copied()
            .unwrap_or(5);
    let seed = bits.take(1 << 12);
    let values = Stream::new(u64::try_from(seed).unwrap_or(0));
    let incoming = (0..readings)
        .map(|number| {
            let at = first.plus(number * step_ms);
            let (slot, value) = match parameter.kind {
                ParameterKind::Flow | ParameterKind::State => (Slot::instant(at), values.below(number, 60_000)),
                // Rises with time, so that mostly it runs forward; goes round every few days.
                ParameterKind::Counter => (
                    Slot::instant(at),
                    (at.since(START) / 10_000 + values.below(number, 3)).rem_euclid(50_000),
                ),
                ParameterKind::Amount => (
                    Slot {
                        at,
                        span_s: [60, 900, 5_400, 90_000]
                            .get(usize::try_from(values.below(number + 100, 4)).unwrap_or(0))
                            .copied()
                            .unwrap_or(60),
                        own_id: values.draw(number) % 3,
                    },
                    values.below(number, 40_000),
                ),
                ParameterKind::Property => {
                    let start = model.zone.day_start(model.zone.local(at).date(), 0);
                    let days = 1 + u32::try_from(values.below(number + 200, 12)).unwrap_or(0);
                    let slot = Slot {
                        at: start,
                        span_s: days * 86_400,
                        own_id: 0,
                    };
                    (slot, 20_000 + values.below(number, 4_000))
                }
            };
            Incoming {
                parameter: parameter.id,
                slot,
                value,
                quality,
            }
        })
        .collect();
    Act::Deliver { origin, incoming }
}

/// A plant with all five kinds of parameter, four sources on two levels and two books.
///
/// # Errors
/// Never, unless the program's own units cannot be read.
pub fn small_model() -> Result<SiteModel, LoadModelError> {
    let mut model = load_model(0, 0)?;
    let name = |text: &str| Name {
        zh: text.to_owned(),
        en: text.to_owned(),
    };
    let node = |id: u32, key: &str, level, parent: Option<u32>| Node {
        id: NodeId(id),
        key: key.to_owned(),
        name: name(key),
        level,
        parent: parent.map(NodeId),
        upstream: None,
        runs: None,
    };
    let parameter = |id: u32, tag: &str, kind, unit: &str, decimals: u32, node: u32| {
        Ok::<Parameter, LoadModelError>(Parameter {
            id: ParameterId(id),
            tag: tag.to_owned(),
            name: name(tag),
            kind,
            unit: Unit::parse(unit)?,
            decimals,
            node: NodeId(node),
            meter: None,
            interval_ms: 300_000,
            calendar: None,
            gap_limit_ms: 1_800_000,
            integration: Integration::Step,
            possible: Limits::default(),
            operating: Limits::default(),
            deadband: Decimal::ZERO,
            delay_ms: 0,
            origins: vec![Origin::Laboratory, Origin::Connector, Origin::File],
            key: true,
            block_hours: Parameter::block_hours_for(kind, if kind == ParameterKind::Property { 0 } else { 300_000 }),
            capacity: None,
            missing: None,
            untested: None,
            checks: None,
            alarms: None,
        })
    };
    let source = |id: u32, node: u32, method: &str, inputs: Vec<(&str, crate::domain::model::Binding)>| Source {
        id: SourceId(id),
        key: format!("source-{id}"),
        name: name(method),
        node: NodeId(node),
        method: method.to_owned(),
        inputs: inputs
            .into_iter()
            .map(|(key, binding)| (key.to_owned(), binding))
            .collect::<BTreeMap<_, _>>(),
    };
    "scenario".clone_into(&mut model.key);
    model.name = name("scenario");
    model.nodes = vec![
        node(1, "plant", Level::Enterprise, None),
        node(2, "boiler-house", Level::Process, Some(1)),
        node(3, "boiler", Level::Equipment, Some(2)),
        node(4, "shop", Level::Process, Some(1)),
    ];
    model.meters = vec![Meter {
        id: MeterId(1),
        key: "meter".to_owned(),
        name: name("meter"),
        serial: "1".to_owned(),
        accuracy: "0.5S".to_owned(),
        calibrated_on: None,
        calibrated_until: None,
        multiplier: Decimal::from(120),
        rollover: Some(Decimal::from(5_000)),
        second_person: false,
    }];
    let mut gas = parameter(2, "GAS", ParameterKind::Flow, "Nm3/h", 1, 4)?;
    gas.integration = Integration::Trapezoid;
    let mut power = parameter(3, "POWER", ParameterKind::Counter, "kWh", 1, 4)?;
    power.meter = Some(MeterId(1));
    let mut coal = parameter(1, "COAL", ParameterKind::Flow, "t/h", 3, 3)?;
    coal.possible = Limits {
        low: Some(Decimal::ZERO),
        high: Some(Decimal::from(55)),
    };
    model.parameters = vec![
        coal,
        gas,
        power,
        parameter(4, "HEAT", ParameterKind::Amount, "GJ", 3, 4)?,
        parameter(5, "NCV", ParameterKind::Property, "GJ/t", 3, 2)?,
        parameter(6, "T", ParameterKind::State, "°C", 1, 3)?,
    ];
    model.sources = vec![
        source(
            1,
            3,
            "combustion.heat-from-mass@1",
            vec![
                ("fuel_mass", hourly(ParameterId(1))),
                (
                    "net_calorific_value",
                    monthly(ParameterId(5), "bituminous-coal.net-calorific-value"),
                ),
                (
                    "carbon_content_per_heat",
                    factor("bituminous-coal.carbon-content-per-heat"),
                ),
                ("oxidation_factor", factor("bituminous-coal.oxidation-factor")),
            ],
        ),
        source(
            2,
            4,
            "combustion.heat-from-volume@1",
            vec![
                ("fuel_volume", hourly(ParameterId(2))),
                ("net_calorific_value", factor("natural-gas.net-calorific-value")),
                ("carbon_content_per_heat", factor("natural-gas.carbon-content-per-heat")),
                ("oxidation_factor", factor("natural-gas.oxidation-factor")),
            ],
        ),
        source(
            3,
            4,
            "electricity.purchased@1",
            vec![
                ("electricity", hourly(ParameterId(3))),
                ("grid_factor", factor("grid.shanxi")),
            ],
        ),
        source(
            4,
            1,
            "heat.sold@1",
            vec![
                ("heat", hourly(ParameterId(4))),
                ("heat_factor", factor("heat.default")),
            ],
        ),
    ];
    model.products = vec![Product {
        id: ProductId(1),
        key: "heat".to_owned(),
        name: name("heat"),
        node: NodeId(1),
        parameter: ParameterId(4),
        unit: Unit::parse("GJ")?,
    }];
    let shanxi = shanxi_book(BookId(1), NodeId(1));
    let shop = Book {
        id: BookId(2),
        key: "shop".to_owned(),
        boundary: NodeId(4),
        gases: vec![Gas::CarbonDioxide],
        ..shanxi.clone()
    };
    model.books = vec![shanxi, shop];
    model.next = NextIdentities {
        node: 5,
        meter: 2,
        parameter: 7,
        source: 5,
        product: 2,
        book: 3,
    };
    Ok(model)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_scenarios_have_every_sort_of_step() {
        let scenario = Scenario::random(5, 400).unwrap();
        let mut origins = std::collections::BTreeSet::new();
        let (mut withdrawn, mut late, mut repeated) = (0, 0, 0);
        let mut last = START;
        let mut seen = std::collections::HashSet::new();
        for (place, step) in scenario.steps.iter().enumerate() {
            assert!(step.now >= last);
            last = step.now;
            match &step.act {
                Act::Withdraw { step, place: reading } => {
                    assert!(*step < place);
                    let Act::Deliver { incoming, .. } = &scenario.steps[*step].act else {
                        panic!("a withdrawal names a delivery");
                    };
                    assert!(*reading < incoming.len());
                    withdrawn += 1;
                }
                Act::Deliver { origin, incoming } => {
                    origins.insert(*origin);
                    for reading in incoming {
                        late += u32::from(step.now.since(reading.slot.at) > 24 * HOUR_MS);
                        repeated += u32::from(!seen.insert((*origin, *reading)));
                    }
                }
            }
        }
        assert!(
            withdrawn > 10 && late > 10 && repeated > 10,
            "{withdrawn} {late} {repeated}"
        );
        assert!(origins.contains(&Origin::Correction) && origins.len() >= 5);
        assert_eq!(scenario, Scenario::random(5, 400).unwrap());
    }

    #[test]
    fn the_simplest_choices_make_a_plain_delivery() {
        let scenario = Scenario::from_choices(&[0]).unwrap();
        let deliveries: Vec<_> = scenario.deliveries().collect();
        assert_eq!(deliveries.len(), 1);
        assert_eq!(deliveries[0].1.len(), 1);
        assert_eq!(deliveries[0].2, Origin::Connector);
    }

    #[test]
    fn the_small_model_has_all_five_kinds() {
        let model = small_model().unwrap();
        for kind in [
            ParameterKind::Flow,
            ParameterKind::Counter,
            ParameterKind::Amount,
            ParameterKind::Property,
            ParameterKind::State,
        ] {
            assert!(
                model.parameters.iter().any(|parameter| parameter.kind == kind),
                "{kind:?}"
            );
        }
    }
}
