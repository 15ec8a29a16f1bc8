//! What is sealed, opened (封存值): the figure as it stands, and what it would come to by what is known now.
//!
//! Sealed cells are read and never computed again, so that an explanation says what the ledger says. A test that came
//! after the seal for the rest of its year, or newer rules, may make something else of the same hours: that is said in words
//! beside the figure, and is no part of it.

use std::collections::BTreeSet;

use crate::accounting::cell::{Cell, CellSum};
use crate::domain::identity::{BookId, SourceId};
use crate::domain::text::Text;
use crate::domain::time::{DayBlock, Hour};
use crate::engine::evaluate::Evaluator;
use crate::engine::history::History;
use crate::engine::view::Target;
use crate::engine::{Broken, Engine};

use super::numbers::{quantity_in_unit, quantity_unit, shown};
use super::tonnes;

/// What a cell says, apart from its marks; `None` where it could not be computed.
fn mass(cell: &Cell) -> Option<(i64, i64)> {
    (!cell.marks.failed).then_some((cell.gas_mg, cell.co2e_mg))
}

/// Whether two cells of an hour say the same.
fn says_the_same(one: Option<&Cell>, other: Option<&Cell>) -> bool {
    one.map(mass) == other.map(mass)
}

/// What is to be said of a sealed cell that would be another by what is known now, with the numbers of that one where
/// there are any; nothing where it would be the same.
pub(super) fn other_today((sealed, today): (Option<&Cell>, Option<&Cell>), numbers: Option<&str>) -> Option<Text> {
    if says_the_same(sealed, today) {
        return None;
    }
    let value = today.and_then(mass).map(|(_, co2e_mg)| tonnes(i128::from(co2e_mg)));
    Some(match (value, numbers) {
        (Some(value), Some(numbers)) => Text::new("explain-sealed-today-numbers")
            .with("value", value)
            .with("numbers", numbers),
        (Some(value), None) => Text::new("explain-sealed-today").with("value", value),
        (None, _) => Text::new("explain-sealed-today-none"),
    })
}

impl Engine {
    /// The cell of an hour as the ledger has it, of whichever gas: there is one of at most one.
    pub(super) fn cell_of_hour(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        hour: Hour,
    ) -> Result<Option<Cell>, Broken> {
        for gas in self.gases_of(source) {
            let day = self.cell_day(history, book, source, gas, hour.day_block())?;
            if let Some(cell) = day.hours.get(hour.place_in_block()).copied().flatten() {
                return Ok(Some(cell));
            }
        }
        Ok(None)
    }

    /// What is to be said of a source's sealed hours in a stretch that would add up to something else by what is known now;
    /// nothing where it would be the same. Costs every cell that is sealed there.
    pub(super) fn other_sum_today(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        (from, to): (Hour, Hour),
    ) -> Result<Option<Text>, Broken> {
        let mut days: BTreeSet<DayBlock> = BTreeSet::new();
        let mut sealed = CellSum::default();
        for gas in self.gases_of(source) {
            days.extend(self.cell_days(history, book, source, gas, from.day_block())?);
            sealed.add(&self.stretch_sum(history, book, source, gas, (from, to))?);
        }
        let mut evaluator = Evaluator::new(self, history, book, source);
        let mut today = CellSum::default();
        let hours = days.into_iter().flat_map(DayBlock::hours);
        for hour in hours.filter(|&hour| hour >= from && hour < to) {
            if let Some(cell) = evaluator.cell(hour)?.cell {
                today.put(&cell);
            }
        }
        Ok(if today.failed > sealed.failed {
            Some(Text::new("explain-sealed-today-none"))
        } else if today.co2e_mg == sealed.co2e_mg {
            None
        } else {
            Some(Text::new("explain-sealed-today").with("value", tonnes(today.co2e_mg)))
        })
    }

    /// What the record in hand would change of sealed hours, and does not: a counter's difference may reach back over a seal.
    pub(in crate::engine) fn left_of_sealed(&self) -> Vec<Text> {
        let left = self.left_sealed.iter().filter(|&(_, &quantity)| quantity != 0);
        let told = left.filter_map(|(&parameter, &quantity)| {
            let described = self.models.newest()?.parameter(parameter)?;
            Some(
                self.sealed_text("sealed-share-left")
                    .with("tag", &described.tag)
                    .with("value", shown(quantity_in_unit(described, quantity)))
                    .with("unit", quantity_unit(described)),
            )
        });
        told.collect()
    }

    /// The hours of a stretch that are sealed, and those that are not.
    pub(super) fn by_seal(&self, (from, to): (Hour, Hour)) -> ((Hour, Hour), (Hour, Hour)) {
        let turn = self.unsealed_from().map_or(from, |open| open.clamp(from, to.max(from)));
        ((from, turn), (turn, to))
    }

    /// What is to be said of a figure of sealed hours. A reading stays what it is: seals hold figures. The inputs of a cell
    /// are told as they are known now, on which a sealed one need not rest.
    pub(super) fn seal_remark(
        &self,
        history: &dyn History,
        target: &Target,
        (from, to): (Hour, Hour),
    ) -> Result<Option<Text>, Broken> {
        let ((_, turn), _) = self.by_seal((from, to));
        if turn <= from {
            return Ok(None);
        }
        let id = match *target {
            Target::Reading { .. } => return Ok(None),
            Target::Input { book, source, hour, .. } => {
                let sealed = self.cell_of_hour(history, book, source, hour)?;
                let today = Evaluator::new(self, history, book, source).cell(hour)?.cell;
                if says_the_same(sealed.as_ref(), today.as_ref()) {
                    "explain-sealed"
                } else {
                    "explain-sealed-input"
                }
            }
            _ if turn < to => "explain-sealed-partly",
            _ => "explain-sealed",
        };
        Ok(Some(self.sealed_text(id)))
    }
}
