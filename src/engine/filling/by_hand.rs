//! Missing hours that a person decides of (人工替代): a value in their place, or back to the plan.
//!
//! What a person decided stands until data for the hour come, or somebody decides anew; the plan leaves it alone. Taking
//! a person's decision back gives the hour to the plan again.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::accounting::substitute::{Basis, Outage, Substitute};
use crate::domain::decimal::{count, from_count};
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::model::Parameter;
use crate::domain::reading::ParameterKind;
use crate::domain::text::Text;
use crate::domain::time::Hour;
use crate::engine::command::Refusal;
use crate::engine::event::Event;
use crate::engine::history::History;
use crate::engine::series::Series;
use crate::engine::view::{Part, Restated};
use crate::engine::{Broken, Engine};

use super::decide::{Wanted, exact_parts};
use super::{Decided, Filled};

/// The most hours of one decision: a leap year.
const MOST_HOURS: i32 = 8_784;

/// What a person decides of hours that were not measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fill {
    /// Of which parameter.
    pub parameter: ParameterId,
    /// The first hour.
    pub from: Hour,
    /// The first hour after them.
    pub to: Hour,
    /// What stands in for them.
    pub by: FillBy,
    /// Why.
    pub reason: String,
}

/// What stands in for missing hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FillBy {
    /// So much for a whole hour: of a flow its mean, of others the quantity of an hour after the meter's multiplier.
    Value(Decimal),
    /// What the plan says, in place of what a person decided before.
    Plan,
}

/// What a decision would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FillPreview {
    /// Hours of which it decides.
    pub decided: u32,
    /// Hours among those named that are measured whole: it leaves them as they are.
    pub measured: u32,
    /// What stands in for them then, a line for each run of hours that are alike.
    pub parts: Vec<Part>,
    /// The months that it restates, by book and source.
    pub restated: Vec<Restated>,
}

/// A decision with what it leaves alone.
struct Planned {
    filled: Filled,
    measured: u32,
}

fn refuse(text: Text) -> Refusal {
    Refusal::Request(text)
}

impl Engine {
    /// What a decision would do; nothing changes. Costs what the decision costs, and a copy of what is in memory.
    pub fn rehearse_fill(&self, history: &dyn History, fill: &Fill) -> Result<FillPreview, Refusal> {
        let planned = self.planned_fill(history, fill)?;
        let mut rehearsal = self.clone();
        rehearsal.kept.turn_off();
        rehearsal.fill(history, &planned.filled, &mut Vec::new())?;
        rehearsal.settle(history)?;
        Ok(FillPreview {
            decided: u32::try_from(planned.filled.decided.len()).unwrap_or(u32::MAX),
            measured: planned.measured,
            parts: self.filled_parts(&planned.filled),
            restated: self.restated(history, &rehearsal)?,
        })
    }

    /// The record of a decision. Costs the hours that it names, and with [`FillBy::Plan`] what the plan's rule costs.
    pub(in crate::engine) fn plan_fill(&self, history: &dyn History, fill: &Fill) -> Result<Event, Refusal> {
        let filled = self.planned_fill(history, fill)?.filled;
        // What the plan puts there was decided with the plan.
        let is_own = matches!(fill.by, FillBy::Value(_));
        Ok(Event::Filled(Filled {
            awaits_second_person: is_own && self.is_of_second_person(std::iter::once(fill.parameter)),
            ..filled
        }))
    }

    fn planned_fill(&self, history: &dyn History, fill: &Fill) -> Result<Planned, Refusal> {
        if fill.reason.trim().is_empty() {
            return Err(refuse(Text::new("fill-needs-reason")));
        }
        let parameter = self.model().and_then(|model| model.parameter(fill.parameter));
        let parameter = parameter.ok_or_else(|| refuse(Text::new("explain-unknown")))?;
        let series = self.series(fill.parameter)?;
        if parameter.kind == ParameterKind::Property {
            return Err(refuse(Text::new("fill-tested").with("tag", &parameter.tag)));
        }
        if !series.expects_coverage {
            return Err(refuse(Text::new("fill-not-awaited").with("tag", &parameter.tag)));
        }
        let first = series.row.first_hour;
        if first.is_none_or(|first| fill.from < first) {
            let text = Text::new("fill-before-first").with("tag", &parameter.tag);
            return Err(refuse(text));
        }
        self.check_hours(fill)?;
        match &fill.by {
            FillBy::Value(value) => self.by_value(history, fill, value_parts(*value, parameter, series)?),
            FillBy::Plan => self.by_plan(history, fill),
        }
    }

    fn check_hours(&self, fill: &Fill) -> Result<(), Refusal> {
        let start = self.zone.hour_start(fill.from);
        if fill.to <= fill.from {
            return Err(refuse(Text::new("fill-no-hours")));
        }
        if fill.to.0.saturating_sub(fill.from.0) > MOST_HOURS {
            return Err(refuse(Text::new("fill-too-many").with_count("most", MOST_HOURS)));
        }
        if fill.to > self.zone.hour_of(self.now) {
            let end = self.zone.hour_start(fill.to);
            return Err(refuse(Text::new("fill-not-over").with_instant("at", end)));
        }
        self.check_unsealed(start).map_err(Refusal::Request)
    }

    fn by_value(&self, history: &dyn History, fill: &Fill, hourly: i128) -> Result<Planned, Refusal> {
        let mut measured = 0;
        let mut hours = Vec::new();
        for hour in (fill.from.0..fill.to.0).map(Hour) {
            if self.bucket(history, fill.parameter, hour)?.missing_ms() > 0 {
                hours.push(hour);
            } else {
                measured += 1;
            }
        }
        let (Some(&first), count) = (hours.first(), u32::try_from(hours.len()).unwrap_or(u32::MAX)) else {
            return Err(refuse(Text::new("fill-all-measured")));
        };
        let substitute = Substitute {
            hourly: Some(hourly),
            basis: Basis::Person,
            outage: Outage {
                from: first,
                hours: count,
                open: false,
            },
            decided_by: self.next,
        };
        let decided = hours.into_iter().map(|hour| Decided {
            parameter: fill.parameter,
            hour,
            substitute: Some(substitute.clone()),
        });
        Ok(Planned {
            filled: Filled::by_person(decided.collect(), None, &fill.reason),
            measured,
        })
    }

    fn by_plan(&self, history: &dyn History, fill: &Fill) -> Result<Planned, Refusal> {
        let by_hand = self.substitutes_between(history, fill.parameter, fill.from, fill.to)?;
        let released: BTreeSet<Hour> = by_hand
            .into_iter()
            .filter(|(_, known)| known.basis == Basis::Person)
            .map(|(hour, _)| hour)
            .collect();
        if released.is_empty() {
            return Err(refuse(Text::new("fill-none-by-hand")));
        }
        let decided = self.released(history, fill.parameter, released)?;
        Ok(Planned {
            filled: Filled::by_person(decided, None, &fill.reason),
            measured: 0,
        })
    }

    /// What the plan says of hours of which a person had decided.
    fn released(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        released: BTreeSet<Hour>,
    ) -> Result<Vec<Decided>, Broken> {
        let wanted = Wanted {
            hours: released.clone(),
            released,
        };
        let ripe = self.ripe(self.series(parameter)?, self.now);
        let mut decided = Vec::new();
        self.decide_hours(history, parameter, &wanted, ripe, &mut decided)?;
        let again: BTreeSet<Hour> = decided.iter().map(|decided| decided.hour).collect();
        // Of which the plan says nothing, or nothing yet, nothing stands.
        let emptied = wanted.released.difference(&again).map(|&hour| Decided {
            parameter,
            hour,
            substitute: None,
        });
        decided.extend(emptied.collect::<Vec<_>>());
        decided.sort_by_key(|decided| decided.hour);
        Ok(decided)
    }

    /// Takes back what a person decided: the hours that still stand so go back to the plan.
    pub(in crate::engine) fn plan_fill_withdrawal(
        &self,
        history: &dyn History,
        of: Sequence,
        filled: &Filled,
        reason: &str,
    ) -> Result<Event, Refusal> {
        if filled.progress.is_some() {
            return Err(refuse(Text::new("withdrawal-of-filling").with("of", of)));
        }
        let mut concerned: BTreeSet<(ParameterId, Hour)> = BTreeSet::new();
        for decided in &filled.decided {
            let known = self.substitute(history, decided.parameter, decided.hour)?;
            if known.is_some_and(|known| known.decided_by == of && known.basis == Basis::Person) {
                self.check_unsealed(self.zone.hour_start(decided.hour))
                    .map_err(Refusal::Request)?;
                concerned.insert((decided.parameter, decided.hour));
            }
        }
        let parameters: BTreeSet<ParameterId> = concerned.iter().map(|&(parameter, _)| parameter).collect();
        let mut decided = Vec::new();
        for parameter in parameters {
            let hours = concerned.iter().filter(|(other, _)| *other == parameter);
            decided.extend(self.released(history, parameter, hours.map(|&(_, hour)| hour).collect())?);
        }
        if decided.is_empty() {
            return Err(refuse(Text::new("withdrawal-no-filling").with("of", of)));
        }
        Ok(Event::Filled(Filled::by_person(decided, Some(of), reason)))
    }
}

/// A value as a bucket counts it, if it is one that the parameter could have.
fn value_parts(value: Decimal, parameter: &Parameter, series: &Series) -> Result<i128, Refusal> {
    // An hour cannot count more than a reading can.
    let fits = count(value, parameter.decimals).is_ok();
    let parts = exact_parts(value, series).filter(|_| fits).ok_or_else(|| {
        let quantum = from_count(1, parameter.decimals);
        refuse(
            Text::new("fill-unfit")
                .with("value", value)
                .with("tag", &parameter.tag)
                .with("quantum", quantum),
        )
    })?;
    let possible = parameter.possible;
    let is_beyond = match parameter.kind {
        // What is possible of a flow at any time is so of its mean.
        ParameterKind::Flow => {
            possible.low.is_some_and(|low| value < low) || possible.high.is_some_and(|high| value > high)
        }
        _ => value < Decimal::ZERO && possible.low.is_none_or(|low| low >= Decimal::ZERO),
    };
    if is_beyond {
        return Err(refuse(
            Text::new("fill-impossible")
                .with("value", value)
                .with("tag", &parameter.tag),
        ));
    }
    Ok(parts)
}
