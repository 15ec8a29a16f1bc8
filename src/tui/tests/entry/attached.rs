//! Files that are attached to rounds before they are sent.

use super::super::attaching::{look, opened_as, pick, scan, send};
use super::all_rounds::typed;
use super::*;
use crate::domain::draft::FileChange;
use crate::engine::command::Provenance;
use crate::tui::keymap::Context;

/// The question whether a round is to be sent, with a file attached to it, and the inbox still open.
fn attached(language: Language, width: u16, height: u16) -> Model {
    let mut model = typed(language, width, height);
    look(&mut model);
    let number = pick(&mut model);
    let effects = update(&mut model, opened_as(number, Ok(scan())));
    assert_eq!(send(&mut model, effects), 3, "how much there is, and two parts");
    assert_eq!(open(&model).attaching.attachments, [scan()]);
    model
}

/// What became of files, as the daemon is told.
fn changes(asked: &[(u64, RequestBody)]) -> Vec<FileChange> {
    let told = asked.iter().filter_map(|(_, body)| match body {
        RequestBody::DraftFiles { changes, .. } => Some(changes.clone()),
        _ => None,
    });
    told.flatten().collect()
}

/// Where the only thing that is asked of the daemon comes from, and its request.
fn intake(asked: Vec<(u64, RequestBody)>) -> (u64, Provenance) {
    match <[_; 1]>::try_from(asked) {
        Ok([(id, RequestBody::Intake { provenance, .. })]) => (id, provenance),
        other => panic!("{other:?}"),
    }
}

fn answered(model: &mut Model, id: u64, sequence: Option<u64>) -> Vec<Effect> {
    let outcome = IntakeOutcome {
        sequence: sequence.map(Sequence),
        ..IntakeOutcome::default()
    };
    reply(model, id, Ok(ReplyBody::Intake(outcome)))
}

#[test]
fn a_file_is_attached_in_the_question_and_goes_with_the_round_once() {
    let mut model = attached(Language::English, 80, 24);
    assert_eq!(model.context(), Context::Inbox);
    assert!(drawn(&model).0.contains("+ 报告 L-1.pdf"), "{}", drawn(&model).0);
    press(&mut model, KeyCode::Esc);
    assert_eq!(
        (model.context(), &open(&model).focus),
        (Context::Asking, &Focus::Asking)
    );
    let (id, provenance) = intake(bodies(press(&mut model, KeyCode::Enter)));
    assert_eq!(provenance.attachments, [scan()]);
    assert_eq!(open(&model).attaching.attachments, [scan()], "until the daemon has it");
    let from = provenance.seen.and_then(|seen| seen.page).unwrap();
    assert_eq!((&from.sheet, from.page), (&open(&model).sheet, open(&model).page));
    let told = bodies(answered(&mut model, id, Some(18_400)));
    assert!(changes(&told).is_empty(), "the daemon takes it off itself: {told:?}");
    assert_eq!(open(&model).attaching.attachments, []);
    press(&mut model, KeyCode::F(10));
    let (_, provenance) = intake(bodies(press(&mut model, KeyCode::Char('*'))));
    assert_eq!(provenance.attachments, [], "it was of the round before");
}

#[test]
fn a_file_goes_with_all_rounds_and_stays_where_nothing_is_recorded() {
    let mut model = attached(Language::English, 80, 24);
    press(&mut model, KeyCode::Esc);
    let (id, provenance) = intake(bodies(press(&mut model, KeyCode::Char('*'))));
    assert_eq!(provenance.attachments, [scan()]);
    answered(&mut model, id, None);
    assert_eq!(open(&model).attaching.attachments, [scan()]);
    let told = drawn(&model).0.replace('\n', " ");
    assert!(told.contains("The files were not attached"), "{told}");
}

#[test]
fn once_more_it_is_taken_off() {
    let mut model = attached(Language::English, 80, 24);
    let asked = bodies(press(&mut model, KeyCode::Enter));
    assert_eq!(changes(&asked), [FileChange::TakenOff(scan().digest)]);
    assert_eq!(open(&model).attaching.attachments, []);
}

/// The page is given with the files that the daemon keeps.
fn given(model: &mut Model, asked: &[(u64, RequestBody)], files: Vec<Attachment>) {
    let id = asked
        .iter()
        .find_map(|(id, body)| matches!(body, RequestBody::Sheet { .. }).then_some(*id));
    let page = Box::new(page(&plant()));
    reply(
        model,
        id.unwrap(),
        Ok(ReplyBody::Sheet(page, Box::new(kept_of_page(Vec::new(), files)))),
    );
}

#[test]
fn what_is_done_to_files_reaches_the_daemon_in_its_order_whatever_becomes_of_the_line() {
    let mut model = attached(Language::English, 80, 24);
    cut(&mut model);
    assert_eq!(
        press(&mut model, KeyCode::Enter),
        [],
        "taken off, and told once the line is there"
    );
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Esc);
    assert_eq!(
        model.notice.take().unwrap().id,
        "tui-inbox-unkept",
        "the page is not left meanwhile"
    );
    let again = bodies(update(&mut model, Msg::Link(LinkEvent::up(operator()))));
    assert_eq!(changes(&again), [FileChange::TakenOff(scan().digest)]);
    // The page as it was before the daemon knew of it brings nothing back.
    given(&mut model, &again, vec![scan()]);
    assert_eq!(open(&model).attaching.attachments, []);
    let id = again
        .iter()
        .find_map(|(id, body)| matches!(body, RequestBody::DraftFiles { .. }).then_some(*id));
    reply(&mut model, id.unwrap(), Ok(ReplyBody::DraftFiles(Vec::new())));
    assert!(model.entry.keeping_files.is_empty());
}

#[test]
fn a_page_that_was_asked_for_before_the_daemon_answered_brings_nothing_back() {
    let mut model = attached(Language::English, 80, 24);
    let told = bodies(press(&mut model, KeyCode::Enter));
    let [(taken_off, RequestBody::DraftFiles { .. })] = told.as_slice() else {
        panic!("{told:?}")
    };
    for _ in 0..3 {
        press(&mut model, KeyCode::Esc);
    }
    let asked = bodies(press(&mut model, KeyCode::Char('r')));
    reply(&mut model, *taken_off, Ok(ReplyBody::DraftFiles(Vec::new())));
    given(&mut model, &asked, vec![scan()]);
    assert_eq!(open(&model).attaching.attachments, []);
}

/// The request by which the daemon is to keep what was done to files.
fn asked_to_keep(asked: &[(u64, RequestBody)]) -> u64 {
    let found = asked
        .iter()
        .find_map(|(id, body)| matches!(body, RequestBody::DraftFiles { .. }).then_some(*id));
    found.unwrap()
}

/// The question whether a round is to be sent, with a file that the daemon was asked to keep; by which request.
fn attached_unanswered() -> (Model, u64) {
    let mut model = typed(Language::English, 80, 24);
    look(&mut model);
    let number = pick(&mut model);
    let effects = update(&mut model, opened_as(number, Ok(scan())));
    let [(id, _)] = bodies(effects).try_into().unwrap();
    let have = scan().bytes;
    let asked = bodies(reply(&mut model, id, Ok(ReplyBody::Attached { have })));
    press(&mut model, KeyCode::Esc);
    (model, asked_to_keep(&asked))
}

/// The same, after the daemon has refused it.
fn attached_and_refused() -> Model {
    let (mut model, id) = attached_unanswered();
    let asked = bodies(reply(&mut model, id, Err(Text::new("daemon-drafts-too-many"))));
    assert_eq!(asked, [], "not over and over");
    assert_eq!(model.notice.take().unwrap().id, "tui-inbox-not-kept");
    model
}

#[test]
fn what_the_daemon_cannot_keep_stays_on_the_screen_and_goes_with_the_round_all_the_same() {
    let mut model = attached_and_refused();
    // The page as the daemon has it takes nothing away.
    for _ in 0..2 {
        press(&mut model, KeyCode::Esc);
    }
    let asked = bodies(press(&mut model, KeyCode::Char('r')));
    let id = asked_to_keep(&asked);
    assert_eq!(changes(&asked), [FileChange::Attached(scan())], "tried once more");
    given(&mut model, &asked, Vec::new());
    assert_eq!(open(&model).attaching.attachments, [scan()]);
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.notice.take().unwrap().id, "tui-inbox-unkept");
    reply(&mut model, id, Err(Text::new("daemon-drafts-too-many")));
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.notice.take().unwrap().id, "tui-inbox-refused");
    press(&mut model, KeyCode::Enter);
    let asked = enter(&mut model, "101");
    keep(&mut model, &asked);
    press(&mut model, KeyCode::F(10));
    let (id, provenance) = intake(bodies(press(&mut model, KeyCode::Enter)));
    assert_eq!(provenance.attachments, [scan()]);
    let told = bodies(answered(&mut model, id, Some(18_400)));
    assert!(changes(&told).is_empty(), "{told:?}");
    given(&mut model, &told, Vec::new());
    assert_eq!(open(&model).attaching.attachments, []);
    assert!(model.entry.keeping_files.is_empty());
}

#[test]
fn what_the_daemon_cannot_keep_is_over_once_it_is_taken_off_and_tried_again_over_a_new_line() {
    let mut model = attached_and_refused();
    press(&mut model, KeyCode::F(7));
    let asked = bodies(press(&mut model, KeyCode::Enter));
    assert_eq!(changes(&asked), [FileChange::TakenOff(scan().digest)]);
    reply(&mut model, asked_to_keep(&asked), Ok(ReplyBody::DraftFiles(Vec::new())));
    assert_eq!(open(&model).attaching.attachments, []);
    assert!(model.entry.keeping_files.is_empty());

    let mut model = attached_and_refused();
    cut(&mut model);
    let again = bodies(update(&mut model, Msg::Link(LinkEvent::up(operator()))));
    assert_eq!(changes(&again), [FileChange::Attached(scan())]);
    reply(
        &mut model,
        asked_to_keep(&again),
        Ok(ReplyBody::DraftFiles(vec![scan()])),
    );
    assert_eq!(open(&model).attaching.attachments, [scan()]);
    assert!(model.entry.keeping_files.is_empty());
}

#[test]
fn nothing_is_sent_before_the_daemon_has_said_whether_it_keeps_the_file() {
    let (mut model, id) = attached_unanswered();
    assert_eq!(bodies(press(&mut model, KeyCode::Enter)), []);
    assert_eq!(open(&model).fault.as_ref().unwrap().id, "tui-inbox-busy");
    reply(&mut model, id, Ok(ReplyBody::DraftFiles(vec![scan()])));
    press(&mut model, KeyCode::F(10));
    let (_, provenance) = intake(bodies(press(&mut model, KeyCode::Enter)));
    assert_eq!(provenance.attachments, [scan()]);
}

#[test]
fn nothing_is_sent_while_a_file_is_on_its_way_and_esc_lets_go_of_it() {
    let mut model = typed(Language::English, 80, 24);
    look(&mut model);
    let number = pick(&mut model);
    press(&mut model, KeyCode::Esc);
    assert!(drawn(&model).0.contains("报告 L-1.pdf …"), "{}", drawn(&model).0);
    assert_eq!(bodies(press(&mut model, KeyCode::Enter)), []);
    assert_eq!(open(&model).fault.as_ref().unwrap().id, "tui-inbox-busy");
    // It is not lost with the page either.
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.notice.take().unwrap().id, "tui-inbox-busy");
    press(&mut model, KeyCode::Char('s'));
    assert_eq!(open(&model).focus, Focus::Asking);
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-inbox-cancelled");
    assert!(!open(&model).attaching.is_busy() && open(&model).focus == Focus::Asking);
    assert_eq!(update(&mut model, opened_as(number, Ok(scan()))), []);
    press(&mut model, KeyCode::Esc);
    assert_eq!(open(&model).focus, Focus::Grid);
}

#[test]
fn a_file_goes_on_after_a_cut_line() {
    let mut model = typed(Language::English, 80, 24);
    look(&mut model);
    let number = pick(&mut model);
    update(&mut model, opened_as(number, Ok(scan())));
    cut(&mut model);
    let again = update(&mut model, Msg::Link(LinkEvent::up(operator())));
    let of_file =
        |effect: &Effect| matches!(effect, Effect::Ask(request) if matches!(request.body, RequestBody::Attach { .. }));
    let again: Vec<Effect> = again.into_iter().filter(of_file).collect();
    assert_eq!(send(&mut model, again), 3);
    assert_eq!(open(&model).attaching.attachments, [scan()]);
}

#[test]
fn what_is_attached_to_a_page_that_was_left_is_there_again_with_the_page() {
    let mut model = attached(Language::English, 80, 24);
    for _ in 0..4 {
        press(&mut model, KeyCode::Esc);
    }
    assert!(model.entry.open.is_none());
    let asked = bodies(press(&mut model, KeyCode::Enter));
    given(&mut model, &asked, vec![scan()]);
    assert_eq!(open(&model).attaching.attachments, [scan()]);
    assert!(drawn(&model).0.contains("files attached: 1"), "{}", drawn(&model).0);
    // Another page has files of its own.
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Char('['));
    assert_eq!(open(&model).attaching.attachments, []);
}

/// The question why the cell is corrected, with a file that stands behind it.
fn correcting(language: Language, width: u16, height: u16) -> Model {
    let mut model = opened_on_a_conflict(language, width, height);
    type_keys(&mut model, "100.5");
    let asked = bodies(press(&mut model, KeyCode::F(8)));
    keep(&mut model, &asked);
    type_keys(&mut model, "4# drifted");
    look(&mut model);
    let number = pick(&mut model);
    let effects = update(&mut model, opened_as(number, Ok(scan())));
    assert_eq!(send(&mut model, effects), 3);
    model
}

#[test]
fn a_file_stands_behind_a_correction_and_not_behind_the_rounds() {
    let mut model = correcting(Language::English, 80, 24);
    assert_eq!(model.context(), Context::Inbox);
    // Nothing is typed into what is hidden behind the inbox.
    update(&mut model, Msg::Paste("x".to_owned()));
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.context(), Context::Correction);
    assert_eq!(open(&model).attaching.attachments, [], "the rounds have none");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(id, RequestBody::Correct { provenance, .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(provenance.attachments, [scan()]);
    assert_eq!(provenance.reason.as_deref(), Some("4# drifted"));
    let told = bodies(answered(&mut model, *id, Some(18_401)));
    assert!(changes(&told).is_empty(), "{told:?}");
}

#[test]
fn a_correction_waits_for_its_file_and_esc_lets_go_of_it_first() {
    let mut model = correcting(Language::English, 80, 24);
    press(&mut model, KeyCode::Enter);
    let number = pick(&mut model);
    press(&mut model, KeyCode::Esc);
    assert_eq!(bodies(press(&mut model, KeyCode::Enter)), []);
    assert_eq!(open(&model).fault.as_ref().unwrap().id, "tui-inbox-busy");
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.context(), Context::Correction);
    assert_eq!(update(&mut model, opened_as(number, Ok(scan()))), []);
    press(&mut model, KeyCode::Esc);
    assert_eq!(open(&model).focus, Focus::Grid);
}

#[test]
fn where_a_correction_says_nothing_new_its_files_are_not_attached() {
    let mut model = correcting(Language::English, 80, 24);
    press(&mut model, KeyCode::Esc);
    let asked = bodies(press(&mut model, KeyCode::Enter));
    answered(&mut model, asked[0].0, None);
    let told = drawn(&model).0.replace('\n', " ");
    assert!(told.contains("The files were not attached"), "{told}");
}

#[test]
fn the_inbox_of_who_sat_here_before_is_closed_and_what_is_attached_stays_theirs() {
    let mut model = attached(Language::English, 80, 24);
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Enter);
    assert!(open(&model).attaching.is_busy());
    update(&mut model, Msg::Link(LinkEvent::up(desk(None))));
    sign_on(&mut model, "2001");
    let attaching = &open(&model).attaching;
    assert!(attaching.inbox.is_none() && !attaching.is_busy());
    assert_eq!(attaching.attachments, []);
}

#[test]
fn a_question_that_was_open_when_the_line_was_cut_waits_for_who_asked_it() {
    let mut model = correcting(Language::English, 80, 24);
    press(&mut model, KeyCode::Esc);
    let actor = |person: Option<&str>| Actor {
        roles: model.actor.as_ref().unwrap().roles.clone(),
        ..desk(person)
    };
    let (nobody, li) = (actor(None), actor(Some("2001")));
    model.actor = Some(li.clone());
    model.signed_on = Some(Box::new(SignedOnView {
        actor: li,
        sequence: Sequence(900),
        since: None,
        wrong: 0,
    }));
    cut(&mut model);
    update(&mut model, Msg::Link(LinkEvent::up(nobody)));
    assert_eq!(open(&model).focus, Focus::Grid);
    assert!(
        !drawn(&model).0.contains("drifted"),
        "nobody sees what another was asking"
    );
    press(&mut model, KeyCode::Esc);
    sign_on(&mut model, "2002");
    model.overlays.clear();
    assert!(!open(&model).is_correcting());
    sign_on(&mut model, "2001");
    model.overlays.clear();
    let (at, text) = open(&model)
        .typed
        .iter()
        .next()
        .map(|(cell, typed)| (*cell, typed.text.clone()))
        .unwrap();
    let mine = Draft {
        parameter: at.0,
        round: at.1,
        text,
        by: "2001".to_owned(),
        at: snapshot().state.now,
    };
    // It is told that it waits, and comes back when it is asked for.
    page_again(&mut model, vec![mine.clone()]);
    assert_eq!(open(&model).unread.front().unwrap().id, "tui-entry-question-waits");
    press(&mut model, KeyCode::Char('r'));
    page_again(&mut model, vec![mine]);
    let Focus::Correcting(correcting) = &open(&model).focus else {
        panic!("{:?}", open(&model).focus)
    };
    assert_eq!(correcting.reason.text(), "4# drifted");
    assert_eq!(correcting.attaching.attachments, [scan()]);
    assert!(drawn(&model).0.contains("100.5"));
    assert!(model.entry.held.is_empty());
}

#[test]
fn without_the_right_nothing_is_attached() {
    let mut model = typed(Language::English, 80, 24);
    model.actor = Some(Actor {
        roles: vec![Role::Viewer],
        ..actor()
    });
    assert_eq!(press(&mut model, KeyCode::F(7)), []);
    assert!(model.notice.is_some() && open(&model).attaching.inbox.is_none());
}

#[test]
fn the_question_with_a_file_and_its_inbox_look_like_this() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let name = |what: &str| format!("entry_{what}_{language}_{width}x{height}");
            let mut model = attached(language, width, height);
            insta::assert_snapshot!(name("attaching"), drawn(&model).0);
            press(&mut model, KeyCode::Esc);
            insta::assert_snapshot!(name("asking_attached"), drawn(&model).0);
            press(&mut model, KeyCode::Esc);
            insta::assert_snapshot!(name("attached"), drawn(&model).0);
            let mut model = correcting(language, width, height);
            insta::assert_snapshot!(name("correct_attaching"), drawn(&model).0);
            press(&mut model, KeyCode::Esc);
            insta::assert_snapshot!(name("correct_attached"), drawn(&model).0);
        }
    }
}
