//! An anomaly after what a record says of it: all that a replay needs, and what a verification holds the rows against.

use crate::domain::identity::Sequence;
use crate::domain::time::Instant;
use crate::quality::anomaly::{Act, ActKind, Holder, Work, after};

use super::{Anomaly, AnomalyDeed, Entry, Found, MOST_LOGGED};

/// When a record was written, and its number.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Written {
    /// When.
    pub(in crate::engine) at: Instant,
    /// Its number.
    pub(in crate::engine) record: Sequence,
}

impl Anomaly {
    /// Where the evidence for the decision that stands is.
    pub(super) fn evidence(&self) -> Option<&str> {
        let record = self.work.settled.as_ref()?.record;
        let decided = self.log.iter().rev().find(|entry| entry.record == record)?;
        decided.deed.evidence()
    }

    /// After what the checks say; none where they find no longer what nobody knows.
    pub(in crate::engine) fn found(known: Option<&Self>, found: &Found, written: Written) -> Option<Self> {
        let now = written.at;
        let Some(known) = known else {
            return Some(Self {
                id: found.anomaly,
                parameter: found.parameter,
                signs: found.signs.clone()?,
                raised: now,
                told: now,
                record: written.record,
                before: found.before,
                work: Work::NEW,
                nonconformity: None,
                log: Vec::new(),
            });
        };
        let mut next = known.clone();
        next.told = now;
        let kind = if let Some(signs) = &found.signs {
            next.signs = signs.clone();
            ActKind::Return
        } else {
            next.signs.going = false;
            ActKind::Vanish
        };
        next.act(kind, "", written);
        Some(next)
    }

    /// After what somebody did.
    pub(in crate::engine) fn worked(&self, deed: &AnomalyDeed, by: &str, written: Written) -> Self {
        let mut next = self.clone();
        // Whether it took a second person was looked at when it was written.
        next.act(deed.kind(false), by, written);
        if let AnomalyDeed::Link { nonconformity } = deed {
            next.nonconformity = Some(nonconformity.clone());
        }
        next.log.push(Entry {
            by: by.to_owned(),
            at: written.at,
            record: written.record,
            deed: deed.clone(),
        });
        let surplus = next.log.len().saturating_sub(MOST_LOGGED);
        next.log.drain(..surplus);
        next
    }

    fn act(&mut self, kind: ActKind, by: &str, written: Written) {
        let act = Act {
            kind,
            by: Holder {
                name: by.to_owned(),
                at: written.at,
            },
            record: written.record,
        };
        // What changes nothing leaves it where it is; what was refused is in no record.
        if let Ok(work) = after(&self.work, &act) {
            self.work = work;
        }
    }
}
