//! Filling gaps (缺失数据替代): what a rule of the plan gives for an hour that was not measured.
//!
//! The arithmetic is the ledger's: integers, means rounded once, half to even. Rules look back on valid hours before the
//! outage, never on substitutes, so that nothing is made of what was made up. What is found depends on the past as it is
//! when somebody asks; whoever asks keeps the answer.

use std::cell::OnceCell;

use crate::accounting::quantity::divide_half_even;
use crate::accounting::substitute::{Basis, LookBack};
use crate::domain::missing::{AVAILABILITY_HOURS, Careful, MissingRule, Take, Tier};
use crate::domain::time::Hour;

/// How far a rule looks back at most: three years.
pub const MOST_BACK_HOURS: i32 = 3 * YEAR_HOURS;

/// The hours of a year.
pub const YEAR_HOURS: i32 = 8760;

/// What was measured, as rules look back on it. Quantities are in parts of a bucket.
pub trait Past {
    /// Why it cannot be read.
    type Error;
    /// The first hour of which anything may be known.
    fn first(&self) -> Hour;
    /// The same hour of the plant's clock some days before; `None` where the clock had none.
    fn days_before(&self, hour: Hour, days: u32) -> Option<Hour>;
    /// What a valid hour counts; `None` where it was not valid.
    fn valid(&mut self, hour: Hour) -> Result<Option<i128>, Self::Error>;
    /// The load in an hour, likewise.
    fn load(&mut self, hour: Hour) -> Result<Option<i128>, Self::Error>;
}

/// A rule with its values in parts of a bucket.
#[derive(Debug, Clone)]
pub struct Rule<'a> {
    /// The rule of the plan.
    pub rule: &'a MissingRule,
    /// Which end is the careful one.
    pub careful: Careful,
    /// What an hour counts where there is nothing else.
    pub otherwise: Option<i128>,
    /// Upper end of the highest band of load.
    pub load_top: Option<i128>,
}

/// A run of hours that were not valid; the one after it is valid, where it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Its first hour.
    pub from: Hour,
    /// The first hour after it.
    pub to: Hour,
    /// Whether it has not ended.
    pub open: bool,
}

impl Run {
    /// How many hours it has lasted.
    pub fn hours(&self) -> u32 {
        u32::try_from(i64::from(self.to.0) - i64::from(self.from.0)).unwrap_or(0)
    }
}

/// Valid hours that were looked back on, and by what they were chosen.
struct Backward {
    band: Option<u32>,
    wanted: u32,
    /// Newest first.
    hours: Vec<(i128, Hour)>,
}

impl Backward {
    fn look_back(&self) -> Option<LookBack> {
        Some(LookBack {
            hours: u32::try_from(self.hours.len()).ok()?,
            from: self.hours.last()?.1,
            to: self.hours.first()?.1,
            band: self.band,
        })
    }
}

/// Fills the hours of one outage by one rule. What they share (availability, hours looked back on) is found once.
pub struct Filling<'a, P> {
    rule: Rule<'a>,
    past: &'a mut P,
    run: Run,
    /// Found when it is first asked for.
    tier: OnceCell<Option<Tier>>,
    backward: Vec<Backward>,
}

impl<'a, P: Past> Filling<'a, P> {
    /// Of an outage.
    pub fn new(rule: Rule<'a>, past: &'a mut P, run: Run) -> Self {
        Self {
            rule,
            past,
            run,
            tier: OnceCell::new(),
            backward: Vec::new(),
        }
    }

    /// What an hour of the outage counts, and on what that rests; `None` where there is nothing to rest on.
    ///
    /// Costs the hours that the rule looks back on, once for the outage; of a rule by bands once for each band.
    pub fn of_hour(&mut self, hour: Hour) -> Result<Option<(i128, Basis)>, P::Error> {
        let found = match self.rule.rule {
            MissingRule::Fixed => return Ok(self.rule.otherwise.map(|value| (value, Basis::Fixed))),
            MissingRule::Hold => {
                let before = Hour(self.run.from.0.saturating_sub(1));
                self.past.valid(before)?.map(|value| (value, Basis::Hold { before }))
            }
            MissingRule::Neighbours => self.neighbours()?,
            MissingRule::PreviousDays { days } => self.previous_days(hour, *days)?,
            MissingRule::LoadBand { bands, hours } => {
                let band = self.band(hour, bands.count)?;
                self.mean(band, *hours)?
            }
            MissingRule::Tiers { tiers, bands, .. } => match self.tier(tiers)? {
                None => self.neighbours()?,
                // Below what its table asks for there is no value at all.
                Some(Tier {
                    take: Take::Nothing, ..
                }) => return Ok(None),
                Some(tier) => {
                    let band = match bands {
                        Some(bands) => self.band(hour, bands.count)?,
                        None => None,
                    };
                    self.take(tier.take, band)?
                }
            },
        };
        Ok(found.or(self.rule.otherwise.map(|value| (value, Basis::Otherwise))))
    }

    /// The hours on which a mean or a percentile rests, the newest first, as they are now.
    pub fn looked_back(&mut self, back: &LookBack) -> Result<Vec<(i128, Hour)>, P::Error> {
        Ok(self.look_back(back.band, back.hours)?.hours)
    }

    fn neighbours(&mut self) -> Result<Option<(i128, Basis)>, P::Error> {
        let before = Hour(self.run.from.0.saturating_sub(1));
        let valid_before = self.past.valid(before)?;
        let valid_after = if self.run.open {
            None
        } else {
            self.past.valid(self.run.to)?
        };
        let value = match (valid_before, valid_after) {
            (Some(before), Some(after)) => divide_half_even(before.saturating_add(after), 2),
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => return Ok(None),
        };
        let basis = Basis::Neighbours {
            before: valid_before.map(|_| before),
            after: valid_after.map(|_| self.run.to),
        };
        Ok(Some((value, basis)))
    }

    fn previous_days(&mut self, hour: Hour, days: u32) -> Result<Option<(i128, Basis)>, P::Error> {
        let mut hours = Vec::new();
        let mut sum = 0i128;
        for day in 1..=days {
            let Some(other) = self.past.days_before(hour, day) else {
                continue;
            };
            if other < self.past.first() {
                break;
            }
            if let Some(value) = self.past.valid(other)? {
                sum = sum.saturating_add(value);
                hours.push(other);
            }
        }
        let Some(count) = i128::try_from(hours.len()).ok().filter(|&count| count > 0) else {
            return Ok(None);
        };
        Ok(Some((divide_half_even(sum, count), Basis::PreviousDays { hours })))
    }

    /// The band of load of an hour, from 1; `None` where the load is not known.
    fn band(&mut self, hour: Hour, count: u32) -> Result<Option<u32>, P::Error> {
        let Some(top) = self.rule.load_top.filter(|&top| top > 0) else {
            return Ok(None);
        };
        Ok(self.past.load(hour)?.map(|load| band_of(load, top, count)))
    }

    /// The last valid hours before the outage, in a band.
    fn backward(&mut self, band: Option<u32>, wanted: u32) -> Result<Option<&Backward>, P::Error> {
        let kept = self
            .backward
            .iter()
            .position(|kept| kept.band == band && kept.wanted == wanted);
        let place = if let Some(place) = kept {
            place
        } else {
            let found = self.look_back(band, wanted)?;
            self.backward.push(found);
            self.backward.len() - 1
        };
        Ok(self.backward.get(place))
    }

    fn look_back(&mut self, band: Option<u32>, wanted: u32) -> Result<Backward, P::Error> {
        let mut found = Backward {
            band,
            wanted,
            hours: Vec::new(),
        };
        let count = self.rule.rule.load().map_or(1, |bands| bands.count);
        let first = self.past.first().0.max(self.run.from.0.saturating_sub(MOST_BACK_HOURS));
        for hour in (first..self.run.from.0).rev().map(Hour) {
            if found.hours.len() >= wanted as usize {
                break;
            }
            let Some(value) = self.past.valid(hour)? else { continue };
            if band.is_none() || self.band(hour, count)? == band {
                found.hours.push((value, hour));
            }
        }
        Ok(found)
    }

    fn mean(&mut self, band: Option<u32>, wanted: u32) -> Result<Option<(i128, Basis)>, P::Error> {
        let Some(backward) = self.backward(band, wanted)? else {
            return Ok(None);
        };
        let Some(back) = backward.look_back() else {
            return Ok(None);
        };
        let sum = backward
            .hours
            .iter()
            .fold(0i128, |sum, (value, _)| sum.saturating_add(*value));
        Ok(Some((
            divide_half_even(sum, i128::from(back.hours)),
            Basis::Mean { back },
        )))
    }

    fn percentile(&mut self, band: Option<u32>, wanted: u32, percent: u32) -> Result<Option<(i128, Basis)>, P::Error> {
        let careful = self.rule.careful;
        let Some(backward) = self.backward(band, wanted)? else {
            return Ok(None);
        };
        let Some(back) = backward.look_back() else {
            return Ok(None);
        };
        let mut sorted = backward.hours.clone();
        sorted.sort_unstable();
        let percent = percent.min(100);
        let counted = match careful {
            Careful::High => percent,
            Careful::Low => 100 - percent,
        };
        let rank = u64::from(back.hours)
            .saturating_mul(u64::from(counted))
            .div_ceil(100)
            .max(1);
        let rank = u32::try_from(rank).unwrap_or(back.hours);
        let Some(&(value, at)) = sorted.get(rank as usize - 1) else {
            return Ok(None);
        };
        let basis = Basis::Percentile {
            back,
            percent: counted,
            rank,
            at,
        };
        Ok(Some((value, basis)))
    }

    fn take(&mut self, take: Take, band: Option<u32>) -> Result<Option<(i128, Basis)>, P::Error> {
        match take {
            Take::Neighbours => self.neighbours(),
            Take::Mean { hours } => self.mean(band, hours),
            Take::Percentile {
                percent,
                hours,
                or_neighbours,
            } => {
                let percentile = self.percentile(band, hours, percent)?;
                let neighbours = if or_neighbours { self.neighbours()? } else { None };
                let careful = self.rule.careful;
                Ok(match (percentile, neighbours) {
                    (Some(percentile), Some(neighbours)) => {
                        let beyond = match careful {
                            Careful::High => neighbours.0 > percentile.0,
                            Careful::Low => neighbours.0 < percentile.0,
                        };
                        Some(if beyond { neighbours } else { percentile })
                    }
                    (one, other) => one.or(other),
                })
            }
            Take::Highest => Ok(self.rule.otherwise.map(|value| (value, Basis::Fixed))),
            Take::Nothing => Ok(None),
        }
    }

    /// Hours of the year (or of what the table names) up to the outage's end, or of what there is of it, that were valid, and
    /// how many there are.
    fn availability(&mut self) -> Result<(u32, u32), P::Error> {
        let last = self.run.to;
        let hours = match self.rule.rule {
            MissingRule::Tiers { table: Some(table), .. } => table.availability_hours(),
            _ => AVAILABILITY_HOURS,
        };
        let hours = i32::try_from(hours).unwrap_or(i32::MAX);
        let from = Hour(last.0.saturating_sub(hours)).max(self.past.first());
        let mut valid = 0u32;
        for hour in (from.0..last.0).map(Hour) {
            valid += u32::from(self.past.valid(hour)?.is_some());
        }
        let expected = u32::try_from(i64::from(last.0) - i64::from(from.0)).unwrap_or(0);
        Ok((valid, expected))
    }

    /// The tier of the outage; `None` while too few hours were valid to look back on.
    fn tier(&mut self, tiers: &[Tier]) -> Result<Option<Tier>, P::Error> {
        if let Some(found) = self.tier.get() {
            return Ok(*found);
        }
        let first_hours = match self.rule.rule {
            MissingRule::Tiers { first_hours, .. } => *first_hours,
            _ => 0,
        };
        // Counted from the beginning (40 CFR 75.31), which does not go back far: so many are soon found.
        let mut first = 0u32;
        for hour in (self.past.first().0..self.run.from.0).map(Hour) {
            if first >= first_hours {
                break;
            }
            first += u32::from(self.past.valid(hour)?.is_some());
        }
        let found = if first < first_hours {
            None
        } else {
            let (valid, expected) = self.availability()?;
            let available = |percent: u32| u64::from(valid) * 100 >= u64::from(percent) * u64::from(expected);
            tiers
                .iter()
                .find(|tier| available(tier.availability) && tier.outage.is_none_or(|most| self.run.hours() <= most))
                .copied()
        };
        Ok(*self.tier.get_or_init(|| found))
    }
}

/// The band, from 1, in which a load lies: bands take in their upper end.
fn band_of(load: i128, top: i128, count: u32) -> u32 {
    let count = count.max(1);
    if load <= 0 {
        return 1;
    }
    let scaled = load.saturating_mul(i128::from(count));
    let band = scaled.div_euclid(top) + i128::from(scaled.rem_euclid(top) != 0);
    u32::try_from(band).unwrap_or(count).clamp(1, count)
}

#[cfg(test)]
mod tests;
