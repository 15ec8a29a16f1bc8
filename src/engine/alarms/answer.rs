//! What people do with alarms (报警操作): acknowledge, shelve, take out of service. Each is one record, of as many alarms as
//! it is done to; what is refused of some is told, and done to the others.

use serde::{Deserialize, Serialize};

use crate::domain::actor::{Actor, Right};
use crate::domain::identity::Sequence;
use crate::domain::text::{Explained, Text};
use crate::domain::time::Instant;
use crate::engine::Engine;
use crate::engine::command::{Answer, Refusal};
use crate::engine::event::Event;
use crate::engine::queue::item_by_item;
use crate::engine::view::Answerer;
use crate::quality::alarm::{AlarmId, Event as Happening, after};

/// The most alarms of one act.
const MOST_ALARMS: usize = 1_000;

/// What is done to alarms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmDeed {
    /// Seen (确认).
    Acknowledge,
    /// Let go, of latched ones (复位).
    Reset,
    /// Hidden for a time (搁置).
    Shelve {
        /// Until when at most.
        until: Option<Instant>,
        /// Whether it also comes back when the alarm returns.
        one_shot: bool,
        /// Why.
        reason: String,
    },
    /// Taken off the shelf (取消搁置).
    Unshelve,
    /// Taken out of service (停用).
    RemoveFromService {
        /// Why.
        reason: String,
    },
    /// Put into service again (恢复投用).
    ReturnToService,
}

impl AlarmDeed {
    /// The right that it needs: the operator answers; what takes an alarm away for longer is for those who answer for the
    /// data.
    pub const fn right(&self) -> Right {
        match self {
            Self::Acknowledge | Self::Reset | Self::Shelve { .. } | Self::Unshelve => Right::Answer,
            Self::RemoveFromService { .. } | Self::ReturnToService => Right::Correct,
        }
    }

    /// The reason, where it has one.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Shelve { reason, .. } | Self::RemoveFromService { reason } => Some(reason),
            Self::Acknowledge | Self::Reset | Self::Unshelve | Self::ReturnToService => None,
        }
    }

    /// The same with its reason as it is kept.
    fn tidied(mut self) -> Self {
        if let Self::Shelve { reason, .. } | Self::RemoveFromService { reason } = &mut self {
            *reason = reason.trim().to_owned();
        }
        self
    }

    fn event(&self, now: Instant) -> Happening {
        match self {
            Self::Acknowledge => Happening::Acknowledge,
            Self::Reset => Happening::Reset,
            Self::Shelve {
                until,
                one_shot,
                reason,
            } => Happening::Shelve {
                now,
                until: *until,
                one_shot: *one_shot,
                reason: reason.clone(),
            },
            Self::Unshelve => Happening::Unshelve { acknowledge: false },
            Self::RemoveFromService { reason } => Happening::RemoveFromService {
                now,
                reason: reason.clone(),
            },
            Self::ReturnToService => Happening::ReturnToService,
        }
    }
}

impl Explained for AlarmDeed {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::Acknowledge => "alarm-deed-acknowledge",
            Self::Reset => "alarm-deed-reset",
            Self::Shelve { .. } => "alarm-deed-shelve",
            Self::Unshelve => "alarm-deed-unshelve",
            Self::RemoveFromService { .. } => "alarm-deed-remove",
            Self::ReturnToService => "alarm-deed-return",
        })
    }
}

/// What a record of it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmsAnswered {
    /// To which alarms it was done.
    pub alarms: Vec<AlarmId>,
    /// What.
    pub deed: AlarmDeed,
    /// The site's clock then.
    pub at: Instant,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmsOutcome {
    /// The record; none where it was refused of all.
    pub sequence: Option<Sequence>,
    /// To how many alarms it was done.
    pub done: u32,
    /// Of which it was refused, and why.
    pub refused: Vec<(AlarmId, Text)>,
}

impl Engine {
    /// Decides of an act, alarm by alarm.
    pub(in crate::engine) fn plan_answer(
        &self,
        alarms: &[AlarmId],
        deed: AlarmDeed,
    ) -> Result<(Option<Event>, Answer), Refusal> {
        let deed = deed.tidied();
        let decided = item_by_item(alarms, (MOST_ALARMS, "alarm-refused-count"), |id| {
            Ok(self.refusal_of(id, &deed).map_or(Ok(()), Err))
        })?;
        let done = decided.count();
        let answered: Vec<AlarmId> = decided.done.into_iter().map(|(id, ())| id).collect();
        let outcome = AlarmsOutcome {
            sequence: (!answered.is_empty()).then_some(self.next),
            done,
            refused: decided.refused,
        };
        let event = (!answered.is_empty()).then_some(Event::AlarmsAnswered(AlarmsAnswered {
            alarms: answered,
            deed,
            at: self.now,
        }));
        Ok((event, Answer::Alarms(outcome)))
    }

    fn refusal_of(&self, id: AlarmId, deed: &AlarmDeed) -> Option<Text> {
        let Some(alarm) = self.alarms.get(id) else {
            return Some(Text::new("alarm-refused-unknown"));
        };
        let step = after(&alarm.state, deed.event(self.now), &self.life_rules(id));
        step.err().map(|refusal| refusal.text())
    }

    /// Takes over what a record says that somebody did.
    pub(in crate::engine) fn answer_alarms(&mut self, sequence: Sequence, by: &Actor, answered: &AlarmsAnswered) {
        for &id in &answered.alarms {
            let rules = self.life_rules(id);
            let Some(alarm) = self.alarms.get_mut(id) else { continue };
            // It was looked at before it was recorded.
            let Ok(step) = after(&alarm.state, answered.deed.event(answered.at), &rules) else {
                tracing::error!(record = sequence.0, alarm = ?id, "what was done to an alarm does not fit its state");
                continue;
            };
            alarm.answered_by = Some(Answerer {
                name: by.name().to_owned(),
                at: answered.at,
                record: sequence,
            });
            self.alarms.step(id, step, answered.at);
        }
    }
}
