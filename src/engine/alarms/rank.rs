//! How urgent an alarm is when it is raised (报警优先级): by what the plant emits through the parameter, by what its data
//! plan owes, and by the time to act.

use crate::domain::time::{HOUR_MS, Instant};
use crate::engine::history::History;
use crate::engine::{Broken, Engine};
use crate::quality::alarm::priority::{Bounds, Compliance, Ranking};
use crate::quality::alarm::{AlarmId, Kind, Priority};

/// Hours of emissions that are at stake: a shift.
const AT_STAKE_HOURS: i128 = 8;

/// Time to act on a limit that is passed: the parameter goes on outside of it (ours; no standard has one for carbon).
const LIMIT_TO_ACT_MS: i64 = HOUR_MS / 2;

/// Time to act on data that do not come or cannot be used: the hour is lost when a quarter of it is (HJ 76-2017, annex B).
const DATA_TO_ACT_MS: i64 = HOUR_MS / 4;

impl Engine {
    /// What a raised alarm's priority rests on.
    pub(super) fn ranking(&self, history: &dyn History, id: AlarmId, at: Instant) -> Result<Ranking, Broken> {
        let hourly = self.emission_through(history, id.parameter, at)?;
        let feeds = self.models.sources_by_quantity(id.parameter).next().is_some()
            || self.models.sources_by_property(id.parameter).next().is_some();
        let (compliance, time_to_act_ms) = match id.kind {
            Kind::NoData | Kind::MarkedBad if feeds => (Compliance::DataPlan, DATA_TO_ACT_MS),
            Kind::NoData | Kind::MarkedBad => (Compliance::OwnGoal, DATA_TO_ACT_MS),
            Kind::LowLow | Kind::Low | Kind::High | Kind::HighHigh => (Compliance::OwnGoal, LIMIT_TO_ACT_MS),
        };
        let at_stake = hourly.saturating_mul(AT_STAKE_HOURS);
        Ok(Bounds::usual().rank(at_stake, compliance, time_to_act_ms))
    }

    /// The priority of an alarm that is raised. The site has called the parameter a key one, so that it is low at least.
    pub(super) fn priority_of(&self, history: &dyn History, id: AlarmId, at: Instant) -> Result<Priority, Broken> {
        Ok(self.ranking(history, id, at)?.priority.unwrap_or(Priority::Low))
    }
}
