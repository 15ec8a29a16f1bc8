//! How meters were calibrated on the days on which they were read (检定有效期).

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::identity::MeterId;
use crate::domain::model::Meter;
use crate::domain::time::Instant;
use crate::engine::history::History;
use crate::engine::{Broken, Engine};
use crate::management::evidence::{MeterFacts, ParameterFacts};

use super::asked::Held;

impl Engine {
    /// How the meters were calibrated on the days on which what they measure has values; where there are none, on those on which
    /// the plan asked for some. Costs of each of them a look at the readings of each day.
    pub(super) fn meter_facts(
        &self,
        history: &dyn History,
        plans: &[Held<'_>],
        parameters: &[ParameterFacts],
        (between, days): ((Instant, Instant), (NaiveDate, NaiveDate)),
    ) -> Result<Vec<MeterFacts>, Broken> {
        let mut found = Vec::new();
        let all: BTreeSet<NaiveDate> = days.0.iter_days().take_while(|day| *day <= days.1).collect();
        // Each as the last plan of the month has it that knows it.
        let mut meters: BTreeMap<MeterId, &Meter> = BTreeMap::new();
        for (_, _, plan) in plans {
            meters.extend(plan.model().meters.iter().map(|meter| (meter.id, meter)));
        }
        for meter in meters.into_values() {
            // What it measured, and over which part of the month: the plan may have named another one before or after.
            let measured = plans.iter().flat_map(|(starts, ends, plan)| {
                let (starts, ends) = (self.zone.hour_start(*starts), self.zone.hour_start(*ends));
                let stretch = (starts.max(between.0), ends.min(between.1));
                let of_it = plan.model().parameters.iter().filter(|one| one.meter == Some(meter.id));
                of_it.map(move |one| (one.id, stretch))
            });
            let measured: Vec<_> = measured.filter(|(_, (from, to))| from < to).collect();
            if measured.is_empty() {
                continue;
            }
            let (mut with_values, mut asked) = (BTreeSet::new(), BTreeSet::new());
            for (parameter, (from, to)) in measured {
                let facts = parameters.iter().find(|one| one.parameter == parameter);
                for &day in &all {
                    let starts = self.zone.day_start(day, 0).max(from);
                    let ends = self.zone.day_start(day.succ_opt().unwrap_or(day), 0).min(to);
                    if starts >= ends {
                        continue;
                    }
                    let since = facts.and_then(|facts| facts.since);
                    if since.is_some_and(|since| self.zone.date_and_minute(since).0 <= day) {
                        asked.insert(day);
                    }
                    let may_be_read = facts.is_some_and(|facts| facts.arrived.any) && !with_values.contains(&day);
                    if may_be_read && self.is_read_in(history, parameter, (starts, ends))? {
                        with_values.insert(day);
                    }
                }
            }
            let looked_at = if with_values.is_empty() { &asked } else { &with_values };
            let (serial, covered) = self.calibrated_in(history, meter, looked_at)?;
            found.push(MeterFacts {
                meter: meter.id,
                name: if serial.is_empty() { meter.key.clone() } else { serial },
                days: u32::try_from(with_values.len()).unwrap_or(u32::MAX),
                covered,
            });
        }
        Ok(found)
    }
}
