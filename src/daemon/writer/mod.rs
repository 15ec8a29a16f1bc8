//! The one writer: a thread that owns engine and store, commits requests in groups, and tells the watchers.
//!
//! A group is what waits in the queue while the group before is being written: an idle daemon commits a single request
//! at once, a busy one many with one write to the disk. Reads are answered between groups, and those that take long on
//! threads of their own.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant as Moment};

use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::domain::actor::Actor;
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::{Instant, PlantZone};
use crate::engine::command::CommandBody;
use crate::engine::view::LiveValue;
use crate::store::{Room, SpaceGuard, free_space};
use crate::wire::message::RequestBody;

use super::clock::{SiteClock, WallClock};
use super::ground::Ground;
use super::job::{Job, Shared};
use super::mailbox::Mailbox;
use super::refused::cannot_read;
use super::requests;
use super::system;

pub(super) mod group;
mod news;
mod questions;

use group::Weights;
use news::Tally;
use questions::Questions;
pub(in crate::daemon) use questions::Seat;

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

/// Time between two times that readings are judged.
const CHECK_EVERY: Duration = Duration::from_millis(25);

/// Longest time between two publications: the clock that watchers show must move.
const PULSE_EVERY: Duration = Duration::from_secs(1);

/// How often it is looked whether what requests wait for is there: a checkpoint, or a place for a question.
const POLL: Duration = Duration::from_millis(10);

/// How often room and recovery are looked after.
const RETRY_EVERY: Duration = Duration::from_secs(2);

/// How long a daemon that stops waits for its last checkpoint.
const LAST_CHECKPOINT: Duration = Duration::from_secs(20);

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
    weights: Weights,
    zone: PlantZone,
    space: SpaceGuard,
    room: Room,
    pub(super) free: u64,
    /// Why the engine does not stand on what is on disk, while it does not.
    astray: Option<Text>,
    watchers: Vec<Weak<Mailbox>>,
    changed: BTreeMap<ParameterId, LiveValue>,
    tally: Option<Tally>,
    /// How often calibrations had changed when watchers were told of the model.
    calibrated: u64,
    reads: VecDeque<Job>,
    questions: Questions,
    ticked_at: Moment,
    checked_at: Moment,
    /// Whether readings wait to be judged.
    unjudged: bool,
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
            weights: Weights::default(),
            zone,
            space: SpaceGuard::default(),
            room: Room::Enough,
            free: 0,
            astray: None,
            watchers: Vec::new(),
            changed: BTreeMap::new(),
            tally: None,
            calibrated: 0,
            reads: VecDeque::new(),
            questions: Questions::default(),
            ticked_at: now,
            checked_at: now,
            unjudged: false,
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
        self.end_questions();
        self.finish();
    }

    /// Waits for a request, for a stop, or until it is time to keep house.
    fn wait(&self, queue: &mut mpsc::Receiver<Job>, runtime: &Handle) -> Option<Job> {
        let until = if !self.after_checkpoint.is_empty() || !self.questions.is_empty() {
            Moment::now() + POLL
        } else if self.unjudged {
            self.checked_at + CHECK_EVERY
        } else if !self.has_news() {
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
        self.start_questions();
    }

    /// Time passes, with what that decides. While nothing can be recorded it passes for alarms only: just then they are
    /// wanted.
    fn tick(&mut self) {
        if self.refusing().is_none() {
            if let Err(why) = self.command(&Actor::daemon(), CommandBody::Tick) {
                tracing::warn!(%why, "the engine refused a tick");
            }
        } else if self.astray.is_none() {
            let now = self.now();
            if let Err(error) = self.ground.pass(now) {
                tracing::warn!(error = %clean(&error.to_string()), "time could not pass");
            }
        }
    }

    /// Whether values, alarms or anomalies changed that nobody was told of.
    fn has_news(&self) -> bool {
        !self.changed.is_empty() || self.ground.has_changed_alarms() || self.ground.has_changed_anomalies()
    }

    /// Judges readings that came, for some milliseconds.
    fn check(&mut self) {
        if self.refusing().is_some() {
            return;
        }
        let now = self.now();
        self.unjudged = self.ground.engine().0.checks_are_due(now);
        if !self.unjudged || self.checked_at.elapsed() < CHECK_EVERY {
            return;
        }
        if let Err(why) = self.command(&Actor::daemon(), CommandBody::Check) {
            tracing::warn!(%why, "the engine refused to check");
        }
        // However long it took, others come before the next.
        self.checked_at = Moment::now();
    }

    /// Whether it is time for a tick: because of the time that passed since the last, because that left missing hours to
    /// this one, or because a delay of an alarm is over.
    fn is_to_tick(&mut self) -> bool {
        let elapsed = self.ticked_at.elapsed();
        if elapsed < PUBLISH_EVERY {
            return false;
        }
        let now = self.now();
        let (engine, _) = self.ground.engine();
        elapsed >= TICK_EVERY || engine.looks_are_unfinished() || engine.alarms_due() <= now
    }

    /// Everything that is done from time to time.
    fn keep_house(&mut self) {
        if self.looked_at.elapsed() >= RETRY_EVERY {
            self.looked_at = Moment::now();
            self.note_room(false);
            // Damage may have been met by others: by a verification, a backup, a checkpoint.
            let damaged = self.ground.is_to_be_renewed().then(|| {
                let reason = self.ground.state().distrusted().unwrap_or_default();
                cannot_read(&reason)
            });
            if let Some(why) = self.astray.clone().or(damaged)
                && self.room == Room::Enough
            {
                self.start_over(why);
            }
            self.ground.retry_checkpoint();
        }
        if self.is_to_tick() {
            self.ticked_at = Moment::now();
            self.tick();
        }
        self.check();
        self.checkpoint();
        self.start_questions();
        let pause = self.published_at.elapsed();
        let news = self.has_news() || self.ground.head().sequence != self.published_sequence;
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
