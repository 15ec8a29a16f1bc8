//! The methods' functions (核算方法): small, pure and exact. A function takes a method's inputs in the order and the
//! units of its definition and gives tonnes of the method's gas, with the sign of its category. Nothing is rounded here,
//! and division comes last.
//!
//! A version that was shipped is never edited: figures of the past are computed by it. A change is a new version beside
//! it. What people see of a method (names, formula, source) is its
//! [`MethodDefinition`](super::rules::MethodDefinition), which the catalogue gives.

mod combustion;
mod electricity;
mod heat;

use thiserror::Error;

use super::exact::{ArithmeticError, Exact};
use crate::domain::text::{Explained, Text, clean};

/// The function of a method: inputs in definition order and units, result in tonnes of the gas.
pub type MethodFunction = fn(&[Exact]) -> Result<Exact, ArithmeticError>;

/// Why a method gives no result.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MethodError {
    /// This program has no function of that id and version.
    #[error("this version of carbonwatch has no method {0:?}")]
    Unknown(String),
    /// Too few or too many inputs.
    #[error("method {reference} takes {expected} inputs, {given} were given")]
    Inputs {
        /// Which method.
        reference: String,
        /// How many it takes.
        expected: usize,
        /// How many were given.
        given: usize,
    },
    /// The computation has no result.
    #[error(transparent)]
    Arithmetic(#[from] ArithmeticError),
}

impl Explained for MethodError {
    fn text(&self) -> Text {
        match self {
            Self::Unknown(reference) => Text::new("method-unknown").with("method", clean(reference)),
            Self::Inputs {
                reference,
                expected,
                given,
            } => Text::new("method-input-count")
                .with("method", clean(reference))
                .with_count("expected", *expected)
                .with_count("given", *given),
            Self::Arithmetic(error) => error.text(),
        }
    }
}

/// All functions: reference, number of inputs, function.
const FUNCTIONS: &[(&str, usize, MethodFunction)] = &[
    ("combustion.heat@1", 3, combustion::heat),
    ("combustion.heat-from-mass@1", 4, combustion::heat_from_quantity),
    ("combustion.heat-from-volume@1", 4, combustion::heat_from_quantity),
    ("combustion.mass@1", 3, combustion::carbon),
    ("combustion.volume@1", 3, combustion::carbon),
    ("electricity.purchased@1", 2, electricity::purchased),
    ("electricity.sold@1", 2, electricity::sold),
    ("heat.hot-water-purchased@1", 5, heat::hot_water_purchased),
    ("heat.purchased@1", 2, heat::purchased),
    ("heat.sold@1", 2, heat::sold),
    ("heat.steam-purchased@1", 4, heat::steam_purchased),
];

/// The function of a method, by a reference such as `combustion.mass@1`.
///
/// Resolve once, call often. With fewer inputs than the method takes, the function takes the missing ones as zero, and
/// it does not look at surplus ones: whoever calls it directly has bound them by the definition
/// ([`super::binding::bind`]). [`evaluate`] checks the number.
pub fn function_of(reference: &str) -> Option<MethodFunction> {
    FUNCTIONS
        .iter()
        .find(|(known, ..)| *known == reference)
        .map(|&(_, _, function)| function)
}

/// The number of inputs that a method's function takes.
pub fn input_count_of(reference: &str) -> Option<usize> {
    FUNCTIONS
        .iter()
        .find(|(known, ..)| *known == reference)
        .map(|&(_, count, _)| count)
}

/// The references of all methods that have a function, in order.
pub fn references() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|&(reference, ..)| reference)
}

/// Evaluates a method by its reference, with its inputs in definition order and units. Tonnes of its gas.
pub fn evaluate(reference: &str, inputs: &[Exact]) -> Result<Exact, MethodError> {
    let &(_, expected, function) = FUNCTIONS
        .iter()
        .find(|(known, ..)| *known == reference)
        .ok_or_else(|| MethodError::Unknown(reference.to_owned()))?;
    if inputs.len() != expected {
        return Err(MethodError::Inputs {
            reference: reference.to_owned(),
            expected,
            given: inputs.len(),
        });
    }
    Ok(function(inputs)?)
}

/// The product of all inputs, in their order, times a last fraction.
fn product(inputs: &[Exact], numerator: i128, denominator: i128) -> Result<Exact, ArithmeticError> {
    let mut result = Exact::ONE;
    for &input in inputs {
        result = result.checked_mul(input)?;
    }
    result.checked_mul(Exact::ratio(numerator, denominator)?)
}

/// The first `N` inputs; what is missing is zero, so that nothing that was not given makes emissions.
fn take<const N: usize>(inputs: &[Exact]) -> [Exact; N] {
    let mut taken = [Exact::ZERO; N];
    for (place, &input) in taken.iter_mut().zip(inputs) {
        *place = input;
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evaluates with inputs written as decimal numbers.
    fn tonnes(reference: &str, inputs: &[&str]) -> String {
        let inputs: Vec<Exact> = inputs
            .iter()
            .map(|text| Exact::from_decimal(text.parse().unwrap()))
            .collect();
        evaluate(reference, &inputs).unwrap().to_string()
    }

    #[test]
    fn combustion_by_heat() {
        // 1000 GJ × 0.0261 tC/GJ = 26.1 tC; × 93 % = 24.273 tC; × 44/12 = 89.001 tCO2.
        assert_eq!(tonnes("combustion.heat@1", &["1000", "0.0261", "93"]), "89.001");
    }

    #[test]
    fn combustion_by_heat_from_mass() {
        // 1200 t × 19.570 GJ/t = 23484 GJ; × 0.0261 = 612.9324 tC; × 93 % = 570.027132 tC;
        // × 44 = 25081.193808; / 12 = 2090.099484 tCO2.
        assert_eq!(
            tonnes("combustion.heat-from-mass@1", &["1200", "19.570", "0.0261", "93"]),
            "2090.099484"
        );
    }

    #[test]
    fn combustion_by_heat_from_volume() {
        // 12 (10⁴Nm³) × 389.31 = 4671.72 GJ; × 0.0153 = 71.477316 tC; × 99 % = 70.76254284 tC;
        // × 44 = 3113.55188496; / 12 = 259.46265708 tCO2.
        assert_eq!(
            tonnes("combustion.heat-from-volume@1", &["12", "389.31", "0.0153", "99"]),
            "259.46265708"
        );
    }

    #[test]
    fn combustion_by_mass_and_by_volume() {
        // 100 t × 0.7 tC/t = 70 tC; × 98 % = 68.6 tC; × 44/12 = 3018.4/12 = 251.5333…: 18865/75 in lowest terms
        // (3018.4/12 = 30184/120 = 3773/15).
        assert_eq!(tonnes("combustion.mass@1", &["100", "0.7", "98"]), "3773/15");
        // 3 (10⁴Nm³) × 5.9 tC/10⁴Nm³ = 17.7 tC; × 99 % = 17.523 tC; × 44 = 771.012; / 12 = 64.251 tCO2.
        assert_eq!(tonnes("combustion.volume@1", &["3", "5.9", "99"]), "64.251");
    }

    #[test]
    fn electricity_bought_and_sold() {
        // 1234.5 MWh × 0.5306 = 655.0257 tCO2.
        assert_eq!(tonnes("electricity.purchased@1", &["1234.5", "0.5306"]), "655.0257");
        assert_eq!(tonnes("electricity.sold@1", &["1234.5", "0.5306"]), "-655.0257");
    }

    #[test]
    fn heat_bought_and_sold() {
        // 500 GJ × 0.11 = 55 tCO2.
        assert_eq!(tonnes("heat.purchased@1", &["500", "0.11"]), "55");
        assert_eq!(tonnes("heat.sold@1", &["500", "0.11"]), "-55");
    }

    #[test]
    fn heat_from_steam_with_and_without_feed_water() {
        // 1 t × (2800 − 0) kJ/kg / 1000 = 2.8 GJ; × 0.11 = 0.308 tCO2.
        assert_eq!(tonnes("heat.steam-purchased@1", &["1", "2800", "0", "0.11"]), "0.308");
        // 1 t × (2800 − 83.74) / 1000 = 2.71626 GJ; × 0.11 = 0.2987886 tCO2.
        assert_eq!(
            tonnes("heat.steam-purchased@1", &["1", "2800", "83.74", "0.11"]),
            "0.2987886"
        );
    }

    #[test]
    fn heat_from_hot_water() {
        // 1000 t × (90 − 20) °C × 4.1868 kJ/(kg·°C) / 1000 = 293.076 GJ; × 0.11 = 32.23836 tCO2.
        assert_eq!(
            tonnes("heat.hot-water-purchased@1", &["1000", "90", "20", "4.1868", "0.11"]),
            "32.23836"
        );
    }

    #[test]
    fn unknown_methods_and_wrong_numbers_of_inputs_are_refused() {
        assert_eq!(
            evaluate("combustion.mass@2", &[]),
            Err(MethodError::Unknown("combustion.mass@2".into()))
        );
        assert_eq!(
            evaluate("electricity.sold@1", &[Exact::ONE]),
            Err(MethodError::Inputs {
                reference: "electricity.sold@1".into(),
                expected: 2,
                given: 1
            })
        );
    }

    #[test]
    fn what_overflows_is_an_error() {
        let large = Exact::integer(i128::MAX);
        assert_eq!(
            evaluate("combustion.heat@1", &[large, large, large]),
            Err(MethodError::Arithmetic(ArithmeticError::Overflow))
        );
    }

    #[test]
    fn missing_inputs_never_make_emissions() {
        for (reference, count, function) in FUNCTIONS {
            assert_eq!(function(&[]), Ok(Exact::ZERO), "{reference}");
            assert_eq!(input_count_of(reference), Some(*count));
            assert!(function_of(reference).is_some());
        }
    }
}
