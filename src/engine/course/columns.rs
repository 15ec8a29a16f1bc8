//! Values put into columns: nothing is lost of what is lowest, highest or summed.

use crate::accounting::quantity::divide_half_even;
use crate::domain::time::Instant;

use super::{CourseColumn, CourseMarks, Extent, StandIn, column_start};

/// Columns that are being filled, in the order of time.
#[derive(Debug)]
pub(super) struct Columns {
    from: Instant,
    to: Instant,
    /// Nothing is known after this.
    until: Instant,
    count: u16,
    filled: Vec<CourseColumn>,
}

impl Columns {
    pub(super) fn new(from: Instant, to: Instant, count: u16, until: Instant) -> Self {
        let filled = (0..count)
            .map(|column| CourseColumn {
                column,
                values: None,
                gap_ms: 0,
                stand_in: None,
                marks: CourseMarks::default(),
            })
            .collect();
        Self {
            from,
            to,
            until,
            count,
            filled,
        }
    }

    pub(super) const fn from(&self) -> Instant {
        self.from
    }

    /// The end of what can be known.
    pub(super) const fn until(&self) -> Instant {
        self.until
    }

    pub(super) const fn count(&self) -> u16 {
        self.count
    }

    /// The column in which an instant lies, if it lies in one.
    pub(super) fn column_of(&self, at: Instant) -> Option<usize> {
        if at < self.from || at >= self.to {
            return None;
        }
        // `column_start` cuts, so that this may name the column before the right one.
        let share = i128::from(at.since(self.from)) * i128::from(self.count) / i128::from(self.to.since(self.from));
        let guess = usize::try_from(share).ok()?;
        if self.start(guess + 1) <= at {
            Some(guess + 1)
        } else {
            Some(guess)
        }
    }

    /// When a column begins.
    pub(super) fn start(&self, column: usize) -> Instant {
        let column = u16::try_from(column).unwrap_or(self.count).min(self.count);
        column_start(self.from, self.to, self.count, column)
    }

    /// The columns that a stretch touches, each with its part of it.
    fn each(&mut self, from: Instant, to: Instant, mut visit: impl FnMut(&mut CourseColumn, Instant, Instant)) {
        let (from, to) = (from.max(self.from), to.min(self.to));
        if from >= to {
            return;
        }
        let mut next = self.column_of(from);
        while let Some(place) = next {
            let (start, end) = (self.start(place), self.start(place + 1));
            if start >= to {
                break;
            }
            let Some(column) = self.filled.get_mut(place) else {
                break;
            };
            visit(column, start.max(from), end.min(to));
            next = Some(place + 1);
        }
    }

    fn at(&mut self, at: Instant) -> Option<&mut CourseColumn> {
        let place = self.column_of(at)?;
        self.filled.get_mut(place)
    }

    /// Says something of the column in which an instant lies.
    pub(super) fn mark(&mut self, at: Instant, marks: CourseMarks) {
        if let Some(column) = self.at(at) {
            column.marks.add(marks);
        }
    }

    /// A value that was read at an instant.
    pub(super) fn point(&mut self, at: Instant, value: i64, marks: CourseMarks) {
        if let Some(column) = self.at(at) {
            column.marks.add(marks);
            let values = touch(column, value, at);
            values.sum += i128::from(value);
            values.weight += 1;
            values.count = values.count.saturating_add(1);
        }
    }

    /// A value that stands for a stretch and counts once, in the column in which it begins.
    pub(super) fn stretch(&mut self, from: Instant, to: Instant, value: i64, marks: CourseMarks) {
        self.each(from, to, |column, start, _| {
            column.marks.add(marks);
            let values = touch(column, value, from);
            if start == from {
                values.sum += i128::from(value);
                values.weight += 1;
                values.count = values.count.saturating_add(1);
            }
        });
    }

    /// A quantity of a stretch: `value` is its mean, `sum / weight` the mean with all its digits. Sum and weight are spread
    /// over the columns by time, and what is spread adds up to the whole.
    pub(super) fn quantity(
        &mut self,
        (from, to): (Instant, Instant),
        value: i64,
        (sum, weight): (i128, i128),
        marks: CourseMarks,
    ) {
        let length = i128::from(to.since(from)).max(1);
        let share = |whole: i128, at: Instant| {
            let part = i128::from(at.since(from));
            let scaled = whole.checked_mul(part).map(|product| divide_half_even(product, length));
            // What does not fit is far beyond any meter: it is cut first, and says so by its size.
            scaled.unwrap_or_else(|| (whole / length).saturating_mul(part))
        };
        self.each(from, to, |column, start, end| {
            column.marks.add(marks);
            let values = touch(column, value, to);
            values.sum += share(sum, end) - share(sum, start);
            values.weight += share(weight, end) - share(weight, start);
            values.count = values.count.saturating_add(u32::from(start == from));
        });
    }

    /// A value that goes on holding up to a reading, but not in the column of that.
    pub(super) fn hold_before(&mut self, from: Instant, reading: Instant, value: i64) {
        let to = self.column_of(reading).map_or(reading, |place| self.start(place));
        self.hold(from, to, value);
    }

    /// A value that goes on holding where nothing else was read.
    pub(super) fn hold(&mut self, from: Instant, to: Instant, value: i64) {
        self.each(from, to, |column, _, _| {
            if column.values.is_none() {
                touch(column, value, from);
            }
        });
    }

    /// A gap.
    pub(super) fn gap(&mut self, from: Instant, to: Instant) {
        self.each(from, to, |column, start, end| column.gap_ms += end.since(start));
    }

    /// What stands in for the gaps between two instants, after those are known.
    pub(super) fn stand_in(&mut self, from: Instant, to: Instant, value: i64) {
        self.each(from, to, |column, start, end| {
            let filled = column.stand_in.map_or(0, |known| known.filled_ms);
            let part = end.since(start).min(column.gap_ms - filled);
            if part <= 0 {
                return;
            }
            let known = column.stand_in.get_or_insert(StandIn {
                low: value,
                high: value,
                sum: 0,
                filled_ms: 0,
            });
            known.low = known.low.min(value);
            known.high = known.high.max(value);
            known.sum += i128::from(value) * i128::from(part);
            known.filled_ms += part;
        });
    }

    /// The columns of which something is known.
    pub(super) fn finish(self) -> Vec<CourseColumn> {
        self.filled
            .into_iter()
            .filter(|column| column.values.is_some() || column.gap_ms > 0 || !column.marks.is_empty())
            .collect()
    }
}

/// The column's values with one more among them.
fn touch(column: &mut CourseColumn, value: i64, at: Instant) -> &mut Extent {
    let values = column.values.get_or_insert(Extent {
        low: value,
        high: value,
        first: value,
        last: value,
        last_at: at,
        sum: 0,
        weight: 0,
        count: 0,
    });
    values.low = values.low.min(value);
    values.high = values.high.max(value);
    values.last = value;
    values.last_at = at;
    values
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lowest_highest_sum_and_number_of_values_are_kept(
            values in prop::collection::vec((0_i64..10_000, -1_000_i64..1_000), 1..200),
            count in 1_u16..80,
            length in 100_i64..10_000,
        ) {
            let mut columns = Columns::new(Instant(0), Instant(length), count, Instant(length));
            let mut values = values;
            values.sort_by_key(|&(at, _)| at);
            for &(at, value) in &values {
                columns.point(Instant(at), value, CourseMarks::default());
            }
            let inside: Vec<(i64, i64)> = values.iter().copied().filter(|&(at, _)| at < length).collect();
            let filled = columns.finish();
            let all: Vec<(u16, Extent)> = filled.iter().filter_map(|column| Some((column.column, column.values?))).collect();
            prop_assert_eq!(all.iter().map(|(_, all)| all.low).min(), inside.iter().map(|&(_, value)| value).min());
            prop_assert_eq!(all.iter().map(|(_, all)| all.high).max(), inside.iter().map(|&(_, value)| value).max());
            prop_assert_eq!(all.iter().map(|(_, all)| all.sum).sum::<i128>(), inside.iter().map(|&(_, value)| i128::from(value)).sum::<i128>());
            prop_assert_eq!(all.iter().map(|(_, all)| all.weight).sum::<i128>(), inside.len() as i128);
            for (column, extent) in all {
                let start = column_start(Instant(0), Instant(length), count, column);
                let end = column_start(Instant(0), Instant(length), count, column + 1);
                let own: Vec<i64> = inside.iter().filter(|&&(at, _)| Instant(at) >= start && Instant(at) < end).map(|&(_, value)| value).collect();
                prop_assert_eq!(Some(extent.first), own.first().copied());
                prop_assert_eq!(Some(extent.last), own.last().copied());
                prop_assert_eq!(Some(extent.low), own.iter().min().copied());
                prop_assert_eq!(extent.count as usize, own.len());
            }
        }

        #[test]
        fn what_is_spread_adds_up_to_the_whole(
            from in 0_i64..500,
            length in 1_i64..500,
            sum in -1_000_000_i128..1_000_000,
            count in 1_u16..80,
        ) {
            let mut columns = Columns::new(Instant(0), Instant(1_000), count, Instant(1_000));
            columns.quantity((Instant(from), Instant(from + length)), 7, (sum, i128::from(length)), CourseMarks::default());
            columns.gap(Instant(from), Instant(from + length));
            let filled = columns.finish();
            let values = || filled.iter().filter_map(|column| column.values);
            prop_assert_eq!(values().map(|values| values.sum).sum::<i128>(), sum);
            prop_assert_eq!(values().map(|values| values.weight).sum::<i128>(), i128::from(length));
            prop_assert_eq!(values().map(|values| values.count).sum::<u32>(), 1);
            prop_assert_eq!(filled.iter().map(|column| column.gap_ms).sum::<i64>(), length);
        }
    }

    #[test]
    fn what_stands_in_fills_gaps_and_nothing_else() {
        let mut columns = Columns::new(Instant(0), Instant(100), 10, Instant(100));
        columns.point(Instant(5), 3, CourseMarks::default());
        columns.gap(Instant(15), Instant(38));
        columns.stand_in(Instant(0), Instant(20), 7);
        columns.stand_in(Instant(20), Instant(34), 9);
        let filled: Vec<_> = columns
            .finish()
            .into_iter()
            .map(|column| (column.column, column.stand_in.map(|known| (known.sum, known.filled_ms))))
            .collect();
        let expected = [(0, None), (1, Some((35, 5))), (2, Some((90, 10))), (3, Some((36, 4)))];
        assert_eq!(filled, expected);
    }

    #[test]
    fn a_value_holds_only_where_nothing_else_was_read() {
        let mut columns = Columns::new(Instant(0), Instant(100), 10, Instant(100));
        columns.point(Instant(5), 3, CourseMarks::default());
        columns.point(Instant(42), 9, CourseMarks::TYPED);
        columns.hold(Instant(5), Instant(42), 3);
        let filled = columns.finish();
        let lasts: Vec<_> = filled
            .iter()
            .map(|column| column.values.map(|values| values.last))
            .collect();
        assert_eq!(lasts, [Some(3), Some(3), Some(3), Some(3), Some(9)]);
        let counts: Vec<_> = filled
            .iter()
            .map(|column| column.values.map(|values| values.count))
            .collect();
        assert_eq!(counts, [Some(1), Some(0), Some(0), Some(0), Some(1)]);
        assert!(filled.last().unwrap().marks.has(CourseMarks::TYPED));
    }
}
