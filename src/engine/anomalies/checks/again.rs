//! Judging again where late readings belong.

use std::sync::Arc;

use crate::domain::identity::ParameterId;
use crate::domain::model::SiteModel;
use crate::domain::time::{DAY_MS, Instant};
use crate::engine::anomalies::Found;
use crate::engine::anomalies::raise::{Pass, Sighting};
use crate::engine::history::History;
use crate::engine::{Broken, Engine};

use super::front::Front;
use super::{Again, HORIZON_DAYS, LATE_EVERY_MS, LOADS_EVERY_MS, day_of, day_start, encode, widen};

impl Engine {
    /// Judges late readings where they belong.
    pub(super) fn judge_again(
        &mut self,
        history: &dyn History,
        model: &SiteModel,
        budget: &mut usize,
        found: &mut Vec<Found>,
    ) -> Result<(), Broken> {
        let now = self.now;
        // A load that always comes a little behind would have a day judged again and again.
        let is_time_for_loads = |last: Instant| now.since(last) >= LOADS_EVERY_MS;
        if self.checks.loads_began.is_none_or(is_time_for_loads) && !self.checks.loads_behind.is_empty() {
            self.checks.loads_began = Some(now);
            for (parameter, stretch) in std::mem::take(&mut self.checks.loads_behind) {
                widen(&mut self.checks.late, parameter, stretch);
            }
        }
        let is_time = |last: Instant| now.since(last) >= LATE_EVERY_MS;
        if self.checks.again.is_none() && self.checks.began.is_none_or(is_time) && !self.checks.late.is_empty() {
            self.checks.began = Some(now);
        } else if self.checks.again.is_none() {
            return Ok(());
        }
        while *budget > 0 {
            if self.checks.again.is_none() && !self.begin_again(history, model)? {
                break;
            }
            let Some(again) = self.checks.again.take() else { break };
            let mut again = Arc::unwrap_or_clone(again);
            // What changed once more in what it has seen makes it begin anew.
            let changed = self.checks.late.get(&again.parameter);
            if changed.is_some_and(|(from, _)| again.front.at.is_some_and(|at| *from <= at.at)) {
                let to = again.to.unwrap_or(again.from);
                widen(&mut self.checks.late, again.parameter, (again.from, to));
                continue;
            }
            let Some(parameter) = model.parameter(again.parameter) else {
                continue;
            };
            let mut followed = self.followed(history, model, parameter)?;
            let digest = followed.digest;
            let mut days = Vec::new();
            let taken = self.run(
                history,
                parameter,
                &followed.rules,
                &mut again.front,
                (again.to, *budget),
                &mut |day, front| days.extend(encode(digest, front).map(|bytes| (day, bytes))),
            )?;
            again.days.extend(days);
            let reached = again.front.at.map_or(Instant::EARLIEST, |slot| slot.at);
            again.ended.extend(again.front.episodes.take_ended(reached));
            let is_done = taken < *budget;
            *budget -= taken.min(*budget);
            if !is_done {
                self.keep(again.parameter, followed);
                self.checks.again = Some(Arc::new(again));
                break;
            }
            let mut sightings: Vec<Sighting> = again.ended.into_iter().map(Sighting::ended).collect();
            sightings.extend(again.front.episodes.open().map(Sighting::going));
            if again.to.is_none() {
                Arc::make_mut(&mut followed).front = again.front;
                let days = again.days.into_iter().map(|(day, bytes)| (day, Some(bytes)));
                self.keep_days(history, again.parameter, days.collect())?;
            }
            // Up to the newest reading everything was found anew: what reaches behind it speaks of readings that are gone.
            let stretch = (again.from, again.to.unwrap_or(Instant::LATEST));
            let pass = Pass::again(
                again.parameter,
                followed.rules.clause.as_deref(),
                self.pause(parameter).at(stretch.0),
                stretch,
            )
            .up_to(reached);
            self.keep(again.parameter, Arc::clone(&followed));
            self.checks.forget_unsaid(again.parameter, again.from);
            self.weigh(history, &pass, &sightings, found)?;
        }
        Ok(())
    }

    /// Takes up the next stretch in which readings changed; whether there is one.
    fn begin_again(&mut self, history: &dyn History, model: &SiteModel) -> Result<bool, Broken> {
        while let Some((id, (from, to))) = self.checks.late.pop_first() {
            let Some(parameter) = model.parameter(id) else { continue };
            let followed = self.followed(history, model, parameter)?;
            self.keep(id, Arc::clone(&followed));
            // What has not been judged at all will be, in its turn.
            let Some(reached) = followed.front.at.filter(|at| from <= at.at) else {
                continue;
            };
            let reach_ms = followed.rules.reach_ms();
            let day = self.day_before(id, from.plus(-reach_ms), reached.at);
            let kept = self.checks.day_row(history, id, day, followed.digest)?;
            let (day, front) = if let Some((day, mut front)) = kept {
                front.judge = front.judge.under(Arc::clone(&followed.rules));
                (day, front)
            } else {
                let front = Front::new(&followed.rules, followed.pause_ms);
                (day, front.learning_for(day))
            };
            let is_near = reached.at.since(day_start(day)) <= (HORIZON_DAYS + 1) * DAY_MS + reach_ms;
            let end = to.plus(reach_ms + DAY_MS);
            self.checks.again = Some(Arc::new(Again {
                parameter: id,
                front,
                from: day_start(day),
                to: (!is_near && end < reached.at).then_some(end),
                ended: Vec::new(),
                days: Vec::new(),
            }));
            return Ok(true);
        }
        Ok(false)
    }

    /// The day from which everything is found again that may be otherwise when readings from an instant on have changed:
    /// what stands in the queue may be joined of parts of which some lie before it.
    fn day_before(&self, parameter: ParameterId, from: Instant, reached: Instant) -> i32 {
        let mut day = day_of(from);
        let oldest = day_of(reached.plus(-HORIZON_DAYS * DAY_MS));
        while let Some(before) = self
            .anomalies
            .first_reaching_into(parameter, day_start(day))
            .map(day_of)
            && (oldest..day).contains(&before)
        {
            day = before;
        }
        day
    }
}
