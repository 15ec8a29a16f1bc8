//! Electricity bought and sold (购入、输出电力; GB/T 32150).

use super::{product, take};
use crate::accounting::exact::{ArithmeticError, Exact};

/// Electricity (`MWh`) × grid factor (tCO2/MWh).
pub(super) fn purchased(inputs: &[Exact]) -> Result<Exact, ArithmeticError> {
    product(&take::<2>(inputs), 1, 1)
}

/// The same, negative.
pub(super) fn sold(inputs: &[Exact]) -> Result<Exact, ArithmeticError> {
    product(&take::<2>(inputs), -1, 1)
}
