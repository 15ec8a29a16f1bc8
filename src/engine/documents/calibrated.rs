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

/// A calibration that stands, of one of the meters that served a channel one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recorded<'a> {
    pub(super) calibrated: Calibrated,
    /// Serial number of the meter; empty where the certificate was written down without one.
    pub(super) serial: &'a str,
}

/// Of which meter a calibration is, its day, and its record.
type Key = (MeterId, NaiveDate, Sequence);

/// By meter, day and record: until when it holds, and the serial number on it.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct CalibrationsOf {
    all: BTreeMap<Key, (Option<NaiveDate>, String)>,
    newest: Calibrations,
    replaced: Replacements,
    changes: u64,
}

/// Which calibration a document is, until when it holds, and of which serial number.
fn read(row: &DocumentRow) -> Option<(Key, (Option<NaiveDate>, &str))> {
    match &row.document.body {
        DocumentBody::Calibration {
            meter,
            on,
            until,
            serial,
            ..
        } => Some(((*meter, *on, row.record), (*until, serial))),
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
        if let Some((key, (until, serial))) = read(row) {
            self.all.insert(key, (until, serial.to_owned()));
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
        let newest = self.recorded(meter).last().map(|newest| newest.calibrated);
        match newest {
            Some(newest) => drop(self.newest.insert(meter, newest)),
            None => drop(self.newest.remove(&meter)),
        }
    }

    /// Those of a channel's meters, in the order of their days.
    pub(super) fn recorded(&self, meter: MeterId) -> impl Iterator<Item = Recorded<'_>> {
        let first = (meter, NaiveDate::MIN, Sequence(0));
        let last = (meter, NaiveDate::MAX, Sequence(u64::MAX));
        let of_meter = self.all.range(first..=last);
        of_meter.map(|(&(_, on, _), (until, serial))| Recorded {
            calibrated: Calibrated { on, until: *until },
            serial,
        })
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
