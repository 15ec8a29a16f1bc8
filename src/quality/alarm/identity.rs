//! Which alarm, and for which operator.

use serde::{Deserialize, Serialize};

pub use crate::domain::alarms::Kind;
use crate::domain::identity::ParameterId;
use crate::domain::model::SiteModel;
use crate::domain::text::{Explained, Text};

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

/// What an operator does on an alarm of a kind where the site does not say (处置措施): an alarm that asks for nothing is none
/// (ANSI/ISA-18.2-2016, clause 3.1.7).
pub const fn usual_action(kind: Kind) -> Text {
    Text::new(match kind {
        Kind::NoData => "alarm-action-no-data",
        Kind::MarkedBad => "alarm-action-marked-bad",
        Kind::LowLow => "alarm-action-low-low",
        Kind::Low => "alarm-action-low",
        Kind::High => "alarm-action-high",
        Kind::HighHigh => "alarm-action-high-high",
    })
}

/// What the operator on shift does on an alarm: what the site says, or what is usual.
pub fn action_on(model: &SiteModel, alarm: AlarmId) -> Text {
    let said = model
        .parameter(alarm.parameter)
        .and_then(|parameter| parameter.alarms.as_ref());
    let said = said.and_then(|said| said.action_on(alarm.kind));
    said.map_or_else(
        || usual_action(alarm.kind),
        |action| Text::new("alarm-action-said").with_name("action", action),
    )
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
