//! Alarms of the key parameters (关键参数报警): what is watched, how it stands, and what was announced.
//!
//! What an alarm does follows from the readings, the model, the instants of commands and what people answered, all of which
//! are records; so no record tells that an alarm was raised, and a replay raises the same ones. Delays end when they are
//! over, whoever looks when (see [`crate::quality::alarm::condition`]): before every command, and with every tick, time
//! passes up to its instant.
//!
//! Alarms are about now: a reading that is older than its value would hold says nothing to them, and goes to ledger and
//! checks only.
//!
//! **Cost.** A reading of a key parameter costs each of its conditions (at most four) a comparison; of others nothing.
//! Looking at all of them waits until the first delay can have ended.

mod answer;
mod equipment;
mod happening;
mod kept;
mod rank;
mod watching;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::identity::ParameterId;
use crate::domain::model::SiteModel;
use crate::domain::reading::{Quality, Slot, Verdict};
use crate::domain::time::Instant;
use crate::quality::alarm::chatter::{ChatterSettings, ChatterWatch};
use crate::quality::alarm::flood::{FloodSettings, FloodWatch};
use crate::quality::alarm::priority::Ranking;
use crate::quality::alarm::state::Suppression;
use crate::quality::alarm::{
    AlarmId, AlarmState, Condition, Event, Observation, Occurrence, OpenOccurrences, Operator, Priority, Step, Watch,
    conditions_of,
};

use super::queue::Changed;
use super::view::Answerer;
use equipment::AllEquipment;
use happening::Happening;

pub use answer::{AlarmDeed, AlarmsAnswered, AlarmsOutcome};

/// The operating position to which alarms are announced: a site has one.
pub(super) const OPERATOR: Operator = Operator(0);

/// Seconds by which an announcement may be dated back and still be counted where it belongs: an on-delay.
const LATE_S: u32 = 3_600;

/// A reading as a record has it.
type Reading = (ParameterId, Slot, i64, Quality, Verdict);

/// An alarm as it stands, and as it is kept in a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Alarm {
    id: AlarmId,
    /// What the model in force says of it; none where that names no such alarm any more. The model is kept, not this.
    #[serde(skip)]
    condition: Option<Condition>,
    watch: Watch,
    state: AlarmState,
    open: OpenOccurrences,
    /// When its condition began to hold, of one that was raised.
    since: Option<Instant>,
    /// When it was last announced.
    told: Option<Instant>,
    priority: Priority,
    /// On what that rests; nothing in a row of an earlier version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ranking: Option<Ranking>,
    chatter: ChatterWatch,
    /// How many of its occurrences are complete: each has a number of its own.
    completed: u64,
    /// Who answered last, and when.
    answered_by: Option<Answerer>,
}

impl Alarm {
    fn new(id: AlarmId, condition: Condition, now: Instant) -> Self {
        Self {
            id,
            condition: Some(condition),
            watch: Watch::begun(&condition, now),
            state: AlarmState::NORMAL,
            open: OpenOccurrences::default(),
            since: None,
            told: None,
            priority: Priority::Low,
            ranking: None,
            chatter: ChatterWatch::default(),
            completed: 0,
            answered_by: None,
        }
    }

    /// Whether there is nothing to be said of it any more once the model does not name it.
    fn is_over(&self) -> bool {
        self.condition.is_none() && self.state == AlarmState::NORMAL && self.open.iter().next().is_none()
    }
}

/// The alarms of a parameter.
#[derive(Debug, Clone, Default)]
struct OfParameter {
    alarms: Vec<Alarm>,
    /// The place of the feed that brought its newest value, of one that a machine brought.
    feed: Option<usize>,
    /// Whether it tells when equipment runs.
    tells: bool,
    /// Whether they are newer than their row.
    dirty: bool,
}

/// All alarms of a site.
#[derive(Debug, Clone)]
pub(super) struct Alarms {
    /// By the parameter's id.
    of: Vec<OfParameter>,
    /// The feeds (数据源) that have brought values: few, however many parameters there are.
    feeds: Vec<String>,
    /// What stands still.
    equipment: AllEquipment,
    /// Before this nothing changes by itself.
    due: Instant,
    /// Since when anything is watched; not yet where it is missing: a simulated site has no clock before its first readings,
    /// and nothing was silent before.
    awake: Option<Instant>,
    flood: Option<FloodWatch>,
    /// Occurrences that are complete and not handed over yet.
    complete: Vec<(u64, Occurrence)>,
    /// Alarms that changed since that was last asked for.
    changed: Changed<AlarmId>,
}

impl Default for Alarms {
    fn default() -> Self {
        Self {
            of: Vec::new(),
            feeds: Vec::new(),
            equipment: AllEquipment::default(),
            due: Instant(i64::MAX),
            awake: None,
            flood: FloodWatch::new(FloodSettings::STANDARD, LATE_S).ok(),
            complete: Vec::new(),
            changed: Changed::default(),
        }
    }
}

impl Alarms {
    fn place(parameter: ParameterId) -> usize {
        usize::try_from(parameter.0).unwrap_or(usize::MAX)
    }

    fn all(&self) -> impl Iterator<Item = &Alarm> {
        self.of.iter().flat_map(|of| &of.alarms)
    }

    fn get(&self, id: AlarmId) -> Option<&Alarm> {
        let of = self.of.get(Self::place(id.parameter))?;
        of.alarms.iter().find(|alarm| alarm.id == id)
    }

    /// An alarm to be changed; its row is then to be written.
    fn get_mut(&mut self, id: AlarmId) -> Option<&mut Alarm> {
        let of = self.of.get_mut(Self::place(id.parameter))?;
        of.dirty = true;
        of.alarms.iter_mut().find(|alarm| alarm.id == id)
    }

    /// The place of a feed by its name.
    fn place_of_feed(&mut self, name: &str) -> usize {
        let known = self.feeds.iter().position(|feed| feed == name);
        known.unwrap_or_else(|| {
            self.feeds.push(name.to_owned());
            self.feeds.len() - 1
        })
    }

    /// The feed that brought the newest value of a parameter.
    fn feed_of(&self, parameter: ParameterId) -> Option<&String> {
        self.feeds.get(self.of.get(Self::place(parameter))?.feed?)
    }

    fn ids_of(&self, parameter: ParameterId) -> Vec<AlarmId> {
        let of = self.of.get(Self::place(parameter));
        of.map_or_else(Vec::new, |of| of.alarms.iter().map(|alarm| alarm.id).collect())
    }

    fn of_mut(&mut self, parameter: ParameterId) -> Option<&mut OfParameter> {
        let place = Self::place(parameter);
        // Ids are given one by one: a site has no more places than parameters.
        if self.of.len() <= place && place < usize::MAX {
            self.of.resize_with(place + 1, OfParameter::default);
        }
        self.of.get_mut(place)
    }

    /// The first instant at which something may change by itself.
    pub(super) const fn due(&self) -> Instant {
        self.due
    }

    /// Since when anything is watched, to be kept with the state.
    pub(super) const fn awake(&self) -> Option<Instant> {
        self.awake
    }

    /// Goes on watching. A state of an earlier version does not say since when: then all of its time counts.
    pub(super) fn go_on(&mut self, since: Option<Instant>, now: Instant) {
        self.awake = since.or((now > Instant::EARLIEST).then_some(Instant::EARLIEST));
    }

    /// Makes the alarms those of a model. What it says as before goes on; what it says otherwise is watched by the new
    /// condition, under which what stands goes on standing until a value says that it is over.
    fn renew(&mut self, model: &SiteModel, now: Instant) -> Vec<Happening> {
        let mut happenings = Vec::new();
        let mut named: BTreeSet<AlarmId> = BTreeSet::new();
        for parameter in model.parameters.iter().filter(|parameter| parameter.key) {
            // What contradicts itself is found when the model is checked, and watched for nothing.
            for condition in conditions_of(parameter).unwrap_or_default() {
                let id = AlarmId {
                    parameter: parameter.id,
                    kind: condition.test().kind(),
                };
                named.insert(id);
                let Some(of) = self.of_mut(parameter.id) else { continue };
                match of.alarms.iter_mut().find(|alarm| alarm.id == id) {
                    Some(alarm) if alarm.condition == Some(condition) => {}
                    Some(alarm) => {
                        // One that the model named no more has ended.
                        alarm.watch = match alarm.condition {
                            Some(_) => alarm.watch.under(&condition, now),
                            None => Watch::begun(&condition, now),
                        };
                        alarm.condition = Some(condition);
                        of.dirty = true;
                    }
                    None => {
                        of.alarms.push(Alarm::new(id, condition, now));
                        of.alarms.sort_by_key(|alarm| alarm.id);
                        of.dirty = true;
                    }
                }
            }
        }
        for of in &mut self.of {
            for alarm in of.alarms.iter_mut().filter(|alarm| !named.contains(&alarm.id)) {
                happenings.extend(ended(alarm, now));
                of.dirty |= alarm.condition.take().is_some();
            }
            let before = of.alarms.len();
            of.alarms.retain(|alarm| !alarm.is_over());
            of.dirty |= of.alarms.len() < before;
        }
        self.equipment.renew(model, now);
        self.note_telling(model);
        for alarm in self.all() {
            let stands_still = self.equipment.stands_still(alarm.id.parameter);
            if stands_still != alarm.state.suppressions.has(Suppression::EquipmentStopped) {
                happenings.push(Happening::event(now, alarm.id, stopped(stands_still)));
            }
        }
        self.due = now;
        happenings
    }

    /// Watching begins: before there was a clock nothing was silent.
    fn wake(&mut self, at: Instant) {
        self.awake.get_or_insert(at);
        for of in &mut self.of {
            for alarm in &mut of.alarms {
                if let Some(condition) = &alarm.condition {
                    alarm.watch = Watch::begun(condition, at);
                    of.dirty = true;
                }
            }
        }
        self.equipment.wake(at);
        self.due = at;
    }

    /// Notes of each parameter whether it tells when equipment runs.
    fn note_telling(&mut self, model: &SiteModel) {
        // How equipment stands is kept with what tells it: what tells of none any more forgets it.
        for of in self.of.iter_mut().filter(|of| of.tells) {
            (of.tells, of.dirty) = (false, true);
        }
        for parameter in model.parameters.iter().map(|parameter| parameter.id) {
            if self.equipment.is_told_by(parameter)
                && let Some(of) = self.of_mut(parameter)
            {
                (of.tells, of.dirty) = (true, true);
            }
        }
    }

    /// Everything that changes by itself up to an instant, in the order of time.
    fn passed(&mut self, now: Instant) -> Vec<Happening> {
        let mut happenings = Vec::new();
        for turned in self.equipment.passed(now) {
            // How it stands is kept with what tells it.
            if let Some(of) = self.of_mut(turned.parameter) {
                of.dirty = true;
            }
            happenings.push(Happening::turned(turned));
        }
        let mut due = self.equipment.due().unwrap_or(Instant(i64::MAX));
        for of in &mut self.of {
            for alarm in &mut of.alarms {
                if let Some(condition) = &alarm.condition {
                    let before = happenings.len();
                    happenings.extend(
                        alarm
                            .watch
                            .pass(condition, now)
                            .map(|change| Happening::of(alarm.id, change)),
                    );
                    of.dirty |= happenings.len() > before;
                }
                let delay = alarm.condition.and_then(|condition| alarm.watch.due(&condition));
                due = due.min(delay.unwrap_or(Instant(i64::MAX)));
                match alarm.state.shelf_ends() {
                    Some(until) if until <= now => {
                        happenings.push(Happening::event(until, alarm.id, Event::ShelfEnds { now: until }));
                    }
                    Some(until) => due = due.min(until),
                    None => {}
                }
            }
        }
        self.due = due;
        happenings.sort_by_key(|happening| (happening.at, happening.rank(), happening.id()));
        happenings
    }

    /// What a reading says to the alarms of its parameter.
    #[inline]
    fn heard(
        &mut self,
        (parameter, slot, value): (ParameterId, Slot, i64),
        (quality, verdict): (Quality, Verdict),
        feed: Option<usize>,
        now: Instant,
        happenings: &mut Vec<Happening>,
    ) {
        let Some(of) = self.of.get_mut(Self::place(parameter)) else {
            return;
        };
        if of.alarms.is_empty() && !of.tells {
            return;
        }
        let end = slot.end();
        let observation = Observation::of_reading(value, quality, verdict);
        if of.tells {
            let turned = self.equipment.heard(parameter, end.min(now), observation);
            happenings.extend(turned.into_iter().map(Happening::turned));
            self.due = self.due.min(self.equipment.due().unwrap_or(Instant(i64::MAX)));
            of.dirty = true;
        }
        for alarm in &mut of.alarms {
            let Some(condition) = &alarm.condition else { continue };
            if now.since(end) > condition.hold_ms() {
                continue;
            }
            of.feed = feed.or(of.feed);
            // A stamp that lies ahead of the clock speaks of now.
            let worst = alarm.watch.worst();
            let changes = alarm.watch.observe(condition, end.min(now), observation);
            happenings.extend(changes.map(|change| Happening::of(alarm.id, change)));
            if alarm.watch.worst() != worst && alarm.state.is_active() {
                self.changed.note(alarm.id);
            }
            if let Some(due) = alarm.watch.due(condition) {
                self.due = self.due.min(due);
            }
            of.dirty = true;
        }
        if happenings.len() > 1 {
            happenings.sort_by_key(|happening| (happening.at, happening.rank(), happening.id()));
        }
    }

    /// Takes a step of an alarm in.
    fn step(&mut self, id: AlarmId, step: Step, at: Instant) {
        let flood = &mut self.flood;
        let complete = &mut self.complete;
        let place = Self::place(id.parameter);
        let Some(of) = self.of.get_mut(place) else { return };
        of.dirty = true;
        let Some(alarm) = of.alarms.iter_mut().find(|alarm| alarm.id == id) else {
            return;
        };
        for done in alarm.open.take(&alarm.state, &step, at, (id, OPERATOR, alarm.priority)) {
            alarm.completed += 1;
            complete.push((alarm.completed, done));
        }
        if step.annunciation.counts() {
            alarm.told = Some(at);
            alarm.chatter.take(at, &ChatterSettings::STANDARD);
            if let Some(flood) = flood {
                flood.take(at);
            }
        }
        alarm.state = step.state;
        if let Some(until) = alarm.state.shelf_ends() {
            self.due = self.due.min(until);
        }
        of.alarms.retain(|alarm| !alarm.is_over());
        self.changed.note(id);
    }
}

/// That an alarm which the model does not name any more does not stand any more.
fn ended(alarm: &Alarm, now: Instant) -> Option<Happening> {
    let stands = alarm.state.is_active();
    stands.then(|| Happening::event(now, alarm.id, Event::Return))
}

/// That equipment stands still, or runs again.
const fn stopped(stands_still: bool) -> Event {
    if stands_still {
        Event::Suppress(Suppression::EquipmentStopped)
    } else {
        Event::Unsuppress(Suppression::EquipmentStopped)
    }
}
