//! Signing on: who sits at the terminal, and what changed since they sat there last.

use std::time::Duration;

use crossterm::event::KeyCode;

use super::*;
use crate::domain::actor::{Actor, Role, SignOff};
use crate::domain::identity::Sequence;
use crate::domain::model::{Name, Person};
use crate::domain::pin::Pin;
use crate::domain::text::Text;
use crate::engine::attendance::Since;
use crate::locale::Language;
use crate::tui::link::LinkEvent;
use crate::tui::model::Model;
use crate::tui::overlay::Overlay;
use crate::tui::pane::Pane;
use crate::tui::update::{Effect, Msg, update};
use crate::wire::answers::SignedOnView;
use crate::wire::message::{FromDaemon, ReplyBody, Request, RequestBody};
use crate::wire::records::KindFilter;

fn desk(person: Option<&str>) -> Actor {
    Actor {
        uid: 1010,
        user: "control-room".into(),
        person: person.map(str::to_owned),
        roles: vec![Role::Operator],
        shared: true,
    }
}

fn persons() -> Vec<Person> {
    [
        ("2001", "李建国", "Li Jianguo", Role::ShiftLead),
        ("2002", "王芳", "Wang Fang", Role::Operator),
        ("2010", "张伟\u{1b}[31m", "Zhang Wei", Role::Operator),
    ]
    .into_iter()
    .map(|(staff_number, zh, en, role)| Person {
        staff_number: staff_number.into(),
        name: Name {
            zh: zh.into(),
            en: en.into(),
        },
        roles: vec![role],
        user: None,
    })
    .collect()
}

/// A terminal at a shared post at which nobody has signed on.
fn control_room(language: Language, width: u16, height: u16) -> Model {
    let mut snapshot = snapshot();
    snapshot.model.persons = persons();
    let mut model = model_of(snapshot, language, "mono", width, height);
    model.actor = Some(desk(None));
    model
}

fn view(model: &Model, person: &str) -> SignedOnView {
    let now = model.plant.as_ref().unwrap().now(model.elapsed);
    SignedOnView {
        actor: desk(Some(person)),
        sequence: Sequence(900),
        since: Some(Since {
            at: now.plus(-16 * 3_600_000),
            sequence: Sequence(812),
            deeds: vec![("correction".into(), 2), ("note".into(), 1)],
        }),
        wrong: 3,
    }
}

fn asked(effects: &[Effect]) -> Option<(u64, RequestBody)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Ask(Request { id, body, .. }) => match body {
            RequestBody::SignOn { .. }
            | RequestBody::SignOff { .. }
            | RequestBody::SetPin { .. }
            | RequestBody::StillHere
            | RequestBody::Note(_) => Some((*id, body.clone())),
            _ => None,
        },
        _ => None,
    })
}

fn daemon_says(model: &mut Model, message: FromDaemon) -> Vec<Effect> {
    update(model, Msg::Link(LinkEvent::Message(Box::new(message))))
}

fn reply(model: &mut Model, id: u64, result: Result<ReplyBody, Text>) -> Vec<Effect> {
    daemon_says(model, FromDaemon::Reply { id, result })
}

/// Signs a person on with the keyboard.
fn signed_on(model: &mut Model, person: &str) -> Vec<Effect> {
    type_keys(model, "S");
    type_keys(model, person);
    press(model, KeyCode::Enter);
    type_keys(model, "482913");
    let (id, body) = asked(&press(model, KeyCode::Enter)).unwrap();
    let expected = RequestBody::SignOn {
        staff_number: person.to_owned(),
        pin: Pin::new("482913"),
        instead_of: None,
    };
    assert_eq!(body, expected);
    let view = view(model, person);
    reply(model, id, Ok(ReplyBody::SignedOn(Box::new(view))))
}

#[test]
fn staff_number_pin_and_what_happened_since_at_both_sizes() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = control_room(language, width, height);
            type_keys(&mut model, "S");
            let size = format!("{width}x{height}_{language}");
            insta::assert_snapshot!(format!("sign_on_person_{size}"), drawn(&model).0);
            type_keys(&mut model, "2001");
            press(&mut model, KeyCode::Enter);
            type_keys(&mut model, "482913");
            insta::assert_snapshot!(format!("sign_on_pin_{size}"), drawn(&model).0);
            assert!(!drawn(&model).0.contains("482913"));
            press(&mut model, KeyCode::Esc);
            signed_on(&mut model, "2001");
            insta::assert_snapshot!(format!("since_{size}"), drawn(&model).0);
        }
    }
}

#[test]
fn a_person_is_found_by_number_name_or_initials() {
    for (typed, expected) in [
        ("2002", "2002"),
        ("wang", "2002"),
        ("ljg", "2001"),
        ("２０１０", "2010"),
    ] {
        let mut model = control_room(Language::Chinese, 80, 24);
        type_keys(&mut model, "S");
        type_keys(&mut model, typed);
        press(&mut model, KeyCode::Enter);
        // An input method may be on: its digits are digits.
        type_keys(&mut model, "４８2913");
        let (_, body) = asked(&press(&mut model, KeyCode::Enter)).unwrap();
        let sent = RequestBody::SignOn {
            staff_number: expected.to_owned(),
            pin: Pin::new("482913"),
            instead_of: None,
        };
        assert_eq!(body, sent, "{typed}");
    }
    // Who is in no model that this terminal knows is asked for all the same.
    let mut model = control_room(Language::English, 80, 24);
    type_keys(&mut model, "S9999");
    press(&mut model, KeyCode::Enter);
    type_keys(&mut model, "1");
    let (id, _) = asked(&press(&mut model, KeyCode::Enter)).unwrap();
    // Nothing happens twice, and nothing is typed meanwhile.
    assert_eq!(asked(&press(&mut model, KeyCode::Enter)), None);
    type_keys(&mut model, "77");
    reply(&mut model, id, Err(Text::new("sign-on-wrong")));
    assert!(drawn(&model).0.contains("Staff number or PIN is wrong"));
    let Some(Overlay::SignOn(sheet)) = model.overlays.last() else {
        panic!()
    };
    assert!(
        sheet.field.is_empty() && sheet.pin == Pin::default(),
        "nothing of it stays"
    );
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.overlays, []);
    assert_eq!(model.actor, Some(desk(None)));
}

#[test]
fn who_signed_on_is_in_the_head_and_goes_by_themselves_or_by_the_daemon() {
    let mut model = control_room(Language::English, 200, 60);
    assert!(drawn(&model).0.contains("not signed on"));
    type_keys(&mut model, "s");
    assert_eq!(
        asked(&press(&mut model, KeyCode::Down)),
        None,
        "nobody is there to be told of"
    );
    signed_on(&mut model, "2001");
    // Enter leads to what people did, of which what is new is marked.
    press(&mut model, KeyCode::Enter);
    assert_eq!((model.pane, &model.log.kinds), (Pane::Log, &KindFilter::ByPeople));
    assert_eq!(model.log.since, Some(Sequence(812)));
    assert!(drawn(&model).0.contains("Li Jianguo"));

    // The daemon hears of keys now and then.
    let later = model.elapsed + Duration::from_secs(11);
    update(&mut model, Msg::Clock(later));
    assert_eq!(
        asked(&press(&mut model, KeyCode::Down)).map(|(_, body)| body),
        Some(RequestBody::StillHere)
    );
    assert_eq!(asked(&press(&mut model, KeyCode::Down)), None);

    let how = SignOff::Idle;
    daemon_says(&mut model, FromDaemon::Post { actor: desk(None), how });
    let shown = drawn(&model).0;
    assert!(shown.contains("Li Jianguo was signed off: no key"), "{shown}");
    assert_eq!((model.log.since, &model.signed_on), (None, &None));

    signed_on(&mut model, "2002");
    press(&mut model, KeyCode::Esc);
    type_keys(&mut model, "S");
    assert!(drawn(&model).0.contains("Sign on in place of Wang Fang"));
    // Who is there leaves with Enter; nothing else does it.
    assert_eq!(asked(&press(&mut model, KeyCode::Tab)), None);
    press(&mut model, KeyCode::BackTab);
    let (id, body) = asked(&press(&mut model, KeyCode::Enter)).unwrap();
    assert_eq!(body, RequestBody::SignOff { how: SignOff::Asked });
    reply(&mut model, id, Ok(ReplyBody::SignedOff(desk(None))));
    assert_eq!(model.actor, Some(desk(None)));
    type_keys(&mut model, ":sign-off");
    press(&mut model, KeyCode::Enter);
    assert!(drawn(&model).0.contains("Nobody is signed on here"));
}

#[test]
fn at_a_login_of_ones_own_nobody_signs_on() {
    let mut model = control_room(Language::English, 80, 24);
    model.actor = Some(Actor {
        shared: false,
        ..desk(Some("2001"))
    });
    type_keys(&mut model, "S");
    assert_eq!(model.overlays, []);
    assert!(drawn(&model).0.contains("the own one of staff number 2001"));
}

#[test]
fn a_new_pin_is_typed_twice_alike() {
    let mut model = control_room(Language::English, 80, 24);
    type_keys(&mut model, ":pin");
    press(&mut model, KeyCode::Enter);
    for line in ["2001", "482913"] {
        type_keys(&mut model, line);
        press(&mut model, KeyCode::Enter);
    }
    let enter = |model: &mut Model, line: &str| {
        type_keys(model, line);
        asked(&press(model, KeyCode::Enter))
    };
    assert_eq!(enter(&mut model, "123456"), None);
    assert!(drawn(&model).0.contains("among the first that anybody would try"));
    assert_eq!(enter(&mut model, "739155"), None);
    assert_eq!(enter(&mut model, "739156"), None);
    assert!(drawn(&model).0.contains("differ"));
    assert_eq!(enter(&mut model, "739155"), None);
    let (id, body) = enter(&mut model, "739155").unwrap();
    let sent = RequestBody::SetPin {
        staff_number: "2001".into(),
        old: Some(Pin::new("482913")),
        new: Pin::new("739155"),
    };
    assert_eq!(body, sent);
    reply(&mut model, id, Ok(ReplyBody::Recorded(Sequence(77))));
    assert!(drawn(&model).0.contains("record 77"));
    assert_eq!(model.overlays, []);
}

#[test]
fn a_lost_connection_signs_off_and_what_was_on_its_way_waits_for_its_person() {
    let mut model = control_room(Language::English, 80, 24);
    signed_on(&mut model, "2001");
    press(&mut model, KeyCode::Esc);
    type_keys(&mut model, "nchanged coal");
    let (_, note) = asked(&press(&mut model, KeyCode::Enter)).unwrap();
    let down = LinkEvent::Down {
        why: Text::new("wire-closed"),
        retry_in: Duration::from_secs(1),
    };
    update(&mut model, Msg::Link(down));
    let effects = update(&mut model, Msg::Link(LinkEvent::up(desk(None))));
    assert_eq!(asked(&effects), None, "it is not written in nobody's name");
    assert!(drawn(&model).0.contains("waits until 2001 signs on"));
    press(&mut model, KeyCode::Esc);
    assert_eq!(asked(&signed_on(&mut model, "2002")), None, "nor in another's");
    assert!(drawn(&model).0.contains("waits until 2001 signs on"));
    press(&mut model, KeyCode::Esc);
    let effects = signed_on(&mut model, "2001");
    assert_eq!(asked(&effects).map(|(_, body)| body), Some(note));
    press(&mut model, KeyCode::Esc);
    let again = signed_on(&mut model, "2001");
    assert_eq!(asked(&again), None, "and once over one connection");
}

#[test]
fn who_leaves_the_line_while_it_is_compared_is_not_signed_on() {
    let mut model = control_room(Language::English, 80, 24);
    type_keys(&mut model, "S2001");
    press(&mut model, KeyCode::Enter);
    type_keys(&mut model, "482913");
    let (id, _) = asked(&press(&mut model, KeyCode::Enter)).unwrap();
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.overlays, []);
    let view = view(&model, "2001");
    let effects = reply(&mut model, id, Ok(ReplyBody::SignedOn(Box::new(view))));
    let (id, body) = asked(&effects).unwrap();
    assert_eq!(body, RequestBody::SignOff { how: SignOff::Asked });
    assert_eq!(model.overlays, []);
    // Until the daemon has done it the head says who it is.
    assert_eq!(model.actor, Some(desk(Some("2001"))));
    reply(&mut model, id, Ok(ReplyBody::SignedOff(desk(None))));
    assert_eq!((&model.actor, &model.signed_on), (&Some(desk(None)), &None));
}

#[test]
fn nobody_goes_on_with_what_another_typed() {
    let half = |model: &mut Model| {
        type_keys(model, ":pin");
        press(model, KeyCode::Enter);
        // Who is known is not asked who they are.
        if model.signed_on.is_none() {
            type_keys(model, "2001");
            press(model, KeyCode::Enter);
        }
        type_keys(model, "482913");
        press(model, KeyCode::Enter);
        assert_eq!(model.overlays.len(), 1);
    };
    let mut model = control_room(Language::English, 80, 24);
    half(&mut model);
    let later = model.elapsed + Duration::from_secs(61);
    update(&mut model, Msg::Clock(later));
    assert_eq!(model.overlays, [], "a minute without a key");

    signed_on(&mut model, "2001");
    press(&mut model, KeyCode::Esc);
    half(&mut model);
    let how = SignOff::Idle;
    daemon_says(&mut model, FromDaemon::Post { actor: desk(None), how });
    assert_eq!(model.overlays, []);

    signed_on(&mut model, "2001");
    press(&mut model, KeyCode::Esc);
    type_keys(&mut model, "nchanged coal");
    daemon_says(&mut model, FromDaemon::Post { actor: desk(None), how });
    assert_eq!(asked(&press(&mut model, KeyCode::Enter)), None, "not in nobody's name");
    assert!(drawn(&model).0.contains("begun by 2001"));
}

#[test]
fn the_keys_are_told_that_lead_to_the_handover_that_lacks_a_signature() {
    let told = |minutes: i64| {
        let mut snapshot = snapshot();
        snapshot.model.persons = persons();
        let on_duty = snapshot.model.shift_at(snapshot.state.now).unwrap();
        let before = snapshot.model.shift_before(&on_duty).unwrap();
        snapshot.state.unsigned = snapshot.model.name_of_shift(&before);
        snapshot.state.now = on_duty.start.plus(minutes * 60_000);
        let mut model = model_of(snapshot, Language::English, "mono", 200, 60);
        model.actor = Some(desk(None));
        signed_on(&mut model, "2001");
        let shown = drawn(&model).0;
        let line = shown.lines().find(|line| line.contains("lacks a signature")).unwrap();
        line.trim().to_owned()
    };
    // For the first hour the pane shows it, afterwards the shift on duty.
    assert!(told(30).ends_with("6 opens it."), "{}", told(30));
    assert!(told(90).ends_with("6, then [ opens it."), "{}", told(90));
}

#[test]
fn the_head_tells_the_foremost_of_several_roles() {
    let mut snapshot = snapshot();
    let mut persons = persons();
    persons[0].roles = vec![Role::Operator, Role::ShiftLead];
    snapshot.model.persons = persons;
    let mut model = model_of(snapshot, Language::English, "mono", 200, 60);
    model.actor = Some(desk(None));
    signed_on(&mut model, "2001");
    let head = drawn(&model).0.lines().next().unwrap().to_owned();
    assert!(head.contains("Li Jianguo") && head.contains("shift lead"), "{head}");
}

#[test]
fn a_terminal_that_was_opened_signed_on_knows_it() {
    let mut model = control_room(Language::English, 80, 24);
    let view = view(&model, "2001");
    let up = LinkEvent::Up {
        actor: view.actor.clone(),
        signed_on: Some(Box::new(view)),
    };
    update(&mut model, Msg::Link(up));
    assert!(matches!(model.overlays[..], [Overlay::Since(_)]));
    press(&mut model, KeyCode::Esc);
    type_keys(&mut model, ":sign-off");
    assert!(asked(&press(&mut model, KeyCode::Enter)).is_some());
}

#[test]
fn who_was_signed_off_by_a_lost_connection_is_told_so_when_it_is_back() {
    let mut model = control_room(Language::English, 200, 60);
    signed_on(&mut model, "2001");
    let down = LinkEvent::Down {
        why: Text::new("wire-closed"),
        retry_in: Duration::from_secs(1),
    };
    update(&mut model, Msg::Link(down));
    update(&mut model, Msg::Link(LinkEvent::up(desk(None))));
    let mut again = snapshot();
    again.model.persons = persons();
    daemon_says(&mut model, FromDaemon::Snapshot(Box::new(again)));
    assert!(
        drawn(&model).0.contains("Li Jianguo was signed off"),
        "{}",
        drawn(&model).0
    );
}

#[test]
fn on_a_screen_too_small_to_see_nothing_is_typed_and_q_leaves() {
    let mut model = control_room(Language::English, 80, 24);
    type_keys(&mut model, "S2001");
    press(&mut model, KeyCode::Enter);
    update(&mut model, Msg::Resize(ratatui::layout::Size::new(40, 10)));
    type_keys(&mut model, "482913");
    let Some(Overlay::SignOn(sheet)) = model.overlays.last() else {
        panic!()
    };
    assert!(sheet.field.is_empty());
    assert_eq!(press(&mut model, KeyCode::Char('q')), [Effect::Quit]);
}
