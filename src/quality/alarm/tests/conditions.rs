//! Conditions: tables of what is to happen, and a slow reckoning by the millisecond to agree with.

use proptest::prelude::*;

use crate::domain::reading::{Quality, Verdict};
use crate::domain::time::Instant;
use crate::quality::alarm::condition::{Change, Condition, Observation, Test, Watch, agree};
use crate::quality::alarm::identity::Kind;

const HIGH: Test = Test::Above {
    limit: 100,
    deadband: 5,
    second: false,
};
const LOW: Test = Test::Below {
    limit: 100,
    deadband: 5,
    second: false,
};

fn condition(test: Test, on: i64, off: i64, hold: i64) -> Condition {
    Condition::new(test, on, off, hold).unwrap()
}

/// Raised and returned, with begin and end of the delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Up(i64, i64),
    Down(i64, i64),
}
use Told::{Down, Up};

fn told(change: Change) -> Told {
    match change {
        Change::Raised { since, at } => Up(since.0, at.0),
        Change::Returned { since, at } => Down(since.0, at.0),
    }
}

fn run(condition: &Condition, words: &[(i64, Observation)], end: i64) -> Vec<Told> {
    let mut watch = Watch::begun(condition, Instant(0));
    let mut found = Vec::new();
    for &(at, word) in words {
        found.extend(watch.observe(condition, Instant(at), word).map(told));
    }
    found.extend(watch.pass(condition, Instant(end)).map(told));
    found
}

fn values(of: &[(i64, i64)]) -> Vec<(i64, Observation)> {
    of.iter().map(|&(at, value)| (at, Observation::Value(value))).collect()
}

#[test]
fn a_high_alarm_returns_below_its_deadband_and_a_low_one_above() {
    let high = condition(HIGH, 0, 0, 1_000);
    let words = values(&[(0, 100), (1, 101), (2, 100), (3, 96), (4, 95), (5, 100), (6, 101)]);
    assert_eq!(run(&high, &words, 7), [Up(1, 1), Down(4, 4), Up(6, 6)]);
    let low = condition(LOW, 0, 0, 1_000);
    let words = values(&[(0, 100), (1, 99), (2, 100), (3, 104), (4, 105), (5, 100), (6, 99)]);
    assert_eq!(run(&low, &words, 7), [Up(1, 1), Down(4, 4), Up(6, 6)]);
}

#[test]
fn without_a_deadband_raised_and_returned_are_opposites() {
    let test = Test::Above {
        limit: 0,
        deadband: 0,
        second: true,
    };
    let words = values(&[(1, 1), (2, 0), (3, 1), (4, -1)]);
    let found = run(&condition(test, 0, 0, 10), &words, 5);
    assert_eq!(found, [Up(1, 1), Down(2, 2), Up(3, 3), Down(4, 4)]);
    assert_eq!(test.kind(), Kind::HighHigh);
}

#[test]
fn limits_at_the_ends_of_the_numbers_do_not_overflow() {
    for (limit, deadband) in [(i64::MAX, i64::MAX), (i64::MIN, i64::MAX), (0, i64::MAX)] {
        for second in [false, true] {
            for test in [
                Test::Above {
                    limit,
                    deadband,
                    second,
                },
                Test::Below {
                    limit,
                    deadband,
                    second,
                },
            ] {
                let condition = condition(test, 0, 0, 1);
                let words = values(&[(1, i64::MAX), (2, i64::MIN), (i64::MAX, 0), (i64::MAX, i64::MAX)]);
                let _ = run(&condition, &words, i64::MAX);
            }
        }
    }
}

#[test]
fn the_on_delay_asks_for_a_breach_without_a_break() {
    let delayed = condition(HIGH, 30, 0, 1_000);
    // Raised at the delay's end, whenever that is noticed.
    assert_eq!(run(&delayed, &values(&[(10, 101)]), 500), [Up(10, 40)]);
    // In the deadband is not beyond the limit: it begins anew.
    let words = values(&[(10, 101), (20, 99), (25, 101), (45, 101)]);
    assert_eq!(run(&delayed, &words, 56), [Up(25, 55)]);
    assert_eq!(run(&delayed, &words, 55), []);
}

#[test]
fn one_stray_value_is_held_back_by_a_delay_as_long_as_the_interval() {
    let delayed = condition(HIGH, 60, 0, 1_000);
    assert_eq!(
        run(&delayed, &values(&[(0, 50), (60, 101), (120, 50), (180, 50)]), 1_000),
        []
    );
    // Two in a row are raised by the second.
    let words = values(&[(0, 50), (60, 101), (120, 101), (180, 50)]);
    assert_eq!(run(&delayed, &words, 1_000), [Up(60, 120), Down(180, 180)]);
}

#[test]
fn the_off_delay_keeps_it_in_and_the_deadband_begins_it_anew() {
    let delayed = condition(HIGH, 0, 30, 1_000);
    let words = values(&[(10, 101), (20, 95), (40, 96), (50, 95), (60, 90)]);
    assert_eq!(run(&delayed, &words, 200), [Up(10, 10), Down(50, 80)]);
    assert_eq!(run(&delayed, &words, 80), [Up(10, 10)]);
}

#[test]
fn a_gap_freezes_an_active_alarm_and_an_inactive_one() {
    let high = condition(HIGH, 0, 0, 100);
    for word in [Observation::Nothing, Observation::Marked, Observation::Impossible] {
        assert_eq!(
            run(&high, &[(1, Observation::Value(101)), (2, word)], 1_000_000),
            [Up(1, 1)]
        );
        assert_eq!(run(&high, &[(1, Observation::Value(50)), (2, word)], 1_000_000), []);
    }
}

#[test]
fn a_gap_stops_a_delay_and_the_next_value_goes_on_with_it() {
    let delayed = condition(HIGH, 30, 0, 20);
    // Out for 20 (then the value speaks no more), a gap, then out for 10 more.
    assert_eq!(run(&delayed, &values(&[(100, 101)]), 10_000), []);
    assert_eq!(
        run(&delayed, &values(&[(100, 101), (500, 101)]), 10_000),
        [Up(100, 510)]
    );
    // The same with a gap that is told.
    let told = [
        (100, Observation::Value(101)),
        (110, Observation::Marked),
        (400, Observation::Nothing),
        (500, Observation::Value(101)),
    ];
    assert_eq!(run(&delayed, &told, 10_000), [Up(100, 520)]);
    // What comes back inside begins anew.
    let inside = values(&[(100, 101), (500, 50), (510, 101), (525, 101)]);
    assert_eq!(run(&delayed, &inside, 10_000), [Up(510, 540)]);
}

#[test]
fn silence_is_an_alarm_of_its_own_from_the_last_word_on() {
    let silent = condition(Test::NoData, 60, 0, 1_000);
    // Never a word.
    assert_eq!(run(&silent, &[], 61), [Up(0, 60)]);
    assert_eq!(run(&silent, &[], 60), []);
    // Each word begins it anew, usable or not; to be told of a gap does not.
    let words = [
        (50, Observation::Value(1)),
        (100, Observation::Marked),
        (150, Observation::Nothing),
        (200, Observation::Impossible),
    ];
    assert_eq!(run(&silent, &words, 300), [Up(100, 160), Down(200, 200), Up(200, 260)]);
}

#[test]
fn what_returns_from_silence_must_go_on_speaking_for_the_off_delay() {
    let silent = condition(Test::NoData, 60, 30, 20);
    let one = [(100, Observation::Value(1))];
    assert_eq!(run(&silent, &one, 10_000), [Up(0, 60)]);
    let more = [
        (100, Observation::Value(1)),
        (115, Observation::Value(1)),
        (125, Observation::Value(1)),
    ];
    // And then it is silent again, both noticed late.
    assert_eq!(run(&silent, &more, 10_000), [Up(0, 60), Down(100, 130), Up(125, 185)]);
}

#[test]
fn what_is_marked_bad_is_an_alarm_until_the_source_says_otherwise() {
    let marked = condition(Test::MarkedBad, 10, 0, 1_000);
    let words = [
        (0, Observation::Marked),
        (5, Observation::Nothing),
        (50, Observation::Marked),
        (60, Observation::Impossible),
        (70, Observation::Value(1)),
    ];
    assert_eq!(run(&marked, &words, 100), [Up(0, 55), Down(70, 70)]);
}

#[test]
fn late_words_are_left_to_others_and_a_word_for_the_same_instant_takes_the_place() {
    let high = condition(HIGH, 0, 0, 1_000);
    assert_eq!(run(&high, &values(&[(100, 50), (99, 101)]), 200), []);
    assert_eq!(
        run(&high, &values(&[(100, 101), (100, 50)]), 200),
        [Up(100, 100), Down(100, 100)]
    );
    // Announced by time that passed; a word that comes belatedly for before cannot return it in the past.
    let delayed = condition(HIGH, 30, 0, 1_000);
    let mut watch = Watch::begun(&delayed, Instant(0));
    assert_eq!(watch.observe(&delayed, Instant(10), Observation::Value(101)).count(), 0);
    assert_eq!(watch.due(&delayed), Some(Instant(41)));
    assert_eq!(
        watch.pass(&delayed, Instant(41)).map(told).collect::<Vec<_>>(),
        [Up(10, 40)]
    );
    let found: Vec<_> = watch
        .observe(&delayed, Instant(35), Observation::Value(1))
        .map(told)
        .collect();
    assert_eq!(found, [Down(40, 40)]);
    assert_eq!(watch.worst(), Some(101));
}

#[test]
fn the_farthest_value_is_kept() {
    let low = condition(LOW, 10, 0, 1_000);
    let mut watch = Watch::begun(&low, Instant(0));
    for (at, value) in [(1, 90), (2, 80), (3, 85), (20, 99), (30, 200), (40, 98)] {
        let _ = watch.observe(&low, Instant(at), Observation::Value(value));
        let wanted = [(1, 90), (2, 80), (3, 80), (20, 80), (30, 80), (40, 98)];
        assert_eq!(
            watch.worst(),
            wanted.iter().find(|(known, _)| *known == at).map(|(_, worst)| *worst)
        );
    }
}

#[test]
fn readings_become_observations_by_what_was_said_of_them() {
    let of = |quality, verdict| Observation::of_reading(7, quality, verdict);
    assert_eq!(of(Quality::Good, Verdict::Counts), Observation::Value(7));
    assert_eq!(of(Quality::Uncertain, Verdict::Counts), Observation::Value(7));
    assert_eq!(of(Quality::Good, Verdict::OutOfRange), Observation::Impossible);
    assert_eq!(of(Quality::Bad, Verdict::MarkedBad), Observation::Marked);
    assert_eq!(of(Quality::Bad, Verdict::OutOfRange), Observation::Marked);
    assert_eq!(Observation::from(None), Observation::Nothing);
}

#[test]
fn conditions_that_contradict_themselves_or_each_other_are_refused() {
    assert!(Condition::new(HIGH, -1, 0, 1).is_err());
    assert!(Condition::new(HIGH, 0, -1, 1).is_err());
    assert!(Condition::new(HIGH, 0, 0, 0).is_err());
    assert!(Condition::new(Test::NoData, 0, 0, 1).is_err());
    let at = |above: bool, limit, deadband, second| {
        let test = if above {
            Test::Above {
                limit,
                deadband,
                second,
            }
        } else {
            Test::Below {
                limit,
                deadband,
                second,
            }
        };
        condition(test, 0, 0, 1)
    };
    let good = [
        at(false, 10, 2, true),
        at(false, 20, 2, false),
        at(true, 80, 2, false),
        at(true, 90, 2, true),
        condition(Test::NoData, 1, 0, 1),
    ];
    assert_eq!(agree(&good), Ok(()));
    assert!(agree(&[at(true, 80, 0, false), at(true, 80, 0, true)]).is_err());
    assert!(agree(&[at(false, 20, 0, false), at(false, 20, 0, true)]).is_err());
    assert!(agree(&[at(false, 80, 0, false), at(true, 80, 0, false)]).is_err());
    assert!(agree(&[at(false, 20, 0, false), at(true, 80, 60, false)]).is_err());
    assert!(agree(&[at(false, 20, 60, false), at(true, 80, 0, false)]).is_err());
    assert!(agree(&[at(false, 20, 0, false), at(true, 80, 59, false)]).is_ok());
}

fn any_test() -> impl Strategy<Value = Test> {
    prop_oneof![
        (0_i64..4).prop_map(|deadband| Test::Above {
            limit: 5,
            deadband,
            second: false
        }),
        (0_i64..4).prop_map(|deadband| Test::Below {
            limit: 5,
            deadband,
            second: false
        }),
        Just(Test::MarkedBad),
        Just(Test::NoData),
    ]
}

fn any_word() -> impl Strategy<Value = Observation> {
    prop_oneof![
        8 => (0_i64..11).prop_map(Observation::Value),
        1 => Just(Observation::Marked),
        1 => Just(Observation::Impossible),
        1 => Just(Observation::Nothing),
    ]
}

/// What a word says to the change that would come next: for it, against it, or nothing.
fn says(test: Test, active: bool, word: Observation) -> Option<bool> {
    match (test, word) {
        (Test::Above { limit, deadband, .. }, Observation::Value(value)) => Some(if active {
            value <= limit - deadband
        } else {
            value > limit
        }),
        (Test::Below { limit, deadband, .. }, Observation::Value(value)) => Some(if active {
            value >= limit + deadband
        } else {
            value < limit
        }),
        (Test::MarkedBad, Observation::Marked) => Some(!active),
        (Test::MarkedBad, Observation::Value(_)) => Some(active),
        _ => None,
    }
}

/// The definition by the millisecond. A delay counts each that has passed under a word for the change which still spoke;
/// words that say nothing stop it, words against it take it back.
fn by_the_millisecond(condition: &Condition, words: &[(i64, Observation)], end: i64) -> Vec<Told> {
    let (mut active, mut since, mut counted) = (false, 0, None::<i64>);
    // Since when the word in force has been for the change.
    let mut turning: Option<i64> = None;
    let mut found = Vec::new();
    for now in 0..end {
        if let (Some(at), Some(counted)) = (turning, &mut counted)
            && now > at
            && now - at <= condition.hold_ms()
        {
            *counted += 1;
        }
        if let Some(&(_, word)) = words.iter().find(|(at, _)| *at == now) {
            turning = None;
            match says(condition.test(), active, word) {
                Some(true) => {
                    turning = Some(now);
                    if counted.is_none() {
                        (since, counted) = (now, Some(0));
                    }
                }
                Some(false) => counted = None,
                None => {}
            }
        }
        let delay = if active {
            condition.off_delay_ms()
        } else {
            condition.on_delay_ms()
        };
        if turning.is_some() && counted.is_some_and(|counted| counted >= delay) {
            active = !active;
            found.push(if active { Up(since, now) } else { Down(since, now) });
            (turning, counted) = (None, None);
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Looking more often changes nothing: not what is found, not its times, not its order.
    #[test]
    fn how_often_somebody_looks_does_not_matter(
        test in any_test(),
        (on, off, hold) in (0_i64..40, 0_i64..40, 1_i64..40),
        words in proptest::collection::vec((0_i64..20, any_word()), 0..40),
        looks in proptest::collection::vec(0_i64..900, 0..60),
    ) {
        let condition = condition(test, on.max(1), off, hold);
        let mut at = 0;
        let words: Vec<_> = words.into_iter().map(|(pause, word)| { at += pause; (at, word) }).collect();
        let wanted = run(&condition, &words, 1_000);

        let mut watch = Watch::begun(&condition, Instant(0));
        let mut found = Vec::new();
        let mut looks = looks;
        looks.sort_unstable();
        let mut looks = looks.into_iter().peekable();
        for &(at, word) in &words {
            while let Some(look) = looks.next_if(|&look| look <= at) {
                found.extend(watch.pass(&condition, Instant(look)).map(told));
            }
            found.extend(watch.observe(&condition, Instant(at), word).map(told));
        }
        // And by being called when it asks to be.
        while let Some(due) = watch.due(&condition).filter(|&due| due <= Instant(1_000)) {
            let before = found.len();
            found.extend(watch.pass(&condition, due).map(told));
            prop_assert!(found.len() > before, "called for nothing at {due:?}");
        }
        prop_assert_eq!(&found, &wanted);
        // Raised and returned take turns, in the order of time, and no begin is after its end.
        for (place, one) in wanted.iter().enumerate() {
            let (Up(since, at) | Down(since, at)) = *one;
            prop_assert_eq!(matches!(one, Up(..)), place % 2 == 0);
            prop_assert!(since <= at);
            prop_assert!(place == 0 || matches!(wanted[place - 1], Up(_, before) | Down(_, before) if before <= at));
        }
        // It can be kept and read again.
        let bytes = rmp_serde::to_vec_named(&watch).unwrap();
        prop_assert!(bytes.len() < 120);
        prop_assert_eq!(rmp_serde::from_slice::<Watch>(&bytes).unwrap(), watch);
    }

    /// A limit alarm is never returned by anything but a usable value, nor raised by anything else.
    #[test]
    fn what_says_nothing_changes_nothing(
        words in proptest::collection::vec((1_i64..20, any_word()), 0..40),
    ) {
        let condition = condition(HIGH, 0, 0, 10);
        let mut watch = Watch::begun(&condition, Instant(0));
        let mut at = 0;
        for (pause, word) in words {
            at += pause;
            prop_assert_eq!(watch.pass(&condition, Instant(at)).count(), 0);
            let changes = watch.observe(&condition, Instant(at), word).count();
            prop_assert!(changes == 0 || matches!(word, Observation::Value(_)));
        }
    }

    #[test]
    fn delays_agree_with_counting_milliseconds(
        test in any_test().prop_filter("of words", |test| *test != Test::NoData),
        (on, off, hold) in (0_i64..25, 0_i64..25, 1_i64..25),
        words in proptest::collection::vec((1_i64..12, any_word()), 0..30),
    ) {
        let condition = condition(test, on, off, hold);
        let mut at = 0;
        let words: Vec<_> = words.into_iter().map(|(pause, word)| { at += pause; (at, word) }).collect();
        prop_assert_eq!(run(&condition, &words, 600), by_the_millisecond(&condition, &words, 600));
    }
}
