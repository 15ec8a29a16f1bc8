//! Which rounds were due in a month, and what of them is written down (巡回记录).

use crate::domain::model::SiteModel;
use crate::domain::sheet::Round;
use crate::domain::time::{Hour, Instant};
use crate::engine::history::History;
use crate::engine::rounds::Made;
use crate::engine::{Broken, Engine};
use crate::management::evidence::RoundFacts;

impl Engine {
    /// The rounds that were to be written down by now: of each hour those of the plan that held then.
    pub(super) fn round_facts(
        &self,
        history: &dyn History,
        (from, end): (Hour, Hour),
        now: Instant,
    ) -> Result<Vec<RoundFacts>, Broken> {
        let mut found = Vec::new();
        // Before the site's first reading nobody could write anything down.
        let Some(first) = self.first_reading() else {
            return Ok(found);
        };
        for (starts, ends, plan) in self.models.holding_in((from, end)) {
            let starts = self.zone.hour_start(starts).max(first);
            let ends = self.zone.hour_start(ends).min(now);
            if starts < ends {
                self.rounds_of_plan(history, plan.model(), ((starts, ends), now), &mut found)?;
            }
        }
        Ok(found)
    }

    /// The rounds of a plan between two instants, of which the second is no later than now.
    fn rounds_of_plan(
        &self,
        history: &dyn History,
        model: &SiteModel,
        ((from, to), now): ((Instant, Instant), Instant),
        found: &mut Vec<RoundFacts>,
    ) -> Result<(), Broken> {
        for sheet in &model.sheets {
            let of = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
            let mut page = sheet.page_at(model, from);
            let last = sheet.page_at(model, to.plus(-1));
            loop {
                let rounds = sheet.rounds_of(model, page);
                let is_due = |round: &&Round| (from..to).contains(&round.at) && round.at.plus(sheet.due_ms) <= now;
                for round in rounds.iter().filter(is_due) {
                    let due = round.at.plus(sheet.due_ms);
                    let mut of_round = RoundFacts {
                        sheet: sheet.key.clone(),
                        at: round.at,
                        missing: 0,
                        late: 0,
                        late_ms: 0,
                        of,
                    };
                    for &parameter in &sheet.rows {
                        match self.made_at(history, parameter, round)? {
                            Made::Missing => of_round.missing += 1,
                            Made::Written(at) if at > due => {
                                of_round.late += 1;
                                of_round.late_ms = of_round.late_ms.max(at.since(due));
                            }
                            Made::Written(_) | Made::Brought => {}
                        }
                    }
                    found.push(of_round);
                }
                if page >= last {
                    break;
                }
                page = page.next();
            }
        }
        Ok(())
    }
}
