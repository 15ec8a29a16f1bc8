//! What is said of alarms, as fields.

use super::{Collector, duration, word};
use crate::domain::alarms::{AlarmPlan, ParameterAlarms};

impl Collector {
    /// What holds for all alarms.
    pub(super) fn alarms(self, plan: &AlarmPlan) -> Self {
        let mut fields = self.maybe("alarms.longest_shelf", plan.longest_shelf_ms.map(duration));
        if let Some([minor, major, severe]) = plan.consequence {
            fields = fields
                .with("alarms.consequence.minor", minor)
                .with("alarms.consequence.major", major)
                .with("alarms.consequence.severe", severe);
        }
        if let Some([at_once, soon, shift]) = plan.urgency_ms {
            fields = fields
                .with("alarms.urgency.at_once", duration(at_once))
                .with("alarms.urgency.soon", duration(soon))
                .with("alarms.urgency.shift", duration(shift));
        }
        fields
    }

    /// What is said of a parameter's alarms.
    pub(super) fn parameter_alarms(self, said: Option<&ParameterAlarms>) -> Self {
        let Some(said) = said else { return self };
        let off_delay = (said.off_delay_ms > 0).then(|| duration(said.off_delay_ms));
        let action = said.action.as_ref();
        let fields = said.actions.iter().fold(self, |fields, one| {
            let key = format!("alarms.actions.{}", word(one.of));
            let both = format!("{} / {}", one.action.zh, one.action.en);
            fields.with(&key, both)
        });
        fields
            .maybe("alarms.action", action.map(|action| &action.zh))
            .maybe("alarms.action_en", action.map(|action| &action.en))
            .maybe("alarms.high_high", said.high_high)
            .maybe("alarms.low_low", said.low_low)
            .maybe("alarms.off_delay", off_delay)
            .maybe("alarms.latching", said.latching.then_some(true))
            .maybe("alarms.never_shelved", said.never_shelved.then_some(true))
            .maybe("alarms.compliance", said.compliance.map(word))
            .maybe("alarms.act_within", said.act_within_ms.map(duration))
    }
}
