//! The Handover pane: the sheet of a shift, what it leads to, and signing.

use super::*;
use crate::domain::actor::{Actor, Role};
use crate::domain::handover::{ShiftName, Side};
use crate::domain::identity::{BookId, MeterId, ParameterId, Sequence};
use crate::domain::model::Name;
use crate::domain::note::{About, Carried, Closed, NoteClosing};
use crate::domain::sheet::EntrySheet;
use crate::domain::text::Text;
use crate::engine::handover::{Emitted, Item};
use crate::engine::view::{HandoverLine, HandoverView, Mark, SignatureView};
use crate::locale::Language;
use crate::quality::alarm::{AlarmId, Kind, Label};
use crate::quality::anomaly::{AnomalyId, Stage};
use crate::quality::flag::Rule;
use crate::tui::link::LinkEvent;
use crate::tui::model::Model;
use crate::tui::overlay::Overlay;
use crate::tui::pane::Pane;
use crate::tui::signing::SigningStep;
use crate::tui::update::{Msg, update};
use crate::wire::answers::SignedOnView;
use crate::wire::live::Snapshot;
use crate::wire::message::{FromDaemon, ReplyBody, RequestBody};

use crossterm::event::KeyCode;
use proptest::prelude::*;
use ratatui::layout::Size;

fn plant() -> Snapshot {
    let mut snapshot = snapshot();
    snapshot.state.unsigned = Some(shift());
    snapshot.model.sheets = vec![EntrySheet {
        key: "rounds".to_owned(),
        name: Name {
            zh: "巡检记录".to_owned(),
            en: "Rounds".to_owned(),
        },
        rows: Vec::new(),
        rounds: vec![0, 480, 960],
        due_ms: 1_800_000,
        origin: crate::domain::reading::Origin::Typed,
        second_person: false,
    }];
    snapshot
}

fn shift() -> ShiftName {
    let snapshot = snapshot();
    let on_duty = snapshot.model.shift_at(snapshot.state.now).unwrap();
    snapshot.model.name_of_shift(&on_duty).unwrap()
}

fn lead() -> Actor {
    Actor {
        roles: vec![Role::ShiftLead],
        ..actor()
    }
}

/// A note of two weeks ago.
fn carried(record: u64, carried: Carried) -> Item {
    let at = snapshot().state.now.plus(-14 * 86_400_000);
    Item::Note {
        record: Sequence(record),
        at,
        about: About::Parameter(ParameterId(1)),
        text: "spare of belt 2 is ordered".to_owned(),
        by: "1001".to_owned(),
        written: at,
        carried: Some(carried),
    }
}

fn items() -> Vec<Item> {
    let now = snapshot().state.now;
    let alarm = |parameter, label, until, reason: Option<&str>| Item::Alarm {
        alarm: AlarmId {
            parameter: ParameterId(parameter),
            kind: Kind::High,
        },
        label,
        since: now.plus(-3_600_000),
        until,
        reason: reason.map(str::to_owned),
    };
    vec![
        alarm(1, Label::Unacknowledged, None, None),
        alarm(
            2,
            Label::Shelved,
            Some(now.plus(1_800_000)),
            Some("probe is being cleaned"),
        ),
        Item::Anomaly {
            anomaly: AnomalyId(12),
            parameter: ParameterId(3),
            rule: Rule::Flat,
            from: now.plus(-7_200_000),
            stage: Stage::Disposed,
            is_fault: true,
            record: Sequence(18_100),
            raised: now.plus(-7_000_000),
        },
        Item::Silent {
            parameter: ParameterId(4),
            since: Some(now.plus(-5_400_000)),
        },
        Item::Calibration {
            meter: MeterId(1),
            until: "2025-11-26".parse().unwrap(),
        },
        Item::Round {
            sheet: "rounds".to_owned(),
            at: now.plus(-7_500_000),
            missing: 2,
            of: 10,
        },
        Item::Note {
            record: Sequence(18_150),
            at: now.plus(-1_200_000),
            about: About::Site,
            text: "coal changed to the Jinzhong lot \u{1b}[2J and the belt runs slower since".to_owned(),
            by: "1001".to_owned(),
            written: now.plus(-1_100_000),
            carried: None,
        },
        carried(18_020, Carried::Open),
        carried(
            17_901,
            Carried::Closed(Closed {
                by: "1002".to_owned(),
                at: now.plus(-600_000),
                record: Sequence(18_199),
                remark: Some("idler replaced".to_owned()),
            }),
        ),
    ]
}

fn sheet(signed: bool) -> HandoverView {
    let snapshot = snapshot();
    let on_duty = snapshot.model.shift_at(snapshot.state.now).unwrap();
    let emitted = |book, milligrams, unknown_hours| Emitted {
        book: BookId(book),
        milligrams,
        unknown_hours,
    };
    let marks = [
        Mark::Same,
        Mark::Same,
        Mark::Same,
        Mark::Same,
        Mark::Same,
        Mark::Changed,
        Mark::After,
        Mark::Same,
        Mark::Changed,
    ];
    let lines = items().into_iter().zip(marks).map(|(item, mark)| HandoverLine {
        item,
        mark: if signed { mark } else { Mark::Same },
    });
    HandoverView {
        shift: shift(),
        crew: on_duty.crew,
        from: on_duty.start,
        to: on_duty.end,
        goes_on: true,
        lines: lines.collect(),
        more: 0,
        closed: None,
        emitted: vec![
            (
                emitted(1, 412_600_000_000, 0),
                signed.then(|| emitted(1, 411_000_000_000, 0)),
            ),
            (emitted(2, 401_200_000_000, 3), None),
        ],
        signatures: signed
            .then(|| SignatureView {
                side: Side::Outgoing,
                by: "1001".to_owned(),
                name: Some(Name {
                    zh: "李班长".to_owned(),
                    en: "Li".to_owned(),
                }),
                at: on_duty.end.plus(7_200_000),
                record: Sequence(18_160),
                remark: Some("belt 2 slips".to_owned()),
            })
            .into_iter()
            .collect(),
        record: Sequence(18_204),
        at: snapshot.state.now,
    }
}

fn opened(view: HandoverView, language: Language, width: u16, height: u16) -> Model {
    let mut model = model_of(plant(), language, "dark", width, height);
    update(&mut model, Msg::Link(LinkEvent::up(lead())));
    let effects = say(&mut model, FromDaemon::Snapshot(Box::new(plant())));
    answer(&mut model, effects);
    let asked = bodies(press(&mut model, KeyCode::Char('6')));
    assert_eq!(model.pane, Pane::Handover);
    let [(id, RequestBody::Handover { shift: None })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    reply(&mut model, *id, Ok(ReplyBody::Handover(Box::new(view))));
    model
}

#[test]
fn the_handover_looks_like_this() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = opened(sheet(true), language, width, height);
            for _ in 0..6 {
                press(&mut model, KeyCode::Down);
            }
            insta::assert_snapshot!(format!("handover_{language}_{width}x{height}"), drawn(&model).0);
            press(&mut model, KeyCode::Char('i'));
            type_keys(&mut model, "belt 2 not seen");
            insta::assert_snapshot!(format!("signing_{language}_{width}x{height}"), drawn(&model).0);
            press(&mut model, KeyCode::Esc);
            press(&mut model, KeyCode::Down);
            insta::assert_snapshot!(format!("carried_{language}_{width}x{height}"), drawn(&model).0);
            press(&mut model, KeyCode::Char('x'));
            type_keys(&mut model, "idler 皮带 replaced");
            insta::assert_snapshot!(format!("closing_{language}_{width}x{height}"), drawn(&model).0);
        }
    }
}

#[test]
fn one_signs_what_was_seen_with_a_remark_and_learns_what_came_of_it() {
    let mut model = opened(sheet(false), Language::English, 80, 24);
    press(&mut model, KeyCode::Char('s'));
    type_keys(&mut model, " belt 2 slips ");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(id, RequestBody::HandOver { handover, pin })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(
        (handover.side, handover.at, pin),
        (Side::Outgoing, snapshot().state.now, &None)
    );
    assert_eq!(handover.remark.as_deref(), Some("belt 2 slips"));
    // While the daemon writes nothing else is done with it.
    assert!(bodies(press(&mut model, KeyCode::Enter)).is_empty());
    press(&mut model, KeyCode::Esc);
    assert!(matches!(model.overlays.last(), Some(Overlay::Signing(_))));
    reply(
        &mut model,
        *id,
        Err(Text::new("handover-unknown-shift").with("shift", "x")),
    );
    assert!(drawn(&model).0.contains("no shift x"), "{}", drawn(&model).0);
    assert!(drawn(&model).0.contains("belt 2 slips"));
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(id, _)] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    let again = bodies(reply(&mut model, *id, Ok(ReplyBody::Recorded(Sequence(18_205)))));
    assert!(model.overlays.is_empty());
    assert!(drawn(&model).0.contains("18205"));
    // What was signed is seen first, whatever shift is at hand by now.
    let [(id, RequestBody::Handover { shift: Some(asked_for) })] = again.as_slice() else {
        panic!("{again:?}")
    };
    assert_eq!(*asked_for, shift());
    reply(&mut model, *id, Ok(ReplyBody::Handover(Box::new(sheet(true)))));
    // Who has signed is told in place of a second signature.
    press(&mut model, KeyCode::Char('s'));
    assert!(model.overlays.is_empty());
    assert!(model.shown.text(model.notice.as_ref().unwrap()).contains("18160"));
}

#[test]
fn where_several_share_a_login_the_pin_is_typed_once_more_and_never_kept() {
    let mut model = opened(sheet(false), Language::English, 80, 24);
    model.signed_on = Some(Box::new(SignedOnView {
        sequence: Sequence(18_000),
        actor: lead(),
        wrong: 0,
        since: None,
    }));
    press(&mut model, KeyCode::Char('s'));
    type_keys(&mut model, "belt");
    assert!(bodies(press(&mut model, KeyCode::Enter)).is_empty());
    assert!(bodies(press(&mut model, KeyCode::Enter)).is_empty(), "a PIN is needed");
    type_keys(&mut model, "12");
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Enter);
    type_keys(&mut model, "4711");
    assert!(!drawn(&model).0.contains("4711"));
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(id, RequestBody::HandOver { handover, pin })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(handover.remark.as_deref(), Some("belt"));
    assert_eq!(pin.as_ref().map(|pin| pin.digits().to_owned()).as_deref(), Some("4711"));
    reply(&mut model, *id, Err(Text::new("sign-on-wrong")));
    let Some(Overlay::Signing(sheet)) = model.overlays.last() else {
        panic!()
    };
    assert!(sheet.step == SigningStep::Pin && sheet.field.is_empty() && sheet.fault.is_some());
    // What was on its way when the connection was lost may be written or not.
    type_keys(&mut model, "4711");
    press(&mut model, KeyCode::Enter);
    // At a login of one's own nobody is signed off with the connection.
    model.signed_on = None;
    update(&mut model, Msg::Link(LinkEvent::up(lead())));
    let Some(Overlay::Signing(sheet)) = model.overlays.last() else {
        panic!("{:?}", model.overlays)
    };
    assert!(sheet.awaited.is_none() && sheet.fault.is_some() && sheet.remark == "belt");
}

#[test]
fn who_may_not_sign_learns_it_before_typing() {
    let mut model = opened(sheet(false), Language::English, 80, 24);
    model.actor = Some(actor());
    press(&mut model, KeyCode::Char('s'));
    assert!(
        drawn(&model).0.contains("may not sign handovers"),
        "{}",
        drawn(&model).0
    );
}

#[test]
fn an_open_note_is_closed_with_what_came_of_it() {
    let at = |place: usize| {
        let mut model = opened(sheet(true), Language::English, 80, 24);
        for _ in 0..place {
            press(&mut model, KeyCode::Down);
        }
        press(&mut model, KeyCode::Char('x'));
        model
    };
    // An alarm, a note that is not carried forward, one that is closed already.
    for (place, why) in [
        (0, "Only a note"),
        (6, "not carried forward"),
        (8, "closed by 1002, 2025-11-20"),
    ] {
        let model = at(place);
        assert_eq!(model.overlays, []);
        let told = model.shown.text(model.notice.as_ref().unwrap());
        assert!(told.contains(why), "{told}");
    }
    let mut model = at(7);
    type_keys(&mut model, " idler replaced ");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(id, RequestBody::CloseNote(NoteClosing { of, remark }))] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!((*of, remark.as_deref()), (Sequence(18_020), Some("idler replaced")));
    // While the daemon writes nothing else is done with it.
    assert!(bodies(press(&mut model, KeyCode::Enter)).is_empty());
    press(&mut model, KeyCode::Esc);
    type_keys(&mut model, "q");
    reply(&mut model, *id, Err(Text::new("note-close-withdrawn").with("of", of)));
    assert!(drawn(&model).0.contains("was withdrawn"), "{}", drawn(&model).0);
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(id, _)] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    let again = bodies(reply(&mut model, *id, Ok(ReplyBody::Recorded(Sequence(18_206)))));
    assert!(
        matches!(again.as_slice(), [(_, RequestBody::Handover { shift: None })]),
        "{again:?}"
    );
    assert_eq!(
        (model.overlays.as_slice(), model.handover.cursor),
        (&[][..], 7),
        "one goes on where one was"
    );
    assert!(drawn(&model).0.contains("18206"), "{}", drawn(&model).0);
    // What was on its way when the connection was lost may be written or not.
    let mut model = at(7);
    press(&mut model, KeyCode::Enter);
    update(&mut model, Msg::Link(LinkEvent::up(lead())));
    assert!(
        matches!(model.overlays.last(), Some(Overlay::NoteClosing(sheet)) if sheet.awaited.is_none() && sheet.fault.is_some())
    );
    // Whoever may not learns it before typing.
    let mut model = opened(sheet(true), Language::English, 80, 24);
    model.actor = Some(Actor {
        roles: vec![Role::Viewer],
        ..actor()
    });
    press(&mut model, KeyCode::End);
    press(&mut model, KeyCode::Up);
    press(&mut model, KeyCode::Char('x'));
    assert!(drawn(&model).0.contains("may not write notes"), "{}", drawn(&model).0);
}

#[test]
fn lines_lead_to_what_they_speak_of() {
    let at = |place: usize| {
        let mut model = opened(sheet(true), Language::English, 80, 24);
        for _ in 0..place {
            press(&mut model, KeyCode::Down);
        }
        let effects = press(&mut model, KeyCode::Enter);
        (model, bodies(effects))
    };
    // Neither stands any more: its parameter is shown.
    for place in [0, 2, 3] {
        assert_eq!(at(place).0.pane, Pane::Live, "{place}");
    }
    assert!(matches!(at(4).0.overlays.last(), Some(Overlay::Due { .. })));
    let (model, asked) = at(5);
    assert_eq!(model.pane, Pane::Entry);
    assert!(
        matches!(asked.as_slice(), [(_, RequestBody::Sheet { .. })]),
        "{asked:?}"
    );
    let (model, asked) = at(6);
    assert!(matches!(model.overlays.last(), Some(Overlay::Explain(_))));
    assert!(matches!(asked.as_slice(), [(_, RequestBody::Explain(_))]), "{asked:?}");
}

#[test]
fn other_shifts_are_a_key_away_and_the_sheet_follows_the_journal() {
    let mut model = opened(sheet(false), Language::English, 80, 24);
    press(&mut model, KeyCode::Down);
    let mut newer = plant();
    newer.state.sequence = Sequence(18_300);
    let effects = say(&mut model, FromDaemon::Snapshot(Box::new(newer)));
    assert!(
        !bodies(effects)
            .iter()
            .any(|(_, body)| matches!(body, RequestBody::Handover { .. })),
        "not at every record"
    );
    let later = model.elapsed + std::time::Duration::from_secs(11);
    let asked = bodies(update(&mut model, Msg::Clock(later)));
    let again = asked
        .iter()
        .find(|(_, body)| matches!(body, RequestBody::Handover { .. }));
    let (id, _) = again.unwrap();
    let mut changed = sheet(false);
    changed.lines.remove(0);
    reply(&mut model, *id, Ok(ReplyBody::Handover(Box::new(changed))));
    assert_eq!(model.handover.cursor, 0, "the cursor stays at its line");
    let before = bodies(press(&mut model, KeyCode::Char('[')));
    let [(id, RequestBody::Handover { shift: Some(asked_for) })] = before.as_slice() else {
        panic!("{before:?}")
    };
    assert_ne!(*asked_for, shift());
    reply(
        &mut model,
        *id,
        Err(Text::new("handover-unknown-shift").with("shift", asked_for)),
    );
    assert!(drawn(&model).0.contains("has no shift"), "{}", drawn(&model).0);
    let back = bodies(press(&mut model, KeyCode::Char(']')));
    assert!(
        matches!(back.as_slice(), [(_, RequestBody::Handover { shift: None })]),
        "{back:?}"
    );
}

/// The handovers that are asked for, with the numbers of the requests.
fn handovers(asked: Vec<(u64, RequestBody)>) -> Vec<(u64, Option<ShiftName>)> {
    let shift = |(id, body)| match body {
        RequestBody::Handover { shift } => Some((id, shift)),
        _ => None,
    };
    asked.into_iter().filter_map(shift).collect()
}

#[test]
fn the_pane_shows_the_shift_at_hand_unless_another_was_chosen_on_this_visit() {
    let six = |model: &mut Model| handovers(bodies(press(model, KeyCode::Char('6'))));
    let mut model = opened(sheet(false), Language::English, 80, 24);
    press(&mut model, KeyCode::Char('s'));
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(id, RequestBody::HandOver { .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    let again = handovers(bodies(reply(
        &mut model,
        *id,
        Ok(ReplyBody::Recorded(Sequence(18_205))),
    )));
    let [(id, Some(_))] = again.as_slice() else {
        panic!("what was signed is seen first: {again:?}")
    };
    reply(&mut model, *id, Ok(ReplyBody::Handover(Box::new(sheet(true)))));
    // It was not chosen: the key of the pane leads to the one at hand.
    let asked = six(&mut model);
    let [(id, None)] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    reply(&mut model, *id, Ok(ReplyBody::Handover(Box::new(sheet(true)))));
    // One that was chosen stays on this visit, and not on the next.
    let asked = handovers(bodies(press(&mut model, KeyCode::Char('['))));
    let [(id, Some(_))] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    reply(&mut model, *id, Ok(ReplyBody::Handover(Box::new(sheet(true)))));
    assert_eq!(six(&mut model), []);
    press(&mut model, KeyCode::Char('1'));
    let asked = six(&mut model);
    let [(id, None)] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    reply(&mut model, *id, Ok(ReplyBody::Handover(Box::new(sheet(true)))));
    // While it goes on it is there at once; a terminal that stays open until it is over asks anew.
    press(&mut model, KeyCode::Char('1'));
    assert_eq!(six(&mut model), []);
    press(&mut model, KeyCode::Char('1'));
    let later = model.elapsed + std::time::Duration::from_secs(3 * 3_600);
    update(&mut model, Msg::Clock(later));
    let asked = six(&mut model);
    assert!(matches!(asked.as_slice(), [(_, None)]), "{asked:?}");
}

#[test]
fn whoever_signs_before_the_end_is_told_when_that_is() {
    let told = |goes_on, key| {
        let view = HandoverView {
            goes_on,
            ..sheet(false)
        };
        let mut model = opened(view, Language::English, 80, 24);
        press(&mut model, KeyCode::Char(key));
        drawn(&model).0
    };
    assert!(
        told(true, 's').contains("goes on until 2025-11-20 16:00"),
        "{}",
        told(true, 's')
    );
    for (goes_on, key) in [(false, 's'), (true, 'i')] {
        assert!(!told(goes_on, key).contains("goes on until"), "{}", told(goes_on, key));
    }
}

proptest! {
    #[test]
    fn keys_of_any_kind_at_any_size_do_no_harm(
        keys in proptest::collection::vec(0_usize..14, 0..40), width in 1_u16..120, height in 1_u16..40
    ) {
        let all = [
            KeyCode::Up, KeyCode::Down, KeyCode::Enter, KeyCode::Esc, KeyCode::PageDown, KeyCode::PageUp, KeyCode::Home,
            KeyCode::End, KeyCode::Char('s'), KeyCode::Char('i'), KeyCode::Char('['), KeyCode::Char(']'), KeyCode::Char('6'),
            KeyCode::Char('x'),
        ];
        let mut model = opened(sheet(true), Language::Chinese, 80, 24);
        update(&mut model, Msg::Resize(Size { width, height }));
        for key in keys {
            press(&mut model, all[key]);
            drawn(&model);
        }
    }
}
