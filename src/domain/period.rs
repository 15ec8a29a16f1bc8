//! Periods of the plant: hour, shift, plant day, calendar month, calendar year.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::model::SiteModel;
use super::time::{Hour, Instant, Month, PlantZone};

/// A period for which figures are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Period {
    /// One hour of the plant.
    Hour(Hour),
    /// One plant day (生产日): from the day's beginning on that date to the next.
    Day(NaiveDate),
    /// One calendar month.
    Month(Month),
    /// One calendar year.
    Year(i32),
    /// Hours from the first up to, not including, the second: a shift, or any stretch.
    Hours(Hour, Hour),
}

impl Period {
    /// The hours of the period: from the first up to, not including, the second.
    pub fn hours(self, zone: &PlantZone, day_start_minutes: u32) -> (Hour, Hour) {
        let at = |date: NaiveDate, minutes| zone.hour_of(zone.day_start(date, minutes));
        let (from, to) = match self {
            Self::Hour(hour) => (hour, hour.next()),
            Self::Day(date) => (
                at(date, day_start_minutes),
                at(date.checked_add_days(Days::new(1)).unwrap_or(date), day_start_minutes),
            ),
            Self::Month(month) => zone.month_hours(month),
            Self::Year(year) => zone.year_hours(year),
            Self::Hours(from, to) => (from, to),
        };
        // Nothing can be known outside the time that data may carry, however wide a period somebody asks for.
        let (earliest, latest) = (zone.hour_of(Instant::EARLIEST), zone.hour_of(Instant::LATEST));
        (from.clamp(earliest, latest), to.clamp(earliest, latest))
    }
}

impl Period {
    /// The period in plant time as people read it, such as `2025-03` or `2025-03-01 14:00`.
    pub fn shown(self, zone: &PlantZone) -> String {
        match self {
            Self::Hour(hour) => zone.shown_hour(hour),
            Self::Day(date) => date.to_string(),
            Self::Month(month) => month.to_string(),
            Self::Year(year) => format!("{year:04}"),
            Self::Hours(from, to) => format!("{} – {}", zone.shown_hour(from), zone.shown_hour(to)),
        }
    }

    /// The period for programs: hours as RFC 3339 with the plant's offset, stretches with a slash between their ends.
    pub fn rfc3339(self, zone: &PlantZone) -> String {
        let hour = |hour| zone.rfc3339(zone.hour_start(hour));
        match self {
            Self::Hour(at) => hour(at),
            Self::Hours(from, to) => format!("{}/{}", hour(from), hour(to)),
            calendar => calendar.shown(zone),
        }
    }
}

/// A shift as it was or is worked: slot, crew and hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Plant day to which it belongs.
    pub day: NaiveDate,
    /// Index of the slot in the model.
    pub slot: usize,
    /// Index of the crew in the rotation.
    pub crew: Option<usize>,
    /// When it began.
    pub start: Instant,
    /// When it ends.
    pub end: Instant,
}

impl SiteModel {
    /// The plant day (生产日) in which an instant lies.
    pub fn plant_day(&self, at: Instant) -> NaiveDate {
        let (date, _) = self.zone.date_and_minute(at);
        if at < self.zone.day_start(date, self.day_start_minutes) {
            date.checked_sub_days(Days::new(1)).unwrap_or(date)
        } else {
            date
        }
    }

    /// The shift in which an instant lies; `None` where the plant keeps no shifts.
    pub fn shift_at(&self, at: Instant) -> Option<Shift> {
        let (date, _) = self.zone.date_and_minute(at);
        // The last slot of a day may run past midnight, so yesterday's slots are candidates too; the latest start wins.
        let mut starts = Vec::new();
        for day in [
            date.checked_sub_days(Days::new(1))?,
            date,
            date.checked_add_days(Days::new(1))?,
        ] {
            for (slot, shift) in self.shifts.iter().enumerate() {
                starts.push((self.zone.day_start(day, shift.start_minutes), slot));
            }
        }
        starts.sort_unstable();
        let next = starts.partition_point(|&(start, _)| start <= at);
        let (start, slot) = *starts.get(next.checked_sub(1)?)?;
        let (end, _) = *starts.get(next)?;
        let day = self.plant_day(start);
        Some(Shift {
            day,
            slot,
            crew: self.crew_of(day, slot),
            start,
            end,
        })
    }

    /// The crew that works a slot on a plant day, by the rotation's cycle.
    pub fn crew_of(&self, day: NaiveDate, slot: usize) -> Option<usize> {
        let rotation = self.rotation.as_ref()?;
        let length = i64::try_from(rotation.cycle.len()).ok().filter(|&length| length > 0)?;
        let place = day.signed_duration_since(rotation.anchor).num_days().rem_euclid(length);
        rotation.cycle.get(usize::try_from(place).ok()?)?.get(slot).copied()
    }
}
