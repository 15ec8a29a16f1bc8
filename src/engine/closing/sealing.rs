//! Closed months and seals (关账与封存): a difference that waits can be issued only as long as its month is not sealed, and
//! a month that was never closed is sealed without ever having been issued.

use crate::domain::identity::BookId;
use crate::domain::model::SiteModel;
use crate::domain::text::Text;
use crate::domain::time::Month;
use crate::engine::command::Refusal;
use crate::engine::history::History;
use crate::engine::{Broken, Engine};

use super::{IssuedFigure, MonthClosed, refuse};

/// Why a sealed month is not closed: it was never issued and cannot be any more, or what was issued of it stands.
pub fn sealed_text(month: Month, through: Month, is_closed: bool) -> Text {
    let id = if is_closed {
        "closing-sealed"
    } else {
        "closing-sealed-never"
    };
    Text::new(id).with("month", month).with("through", through)
}

impl Engine {
    /// Whether a book's sources have something else than what was issued of them; `false` of a book that was not.
    pub(super) fn is_moved(&self, history: &dyn History, closed: &MonthClosed, book: BookId) -> Result<bool, Broken> {
        if !closed.books.contains(&book) {
            return Ok(false);
        }
        let issued = closed.figures.iter().filter(|figure| figure.book == book);
        let issued: Vec<IssuedFigure> = issued.copied().collect();
        Ok(self.figures_of_book(history, book, closed.month)? != issued)
    }

    /// Refuses to seal a month up to one that changed since it was issued. Costs the sums of every closed month that is not
    /// sealed yet.
    pub(in crate::engine) fn check_issued(
        &self,
        history: &dyn History,
        model: &SiteModel,
        through: Month,
    ) -> Result<(), Refusal> {
        let mut from = self.sealed().map(|sealed| sealed.seal.through.next());
        while let Some(month) = self.closings.next_closed(history, from, through)? {
            from = Some(month.next());
            let Some(last) = self.closings.last_of(history, month)? else {
                continue;
            };
            // What of a book that is no more was issued cannot be issued again.
            for book in &model.books {
                if self.is_moved(history, &last.closed, book.id)? {
                    return Err(refuse(
                        Text::new("sealed-closed-differs")
                            .with("through", through)
                            .with("month", month)
                            .with("record", last.record),
                    ));
                }
            }
        }
        Ok(())
    }

    /// The months up to one, not sealed yet, that have figures and were never closed. Costs a look at the sums of each.
    pub fn never_closed(&self, history: &dyn History, through: Month) -> Result<Vec<Month>, Broken> {
        let first = self.series.iter().flatten().filter_map(|series| series.row.first_hour);
        let Some(first) = first.min().map(|hour| self.zone.month_of(hour)) else {
            return Ok(Vec::new());
        };
        let unsealed = self.sealed().map(|sealed| sealed.seal.through.next());
        let mut month = unsealed.map_or(first, |unsealed| unsealed.max(first));
        let mut never = Vec::new();
        while month <= through {
            if self.closings.first_of(history, month)?.is_none() && self.has_figures(history, month)? {
                never.push(month);
            }
            month = month.next();
        }
        Ok(never)
    }

    fn has_figures(&self, history: &dyn History, month: Month) -> Result<bool, Broken> {
        for book in self.models.all_books() {
            for (source, gas) in self.source_gases() {
                if !self.month_sum(history, book, source, gas, month)?.is_empty() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}
