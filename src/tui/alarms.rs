//! The Alarms pane as the terminal holds it (报警画面): which alarms are listed, which are picked, and what was asked for.

mod listing;
mod sheet;

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::keymap::Context;
use super::widgets::field::Field;
use crate::engine::alarms::AlarmDeed;
use crate::engine::view::AlarmView;
use crate::quality::alarm::state::List;
use crate::quality::alarm::{AlarmId, Label, Priority};

pub use self::listing::{FirstOut, Listing, Part, Row, Wanted};
pub use self::sheet::{ReasonSheet, Why};

/// How long after the list moved by itself a key still means what stood there before: nobody sees and presses faster.
const MEANT_FOR: Duration = Duration::from_millis(400);

/// Longest filter, in characters.
const LONGEST_FILTER: usize = 64;

/// Something that the daemon was asked to do to alarms.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Number of the request.
    pub request: u64,
    /// To which.
    pub alarms: Vec<AlarmId>,
    /// What.
    pub deed: AlarmDeed,
}

/// What was on the screen before the daemon changed the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Before {
    /// When it changed, on the terminal's own clock.
    pub at: Duration,
    /// The alarms that could be seen until then.
    pub seen: BTreeSet<AlarmId>,
    /// The selected one.
    pub selected: Option<AlarmId>,
}

/// How many alarms there are, of the plant as it is now, whether or not the display is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// That somebody owes an answer for.
    pub unacknowledged: usize,
    /// Of these those that do not wait: critical or high.
    pub pressing: usize,
    /// Critical or high in the operator's list.
    pub first: usize,
    /// Medium or low in it.
    pub second: usize,
    /// On the shelf.
    pub shelved: usize,
    /// Suppressed by design.
    pub suppressed: usize,
    /// Out of service.
    pub out_of_service: usize,
}

impl Tally {
    /// Of alarms.
    pub fn of<'a>(alarms: impl IntoIterator<Item = &'a AlarmView>) -> Self {
        let mut tally = Self::default();
        for alarm in alarms {
            let label = alarm.state.label();
            match label.indication().list {
                List::None => {}
                List::Active => {
                    if is_urgent(alarm.priority) {
                        tally.first += 1;
                    } else {
                        tally.second += 1;
                    }
                    if is_owed(label) {
                        tally.unacknowledged += 1;
                        tally.pressing += usize::from(is_urgent(alarm.priority));
                    }
                }
                List::Shelved => tally.shelved += 1,
                List::Suppressed => tally.suppressed += 1,
                List::OutOfService => tally.out_of_service += 1,
            }
        }
        tally
    }

    /// How many stand in the operator's list.
    pub const fn active(&self) -> usize {
        self.first + self.second
    }

    /// How many are hidden from it.
    pub const fn hidden(&self) -> usize {
        self.shelved + self.suppressed + self.out_of_service
    }
}

/// Whether an alarm is of those for which one leaves what one is doing.
pub const fn is_urgent(priority: Priority) -> bool {
    matches!(priority, Priority::Critical | Priority::High)
}

/// Whether an acknowledgement is owed by somebody who sees the list.
pub const fn is_owed(label: Label) -> bool {
    matches!(
        label,
        Label::Unacknowledged | Label::ReturnedUnacknowledged | Label::LatchedUnacknowledged
    )
}

/// How alarms that do not wait are signalled, besides their marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Signals {
    /// Whether new ones make no sound.
    pub quiet: bool,
    /// Whether nothing blinks.
    pub steady: bool,
}

/// The terminal's bell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bell {
    /// Whether a sound is owed.
    pub owed: bool,
    /// When it sounded last, on the terminal's own clock.
    pub rang: Option<Duration>,
}

/// The state of the Alarms pane.
#[derive(Debug, Clone)]
pub struct AlarmsView {
    /// Whether keys go into the filter's text.
    pub filtering: bool,
    /// What an alarm must contain.
    pub filter: Field,
    /// Whether those are listed that are hidden from the operator's list.
    pub hidden: bool,
    /// What is listed; made anew when something of it changes, not for every frame.
    pub listing: Listing,
    /// The selected alarm. It stays selected when the order changes.
    pub selected: Option<AlarmId>,
    /// Its row.
    pub cursor: usize,
    /// First row on the screen.
    pub top: usize,
    /// Alarms to which the next deed is done together.
    pub picked: BTreeSet<AlarmId>,
    /// The first alarms of groups that are folded though groups are not, or the other way round.
    pub turned: BTreeSet<AlarmId>,
    /// Whether groups are folded: there is a flood.
    pub flooded: bool,
    /// What the daemon was asked to do and has not answered yet.
    pub asked: Vec<Asked>,
    /// What was on the screen before the daemon changed the list last.
    pub before: Option<Before>,
    /// How many there are.
    pub tally: Tally,
    /// How new ones are signalled.
    pub signals: Signals,
    /// The bell.
    pub bell: Bell,
}

impl Default for AlarmsView {
    fn default() -> Self {
        Self {
            filtering: false,
            filter: Field::new(LONGEST_FILTER),
            hidden: false,
            listing: Listing::default(),
            selected: None,
            cursor: 0,
            top: 0,
            picked: BTreeSet::new(),
            turned: BTreeSet::new(),
            flooded: false,
            asked: Vec::new(),
            before: None,
            tally: Tally::default(),
            signals: Signals::default(),
            bell: Bell::default(),
        }
    }
}

impl AlarmsView {
    /// Where a key goes.
    pub const fn context(&self) -> Context {
        if self.filtering {
            Context::Filter
        } else {
            Context::Alarms
        }
    }

    /// The row under the cursor.
    pub fn row(&self) -> Option<Row> {
        self.listing.rows.get(self.cursor).copied()
    }

    /// The rows that a screen with so many of them shows.
    pub fn on_screen(&self, height: usize) -> impl Iterator<Item = (usize, Row)> {
        let rows = self.listing.rows.iter().copied().enumerate();
        rows.skip(self.top).take(height)
    }

    /// Whether the group that begins with an alarm is folded.
    pub fn is_folded(&self, first: AlarmId) -> bool {
        self.flooded != self.turned.contains(&first)
    }

    /// What was on the screen when a key that comes now was on its way.
    pub fn meant(&self, elapsed: Duration) -> Option<&Before> {
        let before = self.before.as_ref();
        before.filter(|before| elapsed.saturating_sub(before.at) < MEANT_FOR)
    }

    /// Whether the daemon has not answered yet what is done to an alarm.
    pub fn is_asked(&self, alarm: AlarmId) -> bool {
        self.asked.iter().any(|asked| asked.alarms.contains(&alarm))
    }
}
