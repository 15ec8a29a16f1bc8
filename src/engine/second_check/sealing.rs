//! Second checks and seals (复核与封存): what somebody returned can be put right only as long as its month is not sealed. So
//! everything that is open is done before its months are, and nothing is returned afterwards.

use std::collections::BTreeMap;

use crate::domain::identity::Sequence;
use crate::domain::text::{Text, clean};
use crate::domain::time::{Instant, Month};
use crate::engine::command::Refusal;
use crate::engine::event::Event;
use crate::engine::history::History;
use crate::engine::{Broken, Engine};

use super::{CellOf, refuse};

/// From when on records reach at which a second person looks as a whole: the engine has no cells of them, and the journal does.
pub type Reach = BTreeMap<Sequence, Instant>;

impl Engine {
    /// The open records of which the engine has no cells. The owner of the journal reads them, and asks
    /// [`Engine::reaches_from`] of each.
    pub fn looked_at_as_a_whole(&self, history: &dyn History) -> Result<Vec<Sequence>, Broken> {
        let mut whole = Vec::new();
        for record in self.second_checks.open(history)? {
            let row = self.second_checks.find(history, record)?;
            if row.is_some_and(|row| row.open_cells().is_empty()) {
                whole.push(record);
            }
        }
        Ok(whole)
    }

    /// The first instant of which a record says something that counts in figures; none of one that says nothing of that kind.
    pub fn reaches_from(&self, event: &Event) -> Option<Instant> {
        match event {
            Event::Readings(body) => body.readings.iter().map(|(_, slot, ..)| slot.at).min(),
            Event::MeterChanged(changed) => Some(changed.change.at),
            Event::Filled(filled) => {
                let hours = filled.decided.iter().map(|decided| decided.hour);
                hours.min().map(|hour| self.zone.hour_start(hour))
            }
            _ => None,
        }
    }

    /// Refuses to seal months into which a record reaches that waits for a second person, or was returned. Of months that are
    /// sealed already nothing is asked any more.
    pub(in crate::engine) fn check_nothing_awaits(
        &self,
        history: &dyn History,
        (through, end): (Month, Instant),
        reach: &Reach,
    ) -> Result<(), Refusal> {
        for record in self.second_checks.open(history)? {
            let Some(row) = self.second_checks.find(history, record)? else {
                continue;
            };
            let cells = row.open_cells();
            let first = if cells.is_empty() {
                // Of one that nobody looked up it is not known that it does not reach there.
                Some(reach.get(&record).copied().unwrap_or(Instant::EARLIEST))
            } else {
                let open = cells.iter().map(|(_, slot)| slot.at);
                open.filter(|&at| !self.is_sealed_at(at)).min()
            };
            let Some(first) = first.filter(|&first| first < end) else {
                continue;
            };
            let text = Text::new(if row.is_returned() {
                "sealed-returned"
            } else {
                "sealed-awaits"
            });
            return Err(refuse(
                text.with("of", record)
                    .with("by", clean(row.by.name()))
                    .with_instant("at", first)
                    .with("through", through),
            ));
        }
        Ok(())
    }

    /// Refuses to return what lies in a sealed month: nobody could put it right.
    pub(super) fn check_may_be_returned(
        &self,
        of: Sequence,
        event: &Event,
        returned: &[CellOf],
    ) -> Result<(), Refusal> {
        let first = returned.iter().map(|(_, slot)| slot.at).min();
        let first = first.or_else(|| self.reaches_from(event));
        match first.filter(|&first| self.is_sealed_at(first)) {
            Some(at) => Err(refuse(
                self.sealed_text("second-check-sealed")
                    .with("of", of)
                    .with_instant("at", at),
            )),
            None => Ok(()),
        }
    }
}
