//! Watching: time passes, readings are heard, and what comes of them happens to the alarms.

use std::collections::BTreeMap;

use crate::domain::identity::ParameterId;
use crate::domain::time::Instant;
use crate::engine::command::Refusal;
use crate::engine::event::Readings;
use crate::engine::history::History;
use crate::engine::view::{AlarmView, Flooded};
use crate::engine::{Broken, Engine};
use crate::quality::alarm::state::Suppression;
use crate::quality::alarm::{AlarmId, Event, Priority, after};

use super::happening::{Happening, What};
use super::{Alarms, Reading, stopped};

fn alarm_is_active(alarms: &Alarms, id: AlarmId) -> bool {
    alarms.get(id).is_some_and(|alarm| alarm.state.is_active())
}

impl Engine {
    /// The first instant at which an alarm may change by itself: when to bring the next tick.
    pub fn alarms_due(&self) -> Instant {
        self.alarms.due()
    }

    /// Time passes up to now: delays end, shelves are over.
    pub(in crate::engine) fn pass_alarms(&mut self, history: &dyn History) -> Result<(), Broken> {
        let now = self.now;
        if self.alarms.awake.is_none() || now < self.alarms.due {
            return Ok(());
        }
        let happenings = self.alarms.passed(now);
        self.happen(history, happenings)
    }

    /// The newest model holds from now on.
    pub(in crate::engine) fn renew_alarms(&mut self, history: &dyn History) -> Result<(), Broken> {
        let Some(model) = self.model().cloned() else {
            return Ok(());
        };
        if self.now > Instant::EARLIEST {
            self.alarms.awake.get_or_insert(self.now);
        }
        let happenings = self.alarms.renew(&model, self.now);
        self.happen(history, happenings)
    }

    /// Time passes before a record is decided or applied. Readings that bring the site's own clock forward are heard as time
    /// passes up to each of them ([`Engine::hear`]): there is no other clock by which anything could have been silent.
    pub(in crate::engine) fn pass_before(
        &mut self,
        history: &dyn History,
        mut ends: impl Iterator<Item = Instant>,
    ) -> Result<(), Broken> {
        let now = self.now;
        if self.is_simulated() && ends.any(|end| end == now) {
            return Ok(());
        }
        self.pass_alarms(history)
    }

    fn is_simulated(&self) -> bool {
        self.model().is_some_and(|model| model.simulated)
    }

    /// What the readings of a record say to alarms.
    pub(in crate::engine) fn hear(&mut self, history: &dyn History, heard: &Readings) -> Result<(), Broken> {
        if heard.provenance.past {
            return Ok(());
        }
        let readings = heard.readings.as_slice();
        let now = self.now;
        // A feed names its file behind its own name.
        let name = heard.provenance.name.split('/').next().unwrap_or_default();
        let feed = (heard.origin.is_by_machine() && !name.is_empty()).then(|| self.alarms.place_of_feed(name));
        if self.alarms.awake.is_none() && now > Instant::EARLIEST {
            let first = readings.iter().map(|(_, slot, ..)| slot.end()).min();
            self.alarms.wake(first.unwrap_or(now).min(now));
        }
        if self.is_simulated() && readings.iter().any(|(_, slot, ..)| slot.end() == now) {
            let mut in_order: Vec<&Reading> = readings.iter().collect();
            in_order.sort_by_key(|(_, slot, ..)| slot.end());
            for reading in in_order {
                let until = reading.1.end().min(now);
                if until >= self.alarms.due {
                    let happenings = self.alarms.passed(until);
                    self.happen(history, happenings)?;
                }
                self.hear_one(history, reading, feed, until)?;
            }
            return self.pass_alarms(history);
        }
        // Of what lies ahead of the clock the last word of each parameter counts, as of now.
        let mut ahead: BTreeMap<ParameterId, &Reading> = BTreeMap::new();
        for reading in readings {
            if reading.1.end() <= now {
                self.hear_one(history, reading, feed, now)?;
                continue;
            }
            let last = ahead.entry(reading.0).or_insert(reading);
            if reading.1.end() >= last.1.end() {
                *last = reading;
            }
        }
        for reading in ahead.into_values() {
            self.hear_one(history, reading, feed, now)?;
        }
        Ok(())
    }

    #[inline]
    fn hear_one(
        &mut self,
        history: &dyn History,
        reading: &Reading,
        feed: Option<usize>,
        now: Instant,
    ) -> Result<(), Broken> {
        let &(parameter, slot, value, quality, verdict) = reading;
        let mut happenings = Vec::new();
        self.alarms
            .heard((parameter, slot, value), (quality, verdict), feed, now, &mut happenings);
        self.happen(history, happenings)
    }

    /// Time passes while nothing is recorded: what falls silent then is told all the same.
    pub fn pass(&mut self, history: &dyn History, now: Instant) -> Result<(), Refusal> {
        self.set_now(self.now.max(now));
        Ok(self.pass_alarms(history)?)
    }

    /// The alarms that changed since this was last asked, as they are now; none of one of which there is nothing more to
    /// say.
    pub fn take_changed_alarms(&mut self) -> Vec<(AlarmId, Option<AlarmView>)> {
        let changed = self.alarms.changed.take();
        changed.into_iter().map(|alarm| (alarm, self.alarm(alarm))).collect()
    }

    /// Whether alarms changed since that was last asked for.
    pub fn has_changed_alarms(&self) -> bool {
        self.alarms.changed.is_any()
    }

    fn happen(&mut self, history: &dyn History, happenings: Vec<Happening>) -> Result<(), Broken> {
        for Happening { at, what } in happenings {
            match what {
                What::Alarm { id, event, since } => self.befall(history, (id, event), since, at)?,
                What::Equipment(turned) => {
                    for (parameter, stands_still) in self.alarms.equipment.turn(turned) {
                        for id in self.alarms.ids_of(parameter) {
                            self.befall(history, (id, stopped(stands_still)), None, at)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn befall(
        &mut self,
        history: &dyn History,
        (id, event): (AlarmId, Event),
        since: Option<Instant>,
        at: Instant,
    ) -> Result<(), Broken> {
        let Some(alarm) = self.alarms.get(id) else {
            return Ok(());
        };
        // What does not fit the state any more (a shelf that a return has ended) happens to nobody.
        let Ok(step) = after(&alarm.state, event, &self.life_rules(id)) else {
            return Ok(());
        };
        if let Some(since) = since {
            let ranking = self.ranking(history, id, at)?;
            if let Some(alarm) = self.alarms.get_mut(id) {
                alarm.since = Some(since);
                // The site has called the parameter a key one, so that its alarms are low at least.
                alarm.priority = ranking.priority.unwrap_or(Priority::Low);
                alarm.ranking = Some(ranking);
            }
        }
        let was_active = alarm_is_active(&self.alarms, id);
        self.alarms.step(id, step, at);
        let is_active = alarm_is_active(&self.alarms, id);
        // While the severer limit is passed, the milder asks for nothing of its own.
        if let Some(milder) = id.kind.milder().filter(|_| was_active != is_active) {
            let milder = AlarmId { kind: milder, ..id };
            let event = if is_active {
                Event::Suppress(Suppression::Severer)
            } else {
                Event::Unsuppress(Suppression::Severer)
            };
            self.befall(history, (milder, event), None, at)?;
        }
        Ok(())
    }

    /// The flood that lasts, and how many alarms the last ten minutes had.
    pub fn alarm_flood(&self, now: Instant) -> Flooded {
        let flood = self.alarms.flood.as_ref();
        Flooded {
            lasts: flood.and_then(|flood| flood.lasts(now)),
            rate: flood.map_or(0, |flood| flood.rate(now)),
        }
    }
}
