//! All rounds of a page that are sent as one record.

use super::*;
use crate::engine::view::Restated;
use crate::tui::entry::Typed;

/// A page on which two values are typed in the round under the cursor, one of which looked wrong, and one in the next.
pub(super) fn typed(language: Language, width: u16, height: u16) -> Model {
    let mut model = opened(language, width, height);
    let asked = enter(&mut model, "101");
    keep(&mut model, &asked);
    assert_eq!(enter(&mut model, "80"), [], "a tenth of what it was before");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    keep(&mut model, &asked);
    press(&mut model, KeyCode::Up);
    press(&mut model, KeyCode::Up);
    press(&mut model, KeyCode::Tab);
    type_keys(&mut model, "102");
    assert_eq!(press(&mut model, KeyCode::F(10)), [], "that round has not been yet");
    let asked = bodies(press(&mut model, KeyCode::F(10)));
    keep(&mut model, &asked);
    assert_eq!(open(&model).focus, Focus::Asking, "{:?}", open(&model).doubted);
    model
}

/// The values of the only thing that is asked of the daemon, and its request.
fn intake(asked: &[(u64, RequestBody)]) -> (u64, Vec<i64>) {
    let [(id, RequestBody::Intake { readings, .. })] = asked else {
        panic!("{asked:?}")
    };
    (*id, readings.iter().map(|reading| reading.value).collect())
}

#[test]
fn all_rounds_go_as_one_record_and_the_cursor_stays() {
    let mut model = typed(Language::English, 80, 24);
    let told = drawn(&model).0.replace('\n', " ");
    assert!(told.contains("1 typed"), "{told}");
    assert!(told.contains("* sends all 2 rounds"), "{told}");
    assert!(
        told.contains("Looked wrong: 1."),
        "what was doubted stays so when it is kept: {told}"
    );
    let at = open(&model).at;
    let (id, values) = intake(&bodies(press(&mut model, KeyCode::Char('*'))));
    assert_eq!(values, [1_010, 800, 1_020], "round by round");
    let outcome = IntakeOutcome {
        sequence: Some(Sequence(18_400)),
        accepted: 3,
        restated: vec![Restated {
            book: "plant".to_owned(),
            source: "boiler".to_owned(),
            name: Name {
                zh: "锅炉".to_owned(),
                en: "Boiler".to_owned(),
            },
            month: "2025-11".to_owned(),
            before: 12_345_000_000,
            after: 12_000_000_000,
            is_closed: false,
        }],
        ..IntakeOutcome::default()
    };
    reply(&mut model, id, Ok(ReplyBody::Intake(outcome)));
    // The month is restated once, and what it was stands beside what it is.
    let told = model.shown.text(model.notice.as_ref().unwrap());
    assert!(told.contains("2025-11 Boiler 12.345 -> 12.000 tCO2e."), "{told}");
    assert!(open(&model).typed.is_empty());
    assert_eq!(open(&model).at, at);
}

#[test]
fn enter_sends_the_round_under_the_cursor_alone() {
    let mut model = typed(Language::English, 80, 24);
    let (_, values) = intake(&bodies(press(&mut model, KeyCode::Enter)));
    assert_eq!(values, [1_020]);
}

#[test]
fn what_is_sent_and_not_answered_is_waited_for_before_anything_else_goes() {
    let mut model = typed(Language::English, 80, 24);
    let (id, _) = intake(&bodies(press(&mut model, KeyCode::Enter)));
    press(&mut model, KeyCode::F(10));
    assert_eq!(bodies(press(&mut model, KeyCode::Char('*'))), []);
    assert_eq!(open(&model).fault, Some(Text::new("tui-entry-being-sent")));
    assert_eq!(open(&model).sending.as_ref().unwrap().asked.request, id);
}

#[test]
fn where_nothing_is_typed_under_the_cursor_the_others_can_be_sent() {
    let mut model = typed(Language::English, 80, 24);
    press(&mut model, KeyCode::Esc);
    let column = open(&model).at.1;
    let (_, here) = open(&model).cell(open(&model).at).unwrap();
    let page = model.entry.open.as_mut().unwrap();
    page.typed.retain(|cell, _| cell.0 == ParameterId(1) && cell.1 != here);
    page.field.clear();
    press(&mut model, KeyCode::F(10));
    let told = drawn(&model).0;
    assert!(
        told.contains("Nothing was typed in") && told.contains("* sends the other round: 1 typed"),
        "{told}"
    );
    assert_eq!(bodies(press(&mut model, KeyCode::Enter)), []);
    assert_eq!(open(&model).fault, Some(Text::new("tui-entry-nothing-to-send")));
    press(&mut model, KeyCode::F(10));
    assert_eq!(open(&model).at.1, column);
    let (_, values) = intake(&bodies(press(&mut model, KeyCode::Char('*'))));
    assert_eq!(values, [1_010]);
}

#[test]
fn a_cell_that_cannot_be_read_holds_all_of_it_back_wherever_it_is() {
    let mut model = typed(Language::English, 80, 24);
    let here = open(&model).at;
    let wrong = (2, here.1 - 1);
    let cell = open(&model).cell(wrong).unwrap();
    let unreadable = Typed {
        text: "8o".to_owned(),
        by: Some("E07".to_owned()),
        is_doubted: false,
        is_from_here: true,
    };
    model.entry.open.as_mut().unwrap().typed.insert(cell, unreadable);
    assert_eq!(bodies(press(&mut model, KeyCode::Char('*'))), []);
    assert_eq!(open(&model).fault, Some(Text::new("tui-entry-unreadable")));
    assert_eq!((open(&model).at, &open(&model).focus), (wrong, &Focus::Grid));
    // The round under the cursor is not held back by another one.
    for code in [KeyCode::Up, KeyCode::Up, KeyCode::Tab] {
        press(&mut model, code);
    }
    assert_eq!(open(&model).at, here);
    press(&mut model, KeyCode::F(10));
    let (_, values) = intake(&bodies(press(&mut model, KeyCode::Enter)));
    assert_eq!(values, [1_020]);
}

#[test]
fn where_one_round_holds_something_no_others_are_offered() {
    let mut model = opened(Language::English, 80, 24);
    let asked = enter(&mut model, "101");
    keep(&mut model, &asked);
    press(&mut model, KeyCode::F(10));
    let told = drawn(&model).0;
    assert!(!told.contains("sends all") && !told.contains("send all"), "{told}");
    let (_, values) = intake(&bodies(press(&mut model, KeyCode::Char('a'))));
    assert_eq!(values, [1_010], "all is that one");
}

#[test]
fn the_question_looks_like_this() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let model = typed(language, width, height);
            insta::assert_snapshot!(format!("entry_asking_{language}_{width}x{height}"), drawn(&model).0);
        }
    }
}
