//! Substitutes (替代数据): what is posted for the time of an hour that no measurement covers.
//!
//! A substitute is decided once, by an event, and kept beside the bucket. What it gives is a pure function of it and of
//! the bucket: the part of the hour that is missing. Data that come after all therefore take it back by themselves, as
//! far as they reach, and bring it back when they are withdrawn.

use serde::{Deserialize, Serialize};

use crate::domain::identity::Sequence;
use crate::domain::time::{HOUR_MS, Hour};

use super::bucket::Bucket;
use super::quantity::divide_half_even;

/// Milliseconds of an hour that must be measured for the hour to be valid (有效小时): 45 minutes (HJ 76-2017, annex B).
pub const VALID_MS: i64 = 45 * 60_000;

/// How much of an hour was measured, for the rules of missing data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// All of it.
    Complete,
    /// Enough for the hour to be valid; the rest is filled as the measured part is.
    Valid,
    /// Less: the hour belongs to an outage (缺失时段).
    Invalid,
}

impl Coverage {
    /// Of a bucket.
    pub const fn of(bucket: &Bucket) -> Self {
        if bucket.covered_ms >= HOUR_MS {
            Self::Complete
        } else if bucket.covered_ms >= VALID_MS {
            Self::Valid
        } else {
            Self::Invalid
        }
    }
}

/// What a valid bucket would hold had all of its hour been measured as the measured part was.
pub fn whole_hour(bucket: &Bucket) -> Option<i128> {
    match Coverage::of(bucket) {
        Coverage::Complete => Some(bucket.quantity),
        Coverage::Valid => Some(scaled(bucket.quantity, HOUR_MS, bucket.covered_ms)),
        Coverage::Invalid => None,
    }
}

/// `quantity × part / whole`, rounded once, half to even; `whole` is positive. Beyond 128 bits it is held at the end.
fn scaled(quantity: i128, part: i64, whole: i64) -> i128 {
    quantity
        .checked_mul(i128::from(part))
        .map_or(quantity.signum() * (i128::MAX / 4), |product| {
            divide_half_even(product, i128::from(whole))
        })
}

/// What stands in for the missing part of an hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Substitute {
    /// What a whole hour counts by it, in the bucket's parts; nothing where the hour's own measured part says it.
    pub hourly: Option<i128>,
    /// On what it rests.
    pub basis: Basis,
    /// The outage for which it was decided.
    pub outage: Outage,
    /// The record that decided it.
    pub decided_by: Sequence,
}

/// A run of hours that were not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outage {
    /// Its first hour.
    pub from: Hour,
    /// How many hours it had lasted when it was decided.
    pub hours: u32,
    /// Whether it had not ended then: what depends on its length and on the hour after it is decided anew at its end.
    pub open: bool,
}

/// On what a substitute rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The measured part of the hour itself.
    OwnHour,
    /// The last valid hour before the outage.
    Hold {
        /// Which.
        before: Hour,
    },
    /// The mean of the valid hours around the outage, as far as there are both.
    Neighbours {
        /// Before it.
        before: Option<Hour>,
        /// After it.
        after: Option<Hour>,
    },
    /// The mean of the same hour of days before.
    PreviousDays {
        /// The hours that were valid then.
        hours: Vec<Hour>,
    },
    /// The mean of the last valid hours.
    Mean {
        /// How they were chosen.
        back: LookBack,
    },
    /// A percentile of the last valid hours.
    Percentile {
        /// How they were chosen.
        back: LookBack,
        /// Which.
        percent: u32,
        /// Its rank among them, from 1, the smallest first.
        rank: u32,
        /// The hour that has the value; the latest where several have.
        at: Hour,
    },
    /// The value of the plan, because its rule says so.
    Fixed,
    /// The value of the plan, because the rule had nothing to rest on.
    Otherwise,
    /// A person's value; the record says whose and why.
    Person,
}

/// The hours on which a rule looked back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookBack {
    /// How many valid hours.
    pub hours: u32,
    /// The first of them.
    pub from: Hour,
    /// The last of them.
    pub to: Hour,
    /// The band of load in which they lie, from 1; all hours where there is none.
    pub band: Option<u32>,
}

impl Substitute {
    /// What it adds to a bucket.
    pub fn amount(&self, bucket: &Bucket) -> i128 {
        let missing = bucket.missing_ms();
        if missing == 0 {
            return 0;
        }
        match self.hourly {
            Some(hourly) => scaled(hourly, missing, HOUR_MS),
            None if bucket.covered_ms >= VALID_MS => scaled(bucket.quantity, missing, bucket.covered_ms),
            None => 0,
        }
    }

    /// Whether it gives anything to say of a bucket: an hour whose own part is to stand for the rest says nothing once so
    /// little of it is measured that the hour is not valid any more.
    pub fn fills(&self, bucket: &Bucket) -> bool {
        bucket.missing_ms() > 0 && (self.hourly.is_some() || bucket.covered_ms >= VALID_MS)
    }
}

/// Substitutes of 24 successive hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubstituteDay {
    /// By place in the day block.
    pub hours: [Option<Substitute>; 24],
}

impl Default for SubstituteDay {
    fn default() -> Self {
        Self {
            hours: [const { None }; 24],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(quantity: i128, minutes: i64) -> Bucket {
        Bucket {
            quantity,
            covered_ms: minutes * 60_000,
            intervals: 1,
        }
    }

    fn substitute(hourly: Option<i128>) -> Substitute {
        Substitute {
            hourly,
            basis: Basis::Fixed,
            outage: Outage {
                from: Hour(0),
                hours: 1,
                open: false,
            },
            decided_by: Sequence(1),
        }
    }

    #[test]
    fn a_substitute_gives_what_is_missing_and_nothing_more() {
        let fixed = substitute(Some(600));
        assert_eq!(fixed.amount(&Bucket::default()), 600);
        assert_eq!(fixed.amount(&bucket(111, 20)), 400);
        assert_eq!(fixed.amount(&bucket(111, 60)), 0);
        // Overlapping intervals leave nothing to fill.
        assert_eq!(fixed.amount(&bucket(111, 70)), 0);
        assert!(!fixed.fills(&bucket(111, 60)));
    }

    #[test]
    fn a_valid_hour_is_filled_as_its_measured_part() {
        let own = substitute(None);
        // 500 in 50 minutes are 100 in the other ten.
        assert_eq!(own.amount(&bucket(500, 50)), 100);
        assert_eq!(own.amount(&bucket(-500, 50)), -100);
        assert!(!own.fills(&Bucket::default()));
        assert_eq!(own.amount(&Bucket::default()), 0);
        assert_eq!(whole_hour(&bucket(500, 50)), Some(600));
        assert_eq!(whole_hour(&bucket(500, 44)), None);
        assert_eq!(Coverage::of(&bucket(0, 45)), Coverage::Valid);
    }

    #[test]
    fn halves_go_to_the_even_side() {
        // A quarter of an hour of 2 is a half, of 6 one and a half.
        assert_eq!(substitute(Some(2)).amount(&bucket(0, 45)), 0);
        assert_eq!(substitute(Some(6)).amount(&bucket(0, 45)), 2);
    }
}
