//! Several documents of a form at once: pasted, or read of a workbook.

mod kept;

use super::form::{
    batch, beside, doubts, effects_keys, fill, form, opened, opened_awaiting_block, opened_with, operator,
    without_batch,
};
use super::*;
use crate::domain::actor::{Actor, Role};
use crate::domain::identity::Sequence;
use crate::domain::model::Name;
use crate::domain::text::Text;
use crate::engine::overlaps::ToBring;
use crate::engine::view::{DocumentView, Doubts, IntakeOutcome, Restated};
use crate::entry::{Block, Source, Workbook};
use crate::locale::Language;
use crate::tui::form::Over;
use crate::tui::inbox::{Contents, InboxFile};
use crate::tui::keymap::Context;
use crate::tui::link::LinkEvent;
use crate::tui::model::Model;
use crate::tui::several::{BlockDraft, Several};
use crate::tui::update::{Effect, Msg, update};
use crate::tui::workbook::Found;
use crate::wire::message::{ReplyBody, RequestBody};

use crossterm::event::KeyCode;

const HEADING: &str = "number\tBatch\ttested\tbasis\tmoisture\tMAR\tNCV\n";

/// Two reports, of which the second one has its point elsewhere.
const REPORTS: &str = "L-1\tB-2\t2025-11-15\tad\t2.4\t9.8\t22.5\nL-2\tB-3\t2025-11-16\tad\t2.4\t98\t22.6\n";

/// Pastes something; the documents that are asked for around it are told.
fn paste(model: &mut Model, text: &str) {
    let effects = update(model, Msg::Paste(text.to_owned()));
    around(model, effects, &[]);
}

/// Tells the documents that are asked for, the batches and no reports; and that nothing stands in the time of those that are
/// looked at. A block is kept.
fn around(model: &mut Model, effects: Vec<Effect>, batches: &[DocumentView]) {
    for (id, body) in told_around(model, effects, batches) {
        assert!(matches!(body, RequestBody::Doubts(_)), "{body:?}");
        reply(model, id, Ok(ReplyBody::Doubts(Doubts::default())));
    }
}

/// Tells the documents that are asked for; what is asked then.
fn told_around(model: &mut Model, effects: Vec<Effect>, batches: &[DocumentView]) -> Vec<(u64, RequestBody)> {
    let mut asked = Vec::new();
    for (id, body) in bodies(effects) {
        let told = match body {
            RequestBody::Documents { form, .. } if form == "batches" => ReplyBody::Documents(batches.to_vec()),
            RequestBody::Documents { .. } => ReplyBody::Documents(Vec::new()),
            RequestBody::KeepDraftBlock { .. } => ReplyBody::Done,
            other => panic!("{other:?}"),
        };
        asked.extend(bodies(reply(model, id, Ok(told))));
    }
    asked
}

/// A block as the daemon keeps it, once it was read of a workbook.
fn draft() -> String {
    let block = BlockDraft {
        cells: Workbook {
            block: Block::parse(&format!("{HEADING}{REPORTS}")).unwrap(),
            remarks: Vec::new(),
        },
        source: Some(Source::of("三月化验.xlsx", b"all of it")),
    };
    serde_json::to_string(&block).unwrap()
}

/// A terminal on which the form was opened anew, with what was brought into it before.
fn opened_again(language: Language, size: (u16, u16)) -> Model {
    let (mut model, awaited) = opened_awaiting_block(language, size, None);
    let effects = reply(&mut model, awaited, Ok(ReplyBody::DraftBlock(Some(draft()))));
    around(&mut model, effects, &[]);
    model
}

fn several(model: &Model) -> &Several {
    match &form(model).over {
        Some(Over::Several(several)) => several,
        other => panic!("{other:?}"),
    }
}

/// The documents that are asked to be filed, with where they come from.
fn filed(asked: &[(u64, RequestBody)]) -> (u64, Vec<String>, String, Option<String>) {
    let [(id, RequestBody::File { provenance, documents })] = asked else {
        panic!("{asked:?}")
    };
    let numbers = documents.iter().map(|document| document.number.clone()).collect();
    (*id, numbers, provenance.name.clone(), provenance.digest.clone())
}

#[test]
fn a_month_of_reports_is_pasted_looked_at_and_filed_as_one_record() {
    let mut model = opened();
    fill(&mut model, &["L-9"]);
    paste(&mut model, &format!("{HEADING}{REPORTS}"));
    assert_eq!(model.context(), Context::Block);
    assert_eq!(several(&model).counts(), (0, 1));
    assert_eq!(several(&model).at, 1, "what is to be looked at");
    // What is doubted takes a second word, and nothing is typed into the fields meanwhile.
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    assert_eq!(form(&model).fault.as_ref().unwrap().id, "tui-form-several-doubted");
    type_keys(&mut model, "x");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let (id, numbers, name, _) = filed(&asked);
    assert_eq!((numbers, name.as_str()), (vec!["L-1".to_owned(), "L-2".to_owned()], ""));
    // They are on their way: neither again, nor away.
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    press(&mut model, KeyCode::Esc);
    assert_eq!(several(&model).looked.len(), 2);
    let restated = Restated {
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
    };
    let outcome = IntakeOutcome {
        sequence: Some(Sequence(77)),
        restated: vec![restated],
        ..IntakeOutcome::default()
    };
    reply(&mut model, id, Ok(ReplyBody::Intake(outcome)));
    let told = model.shown.text(model.notice.as_ref().unwrap());
    assert_eq!(
        told,
        "2 documents are filed: record 77. Restated: 2025-11 Boiler 12.345 -> 12.000 tCO2e."
    );
    // What was written into the fields is another document.
    assert_eq!(model.context(), Context::Form);
    assert_eq!(form(&model).text("number"), "L-9");
}

#[test]
fn one_that_cannot_be_read_holds_all_of_them_back() {
    let mut model = opened();
    paste(
        &mut model,
        &format!("{HEADING}{REPORTS}L-3\t\t2025-11-17\txx\t2.4\t9.8\t22.5\n"),
    );
    assert_eq!(several(&model).counts(), (1, 1));
    press(&mut model, KeyCode::Home);
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    assert_eq!(form(&model).fault.as_ref().unwrap().id, "tui-form-several-unreadable");
    assert_eq!(several(&model).at, 2);
    let shown = drawn(&model).0;
    assert!(shown.contains("Batch: It must be filled"), "{shown}");
    press(&mut model, KeyCode::Esc);
    assert!(form(&model).over.is_none() && form(&model).fault.is_none());
    // What is no block of this form is told, and what is one text goes into the field.
    paste(&mut model, "number\tcolour\nL-1\tblack\n");
    assert_eq!(form(&model).fault.as_ref().unwrap().id, "form-block-heading");
    paste(&mut model, "L-7");
    assert_eq!(form(&model).field.text(), "L-7");
}

#[test]
fn what_the_daemon_refuses_stays_and_a_cut_line_files_once() {
    let mut model = opened();
    let one = "L-1\tB-2\t2025-11-15\tad\t2.4\t9.8\t22.5\n";
    paste(&mut model, &format!("{HEADING}{one}"));
    let (id, ..) = filed(&bodies(press(&mut model, KeyCode::Enter)));
    reply(&mut model, id, Err(Text::new("document-twice-given")));
    assert_eq!(several(&model).looked.len(), 1);
    assert_eq!(form(&model).fault.as_ref().unwrap().id, "document-twice-given");
    let before = effects_keys(press(&mut model, KeyCode::Enter));
    cut(&mut model);
    press(&mut model, KeyCode::Esc);
    let again = effects_keys(update(&mut model, Msg::Link(LinkEvent::up(operator()))));
    assert_eq!(before.len(), 1);
    assert!(again.contains(&before[0]), "{again:?} {before:?}");
}

#[test]
fn what_is_around_them_is_asked_for_as_it_is_now_and_waited_for() {
    let mut model = opened();
    let one = "L-1\tB-2\t2025-11-15\tad\t2.4\t9.8\t22.5\n";
    let late = update(&mut model, Msg::Paste(format!("{HEADING}{one}")));
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    assert_eq!(form(&model).fault.as_ref().unwrap().id, "tui-explain-awaited");
    assert_eq!(several(&model).counts(), (0, 0));
    around(&mut model, late, &[batch("B-2", &["L-0"])]);
    assert_eq!(several(&model).counts(), (0, 1), "the batch was tested meanwhile");
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    filed(&bodies(press(&mut model, KeyCode::Enter)));
}

#[test]
fn what_stands_in_the_time_of_one_of_them_is_told_with_its_line() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = opened_with(language, (width, height), None);
            let effects = update(
                &mut model,
                Msg::Paste(format!("{HEADING}{}", REPORTS.replace("98", "9.7"))),
            );
            let asked = told_around(&mut model, effects, &[]);
            let [(id, RequestBody::Doubts(_))] = asked[..] else {
                panic!("{asked:?}")
            };
            // Nothing is filed before that is known.
            assert_eq!(press(&mut model, KeyCode::Enter), []);
            assert_eq!(form(&model).fault.as_ref().unwrap().id, "tui-explain-awaited");
            reply(&mut model, id, Ok(ReplyBody::Doubts(doubts(&[beside(1)]))));
            assert_eq!((several(&model).counts(), several(&model).at), ((0, 1), 1));
            assert_eq!(press(&mut model, KeyCode::Enter), []);
            insta::assert_snapshot!(format!("several_beside_{width}x{height}_{language}"), drawn(&model).0);
            filed(&bodies(press(&mut model, KeyCode::Enter)));
        }
    }
}

#[test]
fn a_workbook_is_filed_with_its_name_and_digest() {
    let mut model = opened();
    assert_eq!(
        press(&mut model, KeyCode::F(6)),
        [Effect::LookIntoInbox { whose: None }]
    );
    let file = InboxFile {
        name: "三月化验.xlsx".to_owned(),
        bytes: 48_213,
        written: snapshot().state.now,
    };
    let contents = Ok(Contents {
        files: vec![file],
        unnamed: 0,
    });
    let directory = "~/.local/state/carbonwatch/inbox".into();
    update(&mut model, Msg::Inbox { directory, contents });
    assert_eq!(model.context(), Context::Inbox);
    let read_as = |model: &mut Model, found| {
        let effects = press(model, KeyCode::Enter);
        let [Effect::ReadWorkbook { number, .. }] = effects.as_slice() else {
            panic!("{effects:?}")
        };
        let effects = update(model, Msg::WorkbookRead { number: *number, found });
        around(model, effects, &[]);
    };
    read_as(&mut model, Err(Text::new("entry-workbook-other")));
    assert!(drawn(&model).0.contains("workbook"), "{}", drawn(&model).0);
    press(&mut model, KeyCode::Esc);
    let names = vec!["三月".to_owned(), "四月".to_owned()];
    read_as(&mut model, Ok(Found::Several(names)));
    let cells = |text: &str| Workbook {
        block: Block::parse(text).unwrap(),
        remarks: vec![
            Text::new("entry-workbook-formulas")
                .with("cells", "B2, B4")
                .with_count("count", 2_u64),
        ],
    };
    let source = || Source::of("三月化验.xlsx", b"all of it");
    // What is no block of documents stays with its file.
    read_as(&mut model, Ok(Found::Cells(cells("colour\nblack"), source())));
    assert_eq!(model.context(), Context::Inbox);
    let one = "L-1\tB-2\t2025-11-15\tad\t2.4\t9.8\t22.5\n";
    read_as(
        &mut model,
        Ok(Found::Cells(cells(&format!("{HEADING}{one}")), source())),
    );
    let shown = drawn(&model).0;
    assert!(
        shown.contains("From 三月化验.xlsx. 2 cells are formulas: B2, B4"),
        "{shown}"
    );
    let (_, numbers, name, digest) = filed(&bodies(press(&mut model, KeyCode::Enter)));
    assert_eq!(
        (numbers.as_slice(), name.as_str()),
        (["L-1".to_owned()].as_slice(), "reports: 三月化验.xlsx")
    );
    assert_eq!(digest, Some(source().digest));
}

#[test]
fn several_documents_fit_the_screen_in_both_languages() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = opened_with(language, (width, height), None);
            let more = "L-3\t\t2025-11-17\txx\t2.4\t9.8\t22.5\n";
            paste(&mut model, &format!("{HEADING}{REPORTS}{more}"));
            insta::assert_snapshot!(format!("several_{width}x{height}_{language}"), drawn(&model).0);
            press(&mut model, KeyCode::Up);
            insta::assert_snapshot!(format!("several_doubted_{width}x{height}_{language}"), drawn(&model).0);
            let model = opened_again(language, (width, height));
            insta::assert_snapshot!(format!("several_again_{width}x{height}_{language}"), drawn(&model).0);
        }
    }
}

#[test]
fn a_batch_that_is_not_there_holds_all_of_them_back_until_it_is() {
    let mut model = opened_with(Language::English, (80, 24), None);
    let effects = update(
        &mut model,
        Msg::Paste(format!("{HEADING}{}", REPORTS.replace("98", "9.7"))),
    );
    let asked = told_around(&mut model, effects, &[]);
    let [(id, RequestBody::Doubts(_))] = asked[..] else {
        panic!("{asked:?}")
    };
    reply(&mut model, id, Ok(ReplyBody::Doubts(without_batch(1))));
    assert_eq!((several(&model).counts(), several(&model).at), ((1, 0), 1));
    // It is asked once more with each try: somebody may have filed it meanwhile.
    for told in [without_batch(1), Doubts::default()] {
        let asked = bodies(press(&mut model, KeyCode::Enter));
        assert_eq!(form(&model).fault.as_ref().unwrap().id, "tui-form-several-unreadable");
        let [(id, RequestBody::Doubts(ToBring::Documents(documents)))] = asked.as_slice() else {
            panic!("{asked:?}")
        };
        assert_eq!(documents.len(), 2);
        let is_there = told.refused.is_empty();
        reply(&mut model, *id, Ok(ReplyBody::Doubts(told)));
        assert_eq!(several(&model).counts().0, usize::from(!is_there));
        assert_eq!((form(&model).fault.is_none(), several(&model).at), (is_there, 1));
    }
    filed(&bodies(press(&mut model, KeyCode::Enter)));
}

#[test]
fn what_the_daemon_does_not_tell_one_by_one_is_counted() {
    for language in Language::ALL {
        let mut model = opened_with(language, (80, 24), None);
        let effects = update(&mut model, Msg::Paste(format!("{HEADING}{REPORTS}")));
        let asked = told_around(&mut model, effects, &[]);
        let [(id, RequestBody::Doubts(_))] = asked[..] else {
            panic!("{asked:?}")
        };
        let told = Doubts {
            more: 4_321,
            ..doubts(&[beside(1)])
        };
        reply(&mut model, id, Ok(ReplyBody::Doubts(told)));
        let (shown, _) = drawn(&model);
        assert!(shown.contains("4,321") || shown.contains("4321"), "{shown}");
        // It is said once more with the question whether to file them.
        assert_eq!(press(&mut model, KeyCode::Enter), []);
        let fault = form(&model).fault.clone().unwrap();
        assert!(format!("{fault:?}").contains("doubts-more"), "{fault:?}");
        filed(&bodies(press(&mut model, KeyCode::Enter)));
    }
}

#[test]
fn of_a_kept_block_nothing_is_asked_for_those_who_may_not_file_it() {
    let (mut model, awaited) = opened_awaiting_block(Language::English, (80, 24), None);
    let viewer = Actor {
        roles: vec![Role::Viewer],
        ..operator()
    };
    model.actor = Some(viewer);
    let effects = reply(&mut model, awaited, Ok(ReplyBody::DraftBlock(Some(draft()))));
    assert_eq!(told_around(&mut model, effects, &[]), []);
    assert_eq!(several(&model).looked.len(), 2);
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    assert_eq!(form(&model).fault.as_ref().unwrap().id, "tui-alarm-no-right");
    // Once somebody is there who may, it is asked.
    model.actor = Some(operator());
    let asked = bodies(press(&mut model, KeyCode::Down));
    assert!(matches!(asked[..], [(_, RequestBody::Doubts(_))]), "{asked:?}");
}
