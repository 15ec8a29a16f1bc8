//! A shared post whose line was cut: what somebody typed and nobody keeps waits for them, and goes out in nobody else's name.

use super::*;
use crate::domain::draft::DraftChange;

/// A page at a shared post, on which a person has signed on.
fn signed_on(person: &str) -> Model {
    let mut model = opened(Language::English, 80, 24);
    update(&mut model, Msg::Link(LinkEvent::up(desk(None))));
    press(&mut model, KeyCode::Esc);
    sits_down(&mut model, person, Vec::new());
    press(&mut model, KeyCode::Enter);
    model
}

/// A person signs on from the page, which is given with what the daemon keeps; what is asked then.
fn sits_down(model: &mut Model, person: &str, drafts: Vec<Draft>) -> Vec<(u64, RequestBody)> {
    sign_on(model, person);
    model.overlays.clear();
    page_again(model, drafts)
}

fn draft(model: &Model, row: usize, text: &str, by: &str) -> Draft {
    let (parameter, round) = open(model).cell((row, open(model).at.1)).unwrap();
    Draft {
        parameter,
        round,
        text: text.to_owned(),
        by: by.to_owned(),
        at: snapshot().state.now,
    }
}

fn changes(asked: &[(u64, RequestBody)]) -> Vec<DraftChange> {
    let changes = asked.iter().find_map(|(_, body)| match body {
        RequestBody::Draft { changes, .. } => Some(changes.clone()),
        _ => None,
    });
    changes.unwrap_or_default()
}

/// 2001 types a value and begins another while the line is cut; it comes back, and nobody is signed on.
fn typed_while_cut() -> Model {
    let mut model = signed_on("2001");
    cut(&mut model);
    assert_eq!(enter(&mut model, "101.5"), []);
    type_keys(&mut model, "77.");
    let effects = update(&mut model, Msg::Link(LinkEvent::up(desk(None))));
    assert_eq!(changes(&bodies(effects)), [], "nobody's name is on it");
    model.overlays.clear();
    say(&mut model, FromDaemon::Snapshot(Box::new(plant())));
    let told = model.shown.text(model.notice.as_ref().unwrap());
    assert!(
        told.contains("2001 typed something here") && told.contains("Connected again"),
        "{told}"
    );
    model
}

#[test]
fn what_was_typed_while_the_line_was_cut_is_kept_once_the_same_person_signs_on() {
    let mut model = typed_while_cut();
    assert!(open(&model).typed.is_empty() && open(&model).field.is_empty());
    press(&mut model, KeyCode::Esc);
    let kept = changes(&sits_down(&mut model, "2001", Vec::new()));
    let [change] = kept.as_slice() else { panic!("{kept:?}") };
    assert_eq!((change.seen.as_deref(), change.text.as_deref()), (None, Some("101.5")));
    // What was only begun is typed again by whoever began it: put back, the next value would be typed behind it.
    assert!(open(&model).field.is_empty() && !open(&model).is_typing());
    let lost: Vec<String> = model
        .entry
        .lost_of(Some("2001"))
        .map(|text| model.shown.text(text))
        .collect();
    assert!(
        lost.len() == 1 && lost[0].contains("you were typing 77. there"),
        "{lost:?}"
    );
}

#[test]
fn nobody_else_sees_or_sends_it() {
    let mut model = typed_while_cut();
    press(&mut model, KeyCode::Esc);
    let asked = sits_down(&mut model, "2002", Vec::new());
    assert_eq!(changes(&asked), []);
    assert!(open(&model).typed.is_empty() && open(&model).field.is_empty());
    assert!(open(&model).unread.is_empty());
    // Who leaves the program is told whose it is.
    assert_eq!(press(&mut model, KeyCode::Char('q')), []);
    let told = model.shown.text(model.notice.as_ref().unwrap());
    assert!(told.contains("2001") && told.contains("once more"), "{told}");
    // And it is there when its person comes.
    let kept = changes(&sits_down(&mut model, "2001", Vec::new()));
    assert_eq!(kept.len(), 1);
}

#[test]
fn what_a_colleague_typed_there_meanwhile_stays_and_is_told() {
    let mut model = typed_while_cut();
    press(&mut model, KeyCode::Esc);
    let theirs = draft(&model, 0, "59", "2002");
    let asked = sits_down(&mut model, "2001", vec![theirs]);
    assert_eq!(changes(&asked), []);
    let told = model.shown.text(open(&model).unread.front().unwrap());
    assert!(
        told.contains("59") && told.contains("101.5") && told.contains("2002"),
        "{told}"
    );
    // What the daemon had taken before the line was cut is no conflict.
    let mut model = typed_while_cut();
    press(&mut model, KeyCode::Esc);
    let mine = draft(&model, 0, "101.5", "2001");
    assert_eq!(changes(&sits_down(&mut model, "2001", vec![mine])), []);
    assert!(open(&model).unread.is_empty());
    assert_eq!(open(&model).typed.len(), 1);
}

#[test]
fn what_is_kept_of_who_went_is_theirs_at_once() {
    let mut model = signed_on("2001");
    let asked = enter(&mut model, "101");
    let mine = Drafted {
        drafts: vec![draft(&model, 0, "101", "2001")],
        contested: Vec::new(),
        ..Drafted::default()
    };
    reply(&mut model, asked[0].0, Ok(ReplyBody::Drafted(Box::new(mine))));
    assert_eq!(open(&model).typed.values().next().unwrap().by, None);
    press(&mut model, KeyCode::Esc);
    sign_on(&mut model, "2002");
    let typed = open(&model).typed.values().next().unwrap();
    assert_eq!(typed.by.as_deref(), Some("2001"));
}

#[test]
fn what_the_daemon_could_not_keep_is_told_again_after_a_while() {
    let mut model = opened(Language::English, 80, 24);
    let asked = enter(&mut model, "101.5");
    let id = asked
        .iter()
        .find_map(|(id, body)| matches!(body, RequestBody::Draft { .. }).then_some(*id));
    reply(&mut model, id.unwrap(), Err(Text::new("wire-daemon-gone")));
    assert_eq!(open(&model).unsaved.len(), 1);
    let soon = model.elapsed + std::time::Duration::from_secs(5);
    assert_eq!(changes(&bodies(update(&mut model, Msg::Clock(soon)))), []);
    let later = model.elapsed + std::time::Duration::from_secs(30);
    assert_eq!(changes(&bodies(update(&mut model, Msg::Clock(later)))).len(), 1);
}

#[test]
fn a_value_that_is_put_right_while_its_cell_is_told_again_is_not_lost() {
    // Over a new connection, with a login of one's own.
    let mut model = opened(Language::English, 80, 24);
    cut(&mut model);
    enter(&mut model, "101");
    press(&mut model, KeyCode::Up);
    type_keys(&mut model, "10");
    let asked = bodies(update(&mut model, Msg::Link(LinkEvent::up(operator()))));
    assert_eq!(changes(&asked).len(), 1);
    let kept: Vec<_> = asked
        .into_iter()
        .filter(|(_, body)| matches!(body, RequestBody::Draft { .. }))
        .collect();
    keep(&mut model, &kept);
    assert!(open(&model).is_typing());
    type_keys(&mut model, "2.5");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [change] = changes(&asked).try_into().unwrap();
    assert_eq!(
        (change.seen.as_deref(), change.text.as_deref()),
        (Some("101"), Some("102.5"))
    );

    // At a shared post the cell comes back, and the line is listed.
    let mut model = signed_on("2001");
    cut(&mut model);
    enter(&mut model, "101");
    press(&mut model, KeyCode::Up);
    type_keys(&mut model, "102");
    update(&mut model, Msg::Link(LinkEvent::up(desk(None))));
    model.overlays.clear();
    press(&mut model, KeyCode::Esc);
    assert_eq!(changes(&sits_down(&mut model, "2001", Vec::new())).len(), 1);
    press(&mut model, KeyCode::Enter);
    assert_eq!((open(&model).at.0, open(&model).field.text()), (0, "101"));
    assert_eq!(model.entry.lost_of(Some("2001")).count(), 1);
}

#[test]
fn a_line_that_cannot_be_put_back_is_told() {
    let mut model = typed_while_cut();
    // 2001 goes on typing before anybody has signed on, and signs on from there.
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Down);
    type_keys(&mut model, "5");
    assert!(open(&model).is_typing());
    press(&mut model, KeyCode::Enter);
    type_keys(&mut model, "2001");
    press(&mut model, KeyCode::Enter);
    type_keys(&mut model, "482913");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let view = SignedOnView {
        actor: desk(Some("2001")),
        sequence: Sequence(900),
        since: None,
        wrong: 0,
    };
    reply(&mut model, asked[0].0, Ok(ReplyBody::SignedOn(Box::new(view))));
    page_again(&mut model, Vec::new());
    let lost: Vec<String> = model
        .entry
        .lost_of(Some("2001"))
        .map(|text| model.shown.text(text))
        .collect();
    assert!(
        lost.len() == 1 && lost[0].contains("you were typing 77. there"),
        "{lost:?}"
    );
    assert_eq!(open(&model).field.text(), "5");
}

#[test]
fn what_was_sent_and_neither_answered_nor_kept_waits_until_it_is() {
    let sent = || {
        let mut model = signed_on("2001");
        enter(&mut model, "101");
        press(&mut model, KeyCode::F(10));
        press(&mut model, KeyCode::Enter);
        assert!(open(&model).sending.is_some() && open(&model).unsaved.len() == 1);
        cut(&mut model);
        update(&mut model, Msg::Link(LinkEvent::up(desk(None))));
        model.overlays.clear();
        press(&mut model, KeyCode::Esc);
        let asked = bodies_of(sign_on(&mut model, "2001"));
        model.overlays.clear();
        page_again(&mut model, Vec::new());
        let id = asked
            .iter()
            .find_map(|(id, body)| matches!(body, RequestBody::Intake { .. }).then_some(*id));
        (model, id.unwrap())
    };
    // It was taken: nothing is left of it.
    let (mut model, id) = sent();
    let outcome = IntakeOutcome {
        sequence: Some(Sequence(107)),
        accepted: 1,
        ..IntakeOutcome::default()
    };
    reply(&mut model, id, Ok(ReplyBody::Intake(outcome)));
    page_again(&mut model, Vec::new());
    assert!(open(&model).typed.is_empty() && model.entry.held_cells.is_empty());
    // It was not: it is there as it was typed.
    let (mut model, id) = sent();
    reply(&mut model, id, Err(Text::new("sheet-cell-changed").with("tag", "PT-1")));
    let asked = page_again(&mut model, Vec::new());
    assert_eq!(changes(&asked).len(), 1);
    assert_eq!(open(&model).typed.values().next().unwrap().text, "101");
}

fn bodies_of(requests: Vec<Request>) -> Vec<(u64, RequestBody)> {
    requests.into_iter().map(|request| (request.id, request.body)).collect()
}

/// 2001 is asked why a value is to count when they are signed off.
fn asked_while_cut() -> Model {
    let mut model = opened_on_a_conflict(Language::English, 80, 24);
    press(&mut model, KeyCode::Esc);
    sign_on(&mut model, "2001");
    model.overlays.clear();
    model.actor = Some(checker(Some("2001")));
    press(&mut model, KeyCode::Enter);
    type_keys(&mut model, "61");
    let asked = bodies(press(&mut model, KeyCode::F(8)));
    let mine = Drafted {
        drafts: vec![draft(&model, 0, "61", "2001")],
        ..Drafted::default()
    };
    reply(&mut model, asked[0].0, Ok(ReplyBody::Drafted(Box::new(mine))));
    type_keys(&mut model, "meter says 61");
    assert!(open(&model).is_correcting());
    cut(&mut model);
    update(&mut model, Msg::Link(LinkEvent::up(desk(None))));
    model.overlays.clear();
    assert!(!open(&model).is_correcting() && model.entry.held.len() == 1);
    model
}

fn checker(person: Option<&str>) -> Actor {
    Actor {
        roles: vec![Role::DataQualityChecker],
        ..desk(person)
    }
}

/// The same person is there again.
fn is_back(model: &mut Model) {
    press(model, KeyCode::Esc);
    sign_on(model, "2001");
    model.overlays.clear();
    model.actor = Some(checker(Some("2001")));
}

/// The page is given as it was, with what 2001 had typed there.
fn page_as_it_was(model: &mut Model) {
    update(model, Msg::Clock(model.elapsed));
    let mine = draft(model, 0, "61", "2001");
    let standing = match &open(model).view {
        crate::tui::model::Wanted::Here(view) => view.clone(),
        other => panic!("{other:?}"),
    };
    let id = open(model).again.expect("the page is asked for anew");
    let kept = kept_of_page(vec![mine], Vec::new());
    reply(model, id, Ok(ReplyBody::Sheet(Box::new(standing), Box::new(kept))));
}

#[test]
fn a_question_comes_back_to_who_asks_for_it_and_is_looked_at_first() {
    let mut model = asked_while_cut();
    is_back(&mut model);
    page_as_it_was(&mut model);
    assert!(!open(&model).is_correcting(), "it is only told that it waits");
    press(&mut model, KeyCode::Char('r'));
    page_as_it_was(&mut model);
    assert!(open(&model).is_correcting());
    assert_eq!(
        bodies(press(&mut model, KeyCode::Enter)),
        [],
        "an Enter that was on its way decides nothing"
    );
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-entry-looked-at");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(_, RequestBody::Correct { provenance, .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(provenance.reason.as_deref(), Some("meter says 61"));
}

#[test]
fn a_question_takes_the_keys_from_nobody_who_types() {
    let mut model = asked_while_cut();
    is_back(&mut model);
    // Back to the cells, and one down, before the page has come.
    press(&mut model, KeyCode::Enter);
    press(&mut model, KeyCode::Down);
    let at = open(&model).at;
    page_as_it_was(&mut model);
    assert_eq!((open(&model).focus.clone(), open(&model).at), (Focus::Grid, at));
    let told = model.shown.text(open(&model).unread.front().unwrap());
    assert!(
        told.contains("PT-1") && told.contains("Esc and r bring it back"),
        "{told}"
    );
    type_keys(&mut model, "5");
    assert_eq!(open(&model).field.text(), "5");
    // It is said once, and not with every page.
    press(&mut model, KeyCode::Esc);
    open_mut(&mut model).unread.clear();
    model.elapsed += std::time::Duration::from_secs(30);
    page_as_it_was(&mut model);
    assert!(open(&model).unread.is_empty() && !open(&model).is_correcting());
    // And comes back when it is asked for.
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Char('r'));
    page_as_it_was(&mut model);
    assert!(open(&model).is_correcting() && open(&model).at.0 == 0);
}

fn open_mut(model: &mut Model) -> &mut crate::tui::entry::Opened {
    model.entry.open.as_mut().unwrap()
}

#[test]
fn what_was_typed_into_a_row_that_is_gone_by_now_is_listed_and_not_asked_for_again_and_again() {
    let mut model = typed_while_cut();
    press(&mut model, KeyCode::Esc);
    sign_on(&mut model, "2001");
    model.overlays.clear();
    let mut snapshot = plant();
    snapshot.model.sheets[0].rows.remove(0);
    let id = open(&model).again.expect("the page is asked for anew");
    let here = ReplyBody::Sheet(Box::new(page(&snapshot)), Box::default());
    let asked = bodies(reply(&mut model, id, Ok(here)));
    assert_eq!(changes(&asked), []);
    assert!(open(&model).unsaved.is_empty());
    let lost: Vec<String> = model
        .entry
        .lost_of(Some("2001"))
        .map(|text| model.shown.text(text))
        .collect();
    assert!(lost.len() == 2 && lost[0].contains("101.5 was typed there"), "{lost:?}");
    assert_eq!(model.entry.lost_of(Some("2002")).count(), 0, "nobody else sees it");
}

#[test]
fn the_rest_of_a_line_that_was_cut_off_by_a_sign_off_goes_into_no_cell() {
    let mut model = opened(Language::English, 80, 24);
    update(&mut model, Msg::Link(LinkEvent::up(desk(None))));
    press(&mut model, KeyCode::Esc);
    sign_on(&mut model, "2001");
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Enter);
    type_keys(&mut model, "12");
    assert!(open(&model).is_typing());
    let how = crate::domain::actor::SignOff::Idle;
    say(&mut model, FromDaemon::Post { actor: desk(None), how });
    type_keys(&mut model, "34");
    assert_eq!(open(&model).field.text(), "");
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-entry-look-first");
    press(&mut model, KeyCode::Down);
    type_keys(&mut model, "56");
    assert_eq!(open(&model).field.text(), "56");
}
