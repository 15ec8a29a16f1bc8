//! What the plans of the parameters say of hours that were not measured.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::accounting::exact::{Exact, Rounding};
use crate::accounting::quantity::FLOW_PARTS;
use crate::accounting::substitute::{Basis, Coverage, Outage, Substitute};
use crate::domain::identity::ParameterId;
use crate::domain::missing::{MissingPlan, MissingRule};
use crate::domain::reading::ParameterKind;
use crate::domain::time::Hour;
use crate::engine::history::History;
use crate::engine::series::Series;
use crate::engine::{Broken, Engine};
use crate::quality::filling::{Filling, Past, Rule, Run};

use super::Decided;
use super::past::Measured;

/// Hours of an outage that are filled where the plan does not say: of a longer one the rest stays missing until a person
/// decides.
pub(in crate::engine) const USUAL_LONGEST_HOURS: u32 = 31 * 24;

/// Hours that are looked at, and those of them of which what was decided before does not hold any more.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) hours: BTreeSet<Hour>,
    pub(super) anew: BTreeSet<Hour>,
    /// Hours of which a person had decided and that go back to the plan.
    pub(super) released: BTreeSet<Hour>,
}

/// A value of a whole hour in a bucket's parts, rounded half to even.
fn parts(value: Decimal, series: &Series) -> Option<i128> {
    unrounded_parts(value, series)?
        .round_to_integer(Rounding::HalfEven)
        .ok()
}

/// The same; `None` where it has digits that a bucket cannot keep.
pub(super) fn exact_parts(value: Decimal, series: &Series) -> Option<i128> {
    let unrounded = unrounded_parts(value, series)?;
    let parts = unrounded.round_to_integer(Rounding::HalfEven).ok()?;
    (Exact::integer(parts) == unrounded).then_some(parts)
}

fn unrounded_parts(value: Decimal, series: &Series) -> Option<Exact> {
    let parts = if series.kind == ParameterKind::Flow {
        FLOW_PARTS
    } else {
        1
    };
    let quanta = Exact::integer(10i128.checked_pow(series.decimals)?.checked_mul(parts)?);
    Exact::from_decimal(value).checked_mul(quanta).ok()
}

/// Whether two substitutes were come by in the same way, whatever they amount to.
fn same_manner(one: &Basis, other: &Basis) -> bool {
    match (one, other) {
        (Basis::Percentile { percent: one, .. }, Basis::Percentile { percent: other, .. }) => one == other,
        _ => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}

impl Engine {
    /// The plan for the missing hours of a parameter that holds for an hour.
    fn missing_plan(&self, parameter: ParameterId, hour: Hour) -> Option<&MissingPlan> {
        let model = self.models.at(hour)?.model();
        let parameter = model.parameters.iter().find(|other| other.id == parameter)?;
        parameter.missing.as_ref()
    }

    /// Decides of hours of a parameter, up to the first that is not ripe, and of the outages to which they belong. What was
    /// decided at the end of an outage stands, unless it is to be decided anew.
    ///
    /// Costs the hours that were wanted, those of the outages that they touch, and what the rule looks back on.
    pub(super) fn decide_hours(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        wanted: &Wanted,
        ripe: Hour,
        decided: &mut Vec<Decided>,
    ) -> Result<(), Broken> {
        let Some(mut past) = Measured::new(self, history, parameter)? else {
            return Ok(());
        };
        // The first reading ends no outage: there was nothing before it.
        let first = past.first().next();
        let mut starts: BTreeSet<Hour> = BTreeSet::new();
        for &hour in wanted.hours.iter().filter(|&&hour| hour >= first && hour < ripe) {
            if self.is_sealed(hour) {
                continue;
            }
            let coverage = past.own.coverage(hour)?;
            if coverage == Coverage::Invalid {
                starts.insert(hour);
                continue;
            }
            if coverage == Coverage::Valid {
                self.decide_valid(history, parameter, hour, wanted, decided)?;
            } else if wanted.anew.contains(&hour) && self.missing_plan(parameter, hour).is_none() {
                self.drop_planned(history, parameter, hour, decided)?;
            }
            // An outage that ended here is decided for good now.
            for neighbour in [Hour(hour.0 - 1), hour.next()] {
                if neighbour >= first
                    && neighbour < ripe
                    && past.own.coverage(neighbour)? == Coverage::Invalid
                    && self
                        .substitute(history, parameter, neighbour)?
                        .is_none_or(|known| known.outage.open)
                {
                    starts.insert(neighbour);
                }
            }
        }
        let mut reached = first;
        for hour in starts {
            if hour < reached {
                continue;
            }
            let run = run_around(&mut past, hour, first, ripe)?;
            reached = run.to;
            self.decide_run(history, parameter, &mut past, run, wanted, decided)?;
        }
        Ok(())
    }

    /// A valid hour that is not complete is filled as its measured part is.
    fn decide_valid(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        hour: Hour,
        wanted: &Wanted,
        decided: &mut Vec<Decided>,
    ) -> Result<(), Broken> {
        if self.missing_plan(parameter, hour).is_none() {
            return self.drop_planned(history, parameter, hour, decided);
        }
        let known = self.decided_before(history, parameter, hour, wanted)?;
        let stands = known
            .as_ref()
            .is_some_and(|known| !known.outage.open && !wanted.anew.contains(&hour));
        if !stands {
            let own = Substitute {
                hourly: None,
                basis: Basis::OwnHour,
                outage: Outage {
                    from: hour,
                    hours: 1,
                    open: false,
                },
                decided_by: self.next,
            };
            put(decided, parameter, hour, known.as_ref(), own);
        }
        Ok(())
    }

    /// What was decided of an hour, unless it goes back to the plan.
    fn decided_before(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        hour: Hour,
        wanted: &Wanted,
    ) -> Result<Option<Substitute>, Broken> {
        if wanted.released.contains(&hour) {
            return Ok(None);
        }
        self.substitute(history, parameter, hour)
    }

    /// Without a plan nothing is filled by a plan any more.
    fn drop_planned(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        hour: Hour,
        decided: &mut Vec<Decided>,
    ) -> Result<(), Broken> {
        let known = self.substitute(history, parameter, hour)?;
        if known.is_some_and(|known| known.basis != Basis::Person) {
            decided.push(Decided {
                parameter,
                hour,
                substitute: None,
            });
        }
        Ok(())
    }

    fn decide_run(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        past: &mut Measured<'_>,
        run: Run,
        wanted: &Wanted,
        decided: &mut Vec<Decided>,
    ) -> Result<(), Broken> {
        let mut hours: Vec<(Hour, Option<Substitute>)> = Vec::new();
        for hour in (run.from.0..run.to.0).map(Hour).filter(|&hour| !self.is_sealed(hour)) {
            hours.push((hour, self.decided_before(history, parameter, hour, wanted)?));
        }
        let mut rest = hours.as_slice();
        // Models may say different things of the hours of one outage.
        while let Some((first, _)) = rest.first() {
            let plan = self.missing_plan(parameter, *first);
            let count = rest
                .iter()
                .take_while(|(hour, _)| self.missing_plan(parameter, *hour) == plan)
                .count();
            let (alike, others) = rest.split_at(count);
            rest = others;
            match plan {
                Some(plan) => self.decide_alike(parameter, past, run, plan, alike, wanted, decided)?,
                None => {
                    for (hour, _) in alike {
                        self.drop_planned(history, parameter, *hour, decided)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Decides of hours of an outage for which one plan holds.
    #[expect(clippy::too_many_arguments, reason = "an hour is decided by all that is known of it")]
    fn decide_alike(
        &self,
        parameter: ParameterId,
        past: &mut Measured<'_>,
        run: Run,
        plan: &MissingPlan,
        hours: &[(Hour, Option<Substitute>)],
        wanted: &Wanted,
        decided: &mut Vec<Decided>,
    ) -> Result<(), Broken> {
        let series = self.series(parameter)?;
        let load = plan.rule.load();
        past.set_load(load.map(|bands| bands.load));
        let load_top = load.and_then(|bands| parts(bands.top, self.series(bands.load).ok()?));
        let rule = Rule {
            rule: &plan.rule,
            careful: plan.careful,
            otherwise: plan.otherwise.as_ref().and_then(|fixed| parts(fixed.value, series)),
            load_top,
        };
        let longest = plan.longest_hours.unwrap_or(USUAL_LONGEST_HOURS);
        let last = Hour(run.from.0.saturating_add(i32::try_from(longest).unwrap_or(i32::MAX)));
        let outage = Outage {
            from: run.from,
            hours: run.hours(),
            open: run.open,
        };
        let mut filling = Filling::new(rule, past, run);
        let is_anew = |hour: &Hour| wanted.anew.contains(hour);
        // While an outage goes on, what was decided of its hours changes only where a rule goes by its length.
        let mut revise = !run.open;
        let within = || hours.iter().filter(|(hour, _)| *hour < last);
        if run.open && matches!(plan.rule, MissingRule::Tiers { .. }) {
            let known = within().rev().find_map(|(hour, known)| Some((hour, known.as_ref()?)));
            if let Some((hour, known)) = known.filter(|(_, known)| known.outage.open) {
                let now = filling.of_hour(*hour)?;
                revise = now.is_some_and(|(_, basis)| !same_manner(&basis, &known.basis));
            }
        }
        for (hour, known) in within() {
            let is_due = match known {
                None => true,
                Some(known) if is_anew(hour) => known.basis != Basis::Person,
                Some(known) => known.outage.open && revise,
            };
            if !is_due {
                continue;
            }
            match filling.of_hour(*hour)? {
                Some((hourly, basis)) => {
                    let substitute = Substitute {
                        hourly: Some(hourly),
                        basis,
                        outage,
                        decided_by: self.next,
                    };
                    put(decided, parameter, *hour, known.as_ref(), substitute);
                }
                None if known.is_some() => decided.push(Decided {
                    parameter,
                    hour: *hour,
                    substitute: None,
                }),
                None => {}
            }
        }
        Ok(())
    }
}

/// Notes a substitute, unless it says what is known already.
fn put(
    decided: &mut Vec<Decided>,
    parameter: ParameterId,
    hour: Hour,
    known: Option<&Substitute>,
    substitute: Substitute,
) {
    let is_known = known.is_some_and(|known| {
        known.hourly == substitute.hourly
            && known.basis == substitute.basis
            && known.outage.open == substitute.outage.open
    });
    if !is_known {
        decided.push(Decided {
            parameter,
            hour,
            substitute: Some(substitute),
        });
    }
}

/// The run of hours without a valid measurement around one of them.
fn run_around(past: &mut Measured<'_>, hour: Hour, first: Hour, ripe: Hour) -> Result<Run, Broken> {
    let mut from = hour;
    while from > first && past.own.coverage(Hour(from.0 - 1))? == Coverage::Invalid {
        from = Hour(from.0 - 1);
    }
    let mut to = hour.next();
    while to < ripe && past.own.coverage(to)? == Coverage::Invalid {
        to = to.next();
    }
    Ok(Run {
        from,
        to,
        open: to >= ripe,
    })
}
