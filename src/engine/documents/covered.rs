//! On which days a meter was calibrated (检定有效期): by the certificate that held on a day, and not by the newest, which says
//! nothing of what was before it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::replaced::{Place, place_on};
use crate::domain::identity::MeterId;
use crate::domain::model::Meter;
use crate::domain::time::Instant;
use crate::engine::Engine;
use crate::management::evidence::{Covered, NotCovered, Uncovered};

/// What a certificate, or a version of the plan, says of a meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Certificate {
    /// Its day; none where a version of the plan does not say it.
    on: Option<NaiveDate>,
    /// The last day for which it holds; none where that is not known.
    until: Option<NaiveDate>,
    /// Whether a record says it, and no version of the plan.
    is_recorded: bool,
    /// Whether the meter was found unfit on its day (不合格).
    is_rejection: bool,
}

impl Certificate {
    fn covers(&self, day: NaiveDate) -> bool {
        self.until.is_some_and(|until| until >= day)
    }
}

impl Engine {
    /// What was said of one of the meters that served a channel, in the order of the days of which it speaks; of the same day
    /// what counts comes last.
    fn certificates(&self, meter: MeterId, place: Place) -> Vec<Certificate> {
        let served = self.calibrations.served(meter).get(place);
        let planned = served.map_or(&[][..], |served| served.planned());
        let newest = planned.len().saturating_sub(1);
        // A version that gives no day says it of all days before its last: the next version takes its place.
        let planned = planned.iter().enumerate();
        let planned = planned.filter(|(number, (on, until))| on.is_some() || until.is_some() && *number == newest);
        let planned = planned.map(|(_, &(on, until))| Certificate {
            on,
            until,
            is_recorded: false,
            is_rejection: false,
        });
        let recorded = self.recorded_in_place(meter, place).map(|one| Certificate {
            on: Some(one.on),
            until: one.last_day(),
            is_recorded: true,
            is_rejection: one.until.is_none(),
        });
        let mut all: Vec<Certificate> = planned.chain(recorded).collect();
        all.sort_by_key(|one| (one.on, one.is_recorded));
        all
    }

    /// The certificate that holds on a day, or held last before it. What came later on ends what came before: a meter that was
    /// rejected is not saved by what its certificate promised.
    fn certificate_on(all: &[Certificate], day: NaiveDate) -> Option<Certificate> {
        let dated = all.iter().rfind(|one| one.on.is_some_and(|on| on <= day)).copied();
        // What the newest plan says without a day yields to records, as it does where the newest is asked for.
        let undated = all.iter().find(|one| one.on.is_none()).copied();
        match dated {
            Some(dated) if dated.is_recorded || dated.covers(day) => Some(dated),
            _ => undated.or(dated),
        }
    }

    /// The meter that was there before an instant, with the calibration that held on a day, or held last before it.
    pub(in crate::engine) fn as_calibrated_on(&self, meter: &Meter, (until, day): (Instant, NaiveDate)) -> Meter {
        let place = self.place_before(meter.id, until);
        let held = Self::certificate_on(&self.certificates(meter.id, place), day);
        let mut found = self.in_place(meter, place);
        (found.calibrated_on, found.calibrated_until) = match held {
            Some(held) => (held.on, held.until),
            None => (None, self.put_in_without(meter.id, place)),
        };
        found
    }

    /// How a channel's meters were calibrated on some of a month's days, in order; and the serial number of the one of which
    /// the first is told that was not, else of the last.
    pub(in crate::engine) fn calibrated_in(&self, meter: &Meter, days: &BTreeSet<NaiveDate>) -> (String, Covered) {
        let replaced = self.calibrations.replaced(meter.id);
        let mut told = Covered::default();
        let mut shown = None;
        let mut known: Option<(Place, Vec<Certificate>)> = None;
        for &day in days {
            let place = place_on(replaced, day);
            let (place, all) = match known.take() {
                Some(known) if known.0 == place => known,
                _ => (place, self.certificates(meter.id, place)),
            };
            let held = Self::certificate_on(&all, day);
            let until = held.map_or_else(|| self.put_in_without(meter.id, place), |held| held.until);
            if held.is_some_and(|held| held.covers(day)) {
                if told.uncovered.is_none() {
                    (told.until, shown) = (until, Some(place));
                }
            } else if let Some(uncovered) = &mut told.uncovered {
                uncovered.days += 1;
            } else {
                let next = all.iter().find_map(|one| one.on.filter(|on| *on > day));
                let why = match (held, next) {
                    (Some(held), _) if held.is_rejection => held.on.map(NotCovered::Rejected),
                    (Some(held), _) => held.until.map(NotCovered::Over),
                    (None, Some(next)) => Some(NotCovered::Later(next)),
                    (None, None) => until.map(NotCovered::Over),
                };
                told.uncovered = Some(Uncovered {
                    first: day,
                    days: 1,
                    why: why.unwrap_or(NotCovered::Unknown),
                });
                (told.until, shown) = (until, Some(place));
            }
            known = Some((place, all));
        }
        let serial = shown.map(|place| self.in_place(meter, place).serial);
        (serial.unwrap_or_else(|| meter.serial.clone()), told)
    }
}
