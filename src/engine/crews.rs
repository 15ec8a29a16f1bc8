//! Crews compared (小指标竞赛): what a crew's hours emitted, against what the plant's own hours of about the same output
//! emitted.
//!
//! **Method.** An hour counts when its output is measured in full and every source below the product's node has a sound
//! cell. Hours are put into [`LOAD_BINS`] classes of equal width, from no output up to the highest of the hours that are
//! compared with; hours without output are a class of their own. Of each class with at least [`LEAST_HOURS`] hours the
//! intensity is Σ emissions ÷ Σ output. What an hour was to emit is its class's intensity × its own output (without output:
//! the class's mean), rounded once to a milligram, half to even; what a crew saved is Σ (was to emit − emitted). Everything
//! is in integers.
//!
//! The shift on duty is compared with the [`REFERENCE_DAYS`] days before it; the crews of a month with all hours of that
//! month, so that what one saved others lost. At most 31 days of cells and buckets are read.

use serde::{Deserialize, Serialize};

use crate::accounting::cell::{CellDay, CellSum};
use crate::accounting::exact::{Exact, Rounding};
use crate::accounting::quantity::divide_half_even;
use crate::domain::identity::{BookId, ProductId, SourceId};
use crate::domain::model::{Name, Product, SiteModel};
use crate::domain::period::Period;
use crate::domain::text::Text;
use crate::domain::time::{DayBlock, Hour, Instant, Month};

use super::command::Refusal;
use super::evaluate::quantity;
use super::history::History;
use super::ledger::{book_of, product_scale};
use super::models::subtree;
use super::rate::intensity;
use super::{Broken, Engine};

/// Classes of output.
pub const LOAD_BINS: usize = 10;

/// Hours that a class must have to be compared with.
pub const LEAST_HOURS: u32 = 6;

/// Days before a shift with which it is compared.
pub const REFERENCE_DAYS: i32 = 30;

/// An hour that may be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Worked {
    hour: Hour,
    /// Output, in the parts in which buckets are kept.
    output: i128,
    /// Milligrams of `CO2e`.
    emitted: i128,
}

/// A class of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Bin {
    hours: u32,
    output: i128,
    emitted: i128,
}

/// The classes of the hours that are compared with; the last is without output.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Bins {
    highest: i128,
    bins: [Bin; LOAD_BINS + 1],
}

impl Bins {
    fn of(hours: &[Worked]) -> Self {
        let mut bins = Self {
            highest: hours.iter().map(|worked| worked.output).max().unwrap_or(0),
            bins: [Bin::default(); LOAD_BINS + 1],
        };
        for worked in hours {
            let place = bins.place(worked.output);
            if let Some(bin) = place.and_then(|place| bins.bins.get_mut(place)) {
                bin.hours += 1;
                bin.output += worked.output;
                bin.emitted += worked.emitted;
            }
        }
        bins
    }

    /// The class of an output.
    fn place(&self, output: i128) -> Option<usize> {
        match output {
            ..0 => None,
            0 => Some(LOAD_BINS),
            _ => {
                let classes = i128::try_from(LOAD_BINS).ok()?;
                // The upper end of a class belongs to it.
                let place = output.checked_mul(classes)?.checked_sub(1)?.checked_div(self.highest)?;
                usize::try_from(place).ok().filter(|&place| place < LOAD_BINS)
            }
        }
    }

    /// Milligrams that an hour was to emit; `None` where there is too little to compare with.
    fn expected(&self, output: i128) -> Option<i128> {
        let bin = self.bins.get(self.place(output)?)?;
        if bin.hours < LEAST_HOURS {
            return None;
        }
        if output == 0 {
            return Some(divide_half_even(bin.emitted, i128::from(bin.hours)));
        }
        (bin.output > 0).then_some(divide_half_even(bin.emitted.checked_mul(output)?, bin.output))
    }
}

/// Hours against what they were to emit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Compared {
    /// Hours that were compared.
    pub hours: u32,
    /// Hours that were not: something is missing in them, or too few hours had such an output.
    pub left_out: u32,
    /// Milligrams of `CO2e` that the compared hours emitted.
    pub emitted: i128,
    /// Milligrams that they were to emit.
    pub expected: i128,
}

impl Compared {
    fn add(&mut self, bins: &Bins, worked: Option<&Worked>) {
        match worked.and_then(|worked| Some((worked, bins.expected(worked.output)?))) {
            Some((worked, expected)) => {
                self.hours += 1;
                self.emitted += worked.emitted;
                self.expected += expected;
            }
            None => self.left_out += 1,
        }
    }

    /// Milligrams saved; lost where it is negative.
    pub const fn saved(&self) -> i128 {
        self.expected - self.emitted
    }
}

/// A crew in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrewMonth {
    /// Its index in the rotation.
    pub crew: usize,
    /// Its hours.
    pub compared: Compared,
}

/// A class of output, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadClass {
    /// Up to which hourly output, in the product's unit; nought for the class without output.
    pub up_to: String,
    /// Hours in it.
    pub hours: u32,
    /// tCO2e per unit of the product; tCO2e an hour for the class without output. `None` where there are too few hours.
    pub intensity: Option<String>,
}

/// Crews compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrewsView {
    /// In which book.
    pub book: BookId,
    /// The product whose output is the load.
    pub product: ProductId,
    /// Its name.
    pub name: Name,
    /// Its unit.
    pub unit: String,
    /// The shift on duty so far, where the plant keeps shifts.
    pub shift: Option<Compared>,
    /// The month of the crews.
    pub month: Month,
    /// The crews in the order of the rotation.
    pub crews: Vec<CrewMonth>,
    /// The classes with which the crews of the month are compared.
    pub classes: Vec<LoadClass>,
}

impl Engine {
    /// The shift on duty and the crews of a month (this one where none is named) against the plant's own hours.
    pub fn crews(
        &self,
        history: &dyn History,
        book: Option<BookId>,
        month: Option<Month>,
        now: Instant,
    ) -> Result<CrewsView, Refusal> {
        let refuse = |id| Refusal::Request(Text::new(id));
        let model = self.model().ok_or_else(|| refuse("site-has-no-model"))?;
        let book = book_of(model, book)?;
        let rotation = model.rotation.as_ref().ok_or_else(|| refuse("crews-no-rotation"))?;
        let nodes = subtree(model, book.boundary);
        let mut products = model.products.iter();
        let product = products
            .find(|product| nodes.contains(&product.node))
            .ok_or_else(|| refuse("crews-no-product"))?;
        let present = self.zone.hour_of(now);
        let month = month.unwrap_or_else(|| self.zone.month_of(present));
        let (from, to) = self.period_hours(model, Period::Month(month));
        let to = to.min(present);
        let worked = self.worked(history, model, book.id, product, (from, to))?;
        let bins = Bins::of(&worked);
        let mut crews: Vec<CrewMonth> = (0..rotation.crews.len())
            .map(|crew| CrewMonth {
                crew,
                compared: Compared::default(),
            })
            .collect();
        let mut shift = None;
        let mut next = worked.iter().peekable();
        for hour in (from.0..to.0).map(Hour) {
            let start = self.zone.hour_start(hour);
            if shift.is_none_or(|shift: crate::domain::period::Shift| start >= shift.end) {
                shift = model.shift_at(start);
            }
            let own = next.next_if(|worked| worked.hour == hour);
            if let Some(crew) = shift.and_then(|shift| crews.get_mut(shift.crew?)) {
                crew.compared.add(&bins, own);
            }
        }
        Ok(CrewsView {
            book: book.id,
            product: product.id,
            name: product.name.clone(),
            unit: product.unit.symbol().to_owned(),
            shift: match model.shift_at(now) {
                Some(shift) => {
                    let hours = (self.zone.hour_of(shift.start), present);
                    Some(self.shift_so_far(history, model, book.id, product, hours)?)
                }
                None => None,
            },
            month,
            crews,
            classes: classes(model, product, &bins),
        })
    }

    /// The hours of a shift against the days before it.
    fn shift_so_far(
        &self,
        history: &dyn History,
        model: &SiteModel,
        book: BookId,
        product: &Product,
        (from, to): (Hour, Hour),
    ) -> Result<Compared, Refusal> {
        let before = Hour(from.0.saturating_sub(REFERENCE_DAYS * 24));
        let bins = Bins::of(&self.worked(history, model, book, product, (before, from))?);
        let worked = self.worked(history, model, book, product, (from, to))?;
        let mut compared = Compared::default();
        for hour in (from.0..to.0).map(Hour) {
            compared.add(&bins, worked.iter().find(|worked| worked.hour == hour));
        }
        Ok(compared)
    }

    /// The hours of a stretch that may be compared.
    fn worked(
        &self,
        history: &dyn History,
        model: &SiteModel,
        book: BookId,
        product: &Product,
        (from, to): (Hour, Hour),
    ) -> Result<Vec<Worked>, Refusal> {
        if from >= to {
            return Ok(Vec::new());
        }
        let covered = self.series(product.parameter)?.expects_coverage;
        let mut worked: Vec<Worked> = self
            .buckets_between(history, product.parameter, from, to)?
            .into_iter()
            .filter(|(_, bucket)| !covered || (bucket.missing_ms() == 0 && !bucket.overlaps()))
            .map(|(hour, bucket)| Worked {
                hour,
                output: bucket.quantity,
                emitted: 0,
            })
            .collect();
        let nodes = subtree(model, product.node);
        let Some(newest) = self.models.newest() else {
            return Ok(Vec::new());
        };
        for source in &model.sources {
            if nodes.contains(&source.node) && newest.belongs(book, source.id) {
                self.add_emitted(history, (book, source.id), (from, to), &mut worked)?;
            }
        }
        Ok(worked)
    }

    /// Adds what a source emitted to hours, and drops those in which it is not soundly known.
    fn add_emitted(
        &self,
        history: &dyn History,
        (book, source): (BookId, SourceId),
        (from, to): (Hour, Hour),
        worked: &mut Vec<Worked>,
    ) -> Result<(), Broken> {
        let mut begun: Option<Hour> = None;
        for parameter in self.models.quantities_of(source) {
            let series = self.series(parameter)?;
            if series.expects_coverage {
                begun = begun.into_iter().chain(series.row.first_hour).min();
            }
        }
        let (first, last) = (from.day_block(), Hour(to.0 - 1).day_block());
        // Where a source's method changed, so may its gas have.
        let mut days: Vec<Vec<CellDay>> = Vec::new();
        for day in (first.0..=last.0).map(DayBlock) {
            let gases = self.gases_of(source).into_iter();
            let cells = gases.map(|gas| self.cell_day(history, book, source, gas, day));
            days.push(cells.collect::<Result<_, _>>()?);
        }
        worked.retain_mut(|worked| {
            let place = usize::try_from(worked.hour.day_block().0 - first.0).unwrap_or(usize::MAX);
            let mut sum = CellSum::default();
            let of_day = days.get(place).into_iter().flatten();
            for cell in of_day.filter_map(|day| *day.hours.get(worked.hour.place_in_block())?) {
                sum.put(&cell);
            }
            worked.emitted += sum.co2e_mg;
            // What ought to be measured and is not there is not nought.
            let known = !sum.is_empty() || begun.is_none_or(|begun| worked.hour < begun);
            known && sum.failed == 0 && sum.incomplete == 0
        });
        Ok(())
    }
}

/// The classes as people read them.
fn classes(model: &SiteModel, product: &Product, bins: &Bins) -> Vec<LoadClass> {
    let parameter = model.parameter(product.parameter);
    let scaled = |counted: i128| -> Option<Exact> {
        let parameter = parameter?;
        Some(quantity(parameter.kind, counted, product_scale(parameter, product)?))
    };
    let classes = i128::try_from(LOAD_BINS).unwrap_or(1);
    let mut listed = Vec::with_capacity(bins.bins.len());
    for (number, bin) in (1_i128..).zip(&bins.bins) {
        let idle = number > classes;
        let up_to = if idle { 0 } else { bins.highest * number / classes };
        let enough = bin.hours >= LEAST_HOURS;
        let value = if idle {
            intensity(bin.emitted, Exact::integer(i128::from(bin.hours)))
        } else {
            scaled(bin.output).and_then(|output| intensity(bin.emitted, output))
        };
        let up_to = scaled(up_to).and_then(|up_to| up_to.to_decimal(3, Rounding::HalfEven).ok());
        listed.push(LoadClass {
            up_to: up_to.map(|up_to| up_to.normalize().to_string()).unwrap_or_default(),
            hours: bin.hours,
            intensity: value.filter(|_| enough),
        });
    }
    listed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn worked(hour: i32, output: i128, emitted: i128) -> Worked {
        Worked {
            hour: Hour(hour),
            output,
            emitted,
        }
    }

    #[test]
    fn equal_load_is_compared_with_equal_load() {
        // Eight hours at full load with 900 each per 1,000; eight at a tenth of it with 150 each per 100.
        let mut hours: Vec<Worked> = (0..8).map(|hour| worked(hour, 1_000, 900)).collect();
        hours.extend((8..16).map(|hour| worked(hour, 100, 150)));
        hours.extend((16..24).map(|hour| worked(hour, 0, 40)));
        let bins = Bins::of(&hours);
        assert_eq!(bins.expected(1_000), Some(900));
        assert_eq!(bins.expected(950), Some(855));
        assert_eq!(bins.expected(90), Some(135));
        assert_eq!(bins.expected(0), Some(40));
        assert_eq!(bins.expected(500), None, "no hour had such an output");
        assert_eq!(bins.expected(1_001), None, "none had as much");
        assert_eq!(bins.expected(-1), None);
        let mut compared = Compared::default();
        compared.add(&bins, Some(&worked(30, 1_000, 880)));
        compared.add(&bins, Some(&worked(31, 100, 160)));
        compared.add(&bins, Some(&worked(32, 500, 1)));
        compared.add(&bins, None);
        assert_eq!((compared.hours, compared.left_out, compared.saved()), (2, 2, 10));
    }

    proptest! {
        #[test]
        fn what_one_saves_others_lose(outputs in prop::collection::vec((0_i128..1_000, 0_i128..1_000_000), 1..200)) {
            let hours: Vec<Worked> = (0..).zip(outputs).map(|(hour, (output, emitted))| worked(hour, output, emitted)).collect();
            let bins = Bins::of(&hours);
            let mut all = Compared::default();
            for hour in &hours {
                all.add(&bins, Some(hour));
            }
            // Each hour is rounded once, by half a milligram at most.
            prop_assert!(all.saved().unsigned_abs() * 2 <= u128::from(all.hours));
            prop_assert_eq!(all.hours + all.left_out, u32::try_from(hours.len()).unwrap());
        }
    }
}
