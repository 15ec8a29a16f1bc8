//! Live values and the totals at the foot of the Live pane.

use crate::accounting::cell::{Cell, CellSum};
use crate::accounting::exact::Exact;
use crate::accounting::quantity::divide_half_even;
use crate::domain::identity::{BookId, SourceId};
use crate::domain::model::{Book, Gas, SiteModel};
use crate::domain::period::Period;
use crate::domain::time::{DayBlock, HOUR_MS, Hour, Instant, Month};
use chrono::Datelike;

use super::command::Refusal;
use super::history::History;
use super::models::subtree;
use super::rate::{Intensity, percent_above};
use super::view::{Cause, Figure, IntensityNow, LiveParameter, NodeView, Planned, PlannedTotals, Totals};
use super::{Broken, Engine};

/// Days of a stretch that are looked up one by one; of a longer one only those that have cells.
const SHORT_STRETCH: i32 = 40;

/// Sources that are named as causes of the rate.
const MOST_CAUSES: usize = 6;

/// An hour that is missing is filled within an hour and a minute of being ripe; a while more for a daemon that is busy.
const FILLED_FOR_MS: i64 = 90 * 60_000;

/// A value older than this many expected intervals is stale.
pub(super) const STALE_INTERVALS: i64 = 3;

impl Engine {
    /// The newest model's parameters, in its order, with their newest values. Costs a look-up for every parameter that is
    /// silent and has a plan for missing data.
    pub fn live_parameters(&self, history: &dyn History) -> Result<Vec<LiveParameter>, Broken> {
        let Some(model) = self.model() else {
            return Ok(Vec::new());
        };
        let mut newest = Vec::with_capacity(model.parameters.len());
        for parameter in &model.parameters {
            newest.push(match self.series(parameter.id) {
                Ok(series) => self.newest_filled(history, series)?,
                Err(_) => None,
            });
        }
        let listed = model
            .parameters
            .iter()
            .zip(newest)
            .map(|(parameter, newest)| LiveParameter {
                id: parameter.id,
                tag: parameter.tag.clone(),
                name: parameter.name.clone(),
                kind: parameter.kind,
                unit: parameter.unit.symbol().to_owned(),
                decimals: parameter.decimals,
                node: parameter.node,
                key: parameter.key,
                interval_ms: parameter.interval_ms,
                stale_after_ms: parameter.interval_ms.saturating_mul(STALE_INTERVALS),
                filled_for_ms: parameter
                    .missing
                    .as_ref()
                    .map(|_| parameter.fill_wait_ms().saturating_add(FILLED_FOR_MS)),
                possible: parameter.possible,
                operating: parameter.operating,
                newest,
            });
        Ok(listed.collect())
    }

    /// The newest model's tree, parents before children.
    pub fn nodes(&self) -> Vec<NodeView> {
        let nodes = self.model().map_or(&[][..], |model| &model.nodes);
        nodes
            .iter()
            .map(|node| NodeView {
                id: node.id,
                key: node.key.clone(),
                name: node.name.clone(),
                level: node.level,
                parent: node.parent,
                upstream: node.upstream,
            })
            .collect()
    }

    /// The totals of every book at an instant: rate, shift, plant day, month, year. Costs look-ups for every source; what
    /// it reads stays in memory.
    pub fn totals(&mut self, history: &dyn History, now: Instant) -> Result<Vec<Totals>, Refusal> {
        let Some(model) = self.model().cloned() else {
            return Ok(Vec::new());
        };
        let year = self.zone.local(now).year();
        let hour = self.zone.hour_of(now);
        let month = self.zone.month_of(hour);
        let day = Period::Day(model.plant_day(now)).hours(&self.zone, model.day_start_minutes);
        let shift = model
            .shift_at(now)
            .map(|shift| (self.zone.hour_of(shift.start), self.zone.hour_of(shift.end)));
        let first = shift.map_or(day.0, |shift| shift.0.min(day.0));
        let sources = self.source_gases();
        let month_hours = Period::Month(month).hours(&self.zone, model.day_start_minutes);
        let year_hours = Period::Year(year).hours(&self.zone, model.day_start_minutes);
        let mut all = Vec::new();
        for book in &model.books {
            let mut totals = Totals {
                book: book.id,
                key: book.key.clone(),
                name: book.name.clone(),
                rate: None,
                shift: shift.map(|_| Figure::default()),
                day: Figure::default(),
                month: Figure::default(),
                year: Figure::default(),
                causes: Vec::new(),
                planned: PlannedTotals::default(),
                intensities: Vec::new(),
            };
            for &(source, gas) in &sources {
                let days = (first.day_block().0..=hour.day_block().0).map(DayBlock);
                self.keep_in_memory(history, book.id, source, gas, days, year)?;
                let running = self.running(history, book.id, source, gas, now)?;
                let mut of_year = CellSum::default();
                for other in Month::of_year(year) {
                    let sum = self.month_sum(history, book.id, source, gas, other)?;
                    of_year.add(&sum);
                    if other == month {
                        totals
                            .month
                            .add(&self.figure_of(book.id, source, &sum, &running, month_hours, now));
                    }
                }
                totals
                    .year
                    .add(&self.figure_of(book.id, source, &of_year, &running, year_hours, now));
                let of_day = self.hours_sum(history, book.id, source, gas, day)?;
                totals
                    .day
                    .add(&self.figure_of(book.id, source, &of_day, &running, day, now));
                if let (Some(shift), Some(total)) = (shift, &mut totals.shift) {
                    let of_shift = self.hours_sum(history, book.id, source, gas, shift)?;
                    total.add(&self.figure_of(book.id, source, &of_shift, &running, shift, now));
                }
            }
            let planned = |hours, figure: &Figure| self.planned(&model, book.id, hours, now, figure.milligrams);
            totals.planned = PlannedTotals {
                shift: shift
                    .zip(totals.shift.as_ref())
                    .and_then(|(hours, figure)| planned(hours, figure)),
                day: planned(day, &totals.day),
                month: planned(month_hours, &totals.month),
                year: planned(year_hours, &totals.year),
            };
            self.add_rates(history, &model, book, now, &mut totals)?;
            all.push(totals);
        }
        Ok(all)
    }

    /// What a book's plan gives to some hours, and to those of them that have passed at an instant.
    pub(super) fn planned(
        &self,
        model: &SiteModel,
        book: BookId,
        (from, to): (Hour, Hour),
        now: Instant,
        emitted: i128,
    ) -> Option<Planned> {
        let hour = self.zone.hour_of(now).clamp(from, to);
        let mut by_now = model.planned(book, from, hour)?;
        if hour < to {
            let passed = now.since(self.zone.hour_start(hour)).clamp(0, HOUR_MS);
            let this_hour = model.planned(book, hour, hour.next())?;
            by_now += divide_half_even(this_hour.checked_mul(i128::from(passed))?, i128::from(HOUR_MS));
        }
        Some(Planned {
            whole: model.planned(book, from, to)?,
            by_now,
            above: Exact::ratio(emitted, 1)
                .ok()
                .zip(Exact::ratio(by_now, 1).ok())
                .and_then(|(emitted, by_now)| percent_above(emitted, by_now)),
        })
    }

    /// Adds what is emitted at the newest readings: in all, by its greatest causes, and per unit of each product.
    fn add_rates(
        &self,
        history: &dyn History,
        model: &SiteModel,
        book: &Book,
        now: Instant,
        totals: &mut Totals,
    ) -> Result<(), Refusal> {
        let rates = self.rates(history, model, book.id, now)?;
        let mut causes: Vec<Cause> = rates
            .iter()
            .filter_map(|&(source, rate)| {
                Some(Cause {
                    source: source.id,
                    rate: rate?,
                })
            })
            .collect();
        if !causes.is_empty() {
            totals.rate = Some(causes.iter().map(|cause| cause.rate).sum());
        }
        let nodes = subtree(model, book.boundary);
        for product in model.products.iter().filter(|product| nodes.contains(&product.node)) {
            let intensity = self.intensity_now(model, book.id, product, &rates, now)?;
            totals.intensities.push(IntensityNow {
                product: product.id,
                value: intensity.value.and_then(Intensity::told),
                reference: intensity.reference.map(|reference| reference.normalize().to_string()),
                above: intensity.above(),
            });
        }
        causes.sort_by_key(|cause| std::cmp::Reverse(cause.rate));
        causes.truncate(MOST_CAUSES);
        totals.causes = causes;
        Ok(())
    }

    /// All sources of any model with their gases.
    pub(super) fn source_gases(&self) -> Vec<(SourceId, Gas)> {
        self.models
            .all_sources()
            .into_iter()
            .flat_map(|source| self.gases_of(source).into_iter().map(move |gas| (source, gas)))
            .collect()
    }

    /// Sum of a source's cells over some hours.
    pub(super) fn hours_sum(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        gas: Gas,
        (from, to): (Hour, Hour),
    ) -> Result<CellSum, Broken> {
        let mut sum = CellSum::default();
        if from >= to {
            return Ok(sum);
        }
        let last = Hour(to.0 - 1).day_block();
        let days: Vec<DayBlock> = if last.0 - from.day_block().0 < SHORT_STRETCH {
            (from.day_block().0..=last.0).map(DayBlock).collect()
        } else {
            let days = self.cell_days(history, book, source, gas, from.day_block())?;
            days.into_iter().filter(|day| *day <= last).collect()
        };
        for day in days {
            let cells = self.cell_day(history, book, source, gas, day)?;
            for (hour, cell) in day.hours().zip(cells.hours) {
                if hour >= from
                    && hour < to
                    && let Some(cell) = cell
                {
                    sum.put(&cell);
                }
            }
        }
        Ok(sum)
    }

    /// Hours of a stretch, up to now, in which a source ought to have had a quantity, has had one before, and has no cell:
    /// nothing is known of them, and nothing is not zero.
    fn silent_hours(&self, first: Option<Hour>, (from, to): (Hour, Hour), now: Instant, cells: i64) -> u32 {
        let Some(first) = first else {
            return 0;
        };
        let expected = i64::from(to.min(self.zone.hour_of(now)).0) - i64::from(from.max(first).0);
        u32::try_from((expected - cells).max(0)).unwrap_or(u32::MAX)
    }

    /// The first hour from which a source of a book ought to have a quantity in every hour, if it ought to.
    pub(super) fn expected_from(&self, book: BookId, source: SourceId) -> Option<Hour> {
        if !self.models.newest().is_some_and(|model| model.belongs(book, source)) {
            return None;
        }
        self.models
            .quantities_of(source)
            .into_iter()
            .filter_map(|parameter| self.series(parameter).ok())
            .filter(|series| series.expects_coverage)
            .filter_map(|series| series.row.first_hour)
            .min()
    }

    /// A source's sum over some hours as a figure, with the hours of which nothing is known. `running` is what there is of
    /// the hour that has not ended: that it is incomplete says nothing yet.
    pub(super) fn figure_of(
        &self,
        book: BookId,
        source: SourceId,
        sum: &CellSum,
        running: &CellSum,
        hours: (Hour, Hour),
        now: Instant,
    ) -> Figure {
        self.figure_since(self.expected_from(book, source), sum, running, hours, now)
    }

    /// The same for a source that is expected from an hour on.
    pub(super) fn figure_since(
        &self,
        first: Option<Hour>,
        sum: &CellSum,
        running: &CellSum,
        hours: (Hour, Hour),
        now: Instant,
    ) -> Figure {
        let hour = self.zone.hour_of(now);
        let mut ended = *sum;
        if hours.0 <= hour && hour < hours.1 {
            ended.cells -= running.cells;
            ended.incomplete -= running.incomplete;
        }
        let mut figure = figure(&ended);
        figure.incomplete_hours += self.silent_hours(first, hours, now, ended.cells);
        figure
    }

    /// What there is of the hour that has not ended.
    pub(super) fn running(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        gas: Gas,
        now: Instant,
    ) -> Result<CellSum, Broken> {
        let hour = self.zone.hour_of(now);
        self.hours_sum(history, book, source, gas, (hour, Hour(hour.0 + 1)))
    }
}

/// A sum of cells as a figure for people.
pub(super) fn figure(sum: &CellSum) -> Figure {
    let count = |count: i64| u32::try_from(count).unwrap_or(0);
    Figure {
        milligrams: sum.co2e_mg,
        provisional_hours: count(sum.provisional),
        incomplete_hours: count(sum.incomplete),
        substituted_hours: count(sum.substituted),
        overlapping_hours: count(sum.overlapping),
        failed_hours: count(sum.failed),
    }
}

/// A cell as a figure for people.
pub(super) fn cell_figure(cell: &Cell) -> Figure {
    let mut sum = CellSum::default();
    sum.put(cell);
    figure(&sum)
}
