//! The work on an anomaly (处置流程): who has it, what was said of it, whether it is closed.
//!
//! new → assigned → under investigation → disposed → closed. Whoever knows at once what it is may say so at once. A
//! decision is taken back by withdrawing its record, never by another decision over it. What the checks no longer find
//! leaves the queue by itself as long as nobody has begun to work on it.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Disposition;
use crate::domain::identity::Sequence;
use crate::domain::model::Name;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Instant;

/// How far the work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Nobody has it (新).
    New,
    /// It was given to somebody (已分派).
    Assigned,
    /// Somebody looks into it (调查中).
    Investigating,
    /// It was said what it is (已处置).
    Disposed,
    /// It is closed (已关闭).
    Closed,
    /// The checks find it no longer, and nobody had begun (已消失).
    Gone,
}

impl Stage {
    /// All stages.
    pub const ALL: [Self; 6] = [
        Self::New,
        Self::Assigned,
        Self::Investigating,
        Self::Disposed,
        Self::Closed,
        Self::Gone,
    ];

    /// Whether it stands in the queue.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed | Self::Gone)
    }

    /// Whether nobody has said yet what it is.
    pub const fn awaits_decision(self) -> bool {
        matches!(self, Self::New | Self::Assigned | Self::Investigating)
    }

    /// The name for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Assigned => "assigned",
            Self::Investigating => "investigating",
            Self::Disposed => "disposed",
            Self::Closed => "closed",
            Self::Gone => "gone",
        }
    }
}

impl Explained for Stage {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::New => "anomaly-stage-new",
            Self::Assigned => "anomaly-stage-assigned",
            Self::Investigating => "anomaly-stage-investigating",
            Self::Disposed => "anomaly-stage-disposed",
            Self::Closed => "anomaly-stage-closed",
            Self::Gone => "anomaly-stage-gone",
        })
    }
}

/// Somebody, since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Staff number, or the user of a post of one's own.
    pub name: String,
    /// Since when, or when.
    pub at: Instant,
}

/// What was said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// What it is.
    pub disposition: Disposition,
    /// Number of the root cause.
    pub cause: Option<u16>,
    /// By whom, and when.
    pub by: Holder,
    /// In which record, which is withdrawn to take it back.
    pub record: Sequence,
}

/// How the work stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// How far it has come.
    pub stage: Stage,
    /// Who has it.
    pub holder: Option<Holder>,
    /// What was said of it.
    pub settled: Option<Settled>,
    /// Who closed it.
    pub closed: Option<Holder>,
    /// Whether the checks still find it.
    pub found: bool,
}

impl Work {
    /// Nobody has looked at it.
    pub const NEW: Self = Self {
        stage: Stage::New,
        holder: None,
        settled: None,
        closed: None,
        found: true,
    };
}

/// What happens to the work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// What.
    pub kind: ActKind,
    /// Who does it, and when.
    pub by: Holder,
    /// In which record.
    pub record: Sequence,
}

/// What happens to the work on an anomaly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActKind {
    /// It is given to somebody, by staff number.
    Assign(String),
    /// Whoever does it takes it.
    Take,
    /// Something is said of it.
    Comment,
    /// It is said what it is.
    Dispose(Disposition, Option<u16>),
    /// It is closed; whether that takes another person than the one who decided.
    Close {
        /// Whether it does.
        second_person: bool,
    },
    /// What was closed is opened again: the decision stands until it is taken back.
    Reopen,
    /// The record of the decision was withdrawn.
    TakeBack,
    /// The checks find it no longer.
    Vanish,
    /// They find it again.
    Return,
}

/// Why something cannot be done with an anomaly; nothing changes then.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WorkRefusal {
    /// Somebody has decided already.
    #[error("{} has decided already", .0.name)]
    AlreadyDisposed(Holder),
    /// It is closed already.
    #[error("{} has closed it already", .0.name)]
    AlreadyClosed(Holder),
    /// Whoever asks for it has it already.
    #[error("it is theirs already")]
    AlreadyTheirs,
    /// Nobody has said what it is.
    #[error("it is not decided yet")]
    NotDisposed,
    /// It is not closed.
    #[error("it is not closed")]
    NotClosed,
    /// Another person has to close it.
    #[error("whoever decided may not close it")]
    SamePerson,
    /// The checks find it no longer, and it has left the queue.
    #[error("it is not found any more")]
    Gone,
    /// The checks find it as they did.
    #[error("it is found as before")]
    Unchanged,
}

impl Explained for WorkRefusal {
    fn text(&self) -> Text {
        self.told(|_| None)
    }
}

impl WorkRefusal {
    /// In words, with the names of people as far as somebody knows them by their staff numbers.
    pub fn told<'n>(&self, name_of: impl Fn(&str) -> Option<&'n Name>) -> Text {
        let by = |id: &'static str, holder: &Holder| {
            let text = Text::new(id).with_instant("at", holder.at);
            match name_of(&holder.name) {
                Some(name) => text.with_name("by", name),
                None => text.with("by", clean(&holder.name)),
            }
        };
        match self {
            Self::AlreadyDisposed(holder) => by("anomaly-refused-disposed", holder),
            Self::AlreadyClosed(holder) => by("anomaly-refused-closed", holder),
            Self::AlreadyTheirs => Text::new("anomaly-refused-theirs"),
            Self::NotDisposed => Text::new("anomaly-refused-not-disposed"),
            Self::NotClosed => Text::new("anomaly-refused-not-closed"),
            Self::SamePerson => Text::new("anomaly-refused-same-person"),
            Self::Gone => Text::new("anomaly-refused-gone"),
            Self::Unchanged => Text::new("anomaly-refused-unchanged"),
        }
    }
}

/// The work after an act, or why that cannot be.
pub fn after(work: &Work, act: &Act) -> Result<Work, WorkRefusal> {
    let mut next = work.clone();
    match &act.kind {
        ActKind::Assign(to) => {
            check_undecided(work)?;
            if work.holder.as_ref().is_some_and(|holder| holder.name == *to) {
                return Err(WorkRefusal::AlreadyTheirs);
            }
            next.stage = Stage::Assigned;
            next.holder = Some(Holder {
                name: to.clone(),
                at: act.by.at,
            });
        }
        ActKind::Take => {
            check_undecided(work)?;
            let is_theirs = work.holder.as_ref().is_some_and(|holder| holder.name == act.by.name);
            if is_theirs && work.stage == Stage::Investigating {
                return Err(WorkRefusal::AlreadyTheirs);
            }
            next.stage = Stage::Investigating;
            next.holder = Some(act.by.clone());
        }
        ActKind::Comment => {}
        ActKind::Dispose(disposition, cause) => {
            check_undecided(work)?;
            next.stage = Stage::Disposed;
            next.settled = Some(Settled {
                disposition: *disposition,
                cause: *cause,
                by: act.by.clone(),
                record: act.record,
            });
        }
        ActKind::Close { second_person } => return close(next, *second_person, act),
        ActKind::Reopen => match (work.stage, &work.settled) {
            (Stage::Closed, settled) => {
                // What was closed because it was not found any more has no decision to go back to.
                next.stage = if settled.is_some() {
                    Stage::Disposed
                } else {
                    Stage::Investigating
                };
                next.closed = None;
            }
            (Stage::Gone, _) => return Err(WorkRefusal::Gone),
            _ => return Err(WorkRefusal::NotClosed),
        },
        ActKind::TakeBack => match (work.stage, &work.closed) {
            (Stage::Disposed, _) => {
                next.stage = Stage::Investigating;
                next.settled = None;
                next.holder = Some(act.by.clone());
            }
            (Stage::Closed, Some(holder)) => return Err(WorkRefusal::AlreadyClosed(holder.clone())),
            _ => return Err(WorkRefusal::NotDisposed),
        },
        ActKind::Vanish => {
            if !work.found {
                return Err(WorkRefusal::Unchanged);
            }
            next.found = false;
            if work.stage == Stage::New {
                next.stage = Stage::Gone;
            }
        }
        ActKind::Return => {
            if work.found {
                return Err(WorkRefusal::Unchanged);
            }
            next.found = true;
            match (work.stage, &work.settled) {
                (Stage::Gone, _) => next.stage = Stage::New,
                // It was closed because there was nothing to decide of.
                (Stage::Closed, None) => {
                    next.stage = Stage::Investigating;
                    next.closed = None;
                }
                _ => {}
            }
        }
    }
    Ok(next)
}

/// Whether nobody has decided yet.
fn check_undecided(work: &Work) -> Result<(), WorkRefusal> {
    match (work.stage, &work.closed, &work.settled) {
        (Stage::Gone, ..) => Err(WorkRefusal::Gone),
        (Stage::Closed, Some(holder), _) => Err(WorkRefusal::AlreadyClosed(holder.clone())),
        (Stage::Disposed | Stage::Closed, _, Some(settled)) => Err(WorkRefusal::AlreadyDisposed(settled.by.clone())),
        _ => Ok(()),
    }
}

fn close(mut next: Work, second_person: bool, act: &Act) -> Result<Work, WorkRefusal> {
    match (next.stage, &next.closed, &next.settled) {
        (Stage::Closed, Some(holder), _) => return Err(WorkRefusal::AlreadyClosed(holder.clone())),
        (Stage::Gone, ..) => return Err(WorkRefusal::Gone),
        (_, _, Some(settled)) if second_person && settled.by.name == act.by.name => {
            return Err(WorkRefusal::SamePerson);
        }
        // What is not found any more has nothing to be decided of.
        (_, _, None) if next.found => return Err(WorkRefusal::NotDisposed),
        _ => {}
    }
    next.stage = Stage::Closed;
    next.closed = Some(act.by.clone());
    Ok(next)
}
