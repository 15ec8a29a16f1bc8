//! Marks of arrival (到达标记): late, doubled, backwards, from the future. They speak of the delivery, not of the value, and
//! depend on the order of arrival, which flags never do.

use super::figure::real;
use super::finding::Finding;
use super::flag::{Flag, Rule};
use super::settings::{SettingsError, window};
use crate::domain::reading::Origin;
use crate::domain::time::{HOUR_MS, Instant};

/// Which marks a delivery has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Arrival(u8);

impl Arrival {
    /// Nothing is to be said of it.
    pub const IN_ORDER: Self = Self(0);
    /// It came later than deliveries of this channel should (迟到).
    pub const LATE: Self = Self(1);
    /// The same value for the same stamp came before (重复).
    pub const DUPLICATE: Self = Self(1 << 1);
    /// Its stamp is before one that came before (倒序).
    pub const BACKWARDS: Self = Self(1 << 2);
    /// Its stamp is after its arrival (未来时标).
    pub const FUTURE: Self = Self(1 << 3);
    /// It is older than the time over which late readings are judged (过迟).
    pub const TOO_LATE: Self = Self(1 << 4);

    const NAMES: [(Self, &'static str); 5] = [
        (Self::LATE, "late"),
        (Self::DUPLICATE, "duplicate"),
        (Self::BACKWARDS, "backwards"),
        (Self::FUTURE, "future"),
        (Self::TOO_LATE, "too-late"),
    ];

    /// With another mark.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it has a mark.
    pub const fn has(self, mark: Self) -> bool {
        self.0 & mark.0 == mark.0 && mark.0 != 0
    }

    /// The names of its marks, for programs.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES
            .into_iter()
            .filter(move |(mark, _)| self.has(*mark))
            .map(|(_, name)| name)
    }
}

/// By how much clocks may differ, in milliseconds.
pub const USUAL_AHEAD_MS: i64 = 10 * 60_000;

/// When a delivery is late or from the future.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArrivalSettings {
    late_ms: Option<i64>,
    ahead_ms: i64,
    /// Whether people wrote the stamps, and no device.
    by_hand: bool,
}

impl ArrivalSettings {
    /// Late is what comes more than `late_ms` after its stamp, from the future what is more than `ahead_ms` before it.
    pub fn new(late_ms: Option<i64>, ahead_ms: i64) -> Result<Self, SettingsError> {
        if let Some(late_ms) = late_ms {
            window("late", late_ms)?;
        }
        if ahead_ms != 0 {
            window("ahead", ahead_ms)?;
        }
        Ok(Self {
            late_ms,
            ahead_ms,
            by_hand: false,
        })
    }

    /// Milliseconds after its stamp from which a reading is late, where any are.
    pub const fn late_ms(&self) -> Option<i64> {
        self.late_ms
    }

    /// Milliseconds by which a stamp may lie ahead.
    pub const fn ahead_ms(&self) -> i64 {
        self.ahead_ms
    }

    /// Those of a parameter of which nothing else is said: a stamp may lie ahead by as much as clocks differ; late is what
    /// comes when what is missing has been filled.
    pub fn usual(gap_limit_ms: i64, wait_ms: i64) -> Self {
        Self {
            late_ms: Some(gap_limit_ms.saturating_add(wait_ms).max(HOUR_MS)),
            ahead_ms: USUAL_AHEAD_MS,
            by_hand: false,
        }
    }

    /// The same for an origin: what people bring, tests and invoices come when they come, and an archive is old; whether
    /// typed values are late is another question.
    #[must_use]
    pub const fn of_origin(self, origin: Origin) -> Self {
        match origin {
            Origin::Connector | Origin::Simulated => self,
            _ => Self {
                late_ms: None,
                by_hand: !origin.is_by_machine(),
                ..self
            },
        }
    }

    /// What is to be said of readings of one parameter from one instant to another (of intervals their ends) that arrive now.
    pub fn findings(&self, (first, last): (Instant, Instant), now: Instant) -> Vec<Finding> {
        let mut findings = Vec::new();
        let about = |rule, from: Instant, to: Instant, value, limit| {
            Finding::at(rule, Flag::Suspect, to, real(value), real(limit))
                .from(from)
                .since(from)
        };
        if let Some(late_ms) = self.late_ms.filter(|late_ms| now.since(first) > *late_ms) {
            let to = last.min(now.plus(-late_ms));
            findings.push(about(Rule::CameLate, first, to, now.since(first), late_ms));
        }
        if last.since(now) > self.ahead_ms {
            let from = first.max(now.plus(self.ahead_ms));
            let found = about(Rule::FutureStamp, from, last, last.since(now), self.ahead_ms);
            findings.push(found.part(u32::from(self.by_hand)));
        }
        findings
    }

    /// The marks of a stamp that arrives now.
    pub fn marks(&self, at: Instant, now: Instant) -> Arrival {
        let mut marks = Arrival::IN_ORDER;
        if self.late_ms.is_some_and(|late_ms| now.since(at) > late_ms) {
            marks = marks.and(Arrival::LATE);
        }
        if at.since(now) > self.ahead_ms {
            marks = marks.and(Arrival::FUTURE);
        }
        marks
    }
}
