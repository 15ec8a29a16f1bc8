//! The order of arrival does not change flags.

use proptest::prelude::*;

use super::*;
use crate::quality::arrival::Arrival;
use crate::quality::channel::Channel;
use crate::quality::checks::attenuated::AttenuatedSettings;
use crate::quality::checks::standstill::Standstill;
use crate::quality::checks::usual_scatter::UsualScatterSettings;
use crate::quality::finding::Finding;
use crate::quality::flag::{Flag, Flags, Rule};

const DAY: i64 = 1440;

/// Readings of five days: a course with steps, flat stretches, spikes and gaps; values that are none.
fn history() -> impl Strategy<Value = Vec<Reading>> {
    prop::collection::vec((1_i64..90, -30_i32..30, 0_u8..20), 30..160).prop_map(|steps| {
        let (mut minutes, mut level) = (0, 0.0);
        steps
            .into_iter()
            .map(|(step, value, sort)| {
                minutes += step;
                let value = match sort {
                    0 => f64::NAN,
                    1 => f64::from(value) * 3.0,
                    2 => f64::INFINITY,
                    3..=10 => level,
                    _ => {
                        level += f64::from(value) / 30.0;
                        level
                    }
                };
                Reading::new(at(minutes), value)
            })
            .collect()
    })
}

/// An order of arrival: each reading is delayed by up to two days.
fn shuffled(readings: &[Reading], delays: &[i64]) -> Vec<Reading> {
    let mut order: Vec<(Instant, Reading)> = readings
        .iter()
        .zip(delays.iter().cycle())
        .map(|(reading, delay)| (reading.at.plus(delay * MINUTE), *reading))
        .collect();
    order.sort_by_key(|(arrives, reading)| (*arrives, reading.at));
    order.into_iter().map(|(_, reading)| reading).collect()
}

fn same(left: &[(Reading, Flags)], right: &[(Reading, Flags)]) -> bool {
    left.len() == right.len()
        && left.iter().zip(right).all(|((reading, flags), (other, others))| {
            reading.at == other.at && reading.value.total_cmp(&other.value).is_eq() && flags == others
        })
}

/// The findings that stand after batches in the order of arrival.
fn standing(channel: &mut Channel, batches: &[&[Reading]]) -> Vec<Finding> {
    let mut standing: Vec<(Instant, Finding)> = Vec::new();
    for batch in batches {
        let judged = channel.take(batch);
        if let Some(again_from) = judged.again_from {
            standing.retain(|(made, _)| *made < again_from);
        }
        standing.extend(judged.findings);
    }
    standing.into_iter().map(|(_, finding)| finding).collect()
}

fn told(findings: &[Finding]) -> Vec<String> {
    let mut told: Vec<String> = findings.iter().map(|finding| format!("{finding:?}")).collect();
    told.sort();
    told
}

/// Readings of a day and a half, a minute or two apart, that scatter more in some hours than in others.
fn scattering() -> impl Strategy<Value = Vec<Reading>> {
    let steps = prop::collection::vec((1_i64..3, -30_i32..30, 0_u8..60), 1_200..1_400);
    let hours = prop::collection::vec(prop_oneof![6 => Just(1.0), 1 => Just(0.01), 1 => Just(8.0)], 48);
    (steps, hours).prop_map(|(steps, hours)| {
        let mut minutes = 0;
        steps
            .into_iter()
            .map(|(step, value, sort)| {
                minutes += step;
                let share = usize::try_from(minutes / 60).ok().and_then(|hour| hours.get(hour));
                let value = match sort {
                    0 => f64::NAN,
                    // Where the process stands still.
                    1 => -40.0,
                    _ => f64::from(value) / 20.0 * share.copied().unwrap_or(1.0),
                };
                Reading::new(at(minutes), value)
            })
            .collect()
    })
}

/// What a channel is used to, by blocks of an hour.
fn by_blocks() -> Rules {
    let usual = UsualScatterSettings::new(2.0, 60 * MINUTE, 8, MINUTE).unwrap();
    let still = Standstill::new(Span::new("idle", None, Some(-30.0)).ok(), None).unwrap();
    let mut rules = all_checks();
    rules.noise = Some(NoiseSettings::usual(usual).still(still));
    rules.attenuated = Some(AttenuatedSettings::usual(usual).still(still));
    rules
}

proptest! {
    #![proptest_config(config(50))]

    #[test]
    fn what_is_learned_by_blocks_is_that_of_the_order_of_time(
        history in scattering(), delays in prop::collection::vec(prop_oneof![9 => Just(0_i64), 1 => 0..DAY], 1..50)
    ) {
        let rules = Arc::new(by_blocks());
        let (flags, findings) = judged(&rules, &history);
        let wanted: Vec<(Reading, Flags)> = history.iter().copied().zip(flags).collect();
        let arrived = shuffled(&history, &delays);
        let mut channel = Channel::new(Arc::clone(&rules), 30 * DAY * MINUTE).unwrap();
        let batches: Vec<&[Reading]> = arrived.chunks(100).collect();
        let stand = standing(&mut channel, &batches);
        let kept: Vec<(Reading, Flags)> = channel.flags().collect();
        prop_assert!(same(&kept, &wanted));
        prop_assert_eq!(told(&stand), told(&findings));
    }
}

proptest! {
    #![proptest_config(config(5))]

    #[test]
    fn flags_and_findings_are_those_of_the_order_of_time(
        history in history(), delays in prop::collection::vec(prop_oneof![3 => Just(0_i64), 1 => 0..2 * DAY], 1..50), batch in 1_usize..9
    ) {
        let rules = Arc::new(all_checks());
        let (flags, findings) = judged(&rules, &history);
        let wanted: Vec<(Reading, Flags)> = history.iter().copied().zip(flags).collect();
        let arrived = shuffled(&history, &delays);
        let mut channel = Channel::new(Arc::clone(&rules), 30 * DAY * MINUTE).unwrap();
        let batches: Vec<&[Reading]> = arrived.chunks(batch).collect();
        let stand = standing(&mut channel, &batches);
        let kept: Vec<(Reading, Flags)> = channel.flags().collect();
        prop_assert!(same(&kept, &wanted), "{kept:?}\n{wanted:?}");
        prop_assert_eq!(told(&stand), told(&findings));
    }

    #[test]
    fn a_bounded_horizon_changes_nothing_within_it(
        history in history(), delays in prop::collection::vec(prop_oneof![3 => Just(0_i64), 1 => 0..DAY], 1..50)
    ) {
        let rules = Arc::new(all_checks());
        let mut unbounded = Channel::new(Arc::clone(&rules), 300 * DAY * MINUTE).unwrap();
        unbounded.take(&history);
        let all: Vec<(Reading, Flags)> = unbounded.flags().collect();
        let mut channel = Channel::new(Arc::clone(&rules), DAY * MINUTE).unwrap();
        for reading in shuffled(&history, &delays) {
            prop_assert!(!channel.take(&[reading]).arrivals[0].has(Arrival::TOO_LATE));
        }
        let kept: Vec<(Reading, Flags)> = channel.flags().collect();
        prop_assert!(same(&kept, &all[all.len() - kept.len()..]));
    }

    #[test]
    fn two_values_of_one_stamp_are_contested_in_any_order(
        history in history(), other in -30_i32..30, place in 0_usize..30, order in any::<u64>()
    ) {
        let rules = Arc::new(all_checks());
        let twin = Reading { value: f64::from(other) + 0.5, ..history[place] };
        let mut first = Channel::new(Arc::clone(&rules), 30 * DAY * MINUTE).unwrap();
        first.take(&history);
        first.take(&[twin]);
        let mut mixed = history.clone();
        let length = u64::try_from(mixed.len() + 1).unwrap();
        mixed.insert(usize::try_from(order % length).unwrap(), twin);
        let mut second = Channel::new(Arc::clone(&rules), 30 * DAY * MINUTE).unwrap();
        for reading in mixed {
            second.take(&[reading]);
        }
        let (one, two): (Vec<_>, Vec<_>) = (first.flags().map(|(_, flags)| flags).collect(), second.flags().map(|(_, flags)| flags).collect());
        prop_assert_eq!(one, two);
    }
}

#[test]
fn an_infinite_value_beside_another_one_is_bad_as_it_is_alone() {
    for values in [[f64::INFINITY, 2.0], [2.0, f64::NEG_INFINITY]] {
        let mut channel = Channel::new(Arc::new(all_checks()), DAY * MINUTE).unwrap();
        let judged = channel.take(&values.map(|value| Reading::new(at(0), value)));
        let flags: Vec<Flags> = channel.flags().map(|(_, flags)| flags).collect();
        assert_eq!(
            flags.iter().map(|flags| flags.together()).collect::<Vec<_>>(),
            [Flag::Bad]
        );
        let rules: Vec<Rule> = judged.findings.iter().map(|(_, finding)| finding.rule).collect();
        assert!(
            rules.contains(&Rule::Contested) && rules.contains(&Rule::NotFinite),
            "{rules:?}"
        );
    }
}

#[test]
fn arrivals_are_marked_and_a_correction_ends_a_contest() {
    let rules = Arc::new(all_checks());
    let mut channel = Channel::new(rules, DAY * MINUTE).unwrap();
    let reading = |minutes, value| Reading::new(at(minutes), value);
    let judged = channel.take(&[
        reading(0, 1.0),
        reading(10, 2.0),
        reading(5, 1.5),
        reading(10, 2.0),
        reading(10, 3.0),
        reading(3 * DAY, 2.0),
        reading(DAY, 2.0),
    ]);
    let names: Vec<Vec<&str>> = judged
        .arrivals
        .iter()
        .map(|arrival| arrival.names().collect())
        .collect();
    assert_eq!(
        names,
        [
            vec![],
            vec![],
            vec!["backwards"],
            vec!["duplicate"],
            vec![],
            vec![],
            vec!["backwards", "too-late"]
        ]
    );
    let of_stamp = |channel: &Channel, minutes| {
        let found = channel.flags().find(|(reading, _)| reading.at == at(minutes));
        found.and_then(|(_, flags)| flags.of(crate::quality::Check::Stamp))
    };
    assert_eq!(of_stamp(&channel, 10), Some(crate::quality::Flag::Suspect));
    channel.revise(&reading(10, 3.0));
    assert_eq!(of_stamp(&channel, 10), Some(crate::quality::Flag::Good));
    assert!(
        Channel::new(Arc::new(all_checks()), 1000).is_err(),
        "shorter than checks look back"
    );
}

#[test]
fn an_arrival_is_late_or_from_the_future_by_its_clock() {
    use crate::quality::arrival::ArrivalSettings;
    let settings = ArrivalSettings::new(Some(60_000), 5_000).unwrap();
    let names = |stamp: i64| {
        settings
            .marks(Instant(stamp), Instant(100_000))
            .names()
            .collect::<Vec<_>>()
    };
    assert_eq!(names(100_000), Vec::<&str>::new());
    assert_eq!(names(40_000), Vec::<&str>::new());
    assert_eq!(names(39_999), ["late"]);
    assert_eq!(names(105_001), ["future"]);
    assert!(ArrivalSettings::new(Some(0), 0).is_err() && ArrivalSettings::new(None, -1).is_err());
}
