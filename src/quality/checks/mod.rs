//! The checks, each with its settings. A check sees the readings of one channel in the order of time, keeps bounded
//! memory, and looks at each reading a bounded number of times.

pub mod attenuated;
pub mod band;
pub mod counter;
pub mod flat;
pub mod gap;
pub mod noise;
pub mod outlier;
pub mod published;
pub mod range;
pub mod rate;
pub mod repeated;
pub mod shift;
pub mod spike;
pub mod standstill;
pub mod unit_slip;
pub mod usual_scatter;

use crate::domain::time::Instant;

/// What a check sees of a reading: a finite value in the order of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Its stamp.
    pub at: Instant,
    /// Its value; of a register what it counted in an hour at the speed since the value before.
    pub value: f64,
    /// The load of the process at that time, by another channel; NaN where none is known.
    pub load: f64,
}
