//! Handovers (交接班): which shift one speaks of, and who signs for what.

use std::fmt;
use std::str::FromStr;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::model::SiteModel;
use super::period::Shift;
use super::text::{Explained, Text, clean};
use super::time::HOUR_MS;

/// The most characters of what is written beside a signature.
pub const LONGEST_REMARK: usize = 400;

/// How long before a shift's end whoever comes next may sign: the two crews meet. Earlier it would be the wrong shift.
pub const MEETING_MS: i64 = HOUR_MS;

/// For how long after a shift began it is the one before that is shown first, where a crew has not signed it: its handover is at
/// hand.
pub const AT_HAND_MS: i64 = HOUR_MS;

/// For which crew somebody signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The one that goes (交班).
    Outgoing,
    /// The one that comes (接班).
    Incoming,
}

impl Side {
    /// Both, in the order in which they sign.
    pub const ALL: [Self; 2] = [Self::Outgoing, Self::Incoming];

    /// As it is written in commands.
    pub const fn typed(self) -> &'static str {
        match self {
            Self::Outgoing => "outgoing",
            Self::Incoming => "incoming",
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Outgoing => Self::Incoming,
            Self::Incoming => Self::Outgoing,
        }
    }
}

impl Explained for Side {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::Outgoing => "handover-outgoing",
            Self::Incoming => "handover-incoming",
        })
    }
}

/// A shift by what it is called whatever the model says later: its plant day and the key of its slot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ShiftName {
    /// The plant day (生产日).
    pub day: NaiveDate,
    /// Key of the slot, such as `night`.
    pub slot: String,
}

impl fmt::Display for ShiftName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.day, clean(&self.slot))
    }
}

impl FromStr for ShiftName {
    type Err = Text;

    /// Of a date and a key with a slash between them.
    fn from_str(typed: &str) -> Result<Self, Text> {
        let parts = typed.split_once('/');
        let name = parts.and_then(|(day, slot)| {
            let day = day.trim().parse().ok()?;
            let slot = slot.trim();
            (!slot.is_empty()).then(|| Self {
                day,
                slot: slot.to_owned(),
            })
        });
        name.ok_or_else(|| Text::new("handover-not-a-shift").with("given", clean(typed)))
    }
}

impl SiteModel {
    /// What a shift is called.
    pub fn name_of_shift(&self, shift: &Shift) -> Option<ShiftName> {
        let slot = self.shifts.get(shift.slot)?.key.clone();
        Some(ShiftName { day: shift.day, slot })
    }

    /// The shift of a name, as this model has it.
    pub fn shift_named(&self, name: &ShiftName) -> Option<Shift> {
        let slot = self.shifts.iter().find(|slot| slot.key == name.slot)?;
        // What begins before the plant day by the clock belongs to the day that is not over then.
        let days = [Some(name.day), name.day.checked_add_days(Days::new(1))];
        let starts = days
            .into_iter()
            .flatten()
            .map(|day| self.zone.day_start(day, slot.start_minutes));
        starts
            .filter_map(|start| self.shift_at(start))
            .find(|shift| self.name_of_shift(shift).as_ref() == Some(name))
    }

    /// The shift before another.
    pub fn shift_before(&self, shift: &Shift) -> Option<Shift> {
        self.shift_at(shift.start.plus(-1))
    }

    /// The shift after another.
    pub fn shift_after(&self, shift: &Shift) -> Option<Shift> {
        self.shift_at(shift.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::{Name, ShiftSlot};
    use crate::domain::time::{Instant, PlantZone};

    fn model(slots: &[(&str, u32)], day_start_minutes: u32) -> SiteModel {
        let slot = |&(key, start_minutes): &(&str, u32)| ShiftSlot {
            key: key.to_owned(),
            name: Name::default(),
            start_minutes,
        };
        SiteModel {
            shifts: slots.iter().map(slot).collect(),
            day_start_minutes,
            ..SiteModel::empty("test", PlantZone::parse("Asia/Shanghai").unwrap())
        }
    }

    #[test]
    fn every_shift_is_found_by_its_name() {
        for day_start in [0, 420, 480] {
            let model = model(&[("night", 0), ("day", 480), ("swing", 960)], day_start);
            let mut shift = model.shift_at(Instant(1_764_000_000_000)).unwrap();
            for _ in 0..20 {
                let name = model.name_of_shift(&shift).unwrap();
                assert_eq!(model.shift_named(&name), Some(shift), "{name}");
                assert_eq!(name.to_string().parse(), Ok(name));
                let next = model.shift_after(&shift).unwrap();
                assert_eq!(model.shift_before(&next), Some(shift));
                shift = next;
            }
        }
    }

    #[test]
    fn what_names_no_shift_is_refused() {
        for typed in ["", "2025-11-29", "2025-11-29/", "29/day", "/day"] {
            assert!(typed.parse::<ShiftName>().is_err(), "{typed}");
        }
        let name: ShiftName = "2025-11-29/dog".parse().unwrap();
        assert_eq!(model(&[("day", 480)], 0).shift_named(&name), None);
        assert_eq!(model(&[], 0).shift_named(&name), None);
    }
}
