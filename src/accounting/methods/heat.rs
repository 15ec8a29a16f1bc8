//! Heat bought and sold (购入、输出热力; GB/T 32150).

use super::{product, take};
use crate::accounting::exact::{ArithmeticError, Exact};

/// kJ/kg × t = MJ, of which a thousand make a GJ.
const GIGAJOULES_OF_MEGAJOULE: (i128, i128) = (1, 1000);

/// Heat (GJ) × heat factor (tCO2/GJ).
pub(super) fn purchased(inputs: &[Exact]) -> Result<Exact, ArithmeticError> {
    product(&take::<2>(inputs), 1, 1)
}

/// The same, negative.
pub(super) fn sold(inputs: &[Exact]) -> Result<Exact, ArithmeticError> {
    product(&take::<2>(inputs), -1, 1)
}

/// Steam (t) × (its enthalpy − that of the feed water, kJ/kg) ÷ 1000 × heat factor (tCO2/GJ). The rules differ in the
/// feed water (83.74 kJ/kg in the NDRC guidelines, none in GB/T 32151.34-2024), so it is an input.
pub(super) fn steam_purchased(inputs: &[Exact]) -> Result<Exact, ArithmeticError> {
    let [mass, enthalpy, feed_water, factor] = take::<4>(inputs);
    let (numerator, denominator) = GIGAJOULES_OF_MEGAJOULE;
    product(
        &[mass, enthalpy.checked_sub(feed_water)?, factor],
        numerator,
        denominator,
    )
}

/// Hot water (t) × (its temperature − the reference, °C) × specific heat (kJ/(kg·°C)) ÷ 1000 × heat factor (tCO2/GJ).
pub(super) fn hot_water_purchased(inputs: &[Exact]) -> Result<Exact, ArithmeticError> {
    let [mass, temperature, reference, specific_heat, factor] = take::<5>(inputs);
    let (numerator, denominator) = GIGAJOULES_OF_MEGAJOULE;
    product(
        &[mass, temperature.checked_sub(reference)?, specific_heat, factor],
        numerator,
        denominator,
    )
}
