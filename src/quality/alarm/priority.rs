//! Priority (报警优先级): by what is at stake and by the time that is left to act, never by how loud the instrument is.
//!
//! ANSI/ISA-18.2-2016, clause 9, derives it from the consequence of doing nothing and from the time within which an action
//! still helps. The consequence here is of two kinds, and the worse counts: greenhouse gas that would be emitted, or left
//! uncounted, in tCO2e; and what the plant owes to others.
//!
//! | consequence \ time to act | at once | soon | this shift | later |
//! |---|---|---|---|---|
//! | severe | critical | high | medium | no alarm |
//! | major | high | medium | low | no alarm |
//! | minor | medium | low | low | no alarm |
//! | none | no alarm | no alarm | no alarm | no alarm |
//!
//! Each column to the right is one step milder, each row down as well, down to low. What leaves more time than a shift asks
//! for planned work, what is at stake for nobody for none: neither is an alarm, and both belong to the findings or to a
//! list of work. Only one field of nine is critical and six are low or medium, which is what keeps the most urgent few
//! (the standard's goal: about 80 % low, 15 % medium, 5 % high, and critical below 1 %; [`target`](super::target)).
//!
//! The bounds are the site's; those of [`Bounds::usual`] are a beginning to be put in order by rationalisation.

use serde::{Deserialize, Serialize};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::domain::alarms::AlarmPlan;
pub use crate::domain::alarms::Compliance;
use crate::domain::text::{Explained, Text};
use crate::quality::settings::{SettingsError, window};

/// How urgent an alarm is; the most urgent is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Priority {
    /// Low (低).
    Low,
    /// Medium (中).
    Medium,
    /// High (高).
    High,
    /// Critical (紧急): the few above all others.
    Critical,
}

impl Priority {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    /// Its number: 1 is the most urgent.
    pub const fn number(self) -> u8 {
        match self {
            Self::Critical => 1,
            Self::High => 2,
            Self::Medium => 3,
            Self::Low => 4,
        }
    }

    const fn milder(self) -> Self {
        match self {
            Self::Critical => Self::High,
            Self::High => Self::Medium,
            Self::Medium | Self::Low => Self::Low,
        }
    }
}

impl Explained for Priority {
    fn text(&self) -> Text {
        match self {
            Self::Low => Text::new("alarm-priority-low"),
            Self::Medium => Text::new("alarm-priority-medium"),
            Self::High => Text::new("alarm-priority-high"),
            Self::Critical => Text::new("alarm-priority-critical"),
        }
    }
}

/// How bad it is if nobody acts (后果).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consequence {
    /// Nothing is at stake.
    None,
    /// Minor (轻微).
    Minor,
    /// Major (较大).
    Major,
    /// Severe (严重).
    Severe,
}

impl Consequence {
    /// How bad it is to miss what is owed.
    pub const fn of_missing(owed: Compliance) -> Self {
        match owed {
            Compliance::None => Self::None,
            Compliance::OwnGoal => Self::Minor,
            Compliance::DataPlan => Self::Major,
            Compliance::Law => Self::Severe,
        }
    }
}

/// How soon somebody must act (紧迫程度).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// Later than within the shift: no operator has to act now.
    Later,
    /// Within the shift.
    ThisShift,
    /// Soon.
    Soon,
    /// At once.
    AtOnce,
}

/// The site's bounds. They cannot be held in a form that contradicts itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    minor_mg: u128,
    major_mg: u128,
    severe_mg: u128,
    at_once_ms: i64,
    soon_ms: i64,
    shift_ms: i64,
}

const TONNE_MG: u128 = 1_000_000_000;
const MINUTE_MS: i64 = 60_000;

impl Bounds {
    /// Bounds: the least tCO2e that is minor, major, severe, in milligrams; and the most time that is at once, soon, within
    /// the shift, in milliseconds. Refused where they do not ascend or are not above 0.
    pub fn new(co2e_mg: [u128; 3], time_ms: [i64; 3]) -> Result<Self, SettingsError> {
        let [minor_mg, major_mg, severe_mg] = co2e_mg;
        let [at_once_ms, soon_ms, shift_ms] = time_ms;
        if minor_mg == 0 {
            return Err(SettingsError::NotPositive {
                key: "minor",
                given: minor_mg.to_string(),
            });
        }
        window("at_once", at_once_ms)?;
        window("soon", soon_ms)?;
        window("shift", shift_ms)?;
        for (key, than, ascends) in [
            ("major", "minor", minor_mg < major_mg),
            ("severe", "major", major_mg < severe_mg),
            ("soon", "at_once", at_once_ms < soon_ms),
            ("shift", "soon", soon_ms < shift_ms),
        ] {
            if !ascends {
                return Err(SettingsError::LessThan { key, than });
            }
        }
        Ok(Self {
            minor_mg,
            major_mg,
            severe_mg,
            at_once_ms,
            soon_ms,
            shift_ms,
        })
    }

    /// A beginning: 1 t, 10 t, 100 t; 10 minutes, one hour, eight hours. The amounts are ours, since no standard has any for
    /// carbon; the first two times are at the slow end of what process plants use, since emissions add up slowly.
    pub const fn usual() -> Self {
        Self {
            minor_mg: TONNE_MG,
            major_mg: 10 * TONNE_MG,
            severe_mg: 100 * TONNE_MG,
            at_once_ms: 10 * MINUTE_MS,
            soon_ms: 60 * MINUTE_MS,
            shift_ms: 8 * 60 * MINUTE_MS,
        }
    }

    /// What a site says, as usual where it says nothing; what contradicts itself is found when the model is checked.
    pub fn of(plan: &AlarmPlan) -> Self {
        Self::planned(plan).unwrap_or_else(|_| Self::usual())
    }

    /// What a site says, or why that contradicts itself.
    pub fn planned(plan: &AlarmPlan) -> Result<Self, SettingsError> {
        let usual = Self::usual();
        let milligrams = |tonnes: Decimal| {
            let milligrams = tonnes
                .checked_mul(Decimal::from(TONNE_MG))
                .and_then(|amount| amount.to_u128());
            milligrams.unwrap_or(if tonnes.is_sign_negative() { 0 } else { u128::MAX })
        };
        let amounts = plan.consequence.map(|tonnes| tonnes.map(milligrams));
        let times = plan.urgency_ms;
        Self::new(
            amounts.unwrap_or([usual.minor_mg, usual.major_mg, usual.severe_mg]),
            times.unwrap_or([usual.at_once_ms, usual.soon_ms, usual.shift_ms]),
        )
    }

    /// How bad an amount is; one too little counted as much as one too much.
    pub const fn consequence(&self, at_stake_mg: i128) -> Consequence {
        let amount = at_stake_mg.unsigned_abs();
        if amount >= self.severe_mg {
            Consequence::Severe
        } else if amount >= self.major_mg {
            Consequence::Major
        } else if amount >= self.minor_mg {
            Consequence::Minor
        } else {
            Consequence::None
        }
    }

    /// How urgent a time to act is. A time that is over is at once.
    pub const fn urgency(&self, time_to_act_ms: i64) -> Urgency {
        if time_to_act_ms <= self.at_once_ms {
            Urgency::AtOnce
        } else if time_to_act_ms <= self.soon_ms {
            Urgency::Soon
        } else if time_to_act_ms <= self.shift_ms {
            Urgency::ThisShift
        } else {
            Urgency::Later
        }
    }

    /// What comes of an alarm's consequence and time to act.
    pub fn rank(&self, at_stake_mg: i128, compliance: Compliance, time_to_act_ms: i64) -> Ranking {
        let by_amount = self.consequence(at_stake_mg);
        let consequence = by_amount.max(Consequence::of_missing(compliance));
        let urgency = self.urgency(time_to_act_ms);
        Ranking {
            at_stake_mg: i64::try_from(at_stake_mg).unwrap_or(i64::MAX),
            owed: compliance,
            time_to_act_ms,
            consequence,
            by_compliance: Consequence::of_missing(compliance) > by_amount,
            urgency,
            priority: matrix(consequence, urgency),
        }
    }
}

/// How a priority came about, so that it can be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranking {
    /// The greenhouse gas at stake, in milligrams.
    pub at_stake_mg: i64,
    /// What the plant owes.
    pub owed: Compliance,
    /// The time to act, in milliseconds.
    pub time_to_act_ms: i64,
    /// The worse of the two consequences.
    pub consequence: Consequence,
    /// Whether it is what the plant owes that makes it so, rather than the amount.
    pub by_compliance: bool,
    /// How soon somebody must act.
    pub urgency: Urgency,
    /// The priority; none where it is no alarm.
    pub priority: Option<Priority>,
}

/// The matrix.
pub const fn matrix(consequence: Consequence, urgency: Urgency) -> Option<Priority> {
    let at_once = match consequence {
        Consequence::None => return None,
        Consequence::Minor => Priority::Medium,
        Consequence::Major => Priority::High,
        Consequence::Severe => Priority::Critical,
    };
    match urgency {
        Urgency::AtOnce => Some(at_once),
        Urgency::Soon => Some(at_once.milder()),
        Urgency::ThisShift => Some(at_once.milder().milder()),
        Urgency::Later => None,
    }
}

impl Explained for Consequence {
    fn text(&self) -> Text {
        match self {
            Self::None => Text::new("alarm-consequence-none"),
            Self::Minor => Text::new("alarm-consequence-minor"),
            Self::Major => Text::new("alarm-consequence-major"),
            Self::Severe => Text::new("alarm-consequence-severe"),
        }
    }
}

impl Explained for Urgency {
    fn text(&self) -> Text {
        match self {
            Self::Later => Text::new("alarm-urgency-later"),
            Self::ThisShift => Text::new("alarm-urgency-shift"),
            Self::Soon => Text::new("alarm-urgency-soon"),
            Self::AtOnce => Text::new("alarm-urgency-at-once"),
        }
    }
}

impl Explained for Compliance {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::None => "alarm-owed-none",
            Self::OwnGoal => "alarm-owed-own-goal",
            Self::DataPlan => "alarm-owed-data-plan",
            Self::Law => "alarm-owed-law",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrix_is_the_documented_one() {
        use Priority::{Critical, High, Low, Medium};
        let urgencies = [Urgency::AtOnce, Urgency::Soon, Urgency::ThisShift, Urgency::Later];
        for (consequence, wanted) in [
            (Consequence::Severe, [Some(Critical), Some(High), Some(Medium), None]),
            (Consequence::Major, [Some(High), Some(Medium), Some(Low), None]),
            (Consequence::Minor, [Some(Medium), Some(Low), Some(Low), None]),
            (Consequence::None, [None; 4]),
        ] {
            assert_eq!(urgencies.map(|urgency| matrix(consequence, urgency)), wanted);
        }
    }

    #[test]
    fn the_worse_of_amount_and_compliance_counts_and_bounds_are_inside() {
        let bounds = Bounds::usual();
        let tonnes = |tonnes: i128| tonnes * 1_000_000_000;
        let rank = |mg, compliance, minutes: i64| bounds.rank(mg, compliance, minutes * MINUTE_MS);
        assert_eq!(
            rank(tonnes(100), Compliance::None, 10).priority,
            Some(Priority::Critical)
        );
        assert_eq!(
            rank(tonnes(100) - 1, Compliance::None, 10).priority,
            Some(Priority::High)
        );
        assert_eq!(rank(-tonnes(100), Compliance::None, 11).priority, Some(Priority::High));
        let law = rank(0, Compliance::Law, 0);
        assert_eq!((law.priority, law.by_compliance), (Some(Priority::Critical), true));
        assert_eq!(rank(tonnes(500), Compliance::Law, 481).priority, None);
        assert_eq!(rank(tonnes(1) - 1, Compliance::None, 0).priority, None);
        assert_eq!(rank(i128::MIN, Compliance::None, -5).priority, Some(Priority::Critical));
    }

    #[test]
    fn bounds_that_do_not_ascend_are_refused() {
        assert!(Bounds::new([1, 2, 3], [1, 2, 3]).is_ok());
        for (amounts, times) in [
            ([0, 2, 3], [1, 2, 3]),
            ([1, 1, 3], [1, 2, 3]),
            ([1, 4, 3], [1, 2, 3]),
            ([1, 2, 3], [0, 2, 3]),
            ([1, 2, 3], [2, 2, 3]),
            ([1, 2, 3], [1, 2, 2]),
        ] {
            assert!(Bounds::new(amounts, times).is_err());
        }
    }
}
