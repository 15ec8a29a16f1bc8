//! A record of filled hours opened: which hours of which parameter, what a whole hour of them counts, and on what that
//! rests.

use crate::accounting::substitute::Substitute;
use crate::domain::period::Period;
use crate::domain::text::Text;
use crate::domain::time::Hour;
use crate::engine::Engine;
use crate::engine::filling::{Decided, Filled};
use crate::engine::view::{Part, Target};

use super::described;
use super::numbers::{quantity_in_unit, quantity_unit, shown};
use super::substitute::basis_text;

/// Hours of a parameter that follow each other and were decided in the same way.
struct Run<'a> {
    first: &'a Decided,
    last: Hour,
    low: Option<i128>,
    high: Option<i128>,
}

impl<'a> Run<'a> {
    const fn of(decided: &'a Decided) -> Self {
        let hourly = match &decided.substitute {
            Some(substitute) => substitute.hourly,
            None => None,
        };
        Self {
            first: decided,
            last: decided.hour,
            low: hourly,
            high: hourly,
        }
    }

    /// Takes the next one in, where it belongs to this run.
    fn take(&mut self, next: &Decided) -> bool {
        let manner = |decided: &Decided| {
            let basis = decided.substitute.as_ref().map(|substitute| &substitute.basis);
            basis.map(std::mem::discriminant)
        };
        let goes_on = next.parameter == self.first.parameter
            && next.hour == self.last.next()
            && manner(next) == manner(self.first);
        if goes_on {
            let hourly = next.substitute.as_ref().and_then(|substitute| substitute.hourly);
            self.last = next.hour;
            self.low = self.low.into_iter().chain(hourly).min();
            self.high = self.high.into_iter().chain(hourly).max();
        }
        goes_on
    }

    /// How many hours.
    fn hours(&self) -> i64 {
        i64::from(self.last.0) - i64::from(self.first.hour.0) + 1
    }
}

impl Engine {
    /// What a record of filled hours says, a line for each run of hours that were decided in the same way.
    pub fn filled_parts(&self, filled: &Filled) -> Vec<Part> {
        let mut runs: Vec<Run<'_>> = Vec::new();
        for decided in &filled.decided {
            if !runs.last_mut().is_some_and(|run| run.take(decided)) {
                runs.push(Run::of(decided));
            }
        }
        runs.iter().filter_map(|run| self.run_part(run)).collect()
    }

    fn run_part(&self, run: &Run<'_>) -> Option<Part> {
        let (parameter, hour) = (run.first.parameter, run.first.hour);
        let model = self.models.at(hour).map(|in_force| in_force.model());
        let model = model.or_else(|| self.model())?;
        let described = described(model, parameter).ok()?;
        let amount = |hourly: i128| shown(quantity_in_unit(described, hourly));
        let value = match (run.low, run.high) {
            (Some(low), Some(high)) if low == high => Some(amount(low)),
            (Some(low), Some(high)) => Some(format!("{} .. {}", amount(low), amount(high))),
            _ => None,
        };
        let label = if run.first.substitute.is_some() {
            "record-filled-hours"
        } else {
            "record-emptied-hours"
        };
        let remark = |substitute: &Substitute| basis_text(self, described, substitute);
        Some(Part {
            label: Text::new(label)
                .with("tag", &described.tag)
                .with_count("hours", run.hours())
                .with_period("period", Period::Hours(hour, run.last.next())),
            unit: value
                .is_some()
                .then(|| format!("{}/h", quantity_unit(described).symbol())),
            value,
            numbers: None,
            remark: run.first.substitute.as_ref().map(remark),
            target: Some(Target::Substitute { parameter, hour }),
        })
    }
}
