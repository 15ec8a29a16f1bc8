//! The Plan pane: evidence with what it rests on, plan and what arrived, versions.

use super::*;
use crate::domain::actor::{Actor, Role};
use crate::domain::identity::{BookId, MeterId, ParameterId, Sequence, SourceId};
use crate::domain::model::Name;
use crate::domain::period::Period;
use crate::domain::reading::{Origin, ParameterKind};
use crate::domain::text::Text;
use crate::domain::time::{Instant, Month};
use crate::engine::second_check::{CheckSubject, CheckVerdict, SecondCheck};
use crate::engine::view::{
    CheckMark, ClosingView, LookedView, MonthOfBook, MonthView, QualityPlanView, SecondCheckView,
};
use crate::locale::Language;
use crate::management::evidence::{
    Arrived, BookFacts, Covered, Facts, Frequency, Limits, MeterFacts, NotCovered, ParameterFacts, RoundFacts, Rule,
    SourceFacts, Uncovered, judge,
};
use crate::tui::keymap::Context;
use crate::tui::link::LinkEvent;
use crate::tui::model::Model;
use crate::tui::pane::Pane;
use crate::tui::quality_plan::Showing;
use crate::tui::update::{Msg, update};
use crate::wire::message::{FromDaemon, ReplyBody, RequestBody};
use crate::wire::records::{ChainView, RecordPage, RecordView};

use crossterm::event::KeyCode;
use proptest::prelude::*;
use ratatui::layout::Size;

fn checker() -> Actor {
    Actor {
        roles: vec![Role::DataQualityChecker],
        ..actor()
    }
}

/// A month of the fixture's plant in which some things are as planned and others are not.
fn view() -> QualityPlanView {
    let snapshot = snapshot();
    let now = snapshot.state.now;
    let from = now.plus(-19 * 86_400_000);
    let of_month = |expected, valid| Frequency {
        from,
        to: now,
        expected,
        valid,
        awaited: 0,
    };
    let parameter = |id: u32, tag: &str, kind, (frequency, arrived)| ParameterFacts {
        parameter: ParameterId(id),
        tag: tag.to_owned(),
        kind,
        origins: vec![Origin::Connector],
        by_machine: true,
        interval_ms: 10_000,
        calendar: None,
        is_lacking: false,
        late_ms: 0,
        due: Instant(i64::MAX),
        is_watched: true,
        meter: (id == 1).then_some(MeterId(1)),
        missing_rule: (id == 1).then(|| Text::new("missing-rule-hold")),
        is_key: true,
        is_used: id != 3,
        stale_after_ms: 30_000,
        since: Some(Instant(0)),
        had_value: true,
        newest: Some(now.plus(-i64::from(id) * 15_000)),
        frequency: vec![frequency],
        is_removed: false,
        arrived,
        unplanned: u32::from(id == 2),
        open_anomalies: id - 1,
    };
    let hours = |valid, by_plan, missing| {
        let arrived = Arrived {
            hours: 470,
            settled: 470,
            by_plan,
            missing,
            long_missing: missing,
            any: true,
            ..Arrived::default()
        };
        (of_month(470, valid), arrived)
    };
    let facts = Facts {
        month: Month::of("2025-11-01".parse().unwrap()),
        from,
        to: now,
        now,
        runs: true,
        has_begun: true,
        days: ("2025-11-01".parse().unwrap(), "2025-11-20".parse().unwrap()),
        parameters: vec![
            parameter(1, "FT-2041", ParameterKind::Flow, hours(468, 2, 0)),
            parameter(2, "AI-2110 \u{1b}[2J", ParameterKind::Flow, hours(401, 0, 69)),
            parameter(3, "JE-2500", ParameterKind::Counter, hours(470, 0, 0)),
            ParameterFacts {
                interval_ms: 86_400_000,
                ..parameter(
                    4,
                    "LAB-NCV",
                    ParameterKind::Property,
                    (
                        of_month(19, 19),
                        Arrived {
                            any: true,
                            ..Arrived::default()
                        },
                    ),
                )
            },
        ],
        sources: vec![SourceFacts {
            source: SourceId(1),
            key: "coal".to_owned(),
            without_value: Vec::new(),
        }],
        meters: vec![MeterFacts {
            meter: MeterId(1),
            name: "BW-77123".to_owned(),
            days: 20,
            covered: Covered {
                until: Some("2025-11-19".parse().unwrap()),
                uncovered: Some(Uncovered {
                    first: "2025-11-20".parse().unwrap(),
                    days: 1,
                    why: NotCovered::Over("2025-11-19".parse().unwrap()),
                }),
                awaits: None,
            },
        }],
        rounds: (0..30)
            .map(|round| RoundFacts {
                sheet: "rounds".to_owned(),
                at: Instant(from.0 + round * 7_200_000),
                missing: u32::from(round % 2 == 1),
                late: 0,
                late_ms: 0,
                of: 10,
            })
            .collect(),
        alarms: Vec::new(),
        anomalies: Vec::new(),
        anomalies_cut: false,
        books: vec![BookFacts {
            book: BookId(1),
            milligrams: 1_000_000,
            measured: 973_100,
            name: Name::default(),
            stand_ins: Vec::new(),
            defaults: Vec::new(),
        }],
    };
    let evidence = judge(&facts, &Limits::default());
    let closing = MonthView {
        month: facts.month,
        is_over: false,
        sealed_through: None,
        closings: Vec::new(),
        books: vec![MonthOfBook {
            book: BookId(1),
            key: "shanxi".to_owned(),
            issued: None,
            now: 12_345_678_000_000,
            unknown_hours: 0,
            is_moved: false,
        }],
    };
    QualityPlanView {
        facts,
        closing,
        evidence,
    }
}

fn versions() -> RecordPage {
    let approval = |sequence, mark| SecondCheckView {
        record: Sequence(sequence),
        by: "2001".to_owned(),
        name: None,
        typed_by: Vec::new(),
        at: snapshot().state.now.plus(-86_400_000),
        subject: CheckSubject::Plan,
        mark,
        looked: (mark != CheckMark::Awaits).then(|| LookedView {
            by: "3001".to_owned(),
            name: None,
            at: snapshot().state.now,
            record: Sequence(sequence + 1),
            reason: None,
        }),
        settled: None,
        cells: 0,
        standing: 0,
    };
    let record = |sequence: u64, what: &'static str, mark: Option<CheckMark>| RecordView {
        approval: mark.map(|mark| Box::new(approval(sequence, mark))),
        sequence: Sequence(sequence),
        at: Some(snapshot().state.now.plus(-86_400_000)),
        actor: Some(checker()),
        kind: "apply".to_owned(),
        from: String::new(),
        what: Text::new(what),
        changes: vec![Text::new("quality-plan-came"), Text::new("quality-plan-nothing")],
        hash: "00".to_owned(),
    };
    RecordPage {
        records: vec![
            record(3, "tui-plan-evidence", None),
            record(700, "tui-plan-versions", Some(CheckMark::Agreed)),
            record(800, "tui-plan-evidence", Some(CheckMark::Returned)),
            record(900, "tui-plan-parameters", Some(CheckMark::Awaits)),
        ],
        reached: Sequence(1),
        chain: ChainView {
            head: Sequence(18_204),
            digest: "9f3ac1d2".repeat(8),
            sealed_through: None,
            damaged: None,
        },
    }
}

fn opened(language: Language, width: u16, height: u16) -> Model {
    let mut model = model_of(snapshot(), language, "dark", width, height);
    update(&mut model, Msg::Link(LinkEvent::up(checker())));
    let effects = say(&mut model, FromDaemon::Snapshot(Box::new(snapshot())));
    answer(&mut model, effects);
    let asked = bodies(press(&mut model, KeyCode::Char('7')));
    assert_eq!(model.pane, Pane::Plan);
    let [(id, RequestBody::QualityPlan { month: None })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    reply(&mut model, *id, Ok(ReplyBody::QualityPlan(Box::new(view()))));
    model
}

/// Somebody who approves, and has put nothing in force.
fn representative() -> Actor {
    Actor {
        roles: vec![Role::ManagementRepresentative],
        person: Some("3001".to_owned()),
        uid: 4_002,
        user: "sun".to_owned(),
        ..actor()
    }
}

/// The versions, with the newest one selected.
fn at_versions() -> Model {
    let mut model = opened(Language::English, 80, 24);
    press(&mut model, KeyCode::Tab);
    let asked = bodies(press(&mut model, KeyCode::Tab));
    reply(&mut model, asked[0].0, Ok(ReplyBody::Records(Box::new(versions()))));
    model
}

#[test]
fn a_version_is_approved_or_not_by_whoever_may_and_did_not_put_it_in_force() {
    let fault = |model: &Model| {
        let approval = model.plan.approval.as_ref()?;
        approval.fault.as_ref().map(|fault| fault.id.to_string())
    };
    let mut model = at_versions();
    assert!(bodies(press(&mut model, KeyCode::Char('a'))).is_empty());
    assert_eq!(fault(&model).as_deref(), Some("tui-alarm-no-right"));
    assert!(drawn(&model).0.contains("approve versions of the plan"));
    model.actor = Some(Actor {
        roles: vec![Role::ManagementRepresentative],
        ..checker()
    });
    press(&mut model, KeyCode::Char('x'));
    assert_eq!(fault(&model).as_deref(), Some("approval-same-person"));
    assert_eq!(model.context(), Context::Plan);
    model.actor = Some(representative());
    press(&mut model, KeyCode::End);
    press(&mut model, KeyCode::Char('a'));
    assert_eq!(
        fault(&model).as_deref(),
        Some("approval-none"),
        "from before there were approvals"
    );
    press(&mut model, KeyCode::Home);
    assert_eq!(fault(&model), None);
    let asked = bodies(press(&mut model, KeyCode::Char('a')));
    let [(id, RequestBody::Approve(check))] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    let agreed = SecondCheck {
        of: Sequence(900),
        verdict: CheckVerdict::Agreed,
        seen: None,
    };
    assert_eq!(check, &agreed);
    assert!(bodies(press(&mut model, KeyCode::Char('a'))).is_empty(), "once");
    reply(&mut model, *id, Err(Text::new("second-check-already").with("of", 900)));
    assert_eq!(fault(&model).as_deref(), Some("second-check-already"));
    // Not approved, for a reason; over a cut line once.
    press(&mut model, KeyCode::Char('x'));
    assert_eq!(model.context(), Context::Reason);
    assert!(bodies(press(&mut model, KeyCode::Enter)).is_empty());
    assert_eq!(fault(&model).as_deref(), Some("approval-needs-reason"));
    type_keys(&mut model, "no gas meter");
    press(&mut model, KeyCode::Enter);
    let again = bodies(update(&mut model, Msg::Link(LinkEvent::up(representative()))));
    let asked: Vec<u64> = again
        .iter()
        .filter(|(_, body)| matches!(body, RequestBody::Approve(_)))
        .map(|(id, _)| *id)
        .collect();
    assert_eq!(asked.len(), 1);
    let effects = reply(&mut model, asked[0], Ok(ReplyBody::Recorded(Sequence(18_300))));
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-approval-refused");
    assert!(
        bodies(effects)
            .iter()
            .any(|(_, body)| matches!(body, RequestBody::Tail { .. })),
        "the versions are asked for anew"
    );
    // Nothing is begun for somebody else.
    let mut model = at_versions();
    model.actor = Some(representative());
    press(&mut model, KeyCode::Char('x'));
    press(&mut model, KeyCode::Esc);
    assert!(model.plan.approval.is_none());
}

#[test]
fn the_plan_looks_like_this() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = opened(language, width, height);
            insta::assert_snapshot!(format!("evidence_{language}_{width}x{height}"), drawn(&model).0);
            for key in [
                KeyCode::Down,
                KeyCode::Down,
                KeyCode::Down,
                KeyCode::Enter,
                KeyCode::Down,
            ] {
                press(&mut model, key);
            }
            insta::assert_snapshot!(format!("unfolded_{language}_{width}x{height}"), drawn(&model).0);
            press(&mut model, KeyCode::Tab);
            press(&mut model, KeyCode::Down);
            insta::assert_snapshot!(format!("parameters_{language}_{width}x{height}"), drawn(&model).0);
            let asked = bodies(press(&mut model, KeyCode::Tab));
            let [(id, RequestBody::Tail { .. })] = asked.as_slice() else {
                panic!("{asked:?}")
            };
            reply(&mut model, *id, Ok(ReplyBody::Records(Box::new(versions()))));
            insta::assert_snapshot!(format!("versions_{language}_{width}x{height}"), drawn(&model).0);
            model.actor = Some(representative());
            press(&mut model, KeyCode::Char('x'));
            type_keys(&mut model, "漏了 2# gas meter");
            insta::assert_snapshot!(format!("approval_{language}_{width}x{height}"), drawn(&model).0);
        }
    }
}

#[test]
fn what_a_rule_rests_on_is_unfolded_and_leads_to_it() {
    let mut model = opened(Language::English, 80, 24);
    assert!(drawn(&model).0.contains("ER-01"));
    press(&mut model, KeyCode::Enter);
    assert_eq!(model.plan.unfolded, Some(Rule::PlantAsPlanned));
    assert!(drawn(&model).0.contains("JE-2500 is measured"), "{}", drawn(&model).0);
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Enter);
    assert_eq!((model.pane, model.live.selected), (Pane::Live, Some(ParameterId(3))));
    press(&mut model, KeyCode::Char('7'));
    press(&mut model, KeyCode::Esc);
    assert_eq!((model.plan.unfolded, model.plan.cursor), (None, 0));
    // The versions lead to their records.
    press(&mut model, KeyCode::Tab);
    let asked = bodies(press(&mut model, KeyCode::Tab));
    reply(&mut model, asked[0].0, Ok(ReplyBody::Records(Box::new(versions()))));
    assert_eq!(model.plan.showing, Showing::Versions);
    let asked = bodies(press(&mut model, KeyCode::Enter));
    assert!(matches!(asked.as_slice(), [(_, RequestBody::Explain(_))]), "{asked:?}");
}

/// Unfolds a rule of the month before and opens the line of it that holds some words.
fn open_ground(view: &QualityPlanView, rule: Rule, words: &str) -> (Model, Vec<(u64, RequestBody)>) {
    let mut model = opened(Language::English, 80, 40);
    let asked = bodies(press(&mut model, KeyCode::Char('[')));
    reply(
        &mut model,
        asked[0].0,
        Ok(ReplyBody::QualityPlan(Box::new(view.clone()))),
    );
    let place = Rule::ALL.iter().position(|one| *one == rule).unwrap();
    for _ in 0..place {
        press(&mut model, KeyCode::Down);
    }
    press(&mut model, KeyCode::Enter);
    assert_eq!(model.plan.unfolded, Some(rule));
    let evidence = view.evidence.iter().find(|evidence| evidence.rule == rule).unwrap();
    let mut rests = evidence.rests_on.iter();
    let place = rests
        .position(|rest| model.shown.text(&rest.what).contains(words))
        .unwrap();
    for _ in 0..=place {
        press(&mut model, KeyCode::Down);
    }
    let asked = bodies(press(&mut model, KeyCode::Enter));
    (model, asked)
}

#[test]
fn a_ground_leads_to_its_month_and_to_what_it_names() {
    let mut view = over(true);
    let zone = snapshot().model.zone;
    let (from, to) = zone.month_hours(view.facts.month);
    let (from, to) = (zone.hour_start(from), zone.hour_start(to));
    (view.facts.from, view.facts.to) = (from, to);
    view.facts.sources[0].without_value = vec![ParameterId(4)];
    for round in &mut view.facts.rounds {
        round.at = from.plus(86_400_000);
    }
    view.evidence = judge(&view.facts, &Limits::default());
    // The ledger of the month.
    let (model, asked) = open_ground(&view, Rule::MeasuredFirst, "97.31");
    assert_eq!(model.pane, Pane::Ledger);
    assert_eq!(model.ledger.at, Some(Period::Month(view.facts.month)));
    let of_month = |body: &RequestBody| matches!(body, RequestBody::Ledger(question) if question.period == Period::Month(view.facts.month));
    assert!(asked.iter().any(|(_, body)| of_month(body)), "{asked:?}");
    // The course of the parameter in the month.
    for (rule, words, parameter) in [
        (Rule::MeasuredAsPlanned, "AI-2110", 2),
        (Rule::Calibrated, "BW-77123", 1),
        (Rule::OnFrequency, "AI-2110", 2),
        (Rule::GapsByPlan, "AI-2110", 2),
    ] {
        let (model, asked) = open_ground(&view, rule, words);
        let course = asked.iter().find_map(|(_, body)| match body {
            RequestBody::Courses {
                parameters, from, to, ..
            } => Some((parameters.clone(), *from, *to)),
            _ => None,
        });
        let (parameters, begins, ends) = course.unwrap();
        assert_eq!(
            (model.pane, parameters),
            (Pane::Plan, vec![ParameterId(parameter)]),
            "{rule:?}"
        );
        let day = 86_400_000;
        assert!(
            begins <= from.plus(2 * day) && ends >= to && ends <= to.plus(day),
            "{rule:?}"
        );
    }
    let (model, _) = open_ground(&view, Rule::PlantAsPlanned, "LAB-NCV");
    assert_eq!((model.pane, model.live.selected), (Pane::Live, Some(ParameterId(4))));
}

#[test]
fn other_months_are_a_key_away_and_a_refusal_is_told() {
    let mut model = opened(Language::English, 80, 24);
    let asked = bodies(press(&mut model, KeyCode::Char('[')));
    let [(id, RequestBody::QualityPlan { month: Some(month) })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(month.to_string(), "2025-10");
    reply(&mut model, *id, Err(Text::new("quality-plan-no-model")));
    assert!(drawn(&model).0.contains("No model"), "{}", drawn(&model).0);
    let asked = bodies(press(&mut model, KeyCode::Char('t')));
    assert!(
        matches!(asked.as_slice(), [(_, RequestBody::QualityPlan { month: None })]),
        "{asked:?}"
    );
    reply(&mut model, asked[0].0, Ok(ReplyBody::QualityPlan(Box::new(view()))));
    // Asked for again when the journal has grown, behind what is shown, and not at every record.
    let mut newer = snapshot();
    newer.state.sequence = Sequence(18_300);
    assert!(bodies(say(&mut model, FromDaemon::Snapshot(Box::new(newer)))).is_empty());
    let later = model.elapsed + std::time::Duration::from_secs(61);
    let asked = bodies(update(&mut model, Msg::Clock(later)));
    let again = asked
        .iter()
        .find(|(_, body)| matches!(body, RequestBody::QualityPlan { .. }));
    reply(&mut model, again.unwrap().0, Err(Text::new("quality-plan-no-model")));
    assert!(drawn(&model).0.contains("ER-01"));
}

proptest! {
    #[test]
    fn keys_of_any_kind_at_any_size_do_no_harm(
        keys in proptest::collection::vec(0_usize..12, 0..40), width in 1_u16..120, height in 1_u16..40
    ) {
        let all = [
            KeyCode::Up, KeyCode::Down, KeyCode::Enter, KeyCode::Esc, KeyCode::PageDown, KeyCode::PageUp, KeyCode::Home,
            KeyCode::End, KeyCode::Tab, KeyCode::Char('7'), KeyCode::Char('r'), KeyCode::Char('x'),
        ];
        let mut model = opened(Language::Chinese, 80, 24);
        update(&mut model, Msg::Resize(Size { width, height }));
        for key in keys {
            press(&mut model, all[key]);
            drawn(&model);
        }
    }
}

/// The month before, which is over; issued twice, or never.
fn over(is_closed: bool) -> QualityPlanView {
    let mut view = view();
    let month = view.facts.month.previous();
    (view.facts.month, view.facts.runs) = (month, false);
    let closing = |record: u64, by: &str, issued, reason: Option<&str>| ClosingView {
        record: Sequence(record),
        by: by.to_owned(),
        name: None,
        at: view.facts.now.plus(-86_400_000),
        issued: vec![(BookId(1), issued)],
        failing: Vec::new(),
        reason: reason.map(str::to_owned),
        digest: "9f3ac1d2".repeat(8),
    };
    let issued = 12_340_000_000_000;
    view.closing = MonthView {
        month,
        is_over: true,
        sealed_through: None,
        closings: if is_closed {
            vec![
                closing(900, "2001", issued - 5, None),
                closing(950, "2002", issued, Some("late \u{1b}[2J invoice of the coal")),
            ]
        } else {
            Vec::new()
        },
        books: vec![MonthOfBook {
            book: BookId(1),
            key: "shanxi".to_owned(),
            issued: is_closed.then_some(issued),
            now: 12_345_678_000_000,
            unknown_hours: 2,
            is_moved: false,
        }],
    };
    view
}

fn opened_over(is_closed: bool, language: Language, width: u16, height: u16) -> Model {
    let mut model = opened(language, width, height);
    let asked = bodies(press(&mut model, KeyCode::Char('[')));
    reply(
        &mut model,
        asked[0].0,
        Ok(ReplyBody::QualityPlan(Box::new(over(is_closed)))),
    );
    model
}

#[test]
fn a_month_that_is_over_is_closed_with_what_is_shown() {
    let accountant = || Actor {
        roles: vec![Role::CarbonAccountant],
        ..checker()
    };
    let mut model = opened(Language::English, 80, 24);
    model.actor = Some(accountant());
    press(&mut model, KeyCode::Char('c'));
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-closing-not-over");
    assert!(model.overlays.is_empty());
    let mut model = opened_over(true, Language::English, 80, 24);
    press(&mut model, KeyCode::Char('c'));
    assert!(drawn(&model).0.contains("close months"), "who may not is told at once");
    press(&mut model, KeyCode::Esc);
    model.actor = Some(accountant());
    press(&mut model, KeyCode::Char('c'));
    assert_eq!(model.context(), Context::Signing);
    type_keys(&mut model, "coal of the last week");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(id, RequestBody::CloseMonth { closing, pin: None })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(closing.seen, Some(Sequence(950)));
    assert_eq!(closing.reason.as_deref(), Some("coal of the last week"));
    assert_eq!(closing.shown, [(BookId(1), 12_345_678_000_000)].into());
    reply(
        &mut model,
        *id,
        Err(Text::new("closing-same-person")
            .with("month", "2025-10")
            .with("by", "2001")),
    );
    assert!(drawn(&model).0.contains("somebody else"));
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let effects = reply(&mut model, asked[0].0, Ok(ReplyBody::Recorded(Sequence(18_400))));
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-closing-done");
    assert!(model.overlays.is_empty());
    let asked = bodies(effects);
    assert!(
        matches!(asked[0].1, RequestBody::QualityPlan { month: Some(_) }),
        "it is looked at again"
    );
    // Nothing came since: there is nothing to issue.
    let mut same = over(true);
    same.closing.books[0].now = 12_340_000_000_000;
    reply(&mut model, asked[0].0, Ok(ReplyBody::QualityPlan(Box::new(same))));
    press(&mut model, KeyCode::Char('c'));
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-closing-unchanged");
}

#[test]
fn a_sealed_month_says_so_and_is_not_closed_any_more() {
    let shown = |is_closed: bool, has_changed: bool| {
        let mut model = opened(Language::English, 80, 24);
        let asked = bodies(press(&mut model, KeyCode::Char('[')));
        let mut sealed = over(is_closed);
        sealed.closing.sealed_through = Some(sealed.closing.month.next());
        if !has_changed {
            sealed.closing.books[0].now = 12_340_000_000_000;
        }
        reply(&mut model, asked[0].0, Ok(ReplyBody::QualityPlan(Box::new(sealed))));
        model.actor = Some(representative());
        let screen = drawn(&model).0;
        assert!(!screen.contains("c closes it"), "{screen}");
        press(&mut model, KeyCode::Char('c'));
        let refused = if is_closed {
            "closing-sealed"
        } else {
            "closing-sealed-never"
        };
        assert_eq!(model.notice.as_ref().unwrap().id, refused);
        assert!(model.overlays.is_empty());
        screen
    };
    assert!(shown(false, true).contains("sealed, never closed"));
    assert!(shown(true, false).contains("closed, sealed"));
    assert!(shown(true, true).contains("sealed, not as issued"));
}

#[test]
fn a_closed_month_looks_like_this() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = opened_over(true, language, width, height);
            insta::assert_snapshot!(format!("closed_{language}_{width}x{height}"), drawn(&model).0);
            model.actor = Some(representative());
            press(&mut model, KeyCode::Char('c'));
            type_keys(&mut model, "晚到 invoice");
            insta::assert_snapshot!(format!("closing_{language}_{width}x{height}"), drawn(&model).0);
            let model = opened_over(false, language, width, height);
            insta::assert_snapshot!(format!("open_{language}_{width}x{height}"), drawn(&model).0);
        }
    }
}
