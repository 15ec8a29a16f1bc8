//! What is said of alarms, as fields.

use super::{Collector, duration, word};
use crate::domain::alarms::{AlarmPlan, KindAction, ParameterAlarms};

impl Collector {
    /// What holds for all alarms.
    pub(super) fn alarms(self, plan: &AlarmPlan) -> Self {
        let AlarmPlan {
            longest_shelf_ms,
            consequence,
            urgency_ms,
        } = plan;
        let mut fields = self.maybe("alarms.longest_shelf", longest_shelf_ms.map(duration));
        if let Some([minor, major, severe]) = *consequence {
            fields = fields
                .with("alarms.consequence.minor", minor)
                .with("alarms.consequence.major", major)
                .with("alarms.consequence.severe", severe);
        }
        if let Some([at_once, soon, shift]) = *urgency_ms {
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
        let ParameterAlarms {
            high_high,
            low_low,
            off_delay_ms,
            latching,
            never_shelved,
            compliance,
            act_within_ms,
            action,
            actions,
        } = said;
        let off_delay = (*off_delay_ms > 0).then(|| duration(*off_delay_ms));
        let fields = actions.iter().fold(self, |fields, KindAction { of, action }| {
            let key = format!("alarms.actions.{}", word(*of));
            let both = format!("{} / {}", action.zh, action.en);
            fields.with(&key, both)
        });
        fields
            .maybe("alarms.action", action.as_ref().map(|action| &action.zh))
            .maybe("alarms.action_en", action.as_ref().map(|action| &action.en))
            .maybe("alarms.high_high", *high_high)
            .maybe("alarms.low_low", *low_low)
            .maybe("alarms.off_delay", off_delay)
            .maybe("alarms.latching", latching.then_some(true))
            .maybe("alarms.never_shelved", never_shelved.then_some(true))
            .maybe("alarms.compliance", compliance.map(word))
            .maybe("alarms.act_within", act_within_ms.map(duration))
    }
}
