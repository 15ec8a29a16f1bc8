//! What is found beside the judges: how people typed values, by which way readings came, and meters whose calibration has
//! run out (检定到期) under the readings that they give.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use crate::accounting::quantity::{FLOW_PARTS, divide_half_even};
use crate::accounting::substitute::{Basis, whole_hour};
use crate::domain::checks::{CheckPlan, Setting};
use crate::domain::decimal::from_count;
use crate::domain::identity::ParameterId;
use crate::domain::model::{Parameter, SiteModel};
use crate::domain::reading::{Origin, ParameterKind, Version};
use crate::domain::time::{DAY_MS, HOUR_MS, Hour, Instant};
use crate::engine::checked::pause_of;
use crate::engine::event::Readings;
use crate::engine::history::History;
use crate::engine::{Broken, Engine};
use crate::quality::Finding;
use crate::quality::calibration::{expired_from, ran_out};
use crate::quality::episode::Episode;
use crate::quality::flag::{Check, Flag, Rule};
use crate::quality::plan;
use crate::quality::typing::{self, Typed, in_one_go, late, regular_digits};

use super::Found;
use super::raise::{Pass, Sighting};

/// How far back values are looked for at most whose last digits are looked at.
const DIGITS_BACK_MS: i64 = 92 * DAY_MS;

/// What is read more often than this is not typed by hand.
const LEAST_INTERVAL_MS: i64 = 60_000;

impl Engine {
    /// How readings of one record came: weighed with the next check.
    pub(in crate::engine) fn note_arrival(&mut self, body: &Readings) {
        // However long ago it was, the plan says by which way values come.
        self.note_origin(body);
        if body.provenance.past {
            return;
        }
        self.note_when(body);
        if body.origin == Origin::Typed {
            self.note_typed(body);
        }
    }

    /// Readings that came by a way which the plan of their parameter does not name.
    fn note_origin(&mut self, body: &Readings) {
        let Some(unplanned) = self.checks.unplanned(body.origin) else {
            return;
        };
        let mut came: BTreeMap<ParameterId, Vec<Instant>> = BTreeMap::new();
        for (parameter, slot, ..) in &body.readings {
            if unplanned.contains(parameter) {
                came.entry(*parameter).or_default().push(slot.at);
            }
        }
        let Some(model) = self.model().filter(|_| !came.is_empty()).cloned() else {
            return;
        };
        for (id, mut stamps) in came {
            let Some(parameter) = model.parameter(id) else { continue };
            stamps.sort_unstable();
            self.checks
                .note_unplanned(id, body.origin, &stamps, pause_of(parameter));
        }
    }

    /// Readings that came long after their time, or before it.
    fn note_when(&mut self, body: &Readings) {
        let mut came: BTreeMap<ParameterId, (Instant, Instant)> = BTreeMap::new();
        for (parameter, slot, ..) in &body.readings {
            let stretch = came.entry(*parameter).or_insert((slot.end(), slot.at));
            *stretch = (stretch.0.min(slot.end()), stretch.1.max(slot.at));
        }
        for (id, (first, last)) in came {
            let Some(settings) = self.checks.arrival(id) else {
                continue;
            };
            let found = settings
                .of_origin(body.origin)
                .findings((first, last.max(first)), self.now);
            if !found.is_empty() {
                self.checks.note_arrived(id, found);
            }
            if self.looks.is_by_hand(id) && body.origin != Origin::Correction {
                self.checks.comes_over_filled(id);
            }
        }
    }

    /// What people typed in one record.
    fn note_typed(&mut self, body: &Readings) {
        let Some(model) = self.model().cloned() else { return };
        let usual = CheckPlan::default();
        let mut typed: BTreeMap<ParameterId, Vec<Typed>> = BTreeMap::new();
        for (parameter, slot, value, ..) in &body.readings {
            let at = slot.end();
            typed.entry(*parameter).or_default().push(Typed { at, value: *value });
        }
        for (id, mut values) in typed {
            let Some(parameter) = model.parameter(id) else { continue };
            values.sort_by_key(|typed| typed.at);
            let plan = parameter.checks.as_ref().unwrap_or(&usual);
            let Some(settings) = plan::typing(plan, parameter.interval_ms) else {
                continue;
            };
            self.checks.note(id, late(&values, self.now, &settings));
            let within = (self.now, settings.within_ms());
            let lately = self.checks.typed_lately(id, &values, within);
            self.checks
                .note(id, in_one_go(&lately, parameter.interval_ms, &settings));
            self.checks.note_digits(id);
        }
    }

    /// Weighs what was noted since the last check.
    pub(super) fn weigh_noted(
        &mut self,
        history: &dyn History,
        model: &SiteModel,
        found: &mut Vec<Found>,
    ) -> Result<(), Broken> {
        for id in self.checks.take_digits() {
            let Some(parameter) = model.parameter(id) else { continue };
            let digits = self.typed_digits(history, parameter)?;
            self.checks.note(id, digits);
        }
        for (id, hours) in self.checks.take_over_filled() {
            let Some(parameter) = model.parameter(id) else { continue };
            if let Some(displaced) = self.displaced(history, parameter, &hours)? {
                self.checks.note_arrived(id, vec![displaced]);
            }
        }
        for (id, findings) in self.checks.take_noted() {
            let Some(parameter) = model.parameter(id) else { continue };
            let clause = parameter.checks.as_ref().and_then(|checks| checks.clause.as_deref());
            // What comes late goes on coming late; what somebody typed stands for itself.
            let (came, typed): (Vec<Finding>, Vec<Finding>) = findings
                .into_iter()
                .partition(|finding| finding.rule.check() == Check::Arrival);
            for (findings, pause_ms) in [(typed, 0), (came, pause_of(parameter))] {
                let sightings: Vec<Sighting> = findings
                    .into_iter()
                    .map(|finding| Sighting::ended(Episode::of(finding)))
                    .collect();
                self.weigh(history, &Pass::silent(id, clause, pause_ms), &sightings, found)?;
            }
        }
        // What comes by another way goes on while it does, and is told as often as that is.
        for (id, came) in self.checks.take_unplanned(self.now) {
            let Some(parameter) = model.parameter(id) else { continue };
            let clause = parameter.checks.as_ref().and_then(|checks| checks.clause.as_deref());
            let sightings: Vec<Sighting> = came.iter().map(|came| Sighting::ended(came.episode())).collect();
            let pass = Pass::silent(id, clause, pause_of(parameter)).always_told();
            self.weigh(history, &pass, &sightings, found)?;
        }
        Ok(())
    }

    /// Hours that a person had filled and that are valid now: with what an hour counts on average by what came, and by what
    /// was put.
    fn displaced(
        &self,
        history: &dyn History,
        parameter: &Parameter,
        hours: &BTreeSet<Hour>,
    ) -> Result<Option<Finding>, Broken> {
        let mut displaced = Vec::new();
        for &hour in hours {
            let Some(substitute) = self.substitute(history, parameter.id, hour)? else {
                continue;
            };
            let bucket = self.bucket(history, parameter.id, hour)?;
            if let (Some(came), Some(put), Basis::Person) = (whole_hour(&bucket), substitute.hourly, &substitute.basis)
            {
                displaced.push((hour, came, put));
            }
        }
        let (Some(&(first, ..)), Some(&(last, ..))) = (displaced.first(), displaced.last()) else {
            return Ok(None);
        };
        let hours = u32::try_from(displaced.len()).unwrap_or(u32::MAX);
        let parts = if parameter.kind == ParameterKind::Flow {
            FLOW_PARTS
        } else {
            1
        };
        let mean = |sum: i128| {
            let quanta = divide_half_even(sum, parts * i128::from(hours));
            let quanta = i64::try_from(quanta).unwrap_or(i64::MAX);
            from_count(quanta, parameter.decimals).to_f64().unwrap_or(f64::NAN)
        };
        let came = mean(displaced.iter().map(|(_, came, _)| came).sum());
        let put = mean(displaced.iter().map(|(.., put)| put).sum());
        let (first, last) = (self.zone.hour_start(first), self.zone.hour_start(last.next()));
        let found = Finding::at(Rule::CameOverFilled, Flag::Suspect, last, came, put);
        Ok(Some(found.from(first).since(first).part(hours)))
    }

    /// Whether the last digits of the newest typed values of a parameter are too regular. Looks at some thousand readings.
    fn typed_digits(&self, history: &dyn History, parameter: &Parameter) -> Result<Option<Finding>, Broken> {
        let interval_ms = parameter.interval_ms;
        let Some(last) = self.series(parameter.id)?.row.last_slot else {
            return Ok(None);
        };
        let usual = CheckPlan::default();
        let plan = parameter.checks.as_ref().unwrap_or(&usual);
        let Some(settings) = plan::typing(plan, interval_ms).filter(|_| !(1..LEAST_INTERVAL_MS).contains(&interval_ms))
        else {
            return Ok(None);
        };
        let mut newest: Vec<Typed> = Vec::new();
        let rounds = i64::try_from(2 * typing::NEWEST).unwrap_or(i64::MAX);
        let back_ms = interval_ms.max(HOUR_MS).saturating_mul(rounds).min(DIGITS_BACK_MS);
        let stretch = (last.at.plus(-back_ms), last.at.plus(1));
        self.each_top(history, parameter.id, stretch, &mut |version: &Version| {
            if version.origin == Origin::Typed {
                newest.push(Typed {
                    at: version.slot.end(),
                    value: version.value,
                });
            }
            true
        })?;
        let surplus = newest.len().saturating_sub(typing::NEWEST);
        let newest = newest.get(surplus..);
        Ok(newest.and_then(|newest| regular_digits(newest, &settings)))
    }

    /// Looks for readings of meters whose calibration has run out.
    pub(super) fn look_at_calibrations(
        &mut self,
        history: &dyn History,
        model: &SiteModel,
        found: &mut Vec<Found>,
    ) -> Result<(), Broken> {
        for parameter in &model.parameters {
            let sighting = self.out_of_calibration(model, parameter)?;
            let stands = self.anomalies.of(parameter.id, Check::Calibration).next().is_some();
            if sighting.is_none() && !stands {
                continue;
            }
            let pass = silent(parameter);
            let sightings: Vec<Sighting> = sighting.into_iter().collect();
            self.weigh(history, &pass, &sightings, found)?;
            if sightings.is_empty() {
                let of_calibration = |known: &super::Anomaly| known.signs.check() == Check::Calibration;
                self.miss(history, &pass, &of_calibration, &BTreeSet::new(), found)?;
            }
        }
        Ok(())
    }

    fn out_of_calibration(&self, model: &SiteModel, parameter: &Parameter) -> Result<Option<Sighting>, Broken> {
        let is_off = |checks: &CheckPlan| checks.calibration == Setting::Off;
        if parameter.checks.as_ref().is_some_and(is_off) {
            return Ok(None);
        }
        let meter = parameter
            .meter
            .and_then(|id| model.meters.iter().find(|meter| meter.id == id));
        let Some(until) = meter.and_then(|meter| self.as_calibrated(meter).calibrated_until) else {
            return Ok(None);
        };
        let Some(newest) = self.series(parameter.id)?.row.newest else {
            return Ok(None);
        };
        let expired = expired_from(until, &self.zone);
        let last = newest.slot.at;
        let Some(expired) = expired.filter(|expired| *expired <= last) else {
            return Ok(None);
        };
        let finding = ran_out(expired, (expired, last));
        Ok(Some(Sighting::going(&Episode::of(finding))))
    }
}

fn silent(parameter: &Parameter) -> Pass {
    let clause = parameter.checks.as_ref().and_then(|checks| checks.clause.as_deref());
    Pass::silent(parameter.id, clause, 0)
}

/// What was found of how readings came.
pub(super) type NotedFindings = BTreeMap<ParameterId, Vec<Finding>>;

/// Readings that came by a way which the plan does not name, one behind the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Came {
    origin: Origin,
    from: Instant,
    to: Instant,
}

impl Came {
    fn episode(&self) -> Episode {
        let code = f64::from(self.origin.code());
        let finding = Finding::at(Rule::UnplannedOrigin, Flag::Suspect, self.to, code, f64::NAN);
        Episode::of(finding.from(self.from).since(self.from))
    }
}

/// The same by parameter, as far as no record has told of it; kept with the state.
pub(in crate::engine) type Unplanned = BTreeMap<ParameterId, Vec<Came>>;

/// The most stretches that are kept apart until they are told.
const MOST_STRETCHES: usize = 200;

/// Puts readings at some stamps, in order, to what came before them.
pub(super) fn put_unplanned(
    unplanned: &mut Unplanned,
    parameter: ParameterId,
    origin: Origin,
    stamps: &[Instant],
    pause_ms: i64,
) {
    let came = unplanned.entry(parameter).or_default();
    for &at in stamps {
        let is_full = came.len() >= MOST_STRETCHES;
        let fits = |last: &&mut Came| {
            let is_near = at.since(last.to) <= pause_ms && last.from.since(at) <= pause_ms;
            last.origin == origin && (is_near || is_full)
        };
        match came.iter_mut().rev().find(fits) {
            Some(last) => (last.from, last.to) = (last.from.min(at), last.to.max(at)),
            None => came.push(Came {
                origin,
                from: at,
                to: at,
            }),
        }
    }
}
