//! Limits (限值) of a parameter's values.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A range of values, either end open; in the parameter's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Limits {
    /// Lowest value inside.
    pub low: Option<Decimal>,
    /// Highest value inside.
    pub high: Option<Decimal>,
}

impl Limits {
    /// Whether a value lies outside; both ends are inside.
    pub fn excludes(&self, value: Decimal) -> bool {
        self.low.is_some_and(|low| value < low) || self.high.is_some_and(|high| value > high)
    }
}

/// Both ends, of an open one nothing; between them what every console can draw.
impl fmt::Display for Limits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |end: Option<Decimal>| end.map_or_else(String::new, |end| end.normalize().to_string());
        write!(formatter, "{} .. {}", end(self.low), end(self.high))
    }
}
