//! How often values came, held against how often plans asked for them: each value once, and each plan for its own time.

use crate::domain::calendar::CalendarInterval;
use crate::domain::identity::ParameterId;
use crate::domain::model::SiteModel;
use crate::domain::reading::{Incoming, Origin};
use crate::engine::command::Provenance;
use crate::engine::view::QualityPlanView;
use crate::management::evidence::{Rule, Verdict};

use super::evidence::apply_from;
use super::plant::{COAL, HEATING_VALUE, OXYGEN, POWER, QUARTER, Site, at, delivered, interval, judge, reading};
use super::quality_plan::{DAY, of, planned, seen, verdict};

/// The plan in which a parameter's values are to come so often, in milliseconds.
fn every(parameter: ParameterId, interval_ms: i64) -> SiteModel {
    let mut planned = planned();
    for one in planned.parameters.iter_mut().filter(|one| one.id == parameter) {
        one.interval_ms = interval_ms;
    }
    planned
}

/// A site that has that plan and began with the year; it is long after.
fn site_of(planned: SiteModel, parameter: ParameterId, origin: Origin, values: Vec<Incoming>) -> Site {
    let mut site = Site::young();
    site.apply(planned);
    site.now = at(130 * DAY);
    if parameter != OXYGEN {
        site.bring(Origin::Typed, vec![reading(OXYGEN, 0, 5_000)]);
    }
    site.bring(origin, values);
    site
}

fn counted(view: &QualityPlanView, parameter: ParameterId) -> (u32, u32) {
    let known = of(view, parameter);
    (known.expected(), known.valid())
}

fn months(site: &Site, parameter: ParameterId) -> [(u32, u32); 3] {
    ["2025-01", "2025-02", "2025-03"].map(|month| counted(&seen(site, month).unwrap(), parameter))
}

#[test]
fn a_test_counts_in_one_month_whatever_day_its_batch_ends_on() {
    let mut monthly = planned();
    for one in monthly.parameters.iter_mut().filter(|one| one.id == HEATING_VALUE) {
        one.calendar = Some(CalendarInterval::Month);
        one.interval_ms = CalendarInterval::Month.longest_ms();
    }
    // A batch of January's plant days runs eight hours into February.
    let january = interval(HEATING_VALUE, 480, 31 * 1440, 20_000);
    let mut site = site_of(monthly, HEATING_VALUE, Origin::Laboratory, vec![january]);
    assert_eq!(months(&site, HEATING_VALUE), [(1, 1), (1, 0), (1, 0)]);
    assert_eq!(
        verdict(&seen(&site, "2025-02").unwrap(), Rule::OnFrequency),
        Verdict::Fail
    );
    assert!(of(&seen(&site, "2025-02").unwrap(), HEATING_VALUE).is_lacking);
    // Two tests are no more than was asked for.
    let twice = [0, 14].map(|day| interval(HEATING_VALUE, 31 * DAY + 480 + day * 1440, 14 * 1440, 20_000));
    site.bring(Origin::Laboratory, twice.to_vec());
    assert_eq!(months(&site, HEATING_VALUE), [(1, 1), (1, 1), (1, 0)]);
}

#[test]
fn a_composite_sample_takes_nothing_from_the_tests_of_the_days() {
    let daily = (0..31).map(|day| interval(HEATING_VALUE, day * DAY, 1440, 20_000));
    let mut tests: Vec<Incoming> = daily.collect();
    tests.push(interval(HEATING_VALUE, 0, 31 * 1440, 20_100));
    let site = site_of(
        every(HEATING_VALUE, 86_400_000),
        HEATING_VALUE,
        Origin::Laboratory,
        tests,
    );
    assert_eq!(months(&site, HEATING_VALUE)[0], (31, 31));
    // Nor is it the test of any of them.
    let composite = vec![interval(HEATING_VALUE, 0, 31 * 1440, 20_100)];
    let site = site_of(
        every(HEATING_VALUE, 86_400_000),
        HEATING_VALUE,
        Origin::Laboratory,
        composite,
    );
    assert_eq!(months(&site, HEATING_VALUE)[0], (31, 0));
}

#[test]
fn intervals_go_on_over_the_end_of_a_month_and_are_asked_for_where_they_end() {
    // The first two of sixteen days end on 17 January and on 2 February.
    let tests = [8, 40].map(|day| interval(HEATING_VALUE, day * DAY, 1440, 20_000));
    let site = site_of(
        every(HEATING_VALUE, 16 * 86_400_000),
        HEATING_VALUE,
        Origin::Laboratory,
        tests.to_vec(),
    );
    assert_eq!(months(&site, HEATING_VALUE), [(1, 1), (2, 1), (2, 0)]);
}

#[test]
fn of_what_is_read_more_rarely_than_planned_not_all_has_come() {
    // The last is at the first instant of February.
    let power = (0..=992).map(|number| reading(POWER, number * 45, number));
    let site = site_of(every(POWER, 900_000), POWER, Origin::Connector, power.collect());
    let view = seen(&site, "2025-01").unwrap();
    assert_eq!(counted(&view, POWER), (2_976, 992));
    assert_eq!(of(&view, POWER).arrived.missing, 0, "no hour is unknown");
    assert_eq!(verdict(&view, Rule::OnFrequency), Verdict::Fail);
    // All that was planned has come, whether or not anything follows the last.
    let power = (0..2_976).map(|number| reading(POWER, number * 15, number));
    let site = site_of(every(POWER, 900_000), POWER, Origin::Connector, power.collect());
    assert_eq!(months(&site, POWER)[0], (2_976, 2_976));
}

#[test]
fn each_plan_of_a_month_asks_for_its_own_part_of_it() {
    // Fifteen days of which four were tested, then a test a week.
    let days = [0, 3, 6, 9, 16, 23];
    let tests = days.map(|day| interval(HEATING_VALUE, day * DAY, 1440, 20_000));
    let mut site = site_of(
        every(HEATING_VALUE, 86_400_000),
        HEATING_VALUE,
        Origin::Laboratory,
        tests.to_vec(),
    );
    apply_from(&mut site, 15, every(HEATING_VALUE, 7 * 86_400_000));
    assert_eq!(months(&site, HEATING_VALUE)[0], (15 + 2, 4 + 2));
}

#[test]
fn what_was_taken_out_of_the_plan_is_judged_for_as_long_as_it_was_in_it() {
    let quarters = (0..10 * 96).map(|quarter| interval(QUARTER, quarter * 15, 15, 10));
    let mut site = site_of(every(QUARTER, 900_000), QUARTER, Origin::Connector, quarters.collect());
    let before = counted(&seen(&site, "2025-01").unwrap(), QUARTER);
    assert_eq!(before, (31 * 96, 10 * 96));
    let mut without = planned();
    without.parameters.retain(|one| one.id != QUARTER);
    without.sources.retain(|one| one.key != "quarters");
    apply_from(&mut site, 20, without);
    let january = seen(&site, "2025-01").unwrap();
    assert_eq!(counted(&january, QUARTER), (20 * 96, 10 * 96));
    assert_eq!(verdict(&january, Rule::OnFrequency), Verdict::Fail);
    let february = seen(&site, "2025-02").unwrap();
    assert!(february.facts.parameters.iter().all(|one| one.parameter != QUARTER));
    // What would have been due at the month's end was not yet.
    let mut monthly = planned();
    for one in monthly.parameters.iter_mut().filter(|one| one.id == QUARTER) {
        one.calendar = Some(CalendarInterval::Month);
        one.interval_ms = CalendarInterval::Month.longest_ms();
    }
    let mut without = monthly.clone();
    without.parameters.retain(|one| one.id != QUARTER);
    without.sources.retain(|one| one.key != "quarters");
    let mut site = site_of(monthly, OXYGEN, Origin::Typed, vec![reading(OXYGEN, 0, 5_000)]);
    apply_from(&mut site, 20, without);
    let january = seen(&site, "2025-01").unwrap();
    assert_eq!(counted(&january, QUARTER), (0, 0));
    assert!(!of(&january, QUARTER).is_lacking);
}

#[test]
fn what_came_in_a_way_that_is_not_planned_is_told_however_old_it_is_and_as_long_as_it_counts() {
    let mut planned = planned();
    for one in planned.parameters.iter_mut().filter(|one| one.id == COAL) {
        one.origins = vec![Origin::Connector];
    }
    let mut site = site_of(planned, OXYGEN, Origin::Typed, vec![reading(OXYGEN, 0, 5_000)]);
    let provenance = Provenance {
        name: "old.csv".to_owned(),
        past: true,
        ..Provenance::default()
    };
    let coal = (0..600).map(|minute| reading(COAL, minute, 20_000)).collect();
    site.command(delivered(Origin::File, provenance, coal)).unwrap();
    let record = site.journal.last().unwrap().sequence;
    judge(&mut site);
    let found = |site: &Site| {
        let view = seen(site, "2025-01").unwrap();
        (of(&view, COAL).unplanned, verdict(&view, Rule::MeasuredAsPlanned))
    };
    assert_eq!(found(&site), (1, Verdict::Fail));
    // What is taken back did not come.
    site.withdraw(record).unwrap();
    judge(&mut site);
    assert_eq!(found(&site).0, 0);
}

#[test]
fn a_value_that_was_taken_back_before_the_next_was_typed_makes_no_round() {
    let mut site = Site::young();
    site.apply(planned());
    let round = |site: &Site| {
        let view = seen(site, "2025-01").unwrap();
        let mut rounds = view.facts.rounds.iter();
        let round = rounds.find(|round| round.at == at(600)).unwrap();
        (round.missing, round.late)
    };
    site.now = at(620);
    site.bring(Origin::Connector, vec![reading(COAL, 0, 20_000)]);
    site.bring(Origin::Typed, vec![reading(OXYGEN, 600, 5_000)]);
    let first = site.journal.last().unwrap().sequence;
    site.now = at(630);
    site.withdraw(first).unwrap();
    site.now = at(DAY);
    assert_eq!(round(&site), (1, 0));
    let unmade = site.engine.rounds_being_made(&site.history, at(610)).unwrap();
    assert_eq!(unmade[0].missing, 1, "the sheets say the same");
    site.bring(Origin::Typed, vec![reading(OXYGEN, 600, 5_010)]);
    assert_eq!(round(&site), (0, 1), "a day late");
    // What a machine brings over it is no round that somebody made, on no sheet.
    let second = site.journal.last().unwrap().sequence;
    site.withdraw(second).unwrap();
    site.bring(Origin::Connector, vec![reading(OXYGEN, 600, 5_020)]);
    assert_eq!(round(&site), (1, 0));
    let unmade = site.engine.rounds_being_made(&site.history, at(610)).unwrap();
    assert_eq!(unmade[0].missing, 1);
}

#[test]
fn a_plan_of_days_to_come_asks_for_nothing_yet() {
    let mut site = site_of(
        every(HEATING_VALUE, 86_400_000),
        OXYGEN,
        Origin::Typed,
        vec![reading(OXYGEN, 0, 5_000)],
    );
    apply_from(&mut site, 132, every(HEATING_VALUE, 7 * 86_400_000));
    let may = seen(&site, "2025-05").unwrap();
    assert_eq!(of(&may, HEATING_VALUE).interval_ms, 86_400_000);
    assert_eq!(counted(&may, HEATING_VALUE), (10, 0));
}

#[test]
fn an_amount_of_a_month_is_asked_for_in_every_month() {
    let mut monthly = planned();
    for one in monthly.parameters.iter_mut().filter(|one| one.id == QUARTER) {
        one.calendar = Some(CalendarInterval::Month);
        one.interval_ms = CalendarInterval::Month.longest_ms();
    }
    let invoices = [(0, 31), (31, 28)].map(|(day, days)| interval(QUARTER, day * DAY, days * 1_440, 4_000));
    let site = site_of(monthly, QUARTER, Origin::Invoice, invoices.to_vec());
    assert_eq!(months(&site, QUARTER), [(1, 1), (1, 1), (1, 0)]);
}

/// Over each stretch of a month: how often a value was to come, and did.
fn stretches(view: &QualityPlanView, parameter: ParameterId) -> Vec<(u32, u32)> {
    let known = of(view, parameter);
    known.frequency.iter().map(|one| (one.expected, one.valid)).collect()
}

#[test]
fn hours_in_which_a_machine_was_silent_are_not_filled_by_those_beside_them() {
    // Every quarter of an hour, but from ten to noon of each day; one value an hour is planned.
    let is_there = |quarter: &i64| !(40..48).contains(&(quarter % 96));
    let power = (0..32 * 96).filter(is_there);
    let power = power.map(|quarter| reading(POWER, quarter * 15, quarter));
    let site = site_of(every(POWER, 3_600_000), POWER, Origin::Connector, power.collect());
    let january = seen(&site, "2025-01").unwrap();
    assert_eq!(counted(&january, POWER), (744, 744 - 62));
    assert_eq!(verdict(&january, Rule::OnFrequency), Verdict::Fail);
}

/// The plan in which a parameter's values are to come once a month.
fn once_a_month(parameter: ParameterId) -> SiteModel {
    let mut monthly = every(parameter, CalendarInterval::Month.longest_ms());
    for one in monthly.parameters.iter_mut().filter(|one| one.id == parameter) {
        one.calendar = Some(CalendarInterval::Month);
    }
    monthly
}

#[test]
fn a_plan_that_asks_by_the_month_takes_nothing_from_what_the_one_before_asked_for() {
    let daily = || every(HEATING_VALUE, 86_400_000);
    let tests = || {
        [0, 1, 2]
            .map(|day| interval(HEATING_VALUE, day * DAY, 1440, 20_000))
            .to_vec()
    };
    let changed = |day| {
        let mut site = site_of(daily(), HEATING_VALUE, Origin::Laboratory, tests());
        apply_from(&mut site, day, once_a_month(HEATING_VALUE));
        let view = seen(&site, "2025-01").unwrap();
        (stretches(&view, HEATING_VALUE), verdict(&view, Rule::OnFrequency))
    };
    assert_eq!(changed(14), (vec![(14, 3), (1, 1)], Verdict::Fail));
    // A month of which the plan covers less than half is not asked for.
    assert_eq!(changed(20), (vec![(20, 3)], Verdict::Fail));
    // The other way round: what was not due yet when the plan changed is not, and no grid of 31 days is laid over it.
    let mut all: Vec<Incoming> = (14..31)
        .map(|day| interval(HEATING_VALUE, day * DAY, 1440, 20_000))
        .collect();
    all.push(interval(HEATING_VALUE, -28 * DAY, 1440, 20_000));
    let mut site = site_of(once_a_month(HEATING_VALUE), HEATING_VALUE, Origin::Laboratory, all);
    apply_from(&mut site, 14, daily());
    let january = seen(&site, "2025-01").unwrap();
    assert_eq!(stretches(&january, HEATING_VALUE), [(17, 17)]);
}

#[test]
fn hours_are_asked_for_by_every_plan_of_the_month_that_asks_for_them() {
    let minutes = |days: std::ops::Range<i64>| {
        let minutes = days.start * DAY..days.end * DAY;
        minutes.map(|minute| reading(COAL, minute, 20_000)).collect::<Vec<_>>()
    };
    // A day is missing while the plan asks by the minute; then it does not say how often.
    let mut coal = minutes(0..5);
    coal.extend(minutes(6..31));
    let mut site = site_of(every(COAL, 60_000), COAL, Origin::Connector, coal.clone());
    let whole = of(&seen(&site, "2025-01").unwrap(), COAL).arrived;
    apply_from(&mut site, 20, every(COAL, 0));
    let cut = of(&seen(&site, "2025-01").unwrap(), COAL).arrived;
    assert_eq!((whole.hours, whole.missing), (cut.hours, cut.missing));
    assert!(cut.missing >= 23, "{cut:?}");
    // Taken out for some days, they are not asked for in these, and in those before.
    let mut site = site_of(every(COAL, 60_000), COAL, Origin::Connector, coal);
    let mut without = every(COAL, 60_000);
    without.parameters.retain(|one| one.id != COAL);
    without.sources.retain(|one| one.key != "boiler");
    apply_from(&mut site, 10, without);
    apply_from(&mut site, 20, every(COAL, 60_000));
    let back = of(&seen(&site, "2025-01").unwrap(), COAL).arrived;
    assert_eq!((back.hours, back.missing), (whole.hours - 240, whole.missing));
}

#[test]
fn what_came_by_the_minute_makes_up_for_nothing_that_was_to_come_by_the_quarter() {
    let coal = (0..5 * DAY).map(|minute| reading(COAL, minute, 20_000));
    let mut site = site_of(every(COAL, 60_000), COAL, Origin::Connector, coal.collect());
    apply_from(&mut site, 5, every(COAL, 900_000));
    let january = seen(&site, "2025-01").unwrap();
    let stretches = stretches(&january, COAL);
    // Hours, then quarters of which none came.
    assert_eq!(stretches[0].0, 5 * 24);
    assert!(stretches[0].1 >= stretches[0].0 - 1, "{stretches:?}");
    assert_eq!(stretches[1], (26 * 96, 0));
    assert_eq!(of(&january, COAL).share(), Some(0));
    assert_eq!(verdict(&january, Rule::OnFrequency), Verdict::Fail);
}

#[test]
fn an_invoice_from_the_middle_of_one_month_to_that_of_the_next_is_of_both() {
    // The middle of the second is the first instant of March.
    let invoices = [(-17, 31), (14, 31), (45, 28), (73, 31)]
        .map(|(day, days)| interval(QUARTER, 480 + day * DAY, days * 1_440, 4_000));
    let site = site_of(once_a_month(QUARTER), QUARTER, Origin::Invoice, invoices.to_vec());
    assert_eq!(months(&site, QUARTER), [(1, 1), (1, 1), (1, 1)]);
    let february = seen(&site, "2025-02").unwrap();
    assert!(of(&february, QUARTER).arrived.any && !of(&february, QUARTER).is_lacking);
}

#[test]
fn what_two_deliveries_cover_is_covered_once() {
    // Two tanks are billed from before Christmas to the ninth and the eighth: nine days, and not seventeen.
    let invoices = [(-12, 21), (-11, 19)].map(|(day, days)| interval(QUARTER, 480 + day * DAY, days * 1_440, 4_000));
    let site = site_of(once_a_month(QUARTER), QUARTER, Origin::Invoice, invoices.to_vec());
    assert_eq!(months(&site, QUARTER)[0], (1, 0));
}

#[test]
fn what_a_machine_polls_a_second_early_is_no_quarter_left_out() {
    let power = (0..31 * 96_i64).map(|quarter| {
        let mut one = reading(POWER, quarter * 15, quarter);
        one.slot.at = one.slot.at.plus(if quarter % 2 == 0 { 1_000 } else { -1_000 });
        one
    });
    let site = site_of(every(POWER, 900_000), POWER, Origin::Connector, power.collect());
    let january = seen(&site, "2025-01").unwrap();
    assert_eq!(counted(&january, POWER), (2_976, 2_976));
}
