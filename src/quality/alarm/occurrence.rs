//! Occurrences (报警记录): each time that an alarm was annunciated, from then until it ended and was acknowledged. They
//! are made of the steps of its life cycle as they happen, and are what figures are counted from.

use serde::{Deserialize, Serialize};

use super::identity::{AlarmId, Operator};
use super::priority::Priority;
use super::state::AlarmState;
use super::transition::Step;
use crate::domain::time::Instant;

/// One time that an alarm was annunciated to an operator (一次报警), which is what figures count.
///
/// Only what is annunciated counts: an alarm that is raised while it is shelved, suppressed or out of service makes none,
/// and neither do acknowledgements and returns ([`Annunciation::counts`](super::state::Annunciation::counts)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Occurrence {
    /// When it was annunciated.
    pub raised: Instant,
    /// Which alarm.
    pub alarm: AlarmId,
    /// To whom.
    pub operator: Operator,
    /// With which priority, as it was then.
    pub priority: Priority,
    /// When its condition returned, or it left the operator's list otherwise (shelved, suppressed, out of service); none
    /// while it stands.
    pub ended: Option<Instant>,
    /// When it was acknowledged.
    pub acknowledged: Option<Instant>,
}

impl Occurrence {
    /// Whether it stands at an instant: annunciated and not ended.
    pub fn stands_at(&self, at: Instant) -> bool {
        self.raised <= at && self.ended.is_none_or(|ended| at < ended)
    }

    /// When it ended; `now` where it stands, and never before it was raised.
    pub fn end_by(&self, now: Instant) -> Instant {
        self.ended.map_or(now, |ended| ended.min(now)).max(self.raised)
    }
}

/// The occurrences of one alarm that are not complete: that still stand, or wait for an acknowledgement. Few: one, and one
/// more for each time that it asked again while it stood.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OpenOccurrences(Vec<Occurrence>);

impl OpenOccurrences {
    /// Takes a step that led from a state, at an instant. Returns the occurrences that are complete by it.
    ///
    /// An occurrence ends when the condition returns or the alarm leaves the operator's list otherwise. It is complete when
    /// it is acknowledged as well. One that has ended and is followed by another before anybody acknowledged it stays
    /// unacknowledged for ever: the acknowledgement that comes then is given to what stands.
    pub fn take(
        &mut self,
        before: &AlarmState,
        step: &Step,
        at: Instant,
        (alarm, operator, priority): (AlarmId, Operator, Priority),
    ) -> Vec<Occurrence> {
        let after = &step.state;
        let is_told = !after.is_hidden();
        if !(is_told && after.is_active()) {
            for one in &mut self.0 {
                one.ended.get_or_insert(at);
            }
        }
        if is_told && before.answered.owes_acknowledgement() && !after.answered.owes_acknowledgement() {
            for one in &mut self.0 {
                one.acknowledged.get_or_insert(at);
            }
        }
        let counts = step.annunciation.counts();
        let complete = |one: &Occurrence| one.ended.is_some() && (counts || one.acknowledged.is_some());
        let (done, open) = self.0.drain(..).partition(complete);
        self.0 = open;
        if counts {
            self.0.push(Occurrence {
                raised: at,
                alarm,
                operator,
                priority,
                // What is uncovered latched has returned already.
                ended: (!after.is_active()).then_some(at),
                acknowledged: None,
            });
        }
        done
    }

    /// Those that are not complete, the oldest first: figures count them beside the complete ones.
    pub fn iter(&self) -> impl Iterator<Item = &Occurrence> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::identity::ParameterId;
    use crate::quality::alarm::event::Event;
    use crate::quality::alarm::identity::Kind;
    use crate::quality::alarm::state::Suppression;
    use crate::quality::alarm::transition::{LifeRules, after};

    /// Raised, ended, acknowledged.
    type Record = (i64, Option<i64>, Option<i64>);

    /// Plays events, one a second; gives what was recorded as (raised, ended, acknowledged), in the order of raising.
    fn played(events: &[Event], latching: bool) -> (Vec<Record>, usize) {
        let rules = LifeRules::new(latching, Some(1_000_000)).unwrap();
        let id = AlarmId {
            parameter: ParameterId(1),
            kind: Kind::High,
        };
        let (mut state, mut open, mut all) = (AlarmState::NORMAL, OpenOccurrences::default(), Vec::new());
        let mut counted = 0;
        for (second, event) in (1..).zip(events) {
            let Ok(step) = after(&state, event.clone(), &rules) else {
                continue;
            };
            counted += usize::from(step.annunciation.counts());
            all.extend(open.take(&state, &step, Instant(second), (id, Operator(1), Priority::Low)));
            state = step.state;
        }
        all.extend(open.iter().copied());
        all.sort_unstable();
        let seconds = |at: Option<Instant>| at.map(|at| at.0);
        let shown = |one: &Occurrence| (one.raised.0, seconds(one.ended), seconds(one.acknowledged));
        (all.iter().map(shown).collect(), counted)
    }

    fn shelve() -> Event {
        Event::Shelve {
            now: Instant(0),
            until: Some(Instant(1_000)),
            one_shot: false,
            reason: "x".to_owned(),
        }
    }

    #[test]
    fn an_occurrence_ends_with_its_condition_or_when_it_is_hidden() {
        use Event::{Acknowledge, Raise, Realarm, Reset, Return};
        for (events, latching, wanted) in [
            (vec![Raise, Acknowledge, Return], false, vec![(1, Some(3), Some(2))]),
            (vec![Raise, Return, Acknowledge], false, vec![(1, Some(2), Some(3))]),
            (vec![Raise, Return], false, vec![(1, Some(2), None)]),
            // The second takes the acknowledgement; the first had none.
            (
                vec![Raise, Return, Raise, Acknowledge],
                false,
                vec![(1, Some(2), None), (3, None, Some(4))],
            ),
            // It asks again while it stands: both stand to the end.
            (
                vec![Raise, Acknowledge, Realarm, Acknowledge, Return],
                false,
                vec![(1, Some(5), Some(2)), (3, Some(5), Some(4))],
            ),
            (
                vec![Raise, shelve(), Event::Unshelve { acknowledge: false }],
                false,
                vec![(1, Some(2), None), (3, None, None)],
            ),
            (
                vec![Raise, shelve(), Event::Unshelve { acknowledge: true }],
                false,
                vec![(1, Some(2), Some(3))],
            ),
            // Raised and gone while it was hidden: none.
            (
                vec![shelve(), Raise, Return, Event::Unshelve { acknowledge: false }],
                false,
                vec![],
            ),
            (
                vec![Raise, Return, Acknowledge, Reset],
                true,
                vec![(1, Some(2), Some(3))],
            ),
            // Latched while it was shelved: comes into the list, and has ended already.
            (
                vec![
                    shelve(),
                    Raise,
                    Return,
                    Event::Unshelve { acknowledge: false },
                    Acknowledge,
                ],
                true,
                vec![(4, Some(4), Some(5))],
            ),
        ] {
            assert_eq!(played(&events, latching).0, wanted, "{events:?}");
        }
    }

    proptest! {
        #[test]
        fn every_annunciation_is_recorded_once(
            events in proptest::collection::vec(
                prop_oneof![
                    3 => Just(Event::Raise),
                    3 => Just(Event::Return),
                    2 => Just(Event::Acknowledge),
                    1 => Just(Event::Realarm),
                    1 => Just(Event::Reset),
                    1 => Just(shelve()),
                    1 => any::<bool>().prop_map(|acknowledge| Event::Unshelve { acknowledge }),
                    1 => Just(Event::Suppress(Suppression::Severer)),
                    1 => Just(Event::Unsuppress(Suppression::Severer)),
                ],
                0..80,
            ),
            latching in any::<bool>(),
        ) {
            let (all, counted) = played(&events, latching);
            prop_assert_eq!(all.len(), counted);
            for (raised, ended, acknowledged) in all {
                prop_assert!(ended.is_none_or(|ended| ended >= raised));
                prop_assert!(acknowledged.is_none_or(|acknowledged| acknowledged >= raised));
            }
        }
    }
}
