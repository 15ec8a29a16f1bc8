//! Groups: decided one request after the other, made durable with one write, and only then answered.
//!
//! What a group may weigh is bounded here and not by the journal: a journal that refuses a frame would fail everybody
//! whose request happened to be in it.

use std::collections::VecDeque;
use std::time::Instant as Moment;

use crate::daemon::job::{Job, ReplyTo};
use crate::daemon::refused::cannot_read;
use crate::daemon::requests::{self, FromPage};
use crate::daemon::serve::state_text;
use crate::domain::actor::Actor;
use crate::domain::identity::ParameterId;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::command::{Answer, Command, CommandBody, RecordToAppend, Refusal};
use crate::engine::view::LiveValue;
use crate::store::LARGEST_PAYLOAD;
use crate::wire::answers::SignedOnView;
use crate::wire::message::{ReplyBody, RequestBody};

use super::Writer;

/// What a group and its records may weigh.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weights {
    /// Bytes of records after which a group is written; the rest of it becomes the next group.
    group: usize,
    /// Bytes of the largest record.
    record: usize,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            group: 16 << 20,
            record: LARGEST_PAYLOAD,
        }
    }
}

/// Requests that are decided, and wait for their records to be durable.
#[derive(Default)]
struct Group {
    records: Vec<RecordToAppend>,
    bytes: usize,
    readings: u64,
    values: Vec<(ParameterId, LiveValue)>,
    answers: Vec<(ReplyTo, Result<ReplyBody, Text>)>,
    /// Files that go with its records, from the pages to which they were attached.
    from_pages: Vec<FromPage>,
}

impl Group {
    /// Notes what comes off a page, where a record was made with it.
    fn note_page(&mut self, from_page: Option<FromPage>, answer: &Answer) {
        let is_recorded = matches!(answer, Answer::Intake(outcome) if outcome.sequence.is_some());
        self.from_pages.extend(from_page.filter(|_| is_recorded));
    }
}

/// Why a request is not carried out.
enum Stop {
    /// It asks for something that cannot be; nothing changed.
    Refused(Text),
    /// The engine cannot read its past.
    Broken(Text),
    /// Its record is larger than a record may be; the engine has carried it out in memory.
    TooLarge(Text),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Request(text) => Self::Refused(text),
            Refusal::Broken(error) => {
                tracing::error!(error = %clean(&error), "the engine cannot read its past");
                Self::Broken(cannot_read(&error))
            }
        }
    }
}

impl Writer {
    /// Decides writes, makes them durable with as few writes to the disk as their weight lets it, and only then answers.
    pub(in crate::daemon) fn commit(&mut self, writes: Vec<Job>) {
        let mut writes = VecDeque::from(writes);
        while !writes.is_empty() {
            if let Some(why) = self.refusing() {
                for job in writes {
                    job.reply.send(Err(why.clone()));
                }
                return;
            }
            self.commit_group(&mut writes);
        }
    }

    /// Takes as many writes as a group may hold.
    fn commit_group(&mut self, writes: &mut VecDeque<Job>) {
        let mut group = Group::default();
        let mut broken = None;
        let mut too_large = None;
        while group.bytes < self.weights.group
            && let Some(mut job) = writes.pop_front()
        {
            match self.decide(&mut job, &mut group) {
                Ok(answer) => group.answers.push((job.reply, Ok(answer))),
                Err(Stop::Refused(text)) => group.answers.push((job.reply, Err(text))),
                Err(Stop::Broken(why)) => {
                    group.answers.push((job.reply, Err(why.clone())));
                    broken = Some(why);
                    break;
                }
                Err(Stop::TooLarge(why)) => {
                    too_large = Some((job.reply, why));
                    break;
                }
            }
        }
        let failure = broken.or_else(|| {
            let records = std::mem::take(&mut group.records);
            // Nothing was decided, or only requests that change nothing.
            if records.is_empty() {
                return None;
            }
            let written = if too_large.is_some() {
                self.ground.commit_part(records, group.readings)
            } else {
                self.ground.commit(records, group.readings)
            };
            written.err().map(|error| {
                tracing::error!(error = %clean(&error.to_string()), "a group could not be recorded");
                self.note_room(error.is_full());
                error.text()
            })
        });
        if failure.is_none() && too_large.is_none() {
            self.changed.extend(group.values);
            self.note_model();
        }
        // Before anything is acknowledged: whoever reads the page then does not find them on it any more.
        if failure.is_none() {
            for from_page in &group.from_pages {
                from_page.take_off(&self.shared.site);
            }
        }
        for (reply, result) in group.answers {
            // Where nothing of the group is on disk for certain, nothing of it is acknowledged.
            reply.send(match &failure {
                None => result,
                Some(why) => result.and(Err(why.clone())),
            });
        }
        // What is not on disk does not stay in the engine either.
        if let Some((reply, why)) = too_large {
            reply.send(Err(why.clone()));
            self.start_over(failure.unwrap_or(why));
        } else if let Some(why) = failure {
            self.start_over(why);
        }
    }

    /// One request of a group.
    fn decide(&mut self, job: &mut Job, group: &mut Group) -> Result<ReplyBody, Stop> {
        if let Some(key) = &job.key
            && let Some(answer) = self.ground.answer_for(key)?
        {
            // Perhaps the daemon was stopped between the record and what is done after it.
            group.note_page(FromPage::named_in(&job.body, &job.actor), &answer);
            return Ok(reply_of(answer, &job.actor));
        }
        // What was decided before this in the same group may have changed who may do what.
        if let Some(admission) = &job.admission {
            let (right, owner_uid) = (job.body.right(), self.shared.owner_uid);
            let again = admission.again(&job.actor, right, owner_uid, self.ground.model());
            if let Some(actor) = again.map_err(Stop::Refused)? {
                job.actor = actor;
            }
        }
        if let Some(newest) = requests::newest_instant(&job.body, self.clock.has_time()) {
            self.clock.push(newest);
        }
        let from_page = FromPage::named_in(&job.body, &job.actor);
        // The readings go to the engine without being copied; nobody needs the request any more.
        let body = std::mem::replace(&mut job.body, RequestBody::Status);
        let body = requests::command(self, &job.actor, body).map_err(Stop::Refused)?;
        let now = self.now();
        let decision = self.ground.decide(Command {
            now,
            actor: job.actor.clone(),
            key: job.key,
            body,
        })?;
        let bytes = decision.record.as_ref().map_or(0, |record| record.payload.len());
        if bytes > self.weights.record {
            return Err(Stop::TooLarge(
                Text::new("daemon-record-too-large")
                    .with_count("bytes", bytes)
                    .with_count("most", self.weights.record),
            ));
        }
        if let Answer::Intake(outcome) = &decision.answer {
            group.readings += outcome.accepted + outcome.replaced + outcome.excluded;
        }
        group.note_page(from_page, &decision.answer);
        group.bytes += bytes;
        group.records.extend(decision.record);
        group.values.extend(decision.values);
        Ok(reply_of(decision.answer, &job.actor))
    }

    /// Carries out a command of the daemon's own, as a group of its own.
    pub(in crate::daemon) fn command(&mut self, actor: &Actor, body: CommandBody) -> Result<ReplyBody, Text> {
        if let Some(why) = self.refusing() {
            return Err(why);
        }
        let command = Command {
            now: self.now(),
            actor: actor.clone(),
            key: None,
            body,
        };
        let decision = match self.ground.decide(command) {
            Ok(decision) => decision,
            Err(Refusal::Request(text)) => return Err(text),
            Err(Refusal::Broken(error)) => {
                let why = cannot_read(&error);
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
        Ok(reply_of(decision.answer, actor))
    }

    /// Throws the engine away and builds it from what is on disk; until that works, nothing is accepted.
    pub(super) fn start_over(&mut self, why: Text) {
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
    pub(super) fn note_renewed(&mut self) {
        for found in self.ground.take_renewed() {
            if let Some(text) = state_text(&found) {
                tracing::warn!(%text, "recovery");
                self.recovery.push(text);
            }
        }
    }
}

/// The reply that carries an engine's answer.
fn reply_of(answer: Answer, actor: &Actor) -> ReplyBody {
    match answer {
        Answer::Done => ReplyBody::Done,
        Answer::Intake(outcome) => ReplyBody::Intake(outcome),
        Answer::Recorded(sequence) => ReplyBody::Recorded(sequence),
        Answer::Restated { sequence, restated } => ReplyBody::Restated { sequence, restated },
        Answer::Alarms(outcome) => ReplyBody::Alarms(outcome),
        Answer::Anomalies(outcome) => ReplyBody::Anomalies(outcome),
        Answer::SignedOn { sequence, since } => ReplyBody::SignedOn(Box::new(SignedOnView {
            actor: actor.clone(),
            sequence,
            since,
            wrong: 0,
        })),
    }
}

#[cfg(test)]
pub(in crate::daemon) mod tests {
    use std::fs;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;
    use std::sync::Arc;
    use std::sync::mpsc::{Receiver, sync_channel};

    use super::*;
    use crate::daemon::ground::Ground;
    use crate::daemon::job::{Admission, Shared};
    use crate::daemon::rights::Identity;
    use crate::daemon::serve::first_records;
    use crate::domain::model::SiteModel;
    use crate::domain::reading::{Incoming, Origin, Quality, Slot};
    use crate::domain::time::{Instant, PlantZone};
    use crate::engine::command::Provenance;
    use crate::store::{Checkpointer, SiteLock, Store, StoreOptions};

    /// 2025-03-01T00:00:00+08:00.
    const START: i64 = 1_740_758_400_000;

    /// A writer on a new site, without a thread.
    pub(in crate::daemon) fn writer(site: &Path) -> (Writer, SiteLock) {
        let text = crate::site::template("minimal")
            .unwrap()
            .text
            .replace("kind = \"counter\"", "kind = \"amount\"");
        fs::write(site.join("site.toml"), text.replace("rollover = \"1000000\"\n", "")).unwrap();
        let options = StoreOptions {
            new_site: true,
            ..StoreOptions::default()
        };
        let (store, recovery) = Store::open_with(site, &options).unwrap();
        let (lock, _, journal, state) = store.into_parts();
        let checkpointer = Checkpointer::start(state.clone(), Box::new(|_| {})).unwrap();
        let zone = PlantZone::parse("Asia/Shanghai").unwrap();
        let ground = Ground::open(journal, state, checkpointer, zone).unwrap();
        let metadata = fs::metadata(site).unwrap();
        let (shared, _) = Shared::new(site.to_owned(), metadata.uid());
        let mut writer = Writer::new(shared, ground, zone, false, Vec::new());
        first_records(&mut writer, &recovery, &metadata).unwrap();
        (writer, lock)
    }

    /// An intake of some quarters of an hour, and where its answer comes.
    pub(in crate::daemon) fn intake(quarters: std::ops::Range<i64>) -> (Job, Receiver<Result<ReplyBody, Text>>) {
        let (sender, answer) = sync_channel(1);
        let readings = quarters
            .map(|quarter| Incoming {
                parameter: ParameterId(1),
                slot: Slot {
                    at: Instant(START + quarter * 900_000),
                    span_s: 900,
                    own_id: 0,
                },
                value: 1000 + quarter,
                quality: Quality::Good,
            })
            .collect();
        let job = Job {
            actor: Actor::daemon(),
            admission: None,
            key: None,
            body: RequestBody::Intake {
                origin: Origin::File,
                provenance: Provenance::default(),
                readings,
            },
            reply: ReplyTo::Thread(sender),
            room: None,
        };
        (job, answer)
    }

    #[test]
    fn what_waited_while_the_model_changed_is_looked_at_again() {
        let site = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(site.path());
        let model = Arc::clone(writer.ground.model().unwrap());
        let identity = Arc::new(Identity {
            uid: 4_000_000,
            user: "desk".to_owned(),
            groups: Vec::new(),
        });
        let mut bring = |under: &Arc<SiteModel>, quarter: i64| {
            let (mut job, answer) = intake(quarter..quarter + 1);
            job.admission = Some(Admission {
                identity: Arc::clone(&identity),
                under: Some(Arc::clone(under)),
            });
            writer.commit(vec![job]);
            answer.recv().unwrap().map_err(|text| text.id.into_owned())
        };
        // Let in under the model in force it stays let in, at no cost.
        assert!(bring(&model, 0).is_ok());
        // Let in under another one, in which there was such a post.
        let before = Arc::new(SiteModel::clone(&model));
        assert_eq!(bring(&before, 1).unwrap_err(), "daemon-changed-meanwhile");
    }

    #[test]
    fn a_record_that_is_too_large_fails_its_own_request_and_no_other() {
        let directory = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(directory.path());
        writer.weights.record = 4000;
        let head = writer.ground.head().sequence.0;
        let (jobs, answers): (Vec<Job>, Vec<_>) = [0..1, 1..2, 10..5010, 2..3].map(intake).into_iter().unzip();
        writer.commit(jobs);
        let answers: Vec<_> = answers.iter().map(|answer| answer.try_recv().unwrap()).collect();
        for (place, answer) in answers.iter().enumerate() {
            match answer {
                Ok(ReplyBody::Intake(outcome)) if place != 2 => assert_eq!(outcome.accepted, 1),
                Err(text) if place == 2 => assert_eq!(text.id, "daemon-record-too-large"),
                other => panic!("{place}: {other:?}"),
            }
        }
        assert_eq!(writer.ground.head().sequence.0, head + 3);
        // Nothing of it stayed in memory, and the engine goes on after the records that are on disk.
        assert!(writer.refusing().is_none());
        let (again, answer) = intake(10..11);
        writer.commit(vec![again]);
        match answer.try_recv().unwrap() {
            Ok(ReplyBody::Intake(outcome)) => assert_eq!((outcome.accepted, outcome.duplicate), (1, 0)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_group_that_weighs_enough_is_written_and_the_rest_is_the_next() {
        let directory = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(directory.path());
        let (first, _first) = intake(0..1);
        let (second, _second) = intake(1..2);
        let (third, _third) = intake(2..3);
        let mut writes = VecDeque::from([first, second, third]);
        writer.weights.group = 1;
        writer.commit_group(&mut writes);
        assert_eq!(writes.len(), 2);
        writer.weights.group = 1 << 20;
        writer.commit_group(&mut writes);
        assert!(writes.is_empty());
    }
}
