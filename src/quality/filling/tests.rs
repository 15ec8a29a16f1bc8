//! Rules for missing data, each with numbers that can be followed by hand.

use std::collections::BTreeMap;
use std::convert::Infallible;

use proptest::prelude::*;

use super::*;
use crate::domain::identity::ParameterId;
use crate::domain::missing::{LoadBands, TierTable};

/// Valid hours and loads by hour.
#[derive(Default)]
struct Measured {
    valid: BTreeMap<i32, i128>,
    load: BTreeMap<i32, i128>,
    first: i32,
}

impl Past for Measured {
    type Error = Infallible;

    fn first(&self) -> Hour {
        Hour(self.first)
    }

    fn days_before(&self, hour: Hour, days: u32) -> Option<Hour> {
        Some(Hour(hour.0 - 24 * i32::try_from(days).ok()?))
    }

    fn valid(&mut self, hour: Hour) -> Result<Option<i128>, Infallible> {
        Ok(self.valid.get(&hour.0).copied())
    }

    fn load(&mut self, hour: Hour) -> Result<Option<i128>, Infallible> {
        Ok(self.load.get(&hour.0).copied())
    }
}

/// A thousand hours that count 1 to 1,000, then an outage of some hours from 1,000 on, and then hours of 500.
fn measured(outage: i32) -> Measured {
    Measured {
        valid: (0..1000)
            .map(|hour| (hour, i128::from(hour) + 1))
            .chain((1000 + outage..1100).map(|hour| (hour, 500)))
            .collect(),
        ..Measured::default()
    }
}

fn run(hours: i32, open: bool) -> Run {
    Run {
        from: Hour(1000),
        to: Hour(1000 + hours),
        open,
    }
}

fn rule(rule: &MissingRule) -> Rule<'_> {
    Rule {
        rule,
        careful: Careful::High,
        otherwise: None,
        load_top: None,
    }
}

fn filled(rule: Rule<'_>, past: &mut Measured, run: Run, hour: i32) -> Option<(i128, Basis)> {
    Filling::new(rule, past, run).of_hour(Hour(hour)).unwrap()
}

#[test]
fn the_hour_before_is_held() {
    let found = filled(rule(&MissingRule::Hold), &mut measured(3), run(3, false), 1002);
    assert_eq!(found, Some((1000, Basis::Hold { before: Hour(999) })));
}

#[test]
fn neighbours_are_waited_for() {
    let mut past = measured(2);
    let open = filled(rule(&MissingRule::Neighbours), &mut past, run(2, true), 1000);
    assert_eq!(open.map(|found| found.0), Some(1000));
    let closed = filled(rule(&MissingRule::Neighbours), &mut past, run(2, false), 1000);
    let basis = Basis::Neighbours {
        before: Some(Hour(999)),
        after: Some(Hour(1002)),
    };
    assert_eq!(closed, Some((750, basis)));
}

#[test]
fn the_same_hour_of_the_days_before_is_averaged_over_those_that_were_valid() {
    let mut past = measured(30);
    past.valid.remove(&(1001 - 48));
    // 977, no 953, 929 of one to three days before hour 1,001: hours count one more than their number.
    let days = MissingRule::PreviousDays { days: 3 };
    let found = filled(rule(&days), &mut past, run(30, false), 1001);
    let basis = Basis::PreviousDays {
        hours: vec![Hour(977), Hour(929)],
    };
    assert_eq!(found, Some((954, basis)));
    // Of an hour on the second day of the outage the first day before it was missing too.
    let found = filled(rule(&days), &mut past, run(30, false), 1025).unwrap();
    assert_eq!(found.1, Basis::PreviousDays { hours: vec![Hour(977)] });
}

#[test]
fn bands_of_load_are_kept_apart() {
    let mut past = measured(2);
    // Even hours ran at 30 of 100, odd ones at 80; the hour that is missing at 75: bands of 20, the fourth is 60 to 80.
    past.load = (0..1000)
        .map(|hour| (hour, if hour % 2 == 0 { 30 } else { 80 }))
        .collect();
    past.load.insert(1000, 75);
    let bands = MissingRule::LoadBand {
        bands: LoadBands {
            load: ParameterId(9),
            top: 100.into(),
            count: 5,
        },
        hours: 3,
    };
    let with_top = Rule {
        load_top: Some(100),
        ..rule(&bands)
    };
    let found = filled(with_top.clone(), &mut past, run(2, false), 1000);
    let back = LookBack {
        hours: 3,
        from: Hour(995),
        to: Hour(999),
        band: Some(4),
    };
    // Hours 999, 997 and 995 count 1,000, 998 and 996.
    assert_eq!(found, Some((998, Basis::Mean { back })));
    // Where the load is not known all hours serve: 1,000, 999 and 998.
    let found = filled(with_top, &mut past, run(2, false), 1001).unwrap();
    assert_eq!(found.0, 999);
    assert_eq!(
        (
            band_of(20, 100, 5),
            band_of(21, 100, 5),
            band_of(900, 100, 5),
            band_of(-3, 100, 5)
        ),
        (1, 2, 5, 1)
    );
}

fn tiers(table: TierTable) -> MissingRule {
    MissingRule::Tiers {
        tiers: table.tiers(),
        bands: None,
        first_hours: table.first_hours(),
        table: Some(table),
    }
}

#[test]
fn a_quarter_that_was_hardly_measured_gets_no_value() {
    let table = tiers(TierTable::Hj75);
    // Ten hours of 2,190: the most of the last 180 valid hours; thirty: of the last 720. All count up to 1,000.
    for missing in [10, 30] {
        let found = filled(rule(&table), &mut measured(missing), run(missing, false), 1003).unwrap();
        assert_eq!(found.0, 1_000);
    }
    // 400 of 1,400 hours missing: 71 per cent, and what stands in for nothing does not stand in either.
    let poor = Rule {
        otherwise: Some(7),
        ..rule(&table)
    };
    assert_eq!(filled(poor, &mut measured(400), run(400, false), 1003), None);
}

#[test]
fn tiers_go_by_availability_and_length() {
    let table = tiers(TierTable::Part75Table1);
    // 1,000 of 1,010 hours were valid: 99 per cent. Ten hours: the hours before and after, (1,000 + 500) / 2.
    let found = filled(rule(&table), &mut measured(10), run(10, false), 1003).unwrap();
    assert_eq!(found.0, 750);
    // 1,000 of 1,030: 97 per cent, thirty hours. The 90th percentile of the last 720 hours, which count 281 to 1,000, is
    // the 648th of them, 928: more than 750.
    let found = filled(rule(&table), &mut measured(30), run(30, false), 1003).unwrap();
    assert_eq!(found.0, 928);
    assert!(matches!(
        found.1,
        Basis::Percentile {
            rank: 648,
            at: Hour(927),
            percent: 90,
            ..
        }
    ));
    // 1,000 of 1,080: 92 per cent, eighty hours: the 95th, the 684th of them.
    assert_eq!(
        filled(rule(&table), &mut measured(80), run(80, false), 1003).unwrap().0,
        964
    );
}

#[test]
fn the_neighbours_are_taken_where_they_are_more_careful() {
    let table = tiers(TierTable::Part75Table1);
    let mut past = measured(30);
    past.valid.insert(1030, 1000);
    let found = filled(rule(&table), &mut past, run(30, false), 1003).unwrap();
    assert_eq!(found.0, 1000);
    assert!(matches!(found.1, Basis::Neighbours { .. }));
    // Careful on the low side: the tenth percentile, the 72nd of 720, which counts 352; the neighbours are more.
    let low = Rule {
        careful: Careful::Low,
        ..rule(&table)
    };
    assert_eq!(filled(low, &mut past, run(30, false), 1003).unwrap().0, 352);
}

#[test]
fn little_that_was_valid_makes_the_greatest_and_then_the_highest() {
    let table = tiers(TierTable::Part75Table1);
    let with_highest = Rule {
        otherwise: Some(5000),
        ..rule(&table)
    };
    let mut past = measured(10);
    // Every sixth hour was not valid: 83 per cent of 1,010, still 833 hours.
    past.valid.retain(|hour, _| hour % 6 != 0 || *hour >= 1000);
    let found = filled(with_highest.clone(), &mut past, run(10, false), 1000).unwrap();
    assert_eq!(found.0, 1000);
    assert!(matches!(found.1, Basis::Percentile { percent: 100, .. }));
    // Every third: 66 per cent, and with fewer than 720 valid hours the first rule.
    past.valid.retain(|hour, _| hour % 3 != 0 || *hour >= 1000);
    let found = filled(with_highest.clone(), &mut past, run(10, false), 1000).unwrap();
    assert!(matches!(found.1, Basis::Neighbours { .. }), "{found:?}");
    let mut more = Measured {
        valid: (0..2000).filter(|hour| hour % 3 != 0).map(|hour| (hour, 7)).collect(),
        ..Measured::default()
    };
    let later = Run {
        from: Hour(2000),
        to: Hour(2001),
        open: false,
    };
    assert_eq!(filled(with_highest, &mut more, later, 2000), Some((5000, Basis::Fixed)));
    // Without a highest value there is nothing to take.
    assert_eq!(filled(rule(&table), &mut more, later, 2000), None);
}

#[test]
fn nothing_to_rest_on_leaves_the_value_of_the_plan() {
    let mut nothing = Measured::default();
    for rule in [
        MissingRule::Hold,
        MissingRule::Neighbours,
        MissingRule::PreviousDays { days: 7 },
    ] {
        let mut with = self::rule(&rule);
        assert_eq!(filled(with.clone(), &mut nothing, run(2, false), 1000), None);
        with.otherwise = Some(12);
        let found = filled(with, &mut nothing, run(2, false), 1000);
        assert_eq!(found, Some((12, Basis::Otherwise)));
    }
}

proptest! {
    /// A percentile by nearest rank: at least so many per cent do not exceed it, and of anything smaller fewer do not.
    #[test]
    fn percentiles_are_by_nearest_rank(
        values in proptest::collection::vec(-1000i128..1000, 1..200),
        percent in 1u32..=100,
    ) {
        let count = i32::try_from(values.len()).unwrap();
        let mut past = Measured {
            valid: (0..).zip(values.iter().copied()).collect(),
            ..Measured::default()
        };
        let table = MissingRule::Tiers {
            tiers: vec![Tier { availability: 0, outage: None, take: Take::Percentile { percent, hours: 500, or_neighbours: false } }],
            bands: None,
            first_hours: 0,
            table: None,
        };
        let run = Run { from: Hour(count), to: Hour(count + 1), open: true };
        let (found, _) = filled(rule(&table), &mut past, run, count).unwrap();
        let most = |limit: i128| values.iter().filter(|&&value| value <= limit).count() as u64 * 100;
        let needed = values.len() as u64 * u64::from(percent);
        prop_assert!(most(found) >= needed);
        prop_assert!(most(found - 1) < needed);
    }
}
