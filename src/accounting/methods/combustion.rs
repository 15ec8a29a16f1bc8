//! Combustion of fossil fuels (化石燃料燃烧; GB/T 32150, GB/T 32151.34-2024, NDRC guidelines of 2013). The three paths, by
//! heat, by mass and by volume, exclude each other for one stream of fuel.

use super::{product, take};
use crate::accounting::exact::{ArithmeticError, Exact};

/// Per cent and 44/12, the masses of CO₂ and of carbon in it as the rules give them.
const CARBON_DIOXIDE_OF_CARBON_PER_CENT: (i128, i128) = (44, 12 * 100);

/// Heat (GJ) × carbon content (tC/GJ) × oxidation factor (%) × 44/12.
pub(super) fn heat(inputs: &[Exact]) -> Result<Exact, ArithmeticError> {
    burnt(&take::<3>(inputs))
}

/// Mass (t) or volume (10⁴Nm³) × net calorific value (GJ per t or 10⁴Nm³) × carbon content (tC/GJ) × oxidation factor
/// (%) × 44/12.
pub(super) fn heat_from_quantity(inputs: &[Exact]) -> Result<Exact, ArithmeticError> {
    burnt(&take::<4>(inputs))
}

/// Mass (t) or volume (10⁴Nm³) × carbon content (tC per t or 10⁴Nm³) × oxidation factor (%) × 44/12.
pub(super) fn carbon(inputs: &[Exact]) -> Result<Exact, ArithmeticError> {
    burnt(&take::<3>(inputs))
}

fn burnt(factors: &[Exact]) -> Result<Exact, ArithmeticError> {
    let (numerator, denominator) = CARBON_DIOXIDE_OF_CARBON_PER_CENT;
    product(factors, numerator, denominator)
}
