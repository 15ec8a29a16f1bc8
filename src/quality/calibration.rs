//! Calibrations that have run out (检定到期) under what their meters read.

use chrono::NaiveDate;

use super::finding::Finding;
use super::flag::{Flag, Rule};
use crate::domain::time::{DAY_MS, Instant, PlantZone};

/// When a calibration has run out that holds up to and including a day.
pub fn expired_from(until: NaiveDate, zone: &PlantZone) -> Option<Instant> {
    until.succ_opt().map(|day| zone.day_start(day, 0))
}

/// That a meter read on, from one stamp to another, after its calibration had run out: told with the days that it lasted.
pub fn ran_out(expired: Instant, (first, last): (Instant, Instant)) -> Finding {
    let days = last.since(expired).div_euclid(DAY_MS) + 1;
    let days = f64::from(i32::try_from(days).unwrap_or(i32::MAX));
    Finding::at(Rule::CalibrationExpired, Flag::Suspect, last, days, 0.0)
        .from(first)
        .since(expired)
}
