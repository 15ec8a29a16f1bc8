//! Forms of the Entry pane: fields as they are filled, kept and filed.

mod kept;

use super::attaching::{look, opened_as, pick, scan, send};
use super::*;
use crate::domain::actor::{Actor, Role};
use crate::domain::document::{Basis, Document, DocumentBody, DocumentForm, FormKind, Span};
use crate::domain::identity::{MeterId, ParameterId, Sequence};
use crate::domain::model::{Limits, Meter, Name, Parameter};
use crate::domain::reading::{Origin, ParameterKind, Slot};
use crate::domain::text::Text;
use crate::domain::unit::Unit;
use crate::engine::overlaps::ToBring;
use crate::engine::view::{DocumentView, Doubted, Doubts, IntakeOutcome, Overlap, Together};
use crate::locale::Language;
use crate::tui::form::OpenForm;
use crate::tui::inbox::Contents;
use crate::tui::link::LinkEvent;
use crate::tui::model::Model;
use crate::tui::update::{Effect, Msg, update};
use crate::wire::live::Snapshot;
use crate::wire::message::{FromDaemon, ReplyBody, RequestBody};

use crossterm::event::KeyCode;
use ratatui::layout::Size;

/// A plant that has a coal tested by the batch.
fn plant() -> Snapshot {
    let mut snapshot = snapshot();
    let known = snapshot.model.parameters[0].clone();
    snapshot.model.parameters = [("MAR", "%", 1), ("NCV", "GJ/t", 3)]
        .into_iter()
        .zip(1..)
        .map(|((tag, unit, decimals), id)| Parameter {
            id: ParameterId(id),
            tag: tag.to_owned(),
            kind: ParameterKind::Property,
            unit: Unit::parse(unit).unwrap(),
            decimals,
            possible: Limits::default(),
            operating: Limits::default(),
            ..known.clone()
        })
        .collect();
    let form = |key: &str, zh: &str, en: &str, kind, rows: Vec<ParameterId>| DocumentForm {
        key: key.to_owned(),
        name: Name {
            zh: zh.to_owned(),
            en: en.to_owned(),
        },
        kind,
        batches: (kind == FormKind::Laboratory).then(|| "batches".to_owned()),
        basis: (kind == FormKind::Laboratory).then_some(Basis::AsReceived),
        total_moisture: rows.first().copied(),
        second_person: false,
        rows,
    };
    snapshot.model.sheets.clear();
    snapshot.model.meters.clear();
    snapshot.model.document_forms = vec![
        form("batches", "煤批次", "Batches of coal", FormKind::Batch, Vec::new()),
        form(
            "reports",
            "煤化验报告",
            "Reports on coal",
            FormKind::Laboratory,
            vec![ParameterId(1), ParameterId(2)],
        ),
    ];
    snapshot
}

pub(super) fn operator() -> Actor {
    Actor {
        roles: vec![Role::Operator],
        ..actor()
    }
}

pub(super) fn batch(number: &str, tests: &[&str]) -> DocumentView {
    let now = snapshot().state.now;
    DocumentView {
        document: Document {
            form: "batches".to_owned(),
            number: number.to_owned(),
            remark: None,
            body: DocumentBody::Batch {
                span: Span {
                    from: now.plus(-86_400_000 * 12),
                    to: now.plus(-86_400_000 * 11),
                },
                values: Vec::new(),
            },
            attachments: Vec::new(),
        },
        record: Sequence(9_000),
        by: "2001".to_owned(),
        name: None,
        at: now,
        tests: tests.iter().map(|test| (*test).to_owned()).collect(),
        superseded: Vec::new(),
    }
}

/// A terminal on which the form of reports is open; what was kept of it before.
pub(super) fn opened_with(language: Language, size: (u16, u16), kept: Option<&str>) -> Model {
    let (mut model, awaited) = opened_awaiting_block(language, size, kept);
    reply(&mut model, awaited, Ok(ReplyBody::DraftBlock(None)));
    model
}

/// The same before it is known whether a block was brought into it, with the number of the request by which that is asked for.
pub(super) fn opened_awaiting_block(
    language: Language,
    (width, height): (u16, u16),
    kept: Option<&str>,
) -> (Model, u64) {
    let snapshot = plant();
    let mut model = model_of(snapshot.clone(), language, "dark", width, height);
    update(&mut model, Msg::Link(LinkEvent::up(operator())));
    let effects = say(&mut model, FromDaemon::Snapshot(Box::new(snapshot)));
    answer(&mut model, effects);
    press(&mut model, KeyCode::Char('3'));
    press(&mut model, KeyCode::Down);
    let (awaited, _) = opening(&mut model, kept);
    (model, awaited)
}

/// Opens the form of reports, with what was kept of it: the number of the request by which a block is asked for, and what else
/// is asked then.
fn opening(model: &mut Model, kept: Option<&str>) -> (u64, Vec<RequestBody>) {
    let (mut awaited, mut asked) = (None, Vec::new());
    for (id, body) in bodies(press(model, KeyCode::Enter)) {
        let told = match body {
            RequestBody::Documents { form, .. } if form == "batches" => {
                ReplyBody::Documents(vec![batch("B-2", &[]), batch("B-1", &["L-0"])])
            }
            RequestBody::Documents { .. } => ReplyBody::Documents(Vec::new()),
            RequestBody::FormDrafts => ReplyBody::FormDrafts(kept.map(str::to_owned)),
            RequestBody::DraftBlock { form } => {
                assert_eq!(form, "reports");
                awaited = Some(id);
                continue;
            }
            other => panic!("{other:?}"),
        };
        let after = bodies(reply(model, id, Ok(told)));
        asked.extend(after.into_iter().map(|(_, body)| body));
    }
    (awaited.unwrap(), asked)
}

pub(super) fn opened() -> Model {
    opened_with(Language::English, (80, 24), None)
}

pub(super) fn form(model: &Model) -> &OpenForm {
    model.entry.form.as_ref().unwrap()
}

/// Types into fields, one after the other, and goes on with Enter; everything that is asked of the daemon is done.
pub(super) fn fill(model: &mut Model, texts: &[&str]) -> Vec<RequestBody> {
    let mut asked = Vec::new();
    for text in texts {
        type_keys(model, text);
        for (id, body) in bodies(press(model, KeyCode::Enter)) {
            if matches!(body, RequestBody::KeepFormDrafts { .. }) {
                reply(model, id, Ok(ReplyBody::Done));
            }
            asked.push(body);
        }
    }
    asked
}

/// Asks for what is written to be filed; what the daemon says of it is told, where it is asked.
pub(super) fn ask_to_file(model: &mut Model, code: KeyCode, doubted: &[Doubted]) -> Vec<(u64, RequestBody)> {
    let asked = bodies(press(model, code));
    match asked.as_slice() {
        [(id, RequestBody::Doubts(ToBring::Documents(documents)))] => {
            assert_eq!(documents.len(), 1);
            bodies(reply(model, *id, Ok(ReplyBody::Doubts(doubts(doubted)))))
        }
        _ => asked,
    }
}

/// All of what looks wrong.
pub(super) fn doubts(told: &[Doubted]) -> Doubts {
    Doubts {
        told: told.to_vec(),
        ..Doubts::default()
    }
}

/// That the batch of a document is not there.
pub(super) fn without_batch(place: u32) -> Doubts {
    Doubts {
        refused: vec![Doubted {
            place,
            field: "batch".to_owned(),
            why: Text::new("document-unknown-batch").with("number", "B-9"),
        }],
        ..Doubts::default()
    }
}

/// That a value stands in the time of the one of a row already.
pub(super) fn beside(place: u32) -> Doubted {
    let known = &plant().model.parameters[1];
    let now = snapshot().state.now;
    let overlap = Overlap {
        slot: Slot {
            span_s: 86_400,
            ..Slot::instant(now.plus(-86_400_000 * 12))
        },
        value: 20_150,
        origin: Origin::Typed,
        record: Sequence(8_765),
        document: None,
        together: Together::OneSample,
        more: 1,
    };
    Doubted {
        place,
        field: known.tag.clone(),
        why: overlap.text(known),
    }
}

const REPORT: [&str; 7] = ["L-1", "B-2", "2025-11-15", "", "ad", "2.4", ""];

#[test]
fn fields_are_kept_as_one_leaves_them_and_filed_as_one_record() {
    let mut model = opened();
    let asked = fill(&mut model, &REPORT);
    assert!(matches!(asked.last(), Some(RequestBody::KeepFormDrafts { text }) if text.contains("L-1")));
    assert!(form(&model).is_kept);
    fill(&mut model, &["9.8", "22.5"]);
    let shown = drawn(&model).0;
    assert!(
        shown.contains("20.620"),
        "what it counts as is seen before it is filed:\n{shown}"
    );
    let asked = ask_to_file(&mut model, KeyCode::Enter, &[]);
    let [(id, RequestBody::File { documents, .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!((documents.len(), documents[0].number.as_str()), (1, "L-1"));
    let outcome = IntakeOutcome {
        sequence: Some(Sequence(77)),
        accepted: 2,
        ..IntakeOutcome::default()
    };
    let after = bodies(reply(&mut model, *id, Ok(ReplyBody::Intake(outcome))));
    let is_emptied =
        |(_, body): &(u64, RequestBody)| matches!(body, RequestBody::KeepFormDrafts { text } if text == "{}");
    assert!(after.iter().any(is_emptied), "{after:?}");
    assert!(form(&model).texts.is_empty() && form(&model).at == 0);
    assert!(drawn(&model).0.contains("record 77"));
}

#[test]
fn a_number_that_is_typed_over_gives_way_and_words_are_gone_on_with() {
    let mut model = opened();
    fill(&mut model, &REPORT[..6]);
    press(&mut model, KeyCode::Up);
    assert_eq!(form(&model).field.text(), "2.4");
    type_keys(&mut model, "31");
    assert_eq!(form(&model).field.text(), "31");
    // A key of editing goes on with what is there.
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Backspace);
    type_keys(&mut model, "6");
    assert_eq!(form(&model).field.text(), "2.6");
    press(&mut model, KeyCode::Esc);
    for _ in 0..5 {
        press(&mut model, KeyCode::Up);
    }
    assert_eq!(form(&model).field.text(), "L-1");
    type_keys(&mut model, "0");
    assert_eq!(form(&model).field.text(), "L-10");
}

#[test]
fn what_stands_in_a_field_when_the_terminal_goes_is_kept_and_reads_as_no_number() {
    let mut model = opened();
    fill(&mut model, &REPORT[..5]);
    type_keys(&mut model, "2.");
    let asked = bodies(update(&mut model, Msg::Parting));
    let is_kept =
        |(_, body): &(u64, RequestBody)| matches!(body, RequestBody::KeepFormDrafts { text } if text.contains("2.…|"));
    assert!(asked.iter().any(is_kept), "{asked:?}");
    assert!(form(&model).wrong.contains_key("moisture"));
    // Whoever goes over it leaves it as it is, Esc leaves the form, and what is typed takes its place.
    press(&mut model, KeyCode::Up);
    press(&mut model, KeyCode::Down);
    assert_eq!(form(&model).field.text(), "2.…|");
    assert!(form(&model).texts.values().any(|text| text == "2.…|"));
    type_keys(&mut model, "2");
    assert_eq!(form(&model).field.text(), "2");
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Esc);
    assert!(model.entry.form.is_none());
}

#[test]
fn words_that_were_cut_off_are_completed_and_a_newer_beginning_takes_an_older_ones_place() {
    let mut model = opened();
    type_keys(&mut model, "L");
    update(&mut model, Msg::Parting);
    let number = |model: &Model| form(model).texts.values().next().cloned();
    assert_eq!(number(&model).as_deref(), Some("L…|"));
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Up);
    type_keys(&mut model, "-12");
    assert_eq!(form(&model).field.text(), "L-12");
    update(&mut model, Msg::Parting);
    assert_eq!(number(&model).as_deref(), Some("L-12…|"));
}

#[test]
fn a_beginning_takes_the_place_of_no_field_that_was_filled() {
    let mut model = opened();
    fill(&mut model, &["L-1", "B-1", "2025-11-03"]);
    press(&mut model, KeyCode::Up);
    type_keys(&mut model, "2026-1");
    let asked = bodies(update(&mut model, Msg::Parting));
    let is_kept = |(_, body): &(u64, RequestBody)| matches!(body, RequestBody::KeepFormDrafts { text } if text.contains("2025-11-03…|"));
    assert!(asked.iter().any(is_kept), "{asked:?}");
    // A number of a document is no longer than a field may be, and is cut off all the same.
    let mut model = opened();
    type_keys(&mut model, &"9".repeat(200));
    update(&mut model, Msg::Parting);
    let number = form(&model).texts.values().next().unwrap();
    assert!(number.ends_with("…|") && number.chars().count() <= 200, "{number}");
}

#[test]
fn what_stands_in_the_line_of_a_form_goes_with_it_when_the_program_is_left() {
    let mut model = opened();
    fill(&mut model, &["L-1"]);
    type_keys(&mut model, "B-1");
    press(&mut model, KeyCode::F(1));
    let effects = press(&mut model, KeyCode::Char('q'));
    let kept = effects.iter().any(|effect| match effect {
        Effect::Ask(request) => matches!(&request.body, RequestBody::KeepFormDrafts { text } if text.contains("B-1")),
        _ => false,
    });
    assert!(kept && effects.last() == Some(&Effect::Quit), "{effects:?}");
}

#[test]
fn what_is_wrong_is_told_where_it_stands_and_what_is_doubted_takes_a_second_word() {
    let mut model = opened();
    fill(&mut model, &["L-1", "B-1", "11-15"]);
    assert_eq!(form(&model).wrong["tested"].id, "entry-not-a-day");
    let asked = bodies(press(&mut model, KeyCode::F(10)));
    assert!(!asked.iter().any(|(_, body)| matches!(body, RequestBody::File { .. })));
    assert_eq!(
        form(&model).here().unwrap().key,
        "tested",
        "it goes to the first that is wrong"
    );
    for _ in 0..5 {
        press(&mut model, KeyCode::Backspace);
    }
    fill(&mut model, &["2025-11-15", "", "", "", "", "9.8"]);
    let asked = ask_to_file(&mut model, KeyCode::F(10), &[]);
    assert!(asked.is_empty(), "{asked:?}");
    assert!(
        drawn(&model).0.contains("L-0"),
        "the batch was tested before:\n{}",
        drawn(&model).0
    );
    let asked = bodies(press(&mut model, KeyCode::F(10)));
    let [(id, RequestBody::File { .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    reply(
        &mut model,
        *id,
        Err(Text::new("document-words-too-long").with_count("most", 200)),
    );
    assert!(
        form(&model).fault.is_some() && !form(&model).texts.is_empty(),
        "nothing is lost"
    );
}

#[test]
fn what_only_the_daemon_knew_is_told_where_it_was_written() {
    let mut model = opened();
    fill(&mut model, &REPORT);
    fill(&mut model, &["9.8", "22.5"]);
    let asked = ask_to_file(&mut model, KeyCode::Enter, &[]);
    let [(id, RequestBody::File { .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    let why = Text::new("document-unknown-batch")
        .with("number", "B-1")
        .with("form", "Batches of coal");
    reply(&mut model, *id, Err(why.clone()));
    assert_eq!(form(&model).wrong.get("batch"), Some(&why));
    assert_eq!(form(&model).here().unwrap().key, "batch");
    assert!(drawn(&model).0.contains("Batches of coal"), "{}", drawn(&model).0);
}

/// The idempotency keys under which documents are filed.
pub(super) fn effects_keys(effects: Vec<crate::tui::update::Effect>) -> Vec<uuid::Uuid> {
    let key = |effect| match effect {
        crate::tui::update::Effect::Ask(request) => {
            request.key.filter(|_| matches!(request.body, RequestBody::File { .. }))
        }
        _ => None,
    };
    effects.into_iter().filter_map(key).collect()
}

#[test]
fn what_stands_in_the_time_of_a_document_is_told_before_it_is_filed() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = opened_with(language, (width, height), None);
            fill(&mut model, &REPORT);
            fill(&mut model, &["9.8", "22.5"]);
            assert_eq!(ask_to_file(&mut model, KeyCode::F(10), &[beside(0)]), []);
            insta::assert_snapshot!(format!("form_beside_{language}_{width}x{height}"), drawn(&model).0);
            let asked = ask_to_file(&mut model, KeyCode::F(10), &[]);
            assert!(matches!(asked.as_slice(), [(_, RequestBody::File { .. })]), "{asked:?}");
        }
    }
    // What is typed while it is asked is another document: it is not filed unseen.
    let mut model = opened();
    fill(&mut model, &REPORT);
    fill(&mut model, &["9.8"]);
    let [(id, RequestBody::Doubts(_))] = bodies(press(&mut model, KeyCode::F(10)))[..] else {
        panic!("it is asked what stands there")
    };
    type_keys(&mut model, "2");
    assert_eq!(
        bodies(reply(&mut model, id, Ok(ReplyBody::Doubts(Doubts::default())))),
        []
    );
    // What cannot be asked holds it back, and says why.
    let mut model = opened();
    fill(&mut model, &REPORT);
    fill(&mut model, &["9.8"]);
    let [(id, RequestBody::Doubts(_))] = bodies(press(&mut model, KeyCode::F(10)))[..] else {
        panic!("it is asked what stands there")
    };
    reply(&mut model, id, Err(Text::new("explain-unknown")));
    assert_eq!(form(&model).fault.as_ref().unwrap().id, "explain-unknown");
    assert!(matches!(
        ask_to_file(&mut model, KeyCode::F(10), &[]).as_slice(),
        [(_, RequestBody::File { .. })]
    ));
}

#[test]
fn a_batch_that_is_not_there_is_marked_at_its_field_until_it_is() {
    let mut model = opened();
    fill(&mut model, &REPORT);
    fill(&mut model, &["9.8"]);
    for _ in 0..2 {
        // It is asked each time: somebody may have filed it meanwhile.
        let [(id, RequestBody::Doubts(_))] = bodies(press(&mut model, KeyCode::F(10)))[..] else {
            panic!("it is asked what stands there")
        };
        let asked = bodies(reply(&mut model, id, Ok(ReplyBody::Doubts(without_batch(0)))));
        assert_eq!(asked, []);
        assert_eq!(form(&model).wrong.keys().collect::<Vec<_>>(), ["batch"]);
        assert_eq!(form(&model).here().unwrap().key, "batch");
    }
    let asked = ask_to_file(&mut model, KeyCode::F(10), &[]);
    assert!(matches!(asked.as_slice(), [(_, RequestBody::File { .. })]), "{asked:?}");
}

#[test]
fn a_form_fits_the_screen_in_both_languages() {
    for language in Language::ALL {
        for Size { width, height } in [Size::new(80, 24), Size::new(200, 60)] {
            let mut model = opened_with(language, (width, height), None);
            fill(&mut model, &["L-1", "B-1", "2025-11-15", "", "xx", "2.4"]);
            insta::assert_snapshot!(format!("form_wrong_{language}_{width}x{height}"), drawn(&model).0);
            model.entry.form = None;
            insta::assert_snapshot!(format!("form_list_{language}_{width}x{height}"), drawn(&model).0);
        }
    }
}

#[test]
fn a_file_is_picked_from_the_inbox_and_filed_with_the_document() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = opened_with(language, (width, height), None);
            fill(&mut model, &["L-1"]);
            look(&mut model);
            insta::assert_snapshot!(format!("inbox_{width}x{height}_{language}"), drawn(&model).0);
        }
    }
    let mut model = opened();
    fill(&mut model, &REPORT);
    fill(&mut model, &["9.8"]);
    look(&mut model);
    let number = pick(&mut model);
    // It is read beside the loop; one that was let go meanwhile is not taken.
    let late = update(&mut model, opened_as(number - 1, Ok(scan())));
    assert!(late.is_empty() && form(&model).attaching.is_busy());
    let effects = update(&mut model, opened_as(number, Ok(scan())));
    assert!(form(&model).attaching.sending.is_some() && form(&model).attaching.reading.is_none());
    // Nothing is filed without it, and nothing else is sent beside it.
    press(&mut model, KeyCode::Down);
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    press(&mut model, KeyCode::Esc);
    assert_eq!(bodies(press(&mut model, KeyCode::F(10))), []);
    assert_eq!(form(&model).fault.as_ref().unwrap().id, "tui-inbox-busy");
    assert_eq!(send(&mut model, effects), 3, "how much there is, and two parts");
    assert_eq!(form(&model).attaching.attachments, [scan()]);
    assert!(
        drawn(&model).0.contains("Attached: 报告 L-1.pdf 700 kB"),
        "{}",
        drawn(&model).0
    );
    let asked = ask_to_file(&mut model, KeyCode::F(10), &[]);
    let Some((_, RequestBody::File { documents, .. })) = asked.last() else {
        panic!("{asked:?}")
    };
    assert_eq!(documents[0].attachments, [scan()]);
}

#[test]
fn what_cannot_be_attached_is_told_and_the_form_stays() {
    let mut model = opened();
    fill(&mut model, &["L-1"]);
    look(&mut model);
    let number = pick(&mut model);
    let why = || {
        Text::new("attachment-too-large")
            .with("name", "x")
            .with("bytes", 2_u64 << 30)
            .with("most", 100)
    };
    update(&mut model, opened_as(number, Err(why())));
    assert_eq!(model.notice, Some(why()));
    assert!(form(&model).attaching.sending.is_none());
    let number = pick(&mut model);
    update(&mut model, opened_as(number, Ok(scan())));
    let request = form(&model).attaching.sending.as_ref().unwrap().request;
    reply(&mut model, request, Err(Text::new("attachment-changed")));
    assert!(form(&model).attaching.sending.is_none() && form(&model).attaching.attachments.is_empty());
    assert_eq!(form(&model).text("number"), "L-1");
}

#[test]
fn a_file_that_is_still_read_is_let_go_by_esc_and_nothing_is_filed_meanwhile() {
    let mut model = opened();
    fill(&mut model, &["L-1"]);
    look(&mut model);
    let number = pick(&mut model);
    assert!(drawn(&model).0.contains("报告 L-1.pdf …"), "{}", drawn(&model).0);
    // Not another one beside it.
    press(&mut model, KeyCode::Down);
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    press(&mut model, KeyCode::Esc);
    assert_eq!(bodies(press(&mut model, KeyCode::F(10))), []);
    assert_eq!(form(&model).fault.as_ref().unwrap().id, "tui-inbox-busy");
    press(&mut model, KeyCode::Esc);
    assert!(!form(&model).attaching.is_busy());
    assert_eq!(update(&mut model, opened_as(number, Ok(scan()))), []);
    assert!(form(&model).attaching.sending.is_none());
}

#[test]
fn files_whose_names_cannot_be_shown_are_counted_and_cannot_be_picked() {
    let mut model = opened();
    look(&mut model);
    assert!(
        drawn(&model).0.contains("3 more files are not shown"),
        "{}",
        drawn(&model).0
    );
    press(&mut model, KeyCode::End);
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    let contents = Ok(Contents {
        files: Vec::new(),
        unnamed: 1,
    });
    update(
        &mut model,
        Msg::Inbox {
            directory: "~/inbox".into(),
            contents,
        },
    );
    assert!(
        drawn(&model).0.contains("One more file is not shown"),
        "{}",
        drawn(&model).0
    );
}

#[test]
fn the_form_of_meter_changes_lists_those_that_were_recorded() {
    let mut plant = plant();
    plant.model.meters = vec![Meter {
        id: MeterId(1),
        key: "W".to_owned(),
        name: Name::default(),
        serial: String::new(),
        accuracy: String::new(),
        calibrated_on: None,
        calibrated_until: None,
        multiplier: 1.into(),
        rollover: None,
        second_person: false,
    }];
    plant.model.parameters[1].kind = ParameterKind::Counter;
    let mut model = model_of(plant.clone(), Language::English, "dark", 80, 24);
    update(&mut model, Msg::Link(LinkEvent::up(operator())));
    let effects = say(&mut model, FromDaemon::Snapshot(Box::new(plant)));
    answer(&mut model, effects);
    press(&mut model, KeyCode::Char('3'));
    press(&mut model, KeyCode::End);
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let id = asked.iter().find_map(|(id, body)| match body {
        RequestBody::Tail { filter, .. } => {
            let only = crate::wire::records::KindFilter::Only("meter-change".to_owned());
            (filter.kinds == only).then_some(*id)
        }
        _ => None,
    });
    let record = crate::wire::records::RecordView {
        approval: None,
        sequence: Sequence(9_001),
        at: Some(snapshot().state.now),
        actor: Some(operator()),
        kind: "meter-change".to_owned(),
        from: String::new(),
        what: Text::new("record-change-meter")
            .with("tag", "WQ-3")
            .with("values", "12350 → 0"),
        changes: Vec::new(),
        hash: String::new(),
    };
    let page = crate::wire::records::RecordPage {
        records: vec![record],
        reached: Sequence(1),
        chain: crate::wire::records::ChainView {
            head: Sequence(9_001),
            digest: String::new(),
            sealed_through: None,
            damaged: None,
        },
    };
    model.size = Size::new(80, 40);
    let id = id.unwrap_or_else(|| panic!("{asked:?}"));
    reply(&mut model, id, Ok(ReplyBody::Records(Box::new(page))));
    let told = drawn(&model).0;
    assert!(
        told.contains("Recorded last:") && told.contains("WQ-3: 12350"),
        "{told}"
    );
}

#[test]
fn a_comma_that_may_group_digits_is_doubted_and_a_decimal_comma_is_told_in_the_forms_own_words() {
    let mut model = opened();
    fill(&mut model, &REPORT);
    fill(&mut model, &["1,234"]);
    ask_to_file(&mut model, KeyCode::F(10), &[]);
    let doubted = form(&model).doubted.clone().map(|(_, found)| found).unwrap_or_default();
    assert!(
        doubted.iter().any(|(_, why)| why.id == "entry-doubt-grouped"),
        "{doubted:?}"
    );
    let mut model = opened();
    fill(&mut model, &["L-1", "B-2", "2025-11-15", "", "ad", "2,4"]);
    assert!(
        form(&model).wrong.values().any(|why| why.id == "number-comma-only"),
        "{:?}",
        form(&model).wrong
    );
}
