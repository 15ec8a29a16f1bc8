//! What is kept of a page: what looks wrong about it, whose files go with it, and that nothing is left behind unsaved.

use super::super::attaching::{look, opened_as, pick, scan, send};
use super::*;
use crate::domain::draft::{FileChange, OthersFiles};
use crate::domain::handover::ShiftName;
use crate::engine::handover::Item;
use crate::engine::view::{HandoverLine, HandoverView};
use crate::entry::Doubt;
use crate::tui::attaching::Stage;
use crate::tui::inbox::{Contents, InboxFile};
use crate::tui::overlay::Overlay;

fn draft(model: &Model, row: usize, column: usize, text: &str) -> Draft {
    let (parameter, round) = open(model).cell((row, column)).unwrap();
    Draft {
        parameter,
        round,
        text: text.to_owned(),
        by: operator().name().to_owned(),
        at: snapshot().state.now,
    }
}

/// Asks for the page anew, and gives it with what is kept.
fn read_anew(model: &mut Model, drafts: Vec<Draft>) {
    press(model, KeyCode::Esc);
    let asked = bodies(press(model, KeyCode::Char('r')));
    let [(id, RequestBody::Sheet { .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    let page = Box::new(page(&plant()));
    reply(
        model,
        *id,
        Ok(ReplyBody::Sheet(page, Box::new(kept_of_page(drafts, Vec::new())))),
    );
}

#[test]
fn what_looks_wrong_about_kept_cells_is_worked_out_anew_and_counted_in_the_question() {
    let mut model = opened(Language::English, 80, 24);
    let column = open(&model).at.1;
    let drafts = vec![draft(&model, 0, column, "99.5"), draft(&model, 1, column, "80")];
    read_anew(&mut model, drafts);
    let doubted = open(&model).typed.values().filter(|typed| typed.is_doubted).count();
    assert_eq!(doubted, 1, "a tenth of what it was before");
    press(&mut model, KeyCode::Char('s'));
    let told = drawn(&model).0.replace('\n', " ");
    assert!(told.contains("Looked wrong: 1."), "{told}");
}

#[test]
fn a_round_that_has_not_been_yet_is_doubted_and_said_in_the_question() {
    let mut model = opened(Language::English, 80, 24);
    press(&mut model, KeyCode::Tab);
    assert_eq!(enter(&mut model, "100.5"), []);
    let (_, doubts) = open(&model).doubted.clone().unwrap();
    assert!(matches!(doubts.as_slice(), [Doubt::Ahead(_)]), "{doubts:?}");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    keep(&mut model, &asked);
    press(&mut model, KeyCode::F(10));
    let told = drawn(&model).0.replace('\n', " ");
    assert!(told.contains("from now."), "{told}");
}

/// Goes to the handover, one line of which leads to a round of the day before.
fn over_the_handover(model: &mut Model) -> Vec<Effect> {
    let now = snapshot().state.now;
    let asked = bodies(press(model, KeyCode::Char('6')));
    let id = asked
        .into_iter()
        .find_map(|(id, body)| matches!(body, RequestBody::Handover { .. }).then_some(id));
    if let Some(id) = id {
        let view = HandoverView {
            shift: "2025-11-20/day".parse::<ShiftName>().unwrap(),
            crew: None,
            from: now.plus(-3_600_000),
            to: now.plus(7_200_000),
            goes_on: true,
            lines: vec![HandoverLine::plain(Item::Round {
                sheet: "rounds".to_owned(),
                at: now.plus(-86_400_000),
                missing: 2,
                of: 10,
            })],
            more: 0,
            closed: None,
            emitted: Vec::new(),
            signatures: Vec::new(),
            record: Sequence(18_400),
            at: now,
        };
        reply(model, id, Ok(ReplyBody::Handover(Box::new(view))));
    }
    press(model, KeyCode::Enter)
}

#[test]
fn cells_that_the_daemon_has_not_hold_the_page_open_whichever_way_one_leaves() {
    let mut model = opened(Language::English, 80, 24);
    let today = open(&model).page;
    press(&mut model, KeyCode::Esc);
    over_the_handover(&mut model);
    assert_ne!(open(&model).page, today, "what is kept holds nobody back");

    let mut model = opened(Language::English, 80, 24);
    press(&mut model, KeyCode::Esc);
    // The sheet of the handover was seen before the line was cut.
    over_the_handover(&mut model);
    let mut model = Model {
        entry: opened(Language::English, 80, 24).entry,
        ..model
    };
    cut(&mut model);
    assert_eq!(enter(&mut model, "100"), []);
    press(&mut model, KeyCode::Esc);
    over_the_handover(&mut model);
    assert_eq!((model.pane, open(&model).page), (Pane::Entry, today));
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-entry-unsaved");
    assert_eq!(open(&model).typed.len(), 1);
}

#[test]
fn a_block_that_is_looked_at_holds_the_page_open() {
    let mut model = opened(Language::English, 80, 24);
    update(&mut model, Msg::Paste("100\n200\n".to_owned()));
    assert!(matches!(open(&model).focus, Focus::Block(_)));
    let page = open(&model).page;
    over_the_handover(&mut model);
    assert_eq!(open(&model).page, page);
    assert_eq!(model.notice.as_ref().unwrap().id, "tui-entry-block-open");
}

/// Signs a person on, and gives the page with the files that the daemon keeps for them.
fn sits_down(model: &mut Model, person: &str, files: Vec<Attachment>) {
    sign_on(model, person);
    assert_eq!(
        open(model).attaching.attachments,
        [],
        "those of who sat here before are theirs"
    );
    model.overlays.clear();
    let effects = update(model, Msg::Clock(model.elapsed));
    given(model, effects, files);
}

/// The page that is asked for is given with files.
fn given(model: &mut Model, effects: Vec<Effect>, files: Vec<Attachment>) {
    let asked = bodies(effects);
    let id = asked
        .iter()
        .find_map(|(id, body)| matches!(body, RequestBody::Sheet { .. }).then_some(*id));
    let page = Box::new(page(&plant()));
    for (request, body) in bodies(reply(
        model,
        id.unwrap(),
        Ok(ReplyBody::Sheet(page, Box::new(kept_of_page(Vec::new(), files)))),
    )) {
        if matches!(body, RequestBody::DraftFiles { .. }) {
            reply(model, request, Ok(ReplyBody::DraftFiles(Vec::new())));
        }
    }
}

#[test]
fn files_are_of_who_attached_them() {
    let mut model = opened(Language::English, 80, 24);
    let asked = update(&mut model, Msg::Link(LinkEvent::up(desk(None))));
    given(&mut model, asked, Vec::new());
    press(&mut model, KeyCode::Esc);
    sits_down(&mut model, "2001", vec![scan()]);
    assert_eq!(open(&model).attaching.attachments, [scan()]);
    sits_down(&mut model, "2002", Vec::new());
    assert_eq!(open(&model).attaching.attachments, []);
    sits_down(&mut model, "2001", vec![scan()]);
    assert_eq!(open(&model).attaching.attachments, [scan()]);

    // What went with a round that nobody answered stays, where the daemon says that it was not recorded.
    press(&mut model, KeyCode::Enter);
    let asked = enter(&mut model, "101");
    keep(&mut model, &asked);
    press(&mut model, KeyCode::F(10));
    press(&mut model, KeyCode::Enter);
    assert!(open(&model).sending.is_some());
    press(&mut model, KeyCode::Esc);
    sits_down(&mut model, "2002", Vec::new());
    sits_down(&mut model, "2001", vec![scan()]);
    assert_eq!(open(&model).attaching.attachments, [scan()]);
    assert!(model.entry.keeping_files.is_empty());
}

/// What the daemon is to keep of files, as it was asked; answered with what it keeps then.
fn kept_now(model: &mut Model, files: &[Attachment]) -> Vec<FileChange> {
    let asked = model.entry.keeping_files.values().flatten();
    let asked: Vec<(Vec<FileChange>, u64)> = asked
        .filter_map(|keeping| match keeping.stage {
            Stage::Asked(id) => Some((keeping.changes.clone(), id)),
            Stage::Due | Stage::Refused => None,
        })
        .collect();
    let told = asked.into_iter().flat_map(|(changes, id)| {
        reply(model, id, Ok(ReplyBody::DraftFiles(files.to_vec())));
        changes
    });
    told.collect()
}

/// A page at a post that others share, on which a person has typed a value, and the inbox with a file.
fn inbox_of(person: &str, files: Vec<Attachment>) -> Model {
    let mut model = opened(Language::English, 80, 24);
    let asked = update(&mut model, Msg::Link(LinkEvent::up(desk(None))));
    given(&mut model, asked, Vec::new());
    press(&mut model, KeyCode::Esc);
    sits_down(&mut model, person, files);
    press(&mut model, KeyCode::Enter);
    let asked = enter(&mut model, "101");
    keep(&mut model, &asked);
    press(&mut model, KeyCode::F(10));
    press(&mut model, KeyCode::F(7));
    let file = InboxFile {
        name: scan().name,
        bytes: scan().bytes,
        written: snapshot().state.now,
    };
    let contents = Ok(Contents {
        files: vec![file],
        unnamed: 0,
    });
    let directory = "inbox".into();
    update(&mut model, Msg::Inbox { directory, contents });
    model
}

/// The line is cut; somebody else sits down, and then the person again: what the daemon is to keep in whose name.
fn back_again(model: &mut Model, files: &[Attachment]) -> [Vec<FileChange>; 2] {
    cut(model);
    let asked = update(model, Msg::Link(LinkEvent::up(desk(None))));
    given(model, asked, Vec::new());
    model.overlays.clear();
    press(model, KeyCode::Esc);
    sits_down(model, "2002", Vec::new());
    let others = kept_now(model, &[]);
    sign_on(model, "2001");
    let mine = kept_now(model, files);
    assert_eq!(open(model).attaching.attachments, files);
    assert!(model.entry.keeping_files.is_empty());
    [others, mine]
}

#[test]
fn what_a_cut_line_kept_back_of_the_files_of_a_person_waits_for_them() {
    let mut model = inbox_of("2001", Vec::new());
    let effects = press(&mut model, KeyCode::Enter);
    let [Effect::OpenAttachment { number, .. }] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    let effects = update(&mut model, opened_as(*number, Ok(scan())));
    let [(id, _)] = bodies(effects).try_into().unwrap();
    let have = scan().bytes;
    reply(&mut model, id, Ok(ReplyBody::Attached { have }));
    assert_eq!(open(&model).attaching.attachments, [scan()]);
    let told = back_again(&mut model, &[scan()]);
    assert_eq!(told, [Vec::new(), vec![FileChange::Attached(scan())]]);

    let mut model = inbox_of("2001", vec![scan()]);
    press(&mut model, KeyCode::Enter);
    assert_eq!(open(&model).attaching.attachments, []);
    let told = back_again(&mut model, &[]);
    assert_eq!(told, [Vec::new(), vec![FileChange::TakenOff(scan().digest)]]);
}

#[test]
fn a_file_that_somebody_else_attached_is_told_and_can_be_taken_over() {
    let mut model = all_rounds::typed(Language::English, 80, 24);
    let theirs = OthersFiles {
        owner: "person-32303032".to_owned(),
        by: "2002".to_owned(),
        files: vec![scan()],
    };
    let column = open(&model).at.1;
    let others = KeptOfPage {
        drafts: vec![draft(&model, 0, column, "101")],
        others: vec![theirs],
        ..KeptOfPage::default()
    };
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Esc);
    let asked = bodies(press(&mut model, KeyCode::Char('r')));
    let id = asked
        .iter()
        .find_map(|(id, body)| matches!(body, RequestBody::Sheet { .. }).then_some(*id));
    let page = Box::new(page(&plant()));
    reply(&mut model, id.unwrap(), Ok(ReplyBody::Sheet(page, Box::new(others))));
    press(&mut model, KeyCode::Char('s'));
    let told = drawn(&model).0.replace('\n', " ");
    assert!(told.contains("2002 attached"), "{told}");
    look(&mut model);
    assert!(drawn(&model).0.contains("by 2002"), "{}", drawn(&model).0);
    model.entry.inbox_mut().unwrap().0.at = 0;
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(_, RequestBody::DraftFiles { changes, .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    let over = FileChange::TakenOver {
        file: scan(),
        of: "person-32303032".to_owned(),
    };
    assert_eq!(*changes, [over]);
    assert_eq!(open(&model).attaching.attachments, [scan()]);
    assert_eq!(open(&model).attaching.others, []);
}

#[test]
fn the_cursor_stays_on_the_file_that_was_picked() {
    let mut model = all_rounds::typed(Language::English, 80, 24);
    look(&mut model);
    // Two before it: what is attached stands first.
    let contents = Contents {
        files: [("a.jpg", 11), ("b.jpg", 12)]
            .into_iter()
            .map(|(name, bytes)| InboxFile {
                name: name.to_owned(),
                bytes,
                written: snapshot().state.now,
            })
            .chain([InboxFile {
                name: scan().name,
                bytes: scan().bytes,
                written: snapshot().state.now,
            }])
            .collect(),
        unnamed: 0,
    };
    let directory = "inbox".into();
    update(
        &mut model,
        Msg::Inbox {
            directory,
            contents: Ok(contents),
        },
    );
    model.entry.inbox_mut().unwrap().0.at = 2;
    let number = pick(&mut model);
    let effects = update(&mut model, opened_as(number, Ok(scan())));
    send(&mut model, effects);
    assert_eq!(open(&model).attaching.attachments, [scan()]);
    // Once more takes it off, and no other.
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(_, RequestBody::DraftFiles { changes, .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(*changes, [FileChange::TakenOff(scan().digest)]);
    assert_eq!(open(&model).attaching.attachments, []);
    let number = pick(&mut model);
    assert!(number > 0 && !matches!(model.overlays.last(), Some(Overlay::Note(_))));
}

#[test]
fn a_block_is_taken_back_as_one() {
    let mut model = opened(Language::English, 80, 24);
    update(&mut model, Msg::Paste("100\n801\n".to_owned()));
    press(&mut model, KeyCode::Enter);
    assert_eq!(open(&model).typed.len(), 2);
    let undone = bodies(press(&mut model, KeyCode::F(9)));
    let [(_, RequestBody::Draft { changes, .. })] = undone.as_slice() else {
        panic!("{undone:?}")
    };
    assert_eq!(changes.len(), 2);
    assert!(changes.iter().all(|change| change.text.is_none()));
    assert_eq!(open(&model).typed.len(), 0);
}

#[test]
fn the_cells_have_their_help() {
    for language in Language::ALL {
        let mut model = opened(language, 80, 60);
        type_keys(&mut model, "12");
        press(&mut model, KeyCode::F(1));
        assert!(matches!(model.overlays.last(), Some(Overlay::Help { .. })));
        let told = drawn(&model).0;
        for key in ["F6", "F7", "F8", "=12*3.4", "' gauge stuck"] {
            assert!(told.contains(key), "{key}: {told}");
        }
        press(&mut model, KeyCode::Esc);
        assert_eq!(open(&model).field.text(), "12", "what is typed stays");
    }
}

#[test]
fn where_nobody_has_signed_on_enter_offers_it_and_what_is_typed_stays() {
    let mut model = opened(Language::English, 80, 24);
    update(&mut model, Msg::Link(LinkEvent::up(desk(None))));
    assert_eq!(enter(&mut model, "101"), []);
    assert!(matches!(model.overlays.last(), Some(Overlay::SignOn(_))));
    press(&mut model, KeyCode::Esc);
    assert_eq!(open(&model).field.text(), "101");
}

#[test]
fn a_page_of_which_nothing_is_known_is_not_said_to_be_sent() {
    let mut model = opened(Language::English, 80, 24);
    assert!(drawn(&model).0.contains("nothing to send"));
    let crate::tui::model::Wanted::Here(view) = &mut model.entry.open.as_mut().unwrap().view else {
        panic!()
    };
    view.rows[0].cells[0] = None;
    assert!(drawn(&model).0.contains("nothing typed, nothing sent"));
}

#[test]
fn after_a_resize_no_row_stays_scrolled_away_for_which_there_is_room() {
    let mut model = opened(Language::English, 80, 24);
    press(&mut model, KeyCode::PageDown);
    press(&mut model, KeyCode::Tab);
    update(&mut model, Msg::Resize(Size::new(60, 20)));
    assert!(open(&model).corner.1 > 0);
    assert!(drawn(&model).0.contains("rounds"), "{}", drawn(&model).0);
    update(&mut model, Msg::Resize(Size::new(80, 24)));
    assert_eq!(open(&model).corner, (0, 0));
}

#[test]
fn a_block_takes_no_line_away_that_is_being_typed() {
    let mut model = opened(Language::English, 80, 24);
    type_keys(&mut model, "12");
    update(&mut model, Msg::Paste("100\n200\n".to_owned()));
    assert_eq!(open(&model).fault.as_ref().unwrap().id, "tui-entry-line-first");
    assert_eq!((open(&model).field.text(), &open(&model).focus), ("12", &Focus::Grid));
    press(&mut model, KeyCode::Esc);
    update(&mut model, Msg::Paste("100\n200\n".to_owned()));
    assert!(matches!(open(&model).focus, Focus::Block(_)));
}
