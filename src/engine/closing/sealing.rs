//! Closed months and seals (关账与封存): a difference that waits can be issued only as long as its month is not sealed, and
//! a month that was never closed, or that has nothing yet, is sealed without ever having been issued.

use serde::{Deserialize, Serialize};

use crate::domain::identity::BookId;
use crate::domain::model::SiteModel;
use crate::domain::text::Text;
use crate::domain::time::Month;
use crate::engine::command::Refusal;
use crate::engine::history::History;
use crate::engine::{Broken, Engine};

use super::{IssuedFigure, MonthClosed, refuse};

/// What is to be known of months before they are sealed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MonthsToSeal {
    /// Those that have figures and were never closed.
    #[serde(default)]
    pub never_closed: Vec<Month>,
    /// Those that have none and were never closed: what would bring them one is refused from the seal on.
    #[serde(default)]
    pub without_figures: Vec<Month>,
    /// The first month of which anything is known, where nothing was sealed before; the one after the seal where that is not
    /// sealed either.
    #[serde(default)]
    pub known_from: Option<Month>,
}

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

    /// What is to be known of the months up to one that are not sealed yet, before they are. Costs a look at the sums of each.
    pub fn months_to_seal(&self, history: &dyn History, through: Month) -> Result<MonthsToSeal, Broken> {
        let first = self.series.iter().flatten().filter_map(|series| series.row.first_hour);
        let first = first.min().map(|hour| self.zone.month_of(hour));
        let unsealed = self.sealed().map(|sealed| sealed.seal.through.next());
        // Whoever sealed before was told of the time before that.
        let end = through.next();
        let known_from = first.map_or(end, |first| first.min(end));
        let mut told = MonthsToSeal {
            known_from: unsealed.is_none().then_some(known_from),
            ..MonthsToSeal::default()
        };
        let mut month = unsealed.unwrap_or(known_from);
        while month <= through {
            if self.closings.first_of(history, month)?.is_none() {
                if self.has_figures(history, month)? {
                    told.never_closed.push(month);
                } else {
                    told.without_figures.push(month);
                }
            }
            month = month.next();
        }
        Ok(told)
    }

    /// Whether anything is known of a month.
    fn has_figures(&self, history: &dyn History, month: Month) -> Result<bool, Broken> {
        for book in self.models.all_books() {
            for (source, gas) in self.source_gases() {
                if self.month_sum(history, book, source, gas, month)?.is_known() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}
