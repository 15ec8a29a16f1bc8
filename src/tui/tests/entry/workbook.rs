//! Workbooks of the inbox that are read into the cells of a page.

use super::*;
use crate::entry::{Block, Source, Workbook};
use crate::tui::entry::Laid;
use crate::tui::inbox::{Contents, InboxFile};
use crate::tui::workbook::Found;

const NAME: &str = "一期 三月.xlsx";

fn source() -> Source {
    Source::of(NAME, b"all of it")
}

/// Cells of which two say a value and one nothing that can be read.
fn cells() -> Workbook {
    let rows = [["PT-1", "99.5"], ["TT-2", "x"], ["WQ-3", "1400"]];
    Workbook {
        block: Block {
            rows: rows.map(|row| row.map(str::to_owned).to_vec()).to_vec(),
            is_exact: true,
            ..Block::default()
        },
        remarks: vec![
            Text::new("entry-workbook-formulas")
                .with("cells", "B2, B4")
                .with_count("count", 2_u64),
        ],
    }
}

/// Opens the inbox over the page, with two files in it.
fn look(model: &mut Model) {
    let effects = press(model, KeyCode::F(7));
    assert_eq!(effects, [Effect::LookIntoInbox { whose: None }]);
    let file = |name: &str| InboxFile {
        name: name.to_owned(),
        bytes: 48_213,
        written: snapshot().state.now,
    };
    let contents = Ok(Contents {
        files: vec![file(NAME), file("scan.pdf")],
        unnamed: 1,
    });
    let directory = "~/.local/state/carbonwatch/inbox".into();
    update(model, Msg::Inbox { directory, contents });
}

/// Has what is under the cursor read; the number under which, and the worksheet.
fn pick(model: &mut Model) -> (u64, Option<String>) {
    let effects = press(model, KeyCode::Enter);
    let [
        Effect::ReadWorkbook {
            whose: None,
            name,
            worksheet,
            number,
        },
    ] = effects.as_slice()
    else {
        panic!("{effects:?}")
    };
    assert_eq!(name, NAME);
    (*number, worksheet.clone())
}

fn is_read(model: &mut Model, number: u64, found: Result<Found, Text>) {
    assert_eq!(update(model, Msg::WorkbookRead { number, found }), []);
}

fn laid(model: &Model) -> &Laid {
    match &open(model).focus {
        Focus::Block(laid) => laid,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_workbook_is_seen_like_a_pasted_block_and_sent_with_the_file_it_is_from() {
    let mut model = opened(Language::English, 80, 24);
    look(&mut model);
    let (number, _) = pick(&mut model);
    is_read(&mut model, number, Ok(Found::Cells(cells(), source())));
    assert_eq!(laid(&model).placed.len(), 3);
    let shown = drawn(&model).0;
    assert!(shown.contains("From 一期 三月.xlsx."), "{shown}");
    assert!(shown.contains("2 cells are formulas: B2, B4"), "{shown}");
    assert!(open(&model).typed.is_empty());
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(_, RequestBody::Draft { changes, .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(changes.len(), 2, "what cannot be read stays in the file");
    // That the daemon keeps them does not make them any less the file's.
    keep(&mut model, &asked);
    let provenance = sent(&mut model);
    assert!(provenance.name.ends_with(": 一期 三月.xlsx"), "{}", provenance.name);
    assert_eq!(provenance.digest, Some(source().digest));
    assert!(model.entry.from_files.is_empty(), "what is sent needs no file any more");
}

/// Sends the round under the cursor and has it taken; what was said of where it comes from.
fn sent(model: &mut Model) -> crate::engine::command::Provenance {
    press(model, KeyCode::F(10));
    let asked = bodies(press(model, KeyCode::Enter));
    let [(id, RequestBody::Intake { provenance, .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    let outcome = IntakeOutcome {
        sequence: Some(Sequence(18_400)),
        ..IntakeOutcome::default()
    };
    reply(model, *id, Ok(ReplyBody::Intake(outcome)));
    provenance.clone()
}

#[test]
fn what_one_person_put_down_is_from_the_file_when_another_sends_it_too() {
    let mut model = opened(Language::English, 80, 24);
    update(&mut model, Msg::Link(LinkEvent::up(desk(None))));
    press(&mut model, KeyCode::Esc);
    sign_on(&mut model, "2001");
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Enter);
    let effects = press(&mut model, KeyCode::F(7));
    assert!(
        matches!(effects.as_slice(), [Effect::LookIntoInbox { whose: Some(_) }]),
        "{effects:?}"
    );
    let file = InboxFile {
        name: NAME.to_owned(),
        bytes: 48_213,
        written: snapshot().state.now,
    };
    let contents = Ok(Contents {
        files: vec![file],
        unnamed: 0,
    });
    let directory = "~/inbox/2001".into();
    update(&mut model, Msg::Inbox { directory, contents });
    let effects = press(&mut model, KeyCode::Enter);
    let [Effect::ReadWorkbook { number, .. }] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    is_read(&mut model, *number, Ok(Found::Cells(cells(), source())));
    let asked = bodies(press(&mut model, KeyCode::Enter));
    keep(&mut model, &asked);
    press(&mut model, KeyCode::Esc);
    sign_on(&mut model, "2002");
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Enter);
    assert_eq!(sent(&mut model).digest, Some(source().digest));
}

#[test]
fn what_was_typed_beside_a_file_or_over_it_is_not_from_it() {
    let mut model = opened(Language::English, 80, 24);
    look(&mut model);
    let (number, _) = pick(&mut model);
    is_read(&mut model, number, Ok(Found::Cells(cells(), source())));
    let asked = bodies(press(&mut model, KeyCode::Enter));
    keep(&mut model, &asked);
    assert_eq!(open(&model).at.0, 0);
    enter(&mut model, "99.6");
    let provenance = sent(&mut model);
    assert_eq!(provenance.digest, None);
    assert!(!provenance.name.contains("xlsx"), "{}", provenance.name);
}

#[test]
fn of_several_worksheets_one_is_chosen() {
    let mut model = opened(Language::English, 80, 24);
    look(&mut model);
    let (number, worksheet) = pick(&mut model);
    assert_eq!(worksheet, None);
    let names = vec!["三月".to_owned(), "April".to_owned()];
    is_read(&mut model, number, Ok(Found::Several(names.clone())));
    let shown = drawn(&model).0;
    assert!(
        shown.contains("April") && shown.contains("several worksheets"),
        "{shown}"
    );
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Down);
    let (number, worksheet) = pick(&mut model);
    assert_eq!(worksheet.as_deref(), Some("April"));
    // The file was saved anew meanwhile, without it.
    let why = Text::new("entry-workbook-no-sheet")
        .with("name", "April")
        .with("names", "May");
    is_read(&mut model, number, Err(why));
    assert!(drawn(&model).0.contains("There is no worksheet “April”"));
    let (number, _) = pick(&mut model);
    is_read(&mut model, number, Ok(Found::Cells(cells(), source())));
    assert_eq!(laid(&model).source.as_deref(), Some(&source()));
}

#[test]
fn what_cannot_be_taken_is_told_over_the_files_and_nothing_is_lost() {
    let mut model = opened(Language::English, 80, 24);
    let asked = enter(&mut model, "99.8");
    keep(&mut model, &asked);
    look(&mut model);
    for id in [
        "entry-workbook-other",
        "entry-workbook-old",
        "entry-workbook-password",
        "entry-workbook-damaged",
    ] {
        let (number, _) = pick(&mut model);
        is_read(&mut model, number, Err(Text::new(id)));
        let told = model.shown.text(&Text::new(id));
        let first = told.split(". ").next().unwrap();
        assert!(drawn(&model).0.contains(first), "{told}");
    }
    // More than the page has room for.
    let (number, _) = pick(&mut model);
    let mut wide = cells();
    wide.block.rows = vec![vec!["1".to_owned(); 9]];
    is_read(&mut model, number, Ok(Found::Cells(wide, source())));
    assert!(matches!(open(&model).focus, Focus::Picking(_)));
    assert!(drawn(&model).0.contains('9'), "{}", drawn(&model).0);
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Esc);
    assert_eq!(open(&model).focus, Focus::Grid);
    assert_eq!(open(&model).typed.len(), 1);
}

#[test]
fn a_file_that_takes_long_can_be_let_go_and_comes_to_nothing_then() {
    let mut model = opened(Language::English, 80, 24);
    look(&mut model);
    let (number, _) = pick(&mut model);
    assert!(drawn(&model).0.contains("Reading 一期 三月.xlsx…"));
    assert_eq!(press(&mut model, KeyCode::Enter), [], "one at a time");
    press(&mut model, KeyCode::Esc);
    is_read(&mut model, number, Ok(Found::Cells(cells(), source())));
    assert!(matches!(open(&model).focus, Focus::Picking(_)));
    // Nothing that was asked for on another page comes here either.
    let (number, _) = pick(&mut model);
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Esc);
    is_read(&mut model, number, Ok(Found::Cells(cells(), source())));
    assert_eq!(open(&model).focus, Focus::Grid);
}

#[test]
fn a_line_without_a_file_picks_nothing_and_a_viewer_picks_none() {
    let mut model = opened(Language::English, 80, 24);
    look(&mut model);
    press(&mut model, KeyCode::End);
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    press(&mut model, KeyCode::Esc);
    model.actor = Some(Actor {
        roles: vec![Role::Viewer],
        ..actor()
    });
    assert_eq!(press(&mut model, KeyCode::F(7)), []);
    assert!(open(&model).fault.is_some() && open(&model).focus == Focus::Grid);
}

#[test]
fn what_is_half_typed_is_taken_before_the_inbox_opens_and_the_page_has_the_key_too() {
    let mut model = opened(Language::English, 80, 24);
    type_keys(&mut model, "99.8");
    let effects = press(&mut model, KeyCode::F(7));
    assert!(
        matches!(effects.as_slice(), [Effect::Ask(_), Effect::LookIntoInbox { .. }]),
        "{effects:?}"
    );
    assert_eq!(open(&model).typed.len(), 1);
    press(&mut model, KeyCode::Esc);
    // What cannot be read stays to be put right.
    press(&mut model, KeyCode::Down);
    type_keys(&mut model, "9,9,9");
    assert_eq!(press(&mut model, KeyCode::F(7)), []);
    assert_eq!(open(&model).focus, Focus::Grid);
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Esc);
    assert_eq!(open(&model).focus, Focus::Page);
    look(&mut model);
    assert!(matches!(open(&model).focus, Focus::Picking(_)));
}

#[test]
fn each_person_at_a_shared_post_has_an_inbox_of_their_own() {
    let mut model = opened(Language::English, 80, 24);
    model.actor = Some(desk(Some("2001")));
    let effects = press(&mut model, KeyCode::F(7));
    let whose = Some("2001".to_owned());
    assert_eq!(effects, [Effect::LookIntoInbox { whose }]);
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::F(7));
    sign_on(&mut model, "2002");
    assert_eq!(open(&model).focus, Focus::Grid, "that one's is not theirs");
}

#[test]
fn it_looks_like_this() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let name = |what: &str| format!("workbook_{what}_{language}_{width}x{height}");
            let mut model = opened(language, width, height);
            look(&mut model);
            insta::assert_snapshot!(name("files"), drawn(&model).0);
            let (number, _) = pick(&mut model);
            let names = vec!["三月".to_owned(), "April".to_owned()];
            is_read(&mut model, number, Ok(Found::Several(names)));
            insta::assert_snapshot!(name("worksheets"), drawn(&model).0);
            let (number, _) = pick(&mut model);
            is_read(&mut model, number, Err(Text::new("entry-workbook-password")));
            insta::assert_snapshot!(name("fault"), drawn(&model).0);
            let (number, _) = pick(&mut model);
            is_read(&mut model, number, Ok(Found::Cells(cells(), source())));
            insta::assert_snapshot!(name("block"), drawn(&model).0);
        }
    }
}
