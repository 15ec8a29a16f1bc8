//! What is found, held against what stands in the queue: a new anomaly, the same as before, or one that is found no longer.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::time::{DAY_MS, HOUR_MS, Instant};
use crate::engine::history::History;
use crate::engine::{Broken, Engine};
use crate::quality::anomaly::{AnomalyId, Disposition, Work};
use crate::quality::episode::Episode;
use crate::quality::flag::Check;

use super::signs::{Related, Signs};
use super::{Anomaly, Found, Written};

/// While one goes on, a record tells so as often as this.
pub(super) const TELL_EVERY_MS: i64 = 10 * 60_000;

/// And not before it has gone on for this share of the time that it has lasted.
const TELL_SHARE: i64 = 20;

/// So many anomalies of one check and parameter that nobody has looked at are one with what follows: a sensor that
/// chatters is one thing to look at.
const MOST_ALIKE: usize = 20;

/// What goes on for so long after it was closed is to be looked at anew.
const RESTS_MS: i64 = DAY_MS;

/// The longest time between two values of an archive that a past is filled in from.
pub(super) const ARCHIVE_SPACING_MS: i64 = HOUR_MS;

/// Windows that follow each other are a millisecond apart.
const NEXT_WINDOW_MS: i64 = 1;

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
    /// By which relation, where it was by one.
    related: Option<Related>,
    /// Whether what goes on is told each time.
    is_always_told: bool,
    /// Up to where readings came: what was taken for silence before is a gap, or is none.
    came: Option<Instant>,
}

impl Pass {
    /// Readings after all others.
    pub(super) fn onward(parameter: ParameterId, clause: Option<&str>, pause_ms: i64, reached: Instant) -> Self {
        Self {
            parameter,
            clause: clause.map(str::to_owned),
            pause_ms,
            whole: None,
            is_always_told: false,
            related: None,
            came: Some(reached),
        }
    }

    /// Nothing came: what goes on goes on.
    pub(super) fn silent(parameter: ParameterId, clause: Option<&str>, pause_ms: i64) -> Self {
        Self {
            came: None,
            ..Self::onward(parameter, clause, pause_ms, Instant::EARLIEST)
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
            ..Self::silent(parameter, clause, pause_ms)
        }
    }
}

impl Pass {
    /// A relation between parameters in a stretch of whole windows.
    pub(super) fn of_relation(
        parameter: ParameterId,
        clause: Option<&str>,
        related: Related,
        stretch: (Instant, Instant),
    ) -> Self {
        Self {
            related: Some(related),
            ..Self::again(parameter, clause, NEXT_WINDOW_MS, stretch)
        }
    }

    /// Up to where the readings go that were looked at.
    pub(super) const fn up_to(mut self, reached: Instant) -> Self {
        self.came = Some(reached);
        self
    }

    /// What goes on is told each time: whoever asks asks seldom enough.
    pub(super) const fn always_told(mut self) -> Self {
        self.is_always_told = true;
        self
    }

    fn relation(&self) -> Option<&str> {
        self.related.as_ref().map(|related| related.key.as_str())
    }
}

/// What is known of readings that were looked at before.
enum Decided {
    /// Somebody decided on them.
    On(OnReadings),
    /// They left the queue because nothing was found any more.
    Gone(Box<Anomaly>),
}

/// On which readings somebody decided.
struct OnReadings {
    stretches: Vec<(Instant, Instant)>,
    /// The last of them, and for how long it may go on behind that.
    last: Instant,
    rests_ms: i64,
}

impl OnReadings {
    /// What is to be looked at of what was found: nothing on which somebody decided, and nothing of what goes on behind it
    /// for no longer than it may, unless it is known already.
    fn leaves(&self, signs: Signs, is_known: bool) -> Option<Signs> {
        let mut stretches = self.stretches.iter();
        let rest = stretches.try_fold(signs, |rest, &stretch| rest.outside(stretch))?;
        if is_known || rest.to.since(self.last) > self.rests_ms {
            Some(rest)
        } else {
            rest.before(self.last)
        }
    }
}

/// Puts what was met of an anomaly together.
fn join(met: &mut BTreeMap<AnomalyId, Signs>, id: AnomalyId, signs: Signs) {
    let signs = match met.remove(&id) {
        Some(before) => signs.joined(&before),
        None => signs,
    };
    met.insert(id, signs);
}

/// How much longer it may go on than what was decided: what was called true may stay so for a while, and so may a gap; what
/// was corrected or kept out was so because it must not go on.
pub(super) fn rests_ms(known: &Anomaly) -> i64 {
    let disposition = known.work.settled.as_ref().map(|settled| settled.disposition);
    let is_settled = disposition.is_some_and(|disposition| disposition != Disposition::Real);
    if is_settled && known.signs.check() != Check::Gap {
        0
    } else {
        RESTS_MS
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
        let mut gathered: BTreeSet<AnomalyId> = BTreeSet::new();
        for sighting in sightings {
            let mut signs = Signs {
                related: pass.related.clone(),
                ..Signs::of(&sighting.episode, pass.clause.as_deref(), sighting.going)
            };
            if pass.whole.is_some_and(|(from, _)| signs.to < from) || self.is_of_past(pass.parameter, &signs) {
                continue;
            }
            let known = self.known(pass, &signs).map(|known| (known.id, known.signs.from));
            if known.is_none_or(|(_, from)| signs.from < from) {
                match self.decided(history, pass, &signs)? {
                    Some(Decided::On(decided)) => {
                        let Some(rest) = decided.leaves(signs, known.is_some()) else {
                            continue;
                        };
                        signs = rest;
                    }
                    Some(Decided::Gone(gone)) if known.is_none() => {
                        let signs = self.with_stake(history, pass.parameter, signs)?;
                        met.insert(gone.id, signs.clone());
                        self.tell(pass.parameter, gone.id, Some(signs), gone.before, history, found)?;
                        continue;
                    }
                    Some(Decided::Gone(_)) | None => {}
                }
            }
            if let Some((id, _)) = known {
                join(&mut met, id, signs);
            } else if let Some((id, known)) = self.alike(pass, &signs) {
                // A sensor that chatters is one thing to look at.
                met.entry(id).or_insert(known);
                gathered.insert(id);
                join(&mut met, id, signs);
            } else {
                // What follows at once is the same: it finds this one in the queue.
                let (id, raised) = self.raise(history, pass, signs, found)?;
                met.insert(id, raised);
            }
        }
        let mut touched: BTreeSet<AnomalyId> = met.keys().copied().collect();
        let mut is_unsaid = false;
        for (id, signs) in met {
            is_unsaid |= self.update(history, pass, id, (signs, gathered.contains(&id)), found)?;
        }
        if is_unsaid {
            // What has ended is seen no more: it is kept until it is told.
            let ended = sightings.iter().filter(|sighting| !sighting.going);
            let ended: Vec<Episode> = ended.map(|sighting| sighting.episode).collect();
            self.checks.leave_unsaid(pass.parameter, ended);
        }
        touched.extend(found.iter().skip(before).map(|told| told.anomaly));
        let now = self.now;
        let is_missed: &dyn Fn(&Anomaly) -> bool = match (pass.whole, pass.came) {
            // A silence that goes on behind the readings is told by the clock, not by them.
            (Some((from, to)), reached) => &move |known| {
                let is_silent = is_silence(known) && known.signs.to <= now;
                let is_behind = is_silent && reached.is_none_or(|reached| known.signs.to > reached);
                let lies_in = known.signs.from >= from && known.signs.to <= to;
                let is_of_pass = match pass.relation() {
                    Some(relation) => known.signs.is_of(Some(relation)),
                    None => known.signs.check().is_by_judge(),
                };
                lies_in && is_of_pass && !is_behind
            },
            // What came behind its time was no gap.
            (None, Some(reached)) => &move |known| is_silence(known) && known.signs.from < reached,
            (None, None) => return Ok(()),
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

    /// The anomaly in the queue that this is, of those on which nobody has decided.
    fn known<'a>(&'a self, pass: &'a Pass, signs: &Signs) -> Option<&'a Anomaly> {
        let mut alike = self
            .anomalies
            .of_relation((pass.parameter, signs.check()), pass.relation());
        alike.find(|known| {
            known.work.stage.awaits_decision()
                && known.signs.rule.is_one_with(signs.rule)
                && known.signs.touches(signs.from, signs.to, pass.pause_ms)
        })
    }

    /// What was decided on what this touches.
    fn decided(&self, history: &dyn History, pass: &Pass, signs: &Signs) -> Result<Option<Decided>, Broken> {
        let place = (pass.parameter, signs.check());
        let relation = pass.relation();
        let touches = |known: &&Anomaly| {
            known.signs.rule.is_one_with(signs.rule) && known.signs.touches(signs.from, signs.to, pass.pause_ms)
        };
        let open = self.anomalies.of_relation(place, relation);
        let open = open.filter(|known| !known.work.stage.awaits_decision());
        let upto = signs.to.plus(pass.pause_ms);
        let outside = self.outside_upto(history, place, relation, upto)?;
        let touching: Vec<&Anomaly> = open.chain(&outside).filter(touches).collect();
        let is_gone = |known: &&&Anomaly| !known.work.found && known.work.settled.is_none();
        let last = touching
            .iter()
            .filter(|known| !is_gone(known))
            .max_by_key(|known| known.signs.to);
        // Of windows of a relation those that were decided on are not among what was found.
        if let Some(last) = last.filter(|_| relation.is_none()) {
            let decided = touching.iter().filter(|known| !is_gone(known));
            return Ok(Some(Decided::On(OnReadings {
                stretches: decided.flat_map(|known| known.signs.stretches()).collect(),
                last: last.signs.to,
                rests_ms: rests_ms(last),
            })));
        }
        let gone = touching.iter().find(is_gone);
        Ok(gone.map(|gone| Decided::Gone(Box::new(Anomaly::clone(gone)))))
    }

    /// Where there are very many of a check that nobody has looked at, the newest of them with its signs.
    fn alike(&self, pass: &Pass, signs: &Signs) -> Option<(AnomalyId, Signs)> {
        let alike = self
            .anomalies
            .of_relation((pass.parameter, signs.check()), pass.relation());
        let untouched: Vec<&Anomaly> = alike
            .filter(|known| known.work == Work::NEW && known.signs.rule.is_one_with(signs.rule))
            .collect();
        if untouched.len() < MOST_ALIKE {
            return None;
        }
        let newest = untouched.into_iter().max_by_key(|known| known.signs.to)?;
        Some((newest.id, newest.signs.clone()))
    }

    /// Something new: which anomaly it is, as it stands then.
    fn raise(
        &mut self,
        history: &dyn History,
        pass: &Pass,
        signs: Signs,
        found: &mut Vec<Found>,
    ) -> Result<(AnomalyId, Signs), Broken> {
        let signs = self.with_stake(history, pass.parameter, signs)?;
        let before = self.count_before(history, pass, &signs)?;
        let id = AnomalyId(self.anomalies.last.saturating_add(1));
        self.tell(pass.parameter, id, Some(signs.clone()), before, history, found)?;
        Ok((id, signs))
    }

    /// One that is known is found, perhaps otherwise than before; whether it was left unsaid for now.
    fn update(
        &mut self,
        history: &dyn History,
        pass: &Pass,
        id: AnomalyId,
        (signs, is_gathered): (Signs, bool),
        found: &mut Vec<Found>,
    ) -> Result<bool, Broken> {
        let Some(known) = self.anomalies.open.get(&id) else {
            return Ok(false);
        };
        let (going, findings) = (signs.going, signs.findings);
        let mut signs = match pass.whole {
            // What lies before the stretch stays as it was, and so does what lies behind it.
            Some(stretch) => match known.signs.clone().outside(stretch) {
                None => signs,
                // It is among what was met, as another of many alike.
                Some(outside) if is_gathered => signs.also_of(&outside),
                // What it was at worst was looked at again.
                Some(outside) if (stretch.0..=stretch.1).contains(&known.signs.worst.1) => {
                    let findings = signs.findings.max(known.signs.findings);
                    Signs {
                        findings,
                        ..signs.also_of(&outside)
                    }
                }
                Some(outside) => signs.joined(&outside),
            },
            // How far a silence had come by the clock is put right by the reading that ended it.
            None if is_silence(known) && pass.came.is_some() => match known.signs.clone().before(signs.from) {
                Some(earlier) => signs.joined(&earlier),
                None => signs,
            },
            None => Signs {
                findings: findings.max(known.signs.findings),
                ..signs.joined(&known.signs)
            },
        };
        signs.going = going;
        signs.stake_mg = known.signs.stake_mg;
        if signs == known.signs && known.work.found {
            return Ok(false);
        }
        let is_urgent = pass.is_always_told
            || self.checks.is_full_of_unsaid(pass.parameter)
            || !known.work.found
            || signs.flag != known.signs.flag
            || signs.rule != known.signs.rule
            || signs.going != known.signs.going
            || signs.from != known.signs.from;
        let lasts_ms = known.signs.to.since(known.signs.from);
        let pause_ms = TELL_EVERY_MS.max(lasts_ms / TELL_SHARE);
        if !is_urgent && pass.whole.is_none() && self.now.since(known.told) < pause_ms {
            return Ok(true);
        }
        let before = known.before;
        let signs = self.with_stake(history, pass.parameter, signs)?;
        self.tell(pass.parameter, id, Some(signs), before, history, found)?;
        Ok(false)
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
    fn count_before(&self, history: &dyn History, pass: &Pass, signs: &Signs) -> Result<u32, Broken> {
        let (place, relation) = ((pass.parameter, signs.check()), pass.relation());
        let stretch = (signs.from.plus(-RECURS_DAYS * DAY_MS), signs.from);
        let open = self.anomalies.of_relation(place, relation);
        let open = open
            .filter(|known| (stretch.0..stretch.1).contains(&known.signs.from))
            .count();
        let outside = if relation.is_some() {
            let most = usize::try_from(MOST_BEFORE).unwrap_or(usize::MAX);
            let all = self.outside_before(history, place, relation, stretch, most)?;
            u32::try_from(all.len()).unwrap_or(u32::MAX)
        } else {
            self.count_outside(history, place, stretch, MOST_BEFORE)?
        };
        Ok(u32::try_from(open).unwrap_or(u32::MAX).saturating_add(outside))
    }

    /// That something is found no longer.
    pub(super) fn tell_gone(
        &mut self,
        history: &dyn History,
        id: AnomalyId,
        found: &mut Vec<Found>,
    ) -> Result<(), Broken> {
        let Some(known) = self.anomalies.open.get(&id) else {
            return Ok(());
        };
        let (parameter, before) = (known.parameter, known.before);
        self.tell(parameter, id, None, before, history, found)
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
            (Some(before), Some(next)) => self.anomalies.bring_back(before.clone(), next),
            (None, Some(next)) => self.anomalies.put(next),
            (_, None) => {}
        }
        Ok(())
    }
}
