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
            let of_it = || parameters.iter().filter(|one| one.meter == Some(meter.id));
            if of_it().next().is_none() {
                continue;
            }
            let mut with_values = BTreeSet::new();
            for parameter in of_it().filter(|one| one.arrived.any) {
                for &day in &all {
                    let starts = self.zone.day_start(day, 0).max(between.0);
                    let ends = self.zone.day_start(day.succ_opt().unwrap_or(day), 0).min(between.1);
                    if !with_values.contains(&day) && self.is_read_in(history, parameter.parameter, (starts, ends))? {
                        with_values.insert(day);
                    }
                }
            }
            let since = of_it().filter_map(|one| one.since).min();
            let since = since.map(|since| self.zone.date_and_minute(since).0);
            let asked = since.map_or_else(BTreeSet::new, |since| all.range(since..).copied().collect());
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
