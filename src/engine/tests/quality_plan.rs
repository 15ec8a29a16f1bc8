//! The data-quality control plan of a month: the facts are those of the site, as far as the month has come.

use crate::domain::calendar::CalendarInterval;
use crate::domain::checks::{ArrivalPlan, CheckPlan, Setting};
use crate::domain::identity::{MeterId, ParameterId};
use crate::domain::missing::{Careful, MissingPlan, MissingRule};
use crate::domain::model::{Binding, Name, ShiftSlot, SiteModel};
use crate::domain::reading::Origin;
use crate::domain::sheet::EntrySheet;
use crate::domain::time::Month;
use crate::engine::command::{CommandBody, Refusal};
use crate::engine::filling::{Fill, FillBy};
use crate::engine::view::QualityPlanView;
use crate::management::evidence::{Arrived, ParameterFacts, RoundFacts, Rule, StandsInFor, Verdict};

use super::filling::hour;
use super::plant::{
    BOILER, CARBON, COAL, GRID, HEATING_VALUE, OXYGEN, POWER, QUARTER, Site, at, interval, model, reading,
};

pub(super) const DAY: i64 = 24 * 60;

pub(super) fn planned() -> SiteModel {
    let mut planned = SiteModel {
        shifts: vec![ShiftSlot {
            key: "day".to_owned(),
            name: Name::default(),
            start_minutes: 480,
        }],
        sheets: vec![EntrySheet {
            key: "rounds".to_owned(),
            name: Name::default(),
            rows: vec![OXYGEN],
            rounds: vec![600, 1320],
            due_ms: 3_600_000,
            origin: Origin::Typed,
            second_person: false,
        }],
        ..model()
    };
    for parameter in &mut planned.parameters {
        match parameter.id {
            HEATING_VALUE => parameter.interval_ms = 86_400_000,
            QUARTER => parameter.interval_ms = 0,
            _ => {}
        }
    }
    for meter in &mut planned.meters {
        meter.calibrated_on = Some("2024-06-01".parse().unwrap());
        meter.calibrated_until = Some("2025-01-03".parse().unwrap());
    }
    planned
}

/// Four days and a half of January: coal but for four hours of the second day, tests of three days, every second round.
pub(super) fn site() -> Site {
    let mut site = Site::young();
    site.apply(planned());
    for day in 0..4 {
        site.now = at(day * DAY + 650);
        site.bring(Origin::Typed, vec![reading(OXYGEN, day * DAY + 600, 5_000)]);
    }
    site.now = at(4 * DAY + 12 * 60);
    let is_gap = |minute: i64| (DAY + 600..DAY + 840).contains(&minute);
    let coal = (0..4 * DAY + 12 * 60).filter(|minute| !is_gap(*minute));
    let coal: Vec<_> = coal.map(|minute| reading(COAL, minute, 20_000)).collect();
    site.bring(Origin::Connector, coal);
    let power: Vec<_> = (0..4 * 96 + 48)
        .map(|quarter| reading(POWER, quarter * 15, quarter * 10))
        .collect();
    site.bring(Origin::Connector, power);
    let tests: Vec<_> = (0..3)
        .map(|day| interval(HEATING_VALUE, day * DAY, 1440, 20_000))
        .collect();
    site.bring(Origin::Laboratory, tests);
    site
}

pub(super) fn seen(site: &Site, month: &str) -> Result<QualityPlanView, Refusal> {
    let month = Month::of(format!("{month}-01").parse().unwrap());
    site.engine.quality_plan(&site.history, site.now, month)
}

pub(super) fn of(view: &QualityPlanView, parameter: ParameterId) -> &ParameterFacts {
    let mut all = view.facts.parameters.iter();
    all.find(|facts| facts.parameter == parameter).unwrap()
}

pub(super) fn verdict(view: &QualityPlanView, rule: Rule) -> Verdict {
    view.evidence
        .iter()
        .find(|evidence| evidence.rule == rule)
        .unwrap()
        .verdict
}

#[test]
fn what_arrived_is_counted_and_held_against_the_plan() {
    let site = site();
    let view = seen(&site, "2025-01").unwrap();
    assert!(view.facts.runs && view.facts.to == site.now);
    let coal = of(&view, COAL);
    // The gap of four hours; the first hour after it begins late, as the one before it ends.
    assert_eq!(
        (
            coal.expected() - coal.valid(),
            coal.arrived.missing,
            coal.arrived.by_plan
        ),
        (4, 4, 0)
    );
    assert_eq!(coal.arrived.long_missing, 4, "older than a day");
    assert!(coal.arrived.any && coal.is_used);
    let tests = of(&view, HEATING_VALUE);
    assert_eq!((tests.expected(), tests.valid()), (4, 3));
    assert!(!of(&view, CARBON).arrived.any);
    assert_eq!(of(&view, QUARTER).arrived, Arrived::default());
    assert_eq!(of(&view, OXYGEN).share(), None, "nobody counts how often a state came");
    // Of two rounds a day the evening's were never made; the one of this morning was due an hour ago.
    let missing: u32 = view.facts.rounds.iter().map(|round| round.missing).sum();
    assert_eq!((view.facts.rounds.len(), missing), (9, 5));
    assert_eq!(verdict(&view, Rule::GapsByPlan), Verdict::Fail);
    assert_eq!(verdict(&view, Rule::OnFrequency), Verdict::Fail);
    assert_eq!(verdict(&view, Rule::ChecksMade), Verdict::Fail);
    assert_eq!(
        verdict(&view, Rule::Calibrated),
        Verdict::Fail,
        "it held until the third"
    );
    // Sources take what never had a value.
    assert_eq!(verdict(&view, Rule::PlantAsPlanned), Verdict::Fail);
}

#[test]
fn what_comes_late_and_what_is_filled_changes_the_verdict() {
    let mut site = site();
    let late: Vec<_> = (DAY + 600..DAY + 840)
        .map(|minute| reading(COAL, minute, 20_000))
        .collect();
    site.bring(Origin::File, late);
    let rounds: Vec<_> = (0..5)
        .flat_map(|day| {
            [
                reading(OXYGEN, day * DAY + 1320, 5_000),
                reading(OXYGEN, day * DAY + 600, 5_000),
            ]
        })
        .collect();
    site.bring(Origin::Typed, rounds);
    let view = seen(&site, "2025-01").unwrap();
    assert_eq!(verdict(&view, Rule::GapsByPlan), Verdict::Pass);
    // Rounds that are written down days later are there, and late.
    let counted = |of: fn(&RoundFacts) -> u32| view.facts.rounds.iter().map(of).sum::<u32>();
    assert_eq!((counted(|round| round.missing), counted(|round| round.late)), (0, 5));
    let latest = view.facts.rounds.iter().map(|round| round.late_ms).max();
    assert_eq!(latest, Some((3 * 24 + 12 + 2 - 1) * 3_600_000));
    assert_eq!(verdict(&view, Rule::ChecksMade), Verdict::Fail);
    // The same after a checkpoint and a crash: nothing of it is kept apart from the readings.
    site.checkpoint();
    site.crash();
    assert_eq!(seen(&site, "2025-01").unwrap(), view);
    assert_eq!(seen(&site.replayed(), "2025-01").unwrap().facts, view.facts);
}

#[test]
fn a_month_that_has_not_begun_is_refused_and_one_before_everything_says_so() {
    let site = site();
    assert!(matches!(seen(&site, "2025-02"), Err(Refusal::Request(_))));
    let before = seen(&site, "2024-12").unwrap();
    assert!(!before.facts.runs);
    for rule in Rule::ALL {
        assert_eq!(verdict(&before, rule), Verdict::NotEvaluable, "{rule:?}");
    }
    // A site that was just made asks for nothing yet.
    let mut just_made = Site::young();
    just_made.apply(planned());
    just_made.now = at(10 * 60);
    let view = seen(&just_made, "2025-01").unwrap();
    assert!(view.evidence.iter().all(|one| one.verdict == Verdict::NotEvaluable));
    let bare = Site::bare();
    assert!(seen(&bare, "2025-01").is_err());
}

#[test]
fn one_test_is_expected_in_each_month_however_long_it_is_and_one_in_each_year() {
    let mut site = Site::young();
    let mut planned = planned();
    for parameter in &mut planned.parameters {
        parameter.calendar = match parameter.id {
            CARBON => Some(CalendarInterval::Month),
            HEATING_VALUE => Some(CalendarInterval::Year),
            _ => continue,
        };
        parameter.interval_ms = parameter.calendar.map_or(0, CalendarInterval::longest_ms);
    }
    site.apply(planned);
    site.now = at(450 * DAY);
    site.bring(
        Origin::Laboratory,
        vec![interval(HEATING_VALUE, 40 * DAY, 1440, 20_000)],
    );
    for month in ["2025-02", "2025-08", "2025-09", "2025-12", "2026-01"] {
        let view = seen(&site, month).unwrap();
        let carbon = of(&view, CARBON);
        assert_eq!((carbon.expected(), carbon.valid()), (1, 0), "{month}");
        assert!(carbon.is_lacking, "{month}");
        assert_eq!(verdict(&view, Rule::OnFrequency), Verdict::Fail, "{month}");
        let year = of(&view, HEATING_VALUE);
        let counted = if month == "2025-12" {
            (1, 1)
        } else {
            (0, u32::from(month == "2025-02"))
        };
        assert_eq!((year.expected(), year.valid()), counted, "{month}");
        assert_eq!(year.arrived.any, month == "2025-02", "{month}");
        assert!(!year.is_lacking, "{month}");
    }
    let runs = seen(&site, "2026-03").unwrap();
    assert_eq!(of(&runs, CARBON).expected(), 0, "it may still come");
}

#[test]
fn what_stands_in_for_a_test_is_told_from_a_factor_that_is_not_published_yet() {
    let mut site = site();
    let mut with_factor = planned();
    let grid = with_factor.sources.iter_mut().find(|source| source.id == GRID).unwrap();
    grid.inputs.insert(
        "grid_factor".to_owned(),
        Binding::Factor {
            key: "grid.shanxi".to_owned(),
            data_year: None,
        },
    );
    site.apply(with_factor);
    site.now = at(80 * DAY);
    let view = seen(&site, "2025-01").unwrap();
    let book = &view.facts.books[0];
    let of: Vec<_> = book.stand_ins.iter().map(|one| (one.source, one.of)).collect();
    // The heating value was tested in the month, the carbon content never.
    assert_eq!(of, [(BOILER, StandsInFor::Test(CARBON)), (GRID, StandsInFor::Factor)]);
    assert!(book.measured > 0 && book.measured < book.milligrams);
    let evidence = view
        .evidence
        .iter()
        .find(|one| one.rule == Rule::MeasuredFirst)
        .unwrap();
    let against = evidence.rests_on.iter().filter(|rest| rest.is_against);
    let against: Vec<_> = against.map(|rest| rest.what.id.as_ref()).collect();
    assert_eq!(
        (evidence.verdict, against),
        (Verdict::Fail, vec!["evidence-provisional"])
    );
}

/// Two days of January and the first hours of the third: what is delivered daily came for the first day, and is filled where
/// it does not come.
fn delivered_daily() -> Site {
    let mut site = Site::young();
    let mut daily = planned();
    for parameter in daily.parameters.iter_mut().filter(|one| one.id == QUARTER) {
        (parameter.interval_ms, parameter.meter) = (86_400_000, Some(MeterId(1)));
        parameter.missing = Some(MissingPlan {
            rule: MissingRule::Hold,
            careful: Careful::High,
            otherwise: None,
            wait_ms: None,
            longest_hours: None,
        });
    }
    site.apply(daily);
    site.now = at(DAY + 120);
    site.bring(Origin::Invoice, vec![interval(QUARTER, 0, 1440, 2_400)]);
    site
}

#[test]
fn what_came_is_told_by_the_readings_and_not_by_the_hours_that_the_filling_has_looked_at() {
    let site = delivered_daily();
    let view = seen(&site, "2025-01").unwrap();
    let daily = of(&view, QUARTER);
    assert!(daily.arrived.any && !daily.is_lacking);
    assert_eq!((daily.expected(), daily.valid()), (1, 1), "the day that came");
    assert!(view.facts.meters.iter().all(|meter| meter.days > 0));
    assert_ne!(verdict(&view, Rule::Calibrated), Verdict::NotEvaluable);
}

#[test]
fn of_hours_that_are_not_ripe_those_count_that_are_decided() {
    let mut site = delivered_daily();
    // The second day is missing, the third came; the first three hours of the second are ripe on the fourth at three.
    site.now = at(3 * DAY + 180);
    site.bring(Origin::Invoice, vec![interval(QUARTER, 2 * DAY, 1440, 2_400)]);
    let found = |site: &Site| {
        let all = site
            .engine
            .availability(&site.history, hour(-100), hour(1_000))
            .unwrap();
        let found = all.into_iter().find(|found| found.parameter == QUARTER).unwrap();
        let filled = found.by_plan + found.by_person;
        (found.expected, found.valid, filled, found.missing, found.to_come)
    };
    let (expected, valid, filled, missing, to_come) = found(&site);
    assert_eq!((expected, valid, filled + missing, to_come), (51, 48, 3, 24));
    site.command(CommandBody::Fill(Fill {
        parameter: QUARTER,
        from: hour(24),
        to: hour(48),
        by: FillBy::Value("100".parse().unwrap()),
        reason: "the meter was exchanged".to_owned(),
    }))
    .unwrap();
    assert_eq!(found(&site), (72, 48, 24, 0, 3));
}

#[test]
fn where_nothing_that_is_watched_has_a_value_nobody_could_find_anything() {
    let only_tests = |count: i64, checks: Option<CheckPlan>| {
        let mut site = Site::young();
        let mut tested = planned();
        for parameter in &mut tested.parameters {
            // What is expected is watched for its silence, too.
            parameter.interval_ms = 0;
            parameter.checks.clone_from(&checks);
        }
        site.apply(tested);
        site.now = at(5 * DAY);
        let tests = (1..=count).map(|day| interval(HEATING_VALUE, day * DAY, 1440, 20_000 + day));
        site.bring(Origin::Laboratory, tests.collect());
        let view = seen(&site, "2025-01").unwrap();
        (
            of(&view, HEATING_VALUE).is_watched,
            verdict(&view, Rule::AnomaliesWorked),
        )
    };
    // By default values that are tested are held against limits and what is published, and against each other.
    assert_eq!(only_tests(1, None), (true, Verdict::Pass));
    let among_themselves = || {
        Some(CheckPlan {
            range: Setting::Off,
            published: Setting::Off,
            ..CheckPlan::default()
        })
    };
    // Of the first nothing could be found that way.
    assert_eq!(only_tests(1, among_themselves()), (false, Verdict::NotEvaluable));
    assert_eq!(only_tests(2, among_themselves()), (true, Verdict::Pass));
    let off = CheckPlan {
        range: Setting::Off,
        outlier: Setting::Off,
        unit: Setting::Off,
        repeated: Setting::Off,
        published: Setting::Off,
        ..CheckPlan::default()
    };
    assert_eq!(only_tests(2, Some(off)), (false, Verdict::NotEvaluable));
}

#[test]
fn a_test_is_not_due_until_the_plan_calls_it_late() {
    for (late_ms, days, expected) in [
        (None, 32, Verdict::NotEvaluable),
        (None, 72, Verdict::Fail),
        (Some(2 * 86_400_000), 32, Verdict::NotEvaluable),
        (Some(2 * 86_400_000), 34, Verdict::Fail),
    ] {
        let mut site = Site::young();
        let mut tested = planned();
        for parameter in &mut tested.parameters {
            (parameter.interval_ms, parameter.calendar) = (0, None);
            if parameter.id == CARBON {
                parameter.calendar = Some(CalendarInterval::Month);
                parameter.interval_ms = CalendarInterval::Month.longest_ms();
                parameter.checks = late_ms.map(|late_ms| CheckPlan {
                    arrival: Setting::Set(ArrivalPlan {
                        late_ms: Some(late_ms),
                        ahead_ms: None,
                    }),
                    ..CheckPlan::default()
                });
            }
        }
        site.apply(tested);
        site.now = at(days * DAY);
        // Before the site's first reading nothing is asked of anybody.
        site.bring(Origin::Laboratory, vec![interval(HEATING_VALUE, 0, 1440, 20_000)]);
        let view = seen(&site, "2025-01").unwrap();
        for rule in [Rule::MeasuredAsPlanned, Rule::OnFrequency] {
            assert_eq!(verdict(&view, rule), expected, "{rule:?} {late_ms:?} {days}");
        }
    }
}
