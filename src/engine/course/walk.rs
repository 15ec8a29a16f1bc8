//! Through the readings or the hours of a stretch, in the order of time.

use crate::accounting::quantity::{FLOW_PARTS, Point, divide_half_even};
use crate::domain::reading::{ParameterKind, Verdict, Version};
use crate::domain::time::{HOUR_MS, Hour, Instant};

use super::super::command::Refusal;
use super::super::history::History;
use super::super::series::{Series, point};
use super::super::{Broken, Engine};
use super::CourseMarks;
use super::columns::Columns;

/// A quantity that is known of a stretch, as counts an hour.
struct Rate {
    value: i64,
    sum: i128,
    weight: i128,
}

impl Rate {
    /// `quantity` (in quanta, `parts` to one) over `covered` milliseconds.
    fn new(quantity: i128, parts: i128, covered: i64) -> Option<Self> {
        let weight = i128::from(covered).checked_mul(parts)?;
        let sum = quantity.checked_mul(i128::from(HOUR_MS))?;
        if weight <= 0 {
            return None;
        }
        let value = i64::try_from(divide_half_even(sum, weight)).ok()?;
        Some(Self { value, sum, weight })
    }
}

/// The reading before, while readings are gone through.
struct Walker<'a> {
    engine: &'a Engine,
    series: &'a Series,
    columns: &'a mut Columns,
    /// Longest time between two readings that is no gap; 0 where there is no such limit.
    limit_ms: i64,
    /// The last reading that counts; its end is what follows it is measured from.
    before: Option<Version>,
    /// Whether readings were passed over since.
    skipped: bool,
}

impl Walker<'_> {
    fn take(&mut self, version: &Version) {
        if version.verdict != Verdict::Counts {
            self.columns.mark(version.slot.at, CourseMarks::REFUSED);
            return;
        }
        let marks = CourseMarks::of(version);
        let start = version.slot.at;
        match self.before {
            Some(before) if !self.skipped => self.between(&before, version, marks),
            None if !self.skipped => {
                // What was before the first reading ever is no gap, but not known to be anything else either.
                if let Some(begun) = self.begun().filter(|&begun| begun < start) {
                    self.gap(begun.max(self.columns.from()), start);
                }
            }
            _ => {}
        }
        self.skipped = false;
        match self.series.kind {
            ParameterKind::Counter => {}
            ParameterKind::Amount => self.amount(version, marks),
            ParameterKind::Flow | ParameterKind::Property | ParameterKind::State => {
                if version.slot.span_s == 0 {
                    self.columns.point(start, version.value, marks);
                } else {
                    self.columns.stretch(start, version.slot.end(), version.value, marks);
                }
            }
        }
        // Of intervals that overlap the one that ends last is what follows.
        if self.before.is_none_or(|before| before.slot.end() <= version.slot.end()) {
            self.before = Some(*version);
        }
    }

    /// The time between two neighbouring readings.
    fn between(&mut self, before: &Version, after: &Version, marks: CourseMarks) {
        let (from, to) = (before.slot.end(), after.slot.at);
        if to <= from {
            return;
        }
        let too_long = self.limit_ms > 0 && to.since(from) > self.limit_ms;
        if self.series.kind == ParameterKind::Counter {
            self.counted(point(before), point(after), marks);
        } else if !too_long && self.series.kind != ParameterKind::Amount {
            self.columns.hold_before(from, to, before.value);
        }
        if too_long {
            self.gap(from, to);
        }
    }

    /// What a counter counted between two readings, by the same shares that post it.
    fn counted(&mut self, before: Point, after: Point, marks: CourseMarks) {
        let (mut quantity, mut covered) = (0_i128, 0_i64);
        self.series.pair_shares(&self.engine.zone, before, after, &mut |share| {
            quantity += share.quantity;
            covered += share.covered_ms;
        });
        match Rate::new(quantity, 1, covered) {
            Some(rate) => self
                .columns
                .quantity((before.at, after.at), rate.value, (rate.sum, rate.weight), marks),
            None => self.gap(before.at, after.at),
        }
    }

    fn amount(&mut self, version: &Version, marks: CourseMarks) {
        // What speaks of an instant is the quantity of the hour in which that lies.
        let (from, to) = if version.slot.span_s == 0 {
            let hour = self.engine.zone.hour_of(version.slot.at);
            (
                self.engine.zone.hour_start(hour),
                self.engine.zone.hour_start(hour.next()),
            )
        } else {
            (version.slot.at, version.slot.end())
        };
        if let Some(rate) = Rate::new(i128::from(version.value), 1, to.since(from)) {
            self.columns
                .quantity((from, to), rate.value, (rate.sum, rate.weight), marks);
        }
    }

    fn gap(&mut self, from: Instant, to: Instant) {
        let to = to.min(self.columns.until());
        if self.limit_ms > 0 {
            self.columns.gap(from, to);
        }
    }

    /// When the series began.
    fn begun(&self) -> Option<Instant> {
        let first = self.series.row.first_hour?;
        Some(self.engine.zone.hour_start(first))
    }

    /// After the last reading its value holds for a while; then there is a gap up to now.
    fn end(&mut self) {
        let until = self.columns.until();
        let Some(last) = self.before else {
            if let Some(begun) = self.begun().filter(|_| !self.skipped) {
                self.gap(begun.max(self.columns.from()), until);
            }
            return;
        };
        if self.skipped {
            return;
        }
        let from = last.slot.end();
        if self.limit_ms > 0 && until.since(from) > self.limit_ms {
            self.gap(from, until);
        } else if matches!(
            self.series.kind,
            ParameterKind::Flow | ParameterKind::Property | ParameterKind::State
        ) {
            self.columns.hold(from, until, last.value);
        }
    }
}

impl Engine {
    /// Fills columns from readings, of which no more than about `most` are read.
    pub(super) fn walk_readings(
        &self,
        history: &dyn History,
        series: &Series,
        most: i64,
        columns: &mut Columns,
    ) -> Result<(), Refusal> {
        let parameter = series.id;
        let limit_ms = match series.kind {
            ParameterKind::Amount if !series.expects_coverage => 0,
            _ => series.hold_ms,
        };
        let most_in_column = usize::try_from(most / i64::from(columns.count().max(1))).unwrap_or(usize::MAX);
        // What holds at the beginning may have been read as long before as a value may hold, or as an interval may be.
        let reach = limit_ms.max(i64::from(series.row.longest_span_s) * 1000);
        let until = columns.until();
        let first = columns.from().plus(-reach);
        let mut walker = Walker {
            engine: self,
            series,
            columns,
            limit_ms,
            before: None,
            skipped: false,
        };
        let mut next = Some(series.block_of(self.zone.hour_of(first)));
        let (mut column, mut read) = (None, 0);
        // What a counter counts up to the end is known by the reading after it.
        let mut beyond = series.kind == ParameterKind::Counter;
        while let Some(start) = next.filter(|&start| beyond || self.zone.hour_start(start) < until) {
            let tops = self.tops_in(history, parameter, start)?;
            let in_column = walker.columns.column_of(self.zone.hour_start(start));
            read = if in_column == column {
                read + tops.len()
            } else {
                tops.len()
            };
            column = in_column;
            for version in &tops {
                if version.slot.at >= until {
                    if !beyond {
                        break;
                    }
                    beyond = version.verdict != Verdict::Counts;
                }
                walker.take(version);
            }
            next = self.block_after(history, parameter, start)?;
            if let (Some(column), true) = (column, read > most_in_column) {
                // The rest of this column is passed over, where there is a block that begins in a later one.
                let later = series.block_of(self.zone.hour_of(walker.columns.start(column + 1)));
                if next.is_some_and(|next| next < later) {
                    walker.columns.mark(self.zone.hour_start(start), CourseMarks::PARTIAL);
                    walker.skipped = true;
                    next = self.block_after(history, parameter, Hour(later.0.saturating_sub(1)))?;
                }
            }
        }
        walker.end();
        Ok(())
    }

    /// Fills columns from hourly quantities.
    pub(super) fn walk_hours(
        &self,
        history: &dyn History,
        series: &Series,
        columns: &mut Columns,
    ) -> Result<(), Broken> {
        let until = columns.until();
        let from = self.zone.hour_of(columns.from());
        let to = self.zone.hour_of(until.plus(HOUR_MS - 1));
        let parts = match series.kind {
            ParameterKind::Flow => FLOW_PARTS / i128::from(HOUR_MS),
            _ => 1,
        };
        // A flow's mean is over time already; what others count is made an hour's.
        let mut reached = series.row.first_hour.map(|first| first.max(from));
        for (hour, bucket) in self.buckets_between(history, series.id, from, to)? {
            let (start, end) = (self.zone.hour_start(hour), self.zone.hour_start(hour.next()).min(until));
            if let Some(reached) = reached.filter(|_| series.expects_coverage) {
                columns.gap(self.zone.hour_start(reached), start);
            }
            reached = Some(hour.next());
            let covered = if series.expects_coverage {
                bucket.covered_ms
            } else {
                HOUR_MS
            };
            let rate = match series.kind {
                ParameterKind::Flow => mean(bucket.quantity, parts, covered),
                _ => Rate::new(bucket.quantity, parts, covered),
            };
            if let Some(rate) = rate {
                columns.quantity(
                    (start, end),
                    rate.value,
                    (rate.sum, rate.weight),
                    CourseMarks::default(),
                );
            }
            if series.expects_coverage {
                // Where in the hour it is missing is not kept: it is shown at the beginning. Of the hour that goes on, the time
                // since the last reading is not missing yet.
                let missing = end.since(start) - bucket.covered_ms;
                let tolerated = if end < self.zone.hour_start(hour.next()) {
                    series.hold_ms
                } else {
                    0
                };
                if missing > tolerated {
                    columns.gap(start, start.plus(missing));
                }
            }
        }
        if let Some(reached) = reached.filter(|_| series.expects_coverage) {
            columns.gap(self.zone.hour_start(reached), until);
        }
        Ok(())
    }
}

impl Engine {
    /// Puts what stands in for missing hours beside the values, where the gaps are.
    pub(super) fn walk_substitutes(
        &self,
        history: &dyn History,
        series: &Series,
        columns: &mut Columns,
    ) -> Result<(), Broken> {
        let until = columns.until();
        let from = self.zone.hour_of(columns.from());
        let to = self.zone.hour_of(until.plus(HOUR_MS - 1));
        for (hour, substitute) in self.substitutes_between(history, series.id, from, to)? {
            let bucket = self.bucket(history, series.id, hour)?;
            let (amount, missing) = (substitute.amount(&bucket), bucket.missing_ms());
            let rate = match series.kind {
                ParameterKind::Flow => mean(amount, FLOW_PARTS / i128::from(HOUR_MS), missing),
                _ => Rate::new(amount, 1, missing),
            };
            if let Some(rate) = rate {
                let (start, end) = (self.zone.hour_start(hour), self.zone.hour_start(hour.next()));
                columns.stand_in(start, end.min(until), rate.value);
            }
        }
        Ok(())
    }
}

/// The mean of a flow over the time that is covered: `quantity` is its area, in `parts` of a quantum-millisecond.
fn mean(quantity: i128, parts: i128, covered: i64) -> Option<Rate> {
    let weight = i128::from(covered).checked_mul(parts)?;
    if weight <= 0 {
        return None;
    }
    let value = i64::try_from(divide_half_even(quantity, weight)).ok()?;
    Some(Rate {
        value,
        sum: quantity,
        weight,
    })
}
