//! Which record changed a month last (月份变动): an export that somebody has looked at speaks of months as they were, and
//! a seal must be of just that.

use std::collections::BTreeMap;

use crate::domain::identity::Sequence;
use crate::domain::text::Text;
use crate::domain::time::Month;
use crate::engine::Engine;
use crate::engine::command::Refusal;

use super::Seal;

/// The last record with which anything of a month changed: what was posted, what stands in, or a cell. Known in memory only,
/// from the record on with which the engine was opened; an export for a seal does not live longer either.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Changed {
    since: Sequence,
    last: BTreeMap<Month, Sequence>,
    /// What was noted last: nearly always it is the same again.
    noted: Option<(Month, Sequence)>,
}

impl Changed {
    /// Known from a record on.
    pub(in crate::engine) const fn since(since: Sequence) -> Self {
        Self {
            since,
            last: BTreeMap::new(),
            noted: None,
        }
    }

    /// A record changes a month.
    pub(in crate::engine) fn note(&mut self, month: Month, record: Sequence) {
        if self.noted.replace((month, record)) != Some((month, record)) {
            self.last.insert(month, record);
        }
    }

    /// The last record after one that changed a month up to another, and which.
    fn after(&self, applied: Sequence, through: Month) -> Option<(Sequence, Month)> {
        let changed = self.last.range(..=through).map(|(&month, &record)| (record, month));
        changed.max().filter(|&(record, _)| record > applied)
    }
}

impl Engine {
    /// Refuses a seal of months that are not any more as its export has them.
    pub(in crate::engine) fn check_is_as_exported(&self, seal: &Seal) -> Result<(), Refusal> {
        if seal.applied.next() < self.changed.since {
            return Err(Refusal::Request(
                Text::new("sealed-export-old").with("through", seal.through),
            ));
        }
        match self.changed.after(seal.applied, seal.through) {
            Some((record, month)) => Err(Refusal::Request(
                Text::new("sealed-changed-since")
                    .with("record", record)
                    .with("month", month),
            )),
            None => Ok(()),
        }
    }
}
