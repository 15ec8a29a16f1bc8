//! The life cycle: every state with every event, against a table written out by hand.

use crate::domain::time::Instant;
use crate::quality::alarm::event::Event;
use crate::quality::alarm::refusal::Refusal;
use crate::quality::alarm::state::{
    AlarmState, Annunciation, Answered, Label, List, Mark, OutOfService, Shelf, Suppression, Suppressions,
};
use crate::quality::alarm::transition::{LifeRules, after};

const NOW: Instant = Instant(1_767_225_600_000);
const HOUR_MS: i64 = 3_600_000;

fn rules(latching: bool) -> LifeRules {
    LifeRules::new(latching, Some(8 * HOUR_MS)).unwrap()
}

/// By what an alarm is hidden.
#[expect(clippy::struct_excessive_bools, reason = "in any combination")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hidden {
    shelf: bool,
    one_shot: bool,
    suppressed: bool,
    out: bool,
}

impl Hidden {
    const NOT: Self = Self {
        shelf: false,
        one_shot: false,
        suppressed: false,
        out: false,
    };

    fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for (shelf, one_shot) in [(false, false), (true, false), (true, true)] {
            for suppressed in [false, true] {
                for out in [false, true] {
                    all.push(Self {
                        shelf,
                        one_shot,
                        suppressed,
                        out,
                    });
                }
            }
        }
        all
    }

    fn hides(self) -> bool {
        self.shelf || self.suppressed || self.out
    }

    fn label(self, answered: Answered) -> Label {
        match (self.out, self.suppressed, self.shelf) {
            (true, ..) => Label::OutOfService,
            (_, true, _) => Label::Suppressed,
            (_, _, true) => Label::Shelved,
            _ => shown(answered),
        }
    }
}

fn shown(answered: Answered) -> Label {
    match answered {
        Answered::Normal => Label::Normal,
        Answered::Unacknowledged | Answered::Unannounced => Label::Unacknowledged,
        Answered::Acknowledged => Label::Acknowledged,
        Answered::ReturnedUnacknowledged => Label::ReturnedUnacknowledged,
        Answered::LatchedUnacknowledged => Label::LatchedUnacknowledged,
        Answered::LatchedAcknowledged => Label::LatchedAcknowledged,
    }
}

fn state(answered: Answered, hidden: Hidden) -> AlarmState {
    AlarmState {
        answered,
        shelf: hidden.shelf.then(|| Shelf {
            since: NOW,
            until: NOW.plus(HOUR_MS),
            one_shot: hidden.one_shot,
            reason: "sensor is being cleaned".to_owned(),
        }),
        suppressions: if hidden.suppressed {
            Suppressions::NONE.with(Suppression::EquipmentStopped)
        } else {
            Suppressions::NONE
        },
        out_of_service: hidden.out.then(|| OutOfService {
            since: NOW,
            reason: "work permit 17".to_owned(),
        }),
    }
}

/// The letters of the tables.
fn letter(answered: Answered) -> &'static str {
    match answered {
        Answered::Normal => "A",
        Answered::Unacknowledged => "B",
        Answered::Acknowledged => "C",
        Answered::ReturnedUnacknowledged => "D",
        Answered::LatchedUnacknowledged => "LB",
        Answered::LatchedAcknowledged => "LC",
        Answered::Unannounced => "U",
    }
}

/// What is announced, as a mark after the letter: nothing, `!` new, `!!` again, `+` uncovered, `.` returned.
fn mark(annunciation: Annunciation) -> &'static str {
    match annunciation {
        Annunciation::Nothing => "",
        Annunciation::Alarm => "!",
        Annunciation::Again => "!!",
        Annunciation::Uncovered => "+",
        Annunciation::Returned => ".",
    }
}

fn refused(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::AlreadyActive => "active",
        Refusal::NotActive => "inactive",
        Refusal::Hidden(_) => "hidden",
        Refusal::NothingToAcknowledge(_) => "no-ack",
        Refusal::NothingToRepeat(_) => "no-repeat",
        Refusal::ResetWhileActive => "still",
        Refusal::ResetBeforeAcknowledged => "ack-first",
        Refusal::NothingToReset(_) => "no-reset",
        Refusal::AlreadyShelved { .. } => "on-shelf",
        Refusal::NotShelved => "off-shelf",
        Refusal::ShelfNotOver { .. } => "early",
        Refusal::AlreadySuppressed(_) => "suppressed",
        Refusal::NotSuppressed(_) => "unsuppressed",
        Refusal::AlreadyOutOfService { .. } => "out",
        Refusal::NotOutOfService => "in",
        other => panic!("{other}"),
    }
}

fn named(name: &str) -> Event {
    match name {
        "raise" => Event::Raise,
        "return" => Event::Return,
        "again" => Event::Realarm,
        "ack" => Event::Acknowledge,
        "reset" => Event::Reset,
        "shelve" => Event::Shelve {
            now: NOW,
            until: Some(NOW.plus(HOUR_MS)),
            one_shot: false,
            reason: "sensor is being cleaned".to_owned(),
        },
        "unshelve" => Event::Unshelve { acknowledge: false },
        "unshelve-ack" => Event::Unshelve { acknowledge: true },
        "early" => Event::ShelfEnds {
            now: NOW.plus(HOUR_MS - 1),
        },
        "over" => Event::ShelfEnds { now: NOW.plus(HOUR_MS) },
        "suppress" => Event::Suppress(Suppression::EquipmentStopped),
        "unsuppress" => Event::Unsuppress(Suppression::EquipmentStopped),
        "remove" => Event::RemoveFromService {
            now: NOW,
            reason: "work permit 17".to_owned(),
        },
        "service" => Event::ReturnToService,
        other => panic!("{other}"),
    }
}

const ANSWERED: [Answered; 7] = [
    Answered::Normal,
    Answered::Unacknowledged,
    Answered::Acknowledged,
    Answered::ReturnedUnacknowledged,
    Answered::LatchedUnacknowledged,
    Answered::LatchedAcknowledged,
    Answered::Unannounced,
];

/// Process and people, of an alarm that is shown. Columns: the seven of `ANSWERED`; the last never comes about.
const SHOWN: &[(&str, bool, [&str; 7])] = &[
    ("raise", false, ["B!", "active", "active", "B!", "B!", "B!", "active"]),
    ("raise", true, ["B!", "active", "active", "B!", "B!", "B!", "active"]),
    (
        "return",
        false,
        ["inactive", "D.", "A", "inactive", "inactive", "inactive", "A"],
    ),
    (
        "return",
        true,
        ["inactive", "LB.", "LC", "inactive", "inactive", "inactive", "LB."],
    ),
    (
        "again",
        false,
        [
            "no-repeat",
            "no-repeat",
            "B!!",
            "no-repeat",
            "no-repeat",
            "no-repeat",
            "no-repeat",
        ],
    ),
    (
        "again",
        true,
        [
            "no-repeat",
            "no-repeat",
            "B!!",
            "no-repeat",
            "no-repeat",
            "no-repeat",
            "no-repeat",
        ],
    ),
    ("ack", false, ["no-ack", "C", "no-ack", "A", "LC", "no-ack", "C"]),
    ("ack", true, ["no-ack", "C", "no-ack", "A", "LC", "no-ack", "C"]),
    (
        "reset",
        false,
        ["no-reset", "still", "still", "no-reset", "ack-first", "A", "still"],
    ),
    (
        "reset",
        true,
        ["no-reset", "still", "still", "no-reset", "ack-first", "A", "still"],
    ),
];

/// The same while it is hidden, for what reason so ever; returning apart.
const HIDDEN: &[(&str, [&str; 7])] = &[
    ("raise", ["U", "active", "active", "B", "B", "B", "active"]),
    ("again", ["hidden"; 7]),
    ("ack", ["hidden"; 7]),
    ("reset", ["hidden"; 7]),
];

/// Returning while it is hidden: on a shelf alone, and where it is suppressed or out of service as well.
const RETURNS: &[(bool, bool, [&str; 7])] = &[
    (
        false,
        false,
        ["inactive", "D", "A", "inactive", "inactive", "inactive", "A"],
    ),
    (
        true,
        false,
        ["inactive", "LB", "LC", "inactive", "inactive", "inactive", "LB"],
    ),
    (
        false,
        true,
        ["inactive", "D", "A", "inactive", "inactive", "inactive", "A"],
    ),
    (
        true,
        true,
        ["inactive", "LB", "LC", "inactive", "inactive", "inactive", "A"],
    ),
];

/// Returning ends a one-shot shelf, where nothing else hides it: with what is then announced.
const ONE_SHOT: &[(bool, [&str; 7])] = &[
    (false, ["inactive", "D.", "A", "inactive", "inactive", "inactive", "A"]),
    (
        true,
        ["inactive", "LB+", "LC", "inactive", "inactive", "inactive", "LB+"],
    ),
];

/// Coming back, when the last that hid it goes.
const BACK: &[(&str, [&str; 7])] = &[
    ("unshelve", ["A", "B+", "C", "D.", "LB+", "LC", "B+"]),
    ("unshelve-ack", ["A", "C", "C", "A", "LC", "LC", "C"]),
    ("over", ["A", "B+", "B+", "D.", "LB+", "LC", "B+"]),
    ("unsuppress", ["A", "B+", "B+", "D.", "LB+", "LC", "B+"]),
    ("service", ["A", "B+", "B+", "D.", "LB+", "LC", "B+"]),
];

/// What the tables say of a state and an event: a refusal, or letter and mark, and by what it is hidden then.
fn wanted(place: usize, hidden: Hidden, event: &str, latching: bool) -> (String, Hidden) {
    let same = letter(ANSWERED[place]).to_owned();
    let refusal = |name: &str| (name.to_owned(), hidden);
    let cell = |cells: [&str; 7]| (cells[place].to_owned(), hidden);
    let back = |left: Hidden| {
        if left.hides() {
            return (same.clone(), left);
        }
        let row = BACK.iter().find(|(name, _)| *name == event).unwrap();
        (row.1[place].to_owned(), left)
    };
    match event {
        "shelve" if hidden.shelf => refusal("on-shelf"),
        "shelve" => (same, Hidden { shelf: true, ..hidden }),
        "unshelve" | "unshelve-ack" | "over" | "early" if !hidden.shelf => refusal("off-shelf"),
        "early" => refusal("early"),
        "unshelve" | "unshelve-ack" | "over" => back(Hidden {
            shelf: false,
            one_shot: false,
            ..hidden
        }),
        "suppress" if hidden.suppressed => refusal("suppressed"),
        "suppress" => (
            same,
            Hidden {
                suppressed: true,
                ..hidden
            },
        ),
        "unsuppress" if !hidden.suppressed => refusal("unsuppressed"),
        "unsuppress" => back(Hidden {
            suppressed: false,
            ..hidden
        }),
        "remove" if hidden.out => refusal("out"),
        "remove" => (same, Hidden { out: true, ..hidden }),
        "service" if !hidden.out => refusal("in"),
        "service" => back(Hidden { out: false, ..hidden }),
        _ if !hidden.hides() => cell(
            SHOWN
                .iter()
                .find(|(name, latches, _)| *name == event && *latches == latching)
                .unwrap()
                .2,
        ),
        "return" if hidden.one_shot && !hidden.suppressed && !hidden.out => {
            let row = ONE_SHOT.iter().find(|(latches, _)| *latches == latching).unwrap();
            let (found, _) = cell(row.1);
            let left = if found == "inactive" { hidden } else { Hidden::NOT };
            (found, left)
        }
        "return" => {
            let beyond = hidden.suppressed || hidden.out;
            let row = RETURNS.iter().find(|row| (row.0, row.1) == (latching, beyond)).unwrap();
            let (found, _) = cell(row.2);
            let left = Hidden {
                shelf: false,
                one_shot: false,
                ..hidden
            };
            let left = if hidden.one_shot && found != "inactive" {
                left
            } else {
                hidden
            };
            (found, left)
        }
        _ => cell(HIDDEN.iter().find(|(name, _)| *name == event).unwrap().1),
    }
}

const EVENTS: [&str; 14] = [
    "raise",
    "return",
    "again",
    "ack",
    "reset",
    "shelve",
    "unshelve",
    "unshelve-ack",
    "early",
    "over",
    "suppress",
    "unsuppress",
    "remove",
    "service",
];

#[test]
fn every_state_with_every_event_does_what_the_table_says() {
    let mut checked = 0;
    for (place, &answered) in ANSWERED.iter().enumerate() {
        for hidden in Hidden::all() {
            for latching in [false, true] {
                for event in EVENTS {
                    let before = state(answered, hidden);
                    let at = format!("{answered:?} {hidden:?} latching {latching}: {event}");
                    let (says, left) = wanted(place, hidden, event, latching);
                    match after(&before, named(event), &rules(latching)) {
                        Ok(step) => {
                            let found = format!("{}{}", letter(step.state.answered), mark(step.annunciation));
                            assert_eq!(found, says, "{at}");
                            assert_eq!(step.state, state(step.state.answered, left), "{at}");
                            assert_eq!(step.state.label(), left.label(step.state.answered), "{at}");
                        }
                        Err(refusal) => assert_eq!(refused(&refusal), says, "{at}"),
                    }
                    checked += 1;
                }
            }
        }
    }
    assert_eq!(checked, 7 * 12 * 2 * 14);
}

#[test]
fn the_states_of_the_standard_are_heard_and_seen_as_it_says() {
    for (label, audible, mark, list) in [
        (Label::Normal, false, Mark::None, List::None),
        (Label::Unacknowledged, true, Mark::Blinking, List::Active),
        (Label::Acknowledged, false, Mark::Steady, List::Active),
        (Label::ReturnedUnacknowledged, false, Mark::Blinking, List::Active),
        (Label::LatchedUnacknowledged, true, Mark::Blinking, List::Active),
        (Label::LatchedAcknowledged, false, Mark::Steady, List::Active),
        (Label::Shelved, false, Mark::None, List::Shelved),
        (Label::Suppressed, false, Mark::None, List::Suppressed),
        (Label::OutOfService, false, Mark::None, List::OutOfService),
    ] {
        let found = label.indication();
        assert_eq!(
            (found.audible, found.mark, found.list),
            (audible, mark, list),
            "{label:?}"
        );
        assert_eq!(label.is_hidden(), !matches!(list, List::None | List::Active));
    }
}

#[test]
fn of_two_suppressions_the_last_to_go_brings_it_back() {
    let standing = AlarmState {
        answered: Answered::Unannounced,
        suppressions: Suppressions::NONE
            .with(Suppression::EquipmentStopped)
            .with(Suppression::Severer),
        ..AlarmState::NORMAL
    };
    let one = after(
        &standing,
        Event::Unsuppress(Suppression::EquipmentStopped),
        &rules(false),
    )
    .unwrap();
    assert_eq!(
        (one.state.label(), one.annunciation),
        (Label::Suppressed, Annunciation::Nothing)
    );
    assert_eq!(
        one.state.suppressions.iter().collect::<Vec<_>>(),
        [Suppression::Severer]
    );
    let none = after(&one.state, Event::Unsuppress(Suppression::Severer), &rules(false)).unwrap();
    assert_eq!(
        (none.state.label(), none.annunciation),
        (Label::Unacknowledged, Annunciation::Uncovered)
    );
}

#[test]
fn a_state_is_kept_and_read_again_in_few_bytes() {
    for answered in Answered::ALL {
        for hidden in Hidden::all() {
            let state = state(answered, hidden);
            let bytes = rmp_serde::to_vec_named(&state).unwrap();
            assert_eq!(rmp_serde::from_slice::<AlarmState>(&bytes).unwrap(), state);
        }
    }
    assert!(rmp_serde::to_vec_named(&AlarmState::NORMAL).unwrap().len() < 24);
    // A reason that nobody knows would hide it for ever.
    assert!(rmp_serde::from_slice::<Suppressions>(&[0xcc, 0x80]).unwrap().is_empty());
}
