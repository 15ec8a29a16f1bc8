//! On which days a meter was calibrated (检定有效期): by the certificate that held on a day, and not by the newest, which says
//! nothing of what was before it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::replaced::{Holds, Place, place_on};
use crate::domain::identity::MeterId;
use crate::domain::model::Meter;
use crate::domain::time::Instant;
use crate::engine::history::History;
use crate::engine::view::CheckMark;
use crate::engine::{Broken, Engine};
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
    /// Until when the version of the plan holds that says it.
    holds: Holds,
    /// Whether a second person has not looked at it yet (待复核).
    awaits: bool,
}

impl Certificate {
    fn covers(&self, day: NaiveDate) -> bool {
        self.until.is_some_and(|until| until >= day)
    }

    /// Whether it is said of a day: of what the plan said and says otherwise now nothing stands.
    fn speaks_of(&self, day: NaiveDate) -> bool {
        self.on.is_none_or(|on| on <= day) && !matches!(self.holds, Holds::Until(over) if over <= day)
    }
}

impl Engine {
    /// What was said of one of the meters that served a channel, in the order of the days of which it speaks; of the same day
    /// what counts comes last. A certificate that a second person returned says nothing.
    fn certificates(
        &self,
        history: &dyn History,
        (meter, place): (MeterId, Place),
    ) -> Result<Vec<Certificate>, Broken> {
        let served = self.calibrations.served(meter).get(place);
        let planned = served.map_or(&[][..], |served| served.planned());
        let newest = planned.len().saturating_sub(1);
        // A version that gives no day says it of all days before its last: the next version takes its place.
        let planned = planned.iter().enumerate();
        let planned = planned.filter(|(number, said)| said.on.is_some() || said.until.is_some() && *number == newest);
        let mut all: Vec<Certificate> = planned
            .map(|(_, said)| Certificate {
                on: said.on,
                until: said.until,
                is_recorded: false,
                is_rejection: false,
                holds: said.holds,
                awaits: false,
            })
            .collect();
        for (record, one) in self.recorded_in_place(meter, place) {
            let check = self.second_check_mark(history, record)?;
            if check != Some(CheckMark::Returned) {
                all.push(Certificate {
                    on: Some(one.on),
                    until: one.last_day(),
                    is_recorded: true,
                    is_rejection: one.until.is_none(),
                    holds: Holds::On,
                    awaits: check == Some(CheckMark::Awaits),
                });
            }
        }
        all.sort_by_key(|one| (one.on, one.is_recorded));
        Ok(all)
    }

    /// The certificate that holds on a day, or held last before it. What came later on ends what came before: a meter that was
    /// rejected is not saved by what its certificate promised.
    ///
    /// Where it `is_agreed`, of those alone at which no second person is to look any more.
    fn certificate_on(all: &[Certificate], (day, is_agreed): (NaiveDate, bool)) -> Option<Certificate> {
        let speak = || {
            all.iter()
                .filter(|one| one.speaks_of(day) && !(is_agreed && one.awaits))
        };
        let dated = speak().rfind(|one| one.on.is_some()).copied();
        // What the newest plan says without a day yields to records, as it does where the newest is asked for.
        let undated = speak().find(|one| one.on.is_none()).copied();
        match dated {
            Some(dated) if dated.is_recorded || dated.covers(day) => Some(dated),
            _ => undated.or(dated),
        }
    }

    /// The meter that was there before an instant, with the calibration that held on a day, or held last before it.
    pub(in crate::engine) fn as_calibrated_on(
        &self,
        history: &dyn History,
        meter: &Meter,
        (until, day): (Instant, NaiveDate),
    ) -> Result<Meter, Broken> {
        let place = self.place_before(meter.id, until);
        let held = Self::certificate_on(&self.certificates(history, (meter.id, place))?, (day, false));
        let mut found = self.in_place(meter, place);
        (found.calibrated_on, found.calibrated_until) = match held {
            Some(held) => (held.on, held.until),
            None => (None, self.put_in_without(meter.id, place)),
        };
        Ok(found)
    }

    /// How a channel's meters were calibrated on some of a month's days, in order; and the serial number of the one of which
    /// the first is told that was not, else of the last.
    pub(in crate::engine) fn calibrated_in(
        &self,
        history: &dyn History,
        meter: &Meter,
        days: &BTreeSet<NaiveDate>,
    ) -> Result<(String, Covered), Broken> {
        let replaced = self.calibrations.replaced(meter.id);
        let mut told = Covered::default();
        let mut shown = None;
        let mut known: Option<(Place, Vec<Certificate>)> = None;
        for &day in days {
            let place = place_on(replaced, day);
            let (place, all) = match known.take() {
                Some(known) if known.0 == place => known,
                _ => (place, self.certificates(history, (meter.id, place))?),
            };
            let held = Self::certificate_on(&all, (day, true));
            let promised = Self::certificate_on(&all, (day, false));
            let is_covered = held.is_some_and(|held| held.covers(day));
            if promised.is_some_and(|one| one.awaits && (one.is_rejection || !is_covered)) {
                // What is said of the day is not agreed with yet, and that may turn either way.
                told.awaits = told.awaits.or(Some(day));
                known = Some((place, all));
                continue;
            }
            let until = held.map_or_else(|| self.put_in_without(meter.id, place), |held| held.until);
            if is_covered {
                if told.uncovered.is_none() {
                    (told.until, shown) = (until, Some(place));
                }
            } else if let Some(uncovered) = &mut told.uncovered {
                uncovered.days += 1;
            } else {
                let next = all
                    .iter()
                    .filter(|one| !one.awaits)
                    .find_map(|one| one.on.filter(|on| *on > day));
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
        Ok((serial.unwrap_or_else(|| meter.serial.clone()), told))
    }
}
