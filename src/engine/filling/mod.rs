//! Missing data (缺失数据): hours of quantities that were not measured are found as time passes, and filled by the plans of
//! their parameters.
//!
//! Time passing is told by ticks. A tick looks at hours that have become ripe, and at those of which something changed
//! since, or on which something rests that changed; what is decided of them is a record, and the record is all that a
//! replay needs. What stands in for an hour is what the past as it is now gives, whatever came in which order: a corrected
//! reading moves the substitutes that rest on it, by records of their own, up to the last sealed month. Data for the hour
//! itself take a substitute back by themselves, without a tick (see [`crate::accounting::substitute`]).

mod by_hand;
mod decide;
mod past;
mod pending;
mod progress;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::accounting::substitute::{Coverage, Substitute};
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::model::SiteModel;
use crate::domain::time::{DayBlock, HOUR_MS, Hour, Instant};

use super::event::Event;
use super::history::History;
use super::series::Series;
use super::view::LiveValue;
use super::{Broken, Engine};
use crate::quality::filling::{MOST_BACK_HOURS, YEAR_HOURS};
use decide::{USUAL_LONGEST_HOURS, Wanted};
use past::Buckets;

pub use by_hand::{Fill, FillBy, FillPreview};
pub use progress::Progress;
pub(super) use progress::{Looked, Looks};

/// How long after a turn over all parameters the next begins.
const TURN_EVERY_MS: i64 = 60_000;

/// How long at most no record says how far it has come.
const RECORD_EVERY_MS: i64 = HOUR_MS;

/// Hours of parameters, about, that one tick looks at before it leaves the rest to the next one: some milliseconds.
const HOURS_OF_A_TICK: i64 = 50_000;

/// Days of a parameter that are looked at again at once.
const DAYS_AT_ONCE: usize = 8;

/// Hours of a parameter that are looked at for the first time at once.
const HOURS_AT_ONCE: i32 = 8 * 24;

/// The longest that a plan may wait for the data of an hour.
const LONGEST_WAIT_HOURS: i32 = 367 * 24;

/// How far after a change substitutes may rest on it: as far as rules look back.
const REACH_HOURS: i32 = MOST_BACK_HOURS + YEAR_HOURS;

/// Days looked at in vain after which a record says so.
const MOST_IN_VAIN: usize = 4_096;

/// What was decided of an hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Of which parameter.
    pub parameter: ParameterId,
    /// Which hour.
    pub hour: Hour,
    /// What stands in for it from now on; none where nothing does any more.
    pub substitute: Option<Substitute>,
}

/// What a record of filled hours says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Filled {
    /// The hours.
    pub decided: Vec<Decided>,
    /// How far missing hours have been looked for; none where a person decided.
    pub progress: Option<Progress>,
    /// Days that were looked at again.
    pub days: Vec<(ParameterId, DayBlock)>,
    /// Why a person decided so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The record of a person's decision that is taken back by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Sequence>,
    /// Whether a second person is to look at what a person put there (双人复核).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub awaits_second_person: bool,
}

impl Filled {
    /// What a person decided.
    fn by_person(decided: Vec<Decided>, of: Option<Sequence>, reason: &str) -> Self {
        Self {
            decided,
            progress: None,
            days: Vec::new(),
            reason: Some(reason.to_owned()),
            of,
            awaits_second_person: false,
        }
    }
}

impl Engine {
    /// The first hour of a parameter that is not ripe at an instant: data for it may still come.
    pub(super) fn ripe(&self, series: &Series, at: Instant) -> Hour {
        self.zone.hour_of(at.plus(-series.fill_wait_ms))
    }

    /// The first hour of a parameter that has not been looked at.
    fn looked_to(&self, series: &Series, progress: &Progress) -> Hour {
        progress
            .of(series.id)
            .map_or(Hour(i32::MIN), |at| self.ripe(series, at))
    }

    /// The first hour of a parameter that has not been looked at, in the turn that goes on neither.
    fn seen_to(&self, series: &Series) -> Hour {
        let reached = self.looks.reached.get(&series.id).copied();
        let looked_to = self.looked_to(series, &self.looks.progress);
        reached.map_or(looked_to, |reached| reached.max(looked_to))
    }

    /// Something changed in an hour: if it was looked at before, it is to be looked at again.
    pub(super) fn look_again(&mut self, parameter: ParameterId, hour: Hour) {
        let Ok(series) = self.series(parameter) else { return };
        if hour < self.seen_to(series) {
            let recorded = hour < self.looked_to(series, &self.looks.looked().progress);
            self.looks.again(parameter, hour.day_block(), recorded);
        }
    }

    /// Something changed in hours of a parameter: where it was looked at before, what rests on it is looked at again, be it
    /// its own substitutes or those of parameters whose load it is.
    pub(super) fn look_again_after(
        &mut self,
        history: &dyn History,
        parameter: ParameterId,
        first: Hour,
    ) -> Result<(), Broken> {
        let mut concerned: Vec<ParameterId> = self.models.loaded_by(parameter).collect();
        if self.models.looks_back(parameter) {
            concerned.push(parameter);
        }
        for concerned in concerned {
            let Ok(series) = self.series(concerned) else { continue };
            if first >= self.seen_to(series) {
                continue;
            }
            let recorded = first < self.looked_to(series, &self.looks.looked().progress);
            let (from, to) = (first.day_block(), Hour(first.0.saturating_add(REACH_HOURS)).day_block());
            for day in self.substitute_days(history, concerned, from, Some(to))? {
                self.looks.again(concerned, day, recorded);
            }
        }
        Ok(())
    }

    /// A model says something else of missing hours from an hour on: they are decided anew.
    pub(super) fn look_anew(&mut self, parameter: ParameterId, from: Option<Hour>) {
        let now = self.now;
        let Ok(series) = self.series(parameter) else { return };
        let Some(first) = series.row.first_hour else { return };
        let last = self.ripe(series, now);
        // A plan that waits less than the one before makes hours ripe that nobody has looked at.
        let unseen = Hour(last.0.saturating_sub(LONGEST_WAIT_HOURS));
        let first = from.map_or(first, |from| from.min(unseen).max(first));
        for day in first.day_block().0..=last.day_block().0 {
            self.looks.again(parameter, DayBlock(day), true);
        }
    }

    /// Parameters of whose missing hours a model says something else, from an hour on, than those in force until now.
    pub(super) fn plans_that_change(&self, new: &SiteModel, from: Option<Hour>) -> Vec<ParameterId> {
        let said = |model: &SiteModel, id: ParameterId| {
            let found = model.parameter(id)?;
            Some((found.missing.clone()?, found.fill_wait_ms()))
        };
        let mut concerned = self.models.filled().clone();
        concerned.extend(
            new.parameters
                .iter()
                .filter(|parameter| parameter.missing.is_some())
                .map(|parameter| parameter.id),
        );
        concerned.retain(|&id| {
            self.models
                .holding_from(from)
                .any(|old| said(old.model(), id) != said(new, id))
        });
        concerned.into_iter().collect()
    }

    /// Time passed: looks for missing hours and decides of them; `None` where there is nothing to record.
    ///
    /// Costs a look at the newest day of every parameter with a plan, once a minute, and for hours that are missing what
    /// [`Engine::decide_hours`] costs. What would take longer than some milliseconds goes on with the next tick.
    pub(super) fn look(&mut self, history: &dyn History) -> Result<Option<Event>, Broken> {
        if self.models.filled().is_empty() {
            return Ok(None);
        }
        let mut decided = Vec::new();
        let mut budget = HOURS_OF_A_TICK;
        self.look_at_days(history, &mut budget, &mut decided)?;
        self.look_at_time(history, &mut budget, &mut decided)?;
        // Parts of one outage may have been looked at one after the other: what was decided last of an hour counts.
        let last: BTreeMap<(ParameterId, Hour), Decided> = decided
            .into_iter()
            .map(|decided| ((decided.parameter, decided.hour), decided))
            .collect();
        let decided: Vec<Decided> = last.into_values().collect();
        let recorded = self.looks.looked().progress.last;
        let is_late = match (recorded, self.looks.progress.last) {
            (Some(recorded), Some(reached)) => reached.since(recorded) >= RECORD_EVERY_MS,
            (recorded, reached) => recorded != reached,
        };
        if decided.is_empty() && !is_late && self.looks.done.len() < MOST_IN_VAIN {
            return Ok(None);
        }
        Ok(Some(Event::Filled(Filled {
            decided,
            progress: Some(self.looks.progress),
            days: self.looks.done.iter().copied().collect(),
            reason: None,
            of: None,
            awaits_second_person: false,
        })))
    }

    /// Whether a tick has left something for the next, which then need not wait.
    pub fn looks_are_unfinished(&self) -> bool {
        !self.looks.fresh.is_empty() || self.looks.progress.turn.is_some()
    }

    /// Looks again at days in which something changed.
    fn look_at_days(
        &mut self,
        history: &dyn History,
        budget: &mut i64,
        decided: &mut Vec<Decided>,
    ) -> Result<(), Broken> {
        while let Some(&(parameter, _)) = self.looks.fresh.first() {
            if *budget <= 0 {
                break;
            }
            // Some days of a parameter at once, so that an outage of several is mostly decided once.
            let mut wanted = Wanted::default();
            for _ in 0..DAYS_AT_ONCE {
                let Some(&next) = self.looks.fresh.first().filter(|next| next.0 == parameter) else {
                    break;
                };
                self.looks.fresh.remove(&next);
                self.looks.done.insert(next);
                wanted.hours.extend(next.1.hours());
            }
            let ripe = self.ripe(self.series(parameter)?, self.now);
            *budget -= self.decide_hours(history, parameter, &wanted, ripe, decided)?;
        }
        Ok(())
    }

    /// Looks at hours that have become ripe.
    fn look_at_time(
        &mut self,
        history: &dyn History,
        budget: &mut i64,
        decided: &mut Vec<Decided>,
    ) -> Result<(), Broken> {
        let now = self.now;
        let progress = &self.looks.progress;
        let is_due = progress.last.is_none_or(|last| now.since(last) >= TURN_EVERY_MS);
        let (began, next) = match progress.turn {
            Some(turn) => turn,
            None if is_due => (now, ParameterId(0)),
            None => return Ok(()),
        };
        let rest: Vec<ParameterId> = self.models.filled().range(next..).copied().collect();
        for parameter in rest {
            loop {
                if *budget <= 0 {
                    self.looks.progress.turn = Some((began, parameter));
                    return Ok(());
                }
                let (wanted, is_all) = self.ripened(history, parameter, began, budget)?;
                if !wanted.hours.is_empty() {
                    let ripe = self.ripe(self.series(parameter)?, began);
                    *budget -= self.decide_hours(history, parameter, &wanted, ripe, decided)?;
                }
                if is_all {
                    break;
                }
            }
        }
        self.looks.reached.clear();
        self.looks.progress = Progress {
            last: Some(began),
            turn: None,
        };
        Ok(())
    }

    /// Hours of a parameter that have become ripe and are not whole, and those with which an outage ends; so many days of
    /// them at once, and whether that was all.
    fn ripened(
        &mut self,
        history: &dyn History,
        parameter: ParameterId,
        at: Instant,
        budget: &mut i64,
    ) -> Result<(Wanted, bool), Broken> {
        let mut wanted = Wanted::default();
        let series = self.series(parameter)?;
        let (Some(first), true) = (series.row.first_hour, series.expects_coverage) else {
            return Ok((wanted, true));
        };
        let from = self.seen_to(series).max(first);
        // Of a silence that lasts longer than is filled, nothing more is to be decided.
        let newest = series
            .row
            .newest
            .map_or(first, |newest| self.zone.hour_of(newest.slot.end()));
        let longest = i32::try_from(series.longest_filled_hours.unwrap_or(USUAL_LONGEST_HOURS)).unwrap_or(i32::MAX);
        let to = self
            .ripe(series, at)
            .min(Hour(newest.0.saturating_add(longest).saturating_add(2)));
        let all = to;
        let to = all.min(Hour(from.0.saturating_add(HOURS_AT_ONCE)));
        let mut buckets = Buckets::new(self, history, parameter);
        let mut was_missing = false;
        for hour in (from.0..to.0).map(Hour) {
            if hour == from {
                was_missing = buckets.coverage(Hour(hour.0 - 1))? == Coverage::Invalid;
            }
            let coverage = buckets.coverage(hour)?;
            if coverage != Coverage::Complete || was_missing {
                wanted.hours.insert(hour);
            }
            was_missing = coverage == Coverage::Invalid;
        }
        drop(buckets);
        *budget -= i64::from((to.0.saturating_sub(from.0)).max(0));
        self.looks.reached.insert(parameter, to);
        Ok((wanted, to >= all))
    }

    /// Takes over what a record says of missing hours.
    pub(super) fn fill(
        &mut self,
        history: &dyn History,
        filled: &Filled,
        values: &mut Vec<(ParameterId, LiveValue)>,
    ) -> Result<(), Broken> {
        if let Some(progress) = filled.progress {
            self.looks.recorded(progress, &filled.days);
        }
        for decided in &filled.decided {
            if filled.progress.is_none() {
                self.looks.by_hand(decided.parameter);
            }
            self.put_substitute(history, decided.parameter, decided.hour, decided.substitute.clone())?;
        }
        let concerned: BTreeSet<ParameterId> = filled.decided.iter().map(|decided| decided.parameter).collect();
        for parameter in concerned {
            let newest = self.newest_filled(history, self.series(parameter)?)?;
            values.extend(newest.map(|newest| (parameter, newest)));
        }
        Ok(())
    }

    /// Looks until nothing is left, without a record: for rehearsals.
    pub(super) fn rehearse_filling(&mut self, history: &dyn History) -> Result<(), Broken> {
        loop {
            let event = self.look(history)?;
            let Some(Event::Filled(filled)) = event else {
                if self.looks_are_unfinished() {
                    continue;
                }
                return Ok(());
            };
            self.fill(history, &filled, &mut Vec::new())?;
            self.settle(history)?;
        }
    }
}
