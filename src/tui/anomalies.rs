//! The Anomalies pane as the terminal holds it (异常画面): which anomalies are listed and in which order, which are picked,
//! what was asked for, and what is known of the selected one besides.
//!
//! Anomalies are no alarms: nothing sounds, blinks or is acknowledged.

mod alike;
mod dispose;
mod listing;
mod neighbours;
mod past;
mod sheet;

use std::collections::BTreeSet;
use std::time::Duration;

use super::keymap::Context;
use super::model::Wanted as Answer;
use super::widgets::field::Field;
use crate::domain::identity::Sequence;
use crate::engine::anomalies::{AnomalyDeed, AnomalyHistory};
use crate::engine::course::Course;
use crate::engine::notes::NotesView;
use crate::engine::view::AnomalyView;
use crate::quality::anomaly::AnomalyId;

pub use self::alike::FLOOD;
pub use self::dispose::{Conclusion, Decision, DisposeSheet, Part, Preview};
pub use self::listing::{ByHand, Listing, Order, Saved, Sorted, Wanted, awaits_closing, awaits_decision, with_whom};
pub use self::neighbours::{COURSE_COLUMNS, around, neighbours};
pub use self::past::PastShown;
pub use self::sheet::{Work, WorkSheet};

/// How long after another anomaly came under the cursor by itself a key still means the one before.
const MEANT_FOR: Duration = Duration::from_millis(400);

/// Longest filter, in characters.
pub const LONGEST_FILTER: usize = 64;

/// Most filters that a person keeps.
pub const MOST_FILTERS: usize = 9;

/// What the daemon was asked to do.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Something with anomalies.
    Deed(AnomalyDeed),
    /// To withdraw the record of a decision.
    TakeBack(Sequence),
}

/// Something that the daemon was asked to do and has not answered yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Number of the request.
    pub request: u64,
    /// With which.
    pub anomalies: Vec<AnomalyId>,
    /// What.
    pub what: What,
}

/// How many anomalies there are, of the plant as it is now, whether or not the display is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// In the queue.
    pub open: usize,
    /// Of which nobody has said what they are.
    pub undecided: usize,
    /// That only have to be closed.
    pub to_close: usize,
    /// That whoever sits here has.
    pub mine: usize,
    /// Milligrams of `CO2e` at stake in all of them.
    pub stake_mg: i128,
}

impl Tally {
    /// Of anomalies, for somebody.
    pub fn of<'a>(anomalies: impl IntoIterator<Item = &'a AnomalyView>, me: Option<&str>) -> Self {
        let mut tally = Self::default();
        for anomaly in anomalies {
            tally.open += 1;
            tally.undecided += usize::from(awaits_decision(anomaly));
            tally.to_close += usize::from(awaits_closing(anomaly));
            tally.mine += usize::from(Saved::Mine.has(anomaly, me));
            tally.stake_mg += i128::from(anomaly.signs.stake_mg);
        }
        tally
    }
}

/// What is known of the selected anomaly besides what the queue tells of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Background {
    /// Which.
    pub anomaly: AnomalyId,
    /// Since when the cursor rests on it, on the terminal's own clock.
    pub since: Duration,
    /// What was done with it, and what was found likewise before; none where that was not asked for yet.
    pub history: Option<Answer<Box<AnomalyHistory>>>,
    /// What was noted around its time, likewise.
    pub notes: Option<Answer<NotesView>>,
    /// How its parameter and its neighbours went around it, likewise.
    pub courses: Option<Answer<Vec<Course>>>,
}

/// The state of the Anomalies pane.
#[derive(Debug, Clone)]
pub struct AnomaliesView {
    /// Whether keys go into the filter's text.
    pub filtering: bool,
    /// What an anomaly must contain.
    pub filter: Field,
    /// Filters that the person keeps, behind the other views.
    pub filters: Vec<String>,
    /// Which of them are looked at.
    pub saved: Saved,
    /// In which order.
    pub order: Order,
    /// Whether that is reversed.
    pub reversed: bool,
    /// Those that are listed; made anew when something of it changes, not for every frame.
    pub listing: Listing,
    /// Anomalies whose groups somebody folded, or unfolded: a group follows its members.
    pub by_hand: ByHand,
    /// The selected one. It stays selected when the order changes.
    pub selected: Option<AnomalyId>,
    /// Its row.
    pub cursor: usize,
    /// First row on the screen.
    pub top: usize,
    /// Those with which the next deed is done together.
    pub picked: BTreeSet<AnomalyId>,
    /// What the daemon was asked to do and has not answered yet.
    pub asked: Vec<Asked>,
    /// When another one came under the cursor by itself, on the terminal's own clock.
    pub slipped: Option<Duration>,
    /// How many there are.
    pub tally: Tally,
    /// What else is known of the selected one.
    pub background: Option<Background>,
}

impl Default for AnomaliesView {
    fn default() -> Self {
        Self {
            filtering: false,
            filter: Field::new(LONGEST_FILTER),
            filters: Vec::new(),
            saved: Saved::default(),
            order: Order::default(),
            reversed: false,
            listing: Listing::default(),
            by_hand: ByHand::default(),
            selected: None,
            cursor: 0,
            top: 0,
            picked: BTreeSet::new(),
            asked: Vec::new(),
            slipped: None,
            tally: Tally::default(),
            background: None,
        }
    }
}

impl AnomaliesView {
    /// Where a key goes.
    pub const fn context(&self) -> Context {
        if self.filtering {
            Context::Filter
        } else {
            Context::Anomalies
        }
    }

    /// The place of the kept filter that holds, where one does and nothing else.
    pub fn kept_filter(&self) -> Option<usize> {
        let text = self.filter.text().trim();
        let kept = self.filters.iter().position(|filter| filter == text);
        kept.filter(|_| self.saved == Saved::Open)
    }

    /// Goes on to the next view, kept filters behind the others.
    pub fn next_view(&mut self) {
        let next_kept = match self.kept_filter() {
            Some(place) => Some(place + 1),
            None if self.saved == Saved::Going && self.filter.is_empty() => Some(0),
            None => None,
        };
        match next_kept.map(|place| self.filters.get(place)) {
            Some(Some(filter)) => {
                self.filter.set(filter);
                self.saved = Saved::Open;
            }
            Some(None) => {
                self.filter.clear();
                self.saved = Saved::Open;
            }
            None => self.saved = self.saved.next(),
        }
    }

    /// The anomaly under the cursor.
    pub fn row(&self) -> Option<AnomalyId> {
        self.listing.rows.get(self.cursor).copied()
    }

    /// The rows that a screen with so many of them shows, with their places.
    pub fn on_screen(&self, height: usize) -> impl Iterator<Item = (usize, AnomalyId)> {
        let rows = self.listing.rows.iter().copied().enumerate();
        rows.skip(self.top).take(height)
    }

    /// What the row under the cursor stands for: an anomaly, or all of a folded group.
    pub fn selected_members(&self) -> Vec<AnomalyId> {
        let Some(selected) = self.selected else {
            return Vec::new();
        };
        self.listing
            .folded
            .get(&selected)
            .map_or_else(|| vec![selected], Clone::clone)
    }

    /// Whether a key that comes now was on its way to the anomaly that stood under the cursor before.
    pub fn has_slipped(&self, elapsed: Duration) -> bool {
        self.slipped.is_some_and(|at| elapsed.saturating_sub(at) < MEANT_FOR)
    }

    /// Whether the daemon has not answered yet what is done with an anomaly.
    pub fn is_asked(&self, anomaly: AnomalyId) -> bool {
        self.asked.iter().any(|asked| asked.anomalies.contains(&anomaly))
    }
}
