//! How far missing hours have been looked for.
//!
//! What was looked at is part of the journal's state only where a record says so; what was looked at since, in vain, is
//! known in memory and looked at again after a start.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::domain::identity::ParameterId;
use crate::domain::time::{DayBlock, Hour, Instant};

/// A turn over all parameters whose missing hours are filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Progress {
    /// When the last turn that was finished began; `None` before the first.
    pub last: Option<Instant>,
    /// When the turn that goes on began, and the first parameter that it has not reached.
    pub turn: Option<(Instant, ParameterId)>,
}

impl Progress {
    /// When a parameter was looked at last.
    pub(in crate::engine) fn of(&self, parameter: ParameterId) -> Option<Instant> {
        match self.turn {
            Some((began, next)) if parameter < next => Some(began),
            _ => self.last,
        }
    }
}

/// What records say of it, to be kept with the state.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(in crate::engine) struct Looked {
    /// How far it has come.
    pub(super) progress: Progress,
    /// Days that have to be looked at again.
    pub(super) again: BTreeSet<(ParameterId, DayBlock)>,
    /// Parameters without a rule of which a person filled hours.
    pub(super) by_hand: BTreeSet<ParameterId>,
}

/// How far missing hours have been looked for.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct Looks {
    looked: Looked,
    /// How far it has come, with what no record says.
    pub(super) progress: Progress,
    /// Days among those of [`Looked`] that are still to be looked at.
    pub(super) fresh: BTreeSet<(ParameterId, DayBlock)>,
    /// Up to where parameters were looked at in the turn that goes on; known in memory only.
    pub(super) reached: BTreeMap<ParameterId, Hour>,
    /// Days that were looked at since the last record.
    pub(super) done: BTreeSet<(ParameterId, DayBlock)>,
}

impl Looks {
    /// As records have it.
    pub(in crate::engine) fn go_on(looked: Looked) -> Self {
        Self {
            progress: looked.progress,
            fresh: looked.again.clone(),
            reached: BTreeMap::new(),
            done: BTreeSet::new(),
            looked,
        }
    }

    /// What is kept with the state.
    pub(in crate::engine) const fn looked(&self) -> &Looked {
        &self.looked
    }

    /// A day has to be looked at again; where no record says that it was looked at, nothing need be kept of that.
    pub(super) fn again(&mut self, parameter: ParameterId, day: DayBlock, recorded: bool) {
        if recorded {
            self.looked.again.insert((parameter, day));
        }
        self.fresh.insert((parameter, day));
        self.done.remove(&(parameter, day));
    }

    /// A record says how far it has come, and which days were looked at.
    pub(super) fn recorded(&mut self, progress: Progress, days: &[(ParameterId, DayBlock)]) {
        self.looked.progress = progress;
        self.progress = progress;
        for day in days {
            self.looked.again.remove(day);
            self.fresh.remove(day);
            self.done.remove(day);
        }
    }

    /// A person filled hours of a parameter.
    pub(super) fn by_hand(&mut self, parameter: ParameterId) {
        self.looked.by_hand.insert(parameter);
    }

    /// Whether a person did.
    pub(in crate::engine) fn is_by_hand(&self, parameter: ParameterId) -> bool {
        self.looked.by_hand.contains(&parameter)
    }
}
