//! Which rounds were due in a month, and what of them is written down (巡回记录).

use crate::domain::identity::ParameterId;
use crate::domain::model::{Parameter, SiteModel};
use crate::domain::reading::Version;
use crate::domain::sheet::Round;
use crate::domain::time::{Hour, Instant};
use crate::engine::history::History;
use crate::engine::{Broken, Engine};
use crate::management::evidence::RoundFacts;

/// What is known of a value of a round.
enum Made {
    /// Nobody wrote it down.
    Missing,
    /// It was written down, first at an instant.
    Written(Instant),
    /// It is there as the plan says, and when it was written down is not known or does not matter.
    Brought,
}

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
                        match self.made_at(history, model, parameter, round)? {
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

    /// Whether a parameter's value of a round was written down, and when first: a correction makes no round late.
    ///
    /// What a file or a machine brought is no round that somebody made, unless the plan says that the values come that way.
    fn made_at(
        &self,
        history: &dyn History,
        model: &SiteModel,
        parameter: ParameterId,
        round: &Round,
    ) -> Result<Made, Broken> {
        let series = self.series(parameter)?;
        let versions = self.versions_of(history, parameter, round.slot(series.kind))?;
        let planned = model.parameter(parameter).map_or(&[][..], Parameter::planned_origins);
        let is_made = |version: &&Version| !version.origin.is_by_machine() || planned.contains(&version.origin);
        if !versions.iter().filter(is_made).any(Version::stands) {
            return Ok(Made::Missing);
        }
        let by_hand = versions.iter().filter(|version| !version.origin.is_by_machine());
        let first = by_hand.map(|version| version.sequence).min();
        let written = match first {
            Some(first) => self.written_by_person(history, first)?,
            None => None,
        };
        Ok(written.map_or(Made::Brought, Made::Written))
    }
}
