//! Bands (时段与负荷区间): what is usual in a month, at an hour of the day, or at a load (QARTOD, climatology test).

use super::super::finding::Finding;
use super::super::flag::{Flag, Rule};
use super::super::settings::{SettingsError, Span};
use super::Point;

/// A band and when it holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BandSettings {
    /// Months 1 to 12, as bits 0 to 11.
    months: u16,
    /// Hours 0 to 23, as bits.
    hours: u32,
    load: Option<Span>,
    usual: Span,
}

impl BandSettings {
    /// What is usual in months `from..=to` (over the turn of the year where `from` is the later), in hours of the day
    /// likewise, and at a load; all of them where one is left out.
    pub fn new(
        months: Option<(u32, u32)>,
        hours: Option<(u32, u32)>,
        load: Option<Span>,
        usual: Span,
    ) -> Result<Self, SettingsError> {
        let months = circular("months", months, 1, 12)?;
        let hours = circular("hours", hours, 0, 23)?;
        Ok(Self {
            months: u16::try_from(months & 0xfff).unwrap_or(u16::MAX),
            hours,
            load,
            usual,
        })
    }

    /// What is usual then.
    pub const fn usual(&self) -> Span {
        self.usual
    }

    /// Whether it holds whenever another one does.
    pub fn hides(&self, other: &Self) -> bool {
        let of_load = match (self.load, other.load) {
            (None, _) => true,
            (Some(own), Some(theirs)) => own.encloses(&theirs),
            (Some(_), None) => false,
        };
        of_load && self.months & other.months == other.months && self.hours & other.hours == other.hours
    }

    fn holds(&self, month: u32, hour: u32, load: f64) -> bool {
        u32::from(self.months) >> (month.clamp(1, 12) - 1) & 1 == 1
            && self.hours >> hour.min(23) & 1 == 1
            && self.load.is_none_or(|span| span.holds(load))
    }
}

/// The places from one to another on a circle, as bits.
fn circular(key: &'static str, ends: Option<(u32, u32)>, low: u32, high: u32) -> Result<u32, SettingsError> {
    let size = high - low + 1;
    let Some((from, to)) = ends else {
        return Ok((1 << size) - 1);
    };
    for end in [from, to] {
        super::super::settings::count(key, end, low, high)?;
    }
    let length = (to + size - from) % size + 1;
    Ok((0..length).fold(0, |bits, step| bits | 1 << ((from - low + step) % size)))
}

/// Judges a value by the first band that holds; unknown where none does.
pub fn judge(bands: &[BandSettings], month: u32, hour: u32, point: &Point, findings: &mut Vec<Finding>) -> Flag {
    let mut holding = (1..).zip(bands).filter(|(_, band)| band.holds(month, hour, point.load));
    let Some((place, band)) = holding.next() else {
        return Flag::Unknown;
    };
    let (rule, limit) = if point.value < band.usual.low() {
        (Rule::BandLow, band.usual.low())
    } else if point.value > band.usual.high() {
        (Rule::BandHigh, band.usual.high())
    } else {
        return Flag::Good;
    };
    findings.push(Finding::at(rule, Flag::Suspect, point.at, point.value, limit).part(place));
    Flag::Suspect
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_hours_go_over_the_turn() {
        assert_eq!(circular("months", Some((11, 2)), 1, 12), Ok(0b1100_0000_0011));
        assert_eq!(circular("hours", Some((0, 23)), 0, 23), Ok(0xff_ffff));
        assert_eq!(circular("hours", None, 0, 23), Ok(0xff_ffff));
        assert_eq!(circular("hours", Some((22, 22)), 0, 23), Ok(1 << 22));
        assert!(circular("hours", Some((0, 24)), 0, 23).is_err());
        assert!(circular("months", Some((0, 3)), 1, 12).is_err());
    }
}
