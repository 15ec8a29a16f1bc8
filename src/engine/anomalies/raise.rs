//! What is found, held against what stands in the queue: a new anomaly, the same as before, or one that is found no longer.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::time::{DAY_MS, HOUR_MS, Instant};
use crate::engine::history::History;
use crate::engine::{Broken, Engine};
use crate::quality::anomaly::{AnomalyId, Work};
use crate::quality::episode::Episode;
use crate::quality::flag::Check;

use super::signs::Signs;
use super::{Anomaly, Found, Written};

/// While one goes on, a record tells so as often as this.
const TELL_EVERY_MS: i64 = 10 * 60_000;

/// And not before it has gone on for this share of the time that it has lasted.
const TELL_SHARE: i64 = 20;

/// So many anomalies of one check and parameter that nobody has looked at are one with what follows: a sensor that
/// chatters is one thing to look at.
const MOST_ALIKE: usize = 20;

/// What goes on for so long after it was closed is to be looked at anew.
const RESTS_MS: i64 = DAY_MS;

/// The longest time between two values of an archive that a past is filled in from.
const ARCHIVE_SPACING_MS: i64 = HOUR_MS;

/// Of how many days before one it is counted how often the same was found.
const RECURS_DAYS: i64 = 90;

/// The most earlier anomalies that are counted.
const MOST_BEFORE: u32 = 1_000;

/// An episode, and whether it goes on.
#[derive(Debug, Clone)]
pub(super) struct Sighting {
    episode: Episode,
    going: bool,
}

impl Sighting {
    /// One that has ended.
    pub(super) const fn ended(episode: Episode) -> Self {
        Self { episode, going: false }
    }

    /// One that goes on.
    pub(super) const fn going(episode: &Episode) -> Self {
        Self {
            episode: *episode,
            going: true,
        }
    }
}

/// What was looked at.
#[derive(Debug, Clone)]
pub(super) struct Pass {
    parameter: ParameterId,
    clause: Option<String>,
    pause_ms: i64,
    /// The stretch, where everything that can be found in it was.
    whole: Option<(Instant, Instant)>,
    /// Whether readings came: what was taken for silence is a gap, or is none.
    came: bool,
}

impl Pass {
    /// Readings after all others.
    pub(super) fn onward(parameter: ParameterId, clause: Option<&str>, pause_ms: i64) -> Self {
        Self {
            parameter,
            clause: clause.map(str::to_owned),
            pause_ms,
            whole: None,
            came: true,
        }
    }

    /// Nothing came: what goes on goes on.
    pub(super) fn silent(parameter: ParameterId, clause: Option<&str>, pause_ms: i64) -> Self {
        Self {
            came: false,
            ..Self::onward(parameter, clause, pause_ms)
        }
    }

    /// Everything in a stretch once more.
    pub(super) fn again(
        parameter: ParameterId,
        clause: Option<&str>,
        pause_ms: i64,
        stretch: (Instant, Instant),
    ) -> Self {
        Self {
            whole: Some(stretch),
            came: false,
            ..Self::onward(parameter, clause, pause_ms)
        }
    }
}

/// Two of one check put together.
fn together(mut first: Signs, other: &Signs) -> Signs {
    let (from, to) = (first.from.min(other.from), first.to.max(other.to));
    let findings = first.findings.saturating_add(other.findings);
    let going = first.going || other.going;
    if other.flag > first.flag {
        first = other.clone();
    }
    Signs {
        from,
        to,
        findings,
        going,
        ..first
    }
}

/// Whether it is a gap that has not ended.
fn is_silence(known: &Anomaly) -> bool {
    known.signs.check() == Check::Gap && known.signs.going
}

impl Engine {
    /// Holds what was found against what is known. What is to be told is put into the queue at once, and on the list.
    pub(super) fn weigh(
        &mut self,
        history: &dyn History,
        pass: &Pass,
        sightings: &[Sighting],
        found: &mut Vec<Found>,
    ) -> Result<(), Broken> {
        let before = found.len();
        // Several episodes may be one anomaly: it was joined while nobody had looked at any of them.
        let mut met: BTreeMap<AnomalyId, Signs> = BTreeMap::new();
        for sighting in sightings {
            let mut signs = Signs::of(&sighting.episode, pass.clause.as_deref(), sighting.going);
            if pass.whole.is_some_and(|(from, _)| signs.to < from) || self.is_of_past(pass.parameter, &signs) {
                continue;
            }
            if let Some(known) = self.known_open(pass, &signs) {
                let signs = match met.remove(&known) {
                    Some(before) => together(before, &signs),
                    None => signs,
                };
                met.insert(known, signs);
                continue;
            }
            match self.known_outside(history, pass, &signs)? {
                Some(gone) if gone.work.found => {
                    if signs.to.since(gone.signs.to) <= RESTS_MS {
                        continue;
                    }
                    signs.from = gone.signs.to;
                    let (id, raised) = self.raise(history, pass, signs, found)?;
                    met.insert(id, raised);
                }
                Some(gone) => {
                    let signs = self.with_stake(history, pass.parameter, signs)?;
                    met.insert(gone.id, signs.clone());
                    self.tell(pass.parameter, gone.id, Some(signs), gone.before, history, found)?;
                }
                None => {
                    // What follows at once is the same: it finds this one in the queue.
                    let (id, raised) = self.raise(history, pass, signs, found)?;
                    met.insert(id, raised);
                }
            }
        }
        let mut touched: BTreeSet<AnomalyId> = met.keys().copied().collect();
        for (id, signs) in met {
            self.update(history, pass, id, signs, found)?;
        }
        touched.extend(found.iter().skip(before).map(|told| told.anomaly));
        let is_missed: &dyn Fn(&Anomaly) -> bool = match pass.whole {
            // A silence that goes on is told by the clock, not by readings.
            Some((from, to)) => &move |known| {
                let lies_in = known.signs.from >= from && known.signs.from <= to;
                lies_in && known.signs.check().is_by_judge() && !(is_silence(known) && known.signs.to > to)
            },
            // What came behind its time was no gap.
            None if pass.came => &is_silence,
            None => return Ok(()),
        };
        self.miss(history, pass, is_missed, &touched, found)
    }

    /// Whether it is a gap in a past that was filled in, or between its last value and the first that followed: an archive
    /// has a spacing of its own.
    fn is_of_past(&self, parameter: ParameterId, signs: &Signs) -> bool {
        let past = self.checks.past_to(parameter).filter(|_| signs.check() == Check::Gap);
        past.is_some_and(|past| {
            let is_behind_it = signs.from <= past && signs.to.since(past) <= ARCHIVE_SPACING_MS;
            signs.to <= past || is_behind_it
        })
    }

    /// The anomaly in the queue that this is.
    fn known_open(&self, pass: &Pass, signs: &Signs) -> Option<AnomalyId> {
        let alike = self.anomalies.of(pass.parameter, signs.check());
        let mut touching = alike.filter(|known| known.signs.touches(signs.from, signs.to, pass.pause_ms));
        touching.next().map(|known| known.id)
    }

    /// The anomaly outside the queue that this is.
    fn known_outside(&self, history: &dyn History, pass: &Pass, signs: &Signs) -> Result<Option<Anomaly>, Broken> {
        let upto = signs.to.plus(pass.pause_ms);
        let last = self.last_outside(history, pass.parameter, signs.check(), upto)?;
        Ok(last.filter(|known| known.signs.touches(signs.from, signs.to, pass.pause_ms)))
    }

    /// Something new: which anomaly it is, as it stands then.
    fn raise(
        &mut self,
        history: &dyn History,
        pass: &Pass,
        signs: Signs,
        found: &mut Vec<Found>,
    ) -> Result<(AnomalyId, Signs), Broken> {
        let check = signs.check();
        let alike = self.anomalies.of(pass.parameter, check);
        let untouched: Vec<&Anomaly> = alike.filter(|known| known.work == Work::NEW).collect();
        if untouched.len() >= MOST_ALIKE
            && let Some((id, before)) = untouched
                .into_iter()
                .max_by_key(|known| known.signs.to)
                .map(|known| (known.id, known.signs.clone()))
        {
            let signs = together(before, &signs);
            self.update(history, pass, id, signs.clone(), found)?;
            return Ok((id, signs));
        }
        let signs = self.with_stake(history, pass.parameter, signs)?;
        let before = self.count_before(history, pass.parameter, check, signs.from)?;
        let id = AnomalyId(self.anomalies.last.saturating_add(1));
        self.tell(pass.parameter, id, Some(signs.clone()), before, history, found)?;
        Ok((id, signs))
    }

    /// One that is known is found, perhaps otherwise than before.
    fn update(
        &mut self,
        history: &dyn History,
        pass: &Pass,
        id: AnomalyId,
        mut signs: Signs,
        found: &mut Vec<Found>,
    ) -> Result<(), Broken> {
        let Some(known) = self.anomalies.open.get(&id) else {
            return Ok(());
        };
        match pass.whole {
            // What lies before the stretch stays as it was.
            Some((from, _)) if known.signs.from < from => signs.from = signs.from.min(known.signs.from),
            Some(_) => {}
            None => {
                signs.from = signs.from.min(known.signs.from);
                signs.to = signs.to.max(known.signs.to);
                signs.findings = signs.findings.max(known.signs.findings);
                if known.signs.flag > signs.flag {
                    let (from, to, findings, going) = (signs.from, signs.to, signs.findings, signs.going);
                    signs = Signs {
                        from,
                        to,
                        findings,
                        going,
                        ..known.signs.clone()
                    };
                }
            }
        }
        signs.stake_mg = known.signs.stake_mg;
        if signs == known.signs && known.work.found {
            return Ok(());
        }
        let is_urgent = !known.work.found
            || signs.flag != known.signs.flag
            || signs.rule != known.signs.rule
            || signs.going != known.signs.going
            || signs.from != known.signs.from;
        let lasts_ms = known.signs.to.since(known.signs.from);
        let pause_ms = TELL_EVERY_MS.max(lasts_ms / TELL_SHARE);
        if !is_urgent && pass.whole.is_none() && self.now.since(known.told) < pause_ms {
            self.checks.leave_unsaid(pass.parameter);
            return Ok(());
        }
        let before = known.before;
        let signs = self.with_stake(history, pass.parameter, signs)?;
        self.tell(pass.parameter, id, Some(signs), before, history, found)
    }

    /// What stood in the queue, should have been found, and was not.
    pub(super) fn miss(
        &mut self,
        history: &dyn History,
        pass: &Pass,
        is_missed: &dyn Fn(&Anomaly) -> bool,
        touched: &BTreeSet<AnomalyId>,
        found: &mut Vec<Found>,
    ) -> Result<(), Broken> {
        let known = self.anomalies.of_parameter(pass.parameter);
        let missed: Vec<(AnomalyId, u32)> = known
            .filter(|known| is_missed(known))
            .filter(|known| known.work.found && known.work.stage.awaits_decision())
            .filter(|known| !touched.contains(&known.id))
            .map(|known| (known.id, known.before))
            .collect();
        for (id, before) in missed {
            self.tell(pass.parameter, id, None, before, history, found)?;
        }
        Ok(())
    }

    fn with_stake(&self, history: &dyn History, parameter: ParameterId, signs: Signs) -> Result<Signs, Broken> {
        let stake_mg = self.stake(history, parameter, &signs)?;
        Ok(Signs { stake_mg, ..signs })
    }

    /// How often the same was found in the days before.
    fn count_before(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        check: Check,
        from: Instant,
    ) -> Result<u32, Broken> {
        let since = from.plus(-RECURS_DAYS * DAY_MS);
        let open = self.anomalies.of(parameter, check);
        let open = open.filter(|known| (since..from).contains(&known.signs.from)).count();
        let outside = self.count_outside(history, parameter, check, (since, from), MOST_BEFORE)?;
        Ok(u32::try_from(open).unwrap_or(u32::MAX).saturating_add(outside))
    }

    /// Puts what is told on the list, and into the queue.
    fn tell(
        &mut self,
        parameter: ParameterId,
        anomaly: AnomalyId,
        signs: Option<Signs>,
        before: u32,
        history: &dyn History,
        found: &mut Vec<Found>,
    ) -> Result<(), Broken> {
        let one = Found {
            anomaly,
            parameter,
            signs,
            before,
        };
        self.take_found(history, self.next, &one)?;
        found.push(one);
        Ok(())
    }

    /// Takes over what a record says of anomalies.
    pub(in crate::engine) fn take_found(
        &mut self,
        history: &dyn History,
        record: Sequence,
        found: &Found,
    ) -> Result<(), Broken> {
        self.anomalies.last = self.anomalies.last.max(found.anomaly.0);
        let written = Written { at: self.now, record };
        if let Some(open) = self.anomalies.open.get(&found.anomaly) {
            if let Some(next) = Anomaly::found(Some(open), found, written) {
                self.anomalies.put(next);
            }
            return Ok(());
        }
        let outside = self.outside(history, found.anomaly)?;
        match (outside.as_ref(), Anomaly::found(outside.as_ref(), found, written)) {
            (Some(before), Some(next)) if next.work.stage.is_open() => {
                self.anomalies.bring_back(before.clone(), next);
            }
            (_, Some(next)) => self.anomalies.put(next),
            (_, None) => {}
        }
        Ok(())
    }
}
