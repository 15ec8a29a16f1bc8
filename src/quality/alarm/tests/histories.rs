//! What holds for any history of an alarm.

use proptest::prelude::*;

use crate::domain::time::Instant;
use crate::quality::alarm::event::Event;
use crate::quality::alarm::refusal::Refusal;
use crate::quality::alarm::state::{AlarmState, Annunciation, Answered, Label, Suppression};
use crate::quality::alarm::transition::{LifeRules, after};

const NOW: Instant = Instant(1_767_225_600_000);
const HOUR_MS: i64 = 3_600_000;

fn rules(latching: bool) -> LifeRules {
    LifeRules::new(latching, Some(8 * HOUR_MS)).unwrap()
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => Just(Event::Raise),
        6 => Just(Event::Return),
        1 => Just(Event::Realarm),
        4 => Just(Event::Acknowledge),
        2 => Just(Event::Reset),
        3 => (0_i64..10, any::<bool>()).prop_map(|(hours, one_shot)| Event::Shelve {
            now: NOW,
            until: Some(NOW.plus(hours * HOUR_MS)),
            one_shot,
            reason: "x".to_owned(),
        }),
        2 => any::<bool>().prop_map(|acknowledge| Event::Unshelve { acknowledge }),
        2 => (0_i64..10).prop_map(|hours| Event::ShelfEnds { now: NOW.plus(hours * HOUR_MS) }),
        2 => (0_usize..3).prop_map(|one| Event::Suppress(Suppression::ALL[one])),
        3 => (0_usize..3).prop_map(|one| Event::Unsuppress(Suppression::ALL[one])),
        1 => Just(Event::RemoveFromService { now: NOW, reason: "x".to_owned() }),
        2 => Just(Event::ReturnToService),
    ]
}

/// Takes away all that hides it.
fn uncover(mut state: AlarmState, rules: &LifeRules) -> (AlarmState, Annunciation) {
    let mut last = Annunciation::Nothing;
    let mut events = vec![Event::ShelfEnds { now: Instant(i64::MAX) }, Event::ReturnToService];
    events.extend(Suppression::ALL.map(Event::Unsuppress));
    for event in events {
        if let Ok(step) = after(&state, event, rules) {
            state = step.state;
            last = last.max(step.annunciation);
        }
    }
    (state, last)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// The state always says what the process does, whatever hides it: hiding loses no condition.
    #[test]
    fn the_condition_is_followed_through_everything(
        events in proptest::collection::vec(any_event(), 0..60),
        latching in any::<bool>(),
    ) {
        let rules = rules(latching);
        let mut state = AlarmState::NORMAL;
        let mut active = false;
        for event in events {
            let given = event.clone();
            match after(&state, event, &rules) {
                Ok(step) => {
                    active = match given {
                        Event::Raise => true,
                        Event::Return => false,
                        _ => active,
                    };
                    state = step.state;
                }
                Err(refusal) => prop_assert_eq!(
                    (given == Event::Raise, given == Event::Return),
                    (refusal == Refusal::AlreadyActive, refusal == Refusal::NotActive)
                ),
            }
            prop_assert_eq!(state.is_active(), active);
            // Nothing that is shown is unannounced.
            prop_assert!(state.is_hidden() || state.answered != Answered::Unannounced);
        }
    }

    /// Only an acknowledgement takes away that one is owed, but for what nobody was ever told of.
    #[test]
    fn nothing_becomes_acknowledged_by_itself(
        events in proptest::collection::vec(any_event(), 0..60),
        latching in any::<bool>(),
    ) {
        let rules = rules(latching);
        let mut state = AlarmState::NORMAL;
        for event in events {
            let says = matches!(event, Event::Acknowledge | Event::Unshelve { acknowledge: true });
            let Ok(step) = after(&state, event, &rules) else { continue };
            if state.answered.owes_acknowledgement() && !step.state.answered.owes_acknowledgement() {
                let untold = state.answered == Answered::Unannounced && step.state.answered == Answered::Normal;
                prop_assert!(says || untold, "{state:?} {step:?}");
            }
            state = step.state;
        }
    }

    /// An alarm that was announced, or that still stands, is seen once nothing hides it any more; it is owed an
    /// acknowledgement, unless somebody has given it, and it sounds if it stands.
    #[test]
    fn no_alarm_is_lost(
        events in proptest::collection::vec(any_event(), 0..60),
        latching in any::<bool>(),
    ) {
        let rules = rules(latching);
        let mut state = AlarmState::NORMAL;
        // Announced since somebody last answered for it.
        let mut owed = false;
        for event in events {
            let says = matches!(event, Event::Acknowledge | Event::Unshelve { acknowledge: true });
            let Ok(step) = after(&state, event, &rules) else { continue };
            let answered = says && !step.state.is_hidden();
            owed = (owed && !answered) || step.annunciation.counts();
            let hidden = step.state.is_hidden();
            let (shown, last) = uncover(step.state.clone(), &rules);
            prop_assert!(!shown.is_hidden());
            if owed {
                prop_assert!(shown.answered.owes_acknowledgement(), "{shown:?}");
            }
            if hidden && shown.is_active() {
                prop_assert_eq!(shown.label(), Label::Unacknowledged);
                prop_assert_eq!(last, Annunciation::Uncovered);
            }
            state = step.state;
        }
    }

    /// While it is hidden nothing is announced; what it announces is what it then shows.
    #[test]
    fn what_is_hidden_is_silent(
        events in proptest::collection::vec(any_event(), 0..60),
        latching in any::<bool>(),
    ) {
        let rules = rules(latching);
        let mut state = AlarmState::NORMAL;
        for event in events {
            let Ok(step) = after(&state, event, &rules) else { continue };
            if step.state.is_hidden() {
                prop_assert_eq!(step.annunciation, Annunciation::Nothing);
            }
            if step.annunciation.counts() {
                prop_assert!(step.state.label().indication().audible);
            }
            let bounded = step.state.shelf.as_ref().is_none_or(|shelf| {
                shelf.until > shelf.since && shelf.until.since(shelf.since) <= 8 * HOUR_MS && !shelf.reason.is_empty()
            });
            prop_assert!(bounded);
            state = step.state;
        }
    }

    /// What latches stays until it is acknowledged and reset.
    #[test]
    fn a_latched_alarm_goes_by_its_reset_alone(events in proptest::collection::vec(any_event(), 0..60)) {
        let rules = rules(true);
        let mut state = AlarmState::NORMAL;
        let mut latched = false;
        for event in events {
            let reset = event == Event::Reset;
            let Ok(step) = after(&state, event, &rules) else { continue };
            latched = (latched || step.annunciation.counts()) && !reset;
            prop_assert!(!(latched && step.state.answered == Answered::Normal), "{state:?} {step:?}");
            state = step.state;
        }
    }
}
