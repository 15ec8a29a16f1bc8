//! What the plan says of the quality checks of a parameter (检查设置): what differs from the defaults of its kind.
//!
//! Numbers are exact here, since the model is journaled; a check makes floating-point numbers of them where it judges.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize};

use super::identity::ParameterId;
use super::model::Limits;

/// What is said of a check that the defaults of a kind may bring.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Setting<T> {
    /// Nothing: the kind's default holds, where it has one (默认).
    #[default]
    Usual,
    /// The check is not made (停用).
    Off,
    /// The check is made with these settings (自定).
    Set(T),
}

impl<T> Setting<T> {
    /// Whether nothing is said.
    pub const fn is_usual(&self) -> bool {
        matches!(self, Self::Usual)
    }

    /// The settings, where there are any.
    pub const fn set(&self) -> Option<&T> {
        match self {
            Self::Set(settings) => Some(settings),
            Self::Usual | Self::Off => None,
        }
    }
}

/// Reads a setting, and one of a model that was recorded when the check had no default: its bare settings.
fn also_bare<'de, D, T>(deserializer: D) -> Result<Setting<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Recorded<T> {
        Setting(Setting<T>),
        Bare(T),
    }
    Ok(match Recorded::deserialize(deserializer)? {
        Recorded::Setting(setting) => setting,
        Recorded::Bare(settings) => Setting::Set(settings),
    })
}

/// What a parameter's plan says of its checks. Checks without a default are made where they are set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CheckPlan {
    /// Clause of the data-quality control plan (数据质量控制计划条款).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// The parameter that tells the load of the process (负荷).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<ParameterId>,
    /// Gaps (缺数): the longest time between two values, in milliseconds.
    #[serde(default, skip_serializing_if = "Setting::is_usual")]
    pub gap: Setting<i64>,
    /// Gross range (量程).
    #[serde(default, skip_serializing_if = "Setting::is_usual")]
    pub range: Setting<RangePlan>,
    /// A register (累计量).
    #[serde(default, skip_serializing_if = "Setting::is_usual")]
    pub counter: Setting<CounterPlan>,
    /// Spikes (尖峰).
    #[serde(default, skip_serializing_if = "Setting::is_usual")]
    pub spike: Setting<SpikePlan>,
    /// Rate of change (变化率).
    #[serde(default, skip_serializing_if = "Setting::is_usual", deserialize_with = "also_bare")]
    pub rate: Setting<RatePlan>,
    /// Flat line (死值).
    #[serde(default, skip_serializing_if = "Setting::is_usual")]
    pub flat: Setting<FlatPlan>,
    /// Attenuated signal (信号衰减).
    #[serde(default, skip_serializing_if = "Setting::is_usual", deserialize_with = "also_bare")]
    pub attenuated: Setting<AttenuatedPlan>,
    /// Bands (时段与负荷区间); the first that holds counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<BandPlan>,
    /// Outliers (离群值).
    #[serde(default, skip_serializing_if = "Setting::is_usual", deserialize_with = "also_bare")]
    pub outlier: Setting<OutlierPlan>,
    /// Noise (噪声增大).
    #[serde(default, skip_serializing_if = "Setting::is_usual", deserialize_with = "also_bare")]
    pub noise: Setting<ScatterPlan>,
    /// Steps and drifts (阶跃与漂移).
    #[serde(default, skip_serializing_if = "Setting::is_usual")]
    pub shift: Setting<ShiftPlan>,
    /// Values in another unit (单位错位).
    #[serde(default, skip_serializing_if = "Setting::is_usual")]
    pub unit: Setting<UnitPlan>,
    /// Copied values (照抄).
    #[serde(default, skip_serializing_if = "Setting::is_usual")]
    pub repeated: Setting<RepeatedPlan>,
    /// Tested values held against what is published (缺省值比对).
    #[serde(default, skip_serializing_if = "Setting::is_usual")]
    pub published: Setting<PublishedPlan>,
    /// How values are typed (录入情况).
    #[serde(default, skip_serializing_if = "Setting::is_usual")]
    pub typing: Setting<TypingPlan>,
    /// When readings come (到达).
    #[serde(default, skip_serializing_if = "Setting::is_usual")]
    pub arrival: Setting<ArrivalPlan>,
    /// Whether the meter's calibration is looked at (检定到期).
    #[serde(default, skip_serializing_if = "Setting::is_usual")]
    pub calibration: Setting<()>,
    /// Whether it is looked at by which way readings come (与计划不符).
    #[serde(default, skip_serializing_if = "Setting::is_usual")]
    pub origin: Setting<()>,
}

impl CheckPlan {
    /// Whether nothing is said at all.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// Gross range; a span that is not given is that of the parameter's limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RangePlan {
    /// What the sensor can show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensor: Option<Limits>,
    /// What operators call possible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<Limits>,
}

/// A register. Where it goes back to zero is told by its meter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterPlan {
    /// The most that it can count in an hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_an_hour: Option<Decimal>,
}

/// How a value is compared with its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// With their mean.
    Average,
    /// With the nearer of them, where it steps there and back.
    #[default]
    Differential,
}

/// Spikes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpikePlan {
    /// How a value is compared with its neighbours.
    pub method: Comparison,
    /// How far it may be off them.
    pub limit: SpikeSize,
}

/// How far a value may be off its neighbours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpikeSize {
    /// By fixed amounts.
    Fixed {
        /// Above this it is suspect.
        suspect: Decimal,
        /// Above this it is bad.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bad: Option<Decimal>,
    },
    /// By what the parameter is used to.
    Usual {
        /// Above so many standard deviations of its own small steps it is suspect.
        times: Decimal,
        /// But never below this amount.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        least: Option<Decimal>,
    },
}

/// Rate of change, in units a second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatePlan {
    /// Above this a value is suspect.
    pub suspect: Decimal,
    /// Above this it is bad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bad: Option<Decimal>,
    /// Values of a process that stands still: to and from them it may go as fast as it likes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle: Option<Limits>,
}

/// Flat line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlatPlan {
    /// Milliseconds after which it is suspect.
    pub window_ms: i64,
    /// Milliseconds after which it is bad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bad_ms: Option<i64>,
    /// Largest less smallest value that is flat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<Decimal>,
    /// Least number of readings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<u32>,
    /// Values of a process that stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle: Option<Limits>,
    /// Load below which the process stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least_load: Option<Decimal>,
}

/// How much a signal may, or must, scatter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ScatterPlan {
    /// By a standard deviation over a sliding window.
    Fixed {
        /// The standard deviation.
        deviation: Decimal,
        /// Milliseconds over which it is taken.
        window_ms: i64,
        /// Least number of readings.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        least: Option<u32>,
    },
    /// By what it is used to, in blocks.
    Usual {
        /// By which factor it may lie beyond that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        times: Option<Decimal>,
        /// Milliseconds over which readings are put together.
        block_ms: i64,
        /// Number of blocks from which it learns.
        learn: u32,
    },
}

impl ScatterPlan {
    /// The standard deviation, where it goes by one.
    pub const fn deviation(&self) -> Option<Decimal> {
        match self {
            Self::Fixed { deviation, .. } => Some(*deviation),
            Self::Usual { .. } => None,
        }
    }
}

/// Attenuated signal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttenuatedPlan {
    /// How much a sound signal scatters at least.
    #[serde(flatten)]
    pub scatter: ScatterPlan,
    /// Values of a process that stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle: Option<Limits>,
}

/// What is usual when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandPlan {
    /// First and last month, 1 to 12; all where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<(u32, u32)>,
    /// First and last hour of the day, 0 to 23; all where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<(u32, u32)>,
    /// Loads at which it holds; all where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<Limits>,
    /// What is usual then.
    pub usual: Limits,
}

/// Outliers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutlierPlan {
    /// Number of values before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<u32>,
    /// Modified z-score above which a value is suspect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Decimal>,
    /// Least standard deviation that is assumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deviation: Option<Decimal>,
    /// Values of a process that stands still, which are not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle: Option<Limits>,
}

/// By what a profile tells what to expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProfilePlan {
    /// By the plant's hour of the day.
    Hour,
    /// By the load of the process.
    Load,
    /// By nothing: the mean of what was learned.
    Nothing,
}

/// Steps and drifts off a profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftPlan {
    /// The profile; by load where one is known and by hour where none is, if it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<ProfilePlan>,
    /// Steps of a load profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<u32>,
    /// Milliseconds over which readings are put together.
    pub block_ms: i64,
    /// Number of blocks from which it learns.
    pub learn: u32,
    /// Weight of the newest block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<Decimal>,
    /// Limit as a multiple of what was seen while it learned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<Decimal>,
    /// Milliseconds in which the profile follows; it stays where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_ms: Option<i64>,
}

/// Values in another unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitPlan {
    /// Factors that are looked for; powers of ten where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factors: Option<Vec<Decimal>>,
    /// Milliseconds over which values show in which unit they are.
    pub window_ms: i64,
}

/// How values are typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TypingPlan {
    /// Milliseconds after its stamp from which a value is late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_ms: Option<i64>,
    /// Rounds typed in one go that are too many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounds: Option<u32>,
    /// How long one go is, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_ms: Option<i64>,
    /// Per cent of the last digits that may be nought or five.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regular: Option<Decimal>,
}

/// When readings come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ArrivalPlan {
    /// Milliseconds after its stamp from which a reading is late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_ms: Option<i64>,
    /// Milliseconds by which a stamp may lie ahead of the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead_ms: Option<i64>,
}

/// Copied values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepeatedPlan {
    /// Equal values in a row that are no copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<u32>,
    /// Values that may repeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub except: Option<Limits>,
}

/// How far a tested value may be off what is published for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedPlan {
    /// What is published; where it is missing, the catalogue factor that stands in until a test arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
    /// The share of it by which a test may be off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Decimal>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_is_not_kept_and_what_is_said_comes_back() {
        let nothing = rmp_serde::to_vec_named(&CheckPlan::default()).unwrap();
        assert_eq!(nothing.len(), 1);
        let plan = CheckPlan {
            clause: Some("6.1.2".to_owned()),
            load: Some(ParameterId(7)),
            gap: Setting::Off,
            flat: Setting::Set(FlatPlan {
                window_ms: 1_800_000,
                bad_ms: None,
                tolerance: Some("0.30".parse().unwrap()),
                least: None,
                idle: None,
                least_load: None,
            }),
            spike: Setting::Set(SpikePlan {
                method: Comparison::Average,
                limit: SpikeSize::Usual {
                    times: Decimal::TEN,
                    least: None,
                },
            }),
            bands: vec![BandPlan {
                months: Some((11, 2)),
                hours: None,
                load: None,
                usual: Limits {
                    low: Some(Decimal::ONE),
                    high: None,
                },
            }],
            ..CheckPlan::default()
        };
        let bytes = rmp_serde::to_vec_named(&plan).unwrap();
        let back: CheckPlan = rmp_serde::from_slice(&bytes).unwrap();
        assert_eq!(back, plan);
        assert_eq!(back.flat.set().unwrap().tolerance.unwrap().to_string(), "0.30");
    }

    #[test]
    fn checks_that_were_recorded_when_they_had_no_default_are_read_as_settings() {
        let recorded = r#"{"rate":{"suspect":"0.5"},"outlier":{},"noise":{"deviation":"3","window_ms":60000,"least":7},
            "attenuated":{"deviation":"0.2","window_ms":60000,"idle":{"low":null,"high":"0"}}}"#;
        let plan: CheckPlan = serde_json::from_str(recorded).unwrap();
        let exact = |text: &str| text.parse::<Decimal>().unwrap();
        let fixed = |deviation, least| ScatterPlan::Fixed {
            deviation: exact(deviation),
            window_ms: 60_000,
            least,
        };
        assert_eq!(plan.rate.set().map(|rate| rate.suspect), Some(exact("0.5")));
        assert!(plan.outlier.set().is_some_and(|outlier| outlier.values.is_none()));
        assert_eq!(plan.noise, Setting::Set(fixed("3", Some(7))));
        assert_eq!(plan.attenuated.set().unwrap().scatter, fixed("0.2", None));
        let plan = CheckPlan {
            rate: Setting::Off,
            noise: Setting::Set(ScatterPlan::Usual {
                times: None,
                block_ms: 3_600_000,
                learn: 24,
            }),
            ..plan
        };
        let bytes = rmp_serde::to_vec_named(&plan).unwrap();
        assert_eq!(rmp_serde::from_slice::<CheckPlan>(&bytes).unwrap(), plan);
    }
}
