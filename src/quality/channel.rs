//! A channel (通道): readings in the order of arrival, judged where they belong.
//!
//! The judge's state is kept as it was at the beginning of each day of the horizon, with the day's readings. A late reading
//! is put into its day and everything from the day before it on is judged again, so that the flags are those which the
//! order of time would have given. What comes in order costs no more than judging it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::arrival::Arrival;
use super::finding::Finding;
use super::flag::Flags;
use super::judge::{Judge, Output, Reading};
use super::rules::Rules;
use super::settings::{SettingsError, window};
use crate::domain::time::{DAY_MS, Instant};

/// Milliseconds of a day.
/// A reading with its flags.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Kept {
    reading: Reading,
    /// The largest and smallest of several values that came for the stamp.
    contested: Option<(f64, f64)>,
    flags: Flags,
}

/// A day with its readings and the judge as it was before them.
#[derive(Debug, Clone)]
struct Day {
    before: Judge,
    readings: Vec<Kept>,
}

/// What taking readings in has changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judged {
    /// The marks of each arrival, in the order given.
    pub arrivals: Vec<Arrival>,
    /// The earliest stamp that was judged again. Findings made at or after it are void; flags may have changed from a little
    /// before it on. `None` where readings only followed those before.
    pub again_from: Option<Instant>,
    /// What was found, from there on or in what is new, each with the stamp of the reading at which it was.
    pub findings: Vec<(Instant, Finding)>,
}

/// Takes the readings of one channel in.
#[derive(Debug, Clone)]
pub struct Channel {
    horizon_ms: i64,
    reach_days: i64,
    days: BTreeMap<i64, Day>,
    now: Judge,
    newest: Option<Instant>,
    output: Output,
    made: Vec<(Instant, Finding)>,
}

impl Channel {
    /// A channel that judges late readings which are up to `horizon_ms` older than the newest. The horizon must be
    /// longer than the checks look back.
    pub fn new(rules: Arc<Rules>, horizon_ms: i64) -> Result<Self, SettingsError> {
        window("horizon", horizon_ms)?;
        if horizon_ms < rules.reach_ms() {
            return Err(SettingsError::LessThan {
                key: "horizon",
                than: "window",
            });
        }
        Ok(Self {
            horizon_ms,
            reach_days: rules.reach_ms().div_euclid(DAY_MS) + 1,
            days: BTreeMap::new(),
            now: Judge::new(rules),
            newest: None,
            output: Output::default(),
            made: Vec::new(),
        })
    }

    /// Takes readings in, in the order in which they arrived. However many are late, everything is judged again once.
    pub fn take(&mut self, readings: &[Reading]) -> Judged {
        let mut judged = Judged::default();
        let mut again: Option<i64> = None;
        let mut elsewhere = Vec::new();
        for reading in readings {
            if !reading.at.is_plausible() {
                judged.arrivals.push(Arrival::IN_ORDER);
                elsewhere.extend(self.refuse(reading));
                continue;
            }
            let (arrival, changed) = self.put(reading, again.is_some());
            judged.arrivals.push(arrival);
            again = again.into_iter().chain(changed).min();
        }
        judged.again_from = again.and_then(|day| self.judge_again(day));
        judged.findings.append(&mut self.made);
        judged.findings.append(&mut elsewhere);
        self.forget();
        judged
    }

    /// What is found in a reading whose stamp no clock shows. It is not kept: it would be the newest for ever.
    fn refuse(&self, reading: &Reading) -> Vec<(Instant, Finding)> {
        if reading.value.is_nan() {
            return Vec::new();
        }
        let mut output = Output::default();
        self.now.clone().judge(reading, &mut output);
        let found = output.findings.into_iter();
        found.map(|finding| (reading.at, finding)).collect()
    }

    /// Puts another value in the place of a reading, as a correction does, and ends any contest about its stamp. Nothing
    /// happens where there is no reading of that stamp within the horizon.
    pub fn revise(&mut self, reading: &Reading) -> Judged {
        let mut judged = Judged::default();
        let day = day_of(reading.at);
        let Some(kept) = self.days.get_mut(&day).and_then(|day| {
            let place = day.readings.binary_search_by_key(&reading.at, |kept| kept.reading.at);
            place.ok().and_then(|place| day.readings.get_mut(place))
        }) else {
            return judged;
        };
        kept.reading = *reading;
        kept.contested = None;
        judged.again_from = self.judge_again(day);
        judged.findings.append(&mut self.made);
        judged
    }

    /// The readings that are kept, in the order of time, with their flags.
    pub fn flags(&self) -> impl Iterator<Item = (Reading, Flags)> {
        self.days
            .values()
            .flat_map(|day| day.readings.iter().map(|kept| (kept.reading, kept.flags)))
    }

    /// Puts a reading into its place; the day to judge again from, where it did not simply follow. With `waiting` set
    /// nothing is judged yet.
    fn put(&mut self, reading: &Reading, waiting: bool) -> (Arrival, Option<i64>) {
        let at = reading.at;
        let number = day_of(at);
        let Some(newest) = self.newest.filter(|&newest| at <= newest) else {
            let before = (!self.days.contains_key(&number)).then(|| self.now.clone());
            if let Some(before) = before {
                let readings = Vec::new();
                self.days.insert(number, Day { before, readings });
            }
            self.newest = Some(at);
            let mut kept = Kept {
                reading: *reading,
                contested: None,
                flags: Flags::NONE,
            };
            if waiting {
                self.push(number, kept);
                return (Arrival::IN_ORDER, None);
            }
            kept.flags = self.now.judge(reading, &mut self.output);
            self.push(number, kept);
            self.settle(at);
            return (Arrival::IN_ORDER, None);
        };
        let backwards = if at < newest {
            Arrival::BACKWARDS
        } else {
            Arrival::IN_ORDER
        };
        if newest.since(at) > self.horizon_ms {
            return (backwards.and(Arrival::TOO_LATE), None);
        }
        if !self.days.contains_key(&number) {
            // Its state is that at the end of the day before; judging again from there fills it in.
            let before = self.days.range(..number).next_back().map_or_else(
                || {
                    let first = self.days.values().next();
                    first.map_or_else(|| self.now.clone(), |day| day.before.clone())
                },
                |(_, day)| day.before.clone(),
            );
            let readings = Vec::new();
            self.days.insert(number, Day { before, readings });
        }
        let Some(day) = self.days.get_mut(&number) else {
            return (backwards, None);
        };
        match day.readings.binary_search_by_key(&at, |kept| kept.reading.at) {
            Err(place) => {
                let kept = Kept {
                    reading: *reading,
                    contested: None,
                    flags: Flags::NONE,
                };
                day.readings.insert(place, kept);
                (backwards, Some(number))
            }
            Ok(place) => {
                let Some(kept) = day.readings.get_mut(place) else {
                    return (backwards, None);
                };
                let (mark, changed) = twice(kept, reading);
                (backwards.and(mark), changed.then_some(number))
            }
        }
    }

    fn push(&mut self, number: i64, kept: Kept) {
        if let Some(day) = self.days.get_mut(&number) {
            day.readings.push(kept);
        }
    }

    /// Judges everything again from the kept day before a day on, and from as far before as checks look back. Returns the
    /// first stamp that was judged.
    fn judge_again(&mut self, day: i64) -> Option<Instant> {
        let first = self
            .days
            .range(..=day - self.reach_days)
            .next_back()
            .or_else(|| self.days.iter().next())
            .map(|(number, _)| *number)?;
        let mut judge = self.days.get(&first)?.before.clone();
        self.made.clear();
        let numbers: Vec<i64> = self.days.range(first..).map(|(number, _)| *number).collect();
        for number in numbers {
            let Some(day) = self.days.get_mut(&number) else {
                continue;
            };
            day.before = judge.clone();
            for place in 0..day.readings.len() {
                let Some(day) = self.days.get_mut(&number) else { break };
                let Some(kept) = day.readings.get_mut(place) else { break };
                let at = kept.reading.at;
                kept.flags = match kept.contested {
                    Some((low, high)) => judge.contested(at, low, high, &mut self.output),
                    None => judge.judge(&kept.reading, &mut self.output),
                };
                self.settle(at);
            }
        }
        self.now = judge;
        self.days
            .get(&first)
            .and_then(|day| day.readings.first())
            .map(|kept| kept.reading.at)
    }

    /// Gives earlier readings the flags that the reading of a stamp settles, and keeps what was found at it.
    fn settle(&mut self, at: Instant) {
        for settled in self.output.settled.drain(..) {
            flag_between(&mut self.days, settled.from, settled.to, |flags| {
                flags.settle(settled.check, settled.flag);
            });
        }
        for finding in self.output.findings.drain(..) {
            if finding.from < finding.to {
                flag_between(&mut self.days, finding.from, finding.to, |flags| {
                    flags.raise(finding.rule.check(), finding.flag);
                });
            }
            self.made.push((at, finding));
        }
    }

    /// Lets go of the days that no late reading can reach any more. One day before the horizon is kept, from which to
    /// judge again.
    fn forget(&mut self) {
        let Some(newest) = self.newest else { return };
        let oldest = day_of(newest.plus(-self.horizon_ms)) - self.reach_days;
        while let Some((&number, _)) = self.days.iter().next()
            && self.days.range(..=oldest).count() > 1
            && number < oldest
        {
            self.days.remove(&number);
        }
    }
}

fn day_of(at: Instant) -> i64 {
    at.0.div_euclid(DAY_MS)
}

/// Takes a second reading for a stamp in: its mark, and whether it changed anything. That there is no value contests
/// nothing; whichever comes first, the value stands. 0 and −0 are one value.
fn twice(kept: &mut Kept, reading: &Reading) -> (Arrival, bool) {
    let (low, high) = kept.contested.unwrap_or((kept.reading.value, kept.reading.value));
    let value = reading.value;
    if value.is_nan()
        || [low, high]
            .iter()
            .any(|known| (known + 0.0).total_cmp(&(value + 0.0)).is_eq())
    {
        return (Arrival::DUPLICATE, false);
    }
    if low.is_nan() {
        kept.reading = *reading;
    } else {
        kept.contested = Some((low.min(value), high.max(value)));
    }
    (Arrival::IN_ORDER, true)
}

/// Changes the flags of the readings between two stamps, both included, the newest first.
fn flag_between(days: &mut BTreeMap<i64, Day>, from: Instant, to: Instant, mut change: impl FnMut(&mut Flags)) {
    for (_, day) in days.range_mut(day_of(from)..=day_of(to)).rev() {
        for kept in day.readings.iter_mut().rev() {
            if kept.reading.at < from {
                return;
            }
            if kept.reading.at <= to && kept.contested.is_none() {
                change(&mut kept.flags);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::PlantZone;
    use crate::quality::flag::Rule;

    #[test]
    fn a_stamp_that_no_clock_shows_makes_nothing_late() {
        let mut channel = Channel::new(Arc::new(Rules::none(PlantZone::UTC)), 2 * DAY_MS).unwrap();
        let start = Instant(1_767_225_600_000);
        let judged = channel.take(&[Reading::new(start, 1.0), Reading::new(Instant(i64::MAX / 2), 2.0)]);
        assert_eq!(judged.findings.len(), 1);
        assert_eq!(
            judged.findings.first().map(|(_, finding)| finding.rule),
            Some(Rule::StampRange)
        );
        let judged = channel.take(&[Reading::new(start.plus(1000), 3.0)]);
        assert_eq!(judged.arrivals, [Arrival::IN_ORDER]);
        assert_eq!(channel.flags().count(), 2);
    }
}
