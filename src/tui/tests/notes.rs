//! Notes: typed from anywhere, written once, and seen on charts.

use crossterm::event::KeyCode;

use super::*;
use crate::domain::identity::{NodeId, Sequence};
use crate::domain::note::{About, Note};
use crate::domain::text::Text;
use crate::locale::Language;
use crate::tui::keymap::Context;
use crate::tui::link::LinkEvent;
use crate::tui::model::Model;
use crate::tui::note::NoteSheet;
use crate::tui::overlay::Overlay;
use crate::tui::update::{Effect, Msg, update};
use crate::wire::message::{FromDaemon, ReplyBody, Request, RequestBody};

fn watching() -> Model {
    model(Language::English, "dark", 80, 24)
}

fn sheet(model: &Model) -> &NoteSheet {
    match model.overlays.last() {
        Some(Overlay::Note(sheet)) => sheet,
        other => panic!("{other:?}"),
    }
}

/// What the daemon is asked to write.
fn written(effects: &[Effect]) -> Option<(u64, uuid::Uuid, Note)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Ask(Request {
            id,
            key: Some(key),
            body: RequestBody::Note(note),
        }) => Some((*id, *key, note.clone())),
        _ => None,
    })
}

fn reply(model: &mut Model, id: u64, result: Result<ReplyBody, Text>) -> Vec<Effect> {
    let message = FromDaemon::Reply { id, result };
    update(model, Msg::Link(LinkEvent::Message(Box::new(message))))
}

#[test]
fn the_line_for_a_note_at_both_sizes() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = model(language, "mono", width, height);
            let effects = press(&mut model, KeyCode::Char('n'));
            answer(&mut model, effects);
            type_keys(&mut model, "@13:40 换煤 changed coal");
            insta::assert_snapshot!(format!("note_{width}x{height}_{language}"), drawn(&model).0);
            carry(&mut model);
            insta::assert_snapshot!(format!("note_carried_{width}x{height}_{language}"), drawn(&model).0);
        }
    }
}

/// Carries the note forward, or not any more.
fn carry(model: &mut Model) {
    update(
        model,
        Msg::Key(crossterm::event::KeyEvent::new(
            KeyCode::Char('t'),
            crossterm::event::KeyModifiers::CONTROL,
        )),
    );
}

#[test]
fn a_note_is_carried_forward_by_a_key_and_that_is_another_note() {
    let mut model = watching();
    type_keys(&mut model, "nbelt 2 slips");
    carry(&mut model);
    let (id, key, note) = written(&press(&mut model, KeyCode::Enter)).unwrap();
    assert!(note.carry && note.text == "belt 2 slips");
    // What is sent stays as it is.
    carry(&mut model);
    assert!(sheet(&model).carry);
    reply(&mut model, id, Err(Text::new("note-about-unknown")));
    carry(&mut model);
    let (_, other, note) = written(&press(&mut model, KeyCode::Enter)).unwrap();
    assert!(!note.carry && other != key);
}

#[test]
fn what_is_typed_is_written_with_its_time_and_thing_and_said() {
    let mut model = watching();
    press(&mut model, KeyCode::Char('n'));
    assert_eq!(model.context(), Context::Note);
    type_keys(&mut model, "n@q: changed coal");
    let now = model.plant.as_ref().unwrap().now(model.elapsed);
    let effects = press(&mut model, KeyCode::Enter);
    let (id, _, note) = written(&effects).unwrap();
    let first = model.live.selected.map(About::Parameter).unwrap();
    assert_eq!(
        (note.at, note.about, note.text.as_str()),
        (now, first, "n@q: changed coal")
    );
    // It is written once, however often Enter is pressed, and cannot be changed meanwhile.
    assert_eq!(written(&press(&mut model, KeyCode::Enter)), None);
    type_keys(&mut model, "x");
    let editing = [
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::Backspace,
        KeyCode::Delete,
    ];
    for code in editing {
        press(&mut model, code);
    }
    assert_eq!(sheet(&model).field.text(), "n@q: changed coal");
    reply(&mut model, id, Ok(ReplyBody::Recorded(Sequence(77))));
    assert_eq!(model.overlays, []);
    assert!(drawn(&model).0.contains("Noted in record 77"));
}

#[test]
fn tab_says_of_what_it_speaks() {
    let mut model = watching();
    press(&mut model, KeyCode::Char('n'));
    let parameter = model.live.selected.unwrap();
    let node = model.plant.as_ref().unwrap().parameter_of(parameter).unwrap().node;
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(sheet(&model).about());
        let effects = press(&mut model, KeyCode::Tab);
        assert!(matches!(&effects[..], [Effect::Ask(_)]), "what was noted about that");
    }
    let (parameter, node) = (About::Parameter(parameter), About::Node(node));
    assert_eq!(seen, [parameter, node, About::Site, parameter]);
}

#[test]
fn where_another_time_is_looked_at_the_note_is_of_that_time() {
    let mut model = watching();
    let effects = press(&mut model, KeyCode::Enter);
    answer(&mut model, effects);
    press(&mut model, KeyCode::Char('n'));
    assert_eq!(sheet(&model).at, None, "a chart whose cursor was not moved");
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Home);
    press(&mut model, KeyCode::Char('n'));
    let Some(Overlay::Chart(chart)) = model.overlays.first() else {
        panic!("the chart is gone");
    };
    assert_eq!(sheet(&model).at, Some(chart.line.course.as_ref().unwrap().from));
    assert_eq!(sheet(&model).choices.len(), 3);
}

#[test]
fn a_note_is_sent_again_under_its_key_after_the_link_was_lost() {
    let mut model = watching();
    model.lot = uuid::Uuid::from_u128(7 << 64);
    press(&mut model, KeyCode::Char('n'));
    type_keys(&mut model, "changed coal");
    let (_, key, note) = written(&press(&mut model, KeyCode::Enter)).unwrap();
    let down = LinkEvent::Down {
        why: Text::new("tui-explain-awaited"),
        retry_in: std::time::Duration::from_secs(1),
    };
    update(&mut model, Msg::Link(down.clone()));
    let effects = update(&mut model, Msg::Link(LinkEvent::up(actor())));
    let (again, same_key, same) = written(&effects).unwrap();
    assert_eq!((same_key, same), (key, note));
    reply(&mut model, again, Ok(ReplyBody::Recorded(Sequence(5))));
    assert_eq!(model.overlays, []);
    // Without a connection it is not sent, and what is typed stays.
    update(&mut model, Msg::Link(down));
    type_keys(&mut model, "nlater");
    assert_eq!(written(&press(&mut model, KeyCode::Enter)), None);
    assert_eq!(sheet(&model).field.text(), "later");
    assert!(drawn(&model).0.contains("no connection"));
}

#[test]
fn a_refusal_is_said_and_leaves_the_line() {
    let mut model = watching();
    press(&mut model, KeyCode::Char('n'));
    press(&mut model, KeyCode::Enter);
    assert!(drawn(&model).0.contains("A note needs a text"));
    type_keys(&mut model, "@99:00 x");
    press(&mut model, KeyCode::Enter);
    assert!(drawn(&model).0.contains("is no time"));
    press(&mut model, KeyCode::Backspace);
    assert!(!drawn(&model).0.contains("is no time"), "typing on takes it away");
    for _ in 0..10 {
        press(&mut model, KeyCode::Backspace);
    }
    type_keys(&mut model, "changed coal");
    let (id, _, _) = written(&press(&mut model, KeyCode::Enter)).unwrap();
    reply(&mut model, id, Err(Text::new("note-about-unknown")));
    assert!(drawn(&model).0.contains("not in the model"));
    assert_eq!(sheet(&model).field.text(), "changed coal");
}

#[test]
fn a_chart_tells_what_was_noted_and_is_asked_again_after_a_note() {
    let mut model = watching();
    let effects = press(&mut model, KeyCode::Enter);
    answer(&mut model, effects);
    let marks = drawn(&model)
        .0
        .lines()
        .filter(|line| line.contains('n') && line.contains('─'))
        .count();
    assert!(marks > 0, "{}", drawn(&model).0);
    let parameter = model.live.selected.unwrap();
    press(&mut model, KeyCode::Char('n'));
    type_keys(&mut model, "damp");
    let (id, ..) = written(&press(&mut model, KeyCode::Enter)).unwrap();
    let effects = reply(&mut model, id, Ok(ReplyBody::Recorded(Sequence(5))));
    let asks_notes = |effect: &Effect| {
        matches!(effect, Effect::Ask(Request { body: RequestBody::Notes { about, .. }, .. })
            if *about == About::Parameter(parameter))
    };
    assert!(effects.iter().any(asks_notes), "{effects:?}");
}

#[test]
fn commands_write_and_list_notes() {
    let mut model = watching();
    type_keys(&mut model, ":note changed coal");
    press(&mut model, KeyCode::Enter);
    assert_eq!(sheet(&model).field.text(), "changed coal");
    press(&mut model, KeyCode::Esc);
    type_keys(&mut model, ":notes");
    press(&mut model, KeyCode::Enter);
    assert_eq!(model.pane, crate::tui::pane::Pane::Log);
    assert_eq!(
        model.log.kinds,
        crate::wire::records::KindFilter::Only("note".to_owned())
    );
    // From the log a note is of the whole site.
    press(&mut model, KeyCode::Char('n'));
    assert_eq!(sheet(&model).choices, [About::Site]);
    assert_ne!(sheet(&model).about(), About::Node(NodeId(1)));
}

#[test]
fn what_comes_of_a_note_is_told_where_its_line_was_left() {
    let mut model = watching();
    type_keys(&mut model, "nchanged coal");
    let (id, ..) = written(&press(&mut model, KeyCode::Enter)).unwrap();
    press(&mut model, KeyCode::Esc);
    assert!(drawn(&model).0.contains("sent already"), "{}", drawn(&model).0);
    // Another one is being typed when the answer comes.
    type_keys(&mut model, "nsecond");
    reply(&mut model, id, Err(Text::new("note-about-unknown")));
    assert_eq!(sheet(&model).field.text(), "second");
    let told = model.notice.as_ref().map(|notice| model.shown.text(notice)).unwrap();
    assert!(
        told.contains("changed coal") && told.contains("not in the model"),
        "{told}"
    );
    press(&mut model, KeyCode::Esc);
    assert!(drawn(&model).0.contains("Not noted: second"), "{}", drawn(&model).0);
}

#[test]
fn what_was_refused_is_sent_again_under_its_key_unless_it_is_changed() {
    let mut model = watching();
    type_keys(&mut model, "nchanged coal");
    let (id, key, note) = written(&press(&mut model, KeyCode::Enter)).unwrap();
    let refused = Err(Text::new("note-about-unknown"));
    reply(&mut model, id, refused.clone());
    let (id, again, same) = written(&press(&mut model, KeyCode::Enter)).unwrap();
    assert_eq!((again, same), (key, note));
    reply(&mut model, id, refused);
    type_keys(&mut model, "!");
    let (_, other, _) = written(&press(&mut model, KeyCode::Enter)).unwrap();
    assert_ne!(other, key);
}

#[test]
fn what_a_chart_under_a_line_waits_for_is_asked_for_again() {
    let mut model = watching();
    press(&mut model, KeyCode::Enter);
    press(&mut model, KeyCode::Char('n'));
    let effects = update(&mut model, Msg::Link(LinkEvent::up(actor())));
    let courses = |effect: &&Effect| {
        matches!(
            effect,
            Effect::Ask(Request {
                body: RequestBody::Courses { .. },
                ..
            })
        )
    };
    assert!(effects.iter().filter(courses).count() >= 1, "{effects:?}");
    answer(&mut model, effects);
    let Some(Overlay::Chart(chart)) = model.overlays.first() else {
        panic!("the chart is gone");
    };
    assert!(chart.line.course.is_some() && !chart.marks.is_empty());
    assert!(sheet(&model).before.is_some());
}

#[test]
fn who_cannot_note_yet_does_not_command_by_typing_on() {
    let mut early = snapshot();
    early.state.now = crate::domain::time::Instant::EARLIEST;
    let mut model = model_of(early, Language::English, "mono", 80, 24);
    type_keys(&mut model, "nquit");
    assert_eq!(sheet(&model).field.text(), "quit");
    assert_eq!(written(&press(&mut model, KeyCode::Enter)), None);
    assert!(drawn(&model).0.contains("no time yet"), "{}", drawn(&model).0);
}

#[test]
fn nothing_is_done_on_a_screen_on_which_nothing_can_be_seen() {
    let mut model = watching();
    update(&mut model, Msg::Resize(ratatui::layout::Size::new(20, 5)));
    type_keys(&mut model, "n:/x");
    assert_eq!(model.overlays, []);
    assert_eq!(press(&mut model, KeyCode::Char('q')), [Effect::Quit]);
}

#[test]
fn whoever_leaves_in_the_middle_of_a_note_is_told_first() {
    // In a window in which nothing can be seen, nothing is done but to leave.
    let quit = |model: &mut Model| {
        update(model, Msg::Resize(ratatui::layout::Size::new(20, 4)));
        press(model, KeyCode::Char('q'))
    };
    let mut model = watching();
    press(&mut model, KeyCode::Char('n'));
    assert_eq!(quit(&mut model), [Effect::Quit], "nothing is typed");
    update(&mut model, Msg::Resize(ratatui::layout::Size::new(80, 24)));
    type_keys(&mut model, "belt 2 slips");
    assert_eq!(quit(&mut model), []);
    let told = model.shown.text(model.notice.as_ref().unwrap());
    assert!(
        told.contains("was not entered yet") && told.contains("once more"),
        "{told}"
    );
    assert_eq!(sheet(&model).field.text(), "belt 2 slips");
    assert_eq!(quit(&mut model), [Effect::Quit]);
}
