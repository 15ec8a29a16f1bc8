//! The built-in plant simulator (模拟器): seeded deliveries for any site model.
//!
//! It drives the demo, the load tests and the property tests. Everything it makes carries [`Origin::Simulated`].
//!
//! The same model, seed and time range give the same deliveries, bit for bit, on any machine: all arithmetic is on
//! integers, and every draw is a hash of the seed, the parameter and the instant. So a plant can be looked at from any
//! instant on without simulating what came before, and keeps a few hundred bytes for each parameter.

mod curve;
mod demo;
mod faults;
pub mod load;
mod plant;
pub(crate) mod random;
mod recipe;
pub mod scenario;

pub use faults::{Imperfection, Imperfections};
pub use plant::{Deliveries, Plant};

use thiserror::Error;

use crate::domain::reading::{Incoming, Origin};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Instant;

/// A reading on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Delivery {
    /// When it arrives.
    pub arrives: Instant,
    /// By which way: always [`Origin::Simulated`].
    pub origin: Origin,
    /// What it says.
    pub incoming: Incoming,
}

/// Why a model cannot be simulated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SimulateError {
    /// The model has no parameter.
    #[error("the model has no parameters: there is nothing to simulate")]
    NothingToSimulate,
    /// A parameter's limits, rollover or multiplier do not fit its digits.
    #[error("parameter {tag:?}: its limits, rollover or multiplier are out of scale for its unit and decimals")]
    Scale {
        /// Tag of the parameter.
        tag: String,
    },
}

impl Explained for SimulateError {
    fn text(&self) -> Text {
        match self {
            Self::NothingToSimulate => Text::new("simulate-nothing"),
            Self::Scale { tag } => Text::new("simulate-scale").with("tag", clean(tag)),
        }
    }
}
