//! How urgent an alarm is when it is raised (报警优先级): by what the plant emits through the parameter, by what its data
//! plan owes, and by the time to act.

use crate::domain::alarms::ParameterAlarms;
use crate::domain::identity::ParameterId;
use crate::domain::time::{HOUR_MS, Instant};
use crate::engine::history::History;
use crate::engine::{Broken, Engine};
use crate::quality::alarm::priority::{Bounds, Compliance, Ranking};
use crate::quality::alarm::{AlarmId, Kind, LifeRules};

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
            Kind::LowLow | Kind::Low | Kind::High | Kind::HighHigh => {
                let said = self.said_of(id.parameter);
                let compliance = said.and_then(|said| said.compliance);
                let act_within_ms = said.and_then(|said| said.act_within_ms);
                (
                    compliance.unwrap_or(Compliance::OwnGoal),
                    act_within_ms.unwrap_or(LIMIT_TO_ACT_MS),
                )
            }
        };
        let at_stake = hourly.saturating_mul(AT_STAKE_HOURS);
        let bounds = self
            .model()
            .map_or_else(Bounds::usual, |model| Bounds::of(&model.alarms));
        Ok(bounds.rank(at_stake, compliance, time_to_act_ms))
    }

    /// What the model says of the alarms of a parameter.
    fn said_of(&self, parameter: ParameterId) -> Option<&ParameterAlarms> {
        self.model()?.parameter(parameter)?.alarms.as_ref()
    }

    /// What holds for an alarm beyond its state.
    pub(super) fn life_rules(&self, id: AlarmId) -> LifeRules {
        let said = self.said_of(id.parameter);
        let latching = id.kind.is_limit() && said.is_some_and(|said| said.latching);
        let longest_ms = self.model().and_then(|model| model.alarms.longest_shelf_ms);
        let longest_ms = longest_ms.or(LifeRules::STANDARD.longest_shelf_ms());
        let may_be_shelved = !said.is_some_and(|said| said.never_shelved);
        // What contradicts itself is found when the model is checked.
        LifeRules::new(latching, longest_ms.filter(|_| may_be_shelved)).unwrap_or(LifeRules::STANDARD)
    }
}
