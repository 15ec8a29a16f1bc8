//! Models of any size, for the load tests and the benches: as large as the largest plants, and never twice different.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::domain::identity::{BookId, MeterId, NodeId, ParameterId, ProductId, SourceId};
use crate::domain::model::{
    Binding, Book, Gas, Integration, Level, Limits, Meter, Name, Node, Parameter, Product, Provisional, SiteModel,
    Source, Window,
};
use crate::domain::reading::{Origin, ParameterKind};
use crate::domain::time::PlantZone;
use crate::domain::unit::{Unit, UnitError};

/// Sources of one process of a load model.
const SOURCES_OF_A_PROCESS: usize = 25;

/// Why a model for tests cannot be made. Its units and its zone are written in this program, so that this is a mistake
/// of the program, found by its tests.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the load model is wrong: {0}")]
pub struct LoadModelError(String);

impl From<UnitError> for LoadModelError {
    fn from(error: UnitError) -> Self {
        Self(error.to_string())
    }
}

/// A plant with `parameters` parameters and `sources` sources in one book of all gases: one process for every 25
/// sources, one equipment for every source. Quantities come first, then two monthly properties for each process, then
/// what is only watched; where `parameters` is too small for the sources, there are as many as the sources need.
///
/// # Errors
/// Never, unless the program's own units cannot be read.
pub fn load_model(parameters: usize, sources: usize) -> Result<SiteModel, LoadModelError> {
    let mut builder = Builder::new()?;
    let enterprise = builder.node("plant", "全厂", "Plant", Level::Enterprise, None);
    let mut processes = Vec::new();
    let mut of_process: Option<(NodeId, ParameterId, ParameterId)> = None;
    for number in 0..sources {
        if number % SOURCES_OF_A_PROCESS == 0 {
            let place = number / SOURCES_OF_A_PROCESS + 1;
            let process = builder.node(
                &format!("process-{place}"),
                &format!("工序{place}"),
                &format!("Process {place}"),
                Level::Process,
                Some(enterprise),
            );
            let heat = builder.property(process, &format!("NCV-{place}"), "GJ/t", 3, (19_000, 24_000))?;
            let carbon = builder.property(process, &format!("CC-{place}"), "tC/GJ", 5, (25, 28))?;
            processes.push(process);
            of_process = Some((process, heat, carbon));
        }
        let Some((process, heat, carbon)) = of_process else {
            break;
        };
        let place = number + 1;
        let equipment = builder.node(
            &format!("equipment-{place}"),
            &format!("设备{place}"),
            &format!("Equipment {place}"),
            Level::Equipment,
            Some(process),
        );
        builder.source(number, equipment, heat, carbon)?;
    }
    let mut number = 0;
    while builder.model.parameters.len() < parameters.max(1) {
        let node = builder
            .model
            .nodes
            .get(number % builder.model.nodes.len().max(1))
            .map_or(enterprise, |node| node.id);
        builder.watched(number, node)?;
        number += 1;
    }
    Ok(builder.finish(enterprise))
}

/// Puts a model together and counts its ids.
struct Builder {
    model: SiteModel,
}

impl Builder {
    fn new() -> Result<Self, LoadModelError> {
        Ok(Self {
            model: SiteModel {
                name: name("负载试验厂", "Load test plant"),
                sector: "power".to_owned(),
                simulated: true,
                ..SiteModel::empty(
                    "load",
                    PlantZone::parse("Asia/Shanghai").map_err(|error| LoadModelError(error.to_string()))?,
                )
            },
        })
    }

    fn node(&mut self, key: &str, zh: &str, en: &str, level: Level, parent: Option<NodeId>) -> NodeId {
        let id = NodeId(taken(&mut self.model.next.node));
        self.model.nodes.push(Node {
            id,
            key: key.to_owned(),
            name: name(zh, en),
            level,
            parent,
            upstream: None,
            runs: None,
        });
        id
    }

    fn meter(&mut self, tag: &str) -> MeterId {
        let id = MeterId(taken(&mut self.model.next.meter));
        self.model.meters.push(Meter {
            id,
            key: format!("meter-{}", tag.to_lowercase()),
            name: name(&format!("{tag} 计量表"), &format!("Meter of {tag}")),
            serial: format!("L{:06}", id.0),
            accuracy: "0.5S".to_owned(),
            calibrated_on: None,
            calibrated_until: None,
            multiplier: Decimal::from(200),
            rollover: Some(Decimal::from(10_000)),
            second_person: false,
        });
        id
    }

    fn parameter(
        &mut self,
        node: NodeId,
        tag: &str,
        (kind, unit, decimals): (ParameterKind, &str, u32),
        interval_ms: i64,
        possible: Option<(i64, i64)>,
    ) -> Result<ParameterId, LoadModelError> {
        let id = ParameterId(taken(&mut self.model.next.parameter));
        let meter = (kind == ParameterKind::Counter).then(|| self.meter(tag));
        self.model.parameters.push(Parameter {
            id,
            tag: tag.to_owned(),
            name: name(&format!("参数 {tag}"), &format!("Parameter {tag}")),
            kind,
            unit: Unit::parse(unit)?,
            decimals,
            node,
            meter,
            interval_ms,
            calendar: None,
            gap_limit_ms: (interval_ms * 3).max(600_000),
            integration: Integration::Step,
            possible: possible.map_or_else(Limits::default, |(low, high)| Limits {
                low: Some(Decimal::new(low, 3)),
                high: Some(Decimal::new(high, 3)),
            }),
            operating: Limits::default(),
            deadband: Decimal::ZERO,
            delay_ms: 0,
            origins: vec![Origin::Laboratory, Origin::Connector, Origin::File, Origin::Simulated],
            key: false,
            block_hours: Parameter::block_hours_for(kind, interval_ms),
            capacity: None,
            missing: None,
            untested: None,
            checks: None,
            alarms: None,
        });
        Ok(id)
    }

    fn property(
        &mut self,
        node: NodeId,
        tag: &str,
        unit: &str,
        decimals: u32,
        possible: (i64, i64),
    ) -> Result<ParameterId, LoadModelError> {
        self.parameter(node, tag, (ParameterKind::Property, unit, decimals), 0, Some(possible))
    }

    /// A source of one of four sorts with the parameter that counts its activity.
    fn source(
        &mut self,
        number: usize,
        node: NodeId,
        heat: ParameterId,
        carbon: ParameterId,
    ) -> Result<(), LoadModelError> {
        let place = number + 1;
        let (method, inputs) = match number % 4 {
            0 => {
                let possible = Some((0, 120_000));
                let coal = self.parameter(
                    node,
                    &format!("COAL-{place}"),
                    (ParameterKind::Flow, "t/h", 3),
                    10_000,
                    possible,
                )?;
                (
                    "combustion.heat-from-mass@1",
                    vec![
                        ("fuel_mass", hourly(coal)),
                        (
                            "net_calorific_value",
                            monthly(heat, "bituminous-coal.net-calorific-value"),
                        ),
                        (
                            "carbon_content_per_heat",
                            monthly(carbon, "bituminous-coal.carbon-content-per-heat"),
                        ),
                        ("oxidation_factor", factor("bituminous-coal.oxidation-factor")),
                    ],
                )
            }
            1 => {
                let power = self.parameter(
                    node,
                    &format!("POWER-{place}"),
                    (ParameterKind::Counter, "kWh", 2),
                    60_000,
                    None,
                )?;
                (
                    "electricity.purchased@1",
                    vec![("electricity", hourly(power)), ("grid_factor", factor("grid.shanxi"))],
                )
            }
            2 => {
                let heat = self.parameter(
                    node,
                    &format!("HEAT-{place}"),
                    (ParameterKind::Amount, "GJ", 3),
                    900_000,
                    None,
                )?;
                (
                    "heat.purchased@1",
                    vec![("heat", hourly(heat)), ("heat_factor", factor("heat.default"))],
                )
            }
            _ => {
                let gas = self.parameter(
                    node,
                    &format!("GAS-{place}"),
                    (ParameterKind::Flow, "Nm3/h", 1),
                    10_000,
                    Some((0, 9_000_000)),
                )?;
                (
                    "combustion.heat-from-volume@1",
                    vec![
                        ("fuel_volume", hourly(gas)),
                        ("net_calorific_value", factor("natural-gas.net-calorific-value")),
                        ("carbon_content_per_heat", factor("natural-gas.carbon-content-per-heat")),
                        ("oxidation_factor", factor("natural-gas.oxidation-factor")),
                    ],
                )
            }
        };
        let id = SourceId(taken(&mut self.model.next.source));
        self.model.sources.push(Source {
            id,
            key: format!("source-{place}"),
            name: name(&format!("排放源{place}"), &format!("Source {place}")),
            node,
            method: method.to_owned(),
            inputs: inputs
                .into_iter()
                .map(|(key, bound)| (key.to_owned(), bound))
                .collect::<BTreeMap<_, _>>(),
        });
        Ok(())
    }

    fn watched(&mut self, number: usize, node: NodeId) -> Result<(), LoadModelError> {
        let place = number + 1;
        let (prefix, unit, decimals, interval_ms, possible) = match number % 4 {
            0 => ("TE", "°C", 1, 10_000, (0, 650_000)),
            1 => ("PT", "MPa", 3, 10_000, (0, 18_000)),
            2 => ("AT", "%", 2, 30_000, (0, 21_000)),
            _ => ("IT", "A", 1, 5_000, (0, 800_000)),
        };
        let tag = format!("{prefix}-{place}");
        self.parameter(
            node,
            &tag,
            (ParameterKind::State, unit, decimals),
            interval_ms,
            Some(possible),
        )?;
        Ok(())
    }

    fn finish(mut self, enterprise: NodeId) -> SiteModel {
        let id = BookId(taken(&mut self.model.next.book));
        self.model.books.push(shanxi_book(id, enterprise));
        let produced = self
            .model
            .parameters
            .iter()
            .find(|parameter| parameter.kind == ParameterKind::Counter);
        if let Some((parameter, unit)) = produced.map(|parameter| (parameter.id, parameter.unit.clone())) {
            let id = ProductId(taken(&mut self.model.next.product));
            self.model.products.push(Product {
                id,
                key: "power".to_owned(),
                name: name("电力", "Power"),
                node: enterprise,
                parameter,
                unit,
            });
        }
        self.model
    }
}

/// A book by the Shanxi guide: all seven gases.
pub(super) fn shanxi_book(id: BookId, boundary: NodeId) -> Book {
    Book {
        id,
        key: "shanxi".to_owned(),
        name: name("山西导则账簿", "Shanxi guide"),
        standard: "DB14/T 2970".to_owned(),
        edition: "2024".to_owned(),
        boundary,
        gases: vec![
            Gas::CarbonDioxide,
            Gas::Methane,
            Gas::NitrousOxide,
            Gas::Hydrofluorocarbons,
            Gas::Perfluorocarbons,
            Gas::SulphurHexafluoride,
            Gas::NitrogenTrifluoride,
        ],
        gwp_set: "AR5".to_owned(),
        factor_sets: vec!["GB/T 32151.34-2024".to_owned(), "national".to_owned()],
        measured_only: false,
    }
}

fn name(zh: &str, en: &str) -> Name {
    Name {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

fn taken(next: &mut u32) -> u32 {
    let id = *next;
    *next += 1;
    id
}

pub(super) fn hourly(parameter: ParameterId) -> Binding {
    Binding::Parameter {
        parameter,
        window: Window::Hour,
        provisional: None,
    }
}

pub(super) fn monthly(parameter: ParameterId, provisional: &str) -> Binding {
    Binding::Parameter {
        parameter,
        window: Window::Month,
        provisional: Some(Provisional::Factor(provisional.to_owned())),
    }
}

pub(super) fn factor(key: &str) -> Binding {
    Binding::Factor {
        key: key.to_owned(),
        data_year: None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_load_model_has_what_was_asked_for() {
        let model = load_model(5_000, 500).unwrap();
        assert_eq!(
            (model.parameters.len(), model.sources.len(), model.books.len()),
            (5_000, 500, 1)
        );
        let tags: BTreeSet<&str> = model
            .parameters
            .iter()
            .map(|parameter| parameter.tag.as_str())
            .collect();
        assert_eq!(tags.len(), 5_000);
        assert_eq!(model.next.parameter, 5_001);
        // Parents before children, one claim for each quantity.
        for node in &model.nodes {
            assert!(node.parent.is_none_or(|parent| parent < node.id));
        }
        let claimed: Vec<ParameterId> = model
            .sources
            .iter()
            .flat_map(|source| source.inputs.values())
            .filter_map(|binding| match binding {
                Binding::Parameter {
                    parameter,
                    window: Window::Hour,
                    ..
                } => Some(*parameter),
                _ => None,
            })
            .collect();
        assert_eq!(claimed.iter().collect::<BTreeSet<_>>().len(), claimed.len());
    }

    #[test]
    fn every_source_binds_to_the_rules_of_the_catalogue() {
        let rules = crate::catalogue::rule_set().unwrap();
        let small = super::super::scenario::small_model().unwrap();
        for model in [load_model(100, 40).unwrap(), small] {
            for source in &model.sources {
                if let Err(errors) = crate::accounting::binding::bind(&model, source, rules) {
                    panic!("{}: {errors:?}", source.key);
                }
            }
            for book in &model.books {
                assert!(rules.gwp_sets().iter().any(|set| set.name == book.gwp_set));
                for set in &book.factor_sets {
                    assert!(rules.factor_set_names().contains(&set.as_str()), "{set}");
                }
            }
        }
    }

    #[test]
    fn a_load_model_may_be_tiny() {
        assert_eq!(load_model(0, 0).unwrap().parameters.len(), 1);
        assert_eq!(load_model(1, 4).unwrap().sources.len(), 4);
    }
}
