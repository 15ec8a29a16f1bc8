//! What is still to be looked at (待处理): hours that time or a change has laid before the plans of their parameters, and of
//! which these have not spoken yet.

use std::collections::BTreeSet;

use crate::domain::identity::ParameterId;
use crate::domain::time::Hour;
use crate::engine::{Broken, Engine};

impl Engine {
    /// The parameters with hours before one that have not been looked at, or are to be looked at again: what stands in for
    /// them may still change without anybody doing anything. Costs the days that are to be looked at again.
    pub(in crate::engine) fn undecided_before(&self, end: Hour) -> Result<BTreeSet<ParameterId>, Broken> {
        let again = self.looks.fresh.iter();
        let again = again.filter(|(_, day)| day.first_hour() < end);
        let mut undecided: BTreeSet<ParameterId> = again.map(|&(parameter, _)| parameter).collect();
        for &parameter in self.models.filled() {
            let series = self.series(parameter)?;
            let begins_before = series.row.first_hour.is_some_and(|first| first < end);
            if series.expects_coverage && begins_before && self.seen_to(series) < end {
                undecided.insert(parameter);
            }
        }
        Ok(undecided)
    }
}
