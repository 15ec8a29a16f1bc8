//! The Entry pane: sheets, cells as they are typed, rounds as they are sent.

mod all_rounds;
mod attached;
mod colleagues;
mod gap;
mod kept;
mod late_answers;
mod lost;
mod other_rows;
mod signed_off;
mod workbook;

use super::*;
use crate::domain::actor::{Actor, Role};
use crate::domain::attachment::Attachment;
use crate::domain::draft::{Draft, Drafted, KeptOfPage};
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::model::{Limits, Name, Parameter};
use crate::domain::reading::{Origin, ParameterKind, Slot};
use crate::domain::sheet::EntrySheet;
use crate::domain::text::Text;
use crate::engine::second_check::CheckSubject;
use crate::engine::view::{
    CheckMark, FilledHours, IntakeOutcome, LookedView, RoundView, SecondCheckView, SheetRow, SheetView, Standing,
};
use crate::locale::Language;
use crate::tui::entry::Focus;
use crate::tui::keymap::Context;
use crate::tui::link::LinkEvent;
use crate::tui::model::Model;
use crate::tui::pane::Pane;
use crate::tui::update::{Effect, Msg, update};
use crate::wire::answers::SignedOnView;
use crate::wire::live::Snapshot;
use crate::wire::message::{FromDaemon, ReplyBody, Request, RequestBody};

use std::sync::Arc;

use crossterm::event::KeyCode;
use proptest::prelude::*;
use ratatui::layout::Size;

/// A plant with a sheet of all parameters that its model has, eight-hourly.
pub(super) fn plant() -> Snapshot {
    let mut snapshot = snapshot();
    let known = snapshot.model.parameters[0].clone();
    snapshot.model.parameters = ["PT-1", "TT-2", "WQ-3"]
        .into_iter()
        .zip(1..)
        .map(|(tag, id)| Parameter {
            id: ParameterId(id),
            tag: tag.to_owned(),
            kind: if id == 3 {
                ParameterKind::Counter
            } else {
                ParameterKind::State
            },
            decimals: 1,
            possible: Limits::default(),
            operating: Limits::default(),
            origins: vec![Origin::Typed],
            ..known.clone()
        })
        .collect();
    let rows: Vec<ParameterId> = snapshot.model.parameters.iter().map(|parameter| parameter.id).collect();
    snapshot.model.sheets = vec![EntrySheet {
        key: "rounds".to_owned(),
        name: Name {
            zh: "巡检记录".to_owned(),
            en: "Rounds".to_owned(),
        },
        rows,
        rounds: vec![0, 480, 960],
        due_ms: 1_800_000,
        origin: Origin::Typed,
        second_person: false,
    }];
    snapshot
}

fn operator() -> Actor {
    Actor {
        roles: vec![Role::Operator],
        ..actor()
    }
}

fn page(snapshot: &Snapshot) -> SheetView {
    let sheet = &snapshot.model.sheets[0];
    let page = sheet.page_at(&snapshot.model, snapshot.state.now);
    let rounds = sheet.rounds_of(&snapshot.model, page);
    let rows = sheet.rows.iter().enumerate().map(|(place, parameter)| SheetRow {
        parameter: *parameter,
        cells: vec![
            (place == 0).then_some(Standing {
                value: 1_000,
                origin: Origin::Typed,
                counts: true,
                record: Sequence(17_000),
                check: None,
            }),
            None,
            None,
        ],
        beside: Vec::new(),
        filled: Vec::new(),
        register: None,
        before: vec![(
            Slot::instant(rounds[0].at.plus(-3_600_000)),
            1_010 + 7_000 * i64::try_from(place).unwrap(),
        )],
        after: None,
        changes: Vec::new(),
    });
    SheetView {
        sheet: "rounds".to_owned(),
        page,
        rows: rows.collect(),
        rounds,
        returned: Vec::new(),
    }
}

/// A terminal on which the sheet is open.
fn opened(language: Language, width: u16, height: u16) -> Model {
    let snapshot = plant();
    let mut model = model_of(snapshot.clone(), language, "dark", width, height);
    update(&mut model, Msg::Link(LinkEvent::up(operator())));
    let effects = say(&mut model, FromDaemon::Snapshot(Box::new(snapshot.clone())));
    answer(&mut model, effects);
    press(&mut model, KeyCode::Char('3'));
    assert_eq!(model.pane, Pane::Entry);
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(id, RequestBody::Sheet { sheet, .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(sheet, "rounds");
    reply(
        &mut model,
        *id,
        Ok(ReplyBody::Sheet(Box::new(page(&snapshot)), Box::default())),
    );
    model
}

/// A terminal whose cursor is in an empty cell.
pub(super) fn on_a_page() -> Model {
    opened(Language::English, 80, 24)
}

/// Types a text and Enter; what is asked of the daemon.
fn enter(model: &mut Model, text: &str) -> Vec<(u64, RequestBody)> {
    type_keys(model, text);
    bodies(press(model, KeyCode::Enter))
}

/// The daemon keeps what it was asked to keep.
fn keep(model: &mut Model, asked: &[(u64, RequestBody)]) {
    let open = model.entry.open.as_ref().unwrap();
    let mut drafts: Vec<Draft> = open
        .typed
        .iter()
        .map(|(cell, typed)| Draft {
            parameter: cell.0,
            round: cell.1,
            text: typed.text.clone(),
            by: operator().name().to_owned(),
            at: snapshot().state.now,
        })
        .collect();
    drafts.sort_by_key(|draft| draft.parameter);
    for (id, body) in asked {
        assert!(matches!(body, RequestBody::Draft { .. }), "{body:?}");
        let drafted = Drafted {
            drafts: drafts.clone(),
            contested: Vec::new(),
            ..Drafted::default()
        };
        reply(model, *id, Ok(ReplyBody::Drafted(Box::new(drafted))));
    }
}

fn open(model: &Model) -> &crate::tui::entry::Opened {
    model.entry.open.as_ref().unwrap()
}

#[test]
fn the_pane_looks_like_this() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let name = |what: &str| format!("entry_{what}_{language}_{width}x{height}");
            let mut model = opened(language, width, height);
            press(&mut model, KeyCode::Esc);
            press(&mut model, KeyCode::Esc);
            insta::assert_snapshot!(name("list"), drawn(&model).0);
            let mut model = opened(language, width, height);
            let asked = enter(&mut model, "99");
            keep(&mut model, &asked);
            enter(&mut model, "10.1");
            insta::assert_snapshot!(name("doubt"), drawn(&model).0);
            type_keys(&mut model, "12,5");
            press(&mut model, KeyCode::Enter);
            insta::assert_snapshot!(name("fault"), drawn(&model).0);
            update(&mut model, Msg::Paste("801\t/\nx\t802\n".to_owned()));
            insta::assert_snapshot!(name("block"), drawn(&model).0);
        }
    }
}

#[test]
fn a_cell_is_kept_when_one_leaves_it_and_what_looks_wrong_is_said_first() {
    let mut model = opened(Language::English, 80, 24);
    // It goes on in the round that is being made, where nothing was written down.
    assert_eq!(open(&model).at.0, 0);
    let column = open(&model).at.1;
    let asked = enter(&mut model, "100");
    let [(_, RequestBody::Draft { changes, .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(
        (changes[0].text.as_deref(), changes[0].seen.as_deref()),
        (Some("100"), None)
    );
    assert_eq!(open(&model).at, (1, column));
    assert_eq!(open(&model).unsaved.len(), 1);
    keep(&mut model, &asked);
    assert_eq!(open(&model).unsaved.len(), 0);
    // A tenth of what it was before.
    assert_eq!(enter(&mut model, "80"), []);
    assert!(open(&model).doubted.is_some());
    // Typed over, nothing has to be emptied.
    type_keys(&mut model, "801");
    assert_eq!(open(&model).field.text(), "801");
    assert_eq!(enter(&mut model, "").len(), 1);
    // Said again, it is taken.
    press(&mut model, KeyCode::Up);
    assert_eq!(open(&model).at, (1, column));
    assert_eq!(enter(&mut model, "80"), []);
    assert_eq!(bodies(press(&mut model, KeyCode::Enter)).len(), 1);
    // Undone, it is as it was.
    let undone = bodies(press(&mut model, KeyCode::F(9)));
    let [(_, RequestBody::Draft { changes, .. })] = undone.as_slice() else {
        panic!("{undone:?}")
    };
    assert_eq!(changes[0].text.as_deref(), Some("801"));
    // The first Esc forgets what is being typed, the second leaves the cells.
    type_keys(&mut model, "7");
    press(&mut model, KeyCode::Esc);
    assert_eq!((open(&model).field.text(), &open(&model).focus), ("801", &Focus::Grid));
    press(&mut model, KeyCode::Esc);
    assert_eq!(open(&model).focus, Focus::Page);
}

#[test]
fn a_round_is_sent_as_one_record_and_what_was_refused_stays() {
    let mut model = opened(Language::English, 80, 24);
    let rows = open(&model).size().0;
    for _ in 0..rows {
        let place = i64::try_from(open(&model).at.0).unwrap();
        let value = (1_010 + 7_000 * place) / 10;
        let text = format!("{value}");
        let mut asked = enter(&mut model, &text);
        if asked.is_empty() {
            asked = bodies(press(&mut model, KeyCode::Enter));
        }
        keep(&mut model, &asked);
    }
    // Behind the last row it is asked whether the round is complete.
    assert_eq!(open(&model).focus, Focus::Asking, "{:?}", open(&model).fault);
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [
        (
            id,
            RequestBody::Intake {
                origin,
                readings,
                provenance,
            },
        ),
    ] = asked.as_slice()
    else {
        panic!("{asked:?}")
    };
    assert_eq!((*origin, readings.len()), (Origin::Typed, rows));
    assert!(provenance.name.starts_with("sheet rounds "), "{}", provenance.name);
    // The line is cut before it is answered: it is sent again under its key.
    let id = *id;
    update(
        &mut model,
        Msg::Link(LinkEvent::Down {
            why: Text::new("sheet-no-cell"),
            retry_in: std::time::Duration::from_secs(1),
        }),
    );
    let again = update(&mut model, Msg::Link(LinkEvent::up(operator())));
    let again: Vec<_> = again
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Ask(request) if matches!(request.body, RequestBody::Intake { .. }) => Some(request),
            _ => None,
        })
        .collect();
    assert_eq!(again.len(), 1);
    assert!(again[0].key.is_some() && again[0].id != id);
    let outcome = IntakeOutcome {
        sequence: Some(Sequence(18_400)),
        accepted: u64::try_from(rows - 1).unwrap(),
        duplicate: 0,
        replaced: 0,
        excluded: 0,
        refused: vec![(0, Text::new("sheet-no-cell"))],
        ..IntakeOutcome::default()
    };
    let after = bodies(reply(&mut model, again[0].id, Ok(ReplyBody::Intake(outcome))));
    assert_eq!(open(&model).typed.len(), 1, "the refused one stays");
    assert!(
        matches!(
            after.as_slice(),
            [(_, RequestBody::Draft { .. }), (_, RequestBody::Sheet { .. })]
        ),
        "{after:?}"
    );
}

/// Somebody may correct, and a connector's value stands in the first row, which goes on to count.
fn opened_on_a_conflict(language: Language, width: u16, height: u16) -> Model {
    let mut model = opened(language, width, height);
    model.actor = Some(Actor {
        roles: vec![Role::DataQualityChecker],
        ..actor()
    });
    let mut plant = model.plant.clone().unwrap();
    let mut known = (*plant.model).clone();
    known.parameters[0].origins = vec![Origin::Connector, Origin::Typed];
    plant.model = Arc::new(known);
    model.plant = Some(plant);
    let page = model.entry.open.as_mut().unwrap();
    let crate::tui::model::Wanted::Here(view) = &mut page.view else {
        panic!("the page is there")
    };
    view.rows[0].cells[0] = Some(Standing {
        value: 1_000,
        origin: Origin::Connector,
        counts: true,
        record: Sequence(17_000),
        check: None,
    });
    page.at = (0, 0);
    model
}

#[test]
fn what_a_second_person_returned_says_why_where_it_stands() {
    let mut model = opened(Language::English, 80, 24);
    let page = model.entry.open.as_mut().unwrap();
    let crate::tui::model::Wanted::Here(view) = &mut page.view else {
        panic!("the page is there")
    };
    view.rows[0].cells[0].as_mut().unwrap().check = Some(CheckMark::Returned);
    view.rows[1].cells[0] = Some(Standing {
        check: Some(CheckMark::Awaits),
        ..view.rows[0].cells[0].unwrap()
    });
    view.returned = vec![SecondCheckView {
        record: Sequence(17_000),
        by: "1001".to_owned(),
        name: None,
        at: snapshot().state.now,
        subject: CheckSubject::Entry,
        mark: CheckMark::Returned,
        typed_by: Vec::new(),
        settled: None,
        looked: Some(LookedView {
            by: "1002".to_owned(),
            name: None,
            at: snapshot().state.now,
            record: Sequence(17_001),
            reason: Some("paper says 100.5".to_owned()),
        }),
        cells: 1,
        standing: 1,
    }];
    page.at = (0, 0);
    let (screen, _) = drawn(&model);
    assert!(screen.contains("100.0^") && screen.contains("100.0~"), "{screen}");
    assert!(screen.contains("paper says 100.5 (1 of 1 still to be"), "{screen}");
    model.entry.open.as_mut().unwrap().at = (1, 0);
    assert!(drawn(&model).0.contains("awaits a second person"));
}

#[test]
fn a_cell_whose_missing_hours_are_filled_says_so() {
    let mut model = opened(Language::English, 80, 24);
    let page = model.entry.open.as_mut().unwrap();
    let crate::tui::model::Wanted::Here(view) = &mut page.view else {
        panic!("the page is there")
    };
    let filled = FilledHours {
        hours: 2,
        by_person: false,
    };
    view.rows[1].filled = vec![Some(filled), None, None];
    page.at = (1, 0);
    let screen = drawn(&model).0;
    assert!(screen.contains("-s"), "{screen}");
    assert!(screen.contains("filled by plan: 2 h (F6)"), "{screen}");
}

#[test]
fn a_typed_value_and_a_connectors_are_both_shown_and_one_decides() {
    let mut model = opened_on_a_conflict(Language::English, 80, 24);
    // What differs from what counts is told before it is taken.
    assert!(enter(&mut model, "100.5").is_empty());
    let told = drawn(&model).0;
    assert!(told.contains("goes on to count by the plan"), "{told}");
    assert!(told.contains("F8 has it count instead"), "{told}");
    let asked = bodies(press(&mut model, KeyCode::F(8)));
    keep(&mut model, &asked);
    assert!(matches!(open(&model).focus, Focus::Correcting(_)));
    let told = drawn(&model).0;
    assert!(told.contains("100.0 (connector) becomes 100.5"), "{told}");
    // Not without a reason.
    assert!(bodies(press(&mut model, KeyCode::Enter)).is_empty());
    assert_eq!(open(&model).fault, Some(Text::new("tui-entry-correct-why")));
    type_keys(&mut model, "gauge read by hand, transmitter 4 drifted");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(id, RequestBody::Correct { provenance, readings })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    let reason = provenance.reason.as_deref().unwrap();
    assert_eq!(reason, "gauge read by hand, transmitter 4 drifted");
    assert_eq!((readings.len(), readings[0].value), (1, 1_005));
    let outcome = IntakeOutcome {
        sequence: Some(Sequence(18_401)),
        accepted: 1,
        duplicate: 0,
        replaced: 0,
        excluded: 0,
        refused: Vec::new(),
        ..IntakeOutcome::default()
    };
    reply(&mut model, *id, Ok(ReplyBody::Intake(outcome)));
    assert!(open(&model).typed.is_empty());
    assert_eq!(open(&model).at, (0, 0), "one stays at the cell");
}

#[test]
fn a_correction_needs_the_right_and_something_to_correct() {
    let mut model = opened_on_a_conflict(Language::English, 80, 24);
    // Nothing was typed; then what stands there already.
    press(&mut model, KeyCode::F(8));
    assert_eq!(open(&model).fault, Some(Text::new("tui-entry-correct-nothing")));
    type_keys(&mut model, "100");
    press(&mut model, KeyCode::F(8));
    assert_eq!(open(&model).fault, Some(Text::new("tui-entry-correct-same")));
    let taken = open(&model).typed.clone();
    model.actor = Some(operator());
    type_keys(&mut model, "100.5");
    press(&mut model, KeyCode::F(8));
    assert!(open(&model).fault.is_some());
    assert_eq!(open(&model).typed, taken, "nothing more was taken");
    assert_eq!(open(&model).focus, Focus::Grid);
    // Esc leaves the question, and what was typed stays in its cell.
    let mut model = opened_on_a_conflict(Language::English, 80, 24);
    type_keys(&mut model, "100.5");
    press(&mut model, KeyCode::F(8));
    type_keys(&mut model, "q");
    press(&mut model, KeyCode::Esc);
    assert_eq!(open(&model).focus, Focus::Grid);
    assert_eq!(open(&model).typed.len(), 1);
}

#[test]
fn the_question_why_looks_like_this() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = opened_on_a_conflict(language, width, height);
            type_keys(&mut model, "100.5");
            press(&mut model, KeyCode::F(8));
            type_keys(&mut model, "4# 变送器漂移");
            insta::assert_snapshot!(format!("entry_correct_{language}_{width}x{height}"), drawn(&model).0);
        }
    }
}

/// What the daemon keeps of a page.
fn kept_of_page(drafts: Vec<Draft>, attached: Vec<Attachment>) -> KeptOfPage {
    KeptOfPage {
        drafts,
        attached,
        others: Vec::new(),
    }
}

/// Who sits at a shared post.
fn desk(person: Option<&str>) -> Actor {
    Actor {
        person: person.map(str::to_owned),
        shared: true,
        ..operator()
    }
}

/// The page that is asked for anew, if need be by the clock, is given with what is typed into it; what is asked then.
fn page_again(model: &mut Model, drafts: Vec<Draft>) -> Vec<(u64, RequestBody)> {
    let asked = bodies(update(model, Msg::Clock(model.elapsed)));
    let by_itself = asked
        .iter()
        .find_map(|(id, body)| matches!(body, RequestBody::Sheet { .. }).then_some(*id));
    let id = by_itself.or(open(model).again);
    let page = Box::new(page(&plant()));
    let kept = Box::new(kept_of_page(drafts, Vec::new()));
    bodies(reply(model, id.unwrap(), Ok(ReplyBody::Sheet(page, kept))))
}

/// Signs a person on with the keyboard; what is asked of the daemon then.
fn sign_on(model: &mut Model, person: &str) -> Vec<Request> {
    // Who was cut off in the middle of something says first that they have looked.
    for _ in 0..2 {
        if model.context() == Context::Grid {
            press(model, KeyCode::Esc);
        }
    }
    type_keys(model, "S");
    type_keys(model, person);
    press(model, KeyCode::Enter);
    type_keys(model, "482913");
    let asked = bodies(press(model, KeyCode::Enter));
    let [(id, RequestBody::SignOn { .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    let view = SignedOnView {
        actor: desk(Some(person)),
        sequence: Sequence(900),
        since: None,
        wrong: 0,
    };
    let effects = reply(model, *id, Ok(ReplyBody::SignedOn(Box::new(view))));
    let asked = effects.into_iter().filter_map(|effect| match effect {
        Effect::Ask(request) => Some(request),
        _ => None,
    });
    asked
        .filter(|request| matches!(request.body, RequestBody::Intake { .. }))
        .collect()
}

#[test]
fn a_round_that_a_cut_line_left_open_waits_for_who_sent_it_and_holds_up_nobody_else() {
    let sent = |person: &str| {
        let mut model = opened(Language::English, 80, 24);
        update(&mut model, Msg::Link(LinkEvent::up(desk(None))));
        press(&mut model, KeyCode::Esc);
        assert!(sign_on(&mut model, "2001").is_empty());
        press(&mut model, KeyCode::Esc);
        press(&mut model, KeyCode::Enter);
        let asked = enter(&mut model, "101");
        keep(&mut model, &asked);
        press(&mut model, KeyCode::F(10));
        let asked = bodies(press(&mut model, KeyCode::Enter));
        assert!(
            matches!(asked.as_slice(), [(_, RequestBody::Intake { .. })]),
            "{asked:?}"
        );
        // The line is cut, and with it 2001 is signed off: nothing goes out in nobody's name.
        let why = Text::new("sheet-no-cell");
        let retry_in = std::time::Duration::from_secs(1);
        update(&mut model, Msg::Link(LinkEvent::Down { why, retry_in }));
        let again = bodies(update(&mut model, Msg::Link(LinkEvent::up(desk(None)))));
        assert!(!again.iter().any(|(_, body)| matches!(body, RequestBody::Intake { .. })));
        assert!(open(&model).sending.is_some());
        press(&mut model, KeyCode::Esc);
        let again = sign_on(&mut model, person);
        (model, again)
    };
    let (_, again) = sent("2001");
    assert!(matches!(again.as_slice(), [Request { key: Some(_), .. }]), "{again:?}");
    let (model, again) = sent("2002");
    assert!(again.is_empty(), "it is 2001's");
    assert!(open(&model).sending.is_none());
}

/// Into the cell that the daemon was asked to keep E07 typed 102 meanwhile.
fn typed_by_another(model: &mut Model, asked: &[(u64, RequestBody)]) {
    let [(id, RequestBody::Draft { changes, .. })] = asked else {
        panic!("{asked:?}")
    };
    let theirs = Draft {
        parameter: changes[0].parameter,
        round: changes[0].round,
        text: "102".to_owned(),
        by: "E07".to_owned(),
        at: snapshot().state.now,
    };
    let drafted = Drafted {
        drafts: vec![theirs],
        contested: vec![0],
        ..Drafted::default()
    };
    reply(model, *id, Ok(ReplyBody::Drafted(Box::new(drafted))));
}

#[test]
fn what_another_typed_into_a_cell_is_told_and_not_written_over() {
    let mut model = opened(Language::English, 80, 24);
    let asked = enter(&mut model, "100");
    typed_by_another(&mut model, &asked);
    let told: Vec<String> = drawn(&model).0.split_whitespace().map(str::to_owned).collect();
    let told = told.join(" ");
    assert!(told.contains(": E07 typed 102 there meanwhile; your 100"), "{told}");
    assert_eq!(open(&model).unsaved.len(), 0);
    // Who has seen it may put another in its place.
    press(&mut model, KeyCode::Up);
    assert_eq!(open(&model).field.text(), "102");
    let again = enter(&mut model, "100");
    let [(_, RequestBody::Draft { changes, .. })] = again.as_slice() else {
        panic!("{again:?}")
    };
    assert_eq!(changes[0].seen.as_deref(), Some("102"));
}

#[test]
fn a_block_is_looked_at_before_it_is_put_down() {
    let mut model = opened(Language::English, 80, 24);
    press(&mut model, KeyCode::Up);
    let column = open(&model).at.1;
    update(&mut model, Msg::Paste("100\r\nx\r\n".to_owned()));
    assert!(matches!(open(&model).focus, Focus::Block(_)));
    assert_eq!(open(&model).typed.len(), 0);
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(_, RequestBody::Draft { changes, .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!((changes.len(), open(&model).at.1), (1, column));
    // One that does not fit is refused whole.
    update(&mut model, Msg::Paste("1\t2\t3\t4\n".repeat(2)));
    assert!(open(&model).fault.is_some() && open(&model).focus == Focus::Grid);
    // One value goes into the cell.
    update(&mut model, Msg::Paste("33".to_owned()));
    assert_eq!(open(&model).field.text(), "33");
}

#[test]
fn without_the_right_nothing_is_taken() {
    let mut model = opened(Language::English, 80, 24);
    model.actor = Some(Actor {
        roles: vec![Role::Viewer],
        ..actor()
    });
    assert_eq!(enter(&mut model, "100"), []);
    assert!(open(&model).fault.is_some());
    update(&mut model, Msg::Paste("1\n2\n".to_owned()));
    assert!(open(&model).fault.is_some() && open(&model).focus == Focus::Grid);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_keys_in_any_order_break_it(keys in "[0-9.=*/'-esrhjkl3\\[\\] ,]{0,40}", width in 1_u16..200, height in 1_u16..60) {
        let mut model = opened(Language::Chinese, 80, 24);
        update(&mut model, Msg::Resize(Size::new(width, height)));
        for key in keys.chars() {
            press(&mut model, KeyCode::Char(key));
            press(&mut model, KeyCode::Enter);
            press(&mut model, KeyCode::Tab);
        }
        for code in [KeyCode::Tab, KeyCode::BackTab, KeyCode::Esc, KeyCode::Left, KeyCode::F(9), KeyCode::F(7), KeyCode::Enter, KeyCode::F(6), KeyCode::Enter, KeyCode::F(10), KeyCode::End] {
            press(&mut model, code);
            drawn(&model);
        }
    }
}

#[test]
fn the_list_says_what_of_the_round_is_not_written_down() {
    for language in Language::ALL {
        let mut model = model_of(plant(), language, "dark", 80, 24);
        update(&mut model, Msg::Link(LinkEvent::up(operator())));
        let effects = say(&mut model, FromDaemon::Snapshot(Box::new(plant())));
        answer(&mut model, effects);
        let asked = bodies(press(&mut model, KeyCode::Char('3')));
        let [(id, RequestBody::Rounds)] = asked.as_slice() else {
            panic!("{asked:?}")
        };
        let (snapshot, sheet) = (plant(), plant().model.sheets[0].clone());
        let rounds = sheet.rounds_of(&snapshot.model, sheet.page_at(&snapshot.model, snapshot.state.now));
        let round = |missing| RoundView {
            sheet: sheet.key.clone(),
            at: rounds[crate::domain::sheet::EntrySheet::round_at(&rounds, snapshot.state.now)].at,
            missing,
        };
        reply(&mut model, *id, Ok(ReplyBody::Rounds(vec![round(2)])));
        insta::assert_snapshot!(format!("entry_overdue_{language}"), drawn(&model).0);
        reply(&mut model, *id, Ok(ReplyBody::Rounds(Vec::new())));
        // Once the journal has grown it is asked for again.
        model.plant.as_mut().unwrap().state.sequence.0 += 1;
        let asked = bodies(update(&mut model, Msg::Clock(std::time::Duration::from_secs(11))));
        let again = asked.iter().find(|(_, body)| matches!(body, RequestBody::Rounds));
        reply(&mut model, again.unwrap().0, Ok(ReplyBody::Rounds(vec![round(0)])));
        insta::assert_snapshot!(format!("entry_made_{language}"), drawn(&model).0);
    }
}
