//! What a second person looks at: the list, a record beside the paper, and what is said of it.

use super::*;
use crate::domain::actor::{Actor, Role};
use crate::domain::attachment::{Attachment, Digest};
use crate::domain::document::{Analysis, Document, DocumentBody, Given, Span};
use crate::domain::handover::{ShiftName, Side};
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::reading::{Origin, Slot, own_id};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::engine::handover::Item;
use crate::engine::second_check::{CheckSubject, CheckVerdict, SecondCheck};
use crate::engine::view::{CheckMark, CheckedCell, HandoverLine, HandoverView, LookedView, SecondCheckView, Standing};
use crate::locale::Language;
use crate::tui::keymap::Context;
use crate::tui::link::LinkEvent;
use crate::tui::model::Model;
use crate::tui::update::{Effect, Msg, update};
use crate::wire::live::Snapshot;
use crate::wire::message::{FromDaemon, ReplyBody, RequestBody};
use crate::wire::records::{CheckedRecord, SecondCheckList, SecondCheckListed};

use crossterm::event::KeyCode;
use proptest::prelude::*;
use ratatui::layout::Size;
use rust_decimal::Decimal;

/// The plant of the Entry pane, whose plan asks for a second person.
fn plant() -> Snapshot {
    let mut snapshot = super::entry::plant();
    snapshot.model.sheets[0].second_person = true;
    snapshot.model.meters.clear();
    snapshot
}

fn operator() -> Actor {
    Actor {
        roles: vec![Role::Operator],
        ..actor()
    }
}

fn at() -> Instant {
    snapshot().state.now.plus(-3_600_000)
}

fn view(record: u64, by: &str, mark: CheckMark) -> SecondCheckView {
    let is_returned = mark == CheckMark::Returned;
    SecondCheckView {
        record: Sequence(record),
        by: by.to_owned(),
        name: None,
        at: at(),
        subject: CheckSubject::Entry,
        mark,
        typed_by: Vec::new(),
        settled: None,
        looked: is_returned.then(|| LookedView {
            by: "1003".to_owned(),
            name: None,
            at: at().plus(600_000),
            record: Sequence(record + 1),
            reason: Some("纸上 PT-1 是 100.5".to_owned()),
        }),
        cells: if is_returned { 1 } else { 3 },
        standing: if is_returned { 1 } else { 3 },
    }
}

fn listed(record: u64, by: &str, mark: CheckMark) -> SecondCheckListed {
    SecondCheckListed {
        check: view(record, by, mark),
        what: Text::new("record-readings")
            .with_count("count", 3u32)
            .with("from", "sheet rounds 2025-11-20 08:00"),
    }
}

fn list() -> SecondCheckList {
    SecondCheckList {
        checks: vec![
            listed(18_301, "1001", CheckMark::Awaits),
            listed(18_310, "zhang", CheckMark::Awaits),
            listed(18_200, "1002", CheckMark::Returned),
        ],
        more: 0,
    }
}

fn cell(id: u32, value: i64, standing: Option<(i64, u64)>) -> CheckedCell {
    CheckedCell {
        parameter: ParameterId(id),
        slot: Slot::instant(at()),
        value,
        before: (id != 2).then_some(1_005),
        standing: standing.map(|(value, record)| Standing {
            value,
            origin: Origin::Typed,
            counts: true,
            record: Sequence(record),
            check: None,
        }),
        is_returned: id == 3,
    }
}

fn record() -> CheckedRecord {
    CheckedRecord {
        listed: listed(18_301, "1001", CheckMark::Awaits),
        cells: vec![
            cell(1, 10_050, Some((10_050, 18_301))),
            cell(2, 2_310, Some((2_320, 18_340))),
            cell(3, 99_100, None),
        ],
        more: 0,
        documents: vec![Document {
            form: "batches".to_owned(),
            number: "B-7".to_owned(),
            remark: Some("wet".to_owned()),
            body: DocumentBody::Batch {
                span: Span {
                    from: at(),
                    to: at().plus(1),
                },
                values: Vec::new(),
            },
            attachments: Vec::new(),
        }],
        attachments: Vec::new(),
    }
}

/// A terminal on which the list is open.
fn opened_with(language: Language, (width, height): (u16, u16)) -> Model {
    let snapshot = plant();
    let mut model = model_of(snapshot.clone(), language, "dark", width, height);
    update(&mut model, Msg::Link(LinkEvent::up(operator())));
    let effects = say(&mut model, FromDaemon::Snapshot(Box::new(snapshot)));
    answer(&mut model, effects);
    let asked = bodies(press(&mut model, KeyCode::Char('3')));
    let [(rounds, RequestBody::Rounds), (id, RequestBody::SecondChecks)] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    reply(&mut model, *rounds, Ok(ReplyBody::Rounds(Vec::new())));
    reply(&mut model, *id, Ok(ReplyBody::SecondChecks(Box::new(list()))));
    assert_eq!(model.context(), Context::Sheets);
    press(&mut model, KeyCode::End);
    press(&mut model, KeyCode::Enter);
    assert_eq!(model.context(), Context::Checks);
    model
}

fn opened() -> Model {
    opened_with(Language::English, (80, 24))
}

/// The record under the cursor is opened.
fn look_at(model: &mut Model) {
    let asked = bodies(press(model, KeyCode::Enter));
    let [(id, RequestBody::CheckedRecord { .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    reply(model, *id, Ok(ReplyBody::CheckedRecord(Box::new(record()))));
    assert_eq!(model.context(), Context::Check);
}

fn fault(model: &Model) -> Option<String> {
    let record = model.entry.checks.record.as_ref()?;
    record.fault.as_ref().map(|fault| fault.id.to_string())
}

fn checks(effects: Vec<Effect>) -> Vec<(u64, SecondCheck)> {
    let asked = bodies(effects).into_iter();
    asked
        .map(|(id, body)| match body {
            RequestBody::SecondCheck(check) => (id, check),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn the_files_of_a_record_stand_above_its_values() {
    for language in Language::ALL {
        for size in [(80, 24), (200, 60)] {
            let mut model = opened_with(language, size);
            let asked = bodies(press(&mut model, KeyCode::Enter));
            let [(id, RequestBody::CheckedRecord { .. })] = asked.as_slice() else {
                panic!("{asked:?}")
            };
            let file = |name: &str, bytes| Attachment {
                name: name.to_owned(),
                bytes,
                digest: Digest::of(name.as_bytes()),
            };
            let record = CheckedRecord {
                documents: Vec::new(),
                attachments: vec![file("巡检 11-24.jpg", 812_000), file("back.jpg", 1_900_000)],
                ..record()
            };
            reply(&mut model, *id, Ok(ReplyBody::CheckedRecord(Box::new(record))));
            let (width, height) = size;
            insta::assert_snapshot!(
                format!("second_check_attached_{language}_{width}x{height}"),
                drawn(&model).0
            );
        }
    }
}

#[test]
fn what_somebody_else_wrote_is_agreed_with() {
    let mut model = opened();
    look_at(&mut model);
    let asked = checks(press(&mut model, KeyCode::Char('a')));
    let [(id, check)] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!((check.of, &check.verdict), (Sequence(18_301), &CheckVerdict::Agreed));
    assert!(checks(press(&mut model, KeyCode::Char('a'))).is_empty(), "once");
    press(&mut model, KeyCode::Esc);
    assert!(model.entry.checks.record.is_some(), "what is asked is waited for");
    let effects = reply(&mut model, *id, Ok(ReplyBody::Recorded(Sequence(18_402))));
    assert_eq!(model.context(), Context::Checks);
    assert!(matches!(bodies(effects).as_slice(), [(_, RequestBody::SecondChecks)]));
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-second-check-agreed");
}

#[test]
fn some_of_it_is_returned_with_what_is_wrong() {
    let mut model = opened();
    look_at(&mut model);
    // The cursor goes on with each that is picked.
    press(&mut model, KeyCode::Char(' '));
    press(&mut model, KeyCode::Char(' '));
    press(&mut model, KeyCode::Up);
    press(&mut model, KeyCode::Char(' '));
    assert!(checks(press(&mut model, KeyCode::Char('a'))).is_empty());
    assert_eq!(fault(&model).as_deref(), Some("tui-second-check-picked"));
    press(&mut model, KeyCode::Char('x'));
    assert_eq!(model.context(), Context::Reason);
    assert!(checks(press(&mut model, KeyCode::Enter)).is_empty());
    assert_eq!(fault(&model).as_deref(), Some("second-check-needs-reason"));
    type_keys(&mut model, "paper says 1000.5");
    assert_eq!(fault(&model), None);
    let asked = checks(press(&mut model, KeyCode::Enter));
    let [(id, check)] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    let CheckVerdict::Returned { reason, cells } = &check.verdict else {
        panic!("{check:?}")
    };
    assert_eq!(reason, "paper says 1000.5");
    assert_eq!(cells, &[(ParameterId(1), Slot::instant(at()))]);
    // A refusal leaves everything where it is.
    reply(&mut model, *id, Err(Text::new("second-check-no-cell").with("of", 1)));
    assert_eq!(fault(&model).as_deref(), Some("second-check-no-cell"));
    assert_eq!(model.context(), Context::Reason);
    let asked = checks(press(&mut model, KeyCode::Enter));
    reply(&mut model, asked[0].0, Ok(ReplyBody::Recorded(Sequence(18_402))));
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-second-check-returned");
}

#[test]
fn nobody_checks_what_is_their_own_or_without_the_right() {
    let mut model = opened();
    press(&mut model, KeyCode::Down);
    look_at(&mut model);
    let own = model.actor.as_ref().unwrap().name().to_owned();
    let crate::tui::model::Wanted::Here(view) = &mut model.entry.checks.record.as_mut().unwrap().view else {
        panic!("the record is there")
    };
    view.listed.check.by = own;
    assert!(checks(press(&mut model, KeyCode::Char('a'))).is_empty());
    assert_eq!(fault(&model).as_deref(), Some("second-check-same-person"));
    model.actor = Some(Actor {
        roles: vec![Role::Viewer],
        ..actor()
    });
    press(&mut model, KeyCode::Char('x'));
    assert_eq!(fault(&model).as_deref(), Some("tui-alarm-no-right"));
    assert_eq!(model.context(), Context::Check);
    assert!(checks(press(&mut model, KeyCode::Char('a'))).is_empty());
    assert_eq!(fault(&model).as_deref(), Some("tui-alarm-no-right"));
}

#[test]
fn a_cut_line_says_it_once_and_in_the_same_name() {
    let mut model = opened();
    look_at(&mut model);
    let asked = checks(press(&mut model, KeyCode::Char('a')));
    let up = update(&mut model, Msg::Link(LinkEvent::up(operator())));
    let again = bodies(up);
    let again: Vec<&RequestBody> = again.iter().map(|(_, body)| body).collect();
    let of = asked[0].1.of;
    let is_it = |body: &&&RequestBody| matches!(body, RequestBody::SecondCheck(check) if check.of == of);
    assert_eq!(again.iter().filter(is_it).count(), 1);
    // What one was about to say goes with them.
    let mut model = opened();
    look_at(&mut model);
    press(&mut model, KeyCode::Char('x'));
    crate::tui::update::update(
        &mut model,
        Msg::Link(LinkEvent::Message(Box::new(FromDaemon::Post {
            actor: Actor {
                person: Some("2002".to_owned()),
                ..operator()
            },
            how: crate::domain::actor::SignOff::Asked,
        }))),
    );
    assert!(model.entry.checks.record.is_none() && !model.entry.checks.is_open);
}

#[test]
fn where_the_plan_asks_for_nobody_nothing_is_asked_for() {
    let mut snapshot = plant();
    snapshot.model.sheets[0].second_person = false;
    let mut model = model_of(snapshot.clone(), Language::English, "dark", 80, 24);
    update(&mut model, Msg::Link(LinkEvent::up(operator())));
    let effects = say(&mut model, FromDaemon::Snapshot(Box::new(snapshot)));
    answer(&mut model, effects);
    let asked = bodies(press(&mut model, KeyCode::Char('3')));
    assert!(matches!(asked.as_slice(), [(_, RequestBody::Rounds)]), "{asked:?}");
    press(&mut model, KeyCode::End);
    assert_eq!(model.entry.chosen, 0);
    assert!(!drawn(&model).0.contains("Second person"));
}

#[test]
fn a_line_of_the_handover_leads_to_the_record() {
    let mut model = opened();
    let effects = press(&mut model, KeyCode::Char('6'));
    let id = bodies(effects)
        .into_iter()
        .find_map(|(id, body)| matches!(body, RequestBody::Handover { .. }).then_some(id))
        .unwrap();
    let handover = HandoverView {
        shift: "2025-11-20/day".parse::<ShiftName>().unwrap(),
        crew: None,
        from: at().plus(-3_600_000),
        to: at().plus(7_200_000),
        goes_on: true,
        lines: vec![HandoverLine::plain(Item::SecondCheck {
            record: Sequence(18_301),
            by: "1001".to_owned(),
            written: at(),
            mark: CheckMark::Awaits,
            reason: None,
        })],
        more: 0,
        closed: None,
        emitted: Vec::new(),
        signatures: Vec::new(),
        record: Sequence(18_350),
        at: at(),
    };
    assert!(handover.signature(Side::Outgoing).is_none());
    reply(&mut model, id, Ok(ReplyBody::Handover(Box::new(handover))));
    assert!(drawn(&model).0.contains("record 18301 of 1001"));
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let is_it = |(_, body): &(u64, RequestBody)| matches!(body, RequestBody::CheckedRecord { record, from: 0 } if *record == Sequence(18_301));
    assert!(asked.iter().any(is_it), "{asked:?}");
    assert_eq!(model.context(), Context::Check);
}

#[test]
fn it_looks_like_this() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = opened_with(language, (width, height));
            press(&mut model, KeyCode::End);
            let name = |what: &str| format!("second_check_{what}_{language}_{width}x{height}");
            insta::assert_snapshot!(name("list"), drawn(&model).0);
            press(&mut model, KeyCode::Home);
            look_at(&mut model);
            press(&mut model, KeyCode::Char(' '));
            insta::assert_snapshot!(name("record"), drawn(&model).0);
            press(&mut model, KeyCode::Char('x'));
            type_keys(&mut model, "纸上是 1000.5");
            insta::assert_snapshot!(name("why"), drawn(&model).0);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn keys_of_any_kind_at_any_size_do_no_harm(
        keys in proptest::collection::vec(0usize..10, 0..40),
        width in 1u16..220,
        height in 1u16..70,
    ) {
        let mut model = opened();
        look_at(&mut model);
        update(&mut model, Msg::Resize(Size::new(width, height)));
        for key in keys {
            let code = [
                KeyCode::Up, KeyCode::Down, KeyCode::PageDown, KeyCode::PageUp, KeyCode::Enter,
                KeyCode::Esc, KeyCode::Char('x'), KeyCode::Char(' '), KeyCode::Char('a'), KeyCode::End,
            ][key];
            press(&mut model, code);
            drawn(&model);
        }
    }
}

/// The record under the cursor is opened, with so many values that it has besides; what is asked for then.
fn look_at_some(model: &mut Model, more: u32) -> Vec<(u64, RequestBody)> {
    let asked = bodies(press(model, KeyCode::Enter));
    let some = CheckedRecord { more, ..record() };
    bodies(reply(model, asked[0].0, Ok(ReplyBody::CheckedRecord(Box::new(some)))))
}

#[test]
fn a_long_record_is_agreed_with_once_all_of_it_is_there() {
    let mut model = opened();
    let asked = look_at_some(&mut model, 3);
    assert!(press(&mut model, KeyCode::Char('a')).is_empty());
    assert_eq!(fault(&model).as_deref(), Some("tui-second-check-not-whole"));
    let [(id, RequestBody::CheckedRecord { from: 3, .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    reply(&mut model, *id, Ok(ReplyBody::CheckedRecord(Box::new(record()))));
    assert_eq!(model.entry.checks.record.as_ref().unwrap().count(), 6);
    let asked = checks(press(&mut model, KeyCode::Char('a')));
    assert_eq!(asked[0].1.verdict, CheckVerdict::Agreed);
}

#[test]
fn what_is_told_is_what_was_recorded_whatever_is_pressed_meanwhile() {
    let mut model = opened();
    look_at(&mut model);
    press(&mut model, KeyCode::Char('x'));
    type_keys(&mut model, "10.5 on the paper");
    let asked = checks(press(&mut model, KeyCode::Enter));
    for key in [KeyCode::Esc, KeyCode::Enter] {
        assert!(press(&mut model, key).is_empty(), "{key:?}");
    }
    reply(&mut model, asked[0].0, Ok(ReplyBody::Recorded(Sequence(18_402))));
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-second-check-returned");
    let mut model = opened();
    look_at(&mut model);
    let asked = checks(press(&mut model, KeyCode::Char('a')));
    for key in [KeyCode::Char('x'), KeyCode::Char(' '), KeyCode::Esc] {
        assert!(press(&mut model, key).is_empty(), "{key:?}");
    }
    reply(&mut model, asked[0].0, Ok(ReplyBody::Recorded(Sequence(18_402))));
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-second-check-agreed");
}

#[test]
fn what_another_one_said_meanwhile_is_shown_and_what_was_begun_stays() {
    let mut model = opened();
    look_at(&mut model);
    press(&mut model, KeyCode::Char(' '));
    press(&mut model, KeyCode::Char('x'));
    type_keys(&mut model, "10.5");
    let asked = checks(press(&mut model, KeyCode::Enter));
    assert_eq!(asked[0].1.seen, None);
    let effects = reply(&mut model, asked[0].0, Err(Text::new("second-check-meanwhile")));
    let asked = bodies(effects);
    let [(id, RequestBody::CheckedRecord { from: 0, .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    let mut found = record();
    found.listed.check = view(18_301, "1001", CheckMark::Returned);
    reply(&mut model, *id, Ok(ReplyBody::CheckedRecord(Box::new(found))));
    let asked = checks(press(&mut model, KeyCode::Enter));
    assert_eq!(asked[0].1.seen, Some(Sequence(18_302)));
    assert!(matches!(&asked[0].1.verdict, CheckVerdict::Returned { cells, .. } if cells.len() == 1));
}

#[test]
fn of_many_documents_that_of_the_value_under_the_cursor_is_told_as_it_was_given() {
    let report = |number: &str, batch: &str, value| Document {
        form: "reports".to_owned(),
        number: number.to_owned(),
        remark: None,
        body: DocumentBody::Laboratory {
            batch: batch.to_owned(),
            laboratory: String::new(),
            tested_on: chrono::NaiveDate::from_ymd_opt(2025, 11, 15).unwrap(),
            analysis: Analysis::default(),
            values: vec![Given {
                parameter: ParameterId(1),
                value: Decimal::new(value, 1),
            }],
        },
        attachments: Vec::new(),
    };
    let cell = |batch: &str, value| CheckedCell {
        slot: Slot {
            own_id: own_id(batch),
            ..Slot::instant(at())
        },
        ..cell(1, value, Some((value, 18_301)))
    };
    let documents = vec![
        report("L-1", "B1", 1_005),
        report("L-2", "B2", 1_010),
        report("L-3", "B3", 1_005),
        report("L-4", "B4", 1_005),
    ];
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = opened_with(language, (width, height));
            let asked = bodies(press(&mut model, KeyCode::Enter));
            let found = CheckedRecord {
                cells: vec![cell("B1", 10_050), cell("B2", 9_870)],
                documents: documents.clone(),
                ..record()
            };
            reply(&mut model, asked[0].0, Ok(ReplyBody::CheckedRecord(Box::new(found))));
            press(&mut model, KeyCode::Down);
            insta::assert_snapshot!(
                format!("second_check_documents_{language}_{width}x{height}"),
                drawn(&model).0
            );
        }
    }
}
