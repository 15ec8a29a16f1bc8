//! What the site says of its alarms (报警设置): of all of them, and of those of a parameter.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::model::Name;

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

/// What the plant owes to others and would miss (合规).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compliance {
    /// Nothing.
    #[default]
    None,
    /// A goal that the plant has set itself: an intensity, a measure (内部目标).
    OwnGoal,
    /// Its data-quality control plan: a parameter that must be measured is not, and has to be substituted (数据质量控制计划).
    DataPlan,
    /// What the law asks for: a permit's limit, the surrender of allowances (法定义务).
    Law,
}

/// What holds for all alarms of a site; what is missing is as usual.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AlarmPlan {
    /// For how long an alarm may be shelved at most, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_shelf_ms: Option<i64>,
    /// The least tCO2e that is minor, major, severe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consequence: Option<[Decimal; 3]>,
    /// The most time that is at once, soon, within the shift, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency_ms: Option<[i64; 3]>,
}

impl AlarmPlan {
    /// Whether nothing is said at all.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// What is said of the alarms of a parameter beside its operating limits, its deadband and its delay.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ParameterAlarms {
    /// The second upper limit (高高限), beyond the operating one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high_high: Option<Decimal>,
    /// The second lower limit (低低限).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low_low: Option<Decimal>,
    /// How long a limit must be kept again before its alarm returns (恢复延时), in milliseconds.
    #[serde(default)]
    pub off_delay_ms: i64,
    /// Whether an alarm of a limit stays until it is reset (报警锁定).
    #[serde(default)]
    pub latching: bool,
    /// Whether alarms may not be shelved (高度管理报警).
    #[serde(default)]
    pub never_shelved: bool,
    /// What is missed where a limit is passed; a goal of the plant's own where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compliance: Option<Compliance>,
    /// Time to act on a limit that is passed, in milliseconds; half an hour where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act_within_ms: Option<i64>,
    /// What the operator does when one of its limits is passed (处置措施).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Name>,
    /// What the operator does on alarms of some kinds, in place of that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<KindAction>,
}

/// What the operator does on alarms of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindAction {
    /// Of which.
    pub of: Kind,
    /// What.
    pub action: Name,
}

impl ParameterAlarms {
    /// What the site has its operators do on an alarm of a kind; none where it does not say. What is done about a process
    /// beyond its limits is no answer to silence: that needs words of its own.
    pub fn action_on(&self, kind: Kind) -> Option<&Name> {
        let own = self.actions.iter().find(|one| one.of == kind).map(|one| &one.action);
        own.or_else(|| self.action.as_ref().filter(|_| kind.is_limit()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_about_a_limit_is_no_answer_to_silence() {
        let name = |en: &str| Name {
            zh: en.to_owned(),
            en: en.to_owned(),
        };
        let said = ParameterAlarms {
            action: Some(name("less coal")),
            actions: vec![KindAction {
                of: Kind::Low,
                action: name("more coal"),
            }],
            ..ParameterAlarms::default()
        };
        let told = |kind| said.action_on(kind).map(|action| action.en.as_str());
        assert_eq!(told(Kind::High), Some("less coal"));
        assert_eq!(told(Kind::Low), Some("more coal"));
        assert_eq!(told(Kind::NoData), None);
        assert_eq!(told(Kind::MarkedBad), None);
    }
}
