//! Courses (趋势): how a parameter went between two instants, in at most as many columns as a screen has.
//!
//! A year of minutes is half a million readings; what comes out is one [`CourseColumn`] for each column of which
//! something is known: the lowest and the highest value, the first and the last, what is needed for the exact mean, how
//! much of it is a gap, and what must be said of its values.
//!
//! **What it is made of.** Readings, as long as the stretch and the parameter's interval let one expect no more of them
//! than [`MOST_READ`]; beyond that the hourly quantities, which are exact sums of all readings, so that low and high are
//! then those of hourly means ([`MadeOf::Hours`]). Parameters that have no hourly quantities (properties and watched
//! values) are read block by block, and where a column has more readings than its share of [`MOST_READ`] the rest of it
//! is passed over and the column says so ([`CourseMarks::PARTIAL`]).
//!
//! Substitutes of hours that were not measured stand beside the values ([`StandIn`]), where the gaps are.
//!
//! **Cost.** Readings go through block by block and none is kept, so memory is that of one block (at most a few thousand
//! readings) and of the columns. Time is at most that of reading [`MOST_READ`] readings and a block more for each column,
//! or 8,784 hours a year. Measured (`cargo bench --bench engine -- course`, two shared cores): 39 ms for a year of minutes
//! from all its readings, 11 ms for an hour of 60 parameters with a reading every second, under 1 ms for ten years of hours.

mod columns;
mod walk;

use serde::{Deserialize, Serialize};

use crate::domain::identity::ParameterId;
use crate::domain::reading::{Origin, ParameterKind, Quality, Version};
use crate::domain::text::Text;
use crate::domain::time::{DAY_MS, Instant};

use super::Engine;
use super::command::Refusal;
use super::history::History;
use super::series::Series;

use columns::Columns;

/// About the most readings that are read for one answer, however many parameters it is about.
pub const MOST_READ: i64 = 600_000;

/// The most columns of a course: as many as the widest screen has half cells.
pub const MOST_COLUMNS: u16 = 400;

/// The most parameters of one answer: as many as a tall screen has rows.
pub const MOST_COURSES: usize = 100;

/// The longest stretch, in milliseconds: ten years.
pub const LONGEST_STRETCH: i64 = 3_660 * DAY_MS;

/// What the values of a course are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MadeOf {
    /// Readings.
    Readings,
    /// Hourly quantities: each value is the mean of an hour.
    Hours,
}

/// What the values of a course are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Values in the parameter's unit.
    Value,
    /// The parameter's unit an hour: counters and amounts, whose own values say little.
    PerHour,
}

/// What must be said of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CourseMarks(u8);

impl CourseMarks {
    /// Some were typed by a person (人工录入).
    pub const TYPED: Self = Self(1);
    /// Some were corrected by a person (更正).
    pub const CORRECTED: Self = Self(2);
    /// Some were made by the simulator (模拟).
    pub const SIMULATED: Self = Self(4);
    /// Some were doubted by their deliverer (存疑).
    pub const DOUBTFUL: Self = Self(8);
    /// Readings fell into it that an exact rule keeps out of the ledger; they are not among its values.
    pub const REFUSED: Self = Self(16);
    /// Not all of its readings were read.
    pub const PARTIAL: Self = Self(32);

    /// Whether it has all of some marks.
    pub const fn has(self, marks: Self) -> bool {
        self.0 & marks.0 == marks.0
    }

    /// Whether there is nothing to say.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Adds marks.
    pub const fn add(&mut self, marks: Self) {
        self.0 |= marks.0;
    }

    /// What must be said of a reading that counts.
    fn of(version: &Version) -> Self {
        let mut marks = match version.origin {
            Origin::Typed => Self::TYPED,
            Origin::Correction => Self::CORRECTED,
            Origin::Simulated => Self::SIMULATED,
            Origin::Connector | Origin::File | Origin::Laboratory | Origin::Invoice => Self::default(),
        };
        if version.quality == Quality::Uncertain {
            marks.add(Self::DOUBTFUL);
        }
        marks
    }
}

/// The values of a column, as counts of the parameter's quantum (an hour, where that is what is measured).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// Lowest.
    pub low: i64,
    /// Highest.
    pub high: i64,
    /// The one it begins with.
    pub first: i64,
    /// The one it ends with.
    pub last: i64,
    /// Of which instant the last one is; before the column, where that still holds.
    pub last_at: Instant,
    /// `sum / weight` is the mean. Sums of columns are sums of their values; one that only holds an earlier value has 0.
    pub sum: i128,
    /// What the sum is to be divided by; 0 where it only holds an earlier value.
    pub weight: i128,
    /// Readings (or hours) that begin in it.
    pub count: u32,
}

/// What stands in for what is missing of a column (替代), as counts of the parameter's quantum (an hour, where that is what
/// is measured): means of hours, and never among the column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandIn {
    /// Lowest.
    pub low: i64,
    /// Highest.
    pub high: i64,
    /// `sum / filled_ms` is the mean.
    pub sum: i128,
    /// For how many milliseconds of the column.
    pub filled_ms: i64,
}

/// A column of a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseColumn {
    /// Which, from 0.
    pub column: u16,
    /// Its values; `None` where there are none.
    pub values: Option<Extent>,
    /// Milliseconds of it that lie in a gap (缺数): between two readings further apart than the parameter's limit, or after
    /// the last one.
    pub gap_ms: i64,
    /// What stands in for that.
    pub stand_in: Option<StandIn>,
    /// What must be said of its values.
    pub marks: CourseMarks,
}

/// How a parameter went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// Which parameter.
    pub parameter: ParameterId,
    /// Beginning (included).
    pub from: Instant,
    /// End (not included).
    pub to: Instant,
    /// In how many columns the stretch was cut.
    pub columns: u16,
    /// What its values are made of.
    pub made_of: MadeOf,
    /// What its values are.
    pub measure: Measure,
    /// The columns of which something is known, in order.
    pub known: Vec<CourseColumn>,
}

/// When a column begins; the end of the stretch is where the column after the last would begin.
pub fn column_start(from: Instant, to: Instant, columns: u16, column: u16) -> Instant {
    let share = i128::from(to.since(from)) * i128::from(column) / i128::from(columns.max(1));
    from.plus(i64::try_from(share).unwrap_or(i64::MAX))
}

impl Engine {
    /// How parameters went from one instant to another, in so many columns each. Nothing is said of what lies after `now`.
    pub fn courses(
        &self,
        history: &dyn History,
        parameters: &[ParameterId],
        (from, to): (Instant, Instant),
        columns: u16,
        now: Instant,
    ) -> Result<Vec<Course>, Refusal> {
        let most = i64::try_from(parameters.len()).map_or(MOST_READ, |count| MOST_READ / count.max(1));
        parameters
            .iter()
            .map(|&parameter| self.course(history, parameter, (from, to), columns, now, most))
            .collect()
    }

    /// How one parameter went, reading about `most` readings at most.
    pub(super) fn course(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        (from, to): (Instant, Instant),
        columns: u16,
        now: Instant,
        most: i64,
    ) -> Result<Course, Refusal> {
        let unknown = || Refusal::Request(Text::new("explain-unknown"));
        let series = self.series(parameter).map_err(|_| unknown())?;
        let known = self.model().and_then(|model| model.parameter(parameter));
        let interval_ms = known.ok_or_else(unknown)?.interval_ms;
        let made_of = made_of(series, interval_ms, to.since(from), most);
        let measure = match series.kind {
            ParameterKind::Counter | ParameterKind::Amount => Measure::PerHour,
            ParameterKind::Flow | ParameterKind::Property | ParameterKind::State => Measure::Value,
        };
        let mut filled = Columns::new(from, to, columns, to.min(now));
        match made_of {
            MadeOf::Hours => self.walk_hours(history, series, &mut filled)?,
            MadeOf::Readings => self.walk_readings(history, series, most, &mut filled)?,
        }
        self.walk_substitutes(history, series, &mut filled)?;
        Ok(Course {
            parameter,
            from,
            to,
            columns,
            made_of,
            measure,
            known: filled.finish(),
        })
    }
}

/// What a course is made of.
fn made_of(series: &Series, interval_ms: i64, length_ms: i64, most: i64) -> MadeOf {
    match series.kind {
        // Tickets and invoices have no course of their own between them: what they add up to in each hour has one.
        ParameterKind::Amount if interval_ms == 0 => MadeOf::Hours,
        ParameterKind::Flow | ParameterKind::Counter | ParameterKind::Amount
            if interval_ms > 0 && length_ms / interval_ms > most =>
        {
            MadeOf::Hours
        }
        _ => MadeOf::Readings,
    }
}
