//! Answers that come while somebody types on: nobody is taken away from their line, and what came of it stays to be read.

use super::*;
use crate::tui::entry::{Opened, READ_FOR};

/// A value is typed, kept and sent; the request by which it was sent.
fn sent(model: &mut Model, text: &str) -> u64 {
    let asked = enter(model, text);
    keep(model, &asked);
    press(model, KeyCode::F(10));
    let asked = bodies(press(model, KeyCode::Enter));
    let [(id, RequestBody::Intake { .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    *id
}

fn taken(model: &mut Model, id: u64) {
    let outcome = IntakeOutcome {
        sequence: Some(Sequence(18_400)),
        accepted: 1,
        ..IntakeOutcome::default()
    };
    reply(model, id, Ok(ReplyBody::Intake(outcome)));
}

fn after(model: &mut Model, passed: std::time::Duration) {
    let at = model.elapsed + passed;
    update(model, Msg::Clock(at));
}

/// Where the cursor is, with what is being typed there.
fn line(open: &Opened) -> ((usize, usize), &str, bool) {
    (open.at, open.field.text(), open.is_typing())
}

#[test]
fn a_line_that_was_begun_while_a_round_was_sent_goes_on() {
    let mut model = opened(Language::English, 80, 24);
    let id = sent(&mut model, "101");
    let at = open(&model).at;
    type_keys(&mut model, "70");
    taken(&mut model, id);
    assert_eq!(line(open(&model)), (at, "70", true));
    assert!(open(&model).typed.is_empty(), "what was sent stands there");
    // What came of it is told, whatever is typed meanwhile.
    type_keys(&mut model, "1");
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-entry-sent");
    assert_eq!(line(open(&model)), (at, "701", true));
    after(&mut model, READ_FOR);
    type_keys(&mut model, ".");
    assert_eq!(model.notice, None);
}

#[test]
fn whoever_went_to_another_cell_meanwhile_stays_there() {
    let mut model = opened(Language::English, 80, 24);
    let id = sent(&mut model, "101");
    press(&mut model, KeyCode::Down);
    let at = open(&model).at;
    taken(&mut model, id);
    assert_eq!(open(&model).at, at, "the next value goes where one looked");
    // And where one did not, it goes on to what was refused.
    let mut model = opened(Language::English, 80, 24);
    let id = sent(&mut model, "101");
    let refused = IntakeOutcome {
        refused: vec![(0, Text::new("sheet-no-cell"))],
        ..IntakeOutcome::default()
    };
    assert_eq!(open(&model).at.0, 1);
    reply(&mut model, id, Ok(ReplyBody::Intake(refused)));
    assert_eq!(open(&model).at.0, 0);
}

#[test]
fn a_correction_that_was_begun_meanwhile_is_of_the_cell_that_it_was_of() {
    let mut model = opened_on_a_conflict(Language::English, 80, 24);
    press(&mut model, KeyCode::Down);
    let id = sent(&mut model, "701");
    while open(&model).at.0 > 0 {
        press(&mut model, KeyCode::Up);
    }
    type_keys(&mut model, "61");
    press(&mut model, KeyCode::F(8));
    type_keys(&mut model, "meter says 61");
    assert!(open(&model).is_correcting());
    taken(&mut model, id);
    assert!(open(&model).is_correcting() && open(&model).at.0 == 0);
    let seen = drawn(&model).0;
    assert!(seen.contains("becomes 61") && seen.contains("meter says 61"), "{seen}");
}

#[test]
fn a_question_that_was_asked_meanwhile_is_looked_at_again() {
    let mut model = opened(Language::English, 80, 24);
    let id = sent(&mut model, "101");
    let asked = enter(&mut model, "702");
    keep(&mut model, &asked);
    press(&mut model, KeyCode::F(10));
    taken(&mut model, id);
    assert_eq!(open(&model).focus, Focus::Asking);
    assert_eq!(bodies(press(&mut model, KeyCode::Enter)), [], "it takes note first");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(_, RequestBody::Intake { readings, .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(readings.len(), 1);
}

#[test]
fn what_was_not_kept_stays_told_however_fast_one_types_on() {
    let mut model = opened(Language::English, 80, 24);
    let asked = enter(&mut model, "100");
    type_keys(&mut model, "70");
    typed_by_another(&mut model, &asked);
    type_keys(&mut model, "2");
    let told = |model: &Model| {
        let seen = drawn(model).0;
        seen.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains("E07 typed 102 there meanwhile; your 100")
    };
    assert!(told(&model));
    press(&mut model, KeyCode::Enter);
    assert!(told(&model), "{}", drawn(&model).0);
    after(&mut model, READ_FOR);
    type_keys(&mut model, "80");
    assert!(told(&model), "a digit takes nothing away");
    press(&mut model, KeyCode::Up);
    assert!(!told(&model));
}

#[test]
fn a_round_that_was_refused_whole_says_why_while_the_next_is_typed() {
    let mut model = opened(Language::English, 80, 24);
    let id = sent(&mut model, "101");
    type_keys(&mut model, "7");
    reply(&mut model, id, Err(Text::new("daemon-drafts-too-many")));
    type_keys(&mut model, "0");
    let why = model.shown.text(&Text::new("daemon-drafts-too-many"));
    let seen = drawn(&model).0;
    let begins: String = why.chars().take(12).collect();
    assert!(seen.contains(&begins), "{seen}");
    assert_eq!(open(&model).field.text(), "70");
    assert_eq!(open(&model).typed.len(), 1, "it is still there");
}

/// A correction that was answered; the request by which it was.
fn decided(model: &mut Model) -> u64 {
    type_keys(model, "61");
    let asked = bodies(press(model, KeyCode::F(8)));
    keep(model, &asked);
    type_keys(model, "meter says 61");
    let asked = bodies(press(model, KeyCode::Enter));
    let [(id, RequestBody::Correct { .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(open(model).focus, Focus::Grid);
    *id
}

#[test]
fn the_reason_of_a_correction_that_was_refused_is_there_again() {
    let refusals = [
        Err(Text::new("sheet-cell-changed").with("tag", "PT-1")),
        Ok(ReplyBody::Intake(IntakeOutcome {
            refused: vec![(0, Text::new("sheet-cell-changed").with("tag", "PT-1"))],
            ..IntakeOutcome::default()
        })),
    ];
    for refusal in refusals {
        let mut model = opened_on_a_conflict(Language::English, 80, 24);
        let id = decided(&mut model);
        reply(&mut model, id, refusal);
        // Whoever begins the next value types into no reason.
        assert_eq!(open(&model).focus, Focus::Grid);
        let told: Vec<String> = open(&model).unread.iter().map(|text| model.shown.text(text)).collect();
        assert!(
            told.iter().any(|told| told.contains("Esc and r bring it back")),
            "{told:?}"
        );
        press(&mut model, KeyCode::Esc);
        let asked = bodies(press(&mut model, KeyCode::Char('r')));
        let mut page = page(&plant());
        page.rows[0].cells = match &open(&model).view {
            crate::tui::model::Wanted::Here(view) => view.rows[0].cells.clone(),
            other => panic!("{other:?}"),
        };
        let cell = open(&model).cell((0, open(&model).at.1)).unwrap();
        let mine = Draft {
            parameter: cell.0,
            round: cell.1,
            text: "61".to_owned(),
            by: operator().name().to_owned(),
            at: snapshot().state.now,
        };
        let kept = kept_of_page(vec![mine], Vec::new());
        let id = asked
            .iter()
            .find_map(|(id, body)| matches!(body, RequestBody::Sheet { .. }).then_some(*id));
        reply(
            &mut model,
            id.unwrap(),
            Ok(ReplyBody::Sheet(Box::new(page), Box::new(kept))),
        );
        assert!(open(&model).is_correcting());
        let seen = drawn(&model).0;
        assert!(seen.contains("meter says 61"), "{seen}");
        assert_eq!(bodies(press(&mut model, KeyCode::Enter)), [], "it is looked at first");
        let asked = bodies(press(&mut model, KeyCode::Enter));
        assert!(matches!(asked.as_slice(), [(_, RequestBody::Correct { .. })]));
    }
}

#[test]
fn a_refused_correction_waits_for_who_types_on() {
    let mut model = opened_on_a_conflict(Language::English, 80, 24);
    let id = decided(&mut model);
    press(&mut model, KeyCode::Down);
    type_keys(&mut model, "70");
    let before = line(open(&model)).0;
    reply(&mut model, id, Err(Text::new("sheet-cell-changed").with("tag", "PT-1")));
    assert_eq!(line(open(&model)), (before, "70", true));
    let told: Vec<String> = open(&model).unread.iter().map(|text| model.shown.text(text)).collect();
    assert!(told.iter().any(|told| told.contains("bring it back")), "{told:?}");
    assert_eq!(model.entry.held.len(), 1);
    // A second one that is refused too takes its place, and what was typed into the first is listed.
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Up);
    let asked = bodies(press(&mut model, KeyCode::F(8)));
    assert_eq!(asked, []);
    type_keys(&mut model, "read twice");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(id, RequestBody::Correct { .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    press(&mut model, KeyCode::Down);
    reply(
        &mut model,
        *id,
        Err(Text::new("sheet-cell-changed").with("tag", "PT-1")),
    );
    let lost: Vec<String> = model.entry.lost_of(None).map(|text| model.shown.text(text)).collect();
    assert!(lost.len() == 1 && lost[0].contains("meter says 61"), "{lost:?}");
}

#[test]
fn a_correction_that_was_taken_waits_for_nobody() {
    let mut model = opened_on_a_conflict(Language::English, 80, 24);
    let id = decided(&mut model);
    taken(&mut model, id);
    assert_eq!(open(&model).focus, Focus::Grid);
    assert!(model.entry.held.is_empty() && model.entry.lost.is_empty());
}
