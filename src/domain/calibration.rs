//! When the calibrations of meters run out (检定到期).

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::identity::MeterId;
use super::model::{Meter, SiteModel};

/// Days before a calibration runs out from which it is due: time to order it and to take the meter out.
pub const DUE_WITHIN_DAYS: i64 = 30;

/// A calibration that was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calibrated {
    /// Its day.
    pub on: NaiveDate,
    /// The last day for which it holds; none where the meter was rejected.
    pub until: Option<NaiveDate>,
}

impl Calibrated {
    /// The last day for which the meter may be used: of one that was rejected the day before.
    pub fn last_day(self) -> Option<NaiveDate> {
        self.until.or_else(|| self.on.pred_opt())
    }
}

/// The newest calibration that was recorded of each meter.
pub type Calibrations = BTreeMap<MeterId, Calibrated>;

impl Meter {
    /// The same with its newest calibration, whether the model names it or a record.
    #[must_use]
    pub fn calibrated(&self, recorded: &Calibrations) -> Self {
        let mut meter = self.clone();
        if let Some(newest) = recorded.get(&self.id)
            && self.calibrated_on.is_none_or(|on| on <= newest.on)
        {
            meter.calibrated_on = Some(newest.on);
            meter.calibrated_until = newest.last_day();
        }
        meter
    }
}

/// A meter whose calibration runs out, or has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueCalibration<'a> {
    /// The meter.
    pub meter: &'a Meter,
    /// The last day for which its calibration holds.
    pub until: NaiveDate,
    /// Days until then; negative where it has run out.
    pub days_left: i64,
}

impl SiteModel {
    /// Meters whose calibration runs out within [`DUE_WITHIN_DAYS`] of a day or has run out, the most urgent first. Meters
    /// of which the model does not say until when are left out.
    pub fn due_calibrations(&self, today: NaiveDate) -> Vec<DueCalibration<'_>> {
        due(&self.meters, today)
    }
}

/// The same of meters.
pub fn due(meters: &[Meter], today: NaiveDate) -> Vec<DueCalibration<'_>> {
    let dated = meters.iter().filter_map(|meter| {
        let until = meter.calibrated_until?;
        let days_left = until.signed_duration_since(today).num_days();
        Some(DueCalibration {
            meter,
            until,
            days_left,
        })
    });
    let mut due: Vec<_> = dated.filter(|due| due.days_left <= DUE_WITHIN_DAYS).collect();
    due.sort_by_key(|due| due.until);
    due
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::Name;

    #[test]
    fn a_calibration_is_due_from_a_month_before_its_last_day_on() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day);
        let meter = |id, until| Meter {
            id: MeterId(id),
            key: format!("m{id}"),
            name: Name {
                zh: String::new(),
                en: String::new(),
            },
            serial: String::new(),
            accuracy: String::new(),
            calibrated_on: None,
            calibrated_until: until,
            multiplier: rust_decimal::Decimal::ONE,
            rollover: None,
            second_person: false,
        };
        let meters = [
            meter(1, day(3, 31)),
            meter(2, day(4, 1)),
            meter(3, None),
            meter(4, day(2, 28)),
            meter(5, day(3, 1)),
        ];
        let due = due(&meters, day(3, 1).unwrap());
        let listed: Vec<(u32, i64)> = due.iter().map(|due| (due.meter.id.0, due.days_left)).collect();
        assert_eq!(listed, [(4, -1), (5, 0), (1, 30)]);
    }

    #[test]
    fn the_newer_of_model_and_records_counts_and_a_rejected_meter_is_out_at_once() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        let meter = |on| Meter {
            id: MeterId(1),
            key: String::new(),
            name: Name::default(),
            serial: String::new(),
            accuracy: String::new(),
            calibrated_on: on,
            calibrated_until: Some(day(3, 31)),
            multiplier: rust_decimal::Decimal::ONE,
            rollover: None,
            second_person: false,
        };
        let recorded = |until| Calibrations::from([(MeterId(1), Calibrated { on: day(3, 1), until })]);
        let until = |on, recorded: &Calibrations| meter(on).calibrated(recorded).calibrated_until;
        assert_eq!(until(None, &Calibrations::new()), Some(day(3, 31)));
        assert_eq!(until(None, &recorded(Some(day(9, 1)))), Some(day(9, 1)));
        assert_eq!(until(Some(day(3, 2)), &recorded(Some(day(9, 1)))), Some(day(3, 31)));
        assert_eq!(until(Some(day(2, 2)), &recorded(None)), Some(day(2, 28)));
    }
}
