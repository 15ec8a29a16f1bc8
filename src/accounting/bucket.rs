//! Buckets (小时桶): a parameter's measured quantity, and the time that it covers, in one hour.

use crate::domain::time::HOUR_MS;

use super::quantity::Share;

/// What is known of a parameter in one hour. A sum of [`Share`]s: taking one out again leaves no trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bucket {
    /// Measured quantity, in the shares' unit.
    pub quantity: i128,
    /// Milliseconds covered by measurement. Over 3,600,000 where intervals overlap.
    pub covered_ms: i64,
    /// How many intervals touch the hour; the bucket exists while there is one.
    pub intervals: i64,
}

impl Bucket {
    /// Puts a share in.
    pub fn put(&mut self, share: &Share) {
        self.quantity += share.quantity;
        self.covered_ms += share.covered_ms;
        self.intervals += 1;
    }

    /// Takes a share out.
    pub fn take(&mut self, share: &Share) {
        self.quantity -= share.quantity;
        self.covered_ms -= share.covered_ms;
        self.intervals -= 1;
    }

    /// Whether anything is known of the hour.
    pub fn exists(&self) -> bool {
        self.intervals != 0
    }

    /// Whether intervals overlap in the hour, so that something may count twice.
    pub fn overlaps(&self) -> bool {
        self.covered_ms > HOUR_MS
    }

    /// Milliseconds of the hour that no measurement covers.
    pub fn missing_ms(&self) -> i64 {
        (HOUR_MS - self.covered_ms).max(0)
    }
}

/// Buckets of 24 successive hours.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BucketDay {
    /// By place in the day block.
    pub hours: [Bucket; 24],
}
