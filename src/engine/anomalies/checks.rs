//! Judging readings (读数检查) as they arrive, in pieces, and again where late ones belong.
//!
//! Every parameter is followed by a judge of its own, in the order of its readings' stamps. The judge as it was at the
//! beginning of each of the last days is kept in a row, so that a late reading, a correction or a restart costs the days
//! since then; what lies further back is judged by a judge that is shown fifteen days before it, and changes no later
//! one. Rows of judges are no part of what the journal says: they can be made again from the readings.

mod again;
mod front;
mod noted;
mod silence;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::checks::CheckPlan;
use crate::domain::identity::ParameterId;
use crate::domain::model::{Parameter, SiteModel};
use crate::domain::reading::Origin;
use crate::domain::time::{DAY_MS, Instant};
use crate::engine::checked::pause_of;
use crate::engine::event::Event;
use crate::engine::history::{History, Row, Tree};
use crate::engine::load::Load;
use crate::engine::{Broken, Engine, keys};
use crate::quality::episode::Episode;
use crate::quality::judge::Output;
use crate::quality::typing::Typed;
use crate::quality::{ArrivalSettings, Rules, plan};

use super::beside::Unplanned;
use super::raise::Pass;
use super::{AnomaliesFound, Found};
use front::{Context, Front, Pause};

pub(in crate::engine) use noted::Unweighed;

/// Readings that one command judges: some milliseconds.
const READINGS_AT_ONCE: usize = 20_000;

/// Readings of one parameter that are judged before it is another's turn.
const READINGS_IN_TURN: usize = 5_000;

/// How many days the beginnings of which are kept.
const HORIZON_DAYS: i64 = 8;

/// How long before a stretch a judge that knows nothing is shown readings: what is learned by default takes seven days, and
/// values in another unit are told by eight.
const LEARN_DAYS: i64 = 15;

/// Time between two times that late readings are judged where they belong.
const LATE_EVERY_MS: i64 = 10_000;

/// The same of readings that were judged without a load which came behind them.
const LOADS_EVERY_MS: i64 = 10 * 60_000;

/// The most episodes of a parameter that have ended and are left unsaid.
const MOST_UNSAID: usize = 50;

/// Time between two looks for parameters that have fallen silent.
const SILENCE_EVERY_MS: i64 = 10_000;

/// A parameter that is followed.
#[derive(Debug, Clone)]
struct Followed {
    rules: Arc<Rules>,
    digest: u64,
    pause_ms: i64,
    front: Front,
}

/// What is kept of the beginning of a day.
#[derive(Serialize, Deserialize)]
struct DayRow<'a> {
    /// Digest of the rules.
    digest: u64,
    front: Cow<'a, Front>,
}

/// A stretch that is judged again.
#[derive(Debug, Clone)]
struct Again {
    parameter: ParameterId,
    front: Front,
    /// From here on what is found counts.
    from: Instant,
    /// Where it ends; none where it goes on to the newest reading, and takes the place of what was there.
    to: Option<Instant>,
    /// What has been found.
    ended: Vec<Episode>,
    days: Vec<(i32, Vec<u8>)>,
}

/// How far readings have been judged.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct Checks {
    /// By the parameter's id.
    of: Vec<Option<Arc<Followed>>>,
    /// Parameters that may have readings which nobody has judged; and whether one is among them, by its id.
    fresh: BTreeSet<ParameterId>,
    is_fresh: Vec<bool>,
    /// The number of the parameter whose turn it is.
    turn: u32,
    /// Stretches behind the front in which readings changed.
    late: BTreeMap<ParameterId, (Instant, Instant)>,
    /// What is being judged again.
    again: Option<Arc<Again>>,
    /// When it was last begun to judge something again, and last looked for silence.
    began: Option<Instant>,
    silence: Option<Instant>,
    /// Parameters of which something was found that no record has told of for a while, with what has ended of it.
    unsaid: BTreeMap<ParameterId, Vec<Episode>>,
    /// Up to where a past was filled in.
    past: Past,
    /// Stretches that were judged without the load which has come since, and when they were last taken up.
    loads_behind: Late,
    loads_began: Option<Instant>,
    /// What is judged by the load that a parameter tells.
    loads: BTreeMap<ParameterId, Vec<ParameterId>>,
    /// When readings of a parameter come late or before their time, by its id.
    arrival: BTreeMap<ParameterId, ArrivalSettings>,
    /// What was typed lately, with when.
    typed_lately: BTreeMap<ParameterId, Vec<(Typed, Instant)>>,
    /// What came by a way that the plan does not name, and no record has told of.
    came_unplanned: Unplanned,
    /// What is to be said of how readings came.
    unweighed: Unweighed,
    /// When it was last told by which way readings of a parameter came.
    origins_told: BTreeMap<ParameterId, Instant>,
    /// Parameters of which the plan does not name an origin.
    unplanned: BTreeMap<Origin, BTreeSet<ParameterId>>,
    /// Beginnings of days that are not handed over yet; none where one is not needed any more.
    rows: BTreeMap<(ParameterId, i32), Option<Vec<u8>>>,
}

/// Stretches in which readings changed behind the front, as they are kept with the state.
pub(in crate::engine) type Late = BTreeMap<ParameterId, (Instant, Instant)>;

/// Up to where a past was filled in, by parameter.
pub(in crate::engine) type Past = BTreeMap<ParameterId, Instant>;

fn place(parameter: ParameterId) -> usize {
    usize::try_from(parameter.0).unwrap_or(usize::MAX)
}

fn day_of(at: Instant) -> i32 {
    i32::try_from(at.0.div_euclid(DAY_MS)).unwrap_or(i32::MAX)
}

fn day_start(day: i32) -> Instant {
    Instant(i64::from(day) * DAY_MS)
}

/// The form in which judges are kept: to be raised when a check remembers something else than before.
const FORM: u32 = 4;

/// By what it is told whether a judge was made by the same rules, and is kept in the same form.
fn digest_of(rules: &Rules) -> u64 {
    let hash = blake3::hash(format!("{FORM} {rules:?}").as_bytes());
    hash.as_bytes()
        .first_chunk()
        .map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

impl Checks {
    /// With stretches that were left to be judged again. Everything else is read when it is needed.
    pub(in crate::engine) fn go_on(late: Late, past: Past, came_unplanned: Unplanned, unweighed: Unweighed) -> Self {
        Self {
            late,
            past,
            came_unplanned,
            unweighed,
            ..Self::default()
        }
    }

    /// A past was filled in, up to an instant.
    pub(in crate::engine) fn filled_in(&mut self, parameter: ParameterId, to: Instant) {
        let known = self.past.entry(parameter).or_insert(to);
        *known = to.max(*known);
    }

    /// Up to where a past was filled in, to be kept with the state.
    pub(in crate::engine) const fn past(&self) -> &Past {
        &self.past
    }

    /// Up to where a past of a parameter was filled in.
    pub(super) fn past_to(&self, parameter: ParameterId) -> Option<Instant> {
        self.past.get(&parameter).copied()
    }

    /// What is left to be judged again, to be kept with the state.
    pub(in crate::engine) fn late(&self) -> Late {
        let mut late = self.late.clone();
        for (&parameter, &stretch) in &self.loads_behind {
            widen(&mut late, parameter, stretch);
        }
        if let Some(again) = &self.again {
            let to = again.to.unwrap_or(again.from);
            widen(&mut late, again.parameter, (again.from, to));
        }
        late
    }

    /// A parameter has a reading after all others.
    #[inline]
    pub(in crate::engine) fn came(&mut self, parameter: ParameterId, at: Instant) {
        self.enlist(parameter);
        if !self.loads.is_empty() {
            self.load_came(parameter, at);
        }
    }

    /// Of what is judged by the load that a parameter tells, what has been judged without this is judged again.
    fn load_came(&mut self, load: ParameterId, at: Instant) {
        let Some(judged) = self.loads.get(&load) else { return };
        for &parameter in judged {
            let followed = self.of.get(place(parameter)).and_then(Option::as_ref);
            let reached = followed.and_then(|followed| followed.front.at);
            if reached.is_some_and(|reached| at <= reached.at) {
                widen(&mut self.loads_behind, parameter, (at, at));
            }
        }
    }

    #[inline]
    fn enlist(&mut self, parameter: ParameterId) {
        if self.is_fresh.get(place(parameter)) != Some(&true) {
            self.put_fresh(parameter);
        }
    }

    fn put_fresh(&mut self, parameter: ParameterId) {
        let place = place(parameter);
        if self.is_fresh.len() <= place && place < usize::MAX {
            self.is_fresh.resize(place + 1, false);
        }
        if let Some(is_fresh) = self.is_fresh.get_mut(place) {
            *is_fresh = true;
        }
        self.fresh.insert(parameter);
    }

    fn is_judged(&mut self, parameter: ParameterId) {
        self.fresh.remove(&parameter);
        if let Some(is_fresh) = self.is_fresh.get_mut(place(parameter)) {
            *is_fresh = false;
        }
    }

    /// Readings of a stretch changed.
    pub(in crate::engine) fn changed(&mut self, parameter: ParameterId, stretch: (Instant, Instant)) {
        widen(&mut self.late, parameter, stretch);
        self.enlist(parameter);
        for &judged in self.loads.get(&parameter).into_iter().flatten() {
            widen(&mut self.late, judged, stretch);
        }
    }

    /// Something of a parameter goes on and was not told, because it was told a little while ago.
    pub(super) fn leave_unsaid(&mut self, parameter: ParameterId, ended: impl IntoIterator<Item = Episode>) {
        self.unsaid.entry(parameter).or_default().extend(ended);
    }

    /// Readings from an instant on were judged again: what was left unsaid of them is said anew.
    fn forget_unsaid(&mut self, parameter: ParameterId, from: Instant) {
        if let Some(ended) = self.unsaid.get_mut(&parameter) {
            ended.retain(|episode| episode.to < from);
        }
    }

    /// Whether readings of a parameter wait to be judged again.
    fn awaits_judging(&self, parameter: ParameterId) -> bool {
        let is_at_it = self.again.as_ref().is_some_and(|again| again.parameter == parameter);
        is_at_it || self.late.contains_key(&parameter)
    }

    /// Whether so much was left unsaid of a parameter that it is time to tell it.
    pub(super) fn is_full_of_unsaid(&self, parameter: ParameterId) -> bool {
        self.unsaid
            .get(&parameter)
            .is_some_and(|ended| ended.len() >= MOST_UNSAID)
    }

    /// A meter was changed, or that was taken back: its register may run otherwise from then on.
    pub(in crate::engine) fn meter_changed(&mut self, parameter: ParameterId, at: Instant) {
        if let Some(slot) = self.of.get_mut(place(parameter)) {
            *slot = None;
        }
        self.changed(parameter, (at, at));
    }

    /// The rows, to be handed over.
    pub(in crate::engine) fn take(&mut self) -> impl Iterator<Item = Row> {
        std::mem::take(&mut self.rows)
            .into_iter()
            .map(|((parameter, day), value)| Row {
                tree: Tree::Judges,
                key: keys::judge(parameter, day),
                value,
            })
    }

    /// The newest beginning of a day up to one, with its day.
    fn day_row(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        upto: i32,
        digest: u64,
    ) -> Result<Option<(i32, Front)>, Broken> {
        let mut bound = upto.saturating_add(1);
        loop {
            let fresh = self.rows.range((parameter, i32::MIN)..(parameter, bound)).next_back();
            let stored = history.last_before(
                Tree::Judges,
                &keys::judge(parameter, bound),
                &keys::judge(parameter, i32::MIN),
            )?;
            let stored = stored.and_then(|(key, bytes)| Some((keys::judge_day_of(&key)?, bytes)));
            let (day, bytes) = match (fresh, stored) {
                (Some((&(_, fresh), value)), Some((stored, bytes))) => {
                    if stored > fresh {
                        (stored, Some(bytes))
                    } else {
                        (fresh, value.clone())
                    }
                }
                (Some((&(_, fresh), value)), None) => (fresh, value.clone()),
                (None, Some((stored, bytes))) => (stored, Some(bytes)),
                (None, None) => return Ok(None),
            };
            // A row that an earlier version wrote, or under other rules, is none.
            let row = bytes.and_then(|bytes| rmp_serde::from_slice::<DayRow<'_>>(&bytes).ok());
            if let Some(row) = row.filter(|row| row.digest == digest) {
                return Ok(Some((day, row.front.into_owned())));
            }
            bound = day;
        }
    }
}

fn widen(late: &mut Late, parameter: ParameterId, (from, to): (Instant, Instant)) {
    let stretch = late.entry(parameter).or_insert((from, to));
    *stretch = (stretch.0.min(from), stretch.1.max(to));
}

impl Engine {
    /// The newest model holds from now on: whatever is judged by other rules than before learns them.
    pub(in crate::engine) fn renew_checks(&mut self) {
        let Some(model) = self.model().cloned() else { return };
        for parameter in &model.parameters {
            let Ok(series) = self.series(parameter.id) else {
                continue;
            };
            // At a start nobody is followed yet, and no rules need be held against others.
            let followed = self.checks.of.get(place(parameter.id)).and_then(Option::as_ref);
            let is_other = followed.is_some_and(|followed| {
                followed.digest != digest_of(&self.rules_of(&model, series, parameter, self.now))
            });
            if is_other && let Some(slot) = self.checks.of.get_mut(place(parameter.id)) {
                *slot = None;
            }
            self.checks.enlist(parameter.id);
        }
        self.checks.loads.clear();
        self.checks.unplanned.clear();
        self.checks.arrival.clear();
        let usual = CheckPlan::default();
        for parameter in &model.parameters {
            let plan = parameter.checks.as_ref().unwrap_or(&usual);
            let waits = ArrivalSettings::usual(parameter.gap_limit_ms, parameter.fill_wait_ms());
            if let Some(arrival) = plan::arrival(plan, waits) {
                self.checks.arrival.insert(parameter.id, arrival);
            }
            for origin in Origin::ALL {
                if !parameter.may_come_by(origin, model.simulated) {
                    self.checks.unplanned.entry(origin).or_default().insert(parameter.id);
                }
            }
            if let Some(load) = parameter.checks.as_ref().and_then(|checks| checks.load) {
                self.checks.loads.entry(load).or_default().push(parameter.id);
            }
        }
        if let Some(again) = self.checks.again.take() {
            let to = again.to.unwrap_or(again.from);
            widen(&mut self.checks.late, again.parameter, (again.from, to));
        }
        self.renew_relations();
    }

    /// Whether there is something to judge, or somebody may have fallen silent: when to bring the next check.
    pub fn checks_are_due(&self, now: Instant) -> bool {
        let checks = &self.checks;
        let is_time = |last: Option<Instant>, every_ms| last.is_none_or(|last| now.since(last) >= every_ms);
        !checks.fresh.is_empty()
            || checks.again.is_some()
            || !checks.late.is_empty() && is_time(checks.began, LATE_EVERY_MS)
            || !checks.loads_behind.is_empty() && is_time(checks.loads_began, LOADS_EVERY_MS)
            || is_time(checks.silence, SILENCE_EVERY_MS)
            || self.relations.are_due(now)
    }

    /// Judges what came, in pieces of some milliseconds; none where nothing new is found.
    pub(in crate::engine) fn check(&mut self, history: &dyn History) -> Result<Option<Event>, Broken> {
        let Some(model) = self.model().cloned() else {
            self.checks.silence = Some(self.now);
            return Ok(None);
        };
        let mut found = Vec::new();
        let mut budget = READINGS_AT_ONCE;
        self.judge_fresh(history, &model, &mut budget, &mut found)?;
        self.weigh_noted(history, &model, &mut found)?;
        if self.checks.fresh.is_empty() {
            self.judge_again(history, &model, &mut budget, &mut found)?;
            self.look_at_relations(history, &mut found)?;
            self.notice_silence(history, &model, &mut found)?;
        }
        let is_any = !found.is_empty();
        Ok(is_any.then_some(Event::AnomaliesFound(AnomaliesFound { found })))
    }

    /// Judges readings that came after all others.
    fn judge_fresh(
        &mut self,
        history: &dyn History,
        model: &SiteModel,
        budget: &mut usize,
        found: &mut Vec<Found>,
    ) -> Result<(), Broken> {
        while *budget > 0 {
            let checks = &mut self.checks;
            let next = checks
                .fresh
                .range(ParameterId(checks.turn)..)
                .next()
                .or_else(|| checks.fresh.first());
            let Some(&id) = next else { break };
            checks.turn = id.0.wrapping_add(1);
            let Some(parameter) = model.parameter(id) else {
                checks.is_judged(id);
                continue;
            };
            let mut followed = self.followed(history, model, parameter)?;
            let most = READINGS_IN_TURN.min(*budget);
            let mut days = Vec::new();
            let digest = followed.digest;
            let followed_now = Arc::make_mut(&mut followed);
            let taken = self.run(
                history,
                parameter,
                &followed_now.rules,
                &mut followed_now.front,
                (None, most),
                &mut |day, front| days.push((day, encode(digest, front))),
            )?;
            *budget -= taken.min(*budget).max(1);
            let sightings = followed_now.front.sightings();
            self.keep_days(history, id, days)?;
            if taken < most {
                self.checks.is_judged(id);
            }
            let clause = followed.rules.clause.as_deref();
            let pass = if let Some(reached) = followed.front.at.filter(|_| taken > 0) {
                Pass::onward(id, clause, self.pause(parameter).at(reached.at), reached.at)
            } else {
                Pass::silent(id, clause, followed.pause_ms)
            };
            self.keep(id, Arc::clone(&followed));
            self.weigh(history, &pass, &sightings, found)?;
        }
        Ok(())
    }

    /// Runs a judge over the readings after the last that it has seen, up to so many and up to an instant; how many it
    /// took. What begins a day is told before its first reading.
    fn run(
        &self,
        history: &dyn History,
        parameter: &Parameter,
        rules: &Arc<Rules>,
        front: &mut Front,
        (to, most): (Option<Instant>, usize),
        begin_day: &mut dyn FnMut(i32, &Front),
    ) -> Result<usize, Broken> {
        let series = self.series(parameter.id)?;
        let Some(last) = series.row.last_slot else {
            return Ok(0);
        };
        let to = to.map_or(last.at, |to| to.min(last.at)).plus(1);
        let from = front.at.map_or(Instant::EARLIEST, |slot| slot.at);
        let context = Context {
            parameter,
            series,
            rules,
            pause: self.pause(parameter),
        };
        let mut load = self
            .model()
            .and_then(|model| Load::of(self, history, model, parameter.id));
        let mut broken = None;
        let mut output = Output::default();
        let mut taken = 0;
        self.each_top(history, parameter.id, (from, to), &mut |version| {
            if front.at.is_some_and(|at| version.slot <= at) {
                return true;
            }
            let day = day_of(version.slot.at);
            let begins = front.at.is_none_or(|at| day_of(at.at) < day);
            // While it learns it is no judge to go on with.
            if begins && front.quiet_to.is_none_or(|quiet| quiet < day_start(day)) {
                begin_day(day, front);
            }
            let load_now = load.as_mut().map_or(Ok(f64::NAN), |load| load.at(version.slot.at));
            match load_now {
                Ok(load) => front.take(&context, version, load, &mut output),
                Err(error) => broken = Some(error),
            }
            taken += 1;
            taken < most && broken.is_none()
        })?;
        broken.map_or(Ok(taken), Err)
    }

    /// A parameter as it is followed, taken out of its place, or up where its rows left it; whoever asks puts it back.
    fn followed(
        &mut self,
        history: &dyn History,
        model: &SiteModel,
        parameter: &Parameter,
    ) -> Result<Arc<Followed>, Broken> {
        if let Some(followed) = self.checks.of.get_mut(place(parameter.id)).and_then(Option::take) {
            return Ok(followed);
        }
        let series = self.series(parameter.id)?;
        let rules = Arc::new(self.rules_of(model, series, parameter, self.now));
        let digest = digest_of(&rules);
        let pause_ms = pause_of(parameter);
        let front = match self.checks.day_row(history, parameter.id, i32::MAX - 1, digest)? {
            Some((_, front)) => Front {
                judge: front.judge.under(Arc::clone(&rules)),
                ..front
            },
            None => self.relearned(history, parameter, &rules, pause_ms)?,
        };
        Ok(Arc::new(Followed {
            rules,
            digest,
            pause_ms,
            front,
        }))
    }

    /// A judge for a parameter of which none by these rules is kept: where it was judged by other rules, it is shown some
    /// days before it goes on from there.
    fn relearned(
        &self,
        history: &dyn History,
        parameter: &Parameter,
        rules: &Arc<Rules>,
        pause_ms: i64,
    ) -> Result<Front, Broken> {
        let mut front = Front::new(rules, pause_ms);
        let key = keys::judge(parameter.id, i32::MAX - 1);
        let stored = history.last_before(Tree::Judges, &key, &keys::judge(parameter.id, i32::MIN))?;
        let stored = stored.and_then(|(key, _)| keys::judge_day_of(&key));
        let pending = self
            .checks
            .rows
            .range((parameter.id, i32::MIN)..=(parameter.id, i32::MAX));
        let judged = pending.map(|((_, day), _)| *day).chain(stored).max();
        if let Some(day) = judged {
            front = front.learning_for(day);
        }
        Ok(front)
    }

    /// The longest pause within one episode of a parameter.
    fn pause(&self, parameter: &Parameter) -> Pause {
        Pause {
            usual_ms: pause_of(parameter),
            past_to: self.checks.past_to(parameter.id),
        }
    }

    fn keep(&mut self, parameter: ParameterId, followed: Arc<Followed>) {
        let place = place(parameter);
        if self.checks.of.len() <= place && place < usize::MAX {
            self.checks.of.resize(place + 1, None);
        }
        if let Some(slot) = self.checks.of.get_mut(place) {
            *slot = Some(followed);
        }
    }

    /// Keeps beginnings of days, and lets go of those that no late reading reaches any more.
    fn keep_days(
        &mut self,
        history: &dyn History,
        parameter: ParameterId,
        days: Vec<(i32, Option<Vec<u8>>)>,
    ) -> Result<(), Broken> {
        let Some(newest) = days.last().map(|(day, _)| *day) else {
            return Ok(());
        };
        let rows = &mut self.checks.rows;
        rows.extend(days.into_iter().map(|(day, bytes)| ((parameter, day), bytes)));
        let oldest = newest.saturating_sub(i32::try_from(HORIZON_DAYS).unwrap_or(i32::MAX));
        let old: Vec<_> = rows
            .range((parameter, i32::MIN)..(parameter, oldest))
            .map(|(&key, _)| key)
            .collect();
        for key in old {
            rows.remove(&key);
        }
        let mut stored = Vec::new();
        history.scan(
            Tree::Judges,
            &keys::judge(parameter, i32::MIN),
            &keys::judge(parameter, oldest),
            &mut |key, _| {
                stored.extend(keys::judge_day_of(key));
                true
            },
        )?;
        self.checks
            .rows
            .extend(stored.into_iter().map(|day| ((parameter, day), None)));
        Ok(())
    }
}

fn encode(digest: u64, front: &Front) -> Option<Vec<u8>> {
    // A judge that cannot be kept is made again when it is needed.
    rmp_serde::to_vec(&DayRow {
        digest,
        front: Cow::Borrowed(front),
    })
    .ok()
}
