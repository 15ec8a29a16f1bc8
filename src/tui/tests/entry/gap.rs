//! The gap form over the cells of a page.

use std::time::Duration;

use rust_decimal::Decimal;

use super::*;
use crate::domain::period::Period;
use crate::engine::availability::Availability;
use crate::engine::filling::{Fill, FillBy, FillPreview};
use crate::engine::view::{Part, Restated};
use crate::tui::gap;

/// The page with the cursor on a register of which nothing stands, before somebody who may correct.
fn at_a_gap(language: Language, width: u16, height: u16) -> Model {
    let mut model = opened(language, width, height);
    model.actor = Some(Actor {
        roles: vec![Role::DataQualityChecker],
        ..actor()
    });
    model.entry.open.as_mut().unwrap().at.0 = 2;
    model
}

fn form(model: &Model) -> &gap::GapForm {
    match &open(model).focus {
        Focus::Gap(form) => form,
        other => panic!("{other:?}"),
    }
}

/// Opens the form: the two requests, for how much was measured and what the plan would do.
fn begin(model: &mut Model) -> (u64, (u64, Fill)) {
    let asked = bodies(press(model, KeyCode::F(6)));
    let [
        (measured, RequestBody::Availability { from, to }),
        (preview, RequestBody::PlanFill(fill)),
    ] = asked.as_slice()
    else {
        panic!("{asked:?} {:?}", open(model).fault)
    };
    assert_eq!((*from, *to), (fill.from, fill.to));
    (*measured, (*preview, fill.clone()))
}

fn is_measured(model: &mut Model, id: u64) {
    is_measured_so_far(model, id, 0);
}

fn is_measured_so_far(model: &mut Model, id: u64, to_come: u32) {
    let of = |parameter: u32, missing: u32| Availability {
        parameter: ParameterId(parameter),
        tag: "WQ-3".to_owned(),
        name: Name::default(),
        rule: None,
        expected: 7,
        valid: 1,
        measured_ms: 3_600_000,
        by_plan: 0,
        by_person: 0,
        missing,
        to_come,
    };
    let found = vec![of(1, 99), of(3, 6)];
    reply(model, id, Ok(ReplyBody::Availability(found)));
}

fn preview(fill: &Fill) -> FillPreview {
    FillPreview {
        decided: 6,
        measured: 1,
        parts: vec![Part {
            label: Text::new("record-filled-hours")
                .with("tag", "WQ-3")
                .with_count("hours", 6_u64)
                .with_period("period", Period::Hours(fill.from, fill.to)),
            value: Some("40".to_owned()),
            unit: Some("t/h".to_owned()),
            numbers: None,
            remark: None,
            target: None,
        }],
        restated: vec![Restated {
            book: "site".to_owned(),
            source: "coal".to_owned(),
            name: Name {
                zh: "燃煤".to_owned(),
                en: "Coal".to_owned(),
            },
            month: "2025-11".to_owned(),
            before: 12_000_000_000,
            after: 12_500_000_000,
            is_closed: false,
        }],
    }
}

/// Types a value and waits until what is typed rests; what would come of it is there.
fn decide(model: &mut Model, value: &str) -> Fill {
    type_keys(model, value);
    let asked = bodies(update(model, Msg::Clock(model.elapsed + Duration::from_millis(100))));
    assert_eq!(asked, [], "it is still typed");
    let asked = bodies(update(model, Msg::Clock(model.elapsed + Duration::from_millis(700))));
    let [(id, RequestBody::PlanFill(fill))] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    reply(model, *id, Ok(ReplyBody::FillPreview(Box::new(preview(fill)))));
    fill.clone()
}

#[test]
fn hours_that_may_still_come_are_told_beside_those_that_are_decided() {
    let mut model = at_a_gap(Language::English, 80, 24);
    let (measured, _) = begin(&mut model);
    is_measured_so_far(&mut model, measured, 21);
    let told = drawn(&model).0;
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains("decided so far: 7") && told.contains("may still come: 21"),
        "{told}"
    );
}

#[test]
fn a_gap_is_filled_by_hand_after_its_outcome_was_seen_and_with_a_reason() {
    let mut model = at_a_gap(Language::English, 80, 24);
    let (measured, (planned, fill)) = begin(&mut model);
    assert_eq!((fill.parameter, &fill.by), (ParameterId(3), &FillBy::Plan));
    assert!(fill.from < fill.to);
    is_measured(&mut model, measured);
    // The plan is asked first: why it will not is told.
    reply(&mut model, planned, Err(Text::new("fill-none-by-hand")));
    let told = drawn(&model).0;
    assert!(
        told.contains("missing: 6") && told.contains("the plan holds already"),
        "{told}"
    );
    assert!(told.contains("type a value"), "{told}");
    let fill = decide(&mut model, "40");
    assert_eq!(fill.by, FillBy::Value(Decimal::from(40)));
    let told = drawn(&model).0;
    assert!(told.contains("40 t/h") && told.contains("12.000 -> 12.500"), "{told}");
    press(&mut model, KeyCode::Enter);
    assert_eq!(form(&model).part, gap::Part::Reason, "to the next field");
    assert_eq!(bodies(press(&mut model, KeyCode::Enter)), [], "not without a reason");
    assert_eq!(form(&model).fault, Some(Text::new("fill-needs-reason")));
    type_keys(&mut model, "meter out for calibration");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(id, RequestBody::Fill(sent))] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    let reason = "meter out for calibration".to_owned();
    assert_eq!(*sent, Fill { reason, ..fill });
    assert_eq!(open(&model).focus, Focus::Grid);
    // A cut line decides once: it is asked again under its key.
    let why = Text::new("sheet-no-cell");
    let retry_in = Duration::from_secs(1);
    update(&mut model, Msg::Link(LinkEvent::Down { why, retry_in }));
    let me = model.actor.clone().unwrap();
    let again = bodies(update(&mut model, Msg::Link(LinkEvent::up(me))));
    let again = again.iter().find(|(_, body)| matches!(body, RequestBody::Fill(_)));
    let (again, _) = again.unwrap();
    assert!(again != id);
    let after = bodies(reply(&mut model, *again, Ok(ReplyBody::Recorded(Sequence(18_500)))));
    assert!(
        matches!(after.as_slice(), [(_, RequestBody::Sheet { .. })]),
        "{after:?}"
    );
    assert!(drawn(&model).0.contains("record 18500"), "{}", drawn(&model).0);
}

#[test]
fn what_a_person_decided_goes_back_to_the_plan() {
    let mut model = at_a_gap(Language::English, 80, 24);
    let (_, (planned, fill)) = begin(&mut model);
    reply(
        &mut model,
        planned,
        Ok(ReplyBody::FillPreview(Box::new(preview(&fill)))),
    );
    press(&mut model, KeyCode::Tab);
    assert_eq!(form(&model).part, gap::Part::Reason);
    type_keys(&mut model, "as the plan says");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(id, RequestBody::Fill(sent))] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!((&sent.by, sent.from, sent.to), (&FillBy::Plan, fill.from, fill.to));
    // What is refused after all is told over the cells, and what was typed into the form waits.
    reply(&mut model, *id, Err(Text::new("fill-none-by-hand")));
    let told: Vec<&str> = open(&model).unread.iter().map(|text| text.id.as_ref()).collect();
    assert_eq!(told, ["fill-none-by-hand", "tui-entry-question-waits"]);
    assert_eq!(model.entry.held.len(), 1);
    assert!(open(&model).sending.is_none());
}

#[test]
fn other_hours_can_be_named_and_what_is_no_hour_is_told() {
    let mut model = at_a_gap(Language::English, 80, 24);
    let (_, (planned, fill)) = begin(&mut model);
    reply(&mut model, planned, Err(Text::new("fill-none-by-hand")));
    press(&mut model, KeyCode::Up);
    assert_eq!(form(&model).part, gap::Part::To);
    for _ in 0..30 {
        press(&mut model, KeyCode::Backspace);
    }
    type_keys(&mut model, "2025-11-20 12:30");
    assert_eq!(bodies(press(&mut model, KeyCode::Enter)), []);
    assert_eq!(form(&model).fault.as_ref().unwrap().id, "cli-not-a-whole-hour");
    for _ in 0.."12:30".len() {
        press(&mut model, KeyCode::Backspace);
    }
    type_keys(&mut model, "12");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let named = asked.iter().find_map(|(_, body)| match body {
        RequestBody::PlanFill(fill) => Some(fill.to),
        _ => None,
    });
    assert!(named.is_some_and(|to| to < fill.to), "{asked:?}");
}

#[test]
fn where_there_is_no_gap_or_no_right_it_is_told_and_nothing_is_asked() {
    let refused = |change: fn(&mut Model)| {
        let mut model = at_a_gap(Language::English, 80, 24);
        change(&mut model);
        assert_eq!(bodies(press(&mut model, KeyCode::F(6))), []);
        assert_eq!(open(&model).focus, Focus::Grid);
        open(&model).fault.as_ref().unwrap().id.to_string()
    };
    assert_eq!(refused(|model| model.actor = Some(operator())), "tui-alarm-no-right");
    assert_eq!(
        refused(|model| model.entry.open.as_mut().unwrap().at.0 = 1),
        "fill-not-awaited"
    );
    assert_eq!(
        refused(|model| {
            let open = model.entry.open.as_mut().unwrap();
            open.at.1 = (0..3).max_by_key(|column| open.cell((0, *column)).unwrap().1).unwrap();
        }),
        "entry-gap-not-over"
    );
    let mut model = at_a_gap(Language::English, 80, 24);
    // What is typed is taken first; a mark that nothing was read is no value.
    type_keys(&mut model, "/");
    let asked = bodies(press(&mut model, KeyCode::F(6)));
    assert_eq!(asked.len(), 3, "{asked:?}");
    press(&mut model, KeyCode::Esc);
    type_keys(&mut model, "1500");
    press(&mut model, KeyCode::F(6));
    press(&mut model, KeyCode::F(6));
    assert_eq!(open(&model).fault, Some(Text::new("entry-gap-typed")));
}

#[test]
fn what_a_cut_line_left_unanswered_is_asked_again() {
    let mut model = at_a_gap(Language::English, 80, 24);
    begin(&mut model);
    let why = Text::new("sheet-no-cell");
    let retry_in = Duration::from_secs(1);
    update(&mut model, Msg::Link(LinkEvent::Down { why, retry_in }));
    type_keys(&mut model, "40");
    assert_eq!(bodies(press(&mut model, KeyCode::Enter)), []);
    assert_eq!(bodies(press(&mut model, KeyCode::Enter)), []);
    assert_eq!(form(&model).fault, Some(Text::new("tui-gap-no-link")));
    let me = model.actor.clone().unwrap();
    update(&mut model, Msg::Link(LinkEvent::up(me)));
    let later = model.elapsed + Duration::from_secs(1);
    let asked = bodies(update(&mut model, Msg::Clock(later)));
    let is_preview = |(_, body): &(u64, RequestBody)| matches!(body, RequestBody::PlanFill(_));
    assert!(asked.iter().any(is_preview), "{asked:?}");
    press(&mut model, KeyCode::Esc);
    assert_eq!(open(&model).focus, Focus::Grid);
}

#[test]
fn it_looks_like_this() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let name = |what: &str| format!("gap_{what}_{language}_{width}x{height}");
            let mut model = at_a_gap(language, width, height);
            let (measured, (planned, _)) = begin(&mut model);
            is_measured(&mut model, measured);
            reply(&mut model, planned, Err(Text::new("fill-none-by-hand")));
            insta::assert_snapshot!(name("plan"), drawn(&model).0);
            decide(&mut model, "40");
            insta::assert_snapshot!(name("value"), drawn(&model).0);
        }
    }
}
