//! Trends (一小时趋势): how the parameters on the screen went in the last hour, in ten cells of six minutes each.
//!
//! **Who keeps them.** The terminal asks the daemon for the courses of the rows that it shows, and of no others: one
//! request when rows come into view, and one when a new cell begins. Between, the newest cell takes in the values of the
//! deltas as they come. So what a trend costs depends on the rows of the screen and not on the plant; the daemon keeps
//! nothing for anybody, intake does not know of trends, and what was missed while a link was down heals with the next cell.
//! Deltas carry only the newest value of each parameter, so that the newest cell of a quick parameter rests on fewer
//! readings until it is asked for again. Counters and amounts are told by the hour, which a single value does not say:
//! their newest cell waits for the next request.
//!
//! Only one request waits at a time, so that paging through thousands of rows asks for those on which one comes to rest.

use std::collections::HashMap;

use crate::domain::identity::ParameterId;
use crate::domain::model::Limits;
use crate::domain::reading::Verdict;
use crate::domain::time::Instant;
use crate::engine::course::{Course, Measure};
use crate::engine::view::LiveValue;
use rust_decimal::prelude::ToPrimitive;

/// Cells of a trend.
pub const CELLS: usize = 10;

/// Place of the newest cell.
const LAST: i64 = 9;

/// Milliseconds of a cell.
pub const CELL_MS: i64 = 6 * 60_000;

/// Heights that a cell can show.
pub const HEIGHTS: u8 = 8;

/// The most trends that are kept.
const MOST_KEPT: usize = 1_000;

/// A trend shows at least this share of what lies between the limits as its full height, so that noise stays flat.
const LEAST_SHARE: f64 = 0.05;

/// Values of one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Cell {
    sum: i128,
    weight: i128,
}

/// The trend of a parameter.
#[derive(Debug, Clone)]
struct Trend {
    measure: Measure,
    /// Number of the newest cell, counted from 1970.
    newest: i64,
    /// The newest cell is the last.
    cells: [Cell; CELLS],
}

impl Trend {
    /// Makes a cell the newest, where it is not yet.
    fn reach(&mut self, cell: i64) {
        let passed = usize::try_from(cell - self.newest).unwrap_or(0).min(CELLS);
        if passed > 0 {
            self.cells.rotate_left(passed);
            for fresh in self.cells.iter_mut().rev().take(passed) {
                *fresh = Cell::default();
            }
            self.newest = cell;
        }
    }
}

/// The trends of the parameters that were on the screen.
#[derive(Debug, Clone, Default)]
pub struct Trends {
    kept: HashMap<ParameterId, Trend>,
}

/// The cell in which an instant lies.
pub const fn cell_of(at: Instant) -> i64 {
    at.0.div_euclid(CELL_MS)
}

/// The stretch to ask for, so that a cell is the last of it.
pub const fn stretch(cell: i64) -> (Instant, Instant) {
    (Instant((cell - LAST) * CELL_MS), Instant((cell + 1) * CELL_MS))
}

impl Trends {
    /// Whether the trend of a parameter is known up to a cell.
    pub fn has(&self, parameter: ParameterId, cell: i64) -> bool {
        self.kept.get(&parameter).is_some_and(|trend| trend.newest >= cell)
    }

    /// Takes courses in that end with a cell.
    pub fn take(&mut self, courses: Vec<Course>, cell: i64) {
        if self.kept.len() > MOST_KEPT {
            self.kept.clear();
        }
        for course in courses {
            let mut cells = [Cell::default(); CELLS];
            for column in &course.known {
                // What is counted in the cell that runs is not all there yet: it would look like a fall.
                let runs = course.measure == Measure::PerHour && usize::from(column.column) + 1 >= CELLS;
                if runs {
                    continue;
                }
                if let (Some(cell), Some(values)) = (cells.get_mut(usize::from(column.column)), column.values) {
                    // A value that only holds from before counts as one.
                    let held = values.weight == 0;
                    cell.sum = if held { i128::from(values.last) } else { values.sum };
                    cell.weight = if held { 1 } else { values.weight };
                }
            }
            let trend = Trend {
                measure: course.measure,
                newest: cell,
                cells,
            };
            self.kept.insert(course.parameter, trend);
        }
    }

    /// Notes that nothing is to be had of parameters up to a cell, so that it is not asked for again until the next.
    pub fn refused(&mut self, parameters: &[ParameterId], cell: i64) {
        for &parameter in parameters {
            let trend = self.kept.entry(parameter).or_insert(Trend {
                measure: Measure::PerHour,
                newest: cell,
                cells: [Cell::default(); CELLS],
            });
            trend.reach(cell);
        }
    }

    /// Takes the newest value of a parameter in, where its trend is kept. It never makes a cell the newest: that the daemon
    /// is asked for.
    pub fn heard(&mut self, parameter: ParameterId, value: &LiveValue) {
        if let Some(trend) = self.kept.get_mut(&parameter)
            && trend.measure == Measure::Value
            && value.verdict == Verdict::Counts
            // One that is told again because it went on is no other value.
            && value.filled_to.is_none()
            && cell_of(value.at) == trend.newest
            && let Some(cell) = trend.cells.last_mut()
        {
            cell.sum += i128::from(value.value);
            cell.weight += 1;
        }
    }

    /// How high each cell is up to one of them, from 0 to [`HEIGHTS`] − 1; `None` where nothing is known. The whole height
    /// is what the hour has, but no less than a share of what lies between the limits.
    pub fn heights(&self, parameter: ParameterId, cell: i64, decimals: u32, limits: Limits) -> [Option<u8>; CELLS] {
        let mut heights = [None; CELLS];
        let Some(trend) = self.kept.get(&parameter) else {
            return heights;
        };
        // Until it is known, what comes after the newest cell stands empty.
        let passed = usize::try_from(cell - trend.newest).unwrap_or(0).min(CELLS);
        let mut means = [None; CELLS];
        for (mean, cell) in means.iter_mut().zip(trend.cells.iter().skip(passed)) {
            if cell.weight > 0
                && let (Some(sum), Some(weight)) = (cell.sum.to_f64(), cell.weight.to_f64())
            {
                *mean = Some(sum / weight);
            }
        }
        for (height, found) in heights.iter_mut().zip(heights_of(&means, decimals, limits)) {
            *height = found;
        }
        heights
    }
}

/// How high each of some means stands, in counts of a quantum; `None` where nothing is known. The whole height is what they
/// have, but no less than a share of what lies between the limits.
pub fn heights_of(means: &[Option<f64>], decimals: u32, limits: Limits) -> Vec<Option<u8>> {
    let known = means.iter().copied().flatten();
    let (low, high) = known.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), mean| {
        (low.min(mean), high.max(mean))
    });
    let quantum = 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
    let limit =
        |limit: Option<rust_decimal::Decimal>| limit.and_then(|limit| limit.to_f64()).map(|limit| limit * quantum);
    let between = match (limit(limits.low), limit(limits.high)) {
        (Some(low), Some(high)) => high - low,
        _ => high.abs().max(low.abs()),
    };
    let span = (high - low).max(between * LEAST_SHARE);
    let bottom = f64::midpoint(low, high) - span / 2.0;
    let height = |mean: f64| {
        let share = if span > 0.0 { (mean - bottom) / span } else { 0.5 };
        let top = f64::from(HEIGHTS - 1);
        (share * top).round().clamp(0.0, top).to_u8().unwrap_or(0)
    };
    means.iter().map(|mean| mean.map(height)).collect()
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::domain::reading::{Origin, Quality};
    use crate::engine::course::{CourseColumn, CourseMarks, Extent, MadeOf};

    const PARAMETER: ParameterId = ParameterId(7);
    const CELL: i64 = 5_000_000;

    fn course(measure: Measure, values: &[(u16, i64)]) -> Course {
        let (from, to) = stretch(CELL);
        let known = values.iter().map(|&(column, value)| CourseColumn {
            column,
            values: Some(Extent {
                low: value,
                high: value,
                first: value,
                last: value,
                last_at: from,
                sum: i128::from(value) * 3,
                weight: 3,
                count: 3,
            }),
            gap_ms: 0,
            stand_in: None,
            marks: CourseMarks::default(),
        });
        Course {
            parameter: PARAMETER,
            from,
            to,
            columns: 10,
            made_of: MadeOf::Readings,
            measure,
            known: known.collect(),
        }
    }

    fn value(at: Instant, value: i64) -> LiveValue {
        LiveValue {
            at,
            span_s: 0,
            own_id: 0,
            value,
            origin: Origin::Connector,
            quality: Quality::Good,
            verdict: Verdict::Counts,
            filled_to: None,
        }
    }

    fn heights(trends: &Trends, cell: i64) -> [Option<u8>; CELLS] {
        let limits = Limits {
            low: Some(Decimal::ZERO),
            high: Some(Decimal::from(100)),
        };
        trends.heights(PARAMETER, cell, 1, limits)
    }

    #[test]
    fn noise_stays_flat_and_what_goes_up_goes_up() {
        let mut trends = Trends::default();
        trends.take(vec![course(Measure::Value, &[(0, 500), (4, 501), (9, 500)])], CELL);
        let flat = heights(&trends, CELL);
        assert_eq!((flat[0], flat[1], flat[9]), (Some(3), None, Some(3)));
        trends.take(vec![course(Measure::Value, &[(0, 100), (4, 500), (9, 900)])], CELL);
        assert_eq!(heights(&trends, CELL)[0], Some(0));
        assert_eq!(heights(&trends, CELL)[9], Some(7));
        // A cell later what was the last is the last but one, and the newest is not known yet.
        assert_eq!(heights(&trends, CELL + 1)[8..], [Some(7), None]);
        assert!(!trends.has(PARAMETER, CELL + 1));
        assert_eq!(heights(&trends, CELL + 100), [None; CELLS]);
    }

    #[test]
    fn what_comes_goes_into_the_newest_cell_only() {
        let mut trends = Trends::default();
        let (from, to) = stretch(CELL);
        trends.heard(PARAMETER, &value(to.plus(-1), 0));
        assert!(!trends.has(PARAMETER, CELL), "what nobody looks at is not kept");
        trends.take(vec![course(Measure::Value, &[(0, 100)])], CELL);
        trends.heard(PARAMETER, &value(from, 0));
        trends.heard(PARAMETER, &value(to.plus(-1), 900));
        let drawn = heights(&trends, CELL);
        assert_eq!((drawn[0], drawn[9]), (Some(0), Some(7)));
        trends.take(vec![course(Measure::PerHour, &[(0, 100)])], CELL);
        trends.heard(PARAMETER, &value(to.plus(-1), 900));
        assert_eq!(heights(&trends, CELL)[9], None, "a register is no rate");
    }

    #[test]
    fn what_is_refused_is_not_asked_for_again_until_the_next_cell() {
        let mut trends = Trends::default();
        trends.refused(&[PARAMETER], CELL);
        assert!(trends.has(PARAMETER, CELL));
        assert!(!trends.has(PARAMETER, CELL + 1));
        assert_eq!(heights(&trends, CELL), [None; CELLS]);
    }
}
