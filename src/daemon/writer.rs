//! The one writer: a thread that owns engine and store, commits requests in groups, and tells the watchers.
//!
//! A group is what waits in the queue while the group before is being written: an idle daemon commits a single request
//! at once, a busy one many with one write to the disk. Reads are answered between groups.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant as Moment};

use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::domain::actor::Actor;
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::model::SiteModel;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::{Instant, PlantZone};
use crate::engine::command::{Answer, Command, CommandBody, RecordToAppend, Refusal};
use crate::engine::view::{LiveValue, Totals};
use crate::wire::message::{Feed, LiveState, ReplyBody, RequestBody, Snapshot};

use super::clock::{SiteClock, WallClock};
use super::ground::Ground;
use super::job::{Job, ReplyTo, Shared};
use super::mailbox::Mailbox;
use super::requests;
use super::serve::state_text;
use super::system;
use crate::store::{Room, SpaceGuard, free_space};

/// Readings after which a group is closed.
const LARGEST_GROUP: usize = 50_000;

/// Time after which a group is closed.
const LONGEST_GROUP: Duration = Duration::from_millis(100);

/// Time after which waiting writes go before waiting reads.
const LONGEST_READS: Duration = Duration::from_millis(50);

/// How often the engine is told that time passes.
const TICK_EVERY: Duration = Duration::from_secs(10);

/// Shortest time between two publications.
const PUBLISH_EVERY: Duration = Duration::from_millis(100);

/// Longest time between two publications: the clock that watchers show must move.
const PULSE_EVERY: Duration = Duration::from_secs(1);

/// How often it is looked whether a checkpoint that somebody waits for is written.
const CHECKPOINT_POLL: Duration = Duration::from_millis(10);

/// How often room and recovery are looked after.
const RETRY_EVERY: Duration = Duration::from_secs(2);

/// How long a daemon that stops waits for its last checkpoint.
const LAST_CHECKPOINT: Duration = Duration::from_secs(20);

/// A decision that waits for its group to be durable.
struct Pending {
    reply: ReplyTo,
    result: Result<ReplyBody, Text>,
}

/// Totals as they were last computed.
#[derive(Debug)]
struct Tally {
    sequence: Sequence,
    at: Instant,
    totals: Vec<Totals>,
}

/// The writer's state.
#[derive(Debug)]
pub struct Writer {
    /// What sessions see too.
    pub(super) shared: Arc<Shared>,
    /// Engine and store.
    pub(super) ground: Ground,
    /// The site's clock.
    pub(super) clock: SiteClock,
    /// What recovery found when the daemon started.
    pub(super) recovery: Vec<Text>,
    /// Requests whose work reads the state as it is on disk, and so waits for a checkpoint.
    pub(super) after_checkpoint: Vec<Job>,
    /// Whether everything was handed to a checkpoint since they came.
    handed_over: bool,
    zone: PlantZone,
    space: SpaceGuard,
    room: Room,
    free: u64,
    /// Why the engine does not stand on what is on disk, while it does not.
    astray: Option<Text>,
    watchers: Vec<Weak<Mailbox>>,
    changed: BTreeMap<ParameterId, LiveValue>,
    tally: Option<Tally>,
    reads: VecDeque<Job>,
    ticked_at: Moment,
    published_at: Moment,
    published_sequence: Sequence,
    looked_at: Moment,
}

impl Writer {
    /// A writer on an opened site. `zone` is the plant's, for as long as there is no record that names it.
    pub fn new(shared: Arc<Shared>, ground: Ground, zone: PlantZone, simulated: bool, recovery: Vec<Text>) -> Self {
        let now = Moment::now();
        let last = ground.last_at();
        let clock = if simulated {
            SiteClock::Own(last.unwrap_or(Instant::EARLIEST))
        } else {
            SiteClock::Wall(WallClock::start(last, system::clocks()))
        };
        let mut writer = Self {
            shared,
            ground,
            clock,
            recovery,
            after_checkpoint: Vec::new(),
            handed_over: false,
            zone,
            space: SpaceGuard::default(),
            room: Room::Enough,
            free: 0,
            astray: None,
            watchers: Vec::new(),
            changed: BTreeMap::new(),
            tally: None,
            reads: VecDeque::new(),
            ticked_at: now,
            published_at: now,
            published_sequence: Sequence(0),
            looked_at: now,
        };
        writer.note_renewed();
        writer.note_room(false);
        writer.note_model();
        writer
    }

    /// The plant's zone.
    pub(super) fn zone(&self) -> PlantZone {
        self.zone
    }

    /// The site's time now.
    pub(super) fn now(&mut self) -> Instant {
        self.clock.read(system::clocks())
    }

    /// Works until the daemon is asked to stop, then finishes what is queued and writes a last checkpoint.
    pub fn run(mut self, mut queue: mpsc::Receiver<Job>, runtime: &Handle) {
        while self.shared.stop.borrow().is_none() {
            let first = if self.reads.is_empty() {
                self.wait(&mut queue, runtime)
            } else {
                queue.try_recv().ok()
            };
            self.work(first, &mut queue);
            self.keep_house();
        }
        // Nothing new is taken; what is queued is still carried out.
        queue.close();
        while let Some(job) = queue.blocking_recv() {
            self.work(Some(job), &mut queue);
        }
        self.answer_reads(None);
        self.finish();
    }

    /// Waits for a request, for a stop, or until it is time to keep house.
    fn wait(&self, queue: &mut mpsc::Receiver<Job>, runtime: &Handle) -> Option<Job> {
        let until = if !self.after_checkpoint.is_empty() {
            Moment::now() + CHECKPOINT_POLL
        } else if self.changed.is_empty() {
            self.published_at + PULSE_EVERY
        } else {
            self.published_at + PUBLISH_EVERY
        };
        runtime.block_on(async {
            tokio::select! {
                job = queue.recv() => job,
                () = self.shared.stopping() => None,
                () = tokio::time::sleep_until(until.into()) => None,
            }
        })
    }

    /// Gathers a group, commits it, and answers reads.
    fn work(&mut self, first: Option<Job>, queue: &mut mpsc::Receiver<Job>) {
        let started = Moment::now();
        let mut writes = Vec::new();
        let mut readings = 0;
        let mut next = first;
        while let Some(job) = next {
            if requests::is_write(&job.body) {
                readings += requests::readings_in(&job.body);
                writes.push(job);
            } else {
                self.reads.push_back(job);
            }
            if readings >= LARGEST_GROUP || started.elapsed() >= LONGEST_GROUP {
                break;
            }
            next = queue.try_recv().ok();
        }
        self.commit(writes);
        self.answer_reads(Some(LONGEST_READS));
    }

    /// Why nothing is accepted at the moment, if so.
    pub(super) fn refusing(&self) -> Option<Text> {
        match &self.astray {
            Some(why) => Some(why.clone()),
            None => match self.room {
                Room::Enough if self.ground.is_behind() => Some(Text::new("daemon-checkpoints-fail")),
                Room::Enough => None,
                Room::TooLittle { free, needed } => Some(
                    Text::new("daemon-disk-full")
                        .with_count("free", free >> 20)
                        .with_count("needed", needed >> 20),
                ),
            },
        }
    }

    /// Decides a group, makes it durable with one write, and only then answers.
    fn commit(&mut self, writes: Vec<Job>) {
        if writes.is_empty() {
            return;
        }
        if let Some(why) = self.refusing() {
            for job in writes {
                job.reply.send(Err(why.clone()));
            }
            return;
        }
        let mut records = Vec::new();
        let mut pending = Vec::with_capacity(writes.len());
        let mut values = Vec::new();
        let mut readings = 0;
        let mut writes = writes.into_iter();
        let mut broken = None;
        for mut job in writes.by_ref() {
            match self.decide(&mut job, &mut records, &mut values, &mut readings) {
                Ok(answer) => pending.push(Pending {
                    reply: job.reply,
                    result: Ok(answer),
                }),
                Err(Refusal::Request(text)) => pending.push(Pending {
                    reply: job.reply,
                    result: Err(text),
                }),
                Err(Refusal::Broken(error)) => {
                    let why = Text::new("daemon-cannot-read").with("error", clean(&error));
                    tracing::error!(error = %clean(&error), "the engine cannot read its past");
                    job.reply.send(Err(why.clone()));
                    broken = Some(why);
                    break;
                }
            }
        }
        let failure = match broken {
            Some(why) => Some(why),
            None if records.is_empty() => None,
            None => self.ground.commit(records, readings).err().map(|error| {
                tracing::error!(error = %clean(&error.to_string()), "a group could not be recorded");
                self.note_room(error.is_full());
                error.text()
            }),
        };
        let Some(why) = failure else {
            self.changed.extend(values);
            self.note_model();
            for Pending { reply, result } in pending {
                reply.send(result);
            }
            return;
        };
        // Nothing of the group is on disk for certain, so nothing of it is acknowledged, and nothing of it stays.
        for Pending { reply, result } in pending {
            reply.send(result.and(Err(why.clone())));
        }
        for job in writes {
            job.reply.send(Err(why.clone()));
        }
        self.start_over(why);
    }

    /// One request of a group.
    fn decide(
        &mut self,
        job: &mut Job,
        records: &mut Vec<RecordToAppend>,
        values: &mut Vec<(ParameterId, LiveValue)>,
        readings: &mut u64,
    ) -> Result<ReplyBody, Refusal> {
        if let Some(key) = &job.key
            && let Some(answer) = self.ground.answer_for(key)?
        {
            return Ok(reply_of(answer));
        }
        if let Some(newest) = requests::newest_instant(&job.body) {
            self.clock.push(newest);
        }
        // The readings go to the engine without being copied; nobody needs the request any more.
        let body = std::mem::replace(&mut job.body, RequestBody::Status);
        let body = requests::command(self, body).map_err(Refusal::Request)?;
        let now = self.now();
        let decision = self.ground.decide(Command {
            now,
            actor: job.actor.clone(),
            key: job.key,
            body,
        })?;
        if let Answer::Intake(outcome) = &decision.answer {
            *readings += outcome.accepted + outcome.replaced + outcome.excluded;
        }
        records.extend(decision.record);
        values.extend(decision.values);
        Ok(reply_of(decision.answer))
    }

    /// Carries out a command of the daemon's own, as a group of its own.
    pub(super) fn command(&mut self, actor: Actor, body: CommandBody) -> Result<ReplyBody, Text> {
        if let Some(why) = self.refusing() {
            return Err(why);
        }
        let command = Command {
            now: self.now(),
            actor,
            key: None,
            body,
        };
        let decision = match self.ground.decide(command) {
            Ok(decision) => decision,
            Err(Refusal::Request(text)) => return Err(text),
            Err(Refusal::Broken(error)) => {
                let why = Text::new("daemon-cannot-read").with("error", clean(&error));
                self.start_over(why.clone());
                return Err(why);
            }
        };
        if let Some(record) = decision.record
            && let Err(error) = self.ground.commit(vec![record], 0)
        {
            self.note_room(error.is_full());
            self.start_over(error.text());
            return Err(error.text());
        }
        self.changed.extend(decision.values);
        self.note_model();
        Ok(reply_of(decision.answer))
    }

    /// Throws the engine away and builds it from what is on disk; until that works, nothing is accepted.
    fn start_over(&mut self, why: Text) {
        self.changed.clear();
        self.tally = None;
        // What was handed over may be gone.
        self.handed_over = false;
        self.looked_at = Moment::now();
        let rebuilt = self.ground.rebuild(self.zone);
        self.note_renewed();
        match rebuilt {
            Ok(()) => {
                self.astray = None;
                self.note_model();
                tracing::info!("recovered; what was acknowledged is there, what was not is not");
            }
            Err(error) => {
                tracing::error!(error = %clean(&error.to_string()), "cannot recover yet");
                self.astray = Some(why);
            }
        }
    }

    /// Tells of states that were made anew.
    fn note_renewed(&mut self) {
        for found in self.ground.take_renewed() {
            if let Some(text) = state_text(&found) {
                tracing::warn!(%text, "recovery");
                self.recovery.push(text);
            }
        }
    }

    /// Answers waiting reads, in order, for at most some time.
    fn answer_reads(&mut self, limit: Option<Duration>) {
        let started = Moment::now();
        while let Some(job) = self.reads.pop_front() {
            if let Some(why) = &self.astray
                && !matches!(job.body, RequestBody::Status | RequestBody::Shutdown)
            {
                job.reply.send(Err(why.clone()));
                continue;
            }
            requests::answer(self, job);
            if limit.is_some_and(|limit| started.elapsed() >= limit) {
                break;
            }
        }
    }

    /// Everything that is done from time to time.
    fn keep_house(&mut self) {
        if self.looked_at.elapsed() >= RETRY_EVERY {
            self.looked_at = Moment::now();
            self.note_room(false);
            // Damage may have been met by others: by a verification, a backup, a checkpoint.
            let damaged = self.ground.is_to_be_renewed().then(|| {
                let reason = self.ground.state().distrusted().unwrap_or_default();
                Text::new("daemon-cannot-read").with("error", clean(&reason))
            });
            if let Some(why) = self.astray.clone().or(damaged)
                && self.room == Room::Enough
            {
                self.start_over(why);
            }
            self.ground.retry_checkpoint();
        }
        if self.ticked_at.elapsed() >= TICK_EVERY && self.refusing().is_none() {
            self.ticked_at = Moment::now();
            if let Err(why) = self.command(Actor::daemon(), CommandBody::Tick) {
                tracing::warn!(%why, "the engine refused a tick");
            }
        }
        self.checkpoint();
        let pause = self.published_at.elapsed();
        let news = !self.changed.is_empty() || self.ground.head().sequence != self.published_sequence;
        if pause >= PULSE_EVERY || (news && pause >= PUBLISH_EVERY) {
            self.publish();
        }
    }

    /// Makes a checkpoint when it is time. Requests that wait for one get theirs at once, and are answered when it is
    /// on disk.
    fn checkpoint(&mut self) {
        let wanted = !self.after_checkpoint.is_empty();
        if !(wanted && self.handed_over) {
            match self.ground.checkpoint(wanted) {
                Ok(done) => self.handed_over = done,
                Err(error) => {
                    tracing::error!(error = %clean(&error.to_string()), "no checkpoint");
                    return self.start_over(error.text());
                }
            }
        }
        if wanted && self.handed_over && !self.ground.is_checkpointing() {
            self.handed_over = false;
            for job in std::mem::take(&mut self.after_checkpoint) {
                requests::answer_on_disk(self, job);
            }
        }
    }

    /// Tells the watchers what changed.
    fn publish(&mut self) {
        self.published_at = Moment::now();
        self.published_sequence = self.ground.head().sequence;
        let values: Vec<(ParameterId, LiveValue)> = std::mem::take(&mut self.changed).into_iter().collect();
        self.watchers
            .retain(|watcher| watcher.upgrade().is_some_and(|mailbox| mailbox.is_watching()));
        if self.watchers.is_empty() {
            return;
        }
        let state = self.live_state();
        for mailbox in self.watchers.iter().filter_map(Weak::upgrade) {
            mailbox.publish(&values, &state);
        }
    }

    /// A client wants to watch, or was left behind.
    pub(super) fn watch(&mut self, mailbox: &Arc<Mailbox>) -> Result<(), Text> {
        let snapshot = self.snapshot()?;
        mailbox.snapshot(snapshot);
        self.watchers
            .retain(|watcher| !watcher.ptr_eq(&Arc::downgrade(mailbox)));
        self.watchers.push(Arc::downgrade(mailbox));
        Ok(())
    }

    fn snapshot(&mut self) -> Result<Snapshot, Text> {
        let state = self.live_state();
        let (engine, _) = self.ground.engine();
        let model = engine.model().ok_or_else(|| Text::new("daemon-no-model"))?;
        Ok(Snapshot {
            number: 0,
            key: model.key.clone(),
            name: model.name.clone(),
            simulated: model.simulated,
            model: Box::new(SiteModel::clone(model)),
            nodes: engine.nodes(),
            parameters: engine.live_parameters(),
            state,
        })
    }

    /// What changes all the time.
    pub(super) fn live_state(&mut self) -> LiveState {
        let now = self.now();
        let head = self.ground.head();
        let stale = self
            .tally
            .as_ref()
            .is_none_or(|tally| tally.sequence != head.sequence || now.since(tally.at) >= 1000);
        if stale && self.astray.is_none() {
            let (engine, history) = self.ground.engine();
            match engine.totals(history, now) {
                Ok(totals) => {
                    self.tally = Some(Tally {
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
        let shift = self.shared.model().and_then(|model| model.shift_at(now));
        LiveState {
            now,
            sequence: head.sequence,
            shift,
            totals: self
                .tally
                .as_ref()
                .map(|tally| tally.totals.clone())
                .unwrap_or_default(),
            free_bytes: self.free,
            refusing: self.refusing(),
            chain_head: head.hash.to_string().chars().take(8).collect(),
            feeds,
        }
    }

    /// Free space, and whether a write has just failed for want of it.
    fn note_room(&mut self, write_failed: bool) {
        self.space.is_to_write(self.ground.to_write());
        if write_failed || self.ground.lacks_room() {
            self.space.write_failed();
        }
        // Where the system does not say how much is free, only failed writes count, and the next write tries again.
        self.free = free_space(&self.shared.site).unwrap_or(u64::MAX);
        let room = self.space.decide(self.free);
        if (room == Room::Enough) != (self.room == Room::Enough) {
            tracing::warn!(free = self.free, accepting = (room == Room::Enough), "room on the disk");
        }
        self.room = room;
    }

    /// Lets sessions and watchers know of a new model, and the clock follow it.
    fn note_model(&mut self) {
        let (engine, _) = self.ground.engine();
        let model = engine.model().cloned();
        let known = self.shared.model();
        let same = match (&model, &known) {
            (Some(model), Some(known)) => Arc::ptr_eq(model, known),
            (None, None) => true,
            _ => false,
        };
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
        self.shared.set_model(model);
        let watchers: Vec<Arc<Mailbox>> = self.watchers.iter().filter_map(Weak::upgrade).collect();
        for mailbox in watchers {
            match self.snapshot() {
                Ok(snapshot) => mailbox.snapshot(snapshot),
                Err(why) => tracing::error!(%why, "no snapshot"),
            }
        }
    }

    /// The last checkpoint.
    fn finish(&mut self) {
        for job in std::mem::take(&mut self.after_checkpoint) {
            job.reply.send(Err(Text::new("daemon-stopping")));
        }
        if self.astray.is_some() {
            return;
        }
        let deadline = Moment::now() + LAST_CHECKPOINT;
        loop {
            match self.ground.checkpoint(true) {
                Ok(true) if !self.ground.is_checkpointing() => return,
                Ok(_) if Moment::now() < deadline => std::thread::sleep(Duration::from_millis(5)),
                Ok(_) => {
                    tracing::warn!("the last checkpoint is not written; the journal has everything");
                    return;
                }
                Err(error) => {
                    tracing::warn!(error = %clean(&error.to_string()), "no last checkpoint; the journal has everything");
                    return;
                }
            }
        }
    }
}

/// The reply that carries an engine's answer.
fn reply_of(answer: Answer) -> ReplyBody {
    match answer {
        Answer::Done => ReplyBody::Done,
        Answer::Intake(outcome) => ReplyBody::Intake(outcome),
        Answer::Recorded(sequence) => ReplyBody::Recorded(sequence),
    }
}
