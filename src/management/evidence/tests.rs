//! Every rule passing, failing, and with nothing to look at.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::domain::calendar::CalendarInterval;
use crate::domain::identity::{BookId, MeterId, ParameterId, SourceId};
use crate::domain::model::Name;
use crate::domain::reading::{Origin, ParameterKind};
use crate::domain::text::Text;
use crate::domain::time::{DAY_MS, HOUR_MS, Instant, Month};
use crate::locale::{Language, Localizer};
use crate::quality::alarm::{AlarmId, Kind, Priority};
use crate::quality::anomaly::{AnomalyId, Stage};

const NOW: Instant = Instant(1_764_000_000_000);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn month() -> Month {
    Month::of(day("2025-11-01"))
}

/// Of a site that has nothing.
fn nothing() -> Facts {
    Facts {
        month: month(),
        from: NOW.plus(-20 * DAY_MS),
        to: NOW,
        now: NOW,
        runs: true,
        has_begun: true,
        days: (day("2025-11-01"), day("2025-11-24")),
        parameters: Vec::new(),
        sources: Vec::new(),
        meters: Vec::new(),
        rounds: Vec::new(),
        alarms: Vec::new(),
        anomalies: Vec::new(),
        anomalies_cut: false,
        books: Vec::new(),
    }
}

/// Of the whole stretch.
fn frequency(expected: u32, valid: u32) -> Frequency {
    Frequency {
        from: NOW.plus(-20 * DAY_MS),
        to: NOW,
        expected,
        valid,
        awaited: 0,
    }
}

fn parameter() -> ParameterFacts {
    ParameterFacts {
        parameter: ParameterId(1),
        tag: "FT-1".to_owned(),
        kind: ParameterKind::Flow,
        origins: vec![Origin::Connector],
        by_machine: true,
        interval_ms: 60_000,
        calendar: None,
        is_lacking: false,
        late_ms: 40 * DAY_MS,
        due: Instant(i64::MAX),
        is_watched: true,
        meter: Some(MeterId(1)),
        missing_rule: Some(Text::new("quality-plan-came")),
        is_key: true,
        is_used: true,
        stale_after_ms: 180_000,
        since: Some(Instant(0)),
        had_value: true,
        newest: Some(NOW.plus(-60_000)),
        frequency: vec![frequency(500, 495)],
        is_removed: false,
        arrived: Arrived {
            hours: 500,
            settled: 500,
            by_plan: 5,
            any: true,
            ..Arrived::default()
        },
        unplanned: 0,
        open_anomalies: 0,
    }
}

fn alarm(waited_minutes: i64) -> AlarmFacts {
    let raised = NOW.plus(-10 * DAY_MS);
    AlarmFacts {
        alarm: AlarmId {
            parameter: ParameterId(1),
            kind: Kind::High,
        },
        priority: Priority::Critical,
        shift_ms: 8 * HOUR_MS,
        raised,
        acknowledged: Some(raised.plus(waited_minutes * 60_000)),
    }
}

fn anomaly(stage: Stage, days: i64, has_cause: bool) -> AnomalyFacts {
    AnomalyFacts {
        anomaly: AnomalyId(7),
        parameter: ParameterId(1),
        raised: NOW.plus(-days * DAY_MS),
        stage,
        has_cause,
    }
}

fn named(name: &str) -> Name {
    Name {
        zh: name.to_owned(),
        en: name.to_owned(),
    }
}

fn stand_in(of: StandsInFor) -> StandInFacts {
    StandInFacts {
        source: SourceId(1),
        name: named("coal"),
        of,
        hours: 3,
    }
}

/// Of a site on which everything is as it should be.
fn sound() -> Facts {
    Facts {
        parameters: vec![parameter()],
        sources: vec![SourceFacts {
            source: SourceId(1),
            key: "coal".to_owned(),
            without_value: Vec::new(),
        }],
        meters: vec![MeterFacts {
            meter: MeterId(1),
            name: "BW-1".to_owned(),
            days: 24,
            covered: Covered {
                until: Some(day("2026-02-28")),
                uncovered: None,
                awaits: None,
            },
        }],
        rounds: vec![RoundFacts {
            sheet: "rounds".to_owned(),
            at: NOW.plus(-DAY_MS),
            missing: 0,
            late: 0,
            late_ms: 0,
            of: 10,
        }],
        alarms: vec![alarm(29)],
        anomalies: vec![anomaly(Stage::Closed, 12, true), anomaly(Stage::New, 6, false)],
        books: vec![BookFacts {
            book: BookId(1),
            milligrams: 1_000,
            measured: 973,
            name: named("shanxi"),
            stand_ins: vec![stand_in(StandsInFor::Test(ParameterId(1)))],
            defaults: Vec::new(),
        }],
        ..nothing()
    }
}

fn said(facts: &Facts, rule: Rule) -> Evidence {
    judge(facts, &Limits::default())
        .into_iter()
        .find(|evidence| evidence.rule == rule)
        .unwrap()
}

fn verdict(facts: &Facts, rule: Rule) -> Verdict {
    said(facts, rule).verdict
}

#[test]
fn a_sound_site_passes_and_one_that_has_nothing_is_never_green() {
    for rule in Rule::ALL {
        assert_eq!(verdict(&sound(), rule), Verdict::Pass, "{rule:?}");
        assert_eq!(verdict(&nothing(), rule), Verdict::NotEvaluable, "{rule:?}");
    }
    let codes: Vec<&str> = Rule::ALL.iter().map(|rule| rule.code()).collect();
    assert_eq!(
        codes,
        [
            "ER-01", "ER-02", "ER-03", "ER-04", "ER-05", "ER-06", "ER-07", "ER-09", "ER-29", "ER-30"
        ]
    );
}

fn default_of(tested: Option<ParameterId>) -> DefaultFacts {
    DefaultFacts {
        source: SourceId(1),
        name: named("coal"),
        input: named("carbon content"),
        hours: 3,
        tested,
    }
}

fn uncover(facts: &mut Facts, why: NotCovered) {
    facts.meters[0].covered.uncovered = Some(Uncovered {
        first: day("2025-11-20"),
        days: 3,
        why,
    });
}

type Fault = (Rule, &'static str, fn(&mut Facts));

#[test]
fn every_fault_fails_its_own_rule_and_says_what_it_rests_on() {
    let faults: [Fault; 25] = [
        (Rule::PlantAsPlanned, "evidence-source-without", |facts| {
            facts.sources[0].without_value = vec![ParameterId(1)];
        }),
        (Rule::PlantAsPlanned, "evidence-unused", |facts| {
            facts.parameters[0].is_used = false;
        }),
        (Rule::MeasuredAsPlanned, "evidence-nothing-came", |facts| {
            (facts.parameters[0].arrived.any, facts.parameters[0].is_lacking) = (false, true);
        }),
        (Rule::MeasuredAsPlanned, "evidence-unplanned", |facts| {
            facts.parameters[0].unplanned = 2;
        }),
        (Rule::Calibrated, "evidence-calibration-over", |facts| {
            uncover(facts, NotCovered::Over(day("2025-11-23")));
        }),
        (Rule::Calibrated, "evidence-calibration-later", |facts| {
            uncover(facts, NotCovered::Later(day("2025-11-02")));
        }),
        (Rule::Calibrated, "evidence-calibration-unknown", |facts| {
            uncover(facts, NotCovered::Unknown);
        }),
        (Rule::Calibrated, "evidence-calibration-rejected", |facts| {
            uncover(facts, NotCovered::Rejected(day("2025-11-20")));
        }),
        (Rule::OnFrequency, "evidence-incomplete", |facts| {
            facts.parameters[0].frequency = vec![frequency(500, 489)];
        }),
        (Rule::GapsByPlan, "evidence-unfilled", |facts| {
            facts.parameters[0].arrived.long_missing = 1;
        }),
        (Rule::GapsByPlan, "evidence-filled-otherwise", |facts| {
            facts.parameters[0].arrived.by_person = 1;
        }),
        (Rule::ChecksMade, "evidence-round", |facts| facts.rounds[0].missing = 1),
        (Rule::ChecksMade, "evidence-round-late", |facts| {
            (facts.rounds[0].late, facts.rounds[0].late_ms) = (2, 3 * HOUR_MS);
        }),
        (Rule::AnomaliesWorked, "evidence-alarm-waited", |facts| {
            facts.alarms[0] = alarm(31);
        }),
        (Rule::AnomaliesWorked, "evidence-alarm-unanswered", |facts| {
            facts.alarms[0].acknowledged = None;
        }),
        (Rule::AnomaliesWorked, "evidence-alarm-waited", |facts| {
            facts.alarms[0] = AlarmFacts {
                priority: Priority::Low,
                ..alarm(8 * 60 + 1)
            };
        }),
        (Rule::AnomaliesWorked, "evidence-anomaly-open", |facts| {
            facts.anomalies[1] = anomaly(Stage::Disposed, 8, true);
        }),
        (Rule::AnomaliesWorked, "evidence-anomaly-without-cause", |facts| {
            facts.anomalies[0].has_cause = false;
        }),
        (Rule::MeasuredFirst, "evidence-provisional", |facts| {
            facts.parameters[0].due = facts.now.plus(-1);
        }),
        (Rule::MeasuredFirst, "evidence-default-beside-tested", |facts| {
            facts.books[0].defaults = vec![default_of(Some(ParameterId(1)))];
        }),
        (Rule::MeterRates, "evidence-no-meter", |facts| {
            facts.parameters[0].meter = None;
        }),
        (Rule::MeterRates, "evidence-calibration-over", |facts| {
            uncover(facts, NotCovered::Over(day("2025-10-31")));
        }),
        (Rule::Fresh, "evidence-stale", |facts| {
            facts.parameters[0].newest = Some(facts.now.plus(-180_001));
        }),
        (Rule::Fresh, "evidence-never", |facts| facts.parameters[0].newest = None),
        (Rule::OnFrequency, "evidence-incomplete", |facts| {
            facts.runs = false;
            facts.to = facts.now.plus(-41 * DAY_MS);
            facts.books.clear();
            facts.parameters[0].kind = ParameterKind::Property;
            facts.parameters[0].frequency = vec![frequency(3, 2)];
            facts.parameters[0].arrived = Arrived {
                any: true,
                ..Arrived::default()
            };
        }),
    ];
    for (rule, text, spoil) in faults {
        let mut facts = sound();
        spoil(&mut facts);
        let evidence = said(&facts, rule);
        assert_eq!(evidence.verdict, Verdict::Fail, "{rule:?} {text}");
        let against: Vec<&str> = evidence
            .rests_on
            .iter()
            .filter(|rest| rest.is_against)
            .map(|rest| rest.what.id.as_ref())
            .collect();
        assert_eq!(against, [text], "{rule:?}");
    }
}

#[test]
fn what_may_still_come_is_not_against_a_rule() {
    let mut facts = sound();
    let monthly = ParameterFacts {
        parameter: ParameterId(2),
        tag: "LAB".to_owned(),
        kind: ParameterKind::Property,
        interval_ms: 31 * DAY_MS,
        calendar: Some(CalendarInterval::Month),
        is_lacking: true,
        meter: None,
        frequency: Vec::new(),
        arrived: Arrived::default(),
        origins: vec![Origin::Laboratory],
        by_machine: false,
        is_key: false,
        ..parameter()
    };
    facts.parameters.push(monthly);
    // A test of the month that runs, tests that stand in for others for forty days, a gap of this morning.
    facts.parameters[0].arrived.missing = 3;
    for rule in Rule::ALL {
        assert_eq!(verdict(&facts, rule), Verdict::Pass, "{rule:?}");
    }
    // An invoice comes behind its month, a meter that is read once a day after the first morning.
    facts.parameters.push(ParameterFacts {
        kind: ParameterKind::Amount,
        frequency: vec![frequency(400, 0)],
        arrived: Arrived {
            hours: 400,
            settled: 400,
            missing: 400,
            long_missing: 380,
            ..Arrived::default()
        },
        ..facts.parameters[1].clone()
    });
    for rule in Rule::ALL {
        assert_eq!(verdict(&facts, rule), Verdict::Pass, "{rule:?}");
    }
    // What is to come each day is missing three days after the month began, and not only when it is over.
    if let Some(daily) = facts.parameters.last_mut() {
        (daily.interval_ms, daily.calendar, daily.late_ms) = (DAY_MS, None, 2 * DAY_MS);
    }
    assert_eq!(verdict(&facts, Rule::MeasuredAsPlanned), Verdict::Fail);
    facts.parameters[2].since = Some(NOW.plus(-3 * DAY_MS));
    assert_eq!(verdict(&facts, Rule::MeasuredAsPlanned), Verdict::Pass);
    facts.parameters.pop();
    // A day that is not over for a day says nothing of how gaps are filled.
    let settled = std::mem::take(&mut facts.parameters[0].arrived.settled);
    assert_eq!(verdict(&facts, Rule::GapsByPlan), Verdict::NotEvaluable);
    facts.parameters[0].arrived.settled = settled;
    facts.runs = false;
    // After the month as long as the plan lets it come.
    for late_ms in [40 * DAY_MS, 3 * DAY_MS] {
        facts.parameters[1].late_ms = late_ms;
        for (after, expected) in [(late_ms, Verdict::Pass), (late_ms + 1, Verdict::Fail)] {
            facts.to = facts.now.plus(-after);
            let evidence = said(&facts, Rule::MeasuredAsPlanned);
            assert_eq!(evidence.verdict, expected, "{after}");
            let is_not_due = evidence.rests_on.iter().any(|rest| rest.what.id == "evidence-not-due");
            assert_eq!(is_not_due, expected == Verdict::Pass);
        }
    }
    facts.to = facts.now.plus(-40 * DAY_MS);
    assert_eq!(verdict(&facts, Rule::MeasuredFirst), Verdict::Pass);
    assert_eq!(verdict(&facts, Rule::Fresh), Verdict::NotEvaluable);
    // More than can be looked at is never green.
    facts.anomalies_cut = true;
    assert_eq!(verdict(&facts, Rule::AnomaliesWorked), Verdict::NotEvaluable);
    facts.anomalies_cut = false;
    // Where nothing was announced and nothing found, that is as it should be; where nobody could have, it says nothing.
    facts.alarms.clear();
    facts.anomalies.clear();
    assert_eq!(verdict(&facts, Rule::AnomaliesWorked), Verdict::Pass);
    facts.parameters[0].is_watched = false;
    assert_eq!(verdict(&facts, Rule::AnomaliesWorked), Verdict::NotEvaluable);
    facts.alarms.push(alarm(31));
    assert_eq!(verdict(&facts, Rule::AnomaliesWorked), Verdict::Fail, "of silence");
}

#[test]
fn what_may_still_be_answered_in_time_neither_passes_nor_fails() {
    let mut facts = sound();
    facts.alarms = vec![AlarmFacts {
        raised: NOW.plus(-20 * 60_000),
        acknowledged: None,
        ..alarm(0)
    }];
    facts.anomalies = vec![anomaly(Stage::Assigned, 6, false)];
    let evidence = said(&facts, Rule::AnomaliesWorked);
    assert_eq!(
        (evidence.verdict, evidence.says.id.as_ref()),
        (Verdict::NotEvaluable, "evidence-nothing-due")
    );
    let told: Vec<&str> = evidence.rests_on.iter().map(|rest| rest.what.id.as_ref()).collect();
    assert_eq!(told, ["evidence-alarm-may-wait", "evidence-anomaly-may-wait"]);
    // Beside what was dealt with it does not hide that.
    facts.anomalies.push(anomaly(Stage::Closed, 9, true));
    assert_eq!(verdict(&facts, Rule::AnomaliesWorked), Verdict::Pass);
    facts.alarms[0].raised = NOW.plus(-31 * 60_000);
    let evidence = said(&facts, Rule::AnomaliesWorked);
    assert_eq!(evidence.verdict, Verdict::Fail);
    assert_eq!(evidence.rests_on[0].what.id, "evidence-alarm-unanswered");
}

#[test]
fn a_factor_that_is_not_published_yet_is_no_overdue_test() {
    let mut facts = sound();
    facts.parameters[0].due = facts.now.plus(-1);
    facts.books[0].stand_ins = vec![stand_in(StandsInFor::Factor)];
    let evidence = said(&facts, Rule::MeasuredFirst);
    assert_eq!(evidence.verdict, Verdict::Pass);
    let ids: Vec<_> = evidence.rests_on.iter().map(|rest| rest.what.id.as_ref()).collect();
    assert_eq!(ids, ["evidence-earlier-factor", "evidence-measured-share"]);
    // Of each book and source a line of its own, which names them.
    facts.books.push(BookFacts {
        book: BookId(2),
        name: named("national"),
        ..facts.books[0].clone()
    });
    for book in &mut facts.books {
        book.stand_ins.push(stand_in(StandsInFor::Test(ParameterId(1))));
    }
    let evidence = said(&facts, Rule::MeasuredFirst);
    assert_eq!(evidence.verdict, Verdict::Fail);
    let english = Localizer::new(Language::English);
    let against = evidence.rests_on.iter().filter(|rest| rest.is_against);
    let against: Vec<_> = against.map(|rest| english.text(&rest.what)).collect();
    assert_eq!(
        against,
        ["shanxi", "national"]
            .map(|book| format!("{book}, coal: hours on a value in place of the overdue test of FT-1: 3"))
    );
}

#[test]
fn a_source_waits_for_what_it_takes_as_long_as_that_may_be_late() {
    let mut facts = sound();
    facts.sources[0].without_value = vec![ParameterId(1)];
    let asked = |facts: &mut Facts, days: i64| {
        let parameter = &mut facts.parameters[0];
        (parameter.kind, parameter.interval_ms, parameter.late_ms) =
            (ParameterKind::Property, 31 * DAY_MS, 40 * DAY_MS);
        parameter.since = Some(NOW.plus(-days * DAY_MS));
        let evidence = said(facts, Rule::PlantAsPlanned);
        let ids = evidence.rests_on.iter().map(|rest| rest.what.id.to_string());
        (evidence.verdict, ids.collect::<Vec<_>>())
    };
    assert_eq!(asked(&mut facts, 71).1, ["evidence-source-awaits"]);
    assert_eq!(
        asked(&mut facts, 72),
        (Verdict::Fail, vec!["evidence-source-without".to_owned()])
    );
    facts.has_begun = false;
    assert_eq!(asked(&mut facts, 72).0, Verdict::NotEvaluable);
}

#[test]
fn what_rests_on_tests_that_may_come_is_not_due_and_fixed_values_are_told() {
    let mut facts = sound();
    facts.books[0].measured = 0;
    let evidence = said(&facts, Rule::MeasuredFirst);
    assert_eq!(
        (evidence.verdict, evidence.says.id.as_ref()),
        (Verdict::NotEvaluable, "evidence-nothing-due")
    );
    // A test of the year is not overdue in a month of it, whether that runs or not.
    facts.runs = false;
    facts.to = facts.now.plus(-100 * DAY_MS);
    assert_eq!(verdict(&facts, Rule::MeasuredFirst), Verdict::NotEvaluable);
    facts.books[0].defaults = vec![default_of(None)];
    facts.books[0].stand_ins = vec![stand_in(StandsInFor::Sealed)];
    // Where the plan asks for no test at all, that is no measured value first.
    let evidence = said(&facts, Rule::MeasuredFirst);
    assert_eq!(
        (evidence.verdict, evidence.says.id.as_ref()),
        (Verdict::NotEvaluable, "evidence-nothing-measured")
    );
    facts.books[0].measured = 1;
    let evidence = said(&facts, Rule::MeasuredFirst);
    let ids: Vec<_> = evidence.rests_on.iter().map(|rest| rest.what.id.as_ref()).collect();
    assert_eq!(
        ids,
        [
            "evidence-stand-in-sealed",
            "evidence-default",
            "evidence-measured-share"
        ]
    );
    assert_eq!(evidence.verdict, Verdict::Pass);
}

#[test]
fn what_is_named_is_bounded_and_counted() {
    let mut facts = sound();
    facts.rounds = vec![
        RoundFacts {
            missing: 1,
            ..facts.rounds[0].clone()
        };
        500
    ];
    let evidence = said(&facts, Rule::ChecksMade);
    assert_eq!(
        (evidence.rests_on.len(), evidence.more, evidence.more_against),
        (200, 300, 300)
    );
}

proptest! {
    #[test]
    fn no_facts_make_a_rule_panic_and_what_fails_names_something(
        expected in any::<u32>(), valid in any::<u32>(), mass in any::<i64>(), measured in any::<i64>(),
        raised in -(1_i64 << 50)..(1 << 50), runs in any::<bool>(), long in any::<u32>()
    ) {
        let mut facts = sound();
        facts.runs = runs;
        facts.parameters[0].frequency = vec![frequency(expected, valid); usize::from(expected > 0)];
        facts.parameters[0].arrived = Arrived { hours: expected, settled: expected, long_missing: long, any: valid > 0, ..Arrived::default() };
        facts.books[0].milligrams = i128::from(mass);
        facts.books[0].measured = i128::from(measured);
        facts.alarms[0].raised = Instant(raised);
        for evidence in judge(&facts, &Limits::default()) {
            let against = evidence.rests_on.iter().filter(|rest| rest.is_against).count();
            prop_assert_eq!(evidence.verdict == Verdict::Fail, against > 0);
        }
    }
}

#[test]
fn every_book_has_its_own_share_and_one_without_any_is_told_too() {
    let mut facts = sound();
    facts.books[0].stand_ins.clear();
    (facts.books[0].milligrams, facts.books[0].measured) = (6_168_855, 6_168_855);
    facts.books.push(BookFacts {
        book: BookId(2),
        name: named("coal"),
        milligrams: 14_080_540,
        measured: 0,
        ..facts.books[0].clone()
    });
    let english = Localizer::new(Language::English);
    let says = english.text(&said(&facts, Rule::MeasuredFirst).says);
    let (none, all) = (says.find("0.00 %").unwrap(), says.find("100.00 %").unwrap());
    assert!(none < all, "{says}");
}

#[test]
fn an_alarm_may_wait_as_long_as_the_shift_went_on_in_which_it_came() {
    let mut facts = sound();
    let waited = |shift_hours: i64| AlarmFacts {
        priority: Priority::Low,
        shift_ms: shift_hours * HOUR_MS,
        ..alarm(12 * 60)
    };
    facts.alarms = vec![waited(14)];
    assert_eq!(said(&facts, Rule::AnomaliesWorked).verdict, Verdict::Pass);
    facts.alarms = vec![waited(10)];
    assert_eq!(said(&facts, Rule::AnomaliesWorked).verdict, Verdict::Fail);
}

#[test]
fn tests_that_are_due_and_lack_speak_against_and_those_that_may_come_do_not() {
    let mut facts = sound();
    facts.parameters[0].kind = ParameterKind::Property;
    let mut with = |expected, valid, awaited| {
        facts.parameters[0].frequency = vec![Frequency {
            awaited,
            ..frequency(expected, valid)
        }];
        let said = said(&facts, Rule::OnFrequency);
        (
            said.verdict,
            said.rests_on.iter().any(|rest| rest.what.id == "evidence-not-due"),
        )
    };
    assert_eq!(with(23, 3, 2), (Verdict::Fail, false));
    assert_eq!(with(23, 3, 20), (Verdict::NotEvaluable, true));
    assert_eq!(with(23, 23, 0), (Verdict::Pass, false));
    // That nothing came lately takes nothing from a year that has its test.
    facts.parameters[0].arrived.any = false;
    facts.parameters[0].frequency = vec![frequency(1, 1)];
    (facts.runs, facts.parameters[0].calendar) = (false, Some(CalendarInterval::Year));
    assert_eq!(said(&facts, Rule::OnFrequency).verdict, Verdict::Pass);
}

#[test]
fn each_stretch_of_a_month_is_judged_by_itself() {
    let mut facts = sound();
    facts.parameters[0].frequency = vec![frequency(129_600, 129_600), frequency(1_536, 0)];
    let said = said(&facts, Rule::OnFrequency);
    assert_eq!(said.verdict, Verdict::Fail);
    let against: Vec<&Rest> = said.rests_on.iter().filter(|rest| rest.is_against).collect();
    assert_eq!(against.len(), 1);
    assert_eq!(against[0].what.id, "evidence-incomplete-part");
    assert_eq!(facts.parameters[0].share(), Some(0));
}

#[test]
fn what_is_no_longer_in_the_plan_is_not_stale() {
    let mut facts = sound();
    facts.parameters[0].newest = Some(facts.now.plus(-DAY_MS));
    assert_eq!(said(&facts, Rule::Fresh).verdict, Verdict::Fail);
    facts.parameters[0].is_removed = true;
    assert_eq!(said(&facts, Rule::Fresh).verdict, Verdict::NotEvaluable);
}

#[test]
fn a_meter_whose_certificate_waits_is_fitted_all_the_same() {
    let mut facts = sound();
    for id in 2..=10 {
        facts.parameters.push(ParameterFacts {
            parameter: ParameterId(id),
            meter: (id < 10).then_some(MeterId(id)),
            ..parameter()
        });
        facts.meters.push(MeterFacts {
            meter: MeterId(id),
            covered: Covered {
                awaits: Some(day("2025-11-02")),
                ..facts.meters[0].covered
            },
            ..facts.meters[0].clone()
        });
    }
    let english = Localizer::new(Language::English);
    let says = english.text(&said(&facts, Rule::MeterRates).says);
    assert!(says.contains("fitted 90.00 % of 10"), "{says}");
    assert!(says.contains("calibrated 50.00 % of 2"), "{says}");
}
