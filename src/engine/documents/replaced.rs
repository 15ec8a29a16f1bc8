//! Meters that took another's place (换表): whose calibration is whose. What was known of the old meter says nothing of the new
//! one, whatever channel both serve.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::calibration::{Calibrated, Calibrations};
use crate::domain::document::{Document, DocumentBody, plain_number};
use crate::domain::identity::{MeterId, Sequence};
use crate::domain::model::Meter;
use crate::domain::text::{Text, clean};
use crate::domain::time::Instant;
use crate::engine::Engine;

/// A meter that was put in place of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engine) struct Replaced {
    /// When.
    at: Instant,
    /// The plant's day of that.
    day: NaiveDate,
    /// The record that says so.
    record: Sequence,
    /// Serial number of the new one, and as it is compared.
    serial: String,
    plain: String,
}

/// A meter's replacements in order.
pub(in crate::engine) type Replacements = BTreeMap<MeterId, Vec<Replaced>>;

/// One of the meters that served a channel one after the other. Models and changes say it, and it is asked for with every
/// certificate of every meter: so it is worked out when one of those changes, and looked up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::engine) struct Served {
    /// Its serial number, and as it is compared; nothing where it is not known.
    serial: String,
    plain: String,
    /// What versions of the plan say of its calibration that describe it, in their order.
    planned: Vec<Planned>,
}

/// What a version of the plan says of a meter's calibration.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Planned {
    /// Its day.
    pub(super) on: Option<NaiveDate>,
    /// The last day for which it holds.
    pub(super) until: Option<NaiveDate>,
    /// Until when the version holds.
    pub(super) holds: Holds,
}

/// Until when a version of the plan holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Holds {
    /// For no hour any more: another took its place for all of them.
    #[default]
    Never,
    /// Until a day on which another takes its place. What it says is not so from then on.
    Until(NaiveDate),
    /// No other takes its place.
    On,
}

/// What a version of the plan says of a meter, with its record.
#[derive(Debug, Clone, Copy)]
struct Described<'a> {
    record: Sequence,
    meter: &'a Meter,
    holds: Holds,
}

/// The meters that served each channel, by their places.
pub(in crate::engine) type ServedBy = BTreeMap<MeterId, Vec<Served>>;

/// Which of the meters that served a channel one after the other: 0 is the one from before all changes.
pub(super) type Place = usize;

/// Which meter was there on a day; on the day of a change it is the new one.
pub(super) fn place_on(replaced: &[Replaced], day: NaiveDate) -> Place {
    let was_put_in = |one: &Replaced| day >= one.day;
    replaced.iter().rposition(was_put_in).map_or(0, |place| place + 1)
}

/// Which meter a version of the plan describes: the one whose serial it names, else the one that was there when it was
/// calibrated.
fn planned_place(replaced: &[Replaced], planned: &Meter) -> Place {
    let plain = plain_number(&planned.serial);
    let is_named = |one: &Replaced| one.plain == plain;
    let was_there = |one: &Replaced| planned.calibrated_on.is_some_and(|on| on >= one.day);
    let place = replaced.iter().rposition(is_named);
    let place = place.or_else(|| replaced.iter().rposition(was_there));
    place.map_or(0, |place| place + 1)
}

/// The meters that served a channel, as the versions of the plan that know it describe them.
fn served(replaced: &[Replaced], versions: &[Described<'_>]) -> Vec<Served> {
    let put_in = replaced.iter().map(|one| Served {
        serial: one.serial.clone(),
        plain: one.plain.clone(),
        planned: Vec::new(),
    });
    let mut all: Vec<Served> = std::iter::once(Served::default()).chain(put_in).collect();
    let described: Vec<(Place, &Described<'_>)> = versions
        .iter()
        .map(|one| (planned_place(replaced, one.meter), one))
        .collect();
    let of_first = described
        .iter()
        .rfind(|(place, _)| *place == 0)
        .map(|(_, one)| one.meter);
    // The one from before all changes may have come back: then its number names a later place.
    let came_back = before_changes(replaced, versions).filter(|before| planned_place(replaced, before) > 0);
    if let (Some(first), Some(described)) = (all.first_mut(), came_back.or(of_first)) {
        first.serial.clone_from(&described.serial);
        first.plain = plain_number(&described.serial);
    }
    // What is planned of a meter holds wherever it stood.
    let numbers: Vec<String> = all.iter().map(|one| one.plain.clone()).collect();
    for (place, one) in all.iter_mut().enumerate() {
        let is_of_it = |of: Place| of == place || numbers.get(of).is_some_and(|plain| one.is_same(plain));
        let of_it = described.iter().filter(|(of, _)| is_of_it(*of));
        let planned = of_it.map(|(_, described)| Planned {
            on: described.meter.calibrated_on,
            until: described.meter.calibrated_until,
            holds: described.holds,
        });
        let mut stands: Vec<Planned> = Vec::new();
        for said in planned {
            // Of a version that holds no more stands an earlier calibration than the next one says; any other day was wrong.
            let is_earlier = |was: &Planned| was.on.zip(said.on).is_some_and(|(was, now)| was < now);
            stands.retain(|was| was.holds != Holds::Never || is_earlier(was));
            match stands.last_mut() {
                // Most versions say the same of a meter as the one before: it holds on.
                Some(last) if (last.on, last.until) == (said.on, said.until) => last.holds = said.holds,
                _ => stands.push(said),
            }
        }
        one.planned = stands;
    }
    all
}

/// The one from before all changes: as the plan named it when the first was recorded.
fn before_changes<'a>(replaced: &[Replaced], versions: &[Described<'a>]) -> Option<&'a Meter> {
    let first = replaced.first().map_or(Sequence(0), |first| first.record);
    let before = versions.iter().rfind(|one| one.record < first);
    before.map(|one| one.meter)
}

impl Served {
    /// What versions of the plan say of its calibration, in their order.
    pub(super) fn planned(&self) -> &[Planned] {
        &self.planned
    }

    /// Whether a serial number, as it is compared, is its own.
    fn is_same(&self, plain: &str) -> bool {
        !plain.is_empty() && self.plain == plain
    }
}

impl Engine {
    /// Looks anew at which meters were replaced, as records and the newest model have it. A register that was set back is the
    /// same meter.
    pub(in crate::engine) fn renew_replaced(&mut self) {
        let day_of = |hour| self.zone.local(self.zone.hour_start(hour)).date();
        let held = self.models.held().map(|(end, version)| {
            let holds = end.map_or(Holds::On, |end| Holds::Until(day_of(end)));
            (version.applied.sequence, holds)
        });
        let held: BTreeMap<Sequence, Holds> = held.collect();
        let mut versions: BTreeMap<MeterId, Vec<Described<'_>>> = BTreeMap::new();
        for version in self.models.versions() {
            for meter in &version.model.meters {
                versions.entry(meter.id).or_default().push(Described {
                    record: version.sequence,
                    meter,
                    holds: held.get(&version.sequence).copied().unwrap_or_default(),
                });
            }
        }
        let versions_of = |meter: &MeterId| versions.get(meter).map_or(&[][..], Vec::as_slice);
        let mut all = Replacements::new();
        for parameter in self.model().map_or(&[][..], |model| &model.parameters) {
            let (Some(meter), Ok(series)) = (parameter.meter, self.series(parameter.id)) else {
                continue;
            };
            if !series.row.changes.is_empty() {
                let changes = series.row.changes.iter().map(|recorded| Replaced {
                    at: recorded.change.at,
                    day: self.zone.local(recorded.change.at).date(),
                    record: recorded.sequence,
                    serial: recorded.change.serial.clone(),
                    plain: plain_number(&recorded.change.serial),
                });
                all.entry(meter).or_default().extend(changes);
            }
        }
        for (meter, replaced) in &mut all {
            replaced.sort_by_key(|one| (one.at, one.record));
            // The one from before all changes is the one that the plan named when the first was recorded.
            let before = before_changes(replaced, versions_of(meter));
            let mut plain = before.map(|before| plain_number(&before.serial)).unwrap_or_default();
            replaced.retain(|one| std::mem::replace(&mut plain, one.plain.clone()) != one.plain);
        }
        let of_replaced = |meter: &MeterId| all.get(meter).map_or(&[][..], Vec::as_slice);
        let meters = all.keys().chain(versions.keys()).collect::<BTreeSet<_>>().into_iter();
        let served = meters.map(|meter| (*meter, served(of_replaced(meter), versions_of(meter))));
        let served = served.collect();
        self.calibrations.put_replaced(all, served);
    }

    /// A meter with its newest calibration, and with the serial of the one that is there now.
    pub(in crate::engine) fn as_calibrated(&self, meter: &Meter) -> Meter {
        self.in_place(meter, self.calibrations.replaced(meter.id).len())
    }

    /// Which of the meters that served a channel was there before an instant.
    pub(super) fn place_before(&self, meter: MeterId, until: Instant) -> Place {
        let replaced = self.calibrations.replaced(meter);
        replaced.iter().filter(|one| one.at < until).count()
    }

    /// The day before a meter took another's place, since when nothing is known of it; none of the one from before all changes.
    pub(super) fn put_in_without(&self, meter: MeterId, place: Place) -> Option<NaiveDate> {
        let put_in = self.calibrations.replaced(meter).get(place.checked_sub(1)?)?;
        put_in.day.pred_opt()
    }

    /// Whether a meter was put in in another's place before an instant.
    pub(in crate::engine) fn was_replaced_before(&self, meter: MeterId, until: Instant) -> bool {
        self.place_before(meter, until) > 0
    }

    /// One of the meters that served a channel. One that was put in without a calibration has none from that day on.
    pub(super) fn in_place(&self, meter: &Meter, place: Place) -> Meter {
        let replaced = self.calibrations.replaced(meter.id);
        if replaced.is_empty() {
            return meter.calibrated(self.calibrations.newest());
        }
        let served = self.calibrations.served(meter.id).get(place);
        let put_in = place.checked_sub(1).and_then(|before| replaced.get(before));
        let mut found = meter.clone();
        let is_this = planned_place(replaced, meter) == place;
        if !is_this || put_in.is_some() {
            found.serial = served.map(|served| served.serial.clone()).unwrap_or_default();
        }
        if !is_this {
            let planned = served
                .and_then(|served| served.planned.last())
                .copied()
                .unwrap_or_default();
            (found.calibrated_on, found.calibrated_until) = (planned.on, planned.until);
        }
        let newest = self.recorded_in_place(meter.id, place).last();
        let newest: Calibrations = newest.map(|(_, newest)| (meter.id, newest)).into_iter().collect();
        let mut found = found.calibrated(&newest);
        if let Some(put_in) = put_in.filter(|_| found.calibrated_on.is_none() && found.calibrated_until.is_none()) {
            found.calibrated_until = put_in.day.pred_opt();
        }
        found
    }

    /// The calibrations of one of the meters that served a channel, with their records, in the order of their days.
    pub(super) fn recorded_in_place(
        &self,
        meter: MeterId,
        place: Place,
    ) -> impl Iterator<Item = (Sequence, Calibrated)> {
        let served = self.calibrations.served(meter);
        let plain = served.get(place).map_or("", |served| served.plain.as_str());
        let is_of_it = move |of: Place| of == place || served.get(of).is_some_and(|served| served.is_same(plain));
        let recorded = self.calibrations.recorded(meter);
        recorded
            .filter(move |one| is_of_it(self.place_of(meter, (one.plain, one.calibrated.on))))
            .map(|one| (one.record, one.calibrated))
    }

    /// Of which of the meters that served a channel a certificate is: of the one whose serial number it says, else of the one
    /// that was there on its day. When it was filed says nothing: certificates come weeks later.
    fn place_of(&self, meter: MeterId, (plain, on): (Option<&str>, NaiveDate)) -> Place {
        let there = place_on(self.calibrations.replaced(meter), on);
        let named = plain.and_then(|plain| self.place_named(meter, (plain, there)));
        named.unwrap_or(there)
    }

    /// Which meter a serial number names, as it is compared; the one that was there on a day, where that has it, since a meter
    /// may come back.
    fn place_named(&self, meter: MeterId, (plain, there): (&str, Place)) -> Option<Place> {
        let served = self.calibrations.served(meter);
        let is_named = |one: &Served| one.plain == plain;
        if served.get(there).is_some_and(is_named) {
            return Some(there);
        }
        served.iter().rposition(is_named)
    }

    /// Serial number of one of the meters that served a channel; nothing where it is not known.
    fn serial_in(&self, meter: MeterId, place: Place) -> &str {
        let served = self.calibrations.served(meter).get(place);
        served.map_or("", |served| served.serial.as_str())
    }

    /// What looks wrong about the meter of which a certificate is, with the field that says so.
    pub(in crate::engine) fn doubt_of_certificate(&self, document: &Document) -> Option<(&'static str, Text)> {
        let DocumentBody::Calibration { meter, on, serial, .. } = &document.body else {
            return None;
        };
        let replaced = self.calibrations.replaced(*meter);
        let there = place_on(replaced, *on);
        let told = |id, place: Place| Text::new(id).with("serial", clean(self.serial_in(*meter, place)));
        if serial.is_empty() {
            let next = replaced.get(there)?;
            return Some((
                "serial",
                told("calibration-doubt-before-change", there)
                    .with("changed", next.day)
                    .with("new", clean(&next.serial)),
            ));
        }
        match self.place_named(*meter, (&plain_number(serial), there)) {
            Some(place) if place < there => {
                let taken_out = replaced.get(place)?.day;
                Some((
                    "on",
                    told("calibration-doubt-taken-out", place).with("changed", taken_out),
                ))
            }
            Some(place) if place > there => {
                let put_in = replaced.get(place - 1)?.day;
                Some((
                    "on",
                    told("calibration-doubt-not-put-in", place).with("changed", put_in),
                ))
            }
            Some(_) => None,
            None => {
                // Where no number is known of it, nothing is to be held against this one.
                let is_known = !self.serial_in(*meter, there).is_empty();
                let doubt = || told("calibration-doubt-serial", there).with("given", clean(serial));
                is_known.then(|| ("serial", doubt()))
            }
        }
    }
}
