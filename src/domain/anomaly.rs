//! What the site's plan says of the work on data anomalies (数据异常处置): root causes by number, when a second person is
//! needed, by when evidence has to be kept.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::model::Name;
use super::text::{Explained, Text};

/// What a root cause is a case of (原因类别).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CauseClass {
    /// The meter or its sensor (计量器具).
    Meter,
    /// The way to here: network, gateway, clock (通信).
    Communication,
    /// Somebody typed or copied it wrongly (录入).
    Entry,
    /// The process did something unusual (工况异常).
    Process,
    /// What was measured really changed (真实变化).
    RealChange,
    /// A factor, a unit or a setting of this system (因子与设置).
    Factor,
}

impl CauseClass {
    /// All classes.
    pub const ALL: [Self; 6] = [
        Self::Meter,
        Self::Communication,
        Self::Entry,
        Self::Process,
        Self::RealChange,
        Self::Factor,
    ];

    /// The name for programs and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meter => "meter",
            Self::Communication => "communication",
            Self::Entry => "entry",
            Self::Process => "process",
            Self::RealChange => "real-change",
            Self::Factor => "factor",
        }
    }
}

impl Explained for CauseClass {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::Meter => "cause-class-meter",
            Self::Communication => "cause-class-communication",
            Self::Entry => "cause-class-entry",
            Self::Process => "cause-class-process",
            Self::RealChange => "cause-class-real-change",
            Self::Factor => "cause-class-factor",
        })
    }
}

/// A root cause as the site calls it (原因短语): chosen by its number with one key or two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CausePhrase {
    /// Its number; records name it by that, so it is never used for another.
    pub number: u16,
    /// What it is called.
    pub name: Name,
    /// What it is a case of.
    pub class: CauseClass,
}

/// How anomalies are worked on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnomalyPlan {
    /// Root causes, in the order in which they are offered.
    pub causes: Vec<CausePhrase>,
    /// Tonnes of `CO2e` at stake from which on another person than the one who decided has to close it (四眼原则).
    pub second_person_from: Decimal,
    /// Days after the end of a month within which its evidence has to be kept (月度存证期限).
    pub evidence_days: u32,
}

/// Days after the end of a month within which monthly evidence of a power plant is filed: fuel, tests, output.
const USUAL_EVIDENCE_DAYS: u32 = 40;

/// Tonnes from which on a second person looks at a decision where the site says nothing (ours).
const USUAL_SECOND_PERSON_FROM: Decimal = Decimal::TEN;

impl Default for AnomalyPlan {
    fn default() -> Self {
        let usual = [
            (CauseClass::Meter, "传感器漂移或故障", "Sensor drifted or failed"),
            (CauseClass::Meter, "仪表校验或更换", "Meter calibrated or replaced"),
            (CauseClass::Communication, "网络或网关中断", "Network or gateway down"),
            (
                CauseClass::Communication,
                "采集程序或时钟故障",
                "Collector or clock failed",
            ),
            (CauseClass::Entry, "录入错误", "Typed wrongly"),
            (CauseClass::Entry, "单位或小数点错误", "Wrong unit or decimal point"),
            (CauseClass::Process, "启停机或负荷变化", "Start, stop or change of load"),
            (CauseClass::Process, "检修", "Maintenance"),
            (CauseClass::RealChange, "工况真实变化", "A real change"),
            (
                CauseClass::Factor,
                "限值或规则设置不当",
                "A limit or rule that is set wrongly",
            ),
        ];
        Self {
            causes: (1..)
                .zip(usual)
                .map(|(number, (class, zh, en))| CausePhrase {
                    number,
                    name: Name {
                        zh: zh.to_owned(),
                        en: en.to_owned(),
                    },
                    class,
                })
                .collect(),
            second_person_from: USUAL_SECOND_PERSON_FROM,
            evidence_days: USUAL_EVIDENCE_DAYS,
        }
    }
}

impl AnomalyPlan {
    /// Whether it says what it says of itself.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// A root cause by its number.
    pub fn cause(&self, number: u16) -> Option<&CausePhrase> {
        self.causes.iter().find(|cause| cause.number == number)
    }
}
