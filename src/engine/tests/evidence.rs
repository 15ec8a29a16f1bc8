//! By which plan a month is judged, from when on something is awaited, and what counts as what is awaited.

use crate::domain::calendar::CalendarInterval;
use crate::domain::identity::ParameterId;
use crate::domain::model::{Binding, Limits, SiteModel};
use crate::domain::reading::Origin;
use crate::engine::command::CommandBody;
use crate::management::evidence::{Rest, Rule, Subject, Verdict};
use crate::quality::alarm::Kind;
use crate::quality::anomaly::Stage;

use super::filling::hour;
use super::plant::{
    BOILER, CARBON, COAL, GRID, HEATING_VALUE, OXYGEN, POWER, QUARTER, Site, at, interval, judge, reading,
};
use super::quality_plan::{DAY, of, planned, seen, site, verdict};

/// Puts a plan in force from a day of the year on.
pub(super) fn apply_from(site: &mut Site, day: i64, model: SiteModel) {
    let body = CommandBody::Apply {
        model: Box::new(model),
        digest: "d".to_owned(),
        effective_from: Some(hour(day * 24)),
    };
    site.command(body).unwrap();
}

#[test]
fn a_month_is_judged_by_the_plan_that_was_in_force_in_it() {
    let mut site = site();
    site.pass_until(80 * DAY);
    let before = seen(&site, "2025-01").unwrap();
    // A newer plan asks for carbon tests each day, for what nobody measured, and for rounds nobody made.
    let mut newer = planned();
    for parameter in &mut newer.parameters {
        match parameter.id {
            CARBON => parameter.interval_ms = 86_400_000,
            QUARTER => parameter.interval_ms = 900_000,
            _ => {}
        }
    }
    newer.sheets[0].rounds = vec![540, 600, 1320];
    apply_from(&mut site, 40, newer.clone());
    let january = seen(&site, "2025-01").unwrap();
    assert_eq!(
        (&january.facts.parameters, &january.facts.rounds),
        (&before.facts.parameters, &before.facts.rounds)
    );
    assert_eq!(january.evidence, before.evidence);
    // Of the month in which it came, from its day on.
    let february = seen(&site, "2025-02").unwrap();
    let end = at(59 * DAY);
    assert_eq!(of(&february, CARBON).since, Some(at(40 * DAY)));
    assert_eq!(of(&february, CARBON).expected(), 19);
    assert_eq!(of(&february, QUARTER).expected(), 19 * 24 * 4);
    let of_days = |from: i64, to: i64| {
        let rounds = february.facts.rounds.iter();
        rounds
            .filter(|round| (at(from * DAY)..at(to * DAY)).contains(&round.at))
            .count()
    };
    assert_eq!((of_days(39, 40), of_days(40, 41)), (2, 3));
    assert!(february.facts.to == end);
    // One of the future asks for nothing yet.
    apply_from(&mut site, 100, planned());
    assert_eq!(of(&seen(&site, "2025-03").unwrap(), CARBON).interval_ms, 86_400_000);
}

#[test]
fn what_never_came_is_missing_as_much_as_what_came_once() {
    let mut site = Site::young();
    let mut daily = planned();
    for parameter in &mut daily.parameters {
        match parameter.id {
            QUARTER => parameter.interval_ms = 86_400_000,
            CARBON => {
                parameter.calendar = Some(CalendarInterval::Month);
                parameter.interval_ms = CalendarInterval::Month.longest_ms();
            }
            _ => {}
        }
    }
    site.apply(daily);
    site.now = at(130 * DAY);
    let power = (0..130 * 24).map(|hour| reading(POWER, hour * 60, hour % 200));
    site.bring(Origin::Connector, power.collect());
    let seen_in = |site: &Site| {
        let view = seen(site, "2025-01").unwrap();
        let tests = of(&view, CARBON);
        let never = of(&view, QUARTER).clone();
        (
            never,
            (tests.expected(), tests.valid()),
            verdict(&view, Rule::OnFrequency),
        )
    };
    let (never, tests, on_frequency) = seen_in(&site);
    assert_eq!(
        (never.expected(), never.valid(), never.arrived.long_missing),
        (31, 0, 31 * 24)
    );
    assert_eq!((tests, on_frequency), ((1, 0), Verdict::Fail));
    // A later test says nothing of the months before it.
    site.bring(Origin::Laboratory, vec![interval(CARBON, 100 * DAY, 1440, 30)]);
    let after = seen_in(&site);
    assert_eq!(after, (never, tests, Verdict::Fail));
    let january = seen(&site, "2025-01").unwrap();
    assert!(of(&january, CARBON).is_lacking && !of(&january, CARBON).had_value);
}

#[test]
fn values_that_do_not_count_are_no_values() {
    let mut site = Site::young();
    let mut limited = planned();
    for parameter in limited.parameters.iter_mut().filter(|one| one.id == POWER) {
        parameter.possible.high = Some("1".parse().unwrap());
        parameter.key = true;
    }
    limited.sheets.clear();
    site.apply(limited);
    site.now = at(2 * DAY);
    site.bring(Origin::Typed, vec![reading(OXYGEN, 0, 5_000)]);
    let power = (0..48).map(|hour| reading(POWER, hour * 60, 50_000 + hour));
    site.bring(Origin::Connector, power.collect());
    let view = seen(&site, "2025-01").unwrap();
    let power = of(&view, POWER);
    assert_eq!((power.newest, power.had_value, power.arrived.any), (None, false, false));
    assert_eq!(verdict(&view, Rule::Fresh), Verdict::Fail);
    let plant = view
        .evidence
        .iter()
        .find(|one| one.rule == Rule::PlantAsPlanned)
        .unwrap();
    let without = |rest: &&Rest| rest.what.id == "evidence-source-without";
    assert!(
        plant
            .rests_on
            .iter()
            .filter(without)
            .any(|rest| rest.of == Subject::Parameter(POWER))
    );
}

#[test]
fn many_tests_of_one_day_are_no_tests_of_the_others() {
    let tested = |minutes: &[i64]| {
        let mut site = Site::young();
        let mut planned = planned();
        for parameter in planned.parameters.iter_mut().filter(|one| one.id == CARBON) {
            parameter.interval_ms = 8 * 3_600_000;
        }
        site.apply(planned);
        site.now = at(120 * DAY);
        site.bring(Origin::Typed, vec![reading(OXYGEN, 0, 5_000)]);
        let tests = minutes.iter().map(|minute| reading(CARBON, *minute, 30));
        site.bring(Origin::Laboratory, tests.collect());
        let view = seen(&site, "2025-01").unwrap();
        let carbon = of(&view, CARBON);
        (carbon.expected(), carbon.valid())
    };
    let of_one_day: Vec<i64> = (0..93).map(|test| 10 * DAY + 600 + test).collect();
    assert_eq!(tested(&of_one_day), (93, 1));
    // Three a day, at 7:50, 16:10 and 23:50: each is of its own shift, whatever side of its edge it is made on.
    let shifts = (1..32).flat_map(|day| [470, 970, 1430].map(|minute| day * DAY + minute));
    let shifts: Vec<i64> = shifts.collect();
    assert_eq!(tested(&shifts).0, 93);
    assert_eq!(tested(&shifts).1, 90, "of all days but the first");
}

#[test]
fn what_is_delivered_daily_is_not_missing_while_it_may_come() {
    let mut site = Site::young();
    let mut daily = planned();
    for parameter in &mut daily.parameters {
        parameter.interval_ms = if parameter.id == QUARTER { 86_400_000 } else { 0 };
        parameter.missing = None;
    }
    site.apply(daily);
    // When the ninth day ends the delivery of the seventh is there, and those of the two after it may come.
    site.now = at(9 * DAY);
    let days: Vec<_> = (0..7).map(|day| interval(QUARTER, day * DAY, 1440, 2_400)).collect();
    site.bring(Origin::Invoice, days);
    let view = seen(&site, "2025-01").unwrap();
    let known = of(&view, QUARTER);
    assert_eq!(known.expected(), known.valid());
    assert_eq!(verdict(&view, Rule::OnFrequency), Verdict::Pass);
}

#[test]
fn a_year_that_runs_does_not_make_its_test_overdue() {
    let mut site = site();
    let mut yearly = planned();
    for parameter in yearly.parameters.iter_mut().filter(|one| one.id == CARBON) {
        parameter.calendar = Some(CalendarInterval::Year);
        parameter.interval_ms = CalendarInterval::Year.longest_ms();
    }
    site.apply(yearly);
    let against = |site: &Site| {
        let view = seen(site, "2025-01").unwrap();
        let rule = view
            .evidence
            .into_iter()
            .find(|one| one.rule == Rule::MeasuredFirst)
            .unwrap();
        let ids = rule.rests_on.iter().map(|rest| rest.what.id.to_string());
        (rule.verdict, ids.collect::<Vec<_>>())
    };
    site.now = at(300 * DAY);
    let (verdict, ids) = against(&site);
    assert!(
        verdict != Verdict::Fail && ids.contains(&"evidence-awaits-test".to_owned()),
        "{ids:?}"
    );
    site.now = at((365 + 41) * DAY);
    let (verdict, ids) = against(&site);
    assert!(verdict == Verdict::Fail && ids[0] == "evidence-provisional", "{ids:?}");
}

#[test]
fn a_value_of_a_document_is_no_tested_one_and_fails_where_the_plant_tested_it() {
    let mut site = site();
    let mut fixed = planned();
    let boiler = fixed.sources.iter_mut().find(|source| source.id == BOILER).unwrap();
    let catalogued = |key: &str| Binding::Factor {
        key: format!("bituminous-coal.{key}"),
        data_year: None,
    };
    boiler
        .inputs
        .insert("net_calorific_value".to_owned(), catalogued("net-calorific-value"));
    boiler.inputs.insert(
        "carbon_content_per_heat".to_owned(),
        catalogued("carbon-content-per-heat"),
    );
    for book in &mut fixed.books {
        book.factor_sets = vec!["GB/T 32151.34-2024".to_owned()];
    }
    site.apply(fixed.clone());
    site.now = at(40 * DAY);
    let view = seen(&site, "2025-01").unwrap();
    let book = &view.facts.books[0];
    let of_boiler = book.defaults.iter().filter(|one| one.source == BOILER);
    let of_boiler: Vec<_> = of_boiler.map(|one| one.tested).collect();
    // The calorific value was tested and no source takes it, the carbon content never.
    assert_eq!(of_boiler.len(), 2);
    assert!(of_boiler.contains(&Some(HEATING_VALUE)) && of_boiler.contains(&None));
    assert_eq!(verdict(&view, Rule::MeasuredFirst), Verdict::Fail);
    // That it is written down on a sheet is no use of it.
    let mut on_a_sheet = fixed.clone();
    on_a_sheet.sheets[0].rows.push(HEATING_VALUE);
    let mut noted = super::quality_plan::site();
    noted.apply(on_a_sheet);
    noted.now = at(40 * DAY);
    assert_eq!(
        verdict(&seen(&noted, "2025-01").unwrap(), Rule::MeasuredFirst),
        Verdict::Fail
    );
    // Until the plan takes the test, the document's value stood beside it.
    let mut changed = super::quality_plan::site();
    changed.apply(fixed);
    changed.now = at(40 * DAY);
    apply_from(&mut changed, 3, planned());
    let changed = seen(&changed, "2025-01").unwrap();
    let defaults = changed.facts.books[0].defaults.iter();
    let tested: Vec<_> = defaults
        .filter(|one| one.source == BOILER && one.tested.is_some())
        .collect();
    assert!(
        tested.len() == 1 && tested[0].hours > 0 && tested[0].hours <= 72,
        "{tested:?}"
    );
    let grid: i128 = book.measured;
    assert!(
        grid > 0 && grid < book.milligrams,
        "the grid's factor is no test of anybody's"
    );
    assert!(book.defaults.iter().all(|one| one.source != GRID));
}

#[test]
fn what_a_file_brought_is_a_round_only_where_the_plan_says_so() {
    let missing = |origins: &[Origin], origin: Origin| {
        let mut site = Site::young();
        let mut planned = planned();
        for parameter in planned.parameters.iter_mut().filter(|one| one.id == OXYGEN) {
            if !origins.is_empty() {
                parameter.origins = origins.to_vec();
            }
        }
        site.apply(planned);
        site.now = at(DAY);
        site.bring(origin, vec![reading(OXYGEN, 600, 5_000)]);
        let view = seen(&site, "2025-01").unwrap();
        let round = view.facts.rounds.iter().find(|round| round.at == at(600)).unwrap();
        (round.missing, round.late)
    };
    assert_eq!(missing(&[], Origin::File), (1, 0));
    assert_eq!(missing(&[Origin::Typed], Origin::Connector), (1, 0));
    assert_eq!(missing(&[Origin::Typed, Origin::File], Origin::File), (0, 0));
    assert_eq!(
        missing(&[], Origin::Typed),
        (0, 1),
        "at midnight, due at eleven in the morning"
    );
}

#[test]
fn alarms_and_anomalies_count_in_every_month_into_which_they_reach() {
    let mut site = Site::young();
    let mut watched = planned();
    for parameter in watched.parameters.iter_mut().filter(|one| one.id == COAL) {
        parameter.operating = Limits {
            low: None,
            high: Some(30.into()),
        };
        parameter.delay_ms = 60_000;
    }
    site.apply(watched);
    let edge = 31 * DAY;
    let coal = |from: i64, to: i64, value: i64| (from..to).map(move |minute| reading(COAL, minute, value)).collect();
    // Too high in the last hour of January and the first of February, then silent until the morning.
    for minute in (edge - 60..edge + 60).step_by(10) {
        site.now = at(minute + 10);
        site.bring(Origin::Connector, coal(minute, minute + 10, 40_000));
    }
    site.now = at(edge + 600);
    site.bring(Origin::Connector, coal(edge + 480, edge + 600, 40_000));
    judge(&mut site);
    let february = seen(&site, "2025-02").unwrap().facts;
    let is_high = |alarm: ParameterId, kind: Kind| (alarm, kind) == (COAL, Kind::High);
    let high = |alarms: &[crate::management::evidence::AlarmFacts]| {
        let mut alarms = alarms.iter();
        alarms.find(|one| is_high(one.alarm.parameter, one.alarm.kind)).copied()
    };
    let raised = high(&february.alarms).unwrap().raised;
    assert!(raised < february.from && raised > at(edge - 60), "it still stands");
    assert!(high(&seen(&site, "2025-01").unwrap().facts.alarms).is_some());
    let of_both = |site: &Site| {
        let ids = |month: &str| {
            let found = seen(site, month).unwrap().facts.anomalies.into_iter();
            let found = found.filter(|one| one.parameter == COAL);
            found.map(|one| (one.anomaly, one.stage)).collect::<Vec<_>>()
        };
        let (january, february) = (ids("2025-01"), ids("2025-02"));
        january
            .into_iter()
            .filter(|one| february.contains(one))
            .collect::<Vec<_>>()
    };
    let reaching = of_both(&site);
    assert!(
        reaching.iter().any(|(_, stage)| *stage == Stage::New),
        "what is out of range over midnight"
    );
    // What is taken back leaves the queue, and goes on being told of both.
    site.bring(Origin::Laboratory, coal(edge - 60, edge + 600, 20_000));
    judge(&mut site);
    let after = of_both(&site);
    assert!(after.iter().any(|(_, stage)| *stage == Stage::Gone), "{after:?}");
    site.checkpoint();
    site.crash();
    assert_eq!(of_both(&site), after);
}
