//! Missing data filled by the plan: at once, for good at the end of an outage, and taken back by data that come after all.

use crate::accounting::substitute::{Basis, Substitute};
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::missing::{Careful, FixedAmount, MissingPlan, MissingRule, TierTable};
use crate::domain::model::SiteModel;
use crate::domain::period::Period;
use crate::domain::reading::{Incoming, Origin};
use crate::domain::time::Hour;
use crate::engine::command::CommandBody;
use crate::engine::event::Event;
use crate::engine::history::{Row, Tree};
use crate::engine::keys;
use crate::engine::view::Target;

use super::plant::{BOILER, BOOK, COAL, GRID, NEW_YEAR, POWER, QUARTER, QUARTERS, Site, at, interval, model, reading};

pub(super) fn planned(parameters: &[ParameterId], rule: &MissingRule) -> SiteModel {
    let mut planned = model();
    for parameter in &mut planned.parameters {
        if parameters.contains(&parameter.id) {
            parameter.missing = Some(MissingPlan {
                rule: rule.clone(),
                careful: Careful::High,
                otherwise: None,
                wait_ms: None,
                longest_hours: None,
            });
        }
    }
    planned
}

/// A site at the new year with a plan.
pub(super) fn site(parameters: &[ParameterId], rule: &MissingRule) -> Site {
    let mut site = Site::young();
    site.apply(planned(parameters, rule));
    site
}

/// Coal for some minutes, a reading a minute, the last one included.
pub(super) fn coal(site: &mut Site, minutes: std::ops::RangeInclusive<i64>, value: i64) {
    site.now = site.now.max(at(*minutes.end()));
    let readings = minutes.map(|minute| reading(COAL, minute, value)).collect();
    site.bring(Origin::Connector, readings);
}

pub(super) fn hour(number: i64) -> Hour {
    model().zone.hour_of(at(number * 60))
}

pub(super) fn substitute(site: &Site, parameter: ParameterId, number: i64) -> Option<Substitute> {
    site.engine.substitute(&site.history, parameter, hour(number)).unwrap()
}

/// Tonnes of coal of an hour, in thousandths, with what stands in.
pub(super) fn posted(site: &Site, number: i64) -> i128 {
    let posted = site
        .engine
        .posted(&site.history, COAL, hour(number), true)
        .unwrap()
        .quantity();
    posted / crate::accounting::quantity::FLOW_PARTS
}

/// Everything holds after a crash, after a replay from nothing, and by verification.
pub(super) fn assert_kept(site: &Site) {
    let figures = |site: &Site| -> Vec<_> {
        [BOILER, GRID, QUARTERS]
            .iter()
            .map(|&source| site.figure(source, Period::Year(2025)))
            .collect()
    };
    site.assert_sound();
    let replayed = site.replayed();
    replayed.assert_sound();
    assert_eq!(figures(&replayed), figures(site));
    let mut opened = site.clone();
    opened.checkpoint();
    opened.crash();
    opened.assert_sound();
    assert_eq!(figures(&opened), figures(site));
}

#[test]
fn an_outage_is_filled_at_once_and_for_good_when_it_ends() {
    let mut site = site(&[COAL], &MissingRule::Neighbours);
    coal(&mut site, 0..=240, 20_000);
    site.pass_until(300);
    // The fifth hour began with the last reading and is not ripe before its end and a gap's length.
    assert_eq!(substitute(&site, COAL, 4), None);
    site.pass_until(304);
    let open = substitute(&site, COAL, 4).unwrap();
    assert!(open.outage.open);
    assert_eq!(posted(&site, 4), 20_000);
    let figure = site.figure(BOILER, Period::Hour(hour(4)));
    assert_eq!((figure.substituted_hours, figure.incomplete_hours), (1, 0));
    assert!(figure.milligrams > 0);
    site.pass_until(424);
    assert_eq!(posted(&site, 6), 20_000);
    assert_kept(&site);
    // It comes back with thirty tonnes an hour: the mean of before and after is twenty-five, of all its hours.
    coal(&mut site, 480..=600, 30_000);
    assert_eq!(posted(&site, 4), 20_000);
    site.pass_until(604);
    for number in 4..8 {
        let closed = substitute(&site, COAL, number).unwrap();
        assert!(!closed.outage.open);
        assert_eq!(posted(&site, number), 25_000, "{number}");
        let basis = Basis::Neighbours {
            before: Some(hour(3)),
            after: Some(hour(8)),
        };
        assert_eq!(closed.basis, basis);
    }
    assert_kept(&site);
}

#[test]
fn data_that_come_after_all_take_a_substitute_back_and_bring_it_back_when_withdrawn() {
    let mut site = site(&[COAL], &MissingRule::Hold);
    coal(&mut site, 0..=240, 20_000);
    coal(&mut site, 360..=480, 20_000);
    site.pass_until(484);
    let filled = site.figure(BOILER, Period::Year(2025));
    assert_eq!(filled.substituted_hours, 2);
    // Half of the first hour and all of the second arrive, with less.
    let before = site.engine.next_sequence();
    coal(&mut site, 270..=359, 8_000);
    let late = site.figure(BOILER, Period::Year(2025));
    assert_eq!(late.substituted_hours, 1);
    // From the last reading at 240 to 270 nothing is known: that half stays filled.
    assert_eq!(posted(&site, 4), 10_000 + 4_000);
    assert_eq!(posted(&site, 5), 8_000 + 12_000 / 120);
    assert_kept(&site);
    site.withdraw(before).unwrap();
    assert_eq!(site.figure(BOILER, Period::Year(2025)), filled);
    assert_kept(&site);
}

#[test]
fn a_valid_hour_is_filled_as_its_measured_part() {
    let mut site = site(&[COAL], &MissingRule::Neighbours);
    coal(&mut site, 0..=130, 20_000);
    coal(&mut site, 140..=240, 20_000);
    site.pass_until(244);
    let own = substitute(&site, COAL, 2).unwrap();
    assert_eq!((own.basis, own.hourly), (Basis::OwnHour, None));
    assert_eq!(posted(&site, 2), 20_000);
    assert_kept(&site);
}

#[test]
fn a_counter_that_comes_back_knows_what_it_missed() {
    let mut site = site(&[POWER], &MissingRule::Hold);
    let count = |site: &mut Site, minutes: &[i64]| {
        site.now = site.now.max(at(minutes[minutes.len() - 1]));
        let readings = minutes
            .iter()
            .map(|&minute| reading(POWER, minute, minute * 10))
            .collect();
        site.bring(Origin::Connector, readings);
    };
    count(&mut site, &[0, 15, 30, 45, 60, 75, 90, 105, 120]);
    let measured = site.figure(GRID, Period::Hour(hour(1))).milligrams;
    site.pass_until(240);
    assert!(substitute(&site, POWER, 2).unwrap().outage.open);
    assert_eq!(site.figure(GRID, Period::Hour(hour(2))).milligrams, measured);
    count(&mut site, &[360]);
    let figure = site.figure(GRID, Period::Hour(hour(2)));
    assert_eq!((figure.substituted_hours, figure.milligrams), (0, measured));
    assert_kept(&site);
}

#[test]
fn amounts_are_waited_for_and_filled_by_days_before() {
    let mut site = site(&[QUARTER], &MissingRule::PreviousDays { days: 2 });
    let amounts = |site: &mut Site, hours: std::ops::Range<i64>, value: i64| {
        site.now = site.now.max(at(hours.end * 60));
        let readings = hours
            .flat_map(|hour| (0..4).map(move |quarter| interval(QUARTER, hour * 60 + quarter * 15, 15, value)))
            .collect();
        site.bring(Origin::File, readings);
    };
    amounts(&mut site, 0..24, 1_000_000);
    amounts(&mut site, 24..48, 3_000_000);
    amounts(&mut site, 50..54, 3_000_000);
    site.pass_until(54 * 60 + 31);
    let filled = substitute(&site, QUARTER, 48).unwrap();
    assert_eq!(filled.hourly, Some(8_000_000));
    let basis = Basis::PreviousDays {
        hours: vec![hour(24), hour(0)],
    };
    assert_eq!(filled.basis, basis);
    assert_kept(&site);
}

#[test]
fn a_plan_that_changes_decides_anew_and_one_that_goes_takes_its_substitutes_along() {
    let mut site = site(&[COAL], &MissingRule::Hold);
    coal(&mut site, 0..=240, 20_000);
    coal(&mut site, 360..=480, 30_000);
    site.pass_until(484);
    assert_eq!(posted(&site, 4), 20_000);
    // What the change would restate is told before.
    let changed = planned(&[COAL], &MissingRule::Neighbours);
    let restated = site.engine.plan_model(&site.history, &changed, None).unwrap();
    assert!(
        restated
            .iter()
            .any(|month| month.source == "boiler" && month.after > month.before)
    );
    site.apply(changed);
    site.pass_until(486);
    assert_eq!(posted(&site, 4), 25_000);
    assert_kept(&site);
    site.apply(model());
    site.pass_until(488);
    assert_eq!(substitute(&site, COAL, 4), None);
    let figure = site.figure(BOILER, Period::Hour(hour(4)));
    assert_eq!((figure.substituted_hours, figure.incomplete_hours), (0, 1));
    assert_kept(&site);
}

#[test]
fn a_book_may_count_only_what_was_measured() {
    let mut measured = planned(&[COAL], &MissingRule::Hold);
    measured.books[0].measured_only = true;
    let mut site = Site::young();
    site.apply(measured);
    coal(&mut site, 0..=240, 20_000);
    coal(&mut site, 360..=480, 20_000);
    site.pass_until(484);
    assert!(substitute(&site, COAL, 4).is_some());
    let figure = site.figure(BOILER, Period::Year(2025));
    assert_eq!(figure.substituted_hours, 0);
    assert_kept(&site);
}

#[test]
fn tiers_go_up_while_an_outage_lasts() {
    let mut with_highest = planned(
        &[COAL],
        &MissingRule::Tiers {
            tiers: TierTable::Part75Table1.tiers(),
            bands: None,
            first_hours: 24,
            table: Some(TierTable::Part75Table1),
        },
    );
    if let Some(plan) = &mut with_highest.parameters[0].missing {
        plan.otherwise = Some(FixedAmount {
            value: 45.into(),
            origin: "plate".to_owned(),
        });
    }
    let mut site = Site::young();
    site.apply(with_highest);
    // Thirty days of ten tonnes an hour with one hour of forty, then silence.
    coal(&mut site, 0..=30 * 1440, 10_000);
    coal(&mut site, 30 * 1440 + 1..=30 * 1440 + 60, 40_000);
    let start = 30 * 24 + 1;
    let after = |hours: i64| (start + hours) * 60 + 4;
    site.pass_until(after(24));
    assert!(matches!(
        substitute(&site, COAL, start).unwrap().basis,
        Basis::Neighbours { after: None, .. }
    ));
    // The hour before had forty but for its first minute: that is what stands in, and it is more than the 90th percentile later on too.
    assert_eq!(posted(&site, start + 3), 39_750);
    // After a day the percentile is asked, of 95 per cent or less of availability the 95th, then the greatest, then the highest.
    site.pass_until(after(150));
    let basis = substitute(&site, COAL, start + 149).unwrap().basis;
    assert!(matches!(basis, Basis::Percentile { percent: 100, .. }), "{basis:?}");
    // What was decided of the first hours while it was shorter has gone up with it.
    let basis = substitute(&site, COAL, start).unwrap().basis;
    assert!(matches!(basis, Basis::Percentile { percent: 100, .. }), "{basis:?}");
    site.pass_until(after(200));
    assert_eq!(posted(&site, start), 45_000);
    assert_eq!(substitute(&site, COAL, start).unwrap().basis, Basis::Fixed);
    assert_kept(&site);
}

#[test]
fn an_endless_silence_is_not_filled_for_ever() {
    let mut site = site(&[COAL], &MissingRule::Hold);
    coal(&mut site, 0..=240, 20_000);
    for day in 1..=60 {
        site.pass_until(day * 24 * 60);
    }
    assert!(substitute(&site, COAL, 4 + 31 * 24 - 1).is_some());
    assert_eq!(substitute(&site, COAL, 4 + 31 * 24), None);
    let records = site.journal.len();
    site.pass_until(90 * 24 * 60);
    assert!(site.journal.len() <= records + 2, "nothing more is decided");
    assert_kept(&site);
}

#[test]
fn readings_of_the_past_are_filled_when_they_are_imported() {
    let mut site = site(&[COAL], &MissingRule::Neighbours);
    // The site's clock is a year on.
    site.now = NEW_YEAR.plus(365 * 86_400_000);
    site.pass_until(0);
    coal(&mut site, 0..=240, 20_000);
    coal(&mut site, 600..=800, 30_000);
    site.pass_until(0);
    assert_eq!(posted(&site, 5), 25_000);
    // What comes after the last of them is the end of the import, and no outage.
    assert_eq!(substitute(&site, COAL, 14), None);
    assert_kept(&site);
}

#[test]
fn a_substitute_opens_into_its_hours_and_its_record() {
    let mut site = site(&[COAL], &MissingRule::Neighbours);
    coal(&mut site, 0..=240, 20_000);
    coal(&mut site, 390..=540, 30_000);
    site.pass_until(544);
    let explain = |target: Target| site.engine.explain(&site.history, &target).unwrap();
    let input = explain(Target::Input {
        book: BOOK,
        source: BOILER,
        input: "fuel_mass".to_owned(),
        hour: hour(6),
    });
    // Half of the hour was measured at thirty, the other half stands at the mean of twenty and thirty.
    assert_eq!(input.numbers.as_deref(), Some("15 + 12.5 = 27.5 t"));
    let target = input.parts.iter().find_map(|part| match &part.target {
        Some(target @ Target::Substitute { .. }) => Some(target.clone()),
        _ => None,
    });
    let opened = explain(target.unwrap());
    assert_eq!(opened.value.as_deref(), Some("12.5"));
    assert_eq!(
        opened.numbers.as_deref(),
        Some("(20 + 30) ÷ 2 = 25 t; 25 t × 30 ÷ 60 = 12.5 t")
    );
    let decided = substitute(&site, COAL, 6).unwrap().decided_by;
    assert!(
        opened
            .parts
            .iter()
            .any(|part| part.target == Some(Target::Record { sequence: decided }))
    );
    assert!(decided > Sequence(0));
    let quantity = explain(Target::Quantity {
        parameter: COAL,
        period: Period::Year(2025),
    });
    assert!(quantity.remarks.iter().any(|remark| remark.id == "figure-substituted"));
}

#[test]
fn nothing_is_recorded_where_no_plan_says_anything() {
    let mut site = Site::young();
    coal(&mut site, 0..=240, 20_000);
    let records = site.journal.len();
    site.pass_until(5_000);
    assert_eq!(site.journal.len(), records);
    site.command(CommandBody::Tick).unwrap();
    assert_eq!(site.journal.len(), records);
}

#[test]
fn a_substitute_that_no_record_decided_so_is_found() {
    let mut site = site(&[COAL], &MissingRule::Hold);
    coal(&mut site, 0..=240, 20_000);
    coal(&mut site, 390..=540, 30_000);
    site.pass_until(544);
    site.checkpoint();
    site.assert_sound();
    let key = keys::buckets(COAL, hour(5).day_block());
    site.history.apply([Row {
        tree: Tree::Substitutes,
        key,
        value: None,
    }]);
    site.crash();
    let found: Vec<String> = site
        .verification()
        .findings
        .into_iter()
        .map(|finding| finding.id.into_owned())
        .collect();
    assert!(found.contains(&"verify-rows-differ".to_owned()), "{found:?}");
    // The cells of those hours rest on what is gone.
    assert!(found.contains(&"verify-cell-differs".to_owned()), "{found:?}");
}

#[test]
fn a_silence_that_is_filled_says_so_beside_the_newest_value_and_on_the_chart() {
    let mut site = site(&[COAL], &MissingRule::Hold);
    let live = |site: &Site| {
        let parameters = site.engine.live_parameters(&site.history).unwrap();
        let coal = parameters.into_iter().find(|parameter| parameter.id == COAL).unwrap();
        (coal.newest.unwrap(), coal.filled_for_ms.unwrap())
    };
    coal(&mut site, 0..=240, 20_000);
    site.pass_until(300);
    assert_eq!(live(&site).0.filled_to, None, "the hour is not ripe");
    site.pass_until(424);
    let (newest, filled_for) = live(&site);
    assert_eq!((newest.at, newest.filled_to), (at(240), Some(at(420))));
    assert!(filled_for > 3_600_000);
    // The same after a restart.
    site.checkpoint();
    site.crash();
    assert_eq!(live(&site).0.filled_to, Some(at(420)));

    let course = |site: &Site| {
        let stretch = (at(180), at(480));
        let courses = site
            .engine
            .courses(&site.history, &[COAL], stretch, 10, at(424))
            .unwrap();
        courses[0].known.clone()
    };
    let known = course(&site);
    let stand_ins: Vec<_> = known
        .iter()
        .filter_map(|column| Some((column.column, column.stand_in?)))
        .collect();
    let columns: Vec<u16> = stand_ins.iter().map(|&(column, _)| column).collect();
    assert_eq!(
        columns,
        [2, 3, 4, 5, 6, 7],
        "half hours from the fourth hour to the end of the sixth"
    );
    for (_, stand_in) in &stand_ins {
        assert_eq!((stand_in.low, stand_in.high), (20_000, 20_000));
    }
    assert_eq!(stand_ins[1].1.filled_ms, 30 * 60_000);

    coal(&mut site, 430..=440, 30_000);
    assert_eq!(live(&site).0.filled_to, None);
}

#[test]
fn a_corrected_reading_moves_what_rests_on_it() {
    let mut site = site(&[COAL], &MissingRule::Neighbours);
    coal(&mut site, 0..=240, 20_000);
    coal(&mut site, 480..=600, 30_000);
    site.pass_until(700);
    assert_eq!(posted(&site, 5), 25_000);
    let record = site.engine.next_sequence();
    let corrected = (480..=600).map(|minute| reading(COAL, minute, 40_000)).collect();
    site.bring(Origin::Connector, corrected);
    site.pass_until(702);
    assert_eq!(posted(&site, 5), 30_000);
    assert_kept(&site);
    site.withdraw(record).unwrap();
    site.pass_until(704);
    assert_eq!(posted(&site, 5), 25_000);
    assert_kept(&site);
}

#[test]
fn the_past_may_come_in_pieces_and_in_any_order() {
    let rules = [
        MissingRule::Hold,
        MissingRule::Neighbours,
        MissingRule::PreviousDays { days: 3 },
        MissingRule::Tiers {
            tiers: TierTable::Part75Table2.tiers(),
            bands: None,
            first_hours: 24,
            table: Some(TierTable::Part75Table2),
        },
    ];
    // Three days of twenty, twenty-two, twenty-four tonnes an hour with a hole of some hours in each.
    let piece = |day: i64, half: i64| -> Vec<Incoming> {
        let from = day * 1_440 + half * 720;
        let minutes = (from..from + 720).filter(|minute| !(300..700).contains(&(minute % 1_440)));
        minutes
            .map(|minute| reading(COAL, minute, 20_000 + day * 2_000))
            .collect()
    };
    let pieces: Vec<(i64, i64)> = (0..4).flat_map(|day| [(day, 0), (day, 1)]).collect();
    for rule in &rules {
        let built = |order: &[usize], pause: i64| {
            let mut site = site(&[COAL], rule);
            site.now = at(4 * 1_440 + 120);
            for (place, &piece_at) in order.iter().enumerate() {
                let (day, half) = pieces[piece_at];
                site.bring(Origin::Connector, piece(day, half));
                site.pass_until(4 * 1_440 + 120 + i64::try_from(place).unwrap() * pause);
            }
            site.pass_until(4 * 1_440 + 200);
            let hours: Vec<(Option<i128>, i128)> = (0..98)
                .map(|number| {
                    let substitute = substitute(&site, COAL, number);
                    (substitute.and_then(|known| known.hourly), posted(&site, number))
                })
                .collect();
            assert_kept(&site);
            hours
        };
        let straight = built(&[0, 1, 2, 3, 4, 5, 6, 7], 0);
        assert!(straight.iter().any(|(hourly, _)| hourly.is_some()), "{rule:?}");
        for order in [
            [7, 6, 5, 4, 3, 2, 1, 0],
            [0, 2, 4, 6, 1, 3, 5, 7],
            [3, 0, 7, 1, 6, 2, 5, 4],
        ] {
            let other = built(&order, 2);
            for (number, (one, other)) in straight.iter().zip(&other).enumerate() {
                assert_eq!(one, other, "{rule:?}, {order:?}, hour {number}");
            }
        }
    }
}

#[test]
fn an_hour_of_which_hardly_anything_is_left_is_filled_by_the_rule() {
    let mut site = site(&[COAL], &MissingRule::Hold);
    coal(&mut site, 0..=240, 20_000);
    let early = site.engine.next_sequence();
    coal(&mut site, 241..=290, 90_000);
    coal(&mut site, 300..=420, 20_000);
    site.pass_until(500);
    assert_eq!(substitute(&site, COAL, 4).unwrap().basis, Basis::OwnHour);
    site.withdraw(early).unwrap();
    // At once nothing is made of what is left of it; with the next look the rule fills it.
    assert!(posted(&site, 4) < 20_000);
    site.pass_until(502);
    assert_eq!(posted(&site, 4), 20_000);
    assert_kept(&site);
}

#[test]
fn a_mean_opens_into_the_hours_that_were_looked_back_on() {
    let rule = MissingRule::Tiers {
        tiers: vec![crate::domain::missing::Tier {
            availability: 0,
            outage: None,
            take: crate::domain::missing::Take::Mean { hours: 40 },
        }],
        bands: None,
        first_hours: 0,
        table: None,
    };
    let mut site = site(&[COAL], &rule);
    for number in 0..50 {
        coal(&mut site, number * 60..=number * 60 + 59, 10_000 + number * 100);
    }
    coal(&mut site, 3_000..=3_000, 15_000);
    coal(&mut site, 3_300..=3_420, 15_000);
    site.pass_until(3_500);
    let target = Target::Substitute {
        parameter: COAL,
        hour: hour(52),
    };
    let explained = site.engine.explain(&site.history, &target).unwrap();
    // Hours ten to forty-nine, 11.0 to 14.9 t, each with a straight line to the next in its last minute.
    let numbers = explained.numbers.as_deref().unwrap();
    assert_eq!(numbers, "Σ 518.033333333333 ÷ 40 ≈ 12.950833333333 t");
    assert_eq!(explained.value.as_deref(), Some("12.950833333333"));
    let hours = explained.parts.iter().filter(|part| part.label.id == "substitute-hour");
    assert_eq!(hours.count(), 31);
    assert!(
        explained
            .remarks
            .iter()
            .any(|remark| remark.id == "substitute-hours-named")
    );
}

#[test]
fn what_changes_while_the_past_is_looked_through_is_looked_at_again() {
    let rule = MissingRule::Tiers {
        tiers: vec![crate::domain::missing::Tier {
            availability: 0,
            outage: None,
            take: crate::domain::missing::Take::Mean { hours: 2_000 },
        }],
        bands: None,
        first_hours: 0,
        table: None,
    };
    let mut site = site(&[COAL], &rule);
    // Sixty days of hours, every other one of which is missing: more than one tick looks at.
    site.now = at(60 * 1_440 + 120);
    for day in 0..60 {
        let minutes = (0..1_440).filter(|minute| (minute / 60) % 2 == 0);
        let readings = minutes
            .map(|minute| reading(COAL, day * 1_440 + minute, 20_000))
            .collect();
        site.bring(Origin::Connector, readings);
    }
    for tick in 0..12 {
        site.command(CommandBody::Tick).unwrap();
        assert!(site.engine.looks_are_unfinished(), "it takes more than {tick} ticks");
        // The past is changed where it was looked at a moment ago.
        let changed = (0..30).map(|minute| reading(COAL, tick * 1_440 + 120 + minute, 32_000));
        site.bring(Origin::Connector, changed.collect());
    }
    site.pass_until(0);
    let mut fresh = Site::young();
    fresh.apply(planned(&[COAL], &rule));
    fresh.now = site.now;
    for record in &site.journal.clone() {
        if let Event::Readings(body) = record.event() {
            let readings = body
                .readings
                .iter()
                .map(|&(parameter, slot, value, quality, _)| Incoming {
                    parameter,
                    slot,
                    value,
                    quality,
                });
            fresh.bring(Origin::Connector, readings.collect());
        }
    }
    fresh.pass_until(0);
    for number in 0..60 * 24 {
        assert_eq!(posted(&site, number), posted(&fresh, number), "hour {number}");
    }
    assert_kept(&site);
}
