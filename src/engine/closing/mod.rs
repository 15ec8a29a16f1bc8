//! Closed months (月度关账): the figures of a month are issued, and stand as they were issued for ever.
//!
//! Cells stay the working value: what comes for a closed month counts, is never refused, and is seen beside what was issued
//! as a difference that waits. Somebody else than who issued last issues the month again, with a reason. Until its month
//! is closed, what comes to a signed handover is marked as after signing; then as after closing.
//!
//! To close a month costs its sums and what its evidence costs; to show one, its sums.

mod rows;
mod sealing;
mod shown;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::accounting::cell::CellSum;
use crate::domain::actor::Actor;
use crate::domain::identity::{BookId, Sequence, SourceId};
use crate::domain::model::{Gas, SiteModel};
use crate::domain::period::Period;
use crate::domain::text::{Text, clean};
use crate::domain::time::{Instant, Month, PlantZone};
use crate::management::evidence::{Rule, Verdict};

use super::command::{Refusal, kept_remark};
use super::event::Event;
use super::history::History;
use super::view::MonthView;
use super::{Broken, Engine};

pub(super) use rows::{ClosingRow, Closings, as_written_now, row_of};
pub use sealing::{MonthsToSeal, sealed_text};
pub(super) use shown::closed_by;

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 400;

/// Somebody closes a month, or issues a closed one again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseMonth {
    /// Which.
    pub month: Month,
    /// Why it is issued again, or closed although a rule of its evidence fails.
    pub reason: Option<String>,
    /// The record that issued it last, as whoever closes has seen it; none where it was open.
    pub seen: Option<Sequence>,
    /// What they have seen that every book emitted in it, in milligrams of `CO2e`: that is what is issued, or nothing.
    pub shown: BTreeMap<BookId, i128>,
}

impl CloseMonth {
    /// The closing of a month by who has seen it so.
    pub fn of(seen: &MonthView, reason: Option<String>) -> Self {
        Self {
            month: seen.month,
            reason,
            seen: seen.last().map(|last| last.record),
            shown: seen.books.iter().map(|book| (book.book, book.now)).collect(),
        }
    }
}

/// What a source emitted of a gas in the month, in a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedFigure {
    /// The book.
    pub book: BookId,
    /// The source.
    pub source: SourceId,
    /// The gas.
    pub gas: Gas,
    /// The sum of its cells.
    pub sum: CellSum,
}

/// What was issued of a month (关账快照).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthClosed {
    /// Which.
    pub month: Month,
    /// The record that issued it before.
    pub before: Option<Sequence>,
    /// The last record that the figures know.
    pub applied: Sequence,
    /// The books that there were.
    pub books: Vec<BookId>,
    /// The figures of all sources that have some, in the order of book, source and gas.
    pub figures: Vec<IssuedFigure>,
    /// The rules that the month's evidence failed.
    pub failing: Vec<Rule>,
    /// Why it was issued again, or although rules fail.
    pub reason: Option<String>,
    /// BLAKE3 digest of the month, the record and the figures, in hex: what a report can name.
    pub digest: String,
}

impl MonthClosed {
    /// Milligrams of `CO2e` by book, as they were issued, of all books that there were.
    pub fn by_book(&self) -> BTreeMap<BookId, i128> {
        let mut sums: BTreeMap<BookId, i128> = self.books.iter().map(|book| (*book, 0)).collect();
        sums.extend(by_book(&self.figures));
        sums
    }

    /// The digest of what is issued.
    pub(super) fn digest_of(month: Month, applied: Sequence, figures: &[IssuedFigure]) -> Result<String, Broken> {
        let bytes = rmp_serde::to_vec_named(&(month, applied, figures));
        let bytes = bytes.map_err(|error| Broken::Record(error.to_string()))?;
        Ok(blake3::hash(&bytes).to_hex().to_string())
    }

    /// Whether what was issued is what its digest says.
    pub(super) fn is_whole(&self) -> bool {
        Self::digest_of(self.month, self.applied, &self.figures).is_ok_and(|digest| digest == self.digest)
    }
}

fn refuse(text: Text) -> Refusal {
    Refusal::Request(text)
}

/// When a month is over.
fn end_of(zone: &PlantZone, model: &SiteModel, month: Month) -> Instant {
    zone.hour_start(Period::Month(month).hours(zone, model.day_start_minutes).1)
}

impl Engine {
    /// What the month has now.
    fn figures_of(&self, history: &dyn History, model: &SiteModel, month: Month) -> Result<Vec<IssuedFigure>, Broken> {
        let mut books: Vec<BookId> = model.books.iter().map(|book| book.id).collect();
        books.sort_unstable();
        let mut figures = Vec::new();
        for book in books {
            figures.extend(self.figures_of_book(history, book, month)?);
        }
        Ok(figures)
    }

    /// What the month has now in a book, in the order of source and gas.
    fn figures_of_book(&self, history: &dyn History, book: BookId, month: Month) -> Result<Vec<IssuedFigure>, Broken> {
        let mut figures = Vec::new();
        for (source, gas) in self.source_gases() {
            let sum = self.month_sum(history, book, source, gas, month)?;
            if !sum.is_empty() {
                figures.push(IssuedFigure { book, source, gas, sum });
            }
        }
        figures.sort_by_key(|figure| (figure.source, figure.gas));
        Ok(figures)
    }

    /// What closing a month must be: of one that is over, by somebody else than who issued it last, and with a reason where
    /// it is issued again or its evidence fails.
    pub(super) fn plan_closing(&self, history: &dyn History, asked: CloseMonth, by: &Actor) -> Result<Event, Refusal> {
        let month = asked.month;
        let model = self.model().ok_or_else(|| refuse(Text::new("closing-no-model")))?;
        let end = end_of(&self.zone, model, month);
        if end > self.now {
            return Err(refuse(
                Text::new("closing-not-over")
                    .with("month", month)
                    .with_instant("end", end),
            ));
        }
        let last = self.closings.last_of(history, month)?;
        if let Some(sealed) = self.sealed().filter(|sealed| month <= sealed.seal.through) {
            return Err(refuse(sealed_text(month, sealed.seal.through, last.is_some())));
        }
        if last.as_ref().map(|last| last.record) != asked.seen {
            let text = Text::new("closing-meanwhile").with("month", month);
            return Err(refuse(match &last {
                Some(last) => text.with("by", clean(last.by.name())).with_instant("at", last.at),
                None => Text::new("closing-is-open").with("month", month),
            }));
        }
        let figures = self.figures_of(history, model, month)?;
        // What was issued of a month that has nothing any more is issued again as nothing.
        if figures.is_empty() && last.is_none() {
            return Err(refuse(Text::new("closing-nothing").with("month", month)));
        }
        if let Some(last) = &last {
            if last.closed.figures == figures {
                return Err(refuse(
                    Text::new("closing-unchanged")
                        .with("month", month)
                        .with("record", last.record),
                ));
            }
            if last.by.is_same_person(by) {
                let text = Text::new("closing-same-person").with("month", month);
                return Err(refuse(text.with("by", clean(by.name()))));
            }
        }
        // A figure that moved meanwhile is looked at again.
        let now = by_book(&figures);
        let shown = asked.shown.iter().filter(|(_, milligrams)| **milligrams != 0);
        if !now.iter().filter(|(_, milligrams)| **milligrams != 0).eq(shown) {
            return Err(refuse(Text::new("closing-figures-moved").with("month", month)));
        }
        let evidence = self.evidence_of(history, self.now, month)?.1;
        let failing: Vec<Rule> = evidence
            .iter()
            .filter(|evidence| evidence.verdict == Verdict::Fail)
            .map(|evidence| evidence.rule)
            .collect();
        let reason = kept_remark(asked.reason, LONGEST_REASON, "closing-reason-too-long")?;
        if reason.is_none() && last.is_some() {
            return Err(refuse(Text::new("closing-again-needs-reason").with("month", month)));
        }
        if reason.is_none() && !failing.is_empty() {
            let codes: Vec<&str> = failing.iter().map(|rule| rule.code()).collect();
            return Err(refuse(
                Text::new("closing-needs-reason")
                    .with("month", month)
                    .with("rules", codes.join(", ")),
            ));
        }
        let applied = Sequence(self.next.0.saturating_sub(1));
        Ok(Event::MonthClosed(Box::new(MonthClosed {
            month,
            before: last.map(|last| last.record),
            applied,
            books: model.books.iter().map(|book| book.id).collect(),
            digest: MonthClosed::digest_of(month, applied, &figures)?,
            figures,
            failing,
            reason,
        })))
    }

    /// Takes in what was issued.
    pub(super) fn put_closing(&mut self, record: Sequence, closed: &MonthClosed, by: &Actor) -> Result<(), Broken> {
        let row = ClosingRow::new(closed, by, self.now, record);
        self.closings.put(&row)
    }

    /// The closing with which a stretch of time came to lie in closed months only; `None` while one of them is open.
    pub(super) fn closed_with(
        &self,
        history: &dyn History,
        (from, to): (Instant, Instant),
    ) -> Result<Option<ClosingRow>, Broken> {
        let last = self.month_at(to.plus(-1).max(from));
        let mut month = self.month_at(from);
        let mut with: Option<ClosingRow> = None;
        while month <= last {
            let Some(first) = self.closings.first_of(history, month)? else {
                return Ok(None);
            };
            with = with.filter(|with| with.record > first.record).or(Some(first));
            month = month.next();
        }
        Ok(with)
    }
}

/// Milligrams of `CO2e` by book.
fn by_book(figures: &[IssuedFigure]) -> BTreeMap<BookId, i128> {
    let mut sums = BTreeMap::new();
    for figure in figures {
        *sums.entry(figure.book).or_insert(0) += figure.sum.co2e_mg;
    }
    sums
}
