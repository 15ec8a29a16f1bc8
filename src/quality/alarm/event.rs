//! What can happen to an alarm (报警事件).

use super::state::Suppression;
use crate::domain::time::Instant;

/// Something that happens to an alarm. Who did it, and with which right, stands in the journal beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Its condition has come into alarm ([`Change::Raised`](super::condition::Change::Raised)).
    Raise,
    /// Its condition has returned ([`Change::Returned`](super::condition::Change::Returned)).
    Return,
    /// An acknowledged alarm asks again: it still stands after the time set for it, or its priority has risen (再报警).
    Realarm,
    /// An operator says to have seen it (确认).
    Acknowledge,
    /// An operator lets a latched alarm go (复位).
    Reset,
    /// An operator hides it for a time (搁置).
    Shelve {
        /// Now.
        now: Instant,
        /// When it is to come back; refused where it is missing.
        until: Option<Instant>,
        /// Whether it also comes back when the alarm returns to normal.
        one_shot: bool,
        /// Why.
        reason: String,
    },
    /// An operator takes it off the shelf before its time (取消搁置).
    Unshelve {
        /// Whether the operator acknowledges it in the same act, having it before their eyes. Without this, what was
        /// unacknowledged comes back unacknowledged.
        acknowledge: bool,
    },
    /// The shelf's time is over (搁置到期).
    ShelfEnds {
        /// Now.
        now: Instant,
    },
    /// The design suppresses it.
    Suppress(Suppression),
    /// A reason for which the design suppressed it has gone.
    Unsuppress(Suppression),
    /// It is taken out of service (停用).
    RemoveFromService {
        /// Now.
        now: Instant,
        /// Why.
        reason: String,
    },
    /// It is put into service again (恢复投用).
    ReturnToService,
}
