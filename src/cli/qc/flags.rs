//! What is said of a file's rows: flags, marks of arrival and findings beside them.

use std::collections::HashMap;

use super::columns::{Columns, Order};
use crate::quality::arrival::Arrival;
use crate::quality::finding::Finding;
use crate::quality::{Check, Flag, Flags};

/// What is said of one channel.
#[derive(Debug, Default)]
pub(super) struct ChannelFlags {
    /// Flags by row of the file.
    pub(super) flags: Vec<Flags>,
    /// Marks of arrival by row.
    pub(super) arrivals: Vec<Arrival>,
    /// What was found.
    pub(super) findings: Vec<Finding>,
    /// The findings of each row that has some, by their places.
    pub(super) of_rows: HashMap<usize, Vec<usize>>,
}

impl ChannelFlags {
    /// What all checks together say of a row; a row or a cell that cannot be read is bad.
    pub(super) fn together(&self, columns: &Columns, channel: usize, row: usize) -> Flag {
        if columns.refused.contains_key(&row) || columns.unreadable.contains_key(&(channel, row)) {
            return Flag::Bad;
        }
        self.flags.get(row).map_or(Flag::Unknown, |flags| flags.together())
    }
}

/// Puts a finding beside the rows of which it speaks.
pub(super) fn put(told: &mut ChannelFlags, order: &Order, finding: Finding) {
    put_where(told, order, finding, |_| true);
}

/// Puts a finding beside exactly these rows.
pub(super) fn put_beside(told: &mut ChannelFlags, rows: impl Iterator<Item = usize>, finding: Finding) {
    let number = told.findings.len();
    for row in rows {
        let Some(flags) = told.flags.get_mut(row) else { continue };
        flags.raise(finding.rule.check(), finding.flag);
        told.of_rows.entry(row).or_default().push(number);
    }
    told.findings.push(finding);
}

/// Puts a finding beside those rows of its time of which it speaks.
pub(super) fn put_where(told: &mut ChannelFlags, order: &Order, finding: Finding, is_of: impl Fn(usize) -> bool) {
    let number = told.findings.len();
    for rows in order.range(finding.from..=finding.to).map(|(_, rows)| rows) {
        for &row in rows.iter().filter(|row| is_of(**row)) {
            let Some(flags) = told.flags.get_mut(row) else { continue };
            if flags.of(Check::Stamp) == Some(Flag::Missing) {
                continue;
            }
            flags.raise(finding.rule.check(), finding.flag);
            told.of_rows.entry(row).or_default().push(number);
        }
    }
    told.findings.push(finding);
}
