//! Why an event is refused (拒绝原因): what was asked, why it cannot be, and what to do.

use thiserror::Error;

use super::state::{Label, Suppression};
use crate::domain::text::{Explained, Text};
use crate::domain::time::Instant;
use crate::quality::figure::duration;

/// Why an event is refused. Nothing changes then.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Raised twice.
    #[error("the alarm is raised already: its condition must return before it is raised again")]
    AlreadyActive,
    /// Returned without having been raised.
    #[error("the alarm cannot return: its condition is not in alarm")]
    NotActive,
    /// Acknowledged, reset or asked for again while it is hidden.
    #[error("the alarm is hidden ({0:?}), so that nobody can answer for it: bring it back into the list first")]
    Hidden(Label),
    /// There is nothing to acknowledge.
    #[error("there is nothing to acknowledge: the alarm is {0:?}; leave it as it is")]
    NothingToAcknowledge(Label),
    /// There is nothing that could ask again.
    #[error("only an acknowledged alarm that stands can ask again; this one is {0:?}")]
    NothingToRepeat(Label),
    /// Reset while it is in alarm.
    #[error("the alarm cannot be reset while its condition is in alarm: wait until it has returned")]
    ResetWhileActive,
    /// Reset before it is acknowledged.
    #[error("the alarm cannot be reset before it is acknowledged: acknowledge it first")]
    ResetBeforeAcknowledged,
    /// There is nothing to reset.
    #[error("there is nothing to reset: the alarm is {0:?}; only latched ones are reset")]
    NothingToReset(Label),
    /// Alarms of this class may not be shelved.
    #[error("alarms of this class must not be shelved: work on it, or have it taken out of service by a change")]
    NeverShelved,
    /// A shelf without an end.
    #[error("a shelf needs an end: say until when, at most {longest} from now", longest = duration(*longest_ms))]
    ShelfWithoutEnd {
        /// The longest that it may last.
        longest_ms: i64,
    },
    /// A shelf whose end is not to come.
    #[error("the shelf's end {until} is not after now: say a later one")]
    ShelfEndPast {
        /// The end that was given.
        until: Instant,
    },
    /// A shelf that lasts too long.
    #[error(
        "the shelf would last {given}, the site allows {longest}: say an earlier end, or have the alarm taken out of service by a change",
        given = duration(*given_ms),
        longest = duration(*longest_ms)
    )]
    ShelfTooLong {
        /// How long it would last.
        given_ms: i64,
        /// The longest that it may last.
        longest_ms: i64,
    },
    /// No reason.
    #[error("a reason is missing: say in a few words why the alarm is to be hidden")]
    NoReason,
    /// A reason that is too long.
    #[error("the reason has more than {most} characters: shorten it")]
    ReasonTooLong {
        /// The most that it may have.
        most: usize,
    },
    /// It is on the shelf.
    #[error(
        "the alarm is on the shelf until {until}: a shelf is not prolonged; take it off, look at it, and shelve it anew"
    )]
    AlreadyShelved {
        /// Until when.
        until: Instant,
    },
    /// It is not on the shelf.
    #[error("the alarm is not on the shelf")]
    NotShelved,
    /// The shelf is not over.
    #[error("the shelf lasts until {until}: it does not end by itself before")]
    ShelfNotOver {
        /// Until when.
        until: Instant,
    },
    /// It is suppressed for this reason already.
    #[error("the alarm is suppressed by design for this reason already: {0:?}")]
    AlreadySuppressed(Suppression),
    /// It is not suppressed for this reason.
    #[error("the alarm is not suppressed by design for this reason: {0:?}")]
    NotSuppressed(Suppression),
    /// It is out of service.
    #[error("the alarm is out of service already, since {since}")]
    AlreadyOutOfService {
        /// Since when.
        since: Instant,
    },
    /// It is not out of service.
    #[error("the alarm is in service already")]
    NotOutOfService,
}

impl Explained for Refusal {
    fn text(&self) -> Text {
        match self {
            Self::AlreadyActive => Text::new("alarm-refused-already-active"),
            Self::NotActive => Text::new("alarm-refused-not-active"),
            Self::Hidden(label) => Text::new("alarm-refused-hidden").with_text("state", label.text()),
            Self::NothingToAcknowledge(label) => {
                Text::new("alarm-refused-nothing-to-acknowledge").with_text("state", label.text())
            }
            Self::NothingToRepeat(label) => {
                Text::new("alarm-refused-nothing-to-repeat").with_text("state", label.text())
            }
            Self::ResetWhileActive => Text::new("alarm-refused-reset-while-active"),
            Self::ResetBeforeAcknowledged => Text::new("alarm-refused-reset-before-acknowledged"),
            Self::NothingToReset(label) => Text::new("alarm-refused-nothing-to-reset").with_text("state", label.text()),
            Self::NeverShelved => Text::new("alarm-refused-never-shelved"),
            Self::ShelfWithoutEnd { longest_ms } => {
                Text::new("alarm-refused-shelf-without-end").with("longest", duration(*longest_ms))
            }
            Self::ShelfEndPast { until } => Text::new("alarm-refused-shelf-end-past").with_instant("until", *until),
            Self::ShelfTooLong { given_ms, longest_ms } => Text::new("alarm-refused-shelf-too-long")
                .with("given", duration(*given_ms))
                .with("longest", duration(*longest_ms)),
            Self::NoReason => Text::new("alarm-refused-no-reason"),
            Self::ReasonTooLong { most } => Text::new("alarm-refused-reason-too-long").with_count("most", *most),
            Self::AlreadyShelved { until } => Text::new("alarm-refused-already-shelved").with_instant("until", *until),
            Self::NotShelved => Text::new("alarm-refused-not-shelved"),
            Self::ShelfNotOver { until } => Text::new("alarm-refused-shelf-not-over").with_instant("until", *until),
            Self::AlreadySuppressed(reason) => {
                Text::new("alarm-refused-already-suppressed").with_text("reason", reason.text())
            }
            Self::NotSuppressed(reason) => Text::new("alarm-refused-not-suppressed").with_text("reason", reason.text()),
            Self::AlreadyOutOfService { since } => {
                Text::new("alarm-refused-already-out-of-service").with_instant("since", *since)
            }
            Self::NotOutOfService => Text::new("alarm-refused-not-out-of-service"),
        }
    }
}
