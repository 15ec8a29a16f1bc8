use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::rule_set;
use crate::accounting::methods;
use crate::accounting::rules::{Factor, InputRole, RuleSet};
use crate::domain::model::{Gas, Window};
use crate::domain::time::Month;
use crate::domain::unit::Unit;

fn rules() -> &'static RuleSet {
    rule_set().unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn count(predicate: impl Fn(&Factor) -> bool) -> usize {
    rules().factors().iter().filter(|factor| predicate(factor)).count()
}

#[test]
fn every_row_is_read() {
    let in_set = |set: &'static str| count(|factor| factor.factor_set == set);
    // 26 fuels of three values, 11 carbonates and 2 values of desulfurisation.
    assert_eq!(in_set("GB/T 32151.34-2024"), 26 * 3 + 13);
    assert_eq!(in_set("NDRC-2013-steel"), 22 * 3);
    // Three announcements of 1 nation, 7 regions, 30 provinces and 2 special values; 2 prescribed values; heat.
    assert_eq!(in_set("national"), 3 * (1 + 7 + 30 + 2) + 2 + 1);
    assert_eq!(
        rules().factor_set_names(),
        ["GB/T 32151.34-2024", "NDRC-2013-steel", "national"]
    );
    let values: Vec<usize> = rules().gwp_sets().iter().map(|set| set.values.len()).collect();
    // AR4, AR5, AR6, SAR, each with CO2 itself.
    assert_eq!(values, [23, 30, 30, 24]);
    assert_eq!(rules().methods().len(), 11);
}

#[test]
fn no_row_stands_twice() {
    let mut keys = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for factor in rules().factors() {
        assert!(
            keys.insert((&factor.factor_set, &factor.key, factor.data_year, factor.valid_from)),
            "{}",
            factor.key
        );
        assert!(ids.insert(&factor.id), "{}", factor.id);
    }
    for set in rules().gwp_sets() {
        let substances: BTreeSet<&str> = set.values.iter().map(|value| value.substance.as_str()).collect();
        assert_eq!(substances.len(), set.values.len(), "{}", set.name);
    }
}

#[test]
fn every_row_says_where_it_comes_from() {
    for factor in rules().factors() {
        assert!(!factor.document.is_empty() && !factor.id.is_empty(), "{}", factor.key);
        assert!(
            !factor.name.zh.is_empty() && !factor.name.en.is_empty(),
            "{}",
            factor.key
        );
    }
}

#[test]
fn values_lie_in_the_bands_of_their_kind() {
    let band = |low: &str, high: &str| (decimal(low), decimal(high));
    for factor in rules().factors() {
        let (_, kind) = factor.key.split_once('.').unwrap();
        let (unit, (low, high)) = match (kind, factor.unit.symbol()) {
            ("net-calorific-value", "GJ/t") => ("GJ/t", band("8", "52")),
            ("net-calorific-value", _) => ("GJ/10⁴Nm³", band("30", "400")),
            ("carbon-content-per-heat", _) => ("tC/GJ", band("0.012", "0.071")),
            ("oxidation-factor" | "carbonate-content" | "conversion-rate", _) => ("%", band("90", "100")),
            ("emission-factor", _) => ("tCO2/t", band("0.2", "0.6")),
            ("default", _) => ("tCO2/GJ", band("0.11", "0.11")),
            _ => ("tCO2/MWh", band("0.08", "0.9")),
        };
        assert_eq!(factor.unit, Unit::parse(unit).unwrap(), "{}", factor.id);
        assert!(
            low <= factor.value && factor.value <= high,
            "{} = {}",
            factor.id,
            factor.value
        );
    }
}

#[test]
fn known_values_are_as_published() {
    let value = |key: &str, set: &str, data_year, year| {
        let month = Month { year, month: 6 };
        let resolved = rules().resolve(&[set.to_owned()], key, data_year, month).unwrap();
        (resolved.factor.value.to_string(), resolved.provisional)
    };
    let definite = |text: &str| (text.to_owned(), false);
    let provisional = |text: &str| (text.to_owned(), true);
    let steel = "NDRC-2013-steel";
    assert_eq!(value("grid.national", steel, None, 2021), definite("0.5568"));
    assert_eq!(value("grid.national", steel, None, 2022), definite("0.5366"));
    assert_eq!(value("grid.national", steel, None, 2023), definite("0.5306"));
    assert_eq!(value("grid.national", steel, None, 2026), provisional("0.5306"));
    assert_eq!(value("grid.national", steel, Some(2021), 2026), definite("0.5568"));
    assert_eq!(value("grid.shanxi", steel, Some(2021), 2021), definite("0.7222"));
    assert_eq!(value("grid.national-ets", steel, None, 2018), definite("0.6101"));
    assert_eq!(value("heat.default", steel, None, 2025), definite("0.11"));
    assert_eq!(
        value("bituminous-coal.net-calorific-value", "GB/T 32151.34-2024", None, 2025),
        definite("19.570")
    );
    assert_eq!(
        value("natural-gas.net-calorific-value", "GB/T 32151.34-2024", None, 2025),
        definite("389.31")
    );
}

#[test]
fn warming_potentials_are_those_of_their_set() {
    let of = |set: &str, gas| rules().gwp(set, gas).map(|value| value.to_string());
    assert_eq!(of("SAR", Gas::Methane).as_deref(), Some("21"));
    assert_eq!(of("AR4", Gas::NitrousOxide).as_deref(), Some("298"));
    assert_eq!(of("AR5", Gas::SulphurHexafluoride).as_deref(), Some("23500"));
    assert_eq!(of("AR6", Gas::Methane).as_deref(), Some("27.9"));
    for set in rules().gwp_sets() {
        assert_eq!(rules().gwp(&set.name, Gas::CarbonDioxide), Some(Decimal::ONE));
    }
    // The second report has no value for NF3, a family of gases has none as such, and there is no eighth report.
    assert_eq!(of("SAR", Gas::NitrogenTrifluoride), None);
    assert_eq!(of("AR5", Gas::Hydrofluorocarbons), None);
    assert_eq!(of("AR8", Gas::CarbonDioxide), None);
    assert_eq!(rules().gwp_of_substance("AR5", "C2F6"), Some(decimal("11100")));
}

#[test]
fn every_method_has_its_function_and_every_function_its_method() {
    let defined: BTreeSet<String> = rules()
        .methods()
        .iter()
        .map(crate::accounting::rules::MethodDefinition::reference)
        .collect();
    let programmed: BTreeSet<String> = methods::references().map(str::to_owned).collect();
    assert_eq!(defined, programmed);
    for method in rules().methods() {
        assert_eq!(
            methods::input_count_of(&method.reference()),
            Some(method.inputs.len()),
            "{}",
            method.id
        );
    }
}

#[test]
fn definitions_hold_together() {
    for method in rules().methods() {
        let quantities = method.inputs.iter().filter(|input| input.role == InputRole::Quantity);
        assert_eq!(quantities.count(), 1, "{} has one activity", method.id);
        for input in &method.inputs {
            assert!(method.formula.contains(&input.key), "{} in {}", input.key, method.id);
            match input.role {
                InputRole::Quantity => assert_eq!(input.windows, [Window::Hour]),
                InputRole::Property => assert!(!input.windows.is_empty()),
                InputRole::Factor => assert!(input.windows.is_empty()),
            }
        }
    }
}

/// A function and its definition agree on the order of inputs and on units: dimensions multiply to tonnes of CO₂, and
/// each input, doubled alone, doubles the result where the formula is a plain product.
#[test]
fn products_are_linear_in_every_input() {
    use crate::accounting::exact::Exact;
    for method in rules().methods().iter().filter(|method| !method.formula.contains('(')) {
        let reference = method.reference();
        let ones = vec![Exact::integer(3); method.inputs.len()];
        let before = methods::evaluate(&reference, &ones).unwrap();
        assert_eq!(before.is_negative(), method.formula.starts_with('−'), "{reference}");
        for place in 0..ones.len() {
            let mut inputs = ones.clone();
            inputs[place] = Exact::integer(6);
            let after = methods::evaluate(&reference, &inputs).unwrap();
            assert_eq!(
                after,
                before.checked_mul(Exact::integer(2)).unwrap(),
                "{reference} {place}"
            );
        }
    }
}

#[test]
fn the_digest_is_known() {
    // Changes when, and only when, a shipped rule changes: then a site is told that it may adopt.
    let digest = rules().digest();
    assert_eq!(digest[..8], [0x67, 0x73, 0xfa, 0x4f, 0x8f, 0xd7, 0xbf, 0xbb]);
}

#[test]
fn a_broken_file_is_named() {
    let good = "gwp_set = []";
    let methods = "method = []";
    let read = |factors| super::load::rule_set(&[("f.toml", factors)], ("g.toml", good), ("m.toml", methods));
    let row = r#"{ key = "a.b", id = "1", zh = "甲", en = "A", value = "1.5", unit = "GJ/t" }"#;
    let file =
        |document: &str, row: &str| format!("factor_set = \"s\"\n{document}trust = \"dataset\"\nfactor = [{row}]");
    let named = "document = \"d\"\n";
    let text = file(named, row);
    assert_eq!(read(Box::leak(text.into_boxed_str())).unwrap().factors().len(), 1);
    for broken in [
        file("", row),
        file(named, &row.replace("1.5", "1,5")),
        file(named, &row.replace("GJ/t", "GJ/parsec")),
        file(named, &row.replace("zh =", "chinese =")),
    ] {
        let error = read(Box::leak(broken.into_boxed_str())).unwrap_err();
        assert_eq!(error.file, "f.toml");
        assert!(!error.reason.is_empty());
    }
}
