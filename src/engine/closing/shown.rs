//! Months as they are shown: what was issued of each, and what it has now.

use crate::domain::identity::BookId;
use crate::domain::model::SiteModel;
use crate::domain::period::Period;
use crate::domain::text::{Text, clean};
use crate::domain::time::{Instant, Month};
use crate::engine::command::Refusal;
use crate::engine::explain::tonnes;
use crate::engine::history::History;
use crate::engine::view::{ClosedByView, ClosingView, Figure, MonthOfBook, MonthView, Target};
use crate::engine::{Broken, Engine};

use super::{ClosingRow, end_of};

impl Engine {
    /// A month: what it has, and what was issued of it.
    pub fn month_view(&self, history: &dyn History, now: Instant, month: Month) -> Result<MonthView, Refusal> {
        let model = self
            .model()
            .ok_or_else(|| Refusal::Request(Text::new("closing-no-model")))?;
        let closings = self.closings.all_of(history, month)?;
        let issued = closings.last().map(|last| last.closed.by_book());
        let hours = Period::Month(month).hours(&self.zone, model.day_start_minutes);
        // A book that was issued and is no more is told too; one that came later was not issued.
        let mut ids: Vec<BookId> = model.books.iter().map(|book| book.id).collect();
        let gone = issued.iter().flat_map(|issued| issued.keys());
        ids.extend(gone.filter(|book| !model.books.iter().any(|known| known.id == **book)));
        let mut books = Vec::new();
        for book in ids {
            let mut figure = Figure::default();
            for (source, gas) in self.source_gases() {
                let sum = self.month_sum(history, book, source, gas, month)?;
                let running = self.running(history, book, source, gas, now)?;
                figure.add(&self.figure_of(book, source, &sum, &running, hours, now));
            }
            let is_moved = match closings.last() {
                Some(last) => self.is_moved(history, &last.closed, book)?,
                None => false,
            };
            books.push(MonthOfBook {
                book,
                is_moved,
                key: self.key_of_book(book),
                issued: issued.as_ref().and_then(|issued| issued.get(&book).copied()),
                now: figure.milligrams,
                unknown_hours: figure.incomplete_hours + figure.failed_hours,
            });
        }
        Ok(MonthView {
            month,
            is_over: end_of(&self.zone, model, month) <= now,
            sealed_through: self
                .sealed()
                .map(|sealed| sealed.seal.through)
                .filter(|through| month <= *through),
            closings: closings.into_iter().map(|row| view(row, model)).collect(),
            books,
        })
    }

    /// What a book is called, or was while there was one.
    fn key_of_book(&self, book: BookId) -> String {
        let versions = self.models.versions();
        let keys = versions.filter_map(|version| version.model.books.iter().find(|known| known.id == book));
        keys.last().map_or_else(|| book.to_string(), |book| book.key.clone())
    }

    /// The months of a year that have begun, in order.
    pub fn months(&self, history: &dyn History, now: Instant, year: i32) -> Result<Vec<MonthView>, Refusal> {
        let last = self.month_at(now);
        let begun = Month::of_year(year).filter(|month| *month <= last);
        begun.map(|month| self.month_view(history, now, month)).collect()
    }

    /// What is to be said of a month's figure of a book that was issued.
    pub(in crate::engine) fn closing_remark(
        &self,
        history: &dyn History,
        model: &SiteModel,
        target: &Target,
    ) -> Result<Option<Text>, Broken> {
        let Target::Node { book, node, period } = target else {
            return Ok(None);
        };
        let Period::Month(month) = period else {
            return Ok(None);
        };
        let is_whole = model
            .books
            .iter()
            .any(|known| known.id == *book && known.boundary == *node);
        let Some(last) = self.closings.last_of(history, *month)?.filter(|_| is_whole) else {
            return Ok(None);
        };
        let Some(issued) = last.closed.by_book().get(book).copied() else {
            return Ok(None);
        };
        let now = self.book_month(history, *book, *month)?;
        let difference = now - issued;
        let text = match difference {
            0 => Text::new("explain-closed"),
            _ => Text::new("explain-closed-differs").with("difference", signed_tonnes(difference)),
        };
        Ok(Some(
            text.with("month", month)
                .with("record", last.record)
                .with("by", clean(last.by.name()))
                .with_instant("at", last.at)
                .with("issued", tonnes(issued)),
        ))
    }

    fn book_month(&self, history: &dyn History, book: BookId, month: Month) -> Result<i128, Broken> {
        let mut milligrams = 0;
        for (source, gas) in self.source_gases() {
            milligrams += self.month_sum(history, book, source, gas, month)?.co2e_mg;
        }
        Ok(milligrams)
    }
}

/// Tonnes with their sign.
fn signed_tonnes(milligrams: i128) -> String {
    let sign = if milligrams > 0 { "+" } else { "" };
    format!("{sign}{}", tonnes(milligrams))
}

/// Who closed it, and with which month.
pub(in crate::engine) fn closed_by(row: &ClosingRow, model: &SiteModel) -> ClosedByView {
    ClosedByView {
        month: row.closed.month,
        by: row.by.name().to_owned(),
        name: model.name_of(&row.by).cloned(),
        at: row.at,
        record: row.record,
    }
}

fn view(row: ClosingRow, model: &SiteModel) -> ClosingView {
    ClosingView {
        record: row.record,
        name: model.name_of(&row.by).cloned(),
        by: row.by.name().to_owned(),
        at: row.at,
        issued: row.closed.by_book().into_iter().collect(),
        failing: row.closed.failing,
        reason: row.closed.reason,
        digest: row.closed.digest,
    }
}
