//! The past of a parameter as rules for missing data look back on it: its buckets, a day at a time.

use std::collections::HashMap;

use crate::accounting::bucket::{Bucket, BucketDay};
use crate::accounting::substitute::{Coverage, whole_hour};
use crate::domain::identity::ParameterId;
use crate::domain::time::{DayBlock, FoldChoice, Hour};
use crate::engine::history::History;
use crate::engine::{Broken, Engine};
use crate::quality::filling::Past;

/// Days of buckets that were read, so that none is read twice.
pub(super) struct Buckets<'a> {
    engine: &'a Engine,
    history: &'a dyn History,
    parameter: ParameterId,
    days: HashMap<DayBlock, BucketDay>,
    /// How many buckets were looked at.
    looked_at: i64,
}

impl<'a> Buckets<'a> {
    pub(super) fn new(engine: &'a Engine, history: &'a dyn History, parameter: ParameterId) -> Self {
        Self {
            engine,
            history,
            parameter,
            days: HashMap::new(),
            looked_at: 0,
        }
    }

    pub(super) fn bucket(&mut self, hour: Hour) -> Result<Bucket, Broken> {
        self.looked_at += 1;
        let day = hour.day_block();
        let buckets = match self.days.entry(day) {
            std::collections::hash_map::Entry::Occupied(found) => found.into_mut(),
            std::collections::hash_map::Entry::Vacant(place) => {
                let found = self.engine.bucket_day(self.history, self.parameter, day)?;
                place.insert(found.into_owned())
            }
        };
        Ok(buckets.hours.get(hour.place_in_block()).copied().unwrap_or_default())
    }

    pub(super) fn coverage(&mut self, hour: Hour) -> Result<Coverage, Broken> {
        self.bucket(hour).map(|bucket| Coverage::of(&bucket))
    }
}

/// A parameter's past, and its load's.
pub(super) struct Measured<'a> {
    pub(super) own: Buckets<'a>,
    load: Option<Buckets<'a>>,
    first: Hour,
}

impl<'a> Measured<'a> {
    /// From the first hour of which anything may be known; `None` where no reading ever counted.
    pub(super) fn new(
        engine: &'a Engine,
        history: &'a dyn History,
        parameter: ParameterId,
    ) -> Result<Option<Self>, Broken> {
        Ok(engine.series(parameter)?.row.first_hour.map(|first| Self {
            own: Buckets::new(engine, history, parameter),
            load: None,
            first,
        }))
    }

    /// How many buckets were looked at: what a decision costs.
    pub(super) fn looked_at(&self) -> i64 {
        self.own.looked_at + self.load.as_ref().map_or(0, |load| load.looked_at)
    }

    /// Looks at this load from now on.
    pub(super) fn set_load(&mut self, load: Option<ParameterId>) {
        let same = self.load.as_ref().map(|load| load.parameter) == load;
        if !same {
            self.load = load.map(|load| Buckets::new(self.own.engine, self.own.history, load));
        }
    }
}

impl Past for Measured<'_> {
    type Error = Broken;

    fn first(&self) -> Hour {
        self.first
    }

    fn days_before(&self, hour: Hour, days: u32) -> Option<Hour> {
        let zone = &self.own.engine.zone;
        let local = zone.local(zone.hour_start(hour));
        let then = local.checked_sub_days(chrono::Days::new(u64::from(days)))?;
        // In spring a day lacks an hour, in autumn one comes twice.
        zone.instant(then, FoldChoice::Earlier).ok().map(|at| zone.hour_of(at))
    }

    fn valid(&mut self, hour: Hour) -> Result<Option<i128>, Broken> {
        if hour < self.first {
            return Ok(None);
        }
        self.own.bucket(hour).map(|bucket| whole_hour(&bucket))
    }

    fn load(&mut self, hour: Hour) -> Result<Option<i128>, Broken> {
        match &mut self.load {
            Some(load) => load.bucket(hour).map(|bucket| whole_hour(&bucket)),
            None => Ok(None),
        }
    }
}
