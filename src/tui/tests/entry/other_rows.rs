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

fn unread(model: &Model) -> String {
    let told: Vec<String> = open(model).unread.iter().map(|text| model.shown.text(text)).collect();
    told.join(" ")
}

#[test]
fn a_line_stays_on_its_cell_when_a_row_is_put_before_it() {
    let mut model = opened(Language::English, 80, 24);
    applied(&mut model, &[2, 3]);
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
    assert!(told.contains("PT-1") && told.contains("101 was typed there"), "{told}");
    assert!(told.contains("99 was typed there"), "{told}");
    let page = open(&model);
    assert!(page.typed.is_empty() && page.unsaved.is_empty() && page.begun.is_none());
    assert_eq!((page.field.text(), page.at.0), ("", 0));
    // The page can be left, and nothing that was typed comes back into another row.
    press(&mut model, KeyCode::F(9));
    assert_eq!(open(&model).fault.as_ref().unwrap().id, "tui-entry-nothing-to-undo");
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Esc);
    assert!(model.entry.open.is_none(), "{:?}", model.notice);
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
    assert!(unread(&model).contains("61 was typed there"));
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
