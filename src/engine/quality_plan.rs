//! What the data-quality control plan asks for in a month, and what arrived (数据质量控制计划执行情况): the facts from which
//! evidence is judged.
//!
//! Costs the month's hours of every quantity and source, the readings of what comes every five minutes or more rarely, its
//! alarms, its rounds, and a look at the key of every anomaly that has left the queue.

mod arrived;
mod asked;
mod emitted;
mod frequency;
mod meters;
mod rounds;
mod worked;

use std::collections::BTreeSet;

use crate::domain::identity::ParameterId;
use crate::domain::model::{Binding, Parameter, SiteModel};
use crate::domain::period::Period;
use crate::domain::reading::{Origin, ParameterKind};
use crate::domain::time::{DAY_MS, Hour, Instant, Month};
use crate::management::evidence::{Arrived, Evidence, Facts, Frequency, Limits, ParameterFacts, SourceFacts, judge};
use crate::quality::anomaly::Stage;

use self::arrived::{MOST_TESTS, Stretch};
use self::asked::{Asked, Plans, asked_in, asks_the_same};
use self::worked::anomaly_facts;
use super::command::Refusal;
use super::history::History;
use super::totals::STALE_INTERVALS;
use super::view::{AnomalyView, QualityPlanView};
use super::{Broken, Engine};
use crate::domain::text::Text;

/// A gap that is younger than this may still be filled by what comes late.
const GAP_MAY_LAST_MS: i64 = DAY_MS;

impl Engine {
    /// The month in which an instant lies.
    pub fn month_at(&self, at: Instant) -> Month {
        self.zone.month_of(self.zone.hour_of(at))
    }

    /// The plan of a month held against what arrived, and what the evidence rules say of it.
    pub fn quality_plan(&self, history: &dyn History, now: Instant, month: Month) -> Result<QualityPlanView, Refusal> {
        let (facts, evidence) = self.evidence_of(history, now, month)?;
        let closing = self.month_view(history, now, month)?;
        Ok(QualityPlanView {
            facts,
            closing,
            evidence,
        })
    }

    /// What is known of a month, and what the evidence rules say of it.
    pub(super) fn evidence_of(
        &self,
        history: &dyn History,
        now: Instant,
        month: Month,
    ) -> Result<(Facts, Vec<Evidence>), Refusal> {
        let no_model = || Refusal::Request(Text::new("quality-plan-no-model"));
        let newest = self.model().ok_or_else(no_model)?;
        let hours = Period::Month(month).hours(&self.zone, newest.day_start_minutes);
        let from = self.zone.hour_start(hours.0);
        if from > now {
            return Err(Refusal::Request(
                Text::new("quality-plan-not-begun").with("month", month),
            ));
        }
        // A month is judged by the plan that was in force at its end: one that came later asked for nothing in it.
        let last = self.zone.hour_start(hours.1).min(now).plus(-1).max(from);
        let plan = self.models.at(self.zone.hour_of(last)).ok_or_else(no_model)?;
        let facts = self.facts_of(history, plan.model(), (month, hours), now)?;
        let evidence = judge(&facts, &Limits::default());
        Ok((facts, evidence))
    }

    /// When the first reading that counts was made at the site; none where there is none.
    pub(super) fn first_reading(&self) -> Option<Instant> {
        let firsts = self.series.iter().flatten().filter_map(|series| series.row.first_hour);
        firsts.min().map(|first| self.zone.hour_start(first))
    }

    fn facts_of(
        &self,
        history: &dyn History,
        model: &SiteModel,
        (month, hours): (Month, (Hour, Hour)),
        now: Instant,
    ) -> Result<Facts, Refusal> {
        let from = self.zone.hour_start(hours.0);
        let end = self.zone.hour_start(hours.1);
        let (to, runs) = (end.min(now), now < end);
        let day_of = |at: Instant| self.zone.date_and_minute(at).0;
        let (anomalies, anomalies_cut) = self.anomalies_of(history, (from, end))?;
        let days = (day_of(from), day_of(to.plus(-1)));
        let plans = Plans {
            held: self.models.holding_in((hours.0, self.zone.hour_of(to.plus(-1)).next())),
            first_reading: self.first_reading(),
        };
        let parameters = self.parameter_facts(history, &plans, (month, hours), (from, to, now), &anomalies)?;
        let meters = self.meter_facts(history, &plans.held, &parameters, ((from, to), days))?;
        Ok(Facts {
            month,
            from,
            to,
            now,
            runs,
            has_begun: plans.first_reading.is_some_and(|first| first < to),
            days,
            sources: source_facts(model, &parameters),
            meters,
            rounds: self.round_facts(history, hours, now)?,
            alarms: self.alarm_facts(history, (from, end), now)?,
            anomalies: anomalies.iter().map(anomaly_facts).collect(),
            anomalies_cut,
            books: self.book_facts(history, model, &parameters, hours)?,
            parameters,
        })
    }

    fn parameter_facts(
        &self,
        history: &dyn History,
        plans: &Plans<'_>,
        (month, hours): (Month, (Hour, Hour)),
        (from, to, now): (Instant, Instant, Instant),
        anomalies: &[AnomalyView],
    ) -> Result<Vec<ParameterFacts>, Refusal> {
        let last = plans.held.last().map_or(hours.1, |(_, last, _)| *last);
        let mut found = Vec::new();
        for asked in asked_in(&plans.held) {
            let Asked { parameter, plan, until } = asked;
            let ends = hours.1.min(until);
            let to = to.min(self.zone.hour_start(ends));
            let settled = self.zone.hour_of(now.plus(-GAP_MAY_LAST_MS)).min(ends).max(hours.0);
            let is_cut = ends < last;
            let stretch = Stretch {
                month,
                from,
                to,
                is_over: self.zone.hour_start(hours.1) <= now && !is_cut,
                is_cut,
            };
            let since = self.asked_since((parameter, asks_the_same), plans.first_reading, to);
            let of_it = || anomalies.iter().filter(|anomaly| anomaly.parameter == parameter.id);
            let is_open = |anomaly: &&AnomalyView| !matches!(anomaly.work.stage, Stage::Closed | Stage::Gone);
            let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            let (frequency, mut arrived) = self.arrived_of(history, plans, parameter, (&stretch, settled, now))?;
            // Of the readings themselves: the hours of what is delivered behind its time are not decided yet.
            arrived.any = arrived.any || self.came_over(history, parameter, (from, to))?;
            if frequency.is_empty() && !parameter.expects_coverage() && parameter.kind != ParameterKind::State {
                arrived.unasked = self.values_in(history, parameter.id, (from, to), MOST_TESTS)?;
            }
            let is_lacking = !arrived.any && self.is_lacking(history, parameter, since, &stretch)?;
            found.push(ParameterFacts {
                parameter: parameter.id,
                tag: parameter.tag.clone(),
                kind: parameter.kind,
                origins: parameter.planned_origins().to_vec(),
                by_machine: parameter.origins.contains(&Origin::Connector),
                interval_ms: parameter.interval_ms,
                calendar: parameter.calendar,
                is_lacking,
                late_ms: late_ms_of(parameter),
                due: self
                    .interval_end(parameter, &stretch, hours.1)
                    .plus(late_ms_of(parameter)),
                is_watched: plan.related.contains(&parameter.id)
                    || self.is_watched(history, (plan.model, parameter), (to, now))?,
                meter: parameter.meter,
                missing_rule: parameter
                    .missing
                    .as_ref()
                    .map(|plan| super::explain::rule_text(&plan.rule))
                    .or_else(|| parameter.untested.map(super::explain::untested_rule_text)),
                is_key: parameter.key,
                is_used: plan.used.contains(&parameter.id),
                stale_after_ms: stale_after_ms(parameter),
                since,
                newest: self.newest_counting(history, parameter.id)?,
                had_value: self
                    .series(parameter.id)?
                    .row
                    .first_hour
                    .is_some_and(|first| self.zone.hour_start(first) < to),
                frequency,
                is_removed: is_cut,
                arrived,
                unplanned: self.came_unplanned(history, (parameter.id, (from, to)), of_it())?,
                open_anomalies: count(of_it().filter(is_open).count()),
            });
        }
        Ok(found)
    }

    /// How often a parameter's values were to come over each stretch of a month in which plans asked for them as often, and what
    /// became of the hours that they asked for.
    fn arrived_of(
        &self,
        history: &dyn History,
        plans: &Plans<'_>,
        parameter: &Parameter,
        (month, settled, now): (&Stretch, Hour, Instant),
    ) -> Result<(Vec<Frequency>, Arrived), Broken> {
        let (mut frequency, mut arrived) = (Vec::new(), Arrived::default());
        for alike in self.asked_alike(&plans.held, parameter.id, (month.from, month.to)) {
            let since = plans.first_reading.filter(|first| *first < alike.to);
            let starts = self.zone.hour_of(alike.from);
            let ends = self.zone.hour_of(alike.to.plus(-1)).next();
            let split = settled.clamp(starts, ends);
            let of_hours = |hours| self.availability_asked(history, alike.parameter, hours, (since, now));
            let hours = of_hours((starts, ends))?;
            if let (Some(all), Some(old)) = (&hours, of_hours((starts, split))?) {
                arrived.hours += all.expected;
                arrived.by_plan += all.by_plan;
                arrived.by_person += all.by_person;
                arrived.missing += all.missing;
                arrived.settled += old.expected;
                arrived.long_missing += old.missing;
                arrived.any |= all.measured_ms > 0;
            }
            frequency.extend(self.frequency(history, plans, &alike, hours.as_ref(), (month, now))?);
        }
        Ok((frequency, arrived))
    }
}

/// From which age on a value is stale, in milliseconds: of what is delivered behind its time not before the next may come.
fn stale_after_ms(parameter: &Parameter) -> i64 {
    let late_ms = match parameter.kind {
        ParameterKind::Property | ParameterKind::Amount => late_ms_of(parameter),
        ParameterKind::Flow | ParameterKind::Counter | ParameterKind::State => 0,
    };
    let waits = |interval_ms: i64| interval_ms.saturating_add(late_ms);
    let stale = parameter.interval_ms.saturating_mul(STALE_INTERVALS);
    if parameter.interval_ms > 0 {
        stale.max(waits(parameter.interval_ms))
    } else {
        0
    }
}

/// How long after a month what a parameter lacks may still come: where its plan says from when its values are late, as long
/// as that; else of what is delivered as long as is waited before it is filled, and of tests as long as laboratories take.
fn late_ms_of(parameter: &Parameter) -> i64 {
    let arrival = parameter.checks.as_ref().and_then(|checks| checks.arrival.set());
    let usual = match parameter.kind {
        ParameterKind::Property => Limits::default().tests_ms,
        _ => parameter.fill_wait_ms(),
    };
    arrival.and_then(|arrival| arrival.late_ms).unwrap_or(usual)
}

/// What sources take that never had a value.
fn source_facts(model: &SiteModel, parameters: &[ParameterFacts]) -> Vec<SourceFacts> {
    let never: BTreeSet<ParameterId> = parameters
        .iter()
        .filter(|parameter| !parameter.had_value)
        .map(|parameter| parameter.parameter)
        .collect();
    let without = |binding: &Binding| match binding {
        Binding::Parameter {
            parameter,
            provisional: None,
            ..
        } if never.contains(parameter) => Some(*parameter),
        _ => None,
    };
    model
        .sources
        .iter()
        .map(|source| SourceFacts {
            source: source.id,
            key: source.key.clone(),
            without_value: source.inputs.values().filter_map(without).collect(),
        })
        .collect()
}
