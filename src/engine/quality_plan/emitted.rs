//! What was emitted in a month, how much of it rests on measured and tested values, and what stands in for the rest.

use std::collections::BTreeMap;

use crate::domain::identity::SourceId;
use crate::domain::model::{Book, Name, SiteModel};
use crate::domain::time::{DayBlock, Hour};
use crate::engine::evaluate::Evaluator;
use crate::engine::history::History;
use crate::engine::{Broken, Engine};
use crate::management::evidence::{BookFacts, StandInFacts, StandsInFor};

impl Engine {
    /// What was emitted in every book.
    pub(super) fn book_facts(
        &self,
        history: &dyn History,
        model: &SiteModel,
        hours: (Hour, Hour),
    ) -> Result<Vec<BookFacts>, Broken> {
        let books = model.books.iter();
        books
            .map(|book| self.emitted_of_book(history, model, book, hours))
            .collect()
    }

    fn emitted_of_book(
        &self,
        history: &dyn History,
        model: &SiteModel,
        book: &Book,
        (from, to): (Hour, Hour),
    ) -> Result<BookFacts, Broken> {
        let mut facts = BookFacts {
            book: book.id,
            name: book.name.clone(),
            milligrams: 0,
            measured: 0,
            stand_ins: Vec::new(),
        };
        let mut hours_of: BTreeMap<(SourceId, StandsInFor), u32> = BTreeMap::new();
        for (source, gas) in self.source_gases() {
            let mut evaluator = Evaluator::new(self, history, book.id, source);
            for day in (from.day_block().0..=Hour(to.0 - 1).day_block().0).map(DayBlock) {
                let cells = self.cell_day(history, book.id, source, gas, day)?;
                for (hour, cell) in day.hours().zip(cells.hours) {
                    let Some(cell) = cell.filter(|_| (from..to).contains(&hour)) else {
                        continue;
                    };
                    // A cell only knows that something stands in, and not for what.
                    let stand_ins = if cell.marks.provisional {
                        evaluator.stand_ins(hour)?
                    } else {
                        Vec::new()
                    };
                    let is_untested = stand_ins.iter().any(|of| matches!(of, StandsInFor::Test(_)));
                    for of in stand_ins {
                        *hours_of.entry((source, of)).or_default() += 1;
                    }
                    let mass = i128::from(cell.co2e_mg).abs();
                    facts.milligrams += mass;
                    // An hour that nothing stands in for is measured, as far as it goes.
                    let stands_in = is_untested || cell.marks.substituted || cell.marks.failed;
                    facts.measured += if stands_in { 0 } else { mass };
                }
            }
        }
        let name_of = |id| {
            let known = model.sources.iter().find(|source| source.id == id);
            known.map_or_else(Name::default, |source| source.name.clone())
        };
        facts.stand_ins = hours_of
            .into_iter()
            .map(|((source, of), hours)| StandInFacts {
                source,
                name: name_of(source),
                of,
                hours,
            })
            .collect();
        Ok(facts)
    }
}
