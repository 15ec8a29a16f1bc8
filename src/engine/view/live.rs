//! What a screen shows of this moment: values, totals, rate and intensity.

use serde::{Deserialize, Serialize};

use crate::domain::identity::{BookId, NodeId, ParameterId, ProductId, SourceId};
use crate::domain::model::{Limits, Name};
use crate::domain::reading::{Origin, ParameterKind, Quality, Verdict};
use crate::domain::time::Instant;

/// The newest value of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveValue {
    /// Of which instant; for an interval its end.
    pub at: Instant,
    /// Length of the interval in seconds; 0 for an instant.
    pub span_s: u32,
    /// Digest of the deliverer's own id; 0 where there is none.
    pub own_id: u64,
    /// Count of the parameter's quantum.
    pub value: i64,
    /// By which way it came.
    pub origin: Origin,
    /// What the deliverer said of it.
    pub quality: Quality,
    /// Whether an exact rule keeps it out of the ledger.
    pub verdict: Verdict,
    /// Up to when the silence after it is filled by the parameter's plan (替代); `None` where it is not.
    pub filled_to: Option<Instant>,
}

/// A parameter as the Live pane lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveParameter {
    /// Permanent id.
    pub id: ParameterId,
    /// Tag.
    pub tag: String,
    /// Name.
    pub name: Name,
    /// Kind.
    pub kind: ParameterKind,
    /// Unit symbol.
    pub unit: String,
    /// Digits after the point of a count.
    pub decimals: u32,
    /// Node to which it belongs.
    pub node: NodeId,
    /// Whether it is a key parameter (关键参数).
    pub key: bool,
    /// Expected interval in milliseconds; 0 when none is expected.
    pub interval_ms: i64,
    /// Age in milliseconds from which its value is stale; 0 when it never is.
    pub stale_after_ms: i64,
    /// For how long after the end of the last filled hour its silence counts as filled; `None` without a plan.
    pub filled_for_ms: Option<i64>,
    /// What is physically possible.
    pub possible: Limits,
    /// Operating limits.
    pub operating: Limits,
    /// Newest value, if there ever was one.
    pub newest: Option<LiveValue>,
}

/// A node of the tree as panes list it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeView {
    /// Permanent id.
    pub id: NodeId,
    /// Key.
    pub key: String,
    /// Name.
    pub name: Name,
    /// Level.
    pub level: crate::domain::model::Level,
    /// Parent.
    pub parent: Option<NodeId>,
    /// What stands upstream of it, where the plan says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream: Option<NodeId>,
}

/// A figure of emissions with what must be said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Figure {
    /// Milligrams of `CO2e`; exact sum of cells.
    pub milligrams: i128,
    /// Hours whose cells rest on a provisional value (暂估).
    pub provisional_hours: u32,
    /// Hours in which a quantity was missing for part of the time, and nothing stands in for it.
    pub incomplete_hours: u32,
    /// Hours in which a substitute stands in for part of a quantity (替代).
    #[serde(default)]
    pub substituted_hours: u32,
    /// Hours in which intervals of a quantity or of its tests overlap, so that something may count twice.
    pub overlapping_hours: u32,
    /// Hours whose cells could not be computed.
    pub failed_hours: u32,
}

impl Figure {
    /// Adds another figure to this one.
    pub fn add(&mut self, other: &Self) {
        self.milligrams += other.milligrams;
        self.provisional_hours += other.provisional_hours;
        self.incomplete_hours += other.incomplete_hours;
        self.substituted_hours += other.substituted_hours;
        self.overlapping_hours += other.overlapping_hours;
        self.failed_hours += other.failed_hours;
    }
}

/// The totals of one book's boundary, as the Live pane's foot shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Which book.
    pub book: BookId,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Name,
    /// Milligrams of `CO2e` an hour at the newest readings; `None` while no source has any.
    pub rate: Option<i128>,
    /// This shift, where the plant keeps shifts.
    pub shift: Option<Figure>,
    /// This plant day.
    pub day: Figure,
    /// This calendar month.
    pub month: Figure,
    /// This calendar year.
    pub year: Figure,
    /// The sources from which most of the rate comes, the greatest first.
    #[serde(default)]
    pub causes: Vec<Cause>,
    /// What the plan gives to the shift, the day, the month and the year.
    #[serde(default)]
    pub planned: PlannedTotals,
    /// Intensities of the products within the boundary.
    #[serde(default)]
    pub intensities: Vec<IntensityNow>,
}

/// What a source emits at the newest readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Which source.
    pub source: SourceId,
    /// Milligrams of `CO2e` an hour.
    pub rate: i128,
}

/// What a plan gives to a period, in milligrams of `CO2e`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// In the whole period.
    pub whole: i128,
    /// Up to now, by calendar time.
    pub by_now: i128,
    /// By how much more was emitted than planned up to now, in per cent to one digit after the point; less where it is
    /// negative.
    pub above: Option<String>,
}

/// What a plan gives to the periods of [`Totals`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PlannedTotals {
    /// This shift.
    pub shift: Option<Planned>,
    /// This plant day.
    pub day: Option<Planned>,
    /// This calendar month.
    pub month: Option<Planned>,
    /// This calendar year.
    pub year: Option<Planned>,
}

/// A product's emission intensity at the newest readings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntensityNow {
    /// Which product.
    pub product: ProductId,
    /// tCO2e per unit of it, to six digits after the point; `None` while rate or output is not known, or nothing is made.
    pub value: Option<String>,
    /// What it is compared with, where the model says so.
    pub reference: Option<String>,
    /// By how much it is above the reference, in per cent to one digit after the point; below where it is negative.
    pub above: Option<String>,
}
