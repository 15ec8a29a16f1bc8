//! Episodes (异常时段): findings of one check that follow each other, as one thing with begin, end and its worst.

use super::finding::Finding;
use super::flag::Check;
use crate::domain::time::Instant;

/// Findings of one check without a longer pause between them.
#[derive(Debug, Clone, Copy, PartialEq)]
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

/// Puts findings together: those of a check that are at most `pause_ms` apart are one episode. In the order of begin, and
/// of one begin in that of the checks.
pub fn episodes(findings: &[Finding], pause_ms: i64) -> Vec<Episode> {
    let mut sorted: Vec<&Finding> = findings.iter().filter(|finding| finding.flag.is_raised()).collect();
    sorted.sort_by_key(|finding| (finding.rule.check(), finding.from, finding.to));
    let mut list: Vec<Episode> = Vec::new();
    for finding in sorted {
        let check = finding.rule.check();
        match list.last_mut() {
            Some(open) if open.check == check && finding.from.since(open.to) <= pause_ms => {
                open.to = open.to.max(finding.to);
                open.findings = open.findings.saturating_add(1);
                let worse = (finding.flag, finding.excess()) > (open.worst.flag, open.worst.excess());
                if worse {
                    open.worst = *finding;
                }
            }
            _ => list.push(Episode {
                check,
                from: finding.from,
                to: finding.to,
                findings: 1,
                first: *finding,
                worst: *finding,
            }),
        }
    }
    list.sort_by_key(|episode| (episode.from, episode.check));
    list
}
