//! The rules, and what comes of them.

use serde::{Deserialize, Serialize};

use crate::domain::identity::{BookId, MeterId, ParameterId};
use crate::domain::text::{Explained, Text};
use crate::domain::time::Instant;
use crate::quality::alarm::AlarmId;
use crate::quality::anomaly::AnomalyId;

/// A rule by which evidence is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The plant is what the plan says (计划与实际一致).
    PlantAsPlanned,
    /// What is to be measured is measured, in the way that is planned (按计划监测).
    MeasuredAsPlanned,
    /// Meters have a calibration that covers their readings (检定有效).
    Calibrated,
    /// Values come as often as is planned (频次完整).
    OnFrequency,
    /// What is missing is filled as is planned (按计划补缺).
    GapsByPlan,
    /// What people are to look at and write down is written down (质量控制活动).
    ChecksMade,
    /// Alarms are acknowledged, anomalies worked (异常处置).
    AnomaliesWorked,
    /// Measured values come before those that stand in for them (实测优先).
    MeasuredFirst,
    /// Meters are fitted, and sound (配备率、完好率).
    MeterRates,
    /// Key parameters are fresh (实时性).
    Fresh,
}

impl Rule {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 10] = [
        Self::PlantAsPlanned,
        Self::MeasuredAsPlanned,
        Self::Calibrated,
        Self::OnFrequency,
        Self::GapsByPlan,
        Self::ChecksMade,
        Self::AnomaliesWorked,
        Self::MeasuredFirst,
        Self::MeterRates,
        Self::Fresh,
    ];

    /// Its number.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PlantAsPlanned => "ER-01",
            Self::MeasuredAsPlanned => "ER-02",
            Self::Calibrated => "ER-03",
            Self::OnFrequency => "ER-04",
            Self::GapsByPlan => "ER-05",
            Self::ChecksMade => "ER-06",
            Self::AnomaliesWorked => "ER-07",
            Self::MeasuredFirst => "ER-09",
            Self::MeterRates => "ER-29",
            Self::Fresh => "ER-30",
        }
    }

    /// Clauses that it serves: of DB14/T 2970-2024, and of the Beijing implementation guide (BJ).
    pub const fn clauses(self) -> &'static str {
        match self {
            Self::PlantAsPlanned => "DB14/T 2970 8.1.3 a b; BJ 4 b, 7.2 e",
            Self::MeasuredAsPlanned => "DB14/T 2970 8.1.3 c; BJ 9.2 a",
            Self::Calibrated => "DB14/T 2970 8.1.3 d; BJ 9.2 d, 7.2 e",
            Self::OnFrequency => "DB14/T 2970 8.1.3 e; BJ 9.2 a",
            Self::GapsByPlan => "DB14/T 2970 8.1.3 f, 8.1.1 c; BJ 8.5 b",
            Self::ChecksMade => "DB14/T 2970 8.1.3 g; BJ 8.5 b",
            Self::AnomaliesWorked => "DB14/T 2970 6.1.3 b, 8.1.2; BJ 9.2 c",
            Self::MeasuredFirst => "DB14/T 2970 6.1.2; BJ 6.3 c",
            Self::MeterRates => "DB14/T 2970 2 (GB 17167); BJ A.3",
            Self::Fresh => "DB14/T 2970 8.1.2; BJ 9.2",
        }
    }
}

impl Explained for Rule {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::PlantAsPlanned => "evidence-plant-as-planned",
            Self::MeasuredAsPlanned => "evidence-measured-as-planned",
            Self::Calibrated => "evidence-calibrated",
            Self::OnFrequency => "evidence-on-frequency",
            Self::GapsByPlan => "evidence-gaps-by-plan",
            Self::ChecksMade => "evidence-checks-made",
            Self::AnomaliesWorked => "evidence-anomalies-worked",
            Self::MeasuredFirst => "evidence-measured-first",
            Self::MeterRates => "evidence-meter-rates",
            Self::Fresh => "evidence-fresh",
        })
    }
}

/// What a rule says of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Everything that it looked at is as it should be (符合).
    Pass,
    /// Something is not (不符合).
    Fail,
    /// There is nothing to look at (无法评价).
    NotEvaluable,
}

impl Verdict {
    /// Its name for programs: the same in every language.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotEvaluable => "not-evaluable",
        }
    }
}

impl Explained for Verdict {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::Pass => "evidence-pass",
            Self::Fail => "evidence-fail",
            Self::NotEvaluable => "evidence-not-evaluable",
        })
    }
}

/// Of what something speaks on which a verdict rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A parameter.
    Parameter(ParameterId),
    /// A meter.
    Meter(MeterId),
    /// An alarm.
    Alarm(AlarmId),
    /// An anomaly.
    Anomaly(AnomalyId),
    /// A book.
    Book(BookId),
    /// A round of an entry sheet.
    Round {
        /// Key of the sheet.
        sheet: String,
        /// When it is made.
        at: Instant,
    },
}

impl Subject {
    /// What it is, for programs.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Parameter(_) => "parameter",
            Self::Meter(_) => "meter",
            Self::Alarm(_) => "alarm",
            Self::Anomaly(_) => "anomaly",
            Self::Book(_) => "book",
            Self::Round { .. } => "round",
        }
    }
}

/// One thing on which a verdict rests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rest {
    /// Of what it speaks.
    pub of: Subject,
    /// What is so.
    pub what: Text,
    /// Whether it speaks against.
    pub is_against: bool,
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The rule.
    pub rule: Rule,
    /// What it says.
    pub verdict: Verdict,
    /// In a sentence: how many, or why nothing can be said.
    pub says: Text,
    /// On what it rests, what speaks against first.
    pub rests_on: Vec<Rest>,
    /// How many things more there are.
    pub more: u32,
    /// How many of them speak against it.
    pub more_against: u32,
}
