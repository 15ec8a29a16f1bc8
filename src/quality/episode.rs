//! Episodes (异常时段): findings of one check that follow each other, as one thing with begin, end and its worst.

use serde::{Deserialize, Serialize};

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::finding::Finding;
use super::flag::Check;
use crate::domain::time::Instant;

/// Findings of one check without a longer pause between them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Episode {
    /// By which check.
    pub check: Check,
    /// Stamp of the first reading of which it speaks.
    pub from: Instant,
    /// Stamp of the last one.
    pub to: Instant,
    /// How many findings it has.
    pub findings: u32,
    /// The first finding, which tells what it began with.
    pub first: Finding,
    /// The finding that went furthest beyond its limit.
    pub worst: Finding,
}

impl Episode {
    /// Of a single finding.
    pub const fn of(finding: Finding) -> Self {
        Self {
            check: finding.rule.check(),
            from: finding.from,
            to: finding.to,
            findings: 1,
            first: finding,
            worst: finding,
        }
    }
}

/// Puts findings together as they come: those of a check that are at most so far apart are one episode.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Episodes {
    pause_ms: i64,
    /// Those that a further finding may still belong to, one a check.
    open: BTreeMap<Check, Episode>,
    ended: Vec<Episode>,
}

impl Episodes {
    /// With the longest pause within one, in milliseconds.
    pub fn new(pause_ms: i64) -> Self {
        Self {
            pause_ms,
            ..Self::default()
        }
    }

    /// Takes a finding in; of one check they come in the order of time. What is only told is no episode.
    pub fn take(&mut self, finding: &Finding) {
        if !finding.flag.is_raised() {
            return;
        }
        let check = finding.rule.check();
        let fresh = Episode::of(*finding);
        match self.open.entry(check) {
            Entry::Vacant(place) => drop(place.insert(fresh)),
            Entry::Occupied(mut place) => {
                let open = place.get_mut();
                if finding.from.since(open.to) > self.pause_ms {
                    self.ended.push(std::mem::replace(open, fresh));
                    return;
                }
                open.from = open.from.min(finding.from);
                open.to = open.to.max(finding.to);
                open.findings = open.findings.saturating_add(1);
                if (finding.flag, finding.excess()) > (open.worst.flag, open.worst.excess()) {
                    open.worst = *finding;
                }
            }
        }
    }

    /// Those to which a further finding may still belong.
    pub fn open(&self) -> impl Iterator<Item = &Episode> {
        self.open.values()
    }

    /// Those that have ended since this was last asked for; and before an instant nothing more will come, so that what
    /// would have to go on by then has ended too.
    pub fn take_ended(&mut self, before: Instant) -> Vec<Episode> {
        let pause_ms = self.pause_ms;
        let is_over = |episode: &Episode| before.since(episode.to) > pause_ms;
        let over: Vec<Check> = self
            .open
            .values()
            .filter(|episode| is_over(episode))
            .map(|episode| episode.check)
            .collect();
        self.ended
            .extend(over.iter().filter_map(|check| self.open.remove(check)));
        std::mem::take(&mut self.ended)
    }

    /// From now on with another longest pause.
    pub const fn set_pause(&mut self, pause_ms: i64) {
        self.pause_ms = pause_ms;
    }

    /// The longest pause within one, in milliseconds.
    pub const fn pause_ms(&self) -> i64 {
        self.pause_ms
    }

    /// How many have ended.
    pub fn ended(&self) -> usize {
        self.ended.len()
    }

    /// All of them in the order of begin, and of one begin in that of the checks.
    pub fn finish(self) -> Vec<Episode> {
        let mut all = self.ended;
        all.extend(self.open.into_values());
        all.sort_by_key(|episode| (episode.from, episode.check));
        all
    }
}

/// The episodes of findings in any order.
pub fn episodes(findings: &[Finding], pause_ms: i64) -> Vec<Episode> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| (finding.rule.check(), finding.from, finding.to));
    let mut episodes = Episodes::new(pause_ms);
    for finding in sorted {
        episodes.take(finding);
    }
    episodes.finish()
}
