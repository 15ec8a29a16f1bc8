//! Several people at one page: what one of them typed is never written over, or thrown away, unseen.

use super::*;
use crate::domain::draft::DraftChange;

fn theirs(model: &Model, row: usize, text: &str) -> Draft {
    let column = open(model).at.1;
    let (parameter, round) = open(model).cell((row, column)).unwrap();
    Draft {
        parameter,
        round,
        text: text.to_owned(),
        by: "E07".to_owned(),
        at: snapshot().state.now,
    }
}

/// The page is asked for anew, and somebody else has typed into it.
fn read_anew(model: &mut Model, drafts: Vec<Draft>) {
    let later = model.elapsed + std::time::Duration::from_secs(30);
    let asked = bodies(update(model, Msg::Clock(later)));
    let id = asked
        .iter()
        .find_map(|(id, body)| matches!(body, RequestBody::Sheet { .. }).then_some(*id));
    let kept = kept_of_page(drafts, Vec::new());
    let page = Box::new(page(&plant()));
    reply(model, id.unwrap(), Ok(ReplyBody::Sheet(page, Box::new(kept))));
}

/// A key with Control.
fn control(model: &mut Model, character: char) -> Vec<Effect> {
    let key = crossterm::event::KeyModifiers::CONTROL;
    update(
        model,
        Msg::Key(crossterm::event::KeyEvent::new(KeyCode::Char(character), key)),
    )
}

fn changes(asked: &[(u64, RequestBody)]) -> (u64, Vec<DraftChange>) {
    let mut drafts = asked.iter().filter_map(|(id, body)| match body {
        RequestBody::Draft { changes, .. } => Some((*id, changes.clone())),
        _ => None,
    });
    drafts.next().unwrap_or_else(|| panic!("{asked:?}"))
}

#[test]
fn a_pasted_block_says_whose_cells_give_way_and_is_looked_at_again_where_that_changes() {
    for language in Language::ALL {
        let mut model = opened(language, 80, 24);
        let column = open(&model).at.1;
        let draft = theirs(&model, 0, "70");
        read_anew(&mut model, vec![draft]);
        update(&mut model, Msg::Paste("61\n/\n".to_owned()));
        let seen = drawn(&model).0;
        assert!(seen.contains("70") && seen.contains("E07"), "{seen}");
        // Somebody types into the other one before it is put down.
        let drafts = vec![theirs(&model, 0, "70"), theirs(&model, 1, "8.1")];
        read_anew(&mut model, drafts);
        assert_eq!(bodies(press(&mut model, KeyCode::Enter)), []);
        assert!(matches!(open(&model).focus, Focus::Block(_)));
        let seen = drawn(&model).0;
        assert!(seen.contains("8.1"), "{seen}");
        let (_, changes) = changes(&bodies(press(&mut model, KeyCode::Enter)));
        let seen: Vec<Option<&str>> = changes.iter().map(|change| change.seen.as_deref()).collect();
        assert_eq!(seen, [Some("70"), Some("8.1")]);
        assert_eq!(open(&model).at.1, column);
    }
}

#[test]
fn what_a_colleague_put_right_meanwhile_outlives_the_sending_of_what_it_was() {
    let mut model = opened(Language::English, 80, 24);
    let draft = theirs(&model, 0, "62");
    read_anew(&mut model, vec![draft]);
    press(&mut model, KeyCode::F(10));
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(id, RequestBody::Intake { provenance, .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    // The daemon is told what was seen there, and refuses where it is another by now.
    let seen = &provenance.seen.as_ref().unwrap().cells[0];
    assert_eq!((seen.text.as_str(), seen.by.as_deref()), ("62", Some("E07")));
    let why = Text::new("sheet-cell-changed").with("tag", "PT-1");
    let again = bodies(reply(&mut model, *id, Err(why)));
    assert!(
        matches!(again.as_slice(), [(_, RequestBody::Sheet { .. })]),
        "{again:?}"
    );
    assert!(open(&model).typed.len() == 1 && open(&model).sending.is_none());
    // Where it was taken all the same, the newer one stays, and nothing is said to be lost.
    press(&mut model, KeyCode::F(10));
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let told = bodies(reply(
        &mut model,
        asked[0].0,
        Ok(ReplyBody::Intake(IntakeOutcome {
            sequence: Some(Sequence(107)),
            accepted: 1,
            ..IntakeOutcome::default()
        })),
    ));
    let (id, emptied) = changes(&told);
    assert_eq!(
        (emptied[0].seen.as_deref(), emptied[0].text.as_deref()),
        (Some("62"), None)
    );
    let drafted = Drafted {
        drafts: vec![theirs(&model, 0, "63")],
        contested: vec![0],
        ..Drafted::default()
    };
    reply(&mut model, id, Ok(ReplyBody::Drafted(Box::new(drafted))));
    assert_eq!(open(&model).fault, None);
    assert_eq!(open(&model).field.text(), "63");
    // Enter goes on, and throws nothing away.
    assert_eq!(bodies(press(&mut model, KeyCode::Enter)), []);
    assert_eq!(open(&model).typed.len(), 1);
}

#[test]
fn a_correction_with_what_a_colleague_typed_names_them() {
    let mut model = opened_on_a_conflict(Language::English, 80, 24);
    let draft = theirs(&model, 0, "100.5");
    let kept = Drafted {
        drafts: vec![draft],
        contested: Vec::new(),
        ..Drafted::default()
    };
    type_keys(&mut model, "99");
    let (id, _) = changes(&bodies(press(&mut model, KeyCode::F(8))));
    press(&mut model, KeyCode::Esc);
    reply(&mut model, id, Ok(ReplyBody::Drafted(Box::new(kept))));
    press(&mut model, KeyCode::F(8));
    type_keys(&mut model, "transmitter 4 drifted");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(_, RequestBody::Correct { provenance, .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(provenance.typed_by, ["E07"]);
}

#[test]
fn what_comes_into_a_cell_while_one_types_there_was_not_seen() {
    let mut model = opened(Language::English, 80, 24);
    type_keys(&mut model, "10");
    let draft = theirs(&model, 0, "62");
    read_anew(&mut model, vec![draft]);
    assert_eq!(open(&model).field.text(), "10");
    type_keys(&mut model, "1");
    let (_, changes) = changes(&enter(&mut model, ""));
    assert_eq!(
        (changes[0].seen.as_deref(), changes[0].text.as_deref()),
        (None, Some("101"))
    );
}

#[test]
fn leaving_the_program_says_what_it_would_lose_and_asked_again_leaves() {
    let mut model = opened(Language::English, 80, 24);
    press(&mut model, KeyCode::Esc);
    assert_eq!(control(&mut model, 'c'), [Effect::Quit], "nothing would be lost");
    press(&mut model, KeyCode::Enter);
    cut(&mut model);
    enter(&mut model, "100");
    press(&mut model, KeyCode::Esc);
    assert_eq!(press(&mut model, KeyCode::Char('q')), []);
    let told = drawn(&model).0.replace('\n', " ");
    assert!(told.contains("not kept") && told.contains("once more"), "{told}");
    assert_eq!(control(&mut model, 'c'), [Effect::Quit]);
}

#[test]
fn a_cell_that_was_refused_is_gone_to_and_stays_typed() {
    let mut model = opened(Language::English, 80, 24);
    let column = open(&model).at.1;
    for text in ["100", "801"] {
        let asked = enter(&mut model, text);
        keep(&mut model, &asked);
    }
    press(&mut model, KeyCode::F(10));
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(id, RequestBody::Intake { readings, .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(readings.len(), 2);
    let why = Text::new("reading-changed-meanwhile").with("tag", "TT-2");
    let outcome = IntakeOutcome {
        sequence: Some(Sequence(107)),
        accepted: 1,
        refused: vec![(1, why)],
        ..IntakeOutcome::default()
    };
    reply(&mut model, *id, Ok(ReplyBody::Intake(outcome)));
    assert_eq!(open(&model).at, (1, column));
    assert_eq!(open(&model).typed.len(), 1);
    assert_eq!(open(&model).field.text(), "801");
}

#[test]
fn where_all_was_refused_it_is_not_said_to_be_there_already() {
    let mut model = opened(Language::English, 80, 24);
    for text in ["100", "801"] {
        let asked = enter(&mut model, text);
        keep(&mut model, &asked);
    }
    let mut said = |refused: u32| {
        press(&mut model, KeyCode::F(10));
        let asked = bodies(press(&mut model, KeyCode::Enter));
        let why = Text::new("sheet-no-cell");
        let outcome = IntakeOutcome {
            duplicate: u64::from(2 - refused),
            refused: (0..refused).map(|place| (place, why.clone())).collect(),
            ..IntakeOutcome::default()
        };
        reply(&mut model, asked[0].0, Ok(ReplyBody::Intake(outcome)));
        crate::locale::Localizer::new(Language::English).text(model.notice.as_ref().unwrap())
    };
    let all = said(2);
    assert!(
        all.starts_with("The sheet has no such cell") && !all.contains("already"),
        "{all}"
    );
    let one = said(1);
    assert!(one.starts_with("Were there already: 1."), "{one}");
    assert_eq!(said(0), "All of it was there already.");
}

#[test]
fn what_stands_in_the_line_when_the_terminal_goes_is_kept_to_be_looked_at() {
    let mut model = opened(Language::English, 80, 24);
    assert_eq!(update(&mut model, Msg::Parting), [], "nothing is being typed");
    type_keys(&mut model, "13.");
    let (id, changes) = changes(&bodies(update(&mut model, Msg::Parting)));
    // It may have been going to be 13.5: nobody sends it as it is.
    assert_eq!(changes[0].text.as_deref(), Some("13.…|"));
    let plan = std::sync::Arc::clone(&model.plant.as_ref().unwrap().model);
    assert!(open(&model).entered(&plan, open(&model).at).unwrap().is_err());
    assert!(model.entry.is_being_kept());
    reply(&mut model, id, Ok(ReplyBody::Drafted(Box::default())));
    assert!(!model.entry.is_being_kept());
}

fn open_mut(model: &mut Model) -> &mut crate::tui::entry::Opened {
    model.entry.open.as_mut().unwrap()
}

#[test]
fn a_beginning_takes_the_place_of_nothing_that_was_finished() {
    // One's own is held back in its place.
    let mut model = opened(Language::English, 80, 24);
    let asked = enter(&mut model, "101");
    keep(&mut model, &asked);
    press(&mut model, KeyCode::Up);
    type_keys(&mut model, "7");
    let (_, changed) = changes(&bodies(update(&mut model, Msg::Parting)));
    assert_eq!(changed[0].seen.as_deref(), Some("101"));
    assert_eq!(changed[0].text.as_deref(), Some("101…|"));
    // What was cut off before was not finished, and gives way.
    press(&mut model, KeyCode::Esc);
    open_mut(&mut model).typed.values_mut().next().unwrap().text = "12…|".to_owned();
    type_keys(&mut model, "1234.5");
    let (_, changed) = changes(&bodies(update(&mut model, Msg::Parting)));
    assert_eq!(changed[0].text.as_deref(), Some("1234.5…|"));
    // A colleague's stays as it is.
    let mut model = opened(Language::English, 80, 24);
    let draft = theirs(&model, 0, "102");
    read_anew(&mut model, vec![draft]);
    press(&mut model, KeyCode::Up);
    type_keys(&mut model, "9");
    assert_eq!(update(&mut model, Msg::Parting), []);
    // What the daemon could not keep is told once more.
    let mut model = opened(Language::English, 80, 24);
    let (id, _) = changes(&enter(&mut model, "101"));
    reply(&mut model, id, Err(Text::new("wire-daemon-gone")));
    let (_, changed) = changes(&bodies(update(&mut model, Msg::Parting)));
    assert_eq!(changed[0].text.as_deref(), Some("101"));
}

#[test]
fn whoever_only_passes_over_a_cell_is_not_who_typed_it() {
    let mut model = opened(Language::English, 80, 24);
    let draft = theirs(&model, 0, "' gau\u{200b}ge stuck");
    read_anew(&mut model, vec![draft]);
    press(&mut model, KeyCode::Up);
    assert_eq!(open(&model).at.0, 0);
    assert_eq!(update(&mut model, Msg::Parting), []);
    assert_eq!(bodies(press(&mut model, KeyCode::Down)), []);
    assert_eq!(open(&model).at.0, 1);
    assert!(open(&model).fault.is_none() && open(&model).doubted.is_none());
}

#[test]
fn a_question_whose_cells_change_is_looked_at_before_it_is_answered() {
    for language in Language::ALL {
        let mut model = opened(language, 80, 24);
        let asked = enter(&mut model, "95");
        keep(&mut model, &asked);
        press(&mut model, KeyCode::F(10));
        let draft = theirs(&model, 0, "59");
        read_anew(&mut model, vec![draft]);
        assert_eq!(open(&model).focus, Focus::Asking);
        let seen = drawn(&model).0;
        let told = model.shown.text(&Text::new("tui-entry-question-changed"));
        let begins: String = told.chars().take(6).collect();
        assert!(seen.contains(&begins), "{seen}");
        assert_eq!(bodies(press(&mut model, KeyCode::Enter)), [], "it takes note first");
        let asked = bodies(press(&mut model, KeyCode::Enter));
        assert!(
            matches!(asked.as_slice(), [(_, RequestBody::Intake { .. })]),
            "{asked:?}"
        );
    }
    // What comes in without touching it changes nothing.
    let mut model = opened(Language::English, 80, 24);
    let asked = enter(&mut model, "95");
    keep(&mut model, &asked);
    press(&mut model, KeyCode::F(10));
    let mine = Draft {
        by: operator().name().to_owned(),
        ..theirs(&model, 0, "95")
    };
    read_anew(&mut model, vec![mine]);
    let asked = bodies(press(&mut model, KeyCode::Enter));
    assert!(
        matches!(asked.as_slice(), [(_, RequestBody::Intake { .. })]),
        "{asked:?}"
    );
}

#[test]
fn a_correction_whose_value_changes_under_its_reason_is_not_sent_with_it() {
    let mut model = opened_on_a_conflict(Language::English, 80, 24);
    type_keys(&mut model, "61");
    let asked = bodies(press(&mut model, KeyCode::F(8)));
    keep(&mut model, &asked);
    type_keys(&mut model, "meter says 61");
    assert!(open(&model).is_correcting());
    let draft = theirs(&model, 0, "16");
    read_anew(&mut model, vec![draft]);
    assert_eq!(open(&model).fault.as_ref().unwrap().id, "tui-entry-question-changed");
    assert_eq!(bodies(press(&mut model, KeyCode::Enter)), []);
    // The question says what it would do now, and the reason is still there.
    let seen = drawn(&model).0;
    assert!(seen.contains("becomes 16") && seen.contains("meter says 61"), "{seen}");
    assert_eq!(
        control(&mut model, 'c'),
        [],
        "leaving says first that it is not decided"
    );
}

#[test]
fn undoing_takes_nothing_from_a_colleague_nor_what_is_being_sent() {
    let mut model = opened(Language::English, 80, 24);
    for text in ["100", "801"] {
        let asked = enter(&mut model, text);
        keep(&mut model, &asked);
    }
    let mine = Draft {
        by: operator().name().to_owned(),
        ..theirs(&model, 0, "100")
    };
    let colleagues = theirs(&model, 1, "805");
    read_anew(&mut model, vec![mine, colleagues]);
    assert_eq!(bodies(press(&mut model, KeyCode::F(9))), []);
    assert_eq!(open(&model).fault.as_ref().unwrap().id, "tui-entry-undo-others");
    let typed = |model: &Model, row: usize| {
        let cell = open(model).cell((row, open(model).at.1)).unwrap();
        open(model).typed.get(&cell).map(|typed| typed.text.clone())
    };
    assert_eq!(typed(&model, 1).as_deref(), Some("805"));
    // The one before is as it was put, but on its way.
    press(&mut model, KeyCode::F(10));
    let asked = bodies(press(&mut model, KeyCode::Enter));
    assert!(matches!(asked.as_slice(), [(_, RequestBody::Intake { .. })]));
    assert_eq!(bodies(press(&mut model, KeyCode::F(9))), []);
    assert_eq!(open(&model).fault.as_ref().unwrap().id, "tui-entry-being-sent");
    assert_eq!(typed(&model, 0).as_deref(), Some("100"));
    reply(&mut model, asked[0].0, Err(Text::new("wire-daemon-gone")));
    let (_, undone) = changes(&bodies(press(&mut model, KeyCode::F(9))));
    assert_eq!(
        (undone[0].seen.as_deref(), undone[0].text.as_deref()),
        (Some("100"), None)
    );
}

#[test]
fn what_could_not_be_kept_is_told_again_with_what_was_seen_when_it_was_typed() {
    let mut model = opened(Language::English, 80, 24);
    let (id, first) = changes(&enter(&mut model, "101"));
    assert_eq!(first[0].seen, None);
    let again = bodies(reply(&mut model, id, Err(Text::new("wire-daemon-gone"))));
    // Before it is told again, a colleague types there, and the page shows that to the terminal only.
    let [(page_id, RequestBody::Sheet { .. })] = again.as_slice() else {
        panic!("{again:?}")
    };
    let kept = kept_of_page(vec![theirs(&model, 0, "59")], Vec::new());
    reply(
        &mut model,
        *page_id,
        Ok(ReplyBody::Sheet(Box::new(page(&plant())), Box::new(kept))),
    );
    let later = model.elapsed + std::time::Duration::from_secs(30);
    let (id, told) = changes(&bodies(update(&mut model, Msg::Clock(later))));
    assert_eq!(
        (told[0].seen.as_deref(), told[0].text.as_deref()),
        (None, Some("101")),
        "the daemon is to see that theirs was not seen"
    );
    let drafted = Drafted {
        drafts: vec![theirs(&model, 0, "59")],
        contested: vec![0],
        ..Drafted::default()
    };
    reply(&mut model, id, Ok(ReplyBody::Drafted(Box::new(drafted))));
    let lost: Vec<String> = model.entry.lost_of(None).map(|text| model.shown.text(text)).collect();
    assert!(lost.len() == 1 && lost[0].contains("your 101"), "{lost:?}");
    // Typed there again, now that it was seen, it takes the place of theirs.
    while open(&model).at.0 > 0 {
        press(&mut model, KeyCode::Up);
    }
    let (_, told) = changes(&enter(&mut model, "101"));
    assert_eq!(told[0].seen.as_deref(), Some("59"));
}

#[test]
fn undoing_makes_nobody_elses_value_ones_own() {
    let mut model = opened(Language::English, 80, 24);
    let draft = theirs(&model, 0, "95");
    read_anew(&mut model, vec![draft]);
    while open(&model).at.0 > 0 {
        press(&mut model, KeyCode::Up);
    }
    let asked = enter(&mut model, "96");
    keep(&mut model, &asked);
    // What is being typed goes first, as with Esc.
    type_keys(&mut model, "7");
    assert_eq!(bodies(press(&mut model, KeyCode::F(9))), []);
    assert!(!open(&model).is_typing() && open(&model).fault.is_none());
    assert_eq!(bodies(press(&mut model, KeyCode::F(9))), []);
    assert_eq!(open(&model).fault.as_ref().unwrap().id, "tui-entry-undo-theirs");
    let typed = open(&model).typed.values().next().unwrap();
    assert_eq!((typed.text.as_str(), typed.by.as_deref()), ("96", None));
}
