//! When a process stands still (停运): what its sensors show then is not what they show while it runs.

use serde::{Deserialize, Serialize};

use super::super::settings::{SettingsError, Span, finite};
use super::Point;

/// By what a standstill is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Standstill {
    /// Values that it then has.
    idle: Option<Span>,
    /// Load below which it stands still.
    least_load: Option<f64>,
}

impl Standstill {
    /// Nothing tells of one.
    pub const NEVER: Self = Self {
        idle: None,
        least_load: None,
    };

    /// By values, and by the load of the process.
    pub fn new(idle: Option<Span>, least_load: Option<f64>) -> Result<Self, SettingsError> {
        Ok(Self {
            idle,
            least_load: least_load.map(|load| finite("least_load", load)).transpose()?,
        })
    }

    /// Whether it stands still at a reading. A load that nobody knows may be any.
    pub fn holds(&self, point: &Point) -> bool {
        self.idle.is_some_and(|idle| idle.holds(point.value)) || self.least_load.is_some_and(|least| point.load < least)
    }
}
