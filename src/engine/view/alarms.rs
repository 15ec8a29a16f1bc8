//! Alarms as screens and lists show them.

use serde::{Deserialize, Serialize};

use crate::domain::identity::Sequence;
use crate::domain::time::Instant;
use crate::quality::alarm::flood::Flood;
use crate::quality::alarm::{AlarmId, AlarmState, Priority};

/// An alarm of which there is something to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmView {
    /// Which.
    pub alarm: AlarmId,
    /// How it stands.
    pub state: AlarmState,
    /// How urgent it was when it was raised.
    pub priority: Priority,
    /// When its condition began to hold, the last time that it was raised.
    pub since: Option<Instant>,
    /// When it was last announced; none where it never was.
    pub told: Option<Instant>,
    /// Since when its condition is as it is: raised or returned.
    pub changed: Instant,
    /// The limit, as a count of the parameter's quantum; of an alarm of a limit.
    pub limit: Option<i64>,
    /// The value farthest out since its condition last began to hold.
    pub worst: Option<i64>,
    /// Whether it chatters (频繁抖动).
    pub chatters: bool,
    /// Who did something with it last.
    pub answered_by: Option<Answerer>,
}

impl AlarmView {
    /// Since when what it tells of has been so: its condition began to hold then, or is as it is since.
    pub fn began(&self) -> Instant {
        self.since.unwrap_or(self.changed)
    }
}

/// Who did something with an alarm, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answerer {
    /// Staff number, or the user of the post.
    pub name: String,
    /// When.
    pub at: Instant,
    /// In which record.
    pub record: Sequence,
}

/// More alarms than an operator can deal with (报警泛滥).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Flooded {
    /// The flood that lasts.
    pub lasts: Option<Flood>,
    /// Alarms in the last ten minutes.
    pub rate: u64,
}
