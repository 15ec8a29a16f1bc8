//! The alarms and the anomalies of a month, and whether anything was watched that could have made some (异常处置).

use crate::domain::identity::ParameterId;
use crate::domain::model::{Parameter, SiteModel};
use crate::domain::reading::{ParameterKind, Verdict, Version};
use crate::domain::time::{DAY_MS, Instant};
use crate::engine::anomalies::MOST_OUTSIDE;
use crate::engine::command::Refusal;
use crate::engine::history::History;
use crate::engine::view::AnomalyView;
use crate::engine::{Broken, Engine};
use crate::management::evidence::{AlarmFacts, AnomalyFacts};
use crate::quality::alarm::{AlarmId, conditions_of};
use crate::quality::flag;

/// How long a shift is where the plant keeps none.
const USUAL_SHIFT_MS: i64 = DAY_MS / 3;

/// A value that is only held against others says nothing alone.
const LEAST_COMPARED: u32 = 2;

impl Engine {
    /// The anomalies of which readings lie in a stretch, in the queue or not, whenever they begin; and whether there may be more
    /// that have left it.
    pub(super) fn anomalies_of(
        &self,
        history: &dyn History,
        (from, to): (Instant, Instant),
    ) -> Result<(Vec<AnomalyView>, bool), Refusal> {
        let mut all = self.anomalies();
        all.retain(|anomaly| anomaly.signs.touch((from, to)));
        let left = self.anomalies_outside(history, (from, to))?;
        let is_cut = left.len() >= MOST_OUTSIDE;
        all.extend(left);
        all.extend(self.anomalies_reaching(history, (from, to))?);
        all.sort_by_key(|anomaly| anomaly.anomaly);
        Ok((all, is_cut))
    }

    /// Whether an alarm or a check watches a parameter's values, as far as they came before an instant.
    pub(super) fn is_watched(
        &self,
        history: &dyn History,
        (model, parameter): (&SiteModel, &Parameter),
        (to, now): (Instant, Instant),
    ) -> Result<bool, Broken> {
        if conditions_of(parameter).is_ok_and(|conditions| !conditions.is_empty()) {
            return Ok(true);
        }
        let series = self.series(parameter.id)?;
        let rules = self.rules_of(model, series, parameter, now);
        // What is tested is by default held against the tests before it: of the only one no check could say anything.
        let limits = [&parameter.possible, &parameter.operating];
        let is_limited = limits
            .iter()
            .any(|limits| limits.low.is_some() || limits.high.is_some());
        let looks_alone = is_limited && rules.range.is_some() || rules.published.is_some();
        if parameter.kind != ParameterKind::Property || looks_alone || !rules.look_at_values() {
            return Ok(rules.look_at_values());
        }
        let Some(first) = series.row.first_hour else {
            return Ok(false);
        };
        let mut count = 0;
        self.each_top(
            history,
            parameter.id,
            (self.zone.hour_start(first), to),
            &mut |version| {
                count += u32::from(version.verdict == Verdict::Counts);
                count < LEAST_COMPARED
            },
        )?;
        Ok(count >= LEAST_COMPARED)
    }

    /// How many findings of a stretch say that a parameter's values came in a way that its plan does not name, where some of
    /// those values still count: what was withdrawn, or written over, did not come.
    pub(super) fn came_unplanned<'a>(
        &self,
        history: &dyn History,
        (parameter, (from, to)): (ParameterId, (Instant, Instant)),
        anomalies: impl Iterator<Item = &'a AnomalyView>,
    ) -> Result<u32, Broken> {
        let is_planned = |version: &Version| {
            let plan = self.models.at(self.zone.hour_of(version.slot.at));
            let planned = plan.and_then(|plan| Some((plan.parameter(parameter)?, plan.model().simulated)));
            planned.is_none_or(|(planned, is_simulated)| planned.may_come_by(version.origin, is_simulated))
        };
        let mut count = 0;
        for anomaly in anomalies.filter(|one| one.signs.rule == flag::Rule::UnplannedOrigin) {
            let span = (anomaly.signs.from.max(from), anomaly.signs.to.plus(1).min(to));
            let mut is_there = false;
            self.each_top(history, parameter, span, &mut |version| {
                is_there = version.verdict == Verdict::Counts && !is_planned(version);
                !is_there
            })?;
            count += u32::from(is_there);
        }
        Ok(count)
    }

    /// The alarms that were announced in a stretch, and those from before it that still stood in it without an answer.
    pub(super) fn alarm_facts(
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
            // What was answered before the month was dealt with before it.
            let waits_in_it = one.raised >= from || acknowledged.is_none_or(|at| at >= from);
            if one.raised < to && waits_in_it {
                found.push(AlarmFacts {
                    alarm: one.alarm,
                    priority: one.priority,
                    shift_ms: self.shift_ms_at(one.raised),
                    raised: one.raised,
                    acknowledged,
                });
            }
        }
        found.sort_unstable_by_key(|one| (one.raised, one.alarm));
        Ok(found)
    }
}

impl Engine {
    /// How long the shift is in which an instant lies.
    fn shift_ms_at(&self, at: Instant) -> i64 {
        let plan = self.models.at(self.zone.hour_of(at));
        let shift = plan.and_then(|plan| plan.model().shift_at(at));
        shift.map_or(USUAL_SHIFT_MS, |shift| shift.end.since(shift.start))
    }
}

pub(super) fn anomaly_facts(view: &AnomalyView) -> AnomalyFacts {
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
