//! What an event makes of a state (状态转换): a total function. For every state and every event it gives the next state and
//! what is announced, or a [`Refusal`], upon which nothing has changed.
//!
//! The transitions among what is shown are the standard's (ANSI/ISA-18.2-2016, clause 5):
//!
//! | from | raise | return | acknowledge | reset | ask again |
//! |---|---|---|---|---|---|
//! | normal | unacknowledged | – | – | – | – |
//! | unacknowledged | – | returned, or latched unacknowledged | acknowledged | – | – |
//! | acknowledged | – | normal, or latched acknowledged | – | – | unacknowledged |
//! | returned unacknowledged | unacknowledged | – | normal | – | – |
//! | latched unacknowledged | unacknowledged | – | latched acknowledged | – | – |
//! | latched acknowledged | unacknowledged | – | – | normal | – |
//!
//! **While it is hidden** an alarm goes on following the process, in silence. Nobody can answer for what is not shown, so
//! acknowledging and resetting are refused. Three things are kept that a plain list of states would lose:
//!
//! * An alarm that was announced and not acknowledged before it was hidden still owes its acknowledgement afterwards, even
//!   if its condition has returned meanwhile.
//! * An alarm that was raised while it was hidden ([`Answered::Unannounced`]) and returned before it came back was never
//!   announced; it is normal again, as if nothing had been: that is what hiding is for. But a latching alarm that was only on
//!   the shelf latches: its purpose is that even a short event is seen.
//! * A latched alarm stays latched through everything but its own reset.
//!
//! **Coming back.** Where the shelf's time ends, the last suppression goes or the alarm is put into service, an alarm whose
//! condition stands comes back unacknowledged, also where it was acknowledged before: nobody may have looked at it for
//! hours (ANSI/ISA-18.2-2016, 11.7). Where an operator takes it off the shelf, it comes back as it was; the standard lets
//! it come back acknowledged, since the operator has it before their eyes, and [`Event::Unshelve`] does so where that is
//! said. No alarm becomes acknowledged without somebody saying so.

use super::event::Event;
use super::refusal::Refusal;
use super::state::{AlarmState, Annunciation, Answered, OutOfService, Shelf, Suppression};
use crate::domain::note::LONGEST_NOTE;
use crate::domain::time::Instant;
use crate::quality::settings::{SettingsError, window};

/// What holds for an alarm beyond its state, by its class and priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LifeRules {
    latching: bool,
    longest_shelf_ms: Option<i64>,
}

impl LifeRules {
    /// No latching, and a shelf of a shift at most: eight hours.
    pub const STANDARD: Self = Self {
        latching: false,
        longest_shelf_ms: Some(8 * 3_600_000),
    };

    /// Whether the alarm latches, and for how long it may be shelved at most; `None` where alarms of its class (highly
    /// managed, 高度管理报警) must not be shelved at all. Refused where the time is not above 0.
    pub fn new(latching: bool, longest_shelf_ms: Option<i64>) -> Result<Self, SettingsError> {
        if let Some(longest) = longest_shelf_ms {
            window("longest-shelf", longest)?;
        }
        Ok(Self {
            latching,
            longest_shelf_ms,
        })
    }

    /// Whether it stays until it is reset.
    pub const fn latching(&self) -> bool {
        self.latching
    }

    /// How long it may be shelved at most.
    pub const fn longest_shelf_ms(&self) -> Option<i64> {
        self.longest_shelf_ms
    }
}

/// What an event has made of a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The next state.
    pub state: AlarmState,
    /// What is announced.
    pub annunciation: Annunciation,
}

/// How an alarm comes back into the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Back {
    /// By itself: what stands asks anew.
    ByItself,
    /// By an operator: as it was.
    ByHand { acknowledge: bool },
}

/// What an event makes of a state, or why it is refused.
pub fn after(state: &AlarmState, event: Event, rules: &LifeRules) -> Result<Step, Refusal> {
    match event {
        Event::Raise => raise(state),
        Event::Return => returns(state, rules),
        Event::Realarm => realarm(state),
        Event::Acknowledge => acknowledge(state),
        Event::Reset => reset(state),
        Event::Shelve {
            now,
            until,
            one_shot,
            reason,
        } => shelve(state, now, until, one_shot, &reason, rules),
        Event::Unshelve { acknowledge } => match state.shelf {
            Some(_) => Ok(back(off_shelf(state), Back::ByHand { acknowledge })),
            None => Err(Refusal::NotShelved),
        },
        Event::ShelfEnds { now } => match &state.shelf {
            Some(shelf) if now < shelf.until => Err(Refusal::ShelfNotOver { until: shelf.until }),
            Some(_) => Ok(back(off_shelf(state), Back::ByItself)),
            None => Err(Refusal::NotShelved),
        },
        Event::Suppress(reason) => suppress(state, reason),
        Event::Unsuppress(reason) => unsuppress(state, reason),
        Event::RemoveFromService { now, reason } => remove_from_service(state, now, &reason),
        Event::ReturnToService => match state.out_of_service {
            Some(_) => Ok(back(
                AlarmState {
                    out_of_service: None,
                    ..state.clone()
                },
                Back::ByItself,
            )),
            None => Err(Refusal::NotOutOfService),
        },
    }
}

fn step(state: &AlarmState, answered: Answered, annunciation: Annunciation) -> Step {
    Step {
        state: AlarmState {
            answered,
            ..state.clone()
        },
        annunciation,
    }
}

fn raise(state: &AlarmState) -> Result<Step, Refusal> {
    match state.answered {
        Answered::Unacknowledged | Answered::Acknowledged | Answered::Unannounced => Err(Refusal::AlreadyActive),
        Answered::Normal if state.is_hidden() => Ok(step(state, Answered::Unannounced, Annunciation::Nothing)),
        // What owes an answer or a reset from before goes on owing it, hidden or not.
        Answered::Normal
        | Answered::ReturnedUnacknowledged
        | Answered::LatchedUnacknowledged
        | Answered::LatchedAcknowledged => {
            let annunciation = if state.is_hidden() {
                Annunciation::Nothing
            } else {
                Annunciation::Alarm
            };
            Ok(step(state, Answered::Unacknowledged, annunciation))
        }
    }
}

fn returns(state: &AlarmState, rules: &LifeRules) -> Result<Step, Refusal> {
    // Of equipment that stands still, or an alarm under test, nothing is to be kept.
    let means_it = state.suppressions.is_empty() && state.out_of_service.is_none();
    let answered = match state.answered {
        Answered::Unacknowledged if rules.latching => Answered::LatchedUnacknowledged,
        Answered::Unacknowledged => Answered::ReturnedUnacknowledged,
        Answered::Acknowledged if rules.latching => Answered::LatchedAcknowledged,
        Answered::Unannounced if rules.latching && means_it => Answered::LatchedUnacknowledged,
        Answered::Acknowledged | Answered::Unannounced => Answered::Normal,
        Answered::Normal
        | Answered::ReturnedUnacknowledged
        | Answered::LatchedUnacknowledged
        | Answered::LatchedAcknowledged => return Err(Refusal::NotActive),
    };
    if state.shelf.as_ref().is_some_and(|shelf| shelf.one_shot) {
        let off = AlarmState {
            answered,
            ..off_shelf(state)
        };
        return Ok(back(off, Back::ByItself));
    }
    let annunciation = if answered.owes_acknowledgement() && !state.is_hidden() {
        Annunciation::Returned
    } else {
        Annunciation::Nothing
    };
    Ok(step(state, answered, annunciation))
}

fn realarm(state: &AlarmState) -> Result<Step, Refusal> {
    if state.is_hidden() {
        return Err(Refusal::Hidden(state.label()));
    }
    match state.answered {
        Answered::Acknowledged => Ok(step(state, Answered::Unacknowledged, Annunciation::Again)),
        _ => Err(Refusal::NothingToRepeat(state.label())),
    }
}

fn acknowledge(state: &AlarmState) -> Result<Step, Refusal> {
    if state.is_hidden() {
        return Err(Refusal::Hidden(state.label()));
    }
    match acknowledged(state.answered) {
        Some(answered) => Ok(step(state, answered, Annunciation::Nothing)),
        None => Err(Refusal::NothingToAcknowledge(state.label())),
    }
}

/// What an acknowledgement makes of it; none where there is nothing to acknowledge. To acknowledge an alarm that stands
/// does not make it go.
const fn acknowledged(answered: Answered) -> Option<Answered> {
    match answered {
        Answered::Unacknowledged | Answered::Unannounced => Some(Answered::Acknowledged),
        Answered::ReturnedUnacknowledged => Some(Answered::Normal),
        Answered::LatchedUnacknowledged => Some(Answered::LatchedAcknowledged),
        Answered::Normal | Answered::Acknowledged | Answered::LatchedAcknowledged => None,
    }
}

fn reset(state: &AlarmState) -> Result<Step, Refusal> {
    if state.is_hidden() {
        return Err(Refusal::Hidden(state.label()));
    }
    match state.answered {
        Answered::LatchedAcknowledged => Ok(step(state, Answered::Normal, Annunciation::Nothing)),
        Answered::LatchedUnacknowledged => Err(Refusal::ResetBeforeAcknowledged),
        Answered::Unacknowledged | Answered::Acknowledged | Answered::Unannounced => Err(Refusal::ResetWhileActive),
        Answered::Normal | Answered::ReturnedUnacknowledged => Err(Refusal::NothingToReset(state.label())),
    }
}

fn shelve(
    state: &AlarmState,
    now: Instant,
    until: Option<Instant>,
    one_shot: bool,
    reason: &str,
    rules: &LifeRules,
) -> Result<Step, Refusal> {
    let Some(longest_ms) = rules.longest_shelf_ms else {
        return Err(Refusal::NeverShelved);
    };
    if let Some(shelf) = &state.shelf {
        return Err(Refusal::AlreadyShelved { until: shelf.until });
    }
    let Some(until) = until else {
        return Err(Refusal::ShelfWithoutEnd { longest_ms });
    };
    if until <= now {
        return Err(Refusal::ShelfEndPast { until });
    }
    let given_ms = until.since(now);
    if given_ms > longest_ms {
        return Err(Refusal::ShelfTooLong { given_ms, longest_ms });
    }
    let shelf = Shelf {
        since: now,
        until,
        one_shot,
        reason: checked(reason)?,
    };
    Ok(Step {
        state: AlarmState {
            shelf: Some(shelf),
            ..state.clone()
        },
        annunciation: Annunciation::Nothing,
    })
}

fn suppress(state: &AlarmState, reason: Suppression) -> Result<Step, Refusal> {
    if state.suppressions.has(reason) {
        return Err(Refusal::AlreadySuppressed(reason));
    }
    Ok(Step {
        state: AlarmState {
            suppressions: state.suppressions.with(reason),
            ..state.clone()
        },
        annunciation: Annunciation::Nothing,
    })
}

fn unsuppress(state: &AlarmState, reason: Suppression) -> Result<Step, Refusal> {
    if !state.suppressions.has(reason) {
        return Err(Refusal::NotSuppressed(reason));
    }
    let less = AlarmState {
        suppressions: state.suppressions.without(reason),
        ..state.clone()
    };
    // One of several reasons has gone: it has not come back, whatever else hides it.
    Ok(back(less, Back::ByItself))
}

fn remove_from_service(state: &AlarmState, now: Instant, reason: &str) -> Result<Step, Refusal> {
    if let Some(out) = &state.out_of_service {
        return Err(Refusal::AlreadyOutOfService { since: out.since });
    }
    let out = OutOfService {
        since: now,
        reason: checked(reason)?,
    };
    Ok(Step {
        state: AlarmState {
            out_of_service: Some(out),
            ..state.clone()
        },
        annunciation: Annunciation::Nothing,
    })
}

fn off_shelf(state: &AlarmState) -> AlarmState {
    AlarmState {
        shelf: None,
        ..state.clone()
    }
}

/// A state from which something that hid it has been taken. Where more hides it, nothing else changes.
fn back(state: AlarmState, how: Back) -> Step {
    if state.is_hidden() {
        return Step {
            state,
            annunciation: Annunciation::Nothing,
        };
    }
    let answered = match (state.answered, how) {
        (answered, Back::ByHand { acknowledge: true }) => acknowledged(answered).unwrap_or(answered),
        (Answered::Unannounced, _) | (Answered::Acknowledged, Back::ByItself) => Answered::Unacknowledged,
        (answered, _) => answered,
    };
    let annunciation = match answered {
        // A latched one sounds as well: its event was never heard, or not by anybody who answered.
        Answered::Unacknowledged | Answered::Unannounced | Answered::LatchedUnacknowledged => Annunciation::Uncovered,
        Answered::ReturnedUnacknowledged => Annunciation::Returned,
        Answered::Normal | Answered::Acknowledged | Answered::LatchedAcknowledged => Annunciation::Nothing,
    };
    step(&state, answered, annunciation)
}

/// A reason, trimmed, or the refusal.
fn checked(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::NoReason);
    }
    if reason.chars().count() > LONGEST_NOTE {
        return Err(Refusal::ReasonTooLong { most: LONGEST_NOTE });
    }
    Ok(reason.to_owned())
}
