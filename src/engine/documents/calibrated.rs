//! The calibrations that stand, of every meter: few, and asked for wherever a reading's meter is looked at.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::replaced::{Replaced, Replacements};
use super::rows::{DocumentRow, calibrations};
use crate::domain::calibration::{Calibrated, Calibrations};
use crate::domain::document::DocumentBody;
use crate::domain::identity::{MeterId, Sequence};
use crate::engine::Broken;
use crate::engine::history::History;

/// By meter, day and record.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct CalibrationsOf {
    all: BTreeMap<(MeterId, NaiveDate, Sequence), Option<NaiveDate>>,
    newest: Calibrations,
    replaced: Replacements,
    changes: u64,
}

/// Which calibration a document is, and until when it holds.
fn read(row: &DocumentRow) -> Option<((MeterId, NaiveDate, Sequence), Option<NaiveDate>)> {
    match row.document.body {
        DocumentBody::Calibration { meter, on, until, .. } => Some(((meter, on, row.record), until)),
        _ => None,
    }
}

impl CalibrationsOf {
    /// Those that the store has.
    pub(in crate::engine) fn open(history: &dyn History) -> Result<Self, Broken> {
        let mut opened = Self::default();
        for row in calibrations(history)? {
            opened.put(&row);
        }
        Ok(opened)
    }

    /// Takes one in.
    pub(super) fn put(&mut self, row: &DocumentRow) {
        if let Some((key, until)) = read(row) {
            self.all.insert(key, until);
            self.renew(key.0);
        }
    }

    /// Takes one away.
    pub(super) fn remove(&mut self, row: &DocumentRow) {
        if let Some((key, _)) = read(row) {
            self.all.remove(&key);
            self.renew(key.0);
        }
    }

    fn renew(&mut self, meter: MeterId) {
        self.changes += 1;
        let newest = self.recorded(meter).last().map(|(newest, _)| newest);
        match newest {
            Some(newest) => drop(self.newest.insert(meter, newest)),
            None => drop(self.newest.remove(&meter)),
        }
    }

    /// Those of a channel's meters, in the order of their days, each with its record.
    pub(super) fn recorded(&self, meter: MeterId) -> impl Iterator<Item = (Calibrated, Sequence)> {
        let first = (meter, NaiveDate::MIN, Sequence(0));
        let last = (meter, NaiveDate::MAX, Sequence(u64::MAX));
        let of_meter = self.all.range(first..=last);
        of_meter.map(|(&(_, on, record), &until)| (Calibrated { on, until }, record))
    }

    /// The meters that took a channel's meter's place, in order.
    pub(super) fn replaced(&self, meter: MeterId) -> &[Replaced] {
        self.replaced.get(&meter).map_or(&[], Vec::as_slice)
    }

    /// Takes in which meters were replaced.
    pub(super) fn put_replaced(&mut self, replaced: Replacements) {
        if self.replaced != replaced {
            self.replaced = replaced;
            self.changes += 1;
        }
    }

    /// How often they changed since they were read.
    pub(in crate::engine) const fn changes(&self) -> u64 {
        self.changes
    }

    /// The newest of each meter.
    pub(in crate::engine) const fn newest(&self) -> &Calibrations {
        &self.newest
    }
}
