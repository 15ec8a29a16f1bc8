//! The audit log as the terminal holds it: a window of the journal's records around where the reader is. However long the
//! journal is, no more than a window of it is held.

use std::collections::VecDeque;
use std::time::Duration;

use super::keymap::Context;
use super::widgets::field::Field;
use crate::domain::identity::Sequence;
use crate::domain::text::Text;
use crate::engine::event::RecordKind;
use crate::wire::records::{ChainView, KindFilter, RecordFilter, RecordPage, RecordView, TailFrom};

/// Most records that are held.
const MOST_HELD: usize = 1000;

/// How long after a newer record took its place the one before is still the one that is meant: nobody sees and presses
/// faster.
const MEANT_FOR: Duration = Duration::from_millis(400);

/// Longest filter, in characters.
const LONGEST_FILTER: usize = 64;

/// A page that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Number of the request.
    pub request: u64,
    /// From where.
    pub from: TailFrom,
    /// Whether it only tells more of what is held.
    pub again: bool,
}

/// What is missing of what is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Nothing.
    Nothing,
    /// What was before and what is after, of records that came as they were written.
    Changes,
    /// All: nothing is held, or what was looked for before.
    Everything,
}

/// The state of the audit log.
#[derive(Debug, Clone)]
pub struct LogView {
    /// Whether keys go into the filter's text.
    pub filtering: bool,
    /// What a record must contain.
    pub filter: Field,
    /// Which kinds are listed.
    pub kinds: KindFilter,
    /// The records that are held, newest first.
    pub records: VecDeque<RecordView>,
    /// The selected one.
    pub cursor: usize,
    /// First one on the screen.
    pub top: usize,
    /// Whether the newest stays selected as new ones come.
    pub following: bool,
    /// The record that was selected before newer ones took its place by themselves, and when, on the terminal's own clock.
    pub slipped: Option<(Sequence, Duration)>,
    /// The chain, once it is known.
    pub chain: Option<ChainView>,
    /// The newest record that was looked at.
    pub newest: Sequence,
    /// The oldest that was.
    pub oldest: Sequence,
    /// Records looked at on the way back since the last one that was found.
    pub in_vain: u64,
    /// Why the daemon does not tell.
    pub refused: Option<Text>,
    /// What was asked for.
    pub asked: Option<Asked>,
    /// When new ones were asked for last, on the terminal's own clock.
    pub asked_at: Duration,
    /// What is missing of what is held.
    pub missing: Missing,
    /// The record with which whoever is signed on left last: what came after it is marked.
    pub since: Option<Sequence>,
}

impl Default for LogView {
    fn default() -> Self {
        Self {
            filtering: false,
            filter: Field::new(LONGEST_FILTER),
            kinds: KindFilter::default(),
            records: VecDeque::new(),
            cursor: 0,
            top: 0,
            following: true,
            slipped: None,
            chain: None,
            newest: Sequence(0),
            oldest: Sequence(0),
            in_vain: 0,
            refused: None,
            asked: None,
            asked_at: Duration::ZERO,
            missing: Missing::Everything,
            since: None,
        }
    }
}

impl LogView {
    /// Where a key goes.
    pub const fn context(&self) -> Context {
        if self.filtering { Context::Filter } else { Context::Log }
    }

    /// What is looked for.
    pub fn wanted(&self) -> RecordFilter {
        RecordFilter {
            kinds: self.kinds.clone(),
            words: self.filter.text().to_owned(),
        }
    }

    /// The selected record.
    pub fn selected(&self) -> Option<&RecordView> {
        self.records.get(self.cursor)
    }

    /// The place of the record that somebody means who presses a key now: the selected one, or the one in whose place it came just
    /// before.
    pub fn meant(&self, elapsed: Duration) -> usize {
        self.slipped
            .filter(|(_, at)| elapsed.saturating_sub(*at) < MEANT_FOR)
            .and_then(|(sequence, _)| self.records.iter().position(|record| record.sequence == sequence))
            .unwrap_or(self.cursor)
    }

    /// That record is selected, and stays so.
    pub fn select_meant(&mut self, elapsed: Duration) {
        let meant = self.meant(elapsed);
        self.following &= meant == self.cursor;
        self.cursor = meant;
        self.slipped = None;
    }

    /// Something else is looked for: what is held stays on the screen until the daemon answers.
    pub fn look_again(&mut self) {
        self.missing = Missing::Everything;
        self.in_vain = 0;
        self.refused = None;
    }

    /// Goes to the next kind.
    pub fn next_kind(&mut self) {
        let place = match &self.kinds {
            KindFilter::All => {
                self.kinds = KindFilter::ByPeople;
                return self.look_again();
            }
            KindFilter::ByPeople => 0,
            KindFilter::Only(kind) => RecordKind::ALL
                .iter()
                .position(|known| known.name() == kind)
                .map_or(0, |place| place + 1),
        };
        self.kinds = RecordKind::ALL
            .get(place)
            .map_or(KindFilter::All, |kind| KindFilter::Only(kind.name().to_owned()));
        self.look_again();
    }

    /// Takes a page in. What is held moves so that the reader stays where they are.
    pub fn take(&mut self, asked: Asked, page: RecordPage, elapsed: Duration) {
        let head = page.chain.head;
        self.chain = Some(page.chain);
        self.refused = None;
        if asked.again {
            for record in page.records {
                let held = self.records.iter_mut().find(|held| held.sequence == record.sequence);
                if let Some(held) = held {
                    *held = record;
                }
            }
            self.missing = Missing::Nothing;
            return;
        }
        let count = page.records.len();
        match asked.from {
            TailFrom::Newest => {
                self.records = page.records.into_iter().rev().collect();
                self.newest = head;
                self.oldest = page.reached;
                self.cursor = 0;
                self.top = 0;
                self.following = true;
                self.in_vain = if count == 0 {
                    head.0.saturating_sub(page.reached.0)
                } else {
                    0
                };
            }
            TailFrom::Before(before) => {
                self.records.extend(page.records.into_iter().rev());
                let looked_at = before.0.saturating_sub(page.reached.0);
                self.in_vain = if count == 0 { self.in_vain + looked_at } else { 0 };
                self.oldest = page.reached;
                while self.records.len() > MOST_HELD {
                    self.records.pop_front();
                    self.cursor = self.cursor.saturating_sub(1);
                    self.top = self.top.saturating_sub(1);
                    self.following = false;
                    self.newest = self.records.front().map_or(self.newest, |record| record.sequence);
                }
            }
            TailFrom::After(_) => {
                let still_meant = self.meant(elapsed) != self.cursor;
                if self.following && count > 0 && !still_meant {
                    self.slipped = self.selected().map(|record| (record.sequence, elapsed));
                }
                for record in page.records {
                    self.records.push_front(record);
                }
                self.newest = page.reached;
                if count > 0 {
                    self.missing = Missing::Changes;
                }
                if !self.following {
                    self.cursor += count;
                    self.top += count;
                }
                while self.records.len() > MOST_HELD {
                    self.records.pop_back();
                    self.oldest = self.records.back().map_or(self.oldest, |record| record.sequence);
                }
                let last = self.records.len().saturating_sub(1);
                self.cursor = self.cursor.min(last);
            }
        }
    }

    /// How many records were written after the newest that was looked at.
    pub fn unseen(&self, head: Sequence) -> u64 {
        head.0.saturating_sub(self.newest.0)
    }
}
