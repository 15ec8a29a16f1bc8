//! What the site says of its alarms (报警设置): of all of them, and of those of a parameter.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

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
}
