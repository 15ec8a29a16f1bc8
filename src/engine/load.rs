//! The load of a process (负荷) as another parameter tells it, read along with readings in the order of their stamps.

use rust_decimal::prelude::ToPrimitive;

use crate::domain::decimal::from_count;
use crate::domain::identity::ParameterId;
use crate::domain::model::SiteModel;
use crate::domain::reading::Verdict;
use crate::domain::time::{Hour, Instant};

use super::history::History;
use super::{Broken, Engine};

/// A load that is followed. Costs a block of its readings whenever a reading lies in another.
pub(super) struct Load<'a> {
    engine: &'a Engine,
    history: &'a dyn History,
    parameter: ParameterId,
    /// How long a value holds, in milliseconds.
    hold_ms: i64,
    block: Option<Hour>,
    /// What counts around the block, in the order of stamps.
    values: Vec<(Instant, f64)>,
}

impl<'a> Load<'a> {
    /// The load that the plan of a parameter names, if it names one.
    pub(super) fn of(
        engine: &'a Engine,
        history: &'a dyn History,
        model: &SiteModel,
        parameter: ParameterId,
    ) -> Option<Self> {
        let load = model.parameter(parameter)?.checks.as_ref()?.load?;
        Some(Self {
            engine,
            history,
            parameter: load,
            hold_ms: model.parameter(load)?.gap_limit_ms,
            block: None,
            values: Vec::new(),
        })
    }

    /// The load at an instant; NaN where none is known.
    pub(super) fn at(&mut self, at: Instant) -> Result<f64, Broken> {
        let series = self.engine.series(self.parameter)?;
        let zone = &self.engine.zone;
        let block = series.block_of(zone.hour_of(at));
        if self.block != Some(block) {
            let end = zone.hour_start(Hour(block.0.saturating_add(series.block_hours)));
            let stretch = (zone.hour_start(block).plus(-self.hold_ms), end);
            self.values.clear();
            let values = &mut self.values;
            let decimals = series.decimals;
            self.engine
                .each_top(self.history, self.parameter, stretch, &mut |version| {
                    if version.verdict == Verdict::Counts {
                        let value = from_count(version.value, decimals).to_f64();
                        values.push((version.slot.at, value.unwrap_or(f64::NAN)));
                    }
                    true
                })?;
            self.block = Some(block);
        }
        let next = self.values.partition_point(|(stamp, _)| *stamp <= at);
        let last = next.checked_sub(1).and_then(|place| self.values.get(place));
        let holds = last.filter(|(stamp, _)| at.since(*stamp) <= self.hold_ms);
        Ok(holds.map_or(f64::NAN, |(_, value)| *value))
    }
}
