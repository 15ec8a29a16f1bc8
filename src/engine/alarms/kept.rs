//! Alarms as they are kept in rows, and what they are told as.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::identity::{NodeId, ParameterId};
use crate::domain::time::{DAY_MS, Instant};
use crate::engine::command::Refusal;
use crate::engine::history::{History, Row, Tree};
use crate::engine::view::AlarmView;
use crate::engine::{Broken, Engine, keys};
use crate::quality::alarm::chatter::ChatterSettings;
use crate::quality::alarm::figures::{Figures, Scope, figures};
use crate::quality::alarm::flood::FloodSettings;
use crate::quality::alarm::{AlarmId, Kind, Label, Occurrence, Watch};

use super::equipment::AllEquipment;
use super::{Alarm, Alarms, OPERATOR};

/// Before a period, occurrences are looked at that belong to what chatters in it.
const BEFORE_PERIOD_MS: i64 = DAY_MS;

/// Of how far back a flood is reckoned when a site is opened.
const FLOOD_BACK_MS: i64 = DAY_MS;

/// What is kept of a parameter.
#[derive(Serialize, Deserialize)]
struct ParameterRow<'a> {
    alarms: Cow<'a, [Alarm]>,
    /// The feed that brought its newest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    feed: Option<Cow<'a, str>>,
    /// How the equipment stands of which it tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    equipment: Vec<(NodeId, Watch)>,
}

fn pack<T: Serialize>(value: &T) -> Result<Vec<u8>, Broken> {
    rmp_serde::to_vec_named(value).map_err(|error| Broken::Record(error.to_string()))
}

impl Alarms {
    /// The rows that changed since they were last taken.
    pub(in crate::engine) fn take(&mut self) -> Result<Vec<Row>, Broken> {
        let mut rows = Vec::new();
        for (place, of) in self.of.iter_mut().enumerate().filter(|(_, of)| of.dirty) {
            of.dirty = false;
            let parameter = ParameterId(u32::try_from(place).unwrap_or(u32::MAX));
            let row = ParameterRow {
                alarms: Cow::Borrowed(&of.alarms),
                feed: of.feed.and_then(|place| self.feeds.get(place)).map(Cow::from),
                equipment: self.equipment.watches(parameter).collect(),
            };
            let is_empty = row.alarms.is_empty() && row.equipment.is_empty();
            rows.push(Row {
                tree: Tree::Alarms,
                key: keys::parameter(parameter),
                value: (!is_empty).then(|| pack(&row)).transpose()?,
            });
        }
        for (number, occurrence) in std::mem::take(&mut self.complete) {
            // By its end, so that what still stood in a period is found behind that period's beginning.
            let ended = occurrence.ended.unwrap_or(occurrence.raised);
            rows.push(Row {
                tree: Tree::Occurrences,
                key: keys::occurrence(ended, occurrence.alarm, number),
                value: Some(pack(&occurrence)?),
            });
        }
        Ok(rows)
    }
}

impl Engine {
    /// Takes the alarms up as their rows have them, for the model in force.
    pub(in crate::engine) fn open_alarms(&mut self, history: &dyn History) -> Result<(), Broken> {
        let wrong = Broken::Row("alarms of a parameter cannot be read");
        let mut found = Vec::new();
        let mut watches = BTreeMap::new();
        history.scan(Tree::Alarms, &[], &[u8::MAX; 8], &mut |key, bytes| {
            found.push((key.to_vec(), bytes.to_vec()));
            true
        })?;
        for (key, bytes) in found {
            let parameter = keys::parameter_of(&key).ok_or(wrong.clone())?;
            let row: ParameterRow<'_> = rmp_serde::from_slice(&bytes).map_err(|_| wrong.clone())?;
            watches.extend(row.equipment);
            let feed = row.feed.map(|feed| self.alarms.place_of_feed(&feed));
            if let Some(of) = self.alarms.of_mut(parameter) {
                of.alarms = row.alarms.into_owned();
                of.feed = feed;
            }
        }
        let Some(model) = self.model().cloned() else {
            return Ok(());
        };
        self.alarms.equipment = AllEquipment::open(&model, &watches);
        // The rows were written under this model: what it says goes on where they stand.
        for parameter in model.parameters.iter().filter(|parameter| parameter.key) {
            let conditions = crate::quality::alarm::conditions_of(parameter).unwrap_or_default();
            let Some(of) = self.alarms.of.get_mut(Alarms::place(parameter.id)) else {
                continue;
            };
            for alarm in &mut of.alarms {
                let mut own = conditions.iter().filter(|one| one.test().kind() == alarm.id.kind);
                alarm.condition = own.next().copied();
            }
        }
        // A state of an earlier version has none of them.
        self.renew_alarms(history)?;
        let from = self.now.plus(-FLOOD_BACK_MS);
        let mut told: Vec<Instant> = self
            .occurrences(history, from, self.now.plus(1))?
            .iter()
            .map(|one| one.raised)
            .collect();
        told.sort_unstable();
        if let Some(flood) = &mut self.alarms.flood {
            for at in told {
                flood.take(at);
            }
        }
        Ok(())
    }

    /// Occurrences that had not ended at an instant and were announced before another, complete or not, in no order.
    pub(in crate::engine) fn occurrences(
        &self,
        history: &dyn History,
        from: Instant,
        to: Instant,
    ) -> Result<Vec<Occurrence>, Broken> {
        let mut found = Vec::new();
        let mut broken = None;
        history.scan(
            Tree::Occurrences,
            &keys::occurrences_from(from),
            &[u8::MAX; 24],
            &mut |_, bytes| {
                if let Ok(occurrence) = rmp_serde::from_slice::<Occurrence>(bytes) {
                    found.extend((occurrence.raised < to).then_some(occurrence));
                } else {
                    broken = Some(Broken::Row("an alarm's occurrence cannot be read"));
                }
                broken.is_none()
            },
        )?;
        if let Some(broken) = broken {
            return Err(broken);
        }
        let open = self.alarms.all().flat_map(|alarm| alarm.open.iter());
        let fresh = open.chain(self.alarms.complete.iter().map(|(_, one)| one));
        found.extend(fresh.filter(|one| one.raised < to && one.ended.is_none_or(|ended| ended >= from)));
        Ok(found)
    }

    /// Alarm figures of a period as the standard counts them (ANSI/ISA-18.2-2016, clause 16). Costs what was announced since
    /// its beginning. Time before anything was watched is not quiet time: the period begins with the watch.
    pub fn alarm_figures(&self, history: &dyn History, from: Instant, to: Instant) -> Result<Figures, Refusal> {
        let to = to.min(self.now);
        let from = self
            .alarms
            .awake()
            .map_or(from, |since| from.max(since))
            .min(to.max(from));
        let occurrences = self.occurrences(history, from.plus(-BEFORE_PERIOD_MS), to)?;
        Ok(figures(
            &occurrences,
            &Scope {
                from,
                to,
                operators: [OPERATOR].into(),
                flood: FloodSettings::STANDARD,
                chatter: ChatterSettings::STANDARD,
            },
        ))
    }

    /// Every alarm of which there is something to say: all but those that are normal and not hidden.
    pub fn alarms(&self) -> Vec<AlarmView> {
        let told = self.alarms.all().filter(|alarm| is_told(alarm));
        told.map(|alarm| self.alarm_view(alarm)).collect()
    }

    /// One alarm; none where there is nothing to say of it.
    pub fn alarm(&self, id: AlarmId) -> Option<AlarmView> {
        let alarm = self.alarms.get(id).filter(|alarm| is_told(alarm))?;
        Some(self.alarm_view(alarm))
    }

    fn alarm_view(&self, alarm: &Alarm) -> AlarmView {
        let feed = self.alarms.feed_of(alarm.id.parameter);
        AlarmView {
            alarm: alarm.id,
            // Of what speaks of the process it is no cause.
            feed: feed.filter(|_| alarm.id.kind == Kind::NoData).cloned(),
            state: alarm.state.clone(),
            priority: alarm.priority,
            ranking: alarm.ranking,
            since: alarm.since,
            told: alarm.told,
            changed: alarm.watch.changed(),
            limit: alarm.condition.and_then(|condition| condition.test().limit()),
            worst: alarm.watch.worst(),
            chatters: alarm.chatter.is_chattering(self.now, &ChatterSettings::STANDARD),
            answered_by: alarm.answered_by.clone(),
        }
    }
}

fn is_told(alarm: &Alarm) -> bool {
    alarm.state.label() != Label::Normal
}
