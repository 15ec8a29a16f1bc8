//! What the data-quality control plan asks for in a month, and what arrived (数据质量控制计划执行情况): the facts from which
//! evidence is judged.
//!
//! Costs the month's hours of every quantity and source, its tests, its alarms, its rounds, and a look at the key of every
//! anomaly that has left the queue.

mod arrived;
mod emitted;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::identity::ParameterId;
use crate::domain::model::{Binding, Parameter, SiteModel};
use crate::domain::period::Period;
use crate::domain::reading::ParameterKind;
use crate::domain::relation::Relation;
use crate::domain::time::{DAY_MS, Hour, Instant, Month};
use crate::management::evidence::{
    AlarmFacts, AnomalyFacts, Arrived, Evidence, Facts, Limits, MeterFacts, ParameterFacts, RoundFacts, SourceFacts,
    judge,
};
use crate::quality::alarm::{AlarmId, conditions_of};
use crate::quality::anomaly::Stage;
use crate::quality::flag;

use self::arrived::Stretch;
use super::anomalies::MOST_OUTSIDE;
use super::command::Refusal;
use super::history::History;
use super::view::{AnomalyView, QualityPlanView};
use super::{Broken, Engine};
use crate::domain::sheet::Round;
use crate::domain::text::Text;

/// A gap that is younger than this may still be filled by what comes late.
const GAP_MAY_LAST_MS: i64 = DAY_MS;

/// How long a shift is where the plant keeps none.
const USUAL_SHIFT_MS: i64 = DAY_MS / 3;

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
        let model = self
            .model()
            .ok_or_else(|| Refusal::Request(Text::new("quality-plan-no-model")))?;
        let hours = Period::Month(month).hours(&self.zone, model.day_start_minutes);
        let from = self.zone.hour_start(hours.0);
        if from > now {
            return Err(Refusal::Request(
                Text::new("quality-plan-not-begun").with("month", month),
            ));
        }
        let facts = self.facts_of(history, model, (month, hours), now)?;
        let evidence = judge(&facts, &Limits::default());
        Ok((facts, evidence))
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
        let parameters = self.parameter_facts(history, model, (month, hours), (from, to, now), &anomalies)?;
        let meters = self.meter_facts(history, model, &parameters, ((from, to), days))?;
        Ok(Facts {
            month,
            from,
            to,
            now,
            runs,
            days,
            shift_ms: model
                .shift_at(now)
                .map_or(USUAL_SHIFT_MS, |shift| shift.end.since(shift.start)),
            sources: source_facts(model, &parameters),
            meters,
            rounds: self.round_facts(history, model, (from, end), now)?,
            alarms: self.alarm_facts(history, (from, end), now)?,
            anomalies: anomalies.iter().map(anomaly_facts).collect(),
            anomalies_cut,
            books: self.book_facts(history, model, hours)?,
            parameters,
        })
    }

    /// How the meters were calibrated on the days on which what they measure has values. Costs of each of them a look at the
    /// readings of each day.
    fn meter_facts(
        &self,
        history: &dyn History,
        model: &SiteModel,
        parameters: &[ParameterFacts],
        (between, days): ((Instant, Instant), (NaiveDate, NaiveDate)),
    ) -> Result<Vec<MeterFacts>, Broken> {
        let mut found = Vec::new();
        let all: BTreeSet<NaiveDate> = days.0.iter_days().take_while(|day| *day <= days.1).collect();
        for meter in &model.meters {
            let of_it = || parameters.iter().filter(|one| one.meter == Some(meter.id));
            if of_it().next().is_none() {
                continue;
            }
            let mut with_values = BTreeSet::new();
            for parameter in of_it().filter(|one| one.arrived.any) {
                for &day in &all {
                    let starts = self.zone.day_start(day, 0).max(between.0);
                    let ends = self.zone.day_start(day.succ_opt().unwrap_or(day), 0).min(between.1);
                    if !with_values.contains(&day) && self.has_values(history, parameter.parameter, (starts, ends))? {
                        with_values.insert(day);
                    }
                }
            }
            let looked_at = if with_values.is_empty() { &all } else { &with_values };
            let (serial, covered) = self.calibrated_in(meter, looked_at);
            found.push(MeterFacts {
                meter: meter.id,
                name: if serial.is_empty() { meter.key.clone() } else { serial },
                days: u32::try_from(with_values.len()).unwrap_or(u32::MAX),
                covered,
            });
        }
        Ok(found)
    }

    /// The anomalies that begin in a stretch, in the queue or not; and whether there may be more that have left it.
    fn anomalies_of(
        &self,
        history: &dyn History,
        (from, to): (Instant, Instant),
    ) -> Result<(Vec<AnomalyView>, bool), Refusal> {
        let mut all = self.anomalies();
        all.retain(|anomaly| (from..to).contains(&anomaly.signs.from));
        let left = self.anomalies_outside(history, (from, to))?;
        let is_cut = left.len() >= MOST_OUTSIDE;
        all.extend(left);
        all.sort_by_key(|anomaly| anomaly.anomaly);
        Ok((all, is_cut))
    }

    fn parameter_facts(
        &self,
        history: &dyn History,
        model: &SiteModel,
        (month, hours): (Month, (Hour, Hour)),
        (from, to, now): (Instant, Instant, Instant),
        anomalies: &[AnomalyView],
    ) -> Result<Vec<ParameterFacts>, Refusal> {
        let settled = self.zone.hour_of(now.plus(-GAP_MAY_LAST_MS)).min(hours.1).max(hours.0);
        let of_settled = by_parameter(self.availability(history, hours.0, settled)?);
        let of_rest = by_parameter(self.availability(history, settled, hours.1)?);
        let used = used_by(model);
        let related = model.relations.iter().flat_map(Relation::parameters);
        let related: BTreeSet<ParameterId> = related.collect();
        let live = self.live_parameters(history)?;
        let stretch = Stretch {
            month,
            from,
            to,
            is_over: self.zone.hour_start(hours.1) <= now,
        };
        let mut found = Vec::with_capacity(model.parameters.len());
        for (parameter, shown) in model.parameters.iter().zip(&live) {
            let of_it = || anomalies.iter().filter(|anomaly| anomaly.parameter == parameter.id);
            let is_unplanned = |anomaly: &&AnomalyView| anomaly.signs.rule == flag::Rule::UnplannedOrigin;
            let is_open = |anomaly: &&AnomalyView| !matches!(anomaly.work.stage, Stage::Closed | Stage::Gone);
            let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            let mut arrived = match (of_settled.get(&parameter.id), of_rest.get(&parameter.id)) {
                (Some(settled), Some(rest)) => Arrived {
                    expected: settled.expected + rest.expected,
                    valid: settled.valid + rest.valid,
                    by_plan: settled.by_plan + rest.by_plan,
                    by_person: settled.by_person + rest.by_person,
                    missing: settled.missing + rest.missing,
                    long_missing: settled.missing,
                    // Of the readings themselves: the hours of what is delivered behind its time are not decided yet.
                    any: settled.measured_ms + rest.measured_ms > 0
                        || self.has_values(history, parameter.id, (from, to))?,
                },
                _ => self.tests_of(history, parameter, &stretch)?,
            };
            // Of a state nobody counts how often it came: that it came at all is what is known.
            if parameter.kind == ParameterKind::State {
                (arrived.expected, arrived.valid) = (0, 0);
            }
            let is_lacking = self.is_lacking(history, parameter, arrived.any, &stretch)?;
            found.push(ParameterFacts {
                parameter: parameter.id,
                tag: parameter.tag.clone(),
                kind: parameter.kind,
                origins: parameter.origins.clone(),
                interval_ms: parameter.interval_ms,
                calendar: parameter.calendar,
                is_lacking,
                late_ms: late_ms_of(parameter),
                is_watched: related.contains(&parameter.id) || self.is_watched(model, parameter, now)?,
                meter: parameter.meter,
                missing_rule: parameter
                    .missing
                    .as_ref()
                    .map(|plan| super::explain::rule_text(&plan.rule))
                    .or_else(|| parameter.untested.map(super::explain::untested_rule_text)),
                is_key: parameter.key,
                is_used: used.contains(&parameter.id),
                stale_after_ms: shown.stale_after_ms,
                newest: shown.newest.map(|newest| newest.at),
                arrived,
                unplanned: count(of_it().filter(is_unplanned).count()),
                open_anomalies: count(of_it().filter(is_open).count()),
            });
        }
        Ok(found)
    }

    /// Whether an alarm or a check watches a parameter's values.
    fn is_watched(&self, model: &SiteModel, parameter: &Parameter, now: Instant) -> Result<bool, Broken> {
        let has_alarms = conditions_of(parameter).is_ok_and(|conditions| !conditions.is_empty());
        let series = self.series(parameter.id)?;
        Ok(has_alarms || self.rules_of(model, series, parameter, now).look_at_values())
    }

    /// The rounds that were to be written down by now.
    fn round_facts(
        &self,
        history: &dyn History,
        model: &SiteModel,
        (from, end): (Instant, Instant),
        now: Instant,
    ) -> Result<Vec<RoundFacts>, Refusal> {
        let mut found = Vec::new();
        // Before the site's first reading nobody could write anything down.
        let firsts = self.series.iter().flatten().filter_map(|series| series.row.first_hour);
        let Some(first) = firsts.min() else {
            return Ok(found);
        };
        let from = from.max(self.zone.hour_start(first)).min(end);
        for sheet in &model.sheets {
            let of = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
            let mut page = sheet.page_at(model, from);
            let last = sheet.page_at(model, end.min(now).plus(-1));
            loop {
                let rounds = sheet.rounds_of(model, page);
                let is_due = |round: &&Round| (from..end).contains(&round.at) && round.at.plus(sheet.due_ms) <= now;
                for round in rounds.iter().filter(is_due) {
                    found.push(RoundFacts {
                        sheet: sheet.key.clone(),
                        at: round.at,
                        missing: self.missing_in(history, &sheet.rows, round)?,
                        of,
                    });
                }
                if page >= last {
                    break;
                }
                page = page.next();
            }
        }
        Ok(found)
    }

    fn alarm_facts(
        &self,
        history: &dyn History,
        (from, to): (Instant, Instant),
        now: Instant,
    ) -> Result<Vec<AlarmFacts>, Broken> {
        let mut announced = self.occurrences(history, from, now.plus(1))?;
        announced.sort_unstable_by_key(|one| (one.alarm, one.raised));
        let mut found = Vec::with_capacity(announced.len());
        let mut answered: Option<(AlarmId, Option<Instant>)> = None;
        for one in announced.into_iter().rev() {
            // One that came back before anybody answered was answered with the next one.
            let later = answered.filter(|(alarm, _)| *alarm == one.alarm && one.ended.is_some());
            let acknowledged = one.acknowledged.or_else(|| later.and_then(|(_, at)| at));
            answered = Some((one.alarm, acknowledged));
            if (from..to).contains(&one.raised) {
                found.push(AlarmFacts {
                    alarm: one.alarm,
                    priority: one.priority,
                    raised: one.raised,
                    acknowledged,
                });
            }
        }
        found.sort_unstable_by_key(|one| (one.raised, one.alarm));
        Ok(found)
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

fn by_parameter(
    all: Vec<super::availability::Availability>,
) -> BTreeMap<ParameterId, super::availability::Availability> {
    all.into_iter().map(|one| (one.parameter, one)).collect()
}

fn anomaly_facts(view: &AnomalyView) -> AnomalyFacts {
    AnomalyFacts {
        anomaly: view.anomaly,
        parameter: view.parameter,
        raised: view.raised,
        stage: view.work.stage,
        has_cause: view
            .work
            .settled
            .as_ref()
            .is_some_and(|settled| settled.cause.is_some()),
    }
}

/// The parameters that something of the model uses.
fn used_by(model: &SiteModel) -> BTreeSet<ParameterId> {
    let mut used = BTreeSet::new();
    for source in &model.sources {
        used.extend(source.inputs.values().filter_map(|binding| match binding {
            Binding::Parameter { parameter, .. } => Some(*parameter),
            Binding::Factor { .. } | Binding::Constant(_) => None,
        }));
    }
    used.extend(model.products.iter().map(|product| product.parameter));
    used.extend(model.relations.iter().flat_map(Relation::parameters));
    used.extend(model.sheets.iter().flat_map(|sheet| sheet.rows.iter().copied()));
    used.extend(
        model
            .nodes
            .iter()
            .filter_map(|node| Some(node.runs.as_ref()?.parameter)),
    );
    used.extend(
        model
            .parameters
            .iter()
            .filter_map(|parameter| parameter.checks.as_ref()?.load),
    );
    used.extend(
        model
            .parameters
            .iter()
            .filter_map(|parameter| Some(parameter.missing.as_ref()?.rule.load()?.load)),
    );
    used
}

/// What sources take that never had a value.
fn source_facts(model: &SiteModel, parameters: &[ParameterFacts]) -> Vec<SourceFacts> {
    let never: BTreeSet<ParameterId> = parameters
        .iter()
        .filter(|parameter| parameter.newest.is_none())
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
