//! Data anomalies (数据异常): what a checker has to look at, and the life of that work.
//!
//! An anomaly is not an alarm. It asks nothing of the operator on shift, never rings, is not acknowledged and does not
//! count in the alarm figures; it goes to the checker (数据质量审核员), who says what it is: the truth, a value to be
//! corrected, hours to be filled by the plan, values that must not count.

mod disposition;
mod work;

#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use disposition::{Correction, Disposition};
pub use work::{Act, ActKind, Holder, Settled, Stage, Work, WorkRefusal, after};

/// An anomaly's number in its site. Numbers are given one after the other and never again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AnomalyId(pub u32);

impl fmt::Display for AnomalyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}
