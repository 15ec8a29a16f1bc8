//! Alarm figures against counts made by hand, and what holds for any list.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::domain::identity::ParameterId;
use crate::domain::time::Instant;
use crate::quality::alarm::chatter::ChatterSettings;
use crate::quality::alarm::figures::{Figures, INTERVAL_MS, Scope, figures};
use crate::quality::alarm::flood::FloodSettings;
use crate::quality::alarm::identity::{AlarmId, Kind, Operator};
use crate::quality::alarm::occurrence::Occurrence;
use crate::quality::alarm::priority::Priority;
use crate::quality::alarm::ratio::Ratio;
use crate::quality::alarm::target::{Indicator, Standing, is_long_enough, judge};

const START: Instant = Instant(1_767_225_600_000);
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// An occurrence: milliseconds after the start, parameter, operator, and for how long it stood.
fn occurrence(raised: i64, parameter: u32, operator: u32, length: Option<i64>) -> Occurrence {
    Occurrence {
        raised: START.plus(raised),
        alarm: AlarmId {
            parameter: ParameterId(parameter),
            kind: Kind::High,
        },
        operator: Operator(operator),
        priority: Priority::Low,
        ended: length.map(|length| START.plus(raised + length)),
        acknowledged: None,
    }
}

fn scope(length: i64, operators: &[u32]) -> Scope {
    Scope {
        from: START,
        to: START.plus(length),
        operators: operators.iter().copied().map(Operator).collect(),
        flood: FloodSettings::STANDARD,
        chatter: ChatterSettings::STANDARD,
    }
}

fn value(figures: &Figures, indicator: Indicator) -> Ratio {
    indicator.of(figures)
}

#[test]
fn nothing_is_nothing_and_divides_by_nothing() {
    for scope in [scope(DAY_MS, &[]), scope(DAY_MS, &[1]), scope(0, &[1]), scope(-5, &[1])] {
        let found = figures(&[], &scope);
        assert_eq!((found.alarms, found.peak, found.standing.most), (0, None, 0));
        assert!(found.floods.is_empty() && found.most_frequent.is_empty());
        for judged in judge(&found) {
            assert_ne!(judged.standing, Standing::Missed, "{judged:?}");
        }
    }
    let found = figures(&[], &scope(DAY_MS, &[1]));
    assert_eq!(found.average.rounded(2).unwrap().to_string(), "0.00");
    assert_eq!(found.most_frequent_share.percent(1), None);
}

#[test]
fn a_shift_of_two_operators_counted_by_hand() {
    // Eight hours, operators 1, 2 and 3, of whom the third has a quiet shift: 48 intervals each, 144 together.
    let mut all = Vec::new();
    // Operator 1: a burst of fifteen within five minutes, from 1:00 on, of parameters 1 to 15, each for a minute.
    for n in 0..15 {
        all.push(occurrence(
            HOUR_MS + n * 20_000,
            u32::try_from(n).unwrap() + 1,
            1,
            Some(MINUTE_MS),
        ));
    }
    // Operator 2: one alarm that chatters, four times in 45 s, at 3:00, and once fleeting, at 5:00.
    for n in 0..4 {
        all.push(occurrence(3 * HOUR_MS + n * 15_000, 50, 2, Some(5_000)));
    }
    all.push(occurrence(5 * HOUR_MS, 51, 2, Some(4_000)));
    // Operator 2: one that stands since two days before the shift, and one since a minute before, that returns at 2:00.
    all.push(occurrence(-2 * DAY_MS, 60, 2, None));
    all.push(occurrence(-MINUTE_MS, 61, 2, Some(2 * HOUR_MS + MINUTE_MS)));
    // After the end: not counted.
    all.push(occurrence(8 * HOUR_MS, 62, 2, None));
    all[0].acknowledged = Some(START.plus(HOUR_MS + 30_000));
    all[1].acknowledged = Some(START.plus(HOUR_MS + 80_000));
    all[1].priority = Priority::Critical;
    all[2].priority = Priority::High;

    let found = figures(&all, &scope(8 * HOUR_MS, &[1, 2, 3]));
    assert_eq!((found.operators, found.alarms), (3, 20));
    // 20 alarms in 144 operator intervals.
    assert_eq!(found.average.rounded(4).unwrap().to_string(), "0.1389");
    let peak = found.peak.unwrap();
    assert_eq!(
        (peak.alarms, peak.from, peak.operator),
        (15, START.plus(HOUR_MS), Operator(1))
    );
    assert_eq!(found.over_peak, Ratio::new(1, 144));
    // Declared by the eleventh at 1:03:20; below five when the eleventh of fifteen has left, ten minutes after it.
    let [(operator, flood)] = found.floods.as_slice() else {
        panic!("{:?}", found.floods)
    };
    assert_eq!((*operator, flood.alarms, flood.peak), (Operator(1), 15, 15));
    assert_eq!(flood.first, START.plus(HOUR_MS));
    assert_eq!(flood.declared, START.plus(HOUR_MS + 200_000));
    assert_eq!(flood.ended, Some(START.plus(HOUR_MS + 200_000 + 600_000)));
    assert_eq!(found.in_flood, Ratio::new(600_000, 3 * 8 * 3_600_000));
    // The one that chatters leads; the ten most frequent have 4 + 9.
    assert_eq!(found.most_frequent.len(), 10);
    assert_eq!(
        (found.most_frequent[0].alarm.parameter, found.most_frequent[0].times),
        (ParameterId(50), 4)
    );
    assert_eq!(found.most_frequent[1].alarm.parameter, ParameterId(1));
    assert_eq!(found.most_frequent_share, Ratio::new(13, 20));
    assert_eq!(
        found.chattering.iter().map(|one| one.parameter.0).collect::<Vec<_>>(),
        [50]
    );
    assert_eq!(
        (found.chatter_share, found.fleeting),
        (Ratio::new(4, 20), Ratio::new(1, 20))
    );
    assert_eq!(found.stale.iter().map(|one| one.parameter.0).collect::<Vec<_>>(), [60]);
    assert_eq!((found.stale_at_once.most, found.stale_at_once.at_end), (1, 1));
    // Two stand at the beginning; in the burst three more, each for a minute, begun every 20 s.
    assert_eq!((found.standing.most, found.standing.at_end), (5, 1));
    assert_eq!(found.standing.most_at, Some(START.plus(HOUR_MS + 40_000)));
    assert_eq!(found.priorities.map(|one| one.share.part), [1, 1, 0, 18]);
    assert_eq!(found.acknowledged, Ratio::new(2, 20));
    assert_eq!(found.time_to_acknowledge_ms, Ratio::new(30_000 + 60_000, 2));
    assert!(!is_long_enough(&found));
}

#[test]
fn ten_minutes_are_those_of_the_clock() {
    // Twelve about a full stroke are six before it and six after it, from whenever one looks.
    let all: Vec<Occurrence> = (0..12)
        .map(|n| occurrence(HOUR_MS + (n - 6) * 1_000, 1, 1, Some(1)))
        .collect();
    for begin in [0, 7 * MINUTE_MS, 9 * MINUTE_MS + 59_000] {
        let scope = Scope {
            from: START.plus(begin),
            ..scope(2 * HOUR_MS, &[1])
        };
        let found = figures(&all, &scope);
        let peak = found.peak.unwrap();
        assert_eq!((peak.alarms, peak.from), (6, START.plus(HOUR_MS - INTERVAL_MS)));
        assert_eq!(found.over_peak, Ratio::new(0, 12));
    }
}

#[test]
fn a_flood_of_before_counts_for_where_it_begins() {
    let all: Vec<Occurrence> = (0..40).map(|n| occurrence(n * 1_000 - 60_000, 1, 1, Some(1))).collect();
    let found = figures(&all, &scope(HOUR_MS, &[1]));
    // None was annunciated in the period, but the flood lasts until 4 are left in the window.
    assert_eq!((found.alarms, found.floods.len()), (0, 1));
    assert_eq!(found.in_flood.part, 575_000);
}

#[test]
fn an_interval_that_the_end_cuts_is_one() {
    let all: Vec<Occurrence> = (0..11).map(|n| occurrence(HOUR_MS + n, 1, 1, Some(1))).collect();
    // An hour and a minute: six intervals and a piece of one, in which there are too many. At the end itself: no more.
    let found = figures(&all, &scope(HOUR_MS + MINUTE_MS, &[1]));
    assert_eq!(found.over_peak, Ratio::new(1, 7));
    let found = figures(&all, &scope(HOUR_MS, &[1]));
    assert_eq!((found.alarms, found.over_peak), (0, Ratio::new(0, 6)));
}

#[test]
fn an_alarm_of_two_operators_stands_once() {
    let all = [
        occurrence(0, 1, 1, None),
        occurrence(0, 1, 2, None),
        occurrence(5, 1, 1, None),
    ];
    let found = figures(&all, &scope(2 * DAY_MS, &[1, 2]));
    assert_eq!((found.alarms, found.standing.most, found.stale_at_once.most), (3, 1, 1));
    assert_eq!(found.stale_at_once.most_at, Some(START.plus(DAY_MS + 1)));
}

#[test]
fn targets_are_held_to_the_last_alarm() {
    // Thirty days of one operator have 4,320 intervals: as many alarms are 1 an interval, twice as many 2.
    let month = 30 * DAY_MS;
    for (alarms, wanted) in [
        (4_320, Standing::Good),
        (4_321, Standing::Bearable),
        (8_640, Standing::Bearable),
        (8_641, Standing::Missed),
    ] {
        let all: Vec<Occurrence> = (0..alarms)
            .map(|n| occurrence(n * month / alarms, u32::try_from(n).unwrap(), 1, Some(1)))
            .collect();
        let found = figures(&all, &scope(month, &[1]));
        assert!(is_long_enough(&found));
        let judged = judge(&found);
        let average = judged.iter().find(|one| one.indicator == Indicator::Average).unwrap();
        assert_eq!(average.standing, wanted, "{alarms}");
        assert_eq!(
            value(&found, Indicator::Low),
            Ratio::new(u64::try_from(alarms).unwrap(), found.alarms)
        );
    }
    // At least: 80 % low is good, 70 % bearable.
    let low = Indicator::Low.target();
    for (part, wanted) in [
        (80, Standing::Good),
        (79, Standing::Bearable),
        (70, Standing::Bearable),
        (69, Standing::Missed),
    ] {
        assert_eq!(low.judge(Ratio::new(part, 100)), wanted);
    }
}

fn any_occurrences() -> impl Strategy<Value = Vec<Occurrence>> {
    proptest::collection::vec(
        (
            -DAY_MS..2 * DAY_MS,
            0_u32..12,
            0_u32..3,
            proptest::option::of(0..2 * DAY_MS),
            0_usize..4,
        ),
        0..120,
    )
    .prop_map(|all| {
        all.into_iter()
            .map(|(raised, parameter, operator, length, priority)| Occurrence {
                priority: Priority::ALL[priority],
                ..occurrence(raised, parameter, operator, length)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn figures_do_not_depend_on_the_order(mut all in any_occurrences(), turn in 0_usize..120) {
        let scope = scope(DAY_MS, &[0, 1, 2, 3]);
        let once = figures(&all, &scope);
        let turn = turn.min(all.len());
        all.rotate_left(turn);
        all.reverse();
        prop_assert_eq!(figures(&all, &scope), once);
    }

    #[test]
    fn parts_make_up_their_wholes(all in any_occurrences()) {
        let scope = scope(DAY_MS, &[0, 1, 2, 3]);
        let found = figures(&all, &scope);
        let within = all.iter().filter(|one| scope.from <= one.raised && one.raised < scope.to);
        prop_assert_eq!(found.alarms, within.clone().count() as u64);
        prop_assert_eq!(found.priorities.iter().map(|one| one.share.part).sum::<u64>(), found.alarms);
        for share in [
            found.over_peak,
            found.in_flood,
            found.most_frequent_share,
            found.chatter_share,
            found.fleeting,
            found.acknowledged,
        ] {
            prop_assert!(share.part <= share.whole, "{share:?}");
        }
        // An alarm does not chatter and pass at once.
        prop_assert!(found.chatter_share.part + found.fleeting.part <= found.alarms);
        let peak_holds = found.peak.is_none_or(|peak| {
            let end = peak.from.plus(INTERVAL_MS);
            let of = within.clone().filter(|one| one.operator == peak.operator);
            of.filter(|one| peak.from <= one.raised && one.raised < end).count() as u64 == peak.alarms
        });
        prop_assert!(peak_holds);
        // Standing, looked at where it may have changed.
        let stands = |at: Instant| {
            let alarms: BTreeSet<AlarmId> = all.iter().filter(|one| one.stands_at(at)).map(|one| one.alarm).collect();
            alarms.len() as u64
        };
        let most = all
            .iter()
            .map(|one| one.raised.max(scope.from))
            .filter(|&at| at < scope.to)
            .map(stands)
            .max()
            .unwrap_or(0);
        prop_assert_eq!(found.standing.most, most);
        prop_assert_eq!(found.standing.at_end, stands(scope.to.plus(-1)));
        prop_assert!(found.stale_at_once.most <= found.standing.most);
    }

    /// A period that is cut in two has the alarms of both.
    #[test]
    fn the_alarms_of_two_halves_are_those_of_the_whole(all in any_occurrences(), cut in 0..DAY_MS) {
        let whole = scope(DAY_MS, &[0, 1, 2]);
        let first = Scope { to: START.plus(cut), ..whole.clone() };
        let second = Scope { from: START.plus(cut), ..whole.clone() };
        let (first, second, whole) = (figures(&all, &first), figures(&all, &second), figures(&all, &whole));
        prop_assert_eq!(first.alarms + second.alarms, whole.alarms);
        prop_assert_eq!(first.fleeting.part + second.fleeting.part, whole.fleeting.part);
        prop_assert_eq!(first.chatter_share.part + second.chatter_share.part, whole.chatter_share.part);
        prop_assert_eq!(first.standing.most.max(second.standing.most), whole.standing.most);
    }
}
