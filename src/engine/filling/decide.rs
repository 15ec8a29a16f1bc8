//! What the plans of the parameters say of hours that were not measured.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::accounting::exact::{Exact, Rounding};
use crate::accounting::quantity::FLOW_PARTS;
use crate::accounting::substitute::{Basis, Coverage, Outage, Substitute};
use crate::domain::identity::ParameterId;
use crate::domain::missing::MissingPlan;
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

/// Hours that are looked at.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) hours: BTreeSet<Hour>,
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

impl Engine {
    /// The plan for the missing hours of a parameter that holds for an hour.
    fn missing_plan(&self, parameter: ParameterId, hour: Hour) -> Option<&MissingPlan> {
        self.models.at(hour)?.parameter(parameter)?.missing.as_ref()
    }

    /// Decides of hours of a parameter, up to the first that is not ripe, and of the outages to which they belong or next to
    /// which they lie: what was decided of them before stands only if the past as it is now gives it again.
    ///
    /// Costs the hours that were wanted, those of the outages that they touch, and what the rule looks back on; that many
    /// buckets is what it returns.
    pub(super) fn decide_hours(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        wanted: &Wanted,
        ripe: Hour,
        decided: &mut Vec<Decided>,
    ) -> Result<i64, Broken> {
        let Some(mut past) = Measured::new(self, history, parameter)? else {
            return Ok(0);
        };
        // The first reading ends no outage: there was nothing before it.
        let first = past.first().next();
        let mut starts: BTreeSet<Hour> = BTreeSet::new();
        for &hour in wanted
            .hours
            .iter()
            .filter(|&&hour| hour < ripe && !self.is_sealed(hour))
        {
            let coverage = past.own.coverage(hour)?;
            match coverage {
                // The rest of the hour in which the first reading lies is filled like that of every other.
                Coverage::Valid if hour >= past.first() => {
                    self.decide_valid(history, parameter, hour, wanted, decided)?;
                }
                Coverage::Invalid if hour >= first => drop(starts.insert(hour)),
                _ => self.drop_planned(history, parameter, hour, decided)?,
            }
            if coverage != Coverage::Invalid {
                // What lies beside an outage may have begun or ended it, and is what its hours rest on.
                for neighbour in [Hour(hour.0.saturating_sub(1)), hour.next()] {
                    if neighbour >= first && neighbour < ripe && past.own.coverage(neighbour)? == Coverage::Invalid {
                        starts.insert(neighbour);
                    }
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
        Ok(past.looked_at())
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
        // What a person decided of an hour stands above the plan, also where a part of it was measured since.
        if known.as_ref().is_none_or(|known| known.basis != Basis::Person) {
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

    /// The rule of a plan as it is reckoned with; the past tells its load from then on.
    fn rule_of<'p>(&self, past: &mut Measured<'_>, plan: &'p MissingPlan, series: &Series) -> Rule<'p> {
        let load = plan.rule.load();
        past.set_load(load.map(|bands| bands.load));
        Rule {
            rule: &plan.rule,
            careful: plan.careful,
            otherwise: plan.otherwise.as_ref().and_then(|fixed| parts(fixed.value, series)),
            load_top: load.and_then(|bands| parts(bands.top, self.series(bands.load).ok()?)),
        }
    }

    /// The hours on which a substitute rests that looked back on many, the newest first, as they are now; none where its
    /// plan looks back on none.
    pub(in crate::engine) fn looked_back(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        hour: Hour,
        substitute: &Substitute,
    ) -> Result<Vec<(i128, Hour)>, Broken> {
        let (Basis::Mean { back } | Basis::Percentile { back, .. }) = &substitute.basis else {
            return Ok(Vec::new());
        };
        let (Some(plan), Some(mut past)) = (
            self.missing_plan(parameter, hour),
            Measured::new(self, history, parameter)?,
        ) else {
            return Ok(Vec::new());
        };
        let rule = self.rule_of(&mut past, plan, self.series(parameter)?);
        let run = Run {
            from: substitute.outage.from,
            to: hour.next(),
            open: true,
        };
        Filling::new(rule, &mut past, run).looked_back(back)
    }

    /// What the plan would put in the place of every hour of a stretch (from included, to not) if nothing counted that was
    /// measured in it; none where no plan says anything, or the plan has nothing to rest on.
    pub(in crate::engine) fn would_fill(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        (from, to): (Hour, Hour),
    ) -> Result<Vec<Option<i128>>, Broken> {
        let hours = usize::try_from(to.0.saturating_sub(from.0)).unwrap_or(0);
        let mut found = vec![None; hours];
        let (Some(plan), Some(mut past)) = (
            self.missing_plan(parameter, from),
            Measured::new(self, history, parameter)?,
        ) else {
            return Ok(found);
        };
        let rule = self.rule_of(&mut past, plan, self.series(parameter)?);
        let open = false;
        let mut filling = Filling::new(rule, &mut past, Run { from, to, open });
        for (hour, place) in (from.0..to.0).map(Hour).zip(&mut found) {
            *place = filling.of_hour(hour)?.map(|(hourly, _)| hourly);
        }
        Ok(found)
    }

    /// Hours of an outage of a parameter that are filled at most by any of its plans.
    fn longest_filled(&self, parameter: ParameterId) -> u32 {
        let own = self
            .models
            .versions_bound()
            .filter_map(|bound| bound.parameter(parameter));
        let plans = own.filter_map(|own| own.missing.as_ref());
        plans.map(longest_of).max().unwrap_or(0)
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

    /// Nothing is filled by the plan any more: the hour has none, or is measured whole, or lies before the first reading.
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
        let mut known = self.substitutes_between(history, parameter, run.from, run.to)?;
        // Beyond what is filled at most only what stands there is looked at: a silence may be as long as the site is old.
        let longest = i32::try_from(self.longest_filled(parameter)).unwrap_or(i32::MAX);
        let filled_to = Hour(run.from.0.saturating_add(longest)).min(run.to);
        let mut of_interest: BTreeSet<Hour> = (run.from.0..filled_to.0).map(Hour).collect();
        of_interest.extend(known.keys());
        let hours: Vec<(Hour, Option<Substitute>)> = of_interest
            .into_iter()
            .filter(|&hour| !self.is_sealed(hour))
            .map(|hour| {
                let known = known.remove(&hour).filter(|_| !wanted.released.contains(&hour));
                (hour, known)
            })
            .collect();
        // A silence that was longer than is filled before anybody looked is the end of an import, not an outage.
        let is_end = run.open && hours.iter().all(|(_, known)| known.is_none());
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
                Some(plan) if is_end && run.hours() > longest_of(plan) => {}
                Some(plan) => self.decide_alike(parameter, past, run, plan, alike, decided)?,
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
    fn decide_alike(
        &self,
        parameter: ParameterId,
        past: &mut Measured<'_>,
        run: Run,
        plan: &MissingPlan,
        hours: &[(Hour, Option<Substitute>)],
        decided: &mut Vec<Decided>,
    ) -> Result<(), Broken> {
        let series = self.series(parameter)?;
        let rule = self.rule_of(past, plan, series);
        let longest = i32::try_from(longest_of(plan)).unwrap_or(i32::MAX);
        let last = Hour(run.from.0.saturating_add(longest));
        let outage = Outage {
            from: run.from,
            hours: run.hours(),
            open: run.open,
        };
        let mut filling = Filling::new(rule, past, run);
        for (hour, known) in hours {
            if known.as_ref().is_some_and(|known| known.basis == Basis::Person) {
                continue;
            }
            let found = if *hour < last { filling.of_hour(*hour)? } else { None };
            match found {
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

/// Hours of an outage that a plan fills at most.
fn longest_of(plan: &MissingPlan) -> u32 {
    plan.longest_hours.unwrap_or(USUAL_LONGEST_HOURS)
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
            && known.outage.from == substitute.outage.from
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
