//! Questions that take long: answered on threads of their own, on a snapshot, a few at a time.

use std::sync::{Arc, Weak};

use crate::daemon::job::Job;
use crate::daemon::requests;
use crate::domain::text::Text;

use super::Writer;

/// Most questions that are worked on at one time: each has a copy of what the engine has in memory.
const MOST_AT_ONCE: usize = 2;

/// A question's place among those that are worked on, with the user who asked; left when this is dropped.
pub(in crate::daemon) type Seat = Arc<u32>;

/// The questions that wait, and those that are worked on.
#[derive(Debug, Default)]
pub(super) struct Questions {
    waiting: Vec<Job>,
    seats: Vec<Weak<u32>>,
}

impl Questions {
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The next question: the oldest of a user of whom none is worked on, or else the oldest.
    fn next(&mut self) -> Option<(Job, Seat)> {
        self.seats.retain(|seat| seat.strong_count() > 0);
        if self.seats.len() >= MOST_AT_ONCE || self.waiting.is_empty() {
            return None;
        }
        let seated = |uid| self.seats.iter().filter_map(Weak::upgrade).any(|seat| *seat == uid);
        let place = self.waiting.iter().position(|job| !seated(job.actor.uid)).unwrap_or(0);
        let job = self.waiting.remove(place);
        let seat = Arc::new(job.actor.uid);
        self.seats.push(Arc::downgrade(&seat));
        Some((job, seat))
    }
}

impl Writer {
    /// Takes a question in.
    pub(in crate::daemon) fn ask_apart(&mut self, job: Job) {
        self.questions.waiting.push(job);
    }

    /// Begins to work on questions that wait, as far as that may be.
    pub(super) fn start_questions(&mut self) {
        if let Some(why) = &self.astray {
            for job in std::mem::take(&mut self.questions.waiting) {
                job.reply.send(Err(why.clone()));
            }
        }
        while self.ground.may_be_held()
            && let Some((job, seat)) = self.questions.next()
        {
            requests::answer_apart(self, job, seat);
        }
    }

    /// Lets nobody wait for an answer that will not come.
    pub(super) fn end_questions(&mut self) {
        for job in std::mem::take(&mut self.questions.waiting) {
            job.reply.send(Err(Text::new("daemon-stopping")));
        }
        self.ground.end_snapshots();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daemon::job::ReplyTo;
    use crate::domain::actor::Actor;
    use crate::wire::message::RequestBody;

    fn question(uid: u32) -> Job {
        let (sender, _) = std::sync::mpsc::sync_channel(1);
        Job {
            actor: Actor { uid, ..Actor::daemon() },
            admission: None,
            key: None,
            body: RequestBody::PlanAdoption,
            reply: ReplyTo::Thread(sender),
            room: None,
        }
    }

    #[test]
    fn a_few_at_a_time_and_nobody_waits_behind_all_of_somebody_elses() {
        let mut questions = Questions {
            waiting: [1, 1, 1, 2].map(question).into(),
            seats: Vec::new(),
        };
        let (_, first) = questions.next().unwrap();
        let (_, second) = questions.next().unwrap();
        assert_eq!((*first, *second), (1, 2));
        assert!(questions.next().is_none(), "both places are taken");
        drop(second);
        let (_, third) = questions.next().unwrap();
        assert_eq!(*third, 1, "the places are for whoever asks");
        assert!(questions.next().is_none());
        assert!(!questions.is_empty());
    }
}
