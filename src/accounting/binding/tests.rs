use std::collections::BTreeMap;

use super::*;
use crate::domain::identity::NodeId;
use crate::domain::model::{Integration, Limits, Name};
use crate::domain::time::{Month, PlantZone};

fn parameter(id: u32, kind: ParameterKind, unit: &str, decimals: u32) -> Parameter {
    Parameter {
        id: ParameterId(id),
        tag: format!("P-{id}"),
        name: Name::default(),
        kind,
        unit: Unit::parse(unit).unwrap(),
        decimals,
        node: NodeId(1),
        meter: None,
        interval_ms: 60_000,
        calendar: None,
        gap_limit_ms: 600_000,
        integration: Integration::Step,
        possible: Limits::default(),
        operating: Limits::default(),
        deadband: rust_decimal::Decimal::ZERO,
        delay_ms: 0,
        origins: Vec::new(),
        key: false,
        block_hours: 24,
        capacity: None,
        missing: None,
        untested: None,
        checks: None,
        alarms: None,
    }
}

fn model() -> SiteModel {
    SiteModel {
        sector: "steel".into(),
        parameters: vec![
            parameter(1, ParameterKind::Flow, "kg/s", 2),
            parameter(2, ParameterKind::Counter, "kWh", 1),
            parameter(3, ParameterKind::Property, "%", 1),
            parameter(4, ParameterKind::Property, "MJ/kg", 3),
            parameter(5, ParameterKind::State, "t", 0),
        ],
        ..SiteModel::empty("s", PlantZone::parse("Asia/Shanghai").unwrap())
    }
}

fn of_parameter(id: u32, window: Window) -> Binding {
    Binding::Parameter {
        parameter: ParameterId(id),
        window,
        provisional: None,
    }
}

fn of_factor(key: &str) -> Binding {
    Binding::Factor {
        key: key.into(),
        data_year: None,
    }
}

fn constant(value: &str, unit: &str) -> Constant {
    Constant {
        value: value.parse().unwrap(),
        unit: Unit::parse(unit).unwrap(),
        origin: "contract".into(),
    }
}

fn bound(method: &str, inputs: &[(&str, Binding)]) -> Result<BoundSource, Vec<BindingError>> {
    let source = Source {
        id: SourceId(9),
        key: "boiler".into(),
        name: Name::default(),
        node: NodeId(1),
        method: method.into(),
        inputs: inputs
            .iter()
            .map(|(key, binding)| ((*key).to_owned(), binding.clone()))
            .collect::<BTreeMap<_, _>>(),
    };
    bind(&model(), &source, crate::catalogue::rule_set().unwrap())
}

#[test]
fn inputs_stand_in_the_order_and_units_of_the_method() {
    let source = bound(
        "combustion.heat-from-mass@1",
        &[
            ("oxidation_factor", Binding::Constant(constant("0.98", "1"))),
            (
                "net_calorific_value",
                Binding::Parameter {
                    parameter: ParameterId(4),
                    window: Window::Month,
                    provisional: Some(Provisional::Factor("bituminous-coal.net-calorific-value".into())),
                },
            ),
            (
                "carbon_content_per_heat",
                of_factor("bituminous-coal.carbon-content-per-heat"),
            ),
            ("fuel_mass", of_parameter(1, Window::Hour)),
        ],
    )
    .unwrap();
    assert_eq!(source.source, SourceId(9));
    assert_eq!(source.category, Category::FuelCombustion);
    let keys: Vec<&str> = source.inputs.iter().map(|input| input.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "fuel_mass",
            "net_calorific_value",
            "carbon_content_per_heat",
            "oxidation_factor"
        ]
    );
    // 0.01 kg/s for an hour is 36 kg.
    assert_eq!(
        source.inputs[0].value,
        BoundValue::Quantity {
            parameter: ParameterId(1),
            scale: Ratio::new(36, 1000).unwrap()
        }
    );
    // 0.001 MJ/kg is 0.001 GJ/t.
    let BoundValue::Property {
        scale,
        window: Window::Month,
        provisional: Some(provisional),
        ..
    } = &source.inputs[1].value
    else {
        panic!("{:?}", source.inputs[1]);
    };
    assert_eq!(*scale, Ratio::new(1, 1000).unwrap());
    assert!(matches!(**provisional, BoundValue::Factor { ref target, .. } if target.symbol() == "GJ/t"));
    // 0.98 is 98 %.
    assert!(matches!(source.inputs[3].value, BoundValue::Constant { value, .. } if value == Exact::integer(98)));
    assert_eq!((source.function)(&[Exact::ZERO; 4]), Ok(Exact::ZERO));
}

#[test]
fn counters_convert_by_their_unit() {
    let source = bound(
        "electricity.purchased@1",
        &[
            ("electricity", of_parameter(2, Window::Hour)),
            ("grid_factor", of_factor("grid.north-china")),
        ],
    )
    .unwrap();
    // 0.1 kWh is 0.0001 MWh.
    assert_eq!(
        source.inputs[0].value,
        BoundValue::Quantity {
            parameter: ParameterId(2),
            scale: Ratio::new(1, 10_000).unwrap()
        }
    );
}

#[test]
fn a_factor_converts_exactly_into_the_unit_of_the_input() {
    let rules = crate::catalogue::rule_set().unwrap();
    let month = Month { year: 2022, month: 1 };
    let resolved = rules.resolve(&[], "grid.national", None, month).unwrap();
    let per_kilowatt_hour = Unit::parse("kgCO2/MWh").unwrap();
    assert_eq!(
        factor_value(&resolved, &per_kilowatt_hour).unwrap().to_string(),
        "536.6"
    );
    assert!(matches!(
        factor_value(&resolved, &Unit::parse("tCO2/t").unwrap()),
        Err(ValueError::Unit(UnitError::Dimension { .. }))
    ));
}

#[test]
fn all_errors_come_at_once() {
    let errors = bound(
        "combustion.mass@1",
        &[
            ("fuel_mass", Binding::Constant(constant("1", "t"))),
            ("carbon_content", of_factor("bituminous-coal.net-calorific-value")),
            ("colour", of_parameter(1, Window::Hour)),
        ],
    )
    .unwrap_err();
    assert!(matches!(errors[0], BindingError::UnknownInput { ref input, .. } if input == "colour"));
    assert!(matches!(errors[1], BindingError::NotAQuantity { ref input, .. } if input == "fuel_mass"));
    assert!(matches!(errors[2], BindingError::WrongDimension { ref input, .. } if input == "carbon_content"));
    assert!(matches!(errors[3], BindingError::MissingInput { ref input, .. } if input == "oxidation_factor"));
    assert_eq!(errors.len(), 4);
}

#[test]
fn what_does_not_fit_is_named() {
    let only = |inputs: &[(&str, Binding)]| {
        let errors = bound("combustion.mass@1", inputs).unwrap_err();
        errors
            .into_iter()
            .find(|error| !matches!(error, BindingError::MissingInput { .. }))
            .unwrap()
    };
    assert!(matches!(
        only(&[("fuel_mass", of_parameter(5, Window::Hour))]),
        BindingError::WrongKind { kind: "state", .. }
    ));
    assert!(matches!(
        only(&[("fuel_mass", of_parameter(2, Window::Hour))]),
        BindingError::WrongDimension { .. }
    ));
    assert!(matches!(
        only(&[("fuel_mass", of_parameter(77, Window::Hour))]),
        BindingError::UnknownParameter {
            parameter: ParameterId(77),
            ..
        }
    ));
    assert!(matches!(
        only(&[("oxidation_factor", of_parameter(3, Window::Hour))]),
        BindingError::WrongWindow { ref allowed, .. } if allowed == "month, year"
    ));
    assert!(matches!(
        only(&[("oxidation_factor", of_factor("nothing.at-all"))]),
        BindingError::UnknownFactor { .. }
    ));
    let error = bound(
        "electricity.purchased@1",
        &[
            ("electricity", of_parameter(2, Window::Hour)),
            ("grid_factor", of_parameter(3, Window::Month)),
        ],
    )
    .unwrap_err();
    assert!(matches!(error[..], [BindingError::WrongKind { kind: "property", .. }]));
    assert!(matches!(
        bound("combustion.mass@7", &[]).unwrap_err()[..],
        [BindingError::UnknownMethod { .. }]
    ));
}

#[test]
fn every_error_is_explained_in_both_languages() {
    use crate::locale::{Language, Localizer};
    let (of, method, input) = (
        "boiler".to_owned(),
        "combustion.mass@1".to_owned(),
        "fuel_mass".to_owned(),
    );
    let errors = [
        BindingError::UnknownMethod {
            of: of.clone(),
            method: method.clone(),
        },
        BindingError::ForeignMethod {
            of: of.clone(),
            method: method.clone(),
        },
        BindingError::MissingInput {
            of: of.clone(),
            method: method.clone(),
            input: input.clone(),
            unit: "t".into(),
        },
        BindingError::UnknownInput {
            of: of.clone(),
            method,
            input: "colour".into(),
            known: input.clone(),
        },
        BindingError::NotAQuantity {
            of: of.clone(),
            input: input.clone(),
        },
        BindingError::WrongKind {
            of: of.clone(),
            input: input.clone(),
            parameter: "P-5".into(),
            kind: "state",
        },
        BindingError::WrongWindow {
            of: of.clone(),
            input: input.clone(),
            allowed: "month".into(),
        },
        BindingError::WrongDimension {
            of: of.clone(),
            input: input.clone(),
            error: Box::new(UnitError::NotARate("t".into())),
        },
        BindingError::UnknownParameter {
            of: of.clone(),
            input: input.clone(),
            parameter: ParameterId(7),
        },
        BindingError::UnknownFactor {
            of,
            input,
            key: "k".into(),
        },
    ];
    for language in Language::ALL {
        let localizer = Localizer::new(language);
        for error in &errors {
            let shown = localizer.text(&error.text());
            assert!(shown.contains("boiler") && !shown.contains("binding-"), "{shown}");
        }
    }
    let english = Localizer::new(Language::English).text(&errors[5].text());
    assert!(english.contains("P-5, which is a state. Quantities"), "{english}");
}
