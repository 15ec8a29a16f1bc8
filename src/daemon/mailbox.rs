//! What waits to be sent to one client. It never grows without bound and nobody ever waits to put something in, so that
//! a client that does not read cannot slow the writer.
//!
//! Live values coalesce to the latest of each parameter. When too much has been merged, the pending delta is dropped and
//! the client gets a new snapshot once it reads again. Answers are bounded by the number of requests in flight.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, OwnedSemaphorePermit};
use tokio::time::{Instant as Deadline, sleep_until};

use crate::domain::actor::{Actor, SignOff};
use crate::domain::identity::ParameterId;
use crate::domain::text::Text;
use crate::engine::view::{AlarmView, AnomalyView, LiveValue};
use crate::quality::alarm::AlarmId;
use crate::quality::anomaly::AnomalyId;
use crate::wire::live::{Delta, LiveState, Snapshot};
use crate::wire::message::{FromDaemon, ReplyBody};

/// How many publications may be merged into one pending delta before the client counts as left behind.
const MOST_MERGED: u32 = 50;

/// What to do next for a client.
#[derive(Debug)]
pub enum Outgoing {
    /// Send this message. The permit, where there is one, is that of the request that it answers.
    Send(Box<FromDaemon>, Option<OwnedSemaphorePermit>),
    /// The client reads again after it was left behind: have a new snapshot made.
    NeedsSnapshot,
    /// Everything is sent and nothing will follow.
    Over,
}

#[derive(Debug, Default)]
struct Contents {
    answers: VecDeque<(FromDaemon, Option<OwnedSemaphorePermit>)>,
    snapshot: Option<Box<Snapshot>>,
    values: BTreeMap<ParameterId, LiveValue>,
    alarms: BTreeMap<AlarmId, Option<AlarmView>>,
    anomalies: BTreeMap<AnomalyId, Option<AnomalyView>>,
    state: Option<LiveState>,
    merged: u32,
    watching: bool,
    /// Pending deltas were dropped.
    behind: bool,
    /// Number of the last snapshot or delta that was sent.
    number: u64,
    goodbye: Option<Text>,
    over: bool,
}

/// What changed since it was last told.
#[derive(Debug)]
pub struct News {
    /// Newest values.
    pub values: Vec<(ParameterId, LiveValue)>,
    /// Alarms; none of one of which there is nothing more to say.
    pub alarms: Vec<(AlarmId, Option<AlarmView>)>,
    /// Anomalies; none of one that left the queue.
    pub anomalies: Vec<(AnomalyId, Option<AnomalyView>)>,
    /// What changes all the time.
    pub state: LiveState,
}

/// One client's pending messages.
#[derive(Debug, Default)]
pub struct Mailbox {
    contents: Mutex<Contents>,
    ready: Notify,
}

impl Mailbox {
    fn lock(&self) -> MutexGuard<'_, Contents> {
        // Nothing in here can leave the contents half-changed, so that a panic elsewhere does no harm to them.
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts an answer in.
    pub fn answer(&self, id: u64, result: Result<ReplyBody, Text>, permit: Option<OwnedSemaphorePermit>) {
        self.lock()
            .answers
            .push_back((FromDaemon::Reply { id, result }, permit));
        self.ready.notify_one();
    }

    /// Tells that somebody else is at the post now.
    pub fn post(&self, actor: Actor, how: SignOff) {
        self.lock().answers.push_back((FromDaemon::Post { actor, how }, None));
        self.ready.notify_one();
    }

    /// Tells that who is at the post has other roles now.
    pub fn roles(&self, actor: Actor) {
        self.lock().answers.push_back((FromDaemon::Roles(actor), None));
        self.ready.notify_one();
    }

    /// Puts a snapshot in and drops what it overtakes. Deltas follow from now on.
    pub fn snapshot(&self, snapshot: Snapshot) {
        let mut contents = self.lock();
        contents.snapshot = Some(Box::new(snapshot));
        contents.values.clear();
        contents.alarms.clear();
        contents.anomalies.clear();
        contents.state = None;
        contents.merged = 0;
        contents.behind = false;
        contents.watching = true;
        drop(contents);
        self.ready.notify_one();
    }

    /// Merges what changed into the pending delta.
    pub fn publish(&self, news: &News) {
        let mut contents = self.lock();
        if !contents.watching || contents.behind || contents.over {
            return;
        }
        contents.merged += 1;
        if contents.merged > MOST_MERGED {
            contents.behind = true;
            contents.snapshot = None;
            contents.values.clear();
            contents.alarms.clear();
            contents.anomalies.clear();
            contents.state = None;
        } else {
            contents.values.extend(news.values.iter().copied());
            contents.alarms.extend(news.alarms.iter().cloned());
            contents.anomalies.extend(news.anomalies.iter().cloned());
            contents.state = Some(news.state.clone());
        }
        drop(contents);
        self.ready.notify_one();
    }

    /// The client does not want to watch any more.
    pub fn unwatch(&self) {
        let mut contents = self.lock();
        contents.watching = false;
        contents.behind = false;
        contents.snapshot = None;
        contents.values.clear();
        contents.alarms.clear();
        contents.anomalies.clear();
        contents.state = None;
    }

    /// Whether the client watches and is still there.
    pub fn is_watching(&self) -> bool {
        let contents = self.lock();
        contents.watching && !contents.over
    }

    /// Says goodbye after everything that is pending.
    pub fn goodbye(&self, why: Text) {
        self.lock().goodbye.get_or_insert(why);
        self.ready.notify_one();
    }

    /// The session has ended: nothing that is put in from now on will be sent.
    pub fn close(&self) {
        let mut contents = self.lock();
        *contents = Contents {
            over: true,
            number: contents.number,
            ..Contents::default()
        };
    }

    /// Waits for something to do. A delta is not handed out before `delta_from`.
    pub async fn next(&self, delta_from: Deadline) -> Outgoing {
        loop {
            let may_delta = Deadline::now() >= delta_from;
            let waits = {
                let mut contents = self.lock();
                if let Some(outgoing) = contents.take(may_delta) {
                    return outgoing;
                }
                contents.state.is_some() && !may_delta
            };
            if waits {
                tokio::select! {
                    () = self.ready.notified() => {}
                    () = sleep_until(delta_from) => {}
                }
            } else {
                self.ready.notified().await;
            }
        }
    }
}

impl Contents {
    fn take(&mut self, may_delta: bool) -> Option<Outgoing> {
        let send = |message| Some(Outgoing::Send(Box::new(message), None));
        if let Some((answer, permit)) = self.answers.pop_front() {
            return Some(Outgoing::Send(Box::new(answer), permit));
        }
        if self.over {
            return Some(Outgoing::Over);
        }
        if let Some(why) = self.goodbye.take() {
            self.over = true;
            return send(FromDaemon::Goodbye(why));
        }
        if self.behind {
            // Asked for once; the snapshot that comes puts the client in step again.
            self.behind = false;
            self.watching = false;
            return Some(Outgoing::NeedsSnapshot);
        }
        if let Some(mut snapshot) = self.snapshot.take() {
            self.number += 1;
            snapshot.number = self.number;
            return send(FromDaemon::Snapshot(snapshot));
        }
        if !may_delta {
            return None;
        }
        let state = self.state.take()?;
        self.number += 1;
        self.merged = 0;
        let values = std::mem::take(&mut self.values).into_iter().collect();
        let alarms = std::mem::take(&mut self.alarms).into_iter().collect();
        let anomalies = std::mem::take(&mut self.anomalies).into_iter().collect();
        send(FromDaemon::Delta(Box::new(Delta {
            number: self.number,
            values,
            alarms,
            anomalies,
            state,
        })))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use super::*;
    use crate::daemon::rights::tests::model_with;
    use crate::domain::identity::Sequence;
    use crate::domain::reading::{Origin, Quality, Verdict};
    use crate::domain::time::Instant;

    pub(in crate::daemon) fn state(sequence: u64) -> LiveState {
        LiveState {
            now: Instant(0),
            sequence: Sequence(sequence),
            shift: None,
            flooded: crate::engine::view::Flooded::default(),
            queue: 0,
            unsigned: None,
            totals: Vec::new(),
            free_bytes: 0,
            refusing: None,
            chain_head: String::new(),
            chain_damaged: None,
            feeds: Vec::new(),
        }
    }

    pub(in crate::daemon) fn snapshot() -> Snapshot {
        let model = model_with(Vec::new());
        Snapshot {
            number: 0,
            key: model.key.clone(),
            name: model.name.clone(),
            simulated: false,
            model: Box::new(model),
            nodes: Vec::new(),
            parameters: Vec::new(),
            alarms: Vec::new(),
            anomalies: Vec::new(),
            state: state(0),
        }
    }

    pub(in crate::daemon) fn news(values: Vec<(ParameterId, LiveValue)>, state: LiveState) -> News {
        News {
            values,
            alarms: Vec::new(),
            anomalies: Vec::new(),
            state,
        }
    }

    fn value(value: i64) -> LiveValue {
        LiveValue {
            at: Instant(0),
            span_s: 0,
            own_id: 0,
            value,
            origin: Origin::Connector,
            quality: Quality::Good,
            verdict: Verdict::Counts,
            filled_to: None,
        }
    }

    async fn next(mailbox: &Mailbox) -> FromDaemon {
        match tokio::time::timeout(Duration::from_secs(5), mailbox.next(Deadline::now())).await {
            Ok(Outgoing::Send(message, _)) => *message,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn values_coalesce_to_the_latest_and_numbers_follow_on() {
        let mailbox = Mailbox::default();
        mailbox.publish(&news(vec![(ParameterId(1), value(0))], state(1)));
        mailbox.snapshot(snapshot());
        mailbox.publish(&news(
            vec![(ParameterId(1), value(1)), (ParameterId(2), value(2))],
            state(2),
        ));
        mailbox.publish(&news(vec![(ParameterId(1), value(3))], state(3)));
        assert!(matches!(next(&mailbox).await, FromDaemon::Snapshot(snapshot) if snapshot.number == 1));
        match next(&mailbox).await {
            FromDaemon::Delta(delta) => {
                assert_eq!(delta.number, 2);
                assert_eq!(delta.values, [(ParameterId(1), value(3)), (ParameterId(2), value(2))]);
                assert_eq!(delta.state.sequence, Sequence(3));
            }
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_client_left_behind_is_dropped_to_a_new_snapshot_but_keeps_its_answers() {
        let mailbox = Mailbox::default();
        mailbox.snapshot(snapshot());
        for sequence in 0..1000 {
            mailbox.publish(&news(vec![(ParameterId(1), value(1))], state(sequence)));
        }
        mailbox.answer(7, Ok(ReplyBody::Done), None);
        assert!(matches!(next(&mailbox).await, FromDaemon::Reply { id: 7, .. }));
        assert!(matches!(mailbox.next(Deadline::now()).await, Outgoing::NeedsSnapshot));
        mailbox.snapshot(snapshot());
        assert!(matches!(next(&mailbox).await, FromDaemon::Snapshot(_)));
    }

    #[tokio::test]
    async fn goodbye_comes_after_the_answers_and_ends_it() {
        let mailbox = Mailbox::default();
        mailbox.goodbye(Text::new("daemon-stopped"));
        mailbox.answer(1, Ok(ReplyBody::Done), None);
        assert!(matches!(next(&mailbox).await, FromDaemon::Reply { id: 1, .. }));
        assert!(matches!(next(&mailbox).await, FromDaemon::Goodbye(_)));
        assert!(matches!(mailbox.next(Deadline::now()).await, Outgoing::Over));
    }

    #[tokio::test]
    async fn a_delta_waits_for_its_time_and_an_answer_does_not() {
        let mailbox = Mailbox::default();
        mailbox.snapshot(snapshot());
        next(&mailbox).await;
        mailbox.publish(&news(Vec::new(), state(1)));
        let later = Deadline::now() + Duration::from_secs(60);
        assert!(
            tokio::time::timeout(Duration::from_millis(30), mailbox.next(later))
                .await
                .is_err()
        );
        mailbox.answer(1, Ok(ReplyBody::Done), None);
        assert!(matches!(mailbox.next(later).await, Outgoing::Send(..)));
    }
}
