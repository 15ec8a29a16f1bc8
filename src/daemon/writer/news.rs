//! What watchers are told: a snapshot, then what changed.

use std::collections::BTreeSet;
use std::sync::{Arc, Weak};
use std::time::Instant as Moment;

use crate::daemon::clock::{SiteClock, WallClock};
use crate::daemon::ground::chain_broken;
use crate::daemon::mailbox::{Mailbox, News};
use crate::daemon::refused::told;
use crate::daemon::system;
use crate::domain::handover::ShiftName;
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::text::{Text, clean};
use crate::domain::time::Instant;
use crate::engine::view::{AnomalyView, LiveValue, Totals};
use crate::quality::anomaly::AnomalyId;
use crate::wire::live::{Feed, LiveState, Snapshot, known_time, surplus};

use super::Writer;

/// Totals as they were last computed.
#[derive(Debug)]
pub(super) struct Tally {
    sequence: Sequence,
    at: Instant,
    totals: Vec<Totals>,
    /// The shift before the one on duty, where its handover lacks a signature.
    unsigned: Option<ShiftName>,
}

/// Of very many anomalies those with the most at stake, in the order of their numbers.
fn weightiest(mut anomalies: Vec<AnomalyView>) -> Vec<AnomalyView> {
    let surplus: BTreeSet<AnomalyId> = surplus(anomalies.iter()).into_iter().collect();
    anomalies.retain(|one| !surplus.contains(&one.anomaly));
    anomalies
}

impl Writer {
    /// Tells the watchers what changed.
    pub(super) fn publish(&mut self) {
        self.published_at = Moment::now();
        self.published_sequence = self.ground.head().sequence;
        let values: Vec<(ParameterId, LiveValue)> = std::mem::take(&mut self.changed).into_iter().collect();
        let alarms = self.ground.take_changed_alarms();
        let anomalies = self.ground.take_changed_anomalies();
        self.watchers
            .retain(|watcher| watcher.upgrade().is_some_and(|mailbox| mailbox.is_watching()));
        if self.watchers.is_empty() {
            return;
        }
        let state = self.live_state();
        let news = News {
            values,
            alarms,
            anomalies,
            state,
        };
        for mailbox in self.watchers.iter().filter_map(Weak::upgrade) {
            mailbox.publish(&news);
        }
    }

    /// A client wants to watch, or was left behind.
    pub(in crate::daemon) fn watch(&mut self, mailbox: &Arc<Mailbox>) -> Result<(), Text> {
        let snapshot = self.snapshot()?;
        mailbox.snapshot(snapshot);
        self.watchers
            .retain(|watcher| !watcher.ptr_eq(&Arc::downgrade(mailbox)));
        self.watchers.push(Arc::downgrade(mailbox));
        Ok(())
    }

    fn snapshot(&mut self) -> Result<Snapshot, Text> {
        let state = self.live_state();
        let (engine, history) = self.ground.engine();
        let model = engine
            .model_as_calibrated()
            .ok_or_else(|| Text::new("daemon-no-model"))?;
        let parameters = engine.live_parameters(history).map_err(told)?;
        Ok(Snapshot {
            number: 0,
            key: model.key.clone(),
            name: model.name.clone(),
            simulated: model.simulated,
            model: Box::new(model),
            nodes: engine.nodes(),
            parameters,
            alarms: engine.alarms(),
            anomalies: weightiest(engine.anomalies()),
            state,
        })
    }

    /// What changes all the time.
    pub(in crate::daemon) fn live_state(&mut self) -> LiveState {
        let now = self.now();
        let head = self.ground.head();
        let stale = self
            .tally
            .as_ref()
            .is_none_or(|tally| tally.sequence != head.sequence || now.since(tally.at) >= 1000);
        if stale && self.astray.is_none() {
            let (engine, history) = self.ground.engine();
            // A row that cannot be read is told of by whatever shows the sheet.
            let unsigned = engine.unsigned_handover(history, now).unwrap_or_default();
            match engine.totals(history, now) {
                Ok(totals) => {
                    self.tally = Some(Tally {
                        unsigned,
                        sequence: head.sequence,
                        at: now,
                        totals,
                    });
                }
                Err(error) => tracing::error!(error = %clean(&error.to_string()), "cannot compute totals"),
            }
        }
        let mut feeds = self.shared.feeds.list();
        // A wall clock that is not believed is shown where people look for what is wrong with the data.
        if let Some(held) = self.clock.held_ms() {
            feeds.push(Feed {
                name: "clock".to_owned(),
                last: String::new(),
                at: None,
                lag_ms: None,
                clock_offset_ms: Some(held),
                trouble: Some(Text::new("daemon-clock-held").with_count("minutes", held / 60_000)),
            });
        }
        let (engine, _) = self.ground.engine();
        let flooded = engine.alarm_flood(now);
        let queue = engine.queue_length();
        let shift = known_time(now).and_then(|now| self.shared.model()?.shift_at(now));
        LiveState {
            now,
            sequence: head.sequence,
            shift,
            flooded,
            queue,
            unsigned: self.tally.as_ref().and_then(|tally| tally.unsigned.clone()),
            totals: self
                .tally
                .as_ref()
                .map(|tally| tally.totals.clone())
                .unwrap_or_default(),
            free_bytes: self.free,
            refusing: self.refusing(),
            chain_damaged: self.ground.reader().damaged().map(|place| chain_broken(&place)),
            chain_head: head.hash.to_string().chars().take(8).collect(),
            feeds,
        }
    }

    /// Lets sessions and watchers know of a new model, the clock follow it, and the upkeep know of a seal.
    pub(super) fn note_model(&mut self) {
        let (engine, _) = self.ground.engine();
        let model = engine.model().cloned();
        let sealed = engine.sealed().map(|sealed| sealed.sequence);
        if sealed != self.shared.sealed().map(|(known, _)| known.sequence) {
            let zone = model.as_ref().map(|model| model.zone);
            self.shared.set_sealed(engine.sealed().cloned().zip(zone));
        }
        let known = self.shared.model();
        let same = match (&model, &known) {
            (Some(model), Some(known)) => Arc::ptr_eq(model, known),
            (None, None) => true,
            _ => false,
        };
        let calibrated = engine.calibration_changes();
        if std::mem::replace(&mut self.calibrated, calibrated) != calibrated && same {
            return self.tell_anew();
        }
        if same {
            return;
        }
        let simulated = model.as_ref().is_some_and(|model| model.simulated);
        match (simulated, self.clock) {
            (true, SiteClock::Wall(_)) if model.is_some() => {
                self.clock = SiteClock::Own(self.ground.last_at().unwrap_or(Instant::EARLIEST));
            }
            (false, SiteClock::Own(now)) if model.is_some() => {
                self.clock = SiteClock::Wall(WallClock::start(Some(now), system::clocks()));
            }
            _ => {}
        }
        if let Some(model) = &model {
            self.shared.gate.keep_only(&model.persons);
        }
        self.shared.set_model(model);
        self.tell_anew();
    }

    /// Whoever watches is told everything anew: what never changes did.
    fn tell_anew(&mut self) {
        let watchers: Vec<Arc<Mailbox>> = self.watchers.iter().filter_map(Weak::upgrade).collect();
        for mailbox in watchers {
            match self.snapshot() {
                Ok(snapshot) => mailbox.snapshot(snapshot),
                Err(why) => tracing::error!(%why, "no snapshot"),
            }
        }
    }
}
