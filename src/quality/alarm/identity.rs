//! Which alarm, and for which operator.

use serde::{Deserialize, Serialize};

use crate::domain::identity::ParameterId;
use crate::domain::text::{Explained, Text};

/// Of what an alarm speaks. Limits stand in the order in which a rising value passes them, no value first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Nothing comes any more (无数据).
    NoData,
    /// The source says of its values that they are not to be used (数据坏).
    MarkedBad,
    /// Below the lower of two low limits (低低).
    LowLow,
    /// Below the low operating limit (低).
    Low,
    /// Above the high operating limit (高).
    High,
    /// Above the upper of two high limits (高高).
    HighHigh,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::NoData,
        Self::MarkedBad,
        Self::LowLow,
        Self::Low,
        Self::High,
        Self::HighHigh,
    ];

    /// Whether it speaks of a limit, and so of the process; otherwise of the instrument or of the way to it.
    pub const fn is_limit(self) -> bool {
        !matches!(self, Self::NoData | Self::MarkedBad)
    }

    /// The milder limit on the same side, which is always passed with this one, where there is one. While the severer
    /// alarm stands, the milder asks for nothing of its own and is suppressed by design (ANSI/ISA-18.2-2016, clause 12).
    pub const fn milder(self) -> Option<Self> {
        match self {
            Self::HighHigh => Some(Self::High),
            Self::LowLow => Some(Self::Low),
            Self::High | Self::Low | Self::NoData | Self::MarkedBad => None,
        }
    }
}

impl Explained for Kind {
    fn text(&self) -> Text {
        match self {
            Self::NoData => Text::new("alarm-kind-no-data"),
            Self::MarkedBad => Text::new("alarm-kind-marked-bad"),
            Self::LowLow => Text::new("alarm-kind-low-low"),
            Self::Low => Text::new("alarm-kind-low"),
            Self::High => Text::new("alarm-kind-high"),
            Self::HighHigh => Text::new("alarm-kind-high-high"),
        }
    }
}

/// An alarm: a parameter and of what it is watched for. A parameter has one alarm of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AlarmId {
    /// Of which parameter.
    pub parameter: ParameterId,
    /// Of what.
    pub kind: Kind,
}

/// An operating position (操作岗位), to which alarms are annunciated. Figures are counted for each, however many people
/// sit there: what matters is who has to answer (ANSI/ISA-18.2-2016, clause 16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Operator(pub u32);
