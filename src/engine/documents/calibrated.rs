//! The calibrations that stand, of every meter: few, and asked for wherever a reading's meter is looked at.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::replaced::{Replaced, Replacements, Served, ServedBy};
use super::rows::{DocumentRow, calibrations};
use crate::domain::calibration::{Calibrated, Calibrations};
use crate::domain::document::{DocumentBody, plain_number};
use crate::domain::identity::{MeterId, Sequence};
use crate::engine::Broken;
use crate::engine::history::History;

/// A calibration that stands, of one of the meters that served a channel one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recorded<'a> {
    pub(super) calibrated: Calibrated,
    /// Serial number of the meter as it is compared; none where the certificate was written down without one.
    pub(super) plain: Option<&'a str>,
    /// The record that says so.
    pub(super) record: Sequence,
}

/// Of which meter a calibration is, its day, and its record.
type Key = (MeterId, NaiveDate, Sequence);

/// By meter, day and record: until when it holds, and the serial number on it as it is compared.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct CalibrationsOf {
    all: BTreeMap<Key, (Option<NaiveDate>, Option<String>)>,
    newest: Calibrations,
    replaced: Replacements,
    /// Of all meters that any version of the plan knows: shared with whoever asks what was.
    served: Arc<ServedBy>,
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
            let plain = (!serial.is_empty()).then(|| plain_number(serial));
            self.all.insert(key, (until, plain));
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
        of_meter.map(|(&(_, on, record), (until, plain))| Recorded {
            calibrated: Calibrated { on, until: *until },
            plain: plain.as_deref(),
            record,
        })
    }

    /// The meters that took a channel's meter's place, in order.
    pub(super) fn replaced(&self, meter: MeterId) -> &[Replaced] {
        self.replaced.get(&meter).map_or(&[], Vec::as_slice)
    }

    /// The meters that served a channel one after the other, by their places.
    pub(super) fn served(&self, meter: MeterId) -> &[Served] {
        self.served.get(&meter).map_or(&[], Vec::as_slice)
    }

    /// Takes in which meters were replaced, and which served each channel.
    pub(super) fn put_replaced(&mut self, replaced: Replacements, served: ServedBy) {
        self.served = Arc::new(served);
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
