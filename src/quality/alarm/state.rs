//! In which state an alarm is (报警状态), and what of it is heard and seen.
//!
//! ANSI/ISA-18.2-2016, clause 5, has one state of seven for each alarm. Underneath lie things that are independent of each
//! other (as OPC 10000-9 keeps them, 5.8.2): what the process does and whether somebody has answered for it
//! ([`Answered`]), and for what reasons the alarm is hidden from the operator's list: on the shelf, suppressed by design,
//! out of service; several at once, where it comes so. [`AlarmState`] keeps them all, so that an alarm that comes off a
//! shelf while its equipment stands still stays hidden, and one that is hidden goes on following the process. The standard's
//! one state is [`AlarmState::label`].

use serde::{Deserialize, Serialize};

use crate::domain::text::{Explained, Text};
use crate::domain::time::Instant;

/// What the process does, and whether somebody has answered for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answered {
    /// Not in alarm, nothing to answer for (正常).
    #[default]
    Normal,
    /// In alarm, not acknowledged (未确认).
    Unacknowledged,
    /// In alarm, acknowledged (已确认).
    Acknowledged,
    /// No longer in alarm, but nobody has acknowledged that it was (恢复未确认).
    ReturnedUnacknowledged,
    /// A latching alarm (报警锁定) that is no longer in alarm and not acknowledged.
    LatchedUnacknowledged,
    /// A latching alarm that is no longer in alarm, acknowledged, and waits for its reset (复位).
    LatchedAcknowledged,
    /// In alarm since while it was hidden: never announced to anybody. Only hidden alarms are so.
    Unannounced,
}

impl Answered {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Normal,
        Self::Unacknowledged,
        Self::Acknowledged,
        Self::ReturnedUnacknowledged,
        Self::LatchedUnacknowledged,
        Self::LatchedAcknowledged,
        Self::Unannounced,
    ];

    /// Whether the process is in alarm.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Unacknowledged | Self::Acknowledged | Self::Unannounced)
    }

    /// Whether an acknowledgement is owed.
    pub const fn owes_acknowledgement(self) -> bool {
        matches!(
            self,
            Self::Unacknowledged | Self::ReturnedUnacknowledged | Self::LatchedUnacknowledged | Self::Unannounced
        )
    }
}

/// An alarm on the shelf (搁置): hidden by an operator, for a time that ends by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shelf {
    /// Since when.
    pub since: Instant,
    /// Until when at most.
    pub until: Instant,
    /// Whether it also ends when the alarm returns to normal (OPC 10000-9, 5.8.17: one-shot shelving).
    pub one_shot: bool,
    /// Why.
    pub reason: String,
}

/// Why the design suppresses an alarm (设计抑制).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Suppression {
    /// The equipment is stopped (设备停运), so that low flows and silence are what is expected.
    EquipmentStopped = 1,
    /// A severer alarm of the same parameter stands ([`Kind::milder`](super::identity::Kind::milder)).
    Severer = 1 << 1,
    /// It follows from another that stands: a meter without data behind a connection that is down.
    Consequence = 1 << 2,
}

impl Suppression {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::EquipmentStopped, Self::Severer, Self::Consequence];
}

impl Explained for Suppression {
    fn text(&self) -> Text {
        match self {
            Self::EquipmentStopped => Text::new("alarm-suppressed-stopped"),
            Self::Severer => Text::new("alarm-suppressed-severer"),
            Self::Consequence => Text::new("alarm-suppressed-consequence"),
        }
    }
}

/// The reasons for which the design suppresses an alarm: it is shown again when the last of them has gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "u8", into = "u8")]
pub struct Suppressions(u8);

impl From<u8> for Suppressions {
    /// A reason that this program does not know could never go: it would hide the alarm for ever, so it is left away.
    fn from(code: u8) -> Self {
        let known = Suppression::ALL.into_iter().filter(|&one| code & one as u8 != 0);
        known.fold(Self::NONE, Self::with)
    }
}

impl From<Suppressions> for u8 {
    fn from(suppressions: Suppressions) -> Self {
        suppressions.0
    }
}

impl Suppressions {
    /// None.
    pub const NONE: Self = Self(0);

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this is one of them.
    pub const fn has(self, one: Suppression) -> bool {
        self.0 & one as u8 != 0
    }

    /// With another.
    #[must_use]
    pub const fn with(self, one: Suppression) -> Self {
        Self(self.0 | one as u8)
    }

    /// Without it.
    #[must_use]
    pub const fn without(self, one: Suppression) -> Self {
        Self(self.0 & !(one as u8))
    }

    /// Those that there are.
    pub fn iter(self) -> impl Iterator<Item = Suppression> {
        Suppression::ALL.into_iter().filter(move |&one| self.has(one))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
const fn none_suppresses(suppressions: &Suppressions) -> bool {
    suppressions.is_empty()
}

/// An alarm out of service (停用): taken away for maintenance or by management of change. Nothing brings it back by itself,
/// so it is listed with its age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutOfService {
    /// Since when.
    pub since: Instant,
    /// Why: a work permit, a change that was approved.
    pub reason: String,
}

/// The state of an alarm, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AlarmState {
    /// Process and acknowledgement.
    pub answered: Answered,
    /// The shelf on which it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shelf: Option<Shelf>,
    /// By what the design suppresses it.
    #[serde(default, skip_serializing_if = "none_suppresses")]
    pub suppressions: Suppressions,
    /// That it is out of service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_of_service: Option<OutOfService>,
}

/// The standard's one state (ANSI/ISA-18.2-2016, clause 5: A to G), with the two of latching alarms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Label {
    /// A: normal (正常).
    Normal,
    /// B: in alarm, unacknowledged (未确认报警).
    Unacknowledged,
    /// C: in alarm, acknowledged (已确认报警).
    Acknowledged,
    /// D: returned to normal, unacknowledged (恢复正常未确认).
    ReturnedUnacknowledged,
    /// Latched, unacknowledged (锁定未确认).
    LatchedUnacknowledged,
    /// Latched, acknowledged (锁定已确认).
    LatchedAcknowledged,
    /// E: shelved (搁置).
    Shelved,
    /// F: suppressed by design (设计抑制).
    Suppressed,
    /// G: out of service (停用).
    OutOfService,
}

impl Label {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Normal,
        Self::Unacknowledged,
        Self::Acknowledged,
        Self::ReturnedUnacknowledged,
        Self::LatchedUnacknowledged,
        Self::LatchedAcknowledged,
        Self::Shelved,
        Self::Suppressed,
        Self::OutOfService,
    ];

    /// Whether the alarm is hidden from the operator's list, and stands in a list of its own.
    pub const fn is_hidden(self) -> bool {
        matches!(self, Self::Shelved | Self::Suppressed | Self::OutOfService)
    }

    /// What an operator hears and sees of an alarm in this state.
    pub const fn indication(self) -> Indication {
        let (audible, mark, list) = match self {
            Self::Normal => (false, Mark::None, List::None),
            Self::Unacknowledged | Self::LatchedUnacknowledged => (true, Mark::Blinking, List::Active),
            // It has gone by itself: somebody is to see that it was, but nothing is to be done any more.
            Self::ReturnedUnacknowledged => (false, Mark::Blinking, List::Active),
            Self::Acknowledged | Self::LatchedAcknowledged => (false, Mark::Steady, List::Active),
            Self::Shelved => (false, Mark::None, List::Shelved),
            Self::Suppressed => (false, Mark::None, List::Suppressed),
            Self::OutOfService => (false, Mark::None, List::OutOfService),
        };
        Indication { audible, mark, list }
    }
}

impl Explained for Label {
    fn text(&self) -> Text {
        match self {
            Self::Normal => Text::new("alarm-state-normal"),
            Self::Unacknowledged => Text::new("alarm-state-unacknowledged"),
            Self::Acknowledged => Text::new("alarm-state-acknowledged"),
            Self::ReturnedUnacknowledged => Text::new("alarm-state-returned-unacknowledged"),
            Self::LatchedUnacknowledged => Text::new("alarm-state-latched-unacknowledged"),
            Self::LatchedAcknowledged => Text::new("alarm-state-latched-acknowledged"),
            Self::Shelved => Text::new("alarm-state-shelved"),
            Self::Suppressed => Text::new("alarm-state-suppressed"),
            Self::OutOfService => Text::new("alarm-state-out-of-service"),
        }
    }
}

/// How an alarm is marked on a screen; with shape and letter beside it, never by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Not at all.
    None,
    /// Blinking: it waits for somebody.
    Blinking,
    /// Steady: somebody has it.
    Steady,
}

/// In which list an alarm stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// In none.
    None,
    /// Among those that the operator works on.
    Active,
    /// Among the shelved, by the time left.
    Shelved,
    /// Among those suppressed by design.
    Suppressed,
    /// Among those out of service.
    OutOfService,
}

/// What an operator hears and sees of an alarm (报警指示).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Indication {
    /// Whether it sounds until it is silenced or acknowledged.
    pub audible: bool,
    /// How it is marked.
    pub mark: Mark,
    /// Where it is listed.
    pub list: List,
}

/// What an event announces to the operator (报警通告).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Annunciation {
    /// Nothing that asks for anything.
    Nothing,
    /// A new alarm: sound and blinking.
    Alarm,
    /// An alarm that was acknowledged, once more, since it still stands or has become severer (再报警).
    Again,
    /// An alarm that was hidden and comes into the list unacknowledged: sound and blinking.
    Uncovered,
    /// It has returned to normal, or come into the list returned, and somebody has still to acknowledge it: no new sound.
    Returned,
}

impl Annunciation {
    /// Whether it counts as an alarm that was annunciated: what sounds and asks for an action does (ANSI/ISA-18.2-2016,
    /// clause 16).
    pub const fn counts(self) -> bool {
        matches!(self, Self::Alarm | Self::Again | Self::Uncovered)
    }
}

impl AlarmState {
    /// Not in alarm, not hidden.
    pub const NORMAL: Self = Self {
        answered: Answered::Normal,
        shelf: None,
        suppressions: Suppressions::NONE,
        out_of_service: None,
    };

    /// Whether something hides it from the operator's list.
    pub const fn is_hidden(&self) -> bool {
        self.shelf.is_some() || !self.suppressions.is_empty() || self.out_of_service.is_some()
    }

    /// Whether the process is in alarm, hidden or not.
    pub const fn is_active(&self) -> bool {
        self.answered.is_active()
    }

    /// The standard's one state. Of several reasons to hide it the one that lasts longest by nature counts: out of service
    /// before suppressed by design before shelved.
    pub const fn label(&self) -> Label {
        if self.out_of_service.is_some() {
            return Label::OutOfService;
        }
        if !self.suppressions.is_empty() {
            return Label::Suppressed;
        }
        if self.shelf.is_some() {
            return Label::Shelved;
        }
        match self.answered {
            Answered::Normal => Label::Normal,
            // Nothing that is not hidden is unannounced; were it so, it would be owed an answer.
            Answered::Unacknowledged | Answered::Unannounced => Label::Unacknowledged,
            Answered::Acknowledged => Label::Acknowledged,
            Answered::ReturnedUnacknowledged => Label::ReturnedUnacknowledged,
            Answered::LatchedUnacknowledged => Label::LatchedUnacknowledged,
            Answered::LatchedAcknowledged => Label::LatchedAcknowledged,
        }
    }

    /// When the shelf ends, where it is on one: when to bring [`Event::ShelfEnds`](super::event::Event::ShelfEnds).
    pub fn shelf_ends(&self) -> Option<Instant> {
        self.shelf.as_ref().map(|shelf| shelf.until)
    }
}
