//! Posting: shares into buckets, and from the buckets that changed the cells that rest on them.
//!
//! A cell is a pure function of the aggregates of its windows. What changed is noted as hours of parameters; settling
//! computes every cell that takes one of them, once, and moves the month sums by the difference.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::accounting::bucket::{Bucket, BucketDay};
use crate::accounting::cell::{Cell, CellDay, CellSum};
use crate::accounting::quantity::Share;
use crate::domain::identity::{BookId, ParameterId, Sequence, SourceId};
use crate::domain::model::Gas;
use crate::domain::reading::Version;
use crate::domain::time::{DayBlock, Hour, Instant, Month};

use super::anomalies::Cause;
use super::evaluate::Evaluator;
use super::history::{History, Tree};
use super::models::WindowKey;
use super::tested::samples;
use super::{Broken, Engine, keys, rows};

/// A value kept in memory, and whether it is newer than its row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cached<T> {
    pub(super) value: T,
    pub(super) dirty: bool,
    /// The last stretch of records before which it was kept in the history, by its first.
    kept_by: Sequence,
}

impl<T> Cached<T> {
    /// A value as its row has it.
    pub(super) fn stored(value: T) -> Self {
        Self {
            value,
            dirty: false,
            kept_by: Sequence(0),
        }
    }

    /// Whether the value is to be kept before the stretch `by` changes it: once for each.
    fn is_first_change_by(&mut self, by: Sequence) -> bool {
        std::mem::replace(&mut self.kept_by, by) != by
    }
}

/// What changed since cells were last settled.
#[derive(Debug, Clone, Default)]
pub(super) struct Touched {
    /// Hours of quantities.
    hours: Vec<(ParameterId, Hour)>,
    /// Hours of which a substitute changed.
    substituted: Vec<(ParameterId, Hour)>,
    /// Stretches of tested values.
    properties: Vec<(ParameterId, Instant, Instant)>,
    /// Hours of sources.
    sources: BTreeMap<SourceId, Vec<Hour>>,
}

impl Touched {
    /// Whether a tested value changed.
    pub(super) fn touches_properties(&self) -> bool {
        !self.properties.is_empty()
    }

    fn hour(&mut self, parameter: ParameterId, hour: Hour) {
        // Readings come in runs, so the newest entry is very often the same.
        if self.hours.last() != Some(&(parameter, hour)) {
            self.hours.push((parameter, hour));
        }
    }

    /// Notes an hour of which a substitute changed.
    pub(super) fn substituted(&mut self, parameter: ParameterId, hour: Hour) {
        self.substituted.push((parameter, hour));
    }

    /// Notes hours of a source to be computed again.
    pub(super) fn source(&mut self, source: SourceId, hours: impl IntoIterator<Item = Hour>) {
        self.sources.entry(source).or_default().extend(hours);
    }
}

impl Engine {
    /// Puts a share into its bucket, or takes it out when `sign` is −1.
    #[inline]
    pub(super) fn post_share(
        &mut self,
        history: &dyn History,
        parameter: ParameterId,
        share: &Share,
        sign: i32,
    ) -> Result<(), Broken> {
        if self.is_sealed(share.hour) {
            *self.left_sealed.entry(parameter).or_default() += i128::from(sign) * share.quantity;
            return Ok(());
        }
        let day = share.hour.day_block();
        let key = (parameter, day);
        let settled = self.is_settled(day);
        let cached = if let Some(cached) = self.buckets.get_mut(&key) {
            cached
        } else {
            let value = load_bucket_day(history, parameter, day)?;
            self.buckets.entry(key).or_insert(Cached::stored(value))
        };
        if settled && cached.is_first_change_by(self.kept.by()) {
            let before = rows::encode_buckets(&cached.value);
            let key = keys::buckets(parameter, day);
            self.kept.keep(history, Tree::Buckets, &key, before)?;
        }
        let Some(bucket) = cached.value.hours.get_mut(share.hour.place_in_block()) else {
            return Err(Broken::Row("an hour lies outside its day"));
        };
        if sign > 0 {
            bucket.put(share);
        } else {
            bucket.take(share);
        }
        cached.dirty = true;
        self.touched.hour(parameter, share.hour);
        Ok(())
    }

    /// The buckets of a day.
    pub(super) fn bucket_day(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        day: DayBlock,
    ) -> Result<Cow<'_, BucketDay>, Broken> {
        match self.buckets.get(&(parameter, day)) {
            Some(cached) => Ok(Cow::Borrowed(&cached.value)),
            None => load_bucket_day(history, parameter, day).map(Cow::Owned),
        }
    }

    /// One bucket.
    pub(super) fn bucket(&self, history: &dyn History, parameter: ParameterId, hour: Hour) -> Result<Bucket, Broken> {
        let day = self.bucket_day(history, parameter, hour.day_block())?;
        Ok(day.hours.get(hour.place_in_block()).copied().unwrap_or_default())
    }

    /// Hours from one up to, not including, another in which a parameter has a bucket, with the bucket.
    pub(super) fn buckets_between(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        from: Hour,
        to: Hour,
    ) -> Result<Vec<(Hour, Bucket)>, Broken> {
        let mut found = Vec::new();
        for day in self.bucket_days(history, parameter, from.day_block(), Some(to.day_block()))? {
            let buckets = self.bucket_day(history, parameter, day)?;
            for (hour, bucket) in day.hours().zip(buckets.hours) {
                if hour >= from && hour < to && bucket.exists() {
                    found.push((hour, bucket));
                }
            }
        }
        Ok(found)
    }

    /// Day blocks in which a parameter has buckets, from one up to and including another.
    pub(super) fn bucket_days(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        from: DayBlock,
        to: Option<DayBlock>,
    ) -> Result<BTreeSet<DayBlock>, Broken> {
        let last = to.unwrap_or(DayBlock(i32::MAX));
        let mut days: BTreeSet<DayBlock> = BTreeSet::new();
        if to.is_some_and(|last| last.0.saturating_sub(from.0) < 400) {
            // A short stretch is looked up day by day in memory, rather than by going through all that is cached.
            days.extend(
                (from.0..=last.0)
                    .map(DayBlock)
                    .filter(|&day| self.buckets.contains_key(&(parameter, day))),
            );
        } else {
            days.extend(
                self.buckets
                    .keys()
                    .filter(|(other, day)| *other == parameter && *day >= from && *day <= last)
                    .map(|&(_, day)| day),
            );
        }
        history.scan(
            Tree::Buckets,
            &keys::buckets(parameter, from),
            &keys::after_prefix(&keys::buckets(parameter, last)),
            &mut |key, _| {
                days.extend(keys::day_of(key));
                true
            },
        )?;
        Ok(days)
    }

    /// Notes that a tested value changed, for its interval, or for as long as an instant's value may hold.
    pub(super) fn touch_property(&mut self, parameter: ParameterId, version: &Version) -> Result<(), Broken> {
        if self.models.is_property_of_a_source(parameter) {
            let end = if version.slot.span_s > 0 {
                version.slot.end()
            } else {
                version.slot.at.plus(self.series(parameter)?.hold_ms.max(1))
            };
            self.touched.properties.push((parameter, version.slot.at, end));
        }
        Ok(())
    }

    /// Notes that what is watched or tested changed in a stretch, an instant's value as long as it may hold.
    pub(super) fn touch_relations(&mut self, parameter: ParameterId, (from, to): (Instant, Instant)) {
        let hours = (self.zone.hour_of(from), self.zone.hour_of(to.max(from)));
        self.relations.touch(Cause::Parameter(parameter), hours);
    }

    /// Computes every cell that rests on what changed.
    pub(super) fn settle(&mut self, history: &dyn History) -> Result<(), Broken> {
        let mut touched = std::mem::take(&mut self.touched);
        touched.hours.sort_unstable();
        touched.hours.dedup();
        self.checks.posted(&touched.hours);
        let mut before = None;
        for &(parameter, hour) in &touched.hours {
            self.relations.touch(Cause::Parameter(parameter), (hour, hour));
            if self.is_filled(parameter) {
                self.look_again(parameter, hour);
            }
            // Hours are in order: the first of each parameter is enough.
            if before.replace(parameter) != Some(parameter) {
                self.look_again_after(history, parameter, hour)?;
            }
        }
        if !touched.substituted.is_empty() {
            touched.hours.append(&mut touched.substituted);
            touched.hours.sort_unstable();
            touched.hours.dedup();
        }
        let mut months: BTreeSet<(SourceId, WindowKey, Hour)> = BTreeSet::new();
        for &(parameter, hour) in &touched.hours {
            self.changed
                .note(self.month_cache.month_of(&self.zone, hour), self.next);
            for source in self.models.sources_by_quantity(parameter) {
                touched.sources.entry(source).or_default().push(hour);
                if let Some(window) = self.weighted_window(history, source, hour)? {
                    months.insert((source, window, self.window_hours(window, hour).0));
                }
            }
        }
        for &(parameter, from, to) in &touched.properties {
            let (first, last) = (self.zone.hour_of(from), self.zone.hour_of(to.plus(-1)));
            for (source, window) in self.models.sources_by_property(parameter) {
                match window {
                    WindowKey::Test => {
                        touched
                            .sources
                            .entry(source)
                            .or_default()
                            .extend((first.0..=last.0).map(Hour));
                    }
                    WindowKey::Month | WindowKey::Year => {
                        let mut hour = first;
                        while hour <= last {
                            let (start, end) = self.window_hours(window, hour);
                            months.insert((source, window, start));
                            hour = end;
                        }
                    }
                }
            }
        }
        self.touch_untested_months(history, &mut touched)?;
        for (source, window, start) in months {
            let (start, end) = self.window_hours(window, start);
            touched
                .sources
                .entry(source)
                .or_default()
                .extend((start.0..end.0).map(Hour));
        }
        for (source, mut hours) in touched.sources {
            hours.retain(|&hour| !self.is_sealed(hour));
            hours.sort_unstable();
            hours.dedup();
            self.settle_source(history, source, &hours)?;
        }
        Ok(())
    }

    /// Notes the months that were not tested, of the years in which a test changed, where the plan makes something of those
    /// that were; and the month of the test itself, all of whose hours may have had that till now.
    ///
    /// Costs what was posted in the untested months of the year.
    fn touch_untested_months(&self, history: &dyn History, touched: &mut Touched) -> Result<(), Broken> {
        let mut changed: BTreeMap<(ParameterId, i32), BTreeSet<Month>> = BTreeMap::new();
        for &(parameter, from, to) in &touched.properties {
            if !self.models.is_told_by_months(parameter) {
                continue;
            }
            let last = self.zone.month_of(self.zone.hour_of(to.plus(-1)));
            let mut month = self.zone.month_of(self.zone.hour_of(from));
            while month <= last {
                changed.entry((parameter, month.year)).or_default().insert(month);
                month = month.next();
            }
        }
        for ((parameter, year), months) in changed {
            let tested = self.tested_months(history, parameter, year)?;
            let is_tested = |month: Month| tested.iter().any(|tested| tested.month == month);
            let concerned = Month::of_year(year).filter(|&month| months.contains(&month) || !is_tested(month));
            let concerned: Vec<(Hour, Hour)> = concerned.map(|month| self.zone.month_hours(month)).collect();
            let sources: BTreeSet<SourceId> = self
                .models
                .sources_by_property(parameter)
                .map(|(source, _)| source)
                .collect();
            for source in sources {
                for quantity in self.models.quantities_of(source) {
                    for &(start, end) in &concerned {
                        // Of hours in which nothing was posted there is no cell, now or before.
                        let posted = self.posted_between(history, quantity, start, end, true)?;
                        touched.source(source, posted.into_keys());
                    }
                }
            }
        }
        Ok(())
    }

    /// The hours of the calendar window in which an hour lies.
    pub(super) fn window_hours(&self, window: WindowKey, hour: Hour) -> (Hour, Hour) {
        let month = self.zone.month_of(hour);
        match window {
            WindowKey::Test => (hour, hour.next()),
            WindowKey::Month => self.zone.month_hours(month),
            WindowKey::Year => self.zone.year_hours(month.year),
        }
    }

    /// The longest window of a source in which the quantity of this hour is a weight that matters: the mean of a single
    /// sample does not depend on its weight.
    fn weighted_window(
        &self,
        history: &dyn History,
        source: SourceId,
        hour: Hour,
    ) -> Result<Option<WindowKey>, Broken> {
        let Some(bound) = self.models.at(hour).and_then(|model| model.source(source)) else {
            return Ok(None);
        };
        let mut longest = None;
        for (parameter, window) in super::evaluate::weighted_properties(bound) {
            if Some(window) <= longest {
                continue;
            }
            let (from, to) = self.window_hours(window, hour);
            let tests = self.tests_of_window(history, parameter, from, to)?;
            let start = self.zone.hour_start(hour);
            let covers = tests.iter().any(|test| test.covers(start));
            if covers && samples(&tests).nth(1).is_some() {
                longest = Some(window);
            }
        }
        Ok(longest)
    }

    /// Computes a source's cells of some hours in every book.
    fn settle_source(&mut self, history: &dyn History, source: SourceId, hours: &[Hour]) -> Result<(), Broken> {
        for book in self.models.all_books() {
            let mut changes: Vec<(Gas, Hour, Option<Cell>)> = Vec::with_capacity(hours.len());
            let mut evaluator = Evaluator::new(self, history, book, source);
            for &hour in hours {
                // A model change may change the gas: cells of other gases of that hour then have to go.
                let computed = evaluator.cell(hour)?;
                changes.push((computed.gas, hour, computed.cell));
            }
            let gases = evaluator.gases();
            for (gas, hour, cell) in changes {
                for &other in &gases {
                    self.put_cell(
                        history,
                        book,
                        source,
                        other,
                        hour,
                        if other == gas { cell } else { None },
                    )?;
                }
            }
        }
        Ok(())
    }

    fn put_cell(
        &mut self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        gas: Gas,
        hour: Hour,
        cell: Option<Cell>,
    ) -> Result<(), Broken> {
        let day = hour.day_block();
        let key = (book, source, gas, day);
        let settled = self.is_settled(day);
        let cached = if let Some(cached) = self.cells.get_mut(&key) {
            cached
        } else {
            let value = load_cell_day(history, book, source, gas, day)?;
            self.cells.entry(key).or_insert(Cached::stored(value))
        };
        let Some(place) = cached.value.hours.get(hour.place_in_block()) else {
            return Err(Broken::Row("an hour lies outside its day"));
        };
        if *place == cell {
            return Ok(());
        }
        let before = *place;
        if settled && cached.is_first_change_by(self.kept.by()) {
            let row = rows::encode_cells(&cached.value);
            let key = keys::cells(book, source, gas, day);
            self.kept.keep(history, Tree::Cells, &key, row)?;
        }
        if let Some(place) = cached.value.hours.get_mut(hour.place_in_block()) {
            *place = cell;
        }
        cached.dirty = true;
        self.relations.touch(Cause::Source(book, source), (hour, hour));
        let month = self.month_cache.month_of(&self.zone, hour);
        self.changed.note(month, self.next);
        let key = (book, source, gas, month);
        let sum = if let Some(sum) = self.sums.get_mut(&key) {
            sum
        } else {
            let value = load_sum(history, book, source, gas, month)?;
            self.sums.entry(key).or_insert(Cached::stored(value))
        };
        if settled && sum.is_first_change_by(self.kept.by()) {
            let row = rows::encode_sum(&sum.value);
            let key = keys::month_sum(book, source, gas, month);
            self.kept.keep(history, Tree::MonthSums, &key, row)?;
        }
        if let Some(noted) = &mut self.noted_sums {
            noted.entry(key).or_insert(sum.value);
        }
        if let Some(before) = before {
            sum.value.take(&before);
        }
        if let Some(cell) = cell {
            sum.value.put(&cell);
        }
        sum.dirty = true;
        Ok(())
    }

    /// The cells of a day.
    pub(super) fn cell_day(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        gas: Gas,
        day: DayBlock,
    ) -> Result<CellDay, Broken> {
        match self.cells.get(&(book, source, gas, day)) {
            Some(cached) => Ok(cached.value.clone()),
            None => load_cell_day(history, book, source, gas, day),
        }
    }

    /// The sum of a month.
    pub(super) fn month_sum(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        gas: Gas,
        month: Month,
    ) -> Result<CellSum, Broken> {
        match self.sums.get(&(book, source, gas, month)) {
            Some(cached) => Ok(cached.value),
            None => load_sum(history, book, source, gas, month),
        }
    }

    /// Brings what totals read again and again into memory, so that they cost look-ups only.
    pub(super) fn keep_in_memory(
        &mut self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        gas: Gas,
        days: impl Iterator<Item = DayBlock>,
        year: i32,
    ) -> Result<(), Broken> {
        for day in days {
            let key = (book, source, gas, day);
            if let std::collections::hash_map::Entry::Vacant(e) = self.cells.entry(key) {
                let value = load_cell_day(history, book, source, gas, day)?;
                e.insert(Cached::stored(value));
            }
        }
        for month in Month::of_year(year) {
            let key = (book, source, gas, month);
            if let std::collections::hash_map::Entry::Vacant(e) = self.sums.entry(key) {
                let value = load_sum(history, book, source, gas, month)?;
                e.insert(Cached::stored(value));
            }
        }
        Ok(())
    }
}

fn load_bucket_day(history: &dyn History, parameter: ParameterId, day: DayBlock) -> Result<BucketDay, Broken> {
    match history.get(Tree::Buckets, &keys::buckets(parameter, day))? {
        Some(bytes) => rows::decode_buckets(&bytes),
        None => Ok(BucketDay::default()),
    }
}

fn load_cell_day(
    history: &dyn History,
    book: BookId,
    source: SourceId,
    gas: Gas,
    day: DayBlock,
) -> Result<CellDay, Broken> {
    match history.get(Tree::Cells, &keys::cells(book, source, gas, day))? {
        Some(bytes) => rows::decode_cells(&bytes),
        None => Ok(CellDay::default()),
    }
}

fn load_sum(history: &dyn History, book: BookId, source: SourceId, gas: Gas, month: Month) -> Result<CellSum, Broken> {
    match history.get(Tree::MonthSums, &keys::month_sum(book, source, gas, month))? {
        Some(bytes) => rows::decode_sum(&bytes),
        None => Ok(CellSum::default()),
    }
}

/// The calendar month of the hours just looked at: cells are settled in the order of hours, so it seldom changes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct MonthCache {
    known: Option<(Hour, Hour, Month)>,
}

impl MonthCache {
    pub(super) fn month_of(&mut self, zone: &crate::domain::time::PlantZone, hour: Hour) -> Month {
        match self.known {
            Some((from, to, month)) if hour >= from && hour < to => month,
            _ => {
                let month = zone.month_of(hour);
                let (from, to) = zone.month_hours(month);
                self.known = Some((from, to, month));
                month
            }
        }
    }
}
