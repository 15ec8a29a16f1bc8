//! What a period is compared with (环比、同比): the period before it and the same a year ago. Of a period that is not over
//! only the hours that are over are compared, with as many of the others.

use chrono::{Datelike, Days, NaiveDate};

use crate::domain::model::SiteModel;
use crate::domain::period::Period;
use crate::domain::time::{Hour, Month};
use crate::engine::Engine;
use crate::engine::view::Compared;

impl Engine {
    /// The hours that are compared; `None` where none of the period's are over.
    pub(super) fn compared(&self, model: &SiteModel, period: Period) -> Option<Compared> {
        let (from, to) = self.period_hours(model, period);
        let over = self.zone.hour_of(self.now).min(to);
        if over <= from {
            return None;
        }
        let running = over < to;
        let cut = |other: Period| {
            let (start, end) = self.period_hours(model, other);
            let same = Hour(start.0.saturating_add(over.0 - from.0)).min(end);
            if running { Period::Hours(start, same) } else { other }
        };
        let (before, year_ago) = match period {
            Period::Hour(hour) => (
                Period::Hour(Hour(hour.0.saturating_sub(1))),
                Some(Period::Hour(self.hour_a_year_ago(hour))),
            ),
            Period::Day(date) => (
                Period::Day(date.checked_sub_days(Days::new(1))?),
                Some(Period::Day(date_a_year_ago(date))),
            ),
            Period::Month(month) => (
                Period::Month(month.previous()),
                Some(Period::Month(Month {
                    year: month.year - 1,
                    ..month
                })),
            ),
            Period::Year(year) => (Period::Year(year - 1), None),
            Period::Hours(..) => {
                let length = to.0 - from.0;
                let year_ago = self.hour_a_year_ago(from);
                (
                    Period::Hours(Hour(from.0.saturating_sub(length)), from),
                    Some(Period::Hours(year_ago, Hour(year_ago.0.saturating_add(length)))),
                )
            }
        };
        Some(Compared {
            here: if running { Period::Hours(from, over) } else { period },
            before: cut(before),
            year_ago: year_ago.map(cut),
        })
    }

    fn hour_a_year_ago(&self, hour: Hour) -> Hour {
        let local = self.zone.local(self.zone.hour_start(hour));
        let then = date_a_year_ago(local.date()).and_time(local.time());
        self.zone.hour_of(self.zone.boundary(then))
    }
}

/// The same date a year ago; of the 29th of February the 28th.
fn date_a_year_ago(date: NaiveDate) -> NaiveDate {
    let then = date.with_year(date.year() - 1);
    then.or_else(|| date.pred_opt()?.with_year(date.year() - 1))
        .unwrap_or(date)
}
