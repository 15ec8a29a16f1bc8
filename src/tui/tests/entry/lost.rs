//! What was typed and no page has any more: all of it is listed, until whoever typed it takes it off.

use super::*;

/// Five values are typed while the line is cut, and a colleague types into all of their cells.
fn all_contested(language: Language, width: u16, height: u16) -> Model {
    let mut model = opened(language, width, height);
    cut(&mut model);
    let at = open(&model).at;
    for column in 0..2 {
        for row in 0..3_usize {
            open_mut(&mut model).at = (row, column);
            type_keys(&mut model, &format!("{}", 700 + row));
            while open(&model).begun.is_some() {
                press(&mut model, KeyCode::Enter);
            }
            if open(&model).focus == Focus::Asking {
                press(&mut model, KeyCode::Esc);
            }
        }
    }
    open_mut(&mut model).at = at;
    let asked = bodies(update(&mut model, Msg::Link(LinkEvent::up(operator()))));
    let (id, changes) = asked
        .iter()
        .find_map(|(id, body)| match body {
            RequestBody::Draft { changes, .. } => Some((*id, changes.clone())),
            _ => None,
        })
        .unwrap();
    let drafts = changes.iter().map(|change| Draft {
        parameter: change.parameter,
        round: change.round,
        text: "59".to_owned(),
        by: "E07".to_owned(),
        at: snapshot().state.now,
    });
    let drafted = Drafted {
        drafts: drafts.collect(),
        contested: (0..u32::try_from(changes.len()).unwrap()).collect(),
        ..Drafted::default()
    };
    reply(&mut model, id, Ok(ReplyBody::Drafted(Box::new(drafted))));
    model
}

fn open_mut(model: &mut Model) -> &mut crate::tui::entry::Opened {
    model.entry.open.as_mut().unwrap()
}

#[test]
fn however_many_they_are_each_is_listed_until_it_is_taken_off() {
    let mut model = all_contested(Language::English, 80, 24);
    let count = model.entry.lost.len();
    assert!(count > 3, "{count}");
    let seen = drawn(&model).0;
    assert!(seen.contains(&format!("{count} not on the page: F5")), "{seen}");
    // Leaving the page, and other pages, lose none of it.
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Esc);
    assert!(model.entry.open.is_none());
    press(&mut model, KeyCode::F(5));
    let seen = drawn(&model).0;
    assert!(seen.contains("your 700") && seen.contains("your 702"), "{seen}");
    // The program is not left without a word of it.
    press(&mut model, KeyCode::Esc);
    assert_eq!(press(&mut model, KeyCode::Char('q')), []);
    let told = model.shown.text(model.notice.as_ref().unwrap());
    assert!(told.contains(&format!("{count} things")), "{told}");
    press(&mut model, KeyCode::F(5));
    let first = model.shown.text(model.entry.lost_of(None).next().unwrap());
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Char('d'));
    assert_eq!(model.entry.lost.len(), count - 1);
    assert_eq!(model.shown.text(model.entry.lost_of(None).next().unwrap()), first);
    for _ in 1..count {
        press(&mut model, KeyCode::Delete);
    }
    assert!(model.entry.lost.is_empty() && model.overlays.is_empty());
    press(&mut model, KeyCode::F(5));
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-lost-nothing");
    assert!(model.overlays.is_empty());
    assert_eq!(press(&mut model, KeyCode::Char('q')), [Effect::Quit]);
}

#[test]
fn the_list_looks_like_this() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = all_contested(language, width, height);
            insta::assert_snapshot!(format!("entry_lost_said_{language}_{width}x{height}"), drawn(&model).0);
            press(&mut model, KeyCode::F(5));
            press(&mut model, KeyCode::End);
            insta::assert_snapshot!(format!("entry_lost_{language}_{width}x{height}"), drawn(&model).0);
        }
    }
}

#[test]
fn who_may_enter_nothing_any_more_can_leave_the_page_and_what_they_typed_is_listed() {
    let mut model = opened(Language::English, 80, 24);
    cut(&mut model);
    enter(&mut model, "100");
    press(&mut model, KeyCode::Esc);
    let viewer = Actor {
        roles: vec![Role::Viewer],
        ..operator()
    };
    // The line is back, and so is nothing that they might enter.
    let asked = bodies(update(&mut model, Msg::Link(LinkEvent::up(viewer))));
    let (id, _) = asked
        .iter()
        .find(|(_, body)| matches!(body, RequestBody::Draft { .. }))
        .unwrap();
    reply(&mut model, *id, Err(Text::new("tui-explain-unexpected")));
    assert_eq!(open(&model).unsaved.len(), 1, "a right may be given back");
    // The program is left only after a word of it.
    assert_eq!(press(&mut model, KeyCode::Char('q')), []);
    let told = model.shown.text(model.notice.as_ref().unwrap());
    assert!(told.contains("One cell is"), "{told}");
    press(&mut model, KeyCode::Esc);
    assert!(model.entry.open.is_none());
    let told = model.shown.text(model.notice.as_ref().unwrap());
    assert!(
        told.contains("100 was typed there") && told.contains("may not"),
        "{told}"
    );
    assert_eq!(model.entry.lost.len(), 1);
}

#[test]
fn who_is_given_other_roles_while_they_type_is_told_and_can_leave() {
    let mut model = opened(Language::English, 80, 24);
    let asked = enter(&mut model, "100");
    let viewer = Actor {
        roles: vec![Role::Viewer],
        ..operator()
    };
    say(&mut model, FromDaemon::Roles(viewer));
    let told = model.shown.text(model.notice.as_ref().unwrap());
    assert!(told.contains("other roles now: viewer"), "{told}");
    let (id, _) = asked.first().unwrap();
    reply(&mut model, *id, Err(Text::new("daemon-no-right")));
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Esc);
    assert!(model.entry.open.is_none(), "{:?}", model.notice);
    assert_eq!(model.entry.lost.len(), 1);
    // Who somebody else is by now hears of their own roles when they come.
    let other = Actor {
        person: Some("2001".to_owned()),
        ..operator()
    };
    say(&mut model, FromDaemon::Roles(other));
    assert_eq!(model.person(), None);
}

#[test]
fn what_is_typed_over_a_value_that_is_contested_is_told_by_its_own_answer() {
    let mut model = opened(Language::English, 80, 24);
    let first = enter(&mut model, "105");
    press(&mut model, KeyCode::Up);
    let second = enter(&mut model, "106");
    let answer = |model: &mut Model, asked: &[(u64, RequestBody)]| {
        let [(id, RequestBody::Draft { changes, .. })] = asked else {
            panic!("{asked:?}")
        };
        let drafted = Drafted {
            drafts: vec![Draft {
                parameter: changes[0].parameter,
                round: changes[0].round,
                text: "107".to_owned(),
                by: "E07".to_owned(),
                at: snapshot().state.now,
            }],
            contested: vec![0],
            ..Drafted::default()
        };
        reply(model, *id, Ok(ReplyBody::Drafted(Box::new(drafted))));
    };
    answer(&mut model, &first);
    let stands = |model: &Model| {
        open(model)
            .typed
            .values()
            .map(|typed| typed.text.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (stands(&model), open(&model).unsaved.len()),
        (vec!["106".to_owned()], 1)
    );
    assert!(model.entry.lost.is_empty());
    answer(&mut model, &second);
    assert_eq!(
        (stands(&model), open(&model).unsaved.len()),
        (vec!["107".to_owned()], 0)
    );
    let told = model.shown.text(model.entry.lost_of(None).next().unwrap());
    assert!(told.contains("your 106"), "{told}");
}

#[test]
fn who_may_attach_nothing_any_more_leaves_the_page_and_their_files_are_listed() {
    let mut model = opened(Language::English, 80, 24);
    press(&mut model, KeyCode::Esc);
    let page = (model.person(), open(&model).sheet.clone(), open(&model).page);
    let file = crate::domain::attachment::Attachment {
        name: "gauge.txt".to_owned(),
        bytes: 5,
        digest: crate::domain::attachment::Digest::of(b"gauge"),
    };
    let keeping = crate::tui::attaching::Keeping {
        changes: vec![crate::domain::draft::FileChange::Attached(file)],
        stage: crate::tui::attaching::Stage::Refused,
    };
    model.entry.keeping_files.insert(page, vec![keeping]);
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-inbox-refused");
    let viewer = Actor {
        roles: vec![Role::Viewer],
        ..operator()
    };
    say(&mut model, FromDaemon::Roles(viewer));
    press(&mut model, KeyCode::Esc);
    assert!(model.entry.open.is_none() && model.entry.keeping_files.is_empty());
    let told = model.shown.text(model.entry.lost_of(None).next().unwrap());
    assert!(told.contains("gauge.txt"), "{told}");
}

#[test]
fn where_nothing_stands_there_is_nothing_to_correct_and_nothing_is_taken() {
    let mut model = opened(Language::English, 80, 24);
    let (row, column) = open(&model).at;
    open_mut(&mut model).at = (row, column);
    type_keys(&mut model, "9999");
    let may = Actor {
        roles: vec![Role::DataQualityChecker],
        ..operator()
    };
    say(&mut model, FromDaemon::Roles(may));
    assert_eq!(press(&mut model, KeyCode::F(8)), []);
    assert_eq!(open(&model).fault.as_ref().unwrap().id, "tui-entry-correct-nothing");
    assert!(open(&model).typed.is_empty() && open(&model).is_typing());
}
