//! Another version of the plan while a page is open: what is typed goes where one looked, or is told.

use super::*;

/// The plant whose sheet has some rows.
fn with_rows(rows: &[u32]) -> Snapshot {
    let mut snapshot = plant();
    snapshot.model.sheets[0].rows = rows.iter().copied().map(ParameterId).collect();
    snapshot
}

/// The plan has other rows from now on, and the terminal hears of it.
fn applied(model: &mut Model, rows: &[u32]) {
    let snapshot = with_rows(rows);
    let asked = bodies(say(model, FromDaemon::Snapshot(Box::new(snapshot.clone()))));
    let id = asked
        .iter()
        .find_map(|(id, body)| matches!(body, RequestBody::Sheet { .. }).then_some(*id));
    let id = id.expect("the page is asked for anew");
    reply(
        model,
        id,
        Ok(ReplyBody::Sheet(Box::new(page(&snapshot)), Box::default())),
    );
}

/// What is listed, the newest first.
fn lost(model: &Model) -> Vec<String> {
    let me = model.person();
    let lost = model.entry.lost_of(me.as_deref());
    lost.map(|text| model.shown.text(text)).collect()
}

fn unread(model: &Model) -> String {
    let told: Vec<String> = open(model).unread.iter().map(|text| model.shown.text(text)).collect();
    told.join(" ")
}

#[test]
fn a_line_stays_on_its_cell_when_a_row_is_put_before_it() {
    let mut model = opened(Language::English, 80, 24);
    applied(&mut model, &[2, 3]);
    press(&mut model, KeyCode::Up);
    assert_eq!(open(&model).at.0, 0, "it only says that one has looked");
    type_keys(&mut model, "70");
    let (at, cell) = (open(&model).at, open(&model).cell(open(&model).at));
    applied(&mut model, &[1, 2, 3]);
    assert_eq!(open(&model).at, (at.0 + 1, at.1));
    assert_eq!(open(&model).cell(open(&model).at), cell);
    assert!(open(&model).is_typing() && open(&model).field.text() == "70");
    let asked = enter(&mut model, "1");
    let [(_, RequestBody::Draft { changes, .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(changes[0].parameter, ParameterId(2));
    assert_eq!(unread(&model), "");
}

#[test]
fn what_was_typed_into_a_row_that_is_gone_is_told_and_holds_nobody_back() {
    let mut model = opened(Language::English, 80, 24);
    cut(&mut model);
    enter(&mut model, "101");
    press(&mut model, KeyCode::Up);
    type_keys(&mut model, "99");
    update(&mut model, Msg::Link(LinkEvent::up(operator())));
    applied(&mut model, &[2, 3]);
    let told = unread(&model);
    assert!(told.contains("PT-1") && told.contains("99 was typed there"), "{told}");
    assert!(told.contains("F5 lists both"), "{told}");
    assert_eq!(lost(&model).len(), 2);
    assert!(lost(&model)[1].contains("101 was typed there"), "{:?}", lost(&model));
    let page = open(&model);
    assert!(page.typed.is_empty() && page.unsaved.is_empty() && page.begun.is_none());
    assert_eq!((page.field.text(), page.at.0), ("", 0));
    // The page can be left, and nothing that was typed comes back into another row.
    press(&mut model, KeyCode::Up);
    press(&mut model, KeyCode::F(9));
    assert_eq!(open(&model).fault.as_ref().unwrap().id, "tui-entry-nothing-to-undo");
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Esc);
    assert!(model.entry.open.is_none(), "{:?}", model.notice);
}

#[test]
fn what_is_typed_again_where_its_row_is_back_is_lost_no_more() {
    let mut model = opened(Language::English, 80, 24);
    cut(&mut model);
    enter(&mut model, "101");
    enter(&mut model, "202");
    update(&mut model, Msg::Link(LinkEvent::up(operator())));
    applied(&mut model, &[3]);
    assert_eq!(lost(&model).len(), 2);
    applied(&mut model, &[1, 2, 3]);
    // They are not typed by themselves: what was lost is looked at.
    assert_eq!(lost(&model).len(), 2);
    press(&mut model, KeyCode::Up);
    press(&mut model, KeyCode::PageUp);
    enter(&mut model, "101");
    assert_eq!(lost(&model).len(), 1);
    assert!(lost(&model)[0].contains("202 was typed there"), "{:?}", lost(&model));
    // Another value is another matter.
    enter(&mut model, "203");
    assert_eq!(lost(&model).len(), 1);
    press(&mut model, KeyCode::Up);
    update(&mut model, Msg::Paste("202\n".to_owned()));
    press(&mut model, KeyCode::Enter);
    assert_eq!(lost(&model), Vec::<String>::new());
}

#[test]
fn a_block_whose_places_became_others_is_not_put_down() {
    let mut model = opened(Language::English, 80, 24);
    press(&mut model, KeyCode::Down);
    update(&mut model, Msg::Paste("801\t/\n802\t803\n".to_owned()));
    assert!(matches!(open(&model).focus, Focus::Block(_)));
    applied(&mut model, &[2, 3]);
    assert_eq!(open(&model).focus, Focus::Grid);
    assert!(unread(&model).contains("Paste it again"));
    assert!(open(&model).typed.is_empty());
}

#[test]
fn a_correction_of_a_row_that_is_gone_is_asked_no_more() {
    let mut model = opened_on_a_conflict(Language::English, 80, 24);
    type_keys(&mut model, "61");
    let asked = bodies(press(&mut model, KeyCode::F(8)));
    keep(&mut model, &asked);
    type_keys(&mut model, "meter says 61");
    assert!(open(&model).is_correcting() && open(&model).at.0 == 0);
    applied(&mut model, &[2, 3]);
    assert_eq!(open(&model).focus, Focus::Grid);
    let lost = lost(&model);
    assert!(
        lost[0].contains("was not taken: meter says 61") && lost[1].contains("61 was typed there"),
        "{lost:?}"
    );
}

#[test]
fn a_page_with_the_same_rows_changes_nothing() {
    let mut model = opened(Language::English, 80, 24);
    type_keys(&mut model, "70");
    let before = (open(&model).at, open(&model).begun.clone());
    model.elapsed += std::time::Duration::from_secs(30);
    page_again(&mut model, Vec::new());
    assert_eq!((open(&model).at, open(&model).begun.clone()), before);
    assert!(open(&model).is_typing());
}

#[test]
fn the_rest_of_a_value_whose_row_goes_is_typed_into_no_other_cell() {
    let mut model = opened(Language::English, 80, 24);
    type_keys(&mut model, "99");
    applied(&mut model, &[2, 3]);
    // Whoever looks at the paper types on, and begins the next row.
    type_keys(&mut model, ".5");
    assert_eq!(bodies(press(&mut model, KeyCode::Enter)), []);
    type_keys(&mut model, "701");
    assert_eq!(bodies(press(&mut model, KeyCode::Tab)), []);
    update(&mut model, Msg::Paste("12\t13\n".to_owned()));
    assert!(open(&model).typed.is_empty() && open(&model).field.is_empty());
    assert_eq!(open(&model).focus, Focus::Grid);
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-notice-paste-dropped");
    press(&mut model, KeyCode::Enter);
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-entry-look-first");
    // An arrow says that one has looked, and goes nowhere.
    press(&mut model, KeyCode::Left);
    press(&mut model, KeyCode::Down);
    type_keys(&mut model, "1502");
    let cell = open(&model).begun.as_ref().map(|(cell, _)| cell.0);
    assert_eq!((cell, open(&model).field.text()), (Some(ParameterId(3)), "1502"));
}

#[test]
fn what_is_typed_before_the_page_is_there_enters_no_cell_with_its_end_alone() {
    let mut model = opened(Language::English, 80, 24);
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Esc);
    let asked = bodies(press(&mut model, KeyCode::Enter));
    type_keys(&mut model, "10");
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-entry-not-here-yet");
    let here = ReplyBody::Sheet(Box::new(page(&plant())), Box::default());
    reply(&mut model, asked[0].0, Ok(here));
    type_keys(&mut model, "1.5");
    assert_eq!(bodies(press(&mut model, KeyCode::Enter)), []);
    assert!(open(&model).field.is_empty() && open(&model).typed.is_empty());
    press(&mut model, KeyCode::Up);
    assert_eq!(enter(&mut model, "101.5").len(), 1);
}

/// Cells that the plan has no more came to the daemon all the same.
#[test]
fn the_daemon_names_the_cells_that_are_gone_and_keeps_the_others() {
    let mut model = opened(Language::English, 80, 24);
    enter(&mut model, "101");
    let asked = enter(&mut model, "701");
    let drafts = vec![Draft {
        parameter: ParameterId(2),
        round: open(&model).cell((1, open(&model).at.1)).unwrap().1,
        text: "701".to_owned(),
        by: operator().name().to_owned(),
        at: snapshot().state.now,
    }];
    let first = open(&model).saving[0].0;
    let gone = Drafted {
        gone: vec![0],
        ..Drafted::default()
    };
    let asked_again = bodies(reply(&mut model, first, Ok(ReplyBody::Drafted(Box::new(gone)))));
    let [(again, RequestBody::Sheet { .. })] = asked_again.as_slice() else {
        panic!("{asked_again:?}")
    };
    assert_eq!(open(&model).unsaved.len(), 2);
    let others = Drafted {
        drafts,
        ..Drafted::default()
    };
    reply(&mut model, asked[0].0, Ok(ReplyBody::Drafted(Box::new(others))));
    let here = ReplyBody::Sheet(Box::new(page(&with_rows(&[2, 3]))), Box::default());
    reply(&mut model, *again, Ok(here));
    assert_eq!(open(&model).unsaved.len(), 0);
    assert!(lost(&model)[0].contains("PT-1") && lost(&model)[0].contains("101 was typed there"));
}

#[test]
fn a_sheet_that_is_taken_out_lists_what_was_typed_there_and_can_be_left() {
    let mut model = opened_on_a_conflict(Language::English, 80, 24);
    press(&mut model, KeyCode::Down);
    enter(&mut model, "701");
    while open(&model).at.0 > 0 {
        press(&mut model, KeyCode::Up);
    }
    type_keys(&mut model, "61");
    press(&mut model, KeyCode::F(8));
    type_keys(&mut model, "meter says 61");
    assert!(open(&model).is_correcting());
    let mut snapshot = plant();
    snapshot.model.sheets.clear();
    snapshot.model.parameters.remove(1);
    let asked = bodies(say(&mut model, FromDaemon::Snapshot(Box::new(snapshot))));
    let id = asked
        .iter()
        .find_map(|(id, body)| matches!(body, RequestBody::Sheet { .. }).then_some(*id));
    let why = Text::new("sheet-unknown").with("key", "rounds");
    reply(&mut model, id.unwrap(), Err(why));
    let listed = lost(&model);
    assert!(listed[0].contains("meter says 61"), "{listed:?}");
    assert!(
        listed.iter().any(|text| text.contains("TT-2") && text.contains("701")),
        "the tag is one that the plan had: {listed:?}"
    );
    assert!(drawn(&model).0.contains("3 not on the page: F5"), "{}", drawn(&model).0);
    // The rest of what is typed is no key of the pane, whatever it is.
    type_keys(&mut model, "152nq");
    assert_eq!(bodies(press(&mut model, KeyCode::Enter)), []);
    assert_eq!((model.pane, model.overlays.len()), (Pane::Entry, 0));
    press(&mut model, KeyCode::Char('7'));
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-entry-no-page");
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Esc);
    assert!(model.entry.open.is_none(), "{:?}", model.notice);
}

#[test]
fn what_waits_on_a_page_that_is_taken_out_is_listed_for_whoever_it_waits_for() {
    let mut model = opened_on_a_conflict(Language::English, 80, 24);
    type_keys(&mut model, "61");
    press(&mut model, KeyCode::F(8));
    type_keys(&mut model, "meter says 61");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let id = asked
        .iter()
        .find_map(|(id, body)| matches!(body, RequestBody::Correct { .. }).then_some(*id));
    press(&mut model, KeyCode::Down);
    reply(
        &mut model,
        id.unwrap(),
        Err(Text::new("sheet-cell-changed").with("tag", "PT-1")),
    );
    assert_eq!(model.entry.held.len(), 1);
    let mut snapshot = plant();
    snapshot.model.sheets.clear();
    say(&mut model, FromDaemon::Snapshot(Box::new(snapshot)));
    assert!(model.entry.held.is_empty());
    assert!(lost(&model)[0].contains("meter says 61"), "{:?}", lost(&model));
}
