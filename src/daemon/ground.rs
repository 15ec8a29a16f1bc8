//! Engine and store together: what is decided, made durable, rebuilt after a failure, and checkpointed.
//!
//! The engine in memory may be ahead of the disk only while a group is being committed. When that fails, the engine is
//! thrown away and built again from state and journal, so that nothing survives that was never acknowledged.

use std::sync::Arc;
use std::time::{Duration, Instant as Moment};

use thiserror::Error;

use crate::domain::identity::Sequence;
use crate::domain::model::SiteModel;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::{Instant, PlantZone};
use crate::engine::command::{Answer, Command, Decision, RecordToAppend, Refusal};
use crate::engine::view::{AlarmView, AnomalyView};
use crate::engine::{Broken, Engine};
use crate::quality::alarm::AlarmId;
use crate::quality::anomaly::AnomalyId;
use crate::store::{
    Checkpointer, Failing, Head, Journal, JournalError, JournalReader, NewRecord, Place, Record, StateError,
    StateFound, StateStore, StateView,
};

use super::snapshot::{Hold, Snapshot};

/// Time after which a checkpoint is made, if there is anything to write.
const CHECKPOINT_AFTER: Duration = Duration::from_secs(30);

/// Readings after which a checkpoint is made.
const CHECKPOINT_READINGS: u64 = 1_000_000;

/// Bytes of earlier rows of what had settled after which a checkpoint is made.
const CHECKPOINT_KEPT: usize = 16 << 20;

/// Bytes of records that may wait in memory for a checkpoint while the one before cannot be written.
const MOST_WAITING: u64 = 64 << 20;

/// How long a checkpoint that is due waits for snapshots that are held.
const LONGEST_HOLD: Duration = Duration::from_secs(30);

/// Shortest time between two states that are made anew.
const RENEW_PAUSE: Duration = Duration::from_secs(300);

/// Why the site cannot go on at the moment.
#[derive(Debug, Error)]
pub enum GroundError {
    /// The journal cannot be written or read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The state cannot be written or read.
    #[error(transparent)]
    State(#[from] StateError),
    /// The engine cannot make sense of what it reads.
    #[error("{0}")]
    Engine(#[from] Broken),
    /// The engine refuses a record of the journal.
    #[error("{0}")]
    Refused(Refusal),
    /// The engine would number a record differently than the journal.
    #[error("the engine is at record {engine} and the journal at {journal}")]
    OutOfStep {
        /// The engine's next record.
        engine: Sequence,
        /// The journal's.
        journal: Sequence,
    },
    /// What a record said was dropped when its month was sealed, and the state does not hold what came of it.
    #[error("record {0} has no payload any more, and no export that holds what came of it is whole")]
    Dropped(Sequence),
}

impl GroundError {
    /// Whether there is no room on the disk, so that waiting for some may help.
    pub fn is_full(&self) -> bool {
        match self {
            Self::Journal(error) => error.is_full(),
            Self::State(error) => error.is_full(),
            Self::Engine(_) | Self::Refused(_) | Self::OutOfStep { .. } | Self::Dropped(_) => false,
        }
    }

    /// Whether the state is to blame: made anew from the journal, it may do.
    fn blames_state(&self) -> bool {
        match self {
            Self::State(error) => error.is_damage(),
            Self::Engine(_) => true,
            Self::Journal(_) | Self::Refused(_) | Self::OutOfStep { .. } | Self::Dropped(_) => false,
        }
    }
}

impl From<Refusal> for GroundError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Explained for GroundError {
    fn text(&self) -> Text {
        if self.is_full() {
            return Text::new("daemon-write-full");
        }
        Text::new("daemon-cannot-record").with("error", clean(&self.to_string()))
    }
}

/// What a record says. Records whose payloads were dropped lie before every state that can be started from.
fn payload_of(record: &Record) -> Result<&[u8], GroundError> {
    record.payload.kept().ok_or(GroundError::Dropped(record.sequence))
}

/// Engine and store of one site. Owned by the writer's thread.
#[derive(Debug)]
pub struct Ground {
    engine: Engine,
    journal: Journal,
    state: StateStore,
    view: StateView,
    checkpointer: Checkpointer,
    /// Instant of the newest record.
    last_at: Option<Instant>,
    /// Readings accepted since rows were last handed to a checkpoint.
    readings: u64,
    /// Whether there were records since then.
    dirty: bool,
    handed_over_at: Moment,
    /// Bytes of the records since then.
    payload: u64,
    /// What the snapshots since then hold on to.
    hold: Arc<Hold>,
    /// Since when a checkpoint waits for them.
    held_since: Option<Moment>,
    /// When the state was last made anew.
    renewed_at: Option<Moment>,
    /// What became of the states that were made anew, until somebody asks.
    renewed: Vec<StateFound>,
}

impl Ground {
    /// Puts engine and store together: the state as of its last checkpoint, then the records after it. `zone` is that of
    /// a site without any record yet.
    pub fn open(
        journal: Journal,
        state: StateStore,
        checkpointer: Checkpointer,
        zone: PlantZone,
    ) -> Result<Self, GroundError> {
        let view = state.view();
        let mut ground = Self {
            engine: Engine::empty(zone),
            journal,
            state,
            view,
            checkpointer,
            last_at: None,
            readings: 0,
            dirty: false,
            handed_over_at: Moment::now(),
            payload: 0,
            hold: Arc::default(),
            held_since: None,
            renewed_at: None,
            renewed: Vec::new(),
        };
        ground.rebuild(zone)?;
        Ok(ground)
    }

    /// Builds the engine again from what is on disk. A state in which damage was met is set aside first and made anew.
    pub fn rebuild(&mut self, zone: PlantZone) -> Result<(), GroundError> {
        self.end_snapshots();
        if self.is_to_be_renewed() {
            self.renew()?;
        }
        match self.build(zone) {
            Err(error) if error.blames_state() && self.may_renew() => {
                self.state.distrust(&error.to_string());
                self.renew()?;
                self.build(zone)
            }
            other => other,
        }
    }

    /// Whether damage was met in the state, and a new one is not known to be as bad.
    pub fn is_to_be_renewed(&self) -> bool {
        self.may_renew() && self.state.distrusted().is_some()
    }

    /// A state that is bad as soon as it was made would be made over and over, each time kept beside the others.
    fn may_renew(&self) -> bool {
        self.renewed_at.is_none_or(|at| at.elapsed() >= RENEW_PAUSE)
    }

    fn renew(&mut self) -> Result<(), GroundError> {
        let found = self.state.renew(self.journal.head().sequence)?;
        self.renewed_at = Some(Moment::now());
        self.renewed.push(found);
        Ok(())
    }

    /// What became of states that were made anew since this was last asked.
    pub fn take_renewed(&mut self) -> Vec<StateFound> {
        std::mem::take(&mut self.renewed)
    }

    fn build(&mut self, zone: PlantZone) -> Result<(), GroundError> {
        if self.journal.poisoned().is_some() {
            self.journal.recover()?;
        }
        let applied = self.state.readable_to();
        let mut engine = Engine::open(&self.view, zone)?;
        let reader = self.journal.reader();
        // The record before the first to be replayed gives the clock its start where nothing is left to replay.
        let mut last_at = reader.read(applied)?.map(|record| record.at);
        let (mut replayed, mut payload) = (0_u64, 0_usize);
        for record in reader.records_from(applied.next()) {
            let record = record?;
            engine.replay(
                &self.view,
                record.sequence,
                record.kind,
                record.version,
                record.at,
                payload_of(&record)?,
            )?;
            last_at = Some(record.at);
            payload += record.payload.length();
            replayed += 1;
        }
        tracing::info!(applied = applied.0, replayed, "engine built from state and journal");
        self.engine = engine;
        self.last_at = last_at;
        self.payload = u64::try_from(payload).unwrap_or(u64::MAX);
        self.dirty = replayed > 0;
        self.in_step(0)
    }

    /// Whether engine and journal agree on the next record's number, `decided` records not being written yet.
    fn in_step(&self, decided: u64) -> Result<(), GroundError> {
        let engine = self.engine.next_sequence();
        let journal = Sequence(self.journal.head().sequence.next().0 + decided);
        if engine == journal {
            Ok(())
        } else {
            Err(GroundError::OutOfStep { engine, journal })
        }
    }

    /// Lets the engine decide. What it decided is in memory only until [`Self::commit`].
    pub fn decide(&mut self, command: Command) -> Result<Decision, Refusal> {
        self.engine.decide(&self.view, command)
    }

    /// Time passes while nothing is recorded.
    pub fn pass(&mut self, now: Instant) -> Result<(), Refusal> {
        self.engine.pass(&self.view, now)
    }

    /// Whether alarms changed since that was last taken.
    pub fn has_changed_alarms(&self) -> bool {
        self.engine.has_changed_alarms()
    }

    /// Whether anomalies changed since that was last taken.
    pub fn has_changed_anomalies(&self) -> bool {
        self.engine.has_changed_anomalies()
    }

    /// The anomalies that changed since this was last taken.
    pub fn take_changed_anomalies(&mut self) -> Vec<(AnomalyId, Option<AnomalyView>)> {
        self.engine.take_changed_anomalies()
    }

    /// The alarms that changed since this was last taken.
    pub fn take_changed_alarms(&mut self) -> Vec<(AlarmId, Option<AlarmView>)> {
        self.engine.take_changed_alarms()
    }

    /// The answer that a request with this key got before.
    pub fn answer_for(&self, key: &uuid::Uuid) -> Result<Option<Answer>, Refusal> {
        self.engine.answer_for(&self.view, key)
    }

    /// Makes a group durable. After an error the engine must be rebuilt.
    pub fn commit(&mut self, records: Vec<RecordToAppend>, readings: u64) -> Result<(), GroundError> {
        self.in_step(u64::try_from(records.len()).unwrap_or(u64::MAX))?;
        self.commit_part(records, readings)
    }

    /// Like [`Self::commit`], for the first records of what the engine decided. It must be rebuilt afterwards.
    pub fn commit_part(&mut self, records: Vec<RecordToAppend>, readings: u64) -> Result<(), GroundError> {
        let count = records.len();
        let last_at = records.last().map(|record| record.at);
        let payload: usize = records.iter().map(|record| record.payload.len()).sum();
        let payload = u64::try_from(payload).unwrap_or(u64::MAX);
        let records: Vec<NewRecord> = records
            .into_iter()
            .map(|record| NewRecord {
                kind: record.kind,
                version: record.version,
                at: record.at,
                payload: record.payload,
            })
            .collect();
        self.journal.append(&records)?;
        self.last_at = last_at.or(self.last_at);
        self.readings += readings;
        self.payload += payload;
        self.dirty |= count > 0;
        Ok(())
    }

    /// Hands what changed to the checkpointer when it is time, or when `now` is asked for. Answers whether everything that
    /// is committed has been handed over.
    pub fn checkpoint(&mut self, now: bool) -> Result<bool, GroundError> {
        if !self.dirty {
            return Ok(true);
        }
        if !now && !self.is_due() {
            return Ok(false);
        }
        let much = self.payload >= MOST_WAITING;
        if self.checkpointer.in_flight() {
            if much {
                // Whoever has pinned the state cannot keep it for as long as it takes.
                self.state.end_pins();
            }
            return Ok(false);
        }
        if self.is_held() {
            let since = *self.held_since.get_or_insert_with(Moment::now);
            if !much && since.elapsed() < LONGEST_HOLD {
                return Ok(false);
            }
            tracing::warn!("a checkpoint does not wait any longer for questions that take long");
        }
        self.end_snapshots();
        let applied = self.journal.head().sequence;
        let mut rows = self.engine.old_answers(&self.view)?;
        rows.extend(self.engine.take_rows()?);
        if let Err((error, _)) = self.checkpointer.begin(rows, applied) {
            // The rows are gone from the engine; what was not handed over must come from the journal again.
            return Err(error.into());
        }
        self.readings = 0;
        self.payload = 0;
        self.dirty = false;
        self.handed_over_at = Moment::now();
        Ok(true)
    }

    fn is_due(&self) -> bool {
        let kept = self.engine.kept_bytes() >= CHECKPOINT_KEPT;
        self.dirty
            && (kept || self.readings >= CHECKPOINT_READINGS || self.handed_over_at.elapsed() >= CHECKPOINT_AFTER)
    }

    /// Whether somebody has a snapshot.
    fn is_held(&self) -> bool {
        Arc::strong_count(&self.hold) > 1
    }

    /// Whether further snapshots may be taken: not while a checkpoint waits for those that are held.
    pub fn may_be_held(&self) -> bool {
        !self.is_held() || (self.held_since.is_none() && !self.is_due())
    }

    /// The site as it is now, for another thread.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::new(self.engine.clone(), self.view.clone(), Arc::clone(&self.hold))
    }

    /// Ends the snapshots that are held: what they read is about to change.
    pub fn end_snapshots(&mut self) {
        self.hold.end();
        self.hold = Arc::default();
        self.held_since = None;
    }

    /// About how many bytes wait to be written by checkpoints: rows that were handed over, or what came after them.
    pub fn to_write(&self) -> u64 {
        self.state.unwritten().unwrap_or(0).max(self.payload)
    }

    /// Whether checkpoints fail for want of room.
    pub fn lacks_room(&self) -> bool {
        self.state.failing() == Some(Failing::Full)
    }

    /// Whether checkpoints fail, and as much was accepted meanwhile as may wait in memory.
    pub fn is_behind(&self) -> bool {
        self.payload >= MOST_WAITING && self.state.failing().is_some()
    }

    /// Tries a checkpoint again that could not be written.
    pub fn retry_checkpoint(&self) {
        if self.checkpointer.in_flight() {
            self.checkpointer.retry();
        }
    }

    /// Whether a checkpoint is being written.
    pub fn is_checkpointing(&self) -> bool {
        self.checkpointer.in_flight()
    }

    /// The engine with the past that it reads.
    pub fn engine(&mut self) -> (&mut Engine, &StateView) {
        (&mut self.engine, &self.view)
    }

    /// The model in force.
    pub fn model(&self) -> Option<&Arc<SiteModel>> {
        self.engine.model()
    }

    /// Whether rules are in force.
    pub fn has_rules(&self) -> bool {
        self.engine.rules().is_some()
    }

    /// The end of the journal.
    pub fn head(&self) -> Head {
        self.journal.head()
    }

    /// A reader of the journal, for any thread.
    pub fn reader(&self) -> JournalReader {
        self.journal.reader()
    }

    /// The state store, for any thread.
    pub fn state(&self) -> &StateStore {
        &self.state
    }

    /// Instant of the newest record.
    pub fn last_at(&self) -> Option<Instant> {
        self.last_at
    }
}

/// What is said of a bad place in the chain.
pub(super) fn chain_broken(place: &Place) -> Text {
    Text::new("daemon-chain-broken").with("place", clean(&place.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daemon::writer::group::tests::{intake, writer};
    use crate::domain::identity::ParameterId;

    fn readings(snapshot: &Snapshot) -> Result<usize, Text> {
        snapshot
            .ask(|engine, history| engine.readings(history, ParameterId(1), Instant::EARLIEST, Instant::LATEST))
            .map(|readings| readings.len())
    }

    #[test]
    fn a_snapshot_stays_as_it_is_and_a_checkpoint_waits_for_it_but_not_for_ever() {
        let directory = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(directory.path());
        let finish = |ground: &mut Ground| {
            while !ground.checkpoint(true).unwrap() || ground.is_checkpointing() {
                std::thread::sleep(Duration::from_millis(1));
            }
        };
        writer.commit(vec![intake(0..4).0]);
        finish(&mut writer.ground);
        writer.commit(vec![intake(4..6).0]);
        let snapshot = writer.ground.snapshot();
        writer.commit(vec![intake(6..9).0]);
        assert!(!writer.ground.checkpoint(true).unwrap(), "somebody still reads");
        assert!(!writer.ground.may_be_held(), "who comes now waits for the checkpoint");
        assert_eq!(readings(&snapshot), Ok(6));
        drop(snapshot);
        finish(&mut writer.ground);
        assert!(writer.ground.may_be_held());
        let snapshot = writer.ground.snapshot();
        assert_eq!(readings(&snapshot), Ok(9));
        // So much came that the checkpoint waits no longer.
        writer.commit(vec![intake(9..10).0]);
        writer.ground.payload = MOST_WAITING;
        finish(&mut writer.ground);
        assert_eq!(readings(&snapshot).unwrap_err().id, "daemon-question-too-long");
        assert_eq!(readings(&writer.ground.snapshot()), Ok(10));
    }

    #[test]
    fn a_pin_ends_when_too_much_waits_behind_it() {
        let directory = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(directory.path());
        writer.commit(vec![intake(0..4).0]);
        let state = writer.ground.state().clone();
        let pinned = state.pin();
        assert!(writer.ground.checkpoint(true).unwrap(), "handed over");
        writer.commit(vec![intake(4..8).0]);
        assert!(!writer.ground.checkpoint(true).unwrap(), "but not written");
        assert!(pinned.held().is_ok());
        writer.ground.payload = MOST_WAITING;
        assert!(!writer.ground.checkpoint(true).unwrap());
        assert!(matches!(pinned.check(), Err(StateError::PinEnded)));
        assert!(Engine::open(&pinned, PlantZone::parse("UTC").unwrap()).is_err());
        assert!(state.distrusted().is_none(), "nothing is wrong with the state");
        drop(pinned);
        while !writer.ground.checkpoint(true).unwrap() || writer.ground.is_checkpointing() {
            std::thread::sleep(Duration::from_millis(1));
        }
        assert!(state.pin().check().unwrap().is_good());
    }
}
