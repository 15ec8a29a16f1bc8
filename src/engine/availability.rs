//! How much of each quantity was measured in a stretch of hours, and what stands in for the rest (数据有效率).

use serde::{Deserialize, Serialize};

use crate::accounting::substitute::{Basis, Coverage, Substitute};
use crate::domain::identity::ParameterId;
use crate::domain::model::{Name, Parameter};
use crate::domain::text::Text;
use crate::domain::time::{Hour, Instant};

use super::command::Refusal;
use super::explain::rule_text;
use super::history::History;
use super::{Broken, Engine};

/// The hours of a parameter, by what is known of them.
///
/// Hours count from the first reading on, and as far as they are decided: up to the last that is ripe all, of the later ones
/// those that came or are filled already. What may still come is not missing. An hour is valid with 45 minutes measured
/// (HJ 76-2017, annex B); hours in which the plant stood still count as all others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Availability {
    /// Which parameter.
    pub parameter: ParameterId,
    /// Its tag.
    pub tag: String,
    /// Its name.
    pub name: Name,
    /// The rule of its plan for missing data, as it is now; none without one.
    pub rule: Option<Text>,
    /// Hours that should have been measured.
    pub expected: u32,
    /// Hours among them that were valid.
    pub valid: u32,
    /// Milliseconds that were measured.
    pub measured_ms: i64,
    /// Hours that are not valid and filled by the plan.
    pub by_plan: u32,
    /// Hours that are not valid and filled by a person.
    pub by_person: u32,
    /// Hours that are not valid and not filled.
    pub missing: u32,
    /// Hours that are over and not decided: they do not count, since their data may still come.
    pub to_come: u32,
}

impl Engine {
    /// The availability of every quantity that is awaited, in the model's order. Costs the hours that it speaks of.
    pub fn availability(&self, history: &dyn History, from: Hour, to: Hour) -> Result<Vec<Availability>, Refusal> {
        let parameters = self.model().map_or(&[][..], |model| &model.parameters);
        let mut found = Vec::new();
        for parameter in parameters {
            let series = self.series(parameter.id)?;
            found.extend(self.availability_from(history, parameter, (from, to), (series.row.first_hour, self.now))?);
        }
        Ok(found)
    }

    /// The same of a parameter as a plan had it, where hours count from when on that asks for them: what never came is missing
    /// as much as what came once. Where it does not ask for them, from the first reading on.
    pub(super) fn availability_asked(
        &self,
        history: &dyn History,
        parameter: &Parameter,
        hours: (Hour, Hour),
        (since, now): (Option<Instant>, Instant),
    ) -> Result<Option<Availability>, Broken> {
        let first = self.series(parameter.id)?.row.first_hour;
        let asked = since.map(|since| self.zone.hour_of(since));
        let first = match parameter.interval_ms {
            0 => first.map(|first| asked.map_or(first, |asked| asked.max(first))),
            _ => asked,
        };
        self.availability_from(history, parameter, hours, (first, now))
    }

    fn availability_from(
        &self,
        history: &dyn History,
        parameter: &Parameter,
        (from, to): (Hour, Hour),
        (first, now): (Option<Hour>, Instant),
    ) -> Result<Option<Availability>, Broken> {
        if !parameter.expects_coverage() {
            return Ok(None);
        }
        let mut found = Availability {
            parameter: parameter.id,
            tag: parameter.tag.clone(),
            name: parameter.name.clone(),
            rule: parameter.missing.as_ref().map(|plan| rule_text(&plan.rule)),
            expected: 0,
            valid: 0,
            measured_ms: 0,
            by_plan: 0,
            by_person: 0,
            missing: 0,
            to_come: 0,
        };
        let Some(first) = first else {
            return Ok(Some(found));
        };
        let (from, to) = (from.max(first), to.min(self.zone.hour_of(now)));
        if from >= to {
            return Ok(Some(found));
        }
        // By its own wait, whether or not its plan fills what is missing.
        let ripe = self.zone.hour_of(now.plus(-parameter.fill_wait_ms())).clamp(from, to);
        let mut ripe_missing = hours_between(from, ripe);
        let mut unripe_missing = hours_between(ripe, to);
        let mut decide = |hour: Hour| {
            let missing = if hour < ripe {
                &mut ripe_missing
            } else {
                &mut unripe_missing
            };
            *missing = missing.saturating_sub(1);
        };
        for (hour, bucket) in self.buckets_between(history, parameter.id, from, to)? {
            let is_valid = Coverage::of(&bucket) != Coverage::Invalid;
            if is_valid {
                found.valid += 1;
                decide(hour);
            }
            // Of an hour that does not count yet its minutes count no more than it does.
            if is_valid || hour < ripe {
                found.measured_ms += bucket.covered_ms;
            }
        }
        for (hour, substitute) in self.substitutes_between(history, parameter.id, from, to)? {
            let bucket = self.bucket(history, parameter.id, hour)?;
            let is_filled = Coverage::of(&bucket) == Coverage::Invalid && substitute.fills(&bucket);
            if is_filled {
                found.count(&substitute);
                decide(hour);
            }
        }
        (found.missing, found.to_come) = (ripe_missing, unripe_missing);
        found.expected = hours_between(from, to).saturating_sub(unripe_missing);
        Ok(Some(found))
    }
}

fn hours_between(from: Hour, to: Hour) -> u32 {
    u32::try_from(i64::from(to.0) - i64::from(from.0)).unwrap_or(0)
}

impl Availability {
    fn count(&mut self, substitute: &Substitute) {
        if substitute.basis == Basis::Person {
            self.by_person += 1;
        } else {
            self.by_plan += 1;
        }
    }
}
