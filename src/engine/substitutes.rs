//! Substitutes as they are kept, in rows of their own beside the buckets, and what is posted with them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::accounting::bucket::Bucket;
use crate::accounting::substitute::{Substitute, SubstituteDay};
use crate::domain::identity::{BookId, ParameterId};
use crate::domain::time::{DayBlock, Hour};

use super::history::{History, Row, Tree};
use super::merge::live_value;
use super::models::BoundModel;
use super::post::Cached;
use super::series::Series;
use super::view::LiveValue;
use super::{Broken, Engine, keys};

/// What is posted of a parameter in an hour.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Posted {
    /// What was measured.
    pub(super) bucket: Bucket,
    /// What stands in for the rest, where the book takes substitutes and the hour has one that says something.
    pub(super) substitute: Option<Substitute>,
}

impl Posted {
    /// Of a bucket and what stands beside it.
    pub(super) fn new(bucket: Bucket, substitute: Option<&Substitute>) -> Self {
        Self {
            bucket,
            substitute: substitute.filter(|substitute| substitute.fills(&bucket)).cloned(),
        }
    }

    /// What the substitute adds.
    pub(super) fn substituted(&self) -> i128 {
        self.substitute
            .as_ref()
            .map_or(0, |substitute| substitute.amount(&self.bucket))
    }

    /// Both together, in the bucket's parts.
    pub(super) fn quantity(&self) -> i128 {
        self.bucket.quantity.saturating_add(self.substituted())
    }

    /// Whether anything is known of the hour.
    pub(super) fn exists(&self) -> bool {
        self.bucket.exists() || self.substitute.is_some()
    }

    /// Milliseconds of the hour for which nothing is posted.
    pub(super) fn missing_ms(&self) -> i64 {
        if self.substitute.is_some() {
            0
        } else {
            self.bucket.missing_ms()
        }
    }
}

impl BoundModel {
    /// Whether a book fills missing hours by the parameters' plans.
    pub(super) fn takes_substitutes(&self, book: BookId) -> bool {
        self.book(book).is_some_and(|book| !book.measured_only)
    }
}

impl Engine {
    /// Whether there may be substitutes of a parameter: its plan has a rule, or had one, or a person filled its hours.
    pub(super) fn is_filled(&self, parameter: ParameterId) -> bool {
        self.models.is_filled(parameter) || self.looks.is_by_hand(parameter)
    }

    /// Substitutes of a day; none cost a look-up only where there may be some.
    pub(super) fn substitute_day(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        day: DayBlock,
    ) -> Result<Option<Cow<'_, SubstituteDay>>, Broken> {
        if !self.is_filled(parameter) {
            return Ok(None);
        }
        match self.substitutes.get(&(parameter, day)) {
            Some(cached) => Ok(Some(Cow::Borrowed(&cached.value))),
            None => Ok(load(history, parameter, day)?.map(Cow::Owned)),
        }
    }

    /// The substitute of an hour, whether or not it says anything now.
    pub(super) fn substitute(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        hour: Hour,
    ) -> Result<Option<Substitute>, Broken> {
        let day = self.substitute_day(history, parameter, hour.day_block())?;
        Ok(day.and_then(|day| day.hours.get(hour.place_in_block()).cloned().flatten()))
    }

    /// Puts a substitute in an hour's place, or takes it away.
    pub(super) fn put_substitute(
        &mut self,
        history: &dyn History,
        parameter: ParameterId,
        hour: Hour,
        substitute: Option<Substitute>,
    ) -> Result<(), Broken> {
        let key = (parameter, hour.day_block());
        let cached = if let Some(cached) = self.substitutes.get_mut(&key) {
            cached
        } else {
            let value = load(history, parameter, hour.day_block())?.unwrap_or_default();
            self.substitutes.entry(key).or_insert(Cached::stored(value))
        };
        let Some(place) = cached.value.hours.get_mut(hour.place_in_block()) else {
            return Err(Broken::Row("an hour lies outside its day"));
        };
        *place = substitute;
        cached.dirty = true;
        self.touched.substituted(parameter, hour);
        Ok(())
    }

    /// Day blocks in which a parameter has substitutes, from one up to and including another.
    pub(super) fn substitute_days(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        from: DayBlock,
        to: Option<DayBlock>,
    ) -> Result<BTreeSet<DayBlock>, Broken> {
        if !self.is_filled(parameter) {
            return Ok(BTreeSet::new());
        }
        let last = to.unwrap_or(DayBlock(i32::MAX));
        let mut days: BTreeSet<DayBlock> = self
            .substitutes
            .keys()
            .filter(|(other, day)| *other == parameter && *day >= from && *day <= last)
            .map(|&(_, day)| day)
            .collect();
        history.scan(
            Tree::Substitutes,
            &keys::buckets(parameter, from),
            &keys::after_prefix(&keys::buckets(parameter, last)),
            &mut |key, _| {
                days.extend(keys::day_of(key));
                true
            },
        )?;
        Ok(days)
    }

    /// Substitutes of hours from one up to, not including, another, in order.
    pub(super) fn substitutes_between(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        from: Hour,
        to: Hour,
    ) -> Result<BTreeMap<Hour, Substitute>, Broken> {
        let mut found = BTreeMap::new();
        for day in self.substitute_days(history, parameter, from.day_block(), Some(to.day_block()))? {
            let Some(substitutes) = self.substitute_day(history, parameter, day)? else {
                continue;
            };
            for (hour, substitute) in day.hours().zip(&substitutes.hours) {
                if let Some(substitute) = substitute
                    && hour >= from
                    && hour < to
                {
                    found.insert(hour, substitute.clone());
                }
            }
        }
        Ok(found)
    }

    /// What is posted of a parameter in an hour: in books that take substitutes, or in those that do not.
    pub(super) fn posted(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        hour: Hour,
        filled: bool,
    ) -> Result<Posted, Broken> {
        let bucket = self.bucket(history, parameter, hour)?;
        let substitute = if filled {
            self.substitute(history, parameter, hour)?
        } else {
            None
        };
        Ok(Posted::new(bucket, substitute.as_ref()))
    }

    /// Hours from one up to, not including, another of which something is posted.
    pub(super) fn posted_between(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        from: Hour,
        to: Hour,
        filled: bool,
    ) -> Result<BTreeMap<Hour, Posted>, Broken> {
        let mut found: BTreeMap<Hour, Posted> = self
            .buckets_between(history, parameter, from, to)?
            .into_iter()
            .map(|(hour, bucket)| (hour, Posted::new(bucket, None)))
            .collect();
        if filled {
            for (hour, substitute) in self.substitutes_between(history, parameter, from, to)? {
                let bucket = found.get(&hour).map(|posted| posted.bucket).unwrap_or_default();
                let posted = Posted::new(bucket, Some(&substitute));
                if posted.exists() {
                    found.insert(hour, posted);
                }
            }
        }
        Ok(found)
    }

    /// The newest value of a parameter, with how far the silence after it is filled.
    pub(super) fn newest_filled(&self, history: &dyn History, series: &Series) -> Result<Option<LiveValue>, Broken> {
        let Some(newest) = series.row.newest.as_ref() else {
            return Ok(None);
        };
        let mut value = live_value(newest);
        let ripe = self.ripe(series, self.now);
        let end = self.zone.hour_start(ripe);
        if end > value.at {
            let last = Hour(ripe.0.saturating_sub(1));
            let posted = self.posted(history, series.id, last, true)?;
            value.filled_to = posted.substitute.map(|_| end);
        }
        Ok(Some(value))
    }

    /// Rows of substitutes that changed since they were last taken.
    pub(super) fn take_substitutes(&mut self) -> Result<Vec<Row>, Broken> {
        let mut taken = Vec::new();
        for (&(parameter, day), cached) in &mut self.substitutes {
            if std::mem::take(&mut cached.dirty) {
                taken.push(Row {
                    tree: Tree::Substitutes,
                    key: keys::buckets(parameter, day),
                    value: encode(&cached.value)?,
                });
            }
        }
        Ok(taken)
    }
}

/// A day's substitutes by place; `None` where there are none, and the row is removed.
fn encode(day: &SubstituteDay) -> Result<Option<Vec<u8>>, Broken> {
    let kept: Vec<(usize, &Substitute)> = day
        .hours
        .iter()
        .enumerate()
        .filter_map(|(place, substitute)| Some((place, substitute.as_ref()?)))
        .collect();
    if kept.is_empty() {
        return Ok(None);
    }
    rmp_serde::to_vec_named(&kept)
        .map(Some)
        .map_err(|error| Broken::Record(error.to_string()))
}

pub(super) fn decode(bytes: &[u8]) -> Result<SubstituteDay, Broken> {
    let wrong = Broken::Row("substitutes of a day cannot be read");
    let kept: Vec<(usize, Substitute)> = rmp_serde::from_slice(bytes).map_err(|_| wrong.clone())?;
    let mut day = SubstituteDay::default();
    for (place, substitute) in kept {
        *day.hours.get_mut(place).ok_or(wrong.clone())? = Some(substitute);
    }
    Ok(day)
}

fn load(history: &dyn History, parameter: ParameterId, day: DayBlock) -> Result<Option<SubstituteDay>, Broken> {
    history
        .get(Tree::Substitutes, &keys::buckets(parameter, day))?
        .map(|bytes| decode(&bytes))
        .transpose()
}
