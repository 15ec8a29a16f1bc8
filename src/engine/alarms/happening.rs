//! What happens to alarms by themselves: conditions that turn, shelves that end, equipment that stops or runs again.

use crate::domain::time::Instant;
use crate::quality::alarm::{AlarmId, Change, Event};

use super::equipment::Turned;

/// Something that happens by itself.
#[derive(Debug, Clone)]
pub(super) struct Happening {
    pub(super) at: Instant,
    pub(super) what: What,
}

/// What happens.
#[derive(Debug, Clone)]
pub(super) enum What {
    /// An equipment stopped, or runs again.
    Equipment(Turned),
    /// Something of an alarm.
    Alarm {
        id: AlarmId,
        event: Event,
        /// Of a condition that was raised, since when it held.
        since: Option<Instant>,
    },
}

impl Happening {
    pub(super) const fn event(at: Instant, id: AlarmId, event: Event) -> Self {
        Self {
            at,
            what: What::Alarm { id, event, since: None },
        }
    }

    pub(super) const fn of(id: AlarmId, change: Change) -> Self {
        match change {
            Change::Raised { since, at } => Self {
                at,
                what: What::Alarm {
                    id,
                    event: Event::Raise,
                    since: Some(since),
                },
            },
            Change::Returned { at, .. } => Self::event(at, id, Event::Return),
        }
    }

    pub(super) const fn turned(turned: Turned) -> Self {
        Self {
            at: turned.at,
            what: What::Equipment(turned),
        }
    }

    /// What comes first in one instant: what hides or shows alarms, then what returns, then what is raised.
    pub(super) const fn rank(&self) -> u8 {
        match &self.what {
            What::Equipment(_) => 0,
            What::Alarm { id, event, .. } => match event {
                Event::ShelfEnds { .. } => 1,
                // The severer of two limits that are passed at once comes before the milder, which it hides.
                Event::Raise if id.kind.milder().is_some() => 3,
                Event::Raise => 4,
                _ => 2,
            },
        }
    }

    pub(super) const fn id(&self) -> Option<AlarmId> {
        match &self.what {
            What::Equipment(_) => None,
            What::Alarm { id, .. } => Some(*id),
        }
    }
}
